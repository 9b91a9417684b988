"""The committed report of the baseline: every table has its words and its place, every number is in it."""

from __future__ import annotations

import functools
import io
import math
import re
import shutil
import subprocess

import openpyxl
import pikepdf
import pytest
from project_files import ROOT

from ogp_analysis import report
from ogp_analysis.language import labels, texts
from ogp_analysis.report import caption_numbers, page_content, pdf, sections, workbooks
from ogp_analysis.report.answers import EVIDENCE

BASELINE = ROOT / "outputs" / "baseline"
needs_baseline = pytest.mark.skipif(
    not (BASELINE / "tables").is_dir(), reason="outputs/baseline is not there: make report writes it"
)


@functools.cache
def baseline_pack():
    """Read the run once for all tests, which only look at it: its 89 tables take a third of a second."""
    return report.read(BASELINE)


@needs_baseline
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_table_column_and_figure_of_the_baseline_has_its_words(language):
    pack = baseline_pack()
    lacking = [name for name in pack.tables if not texts.has(f"table.{name}.title", language)]
    for name, frame in pack.tables.items():
        # The Partnership's column names are data, the same in every language.
        columns = [] if name == "commitments_ogp" else labels.localised(frame, language).columns
        families = ("column", "indicator", "criterion")
        lacking += [
            f"{name}.{column}"
            for column in columns
            if not any(texts.has(f"{family}.{column}", language) for family in families)
            # Made of parts, such as the points of a criterion.
            and labels.column_label(column, language) == column
        ]
    for name in {stem.partition(".")[0] for stem in pack.figures}:
        lacking += [
            key for kind in ("title", "alt") if not texts.has(key := f"figure.{name}.{kind}", language)
        ]
    assert lacking == []


@needs_baseline
def test_a_result_of_a_notebook_takes_no_number_of_a_caption():
    pack = baseline_pack()
    counted = caption_numbers.of(pack.tables, "en", synthetic=True)
    assert page_content.facts(pack, "en").items() >= counted.items()
    # Seven indicators, the three of relevance in two panels, 43 proposals; thirds are for relevance alone.
    assert (counted["pairs_compared"], counted["pairs_foreseen"]) == (str(10 * 43), str(6 * 43))


@needs_baseline
def test_every_table_and_figure_of_the_baseline_has_its_place_in_the_report():
    pack = baseline_pack()
    assert [name for name in pack.tables if not any(s.holds(name) for s in sections.SECTIONS)] == []
    figures = {stem.partition(".")[0] for stem in pack.figures}
    assert [
        name for name in sorted(figures) if not any(s.takes_figure(name) for s in sections.SECTIONS)
    ] == []
    assert {
        name: section.missing
        for section in page_content.sections(pack, "en")
        if (name := section.id) and section.missing
    } == {}


@needs_baseline
def test_every_point_is_answered_in_full_or_with_the_reason_in_the_baseline():
    for point in page_content.points(baseline_pack(), "en"):
        assert "Not made by this run" not in point["answer"]


@needs_baseline
def test_what_a_reader_of_the_baseline_receives_is_small():
    pack = [BASELINE / name for name in ("report.html", "report.pdf")]
    assert sum(path.stat().st_size for path in [*pack, *BASELINE.glob("tables/*.csv")]) < 5e6


@needs_baseline
def test_the_pdf_of_the_baseline_has_at_most_24_pages():
    for name in ("report.pdf", "report.es.pdf"):
        with pikepdf.open(BASELINE / name) as opened:
            assert 10 <= len(opened.pages) <= 24


# Points and inches of an upright A4 sheet, less the margins of the workbook; what a digit is wide.
PAGE = {"portrait": (7.47, 727), "landscape": (10.89, 480)}
INCHES_OF_A_DIGIT = 7 / 96


def printed_pages(sheet):
    broad, high = PAGE[sheet.page_setup.orientation]
    columns = sheet.column_dimensions.values()  # one for all neighbours of the same width
    width = sum(column.width * (column.max - column.min + 1) for column in columns) * INCHES_OF_A_DIGIT
    heights = [sheet.row_dimensions[row].height or 15 for row in range(1, sheet.max_row + 1)]
    return math.ceil(sum(heights) * min(1, broad / width) / high)


@needs_baseline
def test_the_first_workbook_prints_on_few_pages_and_the_annex_holds_the_rest():
    pack = baseline_pack()
    # In Spanish, whose words are longer.
    contents = [make(pack, "es") for make in (workbooks.main, workbooks.annex)]
    first, annex = (openpyxl.load_workbook(io.BytesIO(content)) for content in contents)
    assert sum(map(printed_pages, first.worksheets)) < 60
    titles = {labels.table_title(name, "es") for name in pack.tables}
    assert {sheet["A1"].value for book in (first, annex) for sheet in book.worksheets} >= titles
    assert (first.sheetnames[0], annex.sheetnames[0]) == ("Respuestas", "Contenido")
    # Evidence is named as the tabs are.
    assert "Método, fase por fase; El plan en sus palabras" in first["Respuestas"]["D4"].value
    # Each says where the other is; every sheet of synthetic ratings says what they are.
    assert "annex.es.xlsx" in first["Contenido"]["A2"].value
    assert "tables.es.xlsx" in annex["Contenido"]["A2"].value
    assert all("SINTÉTICO" in book["Fichas de las propuestas"]["A2"].value for book in (first, annex))


