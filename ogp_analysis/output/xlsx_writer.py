"""One Excel workbook with a sheet per table: real numbers and dates, frozen headers, no formula, no clock."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping

import pandas as pd
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from ogp_analysis.language import labels, texts
from ogp_analysis.output.columns import UPRIGHT, WIDTHS, are_dates, height, number_format, share_line

# The file format wants a date of creation; a fixed one keeps the bytes the same. It is the plan's month.
CREATED = dt.datetime(2019, 12, 1)
LONGEST_SHEET_NAME = 31
# The sheet that stands first; the colours of the tabs by group.
SUMMARY = "answers"
COLOURS = {"summary": "#D55E00", "plan": "#00507A", "method": "#F0E442", "record": "#666666"}
A4 = 9  # the file format's number of it
# Its letters are as wide in every office program, because each has it or one of the same widths.
FONT = {"font_name": "Arial", "font_size": 10}
MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.6}  # inches
TITLE_WIDTH, NOTE_WIDTH = 60, 90
HEADER_ROW = 2
# Text stays text, whatever it looks like, and nothing is written to a temporary folder.
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


def build(
    tables: Mapping[str, pd.DataFrame],
    *,
    language: str,
    title: str = "",
    marked: frozenset[str] = frozenset(),
    groups: Mapping[str, str] | None = None,
    beside: str = "",
) -> bytes:
    """Write tables into one workbook.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        In the order of the sheets; the table ``parameters`` shows every parameter with its origin.
    language : str
        ``"en"`` or ``"es"``, for titles and headers.
    title : str, optional
        Of the workbook; that of the review pack by default.
    marked : frozenset of str, optional
        Ids of the tables that rest on synthetic ratings; each such sheet says so above its header.
    groups : mapping of str to str, optional
        Group of each table (a key of `COLOURS`), which colours its tab.
    beside : str, optional
        What stands in another workbook, a sentence above the list of sheets.

    Returns
    -------
    bytes
        The xlsx file; the same input gives the same bytes.

    Examples
    --------
    >>> first = build({"counts": pd.DataFrame({"n": [43]})}, language="en")
    >>> first == build({"counts": pd.DataFrame({"n": [43]})}, language="en"), first[:2]
    (True, b'PK')
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, OPTIONS)
    title = title or texts.say("report.title", language)
    book.set_properties({"title": title, "created": CREATED})
    styles = _styles(book)
    names = dict(zip(tables, sheet_names([_sheet_title(table, language) for table in tables]), strict=True))
    # The answers stand before everything, the list of sheets after them.
    order = sorted(tables, key=lambda table: table != SUMMARY)
    sheets = {table: book.add_worksheet(names[table]) for table in order[:1] if table == SUMMARY}
    _contents_sheet(book, names, title=title, beside=beside, styles=styles, language=language)
    sheets |= {table: book.add_worksheet(names[table]) for table in order if table not in sheets}
    for table, frame in tables.items():
        sheet = sheets[table]
        sheet.set_tab_color(COLOURS[(groups or {}).get(table, "record")])
        mark = texts.say("synthetic.mark", language) if table in marked else ""
        _heading(sheet, labels.table_title(table, language), mark=mark, styles=styles)
        _table(sheet, labels.localised(frame, language), table=table, styles=styles, language=language)
    book.close()
    return content.getvalue()


def _styles(book: xlsxwriter.Workbook) -> dict[str, object]:
    cell = {"valign": "top", **FONT}
    wanted = {
        "title": {"bold": True, **FONT, "font_size": 13},
        "mark": {"bold": True, "bg_color": "#F0E442", **FONT},
        "plain": FONT,
        "header": {"bold": True, "bottom": 1, "text_wrap": True, **cell},
        "date": {"num_format": "yyyy-mm-dd", "align": "left", **cell},
        "whole": {"num_format": "0", **cell},
        "share": {"num_format": "0.0%", **cell},
        "score": {"num_format": "0.00", **cell},
        "text": {"text_wrap": True, "num_format": "@", "align": "left", "indent": 1, **cell},
        "link": {"font_color": "#0563C1", "underline": 1, **cell},
    }
    return {name: book.add_format(properties) for name, properties in wanted.items()}


def _page_set_up(sheet: Worksheet, width: int) -> None:
    """Let a sheet print as wide as a page, its head on every page, its name and the page at the foot."""
    if width > UPRIGHT:
        sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(**MARGINS)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, HEADER_ROW)
    sheet.set_footer("&L&A&R&P / &N")


