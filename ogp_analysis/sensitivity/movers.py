"""Kernels: the weights nearest to w on the simplex that raise the weighted mean of y by a given gap.

Each takes y (m, n), w (n,), gap (m,) with a solution in every row, and returns the weights (m, n).
"""

from __future__ import annotations

import numpy as np

ROUNDS = 200  # far above what the piecewise linear searches need (at most a few pieces for each indicator)


def move_l1(y: np.ndarray, w: np.ndarray, gap: np.ndarray) -> np.ndarray:
    """Move weight to the best indicator, first from the ones that are farthest below it."""
    order = np.argsort(y, axis=1, kind="stable")
    ranked = np.take_along_axis(y, order, axis=1)
    given = w[order]
    lift = ranked[:, -1:] - ranked  # gain for each unit of weight taken away
    before = np.cumsum(given * lift, axis=1) - given * lift
    with np.errstate(divide="ignore", invalid="ignore"):
        wanted = np.where(lift > 0, (gap[:, None] - before) / lift, 0.0)
    taken = np.clip(wanted, 0, given)
    taken[:, -1] = -taken[:, :-1].sum(axis=1)
    moved = np.empty_like(y)
    np.put_along_axis(moved, order, given - taken, axis=1)
    return moved


def move_linf(y: np.ndarray, w: np.ndarray, gap: np.ndarray) -> np.ndarray:
    """Raise the largest change e by Newton's method until the best change of that size gains the gap."""
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
    """Project w + mu y onto the simplex; find mu by Newton's method kept inside a bracket."""
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
        support = moved > 0
        size = support.sum(axis=1)
        mean = (y * support).sum(axis=1) / size
        slope = (np.square(y - mean[:, None]) * support).sum(axis=1)
        newton = mu + missing / np.where(slope > 0, slope, 1)
        inside = (slope > 0) & (newton > low) & (newton < high)
        following = np.where(missing == 0, mu, np.where(inside, newton, (low + high) / 2))
        if np.all(np.abs(following - mu) <= 1e-16 * np.abs(mu)):
            break
        mu = following
    return moved


def project(points: np.ndarray) -> np.ndarray:
    """Project each row onto the simplex: max(0, v - lambda) with sum 1."""
    falling = -np.sort(-points, axis=1)
    excess = np.cumsum(falling, axis=1) - 1
    count = np.arange(1, points.shape[1] + 1)
    size = (falling * count > excess).sum(axis=1, keepdims=True)
    return np.maximum(points - np.take_along_axis(excess, size - 1, axis=1) / size, 0)


MOVERS = {"L1": move_l1, "L2": move_l2, "Linf": move_linf}
