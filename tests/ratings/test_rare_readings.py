"""Readings that few files ask for: two codes in one header, no place for a key, a label before its number."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from ogp_analysis import tabular
from ogp_analysis.errors import ParameterError
from ogp_analysis.model import params
from ogp_analysis.model.records import Indicator, Label, Stage
from ogp_analysis.privacy import pseudonyms
from ogp_analysis.ratings import (
    columns,
    evaluator_codes,
    implausible_ratings,
    known_words,
    nearest_word,
    proposal_column,
    rating_cells,
    template,
)
from ogp_analysis.ratings.load import examine

BASELINE = params.from_values(params.baseline())


def test_a_header_with_two_listed_codes_is_of_neither():
    vocabulary = known_words.Vocabulary(BASELINE.method)
    table = tabular.parse(b"Panel,P01 - Tiempo [P02],Tiempo [P02]\nlead,3,4\n", file="n.csv")[0]
    heads = columns.heads_of(table, vocabulary, known=("P01", "P02"))
    assert {at: code for at, (code, _) in heads.questions.items()} == {1: "", 2: "P02"}


def test_without_a_place_for_a_key_the_command_says_to_choose_one(monkeypatch, tmp_path):
    def refuse(file: Path, *, apart_from: list[Path]) -> None:
        raise ParameterError([])

    monkeypatch.setattr(pseudonyms, "check_key_place", refuse)
    assert evaluator_codes.command(str(tmp_path), "n.csv").endswith(
        f"--new-key {evaluator_codes.KEY_ELSEWHERE}"
    )


def test_of_two_alone_who_differ_on_one_indicator_neither_can_be_told_apart():
    up = [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]
    rows = [
        (f"P{k}", indicator, judge, 6 - rating if (judge, indicator) == ("J2", "time") else rating)
        for k, rating in enumerate(up)
        for indicator in ("time", "complexity", "resources", "willingness")
        for judge in ("J1", "J2")
    ]
    frame = pd.DataFrame(rows, columns=["proposal", "indicator", "evaluator", "rating"])
    frame = frame.assign(panel="lead", role="independent")
    (turned,) = implausible_ratings.reversed_scales(frame)
    assert (turned["evaluator"], turned["other"], turned["indicator"]) == ("J1", "J2", "time")
    assert turned["cells"] == len(up)


def test_long_numbers_as_codes_of_evaluators_are_read_and_said(tmp_path):
    rows = [f"P{k},time,lead,{who},3" for k in (1, 2) for who in ("12345678",)]
    file = tmp_path / "n.csv"
    file.write_text("proposal,indicator,panel,evaluator,rating\n" + "\n".join(rows), encoding="utf-8")
    examined = examine(params.with_values(BASELINE, data=str(file)))
    said = [line for line in (*examined.inputs.doubts, *examined.inputs.said) if "12345678" not in line]
    assert any("identity" in line for line in said)


def test_a_word_asked_twice_has_the_same_answer_and_costs_once():
    words = nearest_word.Likeness({"tiempo": "time"}, cutoff=0.6, most=1)
    assert [words.nearest("tienpo"), words.nearest("Tienpo")] == ["time", "time"]


def test_stages_that_fit_in_no_list_of_excel_have_none():
    stages = tuple(Stage(f"{'stage' * 6}{k}") for k in range(10))
    method = replace(BASELINE.method, stages=stages)
    made = openpyxl.load_workbook(
        io.BytesIO(template.workbook(method, proposals=[("S01", "")], language="en"))
    )
    ranges = [str(one.sqref) for one in made["decisions"].data_validations.dataValidation]
    assert [cells[0] for cells in ranges] == ["A", "C"]


def test_dates_are_no_codes_of_what_is_judged(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Fecha", "juez"], [date(2026, 1, 2), "a"], [date(2026, 1, 3), "b"]):
        book.active.append(row)
    book.save(tmp_path / "n.xlsx")
    (table,) = tabular.inspect(tmp_path / "n.xlsx")
    assert proposal_column._are_measures(table, 0)
    assert not proposal_column._are_measures(table, 1)


@pytest.mark.parametrize(("answer", "read"), [("(1)", True), ("(2)", True), ("(5)", False)])
def test_a_label_before_its_number_is_read_by_points_or_place(answer, read):
    labels = Label(-1, {"en": "Weak reject"}), Label(1, {"en": "Weak accept"})
    points = rating_cells.points_of(
        f"Weak accept {answer}", Indicator("overall", "merit", -1, 1, labels=labels)
    )
    assert points == (pytest.approx(1) if read else pytest.approx(math.nan, nan_ok=True))
