"""From levels to categories: the rule's table first, then recorded decisions, then phase 5."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from ogp_analysis.assessment.adding import MEAN, added, adding_of
from ogp_analysis.assessment.batch import Scored
from ogp_analysis.assessment.composite import CompositeScored
from ogp_analysis.assessment.scoring import rounding_at, weighted_mean
from ogp_analysis.assessment.vetoes import BARRED, MAY_BE_BARRED, below
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.records import (
    CATEGORY,
    CATEGORY_RESERVE,
    COMPOSITE,
    PROPOSAL,
    REASON,
    ROUTE_DECIDES,
    STAGE,
    VETOED,
    Criterion,
    Method,
)

UNDETERMINED = -1


@dataclass(frozen=True, eq=False)
class CategoryRule:
    """How categories follow from levels.

    Parameters
    ----------
    table : ndarray of int
        Category by level, one axis for each of the method's axes; 0 where the route decides.
    by_route : tuple of int
        Category there with a recorded route, and without.
    numbers : tuple of int
        All categories, from best to last.
    """

    table: np.ndarray
    by_route: tuple[int, int]
    numbers: tuple[int, ...]


def category_rule(method: Method) -> CategoryRule:
    """Take from a method how its categories follow from levels.

    >>> from ogp_analysis.model import params
    >>> rule = category_rule(params.from_values(params.baseline()).method)
    >>> rule.table.shape, rule.by_route, rule.numbers
    ((3, 3), (3, 4), (1, 2, 3, 4))
    """
    return CategoryRule(np.array(method.category_table), method.route, method.category_numbers)


def category_codes(levels: Sequence[np.ndarray], rule: CategoryRule, route: np.ndarray) -> np.ndarray:
    """Look categories up in the method's table, which has one axis a criterion.

    Parameters
    ----------
    levels : sequence of ndarray of int, shapes that broadcast
        Level codes of each criterion, from 0; -1 where undetermined.
    rule : CategoryRule
        Its table has as many axes as there are ``levels``.
    route : ndarray of bool
        Whether an institutional route outside the plan is recorded.

    Returns
    -------
    ndarray of int
        Categories; -1 where a level is undetermined.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> rule = category_rule(params.from_values(params.baseline()).method)
    >>> feasibility, relevance = np.array([2, 1, 0, 0, -1]), np.array([2, 1, 2, 2, 2])
    >>> route = np.array([False, False, True, False, False])
    >>> category_codes((feasibility, relevance), rule, route).tolist()
    [1, 2, 3, 4, -1]
    """
    levels = np.broadcast_arrays(*levels)
    codes = rule.table[tuple(levels)]
    # What lifts a low rating from category 4 to 3 is a structural or institutional reason (plan, line 536).
    codes = np.where(codes == ROUTE_DECIDES, np.where(route, *rule.by_route), codes)
    # Last: -1 as an index above silently took the last level of the table.
    return np.where(np.any([level < 0 for level in levels], axis=0), UNDETERMINED, codes)


@dataclass(frozen=True, eq=False)
class KnownDecisions:
    """What is recorded of m proposals besides ratings, as numbers; 0 where nothing is.

    Parameters
    ----------
    route : ndarray of bool, shape (m,)
        Whether an institutional route outside the plan is recorded.
    selection, confirmation : ndarray of int, shape (m,)
        Category by decision at each stage.
    mark : ndarray of int, shape (m,)
        Category to which a reserve moves that was not confirmed.
    """

    route: np.ndarray
    selection: np.ndarray
    confirmation: np.ndarray
    mark: np.ndarray


def known_decisions(
    index: pd.Index, proposals: pd.DataFrame, decisions: pd.DataFrame, method: Method
) -> KnownDecisions:
    """Read routes, decisions and marks into arrays, in the order of the index."""
    steps = [_decided(decisions, stages, index) for stages in _steps(method)]
    return _known(steps, index, proposals, method)


def _known(
    steps: Sequence[pd.DataFrame], index: pd.Index, proposals: pd.DataFrame, method: Method
) -> KnownDecisions:
    columns = (*(step[CATEGORY] for step in steps), _marks(proposals, index, method))
    given = (column.fillna(0).to_numpy(dtype=int) for column in columns)
    return KnownDecisions(recorded_route(index, proposals), *given)


def _steps(method: Method) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part the stages of decisions into those of the selection and, of several, the last, which confirms."""
    names = tuple(stage.name for stage in method.stages)
    return (names[:-1], names[-1:]) if len(names) > 1 else (names, ())


