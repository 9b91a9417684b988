"""One reading of numbers, letters and encodings for all formats; what looks like something else is named."""

from __future__ import annotations

from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal, localcontext

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sample_tables import inside, read, refused, workbook

from ogp_analysis import tabular
from ogp_analysis.cli import main
from ogp_analysis.errors import DataError, Problem
from ogp_analysis.tabular import Limits, Table
from ogp_analysis.tabular.numbers import exactly
from ogp_analysis.tabular.table_from_records import cell_fault
from ogp_analysis.tabular.zip_package import Package

FUZZ = settings(max_examples=100, deadline=None, derandomize=True)

# Numbers

WORDS = {
    **dict.fromkeys(
        ("e4", "E4", "+e1", "-E9", "e", ".e1", ",e1", "0_4", "0x4", "4..5", "--4", "+", "9" * 5000)
    ),
    **dict.fromkeys(("\u0664", "\uff14", "\u0967", "4\u0665", "IV", "½", "4²")),
    **dict.fromkeys(("inf", "-INF", "nan", "NaN", "1e308e", "1e309", "1e99999", "1e-400", "1e-320")),
    **dict.fromkeys(
        ("2.9999999999999999999", "2.9999999999999999", "3.00000000000000000001", "1e-99999999999999999999")
    ),
    "3": 3.0,
    "3.0": 3.0,
    "3.00000000000000000000": 3.0,
    "03": 3.0,
    "+4": 4.0,
    "4e0": 4.0,
    "4.1": 4.1,
    "1e308": 1e308,
    # How programs that store floats write 4.1 and 0.1 + 0.2.
    "4.0999999999999996": 4.1,
    "0.30000000000000004": 0.1 + 0.2,
}


def stored(kind: bytes, text: str) -> bytes:
    book = workbook(lambda sheet: [sheet.append(["id", "n"]), sheet.append(["S01", 2])])

    def change(xml: bytes) -> bytes:
        assert b'<c r="B2" t="n"><v>2</v>' in xml
        new = b'<c r="B2" t="%s"><v>%s</v>' % (kind, text.encode())
        return xml.replace(b'<c r="B2" t="n"><v>2</v>', new)

    return inside(book, "sheet1.xml", change)


def number_of(content: bytes) -> float | None:
    """The number of the only cell; None where the cell is refused in one way or another."""
    (table,) = tabular.parse(content, file="notas")
    if table.problems:
        return None
    (cell,) = table.column(1)
    return tabular.number(cell, ".")[0]


@pytest.mark.parametrize("word", WORDS)
def test_a_number_is_one_number_in_every_format(word):
    text = f"id;n\nS01;{word}\n".encode()
    found = [number_of(content) for content in (text, stored(b"str", word), stored(b"n", word))]
    assert found == [WORDS[word]] * 3


@FUZZ
@given(st.from_regex(r"[+-]?[0-9]{0,20}\.?[0-9]{0,22}([eE][+-]?[0-9]{1,3})?", fullmatch=True))
@example("0.1")
@example("5e-324")
def test_no_number_is_read_as_another(text):
    """By the decimal library: what is read, rounded to the digits that are written, is what is written."""
    value, fault = tabular.number(text, ".")
    if value is None:
        assert fault
        return
    written = Decimal(text).normalize()
    with localcontext(prec=1100):
        roundings = {
            Decimal(value).quantize(Decimal((0, (1,), written.as_tuple().exponent)), rounding=way)
            for way in (ROUND_HALF_DOWN, ROUND_HALF_UP)
        }
    assert written in roundings
    assert len(written.as_tuple().digits) <= 17


@FUZZ
@given(st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False))
def test_every_float_that_a_program_writes_is_read_as_itself(value):
    for text in (repr(value), f"{value:.17g}", f"{value:.16e}"):
        assert tabular.number(tabular.NumberText(text)) == (value, "")
    assert exactly(repr(value), value)


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("e4", "'e4' no es un número"),
        ("+e1", "no es un número"),
        ("1e308", "no está en la escala"),
        ("NaN", "no es un número finito"),
        ("1e-320", "más dígitos de los que un número puede guardar"),
        ("2.9999999999999999999", "más dígitos de los que un número puede guardar"),
        ("9" * 5000, "no es un número"),
    ],
)
def test_a_rating_that_is_none_is_a_problem_of_its_cell_among_the_others(tmp_path, capsys, word, says):
    file = tmp_path / "notas.csv"
    rows = ["propuesta;grupo;evaluador;indicador;calificación", f"S01;lead;L1;tiempo;{word}"]
    rows.append("S01;lead;L1;plazo inventado;3")
    file.write_text("\n".join(rows), encoding="utf-8")
    assert main.main(["--lang", "es", "check", str(file)]) == 1
    said = capsys.readouterr()
    said = said.out + said.err
    assert says in said
    assert "plazo inventado" in said
    assert "defecto" not in said


