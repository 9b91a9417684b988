"""What stands where a run shall go: only what a run of ours wrote may be replaced."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import NoReturn

from ogp_analysis.provenance import is_plain
from ogp_analysis.provenance_crate import DESCRIPTOR, SEAL
from ogp_analysis.run.failed import failed_folder
from ogp_analysis.run.refusal import refuse

RUN = "#run"
# Names that a message gives of many; ours.
SHOWN = 5
# Systems put these into folders that somebody looks at.
TRACES = {".DS_Store", "Thumbs.db", "desktop.ini"}
# ``ogp report`` rebuilds these later, so that the record may lack them.
PAGES = re.compile(r"report(\.[a-z]{2})?\.(html|pdf)|tables(\.[a-z]{2})?\.xlsx")
# Where the record is lost, names are all there is to go by.
WRITTEN = re.compile(
    rf"{PAGES.pattern}|results\.json|{re.escape(DESCRIPTOR)}|\.{re.escape(DESCRIPTOR)}\.part"
    r"|(tables|excel)/[^/]+\.csv|latex/[^/]+\.tex|figures/[^/]+\.svg|notebooks/[^/]+\.ipynb"
    r"|inputs/(params\.yaml|method\.yaml|data/(ratings|proposals|decisions)\.csv)"
)
MARKS = {DESCRIPTOR, "results.json"}


def check_target(target: Path) -> None:
    """Refuse a link or a file where the folder of a run shall be.

    Parameters
    ----------
    target : Path
        Absolute folder of the run; it need not exist.

    Raises
    ------
    RunError
        It, or the folder of its failed notebooks, is a link or no folder.

    Examples
    --------
    >>> import tempfile
    >>> check_target(Path(tempfile.mkdtemp()) / "baseline")
    """
    for folder in (target, failed_folder(target)):
        if folder.is_symlink():
            refuse("run.target_link", folder=str(folder))
        if folder.exists() and not folder.is_dir():
            refuse("run.target_file", folder=str(folder))


def check_inputs(target: Path, inputs: Iterable[Path]) -> None:
    """Refuse a place that holds what the run reads: it would replace its own inputs.

    Parameters
    ----------
    target : Path
        Absolute folder of the run.
    inputs : iterable of Path
        Params files, folder of the notebooks, data and methods.

    Raises
    ------
    RunError
        One of them is the place of the run or lies in it.

    Examples
    --------
    >>> check_inputs(Path("/own/outputs/strict"), [Path("/own/params/strict.yaml")])
    >>> check_inputs(Path("/own/strict"), [Path("/own/strict/strict.yaml")])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    ogp_analysis.errors.RunError: ...strict holds strict.yaml, which the run reads: ...
    """
    for path in inputs:
        for folder in (target, failed_folder(target)):
            if path.resolve().is_relative_to(folder):
                refuse("run.target_holds_inputs", folder=str(folder), file=path.name)


def check_replaceable(target: Path, notebooks: Collection[str]) -> None:
    """Refuse to replace what no run wrote.

    Parameters
    ----------
    target : Path
        Absolute folder of the run; nothing in it is touched.
    notebooks : collection of str
        File names that a failed run may have left beside it.

    Raises
    ------
    RunError
        The folder holds files that its record does not list, or is no run at all; or the folder of failed
        notebooks holds anything else. Some of them are named.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "baseline"
    >>> check_replaceable(target, [])
    >>> target.mkdir()
    >>> _ = (target / "thesis.txt").write_text("the only copy")
    >>> check_replaceable(target, [])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    ogp_analysis.errors.RunError: ...baseline holds what no run wrote (thesis.txt), and ...
    """
    check_target(target)
    found = foreign(target)
    if found:
        _refuse_foreign(target, found)
    failed = failed_folder(target)
    found = [name for name in entries(failed) if name not in notebooks]
    if found:
        _refuse_foreign(failed, found)


def _refuse_foreign(folder: Path, found: list[str]) -> NoReturn:
    shown = ", ".join(found[:SHOWN]) + (", …" if len(found) > SHOWN else "")
    refuse("run.foreign_files", folder=str(folder), files=shown)


def foreign(folder: Path) -> list[str]:
    """List what lies in the folder of a run and was not written by a run.

    Parameters
    ----------
    folder : Path
        Folder of a run, or one that happens to have its name; it need not exist.

    Returns
    -------
    list of str
        Paths relative to the folder. With a record of ours: what it does not list. Without one that can be
        read: whatever has no name of ours; everything, where not even the results are there.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> foreign(folder)
    []
    >>> for name in ("results.json", "notes.txt"):
    ...     _ = (folder / name).write_text("")
    >>> foreign(folder)
    ['notes.txt']
    """
    found = entries(folder)
    recorded = _recorded(folder / DESCRIPTOR)
    if recorded:
        return [name for name in found if name not in recorded and not PAGES.fullmatch(name)]
    if not MARKS & set(found):
        return found
    return [name for name in found if not WRITTEN.fullmatch(name)]


def entries(folder: Path) -> list[str]:
    """List everything below a folder that is no folder, links to folders included.

    Parameters
    ----------
    folder : Path
        It need not exist.

    Returns
    -------
    list of str
        Paths relative to the folder, with forward slashes, sorted; without what systems leave behind.

    Raises
    ------
    OSError
        A folder cannot be read: what it holds might be foreign.
    """
    paths = (path for path in _walk(folder) if path.name not in TRACES) if folder.is_dir() else ()
    return sorted(path.relative_to(folder).as_posix() for path in paths)


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder, onerror=_stop):
        linked = [name for name in folders if Path(place, name).is_symlink()]
        yield from (Path(place, name) for name in (*files, *linked))


def _stop(error: OSError) -> NoReturn:
    raise error


def _recorded(record: Path) -> set[str]:
    """Give the files that a record of ours lists, itself included; empty where it cannot be read."""
    if not is_plain(record):
        return set()
    try:
        entities = {entity["@id"]: entity for entity in json.loads(record.read_bytes())["@graph"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    # Others write RO-Crates too; these entries are ours.
    if not {RUN, SEAL} <= set(entities):
        return set()
    files = {name for name, entity in entities.items() if entity.get("@type") == "File"}
    return {*files, record.name, f".{record.name}.part"}
