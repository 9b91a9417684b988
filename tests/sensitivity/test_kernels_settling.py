"""What further evaluations would settle, from scores and errors small enough to be worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from ogp_analysis.errors import StatisticsError
from ogp_analysis.sensitivity import settling, settling_chance
from ogp_analysis.sensitivity.settling import Doubtful

Z = float(norm.ppf(0.95))


def sheet(indicators, raters=2):
    criterion = SimpleNamespace(panels=("jury",), raters_per_panel=raters)
    ratings = np.zeros((1, indicators, 1, raters))
    return SimpleNamespace(criterion=criterion, ratings=ratings, counted=np.zeros(indicators, dtype=bool))


def axis(*parts, weights):
    return SimpleNamespace(parts=parts, weights=np.array(weights))


def group(covariance, *places, count=(), fixed=False):
    places = [
        SimpleNamespace(criterion=c, panels=(0,), columns=slice(start, end)) for c, start, end in places
    ]
    return SimpleNamespace(
        covariance=np.array(covariance, dtype=float), places=places, count=np.array(count), fixed=fixed
    )


def study_of(means, errors, *, axes, groups, sheets, cuts=(), table=None):
    """A study of scores on one indicator an axis, without drawing anything to the mean."""
    means, errors = np.array(means, dtype=float), np.array(errors, dtype=float)
    rule = SimpleNamespace(panel_rule="mean")
    scoring = SimpleNamespace(given=[rule], baseline=0)
    portfolio = SimpleNamespace(
        linear=True,
        rounds=SimpleNamespace(groups=groups, sheets=sheets),
        scorings=[scoring] * len(sheets),
        weights=[one.weights for one in axes],
        cuts=cuts,
        size=len(means),
        written_out=table,
    )
    prediction = SimpleNamespace(mean=means, error=errors, doubt=np.ones_like(means))
    scores = [means[:, [k]] for k in range(len(axes))]
    return SimpleNamespace(portfolio=portfolio, axes=axes, prediction=prediction, scores=scores)


def of_one_axis(means, errors, *, cuts, table, variance=1.0):
    """Scores of one indicator; the category table is that of every proposal."""
    table = np.tile(table, (len(means), 1))
    parts = {"axes": [axis(0, weights=[1.0])], "groups": [group([[variance]], (0, 0, 1))]}
    columns = np.array(means)[:, None], np.array(errors)[:, None]
    return study_of(*columns, **parts, sheets=[sheet(1)], cuts=[np.array(cuts)], table=table)


def test_a_group_that_rates_some_indicators_of_an_axis_errs_on_these_alone():
    """Two juries, one for two indicators of 1/4 and 1/4, one for a third of 1/2; and an axis of its own.

    Variances 4 and 8 without covariance, and 2: 4/16 + 8/16 = 3/4, and 2/4; each of two groups gives half.
    """
    groups = [
        group(np.diag([4.0, 8.0, 1.0]), (0, 0, 2), (2, 2, 3)),
        group([[2.0]], (1, 0, 1)),
    ]
    axes = [axis(0, 1, weights=[0.25, 0.25, 0.5]), axis(2, weights=[1.0])]
    study = study_of([[0, 0]], [[1, 1]], axes=axes, groups=groups, sheets=[sheet(2), sheet(1), sheet(1)])
    assert settling.rating_variances(study).tolist() == [2 * (0.75 + 0.5), 1.0]


def test_a_score_is_in_doubt_where_the_other_side_is_another_category():
    """Errors of 0.1: beyond 0.1645 from the cut a side is sure; beyond 3.5 nothing changes."""
    study = of_one_axis([2.4, 2.6, 2.3, 3.4], [0.1] * 4, cuts=[2.5, 3.5], table=[3, 2, 2])
    found = settling.doubtful(study)
    assert found.proposal.tolist() == [0, 1]
    assert found.cut.tolist() == [2.5, 2.5]
    assert found.gap == pytest.approx([-0.1, 0.1])
    assert found.other.tolist() == [2, 3]
    assert found.variance == pytest.approx([0.01, 0.01])
    assert found.rating_variance.tolist() == [1, 1]


def test_who_is_as_sure_as_asked_is_not_in_doubt():
    study = of_one_axis([settling.ndtri(0.95), 1.6], [1.0, 1.0], cuts=[0.0], table=[2, 1])
    assert settling.doubtful(study).proposal.tolist() == [1]


def test_ratings_without_an_error_would_settle_nothing():
    study = of_one_axis([2.4], [0.1], cuts=[2.5], table=[2, 1], variance=0.0)
    assert settling.doubtful(study).proposal.tolist() == []


def test_seats_are_those_of_the_widest_criterion_and_never_below_none():
    """An axis of a jury of up to 3 and one of up to 5, another of 3: with 2, 4 and 6 who rated."""
    groups = [group(np.eye(3), (0, 0, 1), (1, 1, 2), (2, 2, 3), count=[2, 4, 6], fixed=True)]
    sheets = [sheet(1, raters=3), sheet(1, raters=5), sheet(1, raters=3)]
    axes = [axis(0, 1, weights=[0.5, 0.5]), axis(2, weights=[1.0])]
    study = study_of(np.zeros((3, 2)), np.ones((3, 2)), axes=axes, groups=groups, sheets=sheets)
    found = settling.seats_of(study)
    assert found.left.tolist() == [[3, 1], [1, 0], [0, 0]]
    assert found.alone.tolist() == [True, True]
    groups.append(group(np.eye(1), (0, 0, 1), count=[3, 3, 1]))
    both = settling.seats_of(study)
    assert both.left.tolist() == [[3, 1], [1, 0], [2, 0]]
    assert both.alone.tolist() == [False, True]
    assert both.panels == (("jury",), ("jury",))


def doubts(gap, variance, *, cut=0.0, rating_variance=1.0):
    gap, variance = np.array(gap, dtype=float), np.array(variance, dtype=float)
    none = np.zeros(len(gap), dtype=int)
    return Doubtful(
        none, none, np.full(len(gap), cut), gap, variance, np.full(len(gap), float(rating_variance)), none
    )


def test_the_side_of_a_score_is_that_of_the_score_also_on_the_cut():
    """Drawn to the mean a true score may be expected on the other side."""
    given = doubts([1.0, 1.0, -0.5, -0.5], [4.0, 0.25, 0.25, 0.25], cut=2.5)
    found = settling._sure(given, np.array([3.0, 3.0, 2.5, 2.4]))
    assert found == pytest.approx(norm.cdf([0.5, 2.0, -1.0, 1.0]))


@pytest.mark.parametrize(
    ("chances", "needed"), [([0.1, 0.5, 0.7], "2"), ([0.5], "1"), ([0.1, 0.2, 0.49], ">3")]
)
def test_evaluations_needed_are_the_fewest_that_settle_it_as_likely_as_not(chances, needed):
    assert settling._needed(np.array(chances)) == needed


@pytest.mark.parametrize(
    ("margin", "error", "expected"),
    [
        # (2 x 1.5)^2 = 9 evaluations for a margin of a third of a rating's error times 2 ...
        (2 / 3, 1.0, "8"),
        # ... less the four that are there: 9 - 4; of a margin of 4 a quarter, which is there.
        (2 / 3, 0.5, "5"),
        (4.0, 0.5, "0"),
        (0.7, 1.0, "8"),
        (2 / np.sqrt(65), 1.0, "64"),
        (2 / np.sqrt(66), 1.0, ">64"),
        (0.0, 1.0, ">64"),
    ],
)
def test_the_rule_of_thumb_by_hand(margin, error, expected):
    """(z s / margin)^2 with z = 2 and s = 1, less (s / error)^2 evaluations that are there."""
    given = doubts([0.1], [1.0], cut=3.0)
    [found] = settling._rule_of_thumb(given, np.array([3.0 + margin]), np.array([error]), 2.0)
    assert found == expected
    twice = doubts([0.1], [1.0], cut=3.0, rating_variance=4.0)
    [same] = settling._rule_of_thumb(twice, np.array([3.0 - 2 * margin]), np.array([2 * error]), 2.0)
    assert same == expected


def test_errors_are_known_where_every_score_has_one():
    for errors, known in (([[0.1, 0.2]], True), ([[0.1, np.nan]], False), ([[np.nan, np.nan]], False)):
        study = SimpleNamespace(prediction=SimpleNamespace(error=np.array(errors)))
        assert settling.errors_known(study) is known


def test_least_sure_is_what_lies_nearest_to_even_on_either_side():
    frame = pd.DataFrame(
        {
            "proposal": ["a", "b", "c"],
            "criterion": "one",
            "side_sure": [0.9, 0.4, 0.55],
            "seats": "full",
            "settled_4": 0.5,
            "evaluations": ["3", ">64", "64"],
        }
    )
    study = SimpleNamespace(
        prediction=SimpleNamespace(error=np.ones((1, 1))), portfolio=SimpleNamespace(linear=True)
    )
    counts = settling.settling_counts(study, frame)
    assert [row["proposal"] for row in counts["least_sure"]] == ["c", "b", "a"]
    assert [row["proposal"] for row in counts["first_to_rate"]] == ["a", "b", "c"]
    assert (counts["unsettled"], counts["settled_by_4"], counts["unsettled_long"]) == (3, 1.5, 1)


@pytest.mark.parametrize("level", [0.5, 1.0, 1.5, -1.0])
def test_how_sure_is_between_a_half_and_one(level):
    with pytest.raises(StatisticsError) as refused:
        settling_chance(0.1, 0.1, rating_variance=0.4, added=2, level=level)
    wanted = {"key": "statistics.between", "name": "level", "value": level}
    assert refused.value.values.items() >= wanted.items()


@pytest.mark.parametrize(("gap", "wanted"), [([0.1, 0.2, 0.3], "3,"), ([[0.1, 0.2, 0.3]] * 2, "2, 3")])
def test_the_shape_that_was_wanted_is_named_as_numpy_names_it(gap, wanted):
    with pytest.raises(StatisticsError) as refused:
        settling_chance(gap, [1, 1], rating_variance=1, added=2)
    assert refused.value.values["wanted"] == wanted


def test_a_chance_is_never_above_one():
    """On a score that all but certainly is settled by ever so many evaluations, where rounding shows."""
    gap = np.linspace(-3, 3, 2001)
    chance = settling_chance(gap, 1.0, rating_variance=1.0, added=1e40)
    assert chance == pytest.approx(1, abs=1e-12)
    assert chance.max() <= 1


def test_the_list_begins_with_seats_left_and_with_what_is_settled_by_the_fewest(monkeypatch):
    """Four scores alike but for a seat that is left, and one next to the cut point."""
    given = doubts([0.3] * 4 + [0.02], [0.04] * 4 + [0.02], cut=2.5, rating_variance=0.6)
    given = Doubtful(
        np.arange(5), given.axis, given.cut, given.gap, given.variance, given.rating_variance, given.axis
    )
    monkeypatch.setattr(settling, "doubtful", lambda study: given)
    seats = settling.Seats((("jury",),), np.array([False]), np.zeros((5, 1), dtype=int))
    monkeypatch.setattr(settling, "seats_of", lambda study: seats)
    left = np.array([0, 0, 0, 1, 0])
    monkeypatch.setattr(settling, "_asked", lambda study, doubts, seats: {"seats_left": left})
    study = SimpleNamespace(
        means=np.full((5, 1), 2.8),
        proposals=np.array(["c", "a", "b", "d", "e"]),
        axes=[SimpleNamespace(name="one")],
        portfolio=SimpleNamespace(baseline=lambda: np.ones(5, dtype=int)),
        prediction=SimpleNamespace(error=np.full((5, 1), 0.5)),
    )
    frame = settling.settling_frame(study)
    assert frame["proposal"].tolist() == ["d", "a", "b", "c", "e"]
    assert frame["seats"].tolist() == ["left", "full", "full", "full", "full"]
    assert frame.index.tolist() == [0, 1, 2, 3, 4]
    for row, gap, variance in ((0, 0.3, 0.04), (4, 0.02, 0.02)):
        added = np.arange(1, 65)
        chance = settling_chance(gap, variance, rating_variance=0.6, added=added)
        best = int((chance / added).argmax())
        assert frame.loc[row, "gain"] == pytest.approx((chance / added)[best])
        assert frame.loc[row, "batch"] == added[best]
        enough = added[chance >= 0.5]
        assert frame.loc[row, "evaluations"] == (str(enough[0]) if len(enough) else ">64")
        assert frame.loc[row, "settled_4"] == chance[3]
    assert frame.loc[4, "evaluations"] == ">64"


def test_where_nothing_is_learnt_it_is_settled_already_or_not():
    """Without further evaluations, or with a score that is known: by the probability of its side today."""
    sure = settling.ndtri(0.95)
    assert settling_chance([sure, -sure, 1.6, 0.0], 1.0, rating_variance=0.4, added=0).tolist() == [
        1,
        1,
        0,
        0,
    ]
    assert settling_chance([0.1, -0.1, 0.0], 0.0, rating_variance=0.4, added=3).tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("answered", "errors", "unsettled", "known"),
    [
        (True, True, 0, True),
        (True, False, 3, True),
        (True, True, 3, True),
        (True, False, 0, False),
        (False, True, 3, False),
        (False, True, 0, False),
    ],
)
def test_of_settling_something_is_known_where_errors_or_rows_answer_it(answered, errors, unsettled, known):
    counts = {"settling_answered": answered, "errors_known": errors, "unsettled": unsettled}
    assert settling.settling_known(counts) is known
