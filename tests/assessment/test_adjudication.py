"""Note 20 of the plan: every rule on every pair of a five-point scale, both readings, bounds."""

from __future__ import annotations

import itertools
import statistics
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import sample_ratings as sample
from hypothesis import given, settings
from hypothesis import strategies as st

from ogp_analysis.assessment import adjudication, conflicts
from ogp_analysis.errors import StatisticsError
from ogp_analysis.model import params

NAN = float("nan")
SCALE = (1, 2, 3, 4, 5)


@pytest.fixture(scope="module")
def baseline():
    return params.from_values(params.baseline())


@pytest.fixture(scope="module")
def ratings():
    return sample.generated()["ratings"]


def slow_settle(first, second, third, tolerance, third_rule, matching_rule):
    """The same rules once more, one pair at a time, in words."""
    if abs(first - second) <= tolerance:
        return {"mean": statistics.mean, "lower": min, "higher": max}[matching_rule]((first, second))
    if third is None:
        return None
    if third_rule == "replace":
        return third
    if third_rule == "mean":
        return statistics.mean((first, second, third))
    if third_rule == "median":
        return statistics.median((first, second, third))
    gaps = sorted((abs(a - b), (a + b) / 2) for a, b in itertools.combinations((first, second, third), 2))
    return statistics.mean((first, second, third)) if gaps[0][0] == gaps[1][0] else gaps[0][1]


@pytest.mark.parametrize("third_rule", adjudication.THIRD_RULES)
@pytest.mark.parametrize("matching_rule", adjudication.MATCHING_RULES)
@pytest.mark.parametrize("tolerance", [0, 1, 2])
def test_every_triple_of_the_scale_settles_as_the_rule_says_in_words(third_rule, matching_rule, tolerance):
    triples = list(itertools.product(SCALE, SCALE, (*SCALE, None)))
    columns = [
        np.array([NAN if value is None else value for value in side]) for side in zip(*triples, strict=True)
    ]
    rules = {"tolerance": tolerance, "third_rule": third_rule, "matching_rule": matching_rule}
    score, status = adjudication.settle(*columns, **rules)
    expected = [slow_settle(*triple, *rules.values()) for triple in triples]
    # Means of at most three whole numbers: a few units in the last place.
    assert np.allclose(
        score, [NAN if value is None else value for value in expected], rtol=1e-15, equal_nan=True
    )
    assert [code == adjudication.UNRESOLVED for code in status] == [value is None for value in expected]


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    st.lists(st.floats(1, 5).map(lambda value: round(value, 1)), min_size=3, max_size=3),
    st.sampled_from(adjudication.THIRD_RULES),
    st.sampled_from((0.0, 0.3, 1.0)),
)
def test_the_two_independent_evaluators_are_exchangeable_and_the_score_stays_between_the_ratings(
    triple, rule, tolerance
):
    first, second, third = triple
    options = {"tolerance": tolerance, "third_rule": rule}
    one, other = (
        adjudication.settle(first, second, third, **options),
        adjudication.settle(second, first, third, **options),
    )
    assert one[0] == pytest.approx(other[0], rel=1e-15)
    assert min(triple) - 1e-12 <= one[0] <= max(triple) + 1e-12


def test_a_difference_of_exactly_the_tolerance_matches_despite_float_noise():
    score, status = adjudication.settle(1.2, 1.5, NAN, tolerance=0.3)
    assert 1.5 - 1.2 > 0.3
    assert (status, round(float(score), 12)) == (adjudication.MATCHED, 1.35)


def test_one_rating_alone_is_kept_and_named():
    score, status = adjudication.settle([2, NAN, NAN], [NAN, 3, NAN], [NAN, NAN, NAN])
    assert status.tolist() == [adjudication.SINGLE] * 3
    assert score.tolist()[:2] == [2, 3]
    assert np.isnan(score[2])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"third_rule": "vote"}, "third_rule 'vote' is not one of replace, median, closest, mean"),
        ({"matching_rule": "max"}, "matching_rule 'max' is not one of mean, lower, higher"),
        ({"tolerance": -1}, "tolerance -1 must be finite and not negative"),
        ({"tolerance": NAN}, "tolerance nan must be finite"),
    ],
)
def test_a_rule_that_does_not_exist_is_refused(options, message):
    with pytest.raises(StatisticsError, match=message):
        adjudication.settle(1, 2, 3, **options)


