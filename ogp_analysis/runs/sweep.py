"""Many scenarios of a grid at the level of the library: no notebook, one row of one table each."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from ogp_analysis import ratings
from ogp_analysis.assessment import assessment
from ogp_analysis.errors import CheckError, OgpError, ParameterError, Problem
from ogp_analysis.model import params
from ogp_analysis.model.parameter_rules import ParameterProblem, nearest_name
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.records import CATEGORIES
from ogp_analysis.model.strict_yaml import read_mapping
from ogp_analysis.runs import executors
from ogp_analysis.runs.run_errors import refuse
from ogp_analysis.runs.scenario import PACKAGED

LARGEST = 1_000_000
KEYS = {"base", "grid"}


def read_sweep(path: Path) -> Sweep:
    r"""Read a sweep: ``base:`` (a params file beside it) and ``grid:`` (a list of values by parameter).

    Parameters
    ----------
    path : Path
        A YAML file. A path under ``data`` or ``method`` in the grid leads from the folder of the base, as
        one in the base does.

    Returns
    -------
    Sweep
        Every single value of the grid is allowed beside the values of the base; a method with other
        indicators or criteria needs a base of its own. Whether two values are allowed together, and whether
        the data fit them, shows when they meet: `run_sweep` says so in the row of the scenario.

    Raises
    ------
    ParameterError
        A file breaks the rules of params files; or the grid names what is no parameter, names a parameter
        both whole and by an entry, repeats a value, or holds one that is not allowed. All are listed.
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
        raise ParameterError(problems)
    grid = values.get("grid")
    lists = isinstance(grid, Mapping) and grid and all(isinstance(v, list) and v for v in grid.values())
    if set(values) != KEYS or not lists:
        refuse("run.sweep_form", file=path.name)
    sweep = _around(values["base"], grid, path)
    if len(sweep) > LARGEST:
        refuse("run.sweep_large", file=path.name, count=len(sweep), largest=LARGEST)
    keys = {name: _key_problems(name, sweep) for name in sweep.grid}
    sound = [name for name, faults in keys.items() if not faults]
    problems = [problem for faults in keys.values() for problem in faults]
    problems += [problem for name in sound for problem in _value_problems(name, sweep)]
    if problems:
        raise ParameterError([replace(each, file=each.file or path.name) for each in problems])
    return sweep


def _around(base: Any, grid: Mapping[str, list[Any]], path: Path) -> Sweep:
    if not isinstance(base, str) or not base:
        detail = (("wanted", "text"), ("is", type(base).__name__))
        wrong = ParameterProblem("params.type", path.name, parameter="base", value=repr(base), detail=detail)
        raise ParameterError([wrong])
    file = path.parent / base
    parameters = params.read(file)
    data = placed("data", parameters.data, file.parent)
    return Sweep(params.with_values(parameters, data=data), grid, file.parent)


def _key_problems(name: Any, sweep: Sweep) -> list[Problem]:
    parameter, _, entry = str(name).partition(".")
    if not isinstance(name, str) or parameter not in params.NAMES:
        nearest = (("nearest", nearest_name(parameter, params.NAMES)),)
        return [Problem("params.unknown", parameter=str(name), detail=nearest)]
    if entry and not isinstance(params.as_dict(sweep.base)[parameter], Mapping):
        return [Problem("run.sweep_entry", parameter=parameter, value=name)]
    # Whichever came last would decide, and the table would name a value that was not used.
    overlap = entry and parameter in sweep.grid
    return [Problem("run.sweep_overlap", parameter=parameter, value=name)] if overlap else []


def _value_problems(name: str, sweep: Sweep) -> list[Problem]:
    problems, seen = [], {}
    # One at a time: to check every combination would cost as much as the sweep.
    for value in sweep.grid[name]:
        from_here = placed(name, value, sweep.folder)
        if name == "data" and isinstance(value, str) and value != PACKAGED and not Path(from_here).exists():
            problems.append(Problem("ratings.no_file", parameter=name, value=value))
        try:
            same = _sameness(parameters_at(sweep.base, {name: from_here}), name)
        except ParameterError as error:
            problems += error.problems
            continue
        if same in seen:
            detail = (("other", repr(seen[same])),)
            problems.append(Problem("run.sweep_repeated", parameter=name, value=repr(value), detail=detail))
        seen.setdefault(same, value)
    return problems


def _sameness(parameters: Parameters, name: str) -> str:
    """Write what a value comes to, so that 1 and 1.0, or 0.5 and "1/2", are the same."""
    value = getattr(parameters, name.partition(".")[0])
    return repr(sorted(value.items()) if isinstance(value, Mapping) else value)


