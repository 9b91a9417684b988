"""What carries labels is read by them; what is undeclared stays undeclared; constant raters give 0."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from ogp_analysis import agreement
from ogp_analysis.agreement.weights import NAMES
from ogp_analysis.errors import StatisticsError

TABLE = [[1, 1], [2, 3], [3, 3], [1, 2], [2, 2], [3, 1], [1, 1], [2, 2]]
LINEAR = np.array([[1, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 1]])
UNEQUAL = np.array([[1, 0.9, 0], [0.9, 1, 0.2], [0, 0.2, 1]])


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3])))
@pytest.mark.parametrize("name", ["cohen_kappa", "gwet_ac", "fleiss_kappa", "percent_agreement"])
def test_labelled_weights_are_aligned(name, order):
    function = getattr(agreement, name)
    frame = pd.DataFrame(UNEQUAL, index=[1, 2, 3], columns=[1, 2, 3])
    shuffled = frame.loc[list(order), list(reversed(order))]
    assert function(TABLE, weights=shuffled).value == function(TABLE, weights=UNEQUAL).value


def test_labelled_distances_of_alpha_are_aligned():
    frame = pd.DataFrame(1 - UNEQUAL, index=[1, 2, 3], columns=[1, 2, 3]).loc[[3, 1, 2], [2, 3, 1]]
    expected = agreement.krippendorff_alpha(TABLE, measurement=1 - UNEQUAL).value
    assert agreement.krippendorff_alpha(TABLE, measurement=frame).value == expected


@pytest.mark.parametrize("labels", [["a", "b", "c"], [1, 2, 4], ["1", "2", "3"], [1, 1, 2], [0, 1, 2]])
def test_weights_with_other_labels_are_refused(labels):
    frame = pd.DataFrame(LINEAR, index=labels, columns=labels)
    with pytest.raises(StatisticsError, match=r"weights has rows .* but the categories are \[1"):
        agreement.gwet_ac(TABLE, weights=frame)


def test_a_frame_that_was_never_labelled_is_a_matrix():
    assert agreement.gwet_ac(TABLE, weights=pd.DataFrame(UNEQUAL)) == agreement.gwet_ac(
        TABLE, weights=UNEQUAL
    )


def test_clusters_and_panels_are_aligned_by_label():
    frame = pd.DataFrame(TABLE, index=[f"S{k}" for k in range(8)], columns=["a", "b"])
    cluster = pd.Series(list("xxyyzzww"), index=frame.index)
    expected = agreement.gwet_ac(frame, cluster=cluster.tolist()).standard_error
    assert agreement.gwet_ac(frame, cluster=cluster.sample(frac=1, random_state=3)).standard_error == expected
    with pytest.raises(StatisticsError, match="cluster is labelled"):
        agreement.gwet_ac(frame, cluster=cluster.rename(lambda name: name.lower()))
    wide = pd.DataFrame(np.random.default_rng(1).integers(1, 6, (20, 4)), columns=list("abcd"))
    panel = pd.Series(["p", "p", "q", "q"], index=list("abcd"))
    first, second = (
        agreement.variance_components(wide, panel=given).frame()
        for given in (panel.iloc[::-1], panel.tolist())
    )
    pd.testing.assert_frame_equal(first, second)


def test_unordered_categoricals_declare_their_categories():
    """Two of three labels are used: p_e of Brennan and Prediger is 1/3: (2/3 - 1/3) / (2/3) = 0.5."""
    kind = pd.CategoricalDtype(["low", "medium", "high"])
    frame = pd.DataFrame({"a": ["low", "high", "low"], "b": ["low", "high", "high"]})
    assert agreement.brennan_prediger(frame).value == pytest.approx(1 / 3)
    assert agreement.brennan_prediger(frame.astype(kind)).value == pytest.approx(0.5)
    long = frame.rename_axis("item").reset_index().melt("item", var_name="rater").astype({"value": kind})
    assert agreement.brennan_prediger(agreement.from_long(long)).value == pytest.approx(0.5)
    # Columns made one by one know other labels each; together they declare all of them.
    one = frame.assign(a=frame["a"].astype(kind), b=frame["b"].astype("category"))
    assert agreement.brennan_prediger(one).value == pytest.approx(0.5)
    with pytest.raises(StatisticsError, match="needs an order of the labels"):
        agreement.gwet_ac(frame.astype(kind), weights="linear")


def test_unordered_numbers_keep_their_own_order():
    kind = pd.CategoricalDtype([5, 1, 3, 2, 4])
    frame = pd.DataFrame({"a": [1, 2, 3, 5], "b": [1, 3, 3, 5]})
    for weights in ("identity", "ordinal", "quadratic"):
        expected = agreement.gwet_ac(frame, weights=weights, categories=[1, 2, 3, 4, 5]).value
        assert agreement.gwet_ac(frame.astype(kind), weights=weights).value == expected


@pytest.mark.parametrize("weights", NAMES)
def test_a_constant_rater_gives_0_and_says_so_under_every_weighting(weights):
    """All tables of 43 items whose first rater always says 1: 903 with ratings 1, 2, 3 of the second."""
    for twos in range(44):
        for threes in range(44 - twos):
            if not twos + threes:
                continue
            table = [[1, 1]] * (43 - twos - threes) + [[1, 2]] * twos + [[1, 3]] * threes
            if (twos + 7 * threes) % 9:  # a ninth of them for each weighting is enough to fail
                continue
            found = agreement.cohen_kappa(table, weights=weights, categories=[1, 2, 3])
            assert found.value == 0.0
            assert np.isnan([found.standard_error, *found.interval]).all()
            assert found.note == "constant_rater"


def test_only_one_of_three_raters_varies():
    """Every pair with a constant rater agrees as often as chance; with gaps the shares are of other items."""
    table = [[1, 2, 1], [1, 2, 2], [1, 2, 3], [1, 2, 1]]
    assert (agreement.conger_kappa(table).value, agreement.conger_kappa(table).note) == (
        0.0,
        "constant_rater",
    )
    varied = [[1, 2, 1], [1, 3, 2], [1, 2, 3], [1, 2, 1]]
    assert agreement.conger_kappa(varied).note == ""
    assert agreement.cohen_kappa([[1, 1], [1, 2], [1, 2], [None, 1]]).note != "constant_rater"


def test_what_one_types_first_works_or_says_what_to_type():
    from ogp_analysis.agreement import krippendorff, weights

    assert agreement.alpha(TABLE) == agreement.krippendorff_alpha(TABLE)
    asked = (agreement.concordance, agreement.evaluator_effects)
    for module in (krippendorff, weights, *asked):
        with pytest.raises(TypeError, match=r"is a module, not a function; use agreement\."):
            module(TABLE)
    for name, meant in (
        ("kappa", "cohen_kappa"),
        ("ac1", "gwet_ac"),
        ("kripendorff_alpha", "krippendorff_alpha"),
    ):
        with pytest.raises(AttributeError, match=meant):
            getattr(agreement, name)
    assert not hasattr(agreement, "__wrapped__")
