"""Rules of the ratings: every bad row named, all at once, in both languages."""

from __future__ import annotations

import datetime
import unicodedata
from pathlib import Path

import openpyxl
import pytest
import sample_ratings as sample
from hypothesis import given, settings
from hypothesis import strategies as st

from ogp_analysis import params, ratings
from ogp_analysis.errors import DataError
from ogp_analysis.ratings.words import closest


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


def test_the_message_follows_the_language_of_the_run(file, rows):
    rows[0]["rating"] = "7"
    with pytest.raises(DataError, match="no está en la escala"):
        sample.load(sample.write(file, rows), language="es")


def test_decimal_comma_is_read_where_the_scale_allows_halves(file, rows, tmp_path):
    method = tmp_path / "halves.yaml"
    packaged = Path(params.__file__).parent / "data" / "methods" / "ecuador-2019.yaml"
    method.write_text(packaged.read_text(encoding="utf-8").replace("step: 1", "step: 0.5"), encoding="utf-8")
    rows[0]["rating"] = "4,5"
    file.write_text(sample.text_of(rows, ";"), encoding="cp1252")
    inputs = sample.load(file, method=str(method))
    assert inputs.ratings.query("proposal == 'P01' and indicator == 'time'")["rating"].tolist() == [4.0, 4.5]
    assert any("separator ;, decimal comma" in line for line in inputs.said)


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


def test_an_empty_code_is_named(file, rows):
    rows[0]["proposal"] = ""
    rows[1]["evaluator"] = ""
    assert found(file, rows)[:2] == [("empty_code", 2, ""), ("empty_code", 3, "")]


def test_a_panel_does_not_rate_the_other_criterion(file, rows):
    rows[0]["panel"] = "core_group"
    problem = sample.problems(sample.write(file, rows))[0]
    assert problem.say("en").endswith("does not rate this indicator; allowed are lead, counterpart")


def test_dates_are_iso_or_refused(file, rows):
    rows = [dict(row, date="2019-10-01") for row in rows]
    assert found(file, rows) == []
    rows[0]["date"] = "02/03/2025"
    assert found(file, rows) == [("not_iso_date", 2, "02/03/2025")]


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
    assert "hoja #1, fila 2" in message
    assert "hoja W2, fila 2" in message


@pytest.mark.parametrize(
    "title", ["Hoja1", "Respuestas de formulario 1", "Calificaciones 2026", "E-07", "GT 2"]
)
def test_sheets_with_common_titles_are_mentioned_by_them(title):
    assert ratings.pseudonyms.names_nobody(title)


@pytest.mark.parametrize("code", CODES)
def test_codes_are_accepted(code):
    assert ratings.is_code(code)


def test_a_pseudonym_of_the_package_is_a_code():
    from ogp_analysis import privacy

    assert all(ratings.is_code(privacy.pseudonym(f"name {k}", key=bytes(range(32)))) for k in range(200))


# Folders, side tables


def folder(tmp_path, rows, **tables):
    sample.write(tmp_path / "calificaciones.csv", rows)
    for name, text in tables.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


PROPOSALS = "propuesta;título;institución responsable;contrapartes;ruta;si no se confirma;reiteraciones\n"


def test_a_folder_with_spanish_names_is_read(tmp_path, rows):
    inputs = sample.load(
        folder(
            tmp_path,
            rows,
            propuestas=PROPOSALS + "P01;Uno;MINTEL;FCD;;3;4\nP02;Dos;STPE;;Ministerio;;\n",
            decisiones="propuesta,etapa,categoría,razón\nP02,selección,3,proyecto propio\n",
            evaluadores="evaluador,organización,sector\nW1,FCD,sociedad civil\n",
        )
    )
    assert inputs.proposals["if_not_confirmed"].tolist() == ["3", ""]
    assert inputs.proposals["reiterations"].tolist()[0] == 4.0
    assert inputs.decisions.loc[0, ["stage", "category"]].tolist() == ["selection", 3]
    assert inputs.evaluators["organisation"].tolist() == ["FCD"]
    assert any("not computable: 3" in line for line in inputs.said)


