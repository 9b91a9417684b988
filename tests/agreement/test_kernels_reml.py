"""Restricted likelihood of ten ratings, against the same formulas with every matrix written out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ogp_analysis.agreement import icc_by_reml, reml
from ogp_analysis.agreement.ratings_table import Ratings

OBSERVED = np.array([5.0, 3.5, 4.0, 2.0, 6.5, 5.5, 1.0, 4.5, 3.0, 7.0])
FACTORS = {
    "item": np.array([0, 0, 0, 1, 1, 2, 2, 3, 3, 3]),
    "rater": np.array([0, 1, 2, 0, 2, 1, 4, 3, 2, 1]),
    "panel": np.array([0, 0, 1, 0, 1, 0, 1, 1, 1, 0]),
}
RATIOS = [(0.7, 0.4, 0.2), (2.5, 0.0, 0.3), (0.0, 0.5, 1.5), (0.0, 0.0, 0.0)]
MODEL = reml.Mixed(OBSERVED, FACTORS)


def parts():
    return [np.equal.outer(index, index).astype(float) for index in FACTORS.values()]


def dense(ratio):
    """V in units of the residual variance, its inverse, and the generalised least-squares mean."""
    v = np.eye(10) + sum(share * part for share, part in zip(ratio, parts(), strict=True))
    inverse = np.linalg.inv(v)
    return v, inverse, inverse.sum(axis=0) @ OBSERVED / inverse.sum()


def projection(variances):
    """P = V^-1 - V^-1 1 1' V^-1 / 1' V^-1 1, and the derivatives of V by the variances."""
    slopes = [*parts(), np.eye(10)]
    inverse = np.linalg.inv(sum(v * slope for v, slope in zip(variances, slopes, strict=True)))
    along = inverse.sum(axis=0)
    return inverse - np.outer(along, along) / along.sum(), slopes


def slow_score_and_information(variances):
    """Searle et al. (1992), pages 251-252, trace by trace."""
    p, slopes = projection(variances)
    score = [(OBSERVED @ p @ v @ p @ OBSERVED - np.trace(p @ v)) / 2 for v in slopes]
    information = [[np.trace(p @ v @ p @ w) / 2 for w in slopes] for v in slopes]
    return np.array(score), np.array(information)


@pytest.mark.parametrize("ratio", RATIOS)
def test_the_likelihood_and_its_parts(ratio):
    v, inverse, mean = dense(ratio)
    apart = OBSERVED - mean
    squares = apart @ inverse @ apart
    ratio = np.array(ratio)
    assert MODEL.mean(ratio) == pytest.approx(mean, rel=1e-12)
    assert MODEL.squares(ratio) == pytest.approx(squares, rel=1e-12)
    assert MODEL.residual_variance(ratio) == pytest.approx(squares / 9, rel=1e-12)
    expected = 9 * math.log(squares / 9) + math.log(np.linalg.det(v)) + math.log(inverse.sum())
    assert MODEL.criterion(ratio) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("ratio", RATIOS)
def test_the_slope_of_the_criterion_also_on_the_bound(ratio):
    p, _ = projection([*ratio, 1.0])
    pull = [OBSERVED @ p @ part @ p @ OBSERVED for part in parts()]
    traces = [np.trace(p @ part) for part in parts()]
    value, slope = MODEL.criterion_and_slope(np.array(ratio))
    assert value == MODEL.criterion(np.array(ratio))
    expected = np.array(traces) - 9 * np.array(pull) / (OBSERVED @ p @ OBSERVED)
    assert slope == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("ratio", RATIOS)
def test_predicted_effects_and_what_they_leave(ratio):
    """ratio_k Z_k' V^-1 (y - mean) (Searle et al. 1992, page 273), and V^-1 (y - mean) for the residual."""
    _, inverse, mean = dense(ratio)
    model = MODEL.at(ratio)
    weighted = inverse @ (OBSERVED - mean)
    for share, (name, index) in zip(ratio, FACTORS.items(), strict=True):
        assert model.effects(name) == pytest.approx(share * np.bincount(index, weighted), abs=1e-13)
    assert model.residuals() == pytest.approx(weighted, abs=1e-13)


def test_a_model_without_ratios_and_its_sizes():
    assert MODEL.sizes == [4, 5, 2]
    assert MODEL.ratio.shape == (0,)
    assert MODEL.at([1, 2, 3]).ratio.dtype == np.float64


@pytest.mark.parametrize("variances", [(0.7, 0.4, 0.2, 1.3), (2.5, 0.0, 0.3, 0.5), (0.0, 0.0, 0.0, 2.0)])
def test_score_information_and_errors(variances):
    variances = np.array(variances)
    score, information = slow_score_and_information(variances)
    found = reml.score_and_information(MODEL, variances)
    assert found[0] == pytest.approx(score, rel=1e-10, abs=1e-12)
    assert found[1] == pytest.approx(information, rel=1e-10, abs=1e-12)
    inside = variances > 0
    expected = np.full(4, math.nan)
    expected[inside] = np.sqrt(np.diag(np.linalg.inv(information[np.ix_(inside, inside)])))
    assert reml.standard_errors(MODEL, variances) == pytest.approx(expected, rel=1e-9, nan_ok=True)


# Shrout and Fleiss (1979), table 2: six targets, four judges.
TABLE = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float
)


def crossed(table):
    rows, columns = np.nonzero(~np.isnan(table))
    return reml.Mixed(table[rows, columns], {"item": rows, "rater": columns})


