"""What one rating alone cannot show of a scale: the other answers, the ends."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ogp_analysis.errors import Problem
from ogp_analysis.model.records import INDICATOR, RATING
from ogp_analysis.ratings.draft_cells import plain
from ogp_analysis.ratings.draft_scales import numbers_in
from ogp_analysis.ratings.stated_scales import stated_ends


def lone_answers(criteria: list[dict[str, Any]], other: str) -> list[Problem]:
    """Name the indicators of which one answer alone was given: the others are not known."""
    every = [one for each in criteria for one in each["indicators"]]
    return [
        Problem(
            "method.draft.one_answer",
            indicator=one["title"],
            value=one["labels"][1],
            detail=(("other", other),),
        )
        for one in every
        if one.get("labels", [""])[0] == other
    ]


def lone_numbers(rows: pd.DataFrame, criteria: list[dict[str, Any]]) -> list[Problem]:
    """Name the indicators whose scale has an end that nobody gave, as all ratings on it are one number."""
    typed = {str(title): {*numbers_in(cells[RATING])} for title, cells in rows.groupby(INDICATOR, sort=False)}
    given = {float(value) for values in typed.values() for value in values}
    scales = [one for each in criteria for one in each["indicators"] if "labels" not in one]
    return [
        Problem(
            "method.draft.one_number",
            indicator=one["title"],
            value=plain(min(typed[one["title"]])),
            detail=(("low", str(one["minimum"])), ("high", str(one["maximum"]))),
        )
        for one in scales
        if len(typed[one["title"]]) == 1
        and one["maximum"] not in given
        and stated_ends(one["title"], [*typed[one["title"]]]) is None
    ]
