"""Read a method (criteria, indicators, scales, panels, levels, categories) from its YAML file."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ogp_analysis.errors import Problem
from ogp_analysis.model import method_checks
from ogp_analysis.model.method_checks import DIRECTIONS, LANGUAGE, MethodProblem, level_names, name_of
from ogp_analysis.model.method_decisions import ROUTE, decision_faults
from ogp_analysis.model.method_titles import title_clashes
from ogp_analysis.model.records import (
    ROUTE_DECIDES,
    Case,
    Category,
    Criterion,
    Indicator,
    Label,
    Method,
    Stage,
    Titles,
)
from ogp_analysis.model.strict_yaml import read_mapping
from ogp_analysis.packaged import DATA

# Where the method file names no language, a title is for all of them.
ANY_LANGUAGE = ("en", "es")


def read_method(source: str, folder: Path) -> tuple[Method | None, list[Problem]]:
    """Read a packaged method by name, or a method file by path.

    Parameters
    ----------
    source : str
        Name of a packaged method (``"ecuador-2019"``) or path of a YAML file.
    folder : Path
        What a relative path is relative to.

    Returns
    -------
    tuple
        The method, None where it is not valid, and all problems found.

    Examples
    --------
    >>> method, problems = read_method("ecuador-2019", Path())
    >>> [criterion.name for criterion in method.criteria], problems
    (['feasibility', 'relevance'], [])
    >>> read_method("ecuador-2020", Path())[1][0].say()[:64]
    'parameter method: ecuador-2020 is neither a packaged method (ecu'
    """
    # Among the names, and no look at a file: what is given may lead elsewhere or be too long for the disk.
    if source in packaged_methods():
        return _packaged_method(source), []
    if source.endswith((".yaml", ".yml")):
        return _read(folder / source, source)
    names = ", ".join(packaged_methods())
    return None, [Problem("method.unknown", parameter="method", value=source, detail=(("allowed", names),))]


def values_of(source: str, folder: Path) -> dict[str, Any]:
    """Give a method file as it is written, under today's keys; empty where it cannot be read.

    >>> values_of("jury-of-labels", Path())["name"]
    'jury-of-labels'
    """
    own = source.endswith((".yaml", ".yml"))
    path = folder / source if own else _packaged_file(source)
    return _with_new_keys(read_mapping(path)[0] or {})


def _packaged_file(name: str) -> Path:
    return DATA / "methods" / f"{name}.yaml"


@functools.cache
def _packaged_method(name: str) -> Method | None:
    """Read a packaged method once a process: it is frozen, and every params file asks for it."""
    return _read(_packaged_file(name), name)[0]


def packaged_methods() -> list[str]:
    """Name the methods that come with the package.

    >>> "ecuador-2019" in packaged_methods()
    True
    """
    folder = DATA / "methods"
    return sorted(item.name.removesuffix(".yaml") for item in folder.iterdir() if item.name.endswith(".yaml"))


def _read(path: Path, source: str) -> tuple[Method | None, list[Problem]]:
    values, problems = read_mapping(path)
    if values is None:
        return None, problems
    values = _with_new_keys(values)
    problems = problems + method_checks.method_faults(values) + decision_faults(values)
    problems += title_clashes(values)
    return (None if problems else _build(values)), [_placed(problem, source) for problem in problems]


def _placed(problem: Problem, source: str) -> Problem:
    # By its name alone: a path of one machine says nothing on another, and may name a person.
    fields = {name: getattr(problem, name) for name in ("rule", "row", "parameter", "value", "detail")}
    return MethodProblem(**fields, file=problem.file or Path(source).name)


def _with_new_keys(values: Mapping[str, Any]) -> dict[str, Any]:
    """Read the keys of version 0.1 as today's; where both stand, the old one is refused as unknown."""
    renamed = _with_items(_renamed(values), "categories", _titled)
    return _with_items(renamed, "criteria", _criterion_with_new_keys)


def _criterion_with_new_keys(criterion: Any) -> Any:
    if not isinstance(criterion, dict):
        return criterion
    return _with_items(_renamed(criterion), "indicators", lambda one: _with_items(one, "labels", _titled))


def _with_items(values: Any, key: str, change: Callable[[Any], Any]) -> Any:
    """Change every item of a list under a key; what is no such list stays for the checks."""
    if not isinstance(values, dict) or not isinstance(values.get(key), list):
        return values
    return values | {key: [change(item) for item in values[key]]}


def _titled(item: Any) -> Any:
    """Read a title by language where an answer or a category stands as what it is: a title.

    >>> _titled({"es": "Muy bajo", "en": "Very low"}), _titled({"points": 1, "title": "no"})
    ({'title': {'es': 'Muy bajo', 'en': 'Very low'}}, {'points': 1, 'title': 'no'})
    """
    by_language = isinstance(item, dict) and item and all(LANGUAGE.match(str(key)) for key in item)
    return {"title": item} if by_language else item


def _renamed(values: Mapping[str, Any]) -> dict[str, Any]:
    new = method_checks.OLD_KEYS
    return {(new[key] if key in new and new[key] not in values else key): v for key, v in values.items()}


def titles_of(title: Any) -> Titles:
    """Give a title by language: a plain text serves every language."""
    if title is None:
        return {}
    return dict(title) if isinstance(title, dict) else dict.fromkeys(ANY_LANGUAGE, title)


