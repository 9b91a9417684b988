"""Workbooks as universities keep them: what a cell shows, titles over the table, sheets nearly read."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import sample_ratings as sample

from ogp_analysis import ratings
from ogp_analysis.cli import main
from ogp_analysis.model import method_defaults, method_file, params
from ogp_analysis.ratings import evaluator_codes
from ogp_analysis.ratings.implausible_ratings import counted_anew
from ogp_analysis.ratings.known_words import is_total
from ogp_analysis.tabular import Table

HEADER = ["propuesta", "originalidad", "metodología"]


@pytest.fixture
def rows():
    return sample.complete()


def book(tmp_path, sheets, edit=None):
    """Write sheets of rows, each by its title, and let ``edit`` spoil the first."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, lines in sheets.items():
        sheet = made.create_sheet(title)
        for line in lines:
            sheet.append(line)
    if edit:
        edit(made.worksheets[0])
    made.save(tmp_path / "notas.xlsx")
    return tmp_path / "notas.xlsx"


def long(rows):
    return [list(rows[0]), *([*list(row.values())[:-1], int(row["rating"])] for row in rows)]


@pytest.mark.parametrize(("shown_as", "refused"), [("0%", ["F2"]), ("0.0 %", ["F2"]), ('0"%"', [])])
def test_a_cell_shown_as_a_percentage_is_not_read_as_what_it_stores(tmp_path, rows, shown_as, refused):
    """Excel stores 100% as 1 (ECMA-376, part 1, 18.8.31), which a scale of 1 to 5 holds too."""

    def edit(sheet):
        sheet["F2"] = 1
        sheet["F2"].number_format = shown_as

    found = sample.problems(book(tmp_path, {"notas": long(rows)}, edit))
    named = [problem.column for problem in found if problem.rule == "ratings.percent"]
    assert named == [f"rating ({cell})" for cell in refused]


def test_a_title_over_several_columns_above_the_header_is_left_out(tmp_path, rows):
    lines = [["Universidad", *[None] * 5], [], *long(rows)]
    for area, refused in (("A1:F1", []), ("A1:F2", []), ("F3:G3", ["F3:G3"]), ("A4:A5", ["A4:A5"])):
        found = sample.problems(
            book(tmp_path, {"notas": lines}, lambda sheet, area=area: sheet.merge_cells(area))
        )
        assert [problem.column for problem in found if problem.rule == "tabular.merged"] == refused


METHOD = """name: fund
criteria:
- name: merit
  panels: [jury]
  raters: [2, 3]
  indicators:
  - {name: originality, title: originalidad, minimum: 0, maximum: 10}
  - {name: method, title: metodología, minimum: 0, maximum: 10}
categories: [yes_, no_]
cut_points: [5]
"""


@pytest.fixture
def method(tmp_path):
    (tmp_path / "fondo.yaml").write_text(METHOD, encoding="utf-8")
    return str(tmp_path / "fondo.yaml")


def pseudonymised(tmp_path, source, *more):
    """Replace names as the refusal of ``ogp check`` advises, and read what comes out."""
    key = tmp_path / "private" / "key.txt"
    key.parent.mkdir(exist_ok=True)
    (tmp_path / "out").mkdir(exist_ok=True)
    target = tmp_path / "out" / "ratings.csv"
    words = ["pseudonymise", str(source), str(target), "--new-key", str(key), *more]
    assert main.main(words) == 0
    return pd.read_csv(target, dtype=str)


def test_a_row_of_means_gets_no_pseudonym(tmp_path, capsys):
    """As one more person it would be counted: check leaves it out by its name only."""
    lines = [["Código de evaluador/a", "propuesta", "tiempo"]]
    lines += [[who, code, 4] for code in ("P01", "P02") for who in ("Ana Ruiz", "Luz Paz", "Promedio")]
    columns = ("--columns", "Código de evaluador/a")
    frame = pseudonymised(tmp_path, book(tmp_path, {"notas": lines}), *columns)
    assert sorted(frame["evaluator"].value_counts()) == [2, 2]
    assert "left out: 4, 7" in capsys.readouterr().out


def test_sheets_called_by_names_are_pseudonymised_by_the_command_that_the_refusal_gives(tmp_path, method):
    sheets = {who: [HEADER, ["P01", 7, 8], ["P02", 3, 4]] for who in ("Ana Ruiz", "Luz Paz")}
    source = book(tmp_path, {"Notas": [["Reunión"]], **sheets})
    assert evaluator_codes.command(str(source), "notas.xlsx", method).endswith(f" --method {method}")
    frame = pseudonymised(tmp_path, source, "--method", method)
    assert frame.groupby("evaluator")["originalidad"].apply(list).tolist() == [["7", "3"]] * 2
    assert frame["evaluator"].str.fullmatch("p-[a-z2-7]{16}").all()


