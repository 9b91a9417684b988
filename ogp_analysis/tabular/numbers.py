"""Numbers as people type them: decimal point or comma, thousands or none, never guessed in silence."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ogp_analysis.tabular.table import DateText, NumberText

POINT, COMMA, MIXED, UNKNOWN = ".", ",", "mixed", ""
EXPONENT = r"(?:[eE][+-]?[0-9]+)?"
WHOLE = re.compile(rf"[+-]?[0-9]+{EXPONENT}")
WITH_POINT = re.compile(rf"[+-]?(?:[0-9]+|[0-9]{{1,3}}(?:,[0-9]{{3}})+)?(?:\.[0-9]+)?{EXPONENT}")
WITH_COMMA = re.compile(rf"[+-]?(?:[0-9]+|[0-9]{{1,3}}(?:\.[0-9]{{3}})+)?(?:,[0-9]+)?{EXPONENT}")
# 1.234 may be a thousand or one and a bit; only other cells of the column can tell.
EITHER = re.compile(r"[+-]?[0-9]{1,3}[.,][0-9]{3}")
# What float() and people call such numbers.
NOT_FINITE = {"inf", "infinity", "nan", "infinito", "∞"}
# Characters; ours: no number that somebody types is longer.
LONGEST = 60


def decimal_of(cells: Iterable[str]) -> str:
    """Tell which decimal sign a column uses.

    Parameters
    ----------
    cells : iterable of str
        Cells as typed.

    Returns
    -------
    str
        ``"."``, ``","``, ``"mixed"`` where both occur, ``""`` where no cell tells.

    Examples
    --------
    >>> decimal_of(["4,5", "3"]), decimal_of(["1.234,5"]), decimal_of(["1.234"])
    (',', ',', '')
    """
    # A NumberText tells nothing of how people type: workbooks store a point.
    typed = {cell for cell in cells if ("," in cell or "." in cell) and type(cell) is str}
    signs = {sign for cell in typed if (sign := _sign(cell))}
    return MIXED if len(signs) > 1 else next(iter(signs), UNKNOWN)


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
        ``"date"``.

    Examples
    --------
    >>> number("4,5", ","), number("1.234,5", ","), number("1.234", ""), number("1e400", ".")
    ((4.5, ''), (1234.5, ''), (None, 'ambiguous'), (None, 'not_finite'))
    """
    if not cell:
        return None, "empty"
    if isinstance(cell, DateText):
        return None, "date"
    if isinstance(cell, NumberText):
        return _finite(str(cell))
    if cell.casefold().lstrip("+-") in NOT_FINITE:
        return None, "not_finite"
    if len(cell) > LONGEST or not any(c in "0123456789" for c in cell):
        return None, "not_a_number"
    return _typed(cell, decimal)


def _typed(cell: str, decimal: str) -> tuple[float | None, str]:
    if WHOLE.fullmatch(cell):
        return _finite(cell)
    point, comma = WITH_POINT.fullmatch(cell), WITH_COMMA.fullmatch(cell)
    if not point and not comma:
        return None, "not_a_number"
    if EITHER.fullmatch(cell) and decimal not in (POINT, COMMA):
        return None, "ambiguous"
    if decimal == MIXED or (decimal == POINT and not point) or (decimal == COMMA and not comma):
        return None, "ambiguous"
    by_comma = decimal == COMMA if decimal else bool(comma)
    return _finite(cell.replace(".", "").replace(",", ".") if by_comma else cell.replace(",", ""))


def _finite(text: str) -> tuple[float | None, str]:
    value = float(text)
    return (value, "") if abs(value) < float("inf") else (None, "not_finite")
