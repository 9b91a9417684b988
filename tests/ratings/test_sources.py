"""Where ratings come from: folders, side tables, workbooks, the synthetic mark, what is not used."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest
import sample_ratings as sample
from hypothesis import given, settings
from hypothesis import strategies as st

from ogp_analysis import ratings, tabular
from ogp_analysis.errors import DataError
from ogp_analysis.model import params
from ogp_analysis.model.method_file import read_method
from ogp_analysis.ratings import side_tables, sources
from ogp_analysis.ratings.known_words import Vocabulary
from ogp_analysis.ratings.nearest_word import Codes


@pytest.fixture
def rows():
    return sample.complete()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "notas.csv"


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
    assert Codes(known).nearest(typed) == meant


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
        ("ratings.unrated_proposal", 2),
        ("ratings.not_one_of", 3),
        ("ratings.no_stage", 4),
        ("ratings.empty_reason", 5),
        ("ratings.repeated_row", 6),
    ]


def test_a_stage_that_is_none_is_answered_in_the_words_of_the_list(tmp_path, rows):
    decisions = "proposal,stage,category,reason\nP02,soon,3,x\n"
    (problem,) = sample.problems(folder(tmp_path, rows, decisions=decisions))
    assert problem.say("es").endswith("se permiten selección, confirmación")
    assert problem.say("en").endswith("allowed are selection, confirmation")


def test_a_method_names_its_own_bodies(tmp_path):
    text = sample.TWO_PANELS + "case: {body: {es: los Padrinos}}\n"
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    vocabulary = Vocabulary(read_method("own.yaml", tmp_path)[0])
    bodies = ("Padrinos", "LOS PADRINOS", "the readers", "Chairs", "Rita Padrino")
    rows = "".join(f"P{at},selection,1,x,{name}\n" for at, name in enumerate(bodies))
    table = tabular.parse(f"proposal,stage,category,reason,decided_by\n{rows}".encode(), file="d.csv")[0]
    found = side_tables.read(table, "decisions", vocabulary=vocabulary).problems
    assert [(problem.rule, problem.row) for problem in found] == [("ratings.no_body", 6)]


@pytest.mark.parametrize(("most", "odd"), [("4,0", "4.0"), ("4.0", "4,0")])
def test_one_decimal_sign_among_many_of_the_other_is_the_one_in_doubt(file, rows, most, odd):
    rows = [dict(row, rating=most) for row in rows]
    rows[5]["rating"] = odd
    assert [(p.rule, p.row, p.value) for p in sample.problems(sample.write(file, rows, ";"))] == [
        ("ratings.ambiguous", 7, odd)
    ]


def test_whoever_decided_is_a_body_and_no_person_is_repeated(tmp_path, rows):
    decisions = "proposal,stage,category,reason,decided_by\nP01,selection,3,x,{}\n"
    bodies = {"Grupo Núcleo": [], "CG": [], "": [], "el jurado": [], "the jury": [], "La mesa directiva": []}
    bodies |= {name: ["ratings.no_body"] for name in ("María Pérez", "María Jurado Pérez")}
    for name, expected in bodies.items():
        found = sample.problems(folder(tmp_path, rows, decisions=decisions.format(name)))
        assert [problem.rule for problem in found] == expected
        assert all("Pérez" not in problem.say(language) for problem in found for language in ("en", "es"))


def test_typed_texts_are_masked_and_it_is_said_where(tmp_path, rows):
    decisions = "proposal,stage,category,reason\nP01,selection,3,Llamar al 099 123 4567\n"
    proposals = PROPOSALS + "P01;Por @canario_1;MINTEL;;;;\nP02;Dos;;;;;\n"
    inputs = sample.load(folder(tmp_path, rows, decisions=decisions, propuestas=proposals))
    assert inputs.decisions["reason"].tolist() == ["Llamar al […]"]
    assert inputs.proposals["title"].tolist()[0] == "Por […]"
    assert [doubt.split(":")[0] for doubt in inputs.doubts if "[…]" in doubt] == [
        "propuestas.csv",
        "decisions.csv",
    ]


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
    place = folder(tmp_path, [dict(row, mood="good") for row in rows], quispe="a,b\n1,2\n")
    told = ratings.examine(sample.parameters(place)).inputs.said
    assert any("columns not used: mood" in line for line in told)
    assert any("not used: quispe.csv" in line for line in told)
    # What is published: a header and the name of a file may be a person's.
    inputs = sample.load(place)
    assert any("columns not used: #7" in line for line in inputs.said)
    assert any("not used: #2.csv" in line for line in inputs.said)


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


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"x\0y"])
def test_a_table_under_an_ending_that_is_not_read_is_named_by_it_whatever_it_holds(tmp_path, content):
    (tmp_path / "notas.xls").write_bytes(content)
    (problem,) = sources.not_read(str(tmp_path))
    assert (problem.rule, problem.file, problem.value) == ("ratings.other_ending", "notas.xls", ".xls")
    assert ".xlsx" in dict(problem.detail)["endings"]


def test_columns_with_the_same_meaning_are_refused(file, rows):
    twice = sample.write(file, [dict(row, nota="3") for row in rows])
    assert sample.problems(twice)[0].rule == "ratings.same_meaning"


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


FUZZ = settings(max_examples=24, deadline=None, derandomize=True)
SPOILS = st.sampled_from(
    ["", "x", "9", "P01", "lead", "third", "time", "W1", "Ana Pérez", "1e400", "=1+1", "\u0301", "2019", "4"]
)


@FUZZ
@given(
    st.lists(st.tuples(st.integers(0, 39), st.sampled_from(sample.COLUMNS), SPOILS), min_size=1, max_size=14)
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
    strict = params.read(Path(__file__).parents[2] / "params" / "equal-panels-strict.yaml")
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
