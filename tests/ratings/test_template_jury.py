"""One jury for both criteria: the workbook has one sheet an evaluator, and is read back as it was filled."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from documentation import fill
from tiny_notebooks import write_notebook

from ogp_analysis import ratings
from ogp_analysis.assessment import whole_assessment
from ogp_analysis.cli import main
from ogp_analysis.errors import DataError
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.model.method_file import read_method
from ogp_analysis.ratings import template
from ogp_analysis.ratings.template import Seat

METHOD = """
name: jury of both
criteria:
  - name: soundness
    panels: [jury_soundness]
    raters_per_panel: 2
    indicators:
      - {name: method, minimum: 0, maximum: 100}
      - {name: evidence, minimum: 0, maximum: 100}
  - name: reach
    panels: [jury_reach]
    raters_per_panel: 2
    indicators:
      - {name: audience, minimum: 0, maximum: 100}
category_table:
  - [4, 4, 4]
  - [4, 2, 2]
  - [4, 2, 1]
"""
JURY = ("J1:jury_soundness+jury_reach", "J2:jury_soundness+jury_reach", "T1:jury_soundness+jury_reach:third")
ECUADOR = params.from_values(params.baseline()).method


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.yaml").write_text(METHOD, encoding="utf-8")
    return tmp_path


def made(*words: str) -> None:
    assert main.main(["template", "jury.xlsx", "--method", "own.yaml", "--proposals", "4", *words]) == 0


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_jury_of_both_criteria_goes_from_template_to_run(
    here: Path, language: str, capsys: pytest.CaptureFixture
) -> None:
    made("--lang", language, "--evaluators", *JURY)
    book = openpyxl.load_workbook("jury.xlsx")
    assert book.sheetnames[1:4] == ["J1", "J2", "T1"]
    assert [cell.value for cell in book["J1"][1]][4:] == ["method", "evidence", "audience"]
    assert book["J1"].max_row == 5
    typed = fill(here / "jury.xlsx")
    assert main.main(["check", "jury.xlsx", "--method", "own.yaml", "--lang", language]) == 0
    words = ["--method", "own.yaml", "--data", "jury.xlsx", "--lang", language]
    assert main.main(["params", "params/jury.yaml", *words]) == 0
    parameters = params.with_values(params.read(here / "params" / "jury.yaml"), data="jury.xlsx")
    inputs = ratings.load(parameters)
    read = {(row.evaluator, row.proposal, row.indicator): row.rating for row in inputs.ratings.itertuples()}
    assert read == typed
    assert set(inputs.ratings["panel"]) == {"jury_soundness", "jury_reach"}
    assert len(whole_assessment.assess(inputs, parameters).assigned) == 4
    write_notebook(here / "notebooks", "01_x")
    assert main.main(["run", "params/jury.yaml", "--lang", language, "--quiet"]) == 0
    capsys.readouterr()


def test_a_panel_may_serve_both_criteria(here: Path, capsys: pytest.CaptureFixture) -> None:
    """One panel, two seats, one sheet each with all indicators; read back as it was filled."""
    alike = METHOD.replace("jury_soundness", "jury").replace("jury_reach", "jury")
    (here / "own.yaml").write_text(alike, encoding="utf-8")
    made("--lang", "en")
    book = openpyxl.load_workbook("jury.xlsx")
    assert book.sheetnames[1:3] == ["J1", "J2"]
    assert [cell.value for cell in book["J1"][1]][-3:] == ["method", "evidence", "audience"]
    typed = fill(here / "jury.xlsx")
    assert main.main(["check", "jury.xlsx", "--method", "own.yaml"]) == 0
    (here / "p.yaml").write_text("method: own.yaml\ndata: jury.xlsx\n", encoding="utf-8")
    inputs = ratings.load(params.read(here / "p.yaml"))
    assert {(r.evaluator, r.proposal, r.indicator): r.rating for r in inputs.ratings.itertuples()} == typed
    assert set(inputs.ratings["panel"]) == {"jury"}
    capsys.readouterr()


def test_a_panel_twice_in_one_criterion_is_only_a_repetition(here: Path) -> None:
    twice = METHOD.replace("[jury_soundness]", "[jury_soundness, jury_soundness]")
    (here / "own.yaml").write_text(twice, encoding="utf-8")
    problems = read_method("own.yaml", here)[1]
    assert [dict(p.detail)["wanted"] for p in problems] == ["once"]


def test_an_evaluator_in_a_panel_of_each_criterion_has_one_sheet_with_a_row_a_panel(tmp_path: Path) -> None:
    seats = [Seat("E1", "lead"), Seat("E1", "core_group"), Seat("C1", "counterpart")]
    path = template.write(tmp_path / "t.xlsx", ECUADOR, proposals=[("R1", ""), ("R2", "")], evaluators=seats)
    sheet = openpyxl.load_workbook(path)["E1"]
    assert [sheet.cell(row, 4).value for row in range(2, 6)] == [
        "institución responsable",
        "Grupo Núcleo",
    ] * 2
    # Seven indicators; four are the lead's, three the Core Group's, and only these are to be filled.
    filled = [
        [sheet.cell(row, column).fill.fgColor.rgb == "FFFFF9DB" for column in range(6, 13)] for row in (2, 3)
    ]
    assert filled == [[True] * 4 + [False] * 3, [False] * 4 + [True] * 3]


@pytest.mark.parametrize(
    "seats",
    [
        [Seat("E1", "lead"), Seat("E1", "counterpart")],
        [Seat("E1", "core_group"), Seat("E1", "core_group", "third")],
        [Seat("E1", "lead"), Seat("E1", "core_group", "third")],
        [Seat("E1", "lead"), Seat("E1", "lead")],
    ],
)
def test_one_evaluator_is_no_second_opinion_on_itself(seats: list[Seat]) -> None:
    with pytest.raises(DataError, match="one panel of each criterion"):
        template.workbook(ECUADOR, proposals=[("R1", "")], evaluators=seats, language="en")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("changed", [{}, {"route": True}, {"counted": True}])
def test_the_sheet_of_proposals_has_what_the_method_takes_from_it(
    tmp_path: Path, language: str, changed: dict
) -> None:
    method = read_method("jury-of-labels", Path())[0]
    assert method is not None
    (criterion,) = method.criteria
    if "counted" in changed:
        indicators = (replace(criterion.indicators[0], coding="share"), *criterion.indicators[1:])
        method = replace(method, criteria=(replace(criterion, indicators=indicators),))
    if "route" in changed:
        method = replace(method, category_table=(0, *method.category_table[1:]))
    path = template.write(tmp_path / "t.xlsx", method, proposals=[("R1", "")], language=language)
    book = openpyxl.load_workbook(path)
    sheet = book["propuestas" if language == "es" else "proposals"]
    header = [cell.value for cell in sheet[1]]
    further = {
        "route": {"en": "route", "es": "ruta"},
        "counted": {"en": "reiterations", "es": "reiteraciones"},
    }
    assert header[4:] == [further[name][language] for name in changed]
    assert header[2] == {"en": "presented by", "es": "presentada por"}[language]
    # A jury of two to seven has no third evaluation, so nobody is told of one.
    told = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    assert not [line for line in told if "tercera evaluación" in line or "third evaluation" in line]


def messages(tmp_path: Path, indicator: str) -> list[tuple[str, str]]:
    """Give what stands beside the cells of the one indicator, in English and Spanish."""
    text = METHOD.replace("{name: audience, minimum: 0, maximum: 100}", indicator)
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    method = read_method("own.yaml", tmp_path)[0]
    said = []
    for language in ("en", "es"):
        made = template.workbook(
            method,
            proposals=[("P1", "")],
            evaluators=[Seat("J1", "jury_reach")],
            language=language,
        )
        sheet = openpyxl.load_workbook(io.BytesIO(made))["J1"]
        said += [(one.prompt, one.error) for one in sheet.data_validations.dataValidation]
    return said


def test_a_cell_says_the_answers_of_its_scale_or_its_step(tmp_path: Path) -> None:
    labels = "{name: audience, labels: [{points: 0, title: {en: none, es: nadie}}, {points: 3, title: many}]}"
    assert [prompt for prompt, _ in messages(tmp_path, labels)] == [
        "Rating 0: none; 3: many; empty where missing",
        "Calificación 0: nadie; 3: many; vacía si falta",
    ]
    steps = "{name: audience, minimum: 0, maximum: 10, step: 0.25}"
    for (prompt, error), scale in zip(
        messages(tmp_path, steps), ("0 … 10 in steps of 0.25", "0 … 10 en pasos de 0,25"), strict=True
    ):
        assert scale in prompt
        assert scale in error


def test_answers_too_long_for_excel_are_said_by_their_points(tmp_path: Path) -> None:
    long = f"{{name: audience, labels: [{'a' * 200}, {'b' * 200}]}}"
    assert "1; 2" in messages(tmp_path, long)[0][0]


def test_a_panel_of_two_to_seven_has_a_sheet_for_each_that_it_may_have():
    method = read_method("jury-of-labels", Path())[0]
    assert [seat.evaluator for seat in template.seats_of(method)] == [f"J{number}" for number in range(1, 8)]
    words = {"criterion": "x", "fewest": 2, "most": 7}
    assert "2 to 7" in texts.say("template.some_rate", "en", **words)
    assert "de 2 a 7" in texts.say("template.some_rate", "es", **words)
