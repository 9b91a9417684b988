"""A table as typed: text cells, where each came from, how it was read and what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NoReturn

from ogp_analysis import texts
from ogp_analysis.errors import DataError, Problem

COMMENT = "#"
INVISIBLE = "\u200b\ufeff"
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
# UTF-8 that was once read as cp1252: the first byte of an accented letter shows as one of these two capitals.
MOJIBAKE = re.compile("[ÂÃ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


@dataclass(frozen=True)
class Limits:
    """How much a reader accepts before it refuses a file.

    Parameters
    ----------
    file_bytes : int
        Size of the file on disk.
    uncompressed_bytes : int
        Size of everything inside a workbook, unpacked; checked before anything is parsed.
    rows, columns, sheets : int
        Rows with content and columns of one table, sheets of one workbook.
    cell_characters : int
        Length of one cell.
    """

    file_bytes: int = 200_000_000
    uncompressed_bytes: int = 250_000_000
    rows: int = 1_000_000
    columns: int = 1_000
    sheets: int = 500
    cell_characters: int = 100_000


class NumberText(str):
    """Text of a cell that a workbook stores as a number: its decimal sign is always a point."""

    __slots__ = ()


class DateText(str):
    """ISO text of a cell that a workbook stores as a date."""

    __slots__ = ()


@dataclass(frozen=True)
class Note:
    """One thing to say about how a table was read: a text key and the values it names."""

    key: str
    values: tuple[tuple[str, str], ...] = ()

    def say(self, language: str = "en") -> str:
        """Word the note."""
        return texts.say(self.key, language, **dict(self.values))


@dataclass(frozen=True)
class Records:
    """What a reader found before anything is judged: numbered rows of cells, header not yet known."""

    name: str
    file: str
    rows: list[tuple[int, list[str]]]
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()
    padded: bool = False


@dataclass(frozen=True)
class Table:
    """One table as typed.

    Parameters
    ----------
    name : str
        Sheet of a workbook; empty for a text file.
    file : str
        Name of the file, without its folder.
    header : list of str
        Names of the columns as typed.
    rows : list of list of str
        Cells as typed (outer spaces removed, accents composed); empty text where there is nothing.
    row_numbers : list of int
        Line of the file or row of the sheet for each of ``rows``; the first is 1.
    letters : list of str
        Spreadsheet letter of each column.
    notes : tuple of Note
        How it was read.
    problems : tuple of Problem
        Cells and rows that cannot be trusted.
    comments : tuple of str
        Lines that begin with ``#`` above the header.
    """

    name: str
    file: str
    header: list[str]
    rows: list[list[str]]
    row_numbers: list[int]
    letters: list[str] = field(default_factory=list)
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()
    comments: tuple[str, ...] = ()

    def say(self, language: str = "en") -> str:
        """Say how the table was read, in one line."""
        return ", ".join(note.say(language) for note in self.notes)

    @property
    def said(self) -> str:
        """How the table was read, in English."""
        return self.say("en")

    def place(self, row: int, column: int) -> dict[str, str | int]:
        """Name file, sheet, row and column of a cell by its position in ``rows``, for a ``Problem``."""
        return {
            "file": self.file,
            "sheet": self.name,
            "row": self.row_numbers[row],
            "column": self.column_name(column, row),
        }

    def column_name(self, column: int, row: int | None = None) -> str:
        """Name a column by its header, and a cell of a workbook by its address too: ``rating (F3)``."""
        name = self.header[column] or self.letters[column]
        if not self.name or row is None:
            return name
        return f"{name} ({self.letters[column]}{self.row_numbers[row]})"

    def column(self, position: int) -> list[str]:
        """Return the cells of one column."""
        return [row[position] for row in self.rows]


def letter(position: int) -> str:
    """Spreadsheet letter of a column position.

    Examples
    --------
    >>> letter(0), letter(27)
    ('A', 'AB')
    """
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(65 + rest) + name
    return name


def key_of(text: str) -> str:
    """Fold a name for comparison: no accents, no case, words joined by ``_``.

    Examples
    --------
    >>> key_of("  Institución   Responsable ")
    'institucion_responsable'
    """
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return re.sub(r"[^0-9a-z]+", "_", plain).strip("_")


def refuse(rule: str, **fields: object) -> NoReturn:
    """Raise the ``DataError`` of a file that cannot be read at all."""
    place = {name: fields.pop(name) for name in ("file", "sheet", "row", "column", "value") if name in fields}
    detail = tuple((name, str(value)) for name, value in fields.items())
    raise DataError([Problem(rule, detail=detail, **place)]) from None


def build(records: Records, limits: Limits) -> Table:
    """Turn records into a table: comments and header apart, cells cleaned, faults listed."""
    counts: Counter[str] = Counter()
    filled = [(number, cells) for number, cells in records.rows if _has_content(cells)]
    comments, filled = _comments(filled, records.padded)
    if len(filled) - 1 > limits.rows:
        refuse(
            "tabular.rows", file=records.file, sheet=records.name, count=len(filled) - 1, limit=limits.rows
        )
    header = _trimmed([_clean(cell, Counter()) for cell in filled[0][1]]) if filled else []
    if len(header) > limits.columns:
        refuse(
            "tabular.columns", file=records.file, sheet=records.name, count=len(header), limit=limits.columns
        )
    rows, numbers, problems = _rows(filled[1:], header, records, counts)
    table = Table(
        records.name,
        records.file,
        header,
        rows,
        numbers,
        [letter(k) for k in range(len(header))],
        comments=comments,
    )
    first = filled[0][0] if filled else 1
    problems += _header_problems(table, first) + _cell_problems(table, first, limits)
    notes = records.notes + tuple(
        Note(f"tabular.{what}", (("count", str(n)),)) for what, n in sorted(counts.items())
    )
    return Table(**{**vars(table), "notes": notes, "problems": records.problems + tuple(_in_order(problems))})


def _has_content(cells: list[str]) -> bool:
    return bool(cells) and (bool(cells[0].strip()) or any(cell.strip() for cell in cells))


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem.row)


def _comments(rows: list, padded: bool) -> tuple[tuple[str, ...], list]:
    count = 0
    while count < len(rows) and rows[count][1][0].lstrip(INVISIBLE).startswith(COMMENT):
        count += 1
    joiner = " " if padded else ","
    lines = (joiner.join(cell for cell in cells if cell) for _, cells in rows[:count])
    return tuple(lines), rows[count:]


def _trimmed(cells: list[str]) -> list[str]:
    width = len(cells)
    while width and not cells[width - 1]:
        width -= 1
    return cells[:width]


def _rows(filled: list, header: list[str], records: Records, counts: Counter[str]) -> tuple[list, list, list]:
    rows, numbers, problems = [], [], []
    width = len(header)
    for number, cells in filled:
        cleaned = [cell if type(cell) is not str else _clean(cell, counts) for cell in cells]
        found = len(cleaned) if len(cleaned) <= width else max(width, len(_trimmed(cleaned)))
        if found > width or (found < width and not records.padded):
            rule = "tabular.long_row" if found > width else "tabular.short_row"
            detail = (("count", str(found)), ("width", str(width)))
            problems.append(Problem(rule, records.file, records.name, number, detail=detail))
        rows.append((cleaned + [""] * (width - found))[:width])
        numbers.append(number)
    return rows, numbers, problems


def _clean(cell: str, counts: Counter[str]) -> str:
    if cell.isascii() and (not cell or (cell[0] > " " and cell[-1] > " ")):
        return cell
    text = cell.strip().strip(INVISIBLE).strip()
    if text != cell:
        counts["stripped"] += 1
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        counts["composed"] += 1
        text = unicodedata.normalize("NFC", text)
    return text


def _header_problems(table: Table, row: int) -> list[Problem]:
    place = {"file": table.file, "sheet": table.name, "row": row}
    seen = Counter(key_of(name) for name in table.header if name)
    problems = [
        Problem("tabular.duplicate_header", column=f"{name} ({letter(k)})", value=name, **place)
        for k, name in enumerate(table.header)
        if name and key_of(name) and seen[key_of(name)] > 1
    ]
    for k, name in enumerate(table.header):
        if not name and any(cells[k] for cells in table.rows):
            problems.append(Problem("tabular.empty_header", column=letter(k), **place))
    return problems


def _cell_problems(table: Table, header_row: int, limits: Limits) -> list[Problem]:
    problems = []
    for r, cells in enumerate([table.header, *table.rows]):
        if _plain("".join(cells), limits):
            continue
        for k, cell in enumerate(cells):
            fault = None if _plain(cell, limits) else cell_fault(cell, limits)
            if fault:
                number = table.row_numbers[r - 1] if r else header_row
                column = table.column_name(k, r - 1) if r else table.letters[k]
                place = (table.file, table.name, number, column)
                problems.append(Problem(fault[0], *place, value=fault[1], detail=fault[2]))
    return problems


def _plain(text: str, limits: Limits) -> bool:
    return text.isascii() and text.isprintable() and len(text) <= limits.cell_characters


def cell_fault(cell: str, limits: Limits) -> tuple[str, str, tuple[tuple[str, str], ...]] | None:
    """Name what makes the text of a cell untrustworthy; never show the whole cell, it may be a name."""
    if len(cell) > limits.cell_characters:
        return "tabular.long_cell", "", (("count", str(len(cell))), ("limit", str(limits.cell_characters)))
    control = CONTROL.search(cell)
    if control:
        return "tabular.control", f"U+{ord(control[0]):04X}", ()
    for broken in MOJIBAKE.findall(cell):
        meant = repaired(broken)
        if meant:
            return "tabular.mojibake", broken, (("meant", meant),)
    return None


def repaired(broken: str) -> str:
    """Return the letter that a mojibake pair stands for, empty where it is none."""
    try:
        return bytes(_byte(c) for c in broken).decode("utf-8")
    except (UnicodeError, ValueError):
        return ""


def _byte(character: str) -> int:
    return ord(character) if ord(character) < 256 else character.encode("cp1252")[0]
