"""Mean squares at their edges, whatever the unit of the ratings, and numbers that only rounding parts."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from ogp_analysis.agreement import mean_squares, rounding_noise
from ogp_analysis.agreement.mean_squares import MeanSquares
from ogp_analysis.agreement.ratings_table import Ratings


def squares(between, within, raters=math.nan):
    return MeanSquares(*map(np.array, (between, within, raters, 6.0, 3.0, 5.0, 12.0)))


@pytest.mark.parametrize("unit", [1e-8, 1.0, 1e8])
def test_the_correlation_of_means_falls_to_minus_infinity_in_any_unit(unit):
    """(MSR - MSW) / MSR; what rounding leaves of an MSR of 0 is 0."""
    for between in (0.0, 1e-14):
        assert mean_squares.one_way_mean(squares(between * unit, unit)) == -math.inf
    assert mean_squares.one_way_mean(squares(0.1 * unit, unit)) == pytest.approx(-9)
    assert math.isnan(mean_squares.one_way_mean(squares(0.0, 0.0, 5.0 * unit)))


def test_the_mean_of_ratings_at_the_pole():
    assert mean_squares.of_mean(-0.5, 3.0) == mean_squares.of_mean(-0.6, 3.0) == -math.inf
    assert mean_squares.of_mean(0.5, 3.0) == 0.75
    limits = mean_squares.f_interval(squares(0.0, 1.0, 2.0), "ICC(C,k)", -math.inf, confidence_level=0.95)
    assert limits == (-math.inf, -math.inf)


@pytest.mark.parametrize(("over", "under"), [(100, 100), (5, 12), (300, 200)])
@pytest.mark.parametrize("level", [0.1, 0.5, 0.95])
def test_quantiles_of_f_are_those_of_scipy_but_never_below_one(over, under, level):
    wanted = max(1.0, stats.f.ppf((1 + level) / 2, over, under))
    assert mean_squares._f_quantile(over, under, level) == pytest.approx(wanted)


@pytest.mark.parametrize("unit", [1e-8, 1.0, 1e8])
def test_items_of_equal_means_have_a_mean_square_of_nothing(unit):
    """Sums over three items of three ratings (two for both raters), off by the last bit of one of them."""
    off = 1 + 4e-16
    for within in (0.0, 50.0):
        one_way = mean_squares.one_way(
            np.array([3.0, 9.0, 27.0, 3.0 * unit, off * unit**2, within * unit**2])
        )
        assert one_way.between == 0
        two_way = mean_squares.two_way(
            np.array([3.0, 3.0 * unit, 3 * off * unit**2, within * unit**2, 3.0 * unit, 3.0 * unit])
        )
        assert two_way.between == 0
        assert two_way.within == pytest.approx(within * unit**2 / 2)


def test_what_is_small_beside_the_whole_is_cleared_and_nothing_else():
    left, whole = np.array([1e-9, 1e-9, -1.0, 2.0]), np.array([1e6, 1e-6, 1.0, 3.0])
    assert mean_squares._cleared(left, whole).tolist() == [0, 1e-9, 0, 2]


@pytest.mark.parametrize("shift", [0.0, 1000.0, 1e6])
def test_sums_in_tenths_are_the_tenths_that_were_meant(shift):
    tenth, fifth = 0.1, 0.2
    noisy, meant = shift + tenth + fifth, float(f"{shift + 0.3:.15g}")
    # A small number and a third beside them stay what they are.
    rows = np.array([[np.nextafter(meant, 9e9), meant], [1 / 3, 0.001], [np.nan, noisy]])
    found = rounding_noise.without_noise(rows)
    assert found[0].tolist() == [meant, meant]
    assert found[1].tolist() == [1 / 3, 0.001]
    assert (math.isnan(found[2, 0]), found[2, 1]) == (True, meant)


def test_of_two_that_were_typed_rounding_goes_to_the_nearer():
    low, high = 1.0000000000001, 1.0000000000004
    above = np.nextafter(np.nextafter(high, 2), 2)
    assert rounding_noise.without_noise(np.array([[low, high, above, 0.5]])).tolist() == [
        [low, high, high, 0.5]
    ]


@pytest.mark.parametrize(
    ("value", "allowed", "nearest"),
    [
        (1.000000000001, [1.0, 100.0], 1.000000000001),
        (2.5, [], 2.5),
        (1 / 3, [], 1 / 3),
        (100.3 + 2e-14, [100.3, 1000.0], 100.3),
        (0.1 + 0.2 - 0.3, [0.0, 5.0], 0.0),
        (1 / 3, [0.3, 0.4], 1 / 3),
    ],
)
def test_a_rating_is_the_declared_number_that_rounding_parts_it_from(value, allowed, nearest):
    assert rounding_noise.nearest(value, np.array(allowed)) == nearest


def test_ratings_are_counted_from_the_centre():
    """From 3 the ratings 1 and 3 are -2 and 0, their mean is -1; 4 and 4 are 1 and 1."""
    table = Ratings(np.array([[1.0, 3.0], [4.0, 4.0]]))
    one_way = mean_squares.one_way_terms(table, centre=3.0)[0]
    assert one_way.tolist() == [[1, 2, 4, -2, 2, 2], [1, 2, 4, 2, 2, 0]]
    two_way = mean_squares.two_way_terms(table, centre=3.0)[0]
    assert two_way.tolist() == [[1, -1, 1, 2, -2, 0], [1, 1, 1, 0, 1, 1]]
