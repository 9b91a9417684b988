"""Ties and narrow sets of weights decided on exact rationals, so that float noise never moves a score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from ogp_analysis.errors import keyed_error
from ogp_analysis.model.exact_numbers import exact as exact
from ogp_analysis.model.labelled import labels_of
from ogp_analysis.sensitivity import arguments

# Ratings are whole numbers and weights have few decimals, so that scores exactly on a cut are common, and
# floats put some of them below it (see `reaches`).
NEAR = 1e-9  # floats closer than this to the cut are decided again on rationals
ON_THE_CUT = 1e-12  # of the cut, at least of 1: what is left of sums of many floats that should be on it


def signs(values: ArrayLike, cuts: ArrayLike) -> np.ndarray:
    """Compare values with cuts, both read as `exact` reads them: 1 above, 0 on, -1 below; they broadcast.

    The mean of 2.2, 2.5 and 2.8 may come out as 2.4999999999999996:

    >>> signs([2.4999999999999996, 2.4999], 2.5).tolist()
    [0, -1]
    """
    values, cuts = np.broadcast_arrays(np.asarray(values, dtype=float), np.asarray(cuts, dtype=float))
    distance = values - cuts
    compared = np.array(np.sign(distance), dtype=int)  # of a single number too
    near = (distance != 0) & (np.abs(distance) <= NEAR * np.maximum(1, np.abs(cuts)))
    if near.any():
        # Ratings repeat: each pair of numbers is read once.
        pairs, place = np.unique(np.stack([values[near], cuts[near]]), axis=1, return_inverse=True)
        gaps = [exact(value) - exact(cut) for value, cut in pairs.T]
        compared[near] = np.array([(gap > 0) - (gap < 0) for gap in gaps])[place.ravel()]
    return compared


def above(values: np.ndarray, cuts: ArrayLike) -> np.ndarray:
    """Subtract the cut from each value; what is on the cut by `signs` is exactly 0.

    >>> above(np.array([2.4999999999999996, 4.0]), 2.5).tolist()
    [0.0, 1.5]
    """
    distance = np.asarray(values - cuts, dtype=float)
    if np.any((distance != 0) & (np.abs(distance) <= NEAR * np.maximum(1, np.abs(cuts)))):
        distance = np.where(signs(values, cuts) == 0, 0.0, distance)
    return distance


def slack(cuts: ArrayLike) -> np.ndarray:
    """Give how far below a cut a float sum may lie and still be on it, where rationals would be too slow.

    >>> slack([2.5, 0.1]).tolist()
    [2.5e-12, 1e-12]
    """
    return ON_THE_CUT * np.maximum(1, np.abs(np.asarray(cuts, dtype=float)))


def merged(scores: np.ndarray) -> np.ndarray:
    """Make scores of one row that differ only by rounding equal: each becomes the lowest of its kind.

    >>> merged(np.array([[2.5, 2.4999999999999996, 4.0]])).tolist()
    [[2.4999999999999996, 2.4999999999999996, 4.0]]
    """
    order = np.argsort(scores, axis=1, kind="stable")
    rising = np.take_along_axis(scores, order, axis=1)
    unit = ON_THE_CUT * np.abs(scores).max(axis=1, keepdims=True, initial=0)
    starts = np.diff(rising, axis=1, prepend=-np.inf) > unit
    leader = np.maximum.accumulate(np.where(starts, np.arange(scores.shape[1]), 0), axis=1)
    result = np.empty_like(scores)
    np.put_along_axis(result, order, np.take_along_axis(rising, leader, axis=1), axis=1)
    return result


def exact_mean(scores: ArrayLike, weights: ArrayLike) -> Fraction:
    """Compute the weighted mean of decimal texts exactly; the weights are divided by their exact sum.

    Parameters
    ----------
    scores, weights : array_like, shape (n,)
        Finite; the weights need not sum to 1, but not to 0. Where both have names, these say which weight is
        whose.

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
    weights = arguments.in_order_of(weights, labels_of(scores), "weights")
    scores = list(scores.values()) if isinstance(scores, Mapping) else scores
    scores = arguments.finite_numbers(scores, "scores", ("n",))
    weights = arguments.finite_numbers(weights, "weights", (len(scores),))
    w = [exact(weight) for weight in weights]
    if sum(w) == 0:
        raise keyed_error(key="sensitivity.weights_zero", weights=weights.tolist())
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
    weights = arguments.in_order(weights, scores)
    scores = arguments.score_matrix(scores)
    weights = arguments.weight_vector(weights, scores.shape[1])
    cuts = arguments.cut_vector(cuts)
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


