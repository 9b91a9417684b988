"""Many scenarios of a grid at the level of the library: no notebook, one row of one table each."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ogp_analysis.errors import ParameterError, Problem
from ogp_analysis.model import params
from ogp_analysis.model.given_file import is_there
from ogp_analysis.model.parameter_rules import ParameterProblem, nearest_name
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.strict_yaml import read_mapping
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
    # What stands there and is no file, its reader names.
    if not is_there(path):
        refuse("run.no_params_file", file=str(path))
    values, problems = read_mapping(path)
    if values is None or problems:
        raise ParameterError(problems)
    grid = values.get("grid")
    lists = isinstance(grid, Mapping) and grid and all(isinstance(v, list) and v for v in grid.values())
    if set(values) != KEYS or grid is None or not lists:
        refuse("run.sweep_form", file=path.name, found=", ".join(map(str, values)) or "–")
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
    problems: list[Problem] = []
    seen: dict[str, Any] = {}
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


# By which the path of a method is told from the name of a packaged one.
ENDINGS = (".yaml", ".yml")


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

    def point(self, number: int) -> dict[str, Any]:
        """Give one scenario by its number, counted from 0."""
        return {name: self.grid[name][at] for name, at in self.places(np.array(number)).items()}

    def places(self, numbers: np.ndarray) -> dict[str, np.ndarray]:
        """Give, by parameter, the places of the values that scenarios take; numbers count from 0."""
        shape = tuple(len(values) for values in self.grid.values())
        return dict(zip(self.grid, np.unravel_index(numbers, shape), strict=True))


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
