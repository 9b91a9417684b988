"""Other ways of adding up as questions about weighted means: exact shares of weightings for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from ogp_analysis.assessment import scoring
from ogp_analysis.assessment.adding import (
    GEOMETRIC,
    HARMONIC,
    MEAN,
    SHARE,
    SHARES,
    Adding,
    scaled,
)
from ogp_analysis.assessment.criterion_rule import Weighing
from ogp_analysis.errors import keyed_error
from ogp_analysis.model.parameter_rules import AGGREGATIONS
from ogp_analysis.sensitivity import arguments
from ogp_analysis.sensitivity.acceptability import CategoryTable, band_probability, category_probability
from ogp_analysis.sensitivity.beliefs import WeightBelief, belief_probability, named_as
from ogp_analysis.sensitivity.concentration import concentrated_probability
from ogp_analysis.sensitivity.ties import exact, sides, signs

# Scores and cut points of one question: whether their weighted mean reaches the cut points.
Question = tuple[np.ndarray, np.ndarray]


def questions(scores: np.ndarray, cuts: np.ndarray, adding: Adding) -> list[Question]:
    """Turn whether scores (m, n) reach cut points (r,) into questions of weighted means, cut by cut.

    A geometric mean reaches a cut where the mean of logarithms reaches its logarithm, a harmonic one where
    that of -1 / x reaches -1 / cut; a share of the weight does where the mean of 0 and 1 (below the cut, or
    from it on) reaches the share.

    >>> asked = questions(np.array([[1.0, 4.0]]), np.array([2.0]), Adding(SHARE))
    >>> [(x.tolist(), limits.tolist()) for x, limits in asked]
    [([[0.0, 1.0]], [1.0])]
    """
    if adding.kind == SHARE:
        share = np.array([float(adding.share)])
        return [((signs(scores, cut) >= 0).astype(float), share) for cut in cuts]
    if adding.kind != MEAN:
        # Of logarithms and quotients no rational tells what was on the cut: the scores themselves do.
        for cut in cuts:
            scores = np.where(signs(scores, cut) == 0, cut, scores)
    # Quotients of large scores are as small as rounding: a power of two brings them to the size of 1.
    unit = 2.0 ** np.frexp(scores.min(initial=np.inf))[1] if adding.kind == HARMONIC else 1.0
    points, limits = scaled(scores, adding.kind) * unit, scaled(cuts, adding.kind) * unit
    # Logarithms of scores about 1 are as small: as weights add up to 1, one more on both sides asks the same.
    small = adding.kind == GEOMETRIC and np.abs(points).max(initial=0.0) < arguments.SMALLEST_SCORE
    return [(points + small, limits + small)]


def reach_probability(
    scores: np.ndarray, cuts: np.ndarray, belief: WeightBelief | None, adding: Adding
) -> np.ndarray:
    """Compute the share of weightings under which each row reaches each cut point, (m, r)."""
    parts = [belief_probability(x, limits, belief) for x, limits in questions(scores, cuts, adding)]
    return np.concatenate([np.empty((len(scores), 0)), *parts], axis=1)  # without a cut point no column


def near_probability(
    scores: np.ndarray, weights: np.ndarray, cuts: np.ndarray, adding: Adding, *, concentration: float
) -> np.ndarray:
    """Compute the same for weights scattered around the baseline, (m, r); the baseline itself is exact."""
    if np.isinf(concentration):
        return reached(scores, weights, cuts, adding).astype(float)
    parts = [
        concentrated_probability(x, weights, limits, concentration=concentration)
        for x, limits in questions(scores, cuts, adding)
    ]
    return np.concatenate(parts, axis=1)


def reached(scores: np.ndarray, weights: np.ndarray, cuts: np.ndarray, adding: Adding) -> np.ndarray:
    """Say which cut points each row reaches, (m, r), as the assessment does: exactly.

    >>> half, cuts = np.array([0.5, 0.5]), np.array([4.0, 4.1])
    >>> reached(np.array([[2.0, 8.0]]), half, cuts, Adding(GEOMETRIC)).tolist()
    [[True, False]]
    """
    if adding.kind == MEAN:
        return sides(scores, weights, cuts) >= 0
    weighing = Weighing(tuple(map(exact, weights)), tuple(map(exact, cuts)), adding)
    codes = scoring.weigh(scores[None], scoring.stacked([weighing]))[1][0]
    return codes[:, None] > np.arange(len(cuts))


def shares_of_categories(
    reached_by: Sequence[np.ndarray], table: CategoryTable, barred: np.ndarray
) -> np.ndarray:
    """Turn the shares that reach each cut point of each axis into shares of categories, (m, categories).

    What the veto bars from the best category has the next one, whatever the weights.
    """
    shares = category_probability(*(band_probability(part) for part in reached_by), **table)
    if shares.shape[1] > 1 and barred.any():
        shares[barred, 1] += shares[barred, 0]
        shares[barred, 0] = 0.0
    return shares


def aggregated_probability(
    scores: ArrayLike,
    cuts: ArrayLike,
    *,
    aggregation: str = "mean",
    majority: float = 0.6,
    belief: WeightBelief | None = None,
) -> np.ndarray:
    """Compute the share of weightings under which scores, added up in some way, reach each cut point.

    Parameters
    ----------
    scores : array_like, shape (m, n)
        Indicator scores of m proposals on n indicators, in points; finite, and above 0 for ``"geometric"``
        and ``"harmonic"``, whose results depend on where the scale begins.
    cuts : array_like, shape (r,)
        Cut points in the same points, closed below: what is on one reaches it.
    aggregation : str
        ``"mean"``, ``"geometric"`` or ``"harmonic"`` mean; ``"median"`` (the score that half of the weight
        reaches, of two the higher), ``"majority"`` (that a share of the weight reaches) or ``"minimum"`` (the
        lowest score of an indicator with a weight; no weighting changes it, so that shares are 0 or 1).
    majority : float
        The share that ``"majority"`` asks for, in (0, 1]; read by no other.
    belief : WeightBelief, optional
        What is believed about the weights (`read_belief`); uniform by default.

    Returns
    -------
    numpy.ndarray, shape (m, r)
        Shares in [0, 1], exact for every belief but a sampled one.

    Raises
    ------
    StatisticsError
        Scores or cut points are not finite, or not above 0 where that is asked for; the aggregation is
        unknown; the majority is not in (0, 1]; the belief is about another number of indicators.

    Notes
    -----
    Each is a question of a weighted mean (`threshold_probability`): of log x against log t, of -1 / x against
    -1 / t, of the indicator of x >= t against the share. With the cut points as the profiles between levels
    the majority rule is that of MR-Sort without veto, the simplified ELECTRE TRI of Bouyssou and Marchant.

    References
    ----------
    Bouyssou, D. and Marchant, T. (2007). An axiomatic approach to noncompensatory sorting methods in MCDM, I:
    The case of two categories. European Journal of Operational Research 178(1), 217-245.

    Leroy, A., Mousseau, V. and Pirlot, M. (2011). Learning the parameters of a multiple criteria sorting
    method. Algorithmic Decision Theory, LNCS 6992, 219-233. https://doi.org/10.1007/978-3-642-24873-3_17

    Examples
    --------
    Ratings 1 and 4 have a geometric mean of 2 or more where the second weighs half or more, a harmonic one
    where it weighs two thirds, and a mean where it weighs a third:

    >>> ways = ("geometric", "harmonic", "mean")
    >>> [aggregated_probability([[1, 4]], [2], aggregation=way).round(4).tolist() for way in ways]
    [[[0.5]], [[0.3333]], [[0.6667]]]

    A majority of 0.6 reaches 3 where one or both of the last two weigh that much: (1 - 0.6^2) of weightings.

    >>> aggregated_probability([[1, 4, 5]], [3], aggregation="majority").round(4).tolist()
    [[0.64]]
    >>> aggregated_probability([[1, 4, 5]], [3], aggregation="minimum").tolist()
    [[0.0]]
    """
    adding = adding_named(aggregation, majority)
    matrix, limits = arguments.score_matrix(named_as(scores, belief)), arguments.cut_vector(cuts)
    lowest = min(matrix.min(initial=np.inf), limits.min(initial=np.inf))
    if adding.kind in (GEOMETRIC, HARMONIC) and lowest <= 0:
        raise keyed_error(key="sensitivity.above_zero", aggregation=aggregation, lowest=float(lowest))
    return reach_probability(matrix, limits, belief, adding)


def adding_named(aggregation: str, majority: float) -> Adding:
    """Give the way of adding up that has a name, with the share that a majority needs.

    >>> adding_named("median", 0.6).share
    Fraction(1, 2)
    """
    arguments.choice(aggregation, AGGREGATIONS, "aggregation")
    if aggregation != "majority":
        return Adding(SHARE, SHARES[aggregation]) if aggregation in SHARES else Adding(aggregation)
    share = arguments.one_number(majority, "majority")
    if not 0 < share <= 1:
        raise keyed_error(key="sensitivity.majority", majority=share)
    return Adding(SHARE, Fraction(repr(float(share))))
