"""Scores of draws under rule sets of every reading of a pair, settled by hand."""

from __future__ import annotations

import numpy as np
import pytest

from ogp_analysis.assessment.rating_arrays import Sheet
from ogp_analysis.model import params
from ogp_analysis.sensitivity.rescoring import scoring_of
from ogp_analysis.sensitivity.rounds import Round

NAN = np.nan
# Ratings of two panels, the third rating of each and that between them.
FIRST = ([[2, 5], [4, 4]], [5, NAN], 3)
SECOND = ([[1, 1], [3, 5]], [NAN, 2], 4)
DRAWS = [
    # A third of 5 replaces 2 and 5; 4 and 4 match: the mean of the panels, the lower of them, one alone.
    (FIRST, "within_panels", "replace", 1.0, "mean", (5 + 4) / 2),
    (FIRST, "within_panels", "replace", 1.0, "minimum", 4),
    (FIRST, "within_panels", "replace", 1.0, "working_group", 5),
    # The median of 2, 5 and 5.
    (FIRST, "within_panels", "median", 1.0, "core_group", 4),
    (FIRST, "within_panels", "median", 1.0, "working_group", 5),
    # Means of the panels are 3.5 and 4: within a point they match, else the third between them decides.
    (FIRST, "between_panels", "replace", 1.0, "mean", (3.5 + 4) / 2),
    (FIRST, "between_panels", "replace", 0.0, "mean", 3),
    # 1 and 1 match; 3 and 5 do within two points, else it is their third evaluation, 2.
    (SECOND, "within_panels", "replace", 2.0, "mean", (1 + 4) / 2),
    (SECOND, "within_panels", "replace", 1.0, "mean", (1 + 2) / 2),
    # Between means of 1 and 4 the third is 4: in place of both, or with the one that it is closest to.
    (SECOND, "between_panels", "replace", 2.0, "mean", 4),
    (SECOND, "between_panels", "median", 2.0, "mean", 4),
]


def drawn(places):
    """Put the ratings of these draws side by side, the same for one proposal's three indicators."""
    ratings, within, between = (
        np.array([DRAWS[k][0][part] for k in places], dtype=float) for part in range(3)
    )
    alike = (len(places), 1, 3)
    return Round(
        np.broadcast_to(ratings[:, None, None], (*alike, 2, 2)),
        np.broadcast_to(within[:, None, None], (*alike, 2)),
        np.broadcast_to(between[:, None, None, None], (*alike, 1)),
    )


@pytest.fixture(scope="module")
def scoring():
    parameters = params.from_values(params.baseline())
    criterion = parameters.method.criteria[1]
    one = drawn([0])
    return scoring_of(Sheet(criterion, one.ratings[0], one.within[0], np.full((1, 3), NAN)), parameters)


def place_of(scoring, draw):
    _, pair, third, tolerance, panel, _ = draw
    given = {"blind_pair": pair, "third_rule": third, "tolerance": tolerance, "panel_rule": panel}
    return scoring.rules.index({**scoring.rules[scoring.baseline], **given})


@pytest.mark.parametrize(
    "chosen",
    [range(len(DRAWS)), [9, 0, 6, 8, 2, 5], [0, 1, 2], [5, 6, 10], *([k] for k in range(len(DRAWS)))],
    ids=str,
)
def test_each_draw_obeys_the_rules_of_the_draw_whatever_stands_beside_it(scoring, chosen):
    places = np.array([place_of(scoring, DRAWS[k]) for k in chosen])
    expected = np.array([[[DRAWS[k][-1]] * 3] for k in chosen])
    assert scoring.scores(places, drawn(list(chosen))) == pytest.approx(expected, abs=1e-12)


def test_no_draws_have_no_scores(scoring):
    none, one = np.array([], dtype=int), drawn([0])
    empty = Round(one.ratings[none], one.within[none], one.between[none])
    assert scoring.scores(none, empty).shape == (0, 1, 3)
