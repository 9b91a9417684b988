"""Rows of the tables of notebook 2: where an estimate stands, its numbers, calls that may find no pair."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeVar

from ogp_analysis.agreement.blind import Comparison
from ogp_analysis.agreement.data import Ratings
from ogp_analysis.errors import StatisticsError
from ogp_analysis.model import Estimate

Made = TypeVar("Made")
NOT_COMPUTED = "not_computed"
# What ratings can do to a calculation; a mistake in the code (a name, a type) still ends the study.
FAILURES = (StatisticsError, ArithmeticError, ValueError, LookupError, MemoryError)

WHERE = ("grain", "criterion", "indicator", "pair")
UNCERTAIN = ("value", "lower", "upper", "standard_error", "n_items", "n_raters", "n_ratings", "note")


def numbers(found: Estimate) -> tuple:
    """Numbers of an estimate in the order of ``UNCERTAIN``.

    Parameters
    ----------
    found : Estimate
        Any coefficient.

    Returns
    -------
    tuple
        Value, limits, standard error, numbers of items, raters and ratings, note.

    Examples
    --------
    >>> numbers(Estimate(0.5, 0.1, (0.3, 0.7), n_items=20, n_raters=2, n_ratings=40))
    (0.5, 0.3, 0.7, 0.1, 20, 2, 40, '')
    """
    return (
        found.value,
        *found.interval,
        found.standard_error,
        found.n_items,
        found.n_raters,
        found.n_ratings,
        found.note,
    )


def guarded(call: Callable[..., Estimate], table: Ratings, **options: object) -> Estimate:
    """Call a coefficient, or name why there is nothing to call it on.

    Parameters
    ----------
    call : callable
        A coefficient.
    table : Ratings
        The ratings.
    **options
        Options of the coefficient.

    Returns
    -------
    Estimate
        What the coefficient returns; NaN with note ``no_pair`` where no item has two ratings,
        ``not_computed`` where the coefficient refuses them or fails.

    Examples
    --------
    >>> import numpy as np
    >>> from ogp_analysis.agreement import share_within
    >>> guarded(share_within, Ratings(np.array([[1.0, np.nan]])), tolerance=1).note
    'no_pair'
    """
    # A run goes on where one indicator has no pair: the coefficients refuse what here is a row with a note.
    if table.values.shape[1] < 2 or not (table.per_item >= 2).any():
        return Estimate(math.nan, n_raters=table.n_raters, n_ratings=table.n_ratings, note="no_pair")
    return attempted(
        lambda: call(table, **options),
        Estimate(math.nan, n_raters=table.n_raters, n_ratings=table.n_ratings, note=NOT_COMPUTED),
    )


def attempted(call: Callable[[], Made], instead: Made) -> Made:
    """Make one part of the study, or what stands in its place where it fails.

    Parameters
    ----------
    call : callable
        Makes the part.
    instead : object
        What says that there is none.

    Returns
    -------
    object
        The part, or ``instead``: one part never costs the others.

    Examples
    --------
    >>> attempted(lambda: 1 / 0, "none")
    'none'
    """
    try:
        return call()
    except FAILURES:
        return instead


def with_options(function: Callable[..., Estimate], **options: object) -> Callable[..., Estimate]:
    """Fix options of a coefficient.

    Parameters
    ----------
    function : callable
        A coefficient.
    **options
        Options that every call gets.

    Returns
    -------
    callable
        From ratings, and more options, to the estimate.

    Examples
    --------
    >>> from ogp_analysis.agreement import share_within
    >>> with_options(share_within, tolerance=1)([[1, 2], [2, 4]]).value
    0.5
    """
    return lambda table, **more: function(table, **options, **more)


def where(one: Comparison) -> tuple[str, str, str, str]:
    """Grain, criterion, indicator and pair of a comparison.

    Parameters
    ----------
    one : Comparison
        A comparison of blind ratings.

    Returns
    -------
    tuple of str
        In the order of ``WHERE``.

    Examples
    --------
    >>> import numpy as np
    >>> table = Ratings(np.array([[1.0, 2.0]]))
    >>> where(Comparison("indicator", "feasibility", "time", "lead-counterpart", True, table))
    ('indicator', 'feasibility', 'time', 'lead-counterpart')
    """
    return one.grain, one.criterion, one.indicator, one.pair
