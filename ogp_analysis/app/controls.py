"""The explorer of a run: where its controls stand at first, and what follows from those that were moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd

from ogp_analysis import ratings
from ogp_analysis.app import what_if
from ogp_analysis.app.what_if import Choice
from ogp_analysis.app.workspace import Workspace
from ogp_analysis.assessment import categories, whole_assessment
from ogp_analysis.assessment.adding import adding_of
from ogp_analysis.assessment.vetoes import below
from ogp_analysis.assessment.whole_assessment import Assessment
from ogp_analysis.cli.compare import read_source
from ogp_analysis.language import labels, texts
from ogp_analysis.model import params
from ogp_analysis.model.parameter_rules import RULES, choices_of
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.records import EVALUATOR, PROPOSAL
from ogp_analysis.runs.sweep import placed
from ogp_analysis.sensitivity.acceptability import CategoryTable
from ogp_analysis.sensitivity.adding_up import reach_probability, shares_of_categories
from ogp_analysis.sensitivity.beliefs import beliefs_of

NOW, BEFORE = "category_by_rule_after", "category_by_rule_before"
Moved = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Slider:
    """One slider: its name in the form, its words, where it stands and how far it goes.

    Parameters
    ----------
    name, label : str
        As ``"indicator.time"``, and in words.
    value, low, high, step : float
        Of the control.
    """

    name: str
    label: str
    value: float
    low: float
    high: float
    step: float


@dataclass(frozen=True)
class Case:
    """What is explored: the ratings and parameters of a run, and what follows from them.

    Parameters
    ----------
    inputs : ratings.Inputs
        Checked ratings.
    parameters : params.Parameters
        Where the controls start, as fractions where they were written so.
    base : Assessment
        What follows while nothing is moved.
    """

    inputs: ratings.Inputs
    parameters: Parameters
    base: Assessment


def case_of(inputs: ratings.Inputs, parameters: Parameters) -> Case:
    """Assess ratings as their run did."""
    return Case(inputs, parameters, whole_assessment.assess(inputs, parameters))


def case(workspace: Workspace, name: str, language: str) -> Case:
    """Read the case of a finished run from its own record, else that of the params file of its name.

    Parameters
    ----------
    workspace : Workspace
        Where runs and params files are.
    name : str
        Of the scenario.
    language : str
        Of the words: the reader's, not the run's.

    Returns
    -------
    Case
        What the run was made from.
    """
    if name in workspace.runs():
        source = read_source(workspace.run_folder(name))
        if source is not None:
            return case_of(source.inputs, params.with_values(source.parameters, language=language))
    return case_of_file(workspace.scenario_file(name), language)


def stamp(workspace: Workspace, name: str) -> tuple[int, ...]:
    """Say from which moment what a case is read from is, so that a newer one is read again."""
    files = (workspace.outputs / name / "results.json", workspace.params / f"{name}.yaml")
    return tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in files)


def case_of_file(file: Path, language: str) -> Case:
    """Read the case of a params file.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "own.yaml"
    >>> _ = file.write_text("tolerance: 2", encoding="utf-8")
    >>> len(case_of_file(file, "en").base.assigned)
    43
    """
    parameters = params.with_values(params.read(file, language=language), language=language)
    data = placed("data", parameters.data, file.resolve().parent)
    return case_of(ratings.load(params.with_values(parameters, data=data)), parameters)


def weight_sliders(parameters: Parameters) -> dict[str, list[Slider]]:
    """Give the sliders of the weights: those of each criterion's indicators, then those of the criteria.

    One that stands alone has all the weight, and no slider.

    >>> found = weight_sliders(params.from_values(params.baseline()))
    >>> list(found), found["feasibility"][0].value, found["feasibility"][0].high
    (['feasibility', 'relevance', 'criteria in the composite'], 3, 12)
    """
    points = what_if.starting_points(parameters)
    language = parameters.language

    def slider(kind: str, name: str) -> Slider:
        weight, scale = points[kind, name]
        label = labels.name_label(kind, name, language)
        return Slider(f"{kind}.{name}", label, round(scale * weight), 0, scale, 1)

    criteria = parameters.method.criteria
    groups = {
        labels.name_label("criterion", one.name, language): [
            slider("indicator", item.name) for item in one.indicators
        ]
        for one in criteria
        if len(one.indicators) > 1
    }
    among = {texts.say("app.explore.criteria", language): [slider("criterion", one.name) for one in criteria]}
    return groups | (among if len(criteria) > 1 else {})


def cut_sliders(parameters: Parameters) -> list[Slider]:
    """Give a slider for each cut point of each axis of the method, the last one for the tolerance.

    It counts only where a third evaluation is foreseen for some criterion.
    """
    language, sliders = parameters.language, []
    for axis in parameters.method.axes:
        low = min(item.minimum for item in axis.indicators)
        high = max(item.maximum for item in axis.indicators)
        step = what_if.cut_step(axis.name, parameters)
        for at, cut in enumerate(parameters.cut_points[axis.name]):
            level = labels.value_label("level", axis.levels[at + 1], language)
            name = labels.name_label("criterion", axis.name, language)
            label = texts.say("app.form.cut", language, name=name, level=level)
            sliders.append(Slider(f"cut.{axis.name}.{at}", label, cut, low, high, step))
    if not parameters.third_for:
        return sliders
    longest = what_if.span(parameters)
    tolerance = min(parameters.tolerance, longest)
    title, step = texts.say("lab.tolerance", language), what_if.tolerance_step(parameters)
    return [*sliders, Slider("tolerance", title, tolerance, 0, longest, step)]


def rule_lists(parameters: Parameters) -> list[tuple[str, str, str, tuple[tuple[str, str], ...]]]:
    """Give name, words, value and choices of each rule that the method has a need of."""
    allowed = {rule.name: choices_of(rule, parameters.method) for rule in RULES}
    language = parameters.language
    return [
        (
            name,
            texts.say(f"parameter.{name}", language),
            getattr(parameters, name),
            tuple((code, labels.coded_label(code, language)) for code in allowed[name]),
        )
        for name in what_if.rules_of(parameters.method)
    ]


def evaluators(inputs: ratings.Inputs) -> list[str]:
    """List who rated, to be left out."""
    return sorted(inputs.ratings[EVALUATOR].unique())


def choice_of(moved: Moved, parameters: Parameters) -> Choice:
    """Read the controls that were moved; all others mean what the run's parameters say, to the last digit.

    Parameters
    ----------
    moved : mapping of str to sequence of str
        Value by name of the control, those that were moved only; ``left_out`` may have several.
    parameters : params.Parameters
        Of the run.

    Returns
    -------
    Choice
        One position of all controls.

    Examples
    --------
    >>> parameters = params.from_values(params.baseline())
    >>> choice_of({"cut.relevance.1": ["4.1"]}, parameters).cut_points["relevance"]
    (2.5, 4.1)
    """
    points = {
        name: Fraction(moved[".".join(name)][-1]) if ".".join(name) in moved else scale * weight
        for name, (weight, scale) in what_if.starting_points(parameters).items()
    }
    given = parameters.as_given
    return Choice(
        indicator_points={name: each for (kind, name), each in points.items() if kind == "indicator"},
        criterion_points={name: each for (kind, name), each in points.items() if kind == "criterion"},
        cut_points={
            axis: tuple(_number(moved, f"cut.{axis}.{at}", cut) for at, cut in enumerate(cuts))
            for axis, cuts in given["cut_points"].items()
        },
        tolerance=_number(moved, "tolerance", given["tolerance"]),
        rules={name: moved[name][-1] for name in what_if.rules_of(parameters.method) if name in moved},
        left_out=tuple(moved.get("left_out", ())),
    )


def _number(moved: Moved, name: str, given: float | str) -> float | str:
    return float(moved[name][-1]) if name in moved else given


@dataclass(frozen=True)
class Answer:
    """What follows from a position of the controls.

    Parameters
    ----------
    parameters : params.Parameters
        Those that the position stands for.
    counts : DataFrame
        Proposals by category, at each step.
    rows : DataFrame
        One row a proposal: its category by the rule in the run (``category_by_rule_before``) and here
        (``category_by_rule_after``), both as numbers, ``moved``, and the exact share of weightings that puts
        it in each category (``share_1`` ...), where there is one.
    weights : dict of str to Fraction
        Share of each indicator in its criterion.
    """

    parameters: Parameters
    counts: pd.DataFrame
    rows: pd.DataFrame
    weights: dict[str, Fraction]

    @property
    def has_shares(self) -> bool:
        """Whether there is any exact share of weightings."""
        return any(name.startswith("share_") for name in self.rows)

    @property
    def moved(self) -> pd.DataFrame:
        """Rows of proposals whose category differs at any step."""
        return self.rows[self.rows["moved"]]


def answer(case: Case, moved: Moved) -> Answer:
    """Assess the proposals where the controls stand.

    Parameters
    ----------
    case : Case
        Of the run.
    moved : mapping of str to sequence of str
        As for `choice_of`.

    Returns
    -------
    Answer
        With nothing moved, that of the run.

    Raises
    ------
    ParameterError
        The position is not allowed, such as cut points out of order.
    """
    result, chosen = what_if.assess(case.inputs, choice_of(moved, case.parameters), case.parameters)
    before, after = case.base.assigned["category_by_rule"], result.assigned["category_by_rule"]
    index = before.index.union(after.index)
    rows = pd.DataFrame({BEFORE: before.reindex(index), NOW: after.reindex(index)}).astype("Int64")
    rows["moved"] = index.isin(what_if.moved(case.base, result).index)
    shares = weighting_shares(case.inputs, result, chosen)
    rows = rows.join(shares) if shares is not None else rows
    counts = whole_assessment.category_counts(result.assigned, chosen.method.category_numbers)
    return Answer(chosen, counts, rows.rename_axis(PROPOSAL), chosen.exact("indicator_weights"))


def weighting_shares(
    inputs: ratings.Inputs, result: Assessment, parameters: Parameters
) -> pd.DataFrame | None:
    """Give the share of all weightings that puts each proposal in each category.

    Parameters
    ----------
    inputs : ratings.Inputs
        Their routes are used.
    result : Assessment
        Scores under the parameters.
    parameters : params.Parameters
        Cut points, and ``weight_belief``: which weightings are allowed.

    Returns
    -------
    DataFrame or None
        Columns ``share_1`` ...; rows of the proposals that have a category and every score. None where the
        method cuts the composite: its weights are products, for which there is no exact share; and where no
        proposal has a category.
    """
    method = parameters.method
    if method.by_composite:
        return None
    known = result.scores.notna().all(axis=1) & result.assigned["category_by_rule"].notna()
    if not known.any():
        return None
    scores = result.scores[known]
    axes = [scores[[item.name for item in one.indicators]].to_numpy() for one in method.criteria]
    cuts = [np.array(parameters.cut_points[one.name]) for one in method.criteria]
    adding, beliefs = adding_of(parameters), beliefs_of(parameters).values()
    table: CategoryTable = {
        "table": np.array(method.category_table),
        "route": categories.recorded_route(scores.index, inputs.proposals),
        "categories": len(method.categories),
        "by_route": method.route,
    }
    reach = [
        reach_probability(x, cut, belief, adding) for x, cut, belief in zip(axes, cuts, beliefs, strict=True)
    ]
    shares = shares_of_categories(reach, table, _barred(axes, parameters))
    return pd.DataFrame(shares, scores.index, [f"share_{number}" for number in method.category_numbers])


def _barred(axes: Sequence[np.ndarray], parameters: Parameters) -> np.ndarray:
    """Say which proposals the veto bars from the best category, whatever the weights."""
    limit = parameters.veto_limit
    if limit is None:
        return np.zeros(len(axes[0]), dtype=bool)
    return np.any([below(scores, limit) for scores in axes], axis=0)
