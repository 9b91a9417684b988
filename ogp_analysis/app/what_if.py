"""What a position of sliders means: parameters, and what follows from them; no widget here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import pandas as pd

from ogp_analysis.assessment import whole_assessment
from ogp_analysis.assessment.whole_assessment import Assessment
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.parameter_rules import unused
from ogp_analysis.model.params import Parameters, as_fraction, with_values
from ogp_analysis.model.records import EVALUATOR, Criterion, Method

RULES = (
    *("third_rule", "matching_rule", "blind_pair", "panel_rule"),
    *("feasibility_rule", "missing_third", "aggregation", "conflict"),
)
# Multiples of 12, so that halves, thirds and quarters are whole points; more only where the weights need it.
POINTS = 12
MOST_POINTS = 1200
FINEST = Fraction(1, 1000)
COMPARED = ("category_by_rule", "category_selection", "category_final")


@dataclass(frozen=True)
class Choice:
    """One position of all controls.

    Parameters
    ----------
    indicator_points, criterion_points : mapping of str to int or Fraction
        Points given to each indicator and criterion, from 0; their shares become weights.
    cut_points : mapping of str to tuple of float or str
        Cut points of each axis of the method, in points of the rating scale; a fraction may be a text.
    tolerance : float
        Points by which a matching pair may differ.
    rules : mapping of str to str
        Value of each of ``RULES`` that has a control; the others stay as they are.
    left_out : sequence of str
        Evaluators whose ratings are not used.
    """

    indicator_points: Mapping[str, int | Fraction]
    criterion_points: Mapping[str, int | Fraction]
    cut_points: Mapping[str, tuple[float | str, ...]]
    tolerance: float | str
    rules: Mapping[str, str]
    left_out: Sequence[str] = ()


def rules_of(method: Method) -> tuple[str, ...]:
    """Name the rules that have a control under a method: no other changes anything.

    >>> from pathlib import Path
    >>> from ogp_analysis.model.method_file import read_method
    >>> rules_of(read_method("jury-of-labels", Path())[0])
    ('conflict',)
    """
    return tuple(name for name in RULES if name not in unused(method))


def scale_of_points(weights: Sequence[Fraction]) -> int:
    """Choose how many points a slider has, so that the starting weights are whole numbers of them.

    Examples
    --------
    >>> scale_of_points([Fraction(1, 4)] * 4), scale_of_points([Fraction(7, 10), Fraction(3, 10)])
    (12, 60)
    """
    needed = lcm(POINTS, *(weight.denominator for weight in weights))
    # Weights of many digits have no such scale: their sliders stand next to them, and mean them until moved.
    return needed if needed <= MOST_POINTS else 100 * POINTS


def step_of(largest: str, *values: Fraction) -> float:
    """Choose the step of a slider: the largest one, or a part of it that reaches every value.

    Examples
    --------
    >>> step_of("1/10", Fraction(5, 2)), step_of("1/10", Fraction(11, 4)), step_of("1/10", Fraction(7, 3))
    (0.1, 0.05, 0.03333333333333333)
    """
    step = Fraction(largest)
    for value in values:
        below = lcm(step.denominator, value.denominator)
        step = Fraction(gcd(int(step * below), int(value * below)), below)
    return float(max(step, FINEST))


def starting_points(parameters: Parameters) -> dict[tuple[str, str], tuple[Fraction, int]]:
    """Give the starting weight of each indicator and criterion, and the points of its slider.

    A criterion may have the name of one of its indicators: the kind stands before the name.

    >>> from ogp_analysis.model import params
    >>> starting_points(params.from_values(params.baseline()))["indicator", "time"]
    (Fraction(1, 4), 12)
    """
    weights = parameters.exact("indicator_weights")
    groups = [
        {("indicator", item.name): weights[item.name] for item in criterion.indicators}
        for criterion in parameters.method.criteria
    ]
    groups.append({("criterion", name): each for name, each in parameters.exact("criterion_weights").items()})
    return {
        name: (weight, scale_of_points(list(group.values())))
        for group in groups
        for name, weight in group.items()
    }


def movable(method: Method) -> frozenset[tuple[str, str]]:
    """Name the indicators and criteria whose weight can be moved: those that do not stand alone.

    >>> from pathlib import Path
    >>> from ogp_analysis.model.method_file import read_method
    >>> movable(read_method("jury-of-labels", Path())[0])
    frozenset()
    """
    groups = [[("indicator", item.name) for item in one.indicators] for one in method.criteria]
    groups.append([("criterion", one.name) for one in method.criteria])
    return frozenset(name for group in groups if len(group) > 1 for name in group)


def cut_step(axis: str, parameters: Parameters) -> float:
    """Give the step of the cut points of an axis: tenths, finer where the starting ones are."""
    lowest = as_fraction(min(item.minimum for item in parameters.method.indicators))
    return step_of("1/10", *(cut - lowest for cut in parameters.exact_cuts(axis)))


def tolerance_step(parameters: Parameters) -> float:
    """Give the step of the tolerance: halves, finer where the starting one is."""
    return step_of("1/2", as_fraction(parameters.as_given["tolerance"]))


def span(parameters: Parameters) -> float:
    """Give the largest difference that two ratings can have."""
    items = parameters.method.indicators
    return max(item.maximum for item in items) - min(item.minimum for item in items)


def shares(points: Mapping[str, int | Fraction]) -> dict[str, str]:
    """Turn points into exact shares of their sum; equal shares where nobody got a point.

    Examples
    --------
    >>> shares({"time": 3, "resources": 1}), shares({"time": 0, "resources": 0})
    ({'time': '3/4', 'resources': '1/4'}, {'time': '1/2', 'resources': '1/2'})
    """
    total = sum(points.values())
    if total == 0:
        return {name: f"1/{len(points)}" for name in points}
    fractions = {name: Fraction(count) / total for name, count in points.items()}
    return {name: f"{share.numerator}/{share.denominator}" for name, share in fractions.items()}


def indicator_shares(points: Mapping[str, int | Fraction], criteria: Sequence[Criterion]) -> dict[str, str]:
    """Turn the points of indicators into weights that sum to 1 in each criterion."""
    groups = ({item.name: points[item.name] for item in criterion.indicators} for criterion in criteria)
    return {name: share for group in groups for name, share in shares(group).items()}


def changes(choice: Choice, parameters: Parameters) -> dict[str, Any]:
    """Give the parameters that a choice stands for."""
    return {
        "indicator_weights": indicator_shares(choice.indicator_points, parameters.method.criteria),
        "criterion_weights": shares(choice.criterion_points),
        "cut_points": {name: list(cuts) for name, cuts in choice.cut_points.items()},
        "tolerance": choice.tolerance,
        **choice.rules,
        # Who is left out leaves cells with one rating: they are assessed with what there is.
        **({"missing": "available"} if choice.left_out else {}),
    }


def assess(inputs: Inputs, choice: Choice, parameters: Parameters) -> tuple[Assessment, Parameters]:
    """Assess the proposals under a choice.

    Parameters
    ----------
    inputs : Inputs
        Checked ratings and the tables beside them.
    choice : Choice
        Where the controls stand.
    parameters : params.Parameters
        Everything that has no control.

    Returns
    -------
    Assessment, params.Parameters
        What follows, and the parameters it follows from.

    Raises
    ------
    ParameterError
        The choice is not allowed, for example cut points off the scale.
    """
    chosen = with_values(parameters, **changes(choice, parameters))
    kept = inputs.ratings[~inputs.ratings[EVALUATOR].isin(list(choice.left_out))]
    return whole_assessment.assess(replace(inputs, ratings=kept), chosen), chosen


def moved(before: Assessment, after: Assessment) -> pd.DataFrame:
    """List the proposals whose category differs, before and after, at each step.

    Parameters
    ----------
    before, after : Assessment
        Two assessments; proposals that one of them lacks count as undetermined there.

    Returns
    -------
    DataFrame
        Index proposal; columns ``<step>_before`` and ``<step>_after`` for rule, selection and end.
    """
    old, new = (result.assigned[list(COMPARED)].astype("Int64") for result in (before, after))
    index = old.index.union(new.index)
    old, new = old.reindex(index).fillna(0), new.reindex(index).fillna(0)
    differ = (old != new).any(axis=1)
    both = old.add_suffix("_before").join(new.add_suffix("_after"))[differ]
    ordered = [f"{name}_{when}" for name in COMPARED for when in ("before", "after")]
    return both[ordered].replace(0, pd.NA).rename_axis("proposal")
