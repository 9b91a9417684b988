"""What looks odd: copied sheets, reversed scales, tolerances that cannot be meant, rows of totals.

Remarks only: nothing is changed. The limits are our choice: invented ratings in which nothing is odd
draw none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import combinations, groupby, islice
from operator import itemgetter
from string import ascii_uppercase
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ogp_analysis.language import texts
from ogp_analysis.model.records import EVALUATOR, INDEPENDENT, INDICATOR, PANEL, PROPOSAL, RATING, ROLE
from ogp_analysis.ratings.known_words import Vocabulary, column_of, is_total, packaged
from ogp_analysis.ratings.layout import SHAPE, Typed, columns_of
from ogp_analysis.ratings.problems import LISTED, ranges
from ogp_analysis.tabular import Note, Table, key_of

if TYPE_CHECKING:
    from ogp_analysis.model.params import Parameters

# Two sheets of a proposal or two are alike by chance.
FEWEST_COPIED = 6
# Fewer proposals do not tell a direction.
FEWEST_PROPOSALS = 5
AGAINST, WITH = -0.6, 0.2
# More evaluators against the rest than this are no oddity but another opinion.
MOST_ODD = 20
# Cells of proposals by evaluators: beyond, each rates so few that nobody can be compared with the others.
LARGEST_TABLE = 10_000_000
# In units of the largest rating.
NEGLIGIBLE = 1e-9
# Words by which a header says that it counts.
COUNTS = frozenset({"number", "numero", "num", "nro", "no"})


def doubts(rated: pd.DataFrame, parameters: Parameters) -> list[str]:
    """Say what is odd about who rated how.

    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import ratings
    >>> parameters = params.from_values(params.baseline())
    >>> doubts(ratings.load(parameters).ratings, parameters)
    []
    """
    independent = rated[rated[ROLE] == INDEPENDENT]
    cells = independent.drop_duplicates([EVALUATOR, PROPOSAL, INDICATOR])
    language = parameters.language
    sentences = [texts.say("ratings.copied", language, **pair) for pair in islice(copied(cells), LISTED)]
    for reversed_scale in reversed_scales(cells)[:LISTED]:
        key = "ratings.odd_pair" if reversed_scale["other"] else "ratings.odd_one"
        word = _worded(reversed_scale[INDICATOR], language)
        sentences.append(texts.say(key, language, **(reversed_scale | {INDICATOR: word})))
    return sentences


def _worded(indicator: str, language: str) -> str:
    key = f"indicator.{indicator}"
    return texts.say(key, language) if texts.has(key, language) else indicator


def copied(cells: pd.DataFrame) -> Iterator[dict]:
    """Find pairs of evaluators who rated the same cells and gave the same rating in each.

    >>> rows = [(e, p, "time", r) for e in ("E1", "E2") for p, r in zip("abcdef", (1, 2, 3, 4, 5, 1))]
    >>> list(copied(pd.DataFrame(rows, columns=["evaluator", "proposal", "indicator", "rating"])))
    [{'first': 'E1', 'second': 'E2', 'cells': 6}]
    """
    sheets: dict[tuple, list[str]] = {}
    names = [EVALUATOR, PROPOSAL, INDICATOR, RATING]
    ordered = cells.sort_values(names[:-1], kind="stable")
    # Lists, not frames: pandas makes a frame of every group, and there may be one a row.
    rows = zip(*(ordered[name].tolist() for name in names), strict=True)
    for evaluator, group in groupby(rows, key=itemgetter(0)):
        key = tuple(row[1:] for row in group)
        if len(key) >= FEWEST_COPIED and len({rating for *_, rating in key}) > 1:
            sheets.setdefault(key, []).append(str(evaluator))
    # One after the other: of many sheets that are all alike nobody wants every pair.
    for key, alike in sheets.items():
        for first, second in combinations(alike, 2):
            yield {"first": first, "second": second, "cells": len(key)}


def counted_anew(rated: pd.DataFrame, tables: list[Table]) -> list[str]:
    """Give the codes 1, 2, 3 (or A, B, C) that may only count the evaluations of each proposal.

    CMT and OJS number the reviewers of each paper from one on: number 1 of two papers are two persons. Where
    everybody rates everything, only a header that says "number" tells that from a jury of three.

    >>> rows = [("P01", "1"), ("P01", "2"), ("P02", "1"), ("P02", "2"), ("P02", "3")]
    >>> counted_anew(pd.DataFrame(rows, columns=["proposal", "evaluator"]), [])
    ['1', '2', '3']
    """
    given = rated.groupby(PROPOSAL, sort=False)[EVALUATOR].agg(set)
    codes = sorted({*rated[EVALUATOR]}, key=lambda code: (len(code), code))
    ends = [code[len(code.rstrip("0123456789")) :] or code[-1:].upper() for code in codes]
    in_turn = ends in ([str(k + 1) for k in range(len(codes))], list(ascii_uppercase[: len(codes)]))
    stems = {key_of(code.removesuffix(code[-len(end) :])) for code, end in zip(codes, ends, strict=True)}
    seats = {"", *packaged()["seat"], *packaged()["profession"]}
    if len(codes) < 2 or not in_turn or len(stems) > 1 or not stems <= seats:
        return []
    from_first = all(members == set(codes[: len(members)]) for members in given)
    numbered = any(COUNTS & {*key_of(head).split("_")} for table in tables for head in _whose(table))
    return codes if from_first and (numbered or len({len(members) for members in given}) > 1) else []


def _whose(table: Table) -> list[str]:
    return [header for header in table.header if column_of(header) == EVALUATOR]


def reversed_scales(cells: pd.DataFrame) -> list[dict]:
    """Find evaluators who rate one indicator against all others, and the rest as they do.

    >>> given = {"E1": (1, 2, 3, 4, 5), "E2": (1, 3, 3, 4, 5), "E3": (5, 4, 3, 2, 1)}
    >>> rows = [(e, p, "time", r) for e, all_ in given.items() for p, r in zip("abcde", all_)]
    >>> rows += [(e, p, "resources", r) for e in given for p, r in zip("abcde", (2, 1, 5, 4, 3))]
    >>> frame = pd.DataFrame(rows, columns=["evaluator", "proposal", "indicator", "rating"])
    >>> reversed_scales(frame)
    [{'evaluator': 'E3', 'other': '', 'indicator': 'time', 'cells': 5}]
    """
    proposals = cells[PROPOSAL].nunique()
    if proposals < FEWEST_PROPOSALS or proposals * cells[EVALUATOR].nunique() > LARGEST_TABLE:
        return []
    tables = {str(indicator): _across(group) for indicator, group in cells.groupby(INDICATOR, sort=False)}
    with_rest = {name: with_the_rest(table.to_numpy(dtype=float)) for name, table in tables.items()}
    correlations = pd.DataFrame(
        {name: pd.Series(with_rest[name][0], index=table.columns) for name, table in tables.items()}
    )
    scales: list[dict] = []
    for indicator, table in tables.items():
        counts = dict(zip(table.columns, with_rest[indicator][1].tolist(), strict=True))
        against = [name for name in _against(correlations, indicator) if name in counts]
        scales += _reversed_in(table, against, indicator, counts) if len(against) <= MOST_ODD else []
    return scales


def _across(cells: pd.DataFrame) -> pd.DataFrame:
    """Lay out the ratings of one indicator, a row a proposal and a column an evaluator.

    >>> rows = [("P2", "E1", 3), ("P1", "E2", 4)]
    >>> _across(pd.DataFrame(rows, columns=["proposal", "evaluator", "rating"])).fillna(0).values.tolist()
    [[0.0, 4.0], [3.0, 0.0]]
    """
    # As pandas' pivot, which takes ten times as long for a small table.
    (rows, proposals), (columns, evaluators) = (
        np.unique(cells[name].to_numpy(dtype=object), return_inverse=True)[::-1]
        for name in (PROPOSAL, EVALUATOR)
    )
    table = np.full((len(proposals), len(evaluators)), np.nan)
    table[rows, columns] = cells[RATING]
    return pd.DataFrame(table, index=proposals, columns=evaluators)


def with_the_rest(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Correlate each column with the mean of the others, over the rows in which both are there.

    >>> up = np.arange(1.0, 6.0)
    >>> with_the_rest(np.column_stack([up, up, 6 - up]))[1].tolist()
    [5, 5, 5]
    """
    given = ~np.isnan(values)
    filled = np.where(given, values, 0.0)
    others = given.sum(axis=1, keepdims=True) - given
    both = given & (others > 0)
    rest = (filled.sum(axis=1, keepdims=True) - filled) / np.maximum(others, 1)
    counts = both.sum(axis=0)
    own, rest = (_centred(side, both, counts) for side in (filled, rest))
    # What rounding leaves of a side that does not vary is no variation.
    least = NEGLIGIBLE * (1 + np.abs(filled).max(initial=0.0))
    varies = (np.abs(own).max(axis=0, initial=0.0) > least) & (np.abs(rest).max(axis=0, initial=0.0) > least)
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = (own * rest).sum(axis=0) / np.sqrt((own**2).sum(axis=0) * (rest**2).sum(axis=0))
    return np.where(varies & (counts >= FEWEST_PROPOSALS), correlation, np.nan), counts


