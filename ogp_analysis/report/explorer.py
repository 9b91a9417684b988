"""What the weight explorer of the page starts from: the settled scores and the method of the run, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ogp_analysis.assessment.scoring import as_ratio
from ogp_analysis.report.run_files import LEDGER, Pack

SCORES, SETTLED = "indicator_scores", "settled"
SHOWN = ("criteria", "category_table", "categories", "route", "composite", "rules", "veto")
# What a pair was settled from; of a pair that no third evaluation decides the score alone counts.
OF_PAIR = ("first", "second", "centre", "third")
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
    if "rules" in method and SETTLED in pack.tables:
        settled = pack.tables[SETTLED]
        drawn["criteria"] = [{**one, "there": _there(settled, one)} for one in method["criteria"]]
        pairs = pairs_of(settled, method)
        proposals = [{**row, "pairs": pairs.get(str(row["code"]), [])} for row in proposals]
    return {"method": {**OF_THE_PLAN, **drawn}, "proposals": proposals}


def without_rules(method: Mapping | None) -> str:
    """Give the ending of texts on an explorer that has no rule to change; empty where it has one.

    A third evaluation may decide, or several panels are joined:

    >>> one = {"pairs": ["jury"], "foreseen": False}
    >>> [without_rules({"rules": {}, "criteria": [each]}) for each in (one, one | {"foreseen": True})]
    ['.no_rules', '']
    """
    criteria = (method or {}).get("criteria", ()) if "rules" in (method or {}) else ()
    some = any(one["foreseen"] or len(one["pairs"]) > 1 for one in criteria)
    return "" if some else ".no_rules"


def _there(settled: pd.DataFrame, criterion: Mapping) -> list[bool]:
    """Say of each pair whether it rated anything at all: one that did not is not missing."""
    rated = set(settled.loc[settled["indicator"].isin(criterion["indicators"]), "pair"])
    return [pair in rated for pair in criterion["pairs"]]


def pairs_of(settled: pd.DataFrame, method: Mapping) -> dict[str, list]:
    """Give the blind pairs of each proposal, indicator by indicator in the order of the method.

    An indicator that nobody rates (it is counted) has no pairs. A pair is its four numbers where a third
    evaluation decides, else its score alone; None where nobody rated.

    >>> numbers = {"first": [4.0], "second": [1.0], "centre": [2.5], "third": [None], "score": [None]}
    >>> frame = pd.DataFrame({"proposal": ["S01"], "indicator": ["time"], "pair": ["wg"], **numbers})
    >>> one = {"indicators": ["time"], "pairs": ["wg"], "foreseen": True}
    >>> pairs_of(frame, {"criteria": [one]})
    {'S01': [[[[4, 1], [1, 1], [5, 2], None]]]}
    """
    wanted = [
        (indicator, criterion) for criterion in method["criteria"] for indicator in criterion["indicators"]
    ]
    known = settled.set_index(["proposal", "indicator", "pair"]).to_dict("index")
    rated = {cell[:2] for cell in known}
    return {
        str(code): [
            [_pair(known.get((code, indicator, pair)), criterion) for pair in criterion["pairs"]]
            if (code, indicator) in rated
            else []
            for indicator, criterion in wanted
        ]
        for code in settled["proposal"].unique()
    }


def _pair(given: Mapping | None, criterion: Mapping) -> list[list[int] | None] | None:
    columns = OF_PAIR if criterion["foreseen"] else ("score",)
    return None if given is None else [_exact(given[name]) for name in columns]


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
    if value is None or pd.isna(value):
        return None
    # The page compares scores with cut points as fractions, as the rule does: a float would flip a score on
    # a cut.
    exact = as_ratio(value)
    return [exact.numerator, exact.denominator]
