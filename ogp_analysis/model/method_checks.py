"""What a method file may hold: every fault with its key, its value and what is allowed, before it is read."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ogp_analysis.errors import Problem
from ogp_analysis.language import texts
from ogp_analysis.model.parameter_rules import CUT_FRACTION, FRACTION, as_fraction

KEYS: tuple[str, ...] = (
    "name",
    "title",
    "case",
    "plan",
    "criteria",
    "categories",
    "decision_table",
    "cut_points",
    "levels",
)
KEYS += ("route", "panels", "third", "tolerance", "stages", "origin")
CRITERION_KEYS = ("name", "title", "weight", "panels", "raters", "cut_points", "levels", "indicators")
INDICATOR_KEYS = ("name", "title", "weight", "minimum", "maximum", "step", "labels", "direction", "coding")
CASE_KEYS = ("title", "body", "period", "language_of_titles")
THIRD_KEYS, WHEN = ("for", "when"), ("differ", "never")
# Keys of method files of version 0.1, which are still read, and today's.
OLD_KEYS = {"category_table": "decision_table", "raters_per_panel": "raters"}
DIRECTIONS = ("higher is better", "lower is better")
CODINGS = ("rated", "binned", "rank", "share", "graded", "pass_fail")
NAME = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
LANGUAGE = re.compile(r"^[a-z]{2,3}$")
# 0 to 1000 by ones, or 0 to 100 by tenths: beyond that a scale is no scale, and trying every rating takes
# long.
LARGEST_SCALE = 1_001
MOST_RATERS = 1001
# Our choice: nobody tells more levels or categories apart, and a table of them still fits into memory.
MOST_LEVELS, MOST_CATEGORIES, MOST_CELLS = 20, 20, 100_000
LONGEST_TITLE = 300


@dataclass(frozen=True)
class MethodProblem(Problem):
    """A problem of a method file: what is allowed is worded in the reader's language.

    ``detail`` holds the key of these words, ``wanted``, and what has to be typed as it is, ``names``.

    Examples
    --------
    >>> MethodProblem("method.value", value="b", detail=(("wanted", "one_of"), ("names", "a, c"))).say("es")
    'b no se admite; se admite: uno de a, c'
    """

    def detail_in(self, language: str) -> dict[str, str]:
        """Word what is allowed."""
        given = dict(self.detail)
        if "wanted" not in given:
            return given
        return {"allowed": texts.say(f"method.wanted.{given['wanted']}", language, names=given["names"])}


def fault(key: str, value: Any, wanted: str, names: Iterable[object] = ()) -> Problem:
    """Name a value that is not allowed under a key; ``wanted`` is the key of the words for what is."""
    detail = (("wanted", wanted), ("names", ", ".join(map(str, names))))
    return MethodProblem("method.value", parameter=key, value=as_written(value), detail=detail)


def as_written(value: Any) -> str:
    """Write a value as a method file would, in one line.

    >>> as_written(["a", 2, True]), as_written("a"), as_written({"x": None})
    ('["a", 2, true]', 'a', '{"x": null}')
    """
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:77] + "..."


def method_faults(values: Mapping[str, Any]) -> list[Problem]:
    """Find every fault of the parts of a method file, whose old keys were renamed already."""
    faults = key_faults(values, KEYS, "", optional=set(KEYS) - {"name", "criteria"})
    listed = values.get("criteria")
    criteria = listed if isinstance(listed, list) else []
    if not criteria and "criteria" in values:
        faults.append(fault("criteria", listed, "criteria"))
    for at, criterion in enumerate(criteria, start=1):
        faults += _criterion_faults(criterion, f"criteria[{at}]")
    if "name" in values and not (isinstance(values["name"], str) and values["name"].strip()):
        faults.append(fault("name", values["name"], "text"))
    faults += _words_faults(values) + categories_faults(values.get("categories"))
    # What compares parts with each other passes over the parts that are named already.
    parts = [criterion for criterion in criteria if isinstance(criterion, dict)]
    return faults + _repeated(parts) + _third_faults(values, parts)


def key_faults(given: Any, known: tuple[str, ...], where: str, *, optional: Iterable[str] = ()) -> list:
    """Find keys that are unknown or missing; a value that is no mapping is one fault."""
    if not isinstance(given, dict):
        return [fault(where, given, "mapping", known)]
    place = f"{where}." if where else ""
    unknown = [fault(f"{place}{key}", given[key], "one_of", known) for key in given if key not in known]
    missing = [key for key in known if key not in given and key not in optional]
    return unknown + [Problem("method.missing", parameter=f"{place}{key}") for key in missing]


def is_name(value: Any) -> bool:
    """Say whether a value may name a criterion, an indicator, a panel, a level or a stage."""
    return isinstance(value, str) and bool(NAME.match(value))


def is_number(value: Any) -> bool:
    """Say whether a value is a finite number; in Python True is a number too."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def title_faults(title: Any, where: str) -> list[Problem]:
    """Find what is wrong with a title: a text, or a text for each language."""
    given = title if isinstance(title, dict) else {"en": title}
    right = bool(given) and all(
        isinstance(language, str)
        and LANGUAGE.match(language)
        and isinstance(words, str)
        and words.strip()
        and len(words) <= LONGEST_TITLE
        and words.isprintable()
        for language, words in given.items()
    )
    return [] if right else [fault(where, title, "title")]


