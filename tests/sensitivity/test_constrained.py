"""Constrained weights against plain draws and against each other; statements in words."""

from __future__ import annotations

import numpy as np
import pytest

from ogp_analysis.errors import StatisticsError
from ogp_analysis.sensitivity import (
    belief_probability,
    constrained,
    interval_probability,
    joint_probability,
    ordered_probability,
    ordered_scores,
    partial_order_probability,
    polytope_probability,
    ratio_chain_probability,
    read_belief,
    read_statement,
    simplex_scores,
    threshold_probability,
)
from ogp_analysis.sensitivity.draws import draw_weights
from ogp_analysis.sensitivity.simplices import polytope_simplices

NAMES = ("time", "complexity", "resources", "willingness")
RELEVANCE = ("reiterations", "potential_impact", "alignment")
SCORES = np.array([[1, 5, 2, 4], [3, 3, 4, 2], [5, 2, 1, 4], [2, 2, 3, 3]])
CUTS = [2.5, 3, 3.5]
DRAWS = 4_000_000
LOW, HIGH = np.array([0.1, 0.05, 0.2, 0.1]), np.array([0.4, 0.5, 0.45, 0.3])


@pytest.fixture(scope="module")
def plain_draws():
    """4e6 weightings from normalised exponentials, made here and not by the package."""
    draws = np.random.default_rng(20191001).standard_exponential((DRAWS, 4))
    return draws / draws.sum(axis=1, keepdims=True)


def within_four_errors(probability, weights):
    assert len(weights) > 10_000
    for row, p_row in zip(SCORES, probability, strict=True):
        values = weights @ row
        for cut, p in zip(CUTS, p_row, strict=True):
            error = np.sqrt(max(p * (1 - p), 1e-6) / len(weights))
            assert abs(np.mean(values >= cut) - p) < 4 * error, (row, cut)


def constraints(pairs=(), low=(0, 0, 0, 0), high=(1, 1, 1, 1)):
    eye = np.eye(4)
    normals = [r * eye[j] - eye[i] for i, j, r in pairs] + list(-eye) + list(eye)
    return np.array(normals), np.array([0.0] * len(pairs) + list(-np.asarray(low)) + list(high))


def test_orders_agree_with_draws(plain_draws):
    ordered = np.sort(plain_draws, axis=1)[:, ::-1][:, np.argsort([2, 0, 3, 1])]  # w2 >= w0 >= w3 >= w1
    within_four_errors(ordered_probability(SCORES, CUTS, order=[2, 0, 3, 1]), ordered)


def test_partial_orders_agree_with_draws(plain_draws):
    kept = plain_draws[(plain_draws[:, 2] >= plain_draws[:, 0]) & (plain_draws[:, 2] >= plain_draws[:, 1])]
    within_four_errors(partial_order_probability(SCORES, CUTS, pairs=[(2, 0), (2, 1)]), kept)


def test_intervals_agree_with_draws(plain_draws):
    kept = plain_draws[np.all((plain_draws >= LOW) & (plain_draws <= HIGH), axis=1)]
    within_four_errors(interval_probability(SCORES, CUTS, low=LOW, high=HIGH), kept)


def test_lower_bounds_agree_with_draws(plain_draws):
    kept = plain_draws[np.all(plain_draws >= 0.1, axis=1)]
    within_four_errors(interval_probability(SCORES, CUTS, low=0.1), kept)


def test_ratio_chains_agree_with_draws(plain_draws):
    w = plain_draws
    kept = w[(w[:, 1] >= 1.5 * w[:, 3]) & (w[:, 3] >= w[:, 0]) & (w[:, 0] >= 2 * w[:, 2])]
    probability = ratio_chain_probability(SCORES, CUTS, order=[1, 3, 0, 2], ratios=[1.5, 1, 2])
    within_four_errors(probability, kept)


def test_any_polytope_agrees_with_draws(plain_draws):
    w = plain_draws
    kept = w[(w[:, 0] + w[:, 1] <= 0.6) & (w[:, 2] >= 2 * w[:, 3]) & (w[:, 0] <= 0.4)]
    normals, bounds = [[1, 1, 0, 0], [0, 0, -1, 2], [1, 0, 0, 0]], [0.6, 0, 0.4]
    within_four_errors(polytope_probability(SCORES, CUTS, normals=normals, bounds=bounds), kept)


