"""Standard errors, intervals, clusters, the finite population, and differences of two coefficients."""

from __future__ import annotations

import math

import numpy as np
import pytest
from depth import deep_after
from scipy import stats

from ogp_analysis import agreement
from ogp_analysis.agreement import resampling
from ogp_analysis.errors import StatisticsError
from ogp_analysis.language import texts
from ogp_analysis.model.records import Estimate
from tests.agreement_data import ratings


def panel(seed=3, items=43, raters=2):
    rng = np.random.default_rng(seed)
    return np.clip(rng.integers(1, 6, (items, 1)) + rng.integers(-1, 2, (items, raters)), 1, 5).astype(float)


def one_at_a_time(function, table):
    return np.array([function(np.delete(table, i, axis=0)).value for i in range(len(table))])


@pytest.mark.parametrize(
    "function",
    [
        agreement.gwet_ac,
        agreement.krippendorff_alpha,
        agreement.cohen_kappa,
        agreement.icc,
        agreement.kendall_w,
    ],
)
def test_jackknife_is_that_of_leaving_out_one_item_after_the_other(function):
    """The weighted kernel against a loop of whole calls (Efron and Tibshirani 1993, equation 11.5)."""
    table = panel(items=15)
    left_out = one_at_a_time(function, table)
    expected = math.sqrt(14 / 15 * ((left_out - left_out.mean()) ** 2).sum())
    assert function(table, interval="jackknife").standard_error == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("kind", ["bootstrap", "bca"])
@pytest.mark.parametrize(
    "function", deep_after(1, [agreement.krippendorff_alpha, agreement.gwet_ac, agreement.icc])
)
def test_bootstrap_intervals_against_scipy(kind, function):
    """scipy resamples whole items with its own stream, so limits agree to Monte Carlo error (0.02)."""
    table = panel(items=30)
    places = np.arange(len(table))
    theirs = stats.bootstrap(
        (places,),
        lambda index: function(table[index.astype(int)], interval=None).value,
        n_resamples=1500,
        method={"bootstrap": "percentile", "bca": "BCa"}[kind],
        vectorized=False,
        rng=np.random.default_rng(1),
    )
    ours = function(table, interval=kind, n_resamples=20_000, rng=7)
    assert ours.interval == pytest.approx(tuple(theirs.confidence_interval), abs=0.02)
    assert ours.standard_error == pytest.approx(theirs.standard_error, rel=0.06)


def test_bca_against_scipy_on_the_same_resamples():
    """The arithmetic of the interval alone: the same resampled values must give the same limits."""
    rng = np.random.default_rng(5)
    data = rng.exponential(size=25)
    drawn = rng.integers(0, 25, size=(4000, 25))
    resampled = data[drawn].mean(axis=1)
    left_out = (data.sum() - data) / 24
    ours = resampling.bca_interval(
        resampled, data.mean(), left_out=left_out, multiplicity=np.ones(25), confidence_level=0.9
    )
    pull = left_out.mean() - left_out
    a = (pull**3).sum() / (6 * (pull**2).sum() ** 1.5)
    z0 = stats.norm.ppf((resampled < data.mean()).mean())
    z = z0 + stats.norm.ppf([0.05, 0.95])
    expected = np.quantile(resampled, stats.norm.cdf(z0 + z / (1 - a * z)))
    assert ours == pytest.approx(tuple(expected), rel=1e-12)


def test_a_seed_gives_the_same_interval_and_item_order_does_not_matter():
    table = panel()
    first = agreement.gwet_ac(table, interval="bca", rng=11)
    assert agreement.gwet_ac(table, interval="bca", rng=np.random.default_rng(11)) == first
    assert agreement.gwet_ac(table[::-1], interval="bca", rng=11) == first
    assert agreement.gwet_ac(table, interval="bca", rng=12).interval != first.interval


