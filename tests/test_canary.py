"""Nobody exposed, from end to end: names planted in ratings never reach what is said or published."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import canary
import pandas as pd
import pytest

from ogp_analysis import cli, example, export

HERE = Path(__file__).parent.parent
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
    frames = example.make()
    export.write(folder / "named.csv", export.csv_text(planted(frames["ratings"])))
    for name, frame in frames.items():
        export.write(folder / "extra" / f"{name}.csv", export.csv_text(frame.assign(**COLUMNS)))
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
    assert cli.main([*(word.format(target) for word in words), "--lang", language]) == 1
    printed = capsys.readouterr()
    assert len(printed.out + printed.err) > 100
    assert canary.found_in((printed.out + printed.err).encode(), canary.NAMES) == []


@pytest.mark.slow
def test_a_whole_run_publishes_no_canary(data, tmp_path):
    """Pseudonymise, run two notebooks on tables with extra columns, search every byte of run and log."""
    key, clean = tmp_path / "secret" / "ogp.key", data / "extra" / "ratings.csv"
    key.parent.mkdir()
    pseudonymise = ["pseudonymise", str(data / "named.csv"), str(clean), "--key-file", str(key)]
    assert cli.main(["pseudonymise", "--new-key", str(key)]) == 0
    assert cli.main(pseudonymise) == 0
    table = pd.read_csv(clean, dtype=str).assign(**COLUMNS)
    export.write(clean, export.csv_text(table))
    (clean.parent / "evaluators.csv").unlink()  # its codes are not those pseudonyms
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    for name in ("01_ratings.ipynb", "03_categories.ipynb"):
        # Under names of their own: a folder with some of the six would be refused.
        shutil.copy(HERE / "notebooks" / name, notebooks / f"own_{name}")
    text = (HERE / "params" / "baseline.yaml").read_text(encoding="utf-8")
    (tmp_path / "extra.yaml").write_text(
        text.replace('data: "example"', f'data: "{clean.parent}"'), encoding="utf-8"
    )
    command = [sys.executable, "-m", "ogp_analysis", "run", "extra.yaml", "--notebooks", "notebooks"]
    done = subprocess.run(
        [*command, "--outputs", "outputs"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(HERE), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert canary.search(tmp_path / "outputs", [*canary.NAMES, key.read_text().strip()]) == []
    assert canary.found_in(done.stdout + done.stderr, canary.NAMES) == []
