"""All proposals under all sources of doubt at once: weights, cut points, rules and evaluators."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ogp_analysis.model.records import CATEGORIES, CATEGORY_IN_PLAN
from ogp_analysis.sensitivity.acceptability import category_of
from ogp_analysis.sensitivity.beliefs import WeightBelief
from ogp_analysis.sensitivity.draws import draw_cuts, draw_weights
from ogp_analysis.sensitivity.ranking import rank_counts, sorted_places
from ogp_analysis.sensitivity.rescoring import ScoreBank
from ogp_analysis.sensitivity.sampling import CELLS
from ogp_analysis.sensitivity.ties import sides, slack

GROUPS = ("first_weights", "second_weights", "cuts", "rule", "evaluators")
MIXTURES = 32  # of a level: two draws of each of four groups, for two criteria
TOP = 15  # of the ranking, on which the plan has a note (line 752)
LevelsOf = Callable[[int, Mapping[str, np.ndarray]], np.ndarray]


@dataclass(frozen=True)
class Portfolio:
    """Proposals and what is doubtful about them; a task for `simulate` and a model for `shares`.

    Parameters
    ----------
    banks : pair of ScoreBank
        Scores of the two criteria under every rule set and evaluator pattern.
    weights : pair of numpy.ndarray, shapes (n_a,) and (n_b,)
        Baseline weights.
    beliefs : pair of WeightBelief or None
        What is believed about them.
    criterion_weights : numpy.ndarray, shape (2,)
        Shares of the criteria in the composite.
    cuts : numpy.ndarray, shape (2, 2)
        Baseline cut points of each criterion.
    half_width : float
        Cut points vary uniformly within it, each on its own (points).
    table : numpy.ndarray of int, shape (3, 3)
        Category table.
    route : numpy.ndarray of bool, shape (m,)
        Whether an institutional route is recorded.
    vary : tuple of str
        The groups of `GROUPS` that are drawn; the others stay at the baseline.

    Examples
    --------
    One proposal, rated 1 and 5 on the first criterion and 4 and 4 on the second, is medium and high:

    >>> scores = [np.array([[[row]]]) for row in ([1, 5], [4, 4])]
    >>> banks = tuple(ScoreBank(x, np.ones(1), ({},), 0, np.zeros(1, int)) for x in scores)
    >>> half, table = np.full(2, 0.5), np.array([[0, 0, 0], [0, 2, 2], [0, 2, 1]])
    >>> cuts, route = np.array([[2.5, 3.5]] * 2), np.zeros(1, bool)
    >>> one = Portfolio(banks, (half, half), (None, None), half, cuts, 0.25, table, route)
    >>> one.baseline().tolist()
    [2]
    """

    banks: tuple[ScoreBank, ScoreBank]
    weights: tuple[np.ndarray, np.ndarray]
    beliefs: tuple[WeightBelief | None, WeightBelief | None]
    criterion_weights: np.ndarray
    cuts: np.ndarray
    half_width: float
    table: np.ndarray
    route: np.ndarray
    vary: tuple[str, ...] = GROUPS

    @property
    def size(self) -> int:
        """Number of proposals."""
        return len(self.route)

    def chunk_size(self) -> int:
        """Return the draws of a full chunk: fewer for more proposals."""
        widest = max(bank.scores.shape[3] for bank in self.banks)
        return max(1, CELLS // max(1, self.size * widest))

    def draw(self, group: str, *, size: int, rng: np.random.Generator) -> np.ndarray:
        """Draw one group of inputs, or repeat its baseline where it does not vary.

        Parameters
        ----------
        group : str
            One of `GROUPS`.
        size : int
            Number of draws.
        rng : numpy.random.Generator
            Source of the draws.

        Returns
        -------
        numpy.ndarray, shape (size, ...)
            Weights (size, n), cut points (size, 2, 2), places of the rule sets (size, 2) or of the evaluator
            patterns (size, 2, m).
        """
        if group not in self.vary:
            return self.settled(group, size)
        if group in GROUPS[:2]:
            k = GROUPS.index(group)
            return draw_weights(len(self.weights[k]), size=size, rng=rng, belief=self.beliefs[k])
        if group == "cuts":
            return draw_cuts(self.cuts, half_width=self.half_width, size=size, rng=rng)
        if group == "rule":
            return self._draw_rules(size, rng)
        # A pattern for each proposal: its evaluators are drawn again independently of other proposals.
        patterns = [rng.choice(len(b.shares), size=(size, self.size), p=b.shares) for b in self.banks]
        return np.stack(patterns, axis=1).astype(np.int16)

    def settled(self, group: str, size: int) -> np.ndarray:
        """Repeat the baseline of one group of inputs ``size`` times, as a view that takes no memory."""
        baseline = {
            "first_weights": self.weights[0],
            "second_weights": self.weights[1],
            "cuts": self.cuts,
            "rule": np.array([bank.baseline for bank in self.banks]),
            "evaluators": np.zeros((2, self.size), dtype=np.int16),
        }[group]
        return np.broadcast_to(baseline, (size, *baseline.shape))

    def _draw_rules(self, size: int, rng: np.random.Generator) -> np.ndarray:
        first, second = (bank.rules for bank in self.banks)
        chosen = rng.integers(0, len(second), size=size)
        shared = [name for name in first[0] if name in second[0] and _alike(name, first, second)]
        if not shared:
            return np.stack([rng.integers(0, len(first), size=size), chosen], axis=1)
        # A rule that offers both criteria the same choices is drawn once; the others each on their own.
        same = np.array(
            [[k for k, a in enumerate(first) if all(a[n] == b[n] for n in shared)] for b in second]
        )
        pick = rng.integers(0, same.shape[1], size=size) if same.shape[1] > 1 else 0
        return np.stack([same[chosen, pick], chosen], axis=1)

    def criterion_scores(self, inputs: Mapping[str, np.ndarray]) -> np.ndarray:
        """Compute the criterion scores of each draw; shape (draws, m, 2).

        Parameters
        ----------
        inputs : mapping of str to numpy.ndarray
            Draws by group, as from `inputs`; the cut points are not read.
        """
        return np.stack([self._scores(k, inputs) for k in range(len(self.banks))], axis=2)

    def _scores(self, k: int, inputs: Mapping[str, np.ndarray]) -> np.ndarray:
        bank = self.banks[k]
        rule, pattern = inputs["rule"][:, k, None], inputs["evaluators"][:, k].astype(np.intp)
        # One flat index: several times faster than three index arrays.
        place = (rule * len(bank.shares) + pattern) * self.size + np.arange(self.size)
        scores = bank.scores.reshape(-1, bank.scores.shape[3]).take(place, axis=0)
        return np.einsum("dmn,dn->dm", scores, inputs[GROUPS[k]])

    def categories(self, scores: np.ndarray, cuts: np.ndarray) -> np.ndarray:
        """Assign categories; scores (draws, m, 2), cuts (draws, 2, 2), result (draws, m) from 1 to 4."""
        return self._category(*(_levels(scores[..., k], cuts[:, k]) for k in range(len(self.banks))))

    def _category(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        member = self._written_out
        place = (np.arange(self.size) * member.shape[1] + first) * member.shape[2] + second
        return member.ravel().take(place)

    def levels(self, k: int, inputs: Mapping[str, np.ndarray]) -> np.ndarray:
        """Find the level of criterion k in each draw; shape (draws, m), 0 low, 1 medium, 2 high."""
        return _levels(self._scores(k, inputs), inputs["cuts"][:, k])

    def baseline(self) -> np.ndarray:
        """Return the category of each proposal by rule with everything at its baseline; shape (m,)."""
        return self._baseline.copy()

    @cached_property
    def _baseline(self) -> np.ndarray:
        # Exactly as the rule does it: here no draw is made, and rationals cost nothing.
        reached = [
            sides(bank.own, weights, cuts) >= 0
            for bank, weights, cuts in zip(self.banks, self.weights, self.cuts, strict=True)
        ]
        return self._category(*(each.sum(axis=1) for each in reached))

    @cached_property
    def _written_out(self) -> np.ndarray:
        return category_of(self.table, self.route, self.size)

    def outcomes(self, inputs: Mapping[str, np.ndarray], levels: LevelsOf | None = None) -> np.ndarray:
        """Say for each draw which proposals keep their category, and last whether all of category 1 do.

        Parameters
        ----------
        inputs : mapping of str to numpy.ndarray
            Draws by group, as from `inputs`.
        levels : callable, optional
            Used instead of `levels`.

        Returns
        -------
        numpy.ndarray, shape (draws, m + 1)
            1 where the category is the baseline one; in the last column 1 where every proposal now in
            category 1 stays in it ("the ten stay the ten"), by rule, decisions off.
        """
        base, levels = self._baseline, levels or self.levels
        kept = self._category(levels(0, inputs), levels(1, inputs)) == base
        ten = kept[:, base == CATEGORY_IN_PLAN].all(axis=1, keepdims=True)
        return np.concatenate([kept, ten], axis=1).astype(float)

    def inputs(self, size: int, seed: np.random.SeedSequence) -> dict[str, np.ndarray]:
        """Draw all groups, each from its own child seed: a group that is held fixed disturbs no other."""
        generators = [np.random.Generator(np.random.PCG64(child)) for child in seed.spawn(len(GROUPS))]
        return {g: self.draw(g, size=size, rng=rng) for g, rng in zip(GROUPS, generators, strict=True)}

    def count(self, size: int, seed: np.random.SeedSequence) -> dict[str, np.ndarray]:
        """Count categories, the fate of category 1, ranks and the top 15 of one chunk.

        Returns
        -------
        dict of str to numpy.ndarray of int
            ``categories`` (m, 4); ``kept`` (m,), draws in the baseline category; ``ten`` (1,), draws in which
            all of category 1 stay there; ``in_plan`` (m + 1,), draws by the size of category 1; ``ranks``
            (m, m); ``top`` (m,), draws among the first 15.
        """
        inputs = self.inputs(size, seed)
        scores = self.criterion_scores(inputs)
        category = self.categories(scores, inputs["cuts"])
        base = self._baseline
        in_plan = category == CATEGORY_IN_PLAN
        ranks = rank_counts(*sorted_places(scores @ self.criterion_weights))
        return {
            "categories": np.stack([(category == k).sum(axis=0) for k in CATEGORIES], axis=1),
            "kept": (category == base).sum(axis=0),
            "ten": in_plan[:, base == CATEGORY_IN_PLAN].all(axis=1).sum(keepdims=True),
            "in_plan": np.bincount(in_plan.sum(axis=1), minlength=self.size + 1),
            "ranks": ranks,
            "top": ranks[:, :TOP].sum(axis=1),
        }


def outcomes_of_mixtures(portfolio: Portfolio) -> Callable[[Mapping[str, np.ndarray]], np.ndarray]:
    """Make a model of `Portfolio.outcomes` for calls that mix two draws of each group in every way.

    The level of a criterion depends on four of the five groups, so the 32 mixtures hold each level twice or
    more; here it is computed once.

    >>> scores = [np.array([[[row]]]) for row in ([1, 5], [4, 4])]
    >>> banks = tuple(ScoreBank(x, np.ones(1), ({},), 0, np.zeros(1, int)) for x in scores)
    >>> half, table = np.full(2, 0.5), np.array([[0, 0, 0], [0, 2, 2], [0, 2, 1]])
    >>> cuts, route = np.array([[2.5, 3.5]] * 2), np.zeros(1, bool)
    >>> one = Portfolio(banks, (half, half), (None, None), half, cuts, 0.25, table, route)
    >>> inputs = one.inputs(3, np.random.SeedSequence(1))
    >>> bool((outcomes_of_mixtures(one)(inputs) == one.outcomes(inputs)).all())
    True
    """
    known: dict[tuple[int, ...], tuple[list[np.ndarray], np.ndarray]] = {}

    def levels(k: int, inputs: Mapping[str, np.ndarray]) -> np.ndarray:
        used = [inputs[group] for group in (GROUPS[k], *GROUPS[2:])]
        key = (k, *map(id, used))
        if key not in known:
            if len(known) == MIXTURES:
                known.clear()
            # The draws are kept too: while they are, no other array can have their identity.
            known[key] = (used, portfolio.levels(k, inputs))
        return known[key][1]

    return lambda inputs: portfolio.outcomes(inputs, levels)


def _levels(scores: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    limits = cuts - slack(cuts)  # rationals, as in `ties`, would be too slow for every draw
    levels = np.zeros(scores.shape, dtype=np.intp)
    for cut in range(limits.shape[1]):
        levels += scores >= limits[:, cut, None]
    return levels


def _alike(name: str, first: Sequence[Mapping], second: Sequence[Mapping]) -> bool:
    return {rules[name] for rules in first} == {rules[name] for rules in second}
