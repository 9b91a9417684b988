"""Sheets of an XLSX workbook as text: what cannot be trusted is named by its address."""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
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
        return _sheets(content, file, limits, sheet)
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


def _sheets(content: bytes, file: str, limits: Limits, sheet: str | None) -> list[Records]:
    values, formulas = _open(content, values=True), _open(content, values=False)
    if sheet is not None and sheet not in values.sheetnames:
        refuse("tabular.no_sheet", file=file, value=sheet, allowed=", ".join(values.sheetnames))
    if len(values.sheetnames) > limits.sheets:
        refuse("tabular.sheets", file=file, count=len(values.sheetnames), limit=limits.sheets)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [
            _sheet(ws, formulas[ws.title], archive.read(ws._worksheet_path.lstrip("/")), (file, limits))
            for ws in values.worksheets
            if sheet is None or ws.title == sheet
        ]


def _open(content: bytes, *, values: bool) -> Any:
    # Imported here: openpyxl costs more than a command line's --help may take.
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of drop-downs and styles it does not need
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=values, keep_links=False)


def _sheet(values: Any, formulas: Any, xml: bytes, context: tuple[str, Limits]) -> Records:
    file, limits = context
    rows: list[tuple[int, list[str]]] = []
    problems = [
        Problem("tabular.merged", file, values.title, _row_of(ref), ref.replace("$", ""))
        for ref in (match.decode("ascii") for match in MERGED.findall(xml))
    ]
    counts = {"formulas": 0}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a date outside the calendar becomes an error value, named below
        for number, cells in enumerate(_paired(values, formulas, bool(FORMULA.search(xml))), start=1):
            texts = _texts(cells, (file, values.title, number), problems, counts)
            if any(texts):
                rows.append((number, texts))
            if len(rows) > limits.rows + 1 or len(texts) > limits.columns:
                rule, limit = (
                    ("rows", limits.rows) if len(rows) > limits.rows else ("columns", limits.columns)
                )
                refuse(f"tabular.{rule}", file=file, sheet=values.title, count=f"> {limit}", limit=limit)
    notes = [Note("tabular.workbook")]
    if counts["formulas"]:
        notes.append(Note("tabular.formulas", (("count", str(counts["formulas"])),)))
    return Records(values.title, file, rows, tuple(notes), tuple(problems), padded=True)


def _row_of(reference: str) -> int:
    return int(re.sub(r"[^0-9].*", "", re.sub(r"^\$?[A-Z]+\$?", "", reference)) or 0)


def _paired(values: Any, formulas: Any, has_formulas: bool) -> Any:
    values.reset_dimensions()
    if not has_formulas:
        return (((cell, None) for cell in row) for row in values.iter_rows())
    formulas.reset_dimensions()
    return (zip_longest(v, f) for v, f in zip_longest(values.iter_rows(), formulas.iter_rows(), fillvalue=()))


def _texts(
    cells: Any, place: tuple[str, str, int], problems: list[Problem], counts: dict[str, int]
) -> list[str]:
    file, sheet, number = place
    texts = []
    for position, (cell, formula) in enumerate(cells):
        rule = _fault(cell, formula)
        if rule:
            address = f"{letter(position)}{number}"
            shown = str(cell.value) if rule == "tabular.cell_error" else ""
            problems.append(Problem(rule, file, sheet, number, address, value=shown))
        elif formula is not None and formula.data_type == "f":
            counts["formulas"] += 1
        texts.append("" if rule or cell is None else text_of(cell))
    while texts and not texts[-1]:
        texts.pop()
    return texts


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
