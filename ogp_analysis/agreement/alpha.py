"""Krippendorff's alpha."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ogp_analysis.agreement import krippendorff as metrics
from ogp_analysis.agreement import options
from ogp_analysis.agreement.coding import Coded, code
from ogp_analysis.agreement.data import Ratings
from ogp_analysis.agreement.family import AnyRatings, prepared
from ogp_analysis.agreement.inference import estimate
from ogp_analysis.agreement.intervals import Inference
from ogp_analysis.agreement.statistic import FunctionOfSums
from ogp_analysis.agreement.text_ratings import need_numbers
from ogp_analysis.agreement.weights import agreement_weights, scores
from ogp_analysis.errors import StatisticsError
from ogp_analysis.model import Estimate


def krippendorff_alpha(
    ratings: AnyRatings,
    *,
    measurement: str | npt.ArrayLike = "ordinal",
    categories: Sequence[Any] | None = None,
    interval: str | None = "analytic",
    confidence_level: float = 0.95,
    n_resamples: int = 2000,
    rng: np.random.Generator | int | None = None,
    cluster: Sequence[Hashable] | None = None,
    population: int | None = None,
) -> Estimate:
    """Krippendorff's alpha (2011, https://repository.upenn.edu/asc_papers/43).

    alpha = 1 - (n - 1) D_o / D_e over the n ratings of items with two or more; other items are left out and
    ``n_items`` does not count them. Raters may change from item to item.

    Parameters
    ----------
    ratings, categories, interval, confidence_level, n_resamples, rng, cluster, population
        As in `percent_agreement`.
    measurement : str or array_like, with shape (q, q)
        ``"nominal"``, ``"ordinal"`` (his metric, from the marginal counts), ``"interval"``, ``"ratio"``, or a
        symmetric matrix of squared distances with 0 on its diagonal (a DataFrame is read by its labels).

    Returns
    -------
    Estimate
        NaN with note ``no_variation`` where all pairable ratings are equal, ``no_pair`` where there are none.

    Raises
    ------
    StatisticsError
        As in `percent_agreement`; ordinal text without declared order, interval or ratio of text, or ratio of
        negative numbers.

    Examples
    --------
    >>> round(krippendorff_alpha([[1, 1], [2, 3], [3, 3], [4, 4]]).value, 4)
    0.9103

    Krippendorff (2011), part A: two coders of ten units agree on six, alpha is 0.095.

    >>> coders = [[0, 0]] * 5 + [[0, 1]] * 4 + [[1, 1]]
    >>> round(krippendorff_alpha(coders, measurement="nominal").value, 3)
    0.095
    """
    table = prepared(ratings)
    inference = Inference(interval, confidence_level, n_resamples, rng, cluster, population)
    name = f"Krippendorff's alpha, {measurement if isinstance(measurement, str) else 'own metric'}"
    statistic = _alpha_statistic(table, measurement, categories)
    undefined = "no_variation" if statistic.active.any() else "no_pair"
    return estimate(statistic, table, method=name, inference=inference, undefined=undefined)


def _alpha_statistic(
    table: Ratings, measurement: str | npt.ArrayLike, categories: Sequence[Any] | None
) -> FunctionOfSums:
    if not isinstance(measurement, str):
        coded = code(table, categories)
        distances = options.labelled_matrix(measurement, coded.categories, "measurement")
        return metrics.fixed_metric(coded, _distances(distances, coded))
    if measurement not in metrics.MEASUREMENTS:
        msg = f"measurement {measurement!r} is not one of {', '.join(metrics.MEASUREMENTS)} or a matrix"
        raise StatisticsError(msg, measurement=measurement)
    if measurement in ("interval", "ratio"):
        need_numbers(table, f"measurement={measurement!r} needs")
    # Without a declared scale to check against, no category is needed: scores may take any number of values.
    if measurement == "interval" and categories is None and table.categories is None:
        return metrics.interval_metric(table)
    return _coded_alpha(code(table, categories), measurement, table)


def _coded_alpha(coded: Coded, measurement: str, table: Ratings) -> FunctionOfSums:
    if measurement == "interval":
        # Coded all the same: `code` has refused ratings outside the declared scale.
        scores(coded, "measurement='interval'")
        return metrics.interval_metric(table)
    if measurement == "nominal":
        return metrics.fixed_metric(coded, 1.0 - agreement_weights(coded, "identity"))
    if measurement == "ratio":
        return metrics.fixed_metric(coded, metrics.ratio_distance(coded))
    scores(coded, "measurement='ordinal'")  # refuses what has no order
    return metrics.ordinal_metric(coded)


def _distances(matrix: npt.NDArray[np.float64], coded: Coded) -> npt.NDArray[np.float64]:
    square = matrix.shape == (coded.q, coded.q) and np.isfinite(matrix).all()
    if not square or not np.array_equal(matrix, matrix.T) or np.diag(matrix).any() or matrix.min() < 0:
        msg = (
            f"measurement is a matrix of shape {matrix.shape}; squared distances of the {coded.q} categories "
            f"{coded.categories!r} are needed: finite, symmetric, 0 on the diagonal, none negative"
        )
        raise StatisticsError(msg, shape=matrix.shape)
    return matrix
