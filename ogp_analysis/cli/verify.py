"""``ogp verify``: was anything in a run touched, and do its tables come out again?"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from ogp_analysis.cli.jobs import add_jobs
from ogp_analysis.errors import CheckError, OgpError, RunError
from ogp_analysis.language import texts

HELP = "was anything in a run touched, and can its tables be derived again?"
# As `ogp_analysis.cli.main` says: the answer is no; a run, its record or the disk is not to be had.
REFUSED, FAILED = 1, 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the verb."""
    parser.add_argument("run", type=Path, nargs="+", metavar="RUN")
    parser.add_argument("--hashes-only", action="store_true")
    parser.add_argument("--execute", action="store_true")
    parser.add_argument("--notebooks", type=Path, metavar="FOLDER")
    add_jobs(parser)


def run(arguments: argparse.Namespace) -> int:
    """Check every run that is named; the exit code is that of the worst answer."""
    from ogp_analysis.runs import signals

    signals.listen()
    answers = []
    for folder in arguments.run:
        answers.append(_answer(folder, arguments))
        if not arguments.json:
            _tell(answers[-1], arguments.lang)
    if arguments.json:
        print(
            json.dumps({"ok": all(answer["ok"] for answer in answers), "runs": answers}, ensure_ascii=False)
        )
    return max(0 if answer["ok"] else answer.get("exit_code", REFUSED) for answer in answers)


def _tell(answer: dict[str, Any], language: str) -> None:
    # At once: what was found out about one run shall not be lost with the next.
    if answer["lines"]:
        print("\n".join(answer["lines"]), flush=True)
    if "error" in answer:
        print(texts.say("cli.error", language, message=answer["error"]), file=sys.stderr, flush=True)


