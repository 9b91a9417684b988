"""A mistyped answer in words is refused with what is allowed, as a number off its scale is."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ogp_analysis import tabular
from ogp_analysis.model.method_file import read_method
from ogp_analysis.ratings import known_words, layout, rating_cells

METHOD = """
name: own
criteria:
  - name: merit
    panels: [jury]
    raters: 2
    indicators:
      - {name: use, labels: [En desacuerdo, Neutral, De acuerdo]}
      - {name: reach, labels: [Poco, Mucho]}
      - {name: cost, minimum: 1, maximum: 5}
categories: [in, out]
decision_table: {rules: [{when: {merit: high}, category: 1}], default: 2}
"""
ALLOWED = "1 (En desacuerdo); 2 (Neutral); 3 (De acuerdo)"


@pytest.fixture
def read(tmp_path: Path):
    (tmp_path / "own.yaml").write_text(METHOD, encoding="utf-8")
    method, problems = read_method("own.yaml", tmp_path)
    assert not problems

    def value(rows: pd.DataFrame) -> list:
        table = tabular.parse(rows.to_csv(index=False).encode(), file="n.csv")[0]
        typed = layout.lengthen(table, known_words.Vocabulary(method)).frame
        return list(rating_cells.value(typed, method, language="es").problems)

    return value


def wide(use: list[str]) -> pd.DataFrame:
    codes = [f"P{number}" for number in range(len(use))]
    return pd.DataFrame({"proposal": codes, "panel": "jury", "evaluator": "E1", "use": use, "cost": 3})


def test_one_mistyped_answer_is_told_what_is_allowed(read) -> None:
    (problem,) = read(wide(["De acuerdo", "neutral", "Muy de acuerdo"]))
    assert (problem.rule, problem.row, problem.value) == ("ratings.off_scale", 4, "Muy de acuerdo")
    assert problem.words("es").endswith(f"se permiten {ALLOWED}")


def test_a_column_of_other_answers_is_one_problem_with_what_is_allowed(read) -> None:
    (problem,) = read(wide(["Muy de acuerdo"] * 3 + ["Neutral"]))
    assert (problem.rule, problem.column) == ("ratings.no_answer", "use")
    assert problem.words("es").endswith(f"se permiten {ALLOWED}")


def test_in_a_long_table_each_answer_is_held_against_its_own_scale(read) -> None:
    rows = [("use", "Tal vez"), ("reach", "Algo"), ("cost", "4")]
    long = pd.DataFrame(rows, columns=["indicator", "rating"]).assign(
        proposal="P1", panel="jury", evaluator="E1"
    )
    problems = read(long)
    assert [(p.rule, dict(p.detail)["allowed"]) for p in problems] == [
        ("ratings.off_scale", ALLOWED),
        ("ratings.off_scale", "1 (Poco); 2 (Mucho)"),
    ]
