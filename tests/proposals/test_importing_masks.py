"""What reaches a person is masked in an imported text, and what looks like it stays."""

from __future__ import annotations

from collections import Counter

import pytest
from sample_import import imported

from ogp_analysis.privacy import masking


def test_a_house_in_a_column_of_places_is_masked_and_its_quarter_stays():
    cells = (
        "La Paz, calle Sucre 340",
        "Mz 4 Villa 12",
        "Comité del Pueblo 2",
        "Calle 10 de Agosto",
        "Manzana 4",
        "calle 5, casa 12B",
    )
    done = imported(
        "código;título;barrio\n" + "".join(f"{k};Uno {k};{cell}\n" for k, cell in enumerate(cells))
    )
    masked = ["La Paz, […]", "[…]", "Comité del Pueblo 2", "Calle 10 de Agosto", "Manzana 4", "calle 5, […]"]
    assert done.proposals["place"].tolist() == masked


TELEPHONES = (
    *("02-245-6789", "(02) 245-6789", "022456789", "02 2456789", "099 123 4567", "+593 99 123 4567"),
    *("912 345 678", "+34 912 345 678", "900.226.226", "+57 301 234 5678", "06 12 34 56 78"),
    # The prefix of the country with two zeros or without its sign; lines below between the digits.
    *("00593 99 123 4567", "0034 912 345 678", "593991234567", "593 99 123 4567", "099_123_4567"),
    *("+593946054699", "593948588783"),  # no numbers of libphonenumber's tables
)


OTHERS = (
    *("171234567-8", "17-1234567-8", "1712345678", "1712345678001", "12345678Z", "11.111.111-1"),
    *("1712345678-001", "171234567-8 001"),
    *(
        "ana.ruiz@ejemplo.ec",
        "ana [at] ejemplo.ec",
        "ana (arroba) ejemplo (punto) ec",
        "ana arroba ejemplo punto ec",
    ),
    *("@ana_ruiz", "https://www.facebook.com/ana.ruiz", "wa.me/593991234567"),
    *("https://participa.ejemplo.ec/profiles/ana", "https://participa.ejemplo.ec/es/usuarios/77?a=1"),
    *("https://participa.ejemplo.ec/p/3?token=a1b2", "https://ejemplo.ec/f?x=1&entry.12=Ana+Ruiz"),
)


@pytest.mark.parametrize("typed", [*TELEPHONES, *OTHERS])
def test_what_reaches_a_person_is_masked_inside_a_text(typed):
    text = f"Proponemos un portal ({typed}) para 2019; avise a {typed}."
    expected = "Proponemos un portal ([…]) para 2019; avise a […]."
    assert masking.mask(text) == expected
    assert masking.mask(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "entre 2018-2019 y 2020-2021",
            "el 2018-11-30 10:01",
            "30/11/2018",
            "art. 5 (a) numeral 2",
            "precio @ 5",
        ),
        *("USD 1.712.345.678", "900.226.226 dólares", "600 000 000 personas", "12.345.678,90", "25 000 000"),
        *("https://ejemplo.ec/p/1234567", "Registro Oficial 395 de 2008", "ley 2019, art. 1234567890123"),
        *("páginas 123-456-789", "ISBN 978-9942-22-1", "@SUM(1,2)", "código 12345678A"),
    ],
)
def test_amounts_years_articles_and_addresses_of_pages_stay(text):
    assert masking.mask(text) == text


def test_what_was_masked_is_counted_by_kind():
    done = imported("título;texto\nUno;Llame al 02-245-6789 o a ana@ejemplo.ec, cédula 171234567-8, @ana_r\n")
    (note,) = [note for note in done.notes if note.key == "people.masked"]
    counted = {name: int(value) for name, value in note.values}
    assert counted == {
        "count": 1,
        "email": 1,
        "profile": 0,
        "handle": 1,
        "identity": 1,
        "telephone": 1,
        "location": 0,
        "author": 0,
    }


