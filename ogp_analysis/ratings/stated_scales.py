"""The ends of a scale that a header states: "Calidad (30)", "Rigor (0-10)", "Use (1 = low, 5 = high)"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

NUMBER = r"(\d{1,4}(?:[.,]\d+)?)"
SIGN = r"(?:-|–|—|\.\.+|…|a|to|até|hasta|bis)"
RANGE = re.compile(
    rf"[(\[:]\s*(?:de |from |escala |scale )?{NUMBER}\s*{SIGN}\s*{NUMBER}\s*[a-z.]*\s*[)\]]?\s*$", re.I
)
NAMED = re.compile(rf"[(\[]\s*{NUMBER}\s*[=:][^)\]]*[,;]\s*{NUMBER}\s*[=:][^)\]]*[)\]]\s*$")
OF = r"(?:/|sobre|out of|m[aá]x(?:imum|imo)?\.?:?|hasta|up to|de|of|at[eé])"
POINTS = r"(?:puntos?|pts?\.?|points?|pontos?)"
TOP = re.compile(rf"(?:[(\[]\s*{OF}?\s*{NUMBER}\s*{POINTS}?\s*[)\]]|/\s*{NUMBER})\s*$", re.I)
# Lower numbers in brackets count the criteria; scales of so many points begin at 0, shorter ones may at 1.
# Both are our choice.
LEAST_TOP, FROM_NOUGHT = 5, 10


def stated_ends(header: str, values: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
    """Give the ends that a header states, where all ratings lie between them; None where it states none.

    >>> given = [Decimal(16), Decimal("29.5")]
    >>> headers = ("Calidad (30)", "Rigor (0-40)", "Pitch /30", "Peso (30%)", "Calidad (20)")
    >>> [tuple(map(str, ends)) if (ends := stated_ends(header, given)) else () for header in headers]
    [('0', '30'), ('0', '40'), ('0', '30'), (), ()]
    >>> stated_ends("Use (1 = low, 5 = high)", [Decimal(2)]), stated_ends("Use (2)", [Decimal(2)])
    ((Decimal('1'), Decimal('5')), None)
    """
    whole = RANGE.search(header) or NAMED.search(header)
    if whole:
        ends = _number(whole[1]), _number(whole[2])
    elif top := TOP.search(header):
        high = _number(top[1] or top[2])
        # A scale that nobody used to its half may be something else: a weight, the number of a question.
        if high < LEAST_TOP or 2 * max(values) < high:
            return None
        ends = (Decimal(0) if high >= FROM_NOUGHT else min(Decimal(1), *values)), high
    else:
        return None
    return ends if ends[0] <= min(values) and max(values) <= ends[1] and ends[0] < ends[1] else None


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))
