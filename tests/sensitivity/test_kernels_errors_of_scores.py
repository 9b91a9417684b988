"""Errors of axis scores and chances of levels from small groups of evaluators, worked out by hand."""

from __future__ import annotations

import math
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from ogp_analysis.assessment.criterion_rule import CriterionRule
from ogp_analysis.assessment.rating_arrays import Sheet
from ogp_analysis.sensitivity import another_round, score_errors
from ogp_analysis.sensitivity.another_round import KNOWN, Prediction

PLACES = [
    SimpleNamespace(criterion=0, panels=(0,), columns=slice(0, 2)),
    SimpleNamespace(criterion=1, panels=(1,), columns=slice(2, 3)),
]


def group(variance, count, freedom=3.0):
    return SimpleNamespace(
        covariance=np.array([[float(variance)]]), count=np.array(count), freedom=freedom, places=PLACES
    )


def test_ratings_behind_a_third_evaluation_by_indicator():
    rules = [SimpleNamespace(third_rule="replace"), SimpleNamespace(third_rule="mean")]
    [behind] = score_errors._behind([group(1, [2])], rules)
    assert behind.tolist() == [1, 1, 3]


@pytest.mark.parametrize("behind", [1.0, 4.0])
def test_errors_of_pairs_and_of_third_evaluations(behind):
    """Variance 4 of one rating: of a pair 2, of nobody's as of one, where a third decided 4 / behind."""
    groups, third = [group(4, [2, 2, 4, 0])], np.array([[True], [False], [False], [False]])
    settled = SimpleNamespace(by_third=[third])
    now, another = score_errors._errors(groups, [np.array([[1.0]])], settled, [np.array([behind])])
    assert now[:, 0, 0].tolist() == [4 / behind, 2, 1, 4]
    assert another[:, 0, 0].tolist() == [one + (4 / behind - 2) / 4 for one in (2, 2, 1, 4)]
    none = score_errors._errors(
        [group(4, np.empty(0))], [np.array([[1.0]])], SimpleNamespace(by_third=[third[:0]]), [np.array([1.0])]
    )
    assert [part.shape for part in none] == [(0, 1, 1)] * 2


@pytest.mark.parametrize("unit", [0.01, 1.0])
def test_degrees_of_freedom_are_added_by_satterthwaite(unit):
    """Group 1 has on average 5/3 evaluators, group 2 one and half a degree, which counts as one."""
    groups = [group(4 * unit, [2, 2, 1], 5.0), group(9 * unit, [1, 1, 0], 0.5)]
    first, second = 4 / (5 / 3), 9 / 4
    expected = (first + second) ** 2 / (first**2 / 5 + second**2 / 1)
    shares = [np.array([[1.0], [0.0]]), np.array([[0.5], [0.0]])]
    assert score_errors._freedom(groups, shares) == pytest.approx([expected, KNOWN])
    [alone] = score_errors._freedom([group(4 * unit, [2], 5.0), group(unit, [1], 2.0)], [np.ones((1, 1))] * 2)
    assert alone == pytest.approx((2 + 1) ** 2 / (4 / 5 + 1 / 2))


def test_what_is_known_by_axis_is_spread_over_the_indicators_of_a_group():
    axes = [SimpleNamespace(parts=(0,)), SimpleNamespace(parts=(1,))]
    found = score_errors._of_indicators(group(1, [1]), np.array([[0.1, 0.2], [0.3, 0.4]]), axes)
    assert found.tolist() == [[0.1, 0.1, 0.2], [0.3, 0.3, 0.4]]


def test_steps_of_scores():
    assert score_errors.common_step([]) == score_errors.common_step([Fraction(0)]) == 0
    halves, points = np.arange(1.0, 5.5, 0.5), np.arange(1.0, 6)
    found = score_errors.score_steps([np.array([[1.0]])], [[halves]], [np.array([0, 1, 2, 3])])
    assert found[:, 0].tolist() == pytest.approx([1 / 2, 1 / 2, 1 / 4, 1 / 6])
    both = score_errors.score_steps([np.array([[0.5, 0.5]])], [[halves, points]], [np.array([1])])
    assert both.tolist() == [[0.25]]


