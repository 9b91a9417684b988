"""The inversion of the transform against the incomplete beta function, for parameters far apart.

Indicators that share a score add their parameters, so two distinct scores are a beta distribution however
many indicators there are; the inversion does not know that.
"""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from scipy import integrate, special

from ogp_analysis.sensitivity import simplices
from ogp_analysis.sensitivity.simplices import dirichlet_tail, gil_pelaez, saddle_tail
from ogp_analysis.sensitivity.threshold import simplex_tail

CUTS = np.array([1e-8, 1e-4, 0.02, 0.1, 0.3, 0.5])


def around_the_mean(first, second):
    mean = first / (first + second)
    spread = np.sqrt(mean * (1 - mean) / (first + second + 1))
    cuts = np.concatenate([CUTS, mean + spread * np.linspace(-5, 5, 15)])
    return cuts[(cuts > 1e-12) & (cuts <= 0.5)]


def both_tails(alpha, k, cuts):
    """P(W >= cut) and P(W < cut), W the sum of the first k weights; cuts up to a half keep their digits."""
    first, second = sum(alpha[:k]), sum(alpha[k:])
    return special.betaincc(first, second, cuts), special.betainc(first, second, cuts)


def exact_tails(first, second, cut):
    """P(W >= cut) and P(W < cut) of whole parameters; the latter is that of ``first`` hits or more."""
    with localcontext(prec=50):
        hit, draws = Decimal(float(cut)), first + second - 1
        # Summed is the tail away from the mean, whose terms fall from the first on.
        up = draws * hit < first
        at = first if up else first - 1
        term = math.comb(draws, at) * hit**at * (1 - hit) ** (draws - at)
        total = Decimal(0)
        while term > total * Decimal("1e-30"):
            total += term
            ratio = (draws - at) * hit / ((at + 1) * (1 - hit))
            if not up:
                ratio = at * (1 - hit) / ((draws - at + 1) * hit)
            term, at = term * ratio, at + (1 if up else -1)
        return (float(1 - total), float(total)) if up else (float(total), float(1 - total))


def scores(alpha, k, cuts):
    return np.array([1 - cuts] * k + [-cuts] * (len(alpha) - k))


def assert_smaller_tail(found, expected, other, rel, larger=1e-13):
    """Relative where the tail is the smaller one; the larger is 1 minus the other."""
    seen = np.minimum(expected, other) > 1e-200
    assert found[seen & (expected < other)] == pytest.approx(expected[seen & (expected < other)], rel=rel)
    assert found == pytest.approx(expected, abs=larger)


@pytest.mark.parametrize(
    "alpha",
    [
        (0.04, 0.03, 0.06),
        (0.5, 0.7, 1.3),
        (1e-3, 0.2, 1),
        (0.3, 0.3, 0.3, 40, 40),
        (20.5, 10, 1),
        (20.5, 20, 23.5),
        (50.5, 20.25, 10),
        (200, 100, 50.5),
        (0.1, 0.1, 100),
        # The bend of the path is weak here, and it must not be followed into the oscillation.
        (148.98494269, 32.42326427, 601.89664679),
        (158.398, 105.599, 859.521),
    ],
)
def test_two_distinct_scores_are_the_beta_distribution(alpha):
    for k in (1, 2):
        cuts = around_the_mean(sum(alpha[:k]), sum(alpha[k:]))
        above, below = both_tails(alpha, k, cuts)
        a = scores(alpha, k, cuts)
        assert_smaller_tail(dirichlet_tail(a, np.array(alpha)), above, below, 1e-12)
        assert_smaller_tail(dirichlet_tail(-a, np.array(alpha)), below, above, 1e-12)


@pytest.mark.parametrize("k", [1, 2])
def test_large_whole_parameters_are_a_binomial_sum(k):
    # Not against scipy: its betainc(1e4, 2.5e4, 0.28399...) is off by 2.2e-13 in scipy 1.15.0, ours by 8e-16.
    alpha = (10_000, 15_000, 10_000)
    cuts = around_the_mean(sum(alpha[:k]), sum(alpha[k:]))
    above, below = np.array([exact_tails(sum(alpha[:k]), sum(alpha[k:]), cut) for cut in cuts]).T
    a = scores(alpha, k, cuts)
    assert_smaller_tail(dirichlet_tail(a, np.array(alpha, dtype=float)), above, below, 1e-12)
    assert_smaller_tail(dirichlet_tail(-a, np.array(alpha, dtype=float)), below, above, 1e-12)


