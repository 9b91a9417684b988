"""Statistics with an interval that two runs do not share, matched by the words of their rows."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

# The columns that hold a statistic and its interval, by the names that the tables use.
INTERVALS = (
    ("value", "low", "high"),
    ("estimate", "low", "high"),
    *((value, "lower", "upper") for value in ("value", "within", "specific", "variance")),
)
# Numbers that name a row and measure nothing.
NAMING_NUMBERS = ("rating",)
# What a statistic came to, which is no part of its name.
OUTCOMES = ("benchmark", "note")
# Tables that repeat rows of another one.
REPEATED = {"by_score": "coefficients"}


def moved_coefficients(first: Mapping[str, pd.DataFrame], second: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """List the statistics with an interval that are not the same, and whether they moved beyond it.

    >>> first = pd.DataFrame({"statistic": ["alpha"], "value": [0.5], "low": [0.4], "high": [0.6]})
    >>> second = first.assign(value=0.7, low=0.65, high=0.8)
    >>> moved_coefficients({"agreement": first}, {"agreement": second}).to_dict("records")
    [{'table': 'agreement', 'statistic': 'alpha', 'first': 0.5, 'second': 0.7, 'beyond': True}]
    """
    rows = []
    both = first.keys() & second.keys()
    for name in sorted(name for name in both if REPEATED.get(name) not in both):
        columns = next(
            (trio for trio in INTERVALS if _has(first[name], trio) and _has(second[name], trio)), None
        )
        if columns:
            rows += _moved(name, first[name], second[name], columns)
    return pd.DataFrame(rows, columns=["table", "statistic", "first", "second", "beyond"])


def _has(table: pd.DataFrame, columns: tuple[str, ...]) -> bool:
    return set(columns) <= set(table.columns)


def _moved(
    name: str, first: pd.DataFrame, second: pd.DataFrame, columns: tuple[str, str, str]
) -> list[tuple]:
    value, low, high = columns
    a, b = _by_words(first, columns), _by_words(second, columns)
    rows = []
    for words in a.index.intersection(b.index):
        one, other = a.loc[words], b.loc[words]
        if one[value] != other[value] and not (pd.isna(one[value]) and pd.isna(other[value])):
            known = pd.notna([*one, *other]).all()
            beyond = not one[low] <= other[value] <= one[high] or not other[low] <= one[value] <= other[high]
            rows.append((name, words, one[value], other[value], bool(beyond) if known else None))
    return rows


def _by_words(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    naming = [name for name in table.columns if name not in OUTCOMES]
    words = [n for n in naming if n in NAMING_NUMBERS or not pd.api.types.is_numeric_dtype(table[n])]
    rows = table[words].astype("object").where(table[words].notna(), "").astype(str)
    named = [" ".join(filter(None, row)) for row in rows.itertuples(index=False)]
    frame = table.loc[:, list(columns)].apply(pd.to_numeric, errors="coerce").set_axis(named)
    # Rows that their words do not tell apart cannot be matched; the first stands for them.
    return frame[~frame.index.duplicated()]