@pytest.mark.parametrize(
    ("rule", "panels", "say"), [(1, (1,), 1), (0, (1,), 0), ("mean", (1,), 1 / 3), ("minimum", (0, 1), 2 / 3)]
)
def test_what_a_group_has_to_say(rule, panels, say):
    sheet = SimpleNamespace(criterion=SimpleNamespace(panels=("p", "q", "r")))
    assert another_round._say(panels, SimpleNamespace(panel_rule=rule), sheet) == say


def settled_of(panel, ratings, thirds, *, between):
    """What settles the ratings (seats by panel) of one proposal on one indicator, by one panel's group."""
    criterion = SimpleNamespace(panels=("p", "q"))
    sheet = Sheet(criterion, np.array([[ratings]]), np.array([[thirds]]), np.full((1, 1), math.nan))
    named = {"third_rule": "replace", "matching_rule": "mean", "panel_rule": "mean", "weighing": None}
    more = {"feasibility_rule": None, "mean_stands_in": False, "skip_missing": False, "tolerance": 1.0}
    rule = CriterionRule(seated=False, between=between, foreseen=True, **named, **more)
    place = SimpleNamespace(criterion=0, panels=(panel,), columns=slice(0, 1))
    centre, third = another_round._settled_group(SimpleNamespace(places=[place]), [sheet], [rule])
    return centre.tolist(), third.tolist()


@pytest.mark.parametrize("panel", [0, 1])
def test_a_panel_has_the_score_of_the_pair_that_it_is_or_is_a_side_of(panel):
    """Panel p gives 1 and 5, a third of 2 decides; panel q 4 and 5. Between panels, 1 against 4 and 4."""
    nan = math.nan
    own = settled_of(panel, [[1.0, 5.0], [4.0, 5.0]], [2.0, nan], between=False)
    assert own == (([[2.0]], [[True]]), ([[4.5]], [[False]]))[panel]
    joint = settled_of(panel, [[1.0, 1.0], [4.0, 4.0]], [2.0, nan], between=True)
    assert joint == ([[2.0]], [[True]])
    matching = settled_of(panel, [[3.0, nan], [4.0, 4.0]], [nan, nan], between=True)
    assert matching == ([[[3.0], [4.0]][panel]], [[False]])


def test_counted_indicators_carry_no_error():
    sheets = [SimpleNamespace(ratings=np.zeros((1, n, 1, 1)), counted=np.arange(n) == 1) for n in (2, 3)]
    axis = SimpleNamespace(parts=(0, 1), weights=np.array([0.1, 0.2, 0.3, 0.15, 0.25]))
    assert another_round._weights(axis, 0, sheets).tolist() == [0.1, 0]
    assert another_round._weights(axis, 1, sheets).tolist() == [0.3, 0, 0.25]


def prediction(mean, variance, step=0.0):
    mean, variance = np.array(mean, dtype=float), np.array(variance, dtype=float)
    covariance = variance[:, :, None] * np.eye(mean.shape[1])
    none = np.zeros_like(mean)
    return Prediction(np.sqrt(variance), none, mean, covariance, False, none, none, np.full_like(mean, step))


def test_chances_of_levels_without_and_with_error():
    """Where nothing errs a score is where it is; else half a step below a cut stands for the cut."""
    scores = prediction([[2.5], [2.4], [3.0], [2.25]], [[0], [0], [0], [1]], step=0.5)
    [chances] = another_round.level_chances(scores, [np.array([2.5, 3.5])])
    assert chances[:3].tolist() == [[0, 1, 0], [1, 0, 0], [0, 1, 0]]
    above = 0.5 * math.erfc(1 / math.sqrt(2))
    assert chances[3] == pytest.approx([0.5, 0.5 - above, above])


