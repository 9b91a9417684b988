"""Workbooks as universities keep them: what a cell shows, titles over the table, sheets that are nearly read."""

from __future__ import annotations

import openpyxl
import pytest
import sample_ratings as sample

INDICATORS = ("tiempo", "complejidad", "recursos", "voluntad")
HEADER = ["propuesta", "evaluador", "panel", *INDICATORS]


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
