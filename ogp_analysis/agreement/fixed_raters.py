"""Percent agreement, and the coefficients of raters who are the same throughout: Cohen, Conger."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ogp_analysis.agreement import chance_corrected as kernels
from ogp_analysis.agreement.data import Ratings, as_ratings, need_raters
from ogp_analysis.agreement.family import AnyRatings, Scale, Weights, coefficient
from ogp_analysis.agreement.inference import without_error
from ogp_analysis.agreement.intervals import Inference
from ogp_analysis.errors import StatisticsError
from ogp_analysis.model import Estimate


def percent_agreement(
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
    """Share of agreeing pairs of ratings, averaged over items (weighted: mean agreement weight).

    p_a = mean over items with 2 or more ratings of sum_k n_ik (n*_ik - 1) / (r_i (r_i - 1)), in [0, 1]
    (Gwet 2014, equation 4.6.2; Fleiss 1971, doi 10.1037/h0031619).

    Parameters
    ----------
    ratings : Ratings, DataFrame or array_like, with shape (N, M)
        Items in rows, raters in columns; NaN, None or pandas.NA where there is no rating.
    weights : str or array_like, with shape (q, q)
        Agreement of categories: ``"identity"``, ``"linear"``, ``"quadratic"``, ``"ordinal"``,
        ``"radical"``, ``"ratio"``, ``"circular"``, ``"bipolar"``, or a symmetric matrix with ones on
        its diagonal; a DataFrame is read by its labels, which are the categories.
    categories : sequence, optional
        The declared scale, lowest first; default the values seen. Text needs it unless weights are identity.
    interval : str or None
        ``"analytic"`` (infinitesimal jackknife and Student's t), ``"fisher"`` (delete-one jackknife on
        Fisher's z), ``"jackknife"``, ``"bootstrap"`` (percentile), ``"bca"``, ``"studentized"``, or None for
        no standard error.
    confidence_level : float
        Nominal coverage of the interval, in (0, 1).
    n_resamples, rng
        Bootstrap resamples of items, and the generator or seed they come from (default seed 0).
    cluster : sequence, optional
        Cluster of each item (the proposal, where indicators are pooled); clusters are then the units.
    population : int, optional
        How many items the rated ones were drawn from; shrinks the standard error by sqrt(1 - n / population).

    Returns
    -------
    Estimate
        NaN with note ``no_pair`` where no item has two ratings.

    Raises
    ------
    StatisticsError
        No ratings, one rater, a rating outside ``categories``, or an option that is not one of those above.

    Examples
    --------
    >>> percent_agreement([[1, 1], [2, 2], [3, 2], [1, 1]]).value
    0.75

    Steps apart count in part with weights: on a scale of three, 2 and 3 agree by half.

    >>> percent_agreement([[1, 1], [2, 2], [3, 2], [1, 1]], weights="linear").value
    0.875
    """
    return coefficient(
        ratings,
        kernels.percent,
        method="percent agreement",
        scale=Scale(weights, categories),
        inference=Inference(interval, confidence_level, n_resamples, rng, cluster, population),
        lowest=0.0,
    )


def cohen_kappa(
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
    """Cohen's kappa of two fixed raters (Cohen 1960, doi 10.1177/001316446002000104; weighted 1968).

    kappa = (p_a - p_e) / (1 - p_e), p_e = sum w_kl p_1k p_2l. An item with one rating counts in that rater's
    shares and not in p_a. The standard error divides by n - 1, where tables of Fleiss, Cohen and Everitt
    (1969) divide by n.

    Parameters
    ----------
    ratings, weights, categories, interval, confidence_level, n_resamples, rng, cluster, population
        As in `percent_agreement`; M is 2.

    Returns
    -------
    Estimate
        NaN with note ``no_variation`` where chance alone would agree always; 0 with note ``constant_rater``
        where one rater never varies: kappa is then 0 whatever the other does, so the ratings say nothing of
        its error, and there is no interval.

    Raises
    ------
    StatisticsError
        As in `percent_agreement`, or M is not 2.

    Examples
    --------
    >>> round(cohen_kappa([[1, 1], [2, 2], [3, 2], [1, 1]], weights="quadratic").value, 4)
    0.75

    High agreement with a low kappa: both raters say 1 nearly always, and chance alone would agree as often.

    >>> table = [[1, 1]] * 18 + [[1, 2], [2, 1]]
    >>> percent_agreement(table).value, round(cohen_kappa(table).value, 4)
    (0.9, -0.0526)
    """
    table = as_ratings(ratings)
    need_raters(table, "Cohen's kappa needs")
    if table.values.shape[1] != 2 or (table.n_ratings and table.n_raters != 2):
        msg = f"Cohen's kappa is of two raters, not {table.n_raters}; use conger_kappa"
        raise StatisticsError(msg, n_raters=table.n_raters)
    return _fixed_raters(
        table,
        "Cohen's kappa",
        Scale(weights, categories),
        Inference(interval, confidence_level, n_resamples, rng, cluster, population),
    )


def conger_kappa(
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
    """Conger's kappa of two or more fixed raters (Conger 1980, doi 10.1037/0033-2909.88.2.322).

    p_e is the mean over pairs of raters g, h of sum w_kl p_gk p_hl, each rater's shares taken over the items
    that rater rated; with two raters it is Cohen's.

    Parameters
    ----------
    ratings, weights, categories, interval, confidence_level, n_resamples, rng, cluster, population
        As in `percent_agreement`.

    Returns
    -------
    Estimate
        As in `cohen_kappa`.

    Raises
    ------
    StatisticsError
        As in `percent_agreement`, or raters are not identified (see `Ratings`).

    Examples
    --------
    >>> round(conger_kappa([[1, 1, 1], [2, 2, 1], [2, 2, 2], [1, 2, 2]]).value, 4)
    0.3333

    With two raters it is Cohen's kappa.

    >>> table = [[1, 1], [2, 2], [3, 2], [1, 1]]
    >>> conger_kappa(table).value == cohen_kappa(table).value
    True
    """
    return _fixed_raters(
        as_ratings(ratings),
        "Conger's kappa",
        Scale(weights, categories),
        Inference(interval, confidence_level, n_resamples, rng, cluster, population),
    )


def _fixed_raters(table: Ratings, method: str, scale: Scale, inference: Inference) -> Estimate:
    need_raters(table, f"{method} needs")
    found = coefficient(
        table, kernels.by_rater, method=method, scale=scale, inference=inference, among_used=True
    )
    if not math.isnan(found.value) and _at_most_one_varies(table):
        # Whatever the weights: rounding must not decide between 0 and a few 1e-16 with another note.
        return without_error(replace(found, value=0.0), "constant_rater")
    return found


def _at_most_one_varies(table: Ratings) -> bool:
    """Whether all raters but one never vary: chance then explains every pair, and kappa is 0 identically.

    A resample would give 0 again: no error and no interval can be read from these ratings.

    Only where every rated item has all ratings: with gaps, shares are of other items than the pairs.
    """
    rated = table.values[table.per_item > 0]
    gaps = table.missing[table.per_item > 0].any()
    return not gaps and sum(len(set(column)) > 1 for column in rated.T) <= 1
