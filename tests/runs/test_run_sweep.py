"""Sweeps: a grid of scenarios becomes one table, the same on any executor."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
import yaml
from tiny_notebooks import ogp, ogp_here, write_params

from ogp_analysis import ratings
from ogp_analysis.assessment import whole_assessment
from ogp_analysis.errors import OgpError, ParameterError, RunError
from ogp_analysis.model import params
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_file import read_method
from ogp_analysis.packaged import DATA
from ogp_analysis.runs import executors
from ogp_analysis.runs.sweep import LARGEST, Sweep, parameters_at, read_sweep
from ogp_analysis.runs.sweep_counts import count_names
from ogp_analysis.runs.sweep_table import run_sweep
from ogp_analysis.sensitivity.beliefs import beliefs_of

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
    assigned = whole_assessment.assess(ratings.load(parameters), parameters).assigned
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


def final_of(base: params.Parameters, **changes: object) -> tuple[int, ...]:
    parameters = params.with_values(base, **changes)
    final = whole_assessment.assess(ratings.load(parameters), parameters).assigned["category_final"]
    return tuple(final.fillna(0).astype(int))


def test_scenarios_that_decide_alike_are_one_decision_and_undetermined_is_not_moved(
    own: Path, threads: Executor
) -> None:
    """Against the assessment of each scenario alone: its categories, proposal by proposal."""
    grid = {"tolerance": [0.5, 1.0], "missing_third": ["bounds", "mean"], "confidence_level": [0.9, 0.95]}
    found = sweep_of(own, grid, threads)
    given = read_sweep(own / "sweeps" / "own.yaml").base
    base = final_of(given)
    alone = [
        final_of(given, tolerance=row["tolerance"], missing_third=row["missing_third"])
        for _, row in found.iterrows()
    ]
    first = [alone.index(one) + 1 for one in alone]
    assert found["same_as"].tolist() == first
    assert 1 < len(set(first)) < len(first)
    both = [[(a, b) for a, b in zip(base, one, strict=True) if a != b] for one in alone]
    assert found["moved"].tolist() == [sum(a > 0 and b > 0 for a, b in pairs) for pairs in both]
    assert found["moved_undetermined"].tolist() == [sum(a * b == 0 for a, b in pairs) for pairs in both]
    assert found["moved_undetermined"].max() > 0


def test_processes_give_the_same_table(file: Path, table: pd.DataFrame) -> None:
    with executors.executor(jobs=2) as pool:
        pd.testing.assert_frame_equal(run_sweep(read_sweep(file), pool, here=0), table)


def test_the_command_writes_the_table(file: Path, tmp_path: Path, table: pd.DataFrame) -> None:
    code, out, err = ogp(tmp_path, "sweep", str(file), "--jobs", "1", "--lang", "es")
    assert (code, err) == (0, "")
    assert out.startswith("En el ejemplo sintético, 8 escenarios, 7 decisiones distintas entre ellos; ")
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
        ("base: base.yaml\ngrid: {tolerance.x: [1]}", ParameterError,
         r"tolerance\.x: this parameter has no entries"),
        ("base: base.yaml\ngrid: {1: [1]}", ParameterError, "broken.yaml, parameter 1: unknown parameter"),
        ("base: 5\ngrid: {tolerance: [1]}", ParameterError, "broken.yaml, parameter base: 5 is of type int"),
        ("base: [a]\ngrid: {tolerance: [1]}", ParameterError, "parameter base: .* is of type list"),
        ("base: base.yaml\ngrid: {tolerance: [2, 1, 1.0]}", ParameterError,
         "parameter tolerance: 1.0 stands in the grid already as 1;"),
        ("base: base.yaml\ngrid: {indicator_weights.reiterations: ['1/3', '2/6']}", ParameterError,
         "'2/6' stands in the grid already as '1/3'"),
        ("base: base.yaml\ngrid: {cut_points.relevance: [[2, 3]], cut_points: [{relevance: [3, 4]}]}",
         ParameterError, "parameter cut_points: the grid names it as a whole and by an entry"),
        ("base: base.yaml\ngrid: {data: [example, absent.xlsx]}", ParameterError,
         "broken.yaml, parameter data: there is no file or folder 'absent.xlsx'"),
        ("base: base.yaml\ngrid: {method: [ecuador-2019, absent.yaml]}", ParameterError, "absent.yaml"),
        ("base: base.yaml\ngrid: {method: [ecuador-2020]}", ParameterError,
         "ecuador-2020 is neither a packaged"),
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


def test_every_fault_of_a_sweep_is_named_with_its_file(file: Path) -> None:
    broken = file.with_name("broken.yaml")
    broken.write_text(
        "base: base.yaml\ngrid: {tolerance: [1, -5, 1.0], third_rule: [foo], 1: [2]}", encoding="utf-8"
    )
    with pytest.raises(ParameterError) as caught:
        read_sweep(broken)
    assert [(each.file, each.parameter) for each in caught.value.problems] == [
        ("broken.yaml", "1"),
        ("broken.yaml", "tolerance"),
        ("broken.yaml", "tolerance"),
        ("broken.yaml", "third_rule"),
    ]


def test_words_that_cannot_be_meant_are_no_defect(file: Path, tmp_path: Path) -> None:
    code, _, err = ogp_here(tmp_path, "sweep", str(file), "--jobs", "-1", "--lang", "en")
    assert (code, "argument --jobs: -1 is below 1" in err) == (2, True)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a project whose ratings have gaps and conflicts, and a method with another category table."""
    folder = tmp_path_factory.mktemp("own")
    shutil.copytree(DATA / "example", folder / "whole")
    shutil.copytree(DATA / "example", folder / "gaps")
    method = yaml.safe_load((DATA / "methods" / "ecuador-2019.yaml").read_text(encoding="utf-8"))
    rows = (folder / "gaps" / "ratings.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    # Five ratings of S01, and every third evaluation of S03: a gap of each kind.
    kept = [rows[0], *(row for row in rows[6:] if not ("S03" in row and "third" in row))]
    (folder / "gaps" / "ratings.csv").write_text("".join(kept), encoding="utf-8")
    method["decision_table"][0][0] = 1
    method["decision_table"][2][2] = 3
    (folder / "strict.yaml").write_text(yaml.safe_dump(method), encoding="utf-8")
    write_params(folder, data="gaps", missing="available")
    return folder


def sweep_of(own: Path, grid: dict, pool: Executor) -> pd.DataFrame:
    path = own / "sweeps" / "own.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump({"base": "../base.yaml", "grid": grid}), encoding="utf-8")
    return run_sweep(read_sweep(path), pool)


# What `ratings.load` says it obeys; a sweep that reads too rarely differs from this all the same.
OBEYED = ("data", "method", "blind_pair", "third_for", "tolerance", "missing", "language")
KEPT: dict[str, Inputs] = {}


def read_once(parameters: params.Parameters) -> Inputs:
    """Load what these parameters give, once: most scenarios read the same."""
    key = repr([parameters.as_given.get(name) for name in OBEYED])
    if key not in KEPT:
        KEPT[key] = ratings.load(parameters)
    return KEPT[key]


def alone(own: Path, point: dict) -> dict[str, int] | str:
    """Count as the notebooks of a run with these values would; the error where the run is refused."""
    given = params.baseline() | {"data": "gaps", "missing": "available"} | point
    places = {name: str(own / given[name]) for name in ("data", "method") if (own / given[name]).exists()}
    try:
        parameters = params.from_values(given | places)
        beliefs_of(parameters)
        done = whole_assessment.assess(read_once(parameters), parameters)
    except OgpError as error:
        return type(error).__name__
    status = list(done.settled["status"])
    found = {f"pairs_{name}": status.count(name) for name in ("matched", "third", "unresolved")}
    for label in ("by_rule", "final"):
        categories = done.assigned[f"category_{label}"]
        found |= {f"{label}_{kind}": int((categories == kind).sum()) for kind in (1, 2, 3, 4)}
        found[f"{label}_undetermined"] = int(categories.isna().sum())
    return found


WEIGHTS = {"time": 1.0, "complexity": 0.0, "resources": 0.0, "willingness": 0.0}
WEIGHTS |= {"reiterations": "1/3", "potential_impact": "1/3", "alignment": "1/3"}
GRIDS = [
    {"missing": ["refuse", "available", "drop"], "conflict": ["flag", "exclude"]},
    {"data": ["example", "whole", "gaps"], "missing": ["available", "refuse"]},
    {"method": ["ecuador-2019", "strict.yaml"], "blind_pair": ["within_panels", "between_panels"]},
    {"tolerance": [0, 1, 2], "third_for": [["relevance"], [], ["feasibility", "relevance"]]},
    {"third_rule": ["replace", "median", "closest", "mean"], "missing_third": ["bounds", "mean", "refuse"]},
    {"matching_rule": ["mean", "lower", "higher"], "feasibility_rule": ["mean", "minimum", "lead"]},
    {"panel_rule": ["mean", "minimum", "core_group"], "indicator_weights": [WEIGHTS]},
    {"criterion_weights": [{"feasibility": 0.3, "relevance": 0.7}], "cut_points.relevance": [[2, 3], [3, 4]]},
    {"aggregation": ["geometric", "harmonic", "median", "minimum", "majority"], "tolerance": [0, 1]},
    {
        "veto": ["none", 2, 4],
        "majority": [0.5, 0.8],
        "aggregation": ["majority"],
        "missing": ["available"],
    },
    {"weight_belief": ["uniform", "time at most 0.1; time at least 0.5"], "conflict": ["keep"]},
]


# Each seconds long; of data, gaps, stakes and thirds other grids and tests of the assessment ask too.
DEEP = ({"data", "missing"}, {"tolerance", "third_for"}, {"missing", "conflict"})
EACH = [pytest.param(grid, marks=pytest.mark.deep if set(grid) in DEEP else ()) for grid in GRIDS]


@pytest.mark.parametrize("grid", EACH, ids=[" ".join(grid) for grid in GRIDS])
def test_a_row_is_what_a_run_of_its_scenario_alone_gives(own: Path, threads: Executor, grid: dict) -> None:
    table = sweep_of(own, grid, threads)
    assert list(table["scenario"]) == list(range(1, len(table) + 1))
    sweep = read_sweep(own / "sweeps" / "own.yaml")
    for point, row in zip(sweep.points(), table.to_dict("records"), strict=True):
        cuts = {
            "cut_points": params.baseline()["cut_points"]
            | {"relevance": point.pop("cut_points.relevance", [2.5, 3.5])}
        }
        expected = alone(own, point | cuts)
        if isinstance(expected, str):
            assert row["refused"], (point, expected)
            assert all(pd.isna(row[name]) for name in count_names((1, 2, 3, 4)))
        else:
            assert (row["refused"], {name: row[name] for name in expected}) == ("", expected), point


def test_a_value_that_another_method_of_the_grid_does_not_allow_is_a_row_that_says_so(
    own: Path, threads: Executor
) -> None:
    """From 0 a cut point may lie at 0.5; on the plan's scale, which begins at 1, it may not."""
    method = yaml.safe_load((own / "strict.yaml").read_text(encoding="utf-8"))
    for criterion in method["criteria"]:
        for indicator in criterion["indicators"]:
            indicator["minimum"] = 0
    (own / "from-zero.yaml").write_text(yaml.safe_dump(method), encoding="utf-8")
    write_params(own, "wide", data="whole", method="from-zero.yaml")
    grid = {"method": ["from-zero.yaml", "ecuador-2019"], "cut_points.relevance": [[0.5, 3], [2.5, 3.5]]}
    for cuts, refused in (([[0.5, 3], [2.5, 3.5]], [False, True, False, False]), ([[0.5, 3]], [False, True])):
        path = own / "sweeps" / "wide.yaml"
        path.parent.mkdir(exist_ok=True)
        text = {"base": "../wide.yaml", "grid": grid | {"cut_points.relevance": cuts}}
        path.write_text(yaml.safe_dump(text), encoding="utf-8")
        table = run_sweep(read_sweep(path), threads)
        assert (table["refused"] != "").tolist() == refused
        assert table["moved"].isna().tolist() == refused
        assert all("0.5" in said for said in table.loc[refused, "refused"])


def test_a_sweep_of_a_method_that_cuts_the_composite_is_what_its_runs_give(
    own: Path, threads: Executor
) -> None:
    method, _ = read_method("fund-with-weights", Path())
    base = params.from_values(defaults_of(method) | {"method": "fund-with-weights", "data": "example"})
    one, other = list(base.criterion_weights)[:2]
    moved = dict(base.criterion_weights)
    moved |= {one: moved[one] - 0.05, other: moved[other] + 0.05}
    weights = [dict(base.criterion_weights), moved]
    sweep = Sweep(base, {"aggregation": ["mean", "minimum"], "criterion_weights": weights})
    table = run_sweep(sweep, threads)
    inputs = ratings.load(base)
    for point, row in zip(sweep.points(), table.to_dict("records"), strict=True):
        final = whole_assessment.assess(inputs, params.with_values(base, **point)).assigned["category_final"]
        for number in method.category_numbers:
            assert row[f"final_{number}"] == (final == number).sum()


def test_an_entry_of_a_parameter_that_has_none_is_refused_by_its_key() -> None:
    with pytest.raises(ParameterError) as caught:
        parameters_at(params.from_values(params.baseline()), {"tolerance.x": 1})
    assert [(each.rule, each.value) for each in caught.value.problems] == [("run.sweep_entry", "tolerance.x")]


def test_the_grids_above_vary_every_parameter_that_changes_categories() -> None:
    """The others word, time, draw or publish; a parameter that is new must be put on one side."""
    varied = {name.partition(".")[0] for grid in GRIDS for name in grid}
    others = {"language", "disagreement_weights", "confidence_level", "n_resamples", "n_draws", "seed"}
    others |= {"small_cell", "cell_timeout", "output_dir"}
    assert varied | others == set(params.NAMES)
    assert not varied & others


def test_what_a_run_would_refuse_is_a_row_that_says_so(own: Path, threads: Executor) -> None:
    table = sweep_of(own, {"missing": ["refuse", "available", "drop"]}, threads)
    assert table["refused"].str.contains("S01").tolist() == [True, False, False]
    assert table["moved"].isna().tolist() == [True, False, False]
    # Of 43 proposals the one with gaps is left out, and not counted as moved.
    assert table.filter(like="final_").sum(axis=1).tolist() == [0, 43, 42]
    assert table["moved"].tolist()[1:] == [0, 0]


def test_refused_scenarios_are_counted_and_their_cells_are_empty(
    own: Path, tmp_path: Path, threads: Executor
) -> None:
    sweep_of(own, {"missing": ["refuse", "available"]}, threads)
    words = ("sweep", str(own / "sweeps" / "own.yaml"), "--output", "t.csv", "--jobs", "1", "--lang", "en")
    code, out, err = ogp_here(tmp_path, *words)
    assert (code, err) == (0, "")
    assert out.endswith('  a run would refuse 1 scenario; the column "refused" says why\n')
    rows = (tmp_path / "t.csv").read_text(encoding="utf-8").splitlines()
    assert rows[1].startswith("1,refuse,,,,")
    assert ".0" not in rows[2]
    code, out, _ = ogp_here(tmp_path, *words, "--json")
    assert {name: json.loads(out)[name] for name in ("scenarios", "steady", "refused")} == {
        "scenarios": 2,
        "steady": 1,
        "refused": 1,
    }


def test_a_sweep_of_which_a_run_would_refuse_everything_says_no(
    own: Path, tmp_path: Path, threads: Executor
) -> None:
    sweep_of(own, {"missing": ["refuse"]}, threads)
    code, out, _ = ogp_here(tmp_path, "sweep", str(own / "sweeps" / "own.yaml"), "--jobs", "1", "--json")
    assert (code, json.loads(out)["ok"]) == (1, False)
