"""A table as typed: text cells, where each came from, how it was read and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from itertools import product
from typing import Any, NoReturn, TypeAlias

from ogp_analysis.errors import CellPlace, DataError, Problem, worded
from ogp_analysis.language import texts
from ogp_analysis.language.escaping import in_line
from ogp_analysis.tabular.limits import Limits

# Rules of cells of a workbook that are named by their address and left empty.
UNREAD = tuple(
    f"tabular.{rule}"
    for rule in ("formula", "cell_error", "merged", "cell_twice", "cell_form", "shared_string")
)


class NumberText(str):
    """Text of a cell that a workbook stores as a number: its decimal sign is always a point.

    Examples
    --------
    >>> from ogp_analysis.tabular.numbers import number
    >>> number(NumberText("1.234"), ","), number("1.234", ",")
    ((1.234, ''), (1234.0, ''))
    """

    __slots__ = ()


class PercentText(NumberText):
    """Text of a number that a workbook shows as a percentage: it stores 0.5 and shows 50%.

    Examples
    --------
    >>> from ogp_analysis.tabular.numbers import number
    >>> number(PercentText("0.5"))
    (0.5, '')
    """

    __slots__ = ()


class DateText(str):
    """ISO text of a cell that a workbook stores as a date.

    Examples
    --------
    >>> from ogp_analysis.tabular.numbers import number
    >>> number(DateText("2019-10-01"))
    (None, 'date')
    """

    __slots__ = ()


NoteValue: TypeAlias = str | int | tuple[str, ...]


@dataclass(frozen=True)
class Note:
    """One thing to say about how a table was read: a text key and the values it names.

    Parameters
    ----------
    key : str
        Key of a text of the catalogues.
    values : tuple of (str, str, int or tuple of str)
        Name and value of each of its placeholders; by a count that is a number the words are chosen.

    Examples
    --------
    >>> Note("tabular.separator", (("separator", ";"),)).say("es")
    'separador «;»'
    """

    key: str
    values: tuple[tuple[str, NoteValue], ...] = ()

    def say(self, language: str = "en") -> str:
        """Word the note.

        Parameters
        ----------
        language : str
            ``"en"`` or ``"es"``.

        Returns
        -------
        str
            Part of a sentence, without a full stop.
        """
        values = {name: in_line(value) if isinstance(value, str) else value for name, value in self.values}
        return texts.say(self.key, language, **worded(values, language))


@dataclass(frozen=True)
class Records:
    """What a reader found before anything is judged: numbered rows of cells, header not yet known.

    Parameters
    ----------
    name : str
        Sheet of a workbook; empty for a text file.
    file : str
        Name of the file.
    rows : list of (int, list of str)
        Number of the row in the file, and its cells; rows without any cell are left out.
    notes : tuple of Note
        How it was read.
    problems : tuple of Problem
        Cells that cannot be trusted.
    padded : bool
        Whether a row may be shorter than the header, as in a workbook, where empty cells are not stored.
    """

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
        Lines above the header: those that begin with ``#``, and titles.

    Examples
    --------
    >>> table = Table("", "n.csv", ["code", "time"], [["S01", "4,5"]], [2])
    >>> table.column(1), table.column_name(1)
    (['4,5'], 'time')
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
        """Say how the table was read, in one line.

        Parameters
        ----------
        language : str
            ``"en"`` or ``"es"``.

        Returns
        -------
        str
            Every note, joined by commas.
        """
        return ", ".join(note.say(language) for note in self.notes)

    @property
    def unread(self) -> frozenset[tuple[int, str]]:
        """Cells that cannot be read, as `problems` says: row number and letter, no letter for a whole row."""
        addresses: set[tuple[int, str]] = set()
        work = 0
        for problem in self.problems:
            cells = self._cells_of(problem)
            addresses.update(cells)
            work += len(cells)
            # Merged areas do not overlap, says the format; where they do, nothing of the sheet is certain.
            if work > 2 * len(self.row_numbers) * len(self.letters) + len(self.problems):
                return frozenset(product(self.row_numbers, self.letters))
        return frozenset(addresses)

    def _cells_of(self, problem: Problem) -> list[tuple[int, str]]:
        if problem.rule in ("tabular.long_row", "tabular.short_row", "tabular.row_order"):
            return [(problem.row, "")]
        if problem.rule not in UNREAD or not problem.row:
            return []
        first, last = (corner(end) for end in f"{problem.column}:{problem.column}".split(":")[:2])
        area = product(
            (row for row in self.row_numbers if first[0] <= row <= last[0]),
            (name for k, name in enumerate(self.letters) if first[1] <= k <= last[1]),
        )
        # The content of merged cells is stored in the first of them.
        kept = (first[0], letter(first[1])) if problem.rule == "tabular.merged" else None
        return [cell for cell in area if cell != kept]

    def place(self, row: int, column: int) -> CellPlace:
        """Name file, sheet, row and column of a cell by its position in ``rows``, for a ``Problem``.

        Parameters
        ----------
        row, column : int
            Position of the cell in ``rows``, from 0.

        Returns
        -------
        dict
            Fields of a ``Problem``.

        Examples
        --------
        >>> Table("WG1", "n.xlsx", ["code", "time"], [["S01", "9"]], [4], ["A", "B"]).place(0, 1)
        {'file': 'n.xlsx', 'sheet': 'WG1', 'row': 4, 'column': 'time (B4)'}
        """
        return {
            "file": self.file,
            "sheet": self.name,
            "row": self.row_numbers[row],
            "column": self.column_name(column, row),
        }

    def column_name(self, column: int, row: int | None = None) -> str:
        """Name a column by its header, and a cell of a workbook by its address too: ``rating (F3)``.

        Parameters
        ----------
        column : int
            Position, from 0.
        row : int, optional
            Position in ``rows``, from 0; without it the column as a whole is named.

        Returns
        -------
        str
            The header, or the letter of a column without one.
        """
        name = self.header[column] or self.letters[column]
        if not self.name or row is None:
            return name
        # A column that was taken from another sheet: "form!C".
        if "!" in self.letters[column]:
            return f"{name} ({self.letters[column]})"
        return f"{name} ({self.letters[column]}{self.row_numbers[row]})"

    def column(self, position: int) -> list[str]:
        """Return the cells of one column.

        Parameters
        ----------
        position : int
            Position of the column, from 0.

        Returns
        -------
        list of str
            One cell a row, as typed.
        """
        return [row[position] for row in self.rows]


def refuse(rule: str, **fields: object) -> NoReturn:
    """Raise the ``DataError`` of a file that cannot be read at all.

    Parameters
    ----------
    rule : str
        Key of the text that says what is wrong.
    **fields
        ``file, sheet, row, column, value`` place it; any other is a value of the text.

    Raises
    ------
    DataError
        Always.

    Examples
    --------
    >>> refuse("tabular.no_file", file="notas.csv")
    Traceback (most recent call last):
    ogp_analysis.errors.DataError: Problems found: 1
      - notas.csv: the file cannot be opened: there is none of this name; check its name and folder
    """
    places = ("file", "sheet", "row", "column", "value")
    place: dict[str, Any] = {name: fields.pop(name) for name in places if name in fields}
    detail = tuple((name, str(value)) for name, value in fields.items())
    raise DataError([Problem(rule, detail=detail, **place)]) from None


def stop(problems: list[Problem], limits: Limits) -> NoReturn:
    """Refuse a table with more faults than are worth listing, with those found so far."""
    last = problems[-1]
    too_many = Problem("tabular.faults", last.file, last.sheet, detail=(("limit", str(limits.faults)),))
    raise DataError([*problems[: limits.faults], too_many])


def letter(position: int) -> str:
    """Spreadsheet letter of a column position.

    >>> letter(0), letter(27)
    ('A', 'AB')
    """
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(65 + rest) + name
    return name


def corner(address: str) -> tuple[int, int]:
    """Read the address of a cell.

    >>> corner("A1"), corner("AB12")
    ((1, 0), (12, 27))
    """
    letters = address.rstrip("0123456789")
    column = reduce(lambda total, name: total * 26 + ord(name) - ord("A") + 1, letters, 0)
    return int(address[len(letters) :] or 0), column - 1
