"""Ratings from counts: from a contingency table of two raters, or from how many put an item where."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ogp_analysis.agreement import arguments
from ogp_analysis.agreement.mistaken_columns import beyond_chance, numbers_rows, sums_among
from ogp_analysis.agreement.ratings_table import WIDEST, Ratings
from ogp_analysis.agreement.text_ratings import is_number
from ogp_analysis.errors import keyed_error, phrase
from ogp_analysis.model.column_names import TOTALS, is_id, sums_up

SHOWN = 50


def from_counts(
    table: pd.DataFrame | npt.ArrayLike, *, categories: Sequence[Hashable] | None = None
) -> Ratings:
    """Turn counts, items by categories, into ratings of items by raters.

    Who rated is lost in counts, so coefficients that need it (Cohen's and Conger's kappa, the two-way
    intraclass correlations, Kendall's W, variance components) refuse the result; those of pooled raters
    are the same as from the ratings themselves. The layout is that of Fleiss (1971),
    doi 10.1037/h0031619, table 1, and of ``aggregate_raters`` of statsmodels.

    Parameters
    ----------
    table : DataFrame or array_like, with shape (N, q)
        Number of raters who put each item into each category: whole numbers of 0 or more, none missing.
        Rows need not add up alike.
    categories : sequence of hashable, optional
        The categories, lowest first. Of a DataFrame, whose columns are read by their names, it may hold
        categories without a column, which nobody used; of an array it names the columns in their order.
        Default: the names of the columns, whose order is declared only by an ordered
        ``CategoricalIndex``; columns without names are 1, 2, ... q.

    Returns
    -------
    Ratings
        Each item's ratings, lowest column first; ``identified`` is False, because columns are only places.

    Raises
    ------
    StatisticsError
        A count that is missing, negative or no whole number (all are listed), columns that are not the
        categories, named twice or as an id, a row or column that is the sum of all others, names that mix
        numbers and text, or more ratings than can be held.

    Examples
    --------
    Three raters; two items are rated alike by all: p_a = (1 + 1 + 1/3) / 3.

    >>> from ogp_analysis.agreement import percent_agreement
    >>> found = from_counts([[3, 0], [0, 3], [2, 1]], categories=["no", "yes"])
    >>> found.values[2].tolist(), round(percent_agreement(found).value, 4)
    (['no', 'no', 'yes'], 0.7778)
    """
    counts, items = counts_of(table), table.index.tolist() if isinstance(table, pd.DataFrame) else []
    refuse_sums(counts, table, categories)
    labels = _labels(table, counts.shape[1], categories)
    scale, ordered = scale_of(table, labels, categories)
    sizes = counts.sum(axis=1)
    width = int(sizes.max(initial=0))
    if len(counts) * width > WIDEST:
        raise keyed_error(key="agreement.counts_too_large", n_items=len(counts), most=width, cells=WIDEST)
    kind = np.float64 if all(map(is_number, labels)) else object
    values = np.full((len(counts), width), np.nan if kind is np.float64 else None, dtype=kind)
    column = np.repeat(np.tile(np.arange(len(labels)), len(counts)), counts.ravel())
    place = np.arange(len(column)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    values[np.repeat(np.arange(len(counts)), sizes), place] = np.array(labels, dtype=kind)[column]
    return Ratings(values, items, (), scale, identified=False, ordered=ordered)


def counts_of(table: Any) -> npt.NDArray[np.int64]:
    """Read a table of counts; all that are none are listed."""
    try:
        if np.iscomplexobj(table):  # made floats, it would lose a part in silence
            raise TypeError
        # A masked count is none, whatever number lies under the mask.
        counts = np.ma.filled(np.ma.asarray(table).astype(np.float64), np.nan)
    except (TypeError, ValueError, OverflowError):
        raise keyed_error(key="agreement.counts_kind", table=table) from None
    if counts.ndim != 2 or not counts.shape[1]:
        raise keyed_error(key="agreement.counts_shape", shape=counts.shape)
    with np.errstate(invalid="ignore"):
        bad = np.argwhere(~((counts >= 0) & (counts == np.floor(counts)) & (counts <= WIDEST)))
    if len(bad):
        frame = table if isinstance(table, pd.DataFrame) else pd.DataFrame(counts)
        cells = [(frame.index[row], frame.columns[column], float(counts[row, column])) for row, column in bad]
        listed = tuple(
            phrase("agreement.count_of", value=value, item=item, category=name) for item, name, value in cells
        )
        raise keyed_error(key="agreement.counts_whole", listed=listed, most=WIDEST, cells=cells)
    return counts.astype(np.int64)


def refuse_sums(counts: npt.NDArray[np.int64], table: Any, categories: Sequence[Hashable] | None) -> None:
    """Refuse an id among the columns, and a row or column that is the sum of the others.

    A category may be called "total"; what adds up all others is none. Categories that were declared are some.
    """
    declared = [] if categories is None else arguments.names(categories, "categories")
    named = isinstance(table, pd.DataFrame)
    if declared and not named:
        return
    frame = table if named else pd.DataFrame(counts)
    columns = [name for name in frame.columns if name not in declared]
    ids = [name for name in columns if is_id(name)]
    if ids and len(ids) < len(frame.columns):  # all of them are kinds of things that were rated
        raise keyed_error(key="agreement.counts_id", column=ids[0])
    if counts.shape[1] > 2 and frame.columns[0] not in declared and numbers_rows(counts[:, 0]):
        raise keyed_error(key="agreement.counts_row_numbers", column=frame.columns[0], table=_frame(table))
    for key, kind, names, cells in (
        ("agreement.counts_sum_column", "column", frame.columns, counts),
        ("agreement.counts_sum_row", "row", frame.index, counts.T),
    ):
        for place in np.flatnonzero(sums_among(cells)) if cells.shape[1] > 1 else ():
            name = names[place]
            certain = sums_up(name, TOTALS) or (cells.shape[1] > 2 and beyond_chance(cells))
            if name not in declared and certain:
                raise keyed_error(key=key, **{kind: name}, table=_frame(table))


def _frame(table: Any) -> str:
    """Name the table in advice that a data frame understands."""
    return "table" if isinstance(table, pd.DataFrame) else "pandas.DataFrame(table)"


def _refuse_margins(counts: npt.NDArray[np.int64], table: Any, categories: Sequence[Hashable] | None) -> None:
    """Refuse a last row and column that are both sums, though each alone might have come by chance."""
    if categories is not None or len(counts) < 3 or counts.shape[0] != counts.shape[1]:
        return
    if all(sums_among(cells)[-1] for cells in (counts, counts.T)) and beyond_chance(
        np.vstack([counts, counts.T])
    ):
        raise keyed_error(key="agreement.table_margins", table=_frame(table))


def is_unnamed(table: Any) -> bool:
    """Whether a table has no names for its columns."""
    return not isinstance(table, pd.DataFrame) or isinstance(table.columns, pd.RangeIndex)


def _labels(table: Any, q: int, categories: Sequence[Hashable] | None) -> list[Hashable]:
    """Category of each column."""
    declared = None if categories is None else arguments.names(categories, "categories")
    labels: list[Hashable]
    if is_unnamed(table):
        labels = list(range(1, q + 1)) if declared is None else declared
    else:
        labels = arguments.names(table.columns, "columns")
    lost = [] if declared is None else [label for label in labels if label not in declared]
    if len(labels) != q or len(set(labels)) < q or lost:
        raise keyed_error(
            key="agreement.counts_columns",
            n_columns=q,
            columns=list(range(1, q + 1)) if is_unnamed(table) else labels,
            categories=declared or labels,
        )
    if len({is_number(label) for label in labels}) > 1:
        raise keyed_error(key="agreement.labels_mixed", categories=labels)
    return labels


def scale_of(
    table: Any, labels: list[Hashable], categories: Sequence[Hashable] | None
) -> tuple[tuple[Any, ...], bool]:
    """Declared categories, and whether they are an order: columns in the order of the alphabet are none."""
    if categories is not None:
        return tuple(arguments.names(categories, "categories")), True
    kind = None if is_unnamed(table) else table.columns.dtype
    if isinstance(kind, pd.CategoricalDtype) and kind.ordered:
        return tuple(kind.categories), True
    return tuple(sorted(labels) if all(map(is_number, labels)) else labels), is_unnamed(table)


def from_table(
    table: pd.DataFrame | npt.ArrayLike, *, categories: Sequence[Hashable] | None = None
) -> Ratings:
    """Turn the contingency table of two raters into ratings of items by raters.

    The layout is that of ``pandas.crosstab``. Items that only one of the two rated have no place in such a
    table.

    Parameters
    ----------
    table : DataFrame or array_like, with shape (q, q)
        Items that the first rater put into the category of the row and the second into that of the column:
        whole numbers of 0 or more. The rows and columns of a DataFrame are read by their labels; the names
        of its two axes, where it has them, are those of the raters. A category that one of them did not use
        need not have a row or column.
    categories : sequence of hashable, optional
        The categories, lowest first. Of a DataFrame it may hold some that neither rater used; of an array it
        names rows and columns in their order. Default: the labels of the rows (or columns, where they are
        more), whose order is declared only by an ordered ``CategoricalIndex``; without labels they are 1, 2,
        ... q.

    Returns
    -------
    Ratings
        One row for each item that was counted, two columns.

    Raises
    ------
    StatisticsError
        A count that is missing, negative or no whole number (all are listed), margins of sums, an array
        that is not square, rows and columns that do not name the same categories, or more items than can be
        held.

    Examples
    --------
    Equal are 140 of 200 items, by chance 0.6 * 0.5 + 0.3 * 0.3 + 0.1 * 0.2 = 0.41: (0.7 - 0.41) / 0.59.

    >>> from ogp_analysis.agreement import cohen_kappa
    >>> counts = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    >>> round(cohen_kappa(from_table(counts)).value, 3)
    0.492
    >>> from_table(pd.DataFrame([[1, 0], [2, 0]], index=["no", "yes"], columns=["no", "yes"])).values.tolist()
    [['no', 'no'], ['yes', 'no'], ['yes', 'no']]
    """
    counts = counts_of(table)
    refuse_sums(counts, table, categories)
    _refuse_margins(counts, table, categories)
    rows, columns = _labels_of_both(table, counts.shape, categories)
    total = int(counts.sum())
    if 2 * total > WIDEST:
        raise keyed_error(key="agreement.table_too_large", n_items=total, most=WIDEST // 2)
    scale, ordered = scale_of(table, max(rows, columns, key=len), categories)
    kind = np.float64 if all(map(is_number, rows)) else object
    cells = [np.repeat(index.ravel(), counts.ravel()) for index in np.indices(counts.shape)]
    given = [
        np.array(labels, dtype=kind)[index] for labels, index in zip((rows, columns), cells, strict=True)
    ]
    return Ratings(np.column_stack(given), (), _raters(table), scale, ordered=ordered)


def _raters(table: Any) -> tuple[Hashable, ...]:
    """Names of the two axes, where both have one."""
    if not isinstance(table, pd.DataFrame) or table.index.name is None or table.columns.name is None:
        return ()
    return table.index.name, table.columns.name


def _one_holds_both(rows: list[Hashable], columns: list[Hashable]) -> bool:
    """Whether one rater used all categories that the other used; two that each lack one may be misspelt."""
    return set(rows) <= set(columns) or set(columns) <= set(rows)


def _labels_of_both(
    table: Any, shape: tuple[int, int], categories: Sequence[Hashable] | None
) -> tuple[list[Hashable], list[Hashable]]:
    """Category of each row and of each column."""
    declared = None if categories is None else arguments.names(categories, "categories")
    rows: list[Hashable]
    columns: list[Hashable]
    if is_unnamed(table):
        rows = columns = list(range(1, shape[0] + 1)) if declared is None else declared
    else:
        rows, columns = arguments.names(table.index, "rows"), arguments.names(table.columns, "columns")
    same = _one_holds_both(rows, columns) if declared is None else set(rows) | set(columns) <= set(declared)
    if not same or (len(rows), len(columns)) != shape or any(len(set(x)) < len(x) for x in (rows, columns)):
        raise keyed_error(key="agreement.table_labels", rows=repr(rows), columns=repr(columns), shape=shape,
                      categories=repr(declared or rows))  # fmt: skip
    if len({is_number(label) for label in (*rows, *columns)}) > 1:
        raise keyed_error(key="agreement.labels_mixed", categories=repr(rows))
    return rows, columns
