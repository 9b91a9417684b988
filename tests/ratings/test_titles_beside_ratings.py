"""Where no table of proposals is given, the titles beside the ratings are those of the proposals."""

from __future__ import annotations

from pathlib import Path

import pytest

from ogp_analysis import ratings
from ogp_analysis.model import params
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_file import read_method

METHOD = """
name: jury
criteria:
  - {name: merit, panels: [panel], raters: 2, levels: [low, high], cut_points: [3],
     indicators: [{name: rigor, minimum: 1, maximum: 5}]}
categories: [chosen, left]
decision_table: [2, 1]
"""
LONG = """proposal,title,evaluator,indicator,rating
007,Ñandúes del páramo,E1,rigor,4
007,ñandúes del paramo,E2,rigor,5
012,Water,E1,rigor,3
012,Water,E2,rigor,2
"""
WIDE = """Código,Título del proyecto,Evaluador,Rigor
007,Ñandúes del páramo,E1,4
012,Water,E1,3
007,Ñandúes del páramo,E2,5
012,,E2,2
"""
GRID = """Propuesta,Título,Evaluador 1,Evaluador 2
007,Ñandúes del páramo,4,5
012,Water,3,2
"""


def loaded(folder: Path, files: dict[str, str]) -> Inputs:
    (folder / "jury.yaml").write_text(METHOD, encoding="utf-8")
    data = folder / "data"
    data.mkdir()
    for name, text in files.items():
        (data / name).write_text(text, encoding="utf-8")
    method = str(folder / "jury.yaml")
    values = defaults_of(read_method(method, Path())[0])
    return ratings.load(params.from_values(values | {"method": method, "data": str(data)}))


def titles(inputs: Inputs) -> dict[str, str]:
    return dict(zip(inputs.proposals["proposal"], inputs.proposals["title"], strict=True))


@pytest.mark.parametrize("text", [LONG, WIDE, GRID])
def test_titles_beside_the_ratings_are_taken(tmp_path, text):
    inputs = loaded(tmp_path, {"ratings.csv": text})
    assert titles(inputs) == {"007": "Ñandúes del páramo", "012": "Water"}
    remarks = " ".join(inputs.said)
    assert "titles of proposals" in remarks
    assert "columns not used" not in remarks


def test_two_titles_of_one_code_are_taken_for_none(tmp_path):
    inputs = loaded(tmp_path, {"ratings.csv": LONG.replace("012,Water,E2", "012,Roads,E2")})
    assert titles(inputs) == {"007": "Ñandúes del páramo", "012": ""}


def test_what_reaches_a_person_in_a_title_is_masked_and_said(tmp_path):
    text = LONG.replace("Water", '"Thesis of Wilmer Quishpe, 0991234567"')
    inputs = loaded(tmp_path, {"ratings.csv": text})
    assert titles(inputs)["012"] == "Thesis of […], […]"
    (doubt,) = [doubt for doubt in inputs.doubts if "[…]" in doubt]
    assert "ratings.csv" in doubt
    assert doubt.endswith(": 4")


def test_a_table_of_proposals_has_titles_of_its_own(tmp_path):
    given = "proposal,title\n007,Birds\n012,Rivers\n"
    inputs = loaded(tmp_path, {"ratings.csv": LONG, "proposals.csv": given})
    assert titles(inputs) == {"007": "Birds", "012": "Rivers"}
    assert "titles of proposals" not in " ".join(inputs.said)
