"""Kernels of restricted maximum likelihood for crossed random factors and one mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import linalg

Array = npt.NDArray[np.float64]
LEVELS = 2000  # of all factors together, up to which the expected information is computed
SCORINGS = 100
FEW = 400  # levels of all factors together, up to which the last digits are polished
SMALLEST = 1e-300  # without any residual a logarithm has no end; the search must still get a number back


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

    Examples
    --------
    With all ratios 0 nothing but the residual is left: its variance is that of a sample.

    >>> model = Mixed(np.array([1.0, 2.0, 6.0]), {"item": np.arange(3), "rater": np.zeros(3, dtype=int)})
    >>> round(model.residual_variance(np.zeros(2)), 4)
    7.0
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
        if not others:
            return np.zeros((len(self.observed), 0), dtype=np.int64)
        return np.column_stack([index + start for index, start in zip(others, starts, strict=True)])

    @cached_property
    def products(self) -> tuple[Array, Array, Array, Array, Array]:
        """Counts of the first factor, its product with the rest, the rest with itself, both with (1, y)."""
        first, rest = next(iter(self.factors.values())), sum(self.sizes[1:])
        cross, inner = np.zeros((self.sizes[0], rest)), np.zeros((rest, rest))
        # Around the mean: the model is the same, and squares of large scores keep their digits.
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
        # Henderson's equations in the scaled effects sqrt(ratio) u: nothing is divided by a ratio, so 0 is
        # allowed. The first factor's block is diagonal, which is why it may have any number of levels.
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
        return df * np.log(max(squares, SMALLEST) / df) + log_determinant + np.log(information)

    def criterion_and_slope(self, ratio: Array) -> tuple[float, Array]:
        """Minus twice the restricted log-likelihood, up to a constant, and its slope by each ratio.

        d/d ratio_k = tr(P Z_k Z_k') - (R - 1) |Z_k' P y|^2 / y'P y (Searle et al. 1992, page 251), with
        P = V^-1 less its part along the mean. Nothing is divided by a ratio, so 0 is allowed.

        At the estimates, 1.5 and 4 times a residual of 1, the criterion is level.

        >>> index = {"item": np.array([0, 0, 1, 1]), "rater": np.array([0, 1, 0, 1])}
        >>> model = Mixed(np.array([1.0, 3.0, 2.0, 6.0]), index)
        >>> bool(np.allclose(model.criterion_and_slope(np.array([1.5, 4.0]))[1], 0))
        True
        """
        mean, squares, information, log_determinant = self._fit(ratio)
        traces, on_mean, on_observed = self._whitened(ratio)
        fit = on_observed - (mean - self.observed.mean()) * on_mean
        df = len(self.observed) - 1
        starts = np.cumsum([0, *self.sizes])[:-1]
        along, explained = (np.add.reduceat(part**2, starts) for part in (on_mean, fit))
        value = df * np.log(max(squares, SMALLEST) / df) + log_determinant + np.log(information)
        # Where the residual is cut off, the criterion's first term is level.
        pull = df * explained / squares if squares > SMALLEST else 0.0
        return value, traces - along / information - pull

    def _whitened(self, ratio: Array) -> tuple[Array, Array, Array]:
        """tr(Z_k' V^-1 Z_k) of each factor, and Z' V^-1 of the ones and of the ratings less their mean."""
        counts, cross, inner, on_first, on_rest = self.products
        diagonal, _, root, factor, _ = self._absorb(ratio)
        scaled = cross / diagonal[:, None]
        # Of the later factors once the first is absorbed: a small square matrix.
        left = inner - ratio[0] * cross.T @ scaled
        solved = root[:, None] * linalg.cho_solve(factor, np.diag(root))
        kept = left - left @ solved @ left
        starts = np.cumsum([0, *self.sizes[1:]])[:-1]
        traces = np.add.reduceat(np.diag(kept), starts)
        of_first = (counts / diagonal).sum() - ((scaled @ solved) * scaled).sum()
        rest = on_rest - ratio[0] * scaled.T @ on_first
        both = np.vstack([on_first / diagonal[:, None] - scaled @ solved @ rest, rest - left @ solved @ rest])
        return np.append(of_first, traces), both[:, 0], both[:, 1]

    def mean(self, ratio: Array) -> float:
        """Generalised least-squares mean."""
        return float(self._fit(ratio)[0])

    def squares(self, ratio: Array) -> float:
        """Generalised sum of squared residuals, in units of the residual variance."""
        return max(self._fit(ratio)[1], 0.0)

    def residual_variance(self, ratio: Array) -> float:
        """REML residual variance given the ratios."""
        return self.squares(ratio) / (len(self.observed) - 1)

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
    """Standard errors of the variances, from the expected information.

    One factor left at zero, the residual is a sample variance: its standard error is s^2 sqrt(2 / (n - 1)).

    >>> model = Mixed(np.array([1.0, 2.0, 6.0]), {"item": np.arange(3), "rater": np.zeros(3, dtype=int)})
    >>> standard_errors(model, np.array([0.0, 0.0, 7.0]))
    array([nan, nan,  7.])
    """
    errors = np.full(len(variances), np.nan)
    # Only components above zero have an error: on the bound the likelihood is not level.
    inside = np.flatnonzero(variances > 0)
    if _small(model, variances):
        _, information = score_and_information(model, variances)
        errors[inside] = _roots_of_inverse(information[np.ix_(inside, inside)])
    return errors


def _roots_of_inverse(information: Array) -> Array:
    """Square roots of the diagonal of the inverse; NaN where the data do not tell the components apart."""
    try:
        return np.sqrt(np.diag(np.linalg.inv(information)))
    except np.linalg.LinAlgError:
        return np.full(len(information), np.nan)


def polished(model: Mixed, variances: Array) -> Array:
    """Fisher scoring from a good start to the last digits, so that no digit depends on the search.

    Ratings 1, 3 and 2, 6 of two items by two raters: MSR = 4, MSC = 9, MSE = 1, so the variances are
    (4 - 1) / 2, (9 - 1) / 2 and 1.

    >>> index = {"item": np.array([0, 0, 1, 1]), "rater": np.array([0, 1, 0, 1])}
    >>> model = Mixed(np.array([1.0, 3.0, 2.0, 6.0]), index)
    >>> polished(model, np.array([1.4, 3.9, 1.1])).round(4)
    array([1.5, 4. , 1. ])
    """
    inside = np.flatnonzero(variances > 0)
    for _ in range(SCORINGS if _small(model, variances) else 0):
        score, information = score_and_information(model, variances)
        try:
            step = np.linalg.solve(information[np.ix_(inside, inside)], score[inside])
        except np.linalg.LinAlgError:  # two factors number the ratings alike: no step leads anywhere
            return variances
        moved = variances.copy()
        moved[inside] += step
        # Too far from the optimum for scoring to be trusted: what the search found is kept.
        if (moved[inside] <= 0).any() or np.abs(step).max() > variances.max():
            return variances
        variances = moved
        # Of a large model a step takes seconds, and its last digits are nobody's.
        enough = 1e-14 if sum(model.sizes) <= FEW else 1e-9
        if (np.abs(step) <= enough * variances[inside]).all():
            break
    return variances


def _small(model: Mixed, variances: Array) -> bool:
    return sum(model.sizes) <= LEVELS and variances[-1] > 0


def score_and_information(model: Mixed, variances: Array) -> tuple[Array, Array]:
    """Slope of the restricted log-likelihood by the variances, and its expected information.

    s_k = (y'P V_k P y - tr(P V_k)) / 2, I_ij = tr(P V_i P V_j) / 2 (Searle et al. 1992, pages 251-252). All
    traces follow from Z'PZ of the factors: tr(PV) = R - 1, and P V P = P gives those of the residual.

    The estimates are where the slopes are zero.

    >>> index = {"item": np.array([0, 0, 1, 1]), "rater": np.array([0, 1, 0, 1])}
    >>> model = Mixed(np.array([1.0, 3.0, 2.0, 6.0]), index)
    >>> bool(np.allclose(score_and_information(model, np.array([1.5, 4.0, 1.0]))[0], 0))
    True
    """
    *factors, residual = variances
    blocks = [slice(*pair) for pair in pairwise(np.cumsum([0, *model.sizes]))]
    inner, fit = _projected(model, variances)
    traces = np.array([np.trace(inner[block, block]) for block in blocks])
    squares = np.array([fit[block] @ fit[block] for block in blocks])
    form = model.squares(variances[:-1] / residual) / residual
    rest = (form - squares @ factors) / residual
    trace = (len(model.observed) - 1 - traces @ factors) / residual
    score = (np.append(squares, rest) - np.append(traces, trace)) / 2
    information = np.empty((len(variances), len(variances)))
    information[:-1, :-1] = [[(inner[i, j] ** 2).sum() for j in blocks] for i in blocks]
    cross = (traces - information[:-1, :-1] @ factors) / residual
    information[-1, :-1] = information[:-1, -1] = cross
    information[-1, -1] = (trace - cross @ factors) / residual
    return score, information / 2


def _projected(model: Mixed, variances: Array) -> tuple[Array, Array]:
    """Z'PZ and Z'Py, with Z all factors side by side and P = V^-1 less its part along the mean."""
    counts, cross, inner, on_first, on_rest = model.products
    gram = np.block([[np.diag(counts), cross], [cross.T, inner]])
    ratio = variances[:-1] / variances[-1]
    root = np.repeat(np.sqrt(ratio), model.sizes)
    factor = linalg.cho_factor(np.eye(len(root)) + root[:, None] * gram * root, lower=True)
    solved = linalg.cho_solve(factor, root[:, None] * gram)
    on_mean = np.diag(gram)
    along = on_mean - (on_mean * root) @ solved
    total = len(model.observed) - (on_mean * root) @ linalg.cho_solve(factor, root * on_mean)
    shift = np.array([model.observed.mean() - model.mean(ratio), 1.0])
    apart = np.concatenate([on_first, on_rest]) @ shift
    fit = apart - (gram * root) @ linalg.cho_solve(factor, root * apart)
    inside = gram - (gram * root) @ solved - np.outer(along, along) / total
    return inside / variances[-1], fit / variances[-1]
