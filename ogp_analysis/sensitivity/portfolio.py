"""All proposals under all sources of doubt at once: weights, cut points, rules and evaluators."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from ogp_analysis.assessment.adding import MEAN, PLAIN, SHARE, Adding, added
from ogp_analysis.assessment.vetoes import below
from ogp_analysis.model.records import CATEGORIES, CATEGORY_IN_PLAN
from ogp_analysis.sensitivity.acceptability import BY_ROUTE, CategoryTable, category_of
from ogp_analysis.sensitivity.adding_up import reached
from ogp_analysis.sensitivity.beliefs import WeightBelief
from ogp_analysis.sensitivity.core_set import set_counts
from ogp_analysis.sensitivity.draws import draw_cuts, draw_weights
from ogp_analysis.sensitivity.ranking import rank_counts, sorted_places
from ogp_analysis.sensitivity.rescoring import Scoring
from ogp_analysis.sensitivity.rounds import Round, Rounds
from ogp_analysis.sensitivity.ties import slack

GROUPS = ("weights", "cuts", "rule", "evaluators")
# Numbers in the largest array of a chunk: the ratings of its draws. It must not depend on the machine.
CELLS = 1 << 20
Drawn = np.ndarray | tuple[Round, ...]
TOP = 15  # of the ranking, on which the plan has a note (line 752)
ScoresOf = Callable[[Mapping[str, Drawn]], Sequence[np.ndarray]]


@dataclass(frozen=True)
class Portfolio:
    """Proposals and what is doubtful about them; a task for `simulate` and a model for `shares`.

    Parameters
    ----------
    scorings : tuple of Scoring
        How ratings become scores of each criterion, under every rule set.
    rounds : Rounds
        What another round of ratings is drawn from.
    weights : tuple of numpy.ndarray, shapes (n_1,) ... (n_k,)
        Baseline weights of each of k axes of the category table.
    beliefs : tuple of WeightBelief or None
        What is believed about them.
    criterion_weights : numpy.ndarray, shape (k,)
        Shares of the axes in the composite.
    cuts : tuple of numpy.ndarray
        Baseline cut points of each axis.
    half_width : tuple of float
        The cut points of each axis vary uniformly within it, each on its own (points).
    table : numpy.ndarray of int, shape (L_1, ..., L_k)
        Category table.
    route : numpy.ndarray of bool, shape (m,)
        Whether an institutional route is recorded.
    vary : tuple of str
        The groups of `GROUPS` that are drawn; the others stay at the baseline.
    parts : tuple of tuple of int, optional
        For each axis the places of the criteria that it is made of; one each by default.
    categories, by_route
        As in `category_probability`.
    adding : Adding, optional
        How scores are added up; the weighted mean by default.
    veto : Fraction or None
        An indicator below it bars a proposal from the best category.
    """

    scorings: tuple[Scoring, ...]
    rounds: Rounds
    weights: tuple[np.ndarray, ...]
    beliefs: tuple[WeightBelief | None, ...]
    criterion_weights: np.ndarray
    cuts: tuple[np.ndarray, ...]
    half_width: tuple[float, ...]
    table: np.ndarray
    route: np.ndarray
    vary: tuple[str, ...] = GROUPS
    parts: tuple[tuple[int, ...], ...] | None = None
    categories: int = len(CATEGORIES)
    by_route: tuple[int, int] = BY_ROUTE
    adding: Adding = PLAIN
    veto: Fraction | None = None

    @property
    def size(self) -> int:
        """Number of proposals."""
        return len(self.route)

    @property
    def doubtful(self) -> tuple[str, ...]:
        """The groups of `GROUPS` that can vary: a single indicator has one weighting, a jury no rule."""
        can = {
            "weights": self.weighed and any(len(weights) > 1 for weights in self.weights),
            "cuts": any(width > 0 for width in self.half_width),
            "rule": any(len(scoring.rules) > 1 for scoring in self.scorings),
            "evaluators": self.rounds.known,
        }
        return tuple(group for group in GROUPS if can[group])

    @property
    def weighed(self) -> bool:
        """Whether weights say anything: the lowest score is the lowest whatever they are."""
        return self.adding.kind != SHARE or self.adding.share < 1

    @property
    def linear(self) -> bool:
        """Whether all is a weighted mean and its level: no other way of adding up, no veto."""
        return self.adding.kind == MEAN and self.veto is None

    def scores(self) -> tuple[np.ndarray, ...]:
        """Give the baseline indicator scores of each axis, (m, n_1) ... (m, n_k)."""
        return tuple(self._joined([scoring.own for scoring in self.scorings]))

    def chunk_size(self) -> int:
        """Return the draws of a full chunk: fewer for more proposals."""
        ratings = sum(scoring.sheet.ratings[0].size for scoring in self.scorings if self.size)
        widest = sum(len(weights) for weights in self.weights)
        return max(1, CELLS // max(1, self.size * max(widest, ratings)))

    def draw(self, group: str, *, size: int, rng: np.random.Generator) -> Drawn:
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
        numpy.ndarray, shape (size, ...), or tuple of Round
            Weights or cut points of all axes side by side, places of the rule sets (size, criteria); for the
            evaluators the ratings of each criterion. Where these are the ones at hand, third evaluations that
            nobody gave are drawn all the same: another rule may call for them.
        """
        if group == "evaluators":
            return (self.rounds.draw if group in self.vary else self.rounds.held)(size, rng)
        if group not in self.vary:
            return self.settled(group, size)
        if group == "weights":
            pairs = zip(self.weights, self.beliefs, strict=True)
            drawn = [draw_weights(len(w), size=size, rng=rng, belief=belief) for w, belief in pairs]
            return np.concatenate(drawn, axis=1)
        if group == "cuts":
            doubted = zip(self.cuts, self.half_width, strict=True)
            drawn = [draw_cuts(cuts, half_width=width, size=size, rng=rng) for cuts, width in doubted]
            return np.concatenate(drawn, axis=1)
        return _draw_rules(self._choices, size, rng)

    @cached_property
    def _choices(self) -> list[dict[str, tuple[float | str, ...]]]:
        """The choices of each rule, by criterion: its rule sets are the product of them."""
        listed = [scoring.rules for scoring in self.scorings]
        return [
            {name: tuple(dict.fromkeys(each[name] for each in rules)) for name in rules[0]}
            for rules in listed
        ]

    def settled(self, group: str, size: int) -> np.ndarray:
        """Repeat baseline weights, cut points or rules ``size`` times, as a view that takes no memory."""
        baseline = {
            "weights": np.concatenate(self.weights),
            "cuts": np.concatenate(self.cuts),
            "rule": np.array([scoring.baseline for scoring in self.scorings]),
        }[group]
        return np.broadcast_to(baseline, (size, *baseline.shape))

    def _added(self, scores: Sequence[np.ndarray], weights: np.ndarray) -> np.ndarray:
        pairs = zip(scores, _split(weights, self.weights), strict=True)
        return np.stack([_added_up(x, own, self.adding) for x, own in pairs], axis=2)

    def barred(self, scores: Sequence[np.ndarray]) -> np.ndarray:
        """Say which proposals the veto bars, from indicator scores (..., m, n_1) ... (..., m, n_k)."""
        if self.veto is None:
            return np.zeros(scores[0].shape[:-1], dtype=bool)
        return np.any([below(x, self.veto) for x in scores], axis=0)

    def _unbarred(self, category: np.ndarray, barred: np.ndarray) -> np.ndarray:
        return (
            np.where(barred & (category == 1), min(2, self.categories), category)
            if barred.any()
            else category
        )

    def drawn(
        self, inputs: Mapping[str, Drawn], scores: ScoresOf | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Give the score of each axis (draws, m, k) and the category (draws, m) in each draw."""
        given = (scores or self.indicator_scores)(inputs)
        axes = self._added(given, _array(inputs, "weights"))
        return axes, self._unbarred(self.categorise(axes, _array(inputs, "cuts")), self.barred(given))

    def indicator_scores(self, inputs: Mapping[str, Drawn]) -> list[np.ndarray]:
        """Score the ratings of each draw, (draws, m, n_1) ... (draws, m, n_k)."""
        drawn, rules = zip(self.scorings, _rounds(inputs), strict=True), _array(inputs, "rule")
        return self._joined([one.scores(rules[:, k], each) for k, (one, each) in enumerate(drawn)])

    def _joined(self, of_criteria: Sequence[np.ndarray]) -> list[np.ndarray]:
        if self.parts is None:
            return list(of_criteria)
        return [np.concatenate([of_criteria[k] for k in part], axis=-1) for part in self.parts]

    def categorise(self, scores: np.ndarray, cuts: np.ndarray) -> np.ndarray:
        """Assign categories; scores (draws, m, k), cuts of all axes (draws, r), result (draws, m) from 1."""
        limits = _split(cuts, self.cuts)
        return self._category([_levels(scores[..., k], each) for k, each in enumerate(limits)])

    def _category(self, levels: Sequence[np.ndarray]) -> np.ndarray:
        place: np.ndarray = np.arange(self.size)
        for level, length in zip(levels, self._written_out.shape[1:], strict=True):
            place = place * length + level
        return self._written_out.ravel().take(place)

    def baseline(self) -> np.ndarray:
        """Return the category of each proposal by rule with everything at its baseline; shape (m,)."""
        return self._baseline.copy()

    @cached_property
    def _baseline(self) -> np.ndarray:
        # Exactly as the rule does it: here no draw is made, and rationals cost nothing.
        axes = zip(self.scores(), self.weights, self.cuts, strict=True)
        levels = [reached(x, w, cuts, self.adding).sum(axis=1) for x, w, cuts in axes]
        return self._unbarred(self._category(levels), self.barred(self.scores()))

    @property
    def written_out(self) -> np.ndarray:
        """Category of each proposal by level, (m, L_1, ..., L_k), with what the veto bars at the baseline."""
        barred = self.barred(self.scores())
        return self._unbarred(self._written_out, barred.reshape(-1, *(1 for _ in self.cuts)))

    @cached_property
    def _written_out(self) -> np.ndarray:
        return category_of(m=self.size, **self.category_table)

    @property
    def category_table(self) -> CategoryTable:
        """Category table and routes as the functions of this package take them."""
        return {
            "table": self.table,
            "route": self.route,
            "categories": self.categories,
            "by_route": self.by_route,
        }

    def box_of(self, category: int) -> tuple[int, ...] | None:
        """Give the lowest level on each axis that gives a category, if all from there on do, and no other.

        With such a box the weights of each axis can be asked apart; None where there is none, or where it is
        another for another proposal.
        """
        member = self._written_out == category
        cells = np.argwhere(member[0]) if self.size else np.zeros((0, 1), dtype=int)
        if not len(cells) or not (member == member[0]).all():
            return None
        lowest = cells.min(axis=0)
        whole = len(cells) == np.prod(np.array(member.shape[1:]) - lowest)
        return tuple(lowest.tolist()) if whole else None

    def outcomes(self, inputs: Mapping[str, Drawn], scores: ScoresOf | None = None) -> np.ndarray:
        """Say for each draw which proposals keep their category, and last whether all of category 1 do.

        Parameters
        ----------
        inputs : mapping of str to numpy.ndarray
            Draws by group, as from `inputs`.
        scores : callable, optional
            Used instead of `indicator_scores`.

        Returns
        -------
        numpy.ndarray, shape (draws, m + 1)
            1 where the category is the baseline one; in the last column 1 where every proposal now in
            category 1 stays in it ("the ten stay the ten"), by rule, decisions off.
        """
        base = self._baseline
        kept = self.drawn(inputs, scores)[1] == base
        ten = kept[:, base == CATEGORY_IN_PLAN].all(axis=1, keepdims=True)
        return np.concatenate([kept, ten], axis=1).astype(float)

    def inputs(self, size: int, seed: np.random.SeedSequence) -> dict[str, Drawn]:
        """Draw all groups, each from its own child seed: a group that is held fixed disturbs no other."""
        generators = [np.random.Generator(np.random.PCG64(child)) for child in seed.spawn(len(GROUPS))]
        return {g: self.draw(g, size=size, rng=rng) for g, rng in zip(GROUPS, generators, strict=True)}

    def count(self, size: int, seed: np.random.SeedSequence) -> dict[str, np.ndarray]:
        """Count categories, the fate of category 1, ranks and the top 15 of one chunk.

        Returns
        -------
        dict of str to numpy.ndarray of int
            ``categories`` (m, categories); ``kept`` (m,), draws in the baseline category; ``ten`` (1,), draws
            in which all of category 1 stay there; ``ranks`` (m, m); ``top`` (m,), draws among the first 15;
            what `core_set.set_counts` counts of category 1.
        """
        inputs = self.inputs(size, seed)
        scores, category = self.drawn(inputs)
        base = self._baseline
        in_plan = category == CATEGORY_IN_PLAN
        ranks = rank_counts(*sorted_places(scores @ self.criterion_weights))
        numbers = range(1, self.categories + 1)
        return {
            "categories": np.stack([(category == k).sum(axis=0) for k in numbers], axis=1),
            "kept": (category == base).sum(axis=0),
            "ten": in_plan[:, base == CATEGORY_IN_PLAN].all(axis=1).sum(keepdims=True),
            **set_counts(in_plan, base == CATEGORY_IN_PLAN),
            "ranks": ranks,
            "top": ranks[:, :TOP].sum(axis=1),
        }


def outcomes_of_mixtures(portfolio: Portfolio) -> Callable[[Mapping[str, Drawn]], np.ndarray]:
    """Make a model of `Portfolio.outcomes` for calls that mix two draws of each group in every way.

    Indicator scores depend on rules and evaluators alone, so that of 16 mixtures each four share theirs.
    """
    known: dict[tuple[int, int], tuple[tuple[Drawn, Drawn], Sequence[np.ndarray]]] = {}

    def scores(inputs: Mapping[str, Drawn]) -> Sequence[np.ndarray]:
        used = (inputs["rule"], inputs["evaluators"])
        key = (id(used[0]), id(used[1]))
        if key not in known:
            if len(known) == MIXTURES:
                known.clear()
            # The draws are kept too: while they are, no other array can have their identity.
            known[key] = (used, portfolio.indicator_scores(inputs))
        return known[key][1]

    return lambda inputs: portfolio.outcomes(inputs, scores)


MIXTURES = 4  # of the scores: two draws each of the rules and of the evaluators


def _array(inputs: Mapping[str, Drawn], group: str) -> np.ndarray:
    """Take the weights, cut points or rules of the draws: rows of numbers."""
    drawn = inputs[group]
    assert isinstance(drawn, np.ndarray), group
    return drawn


def _rounds(inputs: Mapping[str, Drawn]) -> tuple[Round, ...]:
    """Take the ratings of the draws: a round for each criterion."""
    drawn = inputs["evaluators"]
    assert isinstance(drawn, tuple)
    return drawn


def _split(together: np.ndarray, like: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Part what stands side by side, (draws, n_1 + ... + n_k), by the lengths of the axes."""
    return np.split(together, np.cumsum([len(each) for each in like])[:-1], axis=1)


def _draw_rules(offered: Sequence[Mapping[str, tuple]], size: int, rng: np.random.Generator) -> np.ndarray:
    """Draw a rule set for each criterion; a rule that offers several the same choices is drawn once."""
    drawn: dict[tuple, np.ndarray] = {}
    places = []
    for choices_of in offered:
        place = np.zeros(size, dtype=np.intp)
        for name, choices in choices_of.items():
            if (name, choices) not in drawn:
                drawn[name, choices] = rng.integers(0, len(choices), size=size)
            # Rule sets are listed as the product of their choices, the last one running fastest.
            place = place * len(choices) + drawn[name, choices]
        places.append(place)
    return np.stack(places, axis=1)


def _added_up(scores: np.ndarray, weights: np.ndarray, adding: Adding) -> np.ndarray:
    """Add up the scores of each draw, (draws, m, n), with its weights, (draws, n)."""
    if adding.kind == MEAN:
        return np.einsum("dmn,dn->dm", scores, weights)
    return added(scores, weights[:, None, :], adding)


def _levels(scores: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    limits = cuts - slack(cuts)  # rationals, as in `ties`, would be too slow for every draw
    levels = np.zeros(scores.shape, dtype=np.intp)
    for cut in range(limits.shape[1]):
        levels += scores >= limits[:, cut, None]
    return levels
