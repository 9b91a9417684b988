"""One row for each kind of touch in the table of docs/running.md: what ``ogp verify`` answers to it.

Every touch is resealed where that is possible, so that the record fits the bytes: what is found is found by
computing again. One small run is made once; nothing is executed here, and `test_verify` derives.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_project import base, break_with, refused

from ogp_analysis.cli import main
from ogp_analysis.errors import RunError
from ogp_analysis.runs import provenance, record_entries, recorded_inputs, run_folder, verify
from ogp_analysis.runs.scenario import parameters_digest
from tests.runs.test_verify import RECORD, other_numpy, replace_in, reseal

pytestmark = pytest.mark.usefixtures("unchanged_code")

ZEROS = "0" * 64
NOTEBOOK = "#content/notebook/01_tiny.ipynb"


@pytest.fixture
def copy(good_run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(base(good_run), tmp_path / "base"))


def answer(folder: Path, capsys: pytest.CaptureFixture, *words: str) -> tuple[int, dict]:
    capsys.readouterr()
    code = main.main(["verify", str(folder), "--json", "--lang", "en", *words])
    return code, json.loads(capsys.readouterr().out)["runs"][0]


def rules(found: dict) -> set[str]:
    return {finding["rule"] for finding in found["findings"]}


def listed(entities: dict[str, dict], name: str, kind: str = "application/yaml") -> None:
    """List one more file everywhere that a record lists files."""
    entity = {"@id": name, "name": name.rpartition("/")[2], "encodingFormat": kind}
    read = name.startswith("inputs/")
    words = f"{'Input' if read else 'Output'} of the run, {name}"
    entities[name] = entities["inputs/params.yaml"] | entity | {"description": words}
    for one, key in (("./", "hasPart"), ("#run", "object" if read else "result")):
        files = [part for part in entities[one][key] if not part["@id"].startswith("#")]
        settings = [part for part in entities[one][key] if part["@id"].startswith("#")]
        entities[one][key] = sorted([*files, {"@id": name}], key=lambda part: part["@id"]) + settings


def with_value(identifier: str, **values: object) -> Callable[[dict[str, dict]], None]:
    return lambda entities: entities[identifier].update(values)


RECORDS = {
    "hash of a notebook": (with_value(NOTEBOOK, value="ab" * 32), "record_hashes"),
    "hash of zeros": (with_value(NOTEBOOK, value=ZEROS), "record_hashes"),
    "hash of the parameters": (with_value("#content/parameters", value=ZEROS), "record_hashes"),
    "a notebook that is not there": (
        lambda e: e.update({"#content/notebook/9": {**e[NOTEBOOK], "name": "notebook 9"}}),
        "record_hashes",
    ),
    "data beside the packaged ones": (
        lambda e: e.update({"#content/x": {**e[NOTEBOOK], "name": "input data x.csv"}}),
        "record_hashes",
    ),
    "end before start": (with_value("#run", endTime="2019-01-01T00:00:00+00:00"), "record_times"),
    "no time": (with_value("#run", startTime="yesterday"), "record_times"),
    "origin": (with_value("#parameter/tolerance", description="origin: plan, line 1"), "record_entries"),
    "kind of a file": (with_value("results.json", encodingFormat="text/csv"), "record_entries"),
    "name of a file": (with_value("results.json", name="b.json"), "record_entries"),
    "name of a parameter": (with_value("#parameter/tolerance", name="third_rule"), "record_entries"),
    "date of publication": (with_value("./", datePublished="2019-12-01"), "record_entries"),
    "list of inputs": (with_value("#run", object=[]), "record_entries"),
    "no entry of a library": (lambda e: e.pop("https://numpy.org/"), "record_entries"),
    "version of the code": (lambda e: _code_entry(e).update(version="9.9.9"), "record_entries"),
    "list of results": (with_value("#run", result=[]), "record_entries"),
    "list of parts": (with_value("./", hasPart=[]), "record_entries"),
    "version in one place": (with_value("https://numpy.org/", version="9.9.9"), "record_entries"),
    "one more entry": (lambda e: e.update({"#more": {"@id": "#more"}}), "record_entries"),
    "no entry of the run": (lambda e: e.pop("#run"), "record_lacks"),
    "no word of the data": (lambda e: e.pop("#data-recorded"), "record_lacks"),
    "a parameter": (with_value("#parameter/tolerance", value="0.0"), "other_parameters"),
}


# Only the version that made the run knows how it words them.
WORDS = ("origin",)


@pytest.mark.parametrize("touch", RECORDS)
def test_a_record_that_contradicts_what_it_was_made_from_is_named_under_any_code(
    copy: Path, touch: str, capsys: pytest.CaptureFixture
) -> None:
    edit, rule = RECORDS[touch]
    reseal(copy, edit)
    code, found = answer(copy, capsys, "--hashes-only")
    assert code == 1
    assert rule in rules(found), found
    files = {RECORD, "notebooks/01_tiny.ipynb"} if rule == "other_parameters" else {RECORD}
    assert {finding["file"] for finding in found["findings"]} <= files
    if touch != "no entry of the run":
        reseal(copy, _other_code)
        code, found = answer(copy, capsys, "--hashes-only")
        assert (code, rule in rules(found)) == ((0, False) if touch in WORDS else (1, True)), found
        assert "words_of_another" in found["remarks"]


def test_a_size_in_the_record_that_a_file_does_not_have_names_the_file(
    copy: Path, capsys: pytest.CaptureFixture
) -> None:
    reseal(copy, with_value("results.json", contentSize="1"))
    code, found = answer(copy, capsys, "--hashes-only")
    assert code == 1
    assert [(finding["file"], finding["rule"]) for finding in found["findings"]] == [
        ("results.json", "altered")
    ]


def test_a_file_added_to_the_inputs_and_listed_is_named(copy: Path, capsys: pytest.CaptureFixture) -> None:
    (copy / "inputs" / "more.yaml").write_text("x: 1\n", encoding="utf-8")
    reseal(copy, lambda entities: listed(entities, "inputs/more.yaml"))
    reseal(copy)
    code, found = answer(copy, capsys, "--hashes-only")
    assert code == 1
    assert ("inputs/more.yaml", "added") in {(each["file"], each["rule"]) for each in found["findings"]}


def test_a_notebook_that_was_edited_is_not_that_of_its_hash(
    copy: Path, capsys: pytest.CaptureFixture
) -> None:
    replace_in(copy, "notebooks/01_tiny.ipynb", "2 + 2", "2 + 3")
    reseal(copy)
    code, found = answer(copy, capsys, "--hashes-only")
    assert (code, rules(found)) == (1, {"record_hashes"})


def test_recorded_parameters_that_were_edited_are_not_those_of_their_hash(
    copy: Path, capsys: pytest.CaptureFixture
) -> None:
    replace_in(copy, "inputs/params.yaml", "tolerance: 1.0", "tolerance: 0.5")
    reseal(copy, with_value("#parameter/tolerance", value="0.5"))
    code, found = answer(copy, capsys, "--hashes-only")
    assert (code, rules(found)) == (1, {"record_hashes", "other_parameters"})


def _parameters_hash(folder: Path) -> Callable[[dict[str, dict]], None]:
    """Let the record have the hash that a run with the recorded parameters has."""
    written = recorded_inputs.parameters_as_written(folder) or {}

    def edit(entities: dict[str, dict]) -> None:
        shown = {kind: json.loads(entities[f"#parameter/{kind}"]["value"]) for kind in ("data", "method")}
        entities["#content/parameters"]["value"] = parameters_digest(written | shown)
        entities["#parameter/tolerance"]["value"] = "0.5"

    return edit


@pytest.mark.parametrize("other", [False, True], ids=["same code", "other code"])
@pytest.mark.parametrize("own", [False, True], ids=["packaged data", "own data"])
def test_parameters_with_a_hash_to_fit_are_not_those_that_the_notebooks_show(
    copy: Path, own: bool, other: bool, capsys: pytest.CaptureFixture
) -> None:
    if own:
        make_own(copy)
    reseal(copy, lambda e: (own and data_of_ones_own(copy, e), other and _other_code(e)))
    assert answer(copy, capsys, "--hashes-only")[1]["findings"] == []
    replace_in(copy, "inputs/params.yaml", "tolerance: 1.0", "tolerance: 0.5")
    reseal(copy, lambda e: e["#parameter/tolerance"].update(value="0.5"))
    found = answer(copy, capsys, "--hashes-only")[1]
    assert "record_hashes" in rules(found) or (own and other)
    reseal(copy, _parameters_hash(copy))
    (copy / "tables" / "parameters.csv").write_text(
        "parameter,item,value\ntolerance,,1.0\nindicator_weights,time,0.25\n", encoding="utf-8"
    )
    reseal(copy, lambda e: listed(e, "tables/parameters.csv", "text/csv"))
    reseal(copy)
    code, found = answer(copy, capsys, "--hashes-only")
    named = {"notebooks/01_tiny.ipynb", "tables/parameters.csv"}
    assert (code, [(each["file"], each["detail"]) for each in found["findings"]]) == (
        1,
        [(name, "tolerance") for name in sorted(named)],
    )


def make_own(folder: Path) -> None:
    """Let the inputs of a run be data of one's own, named mine.csv."""
    replace_in(folder, "inputs/params.yaml", "data: example", "data: data")
    replace_in(folder, "notebooks/01_tiny.ipynb", 'data = \\"example\\"', 'data = \\"mine.csv\\"')
    (folder / "inputs" / "data").mkdir()
    (folder / "inputs" / "data" / "ratings.csv").write_text("proposal\n", encoding="utf-8")


