"""Of equally near categories the one that needs the fewest moves is named."""

import numpy as np

from ogp_analysis import sensitivity

TABLE = [[0, 0, 0], [0, 2, 2], [0, 2, 1]]


def test_a_move_that_is_not_needed_is_not_named():
    """On the cut of feasibility, relevance below its own: high and medium is category 2 already."""
    scores = [[[3.5, 4.5, 3.5, 2.5]], [[2.75, 2.5, 1.25]]]
    weights = [np.full(4, 1 / 4), np.full(3, 1 / 3)]
    found = sensitivity.nearest_category(scores, weights, cuts=[[2.5, 3.5]] * 2, table=TABLE)
    assert found.target.tolist() == [[2, 1]]
    assert found.attained.tolist() == [True]
