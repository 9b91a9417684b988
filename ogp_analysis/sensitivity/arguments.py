"""What the functions of this package accept, beyond what all statistical functions ask of arguments."""

from __future__ import annotations

import reprlib
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ogp_analysis.errors import StatisticsError, keyed_error
from ogp_analysis.model.arguments import (
    argument_refusal,
    finite_numbers,
    flag,
    generator,
    numbers,
    one_number,
    refuse_non_finite,
)
from ogp_analysis.model.arguments import whole as whole_number
from ogp_analysis.model.arguments import word as choice
from ogp_analysis.model.column_names import no_rater
from ogp_analysis.model.labelled import by_labels, labels_of, numbered, places_of

__all__ = [
    "SUM_TOLERANCE",
    "alpha_vector",
    "category_codes",
    "choice",
    "columns_in_order",
    "constraint_rows",
    "cut_vector",
    "cuts_of_levels",
    "entries",
    "finite_numbers",
    "flag",
    "generator",
    "in_order",
    "in_order_of",
    "lengths_of",
    "numbers",
    "one_number",
    "probabilities",
    "proposals_of",
    "refuse_non_finite",
    "rows_in_order",
    "same_rows",
    "score_matrix",
    "sequence",
    "weight_vector",
    "whole_number",
]

# Sizes of the largest score within which rounding is told from a difference; beyond, it would decide unseen.
SMALLEST_SCORE, LARGEST_SCORE = 1e-6, 1e12
SUM_TOLERANCE = 1e-9  # of a sum of 1: weights typed with a few decimals, or computed as 1 / 3


def sequence(values: Any, name: str, count: int) -> Sequence[Any]:
    """Take one entry for each of the criteria."""
    if len(entries(values, name)) != count:
        raise argument_refusal(values, name, "sensitivity.entries", shown=reprlib.repr(values), count=count)
    return values


def lengths_of(table: ArrayLike) -> tuple[int, ...]:
    """Give the number of levels on each axis of a category table.

    >>> lengths_of([[1, 2, 3], [3, 3, 3]])
    (2, 3)
    """
    return category_codes(table).shape


def category_codes(table: ArrayLike) -> np.ndarray:
    """Read a category table, whose levels stand by place; refuse one whose axes name them in two orders.

    >>> category_codes([[1, 2], [3, 3]]).tolist()
    [[1.0, 2.0], [3.0, 3.0]]
    """
    rows, columns = labels_of(table), labels_of(table, "columns")
    if rows and columns and rows != columns and set(rows) == set(columns):
        raise keyed_error(key="sensitivity.table_labels", rows=rows, columns=columns)
    return numbers(table, "category table")


def entries(values: Any, name: str) -> Sequence[Any]:
    """Take a list, a tuple or an array of one dimension or more."""
    listed = isinstance(values, Sequence) and not isinstance(values, str)
    if not listed and not (isinstance(values, np.ndarray) and values.ndim):
        raise argument_refusal(values, name, "sensitivity.list", shown=reprlib.repr(values))
    return values


def probabilities(values: np.ndarray, name: str) -> np.ndarray:
    """Refuse negative probabilities and rows (last axis) whose sum is not 1.

    >>> probabilities(np.array([[0.5, 0.4]]), "pmf")
    Traceback (most recent call last):
    ogp_analysis.errors.StatisticsError: pmf at (0,) sums to 0.9; probabilities must sum to 1
    """
    refuse_non_finite(values, name)
    if np.any(values < -SUM_TOLERANCE):
        raise keyed_error(key="sensitivity.probability_negative", name=name, value=float(values.min()))
    off = np.argwhere(np.abs(values.sum(axis=-1) - 1) > SUM_TOLERANCE)
    if len(off):
        place = tuple(int(k) for k in off[0])
        raise keyed_error(
            key="sensitivity.probability_sum", name=name, place=place, sum=float(values[place].sum())
        )
    return values


def score_matrix(scores: ArrayLike, name: str = "scores") -> np.ndarray:
    """Read scores as an (m, n) array of finite numbers with n >= 1; m may be 0.

    >>> score_matrix([1, 5])
    Traceback (most recent call last):
    ogp_analysis.errors.StatisticsError: scores has shape (2,); it must be (m proposals, n >= 1 indicators)
    """
    column = no_rater(labels_of(scores, "columns") or ())
    if column is not None:
        raise keyed_error(key="sensitivity.no_indicator", name=name, column=column)
    array = numbers(scores, name)
    if array.ndim != 2 or array.shape[1] < 1:
        raise keyed_error(key="sensitivity.scores_shape", name=name, shape=array.shape)
    refuse_non_finite(array, name)
    largest = float(np.abs(array).max(initial=0.0))
    if largest and not SMALLEST_SCORE <= largest <= LARGEST_SCORE:
        limits = {"least": SMALLEST_SCORE, "most": LARGEST_SCORE}
        raise keyed_error(key="sensitivity.scores_size", name=name, largest=largest, **limits)
    return array


def cuts_of_levels(cuts: ArrayLike, levels: int) -> np.ndarray:
    """Read the increasing cut points that make a number of levels: one fewer.

    >>> cuts_of_levels([2.5, 3.5], 3).tolist()
    [2.5, 3.5]
    """
    array = cut_vector(cuts, ordered=True)
    if len(array) != levels - 1:
        raise argument_refusal(
            array.tolist(), "cuts", "sensitivity.cut_count", count=levels - 1, levels=levels
        )
    return array


