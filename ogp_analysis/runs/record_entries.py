"""Hold the entries of a record against each other and the run: what no version says in another way.

The words of a record (descriptions, origins of parameters, titles) are those of the version that made it.
Which files, parameters, hashes, versions and times it names, and where each is named again, is not.
"""

from __future__ import annotations

import ast
import csv
import json
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from ogp_analysis.model.records import Method
from ogp_analysis.output.canonical import plain_text
from ogp_analysis.report.parameters_and_gaps import value_text
from ogp_analysis.runs import provenance, recorded_inputs
from ogp_analysis.runs.notebook_file import INSERTED, source_of
from ogp_analysis.runs.provenance import Finding
from ogp_analysis.runs.recorded_inputs import INPUTS, LIBRARY
from ogp_analysis.runs.ro_crate import (
    CONTENT_PREFIX,
    DATA_RECORDED,
    DESCRIPTOR,
    FORMATS,
    PARAMETER_PREFIX,
    SEAL,
)

ROOT, RUN, SOFTWARE = "./", "#run", "SoftwareApplication"
OUR_PACKAGE = f"{LIBRARY}ogp-analysis"
PARAMETERS_TABLE = "tables/parameters.csv"
# Nothing points to them, and whoever reads a record asks for them by these names.
ASKED_FOR = (DESCRIPTOR, DATA_RECORDED, SEAL)
# A version may not know an ending that another one knows.
ANY_FORMAT = "application/octet-stream"


def contradictory(entities: dict[str, Any], files: Collection[str]) -> list[str]:
    """Name the entries that do not fit the others or the files of the run, whichever version wrote them.

    >>> facts = {"@type": "File", "name": "b.csv", "encodingFormat": "text/csv"}
    >>> run = {"object": [], "result": {"@id": "a.csv"}, "endTime": "2019", "instrument": {"@id": "/"}}
    >>> root = {"hasPart": {"@id": "a.csv"}, "datePublished": "2019", "mentions": {"@id": "#run"}}
    >>> about = {"about": {"@id": "./"}}
    >>> record = {DESCRIPTOR: about, "./": root, "#run": run, "/": {"version": "unknown"}, "a.csv": facts}
    >>> contradictory(record, ["a.csv"])
    ['a.csv']
    """
    pairs = [*_lists(entities, files), *_kinds(entities, files), *_versions(entities)]
    wrong = {name for name, stated, expected in pairs if stated != expected}
    return sorted(wrong | _pointed_to_by_nothing(entities))


def _lists(entities: dict[str, Any], files: Collection[str]) -> Iterator[tuple[str, Any, Any]]:
    root, run = entities[ROOT], entities[RUN]
    settings = {name for name in entities if name.startswith((PARAMETER_PREFIX, CONTENT_PREFIX))}
    inputs = {name for name in files if name.startswith(f"{INPUTS}/")}
    yield ROOT, _names_in(root.get("hasPart")), set(files)
    yield ROOT, root.get("datePublished"), run.get("endTime")
    yield RUN, _names_in(run.get("object")), inputs | settings
    yield RUN, _names_in(run.get("result")), set(files) - inputs


def _names_in(value: Any) -> set[str]:
    """Give the names that an entry points to, however deep.

    >>> sorted(_names_in({"hasPart": [{"@id": "a"}, {"@id": "b"}], "about": {"@id": "c"}, "@id": "d"}))
    ['a', 'b', 'c', 'd']
    """
    if isinstance(value, list):
        return {name for part in value for name in _names_in(part)}
    if not isinstance(value, dict):
        return set()
    own = {value["@id"]} if isinstance(value.get("@id"), str) else set()
    return own | {name for key, part in value.items() if key != "@id" for name in _names_in(part)}


