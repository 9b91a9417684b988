"""What share of blind pairs needed a third evaluation, or would where none is foreseen, with its doubt."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.assessment.adjudication import STATUSES, UNRESOLVED
from ogp_analysis.assessment.criterion_rule import criterion_rule
from ogp_analysis.model.matching import differ
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.records import CRITERION, INDICATOR, Criterion
from ogp_analysis.model.share_interval import wilson_interval

SHARE_COLUMNS = [
    CRITERION,
    INDICATOR,
    "pair",
    "foreseen",
    "needed",
    "lacking",
    "pairs",
    "share",
    "lower",
    "upper",
]


def third_shares(settled: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """Count by indicator and pair which ratings lie too far apart, with Wilson's interval of their share.

    Parameters
    ----------
    settled : DataFrame
        From ``adjudication.settled_frame``.
    parameters : params.Parameters
        Those it was made with.

    Returns
    -------
    DataFrame
        In the order of the method, panel by panel: ``criterion, indicator, pair``; ``foreseen``, whether a
        third evaluation is; ``needed``, pairs that differ by more than the tolerance, of ``pairs`` with both
        ratings; ``lacking``, those of them without the third; ``share, lower, upper``. Juries, which have no
        pairs, are left out.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> rows = {"criterion": "relevance", "indicator": "alignment", "pair": "core_group"}
    >>> settled = pd.DataFrame({"first": [4.0, 4.0], "second": [3.0, 1.0], "status": ["matched", "third"]})
    >>> found = third_shares(settled.assign(**rows), params.from_values(params.baseline()))
    >>> found[["foreseen", "needed", "pairs", "share"]].values.tolist()
    [[True, 1, 2, 0.5]]
    """
    parts = [
        _of_criterion(settled[settled[CRITERION] == criterion.name], criterion, parameters)
        for criterion in parameters.method.criteria
        if not criterion.juried
    ]
    return pd.DataFrame([row for part in parts for row in part], columns=SHARE_COLUMNS)


def _of_criterion(settled: pd.DataFrame, criterion: Criterion, parameters: Parameters) -> list[tuple]:
    part = settled.dropna(subset=["first", "second"])
    if part.empty:
        return []
    foreseen = criterion_rule(criterion, parameters).foreseen
    apart = differ(part["first"].to_numpy(float), part["second"].to_numpy(float), parameters.tolerance)
    without_third = part["status"] == STATUSES[UNRESOLVED]
    keyed = part.assign(apart=apart, without_third=without_third).groupby(["pair", INDICATOR])
    counted = keyed.agg(
        needed=("apart", "sum"), without_third=("without_third", "sum"), pairs=("apart", "size")
    )
    panels = {name: at for at, name in enumerate(criterion.panels)}
    names = {one.name: at for at, one in enumerate(criterion.indicators)}
    # A pair of two panels bears the names of both, and is the only one.
    order = sorted(counted.index, key=lambda at: (panels.get(at[0], 0), names[at[1]]))
    return [
        (criterion.name, indicator, pair, foreseen, *_shares(counted.loc[(pair, indicator)], parameters))
        for pair, indicator in order
    ]


def _shares(counted: pd.Series, parameters: Parameters) -> tuple[int, int, int, float, float, float]:
    needed, unresolved, pairs = (int(counted[name]) for name in ("needed", "without_third", "pairs"))
    share = needed / pairs
    return needed, unresolved, pairs, share, *wilson_interval(share, pairs, parameters.confidence_level)
