"""Corners and volumes of narrow sets of weights on rationals, where floats cannot tell corners apart."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from math import sqrt

import numpy as np

from ogp_analysis.sensitivity.ties import exact

Point = tuple[Fraction, ...]


def corners(rows: np.ndarray, limits: np.ndarray) -> tuple[list[Point], np.ndarray]:
    """Find the corners of {sum w = 1, rows w <= limits}, numbers read as `ties.exact` reads them.

    Parameters
    ----------
    rows, limits : numpy.ndarray, shapes (c, n) and (c,)
        All constraints, w >= 0 among them.

    Returns
    -------
    list of tuple of Fraction
        Corners; none where no weights obey.
    numpy.ndarray of bool, shape (V, c)
        Which constraints are tight at each.

    Examples
    --------
    >>> found, tight = corners(np.array([[-1.0, 0], [0, -1], [1, 0]]), np.array([0.0, 0, 1e-9]))
    >>> [[float(w) for w in corner] for corner in found]
    [[0.0, 1.0], [1e-09, 0.999999999]]
    """
    lines = [([exact(a) for a in row], exact(b)) for row, b in zip(rows, limits, strict=True)]
    n, found = rows.shape[1], {}
    for chosen in combinations(lines, n - 1):
        point = _solve([(list(row), b) for row, b in chosen] + [([Fraction(1)] * n, Fraction(1))])
        if point is None or point in found:
            continue
        slack = [b - sum(a * w for a, w in zip(row, point, strict=True)) for row, b in lines]
        if min(slack) >= 0:
            found[point] = [value == 0 for value in slack]
    return list(found), np.array(list(found.values()), dtype=bool).reshape(len(found), len(lines))


def _solve(system: list[tuple[list[Fraction], Fraction]]) -> Point | None:
    rows = [[*row, b] for row, b in system]
    n = len(rows)
    for k in range(n):
        pivot = next((r for r in range(k, n) if rows[r][k]), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [value / rows[k][k] for value in rows[k]]
        for r in range(n):
            if r != k and rows[r][k]:
                factor = rows[r][k]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[k], strict=True)]
    return tuple(row[-1] for row in rows)


def shares(pieces: Sequence[Sequence[Point]]) -> np.ndarray:
    """Compare the volumes of simplices of one dimension; the shares sum to 1.

    Examples
    --------
    >>> zero, one, e = Fraction(0), Fraction(1), Fraction(1, 10**12)
    >>> shares([[(zero, one), (e, one - e)], [(e, one - e), (4 * e, one - 4 * e)]]).tolist()
    [0.25, 0.75]
    """
    gram = [_gram(piece) for piece in pieces]
    largest = max(gram)
    volumes = np.array([sqrt(value / largest) if largest else 1.0 for value in gram])
    return volumes / volumes.sum()


def _gram(piece: Sequence[Point]) -> Fraction:
    edges = [[a - b for a, b in zip(corner, piece[0], strict=True)] for corner in piece[1:]]
    return determinant([[sum(a * b for a, b in zip(e, f, strict=True)) for f in edges] for e in edges])


def determinant(matrix: Sequence[Sequence[Fraction]]) -> Fraction:
    """Compute a determinant by elimination.

    Examples
    --------
    >>> determinant([[Fraction(1), Fraction(2)], [Fraction(3), Fraction(4)]])
    Fraction(-2, 1)
    """
    rows, product = [list(row) for row in matrix], Fraction(1)
    for k in range(len(rows)):
        pivot = next((r for r in range(k, len(rows)) if rows[r][k]), None)
        if pivot is None:
            return Fraction(0)
        if pivot != k:
            rows[k], rows[pivot], product = rows[pivot], rows[k], -product
        product *= rows[k][k]
        for r in range(k + 1, len(rows)):
            factor = rows[r][k] / rows[k][k]
            rows[r] = [a - factor * b for a, b in zip(rows[r], rows[k], strict=True)]
    return product


def gaps(row: np.ndarray, cut: float, pieces: Sequence[Sequence[Point]]) -> np.ndarray:
    """Subtract the cut from the means at the corners, (d, K), each simplex on a scale of its own.

    Only signs and ratios matter to a share of a simplex, and differences of 1e-12 keep all their digits.

    Examples
    --------
    >>> e = Fraction(1, 10**12)
    >>> gaps(np.array([1.0, 5.0]), 3.0, [[(1 / Fraction(2), 1 / Fraction(2)), (e, 1 - e)]]).T.tolist()
    [[0.0, 1.0]]
    """
    x, t = [exact(value) for value in row], exact(cut)
    found = []
    for piece in pieces:
        a = [sum(w * v for w, v in zip(corner, x, strict=True)) - t for corner in piece]
        largest = max(map(abs, a)) or Fraction(1)
        found.append([float(value / largest) for value in a])
    return np.array(found).T