def test_dirichlet_agrees_with_draws():
    alpha = [0.7, 2.2, 1.1, 0.4]
    draws = np.random.default_rng(3).dirichlet(alpha, 1_000_000)
    within_four_errors(threshold_probability(SCORES, CUTS, alpha=alpha), draws)


def test_two_exact_routes_agree_on_intervals():
    normals, bounds = constraints(low=LOW, high=HIGH)
    triangulated = polytope_probability(SCORES, CUTS, normals=normals, bounds=bounds)
    rational = [[constrained._exact_interval(row, cut, LOW, HIGH) for cut in CUTS] for row in SCORES]
    signed = interval_probability(SCORES, CUTS, low=LOW, high=HIGH)
    assert signed == pytest.approx(triangulated, abs=1e-10)
    assert signed == pytest.approx(np.array(rational), abs=1e-12)


def test_two_exact_routes_agree_on_orders_and_chains():
    normals, bounds = constraints([(2, 0, 1), (2, 1, 1), (3, 1, 1)])
    by_orders = partial_order_probability(SCORES, CUTS, pairs=[(2, 0), (2, 1), (3, 1)])
    assert by_orders == pytest.approx(
        polytope_probability(SCORES, CUTS, normals=normals, bounds=bounds), abs=1e-10
    )
    normals, bounds = constraints([(1, 3, 1.5), (3, 0, 1), (0, 2, 2)])
    chain = ratio_chain_probability(SCORES, CUTS, order=[1, 3, 0, 2], ratios=[1.5, 1, 2])
    assert chain == pytest.approx(
        polytope_probability(SCORES, CUTS, normals=normals, bounds=bounds), abs=1e-10
    )


def test_seven_weights_in_a_box_agree_by_both_routes():
    scores = np.random.default_rng(4).integers(1, 6, size=(5, 7))
    signed = interval_probability(scores, CUTS, high=0.4)
    cut_off = polytope_probability(scores, CUTS, normals=np.eye(7), bounds=np.full(7, 0.4))
    assert signed == pytest.approx(cut_off, abs=1e-10)


@pytest.mark.parametrize("half", [0.1, 0.01, 1e-3, 1e-6, 1e-9])
def test_symmetric_boxes_around_the_mean_give_one_half(half):
    # By symmetry; digits cancel in the inclusion-exclusion, and below 1e-6 the rationals take over.
    probability = interval_probability([[1, 5, 2, 4]], [3], low=0.25 - half, high=0.25 + half)
    assert probability[0, 0] == pytest.approx(0.5, abs=1e-10)


def test_a_fixed_weight_is_dropped_from_the_simplex():
    low, high = [0.25, 0, 0, 0], [0.25, 1, 1, 1]
    fixed = interval_probability([[3, 1, 5, 2]], [2.5], low=low, high=high)
    rest = threshold_probability([[1, 5, 2]], [(2.5 - 0.25 * 3) / 0.75])
    assert fixed == pytest.approx(rest, abs=1e-14)


def test_what_no_weights_or_all_of_them_reach_is_exactly_so():
    # 0.3 of the first: at most 0.3 * 5 + 0.7 * 2 = 2.9; 0.1 of it: at least 0.1 * 5 + 0.9 * 1 = 1.4.
    bounds = {"low": [0.1, 0, 0], "high": [0.3, 1, 1]}
    assert interval_probability([[5, 2, 1]], [3.5, 2.91, 1.39, 1], **bounds).tolist() == [[0, 0, 1, 1]]
    near = interval_probability([[5, 2, 1]], [2.9 - 1e-3, 1.4 + 1e-3], **bounds)
    assert 0 < near[0, 0] < 1e-3 < 1 - 1e-3 < near[0, 1] < 1


def test_all_weights_fixed_is_a_step():
    assert interval_probability([[1, 5]], [2.9, 3, 3.1], low=0.5, high=0.5).tolist() == [[1, 1, 0]]
    assert interval_probability([[1, 5]], [4], low=[0, 0], high=[0.25, 0.75]).tolist() == [[1]]