def analysis_of_variance(table):
    """Estimates of item, rater and residual from mean squares; scoring reaches them in one step."""
    n, k = table.shape
    rows, columns = table.mean(axis=1, keepdims=True), table.mean(axis=0)
    residual = ((table - rows - columns + table.mean()) ** 2).sum() / ((n - 1) * (k - 1))
    return np.array([rows.var(ddof=1) - residual / k, columns.var(ddof=1) - residual / n, residual])


@pytest.mark.parametrize("start", [(2.6, 5.0, 1.0), (5.0, 4.0, 0.5), (1.0, 9.0, 3.0)])
def test_scoring_ends_where_the_analysis_of_variance_is(start):
    found = reml.polished(crossed(TABLE), np.array(start))
    assert found == pytest.approx(analysis_of_variance(TABLE), rel=1e-12)


def test_a_step_longer_than_any_variance_is_not_taken():
    exact = analysis_of_variance(TABLE)
    start = exact * [1, 0.02, 1]
    assert exact[1] - start[1] > start.max()
    assert np.array_equal(reml.polished(crossed(TABLE), start), start)


def test_a_step_to_a_variance_below_zero_is_not_taken():
    """Raters with the same mean: the analysis of variance puts theirs below zero."""
    table = TABLE - TABLE.mean(axis=0)
    assert analysis_of_variance(table)[1] < 0
    start = np.array([2.6, 0.3, 1.0])
    assert np.array_equal(reml.polished(crossed(table), start), start)


@pytest.mark.parametrize("unit", [1.0, 1e-3])
@pytest.mark.parametrize(
    ("start", "inside"), [((2.0, 4.0, 1.5), [0, 1, 2]), ((0.0, 4.0, 2.0), [1, 2]), ((2.0, 0.0, 4.0), [0, 2])]
)
def test_scoring_goes_on_until_the_slope_is_zero_and_keeps_zeros(unit, start, inside):
    """In points or in thousandths of them."""
    model = crossed(unit * np.where(np.arange(24).reshape(6, 4) % 5 == 3, math.nan, TABLE))
    start = unit**2 * np.array(start)
    found = reml.polished(model, start)
    slope = reml.score_and_information(model, found)[0]
    assert slope[inside] * found[inside] == pytest.approx(0, abs=1e-12)
    assert (found > 0).tolist() == [place in inside for place in range(3)]
    assert found[inside] != pytest.approx(start[inside], rel=1e-3)


def test_of_a_large_model_scoring_goes_on_to_a_thousand_millionth(monkeypatch):
    """Far from balanced, so that the first step, which is smaller than the variances, does not arrive."""
    model = crossed(np.where(np.arange(24).reshape(6, 4) % 5 == 3, math.nan, TABLE))
    to_the_last_digit = reml.polished(model, np.array([2.0, 4.0, 1.5]))
    monkeypatch.setattr(reml, "FEW", sum(model.sizes) - 1)
    assert reml.polished(model, np.array([2.0, 4.0, 1.5])) == pytest.approx(to_the_last_digit, rel=1e-8)


def test_components_that_the_data_do_not_tell_apart_have_no_errors():
    """Item and rater number the ratings alike: their two rows of the information are one."""
    assert np.isnan(reml._roots_of_inverse(np.ones((2, 2)))).tolist() == [True, True]
    # An inverse with a diagonal of zeros says no more: 0 would be an error that nobody made.
    assert np.isnan(reml._roots_of_inverse(np.array([[0.0, 1.0], [1.0, 0.0]]))).all()
    # Singular but for rounding: the determinant is below nought, and so is the diagonal of the inverse.
    assert np.isnan(reml._roots_of_inverse(np.array([[1.0, 1 + 1e-12], [1 + 1e-12, 1.0]]))).all()


def test_without_a_residual_there_are_no_errors():
    model, without = crossed(TABLE), np.array([2.0, 4.0, 0.0])
    assert np.isnan(reml.standard_errors(model, without)).all()
    assert np.array_equal(reml.polished(model, without), without)


def test_equal_ratings_have_a_likelihood_and_no_residual():
    model = reml.Mixed(np.full(10, 2.0), FACTORS)
    v, inverse, _ = dense(RATIOS[0])
    expected = 9 * math.log(1e-300 / 9) + math.log(np.linalg.det(v)) + math.log(inverse.sum())
    assert model.criterion(np.array(RATIOS[0])) == pytest.approx(expected, rel=1e-12)
    # The first term is cut off, hence level: only the two determinants slope.
    p, _ = projection([*RATIOS[0], 1.0])
    slope = model.criterion_and_slope(np.array(RATIOS[0]))[1]
    assert slope == pytest.approx([np.trace(p @ part) for part in parts()], rel=1e-10)
    assert model.residual_variance(np.array(RATIOS[0])) == 0


@pytest.mark.parametrize(
    ("table", "ratings_of_each"),
    [
        ([[1, 3, math.nan], [2, 6, 5], [4, math.nan, math.nan], [math.nan] * 3, [3, 5, 4]], [2, 3, 1, 3]),
        ([[1, 3], [2, 6]], [2, 2]),
        ([[1, 3, 2], [2, 6, math.nan]], [3, 2]),
    ],
)
def test_ratings_an_item_are_the_k_of_an_unbalanced_layout(table, ratings_of_each):
    """(N - sum of squares / N) / (items - 1) of the items that were rated."""
    total = sum(ratings_of_each)
    expected = (total - sum(k * k for k in ratings_of_each) / total) / (len(ratings_of_each) - 1)
    assert icc_by_reml.fit(Ratings(np.array(table, dtype=float))).k == pytest.approx(expected, rel=1e-12)
