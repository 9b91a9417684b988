"""The error of one rating, as evaluators who rate the same proposal side by side show it; halo included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ogp_analysis.assessment.rating_arrays import Sheet
from ogp_analysis.model.records import Indicator

FEW = 16  # marks with which comparing one after the other is faster than numpy's search


@dataclass(frozen=True, eq=False)
class Place:
    """Where the ratings of a group of evaluators stand in the sheet of one criterion.

    Parameters
    ----------
    criterion : int
        Place of the criterion.
    panels : tuple of int
        Places of the panels in it: one, or several of one seat each.
    columns : slice
        The indicators of the criterion among all those of the group.
    """

    criterion: int
    panels: tuple[int, ...]
    columns: slice


@dataclass(frozen=True, eq=False)
class Raters:
    """Evaluators who rate a proposal side by side: a panel, over every criterion that it serves.

    Parameters
    ----------
    places : tuple of Place
        One a criterion.
    fixed : bool
        Whether their seats differ, as those of lead and counterpart do: a steady difference is no noise.
    errors : ndarray, shape (R, N)
        What one evaluator's ratings of a proposal were off on all N indicators together, scaled up to the
        error of one rating; none where nobody rated side by side.
    covariance : ndarray, shape (N, N)
        Of these errors, in squared points.
    offsets : ndarray, shape (seats, N)
        How far a fixed seat lies above the mean of the seats; 0 where evaluators are exchangeable.
    count : ndarray, shape (m,)
        Evaluators of each proposal.
    freedom : float
        Degrees of freedom of the covariance; 0 where nobody rated side by side.
    unseen : ndarray of bool, shape (N,)
        Indicators that are rated, but never by two side by side: nothing is known of their errors.
    """

    places: tuple[Place, ...]
    fixed: bool
    errors: np.ndarray
    covariance: np.ndarray
    offsets: np.ndarray
    count: np.ndarray
    freedom: float
    unseen: np.ndarray

    @property
    def known(self) -> bool:
        """Whether anything is known of their errors."""
        return len(self.errors) > 0


def raters_of(sheets: Sequence[Sheet], wide: Sequence[Sheet] | None = None) -> tuple[Raters, ...]:
    """Find the groups of evaluators of a method and what their ratings say of errors.

    Parameters
    ----------
    sheets : sequence of Sheet
        One a criterion, of the proposals that are judged.
    wide : sequence of Sheet, optional
        Of more proposals, from which errors are learnt; the same by default.

    Returns
    -------
    tuple of Raters
    """
    together: dict[tuple[str, ...], list[tuple[int, tuple[int, ...]]]] = {}
    for c, sheet in enumerate(sheets if wide is None else wide):
        names = sheet.criterion.panels
        # Where nobody sits beside another in a panel, the panels themselves are the seats.
        alone = sheet.ratings.shape[-1] == 1 and len(names) > 1
        groups = [tuple(range(len(names)))] if alone else [(k,) for k in range(len(names))]
        for group in groups:
            together.setdefault(tuple(names[k] for k in group), []).append((c, group))
    return tuple(_raters(parts, sheets, wide or sheets) for parts in together.values())


def _raters(
    parts: list[tuple[int, tuple[int, ...]]], sheets: Sequence[Sheet], wide: Sequence[Sheet]
) -> Raters:
    places, start = [], 0
    for criterion, panels in parts:
        end = start + wide[criterion].ratings.shape[1]
        places.append(Place(criterion, panels, slice(start, end)))
        start = end
    fixed = len(places[0].panels) > 1
    learnt = gathered(wide, places)
    errors, covariance, offsets = errors_of(learnt, fixed=fixed)
    seats = np.isfinite(gathered(sheets, places)).any(axis=1).sum(axis=1)
    degrees = np.diag(_freedom(_beside_another(learnt), fixed))
    freedom = float(degrees.mean()) if len(errors) else 0.0
    unseen = np.isfinite(learnt).any(axis=(0, 2)) & (degrees <= 0)
    return Raters(tuple(places), fixed, errors, covariance, offsets, seats, freedom, unseen)


def gathered(sheets: Sequence[Sheet], places: Sequence[Place]) -> np.ndarray:
    """Put the independent ratings of one group side by side: proposals, indicators, seats (m, N, K)."""
    parts = [_seats(sheets[place.criterion].ratings[:, :, place.panels, :]) for place in places]
    widest = max(part.shape[2] for part in parts)
    room = [((0, 0), (0, 0), (0, widest - part.shape[2])) for part in parts]
    padded = [np.pad(part, pad, constant_values=np.nan) for part, pad in zip(parts, room, strict=True)]
    return np.concatenate(padded, axis=1)


def _seats(ratings: np.ndarray) -> np.ndarray:
    """Panels of one seat each become seats; of a single panel its seats stay; (m, n, p, s) -> (m, n, K)."""
    return ratings[..., 0] if ratings.shape[2] > 1 else ratings[:, :, 0, :]


def errors_of(ratings: np.ndarray, *, fixed: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Learn errors from ratings side by side (m, N, K): each evaluator's (R, N), covariance and offsets.

    Differences of 2, 0 and 0 points: half their mean square is 2/3, and so is half their variance:

    >>> ratings = np.array([[[3.0, 1.0]], [[4.0, 4.0]], [[5.0, 5.0]]])
    >>> errors, covariance, _ = errors_of(ratings, fixed=False)
    >>> covariance.round(4).tolist(), errors.round(4).ravel().tolist()
    ([[0.6667]], [1.4142, 0.0, 0.0, -1.4142, 0.0, 0.0])
    >>> errors_of(ratings, fixed=True)[1].round(4).tolist()
    [[0.6667]]
    """
    given = np.isfinite(ratings)
    count = given.sum(axis=2, keepdims=True)
    with np.errstate(invalid="ignore"):
        apart = ratings - np.where(given, ratings, 0).sum(axis=2, keepdims=True) / count
    apart = np.where(given & (count > 1), apart, 0.0)
    several = _beside_another(ratings)
    offsets = np.zeros((ratings.shape[2], ratings.shape[1]))
    if fixed:
        offsets = _mean(apart, several).T
        apart = np.where(several, apart - offsets.T, 0.0)
    # Whole rows of an evaluator, so that what one is off everywhere stays together.
    seated = np.moveaxis(apart, 2, 0).reshape(-1, ratings.shape[1])
    rated = np.moveaxis(several, 2, 0).reshape(-1, ratings.shape[1]).any(axis=1)
    return _scaled(seated[rated], _freedom(several, fixed), offsets)


