"""The controls of the explore notebook: sliders and lists on the same functions as a run."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import ipywidgets as widgets
from IPython.display import display

from ogp_analysis.app import what_if
from ogp_analysis.app.controls import cut_sliders
from ogp_analysis.app.what_if import Choice, cut_step, span, starting_points, tolerance_step
from ogp_analysis.assessment import whole_assessment
from ogp_analysis.errors import OgpError
from ogp_analysis.figures import style
from ogp_analysis.figures.category_map import category_map
from ogp_analysis.language import bottom_line, labels, texts
from ogp_analysis.model.parameter_rules import RULES, choices_of
from ogp_analysis.model.params import Parameters, as_fraction
from ogp_analysis.model.records import EVALUATOR
from ogp_analysis.output import tables

WIDE = {"style": {"description_width": "12rem"}, "layout": {"width": "30rem"}}

# A criterion may have the name of one of its indicators.
WEIGHT = {"indicator": "weight ", "criterion": "criterion weight "}


def explore(inputs: object, parameters: Parameters) -> widgets.Widget:
    """Build the controls and, below them, what follows; it follows anew whenever a control moves.

    Parameters
    ----------
    inputs : Inputs
        Checked ratings.
    parameters : params.Parameters
        Where the controls start.

    Returns
    -------
    ipywidgets.Widget
        Controls and answer.
    """
    controls = {**weight_controls(parameters), **cut_controls(parameters), **rule_controls(parameters)}
    evaluators = sorted(inputs.ratings[EVALUATOR].unique())
    controls["left_out"] = widgets.SelectMultiple(
        options=evaluators, description=texts.say("lab.left_out", parameters.language), rows=6, **WIDE
    )
    base = whole_assessment.assess(inputs, parameters)

    def answer(**values: Any) -> None:
        show(inputs, read(values, parameters), parameters, base)

    reset = widgets.Button(description=texts.say("lab.reset", parameters.language))
    start = {name: control.value for name, control in controls.items()}
    reset.on_click(lambda _: [setattr(controls[name], "value", value) for name, value in start.items()])
    columns = widgets.HBox([widgets.VBox(group) for group in grouped(controls)])
    return widgets.VBox([columns, reset, widgets.interactive_output(answer, controls)])


def grouped(controls: dict[str, widgets.Widget]) -> list[list[widgets.Widget]]:
    """Set weights beside everything else."""
    kinds = tuple(WEIGHT.values())
    weights = [control for name, control in controls.items() if name.startswith(kinds)]
    return [weights, [control for control in controls.values() if control not in weights]]


def named(name: str, language: str) -> str:
    """Name an indicator or criterion without its unit."""
    keys = (key for key in (f"indicator.{name}", f"criterion.{name}") if texts.has(key, language))
    key = next(keys, "")
    return texts.say(key, language) if key else labels.plain_words(name)


def weight_controls(parameters: Parameters) -> dict[str, widgets.Widget]:
    """Make one slider an indicator and one a criterion; their shares become the weights.

    One that stands alone has all the weight, wherever its slider would be: it has none.
    """
    return {
        f"{WEIGHT[kind]}{name}": widgets.IntSlider(
            value=round(scale * weight),
            min=0,
            max=scale,
            continuous_update=False,
            description=named(name, parameters.language),
            **WIDE,
        )
        for (kind, name), (weight, scale) in starting_points(parameters).items()
        if (kind, name) in what_if.movable(parameters.method)
    }


def cut_controls(parameters: Parameters) -> dict[str, widgets.Widget]:
    """Make one slider a cut point, however many the axes have, and one for the tolerance where it counts."""
    return {
        slider.name: widgets.FloatSlider(
            value=slider.value,
            min=slider.low,
            max=slider.high,
            step=slider.step,
            readout_format=".2f" if slider.step >= 0.01 else ".3f",
            continuous_update=False,
            description=slider.label,
            **WIDE,
        )
        for slider in cut_sliders(parameters)
    }


def rule_controls(parameters: Parameters) -> dict[str, widgets.Widget]:
    """Make one list for each rule that the method has a need of."""
    allowed = {rule.name: choices_of(rule, parameters.method) for rule in RULES}
    return {
        name: widgets.Dropdown(
            options=allowed[name],
            value=getattr(parameters, name),
            description=labels.column_label(name, parameters.language),
            **WIDE,
        )
        for name in what_if.rules_of(parameters.method)
    }


def read(values: dict[str, Any], parameters: Parameters) -> Choice:
    """Read where the controls stand.

    A control that was not moved means what the parameters say, to the last digit.
    """
    criteria = [criterion.name for criterion in parameters.method.criteria]
    points = {
        (kind, name): points_meant(values.get(f"{WEIGHT[kind]}{name}"), weight, scale)
        for (kind, name), (weight, scale) in starting_points(parameters).items()
    }
    given = parameters.as_given
    cuts = {
        axis: tuple(
            value_meant(values[f"cut.{axis}.{at}"], written, cut_step(axis, parameters))
            for at, written in enumerate(written_cuts)
        )
        for axis, written_cuts in given["cut_points"].items()
    }
    tolerance = given["tolerance"]
    if "tolerance" in values:
        tolerance = value_meant(
            values["tolerance"], tolerance, tolerance_step(parameters), largest=span(parameters)
        )
    return Choice(
        indicator_points={item.name: points["indicator", item.name] for item in parameters.method.indicators},
        criterion_points={name: points["criterion", name] for name in criteria},
        cut_points=cuts,
        tolerance=tolerance,
        rules={name: values[name] for name in what_if.rules_of(parameters.method)},
        left_out=values["left_out"],
    )


def points_meant(position: int | None, weight: Fraction, scale: int) -> int | Fraction:
    """Read a slider of points: where it started it means the starting weight itself, else what it shows.

    What has no slider has its starting weight.

    >>> points_meant(3, Fraction("0.2501"), 12), points_meant(4, Fraction("0.2501"), 12)
    (Fraction(7503, 2500), 4)
    """
    return scale * weight if position in (None, round(scale * weight)) else position


def value_meant(position: float, given: float | str, step: float, *, largest: float = float("inf")) -> Any:
    """Read a slider of numbers: where it started it means what was written, else the step it shows.

    A slider gives tenths as floats that are not tenths:

    >>> value_meant(2.75, 2.75, 0.1), value_meant(2.8000000000000003, 2.75, 0.1)
    (2.75, 2.8)
    """
    if abs(position - min(float(as_fraction(given)), largest)) < what_if.FINEST / 2:
        return given
    return float(round(Fraction(position) / Fraction(str(step))) * Fraction(str(step)))


def show(inputs: object, choice: Choice, parameters: Parameters, base: whole_assessment.Assessment) -> None:
    """Show the weights as shares, the counts, who moved, and the map; or what is not allowed."""
    how = {"language": parameters.language, "synthetic": inputs.synthetic}
    try:
        result, chosen = what_if.assess(inputs, choice, parameters)
    except OgpError as refusal:
        print(refusal)
        return
    moved = what_if.moved(base, result)
    found = whole_assessment.summary(result, chosen)
    print(bottom_line.headline("lab.moved", **how, moved=len(moved), all=found["all"]))
    print(
        "; ".join(
            f"{named(name, parameters.language)} {as_fraction(share)}"
            for name, share in chosen.as_given["indicator_weights"].items()
        )
    )
    display(tables.show(whole_assessment.category_counts(result.assigned), "category_counts", **how))
    display(tables.show(moved, "moved", **how))
    how |= {"cut_points": chosen.cut_points, "method": chosen.method}
    display(style.show(category_map(result.assigned, **how)))
