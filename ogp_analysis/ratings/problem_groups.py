"""Say once what is wrong in the same way in many rows, and name every one of these rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ogp_analysis import texts
from ogp_analysis.errors import SHOWN_PROBLEMS, Problem

# Two or three alike are easier to mend from a line each, which tells the cell and the evaluator.
FEWEST_ALIKE = 4
# Ours: a line that is still read to its end.
MOST_RANGES = 20
CUT = ", ..."
# Of one kind and column with many values: so many places are named.
FIRST_PLACES = 3
PLACED = ("proposal", "indicator", "evaluator")
# Any two of these pairs may differ in their indicator too.
PAIRS = "ratings.third_lacking"
# Complaints that follow where a file was made for another method than the one it is read with.
OF_ANOTHER_METHOD = ("ratings.unknown_indicator", "ratings.unknown_word", "ratings.off_scale")


def listed(problems: Sequence[Problem], language: str) -> str:
    """List problems as an error does, but those that differ in their row only in one line.

    Parameters
    ----------
    problems : sequence of Problem
        All problems found.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    str
        A heading with the number of problems, then one line for each problem or group of equal ones.

    Examples
    --------
    >>> rows = [Problem("ratings.empty_code", file="n.csv", row=row, column="panel") for row in (2, 3, 4, 9)]
    >>> print(listed(rows, "en"))
    Problems found: 4
      - n.csv, column panel: the cell is empty; write the code (4 rows: 2-4, 9)
    """
    lines = [line for groups in _kinds(_groups(problems)) for line in _lines_of_kind(groups, language)]
    shown = [texts.say("check.heading", language, count=len(problems))]
    shown += [f"  - {line}" for line, _ in lines[:SHOWN_PROBLEMS]]
    hidden = sum(count for _, count in lines[SHOWN_PROBLEMS:])
    if hidden:
        shown.append("  " + texts.say("check.more", language, count=hidden))
    if hidden or any(line.endswith(f"{CUT})") for line, _ in lines):
        shown.append("  " + texts.say("ratings.every_row", language))
    return "\n".join(shown)


def _groups(problems: Sequence[Problem]) -> list[list[Problem]]:
    found: dict[tuple, list[Problem]] = {}
    for problem in problems:
        key = (problem.rule, problem.file, problem.sheet, _column(problem), problem.parameter, problem.value)
        # Cells that lack ratings have no row; the proposals are what differs between them.
        named = "" if problem.rule == PAIRS else problem.indicator
        beside = () if problem.row else (bool(problem.proposal), named, problem.evaluator)
        found.setdefault((*key, problem.detail, bool(problem.row), *beside), []).append(problem)
    return list(found.values())


def _kinds(groups: list[list[Problem]]) -> list[list[list[Problem]]]:
    """Put groups together that differ in the value of the cell only: one kind and column."""
    found: dict[tuple, list[list[Problem]]] = {}
    for k, group in enumerate(groups):
        first = group[0]
        key = (first.rule, first.file, first.sheet, _column(first)) if first.row and first.column else (k,)
        found.setdefault(key, []).append(group)
    return list(found.values())


def _lines_of_kind(groups: list[list[Problem]], language: str) -> list[tuple[str, int]]:
    every = sorted((problem for group in groups for problem in group), key=lambda problem: problem.row)
    if len(groups) < FEWEST_ALIKE:
        return [line for group in groups for line in _lines(group, language)]
    places = ", ".join(_place(problem, language) for problem in every[:FIRST_PLACES])
    where = texts.say("ratings.alike", language, count=len(every) - 1, places=places)
    return [(f"{every[0].say(language)} ({where}{CUT})", len(every))]


def _place(problem: Problem, language: str) -> str:
    row = texts.say("place.row", language, value=problem.row)
    return f"{row} {problem.value!r}" if problem.value else row


def _column(problem: Problem) -> str:
    """Name the column without the row that the address of a cell has: ``panel (D2)`` is ``panel (D)``."""
    if not (problem.sheet and problem.row):
        return problem.column
    return re.sub(rf"\b([A-Z]{{1,3}}){problem.row}(\)?)$", r"\1\2", problem.column)


def _lines(group: list[Problem], language: str) -> list[tuple[str, int]]:
    """Word a group: each line with the number of problems that it stands for."""
    if len(group) < FEWEST_ALIKE:
        return [(problem.say(language), 1) for problem in group]
    first = group[0]
    said = replace(first, row=0, column=_column(first), **{name: _same(group, name) for name in PLACED}).say(
        language
    )
    if first.row:
        rows = sorted({problem.row for problem in group})
        where = texts.say("ratings.rows", language, count=len(rows), rows=ranges(rows))
    else:
        names = list(dict.fromkeys(problem.proposal for problem in group))
        shown = ", ".join(names[:MOST_RANGES]) + (CUT if len(names) > MOST_RANGES else "")
        counts = {"count": len(names), "pairs": len(group)}
        key = "ratings.pairs" if first.rule == PAIRS else "ratings.proposals"
        where = texts.say(key, language, names=shown, **counts)
    return [(f"{said} ({where})", len(group))]


def _same(group: list[Problem], name: str) -> str:
    values = {getattr(problem, name) for problem in group}
    return values.pop() if len(values) == 1 else ""


def ranges(rows: Sequence[int]) -> str:
    """Write sorted numbers as ranges; the first ``MOST_RANGES`` of them.

    Parameters
    ----------
    rows : sequence of int
        Numbers in rising order, each once.

    Returns
    -------
    str
        Two neighbours are written one by one, three or more as a range.

    Examples
    --------
    >>> ranges([2, 3, 4, 9, 11, 12])
    '2-4, 9, 11, 12'
    """
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    words = [f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return ", ".join(words[:MOST_RANGES]) + (CUT if len(words) > MOST_RANGES else "")


def of_another_method(problems: Sequence[Problem], *, readable: int) -> bool:
    """Say whether the problems look as if the file was made for another method.

    Parameters
    ----------
    problems : sequence of Problem
        All problems found.
    readable : int
        How many ratings could be read.

    Returns
    -------
    bool
        True where no table of ratings was recognised, or where unknown indicators and panels and ratings off
        the scale are more than half as many as the ratings that could be read.

    Examples
    --------
    >>> problems = [Problem("ratings.unknown_indicator", row=row) for row in range(2, 8)]
    >>> of_another_method(problems, readable=10), of_another_method(problems, readable=400)
    (True, False)
    """
    foreign = sum(problem.rule in OF_ANOTHER_METHOD for problem in problems)
    return 2 * foreign > readable or any(problem.rule == "ratings.no_ratings" for problem in problems)
