"""P(w.x >= cut) when the weights obey constraints: orders, bounds, ratios, any small polytope. All exact."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from ogp_analysis.errors import StatisticsError
from ogp_analysis.sensitivity import checks, simplices
from ogp_analysis.sensitivity.simplices import Mixture
from ogp_analysis.sensitivity.threshold import simplex_tail
from ogp_analysis.sensitivity.ties import exact, exact_simplex_tail

CANCELLATION = 1e-6  # below this share of the volume inclusion-exclusion is done on rationals
CHUNK = 1 << 17
ROUNDING = 1e-14


def ordered_scores(scores: ArrayLike, order: Sequence[int]) -> np.ndarray:
    """Return cumulative means in the order of importance: with them, uniform weights mean ordered weights.

    Parameters
    ----------
    scores : array_like, shape (m, n)
        Indicator scores.
    order : sequence of int
        Indicators from the heaviest to the lightest, each once.

    Returns
    -------
    numpy.ndarray, shape (m, n)

    Raises
    ------
    StatisticsError
        The order does not name each indicator once.

    Examples
    --------
    >>> ordered_scores([[1, 5]], [1, 0]).tolist()
    [[5.0, 3.0]]
    """
    scores = checks.score_matrix(scores)
    _check_order(order, scores.shape[1])
    return simplex_scores(scores, simplices.chain_simplex(order)[1][0])


def simplex_scores(scores: ArrayLike, vertices: ArrayLike) -> np.ndarray:
    """Return the weighted means at the corners of a simplex of weights; vertices (d, n), result (m, d)."""
    scores = checks.score_matrix(scores)
    means = scores @ np.asarray(vertices, dtype=float).T
    # Rows whose scores are all equal stay exactly equal: a tie with the cut stays a tie.
    return np.clip(means, scores.min(axis=1, keepdims=True), scores.max(axis=1, keepdims=True))


def mixture_probability(scores: ArrayLike, cuts: ArrayLike, mixture: Mixture) -> np.ndarray:
    """Compute P(w.x >= cut) for weights from a mixture of simplices; (m, n), (r,) -> (m, r)."""
    scores, cuts = checks.score_matrix(scores), checks.cut_vector(cuts)
    shares, vertices = mixture
    result = np.empty((len(scores), len(cuts)))
    step = max(1, CHUNK // (len(shares) * max(1, len(cuts))))
    for start in range(0, len(scores), step):
        rows = scores[start : start + step]
        means = np.clip(vertices @ rows.T, rows.min(axis=1), rows.max(axis=1))  # (K, d, rows)
        a = means.transpose(1, 0, 2)[..., None] - cuts
        # A corner on the cut is on it: rounding must not push a whole set of weights below.
        a[np.abs(a) <= ROUNDING * np.maximum(1, np.abs(cuts))] = 0
        tails = simplex_tail(a)
        result[start : start + step] = np.tensordot(shares, tails, axes=1)
    return np.clip(result, 0, 1)


def ordered_probability(scores: ArrayLike, cuts: ArrayLike, *, order: Sequence[int]) -> np.ndarray:
    """Compute P(w.x >= cut) for weights that fall in the given order of importance.

    Parameters
    ----------
    scores, cuts : array_like, shapes (m, n) and (r,)
        As in `threshold_probability`.
    order : sequence of int
        Indicators from the heaviest to the lightest.

    Returns
    -------
    numpy.ndarray, shape (m, r)

    Raises
    ------
    StatisticsError
        The order does not name each indicator once.

    Examples
    --------
    >>> ordered_probability([[1, 5]], [4], order=[1, 0]).tolist()
    [[0.5]]
    """
    scores = checks.score_matrix(scores)
    _check_order(order, scores.shape[1])
    return mixture_probability(scores, cuts, simplices.chain_simplex(order))


def ratio_chain_probability(
    scores: ArrayLike, cuts: ArrayLike, *, order: Sequence[int], ratios: Sequence[float]
) -> np.ndarray:
    """Compute P(w.x >= cut) for weights of which each is at least ``ratio`` times the next in the order.

    Raises
    ------
    StatisticsError
        The order does not name each indicator once; a ratio is not above 0.
    """
    scores = checks.score_matrix(scores)
    _check_order(order, scores.shape[1])
    ratios = np.asarray(ratios, dtype=float)
    if ratios.shape != (len(order) - 1,) or not np.all(np.isfinite(ratios)) or np.any(ratios <= 0):
        message = f"ratios {ratios.tolist()} must be {len(order) - 1} finite numbers above 0"
        raise StatisticsError(message, ratios=ratios.tolist())
    return mixture_probability(scores, cuts, simplices.chain_simplex(order, ratios))


def partial_order_probability(
    scores: ArrayLike, cuts: ArrayLike, *, pairs: Sequence[tuple[int, int]]
) -> np.ndarray:
    """Compute P(w.x >= cut) for weights with w[i] >= w[j] for each pair (i, j).

    Raises
    ------
    StatisticsError
        The pairs are cyclic or name an indicator that does not exist; there are more than 8 indicators.

    Examples
    --------
    >>> partial_order_probability([[1, 5]], [4], pairs=[(1, 0)]).tolist()
    [[0.5]]
    """
    scores = checks.score_matrix(scores)
    n = scores.shape[1]
    if any(not 0 <= k < n for pair in pairs for k in pair):
        message = f"the order {list(pairs)} names an indicator outside 0..{n - 1}"
        raise StatisticsError(message, pairs=list(pairs))
    return mixture_probability(scores, cuts, simplices.order_simplices(pairs, n))


def interval_probability(
    scores: ArrayLike, cuts: ArrayLike, *, low: ArrayLike = 0.0, high: ArrayLike = 1.0
) -> np.ndarray:
    """Compute P(w.x >= cut) for weights between lower and upper bounds.

    Parameters
    ----------
    scores, cuts : array_like, shapes (m, n) and (r,)
        As in `threshold_probability`.
    low, high : array_like, shape (n,) or one number for all
        Bounds, 0 <= low <= high <= 1.

    Returns
    -------
    numpy.ndarray, shape (m, r)

    Raises
    ------
    StatisticsError
        A bound leaves [0, 1], a lower one is above its upper one, the lower bounds sum to more than 1 or the
        upper ones to less.

    Notes
    -----
    Inclusion-exclusion over the upper bounds; where fewer than 6 digits would survive the cancellation, on
    rationals.

    Examples
    --------
    >>> interval_probability([[1, 5]], [3], low=0.2, high=0.6).round(12).tolist()
    [[0.5]]
    """
    scores, cuts = checks.score_matrix(scores), checks.cut_vector(cuts)
    low, high = bound_vectors(low, high, scores.shape[1])
    mixture, volume = simplices.interval_simplices(low, high)
    if volume >= CANCELLATION:
        return mixture_probability(scores, cuts, mixture)
    return np.array([[_exact_interval(row, cut, low, high) for cut in cuts] for row in scores], dtype=float)


def bound_vectors(low: ArrayLike, high: ArrayLike, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Read lower and upper bounds of n weights and refuse those that contradict each other."""
    low, high = (np.broadcast_to(np.asarray(bound, dtype=float), (n,)).copy() for bound in (low, high))
    checks.refuse_non_finite(low, "low"), checks.refuse_non_finite(high, "high")
    if np.any(low < 0) or np.any(high > 1) or np.any(low > high):
        message = f"bounds from {low.tolist()} to {high.tolist()}: each needs 0 <= lower <= upper <= 1"
        raise StatisticsError(message, low=low.tolist(), high=high.tolist())
    if low.sum() > 1 + checks.SUM_TOLERANCE:
        message = f"the lower bounds {low.tolist()} sum to {low.sum():.12g}; at most 1 is allowed"
        raise StatisticsError(message, low=low.tolist())
    if high.sum() < 1 - checks.SUM_TOLERANCE:
        message = f"the upper bounds {high.tolist()} sum to {high.sum():.12g}; at least 1 is needed"
        raise StatisticsError(message, high=high.tolist())
    return low, high


