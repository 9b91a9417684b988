"""Plans by simulation, the smallest difference, one table of everything, estimates as data, tables of two."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ogp_analysis import agreement
from ogp_analysis.agreement import kappas, planning
from ogp_analysis.errors import StatisticsError
from ogp_analysis.model.records import Estimate

# Shrout and Fleiss (1979), table 2.
TABLE = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def test_items_of_an_icc_are_bonetts():
    """presize's manual: Bonett (2002) finds 19.2 for four raters, 0.85 and a width of 0.2,
    https://search.r-project.org/CRAN/refmans/presize/html/prec_icc.html."""
    assert planning.icc_items(0.85, width=0.2, n_raters=4) == pytest.approx(19.2, abs=0.05)
    found = agreement.plan_interval("ICC(1)", value=0.85, width=0.2, n_raters=4)
    assert 19 <= found.n_items <= 24
    assert found.expected_width <= 0.2


@pytest.mark.deep
def test_a_plan_of_kappa_keeps_its_promise():
    """Large samples: the variance of kappa of two categories with equal marginals (Bloch and Kraemer 1989):
    (1 - k)((1 - k)(1 - 2k) + k(2 - k) / (2 p q)) / n."""
    k, p = 0.5, 0.3
    variance = (1 - k) * ((1 - k) * (1 - 2 * k) + k * (2 - k) / (2 * p * (1 - p)))
    expected = (2 * 1.96 / 0.3) ** 2 * variance
    found = agreement.plan_interval("cohen_kappa", value=k, width=0.3, shares=[p, 1 - p])
    assert found.n_items == pytest.approx(expected, rel=0.08)
    assert found == agreement.plan_interval("cohen_kappa", value=k, width=0.3, shares=[p, 1 - p])


@pytest.mark.parametrize("coefficient", ["fleiss_kappa", "krippendorff_alpha", "gwet_ac", "conger_kappa"])
@pytest.mark.parametrize("weights", ["identity", "quadratic"])
def test_the_simulated_ratings_have_the_value_planned_for(coefficient, weights):
    simulate = planning._simulation(coefficient, 0.8, shares=[0.2, 0.5, 0.3], weights=weights, rater_share=0)
    table = simulate(40_000, 3, np.random.default_rng(1))
    call = planning._call(coefficient, weights, [0.2, 0.5, 0.3])
    assert call(agreement.as_ratings(table), interval=None).value == pytest.approx(0.8, abs=0.01)


def test_raters_are_looked_for_too():
    ask = {"value": 0.6, "shares": [0.5, 0.5], "n_items": 60, "n_simulations": 60}
    found = agreement.plan_interval("fleiss_kappa", width=0.3, n_raters=None, **ask)
    fewer = agreement.plan_interval("fleiss_kappa", width=0.3, n_raters=found.n_raters - 1, **ask)
    assert found.expected_width <= 0.3 < fewer.expected_width
    none = agreement.plan_interval(
        "ICC(A,1)", value=0.5, width=0.01, n_items=5, n_raters=None, n_simulations=2
    )
    assert none.n_raters is None


def test_items_beyond_the_most_that_are_tried_are_none():
    found = agreement.plan_interval("ICC(1)", value=0.5, width=0.01, n_simulations=2)
    assert found.n_items is None
    assert found.expected_width > 0.01


def test_widths_without_an_end_are_no_promise():
    """Two tables of three items, of which most have one category alone: no interval but of the whole line."""
    few = {"value": 0.9, "shares": [0.9, 0.1], "n_items": 3, "n_simulations": 2}
    found = agreement.plan_interval("cohen_kappa", width=0.5, **few)
    assert (found.n_items, found.expected_width, found.share_not_wider) == (3, np.inf, 0)


def test_a_search_among_noisy_widths_ends_and_keeps_its_promise():
    # Two tables a size: the width of rare categories jumps from one size to the next.
    ask = {"value": 0.8, "width": 0.3, "shares": [0.98, 0.02], "n_simulations": 2, "rng": 22}
    assert agreement.plan_interval("fleiss_kappa", **ask).expected_width <= 0.3


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"coefficient": "kappa"}, "statistics.word"),
        ({"width": 2.5}, "statistics.between"),
        ({"shares": [0.5, 0.6]}, "agreement.plan_shares"),
        ({"shares": None}, "agreement.plan_shares"),
        ({"n_raters": 3}, "agreement.two_raters_only"),
        ({"coefficient": "fleiss_kappa", "n_raters": None}, "agreement.plan_items_or_raters"),
        ({"coefficient": "gwet_ac", "value": 0.1, "shares": [0.9, 0.1]}, "agreement.plan_value"),
    ],
)
def test_plans_that_cannot_be_made(options, key):
    given = {"coefficient": "cohen_kappa", "value": 0.5, "width": 0.3, "shares": [0.5, 0.5]} | options
    with pytest.raises(StatisticsError) as refused:
        agreement.plan_interval(given.pop("coefficient"), **given)
    assert refused.value.values["key"] == key


