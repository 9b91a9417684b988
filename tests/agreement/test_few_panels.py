"""Notebook 2 on other methods: one panel a criterion, three evaluators a panel, nothing to compare."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from sample_results import results_of

from ogp_analysis import agreement
from ogp_analysis.agreement import results
from ogp_analysis.figures import agreement as drawn
from ogp_analysis.language import bottom_line
from ogp_analysis.model import params, records
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.output import tables

TABLE = ((4, 4, 4), (4, 2, 2), (4, 2, 1))


def method(panels):
    criteria = tuple(
        records.Criterion(
            name=name,
            panels=sides,
            raters_per_panel=3,
            indicators=(records.Indicator(name=indicator, criterion=name, minimum=1, maximum=5),),
        )
        for (name, indicator), sides in zip(
            (("quality", "merit"), ("certainty", "trust")), panels, strict=True
        )
    )
    return records.Method(name="other", criteria=criteria, category_table=TABLE)


def parameters(panels):
    known = params.from_values(params.baseline())
    values = {
        "method": method(panels),
        "indicator_weights": {"merit": 1.0, "trust": 1.0},
        "criterion_weights": {"quality": 0.5, "certainty": 0.5},
        "cut_points": {"quality": (2.5, 3.5), "certainty": (2.5, 3.5)},
        "third_for": (),
        "n_resamples": 200,
    }
    written = {name: values[name] for name in ("indicator_weights", "criterion_weights", "cut_points")}
    return replace(known, **values, as_given=known.as_given | written)


def inputs(panels, *, raters=3, proposals=15):
    rng = np.random.default_rng(2)
    rows = [
        (f"S{n:02d}", indicator, panel, f"{panel}{k}", records.INDEPENDENT, float(rng.integers(1, 6)))
        for n in range(proposals)
        for indicator, sides in zip(("merit", "trust"), panels, strict=True)
        for panel in sides
        for k in range(raters)
    ]
    columns = ["proposal", "indicator", "panel", "evaluator", "role", "rating"]
    empty = pd.DataFrame()
    rated = pd.DataFrame(rows, columns=columns)
    return Inputs(ratings=rated, proposals=empty, decisions=empty, evaluators=empty)


ONE = (("reviewers",), ("committee",))
TWO = (("north", "south"), ("east", "west"))
MIXED = (("north", "south"), ("committee",))


def sentence(found, options, language):
    summary = results.summary(found, options)
    spoken = results.words(summary, replace(options, language=language))
    return bottom_line.headline("headline.agreement", language=language, synthetic=True, **spoken)


@pytest.fixture(scope="module")
def alone():
    return results.tables(inputs(ONE), parameters(ONE))


THREE = (("north", "south", "west"), ("east",))
FACE_TO_FACE = {"panel_scores", "panels", "differences"}


@pytest.mark.parametrize(
    ("panels", "lacking"),
    [(ONE, FACE_TO_FACE | {"categories_by_side"}), (TWO, set()), (THREE, FACE_TO_FACE)],
)
def test_panels_are_compared_only_where_a_criterion_has_several(panels, lacking):
    made = results.tables(inputs(panels), parameters(panels))
    assert (FACE_TO_FACE | {"categories_by_side"}) - set(made) == lacking
    assert ("panels_apart" in drawn.all_of(results_of(made))) is (not lacking)


def test_of_two_criteria_only_the_one_of_two_panels_is_compared():
    made = results.tables(inputs(MIXED), parameters(MIXED))
    assert set(made["panel_scores"]["criterion"]) == {"quality"}
    assert set(made["differences"].query("question == 'panels'")["indicator"]) == {"merit"}


def test_one_panel_a_criterion_gives_the_other_tables_with_their_columns(alone):
    usual = results.tables(inputs(TWO), parameters(TWO))
    for name in alone:
        assert list(alone[name].columns) == list(usual[name].columns)
    assert len(alone["by_category"]) == 2 * 5


def test_one_panel_a_criterion_leaves_out_what_does_not_depend_on_panels(alone):
    for language, absent in (("en", "whichever"), ("es", "sea cual sea")):
        assert absent not in sentence(alone, parameters(ONE), language)
        usual = results.tables(inputs(TWO), parameters(TWO))
        assert absent in sentence(usual, parameters(TWO), language)


def test_cells_of_three_ratings_are_not_called_pairs(alone):
    """Three ratings are three pairs: the share is the mean over cells of the share of a cell's pairs."""
    rated = inputs(ONE).ratings
    shares = [
        np.mean([abs(one - other) <= 1 for one, other in combinations(cell, 2)])
        for _, cell in rated.groupby(["proposal", "indicator"])["rating"]
    ]
    summary = results.summary(alone, parameters(ONE))
    assert (summary["cells"], summary["within"]) == (30, pytest.approx(np.mean(shares)))
    assert "pairs" not in summary
    assert "(30 cells with two or more blind ratings)" in sentence(alone, parameters(ONE), "en")
    assert "(30 celdas con dos o más calificaciones ciegas)" in sentence(alone, parameters(ONE), "es")


