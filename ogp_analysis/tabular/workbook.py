"""Sheets of an XLSX workbook as text: what cannot be trusted is named by its address."""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, NoReturn

from ogp_analysis.errors import Problem
from ogp_analysis.tabular.table import DateText, Limits, Note, NumberText, Records, letter, refuse

MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z0-9:$]+)\"")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
HIDDEN = re.compile(rb"<(?:\w+:)?(row|col)\s([^>]*\bhidden=[\"'](?:1|true)[\"'][^>]*)>")
PLACE = re.compile(rb"\b(r|min|max)=[\"']([0-9]+)[\"']")
# A number format of zeros only: Excel shows 7 as 007 and means a code.
PADDED = re.compile("0{2,15}")
# What zipfile, the XML parser and openpyxl raise on a broken file, openpyxl also by tripping over what is not
# there. Only their own calls are guarded: the same error from our code is a defect and has to be seen.
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, SyntaxError, AssertionError),
    *(ValueError, TypeError, AttributeError, LookupError, ArithmeticError),
)


def read(content: bytes, *, file: str, limits: Limits, sheet: str | None = None) -> list[Records]:
    """Read the sheets of a workbook.

    Parameters
    ----------
    content : bytes
        The whole file.
    file : str
        Its name, for messages.
    limits : Limits
        What is accepted.
    sheet : str, optional
        Read this sheet only.

    Returns
    -------
    list of Records
        One for each sheet, in the order of the workbook.

    Raises
    ------
    DataError
        The file is no workbook, is damaged, passes a limit or lacks the sheet.

    Examples
    --------
    >>> import openpyxl
    >>> book, content = openpyxl.Workbook(), io.BytesIO()
    >>> book.active.append(["id", "n"])
    >>> book.active.append(["007", 4.5])
    >>> book.save(content)
    >>> read(content.getvalue(), file="n.xlsx", limits=Limits())[0].rows
    [(1, ['id', 'n']), (2, ['007', '4.5'])]
    """
    _measure(content, file, limits)
    return _sheets(content, file=file, limits=limits, sheet=sheet)


