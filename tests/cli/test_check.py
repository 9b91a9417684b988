"""``ogp check``: what was read, what is wrong, what design it is, which coefficients fit."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest
import sample_ratings as sample
import ten_mistakes

from ogp_analysis import ratings
from ogp_analysis.cli import check as check_verb
from ogp_analysis.cli import main
from ogp_analysis.errors import Problem
from ogp_analysis.language import texts
from ogp_analysis.model import params


def check(capsys, *words: str) -> tuple[int, str]:
    code = main.main(["check", *words])
    return code, capsys.readouterr().out


def test_the_example_is_usable_and_its_design_is_told(capsys):
    code, out = check(capsys, "example", "--lang", "en")
    assert code == 0
    assert "SYNTHETIC EXAMPLE" in out
    assert "relevance, Working Group: 2 independent ratings a cell, by evaluators who vary" in out
    assert "ICC(1); not Cohen's kappa nor ICC(A,1)" in out
    assert "can be read inside each panel (A: within_panels) and between the panels" in out


def test_the_transcript_in_the_documentation_is_true(tmp_path, monkeypatch):
    # A reader who has made a key already must find the page true as well.
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "ogp-key.txt").write_text("00" * 32, encoding="ascii")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
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
    assert "sirven: kappa de Conger y de Cohen, CCI(A,1)" in out


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
    assert "panel: 'Institución Responsable' is read as lead institution (lead) (cells: 1)" in out
    assert path.read_bytes() == before
    sample.write(path, sample.complete())
    assert "nothing" in check(capsys, str(path), "--fix-preview", "--lang", "en")[1]


def test_the_data_of_the_params_file_that_was_not_looked_at_is_said_once(tmp_path, capsys, monkeypatch):
    sample.write(tmp_path / "n.csv", sample.complete())
    sample.write(tmp_path / "m.csv", sample.complete())
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "own.yaml").write_text("data: ../m.csv\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for language in ("en", "es"):
        said = texts.say(
            "ratings.check.data_passed_over", language, params="own.yaml", data="../m.csv", file="n.csv"
        )
        other = check(capsys, "n.csv", "--params", "p/own.yaml", "--lang", language)[1]
        assert other.count(said) == other.count("m.csv") == 1
        assert "own.yaml indica" not in check(capsys, "m.csv", "--params", "p/own.yaml", "--lang", "es")[1]
    (tmp_path / "p" / "none.yaml").write_text("tolerance: 1\n", encoding="utf-8")
    assert "none.yaml indica" not in check(capsys, "n.csv", "--params", "p/none.yaml", "--lang", "es")[1]
    record = json.loads(check(capsys, "n.csv", "--params", "p/own.yaml", "--json", "--lang", "en")[1])
    assert "../m.csv" in record["said"][0]


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
    assert main.main(["check", *words]) == 2
    assert capsys.readouterr().err


def test_a_file_that_is_not_there_is_one(capsys):
    assert main.main(["check", "nowhere.xlsx", "--lang", "es"]) == 1
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


def test_pairs_of_a_thousand_evaluators_are_counted_without_listing_them(monkeypatch):
    everybody = [cell("P1", f"A{k}") for k in range(1000)]
    few = [cell("P2", f"A{k}") for k in range(3)] + [cell("P2", "B1"), cell("P3", "B2")]
    monkeypatch.setattr(pd.DataFrame, "merge", None)
    described = ratings.describe_design(frame_of(everybody + few), METHOD).set_index("panel")
    # Each of the thousand with each other, and B1 with the three of P2; B2 meets nobody.
    assert described.loc["working_group", "pairs"] == 1000 * 999 // 2 + 3


def test_a_file_of_unknown_words_is_compared_so_often_only(monkeypatch):
    from ogp_analysis.ratings import nearest_word

    asked = []
    monkeypatch.setattr(nearest_word.difflib, "get_close_matches", lambda word, *_, **__: asked.append(word))
    codes = nearest_word.Codes(f"P{k}" for k in range(10_000))
    answers = [codes.nearest(f"Q{k}") for k in range(10_000)]
    assert len(asked) == nearest_word.MOST_COMPARED // 10_000
    assert {*answers} == {""}
    assert codes.nearest("P007") == "P7"


def test_where_a_key_may_lie_is_asked_once_a_file(monkeypatch):
    from ogp_analysis.ratings import evaluator_codes

    asked = []
    monkeypatch.setattr(evaluator_codes.pseudonyms, "check_key_place", lambda *_, **__: asked.append(1))
    problems = [Problem("ratings.personal", file="n.csv", row=row) for row in range(2, 100)]
    told = evaluator_codes.with_commands([*problems, Problem("ratings.off_scale")], "n.csv")
    assert len({problem.detail for problem in told[:-1]}) == len(asked) == 1
    assert told[0].detail
    assert not told[-1].detail


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
    assert broken == {"once_in_a_cell": 0, "one_panel": 1, "fresh_third": 1, "one_criterion": 0}


def test_coverage_counts_every_proposal_and_panel_of_the_design():
    parameters = params.from_values(params.baseline())
    inputs = ratings.load(parameters)
    coverage = ratings.coverage(inputs.ratings, parameters, proposals=tuple(inputs.proposals["proposal"]))
    assert len(coverage) == 43 * 4
    assert (coverage["wanted"] == coverage["given"]).all()
    assert coverage["thirds"].sum() == (inputs.ratings["role"] == "third").sum()


# Many rows with the same fault


def for_another_method(path, *, proposals=98):
    """Ratings that a correct file of another method would hold: unknown indicator and panel in every row."""
    cells = [("novelty", "jury", "J1"), ("rigour", "jury", "J2")]
    rows = [
        {"proposal": f"R{k:03d}", "indicator": i, "panel": p, "evaluator": e, "rating": "6"}
        for k in range(1, proposals + 1)
        for i, p, e in cells
    ]
    return sample.write(path, rows)


def test_what_is_wrong_in_the_same_way_in_many_rows_is_said_once(tmp_path, capsys):
    path = for_another_method(tmp_path / "other.csv")
    code, out = check(capsys, str(path), "--lang", "en")
    assert code == 1
    assert "Problems found: 392" in out
    assert out.count("is not an indicator of the method") == 2
    (panel,) = [line for line in out.splitlines() if "'jury' is not one of" in line]
    assert panel.endswith("(196 rows: 2-197)")
    (first,) = [line for line in out.splitlines() if "'novelty' is not an indicator" in line]
    assert "(98 rows: 2, 4, 6, " in first
    assert "every row and proposal, one by one: ogp check with --json" in out
    found = json.loads(check(capsys, str(path), "--json")[1])["problems"]
    rows = [problem["row"] for problem in found if problem["value"] == "novelty"]
    assert rows == list(range(2, 198, 2))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "made for another method, name the file"),
        ("es", "se hizo para otro método, indique el archivo"),
    ],
)
def test_a_file_for_another_method_is_answered_with_how_to_name_the_method(tmp_path, capsys, language, words):
    path = for_another_method(tmp_path / "other.csv", proposals=3)
    assert words in check(capsys, str(path), "--lang", language)[1]
    assert words not in check(capsys, str(path), "--lang", language, "--method", "ecuador-2019")[1]
    rows = sample.complete()
    rows[0]["indicator"] = "novelty"
    assert words not in check(capsys, str(sample.write(path, rows)), "--lang", language)[1]


def test_cells_without_ratings_are_named_by_their_proposals_in_one_line(tmp_path, capsys):
    proposals = tuple(f"P{k:02d}" for k in range(1, 8))
    rows = [
        row
        for row in sample.complete(proposals)
        if not (row["panel"] == "core_group" and row["evaluator"] == "G2" and row["proposal"] < "P06")
    ]
    _, out = check(capsys, str(sample.write(tmp_path / "n.csv", rows)), "--lang", "es")
    assert out.count("panel core_group") + out.count("panel Grupo Núcleo") == 1
    assert "(5 propuestas: P01, P02, P03, P04, P05)" in out


def test_the_address_in_a_workbook_keeps_its_column_when_rows_are_joined():
    rows = [
        Problem("ratings.empty_code", file="n.xlsx", sheet="L1", row=row, column=f"panel (D{row})")
        for row in (11, 12, 13, 21)
    ]
    assert ratings.listed(rows, "en").splitlines()[1] == (
        "  - n.xlsx, sheet L1, column panel (D): the cell is empty; write the code (4 rows: 11-13, 21)"
    )


def test_lines_that_are_not_shown_are_counted_by_their_problems():
    kinds = [("a", 1)] * 4 + [(f"v{k}", 1) for k in range(60)] + [("z", row) for row in range(5)]
    found = [
        Problem("ratings.empty_code", file=name, row=position + 2, column="panel")
        for position, (name, _) in enumerate(kinds)
    ]
    lines = ratings.listed(found, "en").splitlines()
    assert lines[0] == "Problems found: 69"
    assert lines[1] == "  - a, column panel: the cell is empty; write the code (4 rows: 2-5)"
    # 62 lines in all: one for a, sixty alone, one for the five of z; fifty are shown.
    assert lines[-2] == "  ... and 16 more"


# Unreadable rows do not change the design


def design_of(tmp_path, rows):
    found = ratings.examine(sample.parameters(sample.write(tmp_path / "d.csv", rows)))
    method = params.from_values(params.baseline()).method
    described = ratings.describe_design(found.inputs.ratings, method, unread=found.unread)
    return described.set_index("panel")["design"]


@pytest.mark.parametrize(
    ("column", "wrong"),
    [
        ("rating", "x"),
        ("rating", "9"),
        ("panel", "jury"),
        ("indicator", "beauty"),
        ("evaluator", "Ana María"),
    ],
)
def test_one_unreadable_row_leaves_a_crossed_design_crossed(tmp_path, column, wrong):
    rows = sample.complete(("P01", "P02", "P03"))
    assert design_of(tmp_path, rows)["working_group"] == "same_evaluators"
    rows[sample.row_of(rows, panel="working_group", proposal="P02", evaluator="W2")][column] = wrong
    assert design_of(tmp_path, rows)["working_group"] == "same_evaluators"


def test_a_design_of_which_no_cell_was_read_whole_is_not_told(tmp_path, capsys):
    rows = sample.complete()
    for row in rows:
        if row["evaluator"] == "W2":
            row["rating"] = "x"
    assert design_of(tmp_path, rows)["working_group"] == "unknown"
    assert design_of(tmp_path, rows)["core_group"] == "same_evaluators"
    out = check(capsys, str(tmp_path / "d.csv"), "--lang", "es")[1]
    assert "pertinencia, Grupo de Trabajo: el diseño no se puede saber hasta corregir las filas" in out
    assert "qué lecturas del par ciego son posibles no se puede saber" in out
    assert "no cruzado" not in out


def test_evaluators_who_vary_are_seen_beside_an_unreadable_row(tmp_path):
    rows = sample.complete(("P01", "P02", "P03"))
    rows[sample.row_of(rows, panel="working_group", proposal="P01", evaluator="W2")]["rating"] = "x"
    for row in rows:
        if row["evaluator"] == "W2" and row["proposal"] == "P03":
            row["evaluator"] = "W3"
    assert design_of(tmp_path, rows)["working_group"] == "varying_evaluators"


@pytest.mark.parametrize("name", ["vacio.csv", "vacio.xlsx"])
def test_an_empty_file_is_said_to_be_empty(tmp_path, capsys, name):
    (tmp_path / name).write_bytes(b"")
    code, out = check(capsys, str(tmp_path / name), "--lang", "es")
    assert code == 1
    assert f"  - {name}: el archivo está vacío" in out
    assert "otro método" not in out


def test_of_many_proposals_the_first_are_named_and_json_names_all(tmp_path, capsys):
    proposals = tuple(f"P{k:02d}" for k in range(1, 31))
    rows = [row for row in sample.complete(proposals) if row["evaluator"] != "G2" or row["proposal"] == "P30"]
    path = sample.write(tmp_path / "n.csv", rows)
    out = check(capsys, str(path))[1]
    assert "(29 proposals: P01, P02" in out
    assert "P20, ...)" in out
    assert "P21" not in out
    assert "every row and proposal, one by one: ogp check with --json" in out
    assert "P29" in check(capsys, str(path), "--json")[1]


def test_a_third_evaluation_that_is_lacking_is_named():
    """Counted by hand: pairs of relevance more than a point apart, with all third evaluations taken away."""
    parameters = params.from_values(params.baseline() | {"missing_third": "refuse"})
    examined = ratings.examine(parameters)
    given = examined.inputs.ratings
    assert check_verb.thirds_lacking(examined, parameters) == []
    alone = given[given["role"] == "independent"]
    relevance = alone[alone["panel"].isin(["working_group", "core_group"])]
    cells = relevance.groupby(["proposal", "indicator", "panel"])["rating"]
    apart = (cells.max() - cells.min()) > 1
    [line] = check_verb.thirds_lacking(
        replace(examined, inputs=replace(examined.inputs, ratings=alone)), parameters
    )
    assert f": {int(apart.sum())} (" in line
    assert f"({apart[apart].index[0][0]} " in line