def _centred(side: np.ndarray, both: np.ndarray, counts: np.ndarray) -> np.ndarray:
    used = np.where(both, side, 0.0)
    return np.where(both, used - used.sum(axis=0) / np.maximum(counts, 1), 0.0)


def _against(correlations: pd.DataFrame, indicator: str) -> list[str]:
    """List who rates one indicator against the rest, and all others as the rest do."""
    unlike = correlations[correlations[indicator] <= AGAINST]
    # Most often nobody, and pandas takes its time to say so of all the others.
    if unlike.empty:
        return []
    elsewhere = unlike.drop(columns=indicator)
    return list(unlike.index[(elsewhere.min(axis=1) > AGAINST) & (elsewhere.median(axis=1) >= WITH)])


def _reversed_in(
    table: pd.DataFrame, against: list[str], indicator: str, counts: dict[str, int]
) -> list[dict]:
    if len(against) == 2 and _only_two(table, against):
        count = counts[against[0]]
        return [{"evaluator": against[0], "other": against[1], INDICATOR: indicator, "cells": count}]
    return [
        {"evaluator": name, "other": "", INDICATOR: indicator, "cells": counts[name]}
        for name in against
        if _rest_agree(table.drop(columns=name))
    ]


def _only_two(table: pd.DataFrame, pair: list[str]) -> bool:
    both = table[pair].dropna()
    rest = table.loc[both.index].drop(columns=pair)
    return len(both) >= FEWEST_PROPOSALS and not rest.notna().to_numpy().any()


