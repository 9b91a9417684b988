"""``ogp import``: turn the export of a participation platform into a table of proposals that names nobody."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from ogp_analysis.language import texts

HELP = "turn a platform's export into proposals"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--platform", choices=("auto", "decidim", "consul", "plain"), default="auto")
    parser.add_argument("--out", type=Path, default=Path("proposals.csv"))
    parser.add_argument("--sheet")


def run(arguments: argparse.Namespace) -> int:
    """Import, write the table, and say how it was read and what was dropped."""
    from ogp_analysis.errors import ParameterError, Problem
    from ogp_analysis.output import canonical
    from ogp_analysis.proposals import importing

    language = getattr(arguments, "lang", "en")
    # Not Path.resolve: it raises an error of its own for a link that leads to itself.
    if os.path.realpath(arguments.out) == os.path.realpath(arguments.file):
        raise ParameterError([Problem("people.same_file", file=str(arguments.out))])
    imported = importing.read(arguments.file, platform=arguments.platform, sheet=arguments.sheet)
    canonical.write(arguments.out, canonical.csv_text(imported.proposals))
    rows = len(imported.proposals)
    lines = [*imported.say(language), texts.say("people.imported", language, path=arguments.out, rows=rows)]
    if getattr(arguments, "json", False):
        print(
            json.dumps(
                {"ok": True, "layout": imported.layout, "rows": rows, "said": lines}, ensure_ascii=False
            )
        )
    else:
        print("\n".join(lines))
    return 0
