"""REDCap's rows, one an instance of an instrument or an event, get what the record says elsewhere.

An export is a block matrix: the rows of a repeating instrument hold its own fields only, and what was asked
once (who evaluates, for which panel) stands in the row of the record whose ``redcap_repeat_instrument`` is
empty; in longitudinal projects each event has its rows. The first column names the record.
"""

from __future__ import annotations

from dataclasses import replace

from ogp_analysis.errors import Problem
from ogp_analysis.model import EVALUATOR, INDICATOR, PANEL, PROPOSAL, RATING, ROLE
from ogp_analysis.ratings.heads import heads_of
from ogp_analysis.ratings.words import Vocabulary, both_words
from ogp_analysis.tabular import Note, Table, key_of

# In exports of codes and of labels; the columns say of a row to which part of the matrix it belongs.
EVENT = ("redcap_event_name", "event_name")
INSTRUMENT = ("redcap_repeat_instrument", "repeat_instrument")
FILLED = (PROPOSAL, PANEL, EVALUATOR, ROLE, INDICATOR)


def filled(table: Table, vocabulary: Vocabulary) -> Table:
    r"""Fill what an instrument or event does not ask from the other rows of the record.

    A cell is filled only where the column is empty in every row of that instrument and event, so that an
    answer that somebody left out stays out. Rows of instruments without any rating are left out.

    Parameters
    ----------
    table : Table
        As typed.
    vocabulary : Vocabulary
        The words of the method.

    Returns
    -------
    Table
        The same where it is no export of REDCap with events or repeating instruments.

    Examples
    --------
    >>> from ogp_analysis import params, tabular
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> text = b"id,redcap_repeat_instrument,redcap_repeat_instance,evaluador,propuesta,tiempo\n"
    >>> text += b"1,,,E01,,\n1,ratings,1,,P01,4\n1,ratings,2,,P02,3\n"
    >>> filled(tabular.parse(text, file="n.csv")[0], vocabulary).rows
    [['1', 'ratings', '1', 'E01', 'P01', '4'], ['1', 'ratings', '2', 'E01', 'P02', '3']]
    """
    parts = _parts(table)
    if not parts:
        return table
    blocks = [tuple(cells[at] for at in parts) for cells in table.rows]
    heads = heads_of(table, vocabulary)
    columns = {name: at for name, at in heads.columns.items() if name in FILLED}
    rated = [*heads.questions, *([heads.columns[RATING]] if RATING in heads.columns else [])]
    asked = {
        (block, at)
        for block, cells in zip(blocks, table.rows, strict=True)
        for at in (*columns.values(), *rated)
        if cells[at]
    }
    kept = [k for k, block in enumerate(blocks) if not rated or any((block, at) in asked for at in rated)]
    said, rows, problems, names = _said(table, columns), [], [], set()
    for k in kept:
        lacking = {name: at for name, at in columns.items() if (blocks[k], at) not in asked}
        values = {name: said.get((table.rows[k][0], at), []) for name, at in lacking.items()}
        problems += [_several(table, k, name, columns[name], v) for name, v in values.items() if len(v) > 1]
        told = {columns[name]: found[0] for name, found in values.items() if len(found) == 1}
        names |= {name for name, found in values.items() if len(found) == 1}
        rows.append([told.get(at, cell) for at, cell in enumerate(table.rows[k])])
    if not names and not problems and len(rows) == len(table.rows):
        return table
    taken = ", ".join(name for name in columns if name in names) or "–"
    note = Note("ratings.redcap", (("our_columns", taken), ("count", str(len(table.rows) - len(rows)))))
    return replace(
        table,
        rows=rows,
        row_numbers=[table.row_numbers[k] for k in kept],
        notes=(*table.notes, note),
        problems=(*table.problems, *problems),
    )


def _parts(table: Table) -> list[int]:
    """Give the columns of event and instrument; none where the first column, the record, is one of them."""
    keys = [key_of(header) for header in table.header]
    parts = [keys.index(name) for names in (EVENT, INSTRUMENT) for name in names if name in keys]
    return [] if 0 in parts else parts


def _several(table: Table, row: int, name: str, at: int, values: list[str]) -> Problem:
    record = table.rows[row][0]
    detail = (("record", record), ("name", both_words(name)), ("values", str(len(values))))
    return Problem("ratings.redcap_several", detail=detail, **table.place(row, at))


def _said(table: Table, columns: dict[str, int]) -> dict[tuple[str, int], list[str]]:
    """Give the different values that a record has in each column."""
    found: dict[tuple[str, int], list[str]] = {}
    for cells in table.rows:
        for at in columns.values():
            values = found.setdefault((cells[0], at), [])
            if cells[at] and cells[at] not in values:
                values.append(cells[at])
    return found
