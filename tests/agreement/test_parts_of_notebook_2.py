"""The study names every metric, loses one part and not all, and is done with thousands of evaluators."""

from __future__ import annotations

import math
from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from agreement_data import ratings as reference
from depth import deep_after
from sample_results import results_of

from ogp_analysis import agreement
from ogp_analysis.agreement import blind_pairs, comparisons, results
from ogp_analysis.agreement.blind_pairs import BY_INDICATOR, Comparison
from ogp_analysis.agreement.ratings_table import Ratings
from ogp_analysis.errors import StatisticsError
from ogp_analysis.figures import agreement as drawn
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.output import tables
from tests.agreement.test_tables_of_notebook_2 import invented

# Its name in the package is the function's.
components = import_module("ogp_analysis.agreement.variance_components")


def with_weights(weights):
    return params.from_values(params.baseline() | {"n_resamples": 100, "disagreement_weights": weights})


def gwet_comparison():
    values = reference("gwet_2014_four")
    items = [f"S{k:02d}" for k in range(len(values))]
    table = Ratings(values, items, list("abcd"), (1.0, 2.0, 3.0, 4.0, 5.0))
    return Comparison(BY_INDICATOR, "relevance", "alignment", "core_group", False, table)


# Gwet (2014), page 120, as in irrCAC's raw_4raters: nominal alpha 0.743, AC1 0.775. The other metrics by the
# package krippendorff, an independent program.
@pytest.mark.parametrize(
    ("weights", "metric"),
    [("identity", "nominal"), ("quadratic", "interval"), ("ordinal", "ordinal"), ("ratio", "ratio")],
)
def test_alpha_follows_the_weighting_and_is_named(weights, metric):
    krippendorff = pytest.importorskip("krippendorff")
    parameters = with_weights(weights)
    found = results.coefficients([gwet_comparison()], parameters)
    row = results.main_table(found, parameters).iloc[0]
    expected = krippendorff.alpha(
        reliability_data=reference("gwet_2014_four").T,
        level_of_measurement=metric,
        value_domain=[1, 2, 3, 4, 5],
    )
    assert row["alpha"] == pytest.approx(expected, abs=1e-12)
    assert (row["weights"], row["metric"]) == (weights, metric)
    if weights == "identity":
        assert (round(row["alpha"], 3), round(row["ac"], 3)) == (0.743, 0.775)
    for language in texts.LANGUAGES:
        shown = tables.show(pd.DataFrame([row]), "agreement", language=language).cells
        named = texts.say(f"metric.{metric}", language), texts.say(f"weights.{weights}", language)
        assert set(named) <= set(shown.iloc[0].astype(str))


@pytest.mark.parametrize("weights", ["linear", "radical", "circular", "bipolar"])
def test_alpha_of_another_weighting_has_its_distances(weights):
    """Fleiss' kappa of complete data differs from alpha by the factor of small samples alone."""
    parameters = with_weights(weights)
    values = np.random.default_rng(4).integers(1, 6, (30, 2)).astype(float)
    table = Ratings(values, list(range(30)), ["a", "b"], (1.0, 2.0, 3.0, 4.0, 5.0))
    one = Comparison(BY_INDICATOR, "relevance", "alignment", "core_group", False, table)
    rows = results.coefficients([one], parameters).set_index("coefficient")
    kappa = agreement.fleiss_kappa(table, weights=weights).value
    alpha = rows.loc["krippendorff_alpha"]
    assert alpha["value"] == pytest.approx(kappa + (1 - kappa) / 60, abs=1e-12)
    assert alpha["weights"] == weights
    for language in texts.LANGUAGES:
        assert texts.say(f"metric.{weights}", language) != f"metric.{weights}"


def test_a_coefficient_below_its_range_has_its_word_in_the_main_table():
    parameters = with_weights("identity")
    values = np.array([[1, 4], [4, 1], [2, 3], [4, 2], [3, 3]], dtype=float)
    table = Ratings(values, list(range(5)), ["a", "b"], (1.0, 2.0, 3.0, 4.0))
    one = Comparison(BY_INDICATOR, "relevance", "alignment", "core_group", False, table)
    row = results.main_table(results.coefficients([one], parameters), parameters).iloc[0]
    assert row["icc"] < -1
    assert row["note"] == "below_range"


