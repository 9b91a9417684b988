"""Execute one notebook with given parameters, in any process on any machine, and bring everything back."""

from __future__ import annotations

import json
import math
import os
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ogp_analysis
from ogp_analysis.runs import process_settings, provenance
from ogp_analysis.runs.machine_refusals import FILES, MEMORY, exhausted, few_files, limit_of
from ogp_analysis.runs.notebook_file import hide_paths, numbered, promised_outputs
from ogp_analysis.runs.notebook_outcome import (
    cause_of_failure,
    flaw,
    hide_names,
    missing_outputs,
    read_notes,
    strip_traces,
)
from ogp_analysis.runs.process_settings import FOR_COMPUTING, matplotlib_settings
from ogp_analysis.runs.scenario import code_digest

WORK_FOLDER = "work-"
NOTES, LOG = "saved.txt", "kernel.txt"
# Notebooks are read on pages: the size of a terminal, which readline also sets unasked, breaks no line.
OF_NO_KERNEL = ("PYTHONDONTWRITEBYTECODE", "LINES", "COLUMNS")
# Bytes that a kernel needs for its own files, and more; our choice.
PROBE = 2**20
# Characters of a cause that are told; our choice.
SOURCE_LENGTH = 2000


@dataclass(frozen=True)
class Job:
    """One notebook of one scenario; holds all that a worker on another machine needs but the user's data.

    Parameters
    ----------
    scenario, name : str
        Name of the scenario and file name of the notebook.
    content : bytes
        The notebook as committed.
    parameters : dict
        Value by name; the names were checked against the notebook's own.
    kernel_folder : str
        Absolute folder in which the kernel starts: that of the params file.
    scratch : str
        Absolute folder to work in, beside the target of the run; elsewhere where it does not exist.
    cell_timeout : float
        Seconds a cell may run.
    code : str
        SHA-256 of the package that the worker must have; empty for a worker on this machine.
    source : str
        Address of the process that its kernel is forked from; empty for a kernel that starts anew.
    shown : dict of str to str
        Names by which the run shows data and method; masked where it does not say.
    """

    scenario: str
    name: str
    content: bytes = field(repr=False)
    parameters: dict[str, Any] = field(repr=False)
    kernel_folder: str
    scratch: str
    cell_timeout: float
    code: str = ""
    source: str = ""
    shown: dict[str, str] = field(default_factory=dict)

    def size(self) -> int:
        """Give the bytes of the notebook: one that showed much when it was committed takes long."""
        return len(self.content)


@dataclass(frozen=True)
class Outcome:
    """What one job brought back.

    Parameters
    ----------
    scenario, name : str
        As in the job.
    notebook : bytes
        The executed notebook, as far as it came.
    files : dict of str to bytes
        What it wrote, by path relative to its output folder.
    seconds : float
        Wall time.
    failure : dict
        Empty, or ``key`` of the text that words the failure and its values.
    """

    scenario: str
    name: str
    notebook: bytes = field(repr=False)
    files: dict[str, bytes] = field(repr=False)
    seconds: float
    failure: dict[str, Any]


def execute(job: Job) -> Outcome:
    """Execute a job; a notebook that fails is an outcome with a failure, not an exception."""
    try:
        failure = _misfit(job)
        if not failure:
            return _execute(job)
    except OSError as error:
        failure = {"key": "run.disk", "cell": 0, "cause": error.strerror or str(error)}
    return Outcome(job.scenario, job.name, job.content, {}, 0.0, failure)


def _misfit(job: Job) -> dict[str, Any]:
    if not Path(job.kernel_folder).is_dir():
        return {"key": "run.no_folder_there", "cause": Path(job.kernel_folder).name}
    if job.code and code_digest() != job.code:
        return {"key": "run.other_code"}
    return {}


