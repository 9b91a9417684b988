"""Numbers as they are written, and the counts that print as a percentage: by fractions and by brute force."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest

from ogp_analysis.model.exact_numbers import exact
from ogp_analysis.plan import identities
from ogp_analysis.plan.arithmetic import always_fits, cross_counts, fitting_counts


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("7/3", Fraction(7, 3)),
        (0.1, Fraction(1, 10)),
        (8 / 3, Fraction(8, 3)),
        (-1 / 3, Fraction(-1, 3)),
        (100_000 + 1 / 3, Fraction(300_001, 3)),
        # Fourteen digits are meant as they stand, however near a fraction lies: 91/101 is 1e-15 away.
        (0.9009900990099, Fraction(9_009_900_990_099, 10**13)),
        # Of more, what lies within 1e-15 of a fraction is that fraction, and nothing further off is.
        (0.333333333333334, Fraction(1, 3)),
        (0.500000000000001, Fraction(1, 2)),
        (0.3333333333333348, Fraction(3_333_333_333_333_348, 10**16)),
        (0.12345678901234566, Fraction("0.12345678901234566")),
        (1e-16, Fraction(0)),
    ],
)
def test_a_number_is_the_fraction_that_its_text_means(value, meant):
    assert exact(value) == meant


def test_every_percentage_fits_where_there_are_enough_counts():
    for digits, bases in ((0, range(1, 131)), (1, (990, 999, 1000, 1001))):
        printed = [k / 10**digits for k in range(100 * 10**digits + 1)]
        for base in bases:
            fits = all(len(fitting_counts(one, base, digits)) for one in printed)
            assert always_fits(base, digits) == fits
    assert [always_fits(base, 2) for base in (9_999, 10_000)] == [False, True]


def test_no_count_exceeds_its_base():
    assert fitting_counts(110, 10, 0).tolist() == []
    assert fitting_counts(100, 10, 0).tolist() == [10]


def test_a_kind_that_does_not_occur_is_counted_as_none():
    found = cross_counts(pd.Series([1, 1, 2]), pd.Series(["a", "b", "a"]), ["a", "b", "no one"])
    assert found.to_numpy().tolist() == [[1, 1, 0], [1, 0, 0]]
    assert list(found.columns) == ["a", "b", "no_one"]


def test_lines_are_named_in_their_order_and_once():
    statements = pd.DataFrame({"line": [30, 7, 30]}, index=["a", "b", "c"])
    assert identities._lines("a b c", statements) == "L7 L30"


def test_what_is_known_of_a_failure_is_said_of_failures_alone():
    frame = pd.DataFrame(
        {
            "test": [identities.COULD_FAIL, identities.COULD_FAIL],
            "outcome": [identities.FAILS, "holds"],
            "cause_en": ["a slip", "none"],
            "cause_es": ["un desliz", "ninguna"],
        }
    ).reindex(columns=[*dict.fromkeys([*identities.COLUMNS, "test", "outcome", "cause_en", "cause_es"])])
    found = identities._with_reasons(frame)
    assert found["why_en"].tolist() == ["a slip", ""]
    assert found["why_es"].tolist() == ["un desliz", ""]
