"""Many scenarios over the same sheets in one call: what each rule gives is worked out once, on arrays."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

import numpy as np

from ogp_analysis.assessment import adjudication, scoring
from ogp_analysis.assessment.adjudication import STATUSES, UNRESOLVED, Pairs
from ogp_analysis.assessment.criterion_rule import CriterionRule
from ogp_analysis.assessment.open_levels import (
    Waiting,
    open_levels,
    open_scores,
    options_of_indicators,
)
from ogp_analysis.assessment.rating_arrays import Sheet
from ogp_analysis.assessment.scoring import Weighings
from ogp_analysis.assessment.vetoes import BARRED, MAY_BE_BARRED, below, lowest_and_highest
from ogp_analysis.model.matching import differ

Rule = TypeVar("Rule", bound=Hashable)


@dataclass(frozen=True, eq=False)
class Settled:
    """The pairs of one criterion, settled in a different ways; pairs within panels, or one between them.

    Parameters
    ----------
    pairs : Pairs
        The sides, shape (..., m, n, k).
    score : ndarray, shape (a, ..., m, n, k)
        NaN where a third evaluation is lacking.
    status : ndarray of int, shape (a, ..., m, n, k)
        As of `adjudication.settle_pairs`.
    third_rules : list of str
        What a third rating does in each of these ways.
    """

    pairs: Pairs
    score: np.ndarray
    status: np.ndarray
    third_rules: list[str]

    @property
    def there(self) -> np.ndarray:
        """Which pairs rated anything at all, shape (..., k)."""
        return ~np.isnan(self.pairs.centre).all(axis=(-3, -2))


@dataclass(frozen=True, eq=False)
class Combined:
    """The indicator scores of one criterion under u different rules.

    Parameters
    ----------
    sheet : Sheet
        Ratings; axes in front of the proposals are in every array below too.
    rules : list of CriterionRule
        The rules.
    settled : dict of bool to Settled
        By whether the panels are the sides of the pairs.
    place : ndarray of int, shape (u,)
        For each rule the place of its way to settle pairs.
    scores : ndarray, shape (u, ..., m, n)
        In points; NaN where unresolved or not given.
    waits : ndarray of bool, shape (u, ..., m)
        Whether a score in use waits for a third evaluation.
    unresolved : ndarray of bool, shape (u, ..., m)
        Whether a pair lacks the third evaluation that its rule calls for, with a say or not.
    statuses : ndarray of int, shape (u, ..., len(STATUSES))
        Number of pairs by status.
    """

    sheet: Sheet = field(repr=False)
    rules: Sequence[CriterionRule]
    settled: dict[bool, Settled]
    place: np.ndarray
    scores: np.ndarray
    waits: np.ndarray
    unresolved: np.ndarray
    statuses: np.ndarray


@dataclass(frozen=True, eq=False)
class Scored(Combined):
    """Their criterion scores and levels too.

    Parameters
    ----------
    weighings : Weighings
        Weights and cut points, one of each rule.
    means : ndarray, shape (u, m)
        Criterion scores in points; NaN where one waits for a third evaluation or is missing.
    codes : ndarray of int, shape (u, m)
        Levels, from 0; -1 where there is none.
    """

    weighings: Weighings
    means: np.ndarray
    codes: np.ndarray

    def levels(self, places: np.ndarray, proposals: np.ndarray) -> np.ndarray:
        """Say which levels each (rule, proposal) could reach, as bools (p, levels); no level known: all."""
        own = self.codes[places, proposals]
        levels = (own[:, None] == np.arange(self.weighings.cuts.shape[1] + 1)) | (own < 0)[:, None]
        waiting = np.flatnonzero(self.unresolved[places, proposals])
        group = self._ways_to_open[places[waiting]]
        for way in np.unique(group):
            here = waiting[group == way]
            levels[here] = self._open(places[here], proposals[here])
        return levels

    @cached_property
    def _ways_to_open(self) -> np.ndarray:
        return different((rule.between, rule.panel_rule, rule.skip_missing) for rule in self.rules)[1]

    def open_scores(self, place: int, proposal: int) -> list[Fraction]:
        """Give every criterion score that a proposal could reach under one rule; empty: nothing is known."""
        places = np.array([place])
        waiting, _ = self._waiting(places, np.array([proposal]))
        return open_scores(waiting, self.rules[place], 0, self.weighings.of(places))

    def options(self, place: int, proposal: int) -> list[list[Fraction]] | None:
        """Give every score that each indicator of a proposal could have under one rule; None: unknown."""
        waiting, _ = self._waiting(np.array([place]), np.array([proposal]))
        return options_of_indicators(waiting, self.rules[place], 0)

    @cached_property
    def barred(self) -> np.ndarray:
        """Say under each rule which proposals the veto bars, (u, m): `BARRED`, or as lacking ratings are."""
        limits = [rule.veto for rule in self.rules]
        barred = np.zeros(self.means.shape, dtype=np.int8)
        if not any(limit is not None for limit in limits):
            return barred
        for place, limit in enumerate(limits):
            if limit is not None:
                barred[place] = BARRED * below(self.scores[place], limit)
        for place, proposal in np.argwhere(self.waits & (barred == 0)):
            if limits[place] is not None:
                barred[place, proposal] = self._may_be_barred(place, proposal, limits[place])
        return barred

    def _may_be_barred(self, place: int, proposal: int, limit: Fraction) -> int:
        options = self.options(place, proposal)
        if options is None:
            return MAY_BE_BARRED
        lowest, highest = lowest_and_highest(options)
        return BARRED if highest < limit else MAY_BE_BARRED * (lowest < limit)

    def _open(self, places: np.ndarray, proposals: np.ndarray) -> np.ndarray:
        """Open levels of cases whose rules combine panels alike."""
        waiting, rows = self._waiting(places, proposals)
        return open_levels(waiting, self.rules[places[0]], rows=rows, weighings=self.weighings.of(places))

    def _waiting(self, places: np.ndarray, proposals: np.ndarray) -> tuple[Waiting, np.ndarray]:
        """Give what waits, each settled proposal once, and for each case its row there."""
        rule, m = self.rules[places[0]], len(self.sheet.points)
        settled = self.settled[rule.between]
        different_ones, rows = np.unique(self.place[places] * m + proposals, return_inverse=True)
        way, proposal = np.divmod(different_ones, m)
        unresolved = (settled.status[way, proposal] == UNRESOLVED) & _has_a_say(
            settled.there.size, rule.panel_rule
        )
        options = np.empty((*unresolved.shape, adjudication.third_scales(self.sheet.criterion).shape[1]))
        for name in {settled.third_rules[one] for one in way}:
            by_rule = np.array([settled.third_rules[one] == name for one in way])
            pairs = settled.pairs.of(proposal[by_rule])
            options[by_rule] = adjudication.third_scores(pairs, self.sheet.criterion, name)
        scores, points = settled.score[way, proposal], self.sheet.points[proposal]
        return Waiting(scores, unresolved, options, settled.there, points), rows.ravel()


def _has_a_say(k: int, panel_rule: str | int) -> np.ndarray:
    return np.ones(k, dtype=bool) if isinstance(panel_rule, str) else np.arange(k) == panel_rule


def _groups(
    rules: Sequence[CriterionRule], key: Callable[[CriterionRule], Hashable]
) -> Iterator[tuple[np.ndarray, CriterionRule]]:
    """Give the places of rules that are alike, and one of them."""
    groups: dict[Hashable, list[int]] = {}
    for place, rule in enumerate(rules):
        groups.setdefault(key(rule), []).append(place)
    for places in groups.values():
        yield np.array(places), rules[places[0]]


def different(rules: Iterable[Rule]) -> tuple[list[Rule], np.ndarray]:
    """List rules once each, and for each of those given its place in the list.

    >>> kinds, places = different("abca")
    >>> kinds, places.tolist()
    (['a', 'b', 'c'], [0, 1, 2, 0])
    """
    known: dict[Rule, int] = {}
    places = [known.setdefault(rule, len(known)) for rule in rules]
    return list(known), np.array(places, dtype=int)


def same_tolerances(sheet: Sheet, rules: Sequence[CriterionRule]) -> list[CriterionRule]:
    """Give rules between whose tolerances no two ratings of a pair lie apart one and the same tolerance."""
    ladders: dict[bool, np.ndarray] = {}
    first: dict[tuple[bool, int], float] = {}
    given = []
    for rule in rules:
        if rule.tolerance is None:
            given.append(rule)
            continue
        if rule.between not in ladders:
            ladders[rule.between] = _distances(sheet, between=rule.between)
        matching = int((~differ(ladders[rule.between], 0, rule.tolerance)).sum())
        tolerance = first.setdefault((rule.between, matching), rule.tolerance)
        given.append(rule if tolerance == rule.tolerance else replace(rule, tolerance=tolerance))
    return given


def _distances(sheet: Sheet, *, between: bool) -> np.ndarray:
    """List how far apart the two sides of pairs are, in points, each distance once."""
    pairs = adjudication.pairs_of(sheet, between=between)
    distances = np.abs(pairs.first - pairs.second)
    return np.unique(distances[~np.isnan(distances)])


def score(sheet: Sheet, rules: Sequence[CriterionRule]) -> Scored:
    """Settle, combine and weigh the ratings of one criterion (m, n, ...) under each of several rules."""
    combined = combine(sheet, rules)
    weighings = scoring.stacked([rule.weighing for rule in rules])
    skip = np.array([rule.skip_missing for rule in rules])
    means, codes = scoring.weigh(combined.scores, weighings, skip_missing=skip)
    # What waits for a third evaluation is not missing: it is never passed over.
    means, codes = np.where(combined.waits, np.nan, means), np.where(combined.waits, -1, codes)
    return Scored(**vars(combined), weighings=weighings, means=means, codes=codes)


def combine(sheet: Sheet, rules: Sequence[CriterionRule]) -> Combined:
    """Settle the ratings of one criterion and combine its panels under each of several rules."""
    settled, place, statuses, unresolved = _settle(sheet, rules)
    scores = np.empty((len(rules), *sheet.ratings.shape[:-2]))
    waits = np.empty(unresolved.shape, dtype=bool)
    for rows, rule in _groups(rules, _way_to_combine):
        one = settled[rule.between]
        stand, status = one.score[place[rows]], one.status[place[rows]]
        stand = adjudication.stand_in(stand, status, one.pairs, rule)
        scores[rows] = scoring.over_pairs(
            stand, one.there, panel_rule=rule.panel_rule, skip_missing=rule.skip_missing
        )
        # With its mean as a stand-in a pair is unresolved and yet has a score: nothing waits.
        open_ones = (status == UNRESOLVED) & np.isnan(stand) & _has_a_say(stand.shape[-1], rule.panel_rule)
        waits[rows] = open_ones.any(axis=(-2, -1))
    scores = np.where(sheet.counted, sheet.points, scores)
    return Combined(sheet, rules, settled, place, scores, waits, unresolved, statuses)


def _way_to_combine(rule: CriterionRule) -> Hashable:
    return rule.between, rule.mean_stands_in, rule.panel_rule, rule.skip_missing


def _way_to_settle(rule: CriterionRule) -> Hashable:
    return rule.between, rule.third_rule, rule.matching_rule, rule.feasibility_rule, rule.foreseen


def _settle(
    sheet: Sheet, rules: Sequence[CriterionRule]
) -> tuple[dict[bool, Settled], np.ndarray, np.ndarray, np.ndarray]:
    """Settle every pair under every rule; tolerances are one call, and each different way is taken once."""
    ways, which = different((_way_to_settle(rule), rule.tolerance) for rule in rules)
    first = np.array([int(np.argmax(which == way)) for way in range(len(ways))])
    examples = [rules[place] for place in first]
    place, settled = np.empty(len(ways), dtype=int), {}
    for between in {rule.between for rule in examples}:
        pairs, parts = adjudication.pairs_of(sheet, between=between), []
        third_rules: list[str] = []
        alike = [way for way, rule in enumerate(examples) if rule.between == between]
        for rows, rule in _groups([examples[way] for way in alike], _way_to_settle):
            parts.append(_settle_alike(pairs, rule, [examples[alike[row]].tolerance for row in rows]))
            place[[alike[row] for row in rows]] = len(third_rules) + np.arange(len(rows))
            third_rules += [rule.third_rule] * len(rows)
        scores, statuses = (np.concatenate(part) for part in zip(*parts, strict=True))
        settled[between] = Settled(pairs, scores, statuses, third_rules)
    counts, unresolved = _summed(settled, place, examples)
    return settled, place[which], counts[which], unresolved[which]


def _settle_alike(
    pairs: Pairs, rule: CriterionRule, tolerances: list[float | None]
) -> tuple[np.ndarray, np.ndarray]:
    given = np.array([adjudication.NO_TOLERANCE if one is None else one for one in tolerances], dtype=float)
    shape = (len(given), *pairs.first.shape)
    tolerance = given.reshape(-1, *(1 for _ in pairs.first.shape))
    settled, status = adjudication.settle_pairs(pairs, rule, tolerance=tolerance)
    return np.broadcast_to(settled, shape), np.broadcast_to(status.astype(np.int8), shape)


def _summed(
    settled: dict[bool, Settled], place: np.ndarray, examples: Sequence[CriterionRule]
) -> tuple[np.ndarray, np.ndarray]:
    shape = next(iter(settled.values())).status.shape[1:-2]
    counts = np.empty((len(examples), *shape[:-1], len(STATUSES)), dtype=int)
    unresolved = np.empty((len(examples), *shape), dtype=bool)
    for rows, rule in _groups(examples, lambda rule: rule.between):
        status = settled[rule.between].status[place[rows]]
        kinds = [(status == code).sum(axis=(-3, -2, -1)) for code in range(len(STATUSES))]
        counts[rows], unresolved[rows] = np.stack(kinds, axis=-1), (status == UNRESOLVED).any(axis=(-2, -1))
    return counts, unresolved