def _answer(folder: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    try:
        return examine(folder, arguments)
    except (OgpError, OSError) as error:
        # One run alone has no other answer to lose, and the command line words it.
        if len(arguments.run) == 1 or arguments.debug:
            raise
        answer = {"error": _worded(error, arguments.lang), "exit_code": _exit_code(error)}
        return {"run": folder.resolve().name, "ok": False, "findings": [], "lines": [], **answer}


def _worded(error: OgpError | OSError, language: str) -> str:
    if isinstance(error, CheckError):
        return error.say(language)
    values = dict(getattr(error, "values", {}))
    key = str(values.pop("key", ""))
    return texts.say(key, language, **values) if key else str(error)


def _exit_code(error: OgpError | OSError) -> int:
    return FAILED if isinstance(error, RunError | OSError) else REFUSED


def examine(folder: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    """Check one run: first its bytes, then, if those hold, whether its tables come out again."""
    from ogp_analysis.runs import provenance, recorded_inputs, run_folder, verify
    from ogp_analysis.runs.run_errors import refuse

    elsewhere = _stands_elsewhere(folder)
    if not folder.exists() and not run_folder.set_aside(folder.resolve()):
        # By the name that was given: a link that leads nowhere has another one in the end.
        refuse("run.no_such_folder", folder=str(folder))
    if arguments.notebooks and not list(arguments.notebooks.glob("*.ipynb")):
        refuse("run.no_notebooks", folder=str(arguments.notebooks))
    folder, language = folder.resolve(), arguments.lang
    if run_folder.set_aside(folder):
        refuse("run.being_replaced", folder=folder.name)
    entities = provenance.read(folder)
    faults = provenance.check(folder)
    files = _looked_at(entities, faults)
    key = "cli.verify.touched" if faults else "cli.verify.untouched"
    lines = [texts.say(key, language, run=folder.name, files=files, count=len(faults))]
    lines += [f"  {finding.say(language)}" for finding in faults]
    more: dict[str, Any] = {}
    if not faults:
        faults = recorded_inputs.contradictions(folder, entities) + verify.contradictions(folder, entities)
        lines += ["  " + texts.say("cli.verify.contradicts", language)] if faults else []
        lines += [f"  {finding.say(language)}" for finding in faults]
        foreign = verify.foreign_notebooks(folder, arguments.notebooks)
        remarks = [*elsewhere, *_left_behind(folder), *verify.remarks(entities), *_of_others(foreign)]
        lines += ["  " + texts.say(key, language, **values) for key, values in remarks]
        more = {
            "foreign_notebooks": foreign,
            "remarks": [key.removeprefix("cli.verify.") for key, _ in remarks],
        }
        if arguments.hashes_only:
            lines.append("  " + texts.say("cli.verify.hashes_only", language))
        else:
            differing, derived, derived_lines = _derived(folder, arguments, foreign=foreign)
            faults, lines, more = faults + differing, lines + derived_lines, more | derived
    findings = [_as_record(finding) for finding in faults]
    return {
        "run": folder.name, "ok": not faults, "files": files, "findings": findings, **more, "lines": lines,
    }  # fmt: skip


def _stands_elsewhere(folder: Path) -> list[tuple[str, dict[str, str]]]:
    """Remark that the place of a run is a link, where no run is ever put: what it leads to was looked at."""
    return [("cli.verify.link", {"run": folder.name})] if folder.is_symlink() else []


def _left_behind(folder: Path) -> list[tuple[str, dict[str, str]]]:
    """Remark what a system or an office program put there while somebody looked: no run reads it."""
    from ogp_analysis.runs import provenance

    names = provenance.traces(folder)
    return [("cli.verify.traces", {"names": ", ".join(names)})] if names else []


def _looked_at(entities: dict[str, Any], faults: list[Any]) -> int:
    """Count what was looked at: all that the record lists, lost or not, and what lies there besides."""
    from ogp_analysis.runs import provenance

    besides = {fault.file for fault in faults if fault.rule in ("run.added", "run.record")}
    return len({*provenance.listed(entities), *besides})


def _of_others(foreign: list[str]) -> list[tuple[str, dict[str, str]]]:
    return [("cli.verify.foreign", {"names": ", ".join(foreign)})] if foreign else []


def _as_record(finding: Any) -> dict[str, str]:
    detail = {"detail": finding.detail} if finding.detail else {}
    return {"file": finding.file, "rule": finding.rule.removeprefix("run."), **detail}


def _derived(
    folder: Path, arguments: argparse.Namespace, *, foreign: list[str]
) -> tuple[list[Any], dict[str, Any], list[str]]:
    """Derive a run again: what is not as recorded, what a program is told besides, what a reader is told."""
    from ogp_analysis.runs import provenance, recorded_inputs
    from ogp_analysis.runs.verify import derive_again

    language, entities = arguments.lang, provenance.read(folder)
    if foreign and not arguments.execute:
        return [], {"derived": False}, ["  " + texts.say("cli.verify.not_executed", language)]
    missing = recorded_inputs.lacking_inputs(folder)
    if missing:
        # Where the record says that they are there, the contradiction was told.
        unrecorded = recorded_inputs.data_recorded(entities) is False
        lines = ["  " + texts.say("cli.verify.not_recorded", language)] if unrecorded else []
        return [], {"derived": False}, lines
    differing = derive_again(folder, jobs=arguments.jobs, partly=True)
    partly = recorded_inputs.data_recorded(entities) is False and recorded_inputs.rests_on_evaluators(folder)
    if partly and differing:
        lines = ["  " + texts.say("cli.verify.partly", language, count=len(differing))]
        lines += [f"  {finding.file}" for finding in differing]
        return [], {"derived": False, "unconfirmed": [finding.file for finding in differing]}, lines
    key = "cli.verify.differs" if differing else "cli.verify.derived"
    lines = ["  " + texts.say(key, language, count=len(differing))]
    lines += [f"  {finding.say(language)}" for finding in differing]
    return differing, {"derived": not differing}, lines