def _exact_interval(row: np.ndarray, cut: float, low: np.ndarray, high: np.ndarray) -> float:
    x, t = [exact(value) for value in row], exact(cut)
    lows, highs = [exact(value) for value in low], [exact(value) for value in high]
    free = [i for i in range(len(x)) if highs[i] > lows[i]]
    reached = total = exact(0.0)
    for code in range(1 << len(free)):
        base = list(lows)
        for k, i in enumerate(free):
            base[i] = highs[i] if code >> k & 1 else lows[i]
        left = 1 - sum(base)
        if left > 0:
            fixed = sum(b * v for b, v in zip(base, x, strict=True)) - t
            term = (-1) ** code.bit_count() * left ** (len(free) - 1)
            total += term
            reached += term * exact_simplex_tail([left * x[i] + fixed for i in free])
    return float(reached / total)


def polytope_probability(
    scores: ArrayLike, cuts: ArrayLike, *, normals: ArrayLike, bounds: ArrayLike
) -> np.ndarray:
    """Compute P(w.x >= cut) for weights that obey any linear constraints normals w <= bounds.

    Parameters
    ----------
    scores, cuts : array_like, shapes (m, n) and (r,)
        As in `threshold_probability`.
    normals, bounds : array_like, shapes (c, n) and (c,)
        Constraints beyond w >= 0 and sum w = 1.

    Returns
    -------
    numpy.ndarray, shape (m, r)

    Raises
    ------
    StatisticsError
        No weights obey the constraints, or there are too many constraints to search.

    Examples
    --------
    >>> polytope_probability([[1, 5]], [4], normals=[[1, -1]], bounds=[0]).round(12).tolist()
    [[0.5]]
    """
    normals, bounds = np.asarray(normals, dtype=float), np.asarray(bounds, dtype=float)
    return mixture_probability(scores, cuts, simplices.polytope_simplices(normals, bounds))