def data_of_ones_own(folder: Path, entities: dict[str, dict]) -> None:
    entities["#parameter/data"]["value"] = '"mine.csv"'
    listed(entities, "inputs/data/ratings.csv", "text/csv")
    size, digest = provenance.hashes(folder)["inputs/data/ratings.csv"]
    entities["inputs/data/ratings.csv"] |= {"contentSize": str(size), "sha256": digest}
    given = {
        **entities["#content/code"],
        "@id": "#content/input/data/mine.csv",
        "name": "input data mine.csv",
    }
    entities[given["@id"]] = given | {"value": "cd" * 32}
    entities["#run"]["object"].append({"@id": given["@id"]})
    _parameters_hash(folder)(entities)
    entities["#parameter/tolerance"]["value"] = "1.0"


@pytest.mark.parametrize(
    ("edit", "remark"),
    [
        (other_numpy, "other_versions"),
        (lambda e: _other_code(e), "other_versions"),
        (lambda e: _other_commit(e), "unknown_commit"),
    ],
    ids=["libraries", "code", "commit"],
)
def test_what_is_only_not_the_same_here_is_a_remark(
    copy: Path, edit: Callable, remark: str, capsys: pytest.CaptureFixture
) -> None:
    reseal(copy, edit)
    code, found = answer(copy, capsys, "--hashes-only")
    assert (code, found["findings"]) == (0, [])
    if remark == "other_versions" or (Path(provenance.__file__).parents[2] / ".git").exists():
        assert remark in found["remarks"]


