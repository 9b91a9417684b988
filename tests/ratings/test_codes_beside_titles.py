"""Tables whose headers ask for the code and for the title of what is judged, in other words than ours."""

from __future__ import annotations

import numpy as np
import pytest

from ogp_analysis.ratings.known_words import meanings
from ogp_analysis.ratings.proposal_column import meanings_in
from ogp_analysis.tabular import Table


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("Código del tema", "Título del trabajo"),
        ("Código del trabajo", "Título del trabajo"),
        ("Código de tesis", "Tesis"),
        ("Clave del proyecto", "Nombre del proyecto"),
        ("Código de la ponencia", "Título de la ponencia"),
        ("Topic code", "Title of the essay"),
        ("ID del trabajo", "Trabajo"),
        ("Número de equipo", "Equipo"),
        ("Código do projeto", "Nome do projeto"),
    ],
)
def test_code_and_title_are_both_read_in_any_order(code, title):
    assert meanings([code, title, "Nota"]) == ["proposal", "title", "rating"]
    assert meanings(["Evaluador", title, code]) == ["evaluator", "title", "proposal"]


def test_codes_of_something_else_are_none_of_what_is_judged():
    """The career and the judge have codes too; two codes of topics and works leave the one of works."""
    assert meanings(["Código de carrera", "Título de la tesis"]) == ["", "proposal"]
    assert meanings(["Código del evaluador", "Título de la tesis"]) == ["evaluator", "proposal"]
    assert meanings(["Código del tema", "Código del trabajo", "Título del trabajo"]) == [
        "",
        "proposal",
        "title",
    ]


def table(header: list[str], *columns: list[str]) -> Table:
    rows = [list(row) for row in zip(*columns, strict=True)]
    return Table("", "r.csv", header, rows, list(range(2, 2 + len(rows))))


WORKS = ["Agua", "Aire", "Fuego", "Tierra"]
SHARED, OWN = ["T1", "T1", "T2", "T2"], ["T1", "T2", "T3", "T4"]


@pytest.mark.parametrize("title", ["Título del trabajo", "Trabajo", "Nombre del proyecto", "Obra"])
def test_the_code_of_a_topic_that_works_share_is_not_theirs(title):
    marks = ["3", "4", "4", "2"]
    header = ["Código del tema", title, "Juez 1"]
    assert meanings_in(table(header, SHARED, WORKS, marks))[:2] == ["", "proposal"]
    assert meanings_in(table(header, OWN, WORKS, marks))[:2] == ["proposal", "title"]


def test_a_row_an_evaluator_does_not_make_a_topic_shared():
    header = ["Código del tema", "Título del trabajo", "Juez", "Nota"]
    for codes, read in ((OWN, ["proposal", "title"]), (SHARED, ["", "proposal"])):
        columns = [
            np.repeat(codes, 2).tolist(),
            np.repeat(WORKS, 2).tolist(),
            ["J1", "J2"] * 4,
            ["3", "4"] * 4,
        ]
        assert meanings_in(table(header, *columns))[:2] == read


def test_numbers_called_an_idea_or_a_project_are_rated_of_the_team_beside():
    teams = ["Pumas", "Rayo", "Nube", "Sol"]
    own, shared = ["3", "4", "5", "2"], ["3", "4", "3", "4"]
    assert meanings_in(table(["Equipo", "Idea", "Pitch"], teams, own, shared)) == ["proposal", "", ""]
    assert meanings_in(table(["Team", "Project", "Pitch"], teams, shared, own)) == ["proposal", "", ""]
    # Numbers that stand once each may be those of the projects.
    assert meanings_in(table(["Team", "Project", "Pitch"], teams, own, shared)) == ["", "proposal", ""]
    assert meanings_in(table(["Idea", "Pitch"], teams, own)) == ["proposal", ""]
