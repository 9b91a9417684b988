"""Headers in two rows and of more than one place; dates that Excel counts in days."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook
from sample_import import imported

SURVEY = (
    "Respondent ID,IP Address,First Name,Título de su propuesta,Describa su propuesta,Datos de contacto,\n"
    ",,,{0},{0},Nombre,Correo electrónico\n"
    "118,10.1.2.3,Ana,Luz,Queremos luz,Ana Ruiz,a@x.ec\n"
)


@pytest.mark.parametrize(
    "response", ["Open-Ended Response", "Response", "Respuesta abierta", "Resposta aberta"]
)
def test_the_second_row_of_a_survey_is_no_proposal_and_says_what_a_column_asks(response):
    done = imported(SURVEY.format(response))
    assert done.proposals[["proposal", "title", "solution"]].values.tolist() == [
        ["118", "Luz", "Queremos luz"]
    ]
    assert done.dropped == ("IP Address", "First Name", "Nombre", "Correo electrónico")
    (note,) = [note for note in done.notes if note.key == "people.header_in_two"]
    assert dict(note.values) == {"first": "1", "last": "2"}
    assert not done.problems


def test_labels_merged_over_columns_of_a_workbook_leave_the_names_below_and_beside_them():
    book = Workbook()
    rows = (
        ("Consulta 2019",),
        ("Código", "Título", "Propuesta", None, "Persona", None),
        (None, None, "Problema", "Solución", "Nombre", "Teléfono"),
        ("A1", "Luz", "No hay luz", "Queremos luz", "Ana Ruiz", "0991234567"),
    )
    for row in rows:
        book.active.append(row)
    for cells in ("A1:F1", "A2:A3", "B2:B3", "C2:D2", "E2:F2"):
        book.active.merge_cells(cells)
    file = io.BytesIO()
    book.save(file)
    done = imported(file.getvalue())
    kept = done.proposals[["proposal", "title", "problem", "solution"]]
    assert kept.values.tolist() == [["A1", "Luz", "No hay luz", "Queremos luz"]]
    assert done.dropped == ("Nombre", "Teléfono")
    assert not done.problems


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("código;título;tema;sector\n;Idea;Proyecto;Salud\n", "Idea"),
        ("título;texto\nRespuesta;Que respondan\n", "Respuesta"),
        ("código;título;correo;tema\n1;Tema;;Otro\n", "Tema"),
    ],
)
def test_a_first_proposal_of_words_that_head_columns_is_no_header(text, title):
    done = imported(text)
    assert done.proposals["title"].tolist() == [title]
    assert "people.header_in_two" not in [note.key for note in done.notes]


# 1 January 2019 is day 43466, as every spreadsheet shows.
@pytest.mark.parametrize("typed", ["43466", "43466.75", "43466,75"])
def test_a_date_that_excel_counts_in_days_is_read_and_said(typed):
    done = imported(f"código;título;fecha\n1;Luz;{typed}\n2;Agua;02/01/2019 10:00\n3;Sol;31/01/2019\n")
    assert done.proposals["submitted"].tolist() == ["2019-01-01", "2019-01-02", "2019-01-31"]
    (note,) = [note for note in done.notes if note.key == "people.dates_counted"]
    assert dict(note.values) == {"count": "1"}


@pytest.mark.parametrize("typed", ["1234", "12345", "99999", "434661", "2019"])
def test_any_other_number_is_no_date(typed):
    done = imported(f"código;título;fecha\n1;Luz;{typed}\n")
    assert done.proposals["submitted"].tolist() == [""]
    assert [problem.value for problem in done.problems] == [typed]


@pytest.mark.parametrize(
    "header",
    [
        *(
            "Parroquia / Barrio",
            "Barrio o sector",
            "¿En qué parroquia vive?",
            "Nombre del barrio",
            "Bairro / Freguesia",
        ),
        *(
            "Cantón de residencia",
            "Parish or neighbourhood",
            "Quartier ou arrondissement",
            "Barri o districte",
        ),
    ],
)
def test_a_header_of_several_words_for_places_is_a_place(header):
    done = imported(f"código;título;{header}\n1;Luz;San Roque\n")
    assert done.proposals["place"].tolist() == ["San Roque"]


def test_a_question_for_the_province_is_read_and_a_parish_stands_behind_its_canton():
    done = imported(
        "código;título;Parroquia (rural o urbana);Cantón o ciudad;¿En qué provincia vive?\n1;Luz;A;B;C\n"
    )
    assert done.proposals[["province", "place"]].values.tolist() == [["C", "B, A"]]


@pytest.mark.parametrize(
    "header", ["Director de distrito", "Barrio del autor", "Sector", "Participación en barrios"]
)
def test_what_is_not_only_a_place_is_none(header):
    done = imported(f"código;título;{header}\n1;Luz;San Roque\n")
    assert done.proposals["place"].tolist() == [""]
