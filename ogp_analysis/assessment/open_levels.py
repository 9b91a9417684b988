"""Which levels are open while third evaluations are lacking: every rating that they could give is tried."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from ogp_analysis.assessment import scoring
from ogp_analysis.assessment.criterion_rule import CriterionRule
from ogp_analysis.assessment.scoring import Weighings

# Ways to fill what is lacking that are tried one by one; beyond, sums are counted and not ways.
WAYS = 4096
CELLS = 1 << 16  # ways of several rows that are tried at once


@dataclass(frozen=True, eq=False)
class Waiting:
    """Proposals (each under one scenario) whose level in a criterion waits for third evaluations.

    Parameters
    ----------
    scores : ndarray, shape (p, n, k)
        Settled scores of the pairs; NaN where nothing is settled.
    lacking : ndarray of bool, shape (p, n, k)
        Which of them lack a third evaluation that has a say.
    options : ndarray, shape (p, n, k, v)
        Their scores for every third rating that could be given.
    there : ndarray of bool, shape (p, k)
        Which pairs rated at all.
    points : ndarray, shape (p, n)
        Scores of indicators that are counted.
    counted : ndarray of bool, shape (n,)
        Which these are.
    weighings : Weighings
        Weights and cut points, row by row.
    """

    scores: np.ndarray
    lacking: np.ndarray
    options: np.ndarray
    there: np.ndarray
    points: np.ndarray
    counted: np.ndarray
    weighings: Weighings

    def of(self, places: np.ndarray) -> Waiting:
        """Take some of the rows."""
        names = ("scores", "lacking", "options", "there", "points")
        rows = {name: getattr(self, name)[places] for name in names}
        return replace(self, **rows, weighings=self.weighings.of(places))


def open_levels(waiting: Waiting, rule: CriterionRule) -> np.ndarray:
    """Say which levels each row (p) could reach; shape (p, levels)."""
    levels = np.zeros((len(waiting.scores), waiting.weighings.cuts.shape[1] + 1), dtype=bool)
    size = waiting.options.shape[-1]
    for rows in _alike(waiting.lacking):
        cells = np.argwhere(waiting.lacking[rows[0]])
        ways = size ** len(cells)
        step = max(1, CELLS // ways)
        for part in (rows[start : start + step] for start in range(0, len(rows), step)):
            find = _tried if ways <= WAYS else _counted_each
            levels[part] = find(waiting.of(part), rule, cells)
    return levels


def _alike(lacking: np.ndarray) -> Iterator[np.ndarray]:
    """Give the places of rows that lack the same evaluations."""
    flat = lacking.reshape(len(lacking), -1)
    kinds, which = np.unique(flat, axis=0, return_inverse=True)
    for kind in range(len(kinds)):
        yield np.flatnonzero(which.ravel() == kind)


def _tried(part: Waiting, rule: CriterionRule, cells: np.ndarray) -> np.ndarray:
    """Fill what is lacking in every way and weigh each as if it were given."""
    size = part.options.shape[-1]
    ways = np.array(list(itertools.product(range(size), repeat=len(cells))), dtype=int)
    filled = np.repeat(part.scores[:, None], len(ways), axis=1)
    for place, (n, k) in enumerate(cells):
        filled[:, :, n, k] = part.options[:, n, k, :][:, ways[:, place]]
    how = {"panel_rule": rule.panel_rule, "skip_missing": rule.skip_missing}
    scores = scoring.over_pairs(filled, part.there, **how)
    scores = np.where(part.counted, part.points[:, None, :], scores)
    _, codes = scoring.weigh(scores, part.weighings, skip_missing=rule.skip_missing)
    reached = (codes[..., None] == np.arange(part.weighings.cuts.shape[1] + 1)).any(axis=1)
    # A score that is missing for another reason than a lacking third evaluation may be anything.
    return reached | (codes < 0).any(axis=1)[:, None]


def _counted_each(part: Waiting, rule: CriterionRule, _: np.ndarray) -> np.ndarray:
    return np.stack([_counted(part.of(np.array([row])), rule) for row in range(len(part.scores))])


def _counted(one: Waiting, rule: CriterionRule) -> np.ndarray:
    """Find the levels of one row from the different sums there are: few, however many ways lead to them."""
    cuts = one.weighings.cuts.shape[1]
    parts, given = _weighed_options(one, rule)
    if not given:
        return np.ones(cuts + 1, dtype=bool)
    part = int(one.weighings.part[0])
    limits = [Fraction(int(limit), part) * given for limit in one.weighings.limits[0]]
    return np.isin(np.arange(cuts + 1), levels_of_sums(parts, limits))


def _weighed_options(one: Waiting, rule: CriterionRule) -> tuple[list[list[Fraction]], int]:
    """Give for each indicator the whole weight times every score it could have, and the weight of all.

    The weight is 0 where nothing is known: a score is missing for another reason than a third evaluation.
    """
    parts, given = [], 0
    for n, weight in enumerate(one.weighings.parts[0]):
        options = _scores_of_indicator(one, rule, n)
        if options:
            given += int(weight)
            parts.append([int(weight) * score for score in options])
        elif not rule.skip_missing:
            return [], 0
    return parts, given


def open_scores(one: Waiting, rule: CriterionRule) -> list[Fraction]:
    """Give every criterion score that one row could reach; empty where nothing is known."""
    parts, given = _weighed_options(one, rule)
    if not given:
        return []
    sums = {Fraction(0)}
    for part in parts:
        sums = {total + value for total in sums for value in part}
    return sorted(total / given for total in sums)


def _scores_of_indicator(one: Waiting, rule: CriterionRule, n: int) -> set[Fraction]:
    """Scores of one indicator over every third rating that its pairs lack; empty where it has none."""
    if one.counted[n]:
        return {scoring.as_ratio(one.points[0, n])}
    pairs = range(one.scores.shape[2]) if isinstance(rule.panel_rule, str) else [rule.panel_rule]
    options = []
    for k in pairs:
        values = one.options[0, n, k] if one.lacking[0, n, k] else one.scores[0, n, k : k + 1]
        values = values[~np.isnan(values)]
        if len(values):
            options.append({scoring.as_ratio(value) for value in np.unique(values)})
        elif not rule.skip_missing and (one.there[0, k] or len(pairs) == 1):
            return set()
    return _combined(options, rule.panel_rule) if options else set()


def _combined(options: list[set[Fraction]], panel_rule: str | int) -> set[Fraction]:
    found = options[0]
    for more in options[1:]:
        if panel_rule == "minimum":
            found = {min(one, other) for one in found for other in more}
        else:
            found = {one + other for one in found for other in more}
    return found if panel_rule == "minimum" else {score / len(options) for score in found}


def levels_of_sums(parts: list[list[Fraction]], limits: list[Fraction]) -> list[int]:
    """Levels that some sum of one number from each part reaches; exact, on whole numbers of a common unit.

    >>> half = Fraction(1, 2)
    >>> levels_of_sums([[half, 2 * half], [half]], [Fraction(1), Fraction(2)])
    [1]
    """
    unit = math.lcm(*(number.denominator for part in parts for number in part))
    whole = [[int(number * unit) for number in part] for part in parts]
    largest = sum(max(map(abs, part)) for part in whole)
    # Beyond 63 bits numpy's whole numbers would wrap round; Python's do not.
    kind = np.int64 if largest < scoring.LARGEST_WHOLE else object
    totals = np.zeros(1, dtype=kind)
    for part in whole:
        totals = np.unique(np.add.outer(totals, np.array(part, dtype=kind)).ravel())
    # Smallest whole number that reaches each limit.
    reached = [totals >= math.ceil(limit * unit) for limit in limits]
    return sorted({int(level) for level in np.sum(reached, axis=0)})
