"""``ogp import``: turn the export of a participation platform into a table of proposals that names nobody."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from ogp_analysis.language import texts

if TYPE_CHECKING:
    from ogp_analysis.proposals.importing import Imported

HELP = "turn a platform's export into proposals"
REJECTED = "rejected.csv"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--platform", choices=("auto", "decidim", "consul", "plain"), default="auto")
    parser.add_argument("--out", type=Path, default=Path("proposals.csv"))
    parser.add_argument("--sheet")
    parser.add_argument("--dates", choices=("day-first", "month-first"), default="")
    parser.add_argument("--country", default="EC", metavar="EC")
    parser.add_argument("--strict", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    """Import, write the table and what was set aside, and say how it was read and what was dropped."""
    from ogp_analysis.errors import ParameterError, Problem
    from ogp_analysis.output import canonical
    from ogp_analysis.proposals import importing

    language = getattr(arguments, "lang", "en")
    rejected = arguments.out.with_name(REJECTED)
    # Not Path.resolve: it raises an error of its own for a link that leads to itself.
    taken = {os.path.realpath(arguments.out), os.path.realpath(rejected)}
    if os.path.realpath(arguments.file) in taken or len(taken) == 1:
        raise ParameterError([Problem("people.same_file", file=str(arguments.out))])
    options = importing.Options(order=arguments.dates, country=arguments.country.upper())
    imported = importing.read(
        arguments.file,
        platform=arguments.platform,
        sheet=arguments.sheet,
        options=options,
        strict=arguments.strict,
    )
    canonical.write(arguments.out, canonical.csv_text(imported.proposals))
    # An earlier file of that name would tell of rows that this import did not set aside.
    rejected.unlink(missing_ok=True)
    if len(imported.rejected):
        canonical.write(rejected, canonical.csv_text(imported.rejected_rows(language)))
    _tell(imported, arguments, language)
    return 0


def _tell(imported: Imported, arguments: argparse.Namespace, language: str) -> None:
    from ogp_analysis.proposals import problem_kinds

    rows, aside = len(imported.proposals), len(imported.rejected)
    files = [texts.say("people.imported", language, path=arguments.out, rows=rows)]
    if aside:
        name = arguments.out.with_name(REJECTED)
        files.append(texts.say("people.rejected", language, path=name, rows=aside))
    kinds = problem_kinds.kinds(imported.problems)
    if getattr(arguments, "json", False):
        answer = {"ok": True, "layout": imported.layout, "rows": rows, "rejected": aside}
        answer["said"] = [*(note.say(language) for note in imported.notes), *files]
        answer["problems"] = [kind.record(language) for kind in kinds]
        print(json.dumps(answer, ensure_ascii=False))
        return
    lines = [note.say(language) for note in imported.notes]
    if kinds:
        lines.append(texts.say("people.not_certain", language, count=len(imported.problems)))
        lines += [f"  - {kind.say(language)}" for kind in kinds]
    print("\n".join([*lines, *files]))
