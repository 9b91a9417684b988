"""The numbers of captions fit the scale of the method."""

from __future__ import annotations

import pandas as pd
import pytest

from ogp_analysis.report import caption_numbers


@pytest.mark.parametrize(
    ("tolerance", "far", "words"),
    [("1.0", "4", "1 punto"), ("0.3", "5", "0,3 puntos"), ("25.0", "1", "25 puntos")],
)
def test_blind_ratings_are_apart_beyond_the_tolerance_of_the_run(tolerance, far, words):
    differences = [0, 4.6 - 4.3, 1.0, 5, 10, 25, 30]
    tables = {
        "disagreements": pd.DataFrame({"difference": differences}),
        "parameters": pd.DataFrame({"parameter": ["tolerance"], "value": [tolerance]}),
    }
    said = caption_numbers.of(tables, "es", synthetic=True)
    assert (said["cells_far"], said["cells_apart"]) == (far, words)


@pytest.mark.parametrize(("highest", "commonest"), [(2, "1"), (100, None)])
def test_of_several_scales_no_rating_is_the_commonest_of_all(highest, commonest):
    rows = {"indicator": ["a", "a", "b", "b"], "rating": [1, 2, 1, highest], "count": [3, 1, 2, 2]}
    said = caption_numbers.of({"ratings_spread": pd.DataFrame(rows)}, "en", synthetic=False)
    assert said.get("commonest_rating") == commonest
