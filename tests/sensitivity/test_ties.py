"""A score on a cut is on it everywhere: rule, shares, flips, intervals and draws, against rationals."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.assessment import adjudication, scoring
from ogp_analysis.assessment.rating_arrays import turned_ratings
from ogp_analysis.model.records import Criterion, Indicator
from ogp_analysis.sensitivity import (
    WeightBelief,
    acceptability_curve,
    belief_probability,
    category_acceptability,
    central_weights,
    concentrated_probability,
    cut_margin,
    cut_sweep,
    joint_probability,
    nearest_category,
    noise_probability,
    noisy_scores,
    pairwise_winning,
    sides,
    smallest_flip,
    stability_interval,
    threshold_probability,
)
from ogp_analysis.sensitivity.portfolio import Portfolio
from ogp_analysis.sensitivity.result_tables import ranked
from tests.sensitivity.fixed_scores import FixedScores, fixed

TABLE = [[0, 0, 0], [0, 2, 2], [0, 2, 1]]
CUTS = [2.5, 3.5]
BELOW = 2.4999999999999996  # the float before 2.5: what sums such as 1.9 + 3.6 + 2.5 - 1.9 - 3.6 give


def rational_interval(x, w, cuts, i):
    """Weights of indicator i that keep the level, on fractions: each cut is a linear question in a."""
    rest = sum(w) - w[i]
    shares = [v / rest if rest else Fraction(1, len(x) - 1) for v in w]
    others = sum(s * v for k, (s, v) in enumerate(zip(shares, x, strict=True)) if k != i)
    score, gap = sum(a * b for a, b in zip(w, x, strict=True)), x[i] - others
    low, high = Fraction(0), Fraction(1)
    for t in cuts:
        if gap == 0:
            continue
        crossing = (t - others) / gap
        # At or above the cut the score may fall to it; below, it may rise to it.
        if (score >= t) == (gap > 0):
            low = max(low, crossing)
        else:
            high = min(high, crossing)
    return float(low), float(high)


def rows_on_a_cut(count):
    """Rows of ratings in tenths, halves and thirds whose exact weighted mean is a cut."""
    rng = np.random.default_rng(7)
    found = []
    while len(found) < count:
        n = int(rng.integers(2, 6))
        whole = rng.integers(0, 5, n)
        if not whole.sum():
            continue
        w = [Fraction(int(k), int(whole.sum())) for k in whole]
        step = int(rng.choice([2, 3, 6, 10]))
        x = [Fraction(int(k), step) for k in rng.integers(step, 5 * step + 1, n)]
        if rng.random() < 0.3:  # one indicator scores like the mean of the others
            x[0] = Fraction(5, 2)
        last = max(k for k in range(n) if w[k])
        x[last] = (Fraction(5, 2) - sum(a * b for a, b in zip(w, x, strict=True)) + w[last] * x[last]) / w[
            last
        ]
        if 1 <= x[last] <= 5:
            found.append((x, w))
    return found


@pytest.mark.parametrize("cut", [0, 1])
def test_intervals_of_rows_on_a_cut_are_those_of_rationals(cut):
    cuts = [Fraction(5, 2), Fraction(7, 2)] if cut == 0 else [Fraction(3, 2), Fraction(5, 2)]
    zero_gaps = 0
    for x, w in rows_on_a_cut(400):
        row, weights = [float(v) for v in x], [float(v) for v in w]
        assert sides([row], weights, [2.5]).item() == 0
        found = stability_interval([row], weights, [float(t) for t in cuts])[0]
        wanted = [rational_interval(x, w, cuts, i) for i in range(len(x))]
        assert found == pytest.approx(np.array(wanted), abs=1e-9), (row, weights)
        zero_gaps += sum(low == 0 and high == 1 for low, high in wanted)
    assert zero_gaps > 25


@pytest.mark.parametrize(
    ("score", "cut"), [(0.1 + 0.2, 0.3), (0.3 - 0.1, 0.2), (BELOW, 2.5), (0.7 * 3, 2.1), (1.1 * 3, 3.3)]
)
def test_a_margin_that_rounding_made_is_none_and_agrees_with_what_the_sweep_counts(score, cut):
    assert score != cut
    assert cut_margin([score, np.nan], [cut])[0].tolist() == [0]
    assert cut_sweep([[score, cut]], [[[cut, 9], [cut, 9]]], table=TABLE).tolist() == [[0, 1, 0, 0]]
    # What is really off the cut stays off it.
    assert cut_margin([cut - 1e-9], [cut]).item() < 0 < cut_margin([cut + 1e-9], [cut]).item()


def test_a_gap_of_zero_that_rounding_made_has_no_crossing():
    found = stability_interval([[2, 3.5, 5, 3.5]], [0.25] * 4, CUTS)[0]
    assert found[1].tolist() == found[3].tolist() == [0, 1]


def test_flips_of_rows_on_a_cut_have_no_length():
    for x, w in rows_on_a_cut(120):
        row, weights = [float(v) for v in x], [float(v) for v in w]
        for norm in ("L1", "L2", "Linf"):
            flip = smallest_flip([row], weights, 2.5, norm=norm)
            assert not flip.up.item()
            assert flip.distance.item() == (0 if min(x) < Fraction(5, 2) else np.inf)


@pytest.mark.parametrize("norm", ["L1", "L2", "Linf"])
def test_scores_that_rounding_tells_apart_move_as_equal_ones_do(norm):
    # One third from the score 1 to the others, whichever: v = (1/2 - d, ...) with mean 1 + 3/2 (1 - v_1).
    clean = smallest_flip([[1, 2.5, 2.5]], [0.5, 0.25, 0.25], 2.2, norm=norm)
    noisy = smallest_flip([[1, BELOW, 2.5]], [0.5, 0.25, 0.25], 2.2, norm=norm)
    assert noisy.distance == pytest.approx(clean.distance, abs=1e-12)
    assert clean.weights[0, 0] == pytest.approx(0.2)
    top = smallest_flip([[1, BELOW, BELOW]], [0.5, 0.25, 0.25], 2.5, norm=norm)
    assert top.weights[0, 0] == pytest.approx(0)
    assert np.isfinite(top.distance).all()
    assert smallest_flip([[BELOW, 4]], [0.5, 0.5], 2.5, norm=norm).distance.tolist() == [np.inf]


def test_the_middle_of_three_is_one_of_them():
    grid = np.arange(10, 51) / 10
    rng = np.random.default_rng(3)
    first, second, third = rng.choice(grid, (3, 20_000))
    score, status = adjudication.settle(first, second, third, tolerance=0, third_rule="median")
    assert np.array_equal(score, np.where(status == 1, np.median([first, second, third], axis=0), first))
    score, _ = adjudication.settle(first, second, third, tolerance=0, third_rule="closest")
    for values, found in zip(np.sort([first, second, third], axis=0).T[:500], score, strict=False):
        low, middle, high = (Fraction(repr(float(v))) for v in values)
        pair = low + middle if middle - low < high - middle else middle + high
        exact = pair / 2 if middle - low != high - middle else (low + middle + high) / 3
        assert found == pytest.approx(float(exact), abs=1e-12) or low == high
    assert adjudication.settle([1.9], [3.6], [2.5], tolerance=0, third_rule="median")[0].tolist() == [2.5]


def test_pass_and_fail_are_not_decided_by_rounding():
    # Turned round, 0.3 of 0.1 to 0.5 is 0.1 + 0.5 - 0.3 = 0.3, the middle; floats say 0.29999999999999993.
    item = Indicator("a", "c", 0.1, 0.5, step=0.1, direction="lower is better", coding="pass_fail")
    rated = pd.DataFrame({"indicator": ["a"], "rating": [0.3]})
    assert turned_ratings(rated, Criterion("c", (item,), ("p",), 1)).tolist() == [0.5]


@pytest.mark.parametrize("n", [1, 2, 4, 7])
def test_shares_say_what_the_rule_says_of_a_row_that_is_a_step_below_the_cut(n):
    row, weights = [[BELOW] * n], [1 / n] * n
    exact = [Fraction(1, n)] * n
    assert scoring.exact_level_codes(np.array(row), exact, [Fraction(5, 2)])[1].tolist() == [1]
    always = [
        threshold_probability(row, [2.5]),
        threshold_probability(row, [2.5], alpha=[2] * n),
        threshold_probability(row, [2.5], alpha=[0.3] * n),
        concentrated_probability(row, weights, [2.5], concentration=37.3),
        noise_probability(np.array(row)[:, :, None], np.ones((1, n, 1)), [2.5]),
        noise_probability(np.array(row)[:, :, None], np.ones((1, n, 1)), [2.5], weights=weights),
        np.array(joint_probability(row, 2.5)),
    ]
    names = tuple("abcdefg"[:n])
    if n > 1:
        beliefs = [
            WeightBelief(names, low=(0.01,) * n, high=(0.9,) * n),
            WeightBelief(names, low=(1 / n,) * n, high=(1 / n,) * n),
            WeightBelief(names, pairs=((0, 1, 1.0),)),
            WeightBelief(names, low=(0.01,) * n, high=(0.9,) * n, pairs=((0, 1, 2.0),)),
        ]
        always += [belief_probability(row, [2.5], belief) for belief in beliefs if belief.low or n <= 6]
    assert [each.item() for each in always] == [1.0] * len(always)
    scores = (row, [[4.0] * n])
    assert category_acceptability(scores, [CUTS] * 2, table=TABLE).tolist() == [[0, 1, 0, 0]]
    assert acceptability_curve(scores, [weights] * 2, cuts=[CUTS] * 2, table=TABLE)[:, 0, 1] == pytest.approx(
        1
    )
    found = nearest_category(scores, [weights] * 2, cuts=[CUTS] * 2, table=TABLE)
    assert found.current.tolist() == [2]
    assert found.distance.tolist() == [np.inf]
    middle = central_weights(row, CUTS)[0]
    assert np.isnan(middle[0]).all()
    assert middle[1] == pytest.approx([1 / n] * n)
    assert cut_sweep([[BELOW, 4.0]], [[CUTS] * 2], table=TABLE).tolist() == [[0, 1, 0, 0]]


def test_draws_and_rule_agree_on_a_score_that_is_truly_below_a_cut():
    """Typed weights of ten digits put a mean 5e-11 below the cut: no tolerance may lift it there."""
    scores, weights = np.array([[3.5, 2.0, 2.0]]), np.array([0.3333333333, 0.3333333333, 0.3333333334])
    fractions = [Fraction(repr(w)) for w in weights.tolist()]
    rule = scoring.exact_level_codes(scores, fractions, [Fraction(5, 2)])[1]
    assert rule.tolist() == [0]
    assert sides(scores, weights, [2.5]).item() == -1
    assert noise_probability(scores[:, :, None], np.ones((1, 3, 1)), [2.5], weights=weights).item() == 0
    high = np.array([[4.0]])
    given = [FixedScores(x[None, None]) for x in (scores, high)]
    one = Portfolio(
        **fixed(*given),
        weights=(weights, np.ones(1)),
        beliefs=(None, None),
        criterion_weights=np.full(2, 0.5),
        cuts=(np.array(CUTS), np.array(CUTS)),
        half_width=(0.0, 0.0),
        table=np.array(TABLE),
        route=np.zeros(1, dtype=bool),
        vary=(),
    )
    assert one.baseline().tolist() == [4]
    assert one.count(3, np.random.SeedSequence(1))["categories"].tolist() == [[0, 0, 0, 3]]
    lifted = replace(one, **fixed(FixedScores(np.full((1, 1, 1, 3), BELOW)), given[1]))
    assert lifted.baseline().tolist() == [2]
    assert lifted.count(3, np.random.SeedSequence(1))["categories"].tolist() == [[0, 3, 0, 0]]


@pytest.mark.parametrize("scale", [1, 20, 200])
def test_a_tie_of_two_proposals_is_one_on_any_scale(scale):
    equal = [[scale * BELOW, scale * 0.7], [scale * 2.5, scale * 0.1 * 7]]
    assert pairwise_winning(equal).tolist() == [[0.5, 0.5], [0.5, 0.5]]
    belief = WeightBelief(("a", "b"), low=(0.1, 0.1), high=(0.6, 0.7))
    assert pairwise_winning(equal, belief=belief) == pytest.approx(np.full((2, 2), 0.5))


def test_a_mean_above_the_scale_by_rounding_is_on_it():
    above = np.nextafter(4.9, 5)
    _, pmf = noisy_scores([[above]], [-0.1, 0, 0.1], [0.25, 0.5, 0.25], scale=(1, 4.9))
    assert pmf[0, 0].round(6).tolist() == [0.333333, 0.666667, 0]


def test_ranks_of_composites_that_rounding_tells_apart_are_shared():
    assert ranked(pd.Series([BELOW, 2.5, 3.0])).tolist() == [2, 2, 1]
