"""Derive a finished run again from what its record holds, and say which files come out differently."""

from __future__ import annotations

from ogp_analysis.errors import RunError
from ogp_analysis.model.missing_extras import need

need("psutil")

import contextlib
import csv
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

from ogp_analysis.language.texts import LANGUAGES
from ogp_analysis.model import params
from ogp_analysis.model.method_words import in_language
from ogp_analysis.output.canonical import plain_text
from ogp_analysis.runs import (
    executors,
    notebook_file,
    notebook_prose,
    provenance,
    record_entries,
    recorded_inputs,
    run_folder,
    run_results,
    scenario,
    warm_kernels,
)
from ogp_analysis.runs.execute_notebook import Job, Outcome, execute, shared_environment
from ogp_analysis.runs.notebook_file import INSERTED, is_same
from ogp_analysis.runs.provenance import Finding
from ogp_analysis.runs.publish import build_report
from ogp_analysis.runs.recorded_inputs import DATA, INPUTS, METHOD, PARAMETERS, data_recorded, shown_names
from ogp_analysis.runs.ro_crate import DESCRIPTOR, EARLY_RECORDED, KINDS_RECORDED, SEAL, Facts, graph
from ogp_analysis.runs.run_errors import refuse

NOTEBOOKS = "notebooks/"
NOTEBOOK, INPUT_DATA, INPUT_METHOD = "notebook ", "input data ", "input method "
RUN, INSTRUMENT = "#run", "instrument"
COMMIT = re.compile(r"Commit ([0-9a-f]{40}|[0-9a-f]{64}), with (no change|changes) since\.")
# As SHA-256 is written; one digit 64 times over is no hash that anybody has met.
HASH = re.compile(r"(?!(.)\1{63})[0-9a-f]{64}")
# Entries of a record that a message names; our choice.
SHOWN = 5


def contradictions(folder: Path, entities: dict[str, Any]) -> list[Finding]:
    """Compare a record with all that can be computed again without executing anything.

    Parameters
    ----------
    folder : Path
        The run, every byte as recorded.
    entities : dict
        From `ogp_analysis.runs.provenance.read`.

    Returns
    -------
    list of Finding
        Inputs that no run records, hashes that are not those of what lies in the run, times out of order, a
        commit that holds other code, entries that a run with these files, parameters and versions does not
        write. What only another machine can know is no contradiction; see `remarks`.
    """
    findings = [Finding("run.added", name) for name in _strange_inputs(folder)]
    findings += record_entries.other_values(folder, entities)
    checks: dict[str, Callable[..., list[str]]] = {
        "run.record_hashes": _wrong_hashes,
        "run.record_times": _wrong_times,
        "run.record_commit": _wrong_commit,
        "run.record_entries": _wrong_entries,
    }
    for rule, check in checks.items():
        try:
            names = check(folder, entities)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            # An entry that every run has is not there, or is no entry: what it says cannot be compared.
            incomplete = Finding("run.record_lacks", DESCRIPTOR, _entry_of(error))
            findings += [] if incomplete in findings else [incomplete]
            continue
        if names:
            more = ["…"] if len(names) > SHOWN else []
            findings.append(Finding(rule, DESCRIPTOR, ", ".join(names[:SHOWN] + more)))
    return findings


def _entry_of(error: Exception) -> str:
    """Name the entry whose lack was met; that of the run where it has another form than it must have."""
    return str(error.args[0]) if isinstance(error, KeyError) and error.args else RUN


def _strange_inputs(folder: Path) -> list[str]:
    given = recorded_inputs.recorded_parameters(folder) or {}
    allowed = {f"{INPUTS}/{PARAMETERS}"}
    allowed |= {f"{INPUTS}/{METHOD}"} if given.get("method") == METHOD else set()
    allowed |= (
        {f"{INPUTS}/{DATA}/{name}.csv" for name in (*KINDS_RECORDED, *EARLY_RECORDED)}
        if given.get("data") == DATA
        else set()
    )
    return [
        name for name in provenance.hashes(folder) if name.startswith(f"{INPUTS}/") and name not in allowed
    ]


def _wrong_hashes(folder: Path, entities: dict[str, Any]) -> list[str]:
    stated = provenance.contents(entities)
    computed = dict(_computed(folder, entities))
    kinds = ("parameters", NOTEBOOK, INPUT_DATA, INPUT_METHOD)
    wrong = [name for name, value in computed.items() if stated.get(name) != value]
    wrong += [n for n in stated if n.startswith(NOTEBOOK) and n not in computed]
    wrong += [n for n, value in stated.items() if n.startswith(kinds) and not HASH.fullmatch(str(value))]
    given = recorded_inputs.recorded_parameters(folder)
    if given is not None and not recorded_inputs.lacking_inputs(folder):
        # Of the user's own files only the checked copies are kept: their number and form can be judged alone.
        read = [name for name in stated if name.startswith(INPUT_DATA)]
        wrong += read if given["data"] == recorded_inputs.PACKAGED else [] if read else [INPUT_DATA.strip()]
        methods = [name for name in stated if name.startswith(INPUT_METHOD)]
        own = (
            {scenario.digest((folder / INPUTS / METHOD).read_bytes())} if given["method"] == METHOD else set()
        )
        wrong += methods if {stated[name] for name in methods} != own else []
    return sorted(set(wrong))