def _measure(content: bytes, file: str, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            names = set(archive.namelist())
    except BROKEN as error:
        _damaged(error, file)
    if size > limits.uncompressed_bytes:
        refuse("tabular.unpacked", file=file, count=size, limit=limits.uncompressed_bytes)
    if "[Content_Types].xml" not in names:
        refuse("tabular.not_a_workbook", file=file)


def _damaged(error: Exception, file: str) -> NoReturn:
    refuse("tabular.damaged", file=file, reason=type(error).__name__)


def _sheets(content: bytes, *, file: str, limits: Limits, sheet: str | None) -> list[Records]:
    # Twice: openpyxl gives either the stored results or the formulas.
    values, formulas = _open(content, file, values=True), _open(content, file, values=False)
    if sheet is not None and sheet not in values.sheetnames:
        refuse("tabular.no_sheet", file=file, value=sheet, allowed=", ".join(values.sheetnames))
    if len(values.sheetnames) > limits.sheets:
        refuse("tabular.sheets", file=file, count=len(values.sheetnames), limit=limits.sheets)
    return [
        _records(ws, formulas[ws.title], _xml(content, ws, file), file=file, limits=limits)
        for ws in values.worksheets
        if sheet is None or ws.title == sheet
    ]


def _xml(content: bytes, sheet: Any, file: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.read(sheet._worksheet_path.lstrip("/"))
    except BROKEN as error:
        _damaged(error, file)


def _open(content: bytes, file: str, *, values: bool) -> Any:
    # Imported here: openpyxl costs more than a command line's --help may take.
    from openpyxl.reader.excel import ExcelReader

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of drop-downs and styles it does not need
        try:
            book = ExcelReader(io.BytesIO(content), read_only=True, data_only=values, keep_links=False)
            book.read()
            # openpyxl says nothing of a sheet whose part is missing: its ratings would be lost in silence.
            for _, part in book.parser.find_sheets():
                book.archive.getinfo(part.target)
        except BROKEN as error:
            _damaged(error, file)
    return book.wb


def _rows(sheet: Any, file: str) -> Iterator[tuple]:
    """Give the rows of a sheet; openpyxl reads each when it is asked for, so each may be the broken one."""
    # The size that a sheet states of itself may be wrong, and openpyxl would believe it.
    sheet.reset_dimensions()
    rows = iter(sheet.iter_rows())
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except BROKEN as error:
            _damaged(error, file)
        yield row


@dataclass
class _Sheet:
    """One sheet while it is read: what is wrong with it and how many formulas it holds."""

    file: str
    title: str
    problems: list[Problem]
    formulas: int = 0

    def row(self, cells: Any, number: int) -> list[str]:
        """Give the texts of a row, without empty cells at its end; faulty cells are empty and named."""
        texts = [self._text(cell, formula, f"{letter(k)}{number}") for k, (cell, formula) in enumerate(cells)]
        while texts and not texts[-1]:
            texts.pop()
        return texts

    def _text(self, cell: Any, formula: Any, address: str) -> str:
        rule = _fault(cell, formula)
        if rule:
            shown = str(cell.value) if rule == "tabular.cell_error" else ""
            self.problems.append(Problem(rule, self.file, self.title, _row_of(address), address, value=shown))
            return ""
        if formula is not None and formula.data_type == "f":
            self.formulas += 1
        return "" if cell is None else text_of(cell, self.file)


def _records(values: Any, formulas: Any, xml: bytes, *, file: str, limits: Limits) -> Records:
    merged = [match.decode("ascii").replace("$", "") for match in MERGED.findall(xml)]
    problems = [Problem("tabular.merged", file, values.title, _row_of(area), area) for area in merged]
    sheet = _Sheet(file, values.title, problems)
    rows: list[tuple[int, list[str]]] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a date outside the calendar becomes an error value, named below
        for number, cells in enumerate(
            _paired(values, formulas if FORMULA.search(xml) else None, file), start=1
        ):
            texts = sheet.row(cells, number)
            if any(texts):
                rows.append((number, texts))
            _measure_sheet(len(rows), len(texts), sheet=sheet, limits=limits)
    notes = [Note("tabular.workbook")]
    if sheet.formulas:
        notes.append(Note("tabular.formulas", (("count", str(sheet.formulas)),)))
    if values.sheet_state != "visible":
        notes.append(Note("tabular.hidden_sheet"))
    notes += [
        Note(f"tabular.hidden_{what}", (("count", str(n)),)) for what, n in hidden(xml, rows).items() if n
    ]
    return Records(values.title, file, rows, tuple(notes), tuple(problems), padded=True)


def hidden(xml: bytes, rows: list[tuple[int, list[str]]]) -> dict[str, int]:
    """Count the rows and columns with content that a reader of the workbook does not see.

    Parameters
    ----------
    xml : bytes
        Of one sheet.
    rows : list of (int, list of str)
        Rows with content: number, from 1, and cells.

    Returns
    -------
    dict of str to int
        ``rows`` and ``columns``; what a filter or a closed outline hides counts too.

    Examples
    --------
    >>> xml = b'<cols><col min="2" max="3" hidden="1"/></cols><row r="1"/><row r="2" hidden="1"/>'
    >>> hidden(xml, [(1, ["code", "time"]), (2, ["S01", "4"])])
    {'rows': 1, 'columns': 1}
    """
    unseen: set[int] = set()
    columns: set[int] = set()
    for kind, attributes in HIDDEN.findall(xml):
        at = {name: int(number) for name, number in PLACE.findall(attributes)}
        if kind == b"row":
            unseen.add(at.get(b"r", 0))
        else:
            last = min(at.get(b"max", 0), max((len(cells) for _, cells in rows), default=0))
            columns.update(range(at.get(b"min", 1) - 1, last))
    filled = {k for k in columns for _, cells in rows if k < len(cells) and cells[k]}
    return {"rows": sum(number in unseen for number, _ in rows), "columns": len(filled)}


def _measure_sheet(rows: int, columns: int, *, sheet: _Sheet, limits: Limits) -> None:
    for rule, count, limit in (("rows", rows - 1, limits.rows), ("columns", columns, limits.columns)):
        if count > limit:
            refuse(f"tabular.{rule}", file=sheet.file, sheet=sheet.title, count=f"> {limit}", limit=limit)


def _row_of(reference: str) -> int:
    return int(re.sub(r"[^0-9].*", "", re.sub(r"^\$?[A-Z]+\$?", "", reference)) or 0)


def _paired(values: Any, formulas: Any | None, file: str) -> Iterable[Iterable[tuple]]:
    if formulas is None:
        return (((cell, None) for cell in row) for row in _rows(values, file))
    pairs = zip_longest(_rows(values, file), _rows(formulas, file), fillvalue=())
    return (zip_longest(v, f) for v, f in pairs)


def _fault(cell: Any, formula: Any) -> str:
    if cell is not None and cell.data_type == "e":
        return "tabular.cell_error"
    if formula is not None and formula.data_type == "f" and (cell is None or cell.value is None):
        return "tabular.formula"
    return ""


def text_of(cell: Any, file: str = "") -> str:
    """Text of a cell: numbers without a needless ``.0``, codes shown as 007 kept so, dates in ISO form.

    Parameters
    ----------
    cell : openpyxl cell
        Its value and number format are read.
    file : str
        Name of the file, for messages.

    Returns
    -------
    str
        A `NumberText` or `DateText` where the workbook stores a number or a date.

    Raises
    ------
    DataError
        The cell has a style that the workbook does not hold.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> text_of(SimpleNamespace(value=7.0, number_format="000")), text_of(SimpleNamespace(value=True))
    ('007', 'TRUE')
    """
    value = cell.value
    if value is None:
        return ""
    # Before the numbers: in Python True is an int.
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return NumberText(_number_text(value, _format(cell, file)))
    # Before the dates: a datetime is a date.
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return DateText(value.date().isoformat() if midnight else value.isoformat(sep=" "))
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return DateText(str(value))
    return str(value)


def _format(cell: Any, file: str) -> str:
    try:
        return cell.number_format
    except BROKEN as error:  # a style that the workbook does not hold
        _damaged(error, file)


def _number_text(value: float, shown_as: str) -> str:
    # Above 1e15 a float does not hold every whole number.
    if float(value).is_integer() and abs(value) < 1e15:
        digits = str(int(value))
        return digits.zfill(len(shown_as)) if value >= 0 and PADDED.fullmatch(shown_as or "") else digits
    return repr(float(value))