def chosen_categories(ruled: np.ndarray, decided: KnownDecisions) -> tuple[np.ndarray, np.ndarray]:
    """Give the categories after the selection and after phase 5, from those by the rule (..., m).

    >>> one = KnownDecisions(*(np.array([value] * 3) for value in (False, 0, 0, 4)))
    >>> [step.tolist() for step in chosen_categories(np.array([1, 2, -1]), one)]
    [[1, 2, -1], [1, 4, -1]]
    """
    selected = np.where(decided.selection > 0, decided.selection, ruled)
    # Phase 5: a reserve that was not needed moves to the category its mark names, or stays.
    moved = np.where((selected == CATEGORY_RESERVE) & (decided.mark > 0), decided.mark, selected)
    return selected, np.where(decided.confirmation > 0, decided.confirmation, moved)


@dataclass(frozen=True, eq=False)
class Categorised:
    """Categories of m proposals under s scenarios.

    Parameters
    ----------
    ruled : ndarray of int, shape (s, m)
        By the rule; -1 where a lacking rating leaves it open.
    possible : ndarray of bool, shape (p, categories)
        Of each case of ``open_cases``, the categories that it could still reach.
    open_cases : tuple of ndarray of int, two of shape (p,)
        Scenario and proposal of what the levels alone leave undetermined.
    vetoed : ndarray of bool, shape (s, m)
        What the levels put into the best category and a veto into the next one.
    """

    ruled: np.ndarray
    possible: np.ndarray
    open_cases: tuple[np.ndarray, np.ndarray]
    vetoed: np.ndarray


def categorise(
    scored: Sequence[Scored | CompositeScored],
    which: Sequence[np.ndarray],
    rule: CategoryRule,
    route: np.ndarray,
) -> Categorised:
    """Give the categories of scenarios, each of which takes one of the rules of each criterion.

    Parameters
    ----------
    scored : sequence of Scored
        One an axis of the rule's table.
    which : sequence of ndarray of int, shape (s,)
        For each criterion the place of each scenario's rule.
    rule : CategoryRule
        How categories follow from levels.
    route : ndarray of bool, shape (m,)
        Whether a route is recorded.
    """
    levels = [one.codes[places] for one, places in zip(scored, which, strict=True)]
    freely = category_codes(levels, rule, route)
    barred = np.max([one.barred[places] for one, places in zip(scored, which, strict=True)], axis=0)
    ruled = without_barred(freely, barred, rule)
    vetoed = ruled != freely
    scenario, proposal = np.nonzero(ruled == UNDETERMINED)
    cases = list(zip(scored, (places[scenario] for places in which), strict=True))
    reached = [one.levels(places, proposal) for one, places in cases]
    possible = _barred(_possible(reached, rule, route[proposal]), barred[scenario, proposal])
    # Nothing is known of a level that is missing for another reason than a lacking third evaluation.
    waits = np.any([one.unresolved[places, proposal] for one, places in cases], axis=0)
    possible[~waits] = True
    only = possible.sum(axis=1) == 1
    # A lacking third evaluation that cannot change the category does not leave it open.
    ruled[scenario[only], proposal[only]] = np.array(rule.numbers)[possible[only].argmax(axis=1)]
    return Categorised(ruled, possible, (scenario, proposal), vetoed)


def without_barred(codes: np.ndarray, barred: np.ndarray, rule: CategoryRule) -> np.ndarray:
    """Give what the veto bars from the best category the next one; that is our choice.

    >>> rule = CategoryRule(np.array([2, 1]), (1, 2), (1, 2))
    >>> without_barred(np.array([1, 1, 2, -1]), np.array([BARRED, MAY_BE_BARRED, BARRED, 0]), rule).tolist()
    [2, 1, 2, -1]
    """
    best, following = rule.numbers[:2]
    return np.where((barred == BARRED) & (codes == best), following, codes)


def _barred(possible: np.ndarray, barred: np.ndarray) -> np.ndarray:
    """Take the best category (p, categories) from what the veto bars, which falls to the next one."""
    falls = possible[:, 0] & (barred >= MAY_BE_BARRED)
    possible[:, 1] |= falls
    possible[:, 0] &= barred != BARRED
    return possible


def _possible(reached: Sequence[np.ndarray], rule: CategoryRule, route: np.ndarray) -> np.ndarray:
    """Say which categories the cells of the table hold whose levels can all be reached; (p, categories)."""
    possible = np.zeros((len(route), len(rule.numbers)), dtype=bool)
    if not len(route):
        return possible
    for cell in np.ndindex(rule.table.shape):
        open_cell = np.all([levels[:, level] for levels, level in zip(reached, cell, strict=True)], axis=0)
        category = category_codes([np.array(level) for level in cell], rule, route)
        possible |= open_cell[:, None] & (category[:, None] == np.array(rule.numbers))
    return possible


