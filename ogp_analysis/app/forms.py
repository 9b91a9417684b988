"""The forms of the page: method, parameters by the rules of the parameters, the workbook to fill in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ogp_analysis.app.workspace import EXAMPLE, Workspace
from ogp_analysis.cli import template as command
from ogp_analysis.cli.params import allowed_words, params_text
from ogp_analysis.cli.params import doubts_of as command_doubts
from ogp_analysis.errors import CheckError, ParameterError, Problem
from ogp_analysis.language import labels, texts
from ogp_analysis.model import params
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_file import packaged_methods, read_method
from ogp_analysis.model.method_origins import origin_words
from ogp_analysis.model.method_words import reader_language
from ogp_analysis.model.parameter_rules import RULES, ParameterRule, choices_of, unused
from ogp_analysis.model.records import Method
from ogp_analysis.ratings import template
from ogp_analysis.ratings.template import Seat
from ogp_analysis.runs.run_folder import check_name
from ogp_analysis.runs.scenario import plain_name
from ogp_analysis.sensitivity.beliefs import check_belief

# Chosen beside the ratings, or filled by the run.
ELSEWHERE = ("method", "data", "output_dir")
# What decides a category stands first; the rest is folded.
FOLDED_FROM = "weight_belief"
DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
Answers = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Control:
    """One box or list of the form.

    Parameters
    ----------
    name : str
        Name in the form, such as ``"cut_points.relevance.0"``.
    label : str
        What it is, in words.
    value : str
        As it is typed.
    options : tuple of (str, str)
        Value and words of each choice; empty where one types.
    """

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Field:
    """One parameter with its controls.

    Parameters
    ----------
    name, title, allowed, origin : str
        Key; what it means; what it may be; where the baseline's value comes from.
    controls : tuple of Control
        One, or one a name of the method.
    ticked : tuple of str
        For a list of choices: those that are chosen.
    folded : bool
        Whether it stands among the less usual ones.
    """

    name: str
    title: str
    allowed: str
    origin: str
    controls: tuple[Control, ...]
    ticked: tuple[str, ...] | None = None
    folded: bool = False


def method_of(workspace: Workspace, name: str, language: str) -> Method:
    """Read a method of the list."""
    method, problems = read_method(workspace.method_path(name), Path())
    if method is None:
        raise ParameterError(problems, language)
    return method


def starting_values(workspace: Workspace, method: str, start: str, language: str) -> dict[str, Any]:
    """Give the values that the form shows first: those of a saved scenario, else the method's defaults."""
    values = defaults_of(method_of(workspace, method, language)) | {"language": language}
    if not start:
        return values
    return params.as_dict(params.read(workspace.scenario_file(start), language=language))


def doubts_of(workspace: Workspace, start: str, language: str) -> list[str]:
    """Say what of a saved scenario hardly fits the scales that its method has today; nothing of a new one."""
    return command_doubts(params.read(workspace.scenario_file(start)), language) if start else []


def first_name(data: str) -> str:
    """Offer a name for a scenario: that of its ratings, with the letters that a folder may have.

    >>> first_name("Calificaciones año 2.xlsx"), first_name("(¡!).csv")
    ('Calificaciones ano 2', 'scenario')
    """
    return re.sub(r"[^A-Za-z0-9 _-]", "", plain_name(Path(data).stem)).strip() or "scenario"


def scenario_sources(workspace: Workspace, name: str, language: str) -> tuple[str, str]:
    """Give the ratings and the method that a saved scenario names, by their names in the lists."""
    given = params.as_dict(params.read(workspace.scenario_file(name), language=language))
    return Path(given["data"]).name, Path(given["method"]).name


