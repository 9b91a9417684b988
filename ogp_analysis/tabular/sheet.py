"""The XML of one sheet, read once: every cell finds its place, or is named by its address."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from ogp_analysis.errors import Problem
from ogp_analysis.tabular.cells import Cells
from ogp_analysis.tabular.limits import Limits
from ogp_analysis.tabular.table import corner, letter, refuse, stop
from ogp_analysis.tabular.xml_parts import TRUE, Elements
from ogp_analysis.tabular.zip_package import Package

# Of Excel: 2^20 and 2^14.
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
REFERENCE = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
AREA = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})(?::\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6}))?")
ROW = re.compile("[1-9][0-9]{0,6}")
# What may stand in what: anything else there would be content that nobody reads.
INSIDE = {
    "sheetData": ("row",),
    "row": ("c", "extLst"),
    "c": ("f", "v", "is", "extLst"),
    "v": (),
    "mergeCells": ("mergeCell",),
}
PARENTS = {
    "worksheet": ("",),
    "sheetData": ("worksheet",),
    "row": ("sheetData",),
    "c": ("row",),
    "v": ("c",),
    "f": ("c",),
    "is": ("c",),
    "mergeCells": ("worksheet",),
    "mergeCell": ("mergeCells",),
}


@dataclass
class Sheet:
    """One sheet as read.

    Parameters
    ----------
    rows : list of (int, list of str)
        Number and cells of each row with content; faulty cells are empty.
    problems : list of Problem
        What cannot be trusted, by its address.
    formulas : int
        Cells whose content is the stored result of a formula.
    hidden_rows : set of int
        Numbers of rows that are hidden.
    hidden_columns : list of (int, int)
        First and last position, from 0, of columns that are hidden.
    """

    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    formulas: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Cell:
    """A cell while it is read."""

    column: int
    kind: str
    form: str
    formula: bool = False
    stored: str | None = None
    parts: tuple[str, ...] = ()
    inline: bool = False
    twice: bool = False


class SheetReader:
    """Reads one sheet.

    Parameters
    ----------
    package : Package
        The workbook.
    part, title : str
        Its part and its title.
    cells : Cells
        Turns what is stored into text.
    used : dict of str to int
        Elements that the sheets before it had, by kind: the limits hold for the workbook.
    """

    def __init__(
        self, package: Package, part: str, title: str, *, cells: Cells, used: dict[str, int]
    ) -> None:
        self.limits: Limits = package.limits
        self.file, self.title, self.cells = package.file, title, cells
        self.elements = Elements(package, part, title)
        self.elements.counts.update(used)
        self.read_so_far = Sheet()
        self.columns: dict[str, int] = {}
        self.row, self.row_text, self.column = 0, "", -1
        self.texts: dict[int, str] = {}
        self.cell: Cell | None = None
        self.lost = False
        self.allowed: set[tuple[str, str]] = set()
        self.beginnings: dict[str, Callable[[str, dict[str, str]], None]] = {
            "c": self._begin_cell,
            "v": self._begin_value,
            "row": self._begin_row,
            "f": self._begin_formula,
            "is": self._begin_inline,
            "t": self._begin_text,
            "mergeCell": self._merged,
            "col": self._hidden_columns,
        }

    def read(self) -> Sheet:
        """Read it."""
        self._count_rows()
        self.elements.read("worksheet", self._start, self._end)
        return self.read_so_far

    def _count_rows(self) -> None:
        # Far quicker than reading them, and no sheet can have more; a comment full of them is no honest one.
        package = self.elements.package
        if not package.is_large(self.elements.part):
            return
        before = package.unpacked
        rows = sum(piece.count(b"<row") for piece in package.pieces(self.elements.part))
        package.unpacked = before
        if rows > LAST_ROW:
            refuse(
                "tabular.rows", **self._place(), count=f"> {LAST_ROW}", limit=min(self.limits.rows, LAST_ROW)
            )

    def _problem(self, rule: str, address: str, row: int, value: str = "", **detail: object) -> None:
        shown = tuple((name, str(given)) for name, given in detail.items())
        problems = self.read_so_far.problems
        problems.append(
            Problem(f"tabular.{rule}", self.file, self.title, row, address, value=value, detail=shown)
        )
        if len(problems) >= self.limits.faults:
            stop(problems, self.limits)

    def _allow(self, name: str, parent: str) -> None:
        inside = parent not in INSIDE or name in INSIDE[parent]
        if not inside or (name in PARENTS and parent not in PARENTS[name]):
            self.elements.fail(f"<{name}> in <{parent}>" + (f", {self._address()}" if self.row else ""))
        self.allowed.add((name, parent))

    def _start(self, name: str, parent: str, attributes: dict[str, str]) -> None:
        if (name, parent) not in self.allowed:
            self._allow(name, parent)
        begin = self.beginnings.get(name)
        if begin is not None:
            begin(parent, attributes)

    def _end(self, name: str, parent: str) -> None:
        if name == "v":
            self._open.stored = self.elements.text()
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()
        elif name == "t" and self.cell is not None and parent in ("is", "r"):
            self.cell.parts += (self.elements.text(),)

    @property
    def _open(self) -> Cell:
        # What is asked for stands inside a cell only: `_allow` refuses it elsewhere.
        return cast("Cell", self.cell)

    def _begin_value(self, *_: object) -> None:
        self.elements.keep()
        self._open.twice |= self._open.stored is not None

    def _begin_formula(self, *_: object) -> None:
        self._open.formula = True

    def _begin_inline(self, *_: object) -> None:
        self._open.twice |= self._open.inline
        self._open.inline = True

    def _begin_text(self, parent: str, _: dict[str, str]) -> None:
        # The texts of other places are of other things, such as how a word is read aloud.
        if self.cell is not None and parent in ("is", "r"):
            self.elements.keep()

    def _begin_row(self, _: str, attributes: dict[str, str]) -> None:
        given = attributes.get("r")
        number = self.row + 1 if given is None else int(given) if ROW.fullmatch(given) else 0
        if not 1 <= number <= LAST_ROW:
            limit = f"{LAST_ROW:_}".replace("_", " ")
            refuse("tabular.row_number", **self._place(), value=(given or str(number))[:20], limit=limit)
        # A row that stands again, or too late: which of the two is meant is not known.
        self.lost = number <= self.row
        if self.lost:
            self._problem("row_order", "", number, before=self.row)
        self.row = max(number, self.row)
        self.row_text, self.column, self.texts = str(number), -1, {}
        if attributes.get("hidden") in TRUE:
            self.read_so_far.hidden_rows.add(number)

    def _place(self) -> dict[str, str]:
        return {"file": self.file, "sheet": self.title}

    def _begin_cell(self, _: str, attributes: dict[str, str]) -> None:
        given = attributes.get("r")
        column = self.column + 1 if given is None else self._column_of(given)
        if column >= LAST_COLUMN:
            refuse(
                "tabular.cell_reference", **self._place(), row=self.row, value=str(given or column + 1)[:20]
            )
        self.column = column
        self.cell = Cell(column, attributes.get("t", "n"), attributes.get("s", ""))

    def _column_of(self, given: str) -> int:
        letters = given.rstrip("0123456789")
        column = self.columns.get(letters, -1)
        if column < 0 and REFERENCE.fullmatch(given):
            column = corner(letters + "1")[1]
            if column < LAST_COLUMN:
                self.columns[letters] = column
        if column < 0 or given[len(letters) :] != self.row_text:
            refuse("tabular.cell_reference", **self._place(), row=int(self.row_text), value=given[:20])
        return column

    def _address(self) -> str:
        return f"{letter(max(self.column, 0))}{self.row_text}"

    def _end_cell(self) -> None:
        cell, self.cell = self._open, None
        if cell.stored is not None and not (cell.formula or cell.twice or cell.inline or cell.kind == "e"):
            text, fault = self.cells.read(cell.kind, cell.stored, cell.form)
        else:
            text, fault = self._text_of(cell)
        if cell.column in self.texts:
            text, fault = "", "cell_twice"
        if fault:
            shown = {"cell_error": text, "formula": "", "cell_twice": ""}.get(fault, _without_names(cell))
            self._problem(fault, self._address(), int(self.row_text), shown)
            text = ""
        elif cell.formula:
            self.read_so_far.formulas += 1
        if not text:
            self.elements.count("empty_cells")
        self.texts[cell.column] = text

    def _text_of(self, cell: Cell) -> tuple[str, str]:
        if cell.twice or (cell.inline and (cell.stored is not None or cell.kind != "inlineStr")):
            return "", "cell_form"
        if cell.kind == "e":
            return (cell.stored or "").strip(), "cell_error"
        stored = "".join(cell.parts) if cell.inline else cell.stored
        # A formula may have the empty text as its result; then its kind says so.
        if cell.formula and (stored is None or (not stored and cell.kind != "str")):
            return "", "formula"
        if stored is None:
            return "", ""
        return self.cells.read(cell.kind, stored, cell.form)

    def _end_row(self) -> None:
        width = (
            max((column + 1 for column, text in self.texts.items() if text), default=0) if self.texts else 0
        )
        if not width:
            self.elements.count("empty_cells")
        if not width or self.lost:
            return
        rows, limits = self.read_so_far.rows, self.limits
        rows.append((self.row, [self.texts.get(column, "") for column in range(min(width, limits.columns))]))
        for rule, count, limit in (
            ("rows", len(rows) - 1, limits.rows),
            ("columns", width, limits.columns),
        ):
            if count > limit:
                refuse(f"tabular.{rule}", **self._place(), count=f"> {limit}", limit=limit)

    def _merged(self, _: str, attributes: dict[str, str]) -> None:
        given = attributes.get("ref", "")
        area = AREA.fullmatch(given)
        self._problem("merged", given.replace("$", "")[:40], int(area[2]) if area else 0)

    def _hidden_columns(self, _: str, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") not in TRUE:
            return
        ends = [attributes.get(name, "") for name in ("min", "max")]
        if not all(ROW.fullmatch(end) for end in ends):
            self.elements.fail("<col>")
        self.read_so_far.hidden_columns.append((int(ends[0]) - 1, min(int(ends[1]), LAST_COLUMN) - 1))


def _without_names(cell: Cell) -> str:
    # What is stored may be a person's name, where it is no number.
    stored = (cell.stored or "")[:20]
    return stored if stored and not any(character.isalpha() for character in stored) else cell.kind[:20]
