"""The most similar texts of each: all compared with all, or among very many those that share rare words."""

from __future__ import annotations

from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

# Our choices: words and pairs of words by which a text looks for others, and among how many texts that have
# one; candidates compared by all features; neighbours kept.
BY, STANDING, CANDIDATES, NEIGHBOURS = 16, 2_000, 30, 15
# Texts compared at a time and texts handed to a process at a time: they bound memory, not results.
SLICE, TASK = 250, 5_000


class Task(NamedTuple):
    """Texts whose neighbours one process looks for."""

    start: int
    end: int
    keys: csr_array
    features: csr_array


class Neighbours(NamedTuple):
    """Pairs of similar texts: each is sorted by ``text``, the most similar first."""

    text: np.ndarray
    other: np.ndarray
    similarity: np.ndarray


def neighbours(words: csr_array, features: csr_array, pool: Executor | None = None) -> Neighbours:
    """Find the neighbours of every text among very many.

    Parameters
    ----------
    words : sparse array, shape (n, n_words)
        Weighted words of each text, of one at least, by which candidates are looked for.
    features : sparse array, shape (n, n_features)
        Rows of length 1, by which candidates are compared.
    pool : Executor, optional
        Processes that share the work; without one it is done here, with the same result.

    Returns
    -------
    Neighbours
        Up to 15 of each text, with similarities in (0, 1].

    Examples
    --------
    >>> rows = csr_array(np.array([[0.6, 0.8, 0.0], [0.8, 0.6, 0.0], [0.0, 0.0, 1.0]]))
    >>> [part.round(2).tolist() for part in neighbours(rows, rows)]
    [[0, 1], [1, 0], [0.96, 0.96]]
    """
    count = features.shape[0]
    keys = weightiest(words)
    tasks = [Task(at, min(at + TASK, count), keys, features) for at in range(0, count, TASK)]
    parts = list(pool.map(_of_task, tasks) if pool else map(_of_task, tasks))
    return Neighbours(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def exact(features: csr_array) -> Neighbours:
    """Compare all texts with all, and keep the neighbours of each.

    >>> rows = csr_array(np.array([[0.6, 0.8, 0.0], [0.8, 0.6, 0.0], [0.0, 0.0, 1.0]]))
    >>> [part.round(2).tolist() for part in exact(rows)]
    [[0, 1], [1, 0], [0.96, 0.96]]
    """
    count, turned = features.shape[0], csr_array(features.T)
    parts = []
    for start in range(0, count, SLICE):
        alike = np.clip((features[start : start + SLICE] @ turned).toarray(), 0.0, 1.0)
        own = np.arange(len(alike))
        alike[own, start + own] = 0.0
        others = np.argsort(-np.round(alike, 9), axis=1, kind="stable")[:, :NEIGHBOURS]
        rows = np.repeat(own, others.shape[1])
        values = alike[rows, others.ravel()]
        tied = values > 0
        parts.append(Neighbours(start + rows[tied], others.ravel()[tied], values[tied]))
    return Neighbours(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def weightiest(words: csr_array) -> csr_array:
    """Keep of each row its weightiest columns that stand in two rows or more; those of very many are parted.

    >>> weightiest(csr_array(np.array([[1.0, 0.5, 0.2], [0.0, 0.5, 0.2]]))).toarray().tolist()
    [[0.5, 0.2], [0.5, 0.2]]
    """
    standing = np.bincount(words.indices, minlength=words.shape[1])
    rows = np.repeat(np.arange(words.shape[0]), np.diff(words.indptr))
    kept = standing[words.indices] >= 2
    rows, columns, weights = rows[kept], words.indices[kept].astype(np.int64), words.data[kept]
    chosen = _first_of_each(rows, columns, weights, BY)
    rows, columns, weights = rows[chosen], columns[chosen], weights[chosen]
    # A text looks among so many at most that have the word: work grows with texts, not with their square.
    order = np.lexsort((rows, columns))
    part = np.empty(len(order), dtype=np.int64)
    part[order] = (np.arange(len(order)) - np.searchsorted(columns[order], columns[order])) // STANDING
    # Columns that are used, and no others: the product below walks through all of them.
    names, numbers = np.unique(part * words.shape[1] + columns, return_inverse=True)
    return csr_array((weights, (rows, numbers)), shape=(words.shape[0], max(len(names), 1)))


def _first_of_each(rows: np.ndarray, columns: np.ndarray, weights: np.ndarray, most: int) -> np.ndarray:
    """Choose the largest weights of every row; of equal ones the lower column."""
    # Sums of products differ in the last bits between machines, which must not decide.
    order = np.lexsort((columns, -np.round(weights, 9), rows))
    ordered = rows[order]
    rank = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    return order[rank < most]


def _of_task(task: Task) -> Neighbours:
    turned = csr_array(task.keys.T)
    parts = [
        _of_slice(start, min(start + SLICE, task.end), turned, task)
        for start in range(task.start, task.end, SLICE)
    ]
    return Neighbours(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _of_slice(start: int, end: int, turned: csr_array, task: Task) -> Neighbours:
    shared = csr_array(task.keys[start:end] @ turned)
    rows = np.repeat(np.arange(start, end), np.diff(shared.indptr))
    others, weights = shared.indices.astype(np.int64), shared.data
    apart = rows != others
    rows, others, weights = rows[apart], others[apart], weights[apart]
    chosen = _first_of_each(rows, others, weights, CANDIDATES)
    rows, others = rows[chosen], others[chosen]
    alike = _products(task.features, rows, others)
    best = _first_of_each(rows, others, alike, NEIGHBOURS)
    best = best[alike[best] > 0]
    return Neighbours(rows[best], others[best], alike[best])


def _products(features: csr_array, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    products = features[rows].multiply(features[others]).sum(axis=1)
    return np.clip(np.asarray(products, dtype=float).ravel(), 0.0, 1.0)
