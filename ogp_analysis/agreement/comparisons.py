"""What notebook 2 compares: blind pairs, pooled or not, sides against each other, and what fits each."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

import numpy as np
import pandas as pd

from ogp_analysis import agreement as a
from ogp_analysis.agreement import blind_pairs
from ogp_analysis.agreement.blind_pairs import BY_CRITERION, BY_INDICATOR, Comparison
from ogp_analysis.agreement.fitting_coefficients import CHANGING, SEATS, Design, design
from ogp_analysis.agreement.krippendorff import METRICS, alpha_by
from ogp_analysis.agreement.ratings_table import Ratings
from ogp_analysis.assessment import adjudication, categories, whole_assessment
from ogp_analysis.assessment.batch import Scored, score
from ogp_analysis.assessment.criterion_rule import criterion_rule
from ogp_analysis.assessment.rating_arrays import Sheet
from ogp_analysis.errors import StatisticsError
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.records import (
    INDICATOR,
    PANEL,
    PROPOSAL,
    RATING,
    Criterion,
    Estimate,
)

Made = TypeVar("Made")
NOT_COMPUTED = "not_computed"
# What ratings can do to a calculation; a mistake in the code (a name, a type) still ends the study.
FAILURES = (StatisticsError, ArithmeticError, ValueError, LookupError, MemoryError)

WHERE = ("grain", "criterion", "indicator", "pair")
# Raters who change, but rate most items all together; more than half is our choice, as in ratings.design.
GAPS, MOST_ITEMS = "same_with_gaps", 0.5
UNCERTAIN = ("value", "lower", "upper", "standard_error", "n_items", "n_raters", "n_ratings", "note")


def numbers(estimate: Estimate) -> tuple:
    """Numbers of an estimate in the order of ``UNCERTAIN``.

    >>> numbers(Estimate(0.5, 0.1, (0.3, 0.7), n_items=20, n_raters=2, n_ratings=40))
    (0.5, 0.3, 0.7, 0.1, 20, 2, 40, '')
    """
    return (
        estimate.value,
        *estimate.interval,
        estimate.standard_error,
        estimate.n_items,
        estimate.n_raters,
        estimate.n_ratings,
        estimate.note,
    )


def guarded(call: Callable[..., Estimate], table: Ratings, **options: object) -> Estimate:
    """Call a coefficient, or name why there is nothing to call it on.

    >>> import numpy as np
    >>> from ogp_analysis.agreement import share_within
    >>> guarded(share_within, Ratings(np.array([[1.0, np.nan]])), tolerance=1).note
    'no_pair'
    """
    # A run goes on where one indicator has no pair: the coefficients refuse what here is a row with a note.
    if table.values.shape[1] < 2 or not (table.per_item >= 2).any():
        return Estimate(math.nan, n_raters=table.n_raters, n_ratings=table.n_ratings, note="no_pair")
    return attempted(
        lambda: call(table, **options),
        Estimate(math.nan, n_raters=table.n_raters, n_ratings=table.n_ratings, note=NOT_COMPUTED),
    )


def attempted(call: Callable[[], Made], instead: Made) -> Made:
    """Make one part of the study, or what stands in its place where it fails.

    >>> attempted(lambda: 1 / 0, "none")
    'none'
    """
    try:
        return call()
    except FAILURES:
        return instead


def with_options(function: Callable[..., Estimate], **options: object) -> Callable[..., Estimate]:
    """Fix options of a coefficient.

    >>> from ogp_analysis.agreement import share_within
    >>> with_options(share_within, tolerance=1)([[1, 2], [2, 4]]).value
    0.5
    """
    return lambda table, **more: function(table, **options, **more)


def where(one: Comparison) -> tuple[str, str, str, str]:
    """Grain, criterion, indicator and pair of a comparison.

    >>> import numpy as np
    >>> table = Ratings(np.array([[1.0, 2.0]]))
    >>> where(Comparison("indicator", "feasibility", "time", "lead-counterpart", True, table))
    ('indicator', 'feasibility', 'time', 'lead-counterpart')
    """
    return one.grain, one.criterion, one.indicator, one.pair


def design_of(one: Comparison) -> Design:
    """Read the design of a comparison: its seats are people where one person each holds them throughout.

    >>> from ogp_analysis.agreement import as_ratings
    >>> table = as_ratings([[1, 1], [3, 5]])
    >>> people = (frozenset({"ana"}), frozenset({"luz"}))
    >>> one = Comparison("indicator", "feasibility", "time", "lead-counterpart", True, table, people)
    >>> found = design_of(one)
    >>> found.kind, found.cautions
    ('crossed', ('few_items', 'one_rater_pair'))
    """
    return design(one.table, seats=one.seats, people=one.people)


def designs(compared: list[Comparison]) -> pd.DataFrame:
    """Which design each comparison has and which coefficients fit it.

    >>> from ogp_analysis.agreement import as_ratings
    >>> table = as_ratings([[1, 1], [3, 5]])
    >>> one = Comparison("indicator", "relevance", "alignment", "core_group", False, table)
    >>> designs([one])[["design", "n_items", "n_raters", "caution"]].values.tolist()
    [['crossed', 2, 2, 'few_items']]
    """
    rows = []
    for one in compared:
        described = design_of(one)
        sizes = (described.n_items, described.n_raters, described.fewest, described.most)
        fits = (
            "several_seats" if described.kind == SEATS and one.table.values.shape[1] > 2 else described.kind
        )
        kind = described.kind
        if kind == CHANGING and _mostly_whole(one.table):
            kind = fits = GAPS
        if described.most == 1:
            fits = "nobody"
        first = described.cautions[0] if described.cautions else ""
        rows.append((*where(one), kind, *sizes, fits, first))
    columns = [*WHERE, "design", "n_items", "n_raters", "fewest", "most", "fits", "caution"]
    return pd.DataFrame(rows, columns=columns)


def _mostly_whole(table: Ratings) -> bool:
    """Say whether the same raters rated most items all together: the others have gaps."""
    rated = table.per_item[table.per_item > 0]
    return table.identified and bool((rated == table.n_raters).mean() > MOST_ITEMS)


def cautions(compared: list[Comparison]) -> pd.DataFrame:
    """What to be careful about, one row a comparison and caution; empty where there is nothing."""
    rows = [(*where(one), caution) for one in compared for caution in design_of(one).cautions]
    return pd.DataFrame(rows, columns=[*WHERE, "caution"])


def fitting(one: Comparison, parameters: Parameters) -> list[tuple[str, str, Callable[..., Estimate]]]:
    """List the coefficients that fit a comparison.

    >>> import numpy as np
    >>> from ogp_analysis.model import params
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
    further = [
        ("krippendorff_alpha", metric, with_options(alpha_by, metric=metric, **fisher)),
        (form, "", with_options(a.icc, form=form)),
    ]
    if one.grain == BY_CRITERION:
        return further
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
    return [percent, *weighted, *kappas, *further]