def _computed(folder: Path, entities: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for path in filter(provenance.is_plain, sorted((folder / NOTEBOOKS).glob("*.ipynb"))):
        yield f"{NOTEBOOK}{path.name}", _source_digest(path)
    given = recorded_inputs.recorded_parameters(folder)
    own = given is not None and (given["data"] == DATA or given["method"] == METHOD)
    # Version 0.1 made the hash over the places of data and method of one's own, which are not recorded.
    if given is not None and not (own and not _code_is_ours(entities)):
        as_recorded = recorded_inputs.parameters_as_written(folder) or {}
        names = recorded_inputs.shown_names(entities, folder)
        yield "parameters", scenario.parameters_digest(as_recorded | names)


def _source_digest(path: Path) -> str:
    try:
        return notebook_file.source_digest(json.loads(path.read_bytes()))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ""


def _wrong_times(folder: Path, entities: dict[str, Any]) -> list[str]:
    started, ended = entities[RUN]["startTime"], entities[RUN]["endTime"]
    try:
        in_order = datetime.fromisoformat(started) <= datetime.fromisoformat(ended)
    except (ValueError, TypeError):
        in_order = False
    return [] if in_order else [f"{started} – {ended}"]


def _code_is_ours(entities: dict[str, Any]) -> bool:
    return provenance.contents(entities).get("code") == scenario.code_digest()


def commit_of(entities: dict[str, Any]) -> tuple[str, bool]:
    """Read the commit that a record names, and whether it says that nothing was changed since."""
    stated = COMMIT.fullmatch(entities[entities[RUN][INSTRUMENT]["@id"]]["description"])
    return (stated[1], stated[2] == "no change") if stated else ("", False)


def _wrong_commit(folder: Path, entities: dict[str, Any]) -> list[str]:
    commit, clean = commit_of(entities)
    # With the same code here, what is in the commit must be what is here.
    differs = clean and _code_is_ours(entities) and scenario.is_code_of(commit) is False
    return [commit] if differs else []


def _wrong_entries(folder: Path, entities: dict[str, Any]) -> list[str]:
    if not _code_is_ours(entities):
        return record_entries.contradictory(entities, provenance.hashes(folder))
    given = recorded_inputs.recorded_parameters(folder)
    stated = recorded_inputs.data_recorded(entities)
    if given is None or stated is None:
        return []
    commit, clean = commit_of(entities)
    run, parameters = entities[RUN], params.read(folder / INPUTS / PARAMETERS)
    facts = Facts(
        name=run["name"].removeprefix("ogp run "),
        parameters=provenance.parameters(entities),
        origins=params.origins(parameters),
        contents=provenance.contents(entities),
        started=run["startTime"],
        ended=run["endTime"],
        commit=commit,
        clean=clean,
        data_recorded=stated,
        planned=bool(parameters.method.plan),
        case=in_language(parameters.method.case.titles, parameters.language),
    )
    expected = {entity["@id"]: entity for entity in graph(facts, provenance.hashes(folder))}
    names = {*expected, *entities} - {SEAL}
    return sorted(name for name in names if expected.get(name) != entities.get(name))


def foreign_notebooks(folder: Path, known: Path | None = None) -> list[str]:
    """List the notebooks of a run that are not those of this installation.

    Parameters
    ----------
    folder : Path
        The run; nothing of it is executed.
    known : Path, optional
        Folder of the notebooks that are trusted; those beside the package where it is not given.

    Returns
    -------
    list of str
        File names; all where this installation has no notebooks beside it.
    """
    beside = known or notebook_file.INSTALLED
    here = {path.name: _source_digest(path) for path in sorted((folder / NOTEBOOKS).glob("*.ipynb"))}
    return [name for name, digest in here.items() if not digest or digest not in _own_digests(beside / name)]


def _own_digests(path: Path) -> set[str]:
    """Hash a notebook of this installation as it is, as methods without a plan run it, in every language."""
    if not path.is_file():
        return set()
    digests = {_source_digest(path)}
    try:
        content = path.read_bytes()
        own = [notebook_file.for_own_method(content, tags) for tags in notebook_file.OF_OWN_METHODS]
        kinds = [one for one in (content, *own) if one]
        worded = [notebook_prose.in_language(one, language) for one in kinds for language in LANGUAGES]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, RunError):
        return digests
    return digests | {notebook_file.source_digest(json.loads(one)) for one in worded}


