"""Rules of the ratings: every bad row named, all at once, in both languages."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import openpyxl
import pytest
import sample_ratings as sample

from ogp_analysis import ratings
from ogp_analysis.errors import DataError
from ogp_analysis.model import params
from ogp_analysis.ratings import evaluator_codes


@pytest.fixture
def rows():
    return sample.complete()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "notas.csv"


def found(file, rows, **changes):
    """Rule, line and value of each problem."""
    return [
        (p.rule.removeprefix("ratings."), p.row, p.value)
        for p in sample.problems(sample.write(file, rows), **changes)
    ]


def test_the_packaged_example_loads_and_says_it_is_synthetic():
    inputs = sample.load("example")
    assert inputs.synthetic
    assert inputs.proposals["proposal"].tolist() == [f"S{k:02d}" for k in range(1, 44)]
    assert list(inputs.ratings.columns) == list(sample.COLUMNS)
    assert inputs.ratings["rating"].between(1, 5).all()
    assert any("proposals.csv" in line and "proposals: 43" in line for line in inputs.said)


def test_a_single_complete_table_loads(file, rows):
    inputs = sample.load(sample.write(file, rows))
    assert len(inputs.ratings) == len(rows) == 2 * (4 * 2 + 3 * 4)
    assert inputs.proposals["proposal"].tolist() == ["P01", "P02"]
    assert inputs.decisions.empty
    assert not inputs.synthetic
    assert inputs.ratings.dtypes["rating"].kind == "f"


def test_the_order_of_the_file_leaves_no_trace(file, rows):
    first = sample.load(sample.write(file, rows)).ratings
    again = sample.load(sample.write(file, rows[::-1])).ratings
    assert first.equals(again)


def test_five_different_mistakes_are_all_named(file, rows):
    rows[0]["rating"] = "7"
    rows[1]["rating"] = "cuatro"
    rows[2]["indicator"] = "complejidat"
    rows[3]["panel"] = "jury"
    rows.append(dict(rows[5], rating="3"))
    assert found(file, rows) == [
        ("off_scale", 2, "7"),
        ("not_a_number", 3, "cuatro"),
        ("unknown_indicator", 4, "complejidat"),
        ("unknown_word", 5, "jury"),
        ("repeated", 42, "3"),
    ]


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("0", "off_scale"),
        ("5.5", "off_scale"),
        ("-1", "off_scale"),
        ("3.5", "off_scale"),
        ("inf", "not_finite"),
        ("1e400", "not_finite"),
        ("nan", "not_finite"),
        ("NA", "not_a_number"),
        ("N/A", "not_a_number"),
        ("4-may", "not_a_number"),
        ("", "too_few"),
    ],
)
def test_a_cell_that_is_no_rating_is_named(file, rows, cell, rule):
    rows[3]["rating"] = cell
    assert found(file, rows)[0][0] == rule


def test_off_scale_names_file_row_column_value_and_what_is_allowed(file, rows):
    rows[0]["rating"] = "7"
    problem = sample.problems(sample.write(file, rows))[0]
    assert problem.say("es") == (
        "notas.csv, fila 2, columna rating, propuesta P01, indicador tiempo, evaluador L1: "
        "la calificación 7 no está en la escala; se permiten 1, 2, 3, 4, 5"
    )
    assert problem.say("en").endswith("the rating 7 is not on the scale; allowed are 1, 2, 3, 4, 5")


def test_an_unknown_indicator_is_told_the_readers_words(file, rows):
    """Whoever types in Spanish is told the Spanish words, with the keys beside them."""
    rows[0]["indicator"] = "voluntat"
    problem = ratings.examine(sample.parameters(sample.write(file, rows), language="es")).problems[0]
    assert problem.rule == "ratings.unknown_indicator"
    assert "se permiten tiempo (time), complejidad (complexity)" in problem.say("es")
    assert problem.say("es").endswith("(el más parecido: voluntad)")


def test_the_message_follows_the_language_of_the_run(file, rows):
    rows[0]["rating"] = "7"
    with pytest.raises(DataError, match="no está en la escala"):
        sample.load(sample.write(file, rows), language="es")


def test_decimal_comma_is_read_where_the_scale_allows_halves(file, rows, tmp_path):
    method = tmp_path / "halves.yaml"
    packaged = Path(params.__file__).parents[1] / "data" / "methods" / "ecuador-2019.yaml"
    method.write_text(packaged.read_text(encoding="utf-8").replace("step: 1", "step: 0.5"), encoding="utf-8")
    rows[0]["rating"] = "4,5"
    file.write_text(sample.text_of(rows, ";"), encoding="cp1252")
    inputs = sample.load(file, method=str(method))
    assert inputs.ratings.query("proposal == 'P01' and indicator == 'time'")["rating"].tolist() == [4.0, 4.5]
    assert any('separator ";", decimal comma' in line for line in inputs.said)


def test_spanish_headers_and_values_are_read_and_said(file, rows):
    spanish = {
        "proposal": "Propuesta",
        "indicator": "Indicador",
        "panel": "Panel",
        "evaluator": "Evaluador/a",
    }
    spanish |= {"role": "Rol", "rating": "Calificación"}
    values = {"time": "Tiempo", "potential_impact": "Impacto Potencial", "lead": "Institución responsable"}
    values |= {
        "working_group": "GRUPO DE TRABAJO",
        "core_group": "grupo nucleo",
        "independent": "Independiente",
    }
    translated = [{spanish[k]: values.get(v, v) for k, v in row.items()} for row in rows]
    inputs = sample.load(sample.write(file, translated))
    assert inputs.ratings.equals(sample.load(sample.write(file, rows)).ratings)


def test_what_was_translated_is_said(file, rows):
    rows = [{("calificación" if k == "rating" else k): v for k, v in row.items()} for row in rows]
    rows[0]["indicator"] = "tiempo"
    said = "\n".join(sample.load(sample.write(file, rows)).said)
    assert "calificación → rating" in said
    assert "tiempo → time" in said


def test_decomposed_and_composed_spellings_are_one_code(file, rows):
    for row in rows:
        row["proposal"] = row["proposal"].replace("P", "Ñ")
    rows[0]["proposal"] = unicodedata.normalize("NFD", rows[0]["proposal"])
    inputs = sample.load(sample.write(file, rows))
    assert inputs.proposals["proposal"].tolist() == ["Ñ01", "Ñ02"]


def test_leading_zeros_stay(file):
    inputs = sample.load(sample.write(file, sample.complete(("007", "7"))))
    assert inputs.proposals["proposal"].tolist() == ["007", "7"]


def test_case_does_not_make_two_evaluators(file, rows):
    rows[0]["evaluator"] = "l1"
    inputs = sample.load(sample.write(file, rows))
    assert any("→" in line for line in inputs.said)
    assert inputs.ratings["evaluator"].nunique() == 6


def test_an_evaluator_who_rates_the_same_cell_twice(file, rows):
    rows.append(dict(rows[4], rating="2"))
    problem = sample.problems(sample.write(file, rows))[0]
    assert (problem.rule, problem.row) == ("ratings.repeated", 42)
    assert "row 6 (there 4, here 2)" in problem.say("en")


def test_more_than_two_independent_ratings(file, rows):
    at = sample.row_of(rows, panel="core_group")
    rows.append(dict(rows[at], evaluator="G3"))
    assert found(file, rows) == [("surplus", 42, "")]


def test_one_independent_rating_too_few(file, rows):
    del rows[sample.row_of(rows, panel="core_group")]
    (problem,) = sample.problems(sample.write(file, rows))
    assert (problem.rule, problem.proposal, problem.indicator) == ("ratings.too_few", "P01", "reiterations")
    assert "panel Core Group: 1 of 2" in problem.say("en")


def test_a_panel_with_one_rating_allows_only_the_pair_between_panels(file, rows):
    rows = [row for row in rows if row["evaluator"] != "G2"]
    (problem,) = sample.problems(sample.write(file, rows))
    assert problem.rule == "ratings.single_panel"
    assert "between_panels" in problem.say("es")
    assert len(sample.load(file, blind_pair="between_panels").ratings) == len(rows)


def test_a_panel_that_is_absent_is_one_problem(file, rows):
    rows = [row for row in rows if row["panel"] != "lead"]
    assert found(file, rows) == [("absent_panel", 0, "")]


def test_an_evaluator_on_both_sides_of_feasibility(file, rows):
    rows[1]["evaluator"] = rows[0]["evaluator"]
    assert found(file, rows)[0] == ("both_sides", 3, "")


def test_an_evaluator_in_both_panels_is_refused_only_where_they_form_the_pair(file, rows):
    at = sample.row_of(rows, evaluator="G1")
    rows[at]["evaluator"] = "W1"
    assert found(file, rows, blind_pair="between_panels") == [("both_sides", at + 2, "")]
    warnings = sample.load(file).warnings
    assert [warning.rule for warning in warnings] == ["ratings.both_sides"]


def third(rows, evaluator, rating="3"):
    at = sample.row_of(rows, panel="working_group")
    return dict(rows[at], evaluator=evaluator, role="third", rating=rating)


def test_a_third_evaluation_where_the_pair_differs_is_kept(file, rows):
    rows[sample.row_of(rows, panel="working_group")]["rating"] = "1"
    rows.append(third(rows, "W3"))
    inputs = sample.load(sample.write(file, rows))
    assert (inputs.ratings["role"] == "third").sum() == 1
    assert inputs.warnings == ()


def test_a_third_evaluation_by_someone_who_already_rated(file, rows):
    rows.append(third(rows, "W1"))
    assert found(file, rows) == [("third_rated_before", 42, "")]


def test_more_than_one_third_evaluation(file, rows):
    rows += [third(rows, "W3"), third(rows, "W4")]
    assert found(file, rows) == [("second_third", 43, "")]


def test_a_third_evaluation_that_nothing_called_for_is_kept_with_a_warning(file, rows):
    rows.append(third(rows, "W3"))
    inputs = sample.load(sample.write(file, rows))
    assert [warning.rule for warning in inputs.warnings] == ["ratings.third_not_needed"]
    assert any("P01" in line for line in inputs.said)
    warnings = sample.load(file, third_for=[]).warnings
    assert [warning.rule for warning in warnings] == ["ratings.third_not_foreseen"]


def test_a_lacking_third_evaluation_is_no_error(file, rows):
    rows[sample.row_of(rows, panel="working_group")]["rating"] = "1"
    assert found(file, rows) == []


def test_missing_ratings_are_refused_dropped_or_kept(file, rows):
    del rows[sample.row_of(rows, proposal="P02", panel="working_group")]
    assert found(file, rows) == [("too_few", 0, "")]
    dropped = sample.load(file, missing="drop")
    assert set(dropped.ratings["proposal"]) == {"P01"}
    kept = sample.load(file, missing="available")
    assert len(kept.ratings) == len(rows)
    assert any("ratings: 1; proposals" in line for line in kept.said)
    # Where each lacks one, nothing would be left to assess.
    del rows[sample.row_of(rows, proposal="P01", panel="core_group")]
    assert found(file, rows, missing="drop") == [("all_left_out", 0, "2")]
    assert len(sample.load(file, missing="available").ratings) == len(rows)


def test_an_empty_code_is_named(file, rows):
    rows[0]["proposal"] = ""
    rows[1]["evaluator"] = ""
    assert found(file, rows)[:2] == [("empty_code", 2, ""), ("empty_code", 3, "")]


def test_a_panel_does_not_rate_the_other_criterion(file, rows):
    rows[0]["panel"] = "core_group"
    problem = sample.problems(sample.write(file, rows))[0]
    assert dict(problem.detail)["panels"] == "lead, counterpart"
    assert problem.say("es").endswith("; se permiten institución responsable, contraparte")


def test_dates_are_iso_or_refused(file, rows):
    rows = [dict(row, date="2019-10-01") for row in rows]
    assert found(file, rows) == []
    rows[0]["date"] = "02/03/2025"
    assert found(file, rows) == [("not_iso_date", 2, "02/03/2025")]
    rows[0]["date"] = "2026-04-31"
    assert found(file, rows) == [("no_such_date", 2, "2026-04-31")]


NAMES = ("María Pérez", "Ana", "jperez2", "ana@example.org", "1712345678", "PEREZ-1", "M. Pérez")
CODES = (
    "E01",
    "ev-3",
    "R1",
    "9f86d081884c7d65",
    "p-abcdefgh234567ab",
    "WG12",
    "rater_A",
    "evaluador7",
)


@pytest.mark.parametrize("name", NAMES)
def test_what_may_be_a_person_is_refused_and_not_shown(file, rows, name):
    for row in rows:
        row["evaluator"] = name if row["evaluator"] == "W1" else row["evaluator"]
    problems = sample.problems(sample.write(file, rows))
    assert [p.rule for p in problems if p.row] == ["ratings.personal"] * 6
    for language in ("en", "es"):
        message = DataError(problems, language).say(language)
        assert "ogp pseudonymise" in message
        assert name not in message


def test_a_name_is_not_shown_by_any_other_problem_either(file, rows):
    for row in rows:
        row["evaluator"] = "Rosa Canario" if row["evaluator"] == "W1" else row["evaluator"]
    at = sample.row_of(rows, evaluator="Rosa Canario")
    rows[at]["rating"] = "99"
    rows.append(dict(rows[at]))
    message = DataError(sample.problems(sample.write(file, rows))).say("en")
    assert "Canario" not in message


def test_a_sheet_named_after_a_person_is_mentioned_by_its_number(tmp_path, rows):
    book = openpyxl.Workbook()
    for evaluator in ("Rosa Canario", "W2"):
        sheet = book.create_sheet(evaluator)
        sheet.append(["proposal", "panel", "alignment"])
        sheet.append(["P01", "working_group", 9])
    book.save(tmp_path / "notas.xlsx")
    found = ratings.examine(sample.parameters(tmp_path / "notas.xlsx"))
    message = "\n".join([*found.inputs.said, *(p.say("es") for p in found.problems)])
    assert "Canario" not in message
    assert "hoja #1: " in message
    assert "hoja W2, fila 2" in message


@pytest.mark.parametrize(
    "title", ["Hoja1", "Respuestas de formulario 1", "Calificaciones 2026", "E-07", "GT 2"]
)
def test_sheets_with_common_titles_are_mentioned_by_them(title):
    assert evaluator_codes.names_nobody(title)


@pytest.mark.parametrize("code", CODES)
def test_codes_are_accepted(code):
    assert ratings.is_code(code)


def test_a_pseudonym_of_the_package_is_a_code():
    from ogp_analysis.privacy import pseudonyms

    assert all(ratings.is_code(pseudonyms.pseudonym(f"name {k}", key=bytes(range(32)))) for k in range(200))
