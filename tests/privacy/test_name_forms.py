"""Names in the forms that people write them in; the names are invented."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from ogp_analysis.cli import main
from ogp_analysis.privacy import pseudonyms
from ogp_analysis.privacy.name_forms import folded, forms_of, left_in, others_meant, replaced

KEY = bytes(range(32))
ANA = ["Ana Pérez"]
FOUR = ["María José Pérez Quishpe"]


def after(text: str, names: list[str], **more) -> str:
    return replaced(text, forms_of(names), {name: f"P{n}" for n, name in enumerate(names)}, **more)


@pytest.mark.parametrize(
    "form",
    [
        *("Ana Pérez", "ANA PEREZ", "ana pe\u0301rez", "Pérez, Ana", "PEREZ ANA", "Ana  Perez", "Pérez Ana"),
        *("ana.perez", "ana_perez", "Ana-Perez", "perez.ana", "a.perez", "A. Pérez", "a_perez", "Pérez, A."),
        *("aperez", "APEREZ", "anaperez", "perezana", "aperez85", "ana.perez2", "perez.a", "A.Perez"),
        *("ana.perez@correo.ec", "aperez@x.gob.ec", "pereza@x.ec", "@aperez", "anap@x.ec", "@ana_perez"),
    ],
)
def test_every_form_of_a_name_is_replaced_and_nothing_beside_it(form):
    assert after(f"dijo {form} ayer", ANA) == "dijo P0 ayer"
    assert after(form, ANA) == "P0"


@pytest.mark.parametrize(
    "form",
    [
        *(
            "María Pérez",
            "Perez Maria",
            "José Quishpe",
            "maria.perez",
            "jperez",
            "mjperezquishpe",
            "m.quishpe",
        ),
        *("María José Pérez", "QUISHPE PEREZ MARIA JOSE", "mperez", "Pérez Quishpe, María José", "M. Pérez"),
    ],
)
def test_of_two_given_and_two_family_names_any_pair_tells(form):
    assert "P0" in after(f"dijo {form}.", FOUR)
    assert left_in(after(f"dijo {form}.", FOUR), forms_of(FOUR)) == [] or form == "María José Pérez"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "le dije a Pérez que no",
            "la pereza de hoy",
            "una rosa y mucha luz",
            "la Cruz Roja",
            "Ana",
            "Pérez",
        ),
        *("analizar el paper", "peras", "María", "aprecio", "A perezosos", "plan A. La rosa"),
    ],
)
def test_words_that_are_no_certain_name_are_not_damaged(text):
    names = [*ANA, "Luz Rosa", "Rosa de la Cruz", *FOUR]
    assert after(text, names) == text


def test_given_and_family_names_alone_are_listed_and_replaced_when_asked():
    names = ["Ana Pérez", "Rosa de la Cruz"]
    text = "Ana y la Cruz Roja; pérez, ROSA, anatomía, de la"
    assert left_in(text, forms_of(names)) == ["Ana", "Cruz", "pérez", "ROSA"]
    assert after(text, names, also={"ana", "rosa"}) == "P0 y la Cruz Roja; pérez, P1, anatomía, de la"


@pytest.mark.parametrize(
    "word",
    [
        *("Guachaminxs", "xguachamín", "GUACHAMÍN2x", "JuanPerez2024x", "soyJuanPerez", "elperezj9"),
        *("perezguachamin1x", "ExPerez", "perezoso"),
    ],
)
def test_a_name_glued_to_letters_is_listed_and_left_for_the_user_to_judge(word):
    names = ["Juan Pérez Guachamín", "Ana Li"]
    assert after(f"dijo {word} ayer", names) == f"dijo {word} ayer"
    assert left_in(f"dijo {word} ayer", forms_of(names)) == [word]
    assert after(f"dijo {word} ayer", names, also={folded(word)}) == "dijo P0 ayer"


@pytest.mark.parametrize("text", ["x.ec/p%C3%A9rez", "P&eacute;rez", "P&#233;rez", "p%c3%a9rez%20ana"])
def test_a_name_in_the_writing_of_addresses_and_pages_is_listed(text):
    assert folded(left_in(after(text, ANA), forms_of(ANA))[0]) == "perez"


def test_short_names_inside_of_words_are_no_doubt():
    names = ["Ana Cruz", "Luz Mora", "Rosa Paz"]
    assert left_in("semana, cruzar, morado, rosado, capaz, lucha", forms_of(names)) == []


def test_a_form_of_several_persons_is_masked_and_two_spellings_of_one_are_told():
    names = ["Ana Pérez", "Alba Pérez"]
    assert after("A. Pérez, alba.perez", names) == "***, P1"
    assert after("Perez Ana", ["Ana Pérez", "Ana Perez"]) in ("P0", "P1")
    assert others_meant("aperez", forms_of(["aperez", "Ana Pérez"])) == {"Ana Pérez"}
    assert others_meant("Ana Pérez", forms_of(names)) == set()


@pytest.mark.parametrize("listed", ["ana.perez@correo.ec", "ana_perez", "Pérez, Ana"])
def test_whoever_is_listed_by_address_or_user_name_is_found_by_name(listed):
    assert after("según Ana Pérez y aperez", [listed]) == "según P0 y P0"


def test_codes_and_words_of_the_vocabulary_are_no_names():
    forms = forms_of(["E01", "Evaluador 1", "rater A"], common={"evaluador", "rater"})
    assert not forms.parts
    text = "E01 y Evaluador 1; el evaluador"
    assert left_in(text, forms) == []


@pytest.fixture
def workbook(tmp_path):
    book = openpyxl.Workbook()
    book.properties.creator = book.properties.lastModifiedBy = "Zoraida Canario"
    book.defined_names["Zoraida_Canario"] = DefinedName("Zoraida_Canario", attr_text="Sheet!$A$1")
    for number, name in enumerate(("Zoraida Canario", "Luz Quishpe")):
        sheet = book.create_sheet(name)
        sheet.append(["propuesta", "panel", "tiempo", "complejidad", "nota de Zoraida Canario", "comment"])
        sheet.append(["S01", "lead", 3, 4, "CANARIO ZORAIDA", "dijo zcanario@x.ec"])
        sheet.append(["S02", "lead", 3, 4, "", ("Luz del día", "de Zoraida")[number]])
        sheet["A2"].comment = Comment("Zoraida Canario lo dijo", "Zoraida Canario")
    del book["Sheet"]
    path = tmp_path / "libro.xlsx"
    book.save(path)
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "ogp.key").write_text(KEY.hex())
    return path


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_command_replaces_lists_and_says_what_it_leaves_out(workbook, tmp_path, capsys, language):
    target = tmp_path / "out" / "clean.csv"
    words = ["pseudonymise", str(workbook), str(target), "--key-file", str(tmp_path / "secret" / "ogp.key")]
    assert main.main([*words, "--lang", language]) == 0
    printed = capsys.readouterr().out
    written = target.read_text(encoding="utf-8")
    person = pseudonyms.pseudonym("Zoraida Canario", key=KEY)
    assert "canario" not in written.casefold()
    assert f"nota de {person}" in written
    table = pd.read_csv(target, dtype=str)
    assert f"dijo {person}" in set(table["comment"])
    for place in ("#1 3", "#2 3"):
        assert place in printed, "the address of each word that is left"
    assert "Luz" in printed
    assert ("comentarios" if language == "es" else "comments") in printed
    assert main.main([*words, "--also", "Zoraida", "LUZ"]) == 0
    assert "#1 3" not in capsys.readouterr().out
    assert "zoraida" not in target.read_text(encoding="utf-8").casefold()


@pytest.mark.parametrize(("language", "more"), [("en", "and 10 more"), ("es", "y 10 más")])
def test_headers_that_become_alike_get_numbers_and_of_many_words_fifty_are_shown(
    tmp_path, capsys, language, more
):
    key = tmp_path / "secret" / "ogp.key"
    key.parent.mkdir()
    key.write_text(KEY.hex())
    source, target = tmp_path / "raw.csv", tmp_path / "out" / "clean.csv"
    rows = [f"Ana Pérez,{n},dijo Ana" for n in range(60)]
    header = "evaluator,nota de Ana Pérez,nota de Pérez Ana"
    source.write_text("\n".join([header, *rows]), encoding="utf-8")
    words = ["pseudonymise", str(source), str(target), "--key-file", str(key), "--lang", language]
    assert main.main(words) == 0
    person = pseudonyms.pseudonym("Ana Pérez", key=KEY)
    first = target.read_text(encoding="utf-8").splitlines()[0]
    assert first == f"evaluator,nota de {person},nota de {person} 2"
    printed = capsys.readouterr().out
    assert printed.count(": Ana\n") == 50
    assert more in printed


def test_the_name_of_the_output_and_two_spellings_are_told(tmp_path, capsys):
    key = tmp_path / "secret" / "ogp.key"
    key.parent.mkdir()
    key.write_text(KEY.hex())
    source = tmp_path / "raw.csv"
    source.write_text("evaluator,rating\nAna Pérez,3\nPEREZ ANA,4\nLuz Mora,5\n", encoding="utf-8")
    target = tmp_path / "out" / "ana_perez.csv"
    assert main.main(["pseudonymise", str(source), str(target), "--key-file", str(key), "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert "rows 2, 3: this name can be another spelling" in printed
    assert "the name of the file that was written" in printed
