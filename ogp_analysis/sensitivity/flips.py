"""The smallest change of the weights that moves a score across a cut, or a proposal to another category."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ogp_analysis.errors import keyed_error
from ogp_analysis.model.records import CATEGORIES
from ogp_analysis.sensitivity import arguments
from ogp_analysis.sensitivity.acceptability import BY_ROUTE, category_of
from ogp_analysis.sensitivity.ties import merged, sides, signs

NORMS = ("L1", "L2", "Linf")

EQUALLY_NEAR = 1e-12  # of weight: rounding parts no two cells that are equally near


@dataclass(frozen=True)
class Flip:
    """The smallest change of the weights that takes each proposal to the other side of a cut.

    Parameters
    ----------
    distance : numpy.ndarray, shape (m,)
        Size of the change in the norm; infinite where no weighting does it; 0 downwards for a score on a cut.
    weights : numpy.ndarray, shape (m, n)
        The weights there; NaN where no weighting does it.
    up : numpy.ndarray of bool, shape (m,)
        Whether the score has to rise to the cut (else it has to fall below).
    attained : numpy.ndarray of bool, shape (m,)
        True upwards. A downward distance is an infimum: at the weights themselves the score is still on the
        cut, any step beyond them is below it.
    certificate : numpy.ndarray, shape (m,)
        The highest (upwards) or lowest (downwards) score that any weighting gives: the distance is infinite
        exactly where it does not pass the cut.
    norm : str
        ``"L1"`` (twice the weight moved), ``"L2"`` or ``"Linf"`` (largest change of one weight).
    """

    distance: np.ndarray
    weights: np.ndarray
    up: np.ndarray
    attained: np.ndarray
    certificate: np.ndarray
    norm: str


def smallest_flip(scores: ArrayLike, weights: ArrayLike, cut: float, *, norm: str = "L1") -> Flip:
    """Find the smallest change of the weights that moves each score to the other side of a cut.

    Parameters
    ----------
    scores : array_like, shape (m, n)
        Indicator scores.
    weights : array_like, shape (n,)
        Baseline weights: not negative, sum 1.
    cut : float
        Cut point, closed below.
    norm : str
        ``"L1"``, ``"L2"`` or ``"Linf"``.

    Returns
    -------
    Flip

    Raises
    ------
    StatisticsError
        Scores or cut are not finite, or the cut is not one number; weights are negative, not finite or do not
        sum to 1; unknown norm.

    Notes
    -----
    Minimise the norm of v - w over the simplex subject to v.x = cut. L1: weight moves to the best score,
    first from the ones farthest below it. Linf: Newton on the piecewise linear gain of a largest change. L2:
    projection of w + mu x onto the simplex, Newton in mu.

    References
    ----------
    Triantaphyllou, E. and Sanchez, A. (1997). A sensitivity analysis approach for some deterministic
    multi-criteria decision-making methods. Decision Sciences 28(1), 151-194.
    https://doi.org/10.1111/j.1540-5915.1997.tb01306.x

    Examples
    --------
    From a score of 2 to the cut of 3, a quarter of the weight has to move (twice counted by L1); with ratings
    1 and 2 no weighting gives more than 2:

    >>> flip = smallest_flip([[1, 5], [1, 2]], [0.75, 0.25], 3)
    >>> flip.distance.tolist(), flip.weights[0].tolist(), flip.certificate.tolist()
    ([0.5, inf], [0.5, 0.5], [5.0, 2.0])
    """
    weights = arguments.in_order(weights, scores)
    scores = arguments.score_matrix(scores)
    weights = arguments.weight_vector(weights, scores.shape[1])
    cut = arguments.one_number(cut, "cut")
    arguments.choice(norm, NORMS, "norm")
    side = sides(scores, weights, [cut])[:, 0]
    up = side < 0
    certificate = np.where(up, scores.max(axis=1, initial=-np.inf), scores.min(axis=1, initial=np.inf))
    # Cuts are closed below: a score equal to the cut has risen to it, but has not fallen under it.
    beyond = signs(certificate, cut)
    possible = np.where(up, beyond >= 0, beyond < 0)
    # A tie is decided on rationals; the float gap of 1e-16 that it may leave is no distance.
    gap = np.where(side == 0, 0.0, np.abs(cut - scores @ weights))
    moved = np.full(scores.shape, np.nan)
    # Scores that only rounding tells apart would be divided by their difference.
    turned = merged(np.where(up[:, None], scores, -scores)[possible])
    moved[possible] = MOVERS[norm](turned, weights, gap[possible])
    moved[possible & (side == 0)] = weights
    distance = np.where(possible, _length(moved - weights, norm), np.inf)
    return Flip(distance, moved, up, possible & up, certificate, norm)


def _length(change: np.ndarray, norm: str) -> np.ndarray:
    if norm == "L1":
        return np.abs(change).sum(axis=-1)
    return np.sqrt(np.square(change).sum(axis=-1)) if norm == "L2" else np.abs(change).max(axis=-1, initial=0)


@dataclass(frozen=True)
class CategoryFlip:
    """The smallest change of the weights of all criteria that moves each proposal to another category.

    Parameters
    ----------
    distance : numpy.ndarray, shape (m,)
        Size of the change over all criteria; infinite where no weighting changes the category.
    current, category : numpy.ndarray of int, shape (m,)
        Category now and there; 0 for ``category`` where there is none.
    levels, target : numpy.ndarray of int, shape (m, k)
        Levels (0 the lowest) on all criteria now and there.
    weights : tuple of numpy.ndarray, shapes (m, n_1) ... (m, n_k)
        The weights there; NaN where there is none.
    attained : numpy.ndarray of bool, shape (m,)
        False where a score has to fall below a cut: the distance is an infimum there.
    """

    distance: np.ndarray
    current: np.ndarray
    category: np.ndarray
    levels: np.ndarray
    target: np.ndarray
    weights: tuple[np.ndarray, ...]
    attained: np.ndarray


def nearest_category(
    scores: Sequence[ArrayLike],
    weights: Sequence[ArrayLike],
    *,
    cuts: Sequence[ArrayLike],
    table: ArrayLike,
    route: ArrayLike | None = None,
    norm: str = "L1",
    categories: int = len(CATEGORIES),
    by_route: tuple[int, int] = BY_ROUTE,
) -> CategoryFlip:
    """Find the smallest change of the weights that moves each proposal to another category.

    Parameters
    ----------
    scores, weights, cuts : sequences of array_like
        For each of k criteria: scores (m, n), baseline weights (n,), increasing cut points, one fewer than
        the table has levels on its axis.
    table : array_like of int, shape (L_1, ..., L_k)
        Category by level; 0 where the route decides.
    route : array_like of bool, shape (m,), optional
        Whether an institutional route is recorded.
    norm : str
        The criteria have weights of their own: L1 changes add, L2 changes add in squares, of Linf changes the
        largest counts.
    categories, by_route
        As in `category_probability`.

    Returns
    -------
    CategoryFlip

    Raises
    ------
    StatisticsError
        As in `smallest_flip`; cut points out of order or not one fewer than levels, another number of
        proposals on one of the criteria, or a table or route that does not fit.

    Examples
    --------
    The first score of 3.4 is 0.1 short of high; 0.025 of weight moved lifts it and turns category 2 into 1:

    >>> flip = nearest_category([[[1, 5]], [[4, 4]]], [[0.4, 0.6]] * 2, cuts=[[2.5, 3.5]] * 2,
    ...                         table=[[0, 0, 0], [0, 2, 2], [0, 2, 1]])
    >>> flip.distance.round(9).tolist(), flip.current.tolist(), flip.category.tolist()
    ([0.05], [2], [1])
    """
    lengths = arguments.lengths_of(table)
    named = {"scores": scores, "weights": weights, "cuts": cuts}
    criteria = [arguments.sequence(values, name, len(lengths)) for name, values in named.items()]
    limits = [arguments.cuts_of_levels(cut, n) for cut, n in zip(criteria[2], lengths, strict=True)]
    tables, route = (
        arguments.same_rows(scores),
        arguments.rows_in_order(route, arguments.proposals_of(scores), "route"),
    )
    parts = [_level_moves(x, w, cut, norm) for x, w, cut in zip(tables, criteria[1], limits, strict=True)]
    if not _same_length(parts):
        raise keyed_error(key="sensitivity.rows", rows=[len(part[0]) for part in parts])
    category = category_of(table, route, len(parts[0][0]), categories=categories, by_route=by_route)
    return nearest_of_moves(parts, category, norm=norm)


def nearest_of_moves(
    parts: Sequence[tuple[np.ndarray, ...]], category: np.ndarray, *, norm: str
) -> CategoryFlip:
    """Choose the nearest cell of another category, (m, L_1, ..., L_k), from `level_moves` of each axis."""
    level = np.stack([part[0] for part in parts], axis=1)
    m, lengths, rows = len(level), category.shape[1:], np.arange(len(level))
    current = category[(rows, *level.T)]
    # Every cell: where the table gives neighbours one category, a change of several criteria may be nearest.
    far = _cells([part[1] for part in parts], norm)
    far = np.where(category == current.reshape(m, *(1 for _ in lengths)), np.inf, far).reshape(
        m, math.prod(lengths)
    )
    # Of equally near cells the one that moves the fewest axes: a move that is not needed would mislead.
    cells = np.stack(np.unravel_index(np.arange(far.shape[1]), lengths), axis=1)
    tied = far <= far.min(axis=1, keepdims=True) + EQUALLY_NEAR
    best = np.where(tied, (cells != level[:, None]).sum(axis=2), len(lengths) + 1).argmin(axis=1)
    distance = far[rows, best]
    to = np.stack(np.unravel_index(best, lengths), axis=1)
    reachable = np.isfinite(distance)
    moved = (part[2][rows, to[:, axis]] for axis, part in enumerate(parts))
    return CategoryFlip(
        distance,
        current,
        np.where(reachable, category[(rows, *to.T)], 0),
        level,
        np.where(reachable[:, None], to, level),
        tuple(np.where(reachable[:, None], weights, np.nan) for weights in moved),
        reachable & (to >= level).all(axis=1),
    )


def _same_length(parts: Sequence[tuple[np.ndarray, ...]]) -> bool:
    return len({len(part[0]) for part in parts}) == 1


def _cells(far: Sequence[np.ndarray], norm: str) -> np.ndarray:
    """Join the distances of the criteria, (m, L_1) ... (m, L_k), to that of each cell, (m, L_1, ..., L_k)."""
    joined = far[0]
    for part in far[1:]:
        joined = _joined(
            joined[..., None], part.reshape(len(part), *(1 for _ in joined.shape[1:]), part.shape[1]), norm
        )
    return joined


def _joined(first: np.ndarray, second: np.ndarray, norm: str) -> np.ndarray:
    if norm == "L1":
        return first + second
    return np.hypot(first, second) if norm == "L2" else np.maximum(first, second)


def _level_moves(
    scores: ArrayLike, weights: ArrayLike, cuts: np.ndarray, norm: str
) -> tuple[np.ndarray, ...]:
    weights = arguments.in_order(weights, scores)
    flips = [smallest_flip(scores, weights, cut, norm=norm) for cut in cuts]
    level = (sides(scores, weights, cuts) >= 0).sum(axis=1)
    return level_moves(flips, np.asarray(weights, dtype=float), level)


def level_moves(flips: Sequence[Flip], weights: np.ndarray, level: np.ndarray) -> tuple[np.ndarray, ...]:
    """Level of each proposal, and distance (m, L) and weights (m, L, n) to reach each level."""
    m, n = flips[0].weights.shape
    distance = np.zeros((m, len(flips) + 1))
    moved = np.broadcast_to(weights, (m, len(flips) + 1, n)).copy()
    # Only the cut next to the target level counts: who reaches it has crossed those in between.
    for target in range(len(flips) + 1):
        for cut, rows in ((target - 1, level < target), (target, level > target)):
            if rows.any():
                distance[rows, target] = flips[cut].distance[rows]
                moved[rows, target] = flips[cut].weights[rows]
    return level, distance, moved


ROUNDS = 200  # far above what the piecewise linear searches need (at most a few pieces for each indicator)


def move_l1(y: np.ndarray, w: np.ndarray, gap: np.ndarray) -> np.ndarray:
    """Move weight to the best indicator, first from the ones that are farthest below it.

    Optimal because a unit of weight gains most over the largest difference of scores.

    A gain of 0.6 by moving 0.15 from the score 1 to the score 5:

    >>> move_l1(np.array([[1.0, 2, 4, 5]]), np.full(4, 0.25), np.array([0.6])).round(4).tolist()
    [[0.1, 0.25, 0.25, 0.4]]
    """
    order = np.argsort(y, axis=1, kind="stable")  # of equal scores always the same one gives
    ranked = np.take_along_axis(y, order, axis=1)
    given = w[order]
    lift = ranked[:, -1:] - ranked  # gain for each unit of weight taken away
    before = np.cumsum(given * lift, axis=1) - given * lift
    # Who scores as much as the best gains nothing by giving: a lift of 0 is not divided by.
    with np.errstate(divide="ignore", invalid="ignore"):
        wanted = np.where(lift > 0, (gap[:, None] - before) / lift, 0.0)
    taken = np.clip(wanted, 0, given)
    taken[:, -1] = -taken[:, :-1].sum(axis=1)
    moved = np.empty_like(y)
    np.put_along_axis(moved, order, given - taken, axis=1)
    return moved


def move_linf(y: np.ndarray, w: np.ndarray, gap: np.ndarray) -> np.ndarray:
    """Raise the largest change e by Newton's method until the best change of that size gains the gap.

    The gain is increasing, concave and piecewise linear in e, so that steps from the left with right slopes
    never overshoot and end after finitely many pieces. Arguments and result as in `move_l1`.

    The same gain of 0.6 with no weight changed by more than 0.1: 0.1 (5 + 4 - 2 - 1).

    >>> move_linf(np.array([[1.0, 2, 4, 5]]), np.full(4, 0.25), np.array([0.6])).round(4).tolist()
    [[0.15, 0.15, 0.35, 0.35]]
    """
    order = np.argsort(-y, axis=1, kind="stable")
    ranked, start = np.take_along_axis(y, order, axis=1), w[order]
    e = np.zeros(len(y))
    for _ in range(ROUNDS):
        change, slope = _fill(start, e)
        missing = gap - (ranked * change).sum(axis=1)
        rate = (ranked * slope).sum(axis=1)
        step = np.where(rate > 0, missing / np.where(rate > 0, rate, 1), 0)
        if np.all(step <= 1e-16):
            break
        e = e + np.maximum(step, 0)
    moved = np.empty_like(y)
    np.put_along_axis(moved, order, start + change, axis=1)
    return moved


def _fill(start: np.ndarray, e: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Change of each weight for a largest change e, and its derivative; indicators from best to worst."""
    give = np.minimum(e[:, None], start)
    gives = (e[:, None] < start).astype(float)
    left, lefts = give.sum(axis=1), gives.sum(axis=1)
    change, slope = np.empty_like(start), np.empty_like(start)
    for i in range(start.shape[1]):
        room, rooms = give[:, i] + e, gives[:, i] + 1
        # Right derivative of min(room, left): where they are equal, of the one that grows less.
        full = (room < left) | ((room == left) & (rooms <= lefts))
        put, puts = np.where(full, room, left), np.where(full, rooms, lefts)
        change[:, i], slope[:, i] = put - give[:, i], puts - gives[:, i]
        left, lefts = left - put, lefts - puts
    return change, slope


