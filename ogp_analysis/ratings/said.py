"""What to tell the reader about how ratings were read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis import texts
from ogp_analysis.model import EVALUATOR, PANEL, PROPOSAL
from ogp_analysis.ratings.words import column_of
from ogp_analysis.tabular import Note, Table

if TYPE_CHECKING:
    from ogp_analysis.params import Parameters

# A title, a note and a blank line or two are usual above a header; ours.
TITLE_ROWS = 10
# As ``sources.masked`` writes it.
SHEET_NUMBER = re.compile(r"#[0-9]+")


def line(table: Table, notes: tuple[Note, ...], language: str) -> str:
    r"""Say how one table was read.

    Parameters
    ----------
    table : Table
        With its notes on encoding, separator and the like.
    notes : tuple of Note
        What reading its content found.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    str
        File and sheet, then every note.

    Examples
    --------
    >>> from ogp_analysis import tabular
    >>> line(tabular.parse(b"proposal;rating\nS01;4,5\n", file="n.csv")[0], (), "es")
    'n.csv: leído como UTF-8, separador ;, coma decimal'
    """
    where = " · ".join(part for part in (table.file, table.name) if part)
    return f"{where}: " + ", ".join(note.say(language) for note in (*table.notes, *notes))


def alike(tables: list[Table], notes: list[tuple[Note, ...]], language: str) -> list[str]:
    """Say once what holds for several sheets of one file.

    Parameters
    ----------
    tables : list of Table
        Read from one source.
    notes : list of tuple of Note
        What reading their content found, one tuple a table.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    list of str
        One line for all the sheets of a file that were read in the same way.

    Examples
    --------
    >>> from ogp_analysis import tabular
    >>> sheets = [tabular.Table(name, "n.xlsx", [], [], []) for name in ("WG1", "WG2")]
    >>> alike(sheets, [(Note("ratings.no_role"),)] * 2, "en")
    ['n.xlsx · WG1, WG2: no column for the role: every rating read as independent']
    """
    groups: dict[tuple, list[Table]] = {}
    for table, its in zip(tables, notes, strict=True):
        groups.setdefault((table.file, *table.notes, *its), []).append(table)
    lines = []
    for (file, *its), group in groups.items():
        where = " · ".join(part for part in (file, ", ".join(table.name for table in group)) if part)
        lines.append(f"{where}: " + ", ".join(note.say(language) for note in its))
    return lines


def also(
    tables: dict[str, list[Table]], rated: pd.DataFrame, *, evaluators: pd.DataFrame, parameters: Parameters
) -> list[str]:
    """Say which tables were not used, what the number of a sheet means, and whose conflicts are unknown.

    Parameters
    ----------
    tables : dict of list of Table
        From ``sources.sorted_out``.
    rated : DataFrame
        Ratings with our keys.
    evaluators : DataFrame
        The table of evaluators; may be empty.
    parameters : params.Parameters
        Method and language.

    Returns
    -------
    list of str
        One line for each such thing; often none.
    """
    notes = []
    if tables["unused"]:
        names = ", ".join(table.name or table.file for table in tables["unused"])
        notes.append(Note("ratings.unused_tables", (("names", names),)))
    notes += _numbered(tables)
    # Whoever rates as lead or counterpart has a stake by design; conflicts concern the blind panels.
    blind = [panel for c in parameters.method.criteria if c.raters_per_panel > 1 for panel in c.panels]
    unlisted = set(rated.loc[rated[PANEL].isin(blind), EVALUATOR]) - set(evaluators[EVALUATOR])
    if len(evaluators) and unlisted:
        notes.append(Note("ratings.unlisted_evaluators", (("count", str(len(unlisted))),)))
    return [note.say(parameters.language) for note in notes]


def _numbered(tables: dict[str, list[Table]]) -> list[Note]:
    """Explain the numbers that stand for titles of sheets, where there are any."""
    every = (table.name for group in tables.values() for table in group)
    names = sorted({name for name in every if SHEET_NUMBER.fullmatch(name)}, key=lambda name: int(name[1:]))
    return [Note("ratings.numbered_sheets", (("names", ", ".join(names)),))] if names else []


def headers_below(unused: list[Table], language: str) -> list[str]:
    """Say which unused tables seem to have a title or the like above their header.

    Parameters
    ----------
    unused : list of Table
        Tables that were taken for none of those that are read.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    list of str
        One line for each such table, with the row of its header.

    Examples
    --------
    >>> table = Table("L1", "n.xlsx", ["Notas"], [["propuesta"], ["R01"]], [3, 4])
    >>> headers_below([table], "es")[0][:62]
    'L1 no se usó porque su encabezado parece estar en la fila 3: e'
    """
    lines = []
    for table in unused:
        row = _header_row(table)
        if row:
            lines.append(texts.say("ratings.header_below", language, name=table.name or table.file, row=row))
    return lines


def _header_row(table: Table) -> int:
    """Tell in which row the header of an unused table seems to be; 0 where none is seen."""
    for row, number in list(zip(table.rows, table.row_numbers, strict=True))[:TITLE_ROWS]:
        # What is wider than its title was cut to the width of the title, so one known name has to be enough.
        if row and column_of(row[0]) == PROPOSAL:
            return number
    return 0


def marked(doubts: tuple[str, ...], language: str) -> list[str]:
    """Mark lines that must not be passed over among others.

    Parameters
    ----------
    doubts : tuple of str
        What to look at, worded.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    list of str
        The same lines, each with a call to look at it in front.

    Examples
    --------
    >>> marked(("two sheets are alike",), "en")
    ['LOOK AT THIS: two sheets are alike']
    """
    return [texts.say("ratings.look", language, doubt=doubt) for doubt in doubts]
