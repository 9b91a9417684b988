"""Kendall's coefficient of concordance with its tie correction."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt
from scipy import special

from ogp_analysis.agreement import synonyms
from ogp_analysis.agreement.function_of_sums import quotient
from ogp_analysis.agreement.inference import estimate, without_error
from ogp_analysis.agreement.intervals import Inference
from ogp_analysis.agreement.kappas import AnyRatings, prepared
from ogp_analysis.agreement.ratings_table import Ratings, need_raters, rated_columns
from ogp_analysis.agreement.resampling import Coefficient
from ogp_analysis.agreement.text_ratings import need_numbers
from ogp_analysis.errors import keyed_error, phrase

Array = npt.NDArray[np.float64]
MOST_ITEMS = 3000  # every rater's comparison of all items is held; 3000 items take 72 MB a rater


@dataclass(frozen=True)
class KendallConcordance(Coefficient):
    """Kendall's W with its chi-square test of no concordance.

    Parameters
    ----------
    chi_square, df, p_value : float
        m (n - 1) W, n - 1, and the probability of a chi-square at least as large.

    Examples
    --------
    Three raters, four items, the same order: W = 1 and chi-square 3 * (4 - 1).

    >>> found = kendall_w([[1, 1, 1], [2, 2, 2], [3, 3, 3], [4, 4, 4]])
    >>> found.value, found.chi_square, found.df, round(found.p_value, 4)
    (1.0, 9.0, 3.0, 0.0293)
    """

    chi_square: float = math.nan
    df: float = math.nan
    p_value: float = math.nan


@dataclass(frozen=True, eq=False)
class RankSums:
    """Kendall's W as a function of weights on items.

    Parameters
    ----------
    above : numpy.ndarray, with shape (M, N, N)
        above[j, l, i] is 1 where rater j puts item i above item l, 1/2 where they tie, less 1/2.
    tied : numpy.ndarray, with shape (M, N, N)
        Whether rater j ties the two items.

    Examples
    --------
    Two raters who order three items alike: W = 1.

    >>> order = np.arange(3.0)
    >>> tied = np.stack([np.eye(3)] * 2)
    >>> above = np.stack([(order > order[:, None]) - 0.5] * 2) + tied / 2
    >>> RankSums(above, tied, np.ones(3), np.arange(3), np.ones(3, dtype=bool)).values(np.ones((1, 3)))
    array([1.])
    """

    above: Array
    tied: Array
    multiplicity: Array
    pattern: npt.NDArray[np.integer]
    active: npt.NDArray[np.bool_]

    def _parts(self, weights: Array) -> tuple[Array, Array, Array]:
        # Weighted midranks less their mean, summed over raters; the constant 1/2 of a rank cancels.
        rank_sum = weights @ self.above.sum(axis=0)
        ties = np.einsum("bl,jli->jbi", weights, self.tied)
        m, total = len(self.above), weights.sum(axis=-1)
        spread = m * (m * total**3 - np.einsum("bi,jbi->b", weights, ties**2))
        return rank_sum, ties, spread

    def values(self, weights: Array) -> Array:
        """W = 12 sum_i w_i S_i^2 / (m sum_j (N^3 - sum of t^3 over ties)), with shape (B,)."""
        rank_sum, _, spread = self._parts(weights)
        return quotient(12 * (weights * rank_sum**2).sum(axis=-1), spread, scale=spread + 1)

    def without_one(self) -> Array:
        """W without each item in turn, with shape (N,)."""
        return self.values(self.multiplicity - np.eye(len(self.multiplicity)))

    def influence(self) -> Array:
        """Derivative of W with respect to the weight of each item, with shape (N,)."""
        return self.values_and_influence(self.multiplicity[None, :])[1][0]

    def values_and_influence(self, weights: Array) -> tuple[Array, Array]:
        """W and its derivative by each item's weight, under each row of weights, shapes (B,) and (B, N)."""
        rank_sum, ties, spread = self._parts(weights)
        m, spread = len(self.above), spread[:, None]
        top = 12 * (weights * rank_sum**2).sum(axis=-1, keepdims=True)
        top_slope = 12 * (rank_sum**2 + 2 * (weights * rank_sum) @ self.above.sum(axis=0).T)
        total = weights.sum(axis=-1, keepdims=True)
        spread_slope = 3 * m * (m * total**2 - (ties**2).sum(axis=0))
        return self.values(weights), top_slope / spread - top * spread_slope / spread**2


