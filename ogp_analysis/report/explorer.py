"""What the weight explorer of the page starts from: the settled scores and the method of the run, as data."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pandas as pd

from ogp_analysis.assessment.scoring import LARGEST_DENOMINATOR
from ogp_analysis.report.run_files import LEDGER, Pack

SCORES = "indicator_scores"
SHOWN = ("criteria", "category_table", "categories", "route", "composite")
# What runs of older versions, which knew one method, did not record.
OF_THE_PLAN = {"categories": [1, 2, 3, 4], "route": [3, 4], "composite": None}


def inputs(pack: Pack) -> dict[str, Any] | None:
    """Collect the explorer's data.

    >>> method = {"criteria": [{"name": "feasibility", "indicators": ["time"]}], "category_table": []}
    >>> ledger = pd.DataFrame({"proposal": ["S01"], "route": [""], "category_by_rule": [1]})
    >>> scores = pd.DataFrame({"proposal": ["S01"], "time": [4.5]})
    >>> run = Pack({"indicator_scores": scores, "ledger": ledger}, {}, {"06": {"method": method}}, "en", True)
    >>> inputs(run)["proposals"]
    [{'code': 'S01', 'scores': [4.5], 'exact': [[9, 2]], 'route': False, 'baseline': 1}]
    """
    method = pack.method
    if method is None or SCORES not in pack.tables or LEDGER not in pack.tables:
        return None
    names = [name for criterion in method["criteria"] for name in criterion["indicators"]]
    ledger = pack.tables[LEDGER].set_index("proposal")
    scores = pack.tables[SCORES].set_index("proposal")
    # Scores of another method than the one recorded, or added up otherwise than the page does: no explorer is
    # better than a wrong one.
    if not set(names) <= set(scores.columns) or not method.get("linear", True):
        return None
    proposals = [
        _proposal(code, scores.loc[code, names], ledger.loc[code])
        for code in scores.index
        if code in ledger.index
    ]
    drawn = {key: method[key] for key in SHOWN if key in method}
    return {"method": {**OF_THE_PLAN, **drawn}, "proposals": proposals}


def _proposal(code: str, scores: pd.Series, row: pd.Series) -> dict[str, object]:
    values = [None if pd.isna(score) else float(score) for score in scores]
    baseline = row.get("category_by_rule")
    return {
        "code": str(code),
        "scores": values,
        "exact": [_exact(value) for value in values],
        "route": bool(row.get("route")),
        "baseline": None if pd.isna(baseline) else int(baseline),
    }


def _exact(value: float | None) -> list[int] | None:
    if value is None:
        return None
    # The page compares scores with cut points as fractions, as the rule does: a float would flip a score on
    # a cut.
    exact = Fraction(value).limit_denominator(LARGEST_DENOMINATOR)
    return [exact.numerator, exact.denominator]
