"""Who wrote a proposal stands nowhere in what is imported: not in part, not aside."""

from __future__ import annotations

import pytest

from ogp_analysis.privacy import masking
from ogp_analysis.proposals import importing

AUTHOR = "Wilfrido Toaquiza Flores"


def imported(text: str, **options) -> importing.Imported:
    return importing.parse(text.encode(), file="p.csv", **options)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Gracias. Atte. Toaquiza", "Gracias. Atte. […]"),
        ("Ing. Toaquiza, Quito", "Ing. […], Quito"),
        ("W. Toaquiza y T. Toaquiza", "[…] y […]"),
        ("Soy Wilfrido, vecino", "Soy […], vecino"),
        ("TOAQUIZA FLORES, WILFRIDO", "[…]"),
        ("lo dice toaquiza aquí", "lo dice […] aquí"),
        ("Sr. Flores", "Sr. […]"),
        ("la idea de Flores sirve", "la idea de […] sirve"),
    ],
)
def test_a_part_of_the_authors_name_alone_is_masked(text, masked):
    assert masking.mask(text, AUTHOR) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Sembrar flores en el parque",
        "Flores para todos. Flores siempre",
        "la parroquia Flores y la calle de las Flores",
        "la obra de Ernesto Flores",
        "vivo en Flores",
    ],
)
def test_a_word_that_is_a_surname_too_stays_where_it_is_a_word(text):
    assert masking.mask(text, AUTHOR) == text


def test_a_name_that_is_a_place_of_the_export_is_masked_only_where_it_is_led_in():
    done = imported(
        "título;texto;autor;cantón\nUno;El Gobierno de Otavalo. Atte. Otavalo;Sayri Otavalo;Otavalo\n"
    )
    assert done.proposals["solution"].item() == "El Gobierno de Otavalo. Atte. […]"


@pytest.mark.parametrize(
    "header",
    [
        *(
            "responsible_name",
            "Representante legal",
            "Responsable",
            "Firmante",
            "Persona de contacto",
            "Contacto",
        ),
        *("Nombres y apellidos", "Solicitante", "Ciudadano/a", "Proponente", "Nom i cognoms", "Sol·licitant"),
        *("Nombres completos", "Nombre del ciudadano", "Nombre de la persona que propone", "Su nombre"),
        *("Requerente", "Nome completo", "Demandeur", "Applicant", "Submitted by", "Presentado por"),
    ],
)
def test_a_column_that_holds_a_name_by_its_header_is_dropped_and_its_name_masked(header):
    done = imported(f"título;texto;{header}\nUno;Lo pide Zoraida Quishpe. Atte. Quishpe;Zoraida Quishpe\n")
    assert done.dropped == (header,)
    assert done.proposals["solution"].item() == "Lo pide […]. Atte. […]"


def test_a_body_that_signs_is_no_person():
    done = imported("título;texto;autor\nUno;El desarrollo del agua;Fundación Agua y Desarrollo\n")
    assert done.proposals["solution"].item() == "El desarrollo del agua"


def test_what_is_set_aside_shows_no_cell_of_its_row():
    rows = ("A1;Uno;t;Zoraida Quishpe;", "A2;t;Zoraida Quishpe;", "Zoraida Quishpe;;;;", "")
    done = imported("código;título;texto;autor;fecha\n" + "\n".join(rows))
    aside = done.rejected_rows("es")
    assert aside["row"].tolist() == [3, 4]
    assert aside.columns.tolist() == ["row", "reason"]
    assert "Quishpe" not in aside.to_csv()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("yzq82@servidor,ec", "[…]"),
        ("Mail yzq83\u200b@servidor.ec", "Mail […]"),
        ("Twitter: yzqtwit", "Twitter: […]"),
        ("en TikTok soy yzqtik.", "en TikTok soy […]."),
        ("IG: yzqig", "IG: […]"),
        ("llame: cero nueve nueve ocho uno dos siete cuatro tres siete", "llame: […]"),
        ("Tlf 3 281 7438 ext 2", "Tlf […]"),
        ("Facebook: publicar las obras cada mes", "Facebook: publicar las obras cada mes"),
        ("uno dos y tres, cuatro o cinco mil", "uno dos y tres, cuatro o cinco mil"),
    ],
)
def test_contacts_in_other_forms_are_masked_and_prose_is_not(text, masked):
    assert masking.mask(text) == masked


def test_the_address_of_a_proposal_leads_to_no_profile():
    done = imported("título;url\nUno;https://ejemplo.ec/profiles/anaruiz/proposals/3?lang=es\n")
    assert done.proposals["url"].item() == "https://ejemplo.ec/proposals/3?lang=es"


def test_the_signature_of_another_author_is_masked_in_a_copy_and_the_same_words_elsewhere_stay():
    done = imported(
        "código;título;texto;autor\n1;a;Un río limpio. Atentamente, Zoraida de la Cruz.;Zoraida Cruz\n"
        "2;b;Un río limpio. Atentamente, Zoraida de la Cruz.;Ana Ruiz\n"
        "3;c;El pueblo de Zoraida Cruz quiere agua. Atentamente, el pueblo;Ana Ruiz\n"
    )
    assert done.proposals["solution"].tolist() == [
        "Un río limpio. Atentamente, […].",
        "Un río limpio. Atentamente, […].",
        "El pueblo de Zoraida Cruz quiere agua. Atentamente, el pueblo",
    ]
