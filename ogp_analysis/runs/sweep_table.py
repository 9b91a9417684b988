"""The table of a sweep: its scenarios in chunks of bounded memory, here or on any executor."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

import numpy as np
import pandas as pd

from ogp_analysis import ratings
from ogp_analysis.assessment import categories, whole_assessment
from ogp_analysis.errors import OgpError
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.method_file import read_method
from ogp_analysis.model.params import Parameters, as_dict
from ogp_analysis.ratings.published_names import NAMELESS, file_names
from ogp_analysis.runs import executors
from ogp_analysis.runs.sweep import Sweep, parameters_at, placed
from ogp_analysis.runs.sweep_counts import (
    Chunk,
    Counted,
    Rated,
    Values,
    count,
    count_names,
    entries_of,
    grid_entries,
    reason_of,
)

# What reading the ratings obeys; `tolerance` and `third_for` only word what is said of it.
READING = ("method", "data", "missing", "blind_pair")
# Ratings of all scenarios of a chunk: its largest arrays are of this size.
CELLS = 1 << 22
# Chunks that are computed here: the first worker is ready later than they are done.
HERE = 4


def run_sweep(
    sweep: Sweep, pool: Executor, *, on_done: Callable[[Sized], None] = lambda _: None, here: int = HERE
) -> pd.DataFrame:
    """Compute every scenario of a sweep, each as a run of it alone would.

    Parameters
    ----------
    sweep : Sweep
        The grid.
    pool : concurrent.futures.Executor
        Where to compute; the table is the same whatever it is.
    on_done : callable
        Told the numbers of the scenarios of each chunk as it is done.
    here : int
        Up to so many chunks are computed in this process.

    Returns
    -------
    DataFrame
        One row a scenario: its number, its values, counts of pairs and of proposals by category, how many
        proposals of the base stand in another category than under it (``moved``) and how many have a
        category under one of the two alone (``moved_undetermined``); those that a scenario leaves out are
        not counted. ``same_as`` is the first scenario that decides alike for every proposal, ``synthetic``
        whether the ratings are, and ``refused`` why a run would refuse the scenario, in one line, its counts
        then missing; empty where it was computed. The line is the first of the problems; `ogp check` lists
        all.

    Raises
    ------
    OgpError
        The base itself cannot be computed, so that nothing can be held against it.
    """
    chunks = list(_chunks(sweep, ratings.load(sweep.base)))
    counted: Sequence[Counted]
    if len(chunks) > here:
        counted = executors.complete(pool, count, chunks, on_done=lambda done: on_done(done.numbers))
    else:
        counted = []
        for chunk in chunks:
            counted.append(count(chunk))
            on_done(chunk.numbers)
    return _table(sweep, counted)


def _chunks(sweep: Sweep, inputs: Inputs) -> Iterator[Chunk]:
    """Put together scenarios that use the same ratings: those are read once and are arrays once."""
    before, known = whole_assessment.final_categories(inputs, sweep.base), {}
    for numbers in _alike(sweep):
        point = sweep.point(numbers[0])
        values = {name: value for name, value in point.items() if name in READING}
        key = json.dumps(values, sort_keys=True)
        if key not in known:
            read = _read(sweep, values, inputs)
            known[key] = read, _Checked(read.base, _rest(sweep))
        read, checked = known[key]
        codes = checked.codes(sweep.places(numbers))
        whole = Chunk(read.base, checked.grid, numbers, codes, checked, categories_of(sweep))
        chunk = _of_ratings(read, point.get("conflict"), before, whole)
        size = max(1, CELLS // max(1, _cells(chunk)))
        for start in range(0, len(numbers), size):
            yield chunk.part(slice(start, start + size))


def categories_of(sweep: Sweep) -> tuple[int, ...]:
    """Give the numbers of the categories of every method that a sweep uses."""
    methods = [sweep.base.method]
    for source in sweep.grid.get("method", ()):
        # One that cannot be read is refused in its own rows.
        read = read_method(placed("method", source, sweep.folder), sweep.folder)[0]
        methods += [read] if read else []
    return tuple(sorted({number for method in methods for number in method.category_numbers}))


def _rest(sweep: Sweep) -> dict[str, Sequence[Any]]:
    return {name: given for name, given in sweep.grid.items() if name not in READING}


class _Checked(dict):
    """Values of a grid beside one base, each checked when it is first asked for and never again."""

    def __init__(self, base: Parameters, grid: Mapping[str, Sequence[Any]]) -> None:
        super().__init__()
        self.base, self.grid = base, grid

    def codes(self, places: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Number the values of each parameter, its entries together."""
        return {
            name: np.ravel_multi_index(
                [places[entry] for entry in entries], tuple(len(self.grid[entry]) for entry in entries)
            )
            for name, entries in entries_of(self.grid).items()
        }

    def __missing__(self, key: tuple[str, int]) -> Values | None:
        name, code = key
        try:
            alone = parameters_at(self.base, grid_entries(self.grid, name, code))
            self[key] = Values(getattr(alone, name), alone.as_given[name])
        except OgpError:
            self[key] = None
        return self[key]


