"""Causes as far as the tables of two runs tell them, for runs that cannot be computed again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ogp_analysis.compare.causes_by_replay import BY_RULE, FINAL, STEPS, joined
from ogp_analysis.model.params import as_fraction
from ogp_analysis.model.records import COMPOSITE, CRITERION, INDICATOR, LEVELS, PROPOSAL, SCORE

GIVEN = ("first", "second", "third")
PAIR, CENTRE = "pair", "centre"
# The tables hold ten significant digits: what is closer than this is equal.
ROUNDING = 1e-8
# How steps are joined that the tables cannot tell apart.
UNTOLD = ", "
# Ending of the columns of levels.
LEVEL = "_level"
# How scores were added up by runs that do not say so.
EARLIER = {"aggregation": "mean", "majority": 0.6, "veto": "none"}
# Between the panels of a pair of reading B; no panel's name holds it.
BETWEEN = "-"


@dataclass(frozen=True)
class Road:
    """What one run says of one proposal: its row of categories, its indicator scores, its settled pairs.

    Parameters
    ----------
    assigned : Series
        Its row of the table ``categories``.
    scores : Series
        Score by indicator, in points; empty where the run has none.
    settled : DataFrame
        Index ``indicator, pair``; columns ``criterion, first, second, third, score`` and, where the run has
        it, ``centre``.
    parameters : mapping
        Of the run, as recorded; empty where it has no record.
    data, method : tuple
        What the ratings were read from, and what the method; empty where it has no record.
    """

    assigned: pd.Series
    scores: pd.Series
    settled: pd.DataFrame
    parameters: Mapping[str, Any] = field(default_factory=dict)
    data: tuple = ()
    method: tuple = ()


def parting(first: Road, second: Road) -> tuple[str, str]:
    """Walk back from the final category to what gave the runs different ones.

    The scores agree and the levels do not, so a cut point must have moved:

    >>> row = {"category_by_rule": 1, "category_final": 1, "relevance": 3.5, "relevance_level": "high"}
    >>> roads = [Road(pd.Series(row), pd.Series(), pd.DataFrame())]
    >>> row |= {"category_by_rule": 2, "category_final": 2, "relevance_level": "medium"}
    >>> roads.append(Road(pd.Series(row), pd.Series(), pd.DataFrame()))
    >>> parting(*roads)
    ('cut_points', 'relevance high → medium (3.5)')
    """
    a, b = first.assigned, second.assigned
    if not differ(a[BY_RULE], b[BY_RULE]):
        return "decision", detail(first, second)
    moved = _moved(a, b)
    if not moved:
        return "category_table", detail(first, second)
    # What lies behind each level that moved; the category may have followed from one of them.
    causes = dict.fromkeys(_behind(first, second, criterion) for criterion in moved)
    names = dict.fromkeys(name for steps in causes for name in steps.split(UNTOLD))
    return (next(iter(causes)) if len(causes) == 1 else UNTOLD.join(names)), detail(first, second)


def detail(first: Road, second: Road) -> str:
    """Say what parted in two runs of a proposal, from the levels back to an indicator.

    >>> rows = [{"category_by_rule": 2, "category_final": final} for final in (2, 4)]
    >>> detail(*(Road(pd.Series(row), pd.Series(), pd.DataFrame()) for row in rows))
    'category 2 → 4'
    """
    a, b = first.assigned, second.assigned
    if not differ(a[BY_RULE], b[BY_RULE]):
        return _arrow("category", a[FINAL], b[FINAL])
    moved = _moved(a, b)
    if not moved:
        return _arrow("category", a[BY_RULE], b[BY_RULE])
    return "; ".join(_of_criterion(first, second, name) for name in moved)


def _of_criterion(first: Road, second: Road, name: str) -> str:
    a, b = first.assigned, second.assigned
    levels = _arrow(name, a[f"{name}_level"], b[f"{name}_level"])
    cuts = _arrow_of_cuts(first, second, name)
    if not differ(a[name], b[name]):
        return f"{levels} ({_number(a[name])}){cuts}"
    indicators = _apart(first, second, name)[:1]
    own = [_arrow(each, first.scores.get(each), second.scores.get(each)) for each in indicators]
    return "; ".join([levels, _arrow(name, a[name], b[name]), *own]) + cuts


def _arrow_of_cuts(first: Road, second: Road, criterion: str) -> str:
    a, b = (road.parameters.get("cut_points", {}).get(criterion) for road in (first, second))
    if not a or not b or list(a) == list(b):
        return ""
    return "; cut_points " + " → ".join(", ".join(map(_number, cuts)) for cuts in (a, b))


def _moved(first: pd.Series, second: pd.Series) -> list[str]:
    # Runs of two methods may have few criteria in common, or none.
    levels = [name for name in first.index if name.endswith(LEVEL) and name in second.index]
    # The level of the composite moves with what it is made of; where it alone is cut, it decides.
    levels = [name for name in levels if name != COMPOSITE + LEVEL] or levels
    return [name.removesuffix(LEVEL) for name in levels if differ(first[name], second[name])]


def criteria_of(columns: Iterable[str]) -> list[str]:
    """Name the criteria of a table of categories: what stands before the composite, and what has levels.

    >>> criteria_of(["proposal", "merit", "cost", "composite", "category_by_rule"])
    ['merit', 'cost']
    """
    names = list(columns)
    scored = names[: names.index(COMPOSITE)] if COMPOSITE in names else []
    levels = [name.removesuffix(LEVEL) for name in names if name.endswith(LEVEL)]
    levels = [name for name in levels if name != COMPOSITE]
    rest = [name for name in scored if name != PROPOSAL and name.removesuffix(LEVEL) not in levels]
    return list(dict.fromkeys([*rest, *levels]))


def _apart(first: Road, second: Road, criterion: str) -> list[str]:
    """Name the indicators of a criterion whose scores are not the same."""
    parts = [
        road.settled[(road.settled[CRITERION] == criterion) | (criterion == COMPOSITE)]
        for road in (first, second)
        if len(road.settled)
    ]
    own = {name for part in parts for name in part.index.get_level_values(0)}
    # An indicator that is counted has no pairs, and the tables do not say to which criterion it belongs.
    paired = {name for road in (first, second) for name in road.settled.index.get_level_values(0)}
    every = sorted(own | ({*first.scores.index, *second.scores.index} - paired))
    return [name for name in every if differ(first.scores.get(name), second.scores.get(name))]


def _behind(first: Road, second: Road, criterion: str) -> str:
    score_a, score_b = first.assigned[criterion], second.assigned[criterion]
    if not differ(score_a, score_b):
        return "cut_points"
    sources = _sources(first, second, criterion)
    cuts = [road.parameters.get("cut_points", {}).get(criterion) for road in (first, second)]
    if not all(cuts):
        # Without a record the cut points are not known; but no score can move a level against itself.
        return "cut_points" if _against(first.assigned, second.assigned, criterion) else sources
    steps_behind = joined(("scores", "cut_points"), lambda taken: _level(score_a, score_b, cuts, taken))
    return steps_behind.replace("scores", sources)


def _level(first: float, second: float, cuts: list, taken: frozenset[str]) -> object:
    score = second if "scores" in taken else first
    limits = [float(as_fraction(cut)) for cut in cuts["cut_points" in taken]]
    return None if pd.isna(score) else sum(score >= limit - ROUNDING for limit in limits)


def _against(first: pd.Series, second: pd.Series, criterion: str) -> bool:
    ranks = [
        LEVELS.index(row[f"{criterion}_level"])
        for row in (first, second)
        if row[f"{criterion}_level"] in LEVELS
    ]
    return len(ranks) == 2 and (ranks[1] - ranks[0]) * (second[criterion] - first[criterion]) < 0


def _sources(first: Road, second: Road, criterion: str) -> str:
    """Name the steps behind another score of a criterion."""
    indicators = _apart(first, second, criterion)
    kinds = ("indicator_weights", "criterion_weights")[: 2 if criterion == COMPOSITE else 1]
    weights = [[road.parameters.get(kind, {}) for kind in kinds] for road in (first, second)]
    steps_behind = {step for name in indicators for step in _behind_indicator(first, second, name)}
    ways = [
        [road.parameters.get(name, default) for name, default in EARLIER.items()] for road in (first, second)
    ]
    if all(road.parameters for road in (first, second)) and ways[0] != ways[1]:
        steps_behind.add("aggregation")
    if weights[0] != weights[1] or not (indicators or steps_behind):
        steps_behind.add("weights")
    return UNTOLD.join(step for step in ("method", *STEPS) if step in steps_behind)


def _behind_indicator(first: Road, second: Road, name: str) -> set[str]:
    a, b = (
        road.settled.loc[[name]] if name in road.settled.index else road.settled.iloc[:0]
        for road in (first, second)
    )
    pairs = a.index.intersection(b.index)
    readings = [road.parameters.get("blind_pair") for road in (first, second)]
    if readings[0] != readings[1] or (pairs.empty and len(a) and len(b)):
        return {"blind_pair"} if _by_panel(a) == _by_panel(b) else {"blind_pair", *_unlike(first, second)}
    # A pair that only one run has was rated, or counted, in that run only.
    if len(pairs) < len(a) or len(pairs) < len(b):
        return _unlike(first, second)
    if any(differ(a.loc[pair, column], b.loc[pair, column]) for pair in pairs for column in GIVEN):
        return _unlike(first, second)
    if a.empty and b.empty:
        return _unlike(first, second)
    settled_apart = any(differ(a.loc[pair, SCORE], b.loc[pair, SCORE]) for pair in pairs)
    if settled_apart:
        return {"adjudication"}
    rules, gaps = ([road.parameters.get(of) for road in (first, second)] for of in ("panel_rule", "missing"))
    return {"ratings_used"} if rules[0] == rules[1] and gaps[0] != gaps[1] else {"combination"}


def _by_panel(rows: pd.DataFrame) -> dict[str, float]:
    """Give the mean rating of each panel, which both readings of the blind pair hold."""
    by_panel: dict[str, float] = {}
    for (_, pair), row in rows.iterrows():
        panels = pair.split(BETWEEN)
        means = [row.get(CENTRE, row["first"])] if len(panels) == 1 else [row["first"], row["second"]]
        by_panel |= {panel: round(float(mean), 6) for panel, mean in zip(panels, means, strict=False)}
    return {panel: mean for panel, mean in by_panel.items() if mean == mean}


def _unlike(first: Road, second: Road) -> set[str]:
    """Name what can have given a pair other ratings: others were read, or not the same ones counted."""
    a, b = ({name: road.parameters.get(name) for name in ("conflict", "missing")} for road in (first, second))
    differing = {"ratings_used"} if a != b else set()
    if first.method != second.method:
        differing.add("method")
    return (
        differing | {"ratings"} if first.data != second.data or not (first.data and differing) else differing
    )


def roads(
    first: Mapping[str, pd.DataFrame], second: Mapping[str, pd.DataFrame], proposal: str, *, facts: tuple = ()
) -> tuple[Road, Road]:
    """Take what two runs say of a proposal out of their tables."""
    known = facts or (({}, (), ()), ({}, (), ()))
    return _road(first, proposal, *known[0]), _road(second, proposal, *known[1])


def _road(tables: Mapping[str, pd.DataFrame], proposal: str, *facts: Any) -> Road:
    empty = pd.DataFrame(columns=[PROPOSAL, CRITERION, INDICATOR, PAIR, SCORE, *GIVEN])
    scores, settled = tables.get("indicator_scores"), tables.get("settled", empty)
    own = pd.Series(dtype=float)
    if scores is not None and (scores[PROPOSAL] == proposal).any():
        own = scores.set_index(PROPOSAL).loc[proposal]
    rows = settled[settled[PROPOSAL] == proposal].set_index([INDICATOR, PAIR])
    assigned = tables["categories"].set_index(PROPOSAL).loc[proposal]
    return Road(assigned, own, rows, *facts)


def differ(first: object, second: object) -> bool:
    """Say whether two cells are not the same; two missing ones are.

    >>> differ(None, float("nan")), differ(2.5, 2.5 + 1e-12), differ("high", None)
    (False, False, True)
    """
    if pd.isna(first) or pd.isna(second):
        return not (pd.isna(first) and pd.isna(second))
    if isinstance(first, int | float) and isinstance(second, int | float):
        return abs(first - second) > ROUNDING
    return first != second


def _number(value: object) -> str:
    if pd.isna(value):
        return "–"
    return f"{value:.4g}" if isinstance(value, int | float) else str(value)


def _arrow(name: str, first: object, second: object) -> str:
    return f"{name} {_number(first)} → {_number(second)}"
