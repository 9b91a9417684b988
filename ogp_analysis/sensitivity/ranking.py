"""Ranks under random weights: counts of draws, never arrays of all draws."""

from __future__ import annotations

import numpy as np

UNIT = 1e-12  # of the largest score: scores closer than this are tied, in whatever order they were added


def sorted_places(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sort each row of values (draws, m) from the best down.

    >>> [part.tolist() for part in sorted_places(np.array([[2.0, 5.0, 5.0]]))]
    [[[1, 2, 0]], [[0, 0, 2]]]
    """
    m = values.shape[1]
    bits = max(1, (m - 1).bit_length())
    largest = np.abs(values).max(initial=0.0)
    # Value and index in one whole number: sorting it is several times faster than sorting with an index.
    # 61 bits for both: the sign and a rounded last step still fit into 64.
    unit = max(UNIT, 2.0 ** (bits - 61)) * (largest or 1.0)
    keys = np.rint(values * (-1 / unit)).astype(np.int64) << bits
    keys |= np.arange(m)
    keys.sort(axis=1)
    order = keys & ((1 << bits) - 1)
    keys >>= bits
    shared = np.broadcast_to(np.arange(m), values.shape).copy()
    # 0 where the value is that of the place before: the running maximum then repeats its rank.
    shared[:, 1:][keys[:, 1:] == keys[:, :-1]] = 0
    return order, np.maximum.accumulate(shared, axis=1, out=shared)


def draw_ranks(values: np.ndarray) -> np.ndarray:
    """Rank each row of values (draws, m), 0 is best; tied values share the better rank.

    >>> draw_ranks(np.array([[2.0, 5.0, 5.0]])).tolist()
    [[2, 0, 0]]
    """
    order, shared = sorted_places(values)
    ranks = np.empty(values.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, shared, axis=1)
    return ranks


def rank_counts(order: np.ndarray, shared: np.ndarray) -> np.ndarray:
    """Count for each proposal how often it took each rank; from `sorted_places`, result (m, m).

    Of three draws the first wins two:

    >>> rank_counts(*sorted_places(np.array([[5.0, 1.0], [5.0, 2.0], [1.0, 3.0]]))).tolist()
    [[2, 1], [1, 2]]
    """
    m = order.shape[1]
    return np.bincount((order * m + shared).ravel(), minlength=m * m).reshape(m, m)


def win_counts(ranks: np.ndarray) -> np.ndarray:
    """Count twice how often i ranks above k, ties once each; (draws, m) -> (m, m).

    Two wins and a tie of the first in three draws; the diagonal ties with itself:

    >>> win_counts(draw_ranks(np.array([[5.0, 1.0], [5.0, 2.0], [3.0, 3.0]]))).tolist()
    [[3, 5], [1, 3]]
    """
    # One proposal at a time: all pairs at once would need draws x m x m numbers.
    m = ranks.shape[1]
    wins = np.empty((m, m), dtype=np.int64)
    for i in range(m):
        difference = ranks - ranks[:, i : i + 1]
        wins[i] = 2 * np.count_nonzero(difference > 0, axis=0) + np.count_nonzero(difference == 0, axis=0)
    np.fill_diagonal(wins, len(ranks))
    return wins
