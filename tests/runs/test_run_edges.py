"""Runs at their edges: a place that is contended, a disk, worker or kernel that fails at an odd moment."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import sample_ratings as sample
from sample_project import job_of
from tiny_notebooks import bytes_of, code, write_notebook, write_params

import ogp_analysis
from ogp_analysis.errors import RunError
from ogp_analysis.model import params
from ogp_analysis.runs import (
    cluster,
    executors,
    inputs,
    notebook_file,
    notebook_kernel,
    notebook_outcome,
    process_settings,
    provenance,
    recorded_inputs,
    run,
    run_folder,
    scenario,
    signals,
    verify,
    warm_kernels,
)
from ogp_analysis.runs.execute_notebook import Job, Outcome, _own_files, execute

METHODS = Path(ogp_analysis.__file__).parent / "data" / "methods"


def kernel_folders(folder: Path) -> list[Path]:
    return list(folder.glob(f"{run_folder.KERNEL_FOLDER}*"))


# Reading a notebook before it runs


@pytest.mark.parametrize("source", ["seed = 1\nimport os", "seed = 1\na = b = 1", "seed = 1\na.b = 1"])
def test_a_parameters_cell_that_does_more_than_assign_is_refused(source: str) -> None:
    with pytest.raises(RunError, match=r"n\.ipynb, cell 1: .* \(line 2 is no assignment of one name\)"):
        notebook_file.declared_parameters({"cells": [code(source, ("parameters",))]}, name="n.ipynb")


def test_a_parameter_that_nobody_gives_is_named() -> None:
    with pytest.raises(RunError, match=r"n\.ipynb: its parameters cell has tolerance, n_draws, which the"):
        notebook_file.check_names(["seed"], ["tolerance", "seed", "n_draws"], name="n.ipynb")


@pytest.mark.parametrize(("given", "key"), [("sede", ""), ("zzzzzz", ".unlike"), (7, ".unlike")])
def test_a_parameter_of_no_cell_is_named_with_the_nearest_where_one_is_near(given: object, key: str) -> None:
    with pytest.raises(RunError) as caught:
        notebook_file.check_names([given], ["seed", "tolerance"], name="n.ipynb")
    assert caught.value.values["key"] == f"run.unknown_parameter{key}"
    assert caught.value.values["parameter"] == repr(given)
    assert caught.value.values.get("nearest", "") == ("" if key else "seed")


@pytest.mark.parametrize(
    ("source", "promised"),
    [
        ("%matplotlib inline\noutput.save(output_dir, 'a', tables={'t': t})", []),
        ("output.save(output_dir, 'a', tables={'t': t})", ["tables/t.csv"]),
        ("output.save(output_dir, title, results={'n': 1})", []),
        ("output.save(output_dir, 'a', results={'n': 1})", ["results/a.json"]),
        ("output.save(output_dir, notebook='a', results={'n': 1})", ["results/a.json"]),
        ("output.publish(output_dir, 'a', found, figures=figures, language='en')", ["results/a.json"]),
        ("output.publish(output_dir, title, found, language='en')", []),
        ("own.publish(output_dir, 'a', found, language='en')", []),
    ],
)
def test_only_what_is_written_out_is_a_promise(source: str, promised: list[str]) -> None:
    assert notebook_file.promised_outputs({"cells": [code(source)]}) == promised


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "JSONDecodeError: Expecting value"),
        (b"{", "JSONDecodeError: Expecting property name"),
        (b"{}", "KeyError: 'cells'"),
        (b"[1]", "TypeError: list indices"),
        (b"3", "TypeError: 'int' object"),
        (b'{"cells": [], "x": "\xf1"}', "UnicodeDecodeError: 'utf-8'"),
    ],
)
def test_a_file_that_is_no_notebook_is_named(tmp_path: Path, content: bytes, cause: str) -> None:
    (tmp_path / "01_tiny.ipynb").write_bytes(content)
    with pytest.raises(RunError, match=rf"01_tiny\.ipynb is not a valid notebook \({cause}"):
        scenario.read_notebooks(tmp_path)


# What a run is made from


def test_a_method_file_that_is_not_in_the_record_is_lacking(tmp_path: Path) -> None:
    """It was renamed there: a run names it as the record does, and no other file is read."""
    folder = tmp_path / recorded_inputs.INPUTS
    folder.mkdir()
    for name, missing in (("method.yaml", []), ("other.yaml", [f"{folder.name}/method.yaml"])):
        shutil.copy(METHODS / "ecuador-2019.yaml", folder / name)
        given = f"data: example\nmethod: {name}\n"
        (folder / inputs.PARAMETERS).write_text(given, encoding="utf-8")
        assert recorded_inputs.lacking_inputs(tmp_path) == missing


def test_ratings_that_are_gone_at_the_end_of_a_run_are_named(tmp_path: Path) -> None:
    """A folder that became a file, too: what stands there now cannot be read as before."""
    made = scenario_of(tmp_path)
    loaded = inputs.load(made)
    assert inputs.changed_since(made, loaded) is None
    (tmp_path / "mine" / "ratings.csv").unlink()
    (tmp_path / "mine" / "ratings.csv").symlink_to("ratings.csv")
    touched = inputs.changed_since(made, loaded)
    assert touched is not None
    assert touched.values["key"] == "run.input_changed"
    assert "mine/ratings.csv" in touched.values["files"]


def test_proposals_received_are_recorded_with_the_ratings(tmp_path: Path) -> None:
    received = "proposal,title,text_hash\nEC-1,Datos abiertos,x\n"
    made = scenario_of(tmp_path, received=received)
    building = tmp_path / "building"
    inputs.record(building, made)
    kept = (building / "inputs" / "data" / "received.csv").read_text(encoding="utf-8")
    assert kept.splitlines()[1].startswith("EC-1,")


def scenario_of(folder: Path, received: str = "") -> scenario.Scenario:
    """Read a scenario whose ratings are in a folder of their own."""
    (folder / "mine").mkdir()
    sample.write(folder / "mine" / "ratings.csv", sample.complete())
    if received:
        (folder / "mine" / "received.csv").write_text(received, encoding="utf-8")
    return scenario.read_scenario(write_params(folder, data="mine"), notebooks={}, outputs=folder / "outputs")


def test_a_library_that_is_not_installed_is_recorded_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenario, "LIBRARIES", ("papermill", "no-such-library"))
    found = scenario.versions()
    assert found["library no-such-library"] == "none"
    assert found["library papermill"][0].isdigit()


@pytest.mark.parametrize("git", [False, True], ids=["no repository", "git is not installed"])
def test_code_whose_commit_cannot_be_known_is_not_called_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, git: bool
) -> None:
    if git:
        (tmp_path / ".git").mkdir()
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(ogp_analysis, "__file__", str(tmp_path / "ogp_analysis" / "__init__.py"))
    assert scenario.code_state() == ("", False)


def test_a_method_of_ones_own_is_recorded_beside_the_parameters(tmp_path: Path) -> None:
    method = (METHODS / "ecuador-2019.yaml").read_bytes()
    (tmp_path / "own.yaml").write_bytes(method)
    file = write_params(tmp_path, method="own.yaml")
    mine = scenario.read_scenario(file, notebooks={}, outputs=tmp_path / "outputs")
    given, recorded = inputs.record(tmp_path / "base", mine, None)
    assert (given["method"], recorded) == ("method.yaml", True)
    assert (tmp_path / "base" / "inputs" / "method.yaml").read_bytes() == method
    again = params.read(tmp_path / "base" / "inputs" / "params.yaml")
    assert again.method == mine.parameters.method


# The place of a run


def test_a_replaced_run_is_cleared_where_the_new_one_is_in_place(tmp_path: Path) -> None:
    target, replaced = tmp_path / "base", tmp_path / ".replaced-base-abcd1234"
    for folder, text in ((target, "new"), (replaced, "old")):
        folder.mkdir()
        (folder / "results.json").write_text(text, encoding="utf-8")
    with run_folder.held(target):
        assert not replaced.exists()
    assert bytes_of(tmp_path) == {"base/results.json": b"new"}


@pytest.mark.parametrize("before", [{}, {"results.json": b"old"}], ids=["first run", "previous run"])
def test_a_run_that_cannot_be_moved_into_place_leaves_the_previous_one(
    tmp_path: Path, before: dict[str, bytes]
) -> None:
    target = tmp_path / "base"
    for name, content in before.items():
        target.mkdir()
        (target / name).write_bytes(content)
    with pytest.raises(RunError, match="base cannot be replaced: No such file or directory"):
        run_folder.put_in_place(tmp_path / "never-built", target)
    assert [path.name for path in tmp_path.iterdir()] == (["base"] if before else [])
    assert bytes_of(tmp_path) == {f"base/{name}": content for name, content in before.items()}


def test_a_lock_on_a_file_that_its_last_holder_removed_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, tries = tmp_path / ".lock-base", []
    try_lock = run_folder._try_lock

    def removed_first(file) -> bool:
        tries.append(file)
        if len(tries) == 1:
            lock.unlink()
        return try_lock(file)

    monkeypatch.setattr(run_folder, "_try_lock", removed_first)
    with run_folder.held(tmp_path / "base"):
        assert json.loads(lock.read_text(encoding="utf-8")) == {"pid": os.getpid()}
        assert [file.closed for file in tries] == [True, False]


def test_failed_notebooks_that_cannot_be_kept_are_not_missed(tmp_path: Path) -> None:
    """The failure itself is what a run tells; where nothing can be written it has no copy beside it."""
    (tmp_path / "file").touch()
    assert run_folder.keep_failed(tmp_path / "file" / "base", {"01.ipynb": b"{}"}) is None
    (tmp_path / "outputs").mkdir()
    assert run_folder.keep_failed(tmp_path / "outputs" / "base", {"no/such.ipynb": b"{}"}) is None
    assert list((tmp_path / "outputs").iterdir()) == []


def test_in_a_thread_nothing_is_deferred_as_only_the_main_one_hears_signals() -> None:
    def inside() -> object:
        with signals.deferred():
            return signal.getsignal(signal.SIGTERM)

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(inside).result() is signal.getsignal(signal.SIGTERM)


def test_a_cluster_that_is_lost_counts_as_there_until_the_work_says_otherwise() -> None:
    def lost() -> dict:
        raise OSError

    assert cluster._workers(SimpleNamespace(scheduler_info=lost)) == 1
    assert cluster._workers(SimpleNamespace(scheduler_info=lambda: {"workers": {}})) == 0


def test_whoever_has_no_home_folder_has_no_settings_of_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a user of a container who is in no list of users."""

    def unknown(number: int) -> None:
        raise KeyError(number)

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("MPLCONFIGDIR", raising=False)
    monkeypatch.setattr("pwd.getpwuid", unknown)
    assert process_settings._matplotlib_folders() == []


