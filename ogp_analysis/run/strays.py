"""Processes that a notebook leaves behind, detached from its kernel: found by a mark, and ended."""

from __future__ import annotations

import contextlib
import os
import secrets

MARK = "OGP_STARTED_BY"
# Of this process alone: a number of a process is given again to another one day.
OWN = f"{os.getpid()}-{secrets.token_hex(8)}"


def new_mark() -> str:
    """Make the mark of one kernel; whatever it starts inherits the mark in its environment.

    Returns
    -------
    str
        Nobody else's.

    Examples
    --------
    >>> new_mark().startswith(OWN), new_mark() == new_mark()
    (True, False)
    """
    return f"{OWN}-{secrets.token_hex(8)}"


def end_marked(mark: str = OWN) -> None:
    """End every process whose mark begins so; one that took the mark out of its environment is not found.

    Parameters
    ----------
    mark : str
        From `new_mark`; every kernel of this process by default.
    """
    import psutil

    found = []
    for process in psutil.process_iter():
        # Those of others may not be asked, and some are gone by now.
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.environ().get(MARK, "").startswith(mark):
                process.kill()
                found.append(process)
    psutil.wait_procs(found, timeout=5)
