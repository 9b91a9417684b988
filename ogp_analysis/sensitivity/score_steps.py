"""How far neighbouring scores lie apart: means of ratings on a scale lie on a grid, not anywhere between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import gcd, lcm

import numpy as np

from ogp_analysis.sensitivity.ties import exact


def common_step(steps: Iterable[Fraction]) -> Fraction:
    """Find the largest step of which all given ones are multiples; 0 where there is none.

    >>> common_step([Fraction(1, 2), Fraction(1, 3)]), common_step([])
    (Fraction(1, 6), Fraction(0, 1))
    """
    parts = [step for step in steps if step]
    if not parts:
        return Fraction(0)
    below = lcm(*(step.denominator for step in parts))
    return Fraction(gcd(*(int(step * below) for step in parts)), below)


def score_steps(
    shares: Sequence[np.ndarray], scales: Sequence[Sequence[np.ndarray]], counts: Sequence[np.ndarray]
) -> np.ndarray:
    """Compute the step of each axis score of each proposal, in points.

    Parameters
    ----------
    shares : sequence of ndarray, shapes (k, N)
        What a point of each group of evaluators on each indicator adds to each axis.
    scales : sequence of sequence of ndarray
        The ratings that each indicator allows, for each group.
    counts : sequence of ndarray of int, shapes (m,)
        Evaluators of each group, by proposal.

    Returns
    -------
    ndarray, shape (m, k)

    Examples
    --------
    Two evaluators, two indicators of equal weight in steps of one point: scores lie a quarter apart.

    >>> share, scale = np.array([[0.5, 0.5]]), np.arange(1.0, 6)
    >>> score_steps([share], [[scale, scale]], [np.array([2, 1])]).tolist()
    [[0.25], [0.5]]
    """
    between = [[common_step(exact(x) for x in np.diff(scale)) for scale in group] for group in scales]
    weighed = [
        [common_step(exact(part) * step for part, step in zip(row, steps, strict=True)) for row in share]
        for share, steps in zip(shares, between, strict=True)
    ]
    known: dict[tuple[int, ...], list[float]] = {}
    rows = []
    for given in zip(*(count.tolist() for count in counts), strict=True):
        if given not in known:
            known[given] = [
                float(common_step(row[a] / max(k, 1) for row, k in zip(weighed, given, strict=True)))
                for a in range(len(weighed[0]))
            ]
        rows.append(known[given])
    return np.array(rows, dtype=float).reshape(-1, len(shares[0]))
