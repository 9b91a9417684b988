"""From counts to points: indicators that are counted, as reiterations are, and not judged by an evaluator."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ogp_analysis.errors import keyed_error
from ogp_analysis.model.records import PROPOSAL, Indicator

# Fifths are our choice: the plan does not say how a count becomes a score.
BINS = 5


def points_of(codes: pd.Index, proposals: pd.DataFrame | None, indicator: Indicator) -> np.ndarray:
    """Give the points of each proposal on an indicator that is counted; NaN throughout where it is rated.

    Without a table of proposals nothing is counted: note 20 alone needs no counts.

    >>> counted = Indicator("reiterations", "relevance", 1, 5, coding="share")
    >>> proposals = pd.DataFrame({"proposal": ["S01", "S02"], "reiterations": [5, 10]})
    >>> points_of(pd.Index(["S02", "S01"]), proposals, counted).tolist()
    [5.0, 3.0]
    """
    if not indicator.counted or proposals is None:
        return np.full(len(codes), np.nan)
    if "reiterations" not in proposals:
        raise keyed_error(key="statistics.no_counts", indicator=indicator.name, coding=indicator.coding)
    counts = proposals.set_index(PROPOSAL)["reiterations"].reindex(codes).astype(float)
    if counts.isna().any():
        missing = ", ".join(counts.index[counts.isna()])
        about = {"indicator": indicator.name, "coding": indicator.coding, "missing": missing}
        raise keyed_error(key="statistics.no_count_of", **about)
    share = share_of_scale(counts, indicator.coding)
    if indicator.direction == "lower is better":
        share = 1 - share
    return (indicator.minimum + (indicator.maximum - indicator.minimum) * share).to_numpy()


def share_of_scale(counts: pd.Series, coding: str) -> pd.Series:
    """Place counts on a scale from 0 to 1: by fifths of ranks, by mid-rank, or as share of the largest.

    >>> counts = pd.Series([1.0, 2.0, 4.0, 12.0])
    >>> [share_of_scale(counts, coding).round(2).tolist() for coding in ("share", "rank", "binned")]
    [[0.08, 0.17, 0.33, 1.0], [0.0, 0.33, 0.67, 1.0], [0.0, 0.25, 0.75, 1.0]]
    """
    if coding == "share":
        return counts / counts.max() if counts.max() > 0 else counts * 0.0
    # Mid-ranks, so that equal counts get equal places; a single proposal has no others to be ranked among.
    rank = (counts.rank(method="average") - 1) / max(len(counts) - 1, 1)
    return rank if coding == "rank" else np.minimum(np.floor(rank * BINS), BINS - 1) / (BINS - 1)
