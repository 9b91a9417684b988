"""No coefficient depends on the unit of distance, and a difference counts every cluster that was drawn."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from ogp_analysis import agreement
from ogp_analysis.errors import StatisticsError

NAN = math.nan


def test_a_far_unused_category_costs_no_digits_where_distances_are_below_one():
    """0 and 1/2 are used, a million is not: two categories, so kappa is that of a table of two by two."""
    table = [[0, 0]] * 7 + [[0, 0.5]] * 2 + [[0.5, 0]] + [[0.5, 0.5]] * 3
    observed, expected = Fraction(10, 13), Fraction(9 * 8 + 4 * 5, 13 * 13)
    kappa = 1 - (1 - observed) / (1 - expected)
    found = agreement.cohen_kappa(table, weights="quadratic", categories=[0, 0.5, 1e6])
    assert found.value == pytest.approx(float(kappa), abs=1e-14)  # a few roundings


def test_alpha_of_two_near_values_is_that_of_two_names():
    """With two values every metric is a multiple of the nominal one, and alpha has no unit."""
    ratings = np.array([[1, 1], [1, 1], [2, 2], [1, 2], [2, 1], [2, 2]])
    near = np.where(ratings == 1, 1.0, 1.0 + 2.0**-20)
    for measurement in ("ratio", "interval"):
        found = agreement.krippendorff_alpha(near, measurement=measurement).value
        # 11 * 4 / 72: n - 1 times the disagreeing pairs over the expected ones (6 ratings of each value).
        assert found == pytest.approx(1 - 11 * 4 / 72, abs=1e-9)  # the values are near: digits cancel


@pytest.mark.parametrize("turned", [False, True])
def test_a_difference_counts_the_clusters_of_the_coefficient_that_used_more(turned):
    clusters = ["a", "a", "b", "b", "c", "c", "d", "d"]
    whole = [[1, 1], [1, 2], [2, 2], [2, 2], [3, 1], [3, 3], [1, 1], [2, 1]]
    short = [*whole[:6], [NAN, NAN], [NAN, NAN]]
    short[0] = [1, 2]
    one, other = (agreement.percent_agreement(rows, cluster=clusters) for rows in (whole, short))
    assert (one.n_units, other.n_units) == (4, 3)
    first, second = (other, one) if turned else (one, other)
    assert agreement.difference(first, second).n_units == 4


def test_an_infinite_distance_is_no_measurement():
    distances = [[0, math.inf], [math.inf, 0]]
    with pytest.raises(StatisticsError, match="finite, symmetric, 0 on the diagonal"):
        agreement.krippendorff_alpha([[1, 1], [2, 2], [1, 2]], measurement=distances)
