"""Numbers without a word, and answers that lead astray: names, spellings, orders, intervals, labels."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from ogp_analysis import agreement
from ogp_analysis.agreement.text_ratings import TAKE_NAMES, how_to_write
from ogp_analysis.agreement.weights import NAMES
from ogp_analysis.errors import StatisticsError

WORDS = pd.DataFrame(
    {"Ana": ["bajo", "alto", "bajo"], "Luz": ["bajo", "alto", "alto"]}, index=["S1", "S2", "S3"]
)
NEED_NUMBERS = ["bland_altman", "icc", "kendall_w", "lin_ccc", "share_within", "variance_components"]


@pytest.mark.parametrize("name", NEED_NUMBERS)
def test_names_where_numbers_are_needed_are_shown_with_the_functions_that_take_them(name):
    with pytest.raises(StatisticsError, match="percent_agreement") as refused:
        getattr(agreement, name)(WORDS)
    assert refused.value.values.items() >= {"value": "bajo", "item": "S1", "rater": "Ana"}.items()


def test_the_functions_that_take_names_are_these():
    for name in TAKE_NAMES:
        options = {"measurement": "nominal"} if name == "krippendorff_alpha" else {}
        getattr(agreement, name)(WORDS, **options)
    for name in NEED_NUMBERS:
        assert name not in TAKE_NAMES


@pytest.mark.parametrize(
    ("text", "written"),
    [
        *(("2,5", "2.5"), ("1/3", "0.333333"), ("4/5", "4 if it is 4 of 5"), ("3 ", "3"), ("80 %", "0.8")),
        ("1,500", "1.5 or 1500"),
    ],
)
def test_text_that_is_a_number_is_named_with_how_to_write_it(text, written):
    with pytest.raises(StatisticsError) as refused:
        agreement.icc([["7", "8"], ["9", text]])
    assert refused.value.values["value"] == text
    assert written in str(refused.value)
    with pytest.raises(StatisticsError, match="mix") as refused:
        agreement.gwet_ac([[3, text], [4, text]])
    assert written in str(refused.value)
    assert how_to_write("alto") is None


class Float:
    """A number of another package, as sympy and torch have their own."""

    def __float__(self):
        return 2.5

    def __repr__(self):
        return "Float(2.5)"


FLOAT = Float()


@pytest.mark.parametrize(
    ("table", "value", "advice"),
    [
        ([["2", "low"], ["3", "2"]], "low", "agreement.write_missing"),
        ([["2", "3/0"], ["3", "2"]], "3/0", "agreement.write_missing"),  # 3 of no points is no rating
        ([[2, pd.Timestamp("2020-05-01")], [3, 4]], pd.Timestamp("2020-05-01"), "agreement.write_missing"),
        (pd.DataFrame([[2, FLOAT], [3, 4]]), FLOAT, "agreement.write_read"),
    ],
)
def test_what_is_no_number_is_named_with_what_to_do(table, value, advice):
    with pytest.raises(StatisticsError) as refused:
        agreement.icc(table)
    assert refused.value.values.items() >= {"value": value}.items()
    assert refused.value.values["advice"].key == advice
    assert advice != "agreement.write_read" or "float(Float(2.5))" in str(refused.value)


def test_one_number_that_is_no_number_is_named_among_those_that_are():
    with pytest.raises(StatisticsError) as refused:
        agreement.icc([["3", "4"], ["2", "n/a"]])
    assert refused.value.values.items() >= {"value": "n/a", "item": 1, "rater": 1}.items()


@pytest.mark.parametrize(("one", "other"), [("3", "3.0"), ("2,5", "2.5"), ("alto", "alto "), ("3", " 3")])
def test_one_rating_in_two_spellings_is_refused(one, other):
    with pytest.raises(StatisticsError) as refused:
        agreement.cohen_kappa([[one, other], ["1", "1"]])
    assert refused.value.values["spellings"] == [sorted([one, other])]


def test_two_codes_that_only_look_alike_are_two_categories():
    assert agreement.percent_agreement([["1.1", "1.10"], ["1.1", "1.1"]]).value == 0.5


def by_declared_order(name, function, categories):
    return function([[1, 2], [2, 3], [3, 3], [1, 3]], categories=categories, **name).value


COEFFICIENTS = [
    *(({"weights": name}, agreement.cohen_kappa) for name in NAMES),
    *(({"weights": name}, agreement.gwet_ac) for name in ("linear", "ordinal")),
    *(
        ({"measurement": name}, agreement.krippendorff_alpha)
        for name in ("nominal", "ordinal", "interval", "ratio")
    ),
]


@pytest.mark.parametrize(("option", "function"), COEFFICIENTS)
def test_numbers_count_by_their_value_whatever_order_is_declared(option, function):
    rising, falling = (by_declared_order(option, function, order) for order in ([1, 2, 3], [3, 2, 1]))
    assert falling == pytest.approx(rising, abs=1e-14)
    if set(option.values()) & {"identity", "nominal"}:
        assert by_declared_order(option, function, [2, 3, 1]) == pytest.approx(rising, abs=1e-14)
        return
    with pytest.raises(StatisticsError) as refused:
        by_declared_order(option, function, [2, 3, 1])
    assert refused.value.values.items() >= {"categories": (2, 3, 1)}.items()


def test_text_counts_by_its_place_for_alpha_and_kappa_alike():
    table = [["1", "2"], ["2", "3"], ["3", "3"], ["1", "3"]]
    places = [[3, 1], [1, 2], [2, 2], [3, 2]]
    found = agreement.cohen_kappa(table, weights="linear", categories=["2", "3", "1"]).value
    assert found == agreement.cohen_kappa(places, weights="linear").value
    found = agreement.krippendorff_alpha(table, categories=["2", "3", "1"]).value
    assert found == agreement.krippendorff_alpha(places).value


@pytest.mark.parametrize(
    ("table", "form", "value", "note"),
    [
        # MSR 0, MSC 0, MSE 2: -2 / (2 - 4 / 3), below -1 / (k - 1)
        ([[1, 3], [3, 1], [2, 2]], "ICC(A,1)", -3.0, "below_range"),
        ([[1, 2], [1, 2], [1, 2]], "ICC(A,1)", 0.0, "items_alike"),  # MSR 0, MSE 0, MSC 1.5
        ([[1, 2], [1, 2], [1, 2]], "ICC(1)", -1.0, "items_alike"),  # MSR 0: -1 / (k - 1)
    ],
)
@pytest.mark.parametrize("interval", ["analytic", "bootstrap", "jackknife", None])
def test_items_with_equal_means_have_no_interval(table, form, value, note, interval):
    found = agreement.icc(table, form=form, interval=interval)
    assert found.value == pytest.approx(value)
    assert np.isnan([found.standard_error, *found.interval]).all()
    assert found.note == note


def test_no_error_and_no_difference_of_items_has_no_probability():
    found = agreement.icc([[1, 2], [1, 2], [1, 2]], form="ICC(A,1)")
    assert math.isnan(found.f_value)
    assert math.isnan(found.p_value)


def test_kendalls_w_of_constant_raters_says_so():
    """A rater who ties all items adds nothing to the rank sums: W is v / m of that of the v others."""
    one = agreement.kendall_w([[1, 5, 2], [2, 5, 2], [3, 5, 2]])
    assert one.value == pytest.approx(1 / 3)
    assert one.note == "constant_rater"
    assert np.isnan([one.standard_error, *one.interval]).all()
    two = agreement.kendall_w([[1, 5, 1], [2, 5, 3], [3, 5, 2], [4, 5, 4]])
    alone = agreement.kendall_w([[1, 1], [2, 3], [3, 2], [4, 4]])
    assert two.value == pytest.approx(alone.value * 2 / 3)
    assert two.note == "constant_rater"
    assert two.standard_error == pytest.approx(alone.standard_error * 2 / 3)


def test_a_difference_of_an_estimate_without_error_has_none():
    constant = agreement.cohen_kappa([[1, 1], [1, 2], [1, 2]])
    other = agreement.cohen_kappa([[1, 1], [2, 2], [1, 2]])
    found = agreement.difference(other, constant)
    assert found.value == other.value
    assert math.isnan(found.standard_error)
    assert found.note == "constant_rater"


BEFORE = [[1, 1], [2, 3], [3, 3], [1, 2], [2, 2], [3, 1]]
AFTER = [[1, 1], [2, 2], [3, 3], [1, 2], [2, 2], [3, 3]]
LABELS = ["S3", "S1", "S2", "S6", "S5", "S4"]


def pair(first_labels, second_labels, **options):
    tables = (pd.DataFrame(BEFORE, index=first_labels), pd.DataFrame(AFTER, index=second_labels))
    return [agreement.gwet_ac(table, **options) for table in tables]


def test_clusters_of_a_difference_are_read_by_label():
    cluster = pd.Series(list("xxyyzz"), index=LABELS)
    expected = agreement.difference(*pair(LABELS, LABELS), cluster=list("xxyyzz"))
    for given in (cluster, cluster.sort_index(), cluster.iloc[::-1]):
        found = agreement.difference(*pair(LABELS, LABELS), cluster=given)
        assert found.standard_error == expected.standard_error
    with pytest.raises(StatisticsError, match="labelled") as refused:
        agreement.difference(*pair(LABELS, LABELS), cluster=cluster.rename(str.lower))
    assert "cluster" in refused.value.values


def test_the_two_sides_of_a_difference_are_paired_by_label():
    first, second = pair(LABELS, LABELS, cluster=list("xyxyzz"))
    expected = agreement.difference(first, second)
    order = [4, 2, 0, 5, 1, 3]
    shuffled = agreement.gwet_ac(
        pd.DataFrame(AFTER, index=LABELS).iloc[order], cluster=[list("xyxyzz")[k] for k in order]
    )
    assert agreement.difference(first, shuffled).standard_error == pytest.approx(expected.standard_error)
    with pytest.raises(StatisticsError, match="labelled"):
        agreement.difference(*pair(LABELS, [name.lower() for name in LABELS]))
    # Without labels of its own the order is all there is.
    plain = agreement.difference(first, agreement.gwet_ac(AFTER, cluster=list("xyxyzz")))
    assert plain.standard_error == expected.standard_error
