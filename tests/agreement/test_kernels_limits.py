"""Resamples, limits and tests of margins on cases worked out by hand, by brute force or by numpy."""

from __future__ import annotations

import importlib
import itertools
import math

import numpy as np
import pytest
from scipy import sparse

from ogp_analysis import agreement
from ogp_analysis.agreement import (
    block_inverse,
    icc_by_reml,
    intervals,
    reml,
    resampling,
)
from ogp_analysis.agreement.icc_by_reml import TwoWayFit
from ogp_analysis.agreement.ratings_table import Ratings
from ogp_analysis.errors import StatisticsError
from tests.agreement.test_kernels_uncertainty import Drawn, uncertainty

# A function of the package hides its module as an attribute.
margins = importlib.import_module("ogp_analysis.agreement.marginal_homogeneity")
NAN = math.nan
FAR = np.array([[0, 1, 10], [1, 0, 1], [10, 1, 0.0]])


def resamples(multiplicity, n_resamples):
    drawn = resampling.bootstrap_weights(
        np.array(multiplicity, dtype=float), n_resamples=n_resamples, rng=np.random.default_rng(1)
    )
    return list(drawn)


@pytest.mark.parametrize(
    ("multiplicity", "cells", "sizes"),
    [
        ([1, 1, 1, 1], 10, [2, 2, 2, 1]),
        ([1, 1, 1, 1], 3, [1] * 7),
        ([4, 4], 16, [2, 2, 2, 1]),
        ([40, 40], 6, [3, 3, 1]),
        ([1, 1, 1, 1], 10**6, [7]),
    ],
)
def test_no_more_cells_are_held_than_allowed(monkeypatch, multiplicity, cells, sizes):
    """Seven resamples; of units where each pattern has few, of patterns where it has many."""
    monkeypatch.setattr(resampling, "CELLS", cells)
    monkeypatch.setattr(resampling, "DRAWS", 3)
    blocks = resamples(multiplicity, 7)
    assert [len(block) for block in blocks] == sizes
    assert (np.concatenate(blocks).sum(axis=1) == sum(multiplicity)).all()