@pytest.mark.parametrize("kind", ["pairs", "cells"])
@pytest.mark.parametrize("others", [0, 3])
def test_ratings_within_no_point_of_each_other_are_called_equal(kind, others):
    numbers = dict.fromkeys(("ac_lowest", "ac_highest", "alpha_lowest", "alpha_highest"), math.nan)
    numbers |= {kind: 5, "within": 0.6, "tolerance": 0.0, "same": 0, "compared": 0, "metric": ""}
    numbers |= {"others": others, "within_others": 0.5} if others else {}
    for language, word in (("en", " equal"), ("es", " iguales")):
        said = results.words(numbers, replace(parameters(ONE), language=language))["matching"]
        assert word in said
        assert " 0 p" not in said


def test_single_ratings_say_that_there_is_nothing_to_compare():
    options = parameters(ONE)
    found = results.tables(inputs(ONE, raters=1), options)
    assert sentence(found, options, "en") == (
        "In the synthetic example, no proposal and indicator has two blind ratings: nothing to compare."
    )
    drawings = drawn.all_of(results_of(found))
    assert all(drawing.empty for drawing in drawings.values())


def test_differences_name_the_panels_of_the_method():
    options = parameters(TWO)
    found = results.tables(inputs(TWO), options)["differences"]
    assert dict(zip(found["indicator"], found["pair"], strict=True)) == {
        "merit": "north-south",
        "trust": "east-west",
    }
    shown = tables.show(found, "differences", language="es").cells
    assert "Grupo" not in shown.to_string()


def test_a_studentized_interval_without_use_falls_back_and_says_so():
    """Twelve items, one of which agrees: a resample without it divides by next to no error."""
    rng = np.random.default_rng(4)
    table = np.array([rng.choice(21, 3, replace=False) for _ in range(12)], dtype=float)
    table[0] = [3, 3, 8]
    scale = list(range(21))
    found = agreement.gwet_ac(table, categories=scale, interval="studentized", n_resamples=999, rng=1)
    fisher = agreement.gwet_ac(table, categories=scale, interval="fisher")
    assert found.note == "studentized_to_fisher"
    assert found.interval == fisher.interval
    assert found.standard_error == fisher.standard_error
    assert found.interval[1] < 0.2


def test_resamples_without_an_error_make_the_interval_fall_back():
    """Ten items of which one differs: (9/10)^10, a third of the resamples, hold no difference at all."""
    table = np.repeat(np.arange(10.0)[:, None] % 5 + 1, 2, axis=1)
    table[0, 1] = 5.0
    found = agreement.gwet_ac(table, categories=[1, 2, 3, 4, 5], interval="studentized", rng=1)
    assert found.note == "studentized_to_fisher"
    assert all(map(math.isfinite, found.interval))


def test_usual_studentized_intervals_are_kept():
    rng = np.random.default_rng(6)
    table = np.clip(rng.integers(1, 6, (43, 1)) + rng.integers(-1, 2, (43, 2)), 1, 5).astype(float)
    found = agreement.gwet_ac(table, weights="quadratic", interval="studentized", rng=1)
    assert found.note == ""
    assert found.interval != agreement.gwet_ac(table, weights="quadratic", interval="fisher").interval


@pytest.mark.parametrize("panel", ["pppp", "pqrs"])
def test_one_panel_or_one_for_each_rater_takes_no_variance(panel):
    # Of the mean of all ratings, or of raters who are panels, no part can be told to be the panels'.
    rated = np.add(np.random.default_rng(3).integers(1, 6, (30, 4)), [0, 1, 2, 4])
    without = agreement.variance_components(rated)
    found = agreement.variance_components(rated, panel=list(panel))
    assert found.components["residual"].note == "panels_left_out"
    for name in ("item", "rater", "residual", "panel"):
        assert found.variance(name) == without.variance(name)
    assert found.frame()["component"].tolist() == ["item", "rater", "residual"]
    study = agreement.decision_study(found, n_panels=2).table
    pd.testing.assert_frame_equal(study, agreement.decision_study(without).table)
