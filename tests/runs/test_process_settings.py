"""What a machine lacks or sets changes no byte of a run, and is named where it stops one."""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.connection
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sample_project import base, break_with, places
from tiny_notebooks import (
    TELL_PID,
    bytes_of,
    environment,
    is_gone,
    ogp,
    ogp_here,
    start,
    wait_for,
    write_notebook,
)

from ogp_analysis.runs import execute_notebook, executors, machine_refusals, process_settings, run

pytestmark = [
    pytest.mark.usefixtures("unchanged_code"),
    pytest.mark.skipif(os.name == "nt", reason="homes, sockets and signals of POSIX systems"),
]
# What it shows goes into the published notebook, a warning of matplotlib too.
DRAW = "import matplotlib.font_manager; matplotlib.get_backend()"


FORCED = ("run", "params/base.yaml", "--force", "--jobs", "1", "--lang", "en")


def forced(project: Path, **changes: str) -> dict[str, bytes]:
    """Run by force, in a process of its own where its surroundings change: every file but the record."""
    code, _, err = ogp(project, *FORCED, **changes) if changes else ogp_here(project, *FORCED)
    assert code == 0, err
    files = bytes_of(base(project))
    files.pop("ro-crate-metadata.json")
    return files


# One notebook in this very process, without workers and reports: what a home lacks shows in its kernel.
EXECUTE = """
from pathlib import Path
from ogp_analysis.runs import run
from ogp_analysis.runs.execute_notebook import execute
(scenario,) = run.read_all([Path("params/base.yaml")], run.Places(Path("notebooks"), Path("outputs")))
(job,) = run.jobs_of(scenario, Path.cwd())
done = execute(job)
assert not done.failure, done.failure
Path("executed.ipynb").write_bytes(done.notebook)
"""


