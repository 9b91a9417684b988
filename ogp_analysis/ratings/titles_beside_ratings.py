"""Titles that stand beside the ratings, for files that have no table of proposals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ogp_analysis.model.records import PROPOSAL
from ogp_analysis.ratings.columns import heads_of
from ogp_analysis.ratings.known_words import TITLE, Vocabulary
from ogp_analysis.tabular import Table, key_of


def titles_of(tables: Iterable[Table], vocabulary: Vocabulary, codes: Sequence[str]) -> list[str]:
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
        One a code.

    Examples
    --------
    >>> from ogp_analysis import tabular
    >>> from ogp_analysis.model import params
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> content = b"item,title,evaluator,time\nP1,Water,E1,4\nP1,water,E2,4\nP2,Roads,E1,5\nP2,Parks,E2,5\n"
    >>> titles_of(tabular.parse(content, file="n.csv"), vocabulary, ["P1", "P2"])
    ['Water', '']
    """
    given: dict[str, dict[str, str]] = {}
    for table in tables:
        columns = heads_of(table, vocabulary).columns
        if PROPOSAL in columns and TITLE in columns:
            code_at, title_at = columns[PROPOSAL], columns[TITLE]
            for row in table.rows:
                if row[title_at]:
                    given.setdefault(key_of(row[code_at]), {}).setdefault(
                        key_of(row[title_at]), row[title_at]
                    )
    # Two titles of one code may be two proposals: neither is taken for it.
    return [
        str(*titles.values()) if len(titles := given.get(key_of(code), {})) == 1 else "" for code in codes
    ]
