"""Dates as exports write them: the order of day and month is proved by the column, never guessed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from ogp_analysis.tabular import key_of

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
ORDERS = (DAY_FIRST, MONTH_FIRST)
# What may stand behind the day: an hour in any form, such as T10:01:02Z, " 10:01", T:13:06:40, ", 10h30".
_HOUR = r"(?:[T\s,].*|Z)?"
YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_HOUR}", re.DOTALL)
YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_HOUR}", re.DOTALL)
# Two figures of a year stand last behind strokes and points; behind lines, nobody can tell year from day.
SHORT_YEAR_LAST = re.compile(rf"(\d{{1,2}})([/.])(\d{{1,2}})\2(\d{{2}}){_HOUR}", re.DOTALL)
CENTURY = 2000
COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:T\d.*)?")
DAY_AND_WORD = re.compile(
    r"(\d{1,2})(?:\.|º|er|st|nd|rd|th)?[\s/-]+(?:d[e'’]\s?)?([^\W\d_]{3,})[.,]?[\s/-]+(?:del?\s)?(\d{4}|\d{2}(?!\d))"
)
WORD_AND_DAY = re.compile(r"([^\W\d_]{3,})\.?\s(\d{1,2})(?:st|nd|rd|th)?,?\s(\d{4})")
# Days as Excel counts them: 1 is the first of January 1900, and there is a 29th of February 1900. Five digits
# are no other date. Our choice: from 2000 to 2049.
COUNTED = re.compile(r"(\d{5})(?:[.,]\d{1,12})?")
DAY_ZERO, COUNTED_DAYS = dt.date(1899, 12, 30), range(36_526, 54_789)
LOCALES = ("es", "en", "ca", "pt", "fr", "gl", "it")


@dataclass(frozen=True)
class Days:
    """The days of a column.

    Parameters
    ----------
    days : tuple of str
        ISO days (2018-11-30); empty where there is none or it cannot be read.
    unread : tuple of int
        Positions of cells that are no date, or one of which nobody can tell day from month.
    ambiguous : tuple of int
        Positions of cells of which day and month could be the other way round, and nothing proves which.
    order : str
        ``"day-first"`` or ``"month-first"`` where the column proves it or it was given; else empty.
    contrary : tuple of int
        Where the column contradicts itself: positions of the first cell that proves the day first and of the
        first that proves the month first; else empty.
    unsettled : tuple of int
        Positions of cells that stay open because of that.
    """

    days: tuple[str, ...]
    unread: tuple[int, ...] = ()
    ambiguous: tuple[int, ...] = ()
    order: str = ""
    contrary: tuple[int, ...] = ()
    unsettled: tuple[int, ...] = ()


def read(cells: Sequence[str], order: str = "") -> Days:
    """Read a column of dates; a day above 12 anywhere in it proves the order for all.

    >>> one = read(["22/01/2016", "03/02/2016", "2016/01/22T:13:06:40", "soon"])
    >>> one.days, one.unread, one.order
    (('2016-01-22', '2016-02-03', '2016-01-22', ''), (3,), 'day-first')
    >>> two = read(["02/03/2018", "22/03/2018", "04/25/2018"])
    >>> two.days, two.contrary, two.unsettled
    (('', '2018-03-22', '2018-04-25'), (1, 2), (0,))
    >>> read(["43434", "43435,75"]).days
    ('2018-11-30', '2018-12-01')
    >>> read(["02/03/2018"]).ambiguous, read(["02/03/2018"], MONTH_FIRST).days
    ((0,), ('2018-02-03',))
    """
    pairs = {cell: _pair(cell) for cell in set(cells)}
    first = {_proves(pairs[cell]): k for k, cell in reversed(list(enumerate(cells)))}
    proved = [one for one in ORDERS if one in first]
    chosen = order or (proved[0] if len(proved) == 1 else "")
    days = {cell: _day(cell, pair, chosen) for cell, pair in pairs.items()}
    # Where some cells prove one order and some the other, those that prove nothing stay open.
    contrary = tuple(first[one] for one in proved) if len(proved) > 1 else ()
    open_ = {cell for cell, pair in pairs.items() if pair and not chosen and not days[cell] and _fits(pair)}
    unread = {cell for cell in pairs if cell and not days[cell] and cell not in open_}
    left = tuple(k for k, cell in enumerate(cells) if cell in open_)
    return Days(
        tuple(days[cell] for cell in cells),
        tuple(k for k, cell in enumerate(cells) if cell in unread),
        () if contrary else left,
        chosen,
        contrary,
        left if contrary else (),
    )


def _pair(cell: str) -> tuple[int, int, int] | None:
    """First number, second number and year of a date with the year last."""
    match, century = YEAR_LAST.fullmatch(cell), 0
    if not match:
        match, century = SHORT_YEAR_LAST.fullmatch(cell), CENTURY
    return (int(match[1]), int(match[3]), century + int(match[4])) if match else None


def _proves(pair: tuple[int, int, int] | None) -> str:
    first, second, _ = pair or (0, 0, 0)
    if (first > 12) == (second > 12):
        return ""
    return DAY_FIRST if first > 12 else MONTH_FIRST


def _fits(pair: tuple[int, int, int]) -> bool:
    first, second, year = pair
    return bool(_iso(year, first, second) and _iso(year, second, first))


def is_date(cell: str) -> bool:
    """Say whether a cell holds a date, in whatever order.

    >>> is_date("2018-12-01"), is_date("01/02/2018 10:00"), is_date("false")
    (True, True, False)
    """
    one = read([cell])
    return bool(one.days[0] or one.ambiguous)


def _day(cell: str, pair: tuple[int, int, int] | None, order: str) -> str:
    if pair:
        first, second, year = pair
        # The same either way, or its own proof: no order is needed, and a wrong one does not count.
        order = _proves(pair) or order or (DAY_FIRST if first == second else "")
        return _iso(year, *((second, first) if order == DAY_FIRST else (first, second))) if order else ""
    match = YEAR_FIRST.fullmatch(cell)
    if match:
        return _iso(int(match[1]), int(match[3]), int(match[4]))
    match = COMPACT.fullmatch(cell)
    return _iso(*map(int, match.groups())) if match else _counted(cell) or _in_words(cell)


def is_counted(cell: str) -> bool:
    """Say whether a cell is a date only as Excel counts days.

    >>> is_counted("43434"), is_counted("43434.5"), is_counted("12345"), is_counted("2018-11-30")
    (True, True, False, False)
    """
    return bool(_counted(cell))


def _counted(cell: str) -> str:
    match = COUNTED.fullmatch(cell)
    if not match or int(match[1]) not in COUNTED_DAYS:
        return ""
    return (DAY_ZERO + dt.timedelta(days=int(match[1]))).isoformat()


def _in_words(cell: str) -> str:
    match = DAY_AND_WORD.match(cell)
    if match:
        year = int(match[3]) + (CENTURY if len(match[3]) == 2 else 0)
        return _iso(year, _months().get(key_of(match[2]), 0), int(match[1]))
    match = WORD_AND_DAY.match(cell)
    return _iso(int(match[3]), _months().get(key_of(match[1]), 0), int(match[2])) if match else ""


def _iso(year: int, month: int, day: int) -> str:
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return ""


@cache
def _months() -> dict[str, int]:
    """Names and short names of the months in the languages of the exports, folded.

    >>> [_months()[word] for word in ("enero", "sept", "gener", "fevrier")]
    [1, 9, 1, 2]
    """
    from babel.dates import get_month_names

    words: dict[str, int] = {}
    for locale in LOCALES:
        for width in ("abbreviated", "wide"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale).items():
                    words.setdefault(key_of(name.split()[-1].removeprefix("d’").removeprefix("d'")), number)
    return words
