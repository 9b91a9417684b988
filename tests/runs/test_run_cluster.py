"""Runs on a real Dask cluster: one scheduler and its workers, each a process of its own, on the loopback."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest
from tiny_notebooks import (
    bytes_of,
    environment,
    is_gone,
    ogp_here,
    start,
    wait_for,
    write_notebook,
    write_params,
)

from ogp_analysis.errors import RunError
from ogp_analysis.runs import cluster, executors

# Not imported here: it takes half a second of every worker of the tests.
pytestmark = pytest.mark.skipif(find_spec("distributed") is None, reason="distributed is not installed")

WAIT_ONCE = """
from pathlib import Path
import os, time
mark = Path('worker.pid')
if not mark.exists():
    _ = mark.write_text(str(os.getppid()))
    time.sleep(600)
"""


def launch(folder: Path, *words: str) -> subprocess.Popen:
    with (folder / f"{words[0]}-{len(list(folder.iterdir()))}.log").open("w", encoding="utf-8") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *words, "--scheduler-file", str(folder / "scheduler.json")],
            cwd=folder,
            env=environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def start_worker(folder: Path) -> subprocess.Popen:
    # Without a nanny: what one restarts is Dask's matter, and it takes as long to start as a worker.
    options = ("--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard", "--death-timeout", "20")
    return launch(folder, "worker", *options, "--no-nanny", "--local-directory", str(folder))


@contextlib.contextmanager
def dask_cluster(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """Start a scheduler; end it and what is put beside it, and what these started, whatever happens."""
    folder.mkdir()
    processes = [launch(folder, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")]
    try:
        wait_for(folder / "scheduler.json", processes[0])
        yield json.loads((folder / "scheduler.json").read_text(encoding="utf-8"))["address"], processes
    finally:
        for process in reversed(processes):
            end(process)


def end(process: subprocess.Popen) -> None:
    with contextlib.suppress(ProcessLookupError, psutil.NoSuchProcess):
        children = psutil.Process(process.pid).children(recursive=True)
        os.killpg(process.pid, signal.SIGKILL)
        for child in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
    process.wait(timeout=20)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_notebook(tmp_path / "project" / "notebooks", "01_tiny", "2 + 2")
    write_notebook(tmp_path / "project" / "notebooks", "02_tiny", "3 + 3")
    write_params(tmp_path / "project" / "params")
    return tmp_path / "project"


def test_what_a_cell_prints_is_one_output_however_many_messages_bring_it(project: Path) -> None:
    """Each flush is a message of its own; without one, when messages part is a matter of time."""
    printed = "import sys\nprint('a', flush=True)\nprint('b', flush=True)\nprint('c', file=sys.stderr)"
    write_notebook(project / "notebooks", "01_tiny", printed)
    assert ogp_here(project, "run", "params/base.yaml")[0] == 0
    notebook = json.loads((project / "outputs" / "base" / "notebooks" / "01_tiny.ipynb").read_text("utf-8"))
    streams = [output for cell in notebook["cells"] for output in cell.get("outputs", []) if "name" in output]
    assert {output["name"]: "".join(output["text"]) for output in streams} == {
        "stdout": "a\nb\n",
        "stderr": "c\n",
    }
    assert len(streams) == 2


def test_an_address_where_nobody_answers_is_said(project: Path) -> None:
    code, _, err = ogp_here(project, "run", "params/base.yaml", "--scheduler", "tcp://127.0.0.1:9")
    assert code == 3
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in err


@pytest.mark.parametrize(
    "address",
    ["foo", "http://x:1", "tcp://", "tcp://host", "tcp://:8786", "tcp://a b:1", "inproc://1/2/3", "host:99x"],
)
def test_what_is_no_address_is_refused_without_connecting(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("distributed.Client", lambda *_, **__: pytest.fail("connected"))
    match = f"^{re.escape(address)} is not an address of a Dask scheduler; one is such as tcp://"
    with pytest.raises(RunError, match=match), executors.executor(address):
        pytest.fail("an executor of nothing")


@pytest.mark.parametrize(
    "address", ["tcp://10.0.0.1:8786", "node-1:8786", "tls://[::1]:1", "ws://h.x_y:65535"]
)
def test_addresses_of_every_kind_are_tried(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr("distributed.Client", absent)
    with pytest.raises(RunError, match="no Dask scheduler answers"), executors.executor(address):
        pytest.fail("an executor of nothing")


def test_what_is_no_address_is_one_line_of_the_command(project: Path) -> None:
    code, out, err = ogp_here(project, "run", "params/base.yaml", "--scheduler", "foo", "--lang", "es")
    assert (out, err.count("\n")) == ("", 1)
    assert code in (2, 3)
    assert err.startswith("Error: foo no es la dirección de un planificador de Dask")


def watched(workers: list[int], seconds: list[float], language: str = "en") -> cluster.Watch:
    return cluster.Watch(iter(workers).__next__, "tcp://x:1", language, iter(seconds).__next__)


def test_that_no_worker_is_there_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    watch = watched([0] * 4, [100.0, 104.9, 105.0, 200.0])
    said = []
    for _ in range(4):
        watch.look()
        said.append(list(caplog.messages))
    line = "no worker is connected to the Dask scheduler at tcp://x:1: waiting for one, at most 15 minutes"
    assert said == [[], [], [line], [line]]


def test_without_a_language_it_is_said_in_both(caplog: pytest.LogCaptureFixture) -> None:
    watch = watched([0, 0], [0.0, 5.0], "")
    watch.look()
    watch.look()
    assert [line.split(" ")[0] for line in caplog.messages] == ["no", "ningún"]


def test_a_worker_that_comes_back_starts_the_time_anew(caplog: pytest.LogCaptureFixture) -> None:
    watch = watched([0, 0, 1, 0, 0, 0], [0.0, 899.0, 1000.0, 1004.0, 1899.0])
    for _ in range(6):
        watch.look()
    assert [line.split(" ")[0] for line in caplog.messages] == ["no", "no"]


def test_without_a_worker_the_work_is_given_up() -> None:
    watch = watched([0, 0], [0.0, 900.0])
    watch.look()
    with pytest.raises(RunError, match="no worker was connected to the Dask scheduler at tcp://x:1 for 15"):
        watch.look()


@pytest.mark.slow
@pytest.mark.deep
def test_a_cluster_without_workers_then_with_two_then_with_one_and_then_without_its_scheduler(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One test, because a cluster takes many seconds to start and each part leaves it to the next."""
    with dask_cluster(tmp_path / "dask") as (address, processes):
        the_work_is_given_up(address, monkeypatch, caplog)
        process = start(project, "run", "params/base.yaml", "--scheduler", address)
        it_waits_and_says_so(process, address)
        processes += [start_worker(tmp_path / "dask") for _ in range(2)]
        it_goes_on(process)
        it_gave_the_same_bytes_as_this_machine(project)
        chunks_of_draws_travel_the_same_way(address)
        an_error_in_a_notebook_is_told_as_on_this_machine(project, address)
        a_worker_killed_midway_loses_nothing(project, address)
        worker_of_the_run = its_death_is_a_clear_error(project, address, processes[0])
    assert is_gone(worker_of_the_run)