def assigned_frame(
    index: pd.Index,
    scored: Sequence[Scored],
    categorised: Categorised,
    inputs: Inputs,
    parameters: Parameters,
) -> pd.DataFrame:
    """Show the categories of one scenario: by the rule, then by recorded decisions, then by phase 5.

    See notebook ``03_categories``.
    """
    criteria = parameters.method.criteria
    names = [criterion.name for criterion in criteria]
    means = {name: one.means[0] for name, one in zip(names, scored, strict=True)}
    frame = pd.DataFrame(means | _levels(criteria, scored, parameters.method), index=index)
    weights = np.array([parameters.criterion_weights[name] for name in names])
    frame[COMPOSITE] = composite_scores(frame[names].to_numpy(), weights, parameters)
    frame["category_by_rule"] = as_category(categorised.ruled[0], index)
    if parameters.method.by_composite:
        frame[f"{COMPOSITE}_level"] = _composite_levels(categorised.ruled[0], frame[COMPOSITE], parameters)
    frame["possible"] = _possible_text(categorised, parameters.method.category_numbers)
    if parameters.veto_limit is not None:
        frame[VETOED] = _vetoed_by(categorised.vetoed[0], criteria, scored, parameters.veto_limit)
    return _with_decisions(frame, inputs.proposals, inputs.decisions, parameters.method)


def _vetoed_by(
    vetoed: np.ndarray, criteria: Sequence[Criterion], scored: Sequence[Scored], limit: Fraction
) -> list[str]:
    """Name the indicators below the limit of what a veto moved; empty where it moved nothing."""
    names = [indicator.name for criterion in criteria for indicator in criterion.indicators]
    barring = below(np.hstack([one.scores[0] for one in scored])[..., None], limit) & vetoed[:, None]
    return [" ".join(name for name, bars in zip(names, row, strict=True) if bars) for row in barring]


def _composite_levels(ruled: np.ndarray, composite: pd.Series, parameters: Parameters) -> pd.array:
    """Name the level of the composite: the category's, but for a veto, which bars from the best alone."""
    levels = parameters.method.composite_levels
    codes = np.where(ruled == UNDETERMINED, -1, len(levels) - ruled)
    highest = parameters.cut_points[COMPOSITE][-1]
    best = composite.to_numpy() >= highest - rounding_at(highest)
    barred = (parameters.veto_limit is not None) & (codes == len(levels) - 2) & best
    return level_names(np.where(barred, len(levels) - 1, codes), levels)


def composite_scores(scores: np.ndarray, weights: np.ndarray, parameters: Parameters) -> np.ndarray:
    """Add up criterion scores (m, k): in the way of the scores where the composite is cut, else their mean.

    Where a table gives the categories the composite only ranks, and two criteria have no majority.
    """
    adding = adding_of(parameters)
    if adding.kind == MEAN or not parameters.method.by_composite:
        return weighted_mean(scores, weights)
    return added(scores, weights, adding)


def _levels(criteria: Sequence[Criterion], scored: Sequence[Scored], method: Method) -> dict[str, pd.array]:
    # Where the composite decides, a criterion is not cut into levels.
    if method.by_composite:
        return {}
    pairs = zip(criteria, scored, strict=True)
    return {f"{one.name}_level": level_names(scored.codes[0], one.levels) for one, scored in pairs}


def _possible_text(categorised: Categorised, numbers: tuple[int, ...]) -> list[str]:
    text = [str(code) for code in categorised.ruled[0]]
    for possible, proposal in zip(categorised.possible, categorised.open_cases[1], strict=True):
        text[proposal] = " ".join(str(category) for category in np.array(numbers)[possible])
    return text