def _optional_title(given: Mapping[str, Any], where: str) -> list[Problem]:
    return title_faults(given["title"], f"{where}.title") if "title" in given else []


def _naming_faults(given: Mapping[str, Any], where: str) -> list[Problem]:
    """Find what is wrong with the code and the title of a part."""
    wrong = "name" in given and not is_name(given["name"])
    faults = [fault(f"{where}.name", given["name"], "name")] if wrong else []
    return faults + _optional_title(given, where)


def _criterion_faults(criterion: Any, where: str) -> list[Problem]:
    optional = ("title", "weight", "cut_points", "levels")
    faults = key_faults(criterion, CRITERION_KEYS, where, optional=optional)
    if not isinstance(criterion, dict):
        return faults
    faults += _naming_faults(criterion, where) + _weight_faults(criterion, where)
    faults += _panel_faults(criterion, where) + level_faults(criterion, where)
    if "indicators" not in criterion:
        return faults
    indicators = criterion["indicators"]
    if not isinstance(indicators, list) or not indicators:
        return [*faults, fault(f"{where}.indicators", indicators, "indicators")]
    for at, indicator in enumerate(indicators, start=1):
        faults += _indicator_faults(indicator, f"{where}.indicators[{at}]")
    return faults


def _panel_faults(criterion: Mapping[str, Any], where: str) -> list[Problem]:
    given, raters = criterion.get("panels"), criterion.get("raters", 2)
    panels = given if isinstance(given, list) else []
    faults = named_faults(panels, f"{where}.panels")
    if "panels" in criterion and not panels:
        faults.append(fault(f"{where}.panels", given, "names"))
    pair = raters if isinstance(raters, list) else [raters, raters]
    whole = len(pair) == 2 and all(isinstance(n, int) and not isinstance(n, bool) for n in pair)
    # From none on: a panel that leaves some proposals out.
    least = 0 if isinstance(raters, list) else 1
    if not whole or not least <= pair[0] <= pair[1] <= MOST_RATERS or not pair[1]:
        return [*faults, fault(f"{where}.raters", raters, "raters")]
    if panels and pair[1] == 1 and len(panels) != 2:
        faults.append(fault(f"{where}.panels", panels, "two_panels"))
    return faults


def named_faults(items: list[Any], where: str) -> list[Problem]:
    """Find what is wrong with a list of names, each a code or a mapping of ``name`` and ``title``."""
    faults: list[Problem] = []
    for at, item in enumerate(items, start=1):
        one = item if isinstance(item, dict) else {"name": item}
        place = f"{where}[{at}]"
        faults += key_faults(one, ("name", "title"), place, optional=("title",))
        if "name" in one and not is_name(one["name"]):
            faults.append(fault(place, one["name"], "name"))
        faults += _optional_title(one, place)
    return faults + [fault(where, name, "once") for name in _twice(name_of(item) for item in items)]


def _twice(names: Iterable[Any]) -> list[str]:
    counts = Counter(name for name in names if isinstance(name, str))
    return sorted(name for name, count in counts.items() if count > 1)


def name_of(item: Any) -> Any:
    """Give the code of an item that is a code or a mapping of ``name`` and ``title``."""
    return item.get("name") if isinstance(item, dict) else item


def _weight_faults(given: Mapping[str, Any], where: str) -> list[Problem]:
    weight = given.get("weight", 1)
    fraction = isinstance(weight, str) and FRACTION.match(weight)
    if fraction or (is_number(weight) and weight >= 0):
        return []
    return [fault(f"{where}.weight", weight, "weight")]


