"""Random weights and cut points: exact samplers, a generator passed in."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ogp_analysis.errors import keyed_error
from ogp_analysis.sensitivity import arguments, hit_and_run, simplices
from ogp_analysis.sensitivity.beliefs import SAMPLE, WeightBelief, fitting

FEWEST = 1000  # points of a walk through a set without an exact answer, however few draws are asked for


def draw_weights(
    n: int, *, size: int, rng: np.random.Generator, belief: WeightBelief | None = None
) -> np.ndarray:
    """Draw weights as a belief says: independent draws, or a walk where there are too many constraints.

    Parameters
    ----------
    n : int
        Number of indicators.
    size : int
        Number of draws.
    rng : numpy.random.Generator
        Source of the draws.
    belief : WeightBelief, optional
        Uniform on the simplex by default. A sampled one is walked on from its sample; one with too many
        constraints for an exact answer is sampled first.

    Returns
    -------
    numpy.ndarray, shape (size, n)
        Not negative, rows sum to 1.

    Raises
    ------
    StatisticsError
        ``n`` or ``size`` is no whole number, ``rng`` no generator, or the belief is not about n indicators.

    Examples
    --------
    >>> draw_weights(3, size=2, rng=np.random.default_rng(1)).sum(axis=1).round(4).tolist()
    [1.0, 1.0]

    Every draw obeys the belief, here a first weight of at least a half:

    >>> belief = WeightBelief(("a", "b"), pairs=((0, 1, 1.0),))
    >>> weights = draw_weights(2, size=1000, rng=np.random.default_rng(1), belief=belief)
    >>> bool(np.all(weights[:, 0] >= weights[:, 1]))
    True
    """
    n, size = arguments.whole_number(n, "n", least=1), arguments.whole_number(size, "size")
    belief, rng = fitting(belief, n), arguments.generator(rng)
    if belief is None or belief.route == "uniform":
        return uniform_weights(n, size, rng)
    if belief.route == "dirichlet":
        return _dirichlet(np.array(belief.alpha), size, rng)
    if not belief.searchable:
        belief = belief.sampled(draws=min(max(size, FEWEST), SAMPLE), rng=rng)
    if belief.sample is not None:
        return hit_and_run.fresh(belief.sample, belief.constraints(), size=size, rng=rng)
    shares, vertices = positive_mixture(belief)
    piece = rng.choice(len(shares), size=size, p=shares)
    inner = uniform_weights(vertices.shape[1], size, rng)
    return np.einsum("sd,sdn->sn", inner, vertices[piece])


def uniform_weights(n: int, size: int, rng: np.random.Generator) -> np.ndarray:
    """Draw uniformly from the simplex: normalised exponential variables; shape (size, n).

    Each of three weights has the mean 1 / 3:

    >>> uniform_weights(3, 100_000, np.random.default_rng(1)).mean(axis=0).round(2).tolist()
    [0.33, 0.33, 0.33]
    """
    # Exponential, because normalised uniform numbers would crowd around equal weights.
    draws = rng.standard_exponential((size, n))
    draws /= draws.sum(axis=1, keepdims=True)
    return draws


def _dirichlet(alpha: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    # In logarithms: gamma variables with tiny parameters underflow to 0 together. Gamma(alpha) has the
    # distribution of Gamma(alpha + 1) times U^(1 / alpha), and -log U is exponential.
    positive = alpha > 0
    logs = np.full((size, len(alpha)), -np.inf)
    logs[:, positive] = np.log(rng.standard_gamma(alpha[positive] + 1, (size, positive.sum())))
    logs[:, positive] -= rng.standard_exponential((size, positive.sum())) / alpha[positive]
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def positive_mixture(belief: WeightBelief) -> simplices.Mixture:
    """Return the allowed weights as disjoint simplices that can be drawn from (no signed shares).

    Three weights of at most a half are a triangle: everything less three corners, which no draw can use.

    >>> belief = WeightBelief(("a", "b", "c"), low=(0.0, 0.0, 0.0), high=(0.5, 0.5, 0.5))
    >>> belief.mixture()[0].tolist(), positive_mixture(belief)[0].tolist()
    ([4.0, -1.0, -1.0, -1.0], [1.0])
    """
    shares, vertices = belief.mixture()
    if np.any(shares < 0):
        shares, vertices = simplices.polytope_simplices(*belief.constraints())
    return shares / shares.sum(), vertices


def draw_cuts(cuts: ArrayLike, *, half_width: float, size: int, rng: np.random.Generator) -> np.ndarray:
    """Draw cut points uniformly within ``half_width`` of their baseline, each on its own.

    Parameters
    ----------
    cuts : array_like, shape (..., r)
        Increasing baseline cut points.
    half_width : float
        Largest shift in points; at most half the distance of neighbouring cuts, which keeps their order.
    size : int
        Number of draws.
    rng : numpy.random.Generator
        Source of the draws.

    Returns
    -------
    numpy.ndarray, shape (size, ..., r)

    Raises
    ------
    StatisticsError
        The half width is negative or so large that cuts could change places; ``size`` is no whole number, or
        ``rng`` no generator.

    Examples
    --------
    >>> drawn = draw_cuts([2.5, 3.5], half_width=0.25, size=1000, rng=np.random.default_rng(1))
    >>> bool(np.all(np.abs(drawn - [2.5, 3.5]) <= 0.25))
    True
    """
    cuts = np.atleast_1d(arguments.numbers(cuts, "cuts"))
    arguments.refuse_non_finite(cuts, "cuts")
    half_width, size = arguments.one_number(half_width, "half_width"), arguments.whole_number(size, "size")
    room = np.diff(cuts, axis=-1).min(initial=np.inf) / 2
    if not 0 <= half_width <= room:
        raise keyed_error(key="sensitivity.half_width", half_width=half_width, room=float(room))
    return cuts + arguments.generator(rng).uniform(-half_width, half_width, (size, *cuts.shape))