def level_names(codes: np.ndarray, levels: Sequence[str]) -> pd.array:
    """Name levels; missing where the code is -1.

    >>> list(level_names(np.array([1, 0]), ("fail", "pass")))
    ['pass', 'fail']
    """
    return pd.array(np.array([*levels, None], dtype=object)[codes], dtype="str")


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
        selection), ``marked`` (moved out of category 2 in phase 5 by its mark), and over all stages
        ``changed``, those of :func:`decided_otherwise`.

    Examples
    --------
    The rule left the second one open and a decision settled it; the third was moved at the confirmation:

    >>> steps = {"category_by_rule": [1, None, 2], "category_selection": [1, 1, 2]}
    >>> last = {"category_final": [1, 1, 3], "final_step": ["rule", "decision", "confirmation"]}
    >>> decision_counts(pd.DataFrame(steps | last | {"decided": [False, True, False]}))
    {'settled': 1, 'changed_selection': 0, 'changed_confirmation': 1, 'marked': 0, 'changed': 2}
    """
    ruled, final = assigned["category_by_rule"].notna(), assigned["category_final"]
    moved = (final != assigned["category_selection"]).fillna(False) & assigned["category_selection"].notna()
    confirmed = assigned["final_step"] == "confirmation"
    return {
        "settled": int((~ruled & final.notna()).sum()),
        "changed_selection": int((assigned["decided"] & ruled).sum()),
        "changed_confirmation": int((moved & confirmed).sum()),
        "marked": int((moved & ~confirmed).sum()),
        "changed": int(decided_otherwise(assigned).sum()),
    }


def decided_otherwise(assigned: pd.DataFrame) -> pd.Series:
    """Say which proposals end in another category than the rule's by a decision, at whatever stage.

    What the rule left open counts where a decision gave the category.

    >>> rows = {"category_by_rule": [3, 5, 3], "category_final": [1, 4, 3]}
    >>> rows |= {"decided": [True, False, True], "final_step": ["decision", "confirmation", "confirmation"]}
    >>> decided_otherwise(pd.DataFrame(rows)).tolist()
    [True, True, False]
    """
    by_decision = assigned["decided"] | (assigned["final_step"] == "confirmation")
    final = assigned["category_final"]
    return (by_decision & final.notna() & (assigned["category_by_rule"] != final).fillna(True)).astype(bool)


def decided_categories(assigned: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Say which proposals a decision placed, at whatever stage, and where: what a mark moves is no decision.

    >>> rows = {"category_by_rule": [3, 3, 2], "category_selection": [1, 3, 2], "category_final": [1, 2, 4]}
    >>> rows |= {"decided": [True, False, False], "final_step": ["decision", "confirmation", "phase 5"]}
    >>> [column.tolist() for column in decided_categories(pd.DataFrame(rows))]
    [[True, True, False], [1, 2, 2]]
    """
    confirmed = assigned["final_step"] == "confirmation"
    chosen = assigned["category_selection"].mask(confirmed, assigned["category_final"])
    return (assigned["decided"].astype(bool) | confirmed), chosen


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


def _with_decisions(
    frame: pd.DataFrame, proposals: pd.DataFrame, decisions: pd.DataFrame, method: Method
) -> pd.DataFrame:
    selection, confirmation = [_decided(decisions, stages, frame.index) for stages in _steps(method)]
    ruled = frame["category_by_rule"].fillna(UNDETERMINED).to_numpy(dtype=int)
    steps = chosen_categories(ruled, _known((selection, confirmation), frame.index, proposals, method))
    # A comparison with a missing category is missing: a decision where the rule gave none did change it.
    frame["decided"] = (
        selection[CATEGORY].notna() & (selection[CATEGORY] != frame["category_by_rule"])
    ).fillna(True)
    frame["decision_reason"] = selection[REASON].fillna("")
    frame["category_selection"], frame["category_final"] = (as_category(step, frame.index) for step in steps)
    frame["confirmation_reason"] = confirmation[REASON].fillna("")
    frame["final_step"] = _final_step(frame, selection, confirmation)
    return frame


def _decided(decisions: pd.DataFrame, stages: tuple[str, ...], index: pd.Index) -> pd.DataFrame:
    """Give the decision of each proposal at some stages, the last one where there are several."""
    columns = [CATEGORY, REASON]
    if decisions.empty:
        empty: Mapping[str, pd.Series] = {
            CATEGORY: pd.Series(pd.NA, index=index, dtype="Int64"),
            REASON: pd.Series(pd.NA, index=index, dtype="str"),
        }
        return pd.DataFrame(empty)
    taken = decisions[decisions[STAGE].isin(stages)]
    in_order = taken.iloc[np.argsort(taken[STAGE].map(list(stages).index).to_numpy(dtype=int), kind="stable")]
    of_stage = in_order.drop_duplicates(PROPOSAL, keep="last").set_index(PROPOSAL)[columns].reindex(index)
    return of_stage.assign(**{CATEGORY: of_stage[CATEGORY].astype("Int64")})


def _marks(proposals: pd.DataFrame, index: pd.Index, method: Method) -> pd.Series:
    # Phase 5 is of a plan; elsewhere nothing moves by a mark.
    if not method.plan or proposals.empty or "if_not_confirmed" not in proposals:
        return pd.Series(pd.NA, index=index, dtype="Int64")
    mark = proposals.set_index(PROPOSAL)["if_not_confirmed"].reindex(index)
    return pd.to_numeric(mark, errors="coerce").astype("Int64")


def _final_step(frame: pd.DataFrame, selection: pd.DataFrame, confirmation: pd.DataFrame) -> pd.Series:
    # Later masks win: what happened last in the process is what decided.
    step = pd.Series("rule", index=frame.index, dtype="str")
    if VETOED in frame:
        step = step.mask(frame[VETOED] != "", "veto")
    step = step.mask(selection[CATEGORY].notna(), "decision")
    step = step.mask((frame["category_final"] != frame["category_selection"]).fillna(False), "phase 5")
    step = step.mask(confirmation[CATEGORY].notna(), "confirmation")
    return step.mask(frame["category_final"].isna(), "undetermined")
