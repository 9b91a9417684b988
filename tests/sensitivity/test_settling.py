"""How many more evaluations would settle it: against evaluations that are drawn one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from ogp_analysis.errors import StatisticsError
from ogp_analysis.sensitivity import settling_chance, study
from ogp_analysis.sensitivity.another_round import predict
from ogp_analysis.sensitivity.settling import doubtful, rating_variances, settling_counts, settling_frame
from tests.sensitivity.any_method import of_method, rated

DRAWS = 40_000


@pytest.mark.parametrize(
    ("gap", "variance", "of_a_rating", "added"),
    [(0.3, 0.1, 0.5, 4), (-0.05, 0.2, 0.3, 2), (0.0, 0.05, 0.4, 8), (0.6, 0.1, 1.0, 1)],
)
def test_the_chance_is_that_of_evaluations_drawn_one_by_one(gap, variance, of_a_rating, added):
    rng = np.random.default_rng(1)
    true = rng.normal(gap, np.sqrt(variance), DRAWS)
    mean, left = np.full(DRAWS, gap), variance
    for _ in range(added):
        rating = rng.normal(true, np.sqrt(of_a_rating))
        # Bayes' rule for one more normal observation.
        mean = (mean / left + rating / of_a_rating) / (1 / left + 1 / of_a_rating)
        left = 1 / (1 / left + 1 / of_a_rating)
    above = norm.cdf(mean / np.sqrt(left))
    settled = np.maximum(above, 1 - above) >= 0.95
    chance = settling_chance(gap, variance, rating_variance=of_a_rating, added=added)
    assert abs(settled.mean() - chance) < 4 * np.sqrt(chance * (1 - chance) / DRAWS)
    # What is settled is right as often as it says, or more.
    assert ((true > 0) == (above > 0.5))[settled].mean() > 0.95


def test_predicted_from_a_round_of_pairs_it_comes_true():
    """Pairs of 300 x 20: what the scores predict of four more evaluations, and those four."""
    rng, cut, of_a_rating = np.random.default_rng(2), 0.2, 0.5
    chances, settled, thumbs = [], [], []
    known = np.full((300, 1, 1), of_a_rating / 2)
    for _ in range(20):
        true = rng.normal(size=300)
        score = rng.normal(true, np.sqrt(of_a_rating / 2))
        found = predict(score[:, None], known, known)
        mean, variance = found.mean[:, 0], found.reliable[:, 0] * of_a_rating / 2
        chances.append(settling_chance(mean - cut, variance, rating_variance=of_a_rating, added=4))
        settled.append(_settled(rng, true, mean, variance, of_a_rating, cut, 4))
        # The rule of thumb: as many as put z standard errors between today's score and the cut point.
        more = np.ceil(np.square(1.645) * of_a_rating / np.square(score - cut) - 2)
        near = (more >= 4) & (more <= 64)
        later = _settled(
            rng, true[near], mean[near], variance[near], of_a_rating, cut, more[near].astype(int)
        )
        thumbs.append(later)
    assert abs(np.concatenate(chances).mean() - np.concatenate(settled).mean()) < 0.02
    assert 0.35 < np.concatenate(thumbs).mean() < 0.65


def _settled(rng, true, mean, variance, of_a_rating, cut, added):
    rated_mean = rng.normal(true, np.sqrt(of_a_rating / added))
    left = 1 / (1 / variance + added / of_a_rating)
    after = left * (mean / variance + rated_mean * added / of_a_rating)
    return np.abs(after - cut) >= 1.645 * np.sqrt(left)


def test_more_evaluations_settle_more_of_what_is_in_doubt_and_in_the_end_all():
    added = np.arange(0, 200)
    for gap in (0.0, 0.1, 0.5):
        chance = settling_chance(gap, 0.1, rating_variance=0.4, added=added)
        assert (np.diff(chance) >= -1e-12).all()
    assert settling_chance(0.5, 0.1, rating_variance=0.4, added=10**7) > 0.999
    # What is settled today can be unsettled by a rating more.
    assert settling_chance(0.7, 0.1, rating_variance=0.4, added=[0, 1])[1] < 1
    # Nothing is in doubt: settled as it is.
    assert settling_chance([0.1, 0.0], 0.0, rating_variance=0.4, added=3).tolist() == [1, 1]


def test_refusals_name_the_argument():
    good = {"rating_variance": 0.4, "added": 2}
    cases = [
        ((0.1, -0.1), good, "sensitivity.from_zero", "variance"),
        ((0.1, 0.1), good | {"added": -1}, "sensitivity.from_zero", "added"),
        ((0.1, 0.1), good | {"rating_variance": 0}, "statistics.above", "rating_variance"),
        ((0.1, 0.1), good | {"level": 0.5}, "statistics.between", "level"),
    ]
    for positional, named, key, name in cases:
        with pytest.raises(StatisticsError, match=name) as refused:
            settling_chance(*positional, **named)
        assert refused.value.values["key"] == key
        assert refused.value.values["name"] == name


def test_of_pairs_the_error_of_one_evaluation_is_twice_that_of_the_score(prepared):
    """Feasibility has one pair of lead and counterpart: its score is the mean of two evaluations."""
    of_a_rating = rating_variances(prepared)
    assert of_a_rating[0] == pytest.approx(2 * prepared.prediction.error[0, 0] ** 2)
    # Relevance: two panels of two, four evaluations; without a third one behind a score.
    assert of_a_rating[1] == pytest.approx(4 * prepared.prediction.error[:, 1].min() ** 2)


def test_what_is_listed_is_in_doubt_and_would_change_the_category(prepared):
    frame, found = settling_frame(prepared), doubtful(prepared)
    assert len(frame) == len(found.gap) > 0
    assert (frame["category_beyond"] != frame["category_by_rule"]).all()
    assert frame["side_sure"].lt(0.95).all()
    assert frame["gain"].is_monotonic_decreasing
    assert (frame["settled_2"] < frame["settled_4"]).all()
    assert (frame["settled_4"] < frame["settled_8"]).all()
    few = frame[frame["evaluations"].isin(["3", "4"])]
    assert ((few["settled_2"] < 0.5) & (few["settled_4"] >= 0.5)).all()
    # S13 lies on the cut point: the rule of thumb would want endlessly many.
    assert frame.set_index("proposal").loc["S13", "thumb"] == ">64"
    # Two cut points of five are crossed only into the same category: those are not listed.
    low = prepared.assigned["relevance"].lt(2) & prepared.assigned["feasibility"].lt(2)
    assert not set(prepared.proposals[low]) & set(frame["proposal"])


def test_where_nobody_rated_beside_another_nothing_is_listed_and_it_says_so(tmp_path):
    parameters = of_method("jury-of-labels", tmp_path)
    inputs = rated(parameters, proposals=12)
    table = inputs.ratings
    inputs.ratings = table[table["evaluator"] == "jury0"]
    prepared = study.prepare(inputs, replace(parameters, missing="available"))
    frame = settling_frame(prepared)
    assert not len(frame)
    assert list(frame) == list(settling_frame(study.prepare(rated(parameters), parameters)))
    assert settling_counts(prepared, frame)["errors_known"] is False