def metric_of(one: Comparison, parameters: Parameters) -> str:
    """Name the metric of alpha in a comparison: that of the run's weighting, so that both weigh alike.

    >>> import numpy as np
    >>> from ogp_analysis.model import params
    >>> baseline = params.from_values(params.baseline())
    >>> table = Ratings(np.array([[1.0, 2.0]]))
    >>> one = Comparison("indicator", "relevance", "alignment", "core_group", False, table)
    >>> metric_of(one, params.with_values(baseline, disagreement_weights="identity"))
    'nominal'
    """
    if one.grain == BY_CRITERION:
        return "interval"
    return METRICS.get(parameters.disagreement_weights, parameters.disagreement_weights)


def _incomplete(table: Ratings) -> bool:
    rated = table.per_item[table.per_item > 0]
    return bool((rated < table.values.shape[1]).any())


POOLED = "all"


def with_pooled(compared: list[Comparison]) -> list[tuple[Comparison, np.ndarray | None]]:
    """List each comparison, and those of one criterion and pair pooled over indicators.

    >>> table = Ratings(np.array([[1.0, 2.0]]), ["S01"], ["a", "b"])
    >>> two = [Comparison(BY_INDICATOR, "relevance", name, "core_group", False, table) for name in ("x", "y")]
    >>> [(one.indicator, one.table.n_items) for one, _ in with_pooled(two)]
    [('x', 1), ('y', 1), ('all', 2)]
    """
    listed: list[tuple[Comparison, np.ndarray | None]] = [(one, None) for one in compared]
    groups: dict[tuple[str, str], list[Comparison]] = {}
    for one in compared:
        if one.grain == BY_INDICATOR:
            groups.setdefault((one.criterion, one.pair), []).append(one)
    for members in groups.values():
        # A criterion with a single judged indicator is its own pool; a second row would show it twice.
        if len(members) > 1:
            listed.append(_pooled(members))
    order = {(c.criterion, c.pair, c.grain): k for k, c in enumerate(compared)}
    return sorted(listed, key=lambda pair: order[(pair[0].criterion, pair[0].pair, pair[0].grain)])