def _build(values: Mapping[str, Any]) -> Method:
    criteria = tuple(_build_criterion(item) for item in values["criteria"])
    categories = _build_categories(values)
    by_composite = "cut_points" in values
    levels = level_names(values) if by_composite else ()
    return Method(
        values["name"],
        criteria,
        tuple(range(len(levels), 0, -1)) if by_composite else _table(values, criteria),
        {str(key): str(text) for key, text in (values.get("origin") or {}).items()},
        categories=categories,
        route=_route(values),
        by_composite=by_composite,
        composite_levels=levels,
        composite_cuts=tuple(values["cut_points"]) if by_composite else None,
        third_for=_third_for(values),
        tolerance=float(values["tolerance"]) if "tolerance" in values else None,
        stages=_build_stages(values),
        plan=values.get("plan", ""),
        case=_build_case(values.get("case") or {}),
        titles=titles_of(values.get("title")),
        panel_titles=_panel_titles(values),
        level_titles=_level_titles(values),
    )


def _build_criterion(values: Mapping[str, Any]) -> Criterion:
    raters = values["raters"]
    fewest, most = raters if isinstance(raters, list) else (raters, raters)
    return Criterion(
        values["name"],
        tuple(_build_indicator(item, values["name"]) for item in values["indicators"]),
        tuple(name_of(panel) for panel in values["panels"]),
        most,
        fewest_raters=None if fewest == most else fewest,
        levels=level_names(values),
        cut_points=tuple(values["cut_points"]) if "cut_points" in values else None,
        weight=values.get("weight"),
        titles=titles_of(values.get("title")),
    )


def _build_indicator(values: Mapping[str, Any], criterion: str) -> Indicator:
    labels = _build_labels(values.get("labels") or [])
    low, high = (labels[0].points, labels[-1].points) if labels else (values["minimum"], values["maximum"])
    return Indicator(
        values["name"],
        criterion,
        float(low),
        float(high),
        float(values.get("step", 1)),
        values.get("direction", DIRECTIONS[0]),
        values.get("coding", "rated"),
        labels,
        values.get("weight"),
        titles_of(values.get("title")),
    )


def _build_labels(labels: list[Any]) -> tuple[Label, ...]:
    return tuple(
        Label(
            method_checks.label_points(label, at),
            titles_of(label["title"] if isinstance(label, dict) else label),
        )
        for at, label in enumerate(labels, start=1)
    )


def _build_categories(values: Mapping[str, Any]) -> tuple[Category, ...]:
    listed = values.get("categories")
    if listed is None:
        return tuple(Category(number) for number in method_checks.category_numbers(values))
    return tuple(
        Category(
            number,
            titles_of(item["title"] if isinstance(item, dict) else item),
            item.get("name", "") if isinstance(item, dict) else "",
        )
        for number, item in enumerate(listed, start=1)
    )


def _build_stages(values: Mapping[str, Any]) -> tuple[Stage, ...]:
    if "stages" not in values:
        return Method.stages
    return tuple(
        Stage(name_of(item), titles_of(item.get("title") if isinstance(item, dict) else None))
        for item in values["stages"]
    )


def _build_case(case: Mapping[str, Any]) -> Case:
    return Case(
        titles_of(case.get("title")),
        titles_of(case.get("body")),
        str(case.get("period", "")),
        case.get("language_of_titles", "en"),
    )


def _route(values: Mapping[str, Any]) -> tuple[int, int]:
    numbers = method_checks.category_numbers(values)
    with_route, without = _coded(values.get("route", numbers[-2:]), method_checks.category_names(values))
    return with_route, without


def _third_for(values: Mapping[str, Any]) -> tuple[str, ...] | None:
    third = values.get("third")
    if third is None:
        return None
    return () if third.get("when") == "never" else tuple(third.get("for", ()))


def _panel_titles(values: Mapping[str, Any]) -> dict[str, Titles]:
    listed = [panel for criterion in values["criteria"] for panel in criterion["panels"]]
    return _named_titles([*listed, *values.get("panels", [])])


def _level_titles(values: Mapping[str, Any]) -> dict[str, Titles]:
    parts = [values, *values["criteria"]]
    return _named_titles([level for part in parts for level in part.get("levels", [])])


def _named_titles(items: list[Any]) -> dict[str, Titles]:
    return {
        item["name"]: titles_of(item["title"]) for item in items if isinstance(item, dict) and "title" in item
    }


def _table(values: Mapping[str, Any], criteria: tuple[Criterion, ...]) -> tuple:
    table, names = values["decision_table"], method_checks.category_names(values)
    codes = names | {ROUTE: ROUTE_DECIDES}
    return _coded(_table_of_rules(table, criteria) if isinstance(table, dict) else table, codes)


def _coded(table: Any, codes: Mapping[str, int]) -> Any:
    if isinstance(table, (list, tuple)):
        return tuple(_coded(part, codes) for part in table)
    return codes.get(table, table) if isinstance(table, str) else table


def _table_of_rules(table: Mapping[str, Any], criteria: tuple[Criterion, ...], at: tuple = ()) -> Any:
    """Write ordered rules out as a table with one axis a criterion; the first that fits a cell decides."""
    if len(at) < len(criteria):
        return tuple(_table_of_rules(table, criteria, (*at, level)) for level in criteria[len(at)].levels)
    levels = {criterion.name: level for criterion, level in zip(criteria, at, strict=True)}
    fitting = (rule["category"] for rule in table["rules"] if fits(rule["when"], levels))
    return next(itertools.chain(fitting, [table["default"]]))


def fits(when: Mapping[str, Any], levels: Mapping[str, str]) -> bool:
    """Say whether the condition of a rule holds for a level of each criterion.

    >>> fits({"merit": ["low", "high"]}, {"merit": "high", "cost": "low"})
    True
    """
    wanted = {name: value if isinstance(value, list) else [value] for name, value in when.items()}
    return all(levels[name] in allowed for name, allowed in wanted.items())
