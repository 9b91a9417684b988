"""Kernels of restricted maximum likelihood for crossed random factors and one mean."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse

Array = npt.NDArray[np.float64]
DENSE = 2500  # ratings up to which the expected information is computed


@dataclass(frozen=True, eq=False)
class Mixed:
    """y = mean + sum of random effects + residual.

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

    def design(self, ratio: Array) -> list[sparse.csr_matrix]:
        """Z_k times sqrt(ratio_k) of every factor, with shapes (R, p_k)."""
        rows = np.arange(len(self.observed))
        return [
            sparse.csr_matrix((np.full(len(rows), np.sqrt(r)), (rows, index)))
            for r, index in zip(ratio, self.factors.values(), strict=True)
        ]

    def solve(self, ratio: Array, right: Array) -> tuple[Array, float]:
        """V^-1 times ``right`` and log |V|, V = I + sum ratio_k Z_k Z_k', by absorbing the first factor."""
        first, *others = self.design(ratio)
        rest = sparse.hstack(others).tocsr() if others else sparse.csr_matrix((len(self.observed), 0))
        diagonal = 1.0 + np.asarray(first.multiply(first).sum(axis=0)).ravel()
        cross = (first.T @ rest).tocsr()
        inner = (
            np.eye(rest.shape[1]) + (rest.T @ rest - cross.T @ sparse.diags(1 / diagonal) @ cross).toarray()
        )
        factor = linalg.cho_factor(inner, lower=True)
        on_first, on_rest = first.T @ right, rest.T @ right
        effect = linalg.cho_solve(factor, on_rest - cross.T @ (on_first / diagonal[:, None]))
        absorbed = (on_first - cross @ effect) / diagonal[:, None]
        log_determinant = np.log(diagonal).sum() + 2 * np.log(np.diag(factor[0])).sum()
        return right - first @ absorbed - rest @ effect, float(log_determinant)

    def _fit(self, ratio: Array) -> tuple[float, float, float, float]:
        centre = self.observed.mean()
        right = np.column_stack([np.ones(len(self.observed)), self.observed - centre])
        solved, log_determinant = self.solve(ratio, right)
        information = float(solved[:, 0].sum())
        mean = float(solved[:, 1].sum()) / information
        squares = float(right[:, 1] @ solved[:, 1]) - information * mean**2
        return centre + mean, squares, information, log_determinant

    def criterion(self, ratio: Array) -> float:
        """Minus twice the restricted log-likelihood, up to a constant."""
        _, squares, information, log_determinant = self._fit(ratio)
        df = len(self.observed) - 1
        return df * np.log(max(squares, 1e-300) / df) + log_determinant + np.log(information)

    def mean(self, ratio: Array) -> float:
        """Generalised least-squares mean."""
        return self._fit(ratio)[0]

    def residual_variance(self, ratio: Array) -> float:
        """REML residual variance given the ratios."""
        return max(self._fit(ratio)[1], 0.0) / (len(self.observed) - 1)

    def effects(self, name: str) -> Array:
        """Predicted (shrunken) effects of one factor at the model's ratios, with shape (p,)."""
        place = list(self.factors).index(name)
        apart = (self.observed - self.mean(self.ratio))[:, None]
        solved, _ = self.solve(self.ratio, apart)
        return self.ratio[place] * np.bincount(self.factors[name], weights=solved[:, 0])

    def residuals(self) -> Array:
        """Observed less mean and predicted effects, with shape (R,)."""
        solved, _ = self.solve(self.ratio, (self.observed - self.mean(self.ratio))[:, None])
        return solved[:, 0]


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
