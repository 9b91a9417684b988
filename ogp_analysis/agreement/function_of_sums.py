"""A coefficient as a smooth function of sums over items: value, influence, resamples from one form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Formula = Callable[[npt.NDArray], npt.NDArray]

STEP = 1e-30  # of the complex-step derivative; nothing is subtracted, so it may be this small
BLOCK = 4_000_000


class Statistic(Protocol):
    """What the inference needs of a coefficient.

    Attributes
    ----------
    multiplicity : numpy.ndarray, with shape (P,)
        How many items have each pattern.
    pattern : numpy.ndarray, with shape (N,)
        Pattern of each item.
    active : numpy.ndarray, with shape (P,)
        Which patterns the coefficient uses at all.
    """

    @property
    def multiplicity(self) -> Array:
        """How many items have each pattern."""

    @property
    def pattern(self) -> npt.NDArray[np.integer]:
        """Pattern of each item."""

    @property
    def active(self) -> npt.NDArray[np.bool_]:
        """Which patterns the coefficient uses at all."""

    def values(self, weights: Array) -> Array:
        """Coefficient under each row of weights on the patterns, with shape (B,)."""

    def without_one(self) -> Array:
        """Coefficient without one item of each pattern, with shape (P,)."""

    def influence(self) -> Array:
        """Derivative of the coefficient by the weight of an item of each pattern, with shape (P,)."""

    def values_and_influence(self, weights: Array) -> tuple[Array, Array]:
        """Coefficient and influence of each pattern under each row of weights, shapes (B,) and (B, P)."""


@dataclass(frozen=True, eq=False)
class FunctionOfSums:
    """A coefficient g(S), where S = sum of w_i T_i over items, at weights w = 1.

    Parameters
    ----------
    terms : numpy.ndarray, with shape (P, s)
        What an item of each pattern adds to the s sums.
    multiplicity, pattern, active
        As in `Statistic`.
    formula : callable
        g: sums with shape (..., s) to coefficients with shape (...); analytic, so complex sums work too.

    Examples
    --------
    >>> used, terms = np.ones(2, dtype=bool), np.array([[1, 2.0], [1, 4.0]])
    >>> mean = FunctionOfSums(terms, np.ones(2), np.arange(2), used, lambda s: s[..., 1] / s[..., 0])
    >>> mean.values(np.ones((1, 2))), mean.influence()
    (array([3.]), array([-0.5,  0.5]))
    """

    terms: Array
    multiplicity: Array
    pattern: npt.NDArray[np.integer]
    active: npt.NDArray[np.bool_]
    formula: Formula

    @cached_property
    def sums(self) -> Array:
        """S of the data, with shape (s,)."""
        return self.multiplicity @ self.terms

    def values(self, weights: Array) -> Array:
        """Coefficient under each row of weights on the patterns, with shape (B,)."""
        with np.errstate(all="ignore"):
            return self.formula(weights @ self.terms)

    def without_one(self) -> Array:
        """Coefficient without one item of each pattern, with shape (P,)."""
        with np.errstate(all="ignore"):
            return self.formula(self.sums - self.terms)

    def influence(self) -> Array:
        """Derivative of g with respect to the weight of an item, by complex steps exact to rounding.

        Squire and Trapp (1998), doi 10.1137/S003614459631241X.
        """
        return self.terms @ self._gradient(self.sums)

    def values_and_influence(self, weights: Array) -> tuple[Array, Array]:
        """Coefficient and influence of each pattern under each row of weights, shapes (B,) and (B, P)."""
        sums = weights @ self.terms
        with np.errstate(all="ignore"):
            return self.formula(sums), self._gradient(sums) @ self.terms.T

    def _gradient(self, sums: Array) -> Array:
        # A sum to which no item adds, as of a category that nobody used, moves nothing: of a scale of a
        # thousand ratings these are most.
        moving = np.flatnonzero(self.terms.any(axis=0))
        size = len(moving)
        gradient = np.zeros(sums.shape)
        # Every step copies all sums; in blocks, the copies of thousands of sums still fit into memory.
        block = max(1, BLOCK // sums.size)
        with np.errstate(all="ignore"):
            for start in range(0, size, block):
                stop = min(start + block, size)
                steps = np.zeros((stop - start, sums.shape[-1]), dtype=complex)
                steps[np.arange(stop - start), moving[start:stop]] = 1j * STEP
                gradient[..., moving[start:stop]] = self.formula(sums[..., None, :] + steps).imag / STEP
        return gradient


def quotient(
    numerator: npt.NDArray, denominator: npt.NDArray, *, scale: npt.NDArray | float = 1.0
) -> npt.NDArray:
    """Divide, with NaN where the denominator is zero up to rounding (1e-12 of its scale).

    0.3 - 0.1 - 0.2 is 0 up to rounding: no coefficient may be made of it.

    >>> quotient(np.array([1.0, 1.0]), np.array([4.0, 0.3 - 0.1 - 0.2]))
    array([0.25,  nan])
    """
    # The real part decides: the imaginary one is a step of the derivative, 1e-30.
    zero = np.abs(np.real(denominator)) <= 1e-12 * np.abs(np.real(scale))
    return np.where(zero, np.nan, numerator / np.where(zero, 1.0, denominator))
