"""Intervals and tests of the intraclass correlation, written out with another library's F distribution."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from ogp_analysis import agreement

# Shrout and Fleiss (1979), table 2: six targets, four judges.
TABLE = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float
)
N, K = TABLE.shape
FORMS = ["ICC(1)", "ICC(A,1)", "ICC(C,1)", "ICC(k)", "ICC(A,k)", "ICC(C,k)"]


def squares():
    mean = TABLE.mean()
    rows = K * ((TABLE.mean(axis=1) - mean) ** 2).sum()
    columns = N * ((TABLE.mean(axis=0) - mean) ** 2).sum()
    total = ((TABLE - mean) ** 2).sum()
    within, error = (total - rows) / (N * (K - 1)), (total - rows - columns) / ((N - 1) * (K - 1))
    return rows / (N - 1), within, columns / (K - 1), error


def degrees(single):
    """Satterthwaite's degrees of freedom (McGraw and Wong 1996, table 7)."""
    _, _, raters, error = squares()
    a = K * single / (N * (1 - single))
    b = 1 + K * single * (N - 1) / (N * (1 - single))
    both = (a * raters) ** 2 / (K - 1) + (b * error) ** 2 / ((N - 1) * (K - 1))
    return (a * raters + b * error) ** 2 / both


def limits(form, level):
    between, within, raters, error = squares()
    high = (1 + level) / 2
    if "A" not in form:
        below, df = (error, (N - 1) * (K - 1)) if "C" in form.removeprefix("ICC") else (within, N * (K - 1))
        ends = [
            between / below / stats.f.ppf(high, N - 1, df),
            between / below * stats.f.ppf(high, df, N - 1),
        ]
        return [1 - 1 / end if form.endswith("k)") else (end - 1) / (end + K - 1) for end in ends]
    df = degrees((between - error) / (between + (K - 1) * error + K / N * (raters - error)))
    low, up = stats.f.ppf(high, N - 1, df), stats.f.ppf(high, df, N - 1)
    mixed = K * raters + (K * N - K - N) * error
    single = [
        N * (between - low * error) / (low * mixed + N * between),
        N * (up * between - error) / (mixed + N * up * between),
    ]
    return [K * end / (1 + (K - 1) * end) for end in single] if form.endswith("k)") else single


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("level", [0.95, 0.8])
def test_the_f_interval(form, level):
    found = agreement.icc(TABLE, form=form, confidence_level=level)
    assert found.interval == pytest.approx(limits(form, level), rel=1e-9)
    for options in ({"interval": "jackknife"}, {"cluster": [1, 1, 2, 2, 3, 3]}):
        other = agreement.icc(TABLE, form=form, confidence_level=level, **options)
        assert other.value == pytest.approx(found.value, rel=1e-13)
        assert other.interval != pytest.approx(found.interval, rel=1e-3)


@pytest.mark.parametrize("form", FORMS)
def test_the_f_test_of_zero(form):
    between, within, _, error = squares()
    below, df = (within, N * (K - 1)) if form in ("ICC(1)", "ICC(k)") else (error, (N - 1) * (K - 1))
    found = agreement.icc(TABLE, form=form)
    assert (found.df_numerator, found.df_denominator) == (N - 1, pytest.approx(df, rel=1e-12))
    assert found.f_value == pytest.approx(between / below, rel=1e-12)
    assert found.p_value == pytest.approx(stats.f.sf(between / below, N - 1, df), rel=1e-9)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("null", [0.2, 0.5])
def test_the_f_test_of_another_value(form, null):
    """McGraw and Wong (1996), table 8: F scaled by what it is under the null value."""
    between, within, raters, error = squares()
    found = agreement.icc(TABLE, form=form, null_value=null)
    df = N * (K - 1) if form in ("ICC(1)", "ICC(k)") else (N - 1) * (K - 1)
    below = within if form in ("ICC(1)", "ICC(k)") else error
    if "A" in form:
        single = null if form == "ICC(A,1)" else null / (K + (1 - K) * null)
        df = degrees(single)
        a = K * single / (N * (1 - single))
        b = 1 + K * single * (N - 1) / (N * (1 - single))
        expected = between / (a * raters + b * error)
    elif form.endswith("k)"):
        expected = between / below * (1 - null)
    else:
        expected = between / below * (1 - null) / (1 + (K - 1) * null)
    assert found.f_value == pytest.approx(expected, rel=1e-10)
    assert (found.df_numerator, found.df_denominator) == (N - 1, pytest.approx(df, rel=1e-10))
    assert found.p_value == pytest.approx(stats.f.sf(expected, N - 1, df), rel=1e-8)
    assert found.null_value == null


def test_raters_who_differ_by_a_constant_leave_nothing():
    table = np.array([[1.0, 2], [2, 3], [5, 6]])
    found = agreement.icc(table, form="ICC(C,1)")
    assert (found.value, found.f_value, found.p_value) == (1.0, math.inf, 0.0)


def test_unbalanced_items_have_k0_ratings():
    """k0 = (N - sum r^2 / N) / (n - 1) of Searle, Casella and McCulloch (1992); 2, 3 and 3 ratings."""
    rows = [[1, 2], [4, 5, 6], [5, 7, 9]]
    table = [[1, 2, math.nan], [4, 5, 6], [5, 7, 9]]
    k0 = (8 - (4 + 9 + 9) / 8) / 2
    mean = sum(map(sum, rows)) / 8
    between = sum(len(row) * (np.mean(row) - mean) ** 2 for row in rows) / 2
    within = sum(((np.array(row) - np.mean(row)) ** 2).sum() for row in rows) / 5
    found = agreement.icc(table)
    assert found.value == pytest.approx((between - within) / (between + (k0 - 1) * within), rel=1e-12)
    assert (found.f_value, found.df_denominator) == (pytest.approx(between / within, rel=1e-12), 5)
    mean_of = agreement.icc(table, form="ICC(k)")
    assert mean_of.value == pytest.approx((between - within) / between, rel=1e-12)
