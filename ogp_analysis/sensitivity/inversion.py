"""P(sum G_i a_i >= 0) for independent gamma variables: any Dirichlet weighting, by one-dimensional inversion.

Dirichlet weights are normalised gamma variables, and normalising does not change the sign of the sum.
"""

from __future__ import annotations

import numpy as np
from scipy import special

DIGITS = 38.0  # natural logarithm of what is neglected: exp(-38) is 3e-17
SMALLEST_TOTAL = 0.12  # below it the path through the saddle point leaves the range of floats
NEAREST = 4.0  # distances to the next pole that the path may take at a time
LONGEST = 340.0  # of v: squares of sinh(v) stay finite
STEP, FINE_STEP = 0.04, 0.015
LOG_STEP = 0.2  # for a sum of alpha up to 10
MODERATE_TOTAL = 64.0  # with a larger sum of alpha the integrand has finer detail
CHUNK = 2048


def dirichlet_tail(a: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Compute P(sum w_i a_i >= 0) for w Dirichlet(alpha).

    Parameters
    ----------
    a : numpy.ndarray, shape (n, ...)
        Scores minus the cut.
    alpha : numpy.ndarray, shape (n,)
        Parameters, all above 0.

    Returns
    -------
    numpy.ndarray, shape (...)
        Probability; relative error about 1e-12 in the smaller tail where the sum of alpha is at least 0.12
        (1e-11 with parameters a factor of 1e6 apart, 1e-6 with such scores besides), absolute error about
        1e-13 below.

    Notes
    -----
    Two indicators are the incomplete beta function. Otherwise the transform
    (1 / 2 pi i) int prod (1 - a_i z)^(-alpha_i) dz / z is integrated along a hyperbola through the saddle
    point, with imaginary part w sinh v and the midpoint rule in v; for a very small sum of alpha, Gil-Pelaez
    in the logarithm of the frequency.

    References
    ----------
    Gil-Pelaez, J. (1951). Note on the inversion theorem. Biometrika 38, 481-482.
    https://doi.org/10.1093/biomet/38.3-4.481
    Provost, S. B. and Cheong, Y.-H. (2000). On the distribution of linear combinations of the components of a
    Dirichlet random vector. Canadian Journal of Statistics 28, 417-425. https://doi.org/10.2307/3315988

    Examples
    --------
    Parameters 1/2 and 1/2 are the arcsine law: P(w_2 >= 1/4) = 1 - (2 / pi) asin(1/2) = 2/3.

    >>> dirichlet_tail(np.array([[-1.0], [3.0]]), np.array([0.5, 0.5])).round(10).tolist()
    [0.6666666667]
    """
    flat = a.reshape(len(a), -1)
    result = np.where(np.all(flat >= 0, axis=0), 1.0, 0.0)
    mixed = np.flatnonzero(np.any(flat > 0, axis=0) & np.any(flat < 0, axis=0))
    for start in range(0, len(mixed), CHUNK):
        rows = mixed[start : start + CHUNK]
        result[rows] = _mixed_signs(flat[:, rows], alpha[:, None])
    return result.reshape(a.shape[1:])


def _mixed_signs(a: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    if len(a) == 2:
        return _two(a, alpha)
    if alpha.sum() < SMALLEST_TOTAL:
        return gil_pelaez(a, alpha)
    # The smaller tail keeps its relative accuracy; the larger one is 1 minus it.
    above = (alpha * a).sum(axis=0) > 0
    tail = saddle_tail(np.where(above, -a, a), alpha)
    return np.where(above, 1 - tail, tail)


def _two(a: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """The weight of the positive score is a beta variable; the sum is positive from ``share`` on."""
    low, high = a.min(axis=0), a.max(axis=0)
    share, rest = -low / (high - low), high / (high - low)
    up, down = np.where(a[0] > 0, alpha, alpha[::-1])
    # The smaller of share and 1 - share has all its digits.
    return np.where(share < rest, special.betaincc(up, down, share), special.betainc(down, up, rest))


def _saddle_point(a: np.ndarray, alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find c and 1 - c in (0, 1), the zero of sum alpha a / (1 - a c) - 1 / c, for max a = 1."""
    # In the logit of c, which may lie next to 0 or 1. Rough is enough: the integral is the same along every
    # path through (0, 1), only its convergence depends on c.
    low, high = np.full(a.shape[1], -80.0), np.full(a.shape[1], 80.0)
    gap = 1 - a
    for _ in range(40):
        u = (low + high) / 2
        c, rest = special.expit(u), special.expit(-u)
        rises = (alpha * a / (rest + c * gap)).sum(axis=0) > 1 / c
        low, high = np.where(rises, low, u), np.where(rises, u, high)
    return c, rest


def saddle_tail(a: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Integrate along a path through the saddle point; a (n, N) with both signs in each column, alpha (n, 1).

    Examples
    --------
    Uniform weights: two scores 1 below the cut, one 3 above it, which needs a quarter of the weight, (3/4)^2.

    >>> saddle_tail(np.array([[-1.0], [-1.0], [3.0]]), np.ones((3, 1))).round(10).tolist()
    [0.5625]
    """
    a = a / a.max(axis=0)
    c, rest = _saddle_point(a, alpha)
    base = rest + c * (1 - a)  # 1 - a c without cancellation
    path = _Path(a / base, c, alpha)
    logs = np.where(c < 0.5, np.log1p(-a * c), np.log(base))
    peak = np.exp(-(alpha * logs).sum(axis=0))
    v, h = _nodes(path)
    exponent, slope = path.at(v)
    # The two halves of the path are conjugate: the imaginary part of one of them, doubled.
    return peak * h / np.pi * (np.exp(exponent) * slope).imag.sum(axis=0)


class _Path:
    """The hyperbola through the saddle point c that has the curvature of steepest descent there.

    A straight line would oscillate wherever one alpha is tiny and another huge.
    """

    def __init__(self, b: np.ndarray, c: np.ndarray, alpha: np.ndarray) -> None:
        self.b, self.c, self.alpha = b, c, alpha
        second = (alpha * b**2).sum(axis=0) + c**-2.0
        third = 2 * (alpha * b**3).sum(axis=0) - 2 * c**-3.0
        # Near a pole of a tiny alpha the curvature alone would step over it.
        self.w = np.minimum(1 / np.sqrt(second), NEAREST / np.abs(b).max(axis=0))
        bend = third / (6 * second)
        self.side = np.sign(bend)
        self.length = np.maximum(0.5 / np.maximum(np.abs(bend), 1e-300), self.w)

    def at(self, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return log of the transform relative to the saddle point and dz / dv, each (points, N)."""
        y, dy = self.w * np.sinh(v), self.w * np.cosh(v)
        root = np.sqrt(self.length**2 + y * y)
        step = self.side * y * y / (root + self.length) + 1j * y  # z - c
        slope = (self.side * y / root + 1j) * dy
        exponent = -np.log(self.c + step)
        for alpha, b in zip(self.alpha[:, 0], self.b, strict=True):
            exponent -= alpha * _log1p(-b * step)
        return exponent, slope

    def size(self, v: np.ndarray) -> np.ndarray:
        """Return the logarithm of the integrand's absolute value."""
        exponent, slope = self.at(v)
        return exponent.real + np.log(np.abs(slope))


def _log1p(z: np.ndarray) -> np.ndarray:
    """log(1 + z) to full accuracy for small z as well."""
    real = 0.5 * np.log1p(2 * z.real + z.real**2 + z.imag**2)
    return real + 1j * np.arctan2(z.imag, 1 + z.real)


def _nodes(path: _Path) -> tuple[np.ndarray, np.ndarray]:
    """Midpoints in v up to where the integrand is exp(-38) of its peak, for each column its own step."""
    bent, side = _end(path), path.side
    path.side = np.zeros_like(side)
    straight = _end(path)
    # Where the bend does not shorten the way, it leads uphill or through faster oscillation.
    path.side = np.where(bent < straight, side, 0.0)
    end = np.minimum(bent, straight)
    step = STEP if path.alpha.sum() <= MODERATE_TOTAL else FINE_STEP
    count = int(np.ceil(end.max() / step))
    h = end / count
    return (np.arange(count)[:, None] + 0.5) * h, h


def _end(path: _Path) -> np.ndarray:
    low, high = np.zeros(len(path.c)), np.full(len(path.c), np.log(LONGEST))
    least = path.size(np.zeros((1, len(path.c))))[0] - DIGITS
    for _ in range(9):
        v = (low + high) / 2
        done = path.size(np.exp(v)[None])[0] < least
        low, high = np.where(done, low, v), np.where(done, v, high)
    return np.exp(high)  # the far side of the bracket: nothing is cut off


def gil_pelaez(a: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Integrate the characteristic function over the logarithm v of the frequency; a (n, N), alpha (n, 1).

    Examples
    --------
    >>> gil_pelaez(np.array([[-1.0], [3.0]]), np.array([[0.5], [0.5]])).round(10).tolist()
    [0.6666666667]
    """
    scale = np.log(np.where(a == 0, 1.0, np.abs(a)))
    present = np.sign(a)[:, None]
    low = -DIGITS - np.log((alpha * np.abs(a)).sum(axis=0).max())  # the sine is below its angle
    v = np.arange(low, DIGITS - scale.min(), LOG_STEP)
    integral = np.zeros(a.shape[1])
    for block in np.array_split(v, max(1, len(v) // 256)):
        x = scale[:, None] + block[:, None]
        theta = np.tensordot(alpha[:, 0], present * np.arctan(np.exp(np.minimum(x, 300))), axes=1)
        size = np.tensordot(alpha[:, 0], np.abs(present) * np.logaddexp(0, 2 * x), axes=1)
        integral += (np.sin(theta) * np.exp(-0.5 * size)).sum(axis=0)
    # From here on the integrand is a pure exponential in v: the rest of the sum is a geometric series.
    theta = np.pi / 2 * (alpha * np.sign(a)).sum(axis=0)
    rate = (alpha * np.abs(np.sign(a))).sum(axis=0)
    size = rate * (v[-1] + LOG_STEP) + (alpha * scale).sum(axis=0)
    integral += np.sin(theta) * np.exp(-size) / -np.expm1(-rate * LOG_STEP)
    return np.clip(0.5 + LOG_STEP / np.pi * integral, 0, 1)
