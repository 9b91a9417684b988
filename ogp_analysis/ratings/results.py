"""What came in, who rated what, is it double blind, is it complete: the tables of the first notebook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.assessment import conflicts
from ogp_analysis.language import texts
from ogp_analysis.language.bottom_line import in_each_language
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.method_words import languages_of
from ogp_analysis.model.records import EVALUATOR, INDEPENDENT, INDICATOR, PANEL, PROPOSAL, RATING, ROLE, THIRD
from ogp_analysis.model.results import Results
from ogp_analysis.ratings.design import (
    BOTH_CRITERIA,
    blindness,
    coverage,
    describe_design,
    fitting,
    who_rated_what,
)
from ogp_analysis.ratings.missing_ratings import lacking_cells

if TYPE_CHECKING:
    from ogp_analysis.model.params import Parameters

# Of a scale of more ratings only those that were given are listed; our choice.
MOST_UNUSED = 21


def compute(inputs: Inputs, parameters: Parameters) -> Results:
    """Find everything that the first notebook shows.

    Parameters
    ----------
    inputs : Inputs
        From ``load``.
    parameters : params.Parameters
        The method and the reading of the blind pair.

    Returns
    -------
    Results
        Tables ``ratings_summary``, ``design``, ``ratings_blindness``, ``ratings_coverage`` (by proposal and
        panel; where proposals are left out, a column ``left_out`` says which), ``ratings_spread`` (how often
        each rating was given) and ``ratings_stakes``: counts by panel only, never by evaluator. All count
        what was given; ``design`` and ``ratings_stakes`` only the ratings of proposals that are not left out.
        The summary has the numbers of ``summary``; further is ``who_rated_what``, one row an evaluator and
        proposal, which is shown and not saved.

    Examples
    --------
    >>> from ogp_analysis import ratings
    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline())
    >>> frames = compute(ratings.load(parameters), parameters)
    >>> frames.tables["ratings_summary"]["thirds"].tolist(), frames.summary["ratings"]
    ([0, 0, 17, 12], 860)
    """
    frames = tables(inputs, parameters)
    counts = summary(inputs, frames)
    return Results(
        tables=frames,
        summary=counts,
        bottom_line=in_each_language(
            "headline.ratings",
            lambda _: counts,
            synthetic=inputs.synthetic,
            languages=languages_of(parameters.method),
        ),
        synthetic=inputs.synthetic,
        further={"who_rated_what": who_rated_what(inputs.given)},
    )


def tables(inputs: Inputs, parameters: Parameters) -> dict[str, pd.DataFrame]:
    """Compute every table of the first notebook."""
    conflicted = conflicts.conflicts(
        inputs.ratings, inputs.evaluators, inputs.proposals, seats=parameters.method.seats
    )
    given = inputs.given
    covered = coverage(given, parameters, proposals=tuple(inputs.proposals[PROPOSAL]))
    came = describe_design(given, parameters.method)
    came = came[["criterion", PANEL, "proposals", "evaluators", "ratings", "thirds"]]
    if inputs.left_out:
        covered["left_out"] = covered[PROPOSAL].isin(inputs.left_out)
    return {
        "ratings_summary": came.assign(lacking=_ratings_still_wanted(came, given, inputs, parameters)),
        # What agreement is measured on, not what came in.
        "design": _with_fit(describe_design(inputs.ratings, parameters.method)),
        "ratings_blindness": blindness(given, parameters),
        "ratings_coverage": covered,
        "ratings_spread": spread(given, parameters),
        "ratings_stakes": _conflicts(inputs, conflicted, parameters),
    }


def _ratings_still_wanted(
    came: pd.DataFrame, given: pd.DataFrame, inputs: Inputs, parameters: Parameters
) -> list[int]:
    """Count, for each criterion and panel, the ratings that the design wants and nobody gave."""
    cells = lacking_cells(given, parameters, tuple(inputs.proposals[PROPOSAL]))
    criteria = {i.name: c.name for c in parameters.method.criteria for i in c.indicators}
    short = (cells["wanted"] - cells["given"]).groupby([cells[INDICATOR].map(criteria), cells[PANEL]]).sum()
    return [int(short.get(key, 0)) for key in zip(came["criterion"], came[PANEL], strict=True)]


def _with_fit(described: pd.DataFrame) -> pd.DataFrame:
    frame = described[["criterion", PANEL, "fewest", "most", "pairs", "design"]].copy()
    panels = described.groupby("criterion")[PANEL].transform("size")
    for language in texts.LANGUAGES:
        frame[f"fits_{language}"] = [
            texts.say(fitting(kind, seats=False, raters=raters, panels=count), language)
            for kind, raters, count in zip(frame["design"], described["evaluators"], panels, strict=True)
        ]
    return frame


def spread(ratings: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """Count how often each rating of the scale was given, by indicator and panel.

    Ratings that nobody gave are there too, but not those of a scale of more than ``MOST_UNUSED``.

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
    frame = frame.assign(count=given.to_numpy(dtype=int))
    long = {one.name for one in parameters.method.indicators if len(one.scale) > MOST_UNUSED}
    return frame[(frame["count"] > 0) | ~frame[INDICATOR].isin(long)].reset_index(drop=True)