# Look-alikes


@pytest.mark.parametrize(
    ("cell", "value", "position", "meant"),
    [
        ("\u042001", "U+0420", "1", "P"),
        ("S0\uff11", "U+FF11", "3", "1"),
        ("\uff3301", "U+FF33", "1", "S"),
        ("S\u200d01", "U+200D", "2", ""),
        ("S\u200b01", "U+200B", "2", ""),
        ("S\u00ad01", "U+00AD", "2", ""),
        ("S\u00a001", "U+00A0", "2", " "),
        ("S\u202f01", "U+202F", "2", " "),
        ("S\u201101", "U+2011", "2", "-"),
        ("\u22121", "U+2212", "1", "-"),
        ("\u0663", "U+0663", "1", "3"),
        ("4\u0665", "U+0665", "2", "5"),
        ("Ev\u0430luador", "U+0430", "3", "a"),
        ("Evaluador \u0410na", "U+0410", "11", "A"),
        ("\u0391na1", "U+0391", "1", "A"),
        ("\U0001d54401", "U+1D544", "1", "M"),
        ("S\u202e01", "U+202E", "2", ""),
    ],
)
@pytest.mark.parametrize("reader", ["text", "workbook"])
def test_a_code_that_only_looks_like_another_is_named(cell, value, position, meant, reader):
    content = f"id;n\n{cell};1\n"
    if reader == "workbook":
        content = workbook(lambda sheet: [sheet.append(["id", "n"]), sheet.append([cell, 1])])
    (problem,) = refused(content, name="notas.xlsx")
    assert (problem.rule, problem.row, problem.value) == ("tabular.look_alike", 2, value)
    assert dict(problem.detail) | {"position": position, "meant": meant} == dict(problem.detail)


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "Núcleo",
            "Gestión 2",
            "n.º 5",
            "5 %",
            "1\u00a0234",
            "5\u00a0puntos",
            "Datos\u00a0abiertos",
            "2019–2022",
        ),
        *(
            "Проект",
            "Проект-1",
            "Ελλάδα",
            "日本1",
            "trans\u00adparencia",
            "＝1+1",
            "👩\u200d💻",
            "m²",
            "Ñandú",
            "ªº",
        ),
        "un texto largo con una letra de otro alfabeto, \u0430, que a nadie confunde",
    ],
)
def test_other_writing_is_no_look_alike(cell):
    assert cell_fault(cell, Limits()) is None


# Control characters


@pytest.mark.parametrize(
    "code", [*range(0x01, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), 0xFFFE]
)
def test_control_characters_are_refused_wherever_they_stand(code):
    for cell in (f"a{chr(code)}b", f"{chr(code)}ab", f"ab{chr(code)}"):
        (problem,) = refused(f"id,n\n1,{cell}\n")
        assert (problem.rule, problem.row, problem.value) == ("tabular.control", 2, f"U+{code:04X}")


@pytest.mark.parametrize(("stored_as", "found"), [("a_x0007_b", "U+0007"), ("a_x0085_b", "U+0085")])
def test_control_characters_that_a_workbook_escapes_are_refused(stored_as, found):
    (problem,) = refused(stored(b"str", stored_as), name="notas.xlsx")
    assert (problem.rule, problem.value) == ("tabular.control", found)


def test_what_a_workbook_escapes_is_read_as_it_is_shown():
    """ECMA-376, part 1, 22.9.2.19: ``_xHHHH_`` is the character of that number, ``_x005F_`` an underscore."""
    assert read(stored(b"str", "S_x0030_1"), name="n.xlsx").column(1) == ["S01"]
    assert read(stored(b"str", "S_x005F_x0030_1"), name="n.xlsx").column(1) == ["S_x0030_1"]


# Encodings

TEXTS = (
    "propuesta;título\nS01;Gestión pública\n",
    "código;área\n1;Única opción en Manabí\n",
    "id;nombre\n1;Niño\n2;Bogotá\n",
    "id;t\n1;¿Qué época?\n",
    "Área;n\nuno;1\n",
    "ID;T\n1;GESTIÓN PÚBLICA\n",
    "id;t\n1;CORPORACIÓN\n",
    "id;t\n1;año\n",
    "id;t\n1;Economía à la française e ações\n",
    "id;t\n1;¡Ñandú!\n",
)
MARKED = (
    "id;t\n1;“Datos abiertos” – 2019\n",
    "id;t\n1;—aclaración— l’agua\n",
    "id;t\n1;Comunicación: ‘sí’ … d’Ivoire\n",
)


