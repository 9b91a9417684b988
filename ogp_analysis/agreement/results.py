"""What notebook 2 shows: the blind ratings and the parameters of a run become tidy frames."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from ogp_analysis import agreement as a
from ogp_analysis.agreement import blind_pairs
from ogp_analysis.agreement.blind_pairs import BY_INDICATOR, BY_LEVEL, Comparison
from ogp_analysis.agreement.comparisons import (
    COMPONENTS,
    DECISIONS,
    DIFFERENCES,
    NOT_COMPUTED,
    PANELS,
    POOLED,
    UNCERTAIN,
    WHERE,
    attempted,
    categories_by_side,
    cautions,
    components,
    designs,
    differences,
    fitting,
    guarded,
    numbers,
    panel_scores,
    panels,
    where,
    with_pooled,
)
from ogp_analysis.agreement.headline import words as words
from ogp_analysis.language.bottom_line import in_each_language
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.method_words import languages_of
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.records import PROPOSAL
from ogp_analysis.model.results import Results

BY_CATEGORY = ("criterion", "pair", "rating", "share", "specific", "lower", "upper", "kappa")
# Pooled rows count proposals once for each indicator: there an item is no proposal.
CASES = "n_cases"
# Our choice: of a longer scale most ratings are nobody's, and rows of them would hide the others.
MOST_LISTED = 20


def note_20(compared: list[Comparison], parameters: Parameters) -> pd.DataFrame:
    """Note 20's own statistic: share of pairs within the tolerance and rate of third evaluations.

    Of the ratings (1, 1) and (3, 5) the second differs by more than 1 point: half need a third evaluation.

    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline())
    >>> from ogp_analysis.agreement import Ratings
    >>> table = Ratings(np.array([[1.0, 1], [3, 5]]), ["S01", "S02"], ["a", "b"], (1.0, 2.0, 3.0, 4.0, 5.0))
    >>> one = Comparison(BY_INDICATOR, "relevance", "alignment", "core_group", False, table)
    >>> note_20([one], parameters)[["within", "third_rate", "third_foreseen"]].values.tolist()
    [[0.5, 0.5, True]]
    """
    rows = []
    # A tolerance in points means nothing between low, medium and high.
    in_points = [one for one in compared if one.grain != BY_LEVEL]
    for one, cluster in with_pooled(in_points):
        estimate = guarded(
            a.share_within,
            one.table,
            tolerance=parameters.tolerance,
            confidence_level=parameters.confidence_level,
            cluster=cluster,
        )
        # The same pairs the other way round, so the limits change places.
        third = (1 - estimate.value, 1 - estimate.interval[1], 1 - estimate.interval[0])
        foreseen = one.criterion in parameters.third_for
        within = (estimate.value, *estimate.interval)
        rows.append((*where(one), *within, *third, foreseen, estimate.n_items, estimate.note))
    columns = ["within", "lower", "upper", "third_rate", "third_lower", "third_upper", "third_foreseen"]
    return pd.DataFrame(rows, columns=[*WHERE, *columns, CASES, "note"])


def coefficients(compared: list[Comparison], parameters: Parameters) -> pd.DataFrame:
    """Every coefficient that fits each comparison, with its interval.

    Of the design ``same_with_gaps`` they are those of raters who change.

    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline())
    >>> from ogp_analysis.agreement import Ratings
    >>> table = Ratings(np.array([[1.0, 1], [3, 5]]), ["S01", "S02"], ["a", "b"], (1.0, 2.0, 3.0, 4.0, 5.0))
    >>> one = Comparison(BY_INDICATOR, "relevance", "alignment", "core_group", False, table)
    >>> estimate = coefficients([one], params.with_values(parameters, n_resamples=100))
    >>> estimate[["coefficient", "value", "lower", "upper"]].values.tolist()[0]
    ['percent_agreement', 0.5, 0.0, 1.0]
    """
    rows = []
    for one, cluster in with_pooled(compared):
        for name, weights, call in fitting(one, parameters):
            estimate = guarded(call, one.table, confidence_level=parameters.confidence_level, cluster=cluster)
            # A coefficient of seats knows its columns, not who sat there.
            estimate = replace(estimate, n_raters=len(frozenset().union(*one.people)) or estimate.n_raters)
            # The scales of words are for agreement beyond chance; a share of agreeing pairs is not.
            word = a.benchmark(estimate)[0] if name != "percent_agreement" else ""
            rows.append((*where(one), name, weights, *numbers(estimate), word))
    estimate = pd.DataFrame(rows, columns=[*WHERE, "coefficient", "weights", *UNCERTAIN, "benchmark"])
    return estimate.rename(columns={"n_items": CASES})


def main_table(estimates: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """One row an indicator and pair with the coefficients a reader compares first."""
    rows = estimates[estimates["grain"] == BY_INDICATOR]
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
    for name, of_scores in chosen.items():
        part = rows[of_scores].set_index(key)
        table[name] = part["value"]
        if name in ("ac", "alpha"):
            table[f"{name}_lower"], table[f"{name}_upper"] = part["lower"], part["upper"]
    table["weights"] = weights
    table["metric"] = rows[chosen["alpha"]].set_index(key)["weights"]
    notes = [rows[chosen[name]].set_index(key)["note"] for name in ("icc", "kappa", "ac", "alpha")]
    table["note"] = [next(filter(None, note), "") for note in zip(*notes, strict=True)]
    return table.reset_index()


def by_score(estimates: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """The rows of `coefficients` on criterion scores and levels, in the run's weighting."""
    shown = estimates["weights"].isin([parameters.disagreement_weights, "interval", ""])
    alpha = estimates["coefficient"].isin(["krippendorff_alpha", "percent_agreement"])
    of_scores = estimates[(estimates["grain"] != BY_INDICATOR) & (shown | alpha)]
    columns = [
        "grain",
        "criterion",
        "pair",
        "coefficient",
        "weights",
        "value",
        "lower",
        "upper",
        CASES,
        "note",
    ]
    # Nothing is pooled here: every case is a proposal.
    return of_scores[columns].rename(columns={CASES: "n_items"}).reset_index(drop=True)


