"""What reading a ratings table finds on its way: things to say, and rows with a problem, by their address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from ogp_analysis.errors import Problem
from ogp_analysis.model import EVALUATOR, INDICATOR, PROPOSAL
from ogp_analysis.ratings.pseudonyms import shown
from ogp_analysis.tabular import Note

LISTED = 12
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
        once = rows.drop_duplicates(["file", "sheet", "row"])
        self.problems += problems_at(once, rule, lambda row: {INDICATOR: ""} | describe(row))


def problems_at(frame: pd.DataFrame, rule: str, describe: Describe) -> list[Problem]:
    """Make one problem for each row of ``frame``; ``describe`` adds what is particular to a row."""
    found = []
    for row in frame.to_dict("records"):
        place = {"file": row["file"], "sheet": row["sheet"], "row": int(row["row"])}
        named = {name: str(row[name]) for name in (PROPOSAL, INDICATOR)} | {EVALUATOR: shown(row[EVALUATOR])}
        found.append(Problem(rule, **(place | named | describe(row))))
    return found


def column_at(row: dict, name: str) -> str:
    """Name a column as its header does, in a workbook with the address of the cell: ``propuesta (A5)``."""
    header, letter = row["heads"].get(name, (name, ""))
    return f"{header} ({letter}{row['row']})" if row["sheet"] and letter else header


def row_text(row: dict, beside: dict) -> str:
    """Word where another row is: its number, with the sheet where that is another one."""
    same = (row["file"], row["sheet"]) == (beside["file"], beside["sheet"])
    return f"{row['row']}" if same else f"{row['sheet'] or row['file']}!{row['row']}"


def short(text: str) -> str:
    """Cut a long cell for a message."""
    return str(text) if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 3]}..."
