"""The notebooks of a run that failed: kept for reading beside its place, whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

from ogp_analysis.run.place import FAILED, new_folder


def failed_folder(target: Path) -> Path:
    """Give the folder in which the notebooks of a failed run are kept.

    Parameters
    ----------
    target : Path
        Folder of the run.

    Returns
    -------
    Path
        It need not exist.

    Examples
    --------
    >>> failed_folder(Path("outputs/baseline")).name
    'baseline.failed'
    """
    return target.with_name(target.name + FAILED)


def keep_failed(target: Path, files: dict[str, bytes]) -> Path | None:
    """Keep the notebooks of a failed run for reading.

    Parameters
    ----------
    target : Path
        Folder of the run.
    files : dict of str to bytes
        Content by file name.

    Returns
    -------
    Path or None
        ``<target>.failed``; what an earlier failed run left there is gone. None where the disk refuses: half
        a notebook is worse than none.

    Examples
    --------
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
    """Remove what an earlier failed run left for reading.

    Parameters
    ----------
    target : Path
        Folder of the run; nothing happens where no failed run left anything.
    """
    shutil.rmtree(failed_folder(target), ignore_errors=True)
