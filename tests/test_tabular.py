"""Every row of the input table: read right and said so, or refused with the place, the value and a remedy."""

from __future__ import annotations

import datetime
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ogp_analysis import tabular, texts
from ogp_analysis.errors import DataError
from ogp_analysis.tabular import Limits

FUZZ = settings(max_examples=150, deadline=None, derandomize=True)


def read(content: bytes | str, name: str = "notas.csv", **options):
    content = content.encode("utf-8") if isinstance(content, str) else content
    (table,) = tabular.parse(content, file=name, **options)
    return table


def refused(content: bytes | str, **options):
    try:
        problems = read(content, **options).problems
    except DataError as error:
        problems = error.problems
    assert problems
    for problem in problems:
        for language in texts.LANGUAGES:
            assert "notas" in problem.say(language)
    return problems


def workbook(fill) -> bytes:
    book = openpyxl.Workbook()
    fill(book.active)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_semicolon_with_decimal_comma_is_read_and_said():
    table = read("propuesta;calificación\nS01;4,5\nS02;5,0\n")
    assert table.header == ["propuesta", "calificación"]
    assert table.rows == [["S01", "4,5"], ["S02", "5,0"]]
    assert table.said == "read as UTF-8, separator ;, decimal comma"
    assert table.say("es") == "leído como UTF-8, separador ;, coma decimal"


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
    assert table.said.startswith(f"read as {said}, separator ;")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_recognised(encoding):
    table = read("proposal;rating\nS01;4\n".encode(encoding))
    assert table.rows == [["S01", "4"]]
    assert "UTF-16" in table.said


def test_byte_order_mark_does_not_stick_to_the_first_header():
    assert read(b"\xef\xbb\xbfid,n\n1,2\n").header == ["id", "n"]


def test_dos_code_page_is_refused_not_garbled():
    (problem,) = refused("propuesta;título\nS01;Gestión pública\n".encode("cp850"))
    assert (problem.rule, problem.row) == ("tabular.encoding_doubtful", 1)


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
    assert "composed (Unicode NFC): 1" in table.said


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


# Workbooks


def test_workbook_cells_become_the_text_they_show():
    def fill(sheet):
        sheet.append(["id", "rating", "day", "flag"])
        sheet.append(["007", 4.5, datetime.date(2025, 3, 2), True])
        sheet.append([7, 4.0, None, None])
        sheet["A3"].number_format = "000"

    table = read(workbook(fill), name="notas.xlsx")
    assert table.rows == [["007", "4.5", "2025-03-02", "TRUE"], ["007", "4", "", ""]]
    assert isinstance(table.rows[0][1], tabular.NumberText)
    assert isinstance(table.rows[0][2], tabular.DateText)
    assert table.place(0, 1)["column"] == "rating (B2)"


def test_merged_cells_are_refused_by_address():
    def fill(sheet):
        sheet.append(["id", "n"])
        sheet.append(["1", 2])
        sheet.append(["", 3])
        sheet.merge_cells("A2:A3")

    (problem,) = refused(workbook(fill), name="notas.xlsx")
    assert (problem.rule, problem.sheet, problem.row, problem.column) == (
        "tabular.merged",
        "Sheet",
        2,
        "A2:A3",
    )


def test_formula_without_a_stored_value_is_refused_by_address():
    (problem,) = refused(workbook(lambda sheet: [sheet.append(["id", "n"]), sheet.append(["1", "=2+2"])]))
    assert (problem.rule, problem.column) == ("tabular.formula", "B2")


def test_error_values_are_refused_by_address():
    def fill(sheet):
        sheet.append(["id", "n"])
        sheet.append(["1", "#DIV/0!"])
        sheet["B2"].data_type = "e"

    (problem,) = refused(workbook(fill), name="notas.xlsx")
    assert (problem.rule, problem.column, problem.value) == ("tabular.cell_error", "B2", "#DIV/0!")


def repacked(content: bytes, change) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry.filename)))
    return out.getvalue()


def test_formula_with_a_stored_value_is_read_and_said():
    book = workbook(lambda sheet: [sheet.append(["id", "n"]), sheet.append(["1", "=2+2"])])
    stored = repacked(
        book, lambda name, xml: xml.replace(b"<v></v>", b"<v>4</v>").replace(b"<v />", b"<v>4</v>")
    )
    table = read(stored, name="notas.xlsx")
    assert table.rows == [["1", "4"]]
    assert "stored with them: 1" in table.said


def test_row_bomb_is_refused_before_it_is_parsed():
    row = b"<row><c><v>1</v></c></row>"

    def blow(name: str, xml: bytes) -> bytes:
        return xml.replace(b"</sheetData>", row * 200_000 + b"</sheetData>") if "sheet1" in name else xml

    bomb = repacked(workbook(lambda sheet: sheet.append(["id"])), blow)
    assert len(bomb) < 100_000
    (problem,) = refused(bomb, limits=Limits(uncompressed_bytes=5_000_000))
    assert problem.rule == "tabular.unpacked"
    (problem,) = refused(bomb, limits=Limits(rows=1000))
    assert problem.rule == "tabular.rows"


def test_each_sheet_with_content_is_a_table_and_one_can_be_chosen():
    book = openpyxl.Workbook()
    book.active.append(["id"])
    book.create_sheet("Ev 2").append(["nota"])
    book.create_sheet("vacía")
    content = io.BytesIO()
    book.save(content)
    names = [table.name for table in tabular.parse(content.getvalue(), file="x.xlsx")]
    assert names == ["Sheet", "Ev 2"]
    (chosen,) = tabular.parse(content.getvalue(), file="x.xlsx", sheet="Ev 2")
    assert chosen.header == ["nota"]
    with pytest.raises(DataError, match="no sheet 'Hoja9'; the sheets are: Sheet, Ev 2, vacía"):
        tabular.parse(content.getvalue(), file="x.xlsx", sheet="Hoja9")


