"""Allowed weights as mixtures of simplices; the share of a Dirichlet beyond a line, by inversion.

A mixture is a pair: shares (K,), which sum to 1, and vertices (K, d, n), d corners with n weights each.
Signed shares are allowed (inclusion-exclusion).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, combinations, permutations
from math import comb

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ogp_analysis.errors import StatisticsError, keyed_error
from ogp_analysis.language import texts
from ogp_analysis.sensitivity import ties

Mixture = tuple[np.ndarray, np.ndarray]

LARGEST_SEARCH = 200_000  # systems of equations tried for the corners of a polytope
LARGEST_ORDER = 8  # indicators in a partial order: 40,320 orders at most
LARGEST_EXACT = 5_000  # of them on rationals
DOUBTFUL = 1e-6  # slack below it may be none
ROUNDED = 1e-14  # slack up to it is rounding
REFUSED = 1e-13  # slack from here up to the doubtful is refused where rationals would take too long
FEASIBLE = 1e-10  # by which a corner may miss a constraint: solving for it rounds


class NoWeightsError(StatisticsError):
    """Constraints that no weights obey."""


def chain_simplex(order: Sequence[int], ratios: ArrayLike | None = None) -> Mixture:
    """Return the weights with w[order[0]] >= r_0 w[order[1]], w[order[1]] >= r_1 w[order[2]], ...

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

    Of the six orders of three indicators, three put the first before the second:

    >>> len(order_simplices([(0, 1)], 3)[0])
    3
    """
    if n > LARGEST_ORDER:
        raise keyed_error(key="sensitivity.order_large", n=n, most=LARGEST_ORDER)
    orders = [
        order for order in permutations(range(n)) if all(order.index(i) < order.index(j) for i, j in pairs)
    ]
    if not orders:
        raise keyed_error(key="sensitivity.order_cyclic", pairs=list(pairs))
    # Equal shares: exchanging indicators turns one total order into any other and keeps its volume.
    corners = np.concatenate([chain_simplex(order)[1] for order in orders])
    return np.full(len(orders), 1 / len(orders)), corners


def interval_simplices(low: np.ndarray, high: np.ndarray) -> tuple[Mixture, float]:
    """Return the weights with low <= w <= high as a signed mixture, and its cancellation.

    Inclusion-exclusion over the subsets pushed above their upper bound. The second value says how many digits
    survive: the room above the lower bounds, times the volume as a share of that with lower bounds only.

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

    The first weight at most the second:

    >>> corners, tight = polytope_corners(np.array([[1.0, -1.0]]), np.zeros(1))
    >>> (corners + 0.0).tolist(), tight.tolist()
    ([[0.0, 1.0], [0.5, 0.5]], [[True, False, False], [False, False, True]])
    """
    points, tight, _ = _corners(normals, bounds)
    return points, tight


def _corners(normals: np.ndarray, bounds: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[ties.Point]]:
    """Find corners and what is tight at each; on rationals too where floats cannot tell corners apart."""
    n = normals.shape[1]
    rows = np.vstack([-np.eye(n), normals])
    limits = np.concatenate([np.zeros(n), bounds])
    if not searchable(len(rows), n):
        raise keyed_error(key="sensitivity.constraints_many", constraints=len(rows), n=n)
    chosen = np.array(list(combinations(range(len(rows)), n - 1)), dtype=int).reshape(-1, n - 1)
    systems = np.concatenate([rows[chosen], np.ones((len(chosen), 1, n))], axis=1)
    # Constraints that run parallel meet in no corner.
    solvable = np.abs(np.linalg.det(systems)) > 1e-12
    right = np.concatenate([limits[chosen], np.ones((len(chosen), 1))], axis=1)
    points = np.linalg.solve(systems[solvable], right[solvable][..., None])[..., 0]
    if _narrow(points, rows, limits, len(chosen)):
        corner_points, tight = ties.corners(rows, limits)
        if not corner_points:
            raise no_weights()
        return np.array(corner_points, dtype=float), tight, corner_points
    points = points[np.all(points @ rows.T <= limits + FEASIBLE, axis=1)]
    if not len(points):
        raise no_weights()
    # Where more than n - 1 constraints meet, each choice of them finds the corner again, rounded differently.
    _, first = np.unique(np.round(points, 9), axis=0, return_index=True)
    points = points[first]
    # Wider than the rounding that joined the corners: each must know all the constraints that meet in it.
    return points, np.abs(points @ rows.T - limits) <= 1e-8, []


def searchable(constraints: int, n: int) -> bool:
    """Say whether the corners of a polytope can be searched; constraints count w >= 0 too.

    >>> searchable(8, 4), searchable(26, 8)
    (True, False)
    """
    return comb(constraints, n - 1) <= LARGEST_SEARCH


def no_weights() -> NoWeightsError:
    """Make the refusal of constraints that contradict each other."""
    return NoWeightsError(texts.say("sensitivity.no_weights"), key="sensitivity.no_weights")


def _narrow(points: np.ndarray, rows: np.ndarray, limits: np.ndarray, systems: int) -> bool:
    """Say whether floats cannot decide which corners there are; refused where rationals take too long."""
    slack = points @ rows.T - limits
    near = np.abs(slack[slack.max(axis=1) <= DOUBTFUL])
    near = near[near < DOUBTFUL]
    few = systems <= LARGEST_EXACT
    if not few and np.any(near > REFUSED):
        raise keyed_error(key="sensitivity.narrow", constraints=len(rows), narrowest=DOUBTFUL)
    return few and bool(np.any(near > ROUNDED))


def narrow_pieces(normals: np.ndarray, bounds: np.ndarray) -> list[list[ties.Point]]:
    """Cut a narrow polytope into simplices with rational corners; empty where floats are good enough.

    >>> narrow_pieces(np.array([[1.0, 0.0]]), np.array([0.5]))
    []
    >>> len(narrow_pieces(np.array([[1.0, 0.0]]), np.array([1e-9])))
    1
    """
    _, tight, exact = _corners(normals, bounds)
    return [[exact[k] for k in piece] for piece in _pulled(len(exact), tight)] if exact else []


def _pulled(count: int, tight: np.ndarray) -> list[tuple[int, ...]]:
    everything = frozenset(range(count))
    facets = [frozenset(np.flatnonzero(column).tolist()) for column in tight.T]
    return _triangulate(everything, _maximal(facet for facet in facets if facet and facet != everything))


def polytope_simplices(normals: np.ndarray, bounds: np.ndarray) -> Mixture:
    """Return the weights with normals w <= bounds as disjoint simplices with their shares of the volume.

    Pulling triangulation: join one corner to the triangulated facets that do not hold it.

    A first weight of at most a half leaves two triangles of the weights' triangle, one twice the other:

    >>> polytope_simplices(np.array([[1.0, 0, 0]]), np.array([0.5]))[0].round(4).tolist()
    [0.6667, 0.3333]
    """
    narrow = narrow_pieces(normals, bounds)
    if narrow:
        return ties.shares(narrow), np.array(narrow, dtype=float)
    corners = polytope_pieces(normals, bounds)
    edges = corners[:, 1:] - corners[:, :1]
    if not edges.shape[1]:
        return np.ones(1), corners
    # Gram determinants compare volumes also where the constraints leave a flat set (an equality).
    volumes = np.sqrt(np.maximum(np.linalg.det(edges @ edges.transpose(0, 2, 1)), 0))
    return volumes / volumes.sum(), corners


def polytope_volume(normals: np.ndarray, bounds: np.ndarray) -> float:
    """Return the volume of {w >= 0, sum w = 1, normals w <= bounds} as a share of the whole simplex.

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
        return float(sum(abs(ties.determinant(piece)) for piece in narrow))
    return float(np.abs(np.linalg.det(corners)).sum())


