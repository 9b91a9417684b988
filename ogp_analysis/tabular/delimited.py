"""Delimited text as people save it: encoding and separator are detected, and what was found is said."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import re
import statistics
from collections.abc import Iterator

from ogp_analysis.tabular.encodings import decode
from ogp_analysis.tabular.numbers import COMMA, MIXED, decimal_of
from ogp_analysis.tabular.table import Limits, Note, Records, refuse

# Where two fit alike, the one that gives more columns wins.
SEPARATORS = (";", ",", "\t", "|")
# Ours: enough to tell the separator; the whole of a large file would be split once for each.
SAMPLE_RECORDS = 200
SAMPLE_CHARACTERS = 1_000_000
MOST = 0.5
# Excel writes and obeys a first line such as sep=; and shows it to nobody.
SEPARATOR_LINE = re.compile(r"\s*\"?sep=(.)\"?[^\S\r\n]*(?:\r\n|\r|\n|$)", re.IGNORECASE)
FILLED_LINE = re.compile(r"[^\r\n]+")
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
    _count_rows(text, file, limits)
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
    found = sum(1 for _ in itertools.islice(FILLED_LINE.finditer(text), limits.rows + 2))
    if found > limits.rows + 1:
        refuse("tabular.rows", file=file, count=f"> {limits.rows}", limit=limits.rows)


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
    lines = (line for line in io.StringIO(text[:SAMPLE_CHARACTERS], newline="") if line.strip())
    sample = "".join(
        itertools.islice((line for line in lines if not line.startswith("#")), SAMPLE_RECORDS * 5)
    )
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
        refuse("tabular.quotes", file=file, row=start + skipped, reason=error)
    return rows


def _lines(text: str, separator: str, *, file: str, limits: Limits) -> Iterator[str]:
    """Give the lines; one of more separators than columns and a text can hold is refused unsplit."""
    most = limits.columns + limits.cell_characters
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > most and line.count(separator) > most:
            count = f"> {limits.columns}"
            refuse("tabular.columns", file=file, row=number, count=count, limit=limits.columns)
        yield line