def test_triangulation_pieces_fill_the_simplex():
    shares, corners = polytope_simplices(np.array([[1.0, 1, 0, 0]]), np.array([0.6]))
    assert shares.sum() == pytest.approx(1)
    volumes = np.abs(np.linalg.det(corners))  # of the cones over the pieces, as shares of the unit simplex
    # P(w0 + w1 <= 0.6) with w0 + w1 ~ Beta(2, 2): 3 t^2 - 2 t^3.
    assert volumes.sum() == pytest.approx(3 * 0.36 - 2 * 0.216, abs=1e-12)


def test_all_rows_at_once_agree_with_draws(plain_draws):
    scores = np.array([[1, 5, 4, 4], [5, 2, 4, 3], [4, 4, 4, 3], [4, 3, 2, 5]])
    p = joint_probability(scores, 3.4)
    drawn = np.all(plain_draws @ scores.T >= 3.4, axis=1).mean()
    assert 0.01 < p < 0.5
    assert abs(p - drawn) < 4 * np.sqrt(p * (1 - p) / DRAWS)


def test_all_rows_at_once_under_constraints_agree_with_draws(plain_draws):
    belief = read_belief("between 0.1 and 0.5; time at least willingness", NAMES)
    scores = np.array([[1, 5, 4, 4], [5, 2, 4, 3], [4, 3, 2, 5]])
    p = joint_probability(scores, 3.3, constraints=belief.constraints())
    w = plain_draws[np.all((plain_draws >= 0.1) & (plain_draws <= 0.5), axis=1)]
    w = w[w[:, 0] >= w[:, 3]]
    drawn = np.all(w @ scores.T >= 3.3, axis=1).mean()
    assert 0.05 < p < 0.95
    assert abs(p - drawn) < 4 * np.sqrt(p * (1 - p) / len(w))
    point = read_belief("between 0.25 and 0.25", NAMES).constraints()
    assert np.isnan(joint_probability(scores, 3.3, constraints=point))


def test_all_rows_at_once_at_the_limits():
    assert joint_probability([[4, 5], [4, 4]], 4) == 1
    assert joint_probability([[4, 5], [3, 3]], 4) == 0
    assert joint_probability([[1, 5], [5, 1]], 4) == 0  # each alone can, not both
    assert joint_probability([[1, 5]], 3) == pytest.approx(threshold_probability([[1, 5]], [3])[0, 0])


def test_ordered_scores_are_cumulative_means():
    assert ordered_scores([[1, 5, 3]], [1, 2, 0]) == pytest.approx(np.array([[5, 4, 3]]), abs=1e-15)
    assert simplex_scores([[1, 5]], [[0.5, 0.5], [0, 1]]).tolist() == [[3, 5]]


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("uniform", "uniform"),
        ("dirichlet 20", "dirichlet"),
        ("dirichlet around the baseline with concentration 20", "dirichlet"),
        ("between 0.1 and 0.4", "interval"),
        ("time at least complexity", "orders"),
        ("time at least complexity; between 0.1 and 0.4", "polytope"),
        ("Time at least 2 times resources", "polytope"),
        ("potential impact at least alignment", "uniform"),
        ("time at least 0.3; willingness at most 0.2", "interval"),
    ],
)
def test_a_statement_is_read_and_drawn_as_it_is_computed(text, route):
    belief = read_belief(text, NAMES, others=RELEVANCE)
    assert belief.route == route
    weights = draw_weights(4, size=200_000, rng=np.random.default_rng(11), belief=belief)
    assert np.abs(weights.sum(axis=1) - 1).max() < 1e-12
    within_four_errors(belief_probability(SCORES, CUTS, belief), weights)


def test_dirichlet_centres_on_the_baseline():
    belief = read_belief("dirichlet 30", ("a", "b", "c"), baseline=[0.5, 0.3, 0.2])
    assert belief.alpha == pytest.approx((15, 9, 6))


def test_one_statement_serves_both_criteria():
    beliefs = read_statement(
        "between 0.1 and 0.5; potential impact at least alignment",
        {"feasibility": NAMES, "relevance": RELEVANCE},
    )
    assert beliefs["feasibility"].pairs == ()
    assert beliefs["relevance"].pairs == ((1, 2, 1.0),)
    assert beliefs["relevance"].high == (0.5, 0.5, 0.5)


