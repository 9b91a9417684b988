"""The folder of a run: held by one run at a time, built beside its target, put in place whole."""

from __future__ import annotations

from ogp_analysis.model.missing_extras import need

need("psutil")

import contextlib
import errno
import json
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import IO, Any, NoReturn

import psutil

from ogp_analysis.errors import RunError
from ogp_analysis.runs.process_settings import socket_folders
from ogp_analysis.runs.provenance import is_plain, is_trace
from ogp_analysis.runs.ro_crate import DESCRIPTOR, EARLY_RECORDED, KINDS_RECORDED, SEAL
from ogp_analysis.runs.run_errors import refuse
from ogp_analysis.runs.signals import deferred


def failed_folder(target: Path) -> Path:
    """Give the folder in which the notebooks of a failed run are kept.

    >>> failed_folder(Path("outputs/baseline")).name
    'baseline.failed'
    """
    return target.with_name(target.name + FAILED)


def keep_failed(target: Path, files: dict[str, bytes]) -> Path | None:
    """Keep the notebooks of a failed run for reading.

    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "baseline"
    >>> keep_failed(target, {"03_categories.ipynb": b"{}"}).name
    'baseline.failed'
    >>> forget_failed(target)
    """
    folder = failed_folder(target)
    beside: Path | None = None
    try:
        beside = new_folder(target)
        for name, content in files.items():
            (beside / name).write_bytes(content)
        forget_failed(target)
        beside.rename(folder)
    except OSError:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)
        return None
    return folder


def forget_failed(target: Path) -> None:
    """Remove what an earlier failed run left for reading."""
    shutil.rmtree(failed_folder(target), ignore_errors=True)


RUN = "#run"
# Names that a message gives of many; our choice.
SHOWN = 5
# ``ogp report`` rebuilds these later, so that the record may lack them.
PAGES = re.compile(
    r"report(\.[a-z]{2})?\.(html|pdf)|(tables|annex)(\.[a-z]{2})?\.xlsx|proposals(\.[a-z]{2})?\.html"
)
# Where the record is lost, names are all there is to go by.
WRITTEN_BY_RUNS = re.compile(
    rf"{PAGES.pattern}|results\.json|{re.escape(DESCRIPTOR)}|\.{re.escape(DESCRIPTOR)}\.part"
    r"|(tables|excel)/[^/]+\.csv|latex/[^/]+\.tex|figures/[^/]+\.svg|notebooks/[^/]+\.ipynb"
    rf"|inputs/(params\.yaml|method\.yaml|data/({'|'.join((*KINDS_RECORDED, *EARLY_RECORDED))})\.csv)"
)
MARKS = {DESCRIPTOR, "results.json"}


