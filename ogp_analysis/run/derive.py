"""Derive a finished run again from what its record holds, and say which files come out differently."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ogp_analysis import params, provenance
from ogp_analysis.provenance import Finding
from ogp_analysis.run import gather, schedule
from ogp_analysis.run.cells import INSERTED
from ogp_analysis.run.notebook import Job, Outcome, execute
from ogp_analysis.run.refusal import refuse

INPUTS, PARAMETERS = "inputs", "params.yaml"
# What the notebooks write; pages, workbooks and LaTeX are made from these and nothing else.
DERIVED = ("tables/", "figures/", gather.RESULTS)


def derive(folder: Path, *, jobs: int = 0) -> list[Finding]:
    """Execute the recorded notebooks with the recorded parameters and inputs, and compare what they write.

    Parameters
    ----------
    folder : Path
        A finished run; nothing in it is touched.
    jobs : int
        How many processes; 0 for one per core.

    Returns
    -------
    list of Finding
        Every table, figure and result that comes out differently, or no longer, or newly.

    Raises
    ------
    RunError
        There is no record, the inputs are not in it, or a notebook does not run.
    """
    entities = provenance.read(folder)
    if not entities["#data-recorded"]["value"]:
        refuse("run.inputs_not_recorded", folder=folder.name)
    # Written outside the run, which must be as it was whatever the notebooks do.
    with tempfile.TemporaryDirectory(prefix="ogp-derive-") as scratch:
        given = params.as_dict(params.read(folder / INPUTS / PARAMETERS))
        work = _jobs(folder, given, scratch)
        with schedule.executor(jobs=min(jobs or schedule.available_cores(), len(work))) as pool:
            outcomes = schedule.complete(pool, execute, work)
    return compare_files(_recorded(folder), _derived(outcomes))


def _jobs(folder: Path, parameters: dict[str, Any], scratch: str) -> list[Job]:
    return [
        Job(
            scenario=folder.name,
            name=path.name,
            content=as_committed(path.read_bytes()),
            parameters=parameters,
            # The recorded parameters name the recorded inputs beside them.
            kernel_folder=str(folder.resolve() / INPUTS),
            scratch=scratch,
            cell_timeout=parameters["cell_timeout"],
        )
        for path in sorted((folder / "notebooks").glob("*.ipynb"))
    ]


def as_committed(content: bytes) -> bytes:
    """Take the inserted cells and all outputs out of an executed notebook.

    Parameters
    ----------
    content : bytes
        An executed notebook.

    Returns
    -------
    bytes
        The notebook as it was before it ran.

    Examples
    --------
    >>> inserted = {"cell_type": "code", "metadata": {"tags": ["injected-parameters"]}, "source": ""}
    >>> own = {"cell_type": "code", "metadata": {}, "source": "1", "execution_count": 2, "outputs": [{}]}
    >>> json.loads(as_committed(json.dumps({"cells": [inserted, own]}).encode()))["cells"]
    [{'cell_type': 'code', 'metadata': {}, 'source': '1', 'execution_count': None, 'outputs': []}]
    """
    notebook = json.loads(content)
    cells = [c for c in notebook["cells"] if not INSERTED & set(c["metadata"].get("tags", []))]
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["execution_count"], cell["outputs"] = None, []
    return json.dumps(notebook | {"cells": cells}).encode()


def _recorded(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: path.read_bytes() for name, path in named.items() if name.startswith(DERIVED)}


def _derived(outcomes: Sequence[Outcome]) -> dict[str, bytes]:
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
    return {name: body for name, body in gather.laid_out(outcomes).items() if name.startswith(DERIVED)}


def compare_files(recorded: dict[str, bytes], derived: dict[str, bytes]) -> list[Finding]:
    """Compare two sets of files by name and bytes.

    Parameters
    ----------
    recorded, derived : dict of str to bytes
        Content by path relative to the run.

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
            found.append(Finding("run.derived_differently", name))
    return found
