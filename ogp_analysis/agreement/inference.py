"""From a coefficient to its estimate: influence values, standard error, interval, difference of two."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from ogp_analysis.agreement import arguments
from ogp_analysis.agreement.function_of_sums import Statistic
from ogp_analysis.agreement.intervals import (
    ROUNDING,
    UNDEFINED,
    Inference,
    t_interval,
    uncertainty,
    without_rounding,
    without_spread,
)
from ogp_analysis.agreement.mistaken_columns import numbers_rows
from ogp_analysis.agreement.ratings_table import Ratings
from ogp_analysis.agreement.resampling import Coefficient, cluster_numbers, units
from ogp_analysis.errors import keyed_error, phrase
from ogp_analysis.model.records import Estimate

Made = TypeVar("Made", bound=Estimate)
FIXED = ("constant_rater", "items_alike", "below_range")  # notes of estimates without an error


def estimate(
    statistic: Statistic,
    ratings: Ratings,
    *,
    method: str,
    inference: Inference,
    undefined: str = "no_variation",
    least: float = -math.inf,
) -> Coefficient:
    """Estimate a coefficient with its uncertainty: the one path of the whole package.

    The standard error is the exact infinitesimal jackknife (Efron 1982; Jaeckel 1972): with u_i the
    derivative of the coefficient actually computed with respect to the weight of unit i,
    SE^2 = (1 - f) n / (n - 1) sum u_i^2.

    The share of three items in four: its variance is p (1 - p) / (n - 1) = 1/16.

    >>> from ogp_analysis.agreement.function_of_sums import FunctionOfSums
    >>> used, terms = np.ones(4, dtype=bool), np.array([[1, 1.0], [1, 1.0], [1, 1.0], [1, 0.0]])
    >>> share = FunctionOfSums(terms, np.ones(4), np.arange(4), used, lambda s: s[..., 1] / s[..., 0])
    >>> found = estimate(share, Ratings(np.ones((4, 2))), method="share", inference=Inference(), least=0.0)
    >>> found.value, round(found.standard_error, 4), found.interval[1]
    (0.75, 0.25, 1.0)
    """
    cluster = inference.cluster
    if cluster is not None:
        cluster = arguments.in_order(cluster, ratings.items, "cluster")
    drawn = units(statistic, cluster)
    value = without_rounding(float(statistic.values(statistic.multiplicity[None, :])[0]))
    described = Coefficient(
        value,
        confidence_level=inference.confidence_level,
        method=method,
        n_items=int(statistic.multiplicity[drawn.kinds].sum()),
        n_raters=ratings.n_raters,
        n_ratings=int(ratings.per_item[statistic.active[statistic.pattern]].sum()),
        n_units=drawn.n,
        cluster=drawn.cluster,
        population=inference.population,
        items=tuple(ratings.items),
        least=least,
        rows=ratings.n_items,
    )
    if not math.isfinite(value):
        return replace(described, note=undefined if math.isnan(value) else "denominator_not_positive")
    if inference.interval is None:
        return described
    # Only now: influence values take longer than the value, and without an interval nobody asks for them.
    described = replace(described, influence=drawn.of_patterns[statistic.pattern])
    if drawn.n < 2:
        return replace(described, note="one_item" if inference.cluster is None else "one_cluster")
    correction = _population_correction(drawn.n, inference.population)
    error, limits, note = uncertainty(drawn, value, inference=inference, correction=correction)
    if math.isnan(limits[0]) and inference.interval == "fisher":
        note = note or "no_fisher_z"
    # Last: whatever else there is to say is about this very coefficient.
    note = note or _looks_of(ratings)
    # Student's interval does not know the range of the coefficient.
    limits = within(limits, least, 1.0, value=value)
    return replace(described, standard_error=error, interval=limits, note=note)


def within(limits: tuple[float, float], least: float, most: float, *, value: float) -> tuple[float, float]:
    """Cut limits to the range of what they limit; where gaps in the ratings led the value itself out, no cut.

    >>> within((-1.2, 1.1), -1.0, 1.0, value=0.1), within((-1.4, 0.2), -1.0, 1.0, value=-1.1)
    ((-1.0, 1.0), (-1.4, 0.2))
    """
    if not math.isfinite(limits[0]):
        return limits
    low = least if value >= least - ROUNDING else -math.inf
    high = most if value <= most + ROUNDING else math.inf
    return min(max(limits[0], low), high), min(max(limits[1], low), high)


def without_error(coefficient: Made, note: str) -> Made:
    """Take error and interval from an estimate that its table fixes, whatever is drawn; the note says why."""
    return replace(coefficient, standard_error=math.nan, interval=UNDEFINED, influence=None, note=note)


def _looks_of(ratings: Ratings) -> str:
    """Say what a table may be instead: one with raters in rows, or with ids in its first column."""
    if not ratings.identified:
        return ""
    rated = ratings.per_item[ratings.per_item > 0]
    if len(rated) > 1 and bool((rated > len(rated)).all()):
        return "more_raters_than_items"
    return "first_column_numbers_rows" if _begins_with_ids(ratings) else ""


def _begins_with_ids(ratings: Ratings) -> bool:
    """Whether the first column counts the rows, and no other rates as far: ranks of the items would."""
    if not ratings.numeric or not numbers_rows(ratings.values[:, 0]):
        return False
    others = ratings.values[:, 1:][~ratings.missing[:, 1:]]
    return len(others) > 0 and bool(2 * others.max() <= ratings.n_items)


def _population_correction(n: int, population: int | None) -> float:
    if population is None:
        return 1.0
    if population < n:
        raise keyed_error(key="agreement.population", population=population, n=n)
    return math.sqrt(1 - n / population)


def difference(
    first: Estimate,
    second: Estimate,
    *,
    cluster: Sequence[Hashable] | None = None,
    population: int | None = None,
    confidence_level: float = 0.95,
) -> Coefficient:
    """Difference of two coefficients of the same items, with the covariance their influence values give.

    Gwet (2016), doi 10.1177/0013164415596420, pairs linearised values item by item; here the exact influence
    values are paired: SE^2 = (1 - f) n / (n - 1) sum (u_i - v_i)^2.

    Parameters
    ----------
    first, second : Estimate
        Coefficients of the same items (before and after a third evaluation; two panels), paired by the labels
        of the items where both have them, else by their order.
    cluster : sequence, optional
        Cluster of each item; default those that both coefficients were made with. A pandas column is read by
        its labels, which are those of the items; anything else is in the order of the items of ``first``.
    population : int, optional
        Number of items (or clusters) the rated ones were drawn from; default that of both coefficients.
    confidence_level : float
        Nominal coverage, in (0, 1).

    Returns
    -------
    Coefficient
        ``first.value - second.value`` with its interval, cut where no difference of the two can lie; NaN and
        a note where one of them is undefined, no interval where the error of one of them is
        (``constant_rater``, ``items_alike``, ``error_not_seen``) or where no item moves the difference.

    Raises
    ------
    StatisticsError
        The two do not rest on the same items (their number, or their labels), were made with
        ``interval=None``, or with other clusters or another population than each other or than those given
        here; or a column of clusters has other labels than the items.

    Examples
    --------
    >>> from ogp_analysis import agreement
    >>> a = agreement.percent_agreement([[1, 1], [2, 2], [1, 2]])
    >>> b = agreement.percent_agreement([[1, 1], [2, 1], [1, 2]])
    >>> round(agreement.difference(a, b).value, 4)
    0.3333

    Item by item the two differ by 0, 1 and 0: the standard error is that of a mean, s / sqrt(3).

    >>> found = agreement.difference(a, b)
    >>> round(found.standard_error, 4), [round(limit, 4) for limit in found.interval]
    (0.3333, [-1.0, 1.0])
    """
    arguments.estimated(first, "first"), arguments.estimated(second, "second")
    arguments.between(confidence_level, "confidence_level")
    if population is not None:
        arguments.whole(population, "population", least=1)
    second = _aligned(second, first)
    _refuse_other_rows(first, second)
    made = Coefficient(
        without_rounding(first.value - second.value),
        confidence_level=confidence_level,
        method=f"{first.method} - {second.method}",
        n_items=max(first.n_items, second.n_items),
        n_raters=max(first.n_raters, second.n_raters),
        n_ratings=first.n_ratings + second.n_ratings,
    )
    if math.isnan(made.value):
        return replace(made, note=first.note or second.note)
    fixed = [
        one.note
        for one in (first, second)
        if one.note == "error_not_seen" or (one.influence is None and one.note in FIXED)
    ]
    if fixed:
        return replace(made, note=fixed[0])
    influence = _paired(first, second)
    number = _shared_clusters(first, second, cluster)
    population = _shared_population(first, second, population)
    drawn = influence if number is None else np.bincount(number, weights=influence)
    n = made.n_items if number is None else _clusters_drawn(first, second, default=len(drawn))
    made = replace(made, influence=influence, items=_labels(first) or _labels(second), rows=len(influence))
    made = replace(made, n_units=n, cluster=number, population=population)
    if n < 2:
        return replace(made, note="one_item")
    lowest, highest = (getattr(one, "least", -math.inf) for one in (first, second))
    return _with_error(made, drawn, least=lowest - 1, most=1 - highest)


def _with_error(made: Coefficient, drawn: Any, *, least: float, most: float) -> Coefficient:
    # Influence values are scaled by each coefficient's own number of items, so items that only one of the two
    # uses (0 in the other) need no special case.
    n = made.n_units
    correction = _population_correction(n, made.population)
    error = math.sqrt(n / (n - 1) * float(drawn @ drawn)) * correction
    if error < ROUNDING and correction > 0:
        return replace(made, note="error_not_seen")
    if error < ROUNDING:
        error, limits, note = without_spread(made.value, correction)
        return replace(made, standard_error=error, interval=limits, note=note)
    limits = t_interval(made.value, error, df=n - 1, confidence_level=made.confidence_level)
    return replace(made, standard_error=error, interval=within(limits, least, most, value=made.value))


def _clusters_drawn(*coefficients: Estimate, default: int) -> int:
    # A cluster none of whose items is used was not drawn: the coefficients know how many were.
    clustered = (one for one in coefficients if isinstance(one, Coefficient) and one.cluster is not None)
    return max((one.n_units for one in clustered), default=default)


def _labels(one: Estimate) -> tuple[Hashable, ...]:
    """Labels of the items; none where they are only the numbers that pandas gives."""
    labels = getattr(one, "items", ())
    return () if labels == tuple(range(len(labels))) else labels


def _aligned(second: Estimate, first: Estimate) -> Estimate:
    """The second coefficient with its items in the order of the first, where both have labels."""
    if not isinstance(first, Coefficient) or not isinstance(second, Coefficient):
        return second
    own, wanted = second.items, first.items
    if not _labels(first) or not own or own == wanted:
        return second
    if not _labels(second) and set(own) != set(wanted):
        return second
    place = pd.Series(range(len(own)), index=pd.Index(own, dtype=object, tupleize_cols=False))
    order = arguments.in_order(place, wanted, "second")
    number, influence = second.cluster, second.influence
    moved = None if number is None else cluster_numbers(number[order], len(order))
    return replace(
        second,
        influence=None if influence is None else influence[order],
        items=wanted,
        cluster=moved,
    )


def _refuse_other_rows(first: Estimate, second: Estimate) -> None:
    """Refuse two tables of different lengths, also where one of the two has no error to pair."""
    rows = [
        getattr(one, "rows", 0) or (0 if one.influence is None else len(one.influence))
        for one in (first, second)
    ]
    if all(rows) and rows[0] != rows[1]:
        raise keyed_error(key="agreement.other_items", n_first=rows[0], n_second=rows[1])


def _shared_clusters(
    first: Estimate, second: Estimate, cluster: Sequence[Hashable] | None
) -> npt.NDArray[np.integer] | None:
    n = len(first.influence)
    drawn = {name: getattr(one, "cluster", None) for name, one in (("first", first), ("second", second))}
    if cluster is not None:
        labels = _labels(first) or _labels(second)
        given = cluster_numbers(arguments.in_order(cluster, labels, "cluster"), n)
        drawn = {name: given if one is None else one for name, one in drawn.items()} | {"difference": given}
    # Clusters are numbered in the order in which items name them, so that two labellings of one grouping are
    # equal here; items drawn one by one are clusters of one.
    alone = np.arange(n)
    one, *others = [alone if number is None else number for number in drawn.values()]
    if any(not np.array_equal(one, other) for other in others):
        listed = tuple(
            phrase("agreement.by_items", name=name)
            if number is None
            else phrase("agreement.by_clusters", name=name, count=len(np.unique(number)))
            for name, number in drawn.items()
        )
        raise keyed_error(key="agreement.clusters_differ", listed=listed, clusters=drawn)
    return drawn["first"]


def _shared_population(first: Estimate, second: Estimate, population: int | None) -> int | None:
    sizes = [getattr(one, "population", None) for one in (first, second)]
    if population is not None:
        sizes = [population if size is None else size for size in sizes] + [population]
    if len(set(sizes)) > 1:
        listed = ", ".join("∞" if size is None else str(size) for size in sizes)
        raise keyed_error(key="agreement.populations_differ", listed=listed, population=sizes)
    return sizes[0]


def _paired(first: Estimate, second: Estimate) -> Any:
    if first.influence is None or second.influence is None:
        raise keyed_error(key="agreement.no_influence")
    return first.influence - second.influence
