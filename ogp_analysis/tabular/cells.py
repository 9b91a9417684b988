"""The text of a cell of a workbook, by how it is stored and shown, or what is wrong with how it is stored."""

from __future__ import annotations

import datetime
import re
import sys
import warnings
from functools import cached_property

from ogp_analysis.tabular.numbers import exactly, finite
from ogp_analysis.tabular.table import DateText, NumberText, PercentText, refuse
from ogp_analysis.tabular.xml_parts import Book, unescaped

# A number format of zeros only: Excel shows 7 as 007 and means a code.
PADDED = re.compile("0{2,15}")
# What a number format writes as it stands: 0"%" shows the number that is stored.
LITERAL = re.compile(r'"[^"]*"|\\.|_.')
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
# What the format allows in place of a number; the reader of numbers names them.
NOT_FINITE = ("NaN", "INF", "-INF")
WHOLE = re.compile("[0-9]+")
TRUTHS = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}
# Most numbers of a table are alike: each is made once.
REMEMBERED = 100_000

Read = tuple[str, str]


class Cells:
    """Turns what is stored in the cells of a workbook into text.

    Parameters
    ----------
    book : Book
        The texts and formats that cells refer to.
    file : str
        Its name, for refusals.
    most_characters : int
        Of the shared texts, each counted as often as a cell refers to it: few long ones fill any memory.

    Examples
    --------
    >>> cells = Cells(Book(strings=["S01"], formats=["General", "000", "yyyy-mm-dd"]))
    >>> cells.read("s", "0", ""), cells.read("n", "7", "1"), cells.read("n", "43739", "2")
    (('S01', ''), ('007', ''), ('2019-10-01', ''))
    >>> cells.read("s", "1", ""), cells.read("n", "0_4", "")
    (('', 'shared_string'), ('', 'cell_form'))
    """

    def __init__(self, book: Book, *, file: str = "", most_characters: int = sys.maxsize) -> None:
        self.book, self.file = book, file
        self.characters, self.most_characters = 0, most_characters
        self.remembered: dict[tuple[str, str, str], Read] = {}

    def read(self, kind: str, stored: str, form: str) -> Read:
        """Read one cell."""
        key = (kind, stored, form)
        known = self.remembered.get(key)
        if known is None:
            known = self._read(kind, stored, form)
            if len(self.remembered) < REMEMBERED and len(stored) < 100:
                self.remembered[key] = known
        if kind == "s":
            self._count(len(known[0]))
        return known

    def _count(self, characters: int) -> None:
        self.characters += characters
        if self.characters > self.most_characters:
            limit = self.most_characters
            refuse("tabular.unpacked", file=self.file, count=f"> {limit}", limit=limit)

    def _read(self, kind: str, stored: str, form: str) -> Read:
        if kind in ("str", "inlineStr"):
            return unescaped(stored), ""
        stored = stored.strip(" \t\r\n")
        if not stored:
            return "", "shared_string" if kind == "s" else ""
        if kind == "s":
            return self._shared(stored)
        if kind == "b":
            return TRUTHS.get(stored, ""), "" if stored in TRUTHS else "cell_form"
        if kind == "n":
            return self._number(stored, form)
        return _iso_date(stored) if kind == "d" else ("", "cell_form")

    def _shared(self, stored: str) -> Read:
        position = int(stored) if WHOLE.fullmatch(stored) and len(stored) < 10 else -1
        if not 0 <= position < len(self.book.strings):
            return "", "shared_string"
        return self.book.strings[position], ""

    def _number(self, stored: str, form: str) -> Read:
        code = self._code(form)
        if code is None or not (NUMBER.fullmatch(stored) or stored in NOT_FINITE):
            return "", "cell_form"
        value = finite(stored)
        # What no number of a workbook holds exactly stays as it is stored: the reader of numbers names it.
        if value is None or not exactly(stored, value):
            return NumberText(stored), ""
        if self._is_date(code):
            return self._dated(value, code)
        kind = PercentText if "%" in LITERAL.sub("", code) else NumberText
        return kind(_number_text(value, code)), ""

    def _code(self, form: str) -> str | None:
        if not form:
            return self.book.formats[0] if self.book.formats else "General"
        position = int(form) if WHOLE.fullmatch(form) and len(form) < 10 else -1
        # A workbook without any styles has one format, which says nothing.
        if position == 0 and not self.book.formats:
            return "General"
        return self.book.formats[position] if 0 <= position < len(self.book.formats) else None

    @cached_property
    def _dates(self) -> dict[str, bool]:
        return {}

    def _is_date(self, code: str) -> bool:
        if code == "General":
            return False
        if code not in self._dates:
            from openpyxl.styles.numbers import is_date_format

            self._dates[code] = is_date_format(code)
        return self._dates[code]

    def _dated(self, value: float, code: str) -> Read:
        from openpyxl.styles.numbers import is_timedelta_format
        from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

        epoch = CALENDAR_MAC_1904 if self.book.from_1904 else CALENDAR_WINDOWS_1900
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                date = from_excel(value, epoch, timedelta=is_timedelta_format(code))
            # Excel shows such a cell as ######: there is no such date.
            except (OverflowError, ValueError):
                return "#VALUE!", "cell_error"
        return _date_text(date), ""


def _date_text(date: object) -> str:
    # Before the dates: a datetime is a date.
    if isinstance(date, datetime.datetime):
        midnight = date.time() == datetime.time()
        return DateText(date.date().isoformat() if midnight else date.isoformat(sep=" "))
    return DateText(str(date))


def _iso_date(stored: str) -> Read:
    from openpyxl.utils.datetime import from_ISO8601

    try:
        date = from_ISO8601(stored)
    except (ValueError, OverflowError, TypeError):
        return "", "cell_form"
    return _date_text(date), ""


def _number_text(value: float, shown_as: str) -> str:
    # Above 1e15 a float does not hold every whole number.
    if value.is_integer() and abs(value) < 1e15:
        digits = str(int(value))
        return digits.zfill(len(shown_as)) if value >= 0 and PADDED.fullmatch(shown_as or "") else digits
    return repr(value)