def _pooled(members: list[Comparison]) -> tuple[Comparison, np.ndarray]:
    first = members[0]
    # Indicators of a criterion may have different scales: a category counts as declared if one of them has
    # it.
    scale = sorted({value for one in members for value in one.table.categories or ()})
    raters = sorted({str(rater) for one in members for rater in one.table.raters})
    stacked = pd.concat(
        [pd.DataFrame(one.table.values, columns=list(map(str, one.table.raters))) for one in members]
    ).reindex(columns=raters)
    items = [proposal for one in members for proposal in one.table.items]
    table = Ratings(stacked.to_numpy(dtype=float), items, raters, tuple(scale))
    people = tuple(frozenset().union(*seat) for seat in zip(*(one.people for one in members), strict=True))
    pooled = replace(first, indicator=POOLED, table=table, people=people)
    return pooled, np.array(items, dtype=object)


TARGET = 0.8
PANELS = ("criterion", "pair", "statistic", *UNCERTAIN)
BOTH = ("value_first", "value_second")
DIFFERENCES = ("question", "indicator", "pair", "coefficient", *BOTH, *UNCERTAIN)
COMPONENTS = ("indicator", "component", "variance", "standard_error", "lower", "upper", "share", "note")
DECISIONS = ("indicator", "n_raters", "generalizability", "dependability", "needed")


def panel_scores(inputs: Inputs, parameters: Parameters) -> pd.DataFrame:
    """Criterion score of each proposal as each panel alone sees it, from blind ratings.

    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import ratings
    >>> parameters = params.from_values(params.baseline())
    >>> panel_scores(ratings.load(parameters), parameters).head(1).values.tolist()
    [['feasibility', 'S01', 3.75, 4.25]]
    """
    rated = blind_pairs.independent(inputs, parameters)
    columns = ["criterion", PROPOSAL, "score_first", "score_second"]
    parts = []
    for criterion in parameters.method.criteria:
        if len(criterion.panels) == 2:
            wide = _sides(rated, criterion, parameters)[list(criterion.panels)]
            wide.columns = ["score_first", "score_second"]
            parts.append(wide.rename_axis(PROPOSAL).reset_index().assign(criterion=criterion.name))
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _sides(rated: pd.DataFrame, criterion: Criterion, parameters: Parameters) -> pd.DataFrame:
    names = [indicator.name for indicator in criterion.indicators]
    ratings = rated[rated[INDICATOR].isin(names) & rated[PANEL].isin(criterion.panels)]
    scores = blind_pairs.scores_of(ratings, criterion, parameters, by=[PANEL])
    wide = scores.pivot(index=PROPOSAL, columns=PANEL, values="score").reindex(columns=criterion.panels)
    return wide.sort_index()


def panels(inputs: Inputs, parameters: Parameters) -> pd.DataFrame:
    """The two panels of each criterion against each other: limits of agreement, ICC(A,1), Lin."""
    rows = []
    level = parameters.confidence_level
    for name, part in panel_scores(inputs, parameters).groupby("criterion", sort=False):
        table = part[["score_first", "score_second"]].to_numpy(dtype=float)
        if (~np.isnan(table)).all(axis=1).sum() < 2:
            continue
        pair = "-".join(parameters.method.criterion(name).panels)
        limits = a.bland_altman(table, confidence_level=level)
        # The two-way ICC refuses incomplete data, and all statistics of a row of panels rest on the same
        # proposals.
        complete = table[~np.isnan(table).any(axis=1)]
        statistics = {
            "bias": limits.bias,
            "lower_limit": limits.lower,
            "upper_limit": limits.upper,
            "ICC(A,1)": guarded(a.icc, Ratings(complete), form="ICC(A,1)", confidence_level=level),
            "lin_ccc": guarded(a.lin_ccc, Ratings(complete), confidence_level=level),
        }
        rows += [(name, pair, statistic, *numbers(estimate)) for statistic, estimate in statistics.items()]
    return pd.DataFrame(rows, columns=PANELS)


