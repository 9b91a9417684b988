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
from ogp_analysis.model.records import Estimate


def between(value: Any, name: str, *, low: float = 0.0, high: float = 1.0, closed: bool = False) -> float:
    """Read a number between two ends, the upper one never included, the lower one where ``closed``.

    A level of 95 is meant as 0.95, but no guess is made.

    >>> try:
    ...     between(95, "confidence_level")
    ... except StatisticsError as error:
    ...     print(error)
    confidence_level is 95; it lies between 0 and 1
    """
    # Python counts True as 1, and numpy a complex number as a number: neither is a level of confidence.
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool | np.complexfloating)
    if not number or not (low < value < high or (closed and value == low)):
        where = f"in [{low:g}, {high:g})" if closed else f"between {low:g} and {high:g}"
        msg = f"{name} is {reprlib.repr(value)}; it lies {where}"
        raise StatisticsError(msg, **{name: value})
    return float(value)


def whole(value: Any, name: str, *, least: int) -> int:
    """Read a whole number of at least ``least``.

    >>> whole(np.int64(3), "n_raters", least=1)
    3
    """
    # Python counts True as the whole number 1.
    given = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not given or value < least:
        msg = f"{name} is {reprlib.repr(value)}; it is a whole number of at least {least}"
        raise StatisticsError(msg, **{name: value})
    return int(value)


def word(value: Any, name: str, allowed: Sequence[str | None]) -> Any:
    """Read one of the allowed words.

    >>> word("bca", "interval", ("bca", None))
    'bca'
    """
    # The kind first: an array is compared entry by entry, and ``in`` then fails with numpy's words.
    if not (value is None or isinstance(value, str)) or value not in allowed:
        shown = map(repr if None in allowed else str, allowed)
        msg = f"{name} {reprlib.repr(value)} is not one of {', '.join(shown)}"
        raise StatisticsError(msg, **{name: value})
    return value


def names(values: Any, name: str) -> list[Hashable]:
    """Read a list of names or numbers, none of them missing.

    >>> try:
    ...     names(["S01", None], "cluster")
    ... except StatisticsError as error:
    ...     print(error)
    cluster holds None at place 1; no name or number may be missing
    """
    listed = isinstance(values, Iterable) and getattr(values, "ndim", 1) == 1
    items = list(values) if listed else []
    if not listed or not _hashable(items):
        msg = f"{name} is {reprlib.repr(values)}; it is a list of names or numbers"
        raise StatisticsError(msg, **{name: values})
    # Entry by entry: numpy would take a list of tuples for a table of their parts.
    missing = np.flatnonzero(pd.isna(np.fromiter(items, dtype=object, count=len(items))))
    if len(missing):
        msg = f"{name} holds {items[missing[0]]!r} at place {missing[0]}; no name or number may be missing"
        raise StatisticsError(msg, **{name: values})
    return items


def in_order(values: Any, labels: Sequence[Hashable], name: str) -> list[Hashable]:
    """Read a list of names or numbers, a pandas column by its labels where the ratings have labels too.

    >>> in_order(pd.Series(["A", "B"], index=["S02", "S01"]), ["S01", "S02"], "cluster")
    ['B', 'A']
    """
    items = names(values, name)
    own = values.index.tolist() if isinstance(values, pd.Series) else []
    if not own or not len(labels) or own == list(labels):
        return items
    if len(set(own)) == len(own) and set(own) == set(labels) and len(own) == len(labels):
        place = dict(zip(own, items, strict=True))
        return [place[label] for label in labels]
    if isinstance(values.index, pd.RangeIndex):  # no labels: numbers that pandas gave
        return items
    lost = [label for label in labels if label not in set(own)] or own
    msg = (
        f"{name} is labelled {reprlib.repr(own)}, but the ratings {reprlib.repr(list(labels))} (first "
        f"without a partner: {lost[0]!r}); label alike, or give a list in their order"
    )
    raise StatisticsError(msg, **{name: values})


def _hashable(values: list[Any]) -> bool:
    try:
        return len(set(values)) >= 0
    except TypeError:
        return False


def flag(value: Any, name: str) -> bool:
    """Read True or False.

    >>> flag(np.bool_(True), "seats")
    True
    """
    if not isinstance(value, bool | np.bool_):
        msg = f"{name} is {reprlib.repr(value)}; it is True or False"
        raise StatisticsError(msg, **{name: value})
    return bool(value)


def matrix(values: Any, name: str) -> npt.NDArray[np.float64]:
    """Read a matrix of numbers.

    >>> matrix([[1, 0.5], [0.5, 1]], "weights")
    array([[1. , 0.5],
           [0.5, 1. ]])
    """
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        msg = f"{name} is {reprlib.repr(values)}; it is a name or a matrix of numbers"
        raise StatisticsError(msg, **{name: values}) from None


def labelled_matrix(values: Any, labels: Sequence[Hashable], name: str) -> npt.NDArray[np.float64]:
    """Read a matrix of numbers; a DataFrame is put into the order of the labels.

    >>> frame = pd.DataFrame([[1, 0.2], [0.2, 1]], index=["b", "a"], columns=["a", "b"])
    >>> labelled_matrix(frame, ["a", "b"], "weights")
    array([[0.2, 1. ],
           [1. , 0.2]])
    """
    cells = matrix(values, name)
    if not isinstance(values, pd.DataFrame):
        return cells
    axes = (values.index, values.columns)
    wanted = set(labels)
    if all(len(axis) == len(labels) and set(axis) == wanted for axis in axes):
        place = [{label: k for k, label in enumerate(axis)} for axis in axes]
        return cells[np.ix_(*([where[label] for label in labels] for where in place))]
    if all(isinstance(axis, pd.RangeIndex) for axis in axes):  # no labels: numbers that pandas gave
        return cells
    shown = " and columns ".join(repr(axis.tolist()) for axis in axes)
    msg = (
        f"{name} has rows {shown}, but the categories are {list(labels)!r}; label rows and columns with the "
        "categories, and declare categories that nobody used with categories=[...]"
    )
    raise StatisticsError(msg, **{name: values})


def generator(rng: Any, seed: int) -> np.random.Generator:
    """Take a generator, or make one from a seed.

    >>> generator(None, 7).random() == generator(7, 0).random()
    True
    """
    try:
        return np.random.default_rng(seed if rng is None else rng)
    except (TypeError, ValueError):
        msg = f"rng is {reprlib.repr(rng)}; it is a numpy.random.Generator, a whole number from 0, or None"
        raise StatisticsError(msg, rng=rng) from None


def estimated(value: Any, name: str) -> Estimate:
    """Take an estimate and nothing else.

    >>> try:
    ...     estimated(0.7, "first")
    ... except StatisticsError as error:
    ...     print(error)
    first is 0.7; it is an Estimate, as the coefficients return
    """
    if not isinstance(value, Estimate):
        msg = f"{name} is {reprlib.repr(value)}; it is an Estimate, as the coefficients return"
        raise StatisticsError(msg, **{name: value})
    return value


def points(value: Any, name: str) -> float:
    """Read a number of points of the scale, 0 or more.

    >>> points(1, "tolerance")
    1.0
    """
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool | np.complexfloating)
    if not number or math.isnan(value) or value < 0:
        msg = f"{name} is {reprlib.repr(value)}; it is 0 points or more"
        raise StatisticsError(msg, **{name: value})
    return float(value)
