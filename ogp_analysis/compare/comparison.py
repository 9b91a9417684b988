"""The comparison of two runs as one record: parameters, categories, tables and coefficients that differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ogp_analysis.compare.causes_by_replay import BY_RULE, FINAL, Replay, Source
from ogp_analysis.compare.causes_from_tables import criteria_of, detail, differ, parting, roads
from ogp_analysis.model.records import PROPOSAL, Method

CATEGORIES = "categories"


@dataclass(frozen=True)
class Side:
    """One of the two runs.

    Parameters
    ----------
    name : str
        Name of the scenario.
    parameters : mapping
        Value by name; empty where the run has no record.
    contents : mapping
        Hash or version by name of what the results depend on; empty where the run has no record.
    tables : mapping of str to DataFrame
        The run's tables by id.
    synthetic : bool
        Whether it rests on invented ratings.
    source : causes_by_replay.Source, optional
        What it can be computed again from; None where that is not recorded.
    touched : tuple of str
        Files that are not as the run wrote them; empty also where it has no record.
    method : Method, optional
        Its method, whose titles are the reader's words; None where that is not recorded.

    Examples
    --------
    >>> Side("baseline", {"seed": 1}, {}, {})
    Side(name='baseline', synthetic=False)
    """

    name: str
    parameters: Mapping[str, Any] = field(repr=False)
    contents: Mapping[str, str] = field(repr=False)
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    synthetic: bool = False
    source: Source | None = field(default=None, repr=False)
    touched: tuple[str, ...] = field(default=(), repr=False)
    method: Method | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Comparison:
    """What differs; every frame is empty where nothing does.

    Parameters
    ----------
    first, second : str
        Names of the two runs.
    parameters : DataFrame
        Columns ``parameter, first, second``.
    contents : DataFrame
        Columns ``content, first, second``: code, notebooks, inputs, libraries.
    categories : DataFrame
        Columns ``proposal, first, second, step, detail``: proposals whose final category differs, with the
        cause as :func:`changed_categories` tests it.
    coefficients : DataFrame
        Columns ``table, statistic, first, second, beyond``: statistics that moved; ``beyond`` says whether
        either lies outside the other's interval; None where that cannot be said.
    tables : DataFrame
        Columns ``table, state``: ``"differs"``, ``"only in first"`` or ``"only in second"``.
    synthetic : bool
        Whether either run rests on invented ratings.
    proposals : tuple of int, optional
        How many proposals are in both runs and how many in one only; None where a run has no categories.
    has_records : bool
        Whether both runs have a record; without one, parameters and contents cannot be compared.
    touched : tuple of (tuple of str, tuple of str)
        Files of the first and of the second run that are not as it wrote them.
    criteria : tuple of (tuple of str, tuple of str)
        Criteria of the first and of the second run that the other one does not have.
    methods : tuple of Method
        The methods of the runs, as far as they are known.
    of_plan : bool
        Whether a run with invented ratings is, or may be, of a method with a plan.

    Examples
    --------
    >>> side = Side("baseline", {"seed": 1}, {}, {})
    >>> compare(side, side).same_results
    True
    """

    first: str
    second: str
    parameters: pd.DataFrame
    contents: pd.DataFrame
    categories: pd.DataFrame
    coefficients: pd.DataFrame
    tables: pd.DataFrame
    synthetic: bool = False
    proposals: tuple[int, int] | None = None
    has_records: bool = True
    touched: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    criteria: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    methods: tuple[Method, ...] = field(default=(), repr=False)
    of_plan: bool = True

    @property
    def same_results(self) -> bool:
        """Whether every table of both runs is the same."""
        return self.tables.empty


def compare(first: Side, second: Side) -> Comparison:
    """Compare two runs.

    Parameters
    ----------
    first, second : Side
        The runs; what changed is told from the first to the second.

    Returns
    -------
    Comparison
        Every difference, with its cause where the tables tell it.

    Examples
    --------
    >>> first = Side("baseline", {"tolerance": 1.0}, {}, {"flow": pd.DataFrame({"proposals": [335]})})
    >>> second = Side("strict", {"tolerance": 0.0}, {}, {"flow": pd.DataFrame({"proposals": [335]})})
    >>> found = compare(first, second)
    >>> found.parameters.to_dict("records"), found.same_results
    ([{'parameter': 'tolerance', 'first': 1.0, 'second': 0.0}], True)
    """
    return Comparison(
        first.name,
        second.name,
        differing(first.parameters, second.parameters, name="parameter"),
        differing(first.contents, second.contents, name="content"),
        changed_categories(first, second),
        moved_coefficients(first.tables, second.tables),
        changed_tables(first.tables, second.tables),
        first.synthetic or second.synthetic,
        common_proposals(first.tables, second.tables),
        all((first.parameters, second.parameters, first.contents, second.contents)),
        (first.touched, second.touched),
        criteria_apart(first.tables, second.tables),
        tuple(side.method for side in (first, second) if side.method),
        any(side.synthetic and not (side.method and not side.method.plan) for side in (first, second)),
    )


def common_proposals(
    first: Mapping[str, pd.DataFrame], second: Mapping[str, pd.DataFrame]
) -> tuple[int, int] | None:
    """Count the proposals in both runs and those in one only; None where a run has no categories.

    >>> one, other = ({"categories": pd.DataFrame({"proposal": list(codes)})} for codes in ("abc", "bcd"))
    >>> common_proposals(one, other), common_proposals(one, {})
    ((2, 2), None)
    """
    if CATEGORIES not in first or CATEGORIES not in second:
        return None
    a, b = (set(tables[CATEGORIES][PROPOSAL]) for tables in (first, second))
    return len(a & b), len(a ^ b)


def criteria_apart(
    first: Mapping[str, pd.DataFrame], second: Mapping[str, pd.DataFrame]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name the criteria that only one of two runs has, first those of the first.

    >>> one = pd.DataFrame(columns=["proposal", "merit", "cost", "merit_level", "cost_level", "composite"])
    >>> other = pd.DataFrame(columns=["proposal", "merit", "merit_level", "composite"])
    >>> criteria_apart({"categories": one}, {"categories": other})
    (('cost',), ())
    """
    if CATEGORIES not in first or CATEGORIES not in second:
        return (), ()
    a, b = (criteria_of(tables[CATEGORIES].columns) for tables in (first, second))
    return tuple(name for name in a if name not in b), tuple(name for name in b if name not in a)


