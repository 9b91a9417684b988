"""References to the plan: each has its sentence, its section and, where it is printed, the section's page."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from ogp_analysis import plan
from ogp_analysis.errors import PlanError
from ogp_analysis.language import texts
from ogp_analysis.plan import published, results
from ogp_analysis.report.parameters_and_gaps import influence_evidence, method_followed

# From the plan's own table of contents, lines 104 to 116 of the transcription.
PAGES_OF_THE_CONTENTS = {
    "3.1": 17,
    "3.2": 18,
    "3.3.1": 24,
    "3.3.2": 29,
    "3.3.3": 31,
    "3.3.4": 31,
    "3.3.5": 36,
}
# Text recognition put these signs among the words, or the table of the plan dropped them.
SIGNS = re.compile(r"[^0-9a-záéíóúñü]+")


@pytest.fixture(scope="module")
def tables():
    return published.read_all()


@pytest.fixture(scope="module")
def known(tables):
    return plan.plan_lines(tables).set_index("line")


def letters(text):
    return SIGNS.sub("", text.lower())


def test_every_reference_of_every_table_has_its_sentence(tables, known):
    shown = results.tables(tables) | {"influence_evidence": influence_evidence(tables["phases"])}
    shown |= {"method_followed": method_followed(tables["phases"])}
    shown |= {f"data/plan/{name}": table for name, table in tables.items()}
    for name, frame in shown.items():
        found = plan.citations(frame, tables)
        assert set(found["line"]) <= set(known.index), name
        has_lines = any(str(column).startswith("line") for column in frame)
        assert not has_lines or set(found["row"]) == set(range(len(frame))), name


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_text_that_names_lines_of_the_plan_has_their_sentences(tables, language):
    for key, text in texts.catalogue(language).items():
        if (
            key.startswith(("plan.", "influence.", "followed.", "origin.", "quote.", "point."))
            and "{line}" not in text
        ):
            assert len(plan.cited(text, tables)) >= bool(plan.lines_in(text)), key


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("indicators", "definition", "line"),
        ("notes", "text", "line_text"),
        ("asterisk_notes", "text", "line"),
        ("phases", "text", "line_text"),
        ("category_4", "proposal", "line"),
        ("targets", "target", "line"),
    ],
)
def test_the_words_are_those_that_the_other_tables_quote(tables, known, name, text, line):
    rows = tables[name].dropna(subset=[text])
    for row in rows.itertuples():
        assert letters(getattr(row, text)) in letters(known.loc[getattr(row, line), "text"]), (name, row)


def test_undamaged_milestones_stand_in_their_lines(tables, known):
    rows = tables["milestones"].query("not damaged")
    assert len(rows) == 44
    for row in rows.itertuples():
        assert letters(row.text) in letters(known.loc[row.line, "text"]), row


def test_sections_begin_on_the_pages_that_the_contents_print(known):
    pages = known.groupby("section")["section_page"].first()
    assert pages.loc[list(PAGES_OF_THE_CONTENTS)].to_dict() == PAGES_OF_THE_CONTENTS
    # Three numbers for the four titles of line 115: the page of commitments 9 and 10 is not given.
    assert known.loc[[1136, 1161], "section_page"].isna().all()
    order = known["section_page"].dropna()
    assert order.is_monotonic_increasing


def test_the_place_is_said_in_both_languages(known):
    assert known.loc[752, "place_en"] == "section 3.3.4, Phase 4: proposal selection (begins on page 31)"
    assert known.loc[752, "place_es"].startswith("sección 3.3.4, «Phase 4: proposal selection»")
    assert known.loc[15, "place_en"] == "Cover and credits"


def test_nothing_personal_is_in_the_words(known):
    assert not known["text"].str.contains(r"\w@\w|\b02 \d{3} \d{4}|\(02\)", regex=True).any()
    assert known.loc[[75, 81, 85, 192], "withheld"].all()
    assert known.loc[75, "text"].count("[…]") == 10


@pytest.mark.parametrize(
    ("reference", "lines"),
    [
        (600, [600]),
        (600.0, [600]),
        ("600", [600]),
        ("L246 L1214", [246, 1214]),
        ("C3 M1 (L918), L914", [918, 914]),
        ("F06 (L584-L591)", list(range(584, 592))),
        ("plan, lines 504 and 516", [504, 516]),
        ("(lines 467-469, 662-664)", [467, 468, 469, 662, 663, 664]),
        ("(líneas 490, 504 y 703)", [490, 504, 703]),
        ("16 of 297 is 5.39%", []),
        ("lines of action", []),
        (None, []),
        (float("nan"), []),
    ],
)
def test_references_are_read_as_they_are_written(reference, lines):
    assert plan.lines_in(reference) == lines


def test_a_line_without_words_is_refused_and_blank_lines_inside_a_range_are_not(tables):
    with pytest.raises(PlanError) as refused:
        plan.cited("L1 L600", tables)
    assert refused.value.values["line"] == 1
    # Line 483 is blank.
    assert plan.cited("lines 482-484", tables)["line"].tolist() == [482, 484]


def test_plain_numbers_in_a_text_column_are_no_references(tables):
    frame = pd.DataFrame({"published": ["335", "see L600"], "lines": ["571", "L594"]})
    assert plan.citations(frame, tables).to_numpy().tolist() == [
        [1, "published", 600],
        [0, "lines", 571],
        [1, "lines", 594],
    ]
