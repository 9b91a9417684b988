"""Names that papermill put into a running notebook; it assigns them whether a cell knows them or not."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

# Papermill's first line of the cell it injects; the notebooks' own parameters cell begins otherwise.
FIRST_LINE = "# Parameters"
# What papermill itself injects when it is asked for the paths of the notebook.
OF_PAPERMILL = "PAPERMILL_"
# Under this name IPython keeps the source of every cell that was executed, in the notebook's own namespace.
HISTORY = "In"


def injected_names(namespace: Mapping[str, Any]) -> tuple[str, ...]:
    r"""Name what papermill's cell of parameters assigned in a notebook.

    Parameters
    ----------
    namespace : mapping
        Of the notebook: ``locals()`` in one of its cells.

    Returns
    -------
    tuple of str
        In the order of the cell; empty where papermill injected none, and outside IPython. The last such cell
        counts: who mends it in Jupyter and executes it again has mended it. A cell that does more than assign
        is the user's own.

    Examples
    --------
    >>> injected_names({"In": ["", "x = 1", "# Parameters\ntoleranse = 0.5\nseed = 2\n"]})
    ('toleranse', 'seed')
    >>> injected_names({"In": ["", "# Parameters: the baseline\nmine = 1"], "mine": 1})
    ()
    """
    history = namespace.get(HISTORY)
    cells = [cell for cell in history if isinstance(cell, str)] if isinstance(history, list) else []
    for cell in reversed(cells):
        if cell.lstrip().split("\n", 1)[0].rstrip() == FIRST_LINE:
            names = _assigned(cell)
            if names:
                return tuple(name for name in names if not name.startswith(OF_PAPERMILL))
    return ()


def _assigned(cell: str) -> list[str]:
    try:
        statements = ast.parse(cell).body
    except (SyntaxError, ValueError):
        return []
    targets = [getattr(each, "targets", [None])[0] for each in statements]
    simple = all(isinstance(target, ast.Name) for target in targets)
    return [target.id for target in targets] if simple else []
