"""From a coefficient to its estimate: influence values, standard error, interval, difference of two."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from ogp_analysis import resampling
from ogp_analysis.agreement.data import Ratings
from ogp_analysis.agreement.statistic import Statistic
from ogp_analysis.errors import StatisticsError
from ogp_analysis.model import Estimate

Array = npt.NDArray[np.float64]
INTERVALS = ("analytic", "jackknife", "bootstrap", "bca", None)
ROUNDING = 1e-11  # a standard error below this is zero
DEFAULT_SEED = 0


@dataclass(frozen=True, eq=False)
class Inference:
    """How to make the standard error and the interval.

    Parameters
    ----------
    interval : str or None
        ``"analytic"``, ``"jackknife"``, ``"bootstrap"``, ``"bca"``; None for neither.
    confidence_level : float
        Nominal coverage, in (0, 1).
    n_resamples : int
        Bootstrap resamples.
    rng : numpy.random.Generator or int or None
        Source of randomness or its seed; None is the seed 0.
    cluster : sequence or None
        Cluster of each item; clusters are then what is resampled and summed over.
    population : int or None
        Number of items (or clusters) the rated ones were drawn from; None for infinitely many.
    """

    interval: str | None = "analytic"
    confidence_level: float = 0.95
    n_resamples: int = 2000
    rng: np.random.Generator | int | None = None
    cluster: Sequence[Hashable] | None = None
    population: int | None = None

    def __post_init__(self) -> None:
        if self.interval not in INTERVALS:
            msg = f"interval {self.interval!r} is not one of {', '.join(map(repr, INTERVALS))}"
            raise StatisticsError(msg, interval=self.interval)
        if not 0 < self.confidence_level < 1:
            msg = f"confidence_level is {self.confidence_level}; it lies between 0 and 1"
            raise StatisticsError(msg, confidence_level=self.confidence_level)


@dataclass(frozen=True, eq=False)
class Units:
    """What is drawn: items, or clusters of items.

    Parameters
    ----------
    statistic : Statistic
        The coefficient on weights of patterns of items.
    multiplicity : numpy.ndarray, with shape (U,)
        How many units of each kind there are.
    members : numpy.ndarray or None, with shape (U, P)
        How many items of each pattern a cluster holds; None where units are items and kinds are patterns.
    kinds : numpy.ndarray, with shape (U,)
        Patterns that are used, where units are items.
    """

    statistic: Statistic
    multiplicity: Array
    members: Array | None
    kinds: npt.NDArray[np.integer]

    @property
    def n(self) -> int:
        """How many units there are."""
        return int(self.multiplicity.sum())

    def values(self, weights: Array) -> Array:
        """Coefficient under each row of weights on the units."""
        if self.members is not None:
            return self.statistic.values(weights @ self.members)
        if len(self.kinds) == len(self.statistic.multiplicity):
            return self.statistic.values(weights)
        spread = np.zeros((len(weights), len(self.statistic.multiplicity)))
        spread[:, self.kinds] = weights
        return self.statistic.values(spread)

    def influence(self) -> Array:
        """Influence of a unit of each kind, with shape (U,)."""
        influence = centred_influence(self.statistic)
        return influence[self.kinds] if self.members is None else self.members @ influence


def units(statistic: Statistic, cluster: Sequence[Hashable] | None) -> Units:
    """Say what is drawn for a coefficient: its items, or the given clusters of them.

    Raises
    ------
    StatisticsError
        ``cluster`` does not have one entry per item.
    """
    kinds = np.flatnonzero(statistic.active & (statistic.multiplicity > 0))
    if cluster is None:
        return Units(statistic, statistic.multiplicity[kinds], None, kinds)
    number = _cluster_numbers(cluster, len(statistic.pattern))
    members = np.zeros((number.max() + 1, len(statistic.multiplicity)))
    np.add.at(members, (number, statistic.pattern), 1.0)
    members = members[members[:, kinds].any(axis=1)]
    return Units(statistic, np.ones(len(members)), members, kinds)


def _cluster_numbers(cluster: Sequence[Hashable], n_items: int) -> npt.NDArray[np.integer]:
    if len(cluster) != n_items:
        msg = f"cluster has {len(cluster)} entries, but there are {n_items} items"
        raise StatisticsError(msg, n_cluster=len(cluster), n_items=n_items)
    place: dict[Hashable, int] = {}
    return np.array([place.setdefault(name, len(place)) for name in cluster])


def centred_influence(statistic: Statistic) -> Array:
    """Influence of an item of each pattern while the total weight stays what it is, with shape (P,).

    Most coefficients do not depend on the total weight; alpha and the ICC do, through n - 1.
    """
    influence = statistic.influence()
    counted = statistic.multiplicity * statistic.active
    return np.where(statistic.active, influence - (counted @ influence) / counted.sum(), 0.0)


def estimate(
    statistic: Statistic,
    ratings: Ratings,
    *,
    method: str,
    inference: Inference,
    undefined: str = "no_variation",
    lowest: float = -math.inf,
) -> Estimate:
    """Estimate a coefficient with its uncertainty: the one path of the whole package.

    The standard error is the exact infinitesimal jackknife (Efron 1982; Jaeckel 1972): with u_i the
    derivative of the coefficient actually computed with respect to the weight of unit i,
    SE^2 = (1 - f) n / (n - 1) sum u_i^2.

    Parameters
    ----------
    statistic : Statistic
        The coefficient.
    ratings : Ratings
        The ratings it is computed from.
    method : str
        Name of the coefficient.
    inference : Inference
        How to make the standard error and the interval.
    undefined : str
        Note where the value is undefined.
    lowest : float
        Lower end of the coefficient's range; the upper end is 1.

    Returns
    -------
    Estimate
        Value, standard error, interval; ``note`` names why something is undefined or doubtful.
    """
    drawn = units(statistic, inference.cluster)
    value = float(statistic.values(statistic.multiplicity[None, :])[0])
    described = Estimate(
        value,
        confidence_level=inference.confidence_level,
        method=method,
        n_items=int(statistic.multiplicity[drawn.kinds].sum()),
        n_raters=ratings.n_raters,
        n_ratings=ratings.n_ratings,
    )
    if math.isnan(value):
        return replace(described, note=undefined)
    if inference.interval is None:
        return described
    described = replace(described, influence=centred_influence(statistic)[statistic.pattern])
    if drawn.n < 2:
        return replace(described, note="one_item" if inference.cluster is None else "one_cluster")
    correction = _population_correction(drawn.n, inference.population)
    error, limits, note = _uncertainty(drawn, value, inference=inference, correction=correction)
    limits = (max(limits[0], lowest), min(limits[1], 1.0)) if math.isfinite(limits[0]) else limits
    return replace(described, standard_error=error, interval=limits, note=note)


def _uncertainty(
    drawn: Units, value: float, *, inference: Inference, correction: float
) -> tuple[float, tuple[float, float], str]:
    if inference.interval == "analytic":
        error = standard_error(drawn.influence(), drawn.multiplicity) * correction
    elif inference.interval == "jackknife":
        left_out = drawn.values(resampling.jackknife_weights(drawn.multiplicity))
        error = resampling.jackknife_standard_error(left_out, drawn.multiplicity) * correction
    else:
        return _bootstrap(drawn, value, inference=inference, correction=correction)
    if math.isnan(error):
        return error, (math.nan, math.nan), "undefined_without_one_item"
    if error < ROUNDING:
        return 0.0, (value, value), "standard_error_zero"
    return error, t_interval(value, error, df=drawn.n - 1, confidence_level=inference.confidence_level), ""


def _bootstrap(
    drawn: Units, value: float, *, inference: Inference, correction: float
) -> tuple[float, tuple[float, float], str]:
    rng = np.random.default_rng(DEFAULT_SEED if inference.rng is None else inference.rng)
    blocks = resampling.bootstrap_weights(drawn.multiplicity, n_resamples=inference.n_resamples, rng=rng)
    resampled = np.concatenate([drawn.values(block) for block in blocks])
    defined = resampled[np.isfinite(resampled)]
    if len(defined) < 2:
        return math.nan, (math.nan, math.nan), "resamples_undefined"
    error = float(defined.std(ddof=1)) * correction
    if error < ROUNDING:
        return 0.0, (value, value), "standard_error_zero"
    limits = _limits(drawn, value, defined=defined, inference=inference)
    limits = (value + (limits[0] - value) * correction, value + (limits[1] - value) * correction)
    return error, limits, "resamples_undefined" if len(defined) < 0.99 * len(resampled) else ""


def _limits(drawn: Units, value: float, *, defined: Array, inference: Inference) -> tuple[float, float]:
    if inference.interval == "bootstrap":
        return resampling.percentile_interval(defined, confidence_level=inference.confidence_level)
    left_out = drawn.values(resampling.jackknife_weights(drawn.multiplicity))
    return resampling.bca_interval(
        defined,
        value,
        left_out=left_out,
        multiplicity=drawn.multiplicity,
        confidence_level=inference.confidence_level,
    )


def _population_correction(n: int, population: int | None) -> float:
    if population is None:
        return 1.0
    if population < n:
        msg = f"population is {population}, fewer than the {n} rated"
        raise StatisticsError(msg, population=population, n=n)
    return math.sqrt(1 - n / population)


def standard_error(influence: Array, multiplicity: Array) -> float:
    """Infinitesimal-jackknife standard error, sqrt(n / (n - 1) * sum of squared influences)."""
    n = multiplicity.sum()
    return math.sqrt(n / (n - 1) * (multiplicity @ influence**2))


def t_interval(value: float, error: float, *, df: float, confidence_level: float) -> tuple[float, float]:
    """Interval of Student's t: value -+ t(df) * standard error."""
    half = special.stdtrit(df, (1 + confidence_level) / 2) * error
    return float(value - half), float(value + half)


