"""From settled scores to criterion scores and levels; a score exactly on a cut gets the level above it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from ogp_analysis.assessment.adding import (
    MEAN,
    PLAIN,
    SHARE,
    Adding,
    reaches_exactly,
    scaled,
    score_of_share,
    unscaled,
)
from ogp_analysis.assessment.criterion_rule import Weighing
from ogp_analysis.errors import keyed_error

# Scores are means of a few ratings: their denominators are small, and floats this close to a cut are decided
# on fractions: of the cut, at least of 1.
NEAR_A_CUT = 1e-9
# Our choice: means of ratings have far smaller, and two ratios of up to this are 1e-10 or more apart, which
# no float on a scale of ratings is off.
LARGEST_DENOMINATOR = 100_000
# Points are counted in this fraction of a point: halves to 32nds, thirds, ninths, tenths, hundredths,
# sevenths, elevenths and their products are whole numbers. Other scores are decided one by one.
UNIT = 2**5 * 3**2 * 5**2 * 7 * 11
# A float of a score on a scale of up to a hundred is closer than this to its whole number of units.
WHOLE = 1e-6
LARGEST_WHOLE = 2**62


def weighted_mean(scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted mean over the last axis of scores; NaN where a score is NaN.

    >>> weighted_mean(np.array([[4.0, 5.0], [4.0, np.nan]]), np.array([0.25, 0.75])).tolist()
    [4.75, nan]
    """
    return np.asarray(scores, dtype=float) @ np.asarray(weights, dtype=float)