def remarks(entities: dict[str, Any]) -> list[tuple[str, dict[str, str]]]:
    """Say what is not the same here as where the run was made; none of it is wrong.

    Parameters
    ----------
    entities : dict
        From `ogp_analysis.runs.provenance.read`.

    Returns
    -------
    list of (str, dict)
        Key of the text that words it, and its values.
    """
    differences = []
    others = recorded_inputs.other_versions(entities)
    if others:
        differences.append(("cli.verify.other_versions", {"names": ", ".join(others)}))
    if not _code_is_ours(entities):
        differences.append(("cli.verify.words_of_another", {}))
    try:
        commit, _ = commit_of(entities)
    except (KeyError, TypeError):
        commit = ""
    if commit and scenario.is_code_of(commit) is None:
        differences.append(("cli.verify.unknown_commit", {"commit": commit[:12]}))
    return differences


SCRATCH = "ogp-derive-"


def derive_again(folder: Path, *, jobs: int = 0, partly: bool = False) -> list[Finding]:
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
    recorded_bytes = recorded_files(folder)
    with scratch_folder() as scratch:
        names = shown_names(entities, folder)
        given = _laid_out(folder, scratch, names)
        work = _jobs(folder, given, scratch, names)
        cores = min(jobs or executors.available_cores(), max(len(work), 1))
        with executors.executor(jobs=cores) as pool:
            with warm_kernels.source(len(work), shared_environment(scratch)) as source:
                forked = [replace(job, source=source) for job in work]
                outcomes = executors.complete(pool, execute, forked, size=Job.size)
            derived = _derived(outcomes, scratch / "derived", given["language"], pool)
    own = {kind for kind in ("data", "method") if "/" in given[kind]}
    return compare_files(recorded_bytes, derived, own=bool(own))


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """Open a folder outside every run, which must be as it was whatever the notebooks do."""
    clear_stale_folders()
    with tempfile.TemporaryDirectory(prefix=f"{SCRATCH}{os.getpid()}-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def clear_stale_folders() -> None:
    """Remove the folders of processes that were killed before they could."""
    run_folder.clear_stale_folders()
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


def _jobs(folder: Path, parameters: dict[str, Any], scratch: Path, names: dict[str, str]) -> list[Job]:
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
            shown=names,
        )
        for path in filter(provenance.is_plain, sorted((folder / NOTEBOOKS).glob("*.ipynb")))
    ]


def as_committed(content: bytes, *, name: str = "") -> bytes:
    """Take the inserted cells and all outputs out of an executed notebook.

    >>> inserted = {"cell_type": "code", "metadata": {"tags": ["injected-parameters"]}, "source": ""}
    >>> own = {"cell_type": "code", "metadata": {}, "source": "1", "execution_count": 2, "outputs": [{}]}
    >>> json.loads(as_committed(json.dumps({"cells": [inserted, own]}).encode()))["cells"]
    [{'cell_type': 'code', 'metadata': {}, 'source': '1', 'execution_count': None, 'outputs': []}]
    """
    try:
        notebook = json.loads(content)
        notebook_file = [c for c in notebook["cells"] if not INSERTED & set(c["metadata"].get("tags", []))]
        for cell in notebook_file:
            if cell["cell_type"] == "code":
                cell["execution_count"], cell["outputs"] = None, []
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        refuse("run.not_a_notebook", notebook=name)
    return json.dumps(notebook | {"cells": notebook_file}).encode()


def recorded_files(folder: Path) -> dict[str, bytes]:
    """Read every file of a run that can be derived: all but its inputs and its record."""
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
    run_results.lay_out(building, outcomes)
    build_report(building, language, pool)
    return recorded_files(building)


def compare_files(
    recorded_bytes: dict[str, bytes], derived: dict[str, bytes], *, own: bool = False
) -> list[Finding]:
    """Compare two sets of files by name and bytes.

    >>> [finding.rule for finding in compare_files({"a": b"1", "b": b""}, {"a": b"2", "c": b""})]
    ['run.derived_differently', 'run.not_derived', 'run.derived_newly']
    """
    findings = []
    for name in sorted({*recorded_bytes, *derived}):
        if name not in derived:
            findings.append(Finding("run.not_derived", name))
        elif name not in recorded_bytes:
            findings.append(Finding("run.derived_newly", name))
        elif recorded_bytes[name] != derived[name]:
            alike = own and name.startswith(NOTEBOOKS) and is_same(recorded_bytes[name], derived[name])
            findings += [] if alike else [Finding("run.derived_differently", name)]
    return findings
