"""What reading a ratings table finds on its way: things to say, and rows with a problem, by their address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from ogp_analysis.errors import Problem
from ogp_analysis.model import EVALUATOR, INDICATOR, PROPOSAL
from ogp_analysis.ratings.pseudonyms import shown
from ogp_analysis.tabular import Note

# Ours: so many names or codes still fit a message that is read, not searched.
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
        """Add a note.

        Parameters
        ----------
        key : str
            Key of a text of the catalogues.
        **values : str
            What its placeholders stand for.
        """
        self.notes.append(Note(key, tuple(values.items())))

    def refuse(self, rows: pd.DataFrame, rule: str, describe: Describe) -> None:
        """Add a problem for each of these ratings.

        Parameters
        ----------
        rows : DataFrame
            Faulty ratings, with their address.
        rule : str
            Key of the text that says what is wrong.
        describe : callable
            Gives the fields of ``Problem`` that are particular to a row.
        """
        self.problems += problems_at(rows, rule, describe)

    def refuse_rows(self, rows: pd.DataFrame, rule: str, describe: Describe) -> None:
        """Add one problem for each row of the file: a fault of a row of several ratings is one fault.

        Parameters
        ----------
        rows, rule, describe
            As for `refuse`.
        """
        once = rows.drop_duplicates(["file", "sheet", "row"])
        self.problems += problems_at(once, rule, lambda row: {INDICATOR: ""} | describe(row))


def problems_at(frame: pd.DataFrame, rule: str, describe: Describe) -> list[Problem]:
    """Make one problem for each row of ``frame``; ``describe`` adds what is particular to a row.

    Parameters
    ----------
    frame : DataFrame
        Columns ``file, sheet, row, proposal, indicator, evaluator`` and what ``describe`` reads.
    rule : str
        Key of the text that says what is wrong.
    describe : callable
        Gives, for a row as a dict, the fields of ``Problem`` that are particular to it.

    Returns
    -------
    list of Problem
        An evaluator is named only where it is given by a code.

    Examples
    --------
    >>> row = {"file": "n.csv", "sheet": "", "row": 7, "proposal": "S01", "indicator": "time"}
    >>> frame = pd.DataFrame([row | {"evaluator": "Ana Pérez"}, row | {"row": 8, "evaluator": "L1"}])
    >>> for problem in problems_at(frame, "ratings.empty_code", lambda row: {"column": "panel"}):
    ...     print(problem.say())
    n.csv, row 7, column panel, proposal S01, indicator time: the cell is empty; write the code
    n.csv, row 8, column panel, proposal S01, indicator time, evaluator L1: the cell is empty; write the code
    """
    found = []
    for row in frame.to_dict("records"):
        place = {"file": row["file"], "sheet": row["sheet"], "row": int(row["row"])}
        named = {name: str(row[name]) for name in (PROPOSAL, INDICATOR)} | {EVALUATOR: shown(row[EVALUATOR])}
        found.append(Problem(rule, **(place | named | describe(row))))
    return found


def column_at(row: dict, name: str) -> str:
    """Name a column as its header does, in a workbook with the address of the cell: ``propuesta (A5)``.

    Parameters
    ----------
    row : dict
        A row of a typed table; ``heads`` holds header and letter by our name of a column.
    name : str
        Our name of the column.

    Returns
    -------
    str
        Our own name where the file has no such column.

    Examples
    --------
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

    Parameters
    ----------
    row, beside : dict
        Two rows with ``file, sheet, row``; the second is the one the reader looks at.

    Returns
    -------
    str
        A row number, with the sheet or file where that differs.

    Examples
    --------
    >>> here = {"file": "n.xlsx", "sheet": "WG1", "row": 5}
    >>> row_text(here, here), row_text(here, here | {"sheet": "WG2"})
    ('5', 'WG1!5')
    """
    same = (row["file"], row["sheet"]) == (beside["file"], beside["sheet"])
    return f"{row['row']}" if same else f"{row['sheet'] or row['file']}!{row['row']}"


def short(text: str) -> str:
    """Cut a long cell for a message.

    Parameters
    ----------
    text : str
        What a cell holds.

    Returns
    -------
    str
        At most ``LONGEST_VALUE`` characters.

    Examples
    --------
    >>> short("4,5"), len(short("x" * 1000))
    ('4,5', 40)
    """
    return str(text) if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 3]}..."
