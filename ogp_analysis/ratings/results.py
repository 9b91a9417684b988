"""What came in, who rated what, is it double blind, is it complete: the tables of the first notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.language import texts
from ogp_analysis.model.records import EVALUATOR, INDEPENDENT, INDICATOR, PANEL, PROPOSAL, RATING, ROLE, THIRD
from ogp_analysis.ratings.design import BOTH_CRITERIA, blindness, coverage, describe_design, fitting
from ogp_analysis.ratings.load import Inputs

if TYPE_CHECKING:
    from ogp_analysis.model.params import Parameters


def study(inputs: Inputs, parameters: Parameters, *, stakes: pd.Series) -> dict[str, pd.DataFrame]:
    """Compute every table of the first notebook.

    Parameters
    ----------
    inputs : Inputs
        From ``load``.
    parameters : params.Parameters
        The method and the reading of the blind pair.
    stakes : Series of bool
        For each rating, whether its evaluator has a stake, from ``stakes.conflicts``.

    Returns
    -------
    dict of DataFrame
        ``ratings_summary``, ``design``, ``ratings_blindness``, ``ratings_coverage`` (by proposal and panel;
        where proposals are left out, a column ``left_out`` says which), ``ratings_spread`` (how often each
        rating was given) and ``ratings_stakes``: counts by panel only, never by evaluator. All count what was
        given; ``design`` and ``ratings_stakes`` only the ratings of proposals that are not left out.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import ratings
    >>> parameters = params.from_values(params.baseline())
    >>> inputs = ratings.load(parameters)
    >>> nobody = pd.Series(False, index=inputs.ratings.index)
    >>> study(inputs, parameters, stakes=nobody)["ratings_summary"]["thirds"].tolist()
    [0, 0, 17, 12]
    """
    given = inputs.given
    covered = coverage(given, parameters, proposals=tuple(inputs.proposals[PROPOSAL]))
    lacking = (covered["wanted"] - covered["given"]).clip(lower=0).groupby(covered[PANEL]).sum()
    came = describe_design(given, parameters.method)
    came = came[["criterion", PANEL, "proposals", "evaluators", "ratings", "thirds"]]
    if inputs.left_out:
        covered["left_out"] = covered[PROPOSAL].isin(inputs.left_out)
    return {
        "ratings_summary": came.assign(lacking=came[PANEL].map(lacking).fillna(0).astype(int)),
        # What agreement is measured on, not what came in.
        "design": _with_fit(describe_design(inputs.ratings, parameters.method)),
        "ratings_blindness": blindness(given, parameters),
        "ratings_coverage": covered,
        "ratings_spread": spread(given, parameters),
        "ratings_stakes": _stakes(inputs, stakes, parameters),
    }


def _with_fit(described: pd.DataFrame) -> pd.DataFrame:
    frame = described[["criterion", PANEL, "fewest", "most", "pairs", "design"]].copy()
    for language in texts.LANGUAGES:
        frame[f"fits_{language}"] = [
            texts.say(fitting(kind, seats=False, raters=raters), language)
            for kind, raters in zip(frame["design"], described["evaluators"], strict=True)
        ]
    return frame


def spread(ratings: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """Count how often each rating of the scale was given, by indicator and panel, unused ratings included.

    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline())
    >>> cell = {"proposal": "S01", "indicator": "time", "panel": "lead", "role": "independent"}
    >>> spread(pd.DataFrame(cell | {"rating": [4.0, 4.0, 2.0]}), parameters)["count"].head(5).tolist()
    [0, 1, 0, 2, 0]
    """
    independent = ratings[ratings[ROLE] == INDEPENDENT]
    # Rounded on both sides: 1.3 read from a file and 1 + 3 * 0.1 are not the same float.
    counts = independent.groupby([INDICATOR, PANEL, independent[RATING].round(9)]).size()
    rows = [
        (indicator.name, panel, round(rating, 9))
        for criterion in parameters.method.criteria
        for indicator in criterion.indicators
        for panel in criterion.panels
        for rating in indicator.scale
    ]
    frame = pd.DataFrame(rows, columns=[INDICATOR, PANEL, RATING])
    given = counts.reindex(pd.MultiIndex.from_frame(frame), fill_value=0)
    return frame.assign(count=given.to_numpy(dtype=int))


def _stakes(inputs: Inputs, stakes: pd.Series, parameters: Parameters) -> pd.DataFrame:
    rated = inputs.ratings.assign(
        with_stake=stakes.to_numpy(),
        organisation_unknown=~inputs.ratings[EVALUATOR].isin(inputs.organisations.index),
    )
    blind = [panel for c in parameters.method.criteria if c.raters_per_panel > 1 for panel in c.panels]
    counts = rated.groupby(PANEL)[["with_stake", "organisation_unknown"]].sum()
    sizes = rated.groupby(PANEL).size().rename("all_ratings")
    frame = counts.join(sizes).reindex(blind, fill_value=0).astype(int).rename_axis(PANEL).reset_index()
    # None found where organisations are unknown is not known to be none.
    unknown = (frame["organisation_unknown"] > 0) & (frame["with_stake"] == 0)
    frame["with_stake"] = frame["with_stake"].astype("Int64").mask(unknown)
    return frame[[PANEL, "all_ratings", "with_stake", "organisation_unknown"]]


def summary(inputs: Inputs, found: dict[str, pd.DataFrame]) -> dict[str, int | None]:
    """Give the numbers that sentences quote.

    Parameters
    ----------
    inputs : Inputs
        From ``load``.
    found : dict of DataFrame
        From ``study``.

    Returns
    -------
    dict of int or None
        Proposals, evaluators, ratings, thirds, lacking ratings, broken rules of the double blind
        (``broken``), evaluators who rate a proposal in both criteria (``rate_both_criteria``), ratings with a
        stake (None where none was found but organisations are unknown), warnings; and what of all this is
        left out: ``left_out`` (proposals), ``left_out_ratings``, ``left_out_thirds``.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import ratings
    >>> parameters = params.from_values(params.baseline())
    >>> inputs = ratings.load(parameters)
    >>> nobody = pd.Series(False, index=inputs.ratings.index)
    >>> summary(inputs, study(inputs, parameters, stakes=nobody))["ratings"]
    860
    """
    rules = found["ratings_blindness"].set_index("blind_rule")["broken"]
    return {
        "proposals": len(inputs.proposals),
        "evaluators": inputs.given[EVALUATOR].nunique(),
        "ratings": int(found["ratings_summary"]["ratings"].sum()),
        "thirds": int(found["ratings_summary"]["thirds"].sum()),
        "lacking": int(found["ratings_summary"]["lacking"].sum()),
        "broken": int(rules.drop(BOTH_CRITERIA).sum()),
        "rate_both_criteria": int(rules[BOTH_CRITERIA]),
        "with_stake": _with_stake(found["ratings_stakes"]["with_stake"]),
        "warnings": len(inputs.warnings),
        "left_out": len(inputs.left_out),
        "left_out_ratings": _aside(inputs, INDEPENDENT),
        "left_out_thirds": _aside(inputs, THIRD),
    }


def _with_stake(by_panel: pd.Series) -> int | None:
    found = int(by_panel.sum())
    return None if by_panel.isna().any() and not found else found


def _aside(inputs: Inputs, role: str) -> int:
    return 0 if inputs.set_aside is None else int((inputs.set_aside[ROLE] == role).sum())
