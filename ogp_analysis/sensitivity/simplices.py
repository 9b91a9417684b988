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
from ogp_analysis.sensitivity import rational

Mixture = tuple[np.ndarray, np.ndarray]

LARGEST_SEARCH = 200_000  # systems of equations tried for the corners of a polytope
LARGEST_ORDER = 8  # indicators in a partial order: 40,320 orders at most
LARGEST_EXACT = 5_000  # of them on rationals
SURE, DOUBTFUL = 1e-13, 1e-6  # slack in between is neither rounding nor certainly none
FEASIBLE = 1e-10  # by which a corner may miss a constraint: solving for it rounds


class NoWeightsError(StatisticsError):
    """Constraints that no weights obey."""


def chain_simplex(order: Sequence[int], ratios: Sequence[float] | None = None) -> Mixture:
    """Return the weights with w[order[0]] >= r_0 w[order[1]], w[order[1]] >= r_1 w[order[2]], ...

    Parameters
    ----------
    order : sequence of int
        The n indicators from the heaviest to the lightest.
    ratios : sequence of float, length n - 1, optional
        Above 0; all ones by default.

    Returns
    -------
    Mixture
        One simplex with n corners.

    Examples
    --------
    The second at least as heavy as the first: from all weight on the second to halves.

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

    Parameters
    ----------
    pairs : sequence of (int, int)
        Heavier and lighter indicator, from 0 to n - 1.
    n : int
        Number of indicators, at most 8.

    Raises
    ------
    StatisticsError
        The pairs contradict each other (a cycle), or there are more than 8 indicators.

    Examples
    --------
    Of the six orders of three indicators, three put the first before the second:

    >>> len(order_simplices([(0, 1)], 3)[0])
    3
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
    # Equal shares: exchanging indicators turns one total order into any other and keeps its volume.
    corners = np.concatenate([chain_simplex(order)[1] for order in orders])
    return np.full(len(orders), 1 / len(orders)), corners


def interval_simplices(low: np.ndarray, high: np.ndarray) -> tuple[Mixture, float]:
    """Return the weights with low <= w <= high as a signed mixture, and its cancellation.

    Inclusion-exclusion over the subsets pushed above their upper bound. The second value says how many digits
    survive: the room above the lower bounds, times the volume as a share of that with lower bounds only.

    Parameters
    ----------
    low, high : numpy.ndarray, shape (n,)
        Bounds that some weights obey (`constrained.bound_vectors`).

    Examples
    --------
    Of two weights, at most 0.75 each: everything, less the two ends of a quarter; half of the room is left.

    >>> (shares, corners), digits = interval_simplices(np.zeros(2), np.full(2, 0.75))
    >>> shares.tolist(), float(digits)
    ([2.0, -0.5, -0.5], 0.5)
    """
    free = np.flatnonzero(high > low)
    room = 1 - low.sum()
    # Bounds that leave a single weighting: its volume is 0 and must not become a divisor.
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

    Parameters
    ----------
    normals, bounds : numpy.ndarray, shapes (c, n) and (c,)
        Constraints besides w >= 0; c may be 0.

    Returns
    -------
    numpy.ndarray, shape (V, n)
        Corners.
    numpy.ndarray of bool, shape (V, n + c)
        Tight constraints: w >= 0 first, then the c given ones.

    Raises
    ------
    StatisticsError
        There are too many constraints to search; as `NoWeightsError`, no weights obey the constraints.

    Examples
    --------
    The first weight at most the second:

    >>> corners, tight = polytope_corners(np.array([[1.0, -1.0]]), np.zeros(1))
    >>> (corners + 0.0).tolist(), tight.tolist()
    ([[0.0, 1.0], [0.5, 0.5]], [[True, False, False], [False, False, True]])
    """
    n = normals.shape[1]
    rows = np.vstack([-np.eye(n), normals])
    limits = np.concatenate([np.zeros(n), bounds])
    if not searchable(len(rows), n):
        message = f"{len(rows)} constraints on {n} weights are too many to search; use fewer or sample"
        raise StatisticsError(message, constraints=len(rows), n=n)
    chosen = np.array(list(combinations(range(len(rows)), n - 1)), dtype=int).reshape(-1, n - 1)
    systems = np.concatenate([rows[chosen], np.ones((len(chosen), 1, n))], axis=1)
    # Constraints that run parallel meet in no corner.
    solvable = np.abs(np.linalg.det(systems)) > 1e-12
    right = np.concatenate([limits[chosen], np.ones((len(chosen), 1))], axis=1)
    points = np.linalg.solve(systems[solvable], right[solvable][..., None])[..., 0]
    if _narrow(points, rows, limits, len(chosen)):
        found, tight = rational.corners(rows, limits)
        if not found:
            raise _no_weights()
        return np.array(found, dtype=float), tight
    points = points[np.all(points @ rows.T <= limits + FEASIBLE, axis=1)]
    if not len(points):
        raise _no_weights()
    # Where more than n - 1 constraints meet, each choice of them finds the corner again, rounded differently.
    _, first = np.unique(np.round(points, 9), axis=0, return_index=True)
    points = points[first]
    # Wider than the rounding that joined the corners: each must know all the constraints that meet in it.
    return points, np.abs(points @ rows.T - limits) <= 1e-8


def searchable(constraints: int, n: int) -> bool:
    """Say whether the corners of a polytope can be searched; constraints count w >= 0 too.

    Examples
    --------
    >>> searchable(8, 4), searchable(26, 8)
    (True, False)
    """
    return comb(constraints, n - 1) <= LARGEST_SEARCH


