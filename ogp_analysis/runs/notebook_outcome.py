"""What an executed notebook left: judged by what is in it, and its files examined.

papermill notes every cell of a killed kernel as completed, and reports success after ``sys.exit(0)``. What
counts here: every code cell ran, in order, none shows an error, and every promised file is there.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import re
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from ogp_analysis.runs.notebook_file import INSERTED, code_of
from ogp_analysis.runs.ro_crate import DESCRIPTOR


def cause_of_failure(notebook: dict[str, Any]) -> dict[str, Any]:
    """Find the first cell that shows that the notebook did not run to its end.

    >>> cell = {"cell_type": "code", "metadata": {}, "source": "1", "outputs": [], "execution_count": None}
    >>> cause_of_failure({"cells": [cell]})
    {'key': 'run.cell_not_executed', 'cell': 1, 'cause': 'None'}
    >>> cause_of_failure({"cells": [cell | {"execution_count": 1}]})
    {}
    """
    for expected, (position, cell) in enumerate(code_of(notebook), start=1):
        for output in cell.get("outputs", []):
            if output["output_type"] == "error":
                cause = f"{output['ename']}: {output['evalue']}".strip().rstrip(":")
                return {"key": "run.cell_failed", "cell": position, "cause": cause}
        if cell.get("execution_count") != expected:
            return {
                "key": "run.cell_not_executed",
                "cell": position,
                "cause": str(cell.get("execution_count")),
            }
    return {}


def missing_outputs(promised: Collection[str], names: Collection[str]) -> list[str]:
    """List the promised files that were not written; a figure may come once per language, and narrow.

    >>> missing_outputs(["tables/a.csv", "figures/b"], ["figures/b.en.narrow.svg", "figures/b.es.svg"])
    ['tables/a.csv']
    """
    stems = {FORM_OF_A_FIGURE.sub("", name) for name in names}
    return [name for name in promised if name not in names and name not in stems]


def strip_traces(notebook: dict[str, Any], *, folders: dict[str, str]) -> None:
    """Take the machine's paths and papermill's claims out of an executed notebook, in place.

    >>> cell = {"metadata": {"papermill": {"duration": 1.5}}, "source": "open('/data/x/a.csv')"}
    >>> notebook = {"metadata": {"papermill": {}}, "cells": [cell]}
    >>> strip_traces(notebook, folders={"/data/x": "."})
    >>> notebook
    {'metadata': {}, 'cells': [{'metadata': {}, 'source': "open('./a.csv')"}]}
    """
    notebook["metadata"].pop("papermill", None)
    for number, cell in enumerate(notebook["cells"]):
        for claim in ("papermill", "execution"):
            cell["metadata"].pop(claim, None)
        if INSERTED & set(cell["metadata"].get("tags", [])):
            cell["id"] = f"inserted-{number}"  # papermill draws it at random
        # A folder in another one first: what is left of its name would be published.
        _replace(cell, dict(sorted(folders.items(), key=lambda named: -len(named[0]))))


def hide_names(notebook: dict[str, Any], names: Mapping[str, str]) -> None:
    """Show files of the user in what cells gave out by the names that a run publishes, in place.

    >>> cell = {"source": "print(data)", "outputs": [{"text": "no file ../ana/Ana.csv"}]}
    >>> hide_names({"cells": [cell]}, {"../ana/Ana.csv": "data/data.csv"})
    >>> cell
    {'source': 'print(data)', 'outputs': [{'text': 'no file data/data.csv'}]}
    """
    for cell in notebook["cells"]:
        _replace(cell.get("outputs", []), dict(sorted(names.items(), key=lambda named: -len(named[0]))))


def _replace(node: Any, folders: dict[str, str]) -> Any:
    if isinstance(node, str):
        for folder, name in folders.items():
            # A folder of Windows also stands in outputs with doubled backslashes, or with its accents
            # escaped.
            for spelling in (folder, repr(folder)[1:-1], folder.encode("unicode_escape").decode()):
                node = node.replace(spelling, name)
    elif isinstance(node, dict):
        node.update({key: _replace(value, folders) for key, value in node.items()})
    elif isinstance(node, list):
        node[:] = [_replace(value, folders) for value in node]
    return node


# What the run writes itself, and folders that a file would stand in the way of.
RESERVED = re.compile(
    rf"{re.escape(DESCRIPTOR)}|results\.json|(report|tables)\.[^/]+|tables|figures|results"
    r"|(inputs|notebooks|excel|latex)(/.*)?"
)
FORM_OF_A_FIGURE = re.compile(r"(\.(en|es))?(\.narrow)?\.svg$")
SVG = re.compile(r"(\{http://www\.w3\.org/2000/svg\})?svg")


def flaw(files: Mapping[str, bytes], saved: Mapping[str, str]) -> dict[str, Any]:
    r"""Find the first kind of flaw in what a notebook left.

    >>> flaw({"tables/a.csv": b"n\n1\n"}, {}), flaw({"tables/a.csv": b"n,m\n1\n"}, {})["key"]
    ({}, 'run.output_ragged')
    """
    reserved = [name for name in files if RESERVED.fullmatch(name) or not name.isprintable()]
    if reserved:
        return _of_files("run.output_reserved", reserved)
    for name, body in files.items():
        fault = _examiner(name)(body)
        if fault:
            return {"cell": 0, "file": name, **fault}
    changed = [name for name, digest in saved.items() if _digest(files.get(name)) != digest]
    return _of_files("run.output_changed", changed) if changed else {}


def _of_files(key: str, names: list[str]) -> dict[str, Any]:
    return {"key": key, "cell": 0, "file": ", ".join(ascii(name)[1:-1] for name in names)}


def _digest(body: bytes | None) -> str:
    return "" if body is None else hashlib.sha256(body).hexdigest()


def read_notes(notes: Path, folder: Path) -> dict[str, str]:
    """Read what ``output.save`` noted of the files that it wrote."""
    saved = {}
    for line in notes.read_text(encoding="utf-8").splitlines() if notes.is_file() else ():
        digest, _, path = line.partition(" ")
        if Path(path).is_relative_to(folder.resolve()):
            saved[Path(path).relative_to(folder.resolve()).as_posix()] = digest
    return saved


def _examiner(name: str) -> Callable[[bytes], dict[str, Any]]:
    if name.startswith("tables/") and name.endswith(".csv"):
        return _table_flaw
    if name.startswith("figures/") and name.endswith(".svg"):
        return _figure_flaw
    return _results_flaw if name.startswith("results/") else lambda _: {}


def _table_flaw(body: bytes) -> dict[str, Any]:
    try:
        rows = list(csv.reader(io.StringIO(body.decode(), newline=""), strict=True))
    except UnicodeDecodeError:
        return {"key": "run.output_not_text"}
    except csv.Error as error:
        return {"key": "run.output_not_csv", "cause": str(error)}
    header = rows[0] if rows else []
    if not any(header):
        return {"key": "run.output_no_header"}
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            return {"key": "run.output_ragged", "row": number, "cells": len(row), "header": len(header)}
    return {}


def _figure_flaw(body: bytes) -> dict[str, Any]:
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        return {"key": "run.output_not_svg", "cause": str(error)}
    return {} if SVG.fullmatch(root.tag) else {"key": "run.output_not_svg", "cause": f"<{root.tag}>"}


def _results_flaw(body: bytes) -> dict[str, Any]:
    try:
        cause = _results_cause(json.loads(body.decode()))
    except (ValueError, RecursionError) as error:
        cause = type(error).__name__ if isinstance(error, RecursionError) else str(error)
    return {"key": "run.output_not_results", "cause": cause} if cause else {}


def _results_cause(results: Any) -> str:
    if not isinstance(results, dict):
        return type(results).__name__
    values = list(results.values())
    while values:
        value = values.pop()
        if isinstance(value, float) and not math.isfinite(value):
            return str(value)
        values += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return ""
