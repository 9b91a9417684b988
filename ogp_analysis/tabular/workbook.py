"""Sheets of an XLSX workbook as text: what cannot be trusted is named by its address."""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from ogp_analysis.errors import DataError, Problem
from ogp_analysis.tabular.table import DateText, Limits, Note, NumberText, Records, letter, refuse

MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z0-9:$]+)\"")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
PADDED = re.compile("0{2,15}")


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
    """
    _measure(content, file, limits)
    try:
        return _sheets(content, file=file, limits=limits, sheet=sheet)
    except DataError:
        raise
    except Exception as error:  # openpyxl lets anything escape on a damaged file
        refuse("tabular.damaged", file=file, reason=type(error).__name__)


def _measure(content: bytes, file: str, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        refuse("tabular.damaged", file=file, reason=type(error).__name__)
    if size > limits.uncompressed_bytes:
        refuse("tabular.unpacked", file=file, count=size, limit=limits.uncompressed_bytes)
    if "[Content_Types].xml" not in names:
        refuse("tabular.not_a_workbook", file=file)


def _sheets(content: bytes, *, file: str, limits: Limits, sheet: str | None) -> list[Records]:
    values, formulas = _open(content, values=True), _open(content, values=False)
    if sheet is not None and sheet not in values.sheetnames:
        refuse("tabular.no_sheet", file=file, value=sheet, allowed=", ".join(values.sheetnames))
    if len(values.sheetnames) > limits.sheets:
        refuse("tabular.sheets", file=file, count=len(values.sheetnames), limit=limits.sheets)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [
            _records(ws, formulas[ws.title], archive.read(_part(ws)), file=file, limits=limits)
            for ws in values.worksheets
            if sheet is None or ws.title == sheet
        ]


def _part(sheet: Any) -> str:
    return sheet._worksheet_path.lstrip("/")


def _open(content: bytes, *, values: bool) -> Any:
    # Imported here: openpyxl costs more than a command line's --help may take.
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of drop-downs and styles it does not need
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=values, keep_links=False)


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
        return "" if cell is None else text_of(cell)


def _records(values: Any, formulas: Any, xml: bytes, *, file: str, limits: Limits) -> Records:
    merged = [match.decode("ascii").replace("$", "") for match in MERGED.findall(xml)]
    problems = [Problem("tabular.merged", file, values.title, _row_of(area), area) for area in merged]
    sheet = _Sheet(file, values.title, problems)
    rows: list[tuple[int, list[str]]] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a date outside the calendar becomes an error value, named below
        for number, cells in enumerate(_paired(values, formulas, bool(FORMULA.search(xml))), start=1):
            texts = sheet.row(cells, number)
            if any(texts):
                rows.append((number, texts))
            _measure_sheet(len(rows), len(texts), sheet=sheet, limits=limits)
    notes = [Note("tabular.workbook")]
    if sheet.formulas:
        notes.append(Note("tabular.formulas", (("count", str(sheet.formulas)),)))
    return Records(values.title, file, rows, tuple(notes), tuple(problems), padded=True)


def _measure_sheet(rows: int, columns: int, *, sheet: _Sheet, limits: Limits) -> None:
    for rule, count, limit in (("rows", rows - 1, limits.rows), ("columns", columns, limits.columns)):
        if count > limit:
            refuse(f"tabular.{rule}", file=sheet.file, sheet=sheet.title, count=f"> {limit}", limit=limit)


def _row_of(reference: str) -> int:
    return int(re.sub(r"[^0-9].*", "", re.sub(r"^\$?[A-Z]+\$?", "", reference)) or 0)


def _paired(values: Any, formulas: Any, has_formulas: bool) -> Any:
    values.reset_dimensions()
    if not has_formulas:
        return (((cell, None) for cell in row) for row in values.iter_rows())
    formulas.reset_dimensions()
    return (zip_longest(v, f) for v, f in zip_longest(values.iter_rows(), formulas.iter_rows(), fillvalue=()))


def _fault(cell: Any, formula: Any) -> str:
    if cell is not None and cell.data_type == "e":
        return "tabular.cell_error"
    if formula is not None and formula.data_type == "f" and (cell is None or cell.value is None):
        return "tabular.formula"
    return ""


def text_of(cell: Any) -> str:
    """Text of a cell: numbers without a needless ``.0``, codes shown as 007 kept so, dates in ISO form."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return NumberText(_number_text(value, cell.number_format))
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return DateText(value.date().isoformat() if midnight else value.isoformat(sep=" "))
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return DateText(str(value))
    return str(value)


def _number_text(value: float, shown_as: str) -> str:
    if float(value).is_integer() and abs(value) < 1e15:
        digits = str(int(value))
        return digits.zfill(len(shown_as)) if value >= 0 and PADDED.fullmatch(shown_as or "") else digits
    return repr(float(value))
