"""What reading a ratings table finds: remarks, and problems by their address, each kind said once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from ogp_analysis.errors import SHOWN_PROBLEMS, Problem
from ogp_analysis.language import texts
from ogp_analysis.model.records import EVALUATOR, INDICATOR, PROPOSAL
from ogp_analysis.ratings.evaluator_codes import shown
from ogp_analysis.tabular import Note

# Our choice: so many names or codes still fit a message that is read, not searched.
LISTED = 12
# A cell may hold a whole page; what stands in front is enough to find it.
LONGEST_VALUE = 40
Describe = Callable[[dict], dict]


@dataclass
class Findings:
    """Collects notes and problems while a table is read.

    Parameters
    ----------
    notes : list of Note
        Translations and foldings to say.
    problems : list of Problem
        Rows that cannot be read.

    Examples
    --------
    >>> findings = Findings()
    >>> findings.say("ratings.folded", our_columns="proposal", pairs="s01 → S01")
    >>> findings.notes[0].say("es")
    'propuesta leído como el mismo código: s01 → S01'
    """

    notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def say(self, key: str, **values: str) -> None:
        """Add a note."""
        self.notes.append(Note(key, tuple(values.items())))

    def refuse(self, rows: pd.DataFrame, rule: str, describe: Describe) -> None:
        """Add a problem for each of these ratings."""
        self.problems += problems_at(rows, rule, describe)

    def refuse_rows(self, rows: pd.DataFrame, rule: str, describe: Describe) -> None:
        """Add one problem for each row of the file: a fault of a row of several ratings is one fault."""
        if rows.empty:
            return
        once = rows.drop_duplicates(["file", "sheet", "row"])
        self.problems += problems_at(once, rule, lambda row: {INDICATOR: ""} | describe(row))


def problems_at(frame: pd.DataFrame, rule: str, describe: Describe) -> list[Problem]:
    """Make one problem for each row of ``frame``; ``describe`` adds what is particular to a row.

    >>> row = {"file": "n.csv", "sheet": "", "row": 7, "proposal": "S01", "indicator": "time"}
    >>> frame = pd.DataFrame([row | {"evaluator": "Ana Pérez"}, row | {"row": 8, "evaluator": "L1"}])
    >>> for problem in problems_at(frame, "ratings.empty_code", lambda row: {"column": "panel"}):
    ...     print(problem.say())
    n.csv, row 7, column panel, proposal S01, indicator time: the cell is empty; write the code
    n.csv, row 8, column panel, proposal S01, indicator time, evaluator L1: the cell is empty; write the code
    """
    # Most rules find nothing, and pandas takes its time to say so.
    if frame.empty:
        return []
    problems = []
    for row in frame.to_dict("records"):
        place = {"file": row["file"], "sheet": row["sheet"], "row": int(row["row"])}
        named = {name: str(row[name]) for name in (PROPOSAL, INDICATOR)} | {EVALUATOR: shown(row[EVALUATOR])}
        problems.append(Problem(rule, **(place | named | describe(row))))
    return problems


def column_at(row: dict, name: str) -> str:
    """Name a column as its header does, in a workbook with the address of the cell: ``propuesta (A5)``.

    >>> row = {"sheet": "WG1", "row": 5, "heads": {"proposal": ("propuesta", "A")}}
    >>> column_at(row, "proposal"), column_at(row | {"sheet": ""}, "proposal"), column_at(row, "panel")
    ('propuesta (A5)', 'propuesta', 'panel')
    """
    header, letter = row["heads"].get(name, (name, ""))
    # A column that was taken from another sheet is named by that sheet.
    address = letter if "!" in letter else f"{letter}{row['row']}"
    return f"{header} ({address})" if row["sheet"] and letter else header


def row_text(row: dict, beside: dict) -> str:
    """Word where another row is: its number, with the sheet where that is another one.

    >>> here = {"file": "n.xlsx", "sheet": "WG1", "row": 5}
    >>> row_text(here, here), row_text(here, here | {"sheet": "WG2"})
    ('5', 'WG1!5')
    """
    same = (row["file"], row["sheet"]) == (beside["file"], beside["sheet"])
    return f"{row['row']}" if same else f"{row['sheet'] or row['file']}!{row['row']}"


def short(text: str) -> str:
    """Cut a long cell for a message.

    >>> short("4,5"), len(short("x" * 1000))
    ('4,5', 40)
    """
    return str(text) if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 3]}..."


# Refusals of one column that differ in their values too: two or three are easier to mend from a line each.
FEWEST_VALUES = 4
# Our choice: a line that is still read to its end.
MOST_RANGES = 20
CUT = ", ..."
# Where a cell is, at the end of a column's name; one pattern for all rows, since making one takes its time.
ADDRESS = re.compile(r"\b[A-Z]{1,3}(?P<row>[0-9]+)(?P<end>\)?)$")
# Of one kind and column with many values: so many places are named.
FIRST_PLACES = 3
PLACED = ("proposal", "indicator", "evaluator")
# Any two of these pairs may differ in their indicator too.
PAIRS = "ratings.third_lacking"
# Rules of whole columns, and what they count in each.
OF_COLUMNS = (
    "ratings.labels",
    "ratings.answer_codes",
    "ratings.no_rating_mark",
    "ratings.missing_code",
    "ratings.no_answer",
)
COUNTED = ("count", "rows")
# Complaints that follow where a file was made for another method than the one it is read with.
OF_ANOTHER_METHOD = ("ratings.unknown_indicator", "ratings.unknown_word", "ratings.off_scale")
# Columns that a table of this method has.
NEEDED_COLUMNS = ("ratings.lacking_column", "ratings.lacking_column_near")
# No table of this method: none at all, or evaluators across that do not say which indicator they rate.
NO_TABLE = ("ratings.no_ratings", "ratings.grid_indicator")


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
    together = _columns_together(problems)
    lines = [line for groups in _kinds(_groups(together)) for line in _lines_of_kind(groups, language)]
    shown = [texts.say("check.heading", language, count=len(problems))]
    shown += [f"  - {line}" for line, _ in lines[:SHOWN_PROBLEMS]]
    hidden = sum(count for _, count in lines[SHOWN_PROBLEMS:])
    if hidden:
        shown.append("  " + texts.say("check.more", language, count=hidden))
    if hidden or any(line.endswith(f"{CUT})") for line, _ in lines):
        shown.append("  " + texts.say("ratings.every_row", language))
    return "\n".join(shown)


def _columns_together(problems: Sequence[Problem]) -> list[Problem]:
    """Join what is said of whole columns of one table in the same words, with some texts and rows."""
    groups: dict[tuple, list[Problem]] = {}
    for k, problem in enumerate(problems):
        detail = dict(problem.detail)
        others = tuple(sorted((name, text) for name, text in detail.items() if name not in COUNTED))
        whole = problem.rule in OF_COLUMNS and not problem.row
        key = (problem.rule, problem.file, problem.sheet, others) if whole else (k,)
        groups.setdefault(key, []).append(problem)
    return [_joined(group) if len(group) > 1 else group[0] for group in groups.values()]


def _joined(group: list[Problem]) -> Problem:
    details = [dict(problem.detail) for problem in group]
    rows = sorted({int(row) for detail in details for row in detail["rows"].split(", ")})
    values = dict.fromkeys(value for problem in group for value in problem.value.split(", "))
    counted = {
        "count": str(sum(int(detail["count"]) for detail in details)),
        "rows": ", ".join(str(row) for row in rows[:FIRST_PLACES]),
    }
    columns = [problem.column for problem in group]
    column = ", ".join(columns[:LISTED]) + (CUT if len(columns) > LISTED else "")
    value = ", ".join(list(values)[:FIRST_PLACES])
    return replace(group[0], column=column, value=value, detail=tuple((details[0] | counted).items()))


def _groups(problems: Sequence[Problem]) -> list[list[Problem]]:
    groups: dict[tuple, list[Problem]] = {}
    for problem in problems:
        key = (problem.rule, problem.file, problem.sheet, _column(problem), problem.parameter, problem.value)
        # Cells that lack ratings have no row; the proposals are what differs between them.
        named = "" if problem.rule == PAIRS else problem.indicator
        beside = () if problem.row else (bool(problem.proposal), named, problem.evaluator)
        groups.setdefault((*key, problem.detail, bool(problem.row), *beside), []).append(problem)
    return list(groups.values())


def _kinds(groups: list[list[Problem]]) -> list[list[list[Problem]]]:
    """Put groups together that differ in the value of the cell only: one kind and column, or many columns."""
    kinds: dict[tuple, list[list[Problem]]] = {}
    for k, group in enumerate(groups):
        first = group[0]
        key = (first.rule, first.file, first.sheet, _column(first)) if first.row and first.column else (k,)
        kinds.setdefault(key, []).append(group)
    return _over_columns(list(kinds.values()))


def _over_columns(kinds: list[list[list[Problem]]]) -> list[list[list[Problem]]]:
    """Put kinds together that stand in so many columns of a table that nobody would read a line for each."""
    tables: dict[tuple, list[list[list[Problem]]]] = {}
    for k, kind in enumerate(kinds):
        first = kind[0][0]
        allowed = dict(first.detail).get("allowed", "")
        key = (first.rule, first.file, first.sheet, allowed) if first.row and first.column else (k,)
        tables.setdefault(key, []).append(kind)
    return [
        kind
        for several in tables.values()
        for kind in (
            several if len(several) < FEWEST_VALUES else [[group for one in several for group in one]]
        )
    ]


def _lines_of_kind(groups: list[list[Problem]], language: str) -> list[tuple[str, int]]:
    every = sorted((problem for group in groups for problem in group), key=lambda problem: problem.row)
    columns = list(dict.fromkeys(_column(group[0]) for group in groups))
    if len(groups) < FEWEST_VALUES:
        return [line for group in groups for line in _lines(group, language)]
    places = ", ".join(list(dict.fromkeys(_place(problem, language) for problem in every))[:FIRST_PLACES])
    if len(columns) == 1:
        where = texts.say("ratings.alike", language, count=len(every) - 1, places=places)
    else:
        named = ", ".join(columns[:LISTED]) + (CUT if len(columns) > LISTED else "")
        counts = {"count": len(every) - 1, "columns": len(columns)}
        where = texts.say("ratings.alike_columns", language, names=named, places=places, **counts)
    return [(f"{every[0].say(language)} ({where}{CUT})", len(every))]


def _place(problem: Problem, language: str) -> str:
    row = texts.say("place.row", language, value=problem.row)
    return f"{row} {problem.value!r}" if problem.value else row


def _column(problem: Problem) -> str:
    """Name the column without the row that the address of a cell has: ``panel (D2)`` is ``panel (D)``."""
    if not (problem.sheet and problem.row):
        return problem.column
    address = ADDRESS.search(problem.column)
    if not address or address["row"] != str(problem.row):
        return problem.column
    return problem.column[: address.start("row")] + address["end"]


def _lines(group: list[Problem], language: str) -> list[tuple[str, int]]:
    """Word a group: each line with the number of problems that it stands for."""
    if len(set(group)) == 1:
        return [(group[0].say(language), len(group))]
    first = group[0]
    shared: dict[str, Any] = {name: _same(group, name) for name in PLACED}
    sentence = replace(first, row=0, column=_column(first), **shared).say(language)
    if first.row:
        rows = sorted({problem.row for problem in group})
        where = texts.say("ratings.rows", language, count=len(rows), rows=ranges(rows))
    else:
        names = list(dict.fromkeys(problem.proposal for problem in group))
        shown = ", ".join(names[:MOST_RANGES]) + (CUT if len(names) > MOST_RANGES else "")
        counts = {"count": len(names), "pairs": len(group)}
        key = "ratings.pairs" if first.rule == PAIRS else "ratings.proposals"
        where = texts.say(key, language, names=shown, **counts)
    return [(f"{sentence} ({where})", len(group))]


def _same(group: list[Problem], name: str) -> str:
    values = {getattr(problem, name) for problem in group}
    return values.pop() if len(values) == 1 else ""


def ranges(rows: Sequence[int]) -> str:
    """Write sorted numbers as ranges; the first ``MOST_RANGES`` of them.

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
        True where no table of ratings was recognised, where columns lack and nothing could be read, or where
        unknown indicators and panels and ratings off the scale are more than half as many as the ratings that
        could be read.

    Examples
    --------
    >>> problems = [Problem("ratings.unknown_indicator", row=row) for row in range(2, 8)]
    >>> of_another_method(problems, readable=10), of_another_method(problems, readable=400)
    (True, False)
    >>> of_another_method([Problem("ratings.lacking_column", value="panel")], readable=0)
    True
    """
    if not readable and any(problem.rule in NEEDED_COLUMNS for problem in problems):
        return True
    foreign = sum(problem.rule in OF_ANOTHER_METHOD for problem in problems)
    return 2 * foreign > readable or any(problem.rule in NO_TABLE for problem in problems)