def test_the_usual_error_is_the_root_of_the_mean_square():
    assert prediction([[0], [0]], [[1], [7]]).usual_error.tolist() == [2]
    assert np.isnan(prediction(np.empty((0, 2)), np.empty((0, 2))).usual_error).tolist() == [True, True]


@pytest.mark.parametrize("covariance", [[[4, 2], [2, 1]], [[0.25, 0.1], [0.1, 0.5]], [[0, 0], [0, 0]]])
def test_the_root_of_a_covariance_gives_it_back(covariance):
    root = another_round._root(np.array(covariance, dtype=float))
    assert root @ root.T == pytest.approx(np.array(covariance, dtype=float), abs=1e-15)


def test_what_the_observed_score_leaves_open():
    """(1 - r)(1 - r') of the true covariance: that of scores less that of errors, at most both spreads."""
    scores = np.array([[1.0, 2.0, 1.0], [3.0, 5.0, 1.5], [5.0, 7.0, 1.0], [2.0, 1.0, 1.5]])
    errors = np.zeros((4, 3, 3))
    errors[:, [0, 1, 2], [0, 1, 2]] = [0.5, 1.0, 0.01]
    errors[0, 0, 1] = errors[0, 1, 0] = 0.4
    r = np.array([[0.5, 0.25, 0.0]] * 4)
    observed = np.cov(scores, rowvar=False)
    first, second, third = observed[0, 0] - 0.5, observed[1, 1] - 1, observed[2, 2] - 0.01
    shared = min(observed[0, 1] - 0.1, math.sqrt(first * second))
    expected = [[first / 4, 0.375 * shared, 0], [0.375 * shared, 0.5625 * second, 0], [0, 0, third]]
    found = another_round._left_open(scores, errors, r)
    assert found == pytest.approx(np.array([expected] * 4))
    turned = scores * [1, -1, 1]
    errors[0, 0, 1] = errors[0, 1, 0] = -0.4
    assert another_round._left_open(turned, errors, r)[0, 0, 1] == pytest.approx(-0.375 * shared)


# Category 1 where the first two axes reach their cuts, else 2; the third axis says nothing.
TABLE = {
    "table": np.array([[[2, 2], [2, 2]], [[2, 2], [1, 1]]]),
    "route": np.array([False, False]),
    "categories": 4,
    "by_route": (3, 4),
}
CUTS = [np.array([0.0]), np.array([0.5]), np.array([1.0])]


def beyond(z):
    return 0.5 * math.erfc(z / math.sqrt(2))


def test_chances_of_axes_that_the_same_evaluators_rate_are_drawn_together():
    """Both axes move by one and the same error: the first category from 0.5 on, less half a step of 0.2."""
    for step in (0.0, 0.2):
        made = prediction(np.zeros((2, 3)), np.ones((2, 3)), step)
        made.covariance[0] = [[1, 1, 0], [1, 1, 0], [0, 0, 1]]
        made.covariance[1], made.mean[1] = 0, [0.0, 0.5 - step / 2, 9]
        chances, errors = another_round.category_chances(made, CUTS, TABLE, seed=1)
        wanted = beyond(0.5 - step / 2)
        assert chances[0, 0] == pytest.approx(wanted, abs=5 * math.sqrt(wanted * (1 - wanted) / 20_000))
        assert chances[1].tolist() == [1, 0, 0, 0]
        assert chances.sum(axis=1) == pytest.approx([1, 1])
        assert errors == pytest.approx(np.sqrt(chances * (1 - chances) / 20_000))


def test_chances_of_axes_that_share_nobody_are_products():
    chances, errors = another_round.category_chances(
        prediction(np.zeros((2, 3)), np.ones((2, 3))), CUTS, TABLE, seed=1
    )
    assert chances[:, 0] == pytest.approx([0.5 * beyond(0.5)] * 2)
    assert not errors.any()


