"""Scenarios: what is out of date, several side by side, one's own data, the same bytes wherever they run."""

from __future__ import annotations

import concurrent.futures
import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sample_project import base, break_with, places, refused
from tiny_notebooks import (
    TELL_PID,
    bytes_of,
    environment,
    ogp_here,
    strangers,
    write_params,
)

from ogp_analysis.cli import main
from ogp_analysis.errors import RunError
from ogp_analysis.runs import inputs, provenance, run, run_folder, run_results, scenarios_table
from ogp_analysis.runs.execute_notebook import execute
from ogp_analysis.runs.notebook_file import found_folder

pytestmark = pytest.mark.usefixtures("unchanged_code")


def own_data(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in ("ratings", "proposals", "decisions"):
        shutil.copy(Path(provenance.__file__).parents[1] / "data" / "example" / f"{name}.csv", folder)
    return folder


def test_an_up_to_date_run_does_nothing_and_says_so(project: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in base(project).rglob("*")}
    (done,) = run.run_scenarios([project / "params" / "base.yaml"], places(project))
    assert not done.ran
    assert {path: path.stat().st_mtime_ns for path in base(project).rglob("*")} == before


@pytest.mark.parametrize(
    ("what", "because"),
    [("notebook", "notebook 01_tiny.ipynb"), ("parameter", "parameters"), ("output", "tables/01_tiny.csv")],
)
def test_whatever_changed_makes_a_run_out_of_date(project: Path, what: str, because: str) -> None:
    if what == "notebook":
        break_with(project, "5 + 5")
    if what == "parameter":
        write_params(project / "params", tolerance=2.0)
    if what == "output":
        (base(project) / "tables" / "01_tiny.csv").write_text("tampered", encoding="utf-8")
    scenario = run.read_all([project / "params" / "base.yaml"], places(project))[0]
    assert run.out_of_date(scenario) == (True, (because,))


def test_several_scenarios_one_failing_the_other_is_published(project: Path) -> None:
    break_with(project, "assert tolerance < 2, 'too wide'")
    wide = write_params(project / "params", "wide", tolerance=2.0)
    events: list[dict] = []
    with pytest.raises(RunError, match=r"wide: 01_tiny.ipynb, cell 3 stopped: AssertionError: too wide"):
        run.run_scenarios(
            [project / "params" / "base.yaml", wide],
            places(project),
            on_event=lambda **event: events.append(event),
        )
    assert not (project / "outputs" / "wide").exists()
    assert [e["failed"] for e in sorted(events[1:], key=lambda e: e["scenario"])] == [False, True]
    assert not provenance.check(base(project))


def test_scenarios_stand_side_by_side_in_one_table(project: Path) -> None:
    wide = write_params(project / "params", "wide", tolerance=2.0)
    finished = run.run_scenarios([project / "params" / "base.yaml", wide], places(project))
    assert [done.ran for done in finished] == [False, True]
    table = (project / "outputs" / "scenarios.csv").read_text(encoding="utf-8")
    assert table == "scenario,tolerance,01_tiny.n\nbase,1.0,1.0\nwide,2.0,2.0\n"


@pytest.mark.parametrize("kind", ["own table", "own notes", "folder", "link", "extra column"])
def test_what_is_no_table_of_scenarios_is_kept_and_refused_before_any_work(project: Path, kind: str) -> None:
    path, own = project / "outputs" / "scenarios.csv", project / "own.csv"
    texts = {"own table": "scenario,cost\nbase,1\n", "own notes": "hello", "link": "n\n1\n"}
    texts["extra column"] = "scenario,tolerance,01_tiny.n,my notes\nbase,1.0,1.0,look again\n"
    if kind == "folder":
        path.mkdir()
    elif kind == "link":
        own.write_text("scenario,tolerance\nbase,1.0\n", encoding="utf-8")
        path.symlink_to(own)
    else:
        path.write_text(texts[kind], encoding="utf-8")
    before = bytes_of(project)
    wide = write_params(project / "params", "wide", tolerance=2.0)
    events: list[dict] = []
    with pytest.raises(RunError, match=r"scenarios\.csv is not a table of scenarios"):
        run.run_scenarios(
            [project / "params" / "base.yaml", wide],
            places(project),
            on_event=lambda **event: events.append(event),
        )
    assert not events
    wide.unlink()
    assert bytes_of(project) == before
    assert not strangers(project / "outputs", "base", "scenarios.csv")


@pytest.mark.parametrize(
    ("content", "ours"),
    [
        ("scenario,tolerance,synthetic,01.n\nbase,1.0,yes,2\n", True),
        ("scenario,tolerance,synthetic,01.n\nbase,1.0,perhaps,2\n", False),
        ("scenario,tolerance,01.n\nbase,1.0,two\n", False),
        ("scenario,tolerance,01.n\nbase,1.0,\n", True),
        ("scenario,tolerance\n../base,1.0\n", False),
        ('scenario,tolerance\n"base,1.0\n', False),
        ("", False),
        ("scenario,tolerance\n\xf1,1.0\n".encode("latin-1"), False),
    ],
)
def test_a_table_of_scenarios_is_known_by_its_form(content: str | bytes, ours: bool) -> None:
    assert scenarios_table.is_ours(content if isinstance(content, bytes) else content.encode()) == ours


def test_no_table_of_scenarios_is_put_where_a_run_of_this_name_goes(tmp_path: Path) -> None:
    with pytest.raises(RunError) as caught:
        scenarios_table.check_table(tmp_path / "scenarios.csv", ["base", "Scenarios.CSV"])
    assert caught.value.values["key"] == "run.bad_name"


def test_what_is_no_table_of_scenarios_by_the_time_it_is_written_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "scenarios.csv"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(RunError) as caught:
        scenarios_table.write_table({"base": ({"tolerance": 1}, {"03": {"final": 10}})}, path)
    assert caught.value.values["key"] == "run.table_foreign"
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_table_of_scenarios_waits_for_the_run_that_writes_one(tmp_path: Path) -> None:
    path = tmp_path / "scenarios.csv"
    runs = {"base": ({"tolerance": 1}, {"03": {"final": 10}})}
    with concurrent.futures.ThreadPoolExecutor() as pool:
        with run_folder.held(path):
            waiting = pool.submit(scenarios_table.write_table, runs, path)
            with pytest.raises(concurrent.futures.TimeoutError):
                waiting.result(timeout=0.3)
        waiting.result(timeout=10)
    scenarios_table.write_table(runs, path)
    assert [each.name for each in tmp_path.iterdir()] == ["scenarios.csv"]


def test_the_table_of_several_scenarios_is_named_and_one_scenario_has_none(
    good_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    done = run.Finished("base", base(good_run), False, (), {})
    monkeypatch.setattr(run, "run_scenarios", lambda *_, **__: [done, done])
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.chdir(tmp_path)
    write_params(tmp_path)
    assert main.main(["run", "base.yaml", "base.yaml", "--lang", "es"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == f"todos los escenarios, uno junto a otro: ver {Path('outputs') / 'scenarios.csv'}"
    assert main.main(["run", "base.yaml", "base.yaml", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["table"] == "outputs/scenarios.csv"
    monkeypatch.setattr(run, "run_scenarios", lambda *_, **__: [done])
    assert main.main(["run", "base.yaml", "--lang", "es"]) == 0
    assert "scenarios.csv" not in capsys.readouterr().out


def test_what_the_rule_leaves_undetermined_is_named_beside_the_moves() -> None:
    def results(**categories: int) -> dict:
        counts = {name: 0 for name in ("robust", "review", "fragile", "undetermined", "ten_stay")}
        return {"04_sensitivity": {"category_by_rule": categories, "ten_stay_error": 0.0} | counts}

    runs = {"baseline": ({}, results(A=1, B=2, C=0)), "strict": ({}, results(A=2, B=0, C=0, D=1))}
    first, other = csv.DictReader(io.StringIO(run_results.scenario_table(runs)))
    assert (first["changed"], first["left"], first["not_compared"]) == ("0", "", "C")
    # A leaves category 1; B and C are undetermined in one scenario at least, D stands in one only.
    assert (other["changed"], other["left"], other["not_compared"]) == ("1", "A", "B C D")


def test_the_scales_of_different_methods_are_no_findings_side_by_side() -> None:
    def results(most: int, final: int) -> dict:
        criteria = [{"thirds": [list(range(most))], "minimum": 0, "maximum": most}]
        return {"06_irm_review": {"final_1": final, "method": {"criteria": criteria, "categories": [1, 2]}}}

    runs = {"long": ({"tolerance": 1}, results(1001, 3)), "short": ({"tolerance": 2}, results(5, 4))}
    table = list(csv.DictReader(io.StringIO(run_results.scenario_table(runs))))
    assert [row["06_irm_review.final_1"] for row in table] == ["3", "4"]
    assert not [column for column in table[0] if ".method." in column]


def test_a_second_notebook_may_not_overwrite_the_first(project: Path) -> None:
    break_with(project, "output_dir = output_dir")
    path = project / "notebooks" / "02_other.ipynb"
    text = (project / "notebooks" / "01_tiny.ipynb").read_text(encoding="utf-8")
    path.write_text(text.replace('share\\": [1', 'share\\": [2'), encoding="utf-8")
    refused(project, r"tables/01_tiny.csv was written by two notebooks")


def test_elsewhere_the_notebooks_of_the_installation_are_taken(tmp_path, monkeypatch):
    """Those here come first, also where the folder turns out to be empty, which is then said."""
    monkeypatch.chdir(tmp_path)
    assert (found_folder() / "04_sensitivity.ipynb").is_file()
    (tmp_path / "notebooks").mkdir()
    assert found_folder() == Path("notebooks")


def test_no_notebooks_and_no_params_file_are_said(project: Path) -> None:
    with pytest.raises(RunError, match="there is no notebook in"):
        run.run_scenarios([project / "params" / "base.yaml"], run.Places(project / "params", project))
    with pytest.raises(RunError, match="there is no params file"):
        run.run_scenarios([project / "none.yaml"], places(project))


def test_data_that_break_the_rules_are_refused_before_anything_starts(project: Path) -> None:
    data = project / "mine"
    data.mkdir()
    head = "proposal,indicator,panel,evaluator,role,rating\n"
    (data / "ratings.csv").write_text(f"{head}P1,time,lead,E1,independent,9\n", encoding="utf-8")
    break_with(project, TELL_PID)
    write_params(project / "params", data="../mine")
    code, _, err = ogp_here(project, "run", "params/base.yaml", "--lang", "en")
    assert code == 1
    assert "ratings.csv" in err
    assert "9" in err
    assert not (project / "params" / "kernel.pid").exists()


def test_own_data_are_recorded_without_their_place(good_run: Path, project: Path) -> None:
    from ogp_analysis.runs import verify

    example = Path(provenance.__file__).parents[1] / "data" / "example"
    place_of_data = project / "zzyzx" / "datos"
    place_of_data.mkdir(parents=True)
    for name in ("ratings", "proposals", "decisions"):
        shutil.copy(example / f"{name}.csv", place_of_data)
    write_params(project / "params", data=str(place_of_data))
    imports = "from ogp_analysis import ratings\nfrom ogp_analysis.model import params\n"
    loads = f"{imports}inputs = ratings.load(params.collect(locals()))"
    break_with(project, loads, "print(data, inputs.synthetic, len(inputs.ratings))")
    run.run_scenarios([project / "params" / "base.yaml"], places(project))
    files = bytes_of(base(project))
    assert {"inputs/data/ratings.csv", "inputs/data/decisions.csv", "inputs/params.yaml"} <= set(files)
    assert "inputs/data/evaluators.csv" not in files
    for name, content in files.items():
        assert b"zzyzx" not in content, name
    assert verify.derive_again(base(project), jobs=1) == []


def test_on_a_terminal_each_notebook_is_one_line_of_progress(project: Path) -> None:
    pty = pytest.importorskip("pty")
    break_with(project, "6 + 6")
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as terminal:
        code, *_ = ogp_here(project, "run", "params/base.yaml", "--lang", "en", terminal=terminal)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    assert code == 0
    assert shown.count("\n") == 1
    assert shown.startswith("[1/1] base 01_tiny.ipynb ")
    assert "s (now reports and workbooks are written)" in shown


def test_plain_papermill_runs_the_same_notebook_with_the_same_file(project: Path) -> None:
    command = [sys.executable, "-m", "papermill", "--cwd", "params", "notebooks/01_tiny.ipynb", "out.ipynb"]
    done = subprocess.run(
        [*command, "-f", "params/base.yaml", "--no-progress-bar"],
        cwd=project,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "unknown parameter" not in done.stderr
    assert not list(project.glob("params/tables"))


def test_a_worker_with_other_code_or_without_the_folder_is_told(project: Path) -> None:
    (scenario,) = run.read_all([project / "params" / "base.yaml"], places(project))
    (job,) = run.jobs_of(scenario, project, elsewhere=True)
    assert execute(replace(job, code="0" * 64)).failure == {"key": "run.other_code"}
    away = execute(replace(job, kernel_folder="/nowhere/params"))
    assert away.failure == {"key": "run.no_folder_there", "cause": "params"}


REWRITE = "from pathlib import Path\nfile = Path({file!r})\nbefore = file.read_bytes()\n_ = file.{action}"


@pytest.mark.parametrize("put_back", [False, True])
def test_data_that_change_while_the_run_reads_them_are_named_and_nothing_is_lost(
    project: Path, put_back: bool
) -> None:
    own_data(project / "mine")
    write_params(project / "params", data="../mine")
    rewrite = REWRITE.format(file="../mine/ratings.csv", action="write_bytes(before + b'\\n')")
    break_with(project, rewrite, *(["file.write_bytes(before)"] if put_back else []))
    error = refused(project, r"base: \.\./mine/ratings\.csv: changed or was written to while the run")
    assert main.exit_code(error) == 3


@pytest.mark.parametrize(
    ("action", "then"),
    [("write_text('foo: [')", []), ("unlink()", []), ("write_text('foo: [')", ["params.collect(locals())"])],
)
def test_a_method_file_that_changes_while_the_run_reads_it_is_named(
    project: Path, action: str, then: list[str]
) -> None:
    shutil.copy(
        Path(provenance.__file__).parents[1] / "data" / "methods" / "ecuador-2019.yaml", project / "m.yaml"
    )
    write_params(project / "params", method="../m.yaml")
    break_with(
        project,
        "from ogp_analysis.model import params",
        REWRITE.format(file="../m.yaml", action=action),
        *then,
    )
    refused(project, r"base: \.\./m\.yaml: changed or was written to while the run was reading it")


def test_a_table_that_comes_into_the_folder_of_the_data_is_a_change_and_a_lock_file_is_none(
    project: Path,
) -> None:
    own_data(project / "mine")
    write_params(project / "params", data="../mine")
    write = "from pathlib import Path\n_ = Path('../mine/{name}').write_bytes(b'')"
    break_with(project, write.format(name="more.csv"))
    refused(project, r"\.\./mine/more\.csv: changed")
    (project / "mine" / "more.csv").unlink()
    break_with(project, *(write.format(name=name) for name in ("~$ratings.xlsx", ".lock", "notes.md")))
    run.run_scenarios([project / "params" / "base.yaml"], places(project))
    assert not provenance.check(base(project))


def test_a_params_file_that_changes_while_it_runs_changes_nothing_in_the_record(project: Path) -> None:
    rewrite = REWRITE.format(file="base.yaml", action="write_bytes(before.replace(b'1.0', b'2.0'))")
    break_with(project, rewrite)
    write_params(project / "params", tolerance=1.0)
    run.run_scenarios([project / "params" / "base.yaml"], places(project))
    assert "tolerance: 1.0" in (base(project) / "inputs" / "params.yaml").read_text(encoding="utf-8")
    scenario = run.read_all([project / "params" / "base.yaml"], places(project))[0]
    assert run.out_of_date(scenario)[0]


@pytest.mark.parametrize("kind", ["data", "method"])
def test_what_changes_between_the_params_file_and_the_data_is_named(project: Path, kind: str) -> None:
    own = own_data(project / "mine") / "ratings.csv"
    if kind == "method":
        own = project / "m.yaml"
        shutil.copy(Path(provenance.__file__).parents[1] / "data" / "methods" / "ecuador-2019.yaml", own)
    write_params(project / "params", **{kind: "../mine" if kind == "data" else "../m.yaml"})
    scenario = run.read_all([project / "params" / "base.yaml"], places(project))[0]
    own.write_bytes(own.read_bytes() + b"\n")
    with pytest.raises(RunError, match=rf"{own.name}: changed or was written to"):
        inputs.load(scenario)
