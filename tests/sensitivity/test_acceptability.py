"""Category acceptability, central weights, pairwise winning, rating errors and the concentration dial."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ogp_analysis.errors import StatisticsError
from ogp_analysis.sensitivity import (
    acceptability_curve,
    band_probability,
    category_acceptability,
    category_central_weights,
    category_probability,
    central_weights,
    concentrated_probability,
    expected_rank,
    noise_probability,
    noisy_scores,
    own_ratings,
    pairwise_winning,
    pattern_probability,
    rating_error,
    read_belief,
    threshold_probability,
)

TABLE = np.array([[0, 0, 0], [0, 2, 2], [0, 2, 1]])
CUTS = [[2.5, 3.5], [2.5, 3.5]]
PLAIN = settings(deadline=None, derandomize=True, max_examples=40)
scores_of = st.lists(st.lists(st.integers(1, 5), min_size=7, max_size=7), min_size=1, max_size=6)


def split(rows):
    rows = np.array(rows)
    return [rows[:, :4], rows[:, 4:]]


@PLAIN
@given(scores_of, st.sampled_from([None, "dirichlet 7.5", "between 0.1 and 0.5"]))
def test_acceptabilities_sum_to_one(rows, statement):
    parts = split(rows)
    beliefs = [statement and read_belief(statement, tuple("abcd")[: x.shape[1]]) for x in parts]
    route = np.arange(len(rows)) % 2 == 0
    share = category_acceptability(parts, CUTS, table=TABLE, route=route, beliefs=beliefs)
    assert share.sum(axis=1) == pytest.approx(1, abs=1e-12)
    assert np.all(share >= 0)
    assert np.all(share[route, 3] == 0)
    assert np.all(share[~route, 2] == 0)


@PLAIN
@given(scores_of, st.data())
def test_raising_a_score_never_lowers_the_category(rows, data):
    # Down the list 1, 2, {3, 4} the cumulative shares may only rise when a score rises.
    place = data.draw(st.integers(0, 6))
    raised = [[v + (k == place) for k, v in enumerate(row)] for row in rows]
    before, after = (category_acceptability(split(r), CUTS, table=TABLE) for r in (rows, raised))
    assert np.all(np.cumsum(after, axis=1) >= np.cumsum(before, axis=1) - 1e-13)


def test_category_shares_agree_with_draws():
    rng = np.random.default_rng(12)
    x, y = rng.integers(1, 6, size=(6, 4)), rng.integers(1, 6, size=(6, 3))
    route = np.array([True, False] * 3)
    share = category_acceptability([x, y], CUTS, table=TABLE, route=route)
    n = 400_000
    level = [
        (((rng.dirichlet(np.ones(part.shape[1]), n) @ part.T)[..., None]) >= [2.5, 3.5]).sum(-1)
        for part in (x, y)
    ]
    drawn = TABLE[level[0], level[1]]
    drawn = np.where(drawn == 0, np.where(route, 3, 4), drawn)
    for category in (1, 2, 3, 4):
        p = share[:, category - 1]
        error = np.sqrt(np.maximum(p * (1 - p), 1e-6) / n)
        assert np.all(np.abs((drawn == category).mean(axis=0) - p) < 4 * error)


@pytest.mark.parametrize("statement", ["uniform", "dirichlet 6.5", "a at least c", "between 0.1 and 0.5"])
def test_central_weights_agree_with_draws(statement):
    rng = np.random.default_rng(13)
    scores = rng.integers(1, 6, size=(4, 3))
    belief = read_belief(statement, ("a", "b", "c"))
    alpha = np.ones(3) if belief.alpha is None else belief.alpha
    weights = rng.dirichlet(alpha, 400_000)
    if statement == "a at least c":
        weights = weights[weights[:, 0] >= weights[:, 2]]
    if statement.startswith("between"):
        weights = weights[np.all((weights >= 0.1) & (weights <= 0.5), axis=1)]
    central = central_weights(scores, [2.5, 3.5], belief=belief)
    compared = 0
    for k, row in enumerate(scores):
        band = np.searchsorted([2.5, 3.5], weights @ row + 1e-12, side="right")
        for b in range(3):
            if (band == b).sum() > 1000:
                mine = weights[band == b]
                error = mine.std(axis=0) / np.sqrt(len(mine))
                assert np.all(np.abs(mine.mean(axis=0) - central[k, b]) < 4.5 * error)
                compared += 1
            elif not (band == b).any():
                assert np.isnan(central[k, b]).all()
    assert compared >= 6


def test_category_central_weights_mix_the_cells_of_a_category():
    rng = np.random.default_rng(14)
    x, y = rng.integers(1, 6, size=(5, 4)), rng.integers(1, 6, size=(5, 3))
    a, b = category_central_weights([x, y], CUTS, table=TABLE)
    share = category_acceptability([x, y], CUTS, table=TABLE)
    assert np.array_equal(np.isnan(a[:, :, 0]), share < 1e-14)
    assert np.nansum(a, axis=2)[share > 0] == pytest.approx(1)
    # Weighted by the shares of the categories they are the mean weighting again.
    assert np.nansum(a * share[:, :, None], axis=1) == pytest.approx(np.full((5, 4), 0.25), abs=1e-12)
    assert np.nansum(b * share[:, :, None], axis=1) == pytest.approx(np.full((5, 3), 1 / 3), abs=1e-12)


def test_pairwise_winning_and_mean_rank_are_consistent():
    scores = np.random.default_rng(15).integers(1, 6, size=(12, 7))
    scores[3] = scores[8]
    wins = pairwise_winning(scores)
    assert wins + wins.T == pytest.approx(1)
    assert wins[3, 8] == 0.5
    assert expected_rank(scores).sum() == pytest.approx(12 * 13 / 2)
    differences = threshold_probability([scores[0] - scores[1]], [0])
    assert wins[0, 1] == differences[0, 0]


def test_rating_error_recovers_what_made_the_differences():
    errors, truth = np.arange(-2, 3), np.array([0.05, 0.2, 0.5, 0.2, 0.05])
    shares = np.convolve(truth, truth)  # of the differences -4..4
    counts = np.rint(shares * 1e6).astype(int)
    fitted = rating_error(np.repeat(np.arange(-4, 5), counts))
    assert fitted[0].tolist() == errors.tolist()
    assert fitted[1] == pytest.approx(truth, abs=1e-4)  # counts are rounded to one in a million


def test_rating_error_on_half_points_and_without_any_difference():
    sizes, probability = rating_error([0, 0.5, -0.5, 0, np.nan], step=0.5)
    assert sizes.tolist() == [-0.5, 0, 0.5]
    assert probability.sum() == pytest.approx(1)
    assert rating_error([0, 0, 0])[1].tolist() == [1]


def test_noise_is_the_sum_over_all_patterns():
    rng = np.random.default_rng(16)
    scores = rng.integers(1, 6, size=(4, 3))
    errors, probability = [-1, 0, 1], [0.2, 0.6, 0.2]
    values, pmf = noisy_scores(scores, errors, probability, scale=(1, 5))
    assert pmf.sum(axis=2) == pytest.approx(1)
    assert values.min() >= 1
    assert values.max() <= 5
    for weights in (None, [0.5, 0.25, 0.25]):
        ours = noise_probability(values, pmf, [2.5, 3.5], weights=weights)
        slow = np.zeros_like(ours)
        for k in range(4):
            for pattern in product(range(3), repeat=3):
                x = [values[k, i, j] for i, j in enumerate(pattern)]
                p = np.prod([pmf[k, i, j] for i, j in enumerate(pattern)])
                reached = threshold_probability([x], [2.5, 3.5])[0]
                if weights is not None:
                    reached = np.dot(x, weights) >= np.array([2.5, 3.5])
                slow[k] += p * reached
        assert ours == pytest.approx(slow, abs=1e-14)


def test_no_error_is_no_noise():
    scores = np.array([[1, 4, 5], [2, 3, 3]])
    values, pmf = noisy_scores(scores, [0], [1], scale=(1, 5))
    assert np.array_equal(noise_probability(values, pmf, [2.5]), threshold_probability(scores, [2.5]))


def test_own_ratings_are_drawn_alike():
    values, pmf = own_ratings([[[3, 5, np.nan], [4, 4, 4]]])
    assert noise_probability(values, pmf, [4], weights=[0.5, 0.5])[0, 0] == pytest.approx(0.5)


def test_the_pattern_table_is_the_direct_answer():
    ratings = np.random.default_rng(17).integers(1, 6, size=(500, 4))
    table = pattern_probability(ratings, [2.5, 3.5], scale=[1, 2, 3, 4, 5])
    assert np.array_equal(table, threshold_probability(ratings, [2.5, 3.5]))
    halves = pattern_probability(ratings / 2, [1.25], scale=np.arange(1, 11) / 2)
    assert np.array_equal(halves, threshold_probability(ratings / 2, [1.25]))


@PLAIN
@given(scores_of)
def test_growing_concentration_ends_at_the_baseline_category_off_ties(rows):
    parts, weights = split(rows), [[0.1, 0.4, 0.3, 0.2], [0.5, 0.2, 0.3]]
    cuts = [[2.47, 3.53], [2.47, 3.53]]
    curve = acceptability_curve(parts, weights, cuts=cuts, table=TABLE, concentrations=[np.inf, 1e9, 10])
    assert np.all((curve[0] == 0) | (curve[0] == 1))
    assert curve[1] == pytest.approx(curve[0], abs=1e-9)
    assert curve[-1] == pytest.approx(category_acceptability(parts, cuts, table=TABLE), abs=1e-14)


def test_equal_weights_with_concentration_n_are_uniform():
    scores = np.random.default_rng(18).integers(1, 6, size=(10, 4))
    spread = concentrated_probability(scores, [0.25] * 4, [3], concentration=4)
    assert np.array_equal(spread, threshold_probability(scores, [3]))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: band_probability([[0.2, 0.6]]), "rise from one cut to the next by 0.4; cuts must increase"),
        (
            lambda: category_acceptability([[[1, 2]]] * 2, [[3.5, 2.5]] * 2, table=TABLE),
            r"cut points \[3.5, 2.5\] are out of order",
        ),
        (
            lambda: category_probability([[1, 0, 0]], [[1, 0, 0]], table=[[7, 0, 0]] * 3),
            "must hold the numbers of the categories, 1 to 4",
        ),
        (
            lambda: concentrated_probability([[1, 2]], [0.5, 0.5], [1], concentration=0),
            "concentration 0 must be above 0",
        ),
        (
            lambda: concentrated_probability([[1, 2]], [0.5, 0.4], [1], concentration=1),
            "sum to 0.9; they must sum to 1",
        ),
        (lambda: rating_error([np.nan]), "needs at least one difference"),
        (lambda: rating_error([0.5]), "difference 0.5 is not a multiple of the step 1"),
        (lambda: noisy_scores([[6]], [0], [1], scale=(1, 5)), r"score 6 at \(0, 0\) leaves the scale 1 to 5"),
        (lambda: own_ratings([[[np.nan]]]), r"score \(0, 0\) has no rating"),
        (
            lambda: noise_probability(np.tile(np.arange(5.0), (1, 9, 1)), np.full((1, 9, 5), 0.2), [1]),
            "up to 1953125, together 1953125 patterns are too many to enumerate",
        ),
        (
            lambda: noise_probability(np.ones((1, 2)), np.ones((1, 2)), [1]),
            r"must have the same shape \(m, n, L\)",
        ),
        (lambda: pattern_probability([[1.5]], [1], scale=[1, 2]), "are not all values of"),
        (
            lambda: pattern_probability(np.ones((1, 9)), [1], scale=[1, 2, 3, 4, 5]),
            r"5\^9 patterns are more than",
        ),
    ],
)
def test_refusals_name_the_value_and_the_rule(call, message):
    with pytest.raises(StatisticsError, match=message):
        call()
