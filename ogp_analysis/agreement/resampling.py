"""What is drawn when a coefficient is resampled (items or clusters): bootstrap and jackknife as weights."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from ogp_analysis.agreement import arguments
from ogp_analysis.agreement.function_of_sums import Statistic
from ogp_analysis.errors import keyed_error
from ogp_analysis.model.records import Estimate

Array = npt.NDArray[np.float64]

CELLS = 4_000_000  # weights held at a time; bounds the memory of a bootstrap
DRAWS = 100_000  # drawn at a time, so that they stay in the processor's cache
MANY = 25  # units per pattern above which drawing patterns is faster than drawing units


def bootstrap_weights(multiplicity: Array, *, n_resamples: int, rng: np.random.Generator) -> Iterator[Array]:
    """Draw resamples of units with replacement, as how often each pattern of units is in the resample.

    >>> block = next(bootstrap_weights(np.ones(4), n_resamples=3, rng=np.random.default_rng(1)))
    >>> block.sum(axis=1)
    array([4., 4., 4.])
    """
    if n_resamples < 1:
        raise keyed_error(key="agreement.no_resample", n_resamples=n_resamples)
    n, patterns = int(multiplicity.sum()), len(multiplicity)
    by_pattern = n > MANY * patterns
    block = max(1, min(n_resamples, CELLS // (patterns if by_pattern else n)))
    members = np.repeat(np.arange(patterns), multiplicity.astype(np.int64))
    for start in range(0, n_resamples, block):
        size = min(block, n_resamples - start)
        if by_pattern:
            yield rng.multinomial(n, multiplicity / n, size=size).astype(np.float64)
        else:
            yield _count(members, rng, size=size, patterns=patterns)


def _count(members: npt.NDArray[np.int64], rng: np.random.Generator, *, size: int, patterns: int) -> Array:
    n = len(members)
    few = max(1, DRAWS // n)
    # The smallest type that can number the units: drawing is bound by memory.
    kind = np.uint8 if n <= 1 << 8 else np.uint16 if n <= 1 << 16 else np.uint32
    counts = np.empty((size, patterns))
    for start in range(0, size, few):
        block = counts[start : start + few]
        cells = members[rng.integers(0, n, size=(len(block), n), dtype=kind)]
        cells += (patterns * np.arange(len(block)))[:, None]
        # Each resample has numbers of its own, so that one count serves the whole block.
        block[:] = np.bincount(cells.ravel(), minlength=block.size).reshape(block.shape)
    return counts


def jackknife_weights(multiplicity: Array) -> Array:
    """Weights that leave out one unit of each pattern in turn, with shape (P, P).

    >>> jackknife_weights(np.array([1.0, 2.0]))
    array([[0., 2.],
           [1., 1.]])
    """
    return multiplicity - np.eye(len(multiplicity))


def jackknife_standard_error(left_out: Array, multiplicity: Array) -> float:
    """Delete-one jackknife standard error.

    sqrt((n - 1) / n * sum (theta_(-i) - mean)^2), Efron and Tibshirani (1993), equation 11.5.

    Of the mean of 1, 2 and 3 it is the usual one, s / sqrt(n):

    >>> round(jackknife_standard_error(np.array([2.5, 2.0, 1.5]), np.ones(3)) * math.sqrt(3), 12)
    1.0
    """
    n = multiplicity.sum()
    centre = (multiplicity @ left_out) / n
    # A coefficient may be minus infinity without a unit: the error is then not defined.
    with np.errstate(invalid="ignore"):
        return math.sqrt((n - 1) / n * (multiplicity @ (left_out - centre) ** 2))


def percentile_interval(resampled: Array, *, confidence_level: float) -> tuple[float, float]:
    """Percentile interval: the middle ``confidence_level`` of the resampled values.

    Efron and Tibshirani (1993), chapter 13.

    >>> percentile_interval(np.arange(101.0), confidence_level=0.5)
    (25.0, 75.0)
    """
    tail = (1 - confidence_level) / 2
    lower, upper = np.quantile(resampled, [tail, 1 - tail])
    return float(lower), float(upper)


def bca_interval(
    resampled: Array,
    value: float,
    *,
    left_out: Array,
    multiplicity: Array,
    confidence_level: float,
) -> tuple[float, float]:
    """Bias-corrected and accelerated interval (Efron 1987, doi 10.1080/01621459.1987.10478410).

    >>> resampled = np.linspace(-1, 1, 201)
    >>> flat = {"left_out": np.array([1.0, -1.0]), "multiplicity": np.ones(2)}
    >>> low, high = bca_interval(resampled, 0.0, **flat, confidence_level=0.9)
    >>> round(low, 3), round(high, 3)
    (-0.9, 0.9)
    """
    # Equal values may differ in the last bit, and a tie must count as one on every machine.
    apart = np.where(np.abs(resampled - value) <= 1e-12 * max(1.0, abs(value)), 0.0, resampled - value)
    below = (np.mean(apart < 0) + np.mean(apart <= 0)) / 2
    if below in (0.0, 1.0):
        return math.nan, math.nan
    bias = special.ndtri(below)
    pull = (multiplicity @ left_out) / multiplicity.sum() - left_out
    spread = multiplicity @ pull**2
    acceleration = (multiplicity @ pull**3) / (6 * spread**1.5) if spread > 0 else 0.0
    z = bias + special.ndtri([(1 - confidence_level) / 2, (1 + confidence_level) / 2])
    levels = special.ndtr(bias + z / (1 - acceleration * z))
    lower, upper = np.quantile(resampled, levels)
    return float(lower), float(upper)


@dataclass(frozen=True)
class Coefficient(Estimate):
    """An estimate that remembers what its standard error was made from.

    Parameters
    ----------
    n_units : int
        How many units were drawn: the items used, or the clusters of them.
    cluster : numpy.ndarray or None, with shape (N,)
        Number of each item's cluster; None where items were drawn.
    population : int or None
        How many units they were drawn from; None for infinitely many.
    items : tuple of hashable
        Labels of the items, by which `difference` pairs two coefficients; empty where they have none.
    least : float
        The least value that the coefficient can take, where intervals are cut; -inf where none is known.
    rows : int
        How many items the table has, rated or not; 0 where that is not known.

    Examples
    --------
    >>> from ogp_analysis.agreement import percent_agreement
    >>> found = percent_agreement([[1, 1], [2, 2], [1, 2]], cluster=["S01", "S01", "S02"], population=10)
    >>> found.n_items, found.n_units, found.population
    (3, 2, 10)
    """

    n_units: int = 0
    cluster: Any = field(default=None, repr=False, compare=False)
    population: int | None = None
    items: tuple[Hashable, ...] = field(default=(), repr=False, compare=False)
    least: float = field(default=-math.inf, repr=False, compare=False)
    rows: int = field(default=0, repr=False, compare=False)


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
    cluster : numpy.ndarray or None, with shape (N,)
        Number of each item's cluster; None where units are items.

    Examples
    --------
    Leaving out one cluster leaves out all of its items: without S01 only the last item remains.

    >>> from ogp_analysis.agreement.function_of_sums import FunctionOfSums
    >>> used, terms = np.ones(3, dtype=bool), np.array([[1, 2.0], [1, 4.0], [1, 6.0]])
    >>> mean = FunctionOfSums(terms, np.ones(3), np.arange(3), used, lambda s: s[..., 1] / s[..., 0])
    >>> units(mean, ["S01", "S01", "S02"]).without_one()
    array([6., 3.])
    """

    statistic: Statistic
    multiplicity: Array
    members: Array | None
    kinds: npt.NDArray[np.integer]
    cluster: npt.NDArray[np.integer] | None = None

    @property
    def n(self) -> int:
        """How many units there are."""
        return int(self.multiplicity.sum())

    def values(self, weights: Array) -> Array:
        """Coefficient under each row of weights on the units."""
        spread = weights @ self.members if self.members is not None else self._spread(weights)
        return self.statistic.values(spread)

    def without_one(self) -> Array:
        """Coefficient without one unit of each kind, with shape (U,)."""
        if self.members is None:
            return self.statistic.without_one()[self.kinds]
        return self.values(jackknife_weights(self.multiplicity))

    def values_and_errors(self, weights: Array) -> tuple[Array, Array]:
        """Coefficient and infinitesimal-jackknife standard error under each row of weights on the units."""
        spread = weights @ self.members if self.members is not None else self._spread(weights)
        values, influence = self.statistic.values_and_influence(spread)
        influence = influence @ self.members.T if self.members is not None else influence[:, self.kinds]
        n = weights.sum(axis=-1)
        # Centred in each resample, for the reason given at `centred_influence`.
        influence = influence - ((weights * influence).sum(axis=-1) / n)[:, None]
        return values, np.sqrt(n / (n - 1) * (weights * influence**2).sum(axis=-1))

    def _spread(self, weights: Array) -> Array:
        # The usual case, all patterns used, must not copy a table of resamples by patterns.
        if len(self.kinds) == len(self.statistic.multiplicity):
            return weights
        spread = np.zeros((len(weights), len(self.statistic.multiplicity)))
        spread[:, self.kinds] = weights
        return spread

    @cached_property
    def of_patterns(self) -> Array:
        """Influence of an item of each pattern, with shape (P,)."""
        return centred_influence(self.statistic)

    def influence(self) -> Array:
        """Influence of a unit of each kind, with shape (U,)."""
        influence = self.of_patterns
        return influence[self.kinds] if self.members is None else self.members @ influence


