"""Every parameter's default for a method, and what is said of a value that hardly fits its scale."""

from __future__ import annotations

import copy
import itertools
import math
from fractions import Fraction
from typing import Any

from ogp_analysis.language import texts
from ogp_analysis.model.parameter_rules import RULES, as_fraction
from ogp_analysis.model.records import LEVELS, Criterion, Indicator, Method, WrittenNumber

# What a method decides, if only by the default of its scales, criteria and panels.
FITTED = ("indicator_weights", "criterion_weights", "cut_points", "tolerance", "third_for", "missing")
# All our choice: they give the baseline's own values on its scale of 1 to 5.
TOLERATED_SHARE = 1 / 4
BASELINE_SCALE = (1.0, 5.0)
# Below a twentieth of a scale of many ratings, hardly any two ratings of humans match.
NARROW_SHARE = 1 / 20


def defaults_of(method: Method | None) -> dict[str, Any]:
    """Give every parameter's default for a method.

    Parameters
    ----------
    method : Method or None
        None where it cannot be read: the baseline's values.

    Returns
    -------
    dict
        Value by name, as a params file would hold it: the baseline's; for any other method what its file
        says, else (our choice) equal weights, cut points that part what a score can be into equal levels, a
        tolerance of a quarter of the shortest scale in whole steps of the finest, third evaluations where a
        panel has two evaluators, and the ratings that there are where a panel may give none.

    Examples
    --------
    >>> from pathlib import Path
    >>> from ogp_analysis.model.method_file import read_method
    >>> found = defaults_of(read_method("ecuador-2019", Path())[0])
    >>> found["tolerance"], found["cut_points"]["relevance"], found["third_for"]
    (1.0, [2.5, 3.5], ['relevance'])
    """
    defaults = {rule.name: copy.deepcopy(rule.default) for rule in RULES}
    if method is None or _fits(defaults, method):
        return defaults
    criteria = method.criteria
    return defaults | {
        "indicator_weights": {name: share for c in criteria for name, share in _shares(c.indicators).items()},
        "criterion_weights": _shares(criteria),
        "cut_points": {axis.name: _cuts(axis) for axis in method.axes},
        "tolerance": _tolerance(method),
        "third_for": _third_for(method),
        # A panel that may leave a proposal out lacks nothing there.
        "missing": "available" if any(c.fewest == 0 for c in criteria) else defaults["missing"],
    }


def _third_for(method: Method) -> list[str]:
    if method.third_for is not None:
        return list(method.third_for)
    # Of three independent evaluators or more, none is the one that decides.
    return [c.name for c in method.criteria if c.raters_per_panel == 2]


def _shares(parts: tuple[Criterion, ...] | tuple[Indicator, ...]) -> dict[str, float | str]:
    """Give the weights of a method file as shares of their sum; equal ones where it gives none."""
    if all(part.weight is None for part in parts):
        return {part.name: _share(len(parts)) for part in parts}
    # One without a weight beside others that have one counts nothing only if it says so: it is 1.
    weights = {part.name: as_fraction(1 if part.weight is None else part.weight) for part in parts}
    total = sum(weights.values())
    if not total:
        return {part.name: _share(len(parts)) for part in parts}
    return {name: _as_share(weight / total) for name, weight in weights.items()}


def _as_share(share: Fraction) -> float | str:
    """Write a fraction as the decimal that it is, else as a fraction."""
    return float(share) if as_fraction(float(share)) == share else f"{share.numerator}/{share.denominator}"


def _fits(baseline: dict[str, Any], method: Method) -> bool:
    scales = {(indicator.minimum, indicator.maximum) for indicator in method.indicators}
    wanted = {c.name: c.raters_per_panel == 2 for c in method.criteria}
    return (
        list(wanted) == list(baseline["criterion_weights"])
        and [i.name for i in method.indicators] == list(baseline["indicator_weights"])
        and [name for name, foreseen in wanted.items() if foreseen] == baseline["third_for"]
        and scales == {BASELINE_SCALE}
        and all(c.levels == LEVELS and c.cut_points is None for c in method.axes)
        and method.tolerance is None
        and all(criterion.fewest for criterion in method.criteria)
        and all(criterion.weight is None for criterion in method.criteria)
        and all(indicator.weight is None for indicator in method.indicators)
    )


def _share(count: int) -> float | str:
    # A fraction wherever a decimal would have to be rounded: weights sum to exactly 1.
    return {1: 1.0, 2: 0.5, 4: 0.25, 5: 0.2}.get(count, f"1/{count}")


