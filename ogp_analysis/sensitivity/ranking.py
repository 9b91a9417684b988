"""Ranks under random weights: counts of draws, never arrays of all draws."""

from __future__ import annotations

import numpy as np

DECIMALS = 12  # scores closer than this are tied, whatever order the machine added them in


def draw_ranks(values: np.ndarray) -> np.ndarray:
    """Rank each row of values (draws, m), 0 is best; tied values share the better rank."""
    values = np.round(values, DECIMALS)
    order = np.argsort(-values, axis=1, kind="stable")
    sorted_values = np.take_along_axis(values, order, axis=1)
    position = np.broadcast_to(np.arange(values.shape[1]), values.shape)
    new = np.ones(values.shape, dtype=bool)
    new[:, 1:] = sorted_values[:, 1:] < sorted_values[:, :-1]
    shared = np.maximum.accumulate(np.where(new, position, 0), axis=1)
    ranks = np.empty(values.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, shared, axis=1)
    return ranks


def rank_counts(ranks: np.ndarray) -> np.ndarray:
    """Count for each proposal how often it took each rank; (draws, m) -> (m, m)."""
    m = ranks.shape[1]
    return np.bincount((np.arange(m) * m + ranks).ravel(), minlength=m * m).reshape(m, m)


def win_counts(ranks: np.ndarray) -> np.ndarray:
    """Count twice how often i ranks above k, ties once each; (draws, m) -> (m, m)."""
    m = ranks.shape[1]
    wins = np.empty((m, m), dtype=np.int64)
    for i in range(m):
        difference = ranks - ranks[:, i : i + 1]
        wins[i] = 2 * np.count_nonzero(difference > 0, axis=0) + np.count_nonzero(difference == 0, axis=0)
    np.fill_diagonal(wins, len(ranks))
    return wins
