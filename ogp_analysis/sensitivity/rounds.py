"""Another round of ratings, simulated on the scale: ratings of others in the same seats, and their thirds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ogp_analysis.assessment.adjudication import given_mean
from ogp_analysis.assessment.rating_arrays import Sheet
from ogp_analysis.model.records import Criterion
from ogp_analysis.sensitivity.another_round import Settled
from ogp_analysis.sensitivity.rating_noise import Raters, gathered, onto_scale, scale_of


@dataclass(frozen=True, eq=False)
class Round:
    """Ratings of a number of draws of one criterion.

    Parameters
    ----------
    ratings : ndarray, shape (draws, m, n, panels, seats)
        Independent ratings in points; NaN where nobody rates.
    within : ndarray, shape (draws, m, n, panels)
        Third rating of each panel's pair, should one be called for.
    between : ndarray, shape (draws, m, n, 1)
        Third rating where the panels are the two sides of one pair.
    """

    ratings: np.ndarray
    within: np.ndarray
    between: np.ndarray


@dataclass(frozen=True, eq=False)
class Rounds:
    """What another round is drawn from.

    Parameters
    ----------
    groups : tuple of Raters
        Who rates side by side, and what they are off.
    sheets : tuple of Sheet
        The ratings at hand, of each criterion.
    effect : tuple of ndarray, shapes (m, N)
        What a group is expected to give a proposal on each indicator, drawn to the mean as far as scores are
        not reliable.
    doubt : tuple of ndarray, shapes (m, N)
        How far that is in doubt, in errors of one rating.
    """

    groups: tuple[Raters, ...]
    sheets: tuple[Sheet, ...]
    effect: tuple[np.ndarray, ...]
    doubt: tuple[np.ndarray, ...]

    @property
    def known(self) -> bool:
        """Whether anything is known of errors; else another round is the one at hand."""
        return any(group.known for group in self.groups)

    def unseen(self) -> list[dict[str, object]]:
        """Say which ratings no round draws anew: of nobody beside another nothing is known of errors."""
        return [
            _unseen(group.unseen[place.columns], self.sheets[place.criterion].criterion, place.panels)
            for group in self.groups
            for place in group.places
            if group.unseen[place.columns].any()
        ]

    def draw(self, size: int, rng: np.random.Generator) -> tuple[Round, ...]:
        """Draw whole rounds: every evaluator is another one, in the seats that were filled."""
        return self._rounds(size, rng, anew=True)

    def held(self, size: int, rng: np.random.Generator) -> tuple[Round, ...]:
        """Repeat the ratings at hand; only third evaluations that nobody gave are drawn."""
        return self._rounds(size, rng, anew=False)

    def _rounds(self, size: int, rng: np.random.Generator, *, anew: bool) -> tuple[Round, ...]:
        shapes = [sheet.ratings.shape for sheet in self.sheets]
        ratings = [np.broadcast_to(sheet.ratings, (size, *sheet.ratings.shape)) for sheet in self.sheets]
        if anew:
            ratings = [np.full((size, *shape), np.nan) for shape in shapes]
        thirds = [np.full((size, *shape[:-1]), np.nan) for shape in shapes]
        for group, effect, doubt in zip(self.groups, self.effect, self.doubt, strict=True):
            drawn, third = self._of_group(group, effect, doubt, size, rng, anew)
            for place in group.places:
                if anew:
                    _put(ratings[place.criterion], place.panels, drawn[..., place.columns])
                given = third[..., place.columns]
                thirds[place.criterion][:, :, :, place.panels] = given[..., None]
        return tuple(self._round(c, ratings[c], thirds[c], anew, rng) for c in range(len(self.sheets)))

    def _of_group(
        self,
        group: Raters,
        effect: np.ndarray,
        doubt: np.ndarray,
        size: int,
        rng: np.random.Generator,
        anew: bool,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Ratings of the seats (size, m, K, N) and of a third evaluator (size, m, N) of one group."""
        scales = [
            scale_of(one) for p in group.places for one in self.sheets[p.criterion].criterion.indicators
        ]
        m, (seats, indicators) = effect.shape[0], group.offsets.shape
        middle = effect + doubt * _drawn(group.errors, (size, m), rng)
        # Once for each error that is learnt, not for each that is drawn.
        errors = on_scale_share(group, scales) * group.errors
        third = onto_scale(middle + _drawn(errors, (size, m), rng), scales)
        if not anew:
            return third, third
        off = _drawn(errors, (size, m, seats), rng)
        # Written out: numpy takes ten times as long to repeat something over rows of a few numbers.
        everywhere = np.broadcast_to(group.offsets, (m, seats, indicators)).copy()
        drawn = onto_scale(np.repeat(middle[:, :, None, :], seats, axis=2) + everywhere + off, scales)
        there = np.moveaxis(np.isfinite(gathered(self.sheets, group.places)), 2, 1)
        return np.where(there, drawn, np.nan), third

    def _round(
        self, c: int, ratings: np.ndarray, thirds: np.ndarray, anew: bool, rng: np.random.Generator
    ) -> Round:
        given = self.sheets[c].thirds
        # Nobody says which panel a third evaluator between two panels comes from: any of them.
        pick = rng.integers(0, given.shape[2], size=(*thirds.shape[:2], 1, 1))
        between = thirds[..., :1]
        for panel in range(1, thirds.shape[3]):
            between = np.where(pick == panel, thirds[..., panel : panel + 1], between)
        if anew:
            return Round(ratings, thirds, between)
        known = np.isfinite(given)
        with np.errstate(invalid="ignore"):
            mean = np.where(known, given, 0).sum(axis=2, keepdims=True) / known.sum(axis=2, keepdims=True)
        return Round(ratings, np.where(known, given, thirds), np.where(np.isnan(mean), between, mean))


