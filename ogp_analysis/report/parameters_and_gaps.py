"""What the review pack says of the parameters of a run, and of what could not be computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pandas as pd

from ogp_analysis.assessment.adjudication import pair_names, third_scales
from ogp_analysis.assessment.criterion_rule import criterion_rule
from ogp_analysis.language import texts
from ogp_analysis.language.texts import Language
from ogp_analysis.model import params
from ogp_analysis.model.exact_numbers import exact
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_origins import origin_words
from ogp_analysis.model.method_words import languages_of
from ogp_analysis.model.parameter_rules import RULES, ParameterRule, unused
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.records import COMPOSITE_AXIS, Criterion, Method
from ogp_analysis.ratings.published_names import NAMELESS, file_name

# Where a run writes is no choice of the method, and a path may name a person.
UNSHOWN = ("output_dir",)
# What blind pairs and panels obey, for whoever settles them again.
RULES_OF_PAIRS = ("tolerance", "third_rule", "matching_rule", "panel_rule", "missing_third", "missing")


def parameter_table(parameters: Parameters) -> pd.DataFrame:
    """List every parameter of a run with its value, its origin and what is allowed.

    Parameters
    ----------
    parameters : params.Parameters
        Of the run.

    Returns
    -------
    DataFrame
        Columns ``parameter, item`` (of a weight or cut point), ``value`` (as written), ``baseline`` (what
        it is there, or for the run's method), ``origin_en, origin_es`` (the plan's line, ours, the method's,
        or given for this run), ``meaning_en, meaning_es``, ``allowed``.

    Examples
    --------
    >>> table = parameter_table(params.from_values(params.baseline()))
    >>> table.loc[table["parameter"] == "tolerance", ["value", "origin_en"]].values.tolist()
    [['1.0', "ours (note 20 says only 'match')"]]
    """
    method = parameters.method
    values = params.as_dict(parameters)
    defaults = params.baseline() if method.plan else defaults_of(method) | {"method": values["method"]}
    # What means nothing to a method is left out, unless a params file chose it.
    hidden = {*UNSHOWN, *(name for name in unused(method) if values[name] == defaults[name])}
    spoken = languages_of(method)
    rows = [
        row
        for rule in RULES
        if rule.name not in hidden
        for row in _rows(rule, (values[rule.name], defaults[rule.name]), method, spoken)
    ]
    return pd.DataFrame(rows)


def _rows(
    rule: ParameterRule, values: tuple[object, object], method: Method, spoken: Sequence[Language]
) -> list[dict[str, object]]:
    value, default = values
    if isinstance(value, Mapping):
        before = default if isinstance(default, Mapping) else {}
        return [
            _row(rule, str(item), (given, before.get(item)), method, spoken) for item, given in value.items()
        ]
    return [_row(rule, "", values, method, spoken)]


def _row(
    rule: ParameterRule,
    item: str,
    values: tuple[object, object],
    method: Method,
    spoken: Sequence[Language],
) -> dict[str, object]:
    value, default = values
    # Whoever writes the baseline's own value has chosen nothing, and the origin is still the plan's or
    # ours.
    given = value != default
    row: dict[str, object] = {
        "parameter": rule.name,
        "item": item or None,
        "value": value_text(rule.name, value, method),
        "baseline": None if default is None else value_text(rule.name, default, method),
    }
    for language in spoken:
        origin = texts.say("review.given", language) if given else origin_words(rule, method, language, item)
        row[f"origin_{language}"] = origin
    row |= {f"meaning_{language}": texts.say(f"parameter.{rule.name}", language) for language in spoken}
    row["allowed"] = _allowed(rule)
    return row


def _allowed(rule: ParameterRule) -> str | None:
    if rule.kind in ("number", "whole"):
        least, most = (f"{limit:g}" if rule.kind == "number" else str(limit) for limit in rule.allowed)
        return f"≥ {least}" if most == "inf" else f"{least} – {most}"
    return " | ".join(str(choice) for choice in rule.allowed) or None


def value_text(name: str, value: object, method: Method | None = None) -> str:
    """Write a value as the table of parameters shows it.

    >>> value_text("third_for", ["relevance", "feasibility"]), value_text("tolerance", 1.0)
    ('relevance; feasibility', '1.0')
    """
    if name in NAMELESS:
        return file_name(str(value), name, method)
    return "; ".join(str(item) for item in value) if isinstance(value, list | tuple) else str(value)


def method_in_use(parameters: Parameters) -> dict[str, object]:
    """Describe the method of a run for the weight explorer: indicators, weights, cut points, category table.

    Parameters
    ----------
    parameters : params.Parameters
        Of the run.

    Returns
    -------
    dict
        ``name``; ``plan`` (empty where there is none); ``criteria`` (``name, indicators, weights, cuts``,
        ``minimum, maximum, levels``; weights and cuts as they were written, so that ties stay exact; no cuts
        where the composite is cut; ``pairs``, whether a third evaluation is ``foreseen`` for them, and
        ``thirds``, what it could give on each indicator); ``rules`` (what pairs and panels obey);
        ``category_table`` (0 where the route decides), ``categories`` (numbers)
        and ``route`` (the two that it decides between); ``composite`` (where it is cut: weights of the
        criteria, cuts, levels; else None); ``linear`` (weighted means); ``veto``, where there is one, as an
        exact number; ``words``: the titles that a method without a plan gives, by language and key of the
        text; ``juried`` where no third evaluation is ever called; ``unweighted`` where scores rest on one
        indicator each; ``twos`` where panels without a plan have two evaluators at most;
        ``one_stage`` where recorded decisions have one stage;
        ``one_panel`` where each criterion has one, ``unpaired`` where none has two.

    Examples
    --------
    >>> method_in_use(params.from_values(params.baseline()))["criteria"][1]["weights"]
    ['1/3', '1/3', '1/3']
    """
    as_given = parameters.as_given
    criteria = [
        {
            "name": criterion.name,
            "indicators": [indicator.name for indicator in criterion.indicators],
            "weights": [
                str(as_given["indicator_weights"][indicator.name]) for indicator in criterion.indicators
            ],
            "cuts": [_cut_text(cut) for cut in as_given["cut_points"].get(criterion.name, ())],
            "minimum": str(min(indicator.minimum for indicator in criterion.indicators)),
            "maximum": str(max(indicator.maximum for indicator in criterion.indicators)),
            "levels": list(criterion.levels),
            **_pairs_in_use(criterion, parameters),
        }
        for criterion in parameters.method.criteria
    ]
    method = parameters.method
    panels = {len(criterion.panels) for criterion in method.criteria}
    return {
        "name": method.name,
        "plan": method.plan,
        "criteria": criteria,
        "category_table": _listed(method.category_table),
        "categories": list(method.category_numbers),
        "route": list(method.route),
        "composite": _composite(parameters) if method.by_composite else None,
        "linear": parameters.aggregation == "mean",
        **({} if parameters.veto_limit is None else {"veto": str(parameters.veto_limit)}),
        "rules": {name: getattr(parameters, name) for name in RULES_OF_PAIRS},
        **({"juried": True} if method.without_thirds else {}),
        **({"unweighted": True} if method.unweighted else {}),
        **({"twos": True} if method.of_twos and not method.plan else {}),
        **({"one_stage": True} if len(method.stages) == 1 else {}),
        **({} if max(panels) > 1 else {"one_panel": True}),
        **({} if 2 in panels else {"unpaired": True}),
        "language_of_titles": method.case.language_of_titles,
        **({"period": method.case.period} if method.case.period else {}),
        "words": {str(language): dict(language.titles) for language in languages_of(method)},
    }


def _pairs_in_use(criterion: Criterion, parameters: Parameters) -> dict[str, object]:
    """Describe the blind pairs of a criterion: their names, whether a third decides, what it could give."""
    rule = criterion_rule(criterion, parameters)
    return {
        "pairs": pair_names(criterion, rule),
        "foreseen": rule.foreseen,
        "thirds": [sorted(set(map(float, scale))) for scale in third_scales(criterion)],
    }


def _composite(parameters: Parameters) -> dict[str, list[str]]:
    """Describe the composite where it is cut: weights of the criteria, cut points and levels."""
    as_given, method = parameters.as_given, parameters.method
    weights = as_given["criterion_weights"]
    return {
        "weights": [str(weights[criterion.name]) for criterion in method.criteria],
        "cuts": [_cut_text(cut) for cut in as_given["cut_points"][COMPOSITE_AXIS]],
        "levels": list(method.composite_levels),
    }


def _listed(table: tuple) -> list:
    return [_listed(part) if isinstance(part, tuple) else part for part in table]


def not_computable(
    assigned: pd.DataFrame, inputs: Inputs, *, lost: Sequence[tuple[str, str]] = (), planned: bool = True
) -> pd.DataFrame:
    """List what a run could not compute, and why.

    Parameters
    ----------
    assigned : DataFrame
        From :func:`ogp_analysis.assessment.categories.assign`.
    inputs : Inputs
        Its ``organisations``, ``decisions`` and ``synthetic``.
    lost : sequence of (str, str), optional
        Id and caption of each figure or table of the plan that our copy lacks.
    planned : bool, optional
        Whether the method has a plan, of which the proposals received are not known.

    Returns
    -------
    DataFrame
        Columns ``id``, ``gap_en, gap_es`` (what is missing), ``why_en, why_es``.

    Examples
    --------
    >>> empty = Inputs(pd.DataFrame(columns=["panel", "evaluator"]), synthetic=True)
    >>> assigned = pd.DataFrame({"category_by_rule": [1, None]}, index=["S01", "S02"])
    >>> not_computable(assigned, empty, lost=[("F17", "Categorization of proposals")])["gap_en"].tolist()[1:3]
    ['the category by rule of S02', 'conflicts of interest of single evaluators']
    """
    gaps: list[tuple[str, dict[str, object]]] = []
    if inputs.synthetic:
        gaps.append(("real_ratings" if planned else "real_ratings.without_plan", {}))
    open_ones = assigned.index[assigned["category_by_rule"].isna()]
    if len(open_ones):
        gaps.append(("undetermined", {"codes": ", ".join(open_ones)}))
    given_or_not = {"evaluators": inputs.organisations, "decisions": inputs.decisions}
    gaps += [(name, {}) for name, given in given_or_not.items() if given.empty]
    if planned:
        # The plan counts the 335 proposals received (line 651) and lists none of them.
        gaps.append(("received", {}))
    rows = [_gap(key, values) for key, values in gaps]
    columns = ["id", *(f"{part}_{code}" for part in ("gap", "why") for code in texts.LANGUAGES)]
    return pd.DataFrame(rows + [_lost(*figure) for figure in lost], columns=columns)


def _lost(name: str, caption: object) -> dict[str, str]:
    if pd.isna(caption):
        return _gap("lost_unnamed", {"id": name})
    return _gap("lost", {"id": name, "caption": caption})


def _gap(key: str, values: dict[str, object]) -> dict[str, str]:
    return {"id": str(values.get("id", key.partition(".")[0]))} | {
        f"{part}_{code}": texts.say(f"gap.{key}.{part}", code, **values)
        for part in ("gap", "why")
        for code in texts.LANGUAGES
    }


def influence_evidence(phases: pd.DataFrame) -> pd.DataFrame:
    """Arrange what the plan says of who took part in each phase; evidence for a reviewer, no grade.

    Parameters
    ----------
    phases : DataFrame
        The plan's table of phases: columns ``phase, line_text``.

    Returns
    -------
    DataFrame
        One row a phase: ``phase_en, phase_es, who_en, who_es`` (who did it), ``public_en, public_es`` (what
        the public did or received), ``line`` of the phase's description.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> influence_evidence(published.read("phases"))[["phase_en", "line"]].values.tolist()[0]
    ['1. Reception of problems and solutions', 433]
    """
    names = {"phase": "influence.{}.phase", "who": "influence.{}.who", "public": "influence.{}.public"}
    return _by_phase(phases, names)


def method_followed(phases: pd.DataFrame) -> pd.DataFrame:
    """Say phase by phase what the plan's text shows of the method being followed, and what it does not.

    Parameters
    ----------
    phases : DataFrame
        The plan's table of phases: columns ``phase, line_text``.

    Returns
    -------
    DataFrame
        One row a phase: ``phase_en, phase_es``, ``shown_en, shown_es`` (what the results report),
        ``open_en, open_es`` (what they leave open), ``line`` of the phase's description.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> len(method_followed(published.read("phases")))
    7
    """
    names = {"phase": "influence.{}.phase", "shown": "followed.{}.shown", "open": "followed.{}.open"}
    return _by_phase(phases, names)


def _by_phase(phases: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Put the texts of each phase side by side, a column a part and language."""
    rows = [
        {
            f"{part}_{code}": texts.say(key.format(number), code)
            for part, key in names.items()
            for code in texts.LANGUAGES
        }
        for number in phases["phase"]
    ]
    return pd.DataFrame(rows).assign(line=phases["line_text"].to_numpy())


def _cut_text(cut: float) -> str:
    """Write a cut point as it was given, or as the fraction that it stands for.

    >>> _cut_text(2.5), _cut_text(11 / 3)
    ('2.5', '11/3')
    """
    return str(cut) if exact(cut) == Fraction(str(cut)) else str(exact(cut))
