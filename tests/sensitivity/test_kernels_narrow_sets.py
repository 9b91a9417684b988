"""Allowed weights hardly wider than rounding: shares by the areas and lengths that they have on paper."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ogp_analysis.errors import StatisticsError
from ogp_analysis.sensitivity import simplices
from ogp_analysis.sensitivity.constrained import interval_probability, polytope_probability

E = 1e-9
STRIP = np.array([[1.0, 0, 0]]), np.array([E])


def test_a_strip_is_cut_into_two_triangles_of_its_length():
    """The first weight at most E: between sides of length 1 and 1 - E, which part the area as 1 to 1 - E."""
    shares, corners = simplices.polytope_simplices(*STRIP)
    assert sorted(shares) == pytest.approx([(1 - E) / (2 - E), 1 / (2 - E)], rel=1e-12)
    ends = {tuple(corner) for piece in corners.tolist() for corner in piece}
    assert ends == {(0, 1, 0), (0, 0, 1), (E, 1 - E, 0), (E, 0, 1 - E)}
    # Its area as a share of all weightings: 1 - (1 - E)^2.
    assert simplices.polytope_volume(*STRIP) == pytest.approx(2 * E - E**2, rel=1e-12, abs=0)


@pytest.mark.parametrize("e", [1e-7, 1e-9, 1e-12, 5e-14])
def test_a_wedge_is_as_wide_as_the_second_weight_however_thin_it_is(e):
    """The first at most e times the second: of the wedge a quarter lies below a second weight of a half."""
    share = polytope_probability([[3, 5, 1]], [3], normals=[[1, -e, 0]], bounds=[0])
    assert share == pytest.approx(np.array([[0.75]]), abs=2 * e + 1e-12)


def test_constraints_that_nearly_meet_where_no_weights_are_allowed_make_nothing_narrow():
    """At most a half: that two more bounds lie within E of each other beyond it decides nothing."""
    normals, bounds = np.array([[1.0, 0]] * 3), np.array([0.5, 0.7, 0.7 + E])
    assert simplices.narrow_pieces(normals, bounds) == []
    shares, corners = simplices.polytope_simplices(normals, bounds)
    assert (shares.tolist(), sorted(corners[0].round(12).tolist())) == ([1], [[0, 1], [0.5, 0.5]])
    # Within E of each other at the end of what is allowed they are narrow.
    assert simplices.narrow_pieces(normals[1:], bounds[1:]) != []


def test_what_takes_rationals_too_long_is_refused_and_rounding_is_not(monkeypatch):
    """Two weights at least 0, the first at most a bound: three systems of two equations."""
    normal = np.array([[1.0, 0]])
    monkeypatch.setattr(simplices, "LARGEST_EXACT", 3)
    assert len(simplices.narrow_pieces(normal, np.array([E]))) == 1
    assert len(simplices.narrow_pieces(normal, np.array([5e-14]))) == 1
    monkeypatch.setattr(simplices, "LARGEST_EXACT", 2)
    with pytest.raises(StatisticsError) as refused:
        simplices.narrow_pieces(normal, np.array([E]))
    assert (refused.value.values["key"], refused.value.values["constraints"]) == ("sensitivity.narrow", 3)
    for wide in (5e-14, 2e-6):
        assert simplices.narrow_pieces(normal, np.array([wide])) == []


def test_near_bounds_of_two_weights_beside_a_wide_one_make_a_triangle():
    """Halves, of which the second may be 2^-37 less: what is left goes to any of the three.

    In parts v of what is left, 5, 1 and 3 have a mean of 3 + 2^-37 (4 v1 + 2 v3), as v adds up to 1. It
    reaches 3 + 2 * 2^-37 where v1 >= v2: half of the triangle.
    """
    e = 2.0**-37
    share = interval_probability([[5, 1, 3]], [3, 3 + 2 * e], low=[0.5, 0.5 - e, 0], high=[0.5 + e, 0.5, 1])
    assert share[0] == pytest.approx([1, 0.5], abs=1e-4)


def test_bounds_that_their_texts_make_one_stay_apart():
    """All within 2^-50 of a quarter: half of the box by symmetry."""
    q = 2.0**-50
    assert interval_probability([[1, 5, 2, 4]], [3], low=0.25 - q, high=0.25 + q)[0, 0] == 0.5
    # Also beside a fixed weight.
    fixed = interval_probability(
        [[3, 1, 5]], [3], low=[0.5, 0.25 - q, 0.25 - q], high=[0.5, 0.25 + q, 0.25 + q]
    )
    assert fixed[0, 0] == 0.5
    # With u in [0, 1] and v, -u - v in [-4, 4], in units of q: 4 u + 2 v >= 0 for 4 + u of 8 - u.
    low, high = [0.25, 0.25 - 4 * q, 0.5 - 4 * q], [0.25 + q, 0.25 + 4 * q, 0.5 + 4 * q]
    share = interval_probability([[5, 3, 1]], [2.5], low=low, high=high)
    assert share[0, 0] == pytest.approx(4.5 / 7.5, abs=1e-12)


@pytest.mark.parametrize(
    ("low", "high"),
    [
        ([0.1 - E, 0, 0], [0.1, 0.2, 0.7]),
        ([0.1 - E, 0.2 - E, 0], [0.1, 0.2, 0.7]),
        ([0.1, 0.2, 0.7], [0.1 + E, 0.2, 0.7]),
        ([0.1, 0.2, 0.7], [0.1 + E, 1, 1]),
        ([0.1, 0.2, 0.7 - E], [0.1, 0.2, 0.7]),
    ],
)
def test_one_weighting_that_is_left_reaches_a_cut_or_does_not(low, high):
    """Upper or lower bounds that add up to 1: 0.1, 0.2 and 0.7 have a mean of 0.1 + 0.6 + 3.5 = 4.2."""
    shares = interval_probability([[1, 3, 5]], [3, 4.2, 4.2 + 1e-6, math.pi], low=low, high=high)
    assert shares.tolist() == [[1, 1, 0, 1]]
