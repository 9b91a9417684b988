"""What the machine refused: files, memory or disk, named from what a process said before it ended."""

from __future__ import annotations

import re
from typing import Any

FILES, MEMORY = "run.no_more_files", "run.no_more_memory"
# Bytes; measured: with less OpenBLAS ends the process, whose exit code then means something else.
LEAST_MEMORY = 160 * 2**20
# Open files; measured: with fewer than 64 a kernel cannot always open its channels, and says anything.
LEAST_FILES = 128
# What the system, Python, OpenBLAS and ZeroMQ say when there is no more to be had.
SIGNS = {
    FILES: re.compile(r"too many open files|Errno 24\b|EMFILE", re.IGNORECASE),
    MEMORY: re.compile(
        r"MemoryError|cannot allocate memory|Errno 12\b|out of memory|can't start new thread|bad_alloc"
        r"|blas_thread_init|failed to map segment|allocation failed|resource temporarily unavailable",
        re.IGNORECASE,
    ),
    "run.no_more_disk": re.compile(
        r"no space left|disk quota exceeded|Errno 28\b|file too large", re.IGNORECASE
    ),
}


def exhausted(message: str) -> dict[str, Any]:
    """Find which limit of the machine was reached.

    Parameters
    ----------
    said : str
        What a process or an error said.

    Returns
    -------
    dict
        Empty where it tells of none; else ``key`` of the text that words it, and the ``limit`` in force.

    Examples
    --------
    >>> exhausted("OSError: [Errno 24] Too many open files")["key"], exhausted("ValueError: no such column")
    ('run.no_more_files', {})
    """
    for key, sign in SIGNS.items():
        if sign.search(message):
            return {"key": key, "limit": limit_of(key)}
    return {}


def limit_of(key: str) -> str:
    """Give the limit of this process for what a key names.

    Parameters
    ----------
    key : str
        One of ``SIGNS``.

    Returns
    -------
    str
        A number with its unit; ``"-"`` where there is none.

    Examples
    --------
    >>> limit_of("run.no_more_disk")
    '-'
    """
    soft = _soft(key)
    if soft is None:
        return "-"
    return f"{soft // 2**20} MiB" if key == MEMORY else str(soft)


def is_hopeless() -> bool:
    """Say whether memory is limited to so little that the libraries end the process while they load.

    Returns
    -------
    bool
        With a little more than that they say what they lack.

    Examples
    --------
    >>> is_hopeless()
    False
    """
    soft = _soft(MEMORY)
    return soft is not None and soft < LEAST_MEMORY


def few_files() -> bool:
    """Say whether so few files may be open that a kernel can fail in ways which name no file."""
    soft = _soft(FILES)
    return soft is not None and soft < LEAST_FILES


def _soft(key: str) -> int | None:
    try:
        import resource
    except ImportError:  # Windows knows no such limits
        return None
    kind = {FILES: resource.RLIMIT_NOFILE, MEMORY: resource.RLIMIT_AS}.get(key)
    soft = resource.getrlimit(kind)[0] if kind is not None else resource.RLIM_INFINITY
    return None if soft == resource.RLIM_INFINITY else soft
