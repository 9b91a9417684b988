"""The composite of all criteria as the one axis that is cut into levels, where a method says so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import compress

import numpy as np

from ogp_analysis.assessment import scoring
from ogp_analysis.assessment.adding import MEAN, PLAIN, Adding, added, adding_of, reaches_exactly
from ogp_analysis.assessment.batch import Scored
from ogp_analysis.assessment.criterion_rule import Weighing
from ogp_analysis.assessment.open_levels import levels_of_options, levels_of_sums
from ogp_analysis.model.params import Parameters


@dataclass(frozen=True)
class CompositeWeighing:
    """Weights and cut points of the composite as the fractions that were written.

    Parameters
    ----------
    criteria : tuple of Fraction
        Share of each criterion.
    indicators : tuple of tuple of Fraction
        Share of each indicator in its criterion.
    cuts : tuple of Fraction
        Rising, in points.
    adding : Adding
        How scores are added up, within criteria and of them: a geometric mean of geometric means is one of
        all indicators with the products as weights, and so are harmonic means and the lowest score.
    """

    criteria: tuple[Fraction, ...]
    indicators: tuple[tuple[Fraction, ...], ...]
    cuts: tuple[Fraction, ...]
    adding: Adding = PLAIN

    @property
    def joint(self) -> Weighing:
        """One weight for each indicator of all criteria: the products."""
        pairs = zip(self.criteria, self.indicators, strict=True)
        weights = tuple(share * part for share, parts in pairs for part in parts)
        return Weighing(weights, self.cuts, self.adding)

    def of_given(self, given: Sequence[Sequence[bool]]) -> Weighing:
        """One weight for each indicator; one not given leaves its weight to the others of its criterion."""
        weights = []
        for share, parts, there in zip(self.criteria, self.indicators, given, strict=True):
            kept = [part if known else Fraction(0) for part, known in zip(parts, there, strict=True)]
            weights += [share * part / sum(kept) for part in kept]
        return Weighing(tuple(weights), self.cuts, self.adding)


def composite_weighing(parameters: Parameters) -> CompositeWeighing:
    """Take from the parameters how the composite is made and cut."""
    criteria, indicators = parameters.exact("criterion_weights"), parameters.exact("indicator_weights")
    return CompositeWeighing(
        tuple(criteria[one.name] for one in parameters.method.criteria),
        tuple(tuple(indicators[i.name] for i in one.indicators) for one in parameters.method.criteria),
        parameters.exact_cuts(parameters.method.axes[0].name),
        adding_of(parameters),
    )


@dataclass(frozen=True, eq=False)
class CompositeScored:
    """The composite of m proposals under s scenarios; stands for the one axis of the method's table.

    Parameters
    ----------
    parts : sequence of Scored
        The criteria.
    which : sequence of ndarray of int, shape (s,)
        For each criterion the place of each scenario's rule.
    weighings : sequence of CompositeWeighing
        One a scenario.
    means : ndarray, shape (s, m)
        Composite in points; NaN where a criterion has no score.
    codes : ndarray of int, shape (s, m)
        Levels, from 0; -1 where there is none.
    unresolved : ndarray of bool, shape (s, m)
        Whether a pair lacks a third evaluation that its rule calls for.
    """

    parts: Sequence[Scored]
    which: Sequence[np.ndarray]
    weighings: Sequence[CompositeWeighing]
    means: np.ndarray
    codes: np.ndarray
    unresolved: np.ndarray

    def levels(self, places: np.ndarray, proposals: np.ndarray) -> np.ndarray:
        """Say which levels each (scenario, proposal) could reach, as bools (p, levels); none known: all."""
        levels = np.empty((len(places), len(self.weighings[0].cuts) + 1), dtype=bool)
        for row, (place, proposal) in enumerate(zip(places, proposals, strict=True)):
            levels[row] = self._reached(int(place), int(proposal))
        return levels

    def _reached(self, scenario: int, proposal: int) -> np.ndarray:
        one = self.weighings[scenario]
        own = self.codes[scenario, proposal]
        numbers = np.arange(len(one.cuts) + 1)
        if own >= 0:
            return numbers == own
        if one.adding.kind != MEAN:
            return self._tried(scenario, proposal)
        sums = [
            part.open_scores(int(places[scenario]), proposal)
            for part, places in zip(self.parts, self.which, strict=True)
        ]
        if not all(sums):
            return np.ones(len(numbers), dtype=bool)
        weighed = [[w * score for score in scores] for w, scores in zip(one.criteria, sums, strict=True)]
        return np.isin(numbers, levels_of_sums(weighed, list(one.cuts)))

    def _tried(self, scenario: int, proposal: int) -> np.ndarray:
        one = self.weighings[scenario]
        options = [
            part.options(int(places[scenario]), proposal)
            for part, places in zip(self.parts, self.which, strict=True)
        ]
        if any(each is None for each in options):
            return np.ones(len(one.cuts) + 1, dtype=bool)
        known = [each for each in options if each is not None]
        given = [[bool(scores) for scores in each] for each in known]
        # A criterion of which nothing that has weight is known has no score.
        if not all(any(compress(parts, there)) for parts, there in zip(one.indicators, given, strict=True)):
            return np.ones(len(one.cuts) + 1, dtype=bool)
        joint = one.of_given(given)
        return levels_of_options([scores for each in known for scores in each], scoring.stacked([joint]))

    @property
    def barred(self) -> np.ndarray:
        """Say in each scenario which proposals the veto bars, (s, m), as of `Scored.barred`."""
        pairs = zip(self.parts, self.which, strict=True)
        return np.max([part.barred[places] for part, places in pairs], axis=0)


def composite_of(
    scored: Sequence[Scored], which: Sequence[np.ndarray], weighings: Sequence[CompositeWeighing]
) -> CompositeScored:
    """Weigh the criteria of scenarios together and cut the composite into levels, ties exact."""
    pairs = list(zip(scored, which, strict=True))
    scores = np.concatenate([one.scores[places] for one, places in pairs], axis=-1)
    criteria = np.stack([one.means[places] for one, places in pairs], axis=-1)
    shares = np.array([[float(share) for share in one.criteria] for one in weighings])
    means = _means(criteria, shares, weighings)
    joint = scoring.stacked([one.joint for one in weighings])
    _, codes = scoring.weigh(scores, joint, skip_missing=False)
    partial = np.isnan(scores).any(axis=-1) & ~np.isnan(means)
    for scenario, proposal in np.argwhere(partial):
        parts = [one.scores[places[scenario], proposal] for one, places in pairs]
        codes[scenario, proposal] = _code_of_available(parts, weighings[scenario])
    codes = np.where(np.isnan(means), -1, codes)
    unresolved = np.any([one.unresolved[places] for one, places in pairs], axis=0)
    return CompositeScored(scored, which, weighings, means, codes, unresolved)


def _means(criteria: np.ndarray, shares: np.ndarray, weighings: Sequence[CompositeWeighing]) -> np.ndarray:
    """Add up criterion scores (s, m, k) with shares (s, k), scenario by scenario in its own way."""
    means = (criteria * shares[:, None, :]).sum(axis=-1)
    for row, one in enumerate(weighings):
        if one.adding.kind != MEAN:
            means[row] = added(criteria[row], shares[row], one.adding)
    return means


def _code_of_available(parts: Sequence[np.ndarray], weighing: CompositeWeighing) -> int:
    """Count the cut points that the composite of what is there reaches; weights are rescaled by criterion."""
    weights = weighing.of_given([~np.isnan(scores) for scores in parts]).weights
    unit = math.lcm(*(weight.denominator for weight in weights))
    given = [
        (scoring.as_ratio(score), int(weight * unit))
        for score, weight in zip(np.concatenate(parts), weights, strict=True)
        if not np.isnan(score)
    ]
    scores, whole = [score for score, _ in given], [part for _, part in given]
    return sum(reaches_exactly(scores, whole, cut, weighing.adding) for cut in weighing.cuts)
