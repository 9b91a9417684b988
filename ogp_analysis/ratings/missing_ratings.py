"""Cells with too few independent ratings: which they are, which of them unread rows explain, what to say."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ogp_analysis.errors import Problem
from ogp_analysis.model.records import EVALUATOR, INDEPENDENT, INDICATOR, PANEL, PROPOSAL, ROLE, Criterion

if TYPE_CHECKING:
    from ogp_analysis.model.params import Parameters

CELL = [PROPOSAL, INDICATOR, PANEL]


def between(criterion: Criterion, parameters: Parameters) -> bool:
    """Say whether the two panels form the pair, not two evaluators inside each panel.

    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline())
    >>> [between(criterion, parameters) for criterion in parameters.method.criteria]
    [True, False]
    """
    return criterion.paired_between(parameters.blind_pair)


def wanted_of(criterion: Criterion, parameters: Parameters) -> int:
    """Give how many independent ratings each panel of a criterion must give a proposal.

    None is enough only where the method says so and gaps are not refused.
    """
    least = min(criterion.fewest, 1) if between(criterion, parameters) else criterion.fewest
    return max(least, 1) if parameters.missing == "refuse" else least


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
    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline())
    >>> none = pd.DataFrame(columns=["proposal", "indicator", "panel", "evaluator", "role", "rating"])
    >>> lacking_cells(none, parameters, ("S01",)).groupby("panel")["wanted"].sum().to_dict()
    {'core_group': 6, 'counterpart': 4, 'lead': 4, 'working_group': 6}
    """
    wanted = [
        (proposal, indicator.name, panel, wanted_of(criterion, parameters))
        for criterion in parameters.method.criteria
        for indicator in criterion.indicators
        if not indicator.counted
        for panel, proposal in product(criterion.panels, proposals)
    ]
    cells = pd.DataFrame(wanted, columns=[*CELL, "wanted"])
    given = frame[frame[ROLE] == INDEPENDENT].groupby(CELL)[EVALUATOR].nunique()
    cells["given"] = given.reindex(pd.MultiIndex.from_frame(cells[CELL])).fillna(0).to_numpy(dtype=int)
    return cells[cells["given"] < cells["wanted"]].reset_index(drop=True)[[*CELL, "given", "wanted"]]


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
    meant = np.zeros(len(cells), dtype=bool)
    for names in (names for count in range(len(unknown) + 1) for names in combinations(unknown, count)):
        rows = unread[(unread[list(names)] == "").all(axis=1)]
        legible = [name for name in CELL if name not in names]
        meant |= _among(cells[legible], rows[legible]) if legible else bool(len(rows))
    return meant