def test_drawing_patterns_is_drawing_items():
    """Many items of few patterns are drawn as a multinomial: same mean and variance of the counts."""
    few = np.concatenate(
        list(
            resampling.bootstrap_weights(
                np.array([60.0, 40.0]), n_resamples=20_000, rng=np.random.default_rng(1)
            )
        )
    )
    assert few.sum(axis=1) == pytest.approx(np.full(20_000, 100.0))
    assert few[:, 0].mean() == pytest.approx(60, abs=0.15)
    assert few[:, 0].var() == pytest.approx(24, rel=0.05)
    single = np.concatenate(
        list(
            resampling.bootstrap_weights(
                np.array([6.0, 4.0]), n_resamples=20_000, rng=np.random.default_rng(1)
            )
        )
    )
    assert single[:, 0].mean() == pytest.approx(6, abs=0.05)
    assert single[:, 0].var() == pytest.approx(2.4, rel=0.05)


def test_analytic_and_resampled_errors_of_many_items_agree():
    """At 2000 items the three ways estimate the same thing."""
    table = panel(items=2000, raters=3)
    for function in (agreement.krippendorff_alpha, agreement.gwet_ac, agreement.conger_kappa):
        exact = function(table).standard_error
        assert function(table, interval="jackknife").standard_error == pytest.approx(exact, rel=0.005)
        assert function(table, interval="bootstrap").standard_error == pytest.approx(exact, rel=0.06)


def test_clusters_of_one_item_are_items():
    table = panel()
    for kind in ("analytic", "jackknife"):
        alone = agreement.gwet_ac(table, interval=kind)
        clustered = agreement.gwet_ac(table, interval=kind, cluster=[f"P{i}" for i in range(43)])
        assert clustered.standard_error == pytest.approx(alone.standard_error, rel=1e-12)
        assert clustered.interval == pytest.approx(alone.interval, rel=1e-12)


def test_copied_items_in_one_cluster_add_no_information():
    """Seven copies of every proposal: items alone claim sqrt(7) too much, clusters claim what there is."""
    table = panel()
    copies, cluster = np.repeat(table, 7, axis=0), np.repeat(np.arange(43), 7)
    once = agreement.fleiss_kappa(table).standard_error
    clustered = agreement.fleiss_kappa(copies, cluster=cluster)
    assert clustered.standard_error == pytest.approx(once, rel=1e-12)
    naive = agreement.fleiss_kappa(copies).standard_error
    assert naive == pytest.approx(once / math.sqrt(7), rel=0.02)
    resampled = agreement.fleiss_kappa(copies, cluster=cluster, interval="bootstrap").standard_error
    assert resampled == pytest.approx(once, rel=0.15)
    assert agreement.fleiss_kappa(copies, cluster=[1] * len(copies)).note == "one_cluster"


def test_the_whole_population_has_no_sampling_error():
    """With 43 rated of 43 the standard error is 0, as is said; half of the population leaves sqrt(1/2)."""
    table = panel()
    free = agreement.gwet_ac(table)
    assert agreement.gwet_ac(table, population=86).standard_error == pytest.approx(
        free.standard_error / math.sqrt(2)
    )
    whole = agreement.gwet_ac(table, population=43)
    assert (whole.standard_error, whole.note) == (0.0, "all_rated")
    assert whole.interval == (whole.value, whole.value)
    half = agreement.gwet_ac(table, population=86, interval="bootstrap").standard_error
    full = agreement.gwet_ac(table, interval="bootstrap").standard_error
    assert half == pytest.approx(full / math.sqrt(2))


def test_difference_of_two_dependent_coefficients_matches_the_jackknife_of_the_difference():
    before = panel(seed=1)
    after = before.copy()
    after[before[:, 0] - before[:, 1] == 1, 1] += 1
    found = agreement.difference(agreement.gwet_ac(after), agreement.gwet_ac(before))
    apart = one_at_a_time(agreement.gwet_ac, after) - one_at_a_time(agreement.gwet_ac, before)
    jackknife = math.sqrt(42 / 43 * ((apart - apart.mean()) ** 2).sum())
    assert found.value == agreement.gwet_ac(after).value - agreement.gwet_ac(before).value
    assert found.standard_error == pytest.approx(jackknife, rel=0.05)
    independent = math.hypot(
        agreement.gwet_ac(after).standard_error, agreement.gwet_ac(before).standard_error
    )
    assert found.standard_error < independent


