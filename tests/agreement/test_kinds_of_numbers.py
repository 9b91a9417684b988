"""The same ratings as any kind of number, in any frame or array, are the same ratings."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import partial

import numpy as np
import pandas as pd
import pytest

from ogp_analysis import agreement, sensitivity
from ogp_analysis.errors import StatisticsError

# Steps down as well as up: 1 - 2 of unsigned numbers would be the largest of them.
FULL = np.array([[1, 2], [2, 1], [3, 3], [5, 4], [4, 4], [1, 1], [2, 5]], dtype=float)
GAPS = np.where(FULL == 5, np.nan, FULL)
WIDE = {"int8": [[127, -128], [-100, 100], [5, 6], [90, 90]], "uint8": [[255, 0], [0, 200], [5, 6], [90, 90]]}
COEFFICIENTS = {
    "agreement": lambda t: agreement.percent_agreement(t, weights="quadratic"),
    "kappa": lambda t: agreement.cohen_kappa(t, weights="linear"),
    "alpha": lambda t: agreement.krippendorff_alpha(t, measurement="interval"),
    "icc": lambda t: agreement.icc(t, form="ICC(A,1)"),
    "bias": lambda t: agreement.bland_altman(t).bias,
    "within": lambda t: agreement.share_within(t, tolerance=1),
}


def frame(table, kind="float64"):
    return pd.DataFrame(table, columns=["ann", "bob"]).astype(kind)


def each(table, make):
    return frame(table).map(lambda x: None if np.isnan(x) else make(x)).astype(object)


KINDS = {
    **{kind: lambda t, kind=kind: t.astype(kind) for kind in ("int8", "uint8", "uint64", "float16", ">i4")},
    **{
        f"frame {kind}": lambda t, kind=kind: frame(t, kind)
        for kind in ("uint8", "Int64", "UInt8", "Float32")
    },
    "two kinds": lambda t: frame(t).astype({"ann": "Int64", "bob": "float32"}),
    "every second column": lambda t: np.repeat(t, 2, axis=1)[:, ::2],
    "backwards": lambda t: np.ascontiguousarray(t[::-1])[::-1],
    "objects": lambda t: t.astype(int).astype(object),
    "decimal": lambda t: each(t, lambda x: Decimal(int(x))),
    "fraction": lambda t: each(t, lambda x: Fraction(int(x))),
    "decimal and float": lambda t: (
        frame(t).astype(object).assign(bob=each(t, lambda x: Decimal(int(x)))["bob"])
    ),
    "categorical": lambda t: frame(t).astype(pd.CategoricalDtype([1.0, 2, 3, 4, 5])),
    "sparse": lambda t: frame(t).astype(pd.SparseDtype("float", np.nan)),
    "one label for all rows": lambda t: frame(t).set_axis([0] * len(t)),
    "two levels of columns": lambda t: frame(t).set_axis(
        pd.MultiIndex.from_product([["t"], ["a", "b"]]), axis=1
    ),
}
WITH_GAPS = {
    "None": lambda t: np.where(np.isnan(t), None, t.astype(object)),
    "NA": lambda t: np.where(np.isnan(t), pd.NA, t.astype(object)),
    "frame of objects with NA": lambda t: frame(t, "Int64").astype(object),
    "masked, with another number under the mask": lambda t: np.ma.masked_array(
        np.nan_to_num(t, nan=99).astype("int16"), mask=np.isnan(t)
    ),
    **{name: KINDS[name] for name in ("frame Int64", "two kinds", "decimal", "fraction", "sparse")},
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_numbers_are_the_same_ratings(kind):
    for name, coefficient in COEFFICIENTS.items():
        assert coefficient(KINDS[kind](FULL)).to_dict() == coefficient(FULL).to_dict(), name


@pytest.mark.parametrize("kind", WITH_GAPS)
def test_the_same_gaps_are_the_same_gaps(kind):
    assert agreement.percent_agreement(WITH_GAPS[kind](GAPS)).value == 3 / 5  # by hand: 3 of 5 whole pairs
    for name, coefficient in COEFFICIENTS.items():
        assert coefficient(WITH_GAPS[kind](GAPS)).to_dict() == coefficient(GAPS).to_dict(), name


@pytest.mark.parametrize("kind", WIDE)
def test_differences_beyond_a_small_kind_of_number_do_not_wrap(kind):
    table = np.array(WIDE[kind], dtype=kind)
    differences = [a - b for a, b in WIDE[kind]]
    assert agreement.bland_altman(table).bias.value == sum(differences) / 4
    assert agreement.share_within(table, tolerance=1).value == 2 / 4
    for name, coefficient in COEFFICIENTS.items():
        assert coefficient(table).to_dict() == coefficient(table.astype(float)).to_dict(), name


NARROW = {
    "array": lambda t: t.astype("float32"),
    "half": lambda t: t.astype("float16"),
    "one column": lambda t: frame(t).astype({"ann": "float32"}),
    "nullable": lambda t: frame(t, "Float32"),
    "list": lambda t: [list(map(np.float32, row)) for row in t],
    "list of two kinds": lambda t: [[np.float32(row[0]), row[1]] for row in t.tolist()],
}


@pytest.mark.parametrize("kind", NARROW)
def test_floats_of_fewer_bits_are_what_their_text_says(kind):
    """Two of four pairs are equal, and 4.1 and 3.1 are one point apart, not 0.9999998 or 1.0000002."""
    table = np.array([[2.1, 2.1], [3.3, 3.3], [1.7, 2.7], [4.1, 3.1]])
    assert agreement.percent_agreement(NARROW[kind](table)).value == 2 / 4
    assert agreement.share_within(NARROW[kind](table), tolerance=1).value == 1
    long = pd.DataFrame({"item": [1, 1, 2, 2], "rater": list("abab"), "value": np.float32([2.1, 2.1, 3, 4])})
    assert agreement.from_long(long).values[0].tolist() == [2.1, 2.1]


@pytest.mark.parametrize("kind", [kind for kind in NARROW if "list" not in kind])
def test_scores_of_fewer_bits_are_on_the_cut_they_name(kind):
    """Scores of 2.1 reach 2.1 under every weighting; 2.1 and 4.1 reach 3.1 where the second weighs half."""
    scores = NARROW[kind](np.array([[2.1, 2.1], [2.1, 4.1]]))
    assert sensitivity.threshold_probability(scores, [2.1, 3.1]).round(12).tolist() == [[1, 0], [1, 0.5]]
    assert sensitivity.reaches(scores, [0.5, 0.5], np.float32([2.1, 3.1])).tolist() == [[1, 0], [1, 1]]


@pytest.mark.parametrize("make", [np.array, pd.DataFrame])
def test_complex_scores_are_refused(make):
    with pytest.raises(StatisticsError) as refused:
        sensitivity.threshold_probability(make(np.array([[1, 2], [3, 4]], dtype=complex)), [2])
    assert refused.value.values["key"] == "statistics.numbers"


@pytest.mark.parametrize("value", [pd.Timestamp("2020-01-01"), pd.Timedelta(days=1)])
def test_dates_are_no_scores(value):
    with pytest.raises(StatisticsError) as refused:
        sensitivity.threshold_probability(pd.DataFrame({"a": [value], "b": [1]}), [2])
    assert refused.value.values["key"] == "statistics.numbers"


def test_a_missing_score_is_found_where_it_is():
    for kind in (object, "Int64"):
        with pytest.raises(StatisticsError) as refused:
            sensitivity.threshold_probability(pd.DataFrame({"a": [5, 2], "b": [3, pd.NA]}, dtype=kind), [2])
        assert refused.value.values.items() >= {"key": "statistics.finite", "place": (1, 1)}.items()


def test_decimal_fractions_are_the_floats_of_their_text():
    table = pd.DataFrame({"ann": [Decimal("2.1"), Decimal("1.3"), Decimal("3")], "bob": [2.1, 1.3, 2.0]})
    assert agreement.percent_agreement(table).value == 2 / 3


@pytest.mark.parametrize("large", [2**53 + 1, -(2**53), 2**64 - 1, 10**400, 1e200, 1e308])
@pytest.mark.parametrize("make", [list, lambda rows: np.array(rows, dtype=object), pd.DataFrame])
def test_numbers_that_floats_do_not_tell_apart_are_refused(large, make):
    with pytest.raises(StatisticsError, match="divide all ratings") as refused:
        agreement.percent_agreement(make([[1, 2], [3, large]]))
    assert refused.value.values.items() >= {"key": "agreement.too_large_rating", "column": 1}.items()
    assert agreement.as_ratings(make([[1, 2], [3, 2**53 - 1]])).values[1, 1] == 2**53 - 1


def test_numbers_whose_squares_floats_do_not_hold_are_refused():
    with pytest.raises(StatisticsError, match="multiply all ratings") as refused:
        agreement.krippendorff_alpha(np.array([[1, 2], [3, 3], [2, 4]]) * 1e-50, measurement="interval")
    assert refused.value.values["key"] == "agreement.too_small_rating"


@pytest.mark.parametrize("make", [list, lambda rows: np.array(rows, dtype=object), pd.DataFrame])
def test_true_among_other_numbers_is_no_rating_of_1(make):
    with pytest.raises(StatisticsError) as refused:
        agreement.percent_agreement(make([[True, 2], [3, 3]]))
    assert (
        refused.value.values.items()
        >= {"key": "agreement.truth_among_numbers", "row": 0, "column": 0}.items()
    )
    assert agreement.percent_agreement(make([[True, 1], [False, 1]])).value == 0.5


@pytest.mark.parametrize("make", [list, np.array, pd.DataFrame, lambda rows: np.array(rows, dtype=bool)])
def test_ratings_are_made_of_any_table(make):
    assert agreement.percent_agreement(agreement.Ratings(make([[1, 0], [1, 1]]))).value == 0.5
    words = agreement.Ratings(np.array([["a", "b"], ["a", "a"]]))
    assert (words.numeric, agreement.percent_agreement(words).value) == (False, 0.5)


@pytest.mark.parametrize(
    ("values", "key"),
    [([1.0, 2.0], "agreement.ratings_shape"), ([[1, np.inf], [1, 1]], "agreement.no_rating")],
)
def test_ratings_of_no_table_are_refused(values, key):
    with pytest.raises(StatisticsError) as refused:
        agreement.gwet_ac(agreement.Ratings(np.array(values)))
    assert refused.value.values["key"] == key


@pytest.mark.parametrize(
    "name",
    [
        *("cohen_kappa", "lin_ccc", "bland_altman", "prevalence_bias", "marginal_homogeneity"),
        *("conger_kappa", "kendall_w", "krippendorff_alpha", "design", "icc", "ICC(A,1)", "ICC(C,k)"),
    ],
)
def test_a_column_in_which_nobody_rated_is_no_rater(name):
    pair = pd.DataFrame({"a": [1, 2, 2, 1, 2], "b": [1, 2, 1, 1, 2]})
    function = partial(agreement.icc, form=name) if name.startswith("ICC") else getattr(agreement, name)
    left_out, empty = (function(table) for table in (pair, pair.assign(c=np.nan)[["a", "c", "b"]]))
    assert str(left_out) == str(empty)


def test_a_numpy_matrix_is_a_table():
    assert agreement.percent_agreement(np.array([[1, 1], [2, 3]]).view(np.matrix)).value == 0.5


@pytest.mark.parametrize("make", [list, np.array, pd.DataFrame])
def test_complex_numbers_are_no_ratings(make):
    with pytest.raises(StatisticsError) as refused:
        agreement.percent_agreement(make([[1j, 2], [3, 3]]))
    assert refused.value.values["key"] == "agreement.no_rating"


def test_a_long_table_reads_its_values_by_the_same_rules():
    long = pd.DataFrame({"item": [1, 1, 2, 2], "rater": list("abab")})
    kinds = (Decimal("2.1"), Decimal("2.1"), 3, 4.0), (2**60, 1, 2, 3), (1j, 1, 2, 3)
    assert agreement.percent_agreement(agreement.from_long(long.assign(value=kinds[0]))).value == 1 / 2
    for values, key in zip(kinds[1:], ("agreement.too_large_rating", "agreement.no_rating"), strict=True):
        with pytest.raises(StatisticsError) as refused:
            agreement.from_long(long.assign(value=values))
        assert refused.value.values["key"] == key


@pytest.mark.parametrize("name", ["item", "rater", "value"])
def test_a_long_table_with_two_columns_of_one_name_is_refused(name):
    long = pd.DataFrame({"item": [1, 1], "rater": list("ab"), "value": [1, 2]})
    with pytest.raises(StatisticsError) as refused:
        agreement.from_long(pd.concat([long, long[[name]]], axis=1))
    assert refused.value.values.items() >= {"key": "agreement.column_twice", "column": name}.items()


def test_a_masked_count_or_weight_is_not_the_number_under_the_mask():
    counts = np.ma.masked_array([[3, 0], [1, 2], [0, 3]], mask=[[0, 0], [0, 1], [0, 0]])
    with pytest.raises(StatisticsError) as refused:
        agreement.from_counts(counts)
    assert refused.value.values["key"] == "agreement.counts_whole"
    with pytest.raises(StatisticsError) as refused:
        agreement.from_table(counts[:2])
    assert refused.value.values["key"] == "agreement.counts_whole"
    weights = np.ma.masked_array([[1, 0.5], [0.5, 1]], mask=[[0, 1], [1, 0]])
    with pytest.raises(StatisticsError) as refused:
        agreement.cohen_kappa([[1, 1], [1, 2], [2, 2]], weights=weights)
    assert refused.value.values["key"] == "agreement.weights_symmetric"


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (3, 2)])
def test_a_table_without_a_rating_is_refused_whatever_the_metric(shape):
    for measurement in ("nominal", "ordinal", "interval", "ratio"):
        with pytest.raises(StatisticsError) as refused:
            agreement.krippendorff_alpha(np.full(shape, np.nan), measurement=measurement)
        assert refused.value.values["key"] == "agreement.all_empty"