def _kinds(entities: dict[str, Any], files: Collection[str]) -> Iterator[tuple[str, Any, Any]]:
    for name in files:
        stated = entities.get(name, {}).get("encodingFormat")
        yield name, entities.get(name, {}).get("name"), PurePosixPath(name).name
        yield name, stated, stated if stated == ANY_FORMAT else FORMATS.get(PurePosixPath(name).suffix)
    for prefix in (PARAMETER_PREFIX, CONTENT_PREFIX):
        for name in (name for name in entities if name.startswith(prefix)):
            yield name, prefix + str(entities[name].get("name")).replace(" ", "/"), name


def _versions(entities: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    contents = provenance.contents(entities)
    code = entities[RUN]["instrument"]["@id"]
    yield code, code.rpartition("/")[2], contents.get("code", "")
    yield code, entities[code].get("version"), contents.get(OUR_PACKAGE, "unknown")
    others = {name: one for name, one in entities.items() if one.get("@type") == SOFTWARE and name != code}
    for name, one in others.items():
        yield name, one.get("version"), contents.get(f"{LIBRARY}{one.get('name')}")
    named = {f"{LIBRARY}{one.get('name')}" for one in others.values()}
    for name in contents:
        if name.startswith(LIBRARY) and name != OUR_PACKAGE:
            yield CONTENT_PREFIX + name.replace(" ", "/"), name in named, True


def _pointed_to_by_nothing(entities: dict[str, Any]) -> set[str]:
    pointed = {to for name, one in entities.items() for to in _names_in(one) if to != name}
    return set(entities) - pointed - {*ASKED_FOR}


def other_values(folder: Path, entities: dict[str, Any]) -> list[Finding]:
    """Compare the recorded parameters with those that executed notebooks and the table of parameters show.

    Parameters
    ----------
    folder : Path
        The run; nothing is executed.
    entities : dict
        From `ogp_analysis.runs.provenance.read`.

    Returns
    -------
    list of Finding
        One for each notebook, and for the table, with the parameters that have another value there.
    """
    given = recorded_inputs.parameters_as_written(folder)
    if given is None:
        return []
    given = given | recorded_inputs.shown_names(entities, folder)
    paths = filter(provenance.is_plain, sorted((folder / "notebooks").glob("*.ipynb")))
    shown = {f"notebooks/{path.name}": _differing_in_cells(path, given) for path in paths}
    method = recorded_inputs.recorded_method(folder)
    shown[PARAMETERS_TABLE] = _differing_in_table(folder / PARAMETERS_TABLE, given, method)
    return [Finding("run.other_parameters", name, ", ".join(names)) for name, names in shown.items() if names]


def _differing_in_cells(path: Path, given: dict[str, Any]) -> list[str]:
    """Name the parameters that the inserted cell of an executed notebook sets to another value."""
    try:
        cells = json.loads(path.read_bytes())["cells"]
        inserted = [source_of(cell) for cell in cells if INSERTED & set(cell["metadata"].get("tags", []))]
        lines = [line for source in inserted for line in ast.parse(source).body]
    except (ValueError, KeyError, TypeError, AttributeError, SyntaxError, RecursionError):
        # What is no notebook has another source than the recorded hash says, and is named by that.
        return []
    values = dict(pair for line in lines for pair in _assigned(line))
    values = {name: value for name, value in values.items() if name in given and name != "output_dir"}
    return sorted(name for name, value in values.items() if _text(value) != _text(given[name]))


def _assigned(line: ast.stmt) -> Iterator[tuple[str, Any]]:
    if isinstance(line, ast.Assign) and len(line.targets) == 1 and isinstance(line.targets[0], ast.Name):
        try:
            yield line.targets[0].id, ast.literal_eval(line.value)
        except (ValueError, TypeError, RecursionError):
            # Such as float("inf"), which is no plain value: nothing to compare with.
            return


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _differing_in_table(path: Path, given: dict[str, Any], method: Method | None) -> list[str]:
    if not provenance.is_plain(path):
        return []
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = set()
    for row in rows:
        name, item = row.get("parameter") or "", row.get("item") or ""
        value = given.get(name)
        value = value.get(item) if item and isinstance(value, dict) else value
        if name in given and plain_text(row.get("value") or "") != value_text(name, value, method):
            wrong.add(name)
    return sorted(wrong)
