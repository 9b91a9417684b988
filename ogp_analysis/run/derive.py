"""Derive a finished run again from what its record holds, and say which files come out differently."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from ogp_analysis import params, provenance, texts
from ogp_analysis.export import plain_text
from ogp_analysis.provenance import Finding
from ogp_analysis.run import gather, place, schedule
from ogp_analysis.run.cells import INSERTED
from ogp_analysis.run.notebook import Job, Outcome, execute
from ogp_analysis.run.recorded import DATA, INPUTS, METHOD, PARAMETERS, data_recorded, shown_names
from ogp_analysis.run.refusal import refuse
from ogp_analysis.run.same_notebook import is_same

NOTEBOOKS = "notebooks/"
SCRATCH = "ogp-derive-"


def derive(folder: Path, *, jobs: int = 0, partly: bool = False) -> list[Finding]:
    """Execute the recorded notebooks with the recorded parameters and inputs, rebuild the reports, compare.

    Parameters
    ----------
    folder : Path
        A finished run; nothing in it is touched.
    jobs : int
        How many processes; 0 for one per core.
    partly : bool
        Also where the record says that something the results depend on is not in it: then a file that comes
        out the same is confirmed, and one that does not may be right all the same.

    Returns
    -------
    list of Finding
        Every table, figure, result, notebook, page and workbook that comes out differently, or no longer, or
        newly.

    Raises
    ------
    RunError
        There is no record, the inputs are not in it, or a notebook does not run.
    """
    entities = provenance.read(folder)
    if not (partly or data_recorded(entities)):
        refuse("run.inputs_not_recorded", folder=folder.name)
    # Read before anything is derived, so that a run that replaces this one meanwhile mixes nothing.
    recorded = recorded_files(folder)
    with scratch_folder() as scratch:
        given = _laid_out(folder, scratch, shown_names(entities))
        work = _jobs(folder, given, scratch)
        cores = min(jobs or schedule.available_cores(), max(len(work), 1))
        with schedule.executor(jobs=cores) as pool:
            outcomes = schedule.complete(pool, execute, work)
            derived = _derived(outcomes, scratch / "derived", given["language"], pool)
    own = {kind for kind in ("data", "method") if "/" in given[kind]}
    return compare_files(recorded, derived, own=bool(own))


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """Open a folder outside every run, which must be as it was whatever the notebooks do.

    Yields
    ------
    Path
        Empty; gone afterwards, and at the next call where this process is killed.
    """
    clear_stale_folders()
    with tempfile.TemporaryDirectory(prefix=f"{SCRATCH}{os.getpid()}-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def clear_stale_folders() -> None:
    """Remove the folders of processes that were killed before they could."""
    place.clear_stale_folders()
    for folder in Path(tempfile.gettempdir()).glob(f"{SCRATCH}*"):
        owner = folder.name.removeprefix(SCRATCH).split("-")[0]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _laid_out(folder: Path, scratch: Path, names: dict[str, str]) -> dict[str, Any]:
    """Copy the recorded inputs to where they have their own names again, which the tables show."""
    given = params.as_dict(params.read(folder / INPUTS / PARAMETERS))
    for kind, copy in (("data", DATA), ("method", METHOD)):
        source = folder / INPUTS / copy
        if given[kind] == copy and source.exists() and not source.is_symlink():
            # One folder deeper: data of one's own that are named "example" are not the packaged ones.
            target = scratch / kind / names.get(kind, copy)
            target.parent.mkdir()
            (_copy_tables if kind == "data" else shutil.copyfile)(source, target)
            given[kind] = f"{kind}/{target.name}"
    return given


def _copy_tables(source: Path, target: Path) -> None:
    """Copy recorded tables as they were read, without what keeps a spreadsheet from running their texts."""
    target.mkdir()
    for path in filter(provenance.is_plain, sorted(source.glob("*.csv"))):
        with path.open(encoding="utf-8", newline="") as file:
            rows = [[plain_text(cell) for cell in row] for row in csv.reader(file)]
        with (target / path.name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)


def _jobs(folder: Path, parameters: dict[str, Any], scratch: Path) -> list[Job]:
    return [
        Job(
            scenario=folder.name,
            name=path.name,
            content=as_committed(path.read_bytes(), name=path.name),
            parameters=parameters,
            # The parameters name the copies of the recorded inputs below it.
            kernel_folder=str(scratch.resolve()),
            scratch=str(scratch),
            cell_timeout=parameters["cell_timeout"],
        )
        for path in filter(provenance.is_plain, sorted((folder / NOTEBOOKS).glob("*.ipynb")))
    ]


def as_committed(content: bytes, *, name: str = "") -> bytes:
    """Take the inserted cells and all outputs out of an executed notebook.

    Parameters
    ----------
    content : bytes
        An executed notebook.
    name : str
        File name for messages.

    Returns
    -------
    bytes
        The notebook as it was before it ran.

    Raises
    ------
    RunError
        It is no notebook.

    Examples
    --------
    >>> inserted = {"cell_type": "code", "metadata": {"tags": ["injected-parameters"]}, "source": ""}
    >>> own = {"cell_type": "code", "metadata": {}, "source": "1", "execution_count": 2, "outputs": [{}]}
    >>> json.loads(as_committed(json.dumps({"cells": [inserted, own]}).encode()))["cells"]
    [{'cell_type': 'code', 'metadata': {}, 'source': '1', 'execution_count': None, 'outputs': []}]
    """
    try:
        notebook = json.loads(content)
        cells = [c for c in notebook["cells"] if not INSERTED & set(c["metadata"].get("tags", []))]
        for cell in cells:
            if cell["cell_type"] == "code":
                cell["execution_count"], cell["outputs"] = None, []
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        refuse("run.not_a_notebook", notebook=name)
    return json.dumps(notebook | {"cells": cells}).encode()


def recorded_files(folder: Path) -> dict[str, bytes]:
    """Read every file of a run that can be derived: all but its inputs and its record.

    Parameters
    ----------
    folder : Path
        A finished run.

    Returns
    -------
    dict of str to bytes
        Content by path relative to the run.
    """
    kept = (name for name in provenance.hashes(folder) if not name.startswith(f"{INPUTS}/"))
    return {name: (folder / name).read_bytes() for name in kept}


def _derived(outcomes: Sequence[Outcome], building: Path, language: str, pool: Executor) -> dict[str, bytes]:
    for outcome in outcomes:
        if outcome.failure:
            values = {name: value for name, value in outcome.failure.items() if name != "key"}
            refuse(
                outcome.failure["key"],
                scenario=outcome.scenario,
                notebook=outcome.name,
                kept="-",
                **values,
            )
    building.mkdir()
    gather.lay_out(building, outcomes)
    # By its name, because the libraries of the reports are for the workers only.
    schedule.complete(pool, partial(_build_form, str(building), language), [*texts.LANGUAGES, "tables"])
    return recorded_files(building)


def _build_form(folder: str, language: str, form: str) -> None:
    from ogp_analysis import report

    report.build_form(folder, form, language=language)


def compare_files(
    recorded: dict[str, bytes], derived: dict[str, bytes], *, own: bool = False
) -> list[Finding]:
    """Compare two sets of files by name and bytes.

    Parameters
    ----------
    recorded, derived : dict of str to bytes
        Content by path relative to the run.
    own : bool
        Whether data or method lay elsewhere when the run was made: its notebooks say where, and how the files
        were read, and are compared in all else.

    Returns
    -------
    list of Finding
        In the order of the paths; empty where all is the same.

    Examples
    --------
    >>> [finding.rule for finding in compare_files({"a": b"1", "b": b""}, {"a": b"2", "c": b""})]
    ['run.derived_differently', 'run.not_derived', 'run.derived_newly']
    """
    found = []
    for name in sorted({*recorded, *derived}):
        if name not in derived:
            found.append(Finding("run.not_derived", name))
        elif name not in recorded:
            found.append(Finding("run.derived_newly", name))
        elif recorded[name] != derived[name]:
            alike = own and name.startswith(NOTEBOOKS) and is_same(recorded[name], derived[name])
            found += [] if alike else [Finding("run.derived_differently", name)]
    return found