def joint_probability(
    scores: ArrayLike, cut: float, *, constraints: tuple[np.ndarray, np.ndarray] | None = None
) -> float:
    """Compute the share of weightings under which every row reaches the cut at once.

    Parameters
    ----------
    scores : array_like, shape (m, n)
        Indicator scores.
    cut : float
        Cut point, closed below.
    constraints : tuple of numpy.ndarray, shapes (c, n) and (c,), optional
        Only weights with normals w <= bounds are counted.

    Returns
    -------
    float
        Share of the allowed weights, in [0, 1]; NaN where these have no volume.

    Raises
    ------
    StatisticsError
        Scores or cut are not finite, or there are too many rows and indicators to search.

    Examples
    --------
    >>> round(joint_probability([[1, 5], [5, 2]], 3), 12)
    0.166666666667
    """
    scores, cut = checks.score_matrix(scores), float(checks.cut_vector(cut)[0])
    doubtful = np.unique(scores[(scores.min(axis=1) < cut)], axis=0)  # the others always reach it
    if np.any(doubtful.max(axis=1, initial=-np.inf) < cut):
        return 0.0
    if not len(doubtful):
        return 1.0
    normals, bounds = constraints if constraints else (np.empty((0, scores.shape[1])), np.empty(0))
    allowed = simplices.polytope_volume(normals, bounds)
    if allowed == 0:
        return float("nan")
    limits = np.concatenate([bounds, np.full(len(doubtful), -cut)])
    return simplices.polytope_volume(np.vstack([normals, -doubtful]), limits) / allowed


def _check_order(order: Sequence[int], n: int) -> None:
    if sorted(order) != list(range(n)):
        message = f"the order {list(order)} must name each of the indicators 0..{n - 1} once"
        raise StatisticsError(message, order=list(order))
