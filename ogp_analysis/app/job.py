"""The process that runs one scenario: it outlives the page, and writes what happens to a file as it happens.

``python -m ogp_analysis.app.job`` is started by `runs_of_the_page.start`.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from ogp_analysis.cli import main as command
from ogp_analysis.cli import streams
from ogp_analysis.language import texts
from ogp_analysis.runs import signals
from ogp_analysis.runs.run import Places, run_scenarios


class Record:
    """The file of events: one JSON object a line, each written whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.started = time.monotonic()

    def __call__(self, *, kind: str, **values: str | float | bool | dict[str, str]) -> None:
        """Write one event, with the seconds since the start."""
        event = {"kind": kind, "elapsed": round(time.monotonic() - self.started, 1), **values}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(event, ensure_ascii=False) + "\n")


def work(params_file: Path, places: Places, record: Record) -> int:
    """Run the scenario and record how it ended; the exit code is that of ``ogp run``."""
    try:
        done = run_scenarios([params_file], places, on_event=record)[0]
    except KeyboardInterrupt:
        record(kind="stopped")
        return command.STOPPED
    except Exception as error:
        # Whoever reads it later may read it in the other language.
        messages = {language: command.wording(error, language) for language in texts.LANGUAGES}
        record(kind="failed", messages=messages)
        return command.exit_code(error)
    record(kind="done", ran=done.ran, changed=", ".join(done.because))
    return command.FINE


def main(words: list[str]) -> int:
    """Take the params file, notebooks, outputs and file of events."""
    params_file, notebooks, outputs, events = map(Path, words)
    streams.prepare()
    signals.listen()
    return work(params_file, Places(notebooks, outputs), Record(events))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
