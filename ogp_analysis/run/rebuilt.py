"""What of a record can be computed again from the files of its run, and what another machine alone knows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import ogp_analysis
from ogp_analysis import params, provenance
from ogp_analysis.provenance import Finding
from ogp_analysis.provenance_crate import DESCRIPTOR, SEAL, Facts, graph
from ogp_analysis.run import cells, recorded, scenario
from ogp_analysis.run.recorded import DATA, INPUTS, METHOD, PARAMETERS

NOTEBOOKS = "notebooks/"
NOTEBOOK, INPUT_DATA, INPUT_METHOD = "notebook ", "input data ", "input method "
TABLES = ("ratings", "proposals", "decisions")
RUN, INSTRUMENT = "#run", "instrument"
COMMIT = re.compile(r"Commit ([0-9a-f]{40}|[0-9a-f]{64}), with (no change|changes) since\.")
# As SHA-256 is written; one digit 64 times over is no hash that anybody has met.
HASH = re.compile(r"(?!(.)\1{63})[0-9a-f]{64}")
# Entries of a record that a message names; ours.
SHOWN = 5


def contradictions(folder: Path, entities: dict[str, Any]) -> list[Finding]:
    """Compare a record with all that can be computed again without executing anything.

    Parameters
    ----------
    folder : Path
        The run, every byte as recorded.
    entities : dict
        From `ogp_analysis.provenance.read`.

    Returns
    -------
    list of Finding
        Inputs that no run records, hashes that are not those of what lies in the run, times out of order, a
        commit that holds other code, entries that a run with these files, parameters and versions does not
        write. What only another machine can know is no contradiction; see `remarks`.
    """
    found = [Finding("run.added", name) for name in _strange_inputs(folder)]
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
            names = [str(error)]
        if names:
            more = ["…"] if len(names) > SHOWN else []
            found.append(Finding(rule, DESCRIPTOR, ", ".join(names[:SHOWN] + more)))
    return found


def _strange_inputs(folder: Path) -> list[str]:
    given = recorded.recorded_parameters(folder) or {}
    allowed = {f"{INPUTS}/{PARAMETERS}"}
    allowed |= {f"{INPUTS}/{METHOD}"} if given.get("method") == METHOD else set()
    allowed |= {f"{INPUTS}/{DATA}/{name}.csv" for name in TABLES} if given.get("data") == DATA else set()
    return [
        name for name in provenance.hashes(folder) if name.startswith(f"{INPUTS}/") and name not in allowed
    ]


def _wrong_hashes(folder: Path, entities: dict[str, Any]) -> list[str]:
    stated = provenance.contents(entities)
    computed = dict(_computed(folder))
    kinds = ("parameters", NOTEBOOK, INPUT_DATA, INPUT_METHOD)
    wrong = [name for name, value in computed.items() if stated.get(name) != value]
    wrong += [n for n in stated if n.startswith(NOTEBOOK) and n not in computed]
    wrong += [n for n, value in stated.items() if n.startswith(kinds) and not HASH.fullmatch(str(value))]
    given = recorded.recorded_parameters(folder)
    if given is not None and not recorded.lacking_inputs(folder):
        # Of the user's own files only the checked copies are kept: their number and form can be judged alone.
        read = [name for name in stated if name.startswith(INPUT_DATA)]
        wrong += read if given["data"] == recorded.PACKAGED else [] if read else [INPUT_DATA.strip()]
        methods = [name for name in stated if name.startswith(INPUT_METHOD)]
        own = (
            {scenario.digest((folder / INPUTS / METHOD).read_bytes())} if given["method"] == METHOD else set()
        )
        wrong += methods if {stated[name] for name in methods} != own else []
    return sorted(set(wrong))


def _computed(folder: Path) -> Iterator[tuple[str, str]]:
    for path in filter(provenance.is_plain, sorted((folder / NOTEBOOKS).glob("*.ipynb"))):
        yield f"{NOTEBOOK}{path.name}", _source_digest(path)
    given = recorded.recorded_parameters(folder)
    # With data or a method of one's own the hash was made over their places, which are not recorded.
    if given is not None and given["data"] != DATA and given["method"] != METHOD:
        yield "parameters", scenario.parameters_digest(given)


def _source_digest(path: Path) -> str:
    try:
        return cells.source_digest(json.loads(path.read_bytes()))
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
    """Read the commit that a record names, and whether it says that nothing was changed since.

    Parameters
    ----------
    entities : dict
        From `ogp_analysis.provenance.read`.

    Returns
    -------
    commit : str
        Empty where the record names none.
    clean : bool
        Whether the code was as in the commit.
    """
    said = COMMIT.fullmatch(entities[entities[RUN][INSTRUMENT]["@id"]]["description"])
    return (said[1], said[2] == "no change") if said else ("", False)


def _wrong_commit(folder: Path, entities: dict[str, Any]) -> list[str]:
    commit, clean = commit_of(entities)
    # With the same code here, what is in the commit must be what is here.
    differs = clean and _code_is_ours(entities) and scenario.is_code_of(commit) is False
    return [commit] if differs else []


def _wrong_entries(folder: Path, entities: dict[str, Any]) -> list[str]:
    # Another version may describe a run in other words; that the code is another is remarked.
    if not _code_is_ours(entities):
        return []
    given = recorded.recorded_parameters(folder)
    stated = recorded.data_recorded(entities)
    if given is None or stated is None:
        return []
    commit, clean = commit_of(entities)
    run = entities[RUN]
    facts = Facts(
        name=run["name"].removeprefix("ogp run "),
        parameters=provenance.parameters(entities),
        origins=params.origins(params.read(folder / INPUTS / PARAMETERS)),
        contents=provenance.contents(entities),
        started=run["startTime"],
        ended=run["endTime"],
        commit=commit,
        clean=clean,
        data_recorded=stated,
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
    beside = known or Path(ogp_analysis.__file__).resolve().parents[1] / "notebooks"
    ours = {path.name: _source_digest(path) for path in beside.glob("*.ipynb")}
    here = {path.name: _source_digest(path) for path in sorted((folder / NOTEBOOKS).glob("*.ipynb"))}
    return [name for name, digest in here.items() if not digest or ours.get(name) != digest]


def remarks(entities: dict[str, Any]) -> list[tuple[str, dict[str, str]]]:
    """Say what is not the same here as where the run was made; none of it is wrong.

    Parameters
    ----------
    entities : dict
        From `ogp_analysis.provenance.read`.

    Returns
    -------
    list of (str, dict)
        Key of the text that words it, and its values.
    """
    found = []
    others = recorded.other_versions(entities)
    if others:
        found.append(("cli.verify.other_versions", {"names": ", ".join(others)}))
    try:
        commit, _ = commit_of(entities)
    except (KeyError, TypeError):
        commit = ""
    if commit and scenario.is_code_of(commit) is None:
        found.append(("cli.verify.unknown_commit", {"commit": commit[:12]}))
    return found
