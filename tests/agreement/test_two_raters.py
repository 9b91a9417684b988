"""Two raters, ranks, categories, variance components and evaluators against independent computations."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ogp_analysis import agreement
from tests.agreement_data import ratings

SHROUT = "shrout_fleiss_1979"


def test_lin_by_its_formula_and_parts():
    table = ratings("bland_altman_1986")
    x, y = table.T
    expected = 2 * np.cov(x, y, ddof=0)[0, 1] / (x.var() + y.var() + (x.mean() - y.mean()) ** 2)
    found = agreement.lin_ccc(table)
    assert found.value == pytest.approx(expected, abs=1e-14)
    assert found.precision == pytest.approx(stats.pearsonr(x, y).statistic, abs=1e-13)
    assert found.precision * found.accuracy == pytest.approx(found.value, abs=1e-14)
    assert found.value == pytest.approx(0.943, abs=5e-4)  # as epiR and MedCalc give for these data


def test_lin_drops_incomplete_items_and_says_so():
    table = ratings("bland_altman_1986")
    found = agreement.lin_ccc(np.vstack([table, [400.0, math.nan]]))
    assert found.value == pytest.approx(agreement.lin_ccc(table).value)
    assert (found.note, found.n_items, found.n_ratings) == ("incomplete_items_dropped", 17, 34)


def test_bland_altman_1986_as_printed():
    """Mean difference -2.1 and standard deviation 38.8 l/min; the paper uses 2 for 1.96."""
    found = agreement.bland_altman(ratings("bland_altman_1986"), share=2 * stats.norm.cdf(2) - 1)
    assert found.bias.value == pytest.approx(-2.1, abs=0.05)
    assert found.standard_deviation == pytest.approx(38.8, abs=0.05)
    assert found.lower.value == pytest.approx(-79.7, abs=0.1)
    assert found.upper.value == pytest.approx(75.5, abs=0.1)
    assert found.bias.interval == pytest.approx((-22.0, 17.8), abs=0.1)


def test_limits_of_agreement_are_exact_under_normality():
    """The interval of a limit from the noncentral t, against its defining equation."""
    table = ratings("bland_altman_1986")
    found = agreement.bland_altman(table)
    d = table[:, 0] - table[:, 1]
    n, z = len(d), stats.norm.ppf(0.975)
    for limit, sign in ((found.lower, -1), (found.upper, 1)):
        for edge, level in zip(limit.interval, (0.025, 0.975), strict=True):
            t = (edge - d.mean()) * math.sqrt(n) / d.std(ddof=1)
            assert stats.nct.cdf(t, n - 1, sign * z * math.sqrt(n)) == pytest.approx(level, abs=1e-7)


def test_limits_of_agreement_cover_by_simulation():
    """300 samples of 20 normal differences: the 90 per cent interval holds the true limit in 86 to 94."""
    rng = np.random.default_rng(1)
    true = stats.norm.ppf(0.975)
    held = 0
    for _ in range(300):
        table = np.column_stack([rng.normal(size=20), np.zeros(20)])
        lower, upper = agreement.bland_altman(table, confidence_level=0.9).upper.interval
        held += lower <= true <= upper
    assert 0.86 <= held / 300 <= 0.94


def test_bland_altman_degenerate():
    single = agreement.bland_altman([[1.0, 2.0], [1.0, math.nan]])
    assert single.bias.note == "one_item"
    same = agreement.bland_altman([[1.0, 2.0], [2.0, 3.0]])
    assert (same.bias.value, same.lower.value, same.bias.note) == (-1.0, -1.0, "error_not_seen")
    assert np.isnan(same.upper.interval).all()


@pytest.mark.parametrize("dataset", [SHROUT, "wine"])
def test_kendall_against_friedman(dataset):
    """Friedman's chi-square (scipy, tie-corrected) is m (n - 1) W."""
    table = ratings(dataset)
    friedman = stats.friedmanchisquare(*table)
    found = agreement.kendall_w(table)
    assert found.chi_square == pytest.approx(friedman.statistic, rel=1e-12)
    assert found.p_value == pytest.approx(friedman.pvalue, rel=1e-9)


