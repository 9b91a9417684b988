"""The whole road from ratings to categories in one call, for sweeps, comparisons and scenario tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.assessment import adjudication, categories, conflicts
from ogp_analysis.assessment.batch import Scored, score
from ogp_analysis.assessment.composite import CompositeScored, composite_of, composite_weighing
from ogp_analysis.assessment.criterion_rule import criterion_rule
from ogp_analysis.assessment.rating_arrays import Sheets, sheets_of
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.records import (
    CATEGORIES,
    CATEGORY,
    CATEGORY_OUTSIDE,
    COMPOSITE,
    CONFIRMATION,
    CRITERION,
    INDICATOR,
    PROPOSAL,
    REASON,
    SELECTION,
    STAGE,
)

# The plan's note on category 3, line 752: "Proposals within the top 15 scores".
TOP = 15
# What is said of a pair only where a third evaluation is foreseen.
JUDGED = tuple(
    adjudication.STATUSES[code]
    for code in (adjudication.MATCHED, adjudication.THIRD_USED, adjudication.UNRESOLVED)
)


@dataclass(frozen=True)
class Assessment:
    """What follows from a set of ratings under one set of parameters.

    Parameters
    ----------
    settled : DataFrame
        One row a proposal, indicator and blind pair.
    scores : DataFrame
        Proposals by indicators, in points.
    assigned : DataFrame
        Proposals with criterion scores, levels and categories.
    """

    settled: pd.DataFrame
    scores: pd.DataFrame
    assigned: pd.DataFrame


def assess(inputs: Inputs, parameters: Parameters) -> Assessment:
    """Resolve, score and categorise in one call.

    Parameters
    ----------
    inputs : Inputs
        Checked ratings, proposals, decisions and evaluators.
    parameters : params.Parameters
        Every choice of the method.

    Returns
    -------
    Assessment
        Settled pairs, indicator scores and categories.

    Examples
    --------
    >>> from ogp_analysis.model.params import baseline, from_values
    >>> parameters = from_values(baseline())
    >>> rows = [
    ...     ("S01", indicator.name, panel, f"{panel} {seat}", "independent", 4)
    ...     for criterion in parameters.method.criteria
    ...     for indicator in criterion.indicators
    ...     for panel in criterion.panels
    ...     for seat in range(criterion.raters_per_panel)
    ... ]
    >>> columns = ["proposal", "indicator", "panel", "evaluator", "role", "rating"]
    >>> inputs = Inputs(pd.DataFrame(rows, columns=columns), pd.DataFrame({"proposal": ["S01"]}))
    >>> assess(inputs, parameters).assigned[["composite", "category_by_rule"]].values.tolist()
    [[4.0, 1]]
    """
    sheets = used_sheets(inputs, parameters)
    settled = adjudication.settled_frame(sheets, parameters)
    adjudication.refuse_unresolved(settled, parameters)
    scored, categorised = _categorised(sheets, inputs, parameters)
    assigned = categories.assigned_frame(sheets.proposals, scored, categorised, inputs, parameters)
    return Assessment(settled, scores_frame(sheets, scored), assigned)


def final_categories(inputs: Inputs, parameters: Parameters) -> pd.Series:
    """Give the category of each proposal after phase 5, -1 where undetermined, and no other table.

    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import ratings
    >>> parameters = params.from_values(params.baseline())
    >>> final_categories(ratings.load(parameters), parameters).head(3).to_dict()
    {'S01': 1, 'S02': 1, 'S03': 4}
    """
    sheets = used_sheets(inputs, parameters)
    scored, categorised = _categorised(sheets, inputs, parameters)
    if any(one.unresolved.any() for one in scored):
        refuse_lacking(sheets, parameters)
    decided = categories.known_decisions(
        sheets.proposals, inputs.proposals, inputs.decisions, parameters.method
    )
    return pd.Series(categories.chosen_categories(categorised.ruled[0], decided)[1], index=sheets.proposals)


def refuse_lacking(sheets: Sheets, parameters: Parameters) -> None:
    """Refuse lacking third evaluations where the parameters do; pairs are made to be shown only then."""
    if parameters.missing_third == "refuse":
        adjudication.refuse_unresolved(adjudication.settled_frame(sheets, parameters), parameters)


def _categorised(
    sheets: Sheets, inputs: Inputs, parameters: Parameters
) -> tuple[list[Scored], categories.Categorised]:
    scored = [score(sheet, [criterion_rule(sheet.criterion, parameters)]) for sheet in sheets.criteria]
    route = categories.recorded_route(sheets.proposals, inputs.proposals)
    axes, alone = axes_of(scored, parameters), np.zeros(1, dtype=int)
    rule = categories.category_rule(parameters.method)
    return scored, categories.categorise(axes, [alone] * len(axes), rule, route)


def used_sheets(inputs: Inputs, parameters: Parameters) -> Sheets:
    """Put the ratings that the scores are made of into arrays."""
    rated = ratings_used(inputs, parameters)
    return sheets_of(rated, parameters.method, proposals=inputs.proposals)


def axes_of(scored: list[Scored], parameters: Parameters) -> Sequence[Scored | CompositeScored]:
    """Give what categories follow from, under one scenario: the criteria, or the composite of all of them."""
    if not parameters.method.by_composite:
        return scored
    weighings = [composite_weighing(parameters)]
    return [composite_of(scored, [np.zeros(1, dtype=int)] * len(scored), weighings)]


def scores_frame(sheets: Sheets, scored: list[Scored]) -> pd.DataFrame:
    """Show the indicator scores of one scenario: proposals by indicators, in points."""
    names = [indicator.name for sheet in sheets.criteria for indicator in sheet.criterion.indicators]
    return pd.DataFrame(np.hstack([one.scores[0] for one in scored]), index=sheets.proposals, columns=names)


def ratings_used(inputs: Inputs, parameters: Parameters) -> pd.DataFrame:
    """Give the ratings that the scores are made of: all, or those without a conflict of interest.

    Parameters
    ----------
    inputs : Inputs
        Checked ratings, proposals and evaluators.
    parameters : params.Parameters
        Its ``conflict`` decides.

    Returns
    -------
    DataFrame
        Rows of ``inputs.ratings``.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import ratings
    >>> inputs = ratings.load(params.from_values(params.baseline()))
    >>> ways = [params.baseline() | {"conflict": how} for how in ("flag", "exclude")]
    >>> [len(ratings_used(inputs, params.from_values(values))) for values in ways]
    [889, 867]
    """
    if parameters.conflict != "exclude":
        return inputs.ratings
    # Lead and counterpart rate their own proposals by the plan's design (line 490), so their seats stay.
    seats = parameters.method.seats
    return conflicts.without_conflicts(inputs.ratings, inputs.evaluators, inputs.proposals, seats=seats)


def category_counts(assigned: pd.DataFrame, numbers: tuple[int, ...] = CATEGORIES) -> pd.DataFrame:
    """Count proposals in each category: by the rule, after the selection and after phase 5.

    Parameters
    ----------
    assigned : DataFrame
        From :func:`assess`.
    numbers : tuple of int
        The categories of the method, from best to last.

    Returns
    -------
    DataFrame
        One row a category and a last one for undetermined proposals; columns ``category, by_rule,
        after_selection, final`` (counts of proposals).

    Examples
    --------
    >>> by_rule, chosen, final = [1, 2, None], [1, 1, None], [1, 1, None]
    >>> steps = {"category_by_rule": by_rule, "category_selection": chosen, "category_final": final}
    >>> category_counts(pd.DataFrame(steps)).set_index("category").loc[["1", "undetermined"]].values.tolist()
    [[1, 2, 2], [1, 1, 1]]
    """
    steps = {
        "by_rule": "category_by_rule",
        "after_selection": "category_selection",
        "final": "category_final",
    }
    counts = {
        name: assigned[column].value_counts().reindex(numbers).fillna(0) for name, column in steps.items()
    }
    frame = pd.DataFrame(counts).astype(int)
    frame.loc["undetermined"] = [int(assigned[column].isna().sum()) for column in steps.values()]
    return frame.rename_axis("category").reset_index().astype({"category": "str"})


def third_evaluations(settled: pd.DataFrame) -> pd.DataFrame:
    """Count pairs that match, used a third evaluation or lack one, by criterion, indicator and pair.

    >>> settled = pd.DataFrame({"status": ["matched", "matched", "third", "combined"]})
    >>> settled["criterion"] = ["relevance"] * 3 + ["feasibility"]
    >>> settled = settled.assign(indicator=["alignment"] * 3 + ["time"], pair="core_group")
    >>> third_evaluations(settled)[["matched", "third", "combined", "pairs"]].values.tolist()
    [[2, 1, 0, 3], [<NA>, <NA>, 1, 1]]
    """
    keys = [CRITERION, INDICATOR, "pair"]
    # In the order of the rule, not of the alphabet.
    seen = [name for name in adjudication.STATUSES if (settled["status"] == name).any()]
    counts = settled.groupby([*keys, "status"], sort=False).size().unstack(fill_value=0)[seen]
    # As in the ledger: one rating alone is no pair.
    pairs = counts.drop(columns=adjudication.STATUSES[adjudication.SINGLE], errors="ignore").sum(axis=1)
    counts = counts.assign(pairs=pairs).astype("Int64").reset_index().rename_axis(columns=None)
    # A zero would say that none of them matches.
    combined = settled["status"] == adjudication.STATUSES[adjudication.COMBINED]
    unjudged = counts[CRITERION].isin(settled.loc[combined, CRITERION])
    judged = [name for name in seen if name in JUDGED]
    counts.loc[unjudged, judged] = pd.NA
    return counts


def third_list(settled: pd.DataFrame) -> pd.DataFrame:
    """List the pairs that called for a third evaluation, with both originals, the third and the score.

    Pairs for which none is foreseen are combined however far apart they lie, and are not listed.

    >>> ratings = {"first": [2.0, 4.0], "second": [5.0, 4.0], "difference": [3.0, 0.0], "third": [4.0, None]}
    >>> settled = pd.DataFrame(ratings | dict.fromkeys(("score", "low", "high"), 4.0))
    >>> settled = settled.assign(proposal=["S01", "S02"], status=["third", "matched"])
    >>> third_list(settled.assign(indicator="alignment", pair="core_group"))["proposal"].tolist()
    ['S01']
    """
    columns = [
        PROPOSAL,
        INDICATOR,
        "pair",
        "first",
        "second",
        "difference",
        "third",
        "status",
        "score",
        "low",
        "high",
    ]
    names = [adjudication.STATUSES[code] for code in (adjudication.THIRD_USED, adjudication.UNRESOLVED)]
    return settled.loc[settled["status"].isin(names), columns].reset_index(drop=True)


def decisions_apart(
    assigned: pd.DataFrame, *, decisions: pd.DataFrame, stages: tuple[str, ...] = (SELECTION, CONFIRMATION)
) -> pd.DataFrame:
    """List every recorded decision beside the rule: who took it, when and why, and whether the rule agrees.

    >>> index = pd.Index(["S12"], name="proposal")
    >>> assigned = pd.DataFrame({"category_by_rule": [1], "category_final": [3]}, index)
    >>> decided = {"proposal": "S12", "stage": "selection", "category": 3, "reason": "outside the plan"}
    >>> decisions_apart(assigned, decisions=pd.DataFrame([decided]))[["proposal", "effect"]].values.tolist()
    [['S12', 'differs']]
    """
    columns = [PROPOSAL, STAGE, CATEGORY, REASON, "decided_by", "date"]
    known = assigned[["category_by_rule", "category_final"]].reset_index()
    given = decisions.reindex(columns=columns).rename(
        columns={CATEGORY: "category_decided", REASON: "decision_reason"}
    )
    listed = given.astype({"category_decided": "Int64", PROPOSAL: "str"}).merge(known, on=PROPOSAL)
    ruled, decided = listed["category_by_rule"], listed["category_decided"]
    effect = pd.Series("differs", index=listed.index, dtype="str")
    listed["effect"] = effect.mask((ruled == decided).fillna(False), "agrees").mask(
        ruled.isna(), "undetermined"
    )
    order = [PROPOSAL, STAGE, "category_by_rule", "category_decided", "effect", "decision_reason"]
    # Stages in the order in which they came.
    place = listed[STAGE].map({name: at for at, name in enumerate(stages)})
    ordered = listed.assign(place=place).sort_values([PROPOSAL, "place"], kind="stable", ignore_index=True)
    return ordered[[*order, "decided_by", "date", "category_final"]]


def top_outside(assigned: pd.DataFrame, *, top: int = TOP) -> pd.DataFrame:
    """List proposals with a top composite that stand in category 3 (the note on line 752 of the plan).

    Ties at the last place all count as inside.

    >>> index = pd.Index(["S12", "S20"], name="proposal")
    >>> columns = {"composite": [4.5, 4.0], "category_by_rule": 1, "decision_reason": ""}
    >>> assigned = pd.DataFrame(columns, index)
    >>> assigned["category_selection"] = pd.array([3, 1], dtype="Int64")
    >>> top_outside(assigned)[["proposal", "rank", "category_selection"]].values.tolist()
    [['S12', 1, 3]]
    """
    rank = assigned[COMPOSITE].rank(ascending=False, method="min")
    inside = (rank <= top) & (assigned["category_selection"] == CATEGORY_OUTSIDE).fillna(False)
    listed = assigned.assign(rank=rank.astype("Int64"))[inside]
    return listed[
        ["rank", COMPOSITE, "category_by_rule", "category_selection", "decision_reason"]
    ].reset_index()


def unresolved(settled: pd.DataFrame) -> pd.DataFrame:
    """List the pairs that lack the third evaluation their rule calls for, with the bounds of their score."""
    listed = third_list(settled)
    name = adjudication.STATUSES[adjudication.UNRESOLVED]
    return listed[listed["status"] == name].drop(columns=["third", "status"]).reset_index(drop=True)


def summary(assessed: Assessment, parameters: Parameters) -> dict[str, int | float]:
    """Count what the headlines and the results file quote.

    Parameters
    ----------
    assessed : Assessment
        From `assess`.
    parameters : params.Parameters
        Those it was made with.

    Returns
    -------
    dict
        Counts of proposals (``all``, ``rule`` and ``final`` in category 1, ``undetermined`` by the rule and
        after phase 5, ``decided``, and those of :func:`categories.decision_counts`), counts of pairs for
        which a third evaluation is foreseen (``pairs``), that used one (``third``) or lack one (``lacking``),
        and the ``tolerance`` in points.
    """
    assigned, status = assessed.assigned, assessed.settled["status"]
    # As in the ledger: one rating alone is no pair.
    unpaired = [adjudication.STATUSES[code] for code in (adjudication.COMBINED, adjudication.SINGLE)]
    return {
        "all": len(assigned),
        "rule": int((assigned["category_by_rule"] == CATEGORIES[0]).sum()),
        "final": int((assigned["category_final"] == CATEGORIES[0]).sum()),
        "undetermined": int(assigned["category_by_rule"].isna().sum()),
        "undetermined_final": int(assigned["category_final"].isna().sum()),
        "decided": int(assigned["decided"].sum()),
        **categories.decision_counts(assigned),
        "pairs": int((~status.isin(unpaired)).sum()),
        "third": int((status == adjudication.STATUSES[adjudication.THIRD_USED]).sum()),
        "lacking": int((status == adjudication.STATUSES[adjudication.UNRESOLVED]).sum()),
        "tolerance": parameters.tolerance,
    }


def tables(
    assessed: Assessment, parameters: Parameters, *, decisions: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Name every table of notebook 3: settled pairs, scores, third evaluations, categories and decisions.

    Parameters
    ----------
    assessed : Assessment
        From `assess`.
    parameters : params.Parameters
        Those it was made with.
    decisions : DataFrame
        Of the inputs; may be empty.

    Returns
    -------
    dict of str to DataFrame
        Frames by the id under which they are shown and saved.
    """
    settled, assigned = assessed.settled, assessed.assigned
    return {
        "settled": settled,
        "indicator_scores": assessed.scores,
        "third_evaluations": third_evaluations(settled),
        "third_list": third_list(settled),
        "unresolved": unresolved(settled),
        "categories": assigned.assign(decided=categories.decided_otherwise(assigned)),
        "category_counts": category_counts(assigned, parameters.method.category_numbers),
        "decisions": decisions_apart(
            assigned, decisions=decisions, stages=tuple(stage.name for stage in parameters.method.stages)
        ),
        # A note of the plan of Ecuador, and of no other method.
        **({"top_outside": top_outside(assigned)} if parameters.method.plan else {}),
    }
