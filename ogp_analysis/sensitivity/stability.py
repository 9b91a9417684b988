"""How far one weight or one cut point can move before a proposal changes its level or category."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from ogp_analysis.errors import keyed_error
from ogp_analysis.model.records import CATEGORIES
from ogp_analysis.sensitivity import arguments
from ogp_analysis.sensitivity.acceptability import BY_ROUTE, category_of
from ogp_analysis.sensitivity.ties import NEAR, exact, exact_mean, sides, slack


def stability_interval(scores: ArrayLike, weights: ArrayLike, cuts: ArrayLike) -> np.ndarray:
    """Find for each weight the interval in which each proposal keeps its level, others in proportion.

    Parameters
    ----------
    scores : array_like, shape (m, n)
        Indicator scores.
    weights : array_like, shape (n,)
        Baseline weights, sum 1.
    cuts : array_like, shape (r,)
        Increasing cut points.

    Returns
    -------
    numpy.ndarray, shape (m, n, 2)
        Lowest and highest weight of indicator i, in [0, 1]; the others share the rest in their baseline
        proportions (equally where they are all zero). An end that is a crossing belongs to the upper level.
        The weight of an only indicator is 1 and nothing else.

    Raises
    ------
    StatisticsError
        Scores or cuts are not finite, cuts are out of order, or weights do not sum to 1.

    Notes
    -----
    The score is a x_i + (1 - a) m_i with m_i the mean of the others, so it crosses a cut t at
    a = (t - m_i) / (x_i - m_i).

    Examples
    --------
    The mean of 1 and 5 falls below 2.5 where the first weighs more than 0.625:

    >>> stability_interval([[1, 5]], [0.5, 0.5], [2.5]).tolist()
    [[[0.0, 0.625], [0.375, 1.0]]]
    """
    weights = arguments.in_order(weights, scores)
    scores, cuts = arguments.score_matrix(scores), arguments.cut_vector(cuts, ordered=True)
    weights = arguments.weight_vector(weights, scores.shape[1])
    if len(weights) == 1:
        return np.ones((len(scores), 1, 2))
    others = _others(weights) @ scores.T  # (n, m): mean of the other indicators
    gap = _gaps(scores, weights, others)
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = (cuts[:, None, None] - others) / gap  # (r, n, m)
    # An indicator that scores like the mean of the others moves nothing: it has no crossing.
    crossing = np.where(gap == 0, np.nan, crossing)
    on_cut = (sides(scores, weights, cuts) == 0).T[:, None, :]
    crossing = np.where(on_cut & ~np.isnan(crossing), weights[:, None], crossing)
    # On a cut the level is kept on the side where the score rises.
    falls_left = np.where(on_cut, gap > 0, crossing <= weights[:, None])
    falls_right = np.where(on_cut, gap < 0, crossing >= weights[:, None])
    lowest = np.where(falls_left, crossing, 0).max(axis=0, initial=0)
    highest = np.where(falls_right, crossing, np.inf).min(axis=0, initial=1)
    interval = np.stack([lowest, highest], axis=-1)
    return interval.transpose(1, 0, 2)


def _gaps(scores: np.ndarray, weights: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Each score less the mean of the others (n, m), exactly 0 where rationals say so."""
    gap = scores.T - others
    # What rounding leaves of a gap of 0 would be divided by, and give a crossing anywhere.
    for i, k in np.argwhere((gap != 0) & (np.abs(gap) <= NEAR * np.maximum(1, np.abs(others)))):
        rest = np.delete(weights, i)
        # All weight on one indicator: the others share equally, as in `_others`.
        rest = rest if rest.any() else np.ones_like(rest)
        if exact_mean(np.delete(scores[k], i), rest) == exact(scores[k, i]):
            gap[i, k] = 0
    return gap


def _others(weights: np.ndarray) -> np.ndarray:
    """Shares of the other indicators when one is set apart; rows sum to 1 (0 where there is no other)."""
    shares = np.tile(weights, (len(weights), 1))
    np.fill_diagonal(shares, 0)
    alone = shares.sum(axis=1) == 0
    shares[alone] = 1  # all weight lies on one indicator: the others have no proportions, so equal ones
    np.fill_diagonal(shares, 0)
    total = shares.sum(axis=1, keepdims=True)
    return shares / np.where(total > 0, total, 1)


