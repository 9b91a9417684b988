"""Errors of scores, another round and its draws: against arithmetic on ratings, and simulation."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate, stats

from ogp_analysis.sensitivity import simulate, study
from ogp_analysis.sensitivity.another_round import level_chances, predict
from ogp_analysis.sensitivity.rating_noise import errors_of, onto_scale
from tests.sensitivity.any_method import of_method, rated


def differences(inputs, panels, weights):
    """Differences of the weighted scores of a pair, by proposal, read off the table of ratings."""
    first = inputs.ratings[(inputs.ratings["role"] == "independent")]
    table = first[first["panel"].isin(panels)].assign(w=lambda t: t["rating"] * t["indicator"].map(weights))
    scores = table.groupby(["proposal", "panel", "evaluator"])["w"].sum().unstack(["panel", "evaluator"])
    return scores.apply(lambda row: row.dropna().iloc[0] - row.dropna().iloc[1], axis=1)


def test_the_error_of_a_score_is_that_of_the_weighted_differences(prepared, inputs, parameters):
    weights = parameters.indicator_weights
    seats = differences(inputs, ["lead", "counterpart"], weights)
    # Fixed seats: half the variance about the mean difference, over two evaluators.
    assert prepared.prediction.error[:, 0] == pytest.approx(np.sqrt(seats.var(ddof=1) / 2 / 2))
    square = 0.0
    for panel in ("working_group", "core_group"):
        # Exchangeable: half the mean square; a panel is half of the score.
        square += (differences(inputs, [panel], weights) ** 2).mean() / 2 / 2 / 4
    used = set(inputs.ratings.loc[inputs.ratings["role"] == "third", "proposal"])
    found = prepared.prediction.error[~prepared.proposals.isin(used), 1]
    assert found == pytest.approx(np.sqrt(square))
    assert (prepared.prediction.error[prepared.proposals.isin(used), 1] > np.sqrt(square)).all()


def test_what_is_drawn_becomes_the_rating_that_a_search_of_the_scale_finds():
    # A few ratings are compared one after the other, many are searched.
    scales = [np.arange(1.0, 6), np.array([0.1, 0.3, 1.0]), np.arange(0.0, 101)]
    drawn = np.random.default_rng(1).normal(3, 2, (7, 50, 3))
    drawn[0, :4] = [[2.5, 0.2, 0.5], [1.0, 0.65, 99.5], [-9, -9, -9], [999, 999, 999]]
    for n, scale in enumerate(scales):
        middles = [(low + high) / 2 for low, high in pairwise(scale)]
        searched = [scale[bisect_right(middles, value)] for value in drawn[..., n].ravel().tolist()]
        assert onto_scale(drawn, scales)[..., n].ravel().tolist() == searched


def test_more_raters_give_the_variance_within_proposals():
    rng = np.random.default_rng(1)
    ratings = rng.normal(size=(50, 2, 3)) + rng.normal(size=(50, 1, 3))  # halo: errors go together
    _, covariance, _ = errors_of(ratings, fixed=False)
    weights = np.array([0.3, 0.7])
    within = np.var(np.einsum("mnk,n->mk", ratings, weights), axis=1, ddof=1).mean()
    assert weights @ covariance @ weights == pytest.approx(within)


def test_a_steady_difference_of_seats_is_no_noise():
    rng = np.random.default_rng(2)
    ratings = rng.integers(1, 4, size=(30, 3, 1)) + np.array([2.0, 0.0])
    errors, covariance, offsets = errors_of(ratings, fixed=True)
    assert np.abs(covariance).max() == pytest.approx(0, abs=1e-12)
    assert offsets.tolist() == pytest.approx(np.array([[1.0] * 3, [-1.0] * 3]))
    assert errors_of(ratings, fixed=False)[1] == pytest.approx(np.full((3, 3), 2.0))
    assert np.abs(errors).max() == pytest.approx(0, abs=1e-12)


def test_another_round_comes_true_as_often_as_predicted():
    """300 x 40 normal scores of reliability 0.8: predicted and realised levels, in ten bins."""
    rng, chances, kept = np.random.default_rng(3), [], []
    cuts = [np.array([-0.5, 0.6])]
    for _ in range(40):
        true = rng.normal(size=(300, 1))
        first, again = (true + 0.5 * rng.normal(size=true.shape) for _ in range(2))
        known = np.full((300, 1, 1), 0.25)
        bands = level_chances(predict(first, known, known), cuts)[0]
        now, then = ((score >= cuts[0]).sum(axis=1) for score in (first, again))
        chances.append(bands[np.arange(300), now])
        kept.append(now == then)
    chances, kept = np.concatenate(chances), np.concatenate(kept)
    assert abs(chances.mean() - kept.mean()) < 0.01
    place = np.minimum((chances * 10).astype(int), 9)
    for k in range(10):
        if (place == k).sum() > 600:
            assert abs(chances[place == k].mean() - kept[place == k].mean()) < 0.05, k


def averaged(scores, error, freedom):
    """Reliability and variance of another round's score, by quadrature over scipy's F and inverse gamma."""
    m, variance = len(scores), scores.var(ddof=1)

    def likely(b):  # flat in log b, times r = 1 - b; b f(b V / e) is the likelihood of the ratio
        return (1 - b) * stats.f.pdf(b * variance / error, m - 1, freedom)

    def size(b):
        left = freedom * error + (m - 1) * variance * b
        return stats.invgamma.mean((freedom + m - 1) / 2, scale=left / 2)

    def integral(of):
        peak = [min(error / variance, 0.99)]
        return integrate.quad(lambda b: of(b) * likely(b), 0, 1, points=peak)[0]

    def mean(of):
        return integral(of) / integral(lambda b: 1)

    r = mean(lambda b: 1 - b)
    away = np.square(scores - scores.mean()) * mean(lambda b: (1 - b - r) ** 2)
    return r, mean(lambda b: size(b) * (2 - b + b / m)) + away


@pytest.mark.parametrize(
    ("m", "freedom", "error"), [(12, 12, 0.4), (43, 86, 0.2), (43, 43, 1.3), (900, 900, 0.01)]
)
def test_what_is_not_known_of_reliability_and_of_the_error_is_averaged_over(m, freedom, error):
    scores = np.random.default_rng(m).normal(3, 1, size=m)
    known = np.full((m, 1, 1), error)
    found = predict(scores[:, None], known, known, freedom=freedom)
    r, variance = averaged(scores, error, freedom)
    assert found.reliable[:, 0] == pytest.approx(np.full(m, r), abs=1e-4)
    assert found.covariance[:, 0, 0] == pytest.approx(variance, rel=1e-4)
    # Of one who scored the mean the true score is in doubt by less than the error of the score.
    assert found.doubt[np.abs(scores - scores.mean()).argmin(), 0] < 1


def test_scores_with_large_errors_are_not_drawn_too_far_to_the_mean():
    """Of scores of reliability 0.5: the mean chance of those above the middle is what comes true."""
    rng, gaps = np.random.default_rng(8), []
    for _ in range(250):
        true = rng.normal(size=(43, 1)) * 0.7
        error = rng.normal(size=(43, 2, 1))
        first, again = true + error.mean(axis=1), true + rng.normal(size=true.shape) / np.sqrt(2)
        known = np.full((43, 1, 1), np.square(error[:, 0] - error[:, 1]).mean() / 4)
        chance = level_chances(predict(first, known, known, freedom=43), [np.array([0.0])])[0][:, 1]
        high = chance > 0.5
        gaps.append([(chance - (again[:, 0] >= 0))[high].sum(), high.sum()])
    missed, of = np.array(gaps).sum(axis=0)
    assert abs(missed / of) < 0.02


def test_of_few_proposals_scores_are_not_drawn_to_the_mean():
    scores, known = np.array([[1.0], [5.0]]), np.full((2, 1, 1), 0.09)
    found = predict(scores, known, known)
    assert found.flat
    assert found.mean.tolist() == scores.tolist()
    # The flat prior: twice the squared error.
    assert found.covariance[:, 0, 0] == pytest.approx([0.18, 0.18])


def moments(prepared, draws=1500):
    task = replace(prepared.portfolio, vary=("evaluators",))
    inputs = task.inputs(draws, np.random.SeedSequence(4))
    return task.drawn(inputs)[0], inputs["evaluators"]


def test_drawn_rounds_have_the_variance_and_mean_that_are_predicted(tmp_path):
    """On a scale of a hundred points, away from its ends, moving onto the scale costs nothing."""
    parameters = of_method("ones up to a hundred, two criteria", tmp_path)
    inputs = rated(parameters, proposals=40)
    inputs.ratings["rating"] = (35 + 0.3 * inputs.ratings["rating"]).round()
    prepared = study.prepare(inputs, parameters)
    scores, _ = moments(prepared)
    predicted = prepared.prediction
    assert scores.mean(axis=0) == pytest.approx(predicted.mean, abs=0.4)
    spread = np.sqrt(np.diagonal(predicted.covariance, axis1=1, axis2=2))
    assert (scores.std(axis=0) / spread).mean(axis=0) == pytest.approx([1, 1], abs=0.03)


def test_drawn_ratings_are_on_the_scale_and_seats_are_not_swapped(prepared):
    _, rounds = moments(prepared, draws=300)
    for ratings in rounds:
        assert set(np.unique(ratings.ratings[np.isfinite(ratings.ratings)])) == {1, 2, 3, 4, 5}
        assert set(np.unique(ratings.within)) <= {1, 2, 3, 4, 5}
    # In the example leads rate their own proposals higher; so do those who are drawn in their place.
    given = prepared.portfolio.scorings[0].sheet.ratings
    gap = (given[:, :, 0] - given[:, :, 1]).mean()
    drawn = (rounds[0].ratings[..., 0, :] - rounds[0].ratings[..., 1, :]).mean()
    assert drawn == pytest.approx(gap, abs=0.05)


def test_a_panel_that_serves_several_criteria_is_drawn_and_predicted_jointly(tmp_path):
    """Evaluators who are off on everything at once: levels change together, which a product does not know."""
    parameters = of_method("ones up to a hundred, two criteria", tmp_path)
    inputs = rated(parameters, proposals=60)
    rng, table = np.random.default_rng(5), inputs.ratings
    off = {key: rng.normal(0, 12) for key in table.groupby(["proposal", "evaluator"]).groups}
    halo = np.array([off[key] for key in zip(table["proposal"], table["evaluator"], strict=True)])
    table["rating"] = (0.5 * table["rating"] + 25 + halo).round().clip(0, 100)
    prepared = study.prepare(inputs, parameters)
    assert (prepared.prediction.covariance[:, 0, 1] > 0).all()
    chances, errors = study.chances_of_another_round(prepared)
    assert (errors > 0).any()
    drawn = simulate(replace(prepared.portfolio, vary=("evaluators",)), draws=2000, seed=1).share(
        "categories"
    )
    assert np.abs(chances - drawn).mean() < 0.02
    apart = replace(prepared.prediction, covariance=prepared.prediction.covariance * np.eye(2))
    product = study.chances_of_another_round(replace(prepared, prediction=apart))[0]
    assert np.abs(product - drawn).mean() > np.abs(chances - drawn).mean()


def test_joint_chances_of_a_shared_panel_are_those_of_a_simulation_by_hand(tmp_path):
    """Juries of three who rate two criteria: everything from the table of ratings to the chances by hand."""
    parameters = of_method("ones up to a hundred, two criteria", tmp_path)
    inputs = rated(parameters, proposals=50, seed=3)
    table = inputs.ratings
    off = np.random.default_rng(6).normal(0, 10, size=(50, 3)).round()
    halo = off[table["proposal"].str[1:].astype(int), table["evaluator"].str[-1].astype(int)]
    table["rating"] = (0.5 * table["rating"] + 25 + halo).round().clip(0, 100)
    prepared = study.prepare(inputs, parameters)
    given = table.assign(criterion=table["indicator"].str[0])
    each = given.groupby(["proposal", "evaluator", "criterion"])["rating"].mean().unstack()
    scores = each.groupby("proposal").mean()
    apart = each - each.groupby("proposal").transform("mean")
    error = (apart.T @ apart).to_numpy() / (50 * 2) / 3
    true = np.cov(scores.T, ddof=1) - error
    known = [averaged(scores[c].to_numpy(), error[k, k], 100) for k, c in enumerate(scores)]
    reliable = np.array([r for r, _ in known])
    # Means of three whole numbers on three indicators, and on two: half a step of that grid.
    centre = scores.mean() + reliable * (scores - scores.mean()) + [1 / 18, 1 / 12]
    shared = np.outer(reliable, reliable) * error + np.outer(1 - reliable, 1 - reliable) * true + error
    normal = np.random.default_rng(9).standard_normal((40_000, 2))
    places = np.array([[3, 3, 2], [3, 2, 1], [2, 1, 1]])
    chances, _ = study.chances_of_another_round(prepared)
    for row, mean in enumerate(centre.to_numpy()):
        np.fill_diagonal(shared, [variance[row] for _, variance in known])
        drawn = normal @ np.linalg.cholesky(shared).T
        levels = [
            np.searchsorted(axis.cuts, (mean + drawn)[:, k], "right") for k, axis in enumerate(prepared.axes)
        ]
        found = np.bincount(places[levels[0], levels[1]], minlength=4)[1:] / 40_000
        assert np.abs(chances[row] - found).max() < 4 * np.sqrt(0.25 / 20_000 + 0.25 / 40_000)
    assert abs(shared[0, 1]) > 0.2 * np.sqrt(shared[0, 0] * shared[1, 1])


def test_held_evaluators_keep_their_ratings_and_lacking_thirds_are_drawn(prepared):
    still = replace(prepared.portfolio, vary=("rule",)).inputs(50, np.random.SeedSequence(6))
    for scoring, ratings in zip(prepared.portfolio.scorings, still["evaluators"], strict=True):
        given = scoring.sheet
        assert np.array_equal(ratings.ratings[7], given.ratings, equal_nan=True)
        known = np.isfinite(given.thirds)
        assert (ratings.within[:, known] == given.thirds[known]).all()
        assert len(np.unique(ratings.within[:, ~known], axis=0)) == 50
