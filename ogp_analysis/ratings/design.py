"""The design of a set of ratings as notebook 1 and `ogp check` tell it: who pairs with whom, how blind."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ogp_analysis.language import texts
from ogp_analysis.model.records import (
    EVALUATOR,
    INDEPENDENT,
    INDICATOR,
    PANEL,
    PROPOSAL,
    ROLE,
    THIRD,
    Criterion,
    Method,
)
from ogp_analysis.ratings.missing_ratings import CELL, concerns, meant_for, wanted_of

if TYPE_CHECKING:
    from ogp_analysis.model.params import Parameters

SAME, VARYING, SINGLE, ABSENT = "same_evaluators", "varying_evaluators", "single", "absent"
GAPS = "same_with_gaps"
# Our choice: where all evaluators rate more than this share of the cells, the others have gaps.
MOST_CELLS = 0.5
UNKNOWN = "unknown"
# The rule that is told without being one of the double blind.
BOTH_CRITERIA = "one_criterion"
READINGS = ("within_panels", "between_panels")


def describe_design(
    ratings: pd.DataFrame, method: Method, *, unread: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Describe the design of each panel from the ratings themselves.

    Parameters
    ----------
    ratings : DataFrame
        Columns ``proposal, indicator, panel, evaluator, role, rating``, checked.
    method : Method
        Its criteria and panels.
    unread : DataFrame, optional
        Cells of rows that cannot be read, ``Examined.unread``: such a cell does not show how many evaluators
        rate it, so the design is told from the others.

    Returns
    -------
    DataFrame
        One row a panel: ``criterion, panel, proposals, evaluators, ratings, fewest, most`` (independent
        ratings of one proposal and indicator), ``thirds``, ``pairs`` (different pairs of evaluators),
        ``design``: ``"same_evaluators"`` (the same ones rate everything), ``"same_with_gaps"``
        (they rate most cells all together), ``"varying_evaluators"``,
        ``"single"`` (one rating a cell), ``"absent"``, or ``"unknown"`` where no cell was read whole.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import ratings
    >>> parameters = params.from_values(params.baseline())
    >>> design = describe_design(ratings.load(parameters).ratings, parameters.method)
    >>> design.set_index("panel").loc["working_group", "design"]
    'varying_evaluators'
    """
    unread = pd.DataFrame(columns=CELL) if unread is None else unread
    partly = meant_for(ratings, unread, unknown=CELL)
    rows = [
        {"criterion": criterion.name, PANEL: panel}
        | _panel(ratings[of_panel], partly[of_panel], doubtful=concerns(unread, criterion, panel))
        for criterion in method.criteria
        for panel in criterion.panels
        for of_panel in [_of(ratings, criterion, panel).to_numpy()]
    ]
    return pd.DataFrame(rows)


def _of(ratings: pd.DataFrame, criterion: Criterion, panel: str) -> pd.Series:
    names = [indicator.name for indicator in criterion.indicators]
    return ratings[INDICATOR].isin(names) & (ratings[PANEL] == panel)


def _panel(ratings: pd.DataFrame, partly: np.ndarray, *, doubtful: bool) -> dict[str, object]:
    independent = ratings[ratings[ROLE] == INDEPENDENT]
    whole = ratings[(ratings[ROLE] == INDEPENDENT) & ~partly]
    sizes = whole.groupby(CELL)[EVALUATOR].nunique()
    evaluators = independent[EVALUATOR].nunique()
    return {
        "proposals": independent[PROPOSAL].nunique(),
        "evaluators": evaluators,
        "ratings": len(independent),
        "fewest": int(sizes.min()) if len(sizes) else 0,
        "most": int(sizes.max()) if len(sizes) else 0,
        "thirds": int((ratings[ROLE] == THIRD).sum()),
        "pairs": _count_pairs(independent),
        "design": UNKNOWN if sizes.empty and doubtful else _kind(sizes, evaluators),
    }