def _among(cells: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
    # As text: an empty frame has columns of another type, which isin would never match.
    return pd.MultiIndex.from_frame(cells.astype("str")).isin(pd.MultiIndex.from_frame(rows.astype("str")))


def concerns(unread: pd.DataFrame, criterion: Criterion, panel: str) -> bool:
    """Say whether rows that cannot be read may belong to a panel of a criterion.

    >>> from ogp_analysis.model import params
    >>> criterion = params.from_values(params.baseline()).method.criterion("feasibility")
    >>> unread = pd.DataFrame({"indicator": ["time"], "panel": "lead"})
    >>> [concerns(unread, criterion, panel) for panel in criterion.panels]
    [True, False]
    """
    names = ["", *(indicator.name for indicator in criterion.indicators)]
    return bool((unread[INDICATOR].isin(names) & unread[PANEL].isin(["", panel])).any())


def missing(
    missing_cells: pd.DataFrame,
    frame: pd.DataFrame,
    parameters: Parameters,
    *,
    unread: pd.DataFrame | None = None,
) -> list[Problem]:
    """Say what is missing: once for a panel that has another design, else proposal by proposal.

    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline())
    >>> none = pd.DataFrame(columns=["proposal", "indicator", "panel", "evaluator", "role", "rating"])
    >>> found = missing(lacking_cells(none, parameters, ("S01",)), none, parameters)
    >>> [problem.rule for problem in found]
    ['ratings.absent_panel', 'ratings.absent_panel', 'ratings.absent_panel', 'ratings.absent_panel']
    """
    if missing_cells.empty:
        return []
    unread = pd.DataFrame(columns=CELL) if unread is None else unread
    left = _unexcused(missing_cells, unread)
    problems = []
    for criterion in parameters.method.criteria:
        names = [i.name for i in criterion.indicators if not i.counted]
        for panel in criterion.panels:
            of_criterion = left[(left[PANEL] == panel) & left[INDICATOR].isin(names)]
            given = frame[
                (frame[PANEL] == panel) & frame[INDICATOR].isin(names) & (frame[ROLE] == INDEPENDENT)
            ]
            whole = not concerns(unread, criterion, panel)
            problems += _missing_in(of_criterion, given, (criterion, panel), whole=whole)
    return problems


def _unexcused(missing_cells: pd.DataFrame, unread: pd.DataFrame) -> pd.DataFrame:
    if missing_cells.empty or unread.empty:
        return missing_cells
    # A row whose panel cannot be read may have been meant for any panel of its proposal and indicator.
    left = missing_cells[~meant_for(missing_cells, unread, unknown=[PANEL])]
    # Rows of no proposal or indicator may fill any gap of their panel, but not more gaps than they are.
    for known in ([INDICATOR, PANEL], [PROPOSAL, PANEL], [PANEL]):
        hidden = [name for name in CELL if name not in known]
        left = left[~_filled(left, unread[(unread[hidden] == "").all(axis=1)], known)]
    return left


def _filled(missing_cells: pd.DataFrame, unread: pd.DataFrame, known: list[str]) -> pd.Series:
    cells = missing_cells[known].astype("str").reset_index(drop=True)
    counts = unread[known].astype("str").groupby(known, as_index=False).size()
    fitting = sum(
        scope.merge(counts, on=known, how="left")["size"].fillna(0)
        for scope in (cells, cells.assign(**{PANEL: ""}))
    )
    gaps = (missing_cells["wanted"] - missing_cells["given"]).reset_index(drop=True)
    total = gaps.groupby([cells[name] for name in known]).transform("sum")
    return (total <= fitting).set_axis(missing_cells.index)


def _missing_in(
    missing_cells: pd.DataFrame, given: pd.DataFrame, part: tuple[Criterion, str], *, whole: bool
) -> list[Problem]:
    if missing_cells.empty:
        return []
    criterion, panel = part
    most = int(given.groupby(CELL)[EVALUATOR].nunique().max()) if len(given) else 0
    wanted = int(missing_cells["wanted"].max())
    detail = (("panel", panel), ("wanted", str(wanted)), ("given", str(most)))
    # Where no cell at all has enough, the design is another one: said once, not for each cell.
    if most < wanted and whole:
        single = most == 1 and criterion.raters_per_panel == 2 and len(criterion.panels) == 2
        rule = (
            "ratings.single_panel" if single else "ratings.few_in_panel" if most else "ratings.absent_panel"
        )
        return [Problem(rule, detail=(*detail, ("criterion", criterion.name)))]
    # Lists, not frames: pandas makes a frame of every group, and there may be one a proposal.
    cells: dict[tuple[str, int], list[str]] = {}
    columns = (missing_cells[name].tolist() for name in (PROPOSAL, "given", INDICATOR))
    for proposal, count, indicator in zip(*columns, strict=True):
        cells.setdefault((proposal, count), []).append(indicator)
    return [
        Problem(
            "ratings.too_few",
            proposal=proposal,
            indicator=", ".join(indicators),
            detail=(("panel", panel), ("wanted", str(wanted)), ("given", str(count))),
        )
        for (proposal, count), indicators in cells.items()
    ]


def complete_proposals(proposals: tuple[str, ...], missing_cells: pd.DataFrame) -> tuple[str, ...]:
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
    gone = set(np.asarray(missing_cells[PROPOSAL], dtype=object))
    return tuple(proposal for proposal in proposals if proposal not in gone)