# Small enough that no worker waits long for the last one, large enough that handing over costs nothing.
CHUNK = 25
FINAL = "category_final"
# What reading the ratings obeys; `tolerance` and `third_for` only word what is said of it.
READING = ("method", "data", "missing", "blind_pair")
# By which the path of a method is told from the name of a packaged one.
ENDINGS = (".yaml", ".yml")
PAIRS = ("matched", "third", "unresolved")
BY_CATEGORY = {"by_rule": "category_by_rule", "final": FINAL}
COUNTS = (
    *(f"pairs_{status}" for status in PAIRS),
    *(f"{label}_{kind}" for label in BY_CATEGORY for kind in (*CATEGORIES, "undetermined")),
    "moved",
)


@dataclass(frozen=True)
class Sweep:
    """A grid of scenarios around a base.

    Parameters
    ----------
    base : params.Parameters
        What every scenario shares.
    grid : dict of str to list
        Values by parameter; a dot leads into a parameter's own entries, ``cut_points.relevance``.
    folder : Path
        What a relative path under ``data`` or ``method`` is relative to: the folder of the base's file.

    Examples
    --------
    >>> base = params.from_values(params.baseline())
    >>> sweep = Sweep(base, {"tolerance": [0.5, 1], "cut_points.relevance": [[2, 3], [2.5, 3.5]]})
    >>> len(sweep), list(sweep.points())[1]
    (4, {'tolerance': 0.5, 'cut_points.relevance': [2.5, 3.5]})
    """

    base: Parameters = field(repr=False)
    grid: Mapping[str, list[Any]]
    folder: Path = Path()

    def __len__(self) -> int:
        """Count the scenarios."""
        return math.prod(len(values) for values in self.grid.values())

    def points(self) -> Iterator[dict[str, Any]]:
        """Give the scenarios, the last parameter changing fastest."""
        for values in itertools.product(*self.grid.values()):
            yield dict(zip(self.grid, values, strict=True))


def placed(name: str, value: Any, folder: Path) -> Any:
    """Lead a path in a params file from the folder of that file: workers stand elsewhere.

    Parameters
    ----------
    name : str
        Name of the parameter.
    value : object
        Its value; only that of ``data`` and ``method`` is ever a path.
    folder : Path
        Where the params file is.

    Returns
    -------
    object
        An absolute path where there is such a file or folder; else the value as it is.

    Examples
    --------
    >>> placed("data", "example", Path()), placed("tolerance", 1, Path())
    ('example', 1)
    """
    if not isinstance(value, str):
        return value
    if not (value.endswith(ENDINGS) if name == "method" else name == "data" and value != PACKAGED):
        return value
    path = folder.resolve() / value
    return str(path.resolve()) if path.exists() else value


def parameters_at(base: Parameters, point: Mapping[str, Any]) -> Parameters:
    """Give the parameters of one scenario, validated.

    >>> base = params.from_values(params.baseline())
    >>> parameters_at(base, {"cut_points.relevance": [2, 3]}).cut_points["relevance"]
    (2.0, 3.0)
    """
    given = params.as_dict(base)
    changes: dict[str, Any] = {}
    for name, value in point.items():
        parameter, _, entry = name.partition(".")
        whole = changes.get(parameter, given.get(parameter, {}))
        if entry and not isinstance(whole, Mapping):
            raise ParameterError([Problem("run.sweep_entry", parameter=parameter, value=name)])
        changes[parameter] = {**whole, entry: value} if entry else value
    return params.with_values(base, **changes)


def run_sweep(
    sweep: Sweep, pool: Executor, *, on_done: Callable[[list[dict[str, Any]]], None] = lambda _: None
) -> pd.DataFrame:
    """Compute every scenario of a sweep, each as a run of it alone would.

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
        proposals of the base stand in another category than under it (``moved``; those that a scenario
        leaves out are not counted), whether the ratings are synthetic, and ``refused``: why a run would
        refuse the scenario, in one line, its counts then missing; empty where it was computed. The line is
        the first of the problems; `ogp check` lists all.

    Raises
    ------
    OgpError
        The base itself cannot be computed, so that nothing can be held against it.
    """
    inputs = ratings.load(sweep.base)
    before = assessment.assess(inputs, sweep.base).assigned[FINAL]
    tasks = _chunks(sweep, inputs, before)
    rows = executors.complete(pool, compute, tasks, on_done=on_done)
    # By number: scenarios with the same ratings were computed together.
    ordered = sorted((row for chunk in rows for row in chunk), key=lambda row: row["scenario"])
    # With a missing count among them, pandas would write whole numbers as 3.0.
    whole = dict.fromkeys(COUNTS, "Int64") if any(row["refused"] for row in ordered) else {}
    return pd.DataFrame(ordered).astype(whole)


