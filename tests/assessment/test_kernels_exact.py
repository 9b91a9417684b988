"""Levels of batches against plain fractions: ties and hairs beside them, gaps, and numbers beyond 63 bits."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

from ogp_analysis.assessment import scoring
from ogp_analysis.assessment.adding import HARMONIC, PLAIN, SHARE, Adding
from ogp_analysis.assessment.criterion_rule import Weighing
from ogp_analysis.errors import StatisticsError

HAIR = Fraction(1, 10**12)
SHARES = [Adding(SHARE, share) for share in (Fraction(1), Fraction(1, 2), Fraction(2, 3))]
# Sums of weights in whole parts: few, some whose products with points wrap round in 64 bits, and some that
# do not fit into 64 bits themselves.
TOTALS = (7, 2**41, 2**70)


def mean_of(scores, weights, way):
    """Add up fractions, None where missing; None where nothing that has weight is there."""
    given = [(x, w) for x, w in zip(scores, weights, strict=True) if x is not None]
    total = sum(w for _, w in given)
    if not total:
        return None
    if way.kind == SHARE:
        return max(x for x, _ in given if sum(w for y, w in given if y >= x) >= way.share * total)
    if way.kind == HARMONIC:
        return total / sum(w / x for x, w in given)
    return sum(w * x for x, w in given) / total


def drawn_scores(rng, n, lowest):
    scores = [Fraction(rng.randint(lowest * d, 5 * d), d) for d in rng.choices((1, 2, 3, 13), k=n)]
    return [None if rng.random() < 0.2 else score for score in scores]


def drawn_weights(rng, n):
    """Draw weights; one in five is 0."""
    total = rng.choice(TOTALS)
    points = sorted(rng.randint(0, total) for _ in range(n - 1))
    if points and rng.random() < 0.2:
        points[0] = 0
    parts = [end - start for start, end in zip([0, *points], [*points, total], strict=True)]
    return tuple(Fraction(part, total) for part in parts)


def drawn_weighing(rng, rows, n, ways):
    """Draw a weighing: what some row comes to is a cut point, or a hair from it."""
    weights, way = drawn_weights(rng, n), rng.choice(ways)
    known = [mean for row in rows if (mean := mean_of(row, weights, way)) is not None] or [Fraction(2)]
    hair = rng.choice((0, HAIR))
    cuts = {rng.choice(known) + rng.choice((-hair, 0, hair)) for _ in range(9)}
    return Weighing(weights, tuple(sorted((*cuts, Fraction(6), Fraction(7)))[:2]), way)


def as_floats(rows):
    return np.array([[np.nan if x is None else float(x) for x in row] for row in rows])


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 3), (1, 4), (4, 1)])
@pytest.mark.parametrize(
    ("lowest", "ways"), [(0, [PLAIN, *SHARES]), (0, [PLAIN]), (1, [PLAIN, Adding(HARMONIC)])]
)
def test_levels_of_a_batch_are_those_of_fractions(shape, lowest, ways):
    """Scores of as many scenarios as weighings, one set of scores for all, one weighing for all."""
    rng = random.Random(str(shape) + str(len(ways)))
    for n in (1, 2, 3, 4, 5, 6):
        scores = [[drawn_scores(rng, n, lowest) for _ in range(4)] for _ in range(shape[0])]
        weighings = [drawn_weighing(rng, scores[k % shape[0]], n, ways) for k in range(shape[1])]
        skip = np.array([rng.random() < 0.7 for _ in range(max(shape))])
        given = np.array([as_floats(rows) for rows in scores])
        means, codes = scoring.weigh(given, scoring.stacked(weighings), skip_missing=skip)
        for k in range(max(shape)):
            weighing = weighings[k % shape[1]]
            for place, row in enumerate(scores[k % shape[0]]):
                mean = mean_of(row, weighing.weights, weighing.adding)
                mean = mean if skip[k] or None not in row else None
                reached = -1 if mean is None else sum(mean >= cut for cut in weighing.cuts)
                assert codes[k, place] == reached
                wanted = np.nan if mean is None else float(mean)
                assert means[k, place] == pytest.approx(wanted, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("others", [0, 1])
def test_ties_of_weights_whose_products_need_more_than_63_bits(others):
    """Alone, and beside weights that are small: on the cut, and a part of 2 to the 41 below it."""
    small = [Weighing((Fraction(1, 2), Fraction(1, 2)), (Fraction(3),))] * others
    scores, total = np.array([[[2.0, 4.0]]]), 2**41 - 21
    found = []
    for part in range(total // 2 - 2, total // 2 + 3):
        weights = (Fraction(total - part, total), Fraction(part, total))
        for cut in (2 + 2 * weights[1], 2 + 2 * weights[1] + Fraction(1, total)):
            codes = scoring.weigh(scores, scoring.stacked([*small, Weighing(weights, (cut,))]))[1]
            found.append(codes[-1, 0])
            assert codes[:-1].tolist() == [[1]] * others
    assert found == [1, 0] * 5


def test_what_is_missing_adds_nothing_to_a_score_next_to_the_cut():
    """The other half of the weight is not there: 2 is a hair below the cut, and on another."""
    half, hair = (Fraction(1, 2), Fraction(1, 2)), Fraction(1, 10**10)
    weighing = scoring.stacked([Weighing(half, (Fraction(2), 2 + hair))])
    codes = scoring.weigh(np.array([[[2.0, np.nan], [np.nan, 2.0], [2.0, 2.0]]]), weighing)[1]
    assert codes.tolist() == [[1, 1, 1]]


def test_ties_of_scenarios_that_add_up_in_several_ways_are_each_decided_in_its_own():
    """The harmonic mean of 2 and 6 is 3, a hair below its cut; their mean is 4, and on its own."""
    half, cut = (Fraction(1, 2), Fraction(1, 2)), 3 + Fraction(1, 10**10)
    weighings = [Weighing(half, (cut,), Adding(HARMONIC)), Weighing(half, (Fraction(4),), PLAIN)]
    scores = np.array([[[2.0, 6.0]]])
    assert scoring.weigh(scores, scoring.stacked(weighings))[1].tolist() == [[0], [1]]
    assert scoring.weigh(scores, scoring.stacked(weighings[::-1]))[1].tolist() == [[1], [0]]


@pytest.mark.parametrize("size", [1, 10**3, 10**7, 10**9])
@pytest.mark.parametrize("ways", [[PLAIN], [Adding(HARMONIC)]])
def test_ties_are_exact_whatever_the_unit_of_the_scores(size, ways):
    """Half points of a scale of millions: sums of floats miss the cut by more than by a fixed margin."""
    rng, weights = random.Random(size), (Fraction(33, 100), Fraction(33, 100), Fraction(34, 100))
    for _ in range(30):
        row = [Fraction(rng.randint(1, 12 * size), 2) for _ in range(3)]
        cut = mean_of(row, weights, ways[0])
        weighing = scoring.stacked([Weighing(weights, (cut - Fraction(1, 100), cut), ways[0])])
        assert scoring.weigh(as_floats([row])[None], weighing)[1].tolist() == [[2]]
    short = np.array([[[2.0 * size, 2.0 * size, 2.0 * size - 1e-3]]])
    below = scoring.stacked([Weighing(weights, (Fraction(2 * size),))])
    assert scoring.weigh(short, below)[1].tolist() == [[0]]


@pytest.mark.parametrize("share", [Fraction(99, 100), Fraction(1, 2), Fraction(1, 3)])
@pytest.mark.parametrize("size", [2**55, 2**61])
def test_shares_of_large_weights_do_not_wrap_round(share, size):
    """Odd parts: halves of large ones lie between two floats."""
    parts = [size - 1, size - 3, size - 5, size - 7, size - 9, size - 11]
    row, weights = (
        [Fraction(k) for k in (1, 3, 5, 4, 2, 1)],
        [Fraction(part, 6 * size - 36) for part in parts],
    )
    for scores in (row, [None, *row[1:]], row[::-1]):
        found, _ = scoring.weigh(
            as_floats([scores])[None], scoring.stacked([Weighing(tuple(weights), (), Adding(SHARE, share))])
        )
        assert found.tolist() == [[mean_of(scores, weights, Adding(SHARE, share))]]


def test_half_of_a_large_weight_is_half():
    half = 2**61 - 1
    weights = (Fraction(half, 2 * half), Fraction(half - 1, 2 * half), Fraction(1, 2 * half))
    weighing = scoring.stacked([Weighing(weights, (), Adding(SHARE, Fraction(1, 2)))])
    found, _ = scoring.weigh(np.array([[[4.0, 2.0, 1.0], [2.0, 4.0, 1.0], [2.0, 4.0, 5.0]]]), weighing)
    assert found.tolist() == [[4, 2, 4]]


@pytest.mark.parametrize("way", [PLAIN, *SHARES])
def test_no_proposals_have_no_scores(way):
    weighing = scoring.stacked([Weighing((Fraction(1, 2), Fraction(1, 2)), (Fraction(2),), way)])
    assert [part.shape for part in scoring.weigh(np.empty((1, 0, 2)), weighing)] == [(1, 0), (1, 0)]


@pytest.mark.parametrize("shape", [(4,), (3, 4), (2, 3, 4), (5, 1, 2, 4)])
def test_exact_levels_of_any_shape_are_those_of_its_rows(shape):
    scores = np.random.default_rng(len(shape)).integers(1, 6, shape).astype(float)
    weights, cut = [Fraction(k, 10) for k in (1, 2, 3, 4)], Fraction(3)
    means, codes = scoring.exact_level_codes(scores, weights, [cut])
    assert means.shape == codes.shape == shape[:-1]
    for place in np.ndindex(shape[:-1]):
        mean = mean_of([Fraction(int(x)) for x in scores[place]], weights, PLAIN)
        assert (codes[place], means[place]) == (mean >= cut, pytest.approx(float(mean)))


def test_weights_that_do_not_fit_are_refused_whatever_the_shape():
    with pytest.raises(StatisticsError) as refused:
        scoring.exact_level_codes(np.ones((2, 3, 4)), [Fraction(1, 3)] * 3, [Fraction(2)])
    assert refused.value.values["indicators"] == 4
    assert refused.value.values["count"] == 3


def units_by_hand(scores):
    """Whole numbers of units, -1 where missing; None where a score is none, or no ratio of small numbers."""
    units = []
    for score in scores:
        if score is not None and (score < 0 or score * scoring.UNIT % 1 or score.denominator > 100_000):
            return None
        units.append(-1 if score is None else int(score * scoring.UNIT))
    return units


@pytest.mark.parametrize(
    "odd",
    [
        Fraction(0),
        Fraction(7, 3),
        Fraction(-1),
        Fraction(1, 13),
        Fraction(1, scoring.UNIT),
        Fraction(554_399, scoring.UNIT),
        Fraction(5, 2) + Fraction(1, 4 * scoring.UNIT),
        Fraction(99, 100),
        None,
    ],
)
def test_units_measure_what_they_say(odd):
    for scores in ([odd], [Fraction(5, 2), odd], [odd, None, Fraction(3), Fraction(0)]):
        found = scoring.whole_units(as_floats([scores])[0])
        assert (None if found is None else found.tolist()) == units_by_hand(scores)


@pytest.mark.parametrize("points", [1, 5, 2**13])
@pytest.mark.parametrize("cut", [Fraction(1, 2**9), Fraction(5, 2), Fraction(2**12 + 1, 2)])
def test_small_is_what_stays_below_63_bits(points, cut):
    """Weights from few parts to many: on both sides of the bound, by Python's own whole numbers."""
    units, said = np.array([0, points * scoring.UNIT]), set()
    for power in range(62):
        weights = (Fraction(1, 2**power), 1 - Fraction(1, 2**power))
        small = bool(
            scoring.are_small(units, scoring.stacked([Weighing(weights, (Fraction(1, 2**9), cut))]))[0]
        )
        part = max(2**9, cut.denominator)
        largest = 2**power * max(points * scoring.UNIT * part, scoring.UNIT * int(cut * part))
        assert small == (largest < 2**62)
        said.add(small)
    assert said == {True, False}
