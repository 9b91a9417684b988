"""Counts of the scenarios of one chunk of a sweep: each different rule set is scored once, on arrays."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np

from ogp_analysis.assessment import categories, whole_assessment
from ogp_analysis.assessment.adjudication import MATCHED, THIRD_USED, UNRESOLVED
from ogp_analysis.assessment.batch import Scored, different, same_tolerances, score
from ogp_analysis.assessment.composite import (
    CompositeScored,
    CompositeWeighing,
    composite_of,
    composite_weighing,
)
from ogp_analysis.assessment.criterion_rule import criterion_rule
from ogp_analysis.assessment.rating_arrays import Sheets
from ogp_analysis.errors import CheckError, OgpError
from ogp_analysis.model.params import FrozenDict, Parameters
from ogp_analysis.runs.sweep import parameters_at

PAIRS = {"matched": MATCHED, "third": THIRD_USED, "unresolved": UNRESOLVED}


def count_names(numbers: tuple[int, ...]) -> tuple[str, ...]:
    """Name the columns of counts, for the numbers of the categories.

    >>> count_names((1, 2))[3:7]
    ('by_rule_1', 'by_rule_2', 'by_rule_undetermined', 'final_1')
    """
    kinds = (*numbers, "undetermined")
    by_category = (f"{label}_{kind}" for label in ("by_rule", "final") for kind in kinds)
    return (*(f"pairs_{status}" for status in PAIRS), *by_category, "moved", "moved_undetermined")


# What a parameter that is not among these holds changes neither a count nor a word.
USED = (
    *("language", "weight_belief", "third_for", "feasibility_rule", "third_rule", "matching_rule"),
    *("tolerance", "missing_third", "panel_rule", "indicator_weights", "criterion_weights", "cut_points"),
    *("aggregation", "majority", "veto"),
)


class Values(NamedTuple):
    """A value of one parameter: as the parameters hold it, and as it was written."""

    value: Any
    given: Any


def entries_of(grid: Mapping[str, Sequence[Any]]) -> dict[str, list[str]]:
    """Put the entries of one parameter together.

    >>> entries_of({"cut_points.a": [], "seed": [], "cut_points.b": []})
    {'cut_points': ['cut_points.a', 'cut_points.b'], 'seed': ['seed']}
    """
    entries: dict[str, list[str]] = {}
    for name in grid:
        entries.setdefault(name.partition(".")[0], []).append(name)
    return entries


@dataclass(frozen=True, eq=False)
class Rated:
    """Ratings as all scenarios of a chunk use them, with what was recorded beside them.

    Parameters
    ----------
    sheets : Sheets
        The ratings.
    decided : categories.KnownDecisions
        Routes, decisions and marks.
    before : ndarray of int, shape (m,)
        Final category of each proposal under the base; 0 where it has none there.
    """

    sheets: Sheets
    decided: categories.KnownDecisions
    before: np.ndarray


@dataclass(frozen=True, eq=False)
class Chunk:
    """Scenarios that use the same ratings, with all that a worker needs for them.

    Parameters
    ----------
    base : params.Parameters
        What they share, with the values under which the ratings were read.
    grid : dict of str to list
        Values by parameter, those of reading apart.
    numbers : ndarray of int, shape (s,)
        Number of each scenario, counted from 0.
    codes : dict of str to ndarray of int, shape (s,)
        By parameter the number of its value; entries of one parameter are numbered together.
    checked : dict of (str, int) to Values or None
        Each of these values, checked beside the base; None where it is not allowed.
    categories : tuple of int
        Numbers of the categories that are counted.
    rated : Rated or None
        The ratings; None where they are refused under these values.
    synthetic : bool or None
        Whether the ratings are; None where they are refused.
    refused : str
        Why the ratings are refused; empty where they are not.
    """

    base: Parameters = field(repr=False)
    grid: Mapping[str, Sequence[Any]]
    numbers: np.ndarray
    codes: Mapping[str, np.ndarray]
    checked: Mapping[tuple[str, int], Values | None]
    categories: tuple[int, ...]
    rated: Rated | None = None
    synthetic: bool | None = None
    refused: str = ""

    def part(self, rows: slice) -> Chunk:
        """Take some of the scenarios, with the values that they use."""
        codes = {name: values[rows] for name, values in self.codes.items()}
        used = [(name, int(code)) for name, values in codes.items() for code in np.unique(values)]
        checked = {key: self.checked[key] for key in used}
        return replace(self, numbers=self.numbers[rows], codes=codes, checked=checked)


@dataclass(frozen=True, eq=False)
class Counted:
    """What a chunk comes to: counts (s, columns), and why scenarios are refused; empty where not.

    Scenarios that decide alike, category by category, have the same number among ``outcomes``.
    """

    numbers: np.ndarray
    counts: np.ndarray
    outcomes: np.ndarray
    refused: list[str]
    synthetic: bool | None


def count(chunk: Chunk) -> Counted:
    """Count pairs and proposals under each scenario of a chunk."""
    size = len(chunk.numbers)
    columns = len(count_names(chunk.categories))
    counts, refused = np.zeros((size, columns), dtype=int), np.full(size, chunk.refused, dtype=object)
    outcomes = np.zeros(size, dtype=np.uint64)
    if chunk.rated is not None and not chunk.refused:
        rules = _Rules(chunk)
        which, reasons = rules.of_scenarios()
        refused = np.array(reasons, dtype=object)[which]
        sound = [at for at, reason in enumerate(reasons) if not reason]
        known, decided, again = _counts(chunk, chunk.rated, [rules.parameters(at) for at in sound])
        third_missing = np.full(len(reasons), "", dtype=object)
        third_missing[sound] = again
        values, alike = np.zeros((len(reasons), columns), dtype=int), np.zeros(len(reasons), dtype=np.uint64)
        values[sound], alike[sound] = known, decided
        refused = np.where(refused == "", third_missing[which], refused)
        counts, outcomes = values[which], alike[which]
    synthetic = None if chunk.refused else chunk.synthetic
    return Counted(chunk.numbers, counts, outcomes, refused.tolist(), synthetic)


def reason_of(error: OgpError, language: str) -> str:
    """Say in one line why a run would refuse a scenario."""
    first = error.problems[0].say(language) if isinstance(error, CheckError) else str(error)
    return " ".join(first.split())


class _Rules:
    """The different sets of values in a chunk; each value is checked alone, since no rule joins two."""

    def __init__(self, chunk: Chunk) -> None:
        self.chunk = chunk
        self._known: dict[tuple, str] = {}
        self.names = list(chunk.codes)

    def of_scenarios(self) -> tuple[np.ndarray, list[str]]:
        """Give each scenario's place among the different sets, and why a set is refused; empty where not."""
        columns = [self._column(name) for name in self.names]
        none = np.zeros((len(self.chunk.numbers), 0), dtype=int)
        table = np.stack(columns, axis=1) if columns else none
        if table.shape[1]:
            self.codes, which = np.unique(table, axis=0, return_inverse=True)
        else:
            self.codes, which = table[:1], np.zeros(len(table), dtype=int)
        return which.ravel(), [
            self._reason_of_set(dict(zip(self.names, row, strict=True))) for row in self.codes.tolist()
        ]

    def _column(self, name: str) -> np.ndarray:
        """Give the values' numbers; -1 for one that is allowed and changes nothing."""
        codes = self.chunk.codes[name]
        if name in USED:
            return codes
        different, which = np.unique(codes, return_inverse=True)
        faulty = np.array([self.chunk.checked[name, int(code)] is None for code in different])
        return np.where(faulty[which.ravel()], codes, -1)

    def _reason_of_set(self, chosen: dict[str, int]) -> str:
        broken = [key for key in chosen.items() if key[1] >= 0 and self.chunk.checked[key] is None]
        if broken:
            return self._once(tuple(broken), lambda: parameters_at(self.chunk.base, self._as_given(broken)))
        named = [(name, chosen[name]) for name in ("weight_belief", "indicator_weights") if name in chosen]
        return self._once(("belief", *named), lambda: check_belief(self._together(chosen)))

    def _once(self, key: tuple, attempt: Callable[[], object]) -> str:
        if key not in self._known:
            try:
                attempt()
                self._known[key] = ""
            except OgpError as error:
                self._known[key] = reason_of(error, self.chunk.base.language)
        return self._known[key]

    def _as_given(self, keys: list[tuple[str, int]]) -> dict[str, Any]:
        """Write values of the grid again, to hear what is wrong with them together."""
        return {
            entry: value
            for name, code in keys
            for entry, value in grid_entries(self.chunk.grid, name, code).items()
        }

    def _together(self, chosen: dict[str, int]) -> Parameters:
        checked = {name: self.chunk.checked[name, code] for name, code in chosen.items() if code >= 0}
        values = {name: each for name, each in checked.items() if each is not None}
        as_given = dict(self.chunk.base.as_given) | {name: each.given for name, each in values.items()}
        changed = {name: each.value for name, each in values.items()}
        return replace(self.chunk.base, **changed, as_given=FrozenDict(as_given))

    def parameters(self, at: int) -> Parameters:
        """Put the checked values of one set together."""
        return self._together(dict(zip(self.names, self.codes[at].tolist(), strict=True)))


