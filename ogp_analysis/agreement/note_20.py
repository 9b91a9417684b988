"""The plan's own statistic (note 20): which pairs match, and how often a third evaluation is needed."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from ogp_analysis.agreement import arguments, synonyms
from ogp_analysis.agreement.function_of_sums import FunctionOfSums, quotient
from ogp_analysis.agreement.inference import estimate
from ogp_analysis.agreement.intervals import INTERVALS, Inference
from ogp_analysis.agreement.kappas import AnyRatings, prepared
from ogp_analysis.agreement.ratings_table import Ratings
from ogp_analysis.agreement.resampling import Coefficient
from ogp_analysis.agreement.text_ratings import need_numbers
from ogp_analysis.errors import keyed_error, phrase
from ogp_analysis.model.matching import differ
from ogp_analysis.model.records import Estimate
from ogp_analysis.model.share_interval import wilson_interval


@synonyms.hinting
def share_within(
    ratings: AnyRatings,
    *,
    tolerance: float = 1.0,
    interval: str | None = "wilson",
    confidence_level: float = 0.95,
    n_resamples: int = 2000,
    rng: np.random.Generator | int | None = None,
    cluster: Sequence[Hashable] | None = None,
    population: int | None = None,
) -> Estimate:
    """Share of pairs of ratings of the same item that differ by no more than the tolerance.

    Parameters
    ----------
    ratings : Ratings, DataFrame or array_like, with shape (N, M)
        Numbers, items in rows; an item with more than two ratings counts with the share of its pairs.
    tolerance : float
        Points of the scale, 0 or more; the plan gives none, so the default is our choice.
    interval : str or None
        ``"wilson"`` (Wilson 1927, doi 10.2307/2276774) where every item has one pair and ``cluster`` is not
        given, otherwise the infinitesimal jackknife on the logit scale; or as in `percent_agreement`. With a
        ``population``, Wilson's n is the effective n / (1 - n / population), as for complex samples (Franco
        and others 2019, doi 10.1093/jssam/smy019): the standard error is that of the finite population.
    confidence_level, n_resamples, rng, cluster, population
        As in `percent_agreement`.

    Returns
    -------
    Estimate
        Share in [0, 1]; ``n_items`` counts the items with a pair.

    Raises
    ------
    StatisticsError
        Text, a negative tolerance, no pair at all, or as in `percent_agreement`.

    Examples
    --------
    >>> found = share_within([[1, 2], [2, 4], [3, 3], [5, 4]], tolerance=1)
    >>> found.value, [round(limit, 4) for limit in found.interval]
    (0.75, [0.3006, 0.9544])

    Without a tolerance only equal ratings match; 4.1 and 3.1 are one point apart in spite of rounding.

    >>> share_within([[1, 2], [2, 4], [3, 3], [5, 4]], tolerance=0).value
    0.25
    >>> share_within([[4.1, 3.1]], tolerance=1).value
    1.0
    """
    arguments.word(interval, ("wilson", *INTERVALS), "interval")
    table = _checked(prepared(ratings), tolerance)
    within, pairs = _pairs_within(table, tolerance)
    used = pairs > 0
    terms = np.column_stack([used, within / np.maximum(pairs, 1)])
    statistic = FunctionOfSums(
        terms, np.ones(len(used)), np.arange(len(used)), used, lambda s: quotient(s[..., 1], s[..., 0])
    )
    # Wilson's interval has no standard error of its own; influence values give one, and serve `difference`.
    kind = "analytic" if interval == "wilson" else interval
    estimated = estimate(
        statistic,
        table,
        method=f"share of pairs within {tolerance:g}",
        inference=Inference(kind, confidence_level, n_resamples, rng, cluster, population),
        least=0.0,
    )
    if interval != "wilson":
        return estimated
    # Wilson's pairs are independent; the pairs of three ratings of an item are not, nor those of a cluster.
    if cluster is None and (pairs <= 1).all():
        size = _effective(estimated.n_units, population)
        return replace(estimated, interval=wilson_interval(estimated.value, size, confidence_level))
    return replace(estimated, interval=_logit_interval(estimated))


def third_evaluation_rate(ratings: AnyRatings, *, tolerance: float = 1.0, **options: Any) -> Estimate:
    """Share of pairs that need a third evaluation: one less `share_within`, with the same options.

    Parameters
    ----------
    ratings, tolerance
        As in `share_within`.
    **options
        The other options of `share_within`.

    Returns
    -------
    Estimate
        Share in [0, 1]; its limits are one less those of `share_within`, the other way round.

    Raises
    ------
    StatisticsError
        As in `share_within`.

    Examples
    --------
    Only 2 and 4 are more than a point apart: one pair in four.

    >>> third_evaluation_rate([[1, 2], [2, 4], [3, 3], [5, 4]], tolerance=1).value
    0.25
    """
    within = share_within(ratings, tolerance=tolerance, **options)
    lower, upper = within.interval
    influence = None if within.influence is None else -within.influence
    return replace(
        within,
        value=1 - within.value,
        interval=(1 - upper, 1 - lower),
        influence=influence,
        method=f"share of pairs beyond {tolerance:g}",
    )


def _effective(n: int, population: int | None) -> float:
    """Number of pairs from an infinite population that would tell as much."""
    if population is None:
        return n
    return math.inf if population == n else n / (1 - n / population)


def _logit_interval(share: Coefficient) -> tuple[float, float]:
    # Symmetric on the logit scale, so that it stays inside [0, 1]; with no variation, Wilson on the units.
    if share.n_units < 2:
        return math.nan, math.nan
    if not 0 < share.value < 1 or not share.standard_error > 0:
        size = _effective(share.n_units, share.population)
        return wilson_interval(share.value, size, share.confidence_level)
    slope = share.standard_error / (share.value * (1 - share.value))
    half = special.stdtrit(share.n_units - 1, (1 + share.confidence_level) / 2) * slope
    centre = special.logit(share.value)
    return float(special.expit(centre - half)), float(special.expit(centre + half))


def _checked(table: Ratings, tolerance: float) -> Ratings:
    need_numbers(table, phrase("agreement.needs.tolerance"))
    arguments.points(tolerance, "tolerance")
    if not (table.per_item >= 2).any():
        raise keyed_error(key="agreement.no_item_with_two", n_items=table.n_items)
    return table


def _pairs_within(table: Ratings, tolerance: float) -> tuple[npt.NDArray, npt.NDArray]:
    # Who rated does not matter: each item's ratings first, and as many columns as the most an item has. With
    # a column for each of thousands of evaluators the pairs of columns would be millions.
    m = int(table.per_item.max(initial=0))
    x = np.sort(table.values, axis=1)[:, :m]
    within, pairs = np.zeros(len(x)), np.zeros(len(x))
    for first in range(m - 1):
        # Rater by rater and not all pairs at once: items by raters by raters would not fit for long tables.
        one, others = x[:, first : first + 1], x[:, first + 1 :]
        both = ~np.isnan(one) & ~np.isnan(others)
        within += (both & ~differ(one, others, tolerance)).sum(axis=1)
        pairs += both.sum(axis=1)
    return within, pairs
