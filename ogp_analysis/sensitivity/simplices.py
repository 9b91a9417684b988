"""Sets of allowed weights as mixtures of simplices: each is the uniform distribution on vertices of its own.

A mixture is a pair: shares (K,), which sum to 1, and vertices (K, d, n), d corners with n weights each.
Signed shares are allowed (inclusion-exclusion).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, combinations, permutations
from math import comb

import numpy as np

from ogp_analysis.errors import StatisticsError

Mixture = tuple[np.ndarray, np.ndarray]

LARGEST_SEARCH = 200_000  # systems of equations tried for the corners of a polytope
LARGEST_ORDER = 8  # indicators in a partial order: 40,320 orders at most
FEASIBLE = 1e-10


class NoWeightsError(StatisticsError):
    """Constraints that no weights obey."""


def chain_simplex(order: Sequence[int], ratios: Sequence[float] | None = None) -> Mixture:
    """Return the weights with w[order[0]] >= r_0 w[order[1]], w[order[1]] >= r_1 w[order[2]], ...

    Examples
    --------
    >>> chain_simplex([1, 0])[1].tolist()
    [[[0.0, 1.0], [0.5, 0.5]]]
    """
    n = len(order)
    ratios = np.ones(n - 1) if ratios is None else np.asarray(ratios, dtype=float)
    corners = np.zeros((n, n))
    for k in range(n):
        # The corner where the first k+1 are as small as their ratios allow: products of the ratios below.
        corners[k, list(order[: k + 1])] = np.append(np.cumprod(ratios[:k][::-1])[::-1], 1.0)
    return np.ones(1), (corners / corners.sum(axis=1, keepdims=True))[None]


def order_simplices(pairs: Sequence[tuple[int, int]], n: int) -> Mixture:
    """Return the weights with w[i] >= w[j] for each pair (i, j): the equal mixture of all total orders.

    Raises
    ------
    StatisticsError
        The pairs contradict each other (a cycle), or there are more than 8 indicators.
    """
    if n > LARGEST_ORDER:
        message = f"a partial order over {n} indicators is not enumerated; at most {LARGEST_ORDER} are"
        raise StatisticsError(message, n=n)
    orders = [
        order for order in permutations(range(n)) if all(order.index(i) < order.index(j) for i, j in pairs)
    ]
    if not orders:
        message = f"the order {list(pairs)} is cyclic; no total order obeys it"
        raise StatisticsError(message, pairs=list(pairs))
    corners = np.concatenate([chain_simplex(order)[1] for order in orders])
    return np.full(len(orders), 1 / len(orders)), corners


def interval_simplices(low: np.ndarray, high: np.ndarray) -> tuple[Mixture, float]:
    """Return the weights with low <= w <= high as a signed mixture, and its cancellation.

    Inclusion-exclusion over the subsets pushed above their upper bound. The second value says how many digits
    survive: the room above the lower bounds, times the volume as a share of that with lower bounds only.
    """
    free = np.flatnonzero(high > low)
    room = 1 - low.sum()
    if len(free) == 0 or room <= FEASIBLE or high.sum() - 1 <= FEASIBLE:
        point = low if room <= FEASIBLE else high
        return (np.ones(1), point[None, None, :].astype(float)), 1.0
    shares, corners = [], []
    for pushed in chain.from_iterable(combinations(free, k) for k in range(len(free) + 1)):
        base = low.copy()
        base[list(pushed)] = high[list(pushed)]
        left = 1 - base.sum()
        if left > 0:
            shares.append((-1.0) ** len(pushed) * (left / room) ** (len(free) - 1))
            corners.append(base + left * np.eye(len(low))[free])
    total = float(np.sum(shares))
    return (np.array(shares) / total, np.array(corners)), total * room


def polytope_corners(normals: np.ndarray, bounds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the corners of {w >= 0, sum w = 1, normals w <= bounds} and which constraints are tight at each.

    Returns
    -------
    numpy.ndarray, shape (V, n)
        Corners.
    numpy.ndarray of bool, shape (V, n + c)
        Tight constraints: w >= 0 first, then the c given ones.

    Raises
    ------
    StatisticsError
        No weights obey the constraints, or there are too many constraints to search.
    """
    n = normals.shape[1]
    rows = np.vstack([-np.eye(n), normals])
    limits = np.concatenate([np.zeros(n), bounds])
    if comb(len(rows), n - 1) > LARGEST_SEARCH:
        message = f"{len(rows)} constraints on {n} weights are too many to search; use fewer or sample"
        raise StatisticsError(message, constraints=len(rows), n=n)
    chosen = np.array(list(combinations(range(len(rows)), n - 1)), dtype=int).reshape(-1, n - 1)
    systems = np.concatenate([rows[chosen], np.ones((len(chosen), 1, n))], axis=1)
    solvable = np.abs(np.linalg.det(systems)) > 1e-12
    right = np.concatenate([limits[chosen], np.ones((len(chosen), 1))], axis=1)
    points = np.linalg.solve(systems[solvable], right[solvable][..., None])[..., 0]
    points = points[np.all(points @ rows.T <= limits + FEASIBLE, axis=1)]
    if not len(points):
        message = "the constraints on the weights contradict each other: no weights obey them all"
        raise NoWeightsError(message)
    _, first = np.unique(np.round(points, 9), axis=0, return_index=True)
    points = points[first]
    return points, np.abs(points @ rows.T - limits) <= 1e-8