def _count_pairs(independent: pd.DataFrame) -> int:
    """Count the pairs of a panel without listing them: those of a thousand evaluators fill the memory."""
    seats = independent[[PROPOSAL, EVALUATOR]].drop_duplicates()
    beside = seats.groupby(PROPOSAL)[EVALUATOR].transform("size") > 1
    rated = defaultdict(list)
    for proposal, evaluator in zip(*(seats.loc[beside, name] for name in (PROPOSAL, EVALUATOR)), strict=True):
        rated[evaluator].append(proposal)
    members = defaultdict(list)
    for evaluator, proposals in rated.items():
        for proposal in proposals:
            members[proposal].append(evaluator)
    # Who rated the same proposals meets the same others.
    alike = Counter(frozenset(proposals) for proposals in rated.values())
    met = (
        count * (len(set().union(*(members[proposal] for proposal in key))) - 1)
        for key, count in alike.items()
    )
    return sum(met) // 2


def _kind(sizes: pd.Series, evaluators: int) -> str:
    if sizes.empty:
        return ABSENT
    if evaluators > 1 and (sizes == evaluators).all():
        return SAME
    if evaluators > 1 and (sizes == evaluators).mean() > MOST_CELLS:
        return GAPS
    return SINGLE if sizes.max() == 1 else VARYING


def pairs(ratings: pd.DataFrame) -> pd.DataFrame:
    """List the pairs of evaluators who rate the same cells, with how many proposals they share.

    Parameters
    ----------
    ratings : DataFrame
        Checked ratings.

    Returns
    -------
    DataFrame
        Columns ``panel, first, second, proposals``, most proposals first.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import ratings
    >>> pairs(ratings.load(params.from_values(params.baseline())).ratings).iloc[0].to_dict()
    {'panel': 'core_group', 'first': 'CG03', 'second': 'CG04', 'proposals': 4}
    """
    independent = ratings.loc[ratings[ROLE] == INDEPENDENT, [*CELL, EVALUATOR]]
    seats = independent[[PROPOSAL, PANEL, EVALUATOR]].drop_duplicates()
    both = seats.merge(seats, on=[PROPOSAL, PANEL], suffixes=("", "_other"))
    # Each pair once, and nobody with oneself.
    both = both[both[EVALUATOR] < both[f"{EVALUATOR}_other"]]
    counted = both.groupby([PANEL, EVALUATOR, f"{EVALUATOR}_other"], as_index=False)[PROPOSAL].nunique()
    counted.columns = [PANEL, "first", "second", "proposals"]
    order = ["proposals", PANEL, "first", "second"]
    return counted.sort_values(order, ascending=[False, True, True, True], ignore_index=True)


def readings(design: pd.DataFrame, method: Method) -> tuple[str, ...]:
    """Tell which readings of the blind pair the data allow.

    Parameters
    ----------
    design : DataFrame
        From ``describe_design``.
    method : Method
        Its criteria with more than one rater a panel are the double-blind ones.

    Returns
    -------
    tuple of str
        ``"within_panels"`` where every double-blind panel has cells with two ratings, or one of them where
        panels may have one evaluator; ``"between_panels"`` where two panels have ratings; empty where neither
        is so.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> method = params.from_values(params.baseline()).method
    >>> panels = {"criterion": "relevance", "panel": ["working_group", "core_group"], "ratings": [258, 258]}
    >>> [readings(pd.DataFrame(panels | {"most": most}), method) for most in (2, 1)]
    [('within_panels', 'between_panels'), ('between_panels',)]
    """
    blind = [criterion.name for criterion in method.criteria if not criterion.seated]
    panels = design[design["criterion"].isin(blind)]
    if panels.empty:
        return ()
    # A panel of one evaluator beside one of two has no pair of its own, and the other keeps its pairs.
    single = {criterion.name for criterion in method.criteria if criterion.fewest < 2}
    pairs = (panels["most"] >= 2).groupby(panels["criterion"])
    within = all(group.any() if name in single else group.all() for name, group in pairs)
    beside = bool((panels.groupby("criterion")["ratings"].apply(lambda rated: (rated > 0).sum()) >= 2).all())
    return tuple(name for name, possible in zip(READINGS, (within, beside), strict=True) if possible)


