"""What each parameter may be: type, range, origin and the baseline's value, as data; and the checks."""

from __future__ import annotations

import difflib
import itertools
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ogp_analysis.errors import Problem
from ogp_analysis.language import texts
from ogp_analysis.language.escaping import as_typed
from ogp_analysis.model.records import BETWEEN_PANELS, Criterion, Method

# Up to nine digits a side: exact in Fraction, and never slow.
FRACTION = re.compile(r"^[0-9]{1,9}/[1-9][0-9]{0,8}$")
# A cut point may lie below zero, a weight may not.
CUT_FRACTION = re.compile(f"^-?{FRACTION.pattern[1:]}")
OURS = "ours"
# How scores of indicators become one: means of three kinds, the score that a share of the weight reaches.
AGGREGATIONS = ("mean", "geometric", "harmonic", "median", "minimum", "majority")
ABOVE_ZERO = ("geometric", "harmonic")  # they divide by scores, or take their logarithms
OF_ONE_CRITERION = ("median", "majority")  # a majority of criteria is none of all indicators
NO_VETO = "none"
# Beside these, the name of a panel of the method is allowed: it then decides alone.
PANEL_RULES = ("mean", "minimum")
# How the scores of two roles of one evaluator each are joined: of no use where there are none.
OF_SEATS = ("feasibility_rule",)
# Whom they pair and when a third decides: of no use where the mean of a jury counts.
OF_TWO = ("third_rule", "matching_rule", "third_for", "blind_pair", "missing_third")
# What a third does: of no use where none is called; `third_for` would call one.
OF_A_THIRD = ("third_rule", "missing_third")
# How panels are joined, and whether they form the pair: of no use where each criterion has one, or two roles,
# who always do.
OF_PANELS = ("panel_rule", "blind_pair")
# The share that a majority of indicators needs: of no use where no majority can be asked for.
OF_MAJORITY = ("majority",)
# How indicators are added up under which weights: of no use where each score rests on one.
OF_WEIGHTS = ("aggregation", "majority", "weight_belief")


def unused(method: Method) -> tuple[str, ...]:
    """Name the parameters that a method as it is built has no need of; `ogp params` leaves them out.

    Parameters
    ----------
    method : Method
        One of a published plan uses all.

    Returns
    -------
    tuple of str
        Keys that a params file may well leave out.

    Examples
    --------
    >>> from pathlib import Path
    >>> from ogp_analysis.model.method_file import read_method
    >>> [len(unused(read_method(name, Path())[0])) for name in ("ecuador-2019", "jury-of-labels")]
    [0, 10]
    >>> unused(read_method("fund-with-weights", Path())[0])
    ('feasibility_rule', 'panel_rule', 'blind_pair', 'majority')
    """
    idle: tuple[str, ...] = ()
    if not any(criterion.seated for criterion in method.criteria):
        idle += OF_SEATS
    if method.juried:
        idle += OF_TWO
    elif method.without_thirds:
        idle += OF_A_THIRD
    if all(len(criterion.panels) == 1 or criterion.seated for criterion in method.criteria):
        idle += OF_PANELS
    if method.by_composite:
        idle += OF_MAJORITY
    if method.unweighted:
        idle += OF_WEIGHTS
    return () if method.plan else tuple(dict.fromkeys(idle))


@dataclass(frozen=True)
class ParameterRule:
    """One parameter: its name, kind, allowed values, the baseline's value and where that comes from.

    ``kind`` is text, choice, choices, number, whole, limit, weights or cuts; ``allowed`` holds the choices,
    or the lowest and highest number.

    Parameters
    ----------
    name : str
        Name of the parameter.
    kind : str
        ``"text"``, ``"choice"``, ``"choices"``, ``"number"``, ``"whole"``, ``"limit"`` (a number or none),
        ``"weights"`` or ``"cuts"``.
    default : object
        The baseline's value, as a params file would hold it.
    origin : str
        ``"ours"`` or the lines of the plan.
    allowed : tuple
        The choices, or the lowest and highest number.

    Examples
    --------
    >>> {rule.name: rule.allowed for rule in RULES}["missing"]
    ('refuse', 'drop', 'available')
    """

    name: str
    kind: str
    default: Any
    origin: str = OURS
    allowed: tuple = ()


