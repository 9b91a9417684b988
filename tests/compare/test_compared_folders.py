"""Folders that `ogp compare` reads: whole, touched, cut off, without a record."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from sample_sides import side, write_run
from tiny_notebooks import ogp, ogp_here

from ogp_analysis.cli.compare import read_side
from ogp_analysis.compare import comparison
from ogp_analysis.errors import CheckError, RunError
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.output import canonical
from ogp_analysis.runs import provenance
from ogp_analysis.runs.ro_crate import DESCRIPTOR
from ogp_analysis.runs.run_errors import run_error


def test_the_command_compares_runs_without_a_record_too(
    tmp_path: Path, inputs: Inputs, baseline: comparison.Side
) -> None:
    write_run(tmp_path / "a", baseline)
    write_run(tmp_path / "b", side(inputs, matching_rule="lower"))
    assert ogp_here(tmp_path, "compare", "a", "a")[0] == 0
    code, out, err = ogp(tmp_path, "compare", "a", "b", "--lang", "es", "--page", "c.html")
    assert (code, err) == (1, "")
    assert "dirimencia: cómo un par ciego se volvió un puntaje" in out
    assert "EJEMPLO SINTÉTICO" in out
    assert (tmp_path / "c.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    code, out, _ = ogp_here(tmp_path, "compare", "a", "b", "--json")
    steps = {row["step"] for row in json.loads(out)["categories"]}
    assert (code, steps) == (1, {"adjudication"})


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    code, _, err = ogp_here(tmp_path, "compare", ".", ".")
    assert code == 2
    assert "holds no tables of a run" in err


@pytest.fixture
def two_runs(tmp_path: Path, inputs: Inputs, baseline: comparison.Side) -> Path:
    """Two folders with records, as a run leaves them, as far as `compare` reads them."""
    for made in (replace(baseline, name="a"), side(inputs, "b", matching_rule="lower")):
        folder = write_run(tmp_path / made.name, made)
        text = yaml.safe_dump(dict(made.parameters), sort_keys=False)
        canonical.write(folder / "inputs" / "params.yaml", text)
        facts = {"name": made.name, "parameters": made.parameters, "origins": {}, "contents": {"code": "a"}}
        facts |= {"started": "2026-01-01T00:00:00+00:00", "ended": "2026-01-01T00:01:00+00:00"}
        provenance.write(folder, provenance.Facts(**facts, commit="", clean=False, data_recorded=True))
    return tmp_path


def edit(path: Path, change) -> None:
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(change(before), encoding="utf-8", newline="")


def test_a_run_is_read_with_what_it_can_be_computed_again_from(two_runs: Path) -> None:
    made = read_side(two_runs / "b")
    assert made.touched == ()
    assert made.source.parameters.matching_rule == "lower"
    assert len(made.source.inputs.ratings) == 889
    (two_runs / "b" / "inputs" / "params.yaml").unlink()
    gone = read_side(two_runs / "b")
    assert gone.source is None
    assert "inputs/params.yaml" in gone.touched


@pytest.mark.parametrize("content", ["{", "[]", '{"@graph": 3}', None])
def test_a_record_that_is_none_is_named_and_one_that_lacks_is_not(
    two_runs: Path, content: str | None
) -> None:
    path = two_runs / "b" / DESCRIPTOR
    path.unlink()
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert read_side(two_runs / "b").touched == (() if content is None else (DESCRIPTOR,))


def test_a_record_that_nobody_may_read_is_refused(two_runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(folder):
        raise run_error("run.record_denied", folder=folder.name)

    monkeypatch.setattr(provenance, "read", denied)
    with pytest.raises(RunError) as caught:
        read_side(two_runs / "b")
    assert caught.value.values["key"] == "run.record_denied"


def test_a_touched_run_is_said_to_be_so_everywhere(two_runs: Path, baseline: comparison.Side) -> None:
    before = baseline.tables["categories"].set_index("proposal").loc["S05", "category_final"]
    after = 4 if before != 4 else 2
    table = two_runs / "b" / "tables" / "categories.csv"
    frame = canonical.read_table(table)
    frame.loc[frame["proposal"] == "S05", "category_final"] = after
    table.write_text(canonical.csv_text(frame), encoding="utf-8", newline="")
    code, out, err = ogp_here(two_runs, "compare", "a", "b", "--lang", "en", "--page", "c.html")
    warning = (
        "b (second) is not as it was written: tables/categories.csv; compared are the files as they are now"
    )
    assert (code, err) == (1, warning + "\n")
    assert warning in out
    assert warning in (two_runs / "c.html").read_text(encoding="utf-8")
    code, out, err = ogp_here(two_runs, "compare", "a", "b", "--json", "--lang", "es")
    assert err.startswith("b (segunda) no está como se escribió: tables/categories.csv")
    answer = json.loads(out)
    assert answer["not_as_written"] == {"first": [], "second": ["tables/categories.csv"]}
    steps = {row["proposal"]: row["step"] for row in answer["categories"]}
    assert steps.pop("S05") == "unexplained"
    assert set(steps.values()) == {"adjudication"}


def cut_off(text: str) -> str:
    return text[: text.index("S20") + 8]


@pytest.mark.parametrize(
    ("file", "change", "match"),
    [
        ("tables/categories.csv", cut_off,
         "b/tables/categories.csv, row 21: the row has 2 cells and the table 14"),
        ("tables/categories.csv", lambda _: "", "categories.csv: the table is empty"),
        ("tables/settled.csv", lambda _: "a,b\n1,2\n", "settled.csv: the table does not have: proposal"),
        ("tables/flow.csv", lambda _: "a,a\n1,2\n", "flow.csv: the table has two columns of one name"),
        ("tables/categories.csv", lambda text: text + text.splitlines()[1] + "\n",
         "categories.csv: the table has S01 more than once"),
        ("tables/settled.csv", lambda text: text + '"', "settled.csv: the file cannot be read"),
        ("results.json", lambda _: "{", "b/results.json, row 1: the file cannot be read \\(it is not JSON"),
        ("results.json", lambda _: "[1]", "b/results.json: the file cannot be read \\(it is not JSON {…}"),
    ],
)  # fmt: skip
def test_a_table_that_is_not_whole_is_refused(two_runs: Path, file: str, change, match: str) -> None:
    edit(two_runs / "b" / file, change)
    with pytest.raises(CheckError, match=match):
        read_side(two_runs / "b")


def test_every_table_that_cannot_be_read_is_named_and_is_no_defect(two_runs: Path) -> None:
    (two_runs / "b" / "tables" / "categories.csv").write_bytes(bytes(range(256)))
    edit(two_runs / "b" / "tables" / "settled.csv", lambda _: "")
    code, _, err = ogp_here(two_runs, "compare", "a", "b", "--lang", "es")
    assert code == 1
    assert "b/tables/categories.csv: el archivo no se puede leer" in err
    assert "b/tables/settled.csv: la tabla está vacía" in err
