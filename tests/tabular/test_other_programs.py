"""Workbooks of other programs than the one we write with: the same cells, stored in other ways."""

from __future__ import annotations

import datetime
import io
import shutil
import subprocess

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_tables import read, refused

from ogp_analysis import tabular

DAY = datetime.date(2019, 10, 1)


def written(fill, **options) -> bytes:
    """A workbook of XlsxWriter, which stores texts in the table that cells share, as Excel does."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, **options}) as book:
        fill(book, book.add_worksheet("Notas"))
    return content.getvalue()


def filled(book, sheet) -> None:
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    code, hours = book.add_format({"num_format": "000"}), book.add_format({"num_format": "[h]:mm"})
    for column, name in enumerate(("código", "tiempo", "fecha", "sí", "fórmula", "horas")):
        sheet.write_string(0, column, name)
    sheet.write_rich_string(1, 0, "S", bold, "01")
    sheet.write_number(1, 1, 4.1)
    sheet.write_datetime(1, 2, DAY, day)
    sheet.write_boolean(1, 3, True)
    sheet.write_formula(1, 4, "=2+2", None, 4)
    sheet.write_number(1, 5, 1.25, hours)
    sheet.write_number(2, 0, 7, code)
    sheet.write_blank(2, 1, None, bold)


@pytest.mark.parametrize("options", [{}, {"date_1904": True}, {"constant_memory": True}])
def test_cells_of_another_program_are_the_same_cells(options):
    table = read(written(filled, **options), name="n.xlsx")
    assert table.rows == [
        ["S01", "4.1", "2019-10-01", "TRUE", "4", "1 day, 6:00:00"],
        ["007", "", "", "", "", ""],
    ]
    assert [type(cell) for cell in table.rows[0][1:3]] == [tabular.NumberText, tabular.DateText]
    assert "stored with them: 1" in table.say()


def test_merged_hidden_and_error_cells_of_another_program_are_seen():
    def fill(book, sheet) -> None:
        sheet.write_row(0, 0, ["id", "n", "m"])
        sheet.merge_range("A2:A3", "S01")
        sheet.write_formula("B3", "=1/0", None, "#DIV/0!")
        sheet.write_row(3, 0, ["S02", 4, 5])
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_column("C:C", None, None, {"hidden": True})

    content = written(fill)
    found = {(problem.rule, problem.column) for problem in refused(content, name="notas.xlsx")}
    assert found == {("tabular.merged", "A2:A3"), ("tabular.cell_error", "B3")}
    keys = {note.key for note in read(content).notes}
    assert {"tabular.hidden_rows", "tabular.hidden_columns"} <= keys


TEXT = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Co"), max_codepoint=0x24F), min_size=1, max_size=12
)
CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(-1e6, 1e6).map(lambda value: round(value, 6)),
    TEXT,
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=6))
def test_any_cells_are_read_as_openpyxl_reads_them(rows):
    """openpyxl is independent of our reader: it gives the cell as Python stores it."""

    def fill(_, sheet) -> None:
        sheet.write_row(0, 0, ["a", "b", "c"])
        for number, cells in enumerate(rows, start=1):
            for column, cell in enumerate(cells):
                write = sheet.write_string if isinstance(cell, str) else sheet.write
                write(number, column, cell)

    content = written(fill)
    (table,) = tabular.parse(content, file="n.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    seen = {(cell.row, cell.column): cell.value for line in sheet.iter_rows(min_row=2) for cell in line}
    for number, cells in zip(table.row_numbers, table.rows, strict=True):
        for column, text in enumerate(cells, start=1):
            value = seen.pop((number, column), None)
            if isinstance(value, bool) or value is None:
                assert text == {True: "TRUE", False: "FALSE", None: ""}[value]
            elif isinstance(value, str):
                assert "".join(text.split()) in "".join(value.split())
            else:
                assert isinstance(text, tabular.NumberText)
                assert float(text) == value
    # What is left over are rows of blanks.
    assert not "".join(str(value).strip() for value in seen.values() if value is not None)


@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_what_libreoffice_saves_again_is_read_alike(tmp_path):
    (tmp_path / "n.xlsx").write_bytes(written(filled))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    subprocess.run(
        [*command, "--outdir", tmp_path / "out", tmp_path / "n.xlsx"], check=True, capture_output=True
    )
    (table,) = tabular.read(tmp_path / "out" / "n.xlsx")
    assert table.rows == read(written(filled)).rows
