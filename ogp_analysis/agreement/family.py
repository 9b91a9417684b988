"""What the public chance-corrected coefficients share: preparing ratings, naming undefined results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ogp_analysis.agreement import chance_corrected as kernels
from ogp_analysis.agreement.coding import Coded, code
from ogp_analysis.agreement.data import Ratings, as_ratings
from ogp_analysis.agreement.inference import estimate
from ogp_analysis.agreement.intervals import Inference
from ogp_analysis.agreement.statistic import FunctionOfSums
from ogp_analysis.agreement.weights import agreement_weights
from ogp_analysis.errors import StatisticsError
from ogp_analysis.model import Estimate

AnyRatings = Ratings | pd.DataFrame | npt.ArrayLike
Weights = str | npt.ArrayLike
Kernel = Callable[[Coded, npt.NDArray[np.float64]], FunctionOfSums]


@dataclass(frozen=True, eq=False)
class Scale:
    """Weights and declared categories, as the caller gave them.

    Parameters
    ----------
    weights : str or array_like, with shape (q, q)
        As in `percent_agreement`.
    categories : sequence or None
        The declared scale, lowest first; None where the values seen are the scale.

    Examples
    --------
    >>> Scale("linear", ["low", "medium", "high"]).weights
    'linear'
    """

    weights: Weights
    categories: Sequence[Any] | None


def prepared(ratings: AnyRatings) -> Ratings:
    """Take ratings in any form and refuse a single column of them.

    Parameters
    ----------
    ratings : Ratings, DataFrame or array_like, with shape (N, M)
        Items in rows, raters in columns.

    Returns
    -------
    Ratings
        The same ratings.

    Raises
    ------
    StatisticsError
        As in `as_ratings`, or one rater.

    Examples
    --------
    >>> prepared([[1, 2], [2, None]]).n_ratings
    3
    """
    table = as_ratings(ratings)
    if table.n_ratings and table.values.shape[1] < 2:
        msg = f"agreement needs two raters or more; there is {table.values.shape[1]} column of ratings"
        raise StatisticsError(msg, n_raters=table.values.shape[1])
    return table


def coefficient(
    ratings: AnyRatings,
    kernel: Kernel,
    *,
    method: str,
    scale: Scale,
    inference: Inference,
    lowest: float = -np.inf,
    among_used: bool = False,
) -> Estimate:
    """Code the ratings, weight the categories, estimate, and name why a value is undefined.

    Parameters
    ----------
    ratings : Ratings, DataFrame or array_like, with shape (N, M)
        Items in rows, raters in columns.
    kernel : callable
        From coded ratings and weights to the coefficient.
    method : str
        Name of the coefficient.
    scale : Scale
        Weights and categories.
    inference : Inference
        How to make the standard error and the interval.
    lowest : float
        Lower end of the coefficient's range.
    among_used : bool
        As in `agreement_weights`: for coefficients that the unit of disagreement does not change.

    Returns
    -------
    Estimate
        NaN with note ``no_pair``, ``one_category`` or ``no_variation`` where the value is undefined.

    Raises
    ------
    StatisticsError
        As in `percent_agreement`.

    Examples
    --------
    >>> scale = Scale("linear", None)
    >>> found = coefficient([[1, 2], [1, 3]], kernels.percent, method="p", scale=scale, inference=Inference())
    >>> found.value, found.method
    (0.25, 'p, linear')
    """
    table = prepared(ratings)
    coded = code(table, scale.categories)
    statistic = kernel(coded, agreement_weights(coded, scale.weights, among_used=among_used))
    label = scale.weights if isinstance(scale.weights, str) else "own weights"
    name = method if label == "identity" else f"{method}, {label}"
    found = estimate(statistic, table, method=name, inference=inference, lowest=lowest)
    return replace(found, note=_reason(coded, method)) if np.isnan(found.value) else found


def _reason(coded: Coded, method: str) -> str:
    if not ((coded.codes >= 0).sum(axis=1) >= 2).any():
        return "no_pair"
    # With one category the others miss variation in the ratings, these two a scale on which it could be seen.
    depends_on_q = method.startswith(("Gwet", "Brennan"))
    return "one_category" if depends_on_q and coded.q == 1 else "no_variation"


def pooled(
    ratings: AnyRatings, *, expected: Callable, method: str, scale: Scale, inference: Inference
) -> Estimate:
    """Estimate a coefficient whose expected agreement rests on the pooled shares of the categories.

    Parameters
    ----------
    ratings : Ratings, DataFrame or array_like, with shape (N, M)
        Items in rows, raters in columns.
    expected : callable
        From weights to the function of pooled shares that gives p_e, as `chance_corrected.fleiss_expected`.
    method, scale, inference
        As in `coefficient`.

    Returns
    -------
    Estimate
        As of `coefficient`.

    Raises
    ------
    StatisticsError
        As in `percent_agreement`.

    Examples
    --------
    With two categories the Brennan-Prediger coefficient is 2 p_a - 1.

    >>> table, scale = [[1, 1], [2, 2], [1, 2], [2, 2]], Scale("identity", None)
    >>> expected, inference = kernels.uniform_expected, Inference()
    >>> pooled(table, expected=expected, method="BP", scale=scale, inference=inference).value
    0.5
    """
    return coefficient(
        ratings,
        lambda coded, weights: kernels.pooled(coded, weights, expected(weights)),
        method=method,
        scale=scale,
        inference=inference,
        # The chance term of Gwet and of Brennan and Prediger sums the weights of unused categories too.
        among_used=expected is kernels.fleiss_expected,
    )
