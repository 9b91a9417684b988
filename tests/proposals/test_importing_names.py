"""Who wrote a proposal stands nowhere in what is imported: not in part, not aside."""

from __future__ import annotations

import pytest

from ogp_analysis.errors import DataError, ParameterError
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
        ("Al noventa y nueve, ochenta y siete, sesenta y cinco, cuarenta y tres. Gracias", "Al […]. Gracias"),
        ("cero noventa y nueve, ochocientos doce, setecientos cuarenta y tres", "[…]"),
        ("ninety-nine eighty-seven sixty five forty three", "[…]"),
        ("noranta-nou, vuitanta-set, seixanta-cinc, quaranta-tres", "[…]"),
        ("zéro six, douze, trente-quatre, cinquante-six", "[…]"),
        ("noventa e nove, oitenta e sete, sessenta e cinco, quarenta e três", "[…]"),
        ("Estoy en X: yzqx", "Estoy en X: […]"),
        ("Búsquenme en Instagram: yzqinsta cada lunes", "Búsquenme en Instagram: […] cada lunes"),
        ("Síganme en Facebook: Yolotl de la Acatl, gracias", "Síganme en Facebook: […], gracias"),
        ("Lea yzqacatl.blogspot.com y https://yzq.wordpress.com/2019.", "Lea […] y […]."),
        ("Es https://maps.app.goo.gl/aB3 o https://www.google.com/maps?q=-0.18,-78.46.", "Es […] o […]."),
        ("Vivo en -0.180653, -78.467834.", "Vivo en […]."),
        ("0°10'50\"S 78°28'04\"W; 0.180° S, 78.467° O", "[…]; […]"),
        ("Cédula V-12.345.678; E-84123456", "Cédula […]; […]"),
        ("carné de extranjería 001234567", "carné de extranjería […]"),
        ("Facebook: publicar las obras cada mes", "Facebook: publicar las obras cada mes"),
        ("uno dos y tres, cuatro o cinco mil", "uno dos y tres, cuatro o cinco mil"),
    ],
)
def test_contacts_in_other_forms_are_masked_and_prose_is_not(text, masked):
    assert masking.mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "A los veinte, treinta, cuarenta, cincuenta y sesenta años; dos mil diecinueve y dos mil veintiuno",
        "Los artículos uno, dos, tres, cuatro, cinco, seis, siete; doscientos, trescientos y cuatrocientos",
        "Artículo X: del agua. Eje X: datos. Estoy en Twitter para informar; www.wordpress.com sirve",
        "La vía E-35, la E487 y N24-253; de 10.000 a -5.000; 25.000 - 30.000; de 0,1234 a 0,5678 por ciento",
        "De 5° a 10°, el 5.º 3'; tasas de 0.12345, -0.45678; DOI 10.1234/abcd.2019.5678; 12345 6.789 7.890",
    ],
)
def test_numbers_roads_and_networks_in_prose_stay(text):
    assert masking.mask(text) == text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("profiles/anaruiz/proposals/3?lang=es", "proposals/3?lang=es"),
        ("proposals/17-zoraida-quishpe-pide-agua", "proposals/17"),
        ("proposals/17-copia-de-ana-paz", "proposals/17"),
        ("zoraida-quishpe/17-agua", "17-agua"),
        ("proposals/17-la-paz-del-agua", "proposals/17-la-paz-del-agua"),
    ],
)
def test_the_address_of_a_proposal_leads_to_no_profile_and_names_nobody(typed, kept):
    done = imported(f"título;url;autor\nA;https://ejemplo.ec/{typed};Zoraida Quishpe\nB;;Ana Paz\n")
    assert done.proposals["url"].tolist() == [f"https://ejemplo.ec/{kept}", ""]


def test_a_name_among_places_or_codes_is_none_of_these():
    done = imported(
        "código;título;texto;provincia;autor\n1;a;Yolotl saluda;Loja;Yolotl Acatl\n"
        "2;b;x;Yolotl Acatl;Ana Paz\nAna Paz;c;x;Loja;Ana Paz\n"
    )
    assert done.proposals[["solution", "province"]].to_numpy().tolist() == [
        ["[…] saluda", "Loja"],
        ["x", "[…]"],
    ]
    assert [(problem.rule, problem.value) for problem in done.problems] == [("people.code", "[…]")]


