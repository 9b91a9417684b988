"""Resampling of units (bootstrap and delete-one jackknife) as weights on them; knows no statistic."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy import special

from ogp_analysis.errors import StatisticsError

Array = npt.NDArray[np.float64]

CELLS = 4_000_000  # weights held at a time; bounds the memory of a bootstrap
DRAWS = 100_000  # drawn at a time, so that they stay in the processor's cache
MANY = 25  # units per pattern above which drawing patterns is faster than drawing units


def bootstrap_weights(multiplicity: Array, *, n_resamples: int, rng: np.random.Generator) -> Iterator[Array]:
    """Draw resamples of units with replacement, as how often each pattern of units is in the resample.

    Parameters
    ----------
    multiplicity : numpy.ndarray, with shape (P,)
        How many units have each pattern; all ones where every unit stands for itself.
    n_resamples : int
        Number of resamples, at least 1.
    rng : numpy.random.Generator
        Source of randomness.

    Yields
    ------
    numpy.ndarray, with shape (b, P)
        Counts of a block of b resamples, each row summing to the number of units; blocks add up to
        ``n_resamples``.

    Raises
    ------
    StatisticsError
        ``n_resamples`` is below 1.

    Examples
    --------
    >>> block = next(bootstrap_weights(np.ones(4), n_resamples=3, rng=np.random.default_rng(1)))
    >>> block.sum(axis=1)
    array([4., 4., 4.])
    """
    if n_resamples < 1:
        msg = f"n_resamples is {n_resamples}; at least 1 is needed"
        raise StatisticsError(msg, n_resamples=n_resamples)
    n, patterns = int(multiplicity.sum()), len(multiplicity)
    by_pattern = n > MANY * patterns
    block = max(1, min(n_resamples, CELLS // (patterns if by_pattern else n)))
    members = np.repeat(np.arange(patterns), multiplicity.astype(np.int64))
    for start in range(0, n_resamples, block):
        size = min(block, n_resamples - start)
        if by_pattern:
            yield rng.multinomial(n, multiplicity / n, size=size).astype(np.float64)
        else:
            yield _count(members, rng, size=size, patterns=patterns)


def _count(members: npt.NDArray[np.int64], rng: np.random.Generator, *, size: int, patterns: int) -> Array:
    n = len(members)
    few = max(1, DRAWS // n)
    # The smallest type that can number the units: drawing is bound by memory.
    kind = np.uint8 if n <= 1 << 8 else np.uint16 if n <= 1 << 16 else np.uint32
    counts = np.empty((size, patterns))
    for start in range(0, size, few):
        block = counts[start : start + few]
        cells = members[rng.integers(0, n, size=(len(block), n), dtype=kind)]
        cells += (patterns * np.arange(len(block)))[:, None]
        # Each resample has numbers of its own, so that one count serves the whole block.
        block[:] = np.bincount(cells.ravel(), minlength=block.size).reshape(block.shape)
    return counts


def jackknife_weights(multiplicity: Array) -> Array:
    """Weights that leave out one unit of each pattern in turn, with shape (P, P).

    Parameters
    ----------
    multiplicity : numpy.ndarray, with shape (P,)
        How many units have each pattern.

    Returns
    -------
    numpy.ndarray, with shape (P, P)
        Row i holds the units of each pattern without one of pattern i.

    Examples
    --------
    >>> jackknife_weights(np.array([1.0, 2.0]))
    array([[0., 2.],
           [1., 1.]])
    """
    return multiplicity - np.eye(len(multiplicity))


def jackknife_standard_error(left_out: Array, multiplicity: Array) -> float:
    """Delete-one jackknife standard error.

    sqrt((n - 1) / n * sum (theta_(-i) - mean)^2), Efron and Tibshirani (1993), equation 11.5.

    Parameters
    ----------
    left_out : numpy.ndarray, with shape (P,)
        The statistic without one unit of each pattern.
    multiplicity : numpy.ndarray, with shape (P,)
        How many units have each pattern.

    Returns
    -------
    float
        In the unit of the statistic; 0 where no unit makes a difference.

    Examples
    --------
    Of the mean of 1, 2 and 3 it is the usual one, s / sqrt(n):

    >>> round(jackknife_standard_error(np.array([2.5, 2.0, 1.5]), np.ones(3)) * math.sqrt(3), 12)
    1.0
    """
    n = multiplicity.sum()
    centre = (multiplicity @ left_out) / n
    # A coefficient may be minus infinity without a unit: the error is then not defined.
    with np.errstate(invalid="ignore"):
        return math.sqrt((n - 1) / n * (multiplicity @ (left_out - centre) ** 2))


def percentile_interval(resampled: Array, *, confidence_level: float) -> tuple[float, float]:
    """Percentile interval: the middle ``confidence_level`` of the resampled values.

    Efron and Tibshirani (1993), chapter 13.

    Parameters
    ----------
    resampled : numpy.ndarray, with shape (B,)
        The statistic on B resamples.
    confidence_level : float
        Nominal coverage, in (0, 1).

    Returns
    -------
    tuple of float
        Lower and upper limit.

    Examples
    --------
    >>> percentile_interval(np.arange(101.0), confidence_level=0.5)
    (25.0, 75.0)
    """
    tail = (1 - confidence_level) / 2
    lower, upper = np.quantile(resampled, [tail, 1 - tail])
    return float(lower), float(upper)


def bca_interval(
    resampled: Array,
    value: float,
    *,
    left_out: Array,
    multiplicity: Array,
    confidence_level: float,
) -> tuple[float, float]:
    """Bias-corrected and accelerated interval (Efron 1987, doi 10.1080/01621459.1987.10478410).

    Parameters
    ----------
    resampled : numpy.ndarray, with shape (B,)
        The statistic on B resamples.
    value : float
        The statistic on the data.
    left_out, multiplicity : numpy.ndarray, with shape (P,)
        The statistic without one unit of each pattern, and how many units have the pattern.
    confidence_level : float
        Nominal coverage, in (0, 1).

    Returns
    -------
    tuple of float
        Lower and upper limit; NaN where every resample lies on one side of the value.

    Examples
    --------
    >>> resampled = np.linspace(-1, 1, 201)
    >>> flat = {"left_out": np.array([1.0, -1.0]), "multiplicity": np.ones(2)}
    >>> low, high = bca_interval(resampled, 0.0, **flat, confidence_level=0.9)
    >>> round(low, 3), round(high, 3)
    (-0.9, 0.9)
    """
    # Equal values may differ in the last bit, and a tie must count as one on every machine.
    apart = np.where(np.abs(resampled - value) <= 1e-12 * max(1.0, abs(value)), 0.0, resampled - value)
    below = (np.mean(apart < 0) + np.mean(apart <= 0)) / 2
    if below in (0.0, 1.0):
        return math.nan, math.nan
    bias = special.ndtri(below)
    pull = (multiplicity @ left_out) / multiplicity.sum() - left_out
    spread = multiplicity @ pull**2
    acceleration = (multiplicity @ pull**3) / (6 * spread**1.5) if spread > 0 else 0.0
    z = bias + special.ndtri([(1 - confidence_level) / 2, (1 + confidence_level) / 2])
    levels = special.ndtr(bias + z / (1 - acceleration * z))
    lower, upper = np.quantile(resampled, levels)
    return float(lower), float(upper)
