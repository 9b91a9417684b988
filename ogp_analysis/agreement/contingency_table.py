"""Ratings from the contingency table of two raters: how many items one put here and the other there."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ogp_analysis.agreement import arguments
from ogp_analysis.agreement.counts_of_ratings import counts_of, is_unnamed, refuse_sums, scale_of
from ogp_analysis.agreement.ratings_table import WIDEST, Ratings
from ogp_analysis.agreement.text_ratings import is_number
from ogp_analysis.errors import keyed_error


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
        of its two axes, where it has them, are those of the raters.
    categories : sequence of hashable, optional
        The categories, lowest first. Of a DataFrame it may hold some that neither rater used; of an array it
        names rows and columns in their order. Default: the labels of the rows, whose order is declared only
        by an ordered ``CategoricalIndex``; without labels they are 1, 2, ... q.

    Returns
    -------
    Ratings
        One row for each item that was counted, two columns.

    Raises
    ------
    StatisticsError
        A count that is missing, negative or no whole number (all are listed), margins of sums, a table that
        is not square, rows and columns that do not name the same categories, or more items than can be held.

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
    rows, columns = _labels(table, counts.shape, categories)
    total = int(counts.sum())
    if 2 * total > WIDEST:
        raise keyed_error(key="agreement.table_too_large", n_items=total, most=WIDEST // 2)
    scale, ordered = scale_of(table, rows, categories)
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


def _labels(
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
    same = set(rows) == set(columns) if declared is None else set(rows) | set(columns) <= set(declared)
    if not same or (len(rows), len(columns)) != shape or any(len(set(x)) < len(x) for x in (rows, columns)):
        raise keyed_error(key="agreement.table_labels", rows=repr(rows), columns=repr(columns), shape=shape,
                      categories=repr(declared or rows))  # fmt: skip
    if len({is_number(label) for label in (*rows, *columns)}) > 1:
        raise keyed_error(key="agreement.labels_mixed", categories=repr(rows))
    return rows, columns
