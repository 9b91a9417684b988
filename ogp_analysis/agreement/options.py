"""What the options of the coefficients may be; every refusal names the value and what is allowed."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ogp_analysis.errors import StatisticsError
from ogp_analysis.model import Estimate


def between(value: Any, name: str, *, low: float = 0.0, high: float = 1.0, closed: bool = False) -> float:
    """Read a number between two ends, the upper one never included, the lower one where ``closed``."""
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool | np.complexfloating)
    if not number or not (low < value < high or (closed and value == low)):
        where = f"in [{low:g}, {high:g})" if closed else f"between {low:g} and {high:g}"
        msg = f"{name} is {reprlib.repr(value)}; it lies {where}"
        raise StatisticsError(msg, **{name: value})
    return float(value)


def whole(value: Any, name: str, *, least: int) -> int:
    """Read a whole number of at least ``least``."""
    given = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not given or value < least:
        msg = f"{name} is {reprlib.repr(value)}; it is a whole number of at least {least}"
        raise StatisticsError(msg, **{name: value})
    return int(value)


def word(value: Any, name: str, allowed: Sequence[str | None]) -> Any:
    """Read one of the allowed words."""
    if not (value is None or isinstance(value, str)) or value not in allowed:
        shown = map(repr if None in allowed else str, allowed)
        msg = f"{name} {reprlib.repr(value)} is not one of {', '.join(shown)}"
        raise StatisticsError(msg, **{name: value})
    return value


def names(values: Any, name: str) -> list[Hashable]:
    """Read a list of names or numbers, none of them missing."""
    listed = isinstance(values, Iterable) and getattr(values, "ndim", 1) == 1
    found = list(values) if listed else []
    if not listed or not _hashable(found):
        msg = f"{name} is {reprlib.repr(values)}; it is a list of names or numbers"
        raise StatisticsError(msg, **{name: values})
    missing = np.flatnonzero(pd.isna(np.fromiter(found, dtype=object, count=len(found))))
    if len(missing):
        msg = f"{name} holds {found[missing[0]]!r} at place {missing[0]}; no name or number may be missing"
        raise StatisticsError(msg, **{name: values})
    return found


def _hashable(values: list[Any]) -> bool:
    try:
        return len(set(values)) >= 0
    except TypeError:
        return False


def flag(value: Any, name: str) -> bool:
    """Read True or False."""
    if not isinstance(value, bool | np.bool_):
        msg = f"{name} is {reprlib.repr(value)}; it is True or False"
        raise StatisticsError(msg, **{name: value})
    return bool(value)


def matrix(values: Any, name: str) -> npt.NDArray[np.float64]:
    """Read a matrix of numbers."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        msg = f"{name} is {reprlib.repr(values)}; it is a name or a matrix of numbers"
        raise StatisticsError(msg, **{name: values}) from None


def generator(rng: Any, seed: int) -> np.random.Generator:
    """Take a generator, or make one from a seed; None is ``seed``."""
    try:
        return np.random.default_rng(seed if rng is None else rng)
    except (TypeError, ValueError):
        msg = f"rng is {reprlib.repr(rng)}; it is a numpy.random.Generator, a whole number from 0, or None"
        raise StatisticsError(msg, rng=rng) from None


def estimated(value: Any, name: str) -> Estimate:
    """Take an estimate and nothing else."""
    if not isinstance(value, Estimate):
        msg = f"{name} is {reprlib.repr(value)}; it is an Estimate, as the coefficients return"
        raise StatisticsError(msg, **{name: value})
    return value


def points(value: Any, name: str) -> float:
    """Read a number of points of the scale, 0 or more."""
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool | np.complexfloating)
    if not number or math.isnan(value) or value < 0:
        msg = f"{name} is {reprlib.repr(value)}; it is 0 points or more"
        raise StatisticsError(msg, **{name: value})
    return float(value)
