"""Read a method (criteria, indicators, scales, panels, category table) from its YAML file."""

from __future__ import annotations

import functools
import math
import re
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

from ogp_analysis.errors import Problem
from ogp_analysis.language import texts
from ogp_analysis.model.records import Criterion, Indicator, Method
from ogp_analysis.model.strict_yaml import read_mapping

KEYS = ("name", "criteria", "category_table", "origin")
CRITERION_KEYS = ("name", "panels", "raters_per_panel", "indicators")
INDICATOR_KEYS = ("name", "minimum", "maximum", "step", "direction", "coding")
DIRECTIONS = ("higher is better", "lower is better")
CODINGS = ("rated", "binned", "rank", "share", "graded", "pass_fail")
ROUTE = "route"
NAME = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
# 0 to 1000 by ones, or 0 to 100 by tenths: beyond that a scale is no scale, and trying every rating takes
# long.
LARGEST_SCALE = 1001


@dataclass(frozen=True)
class MethodProblem(Problem):
    """A problem of a method file: what is allowed is worded in the reader's language.

    ``detail`` holds the key of these words, ``wanted``, and what has to be typed as it is, ``names``.

    Examples
    --------
    >>> MethodProblem("method.value", value="'b'", detail=(("wanted", "one_of"), ("names", "a, c"))).say("es")
    "'b' no se admite; se admite: uno de a, c"
    """

    def say(self, language: str = "en") -> str:
        """Word the problem in one line, as ``Problem.say`` does."""
        given = dict(self.detail)
        if "wanted" not in given:
            return super().say(language)
        seats = given["names"].replace(", ", "+")
        allowed = texts.say(f"method.wanted.{given['wanted']}", language, names=given["names"], seats=seats)
        return super(MethodProblem, replace(self, detail=(("allowed", allowed),))).say(language)


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
    >>> read_method("ecuador-2020", Path())[1][0].say()
    'parameter method: ecuador-2020 is neither a packaged method (ecuador-2019) nor the path of a .yaml file'
    """
    packaged = resources.files("ogp_analysis") / "data" / "methods" / f"{source}.yaml"
    # No dot and no separator: a name cannot lead out of the folder of the package.
    if re.fullmatch(r"[a-z0-9-]+", source) and packaged.is_file():
        return _packaged_method(source), []
    if source.endswith((".yaml", ".yml")):
        return _read(folder / source, source)
    names = ", ".join(packaged_methods())
    return None, [Problem("method.unknown", parameter="method", value=source, detail=(("allowed", names),))]


@functools.cache
def _packaged_method(name: str) -> Method | None:
    """Read a packaged method once a process: it is frozen, and every params file asks for it."""
    with resources.as_file(resources.files("ogp_analysis") / "data" / "methods" / f"{name}.yaml") as path:
        return _read(path, name)[0]


def _read(path: Path, source: str) -> tuple[Method | None, list[Problem]]:
    values, problems = read_mapping(path)
    if values is None:
        return None, problems
    problems = problems + _faults(values)
    return (None if problems else _build(values)), [_placed(problem, source) for problem in problems]


def packaged_methods() -> list[str]:
    """Name the methods that come with the package.

    >>> "ecuador-2019" in packaged_methods()
    True
    """
    folder = resources.files("ogp_analysis") / "data" / "methods"
    return sorted(item.name.removesuffix(".yaml") for item in folder.iterdir() if item.name.endswith(".yaml"))


def _placed(problem: Problem, source: str) -> Problem:
    # By its name alone: a path of one machine says nothing on another, and may name a person.
    fields = {name: getattr(problem, name) for name in ("rule", "row", "parameter", "value", "detail")}
    return MethodProblem(**fields, file=problem.file or Path(source).name)


def _fault(column: str, value: Any, wanted: str, names: tuple[str, ...] = ()) -> Problem:
    detail = (("wanted", wanted), ("names", ", ".join(names)))
    return MethodProblem("method.value", parameter=column, value=repr(value), detail=detail)


def _keys(given: Any, known: tuple[str, ...], where: str, optional: tuple[str, ...] = ()) -> list[Problem]:
    if not isinstance(given, dict):
        return [_fault(where, given, "mapping", known)]
    faults = [_fault(f"{where}.{key}", given[key], "one_of", known) for key in given if key not in known]
    missing = [key for key in known if key not in given and key not in optional]
    return faults + [Problem("method.missing", parameter=f"{where}.{key}") for key in missing]


def _faults(values: dict[str, Any]) -> list[Problem]:
    faults = _keys(values, KEYS, "method", ("origin",))
    if faults:
        return faults
    criteria = values["criteria"]
    if not isinstance(criteria, list) or len(criteria) != 2:
        return [_fault("criteria", criteria, "two_criteria")]
    for criterion in criteria:
        faults += _criterion_faults(criterion)
    if not isinstance(values["name"], str) or not values["name"].strip():
        faults.append(_fault("name", values["name"], "text"))
    # Only now: these two take for granted that every part has the right shape.
    return faults or (_repeated(criteria) + _table_faults(values["category_table"]))


def _criterion_faults(criterion: Any) -> list[Problem]:
    faults = _keys(criterion, CRITERION_KEYS, "criteria")
    if faults:
        return faults
    panels, raters, indicators = (criterion[key] for key in ("panels", "raters_per_panel", "indicators"))
    if not _is_name(criterion["name"]):
        faults.append(_fault("criteria.name", criterion["name"], "name"))
    if not isinstance(panels, list) or not panels or not all(_is_name(item) for item in panels):
        faults.append(_fault("criteria.panels", panels, "names"))
    elif raters == 1 and len(panels) != 2:
        faults.append(_fault("criteria.panels", panels, "two_panels"))
    # In Python True is a whole number too.
    if not isinstance(raters, int) or isinstance(raters, bool) or raters < 1:
        faults.append(_fault("criteria.raters_per_panel", raters, "count"))
    if not isinstance(indicators, list) or not indicators:
        return [*faults, _fault("criteria.indicators", indicators, "indicators")]
    return faults + [fault for indicator in indicators for fault in _indicator_faults(indicator)]


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(NAME.match(value))


def _indicator_faults(indicator: Any) -> list[Problem]:
    faults = _keys(indicator, INDICATOR_KEYS, "indicators", ("step", "direction", "coding"))
    if faults:
        return faults
    if not _is_name(indicator["name"]):
        faults.append(_fault("indicators.name", indicator["name"], "name"))
    if indicator.get("direction", DIRECTIONS[0]) not in DIRECTIONS:
        faults.append(_fault("indicators.direction", indicator["direction"], "choices", DIRECTIONS))
    if indicator.get("coding", "rated") not in CODINGS:
        faults.append(_fault("indicators.coding", indicator["coding"], "choices", CODINGS))
    scale = [indicator["minimum"], indicator["maximum"], indicator.get("step", 1)]
    numbers = all(isinstance(v, (int, float)) and not isinstance(v, bool) and math.isfinite(v) for v in scale)
    if not numbers or not _is_scale(*scale):
        faults.append(_fault("indicators.scale", scale, "scale"))
    return faults


def _is_scale(minimum: float, maximum: float, step: float) -> bool:
    if step <= 0 or maximum <= minimum:
        return False
    steps = (maximum - minimum) / step
    return abs(steps - round(steps)) < 1e-9 and steps < LARGEST_SCALE


def _repeated(criteria: list[dict]) -> list[Problem]:
    names = {
        "criteria.name": [criterion["name"] for criterion in criteria],
        "indicators.name": [item["name"] for criterion in criteria for item in criterion["indicators"]],
    }
    faults = [_fault(column, value, "once") for column, given in names.items() for value in _twice(given)]
    return faults + _repeated_panels(criteria)


def _twice(given: list[str]) -> list[str]:
    return sorted({item for item in given if given.count(item) > 1})


def _repeated_panels(criteria: list[dict]) -> list[Problem]:
    first, second = (criterion["panels"] for criterion in criteria)
    within = sorted({*_twice(first), *_twice(second)})
    faults = [_fault("criteria.panels", panel, "once") for panel in within]
    # The same people may judge both criteria: the refusal gives the two names that make it possible.
    for panel in sorted({*first} & {*second} - {*within}):
        own = tuple(_own_name(panel, criterion["name"], at) for at, criterion in enumerate(criteria, start=1))
        faults.append(_fault("criteria.panels", panel, "panel_of_each", own))
    return faults


def _own_name(panel: str, criterion: str, number: int) -> str:
    name = f"{panel}_{criterion}"
    return name if _is_name(name) else f"{panel[:38]}_{number}"


def _table_faults(table: Any) -> list[Problem]:
    allowed = (1, 2, 3, 4, ROUTE)
    shape = (
        isinstance(table, list)
        and len(table) == 3
        and all(isinstance(r, list) and len(r) == 3 for r in table)
    )
    # The type itself, because True is equal to 1.
    if not shape or not all(type(cell) in (int, str) and cell in allowed for row in table for cell in row):
        return [_fault("category_table", table, "table")]
    return []


def _build(values: dict[str, Any]) -> Method:
    table = tuple(tuple(0 if cell == ROUTE else cell for cell in row) for row in values["category_table"])
    origin = {str(key): str(text) for key, text in (values.get("origin") or {}).items()}
    return Method(values["name"], tuple(_build_criterion(item) for item in values["criteria"]), table, origin)


def _build_criterion(values: dict[str, Any]) -> Criterion:
    indicators = tuple(
        Indicator(
            item["name"],
            values["name"],
            float(item["minimum"]),
            float(item["maximum"]),
            float(item.get("step", 1)),
            item.get("direction", DIRECTIONS[0]),
            item.get("coding", "rated"),
        )
        for item in values["indicators"]
    )
    return Criterion(values["name"], indicators, tuple(values["panels"]), values["raters_per_panel"])
