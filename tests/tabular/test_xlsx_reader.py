"""Workbooks: cells become the text they show; what is not trusted or broken is refused by its address."""

from __future__ import annotations

import datetime
import io
import re
import zipfile

import openpyxl
import pytest
from sample_tables import SMALL_BOOK, inside, read, refused, repacked, workbook

from ogp_analysis import tabular
from ogp_analysis.errors import DataError
from ogp_analysis.tabular import Limits
from ogp_analysis.tabular.cells import Cells
from ogp_analysis.tabular.xml_parts import Book


def test_workbook_cells_become_the_text_they_show():
    def fill(sheet):
        sheet.append(["id", "rating", "day", "flag"])
        sheet.append(["007", 4.5, datetime.date(2025, 3, 2), True])
        sheet.append([7, 4.0, None, None])
        sheet["A3"].number_format = "000"

    table = read(workbook(fill), name="notas.xlsx")
    assert table.rows == [["007", "4.5", "2025-03-02", "TRUE"], ["007", "4", "", ""]]
    assert isinstance(table.rows[0][1], tabular.NumberText)
    assert isinstance(table.rows[0][2], tabular.DateText)
    assert table.place(0, 1)["column"] == "rating (B2)"


def test_merged_cells_are_refused_by_address():
    def fill(sheet):
        sheet.append(["id", "n"])
        sheet.append(["1", 2])
        sheet.append(["", 3])
        sheet.merge_cells("A2:A3")

    (problem,) = refused(workbook(fill), name="notas.xlsx")
    assert (problem.rule, problem.sheet, problem.row, problem.column) == (
        "tabular.merged",
        "Sheet",
        2,
        "A2:A3",
    )


def test_formula_without_a_stored_value_is_refused_by_address():
    (problem,) = refused(workbook(lambda sheet: [sheet.append(["id", "n"]), sheet.append(["1", "=2+2"])]))
    assert (problem.rule, problem.column) == ("tabular.formula", "B2")


def test_error_values_are_refused_by_address():
    def fill(sheet):
        sheet.append(["id", "n"])
        sheet.append(["1", "#DIV/0!"])
        sheet["B2"].data_type = "e"

    (problem,) = refused(workbook(fill), name="notas.xlsx")
    assert (problem.rule, problem.column, problem.value) == ("tabular.cell_error", "B2", "#DIV/0!")


def test_formula_with_a_stored_value_is_read_and_said():
    book = workbook(lambda sheet: [sheet.append(["id", "n"]), sheet.append(["1", "=2+2"])])
    stored = repacked(
        book, lambda name, xml: xml.replace(b"<v></v>", b"<v>4</v>").replace(b"<v />", b"<v>4</v>")
    )
    table = read(stored, name="notas.xlsx")
    assert table.rows == [["1", "4"]]
    assert "stored with them: 1" in table.say()


def test_row_bomb_is_refused_before_it_is_parsed():
    row = b"<row><c><v>1</v></c></row>"

    def blow(name: str, xml: bytes) -> bytes:
        return xml.replace(b"</sheetData>", row * 200_000 + b"</sheetData>") if "sheet1" in name else xml

    bomb = repacked(workbook(lambda sheet: sheet.append(["id"])), blow)
    assert len(bomb) < 100_000
    (problem,) = refused(bomb, limits=Limits(uncompressed_bytes=5_000_000))
    assert problem.rule == "tabular.unpacked"
    (problem,) = refused(bomb, limits=Limits(rows=1000))
    assert problem.rule == "tabular.rows"


def test_each_sheet_with_content_is_a_table_and_one_can_be_chosen():
    book = openpyxl.Workbook()
    book.active.append(["id"])
    book.create_sheet("Ev 2").append(["nota"])
    book.create_sheet("vacía")
    content = io.BytesIO()
    book.save(content)
    names = [table.name for table in tabular.parse(content.getvalue(), file="x.xlsx")]
    assert names == ["Sheet", "Ev 2"]
    (chosen,) = tabular.parse(content.getvalue(), file="x.xlsx", sheet="Ev 2")
    assert chosen.header == ["nota"]
    with pytest.raises(DataError, match="no sheet 'Hoja9'; the sheets are: Sheet, Ev 2, vacía"):
        tabular.parse(content.getvalue(), file="x.xlsx", sheet="Hoja9")


