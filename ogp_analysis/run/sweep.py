"""Many scenarios of a grid at the level of the library: no notebook, one row of one table each."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from ogp_analysis import assessment, params, ratings
from ogp_analysis.model import CATEGORIES
from ogp_analysis.params import Parameters
from ogp_analysis.run import schedule
from ogp_analysis.run.refusal import refuse
from ogp_analysis.strict_yaml import read_mapping

LARGEST = 1_000_000
# Small enough that no worker waits long for the last one, large enough that handing over costs nothing.
CHUNK = 25
KEYS = {"base", "grid"}
FINAL = "category_final"


@dataclass(frozen=True)
class Sweep:
    """A grid of scenarios around a base.

    Parameters
    ----------
    base : params.Parameters
        What every scenario shares.
    grid : dict of str to list
        Values by parameter; a dot leads into a parameter's own entries, ``cut_points.relevance``.

    Examples
    --------
    >>> base = params.from_values(params.baseline())
    >>> sweep = Sweep(base, {"tolerance": [0.5, 1], "cut_points.relevance": [[2, 3], [2.5, 3.5]]})
    >>> len(sweep), list(sweep.points())[1]
    (4, {'tolerance': 0.5, 'cut_points.relevance': [2.5, 3.5]})
    """

    base: Parameters = field(repr=False)
    grid: Mapping[str, list[Any]]

    def __len__(self) -> int:
        """Count the scenarios."""
        return math.prod(len(values) for values in self.grid.values())

    def points(self) -> Iterator[dict[str, Any]]:
        """Give the scenarios, the last parameter changing fastest."""
        for values in itertools.product(*self.grid.values()):
            yield dict(zip(self.grid, values, strict=True))


def read_sweep(path: Path) -> Sweep:
    r"""Read a sweep: ``base:`` (a params file beside it) and ``grid:`` (a list of values by parameter).

    Parameters
    ----------
    path : Path
        A YAML file.

    Returns
    -------
    Sweep
        Every single value of the grid is allowed; whether two are allowed together shows when they meet.

    Raises
    ------
    ParameterError
        A file breaks the rules of params files, or a scenario would.
    RunError
        The file has other keys, an entry is no list, or the grid is larger than ``LARGEST``.

    Examples
    --------
    >>> import tempfile
    >>> import yaml
    >>> folder = Path(tempfile.mkdtemp())
    >>> written = {"base": params.baseline(), "sweep": {"base": "base.yaml", "grid": {"seed": [1, 2]}}}
    >>> for name, values in written.items():
    ...     _ = (folder / f"{name}.yaml").write_text(yaml.safe_dump(values), encoding="utf-8")
    >>> len(read_sweep(folder / "sweep.yaml"))
    2
    """
    if not path.is_file():
        refuse("run.no_params_file", file=str(path))
    values, problems = read_mapping(path)
    if values is None or problems:
        raise params.ParameterError(problems)
    grid = values.get("grid")
    lists = isinstance(grid, Mapping) and grid and all(isinstance(v, list) and v for v in grid.values())
    if set(values) != KEYS or not lists:
        refuse("run.sweep_form", file=path.name)
    sweep = Sweep(_with_data(params.read(path.parent / values["base"]), path.parent / values["base"]), grid)
    if len(sweep) > LARGEST:
        refuse("run.sweep_large", file=path.name, count=len(sweep), largest=LARGEST)
    _check_values(sweep)
    return sweep


def _with_data(base: Parameters, file: Path) -> Parameters:
    # A path in a params file is relative to that file, and workers stand elsewhere.
    place = file.resolve().parent / base.data
    return params.with_values(base, data=str(place)) if place.exists() else base


def _check_values(sweep: Sweep) -> None:
    for name, values in sweep.grid.items():
        # One at a time: to check every combination would cost as much as the sweep.
        for value in values:
            parameters_at(sweep.base, {name: value})


def parameters_at(base: Parameters, point: Mapping[str, Any]) -> Parameters:
    """Give the parameters of one scenario, validated.

    Parameters
    ----------
    base : params.Parameters
        What every scenario shares.
    point : mapping of str to value
        From `Sweep.points`.

    Returns
    -------
    params.Parameters
        The base with these values.

    Raises
    ------
    ParameterError
        A parameter is unknown or its value is not allowed.

    Examples
    --------
    >>> base = params.from_values(params.baseline())
    >>> parameters_at(base, {"cut_points.relevance": [2, 3]}).cut_points["relevance"]
    (2.0, 3.0)
    """
    given = params.as_dict(base)
    changes: dict[str, Any] = {}
    for name, value in point.items():
        parameter, _, entry = name.partition(".")
        if entry:
            changes[parameter] = {**changes.get(parameter, given.get(parameter, {})), entry: value}
        else:
            changes[parameter] = value
    return params.with_values(base, **changes)


def run_sweep(
    sweep: Sweep, pool: Executor, *, on_done: Callable[[list[dict[str, Any]]], None] = lambda _: None
) -> pd.DataFrame:
    """Compute every scenario of a sweep.

    Parameters
    ----------
    sweep : Sweep
        The grid.
    pool : concurrent.futures.Executor
        Where to compute; the table is the same whatever it is.
    on_done : callable
        Told the rows of each chunk as it is done.

    Returns
    -------
    DataFrame
        One row a scenario: its number, its values, counts of pairs and of proposals by category, how many
        proposals stand in another category than under the base, and whether the ratings are synthetic.

    Raises
    ------
    ParameterError
        Two values that are allowed alone are not allowed together.
    """
    inputs = ratings.load(sweep.base)
    before = assessment.assess(inputs, sweep.base).assigned[FINAL]
    points = list(enumerate(sweep.points(), start=1))
    chunks = [points[start : start + CHUNK] for start in range(0, len(points), CHUNK)]
    tasks = [Chunk(sweep.base, inputs, before, chunk) for chunk in chunks]
    rows = schedule.complete(pool, compute, tasks, on_done=on_done)
    return pd.DataFrame([row for chunk in rows for row in chunk])


@dataclass(frozen=True)
class Chunk:
    """A few scenarios, with all that a worker needs for them.

    Parameters
    ----------
    base : params.Parameters
        What every scenario shares.
    inputs : ratings.Inputs
        The ratings, read once.
    before : Series
        Final category by proposal under the base.
    points : list of (int, dict)
        Number and values of each scenario.
    """

    base: Parameters
    inputs: Any
    before: pd.Series
    points: list[tuple[int, dict[str, Any]]]


def compute(chunk: Chunk) -> list[dict[str, Any]]:
    """Compute the scenarios of a chunk.

    Parameters
    ----------
    chunk : Chunk
        Some scenarios of a sweep.

    Returns
    -------
    list of dict
        A row for each, in their order.
    """
    return [_row(chunk, number, point) for number, point in chunk.points]


def _row(chunk: Chunk, number: int, point: dict[str, Any]) -> dict[str, Any]:
    done = assessment.assess(chunk.inputs, parameters_at(chunk.base, point))
    status = done.settled["status"].value_counts()
    row = {"scenario": number} | {name: _shown(value) for name, value in point.items()}
    row |= {f"pairs_{name}": int(status.get(name, 0)) for name in ("matched", "third", "unresolved")}
    for label, column in (("by_rule", "category_by_rule"), ("final", FINAL)):
        counts = done.assigned[column].value_counts()
        row |= {f"{label}_{category}": int(counts.get(category, 0)) for category in CATEGORIES}
        row[f"{label}_undetermined"] = int(done.assigned[column].isna().sum())
    # 0 stands for undetermined, so that two missing categories count as the same.
    row["moved"] = int((done.assigned[FINAL].fillna(0) != chunk.before.fillna(0)).sum())
    return row | {"synthetic": bool(chunk.inputs.synthetic)}


def _shown(value: Any) -> Any:
    return json.dumps(value, sort_keys=True) if isinstance(value, list | dict) else value
