"""Cells of a draft that are hardly ratings: marks of a missing one, and what alone widens a scale."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd

from ogp_analysis.errors import Problem
from ogp_analysis.model.records import INDICATOR, RATING
from ogp_analysis.ratings.draft_scales import lone_values, numbers_in
from ogp_analysis.ratings.identifiers import is_no_rating
from ogp_analysis.ratings.missing_codes import missing_codes


def without_missing_marks(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """Leave out the cells that stand for a missing rating, numbers or words, and name each of these."""
    rows = rows.reset_index(drop=True)
    kept, remarks = pd.Series(True, index=rows.index), []
    marked: dict[str, list[pd.DataFrame]] = {}
    for _, cells in rows.groupby(INDICATOR, sort=False):
        values = numbers_in(cells[RATING])
        codes = missing_codes(values)
        marks = {cell: _is_mark(cell, numbers=bool(values)) for cell in cells[RATING].unique()}
        ends = [plain(value) for value in sorted({*values} - codes)]
        detail = {"low": ends[0], "high": ends[-1]} if ends else {}
        for code in sorted(codes):
            own = cells[[numbers_in([cell]) == [code] for cell in cells[RATING]]]
            kept[own.index] = False
            remarks.append(_missing_remark("code", own, plain(code), detail))
        for mark in [cell for cell, is_mark in marks.items() if is_mark]:
            own = cells[cells[RATING] == mark]
            kept[own.index] = False
            marked.setdefault(str(mark), []).append(own)
    # One mark is one habit, whatever the indicators that it stands under.
    remarks += [
        _missing_remark("no_rating", pd.concat(parts).sort_index(kind="stable"), mark, {})
        for mark, parts in marked.items()
    ]
    return rows[kept].reset_index(drop=True), remarks


def _is_mark(cell: str, *, numbers: bool) -> bool:
    """Say whether a cell is no rating: a mark of a missing one, or a word among numbers."""
    word = any(map(str.isalpha, cell)) and not any(map(str.isdigit, cell))
    return is_no_rating(cell) or (numbers and word and not numbers_in([cell]))


def _missing_remark(key: str, cells: pd.DataFrame, value: str, detail: Mapping[str, str]) -> Problem:
    first = cells.iloc[0]
    place = first["table"].place(first["at"], first["column"])
    counted = (("count", str(len(cells))), *detail.items())
    title = str(first[INDICATOR]) if (cells[INDICATOR] == first[INDICATOR]).all() else ""
    return Problem(f"method.draft.{key}", indicator=title, value=value, detail=counted, **place)


def lone_cells(rows: pd.DataFrame) -> list[Problem]:
    """Name the ratings that alone widen a scale or make its step finer."""
    problems = []
    for title, cells in rows.groupby(INDICATOR, sort=False):
        values = numbers_in(cells[RATING])
        lone = lone_values(values)
        rest = [value for value in values if value not in lone]
        for cell in cells.itertuples() if lone else ():
            if {*numbers_in([cell.rating])} & lone:
                ends = (("low", plain(min(rest))), ("high", plain(max(rest))))
                place = cell.table.place(cell.at, cell.column)
                problems.append(
                    Problem(
                        "method.draft.lone", indicator=str(title), value=cell.rating, detail=ends, **place
                    )
                )
    return problems


def plain(value: Decimal) -> str:
    """Write a number without zeros at its end.

    >>> plain(Decimal("5.0")), plain(Decimal("100"))
    ('5', '100')
    """
    return f"{value.normalize():f}"
