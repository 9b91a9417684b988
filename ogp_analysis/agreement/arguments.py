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

    Parameters
    ----------
    value : object
        What the caller gave.
    name : str
        Name of the option, for the message.
    low, high : float
        The ends.
    closed : bool
        Whether the lower end is allowed.

    Returns
    -------
    float
        The number.

    Raises
    ------
    StatisticsError
        No number (True and False are none), or not between the ends.

    Examples
    --------
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

    Parameters
    ----------
    value : object
        What the caller gave.
    name : str
        Name of the option, for the message.
    least : int
        The smallest that is allowed.

    Returns
    -------
    int
        The number.

    Raises
    ------
    StatisticsError
        No whole number (2.0 is none, nor is True), or a smaller one.

    Examples
    --------
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

    Parameters
    ----------
    value : object
        What the caller gave.
    name : str
        Name of the option, for the message.
    allowed : sequence of str or None
        The words; None where it may be left out.

    Returns
    -------
    str or None
        The word.

    Raises
    ------
    StatisticsError
        Another word, or no word.

    Examples
    --------
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

    Parameters
    ----------
    values : iterable of hashable
        List, tuple, array or column.
    name : str
        Name of the option, for the message.

    Returns
    -------
    list of hashable
        The names.

    Raises
    ------
    StatisticsError
        No list, a table, an entry that is a list itself, or a missing one (the first is named).

    Examples
    --------
    >>> try:
    ...     names(["S01", None], "cluster")
    ... except StatisticsError as error:
    ...     print(error)
    cluster holds None at place 1; no name or number may be missing
    """
    listed = isinstance(values, Iterable) and getattr(values, "ndim", 1) == 1
    found = list(values) if listed else []
    if not listed or not _hashable(found):
        msg = f"{name} is {reprlib.repr(values)}; it is a list of names or numbers"
        raise StatisticsError(msg, **{name: values})
    # Entry by entry: numpy would take a list of tuples for a table of their parts.
    missing = np.flatnonzero(pd.isna(np.fromiter(found, dtype=object, count=len(found))))
    if len(missing):
        msg = f"{name} holds {found[missing[0]]!r} at place {missing[0]}; no name or number may be missing"
        raise StatisticsError(msg, **{name: values})
    return found


def in_order(values: Any, labels: Sequence[Hashable], name: str) -> list[Hashable]:
    """Read a list of names or numbers, a pandas column by its labels where the ratings have labels too.

    Parameters
    ----------
    values : iterable of hashable
        List, tuple, array or column.
    labels : sequence of hashable
        Labels of the rows (or columns) of the ratings, in order; empty where they have none.
    name : str
        Name of the option, for the message.

    Returns
    -------
    list of hashable
        The names, in the order of ``labels``. A list, an array, and a column without labels of its own are
        taken by position.

    Raises
    ------
    StatisticsError
        As in `names`, or a column whose labels are not those of the ratings.

    Examples
    --------
    >>> in_order(pd.Series(["A", "B"], index=["S02", "S01"]), ["S01", "S02"], "cluster")
    ['B', 'A']
    """
    found = names(values, name)
    own = values.index.tolist() if isinstance(values, pd.Series) else []
    if not own or not len(labels) or own == list(labels):
        return found
    if len(set(own)) == len(own) and set(own) == set(labels) and len(own) == len(labels):
        place = dict(zip(own, found, strict=True))
        return [place[label] for label in labels]
    if isinstance(values.index, pd.RangeIndex):  # no labels: numbers that pandas gave
        return found
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

    Parameters
    ----------
    value : object
        What the caller gave.
    name : str
        Name of the option, for the message.

    Returns
    -------
    bool
        The value.

    Raises
    ------
    StatisticsError
        Anything else; 0, 1 and "no" are not guessed at.

    Examples
    --------
    >>> flag(np.bool_(True), "seats")
    True
    """
    if not isinstance(value, bool | np.bool_):
        msg = f"{name} is {reprlib.repr(value)}; it is True or False"
        raise StatisticsError(msg, **{name: value})
    return bool(value)


def matrix(values: Any, name: str) -> npt.NDArray[np.float64]:
    """Read a matrix of numbers.

    Parameters
    ----------
    values : array_like
        What the caller gave; its shape is checked where the number of categories is known.
    name : str
        Name of the option, for the message.

    Returns
    -------
    numpy.ndarray
        The numbers.

    Raises
    ------
    StatisticsError
        Text, or rows of unequal length.

    Examples
    --------
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

    Parameters
    ----------
    values : array_like
        What the caller gave.
    labels : sequence of hashable
        What its rows and columns stand for, in order.
    name : str
        Name of the option, for the message.

    Returns
    -------
    numpy.ndarray
        The numbers; only a matrix without labels is taken by position.

    Raises
    ------
    StatisticsError
        As in `matrix`, or rows or columns with other labels than these.

    Examples
    --------
    >>> frame = pd.DataFrame([[1, 0.2], [0.2, 1]], index=["b", "a"], columns=["a", "b"])
    >>> labelled_matrix(frame, ["a", "b"], "weights")
    array([[0.2, 1. ],
           [1. , 0.2]])
    """
    found = matrix(values, name)
    if not isinstance(values, pd.DataFrame):
        return found
    axes = (values.index, values.columns)
    wanted = set(labels)
    if all(len(axis) == len(labels) and set(axis) == wanted for axis in axes):
        place = [{label: k for k, label in enumerate(axis)} for axis in axes]
        return found[np.ix_(*([where[label] for label in labels] for where in place))]
    if all(isinstance(axis, pd.RangeIndex) for axis in axes):  # no labels: numbers that pandas gave
        return found
    shown = " and columns ".join(repr(axis.tolist()) for axis in axes)
    msg = (
        f"{name} has rows {shown}, but the categories are {list(labels)!r}; label rows and columns with the "
        "categories, and declare categories that nobody used with categories=[...]"
    )
    raise StatisticsError(msg, **{name: values})


def generator(rng: Any, seed: int) -> np.random.Generator:
    """Take a generator, or make one from a seed.

    Parameters
    ----------
    rng : numpy.random.Generator or int or None
        A generator, which is used up as numbers are drawn; or a seed, 0 or more.
    seed : int
        The seed where ``rng`` is None, so that no result changes from run to run.

    Returns
    -------
    numpy.random.Generator
        Source of random numbers.

    Raises
    ------
    StatisticsError
        Neither a generator nor a whole number of 0 or more.

    Examples
    --------
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

    Parameters
    ----------
    value : object
        What the caller gave.
    name : str
        Name of the option, for the message.

    Returns
    -------
    Estimate
        The same.

    Raises
    ------
    StatisticsError
        Anything else, such as the bare value of an estimate.

    Examples
    --------
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

    Parameters
    ----------
    value : object
        What the caller gave.
    name : str
        Name of the option, for the message.

    Returns
    -------
    float
        Points; infinity is allowed and tolerates every difference.

    Raises
    ------
    StatisticsError
        No number, NaN, or below 0.

    Examples
    --------
    >>> points(1, "tolerance")
    1.0
    """
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool | np.complexfloating)
    if not number or math.isnan(value) or value < 0:
        msg = f"{name} is {reprlib.repr(value)}; it is 0 points or more"
        raise StatisticsError(msg, **{name: value})
    return float(value)
