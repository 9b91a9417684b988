"""Kernels of the checks: printed decimals, months, and which whole numbers print as a percentage."""

from __future__ import annotations

import numpy as np
import pandas as pd

MONTHS_A_YEAR = 12
# Far above the float noise of a sum of a few numbers, far below half a unit of any printed digit.
NOISE = 1e-9


def decimals(printed: pd.Series) -> np.ndarray:
    """Count the digits after the decimal point of a printed number: 2 for ``"79.80%"``, 0 for ``"ten"``."""
    return printed.str.extract(r"\d\.(\d+)")[0].str.len().fillna(0).to_numpy(dtype=int)


def rounded(values: np.ndarray, digits: np.ndarray) -> np.ndarray:
    """Round each value to its own number of digits, half to even."""
    unit = 10.0**digits
    return np.rint(np.asarray(values, dtype=float) * unit) / unit


def fitting_counts(percentage: float, base: int, digits: int) -> np.ndarray:
    """List the whole numbers k whose share k / base prints as the percentage at so many decimals.

    Parameters
    ----------
    percentage : float
        As printed, 0 to 100.
    base : int
        The whole, at least 1.
    digits : int
        Printed decimals.

    Returns
    -------
    numpy.ndarray
        The whole numbers, rising; empty where the percentage is no share of this base.

    Examples
    --------
    >>> fitting_counts(68, 297, 0).tolist(), fitting_counts(5.40, 297, 2).tolist()
    ([201, 202, 203], [])
    """
    counts = np.arange(base + 1)
    printed = rounded(100 * counts / base, np.array(digits))
    return counts[np.abs(printed - percentage) < NOISE]


def number_of_splits(percentages: np.ndarray, base: int, digits: np.ndarray) -> int:
    """Count the ways to split a whole into counts that print as three percentages.

    Examples
    --------
    >>> number_of_splits(np.array([50.0, 25.0, 25.0]), 4, np.array([0, 0, 0]))
    1
    """
    first, second, third = (
        fitting_counts(percentage, base, digit) for percentage, digit in zip(percentages, digits, strict=True)
    )
    left = base - first[:, None] - second[None, :]
    return int(np.isin(left, third).sum())


def month_number(year_month: pd.Series) -> pd.Series:
    """Number the months, so that differences are months; missing stays missing.

    Examples
    --------
    >>> month_number(pd.Series(["2020-01", "2021-04"])).diff().tolist()
    [nan, 15.0]
    """
    parts = year_month.str.extract(r"^(\d{4})-(\d{2})$").astype("float64")
    return parts[0] * MONTHS_A_YEAR + parts[1]


def span_in_months(start: pd.Series, end: pd.Series) -> pd.Series:
    """Months from start to end, both included."""
    return month_number(end) - month_number(start) + 1
