"""The error of one rating, and the smallest difference of two ratings that is more than error."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from ogp_analysis.agreement import arguments
from ogp_analysis.agreement.kappas import AnyRatings, prepared
from ogp_analysis.agreement.mean_squares import grand_mean, one_way_terms
from ogp_analysis.agreement.text_ratings import need_numbers
from ogp_analysis.errors import keyed_error, phrase
from ogp_analysis.model.records import Estimate


@dataclass(frozen=True)
class SmallestDifference:
    """What the error of the ratings lets two scores differ by.

    Parameters
    ----------
    error : Estimate
        Standard deviation of the ratings of one item, in points (standard error of measurement).
    difference : Estimate
        Smallest detectable difference of two scores, in points: in 95 of 100 pairs of scores of one item
        error makes no larger one (at that confidence level).
    tolerance : float
        The difference that is allowed, in points; NaN where none was given.
    share_beyond : float
        Share of such pairs that error alone takes beyond the tolerance, in [0, 1]; NaN without a tolerance.
    """

    error: Estimate
    difference: Estimate
    tolerance: float
    share_beyond: float


def smallest_difference(
    ratings: AnyRatings, *, tolerance: float | None = None, n_raters: int = 1, confidence_level: float = 0.95
) -> SmallestDifference:
    """Smallest detectable difference of two scores of an item, and what of it a tolerance allows.

    With s^2 = MSW, the variance of the ratings of one item, two means of k ratings differ by error alone with
    standard deviation s sqrt(2 / k); z times that is the smallest difference that is more than error (de Vet
    and others 2006, doi 10.1016/j.jclinepi.2005.10.015). The interval is that of a variance, by chi-square.

    Parameters
    ----------
    ratings : Ratings, DataFrame or array_like, with shape (N, M)
        Numbers, items in rows, raters in columns; items with one rating say nothing here.
    tolerance : float, optional
        Difference of two ratings that is allowed, in points, as in note 20 of the plan.
    n_raters : int
        Ratings whose mean is a score.
    confidence_level : float
        Nominal coverage of the intervals, and share of the pairs that stay within the difference, in (0, 1).

    Returns
    -------
    SmallestDifference
        Error, difference, and the share of pairs beyond the tolerance. Note ``standard_error_zero`` where
        every item has equal ratings, ``no_pair`` where no item has two.

    Raises
    ------
    StatisticsError
        Text, no rating at all, or numbers outside their ranges.

    Examples
    --------
    Pairs that differ by 1, 1, 0 and 2: MSW = (0.5 + 0.5 + 0 + 2) / 4 = 0.75.

    >>> found = smallest_difference([[1, 2], [3, 2], [4, 4], [5, 3]], tolerance=1)
    >>> round(found.error.value, 3), round(found.difference.value, 3), round(found.share_beyond, 3)
    (0.866, 2.4, 0.414)
    """
    arguments.between(confidence_level, "confidence_level")
    arguments.whole(n_raters, "n_raters", least=1)
    allowed = math.nan if tolerance is None else arguments.points(tolerance, "tolerance")
    table = prepared(ratings)
    need_numbers(table, phrase("agreement.needs.smallest_difference"))
    if not table.n_ratings:
        raise keyed_error(key="agreement.all_empty", cells=table.values.size, shape=table.values.shape)
    paired = table.per_item >= 2
    sums = one_way_terms(table, centre=grand_mean(table))[0][paired].sum(axis=0)
    df = float(sums[1] - sums[0]) if paired.any() else 0.0
    blank = Estimate(
        math.nan,
        confidence_level=confidence_level,
        method="standard error of measurement",
        n_items=int(paired.sum()),
        n_raters=table.n_raters,
        n_ratings=int(table.per_item[paired].sum()),
        note="no_pair",
    )
    error = _deviation(blank, float(sums[5]), df) if df else blank
    spread = math.sqrt(2 / n_raters)
    times = float(special.ndtri((1 + confidence_level) / 2)) * spread
    difference = replace(
        error,
        value=times * error.value,
        standard_error=times * error.standard_error,
        interval=(times * error.interval[0], times * error.interval[1]),
        method=f"smallest detectable difference of means of {n_raters}",
    )
    beyond = math.nan
    if not math.isnan(allowed) and error.value > 0:
        beyond = 2 * float(special.ndtr(-allowed / (spread * error.value)))
    elif not math.isnan(allowed) and error.value == 0:
        beyond = 0.0
    return SmallestDifference(error, difference, allowed, beyond)


def _deviation(blank: Estimate, squares: float, df: float) -> Estimate:
    value = math.sqrt(squares / df)
    if value == 0:
        return replace(blank, value=0.0, standard_error=0.0, interval=(0.0, 0.0), note="standard_error_zero")
    tail = (1 - blank.confidence_level) / 2
    limits = np.sqrt(squares / special.chdtri(df, [tail, 1 - tail]))
    interval = (float(limits[0]), float(limits[1]))
    return replace(blank, value=value, standard_error=value / math.sqrt(2 * df), interval=interval, note="")
