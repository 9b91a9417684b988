"""Kernels of the chance-corrected family: observed agreement and the agreement each coefficient expects."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ogp_analysis.agreement.coding import Coded
from ogp_analysis.agreement.statistic import FunctionOfSums, quotient

Array = npt.NDArray[np.float64]
Expected = Callable[[npt.NDArray], npt.NDArray]


def observed_terms(counts: Array, weights: Array) -> Array:
    """What an item adds to observed agreement, with shape (P, 2): whether it has a pair, and its agreement.

    a_i = sum_k n_ik (n*_ik - 1) / (r_i (r_i - 1)), n*_ik = sum_l w_kl n_il (Gwet 2014, equation 4.6.2).
    """
    r = counts.sum(axis=1)
    paired = (r >= 2).astype(np.float64)
    agreeing = (counts * (counts @ weights - 1)).sum(axis=1)
    return np.column_stack([paired, paired * agreeing / np.maximum(r * (r - 1), 1)])


def shares(counts: Array) -> Array:
    """Share of an item's ratings in each category, with shape (P, q)."""
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def quadratic_form(x: npt.NDArray, weights: Array) -> npt.NDArray:
    """Sum of w_kl x_k x_l over both categories, for each leading row."""
    return ((x @ weights) * x).sum(axis=-1)


def corrected(observed: npt.NDArray, expected: npt.NDArray) -> npt.NDArray:
    """Agreement beyond chance, (p_a - p_e) / (1 - p_e); NaN where p_e is 1."""
    return quotient(observed - expected, 1 - expected)


def _statistic(coded: Coded, terms: Array, active: npt.NDArray, formula: Expected) -> FunctionOfSums:
    return FunctionOfSums(terms, coded.multiplicity, coded.pattern, active, formula)


def percent(coded: Coded, weights: Array) -> FunctionOfSums:
    """Observed agreement p_a, the mean over items with a pair of the share of agreeing pairs."""
    counts = coded.counts()
    return _statistic(
        coded,
        observed_terms(counts, weights),
        counts.sum(axis=1) > 0,
        lambda s: quotient(s[..., 1], s[..., 0]),
    )


def pooled(coded: Coded, weights: Array, expected: Expected) -> FunctionOfSums:
    """Coefficient whose expected agreement depends on the pooled shares pi_k of the categories.

    ``expected`` maps pi, with shape (..., q), to p_e; pi_k is the mean over rated items of n_ik / r_i.
    """
    counts = coded.counts()
    rated = counts.sum(axis=1) > 0
    terms = np.column_stack([observed_terms(counts, weights), rated, shares(counts)])

    def formula(s: npt.NDArray) -> npt.NDArray:
        return corrected(quotient(s[..., 1], s[..., 0]), expected(s[..., 3:] / s[..., 2:3]))

    return _statistic(coded, terms, rated, formula)


def fleiss_expected(weights: Array) -> Expected:
    """p_e = sum w_kl pi_k pi_l (Scott 1955; Fleiss 1971)."""
    return lambda pi: quadratic_form(pi, weights)


def gwet_expected(weights: Array) -> Expected:
    """p_e = T_w / (q (q - 1)) sum pi_k (1 - pi_k), T_w the sum of weights (Gwet 2008); NaN where q = 1."""
    q = len(weights)
    factor = weights.sum() / (q * (q - 1)) if q > 1 else np.nan
    return lambda pi: factor * (pi * (1 - pi)).sum(axis=-1)


def uniform_expected(weights: Array) -> Expected:
    """p_e = T_w / q^2, every category equally likely (Brennan and Prediger 1981)."""
    return lambda pi: np.full(pi.shape[:-1], weights.mean(), dtype=pi.dtype)


def by_rater(coded: Coded, weights: Array) -> FunctionOfSums:
    """Coefficient of Conger (1980), with two raters that of Cohen (1960, 1968).

    p_e is the mean of sum w_kl p_gk p_hl over all pairs of different raters g, h, where p_gk is rater g's
    share of category k among the items that g rated; a rater without a rating forms no pair.
    """
    counts = coded.counts()
    rated = counts.sum(axis=1) > 0
    m, q = coded.codes.shape[1], coded.q
    given = (coded.codes[:, :, None] == np.arange(q)).astype(np.float64)
    seen = (coded.codes >= 0).astype(np.float64)
    terms = np.column_stack([observed_terms(counts, weights), seen, given.reshape(len(given), m * q)])

    def formula(s: npt.NDArray) -> npt.NDArray:
        chosen = s[..., 2 + m :].reshape((*s.shape[:-1], m, q))
        rating = s[..., 2 : 2 + m].real > 0
        p = np.where(rating[..., None], quotient(chosen, s[..., 2 : 2 + m, None]), 0.0)
        pairs = rating.sum(axis=-1) * (rating.sum(axis=-1) - 1)
        expected = quadratic_form(p.sum(axis=-2), weights) - quadratic_form(p, weights).sum(axis=-1)
        return corrected(quotient(s[..., 1], s[..., 0]), quotient(expected, pairs))

    return _statistic(coded, terms, rated, formula)
