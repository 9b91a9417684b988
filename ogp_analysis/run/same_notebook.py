"""Whether two executed notebooks say the same: one read the user's files, one their recorded copies."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from typing import Any

from ogp_analysis.review import PATHS, path_name
from ogp_analysis.run.cells import INSERTED, source_of

# The name by which a cell tells how the data were read: not the same of a file and of its recorded copy.
SAID = "said"


def is_same(one: bytes, other: bytes) -> bool:
    r"""Compare two executed notebooks in all but the places of their inputs and how these were read.

    Parameters
    ----------
    one, other : bytes
        As a run writes them.

    Returns
    -------
    bool
        False also where one is no notebook, or not written as a run writes it.

    Examples
    --------
    >>> def executed(data, share):
    ...     tags = {"tags": ["injected-parameters"]}
    ...     inserted = {"source": f"data = {data!r}\nseed = 1", "metadata": tags}
    ...     shown = {"source": "share", "metadata": {}, "outputs": [share]}
    ...     return (json.dumps({"cells": [inserted, shown]}, indent=1) + "\n").encode()
    >>> is_same(executed("../mine.csv", 0.5), executed("data/mine.csv", 0.5))
    True
    >>> is_same(executed("../mine.csv", 0.5), executed("../mine.csv", 0.6))
    False
    """
    try:
        return _comparable(one) == _comparable(other)
    except (ValueError, KeyError, TypeError, AttributeError, SyntaxError, RecursionError):
        return False


def _comparable(content: bytes) -> dict[str, Any]:
    notebook = json.loads(content)
    if (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode() != content:
        message = "not written as a run writes it"
        raise ValueError(message)
    return notebook | {"cells": [_comparable_cell(cell) for cell in notebook["cells"]]}


def _comparable_cell(cell: dict[str, Any]) -> dict[str, Any]:
    if INSERTED & set(cell["metadata"].get("tags", [])):
        return cell | {"source": _without_folders(source_of(cell))}
    if cell.get("cell_type", "code") == "code" and _tells_how_it_was_read(source_of(cell)):
        return cell | {"outputs": []}
    return cell


def hide_paths(notebook: dict[str, Any], parameters: Mapping[str, Any]) -> None:
    """Show data and method in the cell of given parameters by the names that a run publishes, in place.

    Parameters
    ----------
    notebook : dict
        Executed notebook, format 4.
    parameters : mapping
        What it was given.

    Examples
    --------
    >>> tags = {"tags": ["injected-parameters"]}
    >>> notebook = {"cells": [{"metadata": tags, "source": 'data = "ana/Ana.csv"', "outputs": []}]}
    >>> hide_paths(notebook, {"data": "ana/Ana.csv"})
    >>> notebook["cells"][0]["source"]
    'data = "data.csv"'
    """
    for cell in notebook["cells"]:
        if INSERTED & set(cell["metadata"].get("tags", [])):
            lines = source_of(cell).split("\n")
            cell["source"] = "\n".join(_line_of_names(line, parameters) for line in lines)


def _line_of_names(line: str, parameters: Mapping[str, Any]) -> str:
    kind, _, _ = line.partition(" = ")
    given = str(parameters.get(kind, ""))
    name = path_name(given, kind) if kind in PATHS else given
    return line if name == given or kind not in PATHS else f"{kind} = {json.dumps(name, ensure_ascii=False)}"


def _without_folders(source: str) -> str:
    return "\n".join(_without_folder(line) for line in source.split("\n"))


def _without_folder(line: str) -> str:
    kind, _, value = line.partition(" = ")
    if kind not in PATHS:
        return line
    # ValueError where it is no plain value: then the notebook is not as a run writes it.
    return f"{kind} = {path_name(str(ast.literal_eval(value)), kind)}"


def _tells_how_it_was_read(source: str) -> bool:
    try:
        nodes = ast.walk(ast.parse(source))
    except SyntaxError:
        return False
    return any(isinstance(node, ast.Attribute) and node.attr == SAID for node in nodes)