def units(statistic: Statistic, cluster: Sequence[Hashable] | None) -> Units:
    """Say what is drawn for a coefficient: its items, or the given clusters of them.

    >>> from ogp_analysis.agreement.function_of_sums import FunctionOfSums
    >>> used, terms = np.ones(3, dtype=bool), np.array([[1, 2.0], [1, 4.0], [1, 6.0]])
    >>> mean = FunctionOfSums(terms, np.ones(3), np.arange(3), used, lambda s: s[..., 1] / s[..., 0])
    >>> units(mean, None).n, units(mean, ["S01", "S01", "S02"]).n
    (3, 2)
    """
    kinds = np.flatnonzero(statistic.active)
    if cluster is None:
        return Units(statistic, statistic.multiplicity[kinds], None, kinds)
    number = cluster_numbers(cluster, len(statistic.pattern))
    members = np.zeros((number.max() + 1, len(statistic.multiplicity)))
    # An index twice in one assignment is added once only; several items of a cluster may share a pattern.
    np.add.at(members, (number, statistic.pattern), 1.0)
    # A cluster none of whose items is used tells nothing; kept, it would count as a unit in n / (n - 1).
    members = members[members[:, kinds].any(axis=1)]
    return Units(statistic, np.ones(len(members)), members, kinds, number)


