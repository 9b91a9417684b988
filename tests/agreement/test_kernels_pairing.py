"""Ranges, notes and differences of coefficients on cases small enough to know by hand."""

from __future__ import annotations

import importlib
import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ogp_analysis import agreement
from ogp_analysis.agreement import inference
from ogp_analysis.agreement.icc_by_reml import TwoWayFit
from ogp_analysis.agreement.intervals import Inference
from ogp_analysis.agreement.ratings_table import Ratings
from ogp_analysis.model.records import Estimate
from tests.agreement.test_kernels_uncertainty import X, mean_of

# A function of the package hides its module as an attribute.
icc = importlib.import_module("ogp_analysis.agreement.icc")
NAN = math.nan


@pytest.mark.parametrize(
    ("limits", "value", "cut"),
    [
        ((-1.4, 0.2), -1.0, (-1.0, 0.2)),
        ((-1.4, 0.2), -1.1, (-1.4, 0.2)),
        ((0.5, 1.3), 1.0, (0.5, 1.0)),
        ((0.5, 1.3), 1.1, (0.5, 1.3)),
        ((-1.2, 1.2), 0.0, (-1.0, 1.0)),
    ],
)
def test_limits_are_cut_at_the_range_unless_the_value_left_it(limits, value, cut):
    assert inference.within(limits, -1.0, 1.0, value=value) == cut


def test_what_has_no_z_is_noted():
    found = inference.estimate(
        mean_of(X),
        Ratings(X[:, None]),
        method="mean",
        inference=Inference("fisher"),
        undefined="",
        least=-math.inf,
    )
    assert (found.value, found.note) == (5, "no_fisher_z")
    assert np.isnan(found.interval).all()


@pytest.mark.parametrize(
    ("per_item", "identified", "note"),
    [
        ([5, 5, 0], True, "more_raters_than_items"),
        ([5, 5, 1], True, ""),
        ([5], True, ""),
        ([3, 3], True, "more_raters_than_items"),
        ([3, 2], True, ""),
        ([5, 5], False, ""),
    ],
)
def test_more_raters_than_items_look_turned_round(per_item, identified, note):
    table = SimpleNamespace(identified=identified, per_item=np.array(per_item), numeric=False)
    assert inference._looks_of(table) == note


@pytest.mark.parametrize(
    ("others", "looks"),
    [
        ([1, 1, 1, 2, 2, 3], True),
        ([1, 1, 1, 2, 2, 4], False),
        ([2, NAN, NAN, NAN, NAN, NAN], True),
        ([NAN] * 6, False),
    ],
)
def test_a_first_column_that_counts_the_rows_beside_small_numbers(others, looks):
    """Six rows: ratings of others up to 3 are no ranks of them."""
    table = Ratings(np.column_stack([np.arange(1.0, 7), others]))
    assert inference._begins_with_ids(table) is looks
    turned = Ratings(np.column_stack([others, np.arange(1.0, 7)]))
    assert inference._begins_with_ids(turned) is False


def plain(value, influence):
    return Estimate(value, influence=np.array(influence), n_items=len(influence), method="own")


def test_coefficients_of_ones_own_are_compared_too():
    """Influences differ by 0.1, -0.1, 0.2 and -0.2: error sqrt(4/3 * 0.1), t(3) = 3.1824."""
    own = plain(0.2, [0.1, 0.0, 0.2, -0.2])
    half = 3.182446305283708 * math.sqrt(4 / 3 * 0.1)
    found = agreement.difference(own, plain(0.1, [0.0, 0.1, 0.0, 0.0]))
    assert found.interval == pytest.approx((0.1 - half, 0.1 + half))
    still = agreement.difference(plain(1.0, [0.0] * 4), plain(0.0, [0.0] * 4))
    assert (still.note, math.isnan(still.standard_error)) == ("error_not_seen", True)
    rated = agreement.percent_agreement([[1, 1], [2, 2], [1, 2], [2, 3]])
    assert agreement.difference(rated, own).value == pytest.approx(0.3)
    assert agreement.difference(own, rated).value == pytest.approx(-0.3)


# Full agreement on items 1, 2 and 5, and on 1 and 4: read in another order other items meet.
FIRST = [[1, 1], [2, 2], [1, 2], [2, 3], [3, 3]]
SECOND = [[1, 1], [2, 3], [2, 1], [3, 3], [3, 2]]


