"""The table of several scenarios side by side: guarded as the folder of a run is."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from ogp_analysis.errors import RunError
from ogp_analysis.model import params
from ogp_analysis.model.results import NO, SYNTHETIC, YES
from ogp_analysis.runs import run_folder, run_results
from ogp_analysis.runs.provenance import is_plain
from ogp_analysis.runs.run_errors import refuse

SCENARIOS = "scenarios.csv"
MOVES = {"changed", "entered", "left", "not_compared"}
# Another run writes its table in well under a second; our choice.
WAITS, PAUSE = 100, 0.1


def check_table(path: Path, names: Collection[str] = ()) -> None:
    r"""Refuse, before any work, to write the table over what no run wrote.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / SCENARIOS
    >>> check_table(path)
    >>> _ = path.write_text("scenario,notes\nstrict,ask Ana\n")
    >>> check_table(path)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    ogp_analysis.errors.RunError: ...scenarios.csv is not a table of scenarios that a run wrote...
    """
    if path.name.lower() in {name.lower() for name in names}:
        refuse("run.bad_name", name=path.name)
    if path.is_symlink() or (path.exists() and not (is_plain(path) and is_ours(path.read_bytes()))):
        refuse("run.table_foreign", file=str(path))


def is_ours(content: bytes) -> bool:
    r"""Say whether a file has the form that `ogp_analysis.runs.run_results.scenario_table` gives it.

    >>> is_ours(b"scenario,tolerance,03.final\nbaseline,1,10\n"), is_ours(b"scenario,notes\nbaseline,mine\n")
    (True, False)
    """
    try:
        rows = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
        (first, *columns), *scenarios = rows
        for name, *_ in scenarios:
            run_folder.check_name(name)
    except (ValueError, csv.Error, RunError):
        return False
    whole = bool(scenarios) and all(len(row) == len(rows[0]) for row in scenarios)
    return (
        first == "scenario" and whole and all(map(_is_known, columns, list(zip(*scenarios, strict=True))[1:]))
    )


def _is_known(column: str, cells: tuple[str, ...]) -> bool:
    notebook, dot, _ = column.partition(".")
    if column in MOVES or notebook in params.NAMES:
        return True
    if column == SYNTHETIC:
        return set(cells) <= {YES, NO}
    return bool(notebook and dot) and all(cell == "" or _is_number(cell) for cell in cells)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def write_table(runs: Mapping[str, tuple[dict[str, Any], dict[str, Any]]], path: Path) -> None:
    """Write the table whole or not at all, one run at a time."""
    text = run_results.scenario_table(dict(runs))
    left = WAITS
    while True:
        left -= 1
        try:
            with run_folder.held(path) as building:
                check_table(path)
                (building / path.name).write_text(text, encoding="utf-8", newline="")
                (building / path.name).replace(path)
            return
        except RunError as error:
            if error.values.get("key") != "run.locked" or not left:
                raise
        time.sleep(PAUSE)
