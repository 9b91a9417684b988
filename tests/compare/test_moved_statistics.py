"""Which statistics two runs do not share: matched by the words and numbers that name their rows."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.compare.comparison import moved_coefficients


def test_the_share_of_matching_pairs_is_a_statistic_that_may_move():
    """Tolerance 2.5 to 1 on one panel: .904 (.867 to .932) became .548, beyond its interval."""
    words = {"grain": "indicator", "criterion": "artistry", "indicator": "all", "pair": "jury"}
    first = pd.DataFrame([words | {"within": 0.904, "lower": 0.867, "upper": 0.932}])
    second = pd.DataFrame([words | {"within": 0.548, "lower": 0.5, "upper": 0.6}])
    (row,) = moved_coefficients({"note_20": first}, {"note_20": second}).to_dict("records")
    assert (row["first"], row["second"], row["beyond"]) == (0.904, 0.548, True)


def test_rows_that_a_number_names_are_told_apart():
    first = pd.DataFrame(
        {"pair": "jury", "rating": [1, 2], "specific": [0.5, 0.4], "lower": 0.1, "upper": 0.9}
    )
    second = first.assign(specific=[0.5, 0.6])
    (row,) = moved_coefficients({"by_category": first}, {"by_category": second}).to_dict("records")
    assert (row["statistic"], row["second"]) == ("jury 2", 0.6)
