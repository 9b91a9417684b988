"""What waits for a third evaluation, and what a panel that did not rate leaves open: small cases by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.assessment import adjudication
from ogp_analysis.assessment.rating_arrays import sheets_of
from ogp_analysis.model import params
from tests.assessment.arrays import indicator_scores, reachable, scored
from tests.assessment.test_kernels_core import method, ratings_of, table

__all__ = ["method"]


@pytest.mark.parametrize(
    ("panel_rule", "blind_pair", "waiting"),
    [
        ("mean", "within_panels", ["p lacks one", "r lacks one"]),
        ("p", "within_panels", ["p lacks one"]),
        ("p", "between_panels", ["panels differ"]),
    ],
)
def test_what_waits_is_open_and_in_use(method, panel_rule, blind_pair, waiting):
    """Sides 1 and 5 differ by more than the tolerance of 1, and nobody gave a third rating."""
    cells = {
        "p lacks one": ((1, 5), (3, 3)),
        "r lacks one": ((3, 3), (1, 5)),
        "panels differ": ((1, 1), (4, 4)),
    }
    rows = [
        row
        for proposal, sides in cells.items()
        for panel, side in zip("pr", sides, strict=True)
        for row in ratings_of("x", panel, *side, proposal=proposal)
    ]
    parameters = method(panels="[p, r]", panel_rule=panel_rule, blind_pair=blind_pair)
    sheets, (first, second) = scored(table(*rows), parameters)
    assert sheets.proposals[first.waits[0]].tolist() == waiting
    assert not second.waits.any()


def test_with_its_mean_as_a_stand_in_nothing_waits(method):
    _, (first, _) = scored(table(*ratings_of("x", "p", 1, 5)), method(missing_third="mean"))
    assert (first.waits.tolist(), first.unresolved.tolist()) == ([[False]], [[True]])


def test_a_panel_that_decides_alone_and_rated_nothing_leaves_no_score(method):
    rows = [*ratings_of("x", "r", 4, 5), *ratings_of("w", "r", 2, 3)]
    parameters = method(panels="[p, r]", panel_rule="p")
    scores = indicator_scores(table(*rows), parameters)
    assert scores.loc["S1", ["x", "w"]].isna().all()


def test_an_indicator_without_ratings_leaves_every_level_open(method):
    assert reachable(table(*ratings_of("x", "p", 1, 5)), method()) == {"S1": [[0, 1, 2], [0, 1, 2]]}


@pytest.mark.parametrize(("missing", "levels"), [("refuse", [0, 1, 2]), ("available", [0, 1])])
def test_a_panel_without_ratings_is_passed_over_only_on_request(method, missing, levels):
    """x of p is 1 to 5 by its third, r did not rate it; w is 1: a = (x + 1) / 2 is 1 to 3, cut at 2.5."""
    parameters = method(panels="[p, r]", missing=missing)
    rows = [
        *ratings_of("x", "p", 1, 5),
        *ratings_of("w", "p", 1, 1),
        *ratings_of("w", "r", 1, 1),
        *ratings_of("y", "q", 4, 4),
    ]
    assert reachable(table(*rows), parameters)["S1"] == [levels, [2]]


def test_two_of_a_panel_without_thirds_match_by_their_own_rule(method):
    """The rule for lead and counterpart (here the minimum) is for one evaluator a side."""
    parameters = method(third_for=["b"], feasibility_rule="minimum")
    settled = adjudication.resolve(table(*ratings_of("x", "p", 3, 4)), parameters)
    assert settled["score"].tolist() == [3.5]


def test_one_evaluator_a_side_can_have_a_third(method):
    rows = [
        ("S1", "x", "p", "E1", "independent", 1),
        ("S1", "x", "r", "E2", "independent", 5),
        ("S1", "x", "p", "E3", "third", 4),
    ]
    parameters = method(panels="[p, r]", raters=1, third_for=["a"])
    settled = adjudication.resolve(table(*rows), parameters)
    assert settled["score"].tolist() == [4.0]


def test_a_rating_given_twice_sits_on_one_more_seat():
    """By hand: a seat for each person of the panel, by their codes, and one more for who rated twice."""
    cell = {"proposal": "S01", "panel": "core_group", "role": "independent"}
    given = [
        ("alignment", "CG2", 4),
        ("alignment", "CG1", 1),
        ("alignment", "CG1", 3),
        ("reiterations", "CG2", 5),
    ]
    rows = [cell | dict(zip(("indicator", "evaluator", "rating"), one, strict=True)) for one in given]
    relevance = sheets_of(pd.DataFrame(rows), params.from_values(params.baseline()).method).criteria[1]
    names = [indicator.name for indicator in relevance.criterion.indicators]
    panel = relevance.criterion.panels.index("core_group")
    seats = {name: relevance.ratings[0, names.index(name), panel] for name in ("alignment", "reiterations")}
    np.testing.assert_array_equal(seats["alignment"], [1, 3, 4])
    np.testing.assert_array_equal(seats["reiterations"], [np.nan, np.nan, 5])
