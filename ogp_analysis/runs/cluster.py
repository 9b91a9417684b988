"""A Dask cluster as an executor: its address is checked first, and whether it has a worker is watched."""

from __future__ import annotations

import contextlib
import logging
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ogp_analysis.language import texts
from ogp_analysis.runs.run_errors import refuse

if TYPE_CHECKING:
    from distributed import Client

# Whoever sets up no logging reads its lines on the standard error.
LOG = logging.getLogger(__name__)
# Those of Dask that lead to another process; without one it is tcp. The port has to be said.
ADDRESS = re.compile(r"((tcp|tls|ws|wss|ucx)://)?(\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}")
# Seconds without a worker before that is said; our choice: workers that are being started take no longer.
SAID_AFTER = 5.0
# Seconds without a worker before the work is given up; our choice: in a batch system they may queue so long.
GIVEN_UP_AFTER = 900.0


@contextlib.contextmanager
def connected(address: str, *, language: str = "") -> Iterator[Executor]:
    """Connect to a scheduler, and disconnect whatever happens."""
    if not ADDRESS.fullmatch(address):
        refuse("run.bad_address", address=address)
    try:
        from distributed import Client
    except ImportError:
        refuse("run.no_cluster_extra", address=address)
    # Its own account of a lost connection is pages long; what is said here is one line.
    for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        client = Client(address, timeout=5, set_as_default=False)
    except (OSError, ValueError) as error:
        refuse("run.no_scheduler", address=address, cause=type(error).__name__)
    with client:
        pool = client.get_executor(pure=False)
        pool.watch = Watch(lambda: _workers(client), address, language)
        yield pool


def _workers(client: Client) -> int:
    try:
        return len(client.scheduler_info()["workers"])
    except Exception:  # a lost cluster is told by the work itself, in words of its own
        return 1


@dataclass
class Watch:
    """Says when a cluster has had no worker for a while, and gives up when it has had none for long.

    Parameters
    ----------
    count : callable
        How many workers are connected now.
    address : str
        Of the scheduler.
    language : str
        In which to say it; both languages where it is empty.
    clock : callable
        Seconds from any start, never going back.

    Examples
    --------
    >>> seconds = iter([0.0, SAID_AFTER, GIVEN_UP_AFTER])
    >>> watch = Watch(lambda: 0, "tcp://10.0.0.1:8786", "en", seconds.__next__)
    >>> watch.look(), watch.look()
    (None, None)
    >>> watch.look()
    Traceback (most recent call last):
    ogp_analysis.errors.RunError: no worker was connected to the Dask scheduler at tcp://10.0.0.1:8786 for ...
    """

    count: Callable[[], int]
    address: str
    language: str = ""
    clock: Callable[[], float] = time.monotonic
    since: float | None = None
    warned: bool = False

    def look(self) -> None:
        """Count the workers; where there is none, log a warning once, or give up."""
        if self.count():
            self.since, self.warned = None, False
            return
        now = self.clock()
        self.since = now if self.since is None else self.since
        values = {"address": self.address, "minutes": f"{GIVEN_UP_AFTER / 60:g}"}
        if now - self.since >= GIVEN_UP_AFTER:
            refuse("run.no_worker", **values)
        if now - self.since >= SAID_AFTER and not self.warned:
            self.warned = True
            for language in (self.language,) if self.language else texts.LANGUAGES:
                LOG.warning(texts.say("run.waiting_for_worker", language, **values))
