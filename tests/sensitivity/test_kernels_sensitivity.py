"""Small cases worked out by hand for the sensitivity kernels, each where a slip would hide."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from ogp_analysis.errors import StatisticsError
from ogp_analysis.sensitivity import acceptability, constrained, flips, simplices, ties
from ogp_analysis.sensitivity.beliefs import WeightBelief
from ogp_analysis.sensitivity.threshold import simplex_tail

TABLE = [[0, 0, 0], [0, 2, 2], [0, 2, 1]]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        # Fifteen decimals: within 1e-15 of a half, and just not.
        (0.500000000000001, Fraction(1, 2)),
        (0.500000000000002, Fraction("0.500000000000002")),
        # Relative to numbers above 1, whose texts have fewer decimals.
        (200 / 3, Fraction(200, 3)),
        (1 / 3, Fraction(1, 3)),
        # Thirteen decimals are meant as they are written, though 1000/9999 is within 1e-17.
        (0.1000100010001, Fraction("0.1000100010001")),
    ],
)
def test_long_texts_are_read_as_small_fractions_and_short_ones_as_written(value, expected):
    assert ties.exact(value) == expected


def test_weights_are_divided_by_their_sum():
    assert ties.exact_mean([1, 5], [1, 3]) == 4


def test_scores_next_to_a_cut_are_on_their_own_side():
    found = ties.sides([[3.5 - 1e-10], [3.5], [3.5 + 1e-10]], [1], [3.5])
    assert found.tolist() == [[-1], [0], [1]]


def test_ties_of_large_numbers_and_at_zero_are_seen():
    weights = np.array([0.1, 0.4, 0.3, 0.2])
    rows = np.array([[a, b, 3, 1] for a in range(1, 6) for b in range(1, 6)], dtype=float)
    tenths = (rows @ np.array([1, 4, 3, 2])).astype(int)
    for row, tenth in zip(rows, tenths, strict=True):
        assert ties.sides([row * 1e7], weights, [tenth * 1e6]).tolist() == [[0]]
        assert ties.sides([row - tenth / 10], weights, [0.0]).tolist() == [[0]]


def test_a_row_that_lies_on_the_cut_reaches_it():
    zero, one = Fraction(0), Fraction(1)
    assert ties.exact_simplex_tail([zero, zero]) == 1
    assert ties.exact_simplex_tail([zero, -one]) == 0
    assert ties.exact_simplex_tail([zero, one]) == 1
    assert simplex_tail(np.array([[0.0, 0.0, 0.0], [0.0, -1.0, 1.0]])).tolist() == [1, 0, 1]


def test_a_score_whose_lowest_indicator_is_on_the_cut_never_falls_below():
    flip = flips.smallest_flip([[3, 5], [2.9, 5]], [0.5, 0.5], 3)
    assert flip.distance[0] == math.inf
    assert flip.certificate.tolist() == [3, 2.9]
    assert flip.distance[1] < 1


@pytest.mark.parametrize(
    ("norm", "unit", "join"),
    [("L1", 2, lambda a, b: a + b), ("L2", math.sqrt(2), math.hypot), ("Linf", 1, max)],
)
def test_nearest_category_by_hand(norm, unit, join):
    """Two indicators with weights (1 - w, w), w = 0.55: each move is a move of w, seen through the norm."""
    up, down, level, low = [1, 5], [5, 1], [4, 4], [1, 1]
    first = [up, level, down, level, low, [1, 3], [2.5, 2.5]]
    second = [level, up, level, down, low, [1, 3.5], level]
    flip = flips.nearest_category(
        [first, second], [[0.45, 0.55]] * 2, cuts=[[2.5, 3.5]] * 2, table=TABLE, norm=norm
    )
    # up: w from 0.55 to 0.625; down: to 0.625 as well; [1, 3] to 0.75 and [1, 3.5] to 0.6, both needed.
    moved = [0.075] * 4 + [math.inf, join(0.2, 0.05), math.inf]
    assert flip.distance.tolist() == pytest.approx([unit * size for size in moved], rel=1e-12)
    assert flip.current.tolist() == [2, 2, 2, 2, 4, 4, 2]
    assert flip.category.tolist() == [1, 1, 4, 4, 0, 2, 0]
    assert flip.levels.tolist() == [[1, 2], [2, 1], [1, 2], [2, 1], [0, 0], [0, 0], [1, 2]]
    assert flip.target.tolist() == [[2, 2], [2, 2], [0, 2], [2, 0], [0, 0], [1, 1], [1, 2]]
    assert flip.attained.tolist() == [True, True, False, False, False, True, False]
    expected = [[0.625, 0.55], [0.55, 0.625], [0.625, 0.55], [0.55, 0.625], [math.nan] * 2, [0.75, 0.6]]
    for side in (0, 1):
        shares = flip.weights[side][:6, 1].tolist()
        assert shares == pytest.approx([row[side] for row in expected], rel=1e-12, nan_ok=True)


def test_nearest_category_of_one_criterion():
    """Weights (1 - w, w), w = 0.55, of ratings 1 and 5: a score of 3.2, which w = 0.625 lifts to 3.5."""
    flip = flips.nearest_category([[[1, 5]]], [[0.45, 0.55]], cuts=[[2.5, 3.5]], table=[3, 2, 1])
    assert flip.distance.tolist() == pytest.approx([0.15], rel=1e-12)
    assert (flip.current.tolist(), flip.category.tolist()) == ([2], [1])


def test_moves_have_a_row_for_each_proposal_and_one_for_each_level():
    scores, weights = [[1, 5], [4, 4], [2, 2]], np.array([0.45, 0.55])
    found = [flips.smallest_flip(scores, weights, cut) for cut in (2.5, 3.5)]
    level, distance, moved = flips.level_moves(found, weights, np.array([1, 2, 0]))
    assert (level.shape, distance.shape, moved.shape) == ((3,), (3, 3), (3, 3, 2))
    assert moved[0, 1].tolist() == weights.tolist()


def test_bands_forgive_rounding_up_to_a_thousand_millionth():
    assert acceptability.band_probability([[0.0, 1e-9]]).tolist() == [[1.0, 0.0, 1e-9]]
    with pytest.raises(StatisticsError, match=r"rise from one cut to the next by 0\.2"):
        acceptability.band_probability([[0.9, 0.1], [0.3, 0.5]])


def test_without_a_recorded_route_low_levels_are_category_4():
    assert acceptability.category_of(TABLE, None, 1)[0].tolist() == [[4, 4, 4], [4, 2, 2], [4, 2, 1]]
    routes = acceptability.category_of(TABLE, [True, False], 2)
    assert routes[:, 0, 0].tolist() == [3, 4]


@pytest.mark.parametrize("table", [[[0, 5, 0]] * 3, [[0, -1, 0]] * 3, [0, 9], [1], [[1, 2, 3]], [[1], [2]]])
def test_a_table_with_other_categories_is_refused(table):
    with pytest.raises(StatisticsError, match="category table"):
        acceptability.category_of(table, None, 1)


def test_moments_of_nobody_and_of_cuts_out_of_order():
    assert acceptability.band_moments(np.empty((0, 3)), [2, 3]).shape == (0, 3, 3)
    with pytest.raises(StatisticsError, match="out of order"):
        acceptability.band_moments([[1, 5]], [3, 2])


def test_moments_do_not_depend_on_the_company():
    rows = [[4.0, 5.0], [1.0, 5.0]]
    together = acceptability.band_moments(rows, [3])
    assert together[0].tolist() == [[0, 0], [0.5, 0.5]]
    assert together[1].tolist() == acceptability.band_moments(rows[1:], [3])[0].tolist()


def test_cut_points_asked_one_after_the_other_are_asked_together():
    scores = np.array([[1.0, 5.0, 2.0], [4.0, 2.0, 3.0]])
    apart = [(scores, np.array([cut])) for cut in (2.5, 3.5)]
    expected = acceptability.band_moments(scores, [2.5, 3.5])
    assert acceptability.moments_of_questions(apart, None) == pytest.approx(expected, abs=1e-15)


def test_moments_of_drawn_weights_are_their_means_also_on_the_cut():
    """Four weightings: of ratings 2 and 3 the first two lie below 2.5, the third on it, the last above."""
    drawn = np.array([[[1.0, 0.0], [0.75, 0.25]], [[0.5, 0.5], [0.1, 0.9]]])
    belief = WeightBelief(("a", "b"), sample=drawn)
    moments = acceptability.band_moments([[2, 3]], [2.5], belief=belief)[0]
    assert moments == pytest.approx(np.array([[1.75, 0.25], [0.6, 1.4]]) / 4, rel=1e-12)


@pytest.mark.parametrize("size", [0.5, 1.0, 7.0, 1e6])
def test_scores_that_differ_by_rounding_alone_win_half_the_time(size):
    """Rounding is a millionth of a millionth of the larger score, and of 1 where scores are smaller."""
    step = ties.ON_THE_CUT * max(size, 1)
    for gap, expected in ((0.5 * step, 0.5), (-0.5 * step, 0.5), (1.5 * step, 1.0), (-1.5 * step, 0.0)):
        wins = acceptability.pairwise_winning([[size + gap] * 2, [size] * 2])
        assert wins[0, 1] == expected


def test_proposals_are_compared_however_near_or_far_their_scores_are():
    """Differences are compared: they may be smaller than the least score that is taken, and larger."""
    near = acceptability.pairwise_winning([[3, 3.0000001], [3.0000001, 3]])
    far = acceptability.pairwise_winning([[9e11, -9e11], [-9e11, 9e11]])
    assert near.tolist() == far.tolist() == [[0.5, 0.5], [0.5, 0.5]]
    # Alike on one indicator: on the other the second is higher.
    assert acceptability.pairwise_winning([[3, 3], [3.0000001, 3]]).tolist() == [[0.5, 0], [1, 0.5]]


def test_an_indicator_without_weight_has_no_central_weight():
    """Beta(1, 2) on the first and third: reaches 3 where the third weighs half; E by its integral."""
    belief = WeightBelief(("a", "b", "c"), alpha=(1.0, 0.0, 2.0))
    moments = acceptability.band_moments([[1, 9, 5]], [3], belief=belief)[0]
    # density 2 w on the third: P(w >= 1/2) = 3/4, E[w; w >= 1/2] = 7/12, E[w] = 2/3.
    assert moments[1].tolist() == pytest.approx([3 / 4 - 7 / 12, 0, 7 / 12], rel=1e-12)
    assert moments[0].tolist() == pytest.approx([1 / 4 - 1 / 12, 0, 1 / 12], rel=1e-12)


@pytest.mark.parametrize("move", [flips.move_l1, flips.move_l2, flips.move_linf])
def test_no_gap_moves_nothing_and_the_full_gap_puts_all_weight_on_the_best(move):
    y, w = np.array([[1.0, 2.0, 5.0], [5.0, 2.0, 1.0], [3.0, 3.0, 3.0]]), np.array([0.2, 0.3, 0.5])
    start = y @ w
    assert move(y, w, np.zeros(3)) == pytest.approx(np.tile(w, (3, 1)), abs=1e-15)
    full = move(y[:2], w, 5 - start[:2])
    assert full == pytest.approx(np.array([[0, 0, 1], [1, 0, 0]]), abs=1e-12)


def test_moves_by_hand():
    """y = (0, 1, 3), w = (0.2, 0.3, 0.5), mean 1.8; gap 0.9."""
    y, w, gap = np.array([[0.0, 1.0, 3.0]]), np.array([0.2, 0.3, 0.5]), np.array([0.9])
    # L1: all 0.2 from the worst (gain 0.6), the rest of the gain from the second, two points below the best.
    assert flips.move_l1(y, w, gap)[0].tolist() == pytest.approx([0, 0.15, 0.85], abs=1e-15)
    # Linf: the worst and the second give e each while they can, the best takes at most e: for a small gap
    # the worst gives e and the best takes it.
    assert flips.move_linf(y, w, np.array([0.3]))[0].tolist() == pytest.approx([0.1, 0.3, 0.6], abs=1e-15)
    # L2 inside the simplex: w + mu (y - mean y), mu = gap / sum (y - mean y)^2 = 0.3 / (42 / 9).
    inside = w + 0.3 / (42 / 9) * (y[0] - 4 / 3)
    assert flips.move_l2(y, w, np.array([0.3]))[0].tolist() == pytest.approx(inside.tolist(), abs=1e-15)
    # L2 on the edge without the worst: (0, 0.5 - d, 0.5 + d) with mean 2 + 2 d.
    assert flips.move_l2(y, w, gap)[0].tolist() == pytest.approx([0, 0.15, 0.85], abs=1e-12)


def test_linf_beyond_what_the_worst_can_give():
    """The worst has 0.05 to give, less than e = 0.1: the second gives the other half."""
    y, w = np.array([[0.0, 1.0, 3.0]]), np.array([0.05, 0.45, 0.5])
    gain = 0.05 * 3 + 0.05 * 2
    moved = flips.move_linf(y, w, np.array([gain]))[0]
    assert moved.tolist() == pytest.approx([0, 0.4, 0.6], abs=1e-14)


def test_projection_onto_the_simplex_by_hand():
    points = np.array([[0.5, 0.5, 0.0], [2.0, 0.0, 0.0], [0.6, 0.6, 0.0], [0.9, 0.5, -3.0]])
    expected = [[0.5, 0.5, 0], [1, 0, 0], [0.5, 0.5, 0], [0.7, 0.3, 0]]
    assert flips.project(points) == pytest.approx(np.array(expected), abs=1e-15)


def test_ordered_scores_are_running_means_in_the_order_given():
    assert constrained.ordered_scores([[1, 5, 0], [7, 7, 7]], [1, 2, 0]) == pytest.approx(
        np.array([[5, 2.5, 2], [7, 7, 7]]), rel=1e-15
    )
    for order in ([0, 1], [0, 1, 1], [0, 1, 3]):
        with pytest.raises(StatisticsError, match=r"must name each of the indicators 0\.\.2 once"):
            constrained.ordered_scores([[1, 5, 3]], order)


def test_ratio_chains_have_their_corners():
    """w0 >= 2 w1 >= 2 * 3 w2: corners (1, 0, 0), (2, 1, 0) / 3, (6, 3, 1) / 10."""
    shares, corners = simplices.chain_simplex([0, 1, 2], [2, 3])
    assert shares.tolist() == [1]
    assert corners[0] == pytest.approx(np.array([[1, 0, 0], [2 / 3, 1 / 3, 0], [0.6, 0.3, 0.1]]), rel=1e-15)
    # Two indicators, w0 >= 3 w1: w1 uniform on [0, 1/4]; 1 + 4 w1 >= 1.5 for half of it.
    found = constrained.ratio_chain_probability([[1, 5]], [1.5], order=[0, 1], ratios=[3])
    assert found[0, 0] == pytest.approx(0.5, rel=1e-12)


@pytest.mark.parametrize("ratios", [[1], [1, 0], [1, -2], [1, math.inf], [1, math.nan], [1, 1, 1]])
def test_ratios_that_are_none_are_refused(ratios):
    with pytest.raises(StatisticsError, match="must be 2 finite numbers above 0"):
        constrained.ratio_chain_probability([[1, 5, 3]], [3], order=[0, 1, 2], ratios=ratios)


def test_bounds_may_touch_but_not_cross():
    low, high = constrained.bound_vectors([0, 0.5], [0.5, 1], 2)
    assert (low.tolist(), high.tolist()) == ([0, 0.5], [0.5, 1])
    for edges, message in (
        (([-0.1, 0], [1, 1]), "each needs 0 <= lower <= upper <= 1"),
        (([0, 0], [1, 1.1]), "each needs 0 <= lower <= upper <= 1"),
        (([0.6, 0], [0.5, 1]), "each needs 0 <= lower <= upper <= 1"),
        (([0.6, 0.6], [1, 1]), "at most 1 is allowed"),
        (([0, 0], [0.4, 0.4]), "at least 1 is needed"),
        (([0, math.nan], [1, 1]), "low"),
        (([0, 0], [1, math.inf]), "high"),
    ):
        with pytest.raises(StatisticsError, match=message):
            constrained.bound_vectors(*edges, 2)


def test_bounds_that_leave_one_point_decide():
    for low, high in (([0.25, 0.75], 1.0), (0.0, [0.25, 0.75]), ([0.25, 0.75], [0.25, 0.75])):
        found = constrained.interval_probability([[1, 5]], [3.9, 4.1], low=low, high=high)
        assert found.tolist() == [[1, 0]]


def test_narrow_bounds_are_computed_on_rationals():
    """w1 between 0.5 and 0.5 + 1e-9, uniform there: the mean 1 + 4 w1 reaches the middle for half of them."""
    low, high = np.array([0.0, 0.5]), np.array([1.0, 0.500000001])
    assert constrained._exact_interval(np.array([1.0, 5.0]), 3.000000002, low, high) == pytest.approx(0.5)
    # The first weight fixed at 0.2: 1.8 + (0.8 - w) + 5 w with w uniform from 0.4 on.
    low, high = np.array([0.2, 0.0, 0.4]), np.array([0.2, 1.0, 0.400000001])
    row = np.array([9.0, 1.0, 5.0])
    assert constrained._exact_interval(row, 4.200000002, low, high) == pytest.approx(0.5)
    three = (np.full(3, 0.333333), np.full(3, 0.333334))
    found = constrained.interval_probability([[1, 2, 3]], [2.0, 1.9, 2.1], low=three[0], high=three[1])
    assert found.tolist() == [[pytest.approx(0.5), 1, 0]]


@pytest.mark.parametrize(
    ("score", "other", "cut", "on_it"),
    [
        # A hundredth of a millionth of a millionth of the largest score, of the cut, and at least of 1.
        (3 - 5e-14, 8.0, 3.0, True),
        (3 - 9e-14, 8.0, 3.0, False),
        (3 - 5e-14, 3.0, 3.0, False),
        (0.5 - 7e-15, 0.5, 0.5, True),
        (0.5 - 1.5e-14, 0.5, 0.5, False),
    ],
)
def test_a_corner_that_rounding_keeps_off_the_cut_is_on_it(score, other, cut, on_it):
    corner = np.array([[[1.0, 0.0]]])
    gap = constrained.corner_gaps(np.array([[score, other]]), corner, np.array([cut]))
    assert gap.shape == (1, 1, 1, 1)
    assert (gap.item() == 0) == on_it
    assert gap.item() == pytest.approx(score - cut if not on_it else 0, abs=1e-16)


def test_scores_a_hair_from_the_cut_are_certain_either_way():
    found = constrained.interval_probability(
        [[3 - 5e-13] * 3, [3 + 5e-13] * 3, [3] * 3], [3], low=0.1, high=0.8
    )
    assert found.tolist() == [[0], [1], [1]]


@pytest.mark.parametrize("width", [1e-9, 0.3])
def test_of_no_proposals_bounds_leave_no_shares(width):
    found = constrained.interval_probability(np.empty((0, 2)), [3, 4, 5], low=[0.5, 0], high=[0.5 + width, 1])
    assert found.shape == (0, 3)


def test_pairs_name_indicators_that_exist():
    for pair in ((0, 2), (-1, 0)):
        with pytest.raises(StatisticsError, match=r"has an indicator outside 0\.\.1"):
            constrained.partial_order_probability([[1, 5]], [3], pairs=[pair])
    with pytest.raises(StatisticsError, match="cyclic"):
        constrained.partial_order_probability([[1, 5]], [3], pairs=[(0, 1), (1, 0)])


def test_every_row_at_once_where_one_never_or_all_always_do():
    assert constrained.joint_probability([[1, 2], [5, 5]], 3) == 0
    assert constrained.joint_probability([[3, 4], [5, 3]], 3) == 1
    assert constrained.joint_probability([[1, 5], [1, 5], [4, 4]], 3) == pytest.approx(0.5, rel=1e-12)
    assert constrained.joint_probability([[1, 3]], 3) == 0
    assert constrained.joint_probability([[1, 5, 5]], 3) == pytest.approx(0.75, rel=1e-12)


def test_no_cut_is_no_question():
    assert constrained.ordered_probability([[1, 5], [2, 4]], [], order=[0, 1]).shape == (2, 0)


def test_bounds_as_signed_simplices_by_hand():
    """w0 and w1 up to 0.2, w2 from 0.5: room 0.5; left 0.3 above either bound and 0.1 above both."""
    low, high = np.array([0.0, 0.0, 0.5]), np.array([0.2, 0.2, 1.0])
    (shares, corners), digits = simplices.interval_simplices(low, high)
    assert shares.tolist() == pytest.approx([1 / 0.32, -0.36 / 0.32, -0.36 / 0.32, 0.04 / 0.32], rel=1e-12)
    assert digits == pytest.approx(0.32 * 0.5, rel=1e-12)
    assert corners[0] == pytest.approx(np.array([[0.5, 0, 0.5], [0, 0.5, 0.5], [0, 0, 1]]), abs=1e-15)
    assert corners[3] == pytest.approx(np.array([[0.3, 0.2, 0.5], [0.2, 0.3, 0.5], [0.2, 0.2, 0.6]]))
    # w0 and w1 are then independent, and w2 >= 0.8 where their sum is at most 0.2.
    found = constrained.interval_probability([[0, 0, 1]], [0.8], low=low, high=high)
    assert found[0, 0] == pytest.approx(0.5, rel=1e-12)


def test_one_free_weight_takes_what_is_left():
    (shares, corners), digits = simplices.interval_simplices(np.array([0.3, 0.2]), np.array([0.3, 1.0]))
    assert (shares.tolist(), digits) == ([1], pytest.approx(0.5))
    assert corners[0, 0].tolist() == pytest.approx([0.3, 0.7])
    (_, point), digits = simplices.interval_simplices(np.array([0.3, 0.7]), np.array([1.0, 1.0]))
    assert (point.tolist(), digits) == ([[[0.3, 0.7]]], 1)


def test_orders_of_two_and_of_too_many(monkeypatch):
    monkeypatch.setattr(simplices, "LARGEST_ORDER", 2)
    shares, corners = simplices.order_simplices([], 2)
    assert shares.tolist() == [0.5, 0.5]
    assert corners.tolist() == [[[1, 0], [0.5, 0.5]], [[0, 1], [0.5, 0.5]]]
    with pytest.raises(StatisticsError, match="a partial order over 3 indicators is not enumerated"):
        simplices.order_simplices([], 3)
    with pytest.raises(StatisticsError, match="cyclic"):
        simplices.order_simplices([(0, 0)], 2)


def test_a_search_is_as_long_as_it_is_allowed_to_be(monkeypatch):
    """Three constraints on two weights: three corners to try."""
    monkeypatch.setattr(simplices, "LARGEST_SEARCH", 3)
    assert simplices.polytope_volume(np.array([[1.0, -1]]), np.zeros(1)) == pytest.approx(0.5)
    monkeypatch.setattr(simplices, "LARGEST_SEARCH", 2)
    with pytest.raises(StatisticsError, match="3 constraints on 2 weights are too many to search"):
        simplices.polytope_volume(np.array([[1.0, -1]]), np.zeros(1))


def test_flat_sets_of_weights():
    """w0 = w1 leaves the segment from (0, 0, 1) to (1/2, 1/2, 0); w0 = 0.3 of two weights a point."""
    equal = np.array([[1.0, -1, 0], [-1, 1, 0]])
    shares, corners = simplices.polytope_simplices(equal, np.zeros(2))
    assert shares.tolist() == [1]
    assert sorted(corners[0].tolist()) == [[0, 0, 1], [0.5, 0.5, 0]]
    assert simplices.polytope_volume(equal, np.zeros(2)) == 0
    found = constrained.polytope_probability([[0, 0, 1]], [0.5], normals=equal, bounds=[0, 0])
    assert found[0, 0] == pytest.approx(0.5, rel=1e-12)
    shares, point = simplices.polytope_simplices(np.eye(2), np.array([0.3, 0.7]))
    assert shares.tolist() == [1]
    assert point[0, 0].tolist() == pytest.approx([0.3, 0.7])
    assert simplices.polytope_volume(np.eye(2), np.array([0.3, 0.6])) == 0


def test_probabilities_of_categories_by_hand():
    found = acceptability.category_probability(
        [[0.2, 0.3, 0.5], [1, 0, 0]], [[0.1, 0.4, 0.5], [0, 0, 1]], table=TABLE, route=[False, True]
    )
    # 1: 0.25; 2: 0.3 (0.4 + 0.5) + 0.5 * 0.4; 4: the rest.
    assert found[0].tolist() == pytest.approx([0.25, 0.47, 0, 0.28], rel=1e-12)
    assert found[1].tolist() == [0, 0, 1, 0]


@pytest.mark.parametrize(
    ("move", "scores", "first", "gap"),
    [
        (
            flips.move_l2,
            [1.0005006312649463, 5.000042234905996],
            9.252889474258527e-05,
            0.00018503658203083972,
        ),
        (flips.move_linf, [5.000000009150284, 5.000501208409829], 0.7708616231115238, 0.0003863552746756762),
    ],
)
def test_a_search_that_rounding_keeps_from_settling_ends_with_the_right_weights(move, scores, first, gap):
    """Two weights that gain the gap are the only ones, in any norm: gap / (y2 - y1) goes over to the second.

    What is missing is then nothing but rounding, of either sign: neither search can step below it, and each
    ends at its last round.
    """
    moved = move(np.array([scores]), np.array([first, 1 - first]), np.array([gap]))[0]
    left = float(Fraction(first) - Fraction(gap) / (Fraction(scores[1]) - Fraction(scores[0])))
    assert moved.tolist() == pytest.approx([left, 1 - left], abs=2e-12)
