"""Drafts from files of other fields: what is judged, by whom, and what only describes it."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from ogp_analysis.cli import main
from ogp_analysis.language import texts
from ogp_analysis.ratings.known_words import meanings
from ogp_analysis.ratings.method_draft import drafted

POINTS = (4, 2, 5, 1, 3, 2, 4, 5)
JUDGES = ["Juez 1", "Juez 2", "Juez 3"]


def wide(first: str, heads: list[str], names: str = "Cosa {} del año") -> list[list]:
    """A row for each thing judged, with a text that no code is like."""
    cells = [[names.format(k), *(POINTS[(k + at) % 8] for at, _ in enumerate(heads))] for k in range(8)]
    return [[first, *heads], *cells]


def saved(folder: Path, rows: list[list], name: str = "r.csv") -> Path:
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return folder / name


def workbook(path: Path, sheets: dict[str, list[list]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        page = made.create_sheet(title)
        for row in rows:
            page.append(row)
    made.save(path)
    return path


def titles(file: Path, language: str = "en") -> list[str]:
    return [one["title"] for each in drafted(file, language)["criteria"] for one in each["indicators"]]


def marks(file: Path) -> set[str]:
    """Give the columns that remarks name."""
    return {
        part.removeprefix("column ").partition(":")[0]
        for line in drafted(file)["remarks"]
        for part in line.partition(": ")[0].split(", ")
        if part.startswith("column ")
    }


def check(folder: Path, file: Path) -> int:
    """Draft the method of a file, and check the file with it."""
    own = folder / "own.yaml"
    assert main.main(["method", "new", str(own), "--ratings", str(file), "--force"]) == 0
    return main.main(["check", str(file), "--method", str(own), "--json"])


@pytest.mark.parametrize(
    "first", ["Poema", "Código", "Título", "Nombre", "Skater", "Obra", "Stand", "Gericht"]
)
def test_cells_show_the_column_of_what_is_judged(tmp_path, first, capsys):
    file = saved(tmp_path, wide(first, JUDGES))
    assert titles(file) == ["r"]
    assert check(tmp_path, file) == 0
    capsys.readouterr()


def test_a_code_goes_before_the_text_that_it_stands_for(tmp_path, capsys):
    rows = [["Código", "Tesis", "Tutor", *JUDGES]]
    rows += [[f"T{k}", f"Sobre {k}", f"Tutora {k}", *POINTS[k : k + 3]] for k in range(5)]
    file = saved(tmp_path, rows)
    assert check(tmp_path, file) == 0
    assert '"Código"' not in capsys.readouterr().out
    assert marks(file) == set()


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        # Neither dates nor sums nor places name what is judged; nor a text that comes again.
        (wide("Ciudad", JUDGES), "Ciudad"),
        ([["País", *JUDGES], *([f"País {k % 3}", *POINTS[k : k + 3]] for k in range(5))], "País"),
    ],
)
def test_what_names_nothing_is_asked_for(tmp_path, rows, named, capsys):
    assert main.main(["method", "new", str(tmp_path / "m"), "--ratings", str(saved(tmp_path, rows))]) == 1
    assert named in capsys.readouterr().err + capsys.readouterr().out


@pytest.mark.parametrize(
    ("sheet", "file", "title"),
    [
        ("Hoja 1", "premio_tesis.xlsx", "premio tesis"),
        ("Sheet1", "Book2.xlsx", "score"),
        ("Feuil1", "prix.xlsx", "prix"),
        ("Rigor", "prix.xlsx", "Rigor"),
    ],
)
def test_a_sheet_that_a_program_named_is_no_indicator(tmp_path, sheet, file, title):
    made = workbook(tmp_path / file, {sheet: wide("Tesis", JUDGES)})
    assert titles(made) == [title]
    assert title != "score" or titles(made, "es") == ["puntaje"]


@pytest.mark.parametrize(
    ("heads", "raters"),
    [
        (["Bob Stone", "Mary Poole"], 2),
        (["Ana Ruiz", "Bob Stone", "Ian Fleming"], 3),
        (["Kwame Osei", "Li Wei", "Ingrid Berg"], 3),
        (["Dr. Bob Stone", "Prof. Mary Poole"], 2),
    ],
)
def test_two_words_of_the_shape_of_a_name_are_a_judge(tmp_path, heads, raters):
    draft = drafted(saved(tmp_path, wide("Project", heads)))
    assert [each["raters"] for each in draft["criteria"]] == [raters]
    assert len(draft["remarks"]) == 1


@pytest.mark.parametrize("judges", [["Bob Stone", "Mary Poole"], ["Kwame", "Ingrid"], ["Norte", "Sur"]])
@pytest.mark.parametrize(
    "heads", [["Impacto Social", "Viabilidad Técnica"], ["Story Structure", "Visual Style"]]
)
def test_sheets_with_columns_of_criteria_are_judges(tmp_path, judges, heads):
    """Two capitalised words that criteria are made of are no names, whatever the sheets are called."""
    made = workbook(tmp_path / "r.xlsx", {judge: wide("Project", heads) for judge in judges})
    draft = drafted(made)
    assert titles(made) == heads
    assert [each["raters"] for each in draft["criteria"]] == [2]


def test_a_row_for_each_thing_and_criterion_with_a_column_a_judge(tmp_path, capsys):
    rows = [["Skater", "Component", "J1", "J2", "J3"]]
    rows += [
        [f"Skater {letter}", asked, *(POINTS[(k + at) % 8] + 0.25 for at in range(3))]
        for k, letter in enumerate("ABCDE")
        for asked in ("Composition", "Skating Skills")
    ]
    file = saved(tmp_path, rows)
    assert titles(file) == ["Composition", "Skating Skills"]
    assert check(tmp_path, file) == 0
    capsys.readouterr()


def test_what_describes_what_is_judged_or_a_judge_is_no_indicator(tmp_path, capsys):
    rows = [["Film", "Country", "Year", "Juror", "Story", "Image", "Confidence"]]
    rows += [
        [f"Film {k}", "FE"[k % 2], 1 + k % 3, f"Juror {j}", POINTS[(k + at) % 8], POINTS[k - at], 1 + at]
        for k in range(6)
        for at, j in enumerate("ABC")
    ]
    file = saved(tmp_path, rows)
    assert titles(file) == ["Story", "Image"]
    assert marks(file) == {"Country", "Confidence"}
    assert check(tmp_path, file) == 0
    capsys.readouterr()


def test_a_column_called_rating_is_one_indicator_beside_others_of_the_scale(tmp_path, capsys):
    rows = [["paper", "reviewer", "soundness", "rating", "pages"]]
    rows += [
        [f"P{k}", f"R{r}", POINTS[(k + r) % 8], POINTS[k], 90 + k + r] for k in range(8) for r in range(3)
    ]
    file = saved(tmp_path, rows)
    assert titles(file) == ["soundness", "rating"]
    assert check(tmp_path, file) == 0
    capsys.readouterr()


def test_a_slip_in_a_small_table_is_remarked(tmp_path):
    rows = [
        ["project", "judge", "score"],
        *([f"P{k // 2}", f"J{k % 2}", one] for k, one in enumerate("421355")),
    ]
    rows[4][2] = "55"
    (line,) = drafted(saved(tmp_path, rows))["remarks"]
    assert line.startswith("r.csv, row 5, column score, indicator score: 55 ")


def test_a_thing_whose_cells_are_ratings_is_an_indicator(tmp_path, capsys):
    """An essay that is rated is not what is judged, with or without another column beside it."""
    for first in ("Postulante", "Becaria"):
        file = workbook(
            tmp_path / "b.xlsx", {judge: wide(first, ["Entrevista", "Ensayo"]) for judge in JUDGES}
        )
        assert titles(file) == ["Entrevista", "Ensayo"]
        assert check(tmp_path, file) == 0
    capsys.readouterr()


def test_a_thing_is_the_code_of_its_own_title(tmp_path):
    heads = ["Dish", "Dish title", *JUDGES]
    rows = [[f"D{k}", f"Stew {k}", *POINTS[k : k + 3]] for k in range(5)]
    assert meanings(heads)[:2] == ["proposal", "title"]
    assert titles(saved(tmp_path, [heads, *rows])) == ["r"]


RANKED = [["Project", "Juror A", "Juror B"], *([f"P{k}", k + 1, 8 - k] for k in range(8))]


@pytest.mark.parametrize(
    ("rows", "key"),
    [(RANKED, "ranks"), (wide("Obra", [f"Penalty - Juez {k}" for k in (1, 2)]), "less_is_better")],
)
def test_what_may_count_the_other_way_round_is_remarked(tmp_path, rows, key):
    remarks = drafted(saved(tmp_path, rows))["remarks"]
    assert [key for line in remarks if texts.say(f"method.draft.{key}", "en") in line] == [key]
    usual = drafted(saved(tmp_path, wide("Obra", JUDGES), "usual.csv"))["remarks"]
    assert not any(texts.say(f"method.draft.{key}", "en") in line for line in usual)


def test_brackets_stand_in_the_order_of_their_numbers(tmp_path):
    brackets = ["1.000 a 1.999", "Menos de 500", "2.000 o más", "500 a 999"]
    rows = [["Obra", *JUDGES], *([f"A {k}", *(brackets[(k + at) % 4] for at in range(3))] for k in range(8))]
    labels = drafted(saved(tmp_path, rows))["criteria"][0]["indicators"][0]["labels"]
    assert labels == [brackets[1], brackets[3], brackets[0], brackets[2]]


def test_an_unknown_column_that_may_name_panels_is_remarked(tmp_path):
    heads = ["Oferta", "Comité", "Evaluador", "Indicador", "Puntaje"]
    seats = [("Técnico", "J1", "Método"), ("Técnico", "J2", "Método"), ("Económico", "J3", "Precio")]
    rows = [[f"OF {k}", *seat, POINTS[(k + at) % 8]] for k in range(6) for at, seat in enumerate(seats)]
    assert "Comité" in marks(saved(tmp_path, [heads, *rows]))
    alike = [[row[0], "Técnico", *row[2:]] for row in rows]
    assert "Comité" not in marks(saved(tmp_path, [heads, *alike], "one.csv"))


@pytest.mark.parametrize(
    ("header", "counted"), [("Reiteraciones", True), ("Reiteraciones", False), ("reiterations", False)]
)
def test_a_column_that_may_count_reiterations_is_an_indicator_where_evaluators_differ(
    tmp_path, header, counted
):
    """The plan's own indicator of that name; a count is the same in all rows of a proposal."""
    rows = [["Código", "Evaluador", "Tiempo", header]]
    for k in range(6):
        rows += [
            [f"P{k}", who, (k + at) % 5 + 1, k % 3 + 1 if counted else (k + 2 * at) % 5 + 1]
            for at, who in enumerate(("E1", "E2", "E3"))
        ]
    file = saved(tmp_path, rows)
    assert titles(file) == (["Tiempo"] if counted else ["Tiempo", header])
    assert check(tmp_path, file) == 0


def test_a_file_name_with_a_blank_can_be_typed_as_it_is_shown(tmp_path, capsys):
    rows = [
        ["Código", "Evaluador", "Tiempo"],
        *([f"P{k}", e, k % 5 + 1] for k in range(6) for e in ("E1", "E2")),
    ]
    file, own = saved(tmp_path, rows, "mis notas.csv"), tmp_path / "fondo.yaml"
    assert main.main(["method", "new", str(own), "--ratings", str(file)]) == 0
    assert f'ogp check "{file}" --method {own}' in capsys.readouterr().out
    assert main.main(["check", str(file)]) == 1
    assert f'--ratings "{file}"' in capsys.readouterr().out