def failing(*_, **__):
    msg = "refused"
    raise StatisticsError(msg)


PARTS = ("components", "differences", "panels", "by_category", "categories_by_side")


@pytest.fixture(scope="module")
def whole():
    return results.tables(invented(), with_weights("quadratic"))


@pytest.fixture
def without(whole, monkeypatch):
    """Make the tables while one part fails; the other parts, which take seconds, give what they gave."""

    def make(part, error):
        def fails(*_, **__):
            raise error("broken")

        ready = {name: whole[name] for name in (*PARTS, "coefficients")}
        ready["components"] = whole["components"], whole["decision_study"]
        for name, given in ready.items():
            monkeypatch.setattr(results, name, fails if name == part else lambda *_, given=given, **__: given)
        return results.tables(invented(), with_weights("quadratic"))

    return make


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("error", [StatisticsError, np.linalg.LinAlgError])
def test_a_part_that_fails_costs_no_other(part, error, whole, without):
    found = without(part, error)
    lost = {part, "decision_study"} if part == "components" else {part}
    assert list(found) == list(whole)
    for name, table in found.items():
        if name in lost:
            assert table["note"].tolist() == ["not_computed"]
        else:
            pd.testing.assert_frame_equal(table, whole[name])


@pytest.mark.parametrize("part", deep_after(2, PARTS))
def test_with_a_part_that_failed_the_rest_is_worded_shown_and_drawn(part, without):
    parameters = with_weights("quadratic")
    found = without(part, StatisticsError)
    assert found["agreement"]["ac"].notna().all()
    summary = results.summary(found, parameters)
    assert math.isfinite(summary["within"])
    assert results.words(summary, parameters)["matching"]
    for name, table in found.items():
        # The others are the same whichever part failed: they are shown once.
        if part == PARTS[0] or name == part:
            shown = tables.show(table, name, language="es").cells
            assert name != part or "no se pudo calcular" in shown.to_string()
    for drawing in drawn.all_of(results_of(found, synthetic=False)).values():
        drawing.show("en")


def test_a_coefficient_that_fails_is_one_row(monkeypatch):
    monkeypatch.setattr(agreement, "gwet_ac", failing)
    found = results.tables(invented(), with_weights("quadratic"))
    assert set(found["coefficients"].query("coefficient == 'gwet_ac'")["note"]) == {"not_computed"}
    assert found["agreement"]["alpha"].notna().all()


def test_components_of_an_indicator_that_fail_are_one_row(monkeypatch):
    parameters, whole = with_weights("quadratic"), agreement.variance_components
    compared = blind_pairs.comparisons(invented(), parameters)
    known = comparisons.components(compared, parameters)
    first = known[0]["indicator"].iloc[0]
    calls = iter([failing, *([whole] * 100)])
    monkeypatch.setattr(agreement, "variance_components", lambda *a, **k: next(calls)(*a, **k))
    parts, studies = comparisons.components(compared, parameters)
    assert parts.query("indicator == @first")["note"].tolist() == ["not_computed"]
    assert first not in set(studies["indicator"])
    pd.testing.assert_frame_equal(
        parts.query("indicator != @first").reset_index(drop=True),
        known[0].query("indicator != @first").reset_index(drop=True),
    )


def test_each_of_thousands_of_evaluators_rates_one_proposal():
    """978 papers, 2,929 reviewers, each for one paper: the one-way model, by hand."""
    rng = np.random.default_rng(2)
    item = np.r_[np.repeat(np.arange(978), 2), rng.integers(0, 978, 2929 - 2 * 978)]
    given = np.rint(5 + rng.normal(size=978)[item] + rng.normal(size=2929))
    long = pd.DataFrame({"item": item, "rater": np.arange(2929), "value": given})
    table = agreement.from_long(long)
    found = agreement.variance_components(table)
    within = agreement.share_within(table, tolerance=1)
    assert list(found.components) == ["item", "residual"]
    assert found.components["residual"].note == "nested_raters"
    assert (found.components["item"].n_items, found.components["item"].n_raters) == (978, 2929)
    pairs = long.merge(long, on="item").query("rater_x < rater_y")
    share = (pairs["value_x"] - pairs["value_y"]).abs().le(1).groupby(pairs["item"]).mean().mean()
    assert within.value == pytest.approx(share)
    study_of = agreement.decision_study(found)
    assert study_of.table["generalizability"].isna().all()
    assert study_of.needed_generalizability is None
    one, residual = found.variance("item"), found.variance("residual")
    assert study_of.table["dependability"][2] == pytest.approx(one / (one + residual / 3))


