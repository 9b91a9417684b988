"""The whole road from ratings to categories in one call, for sweeps, comparisons and scenario tables."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ogp_analysis import adjudication, categories, scoring
from ogp_analysis.params import Parameters


@dataclass(frozen=True)
class Assessment:
    """What follows from a set of ratings under one set of parameters.

    Parameters
    ----------
    settled : DataFrame
        One row a proposal, indicator and blind pair.
    scores : DataFrame
        Proposals by indicators, in points.
    assigned : DataFrame
        Proposals with criterion scores, levels and categories.
    """

    settled: pd.DataFrame
    scores: pd.DataFrame
    assigned: pd.DataFrame


def assess(inputs: object, parameters: Parameters) -> Assessment:
    """Resolve, score and categorise in one call.

    Parameters
    ----------
    inputs : ratings.Inputs
        Checked ratings, proposals, decisions and evaluators.
    parameters : params.Parameters
        Every choice of the method.

    Returns
    -------
    Assessment
        Settled pairs, indicator scores and categories.
    """
    rated = inputs.ratings
    if parameters.conflict == "exclude":
        rated = adjudication.without_conflicts(rated, inputs.evaluators, inputs.proposals)
    settled = adjudication.resolve(rated, parameters)
    scores = scoring.indicator_scores(settled, parameters, proposals=inputs.proposals)
    assigned = categories.assign(scores, inputs, parameters, settled=settled)
    return Assessment(settled, scores, assigned)
