"""Errors of evaluators added up: merged, convolved and drawn patterns against every pattern one by one."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ogp_analysis.errors import StatisticsError
from ogp_analysis.sensitivity import noise
from ogp_analysis.sensitivity.beliefs import WeightBelief
from ogp_analysis.sensitivity.threshold import threshold_probability

CUTS = np.array([2.5, 3.0])
WEIGHTS = np.array([0.25, 0.75])
NAMES = ("a", "b")
SAMPLE = np.array([[[0.2, 0.8], [0.5, 0.5]], [[0.7, 0.3], [1.0, 0.0]]])


def noisy(m=3, n=2, size=3, seed=1):
    """Scores in halves with chances of which one in four is 0; the last that can happen need not be last."""
    rng = np.random.default_rng(seed)
    values = rng.integers(2, 11, (m, n, size)) / 2
    chances = rng.random((m, n, size)) * (rng.random((m, n, size)) < 0.75)
    chances[:, :, 0] += 0.1
    return values, chances / chances.sum(axis=2, keepdims=True)


def one_by_one(values, pmf, reached):
    """Sum over every pattern of its probability times what the pattern reaches."""
    expected = np.zeros((len(values), len(CUTS)))
    for row in range(len(values)):
        for pattern in product(range(values.shape[2]), repeat=values.shape[1]):
            x = np.array([values[row, i, j] for i, j in enumerate(pattern)])
            p = np.prod([pmf[row, i, j] for i, j in enumerate(pattern)])
            expected[row] += p * reached(x)
    return expected


def fixed(x):
    return x @ WEIGHTS >= CUTS - 1e-12


def uniform(x):
    return threshold_probability([x], CUTS)[0]


def dirichlet(x):
    return threshold_probability([x], CUTS, alpha=[1.5, 3.0])[0]


ROUTES = [
    (WEIGHTS, None, fixed),
    (None, None, uniform),
    (None, WeightBelief(NAMES), uniform),
    (None, WeightBelief(NAMES, alpha=(1.5, 3.0)), dirichlet),
]


@pytest.mark.parametrize(("weights", "belief", "reached"), ROUTES)
def test_merged_and_enumerated_patterns_are_the_sum_over_all(weights, belief, reached):
    values, pmf = noisy()
    expected = one_by_one(values, pmf, reached)
    whole = noise.noise_probability(values, pmf, CUTS, weights=weights, belief=belief)
    merged = noise.merged_probability(values, pmf, CUTS, weights, belief)
    assert whole == pytest.approx(expected, abs=1e-12)
    assert merged == pytest.approx(expected, abs=1e-11)
    assert merged.max() <= 1


@pytest.mark.parametrize(("weights", "belief", "reached"), ROUTES)
def test_many_patterns_are_merged_and_chunks_do_not_matter(monkeypatch, weights, belief, reached):
    values, pmf = noisy()
    expected = noise.noise_probability(values, pmf, CUTS, weights=weights, belief=belief)
    monkeypatch.setattr(noise, "ROWS_AT_ONCE", 1)
    assert np.array_equal(
        noise.noise_probability(values, pmf, CUTS, weights=weights, belief=belief), expected
    )
    # Three of nine patterns are left where two scores of an indicator are equal.
    monkeypatch.setattr(noise, "LARGEST_PATTERNS", 8)
    values[:, :, 1:] = values[:, :, :1] + 1
    found = noise.noise_probability(values, pmf, CUTS, weights=weights, belief=belief)
    assert found == pytest.approx(one_by_one(values, pmf, reached), abs=1e-11)


@pytest.mark.parametrize("weights", [None, WEIGHTS])
@pytest.mark.parametrize("most", [100, 8])
def test_of_no_proposals_there_are_no_chances(monkeypatch, weights, most):
    monkeypatch.setattr(noise, "LARGEST_PATTERNS", most)
    empty = np.empty((0, 2, 3))
    assert noise.noise_probability(empty, empty, CUTS, weights=weights).shape == (0, 2)


def test_patterns_that_are_too_many_are_counted(monkeypatch):
    values, pmf = np.tile([1.0, 2, 3], (2, 2, 1)), np.full((2, 2, 3), 1 / 3)
    values[1] = 2  # one pattern, beside nine
    for most, total, refused in ((9, 10, False), (8, 10, True), (9, 9, True)):
        monkeypatch.setattr(noise, "LARGEST_PATTERNS", most)
        monkeypatch.setattr(noise, "LARGEST_TOTAL", total)
        if refused:
            with pytest.raises(StatisticsError, match="10") as error:
                noise.merged_probability(values, pmf, CUTS, None, None)
            assert error.value.values["key"] == "sensitivity.patterns_many"
        else:
            assert noise.merged_probability(values, pmf, CUTS, None, None).shape == (2, 2)
    # Sums are merged as they are made: of three and three values nine are tried and five are left.
    monkeypatch.setattr(noise, "LARGEST_TOTAL", 9)
    half = np.array([0.5, 0.5])
    assert noise.merged_probability(values, pmf, CUTS, half, None)[0] == pytest.approx([1 / 3, 1 / 9])
    monkeypatch.setattr(noise, "LARGEST_TOTAL", 8)
    with pytest.raises(StatisticsError, match="3"):
        noise.merged_probability(values, pmf, CUTS, half, None)


def test_equal_values_are_gathered_under_the_first_of_them():
    """0.1 + 0.2 is not 0.3 to the last digit, and is the same value."""
    values, chances = noise._gathered(np.array([2.0, 0.1 + 0.2, 1.0, 0.3]), np.array([0.2, 0.1, 0.3, 0.2]))
    assert values.tolist() == [0.1 + 0.2, 1.0, 2.0]
    assert chances == pytest.approx([3 / 8, 3 / 8, 2 / 8])


def test_chances_of_what_always_happens_are_not_above_one():
    """Sums of sevenths and the like may be a last digit above 1."""
    for n, size in product((1, 2, 3), (3, 6, 7)):
        values, pmf = np.tile(np.arange(3.0, 3 + size), (1, n, 1)), np.full((1, n, size), 1 / size)
        assert noise.merged_probability(values, pmf, CUTS, None, None).max() <= 1


def test_what_cannot_happen_is_no_value():
    [(values, chances)] = noise._supports(
        np.array([[1.0, 2.0, 3.0, 2.0]]), np.array([[0.5, 0.25, noise.IMPOSSIBLE / 2, 0.25]])
    )
    assert (values.tolist(), chances.tolist()) == ([1, 2], [0.5, 0.5])
    [(values, _)] = noise._supports(np.array([[1.0, 2.0]]), np.array([[1 - 1e-12, noise.IMPOSSIBLE]]))
    assert values.tolist() == [1, 2]


@pytest.mark.parametrize(("weights", "belief", "reached"), ROUTES)
def test_drawn_patterns_come_as_often_as_their_probability(weights, belief, reached):
    values, pmf = noisy()
    draws = 1500
    found = noise.sampled_noise(
        values, pmf, CUTS, draws=draws, rng=np.random.default_rng(1), weights=weights, belief=belief
    )
    assert found.shape == (draws, 3, 2)
    expected = one_by_one(values, pmf, reached)
    error = np.maximum(found.std(axis=0), 0.02) / np.sqrt(draws)
    assert (np.abs(found.mean(axis=0) - expected) < 4 * error).all()


def test_no_draw_lands_on_what_cannot_happen():
    values, pmf = np.array([[[1.0, 5.0, 3.0], [1.0, 3.0, 5.0]]]), np.array([[[0.5, 0, 0.5], [0.3, 0.7, 0]]])
    found = noise.sampled_noise(
        values, pmf, [4.0], draws=400, rng=np.random.default_rng(1), weights=[0.5, 0.5]
    )
    assert found.max() == 0
    assert noise.sampled_noise(values, pmf, [4.0], draws=1, rng=np.random.default_rng(1)).shape == (1, 1, 1)
    of_one = noise.sampled_noise(values, pmf, [2.0], draws=400, rng=np.random.default_rng(1), weights=[1, 0])
    assert stats.binomtest(int(of_one.sum()), 400, 0.5).pvalue > 0.001


def test_of_drawn_weights_one_goes_with_each_draw():
    """Scores of 1 and 5 without errors."""
    values, pmf = np.array([[[1.0, 2.0], [5.0, 6.0]]]), np.array([[[1.0, 0.0], [1.0, 0.0]]])
    belief = WeightBelief(NAMES, sample=SAMPLE)
    found = noise.sampled_noise(
        values, pmf, [1.0, 2.2, 3.0, 3.1], draws=2000, rng=np.random.default_rng(1), belief=belief
    )
    assert set(found.ravel()) == {0, 1}
    # They are drawn anew from the set that the sample stands for, here all weights: 1 + 4 w with w uniform.
    assert found.mean(axis=(0, 1)) == pytest.approx([1, 0.7, 0.5, 0.475], abs=0.04)
    on_the_cut = noise.sampled_noise(
        np.full((1, 2, 1), 3.0),
        np.ones((1, 2, 1)),
        [3.0],
        draws=300,
        rng=np.random.default_rng(1),
        belief=belief,
    )
    assert on_the_cut.min() == 1
    alone = noise.sampled_noise(
        values, pmf, [3.0], draws=5, rng=np.random.default_rng(1), belief=belief, weights=[1.0, 0.0]
    )
    assert alone.tolist() == [[[0.0]]] * 5
    with pytest.raises(StatisticsError, match="2") as refused:
        noise.noise_probability(values, pmf, [3.0], belief=belief)
    assert refused.value.values["key"] == "sensitivity.patterns_many"


@pytest.mark.parametrize(
    ("values", "pmf", "draws", "key"),
    [
        (np.ones((1, 2)), np.ones((1, 2)), 3, "sensitivity.values_shape"),
        (np.ones((1, 2, 1)), np.ones((1, 1, 1)), 3, "sensitivity.values_shape"),
        (np.ones((1, 2, 2)), np.ones((1, 2, 2)), 3, "sensitivity.probability_sum"),
        (np.full((1, 2, 1), np.nan), np.ones((1, 2, 1)), 3, "statistics.finite"),
        (np.ones((1, 2, 1)), np.ones((1, 2, 1)), 0, "statistics.whole"),
    ],
)
def test_what_cannot_be_drawn_is_refused(values, pmf, draws, key):
    with pytest.raises(StatisticsError) as refused:
        noise.sampled_noise(values, pmf, [1.0], draws=draws, rng=np.random.default_rng(1))
    assert refused.value.values["key"] == key


def test_patterns_that_repeat_are_computed_once_and_stand_where_they_were():
    x = np.array([[1.0, 5.0], [4.0, 2.0], [1.0, 5.0], [2.0, 3.0]])
    belief = WeightBelief(NAMES, alpha=(1.5, 3.0))
    expected = np.array([dirichlet(row) for row in x])
    assert noise.pattern_reached(x, CUTS, None, belief) == pytest.approx(expected, abs=1e-12)
    assert noise.pattern_reached(x, CUTS, None, None) == pytest.approx(np.array([uniform(row) for row in x]))
    on_the_cut = noise.pattern_reached(
        np.array([[0.1 + 0.2, 0.3]]), np.array([0.3, 0.31]), np.array([0.5, 0.5]), None
    )
    assert on_the_cut.tolist() == [[1.0, 0.0]]
    below = noise.pattern_reached(np.array([[0.2, 0.3999]]), np.array([0.3]), np.array([0.5, 0.5]), None)
    assert below.tolist() == [[0.0]]


def test_ends_of_scales_are_read_by_the_names_of_indicators():
    scores = pd.DataFrame([[5.0, 10.0]], columns=["a", "b"])
    low = pd.Series({"b": 0.0, "a": 1.0})
    high = pd.Series({"b": 10.0, "a": 5.0})
    values, pmf = noise.noisy_scores(scores, [-1, 0, 1], [0.25, 0.5, 0.25], scale=(low, high))
    assert pmf[0] == pytest.approx(np.array([[1 / 3, 2 / 3, 0]] * 2))
    assert values[0].tolist() == [[4, 5, 5], [9, 10, 10]]
    for scale in ((1,), 5, (1, 2, 3)):
        with pytest.raises(StatisticsError) as refused:
            noise.noisy_scores([[1.0]], [0], [1], scale=scale)
        assert refused.value.values["key"] == "sensitivity.scale_ends"
        assert refused.value.values["value"] == scale