def the_work_is_given_up(
    address: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(cluster, "SAID_AFTER", 0.0)
        patch.setattr(cluster, "GIVEN_UP_AFTER", 0.5)
        with (
            executors.executor(address, language="es") as pool,
            pytest.raises(RunError, match="no worker was"),
        ):
            executors.complete(pool, abs, [-3, 2])
    assert caplog.messages[0].startswith("ningún trabajador está conectado")


def it_waits_and_says_so(process: subprocess.Popen, address: str) -> None:
    # Nobody told the run a language for this line, so that it says it in both. Both are read here: what a
    # first readline() takes into its buffer, communicate() never sees.
    said = [process.stderr.readline(), process.stderr.readline()]
    assert said[0].startswith(f"no worker is connected to the Dask scheduler at {address}: waiting")
    assert said[1].startswith("ningún trabajador está conectado")


def it_goes_on(process: subprocess.Popen) -> None:
    out, err = process.communicate(timeout=300)
    assert (process.returncode, err) == (0, "")
    assert "base" in out


def it_gave_the_same_bytes_as_this_machine(project: Path) -> None:
    there = bytes_of(project / "outputs" / "base")
    assert len([name for name in there if name.startswith("tables/")]) == 2
    shutil.rmtree(project / "outputs")
    assert ogp_here(project, "run", "params/base.yaml")[0] == 0
    here = bytes_of(project / "outputs" / "base")
    assert {name: here[name] for name in here if name != "ro-crate-metadata.json"} == {
        name: there[name] for name in there if name != "ro-crate-metadata.json"
    }


def chunks_of_draws_travel_the_same_way(address: str) -> None:
    from ogp_analysis import ratings
    from ogp_analysis.model import params
    from ogp_analysis.sensitivity.sampling import simulate
    from ogp_analysis.sensitivity.study import prepare

    parameters = params.from_values(params.baseline())
    task = prepare(ratings.load(parameters), parameters).portfolio
    draws = 2 * task.chunk_size() + 5
    alone = simulate(task, draws=draws, seed=7)
    with executors.executor(address) as pool:
        shared = simulate(task, draws=draws, seed=7, executor=pool)
    assert shared.draws == alone.draws == draws
    for name, counts in alone.tables.items():
        assert (shared.tables[name] == counts).all(), name


def an_error_in_a_notebook_is_told_as_on_this_machine(project: Path, address: str) -> None:
    write_notebook(project / "notebooks", "01_tiny", "1 / 0")
    code, _, err = ogp_here(project, "run", "params/base.yaml", "--scheduler", address)
    assert code == 3
    assert "01_tiny.ipynb, cell 3 stopped: ZeroDivisionError" in err


def a_worker_killed_midway_loses_nothing(project: Path, address: str) -> None:
    before = bytes_of(project / "outputs" / "base")
    write_notebook(project / "notebooks", "01_tiny", WAIT_ONCE)
    mark = project / "params" / "worker.pid"
    killer = threading.Thread(target=kill_whom_it_names, args=(mark,))
    killer.start()
    code, _, err = ogp_here(project, "run", "params/base.yaml", "--scheduler", address)
    killer.join()
    assert (code, err) == (0, "")
    made = bytes_of(project / "outputs" / "base")
    assert len([name for name in made if name.startswith("tables/")]) == 2
    assert made["notebooks/01_tiny.ipynb"] != before["notebooks/01_tiny.ipynb"]
    mark.unlink()


def kill_whom_it_names(mark: Path) -> None:
    until = time.monotonic() + 300
    while not (mark.is_file() and mark.read_text(encoding="utf-8")) and time.monotonic() < until:
        time.sleep(0.05)
    os.kill(int(mark.read_text(encoding="utf-8")), signal.SIGKILL)


def its_death_is_a_clear_error(project: Path, address: str, scheduler: subprocess.Popen) -> int:
    before = bytes_of(project / "outputs" / "base")
    process = start(project, "run", "params/base.yaml", "--force", "--scheduler", address)
    worker = int(wait_for(project / "params" / "worker.pid", process))
    os.killpg(scheduler.pid, signal.SIGKILL)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 3
    assert err.startswith("Error: the Dask cluster was lost during the run")
    assert err.count("\n") == 1
    assert bytes_of(project / "outputs" / "base") == before
    return worker
