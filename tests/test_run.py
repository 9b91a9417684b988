"""Runs never report a false success and never lose a previous result: each way to fail is made to happen."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tiny_notebooks import (
    TELL_PID,
    bytes_of,
    environment,
    is_gone,
    ogp,
    start,
    strangers,
    wait_for,
    write_notebook,
    write_params,
)

from ogp_analysis import cli, provenance, run
from ogp_analysis.errors import ParameterError, RunError
from ogp_analysis.run import gather, place
from ogp_analysis.run.notebook import execute


@pytest.fixture(scope="module", autouse=True)
def unchanged_code() -> Iterator[None]:
    """Hold the hash of the code still: whoever works on the package while the tests run changes it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ogp_analysis.run.scenario.code_digest", lambda: "unchanged")
        yield


@pytest.fixture(scope="module")
def good_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of one tiny notebook; the tests copy its folder."""
    folder = tmp_path_factory.mktemp("project")
    write_notebook(folder / "notebooks", "01_tiny", "2 + 2")
    run.run_scenarios([write_params(folder / "params")], places(folder))
    return folder


@pytest.fixture
def project(good_run: Path, tmp_path: Path) -> Path:
    """A project whose scenario ``base`` has a good previous run."""
    return Path(shutil.copytree(good_run, tmp_path / "project"))


def places(folder: Path) -> run.Places:
    return run.Places(folder / "notebooks", folder / "outputs")


def base(project: Path) -> Path:
    return project / "outputs" / "base"


def break_with(project: Path, *sources: str) -> None:
    write_notebook(project / "notebooks", "01_tiny", *sources)


def refused(project: Path, match: str) -> RunError:
    """Run, and hold that it fails with this message and leaves the previous run byte-identical."""
    before = bytes_of(base(project))
    with pytest.raises(RunError, match=match) as caught:
        run.run_scenarios([project / "params" / "base.yaml"], places(project))
    assert bytes_of(base(project)) == before
    assert not strangers(project / "outputs", "base", "base.failed")
    return caught.value


def test_a_good_run_holds_everything_and_names_no_place_of_this_machine(good_run: Path) -> None:
    files = bytes_of(base(good_run))
    assert {"notebooks/01_tiny.ipynb", "tables/01_tiny.csv", "results.json", "report.html"} <= set(files)
    assert files["tables/01_tiny.csv"] == b"tolerance,share\n1,0.3333333333\n"
    results = json.loads(files["results.json"])
    assert results["01_tiny"]["headline"] == "In the synthetic example, the tolerance is 1.0."
    for name, content in files.items():
        assert str(good_run).encode() not in content, name


def test_an_error_in_a_cell_names_notebook_cell_and_cause(project: Path) -> None:
    break_with(project, "1 / 0")
    error = refused(project, r"base: 01_tiny\.ipynb, cell 3 stopped: ZeroDivisionError: division by zero")
    assert error.values["kept"] == "base.failed/01_tiny.ipynb"
    kept = json.loads((project / "outputs" / "base.failed" / "01_tiny.ipynb").read_text(encoding="utf-8"))
    assert "ZeroDivisionError" in json.dumps(kept)


def test_a_killed_kernel_is_no_success(project: Path) -> None:
    break_with(project, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "1 + 1")
    refused(project, r"01_tiny\.ipynb, cell 3: its kernel died")


@pytest.mark.parametrize("ending", ["import sys; sys.exit(0)", "exit()"])
def test_a_cell_that_exits_with_zero_is_no_success(project: Path, ending: str) -> None:
    break_with(project, ending, "1 + 1")
    refused(project, r"01_tiny\.ipynb, (the )?cell \d")


def test_a_cell_that_is_skipped_or_may_fail_is_no_success(project: Path) -> None:
    path = write_notebook(project / "notebooks", "01_tiny", "1 / 0")
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][2]["metadata"]["tags"] = ["raises-exception"]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    refused(project, r"cell 3 stopped: ZeroDivisionError")
    notebook["cells"][2]["metadata"]["tags"] = ["skip-execution"]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    refused(project, r"cell 3 did not run in its turn")


def test_a_promised_file_that_is_not_written_is_no_success(project: Path) -> None:
    break_with(project, "output_dir = ''")
    refused(project, r"did not write what it promises: tables/01_tiny\.csv, results/01_tiny\.json")


def test_a_hanging_cell_is_stopped_at_the_limit_and_its_kernel_ends(project: Path) -> None:
    write_params(project / "params", cell_timeout=1)
    break_with(project, TELL_PID, "while True:\n    pass")
    refused(project, r"cell 4 ran longer than 1 seconds")
    assert is_gone(int((project / "params" / "kernel.pid").read_text()))


def test_fifty_megabytes_of_print_are_stopped(project: Path) -> None:
    break_with(project, "for _ in range(50):\n    print('x' * 1_000_000)")
    refused(project, r"cell 3 printed more than 2 million characters")
    kept = project / "outputs" / "base.failed" / "01_tiny.ipynb"
    assert kept.stat().st_size < 3_000_000


def test_endless_print_is_stopped(project: Path) -> None:
    break_with(project, "import time\nwhile True:\n    print('x' * 10_000)\n    time.sleep(0.001)")
    refused(project, r"cell 3 printed more than 2 million characters")


@pytest.mark.parametrize("tag", ["", "parameter"])
def test_a_missing_parameters_tag_is_refused_before_anything_starts(project: Path, tag: str) -> None:
    write_notebook(project / "notebooks", "01_tiny", TELL_PID, tag=tag)
    refused(project, r"01_tiny\.ipynb: 0 cells are tagged")
    assert not (project / "params" / "kernel.pid").exists()


def test_a_parameters_cell_that_computes_is_refused(project: Path) -> None:
    path = project / "notebooks" / "01_tiny.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("seed = 20191001", "seed = hash('a')"))
    refused(project, r"01_tiny\.ipynb, cell 2: the parameters cell may only assign plain values")


def test_a_parameter_that_the_notebook_does_not_declare_is_refused(project: Path) -> None:
    path = project / "notebooks" / "01_tiny.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("tolerance = 1.0", "tolerence = 1.0"))
    refused(project, r"parameter 'tolerance' is not in its parameters cell \(nearest: tolerence\)")


def test_a_parameter_name_that_is_code_never_runs(project: Path) -> None:
    file = project / "params" / "base.yaml"
    mark = project / "executed"
    with file.open("a", encoding="utf-8") as stream:
        stream.write(f"\"a=1;open({str(mark)!r}, 'w');b\": 1\n")
    before = bytes_of(base(project))
    with pytest.raises(ParameterError, match="a=1"):
        run.run_scenarios([file], places(project))
    assert not mark.exists()
    assert bytes_of(base(project)) == before


def test_every_params_file_is_checked_before_any_starts(project: Path) -> None:
    break_with(project, TELL_PID)
    broken = write_params(project / "params", "broken", tolerance=-1)
    with pytest.raises(ParameterError, match="tolerance"):
        run.run_scenarios([project / "params" / "base.yaml", broken], places(project))
    assert not (project / "params" / "kernel.pid").exists()


@pytest.mark.parametrize("name", ["a{b}", "..", "con", "a..b", "ends.", "x.failed"])
def test_a_scenario_name_that_is_no_plain_folder_is_refused(name: str) -> None:
    with pytest.raises(RunError, match="cannot name a folder"):
        place.check_name(name)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_spanish_scenario_name_gives_a_plain_folder_however_it_is_encoded(project: Path, form: str) -> None:
    write_params(project / "params", unicodedata.normalize("NFC", "más pequeño"))
    given = project / "params" / (unicodedata.normalize(form, "más pequeño") + ".yaml")
    if form == "NFD":
        (project / "params" / "más pequeño.yaml").rename(given)
    (found,) = run.read_all([given], places(project))
    assert (found.name, found.target.name) == ("mas pequeno", "mas pequeno")


def test_two_names_that_differ_in_accents_only_are_refused(project: Path) -> None:
    files = [write_params(project / "params", name) for name in ("año", "ano")]
    with pytest.raises(RunError, match="two params files give the name ano"):
        run.read_all(files, places(project))


@pytest.mark.parametrize("folder", ["../elsewhere", "outputs/{name}", "a/../../b"])
def test_an_output_folder_that_climbs_or_holds_braces_is_refused(project: Path, folder: str) -> None:
    code, _, err = ogp(project, "run", "params/base.yaml", "--outputs", folder)
    assert code == 2
    assert "no part of it may be" in err
    assert not strangers(project, "notebooks", "params", "outputs")


def test_a_home_folder_with_braces_spaces_and_enye_works(good_run: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(good_run, tmp_path / "año {x} nuevo"))
    code, out, err = ogp(home, "run", "params/base.yaml", "--force")
    assert (code, err) == (0, "")
    assert "In the synthetic example, the tolerance is 1.0." in out


def test_two_runs_into_one_place_the_second_is_refused_and_names_the_holder(project: Path) -> None:
    target = base(project)
    with place.held(target):
        break_with(project, "1")
        with pytest.raises(
            RunError, match=rf"base is being written by another run \(process {os.getpid()}\)"
        ):
            run.run_scenarios([project / "params" / "base.yaml"], places(project))
    assert not strangers(project / "outputs", "base")


def test_a_stale_lock_and_stale_folders_hold_nobody_up(project: Path) -> None:
    outputs = project / "outputs"
    (outputs / ".lock-base").write_text('{"pid": 999999999}', encoding="utf-8")
    (outputs / ".building-base-abcd1234" / "base").mkdir(parents=True)
    shutil.move(outputs / "base", outputs / ".replaced-base-abcd1234")
    other = outputs / ".building-base-2-abcd1234"
    other.mkdir()
    with place.held(outputs / "base"):
        assert (outputs / "base" / "results.json").is_file(), "a run that was replaced halfway comes back"
    assert strangers(outputs, "base") == [other.name], "another scenario's folder is left alone"


def test_the_sockets_of_killed_kernels_are_cleared_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name in ("ogp-kernel-999999999-abc", f"ogp-kernel-{os.getpid()}-abc", "ogp-kernel-x", "other"):
        (tmp_path / name).mkdir()
    place.clear_stale_folders()
    left = {"ogp-kernel-x", f"ogp-kernel-{os.getpid()}-abc", "other"}
    assert {path.name for path in tmp_path.iterdir()} == left


def test_a_run_killed_outright_leaves_the_previous_one_and_no_kernel(project: Path) -> None:
    before = bytes_of(base(project))
    break_with(project, TELL_PID, "import time\ntime.sleep(600)")
    process = start(project, "run", "params/base.yaml")
    kernel = int(wait_for(project / "params" / "kernel.pid", process))
    process.kill()
    process.communicate()
    assert is_gone(kernel)
    assert bytes_of(base(project)) == before
    break_with(project, "3 + 3")
    run.run_scenarios([project / "params" / "base.yaml"], places(project))
    assert not strangers(project / "outputs", "base")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_ends_clean(project: Path, how: signal.Signals) -> None:
    before = bytes_of(base(project))
    break_with(project, TELL_PID, "import time\ntime.sleep(600)")
    process = start(project, "run", "params/base.yaml", "--lang", "es")
    kernel = int(wait_for(project / "params" / "kernel.pid", process))
    os.killpg(process.pid, how)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "detenido; los resultados anteriores no se tocaron\n")
    assert is_gone(kernel)
    assert bytes_of(base(project)) == before
    assert not strangers(project / "outputs", "base")


@contextlib.contextmanager
def small_disk(folder: Path):
    """Mount a disk of 300 KiB where that is allowed; say in the test's name of the means which it was."""
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(folder)], capture_output=True
    )
    try:
        yield mounted.returncode == 0
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", str(folder)], check=True)


