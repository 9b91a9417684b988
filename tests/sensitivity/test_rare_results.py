"""What the sensitivity says and computes where hardly any data lead: one doubt, no way, hardly a gap."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.errors import Problem, StatisticsError
from ogp_analysis.language import labels, texts
from ogp_analysis.sensitivity import (
    arguments,
    caption_sentences,
    cut_steps,
    headline,
    other_ways,
    simplices,
    stability,
    study,
)
from tests.sensitivity.any_method import of_method, rated


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_what_alone_is_in_doubt_is_named_and_no_share_is_given(language):
    summary = {"largest_assumptions": {"weights": 0.5}, "in_doubt": ["weights"], "in_category_1": 3}
    words = headline.largest_words(summary, language)
    assert labels.value_label("assumption", "weights", language) in words
    assert "%" not in words


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_of_many_in_category_1_the_number_is_given_and_no_code(language):
    codes = [f"S{k:03}" for k in range(headline.MOST_NAMED + 1)]
    verdicts = pd.DataFrame({"category_by_rule": 1, f"verdict_{language}": "holds"}, index=codes)
    words = headline.first_words(verdicts, language)
    assert str(len(codes)) in words
    assert not any(code in words for code in codes)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_without_a_single_cut_point_none_is_named(language):
    steps = pd.DataFrame({"cut": ["all"], "level": [""], "shift": [0.5], "category_1": [3]})
    assert caption_sentences.cut_words(steps, language) == texts.say(
        "sensitivity.finding.cuts_none", language
    )


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_where_no_other_way_can_be_taken_that_is_all_that_is_said(language):
    refused = pd.DataFrame({"way": ["geometric"], "changed": [None], "moves": [""], "category_1": [None]})
    counts = other_ways.ways_counts(refused)
    assert counts == {"ways": 0, "ways_refused": 1, "ways_moving": 0, "ways_least": 0, "ways_most": 0}
    assert other_ways.ways_words(counts, language) == texts.say("sensitivity.ways.none_taken", language)


def test_a_reason_without_words_of_its_own_is_worded_as_the_rule_words_it():
    problem = Problem("people.key_short", detail=(("bits", "64"),))
    assert other_ways._reason(problem, "en") == problem.words("en")


def test_numbered_rows_are_no_names_for_values_that_have_some():
    scores, values = pd.DataFrame([[1.0], [5.0]]), pd.Series({"P": 2.0, "Q": 3.0})
    assert list(arguments.rows_in_order(values, scores, "baseline")) == [2.0, 3.0]


def test_a_cut_point_between_two_that_touch_it_has_no_room_and_no_row(tmp_path):
    cuts = {name: [1, 2, 3, 4] for name in "bcd"} | {"a": [2, 2.0000000001, 2.0000000002, 4]}
    parameters = of_method("four criteria of five levels", tmp_path, cut_points=cuts)
    prepared = study.prepare(rated(parameters), parameters, half_width=0.25)
    assert prepared.portfolio.half_width == (0.25,) * 4
    rows = cut_steps.steps_frame(prepared)
    assert rows[rows["cut"] == "a"]["level"].unique().tolist() == ["level_2", "level_4", "level_5"]


def test_a_gap_that_is_nearly_none_is_a_gap():
    """Floats cannot tell whether the first lies above the mean of the others; the rationals of them can."""
    above = 3.000000000003
    lowest, highest = stability.stability_interval([[above, 3, 3]], [0.2, 0.4, 0.4], [3.0])[0, 0]
    # By hand: a (3 + e) + (1 - a) 3 is above 3 for every a above 0, and on it at 0.
    assert Fraction(above) > 3
    assert (lowest, highest) == (0, 1)


def test_bounds_that_leave_no_weights_by_less_than_floats_can_tell_are_refused():
    normals = np.array([[1.0, 0, 0], [-1.0, 0, 0]])
    with pytest.raises(StatisticsError) as refused:
        simplices.polytope_corners(normals, np.array([0.3, -0.3 - 3e-12]))
    assert refused.value.values["key"] == simplices.no_weights().values["key"]
