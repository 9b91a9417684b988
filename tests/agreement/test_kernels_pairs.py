"""Agreement by category, two raters, and rankings: small cases worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from ogp_analysis import agreement
from ogp_analysis.agreement import concordance, two_raters
from ogp_analysis.agreement.kappas import prepared
from ogp_analysis.errors import StatisticsError

NAN = math.nan
T3 = 3.182446305283708  # Student's t with 3 degrees of freedom, 97.5 per cent

BY_CATEGORY = [[1, 1, 2], [2, 2, NAN], [1, NAN, NAN], [3, 3, 3], [NAN, NAN, NAN]]


def test_agreement_by_category_by_hand():
    """Shares are means over four items; 2/3 of the pairs of the first item differ in 1, and in 2."""
    found = agreement.per_category_agreement(BY_CATEGORY, categories=[1, 2, 3, 4])
    assert [one.share.value for one in found] == pytest.approx([5 / 12, 1 / 3, 1 / 4, 0], rel=1e-14)
    assert [one.specific.value for one in found[:3]] == pytest.approx([1 / 2, 2 / 3, 1], rel=1e-14)
    kappas = [1 - (2 / 9) / (2 * 5 / 12 * 7 / 12), 1 - (2 / 9) / (4 / 9), 1]
    assert [one.kappa.value for one in found[:3]] == pytest.approx(kappas, rel=1e-14)
    assert found[0].share.standard_error == pytest.approx(np.std([2 / 3, 0, 1, 0], ddof=1) / 2, rel=1e-12)
    assert {one.share.n_items for one in found} == {one.specific.n_items for one in found} == {4}
    assert {one.share.n_ratings for one in found} == {9}
    # A share is in [0, 1], a kappa of two ratings an item in [-1, 1].
    assert found[1].share.interval[0] == found[1].specific.interval[0] == 0
    assert found[1].kappa.interval[0] == -1
    assert (found[3].specific.note, found[3].kappa.note) == ("category_unused", "category_unused")


def test_why_agreement_on_a_category_is_undefined():
    everybody = agreement.per_category_agreement([[1, 1], [1, NAN], [1, 1]])[0]
    assert (everybody.kappa.note, everybody.specific.value) == ("no_variation", 1)
    alone = agreement.per_category_agreement([[1, NAN], [NAN, 2]])
    assert [one.specific.note for one in alone] == [one.kappa.note for one in alone] == ["no_pair", "no_pair"]


PAIRS = [["a", "a"], ["a", "b"], ["b", "c"], ["c", None], ["c", "c"], [None, None], ["b", "a"], [None, "a"]]


def test_prevalence_and_bias_by_hand():
    """Of five complete pairs: a 2 and 2, b 2 and 1, c 1 and 2 (first and second rater); two agree."""
    found = agreement.prevalence_bias(PAIRS)
    assert [one.value for one in found.prevalence] == pytest.approx([4 / 5 - 1, 3 / 5 - 1, 3 / 5 - 1])
    assert [one.value for one in found.bias] == pytest.approx([0, 1 / 5, -1 / 5])
    assert (found.prevalence_index, found.bias_index) == (found.prevalence[0], found.bias[0])
    assert found.pabak.value == pytest.approx((3 * 2 / 5 - 1) / 2)
    assert {one.n_items for one in (*found.prevalence, *found.bias)} == {5}
    assert {one.n_ratings for one in (*found.prevalence, *found.bias)} == {10}
    # Sums of both raters less one: 1, 0, -1, -1, 0 for a.
    assert found.prevalence_index.standard_error == pytest.approx(np.std([1, 0, -1, -1, 0], ddof=1) / 5**0.5)
    assert found.bias[1].standard_error == pytest.approx(np.std([0, -1, 1, 0, 1], ddof=1) / 5**0.5)
    assert agreement.prevalence_bias([["a", None], [None, "b"]]).bias_index.note == "no_pair"


def test_an_index_of_bias_stays_above_minus_one():
    """Student's t with 7 degrees of freedom: 2.364624."""
    low, high = agreement.prevalence_bias([[1, 2]] * 7 + [[2, 1]]).bias[1].interval
    error = np.std([1] * 7 + [-1], ddof=1) / math.sqrt(8)
    assert (low, high) == (-1, pytest.approx(-0.75 + 2.3646242515927844 * error, rel=1e-9))


def slow_lin(table):
    """Lin (1989) from the moments, divided by n."""
    x, y = np.array(table, dtype=float).T
    return 2 * np.cov(x, y, ddof=0)[0, 1] / (x.var() + y.var() + (x.mean() - y.mean()) ** 2)


