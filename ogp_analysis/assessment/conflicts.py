"""Evaluators with a stake: whose organisation leads a proposal or is its counterpart."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.model.inputs import SEATS, known_organisations
from ogp_analysis.model.records import EVALUATOR, PANEL, PROPOSAL


def without_conflicts(
    ratings: pd.DataFrame,
    evaluators: pd.DataFrame,
    proposals: pd.DataFrame,
    *,
    seats: tuple[str, ...] = SEATS,
) -> pd.DataFrame:
    """Drop the ratings that :func:`conflicts` flags.

    Parameters
    ----------
    ratings, evaluators, proposals : DataFrame
        As for :func:`conflicts`; without organisations of evaluators nothing is dropped.
    seats : tuple of str
        Panels whose ratings are kept.

    Returns
    -------
    DataFrame
        The ratings that are left, with their index.

    Examples
    --------
    >>> ratings = pd.DataFrame({"proposal": "S01", "panel": "core_group", "evaluator": ["CG1", "CG2"]})
    >>> evaluators = pd.DataFrame({"evaluator": ["CG1", "CG2"], "organisation": ["MINTEL", "FUNDAPI"]})
    >>> proposals = pd.DataFrame({"proposal": ["S01"], "lead": ["Mintel"], "counterparts": ["Esquel"]})
    >>> without_conflicts(ratings, evaluators, proposals)["evaluator"].tolist()
    ['CG2']
    """
    if known_organisations(evaluators).empty:
        return ratings
    return ratings[~conflicts(ratings, evaluators, proposals, seats=seats)]


def conflicts(
    ratings: pd.DataFrame,
    evaluators: pd.DataFrame,
    proposals: pd.DataFrame,
    *,
    seats: tuple[str, ...] = SEATS,
) -> pd.Series:
    """Flag the ratings whose evaluator's organisation leads or is counterpart of the proposal.

    Parameters
    ----------
    ratings, evaluators, proposals : DataFrame
        As read; ``evaluators`` needs ``evaluator, organisation``, ``proposals`` ``lead`` and ``counterparts``
        (names separated by ``;``).

    Returns
    -------
    Series of bool
        One flag for each rating; ratings from ``seats``, which hold a stake by design, are never flagged.

    Examples
    --------
    >>> who = ["CG1", "L1"]
    >>> ratings = pd.DataFrame({"proposal": "S01", "panel": ["core_group", "lead"], "evaluator": who})
    >>> evaluators = pd.DataFrame({"evaluator": who, "organisation": "MINTEL"})
    >>> proposals = pd.DataFrame({"proposal": ["S01"], "lead": ["Mintel"], "counterparts": ["Esquel; FCD"]})
    >>> conflicts(ratings, evaluators, proposals).tolist()
    [True, False]
    """
    institutions = proposals.set_index(PROPOSAL).reindex(columns=["lead", "counterparts"]).astype(object)
    involved = {
        code: {part.strip().casefold() for part in f"{row['lead']};{row['counterparts']}".split(";")}
        for code, row in institutions.fillna("").astype(str).to_dict("index").items()
    }
    known = known_organisations(evaluators).str.casefold().to_dict()
    rater = [known.get(code, "") for code in ratings[EVALUATOR]]
    flags = [
        bool(name) and name in involved.get(code, ())
        for code, name in zip(ratings[PROPOSAL], rater, strict=True)
    ]
    return pd.Series(flags, index=ratings.index, dtype=bool) & ~ratings[PANEL].isin(seats)
