"""A forked kernel is as a fresh one, knows nothing of the others, and never outlives who asked for it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from depth import deep_after
from sample_project import OWN_SOURCE, job_of
from tiny_notebooks import ROOT, environment

from ogp_analysis.runs import kernel_forks, process_settings, warm_kernels
from ogp_analysis.runs.execute_notebook import Outcome, execute, shared_environment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every kernel starts anew")

# What programs ask of their process, and what libraries take from it as they are imported. Of `sys.modules`
# only the backend: more is loaded in a fork, and it is to be loaded there and here at the same moment.
FACTS = """
import json, locale, os, random, resource, signal, sys, threading, time
import matplotlib, pandas, numpy
from matplotlib import font_manager, pyplot
own = {"OGP_STARTED_BY", "OGP_EXPORT_NOTES", "IPYTHONDIR", "JPY_PARENT_PID"}
set_up = {
    "environment": {name: value for name, value in os.environ.items() if name not in own},
    "argv": [sys.argv[0], *sys.argv[3:]],
    "flags": str(sys.flags), "path": sys.path, "executable": sys.executable,
    "main": sys.modules["__main__"].__name__, "folder": os.getcwd(), "hash": hash("seed"),
    "locale": [locale.setlocale(locale.LC_ALL), locale.getpreferredencoding(), sys.getfilesystemencoding()],
    "streams": [sys.stdout.encoding, sys.__stdout__.encoding, sys.__stderr__.errors, str(sys.__stdin__)],
    "signals": [getattr(found, "__name__", str(found)) for found in map(signal.getsignal, range(1, 32))],
    "masked": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])), "umask": os.umask(0o022),
    "session": [os.getsid(0) == os.getpid(), os.getpgid(0) == os.getpid()],
    "limits": [resource.getrlimit(each) for each in range(10)], "zone": time.tzname,
    "threads": sorted(thread.name.split("-")[0] for thread in threading.enumerate()),
    "pandas": str({name: pandas.get_option(name) for name in ("display.encoding", "display.width")}),
    "numpy": str(numpy.geterr()),
    "matplotlib": {name: str(value) for name, value in matplotlib.rcParams.items()},
    "backend": [matplotlib.get_backend(), "matplotlib_inline.backend_inline" in sys.modules],
    "caches": [matplotlib.get_cachedir(), matplotlib.get_configdir(), matplotlib.matplotlib_fname()],
    "fonts": font_manager.findfont("DejaVu Sans"), "interactive": pyplot.isinteractive(),
    "readable": os.fstat(0).st_rdev, "same log": os.fstat(1).st_ino == os.fstat(2).st_ino,
}
kept = getattr(pandas, "left_by_a_notebook", None)
pandas.left_by_a_notebook = os.environ["LEFT"] = "left"
print(json.dumps([set_up, kept, [random.random(), numpy.random.random()], os.getppid(), os.getpid()]))
"""
# It outlives its parent, in a session of its own, and has started no program that could be told by its name.
DETACH = """
import os, signal
from pathlib import Path
if os.fork() == 0:
    os.setsid()
    Path("detached.pid").write_text(str(os.getpid()))
    signal.pause()
while not (Path("detached.pid").exists() and Path("detached.pid").read_text()):
    pass
os._exit(7)
"""


@pytest.fixture(scope="module")
def around() -> Iterator[dict[str, str]]:
    """The environment of kernels between tests: pytest puts the name of each into its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_CURRENT_TEST", raising=False)
        yield shared_environment(Path())


@pytest.fixture(scope="module")
def source(around: dict[str, str]) -> Iterator[str]:
    with OWN_SOURCE(2, around) as address:
        yield address


def printed(outcome: Outcome) -> list:
    assert outcome.failure == {}
    cells = json.loads(outcome.notebook)["cells"]
    (text,) = [output["text"] for cell in cells for output in cell.get("outputs", []) if "text" in output]
    return json.loads("".join(text))