def cluster_numbers(cluster: Sequence[Hashable], n_items: int) -> npt.NDArray[np.integer]:
    """Number the clusters 0, 1, ... in the order in which items name them.

    >>> cluster_numbers(["S02", "S01", "S02"], 3)
    array([0, 1, 0])
    """
    cluster = arguments.names(cluster, "cluster")
    if len(cluster) != n_items:
        raise keyed_error(key="agreement.cluster_length", n_cluster=len(cluster), n_items=n_items)
    place: dict[Hashable, int] = {}
    return np.array([place.setdefault(name, len(place)) for name in cluster])


def centred_influence(statistic: Statistic) -> Array:
    """Influence of an item of each pattern while the total weight stays what it is.

    Most coefficients do not depend on the total weight; alpha and the ICC do, through n - 1.

    A sum of 2 and 4 grows by as much when an item is added; with two items in all, by -1 or 1.

    >>> from ogp_analysis.agreement.function_of_sums import FunctionOfSums
    >>> used, terms = np.ones(2, dtype=bool), np.array([[2.0], [4.0]])
    >>> centred_influence(FunctionOfSums(terms, np.ones(2), np.arange(2), used, lambda s: s[..., 0]))
    array([-1.,  1.])
    """
    influence = statistic.influence()
    counted = statistic.multiplicity * statistic.active
    return np.where(statistic.active, influence - (counted @ influence) / counted.sum(), 0.0)
