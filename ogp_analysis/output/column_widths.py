"""How the columns of a table share a line: so that its rows get low, and no word is broken."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

MARGIN = 2  # letters between two columns


@dataclass(frozen=True)
class Limits:
    """Letters of a column at least and at most, of the longest word kept whole, and of the line.

    ``bolder``: how much wider the letters of a head are.
    """

    narrowest: int
    widest: int
    word: int
    line: int
    bolder: float = 1.0


def share_line(heads: Sequence[str], columns: Sequence[Sequence[str]], limits: Limits) -> list[int]:
    """Share a line among columns: whoever makes most rows high gets the next letter.

    Parameters
    ----------
    heads : sequence of str, length c
        Of the columns.
    columns : sequence of sequence of str, shape (c, r)
        The cells of each column as they are shown.
    limits : Limits
        Of the columns and of the line.

    Returns
    -------
    list of int
        Letters of each column; together no more than the line, unless whole words need more.

    Examples
    --------
    >>> limits = Limits(narrowest=4, widest=60, word=16, line=80)
    >>> share_line(["id", "reason"], [["S01"], ["many words of a reason " * 9]], limits)
    [5, 60]
    >>> sum(share_line(list("abcdef"), [["ten words in each " * 9]] * 6, limits))
    80
    """
    both = list(zip(heads, columns, strict=True))
    wanted = np.array([_wanted(head, cells, limits) for head, cells in both], dtype=int)
    broad = np.array([_least(head, cells, limits) for head, cells in both], dtype=int)
    letters = np.array([[len(cell) for cell in cells] for cells in columns], dtype=float).T
    while broad.sum() < limits.line and (broad < wanted).any():
        lines = letters / broad
        # What each column adds to the rows that it makes high; where none does, who lacks most gets room.
        over = np.maximum(lines.max(axis=1, initial=1) - 1, 0)
        need = np.bincount(lines.argmax(axis=1), weights=over, minlength=len(broad)) + 1e-6 * (wanted - broad)
        broad[np.where(broad < wanted, need, -1).argmax()] += 1
    return broad.tolist()


def _wanted(head: str, cells: Sequence[str], limits: Limits) -> int:
    # A third, because heads wrap.
    longest = max([len(head) // 3, *map(len, cells)])
    return min(max(longest + 2, _least(head, cells, limits)), limits.widest)


def _least(head: str, cells: Sequence[str], limits: Limits) -> int:
    # At a space that does not break, no word ends.
    words = [len(word) + MARGIN for text in cells for word in text.replace("\n", " ").split(" ")]
    bold = [math.ceil(len(word) * limits.bolder) + MARGIN for word in head.split()]
    return min(max([limits.narrowest, *words, *bold]), limits.word)
