"""From ratings to category numbers and patterns: they can be read back, and take as much room as said."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ogp_analysis.agreement import category_codes
from ogp_analysis.agreement.category_codes import code
from ogp_analysis.agreement.kappas import prepared
from ogp_analysis.errors import StatisticsError

NAN = math.nan


def decoded(coded):
    """The table that a coding stands for, item by item."""
    names = np.array([*coded.categories, None], dtype=object)
    return names[coded.codes][coded.pattern].tolist()


@pytest.mark.parametrize(
    "table",
    [
        [["a", None, "b"], ["b", "a", "b"], [None, None, "c"], ["a", None, "b"]],
        [[1.5, None, 2.5], [2.5, 1.5, 2.5], [None, None, 4.5], [1.5, None, 2.5]],
        [[1, None, 2], [2, 1, 2], [None, None, 4], [1, None, 2]],
        [[1, None, 9000], [9000, 1, 9000], [None, None, 40000], [1, None, 9000]],
        [["a"] * 8, ["b"] * 8, [None] * 7 + ["c"], ["d", "e", "f", "g", "h", "i", "j", "k"], ["a"] * 8],
    ],
)
def test_what_is_coded_can_be_read_back(table):
    coded = code(prepared(table))
    assert decoded(coded) == table
    assert coded.codes.shape == (len(coded.multiplicity), len(table[0]))
    assert coded.multiplicity.tolist() == np.bincount(coded.pattern).tolist()
    counts = [[row.count(name) for name in coded.categories] for row in decoded(coded)]
    assert coded.counts()[coded.pattern].tolist() == counts


@pytest.mark.parametrize(
    ("width", "kind"),
    [(category_codes.WIDEST_RANGE - 1, np.int16), (category_codes.WIDEST_RANGE, np.int64), (0.5, np.int64)],
)
def test_whole_numbers_near_each_other_take_two_bytes_each(width, kind):
    for lowest in (-2000.0, 5.0):
        codes, seen = category_codes._codes_seen(prepared([[lowest, NAN], [lowest + width, lowest]]))
        assert codes.dtype == kind
        assert (codes.tolist(), seen) == ([[0, -1], [1, 0]], [lowest, lowest + width])


@pytest.mark.parametrize(
    ("possible", "items", "most", "kept"),
    [
        (4096, 2, 10**6, 1),
        (4097, 2, 10**6, 2),
        (8000, 2000, 10**6, 1),
        (8001, 2000, 10**6, 2000),
        (5000, 2000, 5000, 1),
        (5001, 2000, 5000, 2000),
    ],
)
def test_equal_rows_are_kept_once_where_few_patterns_are_possible(monkeypatch, possible, items, most, kept):
    """Up to four patterns an item, 4096 in any case, and no more than memory allows."""
    monkeypatch.setattr(category_codes, "MOST_PATTERNS", most)
    rows, multiplicity, pattern = category_codes._patterns(np.full((items, 1), possible - 2), possible - 1)
    assert rows.tolist() == [[possible - 2]] * kept
    assert multiplicity.tolist() == [items / kept] * kept
    assert len(pattern) == items


def test_twelve_raters_and_two_values_are_still_counted_by_pattern():
    assert len(code(prepared([[1.0] * 12] * 3)).codes) == 1
    assert len(code(prepared([[1.0] * 13] * 3)).codes) == 3


def test_one_rating_is_coded_and_none_is_refused():
    assert code(prepared([[NAN, 3.0]])).counts().tolist() == [[1]]
    with pytest.raises(StatisticsError, match="no pairable ratings: all 2 cells are empty"):
        code(prepared([[NAN, NAN]]))


def test_a_table_of_counts_has_a_largest_size(monkeypatch):
    coded = code(prepared([[1, 2], [2, 2], [1, 1]]))
    monkeypatch.setattr(category_codes, "LARGEST", 9)
    assert coded.counts().shape == (3, 2)
    monkeypatch.setattr(category_codes, "LARGEST", 8)
    with pytest.raises(StatisticsError, match="2 different values of 3 different items are too many"):
        coded.counts()


@pytest.mark.parametrize(("rows", "end"), [(50, ""), (51, " and 1 more")])
def test_fifty_ratings_outside_the_categories_are_listed(rows, end):
    table = [[1, 7]] * rows
    with pytest.raises(StatisticsError, match=f"of item 49{end}: outside the declared categories") as refusal:
        code(prepared(table), [1, 2])
    assert str(refusal.value).startswith("rating 7.0 of item 0; rating 7.0 of item 1; ")