@dataclass(frozen=True)
class Chunk:
    """A few scenarios that read the same ratings, with all that a worker needs for them.

    Parameters
    ----------
    base : params.Parameters
        What every scenario shares, with the values under which the ratings were read.
    inputs : ratings.Inputs or None
        The ratings; None where they are refused under these values.
    before : Series
        Final category by proposal under the base.
    points : list of (int, dict)
        Number and values of each scenario.
    refused : str
        Why the ratings are refused; empty where they are not.
    """

    base: Parameters
    inputs: Any
    before: pd.Series
    points: list[tuple[int, dict[str, Any]]]
    refused: str = ""


def _chunks(sweep: Sweep, inputs: Any, before: pd.Series) -> list[Chunk]:
    groups: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for number, point in enumerate(sweep.points(), start=1):
        groups.setdefault(json.dumps(_reading(point), sort_keys=True), []).append((number, point))
    chunks = []
    for points in groups.values():
        read = _read(sweep, _reading(points[0][1]), inputs)
        parts = [points[start : start + CHUNK] for start in range(0, len(points), CHUNK)]
        chunks += [Chunk(read.base, read.inputs, before, part, read.refused) for part in parts]
    return chunks


def _reading(point: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in point.items() if name in READING}


@dataclass(frozen=True)
class _Read:
    base: Parameters
    inputs: Any
    refused: str = ""


def _read(sweep: Sweep, values: Mapping[str, Any], inputs: Any) -> _Read:
    """Read the ratings under some values; without any they are those of the base, read already."""
    if not values:
        return _Read(sweep.base, inputs)
    base = sweep.base
    try:
        base = parameters_at(
            base, {name: placed(name, value, sweep.folder) for name, value in values.items()}
        )
        return _Read(base, ratings.load(base))
    except OgpError as error:
        return _Read(base, None, _reason(error, base.language))


def _reason(error: OgpError, language: str) -> str:
    first = error.problems[0].say(language) if isinstance(error, CheckError) else str(error)
    return " ".join(first.split())


def compute(chunk: Chunk) -> list[dict[str, Any]]:
    """Compute the scenarios of a chunk."""
    return [_row(chunk, number, point) for number, point in chunk.points]


def _row(chunk: Chunk, number: int, point: dict[str, Any]) -> dict[str, Any]:
    row = {"scenario": number} | {name: _shown(value) for name, value in point.items()}
    counts, synthetic, refused = dict.fromkeys(COUNTS), None, chunk.refused
    if not refused:
        synthetic = bool(chunk.inputs.synthetic)
        try:
            counts = _counts(chunk, {name: value for name, value in point.items() if name not in READING})
        except OgpError as error:
            refused = _reason(error, chunk.base.language)
    return row | counts | {"synthetic": synthetic, "refused": refused}


def _counts(chunk: Chunk, values: Mapping[str, Any]) -> dict[str, int]:
    parameters = parameters_at(chunk.base, values)
    _check_belief(parameters)
    done = assessment.assess(chunk.inputs, parameters)
    status = done.settled["status"].value_counts()
    counted = {f"pairs_{name}": int(status.get(name, 0)) for name in PAIRS}
    for label, column in BY_CATEGORY.items():
        counts = done.assigned[column].value_counts()
        counted |= {f"{label}_{category}": int(counts.get(category, 0)) for category in CATEGORIES}
        counted[f"{label}_undetermined"] = int(done.assigned[column].isna().sum())
    shared = chunk.before.index.intersection(done.assigned.index)
    # 0 stands for undetermined, so that two missing categories count as the same.
    now, before = (column[shared].fillna(0) for column in (done.assigned[FINAL], chunk.before))
    return counted | {"moved": int((now != before).sum())}


def _check_belief(parameters: Parameters) -> None:
    # It changes no category, but a run refuses one that contradicts itself. Imported where it is needed: the
    # sensitivity brings scipy along.
    if parameters.weight_belief != "uniform":
        from ogp_analysis.sensitivity.beliefs import check_belief

        check_belief(parameters)


def _shown(value: Any) -> Any:
    return json.dumps(value, sort_keys=True) if isinstance(value, list | dict) else value
