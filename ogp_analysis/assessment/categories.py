"""From levels to categories: the rule's table first, then recorded decisions, then phase 5."""

from __future__ import annotations

import itertools
from math import ceil, lcm
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ogp_analysis.assessment import adjudication, scoring
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.records import (
    CATEGORIES,
    CATEGORY,
    CATEGORY_NEXT,
    CATEGORY_OUTSIDE,
    CATEGORY_RESERVE,
    COMPOSITE,
    CONFIRMATION,
    CRITERION,
    INDICATOR,
    LEVELS,
    PROPOSAL,
    REASON,
    SELECTION,
    STAGE,
    Criterion,
    Indicator,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

ROUTE_DECIDES = 0
UNDETERMINED = -1


def category_codes(rows: np.ndarray, columns: np.ndarray, table: np.ndarray, route: np.ndarray) -> np.ndarray:
    """Look categories up in the method's table.

    Parameters
    ----------
    rows, columns : ndarray of int, shape (...)
        Level codes 0, 1, 2 of the two criteria; -1 where undetermined.
    table : ndarray of int, shape (3, 3)
        Category by row and column level; 0 where the route decides.
    route : ndarray of bool, shape (...)
        Whether an institutional route outside the plan is recorded.

    Returns
    -------
    ndarray of int, shape (...)
        Category 1 to 4; -1 where a level is undetermined.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> table = np.array(params.from_values(params.baseline()).method.category_table)
    >>> feasibility, relevance = np.array([2, 1, 0, 0, -1]), np.array([2, 1, 2, 2, 2])
    >>> route = np.array([False, False, True, False, False])
    >>> category_codes(feasibility, relevance, table, route).tolist()
    [1, 2, 3, 4, -1]
    """
    codes = np.asarray(table)[rows, columns]
    # What lifts a low rating from category 4 to 3 is a structural or institutional reason (plan, line 536).
    codes = np.where(codes == ROUTE_DECIDES, np.where(route, CATEGORY_OUTSIDE, CATEGORY_NEXT), codes)
    # Last: -1 as an index above silently took the last row or column of the table.
    return np.where((np.asarray(rows) < 0) | (np.asarray(columns) < 0), UNDETERMINED, codes)


def assign(
    scores: pd.DataFrame,
    inputs: object,
    parameters: Parameters,
    *,
    settled: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Assign every proposal to a category: by the rule, then by recorded decisions, then by phase 5.

    See notebook ``03_categories``.
    """
    criterion = scoring.criterion_scores(scores, parameters)
    level = scoring.levels(scores, parameters)
    if settled is not None:
        # What waits for a third evaluation is not missing: it is never passed over.
        waiting = awaiting(settled, parameters).reindex(scores.index, fill_value=False)
        criterion, level = criterion.mask(waiting), level.mask(waiting)
    route = recorded_route(scores.index, inputs.proposals)
    codes = [level_numbers(level[name]) for name in level]
    ruled = category_codes(*codes, np.array(parameters.method.category_table), route)
    possible = _possible(scores, ruled, route, settled, parameters)
    # A lacking third evaluation that cannot change the category does not leave it open.
    determined = np.array([len(reached) == 1 for reached in possible])
    ruled = np.where(determined, [reached[0] for reached in possible], UNDETERMINED)
    frame = criterion.join(level.add_suffix("_level"))
    frame[COMPOSITE] = scoring.composite(criterion, parameters)
    frame["category_by_rule"] = as_category(ruled, scores.index)
    frame["possible"] = [" ".join(str(item) for item in reached) for reached in possible]
    return _with_decisions(frame, inputs.proposals, inputs.decisions)


def decision_counts(assigned: pd.DataFrame) -> dict[str, int]:
    """Count the proposals whose category decisions gave or changed, stage by stage.

    Parameters
    ----------
    assigned : DataFrame
        From `assign`.

    Returns
    -------
    dict
        Counts of proposals: ``settled`` (the rule gave no category and a decision did), ``changed_selection``
        (decided otherwise than by the rule), ``changed_confirmation`` (decided otherwise than at the
        selection) and ``marked`` (moved out of category 2 in phase 5 by its mark).

    Examples
    --------
    The rule left the second one open and a decision settled it; the third was moved at the confirmation:

    >>> steps = {"category_by_rule": [1, None, 2], "category_selection": [1, 1, 2]}
    >>> last = {"category_final": [1, 1, 3], "final_step": ["rule", "decision", "confirmation"]}
    >>> decision_counts(pd.DataFrame(steps | last | {"decided": [False, True, False]}))
    {'settled': 1, 'changed_selection': 0, 'changed_confirmation': 1, 'marked': 0}
    """
    ruled, final = assigned["category_by_rule"].notna(), assigned["category_final"]
    moved = (final != assigned["category_selection"]).fillna(False) & assigned["category_selection"].notna()
    confirmed = assigned["final_step"] == "confirmation"
    return {
        "settled": int((~ruled & final.notna()).sum()),
        "changed_selection": int((assigned["decided"] & ruled).sum()),
        "changed_confirmation": int((moved & confirmed).sum()),
        "marked": int((moved & ~confirmed).sum()),
    }


def awaiting(settled: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """Say for each proposal and criterion whether a score in use waits for a third evaluation.

    >>> from ogp_analysis.model import params
    >>> rows = [("S01", "alignment", "relevance", "core_group", "unresolved", np.nan)]
    >>> rows += [("S01", "time", "feasibility", "lead-counterpart", "combined", 4.0)]
    >>> names = ["proposal", "indicator", "criterion", "pair", "status", "score"]
    >>> settled = pd.DataFrame(rows, columns=names)
    >>> awaiting(settled, params.from_values(params.baseline())).loc["S01"].to_dict()
    {'feasibility': False, 'relevance': True}
    """
    decides = (settled["pair"] == parameters.panel_rule) | ~settled["pair"].isin(parameters.method.panels)
    alone = settled[CRITERION].map(
        {c.name: parameters.panel_rule in c.panels for c in parameters.method.criteria}
    )
    counted = [item.name for item in parameters.method.indicators if item.coding in scoring.COUNTED]
    # With missing_third "mean" the pair is unresolved and yet has a score: nothing waits.
    open_ones = (settled["status"] == adjudication.STATUSES[adjudication.UNRESOLVED]) & settled[
        "score"
    ].isna()
    waits = open_ones & (decides | ~alone) & ~settled[INDICATOR].isin(counted)
    names = [criterion.name for criterion in parameters.method.criteria]
    return waits.groupby([settled[PROPOSAL], settled[CRITERION]]).any().unstack(fill_value=False)[names]


def level_numbers(level: pd.Series) -> np.ndarray:
    """Number levels: 0 low, 1 medium, 2 high, -1 missing.

    Parameters
    ----------
    level : Series of str
        ``"low"``, ``"medium"``, ``"high"`` or missing.

    Returns
    -------
    ndarray of int
        One code for each.

    Examples
    --------
    >>> level_numbers(pd.Series(["high", None, "low"])).tolist()
    [2, -1, 0]
    """
    return level.map({name: code for code, name in enumerate(LEVELS)}).fillna(-1).to_numpy(dtype=int)


def as_category(codes: np.ndarray, index: pd.Index) -> pd.Series:
    """Make a column of categories; undetermined ones are missing.

    Parameters
    ----------
    codes : ndarray of int
        Categories 1 to 4; -1 where undetermined.
    index : Index
        The proposals.

    Returns
    -------
    Series of Int64
        Whole numbers that may be missing: with NaN the column would turn to floats, and show 1 as 1.0.

    Examples
    --------
    >>> as_category(np.array([1, -1]), pd.Index(["S01", "S02"])).tolist()
    [1, <NA>]
    """
    column = pd.Series(codes, index=index, dtype="Int64")
    return column.mask(column == UNDETERMINED)


def recorded_route(index: pd.Index, proposals: pd.DataFrame) -> np.ndarray:
    """Say for each proposal whether an institutional route outside the plan is recorded.

    Parameters
    ----------
    index : Index
        The proposals, in the order wanted.
    proposals : DataFrame
        Columns ``proposal, route`` (the route in words; empty or blank where there is none); may be empty.

    Returns
    -------
    ndarray of bool
        One for each of ``index``; False for all where routes are not recorded.

    Examples
    --------
    >>> proposals = pd.DataFrame({"proposal": ["S01", "S02"], "route": ["ordinance 184", " "]})
    >>> recorded_route(pd.Index(["S02", "S01", "S03"]), proposals).tolist()
    [False, True, False]
    """
    if proposals.empty or "route" not in proposals:
        return np.zeros(len(index), dtype=bool)
    text = proposals.set_index(PROPOSAL)["route"].reindex(index).fillna("").astype(str)
    return (text.str.strip() != "").to_numpy()


def _possible(
    scores: pd.DataFrame,
    ruled: np.ndarray,
    route: np.ndarray,
    settled: pd.DataFrame | None,
    parameters: Parameters,
) -> list[list[int]]:
    reachable = {} if settled is None else reachable_levels(settled, parameters, scores=scores)
    table = np.array(parameters.method.category_table)
    possible = []
    for position, proposal in enumerate(scores.index):
        if ruled[position] != UNDETERMINED:
            possible.append([int(ruled[position])])
        elif proposal in reachable:
            pairs = np.array(list(itertools.product(*reachable[proposal])), dtype=int)
            codes = category_codes(pairs[:, 0], pairs[:, 1], table, route[position])
            possible.append(sorted({int(code) for code in codes}))
        else:
            possible.append(list(CATEGORIES))
    return possible


def reachable_levels(
    settled: pd.DataFrame, parameters: Parameters, *, scores: pd.DataFrame | None = None
) -> dict[str, list[list[int]]]:
    """Find the levels that unresolved proposals could reach, over every rating a third evaluator could give.

    Without its third evaluation, the relevance of S13 may turn out medium or high:

    >>> from ogp_analysis.assessment import adjudication
    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import ratings
    >>> parameters = params.from_values(params.baseline())
    >>> given = ratings.load(parameters).ratings.query("proposal == 'S13' and role == 'independent'")
    >>> reachable_levels(adjudication.resolve(given, parameters), parameters)
    {'S13': [[2], [1, 2]]}
    """
    unresolved = settled["status"] == adjudication.STATUSES[adjudication.UNRESOLVED]
    waiting = settled.loc[unresolved, PROPOSAL].unique()
    rows = settled[settled[PROPOSAL].isin(waiting)]
    return {
        proposal: [
            _criterion_levels(
                pairs, criterion, parameters, known={} if scores is None else scores.loc[proposal].to_dict()
            )
            for criterion in parameters.method.criteria
        ]
        for proposal, pairs in rows.groupby(PROPOSAL)
    }


def _criterion_levels(
    settled: pd.DataFrame, criterion: Criterion, parameters: Parameters, *, known: Mapping[str, float]
) -> list[int]:
    pairs = settled[settled[CRITERION] == criterion.name]
    weights, cuts = parameters.exact("indicator_weights"), parameters.exact_cuts(criterion.name)
    # A score that is missing for another reason than a lacking third evaluation may be anything.
    every_level = list(range(len(cuts) + 1))
    parts, given = [], scoring.as_ratio(0.0)
    for indicator in criterion.indicators:
        options = _options_of(indicator, pairs, parameters, known=known)
        if options:
            given += weights[indicator.name]
            parts.append([weights[indicator.name] * score for score in options])
        elif parameters.missing != "available":
            return every_level
    return _levels_of_sums(parts, [cut * given for cut in cuts]) if given else every_level


def _levels_of_sums(parts: list[list[Fraction]], limits: list[Fraction]) -> list[int]:
    """Levels that some sum of one number from each part reaches; exact, on whole numbers of a common unit."""
    unit = lcm(*(number.denominator for part in parts for number in part))
    whole = [[int(number * unit) for number in part] for part in parts]
    largest = sum(max(map(abs, part)) for part in whole)
    # Beyond 63 bits numpy's whole numbers would wrap round; Python's do not.
    kind = np.int64 if largest < 2**62 else object
    totals = np.zeros(1, dtype=kind)
    for part in whole:
        totals = np.unique(np.add.outer(totals, np.array(part, dtype=kind)).ravel())
    # Smallest whole number that reaches each limit.
    reached = [totals >= ceil(limit * unit) for limit in limits]
    return sorted({int(level) for level in np.sum(reached, axis=0)})


def _options_of(
    indicator: Indicator, settled: pd.DataFrame, parameters: Parameters, *, known: Mapping[str, float]
) -> set:
    # What is counted nobody rated: its score is known, and no third evaluation changes it.
    if indicator.coding in scoring.COUNTED:
        value = known.get(indicator.name, np.nan)
        return set() if np.isnan(value) else {scoring.as_ratio(value)}
    return _indicator_options(settled[settled[INDICATOR] == indicator.name], parameters)


def _indicator_options(pairs: pd.DataFrame, parameters: Parameters) -> set:
    """Scores of one indicator over every combination of third ratings that its pairs lack."""
    unresolved = (pairs["status"] == adjudication.STATUSES[adjudication.UNRESOLVED]).to_numpy()
    thirds = adjudication.third_scores(pairs, parameters)
    scores = pairs["score"].to_numpy()
    options = {
        pair: {
            scoring.as_ratio(value) for value in (thirds[row] if unresolved[row] else scores[row : row + 1])
        }
        for row, pair in enumerate(pairs["pair"])
        if unresolved[row] or not np.isnan(scores[row])
    }
    if parameters.panel_rule in set(pairs["pair"]):
        return options.get(parameters.panel_rule, set())
    if not options or (len(options) < len(pairs) and parameters.missing != "available"):
        return set()
    combine = min if parameters.panel_rule == "minimum" else lambda chosen: sum(chosen) / len(chosen)
    return {combine(chosen) for chosen in itertools.product(*options.values())}


def _with_decisions(frame: pd.DataFrame, proposals: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    selection = _decided(decisions, SELECTION, frame.index)
    confirmation = _decided(decisions, CONFIRMATION, frame.index)
    chosen = selection[CATEGORY].fillna(frame["category_by_rule"])
    recategorised = _recategorised(chosen, proposals)
    # A comparison with a missing category is missing: a decision where the rule gave none did change it.
    frame["decided"] = (
        selection[CATEGORY].notna() & (selection[CATEGORY] != frame["category_by_rule"])
    ).fillna(True)
    frame["decision_reason"] = selection[REASON].fillna("")
    frame["category_selection"] = chosen
    frame["category_final"] = confirmation[CATEGORY].fillna(recategorised)
    frame["confirmation_reason"] = confirmation[REASON].fillna("")
    frame["final_step"] = _final_step(frame, selection, confirmation)
    return frame


def _decided(decisions: pd.DataFrame, stage: str, index: pd.Index) -> pd.DataFrame:
    columns = [CATEGORY, REASON]
    if decisions.empty:
        empty: Mapping[str, pd.Series] = {
            CATEGORY: pd.Series(pd.NA, index=index, dtype="Int64"),
            REASON: pd.Series(pd.NA, index=index, dtype="str"),
        }
        return pd.DataFrame(empty)
    of_stage = decisions[decisions[STAGE] == stage].set_index(PROPOSAL)[columns].reindex(index)
    return of_stage.assign(**{CATEGORY: of_stage[CATEGORY].astype("Int64")})


def _recategorised(chosen: pd.Series, proposals: pd.DataFrame) -> pd.Series:
    """Phase 5: a reserve that was not needed moves to the category its mark names, or stays."""
    if proposals.empty or "if_not_confirmed" not in proposals:
        return chosen
    mark = proposals.set_index(PROPOSAL)["if_not_confirmed"].reindex(chosen.index)
    mark = pd.to_numeric(mark, errors="coerce").astype("Int64")
    moves = (chosen == CATEGORY_RESERVE).fillna(False) & mark.notna()
    return chosen.mask(moves, mark)


def _final_step(frame: pd.DataFrame, selection: pd.DataFrame, confirmation: pd.DataFrame) -> pd.Series:
    # Later masks win: what happened last in the process is what decided.
    step = pd.Series("rule", index=frame.index, dtype="str")
    step = step.mask(selection[CATEGORY].notna(), "decision")
    step = step.mask((frame["category_final"] != frame["category_selection"]).fillna(False), "phase 5")
    step = step.mask(confirmation[CATEGORY].notna(), "confirmation")
    return step.mask(frame["category_final"].isna(), "undetermined")