def test_the_smallest_difference_by_hand():
    """MSW of Shrout and Fleiss is 6.26 with 18 degrees of freedom (their table 3)."""
    found = agreement.smallest_difference(TABLE, tolerance=1)
    assert found.error.value**2 == pytest.approx(6.26, abs=0.005)
    s = found.error.value
    assert found.difference.value == pytest.approx(1.959964 * math.sqrt(2) * s)
    limits = [math.sqrt(18 * s**2 / stats.chi2.ppf(q, 18)) for q in (0.975, 0.025)]
    assert found.error.interval == pytest.approx(limits)
    assert found.share_beyond == pytest.approx(2 * stats.norm.sf(1 / (math.sqrt(2) * s)))
    of_means = agreement.smallest_difference(TABLE, n_raters=4)
    assert of_means.difference.value == pytest.approx(found.difference.value / 2)
    assert math.isnan(of_means.share_beyond)


def test_equal_ratings_have_no_error_and_single_ones_none_to_see():
    equal = agreement.smallest_difference([[1, 1], [2, 2]], tolerance=0)
    assert (equal.error.value, equal.error.note, equal.share_beyond) == (0.0, "standard_error_zero", 0.0)
    single = agreement.smallest_difference([[1, None], [None, 2]])
    assert (math.isnan(single.error.value), single.error.note) == (True, "no_pair")


def test_a_summary_holds_what_each_function_returns():
    found = agreement.summary(TABLE, weights="quadratic").set_index(["coefficient", "weights"])
    expected = {
        ("percent_agreement", "identity"): agreement.percent_agreement(TABLE),
        ("gwet_ac", "identity"): agreement.gwet_ac(TABLE),
        ("gwet_ac", "quadratic"): agreement.gwet_ac(TABLE, weights="quadratic", interval="studentized"),
        ("conger_kappa", "quadratic"): agreement.conger_kappa(TABLE, weights="quadratic", interval="fisher"),
        ("krippendorff_alpha", "nominal"): agreement.krippendorff_alpha(
            TABLE, measurement="nominal", interval="fisher"
        ),
        ("krippendorff_alpha", "interval"): agreement.krippendorff_alpha(
            TABLE, measurement="interval", interval="fisher"
        ),
        ("ICC(A,1)", ""): agreement.icc(TABLE, form="ICC(A,1)"),
        ("kendall_w", ""): agreement.kendall_w(TABLE),
    }
    for row, one in expected.items():
        cells = found.loc[row]
        assert [cells["value"], cells["lower"], cells["upper"]] == [one.value, *one.interval]
        assert cells["method"] == one.method
    assert set(found.loc["krippendorff_alpha", "interval"]["method"].split()) >= {"interval"}


def test_a_summary_fits_the_design():
    two = set(agreement.summary([[1, 1], [2, 3], [3, 3]])["coefficient"])
    assert {"cohen_kappa", "lin_ccc", "ICC(A,1)"} <= two
    changing = set(agreement.summary([[1, 2, None], [None, 2, 2], [3, None, 3]])["coefficient"])
    assert {"fleiss_kappa", "ICC(1)"} <= changing
    assert not changing & {"cohen_kappa", "conger_kappa", "lin_ccc", "ICC(A,1)", "kendall_w"}
    text = set(agreement.summary([["a", "b"], ["a", "a"]])["coefficient"])
    assert not any(name.startswith("ICC") for name in text)
    counts = agreement.from_counts([[3, 0], [0, 3], [2, 1]])
    assert "fleiss_kappa" in set(agreement.summary(counts)["coefficient"])


def test_a_coefficient_that_is_refused_costs_no_other_row(monkeypatch):
    whole = agreement.summary(TABLE).set_index("coefficient")

    def failing(*_, **__):
        msg = "refused"
        raise StatisticsError(msg)

    monkeypatch.setattr(kappas, "gwet_ac", failing)
    found = agreement.summary(TABLE).set_index("coefficient")
    lost = found.loc["gwet_ac"]
    assert (lost["note"], lost["n_raters"], lost["n_ratings"]) == ("not_computed", 4, 24)
    assert np.isnan(lost["value"])
    pd.testing.assert_frame_equal(found.drop("gwet_ac"), whole.drop("gwet_ac"))


