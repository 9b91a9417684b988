"""The process that kernels are forked from: it has imported what notebooks import, and runs none of them."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import runpy
import select
import shutil
import signal
import socket
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn, cast

from ogp_analysis.language import texts
from ogp_analysis.runs.process_settings import MARK, PARENT

# What starts a kernel, and what the seven notebooks import but the backend, which looks for its kernel.
ROOMS = ("proposals", "ratings", "agreement", "assessment", "sensitivity", "plan", "report")
IMPORTED = (
    *("ipykernel.kernelapp", "pandas", "matplotlib.pyplot", "ogp_analysis.figures.style"),
    *(f"ogp_analysis.{room}.results" for room in ROOMS),
)
# What every kernel imports as it starts, whatever its notebook: the debugger alone is a third of that time.
# Versions of ipykernel differ in it: one that is not there is none that a kernel would import.
AT_THE_START = (
    *("ipykernel.debugger", "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.oinspect"),
    *("IPython.extensions.storemagic", "sqlite3", "tornado.platform.asyncio", "tornado.queues"),
)
# The debugger warns of what slows nobody down here; nobody reads it of a fresh kernel either.
UNWARNED = ("PYDEVD_DISABLE_FILE_VALIDATION", "1")
# As ipykernel sets it before a notebook can import matplotlib, which reads it at once.
BACKEND = ("MPLBACKEND", "module://matplotlib_inline.backend_inline")
# Bytes of an order, seconds to hear it; our choice.
LONGEST, PATIENCE = 1_000_000, 10


class Kernels:
    """The kernels that were forked, each with the line to the worker that asked for it."""

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.lines: dict[int, socket.socket] = {}
        self.around, self.folder = dict(os.environ), Path.cwd()
        self.heard, self.wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(self.wake)

    def serve(self) -> dict[str, Any]:
        """Fork a kernel for each order; return in the fork, with what it is to be."""
        while True:
            watched: list[Any] = [0, self.listener, self.heard, *self.lines.values()]
            ready = select.select(watched, [], [])[0]
            # Nothing is ever written to the standard input: it was closed, whoever started this is gone.
            if 0 in ready:
                self.end()
            if self.heard in ready:
                self._tell_who_ended()
            for pid, line in list(self.lines.items()):
                # Nor does a worker write a second time: it has let its kernel go, or is gone itself.
                if line in ready:
                    self._end_kernel(pid)
            if self.listener in ready:
                order = self._answer(self.listener.accept()[0])
                if order:
                    return order

    def _answer(self, line: socket.socket) -> dict[str, Any] | None:
        """Fork one kernel, or hang up on an order that only a fresh one can carry out."""
        line.settimeout(PATIENCE)
        log = -1
        try:
            text, (log,), _, _ = socket.recv_fds(line, LONGEST, 1)
            while not text.endswith(b"\n"):
                text += _more(line)
            order = json.loads(text)
            pid = os.fork() if self._is_same(order) else -1
        # Whatever went wrong: the worker starts a fresh kernel, and that tells what keeps it.
        except (EOFError, OSError, ValueError):
            pid = -1
        if pid == 0:
            self._let_go()
            return {**order, "log": log, "line": line}
        if log >= 0:
            os.close(log)
        if pid > 0:
            self.lines[pid] = line
        else:
            line.close()
        return None

    def _is_same(self, order: dict[str, Any]) -> bool:
        """Say whether a fresh kernel would import the same, with the same settings."""
        asked = order["around"]
        fits = 0 < len(asked.get(MARK, "")) <= len(self.around[MARK])
        return fits and _shared(asked) == _shared(self.around) and not _shadows(Path(order["folder"]))

    def _let_go(self) -> None:
        """Close in a fork what belongs to its source."""
        signal.set_wakeup_fd(-1)
        for each in (self.listener, *self.lines.values()):
            each.close()
        os.close(self.heard)
        os.close(self.wake)

    def _tell_who_ended(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while os.read(self.heard, LONGEST):
                pass
        for pid, line in self.lines.items():
            # It stays in the table of processes, so that its number is given to no other before all know.
            ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended:
                code = ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
                with contextlib.suppress(OSError):
                    line.send(f"{code}\n".encode())

    def _end_kernel(self, pid: int) -> None:
        _kill(pid)
        os.waitpid(pid, 0)
        self.lines.pop(pid).close()

    def end(self, *_: object) -> NoReturn:
        """End every kernel and this process, and leave no folder."""
        for pid in self.lines:
            _kill(pid)
        shutil.rmtree(self.folder, ignore_errors=True)
        os._exit(0)


def _more(line: socket.socket) -> bytes:
    part = line.recv(LONGEST)
    if not part:
        raise EOFError
    return part


def _kill(pid: int) -> None:
    # One that was forked just now has no group yet; one that has ended has a group all the same.
    for kill in (os.kill, os.killpg):
        with contextlib.suppress(OSError):
            kill(pid, signal.SIGKILL)


def _shared(around: dict[str, str]) -> dict[str, str]:
    """Leave out what every kernel has for itself, all of it read after it is forked."""
    from ogp_analysis.output.canonical import NOTES

    return {name: value for name, value in around.items() if name not in ("IPYTHONDIR", NOTES, MARK, PARENT)}


def _shadows(folder: Path) -> bool:
    """Say whether a folder holds what Python or matplotlib would read there first of all."""
    names = {path.name.split(".")[0] for path in folder.iterdir() if _is_module(path)}
    loaded = {name.split(".")[0] for name in sys.modules}
    return bool(names & loaded) or (folder / "matplotlibrc").exists()


def _is_module(path: Path) -> bool:
    return path.suffix in (".py", ".pyc", ".so") or (path / "__init__.py").exists()


def prepare() -> dict[str, str]:
    """Import all that is shared; end this process where a first import in a kernel would show more.

    Gives what these imports put into the environment, as they would in a fresh kernel.
    """
    # ipykernel reads it as it is imported: whose end is the end of a kernel.
    os.environ[PARENT] = str(os.getpid())
    os.environ.update([BACKEND, UNWARNED])
    before = dict(os.environ)
    # pandas asks the standard output for its encoding, and that of a kernel has this one.
    stdout = cast(TextIOWrapper, sys.stdout)
    usual = stdout.encoding
    stdout.reconfigure(encoding="UTF-8")
    for name in IMPORTED:
        importlib.import_module(name)
    for name in AT_THE_START:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    # Each notebook says its results in both.
    for language in texts.LANGUAGES:
        texts.catalogue(language)
    stdout.reconfigure(encoding=usual)
    stdout.flush()
    # A warning would be missing in a notebook, and a thread in every fork.
    if os.fstat(1).st_size or len(list(Path("/proc/self/task").iterdir())) > 1:
        sys.exit("kernels cannot be forked here")
    gc.freeze()
    return {name: value for name, value in os.environ.items() if before.get(name) != value}


def become_kernel(
    *,
    words: list[str],
    around: dict[str, str],
    by_imports: dict[str, str],
    folder: str,
    log: int,
    line: socket.socket,
) -> None:
    """Be ``python -m ipykernel_launcher`` in this process, in another environment and folder."""
    os.setsid()
    # As a worker leaves them to what it starts.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    show_mark(around[MARK])
    os.environ.clear()
    os.environ.update({**around, **by_imports, PARENT: str(os.getppid())})
    sys.path = [folder if each == str(Path.cwd()) else each for each in sys.path]
    os.chdir(folder)
    # Nobody writes to the standard input of a kernel.
    nothing, end = os.pipe()
    os.close(end)
    for given, stream in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(given, stream)
    os.close(nothing)
    os.close(log)
    # Python sees to its own.
    sys.modules["numpy"].random.seed()
    with line:
        line.sendall(f"{os.getpid()}\n".encode())
    sys.argv = ["", *words]
    runpy.run_module("ipykernel_launcher", run_name="__main__", alter_sys=True)


def show_mark(mark: str) -> None:
    """Show a mark where the system shows the environment of this process, which is that of its start."""
    getenv = ctypes.CDLL(None).getenv
    getenv.restype = ctypes.c_void_p
    start = getenv(MARK.encode())
    ctypes.memmove(start, mark.encode(), len(mark))


def main() -> None:
    """Serve at the place that is named; in a fork, be a kernel."""
    with socket.socket(fileno=int(sys.argv[1])) as listener:
        kernels = Kernels(listener)
        answers = {signal.SIGTERM: kernels.end, signal.SIGCHLD: lambda *_: None}
        usual = {number: signal.signal(number, answer) for number, answer in answers.items()}
        by_imports = prepare()
        order = kernels.serve()
    for number, answer in usual.items():
        signal.signal(number, answer)
    become_kernel(**order, by_imports=by_imports)


if __name__ == "__main__":
    main()
