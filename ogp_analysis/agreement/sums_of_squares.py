"""Kernels of a layout of items by raters: what an item adds to the sums, and mean squares from the sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ogp_analysis.agreement.data import Ratings

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
        Items, and ratings an item (k0 where the numbers differ).
    df_between, df_within : numpy.ndarray
        Degrees of freedom.
    """

    between: npt.NDArray
    within: npt.NDArray
    raters: npt.NDArray
    n: npt.NDArray
    k: npt.NDArray | float
    df_between: npt.NDArray
    df_within: npt.NDArray


def one_way_terms(ratings: Ratings) -> tuple[Array, npt.NDArray[np.bool_]]:
    """What an item adds to the one-way sums: 1, r, r^2, its sum, sum^2 / r and sum of squares within.

    Parameters
    ----------
    ratings : Ratings
        Numbers, items in rows, raters in columns.

    Returns
    -------
    terms : numpy.ndarray, with shape (N, 6)
        Of each item; ratings are taken from the grand mean.
    active : numpy.ndarray, with shape (N,)
        Which items have a rating.

    Examples
    --------
    Around their mean 3, the ratings 1 and 3 are -2 and 0, the ratings 4 and 4 are 1 and 1.

    >>> one_way_terms(Ratings(np.array([[1.0, 3.0], [4.0, 4.0]])))[0]
    array([[ 1.,  2.,  4., -2.,  2.,  2.],
           [ 1.,  2.,  4.,  2.,  2.,  0.]])
    """
    seen = ~ratings.missing
    r = ratings.per_item
    values = ratings.values - grand_mean(ratings)
    np.copyto(values, 0.0, where=ratings.missing)
    total = _row_sums(values)
    mean = total / np.maximum(r, 1)
    within = _squares_within(values, mean, seen)
    return np.column_stack([r > 0, r, r**2, total, total * mean, within]), r > 0


def one_way(s: npt.NDArray) -> MeanSquares:
    """Mean squares of the one-way layout, with k0 of Searle, Casella and McCulloch (1992, page 71).

    Parameters
    ----------
    s : numpy.ndarray, with shape (..., 6)
        Sums over items of `one_way_terms`.

    Returns
    -------
    MeanSquares
        MSR, MSW; k0 is smaller than the mean number of ratings where items differ in it.

    Examples
    --------
    Shrout and Fleiss (1979, table 3) print 11.24 and 6.26.

    >>> table = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> ratings = Ratings(np.array(table, dtype=float))
    >>> ms = one_way(one_way_terms(ratings)[0].sum(axis=0))
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


def two_way_terms(ratings: Ratings) -> tuple[Array, npt.NDArray[np.bool_]]:
    """What a complete item adds to the two-way sums: 1, mean, mean^2, squares within, and each rating.

    Parameters
    ----------
    ratings : Ratings
        Numbers, items in rows, raters in columns.

    Returns
    -------
    terms : numpy.ndarray, with shape (N, 4 + M)
        Of each item, 0 where it is incomplete; ratings are taken from the grand mean.
    active : numpy.ndarray, with shape (N,)
        Which items are complete.
    """
    m = ratings.values.shape[1]
    complete = ratings.per_item == m
    values = ratings.values - grand_mean(ratings)
    np.copyto(values, 0.0, where=~complete[:, None])
    mean = _row_sums(values) / m
    within = _squares_within(values, mean, complete[:, None])
    return np.column_stack([complete, mean, mean**2, within, values]), complete


def two_way(s: npt.NDArray) -> MeanSquares:
    """Mean squares of the complete two-way layout.

    Parameters
    ----------
    s : numpy.ndarray, with shape (..., 4 + M)
        Sums over items of `two_way_terms`.

    Returns
    -------
    MeanSquares
        MSR, MSE and MSC.

    Examples
    --------
    Shrout and Fleiss (1979, table 3) print 11.24, 1.02 and 32.49.

    >>> table = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> ratings = Ratings(np.array(table, dtype=float))
    >>> ms = two_way(two_way_terms(ratings)[0].sum(axis=0))
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

    Parameters
    ----------
    ratings : Ratings
        Numbers, one or more.

    Returns
    -------
    float
        In points.

    Examples
    --------
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
