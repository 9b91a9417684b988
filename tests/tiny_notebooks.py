"""Small projects for the tests of runs: notebooks of a few cells and params files, in any folder."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import yaml

from ogp_analysis.cli import main
from ogp_analysis.model import params
from ogp_analysis.runs import signals

ROOT = Path(__file__).resolve().parents[1]
SAVE = """
import pandas as pd
from ogp_analysis import output
output.save(
    output_dir,
    {name!r},
    tables={{{name!r}: pd.DataFrame({{"tolerance": [tolerance], "share": [1 / 3]}})}},
    results={{"headline": f"In the synthetic example, the tolerance is {{tolerance}}.", "n": tolerance}},
)
"""
TELL_PID = "import os; from pathlib import Path; _ = Path('kernel.pid').write_text(str(os.getpid()))"


def parameters_cell() -> str:
    return "\n".join(f"{name} = {value!r}" for name, value in params.baseline().items())


def code(source: str, tags: tuple[str, ...] = ()) -> dict:
    shared = {"execution_count": None, "outputs": [], "id": f"c{abs(hash(source)) % 10**8}"}
    return {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": source, **shared}


def write_notebook(folder: Path, name: str, *sources: str, tag: str = "parameters") -> Path:
    title = {"cell_type": "markdown", "metadata": {}, "source": f"# {name}", "id": "title"}
    cells = [title, code(parameters_cell(), (tag,)), *map(code, sources), code(SAVE.format(name=name))]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    content = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.ipynb"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def write_params(folder: Path, name: str = "base", **changes: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.yaml"
    values = {key: value for key, value in params.baseline().items()} | changes
    path.write_text(yaml.safe_dump(values, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def environment(**changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    return {**kept, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", **changes}


def start(folder: Path, *words: str, **changes: str) -> subprocess.Popen:
    """Start the real command in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "ogp_analysis", *words],
        cwd=folder,
        env=environment(**changes),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def ogp_here(folder: Path, *words: str, terminal: io.TextIOBase | None = None) -> tuple[int, str, str]:
    """Call the command's own function in this process, for tests of what it says and leaves.

    A process of its own costs seconds before it does anything. What a process adds (its environment, its
    streams, how it ends) is tested with `ogp` and `start`. Where there is a terminal, what it says on the
    standard error goes there.
    """
    out, err = io.StringIO(), io.StringIO()
    handlers = {number: signal.getsignal(number) for number in signals.STOPS}
    try:
        with (
            pytest.MonkeyPatch.context() as patch,
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(terminal or err),
        ):
            patch.chdir(folder)
            for name in [name for name in os.environ if name.startswith(("LC_", "LANG"))]:
                patch.delenv(name)
            patch.setenv("LC_ALL", "C.UTF-8")
            code = main.main(words)
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    return code, out.getvalue(), err.getvalue()


def ogp(folder: Path, *words: str, **changes: str) -> tuple[int, str, str]:
    """Call the real command and wait for it: exit code, standard output, standard error."""
    process = start(folder, *words, **changes)
    # Against what never ends alone: a whole baseline on a busy machine takes minutes.
    out, err = process.communicate(timeout=600)
    return process.returncode, out, err


def wait_for(path: Path, process: subprocess.Popen) -> str:
    """Wait until a file has content, or the process that should write it is gone."""
    while process.poll() is None:
        if path.is_file() and path.read_text(encoding="utf-8"):
            return path.read_text(encoding="utf-8")
        psutil.wait_procs([psutil.Process(process.pid)], timeout=0.02)
    out, err = process.communicate()
    message = f"ended with {process.returncode} before it wrote {path.name}: {out} {err}"
    raise AssertionError(message)


def is_gone(pid: int) -> bool:
    """Say whether a process ends within a generous time."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return True
        return not psutil.wait_procs([process], timeout=15)[1]
    except psutil.NoSuchProcess:
        return True


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def strangers(outputs: Path, *expected: str) -> list[str]:
    """List what lies in the outputs folder besides what is expected."""
    return sorted(path.name for path in outputs.iterdir() if path.name not in expected)