@pytest.mark.parametrize("text", [*TEXTS, *MARKED])
@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 (BOM)"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "cp1252"),
        ("latin-1", "cp1252"),
    ],
)
def test_spanish_is_read_in_the_encodings_of_its_programs_and_this_is_said(text, encoding, said):
    if encoding == "latin-1" and text in MARKED:
        pytest.skip("Latin-1 has no such marks")
    table, whole = read(text.encode(encoding)), read(text)
    assert (table.header, table.rows) == (whole.header, whole.rows)
    assert table.say().startswith(f"read as {said}, ")


def told(content: bytes) -> tuple[Table | None, tuple[Problem, ...]]:
    """The table, or why it was refused."""
    try:
        return read(content), ()
    except DataError as error:
        return None, error.problems


def read_or_refused(text: str, encoding: str, name: str) -> None:
    """The text comes out as it was, and its encoding is said; or it is refused."""
    table, problems = told(text.encode(encoding))
    if table is None:
        assert [(p.rule, dict(p.detail)["likely"]) for p in problems] == [("tabular.encoding_doubtful", name)]
        assert text.splitlines()[problems[0].row - 1].isascii() is False
    else:
        whole = read(text)
        assert (table.header, table.rows) == (whole.header, whole.rows)
        assert table.say().startswith(f"read as {name}, ")


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(("encoding", "name"), [("mac_roman", "Mac Roman"), ("cp850", "MS-DOS (cp850)")])
def test_other_encodings_are_read_or_refused_by_name_and_never_garbled(text, encoding, name):
    read_or_refused(text, encoding, name)


@pytest.mark.parametrize(("encoding", "name"), [("mac_roman", "Mac Roman"), ("cp850", "MS-DOS (cp850)")])
def test_an_encoding_in_which_alone_all_is_spanish_is_read_and_said(encoding, name):
    """As Excel for Mac ("CSV Macintosh") and Excel under Windows ("CSV MS-DOS") save a Spanish table."""
    text = "código;título;crítica\nS01;¿Gestión pública o año fiscal?;Única\n"
    table = read(text.encode(encoding))
    assert table.header == ["código", "título", "crítica"]
    assert table.rows == [["S01", "¿Gestión pública o año fiscal?", "Única"]]
    assert table.say().startswith(f'read as {name}, separator ";"')


def test_marks_of_writing_beside_spanish_words_do_not_hide_the_encoding():
    text = "código;título\nS01;“Gestión pública” – 2º año…\n"
    assert read(text.encode("mac_roman")).rows == [["S01", "“Gestión pública” – 2º año…"]]


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850", "latin-1"])
@pytest.mark.parametrize(
    "text",
    ["où ça; août\nfrançais;été à Noël\n", "ações;não\nInformação;pão\n", "größer;Straße\nä;öffentlich\n"],
)
def test_words_of_other_languages_are_never_turned_into_spanish_ones(text, encoding):
    table, problems = told(text.encode(encoding))
    assert {problem.rule for problem in problems} <= {"tabular.encoding_doubtful", "tabular.control"}
    whole = read(text)
    assert table is None or (table.header, table.rows) == (whole.header, whole.rows)


@pytest.mark.parametrize("text", MARKED)
def test_typographic_marks_of_mac_roman_are_not_taken_for_capitals(text):
    read_or_refused(text, "mac_roman", "Mac Roman")


def test_marks_without_a_letter_of_spanish_tell_too_little():
    (problem,) = refused(MARKED[0].encode("mac_roman"))
    assert problem.rule == "tabular.encoding_doubtful"


def test_what_two_encodings_make_words_of_is_not_chosen():
    # Byte E9 is é in cp1252 and Ú in cp850: época and Última; the file holds nothing else that tells.
    for text, encoding in (("época", "cp1252"), ("Última", "cp850")):
        (problem,) = refused(f"id;t\n1;{text}\n".encode(encoding))
        assert problem.rule == "tabular.encoding_doubtful"


# Whatever the bytes


@FUZZ
@given(st.binary(max_size=400))
@example(b"PK\x03\x04")
def test_no_error_but_ours_leaves_the_reader_of_packages(content):
    try:
        package = Package(b"PK\x03\x04" + content, "notas.xlsx", Limits())
    except DataError:
        return
    assert package.entries is not None
