"""A notebook as a file: what it declares and promises, whether it is whole, whether two say the same."""

from __future__ import annotations

import ast
import difflib
import hashlib
import itertools
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import ogp_analysis
from ogp_analysis.model.records import Method
from ogp_analysis.ratings.published_names import NAMELESS, file_name
from ogp_analysis.runs.run_errors import refuse

PARAMETERS_TAG = "parameters"
# Tags of the cells that papermill puts in: the parameters given, and the notice of an error.
INSERTED = {"injected-parameters", "papermill-error-cell-tag"}
SAVE, PUBLISH = ("output", "save"), ("output", "publish")


def code_of(notebook: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give the position and content of every code cell that holds code, in a notebook executed or not.

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

    >>> source_of({"source": ["a = 1\n", "b = 2"]})
    'a = 1\nb = 2'
    """
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def source_digest(notebook: dict[str, Any]) -> str:
    """Hash what somebody wrote into a notebook: the same before and after it is executed.

    >>> own = {"cell_type": "code", "metadata": {}, "source": ["1 +", " 1"]}
    >>> inserted = own | {"metadata": {"tags": ["injected-parameters"]}}
    >>> executed = own | {"source": "1 + 1", "outputs": [{}]}
    >>> source_digest({"cells": [own]}) == source_digest({"cells": [inserted, executed]})
    True
    """
    own = [cell for cell in notebook["cells"] if not INSERTED & set(cell["metadata"].get("tags", []))]
    sources = [[cell["cell_type"], source_of(cell)] for cell in own]
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()


# Tags of cells that speak of a published plan, of blind pairs and third evaluations, of several panels, of
# two that face each other, and of weights that can vary; what the metadata of a notebook on a plan say.
PLAN, PAIRS, PANELS, FACING, WEIGHTS = "plan", "pairs", "panels", "facing", "weights"
TAGS = (PLAN, PAIRS, PANELS, FACING, WEIGHTS)
NEEDS = "needs"
# Of this installation, for whoever runs them from a folder of their own, and where they are looked for first.
INSTALLED, HERE = Path(ogp_analysis.__file__).resolve().parents[1] / "notebooks", Path("notebooks")
NO_DEFAULTS = "# Parameters: those of this run stand in the next cell."


# What a method without a published plan may have besides: every choice of the other tags.
OF_OWN_METHODS = tuple(
    tuple(itertools.compress(TAGS[1:], chosen))
    for chosen in itertools.product((True, False), repeat=len(TAGS) - 1)
)


def tags_of(method: Method) -> tuple[str, ...]:
    """Say of what its notebooks speak, of what some methods have and others not.

    >>> from ogp_analysis.model.method_file import read_method
    >>> [tags_of(read_method(name, Path())[0]) for name in ("fund-with-weights", "jury-of-labels")]
    [('pairs', 'weights'), ()]
    """
    panels = {len(criterion.panels) for criterion in method.criteria}
    has = {PLAN: bool(method.plan), PAIRS: not method.without_thirds, PANELS: max(panels) > 1}
    has |= {FACING: 2 in panels, WEIGHTS: not method.unweighted}
    return tuple(tag for tag, holds in has.items() if holds)


def for_own_method(content: bytes, tags: Collection[str]) -> bytes | None:
    """Leave out what a notebook says of what a method does not have, such as a plan; None: nothing is left.

    >>> import nbformat
    >>> cells = [nbformat.v4.new_markdown_cell(text) for text in ("all", "plan", "pairs")]
    >>> for cell in cells[1:]:
    ...     cell.metadata["tags"] = [cell.source]
    >>> own = nbformat.writes(nbformat.v4.new_notebook(cells=cells)).encode()
    >>> [source_of(cell) for cell in json.loads(for_own_method(own, ["pairs"]))["cells"]]
    ['all', 'pairs']
    """
    notebook = json.loads(content)
    if notebook.get("metadata", {}).get(NEEDS) == PLAN:
        return None
    others = set(TAGS) - set(tags)
    cells = [cell for cell in notebook["cells"] if not others & set(cell["metadata"].get("tags", []))]
    for cell in cells:
        # The defaults are those of another method; a run gives every parameter in a cell of its own.
        if PARAMETERS_TAG in cell["metadata"].get("tags", []):
            names = declared_parameters(notebook, name="")
            cell["source"] = "\n".join([NO_DEFAULTS, *(f"{name} = None" for name in names)])
    return json.dumps(notebook | {"cells": cells}, ensure_ascii=False).encode()


def declared_parameters(notebook: dict[str, Any], *, name: str) -> dict[str, Any]:
    """Read the parameters cell without running it.

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
            if not near:
                refuse("run.unknown_parameter.unlike", notebook=name, parameter=repr(parameter))
            refuse("run.unknown_parameter", notebook=name, parameter=repr(parameter), nearest=near[0])
    missing = [parameter for parameter in declared if parameter not in given]
    if missing:
        refuse("run.missing_parameter", notebook=name, parameter=", ".join(missing))


def promised_outputs(notebook: dict[str, Any]) -> list[str]:
    """List the files that the notebook's ``output.save`` and ``output.publish`` calls name in so many words.

    >>> source = 'output.save(output_dir, "own", tables={"counts": counts}, results={"n": 43})'
    >>> promised_outputs({"cells": [{"cell_type": "code", "metadata": {}, "source": source}]})
    ['tables/counts.csv', 'results/own.json']
    >>> source = 'output.publish(output_dir, "03_categories", results, figures=figures, language="en")'
    >>> promised_outputs({"cells": [{"cell_type": "code", "metadata": {}, "source": source}]})
    ['results/03_categories.json']
    """
    promised: list[str] = []
    for _, cell in code_of(notebook):
        try:
            tree = ast.parse(source_of(cell))
        # A cell of magics is no Python, and promises nothing.
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _called(node.func) in (SAVE, PUBLISH):
                promised += _promises(node)
    return promised


def _called(function: ast.expr) -> tuple[str, str]:
    owner = getattr(getattr(function, "value", None), "id", "")
    return owner, getattr(function, "attr", "")


def _promises(call: ast.Call) -> list[str]:
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    ends = {"tables": ".csv", "figures": ""}
    promised = [
        f"{kind}/{key.value}{end}"
        for kind, end in ends.items()
        for key in getattr(named.get(kind), "keys", [])
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    ]
    title = named.get("notebook", call.args[1] if len(call.args) > 1 else None)
    # `publish` always writes the results, `save` only where it is given some.
    quotes = "results" in named or _called(call.func) == PUBLISH
    if quotes and isinstance(title, ast.Constant) and isinstance(title.value, str):
        promised.append(f"results/{title.value}.json")
    return promised


MARK = b"\xef\xbb\xbf"
FORMAT = 4
KINDS = ("code", "markdown", "raw")


def found_folder(*folders: Path) -> Path:
    """Give the first folder that is there: the one here, those given, that of this installation.

    >>> found_folder(Path("nowhere")).name
    'notebooks'
    """
    known = (HERE, *folders, INSTALLED)
    return next((folder for folder in known if folder.is_dir()), HERE)


# Of this project; who runs some of them wants all, and a run without one would pass for whole. That of the
# proposals is not among them: the others need nothing of it, and runs of older versions do not have it.
GO_TOGETHER = tuple(
    f"{name}.ipynb"
    for name in (
        "01_ratings", "02_agreement", "03_categories", "04_sensitivity", "05_plan_tables", "06_irm_review",
    )
)  # fmt: skip
# Characters of a wrong entry that a message shows; our choice.
FOUND_LENGTH = 60


def check_complete(notebooks: Collection[str], *, folder: str) -> None:
    """Refuse a folder that holds some of the project's six notebooks and not all.

    >>> check_complete(["own.ipynb"], folder="notebooks")
    >>> check_complete(GO_TOGETHER[1:], folder="notebooks")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    ogp_analysis.errors.RunError: notebooks holds some of the six ... but not 01_ratings.ipynb; ...
    """
    missing = [name for name in GO_TOGETHER if name not in notebooks]
    if missing and len(missing) < len(GO_TOGETHER):
        refuse("run.notebooks_missing", folder=folder, missing=", ".join(missing))


def check_form(content: bytes, *, name: str) -> None:
    """Refuse a notebook that cannot be executed as format 4 is meant, before anything starts.

    >>> check_form(b'{"nbformat": 4, "metadata": {}, "cells": 5}', name="own.ipynb")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    ogp_analysis.errors.RunError: own.ipynb is not a valid notebook of format 4: cells is 5; ...
    """
    if content.startswith(MARK):
        refuse("run.notebook_mark", notebook=name)
    notebook = json.loads(content)
    _check_entry(notebook, "nbformat", "4", lambda value: value == FORMAT, name=name)
    _check_entry(notebook, "metadata", "{...}", _is_mapping, name=name)
    _check_entry(notebook, "cells", "[...]", lambda value: isinstance(value, list), name=name)
    for number, cell in enumerate(notebook["cells"], start=1):
        where = f"cell {number}"
        _check_entry({where: cell}, where, "{...}", _is_mapping, name=name)
        for entry, allowed, fits in CELL_ENTRIES:
            _check_entry(cell, entry, allowed, fits, name=name, where=f"{where}: ")
        tags = {"tags": [], **cell["metadata"]}
        _check_entry(tags, "tags", '["..."]', _is_list_of_text, name=name, where=f"{where}: metadata: ")


def _check_entry(
    owner: dict[str, Any],
    entry: str,
    allowed: str,
    fits: Callable[[Any], bool],
    *,
    name: str,
    where: str = "",
) -> None:
    if entry not in owner:
        refuse("run.notebook_lacks", notebook=name, entry=f"{where}{entry}")
    if not fits(owner[entry]):
        value = json.dumps(owner[entry], ensure_ascii=False)[:FOUND_LENGTH]
        refuse("run.notebook_entry", notebook=name, entry=f"{where}{entry}", found=value, allowed=allowed)


def _is_mapping(value: Any) -> bool:
    return isinstance(value, dict)


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


CELL_ENTRIES = (
    ("cell_type", " | ".join(KINDS), lambda value: value in KINDS),
    ("metadata", "{...}", _is_mapping),
    ("source", '"..."', lambda value: isinstance(value, str) or _is_list_of_text(value)),
)


# The name by which a cell tells how the data were read: not the same of a file and of its recorded copy.
HOW_READ = "said"


def is_same(one: bytes, other: bytes) -> bool:
    r"""Compare two executed notebooks in all but the places of their inputs and how these were read.

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


def hide_paths(
    notebook: dict[str, Any], parameters: Mapping[str, Any], shown: Mapping[str, str] | None = None
) -> None:
    """Show data and method in the cell of given parameters by the names that a run publishes, in place.

    >>> tags = {"tags": ["injected-parameters"]}
    >>> notebook = {"cells": [{"metadata": tags, "source": 'data = "ana/Ana.csv"', "outputs": []}]}
    >>> hide_paths(notebook, {"data": "ana/Ana.csv"})
    >>> notebook["cells"][0]["source"]
    'data = "data.csv"'
    """
    given = {kind: str(parameters[kind]) for kind in NAMELESS if kind in parameters}
    masked = {kind: file_name(name, kind) for kind, name in given.items()} | dict(shown or {})
    hidden = {kind: masked[kind] for kind, name in given.items() if masked[kind] != name}
    for cell in notebook["cells"]:
        if INSERTED & set(cell["metadata"].get("tags", [])):
            lines = source_of(cell).split("\n")
            cell["source"] = "\n".join(_line_of_names(line, hidden) for line in lines)


def _line_of_names(line: str, hidden: Mapping[str, str]) -> str:
    kind, _, _ = line.partition(" = ")
    return f"{kind} = {json.dumps(hidden[kind], ensure_ascii=False)}" if kind in hidden else line


def _without_folders(source: str) -> str:
    return "\n".join(_without_folder(line) for line in source.split("\n"))


def _without_folder(line: str) -> str:
    kind, _, value = line.partition(" = ")
    if kind not in NAMELESS:
        return line
    # ValueError where it is no plain value: then the notebook is not as a run writes it.
    return f"{kind} = {file_name(str(ast.literal_eval(value)), kind)}"


def _tells_how_it_was_read(source: str) -> bool:
    try:
        nodes = ast.walk(ast.parse(source))
    except SyntaxError:
        return False
    return any(isinstance(node, ast.Attribute) and node.attr == HOW_READ for node in nodes)
