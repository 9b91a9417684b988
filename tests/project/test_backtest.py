"""The whole baseline again, elsewhere: the committed outputs come out byte for byte."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from tiny_notebooks import ROOT, bytes_of, ogp

from ogp_analysis.runs import executors, run, warm_kernels
from ogp_analysis.runs.execute_notebook import execute, shared_environment
from ogp_analysis.runs.notebook_file import INSERTED, code_of

COMMITTED = ROOT / "outputs" / "baseline"
COMPARED = ("tables/", "figures/", "results.json", "report")
NAMES = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


def committed_files() -> list[str]:
    """List what git keeps of the baseline; where there is no git, what is there."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "outputs/baseline"], cwd=ROOT, capture_output=True, text=True
    )
    names = [Path(name) for name in done.stdout.split("\0") if name]
    return [name.relative_to("outputs/baseline").as_posix() for name in names]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the baseline in a folder with a space and an n with tilde, in another locale and time zone."""
    folder = tmp_path_factory.mktemp("plan") / "otro año"
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".*"))
    shutil.copytree(ROOT / "params", folder / "params")
    changes = {"LC_ALL": "C", "TZ": "Pacific/Galapagos", "PYTHONHASHSEED": "7", "OMP_NUM_THREADS": "2"}
    code, out, err = ogp(folder, "run", "params/baseline.yaml", "--lang", "es", **changes)
    assert (code, err) == (0, "")
    assert "outputs/baseline/report.html" in out
    return folder


@pytest.mark.slow
def test_every_committed_output_comes_out_byte_for_byte(elsewhere: Path) -> None:
    made = bytes_of(elsewhere / "outputs" / "baseline")
    names = committed_files()
    assert {"results.json", "report.html", "report.pdf"} <= set(names)
    assert [name for name in names if name not in made] == []
    assert [name for name in names if made[name] != (COMMITTED / name).read_bytes()] == []


def test_nothing_that_should_be_committed_is_missing(elsewhere: Path) -> None:
    made = [name for name in bytes_of(elsewhere / "outputs" / "baseline") if name.startswith(COMPARED)]
    assert sorted(set(made) - set(committed_files())) == []


def test_every_notebook_leaves_a_headline_that_says_what_it_rests_on(elsewhere: Path) -> None:
    results = json.loads((elsewhere / "outputs" / "baseline" / "results.json").read_text(encoding="utf-8"))
    assert sorted(results) == NAMES
    for name in NAMES:
        headline = results[name]["headline"]
        assert headline, name
        assert not results[name].get("synthetic") or headline.startswith("In the synthetic example"), name


def shown(notebook: Path) -> list[list[dict]]:
    """List what each code cell of a notebook shows, but for the cell of parameters that a run puts in."""
    cells = [cell for _, cell in code_of(json.loads(notebook.read_text(encoding="utf-8")))]
    kept = [cell for cell in cells if not INSERTED & set(cell["metadata"].get("tags", []))]
    # Which cell it was differs by the one that a run puts in.
    return [[each | {"execution_count": None} for each in cell["outputs"]] for cell in kept]


def test_a_run_shows_what_the_notebooks_were_saved_with(elsewhere: Path) -> None:
    """One test for all: split among the workers of the tests, each part would make the run again."""
    for name in NAMES:
        *saved, saved_last = shown(ROOT / "notebooks" / f"{name}.ipynb")
        *made, made_last = shown(elsewhere / "outputs" / "baseline" / "notebooks" / f"{name}.ipynb")
        assert len(saved) >= 8
        others = [at for at, (one, other) in enumerate(zip(saved, made, strict=True)) if one != other]
        assert (name, others) == (name, [])
        # The last one publishes: nothing where it is not told where, and in a run every file by its name.
        assert [output["data"]["text/plain"] for output in saved_last] == [["[]"]]
        assert f"results/{name}.json" in "".join(made_last[0]["data"]["text/plain"])


def test_other_parameters_change_what_depends_on_them_and_only_that(elsewhere: Path, tmp_path: Path) -> None:
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    for name in ("03_categories", "05_plan_tables"):
        # Under a name of its own: a run of some of the six is refused.
        shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", notebooks / f"own_{name}.ipynb")
    # The notebooks alone: what else a run makes of them says nothing of what depends on a parameter.
    file = ROOT / "params" / "equal-panels-strict.yaml"
    (scenario,) = run.read_all([file], run.Places(notebooks, tmp_path / "outputs"))
    with warm_kernels.source(2, shared_environment(tmp_path)) as source, executors.executor(jobs=2) as pool:
        done = executors.complete(pool, execute, run.jobs_of(scenario, tmp_path, source=source))
    assert [outcome.failure for outcome in done] == [{}, {}]
    files = done[0].files | done[1].files
    before = json.loads((elsewhere / "outputs" / "baseline" / "results.json").read_text(encoding="utf-8"))
    after = {name: json.loads(files[f"results/{name}.json"]) for name in ("03_categories", "05_plan_tables")}
    assert after["03_categories"] != before["03_categories"]
    assert after["05_plan_tables"] == before["05_plan_tables"], "the plan's own numbers stand apart"
    assert files["tables/categories.csv"] != (COMMITTED / "tables" / "categories.csv").read_bytes()
    assert files["tables/milestones.csv"] == (COMMITTED / "tables" / "milestones.csv").read_bytes()


def test_plain_papermill_takes_the_params_file_without_a_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    from papermill.execute import execute_notebook

    monkeypatch.chdir(ROOT)
    caplog.set_level("WARNING")
    given = yaml.safe_load(Path("params/baseline.yaml").read_text(encoding="utf-8"))
    for name in NAMES:
        prepared = execute_notebook(f"notebooks/{name}.ipynb", None, parameters=given, prepare_only=True)
        assert "injected-parameters" in str([cell.metadata for cell in prepared.cells]), name
    assert (caplog.messages, capfd.readouterr()) == ([], ("", ""))