def difference(
    first: Estimate,
    second: Estimate,
    *,
    cluster: Sequence[Hashable] | None = None,
    population: int | None = None,
    confidence_level: float = 0.95,
) -> Estimate:
    """Difference of two coefficients of the same items, with the covariance their influence values give.

    Gwet (2016), doi 10.1177/0013164415596420, pairs linearised values item by item; here the exact influence
    values are paired: SE^2 = (1 - f) n / (n - 1) sum (u_i - v_i)^2.

    Parameters
    ----------
    first, second : Estimate
        Coefficients of the same items in the same order (before and after a third evaluation; two panels).
    cluster : sequence, optional
        Cluster of each item.
    population : int, optional
        Number of items (or clusters) the rated ones were drawn from.
    confidence_level : float
        Nominal coverage, in (0, 1).

    Returns
    -------
    Estimate
        ``first.value - second.value`` with its interval; NaN and a note where one of them is undefined.

    Raises
    ------
    StatisticsError
        The two do not rest on the same number of items, or were made with ``interval=None``.

    Examples
    --------
    >>> from ogp_analysis import agreement
    >>> a = agreement.percent_agreement([[1, 1], [2, 2], [1, 2]])
    >>> b = agreement.percent_agreement([[1, 1], [2, 1], [1, 2]])
    >>> round(agreement.difference(a, b).value, 4)
    0.3333
    """
    made = Estimate(
        first.value - second.value,
        confidence_level=confidence_level,
        method=f"{first.method} - {second.method}",
        n_items=max(first.n_items, second.n_items),
        n_raters=max(first.n_raters, second.n_raters),
        n_ratings=first.n_ratings + second.n_ratings,
    )
    if math.isnan(made.value):
        return replace(made, note=first.note or second.note)
    influence = _paired(first, second)
    drawn, n = influence, made.n_items
    if cluster is not None:
        number = _cluster_numbers(cluster, len(influence))
        drawn = np.bincount(number, weights=influence)
        n = len(drawn)
    if n < 2:
        return replace(made, influence=influence, note="one_item")
    error = math.sqrt(n / (n - 1) * float(drawn @ drawn)) * _population_correction(n, population)
    if error < ROUNDING:
        return replace(
            made,
            influence=influence,
            standard_error=0.0,
            interval=(made.value, made.value),
            note="standard_error_zero",
        )
    limits = t_interval(made.value, error, df=n - 1, confidence_level=confidence_level)
    return replace(made, influence=influence, standard_error=error, interval=limits)


def _paired(first: Estimate, second: Estimate) -> Any:
    if first.influence is None or second.influence is None:
        msg = "a difference needs influence values; compute both coefficients with interval='analytic'"
        raise StatisticsError(msg)
    if len(first.influence) != len(second.influence):
        msg = (
            f"the coefficients rest on {len(first.influence)} and {len(second.influence)} items, not the same"
        )
        raise StatisticsError(msg, n_first=len(first.influence), n_second=len(second.influence))
    return first.influence - second.influence