def test_difference_with_itself_is_zero_and_flagged():
    one = agreement.gwet_ac(panel())
    found = agreement.difference(one, one)
    assert (found.value, found.note) == (0.0, "error_not_seen")
    assert np.isnan([found.standard_error, *found.interval]).all()


def test_difference_by_clusters_and_of_undefined():
    a, b = agreement.gwet_ac(panel(1)), agreement.gwet_ac(panel(2))
    alone = agreement.difference(a, b)
    clustered = agreement.difference(a, b, cluster=list(range(43)))
    assert clustered.standard_error == pytest.approx(alone.standard_error)
    undefined = agreement.gwet_ac(np.ones((43, 2)))
    assert agreement.difference(a, undefined).note == "one_category"


def test_difference_refuses_other_items_and_missing_influence():
    a = agreement.gwet_ac(panel())
    with pytest.raises(StatisticsError, match="rest on 43 and 20 items"):
        agreement.difference(a, agreement.gwet_ac(panel(items=20)))
    with pytest.raises(StatisticsError, match="needs influence values"):
        agreement.difference(a, agreement.gwet_ac(panel(), interval=None))


def test_estimates_of_other_lengths_are_refused_whoever_made_them():
    """An error of one's own, such as of a package for R, is an estimate too."""
    with pytest.raises(StatisticsError) as refused:
        agreement.difference(Estimate(0.5, influence=np.zeros(3)), Estimate(0.4, influence=np.zeros(4)))
    assert refused.value.values == {"key": "agreement.other_items", "n_first": 3, "n_second": 4}


def test_f_test_at_zero_is_exact_and_at_other_values_is_satterthwaites():
    """At 0, ICC(A,1) has df (n - 1, (n - 1)(k - 1)); R irr takes 4.79 from the estimate on these data."""
    table = ratings("shrout_fleiss_1979")
    found = agreement.icc(table, form="ICC(A,1)")
    assert (found.df_numerator, found.df_denominator) == (5, pytest.approx(15))
    assert found.p_value == pytest.approx(stats.f.sf(found.f_value, 5, 15))
    above = agreement.icc(table, form="ICC(A,1)", null_value=0.2)
    assert above.df_denominator < 15
    assert above.p_value > found.p_value


def test_f_test_of_the_null_at_the_lower_limit_has_half_the_tail():
    """The interval is the test turned round: at its lower limit the one-sided p is 2.5 per cent."""
    table = ratings("shrout_fleiss_1979")
    for form in ("ICC(C,1)", "ICC(C,k)"):
        limit = agreement.icc(table, form=form).interval[0]
        assert agreement.icc(table, form=form, null_value=limit).p_value == pytest.approx(0.025, rel=1e-9)


def test_mean_icc_is_the_spearman_brown_image_of_the_single():
    table = ratings("shrout_fleiss_1979")
    for kind in ("ICC(A,{})", "ICC(C,{})", "ICC({})"):
        single, mean = (agreement.icc(table, form=kind.format(k)) for k in ("1", "k"))
        images = [4 * x / (1 + 3 * x) for x in (single.value, *single.interval)]
        assert images == pytest.approx([mean.value, *mean.interval], rel=1e-12)