def differences(inputs: Inputs, parameters: Parameters, compared: list[Comparison]) -> pd.DataFrame:
    """Differences of coefficients of the same proposals, with the covariance of their influence values.

    ``panels``: agreement inside the first panel less agreement inside the second, by indicator (reading A).
    ``third``: how far the two panels' scores agree after third evaluations less before, by indicator.

    The interval of the difference of the two panels holds 0: the data do not say which agrees more.

    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import ratings
    >>> parameters = params.from_values(params.baseline())
    >>> inputs = ratings.load(parameters)
    >>> found = differences(inputs, parameters, blind_pairs.comparisons(inputs, parameters))
    >>> found.loc[0, ["value_first", "value_second", "lower", "upper"]].astype(float).round(2).tolist()
    [0.74, 0.78, -0.21, 0.11]
    """
    rows = _panel_differences(compared, parameters) + _third_differences(inputs, parameters)
    return pd.DataFrame(rows, columns=DIFFERENCES)


def _panel_differences(compared: list[Comparison], parameters: Parameters) -> list[tuple]:
    by_indicator: dict[str, list[Comparison]] = {}
    for one in compared:
        if one.grain == BY_INDICATOR and not one.seats:
            by_indicator.setdefault(one.indicator, []).append(one)
    # The analytic interval, not the one of the main table: a difference needs influence values only.
    call = with_options(a.gwet_ac, weights=parameters.disagreement_weights)
    rows = []
    for indicator, sides in by_indicator.items():
        if len(sides) == 2:
            first, second = (guarded(call, one.table) for one in sides)
            panels_ = "-".join(one.pair for one in sides)
            rows.append(("panels", indicator, panels_, "gwet_ac", *_difference(first, second, parameters)))
    return rows


def _third_differences(inputs: Inputs, parameters: Parameters) -> list[tuple]:
    if parameters.blind_pair != "within_panels":
        return []
    rated = blind_pairs.independent(inputs, parameters)
    # Whatever the run does, a third evaluation that is lacking gives no score here: a stand-in is nobody's
    # rating, and a refusal would stop the whole notebook.
    unforced = replace(parameters, missing_third="bounds")
    settled = adjudication.resolve(whole_assessment.ratings_used(inputs, parameters), unforced)
    rows = []
    for criterion in parameters.method.criteria:
        foreseen = criterion.raters_per_panel > 1 and criterion.name in parameters.third_for
        if foreseen and len(criterion.panels) == 2:
            pair = "-".join(criterion.panels)
            names = [one.name for one in criterion.indicators if not one.counted]
            for name in names:
                before = _wide(rated[rated[INDICATOR] == name], PANEL, RATING, criterion.panels)
                after = _wide(settled[settled[INDICATOR] == name], "pair", "score", criterion.panels)
                difference = _after_less_before(after, before, parameters)
                rows.append(("third", name, pair, "ICC(A,1)", *difference))
    return rows


def _after_less_before(after: pd.DataFrame, before: pd.DataFrame, parameters: Parameters) -> tuple:
    # The same proposals on both sides, those with all four scores.
    shared = after.dropna().index.intersection(before.dropna().index)
    form = with_options(a.icc, form="ICC(A,1)")
    last, first = (guarded(form, Ratings(one.loc[shared].to_numpy(dtype=float))) for one in (after, before))
    return _difference(last, first, parameters)


def _wide(part: pd.DataFrame, side: str, value: str, panels_: tuple[str, ...]) -> pd.DataFrame:
    return part.groupby([PROPOSAL, side])[value].mean().unstack(side).reindex(columns=panels_)


def _difference(first: Estimate, second: Estimate, parameters: Parameters) -> tuple:
    if first.influence is None or second.influence is None:
        note = first.note or second.note
        difference = Estimate(math.nan, note=note, confidence_level=parameters.confidence_level)
    else:
        difference = a.difference(first, second, confidence_level=parameters.confidence_level)
        # A coefficient below its range stands in this row too, and not without a word.
        difference = replace(difference, note=difference.note or first.note or second.note)
    return (first.value, second.value, *numbers(difference))


