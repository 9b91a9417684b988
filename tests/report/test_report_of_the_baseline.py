"""The committed report of the baseline: every table has its words and its place, every number is in it."""

from __future__ import annotations

import pikepdf
import pytest
from project_files import ROOT

from ogp_analysis import report
from ogp_analysis.language import labels, texts
from ogp_analysis.report import page_content, sections

BASELINE = ROOT / "outputs" / "baseline"
needs_baseline = pytest.mark.skipif(
    not (BASELINE / "tables").is_dir(), reason="outputs/baseline is not there: make report writes it"
)


@needs_baseline
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_table_column_and_figure_of_the_baseline_has_its_words(language):
    pack = report.read(BASELINE)
    lacking = [name for name in pack.tables if not texts.has(f"table.{name}.title", language)]
    for name, frame in pack.tables.items():
        # The Partnership's column names are data, the same in every language.
        columns = [] if name == "commitments_ogp" else labels.localised(frame, language).columns
        families = ("column", "indicator", "criterion")
        lacking += [
            f"{name}.{column}"
            for column in columns
            if not any(texts.has(f"{family}.{column}", language) for family in families)
        ]
    for name in {stem.partition(".")[0] for stem in pack.figures}:
        lacking += [
            key for kind in ("title", "alt") if not texts.has(key := f"figure.{name}.{kind}", language)
        ]
    assert lacking == []


@needs_baseline
def test_every_table_and_figure_of_the_baseline_has_its_place_in_the_report():
    pack = report.read(BASELINE)
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
    for point in page_content.points(report.read(BASELINE), "en"):
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
