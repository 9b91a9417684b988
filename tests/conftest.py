"""Fixtures that several modules of tests share: a project with one tiny notebook and a good run."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import multiprocessing.forkserver
import shutil
import sys
from collections.abc import Generator, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path

import pytest
from sample_project import OWN_SOURCE, places
from tiny_notebooks import write_notebook, write_params

from ogp_analysis.runs import executors, run, warm_kernels
from ogp_analysis.sensitivity import result_tables

OWN_WORKERS = executors._processes
# Objects made before the collector looks; Python's own 700, 10 and 10 take a fiftieth of the time.
RARELY = (100_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Spare the garbage collector what stays to the end: it would go over modules and tests for seconds."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()
        # And look less often for what tests leave: they make little that only the collector can free.
        gc.set_threshold(*RARELY)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let modules with long tests start first: begun last, one keeps a worker busy alone."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture
def own_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start workers for each run as the product does: for tests of how these end."""
    monkeypatch.setattr(executors, "_processes", OWN_WORKERS)


# What a worker of a run imports before it does anything; not matplotlib, which asks for its settings then.
OF_WORKERS = ("ogp_analysis.runs.execute_notebook", "ogp_analysis.runs.notebook_kernel")
OF_WORKERS += ("papermill.execute", "ogp_analysis.report.page", "ogp_analysis.report.workbooks")


@contextlib.contextmanager
def between_tests() -> Iterator[None]:
    """Start what stays as if no test were running: the name of one would stand in its environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_CURRENT_TEST", raising=False)
        yield


def preloaded() -> multiprocessing.context.BaseContext:
    """Fork workers, too, from a process that has imported what they import, where that can be done."""
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(OF_WORKERS))
    with between_tests():
        multiprocessing.forkserver.ensure_running()
    return context


@pytest.fixture(scope="session", autouse=True)
def shared_workers() -> Iterator[None]:
    """Let runs share workers that stay: each costs more to start than a tiny run."""
    kept: list[Executor] = []

    @contextlib.contextmanager
    def processes(jobs: int) -> Iterator[Executor]:
        if not kept:
            kept.append(ProcessPoolExecutor(2, mp_context=preloaded(), initializer=executors.prepare_worker))
        pool = kept[0]
        try:
            yield pool
        except BaseException as error:
            # After a failure in a notebook its worker goes on; after anything else nobody knows.
            if getattr(error, "values", {}).get("key", "run.worker_died") == "run.worker_died":
                kept.clear()
                pool.shutdown(wait=False, cancel_futures=True)
            raise

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(executors, "_processes", processes)
        yield
        for pool in kept:
            pool.shutdown()


@pytest.fixture(scope="session", autouse=True)
def shared_source() -> Iterator[None]:
    """Let runs share the process that kernels are forked from, also those of a single notebook.

    Runs in processes of their own (`tiny_notebooks.ogp` and `start`), on a cluster or with the fixture
    ``own_workers``, and notebooks that are executed in the process of the test, start kernels as the product
    does.
    """
    addresses: list[str] = []
    with contextlib.ExitStack() as stack:

        @contextlib.contextmanager
        def source(kernels: int, around: dict[str, str]) -> Iterator[str]:
            if not addresses:
                kept = {name: value for name, value in around.items() if name != "PYTEST_CURRENT_TEST"}
                addresses.append(stack.enter_context(OWN_SOURCE(2, kept)))
            yield addresses[0]

        stack.enter_context(pytest.MonkeyPatch.context()).setattr(warm_kernels, "source", source)
        yield


@pytest.fixture(scope="session", autouse=True)
def few_mixtures() -> Iterator[None]:
    """Let a study of a few draws take as few for its variance shares: half its time goes to a thousand."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(result_tables, "FEWEST_MIXED", 40)
        yield


@contextlib.contextmanager
def code_held_still() -> Iterator[None]:
    """Hold the hash of the code still: whoever works on the package while the tests run changes it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ogp_analysis.runs.scenario.code_digest", lambda: "unchanged")
        yield


@pytest.fixture(scope="module")
def unchanged_code() -> Iterator[None]:
    """Hold the hash of the code still for a module of tests."""
    with code_held_still():
        yield


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of one tiny notebook, made once for all modules."""
    folder = tmp_path_factory.mktemp("project")
    write_notebook(folder / "notebooks", "01_tiny", "2 + 2")
    with code_held_still():
        run.run_scenarios([write_params(folder / "params")], places(folder))
    return folder


@pytest.fixture(scope="module")
def good_run(unchanged_code: None, tiny_run: Path) -> Path:
    """The finished run, for tests under the same code; they copy its folder."""
    return tiny_run


@pytest.fixture
def project(good_run: Path, tmp_path: Path) -> Path:
    """A project whose scenario ``base`` has a good previous run."""
    return Path(shutil.copytree(good_run, tmp_path / "project"))