def test_tiny_dirichlet_parameters_are_drawn_without_underflow():
    belief = read_belief("dirichlet 0.001", NAMES)
    weights = draw_weights(4, size=1000, rng=np.random.default_rng(5), belief=belief)
    assert np.all(np.isfinite(weights))
    assert np.mean(weights.max(axis=1) > 0.999) > 0.95  # nearly all mass on one indicator


@pytest.mark.parametrize(
    ("text", "key", "values"),
    [
        ("dirichlet 0", "params.belief_concentration", {"concentration": 0}),
        ("between 0.4 and 0.1", "params.belief_bounds", {"low": 0.4, "high": 0.1}),
        ("between 0.3 and 0.9", "sensitivity.bounds_low", {"low": [0.3] * 4, "sum": pytest.approx(1.2)}),
        ("between 0 and 0.2", "sensitivity.bounds_high", {"high": [0.2] * 4, "sum": pytest.approx(0.8)}),
        ("time at least 0.5; time at most 0.2", "sensitivity.bounds", {"low": [0.5, 0, 0, 0]}),
        (
            "time at least 1.1 times complexity; complexity at least time",
            "params.belief_cycle",
            {"cycle": "time, complexity"},
        ),
        ("time at least 0.5; complexity at least 2 times time", "sensitivity.no_weights", {}),
        ("time at least speed", "params.belief_name", {"name": "speed"}),
        ("time at least alignment", "params.belief_two_criteria", {"clause": "time at least alignment"}),
        ("time at least time", "params.belief_two_indicators", {"clause": "time at least time"}),
        ("uniform; between 0.1 and 0.4", "params.belief_alone", {"value": "uniform; between 0.1 and 0.4"}),
        (" ; ", "params.belief_empty", {"value": " ; "}),
        (
            "about equal",
            "params.belief_clause",
            {
                "clause": "about equal",
                "example": f"time at most 0.4; {NAMES[-1].replace('_', ' ')} at least 2 times time",
                "allowed": ", ".join(name.replace("_", " ") for name in (*NAMES, *RELEVANCE)),
            },
        ),
        ("time at least 1/3", "params.belief_number", {"name": "1/3", "written": "0.333333"}),
        ("time at most 0,3", "params.belief_number", {"name": "0,3", "written": "0.3"}),
        ("time at most 30 %", "params.belief_number", {"name": "30 %", "written": "0.3"}),
        ("dirichlet 2,5", "params.belief_number", {"name": "2,5", "written": "2.5"}),
        ("time at least 1/2 times complexity", "params.belief_number", {"name": "1/2", "written": "0.5"}),
    ],
)
def test_contradictory_statements_are_refused(text, key, values):
    with pytest.raises(StatisticsError) as refused:
        read_belief(text, NAMES, others=RELEVANCE)
    assert refused.value.values["key"] == key
    assert {name: refused.value.values[name] for name in values} == values


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: ordered_probability(SCORES, CUTS, order=[0, 1, 2, 2]),
            "must name each of the indicators 0..3 once",
        ),
        (
            lambda: ratio_chain_probability(SCORES, CUTS, order=[0, 1, 2, 3], ratios=[1, 0, 1]),
            "finite numbers above 0",
        ),
        (lambda: partial_order_probability(SCORES, CUTS, pairs=[(0, 1), (1, 0)]), "is cyclic"),
        (lambda: partial_order_probability(SCORES, CUTS, pairs=[(0, 4)]), "outside 0..3"),
        (
            lambda: partial_order_probability(np.ones((1, 9)), CUTS, pairs=[(0, 1)]),
            "9 indicators is not enumerated",
        ),
        (lambda: interval_probability(SCORES, CUTS, low=0.3), "sum to 1.2; at most 1 is allowed"),
        (lambda: interval_probability(SCORES, CUTS, low=-0.1), "each needs 0 <= lower"),
        (lambda: interval_probability(SCORES, CUTS, low=np.nan), "low at .* is nan"),
        (
            lambda: polytope_probability(SCORES, CUTS, normals=[[-1, 0, 0, 0]], bounds=[-2]),
            "contradict each other: no weights obey them all",
        ),
        (
            lambda: polytope_probability(np.ones((1, 12)), CUTS, normals=np.eye(12), bounds=np.ones(12)),
            "24 constraints on 12 weights are too many",
        ),
    ],
)
def test_refusals_name_the_value_and_the_rule(call, message):
    with pytest.raises(StatisticsError, match=message):
        call()
