"""Files that somebody names: opened only if they are files, read no further than asked, put there whole."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path

from ogp_analysis.errors import OgpError

NONE, BYTES = "none", "bytes"
# What stands in place of a file, and the text that says so.
KINDS = (
    (stat.S_ISDIR, "folder"),
    (stat.S_ISFIFO, "pipe"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISCHR, "device"),
    (stat.S_ISBLK, "device"),
)
CAUSES = {
    errno.ENOENT: NONE,
    errno.ENOTDIR: NONE,
    errno.EACCES: "denied",
    errno.EPERM: "denied",
    errno.EISDIR: "folder",
    errno.ELOOP: "loop",
    errno.ENXIO: "socket",
    errno.ENAMETOOLONG: "long_name",
}


class NotReadError(OgpError):
    """A file that somebody named cannot be read.

    Parameters
    ----------
    why : str
        ``none``, ``denied``, ``loop``, ``long_name``, ``folder``, ``pipe``, ``socket``, ``device``, ``bytes``
        (too large) or ``other``.
    reason : str
        What the system says of it, or the size of the file.

    Examples
    --------
    >>> NotReadError("bytes", "50").why
    'bytes'
    """

    def __init__(self, why: str, reason: str) -> None:
        super().__init__(f"the file cannot be read: {why} ({reason})", why=why, reason=reason)
        self.why = why
        self.reason = reason


def read(path: str | os.PathLike[str], limit: int) -> bytes:
    """Read a file whole, if it is one.

    Parameters
    ----------
    path : path-like
        What somebody named; a link is followed.
    limit : int
        Bytes; a larger file is refused.

    Returns
    -------
    bytes
        Its content.

    Raises
    ------
    NotReadError
        There is none, access is denied, it is no file (a folder, pipe, device, link to itself) or too large.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "notas.csv"
    >>> _ = file.write_bytes(b"id")
    >>> read(file, 10)
    b'id'
    >>> read(file.parent, 10)
    Traceback (most recent call last):
    ogp_analysis.model.given_file.NotReadError: the file cannot be read: folder (folder)
    """
    try:
        # Asked before it is opened: opening some devices already does something, such as rewinding a tape.
        _check(Path(path).stat(), limit)
        # A pipe put in its place meanwhile would wait for a writer for ever; what is open is asked again.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            _check(os.fstat(handle), limit)
            content = file.read(limit + 1)
    except OSError as error:
        raise NotReadError(CAUSES.get(error.errno or 0, "other"), type(error).__name__) from None
    except ValueError:  # a NUL in the name
        raise NotReadError(NONE, "ValueError") from None
    # Some files, as those of /proc, say that they are empty and are not.
    if len(content) > limit:
        raise NotReadError(BYTES, f"> {limit}")
    return content


def is_there(path: str | os.PathLike[str]) -> bool:
    """Say whether anything stands at a path, be it a link that leads nowhere.

    Parameters
    ----------
    path : path-like
        What somebody named.

    Returns
    -------
    bool
        False only where the system says that there is nothing.

    Raises
    ------
    OSError
        It cannot be known, as where a folder on the way may not be entered.

    Examples
    --------
    >>> is_there(os.curdir), is_there("nowhere/own.yaml")
    (True, False)
    """
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _check(state: os.stat_result, limit: int) -> None:
    for is_kind, kind in KINDS:
        if is_kind(state.st_mode):
            raise NotReadError(kind, kind)
    if state.st_size > limit:
        raise NotReadError(BYTES, str(state.st_size))


def put_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there, so that a full disk leaves what was there before.

    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "ñ.xlsx"
    >>> put_whole(place, b"PK")
    >>> [path.name for path in place.parent.iterdir()]
    ['ñ.xlsx']
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError:
        # Where a file stands in place of the folder, there is nothing to take away either.
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
