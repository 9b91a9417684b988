"""The words that tie a proposal to the one most like it: the rarer a word among all, the more it says."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from ogp_analysis.model.records import PROPOSAL
from ogp_analysis.tabular import key_of

# Our choice: as many as a person reads at a glance; shorter words tie nothing.
SHOWN = 6
SHORTEST = 4


def tying(proposals: pd.DataFrame, nearest: pd.Series, *, stop_words: frozenset[str]) -> pd.Series:
    """Name for each proposal the words it shares with its nearest, the rarest first.

    >>> texts = pd.DataFrame({"proposal": ["P1", "P2"], "problem": "", "solution": ""})
    >>> texts["title"] = ["portal de datos abiertos", "Datos abiertos para todos"]
    >>> nearest = pd.Series({"P1": "P2", "P2": ""})
    >>> tying(texts, nearest, stop_words=frozenset()).to_dict()
    {'P1': 'abiertos datos', 'P2': ''}
    """
    frame = proposals.fillna("").astype("str")
    texts = frame["title"] + " " + frame["problem"] + " " + frame["solution"]
    words = {
        code: {word for word in key_of(text).split("_") if len(word) >= SHORTEST} - stop_words
        for code, text in zip(frame[PROPOSAL], texts, strict=True)
    }
    counts = Counter(word for each in words.values() for word in each)
    shared = {
        code: sorted(words[code] & words.get(other, set()), key=lambda word: (counts[word], word))
        for code, other in nearest.items()
    }
    return pd.Series({code: " ".join(each[:SHOWN]) for code, each in shared.items()}, dtype="str")