def by_category(compared: list[Comparison], parameters: Parameters) -> pd.DataFrame:
    """Agreement rating by rating of the scale, indicators of a criterion pooled, proposals as clusters.

    Who gave a 1 was joined by the other, who gave a 3 or a 5 was not; nobody gave a 2 or a 4. Of a scale
    of more than ``MOST_LISTED`` ratings those that nobody gave are left out.

    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline())
    >>> from ogp_analysis.agreement import Ratings
    >>> table = Ratings(np.array([[1.0, 1], [3, 5]]), ["S01", "S02"], ["a", "b"], (1.0, 2.0, 3.0, 4.0, 5.0))
    >>> one = Comparison(BY_INDICATOR, "relevance", "alignment", "core_group", False, table)
    >>> by_category([one], parameters)["specific"].tolist()
    [1.0, nan, 0.0, nan, 0.0]
    """
    rows = []
    stacked = with_pooled([one for one in compared if one.grain == BY_INDICATOR])
    several = {(one.criterion, one.pair) for one, _ in stacked if one.indicator == POOLED}
    for one, cluster in stacked:
        whole = one.indicator == POOLED or (one.criterion, one.pair) not in several
        if whole and (one.table.per_item >= 2).any():
            level = parameters.confidence_level
            named = None if cluster is None else cluster.tolist()
            parts = a.per_category_agreement(one.table, cluster=named, confidence_level=level)
            for part in parts if len(parts) <= MOST_LISTED else [one for one in parts if one.share.value]:
                numbers_ = (part.share.value, part.specific.value, *part.specific.interval, part.kappa.value)
                rows.append((one.criterion, one.pair, part.category, *numbers_))
    return pd.DataFrame(rows, columns=BY_CATEGORY)


