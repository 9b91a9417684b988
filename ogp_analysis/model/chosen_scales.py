"""For which scales cut points and a tolerance were chosen, and what is said where the method has others.

A params file may state the scales (``scales: {merit: [0, 5]}``); `ogp params` writes them. A file that does
not is remarked only where its cut points are what this method's default was on another scale.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from ogp_analysis.errors import Problem
from ogp_analysis.language import texts
from ogp_analysis.model.method_defaults import BASELINE_SCALE, defaults_of, ends_of, ends_of_score
from ogp_analysis.model.parameter_rules import RULES, as_fraction, is_number, nearest_name
from ogp_analysis.model.records import Criterion, Method, WrittenNumber

# The key of a params file.
SCALES = "scales"
# Parameters in points of a scale.
IN_POINTS = ("cut_points", "tolerance", "veto")
BASELINE_CUTS = tuple(next(rule.default for rule in RULES if rule.name == "cut_points")["relevance"])
# Our choice. Cut points such as 7/3 are hardly ever somebody's own; others are the default of another scale
# only where that one is a third shorter or more, so that they leave the upper part of the method's uncut.
SHORTER = Fraction(2, 3)
USUAL_TOPS = frozenset({1, 3, 4, 5, 6, 7, 9, 10, 20, 50, 100})


def scales_of(method: Method) -> dict[str, list[float | int]]:
    """Give the ends of the scale that each criterion's cut points cut, as a params file states them.

    >>> from pathlib import Path
    >>> from ogp_analysis.model.method_file import read_method
    >>> scales_of(read_method("fund-with-weights", Path())[0])
    {'composite': [1, 5]}
    """
    return {axis.name: [_plain(end) for end in ends_of(axis)] for axis in method.axes}


def _plain(end: float) -> float | int:
    return int(end) if end == int(end) else float(end)


def scale_problems(given: Any, file: str) -> list[Problem]:
    """Name what is wrong with the stated scales: what is no pair of ends.

    >>> [problem.value for problem in scale_problems({"relevance": [1, 5], "beauty": [5, 1]}, "")]
    ['beauty: [5, 1]']
    """
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        return [Problem("params.scales_type", file=file, parameter=SCALES, value=repr(given))]
    return [
        Problem("params.scales_type", file=file, parameter=SCALES, value=f"{name}: {ends!r}")
        for name, ends in given.items()
        if not _are_ends(ends)
    ]


def _are_ends(ends: Any) -> bool:
    return (
        isinstance(ends, list | tuple) and len(ends) == 2 and all(map(is_number, ends)) and ends[0] < ends[1]
    )


@dataclass(frozen=True)
class Given:
    """What a params file holds, as written, beside what its method says today.

    Parameters
    ----------
    method : Method
        As read.
    values : mapping
        Value by parameter.
    filled : collection of str
        Parameters that the file leaves to the method.
    scales : mapping
        Ends of the scales that the file states.
    """

    method: Method
    values: Mapping[str, Any]
    filled: Collection[str] = ()
    scales: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """What the method says today."""
        return defaults_of(self.method)

    def chosen(self, axis: Criterion) -> list[str]:
        """Give the keys in points that the file holds and that are not what the method says today."""
        own = {key: self.values[key] for key in IN_POINTS} | {"cut_points": self._cuts(self.values, axis)}
        usual = {key: self.defaults[key] for key in IN_POINTS} | {
            "cut_points": self._cuts(self.defaults, axis)
        }
        return [key for key in IN_POINTS if key not in self.filled and own[key] != usual[key]]

    @staticmethod
    def _cuts(values: Mapping[str, Any], axis: Criterion) -> list[Fraction]:
        return [as_fraction(cut) for cut in values["cut_points"][axis.name]]


def outdated(given: Given, language: str) -> list[str]:
    """Say which criteria have another scale than the one that their cut points were chosen for.

    >>> from ogp_analysis.model import params
    >>> own = params.baseline() | {"cut_points": {"feasibility": [2, 4], "relevance": [2, 4]}}
    >>> method = params.from_values(own).method
    >>> stated = {"feasibility": [1, 5], "relevance": [0, 10]}
    >>> [line.split(":")[0] for line in outdated(Given(method, own, scales=stated), "en")]
    ['cut_points of relevance']
    >>> outdated(Given(method, params.baseline()), "en")
    []
    """
    lines = (_outdated(axis, given, language) for axis in given.method.axes)
    return [*filter(None, lines), *_renamed(given, language)]


def _renamed(given: Given, language: str) -> Iterator[str]:
    """Say which stated scales are of no criterion of the method: it was renamed, or taken out."""
    names = tuple(axis.name for axis in given.method.axes)
    for name in given.scales:
        if name not in names:
            near = nearest_name(name, names) or next(iter(names), "")
            ends = json.dumps([_plain(end) for end in given.scales[name]])
            values = {"name": name, "allowed": ", ".join(names), "near": near}
            line, other = f"{SCALES}: {{{name}: {ends}}}", f"{SCALES}: {{{near}: {ends}}}"
            yield texts.say("params.scales_renamed", language, line=line, other=other, **values)


def _outdated(axis: Criterion, given: Given, language: str) -> str:
    # Imported here: it brings pandas along, and parameters are read by commands that make no table.
    from ogp_analysis.language.labels import name_label

    chosen, stated = given.chosen(axis), given.scales.get(axis.name)
    cuts = given.values["cut_points"][axis.name]
    then = older_scale(axis, cuts) if stated is None and "cut_points" in chosen else stated
    if not chosen or then is None or tuple(then) == ends_of(axis):
        return ""
    title = name_label("criterion", axis.name, language)
    named = {key: key for key in chosen}
    named |= {"cut_points": texts.say("params.outdated_cuts", language, axis=title)}
    shown = {
        key: {
            kind: _listed(values[key], axis, language)
            for kind, values in (("value", given.values), ("usual", given.defaults))
        }
        for key in chosen
    }
    held = [texts.say("params.outdated_held", language, name=named[key], **shown[key]) for key in chosen]
    return texts.say(
        "params.outdated_default" if stated is None else "params.outdated",
        language,
        keys=", ".join(named[key] for key in (chosen if stated else ["cut_points"])),
        omit=", ".join(chosen),
        held=". ".join(held),
        cuts=shown.get("cut_points", {}).get("value", ""),
        usual=shown.get("cut_points", {}).get("usual", ""),
        then=_between(then, language),
        now=_now(axis, then, language),
        line=f"{SCALES}: {{{axis.name}: {json.dumps([_plain(end) for end in ends_of(axis)])}}}",
    )


def _between(ends: Iterable[float], language: str, **more: str) -> str:
    low, high = (_shown(end, language) for end in ends)
    key = "params.between_of" if more else "params.between"
    return texts.say(key, language, low=low, high=high, **more)


def _now(axis: Criterion, then: Collection[float], language: str) -> str:
    """Give the ends of a scale today, and the indicators that moved them where others have other ends."""
    from ogp_analysis.language.labels import name_label

    ends = ends_of(axis)
    moved = [
        name_label("indicator", item.name, language)
        for item in axis.indicators
        if any(
            own == end != before
            for own, end, before in zip((item.minimum, item.maximum), ends, then, strict=True)
        )
    ]
    # Where all have these ends, the criterion has.
    return _between(
        ends, language, **({} if len(moved) == len(axis.indicators) else {"indicators": ", ".join(moved)})
    )


def _listed(value: Any, axis: Criterion, language: str) -> str:
    listed = value[axis.name] if isinstance(value, Mapping) else [value]
    return "; ".join(_shown(each, language) for each in listed)


def _shown(number: WrittenNumber, language: str) -> str:
    if isinstance(number, str):
        return number
    return f"{number:g}".replace(".", ",") if language == "es" else f"{number:g}"


def older_scale(axis: Criterion, cuts: list[WrittenNumber]) -> tuple[float, float] | None:
    """Give the other scale than the axis's own whose default these cut points are; None if they are none.

    >>> from ogp_analysis.model.records import Indicator
    >>> ten = Criterion("merit", (Indicator("use", "merit", 0, 10),), ("jury",), 3)
    >>> older_scale(ten, ["5/3", "10/3"]), older_scale(ten, [2, 4]), older_scale(ten, [2.5, 3.5])
    ((0.0, 5.0), (0.0, 6.0), (1.0, 5.0))
    >>> five = Criterion("merit", (Indicator("use", "merit", 1, 5),), ("jury",), 3)
    >>> older_scale(ten, [4, 7]), older_scale(ten, [6, 8]), older_scale(five, [2, 3])
    (None, None, None)
    """
    low, high = ends_of_score(axis)
    length, given = high - low, [*map(as_fraction, cuts)]
    if given == [*map(as_fraction, BASELINE_CUTS)] and 2 * length >= 3 * _length(BASELINE_SCALE):
        return BASELINE_SCALE
    bottom, top = _implied(given, low)
    whole = bottom is not None and bottom.denominator == top.denominator == 1 and (bottom, top) != (low, high)
    if not whole or int(top) not in USUAL_TOPS or bottom not in (0, 1, low, -top):
        return None
    odd = any(10 % each.denominator for each in given)
    shrunk = bottom == low and top - bottom <= SHORTER * length
    return (float(bottom), float(top)) if odd or shrunk else None


def _length(ends: tuple[float, float]) -> Fraction:
    return as_fraction(ends[1]) - as_fraction(ends[0])


def _implied(cuts: list[Fraction], low: Fraction) -> tuple[Any, Any]:
    """Give the ends of the scores that cut points part into equal levels; of one only the middle is known."""
    if len(cuts) == 1:
        return low, 2 * cuts[0] - low
    steps = {after - before for before, after in itertools.pairwise(cuts)}
    step = steps.pop()
    return (None, None) if steps else (cuts[0] - step, cuts[-1] + step)
