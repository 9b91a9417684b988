"""Judge an executed notebook by what is in it; papermill's own record is no evidence.

papermill notes every cell of a killed kernel as completed, and reports success after ``sys.exit(0)``. What
counts here: every code cell ran, in order, none shows an error, and every promised file is there.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ogp_analysis.run.cells import INSERTED, code_of


def cause_of_failure(notebook: dict[str, Any]) -> dict[str, Any]:
    """Find the first cell that shows that the notebook did not run to its end.

    Parameters
    ----------
    notebook : dict
        Executed notebook, format 4.

    Returns
    -------
    dict
        Empty when all is well; else ``key`` of the text that words it, ``cell`` (from 1) and ``cause``.

    Examples
    --------
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


def missing_outputs(promised: Collection[str], written: Collection[str]) -> list[str]:
    """List the promised files that were not written; a figure may come once per language.

    Parameters
    ----------
    promised : collection of str
        From `ogp_analysis.run.cells.promised_outputs`.
    written : collection of str
        Paths of what was written.

    Returns
    -------
    list of str
        In the order of the promises.

    Examples
    --------
    >>> missing_outputs(["tables/a.csv", "figures/b"], ["figures/b.en.svg", "figures/b.es.svg"])
    ['tables/a.csv']
    """
    stems = {name.removesuffix(".svg").removesuffix(".en").removesuffix(".es") for name in written}
    return [name for name in promised if name not in written and name not in stems]


def strip_traces(notebook: dict[str, Any], *, folders: dict[str, str]) -> None:
    """Take the machine's paths and papermill's claims out of an executed notebook, in place.

    Parameters
    ----------
    notebook : dict
        Executed notebook; its papermill metadata is replaced by nothing, its cells keep theirs without times.
    folders : dict of str to str
        What stands for each absolute folder that the notebook may mention.

    Examples
    --------
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
        _replace(cell, folders)


def _replace(node: Any, folders: dict[str, str]) -> Any:
    if isinstance(node, str):
        for folder, name in folders.items():
            # A folder of Windows also stands in outputs with doubled backslashes, or with its accents
            # escaped.
            for written in (folder, repr(folder)[1:-1], folder.encode("unicode_escape").decode()):
                node = node.replace(written, name)
    elif isinstance(node, dict):
        node.update({key: _replace(value, folders) for key, value in node.items()})
    elif isinstance(node, list):
        node[:] = [_replace(value, folders) for value in node]
    return node
