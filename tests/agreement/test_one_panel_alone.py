"""The category by the rule when one panel alone is taken: against the assessment, and by hand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from ogp_analysis import ratings
from ogp_analysis.agreement import results
from ogp_analysis.agreement.comparisons import categories_by_side
from ogp_analysis.assessment import whole_assessment
from ogp_analysis.language import bottom_line, texts
from ogp_analysis.model import params
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.sensitivity import result_tables
from ogp_analysis.sensitivity import study as sensitivity

PARAMETERS = params.from_values(params.baseline())
SEATS = ("lead", "counterpart")
PANELS = ("working_group", "core_group")
COLUMNS = ["lead + working_group", "lead + core_group", "counterpart + working_group"]
COLUMNS += ["counterpart + core_group"]
# Scores of feasibility: lead 17/4, counterpart 15/4, both high. Relevance: the Core Group's pairs give 4,
# 7/2 and 9/2, high. The Working Group's blind means are 7/2, 4 and 7/2, high; with the third evaluation, a 2
# in the place of the 4, they are 7/2, 2 and 7/2, that is 3: medium, and high with medium is category 2.
BY_HAND = {
    ("time", "lead"): (4,),
    ("time", "counterpart"): (4,),
    ("complexity", "lead"): (4,),
    ("complexity", "counterpart"): (4,),
    ("resources", "lead"): (4,),
    ("resources", "counterpart"): (3,),
    ("willingness", "lead"): (5,),
    ("willingness", "counterpart"): (4,),
    ("reiterations", "working_group"): (3, 4),
    ("reiterations", "core_group"): (4, 4),
    ("potential_impact", "working_group"): (3, 5),
    ("potential_impact", "core_group"): (3, 4),
    ("alignment", "working_group"): (3, 4),
    ("alignment", "core_group"): (4, 5),
}


def by_hand(*, third=None, without=()):
    rows = [
        ("P12", indicator, panel, f"{panel}{seat}", "independent", float(rating))
        for (indicator, panel), pair in BY_HAND.items()
        for seat, rating in enumerate(pair)
        if (indicator, panel, seat) not in without
    ]
    if third is not None:
        rows.append(("P12", "potential_impact", "working_group", "T01", "third", float(third)))
    columns = ["proposal", "indicator", "panel", "evaluator", "role", "rating"]
    empty = pd.DataFrame()
    rated = pd.DataFrame(rows, columns=columns)
    return Inputs(ratings=rated, proposals=empty, decisions=empty, evaluators=empty)


def sides(inputs, **changes):
    found = categories_by_side(inputs, replace(PARAMETERS, **changes))
    return [None if pd.isna(value) else int(value) for value in found.loc["P12", [*COLUMNS, "same"]]]


@pytest.fixture(scope="module")
def example():
    return ratings.load(PARAMETERS)


def lead_first(inputs, seat):
    """The same ratings with a seat's under the name of the lead, whom a rule can take alone."""
    other = SEATS[1 - SEATS.index(seat)]
    named = inputs.ratings["panel"].replace({seat: "lead", other: "counterpart"})
    return replace(inputs, ratings=inputs.ratings.assign(panel=named))


@pytest.mark.parametrize("third_rule", ["replace", "median"])
@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("seat", SEATS)
def test_a_side_is_what_the_assessment_gives_with_these_panels_alone(example, seat, panel, third_rule):
    run = replace(PARAMETERS, third_rule=third_rule)
    alone = replace(run, feasibility_rule="lead", panel_rule=panel)
    expected = whole_assessment.assess(lead_first(example, seat), alone).assigned["category_by_rule"]
    found = categories_by_side(example, run)[f"{seat} + {panel}"]
    pd.testing.assert_series_equal(found, expected, check_names=False)


@pytest.mark.parametrize("panel", PANELS)
def test_a_side_agrees_with_the_rules_of_the_sensitivity(example, panel):
    """What taking one panel changes, in the table of rules and here: the same proposals, the same ten."""
    run = replace(PARAMETERS, feasibility_rule="lead", n_draws=200)
    rules = result_tables.rule_frame(sensitivity.prepare(example, run))
    row = rules.query("rule == 'panel_rule' and choice == @panel").iloc[0]
    found = categories_by_side(example, run)[f"lead + {panel}"]
    usual = whole_assessment.assess(example, run).assigned["category_by_rule"]
    assert " ".join(found.index[found != usual]) == row["proposals"]
    assert (found == 1).sum() == row["category_1"]


def test_a_third_evaluation_settles_the_pair_of_its_panel():
    assert sides(by_hand(third=2)) == [2, 1, 2, 1, 0]
    assert sides(by_hand(third=4)) == [1, 1, 1, 1, 1]


def test_a_lacking_third_evaluation_leaves_its_side_without_a_category():
    for missing_third in ("bounds", "refuse"):
        assert sides(by_hand(), missing_third=missing_third) == [None, 1, None, 1, None]
    assert sides(by_hand(), missing_third="mean") == [1, 1, 1, 1, 1]


def test_what_waits_for_a_third_evaluation_is_not_passed_over_as_missing():
    gap = {("time", "lead", 0), ("alignment", "core_group", 0), ("alignment", "core_group", 1)}
    assert sides(by_hand(without=gap), missing="available") == [None, 1, None, 1, None]
    assert sides(by_hand(third=2, without=gap)) == [None, None, 2, None, None]


def test_where_no_third_evaluation_belongs_to_a_panel_its_blind_mean_counts():
    assert sides(by_hand(third=2), blind_pair="between_panels") == [1, 1, 1, 1, 1]
    assert sides(by_hand(third=2), third_for=()) == [1, 1, 1, 1, 1]


def test_only_proposals_with_a_category_on_every_side_are_compared(example):
    open_ = (example.ratings["role"] == "third") & (example.ratings["proposal"] == "S13")
    inputs = replace(example, ratings=example.ratings[~open_])
    found = categories_by_side(inputs, PARAMETERS)
    assert found["same"].isna().sum() == 1
    assert pd.isna(found.loc["S13", "same"])


@pytest.mark.parametrize(
    ("language", "said", "title", "note"),
    [
        (
            "en",
            "30 of the 43 proposals with a category under every panel get",
            "by the rule",
            "third evaluation",
        ),
        (
            "es",
            "30 de las 43 propuestas con categoría en todos los paneles reciben",
            "según la regla",
            "tercera evaluación",
        ),
    ],
)
def test_title_note_and_bottom_line_say_that_it_is_the_rule(example, language, said, title, note):
    parameters = replace(PARAMETERS, n_resamples=100, language=language)
    found = results.tables(example, parameters)
    words = results.words(results.summary(found, parameters), parameters)
    assert said in bottom_line.headline("headline.agreement", language=language, synthetic=True, **words)
    assert title in texts.say("table.categories_by_side.title", language)
    assert note in texts.say("table.categories_by_side.note", language)
