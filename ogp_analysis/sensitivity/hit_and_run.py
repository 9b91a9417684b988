"""Hit-and-run: uniform weights from a polytope with too many constraints to search its corners."""

from __future__ import annotations

import numpy as np

from ogp_analysis.errors import keyed_error
from ogp_analysis.sensitivity.simplices import no_weights

CHAINS = 100  # independent walks: the spread of their means is the standard error
FLAT, NARROW = 1e-10, 1e-6  # room of a constraint: none, or too little for what linear programs resolve
SETTLING = 40  # steps for each weight before any is kept, twice
THINNING = 3  # steps for each weight between two that are kept


def walked(normals: np.ndarray, bounds: np.ndarray, *, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Draw weights uniformly from {w >= 0, sum w = 1, normals w <= bounds} by independent walks.

    >>> found = walked(np.array([[1.0, 0, 0]]), np.array([0.5]), draws=200, rng=np.random.default_rng(1))
    >>> found.shape, bool(found[..., 0].max() <= 0.5)
    ((100, 2, 3), True)
    """
    n = normals.shape[1]
    rows, limits = np.vstack([-np.eye(n), normals]), np.concatenate([np.zeros(n), bounds])
    corners, flat = _far_points(rows, limits)
    basis = _free_directions(rows[flat])
    start = np.broadcast_to(corners.mean(axis=0), (CHAINS, n)).copy()
    points = -(-draws // CHAINS)
    if not basis.shape[1]:
        return np.broadcast_to(start[:, None], (CHAINS, points, n)).copy()
    free = rows[~flat], limits[~flat]
    place = start
    for spread in (corners, None):
        shape = _shape(corners if spread is not None else place, basis)
        place = steps(place, *free, shape, count=SETTLING * n, rng=rng)
    kept = np.empty((CHAINS, points, n))
    for k in range(points):
        place = kept[:, k] = steps(place, *free, shape, count=THINNING * n, rng=rng)
    return kept


def _far_points(rows: np.ndarray, limits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A point farthest from each constraint, and which constraints leave no room at all."""
    # Imported here: only a belief with many constraints is walked through, and it loads slowly.
    from scipy.optimize import linprog

    points, distances = [], []
    for row, limit in zip(rows, limits, strict=True):
        best = linprog(row, A_ub=rows, b_ub=limits, A_eq=np.ones((1, rows.shape[1])), b_eq=[1], bounds=(0, 1))
        if best.status != 0:
            raise no_weights()
        points.append(best.x)
        distances.append(limit - row @ best.x)
    room = np.array(distances)
    if np.any((room > FLAT) & (room < NARROW)):
        raise keyed_error(key="sensitivity.narrow", constraints=len(rows), narrowest=NARROW)
    return np.array(points), room <= FLAT


def _free_directions(equal: np.ndarray) -> np.ndarray:
    held = np.vstack([np.ones((1, equal.shape[1])), equal])
    _, sizes, directions = np.linalg.svd(held)
    return directions[int((sizes > 1e-9).sum()) :].T


def _shape(points: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """Directions (n, k) whose normal mixtures have the covariance of the points, and reach everywhere."""
    inside = (points - points.mean(axis=0)) @ basis
    covariance = inside.T @ inside / len(points)
    least = 1e-6 * np.trace(covariance) + 1e-30
    return basis @ np.linalg.cholesky(covariance + least * np.eye(len(covariance)))


def steps(
    place: np.ndarray,
    rows: np.ndarray,
    limits: np.ndarray,
    shape: np.ndarray,
    *,
    count: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Take steps of hit-and-run from each of many places (C, n): uniform on the chord in a random direction.

    >>> line = np.array([[1.0], [-1.0]])
    >>> rng, start = np.random.default_rng(1), np.full((4, 2), 0.5)
    >>> found = steps(start, -np.eye(2), np.zeros(2), line, count=3, rng=rng)
    >>> bool(np.allclose(found.sum(axis=1), 1) and found.min() >= 0)
    True
    """
    for _ in range(count):
        direction = rng.standard_normal((len(place), shape.shape[1])) @ shape.T
        speed = direction @ rows.T
        room = np.maximum(limits - place @ rows.T, 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = room / speed
        ahead = np.where(speed > 0, reach, np.inf).min(axis=1)
        behind = np.where(speed < 0, reach, -np.inf).max(axis=1)
        place = place + (behind + (ahead - behind) * rng.random(len(place)))[:, None] * direction
    place = np.maximum(place, 0)  # a step of the last digit beyond 0
    return place / place.sum(axis=1, keepdims=True)


def fresh(
    sample: np.ndarray,
    constraints: tuple[np.ndarray, np.ndarray],
    *,
    size: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Draw new weights: walk on from random places of a sample that is uniform already; (size, n)."""
    normals, bounds = constraints
    n = normals.shape[1]
    rows, limits = np.vstack([-np.eye(n), normals]), np.concatenate([np.zeros(n), bounds])
    known = sample.reshape(-1, n)
    place = known[rng.integers(0, len(known), size)]
    # What no point of the sample is away from holds everywhere: along it nothing can move.
    flat = (limits - known @ rows.T).max(axis=0) <= FLAT
    basis = _free_directions(rows[flat])
    if not basis.shape[1]:
        return place
    shape = _shape(known, basis)
    return steps(place, rows[~flat], limits[~flat], shape, count=THINNING * n, rng=rng)
