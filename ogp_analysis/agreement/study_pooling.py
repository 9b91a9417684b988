"""Comparisons of blind ratings pooled over the indicators of a criterion, proposals as clusters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ogp_analysis.agreement.blind import BY_INDICATOR, Comparison
from ogp_analysis.agreement.data import Ratings

POOLED = "all"


def with_pooled(compared: list[Comparison]) -> list[tuple[Comparison, np.ndarray | None]]:
    """List each comparison, and those of one criterion and pair pooled over indicators.

    Parameters
    ----------
    compared : list of Comparison
        From `blind.comparisons`.

    Returns
    -------
    list of (Comparison, numpy.ndarray or None)
        With each comparison the cluster of its items: None, or in a pool the proposals.

    Examples
    --------
    >>> table = Ratings(np.array([[1.0, 2.0]]), ["S01"], ["a", "b"])
    >>> two = [Comparison(BY_INDICATOR, "relevance", name, "core_group", False, table) for name in ("x", "y")]
    >>> [(one.indicator, one.table.n_items) for one, _ in with_pooled(two)]
    [('x', 1), ('y', 1), ('all', 2)]
    """
    found: list[tuple[Comparison, np.ndarray | None]] = [(one, None) for one in compared]
    groups: dict[tuple[str, str], list[Comparison]] = {}
    for one in compared:
        if one.grain == BY_INDICATOR:
            groups.setdefault((one.criterion, one.pair), []).append(one)
    for members in groups.values():
        # A criterion with a single judged indicator is its own pool; a second row would show it twice.
        if len(members) > 1:
            found.append(_pooled(members))
    order = {(c.criterion, c.pair, c.grain): k for k, c in enumerate(compared)}
    return sorted(found, key=lambda pair: order[(pair[0].criterion, pair[0].pair, pair[0].grain)])


def _pooled(members: list[Comparison]) -> tuple[Comparison, np.ndarray]:
    first = members[0]
    # Indicators of a criterion may have different scales: a category counts as declared if one of them has
    # it.
    scale = sorted({value for one in members for value in one.table.categories or ()})
    raters = sorted({str(rater) for one in members for rater in one.table.raters})
    stacked = pd.concat(
        [pd.DataFrame(one.table.values, columns=list(map(str, one.table.raters))) for one in members]
    ).reindex(columns=raters)
    items = [proposal for one in members for proposal in one.table.items]
    table = Ratings(stacked.to_numpy(dtype=float), items, raters, tuple(scale))
    people = tuple(frozenset().union(*seat) for seat in zip(*(one.people for one in members), strict=True))
    pooled = replace(first, indicator=POOLED, table=table, people=people)
    return pooled, np.array(items, dtype=object)
