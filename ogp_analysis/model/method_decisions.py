"""How categories follow in a method file: faults of its table, rules, cut points and route."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ogp_analysis.errors import Problem
from ogp_analysis.model.method_checks import (
    MOST_CELLS,
    categories_faults,
    category_names,
    category_numbers,
    fault,
    has_levels,
    key_faults,
    level_count,
    level_faults,
    level_names,
)

RULE_KEYS = ("when", "category")
ROUTE = "route"


def decision_faults(values: Mapping[str, Any]) -> list[Problem]:
    """Find every fault of how categories follow, in a method file whose old keys were renamed already."""
    listed = values.get("criteria")
    listed = listed if isinstance(listed, list) else []
    criteria = [criterion for criterion in listed if isinstance(criterion, dict)]
    ways = [key for key in ("decision_table", "cut_points") if key in values]
    # Where the list of categories is wrong itself, which there are cannot be said yet.
    counted = not any(f.parameter == "categories" for f in categories_faults(values.get("categories")))
    faults = _route_faults(values, counted=counted)
    if len(ways) != 1:
        return [*faults, fault("decision_table, cut_points", ways, "one_way")]
    if not counted:
        return faults
    numbers = category_numbers(values)
    if ways == ["cut_points"]:
        return faults + _composite_faults(values, numbers)
    if "levels" in values:
        faults.append(fault("levels", values["levels"], "levels_of_composite"))
    allowed = (*numbers, *category_names(values), ROUTE)
    table = values["decision_table"]
    if isinstance(table, dict):
        return faults + _rule_faults(table, criteria, allowed)
    return faults + _grid_faults(table, criteria, allowed, whole=0 < len(criteria) == len(listed))


def _grid_faults(table: Any, criteria: list[dict], allowed: tuple, *, whole: bool) -> list[Problem]:
    faults = [
        fault(where, cell, "one_of", allowed)
        for where, cell in _cells(table, "decision_table")
        if not _is_cell(cell, allowed)
    ]
    if not whole or not all(has_levels(criterion) for criterion in criteria):
        # How many cells there must be cannot be said yet.
        return faults
    lengths = tuple(level_count(criterion) for criterion in criteria)
    if math.prod(lengths) > MOST_CELLS:
        return [fault("decision_table", list(lengths), "cells", [MOST_CELLS])]
    names = (" x ".join(map(str, lengths)), ", ".join(map(str, allowed)))
    misshapen = _misshapen(table, lengths, "decision_table")
    return [fault(where, part, "table", names) for where, part in misshapen] or faults


def _composite_faults(values: Mapping[str, Any], numbers: tuple[int, ...]) -> list[Problem]:
    faults = level_faults(values, "composite")
    if not faults and len(values["cut_points"]) != len(numbers) - 1:
        faults.append(fault("cut_points", values["cut_points"], "cut_count", [len(numbers) - 1]))
    return faults


def _route_faults(values: Mapping[str, Any], *, counted: bool) -> list[Problem]:
    if "route" not in values:
        return []
    route = values["route"]
    allowed = (*category_numbers(values), *category_names(values)) if counted else ()
    pair = isinstance(route, list) and len(route) == 2
    if pair and (not counted or all(_is_cell(item, allowed) for item in route)):
        return []
    return [fault("route", route, "route", allowed)]


def _is_cell(cell: Any, allowed: Iterable[object]) -> bool:
    # The type itself, because True is equal to 1.
    return type(cell) in (int, str) and cell in tuple(allowed)


def _cells(table: Any, where: str) -> Iterator[tuple[str, Any]]:
    """Give the cells of a nested table, each with its place in the file."""
    if not isinstance(table, list):
        yield where, table
        return
    for at, part in enumerate(table, start=1):
        yield from _cells(part, f"{where}[{at}]")


def _misshapen(table: Any, lengths: tuple[int, ...], where: str) -> list[tuple[str, Any]]:
    """Give the parts of a table that have not as many parts as there are levels, each with its place."""
    if not lengths:
        return [(where, table)] if isinstance(table, list) else []
    if not isinstance(table, list) or len(table) != lengths[0]:
        return [(where, table)]
    parts = enumerate(table, start=1)
    return [one for at, part in parts for one in _misshapen(part, lengths[1:], f"{where}[{at}]")]


def _rule_faults(table: Mapping[str, Any], criteria: list[dict], allowed: tuple) -> list[Problem]:
    faults = key_faults(table, ("rules", "default"), "decision_table")
    if "default" in table and not _is_cell(table["default"], allowed):
        faults.append(fault("decision_table.default", table["default"], "one_of", allowed))
    lengths = [level_count(criterion) for criterion in criteria if has_levels(criterion)]
    if math.prod(lengths) > MOST_CELLS:
        faults.append(fault("decision_table", lengths, "cells", [MOST_CELLS]))
    if "rules" not in table:
        return faults
    if not isinstance(table["rules"], list) or not table["rules"]:
        return [*faults, fault("decision_table.rules", table["rules"], "rules")]
    for at, rule in enumerate(table["rules"], start=1):
        faults += _one_rule_faults(rule, f"decision_table.rules[{at}]", criteria, allowed)
    return faults


def _one_rule_faults(rule: Any, where: str, criteria: list[dict], allowed: tuple) -> list[Problem]:
    faults = key_faults(rule, RULE_KEYS, where)
    if not isinstance(rule, dict):
        return faults
    if "category" in rule and not _is_cell(rule["category"], allowed):
        faults.append(fault(f"{where}.category", rule["category"], "one_of", allowed))
    if "when" not in rule:
        return faults
    named = {one["name"]: one for one in criteria if isinstance(one.get("name"), str)}
    faults += key_faults(rule["when"], tuple(named), f"{where}.when", optional=named)
    levels = {name: level_names(one) for name, one in named.items() if has_levels(one)}
    for name, wanted in rule["when"].items() if isinstance(rule["when"], dict) else ():
        chosen = wanted if isinstance(wanted, list) else [wanted]
        if name in levels and not (chosen and all(level in levels[name] for level in chosen)):
            faults.append(fault(f"{where}.when.{name}", wanted, "list_of", levels[name]))
    return faults
