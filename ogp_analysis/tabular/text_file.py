"""Delimited text: its encoding, its separators, its records with their line numbers."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import itertools
import re
import statistics
from collections.abc import Iterator

from ogp_analysis.tabular.limits import Limits
from ogp_analysis.tabular.numbers import COMMA, signs_in
from ogp_analysis.tabular.table import Note, Records, refuse

# Where two fit alike, the one that gives more columns wins.
SEPARATORS = (";", ",", "\t", "|")
# Our choice: enough to tell the separator; the whole of a large file would be split once for each.
SAMPLE_RECORDS = 200
SAMPLE_CHARACTERS = 1_000_000
MOST = 0.5
# Excel writes and obeys a first line such as sep=; and shows it to nobody.
SEPARATOR_LINE = re.compile(r"\s*\"?sep=(.)\"?[^\S\r\n]*(?:\r\n|\r|\n|$)", re.IGNORECASE)
FILLED_LINE = re.compile(r"[^\r\n]+")
NAMES = {"\t": "TAB"}


def read(content: bytes, *, file: str, limits: Limits) -> Records:
    r"""Read delimited text.

    >>> read(b"sep=;\nid;n\n007;4\n", file="n.csv", limits=Limits()).rows
    [(2, ['id', 'n']), (3, ['007', '4'])]
    """
    text, encoded = decoded(content, file)
    text, separator, skipped = _separator_line(text)
    _count_rows(text, file, limits)
    if not separator:
        separator = detect(text, limits)
    with _longest_cell(limits):
        rows = _records(text, separator, skipped=skipped, file=file, limits=limits)
    notes = [encoded]
    if separator:
        # A comma by itself would be lost among those of the sentence.
        values = (("separator", NAMES.get(separator, separator)),)
        notes.append(
            Note("tabular.separated_by_commas") if separator == COMMA else Note("tabular.separator", values)
        )
    signs = signs_in(cell.strip() for _, cells in rows for cell in cells)
    if COMMA in signs:
        notes.append(Note("tabular.decimal_comma" if len(signs) == 1 else "tabular.decimal_mixed"))
    return Records("", file, rows, tuple(notes))


def _separator_line(text: str) -> tuple[str, str, int]:
    match = SEPARATOR_LINE.match(text)
    if not match:
        return text, "", 0
    return text[match.end() :], match[1], 1


def _count_rows(text: str, file: str, limits: Limits) -> None:
    # Without quotation marks every line is a row: they are counted before any is split. A quotation mark may
    # hold line breaks, and then the rows are counted as they are read.
    lines = max(text.count("\n"), text.count("\r"))
    if lines <= limits.rows or '"' in text:
        return
    # Up to the limit only; empty lines have one of their own.
    counted = sum(1 for _ in itertools.islice(FILLED_LINE.finditer(text), limits.rows + 2))
    if counted > limits.rows + 1:
        refuse("tabular.rows", file=file, count=f"> {limits.rows}", limit=limits.rows)


def detect(text: str, limits: Limits) -> str:
    r"""Find the separator: the one that splits most rows into as many cells as the first.

    Where none does so for half of the rows, the first may be a title: then the one that splits most rows into
    the same number of cells, three or more.

    >>> detect("id;text\n1;a, b, c\n2;d, e\n", Limits()), detect("id\n1\n", Limits())
    (';', '')
    >>> detect("Ratings, 2026\nid;time;scope\n1;4;5\n", Limits())
    ';'
    """
    # Comments are prose: their commas and semicolons would vote.
    lines = (line for line in io.StringIO(text[:SAMPLE_CHARACTERS], newline="") if line.strip())
    sample = "".join(
        itertools.islice((line for line in lines if not line.startswith("#")), SAMPLE_RECORDS * 5)
    )
    widths = {separator: _widths(sample, separator, limits) for separator in SEPARATORS}
    best = _best({separator: (counts, counts[0]) for separator, counts in widths.items() if counts}, least=2)
    if best[0][0] < MOST:
        common = {
            separator: (counts, statistics.mode(counts)) for separator, counts in widths.items() if counts
        }
        other = _best(common, least=3)
        best = other if other[0][0] >= MOST else best
    return best[1]


def _best(fits: dict[str, tuple[list[int], int]], *, least: int) -> tuple[tuple[float, int], str]:
    """Share of rows of the width and the width itself, of the separator for which they are largest."""
    shares = [
        ((round(counts.count(width) / len(counts), 2), width), separator)
        for separator, (counts, width) in fits.items()
        if width >= least
    ]
    return max(shares, default=((0.0, 0), ""))


def _widths(text: str, separator: str, limits: Limits) -> list[int]:
    widths: list[int] = []
    # A separator that the text does not fit; the one that is chosen is read strictly later.
    with contextlib.suppress(csv.Error), _longest_cell(limits):
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            widths.append(len(cells))
            if len(widths) >= SAMPLE_RECORDS:
                break
    return widths


def csv_limit(limits: Limits) -> int:
    """Give the characters after which a cell of a text file is not read on: somebody left a quote open."""
    return limits.cell_characters * 10


@contextlib.contextmanager
def _longest_cell(limits: Limits) -> Iterator[None]:
    # The limit of the csv module holds for the whole process; others read long cells too.
    before = csv.field_size_limit(csv_limit(limits))
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _records(
    text: str, separator: str, *, skipped: int, file: str, limits: Limits
) -> list[tuple[int, list[str]]]:
    separator = separator or ";"
    lines = _lines(text, separator, file=file, limits=limits)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    start, total, empty = 1, 0, 0
    try:
        for cells in reader:
            if cells:
                rows.append((start + skipped, cells))
                total += len(cells)
            else:
                empty += 1
            if empty > limits.empty_cells:
                count = f"> {limits.empty_cells}"
                refuse("tabular.empty_cells", file=file, count=count, limit=limits.empty_cells)
            if len(rows) > limits.rows + 1:
                refuse("tabular.rows", file=file, count=f"> {limits.rows}", limit=limits.rows)
            if total > limits.cells:
                refuse("tabular.cells", file=file, count=f"> {limits.cells}", limit=limits.cells)
            start = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            limit = csv_limit(limits)
            refuse("tabular.endless_cell", file=file, row=start + skipped, limit=limit)
        refuse("tabular.quotes", file=file, row=start + skipped)
    return rows


def _lines(text: str, separator: str, *, file: str, limits: Limits) -> Iterator[str]:
    """Give the lines; one of more separators than columns and a text can hold is refused unsplit."""
    most = limits.columns + limits.cell_characters
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > most and line.count(separator) > most:
            count = f"> {limits.columns}"
            refuse("tabular.columns", file=file, row=number, count=count, limit=limits.columns)
        yield line


BOMS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8 (BOM)"),
    # Before that of UTF-16, with which it begins.
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
MARKS = tuple(mark for mark, _, _ in BOMS[1:])
# Our choice: where the first are, the others are found by the same cause.
SHOWN_ROWS = 20
ASSUMED = "cp1252"
# Others in which Excel for Mac and old programs save; each has all letters of Spanish at other places.
OTHERS = {"mac_roman": "Mac Roman", "cp850": "MS-DOS (cp850)"}
SPANISH = "áéíóúüñÁÉÍÓÚÜÑ"
OPENING, APOSTROPHE = "¿¡", "’"
# French (où) and Italian (più) have it at the end of words only.
LAST = "ùÙ"
# Marks that stand beside words in Spanish texts, and tell nothing of the encoding.
TYPOGRAPHIC = "“”‘’–—…«»•·ªº°€"
# Our choice: what decides is long decided after so many letters.
EVIDENCE = 20_000
HIGH = re.compile(rb"[\x80-\xff]")
# A letter that cannot stand where it does weighs more than one that can.
LETTER, MARK, BROKEN_WORD = 1.0, 0.5, -3.0


def decoded(content: bytes, file: str) -> tuple[str, Note]:
    r"""Decode bytes, line by line where a file was put together from parts in two encodings, and say how.

    >>> text, note = decoded("Núcleo\n".encode() + "opción\n".encode("cp1252"), "n.csv")
    >>> text, note.values
    ('Núcleo\nopción\n', (('encoding', 'cp1252'), ('rows', '2'), ('count', '1')))
    """
    lines = content.split(b"\n") if not content.startswith(MARKS) and b"\0" not in content else []
    kinds = [_is_utf8(line) for line in lines]
    # Bytes that happen to be UTF-8 make no words in an encoding of one byte: such a line is what it says.
    if True not in kinds or False not in kinds:
        text, encoding = decode(content, file)
        return text, Note("tabular.encoding", (("encoding", encoding),))
    other, encoding = _one_byte(
        b"\n".join(line for line, kind in zip(lines, kinds, strict=True) if kind is False), file
    )
    rest = iter(other.split("\n"))
    whole = [next(rest) if kind is False else line.decode() for line, kind in zip(lines, kinds, strict=True)]
    rows = [row for row, kind in enumerate(kinds, start=1) if kind is False]
    shown = ", ".join(map(str, rows[:SHOWN_ROWS])) + (", …" if len(rows) > SHOWN_ROWS else "")
    values = (("encoding", encoding), ("rows", shown), ("count", str(len(rows))))
    return "\n".join(whole), Note("tabular.mixed_encodings", values)


def _is_utf8(line: bytes) -> bool | None:
    """Say whether a line is UTF-8; None where it is ASCII and tells nothing."""
    if line.isascii():
        return None
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def decode(content: bytes, file: str) -> tuple[str, str]:
    """Decode bytes; return the text and the name of the encoding.

    >>> decode("Núcleo".encode("cp1252"), "n.csv"), decode("Núcleo".encode("utf-16"), "n.csv")
    (('Núcleo', 'cp1252'), ('Núcleo', 'UTF-16'))
    >>> decode("Núcleo, opción".encode("mac_roman"), "n.csv")
    ('Núcleo, opción', 'Mac Roman')
    """
    for mark, codec, name in BOMS:
        if content.startswith(mark):
            return _checked(_decoded(content[len(mark) :], codec, name=name, file=file), file), name
    if b"\0" in content:
        codec = _bare_utf16(content)
        if not codec:
            refuse("tabular.nul", file=file, row=content[: content.index(b"\0")].count(b"\n") + 1)
        return _checked(_decoded(content, codec, name="UTF-16", file=file), file), "UTF-16"
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _one_byte(content, file)


def _one_byte(content: bytes, file: str) -> tuple[str, str]:
    places = [match.start() for match, _ in zip(HIGH.finditer(content), range(EVIDENCE), strict=False)]
    texts = {codec: content.decode(codec, "replace") for codec in (ASSUMED, *OTHERS)}
    weights = {codec: sum(_weight(text, place) for place in places) for codec, text in texts.items()}
    certain = [codec for codec in OTHERS if _alone_makes_sense(codec, texts, places)]
    if certain:
        return texts[certain[0]], OTHERS[certain[0]]
    likely = max(OTHERS, key=weights.__getitem__)
    assumed, other = weights[ASSUMED], weights[likely]
    # Where both make Spanish words alike, it is not for us to choose.
    if other > max(assumed, 0) or (other == assumed > 0) or (other > assumed and assumed < 0):
        _doubt(texts[ASSUMED], texts[likely], places, likely=likely, file=file)
    return _decoded(content, ASSUMED, name=ASSUMED, file=file), ASSUMED


def _alone_makes_sense(codec: str, texts: dict[str, str], places: list[int]) -> bool:
    """Say whether all is Spanish in this encoding, while each other one puts letters where none can stand."""
    weights = [_weight(texts[codec], place) for place in places]
    spanish = LETTER in weights and all(
        weight > 0 or (weight == 0 and texts[codec][place] in TYPOGRAPHIC)
        for weight, place in zip(weights, places, strict=True)
    )
    others = (text for other, text in texts.items() if other != codec)
    return spanish and all(any(_weight(text, place) < 0 for place in places) for text in others)


def _weight(text: str, place: int) -> float:
    """Weigh how well a character fits between its neighbours in Spanish."""
    character, before, after = text[place], text[place - 1 : place], text[place + 1 : place + 2]
    if character.isalpha() and character not in "ªº":
        if (character.islower() and after.isupper()) or (character.isupper() and before.islower()):
            return BROKEN_WORD
        if character in LAST and after.isalpha():
            return BROKEN_WORD
        # A letter alone, without a word, tells nothing.
        return LETTER if character in SPANISH and (before.isalpha() or after.isalpha()) else 0
    if before.isalpha() and after.isalpha() and character != APOSTROPHE:
        return BROKEN_WORD
    return MARK if character in OPENING and after.isalpha() else 0


def _doubt(assumed: str, other: str, places: list[int], *, likely: str, file: str) -> None:
    first = max(places[:1000], key=lambda place: _weight(other, place) - _weight(assumed, place))
    around = slice(max(first - 1, 0), first + 2)
    tried = ", ".join(("UTF-8", ASSUMED, *OTHERS.values()))
    detail = {"likely": OTHERS[likely], "meant": other[around].strip(), "tried": tried}
    row = assumed.count("\n", 0, first) + 1
    refuse("tabular.encoding_doubtful", file=file, row=row, value=assumed[around].strip(), **detail)


def _decoded(content: bytes, codec: str, *, name: str, file: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        refuse("tabular.undecodable", file=file, row=row, encoding=name)


def _checked(text: str, file: str) -> str:
    if "\0" in text:
        refuse("tabular.nul", file=file, row=text.count("\n", 0, text.index("\0")) + 1)
    return text


def _bare_utf16(content: bytes) -> str:
    # Mostly Latin text in UTF-16 has a NUL in nearly every second byte, always on the same side.
    sample = content[:2000]
    half = max(len(sample) // 2, 1)
    if len(content) % 2 == 0 and sample[1::2].count(0) / half > 0.7 and not sample[0::2].count(0):
        return "utf-16-le"
    if len(content) % 2 == 0 and sample[0::2].count(0) / half > 0.7 and not sample[1::2].count(0):
        return "utf-16-be"
    return ""