@pytest.mark.parametrize("n", [2, 256, 257, 300, 70_000])
def test_any_number_of_units_can_be_drawn(n):
    [block] = resamples(np.ones(n), 1)
    assert block.sum() == n
    # The largest share of units not drawn tends to 1 / e; of 257 and more five errors are below a tenth.
    assert n < 257 or abs((block == 0).mean() - math.exp(-1)) < 0.1
    assert n < 257 or block[0, n // 2 :].sum() > n / 3


FLAT = {"left_out": np.array([0.5, 0.5, 0.5]), "multiplicity": np.ones(3)}


@pytest.mark.parametrize("value", [0.0, 0.3, -0.3, 1000.3])
def test_a_resample_that_only_rounding_parts_from_the_value_is_a_tie(value):
    offsets = np.array([-0.2, -0.1, 0, 0, 0, 0.1, 0.2, 0.3, 0.4])
    noise = np.array([0, 0, 1, 1, -1, 0, 0, 0, 0]) * max(5.6e-17, np.spacing(abs(value)))
    for level in (0.5, 0.9):
        options = {"confidence_level": level, **FLAT}
        exact = resampling.bca_interval(value + offsets, value, **options)
        assert resampling.bca_interval(value + offsets + noise, value, **options) == pytest.approx(exact)


def test_half_of_the_ties_lie_below_and_equal_left_out_values_accelerate_nothing():
    resampled = np.array([-1.0, 0, 0, 0, 1])
    found = resampling.bca_interval(resampled, 0.0, confidence_level=0.9, **FLAT)
    assert found == pytest.approx(resampling.percentile_interval(resampled, confidence_level=0.9))


def test_resamples_on_one_side_of_the_value_have_no_limits_corrected_for_bias():
    error, limits, note = uncertainty(Drawn([0.6, 0.7, 0.9]), "bca")
    assert note == "resamples_one_side"
    assert np.isnan(limits).all()
    assert error == pytest.approx(np.std([0.6, 0.7, 0.9], ddof=1) / 2)


def test_least_values_of_coefficients():
    assert intervals.least_of_pairs(np.array([4, 1, 3])) == -0.5
    assert intervals.least_of_pairs(np.array([1, 1])) == -math.inf
    two = np.array([2, 2])
    assert intervals.least_kappa(two, FAR, "quadratic") == -1
    assert intervals.least_kappa(two, FAR, "own weights") == -math.inf
    assert intervals.least_kappa(two, np.minimum(FAR, 4), "own weights") == -1
    for q in (2, 5):
        assert intervals.least_by_chance(np.eye(q)) == pytest.approx(-1 / (q - 1))
    assert intervals.least_by_chance(np.array([[1, 0.5], [0.5, 1]])) == -1
    assert intervals.least_by_chance(np.ones((3, 3))) == -math.inf


def test_squared_distances_are_known_at_any_scale(monkeypatch):
    points = np.random.default_rng(1).normal(size=(6, 2))
    squared = ((points[:, None] - points) ** 2).sum(axis=-1)
    for scale in (1e-12, 1.0, 1e12):
        assert intervals.are_squared_distances(scale * squared)
        assert not intervals.are_squared_distances(scale * FAR)
    assert intervals.are_squared_distances(np.zeros((2, 2)))
    # No three points lie as far apart as one of them alone lies off: two steps of 1, and 4.5 in one.
    assert not intervals.are_squared_distances(np.minimum(FAR, 4.5))
    monkeypatch.setattr(intervals, "MOST_CHECKED", 3)
    assert intervals.are_squared_distances(np.zeros((3, 3)))
    assert intervals.are_squared_distances(np.zeros((4, 4))) is False


def quadratic_form(table):
    """Stuart and Maxwell's Q by numpy, over the categories that met another one."""
    table = np.array(table, dtype=float)
    apart = table.sum(axis=1) - table.sum(axis=0)
    met = table + table.T
    np.fill_diagonal(met, 0)
    return float(apart @ np.linalg.pinv(np.diag(met.sum(axis=1)) - met) @ apart)


def by_coins(table):
    """Share of the ways to swap the ratings of each item whose Q is as large."""
    items = [(i, j) for i, j in np.ndindex(np.shape(table)) if i != j for _ in range(int(table[i][j]))]
    reached = 0
    for coins in itertools.product((False, True), repeat=len(items)):
        swapped = np.zeros(np.shape(table))
        for (i, j), coin in zip(items, coins, strict=True):
            swapped[(j, i) if coin else (i, j)] += 1
        reached += quadratic_form(swapped) >= quadratic_form(table) - 1e-9
    return reached / 2 ** len(items)


TABLES = [
    [[1, 3, 0], [1, 0, 2], [0, 0, 1]],
    [[0, 2, 1], [0, 2, 1], [1, 1, 0]],
    [[2, 1], [1, 2]],
    [[1, 1], [0, 0]],
    [[3, 0, 0], [0, 1, 4], [0, 0, 1]],
]


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_exact_tests_of_margins_are_those_by_coins(monkeypatch, table):
    """Counted while the tables are no more than allowed; drawn beyond, with ties as ties."""
    found = agreement.marginal_homogeneity(agreement.from_table(table))
    assert found.statistic == pytest.approx(quadratic_form(table), abs=1e-12)
    assert (found.p_exact, found.exact_by) == (pytest.approx(by_coins(table)), margins.EXACT)
    met = (np.array(table) + np.transpose(table))[np.triu_indices(len(table), k=1)]
    number = int(np.prod(met + 1))
    monkeypatch.setattr(margins, "MOST_TABLES", number)
    assert agreement.marginal_homogeneity(agreement.from_table(table)).exact_by == margins.EXACT
    monkeypatch.setattr(margins, "MOST_TABLES", number - 1)
    drawn = agreement.marginal_homogeneity(agreement.from_table(table), n_resamples=2000)
    assert drawn.exact_by == margins.DRAWN
    # Five standard errors; a share of 1 has none.
    share = by_coins(table)
    assert drawn.p_exact == pytest.approx(
        share, abs=1e-12 + 5 * math.sqrt(share * (1 - share) / 2000) + (share < 1) / 2001
    )


def test_margins_of_nobody_who_differs_and_of_all_who_do():
    assert agreement.marginal_homogeneity([[1, 1], [2, 2]], n_resamples=1).p_exact == 1
    apart = agreement.marginal_homogeneity(agreement.from_table([[0, 5], [0, 0]]), method="bhapkar")
    assert apart.statistic == math.inf


@pytest.mark.parametrize(("first", "second"), [(2, 2), (1, 5), (0, 3), (4, 0), (0, 0)])
def test_the_sign_test_is_that_of_a_coin(first, second):
    n = first + second
    tail = sum(math.comb(n, k) for k in range(min(first, second) + 1)) / 2**n
    assert margins._sign_test(first, second) == pytest.approx(min(1.0, 2 * tail))
    assert margins._sign_test(first, second) <= 1


@pytest.mark.parametrize("n", [1, 2, 64, 65, 129, 200])
@pytest.mark.parametrize("density", [0.0, 0.01, 0.3])
def test_inverses_of_any_size_and_fullness_are_those_of_numpy(n, density):
    random = np.random.default_rng(n)
    entries = np.where(random.random((n, n)) < density, random.random((n, n)), 0.0)
    matrix = entries @ entries.T + np.eye(n)
    same_inverse(matrix)


def test_a_band_of_which_few_rows_go_at_once_has_the_inverse_of_numpy():
    same_inverse(3 * np.eye(200) + np.eye(200, k=1) + np.eye(200, k=-1))


def same_inverse(matrix):
    found, log_determinant = block_inverse.inverse(sparse.csr_array(matrix))
    np.testing.assert_allclose(found, np.linalg.inv(matrix), atol=1e-12)
    assert log_determinant == pytest.approx(np.linalg.slogdet(matrix)[1], abs=1e-9)


ROWS = [[1, 2, NAN, 3], [4, 5, 4, NAN], [2, NAN, 1, 2], [5, 5, 4, 5], [3, 1, NAN, NAN], [2, NAN, NAN, NAN]]


@pytest.mark.parametrize("form", ["ICC(A,1)", "ICC(C,1)", "ICC(A,k)"])
def test_incomplete_ratings_in_hundredths_have_the_same_correlations(form):
    rows = np.array(ROWS)
    whole, parts = (agreement.icc(rows * unit, form=form) for unit in (1, 0.01))
    assert math.isfinite(whole.interval[0])
    assert (parts.value, *parts.interval) == pytest.approx((whole.value, *whole.interval), rel=1e-6)


def test_ratings_an_item_are_counted_over_items_with_ratings():
    """(N - sum of n_i^2 / N) / (items - 1): counts 3, 3, 3, 4, 2 and 1, sixteen in all."""
    counts = np.array([3, 3, 3, 4, 2, 1])
    expected = (16 - (counts**2).sum() / 16) / 5
    for more in ([], [[NAN] * 4], [[NAN] * 4] * 3):
        assert icc_by_reml.fit(Ratings(np.array(ROWS + more))).k == pytest.approx(expected)
    assert icc_by_reml.fit(Ratings(np.array([[1.0, 3.0], [2.0, 6.0]]))).k == 2


@pytest.mark.parametrize(
    ("of_item", "of_rater", "there"),
    [
        (-0.5, -0.5, True),
        (-2.0, -2.0, True),
        (0.5, -0.5, False),
        (-0.5, 0.5, False),
        (-0.0, -0.5, False),
        (-0.5, -0.0, False),
    ],
)
def test_mean_squares_need_covariances_below_zero(of_item, of_rater, there):
    covariance = np.array([[3.0, 0.1, of_item], [0.1, 3.0, of_rater], [of_item, of_rater, 1.0]])
    made = TwoWayFit(1.0, 1.0, 1.0, covariance, 2.0, nested=False).mean_squares()
    assert (made is not None) == there


def test_variances_that_are_not_told_apart_have_no_error():
    assert math.isnan(TwoWayFit(1.0, 1.0, 1.0, None, 2.0, nested=False).standard_error("ICC(A,1)"))
    for information in ([[1.0, NAN], [NAN, 1.0]], [[1.0, 1.0], [1.0, 1.0]]):
        assert icc_by_reml._inverse(np.array(information)) is None
    known = np.array([[2e-8, 1e-4], [1e-4, 3.0]])
    np.testing.assert_allclose(icc_by_reml._inverse(known) @ known, np.eye(2), atol=1e-9)
    assert np.isnan(reml._roots_of_inverse(np.zeros((2, 2)))).tolist() == [True, True]


def test_the_smallest_difference_of_ratings_with_gaps():
    """Pairs that differ by 1, 1, 0 and 2: squares 0.5 + 0.5 + 0 + 2 on four degrees of freedom."""
    rows = [[1, 2], [3, 2], [NAN, 1], [4, 4], [5, 3]]
    found = agreement.smallest_difference(rows, tolerance=1)
    error, times = math.sqrt(0.75), 1.959963984540054 * math.sqrt(2)
    assert found.error.value == pytest.approx(error)
    assert found.error.standard_error == pytest.approx(error / math.sqrt(8))
    # Chi-square with four degrees of freedom: 0.4844 and 11.1433, of any table.
    limits = math.sqrt(3 / 11.143286781877796), math.sqrt(3 / 0.4844185570879301)
    assert found.error.interval == pytest.approx(limits)
    assert found.difference.interval == pytest.approx((times * limits[0], times * limits[1]))
    assert found.share_beyond == pytest.approx(math.erfc(1 / (math.sqrt(2) * error) / math.sqrt(2)))


def test_without_a_pair_or_a_difference_the_smallest_difference_is_not_known_or_nothing():
    assert math.isnan(agreement.smallest_difference([[1, NAN], [NAN, 2]], tolerance=1).share_beyond)
    equal = agreement.smallest_difference([[1, 1], [2, 2]], tolerance=1)
    assert (equal.error.value, equal.error.standard_error, *equal.error.interval) == (0, 0, 0, 0)
    assert equal.share_beyond == 0


def test_a_large_model_is_polished_too(monkeypatch):
    """To the same variances as a small one, but for the last digits."""
    rows = np.array(ROWS)
    item, rater = np.nonzero(~np.isnan(rows))
    model = reml.Mixed(rows[item, rater], {"item": item, "rater": rater})
    start = np.array([1.9, 0.3, 0.5])
    small = reml.polished(model, start)
    monkeypatch.setattr(reml, "FEW", 0)
    assert reml.polished(model, start) == pytest.approx(small, rel=1e-7)
    assert np.abs(small / start - 1).max() > 0.01


def test_the_concordance_of_two_ends_at_minus_one_and_at_one():
    apart = [[1, 5], [2, 4], [4, 2], [5, 2]]
    found = agreement.lin_ccc(apart, interval="jackknife", confidence_level=0.99)
    assert (found.interval[0], found.least) == (-1, -1)
    for interval in ("analytic", "fisher", "jackknife"):
        alike = agreement.lin_ccc([[1, 1], [2, 2], [4, 4]], interval=interval)
        assert (alike.value, *alike.interval, alike.least) == (1, 1, 1, -1)


def test_a_difference_that_is_always_nothing_has_no_error():
    found = agreement.bland_altman([[1, 1], [2, 2]])
    assert (found.bias.value, found.bias.note) == (0, "standard_error_zero")


def test_a_rater_of_two_values_varies():
    found = agreement.kendall_w([[1, 1], [1, 3], [2, 4], [2, 2], [1, 2], [2, 5]])
    assert found.note == ""
    assert math.isfinite(found.p_value)


def test_numbers_are_no_categories_in_words():
    with pytest.raises(StatisticsError) as refused:
        agreement.percent_agreement([[1, 2], [2, 2]], categories=["a", "b"])
    assert refused.value.values["key"] == "agreement.outside"
