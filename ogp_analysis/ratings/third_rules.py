"""Pairs that call for a third evaluation which was not given, where a run refuses to go on without it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ogp_analysis import adjudication, assessment
from ogp_analysis.errors import Problem
from ogp_analysis.model import INDICATOR, PANEL, PROPOSAL
from ogp_analysis.ratings.design_rules import CELL, meant_for

if TYPE_CHECKING:
    from ogp_analysis.params import Parameters
    from ogp_analysis.ratings.load import Inputs

RULE = "ratings.third_lacking"


def lacking_thirds(
    inputs: Inputs, parameters: Parameters, *, unread: pd.DataFrame, faulty: Collection[tuple[str, str]] = ()
) -> list[Problem]:
    """List the pairs that a run would refuse because their third evaluation is lacking.

    Parameters
    ----------
    inputs : Inputs
        What could be read.
    parameters : params.Parameters
        Only with ``missing_third: refuse`` is anything listed; tolerance, reading of the blind pair and what
        happens to ratings with a conflict of interest are those of the run.
    unread : DataFrame
        Cells of rows that cannot be read, ``proposal, indicator, panel``: the third evaluation may be one.
    faulty : collection of (str, str)
        Proposal and indicator of cells that another rule of the design names already.

    Returns
    -------
    list of Problem
        One for each pair, in the order of the proposals and of the method.

    Examples
    --------
    >>> from ogp_analysis import params, ratings
    >>> inputs = ratings.load(params.from_values(params.baseline()))
    >>> alone = replace(inputs, ratings=inputs.ratings[inputs.ratings["role"] != "third"])
    >>> strict = params.from_values(params.baseline() | {"missing_third": "refuse"})
    >>> found = lacking_thirds(alone, strict, unread=pd.DataFrame(columns=CELL))
    >>> len(found), found[0].rule
    (29, 'ratings.third_lacking')
    """
    if parameters.missing_third != "refuse" or inputs.ratings.empty:
        return []
    used = assessment.ratings_used(inputs, parameters)
    # Asked as if nothing were refused, so that every pair is named and not the first run that fails.
    settled = adjudication.resolve(used, replace(parameters, missing_third="bounds"))
    waiting = settled[settled["status"] == adjudication.STATUSES[adjudication.UNRESOLVED]]
    excused = _perhaps_unread(waiting, unread)
    cells = waiting[~excused][[PROPOSAL, INDICATOR, "pair"]].itertuples(index=False, name=None)
    return [
        Problem(RULE, proposal=proposal, indicator=indicator, detail=(("panel", pair.replace("-", ", ")),))
        for proposal, indicator, pair in cells
        if (proposal, indicator) not in faulty
    ]


def _perhaps_unread(waiting: pd.DataFrame, unread: pd.DataFrame) -> np.ndarray:
    if unread.empty or waiting.empty:
        return np.zeros(len(waiting), dtype=bool)
    # A pair between panels is named after both; the row that cannot be read may be of either.
    cells = waiting.assign(**{PANEL: waiting["pair"].str.split("-")}).reset_index(drop=True).explode(PANEL)
    meant = pd.Series(meant_for(cells[CELL], unread, unknown=CELL), index=cells.index)
    return meant.groupby(level=0).any().to_numpy()