def check_target(target: Path) -> None:
    """Refuse a link or a file where the folder of a run shall be.

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
    others = foreign(target)
    if others:
        _refuse_foreign(target, others)
    failed = failed_folder(target)
    others = [name for name in entries(failed) if name not in notebooks]
    if others:
        _refuse_foreign(failed, others)


def _refuse_foreign(folder: Path, others: list[str]) -> NoReturn:
    shown = ", ".join(others[:SHOWN]) + (", …" if len(others) > SHOWN else "")
    refuse("run.foreign_files", folder=str(folder), files=shown)


def foreign(folder: Path) -> list[str]:
    """List what lies in the folder of a run and was not written by a run.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> foreign(folder)
    []
    >>> for name in ("results.json", "notes.txt"):
    ...     _ = (folder / name).write_text("")
    >>> foreign(folder)
    ['notes.txt']
    """
    names = entries(folder)
    listed = _files_listed(folder / DESCRIPTOR)
    if listed:
        return [name for name in names if name not in listed and not PAGES.fullmatch(name)]
    if not MARKS & set(names):
        return names
    return [name for name in names if not WRITTEN_BY_RUNS.fullmatch(name)]


def entries(folder: Path) -> list[str]:
    """List everything below a folder that is no folder, links to folders included."""
    paths = (path for path in _walk(folder) if not is_trace(path.name)) if folder.is_dir() else ()
    return sorted(path.relative_to(folder).as_posix() for path in paths)


def _walk(folder: Path) -> Iterator[Path]:
    for below, folders, files in os.walk(folder, onerror=_stop):
        linked = [name for name in folders if Path(below, name).is_symlink()]
        yield from (Path(below, name) for name in (*files, *linked))


def _stop(error: OSError) -> NoReturn:
    raise error


def _files_listed(record: Path) -> set[str]:
    """Give the files that a record of a run lists, itself included; empty where it cannot be read."""
    if not is_plain(record):
        return set()
    try:
        entities = {entity["@id"]: entity for entity in json.loads(record.read_bytes())["@graph"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    # Others write RO-Crates too; these entries are what a run writes.
    if not {RUN, SEAL} <= set(entities):
        return set()
    files = {name for name, entity in entities.items() if entity.get("@type") == "File"}
    return {*files, record.name, f".{record.name}.part"}


BUILDING, REPLACED, LOCK = ".building-", ".replaced-", ".lock-"
# A lock holds one number; the length is our choice.
LOCK_SIZE = 100
FAILED = ".failed"
KERNEL_FOLDER = "ogp-kernel-"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.-]{0,79}")
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def check_name(name: str) -> str:
    """Refuse a scenario name that is no plain folder name on every system.

    Parameters
    ----------
    name : str
        Of a scenario.

    Returns
    -------
    str
        The same name.

    Raises
    ------
    RunError
        The name holds braces, dots that climb, separators, or is reserved on Windows.

    Examples
    --------
    >>> check_name("cuts 2.4")
    'cuts 2.4'
    >>> check_name("../elsewhere")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    ogp_analysis.errors.RunError: ...
    """
    plain = NAME.fullmatch(name) and not RESERVED.fullmatch(name) and not name.endswith((".", " "))
    if not plain or ".." in name or name.endswith(FAILED):
        refuse("run.bad_name", name=name)
    return name


def check_folder(folder: Path) -> Path:
    """Refuse an output folder that climbs or holds braces, and return it absolute.

    >>> check_folder(Path("outputs")).is_absolute()
    True
    """
    if ".." in folder.parts or any(set("{}") & set(part) for part in folder.parts):
        refuse("run.bad_folder", folder=str(folder))
    return folder.resolve()


@contextlib.contextmanager
def held(target: Path) -> Iterator[Path]:
    """Hold the place of a run and clear what killed runs left there.

    >>> target = Path(tempfile.mkdtemp()) / "baseline"
    >>> with held(target) as building:
    ...     building.parent == target.parent, building.is_dir()
    (True, True)
    >>> building.exists()
    False
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with _locked(target):
        _recover(target)
        building = new_folder(target)
        try:
            yield building
        finally:
            shutil.rmtree(building, ignore_errors=True)


def restore(outputs: Path) -> None:
    """Put back the runs that a killed process had set aside, and clear everything else that it left.

    >>> outputs = Path(tempfile.mkdtemp())
    >>> for name in (".replaced-strict-abcd1234", ".building-strict-abcd1234"):
    ...     (outputs / name).mkdir()
    >>> restore(outputs)
    >>> [path.name for path in outputs.iterdir()]
    ['strict']
    """
    for name in sorted(_names_left(outputs)):
        with contextlib.suppress(RunError, OSError), _locked(outputs / name):
            _recover(outputs / name)
    clear_stale_folders()


def _names_left(outputs: Path) -> set[str]:
    """Name the runs of which something is left that only a process at work may have there."""
    names = set()
    for path in outputs.iterdir() if outputs.is_dir() else ():
        set_aside = re.fullmatch(rf"({BUILDING}|{REPLACED})({NAME.pattern})-\w{{8}}", path.name)
        lock = re.fullmatch(rf"{LOCK}({NAME.pattern})", path.name)
        if set_aside and path.is_dir():
            names.add(set_aside[2])
        if lock and path.is_file() and path.stat().st_size <= LOCK_SIZE:
            names.add(lock[1])
    return names


def set_aside(target: Path) -> bool:
    """Say whether a run was caught between the two moves that replace it, its former results set aside.

    Parameters
    ----------
    target : Path
        Absolute folder of the run.

    Returns
    -------
    bool
        False where the run is there.
    """
    return not target.exists() and target.parent.is_dir() and bool(_leftovers(target, REPLACED))


def clear_stale_folders(*, own: bool = False) -> None:
    """Remove the socket folders of processes that were killed before they could."""
    for folder in (each for parent in socket_folders() for each in parent.glob(f"{KERNEL_FOLDER}*")):
        owner = folder.name.removeprefix(KERNEL_FOLDER).split("-")[0]
        gone = owner.isdigit() and not psutil.pid_exists(int(owner))
        if gone or (own and owner == str(os.getpid())):
            shutil.rmtree(folder, ignore_errors=True)


