"""A method drafted from the files that juries keep: who rates, what is rated, or both readings."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from ogp_analysis.cli import main
from ogp_analysis.errors import DataError
from ogp_analysis.language import texts
from ogp_analysis.model.method_file import read_method
from ogp_analysis.ratings.draft_columns import DRAFT
from ogp_analysis.ratings.evaluator_columns import seats_in
from ogp_analysis.ratings.method_draft import drafted

SCALE = (4, 2, 5, 1, 3, 2, 4, 5)


def sheet(*heads: str, first: str = "Project", rows: int = 8) -> list[list]:
    cells = [[f"P{k}", *(SCALE[(k + at) % 8] for at, _ in enumerate(heads))] for k in range(rows)]
    return [[first, *heads], *cells]


def book(folder: Path, sheets: dict[str, list[list]], hidden: str = "") -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        page = workbook.create_sheet(title)
        page.sheet_state = "hidden" if title == hidden else "visible"
        for row in rows:
            page.append(row)
    workbook.save(folder / "r.xlsx")
    return folder / "r.xlsx"


def text(folder: Path, rows: list[list]) -> Path:
    (folder / "r.csv").write_text("\n".join(",".join(map(str, row)) for row in rows), encoding="utf-8")
    return folder / "r.csv"


def seen(file: Path) -> tuple[list[str], list]:
    """Give titles of indicators and the evaluators of each criterion."""
    criteria = drafted(file)["criteria"]
    titles = [one["title"] for criterion in criteria for one in criterion["indicators"]]
    return titles, [criterion["raters"] for criterion in criteria]


@pytest.mark.parametrize(
    ("sheets", "titles"),
    [
        (
            {"Factibilidad": ("Tiempo", "Recursos"), "Pertinencia": ("Impacto",)},
            ["Factibilidad", "Pertinencia"],
        ),
        # As a program calls sheets, as an evaluator is called, with an indicator in common, a sheet for each.
        ({"Hoja1": ("Tiempo", "Recursos"), "Hoja2": ("Impacto", "Alcance")}, [""]),
        ({"Juez 1": ("Tiempo", "Recursos"), "Juez 2": ("Impacto", "Alcance")}, [""]),
        ({"Norte": ("Tiempo", "Recursos"), "Sur": ("Tiempo", "Impacto")}, [""]),
        ({"Claridad": ("Claridad",), "Impacto": ("Impacto",)}, [""]),
    ],
)
def test_sheets_that_share_no_indicator_are_criteria(tmp_path, sheets, titles):
    scores = ((3, 1), (4, 2), (1, 5), (2, 2), (5, 4), (3, 3))
    cells = [[f"P{k // 2}", "JL"[k % 2], *both] for k, both in enumerate(scores * 3)]
    rows = {name: [["Proyecto", "Evaluador", *heads]] for name, heads in sheets.items()}
    for name, heads in sheets.items():
        rows[name] += [row[: 2 + len(heads)] for row in cells]
    criteria = drafted(book(tmp_path, rows))["criteria"]
    untitled = texts.say("method.draft.criterion", "en")
    assert [one["title"] for one in criteria] == [title or untitled for title in titles]
    assert sum(len(one["indicators"]) for one in criteria) == len(
        {each for one in sheets.values() for each in one}
    )


JUDGES = ["Juez 1", "Juez 2", "Juez 3"]


@pytest.mark.parametrize(
    ("sheets", "titles", "raters"),
    [
        # A sheet an indicator, a column a judge: by word and code, or by name.
        ({"Rigor": sheet(*JUDGES), "Alcance": sheet(*JUDGES)}, ["Rigor", "Alcance"], [3]),
        ({"Rigor": sheet("Ana", "Luis"), "Alcance": sheet("Ana", "Luis")}, ["Rigor", "Alcance"], [2]),
        ({"Rigor": sheet("Ana Ruiz", "Luis Mora")}, ["Rigor"], [2]),
        # A chair beside persons is one of them.
        ({"Rigor": sheet("Ana Ruiz", "Luis Mora", "Presidenta")}, ["Rigor"], [3]),
        # A sheet a judge, a column an indicator.
        ({name: sheet("Rigor", "Alcance") for name in ("Ana", "Luis", "Marta")}, ["Rigor", "Alcance"], [3]),
        ({name: sheet("Norte", "Sur") for name in ("E01", "E02")}, ["Norte", "Sur"], [2]),
        ({name: sheet("Norte", "Sur") for name in ("Hoja1", "Hoja2")}, ["Norte", "Sur"], [2]),
        # What sums others up is left out, whatever the language; hidden sheets are read as a run reads them.
        *(
            ({"E01": sheet("A", "B"), "E02": sheet("A", "B"), name: sheet("A", "B")}, ["A", "B"], [2])
            for name in ("Summary", "Resumen", "Totals", "Totales 2026", "Ranking", "Resultados")
        ),
    ],
)
def test_titles_and_headers_tell_who_rates_and_what(tmp_path, sheets, titles, raters):
    assert seen(book(tmp_path, sheets)) == (titles, raters)


@pytest.mark.parametrize(
    ("heads", "titles", "raters"),
    [
        (["Judge 1", "Judge 2", "Chair"], ["r"], [3]),
        (["Presidente", "Vocal 1", "Vocal 2"], ["r"], [3]),
        (["Juez 1 (externo)", "Juez 2 (interno)", "Juez 3 (externo)"], ["r"], [3]),
        (["Reviewer A - Maria", "Reviewer B - Ana"], ["r"], [2]),
        (["Judge 1 (MIT)", "Judge 2"], ["r"], [2]),
        (["Rigor - Ana", "Rigor - Luis", "Alcance - Ana", "Alcance - Luis"], ["Rigor", "Alcance"], [2]),
        (["Juez 1 (externo) - Rigor", "Juez 2 (interno) - Rigor"], ["Rigor"], [2]),
        # An amount is on no judge's scale.
        (["Judge 1", "Judge 2", "Budget"], ["r"], [2]),
    ],
)
def test_what_describes_a_judge_is_no_indicator(tmp_path, heads, titles, raters):
    rows = sheet(*heads)
    if heads[-1] == "Budget":
        rows = [rows[0], *([*row[:-1], 12000 + at] for at, row in enumerate(rows[1:]))]
    assert seen(text(tmp_path, rows)) == (titles, raters)


@pytest.mark.parametrize(
    ("rows", "rule", "value"),
    [
        (sheet("Norte", "Sur"), "either", "Norte, Sur"),
        (sheet("Claridad", "Impacto"), "either", "Claridad, Impacto"),
        (sheet("Judge 1", "Judge 2", "Elegance"), "beside", "Elegance"),
        (sheet("Judge 1 - MIT", "Judge 2 - ETH"), "parts", "Judge 1 - MIT, Judge 2 - ETH"),
    ],
)
def test_what_can_be_read_two_ways_is_asked_for(tmp_path, rows, rule, value):
    with pytest.raises(DataError) as caught:
        drafted(text(tmp_path, rows))
    assert [(one.rule, one.column) for one in caught.value.problems] == [(f"{DRAFT}{rule}", value)]


def test_sheets_that_may_be_either_are_asked_for_once_with_their_titles(tmp_path):
    with pytest.raises(DataError) as caught:
        drafted(book(tmp_path, {name: sheet("Este", "Oeste") for name in ("Norte", "Sur")}))
    assert [(one.rule, one.value) for one in caught.value.problems] == [(f"{DRAFT}either", "Norte, Sur")]


def test_rows_of_several_evaluators_without_a_column_are_indicators(tmp_path):
    """A project in three rows was rated three times, by whoever filled the rows."""
    rows = sheet("Claridad", "Impacto")
    assert seen(text(tmp_path, rows + rows[1:] + rows[1:])) == (["Claridad", "Impacto"], [3])


@pytest.mark.parametrize(
    "first", ["Project name", "Nombre del proyecto", "Título de la idea", "Team", "Equipo"]
)
def test_a_name_stands_for_the_proposal_where_no_code_does(tmp_path, first):
    assert seen(text(tmp_path, sheet("Judge 1", "Judge 2", first=first))) == (["r"], [2])


def test_a_name_beside_a_code_is_no_proposal():
    assert seats_in(["Project", "Project name", "Judge 1", "Judge 2"]) == {
        2: ("Judge 1", []),
        3: ("Judge 2", []),
    }


@pytest.mark.parametrize(
    ("change", "place"),
    [
        # One slip in 24 cells: tens for ones, a half between whole numbers; a second one beside the first.
        ({(3, 2): 55}, [("Judge 2", 4, "55")]),
        ({(3, 2): 4.5}, [("Judge 2", 4, "4.5")]),
        ({(3, 2): -40}, [("Judge 2", 4, "-40")]),
        # On the scale, or a step beyond.
        ({(3, 2): 5}, []),
        ({(3, 2): 6}, []),
    ],
)
def test_a_lone_value_is_remarked_with_its_cell(tmp_path, change, place):
    rows = sheet("Judge 1", "Judge 2", "Judge 3")
    for (row, column), value in change.items():
        rows[row][column] = value
    remarks = drafted(text(tmp_path, rows))["remarks"]
    assert len(remarks) == len(place)
    for remark, (column, row, value) in zip(remarks, place, strict=True):
        assert remark.startswith(f"r.csv, row {row}, column {column}, indicator r: {value} ")


def test_an_empty_column_a_hidden_sheet_and_a_summary_are_remarked(tmp_path):
    rows = [row if at == 0 else [*row[:3], ""] for at, row in enumerate(sheet(*JUDGES))]
    sheets = {"Rigor": rows, "Alcance": sheet(*JUDGES), "Resumen": sheet("Rigor", "Alcance")}
    draft = drafted(book(tmp_path, sheets, hidden="Alcance"))
    assert [remark.partition(": ")[0] for remark in draft["remarks"]] == [
        "r.xlsx, sheet Alcance",
        "r.xlsx, sheet Resumen",
        "r.xlsx, sheet Rigor, row 1, column Juez 3",
        # 8 of 16 cells have two.
        "assessment",
    ]


def test_a_criterion_beside_an_indicator_goes_all_the_way(tmp_path, monkeypatch, capsys):
    """The draft puts indicators under it, and a run reads the same file without it."""
    rows = [["project", "criterion", "indicator", "judge", "rating"]]
    rows += [
        [f"P{k}", under, asked, judge, SCALE[k]]
        for k in range(5)
        for under, asked in (("Merit", "Rigour"), ("Use", "Reach"))
        for judge in ("J1", "J2")
    ]
    monkeypatch.chdir(tmp_path)
    assert [one["title"] for one in drafted(text(tmp_path, rows))["criteria"]] == ["Merit", "Use"]
    assert main.main(["method", "new", "m", "--ratings", "r.csv"]) == 0
    assert main.main(["check", "r.csv", "--method", "m.yaml", "--json"]) == 0


@pytest.mark.parametrize(
    ("answers", "labels", "rule"),
    [
        (["Pass", "Fail"], ["Fail", "Pass"], "usual_order"),
        (["Sí", "No"], ["No", "Sí"], "usual_order"),
        (["Alto", "Bajo", "Medio"], ["Bajo", "Medio", "Alto"], "usual_order"),
        (["notable", "suspenso", "aprobado"], ["suspenso", "aprobado", "notable"], "usual_order"),
        (["B", "D", "A", "C"], ["D", "C", "B", "A"], "usual_order"),
        (["Aceptado", "Sí", "No"], ["Aceptado", "Sí", "No"], "order_as_typed"),
        (["gold", "tin"], ["gold", "tin"], "order_as_typed"),
        (["2 no", "1 yes"], ["1 yes", "2 no"], ""),
    ],
)
def test_answers_stand_from_the_worst_up_or_their_order_is_asked_for(tmp_path, answers, labels, rule):
    rows = [[f"P{k}", *[answers[k % len(answers)]] * 2] for k in range(8)]
    draft = drafted(text(tmp_path, [["Project", "Judge 1", "Judge 2"], *rows]))
    assert draft["criteria"][0]["indicators"][0]["labels"] == labels
    words = texts.say(f"{DRAFT}{rule}", "en", value=" < ".join(labels)) if rule else ""
    assert [words in remark for remark in draft["remarks"]] == [True] * bool(rule)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_draft_invents_neither_what_is_decided_nor_by_whom(tmp_path, monkeypatch, language):
    file = text(tmp_path, sheet("Judge 1", "Judge 2"))
    monkeypatch.chdir(tmp_path)
    assert main.main(["method", "new", "prize", "--ratings", str(file), "--lang", language]) == 0
    method = read_method("prize.yaml", tmp_path)[0]
    assert method.name == "prize"
    assert not any((method.case.titles, method.case.body, method.case.period))


@pytest.mark.parametrize(
    "above", [[["Innovation prize"]], [["Prize"], [], ["Fill in whole points", "1 to 5"]]]
)
def test_titles_above_a_header_are_no_header(tmp_path, above):
    page = [*above, *sheet("Rigor", "Alcance", first="Equipo")]
    assert seen(book(tmp_path, {"Juez 1": page, "Juez 2": page})) == (["Rigor", "Alcance"], [2])


def test_answers_in_words_are_no_header(tmp_path):
    rows = [[f"Team {k}", *(["yes", "no", "maybe"][(k + at) % 3] for at in range(3))] for k in range(8)]
    assert seen(text(tmp_path, [["Team", *JUDGES], *rows])) == (["r"], [3])


@pytest.mark.parametrize("merged", [(), ("B1:D1", "E1:G1"), ("A1:A2", "B1:D1", "E1:G1")])
def test_what_is_rated_may_stand_once_over_its_judges(tmp_path, merged):
    over = ["Proyecto", "Mérito", None, None, "Costo", None, None, "Total"]
    page = [over, [None, *JUDGES[:2], "Presidenta", *JUDGES[:2], "Presidenta", None]]
    page += [[f"P{k}", *(SCALE[(k + at) % 8] for at in range(6)), 20] for k in range(8)]
    file = book(tmp_path, {"Puntajes": page})
    workbook = openpyxl.load_workbook(file)
    for cells in merged:
        workbook.active.merge_cells(cells)
    workbook.save(file)
    assert seen(file) == (["Mérito", "Costo"], [3])
    assert main.main(["method", "new", str(tmp_path / "own"), "--ratings", str(file)]) == 0
    assert main.main(["check", str(file), "--method", str(tmp_path / "own.yaml")]) == 0
