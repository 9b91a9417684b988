"""Kernels forked from one process that has imported what notebooks import: a fresh one needs seconds."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from ogp_analysis.runs.process_settings import CONFIGURATION, MARK, ROOM_FOR_A_MARK, socket_folders
from ogp_analysis.runs.run_folder import KERNEL_FOLDER

ADDRESS, SPOKEN = "orders", "spoken.txt"
# Seconds to wait for the first kernel, while the process is still importing; our choice, as papermill waits.
PATIENCE = 60
# Bytes of what is heard: the number of a process, a code.
HEARD = 100


@contextlib.contextmanager
def source(kernels: int, around: dict[str, str]) -> Iterator[str]:
    """Start the process that kernels are forked from, and end it with all of them.

    Parameters
    ----------
    kernels : int
        How many will be asked for: for a single one, no process is started.
    around : dict
        The environment of a kernel, without what each has for itself.

    Yields
    ------
    str
        Its address; empty where kernels are to start anew.
    """
    # Where matplotlib has no folder to write in, each worker and its kernels have one of their own.
    alike = around.get(CONFIGURATION) == os.environ.get(CONFIGURATION)
    folder = _own_folder() if kernels > 1 and alike and sys.platform == "linux" else None
    process = _started(folder, around) if folder else None
    try:
        yield str(folder / ADDRESS) if folder and process else ""
    finally:
        if process:
            # It ends by itself when its standard input is closed: also if this process is killed.
            with process:
                process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(10)
                process.kill()
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


def _own_folder() -> Path | None:
    short = socket_folders()
    try:
        prefix = f"{KERNEL_FOLDER}{os.getpid()}-"
        return Path(tempfile.mkdtemp(prefix=prefix, dir=short[0])) if short else None
    # Kernels that start anew meet the same, and tell it.
    except OSError:
        return None


def _started(folder: Path, around: dict[str, str]) -> subprocess.Popen[bytes] | None:
    try:
        with socket.socket(socket.AF_UNIX) as listener, (folder / SPOKEN).open("wb") as spoken:
            listener.bind(str(folder / ADDRESS))
            # Those who ask before it has imported everything wait.
            listener.listen()
            return subprocess.Popen(
                [sys.executable, "-m", "ogp_analysis.runs.kernel_forks", str(listener.fileno())],
                cwd=folder,
                env={**around, MARK: "-" * ROOM_FOR_A_MARK},
                stdin=subprocess.PIPE,
                stdout=spoken,
                stderr=spoken,
                pass_fds=[listener.fileno()],
                # Ctrl-C and a closed terminal are for whoever started this.
                start_new_session=True,
            )
    except OSError:
        return None


class Forked:
    """What jupyter_client asks of a `subprocess.Popen`, for a process that is no child of this one.

    Parameters
    ----------
    source : str
        Address of the process to fork.
    command : list of str
        The command that would start a fresh one; the first three words are "python -m ipykernel_launcher".
    env : dict
        Its environment.
    cwd : str
        Where it starts.
    stdout : file
        Gets all that it says besides its messages.
    """

    stdin = stdout = stderr = None

    def __init__(
        self,
        source: str,
        command: list[str],
        *,
        env: dict[str, str],
        cwd: str,
        stdout: IO[bytes],
        **_: object,
    ) -> None:
        order = {"words": command[3:], "around": env, "folder": cwd}
        self.returncode: int | None = None
        self.line = socket.socket(socket.AF_UNIX)
        try:
            self.line.settimeout(PATIENCE)
            self.line.connect(source)
            socket.send_fds(self.line, [json.dumps(order).encode() + b"\n"], [stdout.fileno()])
            number, self.rest = self.line.recv(HEARD).split(b"\n")[:2]
            self.pid = int(number)
            self.line.setblocking(False)
        except BaseException:
            self.line.close()
            raise

    def poll(self) -> int | None:
        """Say with what code it ended, None while it runs."""
        if self.returncode is None:
            try:
                heard = self.rest or self.line.recv(HEARD)
            except BlockingIOError:
                return None
            # Nothing: its source is gone, and it goes with it.
            self.returncode = int(heard.split(b"\n")[0] or -signal.SIGKILL)
        return self.returncode

    def wait(self) -> int | None:
        """Let it go; jupyter_client does so only when it ended."""
        code = self.poll()
        self.line.close()
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal; until it is let go its number is given to no other."""
        os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)
