"""What a run leaves that was stopped while it was put in place, or before it began."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sample_project import base, break_with, places
from tiny_notebooks import (
    ROOT,
    bytes_of,
    environment,
    ogp,
    strangers,
)

from ogp_analysis.runs import provenance, run, run_folder, signals

pytestmark = pytest.mark.usefixtures("unchanged_code")


# What a run leaves that was stopped while it was put in place

STOP_BETWEEN = """
import os, sys
from pathlib import Path
from ogp_analysis.cli.main import main
from ogp_analysis.runs import publish
# What is stopped is the move: pages would take two seconds more.
publish._report = lambda *_: None
rename, shot = Path.rename, []
def shoot(self, target):
    moved = rename(self, target)
    if {moment} and not shot:
        shot.append(os.kill(os.getpid(), {number}))
    return moved
if __name__ == "__main__":
    Path.rename = shoot
    sys.exit(main(["run", "params/base.yaml", "--force", "--lang", "en"]))
"""
MOMENTS = {"first move": "'.replaced-' in str(target)", "second move": "'.building-' in str(self)"}


def stop_while_publishing(project: Path, moment: str, number: int) -> subprocess.CompletedProcess:
    script = project / "stop.py"
    script.write_text(STOP_BETWEEN.format(moment=MOMENTS[moment], number=int(number)), encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(script)],
        cwd=project,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        pytest.param("first move", signal.SIGTERM, marks=pytest.mark.deep),
        ("second move", signal.SIGINT),
    ],
)
def test_a_stop_between_the_moves_waits_for_the_second(
    project: Path, moment: str, number: signal.Signals
) -> None:
    break_with(project, "9 + 9")
    done = stop_while_publishing(project, moment, number)
    told = "stopped; finished by then and in place: base; other previous results are untouched\n"
    assert (done.returncode, done.stderr) == (130, told)
    assert "9 + 9" in (base(project) / "notebooks" / "01_tiny.ipynb").read_text(encoding="utf-8")
    assert not provenance.check(base(project))
    assert not strangers(project / "outputs", "base")


def test_a_run_killed_between_the_moves_is_put_back_by_the_next(project: Path) -> None:
    before = bytes_of(base(project))
    done = stop_while_publishing(project, "first move", signal.SIGKILL)
    assert done.returncode == -signal.SIGKILL
    assert not base(project).exists()
    # Up to date as soon as it is back: nothing has to run.
    (again,) = run.run_scenarios([project / "params" / "base.yaml"], places(project))
    assert not again.ran
    assert bytes_of(base(project)) == before
    assert not strangers(project / "outputs", "base")


def test_whatever_stops_the_second_move_the_previous_run_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, building = tmp_path / "base", tmp_path / "new"
    for folder, text in ((target, "old"), (building, "new")):
        folder.mkdir()
        (folder / "results.json").write_text(text, encoding="utf-8")
    rename = Path.rename

    def fail_once(self: Path, other: Path) -> Path:
        if self == building:
            raise MemoryError
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", fail_once)
    with pytest.raises(MemoryError):
        run_folder.put_in_place(building, target)
    assert bytes_of(tmp_path) == {"base/results.json": b"old", "new/results.json": b"new"}


def test_what_dead_runs_left_is_cleared_though_all_is_up_to_date(project: Path) -> None:
    outputs = project / "outputs"
    (outputs / ".replaced-base-abcd1234").mkdir()
    (outputs / ".building-strict-abcd1234" / "work-1").mkdir(parents=True)
    shutil.copytree(base(project), outputs / ".replaced-lenient-abcd1234")
    (outputs / ".lock-strict").write_text('{"pid": 999999999}', encoding="utf-8")
    (outputs / ".lock-of-mine").write_text("x" * 1000, encoding="utf-8")
    with run_folder.held(outputs / "busy"):
        busy = strangers(outputs, "base")
        (done,) = run.run_scenarios([project / "params" / "base.yaml"], places(project))
        assert not done.ran
        left = {name for name in busy if "busy" in name}
        assert strangers(outputs, "base") == sorted({".lock-of-mine", "lenient", *left})


INTERRUPT_EARLY = """
import os, signal, sys
class Interrupt:
    def find_spec(self, name, *_):
        if name == "ogp_analysis.cli.main":
            os.kill(os.getpid(), signal.SIGINT)
if {main}:
    sys.meta_path.insert(0, Interrupt())
elif "spawn_main" in " ".join(sys.orig_argv):
    os.kill(os.getpid(), signal.SIGINT)
"""


def interrupt_early(project: Path, *, main: bool) -> dict[str, str]:
    """Let Python send itself a Ctrl-C as it starts: while it loads the command line, or in each worker."""
    (project / "early").mkdir()
    text = INTERRUPT_EARLY.format(main=main)
    (project / "early" / "sitecustomize.py").write_text(text, encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(project / "early"), str(ROOT)])}


def test_a_stop_while_the_command_is_loaded_is_one_quiet_line(project: Path) -> None:
    done = ogp(project, "run", "params/base.yaml", "--force", **interrupt_early(project, main=True))
    assert done == (130, "", "stopped / detenido\n")


@pytest.mark.deep
def test_a_worker_that_is_only_starting_does_not_hear_the_stop(project: Path) -> None:
    # Sent to the workers alone: the parent, which decides, goes on.
    words = ("run", "params/base.yaml", "--force", "--quiet")
    code, _, err = ogp(project, *words, **interrupt_early(project, main=False))
    assert (code, err) == (0, "")


def test_what_a_worker_starts_hears_the_stop_again() -> None:
    show = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))"
    command = [sys.executable, "-c", show]
    with signals.masked():
        masked = subprocess.run(command, capture_output=True, text=True)
        signals.unmask()
        unmasked = subprocess.run(command, capture_output=True, text=True)
    assert (masked.stdout, unmasked.stdout) == ("True\n", "False\n")
