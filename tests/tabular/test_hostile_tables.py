"""Workbooks and tables made to mislead or to exhaust: refused by address, at a limit, in short time."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest
from sample_tables import SMALL_BOOK, inside, repacked, workbook

from ogp_analysis import tabular
from ogp_analysis.errors import DataError
from ogp_analysis.model import strict_yaml
from ogp_analysis.tabular import Limits
from ogp_analysis.tabular.cells import Cells
from ogp_analysis.tabular.xml_parts import Book

END = b"</sheetData>"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
# Each took from 7 seconds to days in version 0.1; fuzzing (tools/fuzz.py) measures how long it takes now.
BOOK = workbook(
    lambda sheet: [sheet.append(row) for row in (["id", "n"], ["S01", 2], ["S02", 3], ["S03", 4])]
)


def problems_of(content: bytes, limits: Limits | None = None):
    """Give the problems of a file that must not be read, however they are handed over."""
    try:
        found = [p for t in tabular.parse(content, file="notas.xlsx", limits=limits) for p in t.problems]
    except DataError as error:
        found = list(error.problems)
    assert found
    assert all(problem.say("es") != problem.say("en") for problem in found)
    return found


def sheet(old: bytes, new: bytes, count: int = 1) -> bytes:
    def change(xml: bytes) -> bytes:
        assert old in xml
        return xml.replace(old, new, count)

    return packed(BOOK, "sheet1.xml", change)


def packed(book: bytes, part: str, change) -> bytes:
    return repacked(book, lambda name, xml: change(xml) if name.endswith(part) else xml)


def only(content: bytes, limits: Limits | None = None):
    (problem,) = problems_of(content, limits)
    return problem.rule.removeprefix("tabular."), problem.sheet, problem.row, problem.column


# Nothing is lost, whatever the spelling


@pytest.mark.parametrize(
    "spelling",
    [
        "<mergeCells><mergeCell ref='B2:B3'/></mergeCells>",
        '<mergeCells count="1"><mergeCell xml:lang="es" ref = "B2:B3" ></mergeCell></mergeCells>',
        f'<x:mergeCells xmlns:x="{MAIN}"><x:mergeCell\n ref="$B$2:$B$3"/></x:mergeCells>',
        "<mergeCells><!-- --><mergeCell ref='&#66;2:B3'/></mergeCells>",
    ],
)
def test_merged_cells_are_found_in_every_spelling(spelling):
    """The format is XML: quotes, order, prefixes, entities of characters and comments do not matter."""
    content = sheet(END, END + spelling.encode())
    assert only(content) == ("merged", "Sheet", 2, "B2:B3")
    (table,) = tabular.parse(content, file="notas.xlsx")
    assert table.unread == {(3, "B")}


def test_what_looks_merged_in_a_comment_is_not():
    content = sheet(END, END + b"<!-- <mergeCells><mergeCell ref='B2:B3'/></mergeCells> -->")
    assert tabular.parse(content, file="n.xlsx")[0].problems == ()


ROW = b'<row r="3"><c r="B3"><v>5</v></c></row>'


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (END, b'<row r="4"><c r="B4"><v>1</v></c></row>' + END, ("row_order", "Sheet", 4, "")),
        (END, b'<row r="2"><c r="B2"><v>1</v></c></row>' + END, ("row_order", "Sheet", 2, "")),
        (END, b'<row r="0"><c><v>1</v></c></row>' + END, ("row_number", "Sheet", 0, "")),
        (END, b'<row r="-1"/>' + END, ("row_number", "Sheet", 0, "")),
        (END, b'<row r="1048577"/>' + END, ("row_number", "Sheet", 0, "")),
        (END, b'<row r="2147483648"/>' + END, ("row_number", "Sheet", 0, "")),
        (END, b'<row r="5"><c r="XFE5"><v>1</v></c></row>' + END, ("cell_reference", "Sheet", 5, "")),
        (END, b'<row r="5"><c r="B4"><v>1</v></c></row>' + END, ("cell_reference", "Sheet", 5, "")),
        (END, b'<row r="5"><c r="B05"><v>1</v></c></row>' + END, ("cell_reference", "Sheet", 5, "")),
        (END, b'<row r="5"><c r=""><v>1</v></c></row>' + END, ("cell_reference", "Sheet", 5, "")),
        (
            END,
            b'<row r="5"><c r="B5"><v>1</v></c><c r="B5"><v>2</v></c></row>' + END,
            ("cell_twice", "Sheet", 5, "B5"),
        ),
        (END, b'<row r="5"><c r="B5"><v>1</v><v>2</v></c></row>' + END, ("cell_form", "Sheet", 5, "B5")),
        (END, b'<row r="5"><c r="B5" t="s"><v>-1</v></c></row>' + END, ("shared_string", "Sheet", 5, "B5")),
        (END, b'<row r="5"><c r="B5" t="s"><v>99</v></c></row>' + END, ("shared_string", "Sheet", 5, "B5")),
        (END, b'<row r="5"><c r="B5" t="s"><v> </v></c></row>' + END, ("shared_string", "Sheet", 5, "B5")),
        (END, b'<row r="5"><c r="B5" t="b"><v>2</v></c></row>' + END, ("cell_form", "Sheet", 5, "B5")),
        (END, b'<row r="5"><c r="B5" t="q"><v>2</v></c></row>' + END, ("cell_form", "Sheet", 5, "B5")),
        (END, b'<row r="5"><c r="B5" t="d"><v>2</v></c></row>' + END, ("cell_form", "Sheet", 5, "B5")),
        (
            END,
            b'<row r="5"><c r="B5" t="n"><is><t>2</t></is></c></row>' + END,
            ("cell_form", "Sheet", 5, "B5"),
        ),
        (END, END + b'<row r="5"><c r="B5"><v>1</v></c></row>', ("damaged", "Sheet", 0, "")),
        (END, b'<c r="B5"><v>1</v></c>' + END, ("damaged", "Sheet", 0, "")),
        (END, b'<row xmlns="" r="5"/>' + END, ("damaged", "Sheet", 0, "")),
        (
            b"<sheetData>",
            b'<cols><col min="B" max="2" hidden="1"/></cols><sheetData>',
            ("damaged", "Sheet", 0, ""),
        ),
        (END, b'<row r="5"><c r="B5"><v>1<v>2</v></v></c></row>' + END, ("damaged", "Sheet", 0, "")),
    ],
)
def test_what_contradicts_itself_is_refused_by_its_address(old, new, expected):
    """Rows rise, references do not repeat, indices exist, as the format has it (ECMA-376, part 1, 18.3.1)."""
    assert only(sheet(old, new)) == expected


def test_a_row_out_of_order_leaves_the_others_read_and_itself_unread():
    (table,) = tabular.parse(sheet(END, ROW + END), file="notas.xlsx")
    assert [row[1] for row in table.rows] == ["2", "3", "4"]
    assert (3, "") in table.unread


def test_cells_and_rows_without_a_reference_follow_each_other():
    book = sheet(END, b"<row><c/><c><v>5</v></c></row>" + END)
    (table,) = tabular.parse(book, file="n.xlsx")
    assert (table.row_numbers[-1], table.rows[-1]) == (5, ["", "5"])


def test_a_formula_whose_result_is_the_empty_text_has_a_result():
    """Excel says by the kind ``str`` that the result is a text; without a kind nothing was computed."""
    cell = b'<row r="5"><c r="A5"%s><f>""</f><v></v></c></row>'
    (table,) = tabular.parse(sheet(END, cell % b' t="str"' + END), file="n.xlsx")
    assert (table.problems, "stored with them: 1" in table.say()) == ((), True)
    assert only(sheet(END, cell % b"" + END)) == ("formula", "Sheet", 5, "A5")


def test_every_fault_of_a_sheet_is_listed():
    content = sheet(
        END,
        b'<row r="5"><c r="A5" t="s"><v>-1</v></c><c r="B5"><v>x</v></c></row><row r="5"/>'
        + END
        + b"<mergeCells><mergeCell ref='A1:B1'/></mergeCells>",
    )
    rules = {problem.rule.removeprefix("tabular.") for problem in problems_of(content)}
    assert rules == {"shared_string", "cell_form", "row_order", "merged"}


# The package


def with_entry(name: str | zipfile.ZipInfo, content: bytes, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO(BOOK)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, content, compress_type=packing)
    return out.getvalue()


def link(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return entry


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (lambda: with_entry("xl/worksheets/sheet1.xml", b"<worksheet/>"), "part_twice"),
        (lambda: with_entry("XL/worksheets/SHEET1.xml", b"<worksheet/>"), "part_twice"),
        (lambda: with_entry("../evil.xml", b"<a/>"), "part_outside"),
        (lambda: with_entry("/etc/evil.xml", b"<a/>"), "part_outside"),
        (lambda: with_entry(link("xl/media/a.png"), b"/etc/passwd"), "part_link"),
        (lambda: with_entry("xl/a.xml", b"a" * 100, zipfile.ZIP_BZIP2), "part_packing"),
        (lambda: with_entry("xl/a.xml", b"\0" * 20_000_000), "part_bomb"),
    ],
)
def test_parts_that_no_program_writes_are_refused(content, rule):
    assert {problem.rule for problem in problems_of(content())} == {f"tabular.{rule}"}


def related(old: bytes, new: bytes) -> bytes:
    def change(xml: bytes) -> bytes:
        assert old in xml
        return xml.replace(old, new)

    return packed(BOOK, "workbook.xml.rels", change)


SHEET_LINK = b'Target="/xl/worksheets/sheet1.xml"'
OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.mark.parametrize(
    ("new", "rule"),
    [
        (b'Target="../../../etc/passwd"', "leads_out"),
        (b'Target="file:///etc/passwd"', "leads_out"),
        (b'Target="http://ejemplo.ec/s.xml" TargetMode="External"', "leads_out"),
        (b'Target="worksheets/none.xml"', "damaged"),
    ],
)
def test_relationships_that_leave_the_package_are_refused(new, rule):
    assert only(related(SHEET_LINK, new))[0] == rule


def within(part: str, old: bytes, new: bytes) -> bytes:
    def change(xml: bytes) -> bytes:
        assert old in xml
        return xml.replace(old, new, 1)

    return packed(BOOK, part, change)


STRINGS = b'<Relationship Id="rId98" Type="' + OFFICE + b'/sharedStrings" Target="sharedStrings.xml"/>'
TWO_STRINGS = STRINGS + STRINGS.replace(b"rId98", b"rId97")
DEEP = b"<extLst>" + b"<ext>" * 120 + b"</ext>" * 120 + b"</extLst>"


@pytest.mark.parametrize(
    ("part", "old", "new", "rule"),
    [
        ("_rels/.rels", b"xl/workbook.xml", b"xl/workbook.bin", "damaged"),
        ("_rels/.rels", b'/officeDocument"', b'/otherDocument"', "not_a_workbook"),
        ("workbook.xml.rels", b"</Relationships>", TWO_STRINGS + b"</Relationships>", "part_twice"),
        ("workbook.xml.rels", b"</Relationships>", STRINGS * 2 + b"</Relationships>", "damaged"),
        ("workbook.xml.rels", b'/worksheet"', b'/xlMacrosheet"', "sheet_kind"),
        ("workbook.xml", b'name="Sheet"', b'name=""', "damaged"),
        ("workbook.xml", b'id="rId1"', b'id="rId77"', "damaged"),
        ("sheet1.xml", b"<worksheet", b"<chartsheet", "damaged"),
        ("sheet1.xml", END, END + DEEP, "damaged"),
    ],
)
def test_parts_that_are_not_what_they_are_called_are_refused(part, old, new, rule):
    assert only(within(part, old, new))[0] == rule


def test_a_binary_workbook_is_none_that_is_read():
    book = packed(BOOK, "_rels/.rels", lambda xml: xml.replace(b"xl/workbook.xml", b"xl/workbook.bin"))
    content = io.BytesIO(book)
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/workbook.bin", b"\x83\x01\x00")
    assert only(content.getvalue())[0] == "not_a_workbook"


def test_values_from_other_workbooks_are_refused():
    kind = b'<Relationship Id="rId99" Type="' + OFFICE + b'/externalLink" Target="externalLinks/a.xml"/>'
    content = related(b"</Relationships>", kind + b"</Relationships>")
    assert only(content)[0] == "external_link"


def test_two_sheets_of_one_name_or_of_one_part_are_refused():
    def more(name: bytes) -> bytes:
        again = b'<sheet xmlns:q="' + OFFICE + b'" name="' + name + b'" sheetId="9" q:id="rId1"/></sheets>'
        return packed(BOOK, "workbook.xml", lambda xml: xml.replace(b"</sheets>", again))

    assert only(more(b"SHEET"))[0] == "sheet_twice"
    assert only(more(b"other"))[0] == "part_twice"


def test_sizes_that_lie_are_found_out():
    """The directory of the ZIP says of the sheet that it unpacks to 10 bytes."""
    content = bytearray(BOOK)
    place = content.rindex(b"xl/worksheets/sheet1.xml") - 46 + 24
    content[place : place + 4] = (10).to_bytes(4, "little")
    assert only(bytes(content))[0] == "damaged"


def test_the_limit_of_unpacked_bytes_holds_for_what_is_found_too():
    from ogp_analysis.tabular.zip_package import Package

    package = Package(BOOK, "notas.xlsx", Limits(uncompressed_bytes=100))
    with pytest.raises(DataError, match="unpacks to > 100 bytes"):
        list(package.pieces("xl/worksheets/sheet1.xml"))


@pytest.mark.parametrize(
    "declared",
    [
        b'<!DOCTYPE a [<!ENTITY b "bb">]>',
        b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'>",
    ],
)
@pytest.mark.parametrize("part", ["sheet1.xml", "workbook.xml", "styles.xml", "workbook.xml.rels"])
def test_xml_that_declares_entities_is_refused(declared, part):
    def change(xml: bytes) -> bytes:
        start = xml.index(b"?>") + 2 if xml.startswith(b"<?") else 0
        return xml[:start] + declared + xml[start:]

    (problem,) = problems_of(packed(BOOK, part, change))
    assert "DOCTYPE" in problem.say("es")


def test_an_encoding_that_the_parser_does_not_know_is_damage():
    content = packed(
        BOOK, "sheet1.xml", lambda xml: b'<?xml version="1.0" encoding="cp037"?>' + xml[xml.index(b"<work") :]
    )
    assert only(content)[0] == "damaged"


# Limits: the sizes are those of the attacks, except where a smaller limit shows the same in less time


def big(part: str, old: bytes, piece: bytes, count: int, before: bytes = b"", after: bytes = b"") -> bytes:
    def change(xml: bytes) -> bytes:
        assert old in xml
        return xml.replace(old, before + piece * count + after + old, 1)

    return packed(BOOK, part, change)


AREA, NAME = b'<mergeCell ref="A1:B2"/>', b'<definedName name="a">A1</definedName>'
FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("part", "old", "piece", "count", "limits", "rule"),
    [
        ("sheet1.xml", END, b"<row>" + b"<c/>" * 200_000 + b"</row>", 1, {}, "cell_reference"),
        ("sheet1.xml", END, b"<row>" + b"<c/>" * 8_000_000 + b"</row>", 1, {}, "part_bomb"),
        (
            *("sheet1.xml", END, b"<row>" + b"<c/>" * 16_000 + b"</row>", 500),
            *({"empty_cells": 50_000}, "empty_cells"),
        ),
        ("sheet1.xml", END, b"<row/>", 1_048_576, {"empty_cells": 50_000}, "empty_cells"),
        ("sheet1.xml", END, FAR, 1, {}, "columns"),
        ("sheet1.xml", b"</worksheet>", b"<z/>", 1_100_000, {"elements": 50_000}, "elements"),
        ("styles.xml", b"</cellXfs>", b"<xf/>", 3_000_000, {}, "formats"),
        (
            "sheet1.xml",
            b"</worksheet>",
            b"<mergeCells>" + AREA * 400_000 + b"</mergeCells>",
            1,
            {},
            "faults",
        ),
        ("workbook.xml", b"<calcPr", b"<q>" + NAME * 200_000 + b"</q>", 1, {}, "names"),
        ("workbook.xml", b"</sheets>", b'<sheet name="q"/>', 20_000, {}, "sheets"),
    ],
)
def test_bombs_are_refused_at_the_first_excess_and_say_of_what(part, old, piece, count, limits, rule):
    content = packed(BOOK, part, lambda xml: xml.replace(old, piece * count + old, 1))
    assert problems_of(content, Limits(**limits))[-1].rule == f"tabular.{rule}"


def test_more_rows_than_a_sheet_can_have_are_refused_before_they_are_read():
    row = b"<row><c><v>1</v></c></row>"
    content = packed(BOOK, "sheet1.xml", lambda xml: xml.replace(END, row * 1_200_000 + END))
    (problem,) = problems_of(content)
    assert (problem.rule, problem.sheet) == ("tabular.rows", "Sheet")
    assert "> 1048576 rows" in problem.say("en")


def strings_of(piece: bytes, count: int) -> bytes:
    """A workbook whose cells share texts: openpyxl writes them into the cells themselves."""
    kind = (
        b'<Relationship Id="rId98" Type="' + OFFICE + b'/sharedStrings" Target="many.xml"/></Relationships>'
    )
    made = io.BytesIO(related(b"</Relationships>", kind) if b"sharedStrings" not in rels() else BOOK)
    name = "xl/many.xml" if b"sharedStrings" not in rels() else "xl/sharedStrings.xml"
    content = f'<sst xmlns="{MAIN}">'.encode() + piece * count + b"</sst>"
    if name in zipfile.ZipFile(made).namelist():
        return packed(BOOK, "sharedStrings.xml", lambda _: content)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return made.getvalue()


def rels() -> bytes:
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        return archive.read("xl/_rels/workbook.xml.rels")


@pytest.mark.parametrize("piece", [b"<si><t>A</t></si>", b"<si/>"])
def test_shared_texts_are_counted_while_they_are_read(piece):
    content = strings_of(piece, 1_000_000)
    assert problems_of(content, Limits(strings=20_000))[-1].rule == "tabular.strings"


def test_a_shared_text_within_another_is_damage():
    assert only(strings_of(b"<si><si><t>a</t></si></si>", 1))[0] == "damaged"


def test_the_runs_of_one_shared_text_are_counted_while_they_are_read():
    content = strings_of(b"<si>" + b"<r><t>a</t></r>" * 5_000 + b"</si>", 1)
    (problem,) = problems_of(content, Limits(cell_characters=1_000))
    assert (problem.rule, dict(problem.detail)["count"]) == ("tabular.long_cell", "> 1000")


def test_a_shared_text_counts_as_often_as_cells_refer_to_it():
    cells = Cells(Book(strings=["x" * 400]), file="n.xlsx", most_characters=1_000)
    assert [cells.read("s", "0", "")[1] for _ in range(2)] == ["", ""]
    with pytest.raises(DataError) as refusal:
        cells.read("s", "0", "")
    assert [problem.rule for problem in refusal.value.problems] == ["tabular.unpacked"]


def test_cells_are_counted_over_all_sheets():
    import openpyxl

    book = openpyxl.Workbook()
    for name in "abc":
        book.create_sheet(name).append(["id", "n"])
    content = io.BytesIO()
    book.save(content)
    assert len(tabular.parse(content.getvalue(), file="n.xlsx", limits=Limits(cells=6))) == 3
    (problem,) = problems_of(content.getvalue(), Limits(cells=5))
    assert (problem.rule, problem.sheet) == ("tabular.cells", "c")


@pytest.mark.parametrize("piece", [b"<row ", b"<mergeCell "])
def test_a_comment_is_a_comment_however_it_looks(piece):
    content = sheet(END, END + b"<!--" + piece * 20_000 + b"-->")
    assert [table.problems for table in tabular.parse(content, file="n.xlsx")] == [()]


def test_a_tag_without_end_is_refused_before_it_is_read_whole():
    attributes = b" ".join(b'a%d="1"' % number for number in range(200_000))
    assert only(sheet(b"<sheetData>", b"<sheetData><row " + attributes + b"/>"))[0] == "damaged"


def test_one_endless_text_is_refused_as_too_long():
    text = b"".join(b"%d" % number for number in range(400_000))
    assert only(sheet(END, b"<row><c><v>" + text + b"</v></c></row>" + END))[0] == "long_cell"


def test_more_parts_than_the_limit_are_refused_before_the_directory_is_read():
    assert only(SMALL_BOOK, Limits(parts=3))[0] == "parts"


# Text and YAML


def test_too_many_rows_of_a_text_are_refused_at_once():
    (problem,) = problems_of(b"id;n\n" + b"S01;4\n" * 1_200_000)
    assert problem.rule == "tabular.rows"
    assert "> 1000000 rows" in problem.say("en")


@pytest.mark.parametrize("head", [b"id;n\n", b'"id";n\n'], ids=["plain", "quoted"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_lines_without_content_have_a_limit_of_their_own(head, end):
    limits = Limits(rows=20, empty_cells=50)
    content = head.replace(b"\n", end)
    (table,) = tabular.parse(content + end * 50 + b"S01;4" + end, file="n.csv", limits=limits)
    assert (table.rows, table.row_numbers) == ([["S01", "4"]], [52])
    (problem,) = problems_of(content + end * 51 + b"S01;4" + end, limits)
    assert (problem.rule, dict(problem.detail)["limit"]) == ("tabular.empty_cells", "50")


@pytest.mark.parametrize(
    ("content", "limits", "rule"),
    [
        (b'id;n\n"S01";4\n' + b'"S01";4\n' * 50, Limits(rows=20), "rows"),
        (b"id;n\n" + b"1;" * 100 + b"\n", Limits(columns=10, cell_characters=20), "columns"),
        (b";" * 10_000_000, None, "columns"),
        (b"id;n\n" + b"S01;4\n" * 50, Limits(cells=50), "cells"),
        (b"id;n\n" + b"S01\n" * 50, Limits(faults=20), "faults"),
        (b"id;n\n" + b"S01;\x01\n" * 50, Limits(faults=20), "faults"),
    ],
)
def test_limits_of_a_text_say_which(content, limits, rule):
    assert problems_of(content, limits)[-1].rule == f"tabular.{rule}"


def test_no_more_faults_are_listed_than_the_limit():
    found = problems_of(b"id;n\n" + b"S01\n" * 50, Limits(faults=20))
    assert [problem.row for problem in found] == [*range(2, 22), 0]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("".join(f"key{number}: 1\n" for number in range(80_000)), "too_many"),
        ("k: 1\n" * 100_000, "too_many"),
        ("a:\n" + "- 1\n" * 200_000, "too_many"),
        ("a: [" + "1," * 400_000 + "]", "too_many"),
        ("[" * 100_000, "too_deep"),
        ("- " * 100_000, "too_deep"),
        ("{a: " * 100_000, "too_deep"),
        ("? " * 100_000, "too_deep"),
        ("".join(" " * depth + "a:\n" for depth in range(1_300)), "too_deep"),
        ("a: &x [1]\nb: *x\n", "syntax.alias"),
        ('a: "\\uD800"\n', "syntax.control"),
        ('a: "\\x85\\x9b"\n', "syntax.control"),
        ('"a\\0": 1\n', "syntax.control"),
    ],
)
def test_yaml_that_no_parameter_needs_is_refused_quickly(text, rule):
    values, (problem, *more) = strict_yaml.read_text(text, "own.yaml")
    assert (values, more, problem.rule) == (None, [], f"yaml.{rule}")
    assert problem.say("es") != problem.say("en")


def test_a_file_within_the_limits_of_yaml_is_read():
    text = "".join(f"k{number}: {{a: [1]}}\n" for number in range(1_000))
    assert len(strict_yaml.read_text(text, "own.yaml")[0]) == 1_000


def test_the_parts_that_tests_change_are_in_the_workbook():
    assert inside(BOOK, "sheet1.xml", lambda xml: xml) != BOOK
    assert SHEET_LINK in rels()
