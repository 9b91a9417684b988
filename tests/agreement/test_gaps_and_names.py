"""Gaps and names as programs write them: masked, as text, with a stray blank, in two forms of Unicode."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ogp_analysis import agreement, sensitivity
from ogp_analysis.errors import StatisticsError

NUMBERS = np.ma.masked_equal([[1.5, 1], [2, 9], [3, 4], [2, 2], [3, 3]], 9)
WORDS = [["a", np.nan, "a"], ["b", "b", np.nan], ["a", "a", "b"], ["b", "b", "b"], [np.nan, "a", "a"]]


@pytest.mark.parametrize("kind", [float, object])
def test_what_is_masked_was_not_given(kind):
    masked = agreement.krippendorff_alpha(NUMBERS.astype(kind), measurement="interval")
    plain = agreement.krippendorff_alpha(NUMBERS.filled(np.nan), measurement="interval")
    assert (masked.value, masked.n_items) == (plain.value, 4)


def test_whole_numbers_can_be_masked_too():
    whole = np.ma.masked_equal([[1, 1], [2, 9], [3, 4], [2, 2], [3, 3]], 9)
    assert agreement.percent_agreement(whole).value == 0.75


def test_a_masked_score_is_no_score():
    with pytest.raises(StatisticsError, match="nan"):
        sensitivity.threshold_probability(np.ma.masked_equal([[1, 5], [9, 2]], 9), [2])


def test_the_text_that_numpy_makes_of_a_gap_is_a_gap():
    # 0.6944: krippendorff 0.9.0 on the same table, level_of_measurement="nominal".
    value = agreement.krippendorff_alpha(np.array(WORDS), measurement="nominal").value
    assert value == pytest.approx(0.69444, abs=1e-4)


@pytest.mark.parametrize("gap", ["nan", "NA", "n/a", "<NA>", "null", "#DIV/0!", "#¡VALOR!", "-nan"])
def test_a_gap_as_text_is_refused(gap):
    with pytest.raises(StatisticsError) as refusal:
        agreement.percent_agreement([["a", gap], ["b", "b"]])
    assert refusal.value.values["key"] == "agreement.no_rating"


@pytest.mark.parametrize(
    ("item", "rater"),
    [
        (["p1", "p1 ", "p2", "p2"], list("abab")),
        ([1, "1", 2, 2], list("abab")),
        (["p1", "p1", "p2", "p2"], ["a", "b", "a ", "b"]),
        (["ni\u00f1o", "nin\u0303o", "b", "b"], list("abab")),
    ],
)
def test_a_name_in_two_spellings_is_refused(item, rater):
    table = pd.DataFrame({"item": item, "rater": rater, "value": [1, 5, 2, 2]})
    with pytest.raises(StatisticsError) as refusal:
        agreement.from_long(table)
    assert refusal.value.values["key"] == "agreement.names_spelt_twice"


@pytest.mark.parametrize(
    "pair",
    [
        ("Alto", "alto"),
        ("caf\u00e9", "cafe\u0301"),
        ("muy  alto", "muy alto"),
        ("yes", "yes\u200b"),
        ("a", "\u0430"),
        ("3", "\uff13"),
        ("-1", "\u22121"),
    ],
    ids=ascii,
)
def test_a_rating_in_two_spellings_is_refused(pair):
    with pytest.raises(StatisticsError) as refusal:
        agreement.percent_agreement([pair, ("no", "no")])
    assert refusal.value.values["key"] == "agreement.spelt_twice"


@pytest.mark.parametrize("function", ["gwet_ac", "icc"])
def test_a_cluster_in_two_spellings_is_refused(function):
    with pytest.raises(StatisticsError) as refusal:
        getattr(agreement, function)([[1, 2], [2, 3], [3, 3], [4, 4]], cluster=[1, "1", 2, 2])
    assert refusal.value.values["key"] == "agreement.argument_spelt_twice"


def test_single_letters_may_differ_by_their_case():
    assert agreement.percent_agreement([["A", "a"], ["A", "A"]]).value == 0.5
