"""Two-way intraclass correlations where raters left items out: by REML, against matrices written out."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from depth import deep_after
from scipy import optimize, stats

from ogp_analysis import agreement
from ogp_analysis.agreement import icc_by_reml
from ogp_analysis.agreement.ratings_table import Ratings
from ogp_analysis.errors import StatisticsError

NAN = math.nan
# Shrout and Fleiss (1979), table 2, and the same with four cells empty.
COMPLETE = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7.0]])
GAPS = COMPLETE.copy()
GAPS[[0, 1, 3, 5], [1, 3, 2, 0]] = NAN
FORMS = ("ICC(A,1)", "ICC(C,1)", "ICC(A,k)", "ICC(C,k)")


def written_out(table):
    """Optimum of the restricted likelihood, every matrix written out, without slopes; the covariance too."""
    rows, columns = np.nonzero(~np.isnan(table))
    y = table[rows, columns]
    parts = [(index[:, None] == index).astype(float) for index in (rows, columns, np.arange(len(y)))]

    def projection(variances):
        inverse = np.linalg.inv(sum(v * part for v, part in zip(variances, parts, strict=True)))
        along = inverse.sum(axis=1)
        return inverse - np.outer(along, along) / along.sum(), inverse

    def criterion(logs):
        p, inverse = projection(np.exp(logs))
        return y @ p @ y - np.linalg.slogdet(inverse)[1] + math.log(inverse.sum())

    found = optimize.minimize(
        criterion, np.log([2, 4, 1]), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-13}
    )
    p, _ = projection(np.exp(found.x))
    information = [[np.trace(p @ a @ p @ b) / 2 for b in parts] for a in parts]
    return np.exp(found.x), np.linalg.inv(information)


def k0(table):
    """Searle, Casella and McCulloch (1992), page 71."""
    counts = (~np.isnan(table)).sum(axis=1)
    return (counts.sum() - (counts**2).sum() / counts.sum()) / (len(counts) - 1)


def test_the_values_are_ratios_of_the_variances():
    (item, rater, residual), _ = written_out(GAPS)
    k = k0(GAPS)
    expected = [
        item / (item + rater + residual),
        item / (item + residual),
        item / (item + (rater + residual) / k),
        item / (item + residual / k),
    ]
    found = [agreement.icc(GAPS, form=form) for form in FORMS]
    assert [one.value for one in found] == pytest.approx(expected, rel=1e-6)
    assert [one.method for one in found] == [f"{form}, REML" for form in FORMS]
    assert {(one.n_items, one.n_raters, one.n_ratings, one.note) for one in found} == {(6, 4, 20, "")}


@pytest.mark.parametrize("form", FORMS)
def test_the_standard_error_is_the_delta_methods(form):
    variances, covariance = written_out(GAPS)
    k = k0(GAPS) if form.endswith("k)") else 1

    def value(v):
        return v[0] / (v[0] + (v[1] * form.startswith("ICC(A") + v[2]) / k)

    slope = optimize.approx_fprime(variances, value, 1e-7)
    assert agreement.icc(GAPS, form=form).standard_error == pytest.approx(
        math.sqrt(slope @ covariance @ slope), rel=1e-4
    )


def test_the_interval_is_made_of_the_mean_squares_that_the_variances_are_worth():
    """ICC(C,1): F(df) of MSR / MSE, with k and both df from the covariance; all by hand."""
    (item, _, residual), covariance = written_out(GAPS)
    k = -covariance[2, 2] / covariance[0, 2]
    between = residual + k * item
    df = 2 * between**2 / (k**2 * covariance[0, 0] + 2 * k * covariance[0, 2] + covariance[2, 2])
    df_within = 2 * residual**2 / covariance[2, 2]
    f_value = between / residual
    low = f_value / stats.f.ppf(0.975, df, df_within)
    high = f_value * stats.f.ppf(0.975, df_within, df)
    found = agreement.icc(GAPS, form="ICC(C,1)")
    assert found.interval == pytest.approx([(low - 1) / (low + k - 1), (high - 1) / (high + k - 1)], rel=1e-4)
    assert (found.f_value, found.df_numerator) == pytest.approx((f_value, df), rel=1e-4)
    assert found.p_value == pytest.approx(stats.f.sf(f_value, df, df_within), rel=1e-3)


@pytest.mark.parametrize("form", FORMS)
def test_of_complete_ratings_they_are_mcgraw_and_wongs(form):
    """Shrout and Fleiss (1979): there the analysis of variance and REML are the same."""
    found, exact = icc_by_reml.fit(Ratings(COMPLETE)), agreement.icc(COMPLETE, form=form)
    assert found.value(form) == pytest.approx(exact.value, rel=1e-10)
    assert found.interval(form, 0.95) == pytest.approx(exact.interval, rel=1e-8)
    tested = (exact.f_value, exact.df_numerator, exact.df_denominator)
    assert found.test(form, 0.0) == pytest.approx(tested, rel=1e-8)
    tested = agreement.icc(COMPLETE, form=form, null_value=0.2)
    tested = (tested.f_value, tested.df_numerator, tested.df_denominator)
    assert found.test(form, 0.2) == pytest.approx(tested, rel=1e-8)


@pytest.mark.filterwarnings("ignore")  # statsmodels' own
def test_statsmodels_finds_the_same_variances():
    from statsmodels.regression.mixed_linear_model import MixedLM

    rng = np.random.default_rng(4)
    table = rng.normal(size=(40, 1)) + 0.6 * rng.normal(size=(1, 9)) + 0.8 * rng.normal(size=(40, 9))
    table[rng.random(table.shape) < 0.5] = NAN
    rows, columns = np.nonzero(~np.isnan(table))
    frame = pd.DataFrame({"y": table[rows, columns], "item": rows, "rater": columns, "one": 1})
    parts = {"item": "0 + C(item)", "rater": "0 + C(rater)"}
    fitted = MixedLM.from_formula("y ~ 1", groups="one", re_formula="0", data=frame, vc_formula=parts).fit()
    item, rater = fitted.vcomp
    assert agreement.icc(table, form="ICC(A,1)").value == pytest.approx(
        item / (item + rater + fitted.scale), rel=1e-4
    )
    assert agreement.icc(table, form="ICC(C,1)").value == pytest.approx(
        item / (item + fitted.scale), rel=1e-4
    )


@pytest.mark.parametrize("form", FORMS)
def test_raters_who_rated_one_item_each_leave_the_one_way_model(form):
    """Means 1.5, 4.5, 2.5 of pairs: MSB = 14/3, MSW = 1/2."""
    table = [[1, 2, NAN, NAN, NAN, NAN], [NAN, NAN, 4, 5, NAN, NAN], [NAN, NAN, NAN, NAN, 2, 3]]
    found = agreement.icc(table, form=form)
    assert found.value == pytest.approx((14 / 3 - 1 / 2) / (14 / 3 + (0 if form.endswith("k)") else 1 / 2)))
    assert (found.method, found.note) == ("ICC(k)" if form.endswith("k)") else "ICC(1)", "nested_raters")
    assert (found.interval, found.f_value) == (
        agreement.icc(table, form=found.method).interval,
        pytest.approx(28 / 3),
    )


def test_what_cannot_be_estimated_is_named():
    single = agreement.icc([[1, NAN], [NAN, 2], [3, NAN]], form="ICC(A,1)")
    assert (math.isnan(single.value), single.note) == (True, "no_pair")
    equal = agreement.icc([[2, 2, NAN], [2, NAN, 2], [NAN, 2, 2]], form="ICC(C,1)")
    assert (math.isnan(equal.value), equal.note) == (True, "no_variation")
    exact = agreement.icc([[1, 1, NAN], [NAN, 3, 3], [5, NAN, 5]], form="ICC(A,1)")
    assert (exact.value, exact.note, math.isnan(exact.interval[0])) == (1.0, "no_residual", True)
    apart = agreement.icc([[1, 4, NAN], [NAN, 1, 4], [4, NAN, 1]], form="ICC(C,1)")
    assert (apart.value, apart.note) == (0.0, "zero_variance")
    assert agreement.icc(GAPS, form="ICC(C,k)", model="mixed").note == "assumes_no_interaction"
    assert math.isnan(agreement.icc(GAPS, form="ICC(A,1)", interval=None).interval[0])


@pytest.mark.parametrize(
    ("options", "given"),
    [
        ({"interval": "bca"}, ["interval"]),
        ({"interval": "fisher"}, ["interval"]),
        ({"cluster": list("aabbcc"), "population": 43}, ["cluster", "population"]),
    ],
)
def test_what_reml_does_not_know_is_refused(options, given):
    with pytest.raises(StatisticsError) as refused:
        agreement.icc(GAPS, form="ICC(A,1)", **options)
    assert refused.value.values["given"] == given
    assert refused.value.values["form"] == "ICC(A,1)"


@pytest.mark.parametrize("seed", deep_after(4, range(10)))
def test_limits_hold_the_value_or_there_are_none(seed):
    rng = np.random.default_rng(seed)
    table = rng.integers(1, 4, (rng.integers(3, 7), rng.integers(2, 5))).astype(float)
    table[rng.random(table.shape) < 0.3] = NAN
    if np.isfinite(table).sum() < 3:
        return
    for form in FORMS:
        found = agreement.icc(table, form=form)
        low, high = found.interval
        if math.isfinite(found.value) and not math.isnan(low):
            assert low <= found.value <= high <= 1
        else:
            assert found.note
