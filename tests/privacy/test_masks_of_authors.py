"""Authors of an export: masked in every text, and whoever else bears a part of their name stays."""

from __future__ import annotations

import pytest

from ogp_analysis.privacy.mask_sign import MASK
from ogp_analysis.privacy.masking import mask
from ogp_analysis.privacy.other_names import names_known

AUTHORS = (
    *("María Zoraida Quishpe Moreta", "Wilson Andrés Toapanta", "Rosa Campo", "Eloy Alfaro", "José Ñauñay"),
    *("Jean-Pierre O'Higgins", "Ana de la Torre Paz", "Galo Noboa", "Luz Mora Viva"),
)
USED_AS_WORDS = ("el agua viva y la luz", "que sea viva la voz")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "así lo dijo {Zoraida Quishpe} ayer",
            "propone {QUISHPE MORETA MARIA}",
            "la de {maria quishpe} es buena",
        ),
        *(
            "{quishpe, z.} pide",
            "{Toapanta, Wilson}",
            "{W. Toapanta} contó",
            "según {Toapanta W.}",
            "vecino {Wilson T.} lo pide",
        ),
        *(
            "con {Jose Naunay} y otros",
            "Dr. {Toapanta} explica",
            "lo mismo que {Toapanta} pidió",
            "Atte.: {Quishpe}",
        ),
        *(
            "{Ana de la Torre Paz} firma",
            "confío en {Andrés Toapanta}",
            "{Jean-Pierre O’Higgins}",
            "y {Rosa Campo}",
        ),
    ],
)
def test_a_name_of_the_export_is_masked_in_every_text(text):
    expected = text.split("{")[0] + MASK + text.split("}")[1]
    known = names_known(AUTHORS, USED_AS_WORDS)
    assert mask(text.replace("{", "").replace("}", ""), others=known) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "la calle Eloy Alfaro y la plaza Rosa Campo",
            "Unidad Educativa Zoraida Quishpe",
            "una rosa del campo",
        ),
        *(
            "la luz viva",
            "Luz Viva para todos",
            "María es la madre; José también",
            "el presidente Noboa firmó",
        ),
        *("en la Torre hay paz", "La parroquia Andrés Toapanta", "Wilson no vino"),
    ],
)
def test_words_places_and_given_names_alone_are_not_those_of_another_author(text):
    assert mask(text, others=names_known(AUTHORS, USED_AS_WORDS)) == text


@pytest.mark.parametrize(
    ("text", "author"),
    [
        ("La avenida Antonio José de Sucre pide veredas", "José Pérez"),
        ("Antonio José de Sucre merece un busto", "José Pérez"),
        ("Eloy Alfaro nació aquí", "Eloy Mora"),
        ("el teatro Carlos Crespi", "Carlos Mora"),
        ("el alcalde Jorge Yunda prometió", "Jorge Mora"),
    ],
)
def test_a_public_person_or_house_with_the_authors_given_name_stays(text, author):
    assert mask(text, author) == text


@pytest.mark.parametrize(
    ("text", "author", "masked"),
    [
        ("Soy Eloy y pido", "Eloy Mora", "Soy […] y pido"),
        ("Eloy Alfaro nació aquí, y Eloy firma", "Eloy Mora", "Eloy Alfaro nació aquí, y […] firma"),
        ("Carlos Crespi Toral", "Carlos Crespi", "[…] Toral"),
        ("con el alcalde hablé yo, Jorge", "Jorge Yunda", "con el alcalde hablé yo, […]"),
    ],
)
def test_the_author_beside_a_public_person_is_masked(text, author, masked):
    assert mask(text, author) == masked


def test_a_name_that_several_write_small_is_no_word():
    known = names_known(
        ["Xochilt Cunalata", "Luz Viva"], ["lo dice xochilt cunalata", "cunalata, xochilt pide"]
    )
    assert mask("dice XOCHILT CUNALATA, o Cunalata", others=known) == f"dice {MASK}, o {MASK}"


@pytest.mark.parametrize("piece", ["a-", "a/", "de la ", "@a ", "a.", "1-", "09 ", "Sr. ", "Ana, ", "mz 1 "])
def test_a_long_row_of_one_piece_is_passed_over_once(piece):
    """Took minutes, not a moment, while each of many endings looked through all behind it."""
    row = piece * 10_000
    assert mask(f"{row} ana@ejemplo.ec", "Ana Ruiz").endswith(MASK)
