"""Whole exports are read cell by cell as the content they were made from, or refused by their headers."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
import sample_ratings as sample
import survey_exports as exports

from ogp_analysis import ratings
from ogp_analysis.cli.main import main
from ogp_analysis.errors import DataError
from ogp_analysis.model import params
from ogp_analysis.ratings import evaluator_codes
from ogp_analysis.ratings.columns import heads_of
from ogp_analysis.ratings.known_words import Vocabulary
from ogp_analysis.tabular import Table

NAMES = ("proposal", "indicator", "panel", "evaluator", "rating")

LACKING = ("ratings.lacking_column", "ratings.lacking_column_near", "ratings.no_ratings")


def examined(path: Path, text: str, encoding: str = "utf-8", **changes: object) -> ratings.Examined:
    path.write_bytes(text.encode(encoding))
    return ratings.examine(sample.parameters(path, **changes))


def cells(found: ratings.Examined) -> set[tuple]:
    return set(found.inputs.ratings[list(NAMES)].itertuples(index=False, name=None))


@pytest.mark.parametrize("name", exports.READ)
def test_an_export_is_read_cell_by_cell(tmp_path, name):
    found = examined(tmp_path / "export.csv", exports.READ[name])
    assert [problem.say() for problem in found.problems] == []
    assert cells(found) == exports.content()


@pytest.mark.parametrize(
    "added",
    [
        "Submission Date|Submission ID",
        "ID de envío",
        "Submission",
        "Timestamp|Score",
        "Marca temporal|Puntuación",
        "Respondent ID|Collector ID",
        "Id|Start time|Completion time|Email|Name",
        "_id|_uuid|_submission_time",
        "ResponseId",
        "Ítem",
    ],
)
@pytest.mark.parametrize(
    "who", ["Propuesta|Tiempo - Juez 1|Tiempo - Juez 2", "Proposal|Time - Judge 1|Time - Judge 2"]
)
def test_columns_of_evaluators_are_read_beside_what_a_tool_adds(added, who):
    header = f"{added}|{who}".split("|")
    heads = heads_of(
        Table("", "n.csv", header, [["x"] * len(header)], [2]),
        Vocabulary(params.from_values(params.baseline()).method),
    )
    assert header[heads.columns["proposal"]] == who.split("|")[0]
    assert [indicator for _, indicator in heads.evaluators.values()] == ["time", "time"]


def test_two_ids_of_which_none_is_more_than_an_id_are_not_chosen_from(tmp_path):
    text = "Submission ID,ID de envío,evaluador,panel,tiempo\n1,2,E01,lead,3\n"
    found = examined(tmp_path / "n.csv", text)
    assert [(p.rule, p.column) for p in found.problems] == [
        ("ratings.same_meaning", "Submission ID, ID de envío")
    ]


@pytest.mark.parametrize("name", exports.REFUSED)
def test_what_a_tool_writes_in_another_way_is_refused_by_what_it_is(tmp_path, name):
    content, rule, count = exports.REFUSED[name]
    found = examined(tmp_path / "export.csv", content)
    assert [problem.rule for problem in found.problems].count(rule) == count
    assert {problem.rule for problem in found.problems} <= {rule, *LACKING}
    assert not found.inputs.doubts


def test_the_header_that_begins_with_what_is_meant_is_the_one_to_rename(tmp_path):
    found = examined(tmp_path / "export.csv", exports.REFUSED["hotcrp, fields of its own"][0])
    assert "rename 'reviewername' to evaluator" in found.problems[0].say("en")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "cp850", "mac_roman"])
@pytest.mark.parametrize("name", ["google forms", "microsoft forms", "numbered"])
def test_in_any_encoding_the_ratings_are_right_or_refused(tmp_path, name, encoding):
    try:
        found = examined(tmp_path / "export.csv", exports.READ[name], encoding)
    except DataError as refused:
        rules = {problem.rule for problem in refused.problems}
    else:
        rules = {problem.rule for problem in found.problems} or cells(found) == exports.content()
    assert rules


def test_what_the_tool_adds_is_said(tmp_path):
    found = examined(tmp_path / "export.csv", exports.READ["qualtrics, three rows"])
    assert "row 1 is a header, and so is row 2, 3" in "\n".join(found.inputs.said)
    assert "Response ID" in "\n".join(found.inputs.said)


def test_a_code_in_a_header_that_contradicts_the_proposal_is_refused(tmp_path):
    text = "evaluador,panel,propuesta,P01[tiempo],P02[tiempo]\nE01,lead,P01,4,\nE01,lead,P02,3,5\n"
    found = examined(tmp_path / "n.csv", text)
    assert [(p.rule, p.row, p.column, p.value, dict(p.detail)) for p in found.problems if p.row] == [
        ("ratings.header_contradicts", 3, "P01[tiempo]", "P02", {"code": "P01"})
    ]
    assert ("P02", "time", "lead", "E01", 5.0) in cells(found)


def test_a_prefix_that_is_no_proposal_becomes_none(tmp_path):
    text = "evaluador,panel,calif[tiempo],calif[recursos]\nE01,lead,4,3\n"
    found = examined(tmp_path / "n.csv", text)
    assert [p.rule for p in found.problems] == ["ratings.lacking_column"]
    assert len(found.inputs.ratings) == 0


@pytest.mark.parametrize(
    "word", ["Total", "PROMEDIO", "Suma", "media", "Average", "Sub-total", "Total general"]
)
@pytest.mark.parametrize("column", ["proposal", "evaluator", "indicator"])
def test_a_row_of_totals_is_no_rating_and_is_said(tmp_path, word, column):
    rows = sample.complete()
    spoilt = [*rows, rows[0] | {column: word, "rating": "3"}]
    found = ratings.examine(sample.parameters(sample.write(tmp_path / "n.csv", spoilt)))
    assert found.problems == ()
    assert len(found.inputs.ratings) == len(rows)
    assert any(f"'{word}'" in doubt and str(len(rows) + 2) in doubt for doubt in found.inputs.doubts)


def test_a_column_of_totals_is_said(tmp_path):
    lines = [[*row, "9"] for row in exports.rows()]
    header = ["evaluador", "panel", "propuesta", *exports.INDICATORS, "Promedio general"]
    found = examined(tmp_path / "n.csv", exports.text([header, *lines]))
    assert cells(found) == exports.content()
    assert any("Promedio general" in doubt for doubt in found.inputs.doubts)
    # One mention among what was said: the remark, and not the columns that were not used.
    assert [line for line in found.inputs.said if "Promedio general" in line] == [found.inputs.said[-1]]


def test_cells_are_counted_without_rows_of_totals(tmp_path):
    """Seven indicators, twelve proposals and a total: 84 cells, and nowhere 91."""
    proposals = [f"P{k:02}" for k in range(1, 13)]
    lines = [["R1", "lead", code, *["4"] * 7] for code in (*proposals, "Total")]
    content = exports.text([["evaluador", "panel", "propuesta", *exports.INDICATORS], *lines])
    said = "\n".join(examined(tmp_path / "n.csv", content).inputs.said)
    assert "(rating cells: 84)" in said
    assert "91" not in said


def spoilt(evaluator: str, change) -> str:
    lines = [
        [e, p, panel, word, change(e, p, word) if e == evaluator else exports.rating(e, p, word)]
        for e, panel in exports.PANELS.items()
        for p in [f"P{k:02}" for k in range(1, 9)]
        for word in exports.INDICATORS
        if exports.rating(e, p, word)
    ]
    return exports.text([["evaluador", "propuesta", "panel", "indicador", "calificacion"], *lines])


def test_a_copied_sheet_is_remarked(tmp_path):
    text = spoilt("E04", lambda e, p, word: exports.rating("E03", p, word))
    assert [d for d in examined(tmp_path / "n.csv", text).inputs.doubts if "E03 and E04" in d]
    assert not examined(tmp_path / "n.csv", spoilt("", None)).inputs.doubts


def test_a_reversed_indicator_is_remarked(tmp_path):
    def steady(evaluator: str, proposal: str, word: str) -> int:
        return (int(proposal[1:]) + len(word)) % 4 + 1 + (evaluator == "E05" and proposal == "P02")

    lines = [
        [e, f"P{k:02}", panel, word, steady(e, f"P{k:02}", word)]
        for e, panel in exports.PANELS.items()
        for k in range(1, 9)
        for word in (exports.FEASIBILITY if e < "E03" else exports.RELEVANCE)
    ]
    for line in lines:
        if line[0] == "E06" and line[3] == "Alineación":
            line[4] = 6 - line[4]
    text = exports.text([["evaluador", "propuesta", "panel", "indicador", "calificacion"], *lines])
    doubts = examined(tmp_path / "n.csv", text).inputs.doubts
    assert [d for d in doubts if d.startswith("E06 rates alignment")]
    assert not [d for d in doubts if "rates" in d and not d.startswith("E06")]


@pytest.mark.parametrize("entrance", ["n.csv", "n.xlsx", "folder"])
def test_a_header_alone_is_one_refusal(tmp_path, capsys, entrance):
    header = list(sample.COLUMNS)
    place = tmp_path / entrance
    if entrance == "n.xlsx":
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.Workbook()
        book.active.append(header)
        book.save(place)
    elif entrance == "folder":
        place.mkdir()
        (place / "ratings.csv").write_text(",".join(header) + "\n", encoding="utf-8")
    else:
        place.write_text(",".join(header) + "\n", encoding="utf-8")
    assert [p.rule for p in ratings.examine(sample.parameters(place)).problems] == ["ratings.no_rating"]
    assert main(["check", str(place)]) == 1
    assert "no rating" in capsys.readouterr().out


def test_answer_texts_are_one_line_a_column(tmp_path):
    lines = [[cell + " - x" if cell.isdigit() else cell for cell in row] for row in exports.rows()]
    header = ["evaluador", "panel", "propuesta", *exports.INDICATORS]
    text = exports.text([header, *lines])
    found = examined(tmp_path / "n.csv", text)
    assert [p.column for p in found.problems if p.rule == "ratings.labels"] == sorted(exports.INDICATORS)
    assert {p.rule for p in found.problems} == {"ratings.labels"}


def test_what_cannot_be_read_names_its_headers_and_what_to_rename(tmp_path):
    text = "Nombre de quien evaluador fue,Grupo de quien,La idea o propuesta más votada,"
    text += "¿Alcanza el tiempo?\na,b,c,4\n"
    found = examined(tmp_path / "n.csv", text)
    assert len(found.inputs.ratings) == 0
    message = "\n".join(problem.say() for problem in found.problems)
    for header in text.splitlines()[0].split(","):
        assert header in message
    assert "rename 'La idea o propuesta más votada' to proposal" in message
    assert "rename '¿Alcanza el tiempo?' to time" in message


def test_a_table_with_words_of_indicators_is_no_table_of_evaluators(tmp_path):
    text = "evaluador,¿Alcanzan el tiempo y los recursos?\nE01,4\nE02,3\n"
    found = examined(tmp_path / "n.csv", text)
    assert [p.rule for p in found.problems] == ["ratings.no_ratings"]
    assert len(found.inputs.evaluators) == 0


@pytest.mark.parametrize(
    "code",
    [
        "AnonReviewer1",
        "Judge No. 5",
        "rater 3",
        "12345678",
        "A2XJ9F5",
        "Reviewer #2",
        "A1PXKAE2ZN4J7",
        "Reviewer_aB3x",
    ],
)
def test_codes_of_real_systems_are_accepted(code):
    assert ratings.is_code(code)


@pytest.mark.parametrize("name", ["~Given_Family1", "Judge Li", "juana1982", "Reviewer_Jose", "1712345678"])
def test_what_may_be_a_name_is_no_code(name):
    assert not ratings.is_code(name)


def test_the_command_that_is_offered_makes_a_file_that_is_read(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    folder = tmp_path / "con espacio"
    folder.mkdir()
    named = exports.READ["google forms"].replace("E0", "~Given_Family")
    found = examined(folder / "n.csv", named)
    command = dict(next(p for p in found.problems if p.rule in evaluator_codes.NAMED).detail)["command"]
    assert main(shlex.split(command)[1:]) == 0
    again = ratings.examine(sample.parameters(folder / "n-pseudonyms.csv"))
    assert [p.say() for p in again.problems] == []
    assert {cell[:3] + cell[4:] for cell in cells(again)} == {
        cell[:3] + cell[4:] for cell in exports.content()
    }


def offered(path: Path) -> ratings.Examined:
    """Run the command that the refusal of names offers, and read what it wrote."""
    found = ratings.examine(sample.parameters(path))
    command = dict(next(p for p in found.problems if p.rule in evaluator_codes.NAMED).detail)["command"]
    words = shlex.split(command)
    assert main(words[1:]) == 0
    return ratings.examine(sample.parameters(Path(words[3])))


def but_for_the_evaluator(rows: set[tuple]) -> set[tuple]:
    return {row[:3] + row[4:] for row in rows}


TITLES = {
    "titles above": "Comité de Zoraida Quispe\nAño 2026,,\n\n",
    "a note and a title": "# nota\nCalificaciones,,,\n",
}


@pytest.mark.parametrize(
    "name", [*TITLES, *(name for name in exports.READ if "rows" in name), "surveymonkey"]
)
def test_the_command_reads_titles_and_double_headers_as_check_does(tmp_path, monkeypatch, name):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "data").mkdir()
    text = TITLES[name] + exports.READ["microsoft forms"] if name in TITLES else exports.READ[name]
    path = tmp_path / "data" / "n.csv"
    path.write_text(text.replace("E0", "Zoraida Quispe"), encoding="utf-8")
    again = offered(path)
    assert [p.say() for p in again.problems] == []
    assert but_for_the_evaluator(cells(again)) == but_for_the_evaluator(exports.content())
    assert "Quispe" not in (tmp_path / "data" / "n-pseudonyms.csv").read_text(encoding="utf-8")


def sheets(path: Path, tables: dict[str, list[list[str]]]) -> Path:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, lines in tables.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append([int(cell) if cell.isdigit() else cell or None for cell in line])
    book.save(path)
    return path


@pytest.mark.parametrize("name", ["a sheet a panel", "one sheet alone", "repeat group"])
def test_the_command_takes_from_titles_and_main_sheets_what_check_takes(tmp_path, monkeypatch, name):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "data").mkdir()
    head, rows = [*exports.INDICATORS], exports.rows()
    wanted = exports.content()
    if name == "a sheet a panel":
        tables = {
            panel: [["Votos", ""], ["evaluador", "propuesta", *head]]
            + [[f"Ana {row[0]}", *row[2:]] for row in rows if row[1] == panel]
            for panel in exports.KEYS
        }
    elif name == "one sheet alone":
        tables = {"Ana Pérez": [["panel", "propuesta", *head], *(r[1:] for r in rows if r[0] == "E03")]}
        wanted = {row for row in wanted if row[3] == "E03"}
    else:
        keys = {code: str(k) for k, code in enumerate(exports.PANELS, start=1)}
        tables = {
            "form": [["evaluador", "panel", "_index"]]
            + [[f"Ana {code}", exports.PANELS[code], keys[code]] for code in keys],
            "grupo": [["propuesta", *head, "_parent_index"], *([*row[2:], keys[row[0]]] for row in rows)],
        }
    again = offered(sheets(tmp_path / "data" / "n.xlsx", tables))
    assert not {p.rule for p in again.problems} & set(evaluator_codes.NAMED)
    assert but_for_the_evaluator(cells(again)) == but_for_the_evaluator(wanted)
    assert len({cell[3] for cell in cells(again)}) == len({cell[3] for cell in wanted})


def test_a_title_that_is_the_panels_is_no_evaluator_for_the_command(tmp_path, capsys):
    lines = [["propuesta", *exports.INDICATORS], ["P01", *"1234123"]]
    book = sheets(tmp_path / "data.xlsx", {"Grupo de Trabajo": lines, "Grupo Núcleo": lines})
    (tmp_path / "keys").mkdir()
    key = tmp_path / "keys" / "k.txt"
    assert main(["pseudonymise", str(book), str(tmp_path / "out" / "o.csv"), "--new-key", str(key)]) == 1
    assert "evaluator" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
ODS = b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
# Beginnings of files as Excel 2003 (XML), LibreOffice (flat) and browsers (web archive) save them.
OF_2003 = b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook/>'
FLAT = b'<?xml version="1.0"?>\n<office:document mimetype="application/vnd.oasis.opendocument.spreadsheet"/>'
OTHERS = {
    "Notas.XLS": (OLE, "old Excel"),
    "notas.ods": (ODS, "OpenDocument"),
    "notas.html": (b"<!-- saved --><html><table></table></html>", "HTML"),
    "notas.htm": (b"\n<TABLE><tr></tr></TABLE>", "HTML"),
    "export.xls": (b"<meta charset=utf-8><table></table>", "HTML"),
    "web.mht": (b"MIME-Version: 1.0\nContent-Type: multipart/related", "HTML"),
    "old.xls": (OF_2003, "XML (Excel 2003)"),
    "flat.fods": (FLAT, "OpenDocument"),
    "text.xls": (b"propuesta\tnota\nP01\t4\n", "files that end in .xls are not read"),
    "study.sav": (b"$FL2@(#) SPSS", "SPSS (.sav)"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_file_of_a_folder_in_another_format_is_remarked_or_refused(tmp_path, name):
    content, words = OTHERS[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=r"save (it|the table) as \.xlsx") as refused:
        ratings.examine(sample.parameters(tmp_path))
    assert {"ratings.empty_folder"} < {p.rule for p in refused.value.problems}
    assert words in str(refused.value)
    assert name in str(refused.value)
    (tmp_path / "otra.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    found = ratings.examine(sample.parameters(tmp_path))
    assert [p.file for p in found.problems] == sorted(["otra.csv", name])
    assert any(words in p.say() for p in found.problems)
    sample.write(tmp_path / "ratings.csv", sample.complete())
    found = ratings.examine(sample.parameters(tmp_path))
    assert found.problems == ()
    assert [d for d in found.inputs.doubts if d.startswith(f"{name} was not read: ") and words in d]
    assert not [d for d in found.inputs.doubts if "otra.csv" in d]


def test_a_name_of_an_unread_file_is_not_published(tmp_path):
    sample.write(tmp_path / "ratings.csv", sample.complete())
    (tmp_path / "Zoraida Quispe.xls").write_bytes(OLE)
    (tmp_path / "~$notas.xls").write_bytes(OLE)
    assert "Zoraida" in str(ratings.examine(sample.parameters(tmp_path)).inputs.doubts)
    inputs = ratings.load(sample.parameters(tmp_path))
    assert "Zoraida" not in str(inputs)
    assert [d for d in inputs.doubts if d.startswith("#2.xls was not read")]


@pytest.mark.parametrize("name", ["Notas.XLS", "notas.ods", "notas.html", "web.mht", "old.xls", "flat.fods"])
def test_another_format_is_named_for_a_single_file_too(tmp_path, name):
    content, words = OTHERS[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=r"save (it|the table) as \.xlsx") as refused:
        ratings.examine(sample.parameters(tmp_path / name))
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<html><table><tr><td>a</td></tr></table></html>", "HTML"),
        (b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", ".ods"),
    ],
)
def test_another_format_is_named(tmp_path, content, kind):
    (tmp_path / "n.xls").write_bytes(content)
    with pytest.raises(DataError, match=r"save (it|the table) as \.xlsx") as refused:
        ratings.examine(sample.parameters(tmp_path / "n.xls"))
    assert kind in str(refused.value)
