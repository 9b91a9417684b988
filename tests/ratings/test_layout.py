"""Long, one sheet an evaluator, form export: three shapes of the same ratings give the same table."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import sample_ratings as sample

from ogp_analysis import ratings
from ogp_analysis.model import params
from ogp_analysis.ratings import known_words

METHOD = params.from_values(params.baseline()).method


@pytest.fixture
def expected(tmp_path):
    return sample.load(sample.write(tmp_path / "long.csv", sample.complete())).ratings


def across(rows, key=("proposal", "panel", "evaluator", "role")) -> pd.DataFrame:
    frame = pd.DataFrame(rows, dtype="str")
    return frame.pivot(index=list(key), columns="indicator", values="rating").reset_index()


def sheets(path, rows):
    book = openpyxl.Workbook()
    for (evaluator, _), mine in pd.DataFrame(rows, dtype="str").groupby(["evaluator", "panel"]):
        sheet = book.create_sheet(evaluator)
        wide = across(mine).drop(columns="evaluator")
        sheet.append([str(name) for name in wide.columns])
        for record in wide.itertuples(index=False):
            sheet.append([int(cell) if str(cell).isdigit() else cell for cell in record])
    book.save(path)
    return path


def test_an_empty_role_is_that_of_an_independent_evaluator(tmp_path):
    rows = sample.complete()
    given = sample.load(sample.write(tmp_path / "n.csv", rows)).ratings
    independent = [row for row in rows if row["role"] == "independent"]
    blank = [row | {"role": "" if row in independent[3:] else row["role"]} for row in rows]
    read = sample.load(sample.write(tmp_path / "n.csv", blank))
    pd.testing.assert_frame_equal(read.ratings, given)
    assert f"role left empty: read as independent (ratings: {len(independent) - 3})" in " ".join(read.said)


def test_one_sheet_an_evaluator_gives_the_same_ratings(tmp_path, expected):
    inputs = sample.load(sheets(tmp_path / "book.xlsx", sample.complete()))
    assert inputs.ratings.equals(expected)
    assert any("the sheet's name is the evaluator" in line for line in inputs.said)


def test_indicators_across_in_one_table_give_the_same_ratings(tmp_path, expected):
    across(sample.complete()).fillna("").to_csv(tmp_path / "wide.csv", index=False)
    assert sample.load(tmp_path / "wide.csv").ratings.equals(expected)


def test_a_form_export_gives_the_same_ratings(tmp_path, expected):
    wide = across(sample.complete()).fillna("")
    headers = {
        "proposal": "Código de la propuesta",
        "panel": "Panel",
        "evaluator": "Código de evaluador",
        "role": "Rol",
    }
    headers |= {"time": "Factibilidad [Tiempo]", "complexity": "Factibilidad [Complejidad]"}
    headers |= {"alignment": "relevance/alignment", "potential_impact": "Pertinencia: Impacto potencial"}
    wide = wide.rename(columns=headers)
    wide.insert(0, "Marca temporal", "2019-07-01 10:00:00")
    wide.to_csv(tmp_path / "respuestas.csv", index=False, sep=";")
    inputs = sample.load(tmp_path / "respuestas.csv")
    assert inputs.ratings.equals(expected)
    assert any("form export" in line and "columns not used: Marca temporal" in line for line in inputs.said)


def test_a_form_with_a_column_for_each_proposal_gives_the_same_ratings(tmp_path, expected):
    frame = pd.DataFrame(sample.complete(), dtype="str")
    frame["question"] = frame["proposal"] + " [" + frame["indicator"] + "]"
    wide = frame.pivot(
        index=["panel", "evaluator", "role"], columns="question", values="rating"
    ).reset_index()
    wide.fillna("").to_csv(tmp_path / "form.csv", index=False)
    assert sample.load(tmp_path / "form.csv").ratings.equals(expected)


def test_a_second_submission_is_named_not_overwritten(tmp_path):
    wide = across(sample.complete()).fillna("")
    again = pd.concat([wide, wide.iloc[[0]]])
    again.insert(0, "timestamp", "t")
    again.to_csv(tmp_path / "form.csv", index=False)
    assert {p.rule for p in sample.problems(tmp_path / "form.csv")} == {"ratings.repeated"}


def test_a_faulty_row_of_several_ratings_is_one_problem(tmp_path):
    wide = across(sample.complete()).fillna("")
    wide.loc[0, "panel"] = "jury"
    wide.to_csv(tmp_path / "wide.csv", index=False)
    assert [(p.rule, p.row) for p in sample.problems(tmp_path / "wide.csv")] == [("ratings.unknown_word", 2)]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Tiempo", ("", "time")),
        ("IMPACTO  POTENCIAL", ("", "potential_impact")),
        ("Factibilidad [Tiempo]", ("", "time")),
        ("P07 [Tiempo]", ("P07", "time")),
        ("P07 - Alineación", ("P07", "alignment")),
        ("Valore la propuesta [Tiempo]", ("", "time")),
        ("Tiempo libre", ("", "")),
        ("", ("", "")),
    ],
)
def test_headers_of_forms(header, expected):
    assert known_words.Vocabulary(METHOD).question(header) == expected


def test_every_word_that_the_documentation_promises_is_read():
    page = (Path(__file__).resolve().parents[2] / "docs" / "ratings-format.md").read_text(encoding="utf-8")
    table = page.split("| ours | also read |")[1].split("\n\n")[0]
    promised = [line.strip("|").split("|") for line in table.splitlines() if line.count("|") == 3][1:]
    assert len(promised) == 12
    for ours, also in promised:
        key = known_words.column_of(ours.strip())
        assert key
        assert {known_words.column_of(word.strip()) for word in also.split(",")} == {key}


def test_where_a_criterion_has_one_panel_the_column_may_lack(tmp_path):
    (tmp_path / "two.yaml").write_text(sample.TWO_PANELS, encoding="utf-8")
    out = io.StringIO()
    csv.writer(out).writerows(
        [["proposal", "rater", "indicator", "score"]]
        + [[f"A{k}", rater, "merit", 3] for k in range(3) for rater in ("R1", "R2")]
        + [[f"A{k}", rater, "scope", 7] for k in range(3) for rater in ("R1", "R2")]
    )
    (tmp_path / "scores.csv").write_text(out.getvalue(), encoding="utf-8")
    inputs = sample.load(
        tmp_path / "scores.csv",
        method=str(tmp_path / "two.yaml"),
        indicator_weights={"merit": 1, "scope": 1},
        criterion_weights={"quality": 0.5, "fit": 0.5},
        cut_points={"quality": [3, 6], "fit": [3, 6]},
        third_for=["quality"],
    )
    assert sorted(inputs.ratings["panel"].unique()) == ["chairs", "readers"]
    assert any("no column for the role" in line for line in inputs.said)


TITLES = [["Calificaciones de la institución"], [], ["Fecha", "mayo de 2026"]]


def titled(path, rows, *, above=TITLES, **tables):
    """A workbook of one sheet a table, with lines above each header."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, listed in (tables or {"Hoja1": rows}).items():
        sheet = book.create_sheet(name)
        for line in (*above, list(listed[0]), *(list(row.values()) for row in listed)):
            sheet.append(line)
    book.save(path)
    return path


