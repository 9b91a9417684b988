"""Runs of words as numbers: what tells that texts were copied, and passages of many texts, left out."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
from scipy.sparse import csr_array

WORD = re.compile(r"\w+")
# Odd and large: multiplied and added modulo 2^64, different runs practically never meet.
FACTOR, STEP = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)


def words_of(text: str) -> list[str]:
    """Split a text into words without case and accents.

    >>> words_of("¡La EDUCACIÓN rural, ya!")
    ['la', 'educacion', 'rural', 'ya']
    """
    split = text if text.isascii() else unicodedata.normalize("NFKD", text)
    folded = split if text.isascii() else "".join(c for c in split if not unicodedata.combining(c))
    return WORD.findall(folded.casefold())


def numbered(lists: list[list[str]]) -> tuple[np.ndarray, np.ndarray]:
    """Number the words of lists: one array for all, and where each list begins (and the last ends).

    >>> [part.tolist() for part in numbered([["la", "ley"], [], ["ley"]])]
    [[0, 1, 1], [0, 2, 2, 3]]
    """
    known: dict[str, int] = {}
    numbers = [known.setdefault(word, len(known)) for words in lists for word in words]
    starts = np.concatenate([[0], np.cumsum([len(words) for words in lists])])
    return np.array(numbers, dtype=np.uint64), starts.astype(np.int64)


def runs(numbers: np.ndarray, starts: np.ndarray, *, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Give every run of so many words as a number, and the list it stands in; a shorter list is one run.

    Runs are in the order of the lists; that of a list begins at its first word.

    >>> hashes, lists = runs(np.array([1, 2, 3, 1, 2], dtype=np.uint64), np.array([0, 3, 5]), length=2)
    >>> lists.tolist(), bool(hashes[0] == hashes[2])
    ([0, 0, 1], True)
    """
    sizes = np.diff(starts)
    counts = np.where(sizes > length, sizes - length + 1, np.minimum(sizes, 1))
    lists = np.repeat(np.arange(len(sizes)), counts)
    within = np.arange(len(lists)) - np.repeat(np.cumsum(counts) - counts, counts)
    first, end = starts[lists] + within, starts[lists + 1]
    hashes = np.zeros(len(lists), dtype=np.uint64)
    padded = np.concatenate([numbers, [np.uint64(0)]])
    for step in range(length):
        at = first + step
        word = np.where(at < end, padded[np.minimum(at, len(numbers))] + np.uint64(1), np.uint64(0))
        hashes = _mixed(hashes * FACTOR + word)
    return hashes, lists


def _mixed(values: np.ndarray) -> np.ndarray:
    mixed = (values ^ (values >> np.uint64(29))) * STEP
    return mixed ^ (mixed >> np.uint64(32))


def incidence(hashes: np.ndarray, lists: np.ndarray, count: int) -> csr_array:
    """Say which of the runs stand in which list: one row a list, one column a run, ones.

    >>> incidence(np.array([7, 9, 7, 7]), np.array([0, 0, 1, 1]), 2).toarray().tolist()
    [[1, 1], [1, 0]]
    """
    values, columns = np.unique(hashes, return_inverse=True)
    shape = (count, max(len(values), 1))
    table = csr_array((np.ones(len(lists), dtype=np.int32), (lists, columns)), shape=shape)
    table.sum_duplicates()
    table.data[:] = 1
    return table


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
