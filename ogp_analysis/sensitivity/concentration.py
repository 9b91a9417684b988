"""The dial from "we trust the weights" to "we know nothing", and the acceptability along it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from ogp_analysis.errors import keyed_error
from ogp_analysis.model.records import CATEGORIES
from ogp_analysis.sensitivity import arguments
from ogp_analysis.sensitivity.acceptability import (
    BY_ROUTE,
    CategoryTable,
    band_probability,
    category_probability,
)
from ogp_analysis.sensitivity.threshold import threshold_probability
from ogp_analysis.sensitivity.ties import reaches

# Our choice. One standard deviation of a weight of 0.25 goes from 0.004 at 10,000 to 0.13 at 10.
CONCENTRATIONS = (np.inf, 10_000.0, 3_000.0, 1_000.0, 300.0, 100.0, 50.0, 20.0, 10.0)


def concentrated_probability(
    scores: ArrayLike, weights: ArrayLike, cuts: ArrayLike, *, concentration: float
) -> np.ndarray:
    """Compute P(w.x >= cut) for weights scattered around the baseline.

    Parameters
    ----------
    scores, cuts : array_like, shapes (m, n) and (r,)
        As in `threshold_probability`.
    weights : array_like, shape (n,)
        Baseline weights, the mean of the scattered ones.
    concentration : float
        Sum of the Dirichlet parameters, alpha = concentration x weights. Each weight has the standard
        deviation sqrt(w (1 - w) / (concentration + 1)). Infinity is the baseline itself, ties exact.

    Returns
    -------
    numpy.ndarray, shape (m, r)

    Raises
    ------
    StatisticsError
        The concentration is not above 0; the rest as in `threshold_probability`.

    Examples
    --------
    Concentration 2 on two equal weights is the uniform distribution; the larger it is, the closer the weights
    stay to the baseline, whose score of 3 reaches the cut of 2:

    >>> concentrated_probability([[1, 5]], [0.5, 0.5], [2], concentration=2).tolist()
    [[0.75]]
    >>> concentrated_probability([[1, 5]], [0.5, 0.5], [2], concentration=20).round(4).tolist()
    [[0.9911]]
    >>> concentrated_probability([[1, 5]], [0.5, 0.5], [3], concentration=float("inf")).tolist()
    [[1.0]]
    """
    weights = arguments.in_order(weights, scores)
    scores = arguments.score_matrix(scores)
    weights = arguments.weight_vector(weights, scores.shape[1])
    dial = arguments.numbers(concentration, "concentration")
    if dial.shape != () or not dial > 0:  # "not above" refuses NaN as well
        raise keyed_error(key="sensitivity.concentration", concentration=concentration)
    # The limit is a single weighting, where a score on the cut has a probability of 1 and not of one half.
    if np.isinf(concentration):
        return reaches(scores, weights, cuts).astype(float)
    return threshold_probability(scores, cuts, alpha=concentration * weights)


def acceptability_curve(
    scores: Sequence[ArrayLike],
    weights: Sequence[ArrayLike],
    *,
    cuts: Sequence[ArrayLike],
    table: ArrayLike,
    route: ArrayLike | None = None,
    concentrations: ArrayLike = CONCENTRATIONS,
    categories: int = len(CATEGORIES),
    by_route: tuple[int, int] = BY_ROUTE,
) -> np.ndarray:
    """Compute category acceptabilities along the dial; the last entry is uniform weights ("we know nothing").

    Parameters
    ----------
    scores, weights, cuts : sequences of array_like
        For each criterion: scores (m, n), baseline weights (n,), increasing cuts.
    table, route, categories, by_route
        As in `category_probability`.
    concentrations : array_like
        From trust (infinity) downwards.

    Returns
    -------
    numpy.ndarray, shape (len(concentrations) + 1, m, categories)

    Raises
    ------
    StatisticsError
        As in `concentrated_probability`; cut points out of order.

    Examples
    --------
    >>> curve = acceptability_curve([[[1, 5]], [[4, 4]]], [[0.5, 0.5]] * 2, cuts=[[2.5, 3.5]] * 2,
    ...     table=[[0, 0, 0], [0, 2, 2], [0, 2, 1]], concentrations=[float("inf"), 2])
    >>> curve[:, 0].tolist()
    [[0.0, 1.0, 0.0, 0.0], [0.375, 0.25, 0.0, 0.375], [0.375, 0.25, 0.0, 0.375]]
    """
    lengths = arguments.lengths_of(table)
    pairs = zip(arguments.sequence(cuts, "cuts", len(lengths)), lengths, strict=True)
    cuts = [arguments.cuts_of_levels(cut, length) for cut, length in pairs]
    arguments.sequence(scores, "scores", len(lengths)), arguments.sequence(weights, "weights", len(lengths))
    route, scores = (
        arguments.rows_in_order(route, arguments.proposals_of(scores), "route"),
        arguments.same_rows(scores),
    )
    how: CategoryTable = {"table": table, "route": route, "categories": categories, "by_route": by_route}
    steps_down = arguments.numbers(concentrations, "concentrations")
    if steps_down.ndim != 1:
        raise keyed_error(key="sensitivity.one_list", name="concentrations", shape=steps_down.shape)
    steps = []
    for concentration in steps_down:
        reached = [
            concentrated_probability(x, w, cut, concentration=concentration)
            for x, w, cut in zip(scores, weights, cuts, strict=True)
        ]
        steps.append(reached)
    steps.append([threshold_probability(x, cut) for x, cut in zip(scores, cuts, strict=True)])
    return np.stack(
        [category_probability(*(band_probability(part) for part in reached), **how) for reached in steps]
    )