def test_the_binomial_sum_is_the_beta_distribution():
    # P(W < x) of Beta(2, 3) is 6 x^2 - 8 x^3 + 3 x^4: by hand from the density 12 x (1 - x)^2.
    for x in (0.125, 0.25, 0.375, 0.5, 0.875):
        below = 6 * x**2 - 8 * x**3 + 3 * x**4
        assert exact_tails(2, 3, x) == pytest.approx((1 - below, below), rel=1e-14)


@pytest.mark.parametrize(
    "alpha",
    [
        # One weight is nearly never there: a pole that the path must not step over.
        (1e-3, 1e-3, 0.2),
        (1e-4, 0.1, 0.1),
        (3e-3, 0.1, 1e-3, 0.1),
        # ... and another is nearly constant: a path that must bend.
        (1.2e-4, 0.1, 1e4),
        (1.7e-4, 1.6, 9.3e3),
        (6e-4, 2e-4, 8e3, 144),
        (1e-3, 1e3, 1e-3),
    ],
)
@pytest.mark.parametrize("k", [1, 2])
def test_parameters_of_different_size_are_the_beta_distribution(alpha, k):
    total = sum(alpha)
    cuts = np.unique(np.append(np.geomspace(1e-12, 0.5, 40), np.array([0.1, 0.5, 1, 2, 5]) / total))
    cuts = cuts[cuts <= 0.5]
    above, below = both_tails(alpha, k, cuts)
    a = scores(alpha, k, cuts)
    assert_smaller_tail(dirichlet_tail(a, np.array(alpha)), above, below, 2e-11, 1e-12)
    assert_smaller_tail(dirichlet_tail(-a, np.array(alpha)), below, above, 2e-11, 1e-12)


@pytest.mark.parametrize(
    "alpha", [(0.03, 0.03, 0.03), (1e-3, 2e-3, 0.05), (1e-6, 1e-6, 0.01), (1e-9, 1e-8, 0.1)]
)
@pytest.mark.parametrize("k", [1, 2])
def test_sums_below_an_eighth_are_the_beta_distribution(alpha, k):
    cuts = np.append(CUTS, np.geomspace(1e-12, 0.4, 9))
    above, below = both_tails(alpha, k, cuts)
    a = scores(alpha, k, cuts)
    # Alone, and with columns of quite another scale beside it.
    for scaled in (a, 1e8 * a, 1e-8 * a, np.hstack([a, 1e8 * a, 1e-8 * a])):
        times = scaled.shape[1] // len(cuts)
        assert dirichlet_tail(scaled, np.array(alpha)) == pytest.approx(np.tile(above, times), abs=1e-13)
        assert dirichlet_tail(-scaled, np.array(alpha)) == pytest.approx(np.tile(below, times), abs=1e-13)
    for column, expected in zip(a.T[:, :, None], above, strict=True):
        assert dirichlet_tail(column, np.array(alpha)) == pytest.approx([expected], abs=1e-13)


@pytest.mark.parametrize("alpha", [(0.7, 1.3), (1e-3, 2.0), (30.5, 4.25), (1e4, 2e3)])
def test_two_weights_are_the_beta_distribution(alpha):
    cuts = np.append(around_the_mean(*alpha), np.geomspace(1e-15, 0.5, 9))
    above, below = both_tails(alpha, 1, cuts)
    for scale in (1, 1e-8, 1e8, 3):
        a = scale * scores(alpha, 1, cuts)
        assert dirichlet_tail(a, np.array(alpha)) == pytest.approx(above, rel=1e-12)
        assert dirichlet_tail(-a, np.array(alpha)) == pytest.approx(below, rel=1e-12)
        assert dirichlet_tail(a[::-1], np.array(alpha[::-1])) == pytest.approx(above, rel=1e-12)


@pytest.mark.parametrize("total", [0.02, 0.119, 0.12, 0.121, 2.5, 500.5])
def test_a_score_on_the_cut_does_not_count(total):
    alpha = np.array([0.2, 0.3, 0.4, 0.1]) * total
    a = np.array([[0.7, 1.0, 1e-3], [0.7, 1.0, 1e-3], [-0.3, -1.0, -1e3], [0, 0, 0]])
    expected = special.betainc(0.4 * total, 0.5 * total, [0.7, 0.5, 1e-3 / (1e3 + 1e-3)])
    assert dirichlet_tail(a, alpha) == pytest.approx(expected, abs=1e-13)
    assert dirichlet_tail(a * 1e6, alpha) == pytest.approx(expected, abs=1e-13)


