"""Percent agreement and the chance-corrected coefficients, whether raters are the same throughout or not."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from ogp_analysis.agreement import chance_corrected as kernels
from ogp_analysis.agreement import synonyms
from ogp_analysis.agreement.category_codes import Coded, code
from ogp_analysis.agreement.function_of_sums import FunctionOfSums
from ogp_analysis.agreement.inference import estimate, without_error
from ogp_analysis.agreement.intervals import Inference, least_by_chance, least_kappa
from ogp_analysis.agreement.ratings_table import (
    Ratings,
    as_ratings,
    at_most_one_varies,
    need_raters,
    rated_columns,
)
from ogp_analysis.agreement.weights import agreement_weights
from ogp_analysis.errors import keyed_error, phrase
from ogp_analysis.model.records import Estimate

AnyRatings: TypeAlias = Ratings | pd.DataFrame | npt.ArrayLike
Weights = str | npt.ArrayLike
Kernel = Callable[[Coded, npt.NDArray[np.float64]], FunctionOfSums]
Least = Callable[[Ratings, npt.NDArray[np.float64], str], float]  # of ratings, weights and their name


@dataclass(frozen=True, eq=False)
class Scale:
    """Weights and declared categories, as the caller gave them.

    Parameters
    ----------
    weights : str or array_like, with shape (q, q)
        As in `percent_agreement`.
    categories : sequence or None
        The declared scale, lowest first; None where the values seen are the scale.

    Examples
    --------
    >>> Scale("linear", ["low", "medium", "high"]).weights
    'linear'
    """

    weights: Weights
    categories: Sequence[Any] | None


def prepared(ratings: AnyRatings) -> Ratings:
    """Take ratings in any form and refuse a single column of them.

    >>> prepared([[1, 2], [2, None]]).n_ratings
    3
    """
    table = as_ratings(ratings)
    if table.n_ratings and table.values.shape[1] < 2:
        raise keyed_error(key="agreement.one_column", n_raters=table.values.shape[1])
    return table


def coefficient(
    ratings: AnyRatings,
    kernel: Kernel,
    *,
    method: str,
    scale: Scale,
    inference: Inference,
    least: Least,
    among_used: bool = False,
) -> Estimate:
    """Code the ratings, weight the categories, estimate, and name why a value is undefined.

    >>> made = {"scale": Scale("linear", None), "inference": Inference(), "least": lambda *_: 0.0}
    >>> found = coefficient([[1, 2], [1, 3]], kernels.percent, method="p", **made)
    >>> found.value, found.method
    (0.25, 'p, linear')
    """
    table = prepared(ratings)
    coded = code(table, scale.categories)
    weights = agreement_weights(coded, scale.weights, among_used=among_used)
    statistic = kernel(coded, weights)
    label = scale.weights if isinstance(scale.weights, str) else "own weights"
    name = method if label == "identity" else f"{method}, {label}"
    lowest = least(table, weights, label)
    estimated = estimate(statistic, table, method=name, inference=inference, least=lowest)
    return replace(estimated, note=_reason(coded, method)) if np.isnan(estimated.value) else estimated


def _least_of_pairs(table: Ratings, weights: npt.NDArray[np.float64], name: str) -> float:
    return least_kappa(table.per_item, 1 - weights, name)


def _reason(coded: Coded, method: str) -> str:
    if not ((coded.codes >= 0).sum(axis=1) >= 2).any():
        return "no_pair"
    # With one category the others miss variation in the ratings, these two a scale on which it could be seen.
    depends_on_q = method.startswith(("Gwet", "Brennan"))
    return "one_category" if depends_on_q and coded.q == 1 else "no_variation"


def pooled(
    ratings: AnyRatings, *, expected: Callable, method: str, scale: Scale, inference: Inference
) -> Estimate:
    """Estimate a coefficient whose expected agreement rests on the pooled shares of the categories.

    With two categories the Brennan-Prediger coefficient is 2 p_a - 1.

    >>> table, scale = [[1, 1], [2, 2], [1, 2], [2, 2]], Scale("identity", None)
    >>> expected, inference = kernels.uniform_expected, Inference()
    >>> pooled(table, expected=expected, method="BP", scale=scale, inference=inference).value
    0.5
    """
    return coefficient(
        ratings,
        lambda coded, weights: kernels.pooled(coded, weights, expected(weights)),
        method=method,
        scale=scale,
        inference=inference,
        least=_least_of_pairs
        if expected is kernels.fleiss_expected
        else lambda _, w, name: least_by_chance(w),
        # The chance term of Gwet and of Brennan and Prediger sums the weights of unused categories too.
        among_used=expected is kernels.fleiss_expected,
    )


@synonyms.hinting
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
        raise keyed_error(key="agreement.scott_of_two", most=most)
    return pooled(
        table,
        expected=kernels.fleiss_expected,
        method="Scott's pi",
        scale=Scale(weights, categories),
        inference=Inference(interval, confidence_level, n_resamples, rng, cluster, population),
    )


@synonyms.hinting
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


@synonyms.hinting
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


@synonyms.hinting
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


@synonyms.hinting
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
        ``"analytic"`` (infinitesimal jackknife and Student's t), ``"fisher"`` (the delete-one jackknife's
        error of the value v, and the limits tanh(atanh(v) -+ t SE / (1 - v^2))), ``"jackknife"``,
        ``"bootstrap"`` (percentile), ``"bca"``, ``"studentized"``, or None for no standard error.
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
        least=lambda _, w, name: min(0.0, float(w.min())),
    )


@synonyms.hinting
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
    need_raters(table, phrase("agreement.needs.cohen_kappa"))
    table = rated_columns(table)
    if table.values.shape[1] != 2 or (table.n_ratings and table.n_raters != 2):
        raise keyed_error(key="agreement.cohen_of_two", n_raters=table.n_raters)
    return _fixed_raters(
        table,
        "Cohen's kappa",
        Scale(weights, categories),
        Inference(interval, confidence_level, n_resamples, rng, cluster, population),
    )


@synonyms.hinting
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
    need_raters(table, phrase("agreement.needs.option", option=method))
    table = rated_columns(table)
    estimated = coefficient(
        table,
        kernels.by_rater,
        method=method,
        scale=scale,
        inference=inference,
        least=_least_of_pairs,
        among_used=True,
    )
    if not math.isnan(estimated.value) and at_most_one_varies(table):
        # Whatever the weights: rounding must not decide between 0 and a few 1e-16 with another note.
        return without_error(replace(estimated, value=0.0), "constant_rater")
    return estimated
