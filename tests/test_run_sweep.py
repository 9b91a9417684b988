"""Sweeps: a grid of scenarios becomes one table, the same on any executor."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from tiny_notebooks import ogp, write_params

from ogp_analysis import assessment, params, ratings
from ogp_analysis.errors import ParameterError, RunError
from ogp_analysis.run import schedule
from ogp_analysis.run.sweep import LARGEST, read_sweep, run_sweep

GRID = """
base: base.yaml
grid:
  tolerance: [0.5, 1.0]
  panel_rule: ["mean", "minimum"]
  cut_points.relevance: [[2.5, 3.5], [3, 4]]
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sweep")
    write_params(folder)
    path = folder / "grid.yaml"
    path.write_text(GRID, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def threads() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture(scope="module")
def table(file: Path, threads: Executor) -> pd.DataFrame:
    return run_sweep(read_sweep(file), threads)


def test_there_is_one_row_for_each_point_of_the_grid(table: pd.DataFrame) -> None:
    assert list(table["scenario"]) == list(range(1, 9))
    assert len(table[["tolerance", "panel_rule", "cut_points.relevance"]].drop_duplicates()) == 8
    assert table["synthetic"].all()
    for label in ("by_rule", "final"):
        counts = table[[f"{label}_{kind}" for kind in (1, 2, 3, 4, "undetermined")]]
        assert (counts.sum(axis=1) == 43).all()


def test_a_row_is_what_the_library_gives_for_its_parameters(table: pd.DataFrame) -> None:
    row = table[(table["tolerance"] == 0.5) & (table["panel_rule"] == "minimum")].iloc[1]
    assert row["cut_points.relevance"] == "[3, 4]"
    cuts = params.baseline()["cut_points"] | {"relevance": [3, 4]}
    given = params.baseline() | {"tolerance": 0.5, "panel_rule": "minimum", "cut_points": cuts}
    parameters = params.from_values(given)
    assigned = assessment.assess(ratings.load(parameters), parameters).assigned
    for category in (1, 2, 3, 4):
        assert row[f"final_{category}"] == (assigned["category_final"] == category).sum()


def test_the_base_itself_moves_nothing(table: pd.DataFrame) -> None:
    base = table[
        (table["tolerance"] == 1.0)
        & (table["panel_rule"] == "mean")
        & (table["cut_points.relevance"] == "[2.5, 3.5]")
    ]
    assert base["moved"].tolist() == [0]
    assert (table["moved"] > 0).any()


def test_processes_give_the_same_table(file: Path, table: pd.DataFrame) -> None:
    with schedule.executor(jobs=2) as pool:
        pd.testing.assert_frame_equal(run_sweep(read_sweep(file), pool), table)


def test_the_command_writes_the_table(file: Path, tmp_path: Path, table: pd.DataFrame) -> None:
    code, out, err = ogp(tmp_path, "sweep", str(file), "--jobs", "1", "--lang", "es")
    assert (code, err) == (0, "")
    assert out.startswith("En el ejemplo sintético, 8 escenarios; ")
    written = pd.read_csv(io.StringIO((tmp_path / "outputs" / "grid-sweep.csv").read_text(encoding="utf-8")))
    assert written["moved"].tolist() == table["moved"].tolist()


@pytest.mark.parametrize(
    ("text", "error", "match"),
    [
        ("base: base.yaml", RunError, "a sweep has two keys"),
        ("base: base.yaml\ngrid: {tolerance: 1}", RunError, "a sweep has two keys"),
        ("base: base.yaml\ngrid: {tolerance: []}", RunError, "a sweep has two keys"),
        ("base: base.yaml\ngrid: {tolerence: [1]}", ParameterError, "tolerence"),
        ("base: base.yaml\ngrid: {tolerance: [-1]}", ParameterError, "tolerance"),
        ("base: base.yaml\ngrid: {tolerance: [1], tolerance: [2]}", ParameterError, "tolerance"),
        (f"base: base.yaml\ngrid: {{seed: {list(range(1001))}, n_draws: {list(range(100, 1100))}}}",
         RunError, f"{LARGEST} is the most"),
    ],
)  # fmt: skip
def test_a_sweep_that_breaks_the_rules_is_refused(
    file: Path, text: str, error: type[Exception], match: str
) -> None:
    broken = file.with_name("broken.yaml")
    broken.write_text(text, encoding="utf-8")
    with pytest.raises(error, match=match):
        read_sweep(broken)


def test_a_missing_sweep_is_said(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="there is no params file"):
        read_sweep(tmp_path / "none.yaml")
