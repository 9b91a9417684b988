"""Tables at their edges: limits, workbooks that break late, and every letter that can be garbled."""

from __future__ import annotations

import csv
import datetime
import errno
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from ogp_analysis import tabular
from ogp_analysis.errors import DataError, Problem
from ogp_analysis.model import given_file
from ogp_analysis.tabular import Limits, text_file
from ogp_analysis.tabular.table import Records, Table
from ogp_analysis.tabular.table_from_records import build, cell_fault


def book_of(*rows: tuple, sheets: int = 1) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for number in range(2, sheets + 1):
        book.create_sheet(f"Ev {number}").append(["id"])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def refused(content: bytes, **options: object) -> str:
    with pytest.raises(DataError) as refusal:
        tabular.parse(content, file="notas.xlsx", **options)
    (problem,) = refusal.value.problems
    return problem.say("en")


def test_reading_refuses_all_faults_of_all_tables_at_once(tmp_path: Path) -> None:
    file = tmp_path / "notas.csv"
    file.write_text("id;nota\nS01;4;5\nS02;4\nS03\n", encoding="utf-8")
    with pytest.raises(DataError) as refusal:
        tabular.read(file)
    found = [(problem.rule, problem.row) for problem in refusal.value.problems]
    assert found == [("tabular.long_row", 2), ("tabular.short_row", 4)]
    file.write_text("id;nota\nS02;4\n", encoding="utf-8")
    assert [table.rows for table in tabular.read(file)] == [[["S02", "4"]]]


def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=rf"{tmp_path.name}: this is a folder, and no file"):
        tabular.read(tmp_path)


def test_a_file_that_nobody_may_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "n.csv").write_text("id\nS01\n", encoding="utf-8")

    def denied(*_: object) -> None:
        raise PermissionError(errno.EACCES, "denied")

    monkeypatch.setattr(given_file.os, "open", denied)
    with pytest.raises(DataError) as refusal:
        tabular.content_of(tmp_path / "n.csv", Limits())
    (problem,) = refusal.value.problems
    assert (problem.rule, problem.file) == ("tabular.unreadable", "n.csv")
    assert dict(problem.detail) == {"reason": "PermissionError"}


def test_of_areas_that_overlap_more_than_a_sheet_can_nothing_is_certain() -> None:
    merged = [Problem("tabular.merged", sheet="a", row=1, column=f"A1:C{row}") for row in (3, 2, 3, 3)]
    table = Table("a", "n.xlsx", ["x", "y", "z"], [["1", "2", "3"]] * 2, [2, 3], list("ABC"))
    table = replace(table, problems=tuple(merged))
    assert table.unread == {(row, name) for row in (2, 3) for name in "ABC"}
    assert replace(table, problems=tuple(merged[1:2])).unread == {(2, name) for name in "ABC"}


def test_a_column_of_another_sheet_is_named_by_that_sheet() -> None:
    table = Table("notas", "n.xlsx", ["código", "plazo"], [["S01", "3"]], [4], ["A", "form!C"])
    assert [table.column_name(k, 0) for k in (0, 1)] == ["código (A4)", "plazo (form!C)"]


def test_a_separator_that_would_open_an_endless_quotation_is_not_chosen() -> None:
    # Split at commas, the quotation mark would begin a cell that swallows all that follows.
    text = 'id;texto\n1;alto,"bajo\n' + "2;medio\n" * 100
    assert text_file.detect(text, Limits(cell_characters=10)) == ";"
    assert tabular.parse(text.encode(), file="n.csv")[0].rows[0] == ["1", 'alto,"bajo']


def test_the_limit_of_cells_holds_for_one_reading_only() -> None:
    before = csv.field_size_limit()
    assert tabular.parse(b"id\nS01\n", file="n.csv", limits=Limits(cell_characters=5))[0].rows == [["S01"]]
    with pytest.raises(DataError, match="a cell has more than 50 characters"):
        tabular.parse(b"id\n" + b"x" * 100, file="n.csv", limits=Limits(cell_characters=5))
    assert csv.field_size_limit() == before


def test_more_rows_than_the_limit_are_refused_from_any_reader() -> None:
    records = Records("WG1", "n.ods", [(1, ["id"]), (2, ["S01"]), (3, ["S02"])])
    assert build(records, Limits(rows=2)).rows == [["S01"], ["S02"]]
    with pytest.raises(DataError, match=r"n\.ods, sheet WG1: 2 rows are more than the limit of 1"):
        build(records, Limits(rows=1))


def test_every_letter_that_was_read_in_the_wrong_encoding_is_named() -> None:
    # Five bytes mean nothing in cp1252 and are read as control characters.
    open_bytes = {byte: chr(byte) for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
    for letter in map(chr, range(0x80, 0x100)):
        garbled = "".join(open_bytes.get(b) or bytes([b]).decode("cp1252") for b in letter.encode())
        fault = cell_fault(f"x{garbled}x", Limits())
        assert fault == ("tabular.mojibake", garbled, (("meant", letter),))


# Workbooks


def test_too_many_sheets_are_refused() -> None:
    content = book_of(["id"], sheets=3)
    assert len(tabular.parse(content, file="notas.xlsx", limits=Limits(sheets=3))) == 3
    assert "3 sheets are more than the limit of 2" in refused(content, limits=Limits(sheets=2))


def test_times_of_day_and_spans_are_dates_not_numbers() -> None:
    content = book_of(["id", "hora", "tiempo"], ["S01", datetime.time(9, 30), datetime.timedelta(hours=30)])
    (table,) = tabular.parse(content, file="notas.xlsx")
    assert table.rows == [["S01", "09:30:00", "1 day, 6:00:00"]]
    assert all(isinstance(cell, tabular.DateText) for cell in table.rows[0][1:])


def test_a_sheet_whose_part_is_missing_is_damaged_and_not_left_out() -> None:
    content, out = book_of(["id"], ["S01"], sheets=2), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if not name.endswith("/sheet1.xml"):
                new.writestr(name, old.read(name))
    assert "the workbook is damaged or no XLSX (KeyError)" in refused(out.getvalue())
    assert "(KeyError)" in refused(out.getvalue(), sheet="Ev 2")


def test_one_changed_byte_at_the_end_of_a_long_sheet_is_noticed() -> None:
    # openpyxl opens a sheet without reading it to its end, where the archive's checksum shows the change.
    content, out = book_of(["id"], *([f"S{number:05d}"] for number in range(20_000))), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    whole = out.getvalue()
    assert whole.count(b'r="A20001"') == 1
    assert len(tabular.parse(whole, file="notas.xlsx")[0].rows) == 20_000
    said = refused(whole.replace(b'r="A20001"', b'r="A20009"'))
    assert "the workbook is damaged or no XLSX (BadZipFile)" in said
