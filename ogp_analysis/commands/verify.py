"""``ogp verify``: was anything in a run touched, and do its tables come out again?"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ogp_analysis import texts

HELP = "was anything in a run touched, and can its tables be derived again?"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the verb."""
    parser.add_argument("run", type=Path, nargs="+", metavar="RUN")
    parser.add_argument("--hashes-only", action="store_true")
    parser.add_argument("--jobs", type=int, default=0, metavar="N")


def run(arguments: argparse.Namespace) -> int:
    """Check every run that is named; 1 when anything is not as recorded."""
    answers = [examine(folder, arguments) for folder in arguments.run]
    if arguments.json:
        print(
            json.dumps({"ok": all(answer["ok"] for answer in answers), "runs": answers}, ensure_ascii=False)
        )
    else:
        for answer in answers:
            print("\n".join(answer["lines"]))
    return 0 if all(answer["ok"] for answer in answers) else 1


def examine(folder: Path, arguments: argparse.Namespace) -> dict[str, object]:
    """Check one run: first its bytes, then, if those hold, whether its tables come out again."""
    from ogp_analysis import provenance
    from ogp_analysis.run.derive import derive

    folder, language = folder.resolve(), arguments.lang
    files = len(provenance.hashes(folder))
    found = provenance.check(folder)
    key = "cli.verify.touched" if found else "cli.verify.untouched"
    lines = [texts.say(key, language, run=folder.name, files=files, count=len(found))]
    if not found and not arguments.hashes_only:
        if provenance.read(folder)["#data-recorded"]["value"]:
            found = derive(folder, jobs=arguments.jobs)
            key = "cli.verify.differs" if found else "cli.verify.derived"
        else:
            key = "cli.verify.not_recorded"
        lines.append("  " + texts.say(key, language, count=len(found)))
    lines += [f"  {finding.say(language)}" for finding in found]
    findings = [{"file": finding.file, "rule": finding.rule.removeprefix("run.")} for finding in found]
    return {"run": folder.name, "ok": not found, "files": files, "findings": findings, "lines": lines}