def _unseen(columns: np.ndarray, criterion: Criterion, panels: tuple[int, ...]) -> dict[str, object]:
    names = [one.name for one, alone in zip(criterion.indicators, columns, strict=True) if alone]
    every = len(names) == sum(not one.counted for one in criterion.indicators)
    return {
        "criterion": criterion.name,
        "indicators": [] if every else names,
        "panels": [criterion.panels[place] for place in panels],
    }


def _drawn(errors: np.ndarray, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Draw errors of evaluators, (R, N), all indicators of one together; (*shape, N)."""
    if not len(errors):
        return np.zeros((*shape, errors.shape[1]))
    return errors.take(rng.integers(0, len(errors), size=shape), axis=0)


def on_scale_share(group: Raters, scales: Sequence[np.ndarray]) -> np.ndarray:
    """Give the part of an error that is drawn before it is moved onto the scale, which adds its own; (N,).

    Rounding to a step h adds h^2 / 12 to the variance (Sheppard's correction).
    """
    step = np.array([(scale[-1] - scale[0]) / max(len(scale) - 1, 1) for scale in scales])
    variance = np.diag(group.covariance)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sqrt(np.where(variance > 0, np.maximum(1 - step**2 / 12 / variance, 0), 0.0))


def _put(ratings: np.ndarray, panels: tuple[int, ...], drawn: np.ndarray) -> None:
    """Put the seats of a group, (size, m, K, n), where they stand in a sheet (size, m, n, panels, seats)."""
    seats = np.moveaxis(drawn, 2, 3)
    if len(panels) > 1:
        ratings[:, :, :, panels, 0] = seats
    else:
        ratings[:, :, :, panels[0], :] = seats[..., : ratings.shape[-1]]


def rounds_of(
    groups: tuple[Raters, ...],
    sheets: tuple[Sheet, ...],
    settled: Settled,
    *,
    reliable: Sequence[np.ndarray],
    doubt: Sequence[np.ndarray],
    behind: Sequence[np.ndarray],
) -> Rounds:
    """Say what another round is drawn from.

    Parameters
    ----------
    groups, sheets, settled
        Who rates, what they gave, and what was made of it.
    reliable : sequence of ndarray, shapes (m, N)
        For each group the reliability of the score that each indicator goes into.
    doubt : sequence of ndarray, shapes (m, N)
        For each group the variance of the true score about the predicted one, in squared standard errors.
    behind : sequence of ndarray, shapes (N,)
        Ratings behind a score that a third evaluation decided.
    """
    effects, doubts = [], []
    for group, centre, third, r, left, count in zip(
        groups, settled.centre, settled.by_third, reliable, doubt, behind, strict=True
    ):
        mean = given_mean(centre.T)
        effects.append(mean + r * (centre - mean))
        k = np.where(third, count, np.maximum(group.count, 1)[:, None])
        doubts.append(np.sqrt(left / k))
    return Rounds(groups, sheets, tuple(effects), tuple(doubts))
