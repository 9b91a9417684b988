"""What the functions of this package accept; every refusal names the value and the rule."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ogp_analysis.errors import StatisticsError

# What people write for numbers: in params files, on paper in Spanish, and in tables of categories.
FRACTION = re.compile(r"[+-]?\d+ */ *0*[1-9]\d*")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
ROUTE = "route"
SUM_TOLERANCE = 1e-9  # of a sum of 1: weights typed with a few decimals, or computed as 1 / 3


def numbers(values: ArrayLike, name: str) -> np.ndarray:
    """Read an array of numbers; text, objects and rows of different lengths are refused.

    >>> numbers([[1, 2], [3]], "scores")
    Traceback (most recent call last):
    ogp_analysis.errors.StatisticsError: scores is [[1, 2], [3]]; it must be numbers, in rows of one length
    >>> numbers([0.5, "0,5"], "weights")
    Traceback (most recent call last):
    ogp_analysis.errors.StatisticsError: weights at (1,) is '0,5'; it must be a number: write 0.5
    """
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError, OverflowError):
        text = _first_text(values)
        if text is None:
            message = f"{name} is {reprlib.repr(values)}; it must be numbers, in rows of one length"
            raise StatisticsError(message, values=values) from None
        place, value = text
        at = f" at {place}" if place else ""
        message = f"{name}{at} is {reprlib.repr(value)}; it must be a number{_as_number(value)}"
        raise StatisticsError(message, value=value, place=place) from None


def _first_text(values: ArrayLike) -> tuple[tuple[int, ...], str] | None:
    """Find the first text that is no number, and its place; None where there is none."""
    try:
        cells = np.asarray(values, dtype=object)
    except (TypeError, ValueError):
        return None
    for place, value in np.ndenumerate(cells):
        if isinstance(value, str) and not _is_number(value):
            return place, value
    return None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _as_number(text: str) -> str:
    """Say how what was probably meant is written."""
    plain = text.strip()
    if FRACTION.fullmatch(plain):
        return f": write {plain} without quotation marks"
    if DECIMAL_COMMA.fullmatch(plain):
        return f": write {plain.replace(',', '.')}"
    return ": write 0 for the route" if plain.lower() == ROUTE else ""


def finite_numbers(values: ArrayLike, name: str, shape: tuple[int | str, ...]) -> np.ndarray:
    """Read finite numbers of a given shape, in which a word stands for any length.

    >>> finite_numbers([1, 2, 3], "bounds", (2,))
    Traceback (most recent call last):
    ogp_analysis.errors.StatisticsError: bounds has shape (3,); it must be (2,)
    """
    array = numbers(values, name)
    fits = array.ndim == len(shape) and all(
        isinstance(wanted, str) or wanted == given for wanted, given in zip(shape, array.shape, strict=True)
    )
    if not fits:
        wanted = ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "")
        message = f"{name} has shape {array.shape}; it must be ({wanted})"
        raise StatisticsError(message, shape=array.shape)
    refuse_non_finite(array, name)
    return array


def one_number(value: ArrayLike, name: str) -> float:
    """Read a single finite number, also out of an array that holds only one.

    >>> one_number([2.5], "cut")
    2.5
    """
    array = numbers(value, name)
    if array.size != 1:
        message = f"{name} is {reprlib.repr(value)}; it must be one number"
        raise StatisticsError(message, value=value)
    refuse_non_finite(array, name)
    return float(array.ravel()[0])


def whole_number(value: Any, name: str, *, least: int = 0) -> int:
    """Read a whole number of at least ``least``.

    >>> whole_number(1e6, "draws")
    Traceback (most recent call last):
    ogp_analysis.errors.StatisticsError: draws 1000000.0 must be at least 0 and a whole number
    """
    # True counts as 1 for isinstance, but nobody means it as a number of draws.
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or value < least:
        message = f"{name} {reprlib.repr(value)} must be at least {least} and a whole number"
        raise StatisticsError(message, **{name: value})
    return int(value)


def generator(rng: Any) -> np.random.Generator:
    """Take a numpy generator and nothing else: a seed here would make every call draw the same.

    >>> generator(1)
    Traceback (most recent call last):
    ogp_analysis.errors.StatisticsError: rng is 1; it must be a numpy.random.Generator
    """
    if not isinstance(rng, np.random.Generator):
        message = f"rng is {reprlib.repr(rng)}; it must be a numpy.random.Generator"
        raise StatisticsError(message, rng=rng)
    return rng


def pair(values: Any, name: str) -> Sequence[Any]:
    """Take one entry for each of the two criteria."""
    if not isinstance(values, Sequence | np.ndarray) or isinstance(values, str) or len(values) != 2:
        message = f"{name} is {reprlib.repr(values)}; it must have two entries, one for each criterion"
        raise StatisticsError(message, values=values)
    return values


def probabilities(values: np.ndarray, name: str) -> np.ndarray:
    """Refuse negative probabilities and rows (last axis) whose sum is not 1.

    >>> probabilities(np.array([[0.5, 0.4]]), "pmf")
    Traceback (most recent call last):
    ogp_analysis.errors.StatisticsError: pmf at (0,) sums to 0.9; probabilities must sum to 1
    """
    refuse_non_finite(values, name)
    if np.any(values < -SUM_TOLERANCE):
        message = f"{name} holds the negative value {values.min():.6g}; a probability is 0 or more"
        raise StatisticsError(message, value=float(values.min()))
    off = np.argwhere(np.abs(values.sum(axis=-1) - 1) > SUM_TOLERANCE)
    if len(off):
        place = tuple(int(k) for k in off[0])
        message = f"{name} at {place} sums to {values[place].sum():.12g}; probabilities must sum to 1"
        raise StatisticsError(message, place=place, sum=float(values[place].sum()))
    return values


def refuse_non_finite(values: np.ndarray, name: str) -> None:
    """Refuse NaN and infinity, naming the first place.

    >>> refuse_non_finite(np.array([[1.0, np.nan]]), "scores")
    Traceback (most recent call last):
    ogp_analysis.errors.StatisticsError: scores at (0, 1) is nan; every value must be a finite number
    """
    bad = np.argwhere(~np.isfinite(values))
    if len(bad):
        place = tuple(int(k) for k in bad[0])
        message = f"{name} at {place} is {values[place]}; every value must be a finite number"
        raise StatisticsError(message, value=float(values[place]), place=place)


def score_matrix(scores: ArrayLike, name: str = "scores") -> np.ndarray:
    """Read scores as an (m, n) array of finite numbers with n >= 1; m may be 0.

    >>> score_matrix([1, 5])
    Traceback (most recent call last):
    ogp_analysis.errors.StatisticsError: scores has shape (2,); it must be (m proposals, n >= 1 indicators)
    """
    array = numbers(scores, name)
    if array.ndim != 2 or array.shape[1] < 1:
        message = f"{name} has shape {array.shape}; it must be (m proposals, n >= 1 indicators)"
        raise StatisticsError(message, shape=array.shape)
    refuse_non_finite(array, name)
    return array


def two_cuts(cuts: ArrayLike) -> np.ndarray:
    """Read the two increasing cut points that make three levels.

    >>> two_cuts([2.5, 3.5]).tolist()
    [2.5, 3.5]
    """
    array = cut_vector(cuts, ordered=True)
    if len(array) != 2:
        message = f"cuts {array.tolist()} must be two: medium from the first, high from the second"
        raise StatisticsError(message, cuts=array.tolist())
    return array


def constraint_rows(normals: ArrayLike, bounds: ArrayLike, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Read linear constraints on n weights, (c, n) and (c,)."""
    normals = finite_numbers(normals, "normals", ("c constraints", n))
    return normals, finite_numbers(bounds, "bounds", (len(normals),))