def test_a_summary_of_hundreds_takes_the_plain_interval():
    rng = np.random.default_rng(3)
    kinds = agreement.summary(rng.integers(1, 5, (250, 2)), weights="linear")["interval"]
    assert set(kinds) == {"analytic", "fisher"}  # Lin's keeps Fisher's z


def test_a_summary_refuses_what_no_row_could_use():
    with pytest.raises(StatisticsError):
        agreement.summary([[1, 2], [2, 2]], weights="cubic")
    with pytest.raises(StatisticsError):
        agreement.summary([["a", "b"], ["a", "a"]], weights="linear")


def test_an_estimate_as_data_has_no_nan():
    found = agreement.icc([[1, 2], [2, 1]], form="ICC(A,k)")
    data = found.to_dict()
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["note"]
    assert data["lower"] is None
    assert {"f_value", "df_numerator", "null_value", "n_items", "method"} <= set(data)
    assert not {"influence", "cluster", "items", "interval"} & set(data)
    assert Estimate(math.inf, interval=(-math.inf, np.float64(1.0))).to_dict()["upper"] == 1.0


def test_an_estimate_as_a_frame_keeps_its_numbers():
    one = agreement.gwet_ac([[1, 1], [2, 3], [3, 3]])
    both = pd.concat([one.frame(), agreement.gwet_ac([[1, 1]]).frame()])
    assert both["value"].tolist()[0] == one.value
    assert both.columns.tolist() == list(one.to_dict())


def test_a_contingency_table_is_its_ratings():
    """Kappa of (50, 10; 10, 20) is 0.5 in Delta's manual, https://rdrr.io/cran/Delta/man/GetKappa.html."""
    found = agreement.from_table([[50, 10], [10, 20]])
    assert agreement.cohen_kappa(found).value == pytest.approx(0.5)
    assert found.n_items == 90
    frame = pd.crosstab(pd.Series([1, 2, 2, 3], name="lead"), pd.Series([1, 2, 3, 2], name="other"))
    table = agreement.from_table(frame)
    assert (list(table.raters), sorted(map(tuple, table.values))) == (
        ["lead", "other"],
        [(1, 1), (2, 2), (2, 3), (3, 2)],
    )


def test_a_category_that_one_rater_left_out_needs_no_column():
    # Of six items three alike, and twice 4 beside 3: (3/6 - p_e) / (1 - p_e), p_e = (1*1 + 2*3 + 1*2) / 36.
    lead, other = pd.Series([1, 2, 2, 3, 4, 4], name="lead"), pd.Series([1, 2, 2, 2, 3, 3], name="other")
    for frame in (pd.crosstab(lead, other), pd.crosstab(other, lead)):
        found = agreement.from_table(frame)
        assert agreement.cohen_kappa(found).value == pytest.approx((3 / 6 - 9 / 36) / (1 - 9 / 36))
        assert found.categories == (1, 2, 3, 4)


def test_a_contingency_table_is_read_by_its_labels():
    frame = pd.DataFrame([[0, 4], [3, 1]], index=["low", "high"], columns=["high", "low"])
    found = agreement.from_table(frame, categories=["low", "middle", "high"])
    assert (
        sorted(map(tuple, found.values)) == [("high", "high")] * 3 + [("high", "low")] + [("low", "low")] * 4
    )
    assert found.categories == ("low", "middle", "high")
    assert found.ordered
    assert not agreement.from_table(frame).ordered


@pytest.mark.parametrize(
    ("table", "categories", "key"),
    [
        ([[1, 2, 3], [1, 2, 3]], None, "agreement.table_labels"),
        ([[1, 2], [1, 2]], ["a", "b", "c"], "agreement.table_labels"),
        (
            pd.DataFrame([[1, 2], [3, 4]], index=["a", "b"], columns=["a", "c"]),
            None,
            "agreement.table_labels",
        ),
        (pd.DataFrame([[1, 2], [3, 4]], index=["a", 1], columns=["a", 1]), None, "agreement.labels_mixed"),
        ([[20_000_000, 0], [0, 1]], None, "agreement.table_too_large"),
    ],
)
def test_contingency_tables_that_are_none(table, categories, key):
    with pytest.raises(StatisticsError) as refused:
        agreement.from_table(table, categories=categories)
    assert refused.value.values["key"] == key
