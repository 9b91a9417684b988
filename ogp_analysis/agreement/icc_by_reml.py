"""Two-way intraclass correlations of incomplete ratings: variances by REML, intervals from their precision.

Each variance comes with its covariance. From them follow mean squares of items and of raters that are
uncorrelated with the residual one, and the degrees of freedom that give each its variance (Satterthwaite
1946, doi 10.2307/3002019). On complete data they are those of the analysis of variance, so that the interval
is McGraw and Wong's there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ogp_analysis.agreement import mean_squares, reml
from ogp_analysis.agreement.mean_squares import MeanSquares
from ogp_analysis.agreement.ratings_table import Ratings
from ogp_analysis.agreement.variance_components import ITEM, RATER, RESIDUAL, variance_components

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TwoWayFit:
    """Variances of items, raters and residual, with their covariances unless they are not told apart."""

    item: float
    rater: float
    residual: float
    covariance: Array | None
    k: float  # ratings an item, as for ICC(k): k0 where the numbers differ
    nested: bool

    def value(self, form: str) -> float:
        """The coefficient of a form; NaN where nothing varies."""
        error = self._error(form)
        return self.item / (self.item + error) if self.item + error > 0 else math.nan

    def _error(self, form: str) -> float:
        rater = self.rater if form.startswith("ICC(A") else 0.0
        return (rater + self.residual) / (self.k if form.endswith("k)") else 1.0)

    def standard_error(self, form: str) -> float:
        """By the delta method, from the covariance of the variances."""
        if self.covariance is None:
            return math.nan
        total, shared = self.item + self._error(form), self.k if form.endswith("k)") else 1.0
        counted = 1.0 if form.startswith("ICC(A") else 0.0
        slope = np.array([self._error(form), -counted * self.item / shared, -self.item / shared]) / total**2
        return math.sqrt(max(float((slope[:, None] * self.covariance * slope).sum()), 0.0))

    def mean_squares(self) -> MeanSquares | None:
        """Mean squares as a balanced layout of these variances would have them; None where there are none."""
        if self.covariance is None:
            return None
        of_residual = self.covariance[2]
        with np.errstate(divide="ignore"):
            k, n = -of_residual[2] / of_residual[0], -of_residual[2] / of_residual[1]
        if not (0 < k < math.inf and 0 < n < math.inf):
            return None
        made = [
            (self.residual + times * self.variances[place], self._degrees(place, times))
            for place, times in ((0, k), (1, n), (2, 0.0))
        ]
        (between, df_between), (raters, df_raters), (within, df_within) = made
        arrays = (np.array(x) for x in (between, within, raters, n, k, df_between, df_within, df_raters))
        return MeanSquares(*arrays)

    @property
    def variances(self) -> tuple[float, float, float]:
        """Of items, raters and residual."""
        return self.item, self.rater, self.residual

    def _degrees(self, place: int, times: float) -> float:
        mix = np.array([0.0, 0.0, 1.0])
        mix[place] += times
        spread = float((mix[:, None] * self.covariance * mix).sum())
        return 2 * float(mix @ self.variances) ** 2 / spread

    def interval(self, form: str, level: float) -> tuple[float, float]:
        """Limits from F distributions; those of a mean of k ratings are the image of those of one rating."""
        ms = self.mean_squares()
        if ms is None:
            return math.nan, math.nan
        single = form.replace("k)", "1)")
        low, high = mean_squares.f_interval(ms, single, self.value(single), confidence_level=level)
        if form.endswith("k)"):
            low, high = (mean_squares.of_mean(limit, self.k) for limit in (low, high))
        value = self.value(form)
        return min(low, value), min(max(high, value), 1.0)

    def test(self, form: str, null: float) -> tuple[float, float, float]:
        """F and its degrees of freedom under ICC = null."""
        ms = self.mean_squares()
        if ms is None:
            return math.nan, math.nan, math.nan
        if form.endswith("k)"):
            null = null / (self.k - (self.k - 1) * null)
        return mean_squares.f_test(ms, form.replace("k)", "1)"), null)


def fit(ratings: Ratings) -> TwoWayFit:
    """Fit items, raters and residual; raters who rated one item each are left in the residual.

    Ratings 1, 3 and 2, 6 of two items by two raters: variances 1.5, 4 and 1.

    >>> found = fit(Ratings(np.array([[1.0, 3.0], [2.0, 6.0]])))
    >>> [round(found.value(form), 4) for form in ("ICC(A,1)", "ICC(C,1)", "ICC(A,k)")]
    [0.2308, 0.6, 0.375]
    """
    fitted = variance_components(ratings)
    nested = RATER not in fitted.components
    item, rater, residual = (fitted.variance(name) for name in (ITEM, RATER, RESIDUAL))
    counts = ratings.per_item[ratings.per_item > 0]
    total = counts.sum()
    k = float((total - (counts**2).sum() / total) / max(len(counts) - 1, 1))
    covariance = None
    if residual > 0 and not nested:
        names = [*fitted.model.factors, RESIDUAL]
        _, information = reml.score_and_information(
            fitted.model, np.array([fitted.variance(name) for name in names])
        )
        order = [names.index(name) for name in (ITEM, RATER, RESIDUAL)]
        covariance = _inverse(information[np.ix_(order, order)])
    return TwoWayFit(item, rater, residual, covariance, k, nested)


def _inverse(information: Array) -> Array | None:
    """Covariance of the variances; None where the ratings do not tell them apart."""
    # In the unit of each variance, so that the condition does not depend on the scale of the ratings.
    scale = np.sqrt(np.diag(information))
    scaled = information / scale / scale[:, None]
    if not np.isfinite(scaled).all() or np.linalg.cond(scaled) > 1e10:
        return None
    return np.linalg.inv(scaled) / scale / scale[:, None]
