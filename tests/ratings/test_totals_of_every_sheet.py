"""Rows of totals that stand alike in the sheets of all evaluators are one remark, in either language."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from ogp_analysis.cli import main


@pytest.fixture
def folder(tmp_path, monkeypatch, capsys):
    book = Workbook()
    book.remove(book.active)
    for name, extra in (("Evaluador 1", 0), ("Evaluador 2", 0), ("Evaluador 3", 1)):
        sheet = book.create_sheet(name)
        for row in (["Proyecto", "Rigor", "Uso"], ["A", 3, 4], ["B", 5, 2], *[["C", 1, 1]] * extra):
            sheet.append(row)
        sheet.append(["Total", 8, 6])
    book.save(tmp_path / "notas.xlsx")
    monkeypatch.chdir(tmp_path)
    assert main.main(["method", "new", "own", "--ratings", "notas.xlsx"]) == 0
    capsys.readouterr()
    return tmp_path


@pytest.mark.parametrize(("language", "words"), [("en", "rows of totals"), ("es", "filas de totales")])
def test_rows_of_totals_that_stand_alike_are_one_remark(folder, capsys, language, words):
    main.main(["check", "notas.xlsx", "--method", "own.yaml", "--lang", language])
    lines = [line for line in capsys.readouterr().out.splitlines() if words in line]
    # The sheet of the third evaluator has its total a row further down.
    assert len(lines) == 2
    assert "notas.xlsx · Evaluador 1, Evaluador 2: " in lines[0]
    assert "notas.xlsx · Evaluador 3: " in lines[1]
