"""The words that tie proposals together: the rarer a word among all, the more it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from ogp_analysis.model.records import PROPOSAL
from ogp_analysis.proposals.text_features import STOP_WORDS
from ogp_analysis.proposals.word_runs import words_of

# Our choice: as many as a person reads at a glance; shorter words tie nothing.
SHOWN = 6
SHORTEST = 4


def words_in(texts: Sequence[str]) -> list[frozenset[str]]:
    """Give the words of each text that can tie it to another.

    >>> [sorted(words) for words in words_in(["Los datos abiertos", "Ley"])]
    [['abiertos', 'datos'], []]
    """
    return [
        frozenset(word for word in words_of(text) if len(word) >= SHORTEST and word not in STOP_WORDS)
        for text in texts
    ]


def tying(words: Sequence[frozenset[str]], of: Mapping[str, int], members: pd.DataFrame) -> list[str]:
    """Name for each proposal the words it shares with its nearest, the rarest first.

    >>> members = pd.DataFrame({"proposal": ["P1", "P2"], "nearest": ["P2", ""]})
    >>> tying(words_in(["Portal de datos", "Datos para todos"]), {"P1": 0, "P2": 1}, members)
    ['datos', '']
    """
    counts = Counter(word for each in words for word in each)
    pairs = zip(members[PROPOSAL], members["nearest"], strict=True)
    return [_rarest(words[of[code]] & words[of[other]], counts) if other else "" for code, other in pairs]


def of_groups(words: Sequence[frozenset[str]], of: Mapping[str, int], members: pd.DataFrame) -> pd.DataFrame:
    """List groups with the words that tie their members: common within, rare outside.

    >>> members = pd.DataFrame({"proposal": ["P1", "P2"], "suggested_group": "P1", "size": 2})
    >>> of_groups(words_in(["Portal de datos", "Datos para todos"]), {"P1": 0, "P2": 1}, members)
      suggested_group  size  words
    0              P1     2  datos
    """
    counts = Counter(word for each in words for word in each)
    rows = []
    for group, own in members.groupby("suggested_group", sort=False):
        texts = {of[code] for code in own[PROPOSAL]}
        within = Counter(word for text in texts for word in words[text])
        # Copies are one text here: the words of a group of copies are those of that text.
        shared = {word: number for word, number in within.items() if number > 1 or len(own) > len(texts) == 1}
        ranked = sorted(shared, key=lambda word: (-(shared[word] ** 2) / counts[word], word))
        rows.append((group, len(own), " ".join(ranked[:SHOWN])))
    return pd.DataFrame(rows, columns=["suggested_group", "size", "words"])


def _rarest(words: frozenset[str], counts: Counter[str]) -> str:
    return " ".join(sorted(words, key=lambda word: (counts[word], word))[:SHOWN])