def ratings_of(inputs):
    return inputs.ratings.sort_values(list(inputs.ratings)).reset_index(drop=True)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "header in row 4, rows above it left out: 1, 3"),
        ("es", "encabezado en la fila 4, filas que están encima y no se leen: 1, 3"),
    ],
)
def test_titles_above_a_header_are_left_out_and_said(tmp_path, language, words):
    rows = sample.complete()
    plain = sample.load(sample.write(tmp_path / "n.csv", rows))
    inputs = sample.load(titled(tmp_path / "n.xlsx", rows), language=language)
    assert any(words in line for line in inputs.said)
    pd.testing.assert_frame_equal(ratings_of(inputs), ratings_of(plain))


def test_rows_below_a_title_keep_their_number_in_messages(tmp_path):
    rows = sample.complete()
    rows[0]["rating"] = "9"
    (problem,) = sample.problems(titled(tmp_path / "n.xlsx", rows))
    assert (problem.rule, problem.row, problem.column) == ("ratings.off_scale", 5, "rating (F5)")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "title", ["Ejemplo sintético", "Ejemplo sintético;", "Ejemplo sintético, mayo de 2026\n"]
)
def test_a_title_in_a_csv_is_no_header_and_may_say_synthetic(tmp_path, title, separator):
    path = tmp_path / "n.csv"
    path.write_text(title + "\n" + sample.text_of(sample.complete(), separator), encoding="utf-8")
    inputs = sample.load(path)
    assert inputs.synthetic
    assert len(inputs.ratings) == len(sample.complete())