def test_kendall_by_its_formula_with_many_ties():
    rng = np.random.default_rng(2)
    table = rng.integers(1, 4, (20, 5)).astype(float)
    rank = np.apply_along_axis(stats.rankdata, 0, table)
    n, m = table.shape
    ties = sum(
        (t**3 - t) for column in table.T for t in np.unique(column, return_counts=True)[1].astype(float)
    )
    top = 12 * (rank.sum(axis=1) ** 2).sum() - 3 * m**2 * n * (n + 1) ** 2
    assert agreement.kendall_w(table).value == pytest.approx(
        top / (m**2 * n * (n**2 - 1) - m * ties), abs=1e-13
    )


def test_kendall_drops_incomplete_items_and_names_no_variation():
    table = ratings("wine")
    found = agreement.kendall_w(np.vstack([table, [1, 2, 3, math.nan]]))
    assert found.value == pytest.approx(agreement.kendall_w(table).value)
    assert (found.note, found.n_items) == ("incomplete_items_dropped", 8)
    assert agreement.kendall_w(np.ones((5, 3))).note == "no_variation"


def test_prevalence_and_bias_of_feinstein_and_cicchetti():
    """(a - d) / n, (b - c) / n and 2 p_o - 1 (Byrt, Bishop and Carlin 1993)."""
    found = agreement.prevalence_bias(ratings("feinstein_cicchetti_prevalent"))
    assert found.prevalence_index.value == pytest.approx((80 - 5) / 100)
    assert found.bias_index.value == pytest.approx((10 - 5) / 100)
    assert found.pabak.value == pytest.approx(2 * 0.85 - 1)
    assert found.prevalence[0].value == pytest.approx(-found.prevalence[1].value)


def test_bias_index_error_is_that_of_mcnemar():
    """Paired proportions: variance (b + c - (b - c)^2 / n) / n^2, here with n (n - 1)."""
    b, c, n = 10, 5, 100
    found = agreement.prevalence_bias(ratings("feinstein_cicchetti_prevalent")).bias_index
    assert found.standard_error == pytest.approx(math.sqrt((b + c - (b - c) ** 2 / n) / (n * (n - 1))))


def test_per_category_agreement_of_two_raters():
    """2a / (2a + b + c), and Cohen-like two-category Fleiss kappa."""
    table = ratings("cohen_1960")
    first = agreement.per_category_agreement(table)[0]
    assert first.specific.value == pytest.approx(2 * 88 / (100 + 120))
    assert first.kappa.value == pytest.approx(agreement.fleiss_kappa((table == 1) * 1.0).value, abs=1e-14)


def test_per_category_kappas_of_fleiss_1971_average_to_fleiss_kappa():
    """Weighted by pi (1 - pi) they give the overall kappa (Fleiss 1971, after equation 17)."""
    table = ratings("fleiss_1971")
    found = agreement.per_category_agreement(table)
    weights = np.array([one.share.value * (1 - one.share.value) for one in found])
    overall = (weights * [one.kappa.value for one in found]).sum() / weights.sum()
    assert overall == pytest.approx(agreement.fleiss_kappa(table).value, abs=1e-14)
    printed = [0.245, 0.245, 0.520, 0.471, 0.566]  # R irr, kappam.fleiss(diagnoses, detail = TRUE)
    assert [one.kappa.value for one in found] == pytest.approx(printed, abs=0.0005)


def test_unused_category_is_named():
    found = agreement.per_category_agreement([[1, 1], [2, 1]], categories=[1, 2, 3])
    assert found[2].specific.note == "category_unused"
    assert found[2].share.value == 0


