"""Which indicators of a draft may count the other way round: ranks, and what nobody wants more of."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ogp_analysis.errors import Problem
from ogp_analysis.language.folding import key_of
from ogp_analysis.model.records import EVALUATOR, INDICATOR, PANEL, PROPOSAL, RATING
from ogp_analysis.ratings.draft_scales import numbers_in
from ogp_analysis.ratings.known_words import packaged

# Fewer places are no ranking that can be told from ratings; our choice.
FEWEST_PLACES = 4


def directions(rows: pd.DataFrame, titles: Sequence[str]) -> list[Problem]:
    """Name the indicators of which less may be better; a draft counts more as better.

    >>> cells = {"proposal": list("ABCD") * 2, "panel": "", "evaluator": ["J1"] * 4 + ["J2"] * 4}
    >>> rows = pd.DataFrame(cells | {"indicator": "Place", "rating": [*"1234", *"2143"]})
    >>> [problem.rule for problem in directions(rows, ["Place", "Penalties"])]
    ['method.draft.ranks', 'method.draft.less_is_better']
    """
    ranked = [title for title in titles if _are_ranks(rows[rows[INDICATOR] == title])]
    named = [title for title in titles if title not in ranked and may_be_unwanted(title)]
    columns = {"ranks": ranked, "less_is_better": named}
    return [
        Problem(f"method.draft.{key}", indicator=", ".join(listed))
        for key, listed in columns.items()
        if listed
    ]


def _are_ranks(rows: pd.DataFrame) -> bool:
    """Say whether each evaluator, of two or more, gave each number from 1 to how many were rated once."""
    given = [cells for _, cells in rows.groupby([PANEL, EVALUATOR], sort=False)]
    return len(given) > 1 and all(
        cells[PROPOSAL].nunique() == len(cells) >= FEWEST_PLACES
        and sorted(numbers_in(cells[RATING])) == list(range(1, len(cells) + 1))
        for cells in given
    )


def may_be_unwanted(title: str) -> bool:
    """Say whether a title holds a word for a cost, a fault or a risk.

    >>> [may_be_unwanted(title) for title in ("Precio ofertado", "Penalty", "Taste")]
    [True, True, False]
    """
    return bool({*key_of(title).split("_")} & {*packaged()["less_is_better"]})
