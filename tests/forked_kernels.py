"""A plugin for nbval: kernels forked from one process, as those of a run are; a fresh one costs seconds.

Used as ``pytest -p forked_kernels --nbval``, with this folder in PYTHONPATH. Where nothing can be forked, or
the process declines, nbval starts its kernels as it does by itself.
"""

from __future__ import annotations

import contextlib
import os
from typing import IO

import nbval.kernel
import pytest
from jupyter_client.manager import KernelManager

from ogp_analysis.runs import process_settings, warm_kernels
from ogp_analysis.runs.notebook_kernel import Provisioner

ADDRESS = "OGP_FORKED_KERNELS"
# What the workers of the tests have for themselves: no kernel needs it.
OF_WORKERS = ("PYTEST_", ADDRESS, "LINES", "COLUMNS")
KEPT = pytest.StashKey[contextlib.ExitStack]()


def around() -> dict[str, str]:
    """Give the environment of a kernel, which must be that of the process it is forked from."""
    return {name: value for name, value in os.environ.items() if not name.startswith(OF_WORKERS)}


class Manager(KernelManager):
    """Asks for forked kernels."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.provisioner = Provisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)

    def start_kernel(self, *, stderr: IO[str], **options: object) -> None:
        own = {process_settings.MARK: process_settings.new_mark()}
        streams = {"stdout": stderr, "stderr": stderr}
        super().start_kernel(**options, **streams, env=around() | own, source=os.environ.get(ADDRESS, ""))


def pytest_configure(config: pytest.Config) -> None:
    """Start the process once, beside the one that hands out the tests; in its workers, ask it."""
    nbval.kernel.KernelManager = Manager
    if ADDRESS in os.environ:
        return
    config.stash[KEPT] = stack = contextlib.ExitStack()
    os.environ[ADDRESS] = stack.enter_context(warm_kernels.source(2, around()))


def pytest_unconfigure(config: pytest.Config) -> None:
    """End it with all its kernels."""
    if KEPT in config.stash:
        del os.environ[ADDRESS]
        config.stash[KEPT].close()
