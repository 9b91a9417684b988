"""What differs between two runs, and at which step each proposal's category parted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ogp_analysis.model import CRITERION, INDICATOR, PROPOSAL, SCORE

FINAL, BY_RULE = "category_final", "category_by_rule"
CATEGORIES = "categories"
GIVEN = ("first", "second", "third")
PAIR = "pair"
# The columns that hold a statistic and its interval, by the names that the tables use.
INTERVALS = (("value", "low", "high"), ("estimate", "low", "high"), ("value", "lower", "upper"))
# What a statistic came to, which is no part of its name.
OUTCOMES = ("benchmark", "note")
# Tables that repeat rows of another one.
REPEATED = {"by_score": "coefficients"}
# From the ratings to the end; `parting` walks them back.
STEPS = ("ratings", "adjudication", "combination", "weights", "cut_points", "category_table", "decision")


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
        Columns ``proposal, first, second, step, detail``: proposals whose final category differs.
    coefficients : DataFrame
        Columns ``table, statistic, first, second, beyond``: statistics that moved; ``beyond`` says whether
        either lies outside the other's interval.
    tables : DataFrame
        Columns ``table, state``: ``"differs"``, ``"only in first"`` or ``"only in second"``.
    synthetic : bool
        Whether either run rests on invented ratings.
    proposals : tuple of int, optional
        How many proposals are in both runs and how many in one only; None where a run has no categories.
    recorded : bool
        Whether both runs have a record; without one, parameters and contents cannot be compared.

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
    recorded: bool = True

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
        changed_categories(first.tables, second.tables),
        moved_coefficients(first.tables, second.tables),
        changed_tables(first.tables, second.tables),
        first.synthetic or second.synthetic,
        common_proposals(first.tables, second.tables),
        all((first.parameters, second.parameters, first.contents, second.contents)),
    )


def common_proposals(
    first: Mapping[str, pd.DataFrame], second: Mapping[str, pd.DataFrame]
) -> tuple[int, int] | None:
    """Count the proposals in both runs and those in one only; None where a run has no categories.

    Parameters
    ----------
    first, second : mapping of str to DataFrame
        Tables of the runs; ``categories`` is read.

    Returns
    -------
    tuple of int or None
        How many are in both, and in one only.

    Examples
    --------
    >>> one, other = ({"categories": pd.DataFrame({"proposal": list(codes)})} for codes in ("abc", "bcd"))
    >>> common_proposals(one, other), common_proposals(one, {})
    ((2, 2), None)
    """
    if CATEGORIES not in first or CATEGORIES not in second:
        return None
    a, b = (set(tables[CATEGORIES][PROPOSAL]) for tables in (first, second))
    return len(a & b), len(a ^ b)


def differing(first: Mapping[str, Any], second: Mapping[str, Any], *, name: str) -> pd.DataFrame:
    """List the entries of two mappings that differ.

    Parameters
    ----------
    first, second : mapping
        Value by name; where one is empty, nothing is compared.
    name : str
        Name of the first column.

    Returns
    -------
    DataFrame
        Columns ``name``, ``first``, ``second``; None where an entry lacks.

    Examples
    --------
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

    Parameters
    ----------
    first, second : mapping of str to DataFrame
        Tables of the runs by id.

    Returns
    -------
    DataFrame
        Columns ``table, state``: ``"differs"``, ``"only in first"`` or ``"only in second"``.

    Examples
    --------
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


