"""Every pattern of errors that can happen: merged, enumerated, or convolved where the weights are fixed."""

from __future__ import annotations

from functools import reduce
from math import prod

import numpy as np

from ogp_analysis.errors import StatisticsError
from ogp_analysis.sensitivity.statement import WeightBelief, belief_probability
from ogp_analysis.sensitivity.ties import slack

LARGEST_PATTERNS = 200_000  # patterns of one proposal
LARGEST_TOTAL = 2_000_000  # patterns of all proposals, where equal ratings are merged first
IMPOSSIBLE = 1e-12  # a score less likely than this is dropped: over n indicators at most n L times as much


def too_many(patterns: str) -> StatisticsError:
    """Make the refusal of a number of patterns."""
    return StatisticsError(
        f"{patterns} patterns are too many to enumerate; use fewer values, or sampled_noise"
    )


def _supports(values: np.ndarray, pmf: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Different scores of each indicator of one proposal (n, L) and their probabilities."""
    return [_gathered(x[p >= IMPOSSIBLE], p[p >= IMPOSSIBLE]) for x, p in zip(values, pmf, strict=True)]


def _gathered(values: np.ndarray, pmf: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Add the probabilities of values that are equal but for rounding; they sum to 1 again."""
    kept, place = np.unique(np.round(values, 9), return_inverse=True)
    first = np.full(len(kept), -1)
    first[place[::-1]] = np.arange(len(values))[::-1]
    total = np.bincount(place, weights=pmf)
    return values[first], total / total.sum()


def merged_probability(
    values: np.ndarray,
    pmf: np.ndarray,
    cuts: np.ndarray,
    weights: np.ndarray | None,
    belief: WeightBelief | None,
) -> np.ndarray:
    """P(w.X >= cut) of each proposal, (m, n, L) -> (m, r), after merging equal scores.

    Raises
    ------
    StatisticsError
        Too many patterns are left.
    """
    rows = [_supports(x, p) for x, p in zip(values, pmf, strict=True)]
    if weights is not None:
        return np.stack([_convolved(row, weights, cuts) for row in rows])
    sizes = [prod(len(x) for x, _ in row) for row in rows]
    if max(sizes) > LARGEST_PATTERNS or sum(sizes) > LARGEST_TOTAL:
        patterns = f"up to {max(sizes)}, together {sum(sizes)}"
        raise too_many(patterns)
    found = []
    for row in rows:
        x = np.stack([axis.ravel() for axis in np.meshgrid(*(x for x, _ in row), indexing="ij")], axis=1)
        p = reduce(np.multiply.outer, (p for _, p in row)).ravel()
        found.append(p @ pattern_reached(x, cuts, None, belief))
    return np.clip(np.stack(found), 0, 1)


def _convolved(row: list[tuple[np.ndarray, np.ndarray]], weights: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    """P(w.X >= cut) of one proposal: weighted scores are added one indicator at a time, equal sums merged."""
    sums, chance = np.zeros(1), np.ones(1)
    for (x, p), weight in zip(row, weights, strict=True):
        if len(sums) * len(x) > LARGEST_TOTAL:
            patterns = f"{len(sums)} sums times {len(x)}"
            raise too_many(patterns)
        added = np.add.outer(sums, weight * x).ravel()
        sums, chance = _gathered(added, np.multiply.outer(chance, p).ravel())
    return np.clip(chance @ (sums[:, None] >= cuts - slack(cuts)), 0, 1)


def pattern_reached(
    x: np.ndarray, cuts: np.ndarray, weights: np.ndarray | None, belief: WeightBelief | None
) -> np.ndarray:
    """P(w.x >= cut) of each pattern, (N, n) -> (N, r)."""
    if weights is None and (belief is None or belief.route == "uniform"):
        return belief_probability(x, cuts)
    if weights is None:  # slower routes: scores on a short scale repeat, so each pattern is computed once
        patterns, place = np.unique(x, axis=0, return_inverse=True)
        return belief_probability(patterns, cuts, belief)[place.ravel()]
    # A tolerance here: rationals for every pattern would cost more than the whole sum.
    return ((x @ weights)[:, None] >= cuts - slack(cuts)).astype(float)
