"""Rules of the double-blind design: who may rate what, how often, and what must not be missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ogp_analysis.errors import Problem
from ogp_analysis.model import matching
from ogp_analysis.model.records import (
    EVALUATOR,
    INDEPENDENT,
    INDICATOR,
    PANEL,
    PROPOSAL,
    RATING,
    ROLE,
    THIRD,
    Criterion,
)
from ogp_analysis.ratings.missing_ratings import CELL, between, complete_proposals, lacking_cells, missing
from ogp_analysis.ratings.problems import LISTED, problems_at, row_text

if TYPE_CHECKING:
    from ogp_analysis.model.params import Parameters


@dataclass(frozen=True)
class Judged:
    """What the design's rules say of a set of ratings.

    Parameters
    ----------
    problems, warnings : tuple of Problem
        What must be mended, and what is kept but should be known.
    missing_cells : DataFrame
        Columns ``proposal, indicator, panel, given, wanted``: cells with too few independent ratings.
    """

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    missing_cells: pd.DataFrame


def judge(
    frame: pd.DataFrame,
    parameters: Parameters,
    *,
    proposals: tuple[str, ...],
    unread: pd.DataFrame | None = None,
) -> Judged:
    """Apply the rules of the design.

    Nothing was rated; a problem says so for each panel, not for each cell:

    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline())
    >>> none = pd.DataFrame(columns=["proposal", "indicator", "panel", "evaluator", "role", "rating", "cell"])
    >>> judged = judge(none, parameters, proposals=("S01", "S02"))
    >>> {problem.rule for problem in judged.problems}, len(judged.missing_cells)
    ({'ratings.absent_panel'}, 28)
    """
    problems = _repeated(frame)
    warnings: list[Problem] = []
    problems += _surplus(frame, parameters)
    for criterion in parameters.method.criteria:
        rated = frame[frame[INDICATOR].isin([indicator.name for indicator in criterion.indicators])]
        sides = _both_sides(rated, criterion)
        (problems if between(criterion, parameters) else warnings).extend(sides)
        problems += _thirds(rated, across=criterion.seated)
        warnings += _unforeseen(rated, criterion, parameters)
    missing_cells = lacking_cells(frame, parameters, proposals)
    if parameters.missing == "refuse":
        problems += missing(missing_cells, frame, parameters, unread=unread)
    if parameters.missing == "drop" and len(frame) and not complete_proposals(proposals, missing_cells):
        # A run would have nothing to assess, and every table of it no row.
        problems.append(Problem("ratings.all_left_out", value=str(len(proposals))))
    return Judged(tuple(problems), tuple(warnings), missing_cells)


def _repeated(frame: pd.DataFrame) -> list[Problem]:
    key = [*CELL, EVALUATOR]
    # A repeated third evaluation has a rule of its own, in _thirds.
    again = frame[frame.duplicated(key) & (frame[ROLE] != THIRD)]
    if again.empty:
        return []
    rows = frame.drop_duplicates(key).merge(again[key].drop_duplicates(), on=key).to_dict("records")
    first = {tuple(row[name] for name in key): row for row in rows}
    return problems_at(
        again,
        "ratings.repeated",
        lambda row: {
            "column": row["cell"],
            "value": str(row["typed"]),
            "detail": _other(first[tuple(row[name] for name in key)], row),
        },
    )


def _other(row: dict, beside: dict) -> tuple[tuple[str, str], ...]:
    return (("other", row_text(row, beside)), ("other_value", str(row["typed"])))


def _surplus(frame: pd.DataFrame, parameters: Parameters) -> list[Problem]:
    criterion_of = {one.name: c for c in parameters.method.criteria for one in c.indicators}
    allowed = {name: criterion.raters_per_panel for name, criterion in criterion_of.items()}
    # Nothing can be marked as third where the method foresees none.
    thirds = {name for name, criterion in criterion_of.items() if criterion.name in parameters.third_for}
    independent = frame[frame[ROLE] == INDEPENDENT].drop_duplicates([*CELL, EVALUATOR])
    # The first in the file are taken for the foreseen ones; those beyond are named.
    position = independent.groupby(CELL).cumcount()
    over = independent[position >= independent[INDICATOR].map(allowed)]
    return problems_at(
        over,
        "ratings.surplus",
        lambda row: {
            "column": row["cell"],
            "detail": (
                ("panel", row[PANEL]),
                ("allowed", str(allowed[row[INDICATOR]])),
                ("remedy", "fewer_or_third" if row[INDICATOR] in thirds else "fewer"),
            ),
        },
    )


def _both_sides(frame: pd.DataFrame, criterion: Criterion) -> list[Problem]:
    independent, who = frame[frame[ROLE] == INDEPENDENT], [PROPOSAL, INDICATOR, EVALUATOR]
    if not independent.duplicated(who).any():
        return []
    panels = independent.groupby(who)[PANEL].transform("nunique")
    second = independent[(panels > 1) & (independent[PANEL] != criterion.panels[0])]
    return problems_at(
        second,
        "ratings.both_sides",
        lambda row: {"column": row["cell"], "detail": (("panels", ", ".join(criterion.panels)),)},
    )


def _thirds(frame: pd.DataFrame, *, across: bool) -> list[Problem]:
    thirds = frame[frame[ROLE] == THIRD]
    if thirds.empty:
        return []
    independent = frame[frame[ROLE] == INDEPENDENT]
    who = [PROPOSAL, INDICATOR, EVALUATOR]
    rated = pd.MultiIndex.from_frame(independent[who])
    already = thirds[pd.MultiIndex.from_frame(thirds[who]).isin(rated)]
    scope = [PROPOSAL, INDICATOR] if across else CELL
    again = thirds[thirds.duplicated(scope)]
    return problems_at(
        already, "ratings.third_rated_before", lambda row: {"column": row["cell"]}
    ) + problems_at(
        again, "ratings.second_third", lambda row: {"column": row["cell"], "detail": (("panel", row[PANEL]),)}
    )


def _unforeseen(frame: pd.DataFrame, criterion: Criterion, parameters: Parameters) -> list[Problem]:
    thirds = frame[frame[ROLE] == THIRD]
    if thirds.empty:
        return []
    if criterion.name not in parameters.third_for:
        return [_counted("ratings.third_not_foreseen", thirds, criterion)]
    scope = [PROPOSAL, INDICATOR] if between(criterion, parameters) else CELL
    spread = _spread(frame[frame[ROLE] == INDEPENDENT], scope)
    apart = spread.reindex(pd.MultiIndex.from_frame(thirds[scope])).to_numpy()
    without_pair = np.isnan(apart)
    by_rule = {
        "ratings.third_of_both_panels": _of_several_panels(thirds, criterion, scope),
        "ratings.third_not_needed": thirds[~without_pair & ~matching.differ(apart, 0, parameters.tolerance)],
        "ratings.third_without_pair": thirds[without_pair],
    }
    return [_counted(rule, rows, criterion) for rule, rows in by_rule.items() if len(rows)]


def _of_several_panels(thirds: pd.DataFrame, criterion: Criterion, scope: list[str]) -> pd.DataFrame:
    """Give a row for each pair of reading B for which thirds were collected inside the panels (reading A)."""
    # With one rater a panel no panel has a pair of its own: a second third is refused there.
    if scope == CELL or criterion.seated:
        return thirds.iloc[:0]
    panels = thirds.groupby(scope)[PANEL].transform("nunique")
    return thirds[panels > 1].drop_duplicates(scope)


def _spread(independent: pd.DataFrame, scope: list[str]) -> pd.Series:
    """Give the largest difference between the sides of each pair; none where there is one side only."""
    sides = independent if scope == CELL else independent.groupby(CELL, as_index=False)[RATING].mean()
    groups = sides.groupby(scope)[RATING]
    return (groups.max() - groups.min()).where(groups.size() > 1)


def _counted(rule: str, rows: pd.DataFrame, criterion: Criterion) -> Problem:
    names = sorted(rows[PROPOSAL].unique())
    shown = ", ".join(names[:LISTED]) + (" ..." if len(names) > LISTED else "")
    return Problem(
        rule, detail=(("count", str(len(rows))), ("criterion", criterion.name), ("proposals", shown))
    )
