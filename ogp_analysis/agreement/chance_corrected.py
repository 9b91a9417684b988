"""Kernels of the chance-corrected family: observed agreement and the agreement each coefficient expects."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ogp_analysis.agreement.category_codes import Coded
from ogp_analysis.agreement.function_of_sums import FunctionOfSums, quotient

Array = npt.NDArray[np.float64]
# From the shares of categories, and which categories these are.
Expected = Callable[..., npt.NDArray]
# Of a scale of more categories those that nobody used are left out of the sums: they are most of it.
MANY = 50


def observed_terms(counts: Array, weights: Array) -> Array:
    """What an item adds to observed agreement: whether it has a pair, and its agreement.

    a_i = sum_k n_ik (n*_ik - 1) / (r_i (r_i - 1)), n*_ik = sum_l w_kl n_il (Gwet 2014, equation 4.6.2).

    Three raters of an item say 1, 2, 2: one of its three pairs agrees. One rating alone has no pair.

    >>> observed_terms(np.array([[1.0, 2.0], [1.0, 0.0]]), np.eye(2)).round(4)
    array([[1.    , 0.3333],
           [0.    , 0.    ]])
    """
    r = counts.sum(axis=1)
    paired = (r >= 2).astype(np.float64)
    agreeing = (counts * (counts @ weights - 1)).sum(axis=1)
    # An item with one rating has r (r - 1) = 0: the maximum keeps the division defined, ``paired`` drops the
    # item.
    return np.column_stack([paired, paired * agreeing / np.maximum(r * (r - 1), 1)])


def shares(counts: Array) -> Array:
    """Share of an item's ratings in each category.

    >>> shares(np.array([[1.0, 3.0], [0.0, 0.0]]))
    array([[0.25, 0.75],
           [0.  , 0.  ]])
    """
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def quadratic_form(x: npt.NDArray, weights: Array) -> npt.NDArray:
    """Sum of w_kl x_k x_l over both categories, for each leading row.

    Two ratings drawn from shares 3/4 and 1/4 fall into one category with 9/16 + 1/16.

    >>> float(quadratic_form(np.array([0.75, 0.25]), np.eye(2)))
    0.625
    """
    return ((x @ weights) * x).sum(axis=-1)


def corrected(observed: npt.NDArray, expected: npt.NDArray) -> npt.NDArray:
    """Agreement beyond chance, (p_a - p_e) / (1 - p_e).

    >>> corrected(np.array([0.75, 0.5, 1.0]), np.array([0.5, 0.5, 1.0]))
    array([0.5, 0. , nan])
    """
    return quotient(observed - expected, 1 - expected)


def _statistic(coded: Coded, terms: Array, active: npt.NDArray, formula: Expected) -> FunctionOfSums:
    return FunctionOfSums(terms, coded.multiplicity, coded.pattern, active, formula)


def percent(coded: Coded, weights: Array) -> FunctionOfSums:
    """Observed agreement p_a, the mean over items with a pair of the share of agreeing pairs.

    >>> from ogp_analysis.agreement.category_codes import code
    >>> from ogp_analysis.agreement.ratings_table import as_ratings
    >>> found = percent(code(as_ratings([[1, 1], [2, 2], [1, 2], [2, 2]])), np.eye(2))
    >>> float(found.formula(found.sums))
    0.75
    """
    counts = coded.counts()
    return _statistic(
        coded,
        observed_terms(counts, weights),
        counts.sum(axis=1) > 0,
        lambda s: quotient(s[..., 1], s[..., 0]),
    )


def pooled(coded: Coded, weights: Array, expected: Expected) -> FunctionOfSums:
    """Coefficient whose expected agreement depends on the pooled shares pi_k of the categories.

    Both categories hold half of the ratings: p_a = 3/4, p_e = 1/2.

    >>> from ogp_analysis.agreement.category_codes import code
    >>> from ogp_analysis.agreement.ratings_table import as_ratings
    >>> table = code(as_ratings([[1, 1], [2, 2], [1, 1], [2, 2], [1, 2], [1, 1], [2, 2], [1, 2]]))
    >>> found = pooled(table, np.eye(2), fleiss_expected(np.eye(2)))
    >>> float(found.formula(found.sums))
    0.5
    """
    counts = coded.counts()
    # Rated, not paired: an item with one rating says how often categories are used, though not whether raters
    # agree (Gwet 2014). Alpha differs here: it leaves such an item out of both.
    rated = counts.sum(axis=1) > 0
    used = np.flatnonzero(counts.any(axis=0)) if len(weights) > MANY else slice(None)
    terms = np.column_stack([observed_terms(counts, weights), rated, shares(counts)[:, used]])

    def formula(s: npt.NDArray) -> npt.NDArray:
        return corrected(quotient(s[..., 1], s[..., 0]), expected(s[..., 3:] / s[..., 2:3], used))

    return _statistic(coded, terms, rated, formula)


def fleiss_expected(weights: Array) -> Expected:
    """p_e = sum w_kl pi_k pi_l (Scott 1955; Fleiss 1971).

    >>> float(fleiss_expected(np.eye(2))(np.array([0.75, 0.25])))
    0.625
    """
    return lambda pi, used=slice(None): quadratic_form(pi, weights[used][:, used])


def gwet_expected(weights: Array) -> Expected:
    """p_e = T_w / (q (q - 1)) sum pi_k (1 - pi_k), T_w the sum of weights (Gwet 2008).

    The more one category prevails, the less agreement AC1 puts down to chance; Fleiss' p_e rises there.

    >>> gwet_expected(np.eye(2))(np.array([[0.5, 0.5], [0.75, 0.25]]))
    array([0.5  , 0.375])
    """
    q = len(weights)
    # With one category there is nothing to disagree about: undefined, not 1.
    factor = weights.sum() / (q * (q - 1)) if q > 1 else np.nan
    return lambda pi, used=slice(None): factor * (pi * (1 - pi)).sum(axis=-1)


def uniform_expected(weights: Array) -> Expected:
    """p_e = T_w / q^2, every category equally likely (Brennan and Prediger 1981).

    >>> float(uniform_expected(np.eye(4))(np.array([0.7, 0.1, 0.1, 0.1])))
    0.25
    """
    return lambda pi, used=None: np.full(pi.shape[:-1], weights.mean(), dtype=pi.dtype)


def by_rater(coded: Coded, weights: Array) -> FunctionOfSums:
    """Coefficient of Conger (1980), with two raters that of Cohen (1960, 1968).

    p_e is the mean of sum w_kl p_gk p_hl over all pairs of different raters g, h, where p_gk is rater g's
    share of category k among the items that g rated; a rater without a rating forms no pair.

    The raters agree on 3 of 4 items; their shares of category 1 are 1/2 and 1/4, so p_e = 1/8 + 3/8.

    >>> from ogp_analysis.agreement.category_codes import code
    >>> from ogp_analysis.agreement.ratings_table import as_ratings
    >>> found = by_rater(code(as_ratings([[1, 1], [2, 2], [1, 2], [2, 2]])), np.eye(2))
    >>> float(found.formula(found.sums))
    0.5
    """
    counts = coded.counts()
    rated = counts.sum(axis=1) > 0
    m, q = coded.codes.shape[1], coded.q
    given = (coded.codes[:, :, None] == np.arange(q)).astype(np.float64)
    seen = (coded.codes >= 0).astype(np.float64)
    terms = np.column_stack([observed_terms(counts, weights), seen, given.reshape(len(given), m * q)])

    def formula(s: npt.NDArray) -> npt.NDArray:
        chosen = s[..., 2 + m :].reshape((*s.shape[:-1], m, q))
        # Only the real part says who rated: a complex step of the derivative must not make a rater appear.
        rating = s[..., 2 : 2 + m].real > 0
        p = np.where(rating[..., None], quotient(chosen, s[..., 2 : 2 + m, None]), 0.0)
        pairs = rating.sum(axis=-1) * (rating.sum(axis=-1) - 1)
        # All pairs of raters less each with itself: one pass instead of m (m - 1) products.
        expected = quadratic_form(p.sum(axis=-2), weights) - quadratic_form(p, weights).sum(axis=-1)
        return corrected(quotient(s[..., 1], s[..., 0]), quotient(expected, pairs))

    return _statistic(coded, terms, rated, formula)
