"""Titles that stand beside the ratings, for files that have no table of proposals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from ogp_analysis.model.records import PROPOSAL
from ogp_analysis.ratings.columns import heads_of
from ogp_analysis.ratings.known_words import TITLE, Vocabulary
from ogp_analysis.ratings.side_tables import masked_texts
from ogp_analysis.tabular import Note, Table, key_of

PLACE, ROW = "place", "row"


def titles_of(
    tables: Iterable[Table], vocabulary: Vocabulary, codes: Sequence[str]
) -> tuple[list[str], list[Note]]:
    r"""Give the title of each proposal that tables of ratings say; empty where none does, or several differ.

    Parameters
    ----------
    tables : iterable of Table
        Of ratings.
    vocabulary : Vocabulary
        The words of the method.
    codes : sequence of str
        Of the proposals.

    Returns
    -------
    list of str
        One a code; what reaches a person is masked.
    list of Note
        Where something was, by the first row of a title.

    Examples
    --------
    >>> from ogp_analysis import tabular
    >>> from ogp_analysis.model import params
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> content = b"item,title,evaluator,time\nP1,Water,E1,4\nP1,water,E2,4\nP2,Roads,E1,5\nP2,Parks,E2,5\n"
    >>> titles_of(tabular.parse(content, file="n.csv"), vocabulary, ["P1", "P2"])
    (['Water', ''], [])
    """
    rows = [row for table in tables for row in _typed(table, vocabulary)]
    typed = pd.DataFrame(rows, columns=[PROPOSAL, TITLE, PLACE, ROW])
    # A title stands beside each rating: one look at it is enough.
    once = typed.drop_duplicates([PROPOSAL, TITLE], ignore_index=True)
    masked, notes = masked_texts(once, [TITLE], places=list(once[PLACE]), rows=list(once[ROW]))
    given: dict[str, dict[str, str]] = {}
    for code, title in zip(masked[PROPOSAL], masked[TITLE], strict=True):
        given.setdefault(key_of(code), {}).setdefault(key_of(title), title)
    # Two titles of one code may be two proposals: neither is taken for it.
    titles = [given.get(key_of(code), {}) for code in codes]
    return [str(*known.values()) if len(known) == 1 else "" for known in titles], notes


def _typed(table: Table, vocabulary: Vocabulary) -> list[tuple[str, str, str, int]]:
    """List codes and titles of a table, with the place of each row that has a title."""
    columns = heads_of(table, vocabulary).columns
    if PROPOSAL not in columns or TITLE not in columns:
        return []
    place = " · ".join(part for part in (table.file, table.name) if part)
    code, title = columns[PROPOSAL], columns[TITLE]
    pairs = zip(table.row_numbers, table.rows, strict=True)
    return [(row[code], row[title], place, at) for at, row in pairs if row[title]]