def fields(values: Mapping[str, Any], method: Method, language: str) -> list[Field]:
    """Make the form.

    Parameters
    ----------
    values : mapping
        Value by parameter, as a params file holds them.
    method : Method
        Its indicators, criteria, levels and panels.
    language : str
        Of the words.

    Returns
    -------
    list of Field
        In the order of the rules.

    Examples
    --------
    >>> method = params.from_values(params.baseline()).method
    >>> found = {field.name: field for field in fields(params.baseline(), method, "en")}
    >>> [control.name for control in found["cut_points"].controls][:2]
    ['cut_points.feasibility.0', 'cut_points.feasibility.1']
    >>> found["tolerance"].origin
    "ours (note 20 says only 'match')"
    """
    language = reader_language(language, method)
    names = [rule.name for rule in RULES]
    return [
        _field(rule, values[rule.name], method, language, names.index(rule.name) >= names.index(FOLDED_FROM))
        for rule in _asked(method)
    ]


def _asked(method: Method) -> list[ParameterRule]:
    """Give the parameters of the form: what changes nothing under a method is not asked."""
    return [rule for rule in RULES if rule.name not in (*ELSEWHERE, *unused(method))]


def _field(rule: ParameterRule, value: Any, method: Method, language: str, folded: bool) -> Field:
    return Field(
        rule.name,
        texts.say(f"parameter.{rule.name}", language),
        allowed_words(rule, method, language),
        origin_words(rule, method, language),
        tuple(_controls(rule, value, method, language)),
        tuple(value) if rule.kind == "choices" else None,
        folded,
    )


def _controls(rule: ParameterRule, value: Any, method: Method, language: str) -> list[Control]:
    if rule.kind == "weights":
        family = rule.name.removesuffix("_weights")
        return [
            Control(f"{rule.name}.{name}", labels.name_label(family, name, language), _typed(each))
            for name, each in value.items()
        ]
    if rule.kind == "cuts":
        levels = {axis.name: axis.levels for axis in method.axes}
        return [
            Control(f"{rule.name}.{name}.{at}", _cut_label(name, levels[name], at, language), _typed(cut))
            for name, cuts in value.items()
            for at, cut in enumerate(cuts)
        ]
    if rule.kind == "choices":
        return [
            Control(rule.name, labels.name_label("criterion", one.name, language), one.name)
            for one in method.criteria
        ]
    title = texts.say(f"parameter.{rule.name}", language)
    return [Control(rule.name, title, _typed(value), _options(rule, method, language))]


def _cut_label(axis: str, levels: Sequence[str], at: int, language: str) -> str:
    name = labels.name_label("criterion", axis, language)
    level = labels.value_label("level", levels[at + 1], language)
    return texts.say("app.form.cut", language, name=name, level=level)


def _options(rule: ParameterRule, method: Method, language: str) -> tuple[tuple[str, str], ...]:
    return tuple((code, labels.coded_label(code, language)) for code in choices_of(rule, method))


