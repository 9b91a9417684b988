"""``ogp report``: rebuild the pages, PDF and workbook of a run from its tables, without notebooks."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ogp_analysis.language import texts

# What the pages are made of, and the record that says so.
READ = ("tables/", "figures/", "results", "ro-crate-metadata.json")
HELP = "rebuild the pages of a run from its tables, figures and results"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("run", type=Path, metavar="RUN")
    # Not the language of the machine: without it the run's own language decides which page comes first.
    parser.add_argument("--lang", choices=texts.LANGUAGES, default=None)


def run(arguments: argparse.Namespace) -> int:
    """Rebuild the report and say where it is."""
    from ogp_analysis import report
    from ogp_analysis.errors import OgpError
    from ogp_analysis.runs import process_settings

    asked = arguments.lang
    arguments.lang = asked or getattr(arguments, "reader", texts.LANGUAGES[0])
    unlike = _touched(arguments.run)
    if unlike:
        values = {"run": arguments.run.resolve().name, "files": ", ".join(unlike)}
        raise OgpError(texts.say("report.touched", "en", **values), key="report.touched", **values)
    with process_settings.drawing():
        made = report.build(arguments.run, language=asked)
    pages = [str(path) for path in made if path.parent == arguments.run]
    if getattr(arguments, "json", False):
        print(json.dumps({"ok": True, "pages": pages, "others": len(made) - len(pages)}))
        return 0
    print("\n".join(pages))
    print(texts.say("report.others", arguments.lang, count=len(made) - len(pages)))
    return 0


def _touched(folder: Path) -> list[str]:
    """List what a report reads and is not as the run wrote it; a run without its record tells nothing."""
    from ogp_analysis.errors import RunError
    from ogp_analysis.runs import provenance
    from ogp_analysis.runs.run_folder import PAGES

    try:
        findings = provenance.check(folder)
    except RunError as error:
        if error.values.get("key") in ("run.no_record", "run.no_such_folder", "run.not_a_folder"):
            # As with the committed baseline, whose tables git keeps; what is lacking the report says itself.
            return []
        raise
    return [each.file for each in findings if each.file.startswith(READ) and not PAGES.fullmatch(each.file)]
