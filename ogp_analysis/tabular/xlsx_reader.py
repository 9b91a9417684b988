"""Sheets of an XLSX workbook as text: what cannot be trusted is named by its address."""

from __future__ import annotations

from ogp_analysis.tabular import xml_parts
from ogp_analysis.tabular.cells import Cells
from ogp_analysis.tabular.limits import Limits
from ogp_analysis.tabular.sheet import Sheet, SheetReader
from ogp_analysis.tabular.table import Note, Records, refuse
from ogp_analysis.tabular.zip_package import Package


def read(content: bytes, *, file: str, limits: Limits, sheet: str | None = None) -> list[Records]:
    """Read the sheets of a workbook.

    >>> import io, openpyxl
    >>> book, content = openpyxl.Workbook(), io.BytesIO()
    >>> book.active.append(["id", "n"])
    >>> book.active.append(["007", 4.5])
    >>> book.save(content)
    >>> read(content.getvalue(), file="n.xlsx", limits=Limits())[0].rows
    [(1, ['id', 'n']), (2, ['007', '4.5'])]
    """
    package = Package(content, file, limits)
    book = xml_parts.describe(package)
    if sheet is not None and sheet not in book.titles:
        refuse("tabular.no_sheet", file=file, value=sheet, allowed=", ".join(book.titles))
    cells = Cells(book, file=file, most_characters=package.limits.uncompressed_bytes)
    used: dict[str, int] = {}
    sheets = []
    for title, state, part in book.sheets:
        if sheet is None or title == sheet:
            reader = SheetReader(package, part, title, cells=cells, used=used)
            sheets.append(_records(reader.read(), title, state, file=file))
            used = reader.elements.counts
    return sheets


def _records(read: Sheet, title: str, state: str, *, file: str) -> Records:
    notes = [Note("tabular.workbook")]
    if read.formulas:
        notes.append(Note("tabular.formulas", (("count", str(read.formulas)),)))
    if state != "visible":
        notes.append(Note("tabular.hidden_sheet"))
    notes += [
        Note(f"tabular.hidden_{what}", (("count", str(count)),))
        for what, count in _hidden(read).items()
        if count
    ]
    return Records(title, file, read.rows, tuple(notes), tuple(read.problems), padded=True)


def _hidden(read: Sheet) -> dict[str, int]:
    """Count rows and columns with content that a reader of the workbook does not see.

    What a filter or a closed outline hides counts too.
    """
    widest = max((len(cells) for _, cells in read.rows), default=0)
    columns = {
        column
        for first, last in read.hidden_columns
        for column in range(max(first, 0), min(last + 1, widest))
    }
    filled = {
        column for column in columns if any(column < len(cells) and cells[column] for _, cells in read.rows)
    }
    return {"rows": sum(number in read.hidden_rows for number, _ in read.rows), "columns": len(filled)}
