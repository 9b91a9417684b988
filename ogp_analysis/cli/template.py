"""``ogp template``: a workbook to fill, one sheet an evaluator or a classifier."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from ogp_analysis.language import texts
from ogp_analysis.language.escaping import as_typed

if TYPE_CHECKING:
    from ogp_analysis.model.records import Method
    from ogp_analysis.ratings.template import Seat

PACKAGED = "ecuador-2019"
NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?", re.ASCII)
# One sheet holds them all, and nobody rates more; a slip of the finger should not fill the disk.
MOST_PROPOSALS = 10_000
# Two classifiers, as the plan's double blind has two evaluators.
CLASSIFIERS = ("C1", "C2")
HELP = "write a workbook to fill: one sheet an evaluator, drop-downs from the method"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the verb."""
    parser.add_argument("out", type=Path, metavar="OUT.xlsx")
    parser.add_argument(
        "--proposals",
        default="43",
        metavar="N|FILE",
    )
    parser.add_argument(
        "--evaluators",
        nargs="+",
        default=[],
        metavar="CODE:PANEL[+PANEL][:third]",
    )
    parser.add_argument("--for", choices=("ratings", "classification"), default="ratings", dest="task")
    parser.add_argument("--undecided", type=Path, metavar="classified.csv")
    parser.add_argument("--method", default=PACKAGED, metavar="METHOD")
    parser.add_argument("--force", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    """Write the workbook and say what to do with it."""
    from ogp_analysis.errors import DataError, ParameterError, Problem
    from ogp_analysis.model import method_file
    from ogp_analysis.ratings import template

    language = getattr(arguments, "lang", "es")
    if arguments.task == "classification":
        return _classification(arguments, language)
    method, problems = method_file.read_method(arguments.method, Path())
    if method is None:
        raise ParameterError(problems, language)
    seats = seats_of(arguments.evaluators, method, language)
    proposals = proposals_of(arguments.proposals, language)
    if arguments.out.exists() and not arguments.force:
        # A workbook of this name is most likely one that somebody has begun to fill.
        raise DataError([Problem("template.exists", file=arguments.out.name)], language)
    counted = reiterations_of(arguments.proposals)
    path = template.write(
        arguments.out,
        method,
        proposals=proposals,
        evaluators=seats,
        reiterations=counted,
        language=language,
    )
    evaluators = {seat.evaluator for seat in seats or template.seats_of(method)}
    counts = {"proposals": len(proposals), "evaluators": len(evaluators)}
    sentence = texts.say("template.done", language, file=path.name, check=check_command(arguments), **counts)
    print(
        json.dumps({"ok": True, "file": path.name} | counts)
        if getattr(arguments, "json", False)
        else sentence
    )
    return 0


def _classification(arguments: argparse.Namespace, language: str) -> int:
    """Write the workbook of the classification."""
    from ogp_analysis.errors import DataError, Problem
    from ogp_analysis.model.records import THIRD
    from ogp_analysis.output import canonical
    from ogp_analysis.proposals import classification, classification_sheets, folder

    if arguments.out.exists() and not arguments.force:
        raise DataError([Problem("template.exists", file=arguments.out.name)], language)
    if arguments.out.suffix.lower() != ".xlsx":
        name = f"{arguments.out.stem}.xlsx"
        raise DataError([Problem("template.ending", file=arguments.out.name, value=name)], language)
    received = folder.received(arguments.proposals)
    if arguments.undecided:
        decided = folder.table(arguments.undecided, folder.CLASSIFIED)
        left = decided.loc[decided["related"] == classification.UNDECIDED, "proposal"]
        received = received[received["proposal"].isin(left)]
    pairs = [word.partition(":") for word in arguments.evaluators or CLASSIFIERS]
    classifiers = [(code, role or "independent") for code, _, role in pairs]
    canonical.write(arguments.out, classification_sheets.form(received, classifiers, language=language))
    counts = {"proposals": len(received), "evaluators": len(classifiers)}
    check = as_typed("ogp", "classify", arguments.out, "--proposals", arguments.proposals)
    # A third alone settles nothing: the workbooks of the first ones are read with theirs.
    key = (
        "template.classification_third"
        if {role for _, role in classifiers} == {THIRD}
        else "template.classification"
    )
    sentence = texts.say(
        key,
        language,
        file=as_typed(arguments.out.name),
        check=check,
        received=as_typed(arguments.proposals),
        **counts,
    )
    answer = json.dumps({"ok": True, "file": arguments.out.name} | counts)
    print(answer if getattr(arguments, "json", False) else sentence)
    return 0


def reiterations_of(given: str) -> dict[str, str]:
    """Read how many proposals each group has, where a table of groups was given.

    >>> reiterations_of("43")
    {}
    """
    from ogp_analysis.proposals import folder

    if NUMBER.fullmatch(given):
        return {}
    table = folder.load(given).get(folder.GROUPS)
    return {} if table is None else dict(zip(table["proposal"], table["reiterations"], strict=True))


def check_command(arguments: argparse.Namespace) -> str:
    """Word the command that checks the workbook once it is filled, as it has to be typed here.

    >>> check_command(argparse.Namespace(out=Path("mis notas.xlsx"), method=PACKAGED))
    'ogp check "mis notas.xlsx"'
    """
    words = ["ogp", "check", str(arguments.out)]
    words += [] if arguments.method == PACKAGED else ["--method", arguments.method]
    return as_typed(*words)


def seats_of(words: list[str], method: Method, language: str) -> tuple[Seat, ...]:
    """Read ``CODE:PANEL`` and ``CODE:PANEL:third``; ``CODE:PANEL+PANEL`` sits in a panel of each criterion.

    >>> from ogp_analysis.model import params
    >>> method = params.from_values(params.baseline()).method
    >>> [(seat.panel, seat.role) for seat in seats_of(["E1:lead", "E9:core_group:third"], method, "en")]
    [('lead', 'independent'), ('core_group', 'third')]
    >>> [(seat.evaluator, seat.panel) for seat in seats_of(["J1:lead+core_group"], method, "en")]
    [('J1', 'lead'), ('J1', 'core_group')]
    """
    from ogp_analysis.errors import DataError, Problem
    from ogp_analysis.ratings.template import Seat

    parts = [word.split(":") for word in words]
    detail = (("allowed", ", ".join(method.panels)),)
    wrong = [":".join(part) for part in parts if len(part) not in (2, 3)]
    if wrong:
        raise DataError(
            [Problem("template.argument_evaluator", value=word, detail=detail) for word in wrong], language
        )
    return tuple(Seat(code, panel, *role) for code, panels, *role in parts for panel in panels.split("+"))


def proposals_of(given: str, language: str) -> list[tuple[str, str]]:
    """Make codes for a number of proposals, or read codes and titles from a table.

    >>> proposals_of("2", "en")
    [('R01', ''), ('R02', '')]
    """
    from ogp_analysis import ratings
    from ogp_analysis.errors import DataError, Problem

    if not NUMBER.fullmatch(given):
        titles = ratings.titles(given)
        if not titles:
            raise DataError([Problem("template.no_proposal", file=Path(given).name)], language)
        return titles
    if not (given.isdigit() and 1 <= int(given) <= MOST_PROPOSALS):
        detail = (("most", str(MOST_PROPOSALS)),)
        raise DataError([Problem("template.count", value=given, detail=detail)], language)
    digits = max(len(given), 2)
    # Not P: the plan's own proposals are P01 to P43.
    return [(f"R{number:0{digits}d}", "") for number in range(1, int(given) + 1)]
