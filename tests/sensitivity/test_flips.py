"""Smallest flips against linear programming and an enumerating quadratic solver; ties, stability, sweeps."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest
from scipy.optimize import linprog

from ogp_analysis.errors import StatisticsError
from ogp_analysis.sensitivity import (
    cut_margin,
    cut_sweep,
    exact_mean,
    nearest_category,
    reaches,
    sides,
    smallest_flip,
    stability_interval,
)

TABLE = [[0, 0, 0], [0, 2, 2], [0, 2, 1]]
# Three rounds of the kinds of cases below, which repeat after 84.
CASES = 126
TOLERANCE = 1e-9


def by_enumeration(x, w, t):
    """Least squares distance: solve the equality problem on every support and keep the best feasible one."""
    best = np.inf
    for size in range(1, len(x) + 1):
        for support in combinations(range(len(x)), size):
            rows = np.vstack([np.ones(size), x[list(support)]])
            missing = np.array([1.0, t]) - rows @ w[list(support)]
            step = np.linalg.lstsq(rows, missing, rcond=None)[0]
            v = np.zeros(len(x))
            v[list(support)] = w[list(support)] + step
            if abs(v.sum() - 1) < 1e-10 and abs(v @ x - t) < 1e-10 and v.min() > -1e-13:
                best = min(best, np.linalg.norm(v - w))
    return best


def by_linear_programming(x, w, t, norm):
    n = len(x)
    slack = -np.eye(n) if norm == "L1" else -np.ones((n, 1))
    k = slack.shape[1]
    found = linprog(
        np.r_[np.zeros(n), np.ones(k)],
        A_ub=np.vstack([np.hstack([np.eye(n), slack]), np.hstack([-np.eye(n), slack])]),
        b_ub=np.r_[w, -w],
        A_eq=np.vstack([np.r_[np.ones(n), np.zeros(k)], np.r_[x, np.zeros(k)]]),
        b_eq=[1, t],
        bounds=(0, None),
    )
    return found.fun if found.status == 0 else np.inf


def random_case(rng, k):
    """Zero weights, all weight on one indicator, tied scores and cuts at the corner among them."""
    n = rng.integers(2, 6)
    x = rng.integers(1, 6, size=n).astype(float) if k % 2 else rng.uniform(1, 5, n)
    w = rng.dirichlet(np.ones(n))
    if k % 3 == 0:
        w[rng.integers(n)] = 0
        w /= w.sum()
    if k % 7 == 0:
        w = np.eye(n)[rng.integers(n)]
    return x, w, [2.5, 3.5, x.max(), rng.uniform(1, 5)][k % 4]


@pytest.mark.parametrize("norm", ["L1", "L2", "Linf"])
def test_distances_agree_with_an_independent_solver(norm):
    rng = np.random.default_rng(3)
    finite = 0
    for k in range(CASES):
        x, w, t = random_case(rng, k)
        truth = by_enumeration(x, w, t) if norm == "L2" else by_linear_programming(x, w, t, norm)
        flip = smallest_flip([x], w, t, norm=norm)
        if not flip.up[0] and x.min() >= t:
            truth = np.inf  # no weighting is below the cut
        if np.isinf(truth):
            assert np.isinf(flip.distance[0]), (x, w, t)
            assert np.isnan(flip.weights[0]).all()
            assert flip.certificate[0] < t if flip.up[0] else flip.certificate[0] >= t
            continue
        finite += 1
        v = flip.weights[0]
        assert flip.distance[0] == pytest.approx(truth, abs=TOLERANCE), (x, w, t)
        assert v.min() >= 0
        assert v.sum() == pytest.approx(1, abs=1e-12)
        assert v @ x == pytest.approx(t, abs=1e-12)
    assert finite > CASES / 2


def test_many_rows_give_the_same_as_one_by_one():
    rng = np.random.default_rng(5)
    scores, w = rng.integers(1, 6, size=(60, 4)), np.array([0.1, 0.4, 0.3, 0.2])
    for norm in ("L1", "L2", "Linf"):
        together = smallest_flip(scores, w, 3.3, norm=norm)
        alone = [smallest_flip(scores[k : k + 1], w, 3.3, norm=norm).distance[0] for k in range(60)]
        assert together.distance == pytest.approx(np.array(alone), abs=1e-14)


def test_no_indicator_order_matters():
    scores, w, order = np.array([[1, 5, 2, 4]]), np.array([0.1, 0.2, 0.3, 0.4]), [2, 0, 3, 1]
    for norm in ("L1", "L2", "Linf"):
        plain = smallest_flip(scores, w, 3.9, norm=norm)
        moved = smallest_flip(scores[:, order], w[order], 3.9, norm=norm)
        assert moved.distance == pytest.approx(plain.distance, abs=1e-14)


def test_a_score_on_the_cut_falls_with_no_change_but_does_not_attain_it():
    flip = smallest_flip([[2, 3], [3, 3], [2, 2]], [0.5, 0.5], 2.5)
    assert flip.distance.tolist() == [0, np.inf, np.inf]
    assert flip.up.tolist() == [False, False, True]
    assert not flip.attained.any()
    assert flip.certificate.tolist() == [2, 3, 2]


def test_the_cut_at_the_best_score_is_attained_with_all_weight_on_it():
    flip = smallest_flip([[1, 4, 4]], [1, 0, 0], 4, norm="L1")
    assert flip.attained[0]
    assert flip.distance[0] == pytest.approx(2)
    assert flip.weights[0, 0] == pytest.approx(0)


def test_ties_are_decided_on_rationals():
    # All 125 (weights, scores, cut) below lie exactly on their cut; naive floats put some below.
    weights = [(0.1, 0.4, 0.3, 0.2), (0.3, 0.3, 0.3, 0.1), (0.15, 0.35, 0.1, 0.4), (0.7, 0.1, 0.1, 0.1)]
    naive, seen = 0, 0
    for w, x, cut in product(weights, product(range(1, 6), repeat=4), (2.5, 3.5)):
        exact = sum(Fraction(str(a)) * b for a, b in zip(w, x, strict=True))
        if exact == Fraction(str(cut)):
            seen += 1
            naive += np.dot(w, x) < cut
            assert sides([x], w, [cut])[0, 0] == 0
            assert reaches([x], w, [cut])[0, 0]
    assert seen > 100
    assert naive > 0  # else this test would show nothing


def test_thirds_are_read_as_thirds():
    assert exact_mean([8 / 3, 8 / 3, 8 / 3], [1 / 3, 1 / 3, 1 / 3]) == Fraction(8, 3)
    assert reaches([[2, 2, 3.5]], [1 / 3, 1 / 3, 1 / 3], [2.5]).tolist() == [[True]]
    assert reaches([[2.5, 2.5, 2.5]], [1 / 3, 1 / 3, 1 / 3], [2.5]).tolist() == [[True]]


def grid_nearest(scores, weights, cuts, route):
    """Smallest L1 change on a fine grid of weightings of two indicators in each criterion."""
    steps = np.arange(0, 2001) / 2000
    category = np.array(TABLE)
    best = np.inf

    def level(x, w, cut):
        value = x[0] * w + x[1] * (1 - w)
        return (value[..., None] >= np.array(cut) - 1e-12).sum(-1)

    now = [int(level(x, np.array(w[0]), c)) for x, w, c in zip(scores, weights, cuts, strict=True)]
    base = category[now[0], now[1]] or (3 if route else 4)
    levels = [level(x, steps, c) for x, c in zip(scores, cuts, strict=True)]
    change = [2 * np.abs(steps - w[0]) for w in weights]
    least = [[change[k][levels[k] == a].min(initial=np.inf) for a in range(3)] for k in range(2)]
    for a, b in product(range(3), range(3)):
        if (category[a, b] or (3 if route else 4)) != base:
            best = min(best, least[0][a] + least[1][b])
    return best


def test_nearest_category_agrees_with_a_grid_search():
    rng = np.random.default_rng(8)
    for _ in range(60):
        scores = [rng.integers(1, 6, size=2) for _ in range(2)]
        weights = [(w, 1 - w) for w in rng.integers(1, 20, size=2) / 20]
        cuts = [[2.4, 3.6], [2.2, 3.3]]
        found = nearest_category([[x] for x in scores], weights, cuts=cuts, table=TABLE, route=[True])
        truth = grid_nearest(scores, weights, cuts, True)
        if np.isinf(truth):
            # A corner reached only at the very end of the simplex is on the grid, so both must be infinite.
            assert np.isinf(found.distance[0])
        else:
            assert found.distance[0] == pytest.approx(truth, abs=3e-3)  # two grid steps
            assert found.category[0] != found.current[0]


def test_distances_of_two_criteria_join_as_the_norm_says():
    scores, weights = [[[1, 5]], [[1, 5]]], [[0.5, 0.5]] * 2
    table = [[4, 4, 4], [4, 4, 4], [4, 4, 1]]  # only high and high is another category
    moves = {
        norm: nearest_category(scores, weights, cuts=[[2, 4]] * 2, table=table, norm=norm).distance[0]
        for norm in ("L1", "L2", "Linf")
    }
    assert moves == pytest.approx({"L1": 1.0, "L2": 0.5, "Linf": 0.25})


def test_the_weight_of_an_only_indicator_is_1():
    assert stability_interval([[3], [1]], [1], [2.5, 3.5]).tolist() == [[[1, 1]], [[1, 1]]]


def test_stability_intervals_are_where_the_level_changes():
    rng = np.random.default_rng(9)
    scores, w, cuts = rng.integers(1, 6, size=(30, 4)), np.array([0.1, 0.4, 0.3, 0.2]), [2.45, 3.55]
    interval = stability_interval(scores, w, cuts)
    level = (scores @ w[:, None] >= cuts).sum(axis=1)
    for k in range(30):
        for i in range(4):
            for a in np.linspace(0, 1, 41):
                others = np.delete(w, i) / np.delete(w, i).sum() * (1 - a)
                value = np.insert(others, i, a) @ scores[k]
                low, high = interval[k, i]
                if low + 1e-9 < a < high - 1e-9:
                    assert (value >= np.array(cuts)).sum() == level[k]
                # Beyond the interval the nearest cut is crossed, the score being linear in the weight.
                if a < low - 1e-9 or a > high + 1e-9:
                    assert (value >= np.array(cuts)).sum() != level[k]


def test_a_weight_whose_score_sits_on_a_cut_has_no_room_on_one_side():
    interval = stability_interval([[2, 3]], [0.5, 0.5], [2.5])
    assert interval[0].tolist() == [[0, 0.5], [0.5, 1]]


def test_margins_and_sweeps():
    assert cut_margin([3.0], [2.5, 3.5]).tolist() == [[0.5, -0.5]]
    settings = [[[2.5, 3.5]] * 2, [[2, 3]] * 2, [[4.5, 4.9]] * 2]
    counts = cut_sweep([[3, 4], [3.5, 3.5], [1, 5]], settings, table=TABLE, route=[False, False, True])
    assert counts.tolist() == [[1, 1, 1, 0], [2, 0, 1, 0], [0, 0, 1, 2]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: smallest_flip([[1, 2]], [0.5, 0.6], 2),
            r"weights \[0.5, 0.6\] sum to 1.1; they must sum to 1",
        ),
        (lambda: smallest_flip([[1, 2]], [1.5, -0.5], 2), "negative value -0.5; none may be below 0"),
        (lambda: smallest_flip([[1, 2]], [np.nan, 1], 2), r"weights at \(0,\) is nan"),
        (lambda: smallest_flip([[1, 2]], [1], 2), r"weights has shape \(1,\); it must be \(2,\)"),
        (lambda: smallest_flip([[1, np.inf]], [0.5, 0.5], 2), r"scores at \(0, 1\) is inf"),
        (lambda: smallest_flip([[1, 2]], [0.5, 0.5], np.nan), "cut at .* is nan"),
        (lambda: smallest_flip([[1, 2]], [0.5, 0.5], 2, norm="L3"), "norm 'L3' is not one of L1, L2, Linf"),
        (
            lambda: nearest_category([[[1, 2]]] * 2, [[0.5, 0.5]] * 2, cuts=[[3.5, 2.5]] * 2, table=TABLE),
            r"cut points \[3.5, 2.5\] are out of order",
        ),
        (
            lambda: stability_interval([[1, 2]], [0.5, 0.5], [3, 3]),
            r"cut points \[3.0, 3.0\] are out of order",
        ),
        (lambda: cut_sweep([[1, 2]], [[[3.5, 2.5]] * 2], table=TABLE), "out of order"),
    ],
)
def test_refusals_name_the_value_and_the_rule(call, message):
    with pytest.raises(StatisticsError, match=message):
        call()