def executed(project: Path, **changes: str) -> bytes:
    """Execute the notebook in a process of its own with other surroundings."""
    command = [sys.executable, "-c", EXECUTE]
    done = subprocess.run(command, cwd=project, env=environment(**changes), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return (project / "executed.ipynb").read_bytes()


@pytest.mark.slow
@pytest.mark.deep
def test_another_folder_home_backend_locale_and_a_long_folder_for_temporary_files_change_no_byte(
    project: Path, tmp_path: Path
) -> None:
    break_with(project, DRAW)
    usual = forced(project)
    project = project.rename(tmp_path / "otra carpeta ñ")
    long = tmp_path / ("x" * 110)
    (tmp_path / "home" / ".config" / "matplotlib").mkdir(parents=True)
    settings = tmp_path / "home" / ".config" / "matplotlib" / "matplotlibrc"
    settings.write_text("font.size: 30\nno.such.setting: 1\n", encoding="utf-8")
    long.mkdir()
    changes = {"HOME": "/proc/nobody", "MPLBACKEND": "nonsense"}
    assert executed(project, **changes) == usual["notebooks/01_tiny.ipynb"]
    changes = {"HOME": str(tmp_path / "home"), "TMPDIR": str(long), "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    assert forced(project, **changes) == usual
    assert not list(long.iterdir())
    pages = bytes_of(base(project))
    code, _, err = ogp(project, "report", "outputs/base", HOME="/proc/nobody", MATPLOTLIBRC=str(settings))
    assert (code, err) == (0, "")
    assert bytes_of(base(project)) == pages


@pytest.mark.deep
def test_closed_streams_are_no_place_for_what_is_opened_next(project: Path) -> None:
    command = f'"{sys.executable}" -m ogp_analysis run params/base.yaml --lang en >&- 2>&- <&-'
    before = bytes_of(base(project))
    done = subprocess.run(["sh", "-c", command], cwd=project, env=environment(), timeout=60)
    assert done.returncode == 0
    assert {
        name: body for name, body in bytes_of(base(project)).items() if name in before
    }.keys() == before.keys()


def test_a_detached_process_of_a_cell_ends_with_its_notebook(project: Path) -> None:
    told = project / "params" / "detached.pid"
    break_with(
        project,
        "import subprocess, sys, pathlib",
        "sleep = [sys.executable, '-c', 'import time; time.sleep(300)']",
        "found = subprocess.Popen(sleep, start_new_session=True)",
        "_ = pathlib.Path('detached.pid').write_text(str(found.pid))",
    )
    run.run_scenarios([project / "params" / "base.yaml"], places(project))
    assert is_gone(int(told.read_text(encoding="utf-8")))


@pytest.mark.deep
def test_a_closed_terminal_is_a_polite_end_and_leaves_no_folder(project: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "t"
    temporary.mkdir()
    break_with(project, TELL_PID, "import time; time.sleep(60)")
    write_notebook(project / "notebooks", "02_tiny")
    before = bytes_of(base(project))
    process = start(project, "run", "params/base.yaml", "--jobs", "1", TMPDIR=str(temporary))
    kernel = int(wait_for(project / "params" / "kernel.pid", process))
    process.send_signal(signal.SIGHUP)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert is_gone(kernel)
    assert not list(temporary.glob("ogp-*"))
    assert bytes_of(base(project)) == before


@pytest.mark.deep
def test_a_cell_that_opens_too_many_files_is_named(project: Path) -> None:
    break_with(project, "files = [open('/dev/null') for _ in range(100_000)]")
    command = f'ulimit -n 48; "{sys.executable}" -m ogp_analysis run params/base.yaml --jobs 1 --lang en'
    done = subprocess.run(
        ["sh", "-c", command], cwd=project, env=environment(), timeout=60, capture_output=True, text=True
    )
    assert done.returncode == 3
    # With so few the kernel or its cell may be the first to want one more.
    assert "the limit here is 48 (ulimit -n)" in done.stderr
    assert "defect" not in done.stderr


def starved(told: multiprocessing.connection.Connection) -> None:
    """Start a process as a worker does, then open files until no more are allowed, and wait."""
    import resource

    executors.prepare_worker()
    kernel = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    resource.setrlimit(resource.RLIMIT_NOFILE, (48, 48))
    with contextlib.suppress(OSError):
        while True:
            os.open(os.devnull, os.O_RDONLY)
    told.send(kernel.pid)
    while True:
        # As the execution of a notebook does, which names every error and goes on.
        with contextlib.suppress(Exception):
            signal.pause()


def test_a_worker_without_open_files_still_ends_and_takes_its_kernels_along() -> None:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    worker = context.Process(target=starved, args=(there,))
    worker.start()
    kernel = here.recv()
    worker.terminate()
    worker.join(30)
    assert worker.exitcode == 143
    assert is_gone(kernel)


@pytest.mark.parametrize(("files", "key"), [(127, "run.perhaps_files"), (128, "")])
def test_where_few_files_are_allowed_that_is_named_as_likely(
    files: int, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine_refusals, "_soft", {machine_refusals.FILES: files}.get)
    assert execute_notebook._perhaps("Kernel died before replying").get("key", "") == key


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("OSError: [Errno 24] Too many open files: 'k.json'", "run.no_more_files"),
        ("Too many open files (src/epoll.cpp:38)", "run.no_more_files"),
        ("OpenBLAS blas_thread_init: pthread_create failed", "run.no_more_memory"),
        ("ImportError: x.so: failed to map segment from shared object", "run.no_more_memory"),
        ("OSError: [Errno 28] No space left on device", "run.no_more_disk"),
    ],
)
def test_a_limit_is_known_by_what_a_process_says(said: str, key: str) -> None:
    assert machine_refusals.exhausted(said)["key"] == key


@pytest.mark.parametrize(
    ("said", "limit", "key"),
    [
        ("", "390 MiB", "run.perhaps_memory"),
        ("", "-", "run.kernel_died"),
        ("ModuleNotFoundError: No module named 'x'", "390 MiB", "run.kernel_died"),
        ("MemoryError", "390 MiB", "run.no_more_memory"),
    ],
)
def test_memory_is_named_as_likely_where_it_is_limited_and_nothing_else_was_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, limit: str, key: str
) -> None:
    (tmp_path / execute_notebook.LOG).write_text(said, encoding="utf-8")
    monkeypatch.setattr(execute_notebook, "limit_of", lambda _: limit)
    assert execute_notebook._of_a_limit({"key": "run.kernel_died", "cell": 3}, tmp_path)["key"] == key


def test_a_kernel_that_left_no_word_is_told_by_its_failure(tmp_path: Path) -> None:
    """Its folder may be gone, as on a disk that was unplugged."""
    failure = {"key": "run.kernel_died", "cell": 3, "cause": "MemoryError"}
    assert execute_notebook._last_said(tmp_path / "gone") == ""
    assert execute_notebook._of_a_limit(failure, tmp_path / "gone")["key"] == "run.no_more_memory"


def test_sockets_lie_where_their_names_fit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / ("x" * 110)))
    assert all(len(str(folder)) < 60 for folder in process_settings.socket_folders())


@pytest.mark.usefixtures("own_workers")
def test_workers_and_kernels_compute_on_one_thread_and_keep_their_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    with executors.executor(jobs=1) as pool:
        found = {name: pool.submit(os.getenv, name).result() for name in process_settings.FOR_COMPUTING}
    assert found == process_settings.FOR_COMPUTING
    assert {name: execute_notebook.kernel_environment()[name] for name in found} == found
    # The width of somebody's terminal breaks no line of a notebook.
    monkeypatch.setenv("COLUMNS", "40")
    assert "COLUMNS" not in execute_notebook.kernel_environment()
    assert (os.environ["OMP_NUM_THREADS"], os.environ.get("OPENBLAS_NUM_THREADS")) == ("7", None)
