"""Names that papermill injects and no parameter has: the notebook itself refuses them."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from project_files import ROOT

from ogp_analysis.errors import ParameterError
from ogp_analysis.model import params
from ogp_analysis.model.params import FIRST_LINE, injected_names

COLLECT = "parameters = params.collect(locals())"


def short_notebook(folder: Path) -> Path:
    """Write the first cells of notebook 02 as they are: imports, parameters, and the call that collects."""
    notebook = json.loads((ROOT / "notebooks" / "02_agreement.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"][:3]
    assert "".join(cells[2]["source"]).startswith(COLLECT)
    sources = ["from ogp_analysis.model import params", "".join(cells[1]["source"]), COLLECT]
    for cell, source in zip(cells, sources, strict=True):
        cell.update(source=source, outputs=[], execution_count=None)
    path = folder / "short.ipynb"
    path.write_text(json.dumps(notebook | {"cells": cells}), encoding="utf-8")
    return path


def test_papermill_still_marks_its_cell_as_we_look_for_it() -> None:
    from papermill.translators import PythonTranslator

    cell = PythonTranslator.codify({"toleranse": 0.5, "seed": 1, "x": float("inf"), "y": {"a": [1, None]}})
    assert cell.splitlines()[0] == FIRST_LINE
    assert injected_names({"In": ["", cell]}) == ("toleranse", "seed", "x", "y")


def test_every_notebook_collects_its_parameters_where_the_history_is_seen() -> None:
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        assert [source.startswith(COLLECT) for source in sources].count(True) == 1, path.name


def test_a_mistyped_name_given_to_papermill_ends_the_notebook(tmp_path: Path) -> None:
    import papermill
    from papermill.exceptions import PapermillExecutionError

    with pytest.raises(PapermillExecutionError) as caught:
        papermill.execute_notebook(
            str(short_notebook(tmp_path)),
            str(tmp_path / "out.ipynb"),
            parameters={"toleranse": 0.5},
            progress_bar=False,
        )
    assert "toleranse: unknown parameter (most similar: tolerance)" in str(caught.value)


def test_known_names_and_those_of_papermill_itself_are_taken(tmp_path: Path) -> None:
    import papermill

    out = tmp_path / "out.ipynb"
    given = {"tolerance": 0.5, "PAPERMILL_INPUT_PATH": "x"}
    path = short_notebook(tmp_path)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][-1]["source"] += "\nprint(parameters.tolerance)"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    papermill.execute_notebook(str(path), str(out), parameters=given, progress_bar=False)
    assert json.loads(out.read_text(encoding="utf-8"))["cells"][-1]["outputs"][0]["text"] == ["0.5\n"]


def test_names_of_ones_own_in_jupyter_are_no_parameters(tmp_path: Path) -> None:
    notebook = nbformat.read(short_notebook(tmp_path), as_version=4)
    own = [
        "toleranse = 0.5\nmine = 3",
        "# Parameters\nmine = 4\nprint(mine)",
        "# Parameters I think of\nx = 1",
    ]
    notebook.cells[1:1] = [nbformat.v4.new_code_cell(source) for source in own]
    # As in a session: executed again after the notebook ran.
    notebook.cells.append(nbformat.v4.new_code_cell(COLLECT + "\nprint(parameters.seed)"))
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    assert notebook.cells[-1].outputs[0].text == "20191001\n"


def test_a_cell_mended_and_executed_again_is_mended() -> None:
    wrong, mended = "# Parameters\ntoleranse = 0.5\n", "# Parameters\ntolerance = 0.5\n"
    with pytest.raises(ParameterError, match="toleranse"):
        params.collect(params.baseline() | {"In": ["", wrong]})
    assert params.collect(params.baseline() | {"In": ["", wrong, mended]}).seed == 20191001


@pytest.mark.parametrize("history", [None, [], "text", [None, 3], ["# Parameters\na = ("], ["# Parameters"]])
def test_a_history_of_any_shape_is_no_fault(history: object) -> None:
    assert params.collect(params.baseline() | {"In": history}).seed == 20191001


def test_all_wrong_names_are_told_at_once_in_the_notebooks_language() -> None:
    cell = "# Parameters\ntoleranse = 0.5\nsede = 2\n"
    with pytest.raises(ParameterError) as caught:
        params.collect(params.baseline() | {"In": [cell], "language": "es"})
    assert [problem.parameter for problem in caught.value.problems] == ["toleranse", "sede"]
    assert "el más parecido: seed" in str(caught.value)