@pytest.mark.parametrize(
    "labels",
    [list("abcde"), [("a", 1), ("b", 2), ("c", 3), ("d", 4), ("e", 5)], [(name,) for name in "abcde"]],
    ids=["words", "pairs", "tuples of one"],
)
def test_differences_pair_items_by_their_labels_or_else_by_their_places(labels):
    index = pd.Index(labels, tupleize_cols=False)
    numbered = [agreement.percent_agreement(rows) for rows in (FIRST, SECOND)]
    labelled = [agreement.percent_agreement(pd.DataFrame(rows, index=index)) for rows in (FIRST, SECOND)]
    turned = agreement.percent_agreement(pd.DataFrame(SECOND, index=index).iloc[[0, 3, 1, 2, 4]])
    wanted = agreement.difference(*numbered)
    assert wanted.value == pytest.approx(0.2)
    for first, second in (
        labelled,
        (labelled[0], turned),
        (labelled[0], numbered[1]),
        (labelled[0], agreement.percent_agreement(pd.DataFrame(SECOND))),
        (numbered[0], labelled[1]),
    ):
        found = agreement.difference(first, second)
        assert found.standard_error == pytest.approx(wanted.standard_error)
        if first is labelled[0] or second is labelled[1]:
            assert list(found.items) == labels


def test_items_numbered_in_another_order_meet_by_their_numbers():
    shuffled = agreement.percent_agreement(pd.DataFrame(FIRST).iloc[[0, 2, 3, 1, 4]])
    wanted = agreement.difference(*map(agreement.percent_agreement, (FIRST, SECOND)))
    found = agreement.difference(shuffled, agreement.percent_agreement(pd.DataFrame(SECOND)))
    assert found.standard_error == pytest.approx(wanted.standard_error)


def test_clusters_of_a_difference_are_read_by_the_labels_of_either():
    clusters = pd.Series(["x", "x", "y", "y", "z"], index=list("abcde"))
    wanted = agreement.difference(
        *map(agreement.percent_agreement, (FIRST, SECOND)), cluster=clusters.tolist()
    )
    assert wanted.n_units == 3
    for labelled in (0, 1):
        pair = [
            agreement.percent_agreement(
                pd.DataFrame(rows, index=list("abcde")) if place == labelled else rows
            )
            for place, rows in enumerate((FIRST, SECOND))
        ]
        found = agreement.difference(*pair, cluster=clusters.iloc[[4, 3, 0, 1, 2]])
        assert found.standard_error == pytest.approx(wanted.standard_error)


FAR = [[0, 1, 10], [1, 0, 1], [10, 1, 0]]


def test_the_least_alpha_is_known_of_squared_distances_alone():
    rows = [[1, 2, 3], [2, 2, 2], [3, 3, 1]]
    assert agreement.krippendorff_alpha(rows, measurement="nominal").least == -0.5
    own = {"categories": [1, 2, 3]}
    assert agreement.krippendorff_alpha(rows, measurement=FAR, **own).least == -math.inf
    assert agreement.krippendorff_alpha(rows, measurement=np.minimum(FAR, 4), **own).least == -0.5


def test_the_least_correlation_of_single_ratings():
    rows = [[1, 2, 3], [2, 3, 1], [3, 1, 3], [1, 3, 2]]
    assert agreement.icc(rows, form="ICC(1)").least == pytest.approx(-0.5)
    assert agreement.icc(rows, form="ICC(k)").least == -math.inf


def fit(item=0.5, residual=0.5, *, covariance=((3.0, 0.1, -0.5), (0.1, 3.0, -0.5), (-0.5, -0.5, 1.0))):
    return TwoWayFit(item, 0.5, residual, covariance and np.array(covariance), 2.0, nested=False)


@pytest.mark.parametrize(
    ("fitted", "model", "form", "note"),
    [
        (fit(), "mixed", "ICC(C,k)", "assumes_no_interaction"),
        (fit(), "random", "ICC(C,k)", ""),
        (fit(), "mixed", "ICC(C,1)", ""),
        (fit(residual=0.0), "mixed", "ICC(C,k)", "no_residual"),
        (fit(item=0.0), "mixed", "ICC(C,k)", "zero_variance"),
        (fit(covariance=None), "mixed", "ICC(C,k)", "not_determined"),
    ],
)
def test_what_is_to_be_said_of_a_fit(fitted, model, form, note):
    made = SimpleNamespace(method=f"{form}, REML")
    assert icc._note_of_incomplete(made, fitted, model=model) == note


def test_why_an_incomplete_correlation_is_not_defined():
    equal = agreement.icc([[1, 1], [1, 1], [1, NAN]], form="ICC(C,1)")
    assert (math.isnan(equal.value), equal.note) == (True, "no_variation")
    levels = agreement.icc([[1, 2], [1, 2], [1, NAN]], form="ICC(C,1)")
    assert (math.isnan(levels.value), levels.note) == (True, "only_raters_differ")
