"""``ogp run``: execute the notebooks for one or more params files."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from ogp_analysis.cli.jobs import add_workers
from ogp_analysis.language import texts

# 128 + SIGINT, as shells have it.
STOPPED = 130
HELP = "execute the notebooks for one or more params files"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the verb."""
    parser.add_argument("params", nargs="+", type=Path, metavar="PARAMS.yaml")
    parser.add_argument("--notebooks", type=Path)
    parser.add_argument("--outputs", type=Path, default=Path("outputs"))
    parser.add_argument("--force", action="store_true")
    add_workers(parser)
    parser.add_argument("--quiet", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    """Run the scenarios, say what they found and where the files are."""
    from ogp_analysis.cli.params import defaults_told
    from ogp_analysis.runs import signals
    from ogp_analysis.runs.run import SCENARIOS, Places, Workers, run_scenarios
    from ogp_analysis.runs.scenario import check_files, plain_name

    # Said first: where a params file does not exist, nobody can tell beside which notebooks it stands.
    check_files(arguments.params)
    defaults = {plain_name(file.stem): defaults_told(file, arguments.lang) for file in arguments.params}
    for line in [] if arguments.json else [line for lines in defaults.values() for line in lines]:
        print(line)
    signals.listen()
    shown = sys.stderr.isatty() and not (arguments.quiet or arguments.json)
    try:
        finished = run_scenarios(
            arguments.params,
            Places(notebook_folder(arguments), arguments.outputs),
            workers=Workers(arguments.scheduler, arguments.jobs),
            force=arguments.force,
            language=arguments.lang,
            on_event=Progress(arguments.lang) if shown else lambda **_: None,
        )
    except signals.Stopped as stop:
        return _stopped(stop, arguments.lang)
    table = arguments.outputs / SCENARIOS if len(finished) > 1 else None
    if arguments.json:
        record = {
            "ok": True,
            "scenarios": [as_record(done) | {"said": defaults[done.name]} for done in finished],
        }
        print(json.dumps(record | ({"table": table.as_posix()} if table else {}), ensure_ascii=False))
        return 0
    for done in finished:
        print(summary(done, arguments.lang))
    if table:
        print(texts.say("cli.run.side_by_side", arguments.lang, file=shown_path(table)))
    return 0


def _stopped(stop: Any, language: str) -> int:
    """Say what the stop left, and give the exit code that shells use for it."""
    key = "run.stopped_after" if stop.finished else "run.stopped"
    print(texts.say(key, language, finished=", ".join(stop.finished)), file=sys.stderr)
    return STOPPED


def notebook_folder(arguments: argparse.Namespace) -> Path:
    """Find the notebooks: as told, else here, else beside the folder of the params file, else the project's.

    >>> told = argparse.Namespace(notebooks=Path("own"), params=[Path("params/strict.yaml")])
    >>> notebook_folder(told).name
    'own'
    """
    from ogp_analysis.runs.notebook_file import found_folder

    if arguments.notebooks:
        return arguments.notebooks
    return found_folder(arguments.params[0].resolve().parent.parent / "notebooks")


def as_record(done: Any) -> dict[str, Any]:
    """Give a finished scenario as plain data."""
    return {
        "scenario": done.name,
        "folder": done.folder.as_posix(),
        "ran": done.ran,
        "changed": list(done.because),
        "results": done.results,
    }


def summary(done: Any, language: str) -> str:
    """Word a finished scenario in a few lines: what was found first, then where it is."""
    from ogp_analysis.runs.run_results import headlines

    state = "cli.run.done" if done.ran else "cli.run.up_to_date"
    lines = [texts.say(state, language, scenario=done.name)]
    lines += [f"  {line}" for line in headlines(done.results, language)]
    for name in ("report.html", "report.pdf", "tables", "figures"):
        if (done.folder / name).exists():
            lines.append("  " + texts.say("cli.run.file", language, file=shown_path(done.folder / name)))
    return "\n".join(lines)


def shown_path(path: Path) -> str:
    """Show a path from here where it is below here.

    >>> shown_path(Path.cwd() / "outputs") == "outputs", shown_path(Path("outputs"))
    (True, 'outputs')
    """
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


class Progress:
    """One line per notebook on the terminal: how many are done, how long it took, what is left."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.total = self.done = 0
        self.started = time.monotonic()

    def __call__(self, *, kind: str, **values: Any) -> None:
        """Tell one event."""
        if kind == "start":
            self.total = values["notebooks"]
        if kind == "notebook":
            self.done += 1
            elapsed = time.monotonic() - self.started
            left = elapsed / self.done * (self.total - self.done)
            # After the last one come the reports, whose time the notebooks do not tell.
            going = "cli.run.progress" if self.done < self.total else "cli.run.progress_last"
            key = "cli.run.failed" if values["failed"] else going
            values = values | {"seconds": f"{values['seconds']:.1f}", "left": f"{left:.0f}"}
            line = texts.say(key, self.language, done=self.done, total=self.total, **values)
            print(line, file=sys.stderr, flush=True)