def test_a_count_with_a_decimal_comma_is_that_count(tmp_path, rows):
    given = folder(tmp_path, rows, propuestas=PROPOSALS + "P01;Uno;;;;;12,0\nP02;Dos;;;;;1e1\n")
    assert sample.load(given).proposals["reiterations"].tolist() == [12.0, 10.0]


@pytest.mark.parametrize(
    ("typed", "meant"), [("S1", "S01"), ("s010", "S10"), ("7", "007"), ("S100", "S100"), ("0", "00")]
)
def test_a_code_without_its_zeros_is_the_nearest(typed, meant):
    known = ["S11", "S01", "S10", "007", "70", "S100", "00"]
    assert closest(typed, known) == meant


def test_unknown_proposals_get_the_nearest_name(tmp_path, rows):
    rows[0]["proposal"] = "P1"
    source = folder(tmp_path, rows, propuestas=PROPOSALS + "P01;;;;;;\nP02;;;;;;\n")
    problem = sample.problems(source)[0]
    assert problem.say("en").endswith("'P1' is not in the table of proposals (most similar: P01)")


def test_every_fault_of_decisions_is_named(tmp_path, rows):
    decisions = (
        "proposal,stage,category,reason\nP09,selection,2,x\nP01,selection,5,x\nP02,soon,3,x\n"
        "P02,confirmation,3,\nP02,confirmation,4,y\n"
    )
    source = folder(tmp_path, rows, decisions=decisions)
    assert [(p.rule, p.row) for p in sample.problems(source)] == [
        ("ratings.unknown_proposal", 2),
        ("ratings.not_one_of", 3),
        ("ratings.not_one_of", 4),
        ("ratings.empty_reason", 5),
        ("ratings.repeated_row", 6),
    ]


def test_whoever_decided_is_a_body_and_no_person_is_repeated(tmp_path, rows):
    decisions = "proposal,stage,category,reason,decided_by\nP01,selection,3,x,{}\n"
    bodies = {"Grupo Núcleo": [], "CG": [], "": [], "María Pérez": ["ratings.no_body"]}
    for name, expected in bodies.items():
        found = sample.problems(folder(tmp_path, rows, decisions=decisions.format(name)))
        assert [problem.rule for problem in found] == expected
        assert all("Pérez" not in problem.say(language) for problem in found for language in ("en", "es"))


def test_every_fault_of_proposals_is_named(tmp_path, rows):
    source = folder(tmp_path, rows, propuestas=PROPOSALS + "P01;;;;;7;x\nP02;;;;;;-1\nP02;;;;;;\n")
    assert [(p.rule, p.row) for p in sample.problems(source)] == [
        ("ratings.not_one_of", 2),
        ("ratings.not_a_count", 2),
        ("ratings.not_a_count", 3),
        ("ratings.repeated_row", 4),
    ]


def test_a_name_in_the_table_of_evaluators_is_refused_and_not_shown(tmp_path, rows):
    source = folder(
        tmp_path, rows, evaluadores="evaluador,organización\nRosa Canario,FCD\nRosa Canario,FCD\n"
    )
    message = DataError(sample.problems(source)).say("en")
    assert "ogp pseudonymise" in message
    assert "Canario" not in message


def test_faults_of_all_files_come_together(tmp_path, rows):
    rows[0]["rating"] = "9"
    source = folder(tmp_path, rows, decisions="proposal,stage,category,reason\nP01,selection,9,x\n")
    assert [(p.file, p.rule) for p in sample.problems(source)] == [
        ("calificaciones.csv", "ratings.off_scale"),
        ("decisions.csv", "ratings.not_one_of"),
    ]


def test_two_unreadable_files_are_both_named(tmp_path, rows):
    source = folder(tmp_path, rows)
    for name in ("a.csv", "b.csv"):
        (source / name).write_bytes(b"x\0y")
    assert [p.file for p in sample.problems(source)] == ["a.csv", "b.csv"]