LIN = [[1, 2], [2, 2], [3, 5], [5, 4]]


def test_lins_concordance_and_its_interval():
    """The influence of an item is the slope by its weight, which may be any number here."""
    found = agreement.lin_ccc([*LIN[:2], [NAN, NAN], *LIN[2:]], interval="analytic")
    assert found.value == pytest.approx(slow_lin(LIN), rel=1e-14)
    assert found.precision == pytest.approx(stats.pearsonr(*zip(*LIN, strict=True)).statistic, rel=1e-13)
    assert found.accuracy == pytest.approx(found.value / found.precision, rel=1e-13)
    assert (found.note, found.n_items, found.n_ratings) == ("", 4, 8)
    x, y = np.array(LIN, dtype=float).T - 3.0
    top, below = 2 * (x * y).mean() - 2 * x.mean() * y.mean(), (x**2 + y**2).mean() - 2 * x.mean() * y.mean()
    tops = 2 * (x - x.mean()) * (y - y.mean()) - top
    belows = x**2 + y**2 - 2 * (x * y.mean() + y * x.mean() - x.mean() * y.mean()) - below
    slopes = (tops - top / below * belows) / below / 4
    error = math.sqrt(4 / 3 * (slopes**2).sum())
    assert found.standard_error == pytest.approx(error, rel=1e-12)
    ends = [math.atanh(found.value) + sign * T3 * error / (1 - found.value**2) for sign in (-1, 1)]
    assert found.interval == pytest.approx(np.tanh(ends), rel=1e-9)
    student = agreement.lin_ccc(LIN, interval="jackknife")
    without = [slow_lin(LIN[:place] + LIN[place + 1 :]) for place in range(4)]
    assert student.standard_error == pytest.approx(math.sqrt(3) * np.std(without), rel=1e-12)
    assert student.interval[0] == pytest.approx(student.value - T3 * student.standard_error, rel=1e-9)


def sums(table):
    x, y = np.transpose(table)
    return np.array([len(x), x.sum(), y.sum(), x @ x, y @ y, x @ y])


def test_how_far_lins_concordance_keeps_its_digits():
    """Ratings far from zero, of very different size, and those of a resample that drew one pair only."""
    far = np.array(LIN * 250) + 2000.0
    assert two_raters._concordance(sums(far)) == pytest.approx(slow_lin(LIN), rel=1e-8)
    pearson = stats.pearsonr(*zip(*LIN, strict=True)).statistic
    assert two_raters._correlation(sums(far)) == pytest.approx(pearson, rel=1e-8)
    assert two_raters._correlation(sums(np.array(LIN) * [1e-9, 1e6])) == pytest.approx(pearson, rel=1e-12)
    for size in (0.1, 1.1, 2.3, 4.7):
        assert math.isnan(two_raters._concordance(sums([[size, size]] * 3)))
    assert agreement.lin_ccc(np.array(LIN) + 1e8).value == pytest.approx(slow_lin(LIN), rel=1e-12)


def test_a_concordance_without_spread_has_no_interval():
    """The second rater gives a share of the first one's deviation: no item moves 2 c / (1 + c^2)."""
    for share in (0.5, 0.3, 0.7, 0.2):
        found = agreement.lin_ccc([[-1, -share], [1, share]])
        assert found.value == pytest.approx(2 * share / (1 + share**2), rel=1e-14)
        assert np.isnan([found.standard_error, *found.interval]).all()
        assert found.note == "error_not_seen"


def test_lins_concordance_at_its_edges():
    shifted = agreement.lin_ccc([[1, 2], [2, 3], [3, 4]])
    assert (shifted.precision, shifted.value) == (pytest.approx(1), pytest.approx(4 / 7))
    same = agreement.lin_ccc([[1, 1], [2, 2], [4, 4]])
    assert (same.value, same.interval, same.note) == (
        pytest.approx(1),
        pytest.approx((1, 1)),
        "standard_error_zero",
    )
    opposite = agreement.lin_ccc([[-1, 1], [1, -1], [2, -2], [-2, 2]])
    assert (opposite.value, opposite.note) == (pytest.approx(-1), "error_not_seen")
    flat = agreement.lin_ccc([[1, 3], [2, 3], [3, 3]])
    assert (flat.value, math.isnan(flat.precision), math.isnan(flat.accuracy)) == (0, True, True)
    uncorrelated = agreement.lin_ccc([[1, 1], [1, 2], [2, 1], [2, 2]])
    assert (uncorrelated.value, uncorrelated.precision, math.isnan(uncorrelated.accuracy)) == (0, 0, True)
    equal = agreement.lin_ccc([[2.1, 2.1], [2.1, 2.1]])
    assert (equal.note, math.isnan(equal.precision)) == ("no_variation", True)
    one = agreement.lin_ccc([[1, 2], [NAN, 3]])
    assert (one.value, one.note, one.n_ratings) == (0, "one_item", 2)
    partly = agreement.lin_ccc([*LIN, [NAN, 3]])
    assert (partly.note, partly.n_ratings, partly.interval) == (
        "incomplete_items_dropped",
        8,
        agreement.lin_ccc(LIN).interval,
    )


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ([[1, 2, 3]], "is of two raters, not 3"),
        ([["a", "b"]], "needs numbers, not text"),
        ([[1, NAN], [NAN, 2]], "no pairable ratings: none of 2 items has both"),
    ],
)
def test_what_is_no_pair_of_raters_on_a_scale(table, message):
    for of in (agreement.lin_ccc, agreement.bland_altman):
        with pytest.raises(StatisticsError, match=message):
            of(table)


