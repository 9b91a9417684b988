"""Runs of methods other than the plan's compared: with other criteria, or with one composite that decides."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from sample_sides import bare, side

from ogp_analysis.cli.compare import as_record, as_text
from ogp_analysis.compare import comparison
from ogp_analysis.compare.page import page
from ogp_analysis.model import params
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_file import read_method
from ogp_analysis.ratings import load


@pytest.fixture(scope="module")
def jury(baseline: comparison.Side) -> comparison.Side:
    """A run of another method, with one criterion, of the same proposals."""
    method, problems = read_method("jury-of-labels", Path())
    assert not problems
    codes = baseline.tables["categories"]["proposal"].head(4)
    rows = {"proposal": codes, "merit": 2.0, "merit_level": "low", "composite": 2.0}
    rows |= {"category_by_rule": 3, "category_final": 3}
    settled = {"proposal": codes, "criterion": "merit", "indicator": "quality", "pair": "jury", "score": 2.0}
    tables = {
        "categories": pd.DataFrame(rows),
        "indicator_scores": pd.DataFrame({"proposal": codes, "quality": 2.0}),
        "settled": pd.DataFrame(settled | {"first": 2.0, "second": 2.0, "third": None}),
    }
    return comparison.Side("jury", {"method": "jury-of-labels"}, {"code": "a"}, tables, method=method)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("of", [lambda made: made, bare], ids=["recomputed", "tables"])
def test_runs_of_methods_with_other_criteria_compare_their_categories(baseline, jury, turned, of) -> None:
    own = (("feasibility", "relevance"), ("merit",))
    sides = (jury, of(baseline)) if turned else (of(baseline), jury)
    found = comparison.compare(*sides)
    assert found.criteria == (own[::-1] if turned else own)
    before = baseline.tables["categories"].set_index("proposal")["category_final"].head(4)
    assert set(found.categories["proposal"]) == set(before.index[before != 3])
    assert set(found.categories["step"]) <= {"method", "decision"}
    record = as_record(found)["criteria_in_one"]
    assert record == {"first": list(found.criteria[0]), "second": list(found.criteria[1])}
    for words in (as_text(found, "es"), page(found, "es")):
        assert "los criterios difieren" in words
        assert "factibilidad, pertinencia" in words


@pytest.mark.parametrize(("first", "second", "mark"), [(1, 0, "plan"), (0, 1, "nadie"), (0, 0, "")])
def test_invented_ratings_are_those_of_the_plan_only_where_a_method_has_one(
    baseline, jury, first, second, mark
) -> None:
    method = baseline.source.parameters.method
    sides = (replace(baseline, method=method, synthetic=bool(first)), replace(jury, synthetic=bool(second)))
    for found in (comparison.compare(*sides), comparison.compare(*sides[::-1])):
        for words in (as_text(found, "es"), page(found, "es")):
            assert ("no son las calificaciones del plan" in words) == (mark == "plan")
            assert ("nadie calificó nada" in words) == (mark == "nadie")


@pytest.fixture(scope="module")
def fund() -> tuple[Inputs, dict]:
    """Ratings and values of a method whose category follows from the composite of all criteria."""
    method, _ = read_method("fund-with-weights", Path())
    values = defaults_of(method) | {"method": "fund-with-weights"}
    return load(params.from_values(values)), values


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"criterion_weights": {"quality": 1, "impact": 0, "viability": 0}}, "weights"),
        (
            {"indicator_weights": {"rigour": 0, "novelty": 1, "reach": 1, "team": 1, "budget": 0}},
            "weights",
        ),
        ({"cut_points": {"composite": [3.25, 4]}}, "cut_points"),
        ({"aggregation": "minimum"}, "aggregation"),
    ],
    ids=["criterion weights", "indicator weights", "cut points", "aggregation"],
)
@pytest.mark.parametrize("of", [lambda made: made, bare], ids=["recomputed", "tables"])
def test_what_changed_is_the_cause_where_the_composite_decides(fund, changes, step, of) -> None:
    inputs, values = fund
    found = comparison.compare(of(side(inputs, **values)), of(side(inputs, **values | changes)))
    assert set(found.categories["step"]) == {step}
    assert set(found.categories["detail"].str.split().str[0]) == {"composite"}
