"""Two raters: Lin's concordance, Bland-Altman limits, prevalence, bias, and the kappa adjusted for both."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from ogp_analysis.agreement import arguments, synonyms
from ogp_analysis.agreement.category_codes import Coded, code
from ogp_analysis.agreement.function_of_sums import FunctionOfSums, quotient
from ogp_analysis.agreement.inference import estimate
from ogp_analysis.agreement.intervals import ROUNDING, UNDEFINED, Inference, fisher_interval, without_rounding
from ogp_analysis.agreement.kappas import AnyRatings, brennan_prediger, prepared
from ogp_analysis.agreement.mean_squares import grand_mean
from ogp_analysis.agreement.ratings_table import Ratings, need_raters, rated_columns
from ogp_analysis.agreement.resampling import Coefficient
from ogp_analysis.agreement.text_ratings import need_numbers
from ogp_analysis.errors import keyed_error, phrase
from ogp_analysis.model.records import Estimate

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Concordance(Coefficient):
    """Lin's concordance with its parts.

    Parameters
    ----------
    precision : float
        Pearson's correlation, how near the points are to a line.
    accuracy : float
        Bias correction C_b, how near that line is to the line of identity; precision * accuracy = value.

    Examples
    --------
    >>> found = lin_ccc([[1, 2], [2, 2], [3, 4], [5, 5]])
    >>> round(found.precision * found.accuracy - found.value, 12)
    0.0
    """

    precision: float = math.nan
    accuracy: float = math.nan


@dataclass(frozen=True)
class LimitsOfAgreement:
    """Bland-Altman limits of agreement of two raters, in points of the scale.

    Parameters
    ----------
    bias, lower, upper : Estimate
        Mean difference (first minus second rater) and the limits that hold 95 per cent of differences, or
        the share asked for.
    standard_deviation : float
        Of the differences.
    mean, difference : numpy.ndarray, with shape (N,)
        Of each complete item, for the plot.

    Examples
    --------
    Differences -1, 0, 1, 0 have the standard deviation sqrt(2 / 3).

    >>> found = bland_altman([[1, 2], [3, 3], [4, 3], [5, 5]])
    >>> round(found.standard_deviation, 4), found.mean.tolist()
    (0.8165, [1.5, 3.0, 3.5, 5.0])
    """

    bias: Estimate
    lower: Estimate
    upper: Estimate
    standard_deviation: float
    mean: Array
    difference: Array


@synonyms.hinting
def lin_ccc(
    ratings: AnyRatings,
    *,
    interval: str | None = "fisher",
    confidence_level: float = 0.95,
    n_resamples: int = 2000,
    rng: np.random.Generator | int | None = None,
    cluster: Sequence[Hashable] | None = None,
    population: int | None = None,
) -> Concordance:
    """Lin's concordance correlation coefficient of two raters (Lin 1989, doi 10.2307/2532051).

    rho_c = 2 s_12 / (s_1^2 + s_2^2 + (m_1 - m_2)^2), variances divided by n. The default interval is
    symmetric in Fisher's z and uses the delete-one jackknife, so it assumes no normal distribution: of 95% it
    covers 93 to 94% of pairs of normal ratings at 10 and 17 items, 95% at 43. ``"analytic"``, the same with
    the infinitesimal jackknife, covers 89 to 91% and 94%.

    Parameters
    ----------
    ratings : Ratings, DataFrame or array_like, with shape (N, 2)
        Numbers. Items without both ratings are left out; the note says so and ``n_items`` counts the others.
    interval, confidence_level, n_resamples, rng, cluster, population
        As in `percent_agreement`.

    Returns
    -------
    Concordance
        NaN with note ``no_variation`` where all ratings are equal.

    Raises
    ------
    StatisticsError
        Text, or not two raters.

    Examples
    --------
    >>> round(lin_ccc([[1, 2], [2, 2], [3, 4], [5, 5]]).value, 4)
    0.8788

    A rater who is always one point above the other orders the items alike, yet does not agree: the first
    part is Pearson's correlation, the second what the shift costs.

    >>> found = lin_ccc([[1, 2], [2, 3], [3, 4]])
    >>> round(found.value, 4), round(found.precision, 4), round(found.accuracy, 4)
    (0.5714, 1.0, 0.5714)
    """
    table, complete = _complete_pair(ratings, "lin_ccc")
    # Around the mean, so that the variances, differences of sums of squares, keep their digits.
    x = np.where(complete[:, None], table.values - _centre(table, complete), 0.0)
    terms = np.column_stack([complete, x, x**2, x[:, 0] * x[:, 1]])
    statistic = FunctionOfSums(terms, np.ones(len(x)), np.arange(len(x)), complete, _concordance)
    inference = Inference(interval, confidence_level, n_resamples, rng, cluster, population)
    coefficient = estimate(statistic, table, method="Lin's concordance", inference=inference, least=-1.0)
    if interval == "fisher" and abs(coefficient.value) > 1 - ROUNDING:
        # -1 and 1 have no z; there no item moves the coefficient, which the other jackknife sees.
        student = replace(inference, interval="analytic")
        coefficient = estimate(statistic, table, method="Lin's concordance", inference=student, least=-1.0)
    if interval == "analytic" and coefficient.standard_error > 0:
        limits = fisher_interval(
            coefficient.value,
            coefficient.standard_error,
            df=coefficient.n_units - 1,
            confidence_level=confidence_level,
        )
        coefficient = replace(coefficient, interval=limits)
    noted = _note_dropped(coefficient, complete, table)
    precision = without_rounding(float(_correlation(statistic.sums)))
    accuracy = coefficient.value / precision if precision else math.nan
    return Concordance(**_shared(noted), precision=precision, accuracy=accuracy)


def _moments(s: npt.NDArray) -> tuple[npt.NDArray, ...]:
    n, x, y, xx, yy, xy = np.moveaxis(s, -1, 0)
    return x / n, y / n, xx / n - (x / n) ** 2, yy / n - (y / n) ** 2, xy / n - x * y / n**2


def _concordance(s: npt.NDArray) -> npt.NDArray:
    mean_x, mean_y, var_x, var_y, covariance = _moments(s)
    apart = var_x + var_y + (mean_x - mean_y) ** 2
    return quotient(2 * covariance, apart, scale=(s[..., 3] + s[..., 4]) / s[..., 0])


def _correlation(s: npt.NDArray) -> npt.NDArray:
    _, _, var_x, var_y, covariance = _moments(s)
    # Measured against the ratings themselves: a rater without variation gives NaN, not 0 / rounding.
    scale = np.sqrt(s[..., 3] * s[..., 4]) / s[..., 0]
    return quotient(covariance, np.sqrt(np.maximum(var_x * var_y, 0.0)), scale=scale)


@synonyms.hinting
def bland_altman(
    ratings: AnyRatings,
    *,
    share: float = 0.95,
    confidence_level: float = 0.95,
) -> LimitsOfAgreement:
    """Limits of agreement of two raters (Bland and Altman 1986, doi 10.1016/S0140-6736(86)90837-8).

    mean difference -+ z s. The interval of the mean difference is Student's; those of the limits are exact
    under normality, from the noncentral t distribution (Carkeet 2015, doi 10.1097/OPX.0000000000000513).

    Parameters
    ----------
    ratings : Ratings, DataFrame or array_like, with shape (N, 2)
        Numbers. Items without both ratings are left out; the note says so and ``n_items`` counts the others.
    share : float
        Share of differences between the limits, in (0, 1).
    confidence_level : float
        Nominal coverage of each interval, in (0, 1).

    Returns
    -------
    LimitsOfAgreement
        Bias and limits; NaN with note ``one_item`` for a single complete item.

    Raises
    ------
    StatisticsError
        Text, not two raters, or a share outside (0, 1).

    Examples
    --------
    >>> found = bland_altman([[1, 2], [3, 3], [4, 3], [5, 5]])
    >>> found.bias.value, round(found.upper.value, 4)
    (0.0, 1.6003)
    """
    arguments.between(share, "share")
    table, complete = _complete_pair(ratings, "bland_altman")
    inference = Inference("analytic", confidence_level)
    values = table.values[complete]
    difference = values[:, 0] - values[:, 1]
    n, s = len(difference), float(difference.std(ddof=1)) if len(difference) > 1 else math.nan
    z = float(special.ndtri((1 + share) / 2))
    centre = float(difference.mean()) if n else math.nan
    blank = Estimate(
        math.nan,
        confidence_level=inference.confidence_level,
        n_items=n,
        n_raters=2,
        note="" if n > 1 else "one_item",
    )
    made = [
        _limit(blank, centre, s, multiplier=k, name=name)
        for k, name in ((0.0, "mean difference"), (-z, "lower limit"), (z, "upper limit"))
    ]
    bias, lower, upper = (_note_dropped(part, complete, table) for part in made)
    return LimitsOfAgreement(bias, lower, upper, s, values.mean(axis=1), difference)


def _limit(blank: Estimate, centre: float, s: float, *, multiplier: float, name: str) -> Estimate:
    n, tail = blank.n_items, (1 - blank.confidence_level) / 2
    # Of a single item s is NaN, and 0 times NaN would hide the difference that is known.
    value = centre if multiplier == 0 else centre + multiplier * s
    if n < 2:
        return replace(blank, value=value, method=f"Bland-Altman, {name}")
    # The usual approximation (Bland and Altman 1999), for the standard error alone; the interval below is
    # exact.
    error = s * math.sqrt(1 / n + multiplier**2 / (2 * (n - 1)))
    if s <= ROUNDING * abs(centre):
        # Equal ratings agree in full; a difference that never varies is no certainty that it never will.
        name = f"Bland-Altman, {name}"
        if centre == 0:
            kept = 0.0, (0.0, 0.0), "standard_error_zero"
        else:
            kept = math.nan, UNDEFINED, "error_not_seen"
        return replace(
            blank, value=value, standard_error=kept[0], interval=kept[1], note=kept[2], method=name
        )
    shift = multiplier * math.sqrt(n)
    low, high = (
        special.nctdtrit(n - 1, shift, [tail, 1 - tail])
        if shift
        else special.stdtrit(n - 1, [tail, 1 - tail])
    )
    interval = float(centre + low * s / math.sqrt(n)), float(centre + high * s / math.sqrt(n))
    return replace(
        blank, value=value, standard_error=error, interval=interval, method=f"Bland-Altman, {name}"
    )


def pair_of_raters(ratings: AnyRatings, what: str) -> Ratings:
    """Take ratings in any form and refuse any but two raters.

    >>> pair_of_raters([[1, 2], [3, None]], "lin_ccc").n_raters
    2
    """
    table = prepared(ratings)
    need_raters(table, phrase("agreement.needs.option", option=phrase(f"agreement.what.{what}")))
    table = rated_columns(table)
    if table.values.shape[1] != 2:
        raise keyed_error(
            key="agreement.two_raters_only", what=phrase(f"agreement.what.{what}"), n_raters=table.n_raters
        )
    return table


def _complete_pair(ratings: AnyRatings, what: str) -> tuple[Ratings, npt.NDArray[np.bool_]]:
    table = pair_of_raters(ratings, what)
    need_numbers(table, phrase("agreement.needs.option", option=phrase(f"agreement.what.{what}")))
    complete = np.asarray(~table.missing.any(axis=1))
    if not complete.any():
        raise keyed_error(key="agreement.no_complete_pair", n_items=table.n_items)
    return table, complete


def _centre(table: Ratings, complete: npt.NDArray[np.bool_]) -> float:
    return grand_mean(Ratings(table.values[complete]))


def _note_dropped(estimated: Estimate, complete: npt.NDArray[np.bool_], table: Ratings) -> Estimate:
    partly = int((~complete & (table.per_item > 0)).sum())
    ratings_used = int(complete.sum()) * table.values.shape[1]
    estimated = replace(estimated, n_ratings=ratings_used)
    return replace(estimated, note="incomplete_items_dropped") if partly and not estimated.note else estimated


def _shared(estimated: Estimate) -> dict[str, Any]:
    return {field.name: getattr(estimated, field.name) for field in fields(estimated)}


@dataclass(frozen=True)
class PrevalenceBias:
    """How far prevalence and bias pull kappa: indices of Byrt, Bishop and Carlin (1993) by category.

    Parameters
    ----------
    categories : tuple
        The q categories.
    prevalence, bias : tuple of Estimate
        By category: both raters' shares of it less one, and the first rater's share less the second's. With
        two categories those of the first are the published (a - d) / n and (b - c) / n.
    pabak : Estimate
        Kappa adjusted for both, (q p_a - 1) / (q - 1).

    Examples
    --------
    >>> found = prevalence_bias([[1, 1], [1, 2], [2, 2], [1, 1]])
    >>> [one.value for one in found.prevalence], [one.value for one in found.bias]
    ([0.25, -0.25], [0.25, -0.25])
    """

    categories: tuple[Any, ...]
    prevalence: tuple[Estimate, ...]
    bias: tuple[Estimate, ...]
    pabak: Estimate

    @property
    def prevalence_index(self) -> Estimate:
        """Prevalence index of the first category."""
        return self.prevalence[0]

    @property
    def bias_index(self) -> Estimate:
        """Bias index of the first category."""
        return self.bias[0]


@synonyms.hinting
def prevalence_bias(
    ratings: AnyRatings,
    *,
    categories: Sequence[Any] | None = None,
    interval: str | None = "analytic",
    confidence_level: float = 0.95,
    n_resamples: int = 2000,
    rng: np.random.Generator | int | None = None,
    cluster: Sequence[Hashable] | None = None,
    population: int | None = None,
) -> PrevalenceBias:
    """Prevalence and bias indices of two raters, and PABAK.

    Byrt, Bishop and Carlin (1993), doi 10.1016/0895-4356(93)90018-V.

    Parameters
    ----------
    ratings : Ratings, DataFrame or array_like, with shape (N, 2)
        Two raters; items without both ratings are left out.
    categories, interval, confidence_level, n_resamples, rng, cluster, population
        As in `percent_agreement`.

    Returns
    -------
    PrevalenceBias
        Indices by category, each in [-1, 1], and PABAK.

    Raises
    ------
    StatisticsError
        Not two raters, or as in `percent_agreement`.

    Examples
    --------
    >>> found = prevalence_bias([[1, 1]] * 80 + [[1, 2]] * 10 + [[2, 1]] * 5 + [[2, 2]] * 5)
    >>> [round(e.value, 2) for e in (found.prevalence_index, found.bias_index, found.pabak)]
    [0.75, 0.05, 0.7]
    """
    table = pair_of_raters(ratings, "prevalence_bias")
    inference = Inference(interval, confidence_level, n_resamples, rng, cluster, population)
    coded = code(table, categories)
    # An item with one rating would move one rater's shares only and look like bias.
    both = np.asarray((coded.codes >= 0).all(axis=1, keepdims=True))
    first = ((coded.codes[:, :1] == np.arange(coded.q)) & both).astype(np.float64)
    second = ((coded.codes[:, 1:] == np.arange(coded.q)) & both).astype(np.float64)
    index = partial(_index, coded=coded, both=both[:, 0], table=table, inference=inference)
    # (q p_a - 1) / (q - 1) is Brennan and Prediger's coefficient: expected agreement 1 / q whatever the
    # shares.
    pabak = brennan_prediger(
        table,
        categories=coded.categories,
        interval=interval,
        confidence_level=confidence_level,
        n_resamples=n_resamples,
        rng=rng,
        cluster=cluster,
        population=population,
    )
    return PrevalenceBias(
        coded.categories,
        tuple(index(column, "prevalence index") for column in (first + second - both).T),
        tuple(index(column, "bias index") for column in (first - second).T),
        replace(pabak, method="PABAK"),
    )


def _index(
    terms: npt.NDArray[np.float64],
    name: str,
    *,
    coded: Coded,
    both: npt.NDArray[np.bool_],
    table: Ratings,
    inference: Inference,
) -> Estimate:
    columns = np.column_stack([both, terms]).astype(np.float64)
    statistic = FunctionOfSums(
        columns, coded.multiplicity, coded.pattern, both, lambda s: quotient(s[..., 1], s[..., 0])
    )
    return estimate(statistic, table, method=name, inference=inference, undefined="no_pair", least=-1.0)
