"""What a reader must look at: codes that do not agree with the table of evaluators."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest
import sample_ratings as sample
import ten_mistakes

from ogp_analysis import ratings
from ogp_analysis.cli import main
from ogp_analysis.ratings import reading_notes

CALL = {"en": "LOOK AT THIS: ", "es": "REVISE: "}
STRANGER = {
    "en": "evaluators who rated but are not in the table of evaluators: Cl1 (most similar: C1); "
    "a misspelt code counts as another person",
    "es": "evaluadores que calificaron pero no están en la tabla de evaluadores: Cl1 (el más parecido: C1); "
    "un código mal escrito cuenta como otra persona",
}
SILENT = {
    "en": "in the table of evaluators but without a rating: ZZ9",
    "es": "en la tabla de evaluadores pero sin ninguna calificación: ZZ9",
}


def folder(path, rows, evaluators):
    sample.write(path / "ratings.csv", rows)
    table = "evaluator,organisation\n" + "".join(f"{code},O1\n" for code in evaluators)
    (path / "evaluators.csv").write_text(table, encoding="utf-8")
    return path


def respelt(old, new, **where):
    rows = sample.complete()
    for row in rows:
        if row["evaluator"] == old and all(row[name] == value for name, value in where.items()):
            row["evaluator"] = new
    return rows


EVERYONE = ("L1", "C1", "W1", "W2", "G1", "G2")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_misspelt_code_and_a_silent_one_are_named(tmp_path, language):
    given = folder(tmp_path, respelt("C1", "Cl1", proposal="P01"), (*EVERYONE, "ZZ9"))
    inputs = sample.load(given, language=language)
    assert inputs.doubts == (STRANGER[language], SILENT[language])
    assert inputs.said[-2:] == tuple(CALL[language] + line for line in inputs.doubts)


def test_a_code_misspelt_throughout_is_like_the_one_that_rated_nothing(tmp_path):
    inputs = sample.load(folder(tmp_path, respelt("C1", "Cl1"), EVERYONE))
    assert inputs.doubts == (STRANGER["en"], SILENT["en"].replace("ZZ9", "C1"))


@pytest.mark.parametrize(
    ("code", "listed", "meant"),
    [
        ("Wl", ("W1", "W2"), "W1"),
        ("W01", ("W10", "W1"), "W1"),
        ("L7", ("L1", "GL7"), "GL7"),
        ("J9", ("W1", "W2"), ""),
    ],
)
def test_the_code_probably_meant(code, listed, meant):
    rated = pd.DataFrame({"evaluator": [code, "W2"], "panel": "working_group"})
    table = pd.DataFrame({"evaluator": [*listed, "W2"]})
    line = reading_notes.roster_doubts(rated, table, parameters=sample.parameters("example"))[0]
    like = f" (most similar: {meant})" if meant else ""
    assert line.split(": ", 1)[1].split(";")[0] == code + like


def test_the_check_shows_them_and_still_says_usable(tmp_path, capsys):
    given = folder(tmp_path, respelt("C1", "Cl1", proposal="P01"), EVERYONE)
    assert main.main(["check", str(given), "--lang", "es"]) == 0
    out = capsys.readouterr().out
    assert f"\n\nRevise esto\n  - {STRANGER['es']}\n\nQué diseño es\n" in out
    assert out.count(STRANGER["es"]) == 1
    assert "\nSe pueden usar." in out


def test_a_table_that_leaves_out_leads_and_counterparts_is_no_doubt(tmp_path):
    assert sample.load(folder(tmp_path, sample.complete(), ("W1", "W2", "G1", "G2"))).doubts == ()


def test_without_a_table_and_in_the_example_nothing_is_doubted(tmp_path):
    assert sample.load(sample.write(tmp_path / "n.csv", sample.complete())).doubts == ()
    assert sample.load("example").doubts == ()


def test_blind_evaluators_that_a_partial_table_lacks_are_named(tmp_path):
    (line,) = sample.load(folder(tmp_path, sample.complete(), ("W1", "G1"))).doubts
    assert ": W2 (most similar: W1), G2 (most similar: G1); " in line


def test_who_rated_in_a_faulty_row_only_is_not_without_a_rating(tmp_path):
    rows = respelt("W2", "W3", proposal="P01", indicator="alignment")
    rows[sample.row_of(rows, evaluator="W3")]["rating"] = "9"
    found = ratings.examine(sample.parameters(folder(tmp_path, rows, (*EVERYONE, "W3"))))
    assert [problem.rule for problem in found.problems] == ["ratings.off_scale"]
    assert found.inputs.doubts == ()


def test_a_name_in_either_place_is_not_repeated(tmp_path):
    rows = respelt("W2", "Rosa Canario", proposal="P01")
    found = ratings.examine(sample.parameters(folder(tmp_path, rows, (*EVERYONE, "Ana Canario"))))
    assert "Canario" not in "\n".join((*found.inputs.said, *found.inputs.doubts))
    assert found.inputs.doubts == ()


def test_of_many_codes_the_first_twelve_are_named(tmp_path):
    codes = [f"ZZ{k}" for k in range(10, 24)]
    (line,) = sample.load(folder(tmp_path, sample.complete(), (*EVERYONE, *codes))).doubts
    assert line.endswith(": " + ", ".join(codes[:12]) + ", ...")


@pytest.mark.parametrize(
    ("language", "column", "words"),
    [
        (
            "es",
            "panel",
            "institución responsable (lead), contraparte (counterpart), Grupo de Trabajo (working_group), "
            "Grupo Núcleo (core_group)",
        ),
        (
            "en",
            "panel",
            "lead institution (lead), counterpart, Working Group (working_group), Core Group (core_group)",
        ),
        ("es", "role", "independiente (independent), tercera (third)"),
        ("en", "role", "independent, third"),
    ],
)
def test_the_allowed_panels_and_roles_are_words_of_the_reader(tmp_path, language, column, words):
    rows = sample.complete()
    rows[0][column] = "jurado"
    path = sample.write(tmp_path / "n.csv", rows)
    (problem,) = ratings.examine(sample.parameters(path, language=language)).problems
    said = f"'jurado' no está entre {words}" if language == "es" else f"'jurado' is not one of {words}"
    assert said in problem.say(language)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", "#3: el número de una hoja dentro de su archivo, contando desde 1 y sin las vacías"),
        ("en", "#3: the number of a sheet in its file, the first being 1 and empty ones not counted"),
    ],
)
def test_the_number_of_a_sheet_is_explained(tmp_path, language, words):
    path = ten_mistakes.filled(tmp_path / "calificaciones.xlsx")
    parameters = sample.parameters(path, language=language)
    assert "#" not in "".join(ratings.examine(parameters).inputs.said)
    book = openpyxl.load_workbook(path)
    book["C1"].title = "Contraparte Canario"
    # Instructions, L1, then C1; an empty sheet in front is not counted.
    book.create_sheet("nada", 0)
    book.save(path)
    assert any(line.startswith(words) for line in ratings.examine(parameters).inputs.said)


def test_sheets_of_several_workbooks_are_counted_in_each(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        book = openpyxl.Workbook()
        book.active.title = "Rosa Canario"
        book.active.append(["proposal", "panel", "alignment"])
        book.active.append(["P01", "working_group", 4])
        book.save(tmp_path / name)
    told = "\n".join(ratings.examine(sample.parameters(tmp_path)).inputs.said)
    assert "b.xlsx · #1: " in told
    assert "Canario" not in told


def test_codes_of_the_table_that_differ_in_case_are_the_same(tmp_path):
    inputs = sample.load(folder(tmp_path, sample.complete(), ("l1", "C1", "w1", "W2", "w2", "G1", "G2")))
    assert inputs.evaluators["evaluator"].tolist() == ["L1", "C1", "W1", "W2", "w2", "G1", "G2"]
    assert "evaluator read as the same code: l1 → L1; w1 → W1" in inputs.said
    assert inputs.doubts == ("in the table of evaluators but without a rating: w2",)
