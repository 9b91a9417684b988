"""The three streams of the command ``ogp``: open, in UTF-8, nobody's window, and named where they fail."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from typing import Any

from ogp_analysis.language.escaping import Shown
from ogp_analysis.runs.process_settings import ONE_THREAD

STDOUT, STDERR = "<stdout>", "<stderr>"


def prepare() -> None:
    """Make this process, and all that it starts, independent of what a machine lacks or sets.

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
    # Before any library loads that would ask.
    os.environ |= ONE_THREAD
    _write_utf8()


def _write_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A pipe on Windows has a code page without → or –, and one missing sign must not end a run.
            stream.reconfigure(encoding="utf-8", errors="replace")


class Stream(Shown):
    """A stream of this process: an error names it, and one whose reader went away is silent from then on.

    Parameters
    ----------
    stream : text stream
        Where the text goes.
    called : str
        What an error gives as its ``filename``.

    Examples
    --------
    >>> import io
    >>> stream = io.StringIO()
    >>> _ = Stream(stream, STDOUT).write("fine")
    >>> stream.getvalue()
    'fine'
    """

    def __init__(self, stream: Any, called: str) -> None:
        super().__init__(stream)
        self.called, self.gone = called, False
        self.failure: OSError | None = None

    def write(self, text: str) -> int:
        """Write a text, as `Shown` does."""
        self._try(super().write, text)
        return len(text)

    def flush(self) -> None:
        """Hand over what was written."""
        self._try(self.stream.flush)

    def _try(self, act: Callable[..., Any], *text: str) -> None:
        if self.gone:
            return
        try:
            act(*text)
        except BrokenPipeError:
            # As after `| head -1`: what was asked for goes on, and its exit code is the right one.
            self._leave()
        except OSError as error:
            self._leave()
            # There is no other place to say that this one failed.
            if self.called != STDERR:
                error.filename = self.called
                self.failure = error
                raise

    def _leave(self) -> None:
        self.gone = True
        # What is in the buffer still would fail again when the process ends.
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.stream.fileno())
            os.close(nowhere)


def failure() -> OSError | None:
    """Hand over what is still in the buffer, and give the error of a standard output that failed."""
    with contextlib.suppress(OSError):
        sys.stdout.flush()
    return getattr(sys.stdout, "failure", None)


def show(*, on: bool = True) -> None:
    """Let whatever is printed show what would steer the terminal; or print as before.

    >>> show(on=False)
    """
    for name, called in (("stdout", STDOUT), ("stderr", STDERR)):
        stream = getattr(sys, name)
        if on and not isinstance(stream, Stream):
            setattr(sys, name, Stream(stream, called))
        if not on and isinstance(stream, Stream):
            setattr(sys, name, stream.stream)