def _is_cut(value: Any) -> bool:
    return bool(CUT_FRACTION.match(value)) if isinstance(value, str) else is_number(value)


def cut_faults(cuts: Any, where: str) -> list[Problem]:
    """Find what is wrong with a list of cut points."""
    right = isinstance(cuts, list) and 1 <= len(cuts) < MOST_LEVELS and all(map(_is_cut, cuts))
    if right and all(low < high for low, high in itertools.pairwise(map(as_fraction, cuts))):
        return []
    return [fault(where, cuts, "cuts")]


def level_faults(given: Mapping[str, Any], where: str) -> list[Problem]:
    """Find what is wrong with the levels and cut points of a criterion or of the composite."""
    faults = cut_faults(given["cut_points"], f"{where}.cut_points") if "cut_points" in given else []
    if "levels" not in given:
        return faults
    levels = given["levels"]
    if not isinstance(levels, list) or not 2 <= len(levels) <= MOST_LEVELS:
        return [*faults, fault(f"{where}.levels", levels, "levels")]
    counted = "cut_points" in given and not faults
    faults += named_faults(levels, f"{where}.levels")
    if counted and len(given["cut_points"]) != len(levels) - 1:
        faults.append(fault(f"{where}.cut_points", given["cut_points"], "cut_count", [len(levels) - 1]))
    return faults


def _indicator_faults(indicator: Any, where: str) -> list[Problem]:
    optional = ("title", "weight", "step", "labels", "direction", "coding", "minimum", "maximum")
    faults = key_faults(indicator, INDICATOR_KEYS, where, optional=optional)
    if not isinstance(indicator, dict):
        return faults
    faults += _naming_faults(indicator, where) + _weight_faults(indicator, where)
    if indicator.get("direction", DIRECTIONS[0]) not in DIRECTIONS:
        faults.append(fault(f"{where}.direction", indicator["direction"], "choices", DIRECTIONS))
    if indicator.get("coding", "rated") not in CODINGS:
        faults.append(fault(f"{where}.coding", indicator["coding"], "choices", CODINGS))
    return faults + (_label_faults if "labels" in indicator else _scale_faults)(indicator, where)


def _scale_faults(indicator: Mapping[str, Any], where: str) -> list[Problem]:
    missing = [key for key in ("minimum", "maximum") if key not in indicator]
    if missing:
        return [Problem("method.missing", parameter=f"{where}.{key}") for key in missing]
    scale = [indicator["minimum"], indicator["maximum"], indicator.get("step", 1)]
    if all(map(is_number, scale)) and _is_scale(*scale):
        return []
    return [fault(f"{where}.minimum, maximum, step", scale, "scale")]


def _is_scale(minimum: float, maximum: float, step: float) -> bool:
    if step <= 0 or maximum <= minimum:
        return False
    steps = (maximum - minimum) / step
    return abs(steps - round(steps)) < 1e-9 and steps < LARGEST_SCALE


def _label_faults(indicator: Mapping[str, Any], where: str) -> list[Problem]:
    labels = indicator["labels"]
    beside = [key for key in ("minimum", "maximum", "step") if key in indicator]
    if beside:
        return [fault(f"{where}.{beside[0]}", indicator[beside[0]], "labels_alone")]
    if not isinstance(labels, list) or not 2 <= len(labels) <= LARGEST_SCALE:
        return [fault(f"{where}.labels", labels, "labels")]
    faults = []
    for at, label in enumerate(labels, start=1):
        place = f"{where}.labels[{at}]"
        faults += title_faults(label, place) if isinstance(label, str) else _one_label_faults(label, place)
    points = [label_points(label, at) for at, label in enumerate(labels, start=1)] if not faults else []
    if any(low >= high for low, high in itertools.pairwise(points)):
        faults.append(fault(f"{where}.labels", points, "rising"))
    return faults


def _one_label_faults(label: Any, where: str) -> list[Problem]:
    faults = key_faults(label, ("points", "title"), where, optional=("points",))
    if not isinstance(label, dict):
        return faults
    if "points" in label and not is_number(label["points"]):
        faults.append(fault(f"{where}.points", label["points"], "number"))
    return faults + _optional_title(label, where)


def label_points(label: Any, at: int) -> float:
    """Give the points of a label: written beside it, or its place from 1."""
    return float(label["points"]) if isinstance(label, dict) and "points" in label else float(at)


