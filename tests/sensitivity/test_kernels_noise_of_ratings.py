"""Errors of ratings given side by side: sums of squares by hand, seats, gaps and scales of every kind."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from ogp_analysis.assessment.rating_arrays import Sheet
from ogp_analysis.model.records import Criterion, Indicator, Label
from ogp_analysis.sensitivity.rating_noise import errors_of, onto_scale, raters_of, scale_of

NAN = math.nan
# Three proposals, two indicators, three seats; in each proposal somebody sits beside another.
RATINGS = np.array(
    [
        [[1, 4, NAN], [1, 3, NAN]],
        [[2, 4, 3], [5, NAN, 5]],
        [[5, NAN, NAN], [NAN, 2, 5]],
    ]
)


def test_errors_of_exchangeable_evaluators_by_hand():
    """Squares about the mean of a cell: 4.5 and 2 on 1 + 2 degrees of freedom; 2, 0 and 4.5 on 3.

    Both indicators were rated beside another in the first two proposals, by two at least: 1 + 1 degrees.
    Products of the same seats: (-1.5)(-1) + (1.5)(1) and (-1)(0) + 0 (0) in the second.
    """
    errors, covariance, offsets = errors_of(RATINGS, fixed=False)
    assert covariance == pytest.approx(np.array([[6.5 / 3, 3 / 2], [3 / 2, 6.5 / 3]]))
    assert not offsets.any()
    # A row for each evaluator who sat beside another on some indicator: 2 + 3 + 2.
    assert errors.shape == (7, 2)
    assert np.square(errors).mean(axis=0) == pytest.approx(np.diag(covariance))


def test_a_steady_difference_of_seats_is_no_error():
    """Of lead and counterpart the mean difference is taken away, and a degree of freedom with it."""
    pairs = np.array([[[3.0, 1.0]], [[4.0, 4.0]], [[5.0, 1.0]], [[2.0, NAN]]])
    errors, covariance, offsets = errors_of(pairs, fixed=True)
    # Differences 2, 0 and 4, mean 2: half their variance is 2.
    assert covariance == pytest.approx(np.array([[2.0]]))
    assert offsets.ravel().tolist() == [1, -1]
    assert errors.shape == (6, 1)


@pytest.mark.parametrize("fixed", [False, True])
@pytest.mark.parametrize("ratings", [[[[3.0, NAN]], [[NAN, 4.0]]], [[[NAN, NAN]]], np.empty((0, 1, 2))])
def test_where_nobody_sits_beside_another_nothing_is_known(ratings, fixed):
    errors, covariance, offsets = errors_of(np.array(ratings), fixed=fixed)
    assert (errors.shape, covariance.tolist(), offsets.shape) == ((0, 1), [[0]], (2, 1))


def test_an_indicator_that_one_alone_rated_has_no_error():
    ratings = np.array([[[1.0, 3.0], [2.0, NAN]], [[2.0, 2.0], [NAN, 5.0]]])
    _, covariance, _ = errors_of(ratings, fixed=False)
    assert covariance.tolist() == [[1, 0], [0, 0]]


def test_seats_that_differ_leave_nothing_where_their_differences_take_all_degrees():
    """One pair has one difference, which may be a steady one; a third seat takes one degree more."""
    errors, covariance, offsets = errors_of(np.array([[[3.0, 1.0]]]), fixed=True)
    assert (errors.shape, covariance.tolist(), offsets.tolist()) == ((0, 1), [[0]], [[1], [-1]])
    assert errors_of(np.array([[[3.0, 1.0]]]), fixed=False)[1].tolist() == [[2]]
    # Seats 1 and 2, 2 and 3, 3 and 1, 1 and 2: four degrees less two. On the second indicator two less two.
    ratings = np.array(
        [
            [[3, 1, NAN], [3, 1, NAN]],
            [[NAN, 3, 1], [NAN, 3, 1]],
            [[2, NAN, 2], [NAN, NAN, 2]],
            [[1, 1, NAN], [4, NAN, NAN]],
        ]
    )
    _, covariance, offsets = errors_of(ratings, fixed=True)
    # Means about 0: seat 1 has 1, 0 and 0, seat 2 has -1, 1 and 0, seat 3 has -1 and 0.
    assert offsets[:, 0] == pytest.approx([1 / 3, 0, -1 / 2])
    squares = (4 / 9 + 1 / 9 + 1 / 9) + 2 + (1 / 4 + 1 / 4)
    assert covariance == pytest.approx(np.array([[squares / 2, 0], [0, 0]]))


def test_an_indicator_that_nobody_rated_beside_another_has_no_offsets():
    ratings = np.array([[[3.0, 1.0], [2.0, NAN]], [[4.0, 4.0], [NAN, 5.0]], [[5.0, 1.0], [NAN, NAN]]])
    errors, covariance, offsets = errors_of(ratings, fixed=True)
    assert offsets.tolist() == [[1, 0], [-1, 0]]
    assert covariance.tolist() == [[2, 0], [0, 0]]
    assert not errors[:, 1].any()


def test_who_sits_alone_on_one_indicator_has_no_error_there():
    """Differences of the seats on the second one are 2 and 0: half their variance is 1."""
    ratings = np.array([[[3.0, 1.0], [3, 1]], [[4.0, 4.0], [4, 4]], [[5.0, 1.0], [5, NAN]]])
    _, covariance, _ = errors_of(ratings, fixed=True)
    assert np.diag(covariance) == pytest.approx([2, 1])


def sheet(name, panels, ratings):
    ratings = np.array(ratings, dtype=float)
    indicators = tuple(Indicator(f"{name}{k}", name, 1, 5) for k in range(ratings.shape[1]))
    none = np.full(ratings.shape[:2], NAN)
    criterion = Criterion(name, indicators, panels, ratings.shape[-1])
    return Sheet(criterion, ratings, np.full(ratings.shape[:-1], NAN), none)


def test_groups_are_panels_over_their_criteria_or_seats_of_one():
    """Panel p serves two criteria with two and three seats; l and c sit alone and make one group."""
    first = sheet("a", ("p", "q"), RATINGS[:, :, None, :2].repeat(2, axis=2))
    second = sheet("b", ("p",), RATINGS[:, :1, None, :])
    alone = sheet("c", ("l", "k"), [[[[4], [2]]], [[[3], [3]]], [[[5], [NAN]]]])
    groups = raters_of([first, second, alone])
    assert [[(place.criterion, place.panels) for place in group.places] for group in groups] == [
        [(0, (0,)), (1, (0,))],
        [(0, (1,))],
        [(2, (0, 1))],
    ]
    assert [group.fixed for group in groups] == [False, False, True]
    assert [group.covariance.shape for group in groups] == [(3, 3), (2, 2), (1, 1)]
    assert [(place.columns.start, place.columns.stop) for place in groups[0].places] == [(0, 2), (2, 3)]
    assert [group.count.tolist() for group in groups] == [[2, 3, 2], [2, 2, 2], [2, 2, 1]]
    assert all(group.known for group in groups)
    # Degrees of freedom by indicator: 2, 1 and 3; of the seats, two pairs less one.
    assert groups[0].freedom == pytest.approx((2 + 1 + 3) / 3)
    assert groups[2].freedom == 1


def test_errors_are_learnt_from_more_proposals_than_are_judged():
    wide = [sheet("a", ("p",), RATINGS[:, :, None, :])]
    [group] = raters_of([wide[0].rows(np.array([0]))], wide)
    [whole] = raters_of(wide)
    assert group.count.tolist() == [2]
    assert group.covariance.tolist() == whole.covariance.tolist()
    assert group.freedom == whole.freedom
    [none] = raters_of([sheet("a", ("p",), [[[[3, NAN]]]])])
    assert (none.known, none.freedom, none.count.tolist()) == (False, 0, [1])


def test_unseen_is_what_some_rated_and_nobody_beside_another():
    """Of four proposals: one pair, a single rating, nothing, and two pairs."""
    ratings = np.full((4, 4, 1, 2), NAN)
    ratings[0, 0, 0], ratings[1, 1, 0, 0] = [3, 4], 2
    ratings[2:, 3, 0] = [[1, 2], [5, 5]]
    [group] = raters_of([sheet("a", ("p",), ratings)])
    assert group.unseen.tolist() == [False, True, False, False]
    assert group.places[0].columns == slice(0, 4)
    # Degrees of freedom 1, 0, 0 and 2.
    assert group.freedom == pytest.approx(3 / 4)


@pytest.mark.parametrize("coding", ["rated", "pass_fail"])
@pytest.mark.parametrize("direction", ["higher is better", "lower is better"])
def test_scales_rise_and_hold_what_ratings_become(coding, direction):
    indicator = replace(Indicator("x", "a", 1, 3, step=0.5), coding=coding, direction=direction)
    assert scale_of(indicator).tolist() == ([1, 3] if coding == "pass_fail" else [1, 1.5, 2, 2.5, 3])


def test_scales_of_words_are_turned_by_their_points():
    words = tuple(Label(points, {"en": name}) for name, points in (("low", 1), ("mid", 2), ("high", 5)))
    indicator = replace(Indicator("x", "a", 1, 5), labels=words)
    assert scale_of(indicator).tolist() == [1, 2, 5]
    assert scale_of(replace(indicator, direction="lower is better")).tolist() == [1, 4, 5]


@pytest.mark.parametrize("count", [2, 5, 17, 18, 40])
def test_values_move_to_the_nearest_rating_and_from_the_middle_up(count):
    scale = np.arange(count) / 2
    values = np.array([-1.0, 0.1, 0.25, 0.3, 0.74, 0.75, 99.0, NAN])
    found = onto_scale(values[:, None], [scale])[:, 0]
    expected = [NAN if np.isnan(v) else min(max(math.floor(2 * v + 0.5) / 2, 0), scale[-1]) for v in values]
    np.testing.assert_array_equal(found, expected)