def _execute(job: Job) -> Outcome:
    started = time.monotonic()
    # Beside the target, so that publishing is a move on one disk; on another machine wherever there is room.
    parent = job.scratch if Path(job.scratch).is_dir() else None
    work = Path(tempfile.mkdtemp(prefix=WORK_FOLDER, dir=parent))
    try:
        target = work / "output"
        target.mkdir()
        failure, notebook = _run_cells(job, work, target)
        files = _files_of(target)
        saved = read_notes(work / NOTES, target)
        failure = (
            failure
            or cause_of_failure(notebook)
            or _links_in(target)
            or flaw(files, saved)
            or _shortcoming(job, files)
        )
        failure = _of_a_limit(failure, work)
        hide_paths(notebook, job.parameters, job.shown)
        hide_names(notebook, _own_files(job))
        strip_traces(notebook, folders=_folders(job, target))
        content = (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()
        seconds = time.monotonic() - started
        return Outcome(job.scenario, job.name, content, files, seconds, failure)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _own_files(job: Job) -> dict[str, str]:
    """Name data and method of the user's own, however a cell may spell their place."""
    from ogp_analysis.ratings.published_names import file_name

    named: dict[str, str] = {}
    for kind in ("data", "method"):
        given = str(job.parameters.get(kind, ""))
        placed = Path(job.kernel_folder) / given
        # The name of a packaged one, or a word that can stand anywhere.
        if given and ("/" in given or Path(given).suffix):
            shown = f"{kind}/{job.shown.get(kind) or file_name(given, kind)}"
            named |= dict.fromkeys(
                (given, str(placed), os.path.normpath(placed), os.path.realpath(placed)), shown
            )
    return named


def _folders(job: Job, target: Path) -> dict[str, str]:
    package = str(Path(ogp_analysis.__file__).resolve().parents[1])
    home = {str(Path.home()): "home"} if Path.home() != Path("/") else {}
    return home | {str(target): "outputs", job.kernel_folder: "params", package: "project"}


def kernel_environment() -> dict[str, str]:
    """Return the environment of a kernel: this package first, what computing needs, nobody's start-up files.

    >>> kept = kernel_environment()
    >>> kept["OMP_NUM_THREADS"], kept["PYTHONHASHSEED"]
    ('1', '0')
    """
    package_root = str(Path(ogp_analysis.__file__).resolve().parents[1])
    kept = {name: value for name, value in os.environ.items() if name not in OF_NO_KERNEL}
    path = os.pathsep.join([package_root, *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**kept, **FOR_COMPUTING, "PYTHONPATH": path, "PYTHONHASHSEED": "0"}


def shared_environment(scratch: Path) -> dict[str, str]:
    """Return the environment of a kernel but for what each has for itself."""
    return {
        name: value for name, value in (kernel_environment() | matplotlib_settings(scratch)).items() if value
    }


def _run_cells(job: Job, work: Path, target: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    # Imported by the workers only: the command line must start without papermill.
    import nbformat
    from papermill.execute import execute_notebook

    from ogp_analysis.output import canonical
    from ogp_analysis.runs.notebook_kernel import ENGINE

    mark = process_settings.new_mark()
    own = {
        "IPYTHONDIR": str(work / "ipython"),
        canonical.NOTES: str(work / NOTES),
        process_settings.MARK: mark,
    }
    around = shared_environment(Path(job.scratch) if work.parent == Path(job.scratch) else work) | own
    failure: dict[str, Any] = {}
    # papermill writes its output file twice for each cell, megabytes each time; the engine hands over the
    # notebook itself as soon as it starts, so that it is there however the execution ends.
    executed: list[Any] = []
    try:
        execute_notebook(
            nbformat.reads(job.content.decode(), as_version=4),
            None,
            parameters={**job.parameters, "output_dir": str(target)} if job.parameters else None,
            engine_name=ENGINE,
            kernel_name="python3",
            progress_bar=False,
            execution_timeout=math.ceil(job.cell_timeout),
            kernel_folder=job.kernel_folder,
            kernel_environment=around,
            kernel_log=work / LOG,
            kernel_source=job.source,
            on_start=executed.append,
        )
    except Exception as error:  # whatever stopped it, the notebook did not run: say why and go on
        failure = _of_the_start(_wording(job, _plain(job, executed), error), work)
    finally:
        # What a cell started and detached from its kernel would outlive the run.
        process_settings.end_marked(mark)
    return failure, _plain(job, executed)


def _of_the_start(failure: dict[str, Any], work: Path) -> dict[str, Any]:
    """Say of a kernel that never came to its first cell what kept it, as far as it said so."""
    if failure["cell"] or failure["key"] == "run.disk":
        return failure
    refused = _refusal_of_disk(work)
    if refused:
        return {"key": "run.disk", "cell": 0, "cause": refused}
    return {
        "key": "run.kernel_not_started",
        "cell": 0,
        "cause": _last_said(work) or failure.get("cause", "-"),
    }


def _last_said(work: Path) -> str:
    """Give the last line that a kernel said besides its messages: why it ended, where it could say so."""
    try:
        lines = (work / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")[:SOURCE_LENGTH]


def _of_a_limit(failure: dict[str, Any], work: Path) -> dict[str, Any]:
    """Name the limit of the machine that stopped a notebook, where its kernel or the failure tells of one."""
    if failure.get("key") not in ("run.kernel_not_started", "run.cell_not_executed", "run.kernel_died"):
        return failure
    try:
        log = (work / LOG).read_text(encoding="utf-8", errors="replace")
    except OSError:
        log = ""
    limit_reached = exhausted(f"{log}\n{failure.get('cause', '')}") or _perhaps(log)
    return {"cell": failure["cell"], **limit_reached} if limit_reached else failure


def _perhaps(log: str) -> dict[str, str]:
    """Name a likely cause, and no more: few files are allowed, or memory is limited and nothing was said."""
    if few_files():
        return {"key": "run.perhaps_files", "limit": limit_of(FILES)}
    limit = limit_of(MEMORY)
    return {} if log.strip() or limit == "-" else {"key": "run.perhaps_memory", "limit": limit}


def _refusal_of_disk(work: Path) -> str:
    """Try the disk where no cell began: a kernel without room for its own files dies without a word."""
    try:
        (work / "probe").write_bytes(bytes(PROBE))
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _plain(job: Job, executed: list[Any]) -> dict[str, Any]:
    """Give the notebook as its file would hold it; one that never started is as it was committed."""
    import nbformat

    return json.loads(nbformat.writes(executed[0]) if executed else job.content)


def _wording(job: Job, notebook: dict[str, Any], error: Exception) -> dict[str, Any]:
    stuck = _last_started(notebook["cells"])
    kind = type(error).__name__
    for reason, index in notebook["metadata"].get("ogp", {}).items():
        position, _ = list(numbered(notebook["cells"]))[index]
        return {"key": f"run.{reason}", "cell": position}
    if kind == "CellTimeoutError":
        return {"key": "run.cell_timeout", "cell": stuck, "seconds": f"{job.cell_timeout:g}"}
    if kind == "DeadKernelError":
        return {"key": "run.kernel_died", "cell": stuck}
    if isinstance(error, OSError):
        return {"key": "run.disk", "cell": stuck, "cause": error.strerror or str(error)}
    # Where no cell began, none can tell the cause.
    cause = cause_of_failure(notebook) if stuck else {}
    return cause or {"key": "run.cell_failed", "cell": stuck, "cause": f"{kind}: {error}"[:SOURCE_LENGTH]}


def _last_started(cells: list[dict[str, Any]]) -> int:
    started = [at for at, cell in numbered(cells) if cell["metadata"].get("papermill", {}).get("start_time")]
    return started[-1] if started else 0


def _shortcoming(job: Job, files: dict[str, bytes]) -> dict[str, Any]:
    missing = missing_outputs(promised_outputs(json.loads(job.content)), files)
    return {"key": "run.outputs_missing", "cell": 0, "cause": ", ".join(missing)} if missing else {}


def _files_of(folder: Path) -> dict[str, bytes]:
    """Read what a notebook left; through links it would publish whatever they lead to."""
    paths = (Path(below, name) for below, _, files in os.walk(folder) for name in files)
    plain = sorted(path for path in paths if provenance.is_plain(path))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in plain}


def _links_in(folder: Path) -> dict[str, Any]:
    links = [name for name in provenance.strangers(folder) if not is_empty_folder(folder / name)]
    return {"key": "run.output_link", "cell": 0, "file": ", ".join(map(ascii, links))} if links else {}


def is_empty_folder(path: Path) -> bool:
    """Say whether this is a folder in its own right, which a notebook may leave empty."""
    return path.is_dir() and not Path(str(path).rstrip("/")).is_symlink()