def limit_file_size() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))


@pytest.mark.skipif(sys.platform == "win32", reason="no small disk can be made")
@pytest.mark.parametrize(
    ("cell", "named"),
    [
        ("print('y' * 1_500_000)", "base/notebooks/01_tiny.ipynb"),
        ("open(f'{output_dir}/much', 'wb').write(bytes(1_500_000))", "base: 01_tiny.ipynb, cell 3 stopped"),
    ],
    ids=["while the run is laid out", "in a cell"],
)
def test_a_full_disk_is_named_and_loses_nothing(
    good_run: Path, project: Path, record_property: pytest.fixture, cell: str, named: str
) -> None:
    shutil.rmtree(project / "outputs")
    break_with(project, cell)
    with small_disk(project / "outputs") as mounted:
        record_property("disk", "tmpfs of 300 KiB" if mounted else "file-size limit of 300 kB")
        print("full disk made by", "tmpfs" if mounted else "RLIMIT_FSIZE")
        small = {"results.json": b"{}", "tables/a.csv": b"a\n1\n"}
        for name, content in small.items():
            path = base(project) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        done = subprocess.run(
            [sys.executable, "-m", "ogp_analysis", "run", "params/base.yaml"],
            cwd=project,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=120,
            preexec_fn=None if mounted else limit_file_size,
        )
        assert done.returncode == 3, done.stderr
        assert named in done.stderr
        assert "No space left on device" in done.stderr or "File too large" in done.stderr
        assert bytes_of(base(project)) == small
        assert not strangers(project / "outputs", "base", "base.failed")


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


