"""What waits for a third evaluation, and what a panel that did not rate leaves open: small cases by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.assessment import adjudication, categories, scoring
from tests.assessment.test_kernels_core import given_inputs, method, ratings_of, table

__all__ = ["method"]
NAN = float("nan")
COLUMNS = ["proposal", "criterion", "indicator", "pair", "status", "score"]


def named(**values):
    return SimpleNamespace(**values)


def test_what_waits_is_open_in_use_and_rated():
    """The rule takes panel p alone where it rates: criterion a; b is rated by q."""
    settled = pd.DataFrame(
        [
            ("p lacks one", "a", "x", "p", "unresolved", NAN),
            ("r lacks one", "a", "x", "r", "unresolved", NAN),
            ("between panels", "a", "x", "p-r", "unresolved", NAN),
            ("other criterion", "b", "y", "q", "unresolved", NAN),
            ("no rating", "a", "x", "p", "missing", NAN),
            ("has its mean", "a", "x", "p", "unresolved", 3.0),
            ("is counted", "a", "n", "p", "unresolved", NAN),
        ],
        columns=COLUMNS,
    )
    parameters = named(
        panel_rule="p",
        method=named(
            panels=["p", "r", "q"],
            criteria=[named(name="a", panels=["p", "r"]), named(name="b", panels=["q"])],
            indicators=[named(name="x", coding="rated"), named(name="n", coding=scoring.COUNTED[0])],
        ),
    )
    waits = categories.awaiting(settled, parameters)
    assert waits.columns.tolist() == ["a", "b"]
    assert waits.dtypes.tolist() == [bool, bool]
    assert waits.index[waits["a"]].tolist() == ["between panels", "p lacks one"]
    assert waits.index[waits["b"]].tolist() == ["other criterion"]


def test_a_proposal_that_nobody_settled_does_not_wait(method):
    rows = [*ratings_of("x", "p", 4, 4), *ratings_of("w", "p", 3, 3), *ratings_of("y", "q", 4, 4)]
    parameters = method()
    settled = adjudication.resolve(table(*rows), parameters)
    known = pd.DataFrame(
        {"x": [4.0, 4.0], "w": [3.0, 3.0], "y": [4.0, 4.0]}, index=pd.Index(["S1", "S2"], name="proposal")
    )
    frame = categories.assign(known, given_inputs(), parameters, settled=settled)
    assert frame["a"].tolist() == [3.5, 3.5]
    assert frame["category_by_rule"].tolist() == [1, 1]


def test_a_panel_that_decides_alone_and_rated_nothing_leaves_no_score(method):
    rows = [*ratings_of("x", "r", 4, 5), *ratings_of("w", "r", 2, 3)]
    parameters = method(panels="[p, r]", panel_rule="p")
    scores = scoring.indicator_scores(adjudication.resolve(table(*rows), parameters), parameters)
    assert scores.loc["S1", ["x", "w"]].isna().all()


def test_an_indicator_without_ratings_leaves_every_level_open(method):
    settled = adjudication.resolve(table(*ratings_of("x", "p", 1, 5)), method())
    assert categories.reachable_levels(settled, method()) == {"S1": [[0, 1, 2], [0, 1, 2]]}


@pytest.mark.parametrize(("missing", "levels"), [("refuse", [0, 1, 2]), ("available", [0, 1])])
def test_a_panel_without_ratings_is_passed_over_only_on_request(method, missing, levels):
    """x of p is 1 to 5 by its third, r did not rate it; w is 1: a = (x + 1) / 2 is 1 to 3, cut at 2.5."""
    parameters = method(panels="[p, r]", missing=missing)
    rows = [
        *ratings_of("x", "p", 1, 5),
        *ratings_of("x", "r", 3, 3),
        *ratings_of("w", "p", 1, 1),
        *ratings_of("w", "r", 1, 1),
        *ratings_of("y", "q", 4, 4),
    ]
    settled = adjudication.resolve(table(*rows), parameters)
    absent = (settled["indicator"] == "x") & (settled["pair"] == "r")
    settled.loc[absent, "status"] = "missing"
    settled.loc[absent, ["first", "second", "score"]] = np.nan
    assert categories.reachable_levels(settled, parameters)["S1"] == [levels, [2]]


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