def test_a_new_key_in_a_folder_that_is_not_there_names_the_folder(tmp_path, capsys):
    source = book(tmp_path, {"notas": [["propuesta", "Evaluador", "tiempo"], ["P01", "Ana Ruiz", 2]]})
    words = [
        "pseudonymise",
        str(source),
        str(tmp_path / "out.csv"),
        "--new-key",
        str(tmp_path / "no" / "key.txt"),
    ]
    assert main.main([*words, "--lang", "en"]) != 0
    assert f"{tmp_path / 'no'}:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "written"), [("3,5", ["2,5", "3,5"]), ("3.5", ["2.5", "3.5"]), ("alto", ["2.5", "alto"])]
)
def test_numbers_of_a_workbook_get_the_decimal_sign_of_its_texts(tmp_path, typed, written):
    """A CSV file with both signs would be refused, and its workbook was not."""
    rows = [["propuesta", "Evaluador", "tiempo"], ["P01", "Ana Ruiz", 2.5], ["P01", "Luz Paz", typed]]
    frame = pseudonymised(tmp_path, book(tmp_path, {"notas": rows}))
    assert sorted(frame["tiempo"]) == written


def sheets_of(*heads):
    """Give three jurors' sheets, the last with a header of its own where there is one."""
    rows = [["P01", 7, 8], ["P02", 3, 4]]
    heads = [*[HEADER] * (3 - len(heads)), *heads]
    return {f"E0{k}": [header, *rows] for k, header in enumerate(heads, start=1)}


def problems_of(source, method):
    values = method_defaults.defaults_of(method_file.read_method(method, Path())[0])
    found = ratings.examine(
        params.from_values(values | {"data": str(source), "method": method, "language": "es"})
    ).problems
    assert all(problem.say("en") != problem.say("es") for problem in found)
    return found


@pytest.mark.parametrize(
    ("header", "indicator"),
    [
        ("Originaldad", "originality"),
        ("Orig.", "originality"),
        ("1. Originalidad del proyecto", "originality"),
        ("Originalidad ponderada", "originality"),
        ("Originalidad (invertida)", "originality"),
        ("comentario originalidad", ""),
        ("Procedencia", ""),
    ],
)
def test_a_column_that_is_nearly_an_indicator_is_named_and_not_passed_over(
    tmp_path, method, header, indicator
):
    """Two of three jurors are enough here: without it a juror's ratings would lack in silence."""
    found = problems_of(book(tmp_path, sheets_of(["propuesta", header, "metodología"])), method)
    named = [(problem.sheet, problem.column, problem.indicator) for problem in found]
    assert named == ([("E03", header, indicator)] if indicator else [])
    assert all(problem.rule == "ratings.nearly_read" for problem in found)


def test_a_sheet_whose_proposals_have_another_header_is_not_passed_over(tmp_path, method):
    (found,) = problems_of(book(tmp_path, sheets_of(["Código", *HEADER[1:]])), method)
    assert (found.rule, found.sheet) == ("ratings.unread_sheet", "E03")
    assert "'Código' por propuesta" in found.say("es")


def test_what_to_rename_is_no_column_of_ratings(tmp_path, method):
    """With one jury and a sheet each, neither panel nor evaluator lacks."""
    (found,) = problems_of(book(tmp_path, sheets_of(*[["Código", *HEADER[1:]]] * 3)), method)
    assert "cambie el encabezado 'Código' por propuesta" in found.say("es")
    assert "ningún encabezado" not in found.say("es")


@pytest.mark.parametrize(
    ("title", "rules"),
    [
        *((t, []) for t in ("Promedios", "Consolidado", "Resumen", "Summary", "Totals 2026", "Ranking")),
        ("Ana Paz", ["ratings.personal_title"]),
    ],
)
def test_a_sheet_of_means_is_left_out_and_any_other_title_is_asked_about_once(tmp_path, method, title, rules):
    sheets = sheets_of() | {title: [HEADER, ["P01", 5.5, 6.5], ["P02", 1, 1]]}
    found = problems_of(book(tmp_path, sheets), method)
    assert [problem.rule for problem in found] == rules
    assert all(title not in problem.say("es").split(": ", 1)[1] for problem in found)


@pytest.mark.parametrize(
    ("header", "codes", "numbers"),
    [
        ("Reviewer Number", {"1": "123", "2": "123"}, 3),
        ("Reviewer", {"1": "123", "2": "123"}, 0),
        ("Reviewer", {"1": "12", "2": "123"}, 3),
        ("Reviewer Number", {"1": "13", "2": "123"}, 0),
        ("Número de evaluador", {"1": ["E01", "E07"], "2": ["E01", "E02"]}, 0),
        ("Revisor", {"1": ["Revisor A", "Revisor B"], "2": ["Revisor A", "Revisor B", "Revisor C"]}, 3),
    ],
)
def test_numbers_that_begin_anew_in_each_proposal_are_asked_about(header, codes, numbers):
    """CMT's export calls the reviewers of every paper 1, 2, 3: they are other persons."""
    rows = [(proposal, code) for proposal, group in codes.items() for code in group]
    table = Table("", "cmt.csv", ["Paper ID", header], [list(row) for row in rows], [])
    found = counted_anew(pd.DataFrame(rows, columns=["proposal", "evaluator"]), [table])
    assert len(found) == numbers


@pytest.mark.parametrize(("text", "total"), [("Σ", True), ("∑ ", True), ("Σ de notas", False)])
def test_a_sign_of_a_sum_alone_is_a_total(text, total):
    assert is_total(text) is total


def test_seats_of_a_university_are_no_names():
    assert all(ratings.is_code(code) for code in ("Docente 3", "Par ciego 2", "externo_1", "Estudiante 12"))
    assert not any(ratings.is_code(name) for name in ("Docente Ana", "Par Ruiz", "Externa Paz"))
