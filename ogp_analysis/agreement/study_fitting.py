"""Which coefficients fit a comparison of the study, under which weights, with which interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ogp_analysis import agreement as a
from ogp_analysis.agreement.blind import BY_CRITERION, Comparison
from ogp_analysis.agreement.coding import code
from ogp_analysis.agreement.data import Ratings
from ogp_analysis.agreement.design import CHANGING, SEATS
from ogp_analysis.agreement.krippendorff import MEASUREMENTS
from ogp_analysis.agreement.study_designs import design_of
from ogp_analysis.agreement.study_rows import with_options
from ogp_analysis.agreement.weights import agreement_weights
from ogp_analysis.model import Estimate
from ogp_analysis.params import Parameters

# Krippendorff's metrics that say what these weightings say.
METRICS = {"identity": "nominal", "quadratic": "interval"}


def fitting(one: Comparison, parameters: Parameters) -> list[tuple[str, str, Callable[..., Estimate]]]:
    """List the coefficients that fit a comparison.

    Parameters
    ----------
    one : Comparison
        From `blind.comparisons`.
    parameters : params.Parameters
        Weighting, resamples, seed.

    Returns
    -------
    list of (str, str, callable)
        Name, weights (of alpha its metric) and call of each.

    Examples
    --------
    >>> import numpy as np
    >>> from ogp_analysis import params
    >>> table = Ratings(np.array([[1.0, 1], [3, 5]]), ["S01", "S02"], ["a", "b"])
    >>> one = Comparison(BY_CRITERION, "relevance", "", "core_group", False, table)
    >>> [row[:2] for row in fitting(one, params.from_values(params.baseline()))]
    [('krippendorff_alpha', 'interval'), ('ICC(A,1)', '')]
    """
    kind = design_of(one).kind
    fixed = kind != CHANGING
    # The two-way forms need complete data; one missing rating and the one-way form is what is left.
    form = "ICC(A,1)" if fixed and not _incomplete(one.table) else "ICC(1)"
    metric = metric_of(one, parameters)
    # Intervals that covered what they promise in benchmarks/interval_coverage.md.
    drawn = {"interval": "studentized", "n_resamples": parameters.n_resamples, "rng": parameters.seed}
    fisher = {"interval": "fisher"}
    found = [
        ("krippendorff_alpha", metric, with_options(_alpha, metric=metric, **fisher)),
        (form, "", with_options(a.icc, form=form)),
    ]
    if one.grain == BY_CRITERION:
        return found
    kappa = a.conger_kappa if fixed else a.fleiss_kappa
    # Cohen's is of two; where three seats or more face each other, the same formula is Conger's.
    two_seats = kind == SEATS and one.table.values.shape[1] == 2
    name = ("cohen_kappa" if two_seats else "conger_kappa") if fixed else "fleiss_kappa"
    # Keys, not a set: the run's weighting comes first, and comes once where it is one of the others.
    weightings = dict.fromkeys((parameters.disagreement_weights, "identity", "ordinal"))
    weighted = [
        ("gwet_ac", weights, with_options(a.gwet_ac, weights=weights, **drawn)) for weights in weightings
    ]
    kappas = [(name, weights, with_options(kappa, weights=weights, **fisher)) for weights in weightings]
    percent = ("percent_agreement", "identity", with_options(a.percent_agreement))
    return [percent, *weighted, *kappas, *found]


def metric_of(one: Comparison, parameters: Parameters) -> str:
    """Name the metric of alpha in a comparison: that of the run's weighting, so that both weigh alike.

    Parameters
    ----------
    one : Comparison
        From `blind.comparisons`.
    parameters : params.Parameters
        Disagreement weighting.

    Returns
    -------
    str
        Of criterion scores ``"interval"``. Else ``"nominal"``, ``"interval"``, ``"ordinal"``, ``"ratio"``
        for identity, quadratic, ordinal and ratio weights (Krippendorff's ordinal metric takes its distances
        from how often ratings were given); another weighting is its own metric.

    Examples
    --------
    >>> import numpy as np
    >>> from ogp_analysis import params
    >>> baseline = params.from_values(params.baseline())
    >>> table = Ratings(np.array([[1.0, 2.0]]))
    >>> one = Comparison("indicator", "relevance", "alignment", "core_group", False, table)
    >>> metric_of(one, params.with_values(baseline, disagreement_weights="identity"))
    'nominal'
    """
    if one.grain == BY_CRITERION:
        return "interval"
    return METRICS.get(parameters.disagreement_weights, parameters.disagreement_weights)


def _alpha(table: Ratings, *, metric: str, **options: object) -> Estimate:
    if metric in MEASUREMENTS:
        return a.krippendorff_alpha(table, measurement=metric, **options)
    # The disagreement of the weighting itself; alpha does not change with its unit.
    found = a.krippendorff_alpha(table, measurement=1 - agreement_weights(code(table), metric), **options)
    return replace(found, method=f"Krippendorff's alpha, {metric}")


def _incomplete(table: Ratings) -> bool:
    rated = table.per_item[table.per_item > 0]
    return bool((rated < table.values.shape[1]).any())