def test_the_table_of_several_scenarios_is_named_and_one_scenario_has_none(
    good_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    done = run.Finished("base", base(good_run), False, (), {})
    monkeypatch.setattr(run, "run_scenarios", lambda *_, **__: [done, done])
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text("", encoding="utf-8")
    assert cli.main(["run", "a.yaml", "a.yaml", "--lang", "es"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == f"todos los escenarios, uno junto a otro: ver {Path('outputs') / 'scenarios.csv'}"
    assert cli.main(["run", "a.yaml", "a.yaml", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["table"] == "outputs/scenarios.csv"
    monkeypatch.setattr(run, "run_scenarios", lambda *_, **__: [done])
    assert cli.main(["run", "a.yaml", "--lang", "es"]) == 0
    assert "scenarios.csv" not in capsys.readouterr().out


def test_what_the_rule_leaves_undetermined_is_named_beside_the_moves() -> None:
    def results(**categories: int) -> dict:
        counts = {name: 0 for name in ("robust", "review", "fragile", "undetermined", "ten_stay")}
        return {"04_sensitivity": {"category_by_rule": categories, "ten_stay_error": 0.0} | counts}

    runs = {"baseline": ({}, results(A=1, B=2, C=0)), "strict": ({}, results(A=2, B=0, C=0, D=1))}
    first, other = csv.DictReader(io.StringIO(gather.scenario_table(runs)))
    assert (first["changed"], first["left"], first["not_compared"]) == ("0", "", "C")
    # A leaves category 1; B and C are undetermined in one scenario at least, D stands in one only.
    assert (other["changed"], other["left"], other["not_compared"]) == ("1", "A", "B C D")


def test_same_inputs_same_bytes_whatever_the_folder_locale_and_number_of_workers(
    good_run: Path, tmp_path: Path
) -> None:
    there = tmp_path / "otra carpeta ñ"
    for name in ("notebooks", "params"):
        shutil.copytree(good_run / name, there / name)
    code, _, err = ogp(there, "run", "params/base.yaml", "--jobs", "1", TZ="Asia/Tokyo", LC_ALL="C")
    assert (code, err) == (0, "")
    changing = ("ro-crate-metadata.json",)
    here = {name: body for name, body in bytes_of(base(good_run)).items() if name not in changing}
    assert {name: body for name, body in bytes_of(base(there)).items() if name not in changing} == here


def test_a_second_notebook_may_not_overwrite_the_first(project: Path) -> None:
    break_with(project, "output_dir = output_dir")
    path = project / "notebooks" / "02_other.ipynb"
    text = (project / "notebooks" / "01_tiny.ipynb").read_text(encoding="utf-8")
    path.write_text(text.replace('share\\": [1', 'share\\": [2'), encoding="utf-8")
    refused(project, r"tables/01_tiny.csv was written by two notebooks")


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
    code, _, err = ogp(project, "run", "params/base.yaml", "--lang", "en")
    assert code == 1
    assert "ratings.csv" in err
    assert "9" in err
    assert not (project / "params" / "kernel.pid").exists()


def test_own_data_are_recorded_without_their_place(good_run: Path, project: Path) -> None:
    from ogp_analysis.run import derive

    example = Path(provenance.__file__).parent / "data" / "example"
    place_of_data = project / "zzyzx" / "datos"
    place_of_data.mkdir(parents=True)
    for name in ("ratings", "proposals", "decisions"):
        shutil.copy(example / f"{name}.csv", place_of_data)
    write_params(project / "params", data=str(place_of_data))
    loads = "from ogp_analysis import params, ratings\ninputs = ratings.load(params.collect(locals()))"
    break_with(project, loads, "print(data, inputs.synthetic, len(inputs.ratings))")
    run.run_scenarios([project / "params" / "base.yaml"], places(project))
    files = bytes_of(base(project))
    assert {"inputs/data/ratings.csv", "inputs/data/decisions.csv", "inputs/params.yaml"} <= set(files)
    assert "inputs/data/evaluators.csv" not in files
    for name, content in files.items():
        assert b"zzyzx" not in content, name
    assert derive.derive(base(project), jobs=1) == []


def test_on_a_terminal_each_notebook_is_one_line_of_progress(project: Path) -> None:
    pty = pytest.importorskip("pty")
    break_with(project, "6 + 6")
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "ogp_analysis", "run", "params/base.yaml", "--lang", "en"],
        cwd=project,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=theirs,
        timeout=120,
    )
    os.close(theirs)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    assert done.returncode == 0
    assert shown.count("\n") == 1
    assert shown.startswith("[1/1] base 01_tiny.ipynb ")
    assert "s (about 0 s left)" in shown


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
