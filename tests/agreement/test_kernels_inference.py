"""Small cases worked out by hand for tolerance, intervals and differences, each where a slip would hide."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ogp_analysis import agreement
from ogp_analysis.agreement import intervals, mean_squares, note_20, resampling
from ogp_analysis.agreement.kappas import prepared
from ogp_analysis.errors import StatisticsError
from ogp_analysis.model.matching import NEGLIGIBLE

NAN = math.nan


def test_wilson_by_hand_and_at_the_ends():
    """z = 1.96 for 95%: share 1/2 of 4 pairs, (1/2 + z^2/8 +- z sqrt(1/16 + z^2/64)) / (1 + z^2/4)."""
    z = 1.959963984540054
    centre = (0.5 + z * z / 8) / (1 + z * z / 4)
    half = z * math.sqrt(1 / 16 + z * z / 64) / (1 + z * z / 4)
    assert note_20.wilson_interval(0.5, 4, 0.95) == pytest.approx((centre - half, centre + half), rel=1e-12)
    low, high = note_20.wilson_interval(1.0, 4, 0.95)
    assert (low, high) == (pytest.approx(4 / (4 + z * z), rel=1e-12), 1.0)
    low, high = note_20.wilson_interval(0.0, 4, 0.95)
    assert (low, high) == (0.0, pytest.approx(z * z / (4 + z * z), rel=1e-12))


def test_shares_within_a_tolerance_by_hand():
    table = [[1, 2, 4], [3, 3, NAN], [4.1, 3.1, NAN], [5, NAN, NAN]]
    found = agreement.share_within(table, tolerance=1)
    # One of three pairs, one of one, one of one.
    assert found.value == pytest.approx((1 / 3 + 1 + 1) / 3, rel=1e-15)
    assert found.n_items == 3
    beyond = agreement.third_evaluation_rate(table, tolerance=1)
    assert beyond.value == pytest.approx(1 - found.value, rel=1e-15)
    assert beyond.interval == pytest.approx((1 - found.interval[1], 1 - found.interval[0]), rel=1e-12)
    assert beyond.influence == pytest.approx(-found.influence)
    # Logit scale: t with 2 degrees of freedom.
    slope = found.standard_error / (found.value * (1 - found.value))
    ends = [math.log(found.value / (1 - found.value)) + sign * 4.302652729749462 * slope for sign in (-1, 1)]
    assert found.interval == pytest.approx([1 / (1 + math.exp(-end)) for end in ends], rel=1e-9)


def test_one_cluster_gives_no_interval_and_agreement_everywhere_that_of_wilson():
    pairs = [[1, 2], [2, 4], [3, 3], [5, 4]]
    assert all(map(math.isnan, agreement.share_within(pairs, tolerance=1, cluster=[7] * 4).interval))
    two = agreement.share_within(pairs, tolerance=2, cluster=[1, 1, 2, 2])
    assert two.interval == note_20.wilson_interval(1.0, 2, 0.95)


@pytest.mark.parametrize(
    ("table", "limit", "message"),
    [
        ([["a", "b"]], 1, "numbers, not text"),
        ([[1, 2]], -0.1, "tolerance is -0.1; it is 0 points or more"),
        ([[1, 2]], NAN, "tolerance is nan"),
        ([[1, NAN], [NAN, 2]], 1, "no pairable ratings"),
    ],
)
def test_a_tolerance_that_cannot_be_applied_is_refused(table, limit, message):
    with pytest.raises(StatisticsError, match=message):
        agreement.share_within(table, tolerance=limit)


def test_a_difference_needs_two_units():
    first, second = (agreement.percent_agreement(rows) for rows in ([[1, 1], [2, 3]], [[1, 2], [2, 2]]))
    found = agreement.difference(first, second, cluster=["same", "same"])
    assert (found.value, found.note) == (0, "one_item")
    assert math.isnan(found.standard_error)


def test_the_difference_by_hand():
    """Influences -+1/4 and +-1/4 of shares of two items: SE^2 = n / (n - 1) sum (u - v)^2 = 2 (1/4 + 1/4)."""
    first, second = (agreement.percent_agreement(rows) for rows in ([[1, 1], [2, 3]], [[1, 2], [2, 2]]))
    found = agreement.difference(first, second)
    assert found.standard_error == pytest.approx(1.0, rel=1e-12)
    assert (found.n_items, found.n_raters, found.n_ratings) == (2, 2, 8)
    # t with 1 degree of freedom at 97.5%, tan(0.475 pi) = 12.7: further than two shares can differ.
    assert found.interval == (-1, 1)
    # At 20% it is tan(0.1 pi).
    narrow = agreement.difference(first, second, confidence_level=0.2).interval
    assert narrow == pytest.approx((-math.tan(0.1 * math.pi), math.tan(0.1 * math.pi)), rel=1e-9)
    corrected = agreement.difference(first, second, population=4)
    assert corrected.standard_error == pytest.approx(math.sqrt(0.5), rel=1e-12)
    whole = agreement.difference(first, second, population=2)
    assert (whole.standard_error, whole.interval, whole.note) == (0, (0, 0), "all_rated")
    with pytest.raises(StatisticsError, match="population is 1, fewer than the 2 rated"):
        agreement.difference(first, second, population=1)


def test_differences_of_what_is_undefined_or_does_not_fit():
    good = agreement.percent_agreement([[1, 1], [2, 3]])
    undefined = agreement.cohen_kappa([[1, 1], [1, 1]])
    for pair in ((good, undefined), (undefined, good)):
        assert agreement.difference(*pair).note == "no_variation"
    bare = agreement.percent_agreement([[1, 1], [2, 3]], interval=None)
    for pair in ((good, bare), (bare, good)):
        with pytest.raises(StatisticsError, match="needs influence values"):
            agreement.difference(*pair)
    with pytest.raises(StatisticsError, match="rest on 2 and 3 items"):
        agreement.difference(good, agreement.percent_agreement([[1, 1], [2, 3], [1, 2]]))
    same = agreement.difference(good, good)
    assert np.isnan([same.standard_error, *same.interval]).all()
    assert same.note == "error_not_seen"


def test_resamples_of_which_hardly_any_is_defined():
    """One resample has no spread."""
    found = agreement.cohen_kappa([[1, 1], [2, 2], [1, 2]], interval="bootstrap", n_resamples=1, rng=1)
    assert found.note == "resamples_undefined"
    assert all(map(math.isnan, found.interval))


def test_intervals_at_the_edge():
    assert all(map(math.isnan, intervals.fisher_interval(1.0, 0.1, df=3, confidence_level=0.95)))
    assert all(map(math.isnan, intervals.fisher_interval(-1.0, 0.1, df=3, confidence_level=0.95)))
    one_sided = {"left_out": np.array([0.1, 0.2]), "multiplicity": np.ones(2), "confidence_level": 0.95}
    for resampled in (np.array([0.5, 0.6]), np.array([0.1, 0.2])):
        assert all(map(math.isnan, resampling.bca_interval(resampled, 0.3, **one_sided)))


@pytest.mark.parametrize("form", ["ICC(1)", "ICC(A,1)", "ICC(C,1)", "ICC(k)", "ICC(A,k)", "ICC(C,k)"])
def test_icc_by_its_mean_squares(form):
    """Items (1, 2), (3, 5), (6, 5): row means 1.5, 4, 5.5, column means 10/3, 4, mean 11/3."""
    rows, columns = 2 * sum((x - 11 / 3) ** 2 for x in (1.5, 4, 5.5)), 3 * 2 * (1 / 3) ** 2
    between, raters = rows / 2, columns
    total = sum((x - 11 / 3) ** 2 for x in (1, 2, 3, 5, 6, 5))
    within, error = (total - rows) / 3, (total - rows - columns) / 2
    expected = {
        "ICC(1)": (between - within) / (between + within),
        "ICC(A,1)": (between - error) / (between + error + 2 / 3 * (raters - error)),
        "ICC(C,1)": (between - error) / (between + error),
        "ICC(k)": (between - within) / between,
        "ICC(A,k)": (between - error) / (between + (raters - error) / 3),
        "ICC(C,k)": (between - error) / between,
    }[form]
    found = agreement.icc([[1, 2], [3, 5], [6, 5]], form=form)
    assert found.value == pytest.approx(expected, rel=1e-12)
    f_value = between / (within if form in ("ICC(1)", "ICC(k)") else error)
    assert found.f_value == pytest.approx(f_value, rel=1e-12)
    assert found.df_numerator == 2


def test_what_an_icc_cannot_be_of():
    complete, holes = [[1, 2], [3, 5], [6, 5]], [[1, 2], [3, NAN], [6, 5]]
    for options, table, message in (
        ({"form": "ICC(2)"}, complete, "is not one of"),
        ({"model": "fixed"}, complete, "does not fit"),
        ({"model": "mixed"}, complete, "one-way forms are random"),
        ({"null_value": 1.0}, complete, "it lies in"),
        ({"null_value": -0.1}, complete, "it lies in"),
        ({"form": "ICC(A,1)", "interval": "bca"}, holes, "leave out interval"),
        ({}, [["a", "b"]], "numbers, not text"),
        ({}, [[NAN, NAN]], "no pairable ratings"),
    ):
        with pytest.raises(StatisticsError, match=message):
            agreement.icc(table, **options)
    assert agreement.icc([[1, 2]]).note == "one_item"
    assert agreement.icc([[1, NAN], [2, NAN]]).note == "no_pair"
    assert agreement.icc([[1, 1], [1, 1]]).note == "no_variation"
    assert agreement.icc(complete, form="ICC(A,k)", model="mixed").note == "assumes_no_interaction"
    assert agreement.icc(complete, form="ICC(A,1)", model="mixed").note == ""
    assert agreement.icc(complete, form="ICC(A,k)").note == ""


def test_the_jackknife_interval_of_a_share_stays_above_zero():
    found = agreement.share_within([[1, 2], [1, 4], [1, 3], [5, 1]], tolerance=1, interval="jackknife")
    assert found.value == 0.25
    # t with 3 degrees of freedom: 3.18 standard errors of 1/4 on either side leave [0, 1].
    assert found.standard_error == pytest.approx(0.25, rel=1e-12)
    assert found.interval == (0.0, 1.0)


@pytest.mark.parametrize("limit", [0, 0.5])
def test_a_tolerance_below_one_point_is_one(limit):
    found = agreement.share_within([[1, 1 + limit], [2, 4], [3, 3.8], [1, 1]], tolerance=limit)
    assert found.value == 0.5
    # Exactly the tolerance, and what rounding adds to it.
    assert agreement.share_within([[0, NEGLIGIBLE + limit], [1, 9]], tolerance=limit).value == 0.5


def test_more_than_one_pair_in_an_item_is_not_wilsons_case():
    table = [[1, 2, 4], [3, 3, 3], [2, 4, 4], [1, 1, 2]]
    found = agreement.share_within(table, tolerance=1)
    assert found.interval != note_20.wilson_interval(found.value, 4, 0.95)
    two = agreement.share_within([[1, 2, NAN], [3, 3, NAN], [2, 4, 4]], tolerance=1)
    assert two.interval != note_20.wilson_interval(two.value, 3, 0.95)
    pairs = agreement.share_within([[1, 2], [3, 3], [2, 4], [1, NAN]], tolerance=1)
    assert pairs.interval == note_20.wilson_interval(2 / 3, 3, 0.95)


def test_equal_shares_of_every_item_have_wilsons_interval():
    """Each item has one of its three pairs within: no spread between items, and a share inside (0, 1)."""
    found = agreement.share_within([[1, 2, 4], [2, 3, 5], [5, 4, 2]], tolerance=1)
    assert found.value == pytest.approx(1 / 3)
    assert (math.isnan(found.standard_error), found.note) == (True, "error_not_seen")
    assert found.interval == note_20.wilson_interval(found.value, 3, 0.95)
    nowhere = agreement.share_within([[1, 2, 4], [2, 3, 5]], tolerance=0)
    assert nowhere.interval == note_20.wilson_interval(0.0, 2, 0.95)


@pytest.mark.parametrize("form", ["ICC(1)", "ICC(A,1)", "ICC(C,1)", "ICC(k)", "ICC(A,k)", "ICC(C,k)"])
def test_an_icc_of_weighted_items_is_that_of_repeated_ones(form):
    table = np.array([[1.0, 2, 2], [3, 3, 1], [4, 4, 5], [2, 1, 2], [5, 5, 4]])
    statistic = mean_squares.statistic(prepared(table), form)
    rows = np.random.default_rng(5).integers(1, 5, (3, 5))
    values, influence = statistic.values_and_influence(rows.astype(float))
    for row, value, slopes in zip(rows, values, influence, strict=True):
        repeated = agreement.icc(np.repeat(table, row, axis=0), form=form)
        assert value == pytest.approx(repeated.value, rel=1e-12)
        slopes = np.repeat(slopes, row)
        assert slopes - slopes.mean() == pytest.approx(repeated.influence, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("form", ["ICC(1)", "ICC(A,1)", "ICC(C,k)"])
@pytest.mark.parametrize("gaps", [False, True])
def test_equal_items_are_summed_once_and_count_each(form, gaps, monkeypatch):
    """Many items with few different rows, and items all different, by either way."""
    rng = np.random.default_rng(8)
    alike = rng.integers(1, 6, (mean_squares.MANY, 3)).astype(float)
    if gaps:
        alike[rng.random(alike.shape) < 0.1] = NAN
    tables = [prepared(table) for table in (alike, rng.normal(3, 1, alike.shape))]
    by_rows = [mean_squares.statistic(table, form) for table in tables]
    monkeypatch.setattr(mean_squares, "MANY", mean_squares.MANY + 1)
    by_items = [mean_squares.statistic(table, form) for table in tables]
    assert len(by_rows[0].terms) < 250 < len(by_items[0].terms) == len(alike)
    for rows, items in zip(by_rows, by_items, strict=True):
        # Sums of 2000 squares in another order: some units of the 16th digit.
        assert rows.values(rows.multiplicity[None]) == pytest.approx(
            items.values(items.multiplicity[None]), rel=1e-12
        )
        assert rows.influence()[rows.pattern] == pytest.approx(items.influence(), rel=1e-9, abs=1e-15)
        assert (rows.active[rows.pattern] == items.active).all()


def test_items_without_any_rating_are_left_out_of_an_icc():
    table = [[1, 2], [NAN, NAN], [3, 5], [6, 5]]
    found = agreement.icc(table, form="ICC(A,1)")
    assert found.value == pytest.approx(agreement.icc([[1, 2], [3, 5], [6, 5]], form="ICC(A,1)").value)
    assert agreement.icc([[1, 1], [1, NAN], [1, 1]]).note == "no_variation"


def test_a_difference_counts_the_larger_of_both():
    first = agreement.percent_agreement([[1, 1, 1], [2, 3, 2], [1, 2, 2]])
    second = agreement.percent_agreement([[1, 2], [2, 2], [NAN, NAN]])
    for pair in ((first, second), (second, first)):
        found = agreement.difference(*pair)
        assert (found.n_items, found.n_raters, found.n_ratings) == (3, 3, 13)


@pytest.mark.parametrize("interval", ["bootstrap", "bca", "studentized", "jackknife", "analytic"])
def test_agreement_everywhere_has_no_spread(interval):
    found = agreement.percent_agreement([[1, 1], [2, 2], [3, 3]], interval=interval, n_resamples=20)
    assert (found.standard_error, found.interval, found.note) == (0, (1, 1), "standard_error_zero")


def test_one_item_and_one_cluster_are_named():
    assert agreement.percent_agreement([[1, 2]]).note == "one_item"
    assert agreement.percent_agreement([[1, 2], [1, 1]], cluster=[4, 4]).note == "one_cluster"


def test_the_difference_of_three_items_by_hand():
    """Influences of shares: (x - mean) / 3; x = 1, 0, 1 and 1, 1, 0: differences 0, -1/3, 1/3."""
    first = agreement.percent_agreement([[1, 1], [1, 2], [2, 2]])
    second = agreement.percent_agreement([[1, 1], [2, 2], [1, 2]])
    found = agreement.difference(first, second)
    assert found.standard_error == pytest.approx(math.sqrt(3 / 2 * 2 / 9), rel=1e-12)