def polytope_pieces(normals: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """Cut the polytope into simplices by a pulling triangulation; shape (K, d, n).

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


DIGITS = 38.0  # natural logarithm of what is neglected: exp(-38) is 3e-17
SMALLEST_TOTAL = 0.12  # below it the path through the saddle point leaves the range of floats
NEAREST = 4.0  # distances to the next pole that the path may take at a time
LONGEST = 340.0  # of v: squares of sinh(v) stay finite
STEP, FINE_STEP = 0.04, 0.015
LOG_STEP = 0.2  # for a sum of alpha up to 10
MODERATE_TOTAL = 64.0  # with a larger sum of alpha the integrand has finer detail
CHUNK = 2048


def dirichlet_tail(a: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Compute P(sum w_i a_i >= 0) for w Dirichlet(alpha).

    Parameters 1/2 and 1/2 are the arcsine law: P(w_2 >= 1/4) = 1 - (2 / pi) asin(1/2) = 2/3.

    >>> dirichlet_tail(np.array([[-1.0], [3.0]]), np.array([0.5, 0.5])).round(10).tolist()
    [0.6666666667]
    """
    flat = a.reshape(len(a), -1)
    result = np.where(np.all(flat >= 0, axis=0), 1.0, 0.0)
    mixed = np.flatnonzero(np.any(flat > 0, axis=0) & np.any(flat < 0, axis=0))
    for start in range(0, len(mixed), CHUNK):
        rows = mixed[start : start + CHUNK]
        result[rows] = _mixed_signs(flat[:, rows], alpha[:, None])
    return result.reshape(a.shape[1:])


def _mixed_signs(a: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    if len(a) == 2:
        return _two(a, alpha)
    if alpha.sum() < SMALLEST_TOTAL:
        return gil_pelaez(a, alpha)
    # The smaller tail keeps its relative accuracy; the larger one is 1 minus it.
    above = (alpha * a).sum(axis=0) > 0
    tail = saddle_tail(np.where(above, -a, a), alpha)
    return np.where(above, 1 - tail, tail)


def _two(a: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """The weight of the positive score is a beta variable; the sum is positive from ``share`` on."""
    low, high = a.min(axis=0), a.max(axis=0)
    share, rest = -low / (high - low), high / (high - low)
    up, down = np.where(a[0] > 0, alpha, alpha[::-1])
    # The smaller of share and 1 - share has all its digits.
    return np.where(share < rest, special.betaincc(up, down, share), special.betainc(down, up, rest))


def _saddle_point(a: np.ndarray, alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find c and 1 - c in (0, 1), the zero of sum alpha a / (1 - a c) - 1 / c, for max a = 1."""
    # In the logit of c, which may lie next to 0 or 1. Rough is enough: the integral is the same along every
    # path through (0, 1), only its convergence depends on c.
    low, high = np.full(a.shape[1], -80.0), np.full(a.shape[1], 80.0)
    gap = 1 - a
    for _ in range(40):
        u = (low + high) / 2
        c, rest = special.expit(u), special.expit(-u)
        rises = (alpha * a / (rest + c * gap)).sum(axis=0) > 1 / c
        low, high = np.where(rises, low, u), np.where(rises, u, high)
    return c, rest


def saddle_tail(a: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Integrate along a path through the saddle point; a (n, N) with both signs in each column, alpha (n, 1).

    Uniform weights: two scores 1 below the cut, one 3 above it, which needs a quarter of the weight, (3/4)^2.

    >>> saddle_tail(np.array([[-1.0], [-1.0], [3.0]]), np.ones((3, 1))).round(10).tolist()
    [0.5625]
    """
    a = a / a.max(axis=0)
    c, rest = _saddle_point(a, alpha)
    base = rest + c * (1 - a)  # 1 - a c without cancellation
    path = _Path(a / base, c, alpha)
    logs = np.where(c < 0.5, np.log1p(-a * c), np.log(base))
    peak = np.exp(-(alpha * logs).sum(axis=0))
    v, h = _nodes(path)
    exponent, slope = path.at(v)
    # The two halves of the path are conjugate: the imaginary part of one of them, doubled.
    return peak * h / np.pi * (np.exp(exponent) * slope).imag.sum(axis=0)


class _Path:
    """The hyperbola through the saddle point c that has the curvature of steepest descent there.

    A straight line would oscillate wherever one alpha is tiny and another huge.
    """

    def __init__(self, b: np.ndarray, c: np.ndarray, alpha: np.ndarray) -> None:
        self.b, self.c, self.alpha = b, c, alpha
        second = (alpha * b**2).sum(axis=0) + c**-2.0
        third = 2 * (alpha * b**3).sum(axis=0) - 2 * c**-3.0
        # Near a pole of a tiny alpha the curvature alone would step over it.
        self.w = np.minimum(1 / np.sqrt(second), NEAREST / np.abs(b).max(axis=0))
        bend = third / (6 * second)
        self.side = np.sign(bend)
        self.length = np.maximum(0.5 / np.maximum(np.abs(bend), 1e-300), self.w)

    def at(self, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return log of the transform relative to the saddle point and dz / dv, each (points, N)."""
        y, dy = self.w * np.sinh(v), self.w * np.cosh(v)
        root = np.sqrt(self.length**2 + y * y)
        step = self.side * y * y / (root + self.length) + 1j * y  # z - c
        slope = (self.side * y / root + 1j) * dy
        exponent = -np.log(self.c + step)
        for alpha, b in zip(self.alpha[:, 0], self.b, strict=True):
            exponent -= alpha * _log1p(-b * step)
        return exponent, slope

    def size(self, v: np.ndarray) -> np.ndarray:
        """Return the logarithm of the integrand's absolute value."""
        exponent, slope = self.at(v)
        return exponent.real + np.log(np.abs(slope))


def _log1p(z: np.ndarray) -> np.ndarray:
    """log(1 + z) to full accuracy for small z as well."""
    real = 0.5 * np.log1p(2 * z.real + z.real**2 + z.imag**2)
    return real + 1j * np.arctan2(z.imag, 1 + z.real)


def _nodes(path: _Path) -> tuple[np.ndarray, np.ndarray]:
    """Midpoints in v up to where the integrand is exp(-38) of its peak, for each column its own step."""
    bent, side = _end(path), path.side
    path.side = np.zeros_like(side)
    straight = _end(path)
    # Where the bend does not shorten the way, it leads uphill or through faster oscillation.
    path.side = np.where(bent < straight, side, 0.0)
    end = np.minimum(bent, straight)
    step = STEP if path.alpha.sum() <= MODERATE_TOTAL else FINE_STEP
    count = int(np.ceil(end.max() / step))
    h = end / count
    return (np.arange(count)[:, None] + 0.5) * h, h


def _end(path: _Path) -> np.ndarray:
    low, high = np.zeros(len(path.c)), np.full(len(path.c), np.log(LONGEST))
    least = path.size(np.zeros((1, len(path.c))))[0] - DIGITS
    for _ in range(9):
        v = (low + high) / 2
        done = path.size(np.exp(v)[None])[0] < least
        low, high = np.where(done, low, v), np.where(done, v, high)
    return np.exp(high)  # the far side of the bracket: nothing is cut off


def gil_pelaez(a: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Integrate the characteristic function over the logarithm v of the frequency; a (n, N), alpha (n, 1).

    >>> gil_pelaez(np.array([[-1.0], [3.0]]), np.array([[0.5], [0.5]])).round(10).tolist()
    [0.6666666667]
    """
    scale = np.log(np.where(a == 0, 1.0, np.abs(a)))
    present = np.sign(a)[:, None]
    low = -DIGITS - np.log((alpha * np.abs(a)).sum(axis=0).max())  # the sine is below its angle
    v = np.arange(low, DIGITS - scale.min(), LOG_STEP)
    integral = np.zeros(a.shape[1])
    for block in np.array_split(v, max(1, len(v) // 256)):
        x = scale[:, None] + block[:, None]
        theta = np.tensordot(alpha[:, 0], present * np.arctan(np.exp(np.minimum(x, 300))), axes=1)
        size = np.tensordot(alpha[:, 0], np.abs(present) * np.logaddexp(0, 2 * x), axes=1)
        integral += (np.sin(theta) * np.exp(-0.5 * size)).sum(axis=0)
    # From here on the integrand is a pure exponential in v: the rest of the sum is a geometric series.
    theta = np.pi / 2 * (alpha * np.sign(a)).sum(axis=0)
    rate = (alpha * np.abs(np.sign(a))).sum(axis=0)
    size = rate * (v[-1] + LOG_STEP) + (alpha * scale).sum(axis=0)
    integral += np.sin(theta) * np.exp(-size) / -np.expm1(-rate * LOG_STEP)
    return np.clip(0.5 + LOG_STEP / np.pi * integral, 0, 1)
