"""Paths that lead to no run, and places that nothing may be written to: what and where is said."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ogp_analysis.cli import main

PARAMS = Path(__file__).parents[2] / "params" / "baseline.yaml"
NOBODY = 65534
posix = pytest.mark.skipif(os.name == "nt", reason="links and pipes need rights or do not exist there")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("propuesta,tiempo\nP01,4\n", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    if os.name != "nt":
        (tmp_path / "loop").symlink_to("loop")
        (tmp_path / "nowhere").symlink_to("not-there")
        os.mkfifo(tmp_path / "pipe")
    return tmp_path


def told(capsys: pytest.CaptureFixture, *words: str, lang: str = "es") -> tuple[int, str]:
    capsys.readouterr()
    code = main.main([*words, "--lang", lang])
    return code, capsys.readouterr().err


# What is given, and what is said of it in Spanish and English.
WRONG = {
    "a.csv": ("es un archivo y no una carpeta", "is a file and not a folder"),
    "pipe": ("es un archivo y no una carpeta", "is a file and not a folder"),
    "missing": ("no existe la carpeta missing", "there is no folder missing"),
    "nowhere": ("no existe la carpeta nowhere", "there is no folder nowhere"),
    "loop": ("loop: es un enlace que lleva a sí mismo", "loop: this is a link that leads to itself"),
    "a\0b": ("a b: argumento no válido", "a b: Invalid argument"),
}


@posix
@pytest.mark.parametrize("given", WRONG)
@pytest.mark.parametrize("verb", ["verify", "compare"])
def test_what_is_no_folder_of_a_run_is_named_by_what_it_is(
    here: Path, verb: str, given: str, capsys: pytest.CaptureFixture
) -> None:
    words = [verb, given, *(["empty"] if verb == "compare" else [])]
    for language, sentence in zip(("es", "en"), WRONG[given], strict=True):
        code, said = told(capsys, *words, lang=language)
        assert code == (1 if given == "loop" else 3)
        assert sentence.casefold() in said.casefold()


def test_notebooks_to_trust_that_are_not_there_are_refused(here: Path, capsys: pytest.CaptureFixture) -> None:
    code, said = told(capsys, "verify", "empty", "--notebooks", "empty")
    assert (code, "no hay ningún cuaderno en empty" in said) == (2, True)


@posix
@pytest.mark.parametrize("place", ["a.csv", "pipe", "loop"])
def test_a_sweep_puts_nothing_in_place_of_what_it_did_not_write(
    here: Path, place: str, capsys: pytest.CaptureFixture
) -> None:
    sweep = f"base: {PARAMS}\ngrid:\n  tolerance: [1]\n"
    (here / "s.yaml").write_text(sweep, encoding="utf-8")
    before = os.lstat(here / place)
    code, said = told(capsys, "sweep", "s.yaml", "--output", place)
    assert (code, place in said) == (1 if place == "loop" else 3, True)
    after = os.lstat(here / place)
    assert (stat.S_IFMT(before.st_mode), before.st_size) == (stat.S_IFMT(after.st_mode), after.st_size)
    # What a sweep wrote, and a file without content, are replaced.
    if place == "a.csv":
        (here / "empty.csv").touch()
        assert told(capsys, "sweep", "s.yaml", "--output", "empty.csv")[0] == 0
        assert told(capsys, "sweep", "s.yaml", "--output", "empty.csv")[0] == 0


def test_a_page_of_a_comparison_replaces_no_table(here: Path, capsys: pytest.CaptureFixture) -> None:
    code, said = told(capsys, "compare", "empty", "empty", "--page", "a.csv")
    assert (code, "no lo escribió esta orden" in said) == (3, True)
    assert (here / "a.csv").read_text(encoding="utf-8").startswith("propuesta")


def test_a_sweep_file_with_other_keys_is_told_which_were_found(
    here: Path, capsys: pytest.CaptureFixture
) -> None:
    (here / "s.yaml").write_text("base: b.yaml\nvary: {tolerance: [1]}\n", encoding="utf-8")
    assert "se encontró: base, vary" in told(capsys, "sweep", "s.yaml")[1]
    (here / "t.yaml").mkdir()
    assert "es una carpeta" in told(capsys, "sweep", "t.yaml")[1]


def test_tables_with_one_fault_are_one_line(here: Path, capsys: pytest.CaptureFixture) -> None:
    (here / "empty" / "tables").mkdir()
    for name in ("a", "b", "c"):
        (here / "empty" / "tables" / f"{name}.csv").touch()
    said = told(capsys, "compare", "empty", "empty")[1]
    assert said.count("la tabla está vacía") == 1
    assert "empty/tables/a.csv, b.csv, c.csv" in said
    (here / "empty" / "tables" / "a.csv").write_text("x\n1\n", encoding="utf-8")
    (here / "empty" / "results.json").write_text("[\n[", encoding="utf-8")
    for name in ("b", "c"):
        (here / "empty" / "tables" / f"{name}.csv").unlink()
    assert "fila 2: el archivo no se puede leer (no es JSON)" in told(capsys, "compare", "empty", "empty")[1]


@pytest.fixture
def as_nobody(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Be somebody who has only the rights that files give: whoever owns everything may read everything."""
    owns_everything = os.geteuid() == 0
    # Not below a folder of tests, which is closed to others.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        monkeypatch.chdir(folder)
        Path("empty").mkdir()
        if owns_everything:
            for path in (folder, "empty"):
                os.chown(path, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        yield Path(folder)
        if owns_everything:
            os.seteuid(0)
        monkeypatch.undo()


@posix
def test_what_may_not_be_read_is_not_said_to_be_lost(as_nobody: Path, capsys: pytest.CaptureFixture) -> None:
    here = as_nobody
    (here / "empty" / "tables").mkdir(mode=0)
    (here / "empty" / "ro-crate-metadata.json").write_text('{"@graph": []}', encoding="utf-8")
    for verb in (["verify", "empty"], ["compare", "empty", "empty"]):
        code, said = told(capsys, *verb)
        assert (code, "no hay permiso" in said) == (3, True)
    (here / "empty" / "ro-crate-metadata.json").chmod(0)
    assert "no hay permiso para leer el registro" in told(capsys, "verify", "empty")[1]


def test_a_workbook_that_cannot_be_put_in_place_leaves_the_one_before(
    here: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "filled.xlsx").write_bytes(b"ratings of months")

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    code, said = told(capsys, "template", "filled.xlsx", "--proposals", "2", "--force")
    assert (code, "no queda espacio en el disco" in said) == (1, True)
    assert (here / "filled.xlsx").read_bytes() == b"ratings of months"
