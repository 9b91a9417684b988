"""What real exports have done, on rows made up here: dates, doubled headers, codes, encodings, telephones."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest
from sample_import import imported

from ogp_analysis.cli import main
from ogp_analysis.errors import DataError, ParameterError
from ogp_analysis.proposals import dates, importing
from ogp_analysis.proposals.importing import Options


def days(*cells: str, order: str = "") -> list[str]:
    text = "título;fecha\n" + "".join(f"t{n};{cell}\n" for n, cell in enumerate(cells))
    frame = imported(text, options=Options(order=order)).proposals
    return frame.sort_values("title")["submitted"].tolist()


# --- dates ---


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        (("22/01/2016", "03/02/2016"), ["2016-01-22", "2016-02-03"]),
        (("01/22/2016", "03/02/2016 10:00"), ["2016-01-22", "2016-03-02"]),
        (("2016/01/22T:13:06:40", "2016.1.2"), ["2016-01-22", "2016-01-02"]),
        (("22-01-2016 13:06", "05/05/2016"), ["2016-01-22", "2016-05-05"]),
        (("22 de enero de 2016", "January 22, 2016"), ["2016-01-22"] * 2),
        (("20160122", "2016-01-22T13:06:40Z"), ["2016-01-22"] * 2),
        (("22/01/16", "03.02.16 10:00"), ["2016-01-22", "2016-02-03"]),
        (("22-ene-16", "16-01-22"), ["2016-01-22", ""]),
    ],
)
def test_dates_are_read_in_the_order_that_their_column_proves(cells, read):
    assert days(*cells) == read


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1 d’abril de 2016", "2016-04-01"),
        ("3 févr. 2016", "2016-02-03"),
        ("5 de março de 2016", "2016-03-05"),
    ],
)
def test_months_are_read_in_the_languages_of_the_exports(typed, day):
    assert dates.read([typed]).days == (day,)


def test_an_order_that_nothing_proves_is_asked_for():
    with pytest.raises(DataError) as caught:
        days("02/03/2018", "04/05/2018", "06/06/2018")
    found = [(problem.rule, problem.row, problem.value) for problem in caught.value.problems]
    assert found == [("people.dates_ambiguous", 2, "02/03/2018"), ("people.dates_ambiguous", 3, "04/05/2018")]
    assert days("02/03/2018", order="day-first") == ["2018-03-02"]
    assert days("02/03/2018", order="month-first") == ["2018-02-03"]
    with pytest.raises(ParameterError):
        days("02/03/2018", order="year-first")


def test_where_a_column_proves_both_orders_what_proves_neither_is_left_empty():
    done = imported("título;fecha\na;22/01/2016\nb;01/22/2016\nc;02/03/2016\n")
    assert done.proposals.sort_values("title")["submitted"].tolist() == ["2016-01-22", "2016-01-22", ""]
    assert [(problem.rule, problem.row) for problem in done.problems] == [("people.date_unsettled", 4)]


@pytest.mark.parametrize("order", ["", "day-first"])
def test_a_column_of_dates_that_contradicts_itself_is_said_with_both_dates(order):
    text = "título;fecha\na;22/03/2018\nb;04/25/2018\nc;02/03/2018\nd;pronto\n"
    done = imported(text, options=Options(order=order))
    (note,) = [note for note in done.notes if note.key == "people.dates_contradict"]
    for language in ("en", "es"):
        assert "22/03/2018" in note.say(language)
        assert "04/25/2018" in note.say(language)
    unsettled = [("people.date_unsettled", "02/03/2018")] if not order else []
    told = [(problem.rule, problem.value) for problem in done.problems]
    assert told == [*unsettled, ("people.submitted", "pronto")]


def test_a_date_that_cannot_be_read_is_an_empty_date_and_one_line_for_all(tmp_path, capsys):
    text = "título;fecha\n" + "".join(f"t{n};pronto {n}\n" for n in range(300))
    assert imported(text).proposals["submitted"].eq("").all()
    (tmp_path / "p.csv").write_text(text, encoding="utf-8")
    words = ["import", str(tmp_path / "p.csv"), "--out", str(tmp_path / "o.csv"), "--lang", "en"]
    assert main.main([*words, "--json"]) == 0
    (kind,) = json.loads(capsys.readouterr().out)["problems"]
    assert (kind["kind"], kind["column"], kind["count"]) == ("people.submitted", "fecha", 300)
    assert (kind["rows"], kind["examples"]) == ([2, 3, 4], ["pronto 0", "pronto 1", "pronto 2"])
    assert main.main([*words, "--json", "--strict"]) == 1
    assert [kind["count"] for kind in json.loads(capsys.readouterr().out)["problems"]] == [300]


# --- columns ---


def test_a_column_that_will_be_dropped_cannot_stop_an_import():
    done = imported("id;title;author__id;author_id;;votes\n1;Datos;7;8;x;3\n", strict=True)
    assert done.proposals["proposal"].tolist() == ["1"]
    assert {"author__id", "author_id"} <= set(done.dropped)


def test_two_columns_of_one_name_that_are_read_and_differ_are_refused():
    with pytest.raises(DataError) as caught:
        imported("título;Título\nUno;Dos\n")
    assert {problem.rule for problem in caught.value.problems} == {"tabular.duplicate_header"}
    assert imported("título;Título\nUno;Uno\n").proposals["title"].tolist() == ["Uno"]


@pytest.mark.parametrize(
    "header",
    ["id_proposal", "proposal_id", "Código propuesta", "Núm.", "ref_idea", "folio", "ID", "propuesta"],
)
def test_the_platforms_own_number_is_the_code_whatever_its_column_is_called(header):
    done = imported(f"category_id;user_id;{header};título\n4;9;1017;Datos\n4;8;1018;Obras\n")
    assert done.proposals["proposal"].tolist() == ["1017", "1018"]
    assert ("people.code_column", (("column", header),)) in [(note.key, note.values) for note in done.notes]


@pytest.mark.parametrize("header", ["#", "N° de la proposition", "N.º da proposta", "Response ID"])
def test_the_numbers_of_other_forms_are_codes(header):
    done = imported(f"{header};título;Concello\nk3j2h4;Datos;Vigo\nk3j2h5;Obras;Lugo\n")
    assert done.proposals[["proposal", "place"]].to_numpy().tolist() == [
        ["k3j2h4", "Vigo"],
        ["k3j2h5", "Lugo"],
    ]


@pytest.mark.parametrize(
    "header",
    ["¿A qué institución va dirigida?", "Quelle institution est concernée ?", "Que entidade pública?"],
)
def test_a_question_for_the_institution_is_read(header):
    done = imported(f"título;texto;{header}\nUno;Que haya agua;Ministerio del Agua\n")
    assert done.proposals["institution"].item() == "Ministerio del Agua"


@pytest.mark.parametrize(
    "header",
    [
        "Marca temporal;¿Qué cambiaría usted en su ciudad?",
        "Marca temporal;Nombre;Correo;Provincia;Escriba aquí su idea",
        "#;What should change?;Start Date (UTC);Submit Date (UTC);Network ID;Tags",
    ],
)
def test_a_form_of_one_question_is_read_and_its_header_said(header):
    asked = next(k for k, name in enumerate(header.split(";")) if "?" in name or "idea" in name)
    rows = [["x"] * len(header.split(";")) for _ in range(2)]
    for row, answer in zip(rows, ("Que haya agua limpia", "Que haya más luz"), strict=True):
        row[asked] = answer
    done = imported("\n".join([header, *map(";".join, rows)]))
    assert sorted(done.proposals["title"]) == ["Que haya agua limpia", "Que haya más luz"]
    told = dict(next(note for note in done.notes if note.key == "people.told_columns").values)["columns"]
    assert told.startswith(f"{header.split(';')[asked]} → title")


@pytest.mark.parametrize(
    ("proposal", "problem"),
    [
        ("¿Cuál es su propuesta?", "¿Cuál es el problema?"),
        ("¿Qué propone usted?", "¿Qué problema ve en su barrio?"),
        ("Describa su propuesta", "Describa el problema"),
        ("Su propuesta", "Problemática"),
        ("What is your proposal?", "Describe the problem"),
        ("Qual é a sua proposta?", "Descreva o problema"),
        ("Quelle est votre proposition ?", "Décrivez le problème"),
        ("Qual és la teva proposta?", "Quin és el problema?"),
    ],
)
def test_of_two_questions_the_one_on_the_proposal_stands_for_the_title(proposal, problem):
    text = f"Fecha;Nombre;{problem};{proposal}\n2018-11-21;Ana Melranango;No hay luz;Publicar las actas\n"
    (row,) = imported(text).proposals.to_dict("records")
    assert (row["title"], row["problem"]) == ("Publicar las actas", "No hay luz")


def test_remarks_on_ratings_are_no_proposals():
    rows = "\n".join(f"2018-11-21;{k};{k + 1};Cumple con lo que pide la base {k}" for k in range(4))
    with pytest.raises(DataError) as refused:
        imported(f"Fecha;Tiempo;Complejidad;Justificación\n{rows}\n")
    assert [problem.rule for problem in refused.value.problems] == ["people.recognised_by_none"]


def test_of_questions_none_of_which_asks_for_a_proposal_nobody_knows_the_title():
    with pytest.raises(DataError) as refused:
        imported("Fecha;¿Qué le gusta?;¿Qué no le gusta?\n2018-11-21;Todo el parque nuevo;Nada de lo demás\n")
    assert [problem.rule for problem in refused.value.problems] == ["people.recognised_by_none"]


def test_a_table_of_two_questions_or_of_choices_is_none_of_one_question():
    for text in (
        "Fecha;Uno;Otro\nx;Que haya agua limpia;Que haya luz\n",
        "Fecha;Voto\nx;sí\ny;sí\nz;no\n",
        "Fecha;Lema\nx;\n",
    ):
        with pytest.raises(DataError):
            imported(text)


@pytest.mark.parametrize(("header", "emptied"), [("Tema", "topic"), ("Idea", "solution")])
def test_a_column_that_may_be_a_title_or_something_else_serves_once(header, emptied):
    [row] = imported(f"{header};Problema\nAgua;No hay agua limpia\n").proposals.to_dict("records")
    assert (row["title"], row["problem"], row[emptied]) == ("Agua", "No hay agua limpia", "")


@pytest.mark.parametrize(("column", "faults"), [(1, ["tabular.cell_error"]), (2, [])])
def test_a_faulty_cell_of_a_workbook_is_named_where_its_column_is_read(column, faults):
    book = openpyxl.Workbook()
    for row in (["Título", "Descripción", "Color"], ["Agua limpia", "Falta", "x"], ["Luz", "Falta", "x"]):
        book.active.append(row)
    cell = book.active.cell(2, column + 1, "#N/A")
    cell.data_type = "e"
    content = io.BytesIO()
    book.save(content)
    done = importing.parse(content.getvalue(), file="p.xlsx")
    assert [problem.rule for problem in done.problems] == faults


def test_a_number_that_is_not_of_each_proposal_is_no_code():
    done = imported("numero_de_cedula;parent_id;folio;título\n1;1;5;Datos\n2;2;5;Obras\n")
    assert done.proposals["proposal"].str.startswith("T-").all()


@pytest.mark.parametrize(
    "header",
    [
        "Codi;Títol;Descripció;Districte;Data de creació",
        "Código;Título;Descrição;Bairro;Data de criação",
        "Code;Titre;Contenu;Quartier;Date de création",
        "Code;Title;Description;Neighbourhood;Created at",
        "Código;Título;Descripción;Parroquia;Fecha de creación",
    ],
)
def test_headers_are_read_in_five_languages(header):
    (record,) = imported(f"{header}\nA1;Uno;Texto;Centro;22/01/2016\n").proposals.to_dict("records")
    found = [record[name] for name in ("proposal", "title", "solution", "place", "submitted")]
    assert found == ["A1", "Uno", "Texto", "Centro", "2016-01-22"]


def test_a_form_that_asks_in_sentences_is_read_by_the_words_of_its_headers():
    headers = {
        "Marca temporal": "2019/03/05 10:11:12 a. m. GMT-5",
        "Nombres completos": "Zoraida Quishpe",
        "C.I.": "x",
        "Título de la propuesta": "Uno",
        "¿Cuál es el problema que quiere resolver?": "Nadie publica nada",
        "Describa su propuesta de solución": "Publicar. Atte. Quishpe",
        "Institución competente": "Ministerio del Agua",
        "ODS relacionado": "ODS 6. Agua limpia",
        "Eje temático": "agua",
        "Código postal": "170150",
    }
    done = imported("\n".join("|".join(cells) for cells in (headers, headers.values())))
    [row] = done.proposals.to_dict("records")
    assert {
        name: row[name] for name in ("problem", "solution", "institution", "sdg", "topic", "submitted")
    } == {
        "problem": "Nadie publica nada",
        "solution": "Publicar. Atte. […]",
        "institution": "Ministerio del Agua",
        "sdg": "6",
        "topic": "agua",
        "submitted": "2019-03-05",
    }
    assert row["proposal"].startswith("T-")  # a postal code is nobody's code
    assert done.dropped == ("Nombres completos", "C.I.")
    told = dict(next(note for note in done.notes if note.key == "people.told_columns").values)["columns"]
    assert "¿Cuál es el problema que quiere resolver? → problem" in told


@pytest.mark.parametrize(
    "header",
    [
        *(
            "Explique su idea",
            "Tell us about your idea",
            "Details of your idea",
            "Content",
            "Cuéntenos su proyecto",
        ),
        *(
            "Texte de la proposition",
            "Texto da proposta",
            "Explica la teva proposta",
            "Décrivez votre projet",
        ),
    ],
)
def test_the_text_is_read_under_the_headers_of_other_forms(header):
    [row] = imported(f"Título;{header};Resumen\nUno;Todo el texto;Breve\n").proposals.to_dict("records")
    assert (row["title"], row["solution"]) == ("Uno", "Todo el texto")


def test_a_column_of_longer_texts_that_is_not_read_is_said():
    text = "El municipio no publica en qué gasta y nadie puede preguntarlo. " * 3
    done = imported(f"Título;Resumen;Parte A;Parte B\nUno;Breve;{text};corto\n")
    assert ("people.longer_texts", (("columns", "Parte A"),)) in [
        (note.key, note.values) for note in done.notes
    ]
    said = {note.key for note in imported(f"Título;Resumen;Parte A\nUno;{text};{text}\n").notes}
    assert "people.longer_texts" not in said


@pytest.mark.parametrize(
    "header", ["Network ID", "session_id", "Device number", "_edit_last", "Collector ID"]
)
def test_the_number_of_a_machine_or_a_visit_is_no_code(header):
    done = imported(f"título;{header}\nUno;n3tw1\nDos;n3tw2\nTres;n3tw3\n")
    assert done.proposals["proposal"].str.startswith("T-").all()
    assert "n3tw" not in done.proposals.to_csv()


@pytest.mark.parametrize("header", ["Código", "Folio", "id", "N°", "codigo_registro"])
def test_a_column_of_identity_cards_under_a_header_of_codes_stops_no_import(header):
    rows = "1710034065;Uno\n0102030400;Dos\nA3;Tres\n"
    done = imported(f"{header};título\n{rows}")
    assert len(done.proposals) == 3
    assert done.proposals["proposal"].str.startswith("T-").all()
    assert "1710034065" not in done.proposals.to_csv() + "".join(done.say("es"))
    # One that is not is a fault of its row.
    assert len(imported(f"{header};título\nA1;Uno\nA2;Dos\n1710034065;Tres\n").rejected) == 1


def test_totals_and_notes_below_a_table_are_no_proposals_and_a_title_is_one():
    rows = "1;Uno;3;\n2;Dos;4;\nSUBTOTAL;;7;\n3;Total transparencia;1;\n;Solo título;;\nTOTAL;3;8;\n"
    done = imported(
        f"N°;Título;Aforo;Mesa\n{rows}Nota: validado por alguien;;;\n;;Elaborado por: Dirección;\n"
    )
    assert done.proposals["title"].tolist() == ["Uno", "Dos", "Total transparencia", "Solo título"]
    assert done.problems == ()
    assert done.rejected.empty
    assert "filas omitidas porque son totales o notas al pie de la tabla: 4" in done.say("es")
    # What is left of a row of a proposal is set aside, where it is counted.
    assert len(imported("N°;Título;Mesa\n1;Uno;a\n2;;\nQuishpe Ana;;\n").rejected) == 2


def test_titles_without_any_text_are_said():
    assert "people.titles_alone" in {note.key for note in imported("título;comentario\nUno;Dos\n").notes}


def test_an_empty_column_leaves_its_field_to_the_next_that_may_fill_it():
    header = "id;title;body;participatory_space/id;component/id;published_at;created_at\n"
    done = imported(header + "1;Uno;Dos;4;5;;2019-03-05 10:00\n")
    assert done.proposals["submitted"].tolist() == ["2019-03-05"]


@pytest.mark.parametrize(
    ("typed", "channel"),
    [("Taller presencial", "workshop"), ("Formulario en línea", "online"), ("Correo", "")],
)
def test_a_channel_is_read_by_its_words(typed, channel):
    assert imported(f"título;modalidad\nUno;{typed}\n").proposals["channel"].item() == channel


def test_places_are_joined_from_the_larger_to_the_smaller():
    (record,) = imported(
        "título;barrio;cantón;provincia\nUno;La Floresta;Quito;Pichincha\n"
    ).proposals.to_dict("records")
    assert (record["province"], record["place"]) == ("Pichincha", "Quito, La Floresta")


def test_what_import_writes_is_imported_again_as_it_is(tmp_path):
    first = imported(
        "código;título;propuesta;canton\n1;Datos;" + "Abrir los datos de compras públicas. " * 3 + ";Loja\n"
    )
    assert first.proposals["solution"].str.startswith("Abrir").all()
    again = imported(first.proposals.to_csv(index=False))
    assert again.proposals.equals(first.proposals)


# --- encodings ---


def test_rows_in_another_encoding_are_read_and_named():
    lines = ["código;título", *(f"{n};Participación {n}" for n in range(1, 6))]
    content = b"\n".join(line.encode("cp1252" if n in (2, 4) else "utf-8") for n, line in enumerate(lines))
    done = imported(content)
    assert done.proposals["title"].str.startswith("Participación").all()
    (note,) = [note for note in done.notes if note.key == "tabular.mixed_encodings"]
    assert dict(note.values) == {"encoding": "cp1252", "rows": "3, 5", "count": "2"}


def test_broken_letters_and_control_characters_are_mended_and_counted():
    done = imported("código;título\n1;ParticipaciÃ³n\x96 ciudadana\n2;Datos\n")
    assert done.proposals["title"].tolist() == ["Participación ciudadana", "Datos"]
    assert ("people.legible", (("count", "1"),)) in [(note.key, note.values) for note in done.notes]


def files(folder, **contents: str) -> list[str]:
    for name, text in contents.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return [str(folder / f"{name}.csv") for name in contents]


def test_files_of_one_consultation_are_put_together_and_a_repeated_code_is_set_aside(tmp_path, capsys):
    one, two = "código;título\nP2;Uno\nP1;Dos\n", "id_proposta;títol\nP3;Tres\nP1;Otra\n"
    out = tmp_path / "proposals.csv"
    assert main.main(["import", *files(tmp_path, one=one, two=two), "--out", str(out), "--lang", "en"]) == 0
    assert [line.split(",")[0] for line in out.read_text(encoding="utf-8").splitlines()[1:]] == [
        "P1",
        "P2",
        "P3",
    ]
    told = capsys.readouterr().out
    assert "the code P1 stands in one.csv too" in told
    rejected = (tmp_path / "rejected.csv").read_text(encoding="utf-8")
    assert rejected.splitlines()[0] == "file,row,reason"
    assert "two.csv,,the code P1" in rejected.replace("two.csv: ", "").replace('"', "")
    # Another import into the same file says what it takes away.
    assert main.main(["import", *files(tmp_path, one=one), "--out", str(out), "--lang", "es"]) == 0
    assert "ya no constan: 1" in capsys.readouterr().out
    assert not (tmp_path / "rejected.csv").exists()


@pytest.mark.parametrize("country", ["XX", "zz", "ecuador"])
def test_a_country_whose_telephones_are_not_known_is_a_usage_error(country, tmp_path, capsys):
    (tmp_path / "p.csv").write_text("título\nDatos\n", encoding="utf-8")
    words = ["import", str(tmp_path / "p.csv"), "--out", str(tmp_path / "o.csv"), "--country", country]
    assert main.main([*words, "--lang", "es"]) == 2
    told = capsys.readouterr().err
    assert "ISO 3166-1" in told
    assert " EC, " in told
    assert not (tmp_path / "o.csv").exists()


def test_a_code_made_from_a_text_is_nobodys_telephone(monkeypatch):
    # +593 99 123 4567 is how Ecuador's mobile telephones look; a hash may.
    monkeypatch.setattr("ogp_analysis.proposals.export_rows.text_hash", lambda *_: "593991234567" + "a" * 52)
    made = importing.parse(b"title/es;body/es\nUno;x\nDos;x\n", file="export")
    assert sorted(made.proposals["proposal"]) == ["T-593991234567", "T-593991234567-2"]


@pytest.mark.parametrize("header", ["Folio", "Código", "Id propuesta", "N° de trámite", "Expediente", "N°"])
def test_a_blank_or_repeated_code_is_a_fault_of_its_row_under_every_header(header):
    rows = [f"PA-{n};Propuesta {n}" for n in range(1, 21)] + [";Sin código", "PA-3;Repetida"]
    done = imported(f"{header};título\n" + "\n".join(rows) + "\n")
    codes = done.proposals["proposal"].tolist()
    assert sum(code.startswith("T-") for code in codes) == 1
    assert set(codes) >= {f"PA-{n}" for n in range(1, 21)}
    assert [(problem.rule, problem.row) for problem in done.problems] == [("people.code_twice", 23)]


def test_a_code_stands_before_a_number_of_rows_and_another_column_can_be_named():
    rows = ("1;PA-7;x1;Uno;Ana Ruiz", "1;PA-8;x2;Dos;Eva Ruiz", "1;PA-9;x3;Tres;Ana Paz")
    text = "\n".join(("N°;Folio;Clave;título;autor", *rows, ""))
    assert imported(text).proposals["proposal"].tolist() == ["PA-7", "PA-8", "PA-9"]
    named = imported(text, options=importing.Options(code="clave"))
    assert named.proposals["proposal"].tolist() == ["x1", "x2", "x3"]
    for column in ("autor", "otra"):
        with pytest.raises(ParameterError) as caught:
            imported(text, options=importing.Options(code=column))
        (problem,) = caught.value.problems
        assert (problem.rule, problem.value) == ("people.no_column", column)
        assert dict(problem.detail)["known"] == "N°, Folio, Clave, título"


def test_a_number_that_is_the_same_in_all_rows_is_no_code():
    done = imported("N°;título\n1;Uno\n1;Dos\n1;Tres\n")
    assert len(done.proposals) == 3
    assert done.problems == ()


def test_titles_above_the_header_and_headers_again_are_no_proposals():
    header = "código;título;modalidad"
    text = f"Ministerio de prueba;;\nTalleres;;\n{header}\nA;Uno;Taller\n{header}\nB;Dos;en línea\n"
    done = imported(text)
    assert done.proposals[["proposal", "channel"]].to_numpy().tolist() == [["A", "workshop"], ["B", "online"]]
    assert "filas omitidas porque repiten el encabezado: 1" in done.say("es")
    assert done.problems == ()


def test_a_form_that_asks_why_keeps_the_answer_as_the_problem():
    asked = "¿Cuál es su propuesta?;¿Por qué es importante?"
    done = imported(
        f"{asked}\nUn parque con juegos;Los niños juegan en la calle\nAgua para el barrio;No hay\n"
    )
    assert sorted(done.proposals["problem"]) == ["Los niños juegan en la calle", "No hay"]


# As Decidim and CONSUL head their exports, and a table by hand.
HEADS = {
    "decidim": ("id;title/es;body/es;reference;state", "1;Agua;Que haya agua segura;R-1;accepted"),
    "consul": (
        "id;title;description;cached_votes_up;created_at;geozone",
        "1;Agua;Que haya;4;2019-01-15;Quito",
    ),
    "plain": ("código;título;descripción", "1;Agua;Que haya agua segura"),
}


@pytest.mark.parametrize("platform", HEADS)
@pytest.mark.parametrize("line", ["TOTAL;332", "Total;332 propuestas", "Total: 332", "Total general;2;9"])
def test_a_row_of_totals_is_no_proposal_of_any_platform(platform, line):
    head, row = HEADS[platform]
    width = head.count(";")
    done = imported("\n".join([head, row, line + ";" * (width - line.count(";"))]) + "\n")
    assert done.proposals["title"].tolist() == ["Agua"]
    assert done.problems == ()
