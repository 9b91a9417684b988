"""Average linkage of very many texts of which only similar pairs are known; all other pairs count as 0."""

from __future__ import annotations

import heapq

import numpy as np

from ogp_analysis.proposals.merges import Merges

DIGITS = 9


def link(count: int, first: np.ndarray, second: np.ndarray, similarity: np.ndarray) -> Merges:
    """Merge texts step by step, always the two groups whose members are most alike on average.

    Parameters
    ----------
    count : int
        Number of texts.
    first, second : numpy.ndarray of int, shape (m,)
        Pairs that are known; a pair may stand twice, in either direction.
    similarity : numpy.ndarray of float, shape (m,)
        Theirs, in (0, 1].

    Returns
    -------
    Merges
        Two groups and their mean similarity at each step, the most similar first; groups that no pair ties
        stay apart. With all pairs this is average linkage (Sokal and Michener 1958).

    Examples
    --------
    >>> link(3, np.array([0, 1, 0]), np.array([1, 2, 2]), np.array([0.9, 0.5, 0.1])).similarity.tolist()
    [0.9, 0.3]
    """
    groups = _Groups(count, first, second, similarity)
    steps: list[tuple[int, int, float]] = []
    while groups.heap:
        negative, a, b = heapq.heappop(groups.heap)
        if b not in groups.sums[a]:
            continue  # one of the two is part of another group by now
        now = groups.mean(a, b)
        if now < -negative:
            # The groups have grown since: what they tie counts for less, and others may come first.
            heapq.heappush(groups.heap, (-now, a, b))
            continue
        steps.append((groups.number[a], groups.number[b], now))
        groups.merge(a, b, count + len(steps) - 1)
    return Merges.of(count, steps)


class _Groups:
    """Groups, each under the number of one of its texts, and their sums of similarities with others."""

    def __init__(self, count: int, first: np.ndarray, second: np.ndarray, similarity: np.ndarray) -> None:
        self.sums: list[dict[int, float]] = [{} for _ in range(count)]
        for a, b, value in zip(first.tolist(), second.tolist(), similarity.tolist(), strict=True):
            self.sums[a][b] = self.sums[b][a] = value
        self.sizes = [1] * count
        self.number = list(range(count))
        # The best pair stands first; of equal ones the lower numbers, on every machine.
        self.heap = [(-self.mean(a, b), a, b) for a in range(count) for b in self.sums[a] if a < b]
        heapq.heapify(self.heap)

    def mean(self, a: int, b: int) -> float:
        """Give the mean similarity of two groups; digits that are the same on every machine."""
        return round(self.sums[a][b] / (self.sizes[a] * self.sizes[b]), DIGITS)

    def merge(self, a: int, b: int, number: int) -> None:
        """Put the group with fewer ties into the other: a step takes as long as the fewer are many."""
        kept, gone = (a, b) if len(self.sums[a]) >= len(self.sums[b]) else (b, a)
        del self.sums[kept][gone], self.sums[gone][kept]
        self.sizes[kept] += self.sizes[gone]
        for other, value in self.sums[gone].items():
            del self.sums[other][gone]
            total = self.sums[kept].get(other, 0.0) + value
            self.sums[kept][other] = self.sums[other][kept] = total
            # An average of two is no larger than the larger one: pairs of the kept group stand high enough.
            low, high = min(kept, other), max(kept, other)
            heapq.heappush(self.heap, (-self.mean(low, high), low, high))
        self.sums[gone] = {}
        self.number[kept] = number
