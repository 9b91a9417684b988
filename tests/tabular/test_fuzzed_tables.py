"""Whatever is fed to the reader of tables: a table comes back, or a documented error."""

from __future__ import annotations

import io

from hypothesis import given, settings
from hypothesis import strategies as st
from sample_tables import SMALL_BOOK, read, repacked

from ogp_analysis import tabular
from ogp_analysis.errors import DataError

FUZZ = settings(max_examples=100, deadline=None, derandomize=True)


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
