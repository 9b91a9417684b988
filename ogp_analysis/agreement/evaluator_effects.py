"""Evaluator effects: who rates high or low, and who spreads, shrunken and private by default."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, special

from ogp_analysis.agreement import arguments
from ogp_analysis.agreement.intervals import ZERO
from ogp_analysis.agreement.kappas import AnyRatings, prepared
from ogp_analysis.agreement.ratings_table import Ratings
from ogp_analysis.agreement.variance_components import RATER, RESIDUAL, variance_components
from ogp_analysis.errors import keyed_error

Array = npt.NDArray[np.float64]


def rater_effects(
    ratings: AnyRatings,
    *,
    panel: Sequence[Hashable] | None = None,
    reveal: bool = False,
) -> pd.DataFrame:
    """Severity and spread of each rater, both shrunken towards the average rater.

    Severity is the predicted rater effect of `variance_components` (best linear unbiased prediction). Spread
    is the standard deviation of a rater's residuals over that of all, its variance shrunken by empirical
    Bayes (Smyth 2004, doi 10.2202/1544-6115.1027).

    Parameters
    ----------
    ratings, panel
        As in `variance_components`.
    reveal : bool
        Whether to name raters; by default rows are only numbered, from the most severe.

    Returns
    -------
    pandas.DataFrame
        Columns ``rater``, ``n_ratings``, ``severity`` (points; below 0 rates lower than the average
        rater) and ``spread`` (1 is average), lowest ratings first.

    Raises
    ------
    StatisticsError
        As in `variance_components`, each rater rated one item, or ``reveal`` is not True or False.

    Examples
    --------
    >>> table = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> rater_effects(table)["severity"].round(2).tolist()
    [-2.7, -0.93, 1.33, 2.3]
    """
    arguments.flag(reveal, "reveal")
    table = prepared(ratings)
    components = variance_components(table, panel=panel)
    if RATER not in components.model.factors:
        raise keyed_error(key="agreement.one_item_each", n_raters=components.n_raters)
    index = components.model.factors[RATER]
    counts = np.bincount(index)
    present = np.flatnonzero(~table.missing.all(axis=0))
    names = [table.raters[column] if len(table.raters) else int(column) for column in present.tolist()]
    frame = pd.DataFrame(
        {
            "rater": names,
            "n_ratings": counts,
            "severity": _without_rounding(components.model.effects(RATER), table),
            "spread": _spread(
                components.model.residuals(), index, counts=counts, variance=components.variance(RESIDUAL)
            ),
        }
    ).sort_values("severity", ignore_index=True, kind="stable")
    if math.isnan(components.variance(RESIDUAL)):  # of a single item nobody is known to be severe
        frame = frame.assign(severity=math.nan, spread=math.nan)
    # Numbered after sorting: a number in the order of the columns would give the rater away.
    return frame if reveal else frame.assign(rater=np.arange(1, len(frame) + 1))


def _without_rounding(severity: Array, table: Ratings) -> Array:
    # Who rates as all others do is exactly average, not a few 1e-17 of a point above or below.
    return np.where(np.abs(severity) <= ZERO * np.nanmax(np.abs(table.values)), 0.0, severity)


def _spread(
    residuals: Array, index: npt.NDArray[np.integer], *, counts: npt.NDArray[np.integer], variance: float
) -> Array:
    if variance <= 0:
        return np.full(len(counts), np.nan)
    df = counts.astype(np.float64)
    own = np.bincount(index, weights=residuals**2) / df
    pooled = (df @ own) / df.sum()
    # A rater without any residual has no logarithm of its variance.
    prior = _prior_df(np.maximum(own, 1e-12 * pooled), df)
    # Raters differ no more in spread than chance lets them: all are average.
    if np.isinf(prior):
        return np.ones(len(counts))
    return np.sqrt((prior * pooled + df * own) / (prior + df) / pooled)


def _prior_df(own: Array, df: Array) -> float:
    # Method of moments of Smyth (2004), equation 14: trigamma(d0 / 2) is the excess spread of log variances.
    if len(own) < 3:
        return np.inf
    logs = np.log(own) - special.digamma(df / 2) + np.log(df / 2)
    excess = float(logs.var(ddof=1) - special.polygamma(1, df / 2).mean())
    if excess <= 1e-6:
        return np.inf
    return 2 * float(optimize.brentq(lambda x: special.polygamma(1, x) - excess, 1e-3, 1e7))
