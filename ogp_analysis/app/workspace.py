"""The folder that the page works in: data, methods, params files and runs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from ogp_analysis.errors import DataError, Problem
from ogp_analysis.model.method_file import packaged_methods
from ogp_analysis.proposals.raw_exports import is_raw_export
from ogp_analysis.runs.scenario import plain_name

EXAMPLE = "example"
DATA_ENDINGS = (".xlsx", ".xlsm", ".csv", ".tsv", ".txt")
METHOD_ENDINGS = (".yaml", ".yml")
# Keys at the left edge that tell a params file from a method file.
OF_PARAMS = re.compile(rb"^(method|data|indicator_weights|tolerance)\s*:", re.MULTILINE)
OF_METHOD = re.compile(rb"^(name|criteria)\s*:", re.MULTILINE)
# No separators and no control characters: a name cannot lead out of the folder.
NAME = re.compile(r'[^\x00-\x1f/\\:*?"<>|.][^\x00-\x1f/\\:*?"<>|]{0,119}')


@dataclass(frozen=True)
class Workspace:
    """Where things are: everything that the page writes lies in one folder.

    Parameters
    ----------
    folder : Path
        Absolute; made when something is written, or a form is checked.
    notebooks : Path
        The notebooks that a run executes.
    """

    folder: Path
    notebooks: Path

    @property
    def params(self) -> Path:
        """Params files: one a scenario."""
        return self.folder / "params"

    def made_params(self) -> Path:
        """Give the folder of params files, made: no ``..`` leads out of one that is not there."""
        self.params.mkdir(parents=True, exist_ok=True)
        return self.params

    @property
    def outputs(self) -> Path:
        """Finished runs."""
        return self.folder / "outputs"

    @property
    def progress(self) -> Path:
        """What runs said on their way."""
        return self.folder / "progress"

    def data(self) -> list[str]:
        """List the sources of ratings: the example first, then files and folders of CSV files."""
        return [EXAMPLE, *_names(self.folder / "data", DATA_ENDINGS, folders=True)]

    def methods(self) -> list[str]:
        """List the methods: those of the package, then one's own."""
        return [*packaged_methods(), *_names(self.folder / "methods", METHOD_ENDINGS)]

    def scenarios(self) -> list[str]:
        """Name the params files that were saved."""
        return [Path(name).stem for name in _names(self.params, (".yaml",))]

    def runs(self) -> list[str]:
        """Name the finished runs."""
        paths = self.outputs.iterdir() if self.outputs.is_dir() else ()
        return sorted(path.name for path in paths if (path / "results.json").is_file())

    def data_path(self, name: str) -> str:
        """Give what ``data`` names, from anywhere; what is not listed is refused.

        >>> Workspace(Path("/own/work"), Path("notebooks")).data_path("example")
        'example'
        """
        return name if name == EXAMPLE else str(self._known(name, self.data(), "data"))

    def method_path(self, name: str) -> str:
        """Give what ``method`` names, from anywhere."""
        return name if name in packaged_methods() else str(self._known(name, self.methods(), "methods"))

    def _known(self, name: str, names: list[str], place: str) -> Path:
        if name not in names:
            raise DataError([Problem("app.no_such_file", value=name)])
        return self.as_typed(self.folder / place / name)

    def as_typed(self, path: Path) -> Path:
        """Give a path as it would be typed here: where this machine has it may name a person."""
        return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path

    def scenario_file(self, name: str) -> Path:
        """Give the params file of a scenario that was saved."""
        if name not in self.scenarios():
            raise DataError([Problem("app.no_such_scenario", value=name)])
        return self.params / f"{name}.yaml"

    def run_folder(self, name: str) -> Path:
        """Give the folder of a finished run."""
        if name not in self.runs():
            raise DataError([Problem("app.no_such_run", value=name)])
        return self.outputs / name


def _names(folder: Path, endings: tuple[str, ...], *, folders: bool = False) -> list[str]:
    paths = folder.iterdir() if folder.is_dir() else ()
    return sorted(
        path.name
        for path in paths
        if not path.name.startswith((".", "~"))
        and (path.is_dir() if path.is_dir() else path.suffix.lower() in endings)
        and (folders or path.is_file())
    )


def keep(
    workspace: Workspace, name: str, body: bytes, *, group: str = "", beside: Sequence[str] = ()
) -> tuple[str, str]:
    """Keep a file that was dropped on the page, under its own name.

    Parameters
    ----------
    workspace : Workspace
        Where to.
    name : str
        As the browser gives it.
    body : bytes
        Its content.
    group : str
        Where several tables were dropped together: the folder that joins them.
    beside : sequence of str
        With the first of them, the names of all: where the folder has others, another folder is taken, or
        tables of an earlier drop would be read with these.

    Returns
    -------
    tuple of str
        ``"data"`` or ``"method"``, and the name to choose it by.

    Raises
    ------
    DataError
        The name or its ending is not allowed, it is a params file, or it is an export of proposals with the
        people in it.

    Examples
    --------
    >>> import tempfile
    >>> work = Workspace(Path(tempfile.mkdtemp()), Path("notebooks"))
    >>> keep(work, "notas.csv", b"propuesta;calificacion"), keep(work, "own.yaml", b"name: own")
    (('data', 'notas.csv'), ('method', 'own.yaml'))
    """
    ending = Path(name).suffix.lower()
    allowed = DATA_ENDINGS if group else (*DATA_ENDINGS, *METHOD_ENDINGS)
    if not NAME.fullmatch(name) or (group and not NAME.fullmatch(group)) or ending not in allowed:
        raise DataError([Problem("app.bad_file", value=name, detail=(("endings", ", ".join(allowed)),))])
    if ending in METHOD_ENDINGS:
        if OF_PARAMS.search(body) and not OF_METHOD.search(body):
            raise DataError([Problem("app.params_file", value=name)])
        _write(workspace.folder / "methods" / name, body)
        return "method", name
    if is_raw_export(body, name):
        # It names people, and nothing that the page does needs them.
        raise DataError([Problem("app.raw_export", value=name)])
    if group and beside:
        group = _folder_for(workspace.folder / "data", group, beside)
    _write(workspace.folder / "data" / group / name, body)
    return "data", group or name


def _folder_for(data: Path, group: str, beside: Sequence[str]) -> str:
    """Name a folder that has no other tables than these."""
    names = (group if number == 1 else f"{group}-{number}" for number in count(1))
    return next(name for name in names if set(_names(data / name, DATA_ENDINGS)) <= set(beside))


def _write(path: Path, body: bytes) -> None:
    # Beside its place first: what is being read is never half a file.
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    beside.write_bytes(body)
    beside.replace(path)


def write_scenario(workspace: Workspace, name: str, text: str, *, replace: bool) -> Path:
    """Write a params file; another one of the same name is replaced only where that was said."""
    path = workspace.params / f"{plain_name(name)}.yaml"
    if path.is_file() and not replace and path.read_text(encoding="utf-8") != text:
        raise DataError([Problem("app.params_exist", value=name)])
    _write(path, text.encode())
    return path
