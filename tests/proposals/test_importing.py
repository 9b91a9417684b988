"""Exports of platforms become canonical records; whoever wrote them stays out. All of it is made up."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile

import canary
import openpyxl
import pytest

from ogp_analysis.cli import main
from ogp_analysis.errors import DataError, ParameterError
from ogp_analysis.privacy import masking
from ogp_analysis.proposals import export_rows, importing, markup
from ogp_analysis.proposals.importing import COLUMNS
from ogp_analysis.tabular import Limits

DECIDIM = {
    "id": "17",
    "author/id": "991",
    "author/name": "Zoraida Quishpe Canariño",
    "author/url": "https://ejemplo.ec/profiles/zoraida",
    "taxonomies/id": "4",
    "taxonomies/name": "Transparencia",
    "participatory_space/id": "1",
    "participatory_space/url": "https://ejemplo.ec/processes/plan",
    "component/id": "2",
    "title/es": "Datos abiertos de compras",
    "title/en": "Open data on purchases",
    "body/es": "<p>Publicar los <b>datos</b> &amp; contratos.</p><p>Soy Zoraida  quishpe Canariño.</p>",
    "body/en": "",
    "address": "Calle Inventada 1",
    "latitude": "-0.18",
    "longitude": "-78.46",
    "state": "accepted",
    "reference": "EC-PROP-2018-11-17",
    "answer/es": "<p>Gracias.</p>",
    "votes": "12",
    "likes/total_count": "2",
    "likes/user_endorsements": "Wellington Yánez-Canarí, Otra Persona",
    "published_at": "2018-11-30 10:01:02 UTC",
    "url": "https://ejemplo.ec/processes/plan/f/2/proposals/17",
    "meeting_urls": "",
    "is_amend": "false",
    "withdrawn": "false",
    "created_at": "2018-11-29 09:00:00 UTC",
    "created_in_meeting": "false",
}
OLDER = {
    "id": "5",
    "category/id": "3",
    "category/name/es": "Rendición de cuentas",
    "scope/id": "9",
    "scope/name/es": "Azuay",
    "participatory_space/id": "1",
    "participatory_space/url": "https://ejemplo.ec/processes/plan",
    "component/id": "2",
    "title": "Presupuesto abierto",
    "body": "Texto llano.",
    "state": "",
    "reference": "EC-5",
    "answer/es": "",
    "supports": "3",
    "endorsements/total_count": "1",
    "endorsements/user_endorsements": "Zoraida Quishpe Canariño",
    "comments": "0",
    "followers": "1",
    "published_at": "2018-12-01T08:00:00Z",
    "url": "https://ejemplo.ec/p/5",
    "meeting_urls": "https://ejemplo.ec/meetings/3",
    "is_amend": "true",
}
CONSUL = {
    "id": "8",
    "title": "Portal de obras",
    "description": "<p>Mostrar el avance.</p>",
    "summary": "Obras a la vista",
    "cached_votes_up": "44",
    "comments_count": "3",
    "hot_score": "1",
    "confidence_score": "2",
    "public_created_at": "2018-11-20 10:00:00",
    "geozone_id": "2",
    "geozone": "Loja",
    "retired_at": "",
    "tags": "obras, datos",
    "public_author": "Zoraida Quishpe Canariño",
}
INVESTMENTS_ES = (
    "ID;Título;Descripción;Administrador;Evaluador;Grupos evaluadores;Ámbito de actuación;Viabilidad;"
    "Ev. Fin.;Informe de inviabilidad;Seleccionado;Mostrar a evaluadores;Usuario autor"
)
INVESTMENT = (
    "3;Parque;<p>Un parque</p>;Wellington Yánez-Canarí;-;-;Manabí;Inviable;Sí;No hay terreno;"
    "No;No;@wyanez_canario"
)
MADRID = (
    ",id,url,code,title,userId,date,summary,text,numComments,status,numSupports,isAssociation\n"
    "0,7,/proposals/7-limpiar,MAD-2015-09-7,Limpiar,9884,2015-09-15,Algo básico.,,188,archived,6560,0\n"
)


def export(*rows: dict[str, str], separator: str = ";") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def imported(content: bytes | str, **options) -> importing.Imported:
    content = content.encode("utf-8") if isinstance(content, str) else content
    return importing.parse(content, file="export.csv", **options)


def only(content: bytes | str, **options) -> dict[str, str]:
    frame = imported(content, **options).proposals
    assert list(frame.columns) == list(COLUMNS)
    assert len(frame) == 1
    return frame.iloc[0].to_dict()


@pytest.mark.parametrize("separator", [";", ","])
def test_decidim_of_today(separator):
    record = only(export(DECIDIM, separator=separator))
    assert record | {"text_hash": ""} == {
        "proposal": "EC-PROP-2018-11-17",
        "channel": "online",
        "title": "Datos abiertos de compras",
        "problem": "",
        "solution": "Publicar los datos & contratos.\nSoy […].",
        "institution": "",
        "sdg": "",
        "province": "",
        "place": "",
        "sector": "",
        "submitted": "2018-11-30",
        "state": "accepted",
        "answer": "Gracias.",
        "topic": "Transparencia",
        "url": "https://ejemplo.ec/processes/plan/f/2/proposals/17",
        "text_hash": "",
    }


def test_decidim_says_what_it_dropped():
    done = imported(export(DECIDIM))
    assert done.layout == "decidim"
    said = "\n".join(done.say("en"))
    for column in ("author/name", "likes/user_endorsements", "votes", "latitude", "longitude", "address"):
        assert column in done.dropped
        assert column in said
    assert "columns not used: taxonomies/id" in said
    assert "columnas eliminadas porque se refieren a personas" in "\n".join(done.say("es"))


def test_older_decidim_with_a_meeting_and_an_amendment():
    done = imported(export(OLDER))
    record = done.proposals.iloc[0]
    assert done.layout == "decidim-older"
    assert (record["channel"], record["topic"], record["province"]) == (
        "workshop",
        "Rendición de cuentas",
        "Azuay",
    )
    assert "proposals that are amendments of another: 1" in done.say("en")


def test_a_withdrawn_proposal_is_told_from_its_state():
    assert only(export(DECIDIM | {"withdrawn": "true"}))["state"] == "withdrawn"
    assert only(export(CONSUL | {"retired_at": "2018-12-01"}))["state"] == "retired"


def test_a_missing_translation_falls_back_to_the_other():
    assert only(export(DECIDIM | {"title/es": ""}))["title"] == "Open data on purchases"


def test_consul_proposals():
    record = only(export(CONSUL, separator=","))
    assert record["proposal"] == "consul-8"
    assert record["solution"] == "Obras a la vista\nMostrar el avance."
    assert (record["province"], record["topic"], record["submitted"]) == (
        "Loja",
        "obras, datos",
        "2018-11-20",
    )


def test_consul_investments_in_spanish_and_by_position():
    record = only(f"{INVESTMENTS_ES}\n{INVESTMENT}\n")
    assert (record["proposal"], record["title"], record["province"]) == ("consul-3", "Parque", "Manabí")
    assert (record["state"], record["answer"]) == ("Inviable", "No hay terreno")
    unknown = ";".join(f"colonne {n}" if n else "ID" for n in range(13))
    assert only(f"{unknown}\n{INVESTMENT}\n", platform="consul") == record
    with pytest.raises(DataError, match="does not look like an export of any platform"):
        imported(f"{unknown}\n{INVESTMENT}\n")


def test_the_research_copy_of_decide_madrid():
    record = only(MADRID)
    assert (record["proposal"], record["solution"], record["state"]) == (
        "MAD-2015-09-7",
        "Algo básico.",
        "archived",
    )
    assert record["url"] == "/proposals/7-limpiar"


def test_a_plain_table_in_cp1252():
    text = (
        "código;canal;título;problema;solución;ODS;provincia;sector;fecha;autor\n"
        "007;Taller;Datos;Faltan;Abrir;ODS 16, 9;Manabí;academia;2018-11-30;Ana Ruiz\n"
    )
    done = imported(text.encode("cp1252"))
    record = done.proposals.iloc[0]
    assert (record["proposal"], record["channel"], record["sdg"], record["problem"]) == (
        "007",
        "workshop",
        "9 16",
        "Faltan",
    )
    assert any("cp1252" in line for line in done.say("en"))


def test_a_plain_workbook(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["code", "title", "sdg"])
    book.active.append(["A1", "Datos", 16])
    book.save(tmp_path / "p.xlsx")
    done = importing.read(tmp_path / "p.xlsx")
    assert done.proposals[["proposal", "title", "sdg"]].to_numpy().tolist() == [["A1", "Datos", "16"]]


def test_proposals_without_code_get_one_from_their_text_whatever_their_order():
    lines = ["Uno", "Dos", "Uno"]
    first = imported("title\n" + "\n".join(lines))
    second = imported("title\n" + "\n".join(reversed(lines)))
    assert first.proposals.equals(second.proposals)
    assert first.proposals["proposal"].is_unique
    digest = hashlib.sha256(b"dos\x1f\x1f").hexdigest()
    assert f"T-{digest[:12]}" in set(first.proposals["proposal"])
    assert "proposals without a code, which got one from their own text: 3" in first.say("en")
    assert "proposals that repeat the text of another word by word: 1" in first.say("en")


def test_input_order_leaks_nothing():
    rows = [DECIDIM | {"reference": code, "id": code} for code in ("C", "A", "B")]
    assert imported(export(*rows)).proposals["proposal"].tolist() == ["A", "B", "C"]
    assert imported(export(*rows)).proposals.equals(imported(export(*reversed(rows))).proposals)


BAD_ROWS = (
    "code,title,sdg,date,channel,url\n"
    "A,Uno,18,2018-11-30,taller,\n"
    "A,,16,pronto,fax,javascript:alert(1)\n"
    "B,Dos,16,2018-13-01,,https://ejemplo.ec\n"
)


def test_every_bad_row_is_listed_at_once():
    with pytest.raises(DataError) as caught:
        imported(BAD_ROWS, strict=True)
    found = {(problem.row, problem.column, problem.rule) for problem in caught.value.problems}
    assert found == {
        (2, "sdg", "people.sdg"),
        (3, "code", "people.code_twice"),
        (3, "title", "people.title"),
        (3, "date", "people.submitted"),
        (3, "channel", "people.channel"),
        (3, "url", "people.url"),
        (4, "date", "people.submitted"),
    }


def test_a_row_that_cannot_be_used_is_set_aside_with_its_reason_and_the_rest_goes_on():
    done = imported(BAD_ROWS)
    assert done.proposals[["proposal", "sdg", "submitted", "channel"]].to_numpy().tolist() == [
        ["A", "", "2018-11-30", "workshop"],
        ["B", "16", "", ""],
    ]
    aside = done.rejected_rows("es")
    assert aside["row"].tolist() == [3]
    assert aside["reason"].item().count("columna") == 2
    assert {problem.row for problem in done.problems} == {2, 3, 4}


def test_faults_of_reading_and_of_content_are_listed_together():
    with pytest.raises(DataError) as caught:
        imported("code,title,sdg\nA,Uno,16,extra\nB,Dos,99\n", strict=True)
    assert {problem.rule for problem in caught.value.problems} == {"tabular.long_row", "people.sdg"}
    done = imported("code,title,sdg\nA,Uno,16,extra\nB,Dos,99\n")
    assert (done.proposals["proposal"].tolist(), done.rejected["row"].tolist()) == (["B"], [2])


def test_errors_do_not_repeat_addresses():
    done = imported("code,title\nzoraida.canario@correo-inventado.ec,Uno\nB,Dos\n")
    assert [problem.rule for problem in done.problems] == ["people.code"]
    told = "\n".join(done.say("es")) + done.rejected_rows("es").to_csv()
    assert canary.found_in(told.encode(), canary.NAMES) == []


def test_an_export_without_a_row_that_can_be_used_is_refused():
    with pytest.raises(DataError) as caught:
        imported("code,title\n1,<script>x</script>\n")
    assert [problem.rule for problem in caught.value.problems] == ["people.title"]


def test_unknown_headers_and_platforms_are_refused_with_what_was_seen():
    with pytest.raises(DataError, match="it reads uno, dos"):
        imported("uno,dos\n1,2\n")
    with pytest.raises(
        ParameterError, match="reddit is not a platform known here; known: decidim, consul, plain, auto"
    ):
        imported("title\nx\n", platform="reddit")
    with pytest.raises(DataError, match="export of decidim"):
        imported("title\nx\n", platform="decidim")


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("a <b y c> d", "a <b y c> d"),
        ("3 < 4 & 5", "3 < 4 & 5"),
        ("x<y", "x<y"),
        ("<p>uno</p><p>dos</p>", "uno\ndos"),
        ("uno<br/>dos", "uno\ndos"),
        ("<!-- <p>no</p> -->sí", "sí"),
        ("<script>alert(1)</script>hola<style>p{}</style>", "hola"),
        ("<SCRIPT src=x>alert(1)</SCRIPT >hola", "hola"),
        ("<img src=x onerror=document.title='PWN'>hola", "hola"),
        ("caf&eacute; &amp; m&aacute;s", "café & más"),
        ("<!-- sin fin", "<!-- sin fin"),
        ("<a href='javascript:alert(1)'>enlace</a>", "enlace"),
    ],
)
def test_markup_becomes_text(typed, text):
    if typed == "a <b y c> d":
        # <b y c> is an element of HTML with two attributes: nobody can tell it from prose.
        text = "a d"
    assert markup.to_text(typed) == text


def test_hostile_markup_takes_linear_time():
    """Would take hours, not a moment, were any step quadratic."""
    for piece in ("<!--", "<script>", "<p ", "</", "&", "<a <", "&#x", "<style></style"):
        assert isinstance(markup.to_text(piece * 20_000), str)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("escriba a ana.ruiz+x@mail.ejemplo.com.ec ya", "escriba a […] ya"),
        ("0991234567 o +593 99 123 4567", "[…] o […]"),
        ("cédula 1712345678.", "cédula […]."),
        ("USD 1.712.345.678 y 25 000 000", "USD 1.712.345.678 y 25 000 000"),
        ("ley 2019, art. 1234567890123", "ley 2019, art. 1234567890123"),
    ],
)
def test_contact_details_are_masked_and_amounts_are_not(text, masked):
    assert masking.mask(text) == masked


def test_each_of_several_authors_is_masked():
    text = "Firman ANA RUIZ y Luis  Mora Vaca, con Ruiz"
    assert masking.mask(text, "Ana Ruiz, Luis Mora Vaca") == "Firman […] y […], con […]"


def test_a_single_word_name_is_not_masked_because_it_may_be_a_word():
    assert masking.mask("El agua es vida", "agua") == "El agua es vida"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("16", "16"), ("ODS 9; ODS 16; 9", "9 16"), ("ninguno", ""), ("0", ""), ("paz", None), ("17, 18", None)],
)
def test_objectives(cell, expected):
    assert export_rows.objectives(cell) == expected


# --- ogp import ---


def test_the_command_writes_the_table_and_says_how(tmp_path, capsys):
    source, target = tmp_path / "ejemplo-open-data.zip", tmp_path / "out" / "proposals.csv"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("ejemplo-open-data-users.csv", "id;name\n1;Zoraida Quishpe Canariño\n")
        archive.writestr("ejemplo-open-data-proposals.csv", export(DECIDIM))
    assert main.main(["import", str(source), "--out", str(target), "--lang", "es"]) == 0
    printed = capsys.readouterr().out
    assert "ejemplo-open-data-proposals.csv leído del ZIP" in printed
    assert "propuestas escritas: 1" in printed
    assert canary.search(target.parent, canary.NAMES) == []
    assert canary.found_in(printed.encode(), canary.NAMES) == []
    assert "EC-PROP-2018-11-17" in target.read_text(encoding="utf-8")


def test_the_command_answers_in_json_and_with_its_exit_code(tmp_path, capsys):
    (tmp_path / "p.csv").write_text("code,title\nA,Uno\n", encoding="utf-8")
    words = ["import", str(tmp_path / "p.csv"), "--out", str(tmp_path / "o.csv"), "--lang", "en"]
    assert main.main([*words, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["ok"], answer["layout"], answer["rows"]) == (True, "plain", 1)
    assert main.main([*words, "--platform", "decidim"]) == 1
    assert "does not look like an export of decidim" in capsys.readouterr().err


def test_an_export_is_never_overwritten(tmp_path, capsys):
    (tmp_path / "p.csv").write_text("code,title\nA,Uno\n", encoding="utf-8")
    words = ["import", str(tmp_path / "p.csv"), "--out", str(tmp_path / "." / "p.csv"), "--lang", "en"]
    assert main.main(words) == 1
    assert "would replace the file it is made from" in capsys.readouterr().err


def test_a_missing_or_too_large_file_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"nada\.csv"):
        importing.read(tmp_path / "nada.csv")
    (tmp_path / "p.csv").write_text("title\nUno\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"p\.csv"):
        importing.read(tmp_path / "p.csv", limits=Limits(file_bytes=3))