@pytest.mark.parametrize("dataset", [SHROUT, "wine"])
def test_reml_of_balanced_data_is_the_analysis_of_variance(dataset):
    """Where all estimates are positive they are the same (Searle et al. 1992, chapter 4)."""
    table = ratings(dataset)
    n, k = table.shape
    rows, columns = table.mean(axis=1, keepdims=True), table.mean(axis=0)
    residual = ((table - rows - columns + table.mean()) ** 2).sum() / ((n - 1) * (k - 1))
    item = (k * rows.var(ddof=1) - residual) / k
    rater = (n * columns.var(ddof=1) - residual) / n
    found = agreement.variance_components(table)
    values = [found.variance(name) for name in ("item", "rater", "residual")]
    assert values == pytest.approx([item, rater, residual], rel=1e-12)
    single = agreement.icc(table, form="ICC(A,1)").value
    assert agreement.decision_study(found).table["dependability"][0] == pytest.approx(single, rel=1e-12)


def uncrossed(seed=1, items=43, raters=30, share=4 / 30):
    rng = np.random.default_rng(seed)
    table = (
        3
        + 0.7 * rng.normal(size=(items, 1))
        + 0.5 * rng.normal(size=(1, raters))
        + 0.8 * rng.normal(size=(items, raters))
    )
    table[rng.random(table.shape) > share] = math.nan
    return table


@pytest.mark.filterwarnings("ignore")  # statsmodels' own
def test_reml_of_uncrossed_raters_against_statsmodels():
    from statsmodels.regression.mixed_linear_model import MixedLM

    table = uncrossed()
    rows, columns = np.nonzero(~np.isnan(table))
    frame = pd.DataFrame({"y": table[rows, columns], "item": rows, "rater": columns, "one": 1})
    fitted = MixedLM.from_formula(
        "y ~ 1", groups="one", re_formula="0", data=frame,
        vc_formula={"item": "0 + C(item)", "rater": "0 + C(rater)"},
    ).fit()  # fmt: skip
    found = agreement.variance_components(table)
    theirs = [*fitted.vcomp, fitted.scale]
    assert [found.variance(name) for name in ("item", "rater", "residual")] == pytest.approx(theirs, rel=1e-4)
    assert found.mean == pytest.approx(fitted.fe_params.iloc[0], rel=1e-6)


def test_reml_standard_errors_are_those_of_the_dense_information_matrix():
    """I_ij = tr(P V_i P V_j) / 2 with every matrix written out (Searle et al. 1992, page 252)."""
    table = uncrossed(items=20, raters=10, share=0.4)
    found = agreement.variance_components(table)
    rows, columns = np.nonzero(~np.isnan(table))
    parts = [(index[:, None] == index).astype(float) for index in (rows, columns, np.arange(len(rows)))]
    variances = [found.variance(name) for name in ("item", "rater", "residual")]
    inverse = np.linalg.inv(sum(v * part for v, part in zip(variances, parts, strict=True)))
    along = inverse.sum(axis=1)
    p = inverse - np.outer(along, along) / along.sum()
    information = np.array([[np.trace(p @ a @ p @ b) / 2 for b in parts] for a in parts])
    expected = np.sqrt(np.diag(np.linalg.inv(information)))
    errors = [one.standard_error for one in found.components.values()]
    assert errors == pytest.approx(expected.tolist(), rel=1e-8)


def test_panels_are_a_component():
    """Raters of the second panel rate two points higher: the panel takes that variance, not the raters."""
    table = uncrossed(share=0.3)
    table[:, 15:] += 2
    panels = ["working_group"] * 15 + ["core_group"] * 15
    with_panel, without = (agreement.variance_components(table, panel=p) for p in (panels, None))
    assert with_panel.variance("panel") > 0.5
    assert with_panel.variance("rater") < without.variance("rater") / 2
    assert with_panel.components["panel"].note == "few_levels"
    assert with_panel.frame()["share"].sum() == pytest.approx(1)


def test_no_variation_is_named():
    found = agreement.variance_components(np.full((6, 3), 2.0))
    assert {one.note for one in found.components.values()} >= {"no_variation"}
    assert all(one.value == 0 for one in found.components.values())


