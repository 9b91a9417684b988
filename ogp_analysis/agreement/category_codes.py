"""From ratings to category numbers, and from items to the few different patterns of ratings among them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ogp_analysis.agreement import arguments
from ogp_analysis.agreement.ratings_table import Ratings
from ogp_analysis.agreement.rounding_noise import nearest
from ogp_analysis.agreement.text_ratings import is_number
from ogp_analysis.errors import keyed_error, phrase

WIDEST_RANGE = 4096  # whole-number ratings within this range are coded without sorting
MOST_PATTERNS = 1 << 22
SHOWN = 50
LARGEST = 200_000_000  # cells of a table of counts


@dataclass(frozen=True, eq=False)
class Coded:
    """Ratings as category numbers, equal rows only once.

    Parameters
    ----------
    codes : numpy.ndarray, with shape (P, M)
        Category number 0..q-1 of the P patterns, -1 where there is no rating.
    multiplicity : numpy.ndarray, with shape (P,)
        How many items have each pattern.
    pattern : numpy.ndarray, with shape (N,)
        Pattern of each item.
    categories : tuple
        The q categories, lowest first.
    declared : bool
        Whether the categories were declared, lowest first; False where they were only seen in the data, or
        declared without an order.
    numeric : bool
        Whether the categories are numbers.

    Examples
    --------
    >>> from ogp_analysis.agreement.ratings_table import as_ratings
    >>> coded = code(as_ratings([[1, 2], [2, 2], [1, 2]]))
    >>> coded.categories, coded.multiplicity.tolist(), coded.counts().tolist()
    ((1.0, 2.0), [2.0, 1.0], [[1.0, 1.0], [0.0, 2.0]])
    """

    codes: npt.NDArray[np.integer]
    multiplicity: npt.NDArray[np.float64]
    pattern: npt.NDArray[np.integer]
    categories: tuple[Any, ...]
    declared: bool
    numeric: bool

    @property
    def q(self) -> int:
        """How many categories there are."""
        return len(self.categories)

    def counts(self) -> npt.NDArray[np.float64]:
        """How many raters put each pattern into each category."""
        patterns, width = self.codes.shape[0], self.q + 1
        if patterns * width > LARGEST:
            raise keyed_error(key="agreement.too_many_values", n_categories=self.q, patterns=patterns)
        # A column of its own for the empty cells (code -1), cut off again below.
        cells = self.codes + 1 + width * np.arange(patterns)[:, None]
        table = np.bincount(cells.ravel(), minlength=patterns * width)
        return table.reshape(patterns, width)[:, 1:].astype(np.float64)


def code(ratings: Ratings, categories: Sequence[Any] | None = None) -> Coded:
    """Number the categories and find the patterns.

    Text takes the declared order; without one, weights other than identity refuse it.

    >>> from ogp_analysis.agreement.ratings_table import as_ratings
    >>> coded = code(as_ratings([["low", "high"], ["medium", None]]), ["low", "medium", "high"])
    >>> coded.codes.tolist()
    [[0, 2], [1, -1]]
    """
    if ratings.n_ratings == 0:
        raise keyed_error(key="agreement.all_empty", cells=ratings.values.size, shape=ratings.values.shape)
    scale = ratings.categories if categories is None else categories
    scale = None if scale is None else tuple(arguments.names(scale, "categories"))
    if scale is not None and len(set(scale)) < len(scale):
        raise keyed_error(key="agreement.categories_twice", categories=scale)
    if scale is not None and len({is_number(label) for label in scale}) > 1:
        raise keyed_error(key="agreement.labels_mixed", categories=repr(scale))
    codes, seen = _codes_seen(ratings)
    if scale is not None:
        codes = _recode(codes, seen, ratings, scale=scale)
    kept = tuple(seen) if scale is None else scale
    rows, multiplicity, pattern = _patterns(codes, len(kept))
    declared = scale is not None and (categories is not None or ratings.ordered)
    return Coded(rows, multiplicity, pattern, kept, declared, ratings.numeric)


def different_rows(
    ratings: Ratings,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.integer]]:
    """Give the different rows of numbers, how many items have each, and the one of each item.

    >>> rows, items, row_of = different_rows(Ratings(np.array([[2.5, np.nan], [1, 2], [2.5, np.nan]])))
    >>> rows.tolist(), items.tolist(), row_of.tolist()
    ([[1.0, 2.0], [2.5, nan]], [1.0, 2.0], [1, 0, 1])
    """
    codes, seen = _codes_seen(ratings)
    rows, multiplicity, pattern = _patterns(codes, len(seen))
    # Code -1 of an empty cell picks the last entry.
    return np.array([*seen, np.nan])[rows], multiplicity, pattern


def _codes_seen(ratings: Ratings) -> tuple[npt.NDArray[np.integer], list[Any]]:
    if not ratings.numeric:
        filled = ratings.values[~ratings.missing]
        # The kind first: labels that mix text and numbers have no order among themselves.
        seen = sorted(set(filled), key=lambda value: (str(type(value)), value))
        number = {value: place for place, value in enumerate(seen)}
        codes = np.full(ratings.values.shape, -1, dtype=np.int64)
        codes[~ratings.missing] = [number[value] for value in filled]
        return codes, seen
    # fmin and fmax pass over NaN without a copy of the ratings.
    lowest, highest = np.fmin.reduce(ratings.values, axis=None), np.fmax.reduce(ratings.values, axis=None)
    if highest - lowest < WIDEST_RANGE:
        whole = _whole_numbers(ratings, lowest)
        if whole is not None:
            return _close_gaps(whole, lowest)
    codes = np.full(ratings.values.shape, -1, dtype=np.int64)
    seen_values, codes[~ratings.missing] = np.unique(ratings.values[~ratings.missing], return_inverse=True)
    return codes, seen_values.tolist()


def _whole_numbers(ratings: Ratings, lowest: float) -> npt.NDArray[np.int16] | None:
    # One buffer: a million items must not need many times their own memory.
    steps = ratings.values - (lowest - 1.0)
    np.copyto(steps, 0.0, where=ratings.missing)
    codes = steps.astype(np.int16)
    return codes if np.array_equal(codes, steps) else None


def _close_gaps(codes: npt.NDArray[np.int16], lowest: float) -> tuple[npt.NDArray[np.integer], list[float]]:
    used = np.flatnonzero(np.bincount(codes.ravel())[1:])
    place = np.full(codes.max() + 1, -1, dtype=np.int16)
    place[used + 1] = np.arange(len(used))
    return place[codes], (used + lowest).tolist()


def _recode(
    codes: npt.NDArray[np.integer], seen: list[Any], ratings: Ratings, *, scale: tuple[Any, ...]
) -> npt.NDArray[np.integer]:
    number = {value: place for place, value in enumerate(scale)}
    if ratings.numeric and all(map(is_number, scale)):
        allowed = np.array(scale, dtype=np.float64)
        seen = [value if value in number else nearest(value, allowed) for value in seen]
    outside = [place for place, value in enumerate(seen) if value not in number]
    if outside:
        cells = np.argwhere(np.isin(codes, outside))
        outsiders = [(ratings.plain(*cell), ratings.item(cell[0])) for cell in cells[:SHOWN]]
        listed = tuple(phrase("agreement.rating_of", value=value, item=item) for value, item in outsiders)
        more = phrase("statistics.more", count=len(cells) - SHOWN) if len(cells) > SHOWN else ""
        key = "agreement.outside_more" if more else "agreement.outside"
        raise keyed_error(key=key, listed=listed, more=more, found=outsiders, categories=scale)
    # Code -1 of an empty cell picks the last entry, which is -1 again.
    table = np.array([*(number[value] for value in seen), -1])
    return table[codes]


def _patterns(
    codes: npt.NDArray[np.integer], q: int
) -> tuple[npt.NDArray[np.integer], npt.NDArray[np.float64], npt.NDArray[np.integer]]:
    n, m = codes.shape
    # In logarithms: 6 to the power of 400 raters is no float.
    if m * math.log(q + 1) > math.log(min(MOST_PATTERNS, max(4.0 * n, 4096.0))):
        return codes, np.ones(n), np.arange(n)
    # Each pattern is a number in base q + 1: counting numbers is much faster than sorting rows.
    number = np.zeros(n, dtype=np.int32)
    for column in range(m):
        number *= q + 1
        number += codes[:, column] + 1
    count = np.bincount(number)
    used = np.flatnonzero(count)
    place = np.cumsum(count > 0, dtype=np.int32) - 1
    digits = (used[:, None] // (q + 1) ** np.arange(m - 1, -1, -1)) % (q + 1)
    return digits - 1, count[used].astype(np.float64), place[number]