def test_what_is_not_used_is_said(tmp_path, rows):
    inputs = sample.load(folder(tmp_path, [dict(row, mood="good") for row in rows], other="a,b\n1,2\n"))
    assert any("columns not used: mood" in line for line in inputs.said)
    assert any("not used: other.csv" in line for line in inputs.said)


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("calificaciones.csv", "propuesta,nota\nP01,3\n", "ratings.lacking_column"),
        ("other.csv", "a,b\n1,2\n", "ratings.no_ratings"),
        ("notes.md", "# nothing", "ratings.empty_folder"),
    ],
)
def test_a_folder_without_ratings_says_what_is_wanted(tmp_path, name, text, rule):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert rule in {p.rule for p in sample.problems(tmp_path)}


def test_columns_with_the_same_meaning_are_refused(file, rows):
    assert found(file, [dict(row, nota="3") for row in rows])[0][0] == "same_meaning"


def test_a_missing_source_says_what_may_be_given():
    (problem,) = sample.problems("nowhere.xlsx")
    assert "carpeta de archivos CSV" in problem.say("es")


@pytest.mark.parametrize("mark", ["column", "comment"])
def test_the_synthetic_mark_is_seen(file, rows, mark):
    if mark == "column":
        sample.write(file, [dict(row, sintético="sí") for row in rows])
    else:
        file.write_text("# EJEMPLO SINTÉTICO\n" + sample.text_of(rows), encoding="utf-8")
    assert sample.load(file).synthetic


def test_a_synthetic_column_that_says_no_is_no_mark(file, rows):
    assert not sample.load(sample.write(file, [dict(row, synthetic="no") for row in rows])).synthetic


def test_a_date_in_a_rating_cell_of_a_workbook_is_named_by_address(tmp_path, rows):
    book = openpyxl.Workbook()
    book.active.title = "calificaciones"
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append([*list(row.values())[:-1], float(row["rating"])])
    book.active["F3"] = datetime.date(2025, 5, 4)
    book.save(tmp_path / "notas.xlsx")
    problem = sample.problems(tmp_path / "notas.xlsx")[0]
    assert (problem.rule, problem.sheet, problem.row) == ("ratings.date", "calificaciones", 3)
    assert problem.column == "rating (F3)"


FUZZ = settings(max_examples=40, deadline=None, derandomize=True)
SPOILS = st.sampled_from(
    ["", "x", "9", "P01", "lead", "third", "time", "W1", "Ana Pérez", "1e400", "=1+1", "\u0301", "2019", "4"]
)


@FUZZ
@given(
    st.lists(st.tuples(st.integers(0, 39), st.sampled_from(sample.COLUMNS), SPOILS), min_size=1, max_size=8)
)
def test_any_spoilt_table_is_read_or_refused_with_documented_errors(tmp_path_factory, spoils):
    rows = sample.complete()
    for at, column, cell in spoils:
        rows[at][column] = cell
    path = sample.write(tmp_path_factory.getbasetemp() / "fuzz.csv", rows)
    problems = sample.problems(path)
    if not problems:
        assert len(sample.load(path).ratings) <= len(rows)
    if all(column == "evaluator" for _, column, _ in spoils):
        assert all("Pérez" not in problem.say("es") for problem in problems)


def test_the_example_serves_both_readings_of_the_blind_pair():
    """Thirds collected inside the panels are warned of in reading B, not refused."""
    strict = params.read(Path(__file__).parent.parent / "params" / "equal-panels-strict.yaml")
    inputs = ratings.load(strict)
    assert strict.blind_pair == "between_panels"
    assert len(inputs.ratings) == len(ratings.load(params.from_values(params.baseline())).ratings)
    assert "ratings.third_of_both_panels" in {warning.rule for warning in inputs.warnings}


def test_a_count_of_one_is_said_with_right_grammar_in_both_languages(file, rows):
    rows = [row for row in rows if row["evaluator"] != "G2"]
    rows.append(dict(rows[sample.row_of(rows, panel="lead")], evaluator="L2"))
    found = {problem.rule: problem for problem in sample.problems(sample.write(file, rows))}
    single, surplus = found["ratings.single_panel"], found["ratings.surplus"]
    assert "independientes por celda en el panel Grupo Núcleo: 1 en todas partes y se piden 2" in single.say(
        "es"
    )
    assert "ratings a cell in panel Core Group: 1 everywhere, 2 wanted" in single.say("en")
    assert "(máximo: 1)" in surplus.say("es")
    assert "(at most: 1)" in surplus.say("en")
