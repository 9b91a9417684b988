"""Workbooks of phase 2 that people fill: text cells, drop-downs, the same arguments give the same bytes."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ogp_analysis.language import texts
from ogp_analysis.tabular import Table, key_of

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

# A fixed date, so that the same arguments give the same bytes: the day of the plan's categories (line 727).
CREATED = datetime.datetime(2019, 10, 1)
WIDTHS = {"proposal": 12, "title": 45, "problem": 45, "solution": 60, "reason": 30, "words": 40, "titles": 60}
WIDTH = 16


@dataclass(frozen=True)
class Sheet:
    """A sheet to fill.

    Parameters
    ----------
    title : str
        Its name.
    columns : tuple of str
        Our names of its columns; the header shows the words of the language.
    rows : sequence of sequence of str
        Texts, row by row.
    lists : mapping of str to sequence of str
        What a column's drop-down offers.
    open : tuple of str
        Columns that are to be filled, shown in colour.
    """

    title: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    open: tuple[str, ...] = ()


def workbook(sheets: Sequence[Sheet], *, instructions: str, language: str) -> bytes:
    """Write sheets behind one of instructions in both languages.

    >>> workbook([Sheet("C1", ("proposal",), [("P1",)])], instructions="classification", language="en")[:2]
    b'PK'
    """
    import xlsxwriter  # imported here: the command line's help needs no Excel

    content = io.BytesIO()
    book = xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": texts.say(f"sheets.{instructions}.title", language), "created": CREATED})
    formats = {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        "fill": book.add_format(
            {"bg_color": "#FFF9DB", "border": 1, "border_color": "#BBBBBB", "num_format": "@"}
        ),
    }
    first = book.add_worksheet(texts.say("template.sheet.instructions", language))
    first.set_column(0, 1, 70)
    for column, code in enumerate(("es", "en")):
        for row, line in enumerate(texts.say(f"sheets.{instructions}.instructions", code).split("\n")):
            first.write_string(row, column, line, formats["head" if row == 0 else "text"])
    for sheet in sheets:
        _write(book.add_worksheet(sheet.title), sheet, formats, language)
    book.close()
    return content.getvalue()


def _write(page: Worksheet, sheet: Sheet, formats: Mapping[str, Format], language: str) -> None:
    for column, name in enumerate(sheet.columns):
        page.write_string(0, column, texts.say(f"sheets.column.{name}", language), formats["head"])
        page.set_column(column, column, WIDTHS.get(name, WIDTH))
        if name in sheet.lists:
            source = {"validate": "list", "source": list(sheet.lists[name])}
            page.data_validation(1, column, max(len(sheet.rows), 1), column, source)
    for row, cells in enumerate(sheet.rows, start=1):
        for column, (name, cell) in enumerate(zip(sheet.columns, cells, strict=True)):
            style = formats["fill" if name in sheet.open else "text"]
            page.write_string(row, column, cell, style) if cell else page.write_blank(
                row, column, None, style
            )
    page.freeze_panes(1, 2)


def columns_of(table: Table, names: Sequence[str]) -> dict[str, int]:
    """Find columns by our names or their words in either language.

    >>> columns_of(Table("", "n.csv", ["Propuesta", "Motivo"], [], []), ("proposal", "reason", "related"))
    {'proposal': 0, 'reason': 1}
    """
    keys = [key_of(name) for name in table.header]
    places = {}
    for name in names:
        words = {
            key_of(name),
            *(key_of(texts.say(f"sheets.column.{name}", code)) for code in texts.LANGUAGES),
        }
        at = next((k for k, key in enumerate(keys) if key in words), None)
        if at is not None:
            places[name] = at
    return places


def yes_no(language: str) -> list[str]:
    """Words of a drop-down of yes and no.

    >>> yes_no("es")
    ['sí', 'no']
    """
    return [texts.say(f"value.{word}", language) for word in ("yes", "no")]