@pytest.mark.parametrize(
    "signed",
    ["Zoraida Quishpe", "QUISHPE CANARINO ZORAIDA", "Quishpe, Zoraida", "zoraida_q87", "@zoraida_q87"],
)
def test_parts_of_an_authors_name_and_user_names_are_masked(signed):
    assert masking.mask(f"Firma {signed} aquí", "Zoraida Quishpe Canariño; zoraida_q87") == "Firma […] aquí"


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Nombre del autor", "Zoraida Quishpe Canariño"),
        ("nombre de usuario", "zoraida_q87"),
        ("nombres;apellidos", "Zoraida;Quishpe Canariño"),
        ("firmante;author_id", "Zoraida Quishpe;7"),
    ],
)
def test_every_column_that_names_the_author_is_masked_in_the_texts(header, cells):
    text = f"título;texto;{header}\nUno;Firma Zoraida Quishpe, zoraida_q87 aquí;{cells}\n"
    done = imported(text)
    body = done.proposals["solution"].iloc[0]
    assert ("zoraida_q87" if "usuario" in header else "Quishpe") not in body
    assert len(done.dropped) == header.count(";") + 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("canario5 at ejemplo dot com", "email"),
        ("canario AT ejemplo DOT com", "email"),
        ("canario6 en gmail punto com", "email"),
        ("canario arroba ejemplo punto ec", "email"),
        ("canario guion bajo ruiz arroba gmail punto com", "email"),
        ("canarioarrobagmail.com", "email"),
        ("canario(a)yahoo.es", "email"),
        ("linktr.ee/canario", "profile"),
        ("canario @ ejemplo . ec", "email"),
        ("canario＠ejemplo.ec", "email"),
        ("canario ( a ) ejemplo.ec", "email"),
        ("youtube.com/@canario_k", "profile"),
        ("canario-m.bsky.social", "handle"),
        ("@canario-m.bsky.social", "handle"),
    ],
)
def test_what_reaches_a_person_is_masked_however_it_is_written(text, kind):
    counts = Counter()
    assert masking.mask(f"Escriban: {text}, gracias", counts=counts) == "Escriban: […], gracias"
    assert {name for name, count in counts.items() if count} == {kind}


@pytest.mark.parametrize(
    "text",
    ["carro de placa PBX 1234", "placas PBX1234", "vehículo PBX-1234", "placa pbx-1234", "moto IA123B"],
)
def test_a_plate_behind_a_word_for_it_is_masked(text):
    counts = Counter()
    masked = masking.mask(f"Mi {text}.", counts=counts)
    assert masked.startswith(f"Mi {text.split()[0]}")
    assert masked.endswith(" […].")
    assert dict(counts) == {"identity": 1}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("cédula de ciudadanía es […]", "identity"),
        ("celu es […]", "telephone"),
        ("celular es el […]", "telephone"),
    ],
)
def test_words_between_a_number_and_what_it_is_called_do_not_part_them(text, kind):
    counts = Counter()
    assert masking.mask(f"Mi {text.replace('[…]', '992 022 7921')}.", counts=counts) == f"Mi {text}."
    assert dict(counts) == {kind: 1}


@pytest.mark.parametrize(
    "text", ["IG: canario_g", "Twitter canario_h", "instagram: canario87", "Instagram es canario_87"]
)
def test_a_handle_behind_the_name_of_its_network_is_masked(text):
    assert masking.mask(f"Mi {text}.") == f"Mi {text.rpartition(' ')[0]} […]."


@pytest.mark.parametrize(
    "typed",
    [
        # Made up, in the forms of each country.
        *("rut 123456785", "RUT: 12345678k", "RUT 12345678-5", "CPF 123.456.789-09", "NIF 12345678Z"),
        *("CURP GOMC850101HDFRRL09", "SSN 078-05-1120", "CC 52123456", "CC. 52.123.456", "DNI 30.123.456"),
        *("CUIT 20-12345678-6", "pasaporte A1234567", "passport no. 123456789", "pasaporte N.º 123456"),
        *("pasaporte es A1234567", "c.c.225.761.807-0", "c.i. 52123456", "mi CI es 52123456"),
        *("IBAN ES91 2100 0418 4502 0005 1332", "IBAN GB29NWBK60161331926819", "dni: 30123456"),
    ],
)
def test_a_number_behind_the_name_of_an_identity_document_is_masked_whole(typed):
    counts = Counter()
    masked = masking.mask(f"Soy ella, {typed}; gracias", counts=counts)
    assert masked.endswith("[…]; gracias")
    assert not any(sign.isdigit() for sign in masked)
    assert counts["identity"] == 1


@pytest.mark.parametrize(
    "text",
    [
        "Según el art. 1710034065 y el artículo 1710034065 de la ley",
        "En este punto es necesario decidir en cada punto como antes",
        "Look at this point in time at the dot",
        "Los niños(as) y el alumno(a) inscrito en la escuela(a) final. Es así",
        "Difundir en Facebook y Twitter para informar; Facebook 2019; Twitter: una herramienta",
        "USD 150000 por 2000 cc 150000 y 1 200 000 dólares en 2018-2019; pasaporte 2018-2019",
        "La cédula de 1000 personas y el RUC de 2019",
        "youtube.com/watch?v=1 y la reunión @ quito",
        "El motor de 500 c.c. 250000 km; la matrícula del año 2019, la placa de la calle y el auto de 2019",
        "ISO 9001, RES-2019-001 y la partida 530101 2019 001 34; https://www.gob.ec/buscar?q=name&x=2",
        "El presupuesto 593000000000 y el proceso 5930000; mi Facebook es gratis y en este punto es así",
    ],
)
def test_sentences_articles_and_amounts_stay_as_they_are(text):
    assert masking.mask(text) == text