def test_a_forked_kernel_is_as_a_fresh_one_and_starts_with_nothing_of_another(
    tmp_path: Path, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    job = job_of(tmp_path, FACTS)
    fresh, *forked = [printed(execute(replace(job, source=each))) for each in ("", source, source)]
    assert fresh[3] == os.getpid()
    assert {facts[3] for facts in forked} == {source_of(source)}
    for facts in forked:
        assert facts[0] == fresh[0]
        assert facts[1] is None
    # A fork has the random numbers of its source, unless they are drawn anew.
    assert len({number for facts in (fresh, *forked) for number in facts[2]}) == 6
    assert not any(psutil.pid_exists(facts[4]) for facts in (fresh, *forked))


def source_of(address: str) -> int:
    """The number of the process that answers at an address."""
    for process in psutil.Process().children():
        # Other tests may have left one that ended and was not asked for its code.
        with contextlib.suppress(psutil.Error):
            if process.cwd() == str(Path(address).parent):
                return process.pid
    message = f"nobody answers at {address}"
    raise AssertionError(message)


def test_a_forked_kernel_that_dies_is_noticed_and_what_it_detached_ends_with_it(
    tmp_path: Path, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    outcome = execute(replace(job_of(tmp_path, DETACH), source=source))
    assert outcome.failure["key"] == "run.kernel_died"
    assert not psutil.pid_exists(int((tmp_path / "detached.pid").read_text()))
    assert psutil.Process(source_of(source)).children() == []


@pytest.mark.parametrize(
    "changed",
    [
        {"LANG": "es_EC.UTF-8"},
        {"MPLCONFIGDIR": "/elsewhere"},
        {"OMP_NUM_THREADS": "8"},
        {"PYTHONHASHSEED": "7"},
        {process_settings.MARK: "x" * (process_settings.ROOM_FOR_A_MARK + 1)},
        {process_settings.MARK: ""},
    ],
)
def test_an_order_that_only_a_fresh_kernel_can_carry_out_is_declined(
    changed: dict[str, str], tmp_path: Path, source: str, around: dict[str, str]
) -> None:
    own = {process_settings.MARK: "a", **changed}
    with (tmp_path / "log").open("wb") as log:
        options = {"env": around | own, "cwd": str(tmp_path), "stdout": log}
        with pytest.raises(ValueError, match="not enough values"):
            warm_kernels.Forked(source, ["", "", ""], **options)


def test_an_order_that_is_cut_off_or_none_stops_no_other(
    tmp_path: Path, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for sent in (b"", b"{", b"no order\n"):
        with socket.socket(socket.AF_UNIX) as line, (tmp_path / "log").open("wb") as log:
            line.connect(source)
            socket.send_fds(line, [sent or b"\n"], [log.fileno()] if sent else [])
            line.shutdown(socket.SHUT_WR)
            assert line.recv(1) == b""
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    outcome = execute(replace(job_of(tmp_path, "import os", "print(os.getppid())"), source=source))
    assert printed(outcome) == source_of(source)


def test_a_source_that_says_something_as_it_imports_forks_no_kernel(
    tmp_path: Path, around: dict[str, str]
) -> None:
    # As a warning would be printed: a notebook has to show it.
    changed = around | {"PYTHONVERBOSE": "1", process_settings.MARK: "a"}
    with OWN_SOURCE(2, changed) as address, (tmp_path / "log").open("wb") as log:
        options = {"env": changed, "cwd": str(tmp_path), "stdout": log}
        with pytest.raises((ValueError, ConnectionError)):
            warm_kernels.Forked(address, ["", "", ""], **options)
        assert "pandas" in Path(address).with_name(warm_kernels.SPOKEN).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "shadows"),
    [
        ("matplotlibrc", True),
        ("pandas.py", True),
        ("json/__init__.py", True),
        ("numpy.cpython-311-x86_64-linux-gnu.so", True),
        ("baseline.yaml", False),
        ("pandas/ratings.csv", False),
        ("evaluators.py", False),
    ],
)
def test_a_folder_with_what_is_imported_already_needs_a_fresh_kernel(
    name: str, shadows: bool, tmp_path: Path
) -> None:
    assert not kernel_forks._shadows(tmp_path)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).touch()
    assert kernel_forks._shadows(tmp_path) is shadows


def test_whoever_finds_no_source_starts_a_fresh_kernel(tmp_path: Path) -> None:
    outcome = execute(
        replace(job_of(tmp_path, "import os", "print(os.getppid())"), source=str(tmp_path / "none"))
    )
    assert printed(outcome) == os.getpid()


@pytest.mark.parametrize(
    ("kernels", "platform", "changed"),
    [(1, "linux", {}), (2, "darwin", {}), (2, "win32", {}), (2, "linux", {"MPLCONFIGDIR": "/of/a/worker"})],
)
def test_where_forks_would_not_pay_or_not_do_there_is_no_source(
    kernels: int,
    platform: str,
    changed: dict[str, str],
    around: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    with OWN_SOURCE(kernels, around | changed) as address:
        assert address == ""


START = """
import sys, time
from pathlib import Path
from ogp_analysis.runs import warm_kernels
from ogp_analysis.runs.execute_notebook import shared_environment
with warm_kernels.source(2, shared_environment(Path())) as address:
    print(address, flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("number", deep_after(1, [signal.SIGKILL, 0]))
def test_a_source_ends_with_its_starter_and_leaves_no_folder(number: int) -> None:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", START], cwd=ROOT, env=environment(), **pipes) as starter:
        folder = Path(starter.stdout.readline().decode().strip()).parent
        (process,) = psutil.Process(starter.pid).children()
        if number:
            starter.send_signal(number)
        starter.stdin.close()
        process.wait(60)
    assert not folder.exists()
