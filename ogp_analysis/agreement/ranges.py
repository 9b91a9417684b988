"""The least value that a coefficient can take: interval limits are cut there, as they are cut at 1."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
# Disagreements that are squared distances of points, whatever the numbers of the categories: of a simplex, a
# line (|x - y| and its root too: Schoenberg 1938, doi 10.1090/S0002-9947-1938-1501980-0), a circle; for ratio
# weights tanh^2 of half the distance of logarithms.
SQUARED_DISTANCES = frozenset(["identity", "linear", "quadratic", "ordinal", "radical", "ratio", "circular"])
MOST_CHECKED = 500  # categories of a matrix that is looked at; its eigenvalues take their cube


def least_of_pairs(per_item: npt.NDArray) -> float:
    """Least kappa, pi, alpha or one-way ICC of items with that many ratings: -1 / (r - 1), r the fewest.

    With D_o the mean squared distance of two ratings of an item and D_e that of two ratings of any, the sum
    of squares within items is at most the whole, so that D_o <= D_e r / (r - 1) and 1 - D_o / D_e is at least
    -1 / (r - 1). With fixed raters the same follows: the variance of their sum is not below 0.

    >>> least_of_pairs(np.array([3, 4, 1])), least_of_pairs(np.array([1]))
    (-0.5, -inf)
    """
    paired = per_item[per_item >= 2]
    return -1 / (float(paired.min()) - 1) if len(paired) else -math.inf


def least_kappa(per_item: npt.NDArray, disagreement: Array, name: str) -> float:
    """Least coefficient 1 - D_o / D_e where disagreements are squared distances; else none is known.

    >>> far = np.array([[0, 1, 10], [1, 0, 1], [10, 1, 0.0]])
    >>> [least_kappa(np.array([2, 2]), far, name) for name in ("quadratic", "own weights")]
    [-1.0, -inf]
    """
    known = name in SQUARED_DISTANCES or are_squared_distances(disagreement)
    return least_of_pairs(per_item) if known else -math.inf


def least_by_chance(weights: Array) -> float:
    """Least coefficient whose chance agreement is the mean weight, or at most that (Gwet): no pair agrees.

    Of q categories -1 / (q - 1): with two of them -1, with five -0.25.

    >>> least_by_chance(np.eye(2)), least_by_chance(np.eye(5))
    (-1.0, -0.25)
    """
    expected = float(weights.mean())
    return (float(weights.min()) - expected) / (1 - expected) if expected < 1 else -math.inf


def are_squared_distances(disagreement: Array) -> bool:
    """Whether a matrix has the squared distances of some points (Schoenberg 1935, doi 10.2307/1968654).

    Two steps of 1 cannot make one of 10, whose root is longer than both together.

    >>> far = np.array([[0, 1, 10], [1, 0, 1], [10, 1, 0.0]])
    >>> are_squared_distances(far), are_squared_distances(np.minimum(far, 4.0))
    (False, True)
    """
    if len(disagreement) > MOST_CHECKED:
        return False
    centred = disagreement - disagreement.mean(axis=0) - disagreement.mean(axis=1)[:, None]
    centred += disagreement.mean()
    largest = np.abs(disagreement).max(initial=0.0)
    return bool(np.linalg.eigvalsh(-centred).min(initial=0.0) >= -1e-9 * largest)