@pytest.mark.parametrize("share", [0, 1, 1.5])
def test_a_share_outside_0_and_1_is_refused(share):
    with pytest.raises(StatisticsError, match=f"share is {share}; it lies between 0 and 1"):
        agreement.bland_altman(LIN, share=share)


@pytest.mark.parametrize(("share", "level"), [(0.95, 0.95), (0.5, 0.9)])
def test_limits_of_agreement_by_hand(share, level):
    """Differences -1, 0, -2, 1 with mean -0.5 and variance 5/3; scipy's noncentral t for the limits."""
    found = agreement.bland_altman([*LIN, [NAN, NAN]], share=share, confidence_level=level)
    s, z, n = math.sqrt(5 / 3), stats.norm.ppf((1 + share) / 2), 4
    assert (found.bias.value, found.standard_deviation) == (-0.5, pytest.approx(s, rel=1e-14))
    assert (found.mean.tolist(), found.difference.tolist()) == ([1.5, 2, 4, 4.5], [-1, 0, -2, 1])
    assert found.bias.standard_error == pytest.approx(s / 2, rel=1e-14)
    half = stats.t.ppf((1 + level) / 2, 3) * s / 2
    assert found.bias.interval == pytest.approx((-0.5 - half, -0.5 + half), rel=1e-9)
    for one, sign in ((found.lower, -1), (found.upper, 1)):
        assert one.value == pytest.approx(-0.5 + sign * z * s, rel=1e-12)
        assert one.standard_error == pytest.approx(s * math.sqrt(1 / n + z**2 / (2 * (n - 1))), rel=1e-12)
        ends = [stats.nct.ppf(p, n - 1, sign * z * 2) for p in ((1 - level) / 2, (1 + level) / 2)]
        assert one.interval == pytest.approx([-0.5 + end * s / 2 for end in ends], rel=1e-6)
    assert {one.note for one in (found.bias, found.lower, found.upper)} == {""}
    assert {(one.n_items, one.n_raters, one.n_ratings) for one in (found.bias, found.lower)} == {(4, 2, 8)}


def test_limits_of_one_and_of_equal_differences():
    single = agreement.bland_altman([[1, 3], [NAN, 2]])
    assert (single.bias.value, single.bias.note, single.bias.n_ratings) == (-2, "one_item", 2)
    assert math.isnan(single.standard_deviation)
    assert math.isnan(single.lower.value)
    equal = agreement.bland_altman([[1, 3], [2, 4]])
    for one in (equal.bias, equal.lower, equal.upper):
        assert (one.value, one.note) == (-2, "error_not_seen")
        assert np.isnan([one.standard_error, *one.interval]).all()
    alike = agreement.bland_altman([[3, 3], [4, 4]]).bias
    assert (alike.value, alike.standard_error, alike.interval) == (0, 0, (0, 0))
    partly = agreement.bland_altman([[1, 3], [2, 3], [2, NAN]])
    assert {one.note for one in (partly.bias, partly.upper)} == {"incomplete_items_dropped"}
    assert (partly.bias.n_items, partly.bias.n_ratings) == (2, 4)


def slow_w(table):
    """Kendall and Smith (1939) with the correction for ties, from scipy's midranks."""
    n, m = np.shape(table)
    rank = np.apply_along_axis(stats.rankdata, 0, np.array(table))
    ties = sum((np.unique(column, return_counts=True)[1] ** 3.0).sum() - n for column in np.transpose(table))
    return (12 * (rank.sum(axis=1) ** 2).sum() - 3 * m**2 * n * (n + 1) ** 2) / (
        m**2 * n * (n**2 - 1) - m * ties
    )


