"""Ratings as the coefficients need them: items in rows, raters in columns, nothing where nobody rated."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ogp_analysis.agreement import arguments
from ogp_analysis.agreement.mistaken_crosstab import refuse_crosstab
from ogp_analysis.agreement.mistaken_tables import refuse_counts, refuse_long
from ogp_analysis.agreement.rounding_noise import without_noise
from ogp_analysis.agreement.text_ratings import is_number, refuse_alike_names, refuse_mixed, refuse_spellings
from ogp_analysis.errors import Phrase, keyed_error, phrase
from ogp_analysis.model.arguments import argument_refusal
from ogp_analysis.model.column_names import sums_up
from ogp_analysis.model.narrow_floats import column_of_floats, has_narrow, widened

# What programs write for no rating; that numpy writes such text for a gap is known, of other text it is not.
GAPS = frozenset(["nan", "-nan", "<na>", "nat", "n/a", "na", "null"])
# What spreadsheets write where a formula failed, in English and Spanish.
FAILED = re.compile(
    r"#(n/a|na|n/d|[¡¿]?(div/0|value|valor|ref|name|nombre|null|nulo|num|calc|spill)[!?])", re.IGNORECASE
)
NUMPY_GAPS = ["nan", "None"]
LARGEST = 2.0**53  # from here on whole numbers are no longer told from their neighbours as floats
SMALLEST = 2.0**-53  # of the largest rating: squares of smaller ones come near to where floats end
REAL = (int, float, np.floating, np.integer, np.bool_, Decimal, Fraction)
TRUTH = (bool, np.bool_)
WIDEST = 20_000_000  # cells of a table of items by raters; above it from_long keeps no rater identities


@dataclass(frozen=True, eq=False)
class Ratings:
    """Ratings of items by raters.

    Parameters
    ----------
    values : numpy.ndarray, with shape (N, M)
        Rating of N items by M raters: floats with NaN where there is none, or objects with None. Any other
        kind of table becomes one of these.
    items, raters : sequence of hashable
        Labels of rows and columns.
    categories : tuple, optional
        The declared scale, lowest first; None where it was not declared.
    identified : bool
        False where a column is only a place in line, because there were too many raters for a column each or
        only counts; coefficients that need to know who rated then refuse.
    n_raters : int
        How many different raters there are; the number of columns unless ``identified`` is False.
    ordered : bool
        Whether the declared scale is an order; False where unordered categorical columns declared it.

    Examples
    --------
    >>> Ratings(np.array([[1.0, 2.0], [3.0, np.nan]])).n_ratings
    3
    """

    values: npt.NDArray[Any]
    items: Sequence[Hashable] = ()
    raters: Sequence[Hashable] = ()
    categories: tuple[Any, ...] | None = None
    identified: bool = True
    n_raters_known: int = 0
    ordered: bool = True

    def __post_init__(self) -> None:
        """Read values of any other kind as `as_ratings` does."""
        if type(self.values) is np.ndarray and self.values.ndim == 2 and self.values.dtype in (float, object):
            return
        given: Any = self.values
        values = _typed(given.to_numpy(dtype=object) if isinstance(given, pd.DataFrame) else given)
        if values.ndim != 2:
            raise keyed_error(key="agreement.ratings_shape", shape=values.shape)
        object.__setattr__(self, "values", values)

    @property
    def numeric(self) -> bool:
        """Whether the ratings are numbers."""
        return self.values.dtype != object

    @cached_property
    def missing(self) -> npt.NDArray[np.bool_]:
        """Where there is no rating, with shape (N, M)."""
        return np.asarray(np.isnan(self.values) if self.numeric else pd.isna(self.values))

    @property
    def n_items(self) -> int:
        """How many rows there are, rated or not."""
        return self.values.shape[0]

    @cached_property
    def n_ratings(self) -> int:
        """How many ratings there are."""
        return int(self.values.size - np.count_nonzero(self.missing))

    @cached_property
    def per_item(self) -> npt.NDArray[np.float64]:
        """How many ratings each item has, with shape (N,)."""
        # A product with ones is many times faster than a sum over a short last axis.
        return (~self.missing).astype(np.float64) @ np.ones(self.values.shape[1])

    @cached_property
    def n_raters(self) -> int:
        """How many raters gave at least one rating."""
        if self.n_ratings == self.values.size:
            return self.n_raters_known or self.values.shape[1]
        # A column without any rating is nobody who rated.
        return self.n_raters_known or int(np.count_nonzero(~self.missing.all(axis=0)))

    def item(self, row: int) -> Hashable:
        """Label of a row, by its number where rows have no labels."""
        return self.items[row] if len(self.items) else int(row)

    def rater(self, column: int) -> Hashable:
        """Label of a column, by its number where columns have no labels."""
        return self.raters[column] if len(self.raters) else int(column)

    def plain(self, row: int, column: int) -> Any:
        """A rating as a plain number or text."""
        value = self.values[row, column]
        return value.item() if isinstance(value, np.generic) else value


def as_ratings(ratings: Ratings | npt.ArrayLike | pd.DataFrame) -> Ratings:
    """Take ratings in any form that the public functions accept.

    Parameters
    ----------
    ratings : Ratings, DataFrame or array_like, with shape (N, M)
        Items in rows, raters in columns; NaN, None, pandas.NA or masked where there is no rating.

    Returns
    -------
    Ratings
        The same ratings; numbers as floats. Categorical columns declare their categories; ordered ones
        their order too.

    Raises
    ------
    StatisticsError
        The table is not two-dimensional, holds infinite, complex or empty-text values, lists or numbers from
        2^53 on (which floats do not tell apart), mixes numbers and text, spells one rating in two ways ("3"
        and "3.0"), is in long form (one rating a row) or holds counts (items by categories), or its ordered
        categorical columns declare different scales.

    Examples
    --------
    Text that looks like a number stays text; an ordered categorical column brings its scale along.

    >>> as_ratings([["1", "2"]]).numeric
    False
    >>> kind = pd.CategoricalDtype(["low", "high"], ordered=True)
    >>> as_ratings(pd.DataFrame({"a": ["low", "high"], "b": ["low", None]}, dtype=kind)).categories
    ('low', 'high')
    """
    if isinstance(ratings, Ratings):
        if ratings.numeric and np.isinf(ratings.values).any():
            _check_values(ratings)
        return ratings
    _refuse_one_column(ratings)
    labels: tuple[Sequence[Hashable], Sequence[Hashable]] = ((), ())
    axes: tuple[pd.Index, ...] = ()
    declared, ordered = None, True
    if isinstance(ratings, pd.DataFrame):
        _refuse_several_values(ratings.columns)
        declared, ordered = _declared(ratings)
        labels = (ratings.index.tolist(), ratings.columns.tolist())
        axes = (ratings.index, ratings.columns)
        as_objects = _has_text(ratings) or _has_some_truth(ratings)
        ratings = ratings.to_numpy(dtype=object, na_value=None) if as_objects else _floats(ratings)
    values = _typed(ratings)
    if values.ndim != 2:
        raise keyed_error(key="agreement.ratings_shape", shape=values.shape)
    refuse_crosstab(values, axes)
    refuse_long(values, labels[1])
    refuse_counts(values, labels[1])
    _check_labels(*labels)
    made = Ratings(values, *labels, declared, ordered=ordered)
    _check_values(made)
    return made


def _refuse_one_column(ratings: Any) -> None:
    """Refuse a column whose index names items and raters, as ``groupby`` and ``set_index`` leave it."""
    single = isinstance(ratings, pd.DataFrame) and ratings.shape[1] == 1
    if (single or isinstance(ratings, pd.Series)) and ratings.index.nlevels == 2:
        column = "table.iloc[:, 0]" if single else "column"
        raise keyed_error(key="agreement.one_column_of_all", names=list(ratings.index.names), column=column)


def _refuse_several_values(columns: pd.Index) -> None:
    """Refuse what ``pivot`` makes of several columns of values: each rater comes again in each of them.

    As ``unstack`` does, it leaves the level of the values without a name; that of the raters has one.
    """
    if columns.nlevels != 2 or columns.names[0] is not None or columns.names[1] is None:
        return
    values = columns.unique(0)
    if len(values) > 1 and columns.get_level_values(1).has_duplicates:
        listed = ", ".join(map(repr, values))
        raise keyed_error(key="agreement.several_values", values=listed, first=values[0])


def _check_labels(items: Sequence[Hashable], raters: Sequence[Hashable]) -> None:
    """Refuse labels of which two are one name, and a first or last row that sums the others up."""
    refuse_alike_names(raters, key="agreement.raters_spelt_twice")
    refuse_alike_names(items, key="agreement.items_spelt_twice")
    row = next((label for label in (*items[:1], *items[-1:]) if sums_up(label)), None)
    if row is not None and len(items) > 1:
        raise keyed_error(key="agreement.sum_row", row=row)


def _declared(frame: pd.DataFrame) -> tuple[tuple[Any, ...] | None, bool]:
    """Categories that categorical columns declare, and whether they are an order."""
    kinds = frame.dtypes
    if any(isinstance(kind, pd.CategoricalDtype) and kind.ordered for kind in kinds):
        return _declared_order(frame), True
    if not len(kinds) or not all(isinstance(kind, pd.CategoricalDtype) for kind in kinds):
        return None, True
    # Without an order columns need not declare alike: made one by one, each knows the labels it has seen.
    together = tuple(dict.fromkeys(label for kind in kinds for label in kind.categories))
    seen = {label for name in range(len(kinds)) for label in frame.iloc[:, name].dropna().unique()}
    if set(together) == seen:  # nothing is declared that the ratings do not show
        return None, True
    return _as_numbers(together) or together, False


def _as_numbers(labels: tuple[Any, ...]) -> tuple[Any, ...]:
    """Numbers lowest first, whatever the columns made of them; nothing for text."""
    return tuple(sorted(labels)) if all(is_number(label) for label in labels) else ()


def _declared_order(frame: pd.DataFrame) -> tuple[Any, ...]:
    """Scale that the ordered categorical columns declare; they must agree, and be all columns."""
    ordered = {
        name: kind.categories.tolist()
        for name, kind in zip(frame.columns, frame.dtypes, strict=True)
        if isinstance(kind, pd.CategoricalDtype) and kind.ordered
    }
    first, scale = next(iter(ordered.items()))
    for name in frame.columns:
        if ordered.get(name) != scale:
            declared = ordered.get(name, phrase("agreement.no_scale"))
            raise keyed_error(
                key="agreement.scales_differ", column=name, declared=declared, first=first, scale=scale
            )
    return tuple(scale)


def _has_text(frame: pd.DataFrame) -> bool:
    return not all(map(_is_real, frame.dtypes))


def _has_some_truth(frame: pd.DataFrame) -> bool:
    """Whether some columns hold True and False, and others do not."""
    return len({pd.api.types.is_bool_dtype(kind) for kind in frame.dtypes}) > 1


def _is_real(kind: Any) -> bool:
    # Complex numbers are numeric to pandas, and made floats they lose a part.
    return pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_complex_dtype(kind)


def _floats(frame: pd.DataFrame) -> npt.NDArray[np.float64]:
    if not has_narrow(frame):
        return frame.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.column_stack([column_of_floats(frame.iloc[:, place]) for place in range(frame.shape[1])])


def _typed(ratings: Any) -> npt.NDArray[Any]:
    values = ratings if isinstance(ratings, np.ndarray) else _from_lists(ratings)
    if isinstance(values, np.ma.MaskedArray):  # what is masked was not given
        values = _blanked(np.asarray(values.data), np.ma.getmaskarray(values))
    values = np.asarray(values)  # a numpy.matrix keeps two dimensions whatever is done to it
    if values.dtype.kind == "U":
        values = _blanked(values, np.isin(values, NUMPY_GAPS))
    if values.dtype.kind in "fiub":
        return without_noise(widened(values))
    values = values.astype(object)
    filled = values[~pd.isna(values)]
    if all(isinstance(value, REAL) for value in filled.flat):
        _refuse_truth_among_numbers(values)
        try:
            given = np.array([_as_float(value) for value in values.flat], dtype=float)
            return without_noise(given.reshape(values.shape))
        except OverflowError:  # a whole number of hundreds of digits: refused by its size
            largest = np.clip(filled, -sys.float_info.max, sys.float_info.max)
            values[~pd.isna(values)] = largest
            return _typed(values)
    values = values.copy()
    values[pd.isna(values)] = None
    return values


def _refuse_truth_among_numbers(values: npt.NDArray[Any]) -> None:
    """Refuse True beside 2, 3: it would count as a rating of 1, which nobody gave."""
    if not {type(value) for value in values.flat} & set(TRUTH):
        return
    truths = np.argwhere([[isinstance(value, TRUTH) for value in row] for row in np.atleast_2d(values)])
    if any(value not in (0, 1) for value in values[~pd.isna(values)].flat):
        row, column = map(int, truths[0])
        value = bool(np.atleast_2d(values)[row, column])
        raise keyed_error(key="agreement.truth_among_numbers", value=value, row=row, column=column)


def _as_float(value: Any) -> float:
    if isinstance(value, np.floating) and value.itemsize < 8:
        return float(str(value))
    return math.nan if pd.isna(value) else float(value)


def _blanked(values: npt.NDArray[Any], gaps: npt.NDArray[np.bool_]) -> npt.NDArray[Any]:
    objects = values.astype(object)
    objects[gaps] = None
    return objects


def _from_lists(ratings: Any) -> npt.NDArray[Any]:
    if not isinstance(ratings, Iterable) or isinstance(ratings, str | Mapping | set | frozenset):
        raise keyed_error(key="agreement.ratings_kind", ratings=ratings)
    rows = [list(row) if isinstance(row, list | tuple | np.ndarray) else row for row in ratings]
    kinds = {type(value) for row in rows for value in (row if isinstance(row, list) else [row])}
    # The text "1" is a label, not a number, and True beside numbers is none either.
    objects = any(issubclass(kind, str) for kind in kinds) or 0 < len(kinds & set(TRUTH)) < len(kinds)
    # A float of fewer bits is what its text says, which numpy does not read of lists.
    objects = objects or bool(kinds & {np.float16, np.float32})
    if not objects:
        try:
            return np.array(rows, dtype=np.float64)
        except (TypeError, ValueError, OverflowError):
            pass
    return np.array(rows, dtype=object)


def _check_values(ratings: Ratings) -> None:
    values = ratings.values
    if not ratings.numeric:
        refuse_mixed(ratings)
        refuse_spellings(ratings)
    if ratings.numeric:
        sizes = np.abs(values)
        largest = np.fmax.reduce(sizes, axis=None, initial=0.0)
        if 0 < largest < SMALLEST:
            raise _tiny(ratings, sizes)
        if largest < LARGEST:
            return
        bad = sizes >= LARGEST  # infinity too
    else:
        bad = np.array([[_no_rating(value) for value in row] for row in values], dtype=bool)
        bad = bad.reshape(values.shape)
    if bad.any():
        row, column = np.argwhere(bad)[0]
        large = ratings.numeric and np.isfinite(values[row, column])
        raise keyed_error(
            key="agreement.too_large_rating" if large else "agreement.no_rating",
            value=ratings.plain(row, column),
            item=ratings.item(row),
            rater=ratings.rater(column),
            column=int(column),
        )


def _tiny(ratings: Ratings, sizes: npt.NDArray[np.float64]) -> Exception:
    row, column = np.unravel_index(np.nanargmax(sizes), sizes.shape)
    return keyed_error(
        key="agreement.too_small_rating",
        value=ratings.plain(int(row), int(column)),
        item=ratings.item(int(row)),
        column=int(column),
    )


def _no_rating(value: Any) -> bool:
    if isinstance(value, str):
        text = value.strip()
        return not text or text.lower() in GAPS or bool(FAILED.fullmatch(text))
    return isinstance(value, complex) or not isinstance(value, Hashable)


def rated_columns(table: Ratings) -> Ratings:
    """Leave out columns in which nobody rated, unless fewer than two are left.

    >>> rated_columns(Ratings(np.array([[1, 2, np.nan], [3, 3, np.nan]]))).values.tolist()
    [[1.0, 2.0], [3.0, 3.0]]
    """
    if table.n_ratings == table.values.size:
        return table
    kept = np.asarray(~table.missing.all(axis=0))
    if kept.all() or kept.sum() < 2 or not table.identified:
        return table
    raters = (
        [name for name, given in zip(table.raters, kept, strict=True) if given] if len(table.raters) else ()
    )
    return replace(table, values=table.values[:, kept], raters=raters)


def at_most_one_varies(table: Ratings) -> bool:
    """Whether all raters but one never vary: kappa and the two-way ICC are then 0 identically.

    A resample would give 0 again: no error and no interval can be read from these ratings.

    Only where every rated item has all ratings: with gaps, shares are of other items than the pairs.

    >>> at_most_one_varies(Ratings(np.array([[1.0, 3.0], [2.0, 3.0]])))
    True
    """
    rated = table.values if table.n_ratings == table.values.size else table.values[table.per_item > 0]
    # Column by column: along a first axis of a hundred thousand short rows numpy takes ten times as long.
    return not pd.isna(rated).any() and sum(bool((column != column[:1]).any()) for column in rated.T) <= 1


def need_raters(ratings: Ratings, needs: Phrase) -> None:
    """Refuse ratings that do not say who rated: counts, or of too many raters for a column each."""
    if ratings.identified:
        return
    raise keyed_error(key="agreement.need_raters", needs=needs, n_raters=ratings.n_raters)


def from_long(
    frame: pd.DataFrame,
    *,
    item: str | Sequence[str] = "item",
    rater: str = "rater",
    value: str = "value",
    categories: Sequence[Any] | None = None,
) -> Ratings:
    """Turn a long table, one rating a row, into ratings of items by raters.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per rating.
    item, rater, value : str
        Names of the columns; ``item`` may be several columns, which together name an item.
    categories : sequence, optional
        The declared scale, lowest first. A categorical column declares its own, an order only if it has one.

    Returns
    -------
    Ratings
        Items and raters in sorted order. Rows without a value are left out, but their item is kept. Where
        a column for every rater would not fit, columns are places in line and ``identified`` is False.

    Raises
    ------
    StatisticsError
        No table, no column of that name or two of them, a name of an item or a rater is spelt in two ways
        ("p1", "p1 "), or a rater rated an item twice (all such pairs are listed).

    Examples
    --------
    >>> table = pd.DataFrame({"item": [1, 1, 2], "rater": ["a", "b", "a"], "value": [3, 4, 5]})
    >>> from_long(table, item="item", rater="rater", value="value").values
    array([[ 3.,  4.],
           [ 5., nan]])
    """
    item_columns = _item_columns(frame, item, rater, value)
    for name in (*item_columns, rater):
        refuse_alike_names(_different(frame[name]), column=name)
    _refuse_sum_rater(frame, rater)
    kind = frame[value].dtype
    ordered = categories is not None or not isinstance(kind, pd.CategoricalDtype) or bool(kind.ordered)
    if categories is None and isinstance(kind, pd.CategoricalDtype):
        categories = kind.categories.tolist() if ordered else _declared(frame[[value]])[0]
    keys = frame[item_columns[0]] if len(item_columns) == 1 else pd.MultiIndex.from_frame(frame[item_columns])
    rows, items = pd.factorize(keys, sort=True)
    given = frame[value].notna().to_numpy()
    unnamed = given & (frame[rater].isna().to_numpy() | (rows < 0))
    if unnamed.any():
        place = int(np.flatnonzero(unnamed)[0])
        raise keyed_error(key="agreement.unnamed_ratings", n=int(unnamed.sum()), row=frame.index[place])
    # What is left without an item here has no rating either: such a row says nothing.
    frame, rows = frame[rows >= 0], rows[rows >= 0]
    given = frame[value].notna().to_numpy()
    columns, raters = pd.factorize(frame[rater][given], sort=True)
    _refuse_twice(rows[given], columns, items, raters)
    identified = len(items) * len(raters) <= WIDEST
    places = columns if identified else pd.Series(rows[given]).groupby(rows[given]).cumcount().to_numpy()
    numeric = _is_real(frame[value].dtype)
    values = np.full((len(items), int(places.max(initial=-1)) + 1), np.nan if numeric else None)
    filled = frame[value][given]
    values[rows[given], places] = column_of_floats(filled) if numeric else filled.to_numpy(dtype=object)
    declared = None if categories is None else tuple(arguments.names(categories, "categories"))
    made = Ratings(
        _typed(values),
        items.tolist(),
        raters.tolist() if identified else (),
        declared,
        identified,
        len(raters),
        ordered,
    )
    _check_values(made)
    return made


def _different(column: pd.Series) -> list[Hashable]:
    try:
        return column.dropna().unique().tolist()
    except TypeError:  # lists and the like are no names
        raise argument_refusal(column.tolist(), str(column.name), "statistics.names") from None


def _refuse_sum_rater(frame: pd.DataFrame, rater: str) -> None:
    # Who stands for the mean of the others is nobody who rated.
    name = next((name for name in frame[rater].dropna().unique() if sums_up(name)), None)
    if name is not None:
        raise keyed_error(key="agreement.sum_rater", rater=name, column=rater)


def _item_columns(frame: pd.DataFrame, item: str | Sequence[str], rater: str, value: str) -> list[Hashable]:
    if not isinstance(frame, pd.DataFrame):
        raise keyed_error(key="agreement.long_frame", frame=frame)
    # A frame made of a bare array has numbers for names.
    one = isinstance(item, str) or not isinstance(item, Iterable)
    item_columns: list[Hashable] = [item] if one else arguments.names(item, "item")
    if not item_columns or not all(isinstance(name, Hashable) for name in (rater, value)):
        raise keyed_error(key="agreement.long_columns", item=item, rater=rater, value=value)
    lost = [name for name in (*item_columns, rater, value) if name not in frame.columns]
    if lost:
        has = ", ".join(map(repr, frame.columns))
        raise keyed_error(key="agreement.no_column", lost=", ".join(map(repr, lost)), has=has, columns=lost)
    for name in (*item_columns, rater, value):
        # Of two columns of one name either may be meant.
        if (frame.columns == name).sum() > 1:
            raise keyed_error(key="agreement.column_twice", column=name)
    return item_columns


def _refuse_twice(rows: np.ndarray, columns: np.ndarray, items: pd.Index, raters: pd.Index) -> None:
    # Neither is taken nor averaged: which of two ratings counts is a decision of whoever holds the data.
    twice = pd.DataFrame({"row": rows, "column": columns})
    twice = twice[twice.duplicated()].drop_duplicates()
    if len(twice):
        items, raters = items.tolist(), raters.tolist()
        pairs = [(items[row], raters[column]) for row, column in twice.itertuples(index=False)]
        listed = ", ".join(map(str, pairs[:50]))
        raise keyed_error(key="agreement.rated_twice", listed=listed, pairs=pairs)