def test_nested_components_of_balanced_data_are_those_of_one_way_anova():
    """Means 1.5, 4.5, 2.5: MSB = 14/3, MSW = 1/2; (14/3 - 1/2) / 2 = 25/12."""
    nan = math.nan
    table = [[1, 2, nan, nan, nan, nan], [nan, nan, 4, 5, nan, nan], [nan, nan, nan, nan, 2, 3]]
    found = agreement.variance_components(table)
    assert found.variance("item") == pytest.approx(25 / 12, rel=1e-9)
    assert found.variance("residual") == pytest.approx(0.5, rel=1e-9)
    with pytest.raises(StatisticsError, match="each of 6 raters rated one item"):
        agreement.rater_effects(table)


def test_a_model_that_would_take_minutes_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(components, "MOST_LEVELS", 60)
    rng = np.random.default_rng(1)
    values = np.full((70, 70), np.nan)
    for row in range(70):
        values[row, rng.choice(70, 3, replace=False)] = rng.normal(size=3)
    with pytest.raises(StatisticsError) as refused:
        agreement.variance_components(values)
    assert refused.value.values["key"] == "agreement.components_too_large"
    assert refused.value.values["levels"]["item"] == 70
    assert refused.value.values["most"] == 60


def test_the_larger_factor_costs_nothing(monkeypatch):
    """More raters than items: the same components as of the model turned round."""
    monkeypatch.setattr(components, "FEW_LEVELS", 5)
    rng = np.random.default_rng(3)
    values = np.full((20, 30), np.nan)
    for column in range(30):
        values[rng.choice(20, 4, replace=False), column] = rng.normal(size=4) + rng.normal()
    found, turned = (agreement.variance_components(table) for table in (values, values.T))
    assert list(found.components) == ["item", "rater", "residual"]
    for name, other in (("item", "rater"), ("rater", "item"), ("residual", "residual")):
        assert found.variance(name) == pytest.approx(turned.variance(other), rel=1e-6, abs=1e-9)


def test_three_seats_are_not_cohens():
    table = [[1, 2, None], [None, 2, 2], [3, None, 3]]
    assert "cohen_kappa" not in agreement.design(table, seats=True).advice
    assert "conger_kappa" in agreement.design(table, seats=True).advice


def test_kendalls_message_counts_what_is_there():
    nan = math.nan
    with pytest.raises(
        StatisticsError, match=r"0 of 2 items are rated by all 2 raters; Kendall's W ranks only"
    ):
        agreement.kendall_w([[1, nan], [nan, 2]])
    with pytest.raises(StatisticsError, match=r"3001 of 3001 items .* takes at most 3000"):
        agreement.kendall_w(np.zeros((3001, 2)))


def test_lins_default_interval_is_the_one_that_covers():
    table = [[1, 2], [2, 2], [3, 5], [5, 4], [2, 1]]
    assert agreement.lin_ccc(table) == agreement.lin_ccc(table, interval="fisher")
    first, wider = (agreement.lin_ccc(table, interval=kind).interval for kind in ("analytic", "fisher"))
    assert wider[1] - wider[0] > first[1] - first[0]


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_check_names_the_kappa_of_that_many_evaluators(language):
    from ogp_analysis import ratings

    two, three = (
        texts.say(ratings.fitting("same_evaluators", seats=False, raters=raters), language)
        for raters in (2, 3)
    )
    assert two != three
    assert "2" not in two
    seats = texts.say(ratings.fitting("", seats=True, raters=3), language)
    assert "Conger" in seats
    assert "Cohen" not in seats