def test_the_name_of_another_author_is_masked_in_a_copy_a_reworded_copy_and_elsewhere():
    done = imported(
        "código;título;texto;autor\n1;a;Un río limpio. Atentamente, Zoraida de la Cruz.;Zoraida Cruz\n"
        "2;b;Un río limpio. Atentamente, Zoraida de la Cruz.;Ana Ruiz\n"
        "3;c;Como pide cruz zoraida, el pueblo quiere ríos. Atentamente, el pueblo;Ana Ruiz\n"
        "4;d;El pueblo de Zoraida Cruz y la avenida Zoraida Cruz. Z. Cruz;Ana Ruiz\n"
    )
    assert done.proposals["solution"].tolist() == [
        "Un río limpio. Atentamente, […].",
        "Un río limpio. Atentamente, […].",
        "Como pide […], el pueblo quiere ríos. Atentamente, el pueblo",
        "El pueblo de […] y la avenida Zoraida Cruz. […]",
    ]


COPIED = "Queremos un río limpio y árboles en todas sus orillas."


def test_a_whole_name_in_another_row_is_masked_but_not_that_of_a_street():
    done = imported(
        "código;título;texto;autor\n"
        f"1;a;{COPIED} ZORAIDA QUISHPE;Zoraida Quishpe\n2;b;{COPIED} ZORAIDA QUISHPE;Ana Paz\n"
        "3;c;Un río. LUZ MARINA DE LA ACATL. La avenida Luz Marina Acatl;Eva Paz\n4;d;x;Luz Marina Acatl\n"
        "5;e;El pueblo de Zoraida Quishpe;Eva Paz\n"
    )
    assert done.proposals["solution"].tolist() == [
        f"{COPIED} […]",
        f"{COPIED} […]",
        "Un río. […]. La avenida Luz Marina Acatl",
        "x",
        "El pueblo de […]",
    ]


GIVEN, FAMILY = ("Yolotl", "Nahui", "Xochitl", "Tonalli"), ("Acatl", "Ehecatl", "Mazatl", "Quiahuitl")
UNHEARD = [f"{one} {two}" for one in GIVEN for two in FAMILY]
KNOWN = ["Ana Ruiz", "PÉREZ, LUZ", "Ing. Pedro Moreta", "Sofía"]


def rows_with(header: str, cells: list[str]) -> str:
    return f"título;texto;{header}\n" + "".join(
        f"t{n};Lo pide {cell}, aquí;{cell}\n" for n, cell in enumerate(cells)
    )


@pytest.mark.parametrize(
    "cells",
    [KNOWN, UNHEARD, [*KNOWN, "-", "varios"], ["quishpe", "moreta"], ["ana_ruiz", "lmoreta87", "zquishpe"]],
)
@pytest.mark.parametrize("header", ["columna 7", "quien"])
def test_a_column_of_names_under_another_header_is_personal_unless_it_is_said_not_to_be(header, cells):
    done = imported(rows_with(header, cells))
    (note,) = [note for note in done.notes if note.key == "people.names_judged"]
    named = [cell for cell in cells if len(cell) > 8]
    assert (note.values[0], note.values[2]) == (("column", header), ("filled", str(len(cells))))
    assert done.dropped == (header,)
    assert not [cell for cell in named for text in done.proposals["solution"] if cell.split()[-1] in text]
    kept = imported(rows_with(header, cells), options=importing.Options(not_personal=(header,)))
    assert kept.dropped == ()
    # A given name and a surname side by side are a name whatever the columns say, and one word is none.
    alone = [cell for cell in cells if cell.isalpha()]
    assert all(cell in " ".join(kept.proposals["solution"]) for cell in alone)


def test_a_field_of_the_record_that_holds_names_is_dropped_and_a_few_names_in_it_are_masked_and_said():
    done = imported(rows_with("entidad", ["Ana Ruiz", "Luz Pérez", "Ministerio del Agua"]))
    assert done.proposals["institution"].eq("").all()
    text = rows_with("entidad", ["Ana Ruiz", "Luz Pérez", "Eva Moreta", *["Ministerio del Agua"] * 9])
    done = imported(text)
    said = {note.key: dict(note.values) for note in done.notes}
    assert said["people.names_masked"] == {"column": "entidad", "count": "3", "filled": "12"}
    assert done.proposals["institution"].value_counts().to_dict() == {"Ministerio del Agua": 9, "[…]": 3}
    assert "Ruiz" not in done.proposals.to_csv()
    kept = imported(text, options=importing.Options(not_personal=("entidad",)))
    assert "Ana Ruiz" in set(kept.proposals["institution"])
    named = imported(text, options=importing.Options(personal=("Entidad",)))
    assert named.dropped == ("entidad",)
    assert "Ruiz" not in named.proposals.to_csv()
    with pytest.raises(ParameterError) as caught:
        imported(text, options=importing.Options(personal=("entidades",)))
    assert [(p.rule, p.value) for p in caught.value.problems] == [("people.no_column", "entidades")]


