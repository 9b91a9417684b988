"""Which proposals left category 1 and which entered it between the rule and the end, in words."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.language import texts
from ogp_analysis.model.records import CATEGORY_IN_PLAN, PROPOSAL

MOST_NAMED = 20  # of more the table tells


def exchange_words(assigned: pd.DataFrame, language: str) -> str:
    """Name what left category 1 and what entered it, in brackets; nothing where nothing did.

    Parameters
    ----------
    assigned : DataFrame
        Columns ``category_by_rule, category_final``; proposals as a column or as the index.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    str
        Begins with a space, so that it can follow a number.

    Examples
    --------
    >>> rows = {"category_by_rule": [1, 2, 1], "category_final": [3, 1, 1]}
    >>> exchange_words(pd.DataFrame(rows, index=["S1", "S2", "S3"]), "en")
    ' (S1 left it; S2 entered it)'
    """
    codes = assigned[PROPOSAL] if PROPOSAL in assigned else assigned.index.to_series()
    before, after = (
        (assigned[name] == CATEGORY_IN_PLAN).fillna(False).to_numpy(dtype=bool)
        for name in ("category_by_rule", "category_final")
    )
    moved = {"left": codes[before & ~after], "entered": codes[after & ~before]}
    words = [
        texts.counted(f"exchange.{name}", len(each), language, codes=_named(each))
        for name, each in moved.items()
        if len(each)
    ]
    return f" ({'; '.join(words)})" if words else ""


def _named(codes: pd.Series) -> str:
    return ", ".join(codes) if len(codes) <= MOST_NAMED else str(len(codes))