def test_unbalanced_one_way_icc_is_the_analysis_of_variance_with_k0():
    """From the sums of squares, group by group (Searle, Casella and McCulloch 1992, page 71)."""
    rows = [[1, 2, 2], [3, 3, 4], [5, 4], [2], [4, 5, 5]]
    r = np.array([len(row) for row in rows])
    flat = np.concatenate(rows)
    n, total = len(rows), len(flat)
    means = np.array([np.mean(row) for row in rows])
    between = (r * (means - flat.mean()) ** 2).sum() / (n - 1)
    within = sum(((np.array(row) - mean) ** 2).sum() for row, mean in zip(rows, means, strict=True)) / (
        total - n
    )
    k0 = (total - (r**2).sum() / total) / (n - 1)
    table = [row + [math.nan] * (3 - len(row)) for row in rows]
    expected = (between - within) / (between + (k0 - 1) * within)
    assert agreement.icc(table).value == pytest.approx(expected, abs=1e-14)
    assert agreement.icc(table, form="ICC(k)").value == pytest.approx((between - within) / between)


def test_benchmark_asks_for_certainty():
    """A value of 0.7 with an error of 0.1 is surely moderate, not surely substantial."""
    word, table = agreement.benchmark(Estimate(0.7, 0.1, n_items=43))
    t = stats.t(42)
    below_one = t.cdf(3)
    assert word == "moderate"
    assert table["cumulative"][1] == pytest.approx((below_one - t.cdf(-1)) / below_one)
    assert table["membership"].sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("estimate", "note"),
    [
        (Estimate(1.0, 0.0, n_items=2, note="standard_error_zero"), "standard_error_zero"),
        (Estimate(0.7, 0.0, n_items=43), "standard_error_zero"),
        (Estimate(0.7, n_items=43), "no_standard_error"),
        (Estimate(0.0, n_items=43, note="constant_rater"), "constant_rater"),
        (Estimate(math.nan, note="no_pair"), "no_pair"),
        (Estimate(-math.inf, 0.1, n_items=9, note="denominator_not_positive"), "denominator_not_positive"),
        (Estimate(0.7, 0.01), "one_item"),
        (Estimate(0.7, 0.01, n_items=1), "one_item"),
    ],
)
def test_without_an_error_no_class_is_certain(estimate, note):
    word, table = agreement.benchmark(estimate)
    assert (word, set(table["note"])) == ("", {note})
    assert table[["membership", "cumulative"]].isna().all(axis=None)
    for language in texts.LANGUAGES:
        assert texts.say(f"note.{note}", language)


@pytest.mark.parametrize(
    ("n", "word"), [(2, "fair"), (4, "moderate"), (6, "substantial"), (14, "almost_perfect")]
)
def test_a_class_asks_for_as_many_items_as_could_show_it_if_all_agreed(n, word):
    """0.2^2, 0.4^4, 0.6^6 and 0.8^14 are the first powers below 0.05."""
    found, table = agreement.benchmark(Estimate(0.99, 1e-6, n_items=n))
    assert (found, table["note"][0]) == (word, "" if word == "almost_perfect" else "too_few_items")
    fewer = agreement.benchmark(Estimate(0.99, 1e-6, n_items=n - 1))[0]
    assert fewer != word


def test_a_whole_population_has_its_class_for_sure():
    whole = agreement.gwet_ac([[1, 1]] * 3 + [[2, 2]] * 3, population=6)
    assert agreement.benchmark(whole)[0] == "almost_perfect"


def test_no_resample_is_refused():
    blocks = resampling.bootstrap_weights(np.ones(4), n_resamples=0, rng=np.random.default_rng(1))
    with pytest.raises(StatisticsError, match="n_resamples is 0; at least 1 is needed") as caught:
        next(blocks)
    assert caught.value.values.items() >= {"n_resamples": 0}.items()


@pytest.mark.parametrize("turned", [False, True])
def test_an_estimate_without_errors_is_refused_as_that_and_not_by_its_number_of_items(turned):
    pair = [
        agreement.krippendorff_alpha([[1, 2], [2, 2], [3, 3], [1, 1]]),
        Estimate(0.5, n_raters=2, n_ratings=8),
    ]
    with pytest.raises(StatisticsError) as refused:
        agreement.difference(*pair[:: -1 if turned else 1])
    assert refused.value.values["key"] == "agreement.no_influence"
