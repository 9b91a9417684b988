"""The file of a sweep: read and checked, everything that is wrong with it named at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ogp_analysis import params
from ogp_analysis.errors import ParameterError, Problem
from ogp_analysis.parameter_rules import ParameterProblem, nearest_name
from ogp_analysis.params import Parameters
from ogp_analysis.run.refusal import refuse
from ogp_analysis.run.scenario import PACKAGED
from ogp_analysis.run.sweep import Sweep, parameters_at, placed
from ogp_analysis.strict_yaml import read_mapping

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
    sound = [name for name, found in keys.items() if not found]
    problems = [problem for found in keys.values() for problem in found]
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
    found, seen = [], {}
    # One at a time: to check every combination would cost as much as the sweep.
    for value in sweep.grid[name]:
        place = placed(name, value, sweep.folder)
        if name == "data" and isinstance(value, str) and value != PACKAGED and not Path(place).exists():
            found.append(Problem("ratings.no_file", parameter=name, value=value))
        try:
            same = _sameness(parameters_at(sweep.base, {name: place}), name)
        except ParameterError as error:
            found += error.problems
            continue
        if same in seen:
            detail = (("other", repr(seen[same])),)
            found.append(Problem("run.sweep_repeated", parameter=name, value=repr(value), detail=detail))
        seen.setdefault(same, value)
    return found


def _sameness(parameters: Parameters, name: str) -> str:
    """Write what a value comes to, so that 1 and 1.0, or 0.5 and "1/2", are the same."""
    value = getattr(parameters, name.partition(".")[0])
    return repr(sorted(value.items()) if isinstance(value, Mapping) else value)
