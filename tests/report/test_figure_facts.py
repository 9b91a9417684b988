"""The numbers of captions fit the scale of the method."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from ogp_analysis.assessment.whole_assessment import third_evaluations
from ogp_analysis.language import texts
from ogp_analysis.report import caption_numbers, page
from ogp_analysis.report.page_content import facts, paragraphs
from ogp_analysis.report.run_files import Pack


@pytest.mark.parametrize(
    ("tolerance", "far", "words"),
    [
        ("1.0", "4", " 1 punto"),
        ("0.3", "5", " 0,3 puntos"),
        ("25.0", "1", " 25 puntos"),
        ("0.0", "6", "difieren"),
    ],
)
def test_blind_ratings_are_apart_beyond_the_tolerance_of_the_run(tolerance, far, words):
    differences = [0, 4.6 - 4.3, 1.0, 5, 10, 25, 30]
    tables = {
        "disagreements": pd.DataFrame({"difference": differences}),
        "parameters": pd.DataFrame({"parameter": ["tolerance"], "value": [tolerance]}),
    }
    said = caption_numbers.of(tables, "es", synthetic=True)
    assert said["cells_far"] == far
    assert said["cells_apart"].endswith(words)


def test_a_third_evaluation_that_lacks_is_needed_all_the_same():
    """By hand: of 8 + 8 pairs 1 + 4 need a third evaluation, of which nobody gave 1 + 3."""
    rows = {"indicator": ["cost", "time"], "pair": ["a-b", "a-b"], "matched": [7, 4], "pairs": [8, 8]}
    thirds = pd.DataFrame(rows | {"third": [0, 1], "unresolved": [1, 3]})
    for given, without in ((thirds, " (4 of them lacking)"), (thirds.drop(columns="unresolved"), "")):
        said = caption_numbers.of({"third_evaluations": given}, "en", synthetic=False)
        assert said["third_without"] == without
    said = caption_numbers.of({"third_evaluations": thirds.drop(columns="third")}, "es", synthetic=False)
    assert (said["third_needed"], said["third_pairs"]) == ("4", "16")
    assert (said["third_most"], said["third_without"]) == ("3 de 8", " (4 de ellas faltan)")


def test_pairs_of_a_caption_are_not_what_a_notebook_compared():
    """Notebook 2 compares 43 proposals; its figure is of 90 pairs of ratings."""
    rows = {"grain": "indicator", "indicator": ["a", "b", "all"], "third_foreseen": [True, False, True]}
    tables = {"note_20": pd.DataFrame(rows | {"n_cases": [54, 36, 90]})}
    said = facts(Pack(tables, {}, {"02_agreement": {"compared": 43}}, "en", synthetic=False), "en")
    caption = texts.say("figure.agreement_by_indicator.how", "en", **said)
    assert "90 pairs of ratings; a third evaluation is foreseen for 54 of them" in caption


@pytest.mark.parametrize(("composite", "said"), [(None, True), ({"weights": [1]}, False)])
def test_columns_of_shares_are_spoken_of_where_there_are_any(composite, said):
    """Where the composite decides, the explorer has none."""
    method = {"criteria": [], "categories": [1, 2, 3], "composite": composite}
    run = Pack({}, {}, {"06_irm_review": {"method": method}}, "en", synthetic=False)
    text = " ".join(paragraphs("section.explorer.text", facts(run, "en"), "en"))
    assert text.startswith("Move the weights and cut points")
    assert ("The last 3 columns give the exact share" in text) == said


@pytest.mark.parametrize(("highest", "commonest"), [(2, "1"), (100, None)])
def test_of_several_scales_no_rating_is_the_commonest_of_all(highest, commonest):
    rows = {"indicator": ["a", "a", "b", "b"], "rating": [1, 2, 1, highest], "count": [3, 1, 2, 2]}
    said = caption_numbers.of({"ratings_spread": pd.DataFrame(rows)}, "en", synthetic=False)
    assert said.get("commonest_rating") == commonest


def test_a_figure_beside_its_text_has_the_width_that_it_is_drawn_for():
    """At less than its 165 mm, or 624 points of the screen, its 8 point type would be smaller."""
    css = page.asset("page.css")
    column = re.search(r"\.beside:has\(> figure\) \{[^}]*minmax\(0, 1fr\) ([\d.]+)rem", css)
    assert 16 * float(column[1]) >= 165 / 25.4 * 96


def test_a_panel_of_one_evaluator_has_no_pairs_to_be_counted():
    rows = {"criterion": "need", "indicator": "letter", "pair": ["doctors", "nurses"] * 2}
    settled = pd.DataFrame(rows | {"status": ["single", "matched", "single", "third"]})
    thirds = third_evaluations(settled)
    assert dict(zip(thirds["pair"], thirds["pairs"], strict=True)) == {"doctors": 0, "nurses": 2}
    more = thirds[thirds["pairs"] > 0].assign(indicator="other", single=0)
    both = pd.concat([thirds, more], ignore_index=True)
    shown = caption_numbers.of({"third_evaluations": both}, "en", synthetic=False)
    assert (shown["third_needed"], shown["third_pairs"]) == ("2", "4")
    # From one row nothing reaches "from ... to ...".
    alone = caption_numbers.of({"third_evaluations": thirds}, "en", synthetic=False)
    assert not [name for name in alone if name.startswith("third_")]