def changed_categories(first: Mapping[str, pd.DataFrame], second: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """List the proposals whose final category differs, with the step at which the two runs part.

    Parameters
    ----------
    first, second : mapping of str to DataFrame
        Tables of the runs; ``categories``, ``indicator_scores`` and ``settled`` are read.

    Returns
    -------
    DataFrame
        Columns ``proposal, first, second, step, detail``; ``step`` is one of ``STEPS``.

    Examples
    --------
    >>> first = pd.DataFrame({"proposal": ["S01"], "category_by_rule": [2], "category_final": [2]})
    >>> second = first.assign(category_final=4)
    >>> changed_categories({"categories": first}, {"categories": second}).to_dict("records")
    [{'proposal': 'S01', 'first': 2, 'second': 4, 'step': 'decision', 'detail': 'category 2 → 4'}]
    """
    columns = [PROPOSAL, "first", "second", "step", "detail"]
    if CATEGORIES not in first or CATEGORIES not in second:
        return pd.DataFrame(columns=columns)
    a, b = (tables[CATEGORIES].set_index(PROPOSAL) for tables in (first, second))
    rows = []
    for proposal in a.index.intersection(b.index):
        if _differ(a.loc[proposal, FINAL], b.loc[proposal, FINAL]):
            step, detail = parting(_road(first, proposal), _road(second, proposal))
            rows.append((proposal, a.loc[proposal, FINAL], b.loc[proposal, FINAL], step, detail))
    return pd.DataFrame(rows, columns=columns)


@dataclass(frozen=True)
class Road:
    """What one run says of one proposal: its row of categories, its indicator scores, its settled pairs.

    Parameters
    ----------
    assigned : Series
        Its row of the table ``categories``.
    scores : Series
        Score by indicator, in points; empty where the run has none.
    settled : DataFrame
        Index ``indicator, pair``; columns ``criterion, first, second, third, score``.
    """

    assigned: pd.Series
    scores: pd.Series
    settled: pd.DataFrame


def _road(tables: Mapping[str, pd.DataFrame], proposal: str) -> Road:
    empty = pd.DataFrame(columns=[PROPOSAL, CRITERION, INDICATOR, PAIR, SCORE, *GIVEN])
    scores, settled = tables.get("indicator_scores"), tables.get("settled", empty)
    own = pd.Series(dtype=float) if scores is None else scores.set_index(PROPOSAL).loc[proposal]
    rows = settled[settled[PROPOSAL] == proposal].set_index([INDICATOR, PAIR])
    return Road(tables[CATEGORIES].set_index(PROPOSAL).loc[proposal], own, rows)


def parting(first: Road, second: Road) -> tuple[str, str]:
    """Walk back from the final category to the first step whose inputs agree and whose outcome does not.

    Parameters
    ----------
    first, second : Road
        The same proposal in the two runs.

    Returns
    -------
    str
        One of ``STEPS``.
    str
        What parted, as numbers.

    Examples
    --------
    The scores agree and the levels do not, so a cut point must have moved:

    >>> row = {"category_by_rule": 1, "category_final": 1, "relevance": 3.5, "relevance_level": "high"}
    >>> roads = [Road(pd.Series(row), pd.Series(), pd.DataFrame())]
    >>> row |= {"category_by_rule": 2, "category_final": 2, "relevance_level": "medium"}
    >>> roads.append(Road(pd.Series(row), pd.Series(), pd.DataFrame()))
    >>> parting(*roads)
    ('cut_points', 'relevance high → medium (3.5)')
    """
    a, b = first.assigned, second.assigned
    if not _differ(a[BY_RULE], b[BY_RULE]):
        return "decision", _arrow("category", a[FINAL], b[FINAL])
    criteria = [name.removesuffix("_level") for name in a.index if name.endswith("_level")]
    moved = [name for name in criteria if _differ(a[f"{name}_level"], b[f"{name}_level"])]
    if not moved:
        return "category_table", _arrow("category", a[BY_RULE], b[BY_RULE])
    # One cause is enough to part; where both criteria moved, the first of the method is told.
    criterion = moved[0]
    levels = _arrow(criterion, a[f"{criterion}_level"], b[f"{criterion}_level"])
    if not _differ(a[criterion], b[criterion]):
        return "cut_points", f"{levels} ({_number(a[criterion])})"
    step, detail = _within(first, second, criterion)
    return step, f"{levels}; {_arrow(criterion, a[criterion], b[criterion])}{detail}"


def _within(first: Road, second: Road, criterion: str) -> tuple[str, str]:
    a, b = (road.settled[road.settled[CRITERION] == criterion] for road in (first, second))
    own = sorted({*a.index.get_level_values(0), *b.index.get_level_values(0)})
    moved = [name for name in own if _differ(first.scores.get(name), second.scores.get(name))]
    if not moved:
        return "weights", ""
    name = moved[0]
    detail = f"; {_arrow(name, first.scores.get(name), second.scores.get(name))}"
    a, b = a.loc[[name]], b.loc[[name]]
    pairs = a.index.intersection(b.index)
    # A pair that only one run has was rated in that run only.
    if len(pairs) < len(a) or len(pairs) < len(b):
        return "ratings", detail
    if any(_differ(a.loc[pair, column], b.loc[pair, column]) for pair in pairs for column in GIVEN):
        return "ratings", detail
    if any(_differ(a.loc[pair, SCORE], b.loc[pair, SCORE]) for pair in pairs):
        return "adjudication", detail
    return "combination", detail


def _differ(first: object, second: object) -> bool:
    both_missing = pd.isna(first) and pd.isna(second)
    return not both_missing and first != second


def _number(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, int | float) else str(value)


def _arrow(name: str, first: object, second: object) -> str:
    return f"{name} {_number(first)} → {_number(second)}"


def moved_coefficients(first: Mapping[str, pd.DataFrame], second: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """List the statistics with an interval that are not the same, and whether they moved beyond it.

    Parameters
    ----------
    first, second : mapping of str to DataFrame
        Tables of the runs by id; those with a statistic and its interval are compared (``INTERVALS``).

    Returns
    -------
    DataFrame
        Columns ``table, statistic, first, second, beyond``; statistics are named by the words of their row,
        and one that two tables hold stands once, under the table with all of them.

    Examples
    --------
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
        if _differ(one[value], other[value]):
            beyond = not one[low] <= other[value] <= one[high] or not other[low] <= one[value] <= other[high]
            rows.append((name, words, one[value], other[value], bool(beyond)))
    return rows


def _by_words(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    naming = [name for name in table.columns if name not in OUTCOMES]
    words = [name for name in naming if not pd.api.types.is_numeric_dtype(table[name])]
    rows = table[words].astype("object").where(table[words].notna(), "").astype(str)
    named = [" ".join(filter(None, row)) for row in rows.itertuples(index=False)]
    frame = table.loc[:, list(columns)].apply(pd.to_numeric, errors="coerce").set_axis(named)
    # Rows that their words do not tell apart cannot be matched; the first stands for them.
    return frame[~frame.index.duplicated()]