def grid_entries(grid: Mapping[str, Sequence[Any]], name: str, code: int) -> dict[str, Any]:
    """Give the entries of one parameter that stand for the number of a value.

    >>> grid_entries({"cut_points.a": [[1, 2], [2, 3]], "seed": [5]}, "cut_points", 1)
    {'cut_points.a': [2, 3]}
    """
    entries = entries_of(grid)[name]
    places = np.unravel_index(code, tuple(len(grid[entry]) for entry in entries))
    return {entry: grid[entry][int(at)] for entry, at in zip(entries, places, strict=True)}


def check_belief(parameters: Parameters) -> None:
    """Refuse a belief that contradicts itself, as a run does; it changes no category."""
    # Imported where it is needed: the sensitivity brings scipy along.
    if parameters.weight_belief != "uniform":
        from ogp_analysis.sensitivity import beliefs

        beliefs.check_belief(parameters)


def _counts(chunk: Chunk, rated: Rated, given: list[Parameters]) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Count for each set of values, number what it decides, and say which third evaluations it lacks."""
    scored, which = [], []
    for sheet in rated.sheets.criteria if given else ():
        rules = [criterion_rule(sheet.criterion, parameters) for parameters in given]
        rules, places = different(same_tolerances(sheet, rules))
        scored.append(score(sheet, rules))
        which.append(places)
    if not given:
        return np.zeros((0, len(count_names(chunk.categories))), dtype=int), np.zeros(0, dtype=np.uint64), []
    weighings: list[CompositeWeighing] = []
    if chunk.base.method.by_composite:
        weighings, places = different(composite_weighing(parameters) for parameters in given)
        which.append(places)
    ways, back = np.unique(np.stack(which, axis=1), axis=0, return_inverse=True)
    counts, outcomes = (
        part[back.ravel()] for part in _of_ways(chunk, rated, scored, list(ways.T), weighings)
    )
    lacks = np.sum(
        [one.statuses[places, UNRESOLVED] for one, places in zip(scored, which, strict=False)], axis=0
    )
    return (
        counts,
        outcomes,
        [
            _third_missing(rated.sheets, parameters) if lack else ""
            for parameters, lack in zip(given, lacks, strict=True)
        ],
    )


def _of_ways(
    chunk: Chunk,
    rated: Rated,
    scored: list[Scored],
    ways: list[np.ndarray],
    weighings: list[CompositeWeighing],
) -> tuple[np.ndarray, np.ndarray]:
    axes: Sequence[Scored | CompositeScored] = scored
    chosen = ways
    if weighings:
        *ways, last = ways
        axes = [composite_of(scored, ways, [weighings[at] for at in last])]
        chosen = [np.arange(len(last))]
    rule = categories.category_rule(chunk.base.method)
    ruled = categories.categorise(axes, chosen, rule, rated.decided.route).ruled
    _, final = categories.chosen_categories(ruled, rated.decided)
    pairs = sum(one.statuses[places] for one, places in zip(scored, ways, strict=True))
    columns = [pairs[:, code] for code in PAIRS.values()]
    for codes in (ruled, final):
        columns += [(codes == kind).sum(axis=1) for kind in (*chunk.categories, categories.UNDETERMINED)]
    known = rated.before != 0
    open_before, open_now = rated.before == categories.UNDETERMINED, final == categories.UNDETERMINED
    columns.append(((final != rated.before) & known & ~open_before & ~open_now).sum(axis=1))
    columns.append((known & (open_before != open_now)).sum(axis=1))
    return np.stack(columns, axis=1), _numbered(final, rated.sheets.proposals)


def _numbered(final: np.ndarray, proposals: Sequence[object]) -> np.ndarray:
    """Number what is decided, the same wherever a chunk is counted, from categories (s, m) and proposals.

    >>> same = _numbered(np.array([[1, 2], [1, 2], [2, 1]]), ["P1", "P2"])
    >>> len(set(same.tolist())), bool(same[0] == same[1])
    (2, True)
    """
    whose = repr(list(proposals)).encode()
    digests = (hashlib.blake2b(row.tobytes() + whose, digest_size=8).digest() for row in final.astype("<i4"))
    return np.frombuffer(b"".join(digests), dtype="<u8")


def _third_missing(sheets: Sheets, parameters: Parameters) -> str:
    if parameters.missing_third != "refuse":
        return ""
    try:
        whole_assessment.refuse_lacking(sheets, parameters)
    except OgpError as error:
        return reason_of(error, parameters.language)
    return ""