@needs_baseline
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_figure_of_the_baseline_is_told_in_a_short_sentence_with_its_numbers(language):
    pack = baseline_pack()
    values = page_content.facts(pack, language)
    drawn = page_content.drawn(pack, language)
    parts = {name: s.part for name in drawn for s in sections.SECTIONS if s.takes_figure(name)}
    views = [
        page_content.figure(pack, name, "", part=parts[name], values=values, language=language)
        for name in drawn
    ]
    assert {view.id: len(view.alt) for view in views if len(view.alt) > 250} == {}
    # Those of part B name their numbers, their origin and their table; proposals of one's own are not here.
    named = [view for view in views if view.marked and not view.id.startswith(("sensitivity", "proposals"))]
    assert len(named) == 8
    origin = texts.say("figure.origin.synthetic", language)
    for view in named:
        assert re.search(r"\d", view.title), view.id
        assert view.alt.endswith(origin)
        assert origin in view.note


@needs_baseline
def test_captions_name_the_numbers_of_their_tables():
    pack = baseline_pack()
    values = page_content.facts(pack, "en")
    third, spread = pack.tables["third_evaluations"], pack.tables["ratings_spread"]
    assert values["third_needed"] == f"{third['third'].sum():.0f}"
    assert values["commonest_count"].endswith(f"of {spread['count'].sum()}")
    assert values["cells_far"] == str((pack.tables["disagreements"]["difference"] > 1).sum())


@needs_baseline
def test_the_pdf_says_on_which_page_a_point_is_answered_and_what_the_web_page_alone_holds():
    pack = baseline_pack()
    content = pdf.content(pack, "en")
    parts = [*content["parts"], {"sections": content["opening"]}]
    sections_held = {section["id"] for part in parts for section in part["sections"]}
    points = next(s for part in content["parts"] for s in part["sections"] if s["id"] == "points")
    named = [place for row in points["tables"][0]["places"] for place in row]
    named += [place for row in content["answers"]["rows"] for place in row[3]]
    assert {key for _, key, _ in named} - {""} <= sections_held
    assert ["Parameters and their origin", "", "web page"] in named
    # Heads of sections are not repeated above their only table.
    assert points["tables"][0]["title"] == ""


@needs_baseline
def test_the_evidence_of_each_answer_holds_what_it_says():
    tables = baseline_pack().tables
    rows = tables["answers"]["answer_en"]
    by_question = {name: EVIDENCE[name] for name in ("followed", "reliable", "choices", "unknown")}
    assert len(rows) == len(by_question)
    for (plan, run), said in zip(by_question.values(), rows, strict=True):
        assert [name for name in (*plan, *run) if name not in tables] == [], said
    pairs, matched, thirds = map(
        int, re.search(r"of (\d+) blind pairs, (\d+) .*?, and (\d+) third", rows[1]).groups()
    )
    note = tables["note_20"].query("grain == 'indicator' and third_foreseen and indicator != 'pooled'")
    single = note[note["n_cases"] == note["n_cases"].min()]
    assert single["n_cases"].sum() == pairs
    assert round((single["within"] * single["n_cases"]).sum()) == matched
    assert tables["third_evaluations"]["third"].sum() == thirds
    assert f"{(tables['sensitivity_on_one']['evaluators_cross'] > 0).sum()} proposals (" in rows[2]
    verdicts = tables["sensitivity_verdicts"]
    always = (verdicts["category_by_rule"] == 1) & (verdicts["share_1"] == 1)
    ruled = (verdicts["category_by_rule"] == 1).sum()
    assert f"{always.sum()} of these {ruled} stay there under every possible weighting" in rows[2]
    adding = tables["sensitivity_adding"]
    assert (
        f"size of category 1 would go from {adding['category_1'].min()} to {adding['category_1'].max()}"
        in rows[2]
    )
    moved = {move.split()[0] for moves in adding["moves"].dropna() for move in moves.split(", ")}
    assert f"{len(moved)} proposals would have another category" in rows[2]
    lost = (tables["plan_inventory"]["state"] == "lost").sum()
    assert f"{lost} figures and tables are images of which our copy kept no number" in rows[0]
    assert f"{len(tables['not_computable'])} gaps" in rows[3]


@needs_baseline
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_pdf_cites_places_of_the_plan_and_no_line_of_our_transcription(language):
    shown = pdf.content(baseline_pack(), language)
    cells = [
        text
        for part in shown["parts"]
        for section in part["sections"]
        for text in [
            *section["paragraphs"],
            *(cell for t in section["tables"] for row in t["rows"] for cell in row),
        ]
    ]
    assert [cell for cell in cells if re.search(r"\bL\d{2,4}\b|\b(lines?|líneas?)\s\d", cell)] == []
    # Shares are in per cent: 39 of 43 pairs.
    assert {"en": "90.7%", "es": "90,7\u00a0%"}[language] in cells


@needs_baseline
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed (poppler-utils)")
@pytest.mark.parametrize("name", ["report.pdf", "report.es.pdf"])
def test_names_that_a_reader_copies_are_broken_nowhere_in_the_pdf(name):
    """Spanish repeats the hyphen of a broken word: ro-crate- / -metadata.json is no file."""
    command = ["pdftotext", "-raw", str(BASELINE / name), "-"]
    words = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    assert words.count("ro-crate-metadata.json") == len(re.findall(r"ro-\s*-?crate", words)) > 0
    assert words.count("www.gobiernoabierto.ec") == words.count("www.") > 0
