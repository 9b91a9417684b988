"""Rules of the double-blind design: who may rate what, how often, and what must not be missing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ogp_analysis.errors import Problem
from ogp_analysis.model import (
    EVALUATOR,
    INDEPENDENT,
    INDICATOR,
    PANEL,
    PROPOSAL,
    RATING,
    ROLE,
    THIRD,
    Criterion,
    Method,
)
from ogp_analysis.ratings.findings import LISTED, problems_at, row_text
from ogp_analysis.ratings.values import NEGLIGIBLE

if TYPE_CHECKING:
    from ogp_analysis.params import Parameters

# Codings computed from counts of merged proposals, which nobody rates; as in scoring, a neighbour.
COUNTED = ("binned", "rank", "share")
CELL = [PROPOSAL, INDICATOR, PANEL]


@dataclass(frozen=True)
class Judged:
    """What the design's rules say of a set of ratings.

    Parameters
    ----------
    problems, warnings : tuple of Problem
        What must be mended, and what is kept but should be known.
    lacking : DataFrame
        Columns ``proposal, indicator, panel, given, wanted``: cells with too few independent ratings.
    """

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    lacking: pd.DataFrame


def judge(
    frame: pd.DataFrame,
    parameters: Parameters,
    *,
    proposals: tuple[str, ...],
    unread: pd.DataFrame | None = None,
) -> Judged:
    """Apply the rules of the design.

    Parameters
    ----------
    frame : DataFrame
        Ratings with our keys, numbers and the address of each row; no empty ratings.
    parameters : params.Parameters
        The method and the reading of the blind pair.
    proposals : tuple of str
        Every proposal that should be rated.
    unread : DataFrame, optional
        Cells of rows that have a problem of their own; they are not reported as missing too.

    Returns
    -------
    Judged
        Problems, warnings and what is lacking.

    Examples
    --------
    Nothing was rated; a problem says so for each panel, not for each cell:

    >>> from ogp_analysis import params
    >>> parameters = params.from_values(params.baseline())
    >>> none = pd.DataFrame(columns=["proposal", "indicator", "panel", "evaluator", "role", "rating", "cell"])
    >>> judged = judge(none, parameters, proposals=("S01", "S02"))
    >>> {problem.rule for problem in judged.problems}, len(judged.lacking)
    ({'ratings.absent_panel'}, 28)
    """
    problems, warnings = _repeated(frame), []
    problems += _surplus(frame, parameters.method)
    for criterion in parameters.method.criteria:
        mine = frame[frame[INDICATOR].isin([indicator.name for indicator in criterion.indicators])]
        sides = _both_sides(mine, criterion)
        (problems if between(criterion, parameters) else warnings).extend(sides)
        problems += _thirds(mine, across=criterion.raters_per_panel == 1)
        warnings += _unforeseen(mine, criterion, parameters)
    lacking = lacking_cells(frame, parameters, proposals)
    if parameters.missing == "refuse":
        problems += _missing(_unexcused(lacking, unread), frame, parameters)
    return Judged(tuple(problems), tuple(warnings), lacking)


def between(criterion: Criterion, parameters: Parameters) -> bool:
    """Say whether the two panels form the pair, not two evaluators inside each panel.

    Parameters
    ----------
    criterion : Criterion
        With one rater a panel the two panels are the pair, whatever the parameters say.
    parameters : params.Parameters
        Reading of the blind pair.

    Returns
    -------
    bool
        True for reading B.

    Examples
    --------
    >>> from ogp_analysis import params
    >>> parameters = params.from_values(params.baseline())
    >>> [between(criterion, parameters) for criterion in parameters.method.criteria]
    [True, False]
    """
    return criterion.raters_per_panel == 1 or parameters.blind_pair == "between_panels"


def _repeated(frame: pd.DataFrame) -> list[Problem]:
    key = [*CELL, EVALUATOR]
    # A repeated third evaluation has a rule of its own, in _thirds.
    again = frame[frame.duplicated(key) & (frame[ROLE] != THIRD)]
    if again.empty:
        return []
    first = frame.drop_duplicates(key).set_index(key)
    return problems_at(
        again,
        "ratings.repeated",
        lambda row: {
            "column": row["cell"],
            "value": str(row["typed"]),
            "detail": _other(first.loc[tuple(row[name] for name in key)].to_dict(), row),
        },
    )


def _other(row: dict, beside: dict) -> tuple[tuple[str, str], ...]:
    return (("other", row_text(row, beside)), ("other_value", str(row["typed"])))


def _surplus(frame: pd.DataFrame, method: Method) -> list[Problem]:
    allowed = {
        indicator.name: criterion.raters_per_panel
        for criterion in method.criteria
        for indicator in criterion.indicators
    }
    independent = frame[frame[ROLE] == INDEPENDENT].drop_duplicates([*CELL, EVALUATOR])
    # The first in the file are taken for the foreseen ones; those beyond are named.
    position = independent.groupby(CELL).cumcount()
    over = independent[position >= independent[INDICATOR].map(allowed)]
    return problems_at(
        over,
        "ratings.surplus",
        lambda row: {
            "column": row["cell"],
            "detail": (("panel", row[PANEL]), ("allowed", str(allowed[row[INDICATOR]]))),
        },
    )


def _both_sides(frame: pd.DataFrame, criterion: Criterion) -> list[Problem]:
    independent = frame[frame[ROLE] == INDEPENDENT]
    panels = independent.groupby([PROPOSAL, INDICATOR, EVALUATOR])[PANEL].transform("nunique")
    second = independent[(panels > 1) & (independent[PANEL] != criterion.panels[0])]
    return problems_at(
        second,
        "ratings.both_sides",
        lambda row: {"column": row["cell"], "detail": (("panels", ", ".join(criterion.panels)),)},
    )


def _thirds(frame: pd.DataFrame, *, across: bool) -> list[Problem]:
    thirds = frame[frame[ROLE] == THIRD]
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
    # Collected inside the panels (reading A), thirds of both panels may stand for one pair of reading B.
    several = thirds[thirds.duplicated(scope)]
    found = [_counted("ratings.third_of_both_panels", several, criterion)] if len(several) else []
    spread = _spread(frame[frame[ROLE] == INDEPENDENT], scope)
    pairs = pd.MultiIndex.from_frame(thirds[scope])
    matched = thirds[(spread.reindex(pairs).to_numpy() <= parameters.tolerance + NEGLIGIBLE)]
    return found + ([_counted("ratings.third_not_needed", matched, criterion)] if len(matched) else [])


def _spread(independent: pd.DataFrame, scope: list[str]) -> pd.Series:
    sides = independent if scope == CELL else independent.groupby(CELL, as_index=False)[RATING].mean()
    groups = sides.groupby(scope)[RATING]
    return groups.max() - groups.min()


def _counted(rule: str, rows: pd.DataFrame, criterion: Criterion) -> Problem:
    names = sorted(rows[PROPOSAL].unique())
    shown = ", ".join(names[:LISTED]) + (" ..." if len(names) > LISTED else "")
    return Problem(
        rule, detail=(("count", str(len(rows))), ("criterion", criterion.name), ("proposals", shown))
    )


def lacking_cells(frame: pd.DataFrame, parameters: Parameters, proposals: tuple[str, ...]) -> pd.DataFrame:
    """List the cells with fewer independent ratings than the design wants.

    Parameters
    ----------
    frame : DataFrame
        Ratings with our keys; no empty ratings.
    parameters : params.Parameters
        The method and the reading of the blind pair.
    proposals : tuple of str
        Every proposal that should be rated.

    Returns
    -------
    DataFrame
        Columns ``proposal, indicator, panel, given, wanted``, one row a lacking cell.

    Examples
    --------
    >>> from ogp_analysis import params
    >>> parameters = params.from_values(params.baseline())
    >>> none = pd.DataFrame(columns=["proposal", "indicator", "panel", "evaluator", "role", "rating"])
    >>> lacking_cells(none, parameters, ("S01",)).groupby("panel")["wanted"].sum().to_dict()
    {'core_group': 6, 'counterpart': 4, 'lead': 4, 'working_group': 6}
    """
    wanted = [
        (proposal, indicator.name, panel, 1 if between(criterion, parameters) else criterion.raters_per_panel)
        for criterion in parameters.method.criteria
        for indicator in criterion.indicators
        if indicator.coding not in COUNTED
        for panel, proposal in product(criterion.panels, proposals)
    ]
    cells = pd.DataFrame(wanted, columns=[*CELL, "wanted"])
    given = frame[frame[ROLE] == INDEPENDENT].groupby(CELL)[EVALUATOR].nunique()
    cells["given"] = given.reindex(pd.MultiIndex.from_frame(cells[CELL])).fillna(0).to_numpy(dtype=int)
    return cells[cells["given"] < cells["wanted"]].reset_index(drop=True)[[*CELL, "given", "wanted"]]


def _unexcused(lacking: pd.DataFrame, unread: pd.DataFrame | None) -> pd.DataFrame:
    if unread is None or unread.empty:
        return lacking
    # A row whose panel cannot be read may have been meant for any panel of its proposal and indicator.
    return lacking[~meant_for(lacking, unread, unknown=[PANEL])]


def meant_for(cells: pd.DataFrame, unread: pd.DataFrame, *, unknown: list[str]) -> np.ndarray:
    """Say which cells were probably meant by rows that cannot be read.

    Parameters
    ----------
    cells, unread : DataFrame
        Columns ``proposal, indicator, panel``; a name of ``unread`` is empty where it cannot be told.
    unknown : list of str
        The columns in which an empty name may stand for any.

    Returns
    -------
    ndarray of bool
        One for each row of ``cells``.

    Examples
    --------
    >>> cells = pd.DataFrame({"proposal": "S01", "indicator": "time", "panel": ["lead", "counterpart"]})
    >>> unread = pd.DataFrame({"proposal": ["S01"], "indicator": "time", "panel": ""})
    >>> meant_for(cells, unread, unknown=["panel"]).tolist(), meant_for(cells, unread, unknown=[]).tolist()
    ([True, True], [False, False])
    """
    found = np.zeros(len(cells), dtype=bool)
    for names in (names for count in range(len(unknown) + 1) for names in combinations(unknown, count)):
        rows = unread[(unread[list(names)] == "").all(axis=1)]
        told = [name for name in CELL if name not in names]
        found |= _among(cells[told], rows[told]) if told else bool(len(rows))
    return found


def _among(cells: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
    # As text: an empty frame has columns of another type, which isin would never match.
    return pd.MultiIndex.from_frame(cells.astype("str")).isin(pd.MultiIndex.from_frame(rows.astype("str")))


def _missing(lacking: pd.DataFrame, frame: pd.DataFrame, parameters: Parameters) -> list[Problem]:
    problems = []
    for criterion in parameters.method.criteria:
        names = [i.name for i in criterion.indicators if i.coding not in COUNTED]
        for panel in criterion.panels:
            mine = lacking[(lacking[PANEL] == panel) & lacking[INDICATOR].isin(names)]
            given = frame[
                (frame[PANEL] == panel) & frame[INDICATOR].isin(names) & (frame[ROLE] == INDEPENDENT)
            ]
            problems += _missing_in(mine, given, panel)
    return problems


def _missing_in(lacking: pd.DataFrame, given: pd.DataFrame, panel: str) -> list[Problem]:
    if lacking.empty:
        return []
    most = int(given.groupby(CELL)[EVALUATOR].nunique().max()) if len(given) else 0
    wanted = int(lacking["wanted"].max())
    detail = (("panel", panel), ("wanted", str(wanted)), ("given", str(most)))
    # Where no cell at all has enough, the design is another one: said once, not for each cell.
    if most < wanted:
        rule = "ratings.single_panel" if most else "ratings.absent_panel"
        return [Problem(rule, detail=detail)]
    problems = []
    for (proposal, count), rows in lacking.groupby([PROPOSAL, "given"], sort=False):
        what = (("panel", panel), ("wanted", str(wanted)), ("given", str(count)))
        indicators = ", ".join(rows[INDICATOR])
        problems.append(Problem("ratings.too_few", proposal=proposal, indicator=indicators, detail=what))
    return problems


def complete_proposals(proposals: tuple[str, ...], lacking: pd.DataFrame) -> tuple[str, ...]:
    """Give the proposals of which nothing is lacking.

    Parameters
    ----------
    proposals : tuple of str
        Every proposal.
    lacking : DataFrame
        From :func:`lacking_cells`.

    Returns
    -------
    tuple of str
        In their order.

    Examples
    --------
    >>> complete_proposals(("S01", "S02"), pd.DataFrame({"proposal": ["S02", "S02"]}))
    ('S01',)
    """
    gone = set(np.asarray(lacking[PROPOSAL], dtype=object))
    return tuple(proposal for proposal in proposals if proposal not in gone)