def components(compared: list[Comparison], parameters: Parameters) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Variance components of each indicator that several evaluators rated, and the decision study.

    Mean squares 4 of proposals, 9 of raters, 1 of what is left: (4 - 1) / 2, (9 - 1) / 2 and 1.

    >>> table = Ratings(np.array([[1.0, 3], [2, 6]]), ["S01", "S02"], ["a", "b"])
    >>> one = Comparison(BY_INDICATOR, "relevance", "alignment", "core_group", False, table)
    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline())
    >>> found = components([one], parameters)[0]
    >>> found[["component", "variance"]].round(4).values.tolist()
    [['item', 1.5], ['rater', 4.0], ['residual', 1.0]]
    """
    parts, studies = [], []
    for indicator, sides in _people(compared).items():
        # Rows line up: every table of `blind.comparisons` has all proposals in the same order.
        wide = pd.concat([pd.DataFrame(one.table.values) for one in sides], axis=1, ignore_index=True)
        panel = [one.pair for one in sides for _ in range(one.table.values.shape[1])]
        several = len(sides) > 1
        fit = partial(
            a.variance_components,
            Ratings(wide.to_numpy(dtype=float)),
            panel=panel if several else None,
            confidence_level=parameters.confidence_level,
        )
        fitted = attempted(fit, None)
        if fitted is None:
            lost = dict.fromkeys(COMPONENTS, math.nan) | {"component": "", "note": NOT_COMPUTED}
            parts.append(pd.DataFrame([lost | {"indicator": indicator}]))
            continue
        study = a.decision_study(fitted, target=TARGET, n_panels=max(len(sides), 1))
        parts.append(fitted.frame().assign(indicator=indicator))
        studies.append(study.table.assign(indicator=indicator, needed=study.needed_dependability))
    if not parts:
        return pd.DataFrame(columns=COMPONENTS), pd.DataFrame(columns=DECISIONS)
    studies = studies or [pd.DataFrame(columns=DECISIONS)]
    frames = [pd.concat(group, ignore_index=True) for group in (parts, studies)]
    return tuple(frame[["indicator", *frame.columns.drop("indicator")]] for frame in frames)


def _people(compared: list[Comparison]) -> dict[str, list[Comparison]]:
    by_indicator: dict[str, list[Comparison]] = {}
    for one in compared:
        # What `variance_components` would refuse: seats are no evaluators, and three ratings are the least.
        if one.grain == BY_INDICATOR and not one.seats and one.table.identified and one.table.n_ratings > 2:
            by_indicator.setdefault(one.indicator, []).append(one)
    # A single evaluator in all cannot be told from the proposals.
    return {
        name: sides for name, sides in by_indicator.items() if sum(one.table.n_raters for one in sides) > 1
    }


def categories_by_side(inputs: Inputs, parameters: Parameters) -> pd.DataFrame:
    """Category by the rule when each criterion takes one panel alone, for every combination of panels.

    In the plan no evaluator rates both criteria, so this is no agreement of evaluators: it asks whether it
    matters whose ratings one takes. A pair inside a panel is settled as note 20 says, third evaluation
    included; a panel that is one side of a pair counts with the mean of its blind ratings.

    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import ratings
    >>> parameters = params.from_values(params.baseline())
    >>> found = categories_by_side(ratings.load(parameters), parameters)
    >>> found.columns[0], int(found["same"].sum()), len(found)
    ('lead + working_group', 30, 43)
    """
    # A refusal would stop the whole notebook, whose other tables need no third evaluation.
    lenient = replace(parameters, missing_third="mean" if parameters.missing_third == "mean" else "bounds")
    sheets = whole_assessment.used_sheets(inputs, lenient)
    alone = [
        [_scored_alone(sheet, place, lenient) for place in range(len(sheet.criterion.panels))]
        for sheet in sheets.criteria
    ]
    names = itertools.product(*(criterion.panels for criterion in parameters.method.criteria))
    route = categories.recorded_route(sheets.proposals, inputs.proposals)
    rule = categories.category_rule(parameters.method)
    made = {}
    for pair, sides in zip(names, itertools.product(*alone), strict=True):
        axes = whole_assessment.axes_of(list(sides), lenient)
        levels, barred = [axis.codes[0] for axis in axes], np.max([axis.barred[0] for axis in axes], axis=0)
        # One panel that serves all criteria is one side.
        label = " + ".join(dict.fromkeys(pair))
        codes = categories.without_barred(categories.category_codes(levels, rule, route), barred, rule)
        made[label] = categories.as_category(codes, sheets.proposals)
    frame = pd.DataFrame(made, index=sheets.proposals)
    equal = frame.eq(frame.iloc[:, 0], axis=0).all(axis=1)
    same = equal.astype("boolean").mask(frame.isna().any(axis=1) | (len(made) < 2))
    return frame.assign(same=same)


def _scored_alone(sheet: Sheet, place: int, parameters: Parameters) -> Scored:
    """Score one criterion by one panel alone: what it judged in place of what all panels made of it."""
    rule = replace(criterion_rule(sheet.criterion, parameters), panel_rule=place)
    if rule.between:
        # One side of a pair: nobody inside the panel is compared, and no third evaluation is the panel's own.
        rule = replace(rule, seated=False, between=False, foreseen=False, matching_rule="mean")
    return score(sheet, [rule])
