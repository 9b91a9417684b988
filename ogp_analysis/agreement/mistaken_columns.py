"""Recognise by its numbers a column that nobody rated in: a sum or mean of the others, or numbers of rows."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
# A true category that holds exactly half of every row comes in fewer than one of so many tables.
TABLES = 1000
AT_FIRST = 100
FEWEST = 5  # rows; below, a rater may well give the mean of the others, or rate 1, 2, 3, 4
ROUNDED = 0.005 + 1e-9  # a mean is often written with two decimals


def sums_among(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether each column of counts is the sum of all others.

    >>> sums_among(np.array([[9, 4, 1, 14], [2, 5, 7, 14]])).tolist()
    [False, False, False, True]
    """
    return np.asarray((2 * counts == counts.sum(axis=1, keepdims=True)).all(axis=0))


def beyond_chance(counts: npt.NDArray[np.int64]) -> bool:
    """Whether a category would hardly ever have exactly half of each row, whatever its probability.

    >>> beyond_chance(np.array([[9, 4, 1, 14]] * 4)), beyond_chance(np.array([[1, 0, 1]] * 4))
    (True, False)
    """
    # Chance is greatest where each rater chooses the category with a probability of a half.
    chance = sum(
        math.lgamma(n + 1) - 2 * math.lgamma(n / 2 + 1) - n * math.log(2) for n in counts.sum(axis=1).tolist()
    )
    return chance <= -math.log(TABLES)


def numbers_rows(column: npt.NDArray[np.number]) -> bool:
    """Whether a column counts its rows from 0 or from 1.

    >>> [numbers_rows(np.array(column)) for column in ([1, 2, 3, 4, 5], [0, 1, 2, 3, 4], [1, 2, 3, 5, 4])]
    [True, True, False]
    """
    return len(column) >= FEWEST and any(np.array_equal(column, np.arange(len(column)) + k) for k in (0, 1))


def no_rater_in(values: Array) -> tuple[int, str] | None:
    """Find a column of ratings that is no rater's, and what it is: ``mean`` or ``sum``.

    >>> rated = np.array([[1.0, 2], [3, 3], [5, 4], [2, 5], [4, 1], [2, 3]])
    >>> no_rater_in(rated), no_rater_in(np.column_stack([rated, rated.mean(axis=1)]))
    (None, (2, 'mean'))
    """
    if values.ndim != 2 or values.shape[1] < 3 or len(values) < FEWEST:
        return None
    for place in (values.shape[1] - 1, 0):
        kind = _made_of_others(values[:, place], values[:, 1:] if place == 0 else values[:, :-1])
        if kind and not np.isnan(values).any():
            return place, kind
    return None


def _made_of_others(column: Array, others: Array) -> str:
    # A few rows tell most columns of ratings; only what passes them is looked at whole.
    first = others[:AT_FIRST]
    if not any(_is(column[:AT_FIRST], made) for made in (first.mean(axis=1), first.sum(axis=1))):
        return ""
    broken = np.count_nonzero(column != np.floor(column))
    # Where the mean is whole a rater may have given it; broken numbers among whole ones nobody gave.
    if broken > 2 and (others == np.floor(others)).all() and _is(column, others.mean(axis=1)):
        return "mean"
    # A rater on the same scale gives nothing beyond it.
    beyond = np.count_nonzero(column > others.max())
    return "sum" if beyond > 2 and _is(column, others.sum(axis=1)) else ""


def _is(column: Array, made: Array) -> bool:
    return bool((np.abs(column - made) <= ROUNDED).all())
