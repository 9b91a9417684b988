"""The edge cases that other packages get wrong, each with the value that the definition gives."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from ogp_analysis import agreement
from ogp_analysis.errors import StatisticsError

NAN = math.nan
CHANCE = {
    "cohen": agreement.cohen_kappa,
    "scott": agreement.scott_pi,
    "fleiss": agreement.fleiss_kappa,
    "conger": agreement.conger_kappa,
    "alpha": agreement.krippendorff_alpha,
}
DEPENDS_ON_Q = {"gwet": agreement.gwet_ac, "brennan_prediger": agreement.brennan_prediger}
ONE_CATEGORY = np.full((5, 2), 3.0)


def undefined(found, note):
    assert math.isnan(found.value)
    assert math.isnan(found.standard_error)
    assert all(map(math.isnan, found.interval))
    assert found.note == note


@pytest.mark.parametrize("name", CHANCE)
@pytest.mark.parametrize("categories", [None, [1, 2, 3]])
def test_one_category_leaves_kappa_pi_and_alpha_undefined(name, categories):
    """0 / 0 with a reason, whether or not other categories are declared."""
    undefined(CHANCE[name](ONE_CATEGORY, categories=categories), "no_variation")


@pytest.mark.parametrize("name", DEPENDS_ON_Q)
def test_one_category_is_undefined_for_ac1_and_bp_unless_the_scale_is_declared(name):
    """With q = 1 nothing could differ; with q >= 2 declared, agreement is perfect, its SE of 0 flagged."""
    undefined(DEPENDS_ON_Q[name](ONE_CATEGORY), "one_category")
    declared = DEPENDS_ON_Q[name](ONE_CATEGORY, categories=[1, 2, 3])
    assert (declared.value, declared.standard_error, declared.note) == (1.0, 0.0, "standard_error_zero")


@pytest.mark.parametrize("form", ["ICC(1)", "ICC(A,1)", "ICC(C,1)", "ICC(k)", "ICC(A,k)", "ICC(C,k)"])
def test_one_category_leaves_the_icc_undefined(form):
    undefined(agreement.icc(np.full((5, 3), 0.1), form=form), "no_variation")


def test_one_category_leaves_percent_agreement_at_one():
    found = agreement.percent_agreement(ONE_CATEGORY)
    assert (found.value, found.standard_error, found.note) == (1.0, 0.0, "standard_error_zero")


@pytest.mark.parametrize(
    ("function", "value"),
    [
        (agreement.krippendorff_alpha, 0.0),
        (agreement.fleiss_kappa, -1 / 2),
        (agreement.gwet_ac, -1 / 5),
        (agreement.brennan_prediger, -1 / 3),
    ],
)
def test_one_item(function, value):
    """One item (1, 2, 2): the values hold, the standard error cannot."""
    found = function([[1, 2, 2]])
    assert found.value == pytest.approx(value, abs=1e-15)
    assert math.isnan(found.standard_error)
    assert found.note == "one_item"


def test_one_item_has_no_icc():
    undefined(agreement.icc([[1, 2, 2]]), "one_item")


WITH_SINGLE = [[1, 1], [2, 2], [2, 1], [3, 3], [1, 2], [3, NAN]]
WITHOUT_SINGLE = WITH_SINGLE[:-1]


def test_item_with_one_rating_leaves_alpha_and_pa_unchanged_and_enters_pe_of_fleiss_and_ac1():
    """alpha drops the unit; Fleiss and AC1 use it in p_e, not in p_a."""
    for function in (agreement.krippendorff_alpha, agreement.percent_agreement):
        assert function(WITH_SINGLE).value == pytest.approx(function(WITHOUT_SINGLE).value, abs=1e-15)
    assert agreement.krippendorff_alpha(WITH_SINGLE).n_items == 5
    p_a = 3 / 5
    pi = np.array([(1 + 0.5 + 0.5) / 6, (1 + 0.5 + 0.5) / 6, 2 / 6])
    fleiss, ac1 = (pi**2).sum(), (pi * (1 - pi)).sum() / 2
    found = agreement.fleiss_kappa(WITH_SINGLE).value
    assert found == pytest.approx((p_a - fleiss) / (1 - fleiss), abs=1e-15)
    found = agreement.gwet_ac(WITH_SINGLE).value
    assert found == pytest.approx((p_a - ac1) / (1 - ac1), abs=1e-15)


@pytest.mark.parametrize("function", [*CHANCE.values(), *DEPENDS_ON_Q.values(), agreement.icc])
def test_item_without_ratings_changes_nothing_and_is_not_counted(function):
    """Some packages make it NaN, a category of its own, or drop it silently."""
    full, empty = function(WITHOUT_SINGLE), function([*WITHOUT_SINGLE, [NAN, NAN]])
    assert empty.value == pytest.approx(full.value, abs=1e-15)
    assert empty.standard_error == pytest.approx(full.standard_error, abs=1e-15)
    assert empty.interval == pytest.approx(full.interval, abs=1e-12)
    assert empty.n_items == full.n_items == 5
    assert empty.influence[-1] == 0


@pytest.mark.parametrize(
    "function", [*CHANCE.values(), *DEPENDS_ON_Q.values(), agreement.icc, agreement.lin_ccc]
)
def test_all_missing_is_one_named_error(function):
    with pytest.raises(StatisticsError, match="no pairable ratings"):
        function(np.full((4, 2), NAN))


def test_no_item_with_two_ratings_is_undefined_by_name():
    lonely = [[1, NAN], [NAN, 2], [3, NAN]]
    for function in (agreement.percent_agreement, agreement.gwet_ac, agreement.krippendorff_alpha):
        undefined(function(lonely), "no_pair")


@pytest.mark.parametrize("function", [*CHANCE.values(), *DEPENDS_ON_Q.values(), agreement.icc])
def test_one_rater_is_a_clear_error(function):
    with pytest.raises(StatisticsError, match=r"two raters|of two raters"):
        function([[1], [2], [3]])


TEXT = np.array([["bajo", "bajo"], ["medio", "bajo"], ["alto", "alto"], ["alto", "medio"]], dtype=object)


def test_text_without_a_declared_order_is_refused_for_weighted_coefficients():
    """irrCAC and scikit-learn weight by the alphabet without a word."""
    for weights in ("linear", "quadratic", "ordinal"):
        with pytest.raises(StatisticsError, match=r"needs an order of the labels 'alto', 'bajo', 'medio'"):
            agreement.gwet_ac(TEXT, weights=weights)
    with pytest.raises(StatisticsError, match="needs an order of the labels"):
        agreement.krippendorff_alpha(TEXT)


def test_text_with_a_declared_order_is_weighted_by_that_order():
    """Equal to the coding 1, 2, 3, and not to the alphabetical one."""
    coded = [[1, 1], [2, 1], [3, 3], [3, 2]]
    order = ["bajo", "medio", "alto"]
    for weights in ("linear", "quadratic", "ordinal"):
        declared = agreement.gwet_ac(TEXT, weights=weights, categories=order).value
        assert declared == pytest.approx(agreement.gwet_ac(coded, weights=weights).value, abs=1e-15)
        alphabetical = agreement.gwet_ac(TEXT, weights=weights, categories=sorted(order)).value
        assert abs(declared - alphabetical) > 0.01
    alpha = agreement.krippendorff_alpha(TEXT, categories=order).value
    assert alpha == pytest.approx(agreement.krippendorff_alpha(coded).value, abs=1e-15)


def test_text_is_nominal_without_any_order():
    coded = [[1, 1], [2, 1], [3, 3], [3, 2]]
    assert agreement.gwet_ac(TEXT).value == agreement.gwet_ac(coded).value
    assert agreement.krippendorff_alpha(TEXT, measurement="nominal").value == pytest.approx(
        agreement.krippendorff_alpha(coded, measurement="nominal").value, abs=1e-15
    )


@pytest.mark.parametrize("measurement", ["interval", "ratio"])
def test_text_has_no_interval_or_ratio(measurement):
    with pytest.raises(StatisticsError, match="needs numbers, not text"):
        agreement.krippendorff_alpha(TEXT, measurement=measurement)


def test_ordered_categorical_column_declares_its_order():
    kind = pd.CategoricalDtype(["bajo", "medio", "alto"], ordered=True)
    long = pd.DataFrame(TEXT).reset_index().melt("index").astype({"value": kind})
    ratings = agreement.from_long(long, item="index", rater="variable", value="value")
    assert ratings.categories == ("bajo", "medio", "alto")
    assert agreement.gwet_ac(ratings, weights="linear").value == pytest.approx(
        agreement.gwet_ac(TEXT, weights="linear", categories=kind.categories.tolist()).value
    )


def test_unused_category():
    """kappa, pi and nominal alpha do not depend on q; AC1, BP and index weights do."""
    table = [[1, 1], [3, 3], [1, 3], [1, 1]]
    for function in (agreement.cohen_kappa, agreement.scott_pi, agreement.fleiss_kappa):
        assert function(table, categories=[1, 2, 3]).value == pytest.approx(function(table).value)
    seen = agreement.krippendorff_alpha(table, measurement="nominal").value
    declared = agreement.krippendorff_alpha(table, measurement="nominal", categories=[1, 2, 3]).value
    assert declared == pytest.approx(seen)
    assert agreement.brennan_prediger(table).value == pytest.approx(0.5)
    assert agreement.brennan_prediger(table, categories=[1, 2, 3]).value == pytest.approx(0.625)
    assert agreement.gwet_ac(table, categories=[1, 2, 3]).value > agreement.gwet_ac(table).value


def test_rating_outside_the_declared_scale_names_value_and_item():
    frame = pd.DataFrame({"a": [1, 2, 7], "b": [1, 2, 3]}, index=["S01", "S02", "S03"])
    with pytest.raises(StatisticsError, match=r"rating 7\.0 of item 'S03': outside .*\(1, 2, 3\)"):
        agreement.gwet_ac(frame, categories=[1, 2, 3])


@pytest.mark.parametrize("function", [agreement.cohen_kappa, agreement.conger_kappa])
def test_one_constant_rater_makes_kappa_zero_identically(function):
    found = function([[1, 2], [1, 2], [1, 1], [1, 3]])
    assert found.value == 0
    assert np.isnan([found.standard_error, *found.interval]).all(), "0 whatever is drawn: no error to know"
    assert found.note == "constant_rater"


@pytest.mark.parametrize("function", [*CHANCE.values(), *DEPENDS_ON_Q.values(), agreement.icc])
def test_perfect_agreement_is_one_and_its_error_of_zero_is_flagged(function):
    found = function([[0.1, 0.1], [0.2, 0.2], [0.3, 0.3], [0.1, 0.1]])
    assert found.value == pytest.approx(1.0, abs=1e-15)
    assert (found.standard_error, found.note) == (0.0, "standard_error_zero")
    assert found.interval == (found.value, found.value)


def test_unequal_numbers_of_raters_are_allowed():
    table = [[1, 1, 1, NAN], [2, 2, NAN, NAN], [1, 2, 2, 2], [3, 3, 3, 1]]
    p_a = np.mean([1, 1, 3 / 6, 3 / 6])
    assert agreement.percent_agreement(table).value == pytest.approx(p_a, abs=1e-15)


def test_ratio_measurement_refuses_numbers_of_both_signs():
    """krippendorff counts -3 and 3 as agreement."""
    table = [[-3, 3], [3, -3], [-3, -3], [0, 0], [1, 2]]
    with pytest.raises(StatisticsError, match=r"ratio measurement has a true zero, but -3\.0 is negative"):
        agreement.krippendorff_alpha(table, measurement="ratio")
    with pytest.raises(StatisticsError, match=r"ratio weights need categories of 0 and above, not -3\.0"):
        agreement.gwet_ac(table, weights="ratio")


def test_ratio_weights_take_a_category_of_zero():
    """irrCAC returns NaN: 0 against 0 is 0 / 0 there."""
    assert agreement.gwet_ac([[0, 0], [1, 1], [2, 1]], weights="ratio").value < 1


def test_complete_data_with_three_raters_keep_the_unit_weight():
    """R irr and DescTools drop 1 / (m - 1) when no cell is empty: -0.25 for (1, 2, 2), which is 0."""
    assert agreement.krippendorff_alpha([[1, 2, 2]], measurement="nominal").value == pytest.approx(0)
    a, b, c = [1, 1, 2, 2, 3], [1, 2, 2, 2, 3], [1, 1, 2, 3, 3]
    table = np.array([a, b, c], dtype=float).T
    padded = np.column_stack([table, np.full(5, NAN)])
    assert agreement.krippendorff_alpha(table).value == pytest.approx(
        agreement.krippendorff_alpha(padded).value, abs=1e-15
    )


def test_average_icc_of_fixed_raters_says_what_it_assumes():
    table = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6]]
    assert agreement.icc(table, form="ICC(C,k)", model="mixed").note == "assumes_no_interaction"
    assert agreement.icc(table, form="ICC(C,1)", model="mixed").note == ""


def test_raters_who_differ_by_a_constant_are_perfectly_consistent():
    """The residual is rounding only: it must not turn negative and make F negative."""
    x = np.array([0.1, 0.2, 0.3, 0.4, 0.7])
    found = agreement.icc(np.column_stack([x, x + 0.1, x - 0.3]), form="ICC(C,1)")
    assert (found.value, found.f_value, found.p_value) == (1.0, math.inf, 0.0)
    assert found.note == "standard_error_zero"


def test_more_values_than_a_table_can_hold_are_refused_by_name():
    many = np.random.default_rng(1).normal(size=(20_000, 3))
    with pytest.raises(StatisticsError, match="60000 different values"):
        agreement.krippendorff_alpha(many)
    with pytest.raises(StatisticsError, match="60000 different values"):
        agreement.gwet_ac(many)
    assert abs(agreement.krippendorff_alpha(many, measurement="interval").value) < 0.05


REFUSALS = [
    (lambda: agreement.gwet_ac([1, 2, 3]), r"ratings have shape \(3,\)"),
    (lambda: agreement.gwet_ac([[1, math.inf], [1, 2]]), "rating inf of item 0"),
    (lambda: agreement.gwet_ac([["a", " "], ["b", "a"]]), "rating ' ' of item 0"),
    (lambda: agreement.gwet_ac([[1, 2], [2, 2]], weights="cubic"), "weights 'cubic' is not one of identity"),
    (lambda: agreement.gwet_ac([[1, 2], [2, 2]], weights=np.eye(3)), r"weights have shape \(3, 3\)"),
    (lambda: agreement.gwet_ac([[1, 2], [2, 2]], weights=[[0, 1], [1, 0]]), "weights are agreement"),
    (lambda: agreement.gwet_ac([[1, 2], [2, 2]], weights=[[1, 0.5], [0, 1]]), "finite and symmetric"),
    (lambda: agreement.gwet_ac([[1, 2], [2, 2]], categories=[1, 2, 2]), "name one twice"),
    (lambda: agreement.gwet_ac([[1, 2], [2, 2]], interval="wald"), "interval 'wald' is not one of"),
    (lambda: agreement.gwet_ac([[1, 2], [2, 2]], confidence_level=95), "confidence_level is 95"),
    (lambda: agreement.gwet_ac([[1, 2], [2, 2]], cluster=[1]), "cluster has 1 entries, but there are 2"),
    (lambda: agreement.gwet_ac([[1, 2], [2, 2]], population=1), "population is 1, fewer than the 2"),
    (
        lambda: agreement.gwet_ac([[1, 2], [2, 2]], interval="bootstrap", n_resamples=0),
        "n_resamples is 0",
    ),
    (lambda: agreement.cohen_kappa([[1, 2, 1], [2, 2, 1]]), "Cohen's kappa is of two raters, not 3"),
    (lambda: agreement.scott_pi([[1, 2, 1], [2, 2, 1]]), "two ratings an item, but one has 3"),
    (lambda: agreement.krippendorff_alpha([[1, 2], [2, 2]], measurement="polar"), "measurement 'polar'"),
    (lambda: agreement.krippendorff_alpha([[1, 2], [2, 2]], measurement=np.eye(2)), "0 on the diagonal"),
    (lambda: agreement.icc([[1, 2], [2, 2]], form="ICC(2,1)"), r"form 'ICC\(2,1\)' is not one of ICC\(1\)"),
    (lambda: agreement.icc([[1, 2], [2, 2]], model="mixed"), "model 'mixed' does not fit"),
    (lambda: agreement.icc([[1, 2], [2, 2]], null_value=1), r"null_value is 1; it lies in \[0, 1\)"),
    (lambda: agreement.icc(TEXT), "needs numbers, not text"),
    (lambda: agreement.lin_ccc([[1, 2, 3]]), "Lin's concordance is of two raters, not 3"),
    (lambda: agreement.lin_ccc(TEXT), "needs numbers, not text"),
    (lambda: agreement.lin_ccc([[1, NAN], [NAN, 2]]), "no pairable ratings"),
    (lambda: agreement.bland_altman([[1, 2], [2, 2]], share=95), "share is 95"),
    (lambda: agreement.kendall_w(TEXT), "Kendall's W needs numbers"),
    (lambda: agreement.kendall_w([[1, NAN], [NAN, 2]]), "0 of 2 items are rated by all"),
    (lambda: agreement.share_within([[1, 2]], tolerance=-1), "tolerance is -1"),
    (lambda: agreement.share_within(TEXT), "tolerance in points needs numbers"),
    (lambda: agreement.share_within([[1, NAN], [NAN, 2]]), "none of 2 items has two"),
    (lambda: agreement.variance_components(TEXT), "variance components need numbers"),
    (lambda: agreement.variance_components([[1, 2]]), "three ratings or more, not 2"),
    (lambda: agreement.variance_components([[1, 2], [3, 4]], panel=["a"]), "panel has 1 entries"),
    (
        lambda: agreement.decision_study(agreement.variance_components([[1, 2], [3, 5]]), target=1),
        r"target is 1; it lies between 0 and 1",
    ),
    (
        lambda: agreement.benchmark(agreement.gwet_ac([[1, 2], [2, 2]]), scale="cicchetti"),
        "scale 'cicchetti' is not one of landis_koch",
    ),
]


@pytest.mark.parametrize(("call", "message"), REFUSALS, ids=[row[1][:40] for row in REFUSALS])
def test_refusals_say_what_is_wrong(call, message):
    with pytest.raises(StatisticsError, match=message):
        call()


def test_from_long_lists_every_rating_given_twice():
    long = pd.DataFrame(
        {"item": [1, 1, 2, 2, 1], "rater": ["a", "a", "b", "b", "b"], "value": [1, 2, 3, 3, 1]}
    )
    with pytest.raises(StatisticsError, match=r"rated twice .*\(1, 'a'\), \(2, 'b'\)"):
        agreement.from_long(long, item="item", rater="rater", value="value")


def test_from_long_names_missing_columns():
    with pytest.raises(StatisticsError, match="no column 'value'; the table has 'item', 'rater'"):
        agreement.from_long(pd.DataFrame({"item": [1], "rater": [2]}))


def test_from_long_takes_any_row_order_and_missing_values():
    long = pd.DataFrame(
        {
            "proposal": ["S02", "S01", "S01", "S02", "S03"],
            "evaluator": ["E2", "E1", "E2", "E1", "E1"],
            "rating": [4.0, 1.0, 2.0, None, 5.0],
        }
    )
    ratings = agreement.from_long(long, item="proposal", rater="evaluator", value="rating")
    assert list(ratings.items) == ["S01", "S02", "S03"]
    assert list(ratings.raters) == ["E1", "E2"]
    np.testing.assert_array_equal(ratings.values, [[1, 2], [NAN, 4], [5, NAN]])


def test_too_many_raters_for_a_column_each(monkeypatch):
    """Places in line instead: exchangeable coefficients are unchanged, the others refuse."""
    rng = np.random.default_rng(1)
    long = pd.DataFrame(
        {
            "item": np.repeat(np.arange(30), 3),
            "rater": np.arange(90) % 45,
            "value": rng.integers(1, 4, 90),
        }
    )
    wide = agreement.from_long(long)
    monkeypatch.setattr("ogp_analysis.agreement.ratings_table.WIDEST", 100)
    line = agreement.from_long(long)
    assert (wide.values.shape, line.values.shape) == ((30, 45), (30, 3))
    assert line.n_raters == wide.n_raters == 45
    for function in (agreement.fleiss_kappa, agreement.gwet_ac, agreement.krippendorff_alpha, agreement.icc):
        assert function(line).value == pytest.approx(function(wide).value, abs=1e-12)
    for function in (agreement.conger_kappa, agreement.cohen_kappa, agreement.kendall_w):
        with pytest.raises(StatisticsError, match="need") as refused:
            function(line)
        assert refused.value.values.items() >= {"n_raters": 45}.items()


@pytest.mark.parametrize(
    "table",
    [
        [[1, 2, None], [2, 2, 3], [3, None, 3]],
        pd.DataFrame({"a": [1, 2, 3], "b": [2, 2, None], "c": [None, 3, 3]}),
        pd.DataFrame({"a": [1, 2, 3], "b": [2, 2, pd.NA], "c": [pd.NA, 3, 3]}, dtype="Int64"),
        pd.DataFrame({"a": [1, 2, 3], "b": [2, 2, None], "c": [None, 3, 3]}, dtype=object),
        np.array([[1, 2, None], [2, 2, 3], [3, None, 3]], dtype=object),
    ],
)
def test_every_form_of_table_gives_the_same(table):
    expected = agreement.gwet_ac(np.array([[1, 2, NAN], [2, 2, 3], [3, NAN, 3]]), weights="linear")
    assert agreement.gwet_ac(table, weights="linear") == expected