def _beside_another(ratings: np.ndarray) -> np.ndarray:
    """Say where a rating stands beside another of the same proposal and indicator; (m, N, K)."""
    given = np.isfinite(ratings)
    return given & (given.sum(axis=2, keepdims=True) > 1)


def _mean(values: np.ndarray, given: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        mean = values.sum(axis=0) / given.sum(axis=0)
    return np.where(given.any(axis=0), mean, 0.0)


def _freedom(several: np.ndarray, fixed: bool) -> np.ndarray:
    """Degrees of freedom of each pair of indicators, (N, N): evaluators less one, for every proposal."""
    rated = several.sum(axis=2)
    both = np.minimum(rated[:, :, None], rated[:, None, :])
    freedom = np.maximum(both - 1, 0).sum(axis=0).astype(float)
    return freedom - (several.any(axis=0).sum(axis=1).max(initial=1) - 1) if fixed else freedom


def _scaled(
    rows: np.ndarray, freedom: np.ndarray, offsets: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scale residuals of evaluators up to errors of one rating, and give their covariance."""
    indicators = rows.shape[1]
    if not len(rows) or (np.diag(freedom) <= 0).all():
        return np.zeros((0, indicators)), np.zeros((indicators, indicators)), offsets
    covariance = np.where(freedom > 0, rows.T @ rows / np.where(freedom > 0, freedom, 1), 0.0)
    realised = np.square(rows).mean(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        scale = np.sqrt(np.where(realised > 0, np.diag(covariance) / realised, 0.0))
    return rows * scale, covariance, offsets


def scale_of(indicator: Indicator) -> np.ndarray:
    """List the points that a rating can become, rising, turned so that higher is better.

    >>> scale_of(Indicator("time", "feasibility", 1, 2, step=0.5)).tolist()
    [1.0, 1.5, 2.0]
    """
    if indicator.coding == "pass_fail":
        return np.array([indicator.minimum, indicator.maximum], dtype=float)
    scale = np.array(indicator.scale, dtype=float)
    lower = indicator.direction == "lower is better"
    return (indicator.minimum + indicator.maximum - scale)[::-1] if lower else scale


def onto_scale(values: np.ndarray, scales: Sequence[np.ndarray]) -> np.ndarray:
    """Move values (..., N) to the nearest rating of each indicator's scale; NaN stays.

    >>> onto_scale(np.array([[0.2, 3.4, 7.0]]), [np.arange(1.0, 6)] * 3).tolist()
    [[1.0, 3.0, 5.0]]
    """
    if all(np.array_equal(scale, scales[0]) for scale in scales):
        nearest = _nearest(values, scales[0])
    else:
        # Side by side in memory: each value is looked at several times.
        columns = [np.ascontiguousarray(values[..., n]) for n in range(len(scales))]
        nearest = np.stack([_nearest(*own) for own in zip(columns, scales, strict=True)], axis=-1)
    return np.where(np.isnan(values), np.nan, nearest)


def _nearest(values: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Move values to the nearest rating of a rising scale, from the middle to the higher; NaN to any."""
    middles = (scale[1:] + scale[:-1]) / 2
    if len(middles) > FEW:
        return scale[np.searchsorted(middles, values, side="right")]
    passed = np.zeros(values.shape, dtype=np.int8)
    for middle in middles:
        passed += values >= middle
    return scale.take(passed)