def test_a_workbook_is_known_by_its_content_not_by_its_name():
    book = workbook(lambda sheet: [sheet.append(["id"]), sheet.append(["1"])])
    assert read(book, name="notas.csv").rows == [["1"]]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"PK\x03\x04 broken", "tabular.damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "tabular.old_excel"),
    ],
)
def test_what_is_no_workbook_says_so(content, rule):
    (problem,) = refused(content)
    assert problem.rule == rule


def test_another_zip_is_no_workbook():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("../evil.txt", "x")
    (problem,) = refused(content.getvalue())
    assert problem.rule == "tabular.not_a_workbook"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda book: book[: len(book) // 2], "tabular.damaged"),
        (lambda book: book.replace(b"PK\x05\x06", b"PK\x05\x07"), "tabular.damaged"),
        (lambda book: OLE + "EncryptedPackage".encode("utf-16-le"), "tabular.old_excel"),
        (lambda book: OLE + "Workbook".encode("utf-16-le"), "tabular.old_excel"),
        (lambda book: inside(book, "sheet1.xml", lambda xml: xml[: len(xml) // 2]), "tabular.damaged"),
        (lambda book: inside(book, "workbook.xml", lambda xml: b"<a>" + xml), "tabular.damaged"),
        (lambda book: inside(book, "workbook.xml.rels", lambda xml: None), "tabular.damaged"),
    ],
)
def test_a_broken_file_named_xlsx_is_refused_with_what_to_do(change, rule):
    (problem,) = refused_whole(change(SMALL_BOOK))
    assert problem.rule == rule


def refused_whole(content: bytes):
    with pytest.raises(DataError) as refusal:
        tabular.parse(content, file="notas.xlsx")
    return refusal.value.problems


@pytest.mark.parametrize(
    "change", [(b"<v>4.5", b"<v>4.5.6"), (b'r="B2" t="n"', b'r="B2" s="77"'), (b"<v>4.5", b"<v>0_4")]
)
def test_a_cell_stored_as_no_workbook_does_is_named_by_its_address(change):
    (problem,) = refused(
        inside(SMALL_BOOK, "sheet1.xml", lambda xml: xml.replace(*change)), name="notas.xlsx"
    )
    assert (problem.rule, problem.sheet, problem.row, problem.column) == (
        "tabular.cell_form",
        "Sheet",
        2,
        "B2",
    )


@pytest.mark.parametrize(
    ("kind", "stored", "form", "text", "fault"),
    [
        ("n", "4", "0", "4", ""),  # the one format of a workbook that names none
        ("n", " ", "", "", ""),
        ("d", "2019-10-01", "", "2019-10-01", ""),
        ("d", "2019-10-01T09:30:00", "", "2019-10-01 09:30:00", ""),
    ],
)
def test_cells_of_a_workbook_without_formats_are_read(kind, stored, form, text, fault):
    assert Cells(Book()).read(kind, stored, form) == (text, fault)


def test_days_are_read_by_their_format_as_far_as_a_calendar_goes():
    """43739 days after 1899-12-30 is 2019-10-01; the last day of four digits is 2958465."""
    cells = Cells(Book(formats=["yyyy-mm-dd"]))
    read = [cells.read("n", stored, "0") for stored in ("43739", "43740", "2958465", "2958466")]
    assert read == [("2019-10-01", ""), ("2019-10-02", ""), ("9999-12-31", ""), ("#VALUE!", "cell_error")]


def test_a_number_of_more_signs_than_any_float_stays_as_it_is_stored():
    stored = "4." + "1" * 70
    text, fault = Cells(Book()).read("n", stored, "")
    assert (text, fault, tabular.number(text)) == (stored, "", (None, "not_a_number"))


def test_how_a_word_is_read_aloud_is_no_part_of_it():
    cell = '<c r="A3" t="inlineStr"><is><t>東京</t><rPh sb="0" eb="2"><t>とうきょう</t></rPh></is></c>'
    row = f'<row r="3">{cell}</row></sheetData>'.encode()
    book = inside(SMALL_BOOK, "sheet1.xml", lambda xml: xml.replace(b"</sheetData>", row))
    (table,) = tabular.parse(book, file="n.xlsx")
    assert table.rows[-1][0] == "東京"


def test_a_workbook_without_styles_and_one_with_a_chart_of_its_own_are_read():
    plain = inside(SMALL_BOOK, "workbook.xml.rels", lambda xml: xml.replace(b"/styles", b"/none"))
    plain = inside(plain, "sheet1.xml", lambda xml: re.sub(rb' s="\d+"', b"", xml))
    assert tabular.parse(plain, file="n.xlsx")[0].rows == tabular.parse(SMALL_BOOK, file="n.xlsx")[0].rows
    book = openpyxl.load_workbook(io.BytesIO(SMALL_BOOK))
    book.create_chartsheet("gráfico")
    content = io.BytesIO()
    book.save(content)
    assert [table.name for table in tabular.parse(content.getvalue(), file="n.xlsx")] == ["Sheet"]


def test_more_kinds_of_elements_than_are_remembered_are_read():
    more = b"<extLst>" + b"".join(b"<x%d/>" % k for k in range(150)) + b"</extLst></worksheet>"
    book = inside(SMALL_BOOK, "sheet1.xml", lambda xml: xml.replace(b"</worksheet>", more))
    assert tabular.parse(book, file="n.xlsx")[0].rows == tabular.parse(SMALL_BOOK, file="n.xlsx")[0].rows


def test_the_parts_that_tests_break_are_in_the_workbook():
    with zipfile.ZipFile(io.BytesIO(SMALL_BOOK)) as archive:
        names = " ".join(archive.namelist())
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert all(f"/{part}" in names for part in ("sheet1.xml", "workbook.xml", "workbook.xml.rels"))
    assert b"<v>4.5" in sheet
    assert b'r="B2" t="n"' in sheet


@pytest.mark.parametrize("defect", [TypeError, KeyError, AttributeError, ValueError])
def test_a_defect_of_ours_is_not_taken_for_a_broken_file(monkeypatch, defect):
    def faulty(*_):
        raise defect("ours")

    monkeypatch.setattr("ogp_analysis.tabular.cells._number_text", faulty)
    with pytest.raises(defect, match="ours"):
        tabular.parse(SMALL_BOOK, file="notas.xlsx")


# What a reader of the workbook does not see


def rated(sheet):
    for row in (["id", "n", "", "m"], ["1", 2, "", 3], ["2", 4, "", 5], ["", "", "", ""], ["3", 6, "", 7]):
        sheet.append(row)


def keys(table):
    return [note.key.removeprefix("tabular.") for note in table.notes if "hidden" in note.key]


def test_hidden_rows_and_columns_are_read_and_counted_where_they_hold_something():
    def fill(sheet):
        rated(sheet)
        for row in (3, 4, 5, 9):
            sheet.row_dimensions[row].hidden = True
        # The empty column between two others hides nothing.
        for column in "BCD":
            sheet.column_dimensions[column].hidden = True

    table = read(workbook(fill))
    assert [row[0] for row in table.rows] == ["1", "2", "3"]
    assert table.rows[0][1] == "2"
    assert keys(table) == ["hidden_rows", "hidden_columns"]
    assert "filas ocultas con contenido, que se leen igual: 2" in table.say("es")
    assert "hidden columns with content, read all the same: 2" in table.say("en")


def test_a_range_of_hidden_columns_is_counted_by_its_columns():
    def fill(sheet):
        rated(sheet)
        sheet.column_dimensions.group("B", "D", hidden=True)

    assert "hidden columns with content, read all the same: 2" in read(workbook(fill)).say("en")


def test_nothing_is_said_where_nothing_is_hidden():
    assert keys(read(workbook(rated))) == []


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_read_and_said_to_be_hidden(state):
    book = openpyxl.Workbook()
    rated(book.active)
    rated(book.create_sheet("copy"))
    book["copy"].sheet_state = state
    content = io.BytesIO()
    book.save(content)
    shown, copied = tabular.parse(content.getvalue(), file="n.xlsx")
    assert (keys(shown), keys(copied)) == ([], ["hidden_sheet"])
    assert copied.rows == shown.rows
    assert "la hoja está oculta en el libro" in copied.say("es")