Point = tuple[Fraction, ...]


def corners(rows: np.ndarray, limits: np.ndarray) -> tuple[list[Point], np.ndarray]:
    """Find the corners of {sum w = 1, rows w <= limits}, numbers read as `ties.exact` reads them.

    >>> found, tight = corners(np.array([[-1.0, 0], [0, -1], [1, 0]]), np.array([0.0, 0, 1e-9]))
    >>> [[float(w) for w in corner] for corner in found]
    [[0.0, 1.0], [1e-09, 0.999999999]]
    """
    lines = [([exact(a) for a in row], exact(b)) for row, b in zip(rows, limits, strict=True)]
    n, slacks = rows.shape[1], {}
    for chosen in combinations(lines, n - 1):
        point = _solve([(list(row), b) for row, b in chosen] + [([Fraction(1)] * n, Fraction(1))])
        if point is None or point in slacks:
            continue
        slack = [b - sum(a * w for a, w in zip(row, point, strict=True)) for row, b in lines]
        if min(slack) >= 0:
            slacks[point] = [value == 0 for value in slack]
    return list(slacks), np.array(list(slacks.values()), dtype=bool).reshape(len(slacks), len(lines))


def _solve(system: list[tuple[list[Fraction], Fraction]]) -> Point | None:
    rows = [[*row, b] for row, b in system]
    n = len(rows)
    for k in range(n):
        pivot = next((r for r in range(k, n) if rows[r][k]), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [value / rows[k][k] for value in rows[k]]
        for r in range(n):
            if r != k and rows[r][k]:
                factor = rows[r][k]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[k], strict=True)]
    return tuple(row[-1] for row in rows)


def shares(pieces: Sequence[Sequence[Point]]) -> np.ndarray:
    """Compare the volumes of simplices of one dimension; the shares sum to 1.

    >>> zero, one, e = Fraction(0), Fraction(1), Fraction(1, 10**12)
    >>> shares([[(zero, one), (e, one - e)], [(e, one - e), (4 * e, one - 4 * e)]]).tolist()
    [0.25, 0.75]
    """
    gram = [_gram(piece) for piece in pieces]
    largest = max(gram)
    volumes = np.array([sqrt(value / largest) if largest else 1.0 for value in gram])
    return volumes / volumes.sum()


def _gram(piece: Sequence[Point]) -> Fraction:
    edges = [[a - b for a, b in zip(corner, piece[0], strict=True)] for corner in piece[1:]]
    return determinant(
        [[sum((a * b for a, b in zip(e, f, strict=True)), Fraction(0)) for f in edges] for e in edges]
    )


def determinant(matrix: Sequence[Sequence[Fraction]]) -> Fraction:
    """Compute a determinant by elimination.

    >>> determinant([[Fraction(1), Fraction(2)], [Fraction(3), Fraction(4)]])
    Fraction(-2, 1)
    """
    rows, product = [list(row) for row in matrix], Fraction(1)
    for k in range(len(rows)):
        pivot = next((r for r in range(k, len(rows)) if rows[r][k]), None)
        if pivot is None:
            return Fraction(0)
        if pivot != k:
            rows[k], rows[pivot], product = rows[pivot], rows[k], -product
        product *= rows[k][k]
        for r in range(k + 1, len(rows)):
            factor = rows[r][k] / rows[k][k]
            rows[r] = [a - factor * b for a, b in zip(rows[r], rows[k], strict=True)]
    return product


def gaps(row: np.ndarray, cut: float, pieces: Sequence[Sequence[Point]]) -> np.ndarray:
    """Subtract the cut from the means at the corners, (d, K), each simplex on a scale of its own.

    Only signs and ratios matter to a share of a simplex, and differences of 1e-12 keep all their digits.

    >>> e = Fraction(1, 10**12)
    >>> gaps(np.array([1.0, 5.0]), 3.0, [[(1 / Fraction(2), 1 / Fraction(2)), (e, 1 - e)]]).T.tolist()
    [[0.0, 1.0]]
    """
    x, t = [exact(value) for value in row], exact(cut)
    scaled = []
    for piece in pieces:
        a = [sum(w * v for w, v in zip(corner, x, strict=True)) - t for corner in piece]
        largest = max(map(abs, a)) or Fraction(1)
        scaled.append([float(value / largest) for value in a])
    return np.array(scaled).T