def constraint_rows(normals: ArrayLike, bounds: ArrayLike, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Read linear constraints on n weights, (c, n) and (c,)."""
    normals = finite_numbers(normals, "normals", ("c", n))
    return normals, finite_numbers(bounds, "bounds", (len(normals),))


def cut_vector(cuts: ArrayLike, *, ordered: bool = False) -> np.ndarray:
    """Read cut points as an (r,) array of finite numbers, on request only increasing ones.

    >>> cut_vector(3).tolist(), cut_vector([3.5, 2.5]).tolist()
    ([3.0], [3.5, 2.5])
    """
    array = np.atleast_1d(numbers(cuts, "cuts"))
    if array.ndim != 1:
        raise keyed_error(key="statistics.shape", name="cuts", shape=array.shape, wanted="r,")
    refuse_non_finite(array, "cuts")
    if ordered and np.any(np.diff(array) <= 0):
        raise keyed_error(key="sensitivity.cuts_order", cuts=array.tolist())
    return array


def weight_vector(weights: ArrayLike, n: int) -> np.ndarray:
    """Read n weights: finite, not negative, with sum 1; they are refused and not rescaled.

    >>> weight_vector([30, 70], 2)
    Traceback (most recent call last):
    ogp_analysis.errors.StatisticsError: weights [30.0, 70.0] sum to 100; they must sum to 1
    """
    array = numbers(weights, "weights")
    if array.shape != (n,):
        raise keyed_error(key="sensitivity.one_each", name="weights", shape=array.shape, count=n)
    refuse_non_finite(array, "weights")
    if np.any(array < 0):
        raise keyed_error(
            key="sensitivity.negative", name="weights", values=array.tolist(), least=float(array.min())
        )
    if abs(array.sum() - 1) > SUM_TOLERANCE:
        raise keyed_error(key="sensitivity.weights_sum", weights=array.tolist(), sum=float(array.sum()))
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
    return in_order_of(values, labels_of(scores, "columns"), name)


def in_order_of(values: Any, names: Sequence[Hashable] | None, name: str) -> Any:
    """Put values that carry names into the order of the names of the indicators.

    >>> in_order_of({"b": 0.8, "a": 0.2}, ("a", "b"), "baseline")
    [0.2, 0.8]
    """

    def differ(own: list, columns: list) -> StatisticsError:
        return keyed_error(key="sensitivity.same_names", name=name, names=own, columns=columns)

    return by_labels(values, None if names is None else list(names), differ)


def rows_in_order(values: Any, scores: Any, name: str) -> Any:
    """Put values that name proposals into the order of the scores' rows; whatever has no names passes.

    >>> import pandas as pd
    >>> scores = pd.DataFrame([[1], [5]], index=["P", "Q"])
    >>> rows_in_order(pd.Series({"Q": 1, "P": 0}), scores, "route").tolist()
    [0, 1]
    """

    def differ(own: list, rows: list) -> StatisticsError:
        return keyed_error(key="sensitivity.same_proposals", name=name, names=own[:5], rows=rows[:5])

    return by_labels(values, _readable(values, scores), differ)


def same_rows(tables: Sequence[Any]) -> list[Any]:
    """Put the proposals of all criteria into the order of the first table that names them.

    >>> import pandas as pd
    >>> first, second = pd.DataFrame([[1], [5]], ["P", "Q"]), pd.DataFrame([[5], [1]], ["Q", "P"])
    >>> same_rows([first, second])[1].index.tolist()
    ['P', 'Q']
    """

    def differ(own: list, rows: list) -> StatisticsError:
        return keyed_error(key="sensitivity.proposals", first=rows[:5], second=own[:5])

    first = proposals_of(tables)
    return [by_labels(table, _readable(table, first), differ) for table in tables]


def _readable(values: Any, scores: Any) -> list[Hashable] | None:
    """Rows by which values may be read; not the numbers that pandas gave where values have names."""
    rows, own = labels_of(scores), labels_of(values)
    if rows is not None and own is not None and numbered(rows) and places_of(own, rows) is None:
        return None
    return rows


def proposals_of(tables: Sequence[Any]) -> Any:
    """Give the first table that names its proposals, or the first of all."""
    rows = [labels_of(table) for table in tables]
    return next((table for table, own in zip(tables, rows, strict=True) if own is not None), tables[0])


def alpha_vector(alpha: ArrayLike, n: int) -> np.ndarray:
    """Read n Dirichlet parameters: finite, not negative, not all zero.

    >>> alpha_vector([2, 0], 2).tolist()
    [2.0, 0.0]
    """
    array = numbers(alpha, "alpha")
    if array.shape != (n,):
        raise keyed_error(key="sensitivity.one_each", name="alpha", shape=array.shape, count=n)
    refuse_non_finite(array, "alpha")
    if np.any(array < 0):
        raise keyed_error(
            key="sensitivity.negative", name="alpha", values=array.tolist(), least=float(array.min())
        )
    if not array.any():
        raise keyed_error(key="sensitivity.alpha_zero", alpha=array.tolist())
    return array
