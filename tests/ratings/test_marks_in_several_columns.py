"""A mark that there is no rating is one fault of a table, whatever the columns in which it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from ogp_analysis.cli import main
from ogp_analysis.cli.method import draft_of


def judges(path: Path) -> Path:
    path.write_text(
        "Project,Judge 1,Judge 2,Judge 3\nA,5,COI,7\nB,6,8,COI\nC,COI,7,4\nD,5,6,7\n", encoding="utf-8"
    )
    return path


def workbook(path: Path) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name in ("Evaluador 1", "Evaluador 2"):
        sheet = book.create_sheet(name)
        sheet.append(["Proyecto", "Rigor", "Uso"])
        for code in "ABCD":
            conflict = (name, code) == ("Evaluador 2", "C")
            sheet.append([code, *(["Conflicto de interés"] * 2 if conflict else [ord(code) - 63, 3])])
    book.save(path)
    return path


def test_a_mark_in_a_column_of_each_judge_is_one_line(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    judges(tmp_path / "marks.csv")
    assert main.main(["method", "new", "own", "--ratings", "marks.csv"]) == 0
    drafted = [line for line in capsys.readouterr().out.splitlines() if "COI" in line]
    assert main.main(["check", "marks.csv", "--method", "own.yaml"]) != 0
    checked = [line for line in capsys.readouterr().out.splitlines() if "COI" in line]
    assert len(drafted) == len(checked) == 1
    # The cells are in rows 2, 3 and 4, of three judges.
    assert "cells: 3, first in rows 2, 3, 4" in checked[0]
    assert all(f"Judge {seat}" in checked[0] for seat in (1, 2, 3))


@pytest.mark.parametrize(("language", "cells"), [("en", "cells: 2"), ("es", "celdas: 2")])
def test_a_mark_under_two_indicators_is_one_remark_of_the_draft(tmp_path, language, cells):
    remarks = draft_of(workbook(tmp_path / "marks.xlsx"), language)["remarks"]
    marks = [remark for remark in remarks if "Conflicto" in remark]
    assert len(marks) == 1
    assert cells in marks[0]
    assert "Evaluador 2" in marks[0]
    assert "indica" not in marks[0]