def _rest_agree(rest: pd.DataFrame) -> bool:
    own = with_the_rest(rest.to_numpy(dtype=float))[0]
    known = own[~np.isnan(own)]
    return bool(known.size) and float(np.median(known)) >= WITH


def without_totals(
    typed: pd.DataFrame, vocabulary: Vocabulary, known: tuple[str, ...] = ()
) -> tuple[pd.DataFrame, list[Note]]:
    r"""Set aside the rows that are called a total, a mean or the like.

    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import tabular
    >>> from ogp_analysis.ratings import layout
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> content = b"proposal,panel,evaluator,time\nS01,lead,L1,4\nPromedio,lead,L1,4\n"
    >>> typed = layout.lengthen(tabular.parse(content, file="n.csv")[0], vocabulary).frame
    >>> kept, notes = without_totals(typed, vocabulary)
    >>> kept["proposal"].tolist(), notes[0].say("en")
    (['S01'], "n.csv: rows of totals or means are not ratings and were left out: 1 row: 3 ('Promedio')")
    """
    called = pd.Series("", index=typed.index, dtype=object)
    for column in (PROPOSAL, EVALUATOR, INDICATOR, PANEL):
        cells = typed[column].astype(str)
        totals = {cell for cell in cells.unique() if is_total_in(column, cell, vocabulary, known)}
        # The name of a sheet stands for the evaluator; the cell is what is named.
        if totals:
            called = called.where(~cells.isin(totals) | (called != ""), cells)
    aside = typed[called != ""].assign(called=called)
    return typed[called == ""].reset_index(drop=True), _notes(aside)


