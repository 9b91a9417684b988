"""What the functions of this package accept; every refusal names the value and the rule."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ogp_analysis.errors import StatisticsError

SUM_TOLERANCE = 1e-9


def refuse_non_finite(values: np.ndarray, name: str) -> None:
    """Refuse NaN and infinity, naming the first place."""
    bad = np.argwhere(~np.isfinite(values))
    if len(bad):
        place = tuple(int(k) for k in bad[0])
        message = f"{name} at {place} is {values[place]}; every value must be a finite number"
        raise StatisticsError(message, value=float(values[place]), place=place)


def score_matrix(scores: ArrayLike, name: str = "scores") -> np.ndarray:
    """Read scores as an (m, n) array of finite numbers with n >= 1."""
    array = np.asarray(scores, dtype=float)
    if array.ndim != 2 or array.shape[1] < 1:
        message = f"{name} has shape {array.shape}; it must be (m proposals, n >= 1 indicators)"
        raise StatisticsError(message, shape=array.shape)
    refuse_non_finite(array, name)
    return array


def cut_vector(cuts: ArrayLike, *, ordered: bool = False) -> np.ndarray:
    """Read cut points as an (r,) array of finite numbers, on request only increasing ones."""
    array = np.atleast_1d(np.asarray(cuts, dtype=float))
    if array.ndim != 1:
        message = f"cuts has shape {array.shape}; it must be (r,)"
        raise StatisticsError(message, shape=array.shape)
    refuse_non_finite(array, "cuts")
    if ordered and np.any(np.diff(array) <= 0):
        message = f"cut points {array.tolist()} are out of order; each must be above the one before"
        raise StatisticsError(message, cuts=array.tolist())
    return array


def weight_vector(weights: ArrayLike, n: int) -> np.ndarray:
    """Read n weights: finite, not negative, with sum 1."""
    array = np.asarray(weights, dtype=float)
    if array.shape != (n,):
        message = f"weights has shape {array.shape}; it must be ({n},), one weight for each indicator"
        raise StatisticsError(message, shape=array.shape)
    refuse_non_finite(array, "weights")
    if np.any(array < 0):
        message = f"weights {array.tolist()} hold the negative value {array.min()}; none may be below 0"
        raise StatisticsError(message, weights=array.tolist())
    if abs(array.sum() - 1) > SUM_TOLERANCE:
        message = f"weights {array.tolist()} sum to {array.sum():.12g}; they must sum to 1"
        raise StatisticsError(message, weights=array.tolist(), sum=float(array.sum()))
    return array


def alpha_vector(alpha: ArrayLike, n: int) -> np.ndarray:
    """Read n Dirichlet parameters: finite, not negative, not all zero."""
    array = np.asarray(alpha, dtype=float)
    if array.shape != (n,):
        message = f"alpha has shape {array.shape}; it must be ({n},), one parameter for each indicator"
        raise StatisticsError(message, shape=array.shape)
    refuse_non_finite(array, "alpha")
    if np.any(array < 0):
        message = f"alpha {array.tolist()} holds the negative value {array.min()}; none may be below 0"
        raise StatisticsError(message, alpha=array.tolist())
    if not array.any():
        message = f"alpha {array.tolist()} has concentration 0; the sum must be above 0"
        raise StatisticsError(message, alpha=array.tolist())
    return array


def choice(value: str, allowed: tuple[str, ...], name: str) -> str:
    """Read one of the allowed words."""
    if value not in allowed:
        message = f"{name} {value!r} is not one of {', '.join(allowed)}"
        raise StatisticsError(message, value=value)
    return value
