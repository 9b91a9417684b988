"""Titles, dates and names of juries above a header: which row is the header, and how it is said."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from ogp_analysis.cli import main
from ogp_analysis.model import params
from ogp_analysis.ratings.header_rows import gives_values
from ogp_analysis.ratings.known_words import Vocabulary
from ogp_analysis.ratings.method_draft import drafted
from ogp_analysis.ratings.sources import prepared

POINTS = (4, 2, 5, 1, 3, 2, 4, 5)
ACROSS = ["Tesis", "Juez 1", "Juez 2", "Juez 3"]


def saved(folder: Path, above: list[list], header: list[str]) -> Path:
    made = openpyxl.Workbook()
    made.active.title = "Juez 9"
    rows = [[f"T{k}", *(POINTS[(k + at) % 8] for at, _ in enumerate(header[1:]))] for k in range(6)]
    for row in (*above, header, *rows):
        made.active.append(row)
    made.save(folder / "r.xlsx")
    return folder / "r.xlsx"


@pytest.mark.parametrize(
    "above",
    [
        [["Concurso 2026"]],
        [["Fecha:", "2026-05-01", "Jurado:", "Juez 1"]],
        [["Institución", "Universidad X", "Jurado", "Comité A"]],
        [["Jurado", "Juez 9"]],
        [["Concurso"], [], ["Date:", "2026-05-01"], ["Reviewer:", "R1"]],
        [["Evaluación", "de", "proyectos", "2026"]],
    ],
)
@pytest.mark.parametrize("header", [ACROSS, ["Proyecto", "Originalidad", "Impacto", "Viabilidad"]])
def test_the_header_is_the_row_that_names_most(tmp_path, above, header, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    file = saved(tmp_path, above, header)
    listed = [one["title"] for each in drafted(file)["criteria"] for one in each["indicators"]]
    assert listed == (["Juez 9"] if header is ACROSS else header[1:])
    assert main.main(["method", "new", "own", "--ratings", str(file)]) == 0
    assert main.main(["check", str(file), "--method", "own.yaml"]) in (0, 1)
    assert f"header in row {len(above) + 1}, rows above it left out: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["Fecha:", "2026"], True),
        (["Jurado: ", "", "J1", ""], True),
        (["Proyecto:", "Nota:"], False),
        (["Proyecto", "Nota"], False),
        ([], False),
    ],
)
def test_labels_with_their_values_are_no_header(cells, values):
    assert gives_values(cells) is values


def test_a_check_without_the_method_says_the_row_and_how_to_draft(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    saved(tmp_path, [["Concurso 2026"]], ["Proyecto", "Belleza", "Ritmo"])
    assert main.main(["check", "r.xlsx"]) == 1
    heard = capsys.readouterr().out
    assert "Proyecto, Belleza, Ritmo" in heard
    assert "row 2" in heard
    assert "ogp method new NAME --ratings r.xlsx" in heard


def test_an_upper_table_of_ratings_keeps_its_header(tmp_path):
    """The rows of a wider table below are judged later; the upper one is not taken for its titles."""
    upper = ["Proyecto", "Juez 1", "Juez 2"]
    file = saved(tmp_path, [upper, ["P1", 3, 4], ["P2", 5, 1]], ACROSS)
    vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    assert [table.header[:3] for table in prepared(file, vocabulary)] == [upper]
