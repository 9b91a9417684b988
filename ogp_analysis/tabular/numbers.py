"""Numbers as people type them: decimal point or comma, thousands or none, never guessed in silence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from ogp_analysis.tabular.table import DateText, NumberText

POINT, COMMA, MIXED, UNKNOWN = ".", ",", "mixed", ""
EXPONENT = r"(?:[eE][+-]?[0-9]+)?"
WHOLE = re.compile(rf"[+-]?[0-9]+{EXPONENT}")
# A digit must come before the exponent: e4 is a code typed into the wrong column, and no number.
WITH_POINT = re.compile(rf"[+-]?(?=[0-9.])(?:[0-9]+|[0-9]{{1,3}}(?:,[0-9]{{3}})+)?(?:\.[0-9]+)?{EXPONENT}")
WITH_COMMA = re.compile(rf"[+-]?(?=[0-9,])(?:[0-9]+|[0-9]{{1,3}}(?:\.[0-9]{{3}})+)?(?:,[0-9]+)?{EXPONENT}")
# 1.234 may be a thousand or one and a bit; only other cells of the column can tell.
EITHER = re.compile(r"[+-]?[0-9]{1,3}[.,][0-9]{3}")
# What float() and people call such numbers.
NOT_FINITE = {"inf", "infinity", "nan", "infinito", "∞"}
# Characters; our choice: no number that somebody types is longer.
LONGEST = 60
# So many decimal digits any float holds, and so many tell any two floats apart (IEEE 754, binary64).
HELD, TOLD_APART = 15, 17
SMALLEST = 2.2250738585072014e-308


def decimal_of(cells: Iterable[str]) -> str:
    """Tell which decimal sign a column uses.

    Parameters
    ----------
    cells : iterable of str
        Cells as typed.

    Returns
    -------
    str
        ``"."`` or ``","``: the sign of more cells, so that only those with the other one are in doubt;
        ``"mixed"`` where both occur equally often, ``""`` where no cell tells.

    Examples
    --------
    >>> decimal_of(["4,5", "3"]), decimal_of(["1.234,5"]), decimal_of(["1.234"])
    (',', ',', '')
    >>> decimal_of(["4,5", "3,5", "2.5"]), decimal_of(["4,5", "2.5"])
    (',', 'mixed')
    """
    signs = signs_in(cells).most_common()
    if len(signs) == 2 and signs[0][1] == signs[1][1]:
        return MIXED
    return signs[0][0] if signs else UNKNOWN


def signs_in(cells: Iterable[str]) -> Counter[str]:
    """Count the cells that tell a decimal sign, by the sign.

    >>> sorted(signs_in(["4,5", "2.5", "3", "1,5"]).items())
    [(',', 2), ('.', 1)]
    """
    # A NumberText tells nothing of how people type: workbooks store a point.
    typed = Counter(cell for cell in cells if ("," in cell or "." in cell) and type(cell) is str)
    signs: Counter[str] = Counter()
    for cell, count in typed.items():
        if sign := _sign(cell):
            signs[sign] += count
    return signs


def _sign(cell: str) -> str:
    if len(cell) > LONGEST or EITHER.fullmatch(cell):
        return UNKNOWN
    point, comma = bool(WITH_POINT.fullmatch(cell)), bool(WITH_COMMA.fullmatch(cell))
    if point == comma:
        return UNKNOWN
    return POINT if point else COMMA


def number(cell: str, decimal: str = POINT) -> tuple[float | None, str]:
    """Read a number as typed.

    Parameters
    ----------
    cell : str
        The cell.
    decimal : str
        What ``decimal_of`` found for its column.

    Returns
    -------
    value : float or None
        The number; None where there is none.
    fault : str
        Empty, or why it is none: ``"empty"``, ``"not_a_number"``, ``"not_finite"``, ``"ambiguous"``,
        ``"date"``, ``"too_precise"`` (no float is this number: it would be another one in silence).

    Examples
    --------
    >>> number("4,5", ","), number("1.234,5", ","), number("1.234", ""), number("1e400", ".")
    ((4.5, ''), (1234.5, ''), (None, 'ambiguous'), (None, 'not_finite'))
    >>> number("2.9999999999999999999"), number("e4")
    ((None, 'too_precise'), (None, 'not_a_number'))
    """
    if not cell:
        return None, "empty"
    if isinstance(cell, DateText):
        return None, "date"
    # A workbook writes INF where others write inf.
    if cell.casefold().lstrip("+-") in NOT_FINITE:
        return None, "not_finite"
    if len(cell) > LONGEST or not any(c in "0123456789" for c in cell):
        return None, "not_a_number"
    if isinstance(cell, NumberText):
        return _held(str(cell))
    return _typed(cell, decimal)


def _typed(cell: str, decimal: str) -> tuple[float | None, str]:
    if WHOLE.fullmatch(cell):
        return _held(cell)
    point, comma = WITH_POINT.fullmatch(cell), WITH_COMMA.fullmatch(cell)
    if not point and not comma:
        return None, "not_a_number"
    if EITHER.fullmatch(cell) and decimal not in (POINT, COMMA):
        return None, "ambiguous"
    if decimal == MIXED or (decimal == POINT and not point) or (decimal == COMMA and not comma):
        return None, "ambiguous"
    by_comma = decimal == COMMA if decimal else bool(comma)
    return _held(cell.replace(".", "").replace(",", ".") if by_comma else cell.replace(",", ""))


def _held(text: str) -> tuple[float | None, str]:
    value = finite(text)
    if value is None:
        return None, "not_finite"
    return (value, "") if exactly(text, value) else (None, "too_precise")


def finite(text: str) -> float | None:
    """Give the float nearest to a number; None where it would be infinite.

    >>> finite("4.5"), finite("1e400")
    (4.5, None)
    """
    value = float(text)
    return value if abs(value) < float("inf") else None


def exactly(text: str, value: float) -> bool:
    """Say whether a float stands for the number that is written, and not for one beside it.

    It does where what is written is the float, rounded to its last digit. Programs that store floats write up
    to 17 digits: 4.0999999999999996 is how some of them write 4.1.

    >>> [exactly(text, float(text)) for text in ("4.1", "4.0999999999999996", "2.9999999999999999", "1e-400")]
    [True, True, False, False]
    """
    if len(text) <= HELD and "e" not in text and "E" not in text:
        return True
    if len(text) > LONGEST:
        return False
    try:
        given = Decimal(text)
    except InvalidOperation:  # an exponent of more digits than Decimal reads
        return False
    if not given:
        return True
    typed = "".join(map(str, given.as_tuple().digits))
    last = given.adjusted() + 1 - len(typed.rstrip("0"))
    if len(typed.strip("0")) > TOLD_APART or abs(value) < SMALLEST:
        return False
    return 2 * abs(Fraction(given) - Fraction(value)) <= Fraction(10) ** last
