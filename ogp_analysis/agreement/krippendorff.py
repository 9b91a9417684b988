"""Krippendorff's alpha, with his own metrics."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ogp_analysis.agreement import arguments, synonyms
from ogp_analysis.agreement.category_codes import LARGEST, Coded, code
from ogp_analysis.agreement.chance_corrected import quadratic_form
from ogp_analysis.agreement.function_of_sums import FunctionOfSums, quotient
from ogp_analysis.agreement.inference import estimate
from ogp_analysis.agreement.intervals import Inference, are_squared_distances, least_of_pairs
from ogp_analysis.agreement.kappas import AnyRatings, prepared
from ogp_analysis.agreement.ratings_table import Ratings
from ogp_analysis.agreement.text_ratings import need_numbers
from ogp_analysis.agreement.weights import agreement_weights, scores
from ogp_analysis.errors import keyed_error, phrase
from ogp_analysis.model.records import Estimate

Array = npt.NDArray[np.float64]
MEASUREMENTS = ("nominal", "ordinal", "interval", "ratio")
# Krippendorff's metrics that say what these weightings say.
METRICS = {"identity": "nominal", "quadratic": "interval"}


def alpha(n: npt.NDArray, observed: npt.NDArray, expected: npt.NDArray, *, scale: npt.NDArray) -> npt.NDArray:
    """Alpha = 1 - (n - 1) D_o / D_e over n pairable ratings (Krippendorff 2011, equation of part E).

    Krippendorff (2011), part A: of ten units 14 ratings are 0 and 6 are 1, and four units hold both; 0.095.

    >>> round(float(alpha(np.array(20), np.array(4 * 2), np.array(2 * 14 * 6), scale=np.array(20**2))), 3)
    0.095
    """
    return 1 - (n - 1) * quotient(observed, expected, scale=scale)


def fixed_metric(coded: Coded, distance: Array) -> FunctionOfSums:
    """Alpha with distances that do not depend on the data: nominal, ratio, or any matrix.

    The binary data of Krippendorff (2011), part A, whose alpha is 0.095.

    >>> from ogp_analysis.agreement.category_codes import code
    >>> from ogp_analysis.agreement.ratings_table import as_ratings
    >>> coded = code(as_ratings([[0, 0]] * 5 + [[0, 1]] * 4 + [[1, 1]]))
    >>> found = fixed_metric(coded, 1 - np.eye(2))
    >>> round(float(found.formula(found.sums)), 3)
    0.095
    """
    counts, paired = _pairable(coded)
    r = counts.sum(axis=1)
    # The division by r - 1 holds for complete data too; where some packages drop it, alpha of three or more
    # raters comes out wrong.
    within = quadratic_form(counts, distance) / np.maximum(r - 1, 1)
    used = counts.any(axis=0)
    # Of the categories somebody used: an unused one far away must not make a small expected sum look like
    # zero.
    furthest = distance[np.ix_(used, used)].max(initial=0.0)

    def formula(s: npt.NDArray) -> npt.NDArray:
        n_k = s[..., 1:]
        n, expected = n_k.sum(axis=-1), quadratic_form(n_k, distance)
        return alpha(n, s[..., 0], expected, scale=n * n * furthest)

    return FunctionOfSums(
        np.column_stack([within, counts]), coded.multiplicity, coded.pattern, paired, formula
    )


def ordinal_metric(coded: Coded) -> FunctionOfSums:
    """Alpha with the ordinal metric, d_kl = (n_k / 2 + n_(k+1) + ... + n_l / 2)^2.

    With R_k = n_1 + ... + n_(k-1) + n_k / 2, the midrank of category k, d_kl = (R_k - R_l)^2: the metric
    moves with the data, so the sums hold every pair of different categories that occurs within a unit.

    Two categories have one distance, so the ordinal alpha of binary data is the nominal one.

    >>> from ogp_analysis.agreement.category_codes import code
    >>> from ogp_analysis.agreement.ratings_table import as_ratings
    >>> coded = code(as_ratings([[0, 0]] * 5 + [[0, 1]] * 4 + [[1, 1]]))
    >>> found = ordinal_metric(coded)
    >>> round(float(found.formula(found.sums)), 3)
    0.095
    """
    counts, paired = _pairable(coded)
    low, high = _pairs_seen(counts)
    if len(counts) * (len(low) + coded.q) > LARGEST:
        raise keyed_error(
            key="agreement.ordinal_too_large", n_items=len(counts), n_categories=coded.q, pairs=len(low)
        )
    per_rating = 2 / np.maximum(counts.sum(axis=1, keepdims=True) - 1, 1)
    terms = np.column_stack([counts, counts[:, low] * counts[:, high] * per_rating])
    q = coded.q

    def formula(s: npt.NDArray) -> npt.NDArray:
        n_k, pairs = s[..., :q], s[..., q:]
        n = n_k.sum(axis=-1)
        # Midranks less n / 2: they sum to zero over ratings, and their squares stay small.
        midrank = np.cumsum(n_k, axis=-1) - n_k / 2 - n[..., None] / 2
        observed = (pairs * (midrank[..., high] - midrank[..., low]) ** 2).sum(axis=-1)
        # Over all pairs, sum n_k n_l (R_k - R_l)^2 = 2 n sum n_k R_k^2, as the centred midranks sum to zero.
        expected = 2 * n * (n_k * midrank**2).sum(axis=-1)
        return alpha(n, observed, expected, scale=n**4)

    return FunctionOfSums(terms, coded.multiplicity, coded.pattern, paired, formula)


def interval_metric(ratings: Ratings) -> FunctionOfSums:
    """Alpha with the interval metric, d = (x - y)^2, from moments: any number of different values.

    n = 8, D_o = 2 and D_e = 2 (8 * 65 - 21^2) = 158, so alpha = 1 - 7 * 2 / 158.

    >>> found = interval_metric(Ratings(np.array([[1.0, 1], [2, 3], [3, 3], [4, 4]])))
    >>> round(float(found.formula(found.sums)), 4)
    0.9114
    """
    seen = ~ratings.missing
    r = ratings.per_item
    paired = r >= 2
    # Around the mean, n sum x^2 - (sum x)^2 does not cancel: 10^6 + 1 against 10^6 + 2 keeps its digits.
    values = ratings.values - _centre(ratings.values[paired])
    # Against the first rating of its own unit, so that equal ratings give a distance of exactly zero.
    first = values[np.arange(len(values)), seen.argmax(axis=1)]
    apart = np.where(seen, values - first[:, None], 0.0)
    within = 2 * (r * (apart**2).sum(axis=1) - apart.sum(axis=1) ** 2) / np.maximum(r - 1, 1)
    values = np.where(seen & paired[:, None], values, 0.0)
    terms = np.column_stack([within * paired, r * paired, values.sum(axis=1), (values**2).sum(axis=1)])

    def formula(s: npt.NDArray) -> npt.NDArray:
        n, total, squares = s[..., 1], s[..., 2], s[..., 3]
        return alpha(n, s[..., 0], 2 * (n * squares - total**2), scale=2 * n * squares)

    return FunctionOfSums(terms, np.ones(len(r)), np.arange(len(r)), paired, formula)


def ratio_distance(coded: Coded) -> Array:
    """d_kl = ((k - l) / (k + l))^2, and 0 for 0 against 0; values of both signs are refused.

    1 and 3 differ by half of their sum; from 0 everything is as far away as can be.

    >>> from ogp_analysis.agreement.category_codes import code
    >>> from ogp_analysis.agreement.ratings_table import as_ratings
    >>> ratio_distance(code(as_ratings([[0, 1], [1, 3]])))[:, 1]
    array([1.  , 0.  , 0.25])
    """
    x = scores(coded, "measurement='ratio'")
    if x.min() < 0:
        raise keyed_error(key="agreement.ratio_negative", value=float(x.min()))
    total = x[:, None] + x
    return np.divide(x[:, None] - x, total, out=np.zeros_like(total), where=total > 0) ** 2


def _pairable(coded: Coded) -> tuple[Array, npt.NDArray[np.bool_]]:
    counts = coded.counts()
    paired = counts.sum(axis=1) >= 2
    return counts * paired[:, None], paired


def _pairs_seen(counts: Array) -> tuple[npt.NDArray[np.integer], npt.NDArray[np.integer]]:
    used = (counts > 0).astype(np.float64)
    first, second = np.nonzero(np.triu(used.T @ used, k=1))
    return first, second


def _centre(values: Array) -> float:
    finite = values[~np.isnan(values)]
    # Equal ratings are their own centre: their mean may be off in the last digit, and alpha then no 0 / 0.
    # The sum of an empty slice is 0 where there is no rating at all.
    return float(finite.mean()) if len(finite) and finite.min() < finite.max() else float(finite[:1].sum())


@synonyms.hinting
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
    if not table.n_ratings:
        raise keyed_error(key="agreement.all_empty", cells=table.values.size, shape=table.values.shape)
    inference = Inference(interval, confidence_level, n_resamples, rng, cluster, population)
    name = f"Krippendorff's alpha, {measurement if isinstance(measurement, str) else 'own metric'}"
    statistic = _alpha_statistic(table, measurement, categories)
    undefined = "no_variation" if statistic.active.any() else "no_pair"
    # Krippendorff's four metrics are squared distances of midranks, numbers or logarithms, or of a simplex.
    known = isinstance(measurement, str) or are_squared_distances(np.asarray(measurement, dtype=np.float64))
    least = least_of_pairs(table.per_item) if known else -math.inf
    return estimate(statistic, table, method=name, inference=inference, undefined=undefined, least=least)


def alpha_by(table: Ratings, *, metric: str | npt.ArrayLike, **options: Any) -> Estimate:
    """Alpha by one of Krippendorff's metrics, or by the disagreements of a weighting or of a matrix of
    weights.

    Alpha does not change with the unit of the disagreements, and its method names them.

    >>> table = Ratings(np.array([[1.0, 1], [2, 3], [3, 3], [4, 4]]))
    >>> [alpha_by(table, metric=metric).method for metric in ("interval", "radical")]
    ["Krippendorff's alpha, interval", "Krippendorff's alpha, radical"]
    """
    if isinstance(metric, str) and metric in MEASUREMENTS:
        return krippendorff_alpha(table, measurement=metric, **options)
    coded = code(table, options.get("categories"))
    estimated = krippendorff_alpha(table, measurement=1 - agreement_weights(coded, metric), **options)
    return replace(
        estimated, method=f"Krippendorff's alpha, {metric if isinstance(metric, str) else 'own weights'}"
    )


def _alpha_statistic(
    table: Ratings, measurement: str | npt.ArrayLike, categories: Sequence[Any] | None
) -> FunctionOfSums:
    if measurement is not None and not isinstance(measurement, str):
        coded = code(table, categories)
        distances = arguments.labelled_matrix(measurement, coded.categories, "measurement")
        return fixed_metric(coded, _distances(distances, coded))
    if measurement not in MEASUREMENTS:
        raise arguments.refused_word(measurement, MEASUREMENTS, "measurement", synonyms.MEASUREMENTS)
    if measurement in ("interval", "ratio"):
        need_numbers(table, phrase("agreement.needs.option", option=f"measurement={measurement!r}"))
    # Without a declared scale to check against, no category is needed: scores may take any number of values.
    if measurement == "interval" and categories is None and table.categories is None:
        return interval_metric(table)
    return _coded_alpha(code(table, categories), measurement, table)


def _coded_alpha(coded: Coded, measurement: str, table: Ratings) -> FunctionOfSums:
    if measurement == "interval":
        # Coded all the same: `code` has refused ratings outside the declared scale.
        scores(coded, "measurement='interval'")
        return interval_metric(table)
    if measurement == "nominal":
        return fixed_metric(coded, 1.0 - agreement_weights(coded, "identity"))
    if measurement == "ratio":
        return fixed_metric(coded, ratio_distance(coded))
    scores(coded, "measurement='ordinal'")  # refuses what has no order
    return ordinal_metric(coded)


def _distances(matrix: npt.NDArray[np.float64], coded: Coded) -> npt.NDArray[np.float64]:
    square = matrix.shape == (coded.q, coded.q) and np.isfinite(matrix).all()
    if not square or not np.array_equal(matrix, matrix.T) or np.diag(matrix).any() or matrix.min() < 0:
        raise keyed_error(
            key="agreement.distances", shape=matrix.shape, n_categories=coded.q, categories=coded.categories
        )
    return matrix