def cut_margin(scores: ArrayLike, cuts: ArrayLike) -> np.ndarray:
    """Return score minus cut, (m,), (r,) -> (m, r): how far each score lies above (+) or below (-) a cut.

    Parameters
    ----------
    scores : array_like, shape (m,)
        Criterion scores, in points; NaN where there is none.
    cuts : array_like, shape (r,)
        Cut points, in points.

    Returns
    -------
    numpy.ndarray, shape (m, r)
        In points; exactly 0 for a score that only rounding (1e-12 of the cut) keeps off it.

    Raises
    ------
    StatisticsError
        Scores are not one list of numbers (NaN is passed on), or cuts are not finite.

    Examples
    --------
    >>> cut_margin([2.75, 4], [2.5, 3.5]).tolist()
    [[0.25, -0.75], [1.5, 0.5]]

    In floats 0.1 + 0.2 is not 0.3, and 0.3 - 0.1 is less than 0.2:

    >>> cut_margin([0.1 + 0.2, 0.3 - 0.1], [0.3, 0.2]).round(4).tolist()
    [[0.0, 0.1], [-0.1, 0.0]]
    """
    scores = arguments.numbers(scores, "scores")
    if scores.ndim != 1:
        raise keyed_error(key="statistics.shape", name="scores", shape=scores.shape, wanted="m,")
    cuts = arguments.cut_vector(cuts)
    margin = scores[:, None] - cuts
    # As in `cut_sweep`: on the cut is on it, whatever floats made of the score.
    return np.where(np.abs(margin) <= slack(cuts), 0.0, margin)


def cut_sweep(
    scores: ArrayLike,
    cuts: ArrayLike | Sequence[Sequence[ArrayLike]],
    *,
    table: ArrayLike,
    route: ArrayLike | None = None,
    categories: int = len(CATEGORIES),
    by_route: tuple[int, int] = BY_ROUTE,
) -> np.ndarray:
    """Count the proposals in each category for many settings of the cut points.

    Parameters
    ----------
    scores : array_like, shape (m, k)
        Criterion scores; one that only rounding puts below a cut (by 1e-12 of it) reaches it.
    cuts : sequence of G settings, each a sequence of k array_likes
        For each setting the increasing cut points of each criterion, one fewer than its levels; an array of
        shape (G, 2, 2) where there are two criteria of three levels.
    table, route, categories, by_route
        As in `category_probability`.

    Returns
    -------
    numpy.ndarray of int, shape (G, categories)

    Raises
    ------
    StatisticsError
        Scores or cuts are not finite, or the cuts of a setting are out of order or too few.

    Examples
    --------
    Scores of 3 and 4 are medium and high, and with lower cuts both high:

    >>> table = [[0, 0, 0], [0, 2, 2], [0, 2, 1]]
    >>> cut_sweep([[3, 4]], [[[2.5, 3.5]] * 2, [[2, 3]] * 2], table=table).tolist()
    [[0, 1, 0, 0], [1, 0, 0, 0]]
    """
    lengths = arguments.lengths_of(table)
    route = arguments.rows_in_order(route, scores, "route")
    scores = arguments.finite_numbers(scores, "scores", ("m", len(lengths)))
    member = category_of(table, route, len(scores), categories=categories, by_route=by_route)
    return counts_of_settings(scores, arguments.entries(cuts, "cuts"), member, categories=categories)


def counts_of_settings(
    scores: np.ndarray, settings: Sequence[ArrayLike], member: np.ndarray, *, categories: int
) -> np.ndarray:
    """Count the proposals in each category from what each has by level, (m, L_1, ..., L_k)."""
    assigned = categories_of_settings(scores, settings, member)
    return (assigned[:, :, None] == np.arange(1, categories + 1)).sum(axis=1)


def categories_of_settings(
    scores: np.ndarray, settings: Sequence[ArrayLike], member: np.ndarray
) -> np.ndarray:
    """Give the category of each proposal at each setting of the cut points, (G, m)."""
    lengths, rows = member.shape[1:], np.arange(len(scores))
    assigned = np.empty((len(settings), len(scores)), dtype=int)
    for g, setting in enumerate(settings):
        pairs = zip(arguments.sequence(setting, f"cuts[{g}]", len(lengths)), lengths, strict=True)
        limits = [arguments.cuts_of_levels(cut, length) for cut, length in pairs]
        levels = [
            np.searchsorted(limit - slack(limit), scores[:, c], side="right")
            for c, limit in enumerate(limits)
        ]
        assigned[g] = member[(rows, *levels)]
    return assigned
