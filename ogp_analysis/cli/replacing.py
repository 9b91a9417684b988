"""A file that a verb is asked to write in place of another: only one that it may have written itself."""

from __future__ import annotations

from pathlib import Path

from ogp_analysis.runs.run_errors import refuse

# Our choice: longer than the header of any table of a sweep with a few parameters.
HEAD = 4000


def check_replaceable(path: Path, mark: bytes) -> None:
    r"""Refuse to replace a file that does not begin as the one that is to be put there.

    Parameters
    ----------
    path : Path
        Where something is to be written.
    mark : bytes
        What stands near the beginning of what the verb writes, in any case.

    Raises
    ------
    RunError
        A file is there, is not empty, and was written by others, such as the ratings themselves.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "out.csv"
    >>> _ = file.write_bytes(b"proposal,rating\n")
    >>> check_replaceable(file, b"rating"), check_replaceable(file.with_name("new.csv"), b"rating")
    (None, None)
    >>> check_replaceable(file, b"same_as")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ogp_analysis.errors.RunError: ...out.csv is there and was not written by this command; ...
    """
    if not path.is_file():
        return
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.strip() and mark not in head.lower():
        refuse("export.of_others", path=str(path))