def _words_faults(values: Mapping[str, Any]) -> list[Problem]:
    faults = title_faults(values["title"], "title") if "title" in values else []
    for key in ("stages", "panels"):
        if key in values:
            items = values[key]
            right = isinstance(items, list) and (items or key == "stages")
            faults += named_faults(items, key) if right else [fault(key, items, "names")]
    tolerance = values.get("tolerance", 0)
    if not is_number(tolerance) or tolerance < 0:
        faults.append(fault("tolerance", tolerance, "tolerance"))
    if "plan" in values and not isinstance(values["plan"], str):
        faults.append(fault("plan", values["plan"], "text"))
    if not isinstance(values.get("origin") or {}, dict):
        faults.append(fault("origin", values["origin"], "texts"))
    return faults + (_case_faults(values["case"]) if "case" in values else [])


def _case_faults(case: Any) -> list[Problem]:
    faults = key_faults(case, CASE_KEYS, "case", optional=CASE_KEYS)
    if not isinstance(case, dict):
        return faults
    for key in ("title", "body"):
        faults += title_faults(case[key], f"case.{key}") if key in case else []
    if "period" in case and not isinstance(case["period"], (str, int)):
        faults.append(fault("case.period", case["period"], "text"))
    language = case.get("language_of_titles", "en")
    if not isinstance(language, str) or not LANGUAGE.match(language):
        faults.append(fault("case.language_of_titles", language, "language"))
    return faults


def categories_faults(categories: Any) -> list[Problem]:
    """Find what is wrong with the list of categories."""
    if categories is None:
        return []
    if not isinstance(categories, list) or not 2 <= len(categories) <= MOST_CATEGORIES:
        return [fault("categories", categories, "categories")]
    faults = []
    for at, category in enumerate(categories, start=1):
        where = f"categories[{at}]"
        if isinstance(category, str):
            faults += title_faults(category, where)
            continue
        faults += key_faults(category, ("name", "title"), where, optional=("name",))
        faults += _naming_faults(category, where) if isinstance(category, dict) else []
    return faults


def _repeated(criteria: list[dict]) -> list[Problem]:
    listed = [part.get("indicators") for part in criteria]
    indicators = [item for items in listed if isinstance(items, list) for item in items]
    named = {"criteria.name": criteria, "indicators.name": [i for i in indicators if isinstance(i, dict)]}
    return [
        fault(column, name, "once")
        for column, given in named.items()
        for name in _twice(part.get("name") for part in given)
    ]


def _third_faults(values: Mapping[str, Any], criteria: list[dict]) -> list[Problem]:
    if "third" not in values:
        return []
    third, names = values["third"], [criterion.get("name") for criterion in criteria]
    faults = key_faults(third, THIRD_KEYS, "third", optional=THIRD_KEYS)
    if not isinstance(third, dict):
        return faults
    if third.get("when", WHEN[0]) not in WHEN:
        faults.append(fault("third.when", third["when"], "choices", WHEN))
    wanted = third.get("for", [])
    if not isinstance(wanted, list) or not all(name in names for name in wanted):
        faults.append(fault("third.for", wanted, "list_of", names))
    return faults


def has_levels(criterion: Mapping[str, Any]) -> bool:
    """Say whether the levels of a criterion can be counted."""
    return not level_faults(criterion, "")


def category_names(values: Mapping[str, Any]) -> dict[str, int]:
    """Give the numbers of the categories that have a name, by name."""
    listed = enumerate(values.get("categories") or [], start=1)
    return {item["name"]: at for at, item in listed if isinstance(item, dict) and is_name(item.get("name"))}


def category_numbers(values: Mapping[str, Any]) -> tuple[int, ...]:
    """Give the numbers of the categories: four as in Ecuador's plan where the file lists none."""
    return tuple(range(1, len(values.get("categories") or (1, 2, 3, 4)) + 1))


def level_count(criterion: Mapping[str, Any]) -> int:
    """Count the levels of a criterion: as named, as cut, else three."""
    if "levels" in criterion:
        return len(criterion["levels"])
    return len(criterion["cut_points"]) + 1 if "cut_points" in criterion else 3


def level_names(given: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the levels of a criterion by name: as written, low to high where there are three, else numbered.

    >>> level_names({}), level_names({"cut_points": [50]}), level_names({"levels": ["no", {"name": "yes"}]})
    (('low', 'medium', 'high'), ('level_1', 'level_2'), ('no', 'yes'))
    """
    if "levels" in given:
        return tuple(name_of(item) for item in given["levels"])
    count = level_count(given)
    return ("low", "medium", "high") if count == 3 else tuple(f"level_{k + 1}" for k in range(count))
