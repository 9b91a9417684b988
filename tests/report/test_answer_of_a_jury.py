"""Of a jury the page of answers says how far its members agree, and of one member that nothing shows it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ogp_analysis import ratings
from ogp_analysis.model import params
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_file import read_method
from ogp_analysis.report import results

METHOD = """
name: jury
criteria:
  - {name: merit, panels: [panel], raters: [1, 3], levels: [low, high], cut_points: [3],
     indicators: [{name: idea, minimum: 1, maximum: 5}]}
categories: [chosen, left]
decision_table: [2, 1]
third: {for: [], when: never}
tolerance: 1
"""
# Of each proposal 3 pairs, of which 1, 3 and 1 lie within a point: on average (1/3 + 1 + 1/3) / 3 = 5/9.
ROWS = {"A": (1, 2, 5), "B": (4, 4, 5), "C": (2, 5, 5)}
# Krippendorff's alpha of these rows with squared differences, by hand: observed
# disagreement (26 + 2 + 18) / 9, expected 2 * (9 * 141 - 33**2) / (9 * 8).
ALPHA = 1 - (((26 + 2 + 18) / 9) / (2 * (9 * 141 - 33**2) / 72))


def answers_of(tmp_path: Path, rows: dict[str, tuple[int, ...]]) -> pd.DataFrame:
    (tmp_path / "jury.yaml").write_text(METHOD, encoding="utf-8")
    lines = [
        f"{code},panel,J{seat},idea,{rating}"
        for code, given in rows.items()
        for seat, rating in enumerate(given)
    ]
    head = "proposal,panel,evaluator,indicator,rating"
    (tmp_path / "ratings.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    values = defaults_of(read_method(str(tmp_path / "jury.yaml"), Path())[0])
    given = values | {"method": str(tmp_path / "jury.yaml"), "data": str(tmp_path / "ratings.csv")}
    parameters = params.from_values(given | {"n_draws": 1000, "n_resamples": 100})
    return results.compute(ratings.load(parameters), parameters).tables["answers"]


def test_the_answer_on_reliability_holds_the_agreement_of_a_jury(tmp_path):
    reliable = answers_of(tmp_path, ROWS).loc[1]
    assert "on average 55.6% of the pairs" in reliable["answer_en"]
    assert f"alpha (interval metric) is {ALPHA:.2f}, where 0 is" in reliable["answer_en"].replace("−", "-")
    assert "el 55,6 % de los pares" in reliable["answer_es"]
    assert "agreement" in reliable["evidence"].split()


def test_where_all_ratings_are_equal_no_coefficient_is_named(tmp_path):
    reliable = answers_of(tmp_path, dict.fromkeys("AB", (3, 3, 3))).loc[1, "answer_en"]
    assert "on average 100.0% of the pairs" in reliable
    assert "guessing" not in reliable


@pytest.mark.parametrize(
    ("language", "words"), [("en", "nobody rated beside"), ("es", "nadie calificó lo mismo")]
)
def test_of_one_juror_it_says_that_nothing_shows_it(tmp_path, language, words):
    made = answers_of(tmp_path, {"A": (1,), "B": (4,), "C": (3,)})
    assert words in made.loc[1, f"answer_{language}"]
    assert "agreement" not in made.loc[1, "evidence"].split()
