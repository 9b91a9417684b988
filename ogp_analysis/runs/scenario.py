"""One params file and the notebooks it meets: checked before anything starts, and known by its contents."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import ogp_analysis
from ogp_analysis.model import params
from ogp_analysis.model.given_file import is_there
from ogp_analysis.runs import notebook_prose
from ogp_analysis.runs.notebook_file import (
    check_names,
    declared_parameters,
    for_own_method,
    source_digest,
    tags_of,
)
from ogp_analysis.runs.run_errors import refuse
from ogp_analysis.runs.run_folder import check_folder, check_name

LIBRARIES = (
    "ipykernel", "jinja2", "matplotlib", "nbclient", "numpy", "openpyxl", "pandas", "papermill",
    "pikepdf", "pyyaml", "scikit-learn", "scipy", "typst", "xlsxwriter",
)  # fmt: skip
PACKAGED = "example"
# What people try to run, though it belongs behind data: in a params file.
TABLES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv")
# Acute accent, tilde of the ñ, diaeresis: the marks that Spanish puts on letters.
ACCENTS = "\u0301\u0303\u0308"


@dataclass(frozen=True)
class Scenario:
    """One params file, validated, with the place of its run.

    Parameters
    ----------
    name : str
        Name of the params file without its ending and without accents; names the folder of the run.
    file : Path
        The params file.
    parameters : params.Parameters
        What it says.
    target : Path
        Absolute folder of the finished run.
    notebooks : dict of str to bytes
        The notebooks to execute, by file name; their prose in the language of the run.
    contents : dict of str to str
        What the results depend on: SHA-256 by name of input, code, notebook, and versions by library.
    """

    name: str
    file: Path
    parameters: params.Parameters = field(repr=False)
    target: Path
    notebooks: dict[str, bytes] = field(repr=False)
    contents: dict[str, str] = field(repr=False)

    @property
    def kernel_folder(self) -> Path:
        """Folder in which kernels start, so that relative paths in the params file mean what they say."""
        return self.file.resolve().parent


def check_files(files: Sequence[Path]) -> None:
    """Refuse the first params file that does not exist or is a table of ratings.

    Parameters
    ----------
    files : sequence of Path
        Params files.

    Raises
    ------
    RunError
        There is no such file, or it is a workbook or CSV file.
    """
    for file in files:
        # What stands there and is no file, its reader names.
        if not is_there(file):
            refuse("run.no_params_file", file=str(file))
        if file.suffix.lower() in TABLES:
            refuse("run.table_as_params", file=str(file))


def plain_name(stem: str) -> str:
    r"""Take the accents off a name, so that its folder is named alike on every system.

    A file system may keep ``é`` as one character or as two; without accents there is one way to write it.

    Parameters
    ----------
    stem : str
        Name of a params file without its ending.

    Returns
    -------
    str
        The same with plain letters for those of Spanish; other characters stay, to be checked.

    Examples
    --------
    >>> plain_name("Más estricto, año 2"), plain_name("un\u0303o"), plain_name("日本")
    ('Mas estricto, ano 2', 'uno', '日本')
    """
    apart = unicodedata.normalize("NFD", stem)
    kept = "".join(mark for mark in apart if mark not in ACCENTS)
    return unicodedata.normalize("NFC", kept)


def read_scenario(file: Path, *, notebooks: dict[str, bytes], outputs: Path) -> Scenario:
    """Read and check one params file."""
    check_files([file])
    name = check_name(plain_name(file.stem))
    parameters = params.read(file)
    given = params.as_dict(parameters)
    for notebook, content in notebooks.items():
        check_names(given, declared_parameters(json.loads(content), name=notebook), name=notebook)
    if not parameters.method.plan:
        tags = tags_of(parameters.method)
        shortened = {notebook: for_own_method(content, tags) for notebook, content in notebooks.items()}
        notebooks = {notebook: content for notebook, content in shortened.items() if content is not None}
    notebooks = {
        notebook: notebook_prose.in_language(content, parameters.language)
        for notebook, content in notebooks.items()
    }
    target = check_folder(outputs) / name
    contents = contents_of(file, parameters, notebooks)
    return Scenario(name, file, parameters, target, notebooks, contents)


def read_notebooks(folder: Path, only: tuple[str, ...] = ()) -> dict[str, bytes]:
    """Read the notebooks of a folder, in the order of their names."""
    notebooks = {path.name: path.read_bytes() for path in sorted(folder.glob("*.ipynb"))}
    chosen = {name: content for name, content in notebooks.items() if not only or name.startswith(only)}
    if not chosen:
        refuse("run.no_notebooks", folder=str(folder))
    for name, content in chosen.items():
        try:
            json.loads(content)["cells"]
        except (ValueError, KeyError, TypeError) as error:
            refuse("run.notebook_unreadable", notebook=name, cause=f"{type(error).__name__}: {error}")
    return chosen


def contents_of(file: Path, parameters: params.Parameters, notebooks: dict[str, bytes]) -> dict[str, str]:
    """Hash everything that the results depend on."""
    from ogp_analysis.ratings.published_names import NAMELESS, input_names

    as_given = params.as_dict(parameters)
    hashed = {"parameters": parameters_digest(as_given), "code": code_digest()}
    # Of their sources: what a notebook showed when it was committed changes nothing in a run.
    hashed |= {f"notebook {name}": source_digest(json.loads(content)) for name, content in notebooks.items()}
    for kind in NAMELESS:
        hashes = {name: digest(path.read_bytes()) for name, path in _files(file, as_given[kind])}
        names = input_names(hashes, kind)
        hashed |= {f"input {kind} {names[name]}": value for name, value in hashes.items()}
    return hashed | versions()


def parameters_digest(given: dict[str, Any]) -> str:
    """Hash parameters; where a run is written changes nothing in it, nor do the names of its files.

    >>> parameters_digest({"seed": 1, "output_dir": "x"}) == parameters_digest({"output_dir": "y", "seed": 1})
    True
    """
    from ogp_analysis.ratings.published_names import NAMELESS, file_name

    # The files' own hashes are listed beside this one.
    shown = {kind: file_name(given[kind], kind) for kind in NAMELESS if kind in given}
    return digest(json.dumps(given | {"output_dir": ""} | shown, sort_keys=True).encode())


def _files(file: Path, given: str) -> list[tuple[str, Path]]:
    given_path = file.resolve().parent / given
    if given_path.is_file():
        return [(given_path.name, given_path)]
    paths = sorted(path for path in given_path.rglob("*") if path.is_file()) if given_path.is_dir() else []
    return [(path.relative_to(given_path).as_posix(), path) for path in paths]


def versions() -> dict[str, str]:
    """Give the versions that the results depend on, by ``"library NAME"``.

    >>> versions()["library python"] == platform.python_version()
    True
    """
    return {
        "library python": platform.python_version(),
        "library ogp-analysis": ogp_analysis.__version__,
    } | {f"library {name}": _version(name) for name in LIBRARIES}


@cache
def _version(library: str) -> str:
    """Look a version up once: a process keeps what it has loaded."""
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "none"


def code_digest() -> str:
    """Hash every file of the package: code, packaged data and texts.

    >>> len(code_digest()), code_digest() == code_digest()
    (64, True)
    """
    root = Path(ogp_analysis.__file__).parent
    total = hashlib.sha256()
    # By the posix name: Windows sorts paths without regard to case.
    for path in sorted(root.rglob("*"), key=lambda path: path.relative_to(root).as_posix()):
        if path.is_file() and "__pycache__" not in path.parts:
            name = path.relative_to(root).as_posix()
            total.update(f"{name} {digest(path.read_bytes())}\n".encode())
    return total.hexdigest()


def digest(content: bytes) -> str:
    """Give the SHA-256 of some bytes in hexadecimal.

    >>> digest(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(content).hexdigest()


def changed(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """List the names whose hash or version is not the same in both.

    >>> changed({"code": "a", "library numpy": "2.4"}, {"library numpy": "2.4", "parameters": "c"})
    ['code', 'parameters']
    """
    return sorted(name for name in {*before, *now} if before.get(name) != now.get(name))


def code_state() -> tuple[str, bool]:
    """Give the commit of the code and whether nothing was changed since; empty and False without git."""
    root = Path(ogp_analysis.__file__).resolve().parents[1]
    if not (root / ".git").exists():
        return "", False
    commit = _git(root, "rev-parse", "HEAD")
    return commit, bool(commit) and not _git(root, "status", "--porcelain", "--", "ogp_analysis", "notebooks")


def is_code_of(commit: str) -> bool | None:
    """Say whether the code here is that of a commit."""
    root = Path(ogp_analysis.__file__).resolve().parents[1]
    if not (root / ".git").exists() or not _git(
        root, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}"
    ):
        return None
    return not _git(root, "diff", "--name-only", commit, "--", "ogp_analysis")


def _git(root: Path, *words: str) -> str:
    try:
        done = subprocess.run(["git", *words], cwd=root, capture_output=True, encoding="utf-8", timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def utc_now() -> str:
    """Give the time in UTC, ISO 8601, whole seconds.

    >>> utc_now()[-6:]
    '+00:00'
    """
    return datetime.now(UTC).isoformat(timespec="seconds")
