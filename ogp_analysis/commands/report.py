"""``ogp report``: rebuild the pages, PDF and workbook of a run from its tables, without notebooks."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ogp_analysis import texts

HELP = "rebuild the pages of a run from its tables, figures and results"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("run", type=Path, metavar="RUN")
    # Not the language of the machine: without it the run's own language decides which page comes first.
    parser.add_argument("--lang", choices=texts.LANGUAGES, default=None)


def run(arguments: argparse.Namespace) -> int:
    """Rebuild the report and say where it is."""
    from ogp_analysis import report

    asked = arguments.lang
    arguments.lang = asked or getattr(arguments, "reader", texts.LANGUAGES[0])
    written = report.build(arguments.run, language=asked)
    pages = [str(path) for path in written if path.parent == arguments.run]
    if getattr(arguments, "json", False):
        print(json.dumps({"ok": True, "pages": pages, "others": len(written) - len(pages)}))
        return 0
    print("\n".join(pages))
    print(texts.say("report.others", arguments.lang, count=len(written) - len(pages)))
    return 0