def constant(rows, matrix):
    return np.broadcast_to(np.array(matrix, dtype=float), (rows, 2, 2)).copy()


def test_of_few_proposals_scores_are_not_drawn_to_their_mean():
    errors, anew = [[1, 0.5], [0.5, 0]], [[2, 0.25], [0.25, 3]]
    for rows, flat in ((1, True), (9, True), (10, False)):
        scores = np.arange(2.0 * rows).reshape(rows, 2)
        made = another_round.predict(scores, constant(rows, errors), constant(rows, anew))
        assert made.flat is flat
        if flat:
            assert made.mean.tolist() == scores.tolist()
            assert made.covariance.tolist() == [[[3, 0.75], [0.75, 3]]] * rows
            assert (made.reliability.tolist(), made.doubt[0].tolist()) == ([1, 1], [1, 1])
    none = another_round.predict(np.empty((0, 2)), constant(0, errors), constant(0, anew))
    assert (none.mean.shape, none.reliability.tolist()) == ((0, 2), [1, 1])


def test_the_reliable_part_of_each_score_follows_from_its_own_error():
    """True scores of variance 1 with errors of variance 0.25 and 0.75 by turns: 0.8 and 0.571."""
    scores = np.array([[1.0], [1.0], [3.0], [3.0]] * 500) * (1.5 * 1999 / 2000) ** 0.5
    errors = np.array([0.25, 0.75] * 1000)[:, None, None]
    made = another_round.predict(scores, errors, errors)
    assert made.reliable[:2, 0] == pytest.approx([1 / 1.25, 1 / 1.75], abs=0.03)
    errors[:1000:2] = 0
    some = another_round.predict(scores, errors, errors)
    assert some.reliable[0, 0] == pytest.approx(1)
    assert some.reliable[1, 0] < 0.8


def test_errors_that_axes_share_come_again_as_far_as_scores_are_reliable():
    rng = np.random.default_rng(1)
    scores = rng.normal(size=(30, 2)) @ [[1.5, 0.7], [0, 0.9]]
    errors, anew = constant(30, [[0.5, 0.2], [0.2, 0.3]]), constant(30, [[0.6, 0.1], [0.1, 0.4]])
    made = another_round.predict(scores, errors, anew)
    r = made.reliable
    assert (r[:, 0] != r[:, 1]).all()
    true = np.cov(scores, rowvar=False)[0, 1] - 0.2
    wanted = r[:, 0] * r[:, 1] * 0.2 + 0.1 + (1 - r[:, 0]) * (1 - r[:, 1]) * true
    assert made.covariance[:, 0, 1] == pytest.approx(wanted)
    assert made.covariance[:, 1, 0] == pytest.approx(wanted)


@pytest.mark.parametrize("ratio", [0.0, 0.3, 0.9, 1.0, 2.0, 30.0])
@pytest.mark.parametrize(("m", "freedom"), [(10, 8.0), (43, 30.0), (400, KNOWN)])
def test_shares_of_noise_are_averaged_as_by_quadrature(ratio, m, freedom):
    """Over the logarithm b of the share: (1 - e^b) e^(b (m - 1) / 2) (1 + q e^b)^(-(freedom + m - 1) / 2)."""
    q = (m - 1) * ratio / freedom

    def log_density(b):
        return np.log1p(-np.exp(b)) + (m - 1) / 2 * b - (freedom + m - 1) / 2 * np.log1p(q * np.exp(b))

    points = np.linspace(-14, -1e-4, 40_001)
    weights = np.exp(log_density(points) - log_density(points).max())
    expected = weights @ np.exp(points) / weights.sum()
    weights, noisy, size = another_round._possible(ratio, m, freedom)
    assert weights.sum() == pytest.approx(1)
    assert weights @ noisy == pytest.approx(expected, rel=2e-3)
    assert size == pytest.approx(freedom * (1 + q * noisy) / (freedom + m - 3))
