"""Kernels: the weights nearest to w on the simplex that raise the weighted mean of y by a given gap.

Each takes y (m, n), w (n,), gap (m,) with a solution in every row, and returns the weights (m, n). The gap
is not negative; the caller turns a fall into a rise by the sign of y.
"""

from __future__ import annotations

import numpy as np

ROUNDS = 200  # far above what the piecewise linear searches need (at most a few pieces for each indicator)


def move_l1(y: np.ndarray, w: np.ndarray, gap: np.ndarray) -> np.ndarray:
    """Move weight to the best indicator, first from the ones that are farthest below it.

    Optimal because a unit of weight gains most over the largest difference of scores.

    Parameters
    ----------
    y : numpy.ndarray, shape (m, n)
        Scores, turned so that they have to rise.
    w : numpy.ndarray, shape (n,)
        Baseline weights.
    gap : numpy.ndarray, shape (m,)
        By how much each weighted mean has to rise, in points.

    Returns
    -------
    numpy.ndarray, shape (m, n)
        Weights whose mean is y w + gap.

    Examples
    --------
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

    Examples
    --------
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

    Examples
    --------
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

    References
    ----------
    Duchi, J., Shalev-Shwartz, S., Singer, Y. and Chandra, T. (2008). Efficient projections onto the l1-ball
    for learning in high dimensions. ICML 2008, 272-279. https://doi.org/10.1145/1390156.1390191

    Examples
    --------
    >>> project(np.array([[0.5, 0.9], [0.2, 1.7]])).round(4).tolist()
    [[0.3, 0.7], [0.0, 1.0]]
    """
    falling = -np.sort(-points, axis=1)
    excess = np.cumsum(falling, axis=1) - 1
    count = np.arange(1, points.shape[1] + 1)
    size = (falling * count > excess).sum(axis=1, keepdims=True)
    return np.maximum(points - np.take_along_axis(excess, size - 1, axis=1) / size, 0)


MOVERS = {"L1": move_l1, "L2": move_l2, "Linf": move_linf}
