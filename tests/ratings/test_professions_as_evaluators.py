"""Evaluators called by what they do (nurses, teachers, voters), in rows and as headers of columns."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ogp_analysis import ratings
from ogp_analysis.ratings.evaluator_columns import seats_in
from ogp_analysis.ratings.method_draft import drafted
from ogp_analysis.ratings.proposal_column import meanings_in
from ogp_analysis.tabular import Table

POINTS = (4, 2, 5, 1, 3, 2, 4, 5, 1)


def saved(folder: Path, rows: list[list]) -> Path:
    with (folder / "r.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return folder / "r.csv"


def indicators(file: Path) -> list[str]:
    return [one["title"] for each in drafted(file)["criteria"] for one in each["indicators"]]


@pytest.mark.parametrize(
    "code",
    [
        *("Docente D-01", "Nurse 1", "Doctor", "Médica 2", "Enfermeira 3", "Infirmière 1", "Professor P.03"),
        *(
            "Avaliador 2",
            "Gutachterin 1",
            "Juez 2 (externo)",
            "Par ciego B (externa)",
            "Votante 40",
            "Auditor A-7",
        ),
    ],
)
def test_what_somebody_does_with_a_number_is_a_code(code):
    assert ratings.is_code(code)


@pytest.mark.parametrize(
    "name",
    ["Doctor Li", "Nurse Ana", "Docente D", "Doctor 1712345678", "Juez 2 (Ana)", "Médico Paz", "Votante Sá"],
)
def test_a_name_beside_what_somebody_does_is_none(name):
    # One letter stands for a seat, as in "Evaluator A".
    assert ratings.is_code(name) is (name == "Docente D")


@pytest.mark.parametrize(
    ("headers", "seats"),
    [
        (["Ward", "Nurse 1", "Nurse 2", "Doctor"], ["Nurse 1", "Nurse 2", "Doctor"]),
        (["Tesis", "Docente D-01", "Docente D-02"], ["D-01", "D-02"]),
        (["Servicio", "Enfermera 1", "Médico 1", "Médica"], ["Enfermera 1", "Médico 1", "Médica"]),
        (["Projeto", "Avaliador 1", "Avaliadora 2"], ["Avaliador 1", "Avaliadora 2"]),
        (["Idea", "Claridad", "Docente", "Editor"], []),
    ],
)
def test_columns_of_professions_are_of_evaluators_where_a_number_says_so(headers, seats):
    assert [seat for seat, _ in seats_in(headers).values()] == seats


@pytest.mark.parametrize(
    ("header", "codes"),
    [
        ("docente", ["D-01", "D-02", "D-03"]),
        ("Docente", ["Docente D-01", "Docente D-02", "Docente D-03"]),
        ("quien", ["Nurse 1", "Nurse 2", "Médico 1"]),
        ("Evaluator", ["Nurse 1", "Nurse 2", "Doctor"]),
    ],
)
def test_a_column_of_professions_says_who_rated_a_row(tmp_path, header, codes):
    rows = [[f"T{k // 3}", codes[k % 3], POINTS[k], POINTS[-k]] for k in range(9)]
    assert indicators(saved(tmp_path, [["propuesta", header, "Claridad", "Rigor"], *rows])) == [
        "Claridad",
        "Rigor",
    ]
    table = Table(
        "", "r.csv", ["propuesta", header, "Claridad"], [list(map(str, row[:3])) for row in rows], []
    )
    assert meanings_in(table)[1] == "evaluator"


def test_the_tutor_of_each_thing_judged_is_no_evaluator(tmp_path):
    table = Table("", "r.csv", ["Tesis", "Docente", "Nota"], [["T1", "D-01", "3"], ["T2", "D-02", "3"]], [])
    assert meanings_in(table) == ["proposal", "", "rating"]
    rows = [[f"T{k}", "AB"[k % 2] * 4, *POINTS[k : k + 2]] for k in range(6)]
    assert indicators(saved(tmp_path, [["Tesis", "Docente", "Juez 1", "Juez 2"], *rows])) == ["r"]


def test_what_is_judged_is_told_though_it_comes_again_as_answers_do(tmp_path):
    rows = [[f"W{k // 3}", f"Nurse {k % 3}", POINTS[k], POINTS[-k]] for k in range(9)]
    file = saved(tmp_path, [["Ward", "Evaluator", "Hygiene", "Records"], *rows])
    assert indicators(file) == ["Hygiene", "Records"]
