"""Kernels of restricted maximum likelihood for crossed random factors and one mean.

Written so that no sum runs on several threads (`block_inverse`), and no matrix has the size of the largest
factor: its equations are diagonal and are solved first, the ratings enter through sparse tables of counts,
and one square matrix is left, of the levels of all other factors together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import sparse

from ogp_analysis.agreement.block_inverse import inverse

Array = npt.NDArray[np.float64]
SCORINGS = 100
FEW = 400  # levels of all factors together, up to which the last digits are polished
SMALLEST = 1e-300  # without any residual a logarithm has no end; the search must still get a number back


@dataclass(frozen=True, eq=False)
class Counts:
    """What the ratings add up to: levels of the first factor in rows, those of the others in columns."""

    first: Array  # ratings of each level of the first factor
    cross: sparse.csr_array  # ratings of each level of the first and of another factor
    inner: sparse.csr_array  # ratings of each pair of levels of the other factors
    on_first: Array  # how many, and the sum of the ratings less their mean
    on_rest: Array


@dataclass(frozen=True, eq=False)
class Absorbed:
    """The equations at some ratios of variances, the first factor solved for.

    With V1 = I + ratio_1 Z1 Z1', ``scaled`` is Z1' V1^-1 Z2, ``left`` is Z2' V1^-1 Z2 and ``right``
    Z2' V1^-1 (1, y); ``solved`` is root (I + root left root)^-1 root, so that
    V^-1 = V1^-1 - V1^-1 Z2 solved Z2' V1^-1.
    """

    diagonal: Array
    scaled: sparse.csr_array
    left: sparse.csr_array
    right: Array
    root: Array
    within: Array
    log_determinant: float

    @cached_property
    def solved(self) -> Array:
        """Dense, with the size of the other factors."""
        return self.root[:, None] * self.within * self.root

    @cached_property
    def kept(self) -> Array:
        """Left solved, dense."""
        return self.left @ self.solved


@dataclass(frozen=True, eq=False)
class Mixed:
    """y = mean + sum of random effects + residual, V = I + sum ratio_k Z_k Z_k'.

    Parameters
    ----------
    observed : numpy.ndarray, with shape (R,)
        The ratings.
    factors : dict of str to numpy.ndarray, with shape (R,)
        Level 0..p-1 of each rating in each factor; the first factor is absorbed and may have any number of
        levels, the others together a few thousand: the time grows with their third power.
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
    def products(self) -> Counts:
        """Counts of the ratings by the levels of the factors, and their sums."""
        first, rest = next(iter(self.factors.values())), sum(self.sizes[1:])
        # Around the mean: the model is the same, and squares of large scores keep their digits.
        apart = self.observed - self.observed.mean()
        columns = list(self.columns.T)
        pairs = [(one, other) for one in columns for other in columns]
        on_rest = [_sums(column, apart, rest) for column in columns]
        return Counts(
            np.bincount(first).astype(np.float64),
            _counted([(first, column) for column in columns], (self.sizes[0], rest)),
            _counted(pairs, (rest, rest)),
            _sums(first, apart, self.sizes[0]),
            np.sum(on_rest, axis=0) if on_rest else np.zeros((0, 2)),
        )

    def _absorb(self, ratio: Array) -> Absorbed:
        # Henderson's equations in the scaled effects sqrt(ratio) u: nothing is divided by a ratio, so 0 is
        # allowed. The first factor's block is diagonal, which is why it may have any number of levels.
        known = self.products
        root = np.repeat(np.sqrt(ratio[1:]), self.sizes[1:])
        diagonal = 1.0 + ratio[0] * known.first
        entries = known.cross.data / np.repeat(diagonal, np.diff(known.cross.indptr))
        scaled = sparse.csr_array((entries, known.cross.indices, known.cross.indptr), shape=known.cross.shape)
        left = (known.inner - ratio[0] * (known.cross.T @ scaled)).tocsr()
        within, log_determinant = inverse(_identity_and(left, root))
        right = known.on_rest - ratio[0] * (scaled.T @ known.on_first)
        log_determinant += np.log(diagonal).sum()
        return Absorbed(diagonal, scaled, left, right, root, within, float(log_determinant))

    def _fit(self, ratio: Array) -> tuple[float, float, float, Absorbed]:
        absorbed = self._absorb(ratio)
        known = self.products
        first, rest = known.on_first / absorbed.diagonal[:, None], absorbed.root[:, None] * absorbed.right
        total, squares = float(len(self.observed)), float(self.observed.var() * len(self.observed))
        form = np.diag([total, squares]) - ratio[0] * _product(known.on_first, first)
        form = form - _product(rest, _times(absorbed.within, rest))
        mean = form[0, 1] / form[0, 0]
        residual = form[1, 1] - form[0, 0] * mean**2
        return self.observed.mean() + mean, float(residual), float(form[0, 0]), absorbed

    def _criterion(self, squares: float, information: float, log_determinant: float) -> float:
        df = len(self.observed) - 1
        return df * np.log(max(squares, SMALLEST) / df) + log_determinant + np.log(information)

    def criterion(self, ratio: Array) -> float:
        """Minus twice the restricted log-likelihood, up to a constant."""
        _, squares, information, absorbed = self._fit(ratio)
        return self._criterion(squares, information, absorbed.log_determinant)

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
        mean, squares, information, absorbed = self._fit(ratio)
        on_mean, on_observed = self._whitened(absorbed)
        fit = on_observed - (mean - self.observed.mean()) * on_mean
        df = len(self.observed) - 1
        along, explained = self._by_factor(on_mean**2), self._by_factor(fit**2)
        value = self._criterion(squares, information, absorbed.log_determinant)
        # Where the residual is cut off, the criterion's first term is level.
        pull = df * explained / squares if squares > SMALLEST else 0.0
        return value, self._by_factor(self._diagonal(absorbed)) - along / information - pull

    def _by_factor(self, entries: Array) -> Array:
        """Sums of a vector over the levels of each factor."""
        return np.add.reduceat(entries, np.cumsum([0, *self.sizes])[:-1])

    def _diagonal(self, absorbed: Absorbed) -> Array:
        """Diagonal of Z' V^-1 Z."""
        first = self.products.first / absorbed.diagonal
        first = first - (absorbed.scaled * (absorbed.scaled @ absorbed.solved)).sum(axis=1)
        rest = absorbed.left.diagonal() - (absorbed.left * absorbed.kept).sum(axis=1)
        return np.concatenate([first, rest])

    def _whitened(self, absorbed: Absorbed) -> tuple[Array, Array]:
        """Z' V^-1 of the ones and of the ratings less their mean."""
        solved = _times(absorbed.solved, absorbed.right)
        first = self.products.on_first / absorbed.diagonal[:, None] - absorbed.scaled @ solved
        both = np.vstack([first, absorbed.right - absorbed.left @ solved])
        return both[:, 0], both[:, 1]

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
        mean, _, _, absorbed = self._fit(self.ratio)
        on_mean, on_observed = self._whitened(absorbed)
        share = np.repeat(self.ratio, self.sizes)
        joined = share * (on_observed - (mean - self.observed.mean()) * on_mean)
        return joined[: self.sizes[0]], joined[self.sizes[0] :]

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


