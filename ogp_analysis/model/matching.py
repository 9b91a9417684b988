"""When two ratings match: the one rule, for the score of a proposal and for the statistic of note 20."""

from __future__ import annotations

import numpy as np

# Points. Ratings are written in tenths at the finest: what is closer than this is equal, and 4.1 and 3.1 are
# one point apart in spite of rounding.
NEGLIGIBLE = 1e-9


def differ(first: np.ndarray, second: np.ndarray | float, tolerance: float | np.ndarray) -> np.ndarray:
    """Say of each two ratings whether they are further apart than the tolerance; False where one is NaN.

    >>> differ(np.array([4.1, 1.0, np.nan]), np.array([3.1, 2.5, 2.0]), 1).tolist()
    [False, True, False]
    """
    with np.errstate(invalid="ignore"):
        return np.abs(first - second) > tolerance + NEGLIGIBLE
