"""Recognise the contingency table of two raters that was passed as if it were items by raters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ogp_analysis.agreement.mistaken_tables import RATERS
from ogp_analysis.errors import keyed_error
from ogp_analysis.model.column_names import ITEMS, words_of


def refuse_crosstab(values: npt.NDArray[Any], axes: Sequence[pd.Index]) -> None:
    """Refuse whole numbers under categories of two named raters, as ``pandas.crosstab`` gives them.

    >>> ann, bob = pd.Series([1, 2, 2], name="ann"), pd.Series([1, 2, 1], name="bob")
    >>> counts = pd.crosstab(ann, bob)
    >>> refuse_crosstab(counts.to_numpy(), (counts.index, counts.columns))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ogp_analysis.errors.StatisticsError: the table looks like the contingency table of two ...
    """
    if len(axes) != 2 or values.ndim != 2 or not values.size or not _are_counts(values):
        return
    rows, columns = axes
    if rows.name is None or columns.name is None or _say_items_by_raters(rows.name, columns.name):
        return
    # One rater may not have used a category; numbers that only overlap may be items and raters by number.
    text = all(isinstance(label, str) for label in (*rows, *columns))
    if set(rows) == set(columns) or (text and set(rows) & set(columns)):
        raise keyed_error(
            key="agreement.looks_like_table",
            rows=rows.name,
            columns=columns.name,
            categories=repr(list(dict.fromkeys((*rows, *columns)))),
        )


def _are_counts(values: npt.NDArray[Any]) -> bool:
    return values.dtype != object and bool(((values >= 0) & (values == np.floor(values))).all())


def _say_items_by_raters(rows: Any, columns: Any) -> bool:
    kinds = [set(words_of(name)) for name in (rows, columns)]
    # "rater 1" by "rater 2" is a contingency table, "item" by "rater" is none.
    return bool(kinds[0] & ITEMS) or bool(kinds[1] & RATERS and not kinds[0] & RATERS)