def _counted(
    pairs: list[tuple[npt.NDArray[np.integer], npt.NDArray[np.integer]]], shape: tuple[int, int]
) -> sparse.csr_array:
    """How often each pair of row and column occurs."""
    if not pairs:
        return sparse.csr_array(shape)
    rows, columns = (np.concatenate(side) for side in zip(*pairs, strict=True))
    return sparse.coo_array((np.ones(len(rows)), (rows, columns)), shape=shape).tocsr()


def _identity_and(matrix: sparse.csr_array, root: Array) -> sparse.csr_array:
    """I + root matrix root."""
    entries = matrix.data * np.repeat(root, np.diff(matrix.indptr)) * root[matrix.indices]
    scaled = sparse.csr_array((entries, matrix.indices, matrix.indptr), shape=matrix.shape)
    return (sparse.eye_array(len(root), format="csr") + scaled).tocsr()


def _sums(index: npt.NDArray[np.integer], values: Array, size: int) -> Array:
    """Count and sum of the values of each level, with shape (size, 2)."""
    return np.column_stack([np.bincount(index, minlength=size), np.bincount(index, values, size)])


def _product(one: Array, other: Array) -> Array:
    """One' other of two tables with few columns, on one thread whatever their length."""
    return np.array([[(a * b).sum() for b in other.T] for a in one.T])


