"""The table of evaluators against the codes that rated: who is missing in one of the two."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis import texts
from ogp_analysis.model import EVALUATOR, PANEL, Method
from ogp_analysis.ratings.findings import LISTED
from ogp_analysis.ratings.pseudonyms import is_code
from ogp_analysis.ratings.words import ZEROS
from ogp_analysis.tabular import key_of

if TYPE_CHECKING:
    from ogp_analysis.params import Parameters

# As for unknown proposals: half of the letters in common.
LEAST_ALIKE = 0.5


def doubts(
    rated: pd.DataFrame, evaluators: pd.DataFrame, *, parameters: Parameters, faulty: Collection[str] = ()
) -> list[str]:
    """Say which codes rated without being in the table of evaluators, and which of the table rated nothing.

    Parameters
    ----------
    rated : DataFrame
        Ratings with our keys: at least the columns ``evaluator`` and ``panel``.
    evaluators : DataFrame
        The table of evaluators; where it is empty, nobody is missed.
    parameters : params.Parameters
        Method and language.
    faulty : collection of str
        Codes in rows that could not be read.

    Returns
    -------
    list of str
        At most one line for each of the two; what may be a name is left out.

    Examples
    --------
    >>> from ogp_analysis import params
    >>> rated = pd.DataFrame({"evaluator": ["C1", "Cl1"], "panel": "counterpart"})
    >>> table = pd.DataFrame({"evaluator": ["L1", "C1"]})
    >>> for line in doubts(rated, table, parameters=params.from_values(params.baseline())):
    ...     print(line.split(";")[0])
    evaluators who rated but are not in the table of evaluators: Cl1 (most similar: C1)
    in the table of evaluators but without a rating: L1
    """
    listed = [code for code in dict.fromkeys(evaluators[EVALUATOR]) if is_code(code)]
    active = {*rated[EVALUATOR], *faulty}
    silent = [code for code in listed if code not in active]
    language = parameters.language
    strangers = _strangers(rated, listed, silent, method=parameters.method) if listed else {}
    likes = [
        texts.say("ratings.most_similar", language, code=code, nearest=near) if near else code
        for code, near in strangers.items()
    ]
    found = {"ratings.not_in_the_table": likes, "ratings.without_a_rating": silent}
    return [texts.say(key, language, names=_joined(names)) for key, names in found.items() if names]


def _strangers(
    rated: pd.DataFrame, listed: list[str], silent: list[str], *, method: Method
) -> dict[str, str]:
    """Give the most similar listed code for each code that rated and is not listed."""
    seats = {panel for c in method.criteria if c.raters_per_panel == 1 for panel in c.panels}
    found: dict[str, str] = {}
    for panel, group in rated.groupby(PANEL, sort=False):
        codes = list(dict.fromkeys(group[EVALUATOR]))
        beside = {code for code in listed if code in codes}
        near = {code: _meant(code, listed, silent, beside) for code in codes if code not in listed}
        # A table of evaluators may leave out the single seats of lead and counterpart altogether.
        if panel not in seats or set(near.values()) & {*silent, *beside}:
            found |= {code: like for code, like in near.items() if code not in found}
    return found


def _meant(code: str, listed: list[str], silent: list[str], beside: Collection[str]) -> str:
    """Give the listed code that was probably meant, empty where none is like it."""
    folded = key_of(code)

    def likeness(known: str) -> tuple:
        other = key_of(known)
        same = ZEROS.sub("", other) == ZEROS.sub("", folded)
        ratio = difflib.SequenceMatcher(None, folded, other).ratio()
        # Cl1 is as like L1 as C1: the initial decides, then who has rated nothing so far, then the panel.
        return same, ratio, other[:1] == folded[:1], known in silent, known in beside

    best = max(listed, key=likeness)
    return best if likeness(best)[:2] >= (False, LEAST_ALIKE) else ""


def _joined(names: list[str]) -> str:
    return ", ".join(names[:LISTED]) + (", ..." if len(names) > LISTED else "")
