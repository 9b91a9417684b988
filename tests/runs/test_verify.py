"""``ogp verify``: untouched runs pass, whatever they were made from; what was resealed is named."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sample_project import base, break_with, places
from tiny_notebooks import bytes_of, is_gone, start, wait_for, write_params

from ogp_analysis.cli import main
from ogp_analysis.errors import RunError
from ogp_analysis.runs import provenance, recorded_inputs, run, verify
from ogp_analysis.runs.notebook_file import is_same

pytestmark = pytest.mark.usefixtures("unchanged_code")

PACKAGED = Path(provenance.__file__).parents[1] / "data"
RECORD = "ro-crate-metadata.json"
GIVEN = """
import pandas as pd
from ogp_analysis import output
from ogp_analysis.model import params
from ogp_analysis import ratings
from ogp_analysis.report import parameters_and_gaps
parameters = params.collect(locals())
inputs = ratings.load(parameters)
shown = ratings.results.tables(inputs, parameters)
assigned = pd.DataFrame({"category_by_rule": [1]}, index=["S01"])
shown["not_computable"] = parameters_and_gaps.not_computable(assigned, inputs)
print("\\n".join(inputs.said))
output.save(output_dir, "00_given", tables=shown, results=ratings.results.summary(inputs, shown))
"""
SHOWN = """
import pandas as pd
from ogp_analysis import output
from ogp_analysis.model import params
from ogp_analysis import ratings
from ogp_analysis.report import parameters_and_gaps
parameters = params.collect(locals())
inputs = ratings.load(parameters)
shown = {"parameters": parameters_and_gaps.parameter_table(parameters), "proposals": inputs.proposals}
shown |= {"given": inputs.given, "evaluators": pd.DataFrame({"n": [len(inputs.evaluators)]})}
output.save(output_dir, "00_shown", tables=shown)
"""


# Proposals of the example that are left out here: ten are read, and shown, in a fifth of the time.
MANY = ("S1", "S2", "S3", "S4")


def own_data(folder: Path, *, evaluators: bool = False) -> Path:
    folder.mkdir(parents=True)
    names = ("ratings", "proposals", "decisions", *(("evaluators",) if evaluators else ()))
    for name in names:
        lines = (PACKAGED / "example" / f"{name}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        few = [line for line in lines if name == "evaluators" or not line.startswith(MANY)]
        (folder / f"{name}.csv").write_text("".join(few), encoding="utf-8", newline="")
    return folder


def made(project: Path, **changes: object) -> Path:
    """Run the project with these parameters, and give the folder of the run."""
    write_params(project / "params", **changes)
    run.run_scenarios([project / "params" / "base.yaml"], places(project))
    return base(project)


def verified(folder: Path, capsys: pytest.CaptureFixture, *words: str) -> tuple[int, dict]:
    capsys.readouterr()
    code = main.main(["verify", str(folder), "--jobs", "1", "--execute", "--json", "--lang", "en", *words])
    return code, json.loads(capsys.readouterr().out)["runs"][0]


def named(answer: dict) -> list[tuple[str, str]]:
    return [(finding["file"], finding["rule"]) for finding in answer["findings"]]


def reseal(folder: Path, edit: Callable[[dict[str, dict]], object] = lambda _: None) -> None:
    """Make the record of a run fit what lies in it, as whoever can run this package can."""
    crate = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    for name, (size, digest) in provenance.hashes(folder).items():
        if name in entities:
            entities[name] |= {"contentSize": str(size), "sha256": digest}
    edit(entities)
    text = provenance.sealed(crate | {"@graph": list(entities.values())})
    (folder / RECORD).write_text(text, encoding="utf-8", newline="")


def other_numpy(entities: dict[str, dict]) -> None:
    entities["#content/library/numpy"]["value"] = entities["https://numpy.org/"]["version"] = "1.0"


def replace_in(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    content = path.read_bytes()
    assert old.encode() in content
    path.write_bytes(content.replace(old.encode(), new.encode(), 1))


# What was not touched


@pytest.mark.parametrize("where", ["mine.csv", "../mine", "../example", ".", "absolute"])
def test_a_run_from_own_data_derives_under_the_name_that_its_tables_show(
    project: Path, where: str, capsys: pytest.CaptureFixture
) -> None:
    break_with(project, SHOWN)
    folder = own_data(project / "mine")
    shutil.copytree(folder, project / "example")
    for path in folder.iterdir():
        shutil.copy(path, project / "params")
    shutil.copy(folder / "ratings.csv", project / "params" / "mine.csv")
    data = str(folder) if where == "absolute" else where
    done = made(project, data=data)
    shown = {"mine.csv": "mine.csv", "../example": "example", ".": "data"}.get(where, "mine")
    assert f"\ndata,,{shown},example," in (done / "tables" / "parameters.csv").read_text(encoding="utf-8")
    code, answer = verified(done, capsys)
    assert (code, named(answer), answer["derived"]) == (0, [], True)
    for name, content in bytes_of(done).items():
        assert str(project).encode() not in content, name


def test_a_run_with_a_method_of_ones_own_derives_under_its_name(
    project: Path, capsys: pytest.CaptureFixture
) -> None:
    break_with(project, SHOWN)
    shutil.copy(PACKAGED / "methods" / "ecuador-2019.yaml", project / "mi método.yaml")
    done = made(project, method="../mi método.yaml")
    assert "\nmethod,,mi método.yaml," in (done / "tables" / "parameters.csv").read_text(encoding="utf-8")
    assert verified(done, capsys)[0] == 0


def test_texts_that_a_spreadsheet_would_run_and_ratings_left_out_come_back_as_they_were_read(
    project: Path, capsys: pytest.CaptureFixture
) -> None:
    break_with(project, SHOWN)
    folder = own_data(project / "mine")
    replace_in(folder, "proposals.csv", "\nS01,,", "\nS01,=1+1,")
    replace_in(folder, "proposals.csv", "\nS02,,", "\nS02,'-x,")
    lines = (folder / "ratings.csv").read_text(encoding="utf-8").splitlines()
    lines.remove(next(line for line in lines if line.startswith("S03,alignment,")))
    (folder / "ratings.csv").write_text("\n".join(lines), encoding="utf-8")
    done = made(project, data="../mine", missing="drop")
    given = (done / "inputs" / "data" / "ratings.csv").read_text(encoding="utf-8")
    assert given.count("\nS03,") == sum(line.startswith("S03,") for line in lines) > 0
    code, answer = verified(done, capsys)
    assert (code, named(answer)) == (0, [])


# What was resealed


@pytest.fixture
def copy(good_run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(base(good_run), tmp_path / "base"))


def test_line_ends_of_the_record_are_bytes_too(copy: Path) -> None:
    path = copy / RECORD
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert [(found.rule, found.file) for found in provenance.check(copy)] == [("run.record", RECORD)]


def test_a_half_of_a_character_in_the_record_is_a_change(copy: Path) -> None:
    replace_in(copy, RECORD, "ogp run base", "ogp run \\ud800")
    assert [found.rule for found in provenance.check(copy)] == ["run.record"]


@pytest.mark.parametrize(
    "text", ["[]", '{"@graph": [{"@id": "#parameter/seed"}]}', '{"@graph": [[]]}', "[" * 100_000]
)
def test_a_record_without_its_values_cannot_be_read(copy: Path, text: str) -> None:
    (copy / RECORD).write_text(text, encoding="utf-8")
    with pytest.raises(RunError, match="cannot be read"):
        provenance.check(copy)


TOUCHES = {
    "report.html": ("<body", "<body data-x"),
    "tables/01_tiny.csv": ("0.3333333333", "0.4333333333"),
    "excel/01_tiny.csv": ("0,3333333333", "0,4333333333"),
    "latex/01_tiny.tex": ("tolerance", "tolerancf"),
    "results.json": ("tolerance is", "tolerance was"),
}
SWAPS = {"tables.xlsx": "tables.es.xlsx", "annex.xlsx": "annex.es.xlsx", "report.pdf": "report.es.pdf"}


# What comes out again does not depend on what was touched, so that one derivation tells of many files.
@pytest.mark.parametrize(("old", "new"), [('"4"', '"5"'), ("# Parameters", "# Parametros")])
def test_whatever_is_made_from_the_inputs_is_derived(
    copy: Path, old: str, new: str, capsys: pytest.CaptureFixture
) -> None:
    touches = TOUCHES | {"notebooks/01_tiny.ipynb": (old, new)}
    for name, words in touches.items():
        replace_in(copy, name, *words)
    for name, other in SWAPS.items():
        shutil.copy(copy / other, copy / name)
    reseal(copy)
    code, answer = verified(copy, capsys)
    touched = sorted([*touches, *SWAPS])
    assert (code, sorted(named(answer))) == (1, [(name, "derived_differently") for name in touched])


def test_a_single_touch_is_the_only_one_that_is_named(copy: Path, capsys: pytest.CaptureFixture) -> None:
    replace_in(copy, "latex/01_tiny.tex", *TOUCHES["latex/01_tiny.tex"])
    reseal(copy)
    code, answer = verified(copy, capsys)
    assert (code, named(answer)) == (1, [("latex/01_tiny.tex", "derived_differently")])


def test_a_parameter_of_the_record_that_is_not_the_recorded_one_is_named(
    copy: Path, capsys: pytest.CaptureFixture
) -> None:
    reseal(copy, lambda entities: entities["#parameter/tolerance"].update(value="0.0"))
    code, answer = verified(copy, capsys)
    contradiction = {"file": RECORD, "rule": "other_parameters", "detail": "tolerance"}
    assert (code, answer["findings"]) == (1, [contradiction])


def test_a_notebook_that_is_none_is_named(copy: Path) -> None:
    (copy / "notebooks" / "01_tiny.ipynb").write_text('{"cells": 1}', encoding="utf-8")
    with pytest.raises(RunError, match=r"01_tiny\.ipynb is not a valid notebook"):
        verify.derive_again(copy, jobs=1)


def test_inputs_that_are_said_to_lack_and_are_there_are_derived(
    copy: Path, capsys: pytest.CaptureFixture
) -> None:
    replace_in(copy, "tables/01_tiny.csv", "0.3333333333", "0.4333333333")
    reseal(copy, lambda entities: entities["#data-recorded"].update(value=False))
    code, answer = verified(copy, capsys)
    expected = [(RECORD, "inputs_there"), ("tables/01_tiny.csv", "derived_differently")]
    assert (code, named(answer)) == (1, expected)


def test_inputs_that_are_said_to_be_there_and_lack_are_named(
    copy: Path, capsys: pytest.CaptureFixture
) -> None:
    replace_in(copy, "inputs/params.yaml", "data: example", "data: data")
    reseal(copy)
    code, answer = verified(copy, capsys)
    assert (code, named(answer), answer["derived"]) == (1, [(RECORD, "inputs_lack")], False)


def test_a_record_that_does_not_say_whether_the_data_are_there_lacks_something(
    copy: Path, capsys: pytest.CaptureFixture
) -> None:
    reseal(copy, lambda entities: entities.pop("#data-recorded"))
    code, answer = verified(copy, capsys)
    assert (code, named(answer)) == (1, [(RECORD, "record_lacks")])


@pytest.mark.skipif(os.name == "nt", reason="links and pipes need rights or do not exist there")
def test_what_is_no_file_is_named_too(copy: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "z.csv").write_text("x", encoding="utf-8")
    (copy / "tables" / "lost.csv").symlink_to("/nowhere")
    (copy / "more").symlink_to(elsewhere)
    (copy / "empty" / "deep").mkdir(parents=True)
    os.mkfifo(copy / "pipe")
    found = [(finding.rule, finding.file) for finding in provenance.check(copy)]
    assert found == [("run.added", name) for name in ("empty/deep/", "more/", "pipe", "tables/lost.csv")]


def executed(*, data: str = "../mine.csv", seed: int = 1, said: str = "4 rows", output: str = "10") -> bytes:
    inserted = {"source": f"data = {data!r}\nseed = {seed}", "metadata": {"tags": ["injected-parameters"]}}
    cells = [{"cell_type": "code", "outputs": []} | inserted]
    for source, shown in (("print(inputs.said)", said), ("final", output), ("%magic", "")):
        cells.append({"cell_type": "code", "source": source, "metadata": {}, "outputs": [shown]})
    return (json.dumps({"cells": cells}, indent=1, ensure_ascii=False) + "\n").encode()


def test_notebooks_on_own_data_may_differ_in_where_these_lay_and_how_they_were_read_and_in_nothing_else() -> (
    None
):
    derived = executed(data="data/mine.csv", said="CSV, 4 rows")
    assert is_same(executed(), derived)
    for changed in (
        executed(data="../other.csv"),
        executed(data="../mine.csv\nseed = 2"),
        executed(seed=2),
        executed(output="11"),
        executed().replace(b"final", b"final "),
        executed().replace(b"'../mine.csv'", b"mine"),
        executed() + b" ",
        b"{}",
        b"[",
    ):
        assert not is_same(changed, derived), changed


# Evaluators, who are never recorded


def test_what_rests_on_the_evaluators_is_not_confirmed_and_said(
    project: Path, capsys: pytest.CaptureFixture
) -> None:
    break_with(project, SHOWN)
    own_data(project / "mine", evaluators=True)
    done = made(project, data="../mine")
    assert not (done / "inputs" / "data" / "evaluators.csv").exists()
    code, answer = verified(done, capsys)
    assert (code, named(answer), answer["derived"]) == (0, [], False)
    assert "tables/evaluators.csv" in answer["unconfirmed"]
    assert not {"tables/given.csv", "tables/01_tiny.csv"} & set(answer["unconfirmed"])
    said = " ".join(answer["lines"])
    assert "who the evaluators are is not recorded" in said
    assert "tables/evaluators.csv" in said


@pytest.mark.parametrize(
    ("kept", "derived", "gap"),
    [
        # As the template ships: a row for each evaluator, no organisation.
        (lambda code: False, True, True),
        # Of seats, who hold their stake by design, it says nothing of conflicts.
        (lambda code: code == "L01", True, True),
        (lambda code: code.endswith(("1", "3", "5", "7", "9")), False, False),
    ],
    ids=["blank", "seats only", "half"],
)
def test_an_honest_run_whose_organisations_were_left_blank_is_never_accused(
    project: Path, kept: Callable[[str], bool], derived: bool, gap: bool, capsys: pytest.CaptureFixture
) -> None:
    break_with(project, GIVEN)
    path = own_data(project / "mine", evaluators=True) / "evaluators.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows.append(rows[0] | {"evaluator": "L01"})
    for row in rows:
        row["organisation"] = row["organisation"] if kept(row["evaluator"]) else ""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    done = made(project, data="../mine")
    code, answer = verified(done, capsys)
    assert (code, named(answer), answer["derived"]) == (0, [], derived)
    said = (done / "tables" / "not_computable.csv").read_text(encoding="utf-8")
    assert ("conflicts of interest of single evaluators" in said) == gap
    notebook = (done / "notebooks" / "01_tiny.ipynb").read_text(encoding="utf-8")
    assert ("gives the organisation of nobody who rates" in notebook) == gap


def test_evaluators_are_no_excuse_where_the_run_says_that_it_knew_none(
    project: Path, capsys: pytest.CaptureFixture
) -> None:
    stakes = '{"panel": ["lead"], "all_ratings": [3], "organisation_unknown": [3]}'
    planted = f'shown["ratings_stakes"] = pd.DataFrame({stakes})\n'
    break_with(project, SHOWN.replace("output.save(", f"{planted}output.save("))
    own_data(project / "mine")
    done = made(project, data="../mine")
    assert not recorded_inputs.rests_on_evaluators(done)
    replace_in(done, "tables/01_tiny.csv", "0.3333333333", "0.4333333333")
    reseal(done, lambda entities: entities["#data-recorded"].update(value=False))
    code, answer = verified(done, capsys)
    assert (code, named(answer)) == (1, [("tables/01_tiny.csv", "derived_differently")])


# Several runs, wrong words, other machines


def test_every_run_gets_its_answer_and_the_worst_is_the_exit_code(
    copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "bare").mkdir()
    words = ["verify", str(tmp_path / "bare"), str(copy), "--hashes-only", "--lang", "en"]
    assert main.main(words) == 3
    said = capsys.readouterr()
    assert "files are byte for byte what the run wrote" in said.out
    assert "bare holds no record of a run" in said.err
    assert main.main(["verify", str(copy), str(tmp_path / "none"), "--hashes-only", "--json"]) == 3
    answer = json.loads(capsys.readouterr().out)
    assert [(one["run"], one["ok"]) for one in answer["runs"]] == [("base", True), ("none", False)]
    (copy / "results.json").unlink()
    assert main.main(["verify", str(tmp_path / "bare"), str(copy), "--hashes-only", "--json"]) == 3
    answer = json.loads(capsys.readouterr().out)
    assert [one["exit_code"] for one in answer["runs"] if "error" in one] == [3]
    assert named(answer["runs"][1]) == [("results.json", "lost")]


def test_recorded_parameters_that_break_the_rules_are_told_for_their_run(
    copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    good = shutil.copytree(copy, tmp_path / "good")
    replace_in(copy, "inputs/params.yaml", "tolerance: 1.0", "tolerance: -1.0")
    reseal(copy)
    assert main.main(["verify", str(copy), str(good), "--hashes-only", "--lang", "en"]) == 1
    said = capsys.readouterr()
    assert "tolerance" in said.err
    assert said.out.startswith("good: all")


def test_fewer_than_one_process_is_refused_by_name(copy: Path, capsys: pytest.CaptureFixture) -> None:
    assert main.main(["verify", str(copy), "--jobs", "-1", "--lang", "en"]) == 2
    assert "--jobs" in capsys.readouterr().err


def test_a_difference_comes_with_the_versions_that_are_not_the_same_here(
    copy: Path, capsys: pytest.CaptureFixture
) -> None:
    replace_in(copy, "tables/01_tiny.csv", "0.3333333333", "0.4333333333")
    reseal(copy, other_numpy)
    _, answer = verified(copy, capsys)
    assert any("numpy 1.0 → " in line for line in answer["lines"])


# Stopped


@pytest.fixture
def temporary() -> Iterator[Path]:
    # Sockets of kernels lie below it, and have short names only.
    with tempfile.TemporaryDirectory(prefix="t-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.mark.skipif(os.name == "nt", reason="there a process cannot be asked to end")
@pytest.mark.parametrize("number", [pytest.param(signal.SIGTERM, marks=pytest.mark.deep), "kill"])
def test_a_stopped_verification_leaves_nothing_for_long(
    project: Path, temporary: Path, number: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Runs at once, and waits for ever where the test asks for it.
    break_with(
        project,
        "import os, signal\nfrom pathlib import Path\n"
        "tell = os.environ.get('TELL_PID')\n"
        "if tell:\n    _ = Path(tell).write_text(str(os.getpid()))\n    signal.pause()",
    )
    done = made(project)
    tell = temporary / "kernel.pid"
    process = start(
        done, "verify", str(done), "--execute", "--jobs", "1", TMPDIR=str(temporary), TELL_PID=str(tell)
    )
    kernel = int(wait_for(tell, process))
    assert list(temporary.glob(f"{verify.SCRATCH}{process.pid}-*"))
    process.send_signal(signal.SIGKILL if number == "kill" else number)
    process.communicate(timeout=60)
    assert is_gone(kernel)
    if number == "kill":
        (temporary / f"{verify.SCRATCH}{os.getpid()}-mine").mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(temporary))
        verify.clear_stale_folders()
        assert [path.name for path in temporary.glob(f"{verify.SCRATCH}*")] == [
            f"{verify.SCRATCH}{os.getpid()}-mine"
        ]
    else:
        assert process.returncode == 130
        assert not list(temporary.glob(f"{verify.SCRATCH}*"))
