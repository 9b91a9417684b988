"""The share of weightings that puts each proposal in each category, and the weights that do it. Exact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import ArrayLike

from ogp_analysis.errors import keyed_error
from ogp_analysis.model.records import CATEGORIES, CATEGORY_NEXT, CATEGORY_OUTSIDE
from ogp_analysis.sensitivity import arguments
from ogp_analysis.sensitivity.beliefs import (
    WeightBelief,
    belief_places,
    belief_probability,
    fitting,
    named_as,
)
from ogp_analysis.sensitivity.constrained import corner_gaps
from ogp_analysis.sensitivity.threshold import simplex_tail, threshold_probability
from ogp_analysis.sensitivity.ties import ON_THE_CUT, above, slack

ROUTE = 0  # in a category table: category 3 where an institutional route is recorded, else 4
BY_ROUTE = (CATEGORY_OUTSIDE, CATEGORY_NEXT)
PAIRS_AT_ONCE = 1 << 17


class CategoryTable(TypedDict):
    """A category table and what a route gives: arguments of `category_probability`, handed on by name."""

    table: ArrayLike
    route: ArrayLike | None
    categories: int
    by_route: tuple[int, int]


def band_probability(reached: ArrayLike) -> np.ndarray:
    """Turn P(>= cut) at increasing cuts into the probability of each band; (m, r) -> (m, r + 1).

    Parameters
    ----------
    reached : array_like, shape (m, r)
        Probability of reaching each cut (`threshold_probability`), in the order of the cuts.

    Returns
    -------
    numpy.ndarray, shape (m, r + 1)
        From the lowest band to the highest; rows sum to 1.

    Raises
    ------
    StatisticsError
        The probabilities are no table of finite numbers, or rise with the cut: the cuts were out of order.

    Examples
    --------
    >>> band_probability([[0.75, 0.25]]).tolist()
    [[0.25, 0.5, 0.25]]
    """
    reached = arguments.finite_numbers(reached, "reached", ("m", "r"))
    edges = np.concatenate([np.ones((len(reached), 1)), reached, np.zeros((len(reached), 1))], axis=1)
    bands = edges[:, :-1] - edges[:, 1:]
    # Each cut is computed on its own, so neighbours may disagree by rounding; more is an order of the caller.
    if np.any(bands < -1e-9):
        raise keyed_error(key="sensitivity.rising", rise=float(-bands.min()))
    return np.maximum(bands, 0)


def category_of(
    table: ArrayLike,
    route: ArrayLike | None,
    m: int,
    *,
    categories: int = len(CATEGORIES),
    by_route: tuple[int, int] = BY_ROUTE,
) -> np.ndarray:
    """Write the category table out for each proposal; (L_1, ..., L_k), (m,) -> (m, L_1, ..., L_k).

    >>> category_of([[0, 0, 0], [0, 2, 2], [0, 2, 1]], [True, False], 2)[:, 0, 0].tolist()
    [3, 4]
    """
    codes = arguments.category_codes(table)
    if not codes.ndim or min(codes.shape) < 2 or not np.isin(codes, range(categories + 1)).all():
        raise keyed_error(key="sensitivity.table", table=codes.tolist(), categories=categories)
    low = np.where(_routes(route, m), *by_route).reshape(m, *(1 for _ in codes.shape))
    return np.where(codes == ROUTE, low, codes.astype(int))


def _routes(route: ArrayLike | None, m: int) -> np.ndarray:
    given = arguments.numbers(False if route is None else route, "route")
    if given.shape not in ((), (m,)) or not np.isin(given, (0, 1)).all():
        raise keyed_error(key="sensitivity.route", route=route, shape=given.shape, count=m)
    return np.broadcast_to(given.astype(bool), (m,))


def category_probability(
    first: ArrayLike,
    second: ArrayLike | None = None,
    *others: ArrayLike,
    table: ArrayLike,
    route: ArrayLike | None = None,
    categories: int = len(CATEGORIES),
    by_route: tuple[int, int] = BY_ROUTE,
) -> np.ndarray:
    """Compute the probability of each category from the bands of criteria with independent weights.

    Parameters
    ----------
    first, second, *others : array_like, shapes (m, L_1) ... (m, L_k)
        For each of k criteria the probability of its levels, from the lowest (`band_probability`).
    table : array_like of int, shape (L_1, ..., L_k)
        Category by level; 0 where the route decides.
    route : array_like of bool, shape (m,), optional
        Whether a route outside is recorded; none by default.
    categories : int
        How many there are, numbered from 1.
    by_route : tuple of int
        In a cell of 0: the category with a recorded route, and without.

    Returns
    -------
    numpy.ndarray, shape (m, categories)
        Rows sum to 1.

    Raises
    ------
    StatisticsError
        The bands do not have the levels of the table, or rows that sum to 1; they differ in m; or the table
        or route does not fit.

    Examples
    --------
    >>> table = [[0, 0, 0], [0, 2, 2], [0, 2, 1]]
    >>> category_probability([[0, 0.5, 0.5]], [[0, 0, 1.0]], table=table).tolist()
    [[0.5, 0.5, 0.0, 0.0]]
    """
    lengths = arguments.lengths_of(table)
    bands = [first, *(() if second is None else (second,)), *others]
    arguments.sequence(bands, "bands", len(lengths))
    route, bands = (
        arguments.rows_in_order(route, arguments.proposals_of(bands), "route"),
        arguments.same_rows(bands),
    )
    m: int | str = "m"
    checked = []
    for place, (band, length) in enumerate(zip(bands, lengths, strict=True)):
        name = ("first", "second")[place] if place < 2 else f"others[{place - 2}]"
        checked.append(arguments.finite_numbers(band, name, (m, length)))
        m = len(arguments.probabilities(checked[-1], name))
    category = category_of(table, route, len(checked[0]), categories=categories, by_route=by_route)
    cells = checked[0]
    for band in checked[1:]:
        # A product: the criteria share no weight, so their levels are independent.
        cells = (cells[:, :, None] * band[:, None, :]).reshape(len(band), cells.shape[1] * band.shape[1])
    flat = category.reshape(cells.shape)
    return np.stack([(cells * (flat == k)).sum(axis=1) for k in range(1, categories + 1)], axis=1)


def _member(category: np.ndarray, categories: int) -> np.ndarray:
    """Say which cells give each category; (m, categories, L_1, ..., L_k) of 0 and 1."""
    numbers = np.arange(1, categories + 1).reshape(1, -1, *(1 for _ in category.shape[1:]))
    return (category[:, None] == numbers).astype(float)


def _expected(member: np.ndarray, bands: Sequence[np.ndarray], *, kept: int) -> np.ndarray:
    """Probability of each category and level of one axis, (m, categories, L), summed over all other axes."""
    dimensions = member.ndim - 2
    rest = member
    for axis, band in enumerate(bands):
        shape = [1] * dimensions
        shape[axis] = band.shape[1]
        rest = rest * band.reshape(len(band), 1, *shape)
    return rest.sum(axis=tuple(2 + axis for axis in range(dimensions) if axis != kept))


def category_acceptability(
    scores: Sequence[ArrayLike],
    cuts: Sequence[ArrayLike],
    *,
    table: ArrayLike,
    route: ArrayLike | None = None,
    beliefs: Sequence[WeightBelief | None] | None = None,
    categories: int = len(CATEGORIES),
    by_route: tuple[int, int] = BY_ROUTE,
) -> np.ndarray:
    """Compute the share of weightings that puts each proposal in each category.

    Parameters
    ----------
    scores : sequence of array_like, shapes (m, n_1) ... (m, n_k)
        Indicator scores on each of k criteria.
    cuts : sequence of array_like
        Cut points of each criterion, increasing; one fewer than the table has levels on its axis.
    table, route, categories, by_route
        As in `category_probability`.
    beliefs : sequence of WeightBelief or None, optional
        What is believed about the weights of each criterion; None means uniform.

    Returns
    -------
    numpy.ndarray, shape (m, categories)

    Raises
    ------
    StatisticsError
        Scores or cuts are not finite, cuts are out of order or not one fewer than levels; the criteria
        differ in their number of proposals; a belief is about another number of indicators; the table or
        route does not fit.

    Examples
    --------
    The first mean is 1 + 4 w for a uniform w: below 2.5 for 3 / 8 of them, from 3.5 up for another 3 / 8.
    The second criterion is always high, so that category 1, 2 and 4 answer to high, medium and low:

    >>> table = [[0, 0, 0], [0, 2, 2], [0, 2, 1]]
    >>> category_acceptability([[[1, 5]], [[4, 4]]], [[2.5, 3.5]] * 2, table=table).tolist()
    [[0.375, 0.25, 0.0, 0.375]]
    """
    bands = [
        band_probability(belief_probability(x, cut, belief))
        for x, cut, belief in _criteria(scores, cuts, beliefs, arguments.lengths_of(table))
    ]
    route = arguments.rows_in_order(route, arguments.proposals_of(scores), "route")
    return category_probability(*bands, table=table, route=route, categories=categories, by_route=by_route)


def _criteria(
    scores: Sequence[ArrayLike],
    cuts: Sequence[ArrayLike],
    beliefs: Sequence[WeightBelief | None] | None,
    levels: tuple[int, ...],
) -> list[tuple[np.ndarray, np.ndarray, WeightBelief | None]]:
    count = len(levels)
    arguments.sequence(scores, "scores", count)
    believed = [None] * count if beliefs is None else arguments.sequence(beliefs, "beliefs", count)
    named = zip(scores, believed, strict=True)
    matrices = [arguments.score_matrix(x) for x in arguments.same_rows([named_as(*pair) for pair in named])]
    rows = [len(x) for x in matrices]
    if len(set(rows)) > 1:
        raise keyed_error(key="sensitivity.rows", rows=rows)
    pairs = zip(arguments.sequence(cuts, "cuts", count), levels, strict=True)
    limits = [arguments.cuts_of_levels(cut, length) for cut, length in pairs]
    return list(zip(matrices, limits, believed, strict=True))


def central_weights(scores: ArrayLike, cuts: ArrayLike, *, belief: WeightBelief | None = None) -> np.ndarray:
    """Compute the mean of the weights that put each proposal in each band.

    Parameters
    ----------
    scores, cuts : array_like, shapes (m, n) and (r,)
        As in `threshold_probability`; increasing cuts.
    belief : WeightBelief, optional
        Uniform by default.

    Returns
    -------
    numpy.ndarray, shape (m, r + 1, n)
        Weights with sum 1; NaN where the band has probability 0.

    Raises
    ------
    StatisticsError
        Scores or cuts are not finite, cuts do not increase, or the belief is about other indicators.

    Notes
    -----
    E[w_i; w.x >= t] = alpha_i / sum(alpha) P(w'.x >= t) with alpha_i + 1 in place of alpha_i.

    Examples
    --------
    Ratings 1 and 5 reach 3 where the second weighs half or more, three quarters on average:

    >>> central_weights([[1, 5]], [3]).tolist()
    [[[0.75, 0.25], [0.25, 0.75]]]
    """
    moments = band_moments(scores, cuts, belief=belief)
    with np.errstate(invalid="ignore", divide="ignore"):
        return moments / moments.sum(axis=2, keepdims=True)


def band_moments(scores: ArrayLike, cuts: ArrayLike, *, belief: WeightBelief | None = None) -> np.ndarray:
    """Compute E[w; band] for each band, (m, r + 1, n); its sum over indicators is the band's probability.

    >>> band_moments([[1, 5]], [3]).tolist()
    [[[0.375, 0.125], [0.125, 0.375]]]
    """
    matrix, cuts = arguments.score_matrix(named_as(scores, belief)), arguments.cut_vector(cuts, ordered=True)
    moments = moments_of_questions([(matrix, cuts)], fitting(belief, matrix.shape[1]))
    return _as_columns(moments, scores, belief)


def _as_columns(moments: np.ndarray, scores: ArrayLike, belief: WeightBelief | None) -> np.ndarray:
    """Put what is of the belief's indicators (last axis) back into the order of the scores' columns."""
    places = belief_places(scores, belief)
    return moments if places is None else moments[..., np.argsort(places)]


def moments_of_questions(
    questions: Sequence[tuple[np.ndarray, np.ndarray]], belief: WeightBelief | None
) -> np.ndarray:
    """Compute the same where cut points are asked for one after the other, each of scores of its own."""
    scores = questions[0][0]
    above = np.concatenate([_moments_above(x, limits, belief) for x, limits in questions], axis=1)
    # At a cut that every weighting reaches, E[w; reached] is E[w], whatever the row: one row will do.
    mean = (
        _moments_above(scores[:1], np.array([scores[:1].min()]), belief)[0]
        if len(scores)
        else np.zeros((1, 1))
    )
    everything = np.broadcast_to(mean, (len(scores), 1, scores.shape[1]))
    edges = np.concatenate([everything, above, np.zeros_like(everything)], axis=1)
    bands = edges[:, :-1] - edges[:, 1:]
    # What rounding leaves of an empty band would be divided into weights that look meant.
    return np.where(bands < 1e-14, 0.0, bands)


def _moments_above(scores: np.ndarray, cuts: np.ndarray, belief: WeightBelief | None) -> np.ndarray:
    if belief is None or belief.route == "uniform":
        a = above(scores.T[:, :, None], cuts)
        return np.moveaxis(_simplex_moments(a), 0, 2)
    if belief.sample is not None:
        weights = belief.sample.reshape(-1, scores.shape[1])
        limits = (cuts - slack(cuts))[:, None]
        return np.stack([(weights @ row >= limits) @ weights / len(weights) for row in scores])
    if belief.alpha is not None:
        alpha = np.array(belief.alpha)
        # A parameter of 0 stays 0: one more would bring an excluded indicator back (its factor is 0 anyway).
        steps = np.eye(len(alpha)) * (alpha > 0)
        parts = [threshold_probability(scores, cuts, alpha=alpha + step) for step in steps]
        return np.stack(parts, axis=2) * (alpha / alpha.sum())
    shares, vertices = belief.mixture()
    corner_moments = _simplex_moments(corner_gaps(scores, vertices, cuts))  # (d, K, m, r)
    return np.einsum("k,kdn,dkmr->mrn", shares, vertices, corner_moments)


def _simplex_moments(a: np.ndarray) -> np.ndarray:
    """E[v_j; sum v a >= 0] for v uniform: each column once more repeated, all in one pass."""
    n = len(a)
    repeated = np.concatenate([np.broadcast_to(a[:, None], (n, n, *a.shape[1:])), a[None]], axis=0)
    return simplex_tail(repeated) / n


def category_central_weights(
    scores: Sequence[ArrayLike],
    cuts: Sequence[ArrayLike],
    *,
    table: ArrayLike,
    route: ArrayLike | None = None,
    beliefs: Sequence[WeightBelief | None] | None = None,
    categories: int = len(CATEGORIES),
    by_route: tuple[int, int] = BY_ROUTE,
) -> tuple[np.ndarray, ...]:
    """Compute the mean weighting that would put each proposal in each category.

    Parameters
    ----------
    scores, cuts, table, route, beliefs, categories, by_route
        As in `category_acceptability`.

    Returns
    -------
    tuple of numpy.ndarray, shapes (m, categories, n_1) ... (m, categories, n_k)
        Mean weights of each criterion; NaN where no weighting gives the category.

    Raises
    ------
    StatisticsError
        As in `category_acceptability`.

    Examples
    --------
    >>> table = [[0, 0, 0], [0, 2, 2], [0, 2, 1]]
    >>> a, b = category_central_weights([[[1, 5]], [[4, 4]]], [[2.5, 3.5]] * 2, table=table)
    >>> a[0, 0].tolist(), b[0, 0].tolist()
    ([0.1875, 0.8125], [0.5, 0.5])
    """
    checked = _criteria(scores, cuts, beliefs, arguments.lengths_of(table))
    moments = [
        _as_columns(band_moments(x, cut, belief=belief), given, belief)
        for (x, cut, belief), given in zip(checked, scores, strict=True)
    ]
    route = arguments.rows_in_order(route, arguments.proposals_of(scores), "route")
    category = category_of(table, route, len(moments[0]), categories=categories, by_route=by_route)
    return weights_of_categories(moments, category, categories)


def weights_of_categories(
    moments: Sequence[np.ndarray], category: np.ndarray, categories: int
) -> tuple[np.ndarray, ...]:
    """Give the mean weights of each axis by category from `band_moments`, (m, categories, n_1) ..."""
    member = _member(category, categories)
    return tuple(_mean_weights(member, moments, axis) for axis in range(len(moments)))


def _mean_weights(member: np.ndarray, moments: Sequence[np.ndarray], axis: int) -> np.ndarray:
    """Mean weights of one axis by category: each level counts with the other axes' chance of theirs."""
    bands = [moment.sum(axis=2) for moment in moments]
    bands[axis] = np.ones_like(bands[axis])
    with np.errstate(invalid="ignore", divide="ignore"):
        weights = np.einsum("mcl,mln->mcn", _expected(member, bands, kept=axis), moments[axis])
        return weights / weights.sum(axis=2, keepdims=True)


def pairwise_winning(scores: ArrayLike, *, belief: WeightBelief | None = None) -> np.ndarray:
    """Compute the probability that each proposal scores above each other one; ties count half.

    Parameters
    ----------
    scores : array_like, shape (m, n)
        Indicator scores.
    belief : WeightBelief, optional
        Uniform by default.

    Returns
    -------
    numpy.ndarray, shape (m, m)
        Entry (i, k) is P(i beats k); the diagonal is one half.

    Raises
    ------
    StatisticsError
        Scores are not finite, or the belief is about another number of indicators.

    Notes
    -----
    i beats k where w.(x_i - x_k) >= 0: the question of `threshold_probability` at a cut of 0.

    Examples
    --------
    >>> pairwise_winning([[1, 5], [2, 2]]).tolist()
    [[0.5, 0.75], [0.25, 0.5]]
    """
    scores = arguments.score_matrix(named_as(scores, belief))
    belief = fitting(belief, scores.shape[1])  # of one proposal no pair would ask for it
    m = len(scores)
    wins = np.full((m, m), 0.5)
    i, k = np.triu_indices(m, 1)
    for start in range(0, len(i), PAIRS_AT_ONCE):
        a, b = i[start : start + PAIRS_AT_ONCE], k[start : start + PAIRS_AT_ONCE]
        difference = scores[a] - scores[b]
        # Equal scores that two roads of arithmetic reached are equal.
        size = np.maximum(1, np.maximum(np.abs(scores[a]), np.abs(scores[b])))
        difference[np.abs(difference) <= ON_THE_CUT * size] = 0
        # At a cut of 0 only ratios count: powers of two, which round nothing, bring rows to the size of 1.
        difference = np.ldexp(difference, -np.frexp(np.abs(difference).max(axis=1, keepdims=True))[1])
        p = belief_probability(difference, [0.0], belief)[:, 0]
        # ">= 0" counts a certain tie (equal rows, or weights held fixed) as a win: these are asked both ways.
        sure = p > 1 - ON_THE_CUT
        p[sure] -= belief_probability(-difference[sure], [0.0], belief)[:, 0] / 2
        wins[a, b], wins[b, a] = p, 1 - p
    return wins


def expected_rank(scores: ArrayLike, *, belief: WeightBelief | None = None) -> np.ndarray:
    """Compute each proposal's mean rank over all weightings, 1 is best; (m, n) -> (m,).

    Parameters
    ----------
    scores, belief
        As in `pairwise_winning`.

    Returns
    -------
    numpy.ndarray, shape (m,)
        1 plus the expected number of lost comparisons, from 1 to m; they sum to m (m + 1) / 2.

    Raises
    ------
    StatisticsError
        As in `pairwise_winning`.

    Examples
    --------
    The first wins three quarters of the weightings, so its rank is 1 or 2 in the ratio 3 to 1:

    >>> expected_rank([[1, 5], [2, 2]]).tolist()
    [1.25, 1.75]
    """
    # The diagonal adds the other half of the 1.
    return 0.5 + (1 - pairwise_winning(scores, belief=belief)).sum(axis=1)
