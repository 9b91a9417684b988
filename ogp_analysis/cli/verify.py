"""``ogp verify``: was anything in a run touched, and do its tables come out again?"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

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
    parser.add_argument("--jobs", type=_count, default=0, metavar="N")


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        message = f"{text} is below 1"
        raise argparse.ArgumentTypeError(message)
    return number


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
        said = {"error": _worded(error, arguments.lang), "exit_code": _exit_code(error)}
        return {"run": folder.resolve().name, "ok": False, "findings": [], "lines": [], **said}


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
    from ogp_analysis.runs.refusal import refuse

    folder, language = folder.resolve(), arguments.lang
    if run_folder.set_aside(folder):
        refuse("run.being_replaced", folder=folder.name)
    files = len(provenance.hashes(folder))
    found = provenance.check(folder)
    key = "cli.verify.touched" if found else "cli.verify.untouched"
    lines = [texts.say(key, language, run=folder.name, files=files, count=len(found))]
    lines += [f"  {finding.say(language)}" for finding in found]
    more: dict[str, Any] = {}
    if not found:
        entities = provenance.read(folder)
        found = recorded_inputs.contradictions(folder, entities) + verify.contradictions(folder, entities)
        lines += ["  " + texts.say("cli.verify.contradicts", language)] if found else []
        lines += [f"  {finding.say(language)}" for finding in found]
        foreign = verify.foreign_notebooks(folder, arguments.notebooks)
        told = [*verify.remarks(entities), *_of_others(foreign)]
        lines += ["  " + texts.say(key, language, **values) for key, values in told]
        more = {"foreign_notebooks": foreign, "remarks": [key.removeprefix("cli.verify.") for key, _ in told]}
        if not arguments.hashes_only:
            differing, derived, said = _derived(folder, arguments, foreign=foreign)
            found, lines, more = found + differing, lines + said, more | derived
    findings = [_as_record(finding) for finding in found]
    return {
        "run": folder.name, "ok": not found, "files": files, "findings": findings, **more, "lines": lines,
    }  # fmt: skip


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
    from ogp_analysis.runs.verify import derive

    language, entities = arguments.lang, provenance.read(folder)
    if foreign and not arguments.execute:
        return [], {"derived": False}, ["  " + texts.say("cli.verify.not_executed", language)]
    lacking = recorded_inputs.lacking_inputs(folder)
    if lacking:
        # Where the record says that they are there, the contradiction was told.
        told = recorded_inputs.data_recorded(entities) is False
        said = ["  " + texts.say("cli.verify.not_recorded", language)] if told else []
        return [], {"derived": False}, said
    found = derive(folder, jobs=arguments.jobs, partly=True)
    partly = recorded_inputs.data_recorded(entities) is False and recorded_inputs.rests_on_evaluators(folder)
    if partly and found:
        said = ["  " + texts.say("cli.verify.partly", language, count=len(found))]
        said += [f"  {finding.file}" for finding in found]
        return [], {"derived": False, "unconfirmed": [finding.file for finding in found]}, said
    key = "cli.verify.differs" if found else "cli.verify.derived"
    said = ["  " + texts.say(key, language, count=len(found))]
    said += [f"  {finding.say(language)}" for finding in found]
    return found, {"derived": not found}, said