def _sheet_title(table: str, language: str) -> str:
    """Give the short name of a table, for its tab; where it has none, the first words of its title."""
    key = f"table.{table}.sheet"
    title = texts.say(key, language) if texts.has(key, language) else labels.table_title(table, language)
    if len(title) <= LONGEST_SHEET_NAME:
        return title
    whole_words = title[: LONGEST_SHEET_NAME + 1].rpartition(" ")[0]
    return whole_words.rstrip(" ,;:") or title


def sheet_names(titles: list[str]) -> list[str]:
    """Give each title a sheet name: cut to 31 characters and numbered where two would be the same.

    >>> sheet_names(["a" * 40, "a" * 41])[1]
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaa_2'
    """
    names: list[str] = []
    for table in titles:
        plain, count = re.sub(r"[\[\]:*?/\\']", "_", table), 1
        name = plain[:LONGEST_SHEET_NAME]
        # Excel takes "A" and "a" for the same sheet and calls the file damaged.
        while name.lower() in {used.lower() for used in names}:
            count += 1
            ending = f"_{count}"
            name = plain[: LONGEST_SHEET_NAME - len(ending)] + ending
        names.append(name)
    return names


def _contents_sheet(
    book: xlsxwriter.Workbook,
    names: Mapping[str, str],
    *,
    title: str,
    beside: str,
    styles: Mapping,
    language: str,
) -> None:
    sheet = book.add_worksheet(texts.say("report.contents", language))
    _heading(sheet, title, mark="", styles=styles)
    sheet.write_string(1, 0, beside, styles["plain"])
    broad = (LONGEST_SHEET_NAME, TITLE_WIDTH, NOTE_WIDTH)
    for column, width in enumerate(broad):
        sheet.set_column(column, column, width)
    _page_set_up(sheet, sum(broad))
    for row, (table, name) in enumerate(names.items(), start=HEADER_ROW):
        words = ("", labels.table_title(table, language), labels.table_note(table, language))
        sheet.set_row(row, height(words, broad))
        sheet.write_url(row, 0, f"internal:'{name}'!A1", styles["link"], string=name)
        for column in (1, 2):
            sheet.write_string(row, column, words[column], styles["text"])


def _heading(sheet: Worksheet, title: str, *, mark: str, styles: Mapping) -> None:
    sheet.write_string(0, 0, title, styles["title"])
    if mark:
        sheet.write_string(1, 0, mark, styles["mark"])


def _table(sheet: Worksheet, frame: pd.DataFrame, *, table: str, styles: Mapping, language: str) -> None:
    sheet.freeze_panes(HEADER_ROW + 1, 1)
    frame = frame.astype(object)  # looked at cell by cell, which takes pandas' own text columns long
    heads = [labels.column_label(name, language) for name in frame.columns]
    columns = [
        _column(sheet, frame[name], position=position, table=table, styles=styles, language=language)
        for position, name in enumerate(frame.columns)
    ]
    broad = share_line(heads, columns, WIDTHS)
    for position, (head, width) in enumerate(zip(heads, broad, strict=True)):
        sheet.write_string(HEADER_ROW, position, head, styles["header"])
        sheet.set_column(position, position, width)
    _page_set_up(sheet, sum(broad))
    # Written down, because a program that opens the file need not fit a row to wrapped text.
    for row, words in enumerate([heads, *zip(*columns, strict=True)], start=HEADER_ROW):
        sheet.set_row(row, height(words, broad))
    if not len(frame):
        sheet.write_string(HEADER_ROW + 1, 0, texts.say("report.no_rows", language), styles["plain"])
    elif heads:
        sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + len(frame), len(heads) - 1)


def _column(
    sheet: Worksheet, column: pd.Series, *, position: int, table: str, styles: Mapping, language: str
) -> list[str]:
    """Write the cells of a column and give those that may need room, in words."""
    dates, kind = are_dates(column), number_format(column, table)
    words = labels.column_words(str(column.name), language, table)
    shown = []
    for row, value in enumerate(column, start=HEADER_ROW + 1):
        shown.append("")
        if pd.isna(value):
            continue
        if dates:
            sheet.write_datetime(row, position, dt.datetime.fromisoformat(str(value)), styles["date"])
            shown[-1] = str(value)
        elif labels.is_truth(value):
            shown[-1] = texts.say("report.yes" if value else "report.no", language)
            sheet.write_string(row, position, shown[-1], styles["text"])
        elif labels.is_number(value):
            sheet.write_number(row, position, float(value), styles[kind])
        else:
            shown[-1] = words(str(value))
            sheet.write_string(row, position, shown[-1], styles["text"])
    return shown
