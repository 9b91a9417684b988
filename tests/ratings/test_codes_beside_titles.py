"""Tables whose headers ask for the code and for the title of what is judged, in other words than ours."""

from __future__ import annotations

import pytest

from ogp_analysis.ratings.known_words import meanings


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