def _typed(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def read(answers: Answers, method: Method) -> dict[str, Any]:
    """Read what stands in the form as a params file would hold it; what is no number stays as typed.

    >>> method = params.from_values(params.baseline()).method
    >>> given = {"tolerance": ["0,5"], "indicator_weights.time": ["1/4"], "third_for": ["relevance"]}
    >>> given |= {"cut_points.relevance.0": ["2.5"], "cut_points.relevance.1": ["hoch"]}
    >>> read(given, method)["tolerance"], read(given, method)["cut_points"]
    (0.5, {'relevance': [2.5, 'hoch']})
    """
    defaults = defaults_of(method)
    return {name: defaults[name] for name in unused(method)} | {
        rule.name: _read_one(rule, answers) for rule in _asked(method)
    }


def _read_one(rule: ParameterRule, answers: Answers) -> Any:
    if rule.kind == "choices":
        return list(answers.get(rule.name, ()))
    below = {
        name.removeprefix(f"{rule.name}."): number_or_text(given[-1])
        for name, given in answers.items()
        if name.startswith(f"{rule.name}.")
    }
    if rule.kind == "weights":
        return below
    if rule.kind == "cuts":
        cuts: dict[str, list[Any]] = {}
        for name, value in below.items():
            cuts.setdefault(name.rpartition(".")[0], []).append(value)
        return cuts
    given = answers.get(rule.name, [""])[-1]
    return number_or_text(given) if rule.kind in ("number", "whole", "limit") else given.strip()


def number_or_text(given: str) -> float | int | str:
    """Read a number as YAML would, with a decimal comma too; anything else stays, for the checks to refuse.

    >>> number_or_text("2,5"), number_or_text(" 7 "), number_or_text("1/3"), number_or_text("x")
    (2.5, 7, '1/3', 'x')
    """
    text = given.strip()
    text = text.replace(",", ".") if DECIMAL_COMMA.fullmatch(text) else text
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


@dataclass(frozen=True)
class Sources:
    """What the form is for.

    Parameters
    ----------
    workspace : Workspace
        Where things are.
    data, method : str
        Names in its lists.
    """

    workspace: Workspace
    data: str
    method: str

    @property
    def keys(self) -> dict[str, str]:
        """Give ``data`` and ``method`` as a params file names them, from its own folder."""
        self.workspace.data_path(self.data)
        own = self.method not in packaged_methods()
        return {
            "method": f"../methods/{self.method}" if own else self.method,
            "data": self.data if self.data == EXAMPLE else f"../data/{self.data}",
        }


def values_of(answers: Answers, sources: Sources, language: str) -> dict[str, Any]:
    """Give every value of the params file that the form stands for."""
    method = method_of(sources.workspace, sources.method, language)
    return sources.keys | read(answers, method) | {"output_dir": ""}


def problems_of(
    values: Mapping[str, Any], name: str, workspace: Workspace, language: str
) -> dict[str, list[str]]:
    """Say what is wrong, by parameter and in words, by the checks that a params file goes through.

    Parameters
    ----------
    values : mapping
        From `values_of`.
    name : str
        Of the scenario; its problems stand under ``"name"``.
    workspace : Workspace
        Where the params file will be.
    language : str
        Of the words.

    Returns
    -------
    dict of str to list of str
        Empty where a run would accept everything.
    """
    sentences: dict[str, list[str]] = {}
    try:
        check_name(plain_name(name))
    except Exception as error:  # worded like every other refusal
        sentences["name"] = [refusal_words(error, language)]
    try:
        parameters = params.from_values(values, folder=workspace.made_params())
        check_belief(parameters, language=language)
    except CheckError as error:
        for problem in error.problems:
            for parameter in problem.parameter.split(", ") or [""]:
                sentences.setdefault(parameter, []).append(_sentence(problem, language))
    return sentences


def _sentence(problem: Problem, language: str) -> str:
    return problem.words(language)


def refusal_words(error: Exception, language: str) -> str:
    """Word a refusal as the command line does."""
    from ogp_analysis.cli.main import wording

    return wording(error, language)


def text_of(values: Mapping[str, Any], sources: Sources, language: str) -> str:
    """Word the params file: the same as ``ogp params`` writes, with these values."""
    method = method_of(sources.workspace, sources.method, language)
    return params_text(method, dict(values), language)


def chosen_seats(codes: Sequence[str], panels: Sequence[str], roles: Sequence[str]) -> tuple[Seat, ...]:
    """Read the rows of the form; a row without a code is none.

    >>> chosen_seats(["E1", " "], ["lead", "lead"], ["third", "independent"])
    (Seat(evaluator='E1', panel='lead', role='third'),)
    """
    rows = zip(codes, panels, roles, strict=True)
    return tuple(Seat(code.strip(), panel, role) for code, panel, role in rows if code.strip())


def empty_workbook(method: Method, proposals: str, seats: Sequence[Seat], language: str) -> bytes:
    """Make the workbook.

    Parameters
    ----------
    method : Method
        Its indicators, scales and panels.
    proposals : str
        How many, or the path of a table of them.
    seats : sequence of Seat
        Who rates.
    language : str
        Of headers and drop-downs.

    Returns
    -------
    bytes
        The xlsx file.

    Raises
    ------
    DataError
        A code, panel, role or number is not allowed.
    """
    return template.workbook(
        method,
        proposals=command.proposals_of(proposals, language),
        evaluators=seats,
        reiterations=command.reiterations_of(proposals),
        language=language,
    )