@pytest.mark.parametrize("alpha", [0.01, 0.04, 0.7, 30.3])
def test_one_sign_is_certain(alpha):
    a = np.array([[0.0, 0, -1, 0, -1], [0, 2, 0, 2, -2], [3, 0, 0, 2, -3]])
    assert dirichlet_tail(a, np.full(3, alpha)).tolist() == [1, 1, 0, 1, 0]
    assert dirichlet_tail(a[:2, [1, 2]], np.full(2, alpha)).tolist() == [1, 0]


@pytest.mark.parametrize("alpha", [(1e-4, 1e-4, 0.05, 0.05), (1e-3, 1e-3, 0.3, 0.3), (2.5, 2.5, 7.1, 7.1)])
def test_opposite_scores_of_equal_parameters_are_a_toss_up(alpha):
    # Exchanging each pair turns the sum's sign; a column more or less does not matter.
    a = np.array([[1, 1e-8, 1e8, 3], [-1, -1e-8, -1e8, -3], [5, 1e8, 1e-8, 3], [-5, -1e8, -1e-8, -3]])
    assert dirichlet_tail(a, np.array(alpha)) == pytest.approx([0.5] * 4, abs=1e-13)


@pytest.mark.parametrize("alpha", [(2, 1, 3, 1), (40, 1, 30, 3), (1, 300, 2, 100)])
def test_whole_parameters_of_distinct_scores_repeat_their_column(alpha):
    rng = np.random.default_rng(7)
    a = rng.normal(size=(4, 60)) * 10.0 ** rng.uniform(-3, 0, size=(4, 60))
    a = a[:, np.any(a > 0, axis=0) & np.any(a < 0, axis=0)]
    above, below = (simplex_tail(np.repeat(side, alpha, axis=0)) for side in (a, -a))
    assert_smaller_tail(dirichlet_tail(a, np.array(alpha, dtype=float)), above, below, 1e-12)
    assert_smaller_tail(dirichlet_tail(-a, np.array(alpha, dtype=float)), below, above, 1e-12)


def test_gil_pelaez_agrees_where_it_is_not_needed():
    alpha = np.array([0.5, 1.2, 3.3])
    a = scores(alpha, 2, np.array([0.01, 0.05, 0.2]))
    above, _ = both_tails(alpha, 2, np.array([0.01, 0.05, 0.2]))
    assert gil_pelaez(a, alpha[:, None]) == pytest.approx(above, abs=1e-13)
    assert saddle_tail(a, alpha[:, None]) == pytest.approx(above, rel=1e-12)


def test_many_columns_are_cut_into_blocks(monkeypatch):
    alpha = (0.5, 0.7, 1.3)
    cuts = np.linspace(0.01, 0.5, 29)
    above, _ = both_tails(alpha, 2, cuts)
    monkeypatch.setattr(simplices, "CHUNK", 4)
    a = np.stack([scores(alpha, 2, cuts), scores(alpha, 2, cuts[::-1])], axis=1)
    assert dirichlet_tail(a, np.array(alpha)) == pytest.approx(np.stack([above, above[::-1]]), rel=1e-12)


def test_nearly_certain_is_not_more_than_certain():
    # The only negative score has a weight of about 1e-18 / 0.0237; rounding alone would go above 1.
    a = np.array([-np.geomspace(1e-6, 1, 60), np.full(60, 3e-5), np.full(60, 5e-9)])
    found = dirichlet_tail(a, np.array([1e-18, 0.0237, 1e-17]))
    assert found.max() <= 1
    assert found == pytest.approx(np.ones(60), abs=1e-13)


def three_weights(alpha, x, y):
    """P(w_1 >= x w_2 + y w_3) as one integral over the share of w_3 in w_1 + w_3."""
    first, second, third = alpha

    def above(share):
        left = 1 - (1 + y) * share
        return special.betaincc(first + third, second, x / (left + x)) * (1 - share) ** (first - 1)

    weight = {"weight": "alg", "wvar": (third - 1, 0)}
    whole = integrate.quad(above, 0, 1 / (1 + y), **weight, epsabs=1e-13, epsrel=1e-12, limit=400)[0]
    return whole / special.beta(third, first)


def test_a_nearly_constant_weight_with_a_tiny_score_beside_a_column_that_decays_fast():
    alpha, columns = (0.125, 4e3, 0.01), [(8e-6, 0.1), (3e-5, 1e-4)]
    a = np.array([[1, -x, -y] for x, y in columns]).T
    expected = [three_weights(alpha, x, y) for x, y in columns]
    assert dirichlet_tail(a, np.array(alpha)) == pytest.approx(expected, abs=1e-10)
    assert dirichlet_tail(-a, np.array(alpha)) == pytest.approx(1 - np.array(expected), abs=1e-10)