def move_l2(y: np.ndarray, w: np.ndarray, gap: np.ndarray) -> np.ndarray:
    """Project w + mu y onto the simplex; find mu by Newton's method kept inside a bracket.

    Arguments and result as in `move_l1`.

    The same gain of 0.6 in the direction of the scores from their mean, 0.06 x (-2, -1, 1, 2):

    >>> move_l2(np.array([[1.0, 2, 4, 5]]), np.full(4, 0.25), np.array([0.6])).round(4).tolist()
    [[0.13, 0.19, 0.31, 0.37]]
    """
    y = y - y.max(axis=1, keepdims=True)  # a shift changes no projection and keeps large mu exact
    aim = y @ w + gap
    nearest_rival = np.where(y < 0, -y, np.inf).min(axis=1)
    low = np.zeros(len(y))
    # From here on all weight lies on the best indicators.
    high = np.where(np.isfinite(nearest_rival), 3 / np.where(nearest_rival > 0, nearest_rival, 1), 0)
    mu = np.zeros(len(y))
    for _ in range(ROUNDS):
        moved = project(w + mu[:, None] * y)
        missing = aim - (y * moved).sum(axis=1)
        low, high = np.where(missing > 0, mu, low), np.where(missing > 0, high, mu)
        # The gain rises in mu by the sum of squares of y around its mean on the weights that are not 0.
        support = moved > 0
        size = support.sum(axis=1)
        mean = (y * support).sum(axis=1) / size
        slope = (np.square(y - mean[:, None]) * support).sum(axis=1)
        newton = mu + missing / np.where(slope > 0, slope, 1)
        # A step from a flat piece (slope 0) or across a kink can leave the bracket: halve that instead.
        inside = (slope > 0) & (newton > low) & (newton < high)
        following = np.where(missing == 0, mu, np.where(inside, newton, (low + high) / 2))
        if np.all(np.abs(following - mu) <= 1e-16 * np.abs(mu)):
            break
        mu = following
    return moved


def project(points: np.ndarray) -> np.ndarray:
    """Project each row onto the simplex: max(0, v - lambda) with sum 1; (m, n) -> (m, n).

    >>> project(np.array([[0.5, 0.9], [0.2, 1.7]])).round(4).tolist()
    [[0.3, 0.7], [0.0, 1.0]]
    """
    falling = -np.sort(-points, axis=1)
    excess = np.cumsum(falling, axis=1) - 1
    count = np.arange(1, points.shape[1] + 1)
    size = (falling * count > excess).sum(axis=1, keepdims=True)
    return np.maximum(points - np.take_along_axis(excess, size - 1, axis=1) / size, 0)


MOVERS = {"L1": move_l1, "L2": move_l2, "Linf": move_linf}