def reading_words(design: pd.DataFrame, method: Method, language: str) -> str:
    """Say how the blind pair can be read in these data, as notebook 1 and ``ogp check`` do.

    Parameters
    ----------
    design : DataFrame
        From ``describe_design``.
    method : Method
        As for ``readings``.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    str
        A sentence without a full stop.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> method = params.from_values(params.baseline()).method
    >>> panels = {"criterion": "relevance", "panel": ["working_group", "core_group"], "ratings": [258, 258]}
    >>> reading_words(pd.DataFrame(panels | {"most": 1, "design": "single"}), method, "en")
    'the blind pair can only be read between the panels (B: between_panels)'
    """
    possible = readings(design, method)
    if len(possible) < len(READINGS) and bool((design["design"] == UNKNOWN).any()):
        return texts.say("ratings.reading.unknown", language)
    # Panels of one evaluator each are compared with each other, and nothing else.
    apart = "seats" if all(criterion.seated for criterion in method.criteria) else "none"
    return texts.say(f"ratings.reading.{'_and_'.join(possible) or apart}", language)


def fitting(design: str, *, seats: bool, raters: int = 2, panels: int = 2) -> str:
    """Give the key of the text that names the coefficients a design allows.

    Parameters
    ----------
    design : str
        Kind of design of a panel, as in ``describe_design``.
    seats : bool
        Whether the pair is formed by two seats or panels, not by evaluators inside one panel.
    raters : int
        Evaluators who rate everything, or seats: Cohen's kappa is of two.
    panels : int
        Panels that rate the criterion: one alone has no other to be compared with.

    Returns
    -------
    str
        Key of a text of the catalogue.

    Examples
    --------
    >>> fitting("varying_evaluators", seats=False)
    'ratings.fit.varying_evaluators'
    """
    kind = "seats" if seats else design
    if kind == SINGLE and panels == 1:
        return "ratings.fit.single.alone"
    return (
        f"ratings.fit.{kind}.several"
        if kind in ("seats", "same_evaluators") and raters > 2
        else f"ratings.fit.{kind}"
    )


def coverage(ratings: pd.DataFrame, parameters: Parameters, *, proposals: tuple[str, ...]) -> pd.DataFrame:
    """Count, for each proposal and panel, the cells that have all, some or none of their ratings.

    Parameters
    ----------
    ratings : DataFrame
        Checked ratings.
    parameters : params.Parameters
        The method and the reading of the blind pair.
    proposals : tuple of str
        Every proposal that should be rated.

    Returns
    -------
    DataFrame
        Columns ``proposal, panel, wanted, given, thirds``: independent ratings wanted by the design, given,
        and third evaluations, over all indicators of the panel's criterion.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import ratings
    >>> parameters = params.from_values(params.baseline())
    >>> covered = coverage(ratings.load(parameters).ratings, parameters, proposals=("S03",))
    >>> covered.iloc[2].to_dict()
    {'proposal': 'S03', 'panel': 'working_group', 'wanted': 6, 'given': 6, 'thirds': 1}
    """
    counts = ratings.groupby([PROPOSAL, PANEL, ROLE]).size().unstack(ROLE, fill_value=0)
    counts = counts.reindex(columns=[INDEPENDENT, THIRD], fill_value=0)
    wanted = dict.fromkeys(parameters.method.panels, 0)
    for criterion in parameters.method.criteria:
        indicators = sum(not indicator.counted for indicator in criterion.indicators)
        # Where the two panels are the pair, one rating from each is enough.
        each = wanted_of(criterion, parameters)
        # A panel may serve several criteria.
        wanted |= {panel: wanted[panel] + indicators * each for panel in criterion.panels}
    rows = [(proposal, panel, count) for panel, count in wanted.items() for proposal in proposals]
    frame = pd.DataFrame(rows, columns=[PROPOSAL, PANEL, "wanted"])
    given_counts = counts.reindex(pd.MultiIndex.from_frame(frame[[PROPOSAL, PANEL]]), fill_value=0)
    return frame.assign(given=given_counts[INDEPENDENT].to_numpy(), thirds=given_counts[THIRD].to_numpy())