def polytope_simplices(normals: np.ndarray, bounds: np.ndarray) -> Mixture:
    """Return the weights with normals w <= bounds as disjoint simplices with their shares of the volume.

    Pulling triangulation: join one corner to the triangulated facets that do not hold it.

    References
    ----------
    Lee, C. W. and Santos, F. (2017). Subdivisions and triangulations of polytopes, section 16.2, in Handbook
    of Discrete and Computational Geometry, 3rd ed. https://doi.org/10.1201/9781315119601
    """
    corners = polytope_pieces(normals, bounds)
    edges = corners[:, 1:] - corners[:, :1]
    if not edges.shape[1]:
        return np.ones(1), corners
    volumes = np.sqrt(np.maximum(np.linalg.det(edges @ edges.transpose(0, 2, 1)), 0))
    return volumes / volumes.sum(), corners


def polytope_volume(normals: np.ndarray, bounds: np.ndarray) -> float:
    """Return the volume of {w >= 0, sum w = 1, normals w <= bounds} as a share of the whole simplex."""
    try:
        corners = polytope_pieces(normals, bounds)
    except NoWeightsError:
        return 0.0
    if corners.shape[1] < corners.shape[2]:  # flat: no volume
        return 0.0
    return float(np.abs(np.linalg.det(corners)).sum())


def polytope_pieces(normals: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """Cut the polytope into simplices by a pulling triangulation; shape (K, d, n)."""
    points, tight = polytope_corners(normals, bounds)
    everything = frozenset(range(len(points)))
    facets = [frozenset(np.flatnonzero(column).tolist()) for column in tight.T]
    pieces = _triangulate(everything, _maximal(facet for facet in facets if facet and facet != everything))
    return points[np.array(pieces)]


def _maximal(sets: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    unique = sorted({s for s in sets if s}, key=lambda s: (-len(s), sorted(s)))
    return [s for k, s in enumerate(unique) if not any(s < other for other in unique[:k])]


def _triangulate(points: frozenset[int], facets: list[frozenset[int]]) -> list[tuple[int, ...]]:
    if len(points) == 1:
        return [tuple(points)]
    apex = min(points)
    pieces = []
    for facet in facets:
        if apex not in facet:
            faces = _maximal(facet & other for other in facets if other != facet)
            pieces += [(apex, *rest) for rest in _triangulate(facet, faces)]
    return pieces
