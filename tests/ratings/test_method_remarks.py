"""What a method file may hold and can hardly mean is remarked, in both languages, and never refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from ogp_analysis.cli import main
from ogp_analysis.model.method_file import packaged_methods, read_method
from ogp_analysis.ratings.method_remarks import method_remarks

CRITERIA = """
name: own
criteria:
  - name: merit
    panels: [jury]
    raters: 2
    weight: 0.75
    {merit}
    indicators:
      - {{name: use, minimum: 0, maximum: 10}}
      - {{name: reach, labels: [{answers}]}}
  - name: cost
    panels: [jury]
    raters: 2
    weight: 0.25
    indicators: [{{name: price, minimum: 1, maximum: 5{direction}}}]
categories: [{categories}]
{deciding}
"""
# Means of the ends of the scales by hand: merit from (0 + 1) / 2 to (10 + 2) / 2; the composite from
# 0.75 x 0.5 + 0.25 x 1 to 0.75 x 6 + 0.25 x 5.
TABLE = "decision_table: {rules: [{when: {merit: high}, category: 1}], default: 2}"
USUAL = {"merit": "cut_points: [2, 4]", "answers": "'no', 'yes'", "categories": "in, out", "deciding": TABLE}
USUAL |= {"direction": ", direction: lower is better"}
DEAD = """decision_table:
  rules:
    - {when: {merit: [medium, high]}, category: 1}
    - {when: {cost: low}, category: 2}
    - {when: {merit: high, cost: [low, high]}, category: 2}
    - {when: {merit: medium}, category: 2}
    - {when: {cost: high}, category: 1}
  default: 2"""


@pytest.mark.parametrize("name", packaged_methods())
def test_the_packaged_methods_have_nothing_to_remark(name: str) -> None:
    assert method_remarks(read_method(name, Path())[0], name, Path(), "es") == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, []),
        ({"merit": "cut_points: [4, 6.5]"}, ["alcanzar el umbral 6.5 de merit: con los pesos por defecto"]),
        ({"merit": "cut_points: [0.5, 4]"}, ["alcanza el umbral 0.5 de merit"]),
        ({"merit": "cut_points: [0.6, 6]"}, []),
        ({"deciding": "cut_points: [5.75]", "merit": ""}, []),
        ({"deciding": "cut_points: [5.75]"}, ["merit: cut_points no tienen efecto"]),
        ({"deciding": "cut_points: [5.8]", "merit": ""}, ["puntajes van de 0.625 a 5.75"]),
        (
            {"deciding": DEAD},
            ["la regla 3 nunca decide: dondequiera que se cumple decide una anterior (1)", "la regla 4"],
        ),
        ({"categories": "Financiada, financiada"}, ["categorías 1 y 2"]),
        ({"direction": ""}, ["price: por el nombre, menos puede ser mejor"]),
        ({"direction": ", title: Impacto"}, ["Impacto: por el nombre"]),
        ({"direction": ", direction: higher is better"}, []),
        ({"answers": "'sí', 'si'"}, ["ambas valen 1, nunca 2: sí / si"]),
    ],
)
def test_what_can_hardly_be_meant_is_remarked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, changed: dict, words: list
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.yaml").write_text(CRITERIA.format(**(USUAL | changed)), encoding="utf-8")
    assert main.main(["check", "--method", "own.yaml", "--lang", "es"]) == 0
    _, head, remarks = capsys.readouterr().out.partition("Se admite, pero revise")
    # Points of 0 to 10 beside answers worth 1 and 2 stand in every file.
    always = "merit junta los puntos tal como son: use (0 … 10) lo mueve mucho más que reach (1: "
    assert head
    assert remarks.count("\n  - ") == len(words) + 1
    assert all(word in remarks for word in words)
    assert always in remarks or "cut_points" in changed.get("deciding", "")
    assert main.main(["check", "--method", "own.yaml", "--lang", "en"]) == 0
    assert "joins points as they are" in capsys.readouterr().out
