"""Read a notebook before it runs: which parameters it declares and which outputs it promises."""

from __future__ import annotations

import ast
import difflib
import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from ogp_analysis.run.refusal import refuse

PARAMETERS_TAG = "parameters"
# Tags of the cells that papermill puts in: the parameters given, and the notice of an error.
INSERTED = {"injected-parameters", "papermill-error-cell-tag"}
SAVE = ("export", "save")


def code_of(notebook: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give the position and content of every code cell that holds code, in a notebook executed or not.

    Parameters
    ----------
    notebook : dict
        Notebook, format 4.

    Yields
    ------
    int
        Position, from 1, as `numbered` counts.
    dict
        The cell.

    Examples
    --------
    >>> cells = [{"cell_type": kind, "metadata": {}, "source": "1 + 1"} for kind in ("markdown", "code")]
    >>> [position for position, cell in code_of({"cells": cells})]
    [2]
    """
    for position, cell in numbered(notebook["cells"]):
        if cell["cell_type"] == "code" and source_of(cell).strip():
            yield position, cell


def numbered(cells: Iterable[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number cells from 1 as a reader of the committed notebook counts them.

    The cells that papermill inserts have the number of the cell before them.

    Parameters
    ----------
    cells : iterable of dict
        Of a notebook, executed or not.

    Yields
    ------
    int
        Position, from 1.
    dict
        The cell.

    Examples
    --------
    >>> tagged = [{"metadata": {"tags": [tag]}} for tag in ("parameters", "injected-parameters", "show")]
    >>> [position for position, cell in numbered(tagged)]
    [1, 1, 2]
    """
    position = 0
    for cell in cells:
        position += not INSERTED & set(cell["metadata"].get("tags", []))
        yield position, cell


def source_of(cell: dict[str, Any]) -> str:
    r"""Give the source of a cell as one text.

    Parameters
    ----------
    cell : dict
        Of a notebook.

    Returns
    -------
    str
        The source; format 4 also allows a list of lines.

    Examples
    --------
    >>> source_of({"source": ["a = 1\n", "b = 2"]})
    'a = 1\nb = 2'
    """
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def source_digest(notebook: dict[str, Any]) -> str:
    """Hash what somebody wrote into a notebook: the same before and after it is executed.

    Parameters
    ----------
    notebook : dict
        Notebook, format 4.

    Returns
    -------
    str
        SHA-256 in hexadecimal over kind and source of each cell; outputs and inserted cells do not count.

    Examples
    --------
    >>> own = {"cell_type": "code", "metadata": {}, "source": ["1 +", " 1"]}
    >>> inserted = own | {"metadata": {"tags": ["injected-parameters"]}}
    >>> executed = own | {"source": "1 + 1", "outputs": [{}]}
    >>> source_digest({"cells": [own]}) == source_digest({"cells": [inserted, executed]})
    True
    """
    own = [cell for cell in notebook["cells"] if not INSERTED & set(cell["metadata"].get("tags", []))]
    written = [[cell["cell_type"], source_of(cell)] for cell in own]
    return hashlib.sha256(json.dumps(written).encode()).hexdigest()


def declared_parameters(notebook: dict[str, Any], *, name: str) -> dict[str, Any]:
    """Read the parameters cell without running it.

    Parameters
    ----------
    notebook : dict
        Notebook, format 4.
    name : str
        File name for messages.

    Returns
    -------
    dict
        Default value by parameter name.

    Raises
    ------
    RunError
        No cell or more than one is tagged ``parameters``, or the cell holds anything but plain literals.

    Examples
    --------
    >>> cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": "seed = 2019"}
    >>> declared_parameters({"cells": [cell]}, name="03_categories.ipynb")
    {'seed': 2019}
    """
    tagged = [(at, c) for at, c in code_of(notebook) if PARAMETERS_TAG in c["metadata"].get("tags", [])]
    if len(tagged) != 1:
        refuse("run.parameters_cell", notebook=name, count=len(tagged))
    position, cell = tagged[0]
    values: dict[str, Any] = {}
    try:
        # Parsed and not run: a parameters cell is read before the data are checked, and may come from
        # anywhere.
        for statement in ast.parse(source_of(cell)).body:
            values |= _assigned(statement)
    except (SyntaxError, ValueError) as error:
        refuse("run.parameters_literal", notebook=name, cell=position, cause=str(error))
    return values


def _assigned(statement: ast.stmt) -> dict[str, Any]:
    # "a: int = 1" has one target, "a = b = 1" several.
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    value = getattr(statement, "value", None)
    if len(targets) != 1 or not isinstance(targets[0], ast.Name) or value is None:
        message = f"line {statement.lineno} is no assignment of one name"
        raise ValueError(message)
    return {targets[0].id: ast.literal_eval(value)}


def check_names(given: Iterable[str], declared: Iterable[str], *, name: str) -> None:
    """Refuse a parameter that the notebook does not declare: papermill would run its name as code.

    Parameters
    ----------
    given, declared : iterable of str
        Names of the scenario and of the notebook.
    name : str
        File name for messages.

    Raises
    ------
    RunError
        A given name is not declared, or a declared one is not given.

    Examples
    --------
    >>> check_names(["seed"], ["seed"], name="03_categories.ipynb")
    >>> check_names(["sede"], ["seed"], name="03_categories.ipynb")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    ogp_analysis.errors.RunError: 03_categories.ipynb: parameter 'sede' is not in its parameters cell (...)...
    """
    given, declared = list(given), list(declared)
    for parameter in given:
        if parameter not in declared:
            near = difflib.get_close_matches(str(parameter), declared, n=1)
            refuse(
                "run.unknown_parameter", notebook=name, parameter=repr(parameter), nearest=(near or ["-"])[0]
            )
    missing = [parameter for parameter in declared if parameter not in given]
    if missing:
        refuse("run.missing_parameter", notebook=name, parameter=", ".join(missing))


def promised_outputs(notebook: dict[str, Any]) -> list[str]:
    """List the files that the notebook's ``export.save`` calls name in so many words.

    Parameters
    ----------
    notebook : dict
        Notebook, format 4.

    Returns
    -------
    list of str
        Such as ``["tables/counts.csv", "results/03_categories.json"]``; figures without their language, as
        ``"figures/map"``.

    Examples
    --------
    >>> source = 'export.save(output_dir, "03_categories", tables={"counts": counts}, results={"n": 43})'
    >>> promised_outputs({"cells": [{"cell_type": "code", "metadata": {}, "source": source}]})
    ['tables/counts.csv', 'results/03_categories.json']
    """
    promised: list[str] = []
    for _, cell in code_of(notebook):
        try:
            tree = ast.parse(source_of(cell))
        # A cell of magics is no Python, and promises nothing.
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _is_save(node.func):
                promised += _promises(node)
    return promised


def _is_save(function: ast.expr) -> bool:
    owner = getattr(getattr(function, "value", None), "id", "")
    return (owner, getattr(function, "attr", "")) == SAVE


def _promises(call: ast.Call) -> list[str]:
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    ends = {"tables": ".csv", "figures": ""}
    promised = [
        f"{kind}/{key.value}{end}"
        for kind, end in ends.items()
        for key in getattr(named.get(kind), "keys", [])
        if isinstance(key, ast.Constant)
    ]
    title = call.args[1] if len(call.args) > 1 else None
    if "results" in named and isinstance(title, ast.Constant):
        promised.append(f"results/{title.value}.json")
    return promised
