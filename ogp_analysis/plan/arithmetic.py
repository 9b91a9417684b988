"""Kernels of the checks: printed decimals, months, and which whole numbers print as a percentage."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

MONTHS_A_YEAR = 12
PERCENT = 100
# Far above the float noise of a sum of a few numbers, far below half a unit of any printed digit.
NOISE = 1e-9


def decimals(printed: pd.Series) -> np.ndarray:
    """Count the digits after the decimal point of a printed number: 2 for ``"79.80%"``, 0 for ``"ten"``.

    >>> decimals(pd.Series(["79.80%", "68%", "ten", None])).tolist()
    [2, 0, 0, 0]
    """
    return printed.str.extract(r"\d\.(\d+)")[0].str.len().fillna(0).to_numpy(dtype=int)


def rounded(values: np.ndarray, digits: np.ndarray) -> np.ndarray:
    """Round each value to its own number of digits, half to even.

    >>> rounded(np.array([3.8806, 2.5, 3.5]), np.array([2, 0, 0])).tolist()
    [3.88, 2.0, 4.0]
    """
    # pandas and numpy round a whole column to one number of digits; the plan prints each number to its own.
    unit = 10.0**digits
    return np.rint(np.asarray(values, dtype=float) * unit) / unit


def fitting_counts(percentage: float, base: int, digits: int) -> np.ndarray:
    """List the whole numbers k whose share k / base prints as the percentage at so many decimals.

    >>> fitting_counts(68, 297, 0).tolist(), fitting_counts(5.40, 297, 2).tolist()
    ([201, 202, 203], [])
    """
    counts = np.arange(base + 1)
    printed = rounded(100 * counts / base, np.array(digits))
    return counts[np.abs(printed - percentage) < NOISE]


def always_fits(base: float, digits: int) -> bool:
    """Say whether every percentage of so many decimals is the share of some whole number of the base.

    Two counts next to each other differ by 100 / base percent; where that is no more than one unit of the
    last digit, no percentage can miss them all.

    >>> always_fits(297, 0), always_fits(419, 0), always_fits(297, 2)
    (True, True, False)
    """
    return base >= PERCENT * 10**digits


def number_of_splits(percentages: np.ndarray, base: int, digits: np.ndarray) -> int:
    """Count the ways to split a whole into counts that print as three percentages.

    >>> number_of_splits(np.array([50.0, 25.0, 25.0]), 4, np.array([0, 0, 0]))
    1

    The plan's 45, 34 and 21% of the 419 people of the workshops (lines 630 and 636):

    >>> number_of_splits(np.array([45.0, 34.0, 21.0]), 419, np.array([0, 0, 0]))
    14
    """
    first, second, third = (
        fitting_counts(percentage, base, digit) for percentage, digit in zip(percentages, digits, strict=True)
    )
    # Every pair of the first two fixes the third count: it must be one of those that fit.
    left = base - first[:, None] - second[None, :]
    return int(np.isin(left, third).sum())


def cross_counts(rows: pd.Series, kinds: pd.Series, order: Sequence[str]) -> pd.DataFrame:
    """Count how often each kind occurs in each row, with a column for every kind there can be.

    >>> kinds = pd.Series(["dated", "no end", "dated"])
    >>> cross_counts(pd.Series([1, 1, 2]), kinds, ["dated", "no end", "lost"]).to_dict("index")
    {1: {'dated': 1, 'no_end': 1, 'lost': 0}, 2: {'dated': 1, 'no_end': 0, 'lost': 0}}
    """
    # crosstab leaves out a kind that does not occur; a count of nothing is a column of zeros.
    counts = pd.crosstab(rows, kinds).reindex(columns=list(order), fill_value=0)
    return counts.rename(columns=lambda name: name.replace(" ", "_")).rename_axis(columns=None)


def month_number(year_month: pd.Series) -> pd.Series:
    """Number the months, so that differences are months; missing stays missing.

    Parameters
    ----------
    year_month : Series of str
        Months as ``"2020-01"``.

    Returns
    -------
    Series of float
        Months since the year 0; missing where there is no month, or none that is written so.

    Examples
    --------
    >>> month_number(pd.Series(["2020-01", "2021-04"])).diff().tolist()
    [nan, 15.0]
    """
    parts = year_month.str.extract(r"^(\d{4})-(\d{2})$").astype("float64")
    return parts[0] * MONTHS_A_YEAR + parts[1]


def span_in_months(start: pd.Series, end: pd.Series) -> pd.Series:
    """Months from start to end, both included.

    >>> span_in_months(pd.Series(["2020-01", "2020-03"]), pd.Series(["2021-04", None])).tolist()
    [16.0, nan]
    """
    return month_number(end) - month_number(start) + 1