def _code_entry(entities: dict[str, dict]) -> dict:
    return entities[entities["#run"]["instrument"]["@id"]]


def _other_code(entities: dict[str, dict]) -> None:
    """Let another code have made the run, in every place that names it."""
    entities["#content/code"]["value"] = "ab" * 32
    code = entities.pop(entities["#run"]["instrument"]["@id"])
    address = code["@id"].rpartition("/")[0] + "/" + "ab" * 32
    entities["#run"]["instrument"] = {"@id": address}
    entities[address] = code | {"@id": address, "url": address}


def _other_commit(entities: dict[str, dict]) -> None:
    code = _code_entry(entities)
    code["description"] = f"Commit {'1' * 40}, with changes since."


# Links and pipes


def _link(path: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    path.rename(target)
    path.symlink_to(target)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize(
    "name",
    ["tables/01_tiny.csv", "inputs/params.yaml", "notebooks", "inputs", "tables", "excel", "report.pdf"],
)
def test_a_link_to_the_same_bytes_is_no_part_of_the_run(
    copy: Path, name: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    _link(copy / name, tmp_path / "elsewhere" / "same")
    code, found = answer(copy, capsys)
    file = name + ("/" if (copy / name).is_dir() else "")
    assert (code, found["findings"]) == (1, [{"file": file, "rule": "linked"}])


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_in_the_place_of_the_run_itself_is_remarked(
    copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "link").symlink_to(copy)
    code, found = answer(tmp_path / "link", capsys, "--hashes-only")
    assert (code, found["findings"], found["remarks"][0]) == (0, [], "link")
    assert "link is a link: what it leads to was checked" in " ".join(found["lines"])


def test_what_a_look_at_the_folder_leaves_is_remarked(copy: Path, capsys: pytest.CaptureFixture) -> None:
    """Names that Finder, Explorer, Excel and LibreOffice give; a run opened in them was not touched."""
    names = [".DS_Store", ".~lock.tables.xlsx#", "Thumbs.db", "tables/._01_tiny.csv", "~$tables.xlsx"]
    for name in names:
        (copy / name).write_bytes(b"\0")
    code, found = answer(copy, capsys, "--hashes-only")
    assert (code, found["findings"], found["remarks"][0]) == (0, [], "traces")
    assert all(name in " ".join(found["lines"]) for name in names)
    (copy / "tables" / "lock.csv").write_bytes(b"\0")
    code, found = answer(copy, capsys, "--hashes-only")
    assert (code, found["findings"]) == (1, [{"file": "tables/lock.csv", "rule": "added"}])


def _all_of(folder: Path) -> list[Path]:
    """List the files of a run but its record, read from the disk and not from the record."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != RECORD)


def test_of_how_many_files_is_told_does_not_shrink_with_those_that_are_lost(
    copy: Path, capsys: pytest.CaptureFixture
) -> None:
    written = _all_of(copy)
    for path in written[:3]:
        path.unlink()
    code, found = answer(copy, capsys, "--hashes-only")
    assert (code, found["files"], len(found["findings"])) == (1, len(written), 3)
    assert f"3 of {len(written)} files are not" in found["lines"][0]
    for path in written[3:]:
        path.unlink()
    _, found = answer(copy, capsys, "--hashes-only")
    assert f"{len(written)} of {len(written)} files are not" in found["lines"][0]


def test_what_was_added_counts_among_the_files_that_were_looked_at(
    copy: Path, capsys: pytest.CaptureFixture
) -> None:
    count = len(_all_of(copy))
    (copy / "more.txt").write_text("mine", encoding="utf-8")
    _, found = answer(copy, capsys, "--hashes-only")
    assert found["files"] == count + 1


@pytest.mark.skipif(os.name == "nt", reason="links and pipes need rights or do not exist there")
@pytest.mark.parametrize("kind", ["dangling", "pipe", "empty"])
def test_whatever_stands_for_a_folder_of_the_run_is_named_once(
    copy: Path, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    name = "figures" if kind == "empty" else "tables"
    shutil.rmtree(copy / name)
    (tmp_path / "else").mkdir()
    os.mkfifo(copy / name) if kind == "pipe" else (copy / name).symlink_to(
        tmp_path / ("else" if kind == "empty" else "nowhere")
    )
    code, found = answer(copy, capsys, "--hashes-only")
    file = name + ("/" if kind == "empty" else "")
    assert (code, found["findings"]) == (1, [{"file": file, "rule": "linked"}])


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_that_stands_for_nothing_of_the_run_is_not_written_by_it(
    copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    (copy / "tabl").symlink_to(tmp_path)
    code, found = answer(copy, capsys, "--hashes-only")
    assert (code, found["findings"]) == (1, [{"file": "tabl/", "rule": "added"}])


@pytest.mark.skipif(os.name == "nt", reason="links and pipes need rights or do not exist there")
@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_a_record_that_is_no_file_is_not_read(
    copy: Path, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    _link(copy / RECORD, tmp_path / "elsewhere" / RECORD)
    if kind != "link":
        (copy / RECORD).unlink()
        os.mkfifo(copy / RECORD) if kind == "pipe" else (copy / RECORD).mkdir()
    assert main.main(["verify", str(copy), "--lang", "en"]) == 3
    assert "cannot be read" in capsys.readouterr().err


# Notebooks of others, runs that are not there


def test_notebooks_of_others_are_executed_only_when_asked_for(
    copy: Path, good_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr("ogp_analysis.runs.verify.derive_again", lambda *_, **__: asked.append(1) or [])
    code, found = answer(copy, capsys)
    assert (code, found["derived"], found["foreign_notebooks"]) == (0, False, ["01_tiny.ipynb"])
    assert "code of others" in " ".join(found["lines"])
    assert not asked
    code, found = answer(copy, capsys, "--execute")
    assert (code, found["derived"], found["foreign_notebooks"]) == (0, True, ["01_tiny.ipynb"])
    code, found = answer(copy, capsys, "--notebooks", str(good_run / "notebooks"))
    assert (code, found["derived"], found["foreign_notebooks"]) == (0, True, [])
    assert len(asked) == 2


def test_the_notebooks_of_this_installation_are_known_though_they_were_executed() -> None:
    from ogp_analysis.runs.verify import foreign_notebooks

    project = Path(provenance.__file__).parents[2]
    assert foreign_notebooks(project) == []


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"cells": [{}]}', b"\xff"])
def test_what_is_no_notebook_is_foreign_and_sets_no_parameter(tmp_path: Path, content: bytes) -> None:
    """Beside it stands one that sets what is no plain value, or several names, which tells nothing."""
    for folder in ("run/notebooks", f"run/{recorded_inputs.INPUTS}", "known"):
        (tmp_path / folder).mkdir(parents=True)
    for folder in ("run/notebooks", "known"):
        (tmp_path / folder / "01.ipynb").write_bytes(content)
    assert verify.foreign_notebooks(tmp_path / "run", tmp_path / "known") == ["01.ipynb"]
    source = 'tolerance = float("inf")\nseed = other = 7\na.b = 1\nimport os\nn_draws = 100\n'
    cell = {"cell_type": "code", "metadata": {"tags": ["injected-parameters"]}, "source": source}
    write_bytes = (tmp_path / "run" / "notebooks" / "02.ipynb").write_bytes
    write_bytes(json.dumps({"cells": [cell]}).encode())
    given = "tolerance: 1.0\nseed: 20191001\nn_draws: 20000\n"
    (tmp_path / "run" / recorded_inputs.INPUTS / recorded_inputs.PARAMETERS).write_text(
        given, encoding="utf-8"
    )
    findings = record_entries.other_values(tmp_path / "run", {})
    assert [(each.file, each.detail) for each in findings if each.file.endswith("ipynb")] == [
        ("notebooks/02.ipynb", "n_draws")
    ]


@pytest.mark.parametrize("what", ["missing", "bare"])
def test_a_run_or_a_record_that_is_not_there_is_one_kind(tmp_path: Path, what: str) -> None:
    (tmp_path / "bare").mkdir()
    assert main.main(["verify", str(tmp_path / what)]) == 3


def test_a_run_caught_between_two_moves_is_said_to_be_so(copy: Path, capsys: pytest.CaptureFixture) -> None:
    copy.rename(copy.with_name(".replaced-base-abcd1234"))
    assert main.main(["verify", str(copy), "--lang", "en"]) == 3
    assert 'Run "ogp run" again' in capsys.readouterr().err


# What else reads a run: its report, the next run


@pytest.mark.parametrize("touch", ["changed", "added", "linked", "record"])
def test_no_page_is_written_from_what_the_run_did_not_write(
    copy: Path, touch: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    table = copy / "tables" / "01_tiny.csv"
    if touch == "changed":
        replace_in(copy, "tables/01_tiny.csv", "0.3333333333", "0.4333333333")
    if touch == "added":
        shutil.copy(table, copy / "tables" / "more.csv")
    if touch == "linked":
        _link(table, tmp_path / "elsewhere" / "same")
    if touch == "record":
        replace_in(copy, RECORD, "ogp run base", "ogp run bass")
    before = {path: path.read_bytes() for path in copy.glob("report*")}
    assert main.main(["report", str(copy), "--lang", "en"]) == 1
    assert "no page was written" in capsys.readouterr().err
    assert before == {path: path.read_bytes() for path in copy.glob("report*")}


@pytest.mark.parametrize("note", [True, False])
def test_pages_are_written_beside_a_note_of_ones_own_and_without_a_record(copy: Path, note: bool) -> None:
    (copy / "notes.txt").write_text("mine") if note else (copy / RECORD).unlink()
    (copy / "report.pdf").unlink()
    assert main.main(["report", str(copy), "--lang", "en"]) == 0
    assert (copy / "report.pdf").is_file()


@pytest.mark.skipif(os.name == "nt", reason="links and pipes need rights or do not exist there")
@pytest.mark.parametrize("kind", ["link", "dangling", "hard link", "pipe", "long file", "folder", "socket"])
def test_what_is_no_lock_is_neither_followed_nor_written_into(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, lock = tmp_path / "thesis.txt", tmp_path / ".lock-base"
    own.write_text("the only copy", encoding="utf-8")
    if kind == "pipe":
        os.mkfifo(lock)
    elif kind == "long file":
        lock.write_text("mine" * 100, encoding="utf-8")
    elif kind == "hard link":
        os.link(own, lock)
    elif kind == "folder":
        lock.mkdir()
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as listener:
            monkeypatch.chdir(tmp_path)
            listener.bind(lock.name)
    else:
        lock.symlink_to(own if kind == "link" else tmp_path / "nowhere")
    with pytest.raises(RunError, match="not a lock of a run"), run_folder.held(tmp_path / "base"):
        pass
    assert own.read_text(encoding="utf-8") == "the only copy"
    assert not (tmp_path / "nowhere").exists()
    assert os.path.lexists(lock)
    run_folder.restore(tmp_path)
    assert own.read_text(encoding="utf-8") == "the only copy"


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_that_a_notebook_leaves_publishes_nothing(project: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("n\n1\n", encoding="utf-8")
    break_with(
        project,
        "import os, pathlib; folder = pathlib.Path(output_dir, 'tables'); folder.mkdir()",
        f"os.symlink({str(secret)!r}, folder / 'x.csv')",
    )
    refused(project, r"left 'tables/x\.csv' among its results")