def test_decision_study_says_how_many_raters_reach_the_target():
    """Smallest k with the target, and none where panels alone exceed the error it allows."""
    found = agreement.variance_components(ratings(SHROUT))
    study = agreement.decision_study(found, n_raters=range(1, 30), target=0.8)
    k = study.needed_dependability
    reached = study.table.set_index("n_raters")["dependability"]
    assert reached[k] >= 0.8 > reached[k - 1]
    assert study.table["generalizability"].is_monotonic_increasing
    split = uncrossed(share=0.3)
    split[:, 15:] += 3
    panels = agreement.variance_components(split, panel=[0] * 15 + [1] * 15)
    assert agreement.decision_study(panels).needed_dependability is None


def test_rater_effects_are_shrunken_and_private():
    """Balanced crossed data: severity is the deviation of the rater's mean times 1 - MSE / MSC."""
    table = ratings(SHROUT)
    n, k = table.shape
    deviation = table.mean(axis=0) - table.mean()
    residual = ((table - table.mean(axis=1, keepdims=True) - deviation) ** 2).sum() / ((n - 1) * (k - 1))
    shrink = 1 - residual / (n * table.mean(axis=0).var(ddof=1))
    private = agreement.rater_effects(table)
    assert private["severity"].tolist() == pytest.approx(sorted(shrink * deviation), rel=1e-11)
    assert private["rater"].tolist() == [1, 2, 3, 4]
    named = agreement.rater_effects(pd.DataFrame(table, columns=list("abcd")), reveal=True)
    assert named["rater"].tolist() == ["b", "c", "d", "a"]


def test_a_wild_rater_has_the_largest_spread():
    table = uncrossed(share=0.6)
    rng = np.random.default_rng(9)
    table[:, 4] += 3 * rng.normal(size=len(table))
    found = agreement.rater_effects(table, reveal=True).set_index("rater")
    assert found["spread"].idxmax() == 4
    assert found["spread"].drop(4).max() < found["spread"][4] / 1.5


def test_share_within_the_tolerance_is_a_count_with_wilsons_interval():
    """scipy's Wilson interval of the same count."""
    rng = np.random.default_rng(4)
    table = rng.integers(1, 6, (43, 2)).astype(float)
    within = int((np.abs(table[:, 0] - table[:, 1]) <= 1).sum())
    wilson = stats.binomtest(within, 43).proportion_ci(method="wilson")
    found = agreement.share_within(table, tolerance=1)
    assert found.value == within / 43
    assert found.interval == pytest.approx((wilson.low, wilson.high), abs=1e-12)
    third = agreement.third_evaluation_rate(table, tolerance=1)
    assert third.value == pytest.approx(1 - found.value)
    assert third.interval == pytest.approx((1 - wilson.high, 1 - wilson.low))


def test_tolerance_is_exact_on_decimals():
    """In floating point 2.3 - 1.3 is below 1, and 0.3 - 0.1 below 0.2: neither may decide."""
    table = [[4.1, 3.1], [1.3, 2.3], [0.3, 0.1]]
    assert agreement.share_within(table, tolerance=1.0).value == 1.0
    assert agreement.share_within(table, tolerance=0.2).value == pytest.approx(1 / 3)


def test_clustered_share_stays_inside_the_unit_interval():
    table = np.tile([[1.0, 1.0], [2, 2], [3, 3], [1, 5]], (10, 1))
    found = agreement.share_within(table, cluster=np.arange(40) // 4)
    assert 0 < found.interval[0] <= found.interval[1] <= 1
    assert found.note == "error_not_seen"  # each cluster has three of its four pairs within
    varied = agreement.share_within(table, cluster=np.arange(40) % 4)
    assert varied.standard_error > 0.2
    assert 0 < varied.interval[0] < varied.interval[1] < 1
    everything = agreement.share_within(np.ones((8, 2)), cluster=[0, 0, 1, 1, 2, 2, 3, 3])
    assert everything.interval[0] == pytest.approx(stats.binomtest(4, 4).proportion_ci(method="wilson").low)
