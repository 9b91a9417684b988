"""Nobody exposed, from end to end: names planted in ratings never reach what is said or published."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import canary
import canary_workbook
import pandas as pd
import pytest
import sample_ratings as sample
from canary_workbook import WELLINGTON, ZORAIDA

from ogp_analysis.cli import main
from ogp_analysis.output import canonical

HERE = Path(__file__).parents[2]
COLUMNS = {"comment": f"dijo {canary.NAMES[1]}", "email": canary.NAMES[2], "nombre": canary.NAMES[0]}


def planted(ratings: pd.DataFrame) -> pd.DataFrame:
    """Call the evaluators by canaries, as a roster would."""
    codes = list(dict.fromkeys(ratings["evaluator"]))
    roster = {code: canary.NAMES[n % 6] + (f" {n}" if n >= 6 else "") for n, code in enumerate(codes)}
    return ratings.assign(evaluator=ratings["evaluator"].map(roster))


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """Write ratings with names, and a folder of tables with names and addresses in columns of their own."""
    folder = tmp_path_factory.mktemp("data")
    frames = sample.generated()
    canonical.write(folder / "named.csv", canonical.csv_text(planted(frames["ratings"])))
    for name, frame in frames.items():
        canonical.write(folder / "extra" / f"{name}.csv", canonical.csv_text(frame.assign(**COLUMNS)))
    return folder


def test_the_roster_is_planted(data):
    assert canary.found_in((data / "named.csv").read_bytes(), canary.NAMES)
    assert canary.found_in((data / "extra" / "evaluators.csv").read_bytes(), canary.NAMES)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("words", [["check", "{}"], ["check", "{}", "--json"], ["run", "{}"]])
def test_ratings_with_names_are_refused_without_showing_one(data, tmp_path, capsys, language, words):
    target = data / "named.csv"
    if words[0] == "run":
        text = (HERE / "params" / "baseline.yaml").read_text(encoding="utf-8")
        target = tmp_path / "named.yaml"
        target.write_text(text.replace('data: "example"', f'data: "{data / "named.csv"}"'), encoding="utf-8")
    assert main.main([*(word.format(target) for word in words), "--lang", language]) == 1
    printed = capsys.readouterr()
    assert len(printed.out + printed.err) > 100
    assert canary.found_in((printed.out + printed.err).encode(), canary.NAMES) == []


NOTEBOOKS = ("01_ratings.ipynb", "06_irm_review.ipynb")


def ogp(where: Path, *words: str) -> tuple[int, bytes]:
    """Call the command line with a temporary folder and a home of its own; give exit code and all it said."""
    (where / "temporary").mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "ogp_analysis", *words],
        cwd=where,
        env={
            "PYTHONPATH": str(HERE),
            "PATH": "/usr/bin:/bin",
            "HOME": str(where),
            "TMPDIR": str(where / "temporary"),
        },
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> tuple[Path, bytes]:
    """Run two notebooks on a workbook with names in every place; give the folder and what was said."""
    where = tmp_path_factory.mktemp("finished")
    # Under another folder than the params file, so that its path is a path.
    data = where / WELLINGTON / f"calificó {ZORAIDA}.xlsx"
    canary_workbook.write(data, sample.generated())
    (where / "notebooks").mkdir()
    for name in NOTEBOOKS:
        # Under names of their own: a folder with some of the six would be refused.
        shutil.copy(HERE / "notebooks" / name, where / "notebooks" / f"own_{name}")
    method = (HERE / "ogp_analysis" / "data" / "methods" / "ecuador-2019.yaml").read_text(encoding="utf-8")
    (where / WELLINGTON / f"{ZORAIDA}.yaml").write_text(method, encoding="utf-8")
    text = (HERE / "params" / "baseline.yaml").read_text(encoding="utf-8")
    text = text.replace('data: "example"', f'data: "{data.relative_to(where)}"  # {ZORAIDA}')
    text = text.replace('method: "ecuador-2019"', f'method: "{WELLINGTON}/{ZORAIDA}.yaml"')
    # Few draws: what is looked for is names, not precision.
    text = re.sub(r"(?m)^(n_resamples|n_draws): \d+$", r"\1: 100", text)
    (where / "extra.yaml").write_text(text, encoding="utf-8")
    # One worker: a second one would load everything once more.
    words = ("--notebooks", "notebooks", "--outputs", "outputs", "--jobs", "1")
    code, said = ogp(where, "run", "extra.yaml", *words)
    assert code == 0, said.decode()
    return where, said


@pytest.mark.slow
def test_a_whole_run_publishes_no_canary(finished):
    where, said = finished
    assert canary.search(where / "outputs", canary.NAMES) == []
    assert canary.found_in(said, canary.NAMES) == []
    left = [path for path in (where / "temporary").rglob("*") if path.is_file()]
    assert [find for path in left for find in canary.found_in(path.read_bytes(), canary.NAMES)] == []
    named = [path.relative_to(where).as_posix().encode() for path in (where / "temporary").rglob("*")]
    assert [find for name in named for find in canary.found_in(name, canary.NAMES)] == []


@pytest.mark.slow
def test_titles_and_reasons_are_published_as_typed_and_the_docs_say_so(finished):
    where, _ = finished
    found = canary.search(where / "outputs", canary.PUBLISHED)
    assert {find.rpartition(": ")[2] for find in found} == set(canary.PUBLISHED), "the search finds names"
    said = (HERE / "docs" / "privacy.md").read_text(encoding="utf-8")
    assert "Titles and reasons are published as typed" in said


@pytest.mark.slow
def test_the_run_is_verified_and_compared_by_hashes_and_no_canary_is_said(finished):
    where, _ = finished
    code, said = ogp(where, "verify", "outputs/extra", "--hashes-only")
    assert code == 0, said.decode()
    page = where / "pages" / "page.html"
    code, compared = ogp(where, "compare", "outputs/extra", "outputs/extra", "--page", str(page))
    assert code == 0, compared.decode()
    assert canary.found_in(said + compared, canary.NAMES) == []
    assert canary.search(page.parent, canary.NAMES) == []
    record = (where / "outputs" / "extra" / "ro-crate-metadata.json").read_text(encoding="utf-8")
    assert "input data data.xlsx" in record
    table = (where / "outputs" / "extra" / "tables" / "parameters.csv").read_text(encoding="utf-8")
    assert "\ndata,,data.xlsx,example," in table
    read = (where / "outputs" / "extra" / "notebooks" / "own_01_ratings.ipynb").read_text(encoding="utf-8")
    assert r"data = \"data.xlsx\"" in read
    assert "number of a column whose header may be a name" in read
    assert "input method method.yaml" in record


def test_what_the_user_is_told_may_name_the_file_and_columns_but_no_cell(data, tmp_path, capsys):
    path = canary_workbook.write(tmp_path / f"{ZORAIDA}.xlsx", sample.generated())
    assert main.main(["check", str(path), "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert f"nota {ZORAIDA}" in printed, "a column that is not used is named to whoever has the file"
    assert "→ email" not in printed, "a column that is dropped is not said to be read"
    assert canary.found_in(printed.encode(), canary.NAMES[2:]) == []
    named = printed.replace(ZORAIDA, "")
    assert canary.found_in(named.encode(), canary.NAMES[:2]) == []


def test_an_import_keeps_no_author(tmp_path, capsys):
    export_of_others = "id;title;body;author;email\n1;Ley;dijo {0} ({2});{0};{2}\n"
    text = export_of_others.format(*canary.NAMES)
    (tmp_path / "in.csv").write_text(text, encoding="utf-8")
    (tmp_path / "out").mkdir()
    code = main.main(["import", str(tmp_path / "in.csv"), "--out", str(tmp_path / "out" / "p.csv")])
    printed = capsys.readouterr()
    assert canary.found_in((printed.out + printed.err).encode(), canary.NAMES) == []
    if code == 0:
        assert canary.search(tmp_path / "out", canary.NAMES[2:3]) == []


def test_pseudonymised_ratings_hold_no_canary_and_no_key(data, tmp_path, capsys):
    key, clean = tmp_path / "secret" / "ogp.key", tmp_path / "clean" / "ratings.csv"
    key.parent.mkdir()
    assert main.main(["pseudonymise", "--new-key", str(key)]) == 0
    assert main.main(["pseudonymise", str(data / "named.csv"), str(clean), "--key-file", str(key)]) == 0
    assert canary.search(clean.parent, [*canary.NAMES, key.read_text().strip()]) == []
    printed = capsys.readouterr()
    assert canary.found_in((printed.out + printed.err).encode(), canary.NAMES) == []
    assert main.main(["check", str(clean), "--lang", "en"]) == 0
