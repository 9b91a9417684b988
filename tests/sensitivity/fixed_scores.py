"""Stand-ins for ratings: scores that are listed by rule set and by round of ratings."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np


@dataclass
class FixedScores:
    """Scores of one criterion: rule sets, rounds, proposals, indicators; number 0 are the own ones."""

    table: np.ndarray
    rules: tuple[dict, ...] = ({},)
    baseline: int = 0

    @property
    def own(self):
        return self.table[self.baseline, 0]

    @property
    def sheet(self):
        return SimpleNamespace(ratings=self.own)

    def scores(self, places, rounds):
        return self.table[places[:, None], rounds, np.arange(self.table.shape[2])]


@dataclass
class FixedRounds:
    """As many rounds for each criterion as are listed, all alike likely, for each proposal on its own."""

    sizes: tuple[int, ...]
    proposals: int

    @property
    def known(self):
        return max(self.sizes) > 1

    def draw(self, size, rng):
        return tuple(rng.integers(0, k, (size, self.proposals)) for k in self.sizes)

    def held(self, size, rng):
        return tuple(np.zeros((size, self.proposals), dtype=int) for _ in self.sizes)


def fixed(*scorings):
    """Scorings and rounds as a portfolio takes them."""
    sizes = tuple(one.table.shape[1] for one in scorings)
    return {"scorings": scorings, "rounds": FixedRounds(sizes, scorings[0].table.shape[2])}
