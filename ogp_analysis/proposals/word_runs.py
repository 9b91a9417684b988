"""Runs of words as numbers: what tells that two texts were copied, and which passages stand in many."""

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
