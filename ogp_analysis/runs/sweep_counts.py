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
from ogp_analysis.assessment.criterion_rule import CriterionRule, criterion_rule
from ogp_analysis.assessment.rating_arrays import Sheet, Sheets
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
# Of them those that decide how scores become levels, and those that a belief about weights is made of.
WEIGHING = ("indicator_weights", "cut_points", "aggregation", "majority")
REFUSE = "refuse"
BELIEF = ("weight_belief", "indicator_weights")


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
        known, decided, again = _counts(chunk, chunk.rated, rules, sound)
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
        self.codes, _, which = different_rows(table)
        return which, self._reasons()

    def _reasons(self) -> list[str]:
        """Say why each set is refused: its faulty values and its belief decide, each of them once."""
        deciding = np.full_like(self.codes, -1)
        for at, name in enumerate(self.names):
            codes = self.codes[:, at]
            faulty = [code for code in np.unique(codes).tolist() if self._is_faulty(name, code)]
            deciding[:, at] = np.where((name in BELIEF) | np.isin(codes, faulty), codes, -1)
        _, first, which = different_rows(deciding)
        rows = self.codes[first].tolist()
        reasons = [self._reason_of_set(dict(zip(self.names, row, strict=True))) for row in rows]
        return [reasons[at] for at in which]

    def _is_faulty(self, name: str, code: int) -> bool:
        return code >= 0 and self.chunk.checked[name, code] is None

    def _column(self, name: str) -> np.ndarray:
        """Give the values' numbers; -1 for one that is allowed and changes nothing."""
        codes = self.chunk.codes[name]
        if name in USED:
            return codes
        different, which = np.unique(codes, return_inverse=True)
        faulty = np.array([self.chunk.checked[name, int(code)] is None for code in different])
        return np.where(faulty[which.ravel()], codes, -1)

    def _reason_of_set(self, chosen: dict[str, int]) -> str:
        broken = [key for key in chosen.items() if self._is_faulty(*key)]
        if broken:
            return self._once(tuple(broken), lambda: parameters_at(self.chunk.base, self._as_given(broken)))
        named = [(name, chosen[name]) for name in BELIEF if name in chosen]
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

    def are_refused(self, sets: list[int]) -> np.ndarray:
        """Say of each set whether a third evaluation that it lacks is refused."""
        name = "missing_third"
        base = getattr(self.chunk.base, name)
        if name not in self.names:
            return np.full(len(sets), base == REFUSE)
        codes = self.codes[sets, self.names.index(name)].tolist()
        held = [self.chunk.checked[name, code] for code in codes]
        return np.array([(base if one is None else one.value) == REFUSE for one in held])

    def of_criterion(self, sheet: Sheet, sets: list[int]) -> tuple[list[CriterionRule], np.ndarray]:
        """Give every different rule of a criterion, and for each set the place of its own.

        How ratings become scores and how scores become levels is asked apart, and only then joined: there are
        far fewer of each than sets.
        """
        settling, which_settles = self._asked(sheet, sets, lambda name: name not in WEIGHING)
        settling, places = different(same_tolerances(sheet, settling))
        weighing, which_weighs = self._asked(sheet, sets, lambda name: name in WEIGHING)
        weighings, way = different(rule.weighing for rule in weighing)
        joined, which = np.unique(
            places[which_settles] * len(weighings) + way[which_weighs], return_inverse=True
        )
        pairs = (divmod(both, len(weighings)) for both in joined.tolist())
        # Not `replace`, which takes four times as long: there are thousands.
        rules = [
            CriterionRule(**(vars(settling[one]) | {"weighing": weighings[other]})) for one, other in pairs
        ]
        return rules, which

    def _asked(
        self, sheet: Sheet, sets: list[int], asked: Callable[[str], bool]
    ) -> tuple[list[CriterionRule], np.ndarray]:
        """Give the rules that some of the parameters make of the base, and for each set which of them."""
        columns = [at for at, name in enumerate(self.names) if asked(name)]
        names = [self.names[at] for at in columns]
        rows, _, which = different_rows(self.codes[np.ix_(sets, columns)])
        given = (self._together(dict(zip(names, row, strict=True))) for row in rows.tolist())
        return [criterion_rule(sheet.criterion, parameters) for parameters in given], which


def different_rows(table: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """List the different rows of a table of whole numbers, where each is first, and for each row its place.

    >>> [different_rows(np.array(table))[2].tolist() for table in ([[1, 2], [0, 5], [1, 2]], [[], []])]
    [[1, 0, 1], [0, 0]]
    """
    if not table.shape[1]:
        return table[:1], np.zeros(min(len(table), 1), dtype=int), np.zeros(len(table), dtype=int)
    rows, first, which = np.unique(table, axis=0, return_index=True, return_inverse=True)
    return rows, first, which.ravel()


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


def _counts(
    chunk: Chunk, rated: Rated, rules: _Rules, sets: list[int]
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Count for each set of values, number what it decides, and say which third evaluations it lacks."""
    if not sets:
        return np.zeros((0, len(count_names(chunk.categories))), dtype=int), np.zeros(0, dtype=np.uint64), []
    scored, which = [], []
    for sheet in rated.sheets.criteria:
        different_ones, places = rules.of_criterion(sheet, sets)
        scored.append(score(sheet, different_ones))
        which.append(places)
    weighings: list[CompositeWeighing] = []
    if chunk.base.method.by_composite:
        weighings, places = different(composite_weighing(rules.parameters(at)) for at in sets)
        which.append(places)
    ways, _, back = different_rows(np.stack(which, axis=1))
    counts, outcomes = (part[back] for part in _of_ways(chunk, rated, scored, list(ways.T), weighings))
    lacks = np.sum(
        [one.statuses[places, UNRESOLVED] for one, places in zip(scored, which, strict=False)], axis=0
    )
    return (
        counts,
        outcomes,
        [
            _third_missing(rated.sheets, rules.parameters(at)) if lack else ""
            for at, lack in zip(sets, (lacks > 0) & rules.are_refused(sets), strict=True)
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
    try:
        whole_assessment.refuse_lacking(sheets, parameters)
    except OgpError as error:
        return reason_of(error, parameters.language)
    return ""
