"""Which columns hold shares of a whole: page, PDF and workbook show these in per cent, files keep 0 to 1."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ogp_analysis.language import texts

SHARES = re.compile(
    r"share(_\d+)?(_error)?|keeps(_\w+)?|within|third_(rate|lower|upper)|agreement|another_round(_error)?"
    r"|percent|specific|(ten|mean|proposal_mean)_?(alone|held|all)?(_error)?|top_15(_error)?"
    r"|in_category_1(_error)?|exchanged_share|side_sure|settled_\d+"
)
# Bounds of a share, named as all bounds are.
SHARES_BY_TABLE = dict.fromkeys(("note_20", "by_category"), ("lower", "upper"))
# Shares of a variance that are estimated by simulation: its error takes some below nothing or above all.
ESTIMATED = ("sensitivity_shapley",)
HUNDRED = 100
# A space at which no line breaks.
UNBROKEN = "\u00a0"
# Shares nearer to nothing or all than this are written as bounds.
LEAST = 0.001


def percent(share: float | None, language: str) -> str:
    r"""Write a share in per cent; what is neither nothing nor all never looks like it.

    >>> percent(0.9999, "es"), percent(1.0, "es"), percent(0.5, "es"), percent(0.5, "en")
    ('>\xa099,9\xa0%', '100\xa0%', '50,0\xa0%', '50.0%')
    """
    # NaN is the one number that is not itself.
    if share is None or share != share:
        return "–"
    sign = "<" if 0 < share < LEAST else ">" if 1 - LEAST < share < 1 else ""
    shown = LEAST if sign == "<" else 1 - LEAST if sign else share
    number = texts.number(HUNDRED * shown, language, 0 if share in (0, 1) else 1)
    return f"{sign}{UNBROKEN if sign else ''}{number}{UNBROKEN if language == 'es' else ''}%"


def are_shares(column: str, values: Iterable[float], table: str = "") -> bool:
    """Say whether a column of a table holds shares: by its name, and because no value lies outside 0 to 1.

    >>> are_shares("share_1", [0.5, 1.0]), are_shares("lower", [0.5]), are_shares("lower", [0.5], "note_20")
    (True, False, True)
    >>> are_shares("agreement", [0.5, 17.0]), are_shares("upper", [0.7], "by_category")
    (False, True)
    >>> are_shares("ten", [1.004, -0.004], "sensitivity_shapley"), are_shares("ten", [1.004, -0.004])
    (True, False)
    """
    named = SHARES.fullmatch(column) is not None or column in SHARES_BY_TABLE.get(table, ())
    return named and (table in ESTIMATED or all(0 <= value <= 1 for value in values))
