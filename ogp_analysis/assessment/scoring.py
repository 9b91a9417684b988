"""From settled scores to criterion scores, composites and levels; a score on a cut stays on it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pandas as pd

from ogp_analysis.errors import StatisticsError
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.records import (
    COMPOSITE,
    CRITERION,
    INDICATOR,
    LEVELS,
    PROPOSAL,
    SCORE,
    Criterion,
    Indicator,
)

# Scores are means of a few ratings: their denominators are small, and floats this close to a cut are decided
# on fractions.
NEAR_A_CUT = 1e-9
# Our choice: means of ratings have far smaller, and two ratios of up to this are 1e-10 or more apart, which
# no float on a scale of ratings is off.
LARGEST_DENOMINATOR = 100_000
# Codings of an indicator that is counted, as reiterations are (plan, line 508), not judged by an evaluator.
COUNTED = ("binned", "rank", "share")
# Fifths are our choice: the plan does not say how a count becomes a score.
BINS = 5


def weighted_mean(scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted mean over the last axis of scores; NaN where a score is NaN.

    >>> weighted_mean(np.array([[4.0, 5.0], [4.0, np.nan]]), np.array([0.25, 0.75])).tolist()
    [4.75, nan]
    """
    return np.asarray(scores, dtype=float) @ np.asarray(weights, dtype=float)


