"""Whole files as juries, panels, hospitals and neighbourhoods keep them, from the draft to the check."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from ogp_analysis.cli import main
from ogp_analysis.ratings.method_draft import drafted
from ogp_analysis.ratings.stated_scales import stated_ends

POINTS = (4, 2, 5, 1, 3, 2, 4, 5, 1)


def text(folder: Path, rows: list[list], separator: str = ",") -> Path:
    with (folder / "r.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return folder / "r.csv"


def book(folder: Path, sheets: dict[str, list[list]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        page = made.create_sheet(title)
        for row in rows:
            page.append(row)
    made.save(folder / "r.xlsx")
    return folder / "r.xlsx"


def scales(file: Path) -> dict[str, tuple]:
    listed = [one for each in drafted(file)["criteria"] for one in each["indicators"]]
    return {
        one["title"]: tuple(one["labels"]) if "labels" in one else (one["minimum"], one["maximum"])
        for one in listed
    }


def rules(folder: Path, file: Path, capsys: pytest.CaptureFixture) -> list[str]:
    """Draft, check, and give the rules that are broken."""
    own = folder / "own.yaml"
    assert main.main(["method", "new", str(own), "--ratings", str(file), "--force"]) == 0
    capsys.readouterr()
    main.main(["check", str(file), "--method", str(own), "--json"])
    return [one["rule"] for one in json.loads(capsys.readouterr().out)["problems"]]


def test_a_thesis_jury_with_points_in_its_headers(tmp_path, capsys):
    header = ["N.º", "Código de la tesis", "Docente", "Calidad escrita (30)", "Defensa (20)", "Total"]
    marks = [(f"{20 + POINTS[k % 9]},5", f"{12 + POINTS[-k % 9]}") for k in range(12)]
    rows = [[k + 1, f"T{k // 3}", f"Docente D-{k % 4}", *marks[k], "30"] for k in range(12)]
    whole = [["Actas 2026"], ["Fecha:", "12/05/2026"], header, *rows, ["", "", "Promedio", "22", "14", "36"]]
    file = text(tmp_path, whole, ";")
    assert scales(file) == {"Calidad escrita (30)": (0, 30), "Defensa (20)": (0, 20)}
    assert rules(tmp_path, file, capsys) == []


@pytest.mark.parametrize(
    ("header", "values", "ends"),
    [
        ("Claridad [0 a 10]", "7", ("0", "10")),
        ("Rigor: 1-5", "3", ("1", "5")),
        ("Clareza (de 1 até 7)", "3", ("1", "7")),
        ("Stil (1 bis 6)", "3", ("1", "6")),
        ("Pitch (máx. 20 puntos)", "15", ("0", "20")),
        ("Pitch (out of 20)", "15", ("0", "20")),
        ("Use (5)", "3", ("1", "5")),
        ("Use (1 = bajo; 5 = alto)", "3", ("1", "5")),
        # The number of a question, a year, a weight, a scale that ratings leave, a quarter of the points.
        ("Rigor (2)", "2", None),
        ("Rigor (2026)", "4", None),
        ("Rigor (30%)", "20", None),
        ("Rigor (1-5)", "6", None),
        ("Rigor (100)", "25", None),
        ("Rigor", "4", None),
        ("Q1-5", "3", None),
    ],
)
def test_a_header_may_state_the_ends_of_its_scale(header, values, ends):
    assert stated_ends(header, [Decimal(values)]) == (ends and tuple(map(Decimal, ends)))


@pytest.mark.parametrize("mark", ["COI", "n/a", "Abstención", "recused", "-", "ausente"])
def test_a_grant_panel_with_conflicts_of_interest(tmp_path, capsys, mark):
    header = ["Application", "Reviewer 1", "Reviewer 2", "Reviewer 3", "Mean"]
    rows = [[f"G{k}", *(POINTS[(k + at) % 9] for at in range(3)), "3"] for k in range(9)]
    rows[4][2] = rows[6][2] = mark
    file = text(tmp_path, [header, *rows])
    draft = drafted(file)
    assert (draft["criteria"][0]["raters"], scales(file)) == ([2, 3], {"r": (1, 5)})
    assert [line for line in draft["remarks"] if line.startswith("r.csv, row 6, column Reviewer 2")]
    assert rules(tmp_path, file, capsys) == ["ratings.no_rating_mark"]
    rows[4][2] = rows[6][2] = ""
    assert rules(tmp_path, text(tmp_path, [header, *rows]), capsys) == []


def test_a_hackathon_with_a_sheet_a_judge(tmp_path, capsys):
    """Names that few bear are names beside others; the number of a team is none of its points."""
    header = ["Equipo", "Nombre del proyecto", "Idea", "Prototipo", "Pitch", "Total"]
    sheets = {}
    for at, judge in enumerate(("Ana", "Luis", "Kwame")):
        rows = [[k, f"App {k}", *(POINTS[(k + at + i) % 9] for i in range(3)), 9] for k in range(1, 7)]
        sheets[judge] = [["Hackathon"], header, *rows, ["TOTAL", None, 20, 20, 20, 60]]
    file = book(tmp_path, sheets)
    assert scales(file) == dict.fromkeys(("Idea", "Prototipo", "Pitch"), (1, 5))
    assert set(rules(tmp_path, file, capsys)) == {"ratings.personal_title"}
    coded = book(tmp_path, dict(zip(("J1", "J2", "J3"), sheets.values(), strict=True)))
    assert rules(tmp_path, coded, capsys) == []


def test_a_hospital_with_nurses_and_a_doctor_over_two_rows(tmp_path, capsys):
    seats = ["Enfermeira 1", "Enfermeira 2", "Médico"]
    header = [["Enfermaria", "Higiene", None, None, "Registros", None, None], [None, *seats, *seats]]
    rows = [[f"Ala {k}", *(POINTS[(k + at) % 9] for at in range(6))] for k in range(7)]
    file = book(tmp_path, {"Auditoria": [["Auditoria"], *header, *rows, ["Média", *[1.1] * 6]]})
    assert scales(file) == dict.fromkeys(("Higiene", "Registros"), (1, 5))
    assert rules(tmp_path, file, capsys) == []


def test_forty_voters_and_a_row_of_sums(tmp_path, capsys):
    voters = [f"Votante {k}" for k in range(1, 41)]
    rows = [[f"Plaza {k} del barrio", *(POINTS[(k * at) % 9] % 2 for at in range(40)), 20] for k in range(8)]
    file = text(tmp_path, [["Proyecto barrial", *voters, "Votos"], *rows, ["Total", *[5] * 40, 160]])
    assert scales(file) == {"r": (0, 1)}
    assert rules(tmp_path, file, capsys) == []
    assert main.main(["check", str(file), "--method", str(tmp_path / "own.yaml")]) == 0
    assert "Votante 12 →" in (heard := capsys.readouterr().out)
    assert "Votante 13 →" not in heard


def test_peer_review_in_portuguese_with_abstentions(tmp_path, capsys):
    header = ["Código do trabalho", "Título do trabalho", "Parecerista", "Relevância", "Recomendação"]
    grades, verdicts = ("Alta", "Baixa", "Média", "Abstenção"), ("Aceitar", "Revisar", "Rejeitar")
    rows = [
        [f"T{k // 3}", f"Sobre {k // 3}", f"Parecerista {k % 5}", grades[k % 4], verdicts[k % 3]]
        for k in range(18)
    ]
    file = book(tmp_path, {"Pareceres": [["Congresso"], [], header, *rows, ["Nota: abstenções"]]})
    assert scales(file) == {
        "Relevância": ("Baixa", "Média", "Alta"),
        "Recomendação": ("Rejeitar", "Revisar", "Aceitar"),
    }
    assert rules(tmp_path, file, capsys) == ["ratings.no_rating_mark"]
