"""One thread for the sums of every process: the same last bits everywhere, and none waits for another."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

# Sums on several threads may differ in their last bits; as many kernels and workers as there are cores share
# them already; and each thread takes memory while the libraries load, which OpenBLAS waits for without end.
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Have every process that is started meanwhile compute on one thread, as libraries ask when they load.

    >>> with one_thread():
    ...     os.environ["OPENBLAS_NUM_THREADS"]
    '1'
    """
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ |= ONE_THREAD
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            os.environ |= {name: value} if value is not None else {}
