"""Workbooks of phase 2 beside the ratings: sheets of classification and grouping, told by their columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from ogp_analysis.language import texts
from ogp_analysis.model import early_tables
from ogp_analysis.tabular import Table, key_of

CLASSIFIER = ("proposal", "precision", "collaboration", "pillars", "public_policy")
# What is decided on the classification, the groups, their members, and how many groups there could be.
DECISIONS = ("proposal", "related", "reason", "decided_by")
OTHERS = (DECISIONS, ("group", "confirmed"), ("proposal", "suggested_group"), ("groups", "largest", "alone"))


@lru_cache
def _words(column: str) -> frozenset[str]:
    return frozenset(
        {column, *(key_of(texts.say(f"sheets.column.{column}", code)) for code in texts.LANGUAGES)}
    )


def _has(table: Table, columns: Sequence[str]) -> bool:
    keys = {key_of(name) for name in table.header}
    return all(_words(column) & keys for column in columns)


def forms_among(tables: Iterable[Table]) -> list[bool]:
    """Say of each table of one file whether it is a sheet that a command of phase 2 makes to be filled.

    >>> header = ["propuesta", "relacionada", "motivo", "decidido por", "fecha"]
    >>> tables = [Table("decisiones", "c.xlsx", header, [], []), Table("", "n.csv", ["propuesta"], [], [])]
    >>> forms_among(tables)
    [True, False]
    """
    every = list(tables)
    by_command = [bool(early_tables.kind_of(map(key_of, table.header))) for table in every]
    of_classifiers = [_has(one, CLASSIFIER) and not by for one, by in zip(every, by_command, strict=True)]
    # In English its sheet of decisions has the columns of a table that `ogp classify` writes.
    beside = any(of_classifiers)
    return [
        own or ((beside or not by) and any(_has(table, columns) for columns in OTHERS))
        for own, by, table in zip(of_classifiers, by_command, every, strict=True)
    ]
