"""Is one of two raters higher: Stuart and Maxwell, Bhapkar, exact tables, direction."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ogp_analysis import agreement
from ogp_analysis.errors import StatisticsError

# Tables and results of R in statsmodels 0.15.0, statsmodels/stats/tests/test_contingency_tables.py and
# results/contingency_table_r_results.csv beside it (homog_stat, homog_df).
BY_R = [
    ([[23, 15], [19, 31]], 0.470588235294118, 1),
    ([[144, 33, 84, 126], [2, 4, 14, 29], [0, 2, 6, 25], [0, 0, 1, 5]], 271.922246968262, 3),
    ([[20, 10, 5], [3, 30, 15], [0, 5, 40]], 13.7647058823529, 2),
    # R's coin prints 12.1387, https://github.com/dwoll/RExRepos content/posts/npStuartMaxwell.md.
    ([[14, 7, 9], [5, 26, 19], [1, 7, 12]], 12.1387, 2),
]


@pytest.mark.parametrize(("table", "statistic", "df"), BY_R)
def test_statistics_are_those_of_r(table, statistic, df):
    found = agreement.marginal_homogeneity(agreement.from_table(table))
    assert found.statistic == pytest.approx(statistic, rel=5e-6)
    assert found.df == df
    assert found.p_value == pytest.approx(stats.chi2.sf(found.statistic, df), rel=1e-12)


@pytest.mark.parametrize(("table", "statistic", "df"), BY_R)
def test_bhapkar_is_statsmodels(table, statistic, df):
    from statsmodels.stats.contingency_tables import SquareTable

    theirs = SquareTable(np.array(table), shift_zeros=False).homogeneity(method="bhapkar")
    found = agreement.marginal_homogeneity(agreement.from_table(table), method="bhapkar")
    assert (found.statistic, found.p_value) == pytest.approx((theirs.statistic, theirs.pvalue), rel=1e-9)
    n = np.sum(table)
    assert found.statistic == pytest.approx(statistic / (1 - statistic / n), rel=1e-5)
    assert found.df == df


def test_of_two_categories_the_exact_test_is_the_binomial_of_mcnemar():
    """R's homog_binom_p of the first table: 0.60759136127308."""
    found = agreement.marginal_homogeneity(agreement.from_table(BY_R[0][0]))
    assert (found.p_exact, found.exact_by) == (pytest.approx(0.60759136127308, rel=1e-12), "exact")
    assert found.p_higher == pytest.approx(0.60759136127308, rel=1e-12)
    assert (found.first_higher, found.second_higher) == (19, 15)


def test_the_exact_distribution_is_that_of_all_swaps():
    """Seven items that differ: each of 2^7 ways to swap their ratings, one by one."""
    pairs = [(1, 2), (1, 3), (2, 3), (1, 2), (3, 1), (2, 1), (1, 3), (2, 2), (3, 3)]
    statistic = agreement.marginal_homogeneity(pairs).statistic
    reached = 0
    for swaps in itertools.product((False, True), repeat=7):
        turned = [pair[::-1] if swap else pair for pair, swap in zip(pairs[:7], swaps, strict=True)]
        other = agreement.marginal_homogeneity([*turned, *pairs[7:]], categories=[1, 2, 3]).statistic
        reached += other >= statistic - 1e-9
    found = agreement.marginal_homogeneity(pairs)
    assert found.p_exact == pytest.approx(reached / 2**7, rel=1e-12)


def test_many_tables_are_drawn_and_near_the_chi_square():
    rng = np.random.default_rng(7)
    table = rng.integers(1, 7, (400, 2))
    found = agreement.marginal_homogeneity(table, n_resamples=4000)
    assert found.exact_by == "drawn"
    assert abs(found.p_exact - found.p_value) < 0.03
    assert found.p_exact == agreement.marginal_homogeneity(table, n_resamples=4000).p_exact


def test_the_same_margins_differ_in_nothing_and_equal_ratings_have_no_test():
    same = agreement.marginal_homogeneity([[1, 2], [2, 3], [3, 1]])
    assert (same.statistic, same.p_value, same.p_exact, same.note) == (
        pytest.approx(0, abs=1e-12),
        1.0,
        1.0,
        "",
    )
    alike = agreement.marginal_homogeneity([[1, 1], [2, 2]])
    assert (alike.statistic, alike.df, alike.p_value, alike.note) == (0.0, 0, 1.0, "no_disagreement")


def test_a_category_with_equal_margins_stays():
    """R's irr and DescTools drop it (cran/DescTools, R/StuartMaxwellTest.R: "dump any categories"); by hand:
    d = (1, 0, -1) and V = [[3, -1, -2], [-1, 2, -1], [-2, -1, 3]], so Q = 2 / 5."""
    found = agreement.marginal_homogeneity(agreement.from_table([[5, 1, 1], [0, 5, 1], [1, 0, 5]]))
    assert (found.statistic, found.df) == (pytest.approx(2 / 5), 2)


def test_shares_labels_and_gaps():
    table = pd.DataFrame({"a": ["low", "high", "low", None], "b": ["high", "high", "low", "low"]})
    found = agreement.marginal_homogeneity(table, categories=["low", "high"])
    assert found.n_items == 3
    assert found.shares["category"].tolist() == ["low", "high"]
    assert found.shares["difference"].tolist() == pytest.approx([1 / 3, -1 / 3])
    assert (found.first_higher, found.second_higher) == (0, 1)
    unordered = agreement.marginal_homogeneity(table)
    assert math.isnan(unordered.p_higher)
    assert (unordered.first_higher, unordered.second_higher) == (0, 0)


def test_a_falling_scale_of_numbers_turns_nothing_round():
    found = agreement.marginal_homogeneity([[3, 1], [2, 1], [1, 1]], categories=[3, 2, 1])
    assert (found.first_higher, found.second_higher) == (2, 0)


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (lambda: agreement.marginal_homogeneity([[1, 2], [2, 2]], method="bowker"), "statistics.word"),
        (lambda: agreement.marginal_homogeneity([[1, None], [None, 2]]), "agreement.no_complete_pair"),
        (lambda: agreement.marginal_homogeneity([[1, 2], [2, 2]], n_resamples=0), "statistics.whole"),
    ],
)
def test_refusals(call, key):
    with pytest.raises(StatisticsError) as refused:
        call()
    assert refused.value.values["key"] == key
    assert refused.value.say("es") != str(refused.value)