_THIRD = "1/3"
RULES = (
    ParameterRule("method", "text", "ecuador-2019", "plan, lines 484-540, where stated; the rest ours"),
    ParameterRule("data", "text", "example", "ours (synthetic: the plan's text holds no ratings)"),
    ParameterRule("language", "choice", "en", OURS, ("en", "es")),
    ParameterRule(
        "indicator_weights",
        "weights",
        {
            "time": 0.25,
            "complexity": 0.25,
            "resources": 0.25,
            "willingness": 0.25,
            "reiterations": _THIRD,
            "potential_impact": _THIRD,
            "alignment": _THIRD,
        },
    ),
    ParameterRule("criterion_weights", "weights", {"feasibility": 0.5, "relevance": 0.5}),
    ParameterRule("cut_points", "cuts", {"feasibility": [2.5, 3.5], "relevance": [2.5, 3.5]}),
    ParameterRule("tolerance", "number", 1.0, "ours (note 20 says only 'match')", (0.0, math.inf)),
    ParameterRule("third_rule", "choice", "replace", OURS, ("replace", "median", "closest", "mean")),
    ParameterRule("matching_rule", "choice", "mean", OURS, ("mean", "lower", "higher")),
    ParameterRule("third_for", "choices", ["relevance"], "plan, lines 504 and 516"),
    ParameterRule("blind_pair", "choice", "within_panels", OURS, ("within_panels", BETWEEN_PANELS)),
    ParameterRule("panel_rule", "text", "mean"),
    ParameterRule("feasibility_rule", "choice", "mean", OURS, ("mean", "minimum", "lead")),
    ParameterRule("missing", "choice", "refuse", OURS, ("refuse", "drop", "available")),
    ParameterRule("missing_third", "choice", "bounds", OURS, ("bounds", "mean", "refuse")),
    ParameterRule("aggregation", "choice", "mean", OURS, AGGREGATIONS),
    ParameterRule("majority", "number", 0.6, OURS, (0.5, 1.0)),
    ParameterRule("veto", "limit", NO_VETO),
    ParameterRule("conflict", "choice", "flag", OURS, ("flag", "keep", "exclude")),
    ParameterRule("weight_belief", "text", "uniform"),
    ParameterRule(
        "disagreement_weights",
        "choice",
        "quadratic",
        OURS,
        ("identity", "linear", "quadratic", "ordinal", "radical", "ratio", "circular", "bipolar"),
    ),
    ParameterRule("confidence_level", "number", 0.95, OURS, (0.5, 0.9999)),
    ParameterRule("n_resamples", "whole", 2000, OURS, (100, 10_000_000)),
    ParameterRule("n_draws", "whole", 20000, OURS, (100, 1_000_000_000)),
    ParameterRule("seed", "whole", 20191001, OURS, (0, 2**63 - 1)),
    ParameterRule("small_cell", "whole", 10, "ours (UK LLC's threshold)", (3, 1000)),
    ParameterRule("cell_timeout", "number", 600, OURS, (1.0, 86400.0)),
    ParameterRule("output_dir", "text", ""),
)


@dataclass(frozen=True)
class ParameterProblem(Problem):
    """A problem of a parameter: kinds of values and sums are worded in the reader's language.

    What a reader has to type again, such as an allowed range, keeps the decimal point that YAML wants.

    Examples
    --------
    >>> ParameterProblem("params.weight_sum", value="relevance", detail=(("total", "0.9"),)).say("es")
    'los pesos de relevance suman 0,9; deben sumar exactamente 1 (escriba los tercios como "1/3")'
    """

    def detail_in(self, language: str) -> dict[str, str]:
        """Word kinds of values and totals."""
        return {name: _worded(name, text, language) for name, text in self.detail}


def _worded(name: str, text: str, language: str) -> str:
    if name in ("is", "wanted"):
        key = f"params.{name}.{text}"
        return texts.say(key, language) if texts.has(key, language) else text
    return text.replace(".", ",") if name == "total" and language == "es" else text


def as_fraction(value: float | str) -> Fraction:
    """Read a number as the decimal or fraction it was written as: 0.1 is 1/10, ``"1/3"`` is 1/3.

    Parameters
    ----------
    value : float or str
        A finite number, or a fraction such as ``"1/3"``.

    Returns
    -------
    Fraction
        By the shortest decimal that is the float: so weights add up as they were written.

    Examples
    --------
    >>> as_fraction(0.1), as_fraction("1/3"), Fraction(0.1) == Fraction(1, 10)
    (Fraction(1, 10), Fraction(1, 3), False)
    """
    return Fraction(value) if isinstance(value, str) else Fraction(repr(value))


