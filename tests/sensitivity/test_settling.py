"""How many more evaluations would settle it: against evaluations that are drawn one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from ogp_analysis import ratings
from ogp_analysis.errors import StatisticsError
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.sensitivity import settling_chance, study
from ogp_analysis.sensitivity.another_round import predict
from ogp_analysis.sensitivity.audit_sentences import settling_words
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
    assert all(part["gain"].is_monotonic_decreasing for _, part in frame.groupby("seats"))
    assert (frame["settled_2"] < frame["settled_4"]).all()
    assert (frame["settled_4"] < frame["settled_8"]).all()
    few = frame[frame["evaluations"].isin(["3", "4"])]
    assert ((few["settled_2"] < 0.5) & (few["settled_4"] >= 0.5)).all()
    # S13 lies on the cut point: the rule of thumb would want endlessly many.
    assert frame.set_index("proposal").loc["S13", "thumb"] == ">64"
    # Two cut points of five are crossed only into the same category: those are not listed.
    low = prepared.assigned["relevance"].lt(2) & prepared.assigned["feasibility"].lt(2)
    assert not set(prepared.proposals[low]) & set(frame["proposal"])


def test_nobody_is_asked_for_who_has_no_seat(prepared):
    """Feasibility: one lead and one counterpart. Relevance: two panels, whose two seats are taken."""
    frame = settling_frame(prepared)
    assert (frame["seats_left"] == 0).all()
    order = frame["criterion"].drop_duplicates().tolist()
    assert order == ["relevance", "feasibility"]
    assert dict(zip(frame["criterion"], frame["seats"], strict=True)) == {
        "relevance": "full",
        "feasibility": "alone",
    }
    asked = dict(zip(frame["criterion"], frame["asked_of_en"], strict=True))
    assert asked["relevance"] == "Working Group; Core Group"
    assert asked["feasibility"] == "lead institution; counterpart (each the sole evaluator of that role)"
    counts = settling_counts(prepared, frame)
    assert {row["criterion"] for row in counts["first_to_rate"]} == {"relevance"}
    least = [row["side_sure"] for row in counts["least_sure"]]
    assert least == sorted(frame["side_sure"], key=lambda sure: abs(sure - 0.5))[:3]
    sentence = settling_words(counts | {"judged": 43}, "en")
    assert f"Leaving aside {(frame['criterion'] == 'feasibility').sum()} scores" in sentence
    assert "The method has no seat left for a further evaluator: anyone asked would be added" in sentence
    first = counts["first_to_rate"][0]
    assert f"{first['proposal']} (relevance: {100 * first['side_sure']:.0f}%)" in sentence


def test_seats_that_a_jury_has_left_are_counted_and_come_first(tmp_path):
    """Three to seven raters: who has fewer than seven can have more of them."""
    parameters = of_method("tenths, seven indicators, up to seven raters", tmp_path)
    inputs = rated(parameters, proposals=40)
    raters = inputs.ratings.groupby("proposal")["evaluator"].nunique()
    prepared = study.prepare(inputs, parameters)
    frame = settling_frame(prepared)
    assert frame["seats_left"].tolist() == (7 - raters[frame["proposal"]]).tolist()
    assert {"left", "full"} == set(frame["seats"])
    assert frame["seats"].is_monotonic_decreasing
    words = settling_words(settling_counts(prepared, frame) | {"judged": 40}, "es")
    assert "conviene empezar, donde quedan puestos libres, por" in words
    assert (
        f"Para {(frame['seats_left'] > 0).sum()} de ellos el método tiene puestos libres para otro evaluador."
        in words
    )


def test_where_nobody_rated_beside_another_nothing_is_listed_and_it_says_so(tmp_path):
    parameters = of_method("jury-of-labels", tmp_path)
    inputs = rated(parameters, proposals=12)
    table = inputs.ratings
    inputs = replace(inputs, ratings=table[table["evaluator"] == "jury0"])
    prepared = study.prepare(inputs, replace(parameters, missing="available"))
    frame = settling_frame(prepared)
    assert not len(frame)
    assert list(frame) == list(settling_frame(study.prepare(rated(parameters), parameters)))
    assert settling_counts(prepared, frame)["errors_known"] is False


def test_from_ratings_of_a_jury_it_comes_true(tmp_path):
    """300 proposals on a scale of a hundred, errors that go together, juries of three: four more ratings."""
    parameters = of_method("ones up to a hundred, two criteria", tmp_path)
    names = [indicator.name for indicator in parameters.method.indicators]
    predicted, settled, right = 0.0, [], []
    for seed in (0, 1):
        rng = np.random.default_rng(seed)
        true = rng.normal(50, 15, (300, 1)) + rng.normal(0, 8, (300, len(names)))
        prepared = study.prepare(jury(drawn(rng, true, 3), names), parameters)
        found, more = doubtful(prepared), drawn(rng, true, 4)
        predicted += settling_frame(prepared)["settled_4"].sum()
        for k, (proposal, axis) in enumerate(zip(found.proposal, found.axis, strict=True)):
            columns = [names.index(name) for name in prepared.axes[axis].indicators]
            weights, of_a_rating = prepared.axes[axis].weights, found.rating_variance[k]
            gap = (weights @ more[proposal, columns]).mean() - found.cut[k]
            left = 1 / (1 / found.variance[k] + 4 / of_a_rating)
            after = left * (found.gap[k] / found.variance[k] + gap * 4 / of_a_rating)
            settled.append(abs(after) >= 1.645 * np.sqrt(left))
            right.append((weights @ true[proposal, columns] > found.cut[k]) == (after > 0))
    # Error of the indicators: 8 points that they share, 10 of each alone; three and two of equal weight.
    assert rating_variances(prepared) == pytest.approx([64 + 100 / 3, 64 + 100 / 2], rel=0.15)
    assert abs(predicted / len(settled) - np.mean(settled)) < 0.05
    assert np.mean(np.array(right)[settled]) > 0.95


def drawn(rng, true, count):
    errors = rng.normal(0, 8, (len(true), 1, count)) + rng.normal(0, 10, (*true.shape, count))
    return np.clip(np.rint(true[:, :, None] + errors), 0, 100)


def jury(rated_values, names):
    m, n, k = np.indices(rated_values.shape).reshape(3, -1)
    table = {
        "proposal": [f"P{row:03}" for row in m],
        "indicator": np.array(names)[n],
        "panel": "jury",
        "evaluator": [f"E{seat}" for seat in k],
        "role": "independent",
        "rating": rated_values.ravel(),
    }
    ratings = pd.DataFrame(table)
    return Inputs(ratings, ratings[["proposal"]].drop_duplicates())


@pytest.mark.parametrize("changes", [{"aggregation": "harmonic"}, {"aggregation": "minimum"}, {"veto": 2.0}])
def test_where_scores_are_no_weighted_means_nothing_is_promised(changes):
    """The sides of cut points would be those of another way of adding up."""
    parameters = params.from_values(params.baseline() | changes)
    prepared = study.prepare(ratings.load(parameters), parameters)
    frame = settling_frame(prepared)
    assert frame.empty
    counts = settling_counts(prepared, frame) | {"judged": len(prepared.proposals)}
    assert settling_words(counts, "en") == texts.say("sensitivity.audit.not_linear", "en")


def test_the_category_beyond_is_another():
    parameters = params.from_values(params.baseline())
    frame = settling_frame(study.prepare(ratings.load(parameters), parameters))
    assert len(frame) > 10
    assert (frame["category_beyond"] != frame["category_by_rule"]).all()


def test_evaluations_are_whole():
    with pytest.raises(StatisticsError) as refusal:
        settling_chance(0.1, 0.1, rating_variance=0.5, added=[1.5])
    assert (refusal.value.values["key"], refusal.value.values["value"]) == ("statistics.whole", 1.5)


@pytest.mark.parametrize(
    ("variance", "added", "name"), [([1, 1], [2, 4, 8], "added"), ([1, 1, 1, 1], 2, "variance")]
)
def test_arguments_of_shapes_that_do_not_fit_are_refused(variance, added, name):
    gap = 0.5 if name == "added" else [0.1, 0.2, 0.3]
    with pytest.raises(StatisticsError) as refused:
        settling_chance(gap, variance, rating_variance=1, added=added)
    assert refused.value.values.items() >= {"key": "statistics.shape", "name": name}.items()