@synonyms.hinting
def kendall_w(
    ratings: AnyRatings,
    *,
    interval: str | None = "analytic",
    confidence_level: float = 0.95,
    n_resamples: int = 2000,
    rng: np.random.Generator | int | None = None,
    cluster: Sequence[Hashable] | None = None,
    population: int | None = None,
) -> KendallConcordance:
    """Kendall's W: do the raters order the items alike?

    W = (12 sum R_i^2 - 3 m^2 n (n + 1)^2) / (m^2 n (n^2 - 1) - m sum (t^3 - t)), R_i the sum of midranks of
    item i, in [0, 1] (Kendall and Smith 1939, doi 10.1214/aoms/1177732186). The standard error comes from
    the same influence values as everywhere (ranks move with the weights of items).

    Parameters
    ----------
    ratings : Ratings, DataFrame or array_like, with shape (N, M)
        Numbers, at most 3000 items. Incomplete items are left out; the note says so and ``n_items`` counts
        the others.
    interval, confidence_level, n_resamples, rng, cluster, population
        As in `percent_agreement`.

    Returns
    -------
    KendallConcordance
        NaN with note ``no_variation`` where no rater tells any item from another, ``one_item`` for a single
        complete item. Note ``constant_rater`` where some rater ties all items: W then cannot exceed the share
        of the raters who do not; if one alone does not, it is 1 / M whatever the ratings, without interval
        and probability.

    Raises
    ------
    StatisticsError
        Text, raters who are not identified, no complete item, or too many items.

    Examples
    --------
    >>> found = kendall_w([[1, 1, 2], [2, 3, 1], [3, 2, 3], [4, 4, 4]])
    >>> round(found.value, 4), round(found.p_value, 4)
    (0.7778, 0.0719)

    Two raters in opposite order agree on nothing: the rank sums are all alike.

    >>> kendall_w([[1, 3], [2, 2], [3, 1]]).value
    0.0
    """
    table = rated_columns(prepared(ratings))
    complete = _complete(table)
    statistic = _rank_sums(table, complete)
    inference = Inference(interval, confidence_level, n_resamples, rng, cluster, population)
    n, m = int(complete.sum()), table.values.shape[1]
    undefined = "no_variation" if n > 1 else "one_item"
    coefficient = estimate(
        statistic, table, method="Kendall's W", inference=inference, undefined=undefined, least=0.0
    )
    varying = sum(len(set(column)) > 1 for column in table.values[complete].T)
    if not math.isnan(coefficient.value) and varying < m:
        # Where one rater alone varies W is 1 / m whatever the order: nothing is left to be uncertain of.
        coefficient = without_error(coefficient, "constant_rater") if varying == 1 else coefficient
        coefficient = replace(coefficient, note="constant_rater")
    dropped = int((~complete & (table.per_item > 0)).sum())
    if dropped and not coefficient.note:
        coefficient = replace(coefficient, note="incomplete_items_dropped")
    shared = {field.name: getattr(coefficient, field.name) for field in fields(coefficient)} | {
        "n_ratings": n * m
    }
    # The usual approximation, for the p-value alone; with few items it is coarse.
    chi_square = m * (n - 1) * coefficient.value
    # What is 1 / m whatever the ratings tests nothing.
    p_value = math.nan if varying == 1 else float(special.chdtrc(n - 1, chi_square))
    return KendallConcordance(**shared, chi_square=chi_square, df=float(n - 1), p_value=p_value)


def _complete(table: Ratings) -> npt.NDArray[np.bool_]:
    need_numbers(table, phrase("agreement.needs.kendall_w"))
    need_raters(table, phrase("agreement.needs.kendall_w"))
    complete = np.asarray(~table.missing.any(axis=1))
    if not 1 <= complete.sum() <= MOST_ITEMS:
        n_complete = int(complete.sum())
        key = "agreement.kendall_many" if n_complete else "agreement.kendall_none"
        sizes = {"n_items": table.n_items, "n_raters": table.values.shape[1], "most": MOST_ITEMS}
        raise keyed_error(key=key, n_complete=n_complete, **sizes)
    return complete


def _rank_sums(table: Ratings, complete: npt.NDArray[np.bool_]) -> RankSums:
    place = np.cumsum(complete) - 1
    x = table.values[complete].T
    tied = (x[:, :, None] == x[:, None, :]).astype(np.float64)
    above = (x[:, None, :] > x[:, :, None]) + tied / 2 - 0.5
    ones = np.ones(complete.sum())
    if complete.all():
        return RankSums(above, tied, ones, place, ones.astype(bool))
    # Incomplete items get a pattern of their own, with no weight in any sum.
    pad = ((0, 0), (0, 1), (0, 1))
    pattern = np.where(complete, place, len(ones))
    return RankSums(
        np.pad(above, pad),
        np.pad(tied, pad),
        np.append(ones, 0.0),
        pattern,
        np.append(ones, 0.0) > 0,
    )