def nearest_name(name: str, names: tuple[str, ...]) -> str:
    """Give the known name that looks most like ``name``.

    Parameters
    ----------
    name : str
        As typed.
    names : tuple of str
        Every name there is.

    Returns
    -------
    str
        One name; empty where none is like it.

    Examples
    --------
    >>> nearest_name("Tolerence", ("tolerance", "seed")), nearest_name("x", ("tolerance", "seed"))
    ('tolerance', '')
    """
    close = difflib.get_close_matches(name.casefold(), names, n=1, cutoff=0.5)
    return close[0] if close else ""


def check_value(rule: ParameterRule, value: Any, file: str = "") -> list[Problem]:
    """Check one value against its rule alone; the method's names are checked later.

    >>> rules = {rule.name: rule for rule in RULES}
    >>> check_value(rules["confidence_level"], 95)[0].say()
    'parameter confidence_level: 95 is out of range; allowed: 0.5 to 0.9999'
    """
    return [
        ParameterProblem(key, file=file, parameter=rule.name, value=shown, detail=detail)
        for key, shown, detail in _CHECKS[rule.kind](rule, value)
    ]


def _wrong(value: Any, wanted: str) -> list[tuple]:
    return [("params.type", f"{value!r}", (("wanted", wanted), ("is", type(value).__name__)))]


def _text(rule: ParameterRule, value: Any) -> list[tuple]:
    if not isinstance(value, str):
        return _wrong(value, "text")
    if "\0" in value or len(value) > 1000 or (rule.name != "output_dir" and not value.strip()):
        return [("params.text", repr(value[:80]), ())]
    return []


def _choice(rule: ParameterRule, value: Any) -> list[tuple]:
    if not isinstance(value, str):
        return _wrong(value, "text")
    if value in rule.allowed:
        return []
    detail = (("allowed", ", ".join(rule.allowed)), ("nearest", nearest_name(value, rule.allowed)))
    return [("params.choice", repr(value), detail)]


def _choices(rule: ParameterRule, value: Any) -> list[tuple]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return _wrong(value, "list_of_text")
    if len(set(value)) != len(value):
        return [("params.repeated_item", repr(value), ())]
    return []


def is_number(value: Any) -> bool:
    """Say whether a value of YAML is a number: True and False are none.

    >>> is_number(2.5), is_number(True), is_number("2")
    (True, False, False)
    """
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _number(rule: ParameterRule, value: Any) -> list[tuple]:
    if not is_number(value):
        return _wrong(value, "number")
    low, high = rule.allowed
    if not math.isfinite(value):
        return [("params.not_finite", repr(value), ())]
    if not low <= value <= high:
        return [("params.range", repr(value), (("low", f"{low:g}"), ("high", f"{high:g}")))]
    return []


def _whole(rule: ParameterRule, value: Any) -> list[tuple]:
    if not isinstance(value, int) or isinstance(value, bool):
        return _wrong(value, "whole_number")
    low, high = rule.allowed
    if not low <= value <= high:
        return [("params.range", repr(value), (("low", str(low)), ("high", str(high))))]
    return []


def _limit(rule: ParameterRule, value: Any) -> list[tuple]:
    if value == NO_VETO:
        return []
    if not is_number(value):
        return [("params.limit", repr(value), (("none", NO_VETO),))]
    return [] if math.isfinite(value) else [("params.not_finite", repr(value), ())]


def _weights(rule: ParameterRule, value: Any) -> list[tuple]:
    if not isinstance(value, dict) or not value or not all(isinstance(key, str) for key in value):
        return _wrong(value, "weights")
    faults = []
    for key, weight in value.items():
        faults += [(rule_key, f"{key}: {weight!r}", ()) for rule_key in _weight_faults(weight)]
    return faults


def _weight_faults(weight: Any) -> list[str]:
    if isinstance(weight, str):
        return [] if FRACTION.match(weight) else ["params.weight_type"]
    if not is_number(weight):
        return ["params.weight_type"]
    if not math.isfinite(weight):
        return ["params.not_finite"]
    return ["params.weight_negative"] if weight < 0 else []


def _is_cut(value: Any) -> bool:
    return bool(CUT_FRACTION.match(value)) if isinstance(value, str) else is_number(value)


