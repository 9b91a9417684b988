"""``ogp import``: turn the export of a participation platform into a table of proposals that names nobody."""

from __future__ import annotations

import argparse
import json
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ogp_analysis.cli.replacing import check_replaceable
from ogp_analysis.language import texts

if TYPE_CHECKING:
    import pandas as pd

    from ogp_analysis.proposals.importing import Joined

HELP = "turn a platform's export into proposals"
REJECTED = "rejected.csv"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--platform", choices=("auto", "decidim", "consul", "plain"), default="auto")
    parser.add_argument("--out", type=Path, default=Path("proposals.csv"))
    parser.add_argument("--sheet")
    parser.add_argument("--dates", choices=("day-first", "month-first"), default="")
    parser.add_argument("--country", default="EC", metavar="EC")
    parser.add_argument("--code", default="", metavar="COLUMN")
    parser.add_argument("--personal", action="append", default=[], metavar="COLUMN")
    parser.add_argument("--not-personal", action="append", default=[], metavar="COLUMN")
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
    given = [os.path.realpath(file) for file in arguments.files]
    if taken & set(given) or len(taken) == 1:
        raise ParameterError([Problem("people.same_file", file=str(arguments.out))])
    check_replaceable(arguments.out, b"text_hash")
    options = importing.Options(
        order=arguments.dates,
        country=arguments.country.upper(),
        code=arguments.code,
        personal=tuple(arguments.personal),
        not_personal=tuple(arguments.not_personal),
    )
    read = partial(
        importing.read,
        platform=arguments.platform,
        sheet=arguments.sheet,
        options=options,
        strict=arguments.strict,
    )
    imported = importing.joined_files([(file.name, read(file)) for file in arguments.files])
    lost = _no_longer_there(arguments.out, imported.proposals)
    canonical.write(arguments.out, canonical.csv_text(imported.proposals))
    # An earlier file of that name would tell of rows that this import did not set aside.
    rejected.unlink(missing_ok=True)
    aside = imported.rejected_rows(language)
    if len(aside):
        canonical.write(rejected, canonical.csv_text(aside))
    replaced = texts.say("people.replaced", language, path=arguments.out, count=lost) if lost else ""
    _tell(imported, arguments, language, aside=len(aside), replaced=replaced)
    return 0


def _no_longer_there(path: Path, proposals: pd.DataFrame) -> int:
    """Count proposals of an earlier import into the same file that this one does not bring."""
    from ogp_analysis.errors import OgpError
    from ogp_analysis.proposals import folder

    try:
        earlier = folder.received(path)["proposal"] if path.is_file() else []
    except OgpError:
        return 0
    return len(set(earlier) - set(proposals["proposal"]))


def _notes(imported: Joined, language: str) -> list[str]:
    """Say how each file was read, under its name where there are several."""
    lines = []
    for name, part in imported.parts:
        lines += [f"{name}:"] if len(imported.parts) > 1 else []
        lines += [note.say(language) for note in part.notes]
    return lines


def _tell(
    imported: Joined, arguments: argparse.Namespace, language: str, *, aside: int, replaced: str
) -> None:
    from ogp_analysis.proposals import problem_kinds

    rows = len(imported.proposals)
    files = [replaced] if replaced else []
    files += [texts.say("people.imported", language, path=arguments.out, rows=rows)]
    if aside:
        name = arguments.out.with_name(REJECTED)
        files.append(texts.say("people.rejected", language, path=name, rows=aside))
    kinds = problem_kinds.kinds(imported.problems)
    if getattr(arguments, "json", False):
        layouts = ", ".join(dict.fromkeys(part.layout for _, part in imported.parts))
        answer = {"ok": True, "layout": layouts, "rows": rows, "rejected": aside}
        answer["said"] = [*_notes(imported, language), *files]
        answer["problems"] = [kind.record(language) for kind in kinds]
        print(json.dumps(answer, ensure_ascii=False))
        return
    lines = _notes(imported, language)
    if kinds:
        lines.append(texts.say("people.not_certain", language, count=len(imported.problems)))
        lines += [f"  - {kind.say(language)}" for kind in kinds]
    print("\n".join([*lines, *files]))
