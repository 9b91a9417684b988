"""Open levels against plain fractions: every choice of what is lacking, whatever panels, gaps and weights."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from ogp_analysis.assessment import open_levels
from ogp_analysis.assessment.adding import HARMONIC, PLAIN, SHARE, Adding
from ogp_analysis.assessment.criterion_rule import Weighing
from ogp_analysis.assessment.open_levels import Waiting
from ogp_analysis.assessment.scoring import stacked
from tests.assessment.test_kernels_exact import drawn_weights, mean_of

HAIR = Fraction(1, 10**12)
WAYS = [Adding(SHARE, Fraction(1, 2)), Adding(SHARE), Adding(HARMONIC), PLAIN]


def drawn(rng, shape, lowest):
    """Draw what waits: p rows of n indicators by k pairs, v options; some rows lack the same evaluations."""
    p, n, k, v = shape
    score = lambda: Fraction(rng.randint(lowest, 10), rng.choice((1, 2, 2, 3)))  # noqa: E731
    there = [rng.random() < 0.8 for _ in range(k)]
    kinds = [[[there[c] and rng.random() < 0.4 for c in range(k)] for _ in range(n)] for _ in range(2)]
    rows = []
    for _ in range(p):
        lacks = rng.choice(kinds)
        scores = [
            [score() if there[c] and not lacks[i][c] and rng.random() < 0.8 else None for c in range(k)]
            for i in range(n)
        ]
        options = [[[score() for _ in range(v)] for _ in range(k)] for _ in range(n)]
        points = [score() if not any(lacks[i]) and rng.random() < 0.2 else None for i in range(n)]
        rows.append(SimpleNamespace(lacks=lacks, scores=scores, options=options, points=points))
    return rows, there


def as_arrays(rows, there):
    def floats(values):
        return np.array(values, dtype=object).astype(float)

    return Waiting(
        floats([row.scores for row in rows]),
        np.array([row.lacks for row in rows]),
        floats([row.options for row in rows]),
        np.array(there),
        floats([row.points for row in rows]),
    )


def scores_of_indicator(row, there, rule, i):
    """Every score that an indicator could have; empty where it has none."""
    if row.points[i] is not None:
        return {row.points[i]}
    pairs = range(len(there)) if isinstance(rule.panel_rule, str) else [rule.panel_rule]
    parts = []
    for c in pairs:
        own = row.options[i][c] if row.lacks[i][c] else [row.scores[i][c]]
        if own != [None]:
            parts.append(set(own))
        elif not rule.skip_missing and (there[c] or len(pairs) == 1):
            return set()
    if not parts:
        return set()
    join = min if rule.panel_rule == "minimum" else lambda chosen: sum(chosen) / len(chosen)
    return {join(chosen) for chosen in itertools.product(*parts)}


def reachable(row, there, rule, weights, way):
    """Every criterion score that could be; None where nothing is known."""
    parts = [scores_of_indicator(row, there, rule, i) or {None} for i in range(len(weights))]
    if not rule.skip_missing and {None} in parts:
        return None
    means = {mean_of(chosen, weights, way) for chosen in itertools.product(*parts)}
    return None if None in means else means


def drawn_cuts(rng, means):
    hair = rng.choice((0, HAIR, Fraction(1, 100)))
    some = [rng.choice(sorted(means)) + rng.choice((-hair, 0, hair)) for _ in range(2)] if means else []
    return tuple(sorted({*some, Fraction(5, 2), Fraction(7, 2), Fraction(9)})[:3])


RULES = [("mean", False), ("mean", True), ("minimum", False), ("minimum", True), (0, False), (0, True)]


@pytest.mark.parametrize(("panel_rule", "skip"), RULES)
@pytest.mark.parametrize("shape", [(1, 1, 1, 2), (4, 2, 1, 3), (5, 1, 3, 2), (4, 3, 2, 2)])
@pytest.mark.parametrize("ways", [[PLAIN], WAYS], ids=["mean", "every way"])
def test_open_levels_are_those_of_every_choice(panel_rule, skip, shape, ways):
    """Several cases a row, each with weights and cuts of its own; some weights exceed 64 bits."""
    rng = random.Random(f"{panel_rule}{skip}{shape}{len(ways)}")
    for _ in range(3):
        rows, there = drawn(rng, shape, 0 if ways == [PLAIN] else 2)
        rule = SimpleNamespace(panel_rule=panel_rule, skip_missing=skip)
        for row in rows if isinstance(panel_rule, int) else ():
            row.lacks = [[lack and c == panel_rule for c, lack in enumerate(lacks)] for lacks in row.lacks]
        places = [rng.randrange(len(rows)) for _ in range(8)]
        shared = drawn_weights(rng, shape[1])
        cases, expected = [], []
        for place in places:
            weights = rng.choice((shared, drawn_weights(rng, shape[1])))
            way = rng.choice(ways)
            means = reachable(rows[place], there, rule, weights, way)
            cuts = drawn_cuts(rng, means)
            cases.append(Weighing(weights, cuts, way))
            levels = {0, 1, 2, 3} if means is None else {sum(m >= cut for cut in cuts) for m in means}
            expected.append([level in levels for level in range(4)])
        given = as_arrays(rows, there)
        found = open_levels.open_levels(given, rule, rows=np.array(places), weighings=stacked(cases))
        assert found.tolist() == expected
        for case, place in zip(cases, places, strict=True):
            if case.adding == PLAIN:
                means = reachable(rows[place], there, rule, case.weights, PLAIN)
                own = open_levels.open_scores(given, rule, place, stacked([case]))
                assert own == ([] if means is None else sorted(means))


def all_waiting(options):
    """Make one proposal of which nothing is known but what each indicator could have."""
    n = len(options)
    cells = np.full((1, n, 1), np.nan)
    return Waiting(cells, np.isnan(cells), np.array(options)[None, :, None], np.array([True]), cells[:, :, 0])


def levels_of(options, weights, cuts, way):
    rule = SimpleNamespace(panel_rule="mean", skip_missing=False)
    one = stacked([Weighing(tuple(weights), tuple(cuts), way)])
    return open_levels.open_levels(all_waiting(options), rule, rows=np.array([0]), weighings=one)[0].tolist()


@pytest.mark.parametrize("size", [1, 2**70])
def test_more_ways_than_are_tried_one_by_one(size):
    """Of six indicators each 1 to 5, 15,625 ways: means run from 1 to 5 in steps of a sixth."""
    weights = [Fraction(size, 6 * size + 1)] * 5 + [Fraction(size + 1, 6 * size + 1)]
    weights = [Fraction(1, 6)] * 6 if size == 1 else weights
    cuts = [Fraction(1), Fraction(7, 3) + HAIR, Fraction(5, 2) - HAIR, Fraction(51, 10)]
    assert levels_of([[1.0, 2, 3, 4, 5]] * 6, weights, cuts, PLAIN) == [False, True, False, True, False]


@pytest.mark.parametrize("indicators", [7, 8])
def test_too_many_ways_of_another_mean_leave_all_between_the_ends_open(indicators):
    """Three scores each: 2,187 ways are tried, 6,561 are not.

    The first indicator has nine tenths of the weight. With 2 there the harmonic mean is at most
    1 / (0.9 / 2 + 0.1 / 5) = 2.13, with 5 at least 3.57.
    """
    weights = [Fraction(9, 10)] + [Fraction(1, 10 * (indicators - 1))] * (indicators - 1)
    cuts = [Fraction(1), Fraction(3, 2), Fraction(5, 2), Fraction(3), Fraction(6)]
    found = levels_of([[1.0, 2.0, 5.0]] * indicators, weights, cuts, Adding(HARMONIC))
    assert found == [False, True, True, indicators == 8, True, False]


def test_as_many_ways_as_are_tried_are_tried():
    """Of twelve indicators 1 or 5 each, 4,096 ways; the first has nine tenths of the weight: 1 or 3.57 on."""
    weights = [Fraction(9, 10)] + [Fraction(1, 110)] * 11
    found = levels_of([[1.0, 5.0]] * 12, weights, [Fraction(2), Fraction(3)], Adding(HARMONIC))
    assert found == [True, False, True]


def test_points_far_above_the_cut_do_not_wrap_round():
    """Sums of weights of 2**40 times 5 points in hundredths of units take more than 63 bits."""
    for power in range(34, 44):
        weights = [Fraction(2**power - 1, 2**power), Fraction(1, 2**power)]
        assert levels_of([[0.0, 5.0]] * 2, weights, [Fraction(1, 100)], PLAIN) == [True, True]


@pytest.mark.parametrize("unit", [1, 2**61, 2**62, 2**63])
def test_levels_of_sums_of_numbers_of_any_size(unit):
    parts = [[Fraction(1), Fraction(unit)], [Fraction(2), Fraction(unit, 3)], [Fraction(0), Fraction(unit)]]
    limits = [
        Fraction(unit, 3),
        Fraction(unit),
        Fraction(2 * unit),
        Fraction(9, 4) * unit,
        Fraction(9 * unit),
    ]
    sums = {sum(chosen) for chosen in itertools.product(*parts)}
    expected = {sum(total >= limit for limit in limits) for total in sums}
    assert open_levels.levels_of_sums(parts, limits) == sorted(expected)


@pytest.mark.parametrize("lowest", [-2, 0, Fraction(1, 13)])
def test_scores_below_zero_and_of_any_fraction_are_counted_too(lowest):
    """Of two indicators each 0 to 4 above the lowest, means are 0 to 4 above it in steps of a half."""
    cuts = [lowest + Fraction(part, 10) for part in (6, 9, 20, 41)]
    options = [[float(lowest + point) for point in range(5)]] * 2
    assert levels_of(options, [Fraction(1, 2)] * 2, cuts, PLAIN) == [True, False, True, True, False]