def _cuts(rule: ParameterRule, value: Any) -> list[tuple]:
    if not isinstance(value, dict) or not value or not all(isinstance(key, str) for key in value):
        return _wrong(value, "cuts")
    faults = []
    for key, cuts in value.items():
        shown = f"{key}: {cuts!r}"
        if not isinstance(cuts, list) or not cuts or not all(map(_is_cut, cuts)):
            faults.append(("params.cuts_type", shown, ()))
        elif not all(isinstance(cut, str) or math.isfinite(cut) for cut in cuts):
            faults.append(("params.not_finite", shown, ()))
        elif any(low >= high for low, high in itertools.pairwise(map(as_fraction, cuts))):
            faults.append(("params.cuts_order", shown, ()))
    return faults


_CHECKS = {
    "text": _text,
    "choice": _choice,
    "choices": _choices,
    "number": _number,
    "whole": _whole,
    "limit": _limit,
    "weights": _weights,
    "cuts": _cuts,
}


def check_against_method(
    values: Mapping[str, Any], method: Method, broken: set[str], file: str
) -> list[Problem]:
    """Check the names of indicators and criteria, the sums of weights and the place of cut points.

    >>> from ogp_analysis.model import params
    >>> method = params.from_values(params.baseline()).method
    >>> given = {"cut_points": {"feasibility": [2.5, 3.5], "relevance": [2.5, 7]}}
    >>> [problem.say() for problem in check_against_method(given, method, set(), "own.yaml")]
    ['own.yaml, parameter cut_points: relevance: [2.5, 7] lies off the rating scale; allowed: 1 to 5']
    """
    criteria = tuple(criterion.name for criterion in method.criteria)
    indicators = tuple(indicator.name for indicator in method.indicators)
    axes = tuple(axis.name for axis in method.axes)
    wanted = {"indicator_weights": indicators, "criterion_weights": criteria, "cut_points": axes}
    problems = _of_another_method(values, wanted | {"third_for": criteria}, broken, file)
    broken = broken | {name for problem in problems for name in problem.parameter.split(", ")}
    for name, names in wanted.items():
        if name in values and name not in broken:
            faults = _name_faults(values[name], names) or _size_faults(name, values[name], method)
            problems += [
                ParameterProblem(key, file=file, parameter=name, value=shown, detail=more)
                for key, shown, more in faults
            ]
    problems += _aggregation_problems(values, method, broken, file)
    if values.get("blind_pair") == BETWEEN_PANELS and "blind_pair" not in broken:
        problems += _blind_pair_faults(method, file)
    if "panel_rule" in values and "panel_rule" not in broken:
        problems += _panel_rule_faults(values["panel_rule"], method, file)
    if "third_for" in values and "third_for" not in broken:
        unknown = [item for item in values["third_for"] if item not in criteria]
        allowed = ("allowed", ", ".join(criteria))
        problems += [
            Problem("params.name", file=file, parameter="third_for", value=item, detail=(allowed, near))
            for item in unknown
            for near in [("nearest", nearest_name(item, tuple(criteria)))]
        ]
    return problems


def _aggregation_problems(
    values: Mapping[str, Any], method: Method, broken: set[str], file: str
) -> list[Problem]:
    """Check what the way of adding up asks of the scales, and the place of the veto."""
    faults = {
        name: check(values[name], method)
        for name, check in (("aggregation", _aggregation_faults), ("veto", _veto_faults))
        if name in values and name not in broken
    }
    return [
        Problem(key, file=file, parameter=name, value=shown, detail=detail)
        for name, listed in faults.items()
        for key, shown, detail in listed
    ]


def aggregations_of(method: Method) -> tuple[str, ...]:
    """List the ways of adding up that the scales and the cut points of a method allow.

    >>> from ogp_analysis.model import params
    >>> aggregations_of(params.from_values(params.baseline()).method) == AGGREGATIONS
    True
    """
    return tuple(way for way in AGGREGATIONS if not _aggregation_faults(way, method))


def choices_of(rule: ParameterRule, method: Method) -> tuple[str, ...]:
    """List what a parameter may be under a method; empty where it is no choice from a list.

    >>> from ogp_analysis.model import params
    >>> method = params.from_values(params.baseline()).method
    >>> {rule.name: choices_of(rule, method) for rule in RULES}["panel_rule"][:3]
    ('mean', 'minimum', 'lead')
    """
    if rule.name == "panel_rule":
        return (*PANEL_RULES, *method.panels)
    if rule.name == "aggregation":
        return aggregations_of(method)
    return rule.allowed if rule.kind == "choice" else ()