def new_folder(target: Path) -> Path:
    """Make an empty folder beside the place of a run, under a name that `restore` clears."""
    folder = Path(tempfile.mkdtemp(prefix=f"{BUILDING}{target.name}-", dir=target.parent))
    # mkdtemp makes a folder for its owner alone; a finished run is as readable as any other.
    folder.chmod(0o777 & ~_umask())
    return folder


def _umask() -> int:
    # The mask can only be read by setting it.
    current = os.umask(0o022)
    os.umask(current)
    return current


def _recover(target: Path) -> None:
    for path in sorted(_leftovers(target, REPLACED)):
        # Killed between the two moves of `publish`: the previous run is put back, or cleared where the new
        # one is.
        if target.exists():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.rename(target)
    for path in _leftovers(target, BUILDING):
        shutil.rmtree(path, ignore_errors=True)


def _leftovers(target: Path, kind: str) -> list[Path]:
    # mkdtemp adds eight characters; "a" must not clear what belongs to "a-b".
    return [
        path
        for path in target.parent.iterdir()
        if re.fullmatch(rf"{re.escape(kind + target.name)}-\w{{8}}", path.name)
    ]


def put_in_place(building: Path, target: Path) -> None:
    """Move a finished folder into place, whole; the previous one goes only then.

    >>> place = Path(tempfile.mkdtemp())
    >>> building, target = place / "new", place / "baseline"
    >>> building.mkdir()
    >>> put_in_place(building, target)
    >>> [path.name for path in place.iterdir()]
    ['baseline']
    """
    previous = Path(tempfile.mkdtemp(prefix=f"{REPLACED}{target.name}-", dir=target.parent))
    # mkdtemp for a name that nobody has; a folder can only be moved to where none is.
    previous.rmdir()
    # Between the two moves there is no run at all: a Ctrl-C waits.
    with deferred():
        try:
            if target.exists():
                target.rename(previous)
            building.rename(target)
        except BaseException as error:
            if previous.exists() and not target.exists():
                previous.rename(target)
            if isinstance(error, OSError):
                refuse("run.cannot_replace", folder=target.name, cause=error.strerror or str(error))
            raise
        shutil.rmtree(previous, ignore_errors=True)


@contextlib.contextmanager
def _locked(target: Path) -> Iterator[None]:
    path = target.with_name(f"{LOCK}{target.name}")
    file = _lock(path, target)
    # The number is for the message of whoever comes next; a full disk must not stop a run that needs nothing.
    with contextlib.suppress(OSError):
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid()}))
        file.flush()
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            # While it is still held, so that nobody locks a file that is about to go.
            path.unlink()
        with contextlib.suppress(OSError):
            file.close()
        with contextlib.suppress(OSError):
            # Windows removes no file that is open; there, one that somebody else has opened by now stays.
            if os.name == "nt":
                path.unlink()


def _lock(path: Path, target: Path) -> IO[str]:
    # The system frees the lock when its process dies, however it dies, so a stale file holds nobody up.
    while True:
        file = _opened(path)
        if not _try_lock(file):
            holder = _holder(path)
            file.close()
            refuse("run.locked", folder=target.name, pid=holder.get("pid", "?"))
        # Between our opening and our locking it, the last holder may have removed it: then the lock is on
        # nothing.
        if _same_file(file, path):
            return file
        file.close()


def _opened(path: Path) -> IO[str]:
    """Open a lock for writing; what is no lock of a run is neither followed nor written into."""
    # Not waiting for a pipe, and not through a link; Windows knows neither.
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    if path.is_symlink():
        refuse("run.lock_foreign", file=str(path))
    try:
        number = os.open(path, flags, 0o666)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EISDIR, errno.ENXIO):
            refuse("run.lock_foreign", file=str(path))
        raise
    state = os.fstat(number)
    if not stat.S_ISREG(state.st_mode) or state.st_nlink > 1 or state.st_size > LOCK_SIZE:
        os.close(number)
        refuse("run.lock_foreign", file=str(path))
    return os.fdopen(number, "a+", encoding="utf-8")


def _same_file(file: IO[str], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _holder(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _try_lock(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            # A byte far behind the text, so that others can read who holds the place.
            file.seek(2**20)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
