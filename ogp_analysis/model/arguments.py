"""What the arguments of statistical functions may be, one check for all rooms; refusals are worded by key."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ogp_analysis.errors import StatisticsError, keyed_error
from ogp_analysis.model.narrow_floats import column_of_floats, has_narrow, widened

# What people write for numbers: in params files, on paper in Spanish, and in tables of categories.
FRACTION = re.compile(r"[+-]?\d+ */ *0*[1-9]\d*")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
ROUTE = "route"
# Kinds of numpy that are no numbers: made floats, complex ones lose a part in silence, dates are nanoseconds.
ODD = "cmM"


def argument_refusal(value: Any, name: str, key: str, **values: Any) -> StatisticsError:
    """Make the refusal of an argument; a program also finds its value under its own name.

    >>> argument_refusal(1, "seats", "statistics.flag").values["seats"]
    1
    """
    own = {name: value} if name.isidentifier() and name not in ("key", "name", "value", *values) else {}
    return keyed_error(key=key, name=name, value=value, **values, **own)


def _is_number(value: Any) -> bool:
    # Python counts True as 1, and numpy a complex number as a number.
    return isinstance(value, int | float | np.number) and not isinstance(value, bool | np.complexfloating)


def between(value: Any, name: str, *, low: float = 0.0, high: float = 1.0, closed: bool = False) -> float:
    """Read a number between two ends, the upper one never included, the lower one where ``closed``.

    A level of 95 is meant as 0.95, but no guess is made.

    >>> try:
    ...     between(95, "confidence_level")
    ... except StatisticsError as error:
    ...     print(error)
    confidence_level is 95; it lies between 0 and 1
    """
    if not _is_number(value) or not (low < value < high or (closed and value == low)):
        key = "statistics.between_closed" if closed else "statistics.between"
        raise argument_refusal(value, name, key, low=low, high=high)
    return float(value)


def whole(value: Any, name: str, *, least: int = 0) -> int:
    """Read a whole number of at least ``least``.

    >>> whole(np.int64(3), "n_raters", least=1)
    3
    """
    given = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not given or value < least:
        raise argument_refusal(value, name, "statistics.whole", least=least)
    return int(value)


def word(value: Any, allowed: Sequence[str | None], name: str) -> Any:
    """Read one of the allowed words.

    >>> word("bca", ("bca", None), "interval")
    'bca'
    """
    # The kind first: an array is compared entry by entry, and ``in`` then fails with numpy's words.
    if not (value is None or isinstance(value, str)) or value not in allowed:
        listed = ", ".join(map(repr if None in allowed else str, allowed))
        raise argument_refusal(value, name, "statistics.word", allowed=listed)
    return value


def flag(value: Any, name: str) -> bool:
    """Read True or False.

    >>> flag(np.bool_(True), "seats")
    True
    """
    if not isinstance(value, bool | np.bool_):
        raise argument_refusal(value, name, "statistics.flag")
    return bool(value)


def points(value: Any, name: str) -> float:
    """Read a number of points of the scale, 0 or more.

    >>> points(1, "tolerance")
    1.0
    """
    if not _is_number(value) or math.isnan(value) or value < 0:
        raise argument_refusal(value, name, "statistics.points")
    return float(value)


def names(values: Any, name: str) -> list[Hashable]:
    """Read a list of names or numbers, none of them missing; a set has no order, and a mapping two sides.

    >>> try:
    ...     names(["S01", None], "cluster")
    ... except StatisticsError as error:
    ...     print(error)
    cluster holds None at place 1; no name or number may be missing
    """
    refuse_unordered(values, name)
    listed = isinstance(values, Iterable) and getattr(values, "ndim", 1) == 1
    items = list(values) if listed else []
    if not listed or not _hashable(items):
        raise argument_refusal(values, name, "statistics.names")
    # Entry by entry: numpy would take a list of tuples for a table of their parts.
    missing = np.flatnonzero(pd.isna(np.fromiter(items, dtype=object, count=len(items))))
    if len(missing):
        place = int(missing[0])
        raise argument_refusal(values, name, "statistics.name_missing", entry=items[place], place=place)
    return items


def refuse_unordered(values: Any, name: str) -> None:
    """Refuse a set, whose order changes from one start of Python to the next, and a mapping.

    >>> refuse_unordered({"low"}, "categories")
    Traceback (most recent call last):
    ogp_analysis.errors.StatisticsError: categories is a set, which has no order; give a list
    """
    if isinstance(values, set | frozenset):
        raise argument_refusal(values, name, "statistics.set")
    if isinstance(values, Mapping):
        raise argument_refusal(values, name, "statistics.mapping")


def _hashable(values: list[Any]) -> bool:
    try:
        return len(set(values)) >= 0
    except TypeError:
        return False


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
        if isinstance(values, np.ma.MaskedArray):  # what is masked is no number
            return np.where(np.ma.getmaskarray(values), np.nan, numbers(values.data, name))
        if isinstance(values, pd.DataFrame):
            return _of_frame(values, name)
        if isinstance(values, np.ndarray | pd.Series):
            return _of_array(values, name)
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError, OverflowError):
        text = _first_text(values)
        if text is None:
            raise argument_refusal(values, name, "statistics.numbers", values=values) from None
        place, value = text
        at = f"{name} at {place}" if place else name
        key, spelling = _as_number(value)
        raise keyed_error(key=key, name=at, value=value, place=place, written=spelling) from None


def _of_array(values: np.ndarray | pd.Series, name: str) -> np.ndarray:
    if values.dtype.kind in ODD:
        raise argument_refusal(values, name, "statistics.numbers", values=values)
    if isinstance(values, pd.Series):
        if pd.api.types.is_numeric_dtype(values.dtype):
            return column_of_floats(values)
        return np.asarray(_without_na(values), dtype=float)
    return widened(values) if values.dtype in (np.float16, np.float32) else np.asarray(values, dtype=float)


def _without_na(values: Any) -> Any:
    """Put NaN where a table or column has nothing: pandas.NA is no float of itself."""
    return values.astype(object).where(values.notna(), np.nan)


def _of_frame(frame: pd.DataFrame, name: str) -> np.ndarray:
    odd = [place for place, kind in enumerate(frame.dtypes) if kind.kind in ODD]
    if odd and len(frame):
        place = (0, odd[0])
        raise argument_refusal(frame.iloc[place], f"{name} at {place}", "statistics.numbers", values=frame)
    if has_narrow(frame):
        return np.column_stack([numbers(frame.iloc[:, place], name) for place in range(frame.shape[1])])
    if all(kind in (np.dtype(float), np.dtype(int)) for kind in frame.dtypes):
        return np.asarray(frame, dtype=float)
    return np.asarray(_without_na(frame), dtype=float)


def _first_text(values: ArrayLike) -> tuple[tuple[int, ...], str] | None:
    """Find the first text that is no number, and its place; None where there is none."""
    try:
        cells = np.asarray(values, dtype=object)
    except (TypeError, ValueError):
        return None
    for place, value in np.ndenumerate(cells):
        if isinstance(value, str) and not _reads_as_number(value):
            return place, value
    return None


def _reads_as_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _as_number(text: str) -> tuple[str, str]:
    """Say by key how what was probably meant is written."""
    plain = text.strip()
    if FRACTION.fullmatch(plain):
        return "statistics.fraction_as_text", plain
    if DECIMAL_COMMA.fullmatch(plain):
        return "statistics.number_written", plain.replace(",", ".")
    route = plain.lower() == ROUTE
    return ("statistics.number_route" if route else "statistics.number"), plain


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
        raise keyed_error(key="statistics.shape", name=name, shape=array.shape, wanted=wanted)
    refuse_non_finite(array, name)
    return array


def one_number(value: ArrayLike, name: str) -> float:
    """Read a single finite number, also out of an array that holds only one.

    >>> one_number([2.5], "cut")
    2.5
    """
    array = numbers(value, name)
    if array.size != 1:
        raise argument_refusal(value, name, "statistics.one_number")
    refuse_non_finite(array, name)
    return float(array.ravel()[0])


def refuse_non_finite(values: np.ndarray, name: str) -> None:
    """Refuse NaN and infinity, naming the first place.

    >>> refuse_non_finite(np.array([[1.0, np.nan]]), "scores")
    Traceback (most recent call last):
    ogp_analysis.errors.StatisticsError: scores at (0, 1) is nan; every value must be a finite number
    """
    finite = np.isfinite(values)
    if not finite.all():
        place = tuple(int(k) for k in np.argwhere(~finite)[0])
        raise keyed_error(key="statistics.finite", name=name, place=place, value=float(values[place]))


def generator(rng: Any, seed: int | None = None) -> np.random.Generator:
    """Take a generator, or make one where a seed is given for the lack of one.

    Without ``seed`` a number is refused: it would make every call draw the same.

    >>> generator(None, 7).random() == generator(7, 0).random()
    True
    >>> generator(1)
    Traceback (most recent call last):
    ogp_analysis.errors.StatisticsError: rng is 1; it must be a numpy.random.Generator
    """
    if seed is None:
        if not isinstance(rng, np.random.Generator):
            raise argument_refusal(rng, "rng", "statistics.generator")
        return rng
    try:
        return np.random.default_rng(seed if rng is None else rng)
    except (TypeError, ValueError):
        raise argument_refusal(rng, "rng", "statistics.generator_or_seed") from None
