"""One scenario through the array kernels, from a table of ratings or from scores worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ogp_analysis.assessment import categories, whole_assessment
from ogp_analysis.assessment.batch import Scored, score
from ogp_analysis.assessment.criterion_rule import criterion_rule
from ogp_analysis.assessment.rating_arrays import sheets_of
from ogp_analysis.assessment.scoring import stacked, weigh


def scored(ratings, parameters, *, proposals=None):
    """Put ratings into sheets and score every criterion."""
    sheets = sheets_of(ratings, parameters.method, proposals=proposals)
    return sheets, [score(sheet, [criterion_rule(sheet.criterion, parameters)]) for sheet in sheets.criteria]


def indicator_scores(ratings, parameters, *, proposals=None):
    """Indicator scores by proposal, in points."""
    return whole_assessment.scores_frame(*scored(ratings, parameters, proposals=proposals))


def reachable(ratings, parameters):
    """Levels that proposals lacking a third evaluation could reach, criterion by criterion."""
    sheets, parts = scored(ratings, parameters)
    waiting = np.flatnonzero(np.any([part.unresolved[0] for part in parts], axis=0))
    levels = [part.levels(np.zeros(len(waiting), dtype=int), waiting) for part in parts]
    return {
        sheets.proposals[row]: [np.flatnonzero(of_criterion[place]).tolist() for of_criterion in levels]
        for place, row in enumerate(waiting)
    }


def assign(scores, inputs, parameters):
    """Categories of indicator scores that are given, none of which waits for a third evaluation."""
    parts = [_weighed(scores, criterion, parameters) for criterion in parameters.method.criteria]
    route = categories.recorded_route(scores.index, inputs.proposals)
    rule, alone = categories.category_rule(parameters.method), np.zeros(1, dtype=int)
    found = categories.categorise(parts, [alone] * len(parts), rule, route)
    return categories.assigned_frame(scores.index, parts, found, inputs, parameters)


def _weighed(scores: pd.DataFrame, criterion, parameters) -> Scored:
    rule = criterion_rule(criterion, parameters)
    values = scores[[indicator.name for indicator in criterion.indicators]].to_numpy(dtype=float)[None]
    one = stacked([rule.weighing])
    means, codes = weigh(values, one, skip_missing=rule.skip_missing)
    none = np.zeros(means.shape, dtype=bool)
    parts = {"weighings": one, "means": means, "codes": codes}
    return Scored(None, [rule], {}, np.zeros(1, int), values, none, none, np.zeros((1, 5), int), **parts)
