"""Counts of categories become ratings: the same coefficients, and nothing invented about who rated."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from ogp_analysis import agreement
from ogp_analysis.errors import StatisticsError

# Fleiss (1971), table 1: 30 patients, six psychiatrists each; depression, personality disorder,
# schizophrenia, neurosis, other. His kappa is 0.430.
FLEISS_1971 = (
    "00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031 "
    "00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"
)
COUNTS = [[int(digit) for digit in row] for row in FLEISS_1971.split()]
NAMES = ["depression", "personality", "schizophrenia", "neurosis", "other illness"]


def fleiss_by_hand(counts):
    """Equations 3 to 7 of Fleiss (1971), in fractions."""
    n, items = sum(counts[0]), len(counts)
    shares = [Fraction(sum(column), n * items) for column in zip(*counts, strict=True)]
    agreed = sum(Fraction(sum(k * (k - 1) for k in row), n * (n - 1)) for row in counts) / items
    chance = sum(share**2 for share in shares)
    return (agreed - chance) / (1 - chance), agreed


@pytest.mark.parametrize("table", [COUNTS, pd.DataFrame(COUNTS, columns=NAMES)])
def test_kappa_of_fleiss_from_counts(table):
    ratings = agreement.from_counts(table)
    kappa, agreed = fleiss_by_hand(COUNTS)
    assert float(kappa) == pytest.approx(0.430, abs=5e-4), "as printed"
    assert agreement.fleiss_kappa(ratings).value == pytest.approx(float(kappa), abs=1e-14)
    assert agreement.percent_agreement(ratings).value == pytest.approx(float(agreed), abs=1e-14)
    assert (ratings.n_items, ratings.n_ratings, ratings.n_raters) == (30, 180, 6)


def test_ratings_and_their_counts_give_the_same_coefficients_missing_ratings_included():
    rng = np.random.default_rng(11)
    ratings = rng.integers(1, 5, (20, 4)).astype(float)
    ratings[rng.random(ratings.shape) < 0.2] = np.nan
    counts = pd.DataFrame({k: (ratings == k).sum(axis=1) for k in (4, 2, 1, 3)})
    made = agreement.from_counts(counts)
    for name in ("fleiss_kappa", "gwet_ac", "krippendorff_alpha", "brennan_prediger", "icc"):
        function = getattr(agreement, name)
        options = {} if name in ("icc", "krippendorff_alpha") else {"weights": "quadratic"}
        one, other = function(made, **options), function(ratings, **options)
        assert one.value == pytest.approx(other.value, abs=1e-12)
        assert one.standard_error == pytest.approx(other.standard_error, abs=1e-12)


def test_names_of_columns_are_an_order_only_if_one_was_declared():
    table = pd.DataFrame([[2, 1, 0], [0, 3, 0], [1, 1, 1]], columns=["alto", "bajo", "medio"])
    with pytest.raises(StatisticsError, match="needs an order") as refused:
        agreement.gwet_ac(agreement.from_counts(table), weights="linear")
    assert refused.value.values["categories"] == ("alto", "bajo", "medio")
    scale = ["muy bajo", "bajo", "medio", "alto"]  # nobody used the first
    declared = agreement.from_counts(table, categories=scale)
    bare = agreement.from_counts(
        np.array([[0, 1, 0, 2], [0, 3, 0, 0], [0, 1, 1, 1]]), categories=[1, 2, 3, 4]
    )
    expected = agreement.gwet_ac(bare, weights="linear").value
    assert agreement.gwet_ac(declared, weights="linear").value == pytest.approx(expected, abs=1e-15)
    ordered = table.set_axis(pd.CategoricalIndex(table.columns, categories=scale, ordered=True), axis=1)
    assert agreement.gwet_ac(agreement.from_counts(ordered), weights="linear").value == pytest.approx(
        expected, abs=1e-15
    )


def test_who_rated_is_not_invented():
    made = agreement.from_counts([[2, 0], [1, 1], [0, 2]])
    functions = (agreement.cohen_kappa, agreement.conger_kappa, agreement.kendall_w, agreement.lin_ccc)
    for function in (*functions, agreement.variance_components, agreement.prevalence_bias):
        with pytest.raises(StatisticsError, match="to know who rated"):
            function(made)
    with pytest.raises(StatisticsError, match="to know who rated"):
        agreement.icc(made, form="ICC(A,1)")


def test_bad_counts_are_all_named():
    table = pd.DataFrame([[1, -1], [0.5, 3], [None, 2]], index=["S1", "S2", "S3"], columns=["a", "b"])
    with pytest.raises(StatisticsError, match="counts are whole numbers") as refused:
        agreement.from_counts(table)
    cells = refused.value.values["cells"]
    assert [(item, name) for item, name, _ in cells] == [("S1", "b"), ("S2", "a"), ("S3", "a")]


@pytest.mark.parametrize(
    ("table", "categories", "key"),
    [
        ([[1, 2]], ["a"], "categories"),
        ([[1, 2]], ["a", "a"], "categories"),
        ([[1, 2]], ["a", 1], "categories"),
        (pd.DataFrame([[1, 2]], columns=["a", "b"]), ["a", "c"], "columns"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), None, "columns"),
        ([["x", 2]], None, "table"),
        ([1, 2], None, "shape"),
        ([[20_000_000, 0], [1, 0]], None, "most"),
    ],
)
def test_what_is_no_table_of_counts_is_refused(table, categories, key):
    with pytest.raises(StatisticsError) as refused:
        agreement.from_counts(table, categories=categories)
    assert key in refused.value.values


def with_sums(counts, *, rows=False, columns=False):
    counts = np.array(counts)
    counts = np.column_stack([counts, counts.sum(axis=1)]) if columns else counts
    return np.vstack([counts, counts.sum(axis=0)]) if rows else counts


@pytest.mark.parametrize(
    ("table", "key"),
    [
        (with_sums(COUNTS, columns=True), "agreement.counts_sum_column"),
        (pd.DataFrame(with_sums(COUNTS, columns=True), columns=[*NAMES, "n"]), "agreement.counts_sum_column"),
        (with_sums(COUNTS, rows=True), "agreement.counts_sum_row"),
        (np.column_stack([range(30), COUNTS]), "agreement.counts_row_numbers"),
        (np.column_stack([range(1, 31), COUNTS]), "agreement.counts_row_numbers"),
    ],
)
def test_what_is_no_category_is_told_by_its_numbers(table, key):
    with pytest.raises(StatisticsError) as refused:
        agreement.from_counts(table)
    assert refused.value.values["key"] == key
    # Declared, it is a category: 30 items, all their counts.
    if isinstance(table, np.ndarray):
        declared = agreement.from_counts(table, categories=range(table.shape[1]))
        assert declared.n_ratings == table.sum()


def test_the_margins_of_a_contingency_table_are_no_category():
    # Ann and Bob: 11 items, 8 alike; with margins, 44.
    with pytest.raises(StatisticsError) as refused:
        agreement.from_table(with_sums([[3, 1], [2, 5]], rows=True, columns=True))
    assert refused.value.values["key"] == "agreement.table_margins"
    assert agreement.from_table([[3, 1], [2, 5]]).n_items == 11


def test_counts_that_only_chance_adds_up_are_counts():
    rng = np.random.default_rng(4)
    for _ in range(300):
        counts = rng.multinomial(int(rng.choice([2, 4, 6])), [0.3, 0.2, 0.5], size=int(rng.integers(2, 8)))
        assert agreement.from_counts(counts).n_ratings == counts.sum()
    # Two pairs split in each of three rows: one such table in eight.
    assert agreement.from_counts([[1, 0, 1], [0, 1, 1], [1, 0, 1]]).n_items == 3
