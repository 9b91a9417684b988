"""``ogp check``: are these ratings usable, what is wrong, what design is it and which coefficients fit?"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ogp_analysis.language import texts
from ogp_analysis.language.escaping import as_typed, in_line

if TYPE_CHECKING:
    import pandas as pd

    from ogp_analysis.errors import Problem
    from ogp_analysis.model.params import Parameters
    from ogp_analysis.model.records import Method
    from ogp_analysis.ratings import Examined

HELP = "are these ratings usable, what is wrong, what design is it?"
# Our choice: two screens of a terminal.
MOST_CHANGES = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the verb."""
    parser.add_argument("file", nargs="?", metavar="FILE")
    parser.add_argument("--method", metavar="METHOD")
    parser.add_argument("--params", type=Path, metavar="YAML")
    parser.add_argument("--fix-preview", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    """Check one source; 1 when something must be mended first."""
    from ogp_analysis import ratings
    from ogp_analysis.cli.params import filled_lines

    if arguments.file is None:
        return _without_data(arguments)
    given = _read_as_a_run_does(arguments.params, arguments.lang) if arguments.params else None
    parameters = parameters_of(arguments, given)
    examined = with_lacking_thirds(ratings.examine(parameters), parameters)
    if given is not None:
        examined = with_data_passed_over(examined, given, arguments)
    if getattr(arguments, "json", False):
        print(json.dumps(as_record(examined, parameters), ensure_ascii=False))
    else:
        name = arguments.params.name if arguments.params else ""
        for line in filled_lines(parameters, name, parameters.language):
            print(line)
        print("\n".join(lines_of(examined, parameters, preview=arguments.fix_preview)))
        print_hint(examined, arguments)
    return 1 if examined.problems else 0


def _without_data(arguments: argparse.Namespace) -> int:
    """Check a method file alone, or the data that a params file names."""
    from ogp_analysis.errors import ParameterError
    from ogp_analysis.model import method_file
    from ogp_analysis.model.method_summary import method_lines
    from ogp_analysis.ratings.method_remarks import method_remarks

    language = getattr(arguments, "lang", "en")
    if arguments.params:
        from ogp_analysis.model import params
        from ogp_analysis.runs.sweep import placed

        named = params.read(arguments.params, language=language).data
        arguments.file = placed("data", named, arguments.params.parent)
        return run(arguments)
    if not arguments.method:
        print(texts.say("cli.usage.required", language, names="FILE"), file=sys.stderr)
        return 2
    method, problems = method_file.read_method(arguments.method, Path())
    if method is None:
        raise ParameterError(problems, language)
    remarks = method_remarks(method, arguments.method, Path(), language)
    if getattr(arguments, "json", False):
        print(json.dumps({"ok": True, "method": method.name, "remarks": remarks}, ensure_ascii=False))
    else:
        head = [texts.say("method.check.remarks", language)] if remarks else []
        print("\n".join([*method_lines(method, language), *head, *(f"  - {line}" for line in remarks)]))
    return 0


def with_lacking_thirds(examined: Examined, parameters: Parameters) -> Examined:
    """Add the pairs that a run would refuse because their third evaluation is lacking.

    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import ratings
    >>> found = ratings.examine(params.from_values(params.baseline()))
    >>> given = found.inputs.ratings
    >>> alone = replace(found, inputs=replace(found.inputs, ratings=given[given["role"] != "third"]))
    >>> strict = params.from_values(params.baseline() | {"missing_third": "refuse"})
    >>> [len(with_lacking_thirds(each, strict).problems) for each in (found, alone)]
    [0, 29]
    """
    if parameters.missing_third != "refuse" or not ratings_were_read(examined):
        return examined
    return replace(examined, problems=(*examined.problems, *_lacking_thirds(examined, parameters)))


def ratings_were_read(examined: Examined) -> bool:
    """Say whether there are ratings, from tables that have every column they need."""
    from ogp_analysis import ratings

    return len(examined.inputs.ratings) > 0 and not any(
        problem.rule in ratings.UNREAD for problem in examined.problems
    )


def _lacking_thirds(examined: Examined, parameters: Parameters) -> list[Problem]:
    from ogp_analysis.assessment import adjudication, whole_assessment
    from ogp_analysis.errors import Problem

    used = whole_assessment.ratings_used(examined.inputs, parameters)
    # Asked as if nothing were refused, so that every pair is named.
    settled = adjudication.resolve(used, replace(parameters, missing_third="bounds"))
    waiting = settled[settled["status"] == adjudication.STATUSES[adjudication.UNRESOLVED]]
    waiting = waiting[~_perhaps_unread(waiting, examined.unread)]
    # What another rule says of a cell has to be mended first: one rating of three may be the third.
    faulty = {(problem.proposal, problem.indicator) for problem in examined.problems if problem.row}
    return [
        Problem("ratings.third_lacking", proposal=proposal, indicator=indicator, detail=(("panel", panels),))
        for proposal, indicator, pair in waiting[["proposal", "indicator", "pair"]].itertuples(index=False)
        for panels in [pair.replace("-", ", ")]
        if (proposal, indicator) not in faulty
    ]


def _perhaps_unread(waiting: pd.DataFrame, unread: pd.DataFrame) -> pd.Series:
    from ogp_analysis import ratings

    # A pair between panels is named after both; the row that cannot be read may be of either.
    cells = waiting.assign(panel=waiting["pair"].str.split("-")).explode("panel")
    meant = ratings.meant_for(cells, unread, unknown=["proposal", "indicator", "panel"])
    return waiting.index.to_series().isin(cells.index[meant])


def print_hint(examined: Examined, arguments: argparse.Namespace) -> None:
    """Say how to name another method, where the file looks as if it was made for one."""
    from ogp_analysis import ratings

    if arguments.method or arguments.params:
        return
    if ratings.of_another_method(examined.problems, readable=len(examined.inputs.ratings)):
        print(texts.say("ratings.check.another_method", arguments.lang, file=as_typed(arguments.file)))


def with_data_passed_over(examined: Examined, given: Parameters, arguments: argparse.Namespace) -> Examined:
    """Say which data of the params file was not looked at, because another file is checked."""
    from ogp_analysis.runs.sweep import placed

    checked, named = (
        placed("data", data, folder)
        for data, folder in ((arguments.file, Path()), (given.data, arguments.params.parent))
    )
    if checked == named or "data" in given.filled:
        return examined
    remark = texts.say(
        "ratings.check.data_passed_over",
        arguments.lang,
        params=in_line(arguments.params.name),
        data=in_line(given.data),
        file=in_line(Path(arguments.file).name),
    )
    return replace(examined, inputs=replace(examined.inputs, said=(remark, *examined.inputs.said)))


def parameters_of(arguments: argparse.Namespace, given: Parameters | None) -> Parameters:
    """Give the parameters to check against: a file's, or the baseline with another method."""
    from ogp_analysis.model import method_file, params

    changes: dict[str, Any] = {"data": str(arguments.file), "language": getattr(arguments, "lang", "en")}
    if given is not None:
        return params.with_values(given, **changes)
    values = params.baseline() | changes
    if not arguments.method or arguments.method == values["method"]:
        return params.from_values(values)
    return params.from_values(
        values | adapted(method_file.read_method(arguments.method, Path())[0], arguments.method)
    )


def _read_as_a_run_does(file: Path, language: str) -> Parameters:
    # All that a run refuses before it reads the data; imported here, as the sensitivity brings scipy along.
    from ogp_analysis.model import params
    from ogp_analysis.runs.run_folder import check_name
    from ogp_analysis.runs.scenario import check_files, plain_name
    from ogp_analysis.sensitivity.beliefs import check_belief

    check_files([file])
    check_name(plain_name(file.stem))
    parameters = params.read(file, language=language)
    check_belief(parameters, file=file.name, language=language)
    return parameters


def adapted(method: Method | None, name: str) -> dict[str, Any]:
    """Fit weights, cut points and third evaluations to a method; only the ratings are checked here.

    >>> from ogp_analysis.model import method_file
    >>> found = adapted(method_file.read_method("ecuador-2019", Path())[0], "ecuador-2019")
    >>> found["indicator_weights"]["alignment"], found["third_for"]
    ('1/3', ['relevance'])
    """
    if method is None:
        return {"method": name}
    from ogp_analysis.model.method_defaults import FITTED, defaults_of

    defaults = defaults_of(method)
    return {"method": name} | {key: defaults[key] for key in FITTED}


def lines_of(examined: Examined, parameters: Parameters, *, preview: bool = False) -> list[str]:
    """Word everything that was found, for a reader."""
    from ogp_analysis import ratings
    from ogp_analysis.cli.params import doubts_of

    language = parameters.language
    # What to look at ends what was said; here it has a section of its own.
    read = examined.inputs.said[: len(examined.inputs.said) - len(examined.inputs.doubts)]
    lines = [texts.say("ratings.check.read", language), *(f"  - {line}" for line in read)]
    if examined.inputs.synthetic:
        lines.append(f"  - {texts.say('synthetic.mark', language)}")
    if preview:
        lines += [
            "",
            texts.say("ratings.check.preview", language),
            *preview_lines(examined.changes, language),
        ]
    doubts = [
        *thirds_lacking(examined, parameters),
        *examined.inputs.doubts,
        *doubts_of(parameters, language),
    ]
    if doubts:
        lines += ["", texts.say("ratings.check.look", language), *(f"  - {line}" for line in doubts)]
    lines += ["", texts.say(_design_title(examined), language), *design_lines(examined, parameters), ""]
    if examined.problems:
        lines.append(ratings.listed(examined.problems, language))
        return [*lines, "", texts.say("ratings.check.not_usable", language)]
    counts = {"ratings": len(examined.inputs.given), "proposals": len(examined.inputs.proposals)}
    return [*lines, texts.say("ratings.check.usable", language, **counts), *_left_out(examined, language)]


def thirds_lacking(examined: Examined, parameters: Parameters) -> list[str]:
    """Name the pairs that differ too far and have no third evaluation; none where all is settled."""
    from ogp_analysis.assessment import whole_assessment
    from ogp_analysis.language import labels
    from ogp_analysis.ratings.problems import LISTED

    if examined.problems or not parameters.third_for:
        return []
    language = parameters.language
    open_ones = whole_assessment.unresolved(
        whole_assessment.assess(examined.inputs, replace(parameters, missing_third="bounds")).settled
    )
    if open_ones.empty:
        return []
    where = [
        f"{row['proposal']} {labels.name_label('indicator', row['indicator'], language)}"
        for row in open_ones.head(LISTED).to_dict("records")
    ]
    named = ", ".join(where) + (" …" if len(open_ones) > LISTED else "")
    return [texts.say("ratings.check.thirds_lacking", language, count=len(open_ones), where=named)]


def _design_title(examined: Examined) -> str:
    if any(problem.row for problem in examined.problems):
        return "ratings.check.design_so_far"
    return "ratings.check.design_kept" if examined.inputs.left_out else "ratings.check.design"


def _left_out(examined: Examined, language: str) -> list[str]:
    if examined.inputs.set_aside is None:
        return []
    counts = {"proposals": len(examined.inputs.left_out), "ratings": len(examined.inputs.set_aside)}
    return [texts.say("ratings.check.left_out", language, **counts)]


def preview_lines(changes: pd.DataFrame, language: str) -> list[str]:
    """Word each change that reading makes, once, with how many cells it concerns.

    >>> import pandas as pd
    >>> change = {"column": "panel", "typed": "Grupo Núcleo", "read": "core_group", "cells": 86}
    >>> preview_lines(pd.DataFrame([change]), "es")
    ["  panel: 'Grupo Núcleo' se lee como Grupo Núcleo (core_group) (celdas: 86)"]
    """
    if changes.empty:
        return ["  " + texts.say("ratings.check.no_change", language)]
    lines = [
        "  " + texts.say("ratings.check.change", language, **_worded_change(row, language))
        for row in changes.head(MOST_CHANGES).to_dict("records")
    ]
    hidden = len(changes) - MOST_CHANGES
    return lines + (["  " + texts.say("check.more", language, count=hidden)] if hidden > 0 else [])


def _worded_change(row: dict[str, Any], language: str) -> dict[str, Any]:
    from ogp_analysis.ratings.known_words import with_keys, word_of

    read = with_keys(row["column"], [row["read"]], language)
    return row | {"our_columns": word_of("column", row["column"], language), "read": read}


def design_lines(examined: Examined, parameters: Parameters) -> list[str]:
    """Word the design: panels, pairs, crossed or not, readings of the blind pair, coefficients that fit."""
    from ogp_analysis import ratings
    from ogp_analysis.language import labels

    language, method = parameters.language, parameters.method
    design = ratings.describe_design(examined.inputs.ratings, method, unread=examined.unread)
    lines, panels = [], design.groupby("criterion")["panel"].size()
    for row in design.to_dict("records"):
        named = row | {
            "criterion": labels.value_label("criterion", row["criterion"], language),
            "panel": labels.value_label("panel", row["panel"], language),
            "each": row["most"] if row["most"] == row["fewest"] else f"{row['fewest']}-{row['most']}",
        }
        lines.append("  - " + texts.say(f"ratings.design.{row['design']}", language, **named))
        sizes = {"raters": row["evaluators"], "panels": panels[row["criterion"]]}
        lines.append("    " + texts.say(ratings.fitting(row["design"], seats=False, **sizes), language))
    if method.juried:
        return lines
    lines.append("  - " + ratings.reading_words(design, method, language))
    beside = _beside(design)
    if beside > 1:
        lines.append("    " + texts.say(ratings.fitting("", seats=True, raters=beside), language))
    return lines


def _beside(design: pd.DataFrame) -> int:
    """How many panels face each other at most on one criterion."""
    return max(design[design["ratings"] > 0].groupby("criterion").size(), default=0)


def as_record(examined: Examined, parameters: Parameters) -> dict[str, Any]:
    """Give everything that was found, for a program."""
    from ogp_analysis import ratings
    from ogp_analysis.cli.params import doubts_of

    design = ratings.describe_design(examined.inputs.ratings, parameters.method, unread=examined.unread)
    return {
        "ok": not examined.problems,
        "synthetic": examined.inputs.synthetic,
        "said": list(examined.inputs.said),
        "doubts": [
            *thirds_lacking(examined, parameters),
            *examined.inputs.doubts,
            *doubts_of(parameters, parameters.language),
        ],
        "problems": [_problem(problem, parameters.language) for problem in examined.problems],
        "warnings": [_problem(problem, parameters.language) for problem in examined.inputs.warnings],
        "design": json.loads(design.to_json(orient="records")),
        "readings": list(ratings.readings(design, parameters.method)),
        "changes": json.loads(examined.changes.to_json(orient="records")),
    }


def _problem(problem: Any, language: str) -> dict[str, Any]:
    return {**asdict(problem), "detail": dict(problem.detail), "message": problem.say(language)}