RANKED = np.array([[1.0, 1, 2], [2, 3, 1], [3, 2, 3], [3, 4, 4], [5, 4, 4]])


def rank_sums(table):
    table = prepared(table)
    return concordance._rank_sums(table, concordance._complete(table))


def test_kendalls_w_of_weighted_items_is_that_of_repeated_ones():
    statistic = rank_sums(RANKED)
    rows = np.array([[1.0, 1, 1, 1, 1], [2, 1, 3, 1, 1], [0, 2, 1, 1, 3]])
    expected = [slow_w(np.repeat(RANKED, row.astype(int), axis=0)) for row in rows]
    values, slopes = statistic.values_and_influence(rows)
    assert values == pytest.approx(expected, rel=1e-12)
    assert statistic.values(rows) == pytest.approx(expected, rel=1e-12)
    without = [slow_w(np.delete(RANKED, place, axis=0)) for place in range(5)]
    assert statistic.without_one() == pytest.approx(without, rel=1e-12)
    for place, step in enumerate(1e-5 * np.eye(5)):
        slope = (statistic.values(rows + step) - statistic.values(rows - step)) / 2e-5
        assert slopes[:, place] == pytest.approx(slope, rel=1e-7, abs=1e-9)
    assert statistic.influence() == pytest.approx(slopes[0], rel=1e-14)


def slope_of_w(step):
    statistic = rank_sums(RANKED)
    return (statistic.values(np.array([1 + 1e-5 * step, 1 - 1e-5 * step])) @ [1, -1]) / 2e-5


@pytest.mark.parametrize("interval", ["analytic", "jackknife", "bootstrap", "studentized"])
def test_incomplete_items_do_not_move_kendalls_w(interval):
    alone = agreement.kendall_w(RANKED, interval=interval, n_resamples=50, rng=1)
    table = [*RANKED[:2], [NAN, 2, 2], *RANKED[2:], [NAN, NAN, NAN]]
    found = agreement.kendall_w(table, interval=interval, n_resamples=50, rng=1)
    assert found.value == pytest.approx(slow_w(RANKED), rel=1e-13)
    assert found.interval == pytest.approx(alone.interval, rel=1e-12)
    assert found.standard_error == pytest.approx(alone.standard_error, rel=1e-12)
    assert (found.n_items, found.n_ratings, found.n_units) == (5, 15, 5)
    assert found.influence[[2, 6]].tolist() == [0, 0]
    slopes = [slope_of_w(step) for step in np.eye(5)]
    assert np.delete(found.influence, [2, 6]) == pytest.approx(slopes, rel=1e-7)
    assert alone.influence == pytest.approx(slopes, rel=1e-7)


def test_kendalls_test_is_friedmans():
    found = agreement.kendall_w(RANKED)
    friedman = stats.friedmanchisquare(*RANKED)
    assert found.chi_square == pytest.approx(friedman.statistic, rel=1e-12)
    assert (found.p_value, found.df) == (pytest.approx(friedman.pvalue, rel=1e-9), 4)
    assert found.note == agreement.kendall_w([*RANKED, [NAN] * 3]).note == ""
    for row in ([1, 2, NAN], [1, NAN, NAN]):
        assert agreement.kendall_w([*RANKED, row]).note == "incomplete_items_dropped"


def test_the_interval_of_kendalls_w_stays_above_zero():
    """Student's t with 4 degrees of freedom: 2.776445."""
    found = agreement.kendall_w(RANKED)
    assert found.interval[0] == pytest.approx(
        found.value - 2.7764451051977987 * found.standard_error, rel=1e-9
    )
    opposed = agreement.kendall_w([[1, 3], [2, 4], [3, 1], [4, 2], [5, 2]])
    assert opposed.interval[0] == 0 < opposed.value < 2.7764451051977987 * opposed.standard_error


def test_where_kendalls_w_is_undefined(monkeypatch):
    assert agreement.kendall_w([[1, 2], [NAN, 2]]).note == "one_item"
    assert agreement.kendall_w([[1, 2], [1, 2], [NAN, 2]]).note == "no_variation"
    monkeypatch.setattr(concordance, "MOST_ITEMS", 5)
    assert agreement.kendall_w(RANKED).n_items == 5
    monkeypatch.setattr(concordance, "MOST_ITEMS", 4)
    for table, message in (
        (RANKED, "5 of 5 items are rated by all; Kendall's W .* takes at most 4"),
        ([[1, NAN], [NAN, 2]], "0 of 2 items"),
        ([["a", "b"]], "Kendall's W needs numbers"),
    ):
        with pytest.raises(StatisticsError, match=message):
            agreement.kendall_w(table)
