"""Weights that are walked to: distributions known in closed form, and every constraint obeyed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from ogp_analysis.errors import StatisticsError
from ogp_analysis.sensitivity import hit_and_run

# At the level of 1 in 1,000; the seeds are fixed.
FAR = 1.95


def rng(seed=1):
    return np.random.default_rng(seed)


def walked(normals, bounds, draws=2000):
    return hit_and_run.walked(
        np.array(normals, dtype=float), np.array(bounds, dtype=float), draws=draws, rng=rng()
    )


def near(values, distribution):
    return stats.kstest(values, distribution).statistic < FAR / np.sqrt(len(values))


def test_walks_end_uniformly_on_a_trapezium():
    """Below a first weight of 1/2 its density falls as 1 - w; the others share the rest evenly."""
    found = walked([[1, 0, 0]], [0.5])
    assert found.shape == (hit_and_run.CHAINS, 20, 3)
    rows = found.reshape(-1, 3)
    assert rows.sum(axis=1) == pytest.approx(np.ones(2000), abs=1e-12)
    assert rows.min() >= 0
    assert rows[:, 0].max() <= 0.5 + 1e-12
    assert near(rows[:, 0], lambda w: (1 - (1 - np.clip(w, 0, 0.5)) ** 2) / 0.75)
    for k in (1, 2):
        assert near(rows[:, k] / (1 - rows[:, 0]), "uniform")
    # Each walk starts anew: the first points of all of them are as uniform.
    assert near(found[:, 0, 0], lambda w: (1 - (1 - np.clip(w, 0, 0.5)) ** 2) / 0.75)


def test_as_many_points_of_each_walk_as_make_up_the_draws():
    for draws, points in ((1, 1), (100, 1), (101, 2), (200, 2)):
        assert walked([[1, 0, 0]], [0.5], draws=draws).shape == (100, points, 3)


def test_a_weight_that_is_held_stays_and_the_others_share_the_rest():
    rows = walked([[1, 0, 0], [-1, 0, 0]], [0.3, -0.3]).reshape(-1, 3)
    assert rows[:, 0] == pytest.approx(np.full(2000, 0.3), abs=1e-9)
    assert near(rows[:, 1] / 0.7, "uniform")
    fresh = hit_and_run.fresh(
        rows, (np.array([[1.0, 0, 0], [-1.0, 0, 0]]), np.array([0.3, -0.3])), size=500, rng=rng(2)
    )
    assert fresh[:, 0] == pytest.approx(np.full(500, 0.3), abs=1e-9)
    assert near(fresh[:, 1] / 0.7, "uniform")


def test_a_single_point_is_repeated():
    point = [0.2, 0.3, 0.5]
    found = walked(np.eye(3), point, draws=300)
    assert found == pytest.approx(np.broadcast_to(point, (100, 3, 3)), abs=1e-9)
    again = hit_and_run.fresh(found, (np.eye(3), np.array(point)), size=7, rng=rng())
    assert again == pytest.approx(np.broadcast_to(point, (7, 3)), abs=1e-9)
    of_one = hit_and_run.fresh(np.array([[point]]), (np.eye(3), np.array(point)), size=2, rng=rng())
    assert of_one.tolist() == [point, point]


@pytest.mark.parametrize(
    ("normals", "bounds", "key"),
    [
        ([[1, 1, 1]], [0.9], "sensitivity.no_weights"),
        ([[1, 0, 0], [-1, 0, 0]], [0.3, -0.3 + 1e-8], "sensitivity.narrow"),
        ([[1, 0, 0], [-1, 0, 0]], [0.3 + 1e-8, -0.3], "sensitivity.narrow"),
    ],
)
def test_no_weights_and_too_narrow_a_set_are_refused(normals, bounds, key):
    with pytest.raises(StatisticsError) as refused:
        walked(normals, bounds)
    if key == "sensitivity.narrow":
        assert refused.value.values["constraints"] == 5
    assert refused.value.values["key"] == key


def test_fresh_weights_are_uniform_again_and_obey():
    """Of the set of a trapezium, from a sample of it."""
    w = 1 - np.sqrt(1 - 0.75 * rng(3).random(4000))
    share = rng(4).random(4000)
    sample = np.stack([w, share * (1 - w), (1 - share) * (1 - w)], axis=1).reshape(40, 100, 3)
    constraints = np.array([[1.0, 0, 0]]), np.array([0.5])
    rows = hit_and_run.fresh(sample, constraints, size=1500, rng=rng(5))
    assert rows.shape == (1500, 3)
    assert rows.min() >= 0
    assert rows[:, 0].max() <= 0.5 + 1e-12
    assert near(rows[:, 0], lambda w: (1 - (1 - np.clip(w, 0, 0.5)) ** 2) / 0.75)
    # They have walked on: none is a point of the sample.
    assert not np.isin(rows[:, 0], sample[..., 0]).any()


def test_one_step_along_a_line_is_uniform_wherever_it_begins():
    line, start = np.array([[1.0], [-1.0]]), np.tile([0.9, 0.1], (1500, 1))
    found = hit_and_run.steps(start, -np.eye(2), np.zeros(2), line, count=1, rng=rng())
    assert near(found[:, 0], "uniform")
    # Up to 1/4 for the second: between 3/4 and 1 for the first.
    rows, limits = np.vstack([-np.eye(2), [[0.0, 1.0]]]), np.array([0.0, 0.0, 0.25])
    found = hit_and_run.steps(start, rows, limits, line, count=1, rng=rng())
    assert near((found[:, 0] - 0.75) * 4, "uniform")
    assert hit_and_run.steps(start, rows, limits, line, count=0, rng=rng()).tolist() == start.tolist()


def test_a_walk_along_a_wall_stays_on_it():
    """The first weight is 0 and no step changes it: neither way does its limit stop the others."""
    along, start = np.array([[0.0], [1.0], [-1.0]]), np.tile([0.0, 0.2, 0.8], (1000, 1))
    found = hit_and_run.steps(start, -np.eye(3), np.zeros(3), along, count=1, rng=rng())
    assert (found[:, 0] == 0).all()
    assert near(found[:, 1], "uniform")


def test_directions_are_those_that_change_nothing_that_is_held():
    held = np.array([[1.0, 1.0, 0, 0], [2.0, 2.0, 0, 0]])
    free = hit_and_run._free_directions(held)
    assert free.shape == (4, 2)
    assert free.T @ free == pytest.approx(np.eye(2), abs=1e-12)
    assert np.vstack([np.ones(4), held]) @ free == pytest.approx(np.zeros((3, 2)), abs=1e-12)
    assert hit_and_run._free_directions(np.empty((0, 3))).shape == (3, 2)


def test_steps_have_the_covariance_of_the_points_and_reach_where_they_have_none():
    points = rng().dirichlet([1.0, 2.0, 3.0], 50)
    shape = hit_and_run._shape(points, hit_and_run._free_directions(np.empty((0, 3))))
    assert shape @ shape.T == pytest.approx(np.cov(points.T, ddof=0), rel=1e-3, abs=1e-6)
    alike = hit_and_run._shape(np.tile([0.2, 0.8], (5, 1)), hit_and_run._free_directions(np.empty((0, 2))))
    assert np.linalg.matrix_rank(alike, tol=1e-18) == 1


def test_far_points_touch_each_constraint_from_as_far_as_can_be():
    rows, limits = np.vstack([-np.eye(3), [[1.0, 0, 0]]]), np.array([0.0, 0, 0, 0.4])
    points, flat = hit_and_run._far_points(rows, limits)
    assert (limits - (rows * points).sum(axis=1)).tolist() == pytest.approx([0.4, 1, 1, 0.4])
    assert (points @ rows.T <= limits + 1e-9).all()
    assert flat.tolist() == [False] * 4
