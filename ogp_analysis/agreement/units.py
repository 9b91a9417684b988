"""What is drawn when a coefficient is resampled: items, or clusters of items."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ogp_analysis import resampling
from ogp_analysis.agreement import options
from ogp_analysis.agreement.statistic import Statistic
from ogp_analysis.errors import StatisticsError
from ogp_analysis.model import Estimate

Array = npt.NDArray[np.float64]


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

    >>> from ogp_analysis.agreement.statistic import FunctionOfSums
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
        return self.values(resampling.jackknife_weights(self.multiplicity))

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

    def influence(self) -> Array:
        """Influence of a unit of each kind, with shape (U,)."""
        influence = centred_influence(self.statistic)
        return influence[self.kinds] if self.members is None else self.members @ influence


def units(statistic: Statistic, cluster: Sequence[Hashable] | None) -> Units:
    """Say what is drawn for a coefficient: its items, or the given clusters of them.

    Parameters
    ----------
    statistic : Statistic
        The coefficient on weights of patterns of items.
    cluster : sequence or None, with length N
        Cluster of each item; None where items are drawn one by one.

    Returns
    -------
    Units
        The units; items that the coefficient does not use, and clusters of such items only, are not drawn.

    Raises
    ------
    StatisticsError
        ``cluster`` does not have one entry per item, or one is missing.

    Examples
    --------
    >>> from ogp_analysis.agreement.statistic import FunctionOfSums
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

    Parameters
    ----------
    cluster : sequence of hashable, with length N
        Name of each item's cluster.
    n_items : int
        N.

    Returns
    -------
    numpy.ndarray, with shape (N,)
        Number of each item's cluster.

    Raises
    ------
    StatisticsError
        Not one name per item, or one is missing.

    Examples
    --------
    >>> cluster_numbers(["S02", "S01", "S02"], 3)
    array([0, 1, 0])
    """
    cluster = options.names(cluster, "cluster")
    if len(cluster) != n_items:
        msg = f"cluster has {len(cluster)} entries, but there are {n_items} items"
        raise StatisticsError(msg, n_cluster=len(cluster), n_items=n_items)
    place: dict[Hashable, int] = {}
    return np.array([place.setdefault(name, len(place)) for name in cluster])


def centred_influence(statistic: Statistic) -> Array:
    """Influence of an item of each pattern while the total weight stays what it is.

    Most coefficients do not depend on the total weight; alpha and the ICC do, through n - 1.

    Parameters
    ----------
    statistic : Statistic
        The coefficient.

    Returns
    -------
    numpy.ndarray, with shape (P,)
        Influences, whose sum over items is 0; 0 for patterns that are not used.

    Examples
    --------
    A sum of 2 and 4 grows by as much when an item is added; with two items in all, by -1 or 1.

    >>> from ogp_analysis.agreement.statistic import FunctionOfSums
    >>> used, terms = np.ones(2, dtype=bool), np.array([[2.0], [4.0]])
    >>> centred_influence(FunctionOfSums(terms, np.ones(2), np.arange(2), used, lambda s: s[..., 0]))
    array([-1.,  1.])
    """
    influence = statistic.influence()
    counted = statistic.multiplicity * statistic.active
    return np.where(statistic.active, influence - (counted @ influence) / counted.sum(), 0.0)
