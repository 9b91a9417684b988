"""Rarer states of ratings and their side tables: two of a kind, a lacking column, a lacking table."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest
import sample_ratings as sample

from ogp_analysis import ratings
from ogp_analysis.errors import DataError
from ogp_analysis.model import params
from ogp_analysis.ratings import design


def folder(tmp_path, **tables):
    sample.write(tmp_path / "ratings.csv", sample.complete())
    for name, text in tables.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def test_two_tables_of_decisions_are_refused_by_name(tmp_path):
    one = "proposal,stage,category,reason\nP01,selection,3,urgent\n"
    [problem] = sample.problems(folder(tmp_path, decisions=one, decisiones=one))
    assert problem.say().endswith(
        "several tables hold the same thing (decisiones.csv, decisions.csv); keep one"
    )


def test_every_needed_column_that_a_side_table_lacks_is_named(tmp_path):
    problems = sample.problems(folder(tmp_path, decisions="proposal,reason\nP01,urgent\n"))
    said = [problem.say() for problem in problems]
    assert len(said) == 2
    assert all(line.startswith("decisions.csv, row 1: there is no column ") for line in said)
    assert all("(found: proposal, reason)" in line for line in said)
    assert ["stage" in said[0], "category" in said[1]] == [True, True]


def test_columns_that_no_rule_uses_are_said(tmp_path):
    place = folder(tmp_path, proposals="proposal,title,height\nP01,Uno,9\nP02,Dos,8\n")
    told = ratings.examine(sample.parameters(place)).inputs.said
    assert any("columns not used: height" in line for line in told)
    inputs = sample.load(place)
    assert any("columns not used: #3" in line for line in inputs.said), "published: may be a name"
    assert "height" not in inputs.proposals


def test_without_a_double_blind_criterion_there_is_no_reading_of_the_pair():
    method = params.from_values(params.baseline()).method
    only = pd.DataFrame({"criterion": "feasibility", "panel": ["lead"], "ratings": [4], "most": [1]})
    assert design.readings(only, method) == ()


def test_titles_are_taken_from_the_first_sheet_with_proposals(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["note", "text"])
    book.active.append(["1", "read me"])
    sheet = book.create_sheet("list")
    sheet.append(["proposal", "height"])
    sheet.append(["P01", "9"])
    book.save(tmp_path / "n.xlsx")
    assert ratings.titles(tmp_path / "n.xlsx") == [("P01", "")]


def test_titles_of_a_table_with_a_repeated_column_are_refused(tmp_path):
    (tmp_path / "n.csv").write_text("proposal,title,title\nP01,Uno,Dos\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"n\.csv.*title"):
        ratings.titles(tmp_path / "n.csv")


def test_titles_without_a_column_of_proposals_are_refused(tmp_path):
    (tmp_path / "n.csv").write_text("name,height\nUno,9\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"n\.csv: no table of proposals was found; it needs at least"):
        ratings.titles(tmp_path / "n.csv")
