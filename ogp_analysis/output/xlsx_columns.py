"""How the columns of a workbook look: formats of numbers, limits of widths, heights of rows."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

import pandas as pd

from ogp_analysis.language import labels
from ogp_analysis.language.percentages import are_shares
from ogp_analysis.output.column_widths import Limits

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
    return len(given) > 0 and bool(given.map(lambda value: bool(re.fullmatch(ISO_DATE, str(value)))).all())


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