def test_after_ten_lines_no_header_is_looked_for(tmp_path):
    above = [[f"línea {k}"] for k in range(11)]
    assert not sample.problems(titled(tmp_path / "n.xlsx", sample.complete(), above=above[:10]))
    (problem, *_) = sample.problems(titled(tmp_path / "m.xlsx", sample.complete(), above=above))
    assert problem.rule == "ratings.no_ratings"


PANEL_TITLES = {
    "lead": "Institución responsable",
    "counterpart": "Contraparte",
    "working_group": "Grupo de Trabajo",
    "core_group": "core_group",
}


def by_panel():
    rows = sample.complete()
    return {
        title: [{name: row[name] for name in row if name != "panel"} for row in rows if row["panel"] == panel]
        for panel, title in PANEL_TITLES.items()
    }


def test_the_title_of_a_sheet_may_name_the_panel(tmp_path):
    plain = sample.load(sample.write(tmp_path / "n.csv", sample.complete()))
    inputs = sample.load(titled(tmp_path / "n.xlsx", [], above=[], **by_panel()), language="es")
    pd.testing.assert_frame_equal(ratings_of(inputs), ratings_of(plain))
    assert any(
        "Grupo de Trabajo" in line and "según el título: Grupo de Trabajo" in line for line in inputs.said
    )


def test_what_was_read_as_what_is_said_in_the_words_of_the_reader(tmp_path):
    head = "¿Cuál es su código de evaluador?,Panel,P01 [Tiempo],P02 [time]\n"
    (tmp_path / "n.csv").write_text(head + "L1,GT,4,5\nL1,lead,4,5\n", encoding="utf-8")
    said = {
        language: "\n".join(
            ratings.examine(sample.parameters(tmp_path / "n.csv", language=language)).inputs.said
        )
        for language in ("en", "es")
    }
    assert "código de evaluador? → evaluador; P01 [Tiempo] → propuesta P01, indicador tiempo" in said["es"]
    assert "código de evaluador? → evaluator; P01 [Tiempo] → proposal P01, indicator time" in said["en"]
    assert not any(word in said["es"] for word in ("evaluator", "proposal", "role", "Panel →"))


def test_the_name_of_a_file_may_name_the_panel(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    for title, rows in by_panel().items():
        sample.write(folder / f"{title}.csv", rows)
    plain = sample.load(sample.write(tmp_path / "n.csv", sample.complete()))
    pd.testing.assert_frame_equal(ratings_of(sample.load(folder)), ratings_of(plain))


def test_a_title_that_names_the_panel_names_no_evaluator(tmp_path):
    sheets = by_panel()
    for row in sheets["Contraparte"]:
        del row["evaluator"]
    (problem,) = sample.problems(titled(tmp_path / "n.xlsx", [], above=[], **sheets))
    assert (problem.rule, problem.sheet) == ("ratings.lacking_column", "Contraparte")
    assert "evaluator" in problem.value
