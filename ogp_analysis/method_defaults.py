"""What each parameter is where a params file leaves it out: the baseline's value, fitted to the method."""

from __future__ import annotations

import copy
import math
from typing import Any

from ogp_analysis import texts
from ogp_analysis.model import Criterion, Method
from ogp_analysis.parameter_rules import RULES

# All ours: they give the baseline's own values on its scale of 1 to 5.
TOLERATED_SHARE = 1 / 4
BASELINE_SCALE = (1.0, 5.0)
# Below a twentieth of a scale of many ratings, hardly any two ratings of humans match.
NARROW_SHARE = 1 / 20
# Four significant digits: nobody would write a cut point of 33.333333333333336.
DIGITS = 4


def defaults_of(method: Method | None) -> dict[str, Any]:
    """Give every parameter's default for a method.

    Parameters
    ----------
    method : Method or None
        None where it cannot be read: the baseline's values.

    Returns
    -------
    dict
        Value by name, as a params file would hold it: the baseline's; for a method with other indicators or
        scales equal weights, cut points at the thirds of each criterion's scale, a tolerance of a quarter of
        the shortest scale, third evaluations where a panel has two evaluators or more.

    Examples
    --------
    >>> from pathlib import Path
    >>> from ogp_analysis.method_file import read_method
    >>> found = defaults_of(read_method("ecuador-2019", Path())[0])
    >>> found["tolerance"], found["cut_points"]["relevance"], found["third_for"]
    (1.0, [2.5, 3.5], ['relevance'])
    """
    found = {rule.name: copy.deepcopy(rule.default) for rule in RULES}
    if method is None or _fits(found, method):
        return found
    criteria = method.criteria
    return found | {
        "indicator_weights": {i.name: _share(len(c.indicators)) for c in criteria for i in c.indicators},
        "criterion_weights": {c.name: _share(len(criteria)) for c in criteria},
        "cut_points": {c.name: _thirds(c) for c in criteria},
        "tolerance": _tolerance(method),
        "third_for": [c.name for c in criteria if c.raters_per_panel > 1],
    }


def _fits(baseline: dict[str, Any], method: Method) -> bool:
    scales = {(indicator.minimum, indicator.maximum) for indicator in method.indicators}
    wanted = {c.name: c.raters_per_panel > 1 for c in method.criteria}
    return (
        list(wanted) == list(baseline["criterion_weights"])
        and [i.name for i in method.indicators] == list(baseline["indicator_weights"])
        and [name for name, foreseen in wanted.items() if foreseen] == baseline["third_for"]
        and scales == {BASELINE_SCALE}
    )


def _share(count: int) -> float | str:
    # A fraction wherever a decimal would have to be rounded: weights sum to exactly 1.
    return {1: 1.0, 2: 0.5, 4: 0.25, 5: 0.2}.get(count, f"1/{count}")


def _thirds(criterion: Criterion) -> list[float]:
    low = min(indicator.minimum for indicator in criterion.indicators)
    high = max(indicator.maximum for indicator in criterion.indicators)
    return [float(f"{low + part * (high - low) / 3:.{DIGITS}g}") for part in (1, 2)]


def _tolerance(method: Method) -> float:
    shortest = min(method.indicators, key=lambda indicator: indicator.maximum - indicator.minimum)
    steps = math.floor((shortest.maximum - shortest.minimum) * TOLERATED_SHARE / shortest.step + 1e-9)
    return round(steps * shortest.step, 9)


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
    >>> from ogp_analysis.method_file import read_method
    >>> method = read_method("ecuador-2019", Path())[0]
    >>> remarks(method, 1), remarks(method, 4)[0][:54]
    ([], 'tolerance 4: on the scale 1 to 5 any two ratings match')
    """
    found = []
    for low, high, step in sorted({(i.minimum, i.maximum, i.step) for i in method.indicators}):
        length = high - low
        words = {"tolerance": f"{tolerance:g}", "low": f"{low:g}", "high": f"{high:g}"}
        if tolerance >= length:
            found.append(texts.say("params.tolerance_wide", language, **words))
        elif tolerance < NARROW_SHARE * length and step < NARROW_SHARE * length:
            usual = f"{_tolerance(method):g}"
            found.append(texts.say("params.tolerance_narrow", language, usual=usual, **words))
    return found
