"""What is no rater, item or category is never counted as one; what is one is never counted as two."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ogp_analysis import agreement
from ogp_analysis.errors import StatisticsError

FRAME = pd.DataFrame({"Ana": [1, 2, 3, 1], "Eva": [1, 2, 3, 2]}, index=["p0", "p1", "p2", "p3"])
TALLY = pd.DataFrame({"low": [3, 0, 1], "mid": [0, 3, 1], "high": [0, 0, 1]})


def refused(call):
    with pytest.raises(StatisticsError) as refusal:
        call()
    return refusal.value.values


def test_a_computed_scale_and_a_typed_one_agree():
    # Steps of 0.1 as numpy adds them up: 2.1000000000000005 and the 2.1 that another typed.
    ann = np.arange(1, 5.05, 0.1)[[2, 5, 11, 20, 33, 1, 6]]
    both = np.column_stack([ann, ann.round(1)])
    assert (both[:, 0] != both[:, 1]).any()
    scale = [round(1 + k / 10, 1) for k in range(41)]
    for ratings, options in (
        (both, {}),
        (both.tolist(), {}),
        (both[:, :1].repeat(2, 1), {"categories": scale}),
    ):
        assert agreement.percent_agreement(ratings, **options).value == 1
    assert agreement.krippendorff_alpha(both, measurement="interval").value == 1


def test_ranks_tie_what_rounding_alone_tells_apart():
    computed = agreement.kendall_w([[0.1 + 0.2, 1], [0.3, 2], [0.1, 3], [0.7, 4]]).value
    # Midranks 2.5, 2.5, 1, 4 and 1 to 4: S = 5.5 of (m^2 (n^3 - n) - m (2^3 - 2)) / 12 = 19.
    rank_sums = np.array([3.5, 4.5, 4, 8])
    assert computed == pytest.approx(((rank_sums - 5) ** 2).sum() / ((4 * 60 - 2 * 6) / 12))


def test_what_was_typed_so_stays_different():
    assert agreement.percent_agreement([[1.000000001, 1.000000002], [1, 1]]).value == 0.5
    assert agreement.percent_agreement([[9007199254740990, 9007199254740991], [1, 1]]).value == 0.5
    assert agreement.percent_agreement([[0.1234567890123, 0.1234567890124], [1, 1]]).value == 0.5


def test_sets_are_no_order():
    text = [["lo", "mid"], ["hi", "hi"]]
    for call in (
        lambda: agreement.krippendorff_alpha(text, measurement="ordinal", categories={"lo", "mid", "hi"}),
        lambda: agreement.gwet_ac(text, weights="linear", categories=frozenset({"lo", "mid", "hi"})),
        lambda: agreement.from_table([[1, 2], [3, 4]], categories={"lo", "hi"}),
        lambda: agreement.from_counts([[1, 2], [3, 0]], categories={"lo", "hi"}),
        lambda: agreement.gwet_ac(FRAME, cluster={1, 2, 3, 4}),
    ):
        assert refused(call)["key"] == "statistics.set"


def test_a_mapping_is_read_by_its_keys():
    cluster = {"p3": "B", "p2": "B", "p1": "A", "p0": "A"}
    found = agreement.gwet_ac(FRAME, cluster=cluster)
    assert found.cluster.tolist() == [0, 0, 1, 1]
    assert refused(lambda: agreement.gwet_ac(FRAME, cluster={"p0": 1}))["lost"] == "p1"
    assert (
        refused(lambda: agreement.gwet_ac(FRAME.to_numpy(), cluster=cluster))["key"]
        == "agreement.labels_differ"
    )
    by_name = agreement.variance_components(FRAME, panel={"Eva": "y", "Ana": "x"})
    in_order = agreement.variance_components(FRAME, panel=["x", "y"])
    assert by_name.n_ratings == in_order.n_ratings


@pytest.mark.parametrize(
    "name",
    [
        "index",
        "level_0",
        "Unnamed: 0",
        "codigo",
        "Código",
        "N°",
        "Nº",
        "nro",
        "No.",
        "id",
        "propuesta_id",
        "mean",
        "promedio",
        "Total",
        "Puntaje total",
        "suma",
        "average",
    ],
)
def test_ids_and_sums_are_no_raters(name):
    found = refused(lambda: agreement.gwet_ac(FRAME.assign(**{name: [5, 1, 2, 3]})))
    assert found["column"] == name
    assert found["key"] in ("agreement.id_column", "agreement.sum_column")


@pytest.mark.parametrize("name", ["n", "no", "N", "Max", "Mia", "rater 3", "code 1", "Unnamed", "Final", 3])
def test_names_that_may_be_anybody_are_raters(name):
    assert agreement.gwet_ac(FRAME.assign(**{"x": 1}).rename(columns={"x": name})).n_raters == 3


def test_an_index_that_was_reset_is_refused():
    assert refused(lambda: agreement.gwet_ac(FRAME.reset_index()))["column"] == "index"


def test_simulated_wide_tables_are_never_refused():
    rng = np.random.default_rng(14)
    letters = [chr(97 + k) for k in range(26)]
    for _ in range(300):
        n, m = rng.integers(3, 9), rng.integers(2, 5)
        names = rng.choice([f"R{k}" for k in range(40)] + letters, m, replace=False)
        cells = rng.integers(1, 6, (n, m))
        frame = pd.DataFrame(cells, index=[f"p{k}" for k in range(n)], columns=names)
        assert agreement.as_ratings(frame).n_ratings == n * m


def test_of_counts_only_what_adds_up_all_others_is_a_sum():
    assert refused(lambda: agreement.from_counts(TALLY.assign(Total=[3, 3, 3])))["column"] == "Total"
    assert agreement.from_counts(TALLY.rename(columns={"high": "total"})).n_ratings == 9  # "complete"
    assert agreement.from_counts(TALLY, categories=["low", "mid", "high"]).n_ratings == 9
    kinds = TALLY.set_axis(["paper", "document", "essay"], axis=1)
    assert agreement.from_counts(kinds).n_ratings == 9


def test_a_contingency_table_is_no_table_of_ratings():
    ann, bob = pd.Series(list("aabbb"), name="ann"), pd.Series(list("aabba"), name="bob")
    table = pd.crosstab(ann, bob)
    assert refused(lambda: agreement.cohen_kappa(table))["key"] == "agreement.looks_like_table"
    # Equal are 4 of 5, by chance (2 * 3 + 3 * 2) / 25: (0.8 - 0.48) / 0.52.
    assert agreement.cohen_kappa(agreement.from_table(table)).value == pytest.approx(0.32 / 0.52)
    with_margins = pd.crosstab(ann, bob, margins=True)
    assert refused(lambda: agreement.from_table(with_margins))["column"] == "All"
    by_number = FRAME.iloc[:2].set_axis([1, 2]).set_axis([1, 2], axis=1)
    assert agreement.gwet_ac(by_number.rename_axis(index="item", columns="rater")).n_raters == 2
    assert refused(lambda: agreement.gwet_ac(TALLY.rename(columns={"low": "medio"})))["key"] == (
        "agreement.looks_like_counts"
    )


@pytest.mark.parametrize(("one", "other"), [("p1", "P1"), ("1", "1.0"), ("José", "Jose"), ("Año", "ano")])
def test_names_of_one_are_refused_whether_items_or_raters(one, other):
    long = pd.DataFrame({"item": [one, other], "rater": ["x", "y"], "value": [3, 4]})
    items = refused(lambda: agreement.from_long(long))
    raters = refused(lambda: agreement.from_long(long.rename(columns={"item": "rater", "rater": "item"})))
    assert {items["one"], items["other"]} == {raters["one"], raters["other"]} == {one, other}


@pytest.mark.parametrize(("one", "other"), [("Sí", "si"), ("médio", "medio"), ("Crítico", "critico")])
def test_an_accent_is_no_other_rating(one, other):
    found = refused(lambda: agreement.percent_agreement([[one, other], ["no", "no"]]))
    assert sorted(found["spellings"][0]) == sorted([one, other])


def test_two_way_icc_of_one_varying_rater_is_nothing_and_says_why():
    table = [[1, 3], [2, 3], [3, 3], [5, 3]]
    for form in ("ICC(C,1)", "ICC(C,k)", "ICC(A,1)", "ICC(A,k)"):
        found = agreement.icc(table, form=form)
        assert (found.value, found.note) == (0, "constant_rater")
        # F is 1 with 3 and 3 degrees of freedom; the interval is that of F.
        assert found.p_value == pytest.approx(0.5)
        assert found.interval[0] < 0 < found.interval[1]
    assert np.isnan(agreement.kendall_w(table).p_value)


def test_below_the_range_is_said_of_items_that_are_alike_too():
    table = [[1, 5], [5, 1], [2, 4], [4, 2], [3, 3]]
    # Mean squares: items 0, raters 0, errors 20 / 4: (0 - 5) / (0 + 5 + 2 (0 - 5) / 5) = -5 / 3.
    found = agreement.icc(table, form="ICC(A,1)")
    assert (found.value, found.note) == (pytest.approx(-5 / 3), "below_range")
    for form in ("ICC(A,1)", "ICC(A,k)", "ICC(C,k)", "ICC(k)"):
        assert np.isnan(agreement.icc(table, form=form).interval).all()


def test_a_difference_of_other_items_is_refused_where_one_has_no_error():
    constant, three = agreement.cohen_kappa([[1, 1], [1, 2], [1, 1]]), [[1, 1], [2, 2], [1, 2]]
    longer = agreement.cohen_kappa([*three, [2, 1]])
    assert refused(lambda: agreement.difference(constant, longer))["key"] == "agreement.other_items"
    assert refused(lambda: agreement.difference(longer, constant))["key"] == "agreement.other_items"
    named = [
        agreement.cohen_kappa(pd.DataFrame(cells, index=list(rows)))
        for cells, rows in (([[1, 1], [1, 2], [1, 1]], "abc"), (three, "abd"))
    ]
    assert refused(lambda: agreement.difference(*named))["key"] == "agreement.labels_differ"
    assert agreement.difference(constant, agreement.cohen_kappa(three)).note == "constant_rater"


def test_rounding_leaves_no_value_beside_zero():
    # Covariances of 0 and agreement as by chance, on ratings that floats do not hold exactly.
    table = [[0.1, 0.3], [0.3, 0.1], [0.1, 0.1], [0.3, 0.3]]
    for found in (agreement.lin_ccc(table), agreement.cohen_kappa(table), agreement.gwet_ac(table)):
        assert str(found.value) == "0.0"
    severity = agreement.rater_effects([[1, 1], [2, 3], [3, 2], [5, 5]])["severity"]
    assert [str(value) for value in severity] == ["0.0", "0.0"]


def test_names_on_both_axes_without_one_in_common_are_no_categories():
    cells = [[1, 2], [2, 2], [0, 1]]
    judged = pd.DataFrame(cells, index=pd.Index(list("abc"), name="idea"))
    judged = judged.set_axis(pd.Index(["ann", "bob"], name="voice"), axis=1)
    assert agreement.percent_agreement(judged).value == agreement.percent_agreement(cells).value == 1 / 3


def test_two_values_of_the_same_raters_are_not_more_raters():
    long = pd.DataFrame(
        {"item": [1, 1, 2, 2], "rater": list("abab"), "rating": [1, 2, 3, 3], "sure": [5, 5, 4, 1]}
    )
    wide = long.pivot(index="item", columns="rater")
    values = refused(lambda: agreement.percent_agreement(wide))
    assert (values["key"], values["first"]) == ("agreement.several_values", "rating")
    assert agreement.percent_agreement(wide["rating"]).value == 0.5
    apart = pd.MultiIndex.from_tuples([("first", "ann"), ("second", "bob")], names=[None, "rater"])
    assert agreement.as_ratings(wide["rating"].set_axis(apart, axis=1)).n_raters == 2
    # Panels over their evaluators are raters, whatever these are called.
    assert agreement.as_ratings(wide.rename_axis(columns=[None, None])).n_raters == 4


def test_a_scale_of_numbers_and_text_is_refused_and_no_weights_are_identity_weights():
    table = [[1, 2], [2, 2], [3, 3]]
    assert (
        refused(lambda: agreement.gwet_ac(table, categories=[1, 2, 3, "x"]))["key"]
        == "agreement.labels_mixed"
    )
    meant = refused(lambda: agreement.cohen_kappa(table, weights=None))
    assert (meant["key"], meant["meant"]) == ("statistics.word_meant", "identity")


def test_one_column_of_all_ratings_is_told_from_a_rater():
    long = pd.DataFrame({"item": [1, 1, 2, 2], "rater": list("abab"), "value": [1, 2, 3, 3]})
    column = long.set_index(["item", "rater"])
    for given in (column, column["value"]):
        assert refused(lambda given=given: agreement.gwet_ac(given))["key"] == "agreement.one_column_of_all"
    assert agreement.percent_agreement(column["value"].unstack()).value == 0.5
    lists = long.assign(item=[[1], [1], [2], [2]])
    assert refused(lambda: agreement.from_long(lists))["key"] == "statistics.names"
