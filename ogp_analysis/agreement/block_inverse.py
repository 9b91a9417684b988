"""Inverse and determinant of a symmetric matrix in blocks so small that the sums run on one thread."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

Array = npt.NDArray[np.float64]
# A product of two such blocks is below the size from which OpenBLAS shares it among threads (262,144
# multiplications): the same last bits with any number of threads, and none waits for another.
BLOCK = 64
SMALL = 2 * BLOCK  # rows up to which nothing is gained by solving for some of them first
FULL = 0.1  # share of entries above which a matrix is no longer nearly empty
WORTH = 0.05  # share of the rows that must go at once


def inverse(matrix: sparse.csr_array) -> tuple[Array, float]:
    """Inverse and logarithm of the determinant of a sparse symmetric positive definite matrix.

    While the matrix is nearly empty, rows that share no entry are solved for at once, and what they leave is
    a smaller matrix; the rest is Gauss and Jordan's elimination, block by block. No pivoting is needed where
    every eigenvalue is 1 or more.

    >>> found, log_determinant = inverse(sparse.csr_array([[2.0, 1.0], [1.0, 3.0]]))
    >>> found.round(3).tolist(), round(float(np.exp(log_determinant)), 12)
    ([[0.6, -0.2], [-0.2, 0.4]], 5.0)
    """
    n = matrix.shape[0]
    if n <= SMALL or matrix.nnz > FULL * n**2:
        return _dense_inverse(matrix.toarray())
    apart = _without_common_entries(matrix)
    if apart.sum() < WORTH * n:
        return _dense_inverse(matrix.toarray())
    first, rest = np.flatnonzero(apart), np.flatnonzero(~apart)
    diagonal = matrix.diagonal()[first]
    cross = matrix[first][:, rest]
    entries = cross.data / np.repeat(diagonal, np.diff(cross.indptr))
    scaled = sparse.csr_array((entries, cross.indices, cross.indptr), shape=cross.shape)
    core, log_determinant = inverse((matrix[rest][:, rest] - cross.T @ scaled).tocsr())
    whole = np.empty((n, n))
    across = scaled @ core
    whole[np.ix_(rest, rest)] = core
    whole[np.ix_(first, rest)] = -across
    whole[np.ix_(rest, first)] = -across.T
    whole[np.ix_(first, first)] = (scaled @ across.T).T
    whole[first, first] += 1 / diagonal
    return whole, log_determinant + float(np.log(diagonal).sum())


def _without_common_entries(matrix: sparse.csr_array) -> npt.NDArray[np.bool_]:
    """Rows no two of which share an entry: those with fewer entries than every row they share one with."""
    n = matrix.shape[0]
    rank = np.empty(n, dtype=np.int64)
    rank[np.lexsort((np.arange(n), np.diff(matrix.indptr)))] = np.arange(n)
    # Every row has its own diagonal entry, so none is empty.
    return np.minimum.reduceat(rank[matrix.indices], matrix.indptr[:-1]) == rank


def _dense_inverse(matrix: Array) -> tuple[Array, float]:
    n = len(matrix)
    if n <= BLOCK:
        return _swept(matrix)
    blocks = -(-n // BLOCK)
    padded = np.eye(blocks * BLOCK)
    padded[:n, :n] = matrix
    tiles = np.ascontiguousarray(padded.reshape(blocks, BLOCK, blocks, BLOCK).transpose(0, 2, 1, 3))
    total = 0.0
    for k in range(blocks):
        pivot, log_determinant = _swept(tiles[k, k])
        total += log_determinant
        row = pivot @ tiles[k]
        column = tiles[:, k].copy()
        tiles -= column[:, None] @ row
        tiles[k], tiles[:, k] = row, -(column @ pivot)
        tiles[k, k] = pivot
    full = tiles.transpose(0, 2, 1, 3).reshape(len(padded), len(padded))[:n, :n]
    return (full + full.T) / 2, total


def _swept(matrix: Array) -> tuple[Array, float]:
    """Inverse and log determinant of one block, element by element."""
    left = matrix.copy()
    pivots = np.empty(len(left))
    for k in range(len(left)):
        pivots[k] = left[k, k]
        row, column = left[k] / pivots[k], left[:, k].copy()
        left -= column[:, None] * row
        left[k], left[:, k] = row, -column / pivots[k]
        left[k, k] = 1 / pivots[k]
    return (left + left.T) / 2, float(np.log(pivots).sum())
