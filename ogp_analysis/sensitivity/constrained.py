"""P(w.x >= cut) when the weights obey constraints: orders, bounds, ratios, any small polytope. All exact."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ogp_analysis.errors import keyed_error
from ogp_analysis.model.arguments import argument_refusal
from ogp_analysis.sensitivity import arguments, simplices, ties
from ogp_analysis.sensitivity.simplices import Mixture
from ogp_analysis.sensitivity.threshold import simplex_tail
from ogp_analysis.sensitivity.ties import above, exact, exact_simplex_tail, signs, slack

CANCELLATION = 1e-6  # below this share of the volume inclusion-exclusion is done on rationals
CHUNK = 1 << 17
ROUNDING = 1e-14  # of cut or scores, whichever is larger: what products of corners and scores are off


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

    Notes
    -----
    The corners of the set w_1 >= w_2 >= ... >= w_n are (1, 0, ...), (1/2, 1/2, 0, ...), ..., (1/n, ..., 1/n).

    Examples
    --------
    If the second indicator is at least as heavy, the mean lies between 5 (it alone) and 3 (both alike):

    >>> ordered_scores([[1, 5]], [1, 0]).tolist()
    [[5.0, 3.0]]
    """
    scores = arguments.score_matrix(scores)
    _check_order(order, scores.shape[1])
    return simplex_scores(scores, simplices.chain_simplex(order)[1][0])


def simplex_scores(scores: ArrayLike, vertices: ArrayLike) -> np.ndarray:
    """Return the weighted means at the corners of a simplex of weights; vertices (d, n), result (m, d).

    Raises
    ------
    StatisticsError
        Scores or corners are not finite, or the corners have another number of weights.

    Examples
    --------
    >>> simplex_scores([[1, 5]], [[0, 1], [0.5, 0.5]]).tolist()
    [[5.0, 3.0]]
    """
    vertices = arguments.columns_in_order(vertices, scores, "vertices")
    scores = arguments.score_matrix(scores)
    means = scores @ arguments.finite_numbers(vertices, "vertices", ("d", scores.shape[1])).T
    # Rows whose scores are all equal stay exactly equal: a tie with the cut stays a tie.
    return np.clip(means, scores.min(axis=1, keepdims=True), scores.max(axis=1, keepdims=True))


