"""At which shift of a cut point a proposal enters or leaves category 1: exact, not on a grid of shifts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from ogp_analysis.model.records import CATEGORY_IN_PLAN
from ogp_analysis.sensitivity.stability import categories_of_settings
from ogp_analysis.sensitivity.study import Study

SHARE = 1 / 8  # of the scale, to either side (our choice); as far as the sweep goes
CLOSEST = 1e-9  # points between a crossing and an end
DIGITS = 9  # of a shift: scores that only rounding tells apart cross together
COLUMNS = ("cut", "level", "shift", "category_1", "entering", "leaving")


def steps_frame(study: Study) -> pd.DataFrame:
    """List every step of the size of category 1 while one cut point moves, or all of them together.

    Parameters
    ----------
    study : Study
        From `study.prepare`.

    Returns
    -------
    DataFrame
        ``cut, level`` as in the sweep; ``shift`` in points: the first and the last row of each are the ends,
        the others are where somebody crosses, just above (on the cut a score still reaches it);
        ``category_1`` from there on; codes that enter and leave category 1 there.
    """
    records = [
        record for cut, level, moves in moved_cuts(study) for record in _steps(study, cut, level, moves)
    ]
    return pd.DataFrame(records, columns=list(COLUMNS))


def moved_cuts(study: Study) -> Iterator[tuple[str, str, list[np.ndarray]]]:
    """Name what moves, the level that begins there and the points of a scale for each cut point."""
    if len({axis.span for axis in study.axes}) == 1:  # else a shift would not be the same in points
        yield "all", "", [np.full(len(axis.cuts), axis.span) for axis in study.axes]
    for k, axis in enumerate(study.axes):
        for place in range(len(axis.cuts)):
            moves = [np.zeros(len(each.cuts)) for each in study.axes]
            moves[k][place] = axis.span
            yield axis.name, axis.criterion.levels[place + 1], moves


def _steps(study: Study, cut: str, level: str, moves: Sequence[np.ndarray]) -> Iterator[dict[str, object]]:
    low, high = _ends(study, moves)
    if high - low < 4 * CLOSEST:  # cut points on one another have no room to move
        return
    shifts = np.concatenate([[low], _crossings(study, moves, low, high), [high]])
    settings = [_cuts(study, moves, shift) for shift in (shifts[:-1] + shifts[1:]) / 2]
    categories = categories_of_settings(study.means, settings, study.portfolio.written_out)
    inside = categories == CATEGORY_IN_PLAN
    for at, shift in enumerate(shifts):
        before, after = inside[max(at - 1, 0)], inside[min(at, len(inside) - 1)]
        if at in (0, len(shifts) - 1) or (before != after).any():
            yield {
                "cut": cut,
                "level": level,
                "shift": shift,
                "category_1": int(after.sum()),
                "entering": " ".join(study.proposals[after & ~before]),
                "leaving": " ".join(study.proposals[before & ~after]),
            }


def _ends(study: Study, moves: Sequence[np.ndarray]) -> tuple[float, float]:
    """Give how far down and up the moving cut points go: never past a neighbour that stays, in points."""
    high = SHARE * max(float(move.max()) for move in moves)
    low = -high
    for axis, move in zip(study.axes, moves, strict=True):
        for place, distance in enumerate(np.diff(axis.cuts).tolist()):
            if move[place + 1] and not move[place]:
                low = max(low, -distance)
            if move[place] and not move[place + 1]:
                high = min(high, distance)
    return low, high


def _crossings(study: Study, moves: Sequence[np.ndarray], low: float, high: float) -> np.ndarray:
    """Give every shift within the ends at which a score lies on a cut point that moves; rising, in points."""
    gaps = [
        study.means[:, k] - axis.cuts[place]
        for k, (axis, move) in enumerate(zip(study.axes, moves, strict=True))
        for place in np.flatnonzero(move)
    ]
    shifts = np.unique(np.round(np.concatenate(gaps), DIGITS))
    return shifts[(shifts > low + CLOSEST) & (shifts < high - CLOSEST)]


def _cuts(study: Study, moves: Sequence[np.ndarray], shift: float) -> list[np.ndarray]:
    return [axis.cuts + shift * (move > 0) for axis, move in zip(study.axes, moves, strict=True)]
