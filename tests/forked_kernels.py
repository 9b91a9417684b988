"""Kernels for tests, forked from one process that has imported what they import: a fresh one needs a second.

Only the runs on the shared workers of `conftest` use them. Runs in processes of their own
(`tiny_notebooks.ogp` and `start`), on a cluster or with the fixture ``own_workers``, and notebooks that are
executed in the process of the test, start kernels as the product does.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO

import psutil

from ogp_analysis.runs import executors
from ogp_analysis.runs.execute_notebook import kernel_environment

HERE = str(Path(__file__).parent)
START = "import sys, forked_kernels; forked_kernels.serve(sys.argv[1])"
# Bytes of an order (words, environment, folder), and digits of the number of a process.
LONGEST, DIGITS = 1_000_000, 20
READY = b"ready\n"


@contextlib.contextmanager
def source() -> Iterator[Callable[[], None]]:
    """Start the process that kernels are forked from; give what prepares a worker to ask it for them."""
    if sys.platform != "linux":
        yield executors.prepare_worker
        return
    around = kernel_environment()
    around["PYTHONPATH"] = os.pathsep.join([HERE, around["PYTHONPATH"]])
    # A short name: that of a socket has no room for a folder of pytest.
    with tempfile.TemporaryDirectory(prefix="ogp-tests-") as folder:
        address = str(Path(folder, "orders"))
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen([sys.executable, "-c", START, address], env=around, **pipes) as process:
            # It says a line when it has imported everything; it ends when whoever started it is gone.
            assert process.stdout.readline() == READY
            try:
                yield partial(prepare_worker, address)
            finally:
                process.kill()


def prepare_worker(address: str) -> None:
    """Prepare a worker as the product does, and let its kernels be forked."""
    executors.prepare_worker()
    from jupyter_client.provisioning import local_provisioner

    local_provisioner.launch_kernel = partial(launch, address)


class Forked:
    """What jupyter_client asks of a `subprocess.Popen`, for a process that is no child of this one."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """Say whether it ended; with what code, only its parent knows."""
        return None if psutil.pid_exists(self.pid) else 1

    def wait(self) -> int:
        """Wait until it ended; jupyter_client asks only when it has."""
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(self.pid).wait()
        return 1

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)


def launch(
    address: str, command: list[str], *, env: dict[str, str], cwd: str, stdout: IO, **_: object
) -> Forked:
    """Ask for a kernel, in place of ``jupyter_client.launcher.launch_kernel``."""
    # The first three words are "python -m ipykernel_launcher".
    order = {"words": command[3:], "around": env, "folder": cwd}
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(address)
        socket.send_fds(line, [json.dumps(order).encode()], [stdout.fileno()])
        line.shutdown(socket.SHUT_WR)
        return Forked(int(line.recv(DIGITS)))


def serve(address: str) -> None:
    """Fork a kernel for each order, until whoever started this process is gone."""
    # ipykernel reads it as it is imported: whose end is the end of a kernel.
    os.environ["JPY_PARENT_PID"] = str(os.getpid())
    import ipykernel.kernelapp  # noqa: F401

    import ogp_analysis.ratings
    import ogp_analysis.report.parameters_and_gaps  # noqa: F401

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        os.write(1, READY)
        # Nothing is ever written to the standard input: there is something to read when it was closed.
        while 0 not in select.select([0, listener], [], [])[0]:
            line, _ = listener.accept()
            with line:
                answer(line)


def answer(line: socket.socket) -> None:
    """Fork one kernel and tell its number."""
    order, (log,), _, _ = socket.recv_fds(line, LONGEST, 1)
    while part := line.recv(LONGEST):
        order += part
    pid = os.fork()
    if pid == 0:
        become_kernel(log, **json.loads(order))
    # Whoever ends its group must not end this one: both sides see to it, since either may come first.
    with contextlib.suppress(PermissionError, ProcessLookupError):
        os.setpgid(pid, pid)
    os.close(log)
    line.send(str(pid).encode())


def become_kernel(log: int, *, words: list[str], around: dict[str, str], folder: str) -> None:
    """Be ``python -m ipykernel_launcher`` in this process, in another environment and folder."""
    from ipykernel import kernelapp

    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for here, stream in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(here, stream)
        os.closerange(3, max(log, nothing) + 10)
        os.environ.clear()
        os.environ.update(around)
        os.chdir(folder)
        sys.path = [each for each in sys.path if each not in ("", HERE)]
        sys.argv = ["ipykernel_launcher", *words]
        kernelapp.launch_new_instance()
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)