def test_a_workbook_is_known_by_its_content_not_by_its_name():
    book = workbook(lambda sheet: [sheet.append(["id"]), sheet.append(["1"])])
    assert read(book, name="notas.csv").rows == [["1"]]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"PK\x03\x04 broken", "tabular.damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "tabular.old_excel"),
    ],
)
def test_what_is_no_workbook_says_so(content, rule):
    (problem,) = refused(content)
    assert problem.rule == rule


def test_another_zip_is_no_workbook():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("../evil.txt", "x")
    (problem,) = refused(content.getvalue())
    assert problem.rule == "tabular.not_a_workbook"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda book: book[: len(book) // 2], "tabular.damaged"),
        (lambda book: book.replace(b"PK\x05\x06", b"PK\x05\x07"), "tabular.damaged"),
        (lambda book: OLE + "EncryptedPackage".encode("utf-16-le"), "tabular.old_excel"),
        (lambda book: OLE + "Workbook".encode("utf-16-le"), "tabular.old_excel"),
        (lambda book: inside(book, "sheet1.xml", lambda xml: xml[: len(xml) // 2]), "tabular.damaged"),
        (lambda book: inside(book, "workbook.xml", lambda xml: b"<a>" + xml), "tabular.damaged"),
        (
            lambda book: inside(book, "sheet1.xml", lambda xml: xml.replace(b"<v>4.5", b"<v>4.5.6")),
            "tabular.damaged",
        ),
        (
            lambda book: inside(
                book, "sheet1.xml", lambda xml: xml.replace(b'r="B2" t="n"', b'r="B2" s="77"')
            ),
            "tabular.damaged",
        ),
        (lambda book: inside(book, "workbook.xml.rels", lambda xml: None), "tabular.damaged"),
    ],
)
def test_a_broken_file_named_xlsx_is_refused_with_what_to_do(change, rule):
    (problem,) = refused_whole(change(SMALL_BOOK))
    assert problem.rule == rule


def inside(book: bytes, part: str, change) -> bytes:
    """The same workbook with one part changed, or left out where ``change`` gives None."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = change(old.read(name)) if name.endswith(f"/{part}") else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def refused_whole(content: bytes):
    with pytest.raises(DataError) as refusal:
        tabular.parse(content, file="notas.xlsx")
    return refusal.value.problems


def test_the_parts_that_tests_break_are_in_the_workbook():
    with zipfile.ZipFile(io.BytesIO(SMALL_BOOK)) as archive:
        names = " ".join(archive.namelist())
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert all(f"/{part}" in names for part in ("sheet1.xml", "workbook.xml", "workbook.xml.rels"))
    assert b"<v>4.5" in sheet
    assert b'r="B2" t="n"' in sheet


@pytest.mark.parametrize("defect", [TypeError, KeyError, AttributeError, ValueError])
def test_a_defect_of_ours_is_not_taken_for_a_broken_file(monkeypatch, defect):
    def faulty(*_):
        raise defect("ours")

    monkeypatch.setattr("ogp_analysis.tabular.workbook._number_text", faulty)
    with pytest.raises(defect, match="ours"):
        tabular.parse(SMALL_BOOK, file="notas.xlsx")


# Fuzzing: only documented errors escape


def assert_read_or_refused(content: bytes) -> None:
    tables, problems = [], ()
    try:
        tables = tabular.parse(content, file="x")
    except DataError as error:
        problems = error.problems
    assert tables or problems or content.startswith(b"PK")
    assert all(len(row) == len(table.header) for table in tables for row in table.rows)
    assert all(problem.say("es") != problem.say("en") for problem in problems)


@FUZZ
@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_a_documented_error(content):
    assert_read_or_refused(content)


@FUZZ
@given(
    st.text(alphabet='ab1,;\t|"\n\r.#= é\x00\ufeff', max_size=120),
    st.sampled_from(["utf-8", "cp1252", "utf-16"]),
)
def test_any_delimited_text_is_a_table_or_a_documented_error(text, encoding):
    assert_read_or_refused(text.encode(encoding, errors="ignore"))


@FUZZ
@given(st.data())
def test_a_damaged_workbook_is_a_table_or_a_documented_error(data):
    book = bytearray(SMALL_BOOK)
    for _ in range(data.draw(st.integers(1, 6))):
        book[data.draw(st.integers(4, len(book) - 1))] = data.draw(st.integers(0, 255))
    assert_read_or_refused(bytes(book))


@FUZZ
@given(st.text(alphabet="<>/cvrft=\"'&;!10A:", max_size=60))
def test_broken_sheet_xml_is_a_table_or_a_documented_error(xml):
    book = repacked(
        SMALL_BOOK,
        lambda name, old: (
            old.replace(b"<sheetData>", b"<sheetData>" + xml.encode()) if "sheet1" in name else old
        ),
    )
    assert_read_or_refused(book)


@FUZZ
@given(
    st.lists(
        st.lists(st.text(alphabet='ab;,"\n é0', min_size=0, max_size=5), min_size=3, max_size=3), max_size=6
    ),
    st.sampled_from(";,\t|"),
)
def test_what_is_written_is_read_back(rows, separator):
    import csv

    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows([["uno", "dos", "tres"], *rows])
    table = read(out.getvalue())
    kept = [[cell.strip() for cell in row] for row in rows]
    assert table.rows == [row for row in kept if any(row)]


SMALL_BOOK = workbook(lambda sheet: [sheet.append(["id", "n"]), sheet.append(["1", 4.5])])