def differing(first: Mapping[str, Any], second: Mapping[str, Any], *, name: str) -> pd.DataFrame:
    """List the entries of two mappings that differ.

    >>> differing({"seed": 1, "data": "a"}, {"seed": 2, "data": "a"}, name="parameter").to_dict("records")
    [{'parameter': 'seed', 'first': 1, 'second': 2}]
    """
    if not first or not second:
        return pd.DataFrame(columns=[name, "first", "second"])
    # The first's order, then what only the second has.
    keys = [key for key in {**first, **second} if first.get(key) != second.get(key)]
    rows = [(key, first.get(key), second.get(key)) for key in keys]
    return pd.DataFrame(rows, columns=[name, "first", "second"])


def changed_tables(first: Mapping[str, pd.DataFrame], second: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """List the tables that differ or stand in one run only.

    >>> one, other = pd.DataFrame({"n": [335]}), pd.DataFrame({"n": [336]})
    >>> changed_tables({"flow": one, "ledger": one}, {"flow": other}).values.tolist()
    [['flow', 'differs'], ['ledger', 'only in first']]
    """
    rows = []
    for name in sorted({*first, *second}):
        if name not in second:
            rows.append((name, "only in first"))
        elif name not in first:
            rows.append((name, "only in second"))
        elif not first[name].equals(second[name]):
            rows.append((name, "differs"))
    return pd.DataFrame(rows, columns=["table", "state"])


def changed_categories(first: Side, second: Side) -> pd.DataFrame:
    """List the proposals whose final category differs, with the step that made it differ.

    Where both runs can be computed again, each step is tested: the first run is computed with that step of
    the second and everything else of its own. Where one cannot, its tables are read as far as they tell.

    >>> first = pd.DataFrame({"proposal": ["S01"], "category_by_rule": [2], "category_final": [2]})
    >>> sides = [Side("", {}, {}, {"categories": first.assign(category_final=final)}) for final in (2, 4)]
    >>> changed_categories(*sides).to_dict("records")
    [{'proposal': 'S01', 'first': 2, 'second': 4, 'step': 'decision', 'detail': 'category 2 → 4'}]
    """
    columns = [PROPOSAL, "first", "second", "step", "detail"]
    if CATEGORIES not in first.tables or CATEGORIES not in second.tables:
        return pd.DataFrame(columns=columns)
    a, b = (side.tables[CATEGORIES].set_index(PROPOSAL)[FINAL] for side in (first, second))
    replay = Replay(first.source, second.source) if first.source and second.source else None
    rows = [
        (proposal, a[proposal], b[proposal], *_cause(first, second, proposal, replay=replay))
        for proposal in a.index.intersection(b.index)
        if differ(a[proposal], b[proposal])
    ]
    return pd.DataFrame(rows, columns=columns)


def _cause(first: Side, second: Side, proposal: str, *, replay: Replay | None) -> tuple[str, str]:
    sides = (first, second)
    facts = tuple((side.parameters, _read_from(side, "data"), _read_from(side, "method")) for side in sides)
    pair = roads(first.tables, second.tables, proposal, facts=facts)
    particulars = detail(*pair)
    if (replay and not replay.possible) or any(criteria_apart(first.tables, second.tables)):
        same_rule = not differ(*(road.assigned[BY_RULE] for road in pair))
        return ("decision" if same_rule else "method"), particulars
    if replay and replay.explains(proposal, *(road.assigned[FINAL] for road in pair)):
        return replay.cause(proposal), particulars
    if replay and (first.touched or second.touched):
        return "unexplained", particulars
    return parting(*pair)


def _read_from(side: Side, kind: str) -> tuple:
    """Say what the data or the method of a run was read from, as far as its record holds it."""
    if not side.parameters or not side.contents:
        return ()
    named = sorted(item for item in side.contents.items() if item[0].startswith(f"input {kind} "))
    # The ratings of the example come with the code; a packaged method is the same under the same name.
    packaged = [side.contents.get("code")] if kind == "data" else []
    return (side.parameters.get(kind), *(named or packaged))


# The columns that hold a statistic and its interval, by the names that the tables use.
INTERVALS = (
    ("value", "low", "high"),
    ("estimate", "low", "high"),
    *((value, "lower", "upper") for value in ("value", "within", "specific", "variance")),
)
# Numbers that name a row and measure nothing.
NAMING_NUMBERS = ("rating",)
# What a statistic came to, which is no part of its name.
OUTCOMES = ("benchmark", "note")
# Tables that repeat rows of another one.
REPEATED = {"by_score": "coefficients"}


def moved_coefficients(first: Mapping[str, pd.DataFrame], second: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """List the statistics with an interval that are not the same, and whether they moved beyond it.

    >>> first = pd.DataFrame({"statistic": ["alpha"], "value": [0.5], "low": [0.4], "high": [0.6]})
    >>> second = first.assign(value=0.7, low=0.65, high=0.8)
    >>> moved_coefficients({"agreement": first}, {"agreement": second}).to_dict("records")
    [{'table': 'agreement', 'statistic': 'alpha', 'first': 0.5, 'second': 0.7, 'beyond': True}]
    """
    rows = []
    both = first.keys() & second.keys()
    for name in sorted(name for name in both if REPEATED.get(name) not in both):
        columns = next(
            (trio for trio in INTERVALS if _has(first[name], trio) and _has(second[name], trio)), None
        )
        if columns:
            rows += _moved(name, first[name], second[name], columns)
    return pd.DataFrame(rows, columns=["table", "statistic", "first", "second", "beyond"])


def _has(table: pd.DataFrame, columns: tuple[str, ...]) -> bool:
    return set(columns) <= set(table.columns)


def _moved(
    name: str, first: pd.DataFrame, second: pd.DataFrame, columns: tuple[str, str, str]
) -> list[tuple]:
    value, low, high = columns
    a, b = _by_words(first, columns), _by_words(second, columns)
    rows = []
    for words in a.index.intersection(b.index):
        one, other = a.loc[words], b.loc[words]
        if one[value] != other[value] and not (pd.isna(one[value]) and pd.isna(other[value])):
            known = pd.notna([*one, *other]).all()
            beyond = not one[low] <= other[value] <= one[high] or not other[low] <= one[value] <= other[high]
            rows.append((name, words, one[value], other[value], bool(beyond) if known else None))
    return rows


def _by_words(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    naming = [name for name in table.columns if name not in OUTCOMES]
    words = [n for n in naming if n in NAMING_NUMBERS or not pd.api.types.is_numeric_dtype(table[n])]
    rows = table[words].astype("object").where(table[words].notna(), "").astype(str)
    named = [" ".join(filter(None, row)) for row in rows.itertuples(index=False)]
    frame = table.loc[:, list(columns)].apply(pd.to_numeric, errors="coerce").set_axis(named)
    # Rows that their words do not tell apart cannot be matched; the first stands for them.
    return frame[~frame.index.duplicated()]
