"""Intraclass correlations: the six estimators that serve the ten forms of McGraw and Wong (1996)."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from scipy import special

from ogp_analysis.agreement import arguments, icc_by_reml, synonyms
from ogp_analysis.agreement import mean_squares as kernels
from ogp_analysis.agreement.icc_by_reml import TwoWayFit
from ogp_analysis.agreement.inference import estimate, without_error
from ogp_analysis.agreement.intervals import ROUNDING, Inference
from ogp_analysis.agreement.kappas import AnyRatings, prepared
from ogp_analysis.agreement.ratings_table import Ratings, at_most_one_varies, need_raters, rated_columns
from ogp_analysis.agreement.resampling import Coefficient
from ogp_analysis.agreement.text_ratings import need_numbers
from ogp_analysis.agreement.variance_components import NESTED
from ogp_analysis.errors import keyed_error, phrase
from ogp_analysis.model.records import Estimate

FORMS = ("ICC(1)", "ICC(A,1)", "ICC(C,1)", "ICC(k)", "ICC(A,k)", "ICC(C,k)")
MODELS = ("random", "mixed")
ONE_WAY = ("ICC(1)", "ICC(k)")
MEANS = ("ICC(A,k)", "ICC(C,k)")


@dataclass(frozen=True)
class IntraclassCorrelation(Coefficient):
    """An intraclass correlation with its F test.

    Parameters
    ----------
    f_value, df_numerator, df_denominator : float
        F statistic under ICC = null_value and its degrees of freedom.
    p_value : float
        Probability of an F at least as large.
    null_value : float
        The value tested against.

    Examples
    --------
    MSR is 4.5 and MSE 1/6: their quotient is F.

    >>> found = icc([[1, 1], [2, 3], [4, 4]], form="ICC(C,1)")
    >>> round(found.f_value, 4), found.df_numerator, found.df_denominator, round(found.value, 4)
    (27.0, 2.0, 2.0, 0.9286)
    """

    f_value: float = math.nan
    df_numerator: float = math.nan
    df_denominator: float = math.nan
    p_value: float = math.nan
    null_value: float = 0.0


@synonyms.hinting
def icc(
    ratings: AnyRatings,
    *,
    form: str = "ICC(1)",
    model: str = "random",
    null_value: float = 0.0,
    interval: str | None = "analytic",
    confidence_level: float = 0.95,
    n_resamples: int = 2000,
    rng: np.random.Generator | int | None = None,
    cluster: Sequence[Hashable] | None = None,
    population: int | None = None,
) -> IntraclassCorrelation:
    """Intraclass correlation (McGraw and Wong 1996, doi 10.1037/1082-989X.1.1.30; Shrout and Fleiss 1979).

    Which form: evaluators change from item to item, ICC(1); the same evaluators rate every item and their
    level matters, ICC(A,1); only their order matters, ICC(C,1). The forms with k are of the mean of the k
    ratings. ``"analytic"`` is the interval of the F distribution; the standard error is always the
    infinitesimal jackknife.

    Parameters
    ----------
    ratings : Ratings, DataFrame or array_like, with shape (N, M)
        Numbers, items in rows, raters in columns. ICC(1) and ICC(k) take missing ratings (unbalanced
        one-way form, k0; its F interval is then approximate). The others do too: their variances are then
        REML estimates (`variance_components`), never below 0, the forms with k are of k0 ratings, and the
        interval is that of the mean squares which estimates of this precision are worth. Where each rater
        rated one item, the one-way form is what can be estimated, and ``method`` names it.
    form : str
        ``"ICC(1)"``, ``"ICC(A,1)"``, ``"ICC(C,1)"``, ``"ICC(k)"``, ``"ICC(A,k)"``, ``"ICC(C,k)"``.
    model : str
        ``"random"``: these raters stand for others; ``"mixed"``: they are all there are. The numbers are the
        same; under ``"mixed"`` the mean forms cannot be estimated if raters and items interact, and the note
        says that the value assumes they do not.
    null_value : float
        Value of the null hypothesis of the F test, in [0, 1); for the forms with k, of the mean.
    interval, confidence_level, n_resamples, rng, cluster, population
        As in `percent_agreement`.

    Returns
    -------
    IntraclassCorrelation
        NaN with note ``no_variation`` where all ratings are equal, ``no_pair`` where no item has two,
        ``one_item`` for a single item, ``only_raters_differ`` where consistency is 0/0. -inf with note
        ``denominator_not_positive`` where agreement is so negative that the estimated variance of a (mean)
        rating is not above 0 (as irrNA has it: https://github.com/cran/irrNA, man/icc_corr.Rd). Notes
        ``items_alike``: the means of all items are equal, so F is 0 (0/0 where raters alone differ), its
        interval would have no width, which is no certainty, and neither error nor interval is given;
        ``constant_rater``: all raters but one never vary, and a two-way form is 0 whatever that one says,
        without error, interval and probability; ``below_range`` (said before ``items_alike``): ICC(A,1) lies
        below -1 / (k - 1), where no correlation of k ratings can. Of incomplete ratings: ``nested_raters``
        (the one-way form is given), ``zero_variance`` (items differ no more than errors let them),
        ``no_residual`` and ``not_determined`` (no interval can be given).

    Raises
    ------
    StatisticsError
        Text, an unknown form or model, a null value outside [0, 1), ratings that do not say who rated, or a
        two-way form of incomplete ratings with an interval other than the analytic one, clusters or a
        population.

    Examples
    --------
    >>> table = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> found = icc(table, form="ICC(A,1)")
    >>> round(found.value, 4), round(found.interval[0], 4), round(found.f_value, 2)
    (0.2898, 0.0188, 11.03)

    The three single forms of the same ratings, as Shrout and Fleiss (1979, table 4) print them: 0.17 where
    raters are anybody's, 0.29 where they are the same, 0.71 where their level does not matter.

    >>> [round(icc(table, form=form).value, 2) for form in ("ICC(1)", "ICC(A,1)", "ICC(C,1)")]
    [0.17, 0.29, 0.71]
    """
    table = rated_columns(prepared(ratings))
    _check(table, form=form, model=model, null_value=null_value)
    inference = Inference(interval, confidence_level, n_resamples, rng, cluster, population)
    if form not in ONE_WAY and _incomplete(table):
        return _of_incomplete(table, form, model=model, null_value=null_value, inference=inference)
    statistic = kernels.statistic(table, form)
    layout = kernels.one_way if form in ONE_WAY else kernels.two_way
    with np.errstate(all="ignore"):
        ms = layout(statistic.sums)
    undefined, least = _reason(table), _least(ms, form)
    coefficient = estimate(
        statistic, table, method=form, inference=inference, undefined=undefined, least=least
    )
    # The F distribution knows neither clusters nor a finite population; there the interval is Student's.
    by_f = interval == "analytic" and cluster is None and population is None
    with np.errstate(all="ignore"):
        tested = _with_test(coefficient, ms, form=form, null_value=null_value)
        alike = float(ms.between) == 0
        if by_f and not alike and not math.isnan(tested.value) and _has_error(ms, form):
            limits = _by_f(ms, form, tested.value, confidence_level)
            # Whatever kept the standard error from being computed, F does not need it.
            note = "" if tested.note in ("undefined_without_one_item", "error_not_seen") else tested.note
            tested = replace(tested, interval=limits, note=note)
    fixed = form not in ONE_WAY and not alike and at_most_one_varies(table)
    if fixed and math.isfinite(tested.value):
        # Items and errors then have one mean square whatever that rater says: F is 1, and tests nothing.
        return replace(tested, value=0.0, note="constant_rater")
    below = "below_range" if tested.value < least - ROUNDING else ""
    if alike and math.isfinite(tested.value):
        # F is 0 and all of its quantiles lead back to the estimate, as does every resample of equal means.
        return without_error(tested, below or "items_alike")
    # What the number itself says goes before what its table looks like.
    note = "" if tested.note in ("more_raters_than_items", "first_column_numbers_rows") else tested.note
    tested = replace(tested, note=note or below or tested.note)
    if not tested.note and model == "mixed" and form.endswith("k)"):
        return replace(tested, note="assumes_no_interaction")
    return tested


def _by_f(ms: kernels.MeanSquares, form: str, value: float, level: float) -> tuple[float, float]:
    lower, upper = kernels.f_interval(ms, form, value, confidence_level=level)
    # Rounding must not put the estimate outside.
    return min(lower, value), max(upper, value)


def _has_error(ms: kernels.MeanSquares, form: str) -> bool:
    """Whether the F distribution has something to divide by; perfect agreement has not."""
    error = float(ms.within + ms.raters) if form.startswith("ICC(A") else float(ms.within)
    return error > ROUNDING**2 * float(ms.between + error)


def _least(ms: kernels.MeanSquares, form: str) -> float:
    """The lowest that a correlation of k single ratings can be; of means of ratings there is none."""
    return -1 / (float(ms.k) - 1) if float(ms.k) > 1 and not form.endswith("k)") else -math.inf


def _check(table: Ratings, *, form: str, model: str, null_value: float) -> None:
    if not isinstance(form, str) or form not in FORMS:
        raise arguments.refused_word(form, FORMS, "form", synonyms.FORMS)
    known = isinstance(model, str) and model in MODELS
    if not known or (model == "mixed" and form in ONE_WAY):
        raise keyed_error(key="agreement.icc_model", model=model, form=form)
    arguments.between(null_value, "null_value", closed=True)
    need_numbers(table, phrase("agreement.needs.icc"))
    if table.n_ratings == 0:
        raise keyed_error(key="agreement.all_empty", cells=table.values.size, shape=table.values.shape)
    if form not in ONE_WAY:
        need_raters(table, phrase("agreement.needs.option", option=form))


def _incomplete(table: Ratings) -> bool:
    """Whether raters left items out; items that nobody rated are not there, nor raters who rated nothing."""
    rated = table.per_item[table.per_item > 0]
    return bool((rated < table.n_raters).any())


def _of_incomplete(
    table: Ratings, form: str, *, model: str, null_value: float, inference: Inference
) -> IntraclassCorrelation:
    """By REML, with the interval of the mean squares that its variances are worth."""
    _only_analytic(form, inference)
    level = inference.confidence_level
    if not (table.per_item >= 2).any():
        return _described(table, form, math.nan, level, note=_reason(table))
    fitted = icc_by_reml.fit(table)
    if fitted.nested:
        # One's level and the error of one's rating cannot be told apart: only the one-way model is
        # identified.
        single = icc(table, form="ICC(k)" if form.endswith("k)") else "ICC(1)", null_value=null_value,
                     interval=inference.interval, confidence_level=level)  # fmt: skip
        return replace(single, note=single.note or NESTED)
    made = _described(table, f"{form}, REML", fitted.value(form), level, note="", null_value=null_value)
    if math.isnan(made.value):
        return replace(made, note=_reason(table))
    f_value, over, under = fitted.test(form, null_value)
    p_value = float(special.fdtrc(over, under, f_value))
    made = replace(made, f_value=f_value, df_numerator=over, df_denominator=under, p_value=p_value)
    if inference.interval is not None:
        limits = fitted.interval(form, level)
        made = replace(made, standard_error=fitted.standard_error(form), interval=limits)
    return replace(made, note=_note_of_incomplete(made, fitted, model=model))


def _note_of_incomplete(made: IntraclassCorrelation, fitted: TwoWayFit, *, model: str) -> str:
    if fitted.residual <= 0:
        return "no_residual"
    if fitted.mean_squares() is None:
        return "not_determined"
    if fitted.item <= 0:
        return "zero_variance"
    return "assumes_no_interaction" if model == "mixed" and made.method.startswith(MEANS) else ""


def _described(
    table: Ratings, method: str, value: float, level: float, *, note: str, null_value: float = 0.0
) -> IntraclassCorrelation:
    n_items = int(np.count_nonzero(table.per_item))
    return IntraclassCorrelation(
        value,
        confidence_level=level,
        method=method,
        n_items=n_items,
        n_units=n_items,
        n_raters=table.n_raters,
        n_ratings=table.n_ratings,
        note=note,
        items=tuple(table.items),
        rows=table.n_items,
        null_value=null_value,
    )


def _only_analytic(form: str, inference: Inference) -> None:
    asked = {
        "interval": inference.interval if inference.interval not in ("analytic", None) else None,
        "cluster": inference.cluster,
        "population": inference.population,
    }
    given = [name for name, value in asked.items() if value is not None]
    if given:
        raise keyed_error(key="agreement.icc_reml_options", form=form, given=given, listed=", ".join(given))


def _reason(table: Ratings) -> str:
    if np.count_nonzero(table.per_item) < 2:
        return "one_item"
    if not (table.per_item >= 2).any():
        return "no_pair"
    return "only_raters_differ" if np.ptp(table.values[~table.missing]) > 0 else "no_variation"


def _with_test(
    coefficient: Estimate, ms: kernels.MeanSquares, *, form: str, null_value: float
) -> IntraclassCorrelation:
    shared = {field.name: getattr(coefficient, field.name) for field in fields(coefficient)}
    if math.isnan(coefficient.value):
        return IntraclassCorrelation(**shared, null_value=null_value)
    f_value, over, under = kernels.f_test(ms, form, null_value)
    # Perfect agreement has no error to divide by: F is infinite, and nothing could be less probable under the
    # hypothesis. Items that are alike to raters without error give 0/0, and no probability.
    p_value = 0.0 if math.isinf(f_value) else float(special.fdtrc(over, under, f_value))
    return IntraclassCorrelation(
        **shared,
        f_value=f_value,
        df_numerator=over,
        df_denominator=under,
        p_value=p_value,
        null_value=null_value,
    )
