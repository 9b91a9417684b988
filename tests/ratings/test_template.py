"""The workbook to fill: same bytes, right drop-downs, and what is typed in LibreOffice comes back."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
import sample_ratings as sample

from ogp_analysis.cli import main
from ogp_analysis.errors import DataError
from ogp_analysis.language import texts
from ogp_analysis.model import method_file, params
from ogp_analysis.ratings import template
from ogp_analysis.ratings.template import Seat

METHOD = params.from_values(params.baseline()).method
PROPOSALS = [("P01", "Uno"), ("P02", '=HYPERLINK("http://x")')]


def fill(path: Path) -> dict[tuple[str, str, str], float]:
    """Rate every empty rating cell; return what was typed by evaluator, proposal and header."""
    book = openpyxl.load_workbook(path)
    typed = {}
    for name in ("L1", "C1", "WG1", "WG2", "CG1", "CG2"):
        sheet = book[name]
        header = [cell.value for cell in sheet[1]]
        for row in range(2, sheet.max_row + 1):
            for column in range(6, len(header) + 1):
                rating = 1 + (row * 3 + column * 7 + len(name)) % 2 + 2
                sheet.cell(row, column).value = rating
                typed[name, sheet.cell(row, 1).value, header[column - 1]] = float(rating)
    book.save(path)
    return typed


def read_back(path: Path) -> dict[tuple[str, str, str], float]:
    inputs = sample.load(path, language="es")
    return {
        (row.evaluator, row.proposal, texts.say(f"indicator.{row.indicator}", "es")): row.rating
        for row in inputs.ratings.itertuples()
    }


def test_the_same_arguments_give_the_same_bytes():
    first = template.workbook(METHOD, proposals=PROPOSALS)
    assert first == template.workbook(METHOD, proposals=PROPOSALS)
    assert first != template.workbook(METHOD, proposals=PROPOSALS, language="en")


def test_what_is_typed_is_read_back(tmp_path):
    path = template.write(tmp_path / "plantilla.xlsx", METHOD, proposals=PROPOSALS)
    typed = fill(path)
    assert len(typed) == 2 * (2 * 4 + 4 * 3)
    assert read_back(path) == typed


def test_the_english_workbook_is_read_back_too(tmp_path):
    path = template.write(tmp_path / "template.xlsx", METHOD, proposals=PROPOSALS, language="en")
    fill(path)
    assert len(sample.load(path).ratings) == 40


def test_drop_downs_hold_the_scale_of_the_method(tmp_path):
    path = template.write(tmp_path / "t.xlsx", METHOD, proposals=PROPOSALS)
    rules = openpyxl.load_workbook(path)["WG1"].data_validations.dataValidation
    assert [(str(rule.sqref), rule.type, rule.formula1) for rule in rules] == [
        ("F2:F3", "list", '"1,2,3,4,5"'),
        ("G2:G3", "list", '"1,2,3,4,5"'),
        ("H2:H3", "list", '"1,2,3,4,5"'),
    ]


def test_half_points_get_a_range_not_a_list(tmp_path):
    text = Path(method_file.__file__).parents[1] / "data" / "methods" / "ecuador-2019.yaml"
    source = tmp_path / "halves.yaml"
    source.write_text(text.read_text(encoding="utf-8").replace("step: 1", "step: 0.5"), encoding="utf-8")
    method, problems = method_file.read_method(str(source), tmp_path)
    assert not problems
    path = template.write(tmp_path / "t.xlsx", method, proposals=PROPOSALS)
    rule = openpyxl.load_workbook(path)["WG1"].data_validations.dataValidation[0]
    assert (rule.type, rule.formula1, rule.formula2) == ("decimal", "1.0", "5.0")


def test_a_title_that_looks_like_a_formula_stays_text(tmp_path):
    path = template.write(tmp_path / "t.xlsx", METHOD, proposals=PROPOSALS)
    cell = openpyxl.load_workbook(path)["L1"]["B3"]
    assert (cell.data_type, cell.value) == ("s", PROPOSALS[1][1])


def test_instructions_stand_in_both_languages(tmp_path):
    path = template.write(tmp_path / "t.xlsx", METHOD, proposals=PROPOSALS)
    sheet = openpyxl.load_workbook(path)["instrucciones"]
    words = " ".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    assert "Deje vacía la celda" in words
    assert "Leave a cell empty" in words
    assert "impacto potencial: 1 … 5" in words


@pytest.mark.parametrize(
    ("seats", "match"),
    [
        ([Seat("E1", "jury")], "'jury' is not allowed .* working_group"),
        ([Seat("E1", "lead", "chief")], "'chief' is not allowed"),
        ([Seat("E1", "lead"), Seat("e1", "counterpart")], "'e1' cannot name a sheet"),
        ([Seat("decisions", "lead")], "may be a name"),
        ([Seat("E/1", "lead")], "may be a name"),
        ([Seat("Rosa", "lead")], r"may be a name \(not shown here\)"),
        ([Seat("E1-" * 15 + "E1", "lead")], "cannot name a sheet"),
    ],
)
def test_seats_that_cannot_be_are_refused(seats, match):
    with pytest.raises(DataError, match=match):
        template.workbook(METHOD, proposals=PROPOSALS, evaluators=seats, language="en")


@pytest.mark.parametrize("proposals", [[], [("P1", ""), ("P1", "")], [("", "x")]])
def test_proposals_need_codes_of_their_own(proposals):
    with pytest.raises(DataError, match="needs a code of its own"):
        template.workbook(METHOD, proposals=proposals, language="en")


def test_an_open_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"x\.xlsx: the file cannot be written"):
        template.write(tmp_path / "none" / "x.xlsx", METHOD, proposals=PROPOSALS, language="en")


def test_a_third_evaluator_has_a_sheet_of_their_own(tmp_path):
    seats = [*template.seats_of(METHOD), Seat("T1", "core_group", "third")]
    path = template.write(tmp_path / "t.xlsx", METHOD, proposals=PROPOSALS, evaluators=seats)
    fill(path)
    book = openpyxl.load_workbook(path)
    book["T1"]["F2"] = 5
    book.save(path)
    thirds = sample.load(path).ratings.query("role == 'third'")
    assert thirds[["proposal", "indicator", "evaluator", "rating"]].to_numpy().tolist() == [
        ["P01", "reiterations", "T1", 5.0]
    ]


@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
@pytest.mark.deep
def test_filled_and_saved_by_libreoffice_it_gives_the_same_table(tmp_path):
    path = template.write(tmp_path / "plantilla.xlsx", METHOD, proposals=PROPOSALS)
    typed = fill(path)
    for extension, folder in (("ods", tmp_path), ("xlsx", tmp_path / "saved")):
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
                "--headless",
                "--convert-to",
                extension,
                "--outdir",
                str(folder),
                str(path if extension == "ods" else path.with_suffix(".ods")),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
    saved = tmp_path / "saved" / "plantilla.xlsx"
    assert read_back(saved) == typed
    assert openpyxl.load_workbook(saved)["WG1"].data_validations.dataValidation


# The verb


def test_the_verb_writes_what_was_asked(tmp_path, capsys):
    out = tmp_path / "p.xlsx"
    assert main.main(["template", str(out), "--proposals", "12", "--lang", "es"]) == 0
    assert "propuestas, 12; evaluadores, 6" in capsys.readouterr().out
    assert openpyxl.load_workbook(out)["CG2"].max_row == 13


def test_the_verb_takes_proposals_from_a_table_and_evaluators_by_name(tmp_path, capsys):
    table = tmp_path / "lista.csv"
    table.write_text("propuesta;título\n007;Datos\n", encoding="cp1252")
    out = tmp_path / "p.xlsx"
    words = [
        "template",
        str(out),
        "--proposals",
        str(table),
        "--evaluators",
        "E1:lead",
        "E2:core_group:third",
    ]
    assert main.main([*words, "--lang", "en", "--json"]) == 0
    assert '"evaluators": 2' in capsys.readouterr().out
    book = openpyxl.load_workbook(out)
    assert [book["E1"]["A2"].value, book["E1"]["B2"].value] == ["007", "Datos"]
    assert book["E2"]["E2"].value == "third"


def test_the_verb_says_how_evaluators_are_given(tmp_path, capsys):
    assert main.main(["template", str(tmp_path / "p.xlsx"), "--evaluators", "E1", "--lang", "es"]) == 1
    assert "'E1' no es CÓDIGO:PANEL" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (["notas.txt"], "el nombre del libro debe terminar en .xlsx, por ejemplo notas.xlsx"),
        (["notas"], "el nombre del libro debe terminar en .xlsx, por ejemplo notas.xlsx"),
        (["nada/notas.xlsx"], "no existe la carpeta"),
        (["n.xlsx", "--proposals", "-3"], "-3 propuestas: escriba un número entero de 1 a 10000"),
        (["n.xlsx", "--proposals", "0"], "0 propuestas: escriba un número entero de 1 a 10000"),
        (["n.xlsx", "--proposals", "3,5"], "3,5 propuestas: escriba un número entero"),
        (["n.xlsx", "--proposals", "99999"], "99999 propuestas: escriba un número entero"),
        (["n.xlsx", "--proposals", "nada.csv"], "nada.csv: no se puede abrir el archivo: no existe"),
    ],
)
def test_what_cannot_become_a_workbook_is_refused_in_the_readers_language(
    tmp_path, monkeypatch, capsys, words, refusal
):
    monkeypatch.chdir(tmp_path)
    assert main.main(["template", *words, "--lang", "es"]) == 1
    said = capsys.readouterr()
    assert refusal in said.err
    assert said.out == ""
    assert list(tmp_path.iterdir()) == []


def test_the_advice_is_the_command_that_checks_the_workbook(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mi método.yaml").write_text(sample.TWO_PANELS, encoding="utf-8")
    words = ["notas.xlsx", "--proposals", "2", "--lang", "es", "--method", "mi método.yaml"]
    assert main.main(["template", *words]) == 0
    assert capsys.readouterr().out.rstrip().endswith('ogp check notas.xlsx --method "mi método.yaml"')
    assert main.main(["template", "notas.xlsx", "--proposals", "2", "--lang", "es", "--force"]) == 0
    assert capsys.readouterr().out.rstrip().endswith("revíselo con: ogp check notas.xlsx")


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "x.xlsx").mkdir()
    with pytest.raises(DataError, match=r"x\.xlsx: the file cannot be written \([A-Z][\w ]+\); close it"):
        template.write(tmp_path / "x.xlsx", METHOD, proposals=PROPOSALS, language="en")


def own_method(folder, *, scale, stage):
    text = f"""
