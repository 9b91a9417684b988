"""The same evaluators in nearly every cell are the same ones with gaps, not others for each proposal."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.agreement import as_ratings
from ogp_analysis.agreement.comparisons import Comparison, designs
from ogp_analysis.language import texts
from ogp_analysis.ratings.design import describe_design, fitting


def kind(left_out, judges=4, proposals=6):
    one = SimpleNamespace(name="merit", panels=("jury",), indicators=(SimpleNamespace(name="clarity"),))
    cells = itertools.product(range(proposals), range(judges))
    rows = [
        (f"P{row}", "clarity", "jury", f"E{judge}", "independent", 3)
        for row, judge in cells
        if not left_out(row, judge)
    ]
    columns = ["proposal", "indicator", "panel", "evaluator", "role", "rating"]
    frame = pd.DataFrame(rows, columns=columns)
    return describe_design(frame, SimpleNamespace(criteria=(one,)))["design"].item()


@pytest.mark.parametrize(
    ("left_out", "wanted"),
    [
        (lambda row, judge: False, "same_evaluators"),
        (lambda row, judge: row == judge == 1, "same_with_gaps"),
        (lambda row, judge: row < 2 and judge == 3, "same_with_gaps"),
        (lambda row, judge: row < 3 and judge == 3, "varying_evaluators"),
        (lambda row, judge: judge == row % 4, "varying_evaluators"),
        (lambda row, judge: judge != row % 4, "single"),
    ],
)
def test_gaps_in_fewer_than_half_of_the_cells(left_out, wanted):
    assert kind(left_out) == wanted


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_gaps_leave_the_icc_by_reml(language):
    assert "REML" in texts.say(fitting("same_with_gaps", seats=False, raters=4), language)


def test_the_designs_of_notebook_2_name_gaps_and_an_icc_by_reml():
    one = [[1, 2, 3], [2, 2, 3], [3, 4, 5], [np.nan, 1, 2]]
    other = [[1, 2, np.nan], [2, np.nan, 3], [np.nan, 4, 5], [2, 1, 2]]
    compared = [
        Comparison("indicator", "merit", "clarity", "jury", False, as_ratings(table))
        for table in (one, other)
    ]
    found = designs(compared)
    assert found["design"].tolist() == ["same_with_gaps", "changing"]
    assert found["fits"].tolist() == ["same_with_gaps", "changing"]
    assert all("REML" in texts.say("fits.same_with_gaps", language) for language in texts.LANGUAGES)
