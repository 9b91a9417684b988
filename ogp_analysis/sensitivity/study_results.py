"""What texts quote from the sensitivity, and the table that compares several runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from ogp_analysis.model import CATEGORIES, CATEGORY_IN_PLAN
from ogp_analysis.sensitivity.constrained import joint_probability
from ogp_analysis.sensitivity.portfolio import GROUPS
from ogp_analysis.sensitivity.sampling import Counts, simulate
from ogp_analysis.sensitivity.shapley import Shares
from ogp_analysis.sensitivity.study import VERDICTS, Study
from ogp_analysis.sensitivity.study_tables import share_frame


def results(study: Study, counts: Counts, verdicts: pd.DataFrame, found: Shares) -> dict[str, object]:
    """Collect what texts quote and what `scenario_table` compares."""
    influence = share_frame(study, found)
    ten = influence["ten"].fillna(0)
    base = verdicts["category_by_rule"]
    stays, stays_error = ten_under_weights(study)
    return {
        "category_by_rule": {code: int(category) for code, category in base.items()},
        "in_category_1": int((base == CATEGORY_IN_PLAN).sum()),
        **{name: int((verdicts["verdict"] == name).sum()) for name in VERDICTS},
        "ten_stay": float(counts.share("ten")[0]),
        "ten_stay_error": float(counts.standard_error("ten")[0]),
        "ten_stay_weights": stays,
        "ten_stay_weights_error": stays_error,
        "largest_assumption": str(influence["assumption"][ten.idxmax()]) if ten.any() else "",
        "largest_assumption_share": float(ten.max()),
        "draws": counts.draws,
        "left_out": list(study.left_out),
    }


def ten_under_weights(study: Study) -> tuple[float, float]:
    """Give the share of weightings alone under which every proposal in category 1 stays in it.

    Returns
    -------
    tuple of float
        Share and its standard error, which is 0 where the share is exact: uniform weights and a table in
        which only one pair of levels, high and high, is category 1.
    """
    portfolio = study.portfolio
    ten = portfolio.baseline() == CATEGORY_IN_PLAN
    uniform = all(belief is None or belief.route == "uniform" for belief in portfolio.beliefs)
    if uniform and np.argwhere(portfolio.table == CATEGORY_IN_PLAN).tolist() == [[2, 2]]:
        parts = [
            joint_probability(x[ten], cut[1]) for x, cut in zip(study.scores, portfolio.cuts, strict=True)
        ]
        return float(np.prod(parts)), 0.0
    only = replace(portfolio, vary=GROUPS[:2])
    counts = simulate(only, draws=study.parameters.n_draws, seed=study.parameters.seed)
    return float(counts.share("ten")[0]), float(counts.standard_error("ten")[0])


def scenario_table(runs: Mapping[str, Mapping[str, object]]) -> pd.DataFrame:
    """Compare several runs' results of this notebook; the first one is the reference.

    Parameters
    ----------
    runs : mapping of str to mapping
        Scenario name to what `results` returned (``results/04_sensitivity.json``).

    Returns
    -------
    DataFrame
        One row a scenario: ``scenario``, ``category_1`` to ``category_4`` (counts by rule), ``changed``
        (number of proposals in another category than in the first scenario), ``entered`` and ``left`` (codes
        that enter or leave category 1), ``robust``, ``review``, ``fragile``, ``ten_stay`` and
        ``ten_stay_error``.

    Examples
    --------
    >>> one = {"category_by_rule": {"S01": 1, "S02": 2}, "robust": 2, "review": 0, "fragile": 0,
    ...        "ten_stay": 0.5, "ten_stay_error": 0.01}
    >>> two = one | {"category_by_rule": {"S01": 2, "S02": 1}}
    >>> table = scenario_table({"baseline": one, "strict": two})
    >>> table[["scenario", "changed", "entered", "left"]].values.tolist()
    [['baseline', 0, '', ''], ['strict', 2, 'S02', 'S01']]
    """
    reference: Mapping[str, int] | None = None
    records = []
    for scenario, found in runs.items():
        category = found["category_by_rule"]
        reference = category if reference is None else reference
        codes = sorted(set(category) & set(reference))
        inside, before = (
            {c for c in codes if table[c] == CATEGORY_IN_PLAN} for table in (category, reference)
        )
        counts = {f"category_{k}": sum(value == k for value in category.values()) for k in CATEGORIES}
        records.append(
            {
                "scenario": scenario,
                **counts,
                "changed": sum(category[code] != reference[code] for code in codes),
                "entered": " ".join(sorted(inside - before)),
                "left": " ".join(sorted(before - inside)),
                **{
                    name: found[name]
                    for name in ("robust", "review", "fragile", "ten_stay", "ten_stay_error")
                },
            }
        )
    return pd.DataFrame(records)
