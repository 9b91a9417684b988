"""The transcribed tables of the plan with a cell changed, and what the checks say of a number then."""

from __future__ import annotations

from functools import cache

from ogp_analysis import plan
from ogp_analysis.plan import published


def change(tables, name, where, **cells):
    rows = tables[name].query(where).index
    assert len(rows) == 1, f"{where} must name one row"
    tables[name].loc[rows[0], list(cells)] = list(cells.values())
    return tables


@cache
def unchanged():
    """Check the tables as they were transcribed; never to be changed."""
    return plan.plan_checks(published.read_all()).set_index("id")


@cache
def unchanged_errata():
    """Look for the inconsistencies in the tables as they were transcribed; never to be changed."""
    return plan.errata(published.read_all()).set_index("id")


def check(tables, key):
    return plan.plan_checks(tables).set_index("id").loc[key]


def follows(tables, key):
    return number(check(tables, key))


def number(row):
    return row["recomputed"] if row["origin"] == published.STATED else row["derived"]


def by_hand(key):
    """Give a number as counted or computed by hand when the plan was transcribed, or as printed."""
    return published.read("statements").set_index("id").loc[key, "value"]


def found(tables, key):
    return plan.errata(tables).set_index("id").loc[key]
