"""The verbs at their edges: what is refused with which exit code, and what is printed for a program."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sample_ratings as sample
import sample_run
from tiny_notebooks import write_notebook, write_params

from ogp_analysis.cli import check, main, run, streams, sweep
from ogp_analysis.language import texts
from ogp_analysis.model import method_file, params
from ogp_analysis.runs import provenance
from ogp_analysis.runs.run import Finished


@pytest.fixture
def own_handler() -> Iterator[None]:
    """Give the process its own handler of SIGTERM back: ``ogp run`` sets one."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def call(*words: object) -> int:
    return main.main([str(word) for word in words])


def test_a_reader_of_a_pipe_that_goes_away_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb", buffering=0) as pipe:
        gone = io.TextIOWrapper(pipe, encoding="utf-8", write_through=True)
        monkeypatch.setattr(sys, "stdout", gone)
        assert call("check", "example", "--lang", "en") == 0
        # What is still printed, also at the end of the process, goes nowhere.
        print("more", flush=True)
        gone.detach()


def test_every_notebook_that_failed_is_listed_in_the_readers_language(
    tmp_path: Path, capsys: pytest.CaptureFixture, own_handler: None
) -> None:
    for name in ("01_tiny", "02_tiny"):
        write_notebook(tmp_path / "cuadernos", name, "1 / 0")
    file, outputs = write_params(tmp_path / "params"), tmp_path / "outputs"
    words = ("--notebooks", tmp_path / "cuadernos", "--outputs", outputs, "--quiet", "--lang", "es")
    assert call("run", file, *words) == 3
    first, *listed = capsys.readouterr().err.splitlines()
    assert first == "Error: 2 cuadernos fallaron; los resultados anteriores no se tocaron:"
    assert [line.split(" (")[0] for line in listed] == [
        f"  - base: {name}.ipynb, celda 3 se detuvo: ZeroDivisionError: division by zero"
        for name in ("01_tiny", "02_tiny")
    ]
    assert sorted(path.name for path in outputs.iterdir()) == ["base.failed"]


def test_a_run_names_those_of_its_files_that_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base" / "tables").mkdir(parents=True)
    (tmp_path / "base" / "report.html").touch()
    said = run.summary(Finished("base", tmp_path / "base", True, (), {}), "en")
    assert "report.html" in said
    assert "tables" in said
    assert "report.pdf" not in said
    assert "figures" not in said


def test_a_params_file_brings_its_own_method_to_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "two.yaml").write_text(sample.TWO_PANELS, encoding="utf-8")
    method, _ = method_file.read_method("two.yaml", tmp_path)
    file = write_params(tmp_path, **check.adapted(method, "two.yaml"), data="n.csv")
    rows = [
        dict(zip(sample.COLUMNS, ("P01", indicator, panel, seat, "independent", "4"), strict=True))
        for indicator, panel, seats in (("merit", "readers", "AB"), ("scope", "chairs", "CD"))
        for seat in seats
    ]
    data = sample.write(tmp_path / "n.csv", rows)
    assert call("check", data, "--params", file, "--lang", "en") == 0
    alone = capsys.readouterr().out
    assert "chairs" in alone
    assert call("check", data, "--lang", "en") == 1
    # Without a file, the data that the params file names from its own folder.
    capsys.readouterr()
    assert call("check", "--params", file, "--lang", "en") == 0
    assert capsys.readouterr().out == alone


