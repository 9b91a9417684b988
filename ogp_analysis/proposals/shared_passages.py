"""Passages that stand in many proposals tie none of them: forms, thanks, slogans are left out."""

from __future__ import annotations

import re

import numpy as np

from ogp_analysis.proposals.word_runs import incidence, numbered, runs, words_of

# Our choices: a passage is six words in a row of one sentence, or a shorter sentence whole; it is shared by
# many where it stands in more than ten proposals and in more than one of a thousand.
LENGTH, MANY, ONE_OF = 6, 10, 1_000
SENTENCE = re.compile(r"(?<=[.!?;:])\s+|\n+")


def without_shared(texts: list[str], *, many: int = MANY) -> list[str]:
    """Take out of texts the passages that many of them share.

    Parameters
    ----------
    texts : list of str, length n
        Texts without titles, each proposal once.
    many : int
        The most texts that a passage may stand in and still count.

    Returns
    -------
    list of str, length n
        Their other words in order, without case, accents and signs.

    Examples
    --------
    >>> without_shared([f"Gracias por su atención. Abrir {n}" for n in ("la ley", "datos", "actas")], many=2)
    ['abrir la ley', 'abrir datos', 'abrir actas']
    """
    sentences = [[words_of(part) for part in SENTENCE.split(text)] for text in texts]
    owner = np.repeat(np.arange(len(texts)), [len(parts) for parts in sentences])
    lists = [words for parts in sentences for words in parts]
    shared = _shared_words(lists, owner, len(texts), max(many, len(texts) // ONE_OF))
    kept: list[list[str]] = [[] for _ in texts]
    at = 0
    for text, words in zip(owner, lists, strict=True):
        kept[text] += [word for k, word in enumerate(words, start=at) if not shared[k]]
        at += len(words)
    return [" ".join(words) for words in kept]


def _shared_words(lists: list[list[str]], owner: np.ndarray, count: int, many: int) -> np.ndarray:
    """Say of every word, list by list, whether a passage that it stands in is shared by many texts."""
    numbers, starts = numbered(lists)
    hashes, own = runs(numbers, starts, length=LENGTH)
    standing = np.asarray(incidence(hashes, owner[own], count).sum(axis=0)).ravel()
    widely = standing[np.unique(hashes, return_inverse=True)[1]] > many if len(hashes) else np.zeros(0, bool)
    sizes = np.diff(starts)
    counts = np.where(sizes > LENGTH, sizes - LENGTH + 1, np.minimum(sizes, 1))
    first = starts[own] + np.arange(len(own)) - np.repeat(np.cumsum(counts) - counts, counts)
    end = np.minimum(first + LENGTH, starts[own + 1])
    # +1 where a shared passage begins and -1 behind its end: what adds up to more than 0 is inside one.
    steps = np.zeros(len(numbers) + 1, dtype=np.int64)
    np.add.at(steps, first[widely], 1)
    np.add.at(steps, end[widely], -1)
    return np.cumsum(steps)[:-1] > 0