def disagreements(compared: list[Comparison]) -> pd.DataFrame:
    """Largest difference between blind ratings of the same proposal and indicator, by pair.

    >>> from ogp_analysis.agreement import Ratings
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


def summary(frames: Mapping[str, pd.DataFrame], parameters: Parameters) -> dict[str, float | int | str]:
    """Give the numbers of the bottom line.

    ``pairs`` of blind ratings, or where some proposal and indicator has more than two of them ``cells``.
    Pairs for which no third evaluation is foreseen stand apart as ``others``, where there are both kinds:
    note 20 is not about them. All of 10 pairs and half of 30 lie within the tolerance: 25 of 40.

    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline())
    >>> rows = pd.DataFrame({"grain": BY_INDICATOR, "indicator": ["time", "alignment"], "most": 2})
    >>> frames = {
    ...     "note_20": rows.assign(n_cases=[10, 30], within=[1.0, 0.5]),
    ...     "agreement": rows.assign(ac=[0.9, 0.5], alpha=[0.8, 0.4]),
    ...     "categories_by_side": pd.DataFrame({"same": [True, False, None]}),
    ...     "designs": rows,
    ... }
    >>> shown = summary(frames, parameters)
    >>> [shown[name] for name in ("pairs", "within", "ac_lowest", "same", "compared")]
    [40, 0.625, 0.5, 1, 2]
    """
    single = frames["note_20"].query("grain == @BY_INDICATOR and indicator != @POOLED")
    main = frames["agreement"].query("indicator != @POOLED")
    same = frames.get("categories_by_side", pd.DataFrame({"same": []}))["same"]
    most = frames["designs"].query("grain == @BY_INDICATOR")["most"].max()
    parts = [single] if most > 2 else _by_foreseen(single)
    counts, shares = zip(*map(_cases_and_share, parts), strict=True)
    return {
        "cells" if most > 2 else "pairs": counts[0],
        "within": shares[0],
        **({"others": counts[1], "within_others": shares[1]} if len(parts) > 1 else {}),
        "tolerance": parameters.tolerance,
        "ac_lowest": float(main["ac"].min()),
        "ac_highest": float(main["ac"].max()),
        "alpha_lowest": float(main["alpha"].min()),
        "alpha_highest": float(main["alpha"].max()),
        "metric": ", ".join(dict.fromkeys(main["metric"])) if "metric" in main else "",
        "same": int(same.fillna(False).sum()),
        "compared": int(same.notna().sum()),
    }


def _by_foreseen(single: pd.DataFrame) -> list[pd.DataFrame]:
    """Part pairs for which a third evaluation is foreseen from the others; one part where all are alike."""
    if "third_foreseen" not in single:
        return [single]
    foreseen = single["third_foreseen"].fillna(False).astype(bool)
    parts = [single[foreseen], single[~foreseen]]
    return parts if all(part[CASES].sum() for part in parts) else [single]


def _cases_and_share(part: pd.DataFrame) -> tuple[int, float]:
    """Add the cases up; weighted by them the share is that of all pairs, not a mean of shares."""
    cases = int(part[CASES].sum())
    return cases, float((part["within"] * part[CASES]).sum() / cases) if cases else math.nan


def compute(inputs: Inputs, parameters: Parameters) -> Results:
    """Find everything that notebook 2 shows: how far evaluators agree, and how sure that is.

    Parameters
    ----------
    inputs : Inputs
        Checked ratings.
    parameters : params.Parameters
        Of the run.

    Returns
    -------
    Results
        Tables ``designs, cautions, note_20, agreement, coefficients, by_score, by_category, disagreements,
        panel_scores, panels, differences, components, decision_study, categories_by_side``; one that the
        ratings do not allow is one row with note ``not_computed``, and costs no other; those that compare
        panels only where a criterion has two (the last one: several). The summary has
        ``pairs`` of blind ratings, or where some proposal and indicator has more than two of them ``cells``
        (with two or more); ``within`` (share of pairs, in cells their mean share), ``others`` and
        ``within_others`` (pairs without a third evaluation foreseen, beside such), ``tolerance`` (points),
        lowest and highest AC and alpha by indicator with the ``metric`` of alpha, ``same`` and ``compared``
        proposals whose category does not depend on the panel (both 0 where there is no choice of panels).
        Further are ``weights`` of AC and ``confidence_level`` of the intervals.

    Examples
    --------
    >>> from ogp_analysis import ratings
    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline() | {"n_resamples": 100})
    >>> frames = compute(ratings.load(parameters), parameters)
    >>> frames.summary["pairs"], frames.summary["compared"]
    (258, 43)
    """
    frames = tables(inputs, parameters)
    numbers_ = summary(frames, parameters)
    return Results(
        tables=frames,
        summary=numbers_,
        bottom_line=in_each_language(
            "headline.agreement",
            lambda language: words(numbers_, replace(parameters, language=language)),
            synthetic=inputs.synthetic,
            languages=languages_of(parameters.method),
        ),
        synthetic=inputs.synthetic,
        further={
            "weights": parameters.disagreement_weights,
            "confidence_level": parameters.confidence_level,
            # Of a jury the differences are the largest of many, and not those of a pair.
            "paired": not any(criterion.juried for criterion in parameters.method.criteria),
        },
    )


def tables(inputs: Inputs, parameters: Parameters) -> dict[str, pd.DataFrame]:
    """Compute every table of notebook 2, by name."""
    compared = blind_pairs.comparisons(inputs, parameters)
    variance, study = attempted(
        partial(components, compared, parameters), (_lost(COMPONENTS), _lost(DECISIONS))
    )
    estimates = coefficients(compared, parameters)
    frames = {
        "designs": designs(compared),
        "cautions": cautions(compared),
        "note_20": note_20(compared, parameters),
        "agreement": main_table(estimates, parameters),
        "coefficients": estimates,
        "by_score": by_score(estimates, parameters),
        "by_category": attempted(partial(by_category, compared, parameters), _lost(BY_CATEGORY)),
        "disagreements": disagreements(compared),
        "components": variance,
        "decision_study": study,
    }
    numbers_of_panels = {len(criterion.panels) for criterion in parameters.method.criteria}
    if 2 in numbers_of_panels:
        frames |= _face_to_face(inputs, parameters, compared)
    if max(numbers_of_panels) > 1:
        sides = _lost(("same",)).astype({"same": "boolean"}).rename_axis(PROPOSAL)
        frames["categories_by_side"] = attempted(partial(categories_by_side, inputs, parameters), sides)
    return frames


def _face_to_face(
    inputs: Inputs, parameters: Parameters, compared: list[Comparison]
) -> dict[str, pd.DataFrame]:
    return {
        "panel_scores": panel_scores(inputs, parameters),
        "panels": attempted(partial(panels, inputs, parameters), _lost(PANELS)),
        "differences": attempted(partial(differences, inputs, parameters, compared), _lost(DIFFERENCES)),
    }


def _lost(columns: tuple[str, ...]) -> pd.DataFrame:
    """What stands in the place of a table that could not be made: its columns, and the reason in one row."""
    return pd.DataFrame([dict.fromkeys(columns, math.nan) | {"note": NOT_COMPUTED}])