def available_mean(scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted mean over the scores that are present, weights rescaled to them; NaN where none is.

    >>> available_mean(np.array([[4.0, np.nan], [np.nan, np.nan]]), np.array([0.25, 0.75])).tolist()
    [4.0, nan]
    """
    scores, weights = np.asarray(scores, dtype=float), np.asarray(weights, dtype=float)
    present = ~np.isnan(scores)
    # Summed along the axis, whatever is in front of it: a scenario among many has the bytes of one alone.
    total = (present * weights).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, np.nansum(scores * weights, axis=-1) / total, np.nan)


def level_codes(scores: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    """Count the cut points that each score reaches (closed below): 0 low, 1 medium, 2 high; -1 where NaN.

    >>> level_codes(np.array([2.4, 2.5, 3.5, np.nan]), np.array([2.5, 3.5])).tolist()
    [0, 1, 2, -1]
    """
    scores = np.asarray(scores, dtype=float)
    codes = (scores[..., None] >= np.asarray(cuts, dtype=float)).sum(axis=-1)
    return np.where(np.isnan(scores), -1, codes)


def exact_level_codes(
    scores: np.ndarray, weights: Sequence[Fraction], cuts: Sequence[Fraction], *, adding: Adding = PLAIN
) -> tuple[np.ndarray, np.ndarray]:
    """Weighted means and their level codes, ties with a cut point decided on fractions.

    Parameters
    ----------
    scores : ndarray, shape (..., m, n)
        Indicator scores in points; NaN where missing (weights are then rescaled to what is there).
    weights : sequence of Fraction, length n
        Weights that sum to 1, as they were written.
    cuts : sequence of Fraction, length r
        Cut points, rising.
    adding : Adding
        How scores are added up; the weighted mean by default.

    Returns
    -------
    means : ndarray, shape (..., m)
        Criterion scores in points.
    codes : ndarray of int, shape (..., m)
        Cut points reached; -1 where the criterion score is NaN.

    Raises
    ------
    StatisticsError
        The weights are not as many as the columns of ``scores``, or sum to something else than 1.

    Examples
    --------
    >>> third = Fraction(1, 3)
    >>> means, codes = exact_level_codes(np.array([[2.0, 2.0, 3.5]]), [third] * 3, [Fraction(5, 2)])
    >>> codes.tolist()
    [1]
    """
    scores = np.asarray(scores, dtype=float)
    if len(weights) != scores.shape[-1] or sum(weights) != 1:
        fit = {"count": len(weights), "total": str(sum(weights)), "indicators": scores.shape[-1]}
        raise keyed_error(key="statistics.weights_fit", weights=tuple(weights), **fit)
    one = stacked([Weighing(tuple(weights), tuple(cuts), adding)])
    means, codes = weigh(scores.reshape(1, -1, scores.shape[-1]), one)
    return means.reshape(scores.shape[:-1]), codes.reshape(scores.shape[:-1])


@dataclass(frozen=True, eq=False)
class Weighings:
    """Weights and cut points of many scenarios, as floats and as whole numbers.

    Parameters
    ----------
    weights : ndarray, shape (s, n)
        Floats that sum to 1.
    cuts : ndarray, shape (s, r)
        Cut points in points.
    parts : ndarray of int, shape (s, n)
        The same weights in whole parts of one; Python's own whole numbers where they are large.
    limits : ndarray of int, shape (s, r)
        Cut points in whole parts of a point ...
    part : ndarray of int, shape (s,)
        ... and how many of these make a point.
    kind : ndarray of int, shape (s,)
        A number for the weights: equal ones have the same.
    adding : ndarray of Adding, shape (s,)
        How scores are added up.
    """

    weights: np.ndarray
    cuts: np.ndarray
    parts: np.ndarray
    limits: np.ndarray
    part: np.ndarray
    kind: np.ndarray
    adding: np.ndarray

    @property
    def linear(self) -> np.ndarray:
        """Which of them are weighted means; (s,)."""
        return np.array([one.kind == MEAN for one in self.adding], dtype=bool)

    def of(self, places: np.ndarray) -> Weighings:
        """Take those of some scenarios."""
        whole = (self.parts[places], self.limits[places], self.part[places], self.kind[places])
        return Weighings(self.weights[places], self.cuts[places], *whole, self.adding[places])


def stacked(weighings: Sequence[Weighing]) -> Weighings:
    """Put the weights and cut points of scenarios into arrays; each different one is worked out once.

    >>> half = Weighing((Fraction(1, 3), Fraction(2, 3)), (Fraction(5, 2),))
    >>> found = stacked([half, half])
    >>> found.parts.tolist(), found.limits.tolist(), found.part.tolist()
    ([[1, 2], [1, 2]], [[5], [5]], [2, 2])
    """
    different = {id(one): one for one in weighings}
    places = {key: place for place, key in enumerate(different)}
    rows = [_whole(one) for one in different.values()]
    floats = [[[float(x) for x in part] for part in (one.weights, one.cuts)] for one in different.values()]
    arrays = [np.array([row[k] for row in rows], dtype=object) for k in range(3)]
    kinds: dict[tuple[Fraction, ...], int] = {}
    kind = np.array([kinds.setdefault(one.weights, len(kinds)) for one in different.values()], dtype=int)
    weights, cuts = (np.array([row[k] for row in floats]) for k in range(2))
    parts, limits, part = map(_small, arrays)
    adding = np.empty(len(rows), dtype=object)
    adding[:] = [one.adding for one in different.values()]
    made = Weighings(weights, cuts, parts, limits, part, kind, adding)
    return made.of(np.array([places[id(one)] for one in weighings], dtype=int))


def _whole(one: Weighing) -> tuple[list[int], list[int], int]:
    parts = math.lcm(*(weight.denominator for weight in one.weights))
    part = math.lcm(*(cut.denominator for cut in one.cuts))
    return [int(weight * parts) for weight in one.weights], [int(cut * part) for cut in one.cuts], part


def _small(numbers: np.ndarray) -> np.ndarray:
    # Beyond 63 bits numpy's whole numbers would wrap round; Python's do not.
    return numbers if any(abs(number) > LARGEST_WHOLE for number in numbers.ravel()) else numbers.astype(int)


def weigh(
    scores: np.ndarray, weighings: Weighings, *, skip_missing: bool | np.ndarray = True
) -> tuple[np.ndarray, np.ndarray]:
    """Weigh the scores of scenarios (s, m, n) to criterion scores (s, m) and the cut points they reach.

    Ties with a cut point are exact. ``skip_missing`` (s,) rescales the weights to what is there; else what is
    missing leaves no score, NaN, and no level, -1. One row of scores serves all scenarios, and the reverse.

    >>> whole = stacked([Weighing((Fraction(1, 10), Fraction(9, 10)), (Fraction(19, 10),))])
    >>> means, codes = weigh(np.array([[[1.0, 2.0], [1.0, 1.99], [np.nan, 2.0]]]), whole)
    >>> codes.tolist()
    [[1, 0, 1]]
    """
    means = _added_up(scores, weighings)
    cuts = weighings.cuts[:, None, :]
    codes = level_codes(means, cuts)
    near = (np.abs(means[..., None] - cuts) < rounding_at(cuts)).any(axis=-1)
    if near.any():
        s, m = np.nonzero(near)
        own, of = np.minimum(s, len(scores) - 1), np.minimum(s, len(weighings.part) - 1)
        codes[s, m] = _exact_codes(scores[own, m], weighings.of(of))
    skip = np.asarray(skip_missing)
    if not skip.all():
        partial = np.isnan(scores).any(axis=-1) & ~(skip[:, None] if skip.ndim else skip)
        means, codes = np.where(partial, np.nan, means), np.where(partial, -1, codes)
    return means, codes


def rounding_at(cuts: np.ndarray | float) -> np.ndarray:
    """Give the distance from a cut point within which floats may be on its wrong side.

    >>> rounding_at(np.array([2.5, 0.1, -2e6])).tolist()
    [2.5e-09, 1e-09, 0.002]
    """
    return NEAR_A_CUT * np.maximum(1, np.abs(cuts))


def _added_up(scores: np.ndarray, weighings: Weighings) -> np.ndarray:
    """Add up the scores of each scenario in its own way, (s, m, n) -> (s, m)."""
    ways = list(dict.fromkeys(weighings.adding.tolist()))
    if len(ways) == 1:
        return _alike_added_up(scores, weighings, ways[0])
    means = np.empty((len(weighings.adding), scores.shape[1]))
    for way in ways:
        rows = np.flatnonzero([one == way for one in weighings.adding])
        own = scores[rows] if len(scores) > 1 else scores
        means[rows] = _alike_added_up(own, weighings.of(rows), way)
    return means


def _alike_added_up(scores: np.ndarray, weighings: Weighings, way: Adding) -> np.ndarray:
    if way.kind == SHARE:
        return _score_of_weight(scores, weighings.parts[:, None, :], way.share)
    with np.errstate(divide="ignore"):
        means = available_mean(scaled(scores, way.kind), weighings.weights[:, None, :])
        return unscaled(means, way.kind)


def _score_of_weight(scores: np.ndarray, parts: np.ndarray, share: Fraction) -> np.ndarray:
    """Give the highest score that a share of the weight of what is there reaches; exact on whole numbers."""
    given = ~np.isnan(scores)
    parts = np.where(given, parts, 0)
    if parts.size and float(parts.max()) * parts.shape[-1] * share.denominator > LARGEST_WHOLE:
        parts = parts.astype(object)
    weight = parts.sum(axis=-1)
    wanted = -(-weight * share.numerator // share.denominator)
    score = score_of_share(np.where(given, scores, -np.inf), parts, wanted)
    return np.where(weight > 0, score, np.nan)


def _exact_codes(scores: np.ndarray, weighings: Weighings) -> np.ndarray:
    """Count the cut points that each row of scores (p, n) reaches, on whole numbers; row by row weighings."""
    units = whole_units(scores) if weighings.linear.all() else None
    if units is None:
        return _exact_one_by_one(scores, weighings)
    given = units >= 0
    units = np.where(given, units, 0)
    parts, limits, part = weighings.parts, weighings.limits, weighings.part
    if not are_small(units, weighings).all():
        units, parts, limits, part = (array.astype(object) for array in (units, parts, limits, part))
    total = (parts * units).sum(axis=1) * part
    weight = (parts * given).sum(axis=1) * UNIT
    return (total[:, None] >= limits * weight[:, None]).sum(axis=1).astype(int)


def are_small(units: np.ndarray, weighings: Weighings) -> np.ndarray:
    """Say for which weighings (s,) the sums of scores of up to so many units stay below 63 bits."""
    parts = abs(weighings.parts).astype(float).sum(axis=1)
    points = float(units.max(initial=1)) * weighings.part.astype(float)
    limits = UNIT * abs(weighings.limits).astype(float).max(axis=1, initial=1)
    return parts * np.maximum(points, limits) < LARGEST_WHOLE


def whole_units(scores: np.ndarray) -> np.ndarray | None:
    """Give scores as whole numbers of units, -1 where missing; None where one is no whole number of them.

    >>> whole_units(np.array([2.5, np.nan])).tolist(), whole_units(np.array([2**0.5]))
    ([1386000, -1], None)
    """
    given = ~np.isnan(scores)
    exact = np.where(given, scores, 0) * UNIT
    units = np.round(exact)
    if (np.abs(exact - units) >= WHOLE).any() or (units < 0).any():
        return None
    units = units.astype(np.int64)
    # Ratios as small as `as_ratio` reads back.
    if (UNIT // np.gcd(units, UNIT) > LARGEST_DENOMINATOR).any():
        return None
    return np.where(given, units, -1)


def _exact_one_by_one(scores: np.ndarray, weighings: Weighings) -> np.ndarray:
    codes = np.empty(len(scores), dtype=int)
    for row, given in enumerate(~np.isnan(scores)):
        ratios = [as_ratio(score) for score in scores[row, given]]
        parts, part = [int(part) for part in weighings.parts[row, given]], int(weighings.part[row])
        cuts = [Fraction(int(limit), part) for limit in weighings.limits[row]]
        codes[row] = sum(reaches_exactly(ratios, parts, cut, weighings.adding[row]) for cut in cuts)
    return codes


@lru_cache(LARGEST_DENOMINATOR)
def as_ratio(score: float) -> Fraction:
    """Read a score back as the ratio of small whole numbers that it is a float of.

    >>> as_ratio(7 / 3), as_ratio(0.1) == Fraction(1, 10), Fraction(0.1) == Fraction(1, 10)
    (Fraction(7, 3), True, False)
    """
    return Fraction(float(score)).limit_denominator(LARGEST_DENOMINATOR)


def over_pairs(
    scores: np.ndarray, there: np.ndarray, *, panel_rule: str | int, skip_missing: bool
) -> np.ndarray:
    """Combine the scores of several pairs (..., m, n, k) to one each (..., m, n).

    A pair that rated nothing at all is not missing: it is not ``there`` (..., k). Otherwise what is missing
    leaves no score, unless it is skipped. A panel that decides alone is named by its place.

    >>> scores, there = np.array([[[3.0, 4.0]], [[2.0, np.nan]]]), np.array([True, True])
    >>> for rule, skip in (("mean", False), (0, False), ("minimum", True)):
    ...     over_pairs(scores, there, panel_rule=rule, skip_missing=skip).ravel().tolist()
    [3.5, nan]
    [3.0, 2.0]
    [3.0, 2.0]
    """
    if not isinstance(panel_rule, str):
        return scores[..., panel_rule]
    if scores.shape[-1] == 1:
        return scores[..., 0]
    counted = ~np.isnan(scores) if skip_missing else there[..., None, None, :]
    if panel_rule == "mean":
        return _mean(scores, counted)
    least = np.where(counted, scores, np.inf).min(axis=-1)
    return np.where(np.isinf(least), np.nan, least)


def _mean(scores: np.ndarray, counted: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):  # nothing at all: 0 / 0 is the NaN that is meant
        return np.where(counted, scores, 0.0).sum(axis=-1) / counted.sum(axis=-1)
