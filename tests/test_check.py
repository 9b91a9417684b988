"""``ogp check``: what was read, what is wrong, what design it is, which coefficients fit."""

from __future__ import annotations

import json

import pandas as pd
import pytest
import sample_ratings as sample
import ten_mistakes

from ogp_analysis import cli, params, ratings


def check(capsys, *words: str) -> tuple[int, str]:
    code = cli.main(["check", *words])
    return code, capsys.readouterr().out


def test_the_example_is_usable_and_its_design_is_told(capsys):
    code, out = check(capsys, "example", "--lang", "en")
    assert code == 0
    assert "SYNTHETIC EXAMPLE" in out
    assert "relevance, Working Group: 2 independent ratings a cell, by evaluators who vary" in out
    assert "ICC(1); not Cohen's kappa nor ICC(A,1)" in out
    assert "can be read inside each panel (A: within_panels) and between the panels" in out


def test_the_transcript_in_the_documentation_is_true(tmp_path):
    assert ten_mistakes.transcript(tmp_path) == ten_mistakes.TRANSCRIPT.read_text(encoding="utf-8")


def test_each_of_the_ten_mistakes_is_named_in_both_languages(tmp_path):
    path = ten_mistakes.spoil(ten_mistakes.filled(tmp_path / "calificaciones.xlsx"))
    places = ("L1, fila 2", "L1, fila 3", "tiempo (F2)", "'3,5'", "'R4'", "'N/A'", "WG1, fila 4", "'Comité'")
    for language in ("es", "en"):
        code, out = ten_mistakes.answer(path, language)
        assert code == 1
        for place in (*places, "WG2, fila 6", "decisiones, fila 2"):
            words = place if language == "es" else place.replace("fila", "row").replace("'3,5'", "3,5")
            assert words.replace("'3,5'", "3,5") in out
        assert "Juan" not in out


def test_the_filled_template_without_mistakes_is_usable(tmp_path):
    code, out = ten_mistakes.answer(ten_mistakes.filled(tmp_path / "calificaciones.xlsx"), "es")
    assert code == 0
    assert "los mismos evaluadores califican todo, cruzado" in out
    assert "sirven: kappa de Conger y de Cohen, ICC(A,1)" in out


def test_json_holds_everything_for_a_program(tmp_path, capsys):
    rows = sample.complete()
    rows[0]["rating"] = "7"
    code, out = check(capsys, str(sample.write(tmp_path / "n.csv", rows)), "--json", "--lang", "es")
    answer = json.loads(out)
    assert (code, answer["ok"]) == (1, False)
    (problem,) = answer["problems"]
    assert (problem["rule"], problem["row"], problem["value"]) == ("ratings.off_scale", 2, "7")
    assert "no está en la escala" in problem["message"]
    assert {row["panel"] for row in answer["design"]} == {
        "lead",
        "counterpart",
        "working_group",
        "core_group",
    }


def test_the_preview_shows_what_reading_changes_and_touches_nothing(tmp_path, capsys):
    rows = [
        {("calificación" if k == "rating" else k): v for k, v in row.items()} for row in sample.complete()
    ]
    rows[0]["panel"] = "Institución Responsable"
    path = sample.write(tmp_path / "n.csv", rows)
    before = path.read_bytes()
    code, out = check(capsys, str(path), "--fix-preview", "--lang", "en")
    assert code == 0
    assert "panel: 'Institución Responsable' is read as 'lead' (cells: 1)" in out
    assert path.read_bytes() == before
    sample.write(path, sample.complete())
    assert "nothing" in check(capsys, str(path), "--fix-preview", "--lang", "en")[1]


def test_another_method_is_a_file(tmp_path, capsys):
    (tmp_path / "two.yaml").write_text(sample.TWO_PANELS, encoding="utf-8")
    rows = [
        {"proposal": "A", "indicator": "merit", "evaluator": "R1", "rating": "9"},
        {"proposal": "A", "indicator": "merit", "evaluator": "R2", "rating": "2"},
        {"proposal": "A", "indicator": "scope", "evaluator": "R3", "rating": "5"},
        {"proposal": "A", "indicator": "scope", "evaluator": "R4", "rating": "5"},
    ]
    path = sample.write(tmp_path / "n.csv", rows)
    code, out = check(capsys, str(path), "--method", str(tmp_path / "two.yaml"), "--lang", "en")
    assert code == 0, out
    assert "quality, readers: the same evaluators rate everything" in out


@pytest.mark.parametrize("words", [[], ["a.csv", "--nope"]])
def test_wrong_usage_is_two(words, capsys):
    assert cli.main(["check", *words]) == 2
    assert capsys.readouterr().err


def test_a_file_that_is_not_there_is_one(capsys):
    assert cli.main(["check", "nowhere.xlsx", "--lang", "es"]) == 1
    assert "no existe el archivo" in capsys.readouterr().err


# The design behind the words


def frame_of(cells):
    columns = ["proposal", "indicator", "panel", "evaluator", "role", "rating"]
    return pd.DataFrame([dict(zip(columns, cell, strict=True)) for cell in cells])


def cell(proposal, evaluator, *, panel="working_group", role="independent"):
    return (proposal, "alignment", panel, evaluator, role, 3.0)


METHOD = params.from_values(params.baseline()).method


@pytest.mark.parametrize(
    ("cells", "design", "pairs"),
    [
        ([cell("P1", "A1"), cell("P1", "A2"), cell("P2", "A1"), cell("P2", "A2")], "same_evaluators", 1),
        ([cell("P1", "A1"), cell("P1", "A2"), cell("P2", "A2"), cell("P2", "A3")], "varying_evaluators", 2),
        ([cell("P1", "A1"), cell("P2", "A2")], "single", 0),
        ([cell("P1", "A1", role="third")], "absent", 0),
        ([], "absent", 0),
    ],
)
def test_the_design_is_told_from_the_ratings(cells, design, pairs):
    frame = frame_of(cells or [cell("P1", "A1", panel="core_group")])
    described = ratings.describe_design(frame, METHOD).set_index("panel").loc["working_group"]
    assert (described["design"], described["pairs"]) == (design, pairs)


def test_readings_of_the_blind_pair():
    both = [
        cell("P1", name, panel=panel) for panel in ("working_group", "core_group") for name in ("A1", "A2")
    ]
    for cells, expected in (
        (both, ("within_panels", "between_panels")),
        ([both[0], both[2]], ("between_panels",)),
        (both[:2], ()),
    ):
        assert ratings.readings(ratings.describe_design(frame_of(cells), METHOD), METHOD) == expected


def test_blindness_counts_what_is_broken():
    cells = [cell("P1", "A1"), cell("P1", "A1", panel="core_group"), cell("P1", "A1", role="third")]
    counted = ratings.blindness(frame_of(cells), params.from_values(params.baseline()))
    broken = dict(zip(counted["blind_rule"], counted["broken"], strict=True))
    assert broken == {"once_in_a_cell": 0, "one_panel": 1, "fresh_third": 1}


def test_coverage_counts_every_proposal_and_panel_of_the_design():
    parameters = params.from_values(params.baseline())
    inputs = ratings.load(parameters)
    coverage = ratings.coverage(inputs.ratings, parameters, proposals=tuple(inputs.proposals["proposal"]))
    assert len(coverage) == 43 * 4
    assert (coverage["wanted"] == coverage["given"]).all()
    assert coverage["thirds"].sum() == (inputs.ratings["role"] == "third").sum()
