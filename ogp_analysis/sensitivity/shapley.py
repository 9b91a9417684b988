"""Which assumption matters most: Shapley shares of a result's variance over groups of inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import factorial
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike

from ogp_analysis.errors import keyed_error
from ogp_analysis.model.arguments import argument_refusal
from ogp_analysis.sensitivity import arguments

BATCHES = 20  # independent batches: their spread gives the standard error
SMALLEST_VARIANCE = 1e-12

Drawn = TypeVar("Drawn")  # inputs of one group: mostly arrays, but only the model looks into them
Sampler = Callable[[int, np.random.Generator], Drawn]
Model = Callable[[Mapping[str, Drawn]], np.ndarray]


@dataclass(frozen=True)
class Shares:
    """Variance shares of each output over the groups.

    Parameters
    ----------
    groups : tuple of str
        The d groups of inputs.
    share : numpy.ndarray, shape (d, outputs)
        Share of the variance, sums to 1; NaN where the output does not vary.
    standard_error : numpy.ndarray, shape (d, outputs)
        Monte Carlo standard error of the shares (jackknife over batches).
    variance : numpy.ndarray, shape (outputs,)
        Variance of each output.
    draws : int
        Number of draws.
    """

    groups: tuple[str, ...]
    share: np.ndarray
    standard_error: np.ndarray
    variance: np.ndarray
    draws: int


def shapley_shares(explained: ArrayLike) -> np.ndarray:
    """Turn the variance explained by every subset of the groups into Shapley values.

    Parameters
    ----------
    explained : array_like, shape (2**d, ...)
        Entry S is Var(E[Y | groups in S]); bit i of S says whether group i is in it. Entry 0 is 0.

    Returns
    -------
    numpy.ndarray, shape (d, ...)
        They sum to the last entry, the whole variance.

    Raises
    ------
    StatisticsError
        The entries are not finite numbers, or their number is not a power of two.

    References
    ----------
    Owen, A. B. (2014). Sobol' indices and Shapley value. SIAM/ASA Journal on Uncertainty Quantification 2(1),
    245-251. https://doi.org/10.1137/130936233

    Examples
    --------
    Alone, two groups explain 1 and 2, together 5; the 2 that they explain only jointly are halved:

    >>> shapley_shares([0, 1, 2, 5]).tolist()
    [2.0, 3.0]
    """
    explained = np.atleast_1d(arguments.numbers(explained, "explained"))
    arguments.refuse_non_finite(explained, "explained")
    d = len(explained).bit_length() - 1
    if d < 1 or len(explained) != 1 << d:
        raise keyed_error(key="sensitivity.subsets", subsets=len(explained))
    values = np.zeros((d, *explained.shape[1:]))
    for subset in range(1 << d):
        size = subset.bit_count()
        for i in range(d):
            if not subset >> i & 1:
                share = factorial(size) * factorial(d - size - 1) / factorial(d)
                values[i] += share * (explained[subset | 1 << i] - explained[subset])
    return values


def shares(
    model: Model[Drawn],
    samplers: Mapping[str, Sampler[Drawn]],
    *,
    draws: int,
    seed: int,
    batch: int = 0,
) -> Shares:
    """Estimate the Shapley shares of a model's outputs over independent groups of inputs.

    Parameters
    ----------
    model : callable
        Takes a mapping of group to inputs (draws first) and returns the outputs, shape (draws, outputs).
    samplers : mapping of str to callable
        For each group a function of (size, generator) that draws its inputs.
    draws : int
        Number of draws, at least 40; the model runs 2**d times as often.
    seed : int
        Batch k draws from ``SeedSequence(seed, spawn_key=(k,))``.
    batch : int
        Draws in a batch; by default a twentieth of the draws.

    Returns
    -------
    Shares

    Raises
    ------
    StatisticsError
        Fewer than 40 draws, no group, a draw, seed or batch that is no whole number, or a model or sampler
        that is no function.

    Notes
    -----
    Two independent sets of inputs are mixed in all 2**d ways; any two mixtures have exactly the groups S in
    common for one S, and the mean product of their outputs, less the squared mean, estimates
    Var(E[Y | S]). Every pair is used.

    References
    ----------
    Song, E., Nelson, B. L. and Staum, J. (2016). Shapley effects for global sensitivity analysis. SIAM/ASA
    Journal on Uncertainty Quantification 4(1), 1060-1083. https://doi.org/10.1137/15M1048070

    Examples
    --------
    The variance of a + 2 b, with a and b of variance 1, is 1 + 4:

    >>> samplers = dict.fromkeys(("a", "b"), lambda size, rng: rng.standard_normal(size))
    >>> found = shares(lambda x: x["a"] + 2 * x["b"], samplers, draws=20_000, seed=1)
    >>> found.share[:, 0].round(1).tolist()
    [0.2, 0.8]
    """
    draws, seed = arguments.whole_number(draws, "draws"), arguments.whole_number(seed, "seed")
    batch = arguments.whole_number(batch, "batch")
    if not isinstance(samplers, Mapping) or not all(callable(one) for one in (model, *samplers.values())):
        raise argument_refusal(samplers, "samplers", "sensitivity.samplers")
    if draws < 2 * BATCHES or not samplers:
        raise keyed_error(key="sensitivity.few_draws", draws=draws, groups=len(samplers), least=2 * BATCHES)
    size = batch or -(-draws // BATCHES)
    sizes = [min(size, draws - start) for start in range(0, draws, size)]
    parts = [
        _batch(model, samplers, count, np.random.SeedSequence(seed, spawn_key=(k,)))
        for k, count in enumerate(sizes)
    ]
    products, means = (np.stack([part[k] for part in parts]) for k in (0, 1))
    counts = np.array(sizes, dtype=float)
    estimate, variance = _estimate(products, means, counts)
    # Jackknife: a share is a ratio of estimates, for which no simple standard error exists.
    others = [np.arange(len(sizes)) != k for k in range(len(sizes))]
    left_out = np.stack([_estimate(products[keep], means[keep], counts[keep])[0] for keep in others])
    spread = (left_out - left_out.mean(axis=0)) ** 2
    error = np.sqrt((len(sizes) - 1) / len(sizes) * spread.sum(axis=0))
    return Shares(tuple(samplers), estimate, error, variance, draws)


def _batch(
    model: Model[Drawn], samplers: Mapping[str, Sampler[Drawn]], size: int, seed: np.random.SeedSequence
) -> tuple[np.ndarray, np.ndarray]:
    """Sums of products for every subset in common, (2**d, outputs), and of outputs (outputs,)."""
    d = len(samplers)
    generators = [np.random.Generator(np.random.PCG64(child)) for child in seed.spawn(2 * d)]
    drawn = {
        name: (draw(size, generators[2 * i]), draw(size, generators[2 * i + 1]))
        for i, (name, draw) in enumerate(samplers.items())
    }
    mixtures = [
        model({name: pair[mask >> i & 1] for i, (name, pair) in enumerate(drawn.items())})
        for mask in range(1 << d)
    ]
    outputs = np.stack([np.asarray(y, dtype=float).reshape(size, -1) for y in mixtures])
    by_output = outputs.transpose(2, 0, 1)
    crossed = by_output @ by_output.transpose(0, 2, 1)  # of each output, every mixture with every other
    masks = np.arange(1 << d)
    # Two mixtures have in common what their masks do not differ in.
    products = [crossed[:, masks, masks ^ (masks[-1] - common)].mean(axis=1) for common in masks]
    return np.stack(products), outputs.mean(axis=0).sum(axis=0)


def _estimate(products: np.ndarray, sums: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    total = counts.sum()
    mean = sums.sum(axis=0) / total
    explained = products.sum(axis=0) / total - mean**2
    explained[0] = 0.0  # nothing explains nothing: here an estimate would only add noise
    variance = explained[-1]
    varies = variance > SMALLEST_VARIANCE
    values = shapley_shares(explained)
    return np.where(varies, values / np.where(varies, variance, 1), np.nan), variance
