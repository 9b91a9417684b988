"""Every coefficient that fits the ratings in one table, each with the interval recommended for its size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from ogp_analysis.agreement import arguments, kappas, synonyms
from ogp_analysis.agreement.category_codes import code
from ogp_analysis.agreement.concordance import kendall_w
from ogp_analysis.agreement.fitting_coefficients import CHANGING, Design, design
from ogp_analysis.agreement.icc import icc
from ogp_analysis.agreement.kappas import AnyRatings, Weights, prepared
from ogp_analysis.agreement.krippendorff import METRICS, alpha_by
from ogp_analysis.agreement.ratings_table import Ratings
from ogp_analysis.agreement.two_raters import lin_ccc
from ogp_analysis.agreement.weights import agreement_weights
from ogp_analysis.errors import StatisticsError
from ogp_analysis.model.records import Estimate

# From how many items on the plain interval covers what it promises for every coefficient: "hundreds" in
# docs/methods-agreement.md; the number itself is our choice.
HUNDREDS = 200
COLUMNS = ("coefficient", "weights", "interval", "value", "lower", "upper", "standard_error")
SIZES = ("n_items", "n_raters", "n_ratings", "method", "note")
Fitting = tuple[str, str, str, Callable[..., Estimate]]


def recommended_interval(coefficient: str, *, weighted: bool, n_items: int) -> str:
    """Which interval ``docs/methods-agreement.md`` recommends.

    >>> names = ("gwet_ac", "fleiss_kappa", "ICC(1)")
    >>> [recommended_interval(name, weighted=True, n_items=43) for name in names]
    ['studentized', 'fisher', 'analytic']
    >>> recommended_interval("gwet_ac", weighted=True, n_items=500)
    'analytic'
    """
    if coefficient == "lin_ccc":
        return "fisher"
    if n_items >= HUNDREDS or coefficient.startswith("ICC"):
        return "analytic"
    if coefficient.endswith(("kappa", "alpha")):
        return "fisher"
    return "studentized" if weighted else "analytic"


@synonyms.hinting
def summary(
    ratings: AnyRatings,
    *,
    weights: Weights = "identity",
    categories: Sequence[Any] | None = None,
    seats: bool = False,
    confidence_level: float = 0.95,
    n_resamples: int = 2000,
    rng: np.random.Generator | int | None = None,
) -> pd.DataFrame:
    """Every coefficient that fits the design, each with its uncertainty, in one table.

    Beside a weighted coefficient stands the unweighted one. Alpha weighs as ``weights`` does, and every row
    names its weighting or metric. A table with gaps gets the coefficients of raters who change, though the
    same raters gave it (the design ``same_with_gaps`` of a run): ``icc(ratings, form="ICC(A,1)")`` uses who
    rated. It is a table to read, not to choose the highest number from: which
    coefficient answers which question is in ``docs/methods-agreement.md``.

    Parameters
    ----------
    ratings : Ratings, DataFrame or array_like, with shape (N, M)
        Items in rows, raters in columns.
    weights, categories
        As in `percent_agreement`.
    seats : bool
        Whether columns are seats and not people, as in `design`.
    confidence_level : float
        Nominal coverage, in (0, 1).
    n_resamples : int
        Resamples of the studentized intervals.
    rng : numpy.random.Generator or int, optional
        Source of these; None is the seed 0. Every row draws anew from the same seed.

    Returns
    -------
    pandas.DataFrame
        One row a coefficient: ``coefficient, weights, interval`` (the kind that was asked for),
        ``value, lower, upper, standard_error, n_items, n_raters, n_ratings, method, note``. Where a
        coefficient is refused for these ratings, its value is NaN and ``note`` is ``not_computed``.

    Raises
    ------
    StatisticsError
        As in `percent_agreement`.

    Examples
    --------
    >>> table = [[1, 1], [2, 3], [3, 3], [4, 4], [2, 2], [1, 2]]
    >>> found = summary(table, weights="quadratic")
    >>> found.set_index("coefficient")["value"].round(2).head(3).tolist()
    [0.67, 0.56, 0.87]
    >>> found[["coefficient", "weights", "interval"]].values.tolist()[1:3]
    [['gwet_ac', 'identity', 'analytic'], ['gwet_ac', 'quadratic', 'studentized']]
    """
    arguments.between(confidence_level, "confidence_level")
    arguments.whole(n_resamples, "n_resamples", least=1)
    table = prepared(ratings)
    agreement_weights(code(table, categories), weights)  # what no row could use is refused, not noted
    described = design(table, seats=seats)
    generator = arguments.generator(rng, 0)
    state = generator.bit_generator.state
    rows = []
    for name, label, kind, call in _fitting(table, described, weights, categories):
        generator.bit_generator.state = state
        options = {"interval": kind, "confidence_level": confidence_level}
        options |= {"n_resamples": n_resamples, "rng": generator}
        rows.append((name, label, kind, *_cells(call, table, options)))
    return pd.DataFrame(rows, columns=[*COLUMNS, *SIZES])


def _cells(call: Callable[..., Estimate], table: Ratings, options: dict[str, Any]) -> tuple[Any, ...]:
    try:
        made = call(table, **options)
    except StatisticsError:
        # One coefficient that asks for more than these ratings have costs no other its row.
        made = Estimate(np.nan, n_raters=table.n_raters, n_ratings=table.n_ratings, note="not_computed")
    sizes = (made.n_items, made.n_raters, made.n_ratings, made.method, made.note)
    return made.value, *made.interval, made.standard_error, *sizes


def _fitting(
    table: Ratings, described: Design, weights: Weights, categories: Sequence[Any] | None
) -> list[Fitting]:
    fixed = described.kind != CHANGING
    kappa = (
        "cohen_kappa" if fixed and table.values.shape[1] == 2 else "conger_kappa" if fixed else "fleiss_kappa"
    )
    names = ["gwet_ac", "brennan_prediger", *dict.fromkeys((kappa, "fleiss_kappa"))]
    plain = isinstance(weights, str) and weights == "identity"
    weightings: list[Weights] = ["identity"] if plain else ["identity", weights]
    rows = [_row("percent_agreement", "identity", described, categories)]
    rows += [_row(name, weighting, described, categories) for name in names for weighting in weightings]
    rows += [_alpha_row(weighting, described, categories) for weighting in weightings]
    return rows + (_of_numbers(table, described, fixed=fixed) if table.numeric else [])


def _row(name: str, weights: Weights, described: Design, categories: Sequence[Any] | None) -> Fitting:
    label = weights if isinstance(weights, str) else "own weights"
    kind = recommended_interval(name, weighted=label != "identity", n_items=described.n_items)
    return name, label, kind, partial(getattr(kappas, name), weights=weights, categories=categories)


def _alpha_row(weights: Weights, described: Design, categories: Sequence[Any] | None) -> Fitting:
    metric = METRICS.get(weights, weights) if isinstance(weights, str) else weights
    kind = recommended_interval("krippendorff_alpha", weighted=True, n_items=described.n_items)
    call = partial(alpha_by, metric=metric, categories=categories)
    return "krippendorff_alpha", metric if isinstance(metric, str) else "own weights", kind, call


def _of_numbers(table: Ratings, described: Design, *, fixed: bool) -> list[Fitting]:
    """Coefficients of numbers; the two-way ones where it is known who rated."""
    forms = ["ICC(A,1)", "ICC(C,1)", "ICC(A,k)"] if fixed and table.identified else ["ICC(1)", "ICC(k)"]
    rows: list[Fitting] = [
        (
            form,
            "",
            recommended_interval(form, weighted=False, n_items=described.n_items),
            partial(icc, form=form),
        )
        for form in forms
    ]
    if fixed and table.identified and table.values.shape[1] == 2:
        rows.append(
            (
                "lin_ccc",
                "",
                recommended_interval("lin_ccc", weighted=False, n_items=described.n_items),
                lin_ccc,
            )
        )
    if fixed and table.identified and table.values.shape[1] > 2:
        rows.append(("kendall_w", "", "analytic", kendall_w))
    return rows