name: own
criteria:
  - name: merit
    panels: [jury]
    raters: 3
    cut_points: [0.5]
    indicators: [{{name: use, {scale}}}]
categories: [a, b]
decision_table: [2, 1]
stages: [{{name: board, title: "{stage}"}}]
"""
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    return method_file.read_method("own.yaml", folder)[0]


@pytest.mark.parametrize(
    ("scale", "asked", "fillers"),
    [
        ("minimum: 1, maximum: 5", ", choosing from the list.", "never write 0, NA"),
        ("minimum: 0, maximum: 5", ", choosing from the list.", "never write NA"),
        ("minimum: 0, maximum: 10, step: 0.1", "yellow cell. Leave", "never write NA"),
    ],
)
def test_instructions_ask_for_what_the_cells_offer(tmp_path, scale, asked, fillers):
    method = own_method(tmp_path, scale=scale, stage="board")
    made = template.write(tmp_path / "r.xlsx", method, proposals=[("P1", "One")], language="en")
    sheet = openpyxl.load_workbook(made)["instructions"]
    said = " ".join(str(cell.value) for row in sheet for cell in row)
    assert asked in said
    assert fillers in said
    assert "{" not in said


def test_a_stage_whose_title_has_a_comma_is_one_item_of_the_list(tmp_path):
    method = own_method(tmp_path, scale="minimum: 1, maximum: 5", stage="board, in plenary")
    made = template.write(tmp_path / "r.xlsx", method, proposals=[("P1", "One")], language="en")
    lists = [
        one.formula1 for one in openpyxl.load_workbook(made)["decisions"].data_validations.dataValidation
    ]
    assert '"board"' in lists
