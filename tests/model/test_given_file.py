"""What stands in place of a file is refused at once and by what it is, by every reader of files."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from ogp_analysis import tabular
from ogp_analysis.cli import main, pseudonymise
from ogp_analysis.errors import CheckError
from ogp_analysis.model import given_file, method_file, params
from ogp_analysis.proposals import importing


def pipe(place: Path) -> None:
    os.mkfifo(place)


def bound(place: Path) -> None:
    # The name of a socket may have some hundred characters, fewer than that of a temporary folder.
    with socket.socket(socket.AF_UNIX) as made:
        here = Path.cwd()
        os.chdir(place.parent)
        try:
            made.bind(place.name)
        finally:
            os.chdir(here)


STANDINS = {
    "folder": (Path.mkdir, "es una carpeta"),
    "pipe": (pipe, "es una tubería (FIFO)"),
    "socket": (bound, "es un socket"),
    "device": (lambda place: place.symlink_to("/dev/zero"), "es un dispositivo del sistema"),
    "loop": (lambda place: place.symlink_to(place), "es un enlace que lleva a sí mismo"),
    "long_name": (lambda place: None, "el nombre es demasiado largo"),
}


def stand_in(folder: Path, kind: str, ending: str) -> Path:
    place = folder / (f"{'a' * 300 if kind == 'long_name' else 'notas'}{ending}")
    STANDINS[kind][0](place)
    return place


def refused(read, path: Path) -> str:
    with pytest.raises(CheckError) as refusal:
        read(path)
    (problem,) = refusal.value.problems
    assert problem.say("en") != problem.say("es")
    return problem.say("es")


@pytest.mark.parametrize("kind", STANDINS)
@pytest.mark.parametrize(
    ("read", "ending"),
    [(tabular.read, ".csv"), (tabular.read, ".xlsx"), (importing.read, ".csv"), (params.read, ".yaml")],
)
def test_every_reader_says_what_stands_in_place_of_a_file(tmp_path, kind, read, ending):
    assert STANDINS[kind][1] in refused(read, stand_in(tmp_path, kind, ending))


@pytest.mark.parametrize("kind", STANDINS)
def test_a_method_file_that_is_none_is_said(tmp_path, kind):
    place = stand_in(tmp_path, kind, ".yaml")
    method, (problem,) = method_file.read_method(place.name, tmp_path)
    assert method is None
    assert STANDINS[kind][1] in problem.say("es")


@pytest.mark.parametrize("kind", ["pipe", "device", "loop"])
@pytest.mark.parametrize("verb", ["check", "import", "check --params"])
def test_commands_end_at_once_and_in_words(tmp_path, monkeypatch, capsys, kind, verb):
    monkeypatch.chdir(tmp_path)
    place = stand_in(tmp_path, kind, ".yaml" if "--params" in verb else ".csv")
    given = ["check", "example", "--params"] if "--params" in verb else [verb]
    assert main.main(["--lang", "es", *given, str(place)]) in (1, 2, 3)
    said = capsys.readouterr()
    assert STANDINS[kind][1] in said.out + said.err


def test_a_pipe_among_the_tables_of_a_folder_is_not_passed_over(tmp_path, capsys):
    (tmp_path / "ratings.csv").write_text("propuesta;tiempo\nS01;4\n", encoding="utf-8")
    pipe(tmp_path / "proposals.csv")
    assert main.main(["--lang", "es", "check", str(tmp_path)]) != 0
    said = capsys.readouterr()
    assert "proposals.csv: es una tubería" in said.out + said.err


def test_a_file_that_says_it_is_empty_and_is_not_is_read_to_the_limit_only():
    # Linux gives the size of /proc files as 0.
    endless = Path("/proc/self/smaps")
    if not endless.exists():
        pytest.skip("needs /proc")
    assert endless.stat().st_size == 0
    with pytest.raises(given_file.NotReadError, match=r"bytes \(> 100\)"):
        given_file.read(endless, 100)


def test_a_name_that_no_file_can_have_is_no_file():
    with pytest.raises(given_file.NotReadError, match="none"):
        given_file.read("no\0tas.csv", 100)


@pytest.mark.parametrize("kind", STANDINS)
def test_a_key_file_that_is_none_is_refused_at_once(tmp_path, kind):
    (tmp_path / "keys").mkdir()
    place = stand_in(tmp_path / "keys", kind, ".txt")
    assert STANDINS[kind][1] in refused(pseudonymise.read_key, place)


def test_a_key_file_that_lacks_or_is_far_too_long_is_refused(tmp_path):
    assert "no se puede leer el archivo de clave" in refused(pseudonymise.read_key, tmp_path / "none.txt")
    (tmp_path / "long.txt").write_bytes(b"0" * 200_000)
    assert "no se puede leer el archivo de clave" in refused(pseudonymise.read_key, tmp_path / "long.txt")