def _alike(sweep: Sweep) -> list[np.ndarray]:
    """Give the numbers of scenarios that use the same ratings."""
    numbers, shared = np.arange(len(sweep)), (*READING, "conflict")
    places = [at for name, at in sweep.places(numbers).items() if name in shared]
    if not places:
        return [numbers]
    _, group = np.unique(np.stack(places, axis=1), axis=0, return_inverse=True)
    return [np.flatnonzero(group.ravel() == one) for one in range(group.max() + 1)]


def _cells(chunk: Chunk) -> int:
    return sum(sheet.thirds.size for sheet in chunk.rated.sheets.criteria) if chunk.rated else 1


def _of_ratings(read: _Read, conflict: str | None, before: pd.Series, chunk: Chunk) -> Chunk:
    """Give a chunk its ratings as arrays; none where they are refused, or a value that decides on them."""
    if read.inputs is None:
        return replace(chunk, refused=read.refused)
    inputs = read.inputs
    try:
        base = read.base if conflict is None else parameters_at(read.base, {"conflict": conflict})
        sheets = whole_assessment.used_sheets(inputs, base)
    except OgpError as error:
        return replace(chunk, refused=reason_of(error, read.base.language), synthetic=bool(inputs.synthetic))
    decided = categories.known_decisions(sheets.proposals, inputs.proposals, inputs.decisions, base.method)
    known = before.reindex(sheets.proposals, fill_value=0).to_numpy()
    return replace(chunk, rated=Rated(sheets, decided, known), synthetic=bool(inputs.synthetic))


@dataclass(frozen=True, eq=False)
class _Read:
    base: Parameters
    inputs: Inputs | None
    refused: str = ""


def _read(sweep: Sweep, values: Mapping[str, Any], inputs: Inputs) -> _Read:
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
        return _Read(base, None, reason_of(error, base.language))


def _table(sweep: Sweep, counted: Sequence[Counted]) -> pd.DataFrame:
    numbers = np.concatenate([part.numbers for part in counted])
    # By number: scenarios with the same ratings were computed together.
    order = np.argsort(numbers, kind="stable")
    table = {"scenario": numbers[order] + 1} | {
        name: pd.Series(_shown(sweep.grid[name], name, sweep)).take(places).reset_index(drop=True)
        for name, places in sweep.places(numbers[order]).items()
    }
    words = {reason: _without_names(reason, sweep) for part in counted for reason in part.refused if reason}
    why = [np.array([words.get(reason, "") for reason in part.refused], dtype=object) for part in counted]
    refused = np.concatenate(why)[order]
    lost = refused != ""
    columns = np.concatenate([part.counts for part in counted])[order].T
    for name, column in zip(count_names(categories_of(sweep)), columns, strict=True):
        # With a missing count among them, pandas would write whole numbers as 3.0.
        table[name] = pd.arrays.IntegerArray(column.copy(), lost) if lost.any() else column
    outcomes = np.concatenate([part.outcomes for part in counted])[order]
    _, first, which = np.unique(outcomes, return_index=True, return_inverse=True)
    same_as = table["scenario"][first[which.ravel()]]
    table["same_as"] = pd.arrays.IntegerArray(same_as, lost) if lost.any() else same_as
    synthetic = [np.full(len(part.numbers), part.synthetic, dtype=object) for part in counted]
    marks = pd.Series(np.concatenate(synthetic)[order]).infer_objects()
    return pd.DataFrame(table | {"synthetic": marks, "refused": pd.Series(refused, dtype="str")})


def _shown(values: Sequence[Any], name: str, sweep: Sweep) -> list[Any]:
    if name in NAMELESS:
        paths = list(map(str, values))
        names = file_names(paths, name, dict.fromkeys(paths, sweep.base.method))
        return [names[str(value)] for value in values]
    return [
        json.dumps(value, sort_keys=True) if isinstance(value, list | dict) else value for value in values
    ]


def _without_names(reason: str, sweep: Sweep) -> str:
    """Name files in a reason as the table does."""
    base = as_dict(sweep.base)
    for name in NAMELESS:
        values = [*map(str, sweep.grid.get(name, ())), base[name]]
        for path, shown in file_names(values, name, dict.fromkeys(values, sweep.base.method)).items():
            file = PurePath(path).name
            # A name without an ending may be any word of the reason.
            reason = reason.replace(file, shown) if PurePath(file).suffix else reason
    return reason
