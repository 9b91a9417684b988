"""P(w.x >= cut) against rational arithmetic, B-splines, divided differences and the beta distribution."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.interpolate import BSpline

from ogp_analysis.errors import StatisticsError
from ogp_analysis.sensitivity import threshold_probability
from ogp_analysis.sensitivity.simplices import dirichlet_tail, gil_pelaez, saddle_tail
from ogp_analysis.sensitivity.threshold import simplex_tail

EPS = np.finfo(float).eps
PLAIN = settings(deadline=None, derandomize=True, max_examples=60)
rows = st.integers(1, 12).flatmap(lambda n: st.lists(st.integers(1, 7), min_size=n, max_size=n))


def rational(x, cut):
    """Divided-difference form with repeated knots resolved by the two-term recurrence, in fractions.

    P(n..m) over a window of the sorted scores, by conditioning on the largest against the smallest score:
    P(S) = ((max - t) P(S minus min) + (t - min) P(S minus max)) / (max - min). Not the recursion we use.
    """
    x = sorted(Fraction(float(v)) for v in x)
    t = Fraction(float(cut))
    table = {}
    for size in range(1, len(x) + 1):
        for start in range(len(x) - size + 1):
            low, high = x[start], x[start + size - 1]
            if low >= t:
                value = Fraction(1)
            elif high <= t:
                value = Fraction(0)
            else:
                above, below = table[start + 1, size - 1], table[start, size - 1]
                value = ((high - t) * above + (t - low) * below) / (high - low)
            table[start, size] = value
    return table[0, len(x)]


def divided_difference(x, cut):
    """Sum over distinct scores of (x_i - t)_+^(n-1) / prod (x_i - x_j), in fractions."""
    x, t = [Fraction(float(v)) for v in x], Fraction(float(cut))
    total = Fraction(0)
    for i, a in enumerate(x):
        if a > t:
            bottom = Fraction(1)
            for j, b in enumerate(x):
                bottom *= a - b if j != i else 1
            total += (a - t) ** (len(x) - 1) / bottom
    return total


def test_uniform_weights_agree_with_rational_arithmetic_to_n_ulp():
    rng = np.random.default_rng(4)
    cuts = [2, 2.5, 3, 3.5, 4]
    for n in range(1, 13):
        scores = rng.integers(1, 8, size=(30, n))
        scores[0] = 3  # all equal, on a cut
        scores[1, 1:] = scores[1, 0]
        result = threshold_probability(scores, cuts)
        for i, row in enumerate(scores):
            for k, cut in enumerate(cuts):
                truth = rational(row, cut)
                error = abs(Fraction(float(result[i, k])) - truth)
                assert error <= truth * Fraction(n * EPS), (row, cut)  # n rounded convex steps
                assert error <= Fraction(1, 10**15), (row, cut)


def test_the_oracle_is_the_divided_difference_on_distinct_scores():
    rng = np.random.default_rng(5)
    for n in range(2, 8):
        row = rng.choice(np.arange(1, 20), size=n, replace=False)
        for cut in (4, 7.5, 11):
            assert rational(row, cut) == divided_difference(row, cut)
            assert threshold_probability([row], [cut])[0, 0] == pytest.approx(
                float(divided_difference(row, cut)), rel=1e-14, abs=1e-300
            )


def test_the_density_is_a_b_spline():
    # Curry and Schoenberg (1966): the density of w.x is the normalised B-spline with the scores as knots.
    rng = np.random.default_rng(6)
    for _ in range(60):
        n = rng.integers(3, 9)
        knots = np.sort(rng.integers(1, 6, size=n) + rng.choice([0.0, 0.5], size=n))
        if np.unique(knots).size < 2 or np.max(np.unique(knots, return_counts=True)[1]) > n - 1:
            continue
        spline = BSpline.basis_element(knots, extrapolate=False).antiderivative()
        scale = (n - 1) / (knots[-1] - knots[0])
        cuts = np.linspace(knots[0], knots[-1], 7)[1:-1]
        below = (spline(cuts) - spline(knots[0])) * scale
        assert threshold_probability([knots], cuts)[0] == pytest.approx(1 - below, abs=1e-13)


@pytest.mark.parametrize("first", [0.05, 0.3, 1, 2.5, 40, 1e3, 1e6])
@pytest.mark.parametrize("second", [0.05, 0.5, 3, 77.7, 1e4, 1e6])
def test_two_indicators_are_the_beta_distribution(first, second):
    mean = first / (first + second)
    spread = np.sqrt(mean * (1 - mean) / (first + second + 1))
    cuts = np.unique(np.clip(mean + spread * np.linspace(-5, 5, 11), 1e-6, 1 - 1e-6))
    truth = stats.beta.sf(cuts, first, second)
    ours = threshold_probability([[1.0, 0.0]], cuts, alpha=[first, second])[0]
    assert ours == pytest.approx(truth, abs=1e-10)
    # The general inversion must give the same without the shortcut for two indicators.
    split = threshold_probability([[1.0, 1.0, 0.0]], cuts, alpha=[first * 0.3, first * 0.7, second])[0]
    assert split == pytest.approx(truth, abs=1e-10)


def test_the_two_inversions_and_the_recursion_agree():
    rng = np.random.default_rng(7)
    alpha = np.array([2.0, 1, 3, 1])
    a = rng.integers(1, 6, size=(4, 80)) - 3.3
    a = a[:, np.any(a > 0, axis=0) & np.any(a < 0, axis=0)]
    exact = simplex_tail(np.repeat(a, alpha.astype(int), axis=0))
    assert saddle_tail(a, alpha[:, None]) == pytest.approx(exact, rel=1e-12)
    assert gil_pelaez(a, alpha[:, None]) == pytest.approx(exact, abs=4e-13)
    assert dirichlet_tail(a, alpha) == pytest.approx(exact, abs=1e-14)


@pytest.mark.parametrize("total", [1e-9, 1e-3, 0.05, 0.119, 0.121, 0.5])
def test_tiny_parameters_are_the_beta_distribution_too(total):
    # All weight is nearly always on one indicator; the shortcut for two indicators is not used.
    cuts = np.linspace(0.05, 0.95, 7)
    split = threshold_probability([[1.0, 1.0, 0.0]], cuts, alpha=np.array([0.1, 0.2, 0.7]) * total)[0]
    assert split == pytest.approx(stats.beta.sf(cuts, 0.3 * total, 0.7 * total), abs=1e-11)


def test_far_tails_keep_their_relative_accuracy():
    alpha = [30.0, 2, 2]
    exact = threshold_probability([[1, 5, 5]], [4.9], alpha=alpha)[0, 0]
    inverted = dirichlet_tail(np.array([[1.0], [5], [5]]) - 4.9, np.array(alpha))[0]
    assert 0 < exact < 1e-40
    assert inverted == pytest.approx(exact, rel=1e-11)


def test_a_zero_parameter_drops_its_column():
    scores = np.array([[1, 5, 3, 2], [4, 4, 1, 5]])
    for alpha in ([1, 0, 2, 1], [0.7, 0, 1.3, 0.2], [0, 0, 0, 2]):
        kept = np.array(alpha) > 0
        with_zero = threshold_probability(scores, [2.5, 3.5], alpha=alpha)
        without = threshold_probability(scores[:, kept], [2.5, 3.5], alpha=np.array(alpha)[kept])
        assert np.array_equal(with_zero, without)


def test_rows_that_are_all_equal_step_at_the_cut():
    result = threshold_probability([[2.5] * 4, [3.5] * 4, [2.4] * 4], [2.5, 3.5])
    assert result.tolist() == [[1, 0], [1, 1], [0, 0]]
    assert threshold_probability([[2.5] * 3], [2.5], alpha=[0.4, 0.5, 0.6]).tolist() == [[1]]


def test_all_ones_is_uniform():
    scores = np.random.default_rng(8).integers(1, 6, size=(20, 5))
    assert np.array_equal(
        threshold_probability(scores, [2.5, 3.5]), threshold_probability(scores, [2.5, 3.5], alpha=[1] * 5)
    )


def test_more_rows_than_a_chunk_give_the_same_rows():
    scores = np.random.default_rng(9).integers(1, 6, size=((1 << 16) + 7, 3))
    assert np.array_equal(threshold_probability(scores, [3])[-9:], threshold_probability(scores[-9:], [3]))


@PLAIN
@given(rows, st.lists(st.floats(0, 8, allow_subnormal=False), min_size=2, max_size=5))
def test_probability_falls_with_the_cut(row, cuts):
    p = threshold_probability([row], sorted(cuts))[0]
    assert np.all(np.diff(p) <= 4 * len(row) * EPS)
    assert np.all((p >= 0) & (p <= 1))


@PLAIN
@given(rows, st.data())
def test_raising_a_score_never_lowers_it(row, data):
    higher = list(row)
    higher[data.draw(st.integers(0, len(row) - 1))] += data.draw(st.integers(1, 3))
    cut = data.draw(st.integers(2, 14)) / 2
    assert threshold_probability([higher], [cut]) >= threshold_probability([row], [cut]) - 4 * len(row) * EPS


@PLAIN
@given(rows, st.randoms(use_true_random=False), st.floats(0.2, 9))
def test_permuting_indicators_with_their_parameters_changes_nothing(row, random, size):
    alpha = [size * (1 + k % 3) for k in range(len(row))]
    order = list(range(len(row)))
    random.shuffle(order)
    plain = threshold_probability([row], [2.5, 3.5], alpha=alpha)
    moved = threshold_probability([[row[k] for k in order]], [2.5, 3.5], alpha=[alpha[k] for k in order])
    assert moved == pytest.approx(plain, abs=1e-12)


@PLAIN
@given(rows, st.integers(2, 14))
def test_above_and_below_add_to_one_off_ties(row, double):
    cut = double / 2
    both = threshold_probability([row], [cut]) + threshold_probability([[-v for v in row]], [-cut])
    assert both[0, 0] == pytest.approx(2 if set(row) == {cut} else 1, abs=1e-14)


@PLAIN
@given(rows, st.sampled_from([0.5, 2, 10]), st.integers(-6, 6))
def test_affine_changes_of_scale_change_nothing(row, factor, shift):
    plain = threshold_probability([row], [2.5, 3, 3.5])
    moved = threshold_probability(factor * np.array([row]) + shift, factor * np.array([2.5, 3, 3.5]) + shift)
    assert moved == pytest.approx(plain, abs=1e-14)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: threshold_probability([[1, np.nan]], [2]),
            r"scores at \(0, 1\) is nan; every value must be a finite",
        ),
        (
            lambda: threshold_probability([[1, 2]], [np.inf]),
            r"cuts at \(0,\) is inf; every value must be a finite",
        ),
        (
            lambda: threshold_probability([1, 2], [2]),
            r"scores has shape \(2,\); it must be \(m proposals, n >= 1",
        ),
        (lambda: threshold_probability([[1, 2]], [[2]]), r"cuts has shape \(1, 1\); it must be \(r,\)"),
        (
            lambda: threshold_probability([[1, 2]], [2], alpha=[1]),
            r"alpha has shape \(1,\); it must be \(2,\)",
        ),
        (
            lambda: threshold_probability([[1, 2]], [2], alpha=[1, -1]),
            "negative value -1.0; none may be below 0",
        ),
        (
            lambda: threshold_probability([[1, 2]], [2], alpha=[0, 0]),
            "concentration 0; the sum must be above 0",
        ),
        (lambda: threshold_probability([[1, 2]], [2], alpha=[1, np.nan]), r"alpha at \(1,\) is nan"),
    ],
)
def test_refusals_name_the_value_and_the_rule(call, message):
    with pytest.raises(StatisticsError, match=message):
        call()
