"""How much weight must move before a proposal moves: in points of the 100 of each criterion, and in words."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ogp_analysis.language import labels, texts
from ogp_analysis.sensitivity.axes import Axis
from ogp_analysis.sensitivity.flips import CategoryFlip

NOTHING = 1e-9  # points of weight: sums of floats are off by less
# "impacto", "hilo"; not "hielo", "hiato", "ion".
SOUND_OF_I = re.compile(r"h?[ií](?![aeo])", re.IGNORECASE)
MOST_NAMED = 2  # indicators at either end of a move; of more the table tells


@dataclass(frozen=True)
class Move:
    """The weight that moves within one criterion.

    Parameters
    ----------
    criterion : str
        Its code; empty where there is only one axis, which need not be named.
    points : float
        Of the 100 of the criterion, from the indicators that lose to those that gain.
    beyond : bool
        Whether it takes more than these points: at them the score still lies on the cut point.
    loses, gains : tuple of str
        Indicators that give the weight and that take it.
    there : float
        Points of weight of those that give.
    """

    criterion: str
    points: float
    beyond: bool
    loses: tuple[str, ...] = ()
    gains: tuple[str, ...] = ()
    there: float = math.inf

    @property
    def whole(self) -> bool:
        """Whether the indicators that give have no more than it takes, in points as they are rounded up."""
        rounded_up = enough(self.points)
        more = self.beyond and rounded_up - self.points <= NOTHING
        return self.named and (rounded_up > self.there + NOTHING or (more and self.exhausted))

    @property
    def exhausted(self) -> bool:
        """Whether all that they have brings the score onto the cut point, or to the other side of it."""
        return self.there - self.points <= NOTHING

    @property
    def named(self) -> bool:
        """Whether both ends are few enough to be named."""
        return all(1 <= len(end) <= MOST_NAMED for end in (self.loses, self.gains))


def points_moved(flip: CategoryFlip, axes: Sequence[Axis]) -> np.ndarray:
    """Compute the points of weight that move within each axis, (m, k).

    NaN where nothing moves a proposal, and on an axis that keeps its level: there is nothing to move there.

    Half of the L1 distance: what some indicators lose is what others gain.
    """
    pairs = zip(flip.weights, axes, strict=True)
    moved = np.stack([50 * np.abs(new - axis.weights).sum(axis=1) for new, axis in pairs], axis=1)
    return np.where(np.isfinite(flip.distance)[:, None] & (flip.target != flip.levels), moved, np.nan)


def points_in_all(points: np.ndarray) -> np.ndarray:
    """Add up the points of weight of every axis that is to move, (m,); NaN where none is.

    >>> points_in_all(np.array([[np.nan, np.nan], [2.0, np.nan]])).tolist()
    [nan, 2.0]
    """
    return np.where(np.isnan(points).all(axis=1), np.nan, np.nansum(points, axis=1))


def points_columns(points: np.ndarray, axes: Sequence[Axis]) -> dict[str, np.ndarray]:
    """Name the points of `points_moved` as columns, one an axis that has weights to move."""
    columns = zip(axes, points.T, strict=True)
    return {f"points_{axis.name}": column for axis, column in columns if len(axis.indicators) > 1}


def moves_of(flip: CategoryFlip, axes: Sequence[Axis], row: int) -> list[Move]:
    """List what moves one proposal, criterion by criterion; nothing where no weighting does."""
    points = points_moved(flip, axes)[row]
    return [
        Move(
            axis.name if len(axes) > 1 else "",
            float(points[k]),
            bool(flip.target[row, k] < flip.levels[row, k]),
            *_path(axis, flip.weights[k][row] - axis.weights),
        )
        for k, axis in enumerate(axes)
        if flip.target[row, k] != flip.levels[row, k]
    ]


def _path(axis: Axis, change: np.ndarray) -> tuple[tuple[str, ...], tuple[str, ...], float]:
    """Name the indicators that lose weight and those that gain it, and say what the former have."""
    least = NOTHING / 100
    loses = tuple(name for name, each in zip(axis.indicators, change, strict=True) if each < -least)
    gains = tuple(name for name, each in zip(axis.indicators, change, strict=True) if each > least)
    return loses, gains, 100 * float(axis.weights[change < -least].sum())


def enough(points: float) -> float:
    """Round up to points that are enough: to a whole one, to a tenth below one.

    >>> enough(8.333), enough(25.0000000001), enough(0.03), enough(0.0)
    (9.0, 25.0, 0.1, 0.0)
    """
    steps = 1 if points >= 1 else 10
    return math.ceil(points * steps - NOTHING) / steps


def changing_rounds(kept: float) -> int:
    """Count the rounds of 100 that change the category: in fives, which is as much as the prediction can say.

    What is rarer than one in ten is counted by ones, and at least one.

    >>> changing_rounds(0.54), changing_rounds(0.859), changing_rounds(0.92), changing_rounds(0.999)
    (45, 15, 8, 1)
    """
    step = 5 if kept < 0.905 else 1
    return max(step * round(100 * (1 - kept) / step), 1)


def weight_words(moves: Sequence[Move], language: str) -> str:
    """Say which move of weight is enough, so that it holds if a reader makes it.

    >>> weight_words([Move("feasibility", 8.333, True)], "en")
    'moving 9 points of weight in feasibility changes the category'
    >>> weight_words([Move("feasibility", 25.0, True), Move("relevance", 3.0, False)], "en")
    'moving more than 25 points of weight in feasibility and 3 in relevance changes the category'
    >>> weight_words([Move("feasibility", 4.0, False, ("time",), ("will",))], "en")
    'moving 4 points of weight in feasibility from time to will changes the category'
    >>> weight_words([Move("feasibility", 33.3, False, ("time",), ("will",), 100 / 3)], "en")
    'moving 33.3 points of weight in feasibility (all the weight of time) to will changes the category'
    >>> weight_words([Move("", 0.0, True)], "es")
    'mover incluso menos de 1 punto de peso a un indicador con puntaje más bajo cambia la categoría'
    """
    if all(move.points <= NOTHING for move in moves):
        named = [_criterion(move, language) for move in moves if move.criterion]
        key = "sensitivity.moves.on_the_cut"
        return (
            texts.say(f"{key}.in", language, criteria=", ".join(named)) if named else texts.say(key, language)
        )
    amounts = [_amount(move, language, with_unit=not place) for place, move in enumerate(moves)]
    return texts.say("sensitivity.moves.weight", language, amount=and_words(amounts, language))


def and_words(words: Sequence[str], language: str) -> str:
    """Join words: the last one by "and"; in Spanish "y" is "e" before the sound of i.

    >>> and_words(["tiempo", "recursos", "complejidad"], "es"), and_words(["tiempo", "impacto"], "es")
    ('tiempo, recursos y complejidad', 'tiempo e impacto')
    >>> and_words(["agua", "hierro"], "es"), and_words(["time", "impact"], "en")
    ('agua y hierro', 'time and impact')
    """
    *before, last = words
    if not before:
        return last
    key = "sensitivity.moves.and.before_i" if SOUND_OF_I.match(last) else "sensitivity.moves.and"
    return texts.say(key, language, first=", ".join(before), second=last)


def _criterion(move: Move, language: str) -> str:
    return labels.name_label("criterion", move.criterion, language)


def _amount(move: Move, language: str, *, with_unit: bool) -> str:
    """Say how many points: more than so many where they bring the score just onto the cut point."""
    points = round(move.there, 1) if move.whole else enough(move.points)
    amount = texts.number(points, language, 0 if float(points).is_integer() else 1)
    one = amount == "1"
    if move.beyond and not move.whole and points - move.points <= NOTHING:
        amount = texts.say("sensitivity.moves.more_than", language, points=amount)
    if with_unit:
        amount = texts.say(f"sensitivity.moves.{'point' if one else 'points'}", language, points=amount)
    if move.criterion:
        amount = texts.say(
            "sensitivity.moves.in", language, points=amount, criterion=_criterion(move, language)
        )
    return _along(move, amount, language) if move.named else amount


def _along(move: Move, amount: str, language: str) -> str:
    """Add from which indicators to which; all that the former have can be just too little."""
    loses, gains = (
        and_words([labels.name_label("indicator", name, language) for name in end], language)
        for end in (move.loses, move.gains)
    )
    more = ".more" if move.beyond and move.exhausted else ""
    key = f"sensitivity.moves.whole{more}" if move.whole else "sensitivity.moves.along"
    return texts.say(key, language, points=amount, loses=loses, gains=gains)
