"""Intraclass correlations of small tables, negative agreement too: every number has a place or a reason."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from ogp_analysis import agreement
from ogp_analysis.agreement.icc import FORMS


def small_tables(count, seed=1):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        shape = (int(rng.integers(2, 7)), int(rng.integers(2, 6)))
        table = [rng.integers(1, 6, shape), rng.integers(1, 3, shape), rng.normal(size=shape)][
            rng.integers(3)
        ]
        # Of items made alike agreement is as negative as it can be.
        yield table - table.mean(axis=1, keepdims=True) * rng.choice([0, 0, 0.5, 1])


@pytest.mark.deep
def test_every_form_of_every_small_table_has_a_place_or_a_reason():
    undefined = total = 0
    for table in small_tables(400):
        for form in FORMS:
            found = agreement.icc(table, form=form)
            lower, upper = found.interval
            total += 1
            if not (math.isfinite(found.value) and lower <= found.value <= upper <= 1):
                undefined += not math.isfinite(found.value)
                assert found.note, (table.tolist(), form)
                assert found.value == -math.inf or math.isnan(found.value) or math.isnan(lower)
            if np.ptp(table) > 1e-9:
                assert found.note != "no_variation"
            if lower == upper:
                assert found.note in ("standard_error_zero", "denominator_not_positive")
                assert found.value in (1.0, -math.inf)
            # 0 / 0: items alike to raters without error
            if math.isnan(found.f_value):
                assert math.isnan(found.p_value)
            else:
                assert 0 <= found.p_value <= 1
    assert total == 2400


def test_few_tables_of_ratings_are_undefined():
    rng = np.random.default_rng(5)
    tables = [rng.integers(1, 6, (int(rng.integers(5, 12)), int(rng.integers(2, 5)))) for _ in range(150)]
    found = [agreement.icc(table, form=form).value for table in tables for form in FORMS]
    assert np.mean(~np.isfinite(found)) < 0.05


def test_a_limit_beyond_the_pole_is_minus_infinity():
    """ICC(A,1) reaches below -1 / (k - 1) = -1; its Spearman-Brown image would be 8.15, above 1."""
    table = [[5, 3], [5, 2], [2, 5], [1, 1], [2, 4]]
    single, mean = (agreement.icc(table, form=form) for form in ("ICC(A,1)", "ICC(A,k)"))
    assert single.interval[0] < -1
    assert mean.interval[0] == -math.inf
    assert mean.interval[1] == pytest.approx(2 * single.interval[1] / (1 + single.interval[1]))


def test_a_denominator_below_0_is_minus_infinity_and_no_agreement_above_1():
    """irrNA's manual (https://github.com/cran/irrNA, man/icc_corr.Rd, example 3): "must be -Inf".

    By hand: MSR 0.1, MSC 0, MSE 3.8 of two items, so MSR + (MSC - MSE) / 2 is -1.8 (as fractions below).
    """
    table = [[5, 2, 1, 2, 5, 4], [3, 1, 4, 5, 2, 3]]
    found = agreement.icc(table, form="ICC(A,k)")
    assert (found.value, found.note) == (-math.inf, "denominator_not_positive")
    assert found.interval[0] == -math.inf
    assert found.interval[1] <= 1
    # No variance between raters and none between items, as in irrNA's example: an interval without width
    # would claim certainty, so there is none.
    nothing = agreement.icc([[1, 2, 3], [2, 3, 1], [3, 1, 2]], form="ICC(A,k)")
    assert nothing.value == -math.inf
    assert np.isnan(nothing.interval).all()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "table", [[[3, 3], [1, 4]], [[3, 1], [1, 3]], [[1, 2], [1, 2]], [[1, 4, 5, 5], [2, 3, 5, 5]]]
)
def test_tables_that_ended_in_a_division_by_zero(table, form):
    found = agreement.icc(table, form=form)
    assert math.isfinite(found.value) or found.note in ("denominator_not_positive", "only_raters_differ")
    assert not math.isnan(found.interval[0]) or found.note


def test_a_correlation_below_its_range_does_not_stand_alone():
    """k = 2: nothing correlates below -1. MSR 0.1, MSE 2.5, MSC 0.1: -2.4 / (2.6 - 0.96) = -1.46."""
    table = [[1, 4], [4, 1], [2, 3.5], [4, 2], [3, 3]]
    found = agreement.icc(table, form="ICC(A,1)")
    assert found.value < -1
    assert found.note == "below_range"


def test_without_a_residual_the_interval_is_that_of_f():
    """MSE = 0: Satterthwaite's degrees of freedom are those of raters, k - 1; by scipy's F quantile."""
    from scipy import stats

    x = np.array([1.0, 2, 4, 7, 8])
    found = agreement.icc(np.column_stack([x, x + 1, x + 3]), form="ICC(A,1)")
    n, k, between, raters = 5, 3, 3 * x.var(ddof=1), 5 * np.array([0, 1, 3]).var(ddof=1)
    low, high = stats.f.ppf(0.975, n - 1, k - 1), stats.f.ppf(0.975, k - 1, n - 1)
    expected = [
        n * between / (low * k * raters + n * between),
        n * high * between / (k * raters + n * high * between),
    ]
    assert found.interval == pytest.approx(expected, rel=1e-9)
    assert found.value == pytest.approx(between / (between + k * raters / n))


def test_items_with_equal_means_have_a_p_value_of_1():
    """F was -7e-48 by rounding, and p NaN."""
    for table in ([[0.1, 0.3, 0.2], [0.2, 0.1, 0.3], [0.3, 0.2, 0.1]], [[0.1, 0.7], [0.3, 0.5]]):
        for form in FORMS:
            found = agreement.icc(table, form=form)
            assert (found.f_value, found.p_value) == (0.0, 1.0)


def test_infinity_is_null_in_json_and_its_reason_stands_beside_it():
    from ogp_analysis.output import canonical

    found = agreement.icc([[3, 1], [1, 3]], form="ICC(A,k)")
    read = json.loads(canonical.json_text({"value": found.value, "note": found.note}))
    assert read == {"value": None, "note": "denominator_not_positive"}
