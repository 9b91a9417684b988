"""Numbers that only rounding tells apart are one rating: 0.1 + 0.2 is 0.3, as whoever typed it meant."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
NOISE = 1e-12  # of the largest rating, as in the ranks of the sensitivity
TYPED = 15  # significant digits that a float always keeps: more are what arithmetic left


def without_noise(values: Array) -> Array:
    """Make ratings equal that differ by 1e-12 of the largest or less; what was typed so stays different.

    Of two such numbers the one of at most 15 significant digits stands for both; two that both have as few
    were typed, and are two.

    >>> without_noise(np.array([[0.1 + 0.2, 0.3], [1.000000001, 1.000000002]])).tolist()
    [[0.3, 0.3], [1.000000001, 1.000000002]]
    """
    finite = np.isfinite(values)
    filled = values.ravel() if finite.all() else values[finite]
    if not len(filled) or bool((filled == np.floor(filled)).all()):
        return values
    seen = np.unique(filled)
    close = np.diff(seen) <= NOISE * np.abs(seen).max()
    if not close.any():
        return values
    runs = (run for run in np.split(seen, np.flatnonzero(~close) + 1) if len(run) > 1)
    kept = {given: meant for run in runs for given, meant in _meant(run).items()}
    stands = seen.copy()
    stands[np.searchsorted(seen, list(kept))] = list(kept.values())
    made = values.copy()
    made[finite] = stands[np.searchsorted(seen, filled)]
    return made


def nearest(value: float, allowed: Array) -> float:
    """Give the one of the declared numbers that a rating is but for rounding; the rating where none is.

    >>> nearest(2.4000000000000012, np.array([2.3, 2.4])), nearest(2.41, np.array([2.3, 2.4]))
    (2.4, 2.41)
    """
    if not len(allowed) or _typed(value):
        return value
    closest = float(allowed[np.abs(allowed - value).argmin()])
    return closest if abs(closest - value) <= NOISE * max(abs(value), np.abs(allowed).max()) else value


def _typed(value: float) -> bool:
    return float(f"{value:.{TYPED}g}") == value


def _meant(run: Array) -> dict[float, float]:
    """Number that stands for each of a run of close neighbours."""
    typed = [value for value in run if _typed(value)]
    kept = np.array(typed or [float(f"{run[len(run) // 2]:.{TYPED}g}")])
    return {
        float(value): float(value) if _typed(value) else float(kept[np.abs(kept - value).argmin()])
        for value in run
    }
