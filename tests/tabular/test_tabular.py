"""Delimited text: read right and said so, or refused with the place, the value and a remedy."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from sample_tables import read, refused

from ogp_analysis import tabular
from ogp_analysis.errors import DataError
from ogp_analysis.tabular import Limits


def test_semicolon_with_decimal_comma_is_read_and_said():
    table = read("propuesta;calificación\nS01;4,5\nS02;5,0\n")
    assert table.header == ["propuesta", "calificación"]
    assert table.rows == [["S01", "4,5"], ["S02", "5,0"]]
    assert table.say() == 'read as UTF-8, separator ";", decimal comma'
    assert table.say("es") == "leído como UTF-8, separador «;», coma decimal"


def test_thousands_point_with_decimal_comma_is_one_number():
    column = read("id;n\na;1.234,5\nb;7,25\n").column(1)
    decimal = tabular.decimal_of(column)
    assert [tabular.number(cell, decimal) for cell in column] == [(1234.5, ""), (7.25, "")]


@pytest.mark.parametrize(
    ("cell", "decimal", "expected"),
    [
        ("4,5", ",", (4.5, "")),
        ("4.5", ".", (4.5, "")),
        ("1,234.5", ".", (1234.5, "")),
        ("1.234", ",", (1234.0, "")),
        ("1.234", ".", (1.234, "")),
        ("1.234", "", (None, "ambiguous")),
        ("4.5", ",", (None, "ambiguous")),
        ("4,5", "mixed", (None, "ambiguous")),
        ("-3", "", (-3.0, "")),
        ("4e0", "", (4.0, "")),
        ("1e400", "", (None, "not_finite")),
        ("inf", "", (None, "not_finite")),
        ("-Infinity", ".", (None, "not_finite")),
        ("NaN", ".", (None, "not_finite")),
        ("NA", ".", (None, "not_a_number")),
        ("1_000", ".", (None, "not_a_number")),
        ("٣", ".", (None, "not_a_number")),
        ("0x10", ".", (None, "not_a_number")),
        ("", ".", (None, "empty")),
        (".", ".", (None, "not_a_number")),
        (tabular.NumberText("4.125"), ",", (4.125, "")),
        (tabular.DateText("2025-05-04"), ".", (None, "date")),
    ],
)
def test_numbers_are_read_exactly_or_named(cell, decimal, expected):
    assert tabular.number(cell, decimal) == expected


@pytest.mark.parametrize(
    ("encoding", "said"), [("cp1252", "cp1252"), ("utf-8-sig", "UTF-8 (BOM)"), ("utf-16", "UTF-16")]
)
def test_other_encodings_are_read_and_said(encoding, said):
    table = read("código;título\n1;Participación ciudadana en Manabí\n".encode(encoding))
    assert table.header == ["código", "título"]
    assert table.rows == [["1", "Participación ciudadana en Manabí"]]
    assert table.say().startswith(f'read as {said}, separator ";"')


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_recognised(encoding):
    table = read("proposal;rating\nS01;4\n".encode(encoding))
    assert table.rows == [["S01", "4"]]
    assert "UTF-16" in table.say()


def test_byte_order_mark_does_not_stick_to_the_first_header():
    assert read(b"\xef\xbb\xbfid,n\n1,2\n").header == ["id", "n"]


def test_dos_code_page_is_refused_not_garbled_where_it_is_not_certain():
    # In Mac Roman this may be a word of another language: ã at the end, as in Portuguese.
    (problem,) = refused("propuesta;título\nS01;Gestão pública\n".encode("cp850"))
    assert (problem.rule, problem.row) == ("tabular.encoding_doubtful", 1)
    assert dict(problem.detail)["tried"] == "UTF-8, cp1252, Mac Roman, MS-DOS (cp850)"


def test_mojibake_names_the_cell_and_what_was_meant():
    (problem,) = refused("id;nombre\n1;José\n".encode().decode("cp1252").encode())
    assert (problem.rule, problem.row, problem.column) == ("tabular.mojibake", 2, "nombre")
    assert problem.value == "Ã©"
    assert "'é'" in problem.say("es")


def test_capital_letters_that_only_look_like_mojibake_are_kept():
    assert read("id;n\n1;SÃO PAULO, Â\n").rows == [["1", "SÃO PAULO, Â"]]


def test_duplicate_headers_are_refused():
    problems = refused("id,Nota,nota\n1,2,3\n")
    assert [(p.rule, p.column) for p in problems] == [
        ("tabular.duplicate_header", "Nota (B)"),
        ("tabular.duplicate_header", "nota (C)"),
    ]


def test_long_and_short_rows_are_named_by_line():
    problems = refused("id,n,m\n1,2,3\n1,2,3,4\n1,2\n")
    assert [(p.rule, p.row) for p in problems] == [("tabular.long_row", 3), ("tabular.short_row", 4)]


def test_first_data_row_that_is_longer_does_not_shift_columns():
    assert [p.row for p in refused("id,n\n1,2,3\n")] == [2]


def test_lines_inside_quotes_count_as_an_editor_counts_them():
    table = read('id,n\n1,"a\nb"\n2,c\n')
    assert table.row_numbers == [2, 4]
    assert table.rows[0] == ["1", "a\nb"]


@pytest.mark.parametrize("word", ["NA", "None", "null", "N/A", "nan", "TRUE", "007", "1e5", "#N/A"])
def test_words_and_codes_stay_as_typed(word):
    assert read(f"country;n\n{word};1\n").rows == [[word, "1"]]


def test_separator_line_of_excel_is_obeyed_and_skipped():
    table = read("sep=|\r\nid|n\r\n1|2;3\r\n")
    assert (table.header, table.rows, table.row_numbers) == (["id", "n"], [["1", "2;3"]], [3])


def test_separator_found_although_a_text_holds_another():
    table = read('código;título\n1;"Datos, transparencia, agua"\n2;Uno, dos\n')
    assert table.column(1) == ["Datos, transparencia, agua", "Uno, dos"]


def test_nul_byte_is_refused_with_its_line():
    (problem,) = refused(b"id,n\n1,2\n2,\x003\n")
    assert (problem.rule, problem.row) == ("tabular.nul", 3)


def test_control_character_is_refused_with_its_cell():
    (problem,) = refused("id,n\n1,a\x07b\n")
    assert (problem.rule, problem.row, problem.column, problem.value) == ("tabular.control", 2, "n", "U+0007")


def test_open_quotes_are_refused_with_the_line_they_start_on():
    (problem,) = refused('id,n\n1,2\n2,"never closed\n3,4\n')
    assert (problem.rule, problem.row) == ("tabular.quotes", 3)


def test_decomposed_accents_are_composed_and_said():
    table = read("evaluador;n\nJose\u0301;1\n")
    assert table.rows[0][0] == "José"
    assert "composed (Unicode NFC): 1" in table.say()


def test_comment_lines_above_the_header_are_kept_apart():
    table = read("# SYNTHETIC EXAMPLE\nid;n\n1;2\n")
    assert (table.comments, table.header, table.row_numbers) == (("# SYNTHETIC EXAMPLE",), ["id", "n"], [3])


def test_column_with_content_needs_a_name():
    (problem,) = refused("id;;n\n1;x;2\n")
    assert (problem.rule, problem.column) == ("tabular.empty_header", "B")


def test_empty_file_is_an_empty_table():
    assert read(b"").rows == []


@pytest.mark.parametrize(
    ("limits", "rule"),
    [
        (Limits(rows=1), "tabular.rows"),
        (Limits(columns=1), "tabular.columns"),
        (Limits(cell_characters=2), "tabular.long_cell"),
    ],
)
def test_reading_limits_are_arguments(limits, rule):
    assert rule in {p.rule for p in refused("idx,n\n1,2\n3,4\n", limits=limits)}


def test_too_large_a_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "notas.csv"
    path.write_bytes(b"id,n\n" * 10)
    with pytest.raises(DataError, match="50 bytes, the limit is 20"):
        tabular.read(path, limits=Limits(file_bytes=20))


def test_missing_file_says_so(tmp_path):
    with pytest.raises(DataError, match="cannot be opened"):
        tabular.read(tmp_path / "none.csv")


# First bytes after the formats' own descriptions; a file of the kind is refused by what it is.
OF_OTHERS = {
    "PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "PNG": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "JPEG": b"\xff\xd8\xff\xe0\0\x10JFIF\0",
    "RTF": rb"{\rtf1\ansi propuesta}",
    "gzip (.gz)": gzip.compress(b"propuesta;calificacion\n"),
    "SQLite": b"SQLite format 3\0\x10\0",
    "Parquet": b"PAR1\x15\x04\x15PAR1",
    "SPSS (.sav)": b"$FL2@(#) SPSS DATA FILE",
}
PACKED = {
    "Apple Numbers (.numbers)": "Index/Document.iwa",
    "Word (.docx)": "word/document.xml",
    "PowerPoint (.pptx)": "ppt/presentation.xml",
}


def packed(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name in names:
            package.writestr(name, b"<x/>")
    return content.getvalue()


@pytest.mark.parametrize("kind", [*OF_OTHERS, *PACKED])
def test_a_file_of_another_program_is_refused_by_what_it_is(kind):
    content = OF_OTHERS.get(kind) or packed("[Content_Types].xml", PACKED[kind])
    (problem,) = refused(content)
    assert (problem.rule, dict(problem.detail)["kind"]) == ("tabular.other_format", kind)


@pytest.mark.parametrize("head", ["PAR1;PAR2", "BZh;x", "GIF;Rar"])
def test_a_header_that_begins_like_another_format_is_text(head):
    assert tabular.parse(f"{head}\n1;2\n".encode(), file="n.csv")[0].header == head.split(";")


def test_a_workbook_that_holds_a_document_is_a_workbook():
    (problem,) = refused(packed("[Content_Types].xml", "xl/workbook.xml", "word/document.xml"))
    assert problem.rule != "tabular.other_format"


@pytest.mark.parametrize("codec", ["utf-32", "utf-32-be"])
def test_text_of_four_bytes_a_letter_is_read(codec):
    content = ("\ufeff" * (codec != "utf-32") + "año;é\n1;2\n").encode(codec)
    assert tabular.parse(content, file="n.csv")[0].header == ["año", "é"]


def test_a_cell_without_an_end_is_told_from_a_quote_that_does_not_match():
    limits = Limits(cell_characters=5)
    (problem,) = refused(b'a;b\n"' + b"x" * 60 + b'";2\n', limits=limits)
    assert (problem.rule, problem.row, dict(problem.detail)["limit"]) == ("tabular.endless_cell", 2, "50")
