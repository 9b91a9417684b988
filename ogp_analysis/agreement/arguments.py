"""What the options of the coefficients may be, beyond what all statistical functions ask of arguments."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ogp_analysis.agreement.text_ratings import refuse_alike_names
from ogp_analysis.errors import StatisticsError
from ogp_analysis.model.arguments import (
    argument_refusal,
    between,
    flag,
    generator,
    names,
    points,
    whole,
    word,
)
from ogp_analysis.model.labelled import by_labels
from ogp_analysis.model.records import Estimate

__all__ = [
    "between",
    "estimated",
    "flag",
    "generator",
    "in_order",
    "labelled_matrix",
    "matrix",
    "names",
    "points",
    "refused_word",
    "whole",
    "word",
]


def in_order(values: Any, labels: Sequence[Hashable], name: str) -> list[Hashable]:
    """Read a list of names or numbers, a pandas column or a mapping by its labels.

    >>> in_order(pd.Series(["A", "B"], index=["S02", "S01"]), ["S01", "S02"], "cluster")
    ['B', 'A']
    """

    def differ(own: list[Hashable], wanted: list[Hashable]) -> StatisticsError:
        lost = [label for label in wanted if label not in set(own)] or own
        return argument_refusal(values, name, "agreement.labels_differ", own=own, labels=wanted, lost=lost[0])

    read = names(by_labels(values, list(labels) if len(labels) else None, differ), name)
    refuse_alike_names(read, column=name, key="agreement.argument_spelt_twice")
    return read


def matrix(values: Any, name: str) -> npt.NDArray[np.float64]:
    """Read a matrix of numbers.

    >>> matrix([[1, 0.5], [0.5, 1]], "weights")
    array([[1. , 0.5],
           [0.5, 1. ]])
    """
    try:
        if np.iscomplexobj(values):  # made floats, it would lose a part in silence
            raise TypeError
        # What is masked is no number: the checks of the matrix refuse it as NaN.
        return np.ma.filled(np.ma.asarray(values).astype(np.float64), np.nan)
    except (TypeError, ValueError, OverflowError):
        raise argument_refusal(values, name, "agreement.matrix") from None


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
    rows, columns = (repr(axis.tolist()) for axis in axes)
    raise argument_refusal(
        values, name, "agreement.matrix_labels", rows=rows, columns=columns, categories=repr(list(labels))
    )


def estimated(value: Any, name: str) -> Estimate:
    """Take an estimate and nothing else.

    >>> try:
    ...     estimated(0.7, "first")
    ... except ValueError as error:
    ...     print(error)
    first is 0.7; it is an Estimate, as the coefficients return
    """
    if not isinstance(value, Estimate):
        raise argument_refusal(value, name, "agreement.estimate")
    return value


def refused_word(value: Any, allowed: Sequence[str], name: str, meant: Mapping[str, str]) -> StatisticsError:
    """Make the refusal of a word, with the one that is meant where other packages call it so.

    >>> print(refused_word("ICC2", ("ICC(1)", "ICC(A,1)"), "form", {"icc2": "ICC(A,1)"}))
    form 'ICC2' is not one of ICC(1), ICC(A,1); 'ICC2' is called 'ICC(A,1)' here
    """
    known = meant.get(str(value).lower().replace(" ", "")) if isinstance(value, str | None) else None
    key = "statistics.word_meant" if known else "statistics.word"
    return argument_refusal(value, name, key, allowed=", ".join(allowed), meant=known)