def _conflicts(inputs: Inputs, conflicted: pd.Series, parameters: Parameters) -> pd.DataFrame:
    rated = inputs.ratings.assign(
        with_stake=conflicted.to_numpy(),
        organisation_unknown=~inputs.ratings[EVALUATOR].isin(inputs.organisations.index),
    )
    blind = [panel for panel in parameters.method.panels if panel not in parameters.method.seats]
    counts = rated.groupby(PANEL)[["with_stake", "organisation_unknown"]].sum()
    sizes = rated.groupby(PANEL).size().rename("all_ratings")
    frame = counts.join(sizes).reindex(blind, fill_value=0).astype(int).rename_axis(PANEL).reset_index()
    # None found where organisations are unknown is not known to be none.
    unknown = (frame["organisation_unknown"] > 0) & (frame["with_stake"] == 0)
    frame["with_stake"] = frame["with_stake"].astype("Int64").mask(unknown)
    return frame[[PANEL, "all_ratings", "with_stake", "organisation_unknown"]]


def summary(inputs: Inputs, frames: Mapping[str, pd.DataFrame]) -> dict[str, int | None]:
    """Count what sentences quote.

    Broken rules of the double blind are ``broken``; of what came in, ``left_out`` proposals are set aside,
    with their ratings and thirds. ``with_stake`` is None where none was found but organisations are unknown.
    """
    rules = frames["ratings_blindness"].set_index("blind_rule")["broken"]
    return {
        "proposals": len(inputs.proposals),
        "evaluators": inputs.given[EVALUATOR].nunique(),
        "ratings": int(frames["ratings_summary"]["ratings"].sum()),
        "thirds": int(frames["ratings_summary"]["thirds"].sum()),
        "lacking": int(frames["ratings_summary"]["lacking"].sum()),
        "broken": int(rules.drop(BOTH_CRITERIA).sum()),
        "rate_both_criteria": int(rules[BOTH_CRITERIA]),
        "with_stake": _with_stake(frames["ratings_stakes"]["with_stake"]),
        "warnings": len(inputs.warnings),
        "left_out": len(inputs.left_out),
        "left_out_ratings": _aside(inputs, INDEPENDENT),
        "left_out_thirds": _aside(inputs, THIRD),
    }


def _with_stake(by_panel: pd.Series) -> int | None:
    total = int(by_panel.sum())
    return None if by_panel.isna().any() and not total else total


def _aside(inputs: Inputs, role: str) -> int:
    return 0 if inputs.set_aside is None else int((inputs.set_aside[ROLE] == role).sum())
