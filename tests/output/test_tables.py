"""What a reader sees: titles, marks, columns and numbers in both languages, hostile text kept as text."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from ogp_analysis.language import bottom_line, labels, texts
from ogp_analysis.output import tables


@pytest.fixture
def frame():
    index = pd.Index(["S01", "<b>S02</b>"], name="proposal")
    return pd.DataFrame({"composite": [2.5, 4.125], "final_step": ["rule", "decision"]}, index=index)


def test_the_same_table_in_spanish_has_a_decimal_comma_and_spanish_words(frame):
    english = repr(tables.show(frame, "categories"))
    spanish = repr(tables.show(frame, "categories", language="es", synthetic=True))
    assert "4.125" in english
    assert "decision" in english
    assert "SYNTHETIC" not in english
    assert "4,125" in spanish
    assert "decisión" in spanish
    assert spanish.splitlines()[1].startswith("EJEMPLO SINTÉTICO")


def test_html_keeps_hostile_text_as_text(frame):
    page = tables.show(frame, "categories", synthetic=True)._repr_html_()
    assert "&lt;b&gt;S02" in page
    assert "<b>S02" not in page
    assert "SYNTHETIC EXAMPLE" in page


def test_rows_can_be_limited_and_the_caller_keeps_the_frame(frame):
    before = frame.copy()
    assert len(tables.show(frame, "categories", rows=1).cells) == 1
    pd.testing.assert_frame_equal(frame, before)


def test_a_headline_on_synthetic_ratings_says_so_first():
    counts = dict.fromkeys(NAMES["headline.categories"], 0) | {
        "rule": 1,
        "all": 2,
        "final": 1,
        "exchanged": "",
        "vetoed": "",
    }
    synthetic = bottom_line.headline("headline.categories", language="es", synthetic=True, **counts)
    real = bottom_line.headline("headline.categories", language="en", synthetic=False, **counts)
    assert synthetic.startswith("En el ejemplo sintético, la regla por sí sola ubica 1 de 2")
    assert real.startswith("The rule alone puts 1 of 2")


@pytest.mark.parametrize(("language", "words"), [("en", "SDG 16"), ("es", "ODS 16")])
def test_a_code_beside_its_words_in_both_languages_is_not_shown(language, words):
    cells = pd.DataFrame(
        {"table": ["T05"], "row": ["sdg 16"], "row_en": ["SDG 16"], "row_es": ["ODS 16"], "n": [1]}
    )
    shown = labels.localised(cells, language)
    assert shown.to_dict("records") == [{"table": "T05", "n": 1, "row": words}]
    assert list(shown) == ["table", "row", "n"]


def test_spanish_texts_address_the_reader_as_usted():
    familiar = re.compile(r"\b(tu|tus|te|ti|contigo|puedes|tienes|quieres|debes|busca|haz)\b", re.IGNORECASE)
    said = {key: text for key, text in texts.catalogue("es").items() if familiar.search(text)}
    assert said == {}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "key",
    [f"headline.{name}" for name in ("ratings", "agreement", "categories", "sensitivity", "review")]
    + ["plan.headline"],
)
def test_every_bottom_line_ends_with_a_period(key, language):
    assert texts.catalogue(language)[key].endswith(".")


NAMES = {
    "headline.ratings": (
        *("evaluators", "ratings", "thirds", "proposals", "lacking", "broken"),
        *("left_out", "left_out_ratings", "left_out_thirds"),
    ),
    "headline.categories": (
        *("rule", "all", "undetermined", "settled"),
        *("changed_selection", "changed_confirmation", "marked", "final"),
    ),
    "headline.third": ("pairs", "third", "lacking"),
    "headline.review": (
        *("rule_1", "proposals", "undetermined_rule", "settled"),
        *("changed_selection", "changed_confirmation", "marked", "final_1", "fixed_1"),
        *("third_evaluations", "lacking", "undetermined"),
    ),
}
# A one before a plural, a zero before either: where no sentence may stand with these counts.
ONE_OF_MANY = {
    "en": r"\b1 (\w+ )?(evaluators|ratings|proposals|evaluations|pairs|are|were|keep|end|differ|lack)\b",
    "es": r"\b1 (evaluadores|calificaciones|propuestas|terceras|pares|faltas|conservan|terminan|difieren)\b",
}
NOUGHT = {
    "en": r"\b0 (\w+ )?(evaluat|rating|breach|are|were|more|keep|differ)",
    "es": r"\b(faltan|usaron|hallaron) 0\b",
}


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("key", NAMES)
def test_bottom_lines_of_one_and_of_none_have_words_of_their_own(key, language):
    def line(count, **others):
        counts = dict.fromkeys(NAMES[key], count) | {"exchanged": "", "vetoed": ""} | others
        return bottom_line.headline(key, language=language, synthetic=False, tolerance=0.25, **counts)

    # There are always evaluators and ratings, so nobody reads of none.
    some = {name: 7 for name in ("evaluators", "ratings") if name in NAMES[key]}
    assert not re.search(ONE_OF_MANY[language], line(1))
    assert not re.search(NOUGHT[language], line(0, **some))
    assert "7" in line(7)


def test_a_tolerance_is_told_with_all_its_decimals():
    counts = {"pairs": 9, "third": 2, "lacking": 0, "tolerance": 0.25}
    assert "0.25 points" in bottom_line.headline("headline.third", language="en", synthetic=False, **counts)
    assert "0,25 puntos" in bottom_line.headline("headline.third", language="es", synthetic=False, **counts)
