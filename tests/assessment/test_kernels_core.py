"""Small cases worked out by hand for adjudication, scoring and categories, each where a slip would hide."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.assessment import (
    adjudication,
    categories,
    conflicts,
    counted_indicators,
    scoring,
    whole_assessment,
)
from ogp_analysis.errors import StatisticsError
from ogp_analysis.model import matching, params
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.records import LEVELS
from tests.assessment.arrays import assign, indicator_scores, reachable

NAN = float("nan")
COLUMNS = ["proposal", "indicator", "panel", "evaluator", "role", "rating"]
METHOD = """
name: m
criteria:
  - name: a
    panels: {panels}
    raters_per_panel: {raters}
    indicators: [{{name: x, minimum: 1, maximum: 5}}, {{name: w, minimum: 1, maximum: 3}}]
  - {{name: b, panels: [q], raters_per_panel: 2, indicators: [{{name: y, minimum: 1, maximum: 5}}]}}
category_table: [[4, 4, 4], [4, 2, 2], [4, 2, 1]]
"""


@pytest.fixture(scope="module")
def baseline():
    return params.from_values(params.baseline())


@pytest.fixture
def method(tmp_path):
    def make(panels="[p]", raters=2, **changes):
        (tmp_path / "m.yaml").write_text(METHOD.format(panels=panels, raters=raters), encoding="utf-8")
        values = params.baseline() | {
            "method": "m.yaml",
            "indicator_weights": {"x": 0.5, "w": 0.5, "y": 1},
            "criterion_weights": {"a": 0.25, "b": 0.75},
            "cut_points": {"a": [2.5, 3.5], "b": [2.5, 3.5]},
            "third_for": ["a", "b"],
        }
        return params.from_values(values | changes, folder=tmp_path)

    return make


def table(*rows):
    return pd.DataFrame(rows, columns=COLUMNS).astype({"rating": float})


def ratings_of(indicator, panel, *values, proposal="S1"):
    return [(proposal, indicator, panel, f"E{k}", "independent", value) for k, value in enumerate(values)]


def test_one_bad_tolerance_among_good_ones_is_refused():
    with pytest.raises(StatisticsError, match="must be finite and not negative"):
        adjudication.settle([1, 1], [2, 2], [NAN, NAN], tolerance=np.array([1.0, -1.0]))


def test_what_is_negligible_is_no_difference():
    _, status = adjudication.settle(matching.NEGLIGIBLE, 0, NAN, tolerance=0)
    assert status == adjudication.MATCHED


def test_rows_follow_proposals_then_the_order_of_the_method_then_pairs(method):
    parameters = method(panels="[q2, p]")
    rows = [
        *ratings_of("y", "q", 1, 2, proposal="S2"),
        *ratings_of("w", "p", 1, 2, proposal="S2"),
        *ratings_of("x", "p", 1, 2, proposal="S2"),
        *ratings_of("x", "q2", 1, 2, proposal="S2"),
        *ratings_of("y", "q", 2, 4, proposal="S1"),
    ]
    settled = adjudication.resolve(table(*rows), parameters)
    assert settled[["proposal", "indicator", "pair"]].agg(" ".join, axis=1).tolist() == [
        "S1 y q",
        "S2 x p",
        "S2 x q2",
        "S2 w p",
        "S2 y q",
    ]
    assert settled.index.tolist() == [0, 1, 2, 3, 4]
    assert ",".join(settled.columns) == (
        "proposal,indicator,criterion,pair,first,second,centre,third,difference,status,score,low,high"
    )
    assert settled["difference"].tolist() == [2, 1, 1, 1, 1]


def test_reading_b_has_the_same_columns(method):
    settled = adjudication.resolve(
        table(*ratings_of("x", "p", 1, 2), *ratings_of("x", "r", 5, 4)),
        method(panels="[p, r]", blind_pair="between_panels"),
    )
    assert settled.columns[2:7].tolist() == ["criterion", "pair", "first", "second", "centre"]
    assert settled.loc[0, ["pair", "first", "second", "centre"]].tolist() == ["p-r", 1.5, 4.5, 3.0]
    assert settled.loc[0, "difference"] == 3


def test_more_than_two_panels_are_represented_by_their_extremes_and_their_mean(method):
    parameters = method(panels="[p, r, s]", blind_pair="between_panels")
    rows = [*ratings_of("x", "p", 3), *ratings_of("x", "r", 5), *ratings_of("x", "s", 1)]
    settled = adjudication.resolve(table(*rows), parameters)
    assert settled.loc[0, ["pair", "first", "second", "centre"]].tolist() == ["p-r-s", 1.0, 5.0, 3.0]


def test_a_panel_that_does_not_belong_to_the_criterion_has_no_say(method):
    rows = ratings_of("x", "p", 2, 3)
    parameters = method()
    alone, others = (
        adjudication.resolve(table(*rows, *more), parameters) for more in ([], ratings_of("x", "q", 5, 5))
    )
    pd.testing.assert_frame_equal(alone, others)


def test_one_rating_in_a_panel_has_no_second_side(method):
    row = adjudication.resolve(table(*ratings_of("x", "p", 4)), method()).iloc[0]
    assert (row["first"], row["status"], row["score"]) == (4, "single", 4)
    assert np.isnan(row["second"])


@pytest.mark.parametrize(
    ("rule", "both", "counterpart_only"), [("mean", 3, 2), ("minimum", 2, 2), ("lead", 4, 2)]
)
def test_where_the_lead_did_not_rate_its_counterpart_stands_in(method, rule, both, counterpart_only):
    parameters = method(panels="[p, r]", raters=1, third_for=["b"], feasibility_rule=rule)
    rows = [
        *ratings_of("x", "p", 4),
        *ratings_of("x", "r", 2),
        *ratings_of("x", "r", 2, proposal="S2"),
    ]
    settled = adjudication.resolve(table(*rows), parameters)
    assert settled["score"].tolist() == [both, counterpart_only]
    assert settled["status"].tolist() == ["combined", "single"]


def test_a_third_given_where_none_is_foreseen_has_no_say(method):
    rows = [*ratings_of("x", "p", 1, 5), ("S1", "x", "p", "T", "third", 5)]
    row = adjudication.resolve(table(*rows), method(third_for=["b"])).iloc[0]
    assert (row["status"], row["score"], row["low"], row["high"]) == ("combined", 3, 3, 3)


@pytest.mark.parametrize(("missing_third", "score"), [("bounds", NAN), ("mean", 3.5)])
def test_only_the_unresolved_pair_gets_bounds_and_the_mean(method, missing_third, score):
    rows = [
        *ratings_of("x", "p", 2, 5),
        *ratings_of("w", "p", 1, 2),
        *ratings_of("w", "p", 1, 3, proposal="S2"),
        ("S2", "w", "p", "T", "third", 3),
    ]
    settled = adjudication.resolve(table(*rows), method(missing_third=missing_third, third_rule="median"))
    assert settled["status"].tolist() == ["unresolved", "matched", "third"]
    assert settled["score"].tolist() == pytest.approx([score, 1.5, 3], nan_ok=True)
    assert settled["low"].tolist() == [2, 1.5, 3]
    assert settled["high"].tolist() == [5, 1.5, 3]


def pair_of(*cells):
    """Pairs of one proposal, one a cell, as arrays."""
    sides = [np.array(side, dtype=float)[None, :, None] for side in zip(*cells, strict=True)]
    return adjudication.Pairs(*sides, *sides, sides[0])


def test_a_shorter_scale_repeats_its_highest_rating(method):
    criterion = method().method.criteria[0]
    found = adjudication.third_scores(pair_of((1, 5), (1, 3)), criterion, "replace")
    assert found[0, :, 0].tolist() == [[1, 2, 3, 4, 5], [1, 2, 3, 3, 3]]


def test_evaluators_without_an_organisation_have_no_known_stake():
    ratings = table(*ratings_of("x", "p", 1, 2))
    evaluators, proposals = pd.DataFrame({"evaluator": ["E0"]}), pd.DataFrame({"proposal": ["S1"]})
    assert conflicts.without_conflicts(ratings, evaluators, proposals) is ratings


@pytest.mark.parametrize(("named", "flags"), [({"lead": "O"}, [True, False]), ({}, [False, False])])
def test_a_proposal_that_names_no_stakeholder_flags_nobody(named, flags):
    ratings = table(*ratings_of("x", "p", 1, 2))
    evaluators = pd.DataFrame({"evaluator": ["E0", "E1", "E0"], "organisation": ["o", "", "other"]})
    proposals = pd.DataFrame([{"proposal": "S1"} | named])
    assert conflicts.conflicts(ratings, evaluators, proposals).tolist() == flags


def test_the_mean_runs_over_the_last_axis_whatever_the_shape():
    weights = np.array([0.25, 0.75])
    for shape in ((2,), (1, 2), (3, 1, 2)):
        scores = np.broadcast_to([1.0, 5.0], shape)
        assert np.array_equal(scoring.weighted_mean(scores, weights), np.full(shape[:-1], 4.0))
        assert np.array_equal(scoring.available_mean(scores, weights), np.full(shape[:-1], 4.0))
        assert scoring.level_codes(scores, [1.0, 5.0]).tolist() == np.broadcast_to([1, 2], shape).tolist()


def test_levels_are_closed_below_and_nan_has_none():
    assert scoring.level_codes(np.array([2.4, 2.5, 3.5, NAN]), np.array([2.5, 3.5])).tolist() == [0, 1, 2, -1]


def test_ties_are_exact_when_the_weights_are_rescaled_to_what_is_there():
    tenth = Fraction(1, 10)
    means, codes = scoring.exact_level_codes(
        np.array([[1.2, 1.8, NAN, 1.2]]), [tenth, 2 * tenth, 5 * tenth, 2 * tenth], [Fraction("1.44")]
    )
    assert means[0] == pytest.approx(1.44, rel=1e-15)
    assert codes.tolist() == [1]


@pytest.mark.parametrize(
    ("rule", "skip", "expected"),
    [
        ("mean", True, [2, 4, NAN]),
        ("mean", False, [2, NAN, NAN]),
        ("minimum", True, [1, 4, NAN]),
        ("minimum", False, [1, NAN, NAN]),
        (0, True, [1, NAN, NAN]),
        (1, False, [3, 4, NAN]),
    ],
)
def test_a_panel_without_a_score_is_passed_over_only_on_request(rule, skip, expected):
    scores = np.array([[[1, 3]], [[NAN, 4]], [[NAN, NAN]]])
    there = np.array([True, True])
    found = scoring.over_pairs(scores, there, panel_rule=rule, skip_missing=skip)
    assert found[:, 0].tolist() == pytest.approx(expected, nan_ok=True)


def test_a_panel_that_rated_nothing_at_all_is_not_missing():
    scores, there = np.array([[[1.0, NAN]]]), np.array([True, False])
    for rule in ("mean", "minimum"):
        assert scoring.over_pairs(scores, there, panel_rule=rule, skip_missing=False).tolist() == [[1]]


@pytest.mark.parametrize(("missing", "expected"), [("available", 4.0), ("refuse", NAN)])
def test_missing_available_reaches_the_panels_and_the_criteria(method, missing, expected):
    rows = [
        *ratings_of("x", "p", 1, 5),
        *ratings_of("x", "r", 4, 4),
        *ratings_of("w", "p", 2, 2),
        *ratings_of("w", "r", 2, 2),
        *ratings_of("y", "q", 3, 3),
    ]
    parameters = method(panels="[p, r]", missing=missing)
    scores = indicator_scores(table(*rows), parameters)
    assert scores.loc["S1", "x"] == pytest.approx(expected, nan_ok=True)
    scores.loc["S1", "x"] = NAN
    row = assign(scores, given_inputs(), parameters).loc["S1"]
    assert row["a"] == pytest.approx(2 if missing == "available" else NAN, nan_ok=True)
    assert row["a_level"] == "low" if missing == "available" else pd.isna(row["a_level"])


def test_a_criterion_with_one_pair_is_its_own_score_whatever_the_rule_for_panels(method):
    rows = [*ratings_of("x", "p", 1, 2), *ratings_of("w", "p", 2, 3), *ratings_of("y", "q", 3, 3)]
    scores = indicator_scores(table(*rows), replace(method(), panel_rule="r"))
    assert scores.loc["S1"].tolist() == [1.5, 2.5, 3]
    assert scores.columns.name is None


def test_counts_are_placed_between_the_ends_of_the_scale():
    one = counted_indicators.share_of_scale(pd.Series([7.0]), "rank")
    assert one.tolist() == [0]
    tenth = counted_indicators.share_of_scale(pd.Series(np.arange(11.0)), "binned")
    assert tenth.tolist() == [0, 0, 0.25, 0.25, 0.5, 0.5, 0.75, 0.75, 1, 1, 1]


def test_the_composite_weighs_the_criteria(method):
    scores = pd.DataFrame({"x": [1.0, NAN], "w": [1.0, 1.0], "y": [5.0, 5.0]}, index=["S1", "S2"])
    assert assign(scores, given_inputs(), method())["composite"].tolist() == pytest.approx(
        [4, NAN], nan_ok=True
    )


def test_an_undetermined_level_on_either_side_leaves_the_category_open():
    table_of = np.array([[0, 0, 0], [0, 2, 2], [0, 2, 1]])
    levels = np.array([-1, 2, -1, 2, 0]), np.array([2, -1, -1, 2, 0])
    rule = categories.CategoryRule(table_of, (3, 4), (1, 2, 3, 4))
    found = categories.category_codes(levels, rule, np.array([False] * 4 + [True]))
    assert found.tolist() == [-1, -1, -1, 1, 3]


@pytest.mark.parametrize(
    ("proposals", "expected"),
    [
        (pd.DataFrame(), [False, False]),
        (pd.DataFrame({"proposal": ["S1"]}), [False, False]),
        (pd.DataFrame({"proposal": ["S2", "S1"], "route": ["Ministerio", " "]}), [False, True]),
    ],
)
def test_a_route_is_recorded_where_something_is_written(proposals, expected):
    assert categories.recorded_route(pd.Index(["S1", "S2"]), proposals).tolist() == expected


def test_names_of_missing_levels():
    assert [
        name if name == name else None for name in categories.level_names(np.array([2, -1, 0, 1]), LEVELS)
    ] == [*("high", None, "low", "medium")]


def scores_of(baseline, *rows):
    names = [indicator.name for indicator in baseline.method.indicators]
    index = pd.Index([f"S{k + 1}" for k in range(len(rows))], name="proposal")
    return pd.DataFrame([[f] * 4 + [r] * 3 for f, r in rows], columns=names, index=index, dtype=float)


def given_inputs(proposals=None, decisions=()):
    decisions = pd.DataFrame(list(decisions), columns=["proposal", "stage", "category", "reason"])
    return Inputs(pd.DataFrame(), pd.DataFrame() if proposals is None else proposals, decisions)


def test_every_column_of_the_assignment_for_one_proposal_of_each_kind(baseline):
    """By the rule, decided against it, decided as the rule says, moved in phase 5, open."""
    scores = scores_of(baseline, (4, 4), (4, 4), (4, 4), (3, 4), (NAN, 4))
    proposals = pd.DataFrame({"proposal": ["S4"], "route": [""], "if_not_confirmed": ["3"]})
    decisions = [("S2", "selection", 2, "late"), ("S3", "selection", 1, "yes")]
    frame = assign(scores, given_inputs(proposals, decisions), baseline)
    assert frame["category_by_rule"].tolist() == [1, 1, 1, 2, pd.NA]
    assert frame["possible"].tolist() == ["1", "1", "1", "2", "1 2 3 4"]
    assert frame["decided"].tolist() == [False, True, False, False, False]
    assert frame["decision_reason"].tolist() == ["", "late", "yes", "", ""]
    assert frame["category_selection"].tolist() == [1, 2, 1, 2, pd.NA]
    assert frame["category_final"].tolist() == [1, 2, 1, 3, pd.NA]
    assert frame["final_step"].tolist() == ["rule", "decision", "decision", "phase 5", "undetermined"]
    assert frame["composite"].tolist() == pytest.approx([4, 4, 4, 3.5, NAN], nan_ok=True)
    assert frame["feasibility_level"].tolist()[:4] == ["high", "high", "high", "medium"]


def test_a_decision_about_an_undetermined_proposal_counts_as_decided(baseline):
    frame = assign(
        scores_of(baseline, (NAN, 4)), given_inputs(decisions=[("S1", "selection", 2, "so")]), baseline
    )
    assert frame[["decided", "category_final", "final_step"]].iloc[0].tolist() == [True, 2, "decision"]


def test_without_marks_reserves_stay(baseline):
    frame = assign(scores_of(baseline, (3, 3)), given_inputs(pd.DataFrame({"proposal": ["S1"]})), baseline)
    assert frame[["category_final", "final_step"]].iloc[0].tolist() == [2, "rule"]


@pytest.mark.parametrize(
    ("rule", "relevance"), [("mean", [1, 2]), ("minimum", [0, 1]), ("p", [0, 1, 2]), ("r", [1])]
)
def test_reachable_levels_of_one_lacking_third(method, rule, relevance):
    """x: panel p lacks a third (1 to 5), panel r says 3 or 4; w is 3: a = (x + 3) / 2, cut at 2.5 and 3.5.

    The rule "replace": p gives 1..5; with r = 3 the mean of panels gives x in 2..4 and a in 2.5..3.5.
    """
    rows = [
        *ratings_of("x", "p", 1, 5),
        *ratings_of("x", "r", 3, 3),
        *ratings_of("w", "p", 3, 3),
        *ratings_of("w", "r", 3, 3),
        *ratings_of("y", "q", 4, 4),
        *ratings_of("y", "q", 4, 4, proposal="S2"),
    ]
    parameters = method(panels="[p, r]")
    assert reachable(table(*rows), replace(parameters, panel_rule=rule)) == {"S1": [relevance, [2]]}


@pytest.mark.parametrize(
    ("third", "rule", "score"),
    [
        (2, "closest", 1.5),
        (4, "closest", 4.5),
        (3, "closest", 3),
        (2, "median", 2),
        (3.5, "mean", 9.5 / 3),
        (2, "replace", 2),
    ],
)
def test_what_a_third_rating_does_between_1_and_5(third, rule, score):
    found, status = adjudication.settle(5, 1, third, third_rule=rule)
    assert (found, status) == (pytest.approx(score, rel=1e-15), adjudication.THIRD_USED)


def test_ties_that_floats_miss_are_decided_on_fractions():
    missed = []
    for text, row, cut in (
        ("1432", [1, 1, 3, 1], 1.6),
        ("7111", [1, 1, 1, 1], 1.0),
        ("1432", [1, 1, 3, 0.9], 1.6),
    ):
        weights, scores = [Fraction(int(part), 10) for part in text], np.array([row], dtype=float)
        means, codes = scoring.exact_level_codes(scores, weights, [Fraction(repr(cut))])
        missed.append(means[0] < cut)
        assert codes.tolist() == [int(row[-1] == 1)]
    assert any(missed[:2])


def counted(method, coding):
    """Parameters in which x is counted."""
    given = method()
    first, second = given.method.criteria
    changed = replace(first, indicators=(replace(first.indicators[0], coding=coding), *first.indicators[1:]))
    return replace(given, method=replace(given.method, criteria=(changed, second)))


@pytest.mark.parametrize(
    ("coding", "expected"), [("share", [2, 5, 3]), ("rank", [1, 5, 3]), ("binned", [1, 5, 3])]
)
def test_counts_become_points(method, coding, expected):
    rated = table(*(row for k in (1, 2, 3) for row in ratings_of("w", "p", 1, 1, proposal=f"S{k}")))
    proposals = pd.DataFrame({"proposal": ["S3", "S2", "S1"], "reiterations": ["20", "40", "10"]})
    scores = indicator_scores(rated, counted(method, coding), proposals=proposals)
    assert scores["x"].tolist() == expected
    proposals["reiterations"] = ["20", None, "10"]
    for lacking, message in (
        (pd.DataFrame(), "need counts"),
        (proposals[["proposal"]], "need counts"),
        (proposals, "S2"),
    ):
        with pytest.raises(StatisticsError, match=message):
            indicator_scores(rated, counted(method, coding), proposals=lacking)


def test_ranks_of_two_and_of_equal_counts():
    assert counted_indicators.share_of_scale(pd.Series([3.0, 9.0]), "rank").tolist() == [0, 1]
    assert counted_indicators.share_of_scale(pd.Series([3.0, 3.0, 9.0]), "rank").tolist() == [0.25, 0.25, 1]


def test_the_possible_categories_of_one_lacking_third(method):
    """x is 1 to 5 by the third, w is 3: criterion a is low, medium or high; b is high: categories 4, 2, 1."""
    rows = [*ratings_of("x", "p", 1, 5), *ratings_of("w", "p", 3, 3), *ratings_of("y", "q", 4, 4)]
    parameters = method()
    frame = assessed(table(*rows), parameters)
    assert frame.loc["S1", "possible"] == "1 2 4"
    assert pd.isna(frame.loc["S1", "category_by_rule"])
    # Without ratings of w it is another reason that leaves a open, and nothing is known of it.
    lacking = assessed(table(*rows[:2], *rows[4:]), parameters)
    assert lacking.loc["S1", "possible"] == "1 2 4"
    never = assessed(table(*ratings_of("x", "p", 3, 3), *rows[4:]), parameters)
    assert never.loc["S1", "possible"] == "1 2 3 4"


def assessed(ratings, parameters):
    inputs = Inputs(ratings, pd.DataFrame({"proposal": ["S1"]}))
    return whole_assessment.assess(inputs, parameters).assigned


def test_a_mark_does_not_move_an_undetermined_proposal(baseline):
    proposals = pd.DataFrame({"proposal": ["S1"], "if_not_confirmed": ["3"]})
    frame = assign(scores_of(baseline, (NAN, 4)), given_inputs(proposals), baseline)
    assert frame["category_final"].isna().all()
    assert frame["final_step"].tolist() == ["undetermined"]


@pytest.mark.parametrize(
    ("given", "shares"), [([0, 0], [0, 0]), ([0, 4, 2], [0, 1, 0.5]), ([0.5, 0.25], [1, 0.5])]
)
def test_shares_of_the_largest_count(given, shares):
    assert counted_indicators.share_of_scale(pd.Series(given, dtype=float), "share").tolist() == shares


def test_a_third_of_pass_or_fail_gives_one_of_the_ends(method):
    criterion = counted(method, "pass_fail").method.criteria[0]
    found = adjudication.third_scores(pair_of((1, 5), (1, 3)), criterion, "replace")
    assert found[0, :, 0].tolist() == [[1, 5, 5], [1, 2, 3]]


@pytest.mark.parametrize("rule", ["p", "r"])
def test_one_panel_can_decide_alone(method, rule):
    rows = [
        *ratings_of("x", "p", 1, 2),
        *ratings_of("x", "r", 4, 5),
        *ratings_of("w", "p", 1, 2),
        *ratings_of("w", "r", 2, 3),
        *ratings_of("x", "p", 2, 2, proposal="S2"),
    ]
    parameters = method(panels="[p, r]", panel_rule=rule)
    scores = indicator_scores(table(*rows), parameters)
    assert scores.loc["S1", ["x", "w"]].tolist() == ([1.5, 1.5] if rule == "p" else [4.5, 2.5])
    assert scores.loc["S2", "x"] == pytest.approx(2 if rule == "p" else NAN, nan_ok=True)


def test_lacking_thirds_are_listed_where_they_are_refused(method):
    rows = [*ratings_of("x", "p", 1, 5), *ratings_of("w", "p", 1, 1)]
    with pytest.raises(StatisticsError) as caught:
        adjudication.resolve(table(*rows), method(missing_third="refuse"))
    assert caught.value.values["cells"] == ["S1/x/p"]
    assert caught.value.values["key"] == "ratings.thirds_refused.one"
    second = ratings_of("w", "p", 3, 1, proposal="S2")
    with pytest.raises(StatisticsError) as caught:
        adjudication.resolve(table(*rows, *second), method(missing_third="refuse"))
    assert caught.value.values["cells"] == ["S1/x/p", "S2/w/p"]
    assert caught.value.values["key"] == "ratings.thirds_refused"
    assert len(adjudication.resolve(table(*rows[2:]), method(missing_third="refuse"))) == 1