def _cuts(axis: Criterion) -> list[WrittenNumber]:
    """Give the cut points of the method file, else those that part what a score can be equally."""
    if axis.cut_points is not None:
        return list(axis.cut_points)
    low, high = ends_of_score(axis)
    count = len(axis.levels)
    # Not rounded: three ratings of 4, 4 and 3 have a mean of 11/3 and do not reach 3.667.
    return [_as_share(low + part * (high - low) / count) for part in range(1, count)]


def ends_of_score(axis: Criterion) -> tuple[Fraction, Fraction]:
    """Give the least and the greatest weighted mean: with scales up to 10 and to 30 none comes near 30.

    >>> uneven = (Indicator("use", "merit", 0, 10), Indicator("depth", "merit", 0, 30))
    >>> [int(end) for end in ends_of_score(Criterion("merit", uneven, ("jury",), 3))]
    [0, 20]
    """
    weights = [as_fraction(share) for share in _shares(axis.indicators).values()]
    ends = ([one.minimum for one in axis.indicators], [one.maximum for one in axis.indicators])
    low, high = (
        sum((weight * as_fraction(end) for weight, end in zip(weights, side, strict=True)), Fraction(0))
        for side in ends
    )
    return low, high


def ends_of(axis: Criterion) -> tuple[float, float]:
    """Give the lowest and the highest end of the scales of a criterion's indicators.

    >>> ends_of(Criterion("merit", (Indicator("use", "merit", 0, 10),), ("jury",), 3))
    (0, 10)
    """
    indicators = axis.indicators
    return min(one.minimum for one in indicators), max(one.maximum for one in indicators)


def _tolerance(method: Method) -> float:
    if method.tolerance is not None:
        return method.tolerance
    shortest = min(indicator.maximum - indicator.minimum for indicator in method.indicators)
    # The finest scale's: rounded to the steps of a coarse one, nothing would be left for the others.
    step = min(map(finest_step, method.indicators))
    return round(math.floor(shortest * TOLERATED_SHARE / step + 1e-9) * step, 9)


def finest_step(indicator: Indicator) -> float:
    """Give the least distance of two ratings that differ.

    >>> finest_step(Indicator("use", "merit", 0, 10, step=0.25))
    0.25
    """
    return min(high - low for low, high in itertools.pairwise(indicator.scale))


def remarks(method: Method, tolerance: float, language: str = "en") -> list[str]:
    """Say where a tolerance hardly fits the scales of a method.

    Parameters
    ----------
    method : Method
        Its indicators and their scales.
    tolerance : float
        Points that two matching ratings may be apart.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    list of str
        Sentences; empty where the tolerance is usual. No refusal: it may be meant.

    Examples
    --------
    >>> from pathlib import Path
    >>> from ogp_analysis.model.method_file import read_method
    >>> method = read_method("ecuador-2019", Path())[0]
    >>> remarks(method, 1), remarks(method, 4)[0][:54]
    ([], 'tolerance 4: on the scale 1 to 5 any two ratings match')
    """
    sentences = []
    for low, high, step in sorted({(i.minimum, i.maximum, finest_step(i)) for i in method.indicators}):
        length = high - low
        words = {"tolerance": f"{tolerance:g}", "low": f"{low:g}", "high": f"{high:g}"}
        if tolerance >= length:
            sentences.append(texts.say("params.tolerance_wide", language, **words))
        elif 0 < tolerance < step:
            sentences.append(texts.say("params.tolerance_within_a_step", language, step=f"{step:g}", **words))
        elif tolerance < NARROW_SHARE * length and step < NARROW_SHARE * length:
            usual = f"{_tolerance(method):g}"
            sentences.append(texts.say("params.tolerance_narrow", language, usual=usual, **words))
    return sentences


def extreme_remarks(method: Method, matching_rule: str, language: str = "en") -> list[str]:
    """Say of which criteria the lowest or the highest of three ratings or more counts, not their mean.

    >>> from pathlib import Path
    >>> from ogp_analysis.model.method_file import read_method
    >>> jury, pairs = (read_method(name, Path())[0] for name in ("jury-of-labels", "ecuador-2019"))
    >>> [len(extreme_remarks(method, "lower")) for method in (jury, pairs)], extreme_remarks(jury, "mean")
    ([1, 0], [])
    """
    # Imported here: it brings pandas along, and parameters are read by commands that make no table.
    from ogp_analysis.language.labels import name_label

    juried = [name_label("criterion", one.name, language) for one in method.criteria if one.juried]
    if matching_rule == "mean" or not juried:
        return []
    return [texts.say(f"params.extreme_{matching_rule}", language, criteria=", ".join(juried))]
