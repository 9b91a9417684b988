"""Start a run in a process of its own, follow it by its file of events, stop it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from ogp_analysis.app.workspace import Workspace
from ogp_analysis.errors import DataError, Problem
from ogp_analysis.runs.run_folder import check_name

# A process is the one that was started when its own start agrees within so many seconds.
SAME_START = 2.0
ENDS = ("done", "failed", "stopped")
# Python complains of a process whose object is thrown away while it works; runs are known by their files.
_started: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class State:
    """Where a run stands.

    Parameters
    ----------
    name : str
        Of the scenario.
    kind : str
        ``"none"``, ``"running"``, ``"done"``, ``"failed"``, ``"stopped"`` or ``"lost"``: its process is
        gone and did not say how it ended.
    elapsed : float
        Seconds since the start, or until the end.
    total : int
        How many notebooks; 0 while the data are being checked.
    finished : tuple of (str, float, bool)
        Notebook, its seconds, whether it failed.
    messages : dict of str to str
        Why it failed, in words, by language.
    ran : bool
        False where the results were up to date.
    """

    name: str
    kind: str = "none"
    elapsed: float = 0.0
    total: int = 0
    finished: tuple[tuple[str, float, bool], ...] = ()
    messages: dict[str, str] = field(default_factory=dict)
    ran: bool = True

    @property
    def is_writing(self) -> bool:
        """Whether the notebooks are done and what remains is the report, PDF and workbooks."""
        return self.kind == "running" and 0 < self.total == len(self.finished)

    @property
    def left(self) -> float | None:
        """Seconds that the notebooks probably still take; None before the first and after the last."""
        if self.kind != "running" or not self.finished or self.is_writing:
            return None
        return self.elapsed / len(self.finished) * (self.total - len(self.finished))


def _events_file(workspace: Workspace, name: str) -> Path:
    return workspace.progress / f"{check_name(name)}.jsonl"


def start(workspace: Workspace, name: str) -> State:
    """Start the run of a saved scenario; one that is at work goes on.

    Parameters
    ----------
    workspace : Workspace
        Where its params file is.
    name : str
        Of the scenario.

    Returns
    -------
    State
        Running.

    Raises
    ------
    DataError
        There is no such params file.
    """
    params_file = workspace.scenario_file(name)
    if state(workspace, name).kind == "running":
        return state(workspace, name)
    events = _events_file(workspace, name)
    events.parent.mkdir(parents=True, exist_ok=True)
    events.write_text("", encoding="utf-8")
    events.with_suffix(".stop").unlink(missing_ok=True)
    places = (params_file, workspace.notebooks, workspace.outputs, events)
    process = subprocess.Popen(
        [sys.executable, "-m", "ogp_analysis.app.job", *map(str, places)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **_apart(),
    )
    _started.append(process)
    _remember(events, process.pid)
    return state(workspace, name)


def _apart() -> dict[str, Any]:
    """Start it in a group of its own: Ctrl-C in the terminal of the page is not meant for it."""
    if os.name == "nt":
        # Known on Windows alone.
        return {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
    return {"start_new_session": True}


def _remember(events: Path, pid: int) -> None:
    events.with_suffix(".pid").write_text(json.dumps({"pid": pid, "started": time.time()}), encoding="utf-8")


def state(workspace: Workspace, name: str) -> State:
    """Say where a run stands, from what it wrote; ``kind`` is ``"none"`` where the page never started it."""
    path = _events_file(workspace, name)
    _started[:] = [each for each in _started if each.poll() is None]
    process, began = _process(path)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return State(name)
    # The last line may be half written.
    events = [json.loads(line) for line in lines if line.endswith("}")]
    last = events[-1] if events else {}
    alive = process is not None
    kind = last["kind"] if last.get("kind") in ENDS else ("running" if alive else _gone(path))
    elapsed = max(time.time() - began, 0.0) if kind == "running" else float(last.get("elapsed", 0.0))
    done = [event for event in events if event["kind"] == "notebook"]
    return State(
        name,
        kind,
        elapsed,
        sum(event["notebooks"] for event in events if event["kind"] == "start"),
        tuple((event["notebook"], event["seconds"], event["failed"]) for event in done),
        last.get("messages", {}),
        last.get("ran", True),
    )


def _gone(events: Path) -> str:
    """Say how a process went that said nothing: one that was stopped while it was starting could not."""
    return "stopped" if events.with_suffix(".stop").is_file() else "lost"


def _process(events: Path) -> tuple[psutil.Process | None, float]:
    """Find the process of a run, None where it is gone, and when it was started."""
    try:
        noted = json.loads(events.with_suffix(".pid").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None, 0.0
    try:
        process = psutil.Process(noted["pid"])
        # A number may be another's by now; one that ended and was not asked for yet is a zombie.
        same = abs(process.create_time() - noted["started"]) < SAME_START
        return (process if same and process.status() != psutil.STATUS_ZOMBIE else None), noted["started"]
    except psutil.NoSuchProcess:
        return None, noted["started"]


def stop(workspace: Workspace, name: str) -> State:
    """Ask the process of a run to end; it clears up what it had begun, and earlier results stay.

    Parameters
    ----------
    workspace : Workspace
        Where it works.
    name : str
        Of the scenario.

    Returns
    -------
    State
        Still running until it has cleared up.

    Raises
    ------
    DataError
        No run of this name is at work.
    """
    events = _events_file(workspace, name)
    process, _ = _process(events)
    if process is None:
        raise DataError([Problem("app.not_running", value=name)])
    events.with_suffix(".stop").touch()
    process.terminate()
    return state(workspace, name)
