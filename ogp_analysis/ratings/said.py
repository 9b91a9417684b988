"""What to tell the reader about how ratings were read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.model import EVALUATOR, PANEL, PROPOSAL
from ogp_analysis.ratings.words import column_of
from ogp_analysis.tabular import Note, Table

if TYPE_CHECKING:
    from ogp_analysis.params import Parameters

TITLE_ROWS = 10


def line(table: Table, notes: tuple[Note, ...], language: str) -> str:
    """Say how one table was read."""
    where = " · ".join(part for part in (table.file, table.name) if part)
    return f"{where}: " + ", ".join(note.say(language) for note in (*table.notes, *notes))


def alike(tables: list[Table], notes: list[tuple[Note, ...]], language: str) -> list[str]:
    """Say once what holds for several sheets of one file."""
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
    """Say which tables were not used and for whom no conflict of interest can be computed."""
    notes = []
    if tables["unused"]:
        names = ", ".join(table.name or table.file for table in tables["unused"])
        notes.append(Note("ratings.unused_tables", (("names", names),)))
        notes += [note for table in tables["unused"] for note in _header_below(table)]
    # Whoever rates as lead or counterpart has a stake by design; conflicts concern the blind panels.
    blind = [panel for c in parameters.method.criteria if c.raters_per_panel > 1 for panel in c.panels]
    unlisted = set(rated.loc[rated[PANEL].isin(blind), EVALUATOR]) - set(evaluators[EVALUATOR])
    if len(evaluators) and unlisted:
        notes.append(Note("ratings.unlisted_evaluators", (("count", str(len(unlisted))),)))
    return [note.say(parameters.language) for note in notes]


def _header_below(table: Table) -> list[Note]:
    """Say where the header of an unused table seems to be, if a title or the like stands above it."""
    for row, number in list(zip(table.rows, table.row_numbers, strict=True))[:TITLE_ROWS]:
        # What is wider than its title was cut to the width of the title, so one known name has to be enough.
        if row and column_of(row[0]) == PROPOSAL:
            return [Note("ratings.header_below", (("name", table.name or table.file), ("row", str(number))))]
    return []