def test_without_room_for_warm_kernels_each_kernel_starts_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm_kernels, "socket_folders", lambda: [tmp_path / "gone"])
    assert warm_kernels._own_folder() is None
    assert warm_kernels._started(tmp_path / "gone", {}) is None


@pytest.mark.parametrize(
    ("send", "number"),
    [
        (warm_kernels.Forked.terminate, signal.SIGTERM),
        (warm_kernels.Forked.kill, signal.SIGKILL),
        (lambda forked: forked.send_signal(signal.SIGINT), signal.SIGINT),
    ],
)
def test_a_forked_kernel_hears_what_it_is_sent(send: Callable, number: int) -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        forked = object.__new__(warm_kernels.Forked)
        forked.pid = process.pid
        send(forked)
        assert process.wait(10) == -number


def test_a_holder_that_has_not_written_its_number_yet_is_unknown(tmp_path: Path) -> None:
    with (tmp_path / ".lock-base").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refusal = pytest.raises(RunError, match=r"base is being written by another run \(process \?\)")
        with refusal, run_folder.held(tmp_path / "base"):
            pytest.fail("two runs hold one place")


# Workers


def test_a_cluster_without_dask_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    refusal = pytest.raises(RunError, match=r'tcp://there:9 names .*pip install "ogp-analysis\[cluster\]"')
    with refusal, executors.executor("tcp://there:9"):
        pytest.fail("a cluster without Dask")


