"""Two raters: prevalence and bias indices, and the kappa adjusted for both."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from ogp_analysis.agreement.coding import Coded, code
from ogp_analysis.agreement.data import Ratings
from ogp_analysis.agreement.family import AnyRatings
from ogp_analysis.agreement.inference import estimate
from ogp_analysis.agreement.intervals import Inference
from ogp_analysis.agreement.pairs import pair_of_raters
from ogp_analysis.agreement.pooled_raters import brennan_prediger
from ogp_analysis.agreement.statistic import FunctionOfSums, quotient
from ogp_analysis.model import Estimate


@dataclass(frozen=True)
class PrevalenceBias:
    """How far prevalence and bias pull kappa: indices of Byrt, Bishop and Carlin (1993) by category.

    Parameters
    ----------
    categories : tuple
        The q categories.
    prevalence, bias : tuple of Estimate
        By category: both raters' shares of it less one, and the first rater's share less the second's. With
        two categories those of the first are the published (a - d) / n and (b - c) / n.
    pabak : Estimate
        Kappa adjusted for both, (q p_a - 1) / (q - 1).

    Examples
    --------
    >>> found = prevalence_bias([[1, 1], [1, 2], [2, 2], [1, 1]])
    >>> [one.value for one in found.prevalence], [one.value for one in found.bias]
    ([0.25, -0.25], [0.25, -0.25])
    """

    categories: tuple[Any, ...]
    prevalence: tuple[Estimate, ...]
    bias: tuple[Estimate, ...]
    pabak: Estimate

    @property
    def prevalence_index(self) -> Estimate:
        """Prevalence index of the first category."""
        return self.prevalence[0]

    @property
    def bias_index(self) -> Estimate:
        """Bias index of the first category."""
        return self.bias[0]


def prevalence_bias(
    ratings: AnyRatings,
    *,
    categories: Sequence[Any] | None = None,
    interval: str | None = "analytic",
    confidence_level: float = 0.95,
    n_resamples: int = 2000,
    rng: np.random.Generator | int | None = None,
    cluster: Sequence[Hashable] | None = None,
    population: int | None = None,
) -> PrevalenceBias:
    """Prevalence and bias indices of two raters, and PABAK.

    Byrt, Bishop and Carlin (1993), doi 10.1016/0895-4356(93)90018-V.

    Parameters
    ----------
    ratings : Ratings, DataFrame or array_like, with shape (N, 2)
        Two raters; items without both ratings are left out.
    categories, interval, confidence_level, n_resamples, rng, cluster, population
        As in `percent_agreement`.

    Returns
    -------
    PrevalenceBias
        Indices by category, each in [-1, 1], and PABAK.

    Raises
    ------
    StatisticsError
        Not two raters, or as in `percent_agreement`.

    Examples
    --------
    >>> found = prevalence_bias([[1, 1]] * 80 + [[1, 2]] * 10 + [[2, 1]] * 5 + [[2, 2]] * 5)
    >>> [round(e.value, 2) for e in (found.prevalence_index, found.bias_index, found.pabak)]
    [0.75, 0.05, 0.7]
    """
    table = pair_of_raters(ratings, "prevalence and bias")
    inference = Inference(interval, confidence_level, n_resamples, rng, cluster, population)
    coded = code(table, categories)
    # An item with one rating would move one rater's shares only and look like bias.
    both = (coded.codes >= 0).all(axis=1)[:, None]
    first = ((coded.codes[:, :1] == np.arange(coded.q)) & both).astype(np.float64)
    second = ((coded.codes[:, 1:] == np.arange(coded.q)) & both).astype(np.float64)
    index = partial(_index, coded=coded, both=both[:, 0], table=table, inference=inference)
    # (q p_a - 1) / (q - 1) is Brennan and Prediger's coefficient: expected agreement 1 / q whatever the
    # shares.
    pabak = brennan_prediger(
        table,
        categories=coded.categories,
        interval=interval,
        confidence_level=confidence_level,
        n_resamples=n_resamples,
        rng=rng,
        cluster=cluster,
        population=population,
    )
    return PrevalenceBias(
        coded.categories,
        tuple(index(column, "prevalence index") for column in (first + second - both).T),
        tuple(index(column, "bias index") for column in (first - second).T),
        replace(pabak, method="PABAK"),
    )


def _index(
    terms: npt.NDArray[np.float64],
    name: str,
    *,
    coded: Coded,
    both: npt.NDArray[np.bool_],
    table: Ratings,
    inference: Inference,
) -> Estimate:
    columns = np.column_stack([both, terms]).astype(np.float64)
    statistic = FunctionOfSums(
        columns, coded.multiplicity, coded.pattern, both, lambda s: quotient(s[..., 1], s[..., 0])
    )
    return estimate(statistic, table, method=name, inference=inference, undefined="no_pair", lowest=-1.0)
