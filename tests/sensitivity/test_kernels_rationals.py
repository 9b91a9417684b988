"""What is decided on rationals: signs at cuts of any size, rows with noise, volumes and determinants."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

from ogp_analysis.model.exact_numbers import exact
from ogp_analysis.sensitivity import ties

E = Fraction(1, 10**12)
OFFSETS = [0.0, 1e-16, 4e-16, 1e-13, 1e-10, 1e-7, 1e-3, 1.0, 2.0]


@pytest.mark.parametrize("cut", [0.0, 1e-3, 0.3, 1.0, 2.5, -2.5, 7 / 3, 1_000_000.1, 3e9])
def test_values_stand_to_a_cut_as_their_decimal_texts_do(cut):
    """On the cut, beside it by the last bit, and by a difference that someone wrote."""
    values = [cut + sign * offset for offset in OFFSETS for sign in (-1, 1)]
    values += [np.nextafter(cut, 9e9), np.nextafter(cut, -9e9), cut * (1 + 3e-10)]
    expected = [(exact(v) > exact(cut)) - (exact(v) < exact(cut)) for v in values]
    assert ties.signs(values, cut).tolist() == expected
    above = ties.above(np.array(values), cut)
    assert np.sign(above).tolist() == expected
    assert above[np.array(expected) != 0] == pytest.approx((np.array(values) - cut)[np.array(expected) != 0])
    # Alone too: whether others are near decides nothing.
    for value, sign in zip(values, expected, strict=True):
        assert (ties.signs(value, cut), np.sign(ties.above(np.array([value]), cut))[0]) == (sign, sign)


def test_the_slack_of_a_cut_is_of_its_size_and_at_least_of_one():
    assert ties.slack([2.5, 0.1, 0.0, -1e6]).tolist() == pytest.approx([2.5e-12, 1e-12, 1e-12, 1e-6], abs=0)


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
def test_scores_of_a_row_that_rounding_parts_become_the_lowest_of_them(unit):
    half = 2.5 * unit
    row = np.array(
        [half, np.nextafter(half, 0), 0.0, 4 * unit, np.nextafter(4 * unit, 9e9), half * (1 + 1e-9)]
    )
    low = np.nextafter(half, 0)
    expected = [low, low, 0.0, 4 * unit, 4 * unit, half * (1 + 1e-9)]
    assert ties.merged(row[None]).tolist() == [expected]
    assert ties.merged(np.array([[half, low, half]])).tolist() == [[low] * 3]
    assert ties.merged(np.array([[1e-13, 2e-13]])).tolist() == [[1e-13, 2e-13]]


@pytest.mark.parametrize("e", [E, Fraction(1, 10**100)])
def test_shares_of_narrow_pieces_are_those_of_their_lengths_and_areas(e):
    zero, one = Fraction(0), Fraction(1)
    edge = [[(zero, one), (e, one - e)], [(e, one - e), (4 * e, one - 4 * e)], [(zero, one), (zero, one)]]
    assert ties.shares(edge).tolist() == [0.25, 0.75, 0]
    corner = (zero, zero, one)
    triangles = [
        [corner, (base * e, zero, one - base * e), (zero, height * e, one - height * e)]
        for base, height in ((1, 1), (2, 1), (1, 5), (2, 4))
    ]
    assert ties.shares(triangles) == pytest.approx(np.array([1, 2, 5, 8]) / 16)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_determinants_are_sums_over_permutations(size):
    rng = np.random.default_rng(size)
    for _ in range(12):
        matrix = [[Fraction(int(x), 3) for x in row] for row in rng.integers(-1, 2, (size, size))]
        expected = Fraction(0)
        for order in itertools.permutations(range(size)):
            inversions = sum(a > b for a, b in itertools.combinations(order, 2))
            product = Fraction((-1) ** inversions)
            for row, column in enumerate(order):
                product *= matrix[row][column]
            expected += product
        assert ties.determinant(matrix) == expected


def test_gaps_at_corners_have_the_largest_of_each_piece_for_unit():
    pieces = [
        [(Fraction(1, 2),) * 2, (E, 1 - E)],
        [(Fraction(1, 2),) * 2] * 2,
        [(1 - E, E), (Fraction(1), Fraction(0))],
    ]
    found = ties.gaps(np.array([1.0, 5.0]), 3.0, pieces)
    assert found[:, 0].tolist() == [0, 1]
    assert found[:, 1].tolist() == [0, 0]
    assert found[:, 2].tolist() == pytest.approx([-1 + 2e-12, -1], abs=1e-15)