def end_at_once(code):
    """Die as a worker dies that the system kills; by name, so that a measured process can send it too."""
    os._exit(code)


def test_a_worker_that_dies_is_told_and_other_workers_live_on(own_workers: None) -> None:
    with executors.executor(jobs=1) as others:
        assert executors.complete(others, abs, [-1]) == [1]
        refusal = pytest.raises(RunError, match=r"a worker process died \(BrokenProcessPool\)")
        with refusal, executors.executor(jobs=1) as pool:
            executors.complete(pool, end_at_once, [1])
        assert executors.complete(others, abs, [-2]) == [2]


def test_the_largest_notebook_starts_first_and_all_are_given_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes, started = {"1": 5, "2": 9, "3": 7}, []
    job = job_of(tmp_path)
    jobs = [replace(job, name=name, content=bytes(size)) for name, size in sizes.items()]

    def begin(job: Job) -> Outcome:
        started.append(job.name)
        return Outcome(job.scenario, job.name, b"", {}, 0.0, {})

    monkeypatch.setattr(run, "jobs_of", lambda *_, **__: jobs)
    monkeypatch.setattr(run, "execute", begin)
    with ThreadPoolExecutor(1) as pool:
        outcomes = run.execute_all([SimpleNamespace(name="base")], {"base": tmp_path}, pool)
    assert (started, [outcome.name for outcome in outcomes]) == (["2", "3", "1"], ["1", "2", "3"])


