"""Kernels of Krippendorff's alpha with his own metrics."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ogp_analysis.agreement.chance_corrected import quadratic_form
from ogp_analysis.agreement.coding import LARGEST, Coded
from ogp_analysis.agreement.data import Ratings
from ogp_analysis.agreement.statistic import FunctionOfSums, quotient
from ogp_analysis.agreement.weights import scores
from ogp_analysis.errors import StatisticsError

Array = npt.NDArray[np.float64]
MEASUREMENTS = ("nominal", "ordinal", "interval", "ratio")


def alpha(n: npt.NDArray, observed: npt.NDArray, expected: npt.NDArray, *, scale: npt.NDArray) -> npt.NDArray:
    """Alpha = 1 - (n - 1) D_o / D_e over n pairable ratings (Krippendorff 2011, equation of part E).

    ``observed`` sums distances within units, each divided by the unit's ratings less one; ``expected`` sums
    them over all pairs of pairable ratings; ``scale`` is the size of the terms that cancel in ``expected``.
    """
    return 1 - (n - 1) * quotient(observed, expected, scale=scale)


def fixed_metric(coded: Coded, distance: Array) -> FunctionOfSums:
    """Alpha with distances that do not depend on the data: nominal, ratio, or any matrix."""
    counts, paired = _pairable(coded)
    r = counts.sum(axis=1)
    within = quadratic_form(counts, distance) / np.maximum(r - 1, 1)
    used = counts.any(axis=0)
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
    """
    counts, paired = _pairable(coded)
    low, high = _pairs_seen(counts)
    if len(counts) * (len(low) + coded.q) > LARGEST:
        msg = (
            f"ordinal alpha of {len(counts)} different items with {coded.q} values needs a table of "
            f"{len(low)} pairs; declare fewer categories or use measurement='interval'"
        )
        raise StatisticsError(msg, n_categories=coded.q)
    per_rating = 2 / np.maximum(counts.sum(axis=1, keepdims=True) - 1, 1)
    terms = np.column_stack([counts, counts[:, low] * counts[:, high] * per_rating])
    q = coded.q

    def formula(s: npt.NDArray) -> npt.NDArray:
        n_k, pairs = s[..., :q], s[..., q:]
        n = n_k.sum(axis=-1)
        midrank = np.cumsum(n_k, axis=-1) - n_k / 2 - n[..., None] / 2
        observed = (pairs * (midrank[..., high] - midrank[..., low]) ** 2).sum(axis=-1)
        expected = 2 * n * (n_k * midrank**2).sum(axis=-1)
        return alpha(n, observed, expected, scale=n**4)

    return FunctionOfSums(terms, coded.multiplicity, coded.pattern, paired, formula)


def interval_metric(ratings: Ratings) -> FunctionOfSums:
    """Alpha with the interval metric, d = (x - y)^2, from moments: any number of different values."""
    seen = ~ratings.missing
    r = ratings.per_item
    paired = r >= 2
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
    """d_kl = ((k - l) / (k + l))^2, and 0 for 0 against 0; values of both signs are refused."""
    x = scores(coded, "measurement='ratio'")
    if x.min() < 0:
        msg = f"ratio measurement has a true zero, but {x.min()} is negative: opposites would count as equal"
        raise StatisticsError(msg, value=float(x.min()))
    total = x[:, None] + x
    return np.divide(x[:, None] - x, total, out=np.zeros_like(total), where=total > 0) ** 2


def _pairable(coded: Coded) -> tuple[Array, npt.NDArray[np.bool_]]:
    counts = coded.counts()
    paired = counts.sum(axis=1) >= 2
    return counts * paired[:, None], paired


def _pairs_seen(counts: Array) -> tuple[npt.NDArray[np.integer], npt.NDArray[np.integer]]:
    used = (counts > 0).astype(np.float64)
    return np.nonzero(np.triu(used.T @ used, k=1))


def _centre(values: Array) -> float:
    finite = values[~np.isnan(values)]
    return float(finite.mean()) if len(finite) and finite.min() < finite.max() else float(finite[:1].sum())
