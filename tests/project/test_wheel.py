"""What pip installs without extras: the library works, and what needs more says what is missing."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from project_files import ROOT

from ogp_analysis.language import texts
from ogp_analysis.model.missing_extras import EXTRA_OF


def core() -> set[str]:
    """Name the distributions that pip brings with the core, and what these bring."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting, found = list(project["dependencies"]), set()
    while waiting:
        need = Requirement(waiting.pop())
        if need.name not in found and (need.marker is None or need.marker.evaluate({"extra": ""})):
            found.add(need.name)
            waiting += metadata.requires(need.name) or []
    return found


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds the built wheel and the distributions of its core, and nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    shutil.copytree(
        ROOT / "ogp_analysis", source / "ogp_analysis", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    build = [*pip, "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, source]
    subprocess.run(build, check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "empty"], check=True)
    site = next((folder / "empty").rglob("site-packages"))
    wheel = next(folder.glob("*.whl"))
    # Python compiles what is imported; pip would compile every module.
    install = [*pip, "install", "-q", "--no-deps", "--no-index", "--no-compile", "--target", site, wheel]
    subprocess.run(install, check=True, capture_output=True)
    for name in core():
        for top in {file.parts[0] for file in metadata.files(name)} - {"..", "__pycache__"}:
            (site / top).symlink_to(metadata.distribution(name).locate_file(top))
    return folder / "empty"


def python(installed: Path, *words: str, language: str = "en") -> subprocess.CompletedProcess[str]:
    """Run the empty environment's Python, where nothing of this project can be seen."""
    command = [installed / ("Scripts/python.exe" if os.name == "nt" else "bin/python"), *words]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"LC_ALL": {"en": "C.UTF-8", "es": "es_EC.UTF-8"}[language]}
    return subprocess.run(command, cwd=installed, env=environment, capture_output=True, encoding="utf-8")


def test_the_core_is_small() -> None:
    assert not core() & EXTRA_OF.keys()
    assert len(core()) <= 12, sorted(core())


def test_the_readmes_lines_for_the_library_work(installed: Path) -> None:
    for name in ("README.md", "README.es.md"):
        code = re.search(r"```python\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)[1]
        said = python(installed, "-c", code)
        assert said.returncode == 0, said.stderr
        expected = re.findall(r"# prints (.+)", code)
        assert said.stdout.splitlines() == expected


# Several commands in one process: what the first one loads, the others need not load again.
CALLS = """
import contextlib, io, json, sys
from ogp_analysis.cli import main
for words in json.loads(sys.argv[1]):
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        code = main.main(words.split())
    print(json.dumps([words, code, said.getvalue()]))
"""


def answers(installed: Path, *calls: str, language: str = "en") -> list[tuple[str, int, str]]:
    """Call the command line for each of some words: the words, its exit code, what it said of an error."""
    said = python(installed, "-c", CALLS, json.dumps(calls), language=language)
    assert said.returncode == 0, said.stderr
    return [tuple(json.loads(line)) for line in said.stdout.splitlines()]


def test_what_needs_no_notebook_works_with_the_core_alone(installed: Path) -> None:
    calls = ("example ex", "check ex", "template own.xlsx --proposals 3", "import --help")
    assert answers(installed, *calls) == [(words, 0, "") for words in calls]


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_a_missing_extra_is_said_in_one_sentence(installed: Path, language: str) -> None:
    calls = ("run x.yaml", "verify x", "report x", "compare x y", "sweep x.yaml")
    for words, code, said in answers(installed, *calls, language=language):
        packages = [package for package in EXTRA_OF if package in said]
        assert len(packages) == 1, (words, said)
        message = texts.say("extra.missing", language, package=packages[0], extra="run")
        assert said.strip() == texts.say("cli.error", language, message=message)
        assert code == 3
    process = python(installed, "-m", "ogp_analysis", *calls[0].split(), language=language)
    first = answers(installed, calls[0], language=language)
    assert [(calls[0], process.returncode, process.stderr)] == first, "a process says what its function says"


def test_a_module_that_needs_an_extra_names_it(installed: Path) -> None:
    modules = ("figures", "report", "runs.run", "proposals.similar_texts", "proposals.grouping_agreement")
    code = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    try:\n"
        "        importlib.import_module(f'ogp_analysis.{name}')\n"
        "    except ImportError as error:\n"
        "        print(name, type(error).__name__, 'ogp-analysis[run]' in str(error))\n"
    )
    said = python(installed, "-c", code, *modules)
    assert said.stdout.splitlines() == [f"{name} MissingExtraError True" for name in modules], said.stderr