@pytest.mark.parametrize(
    "words", [("check", "example"), ("template", "notas.xlsx"), ("example", "datos"), ("params", "p.yaml")]
)
def test_a_method_that_is_not_there_is_refused(
    words: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(*words, "--method", "nada.yaml", "--lang", "es") == 1
    said = capsys.readouterr()
    assert "nada.yaml" in said.err
    assert "no existe un archivo con este nombre" in said.err
    assert said.out == ""
    assert list(tmp_path.iterdir()) == []


# What is asked for, and the key and the value or the file of what is refused.
REFUSED = {
    "example new --proposals 0": ("example.count", "0"),
    "example new --proposals -3": ("example.count", "-3"),
    "example new --proposals 1000000": ("example.count", "1000000"),
    "example new --seed -1": ("example.seed", "-1"),
    "method new own": ("params.exists", "own.yaml"),
    "template new.csv --for classification": ("template.ending", "new.xlsx"),
    "template new --for classification": ("template.ending", "new.xlsx"),
    "template book.xlsx --for classification": ("template.exists", "book.xlsx"),
    "classify book.xlsx --out book.xlsx": ("people.same_file", "book.xlsx"),
    "classify answers.csv --out c.csv": ("people.same_file", "c.csv"),
    "page rated": ("people.no_received", "rated"),
    "compare cut cut": ("compare.unreadable", "cut/tables/a.csv"),
}


@pytest.mark.parametrize("words", REFUSED)
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_what_is_refused_is_told_to_a_program_by_its_key_and_nothing_is_written(
    words: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("own.yaml", "book.xlsx", "answers.csv"):
        (tmp_path / name).write_text("filled", encoding="utf-8")
    for folder in ("rated", "cut/tables/a.csv"):
        (tmp_path / folder).mkdir(parents=True)
    sample.write(tmp_path / "rated" / "ratings.csv", sample.complete())
    before = sorted(tmp_path.iterdir())
    assert call(*words.split(), "--json", "--lang", language) == 1
    (refused,) = json.loads(capsys.readouterr().out)["problems"]
    kind, value = REFUSED[words]
    assert refused["kind"] == kind
    assert value in (refused["file"], *refused["examples"])
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "book.xlsx").read_text(encoding="utf-8") == "filled"


def test_a_method_file_and_its_check_are_told_to_a_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("method", "new", "own", "--json") == call("check", "--method", "own.yaml", "--json") == 0
    made, checked = map(json.loads, capsys.readouterr().out.splitlines())
    assert made == {"ok": True, "file": "own.yaml", "remarks": []}
    assert checked == {"ok": True, "method": "own", "remarks": []}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize(("called", "silent"), [(streams.STDERR, True), (streams.STDOUT, False)])
def test_a_standard_error_that_fails_is_passed_over_as_there_is_nowhere_to_say_so(
    called: str, silent: bool
) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        stream = streams.Stream(full, called)
        stream.write("Error: ")
        with contextlib.nullcontext() if silent else pytest.raises(OSError, match="No space"):
            stream.flush()
        assert stream.gone
        assert (stream.failure is None) == silent


def test_the_example_replaces_no_file(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    (tmp_path / "ratings.csv").write_text("mine", encoding="utf-8")
    assert call("example", tmp_path, "--lang", "en") == 2
    assert capsys.readouterr().out == f"{tmp_path} already holds ratings; nothing was written\n"
    assert [path.name for path in tmp_path.iterdir()] == ["ratings.csv"]
    assert (tmp_path / "ratings.csv").read_text(encoding="utf-8") == "mine"


def test_a_key_without_a_file_to_read_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert call("pseudonymise", "--key-file", tmp_path / "ogp.key", "--lang", "en") == 2
    assert capsys.readouterr().err.startswith("Usage: ogp pseudonymise --new-key FILE, once; then")


def test_a_new_key_is_told_to_a_program_without_being_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    key = tmp_path / "ogp.key"
    assert call("pseudonymise", "--new-key", key, "--json", "--lang", "en") == 0
    out = capsys.readouterr().out
    answer = json.loads(out)
    assert answer["ok"] is True
    (said,) = answer["said"]
    assert re.fullmatch(r"Key [0-9a-f]{8} written\. Keep a copy in a safe place, .*", said)
    assert key.read_text(encoding="utf-8").strip() not in out


def test_rebuilt_pages_are_told_to_a_program(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    folder = sample_run.make(tmp_path / "base")
    assert call("report", folder, "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is True
    assert {Path(page).name for page in answer["pages"]} >= {"report.html", "report.pdf"}
    assert all(Path(page).parent == folder and Path(page).is_file() for page in answer["pages"])
    assert answer["others"] > 0


def test_pages_are_not_made_anew_beside_a_record_that_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / provenance.DESCRIPTOR).write_text("[", encoding="utf-8")
    assert call("report", tmp_path, "--lang", "es") == 3
    message = texts.say("run.broken_record", "es", folder=tmp_path.name)
    assert message in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [provenance.DESCRIPTOR]


def test_a_sweep_tells_a_program_its_counts_and_a_terminal_its_progress(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    write_params(tmp_path)
    grid = tmp_path / "grid.yaml"
    grid.write_text("base: base.yaml\ngrid: {tolerance: [1.0, 1.5]}\n", encoding="utf-8")
    output = tmp_path / "table.csv"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert call("sweep", grid, "--output", output, "--jobs", "1", "--json", "--lang", "en") == 0
    said = capsys.readouterr()
    answer = json.loads(said.out)
    moved = [line.split(",") for line in output.read_text(encoding="utf-8").splitlines()]
    steady = [row[moved[0].index("moved")] for row in moved[1:]].count("0")
    same_as = {row[moved[0].index("same_as")] for row in moved[1:]}
    counts = {"scenarios": 2, "outcomes": len(same_as), "steady": steady}
    assert answer == {"ok": True, **counts, "file": str(output)}
    assert said.err.endswith("\r2 of 2 scenarios\n")


def test_the_progress_of_a_sweep_stays_on_one_line(capsys: pytest.CaptureFixture) -> None:
    progress = sweep.Progress(3, "es")
    progress([{}])
    progress([{}, {}])
    assert capsys.readouterr().err == "\r1 de 3 escenarios\r3 de 3 escenarios\n"


@pytest.mark.parametrize(("language", "report"), [("en", "reports"), ("es", "informes")])
def test_after_the_last_notebook_the_reports_are_named_and_no_time_that_is_left(
    capsys: pytest.CaptureFixture, language: str, report: str
) -> None:
    progress = run.Progress(language)
    progress(kind="start", notebooks=2, scenarios=1)
    for name in ("01", "02"):
        progress(kind="notebook", scenario="base", notebook=name, seconds=3.0, failed=False)
    first, last = capsys.readouterr().err.splitlines()
    assert report not in first
    assert last.startswith("[2/2] base 02 3.0 s (")
    assert report in last
    assert "0 s" not in last.partition("(")[2]


def test_a_run_whose_evaluators_are_not_recorded_is_checked_by_its_bytes_only(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "results.json").write_text("{}", encoding="utf-8")
    times = ("2019-12-01T09:00Z", "2019-12-01T09:01Z")
    facts = provenance.Facts("base", params.baseline(), {}, {"code": "e3b0"}, *times, data_recorded=False)
    provenance.write(tmp_path, facts)
    assert call("verify", tmp_path, "--lang", "en") == 0
    untouched, *_, derived = capsys.readouterr().out.splitlines()
    assert "byte for byte what the run wrote" in untouched
    assert derived.startswith("  the tables were not derived again: who the evaluators are is not recorded")