def test_columns_with_labels_are_read_by_them():
    # a: 1 and 5 differ; b: 2 and 2 match.
    first = pd.Series([1, 2], index=["a", "b"])
    score, status = adjudication.settle(first, pd.Series([2, 5], index=["b", "a"]), [NAN, NAN])
    assert status.tolist() == [adjudication.UNRESOLVED, adjudication.MATCHED]
    assert score[1] == 2


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ((["4"], ["five"], [NAN]), "statistics.number"),
        ((pd.Series([pd.Timestamp("2020-01-01")]), [1], [NAN]), "statistics.numbers"),
        (([np.inf], [5], [3]), "statistics.infinite"),
        (([1, 2, 3], [1, 2], [NAN]), "statistics.shapes_differ"),
        (
            (pd.Series([1, 2], index=["a", "b"]), pd.Series([1, 2], index=["a", "c"]), NAN),
            "statistics.other_labels",
        ),
    ],
)
def test_what_is_no_pair_of_ratings_is_refused(given, key):
    with pytest.raises(StatisticsError) as refused:
        adjudication.settle(*given)
    assert refused.value.values["key"] == key


def test_the_example_gives_one_row_for_each_blind_pair(ratings, baseline):
    settled = adjudication.resolve(ratings, baseline)
    # Four feasibility indicators with one pair each, three relevance indicators with a pair in each panel.
    assert len(settled) == 43 * (4 + 3 * 2)
    assert settled["status"].value_counts().to_dict()["third"] == (ratings["role"] == "third").sum()
    assert settled["score"].notna().all()
    assert (settled["low"] == settled["score"]).all()


def test_reading_b_makes_the_two_panels_the_pair(ratings, baseline):
    settled = adjudication.resolve(ratings, params.with_values(baseline, blind_pair="between_panels"))
    relevance = settled[settled["criterion"] == "relevance"]
    assert relevance["pair"].unique().tolist() == ["working_group-core_group"]
    one = ratings[
        (ratings["proposal"] == "S01")
        & (ratings["indicator"] == "alignment")
        & (ratings["role"] == "independent")
    ]
    means = one.groupby("panel")["rating"].mean()
    row = relevance[(relevance["proposal"] == "S01") & (relevance["indicator"] == "alignment")].iloc[0]
    assert (row["first"], row["second"]) == (means["working_group"], means["core_group"])


def test_neither_the_order_of_rows_nor_the_callers_frame_matters(ratings, baseline):
    before = ratings.copy()
    shuffled = ratings.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(
        adjudication.resolve(shuffled, baseline), adjudication.resolve(ratings, baseline)
    )
    pd.testing.assert_frame_equal(ratings, before)


def lacking(ratings):
    return ratings[ratings["role"] != "third"]


def test_a_lacking_third_evaluation_is_never_filled_in(ratings, baseline):
    settled = adjudication.resolve(lacking(ratings), baseline)
    waiting = settled[settled["status"] == "unresolved"]
    assert len(waiting) == (ratings["role"] == "third").sum()
    assert waiting["score"].isna().all()
    assert (waiting["low"] == 1).all()
    assert (waiting["high"] == 5).all()


def test_the_bounds_follow_the_rule(ratings, baseline):
    settled = adjudication.resolve(lacking(ratings), params.with_values(baseline, third_rule="median"))
    waiting = settled[settled["status"] == "unresolved"]
    assert (waiting["low"] == waiting[["first", "second"]].min(axis=1)).all()
    assert (waiting["high"] == waiting[["first", "second"]].max(axis=1)).all()


def test_missing_third_mean_takes_the_mean_and_keeps_saying_unresolved(ratings, baseline):
    settled = adjudication.resolve(lacking(ratings), params.with_values(baseline, missing_third="mean"))
    waiting = settled[settled["status"] == "unresolved"]
    assert (waiting["score"] == (waiting["first"] + waiting["second"]) / 2).all()


def test_missing_third_refuse_lists_the_pairs(ratings, baseline):
    with pytest.raises(StatisticsError, match=r"29 third evaluations are lacking .*S\d\d/\w+/\w+") as caught:
        adjudication.resolve(lacking(ratings), params.with_values(baseline, missing_third="refuse"))
    assert len(caught.value.values["cells"]) == 29


