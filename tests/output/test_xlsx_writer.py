"""The workbook: real numbers and dates, frozen headers, no formula, the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import zipfile

import openpyxl
import pandas as pd
import pytest
from sample_run import HOSTILE, OFFICE

from ogp_analysis.language import texts
from ogp_analysis.output import canonical, columns, latex, xlsx_writer

FRAME = pd.DataFrame(
    {
        "proposal": ["S01", "S02"],
        "score": [2.5, -1.0],
        "date": ["2019-10-01", None],
        "ok": [True, False],
        "reason": ["=1+1", "a"],
    }
)


def opened(**options):
    return openpyxl.load_workbook(io.BytesIO(xlsx_writer.build({"scores": FRAME}, language="en", **options)))


def test_cells_keep_their_kind_under_a_frozen_header():
    sheet = opened()["scores"]
    assert sheet.freeze_panes == "B4"
    assert [cell.value for cell in sheet[4]] == ["S01", 2.5, dt.datetime(2019, 10, 1), "yes", "=1+1"]
    assert [cell.data_type for cell in sheet[4]] == ["s", "n", "d", "s", "s"]
    assert sheet["B5"].value == -1
    assert sheet["C5"].value is None


def test_a_sheet_that_rests_on_synthetic_ratings_says_so():
    assert "SYNTHETIC" in opened(marked=frozenset({"scores"}))["scores"]["A2"].value
    assert opened()["scores"]["A2"].value is None


def test_a_table_of_rows_without_a_column_has_no_filter_and_opens():
    content = xlsx_writer.build({"scores": pd.DataFrame(index=[0, 1])}, language="en")
    sheet = openpyxl.load_workbook(io.BytesIO(content))["scores"]
    assert (sheet.auto_filter.ref, sheet["A3"].value) == (None, None)


def test_the_first_sheet_lists_the_others():
    book = opened()
    assert book.sheetnames == ["Contents", "scores"]
    assert book["Contents"]["A3"].value == "scores"


def test_two_builds_are_the_same_bytes_and_hold_no_clock():
    first = xlsx_writer.build({"scores": FRAME}, language="es")
    assert xlsx_writer.build({"scores": FRAME}, language="es") == first
    core = zipfile.ZipFile(io.BytesIO(first)).read("docProps/core.xml").decode()
    assert "2019-12-01" in core
    assert str(dt.datetime.now(tz=dt.UTC).date()) not in core


def test_long_ids_become_different_sheet_names():
    names = xlsx_writer.sheet_names(["x" * 40 + "a", "x" * 40 + "b", "[bad]:*?/\\'"])
    assert len(set(names)) == 3
    assert max(len(name) for name in names) <= 31
    assert names[2] == "_bad_______"


@pytest.mark.office
@pytest.mark.skipif(
    not OFFICE, reason="LibreOffice (soffice) is not installed: it is the oracle for formulas"
)
def test_libreoffice_finds_no_formula_in_any_output(tmp_path):
    frame = pd.DataFrame({"reason": HOSTILE, "n": range(-3, len(HOSTILE) - 3)})
    (tmp_path / "canonical.csv").write_text(canonical.csv_text(frame), encoding="utf-8")
    (tmp_path / "book.xlsx").write_bytes(xlsx_writer.build({"t": frame}, language="en"))
    out = tmp_path / "out"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [OFFICE, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out)]
    subprocess.run(
        [*command, *map(str, tmp_path.glob("*.*s[vx]*"))], check=True, capture_output=True, timeout=120
    )
    for name in ("canonical", "book"):
        book = openpyxl.load_workbook(out / f"{name}.xlsx")
        cells = [cell for sheet in book for row in sheet for cell in row]
        assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
        assert -3 in [cell.value for cell in cells]


def test_latex_prints_hostile_text_and_runs_none_of_it():
    text = latex.table(pd.DataFrame({"reason": HOSTILE, "n": 1.5}), name="t", language="es", synthetic=True)
    body = text[text.index(r"\midrule") : text.index(r"\bottomrule")]
    assert r"\textbackslash{}input\{/etc/passwd\} 50 \% \& \{x\}\_1\textasciicircum{}2" in body
    assert r"\input{" not in text
    assert "1,5" in body
    assert body.count(r"\\") == len(HOSTILE)
    assert "EJEMPLO SINTÉTICO" in text


def test_the_answers_come_first_and_each_group_has_its_colour():
    frames = {"flow": pd.DataFrame({"n": [335]}), "answers": pd.DataFrame({"n": [4]})}
    groups = {"flow": "plan", "answers": "summary"}
    content = xlsx_writer.build(frames, language="en", groups=groups)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames[0] == "Answers"
    assert book.sheetnames[1] == "Contents"
    colours = [book[name].sheet_properties.tabColor.rgb for name in (book.sheetnames[0], book.sheetnames[2])]
    assert len(set(colours)) == 2


def test_numbers_are_shown_by_what_they_are_and_kept_whole():
    frame = pd.DataFrame({"share_1": [2 / 3], "score": [3.456], "count": [43], "within": [1.0]})
    content = xlsx_writer.build({"t": frame}, language="en")
    row = openpyxl.load_workbook(io.BytesIO(content))["t"][4]
    assert [cell.number_format for cell in row] == ["0.0%", "0.00", "0", "0.0%"]
    assert row[0].value == 2 / 3


@pytest.mark.parametrize(("count", "orientation"), [(1, "portrait"), (12, "landscape")])
def test_a_sheet_prints_as_wide_as_a_page_with_its_head_repeated(count, orientation):
    frame = pd.DataFrame({f"n_{at}": ["some words"] for at in range(count)})
    content = xlsx_writer.build({"t": frame}, language="en")
    sheet = openpyxl.load_workbook(io.BytesIO(content))["t"]
    assert sheet.page_setup.orientation == orientation
    # The width is not written where it is one page, which is what the format takes it for.
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$3"


def test_a_row_is_as_high_as_its_longest_cell_and_long_columns_give_way_first():
    frame = pd.DataFrame({"id": ["S01"], "short": ["a word"], "long": ["five words that are long " * 12]})
    content = xlsx_writer.build({"t": frame}, language="en")
    sheet = openpyxl.load_workbook(io.BytesIO(content))["t"]
    # 300 letters in a column of 60 digits, whose letters are a tenth narrower: five lines of 12.75 points.
    assert (int(sheet.column_dimensions["C"].width), sheet.row_dimensions[4].height) == (60, 5 * 12.75)
    texts = [["ten words " * 20]] * 5 + [["S01"]]
    broad = columns.share_line([""] * 6, texts, columns.WIDTHS)
    assert broad[-1] == 9
    assert sum(broad) == columns.WIDTHS.line


def test_bounds_of_a_share_are_shares_in_their_own_table_only():
    lower = pd.Series([0.7], name="lower")
    assert columns.number_format(lower, "note_20") == "share"
    assert columns.number_format(lower, "agreement") == "score"


def test_where_to_look_a_fact_up_is_named_as_it_is_called_there():
    fact = pd.DataFrame({"kind": ["fact"], "table": ["milestones"], "row": ["received"]})
    book = openpyxl.load_workbook(io.BytesIO(xlsx_writer.build({"answers_facts": fact}, language="es")))
    line = canonical.excel_csv_bytes(fact, table="answers_facts").decode("utf-8-sig").splitlines()[-1]
    assert line == "hecho;milestones;received"
    assert [cell.value for cell in list(book.worksheets[-1].rows)[-1]] == line.split(";")


def test_a_table_without_rows_says_so_and_a_cut_name_ends_with_a_word():
    frames = {"a_table_of_ones_own_whose_name_is_too_long": pd.DataFrame({"n": []})}
    book = openpyxl.load_workbook(io.BytesIO(xlsx_writer.build(frames, language="en", beside="See x.xlsx.")))
    assert book.sheetnames == ["Contents", "a table of ones own whose name"]
    assert book["Contents"]["A2"].value == "See x.xlsx."
    assert book.worksheets[1]["A4"].value == "None in this run."


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_tab_of_every_table_is_its_name_whole(language):
    """No more than 31 characters, none of those that a tab cannot hold."""
    keys = [key.split(".") for key in texts.catalogue(language)]
    tables = {key[1] for key in keys if key[0] == "table" and key[2:] == ["title"]} - {"hashes", "moved"}
    words = {
        table: texts.say(key, language) if texts.has(key := f"table.{table}.sheet", language) else ""
        for table in tables
    }
    tabs = [words[table] or texts.say(f"table.{table}.title", language) for table in sorted(tables)]
    assert [tab for tab in tabs if len(tab) > 31 or set(tab) & set("[]:*?/\\'")] == []