def who_rated_what(ratings: pd.DataFrame) -> pd.DataFrame:
    """List which evaluator rated which proposal in which panel and role, without the ratings.

    Parameters
    ----------
    ratings : DataFrame
        Checked ratings.

    Returns
    -------
    DataFrame
        Columns ``proposal, panel, evaluator, role, ratings`` (how many), sorted.

    Examples
    --------
    >>> cell = {"proposal": "S01", "indicator": ["time", "resources"], "panel": "lead", "evaluator": "L1"}
    >>> who_rated_what(pd.DataFrame(cell | {"role": "independent", "rating": [4, 2]})).values.tolist()
    [['S01', 'lead', 'L1', 'independent', 2]]
    """
    key = [PROPOSAL, PANEL, EVALUATOR, ROLE]
    return ratings.groupby(key).size().rename("ratings").reset_index().sort_values(key, ignore_index=True)


def blindness(ratings: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """Check the double blind as far as data can show it.

    Parameters
    ----------
    ratings : DataFrame
        Checked ratings.
    parameters : params.Parameters
        The method and the reading of the blind pair.

    Returns
    -------
    DataFrame
        Columns ``blind_rule, looked_at, broken``: two different evaluators in a cell, nobody in both panels
        of a criterion for one proposal, no third evaluation by someone who rated before (ratings are looked
        at; left out where juries alone rate); and nobody who rates a proposal in both criteria (evaluators
        are). The last one is told, but it is no breach of the double blind, which is about two ratings of one
        criterion: a method may have its criteria rated by the same people. That evaluators did not talk to
        each other, no data can show.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import ratings
    >>> parameters = params.from_values(params.baseline())
    >>> blindness(ratings.load(parameters).ratings, parameters).values.tolist()[1:]
    [['one_panel', 860, 0], ['fresh_third', 29, 0], ['one_criterion', 109, 0]]
    """
    independent, thirds = ratings[ratings[ROLE] == INDEPENDENT], ratings[ratings[ROLE] == THIRD]
    who = [PROPOSAL, INDICATOR, EVALUATOR]
    panels = independent.groupby(who)[PANEL].nunique()
    before = pd.MultiIndex.from_frame(thirds[who]).isin(pd.MultiIndex.from_frame(independent[who]))
    rows = [
        ("once_in_a_cell", len(independent), int(independent.duplicated([*CELL, EVALUATOR]).sum())),
        ("one_panel", len(panels), int((panels > 1).sum())),
        *([] if parameters.method.without_thirds else [("fresh_third", len(thirds), int(before.sum()))]),
        (BOTH_CRITERIA, ratings[EVALUATOR].nunique(), _in_both_criteria(ratings, parameters.method)),
    ]
    return pd.DataFrame(rows, columns=["blind_rule", "looked_at", "broken"])


def _in_both_criteria(ratings: pd.DataFrame, method: Method) -> int:
    criterion = {indicator.name: each.name for each in method.criteria for indicator in each.indicators}
    of = ratings.assign(criterion=ratings[INDICATOR].map(criterion))
    criteria = of.groupby([PROPOSAL, EVALUATOR])["criterion"].nunique()
    return int(criteria[criteria > 1].index.get_level_values(EVALUATOR).nunique())