@pytest.mark.parametrize(("rule", "expected"), [("mean", 3.0), ("minimum", 2.0), ("lead", 4.0)])
def test_feasibility_is_one_lead_and_one_counterpart_without_a_third(baseline, rule, expected):
    frame = pd.DataFrame(
        [
            ("S01", "time", "lead", "L1", "independent", 4.0),
            ("S01", "time", "counterpart", "C1", "independent", 2.0),
        ],
        columns=["proposal", "indicator", "panel", "evaluator", "role", "rating"],
    )
    settled = adjudication.resolve(frame, params.with_values(baseline, feasibility_rule=rule))
    assert settled[["status", "score"]].to_numpy().tolist() == [["combined", expected]]


def test_feasibility_can_be_given_a_third_evaluation_too(ratings, baseline):
    settled = adjudication.resolve(
        ratings, params.with_values(baseline, third_for=["feasibility", "relevance"])
    )
    seats = settled[settled["criterion"] == "feasibility"]
    assert set(seats["status"]) == {"matched", "unresolved"}


def test_without_a_third_for_relevance_every_pair_gives_its_mean(ratings, baseline):
    settled = adjudication.resolve(ratings, params.with_values(baseline, third_for=[]))
    assert settled["score"].tolist() == settled["centre"].tolist()


def small(tmp_path, direction="higher is better", coding="rated", raters=2):
    (tmp_path / "m.yaml").write_text(
        f"""
name: m
criteria:
  - name: a
    panels: [p]
    raters_per_panel: {raters}
    indicators: [{{name: x, minimum: 1, maximum: 5, direction: {direction}, coding: {coding}}}]
  - {{name: b, panels: [q], raters_per_panel: 2, indicators: [{{name: y, minimum: 1, maximum: 5}}]}}
category_table: [[4, 4, 4], [4, 2, 2], [4, 2, 1]]
""",
        encoding="utf-8",
    )
    changes = {
        "method": "m.yaml",
        "indicator_weights": {"x": 1, "y": 1},
        "criterion_weights": {"a": 0.5, "b": 0.5},
    }
    changes |= {"cut_points": {"a": [2.5, 3.5], "b": [2.5, 3.5]}, "third_for": ["a", "b"]}
    return params.from_values(params.baseline() | changes, folder=tmp_path)


def rated(*values, third=None):
    rows = [("S1", "x", "p", f"E{n}", "independent", float(value)) for n, value in enumerate(values)]
    rows += [("S1", "x", "p", "T", "third", float(third))] if third else []
    return pd.DataFrame(rows, columns=["proposal", "indicator", "panel", "evaluator", "role", "rating"])


def test_lower_is_better_is_mirrored_on_the_scale(tmp_path):
    settled = adjudication.resolve(rated(1, 2), small(tmp_path, direction="lower is better"))
    assert settled["score"].tolist() == [4.5]


def test_pass_fail_knows_only_the_ends_of_the_scale(tmp_path):
    settled = adjudication.resolve(rated(3, 2, third=4), small(tmp_path, coding="pass_fail"))
    assert settled[["first", "second", "score"]].to_numpy().tolist() == [[5.0, 1.0, 5.0]]


def test_more_than_two_evaluators_are_represented_by_their_extremes_and_their_mean(tmp_path):
    parameters = small(tmp_path, raters=3)
    assert adjudication.resolve(rated(3, 3, 4), parameters)["score"].tolist() == [pytest.approx(10 / 3)]
    settled = adjudication.resolve(rated(3, 1, 4), parameters)
    assert settled[["first", "second", "status"]].to_numpy().tolist() == [[1.0, 4.0, "unresolved"]]


def test_an_evaluator_with_a_stake_is_flagged_and_can_be_left_out():
    ratings = pd.DataFrame(
        [
            ("S1", "alignment", "core_group", "A", "independent", 5.0),
            ("S1", "alignment", "core_group", "B", "independent", 3.0),
            ("S1", "time", "lead", "A", "independent", 5.0),
        ],
        columns=["proposal", "indicator", "panel", "evaluator", "role", "rating"],
    )
    evaluators = pd.DataFrame({"evaluator": ["A", "B"], "organisation": [" fundación x ", "Y"]})
    proposals = pd.DataFrame({"proposal": ["S1"], "lead": ["Ministerio"], "counterparts": ["Z; Fundación X"]})
    assert conflicts.conflicts(ratings, evaluators, proposals).tolist() == [True, False, False]
    kept = conflicts.without_conflicts(ratings, evaluators, proposals)
    assert kept["evaluator"].tolist() == ["B", "A"]
    assert len(conflicts.without_conflicts(ratings, pd.DataFrame(), proposals)) == 3


def test_the_record_is_plain_enough_to_be_used_without_files():
    assert SimpleNamespace(**sample.generated()).ratings.shape[1] == 7