def mixture_probability(scores: ArrayLike, cuts: ArrayLike, mixture: Mixture) -> np.ndarray:
    """Compute P(w.x >= cut) for weights from a mixture of simplices; (m, n), (r,) -> (m, r).

    Parameters
    ----------
    scores, cuts : array_like, shapes (m, n) and (r,)
        As in `threshold_probability`.
    mixture : tuple of array_like, shapes (K,) and (K, d, n)
        Shares of the simplices, with sum 1 and of either sign, and their corners (module `simplices`).

    Returns
    -------
    numpy.ndarray, shape (m, r)

    Raises
    ------
    StatisticsError
        Scores, cuts or mixture are not finite or do not fit each other.

    Examples
    --------
    All of the first simplex, where the second weight is at least a half, has a mean of 3 to 5:

    >>> mixture_probability([[1, 5]], [4], ([1.0], [[[0, 1], [0.5, 0.5]]])).tolist()
    [[0.5]]
    """
    scores, cuts = arguments.score_matrix(scores), arguments.cut_vector(cuts)
    shares, vertices = _simplices(mixture, scores.shape[1])
    result = np.empty((len(scores), len(cuts)))
    step = max(1, CHUNK // (len(shares) * max(1, len(cuts))))
    for start in range(0, len(scores), step):
        rows = scores[start : start + step]
        tails = simplex_tail(corner_gaps(rows, vertices, cuts))
        # What all simplices say for certain is certain: their shares may sum to 1 - 2e-16.
        certain = np.all(tails == tails[:1], axis=0)
        result[start : start + step] = np.where(certain, tails[0], np.tensordot(shares, tails, axes=1))
    # Signed shares cancel: rounding may leave a certain result just outside 0 to 1.
    return np.clip(result, 0, 1)


def corner_gaps(scores: np.ndarray, vertices: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    """Subtract cuts from means at the corners of simplices; (m, n), (K, d, n), (r,) -> (d, K, m, r)."""
    # Means at the corners stay within the scores: rounding must not move equal scores off their cut.
    means = np.clip(vertices @ scores.T, scores.min(axis=1), scores.max(axis=1))
    a = above(means.transpose(1, 0, 2)[..., None], cuts)
    # A corner on the cut is on it: rounding must not push a whole set of weights below.
    size = np.maximum(np.abs(scores).max(axis=1)[:, None], np.maximum(1, np.abs(cuts)))
    a[np.abs(a) <= ROUNDING * size] = 0
    return a


def _simplices(mixture: Mixture, n: int) -> Mixture:
    if not isinstance(mixture, tuple) or len(mixture) != 2:
        raise argument_refusal(mixture, "mixture", "sensitivity.mixture", n=n)
    vertices = arguments.finite_numbers(mixture[1], "vertices", ("K", "d", n))
    return arguments.finite_numbers(mixture[0], "shares", (len(vertices),)), vertices


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
    Freely weighted, 1 and 5 reach 4 with probability one quarter; with the second as the heavier one, twice:

    >>> ordered_probability([[1, 5]], [4], order=[1, 0]).tolist()
    [[0.5]]
    """
    scores = arguments.score_matrix(scores)
    _check_order(order, scores.shape[1])
    return mixture_probability(scores, cuts, simplices.chain_simplex(order))


def ratio_chain_probability(
    scores: ArrayLike, cuts: ArrayLike, *, order: Sequence[int], ratios: ArrayLike
) -> np.ndarray:
    """Compute P(w.x >= cut) for weights of which each is at least ``ratio`` times the next in the order.

    Parameters
    ----------
    scores, cuts : array_like, shapes (m, n) and (r,)
        As in `threshold_probability`.
    order : sequence of int
        Indicators from the heaviest to the lightest.
    ratios : array_like, shape (n - 1,)
        How many times the next one's weight each weight has at least; above 0.

    Returns
    -------
    numpy.ndarray, shape (m, r)

    Raises
    ------
    StatisticsError
        The order does not name each indicator once; a ratio is not above 0.

    Examples
    --------
    A second weight of at least 3 times the first is 0.75 to 1, so the mean of 1 and 5 is 4 to 5:

    >>> ratio_chain_probability([[1, 5]], [4.5], order=[1, 0], ratios=[3]).tolist()
    [[0.5]]
    """
    scores = arguments.score_matrix(scores)
    _check_order(order, scores.shape[1])
    ratios = arguments.numbers(ratios, "ratios")
    if ratios.shape != (len(order) - 1,) or not np.all(np.isfinite(ratios)) or np.any(ratios <= 0):
        raise keyed_error(key="sensitivity.ratios", ratios=ratios.tolist(), count=len(order) - 1)
    return mixture_probability(scores, cuts, simplices.chain_simplex(order, ratios))


def partial_order_probability(
    scores: ArrayLike, cuts: ArrayLike, *, pairs: Sequence[tuple[int, int]]
) -> np.ndarray:
    """Compute P(w.x >= cut) for weights with w[i] >= w[j] for each pair (i, j).

    Parameters
    ----------
    scores, cuts : array_like, shapes (m, n) and (r,)
        As in `threshold_probability`.
    pairs : sequence of (int, int)
        Heavier and lighter indicator; what no pair compares stays open.

    Returns
    -------
    numpy.ndarray, shape (m, r)

    Raises
    ------
    StatisticsError
        The pairs are cyclic or name an indicator that does not exist; there are more than 8 indicators.

    Examples
    --------
    Ratings 1, 3, 5 reach 3 where the third weighs at least as much as the first: among the orders with the
    first above the second that is one of three.

    >>> partial_order_probability([[1, 3, 5]], [3], pairs=[(0, 1)]).round(4).tolist()
    [[0.3333]]
    """
    scores = arguments.score_matrix(scores)
    n = scores.shape[1]
    places = arguments.numbers(pairs, "pairs")
    if places.size and not (places.shape[1:] == (2,) and np.isin(places, np.arange(n)).all()):
        raise keyed_error(key="sensitivity.order_pairs", pairs=pairs, last=n - 1)
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
    At most 0.6 each leaves 0.4 to 0.6 for both; 1 and 5 reach 2.8 from a second weight of 0.45 on:

    >>> interval_probability([[1, 5]], [2.8], low=0.2, high=0.6).round(4).tolist()
    [[0.75]]
    """
    low, high = (arguments.in_order(bound, scores, "bounds") for bound in (low, high))
    scores, cuts = arguments.score_matrix(scores), arguments.cut_vector(cuts)
    low, high = bound_vectors(low, high, scores.shape[1])
    mixture, volume = simplices.interval_simplices(low, high)
    narrow = np.any((high > low) & (high - low < CANCELLATION))
    if volume >= CANCELLATION and not narrow:
        return _certain(mixture_probability(scores, cuts, mixture), scores, cuts, low=low, high=high)
    exactly = [_exact_interval(row, cut, low, high) for row in scores for cut in cuts]
    shares = np.array(exactly, dtype=float).reshape(len(scores), len(cuts))
    # Bounds without any room leave one weighting, which the mixture is then.
    return np.where(np.isnan(shares), mixture_probability(scores, cuts, mixture), shares)


def _certain(
    share: np.ndarray, scores: np.ndarray, cuts: np.ndarray, *, low: np.ndarray, high: np.ndarray
) -> np.ndarray:
    """Give 0 and 1 where no weights within the bounds, or all of them, reach the cut.

    There the signed shares of inclusion and exclusion leave 2e-16: "never" would be "hardly ever".
    """
    margin = slack(cuts)
    share = np.where(-_lowest(-scores, low, high)[:, None] < cuts - margin, 0.0, share)
    return np.where(_lowest(scores, low, high)[:, None] > cuts + margin, 1.0, share)


def _lowest(scores: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Lowest weighted mean within the bounds: what the lower ones leave goes to the lowest scores first."""
    order = np.argsort(scores, axis=1)
    room = (high - low)[order]
    filled = np.clip(1 - low.sum() - (np.cumsum(room, axis=1) - room), 0, room)
    return scores @ low + (np.take_along_axis(scores, order, axis=1) * filled).sum(axis=1)


def bound_vectors(low: ArrayLike, high: ArrayLike, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Read lower and upper bounds of n weights, one number for all or (n,); refuse contradictions.

    >>> [bound.tolist() for bound in bound_vectors(0.1, [0.5, 0.8], 2)]
    [[0.1, 0.1], [0.5, 0.8]]
    """
    low, high = _bounds(low, "low", n), _bounds(high, "high", n)
    if np.any(low < 0) or np.any(high > 1) or np.any(low > high):
        raise keyed_error(key="sensitivity.bounds", low=low.tolist(), high=high.tolist())
    if low.sum() > 1 + arguments.SUM_TOLERANCE:
        raise keyed_error(key="sensitivity.bounds_low", low=low.tolist(), sum=float(low.sum()))
    if high.sum() < 1 - arguments.SUM_TOLERANCE:
        raise keyed_error(key="sensitivity.bounds_high", high=high.tolist(), sum=float(high.sum()))
    return low, high


def _bounds(bound: ArrayLike, name: str, n: int) -> np.ndarray:
    array = arguments.numbers(bound, name)
    if array.shape not in ((), (1,), (n,)):
        raise keyed_error(key="sensitivity.bound_shape", name=name, shape=array.shape, count=n)
    arguments.refuse_non_finite(array, name)
    return np.broadcast_to(array, (n,)).copy()


def _exact_interval(row: np.ndarray, cut: float, low: np.ndarray, high: np.ndarray) -> float:
    """Share of the weights within the bounds that reach the cut; NaN where the bounds leave no volume."""
    lows, highs = ([exact(value) for value in bound] for bound in (low, high))
    # As the decimals that were meant, very near bounds may be one: as they are they stay apart.
    if np.any((high > low) & (np.array(highs) <= np.array(lows))):
        lows, highs = (list(map(Fraction, bound)) for bound in (low, high))
    return _share_between(row, cut, lows, highs)


def _share_between(row: np.ndarray, cut: float, lows: list[Fraction], highs: list[Fraction]) -> float:
    x, t = [exact(value) for value in row], exact(cut)
    # Without room between its bounds an indicator would subtract every term from itself: 0 / 0.
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
    return float(reached / total) if total else float("nan")


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
        Scores, cuts or constraints are not finite or do not fit each other; no weights obey the constraints,
        or there are too many to search.

    Examples
    --------
    Ratings 1, 3, 5 reach 3 where w_3 >= w_1: half of all weightings. None of them breaks w_1 <= 0.5, which
    three quarters of all weightings obey, so the share rises to 2 / 3:

    >>> polytope_probability([[1, 3, 5]], [3], normals=[[1, 0, 0]], bounds=[0.5]).round(4).tolist()
    [[0.6667]]
    """
    normals, bounds = _named((normals, bounds), scores)
    scores = arguments.score_matrix(scores)
    normals, bounds = arguments.constraint_rows(normals, bounds, scores.shape[1])
    narrow = simplices.narrow_pieces(normals, bounds)
    if not narrow:
        return mixture_probability(scores, cuts, simplices.polytope_simplices(normals, bounds))
    shares, cuts = ties.shares(narrow), arguments.cut_vector(cuts)
    probabilities = [[simplex_tail(ties.gaps(row, cut, narrow)) @ shares for cut in cuts] for row in scores]
    return np.clip(np.array(probabilities, dtype=float).reshape(len(scores), len(cuts)), 0, 1)


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
        Scores, cut or constraints are not finite or do not fit, or there are too many rows and indicators to
        search.

    Examples
    --------
    The first row needs a second weight of at least 1 / 2, the other one of at most 2 / 3:

    >>> round(joint_probability([[1, 5], [5, 2]], 3), 4)
    0.1667
    """
    constraints = _named(constraints, scores)
    scores, cut = arguments.score_matrix(scores), arguments.one_number(cut, "cut")
    normals, bounds = _given(constraints, scores.shape[1])
    # Equal rows and rows that need no weight add no constraint: the search grows fast with constraints.
    on_or_above = signs(scores, cut) >= 0
    if len(scores) and not on_or_above.any(axis=1).all():
        return 0.0
    doubtful = np.unique(scores[~on_or_above.all(axis=1)], axis=0)  # the others always reach it
    if not len(doubtful):
        return 1.0
    allowed = simplices.polytope_volume(normals, bounds)
    if allowed == 0:
        return float("nan")
    limits = np.concatenate([bounds, np.full(len(doubtful), -cut)])
    return simplices.polytope_volume(np.vstack([normals, -doubtful]), limits) / allowed


def _named(constraints: Any, scores: ArrayLike) -> Any:
    """Put constraints that name their indicators into the order of the scores' columns."""
    if not isinstance(constraints, tuple) or len(constraints) != 2:
        return constraints  # refused with what is wrong
    normals, bounds = constraints
    return arguments.columns_in_order(normals, scores, "normals"), arguments.rows_in_order(
        bounds, normals, "bounds"
    )


def _given(constraints: tuple[np.ndarray, np.ndarray] | None, n: int) -> tuple[np.ndarray, np.ndarray]:
    if constraints is None:
        return np.empty((0, n)), np.empty(0)
    if not isinstance(constraints, tuple) or len(constraints) != 2:
        raise argument_refusal(constraints, "constraints", "sensitivity.constraints", n=n)
    return arguments.constraint_rows(*constraints, n)


def _check_order(order: Sequence[int], n: int) -> None:
    if (
        not np.array_equal(np.sort(arguments.numbers(order, "order"), axis=None), np.arange(n))
        or np.ndim(order) != 1
    ):
        raise keyed_error(key="sensitivity.order", order=order, last=n - 1)
