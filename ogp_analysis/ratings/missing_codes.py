"""Numbers that surveys set where there is no rating: 99, 999, -1, -9; never on the scale itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

CODE = re.compile(r"-?(?:9{2,6}|8{2,6}|7{2,6})|-[1-9]")


def is_missing_code(value: float | Decimal) -> bool:
    """Say whether a number is one that programs and people set for a missing rating.

    >>> [is_missing_code(value) for value in (9999, -99.0, -1, 88, 9, 100, 99.5)]
    [True, True, True, True, False, False, False]
    """
    return value == int(value) and CODE.fullmatch(str(int(value))) is not None


def missing_codes(values: Iterable[Decimal]) -> set[Decimal]:
    """Give the codes among ratings whose scale is not known: they lie apart from all others.

    Further than these from each other, or below nought where all others are one and more; several codes
    (98 aside) may stand beside each other.

    >>> given = [*map(Decimal, (1, 2, 5, 99, 999, 99))]
    >>> sorted(map(str, missing_codes(given))), sorted(map(str, missing_codes([*map(Decimal, (60, 90, 99))])))
    (['99', '999'], [])
    >>> missing_codes([*map(Decimal, (-1, 1, 5))]), missing_codes([*map(Decimal, (-1, 0, 1))])
    ({Decimal('-1')}, set())
    """
    different = {*values}
    codes = {value for value in different if is_missing_code(value)}
    others = different - codes
    if len(others) < 2:
        return set()
    low, high = min(others), max(others)
    return {
        code
        for code in codes
        if code - high > high - low or low - code > high - low or (code < 0 and low >= 1)
    }
