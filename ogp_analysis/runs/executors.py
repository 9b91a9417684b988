"""Hand work to any ``concurrent.futures`` executor, and name what the machine refused."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED as FIRST
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from pathlib import Path
from typing import Any, TypeVar

from ogp_analysis.runs import cluster, machine_refusals, process_settings, run_folder
from ogp_analysis.runs.process_settings import for_computing, settle_matplotlib, socket_folders
from ogp_analysis.runs.run_errors import refuse
from ogp_analysis.runs.signals import STOPS, masked, unmask

# Windows cannot wait for more processes than this at once.
MOST = 61
# Open files that a worker sets aside: to find its kernels when it ends it has to read, and it may end because
# there are no more. Our choice; listing processes and removing folders need three at once.
KEPT_FREE = 4
_kept_free: list[int] = []
Task = TypeVar("Task")
Result = TypeVar("Result")


@contextlib.contextmanager
def executor(scheduler: str = "", *, jobs: int = 0, language: str = "") -> Iterator[Executor]:
    """Open an executor and close it whatever happens, with nothing left running.

    Parameters
    ----------
    scheduler : str
        Address of a Dask scheduler such as ``"tcp://10.0.0.1:8786"``; empty for processes of this machine.
    jobs : int
        How many processes; 0 for one per core that this process may use.
    language : str
        In which to say that a cluster has no worker; both languages where it is empty.

    Yields
    ------
    concurrent.futures.Executor
        The executor.

    Raises
    ------
    RunError
        The address is none, no scheduler answers at it, or the extra ``cluster`` is not installed.
    """
    if scheduler:
        with cluster.connected(scheduler, language=language) as workers:
            yield workers
    else:
        # Workers start when they get their first task, somewhere inside.
        with for_computing(), _processes(jobs or available_cores()) as processes:
            yield processes


def available_cores() -> int:
    """Count the cores that this process may use.

    >>> available_cores() >= 1
    True
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextlib.contextmanager
def _processes(jobs: int) -> Iterator[Executor]:
    # "spawn" everywhere: what works here works on Windows, and no lock or thread is inherited.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(jobs, MOST), mp_context=context, initializer=prepare_worker)
    before = {child.pid for child in multiprocessing.active_children()}
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():
            if child.pid not in before:
                child.terminate()
                child.join(10)
                # One that is still there would be waited for without end when this process exits.
                child.kill()
        run_folder.clear_stale_folders()
        raise
    pool.shutdown()
    run_folder.clear_stale_folders()


def prepare_worker() -> None:
    """Make a worker end with its parent, and take its kernels along."""
    _kept_free.extend(os.open(os.devnull, os.O_RDONLY) for _ in range(KEPT_FREE))
    # Ctrl-C reaches every process of the terminal; the parent alone decides what to do.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    unmask()
    for number in STOPS[1:]:
        signal.signal(number, lambda *_: _end_with_children())
    # What builds reports imports matplotlib here: nobody's settings, and a folder that it can write.
    folder = [*socket_folders(), Path(tempfile.gettempdir())][0]
    settle_matplotlib(folder / f"{run_folder.KERNEL_FOLDER}{os.getpid()}-worker")
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    _end_with_children()


def _end_with_children() -> None:
    # Whatever fails on the way: a worker that lives on holds the terminal of a run that is gone.
    try:
        while _kept_free:
            os.close(_kept_free.pop())
        _end_children()
    finally:
        # 128 + SIGTERM, at once: a thread cannot end its process by sys.exit.
        os._exit(143)


def _end_children() -> None:
    import psutil

    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()
    process_settings.end_marked()
    run_folder.clear_stale_folders(own=True)


def complete(
    pool: Executor,
    function: Callable[[Task], Result],
    tasks: Iterable[Task],
    *,
    on_done: Callable[[Result], None] = lambda _: None,
    size: Callable[[Task], int] = lambda _: 0,
) -> list[Result]:
    """Do every task, the largest first, and give the results in the order of the tasks.

    Else one core would wait at the end for a long task on another.

    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor() as pool:
    ...     complete(pool, abs, [-3, 2, -1])
    [3, 2, 1]
    """
    # Handing over starts the worker processes, which answer Ctrl-C with a traceback until they are prepared.
    given = list(tasks)
    largest_first = sorted(range(len(given)), key=lambda at: -size(given[at]))
    with masked():
        futures = {at: pool.submit(function, given[at]) for at in largest_first}
    waiting = set(futures.values())
    try:
        while waiting:
            # A short wait lets Ctrl-C through on Windows, where a blocked wait does not hear it.
            done, waiting = wait(waiting, timeout=1, return_when=FIRST)
            for future in done:
                on_done(future.result())
            if waiting and hasattr(pool, "watch"):
                pool.watch.look()
    except BrokenExecutor as error:
        files, memory = (
            machine_refusals.limit_of(key) for key in ("run.no_more_files", machine_refusals.MEMORY)
        )
        refuse("run.worker_died", cause=type(error).__name__, files=files, memory=memory)
    except BaseException as error:
        _cancel(waiting)
        if _is_lost_cluster(error):
            refuse("run.cluster_lost", cause=type(error).__name__)
        raise
    return [futures[at].result() for at in range(len(given))]


def _cancel(futures: Iterable[Future[Any]]) -> None:
    for future in futures:
        future.cancel()


def _is_lost_cluster(error: BaseException) -> bool:
    # By name, because the library of the cluster need not be installed.
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(names & {"CommClosedError", "KilledWorker", "FutureCancelledError", "CancelledError"})
