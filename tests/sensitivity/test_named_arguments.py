"""What carries names is read by them, in every function; the right values are worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from ogp_analysis import sensitivity
from ogp_analysis.errors import StatisticsError

FRAME = pd.DataFrame({"a": [1.0, 3.0], "b": [5.0, 3.0]})
# The belief names its indicators in the other order: the mean of the first row is 1 w_a + 5 w_b >= 4.6.
HEAVY = sensitivity.read_belief("b at least 0.9", ("b", "a"))
LOW_BY_ROUTE = [[0, 0], [0, 1]]  # category 3 with a route and 4 without, where both criteria are low
LOW = [pd.DataFrame({"x": [1.0, 1.0], "y": [1.0, 1.0]}, index=["p1", "p2"])] * 2
ROUTE = pd.Series([True, False], index=["p2", "p1"])
MANY = sensitivity.read_belief(
    "between 0.02 and 0.3; i0 at least 2 times i1; i3 at least i4; i5 at least i6",
    tuple(f"i{k}" for k in range(12)),
)


def test_ranks_keep_the_order_of_a_belief():
    found = sensitivity.rank_acceptability(FRAME, draws=50, seed=1, belief=HEAVY)
    assert found.share("ranks").tolist() == [[1, 0], [0, 1]]
    assert sensitivity.pairwise_winning(FRAME, belief=HEAVY).tolist() == [[0.5, 1], [0, 0.5]]
    assert sensitivity.expected_rank(FRAME, belief=HEAVY).tolist() == [1, 2]


def test_mean_weights_are_in_the_order_of_the_columns():
    one = FRAME.iloc[:1]
    below, reached = sensitivity.central_weights(one, [4], belief=HEAVY)[0]
    assert np.isnan(below).all()
    assert reached == pytest.approx([0.05, 0.95])  # b is uniform from 0.9 to 1
    first, _ = sensitivity.category_central_weights(
        [one, one], [[4], [4]], table=LOW_BY_ROUTE, beliefs=[HEAVY, None]
    )
    assert first[0, 0] == pytest.approx([0.05, 0.95])


def test_a_sampled_belief_and_a_look_up_of_patterns_follow_names():
    sampled = HEAVY.sampled(draws=50, rng=np.random.default_rng(1))
    assert sensitivity.belief_probability(FRAME, [4], sampled)[:, 0].tolist() == [1, 0]
    found = sensitivity.pattern_probability(FRAME, [4], scale=[1, 2, 3, 4, 5], belief=HEAVY)
    assert found[:, 0].tolist() == [1, 0]


@pytest.mark.parametrize("route", [ROUTE, ROUTE.to_dict()])
def test_a_route_belongs_to_the_proposal_that_it_names(route):
    cuts, weights = [[3], [3]], [[0.5, 0.5]] * 2
    shares = sensitivity.category_acceptability(LOW, cuts, table=LOW_BY_ROUTE, route=route)
    assert shares[:, 2:].tolist() == [[0, 1], [1, 0]]
    near = sensitivity.nearest_category(LOW, weights, cuts=cuts, table=LOW_BY_ROUTE, route=route)
    assert near.current.tolist() == [4, 3]
    curve = sensitivity.acceptability_curve(
        LOW, weights, cuts=cuts, table=LOW_BY_ROUTE, route=route, concentrations=[2]
    )
    assert curve[0, :, 2:].tolist() == [[0, 1], [1, 0]]
    band = pd.DataFrame([[1.0, 0.0]] * 2, index=["p1", "p2"])
    by_band = sensitivity.category_probability(band, band, table=LOW_BY_ROUTE, route=route)
    assert by_band[:, 2:].tolist() == [[0, 1], [1, 0]]
    whole = pd.DataFrame([[1.0, 1.0]] * 2, index=["p1", "p2"])
    assert sensitivity.cut_sweep(whole, [cuts], table=LOW_BY_ROUTE, route=route).tolist() == [[0, 0, 1, 1]]


def test_the_other_criterion_is_put_into_the_order_of_the_first():
    first = pd.DataFrame({"x": [1.0, 5.0]}, index=["p1", "p2"])
    near = sensitivity.nearest_category(
        [first, first.iloc[::-1]], [[1.0]] * 2, cuts=[[3], [3]], table=LOW_BY_ROUTE
    )
    assert near.levels.tolist() == [[0, 0], [1, 1]]


def test_a_baseline_is_read_by_its_names():
    baseline = pd.Series({"b": 0.8, "a": 0.2})
    assert sensitivity.read_belief("dirichlet 10", ("a", "b"), baseline=baseline).alpha == (2, 8)
    assert sensitivity.read_belief("dirichlet 10", ("a", "b"), baseline=baseline.to_dict()).alpha == (2, 8)
    with pytest.raises(StatisticsError, match="same names"):
        sensitivity.read_belief("dirichlet 10", ("a", "c"), baseline=baseline)


def test_an_exact_mean_pairs_scores_and_weights_by_their_names():
    scores, weights = {"a": 1, "b": 5}, {"b": 0.8, "a": 0.2}
    right = Fraction(1, 5) * 1 + Fraction(4, 5) * 5
    assert sensitivity.exact_mean(pd.Series(scores), pd.Series(weights)) == right
    assert sensitivity.exact_mean(scores, weights) == right
    with pytest.raises(StatisticsError, match="same names"):
        sensitivity.exact_mean([1, 5], weights)


def test_constraints_and_chosen_sets_are_read_by_their_names():
    heavy_b = pd.DataFrame({"b": [-1], "a": [0]}), [-0.8]  # w_b >= 0.8: the mean is 4.2 or more
    assert sensitivity.joint_probability(FRAME.iloc[:1], 4, constraints=heavy_b) == 1
    chosen = pd.DataFrame([[1, 0]], columns=["p", "q"])
    assert sensitivity.set_stability(chosen, pd.Series({"q": 1, "p": 0})).overlap == 0
    _, pmf = sensitivity.noisy_scores(
        FRAME.iloc[:1], [-1, 1], [0.5, 0.5], scale=(pd.Series({"b": 4, "a": 1}), 5)
    )
    assert pmf.tolist() == [[[0, 1], [1, 0]]]


@pytest.mark.parametrize("column", ["proposal", "Unnamed: 0", "código", "N°", "total", "Promedio", "index"])
def test_an_id_or_a_sum_is_no_indicator(column):
    with pytest.raises(StatisticsError) as refusal:
        sensitivity.threshold_probability(FRAME.assign(**{column: [1, 2]}), [2])
    assert refusal.value.values["key"] == "sensitivity.no_indicator"
    assert refusal.value.values["column"] == column


def test_variances_belong_to_the_gaps_that_they_name():
    gap, variance = pd.Series({"P": 0.3, "Q": 2.0}), pd.Series({"Q": 0.5, "P": 0.1})
    right = sensitivity.settling_chance([0.3, 2.0], [0.1, 0.5], rating_variance=0.5, added=2)
    found = sensitivity.settling_chance(gap, variance, rating_variance=0.5, added=2)
    assert found.tolist() == right.tolist()


def test_names_with_capitals_are_found_in_a_statement():
    assert sensitivity.read_belief("Time at least Cost", ("Cost", "Time")).pairs == ((1, 0, 1.0),)


def test_too_many_constraints_are_sampled_where_draws_are_asked_for():
    weights = sensitivity.draw_weights(12, size=5, rng=np.random.default_rng(1), belief=MANY)
    normals, bounds = MANY.constraints()
    assert (weights @ normals.T <= bounds + 1e-9).all()
    scores = np.vstack([np.full(12, 3.0), np.full(12, 2.0)])
    found = sensitivity.rank_acceptability(scores, draws=20, seed=1, belief=MANY)
    assert found.share("ranks").tolist() == [[1, 0], [0, 1]]
    for exact in (
        lambda: sensitivity.belief_probability(scores, [2.5], MANY),
        lambda: sensitivity.category_acceptability(
            [scores] * 2, [[2.5]] * 2, table=LOW_BY_ROUTE, beliefs=[MANY] * 2
        ),
        lambda: sensitivity.central_weights(scores, [2.5], belief=MANY),
    ):
        with pytest.raises(StatisticsError, match=r"belief\.sampled\(draws=") as refusal:
            exact()
        assert refusal.value.values["key"] == "sensitivity.belief_large"


def test_a_category_table_names_its_levels_in_one_order():
    levels = ["low", "medium", "high"]
    table = pd.DataFrame([[4, 4, 4], [4, 2, 2], [4, 2, 1]], index=levels, columns=levels)
    options = {"scores": [[[1]], [[5]]], "cuts": [[2, 4], [2, 4]]}
    found = sensitivity.category_acceptability(**options, table=table)
    assert found.tolist() == [[0, 0, 0, 1]]
    with pytest.raises(StatisticsError) as refused:
        sensitivity.category_acceptability(**options, table=table[levels[::-1]])
    assert refused.value.values["key"] == "sensitivity.table_labels"
