"""Nobody exposed: small counts of persons are hidden, with enough others that totals do not give them back.

The rule is that of UK LLC: no count under the threshold is published, zero included, and at least two cells
are hidden in every row and column that hides any. It holds for counts of persons, never for counts of
proposals nor for figures that the plan itself published.

A table is published with its totals, so each row and each column is an equation. Hidden cells are protected
when these equations, with no count below zero, leave each of them a range: one that reaches the threshold for
each small cell (else the reader learns that it is small), and more than one value for every other. Linear
programmes give the ranges, as in cell suppression of official statistics.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ogp_analysis.errors import keyed_error

DEFAULT_THRESHOLD = 10
SMALLEST_THRESHOLD = 3
TOTAL = "total"
# Ranges of whole numbers from a solver in floating point (tolerance 1e-7): half a person tells them apart.
HALF_A_PERSON = 0.5


def protect(counts: pd.DataFrame | pd.Series, *, threshold: int = DEFAULT_THRESHOLD) -> pd.DataFrame:
    """Publish a table of counts of persons with its totals and its small cells hidden.

    Parameters
    ----------
    counts : pandas.DataFrame or pandas.Series
        Numbers of persons, whole and not negative, each person in one cell. A series is one column.
    threshold : int
        Smallest count that is published, 3 or more; 10 as UK LLC by default, 5 is common.

    Returns
    -------
    pandas.DataFrame
        ``Int64`` with a row and (for a frame) a column ``total``; ``<NA>`` where the count is hidden. Nothing
        tells a small cell from one hidden to protect it.

    Raises
    ------
    StatisticsError
        The counts are not whole numbers from 0, or the threshold is below 3.

    Examples
    --------
    >>> people = pd.Series([120, 40, 12, 3], index=["a", "b", "c", "d"], name="persons")
    >>> protect(people)["persons"].isna().tolist()
    [False, False, True, True, False]
    """
    frame = counts.to_frame() if isinstance(counts, pd.Series) else counts
    _check(frame, threshold)
    cells = with_totals(frame.to_numpy(dtype=np.int64))
    if isinstance(counts, pd.Series):
        # A series has no column of totals: the second column only repeats the first and is cut off.
        hidden = hide(cells, threshold=threshold, one_column=True)[:, :1]
        cells, columns = cells[:, :1], list(frame.columns)
    else:
        hidden, columns = hide(cells, threshold=threshold), [*frame.columns, TOTAL]
    table = pd.DataFrame(cells, index=[*frame.index, TOTAL], columns=columns).astype("Int64")
    return table.mask(hidden)


def _check(frame: pd.DataFrame, threshold: int) -> None:
    if threshold < SMALLEST_THRESHOLD:
        raise keyed_error(key="statistics.protects_nobody", threshold=threshold, least=SMALLEST_THRESHOLD)
    values = frame.to_numpy(dtype=float, na_value=np.nan)
    if (
        frame.empty
        or not np.isfinite(values).all()
        or (values < 0).any()
        or (values != np.round(values)).any()
    ):
        raise keyed_error(key="statistics.counts_of_persons", counts=values)


def with_totals(cells: np.ndarray) -> np.ndarray:
    """Add a last row and a last column of totals to a table of counts.

    >>> with_totals(np.array([[1, 2], [3, 4]])).tolist()
    [[1, 2, 3], [3, 4, 7], [4, 6, 10]]
    """
    rows = np.vstack([cells, cells.sum(axis=0)])
    return np.column_stack([rows, rows.sum(axis=1)])


def hide(cells: np.ndarray, *, threshold: int, one_column: bool = False) -> np.ndarray:
    """Choose the cells to hide: the small ones, then as few and as small others as protect them.

    >>> hide(with_totals(np.array([[20, 3], [30, 40]])), threshold=10)[:2, :2].tolist()
    [[True, True], [True, True]]
    """
    hidden = cells < threshold
    while True:
        hidden = _close_lines(cells, hidden, threshold=threshold, one_column=one_column)
        if one_column:
            return hidden
        exposed = _exposed(cells, hidden, threshold)
        if not exposed.any() or hidden.all():
            return hidden
        # One at a time: each cell hidden may protect several others, and fewer hidden cells tell readers
        # more.
        hidden = _hide_one_more(cells, hidden, tuple(np.argwhere(exposed)[0]))


def _close_lines(cells: np.ndarray, hidden: np.ndarray, *, threshold: int, one_column: bool) -> np.ndarray:
    """Hide more until each line that hides any hides two, and as many persons as the threshold."""
    hidden = hidden.copy()
    lines = _lines(cells.shape, one_column)
    changed = True
    while changed:
        changed = False
        for line in lines:
            where = tuple(line.T)
            inner = hidden[where][:-1]
            enough = inner.sum() >= 2 and cells[where][:-1][inner].sum() >= threshold
            if not hidden[where].any() or enough or hidden[where].all():
                continue
            # With its total hidden too, two cells of the line are two unknowns: any sum will do.
            if hidden[where][-1] and hidden[where].sum() >= 2:
                continue
            hidden[tuple(_next_to_hide(cells, hidden, line))] = True
            changed = True
    return hidden


def _lines(shape: tuple[int, int], one_column: bool) -> list[np.ndarray]:
    """List the equations of a table: index pairs of each line, its total last."""
    grid = np.stack(np.meshgrid(np.arange(shape[0]), np.arange(shape[1]), indexing="ij"), axis=-1)
    if one_column:
        return [grid[:, 0]]
    return [grid[i] for i in range(shape[0])] + [grid[:, j] for j in range(shape[1])]


def _next_to_hide(cells: np.ndarray, hidden: np.ndarray, line: np.ndarray) -> np.ndarray:
    """Pick the next cell of a line: totals last, then the smallest, then one whose other line hides some."""
    rows, columns = cells.shape
    open_cells = [cell for cell in line if not hidden[tuple(cell)]]

    def cost(cell: np.ndarray) -> tuple[int, int, int, int, int]:
        i, j = cell
        totals = int(i == rows - 1) + int(j == columns - 1)
        return totals, int(cells[i, j]), -int(hidden[i].sum() + hidden[:, j].sum()), int(i), int(j)

    return min(open_cells, key=cost)


def _hide_one_more(cells: np.ndarray, hidden: np.ndarray, cell: tuple[int, int]) -> np.ndarray:
    grid = _lines(cells.shape, False)
    cross = np.vstack([grid[cell[0]], grid[cells.shape[0] + cell[1]]])
    if all(hidden[tuple(place)] for place in cross):
        cross = np.argwhere(~hidden)
    more = hidden.copy()
    more[tuple(_next_to_hide(cells, hidden, cross))] = True
    return more


def _exposed(cells: np.ndarray, hidden: np.ndarray, threshold: int) -> np.ndarray:
    low, high = bounds(np.where(hidden, -1, cells))
    small = cells < threshold
    too_sure = (high - low < HALF_A_PERSON) | (small & (high < threshold - HALF_A_PERSON))
    return hidden & too_sure


def bounds(published: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Say what a reader can work out: the range of each hidden cell from the totals, no count below zero.

    >>> low, high = bounds(np.array([[-1, -1, 12], [-1, -1, 14], [11, 15, 26]]))
    >>> float(low[0, 0]), float(high[0, 0])
    (0.0, 11.0)
    """
    # Imported here: it costs more than all else that a run needs to start.
    from scipy.optimize import linprog

    low, high = published.astype(float), published.astype(float)
    unknown = np.argwhere(published < 0)
    if not len(unknown):
        return low, high
    place = {tuple(cell): k for k, cell in enumerate(unknown)}
    equations, constants = _equations(published, place)
    for cell, k in place.items():
        # Two linear programmes a hidden cell: the least and the most that it can be, given the totals.
        objective = np.zeros(len(place))
        objective[k] = 1.0
        least = linprog(objective, A_eq=equations, b_eq=constants, bounds=(0, None))
        most = linprog(-objective, A_eq=equations, b_eq=constants, bounds=(0, None))
        low[cell] = least.fun
        high[cell] = -most.fun if most.success else np.inf
    return low, high


def _equations(published: np.ndarray, place: dict[tuple[int, int], int]) -> tuple[np.ndarray, np.ndarray]:
    # Each line says: its cells less its total are nothing.
    lines = _lines(published.shape, False)
    equations, constants = np.zeros((len(lines), len(place))), np.zeros(len(lines))
    for number, line in enumerate(lines):
        signs = np.append(np.ones(len(line) - 1), -1.0)
        for cell, sign in zip(map(tuple, line), signs, strict=True):
            if cell in place:
                equations[number, place[cell]] = sign
            else:
                constants[number] -= sign * published[cell]
    return equations, constants
