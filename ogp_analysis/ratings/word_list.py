"""The word list of the package: the words people use in ratings files, by kind."""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from importlib import resources

from ogp_analysis.tabular import key_of


@cache
def packaged() -> dict[str, dict[str, str]]:
    """Read the alias table: for each kind of word, our key by folded word.

    Returns
    -------
    dict of str to dict
        Kinds are ``"column"``, ``"table"``, ``"indicator"``, ``"panel"``, ``"role"`` and the like.

    Examples
    --------
    >>> packaged()["column"]["calificacion"]
    'rating'
    """
    file = resources.files("ogp_analysis") / "data" / "words" / "ratings.csv"
    table: dict[str, dict[str, str]] = defaultdict(dict)
    for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()):
        table[row["kind"]][key_of(row["word"])] = row["key"]
    return dict(table)
