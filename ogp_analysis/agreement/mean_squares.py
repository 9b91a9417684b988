"""Kernels of the intraclass correlations: sums of squares, mean squares, coefficients, F distributions."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from ogp_analysis.agreement.category_codes import different_rows
from ogp_analysis.agreement.function_of_sums import FunctionOfSums, quotient
from ogp_analysis.agreement.ratings_table import Ratings

# Items from which looking for equal ones costs less than it spares; our choice.
MANY = 2000
# A share of a mixture of mean squares, alone or for many resamples.
Share = npt.NDArray | float


def _reliability(numerator: npt.NDArray, denominator: npt.NDArray, ms: MeanSquares) -> npt.NDArray:
    """Numerator / denominator; -inf where the denominator is not above 0, NaN where nothing varies.

    The numerator is then negative. On the near side of 0 the quotient falls to -inf; beyond it, it would be
    a large positive number, as if agreement were perfect or better.
    """
    size = _size(ms)
    # Where the numerator is 0 too (raters differ by a constant, items do not), it is 0/0, for consistency.
    beyond = (np.real(denominator) <= 1e-12 * size) & (np.real(numerator) < -1e-12 * size)
    return np.where(beyond, -np.inf, quotient(numerator, denominator, scale=size))


def one_way_single(ms: MeanSquares) -> npt.NDArray:
    """ICC(1) = (MSR - MSW) / (MSR + (k - 1) MSW).

    >>> ms = MeanSquares(11.24, 6.26, np.nan, 6, 4, 5, 18)
    >>> round(float(one_way_single(ms)), 2)  # Shrout and Fleiss (1979), table 4
    0.17
    """
    return _reliability(ms.between - ms.within, ms.between + (ms.k - 1) * ms.within, ms)


def one_way_mean(ms: MeanSquares) -> npt.NDArray:
    """ICC(k) = (MSR - MSW) / MSR.

    Takes and returns what `one_way_single` does, of the mean of k ratings.

    >>> ms = MeanSquares(11.24, 6.26, np.nan, 6, 4, 5, 18)
    >>> round(float(one_way_mean(ms)), 2)  # Shrout and Fleiss (1979), table 4
    0.44
    """
    return _reliability(ms.between - ms.within, ms.between, ms)


def agreement_single(ms: MeanSquares) -> npt.NDArray:
    """ICC(A,1) = (MSR - MSE) / (MSR + (k - 1) MSE + k (MSC - MSE) / n).

    Takes and returns what `one_way_single` does, of a two-way layout.

    >>> ms = MeanSquares(11.24, 1.02, 32.49, 6, 4, 5, 15)
    >>> round(float(agreement_single(ms)), 2)  # Shrout and Fleiss (1979), table 4
    0.29
    """
    raters = ms.k * (ms.raters - ms.within) / ms.n
    # A negative coefficient stays: cut off at 0, the mean of samples would no longer be near the truth.
    return _reliability(ms.between - ms.within, ms.between + (ms.k - 1) * ms.within + raters, ms)


def agreement_mean(ms: MeanSquares) -> npt.NDArray:
    """ICC(A,k) = (MSR - MSE) / (MSR + (MSC - MSE) / n).

    Takes and returns what `one_way_single` does, of a two-way layout.

    >>> ms = MeanSquares(11.24, 1.02, 32.49, 6, 4, 5, 15)
    >>> round(float(agreement_mean(ms)), 2)  # Shrout and Fleiss (1979), table 4
    0.62
    """
    return _reliability(ms.between - ms.within, ms.between + (ms.raters - ms.within) / ms.n, ms)


def _size(ms: MeanSquares) -> npt.NDArray:
    two_way_raters = np.where(np.isnan(np.real(ms.raters)), 0.0, np.real(ms.raters))
    return np.abs(np.real(ms.between)) + np.abs(np.real(ms.within)) + two_way_raters


KERNELS: dict[str, Callable[[MeanSquares], npt.NDArray]] = {
    "ICC(1)": one_way_single,
    "ICC(k)": one_way_mean,
    "ICC(A,1)": agreement_single,
    "ICC(A,k)": agreement_mean,
    "ICC(C,1)": one_way_single,  # the same formulas with MSE in the place of MSW
    "ICC(C,k)": one_way_mean,
}


def statistic(ratings: Ratings, form: str) -> FunctionOfSums:
    """The form as a function of sums over items; many items with few different rows are summed by these."""
    pattern: npt.NDArray[np.integer]
    if ratings.n_items < MANY:
        rows, multiplicity, pattern = ratings, np.ones(ratings.n_items), np.arange(ratings.n_items)
    else:
        values, multiplicity, pattern = different_rows(ratings)
        rows = Ratings(values)
    terms_of = one_way_terms if form in ("ICC(1)", "ICC(k)") else two_way_terms
    layout = one_way if form in ("ICC(1)", "ICC(k)") else two_way
    terms, active = terms_of(rows, centre=grand_mean(ratings))
    kernel = KERNELS[form]
    return FunctionOfSums(terms, multiplicity, pattern, active, lambda s: kernel(layout(s)))


def f_test(ms: MeanSquares, form: str, null: float) -> tuple[float, float, float]:
    """F and its degrees of freedom under ICC = null (McGraw and Wong 1996, table 8, corrected).

    At 0 the test of every form is exactly F(n - 1, df of the denominator); for ICC(A,.) and null > 0 the
    denominator mixes MSC and MSE and gets Satterthwaite's degrees of freedom.

    >>> ms = MeanSquares(11.24, 1.02, 32.49, 6, 4, 5, 15)
    >>> f_value, over, under = f_test(ms, "ICC(A,1)", 0.0)
    >>> round(f_value, 2), over, round(under, 4)
    (11.02, 5.0, 15.0)
    """
    if not form.startswith("ICC(A"):
        single = form.endswith("1)")
        factor = (1 - null) / (1 + (ms.k - 1) * null) if single else 1 - null
        return float(ms.between / ms.within * factor), float(ms.df_between), float(ms.df_within)
    rater_share, residual_share = _mixture(ms, form, null)
    # At null 0 the shares are 0 and 1 and the degrees of freedom those of MSE. Taking them from the estimate,
    # as some packages do, makes the test reject far too rarely.
    mixed = rater_share * ms.raters + residual_share * ms.within
    return (
        float(ms.between / mixed),
        float(ms.df_between),
        satterthwaite(ms, rater_share, residual_share),
    )


def _mixture(ms: MeanSquares, form: str, icc: float) -> tuple[Share, Share]:
    k = ms.k if form == "ICC(A,1)" else 1
    return k * icc / (ms.n * (1 - icc)), 1 + k * icc * (ms.n - 1) / (ms.n * (1 - icc))


def satterthwaite(ms: MeanSquares, rater_share: Share, residual_share: Share) -> float:
    """Degrees of freedom of rater_share * MSC + residual_share * MSE.

    >>> ms = MeanSquares(11.24, 1.02, 32.49, 6, 4, 5, 15)
    >>> [round(satterthwaite(ms, *shares), 2) for shares in ((1, 0), (0, 1))]
    [3.0, 15.0]
    """
    raters, residual = rater_share * ms.raters, residual_share * ms.within
    total = (raters + residual) ** 2
    df_raters = ms.k - 1 if ms.df_raters is None else ms.df_raters
    return float(total / (raters**2 / df_raters + residual**2 / ms.df_within))


def f_interval(ms: MeanSquares, form: str, icc: float, *, confidence_level: float) -> tuple[float, float]:
    """Interval from the F distribution (McGraw and Wong 1996, table 7).

    One-way and consistency forms: exact under normality where items have equal numbers of ratings.
    ICC(A,.): Satterthwaite's approximation, at an estimate of 0 where it is negative (a ratio of variances
    is not); ICC(A,k) is the Spearman-Brown image of ICC(A,1), whose pole is at -1 / (k - 1).

    >>> ms = MeanSquares(11.24, 1.02, 32.49, 6, 4, 5, 15)
    >>> [round(limit, 3) for limit in f_interval(ms, "ICC(A,1)", 0.29, confidence_level=0.95)]
    [0.019, 0.761]
    """
    if not form.startswith("ICC(A"):
        return _interval_of_ratio(ms, form, confidence_level)
    # Satterthwaite's degrees of freedom rest on ICC(A,1) for both; from ICC(A,k) itself another interval
    # comes, which is not the image of the one of a single rater.
    single = float(agreement_single(ms)) if form == "ICC(A,k)" else icc
    limits = _interval_of_agreement(ms, single, confidence_level)
    if form == "ICC(A,1)":
        return limits
    return of_mean(limits[0], float(ms.k)), of_mean(limits[1], float(ms.k))


def of_mean(single: float, k: float) -> float:
    """Spearman-Brown: reliability of a mean of k ratings; at the pole -1 / (k - 1) and beyond it, -inf.

    >>> of_mean(0.5, 3.0), of_mean(-0.5, 3.0)
    (0.75, -inf)
    """
    below = 1 + (k - 1) * single
    return k * single / below if below > 0 else -math.inf


def _interval_of_ratio(ms: MeanSquares, form: str, level: float) -> tuple[float, float]:
    ratio = float(ms.between / ms.within)
    df = float(ms.df_between), float(ms.df_within)
    low = ratio / _f_quantile(*df, level)
    high = ratio * _f_quantile(df[1], df[0], level)
    if form.endswith("k)"):
        # No difference between items at all: the limit of 1 - 1 / F.
        return (1 - 1 / low, 1 - 1 / high) if low > 0 else (-math.inf, -math.inf)
    k = float(ms.k)
    return (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)


def _interval_of_agreement(ms: MeanSquares, icc: float, level: float) -> tuple[float, float]:
    n, k = float(ms.n), float(ms.k)
    # At a negative estimate the shares of the mixture are negative too, and its degrees of freedom may be
    # anything: a tenth, or none.
    df = satterthwaite(ms, *_mixture(ms, "ICC(A,1)", max(icc, 0.0)))
    over = float(ms.df_between)
    low, high = _f_quantile(over, df, level), _f_quantile(df, over, level)
    mixed = float(k * ms.raters + (k * n - k - n) * ms.within)
    between, residual = float(ms.between), float(ms.within)
    return (
        n * (between - low * residual) / (low * mixed + n * between),
        n * (high * between - residual) / (mixed + n * high * between),
    )


def _f_quantile(df_over: float, df_under: float, level: float) -> float:
    # Never below 1: an interval holds its own estimate, at a level of 10% too.
    return max(1.0, float(special.fdtri(df_over, df_under, (1 + level) / 2)))


Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class MeanSquares:
    """Mean squares of a one-way or two-way layout of n items and k ratings an item.

    Parameters
    ----------
    between : numpy.ndarray
        Mean square between items (MSR), in squared points.
    within : numpy.ndarray
        Within items (MSW, one-way) or residual (MSE, two-way), in squared points.
    raters : numpy.ndarray
        Between raters (MSC), in squared points; NaN in a one-way layout.
    n, k : numpy.ndarray
        Items, and ratings an item (k0 where the numbers differ; of incomplete two-way data what the variances
        of the estimates are worth).
    df_between, df_within, df_raters : numpy.ndarray
        Degrees of freedom; those of raters are k - 1 where they are not given.
    """

    between: npt.NDArray
    within: npt.NDArray
    raters: npt.NDArray
    n: npt.NDArray
    k: npt.NDArray | float
    df_between: npt.NDArray
    df_within: npt.NDArray
    df_raters: npt.NDArray | None = None


def one_way_terms(ratings: Ratings, *, centre: float) -> tuple[Array, npt.NDArray[np.bool_]]:
    """What an item adds to the one-way sums: 1, r, r^2, its sum, sum^2 / r and sum of squares within.

    Ratings are counted from a centre: any gives the same mean squares, one in their midst without rounding.

    Around their mean 3, the ratings 1 and 3 are -2 and 0, the ratings 4 and 4 are 1 and 1.

    >>> one_way_terms(Ratings(np.array([[1.0, 3.0], [4.0, 4.0]])), centre=3.0)[0]
    array([[ 1.,  2.,  4., -2.,  2.,  2.],
           [ 1.,  2.,  4.,  2.,  2.,  0.]])
    """
    seen = ~ratings.missing
    r = ratings.per_item
    values = ratings.values - centre
    np.copyto(values, 0.0, where=ratings.missing)
    total = _row_sums(values)
    mean = total / np.maximum(r, 1)
    within = _squares_within(values, mean, seen)
    return np.column_stack([r > 0, r, r**2, total, total * mean, within]), r > 0


def one_way(s: npt.NDArray) -> MeanSquares:
    """Mean squares of the one-way layout, with k0 of Searle, Casella and McCulloch (1992, page 71).

    Shrout and Fleiss (1979, table 3) print 11.24 and 6.26.

    >>> table = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> ratings = Ratings(np.array(table, dtype=float))
    >>> ms = one_way(one_way_terms(ratings, centre=5.0)[0].sum(axis=0))
    >>> round(float(ms.between), 2), round(float(ms.within), 2)
    (11.24, 6.26)
    """
    n, ratings, squares, total, between, within = np.moveaxis(s, -1, 0)
    around = between + within
    # k0, not the mean number of ratings: with it the expected MSR is the error variance plus k0 times that of
    # items.
    k = (ratings - squares / ratings) / (n - 1)
    between = _cleared(between - total**2 / ratings, around) / (n - 1)
    return MeanSquares(
        between, within / (ratings - n), np.full_like(between, np.nan), n, k, n - 1, ratings - n
    )


def two_way_terms(ratings: Ratings, *, centre: float) -> tuple[Array, npt.NDArray[np.bool_]]:
    """What a complete item adds to the two-way sums: 1, mean, mean^2, squares within, and each rating."""
    m = ratings.values.shape[1]
    complete = ratings.per_item == m
    values = ratings.values - centre
    np.copyto(values, 0.0, where=~complete[:, None])
    mean = _row_sums(values) / m
    within = _squares_within(values, mean, complete[:, None])
    return np.column_stack([complete, mean, mean**2, within, values]), complete


def two_way(s: npt.NDArray) -> MeanSquares:
    """Mean squares of the complete two-way layout.

    Shrout and Fleiss (1979, table 3) print 11.24, 1.02 and 32.49.

    >>> table = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> ratings = Ratings(np.array(table, dtype=float))
    >>> ms = two_way(two_way_terms(ratings, centre=5.0)[0].sum(axis=0))
    >>> [round(float(square), 2) for square in (ms.between, ms.within, ms.raters)]
    [11.24, 1.02, 32.49]
    """
    n, mean, squares, within = np.moveaxis(s[..., :4], -1, 0)
    columns = s[..., 4:] / n[..., None]
    k = columns.shape[-1]
    apart = ((columns - (mean / n)[..., None]) ** 2).sum(axis=-1)
    around = k * squares + within
    between = k * _cleared(squares - mean**2 / n, around) / (n - 1)
    # Raters who differ by a constant leave nothing.
    residual = _cleared(within - n * apart, within) / ((n - 1) * (k - 1))
    return MeanSquares(between, residual, n * apart / (k - 1), n, k, n - 1, (n - 1) * (k - 1))


def _cleared(left: npt.NDArray, of: npt.NDArray) -> npt.NDArray:
    """A sum of squares that is a difference of two: what rounding leaves of nothing, or below it, is 0."""
    return np.where(np.real(left) <= 1e-13 * np.real(of), 0.0, left)


def grand_mean(ratings: Ratings) -> float:
    """Mean of all ratings; the rating itself, without rounding, where all are equal.

    >>> (0.1 + 0.1 + 0.1) / 3 == 0.1, grand_mean(Ratings(np.full((1, 3), 0.1))) == 0.1
    (False, True)
    """
    lowest = np.fmin.reduce(ratings.values, axis=None)
    if lowest == np.fmax.reduce(ratings.values, axis=None):
        return float(lowest)
    return float(np.nansum(ratings.values) / ratings.n_ratings)


def _row_sums(table: Array) -> Array:
    return table @ np.ones(table.shape[1])  # many times faster than a sum over a short last axis


def _squares_within(values: Array, mean: Array, seen: npt.NDArray[np.bool_]) -> Array:
    apart = values - mean[:, None]
    np.copyto(apart, 0.0, where=~seen)
    squares = np.einsum("ij,ij->i", apart, apart)
    # The mean of equal numbers may differ from them in the last bit; perfect agreement must stay perfect.
    rounding = values.shape[1] * (4e-16 * np.abs(values).max(initial=0.0)) ** 2
    squares[squares <= rounding] = 0.0
    return squares
