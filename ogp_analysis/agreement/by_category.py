"""Agreement category by category: which level of the scale is it that raters do not share?"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ogp_analysis.agreement import synonyms
from ogp_analysis.agreement.category_codes import Coded, code
from ogp_analysis.agreement.function_of_sums import Formula, FunctionOfSums, quotient
from ogp_analysis.agreement.inference import estimate
from ogp_analysis.agreement.intervals import Inference, least_of_pairs
from ogp_analysis.agreement.kappas import AnyRatings, prepared
from ogp_analysis.agreement.ratings_table import Ratings
from ogp_analysis.model.records import Estimate


@dataclass(frozen=True)
class CategoryAgreement:
    """Agreement on one category.

    Parameters
    ----------
    category : object
        The category.
    share : Estimate
        Share of all ratings in it, the mean over items of n_ik / r_i.
    specific : Estimate
        Where one rater chose it, how often another rater of the item did too, in [0, 1].
    kappa : Estimate
        Fleiss' kappa of this category against all others.

    Examples
    --------
    One item in five gets a 1, from both raters: shared whenever given.

    >>> one = per_category_agreement([[1, 1], [2, 2], [3, 2], [2, 3], [3, 3]])[0]
    >>> one.category, one.share.value, one.specific.value, one.kappa.value
    (1.0, 0.2, 1.0, 1.0)
    """

    category: Any
    share: Estimate
    specific: Estimate
    kappa: Estimate


@synonyms.hinting
def per_category_agreement(
    ratings: AnyRatings,
    *,
    categories: Sequence[Any] | None = None,
    interval: str | None = "analytic",
    confidence_level: float = 0.95,
    n_resamples: int = 2000,
    rng: np.random.Generator | int | None = None,
    cluster: Sequence[Hashable] | None = None,
    population: int | None = None,
) -> tuple[CategoryAgreement, ...]:
    """Specific agreement and kappa of every category, any number of raters, missing ratings allowed.

    Specific agreement p_k = sum_i n_ik (n_ik - 1) / (r_i - 1) / sum_i n_ik over items with two or more
    ratings (Spitzer and Fleiss 1974; with two raters 2a / (2a + b + c)). kappa_k is Fleiss' kappa of the
    scale made of k and "not k" (Fleiss 1971, equation 17 for equal numbers of raters).

    Parameters
    ----------
    ratings, categories, interval, confidence_level, n_resamples, rng, cluster, population
        As in `percent_agreement`.

    Returns
    -------
    tuple of CategoryAgreement
        In the order of the scale; note ``category_unused`` where nobody chose a category, ``no_variation``
        where everybody did.

    Raises
    ------
    StatisticsError
        As in `percent_agreement`.

    Examples
    --------
    >>> found = per_category_agreement([[1, 1], [2, 2], [3, 2], [1, 1]])
    >>> [(one.category, round(one.specific.value, 4)) for one in found]
    [(1.0, 1.0), (2.0, 0.6667), (3.0, 0.0)]
    """
    table = prepared(ratings)
    coded = code(table, categories)
    inference = Inference(interval, confidence_level, n_resamples, rng, cluster, population)
    counts = coded.counts()
    return tuple(
        _one(coded, counts, k, table=table, inference=inference) for k in range(len(coded.categories))
    )


def _one(
    coded: Coded, counts: npt.NDArray[np.float64], k: int, *, table: Ratings, inference: Inference
) -> CategoryAgreement:
    r = counts.sum(axis=1)
    n_k = counts[:, k]
    paired = r >= 2
    share = n_k / np.maximum(r, 1)
    # Each item weighs as many ratings as it has in the category, however many pairs they form.
    joint = n_k * (n_k - 1) / np.maximum(r - 1, 1) * paired
    apart = 2 * n_k * (r - n_k) / np.maximum(r * (r - 1), 1)
    terms = np.column_stack([r > 0, share, joint, n_k * paired, paired, apart])

    def one(formula: Formula, name: str, least: float) -> Estimate:
        statistic = FunctionOfSums(terms, coded.multiplicity, coded.pattern, r > 0, formula)
        # The order matters: of an unused category it is true as well that nothing varies.
        reason = "category_unused" if not n_k.any() else "no_variation" if paired.any() else "no_pair"
        label = f"{name}, {coded.categories[k]}"
        return estimate(statistic, table, method=label, inference=inference, undefined=reason, least=least)

    return CategoryAgreement(
        coded.categories[k],
        one(lambda s: s[..., 1] / s[..., 0], "share", 0.0),
        one(lambda s: quotient(s[..., 2], s[..., 3]), "specific agreement", 0.0),
        one(_kappa, "kappa of category", least_of_pairs(table.per_item)),
    )


def _kappa(s: npt.NDArray) -> npt.NDArray:
    pi = s[..., 1] / s[..., 0]
    disagreement = quotient(s[..., 5], s[..., 4])
    # 1 - D_o / D_e, the same as (p_a - p_e) / (1 - p_e), without a difference of two numbers near 1.
    return 1 - quotient(disagreement, 2 * pi * (1 - pi))
