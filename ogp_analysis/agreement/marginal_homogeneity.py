"""Do two raters use the categories equally often (Stuart and Maxwell, Bhapkar), and who rates higher?"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from ogp_analysis.agreement import arguments
from ogp_analysis.agreement.category_codes import Coded, code
from ogp_analysis.agreement.kappas import AnyRatings
from ogp_analysis.agreement.two_raters import pair_of_raters
from ogp_analysis.errors import keyed_error

Array = npt.NDArray[np.float64]
METHODS = ("stuart_maxwell", "bhapkar")
EXACT, DRAWN = "exact", "drawn"
MOST_TABLES = 200_000  # tables up to which all are counted; beyond it they are drawn
DEFAULT_SEED = 0
ROUNDING = 1e-12  # share of the items by which only rounding keeps Q off their number


@dataclass(frozen=True, eq=False)
class MarginalHomogeneity:
    """How often two raters used each category, and whether chance explains the differences.

    Parameters
    ----------
    statistic : float
        Chi-square; 0 where the two rated every item alike.
    df : int
        Degrees of freedom: categories in which the two differed, less the groups of such categories.
    p_value : float
        By the chi-square distribution (asymptotic).
    p_exact : float
        Probability of a statistic at least as large if the two ratings of every item were swapped by a coin.
    exact_by : str
        ``"exact"`` where all tables were counted, ``"drawn"`` where a sample of them was.
    first_higher, second_higher : int
        Items that the first and the second rater rated higher; 0 where the categories have no order.
    p_higher : float
        Two-sided sign test of the two counts, by the binomial distribution; NaN without order.
    shares : pandas.DataFrame
        Columns ``category``, ``first``, ``second`` and ``difference``: shares of the items, in [0, 1].
    method : str
        ``"stuart_maxwell"`` or ``"bhapkar"``.
    n_items : int
        Items that both rated.
    note : str
        ``no_disagreement`` where every item was rated alike, else empty.
    """

    statistic: float
    df: int
    p_value: float
    p_exact: float
    exact_by: str
    first_higher: int
    second_higher: int
    p_higher: float
    shares: pd.DataFrame
    method: str
    n_items: int
    note: str = ""


def marginal_homogeneity(
    ratings: AnyRatings,
    *,
    method: str = "stuart_maxwell",
    categories: Sequence[Any] | None = None,
    n_resamples: int = 10_000,
    rng: np.random.Generator | int | None = None,
) -> MarginalHomogeneity:
    """Test whether two raters, seats or panels use the categories equally often: is one systematically
    higher?

    ``d_k = n_k. - n_.k``; Q = d' V^- d with V_kl = -(n_kl + n_lk), V_kk = sum of n_kl + n_lk over the others
    (Stuart 1955, doi 10.1093/biomet/42.3-4.412; Maxwell 1970, doi 10.1192/bjp.116.535.651). Bhapkar (1966,
    doi 10.1080/01621459.1966.10502021) estimates the variance under the alternative: Q / (1 - Q / n). The
    chi-square does not say in which direction; the sign test of who rated higher does. Given how often each
    two categories met, the exact distribution under symmetry is that of coins.

    Parameters
    ----------
    ratings : Ratings, DataFrame or array_like, with shape (N, 2)
        Items in rows, two raters in columns; items that only one rated are left out. A contingency table
        goes through `from_table`.
    method : str
        ``"stuart_maxwell"`` or ``"bhapkar"``.
    categories : sequence, optional
        The declared scale, lowest first.
    n_resamples : int
        Tables drawn where there are too many to count them all.
    rng : numpy.random.Generator or int, optional
        Source of these; None is the seed 0.

    Returns
    -------
    MarginalHomogeneity
        Statistic, degrees of freedom, both p-values, direction, and the shares of each category.

    Raises
    ------
    StatisticsError
        More or fewer than two raters, another method, or as in `percent_agreement`.

    Examples
    --------
    With two categories it is McNemar's test: (15 - 19)^2 / (15 + 19).

    >>> from ogp_analysis.agreement import from_table
    >>> found = marginal_homogeneity(from_table([[23, 15], [19, 31]]))
    >>> round(found.statistic, 4), found.df, round(found.p_exact, 4)
    (0.4706, 1, 0.6076)
    """
    arguments.word(method, METHODS, "method")
    arguments.whole(n_resamples, "n_resamples", least=1)
    table = pair_of_raters(ratings, "marginal_homogeneity")
    coded = code(table, categories)
    counts = _counts(coded)
    n = int(counts.sum())
    if not n:
        raise keyed_error(key="agreement.no_complete_pair", n_items=table.n_items)
    statistic, df = stuart_maxwell(counts)
    generator = arguments.generator(rng, DEFAULT_SEED)
    p_exact, exact_by = _exact(counts, statistic, n_resamples=n_resamples, rng=generator)
    if method == "bhapkar":
        # Nobody in the same category twice, and every margin apart: Q = n, and the quotient has no end.
        statistic = statistic / (1 - statistic / n) if n - statistic > ROUNDING * n else math.inf
    ordered = coded.numeric or coded.declared
    higher = _higher(counts, coded) if ordered else (0, 0)
    return MarginalHomogeneity(
        statistic,
        df,
        float(special.chdtrc(df, statistic)) if df else 1.0,
        p_exact,
        exact_by,
        *higher,
        _sign_test(*higher) if ordered else math.nan,
        _shares(counts, coded.categories),
        method,
        n,
        "" if df else "no_disagreement",
    )


def stuart_maxwell(counts: Array) -> tuple[float, int]:
    """Q and its degrees of freedom.

    >>> statistic, df = stuart_maxwell(np.array([[23.0, 15.0], [19.0, 31.0]]))
    >>> round(statistic, 4), df
    (0.4706, 1)
    """
    inverse, df = _inverse_variance(counts + counts.T)
    apart = counts.sum(axis=1) - counts.sum(axis=0)
    return float((apart[:, None] * inverse * apart).sum()), df


def _inverse_variance(met: Array) -> tuple[Array, int]:
    """Generalised inverse of V, and its rank: categories that never met another one say nothing."""
    off = met - np.diag(np.diag(met))
    variance = np.diag(off.sum(axis=1)) - off
    inverse = np.linalg.pinv(variance, hermitian=True).astype(np.float64)
    return inverse, round(float((variance * inverse).sum()))


def _exact(
    counts: Array, statistic: float, *, n_resamples: int, rng: np.random.Generator
) -> tuple[float, str]:
    """Share of the tables, swapped by coins, whose statistic is at least as large."""
    low, high = np.triu_indices(len(counts), k=1)
    met = (counts + counts.T)[low, high].astype(np.int64)
    low, high, met = low[met > 0], high[met > 0], met[met > 0]
    if not len(met):
        return 1.0, EXACT
    inverse, _ = _inverse_variance(counts + counts.T)
    number = math.prod(int(m) + 1 for m in met)
    if number <= MOST_TABLES:
        upper = np.array(list(itertools.product(*(range(m + 1) for m in met)))).reshape(-1, len(met))
        ways = special.gammaln(met + 1) - special.gammaln(upper + 1) - special.gammaln(met - upper + 1)
        chance = np.exp((ways - met * math.log(2)).sum(axis=1))
        reached = _statistics(upper, met, (low, high), inverse) >= statistic * (1 - 1e-9) - 1e-12
        return min(float(chance[reached].sum()), 1.0), EXACT
    drawn = rng.binomial(met, 0.5, size=(n_resamples, len(met)))
    reached = _statistics(drawn, met, (low, high), inverse) >= statistic * (1 - 1e-9) - 1e-12
    # The table itself is one of them: a share of none would claim what no sample can show.
    return float((1 + reached.sum()) / (1 + n_resamples)), DRAWN


def _statistics(
    upper: npt.NDArray[np.int64],
    met: npt.NDArray[np.int64],
    places: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
    inverse: Array,
) -> Array:
    surplus = (2 * upper - met).astype(np.float64)
    apart = np.zeros((len(upper), len(inverse)))
    for k, (one, other) in enumerate(zip(*places, strict=True)):
        apart[:, one] += surplus[:, k]
        apart[:, other] -= surplus[:, k]
    return np.einsum("ij,jk,ik->i", apart, inverse, apart)


def _counts(coded: Coded) -> Array:
    """Items by the category of the first rater and of the second, those of both."""
    both = (coded.codes >= 0).all(axis=1)
    counts = np.zeros((coded.q, coded.q))
    np.add.at(counts, tuple(coded.codes[both].T), coded.multiplicity[both])
    return counts


def _higher(counts: Array, coded: Coded) -> tuple[int, int]:
    # Numbers count by their value, whichever way their order was declared.
    rank = np.argsort(np.argsort(np.array(coded.categories))) if coded.numeric else np.arange(coded.q)
    first = rank[:, None] > rank
    return int(counts[first].sum()), int(counts[first.T].sum())


def _sign_test(first: int, second: int) -> float:
    """Two-sided: twice the smaller tail of a fair coin, at most 1."""
    return min(1.0, 2 * float(special.bdtr(min(first, second), first + second, 0.5)))


def _shares(counts: Array, categories: Sequence[Any]) -> pd.DataFrame:
    first, second = counts.sum(axis=1) / counts.sum(), counts.sum(axis=0) / counts.sum()
    columns = {"category": list(categories), "first": first, "second": second, "difference": first - second}
    return pd.DataFrame(columns)
