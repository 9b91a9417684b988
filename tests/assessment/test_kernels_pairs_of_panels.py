"""The sides of pairs, whatever the number of panels, seats and axes in front: in words, and with gaps."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.assessment import adjudication
from ogp_analysis.assessment.criterion_rule import CriterionRule, Weighing
from ogp_analysis.assessment.rating_arrays import Sheet
from ogp_analysis.errors import StatisticsError
from ogp_analysis.model.records import Criterion

NAN = np.nan


def sides_in_words(values, *, between):
    """Give the first, the second and the centre of what a pair's sides said."""
    given = [value for value in values if not np.isnan(value)]
    if between and len(values) == 2:
        first, second = values
    elif len(given) > 2 or (between and len(given) == 2):
        first, second = min(given), max(given)
    else:
        first, second = [*given, NAN, NAN][:2]
    return first, second, sum(given) / len(given) if given else NAN


def sheet_of(ratings):
    panels = tuple(f"p{k}" for k in range(ratings.shape[-2]))
    points = np.full(ratings.shape[-4:-2], NAN)
    criterion = Criterion("a", (), panels, ratings.shape[-1])
    return Sheet(criterion, ratings, np.full(ratings.shape[:-1], NAN), points)


# One evaluator or several, more than numpy adds one after the other, and axes of scenarios in front.
SHAPES = [(4, 2, 1, 1), (4, 2, 3, 2), (9, 3, 2, 3), (2, 3, 5, 2, 2, 4), (5, 2, 2, 9), (2, 2, 1, 9, 1)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("between", [False, True])
def test_sides_are_those_in_words(shape, between):
    rng = np.random.default_rng(len(shape))
    ratings = rng.integers(1, 6, shape).astype(float)
    ratings[rng.random(shape) < 0.4] = NAN
    pairs = adjudication.pairs_of(sheet_of(ratings), between=between)
    sides = ratings.reshape(-1, *shape[-2:])
    if between:
        cells = [[sides_in_words(seats, between=False)[2] for seats in panels] for panels in sides]
    else:
        cells = list(itertools.chain.from_iterable(sides))
    expected = np.array([sides_in_words(cell, between=between) for cell in cells])
    wanted = (*shape[:-2], 1 if between else shape[-2])
    for column, side in enumerate((pairs.first, pairs.second, pairs.centre)):
        assert side.shape == wanted
        np.testing.assert_allclose(side.ravel(), expected[:, column], rtol=1e-15)


def test_nobody_at_all_has_no_mean():
    assert adjudication.given_mean(np.empty((2, 1, 0))).tolist() == [[pytest.approx(NAN, nan_ok=True)]] * 2


def test_where_no_third_evaluation_is_foreseen_no_tolerance_parts_a_pair():
    rule = CriterionRule(
        seated=False,
        between=False,
        foreseen=False,
        feasibility_rule=None,
        third_rule="replace",
        matching_rule="mean",
        tolerance=None,
        mean_stands_in=False,
        panel_rule="mean",
        skip_missing=False,
        weighing=Weighing((), ()),
    )
    pairs = adjudication.pairs_of(sheet_of(np.array([1.0, 5.0]).reshape(1, 1, 1, 2)), between=False)
    for tolerance in (0.0, None, np.array([0.0, 9.0]).reshape(2, 1, 1, 1)):
        score, status = adjudication.settle_pairs(pairs, rule, tolerance=tolerance)
        assert set(score.ravel()) == {3.0}
        assert set(status.ravel()) == {adjudication.COMBINED}


def test_a_matching_pair_of_extremes_has_the_mean_of_all_who_rated():
    score, status = adjudication.settle([1, 1], [2, 5], [NAN, 2], centre=pd.Series([1.2, 3.0]))
    assert (score.tolist(), status.tolist()) == ([1.2, 2], [adjudication.MATCHED, adjudication.THIRD_USED])


def test_of_many_labels_that_do_not_fit_five_are_named():
    first, second = pd.Series(1, index=list("abcdefg")), pd.Series(1, index=list("hijklmn"))
    with pytest.raises(StatisticsError) as refused:
        adjudication.settle(first, second, NAN)
    assert refused.value.values["own"] == list("hijkl")
    assert refused.value.values["labels"] == list("abcde")
