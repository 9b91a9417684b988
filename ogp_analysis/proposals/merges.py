"""Steps by which single texts become ever fewer groups: what groups there are after any of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

# Counts of groups that the curve shows: enough to see its bend on one screen.
SHOWN = 12


@dataclass(frozen=True)
class Merges:
    """A tree of groups.

    Parameters
    ----------
    count : int
        Number of texts; they are groups 0 to count - 1, and step k makes group count + k.
    pairs : numpy.ndarray of int, shape (steps, 2)
        The two groups of each step.
    similarity : numpy.ndarray of float, shape (steps,)
        How alike they are on average, falling, in (0, 1].
    """

    count: int
    pairs: np.ndarray
    similarity: np.ndarray

    @classmethod
    def of(cls, count: int, steps: list[tuple[int, int, float]]) -> Merges:
        """Take a list of steps."""
        pairs = np.array([step[:2] for step in steps], dtype=np.int64).reshape(-1, 2)
        return cls(count, pairs, np.array([step[2] for step in steps], dtype=float))

    @property
    def fewest(self) -> int:
        """The fewest groups there can be: what nothing ties stays apart."""
        return self.count - len(self.pairs)

    def steps_to(self, groups: int) -> int:
        """Count the steps after which there are so many groups, or as near to it as can be."""
        return int(np.clip(self.count - groups, 0, len(self.pairs)))

    def steps_from(self, threshold: float) -> int:
        """Count the steps whose groups are at least so similar."""
        # A hair below, so that texts exactly at the threshold go together whatever the last bit says.
        return int((self.similarity >= threshold - 1e-9).sum())

    def joined_at(self, steps: int) -> np.ndarray:
        """Give for the group of each text how alike the last two parts of it are; 1 for a text alone.

        >>> Merges.of(3, [(1, 2, 0.5)]).joined_at(1).tolist()
        [1.0, 0.5, 0.5]
        """
        above, alike = np.arange(self.count + steps), np.ones(self.count + steps)
        for step, (a, b) in enumerate(self.pairs[:steps].tolist(), start=self.count):
            above[a] = above[b] = step
            alike[step] = self.similarity[step - self.count]
        for node in range(self.count + steps - 1, -1, -1):
            alike[node] = alike[above[node]]
        return alike[: self.count]

    def labels(self, steps: int) -> np.ndarray:
        """Give the group of each text after so many steps: the lowest text of the group.

        >>> Merges.of(3, [(1, 2, 0.5)]).labels(1).tolist()
        [0, 1, 1]
        """
        lowest = np.arange(self.count + steps)
        above = np.arange(self.count + steps)
        for step, (a, b) in enumerate(self.pairs[:steps].tolist(), start=self.count):
            above[a] = above[b] = step
            lowest[step] = min(lowest[a], lowest[b])
        for node in range(self.count + steps - 1, -1, -1):
            lowest[node] = lowest[above[node]]
        return lowest[: self.count]


def curve(merges: Merges, weights: np.ndarray, steps: int) -> pd.DataFrame:
    """Show what other numbers of groups would give.

    Parameters
    ----------
    merges : Merges
        Of the texts, copies left out.
    weights : numpy.ndarray of int, shape (count,)
        Proposals that each text stands for.
    steps : int
        The step that is chosen.

    Returns
    -------
    pandas.DataFrame
        ``groups``, ``similarity`` (of the last two that were put together; 1 before any), ``largest``
        (proposals of the largest group), ``alone`` (groups of one proposal) and ``chosen`` (yes or empty),
        from many groups to few.

    Examples
    --------
    >>> merges = Merges.of(3, [(0, 1, 0.9), (2, 3, 0.4)])
    >>> curve(merges, np.array([1, 1, 5]), 1).values.tolist()
    [[3, 1.0, 5, 2, ''], [2, 0.9, 5, 0, 'yes'], [1, 0.4, 7, 0, '']]
    """
    largest, alone = _sizes(merges, weights)
    shown = sorted({0, steps, len(merges.pairs), *_spread(merges)})
    last = np.concatenate([[1.0], merges.similarity])
    rows = [
        (
            merges.count - k,
            round(float(last[k]), 6),
            int(largest[k]),
            int(alone[k]),
            "yes" if k == steps else "",
        )
        for k in shown
    ]
    return pd.DataFrame(rows, columns=["groups", "similarity", "largest", "alone", "chosen"])


def _spread(merges: Merges) -> list[int]:
    """Spread numbers of groups evenly by ratio: 8 and 4 groups differ as 800 and 400 do."""
    groups = np.geomspace(max(merges.count, 1), max(merges.fewest, 1), SHOWN).round().astype(int)
    return [merges.steps_to(int(group)) for group in groups]


def _sizes(merges: Merges, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    sizes = weights.tolist()
    largest, alone = [max(sizes, default=0)], [sizes.count(1)]
    for a, b in merges.pairs.tolist():
        sizes.append(sizes[a] + sizes[b])
        largest.append(max(largest[-1], sizes[-1]))
        alone.append(alone[-1] - (sizes[a] == 1) - (sizes[b] == 1))
    return np.array(largest), np.array(alone)
