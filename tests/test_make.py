"""The set-up finds a Python that can do it, says what is missing, and knows a broken environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from project_files import ROOT, script

make = script("make.py")
posix = pytest.mark.skipif(os.name == "nt", reason="fake interpreters are shell scripts")


def interpreter(folder: Path, name: str, version: str, *, venv: bool = True) -> Path:
    """Write a fake interpreter that answers for its version, with or without venv and ensurepip."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    refuse = "" if venv else 'case "$2" in *ensurepip*) exit 1;; esac\n'
    path.write_text(f"#!/bin/sh\n{refuse}echo '[{version.replace('.', ', ')}]'\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Pretend that the machine has these interpreters and no other."""

    def pretend(**versions: tuple[str, bool]) -> None:
        folder = tmp_path / "bin"
        made = [interpreter(folder, name, version, venv=venv) for name, (version, venv) in versions.items()]
        monkeypatch.setattr(make, "candidates", lambda: [[str(path)] for path in made])

    return pretend


@posix
def test_the_first_python_that_fits_is_taken(only) -> None:
    only(python3=("3.10.13", True), python313=("3.13.0", True), python312=("3.12.1", True))
    assert make.find_python()[0].endswith("python313")


@posix
def test_no_python_that_fits_is_said_with_what_was_found(only) -> None:
    only(python3=("3.10.13", True), python=("3.14.0", True))
    with pytest.raises(make.SetupError, match=r"Python 3.11, 3.12 or 3.13 is needed; found: 3.10.13, 3.14.0"):
        make.find_python()


@posix
def test_a_python_without_venv_names_the_system_package(only) -> None:
    only(python3=("3.11.2", False))
    with pytest.raises(make.SetupError, match=r"sudo apt-get install python3\.11-venv"):
        make.find_python()
    only(python3=("3.11.2", False), other=("3.12.1", True))
    assert make.find_python()[0].endswith("other")


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small but real environment, stamped as whole."""
    root = tmp_path / "año nuevo"
    root.mkdir()
    (root / "requirements.lock").write_text("one==1\n", encoding="utf-8")
    monkeypatch.setattr(make, "ROOT", root)
    monkeypatch.delenv("OGP_VENV", raising=False)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root / ".venv"], check=True)
    site = next((root / ".venv").rglob("site-packages"))
    (site / "one-1.dist-info").mkdir()
    make.stamp("run")
    return root


def test_a_stamped_environment_is_ready_and_stays_so(environment: Path) -> None:
    assert make.is_ready("run")
    (environment / "requirements.lock").write_bytes(b"one==1\r\n")
    assert make.is_ready("run"), "line endings do not count"


@pytest.mark.parametrize("damage", ["lock", "package", "interpreter", "stamp", "folder"])
def test_an_environment_that_is_old_or_broken_is_not_ready(
    environment: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    if damage == "lock":
        (environment / "requirements.lock").write_text("one==2\n", encoding="utf-8")
    if damage == "package":
        next((environment / ".venv").rglob("one-1.dist-info")).rmdir()
    if damage == "interpreter":
        make.interpreter().unlink()
    if damage == "stamp":
        (environment / ".venv" / "ogp-run.json").write_text('{"from"', encoding="utf-8")
    if damage == "folder":
        moved = environment.with_name("moved")
        shutil.move(environment, moved)
        monkeypatch.setattr(make, "ROOT", moved)
    assert not make.is_ready("run")


def test_children_keep_byte_code_and_see_no_foreign_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    kept = make.clean_environment()
    assert not {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH"} & kept.keys()
    assert kept["PATH"] == os.environ["PATH"]


def test_tasks_are_listed_and_an_unknown_one_is_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert make.main([]) == 0
    assert "report" in capsys.readouterr().out
    assert make.main(["fly"]) == 2
    assert "no task 'fly'" in capsys.readouterr().err


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_the_makefile_has_every_task_and_lists_them_first() -> None:
    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for task in make.TASKS.keys() - {"ogp"}:
        assert task in shown
        dry = subprocess.run(["make", "-n", task], cwd=ROOT, capture_output=True, text=True)
        assert f"make.py {task}" in dry.stdout, dry.stderr
