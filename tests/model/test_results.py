"""The record of what a room found: what it lets texts quote, and how a run writes it."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from ogp_analysis import output
from ogp_analysis.language import bottom_line
from ogp_analysis.model.results import Results

LINES = {"en": "All 43 hold.", "es": "Las 43 se mantienen."}


def results(*, synthetic: bool = False) -> Results:
    tables = {"counts": pd.DataFrame({"n": [43]})}
    return Results(tables, {"held": 43, "share": 1.0}, LINES, synthetic, {"not_written": object()})


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("synthetic", [True, False])
def test_texts_quote_the_summary_then_the_bottom_line_and_the_mark(language: str, synthetic: bool) -> None:
    quoted = results(synthetic=synthetic).quoted(language)
    assert list(quoted) == ["held", "share", "headline", "bottom_line", "synthetic"]
    assert quoted == {
        "held": 43,
        "share": 1.0,
        "headline": LINES[language],
        "bottom_line": LINES,
        "synthetic": synthetic,
    }


def test_a_language_without_a_bottom_line_is_refused() -> None:
    with pytest.raises(LookupError, match="'fr'"):
        results().quoted("fr")


def test_what_is_quoted_may_be_changed_and_the_record_is_not() -> None:
    found = results()
    quoted = found.quoted("en")
    quoted["bottom_line"]["en"] = quoted["held"] = "changed"
    assert found.quoted("en") == results().quoted("en")


def test_one_call_writes_tables_figures_and_what_is_quoted(tmp_path) -> None:
    written = output.publish(tmp_path, "03_own", results(), figures={"map": "<svg/>"}, language="es")
    assert written == ["tables/counts.csv", "figures/map.svg", "results/03_own.json"]
    assert (tmp_path / "tables" / "counts.csv").read_text(encoding="utf-8") == "n,synthetic\n43,no\n"
    said = json.loads((tmp_path / "results" / "03_own.json").read_text(encoding="utf-8"))
    assert said == {
        "held": 43,
        "share": 1.0,
        "headline": LINES["es"],
        "bottom_line": LINES,
        "synthetic": False,
    }


def test_every_table_that_rests_on_ratings_says_whether_they_are_synthetic(tmp_path) -> None:
    tables = {"counts": pd.DataFrame({"n": [43, 44]}), "facts": pd.DataFrame({"line": [600]})}
    found = Results(tables, {}, LINES, synthetic=True, unrated=frozenset({"facts"}))
    output.publish(tmp_path, "03_own", found, language="en")
    counts = (tmp_path / "tables" / "counts.csv").read_text(encoding="utf-8")
    assert counts == "n,synthetic\n43,yes\n44,yes\n"
    assert (tmp_path / "tables" / "facts.csv").read_text(encoding="utf-8") == "line\n600\n"
    # What a notebook shows is marked in its caption.
    assert list(found.tables["counts"]) == ["n"]


def test_every_language_gets_its_own_values() -> None:
    asked = []

    def values(language: str) -> dict[str, object]:
        asked.append(language)
        # 0.5 points beside 50 pairs: the Spanish sentence has a decimal comma.
        return {"third": 5, "pairs": 50, "tolerance": 0.5, "lacking": 0}

    worded = bottom_line.in_each_language("headline.third", values, synthetic=True)
    assert asked == list(worded) == ["en", "es"]
    assert "0.5" in worded["en"]
    assert "0,5" in worded["es"]
