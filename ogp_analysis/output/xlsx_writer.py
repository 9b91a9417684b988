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

# The file format wants a date of creation; a fixed one keeps the bytes the same. It is the plan's month.
CREATED = dt.datetime(2019, 12, 1)
LONGEST_SHEET_NAME = 31
WIDEST, NARROWEST = 60, 9
# The sheet that stands first; the colours of the tabs by group.
SUMMARY = "answers"
COLOURS = {"summary": "#D55E00", "plan": "#00507A", "method": "#F0E442", "record": "#666666"}
SHARES = re.compile(r"share(_\d)?|keeps_(weights|errors|own|all)|within|third_rate|agreement|another_round")
A4 = 9  # the file format's number of it
ISO_DATE = r"\d{4}-\d{2}-\d{2}"
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
    titles = [labels.table_title(table, language) for table in tables]
    names = dict(zip(tables, sheet_names(titles), strict=True))
    # The answers stand before everything, the list of sheets after them.
    order = sorted(tables, key=lambda table: table != SUMMARY)
    sheets = {table: book.add_worksheet(names[table]) for table in order[:1] if table == SUMMARY}
    _contents_sheet(book, names, title=title, styles=styles, language=language)
    sheets |= {table: book.add_worksheet(names[table]) for table in order if table not in sheets}
    for table, frame in tables.items():
        sheet = sheets[table]
        _page_set_up(sheet)
        sheet.set_tab_color(COLOURS[(groups or {}).get(table, "record")])
        mark = texts.say("synthetic.mark", language) if table in marked else ""
        _heading(sheet, labels.table_title(table, language), mark=mark, styles=styles)
        _table(sheet, labels.localised(frame, language), styles=styles, language=language)
    book.close()
    return content.getvalue()


def _styles(book: xlsxwriter.Workbook) -> dict[str, object]:
    return {
        "title": book.add_format({"bold": True, "font_size": 13}),
        "mark": book.add_format({"bold": True, "bg_color": "#F0E442"}),
        "header": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "whole": book.add_format({"num_format": "0", "valign": "top"}),
        "share": book.add_format({"num_format": "0.0%", "valign": "top"}),
        "score": book.add_format({"num_format": "0.00", "valign": "top"}),
        "text": book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
    }


def _page_set_up(sheet: Worksheet) -> None:
    """Let a sheet print as wide as a page, its head on every page, its name and the page at the foot."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, HEADER_ROW)
    sheet.set_footer("&L&A&R&P / &N")


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
    book: xlsxwriter.Workbook, names: Mapping[str, str], *, title: str, styles: Mapping, language: str
) -> None:
    sheet = book.add_worksheet(texts.say("report.contents", language))
    _heading(sheet, title, mark="", styles=styles)
    sheet.set_column(0, 0, LONGEST_SHEET_NAME)
    sheet.set_column(1, 1, WIDEST)
    for row, (table, name) in enumerate(names.items(), start=HEADER_ROW):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", string=name)
        sheet.write_string(row, 1, labels.table_title(table, language), styles["text"])


def _heading(sheet: Worksheet, title: str, *, mark: str, styles: Mapping) -> None:
    sheet.write_string(0, 0, title, styles["title"])
    if mark:
        sheet.write_string(1, 0, mark, styles["mark"])


def _table(sheet: Worksheet, frame: pd.DataFrame, *, styles: Mapping, language: str) -> None:
    sheet.freeze_panes(HEADER_ROW + 1, 1)
    for position, name in enumerate(frame.columns):
        label = labels.column_label(name, language)
        sheet.write_string(HEADER_ROW, position, label, styles["header"])
        sheet.set_column(position, position, _width(label, frame[name]))
        _column(sheet, frame[name], position=position, styles=styles, language=language)
    if len(frame.columns) and len(frame):
        sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + len(frame), len(frame.columns) - 1)


def _width(label: str, column: pd.Series) -> int:
    # Half, because headers wrap.
    longest = max([len(label) // 2, *(len(str(value)) for value in column.dropna())], default=0)
    return min(max(longest + 1, NARROWEST), WIDEST)


def number_format(column: pd.Series) -> str:
    """Say how the numbers of a column are shown; their cells keep every digit.

    >>> shares = pd.Series([0.5, 0.25], name="share_1")
    >>> number_format(shares), number_format(shares.rename("score")), number_format(pd.Series([1.0, 2.0]))
    ('share', 'score', 'whole')
    """
    numbers = [float(value) for value in column if labels.is_number(value) and not labels.is_truth(value)]
    if all(number.is_integer() for number in numbers) and not SHARES.fullmatch(str(column.name)):
        return "whole"
    is_share = SHARES.fullmatch(str(column.name)) and all(0 <= number <= 1 for number in numbers)
    return "share" if is_share else "score"


def _column(sheet: Worksheet, column: pd.Series, *, position: int, styles: Mapping, language: str) -> None:
    given = column.dropna()
    # All or none: a column of dates and words could be sorted as neither.
    dates = len(given) > 0 and given.map(lambda value: bool(re.fullmatch(ISO_DATE, str(value)))).all()
    kind = number_format(column)
    for row, value in enumerate(column, start=HEADER_ROW + 1):
        if pd.isna(value):
            continue
        if dates:
            sheet.write_datetime(row, position, dt.datetime.fromisoformat(str(value)), styles["date"])
        elif labels.is_truth(value):
            sheet.write_boolean(row, position, bool(value))
        elif labels.is_number(value):
            sheet.write_number(row, position, float(value), styles[kind])
        else:
            word = labels.value_label(str(column.name), str(value), language)
            sheet.write_string(row, position, word, styles["text"])
