"""Which levels are open while third evaluations are lacking: every rating that they could give is tried."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ogp_analysis.assessment import scoring
from ogp_analysis.assessment.adding import SHARE
from ogp_analysis.assessment.criterion_rule import CriterionRule
from ogp_analysis.assessment.scoring import Weighings

# Ways to fill what is lacking that are tried one by one; beyond, sums are counted and not ways.
WAYS = 4096
CELLS = 1 << 18  # ways of several cases that are tried at once


@dataclass(frozen=True, eq=False)
class Waiting:
    """Proposals, each settled in some way, whose level in a criterion waits for third evaluations.

    Parameters
    ----------
    scores : ndarray, shape (p, n, k)
        Settled scores of the pairs; NaN where nothing is settled.
    unresolved : ndarray of bool, shape (p, n, k)
        Which of them lack a third evaluation that has a say.
    options : ndarray, shape (p, n, k, v)
        Their scores for every third rating that could be given.
    there : ndarray of bool, shape (k,)
        Which pairs rated at all.
    points : ndarray, shape (p, n)
        Scores of indicators that are counted; NaN for others.
    """

    scores: np.ndarray
    unresolved: np.ndarray
    options: np.ndarray
    there: np.ndarray
    points: np.ndarray


def open_levels(
    waiting: Waiting, rule: CriterionRule, *, rows: np.ndarray, weighings: Weighings
) -> np.ndarray:
    """Say which levels each case could reach: a row of what waits, under weights and cut points of its own.

    Parameters
    ----------
    waiting : Waiting
        The p rows.
    rule : CriterionRule
        How panels are combined.
    rows : ndarray of int, shape (c,)
        The row of each case.
    weighings : Weighings
        Those of each case.

    Returns
    -------
    ndarray of bool, shape (c, levels)
        All of them where a score is missing for another reason: it may be anything.
    """
    levels = np.empty((len(rows), weighings.cuts.shape[1] + 1), dtype=bool)
    for alike in _alike(waiting.unresolved):
        place = np.full(len(waiting.scores), -1)
        place[alike] = np.arange(len(alike))
        cases = np.flatnonzero(place[rows] >= 0)
        units = _units_of_indicators(waiting, rule, alike)
        small = np.zeros(len(cases), dtype=bool)
        if units is not None:
            own = weighings.of(cases)
            small = scoring.are_small(np.array([each.max() for each in units]), own) & own.linear
        few, rest = cases[small], cases[~small]
        if units is not None and len(few):
            levels[few] = _tried(units, place[rows[few]], weighings.of(few), skip=rule.skip_missing)
        for case in rest:
            levels[case] = _counted(waiting, rule, rows[case], weighings.of(np.array([case])))
    return levels


def _alike(unresolved: np.ndarray) -> Iterator[np.ndarray]:
    """Give the places of rows that lack the same evaluations."""
    kinds = np.packbits(unresolved.reshape(len(unresolved), -1), axis=1)
    _, which = np.unique(kinds, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(which.ravel()[order])) + 1)


def _units_of_indicators(waiting: Waiting, rule: CriterionRule, rows: np.ndarray) -> list[np.ndarray] | None:
    """Give every score of each indicator (p, ways) in units, -1 for none; None where that cannot be done."""
    unresolved, size = waiting.unresolved[rows[0]], waiting.options.shape[-1]
    if size ** int(unresolved.sum()) > WAYS:
        return None
    units_by_indicator = []
    for n, pairs in enumerate(unresolved):
        scores = _filled(waiting, rows, n, np.flatnonzero(pairs))
        scores = scoring.over_pairs(
            scores[:, :, None, :],
            waiting.there,
            panel_rule=rule.panel_rule,
            skip_missing=rule.skip_missing,
        )[..., 0]
        counted = waiting.points[rows, n, None]
        units = scoring.whole_units(np.where(np.isnan(counted), scores, counted))
        if units is None:
            return None
        units_by_indicator.append(units)
    return units_by_indicator


def _filled(waiting: Waiting, rows: np.ndarray, n: int, pairs: np.ndarray) -> np.ndarray:
    """Fill what one indicator lacks in every way; shape (p, ways, k)."""
    size = waiting.options.shape[-1]
    ways = np.array(list(itertools.product(range(size), repeat=len(pairs))), dtype=int)
    filled = np.repeat(waiting.scores[rows, None, n], len(ways), axis=1)
    for place, k in enumerate(pairs):
        filled[:, :, k] = waiting.options[rows, n, k][:, ways[:, place]]
    return filled


def _tried(units: list[np.ndarray], rows: np.ndarray, weighings: Weighings, *, skip: bool) -> np.ndarray:
    """Add up every choice of one score an indicator, and see which cut points the sums reach."""
    # Once for each row and weights, however many cut points they meet.
    pairs, which = np.unique(np.stack([rows, weighings.kind], axis=1), axis=0, return_inverse=True)
    which = which.ravel()
    first = np.empty(len(pairs), dtype=int)
    first[which] = np.arange(len(which))
    total, weight = np.zeros((len(pairs), 1), dtype=np.int64), np.zeros(len(pairs), dtype=np.int64)
    lost = np.zeros(len(pairs), dtype=bool)
    # Those of a batch of which others are large may be Python's own whole numbers.
    whole = (weighings.parts, weighings.limits, weighings.part)
    parts, limits, point = (numbers.astype(np.int64) for numbers in whole)
    for n, each in enumerate(units):
        own, part = each[pairs[:, 0]], parts[first, n]
        missing = (own < 0).any(axis=1)
        lost |= missing & (not skip)
        part = np.where(missing, 0, part)
        weight += part
        total = (total[:, :, None] + (part[:, None] * own)[:, None, :]).reshape(len(pairs), -1)
    levels = np.empty((len(rows), weighings.cuts.shape[1] + 1), dtype=bool)
    step = CELLS // total.shape[1]  # never 0: there are at most `WAYS` sums
    for start in range(0, len(rows), step):
        here = slice(start, start + step)
        reached = limits[here] * (weight[which[here]] * scoring.UNIT)[:, None]
        levels[here] = _reached(total[which[here]] * point[here, None], reached)
    levels[(lost | (weight == 0))[which]] = True
    return levels


def _reached(totals: np.ndarray, limits: np.ndarray) -> np.ndarray:
    """Say which levels hold a sum: there are more sums from one limit on than from the next."""
    size = totals.shape[1]
    above = [(totals >= limits[:, cut, None]).sum(axis=1) for cut in range(limits.shape[1])]
    counts = np.stack([np.full(len(totals), size), *above, np.zeros(len(totals), dtype=int)], axis=1)
    return counts[:, :-1] > counts[:, 1:]


def _counted(waiting: Waiting, rule: CriterionRule, row: int, weighing: Weighings) -> np.ndarray:
    """Find the levels of one case from the different sums there are: few, however many ways lead to them."""
    cuts = weighing.cuts.shape[1]
    if not weighing.linear[0]:
        return _levels_of_ways(waiting, rule, row, weighing)
    parts, given = _weighed_options(waiting, rule, row, weighing)
    if not given:
        return np.ones(cuts + 1, dtype=bool)
    part = int(weighing.part[0])
    limits = [Fraction(int(limit), part) * given for limit in weighing.limits[0]]
    return np.isin(np.arange(cuts + 1), levels_of_sums(parts, limits))


def _levels_of_ways(waiting: Waiting, rule: CriterionRule, row: int, weighing: Weighings) -> np.ndarray:
    options = options_of_indicators(waiting, rule, row)
    return (
        np.ones(weighing.cuts.shape[1] + 1, dtype=bool)
        if options is None
        else levels_of_options(options, weighing)
    )


def options_of_indicators(waiting: Waiting, rule: CriterionRule, row: int) -> list[list[Fraction]] | None:
    """Give every score that each indicator could have, none for one that is passed over; None: unknown."""
    options = [sorted(_scores_of_indicator(waiting, rule, row, n)) for n in range(waiting.scores.shape[1])]
    return options if any(options) and (rule.skip_missing or all(options)) else None


def levels_of_options(options: list[list[Fraction]], weighing: Weighings) -> np.ndarray:
    """Say which levels follow from some choice of one score an indicator, whatever the way of adding up.

    Of too many choices all levels from the lowest to the highest are left open: never fewer than there are.
    """
    if weighing.adding[0].kind == SHARE:
        options = [_one_a_level(each, weighing) for each in options]
    numbers = [[float(score) for score in each] or [np.nan] for each in options]
    few = math.prod(map(len, numbers)) <= WAYS
    ways = (
        list(itertools.product(*numbers))
        if few
        else [tuple(each[end] for each in numbers) for end in (0, -1)]
    )
    codes = scoring.weigh(np.array([ways]), weighing)[1][0]
    levels = np.arange(weighing.cuts.shape[1] + 1)
    if (codes < 0).any():
        # Nothing that has weight is known.
        return np.ones(len(levels), dtype=bool)
    return np.isin(levels, codes) if few else (levels >= codes[0]) & (levels <= codes[1])


def _one_a_level(scores: list[Fraction], weighing: Weighings) -> list[Fraction]:
    """Keep one score between two cut points: for shares of weight it stands for all of them."""
    part = int(weighing.part[0])
    cuts = [Fraction(int(limit), part) for limit in weighing.limits[0]]
    return sorted({sum(score >= cut for cut in cuts): score for score in scores}.values())


def _weighed_options(
    waiting: Waiting, rule: CriterionRule, row: int, weighing: Weighings
) -> tuple[list[list[Fraction]], int]:
    """Give for each indicator the whole weight times every score it could have, and the weight of all.

    The weight is 0 where nothing is known: a score is missing for another reason than a third evaluation.
    """
    parts, given = [], 0
    for n, weight in enumerate(weighing.parts[0]):
        options = _scores_of_indicator(waiting, rule, row, n)
        if options:
            given += int(weight)
            parts.append([int(weight) * score for score in options])
        elif not rule.skip_missing:
            return [], 0
    return parts, given


def open_scores(waiting: Waiting, rule: CriterionRule, row: int, weighing: Weighings) -> list[Fraction]:
    """Give every criterion score that one row could reach; empty where nothing is known."""
    parts, given = _weighed_options(waiting, rule, row, weighing)
    if not given:
        return []
    sums = {Fraction(0)}
    for part in parts:
        sums = {total + value for total in sums for value in part}
    return sorted(total / given for total in sums)


def _scores_of_indicator(waiting: Waiting, rule: CriterionRule, row: int, n: int) -> set[Fraction]:
    """Scores of one indicator over every third rating that its pairs lack; empty where it has none."""
    if not np.isnan(waiting.points[row, n]):
        return {scoring.as_ratio(waiting.points[row, n])}
    k = waiting.scores.shape[2]
    pairs = range(k) if isinstance(rule.panel_rule, str) else [rule.panel_rule]
    options = []
    for pair in pairs:
        lacks, score = waiting.unresolved[row, n, pair], waiting.scores[row, n, pair]
        values = waiting.options[row, n, pair] if lacks else np.array([score])
        values = values[~np.isnan(values)]
        if len(values):
            options.append({scoring.as_ratio(value) for value in np.unique(values)})
        elif not rule.skip_missing and (waiting.there[pair] or len(pairs) == 1):
            return set()
    return _combined(options, rule.panel_rule) if options else set()


def _combined(options: list[set[Fraction]], panel_rule: str | int) -> set[Fraction]:
    """Give the smallest or the mean of one score from each, for every choice."""
    whole, unit = _on_one_unit(options)
    joined = np.minimum if panel_rule == "minimum" else np.add
    scores = whole[0]
    for more in whole[1:]:
        scores = np.unique(joined.outer(scores, more))
    each = unit if panel_rule == "minimum" else unit * len(options)
    return {Fraction(int(score), each) for score in scores}


def _on_one_unit(parts: Sequence[Collection[Fraction]]) -> tuple[list[np.ndarray], int]:
    """Give the numbers as whole numbers of the largest unit that measures all: hundreds of times faster."""
    unit = math.lcm(*(number.denominator for part in parts for number in part))
    whole = [[number.numerator * (unit // number.denominator) for number in part] for part in parts]
    largest = sum(max(map(abs, part)) for part in whole)
    # Beyond 63 bits numpy's whole numbers would wrap round; Python's do not.
    kind = np.int64 if largest < scoring.LARGEST_WHOLE else object
    return [np.array(part, dtype=kind) for part in whole], unit


def levels_of_sums(parts: list[list[Fraction]], limits: list[Fraction]) -> list[int]:
    """Levels that some sum of one number from each part reaches; exact, on whole numbers of a common unit.

    >>> half = Fraction(1, 2)
    >>> levels_of_sums([[half, 2 * half], [half]], [Fraction(1), Fraction(2)])
    [1]
    """
    whole, unit = _on_one_unit(parts)
    totals = np.array([0])
    for part in whole:
        totals = np.unique(np.add.outer(totals, part).ravel())
    # Smallest whole number that reaches each limit.
    reached = [totals >= math.ceil(limit * unit) for limit in limits]
    return sorted({int(level) for level in np.sum(reached, axis=0)})
