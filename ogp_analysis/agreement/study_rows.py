"""Rows of the tables of notebook 2: where an estimate stands, its numbers, calls that may find no pair."""

from __future__ import annotations

import math
from collections.abc import Callable

from ogp_analysis.agreement.blind import Comparison
from ogp_analysis.agreement.data import Ratings
from ogp_analysis.model import Estimate

WHERE = ("grain", "criterion", "indicator", "pair")
UNCERTAIN = ("value", "lower", "upper", "standard_error", "n_items", "n_raters", "n_ratings", "note")


def numbers(found: Estimate) -> tuple:
    """Numbers of an estimate in the order of ``UNCERTAIN``."""
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
    """Call a coefficient, or name why there is nothing to call it on."""
    if table.values.shape[1] < 2 or not (table.per_item >= 2).any():
        return Estimate(math.nan, n_raters=table.n_raters, n_ratings=table.n_ratings, note="no_pair")
    return call(table, **options)


def with_options(function: Callable[..., Estimate], **options: object) -> Callable[..., Estimate]:
    """Fix options of a coefficient."""
    return lambda table, **more: function(table, **options, **more)


def where(one: Comparison) -> tuple[str, str, str, str]:
    """Grain, criterion, indicator and pair of a comparison."""
    return one.grain, one.criterion, one.indicator, one.pair