def test_a_title_or_one_known_name_tells_a_person_in_a_column_of_bodies_and_unheard_names_are_said():
    cells = ["Sra. Pukuncho", "Ing. Tsunki M.", "Yolotzin Quishpe", "Wellzun Ixpango"]
    bodies = ["Cruz Roja", "Banco Central", "Visión Mundial", "Obras Públicas", *["Ministerio del Agua"] * 9]
    text = rows_with("entidad", [*cells, *bodies]) + "t99;Una visión del mundo;\n"
    done = imported(text)
    assert sorted(set(done.proposals["institution"])) == sorted({"", "[…]", "Wellzun Ixpango", *bodies})
    (note,) = [note for note in done.notes if note.key == "people.names_unknown"]
    assert dict(note.values) == {"column": "entidad", "count": "1", "filled": "17", "rows": "5"}


def test_a_school_or_a_place_called_after_somebody_is_no_person():
    cells = [
        "Simón Bolívar",
        "Hospital Eugenio Espejo",
        *["Isabel Robalino"] * 3,
        "Medio Ambiente",
        "GAD Ibarra",
        *["Ministerio del Agua"] * 6,
    ]
    done = imported(rows_with("entidad", cells))
    assert sorted(done.proposals["institution"]) == sorted(cells)


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("parroquia", ["Eloy Alfaro", "Simón Bolívar", "García Moreno", "Juan Montalvo"]),
        ("jurisdicción", ["Pedro Moncayo"] * 12),
        ("eje", ["Medio Ambiente", "Gobierno Abierto", "Datos Abiertos"] * 5),
        ("quién responde", ["Ministerio de Salud", "Fundación María Auxiliadora", "GAD Quito"]),
    ],
)
def test_columns_of_places_topics_and_bodies_are_none_of_names(header, cells):
    done = imported(rows_with(header, cells))
    assert done.dropped == ()
    assert "people.names_judged" not in {note.key for note in done.notes}


def test_a_message_shows_no_cell_that_may_be_a_name():
    rows = (
        "1;Uno;Yolotl Acatl;16;x",
        "2;Dos;pronto;Acatl;Yolotl Acatl",
        "3;y;Nahui;Ehecatl;5;x;z",
        "3;Tres;;;x",
    )
    done = imported("código;título;fecha;ods;autor\n" + "\n".join(rows) + "\n")
    shown = [(problem.row, problem.value) for problem in done.problems]
    assert shown == [(2, "[…]"), (3, "pronto"), (3, "[…]"), (4, ""), (4, "[…]"), (4, "[…]")]
    # The code of a row that is set aside is free for another.
    assert done.proposals["proposal"].tolist() == ["1", "2", "3"]
    with pytest.raises(DataError) as caught:
        imported("7;Zoraida Quishpe;que haya agua\n8;Ana Paz;luz\n")
    assert "Quishpe" not in caught.value.say("es")


@pytest.mark.parametrize(
    "header",
    [
        *("¿Cómo se llama su propuesta?", "Título de su propuesta", "Ponga un título a su propuesta"),
        *("What is your proposal called?", "Title of your idea", "Com es diu la seva proposta?"),
        *("Títol de la teva proposta", "Como se chama a sua proposta?", "Título da súa proposta"),
        *("Comment s'appelle votre proposition ?", "Titre de votre proposition"),
    ],
)
def test_a_sentence_that_asks_for_the_title_is_its_header(header):
    text = "Que haya agua limpia en todas las parroquias."
    done = imported(f"{header};Propuesta;¿Cuál es su nombre?\nAgua;{text} Atte. Acatl;Yolotl Acatl\n")
    assert done.proposals[["title", "solution"]].to_numpy().tolist() == [["Agua", f"{text} Atte. […]"]]
    assert done.dropped == ("¿Cuál es su nombre?",)


def test_a_column_of_supporters_is_dropped_and_its_names_masked_though_no_list_knows_them():
    cells = ["Zelta Throck", "Xul Quark, Bolt Yarrow"]
    done = imported(rows_with("¿Quién más apoya esta propuesta?", cells))
    assert done.dropped == ("¿Quién más apoya esta propuesta?",)
    assert done.proposals["solution"].str.count("Throck|Quark|Yarrow").sum() == 0


def test_what_opens_a_door_is_left_out_of_the_address_of_a_proposal():
    done = imported("título;url\nA;https://u:p@ejemplo.ec/p/3?token=ab&lang=es&pwd=1\n")
    assert done.proposals["url"].item() == "https://ejemplo.ec/p/3?lang=es"