# One notebook


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files whose name leaves room for sockets, which those of pytest may not."""
    with tempfile.TemporaryDirectory(prefix="t-") as folder:
        monkeypatch.setattr("tempfile.tempdir", folder)
        yield Path(folder)


def test_a_folder_for_temporary_files_that_is_gone_is_told_as_the_disk(
    tmp_path: Path, short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_of(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(short / "gone"))
    # The kernel's sockets have no folder, so that no cell can run.
    outcome = execute(job)
    assert outcome.failure == {"key": "run.disk", "cell": 0, "cause": "No such file or directory"}
    assert 'execution_count": 1' not in outcome.notebook.decode()
    # On another machine the scratch folder is missing too, and nothing can start.
    away = execute(Job(**{**vars(job), "scratch": str(tmp_path / "gone")}))
    assert away == Outcome("base", job.name, job.content, {}, 0.0, outcome.failure)


def test_a_last_cell_that_ends_before_its_kernel_is_stopped_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The order to kill the kernel comes too late, and more is printed past the limit meanwhile.
    late = SimpleNamespace(ensure_future=lambda order: order.close(), sleep=asyncio.sleep)
    monkeypatch.setattr(notebook_kernel, "asyncio", late)
    outcome = execute(job_of(tmp_path, "for _ in range(5):\n    print('x' * 1_000_000, flush=True)"))
    assert outcome.failure == {"key": "run.printed_too_much", "cell": 3}
    assert len(outcome.notebook) < 3_000_000


SHELL = {"msg_type": "kernel_info_reply"}


@pytest.mark.parametrize(
    ("shell", "output", "alive", "end"),
    [
        ([SHELL], [{}], False, ""),
        # A request that came too early is sent again, and so is one whose status nobody saw.
        ([None, SHELL], [{}], True, ""),
        ([SHELL, SHELL], [None, {}], True, ""),
        ([{"msg_type": "status"}, SHELL], [{}, {}], True, ""),
        ([None], [], False, "Kernel died before replying to kernel_info"),
        ([SHELL], [None], False, "Kernel died before replying to kernel_info"),
        ([None], [], True, "Kernel didn't respond in -1 seconds"),
    ],
)
def test_a_kernel_is_ready_when_it_answers_on_both_channels(
    shell: list, output: list, alive: bool, end: str
) -> None:
    def next_of(messages: list) -> Callable[..., Coroutine[None, None, dict]]:
        async def get(timeout: float) -> dict:
            found = messages.pop(0)
            if found is None:
                raise queue.Empty
            return found

        return get

    async def is_alive() -> bool:
        return alive

    client = notebook_kernel.PromptClient()
    client.kernel_info, client.is_alive = (lambda: None), is_alive
    client.get_shell_msg, client.get_iopub_msg = next_of(shell), next_of(output)
    with pytest.raises(RuntimeError, match=end) if end else contextlib.nullcontext():
        asyncio.run(client.wait_for_ready(timeout=-1 if end else 60))
    assert (shell, output) == ([], [])


def test_the_sockets_outlive_a_restart_and_not_the_kernel(short: Path) -> None:
    manager = notebook_kernel.PrivateKernelManager()
    asyncio.run(manager.cleanup_resources(restart=True))
    assert kernel_folders(short) == [manager.private_folder]
    asyncio.run(manager.cleanup_resources())
    assert kernel_folders(short) == []


def test_a_kernel_without_local_sockets_runs_on_encrypted_tcp(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[notebook_kernel.PrivateKernelManager] = []

    class Watched(notebook_kernel.PrivateKernelManager):
        def __init__(self, **options) -> None:
            super().__init__(**options)
            used.append(self)

    monkeypatch.setattr(notebook_kernel, "os", SimpleNamespace(name="nt"))
    monkeypatch.setattr(notebook_kernel, "PrivateKernelManager", Watched)
    outcome = execute(job_of(tmp_path))
    assert outcome.failure == {}
    assert outcome.files["tables/01_tiny.csv"] == b"tolerance,share\n1,0.3333333333\n"
    (manager,) = used
    assert (manager.transport, manager.private_folder) == ("tcp", None)
    # Told to the kernel as Z85 text of 32 bytes, so that both sides encrypt with it.
    assert len(manager.curve_publickey) == len(manager.curve_secretkey) == 40


def test_a_kernel_that_cannot_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(self, **_) -> None:
        message = "no kernel today"
        raise RuntimeError(message)

    monkeypatch.setattr(notebook_kernel.PrivateKernelManager, "_async_pre_start_kernel", refuse)
    outcome = execute(job_of(tmp_path))
    cause = "RuntimeError: no kernel today"
    assert outcome.failure == {"key": "run.kernel_not_started", "cell": 0, "cause": cause}


# Deriving a run again


def recorded(folder: Path, *sources: str, data_recorded: bool = True) -> Path:
    write_notebook(folder / "base" / "notebooks", "01_tiny", *sources)
    write_params(folder / "base" / "inputs", "params")
    times = ("2019-12-01T09:00Z", "2019-12-01T09:01Z")
    facts = provenance.Facts("base", {}, {}, {"code": "e3b0"}, *times, data_recorded=data_recorded)
    provenance.write(folder / "base", facts)
    return folder / "base"


def test_a_run_whose_evaluators_are_not_recorded_cannot_be_derived(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="base: its tables cannot be derived again from its record, because"):
        verify.derive_again(recorded(tmp_path, data_recorded=False), jobs=1)


def test_a_recorded_notebook_that_does_not_run_is_named(tmp_path: Path) -> None:
    folder = recorded(tmp_path, "1 / 0")
    before = bytes_of(folder)
    with pytest.raises(RunError, match=r"base: 01_tiny\.ipynb, cell 3 stopped: ZeroDivisionError"):
        verify.derive_again(folder, jobs=1)
    assert bytes_of(folder) == before


def test_what_a_cell_says_of_ones_own_file_is_told_under_the_name_that_a_run_publishes() -> None:
    outputs = [
        {"text": f"no {place}"} for place in ("/h/ana/Ana.csv", "/h/p/../ana/Ana.csv", "../ana/Ana.csv")
    ]
    notebook = {"metadata": {}, "cells": [{"metadata": {}, "source": "'../ana/Ana.csv'", "outputs": outputs}]}
    job = Job("s", "n", b"", {"data": "../ana/Ana.csv", "method": "ecuador-2019"}, "/h/p", "/x", 1.0)
    notebook_outcome.hide_names(notebook, _own_files(job))
    notebook_outcome.strip_traces(notebook, folders={"/h": "home", "/h/p": "params"})
    (cell,) = notebook["cells"]
    assert cell["source"] == "'../ana/Ana.csv'"
    assert [each["text"] for each in cell["outputs"]] == ["no data/data.csv"] * 3


def test_of_two_folders_the_longer_is_taken_out_first() -> None:
    notebook = {"metadata": {}, "cells": [{"metadata": {}, "source": "/h/ana/x", "outputs": []}]}
    notebook_outcome.strip_traces(notebook, folders={"/h": "home", "/h/ana": "params"})
    assert notebook["cells"][0]["source"] == "params/x"


def test_a_table_of_scenarios_names_no_file_of_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {}
    monkeypatch.setattr(run.scenarios_table, "write_table", lambda runs, path: told.update(runs))
    names = {"one": "../Ana Ruiz.xlsx", "two": "../Eva Paz.xlsx"}
    scenarios, finished = [], []
    for name, data in names.items():
        parameters = params.from_values(params.baseline() | {"data": data})
        scenarios.append(SimpleNamespace(name=name, parameters=parameters, target=tmp_path / name))
        finished.append(run.Finished(name, tmp_path / name, True, (), {}))
    run._write_table(scenarios, finished)
    assert [given["data"] for given, _ in told.values()] == ["data#1.xlsx", "data#2.xlsx"]
