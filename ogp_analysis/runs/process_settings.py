"""What surrounds a kernel and other processes: threads, caches, sockets, processes left behind."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

MARK = "OGP_STARTED_BY"
# Characters of a mark at most: a number of a process and two random words, with what joins them.
ROOM_FOR_A_MARK = 48
# In which jupyter_client tells a kernel whose end is its own.
PARENT = "JPY_PARENT_PID"
# Of this process alone: a number of a process is given again to another one day.
OWN = f"{os.getpid()}-{secrets.token_hex(8)}"


def new_mark() -> str:
    """Make the mark of one kernel; whatever it starts inherits the mark in its environment.

    >>> new_mark().startswith(OWN), new_mark() == new_mark()
    (True, False)
    """
    return f"{OWN}-{secrets.token_hex(8)}"


def end_marked(mark: str = OWN) -> None:
    """End every process whose mark begins so; one that took the mark out of its environment is not found."""
    import psutil

    marked = []
    for process in psutil.process_iter():
        # Those of others may not be asked, and some are gone by now.
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.environ().get(MARK, "").startswith(mark):
                process.kill()
                marked.append(process)
    psutil.wait_procs(marked, timeout=5)


CONFIGURATION = "MPLCONFIGDIR"
# A socket has a name of at most 103 bytes on every system; our folder and file need so many of them.
LONGEST, OF_A_SOCKET = 103, len("/ogp-kernel-4194304-abcdefgh/k-ipc-5")
SHORT = ("/tmp", "/var/tmp")


def matplotlib_settings(scratch: Path) -> dict[str, str]:
    """Give kernels and workers a matplotlib that can write, with no settings of the reader's.

    >>> matplotlib_settings(Path("scratch"))["MATPLOTLIBRC"]
    ''
    """
    own = {"MATPLOTLIBRC": "", "MPLBACKEND": ""}
    places = _matplotlib_folders()
    if places and all(_is_usable(folder) for folder in places):
        return own
    return own | {CONFIGURATION: str(scratch / "matplotlib")}


def settle_matplotlib(scratch: Path) -> None:
    """Give this process, before it draws, what `matplotlib_settings` gives a kernel, and no window."""
    for name, value in (matplotlib_settings(scratch) | {"MPLBACKEND": "agg"}).items():
        os.environ.pop(name, None)
        os.environ |= {name: value} if value else {}


@contextlib.contextmanager
def drawing() -> Iterator[None]:
    """Draw in this process as a worker of a run does, with a folder of its own that goes afterwards."""
    with tempfile.TemporaryDirectory(prefix="ogp-drawing-", ignore_cleanup_errors=True) as scratch:
        settle_matplotlib(Path(scratch))
        yield


def _matplotlib_folders() -> list[Path]:
    given = os.environ.get(CONFIGURATION)
    if given:
        return [Path(given)]
    try:
        home = Path.home()
    except RuntimeError:
        return []
    named = {"XDG_CONFIG_HOME": ".config", "XDG_CACHE_HOME": ".cache"}
    return [Path(os.environ.get(name) or home / usual) / "matplotlib" for name, usual in named.items()]


def _is_usable(folder: Path) -> bool:
    try:
        # As matplotlib itself does, which would complain in the notebook.
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK) and not (folder / "matplotlibrc").exists()


def socket_folders() -> list[Path]:
    """List the folders in which a kernel's sockets may lie, the usual one for temporary files first."""
    asked = dict.fromkeys([tempfile.gettempdir(), *SHORT])
    short = [Path(name) for name in asked if len(os.fsencode(name)) + OF_A_SOCKET <= LONGEST]
    usual = Path(tempfile.gettempdir())
    # One that is gone is told as the disk's refusal: only a name that is too long leads elsewhere.
    return [each for each in short if each == usual or (each.is_dir() and os.access(each, os.W_OK))]


# Sums on several threads may differ in their last bits; as many kernels and workers as there are cores share
# them already; and each thread takes memory while the libraries load, which OpenBLAS waits for without end.
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)

# Bytes. The GNU C library gives every large array back to the system and asks for the next,
# whose pages it has to get again one by one: a third of the time of simulations. Others read no such names.
KEPT_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(2**25), "MALLOC_TRIM_THRESHOLD_": str(2**26)}
FOR_COMPUTING = ONE_THREAD | KEPT_MEMORY


@contextlib.contextmanager
def for_computing() -> Iterator[None]:
    """Have every process that is started meanwhile compute on one thread and keep the memory it has.

    >>> with for_computing():
    ...     os.environ["OPENBLAS_NUM_THREADS"]
    '1'
    """
    before = {name: os.environ.get(name) for name in FOR_COMPUTING}
    os.environ |= FOR_COMPUTING
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            os.environ |= {name: value} if value is not None else {}