def available_mean(scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted mean over the scores that are present, weights rescaled to them; NaN where none is.

    >>> available_mean(np.array([[4.0, np.nan], [np.nan, np.nan]]), np.array([0.25, 0.75])).tolist()
    [4.0, nan]
    """
    scores, weights = np.asarray(scores, dtype=float), np.asarray(weights, dtype=float)
    present = ~np.isnan(scores)
    total = present @ weights
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, np.nansum(scores * weights, axis=-1) / total, np.nan)


def level_codes(scores: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    """Count the cut points that each score reaches (closed below): 0 low, 1 medium, 2 high; -1 where NaN.

    >>> level_codes(np.array([2.4, 2.5, 3.5, np.nan]), np.array([2.5, 3.5])).tolist()
    [0, 1, 2, -1]
    """
    scores = np.asarray(scores, dtype=float)
    codes = (scores[..., None] >= np.asarray(cuts, dtype=float)).sum(axis=-1)
    return np.where(np.isnan(scores), -1, codes)


def exact_level_codes(
    scores: np.ndarray, weights: Sequence[Fraction], cuts: Sequence[Fraction]
) -> tuple[np.ndarray, np.ndarray]:
    """Weighted means and their level codes, ties with a cut point decided on fractions.

    Parameters
    ----------
    scores : ndarray, shape (m, n)
        Indicator scores in points; NaN where missing (weights are then rescaled to what is there).
    weights : sequence of Fraction, length n
        Weights that sum to 1, as they were written.
    cuts : sequence of Fraction, length r
        Cut points, rising.

    Returns
    -------
    means : ndarray, shape (m,)
        Criterion scores in points.
    codes : ndarray of int, shape (m,)
        Cut points reached; -1 where the criterion score is NaN.

    Raises
    ------
    StatisticsError
        The weights are not as many as the columns of ``scores``, or sum to something else than 1.

    Examples
    --------
    >>> third = Fraction(1, 3)
    >>> means, codes = exact_level_codes(np.array([[2.0, 2.0, 3.5]]), [third] * 3, [Fraction(5, 2)])
    >>> codes.tolist()
    [1]
    """
    scores = np.asarray(scores, dtype=float)
    if len(weights) != scores.shape[1] or sum(weights) != 1:
        message = f"{len(weights)} weights with sum {sum(weights)} do not fit {scores.shape[1]} indicators"
        raise StatisticsError(message, weights=tuple(weights))
    means = available_mean(scores, np.array([float(weight) for weight in weights]))
    limits = np.array([float(cut) for cut in cuts])
    codes = level_codes(means, limits)
    near = (np.abs(means[:, None] - limits) < NEAR_A_CUT).any(axis=1)
    for row in np.flatnonzero(near):
        exact = _exact_mean(scores[row], weights)
        codes[row] = sum(exact >= cut for cut in cuts)
    return means, codes


def _exact_mean(scores: np.ndarray, weights: Sequence[Fraction]) -> Fraction:
    given = [
        (as_ratio(score), weight) for score, weight in zip(scores, weights, strict=True) if score == score
    ]
    return sum(score * weight for score, weight in given) / sum(weight for _, weight in given)


def as_ratio(score: float) -> Fraction:
    """Read a score back as the ratio of small whole numbers that it is a float of.

    >>> as_ratio(7 / 3), as_ratio(0.1) == Fraction(1, 10), Fraction(0.1) == Fraction(1, 10)
    (Fraction(7, 3), True, False)
    """
    return Fraction(float(score)).limit_denominator(LARGEST_DENOMINATOR)


def indicator_scores(
    settled: pd.DataFrame,
    parameters: Parameters,
    *,
    proposals: pd.DataFrame | None = None,
    bound: str = SCORE,
) -> pd.DataFrame:
    """Bring settled pairs to one score for each proposal and indicator.

    Parameters
    ----------
    settled : DataFrame
        From :func:`ogp_analysis.assessment.adjudication.resolve`.
    parameters : params.Parameters
        Says how two panels become one score.
    proposals : DataFrame, optional
        Needed where an indicator is computed from counts (coding binned, rank or share): columns
        ``proposal, reiterations``.
    bound : str
        ``"score"``, or ``"low"`` / ``"high"`` for the bounds over lacking third evaluations.

    Returns
    -------
    DataFrame
        Proposals (sorted, the index) by indicators (order of the method), in points; NaN where unresolved.

    Raises
    ------
    StatisticsError
        A coding needs counts and the proposals have none.

    Examples
    --------
    >>> from ogp_analysis.assessment import adjudication
    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import ratings
    >>> parameters = params.from_values(params.baseline())
    >>> settled = adjudication.resolve(ratings.load(parameters).ratings, parameters)
    >>> indicator_scores(settled, parameters).loc["S01", ["time", "alignment"]].tolist()
    [4.5, 3.5]
    """
    parts = [
        _criterion_part(settled, criterion, parameters, bound) for criterion in parameters.method.criteria
    ]
    scores = pd.concat(parts, axis=1).sort_index()
    for indicator in parameters.method.indicators:
        if indicator.coding in COUNTED:
            scores[indicator.name] = _scores_of_counts(scores.index, proposals, indicator)
    scores.columns.name = None
    return scores[[indicator.name for indicator in parameters.method.indicators]]


def _criterion_part(
    settled: pd.DataFrame, criterion: Criterion, parameters: Parameters, bound: str
) -> pd.DataFrame:
    pairs = settled[settled[CRITERION] == criterion.name]
    names = [indicator.name for indicator in criterion.indicators]
    # An indicator that nobody rated keeps its column, so that every method has its own order of columns.
    wide = pairs.pivot(index=[PROPOSAL, "pair"], columns=INDICATOR, values=bound).reindex(columns=names)
    given = pairs["pair"].unique()
    if parameters.panel_rule in criterion.panels and set(given) <= set(criterion.panels):
        # A panel that alone decides and did not rate leaves its proposals without a score.
        everyone = wide.index.get_level_values(PROPOSAL).unique()
        return (
            wide[wide.index.get_level_values("pair") == parameters.panel_rule]
            .droplevel("pair")
            .reindex(everyone)
        )
    if len(given) <= 1:
        return wide.droplevel("pair")
    return combine_panels(wide, parameters.panel_rule, skip_missing=parameters.missing == "available")


def combine_panels(wide: pd.DataFrame, panel_rule: str, *, skip_missing: bool = False) -> pd.DataFrame:
    """Combine the scores of several panels: their mean, their minimum, or one panel alone.

    >>> rows = {"proposal": "S01", "pair": ["core_group", "working_group"], "alignment": [3.0, 4.0]}
    >>> combine_panels(pd.DataFrame(rows).set_index(["proposal", "pair"]), "mean").loc["S01"].item()
    3.5
    """
    everyone = wide.index.get_level_values(PROPOSAL).unique()
    if panel_rule in wide.index.get_level_values("pair"):
        return wide.xs(panel_rule, level="pair").reindex(everyone)
    panels = [panel for _, panel in wide.groupby(level="pair")]
    # Each panel in the same order of proposals; one it did not rate is a row of NaN.
    cube = np.stack([panel.droplevel("pair").reindex(everyone).to_numpy() for panel in panels])
    return pd.DataFrame(_over_panels(cube, panel_rule, skip_missing), everyone, wide.columns)


def _over_panels(cube: np.ndarray, panel_rule: str, skip_missing: bool) -> np.ndarray:
    if not skip_missing:
        return cube.min(axis=0) if panel_rule == "minimum" else cube.mean(axis=0)
    given = ~np.isnan(cube)
    if panel_rule == "minimum":
        # fmin passes over NaN and is silent where all are NaN, which np.nanmin warns about.
        return np.fmin.reduce(cube, axis=0)
    with np.errstate(invalid="ignore"):
        return np.where(given, cube, 0.0).sum(axis=0) / given.sum(axis=0)


def _scores_of_counts(index: pd.Index, proposals: pd.DataFrame | None, indicator: Indicator) -> pd.Series:
    if proposals is None or "reiterations" not in proposals:
        message = f"indicator {indicator.name!r} is coded {indicator.coding!r}: proposals need counts"
        raise StatisticsError(message, indicator=indicator.name)
    counts = proposals.set_index(PROPOSAL)["reiterations"].reindex(index).astype(float)
    if counts.isna().any():
        missing = ", ".join(counts.index[counts.isna()])
        message = f"indicator {indicator.name!r} is coded {indicator.coding!r}: no count for {missing}"
        raise StatisticsError(message, indicator=indicator.name)
    share = share_of_scale(counts, indicator.coding)
    if indicator.direction == "lower is better":
        share = 1 - share
    return indicator.minimum + (indicator.maximum - indicator.minimum) * share


def share_of_scale(counts: pd.Series, coding: str) -> pd.Series:
    """Place counts on a scale from 0 to 1: by fifths of ranks, by mid-rank, or as share of the largest.

    >>> counts = pd.Series([1.0, 2.0, 4.0, 12.0])
    >>> [share_of_scale(counts, coding).round(2).tolist() for coding in ("share", "rank", "binned")]
    [[0.08, 0.17, 0.33, 1.0], [0.0, 0.33, 0.67, 1.0], [0.0, 0.25, 0.75, 1.0]]
    """
    if coding == "share":
        return counts / counts.max() if counts.max() > 0 else counts * 0.0
    # Mid-ranks, so that equal counts get equal places; a single proposal has no others to be ranked among.
    rank = (counts.rank(method="average") - 1) / max(len(counts) - 1, 1)
    return rank if coding == "rank" else np.minimum(np.floor(rank * BINS), BINS - 1) / (BINS - 1)


def criterion_scores(scores: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """Weighted means of the indicator scores, one column a criterion, in points; NaN where unresolved.

    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline())
    >>> names = [indicator.name for indicator in parameters.method.indicators]
    >>> scores = pd.DataFrame([[4, 3, 5, 4, 2, 2, 3.5]], index=["S01"], columns=names)
    >>> criterion_scores(scores, parameters).loc["S01"].tolist()
    [4.0, 2.5]
    """
    return pd.DataFrame(
        {
            criterion.name: _criterion_scores(scores, criterion, parameters)[0]
            for criterion in parameters.method.criteria
        },
        index=scores.index,
    )


def levels(scores: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """Levels of each proposal by criterion, from indicator scores; missing where a score is unresolved.

    Parameters
    ----------
    scores : DataFrame
        Proposals by indicators, in points (unrounded).
    parameters : params.Parameters
        Weights and cut points, closed below: a criterion score on a cut point reaches it.

    Returns
    -------
    DataFrame
        Proposals by criteria: ``"low"``, ``"medium"``, ``"high"``.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline())
    >>> scores = pd.DataFrame(2.5, index=["S01"], columns=[i.name for i in parameters.method.indicators])
    >>> levels(scores, parameters).loc["S01"].tolist()
    ['medium', 'medium']
    """
    names = np.array([*LEVELS, None], dtype=object)
    columns = {
        criterion.name: names[_criterion_scores(scores, criterion, parameters)[1]]
        for criterion in parameters.method.criteria
    }
    return pd.DataFrame(columns, index=scores.index, dtype="str")


def _criterion_scores(
    scores: pd.DataFrame, criterion: Criterion, parameters: Parameters
) -> tuple[np.ndarray, np.ndarray]:
    names = [indicator.name for indicator in criterion.indicators]
    exact = parameters.exact("indicator_weights")
    values = scores[names].to_numpy(dtype=float)
    weights, cuts = [exact[name] for name in names], parameters.exact_cuts(criterion.name)
    means, codes = exact_level_codes(values, weights, cuts)
    # exact_level_codes rescales the weights to what is there; only missing: available allows that.
    if parameters.missing != "available":
        partial = np.isnan(values).any(axis=1)
        means, codes = np.where(partial, np.nan, means), np.where(partial, -1, codes)
    return means, codes


def composite(criterion: pd.DataFrame, parameters: Parameters) -> pd.Series:
    """Weighted mean of the criterion scores, in points.

    >>> from ogp_analysis.model import params
    >>> criterion = pd.DataFrame({"feasibility": [4.0], "relevance": [2.5]}, index=["S01"])
    >>> float(composite(criterion, params.from_values(params.baseline()))["S01"])
    3.25
    """
    weights = [parameters.criterion_weights[name] for name in criterion.columns]
    return pd.Series(
        weighted_mean(criterion.to_numpy(), np.array(weights)), index=criterion.index, name=COMPOSITE
    )