def _aggregation_faults(way: str, method: Method) -> list[tuple]:
    lowest = min(method.indicators, key=lambda indicator: indicator.minimum)
    if way in ABOVE_ZERO and lowest.minimum <= 0:
        scale = (
            ("way", way),
            ("indicator", lowest.name),
            ("low", f"{lowest.minimum:g}"),
            ("high", f"{lowest.maximum:g}"),
        )
        return [("params.aggregation_scale", way, scale)]
    if way in OF_ONE_CRITERION and method.by_composite:
        allowed = ", ".join(name for name in AGGREGATIONS if name not in OF_ONE_CRITERION)
        return [("params.aggregation_composite", way, (("way", way), ("allowed", allowed)))]
    return []


def _veto_faults(limit: float | str, method: Method) -> list[tuple]:
    low = min(indicator.minimum for indicator in method.indicators)
    high = max(indicator.maximum for indicator in method.indicators)
    if isinstance(limit, str) or low <= limit <= high:
        return []
    return [("params.veto_scale", f"{limit:g}", (("low", f"{low:g}"), ("high", f"{high:g}")))]


def _of_another_method(
    values: Mapping[str, Any], wanted: Mapping[str, tuple[str, ...]], broken: set[str], file: str
) -> list[Problem]:
    # Where no name fits, the method alone was changed: one cause, so one line, and not one for each name.
    strange = [
        name
        for name, names in wanted.items()
        if name not in broken and values.get(name) and not set(values[name]) & set(names)
    ]
    if len(strange) < 2:
        return []
    method = str(values.get("method", ""))
    words = (("method", method), ("command", as_typed("ogp", "params", "--method", method)))
    return [Problem("params.other_method", file=file, parameter=", ".join(strange), detail=words)]


def _blind_pair_faults(method: Method, file: str) -> list[Problem]:
    if any(criterion.paired_between(BETWEEN_PANELS) for criterion in method.criteria):
        return []
    return [Problem("params.one_panel", file=file, parameter="blind_pair", value=repr(BETWEEN_PANELS))]


def _panel_rule_faults(given: str, method: Method, file: str) -> list[Problem]:
    allowed = (*PANEL_RULES, *method.panels)
    if given in allowed:
        return []
    detail = (("allowed", ", ".join(allowed)), ("nearest", nearest_name(given, allowed)))
    return [Problem("params.choice", file=file, parameter="panel_rule", value=repr(given), detail=detail)]


def _name_faults(given: Mapping[str, Any], names: tuple[str, ...]) -> list[tuple]:
    allowed = ("allowed", ", ".join(names))
    unknown = [
        ("params.name", key, (allowed, ("nearest", nearest_name(key, names))))
        for key in given
        if key not in names
    ]
    return unknown + [("params.name_missing", key, ()) for key in names if key not in given]


def _size_faults(name: str, given: Mapping[str, Any], method: Method) -> list[tuple]:
    if name == "criterion_weights":
        return _sum_fault(", ".join(given), given.values())
    if name == "indicator_weights":
        return [
            fault
            for criterion in method.criteria
            for fault in _sum_fault(criterion.name, [given[item.name] for item in criterion.indicators])
        ]
    return [fault for axis in method.axes for fault in _scale_faults(given[axis.name], axis)]


def _sum_fault(label: str, weights: Any) -> list[tuple]:
    # Exact: as floats 0.1 + 0.2 + 0.7 is not 1.
    total = sum((Fraction(w) if isinstance(w, str) else Fraction(repr(w)) for w in weights), Fraction(0))
    if total == 1:
        return []
    return [("params.weight_sum", label, (("total", f"{float(total):.10g}"),))]


def _scale_faults(cuts: list[float | str], axis: Criterion) -> list[tuple]:
    # A weighted mean lies between the lowest and the highest end of all scales.
    low = min(indicator.minimum for indicator in axis.indicators)
    high = max(indicator.maximum for indicator in axis.indicators)
    shown = f"{axis.name}: {cuts!r}"
    if len(cuts) != len(axis.levels) - 1:
        counts = (("wanted_cuts", str(len(axis.levels) - 1)), ("levels", ", ".join(axis.levels)))
        return [("params.cuts_count", shown, counts)]
    if low <= as_fraction(cuts[0]) and as_fraction(cuts[-1]) <= high:
        return []
    return [("params.cuts_scale", shown, (("low", f"{low:g}"), ("high", f"{high:g}")))]
