"""Ratings as juries keep them: seats by ordinals and abbreviations, a column of names, a sheet a proposal."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from ogp_analysis.errors import DataError
from ogp_analysis.model import params
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_file import read_method
from ogp_analysis.ratings.evaluator_codes import is_code
from ogp_analysis.ratings.evaluator_columns import evaluator_in
from ogp_analysis.ratings.known_words import column_of, meanings
from ogp_analysis.ratings.load import Examined, examine
from ogp_analysis.ratings.method_draft import drafted

SCORES = [1, 3, 5, 2, 4, 1, 5, 3, 2, 4, 4, 1]
METHOD = """\
name: own
criteria:
  - {name: merit, panels: [jury], raters: 2, indicators: [
      {name: rigor, title: Rigor, minimum: 1, maximum: 5},
      {name: alcance, title: Alcance, minimum: 1, maximum: 5}]}
categories: [upper, middle, lower]
decision_table: [3, 2, 1]
"""


def book(folder: Path, sheets: dict[str, list[list]]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        page = workbook.create_sheet(title)
        for row in rows:
            page.append(row)
    workbook.save(folder / "r.xlsx")
    return folder / "r.xlsx"


def read(folder: Path, file: Path) -> Examined:
    (folder / "own.yaml").write_text(METHOD, encoding="utf-8")
    method, problems = read_method("own.yaml", folder)
    assert not problems
    values = params.baseline() | defaults_of(method) | {"method": "own.yaml", "data": str(file)}
    return examine(params.from_values(values, folder=folder))


@pytest.mark.parametrize(
    "header",
    [
        *("Eval. 1", "Ev. 2", "Jur. 3", "Eval 1", "Jurado Nro. 2", "Evaluador núm. 3", "Miembro 1"),
        *("Evaluador externo 1", "Primer evaluador", "Segunda jueza", "1er evaluador", "2.ª jueza"),
        *("Evaluador Uno", "First reviewer", "2nd reviewer", "Reviewer one"),
    ],
)
def test_a_seat_is_an_evaluator_and_a_code(header):
    assert evaluator_in(header) == (header, [])
    assert evaluator_in(f"Rigor - {header}") == (header, ["Rigor"])
    assert is_code(header)


@pytest.mark.parametrize(
    "header", ["Eva", "Segundo", "Segundo Toaza", "Rev. Ana", "Primer año", "Par 1", "Jura"]
)
def test_a_name_or_a_thing_is_no_seat(header):
    assert evaluator_in(header) == ("", [])
    assert not is_code(header) or header == "Par 1"


@pytest.mark.parametrize(
    "header", ["Nombre del evaluador", "Nombres y apellidos del jurado", "Evaluado por", "Reviewer's name"]
)
def test_a_column_of_names_says_who_rated_and_gives_way_to_one_of_codes(header):
    assert column_of(header) == "evaluator"
    read_as = meanings([header, "Código del evaluador", "Propuesta"])
    assert read_as[1:] == ["evaluator", "proposal"]


def test_names_of_evaluators_are_neither_drafted_nor_read(tmp_path):
    names = ("Ana Mora", "Luis Toaza")
    rows = [[f"P{k}", name, SCORES[k], SCORES[k - len(name)]] for k in range(9) for name in names]
    file = book(tmp_path, {"Hoja1": [["Propuesta", "Nombre del evaluador", "Rigor", "Alcance"], *rows]})
    assert not [name for name in names if name in str(drafted(file))]
    rules = {problem.rule for problem in read(tmp_path, file).problems}
    assert "ratings.personal" in rules


def sheets(titles: list[str], *more: list) -> dict[str, list[list]]:
    return {
        title: [
            ["Ficha de evaluación"],
            [],
            ["Criterio", "Eval. 1", "Eval. 2"],
            ["Rigor", SCORES[k], 3],
            ["Alcance", 2, SCORES[k - 1]],
            *more,
        ]
        for k, title in enumerate(titles)
    }


def test_a_sheet_for_each_proposal_is_read_and_drafted(tmp_path):
    titles = [f"Proyecto {k}" for k in range(1, 9)]
    file = book(tmp_path, sheets(titles, ["TOTAL", 9, 9]))
    (criterion,) = drafted(file)["criteria"]
    assert [one["title"] for one in criterion["indicators"]] == ["Rigor", "Alcance"]
    assert criterion["raters"] == 2
    seen = read(tmp_path, file)
    assert [problem.say() for problem in seen.problems] == []
    rated = seen.inputs.ratings.set_index(["proposal", "indicator", "evaluator"])["rating"]
    assert len(rated) == 4 * len(titles)
    assert rated[("Proyecto 3", "rigor", "Eval. 1")] == SCORES[2]
    assert rated[("Proyecto 3", "alcance", "Eval. 2")] == SCORES[1]


@pytest.mark.parametrize("titles", [["Ana Mora", "Luis Toaza"], ["Hoja1", "Hoja2"], ["Juez 1", "Juez 2"]])
def test_a_sheet_that_may_be_called_otherwise_is_no_proposal(titles, tmp_path):
    with pytest.raises(DataError) as refused:
        drafted(book(tmp_path, sheets(titles)))
    assert {problem.rule for problem in refused.value.problems} == {"ratings.lacking_column"}
