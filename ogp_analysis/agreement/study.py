"""What notebook 2 shows: the blind ratings and the parameters of a run become tidy frames."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from ogp_analysis import agreement as a
from ogp_analysis.agreement import blind
from ogp_analysis.agreement.blind import BY_CRITERION, BY_INDICATOR, BY_LEVEL, Comparison
from ogp_analysis.agreement.data import Ratings
from ogp_analysis.agreement.design import CHANGING, SEATS
from ogp_analysis.agreement.study_designs import cautions, design_of, designs
from ogp_analysis.agreement.study_rows import UNCERTAIN, WHERE, guarded, numbers, where, with_options
from ogp_analysis.agreement.study_sides import (
    categories_by_side,
    components,
    differences,
    panel_scores,
    panels,
)
from ogp_analysis.agreement.study_words import words as words
from ogp_analysis.model import PROPOSAL, Estimate
from ogp_analysis.params import Parameters

POOLED = "all"
# Pooled rows count proposals once for each indicator: there an item is no proposal.
CASES = "n_cases"


def note_20(compared: list[Comparison], parameters: Parameters) -> pd.DataFrame:
    """Note 20's own statistic: share of pairs within the tolerance and rate of third evaluations.

    Parameters
    ----------
    compared : list of Comparison
        From `blind.comparisons`.
    parameters : params.Parameters
        Tolerance and confidence level.

    Returns
    -------
    DataFrame
        By indicator and pair, pooled by criterion and pair (clustered by proposal), and by criterion score:
        ``within, lower, upper, third_rate, third_lower, third_upper, third_foreseen, n_cases, note``; a case
        is a proposal, in pooled rows a proposal and one indicator.

    Examples
    --------
    Of the ratings (1, 1) and (3, 5) the second differs by more than 1 point: half need a third evaluation.

    >>> from ogp_analysis import params
    >>> parameters = params.from_values(params.baseline())
    >>> table = Ratings(np.array([[1.0, 1], [3, 5]]), ["S01", "S02"], ["a", "b"], (1.0, 2.0, 3.0, 4.0, 5.0))
    >>> one = Comparison(BY_INDICATOR, "relevance", "alignment", "core_group", False, table)
    >>> note_20([one], parameters)[["within", "third_rate", "third_foreseen"]].values.tolist()
    [[0.5, 0.5, True]]
    """
    rows = []
    # A tolerance in points means nothing between low, medium and high.
    in_points = [one for one in compared if one.grain != BY_LEVEL]
    for one, cluster in _with_pooled(in_points):
        found = guarded(
            a.share_within,
            one.table,
            tolerance=parameters.tolerance,
            confidence_level=parameters.confidence_level,
            cluster=cluster,
        )
        # The same pairs the other way round, so the limits change places.
        third = (1 - found.value, 1 - found.interval[1], 1 - found.interval[0])
        foreseen = one.criterion in parameters.third_for
        rows.append((*where(one), found.value, *found.interval, *third, foreseen, found.n_items, found.note))
    columns = ["within", "lower", "upper", "third_rate", "third_lower", "third_upper", "third_foreseen"]
    return pd.DataFrame(rows, columns=[*WHERE, *columns, CASES, "note"])


def coefficients(compared: list[Comparison], parameters: Parameters) -> pd.DataFrame:
    """Every coefficient that fits each comparison, with its interval.

    Parameters
    ----------
    compared : list of Comparison
        From `blind.comparisons`.
    parameters : params.Parameters
        Disagreement weighting and confidence level.

    Returns
    -------
    DataFrame
        Long: ``grain, criterion, indicator, pair, coefficient, weights``, then ``value, lower, upper,
        standard_error, n_cases, n_raters, n_ratings, note, benchmark`` (Gwet's probabilistic class on the
        scale of Landis and Koch: interpretation, no verdict). A case is a proposal, in pooled rows a proposal
        and one indicator.

    Examples
    --------
    >>> from ogp_analysis import params
    >>> parameters = params.from_values(params.baseline())
    >>> table = Ratings(np.array([[1.0, 1], [3, 5]]), ["S01", "S02"], ["a", "b"], (1.0, 2.0, 3.0, 4.0, 5.0))
    >>> one = Comparison(BY_INDICATOR, "relevance", "alignment", "core_group", False, table)
    >>> found = coefficients([one], params.with_values(parameters, n_resamples=100))
    >>> found[["coefficient", "value", "lower", "upper"]].values.tolist()[0]
    ['percent_agreement', 0.5, 0.0, 1.0]
    """
    rows = []
    for one, cluster in _with_pooled(compared):
        for name, weights, call in _fitting(one, parameters):
            found = guarded(call, one.table, confidence_level=parameters.confidence_level, cluster=cluster)
            # A coefficient of seats knows its columns, not who sat there.
            found = replace(found, n_raters=len(frozenset().union(*one.people)) or found.n_raters)
            # The scales of words are for agreement beyond chance; a share of agreeing pairs is not.
            word = a.benchmark(found)[0] if name != "percent_agreement" else ""
            rows.append((*where(one), name, weights, *numbers(found), word))
    found = pd.DataFrame(rows, columns=[*WHERE, "coefficient", "weights", *UNCERTAIN, "benchmark"])
    return found.rename(columns={"n_items": CASES})


def _fitting(one: Comparison, parameters: Parameters) -> list[tuple[str, str, Callable[..., Estimate]]]:
    kind = design_of(one).kind
    fixed = kind != CHANGING
    # The two-way forms need complete data; one missing rating and the one-way form is what is left.
    form = "ICC(A,1)" if fixed and not _incomplete(one.table) else "ICC(1)"
    metric = "interval" if one.grain == BY_CRITERION else "ordinal"
    # Intervals that covered what they promise in benchmarks/interval_coverage.md.
    drawn = {"interval": "studentized", "n_resamples": parameters.n_resamples, "rng": parameters.seed}
    fisher = {"interval": "fisher"}
    found = [
        ("krippendorff_alpha", metric, with_options(a.krippendorff_alpha, measurement=metric, **fisher)),
        (form, "", with_options(a.icc, form=form)),
    ]
    if one.grain == BY_CRITERION:
        return found
    kappa = a.conger_kappa if fixed else a.fleiss_kappa
    name = ("cohen_kappa" if kind == SEATS else "conger_kappa") if fixed else "fleiss_kappa"
    # Keys, not a set: the run's weighting comes first, and comes once where it is one of the others.
    weightings = dict.fromkeys((parameters.disagreement_weights, "identity", "ordinal"))
    weighted = [
        ("gwet_ac", weights, with_options(a.gwet_ac, weights=weights, **drawn)) for weights in weightings
    ]
    kappas = [(name, weights, with_options(kappa, weights=weights, **fisher)) for weights in weightings]
    percent = ("percent_agreement", "identity", with_options(a.percent_agreement))
    return [percent, *weighted, *kappas, *found]


def _with_pooled(compared: list[Comparison]) -> list[tuple[Comparison, np.ndarray | None]]:
    """Each comparison, and those of one criterion and pair pooled over indicators, proposals as clusters."""
    found: list[tuple[Comparison, np.ndarray | None]] = [(one, None) for one in compared]
    groups: dict[tuple[str, str], list[Comparison]] = {}
    for one in compared:
        if one.grain == BY_INDICATOR:
            groups.setdefault((one.criterion, one.pair), []).append(one)
    for members in groups.values():
        # A criterion with a single judged indicator is its own pool; a second row would show it twice.
        if len(members) > 1:
            found.append(_pooled(members))
    order = {(c.criterion, c.pair, c.grain): k for k, c in enumerate(compared)}
    return sorted(found, key=lambda pair: order[(pair[0].criterion, pair[0].pair, pair[0].grain)])


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


def main_table(found: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """One row an indicator and pair with the coefficients a reader compares first.

    Parameters
    ----------
    found : DataFrame
        From `coefficients`.
    parameters : params.Parameters
        Names the weighting of AC and kappa.

    Returns
    -------
    DataFrame
        Columns ``criterion, indicator, pair, percent``, ``ac, alpha`` each with limits, ``kappa, icc``. Kappa
        is Cohen's of seats, Conger's of the same evaluators throughout, Fleiss' where they change; the ICC is
        A,1 or 1 by the same rule.
    """
    rows = found[found["grain"] == BY_INDICATOR]
    weights = parameters.disagreement_weights
    chosen = {
        "percent": rows["coefficient"] == "percent_agreement",
        "ac": (rows["coefficient"] == "gwet_ac") & (rows["weights"] == weights),
        "alpha": rows["coefficient"] == "krippendorff_alpha",
        "kappa": rows["coefficient"].str.endswith("kappa") & (rows["weights"] == weights),
        "icc": rows["coefficient"].str.startswith("ICC"),
    }
    key = ["criterion", "indicator", "pair"]
    table = rows[key].drop_duplicates().set_index(key)
    for name, mine in chosen.items():
        part = rows[mine].set_index(key)
        table[name] = part["value"]
        if name in ("ac", "alpha"):
            table[f"{name}_lower"], table[f"{name}_upper"] = part["lower"], part["upper"]
    return table.reset_index()


def by_score(found: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """The rows of `coefficients` on criterion scores and levels, in the run's weighting.

    Parameters
    ----------
    found : DataFrame
        From `coefficients`.
    parameters : params.Parameters
        Names the weighting.

    Returns
    -------
    DataFrame
        Columns ``grain, criterion, pair, coefficient, value, lower, upper, n_items, note``.
    """
    shown = found["weights"].isin([parameters.disagreement_weights, "interval", ""])
    alpha = (found["coefficient"] == "krippendorff_alpha") | (found["coefficient"] == "percent_agreement")
    mine = found[(found["grain"] != BY_INDICATOR) & (shown | alpha)]
    columns = ["grain", "criterion", "pair", "coefficient", "value", "lower", "upper", CASES, "note"]
    # Nothing is pooled here: every case is a proposal.
    return mine[columns].rename(columns={CASES: "n_items"}).reset_index(drop=True)


def by_category(compared: list[Comparison], parameters: Parameters) -> pd.DataFrame:
    """Agreement rating by rating of the scale, indicators of a criterion pooled, proposals as clusters.

    Parameters
    ----------
    compared : list of Comparison
        From `blind.comparisons`.
    parameters : params.Parameters
        Confidence level.

    Returns
    -------
    DataFrame
        Columns ``criterion, pair, rating, share`` (of all ratings), ``specific, lower, upper`` (where one
        chose this rating, how often another did too) and ``kappa`` (this rating against all others).

    Examples
    --------
    Who gave a 1 was joined by the other, who gave a 3 or a 5 was not; nobody gave a 2 or a 4.

    >>> from ogp_analysis import params
    >>> parameters = params.from_values(params.baseline())
    >>> table = Ratings(np.array([[1.0, 1], [3, 5]]), ["S01", "S02"], ["a", "b"], (1.0, 2.0, 3.0, 4.0, 5.0))
    >>> one = Comparison(BY_INDICATOR, "relevance", "alignment", "core_group", False, table)
    >>> by_category([one], parameters)["specific"].tolist()
    [1.0, nan, 0.0, nan, 0.0]
    """
    rows = []
    stacked = _with_pooled([one for one in compared if one.grain == BY_INDICATOR])
    several = {(one.criterion, one.pair) for one, _ in stacked if one.indicator == POOLED}
    for one, cluster in stacked:
        whole = one.indicator == POOLED or (one.criterion, one.pair) not in several
        if whole and (one.table.per_item >= 2).any():
            level = parameters.confidence_level
            for part in a.per_category_agreement(one.table, cluster=cluster, confidence_level=level):
                numbers_ = (part.share.value, part.specific.value, *part.specific.interval, part.kappa.value)
                rows.append((one.criterion, one.pair, part.category, *numbers_))
    columns = ["criterion", "pair", "rating", "share", "specific", "lower", "upper", "kappa"]
    return pd.DataFrame(rows, columns=columns)


def disagreements(compared: list[Comparison]) -> pd.DataFrame:
    """Largest difference between blind ratings of the same proposal and indicator, by pair.

    Parameters
    ----------
    compared : list of Comparison
        From `blind.comparisons`.

    Returns
    -------
    DataFrame
        Columns ``criterion, indicator, pair, proposal, difference`` (points; NaN where there is no pair).

    Examples
    --------
    >>> table = Ratings(np.array([[1.0, 1], [3, 5]]), ["S01", "S02"], ["a", "b"], (1.0, 2.0, 3.0, 4.0, 5.0))
    >>> one = Comparison(BY_INDICATOR, "relevance", "alignment", "core_group", False, table)
    >>> disagreements([one])[["proposal", "difference"]].values.tolist()
    [['S01', 0.0], ['S02', 2.0]]
    """
    columns = ["criterion", "indicator", "pair", PROPOSAL, "difference"]
    parts = []
    for one in compared:
        if one.grain == BY_INDICATOR:
            paired = one.table.per_item >= 2
            values = one.table.values
            spread = np.fmax.reduce(values, axis=1) - np.fmin.reduce(values, axis=1)
            where = {"criterion": one.criterion, "indicator": one.indicator, "pair": one.pair}
            difference = np.where(paired, spread, np.nan)
            parts.append(pd.DataFrame({**where, PROPOSAL: one.table.items, "difference": difference}))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def summary(found: dict[str, pd.DataFrame], parameters: Parameters) -> dict[str, float | int]:
    """The numbers of the bottom line.

    Parameters
    ----------
    found : dict of str to DataFrame
        From `tables`.
    parameters : params.Parameters
        Of the run.

    Returns
    -------
    dict
        ``pairs`` of blind ratings, or where some proposal and indicator has more than two of them ``cells``
        (with two or more); ``within`` (share of pairs, in cells their mean share), ``tolerance``, lowest and
        highest AC and alpha by indicator, ``same`` and ``compared`` proposals whose category does not depend
        on the panel (both 0 where there is no choice of panels).

    Examples
    --------
    All of 10 pairs and half of 30 lie within the tolerance: 25 of 40.

    >>> from ogp_analysis import params
    >>> parameters = params.from_values(params.baseline())
    >>> rows = pd.DataFrame({"grain": BY_INDICATOR, "indicator": ["time", "alignment"], "most": 2})
    >>> found = {
    ...     "note_20": rows.assign(n_cases=[10, 30], within=[1.0, 0.5]),
    ...     "agreement": rows.assign(ac=[0.9, 0.5], alpha=[0.8, 0.4]),
    ...     "categories_by_side": pd.DataFrame({"same": [True, False, None]}),
    ...     "designs": rows,
    ... }
    >>> shown = summary(found, parameters)
    >>> [shown[name] for name in ("pairs", "within", "ac_lowest", "same", "compared")]
    [40, 0.625, 0.5, 1, 2]
    """
    single = found["note_20"].query("grain == @BY_INDICATOR and indicator != @POOLED")
    main = found["agreement"].query("indicator != @POOLED")
    same = found["categories_by_side"]["same"]
    cells = int(single[CASES].sum())
    most = found["designs"].query("grain == @BY_INDICATOR")["most"].max()
    return {
        "cells" if most > 2 else "pairs": cells,
        # Weighted by items: with two ratings an item it is the share of all pairs, not a mean of shares.
        "within": float((single["within"] * single[CASES]).sum() / cells) if cells else math.nan,
        "tolerance": parameters.tolerance,
        "ac_lowest": float(main["ac"].min()),
        "ac_highest": float(main["ac"].max()),
        "alpha_lowest": float(main["alpha"].min()),
        "alpha_highest": float(main["alpha"].max()),
        "same": int(same.fillna(False).sum()),
        "compared": int(same.notna().sum()),
    }


def tables(inputs: object, parameters: Parameters) -> dict[str, pd.DataFrame]:
    """Every table of notebook 2, by name.

    Parameters
    ----------
    inputs : ratings.Inputs
        Checked ratings.
    parameters : params.Parameters
        Of the run.

    Returns
    -------
    dict of str to DataFrame
        ``designs, cautions, note_20, agreement, coefficients, by_score, by_category, disagreements,
        panel_scores, panels, differences, components, decision_study, categories_by_side``.
    """
    compared = blind.comparisons(inputs, parameters)
    variance, study = components(compared, parameters)
    found = coefficients(compared, parameters)
    return {
        "designs": designs(compared),
        "cautions": cautions(compared),
        "note_20": note_20(compared, parameters),
        "agreement": main_table(found, parameters),
        "coefficients": found,
        "by_score": by_score(found, parameters),
        "by_category": by_category(compared, parameters),
        "disagreements": disagreements(compared),
        "panel_scores": panel_scores(inputs, parameters),
        "panels": panels(inputs, parameters),
        "differences": differences(inputs, parameters, compared),
        "components": variance,
        "decision_study": study,
        "categories_by_side": categories_by_side(inputs, parameters),
    }


def _incomplete(table: Ratings) -> bool:
    rated = table.per_item[table.per_item > 0]
    return bool((rated < table.values.shape[1]).any())
