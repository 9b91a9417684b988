"""Rows and columns of sums and means left in tables of ratings: never a proposal, always said."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from ogp_analysis.model import EVALUATOR, INDICATOR, PANEL, PROPOSAL
from ogp_analysis.ratings.findings import LISTED
from ogp_analysis.ratings.header_words import is_total
from ogp_analysis.ratings.problem_groups import ranges
from ogp_analysis.ratings.shapes import SHAPE, Typed, columns_of
from ogp_analysis.ratings.words import Vocabulary
from ogp_analysis.tabular import Note, Table


def without_totals(
    typed: pd.DataFrame, vocabulary: Vocabulary, known: tuple[str, ...] = ()
) -> tuple[pd.DataFrame, list[Note]]:
    r"""Set aside the rows that are called a total, a mean or the like.

    Parameters
    ----------
    typed : DataFrame
        Long table of text from ``shapes.lengthen``.
    vocabulary : Vocabulary
        The words of the method: an indicator or panel of that name stays one.
    known : tuple of str
        Codes of the table of proposals: a proposal that it lists stays one.

    Returns
    -------
    frame : DataFrame
        The other rows.
    notes : list of Note
        One a file and sheet in which there were such rows.

    Examples
    --------
    >>> from ogp_analysis import params, tabular
    >>> from ogp_analysis.ratings import shapes
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> content = b"proposal,panel,evaluator,time\nS01,lead,L1,4\nPromedio,lead,L1,4\n"
    >>> typed = shapes.lengthen(tabular.parse(content, file="n.csv")[0], vocabulary).frame
    >>> kept, notes = without_totals(typed, vocabulary)
    >>> kept["proposal"].tolist(), notes[0].say("en")
    (['S01'], "n.csv: rows of totals or means are not ratings and were left out: 1 row: 3 ('Promedio')")
    """
    spared = {code.casefold() for code in known}
    called = pd.Series("", index=typed.index, dtype=object)
    for column in (PROPOSAL, EVALUATOR, INDICATOR, PANEL):
        cells = typed[column].astype(str)
        totals = {
            cell
            for cell in cells.unique()
            if is_total(cell)
            and cell.casefold() not in spared
            and not (column in vocabulary.allowed and vocabulary.resolve(column, cell))
        }
        # The name of a sheet stands for the evaluator; the cell is what is named.
        called = called.where(~cells.isin(totals) | (called != ""), cells)
    aside = typed[called != ""].assign(called=called)
    return typed[called == ""].reset_index(drop=True), _notes(aside)


def read_without_totals(
    typed: Typed, vocabulary: Vocabulary, known: tuple[str, ...] = ()
) -> tuple[Typed, list[Note]]:
    r"""Set rows of totals aside from one table, and count its cells without them.

    Parameters
    ----------
    typed : Typed
        From ``shapes.lengthen``.
    vocabulary, known
        As for `without_totals`.

    Returns
    -------
    typed : Typed
        Without these rows; what is said of its shape counts the others only.
    notes : list of Note
        What was set aside.

    Examples
    --------
    >>> from ogp_analysis import params, tabular
    >>> from ogp_analysis.ratings import shapes
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> content = b"proposal,panel,evaluator,time\nS01,lead,L1,4\nTotal,,,4\n"
    >>> typed = shapes.lengthen(tabular.parse(content, file="n.csv")[0], vocabulary)
    >>> read_without_totals(typed, vocabulary)[0].notes[0].say("en")
    'one column an indicator (rating cells: 1)'
    """
    frame, aside = without_totals(typed.frame, vocabulary, known)
    if not aside:
        return typed, []
    said = tuple(
        Note(note.key, (("count", str(len(frame))),)) if note.key.startswith(SHAPE) else note
        for note in typed.notes
    )
    return replace(typed, frame=frame, notes=said), aside


def _notes(aside: pd.DataFrame) -> list[Note]:
    notes = []
    for (file, sheet), group in aside.groupby(["file", "sheet"], sort=False):
        rows = sorted({int(row) for row in group["row"]})
        names = ", ".join(f"'{name}'" for name in list(dict.fromkeys(group["called"]))[:LISTED])
        values = (("place", _place(file, sheet)), ("count", len(rows)), ("rows", ranges(rows)))
        notes.append(Note("ratings.total_rows", (*values, ("names", names))))
    return notes


def _place(file: str, sheet: str) -> str:
    return " · ".join(part for part in (file, sheet) if part)


def of_columns(table: Table, headers: tuple[str, ...]) -> list[Note]:
    """Say which columns of sums or means were not read."""
    names = (("place", _place(table.file, table.name)), ("names", ", ".join(headers[:LISTED])))
    return [Note("ratings.total_columns", names)] if headers else []


def without_total_lines(table: Table) -> tuple[Table, list[Note]]:
    """Set aside the lines of a side table that are called a total; a proposal with a title of its own stays.

    Parameters
    ----------
    table : Table
        A table of proposals or evaluators.

    Returns
    -------
    table : Table
        Without these lines.
    notes : list of Note
        What was set aside.

    Examples
    --------
    >>> rows = [["P01", "Compras"], ["TOTAL", ""], ["Media", "Medios comunitarios"]]
    >>> table, notes = without_total_lines(Table("", "p.csv", ["propuesta", "título"], rows, [2, 3, 4]))
    >>> [row[0] for row in table.rows], len(notes)
    (['P01', 'Media'], 1)
    """
    columns = columns_of(table)
    key = columns.get(PROPOSAL, columns.get(EVALUATOR))
    title = columns.get("title")
    if key is None:
        return table, []
    aside = [
        is_total(row[key]) and (title is None or not row[title] or is_total(row[title])) for row in table.rows
    ]
    if not any(aside):
        return table, []
    lines = zip(table.rows, table.row_numbers, aside, strict=True)
    kept = [(row, number) for row, number, total in lines if not total]
    gone = [
        {"file": table.file, "sheet": table.name, "row": number, "called": row[key]}
        for row, number, total in zip(table.rows, table.row_numbers, aside, strict=True)
        if total
    ]
    rows, numbers = [row for row, _ in kept], [number for _, number in kept]
    return replace(table, rows=rows, row_numbers=numbers), _notes(pd.DataFrame(gone))