def _no_weights() -> NoWeightsError:
    return NoWeightsError("the constraints on the weights contradict each other: no weights obey them all")


def _narrow(points: np.ndarray, rows: np.ndarray, limits: np.ndarray, systems: int) -> bool:
    """Say whether floats cannot decide which corners there are; refused where rationals take too long."""
    slack = points @ rows.T - limits
    near = np.abs(slack[slack.max(axis=1, initial=0) <= DOUBTFUL])
    if not np.any((near > SURE) & (near < DOUBTFUL)):
        return False
    if systems > LARGEST_EXACT:
        message = (
            f"{len(rows)} constraints leave weights in a range narrower than {DOUBTFUL:g}, which floats "
            "cannot resolve; use wider bounds or fewer constraints"
        )
        raise StatisticsError(message, constraints=len(rows))
    return True


def narrow_pieces(normals: np.ndarray, bounds: np.ndarray) -> list[list[rational.Point]]:
    """Cut a narrow polytope into simplices with rational corners; empty where floats are good enough.

    Examples
    --------
    >>> narrow_pieces(np.array([[1.0, 0.0]]), np.array([0.5]))
    []
    >>> len(narrow_pieces(np.array([[1.0, 0.0]]), np.array([1e-9])))
    1
    """
    n = normals.shape[1]
    rows, limits = np.vstack([-np.eye(n), normals]), np.concatenate([np.zeros(n), bounds])
    points, tight = polytope_corners(normals, bounds)
    # Every corner of a wide set is found by floats; the rest is decided as `polytope_corners` does.
    spread = np.abs(points @ rows.T - limits)
    if not np.any((spread > SURE / 10) & (spread < DOUBTFUL)):
        return []
    exact, tight = rational.corners(rows, limits)
    return [[exact[k] for k in piece] for piece in _pulled(len(exact), tight)]


def _pulled(count: int, tight: np.ndarray) -> list[tuple[int, ...]]:
    everything = frozenset(range(count))
    facets = [frozenset(np.flatnonzero(column).tolist()) for column in tight.T]
    return _triangulate(everything, _maximal(facet for facet in facets if facet and facet != everything))


def polytope_simplices(normals: np.ndarray, bounds: np.ndarray) -> Mixture:
    """Return the weights with normals w <= bounds as disjoint simplices with their shares of the volume.

    Pulling triangulation: join one corner to the triangulated facets that do not hold it.

    Parameters
    ----------
    normals, bounds : numpy.ndarray, shapes (c, n) and (c,)
        As in `polytope_corners`.

    Returns
    -------
    Mixture
        Shares (K,), none negative, and corners (K, d, n); d < n where the constraints leave a flat set.

    Raises
    ------
    StatisticsError
        As in `polytope_corners`.

    References
    ----------
    Lee, C. W. and Santos, F. (2017). Subdivisions and triangulations of polytopes, section 16.2, in Handbook
    of Discrete and Computational Geometry, 3rd ed. https://doi.org/10.1201/9781315119601

    Examples
    --------
    A first weight of at most a half leaves two triangles of the weights' triangle, one twice the other:

    >>> polytope_simplices(np.array([[1.0, 0, 0]]), np.array([0.5]))[0].round(4).tolist()
    [0.6667, 0.3333]
    """
    narrow = narrow_pieces(normals, bounds)
    if narrow:
        return rational.shares(narrow), np.array(narrow, dtype=float)
    corners = polytope_pieces(normals, bounds)
    edges = corners[:, 1:] - corners[:, :1]
    if not edges.shape[1]:
        return np.ones(1), corners
    # Gram determinants compare volumes also where the constraints leave a flat set (an equality).
    volumes = np.sqrt(np.maximum(np.linalg.det(edges @ edges.transpose(0, 2, 1)), 0))
    return volumes / volumes.sum(), corners


def polytope_volume(normals: np.ndarray, bounds: np.ndarray) -> float:
    """Return the volume of {w >= 0, sum w = 1, normals w <= bounds} as a share of the whole simplex.

    Parameters
    ----------
    normals, bounds : numpy.ndarray, shapes (c, n) and (c,)
        As in `polytope_corners`.

    Returns
    -------
    float
        From 0, where no weights or only a flat set obey, to 1.

    Raises
    ------
    StatisticsError
        There are too many constraints to search.

    Examples
    --------
    A given order of three weights is one of six:

    >>> round(polytope_volume(np.array([[1.0, -1, 0], [0, 1, -1]]), np.zeros(2)), 4)
    0.1667
    """
    try:
        narrow = narrow_pieces(normals, bounds)
        corners = np.array(narrow, dtype=float) if narrow else polytope_pieces(normals, bounds)
    except NoWeightsError:
        return 0.0
    if corners.shape[1] < corners.shape[2]:  # flat: no volume
        return 0.0
    # Weights sum to 1, so the determinant is already a share: that of the whole simplex (unit vectors) is 1.
    if narrow:
        return float(sum(abs(rational.determinant(piece)) for piece in narrow))
    return float(np.abs(np.linalg.det(corners)).sum())


def polytope_pieces(normals: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """Cut the polytope into simplices by a pulling triangulation; shape (K, d, n).

    Raises
    ------
    StatisticsError
        As in `polytope_corners`.

    Examples
    --------
    >>> polytope_pieces(np.array([[1.0, 0, 0]]), np.array([0.5])).shape
    (2, 3, 3)
    """
    points, tight = polytope_corners(normals, bounds)
    return points[np.array(_pulled(len(points), tight))]


def _maximal(sets: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    # Constraints that touch only a part of a facet are none. Larger sets first: only they can hold a set.
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
