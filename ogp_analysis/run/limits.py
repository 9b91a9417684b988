"""What the machine refused: files, memory or disk, named from what a process said before it ended."""

from __future__ import annotations

import re
from typing import Any

# What the system, Python, OpenBLAS and ZeroMQ say when there is no more to be had.
SIGNS = {
    "run.no_more_files": re.compile(r"too many open files|Errno 24\b|EMFILE", re.IGNORECASE),
    "run.no_more_memory": re.compile(
        r"MemoryError|cannot allocate memory|Errno 12\b|out of memory|can't start new thread|bad_alloc"
        r"|blas_thread_init|failed to map segment|allocation failed|resource temporarily unavailable",
        re.IGNORECASE,
    ),
    "run.no_more_disk": re.compile(
        r"no space left|disk quota exceeded|Errno 28\b|file too large", re.IGNORECASE
    ),
}


def exhausted(said: str) -> dict[str, Any]:
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
        if sign.search(said):
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
    try:
        import resource
    except ImportError:  # Windows knows no such limits
        return "-"
    kind = {"run.no_more_files": resource.RLIMIT_NOFILE, "run.no_more_memory": resource.RLIMIT_AS}.get(key)
    soft = resource.getrlimit(kind)[0] if kind is not None else resource.RLIM_INFINITY
    if soft == resource.RLIM_INFINITY:
        return "-"
    return str(soft) if key == "run.no_more_files" else f"{soft // 2**20} MiB"
