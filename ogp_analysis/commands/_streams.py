"""The three streams of the command ``ogp``: open, in UTF-8, and nobody's window."""

from __future__ import annotations

import os
import sys


def prepare() -> None:
    """Make this process, and all that it starts, independent of what a machine lacks or sets.

    Examples
    --------
    >>> prepare()
    >>> os.environ["MPLBACKEND"]
    'agg'
    """
    for stream in range(3):
        try:
            os.fstat(stream)
        except OSError:
            # Else the next file that is opened gets the number, and with it what others print.
            os.open(os.devnull, os.O_RDWR)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115
    # No window is ever opened, and a name that matplotlib does not know stops its import.
    os.environ["MPLBACKEND"] = "agg"
    _write_utf8()


def _write_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A pipe on Windows has a code page without → or –, and one missing sign must not end a run.
            stream.reconfigure(encoding="utf-8", errors="replace")