def _times(matrix: Array, table: Array) -> Array:
    """A square matrix times a table with few columns, on one thread."""
    return np.column_stack([(matrix * column).sum(axis=1) for column in table.T])


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
    if variances[-1] > 0:
        _, information = score_and_information(model, variances)
        errors[inside] = _roots_of_inverse(information[np.ix_(inside, inside)])
    return errors


def _roots_of_inverse(information: Array) -> Array:
    """Square roots of the diagonal of the inverse; NaN where the data do not tell the components apart.

    >>> _roots_of_inverse(np.array([[1.0, 2.0], [2.0, 1.0]])), _roots_of_inverse(np.diag([0.25, 1.0]))
    (array([nan, nan]), array([2., 1.]))
    """
    try:
        diagonal = np.diag(np.linalg.inv(information))
        # Of a matrix that is singular but for rounding the inverse may have any sign.
        return np.sqrt(np.where(diagonal > 0, diagonal, np.nan))
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
    for _ in range(SCORINGS if variances[-1] > 0 else 0):
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
    ratio = variances[:-1] / residual
    mean, squares_left, total, absorbed = model._fit(ratio)
    on_mean, on_observed = model._whitened(absorbed)
    fit = (on_observed - (mean - model.observed.mean()) * on_mean) / residual
    squares = model._by_factor(fit**2)
    traces = model._by_factor(model._diagonal(absorbed) - on_mean**2 / total) / residual
    form = max(squares_left, 0.0) / residual
    rest = (form - (squares * factors).sum()) / residual
    trace = (len(model.observed) - 1 - (traces * factors).sum()) / residual
    score = (np.append(squares, rest) - np.append(traces, trace)) / 2
    information = np.empty((len(variances), len(variances)))
    information[:-1, :-1] = _squared_blocks(model, absorbed, on_mean / np.sqrt(total)) / residual**2
    cross = (traces - (information[:-1, :-1] * factors).sum(axis=1)) / residual
    information[-1, :-1] = information[:-1, -1] = cross
    information[-1, -1] = (trace - (cross * factors).sum()) / residual
    return score, information / 2


def _squared_blocks(model: Mixed, absorbed: Absorbed, along: Array) -> Array:
    """Sums of squares of the blocks of Z' V^-1 Z - along along', factor by factor.

    The block of the first factor, Lambda - B M B' with B sparse and M small, is never written out:
    its sum of squares is that of Lambda less 2 tr(Lambda B M B') plus tr(M B'B M B'B).
    """
    size = model.sizes[0]
    blocks = [slice(*pair) for pair in pairwise(np.cumsum([0, *model.sizes[1:]]))]
    first, rest = along[:size], along[size:]
    squares = np.empty((len(model.sizes), len(model.sizes)))
    squares[0, 0] = _first_block(model, absorbed, first)
    scaled, kept = absorbed.scaled, absorbed.kept
    # Z1' V^-1 Z2 = B (I - M left), and Z2' V^-1 Z2 = left - left M left.
    turned = np.eye(len(rest)) - kept.T
    gram = (scaled.T @ scaled) @ turned
    on_rest = _times(turned.T, (scaled.T @ first)[:, None])[:, 0]
    for k, block in enumerate(blocks, start=1):
        cross = (gram[:, block] * turned[:, block]).sum() - 2 * (on_rest[block] * rest[block]).sum()
        squares[0, k] = squares[k, 0] = cross + (first**2).sum() * (rest[block] ** 2).sum()
    inner = absorbed.left.toarray() - (absorbed.left @ kept.T).T - rest[:, None] * rest
    squares[1:, 1:] = [[(inner[one, other] ** 2).sum() for other in blocks] for one in blocks]
    return squares


def _first_block(model: Mixed, absorbed: Absorbed, along: Array) -> float:
    scaled, solved = absorbed.scaled, absorbed.solved
    weight = model.products.first / absorbed.diagonal
    spread = scaled @ solved
    gram = (scaled.T @ scaled) @ solved
    on_rest = scaled.T @ along
    squares = (weight**2).sum() - 2 * (weight * (scaled * spread).sum(axis=1)).sum() + (gram * gram.T).sum()
    through = (weight * along**2).sum() - (on_rest * _times(solved, on_rest[:, None])[:, 0]).sum()
    return float(squares - 2 * through + (along**2).sum() ** 2)
