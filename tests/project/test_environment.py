"""One set of versions: pyproject, locks and environment.yml agree, and name no machine and no host."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import ogp_analysis

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-lab.lock")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return {canonical(m[1]): m[2] for m in re.finditer(r"^([A-Za-z0-9._-]+)==([^\s;]+)", text, re.MULTILINE)}


def wanted(*extras: str) -> dict[str, tuple[int, ...]]:
    """Give the minimum version of every direct dependency in pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = list(project["dependencies"])
    for extra in extras:
        lines += project["optional-dependencies"][extra]
    found = {}
    for line in lines:
        name, minimum = re.fullmatch(r"([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?(?:>=([\d.]+))?", line).groups()
        if canonical(name) != "ogp-analysis":
            found[canonical(name)] = numbers(minimum)
    return found


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


@pytest.mark.parametrize(
    ("lock", "extras"),
    [(LOCKS[0], ("run",)), (LOCKS[1], ("run", "test", "cluster")), (LOCKS[2], ("run", "lab"))],
)
def test_each_lock_satisfies_the_project(lock: str, extras: tuple[str, ...]) -> None:
    versions = locked(lock)
    for name, minimum in wanted(*extras).items():
        assert numbers(versions[name]) >= minimum, name
    assert "setuptools" in versions, "the project itself is installed without a network"


def test_the_lowest_versions_that_were_run_are_the_lower_bounds() -> None:
    lowest = locked("tools/lowest.lock")
    assert wanted() == {name: numbers(lowest[name]) for name in wanted()}


def test_the_locks_agree_with_each_other() -> None:
    run, test, lab = map(locked, LOCKS)
    assert run.items() <= test.items(), "the test environment is the run environment and more"
    shared = run.keys() & lab.keys()
    assert {name: lab[name] for name in shared} == {name: run[name] for name in shared}
    assert "jupyterlab" in lab
    assert "jupyterlab" not in test, "jupyterlab slows every kernel down"


@pytest.mark.parametrize(
    "lock", [*LOCKS, "docs/requirements.lock", "tools/requirements.lock", "tools/lowest.lock"]
)
def test_a_lock_has_a_hash_for_every_package_and_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"https?://|file:|index-url|find-links|trusted-host", text)
    entries = re.split(r"^(?=[A-Za-z0-9._-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(locked(lock))
    for entry in entries:
        assert "--hash=sha256:" in entry, entry.splitlines()[0]
    assert "sys_platform == 'win32'" in text, "the lock is for every system"


def conda() -> tuple[dict[str, str], dict[str, str]]:
    """Give the versions of environment.yml: through conda, and through pip."""
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    *entries, last = environment["dependencies"]
    through_conda = {}
    for entry in entries:
        name, version = re.fullmatch(r"([a-z0-9_.-]+?)(?:([=<>].*))?", entry).groups()
        through_conda[canonical(name)] = version or ""
    pinned = [line.split("==") for line in last["pip"] if "==" in line]
    return through_conda, {canonical(name): version for name, version in pinned}


def test_environment_yml_has_every_dependency_at_the_locked_minor_version() -> None:
    through_conda, through_pip = conda()
    versions = locked(LOCKS[2]) | locked(LOCKS[1])
    named = wanted("run", "test", "lab", "cluster").keys()
    assert named <= through_conda.keys() | through_pip.keys()
    for name in through_conda.keys() - {"python", "pip"}:
        major, minor = versions[name].split(".")[:2]
        assert through_conda[name] == f"={major}.{minor}.*", name
    assert through_pip == {name: versions[name] for name in through_pip}


def test_environment_yml_uses_conda_forge_only_and_the_projects_pythons() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert environment["channels"] == ["conda-forge", "nodefaults"]
    assert conda()[0]["python"] == project["requires-python"]
    assert isinstance(environment["dependencies"][-1], dict), "the pip section comes last"
    assert environment["dependencies"][-1]["pip"][-1].startswith("-e .")


def test_a_script_beside_a_clone_sees_the_package(tmp_path: Path) -> None:
    # The clone's folder bears the package's name: beside the script it looks like a package without code.
    (tmp_path / "ogp_analysis").mkdir()
    script = tmp_path / "own.py"
    script.write_text(
        "import ogp_analysis\n"
        "from ogp_analysis.agreement import cohen_kappa\n"
        "try:\n"
        "    cohen_kappa([[1, 'x'], [2, 2]])\n"
        "except ValueError as error:\n"
        "    print(ogp_analysis.__version__, error.values['key'])\n",
        encoding="utf-8",
    )
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    shown = subprocess.run(
        [sys.executable, script], cwd=tmp_path, env=surroundings, capture_output=True, encoding="utf-8"
    )
    assert shown.stdout.split() == [ogp_analysis.__version__, "agreement.mixed"], shown.stderr
