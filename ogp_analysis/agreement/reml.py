"""Kernels of restricted maximum likelihood for crossed random factors and one mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import linalg

Array = npt.NDArray[np.float64]
DENSE = 2500  # ratings up to which the expected information is computed


@dataclass(frozen=True, eq=False)
class Mixed:
    """y = mean + sum of random effects + residual, V = I + sum ratio_k Z_k Z_k'.

    Parameters
    ----------
    observed : numpy.ndarray, with shape (R,)
        The ratings.
    factors : dict of str to numpy.ndarray, with shape (R,)
        Level 0..p-1 of each rating in each factor; the first factor is absorbed and may have any number of
        levels, the others together a few thousand.
    ratio : numpy.ndarray, with shape (K,)
        Variance of each factor over that of the residual.
    """

    observed: Array
    factors: dict[str, npt.NDArray[np.integer]]
    ratio: Array = field(default_factory=lambda: np.zeros(0))

    def at(self, ratio: Array) -> Mixed:
        """The same model at other ratios of variances."""
        return Mixed(self.observed, self.factors, np.asarray(ratio, dtype=np.float64))

    @cached_property
    def sizes(self) -> list[int]:
        """Levels of each factor."""
        return [int(index.max()) + 1 for index in self.factors.values()]

    @cached_property
    def columns(self) -> npt.NDArray[np.integer]:
        """Column of each rating in the joined matrix of the later factors, with shape (R, K - 1)."""
        others = list(self.factors.values())[1:]
        starts = np.cumsum([0, *self.sizes[1:]])[:-1]
        return np.column_stack([index + start for index, start in zip(others, starts, strict=True)])

    @cached_property
    def products(self) -> tuple[Array, Array, Array, Array, Array]:
        """Counts of the first factor, its product with the rest, the rest with itself, both with (1, y)."""
        first, rest = next(iter(self.factors.values())), sum(self.sizes[1:])
        cross, inner = np.zeros((self.sizes[0], rest)), np.zeros((rest, rest))
        right = np.column_stack([np.ones(len(self.observed)), self.observed - self.observed.mean()])
        on_first, on_rest = np.zeros((self.sizes[0], 2)), np.zeros((rest, 2))
        np.add.at(on_first, first, right)
        for column in self.columns.T:
            np.add.at(cross, (first, column), 1.0)
            np.add.at(on_rest, column, right)
            for other in self.columns.T:
                np.add.at(inner, (column, other), 1.0)
        return np.bincount(first).astype(np.float64), cross, inner, on_first, on_rest

    def _absorb(self, ratio: Array) -> tuple[Array, Array, Array, tuple, float]:
        counts, cross, inner, _, _ = self.products
        root = np.repeat(np.sqrt(ratio[1:]), self.sizes[1:])
        diagonal = 1.0 + ratio[0] * counts
        cross = np.sqrt(ratio[0]) * cross * root
        inner = np.eye(len(root)) + root[:, None] * inner * root - cross.T @ (cross / diagonal[:, None])
        factor = linalg.cho_factor(inner, lower=True)
        log_determinant = np.log(diagonal).sum() + 2 * np.log(np.diag(factor[0])).sum()
        return diagonal, cross, root, factor, float(log_determinant)

    def _fit(self, ratio: Array) -> tuple[float, float, float, float]:
        diagonal, cross, root, factor, log_determinant = self._absorb(ratio)
        *_, on_first, on_rest = self.products
        first, rest = np.sqrt(ratio[0]) * on_first, root[:, None] * on_rest
        rest = rest - cross.T @ (first / diagonal[:, None])
        total, squares = float(len(self.observed)), float(self.observed.var() * len(self.observed))
        form = np.diag([total, squares]) - first.T @ (first / diagonal[:, None])
        form = form - rest.T @ linalg.cho_solve(factor, rest)
        mean = form[0, 1] / form[0, 0]
        residual = form[1, 1] - form[0, 0] * mean**2
        return self.observed.mean() + mean, float(residual), float(form[0, 0]), log_determinant

    def criterion(self, ratio: Array) -> float:
        """Minus twice the restricted log-likelihood, up to a constant."""
        _, squares, information, log_determinant = self._fit(ratio)
        df = len(self.observed) - 1
        return df * np.log(max(squares, 1e-300) / df) + log_determinant + np.log(information)

    def mean(self, ratio: Array) -> float:
        """Generalised least-squares mean."""
        return float(self._fit(ratio)[0])

    def residual_variance(self, ratio: Array) -> float:
        """REML residual variance given the ratios."""
        return max(self._fit(ratio)[1], 0.0) / (len(self.observed) - 1)

    def _predicted(self) -> tuple[Array, Array]:
        diagonal, cross, root, factor, _ = self._absorb(self.ratio)
        *_, on_first, on_rest = self.products
        shift = np.array([self.observed.mean() - self.mean(self.ratio), 1.0])
        first, rest = np.sqrt(self.ratio[0]) * (on_first @ shift), root * (on_rest @ shift)
        rest = linalg.cho_solve(factor, rest - cross.T @ (first / diagonal))
        return np.sqrt(self.ratio[0]) * (first - cross @ rest) / diagonal, root * rest

    def effects(self, name: str) -> Array:
        """Predicted (shrunken) effects of one factor at the model's ratios, with shape (p,)."""
        joined = np.concatenate(self._predicted())
        place = list(self.factors).index(name)
        start = sum(self.sizes[:place])
        return joined[start : start + self.sizes[place]]

    def residuals(self) -> Array:
        """Observed less mean and predicted effects, with shape (R,)."""
        first, rest = self._predicted()
        predicted = first[next(iter(self.factors.values()))] + rest[self.columns].sum(axis=1)
        return self.observed - self.mean(self.ratio) - predicted


def standard_errors(model: Mixed, variances: Array) -> Array:
    """From the expected information, I_ij = tr(P V_i P V_j) / 2 (Searle et al. 1992, page 252).

    NaN for components of zero, and for all where there are too many ratings for dense matrices.
    """
    errors = np.full(len(variances), np.nan)
    size = len(model.observed)
    inside = np.flatnonzero(variances > 0)
    if size > DENSE or variances[-1] <= 0:
        return errors
    same = [(index[:, None] == index).astype(np.float64) for index in model.factors.values()]
    parts = [*same, np.eye(size)]
    inverse = np.linalg.inv(sum(v * part for v, part in zip(variances, parts, strict=True)))
    row = inverse.sum(axis=1)
    projected = inverse - np.outer(row, row) / row.sum()
    products = [projected @ parts[k] for k in inside]
    information = [[(one * other.T).sum() / 2 for other in products] for one in products]
    errors[inside] = np.sqrt(np.diag(np.linalg.inv(np.array(information))))
    return errors
