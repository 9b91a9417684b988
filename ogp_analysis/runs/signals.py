"""Ctrl-C and a polite end: what may not be cut in two is finished first, and what was finished is told."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator, Sequence

# Ctrl-C, a polite end, and a terminal that is closed, which Windows does not know.
STOPS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Stopped(KeyboardInterrupt):
    """A run was stopped, some of its scenarios perhaps after they were in place.

    Parameters
    ----------
    finished : sequence of str
        Names of the scenarios whose new results are in place.

    Examples
    --------
    >>> Stopped(["strict"]).finished
    ('strict',)
    """

    def __init__(self, finished: Sequence[str]) -> None:
        super().__init__()
        self.finished = tuple(finished)


def listen() -> None:
    """Answer a polite end (as by a batch system) and a closed terminal as Ctrl-C, which cleans up.

    What the process was told to ignore, as ``nohup`` does, it goes on to ignore.
    """
    for number in STOPS[1:]:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _interrupt)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


@contextlib.contextmanager
def deferred() -> Iterator[None]:
    """Hear Ctrl-C and a polite end only after what stands inside.

    >>> done = []
    >>> try:
    ...     with deferred():
    ...         signal.raise_signal(signal.SIGINT)
    ...         done.append("finished")
    ... except KeyboardInterrupt:
    ...     done.append("stopped")
    >>> done
    ['finished', 'stopped']
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {number: signal.signal(number, lambda number, _: came.append(number)) for number in STOPS}
    try:
        yield
    finally:
        for number, handler in before.items():
            # None stands for a handler that was not set from Python, which cannot be set again.
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        if came:
            signal.raise_signal(came[0])


@contextlib.contextmanager
def masked() -> Iterator[None]:
    """Start processes that do not hear Ctrl-C until they unmask it themselves."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def unmask() -> None:
    """Hear Ctrl-C again in a process that was started `masked`: its own children inherit the mask too."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
