"""The notebooks as committed: valid, run from top to bottom, thin, with one and the same parameters cell."""

from __future__ import annotations

import ast
import json
import re
import statistics
from pathlib import Path

import nbformat
import pytest

from ogp_analysis.model import params
from ogp_analysis.runs.notebook_file import (
    TAGS,
    code_of,
    declared_parameters,
    promised_outputs,
    source_of,
)

ROOT = Path(__file__).resolve().parents[2]
NAMES = (
    "00_proposals",
    "01_ratings",
    "02_agreement",
    "03_categories",
    "04_sensitivity",
    "05_plan_tables",
    "06_irm_review",
)
FORBIDDEN = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.Try,
    ast.Global,
    ast.While,
)


def read(name: str) -> dict:
    return json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))


def lines(cell: dict) -> list[str]:
    return [
        line for line in source_of(cell).splitlines() if line.strip() and not line.strip().startswith("#")
    ]


def code_cells(name: str) -> list[dict]:
    """Give the code cells but the parameters cell, whose length is that of its parameters."""
    return [c for _, c in code_of(read(name)) if "parameters" not in c["metadata"].get("tags", [])]


def test_the_seven_notebooks_are_there_and_no_other() -> None:
    assert sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb")) == list(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_valid_and_was_run_from_top_to_bottom_without_an_error(name: str) -> None:
    notebook = read(name)
    nbformat.validate(nbformat.from_dict(notebook))
    counts = [cell["execution_count"] for _, cell in code_of(notebook)]
    assert counts == list(range(1, len(counts) + 1))
    kinds = {output["output_type"] for _, cell in code_of(notebook) for output in cell["outputs"]}
    assert "error" not in kinds
    streams = [o for _, cell in code_of(notebook) for o in cell["outputs"] if o.get("name") == "stderr"]
    assert streams == []


@pytest.mark.parametrize("name", NAMES)
def test_it_names_no_machine_and_asks_for_the_plain_kernel(name: str) -> None:
    notebook = read(name)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert "papermill" not in notebook["metadata"]
    text = json.dumps(notebook)
    assert not re.search(r"/(home|root|Users|tmp|work)/|[A-Z]:\\\\", text)


@pytest.mark.parametrize("name", NAMES)
def test_its_parameters_are_the_baselines(name: str) -> None:
    declared = declared_parameters(read(name), name=name)
    assert declared == params.as_dict(params.read(ROOT / "params" / "baseline.yaml"))
    assert list(declared) == list(params.NAMES)


def test_the_parameters_cell_is_the_same_text_in_all() -> None:
    tagged = {
        source_of(cell)
        for name in NAMES
        for _, cell in code_of(read(name))
        if "parameters" in cell["metadata"].get("tags", [])
    }
    assert tagged == {(ROOT / "params" / "parameters_cell.py").read_text(encoding="utf-8").strip()}


@pytest.mark.parametrize("name", NAMES)
def test_papermill_reads_the_parameters_cell_without_a_warning(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    from papermill.inspection import _infer_parameters
    from papermill.iorw import load_notebook_node

    notebook = load_notebook_node(str(ROOT / "notebooks" / f"{name}.ipynb"))
    inferred = {parameter.name for parameter in _infer_parameters(notebook)}
    assert inferred == set(params.NAMES)
    assert caplog.text == ""


@pytest.mark.parametrize("name", NAMES)
def test_it_is_thin(name: str) -> None:
    notebook, cells = read(name), code_cells(name)
    # What every method shows: cells on a plan, on pairs, panels or weights are for some.
    shown = [cell for cell in notebook["cells"] if not set(TAGS) & set(cell["metadata"].get("tags", []))]
    assert 12 <= len(shown) <= 25
    assert statistics.median(len(lines(cell)) for cell in cells) <= 3
    assert max(len(lines(cell)) for cell in cells) <= 15
    for cell in cells:
        for node in ast.walk(ast.parse(source_of(cell))):
            assert not isinstance(node, FORBIDDEN), source_of(cell)
        assert not re.search(r"filterwarnings|simplefilter|tqdm|^%|^!", source_of(cell), re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_it_begins_with_a_title_and_a_question_and_ends_by_saving(name: str) -> None:
    notebook = read(name)
    first = source_of(notebook["cells"][0])
    assert notebook["cells"][0]["cell_type"] == "markdown"
    assert first.startswith("# ")
    assert "?" in first
    assert f"results/{name}.json" in promised_outputs(notebook)
    assert "output.publish(" in source_of(code_cells(name)[-1])


@pytest.mark.parametrize("name", NAMES)
def test_a_cell_of_code_follows_a_sentence(name: str) -> None:
    cells = read(name)["cells"]
    kinds = [cell["cell_type"] for cell in cells]
    runs = re.findall(r"c+", "".join(kind[0] for kind in kinds))
    # Imports, parameters and loading come together; elsewhere two cells may share a sentence.
    assert max(map(len, runs[1:]), default=0) <= 3
    assert kinds.count("markdown") >= len(kinds) / 3


@pytest.mark.parametrize("name", NAMES)
def test_its_figures_are_text_that_nbval_compares(name: str) -> None:
    shown = {kind for _, c in code_of(read(name)) for o in c["outputs"] for kind in o.get("data", {})}
    assert not shown & {"image/png", "image/jpeg"}
    size = (ROOT / "notebooks" / f"{name}.ipynb").stat().st_size
    assert size < 1_000_000
