"""Intervals stay where a coefficient can lie; none without width, but of full agreement, is given."""

from __future__ import annotations

import math
from functools import partial
from itertools import combinations_with_replacement, product

import numpy as np
import pytest

from ogp_analysis import agreement
from ogp_analysis.agreement.intervals import SQUARED_DISTANCES, are_squared_distances
from ogp_analysis.agreement.weights import DISAGREEMENTS

SCALE = {"categories": [1, 2, 3]}
PAIRS = [*combinations_with_replacement(product([1, 2, 3], repeat=2), 3)]  # every table of three items
# The least value of each: no pair of ratings of an item agrees, and every category is used alike.
COEFFICIENTS = {
    "percent": (partial(agreement.percent_agreement, **SCALE), 0.0),
    "cohen": (partial(agreement.cohen_kappa, **SCALE), -1.0),
    "cohen, quadratic": (partial(agreement.cohen_kappa, weights="quadratic", **SCALE), -1.0),
    "scott": (partial(agreement.scott_pi, **SCALE), -1.0),
    "alpha, nominal": (partial(agreement.krippendorff_alpha, measurement="nominal"), -1.0),
    "AC1": (partial(agreement.gwet_ac, **SCALE), -1 / 2),  # p_e = 1/3 at most: (0 - 1/3) / (2/3)
    "BP": (partial(agreement.brennan_prediger, **SCALE), -1 / 2),
    "lin": (agreement.lin_ccc, -1.0),
    "ICC(1), jackknife": (partial(agreement.icc, form="ICC(1)", interval="jackknife"), -1.0),
}


@pytest.mark.parametrize("name", COEFFICIENTS)
def test_every_interval_of_every_small_table_lies_in_the_range_and_has_a_width(name):
    coefficient, least = COEFFICIENTS[name]
    for rows in PAIRS:
        found = coefficient([list(row) for row in rows])
        low, high = found.interval
        assert math.isnan(found.value) or found.value >= least - 1e-9
        if math.isnan(low):
            assert found.note, rows
        else:
            assert least - 1e-9 <= low <= found.value <= high <= 1 + 1e-9, rows
            assert low < high or abs(found.value - 1) < 1e-9, rows


def test_three_ratings_an_item_leave_less_room_below():
    """Rows with 1, 2 and 3 in turn agree on nothing: kappa is -1/2, the least of three raters."""
    turn = [[1, 2, 3], [2, 3, 1], [3, 1, 2]]
    for name in ("conger_kappa", "fleiss_kappa"):
        found = getattr(agreement, name)(turn)
        assert (found.value, found.note) == (pytest.approx(-1 / 2), "error_not_seen")
        assert found.least == -1 / 2
        assert getattr(agreement, name)([*turn, [1, 1, 2], [1, 3, 2]]).interval[0] == -1 / 2


@pytest.mark.parametrize("interval", ["analytic", "jackknife", "bootstrap", "studentized", "bca", "fisher"])
def test_no_interval_has_no_width_but_that_of_full_agreement(interval):
    opposed, full = [[1, 2], [2, 1], [1, 2], [2, 1]], [[1, 1], [2, 2], [1, 1], [2, 2]]
    # Nobody agrees in any resample either.
    for coefficient in (agreement.percent_agreement, agreement.brennan_prediger):
        found = coefficient(opposed, interval=interval)
        assert np.isnan([found.standard_error, *found.interval]).all()
        assert found.note == "error_not_seen"
    for coefficient in (agreement.percent_agreement, agreement.cohen_kappa, agreement.gwet_ac):
        kept = coefficient(full, interval=interval)
        assert (kept.value, kept.standard_error, kept.interval) == (1, 0, (1, 1))
        assert kept.note == "standard_error_zero"


def test_gaps_may_lead_the_value_out_and_then_nothing_is_cut():
    """One pair disagrees; nine single ratings of each rater make chance agree by 0.82: kappa is -4.5."""
    table = [[1, 2]] + [[1, np.nan]] * 9 + [[np.nan, 1]] * 9 + [[1, 1]]
    shares = 10 / 11  # the second rater says 1 in 10 of 11
    expected = (0.5 - shares) / (1 - shares)
    found = agreement.cohen_kappa(table)
    assert found.value == pytest.approx(expected)
    assert found.value < -1
    assert found.interval[0] < found.value < found.interval[1]


def test_a_difference_stays_between_what_its_two_sides_leave():
    first, second = (
        agreement.cohen_kappa([[1, 1], [2, 2], [1, 2]]),
        agreement.cohen_kappa([[1, 2], [2, 2], [2, 1]]),
    )
    assert agreement.difference(first, second, confidence_level=0.999).interval == (-2, 2)
    shares = [
        agreement.percent_agreement(rows) for rows in ([[1, 1], [2, 1], [1, 2]], [[1, 2], [2, 2], [2, 1]])
    ]
    assert agreement.difference(*shares, confidence_level=0.999).interval == (-1, 1)


def test_named_disagreements_are_squared_distances_and_bipolar_ones_need_not_be():
    """By eigenvalues (Schoenberg 1935), on scales of whole and of other numbers."""
    for scale in (np.arange(1.0, 8), np.array([0.5, 1, 1.2, 4, 9, 10])):
        for name in SQUARED_DISTANCES & set(DISAGREEMENTS):
            assert are_squared_distances(DISAGREEMENTS[name](scale)), name


def test_incomplete_two_way_ratings_say_how_many_units_they_rest_on():
    table = [[1, 2, 2], [3, 3, np.nan], [5, 4, 5], [2, np.nan, 1], [np.nan, np.nan, np.nan], [4, 4, 3]]
    for form in ("ICC(A,1)", "ICC(C,1)", "ICC(A,k)", "ICC(1)"):
        found = agreement.icc(table, form=form)
        assert (found.n_items, found.n_units) == (5, 5), form
    nested = agreement.icc([[1, 2, np.nan, np.nan], [np.nan, np.nan, 4, 5]], form="ICC(A,1)")
    assert (nested.note, nested.n_units) == ("nested_raters", 2)
    same = agreement.icc([[1, np.nan, 1], [np.nan, 1, 1], [1, 1, np.nan]], form="ICC(A,1)")
    assert (same.note, same.n_units) == ("no_variation", 3)


def test_of_a_single_item_no_variance_is_known():
    """Whatever the ratings, sources of variance cannot be told apart: no number, and no start of a search."""
    found = agreement.variance_components([[1, 2, 2]])
    assert {one.note for one in found.components.values()} == {"one_item"}
    assert all(math.isnan(one.value) for one in found.components.values())
    study = agreement.decision_study(found, n_raters=[1, 2])
    assert study.table[["generalizability", "dependability"]].isna().all(axis=None)
    assert agreement.rater_effects([[1, 2, 2]])[["severity", "spread"]].isna().all(axis=None)
