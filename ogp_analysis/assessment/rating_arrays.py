"""Checked ratings as arrays, made once: proposals by indicators by panels by seats, thirds beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ogp_analysis.assessment import counted_indicators
from ogp_analysis.model.matching import NEGLIGIBLE
from ogp_analysis.model.records import (
    EVALUATOR,
    INDEPENDENT,
    INDICATOR,
    PANEL,
    PROPOSAL,
    RATING,
    ROLE,
    THIRD,
    Criterion,
    Indicator,
    Method,
)


@dataclass(frozen=True, eq=False)
class Sheet:
    """Everything that was said of m proposals on the n indicators of one criterion.

    Parameters
    ----------
    criterion : Criterion
        Its indicators and panels, in the order of the axes.
    ratings : ndarray, shape (..., m, n, panels, seats)
        Independent ratings in points, turned so that higher is better; NaN where not given. A seat is the
        same evaluator on all indicators of a proposal, in the order of their codes. Axes in front may stand
        for scenarios in which other evaluators rate.
    thirds : ndarray, shape (..., m, n, panels)
        Third ratings, turned likewise.
    points : ndarray, shape (m, n)
        Scores of indicators that are counted, not rated; NaN for the others.
    """

    criterion: Criterion
    ratings: np.ndarray
    thirds: np.ndarray
    points: np.ndarray

    @property
    def counted(self) -> np.ndarray:
        """Which indicators are computed from counts; shape (n,)."""
        return np.array([indicator.counted for indicator in self.criterion.indicators])

    def rows(self, places: np.ndarray) -> Sheet:
        """Keep some proposals, by their places."""
        ratings, thirds = self.ratings[..., places, :, :, :], self.thirds[..., places, :, :]
        return replace(self, ratings=ratings, thirds=thirds, points=self.points[places])


@dataclass(frozen=True, eq=False)
class Sheets:
    """The sheets of all criteria, over the same proposals.

    Parameters
    ----------
    proposals : Index
        Codes of all proposals that someone rated, sorted.
    criteria : tuple of Sheet
        In the order of the method.
    """

    proposals: pd.Index
    criteria: tuple[Sheet, ...]

    def rows(self, proposals: Sequence[str]) -> Sheets:
        """Keep some proposals, in the order given."""
        places = self.proposals.get_indexer(pd.Index(proposals))
        return Sheets(self.proposals[places], tuple(sheet.rows(places) for sheet in self.criteria))


def sheets_of(ratings: pd.DataFrame, method: Method, *, proposals: pd.DataFrame | None = None) -> Sheets:
    """Put checked ratings into arrays.

    Parameters
    ----------
    ratings : DataFrame
        Columns ``proposal, indicator, panel, evaluator, role, rating``, checked; empty ratings say nothing.
    method : Method
        Criteria, indicators, scales and panels; ratings of others are passed over.
    proposals : DataFrame, optional
        Needed where an indicator is computed from counts: columns ``proposal, reiterations``.

    Returns
    -------
    Sheets
        All proposals with an independent rating.

    Raises
    ------
    StatisticsError
        An indicator is computed from counts and a proposal has none.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> method = params.from_values(params.baseline()).method
    >>> cell = {"proposal": "S01", "indicator": "alignment", "panel": "core_group", "role": "independent"}
    >>> ratings = pd.DataFrame(cell | {"evaluator": ["CG1", "CG2"], "rating": [2, 5]})
    >>> found = sheets_of(ratings, method)
    >>> [sheet.ratings.shape for sheet in found.criteria]
    [(1, 4, 2, 1), (1, 3, 2, 2)]
    >>> found.criteria[1].ratings[0, 2].tolist()
    [[nan, nan], [2.0, 5.0]]
    """
    given = ratings[ratings[RATING].notna() & ratings[PROPOSAL].notna()]
    parts = [_of_criterion(given, criterion) for criterion in method.criteria]
    rated = pd.concat([part.loc[part[ROLE] == INDEPENDENT, PROPOSAL] for part in parts])
    codes = pd.Index(rated.unique(), name=PROPOSAL).sort_values()
    listed = zip(parts, method.criteria, strict=True)
    return Sheets(codes, tuple(_sheet(part, criterion, codes, proposals) for part, criterion in listed))


def _of_criterion(given: pd.DataFrame, criterion: Criterion) -> pd.DataFrame:
    names = [one.name for one in criterion.indicators if not one.counted]
    return given[given[INDICATOR].isin(names) & given[PANEL].isin(criterion.panels)]


@dataclass(frozen=True, eq=False)
class Seating:
    """Who gave each rating of a sheet.

    Parameters
    ----------
    independent : tuple of ndarray of int, shapes (r,)
        Places of the independent ratings on the axes of `Sheet.ratings`.
    independent_by : ndarray of object, shape (r,)
        Codes of their evaluators, as they were given.
    third : tuple of ndarray of int, shapes (t,)
        Places of the third ratings on the axes of `Sheet.thirds`.
    third_by : ndarray of object, shape (t,)
        Codes of their evaluators.
    """

    independent: tuple[np.ndarray, ...]
    independent_by: np.ndarray
    third: tuple[np.ndarray, ...]
    third_by: np.ndarray


def seatings_of(ratings: pd.DataFrame, method: Method, proposals: pd.Index) -> tuple[Seating, ...]:
    """Say who sits where in the sheets of some proposals, in the order of these: one a criterion."""
    given = ratings[ratings[RATING].notna() & ratings[PROPOSAL].isin(proposals)]
    return tuple(_seating(_of_criterion(given, one), one, proposals) for one in method.criteria)


def _seating(rated: pd.DataFrame, criterion: Criterion, codes: pd.Index) -> Seating:
    independent, third = (rated[rated[ROLE] == role] for role in (INDEPENDENT, THIRD))
    by, third_by = (part[EVALUATOR].to_numpy(dtype=object) for part in (independent, third))
    place, _ = _placed(independent, criterion, codes)
    return Seating((*place, _seats(place, by)), by, _placed(third, criterion, codes)[0], third_by)


def _sheet(
    rated: pd.DataFrame, criterion: Criterion, codes: pd.Index, proposals: pd.DataFrame | None
) -> Sheet:
    shape = (len(codes), len(criterion.indicators), len(criterion.panels))
    independent, third = (rated[rated[ROLE] == role] for role in (INDEPENDENT, THIRD))
    place, value = _placed(independent, criterion, codes)
    seat = _seats(place, independent[EVALUATOR].to_numpy(dtype=object))
    filled = np.full((*shape, int(seat.max(initial=0)) + 1), np.nan)
    filled[*place, seat] = value
    ratings, thirds = _turned(filled, criterion), _turned(_means(third, criterion, codes, shape), criterion)
    points = [counted_indicators.points_of(codes, proposals, indicator) for indicator in criterion.indicators]
    return Sheet(criterion, ratings, thirds, np.stack(points, axis=1))


def _placed(
    frame: pd.DataFrame, criterion: Criterion, codes: pd.Index
) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
    names = [indicator.name for indicator in criterion.indicators]
    keys = ((PROPOSAL, codes), (INDICATOR, names), (PANEL, criterion.panels))
    place = tuple(pd.Index(values).get_indexer(frame[column]) for column, values in keys)
    return place, frame[RATING].to_numpy(dtype=float)


def _means(frame: pd.DataFrame, criterion: Criterion, codes: pd.Index, shape: tuple[int, ...]) -> np.ndarray:
    """Average what falls into the same cell; NaN where nothing does."""
    known = frame[frame[PROPOSAL].isin(codes)]
    place, value = _placed(known, criterion, codes)
    flat = np.ravel_multi_index(place, shape) if len(value) else np.zeros(0, dtype=int)
    size = int(np.prod(shape))
    with np.errstate(invalid="ignore"):
        mean = np.bincount(flat, value, size) / np.bincount(flat, minlength=size)
    return mean.reshape(shape)


def _seats(place: tuple[np.ndarray, ...], evaluators: np.ndarray) -> np.ndarray:
    """Number the evaluators within a proposal and panel; a rating given twice sits on one more seat."""
    proposal, indicator, panel = place
    person = pd.factorize(evaluators, sort=True, use_na_sentinel=False)[0]
    again = _within([proposal, indicator, panel, person], [np.arange(len(person))])
    return _within([proposal, panel], [person, again])


def _within(group: Sequence[np.ndarray], keys: Sequence[np.ndarray]) -> np.ndarray:
    """Number the keys within each group from 0, equal ones alike: a table of pandas takes ten times as long.

    >>> _within([np.array([7, 7, 3, 7])], [np.array([20, 10, 50, 20])]).tolist()
    [1, 0, 0, 1]
    """
    order = np.lexsort((*reversed(keys), *reversed(group)))
    begins, differs = (
        np.any([np.diff(one[order], prepend=-1) != 0 for one in columns], axis=0)
        for columns in (group, [*group, *keys])
    )
    count = np.cumsum(differs)
    number = np.empty(len(order), dtype=int)
    number[order] = count - np.maximum.accumulate(np.where(begins, count, 0))
    return number


def _turned(values: np.ndarray, criterion: Criterion) -> np.ndarray:
    """Turn what was rated on each indicator, the second axis; shape (m, n, ...)."""
    turned = [turn(values[:, k], indicator) for k, indicator in enumerate(criterion.indicators)]
    return np.stack(turned, axis=1)


def turn(values: np.ndarray, indicator: Indicator) -> np.ndarray:
    """Turn ratings round where lower is better, and make the two ends of the scale of what is pass or fail.

    With pass/fail coding a rating from the middle of the scale on is its top, else its foot.

    >>> cost = Indicator("cost", "feasibility", 1, 5, direction="lower is better")
    >>> time = Indicator("time", "feasibility", 1, 5, coding="pass_fail")
    >>> turn(np.array([2.0, np.nan]), cost).tolist(), turn(np.array([3.0, 2.0, np.nan]), time).tolist()
    ([4.0, nan], [5.0, 1.0, nan])
    """
    if indicator.direction == "lower is better":
        values = indicator.minimum + indicator.maximum - values
    if indicator.coding == "pass_fail":
        middle = (indicator.minimum + indicator.maximum) / 2
        passed = np.where(values >= middle - NEGLIGIBLE, indicator.maximum, indicator.minimum)
        values = np.where(np.isnan(values), np.nan, passed)
    return values


def turned_ratings(ratings: pd.DataFrame, criterion: Criterion) -> pd.Series:
    """Turn the ratings of a table, a rating a row, as `turn` does.

    >>> cost = Indicator("cost", "feasibility", 1, 5, direction="lower is better")
    >>> ratings = pd.DataFrame({"indicator": ["cost", "time"], "rating": [2, 3]})
    >>> turned_ratings(ratings, Criterion("feasibility", (cost,), ("lead",), 1)).tolist()
    [4.0, 3.0]
    """
    values = ratings[RATING].to_numpy(dtype=float, na_value=np.nan).copy()
    for indicator in criterion.indicators:
        rows = (ratings[INDICATOR] == indicator.name).to_numpy()
        values[rows] = turn(values[rows], indicator)
    return pd.Series(values, index=ratings.index, name=RATING)
