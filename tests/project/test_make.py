"""The set-up finds a Python that can do it, says what is missing, and knows a broken environment."""

from __future__ import annotations

import hashlib
import http.server
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import ClassVar

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


PYPROJECT = '[project]\nname = "tiny"\n[tool.setuptools]\npackages = []\n[tool.ruff]\nline-length = 110\n'


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small but real environment, stamped as whole."""
    root = tmp_path / "año nuevo"
    root.mkdir()
    (root / "requirements.lock").write_text("one==1\n", encoding="utf-8")
    (root / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
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
    (environment / "pyproject.toml").write_text(PYPROJECT.replace("110", "99"), encoding="utf-8")
    assert make.is_ready("run"), "what tools are set to does not count"


@pytest.mark.parametrize("damage", ["lock", "project", "package", "interpreter", "stamp", "folder"])
def test_an_environment_that_is_old_or_broken_is_not_ready(
    environment: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    if damage == "lock":
        (environment / "requirements.lock").write_text("one==2\n", encoding="utf-8")
    if damage == "project":
        (environment / "pyproject.toml").write_text(
            PYPROJECT.replace("packages", "modules"), encoding="utf-8"
        )
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


@pytest.mark.parametrize(("owner", "goes"), [("here", True), ("gone", True), ("another copy", False)])
def test_the_environment_of_another_copy_is_not_taken_from_it(
    environment: Path, monkeypatch: pytest.MonkeyPatch, owner: str, goes: bool
) -> None:
    another = environment if owner == "here" else environment.with_name("another")
    another.mkdir(exist_ok=True)
    if owner == "another copy":
        (environment / "make.py").touch()
    monkeypatch.setenv("OGP_VENV", str(environment / ".venv"))
    monkeypatch.setattr(make, "ROOT", another)
    if goes:
        make.see_that_it_may_go(make.folder("run"))
    else:
        with pytest.raises(make.SetupError, match="is the environment of"):
            make.create("run")
        assert make.interpreter().exists()


def test_a_folder_that_is_no_environment_is_not_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "thesis.docx").touch()
    monkeypatch.setenv("OGP_VENV", str(tmp_path))
    with pytest.raises(make.SetupError, match="no environment of Python"):
        make.create("run")
    assert (tmp_path / "thesis.docx").exists()


def wheel(folder: Path, name: str, version: str, *needs: str, extra: str = "") -> Path:
    """Write the smallest wheel that pip installs, into the folder of its name."""
    info = f"{name}-{version}.dist-info"
    metadata = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    metadata += [f"Provides-Extra: {extra}"] * bool(extra) + [f"Requires-Dist: {need}" for need in needs]
    path = folder / name / f"{name}-{version}-py3-none-any.whl"
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(f"{name}.py", "")
        file.writestr(f"{info}/METADATA", "\n".join(metadata) + "\n")
        file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr(f"{info}/RECORD", "")
    return path


# A project that builds itself with nothing but Python, so that the test needs no network.
BACKEND = """
import zipfile

def build_editable(folder, settings=None, metadata=None):
    name = "tiny-1-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as file:
        file.writestr("tiny-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1\\n")
        form = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
        file.writestr("tiny-1.dist-info/WHEEL", form)
        file.writestr("tiny-1.dist-info/RECORD", "")
    return name
"""


class Index(http.server.SimpleHTTPRequestHandler):
    """A package index that remembers what it was asked for."""

    asked: ClassVar[list[str]] = []

    def log_message(self, *words: object) -> None:
        self.asked.append(self.path)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An index on this machine: ``suite`` wants ``cover[toml]``, and a newer ``cover`` has come out since."""
    folder = tmp_path / "index"
    folder.mkdir()
    wheel(folder, "suite", "1.0", "cover[toml]>=1.0")
    wheel(folder, "cover", "1.0", extra="toml")
    wheel(folder, "cover", "2.0", extra="toml")
    Index.asked.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Index, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    yield folder
    server.shutdown()
    server.server_close()


def project(root: Path, index: Path, *names: str) -> None:
    """Write a project whose lock lists these packages at 1.0, with their hashes."""
    root.mkdir()
    hashes = {
        name: hashlib.sha256((index / name / f"{name}-1.0-py3-none-any.whl").read_bytes()) for name in names
    }
    lines = [f"{name}==1.0 --hash=sha256:{found.hexdigest()}\n" for name, found in hashes.items()]
    (root / "requirements.lock").write_text("".join(lines), encoding="utf-8")
    (root / "backend.py").write_text(BACKEND, encoding="utf-8")
    (root / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n', encoding="utf-8"
    )


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment as `make.create` makes it, once: pip takes seconds to lay into one."""
    root = tmp_path_factory.mktemp("bare")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make, "ROOT", root)
        patch.delenv("OGP_VENV", raising=False)
        make.create("run")
        return make.folder("run")


@pytest.fixture
def root(bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a project whose environment is made as a copy of the bare one."""
    monkeypatch.setattr(make, "ROOT", tmp_path / "project")
    monkeypatch.delenv("OGP_VENV", raising=False)
    monkeypatch.setattr(
        make, "create", lambda level: shutil.copytree(bare, make.folder(level), symlinks=True)
    )
    return tmp_path / "project"


def test_a_newer_release_of_a_locked_extra_is_neither_asked_for_nor_a_failure(
    index: Path, root: Path
) -> None:
    project(root, index, "suite", "cover")
    assert make.set_up("run") == make.interpreter("run")
    assert {"cover-1.0.dist-info", "suite-1.0.dist-info", "tiny-1.dist-info"} <= set(make.installed("run"))
    assert make.is_ready("run")
    files = [path for path in Index.asked if path.endswith(".whl")]
    assert sorted(files) == ["/cover/cover-1.0-py3-none-any.whl", "/suite/suite-1.0-py3-none-any.whl"]


def test_a_lock_that_lacks_a_package_is_named_and_leaves_nothing_that_looks_ready(
    index: Path, root: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    project(root, index, "suite")
    with pytest.raises(make.SetupError, match=r"requirements\.lock lacks a package"):
        make.set_up("run")
    assert "suite 1.0 requires cover" in capfd.readouterr().out
    assert not make.is_ready("run")


def test_children_keep_byte_code_and_see_no_foreign_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    kept = make.clean_environment()
    assert not {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH"} & kept.keys()
    assert kept["PATH"] == os.environ["PATH"]


def test_tasks_are_listed_and_an_unknown_one_is_usage(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert make.main([]) == 0
    assert "report" in capsys.readouterr().out
    assert make.main(["fly"]) == 2
    assert "no task 'fly'" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_tasks_are_listed_in_spanish_where_the_system_is_whatever_its_terminal_can_show(
    encoding: str,
) -> None:
    spoken = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "es_EC.UTF-8", "PYTHONIOENCODING": encoding}
    command = [sys.executable, "-S", str(ROOT / "make.py"), "help"]
    done = subprocess.run(command, capture_output=True, env=os.environ | spoken, check=True)
    shown = done.stdout.decode(encoding)
    assert shown.startswith("Uso: ")
    assert make.IN_SPANISH["lock"] in shown
    assert ("á" in shown) == (encoding == "utf-8")
    assert make.IN_SPANISH.keys() == make.TASKS.keys()


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_the_makefile_has_every_task_and_lists_them_first() -> None:
    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    tasks = sorted(make.TASKS.keys() - {"ogp"})
    dry = subprocess.run(["make", "-n", *tasks], cwd=ROOT, capture_output=True, text=True, check=True)
    for task in tasks:
        assert task in shown
        assert f"make.py {task}" in dry.stdout
