"""Cycles of ratios, equalities and tiny sets of weights, against geometry by hand and independent draws."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest

from ogp_analysis.errors import StatisticsError
from ogp_analysis.sensitivity import (
    belief_probability,
    category_acceptability,
    central_weights,
    draw_weights,
    joint_probability,
    polytope_probability,
    read_belief,
)

ABC = ("a", "b", "c")


def test_weights_that_bound_each_other_from_both_sides():
    """Of a + b = s the share a / s lies in [1/3, 2/3], of area 1/6; b - a >= 0.1 there is 0.245 / 6.

    With u = 1 - 2 a / s the area is the integral of (1 - 0.01 / u^2) / 4 over u from 0.1 to 1/3:
    (7/30 - 0.07) / 4.
    """
    belief = read_belief("a at least 0.5 times b; b at least 0.5 times a", ABC)
    assert belief_probability([[1, 5, 3]], [3.2], belief).item() == pytest.approx(0.245, abs=1e-12)
    free = np.random.default_rng(1).dirichlet(np.ones(3), 400_000)
    kept = free[(free[:, 0] >= 0.5 * free[:, 1]) & (free[:, 1] >= 0.5 * free[:, 0])]
    assert np.mean(kept @ [1, 5, 3] >= 3.2) == pytest.approx(0.245, abs=0.004)


@pytest.mark.parametrize(
    ("text", "ratio"),
    [
        ("a at least b; b at least a", 1),
        ("a at least 2 times b; b at least 0.5 times a", 2),
        ("a at least 3 times b; b at least 0.3333333333333333 times a", 3),
        ("a at least 10 times b; b at least 0.1 times a", 10),
        ("a at least b; a at least 1.5 times b; b at least 0.6666666666666667 times a", 1.5),
    ],
)
def test_an_equality_is_sayable(text, ratio):
    """With a = ratio b the weight of c is uniform on [0, 1]: the mean moves on a line."""
    belief = read_belief(text, ABC)
    row, cut = np.array([1.0, 2.0, 5.0]), 3.0
    end = (ratio * row[0] + row[1]) / (ratio + 1)
    expected = (row[2] - cut) / (row[2] - end)
    assert belief_probability([row], [cut], belief).item() == pytest.approx(expected, abs=1e-9)
    weights = draw_weights(3, size=500, rng=np.random.default_rng(2), belief=belief)
    assert weights[:, 0] == pytest.approx(ratio * weights[:, 1])
    assert central_weights([row], [0.5], belief=belief)[0, 1].sum() == pytest.approx(1)


def test_all_weights_equal_is_one_weighting():
    belief = read_belief("a at least b; b at least c; c at least a", ABC)
    assert belief_probability([[1, 3, 3.5], [1, 3, 3.4]], [2.5], belief).tolist() == [[1], [0]]
    table = [[0, 0, 0], [0, 2, 2], [0, 2, 1]]
    shares = category_acceptability(
        ([[1, 3, 3.5]], [[4, 4, 4]]), [[2.5, 3.5]] * 2, table=table, beliefs=(belief, None)
    )
    assert shares.tolist() == [[0, 1, 0, 0]]


@pytest.mark.parametrize(
    "text",
    [
        "a at least 1.000001 times b; b at least a",
        "a at least 2 times b; b at least 0.51 times a",
        "a at least 2 times b; b at least c; c at least 0.6 times a",
    ],
)
def test_a_cycle_above_one_contradicts(text):
    with pytest.raises(StatisticsError) as refused:
        read_belief(text, ABC)
    assert refused.value.values["key"] == "params.belief_cycle"
    assert refused.value.values["cycle"].startswith("a, b")


@pytest.mark.parametrize("d", [1e-3, 1e-6, 1e-7, 1e-9, 1e-11])
def test_tiny_sets_of_weights_are_right(d):
    """By hand: with a, c uniform on [0, d] the mean of 1, 5, 3 is 5 - 4 a - 2 c."""
    small = {"normals": [[1, 0, 0], [0, 0, 1]], "bounds": [d, d]}
    found = polytope_probability([[1, 5, 3]], [5 - d, 5 - 3 * d], **small)
    assert found == pytest.approx(np.array([[1 / 16, 1 / 2]]), rel=2e-16 / d + 1e-9)
    slim = {"normals": [[1, 0, 0], [0, 0, 1]], "bounds": [d, 0.5]}
    # c <= 1/2 - 2 a - d / 4, of 1/2, with a = d / 2 on average.
    assert polytope_probability([[1, 5, 3]], [4 + d / 2], **slim).item() == pytest.approx(
        1 - 2.5 * d, abs=1e-9
    )
    belt = {"normals": [[1, -1, 0], [-1, 1, 0]], "bounds": [d, d]}
    assert polytope_probability([[1, 5, 3]], [3], **belt).item() == pytest.approx(0.5)
    both = joint_probability([[1, 5, 3]], 5 - d, constraints=(np.array(small["normals"]), np.array([d, d])))
    assert both == pytest.approx(1 / 16, rel=2e-16 / d + 1e-9)


def test_bounds_of_1e_9_in_every_position_have_an_answer():
    rng = np.random.default_rng(4)
    for _ in range(60):
        n = int(rng.integers(2, 5))
        normals, bounds = rng.integers(-2, 3, (3, n)).astype(float), rng.choice([0.0, 1e-9, 0.3], 3)
        # A refusal in words is an answer; any other error, an IndexError among them, is not.
        with contextlib.suppress(StatisticsError):
            found = polytope_probability(rng.integers(1, 6, (2, n)), [3], normals=normals, bounds=bounds)
            assert np.all((found >= 0) & (found <= 1))