def is_total_in(column: str, cell: str, vocabulary: Vocabulary, known: Collection[str] = ()) -> bool:
    """Say whether a cell of one of our columns names a sum or mean, and nothing that is so called.

    >>> from ogp_analysis.model import params
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> is_total_in("proposal", "Total", vocabulary), is_total_in("proposal", "Total", vocabulary, ["TOTAL"])
    (True, False)
    """
    if not is_total(cell) or cell.casefold() in {code.casefold() for code in known}:
        return False
    return not (column in vocabulary.allowed and vocabulary.resolve(column, cell))


def read_without_totals(
    typed: Typed, vocabulary: Vocabulary, known: tuple[str, ...] = ()
) -> tuple[Typed, list[Note]]:
    r"""Set rows of totals aside from one table, and count its cells without them.

    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import tabular
    >>> from ogp_analysis.ratings import layout
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> content = b"proposal,panel,evaluator,time\nS01,lead,L1,4\nTotal,,,4\n"
    >>> typed = layout.lengthen(tabular.parse(content, file="n.csv")[0], vocabulary)
    >>> read_without_totals(typed, vocabulary)[0].notes[0].say("en")
    'one column an indicator (rating cells: 1)'
    """
    frame, aside = without_totals(typed.frame, vocabulary, known)
    if not aside:
        return typed, []
    notes = tuple(
        Note(note.key, (("count", str(len(frame))),)) if note.key.startswith(SHAPE) else note
        for note in typed.notes
    )
    return replace(typed, frame=frame, notes=notes), aside


def _notes(aside: pd.DataFrame) -> list[Note]:
    notes = []
    for (file, sheet), group in aside.groupby(["file", "sheet"], sort=False):
        rows = sorted({int(row) for row in group["row"]})
        names = ", ".join(f"'{name}'" for name in list(dict.fromkeys(group["called"]))[:LISTED])
        values = (("place", _place(file, sheet)), ("count", len(rows)), ("rows", ranges(rows)))
        notes.append(Note("ratings.total_rows", (*values, ("names", names))))
    return notes


def _place(file: str, sheet: str) -> str:
    return " · ".join(part for part in (file, sheet) if part)


def of_columns(table: Table, headers: tuple[str, ...]) -> list[Note]:
    """Say which columns of sums or means were not read."""
    names = (("place", _place(table.file, table.name)), ("names", ", ".join(headers[:LISTED])))
    return [Note("ratings.total_columns", names)] if headers else []


def without_total_lines(table: Table, proposals: int | None = None) -> tuple[Table, list[Note]]:
    """Set aside the lines of a side table that are called a total; a proposal with a title of its own stays.

    ``proposals`` is the column of what is judged where no header tells it.

    >>> rows = [["P01", "Compras"], ["TOTAL", ""], ["Media", "Medios comunitarios"]]
    >>> table, notes = without_total_lines(Table("", "p.csv", ["propuesta", "título"], rows, [2, 3, 4]))
    >>> [row[0] for row in table.rows], len(notes)
    (['P01', 'Media'], 1)
    """
    columns = columns_of(table)
    key = columns.get(PROPOSAL, columns.get(EVALUATOR) if proposals is None else proposals)
    title = columns.get("title")
    if key is None:
        return table, []
    aside = [
        is_total(row[key]) and (title is None or not row[title] or is_total(row[title])) for row in table.rows
    ]
    if not any(aside):
        return table, []
    lines = zip(table.rows, table.row_numbers, aside, strict=True)
    kept = [(row, number) for row, number, total in lines if not total]
    gone = [
        {"file": table.file, "sheet": table.name, "row": number, "called": row[key]}
        for row, number, total in zip(table.rows, table.row_numbers, aside, strict=True)
        if total
    ]
    rows, numbers = [row for row, _ in kept], [number for _, number in kept]
    return replace(table, rows=rows, row_numbers=numbers), _notes(pd.DataFrame(gone))
