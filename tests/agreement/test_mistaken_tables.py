"""A table in long form is no table of items by raters; a wide one is never taken for it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ogp_analysis import agreement
from ogp_analysis.agreement.mistaken_tables import refuse_counts, refuse_long
from ogp_analysis.errors import StatisticsError

TAKE_RATINGS = [
    "alpha",
    "as_ratings",
    "bland_altman",
    "brennan_prediger",
    "cohen_kappa",
    "conger_kappa",
    "design",
    "fleiss_kappa",
    "gwet_ac",
    "icc",
    "kendall_w",
    "krippendorff_alpha",
    "lin_ccc",
    "per_category_agreement",
    "percent_agreement",
    "prevalence_bias",
    "rater_effects",
    "scott_pi",
    "share_within",
    "third_evaluation_rate",
    "variance_components",
]


def long_table(items, raters, *, names=("item", "rater", "score"), seed=0):
    rng = np.random.default_rng(seed)
    rows = [(i, j, int(rng.integers(1, 6))) for i in range(items) for j in range(raters)]
    return pd.DataFrame(rows, columns=list(names))


@pytest.mark.parametrize("name", TAKE_RATINGS)
@pytest.mark.parametrize("names", [("item", "rater", "score"), ("x", "y", "z")])
def test_every_function_refuses_a_long_table_and_points_to_from_long(name, names):
    with pytest.raises(StatisticsError, match=r"long form .*use from_long\(table, item='(item|x)'"):
        getattr(agreement, name)(long_table(12, 3, names=names))


@pytest.mark.parametrize(
    "names",
    [
        ("propuesta", "evaluador", "calificacion"),
        ("Código de la propuesta", "ID evaluadora", "Calificación"),
        ("proposal_id", "reviewerId", "grade"),
        ("paper", "reviewer", "rating"),
        ("Solicitud", "Juez", "Nota"),
        ("subject", "judge", "value"),
        ("id", "rater", "rating"),
    ],
)
def test_names_alone_are_enough_however_few_the_rows(names):
    with pytest.raises(StatisticsError, match="from_long"):
        agreement.icc(long_table(2, 2, names=names))


def test_ids_as_text_and_further_columns_are_recognised_too():
    table = long_table(10, 3, names=("k", "w", "v"))
    words = table.assign(k="P" + table["k"].astype(str), w="E" + table["w"].astype(str))
    with pytest.raises(StatisticsError, match="item 'k', rater 'w', value 'v'"):
        agreement.fleiss_kappa(words)
    with pytest.raises(StatisticsError, match="long form"):
        agreement.gwet_ac(table[["w", "k", "v"]].sample(frac=1, random_state=1))
    with pytest.raises(StatisticsError, match="long form"):
        agreement.gwet_ac(long_table(40, 4).to_numpy())


def test_an_id_beside_the_raters_is_no_rater():
    frame = pd.DataFrame({"propuesta": [1, 2, 3], "a": [3, 4, 5], "b": [3, 5, 5]})
    with pytest.raises(StatisticsError, match=r"set_index\('propuesta'\)"):
        agreement.krippendorff_alpha(frame)
    assert agreement.krippendorff_alpha(frame.set_index("propuesta")).n_raters == 2


@pytest.mark.parametrize(
    "names",
    [
        ("rater1", "rater2", "rater3"),
        ("judge A", "judge B", "judge C"),
        ("evaluador 1", "evaluador 2", "third"),
        ("lead", "counterpart", "core group"),
        (0, 1, 2),
        ("score_ana", "score_luz", "score_eva"),
        ("Código 1", "Código 2", "Código 3"),
    ],
)
def test_names_of_raters_are_names_of_raters(names):
    frame = pd.DataFrame(np.random.default_rng(1).integers(1, 6, (20, 3)), columns=list(names))
    assert agreement.as_ratings(frame).n_raters == 3


@pytest.mark.parametrize(("make", "key"), [(np.mean, "column_of_mean"), (np.sum, "column_of_sum")])
def test_what_sums_the_others_up_under_any_name_is_no_rater(make, key):
    rated = np.array([[4, 4, 5], [2, 3, 2], [5, 5, 4], [3, 3, 3], [1, 2, 1], [4, 2, 5], [3, 4, 4]])
    column = make(rated, axis=1)
    for table in (
        np.column_stack([rated, column]),
        np.column_stack([column.round(2), rated]),
        pd.DataFrame(rated, columns=list("abc")).assign(z=column),
    ):
        with pytest.raises(StatisticsError) as refused:
            agreement.krippendorff_alpha(table)
        assert refused.value.values["key"] == f"agreement.{key}"


def test_a_rater_who_gives_the_mean_of_the_others_in_whole_numbers_is_one():
    table = [[4, 4, 4], [2, 2, 2], [5, 3, 4], [3, 1, 2], [1, 3, 2], [4, 2, 3]]
    assert agreement.krippendorff_alpha(table).n_raters == 3


def wide_table(rng):
    """One of twelve kinds of tables of items by raters, of a size and scale drawn too."""
    n, m = int(rng.choice([4, 5, 6, 8, 9, 10, 12, 15, 16, 20, 25, 43, 100])), int(rng.integers(2, 7))
    q = int(rng.choice([2, 3, 4, 5, 7, 10]))
    kinds = (
        lambda: rng.normal(size=(n, m)),
        lambda: rng.integers(1, q + 1, (n, m)),
        lambda: np.column_stack([rng.permutation(n) + 1 for _ in range(m)]),
        lambda: np.column_stack([np.full(n, 3), rng.integers(1, q + 1, (n, m - 1))]),
        lambda: np.column_stack([np.arange(1, n + 1), rng.integers(1, q + 1, (n, m - 1))]),
        lambda: np.clip(np.rint(rng.normal(3, 1, (n, 1)) + rng.normal(0, 0.8, (n, m))), 1, 5),
        lambda: rng.integers(0, 101, (n, m)),
        lambda: np.sort(rng.integers(1, q + 1, (n, m)), axis=0),
        lambda: np.arange(n * m).reshape(n, m) // int(rng.integers(1, 6)),
        lambda: rng.integers(0, q, (n, m)),
        lambda: np.column_stack([rng.permutation(m) for _ in range(n)]).T,
        lambda: np.column_stack([a := rng.integers(1, q + 1, n), *[q + 1 - a for _ in range(m - 1)]]),
    )
    table = np.asarray(kinds[int(rng.integers(len(kinds)))](), dtype=float)
    # By rows too: a table sorted by its raters looks most like one of ids.
    return table[np.lexsort(table.T[::-1])] if rng.random() < 0.4 else table


@pytest.mark.deep
def test_thousands_of_wide_tables_are_never_refused():
    rng = np.random.default_rng(20191001)
    assert [place for place in range(5000) if is_refused(wide_table(rng))] == []


def is_refused(table):
    try:
        refuse_long(table)
        refuse_counts(table)
    except StatisticsError:
        return True
    return False


def test_what_is_no_table_of_ratings_by_raters_is_refused_by_the_same_look():
    long = [[item, rater, (item * rater) % 5 + 1] for item in range(1, 21) for rater in range(1, 4)]
    assert is_refused(np.array(long, dtype=float))
    assert is_refused(np.array(FLEISS_PAGE, dtype=float))


def test_ratings_named_by_raters_are_never_taken_for_counts():
    table = np.array(FLEISS_PAGE)
    names = [f"juez {number}" for number in range(5)]
    assert agreement.as_ratings(pd.DataFrame(table, columns=names)).n_raters == 5
    assert agreement.gwet_ac(agreement.Ratings(table.astype(float))).n_raters == 5


# Ten items, five categories, fourteen raters: https://en.wikipedia.org/wiki/Fleiss%27_kappa, worked example.
FLEISS_PAGE = [
    *([0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1]),
    *([7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]),
]


@pytest.mark.parametrize("name", TAKE_RATINGS)
def test_every_function_refuses_counts_and_points_to_from_counts(name):
    with pytest.raises(StatisticsError, match="from_counts") as refused:
        getattr(agreement, name)(FLEISS_PAGE)
    assert refused.value.values.items() >= {"row_sum": 14.0, "names": []}.items()


@pytest.mark.parametrize("raters", [3, 6, 14])
@pytest.mark.parametrize("categories", [2, 3, 5])
def test_counts_of_raters_who_agree_more_than_by_chance_are_recognised(categories, raters):
    rng = np.random.default_rng(7)
    for _ in range(20):
        shares = rng.dirichlet(np.full(categories, 0.6), size=25)
        table = np.array([rng.multinomial(raters, share) for share in shares])
        with pytest.raises(StatisticsError, match="from_counts"):
            refuse_counts(table.astype(float))


def test_columns_named_as_categories_are_counts_however_few_the_rows():
    with pytest.raises(StatisticsError, match="from_counts") as refused:
        agreement.fleiss_kappa(pd.DataFrame({"Sí": [3, 1], "No": [0, 1]}))
    assert refused.value.values["names"] == ["Sí", "No"]


@pytest.mark.parametrize(
    "table",
    [
        [[1, 1, 4], [1, 2, 5], [2, 1, 3], [2, 2, 3], [3, 1, 2], [3, 2, 2]],
        [[1, 1, 4], [2, 1, 5], [3, 1, 3], [1, 2, 3], [2, 2, 2], [3, 2, 2]],
        [[0, 0, 1], [0, 1, 2], [0, 2, 3], [1, 0, 3], [1, 1, 5], [1, 2, 1]],
        [[1, 1, 80.5], [1, 2, 60], [2, 1, 75], [2, 2, 91]],
        [["P1", "E1", "alto"], ["P1", "E2", "bajo"], ["P2", "E1", "bajo"], ["P2", "E2", "alto"]],
        [["P1", "E1", 4], ["P1", "E2", 5], ["P2", "E1", 3]],
        [["P1", 1, 4], ["P1", 2, 5], ["P2", 1, 3]],
        [[1, 1, "alto"], [1, 2, "bajo"], [2, 1, "bajo"]],
    ],
)
def test_bare_long_tables_of_a_few_rows_are_recognised_and_the_advice_works(table):
    with pytest.raises(StatisticsError, match=r"from_long\(pandas\.DataFrame\(table\)") as refused:
        agreement.percent_agreement(table)
    columns = {name: refused.value.values[name] for name in ("item", "rater", "value")}
    assert sorted(columns.values()) == [0, 1, 2]
    assert columns["value"] == 2
    frame = pd.DataFrame(table)
    assert agreement.from_long(frame, **columns).n_ratings == len(table)
    with pytest.raises(StatisticsError, match="long form"):
        agreement.percent_agreement(frame.set_axis(["a", "b", "c"], axis=1))


def test_days_are_ids_too():
    table = long_table(10, 3, names=("x", "y", "z"))
    days = pd.Timestamp("2020-05-01") + pd.to_timedelta(table["x"], unit="D")
    with pytest.raises(StatisticsError) as refused:
        agreement.percent_agreement(table.assign(x=days))
    assert [refused.value.values[name] for name in ("item", "rater", "value")] == ["x", "y", "z"]


@pytest.mark.parametrize(("items", "raters", "points"), [(4, 2, 5), (2, 4, 5), (3, 3, 5), (3, 2, 10)])
def test_few_rows_in_any_order_are_recognised_where_the_scale_is_longer_than_the_ids(items, raters, points):
    """Every pair of ids once and a scale that goes beyond them: one table of ratings in a million."""
    scores = np.random.default_rng(3).integers(1, points + 1, items * raters)
    scores[:2] = 1, points
    rows = [[k % items + 1, k // items + 1, score] for k, score in enumerate(scores)]
    for seed in range(10):
        with pytest.raises(StatisticsError, match="from_long"):
            refuse_long(np.random.default_rng(seed).permutation(np.array(rows, dtype=float)))


@pytest.mark.parametrize("raters", [2, 3, 5])
@pytest.mark.parametrize("items", [8, 12, 43, 300])
def test_complete_long_tables_are_always_recognised(items, raters):
    """Whatever the names; in the order of items or of raters, ids from 0 or from anywhere."""
    for seed in range(5):
        table = long_table(items, raters, names=("x", "y", "z"), seed=seed)
        for made in (table, table.sort_values(["y", "x"]), table.assign(x=table["x"] * 7 + 1000)):
            with pytest.raises(StatisticsError, match="from_long"):
                refuse_long(made.to_numpy())


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"a": [1, 2, 3], "b": ["1", "2", "3"]}, r"numbers in column 'a' \(first: 1 of item 0\)"),
        ({"a": [1, "2", 3], "b": [1, 2, 3]}, r"text in column 'a' \(first: '2' of item 1\)"),
        ({"a": ["x", None, None], "b": [None, 2.5, 3]}, r"text in column 'a' \(first: 'x' of item 0\)"),
    ],
)
@pytest.mark.parametrize("name", ["cohen_kappa", "percent_agreement", "gwet_ac", "krippendorff_alpha"])
def test_numbers_and_text_in_one_table_are_refused(name, table, said):
    for typed in (pd.DataFrame(table), pd.DataFrame(table).to_numpy(dtype=object)):
        words = said if isinstance(typed, pd.DataFrame) else said.replace("'a'", "0")
        with pytest.raises(StatisticsError, match=words):
            getattr(agreement, name)(typed)
    with pytest.raises(StatisticsError, match="ratings mix numbers"):
        agreement.as_ratings(pd.DataFrame(table).to_numpy(dtype=object).tolist())


def test_mixtures_in_a_long_table_are_refused():
    table = pd.DataFrame({"item": [1, 1, 2], "rater": ["a", "b", "a"], "value": [3, "3", 4]})
    with pytest.raises(StatisticsError, match="ratings mix numbers"):
        agreement.from_long(table)


def test_a_first_column_that_numbers_the_rows_carries_a_note():
    rated = np.random.default_rng(1).integers(1, 6, (12, 3))
    for first in (np.arange(12), np.arange(1, 13)):
        table = np.column_stack([first, rated])
        assert agreement.gwet_ac(table).note == "first_column_numbers_rows"
        assert agreement.icc(table, form="ICC(A,1)").note in ("first_column_numbers_rows", "below_range")
    assert agreement.gwet_ac(rated).note == ""
    # Ranks of twelve items, in the order of the first judge.
    ranks = np.column_stack([np.arange(1, 13), np.random.default_rng(2).permutation(12) + 1])
    assert agreement.kendall_w(ranks).note == ""


def test_more_raters_than_items_carries_a_note():
    turned = np.random.default_rng(1).integers(1, 6, (3, 12))
    assert agreement.krippendorff_alpha(turned).note == "more_raters_than_items"
    assert "more_raters_than_items" in agreement.design(turned).cautions
    assert agreement.krippendorff_alpha(turned.T).note == ""
    # Nested raters are many because each rated one item: nothing is turned round there.
    nested = np.full((10, 30), np.nan)
    nested[np.repeat(np.arange(10), 3), np.arange(30)] = np.random.default_rng(2).integers(1, 6, 30)
    assert agreement.krippendorff_alpha(nested).note == ""
