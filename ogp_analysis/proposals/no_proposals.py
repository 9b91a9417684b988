"""Rows of a hand-made table that are nobody's proposal: its totals, and the notes below it."""

from __future__ import annotations

import re
from dataclasses import replace

from ogp_analysis.proposals.platforms import TITLES, Keyed, asks_for_a_title
from ogp_analysis.ratings.known_words import is_total
from ogp_analysis.tabular import Note

NUMBER = r"[\d.,\s%$€-]*\d[\d.,\s%$€-]*"
# "332 propuestas"; "TOTAL: 332" in one cell.
COUNT = re.compile(
    rf"{NUMBER}(?:(?:propuesta|registro|fila|proyecto|idea|aporte|apoyo|voto|proposal|row|record|entrie|project"
    r"|support|vote|proposta|proposition|projet|projeto|linha|ligne)s?)?\.?",
    re.IGNORECASE,
)
WITH_ITS_COUNT = re.compile(rf"(?P<word>[^\d:=]+?)\s?[:=]?\s?{COUNT.pattern}", re.IGNORECASE)
# Our choice: a table of fewer columns is a list, and so many words are a sentence.
NARROW, WORDS = 3, 4
# Our choice: a longer cell is a text, and a hostile one would take its square in time.
LONGEST_TOTAL = 60


def without_totals_and_notes(keyed: Keyed, *, notes: bool = True) -> Keyed:
    """Leave out rows of totals, and below the last proposal those with one cell that is no title; count them.

    A platform writes no ``notes``: there such a row is a proposal that lacks the rest.

    >>> from ogp_analysis.tabular import Table
    >>> rows = [["1", "Datos", "Agua"], ["TOTAL", "1", ""], ["Nota: validado", "", ""]]
    >>> table = Table("", "p.csv", ["n", "titulo", "tema"], rows, [2, 3, 4])
    >>> left = without_totals_and_notes(Keyed(table, table.header)).table
    >>> left.rows, left.say()
    ([['1', 'Datos', 'Agua']], 'rows left out because they are totals or notes below the table: 2')
    """
    table = keyed.table
    out = {k for k, row in enumerate(table.rows) if _is_of_totals(row)}
    for k in reversed(range(len(table.rows) if notes else 0)):
        if k not in out and not _is_a_note(table.rows[k], keyed.keys):
            break
        out.add(k)
    if not out:
        return keyed
    kept = [k for k in range(len(table.rows)) if k not in out]
    numbers = {table.row_numbers[k] for k in out}
    table = replace(
        table,
        rows=[table.rows[k] for k in kept],
        row_numbers=[table.row_numbers[k] for k in kept],
        notes=(*table.notes, Note("people.no_proposals", (("count", str(len(out))),))),
        problems=tuple(problem for problem in table.problems if problem.row not in numbers),
    )
    return replace(keyed, table=table)


def _is_of_totals(row: list[str]) -> bool:
    """Say whether a row begins with a word for a total and holds but numbers, or what they count.

    >>> rows = (["Total", "332 propuestas"], ["TOTAL: 332"], ["Total", "Agua para todos"], ["332"])
    >>> [_is_of_totals(row) for row in rows]
    [True, True, False, False]
    """
    filled = [cell for cell in row if cell]
    counted = WITH_ITS_COUNT.fullmatch(filled[0]) if filled and len(filled[0]) <= LONGEST_TOTAL else None
    if not (counted and is_total(counted["word"])) and not (len(filled) > 1 and is_total(filled[0])):
        return False
    return all(map(COUNT.fullmatch, filled[1:]))


def _is_a_note(row: list[str], keys: list[str]) -> bool:
    """Say whether a row of a table that is no list holds one sentence, and that under no header of a title.

    A number or a name alone is what is left of a proposal, and is set aside where everybody sees it.
    """
    at = [k for k, cell in enumerate(row) if cell]
    if len(keys) < NARROW or len(at) != 1 or keys[at[0]] in TITLES or asks_for_a_title(keys[at[0]]):
        return False
    return ":" in row[at[0]] or len(row[at[0]].split()) >= WORDS