def cut_vector(cuts: ArrayLike, *, ordered: bool = False) -> np.ndarray:
    """Read cut points as an (r,) array of finite numbers, on request only increasing ones.

    >>> cut_vector(3).tolist(), cut_vector([3.5, 2.5]).tolist()
    ([3.0], [3.5, 2.5])
    """
    array = np.atleast_1d(numbers(cuts, "cuts"))
    if array.ndim != 1:
        message = f"cuts has shape {array.shape}; it must be (r,)"
        raise StatisticsError(message, shape=array.shape)
    refuse_non_finite(array, "cuts")
    if ordered and np.any(np.diff(array) <= 0):
        message = f"cut points {array.tolist()} are out of order; each must be above the one before"
        raise StatisticsError(message, cuts=array.tolist())
    return array


def weight_vector(weights: ArrayLike, n: int) -> np.ndarray:
    """Read n weights: finite, not negative, with sum 1; they are refused and not rescaled.

    >>> weight_vector([30, 70], 2)
    Traceback (most recent call last):
    ogp_analysis.errors.StatisticsError: weights [30.0, 70.0] sum to 100; they must sum to 1
    """
    array = numbers(weights, "weights")
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


def columns_in_order(table: Any, scores: Any, name: str) -> Any:
    """Put the columns of a table into the order of the scores'; a table or scores without names pass.

    >>> import pandas as pd
    >>> scores = pd.DataFrame([[1, 5]], columns=["a", "b"])
    >>> columns_in_order(pd.DataFrame([[0.3, 0.7]], columns=["b", "a"]), scores, "normals").tolist()
    [[0.7, 0.3]]
    """
    if not hasattr(table, "columns") or not hasattr(scores, "columns"):
        return table
    return np.array([in_order(row, scores, name) for _, row in table.iterrows()], dtype=float)


def in_order(values: Any, scores: Any, name: str = "weights") -> Any:
    """Put values that carry names into the order of the scores' columns; whatever has no names passes.

    >>> import pandas as pd
    >>> in_order(pd.Series({"b": 0.3, "a": 0.7}), pd.DataFrame([[1, 5]], columns=["a", "b"])).tolist()
    [0.7, 0.3]
    """
    names, columns = getattr(values, "index", None), getattr(scores, "columns", None)
    if isinstance(values, Mapping):
        names = list(values)
    # A list has a method `index`; numbered labels are places, not names.
    if columns is None or names is None or callable(names) or list(names) == list(range(len(names))):
        return values
    if sorted(map(str, names)) != sorted(map(str, columns)):
        message = f"{name} are of {list(names)}, the scores of {list(columns)}; both need the same names"
        raise StatisticsError(message, names=list(names), columns=list(columns))
    return np.array([values[column] for column in columns], dtype=float)


def alpha_vector(alpha: ArrayLike, n: int) -> np.ndarray:
    """Read n Dirichlet parameters: finite, not negative, not all zero.

    >>> alpha_vector([2, 0], 2).tolist()
    [2.0, 0.0]
    """
    array = numbers(alpha, "alpha")
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
    """Read one of the allowed words.

    >>> choice("l1", ("L1", "L2", "Linf"), "norm")
    Traceback (most recent call last):
    ogp_analysis.errors.StatisticsError: norm 'l1' is not one of L1, L2, Linf
    """
    if not isinstance(value, str) or value not in allowed:
        message = f"{name} {value!r} is not one of {', '.join(allowed)}"
        raise StatisticsError(message, value=value)
    return value
