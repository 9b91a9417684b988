"""Delimited text as people save it: encoding and separator are detected, and what was found is said."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import re
import statistics
from collections.abc import Iterator

from ogp_analysis.tabular.numbers import COMMA, MIXED, decimal_of
from ogp_analysis.tabular.table import Limits, Note, Records, refuse

# Where two fit alike, the one that gives more columns wins.
SEPARATORS = (";", ",", "\t", "|")
# Ours: enough to tell the separator; the whole of a large file would be split once for each.
SAMPLE_RECORDS = 200
MOST = 0.5
BOMS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8 (BOM)"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
# What accented letters of MS-DOS code pages (and of Mac Roman) look like inside a word when read as cp1252.
DOS_LETTERS = re.compile("[^\\W\\d_][‚¡¢£¤¥‡Ž][^\\W\\d_]")
# Excel writes and obeys a first line such as sep=; and shows it to nobody.
SEPARATOR_LINE = re.compile(r"\s*\"?sep=(.)\"?[^\S\r\n]*(?:\r\n|\r|\n|$)", re.IGNORECASE)
NAMES = {"\t": "TAB"}


def read(content: bytes, *, file: str, limits: Limits) -> Records:
    r"""Read delimited text.

    Parameters
    ----------
    content : bytes
        The whole file.
    file : str
        Its name, for messages.
    limits : Limits
        What is accepted.

    Returns
    -------
    Records
        Numbered rows and how they were read.

    Raises
    ------
    DataError
        The encoding is not certain, a NUL byte occurs, quotes do not close or a limit is passed.

    Examples
    --------
    >>> read(b"sep=;\nid;n\n007;4\n", file="n.csv", limits=Limits()).rows
    [(2, ['id', 'n']), (3, ['007', '4'])]
    """
    text, encoding = decode(content, file)
    text, separator, skipped = _separator_line(text)
    if not separator:
        separator = detect(text, limits)
    with _longest_cell(limits):
        rows = _records(text, separator, skipped=skipped, file=file, limits=limits)
    notes = [Note("tabular.encoding", (("encoding", encoding),))]
    if separator:
        notes.append(Note("tabular.separator", (("separator", NAMES.get(separator, separator)),)))
    decimal = decimal_of(cell.strip() for _, cells in rows for cell in cells)
    if decimal in (COMMA, MIXED):
        notes.append(Note("tabular.decimal_comma" if decimal == COMMA else "tabular.decimal_mixed"))
    return Records("", file, rows, tuple(notes))


def decode(content: bytes, file: str) -> tuple[str, str]:
    """Decode bytes; return the text and the name of the encoding.

    Parameters
    ----------
    content : bytes
        The whole file.
    file : str
        Its name, for messages.

    Returns
    -------
    text : str
        Without its byte order mark.
    encoding : str
        Name of the encoding for a reader.

    Raises
    ------
    DataError
        A NUL byte, or bytes that are neither UTF-8 nor plausible cp1252.

    Examples
    --------
    >>> decode("Núcleo".encode("cp1252"), "n.csv"), decode("Núcleo".encode("utf-16"), "n.csv")
    (('Núcleo', 'cp1252'), ('Núcleo', 'UTF-16'))
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
        text = _decoded(content, "cp1252", name="cp1252", file=file)
    odd = DOS_LETTERS.search(text)
    if odd:
        refuse("tabular.encoding_doubtful", file=file, row=text.count("\n", 0, odd.start()) + 1, value=odd[0])
    return text, "cp1252"


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


def _separator_line(text: str) -> tuple[str, str, int]:
    match = SEPARATOR_LINE.match(text)
    if not match:
        return text, "", 0
    return text[match.end() :], match[1], 1


def detect(text: str, limits: Limits) -> str:
    r"""Find the separator: the one that splits most rows into as many cells as the first.

    Where none does so for half of the rows, the first may be a title: then the one that splits most rows into
    the same number of cells, three or more.

    Parameters
    ----------
    text : str
        The whole file; its first records decide.
    limits : Limits
        What is accepted.

    Returns
    -------
    str
        One of ``; , TAB |``, empty where the text has one column.

    Examples
    --------
    >>> detect("id;text\n1;a, b, c\n2;d, e\n", Limits()), detect("id\n1\n", Limits())
    (';', '')
    >>> detect("Ratings, 2026\nid;time;scope\n1;4;5\n", Limits())
    ';'
    """
    # Comments are prose: their commas and semicolons would vote.
    lines = [line for line in io.StringIO(text, newline="") if line.strip() and not line.startswith("#")]
    sample = "".join(lines[: SAMPLE_RECORDS * 5])
    widths = {separator: _widths(sample, separator, limits) for separator in SEPARATORS}
    best = _best({separator: (found, found[0]) for separator, found in widths.items() if found}, least=2)
    if best[0][0] < MOST:
        common = {separator: (found, statistics.mode(found)) for separator, found in widths.items() if found}
        other = _best(common, least=3)
        best = other if other[0][0] >= MOST else best
    return best[1]


def _best(fits: dict[str, tuple[list[int], int]], *, least: int) -> tuple[tuple[float, int], str]:
    """Share of rows of the width and the width itself, of the separator for which they are largest."""
    shares = [
        ((round(found.count(width) / len(found), 2), width), separator)
        for separator, (found, width) in fits.items()
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


@contextlib.contextmanager
def _longest_cell(limits: Limits) -> Iterator[None]:
    # The limit of the csv module holds for the whole process; others read long cells too.
    before = csv.field_size_limit(limits.cell_characters * 10)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _records(
    text: str, separator: str, *, skipped: int, file: str, limits: Limits
) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator or ";", strict=True)
    rows: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            if cells:
                rows.append((start + skipped, cells))
            if len(rows) > limits.rows + 1:
                refuse("tabular.rows", file=file, count=f"> {limits.rows}", limit=limits.rows)
            start = reader.line_num + 1
    except csv.Error as error:
        refuse("tabular.quotes", file=file, row=start + skipped, reason=error)
    return rows
