"""Coefficients that do not ask who rated: Scott, Fleiss, Brennan-Prediger, Gwet."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

from ogp_analysis.agreement import chance_corrected as kernels
from ogp_analysis.agreement.data import as_ratings
from ogp_analysis.agreement.family import AnyRatings, Scale, Weights, pooled
from ogp_analysis.agreement.intervals import Inference
from ogp_analysis.errors import StatisticsError
from ogp_analysis.model import Estimate


def scott_pi(
    ratings: AnyRatings,
    *,
    weights: Weights = "identity",
    categories: Sequence[Any] | None = None,
    interval: str | None = "analytic",
    confidence_level: float = 0.95,
    n_resamples: int = 2000,
    rng: np.random.Generator | int | None = None,
    cluster: Sequence[Hashable] | None = None,
    population: int | None = None,
) -> Estimate:
    """Scott's pi of two ratings an item (Scott 1955, doi 10.1086/266577).

    p_e = sum w_kl pi_k pi_l with the pooled shares pi. Raters may change from item to item.

    Parameters
    ----------
    ratings, weights, categories, interval, confidence_level, n_resamples, rng, cluster, population
        As in `percent_agreement`; no item has more than two ratings.

    Returns
    -------
    Estimate
        NaN with note ``no_variation`` where every rating is in one category.

    Raises
    ------
    StatisticsError
        As in `percent_agreement`, or an item has more than two ratings.

    Examples
    --------
    >>> round(scott_pi([[1, 1], [2, 2], [3, 2], [1, 1]]).value, 4)
    0.5789
    """
    table = as_ratings(ratings)
    most = int(table.per_item.max(initial=0))
    if most > 2:
        msg = f"Scott's pi is of two ratings an item, but one has {most}; use fleiss_kappa"
        raise StatisticsError(msg, most=most)
    return pooled(
        table,
        expected=kernels.fleiss_expected,
        method="Scott's pi",
        scale=Scale(weights, categories),
        inference=Inference(interval, confidence_level, n_resamples, rng, cluster, population),
    )


def fleiss_kappa(
    ratings: AnyRatings,
    *,
    weights: Weights = "identity",
    categories: Sequence[Any] | None = None,
    interval: str | None = "analytic",
    confidence_level: float = 0.95,
    n_resamples: int = 2000,
    rng: np.random.Generator | int | None = None,
    cluster: Sequence[Hashable] | None = None,
    population: int | None = None,
) -> Estimate:
    """Fleiss' kappa of any number of ratings an item (Fleiss 1971, doi 10.1037/h0031619).

    p_e = sum w_kl pi_k pi_l, pi_k the mean over items of n_ik / r_i. An item with one rating counts in pi and
    not in p_a (Gwet 2014, chapter 2). Raters may change from item to item.

    Parameters
    ----------
    ratings, weights, categories, interval, confidence_level, n_resamples, rng, cluster, population
        As in `percent_agreement`.

    Returns
    -------
    Estimate
        NaN with note ``no_variation`` where every rating is in one category.

    Raises
    ------
    StatisticsError
        As in `percent_agreement`.

    Examples
    --------
    >>> round(fleiss_kappa([[1, 2, 2]]).value, 12)
    -0.5
    """
    return pooled(
        ratings,
        expected=kernels.fleiss_expected,
        method="Fleiss' kappa",
        scale=Scale(weights, categories),
        inference=Inference(interval, confidence_level, n_resamples, rng, cluster, population),
    )


def brennan_prediger(
    ratings: AnyRatings,
    *,
    weights: Weights = "identity",
    categories: Sequence[Any] | None = None,
    interval: str | None = "analytic",
    confidence_level: float = 0.95,
    n_resamples: int = 2000,
    rng: np.random.Generator | int | None = None,
    cluster: Sequence[Hashable] | None = None,
    population: int | None = None,
) -> Estimate:
    """Coefficient of Brennan and Prediger (1981, doi 10.1177/001316448104100307); two categories: PABAK.

    p_e = sum of all weights / q^2: every category equally likely. It depends on q, so declare the scale. An
    unused category far from the others counts too: it brings the coefficient as close to 1 as its distance
    says, and its standard error to 0.

    Parameters
    ----------
    ratings, weights, categories, interval, confidence_level, n_resamples, rng, cluster, population
        As in `percent_agreement`.

    Returns
    -------
    Estimate
        NaN with note ``one_category`` where q is 1.

    Raises
    ------
    StatisticsError
        As in `percent_agreement`.

    Examples
    --------
    >>> brennan_prediger([[1, 1], [2, 2], [3, 2], [1, 1]], categories=[1, 2, 3]).value
    0.625

    The same ratings on a scale of five: chance alone would agree less often.

    >>> round(brennan_prediger([[1, 1], [2, 2], [3, 2], [1, 1]], categories=[1, 2, 3, 4, 5]).value, 4)
    0.6875
    """
    return pooled(
        ratings,
        expected=kernels.uniform_expected,
        method="Brennan-Prediger",
        scale=Scale(weights, categories),
        inference=Inference(interval, confidence_level, n_resamples, rng, cluster, population),
    )


def gwet_ac(
    ratings: AnyRatings,
    *,
    weights: Weights = "identity",
    categories: Sequence[Any] | None = None,
    interval: str | None = "analytic",
    confidence_level: float = 0.95,
    n_resamples: int = 2000,
    rng: np.random.Generator | int | None = None,
    cluster: Sequence[Hashable] | None = None,
    population: int | None = None,
) -> Estimate:
    """Gwet's AC1, with weights AC2 (Gwet 2008, doi 10.1348/000711006X126600).

    p_e = T_w / (q (q - 1)) sum pi_k (1 - pi_k), T_w the sum of all weights. It depends on q, so declare the
    scale. An unused category far from the others counts too, as in `brennan_prediger`.

    Parameters
    ----------
    ratings, weights, categories, interval, confidence_level, n_resamples, rng, cluster, population
        As in `percent_agreement`.

    Returns
    -------
    Estimate
        NaN with note ``one_category`` where q is 1.

    Raises
    ------
    StatisticsError
        As in `percent_agreement`.

    Examples
    --------
    >>> round(gwet_ac([[1, 2, 2]]).value, 12)
    -0.2

    Where nearly all ratings are a 1, AC1 stays near the agreement of 0.9 and Fleiss' kappa does not.

    >>> table = [[1, 1]] * 18 + [[1, 2], [2, 1]]
    >>> round(gwet_ac(table).value, 4), round(fleiss_kappa(table).value, 4)
    (0.8895, -0.0526)
    """
    return pooled(
        ratings,
        expected=kernels.gwet_expected,
        method="Gwet's AC1" if isinstance(weights, str) and weights == "identity" else "Gwet's AC2",
        scale=Scale(weights, categories),
        inference=Inference(interval, confidence_level, n_resamples, rng, cluster, population),
    )
