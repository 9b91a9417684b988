"""A column an evaluator, as juries keep their sheets: the same ratings as one row a rating, cell by cell."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from ogp_analysis import ratings
from ogp_analysis.errors import DataError
from ogp_analysis.model import method_defaults, method_file, params

TWO = """
name: two
criteria:
  - {name: merit, panels: [jury], raters: [1, 3], levels: [low, high], cut_points: [5], indicators: [
      {name: rigour, title: {en: rigour, es: rigor}, minimum: 0, maximum: 10, step: 0.5},
      {name: reach, title: {en: reach, es: alcance}, minimum: 0, maximum: 10, step: 0.5}]}
categories: [in, out]
decision_table: [2, 1]
"""
CELLS = {
    ("P1", "rigour"): ["7", "8.5", ""],
    ("P1", "reach"): ["2", "", "9"],
    ("P2", "rigour"): ["0", "10", "4"],
    ("P2", "reach"): ["5", "5.5", "6"],
}


def read(path: Path, folder: Path, method: str = TWO) -> pd.DataFrame:
    (folder / "method.yaml").write_text(method, encoding="utf-8")
    method = str(folder / "method.yaml")
    own = method_defaults.defaults_of(method_file.read_method(method, Path())[0])
    values = params.baseline() | own | {"method": method, "data": str(path), "missing": "available"}
    parameters = params.from_values(values)
    return ratings.load(parameters).ratings


def long(heads: list[str]) -> set[tuple[str, str, str, float]]:
    return {
        (proposal, indicator, head, float(cell))
        for (proposal, indicator), cells in CELLS.items()
        for head, cell in zip(heads, cells, strict=True)
        if cell
    }


def as_set(frame: pd.DataFrame) -> set[tuple[str, str, str, float]]:
    return set(frame[["proposal", "indicator", "evaluator", "rating"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("form", "seats"),
    [
        ("{indicator} - {seat}", ["Judge 1", "Judge 2", "Judge 3"]),
        ("{seat}: {indicator}", ["Juez 1", "Juez 2", "Juez 3"]),
        ("{indicator} [{seat}]", ["jurado A", "jurado B", "jurado C"]),
        ("{indicator} {seat}", ["Reviewer R1", "Reviewer R2", "Reviewer R3"]),
        ("{indicator} {seat}", ["E03", "E04", "E5"]),
    ],
)
def test_headers_of_evaluator_and_indicator(tmp_path, form, seats):
    words = {"rigour": "Rigor", "reach": "reach"}
    heads = [form.format(indicator=words[name], seat=seat) for name in words for seat in seats]
    rows = [[p, *(cell for name in words for cell in CELLS[p, name])] for p in ("P1", "P2")]
    lines = [["Proyecto", *heads, "Total"], *([*row, "30"] for row in rows)]
    (tmp_path / "n.csv").write_text("\n".join(map(",".join, lines)), encoding="utf-8")
    # A code of its own stands for its evaluator; a number or letter needs the word.
    assert as_set(read(tmp_path / "n.csv", tmp_path)) == long(
        [seat.removeprefix("Reviewer ") for seat in seats]
    )


def test_a_sheet_for_each_indicator(tmp_path):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, name in (("Rigor", "rigour"), ("Alcance", "reach")):
        sheet = book.create_sheet(title)
        sheet.append(["Calificaciones del jurado"])
        sheet.append(["Proyecto", "Juez 1", "Juez 2", "Juez 3"])
        for proposal in ("P1", "P2"):
            sheet.append([proposal, *(float(c) if c else None for c in CELLS[proposal, name])])
    book.save(tmp_path / "n.xlsx")
    assert as_set(read(tmp_path / "n.xlsx", tmp_path)) == long(["Juez 1", "Juez 2", "Juez 3"])


@pytest.mark.parametrize(
    ("header", "rule", "value"),
    [
        ("Juez 1,Juez 2", "ratings.grid_indicator", "Juez 1, Juez 2"),
        ("Rigor - Juez 1,Juez 1: Rigor", "ratings.same_meaning", "Juez 1 rigour"),
        ("M1,M2", "ratings.no_ratings", None),
        # As questions have codes, and as proposals have them here.
        ("Rigor Q1,Rigor Q2", "ratings.coded_headers", "rigour"),
        ("Rigor E1,Rigor E2", "ratings.lacking_column", "evaluator / evaluador"),
    ],
)
def test_what_is_not_told_is_refused(tmp_path, header, rule, value):
    letter = "E" if "E1" in header else "P"
    (tmp_path / "n.csv").write_text(f"Proyecto,{header}\n{letter}1,7,8\n{letter}2,3,4\n", encoding="utf-8")
    with pytest.raises(DataError) as refused:
        read(tmp_path / "n.csv", tmp_path)
    first = refused.value.problems[0]
    assert first.rule == rule
    assert value in (None, first.value)


def test_a_wrong_cell_is_named_by_its_own_header(tmp_path):
    (tmp_path / "n.csv").write_text("Proyecto,Rigor Juez 1,Rigor Juez 2\nP1,7,80\nP2,3,4\n", encoding="utf-8")
    with pytest.raises(DataError) as refused:
        read(tmp_path / "n.csv", tmp_path)
    assert [(p.row, p.column, p.value) for p in refused.value.problems if p.value == "80"] == [
        (2, "Rigor Juez 2", "80")
    ]
