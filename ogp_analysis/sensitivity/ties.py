"""Ties decided on exact rationals: a score exactly on a cut never flips by float noise."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from ogp_analysis.errors import StatisticsError
from ogp_analysis.sensitivity import checks

# Ratings are whole numbers and weights have few decimals, so that scores exactly on a cut are common, and
# floats put some of them below it (see `reaches`).
NEAR = 1e-9  # floats closer than this to the cut are decided again on rationals
LARGEST_DENOMINATOR = 10_000
LONG_TEXT = 14  # digits from which a decimal text is taken for a rounded fraction such as 1/3


def exact(value: float) -> Fraction:
    """Read a number as the fraction that its decimal text means.

    0.1 is 1/10 and not the binary number nearest to it. A text of 15 digits or more that lies within 1e-15 of
    a fraction with a denominator up to 10,000 is that fraction: means of three ratings, weights of one third.

    Parameters
    ----------
    value : float
        Finite.

    Returns
    -------
    fractions.Fraction

    Examples
    --------
    >>> exact(0.1), exact(8 / 3)
    (Fraction(1, 10), Fraction(8, 3))
    """
    fraction = Fraction(repr(float(value)))
    if max(len(str(abs(fraction.numerator))), len(str(fraction.denominator))) <= LONG_TEXT:
        return fraction
    short = fraction.limit_denominator(LARGEST_DENOMINATOR)
    return short if abs(short - fraction) <= Fraction(1, 10**15) * max(1, abs(fraction)) else fraction


def exact_mean(scores: Sequence[float], weights: Sequence[float]) -> Fraction:
    """Compute the weighted mean of decimal texts exactly; the weights are divided by their exact sum.

    Parameters
    ----------
    scores, weights : sequence of float, length n
        Finite; the weights need not sum to 1, but not to 0.

    Returns
    -------
    fractions.Fraction

    Raises
    ------
    StatisticsError
        Scores and weights are not finite, not of one length, or the weights sum to 0.

    Examples
    --------
    0.2 + 0.2 + 2.1 is 2.5; floats add it up to 2.4999999999999996, and in another order to 2.5:

    >>> exact_mean([2, 1, 3], [0.1, 0.2, 0.7])
    Fraction(5, 2)
    """
    scores = checks.finite_numbers(scores, "scores", ("n",))
    weights = checks.finite_numbers(weights, "weights", (len(scores),))
    w = [exact(weight) for weight in weights]
    if sum(w) == 0:
        message = f"weights {weights.tolist()} sum to 0; a mean needs weights"
        raise StatisticsError(message, weights=weights.tolist())
    return sum((a * exact(x) for a, x in zip(w, scores, strict=True)), Fraction(0)) / sum(w)


def reaches(scores: ArrayLike, weights: ArrayLike, cuts: ArrayLike) -> np.ndarray:
    """Decide for each row and cut whether the weighted mean is at or above the cut, exactly on ties.

    Parameters
    ----------
    scores : array_like, shape (m, n)
        Indicator scores.
    weights : array_like, shape (n,)
        Weights with sum 1.
    cuts : array_like, shape (r,)
        Cut points, closed below.

    Returns
    -------
    numpy.ndarray of bool, shape (m, r)

    Raises
    ------
    StatisticsError
        Scores, weights or cuts are not finite, weights are negative or do not sum to 1.

    Examples
    --------
    Naive floats say 3.4999999999999996 here:

    >>> reaches([[3, 3, 4, 4]], [0.1, 0.4, 0.3, 0.2], [3.5]).tolist()
    [[True]]
    """
    return sides(scores, weights, cuts) >= 0


def sides(scores: ArrayLike, weights: ArrayLike, cuts: ArrayLike) -> np.ndarray:
    """Say exactly where each weighted mean lies: 1 above the cut, 0 on it, -1 below; shape (m, r).

    Parameters
    ----------
    scores, weights, cuts
        As in `reaches`.

    Returns
    -------
    numpy.ndarray of int, shape (m, r)

    Raises
    ------
    StatisticsError
        As in `reaches`.

    Examples
    --------
    >>> sides([[3, 3, 4, 4]], [0.1, 0.4, 0.3, 0.2], [3.4, 3.5, 3.6]).tolist()
    [[1, 0, -1]]
    """
    scores = checks.score_matrix(scores)
    weights = checks.weight_vector(weights, scores.shape[1])
    cuts = checks.cut_vector(cuts)
    # One row at a time while that is cheap: a matrix product may round a row differently in other company.
    means = np.array([np.dot(row, weights) for row in scores]) if len(scores) < 64 else scores @ weights
    distance = means[:, None] - cuts
    side = np.sign(distance).astype(int)
    for i, k in np.argwhere(np.abs(distance) <= NEAR * np.maximum(1, np.abs(cuts))):
        gap = exact_mean(scores[i], weights) - exact(cuts[k])
        side[i, k] = (gap > 0) - (gap < 0)
    return side


def exact_simplex_tail(a: Sequence[Fraction]) -> Fraction:
    """Compute P(sum v_i a_i >= 0) for v uniform on the simplex on rationals (formula in `threshold`).

    Parameters
    ----------
    a : sequence of fractions.Fraction
        Scores minus the cut, at least one.

    Returns
    -------
    fractions.Fraction

    Examples
    --------
    >>> exact_simplex_tail([Fraction(-1), Fraction(3)])
    Fraction(3, 4)
    """
    positives = [value for value in a if value > 0]
    if not positives:
        return Fraction(int(min(a) >= 0))
    F = [Fraction(0)] + [Fraction(1)] * len(positives)
    for value in a:
        if value < 0:
            for j, p in enumerate(positives, start=1):
                F[j] = (p * F[j] - value * F[j - 1]) / (p - value)
    return F[-1]
