"""How the columns of a table share a line, and how those of a workbook look: formats, widths, heights."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.language import labels
from ogp_analysis.language.percentages import are_shares

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


# Our choices, in characters; of a line that prints at 75% or more, and that prints upright.
WIDTHS = Limits(narrowest=9, widest=60, word=22, line=190)
UPRIGHT = 100
LINE, ALL_LINES = 12.75, 400.0  # points; the file format ends at 409
# Columns are as wide as so many digits, and letters are narrower.
LETTERS_BY_DIGIT = 1.1
ISO_DATE = r"\d{4}-\d{2}-\d{2}"


def number_format(column: pd.Series, table: str = "") -> str:
    """Say how the numbers of a column are shown; their cells keep every digit.

    >>> shares = pd.Series([0.5, 0.25], name="share_1")
    >>> number_format(shares), number_format(shares.rename("score")), number_format(pd.Series([1.0, 2.0]))
    ('share', 'score', 'whole')
    """
    numbers = [float(value) for value in column if labels.is_number(value) and not labels.is_truth(value)]
    if are_shares(str(column.name), numbers, table):
        return "share"
    return "whole" if all(number.is_integer() for number in numbers) else "score"


def are_dates(column: pd.Series) -> bool:
    """Say whether a column holds dates and nothing else: one of dates and words could be sorted as neither.

    >>> are_dates(pd.Series(["2019-10-01", None])), are_dates(pd.Series(["2019-10-01", "2019"]))
    (True, False)
    """
    given = column.dropna()
    # One that is none decides: most columns are asked for their first cell only.
    return len(given) > 0 and all(re.fullmatch(ISO_DATE, str(value)) for value in given)


def height(cells: Sequence[str], broad: Sequence[int]) -> float:
    """Say how high a row must be for its longest cell, in points.

    >>> height(["S01", "two lines of words"], [9, 14]), height(["S01", ""], [9, 14])
    (25.5, 12.75)
    """
    lines = max((_lines(text, width) for text, width in zip(cells, broad, strict=True)), default=1)
    return min(LINE * lines, ALL_LINES)


def _lines(text: str, width: int) -> int:
    letters = int(width * LETTERS_BY_DIGIT)
    if len(text) <= letters and "\n" not in text:  # most cells, and wrapping is slow
        return 1
    return sum(max(len(textwrap.wrap(line, letters)), 1) for line in text.split("\n"))
