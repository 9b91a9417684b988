"""The words by which names are told from other words: lists of ours, in one file of the packaged data.

They need not be complete: of a column of names some are always common, and what leads a name in tells for
the rest. Words that are names as often as words (Flores, Rosa, Campo) are `ordinary`, and no given or family
name.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from ogp_analysis.packaged import DATA

# Our choice: of shorter names the small forms are words (Lina, linita).
SHORTEST = 5


def rows(file: str) -> Iterator[dict[str, str]]:
    """Read a list of words of the packaged data.

    >>> next(rows("persons.csv"))["kind"]
    'given'
    """
    packaged = DATA / "words" / file
    yield from csv.DictReader(packaged.read_text(encoding="utf-8").splitlines())


@cache
def given_names() -> frozenset[str]:
    """Give the given names, those too by which somebody small or dear is called: Zoilita, Pablito.

    >>> {"zoila", "zoilita", "pablito"} <= given_names()
    True
    """
    names = listed("given")
    return names | {
        f"{name[:-1]}it{name[-1]}" for name in names if len(name) >= SHORTEST and name[-1] in "ao"
    }


@cache
def public_persons(*kinds: str) -> frozenset[str]:
    """Give whole names of heads of state, or of those after whom schools, streets and cantons are called.

    Without accents, particles and capitals; somebody else who is called so is not told from them.

    >>> "simon bolivar" in public_persons("historic"), "simon bolivar" in public_persons("head_of_state")
    (True, False)
    """
    return frozenset(row["name"] for row in rows("public_persons.csv") if row["kind"] in kinds)


@cache
def _packaged() -> dict[str, frozenset[str]]:
    words: dict[str, set[str]] = defaultdict(set)
    for row in rows("persons.csv"):
        words[row["kind"]].add(row["word"])
    return {kind: frozenset(listed) for kind, listed in words.items()}


def listed(*kinds: str) -> frozenset[str]:
    """Give the words of these kinds, without accents and in small letters.

    >>> "ministerio" in listed("group"), "zoraida" in listed("given", "family")
    (True, True)
    """
    return frozenset().union(*(_packaged()[kind] for kind in kinds))
