"""Slopes, units and intervals of statistics simple enough to know every value by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special

from ogp_analysis.agreement import function_of_sums, intervals
from ogp_analysis.agreement.function_of_sums import FunctionOfSums, quotient
from ogp_analysis.agreement.intervals import Inference
from ogp_analysis.agreement.resampling import centred_influence, units
from ogp_analysis.errors import StatisticsError

NAN = math.nan
X = np.array([2.0, 3.0, 7.0, 8.0])
STUDENT = {1: 12.706204736174698, 3: 3.182446305283708}  # two-sided 95 per cent, any table of t


def mean_of(x, used=None):
    used = np.ones(len(x), dtype=bool) if used is None else used
    terms = np.column_stack([used, np.where(used, x, 0.0)])
    return FunctionOfSums(terms, np.ones(len(x)), np.arange(len(x)), used, lambda s: s[..., 1] / s[..., 0])


def total_of(x):
    ones = np.ones(len(x))
    return FunctionOfSums(x[:, None], ones, np.arange(len(x)), ones.astype(bool), lambda s: s[..., 0])


def error_of_mean(x):
    return np.std(x, ddof=1) / math.sqrt(len(x))


@pytest.mark.parametrize("block", [1, 5, 10, 1000])
def test_slopes_do_not_depend_on_how_many_are_made_at_once(monkeypatch, block):
    """The product of five sums 1, 2, 3, 4, 5 has the slopes 120 / sum."""
    monkeypatch.setattr(function_of_sums, "BLOCK", block)
    terms, ones = np.diag(np.arange(1.0, 6)), np.ones(5)
    product = FunctionOfSums(terms, ones, np.arange(5), ones.astype(bool), lambda s: s.prod(axis=-1))
    assert product.influence() == pytest.approx([120.0] * 5, rel=1e-14)
    values, slopes = product.values_and_influence(np.array([[1.0] * 5, [2.0] * 5]))
    assert values == pytest.approx([120, 3840], rel=1e-14)
    assert slopes == pytest.approx(np.array([[120.0] * 5, [1920.0] * 5]), rel=1e-14)


def test_what_counts_as_a_denominator_of_zero():
    """Zero is 1e-12 of the scale or less: of a million that is 1e-6, and of nothing only nothing."""
    assert quotient(3.0, 1e-7) == 3e7
    assert math.isnan(quotient(3.0, 1e-7, scale=1e6))
    assert math.isnan(quotient(3.0, 1e-12))
    assert math.isnan(quotient(3.0, 0.0, scale=0.0))
    assert quotient(3.0, 2.0, scale=-1.0) == quotient(-3.0, -2.0) == 1.5


def test_the_error_of_the_mean_of_each_resample():
    """s / sqrt(n) of the items repeated as often as they were drawn."""
    drawn = np.array([[1.0, 1, 1, 1], [2, 0, 1, 1], [0, 3, 0, 1]])
    repeated = [np.repeat(X, row.astype(int)) for row in drawn]
    values, errors = units(mean_of(X), None).values_and_errors(drawn)
    assert values == pytest.approx([row.mean() for row in repeated], rel=1e-14)
    assert errors == pytest.approx([error_of_mean(row) for row in repeated], rel=1e-12)


def test_the_error_of_a_total_leaves_out_how_many_were_drawn():
    """n draws with variance s^2 each have a total with the variance n s^2."""
    drawn = np.array([[1.0, 1, 1, 1], [2, 0, 1, 1]])
    expected = [2 * np.std(np.repeat(X, row.astype(int)), ddof=1) for row in drawn]
    assert units(total_of(X), None).values_and_errors(drawn)[1] == pytest.approx(expected, rel=1e-12)


def test_items_that_are_not_used_are_not_drawn():
    used = np.array([True, False, True, True, False])
    found = units(mean_of(np.array([2.0, 99, 3, 7, 99]), used), None)
    assert (found.kinds.tolist(), found.n) == ([0, 2, 3], 3)
    rows = np.array([[1.0, 1, 1], [2, 0, 1]])
    assert found.values(rows) == pytest.approx([4, 11 / 3], rel=1e-14)
    assert found.without_one() == pytest.approx([5, 4.5, 2.5], rel=1e-14)
    assert found.influence() == pytest.approx([-2 / 3, -1 / 3, 1], rel=1e-14)
    assert centred_influence(found.statistic).tolist() == pytest.approx([-2 / 3, 0, -1 / 3, 1, 0], rel=1e-14)
    values, errors = found.values_and_errors(rows)
    assert values == pytest.approx([4, 11 / 3], rel=1e-14)
    assert errors == pytest.approx([error_of_mean([2, 3, 7]), error_of_mean([2, 2, 7])], rel=1e-12)


def test_clusters_are_drawn_as_wholes():
    """Clusters (2, 3), (7), (8) of a mean: a cluster's influence is the sum of its items' (x - mean) / n."""
    found = units(mean_of(X), ["a", "a", "b", "c"])
    assert (found.n, found.cluster.tolist()) == (3, [0, 0, 1, 2])
    assert found.members.tolist() == [[1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    assert found.without_one() == pytest.approx([7.5, 13 / 3, 4], rel=1e-14)
    assert found.influence() == pytest.approx([-5 / 4, 2 / 4, 3 / 4], rel=1e-14)
    values, errors = found.values_and_errors(np.array([[1.0, 1, 1], [2, 1, 0]]))
    assert values == pytest.approx([5, 17 / 5], rel=1e-14)
    second = 2 * ((5 - 2 * 3.4) / 5) ** 2 + ((7 - 3.4) / 5) ** 2
    expected = [math.sqrt(3 / 2 * (25 + 4 + 9) / 16), math.sqrt(3 / 2 * second)]
    assert errors == pytest.approx(expected, rel=1e-12)


def test_the_error_of_a_total_of_clusters():
    """Sums 5, 7, 8 of three clusters; one of the four sums of a resample of four is left out."""
    found = units(total_of(X), ["a", "a", "b", "c"])
    errors = found.values_and_errors(np.array([[1.0, 1, 1], [3, 0, 1]]))[1]
    expected = [math.sqrt(3) * np.std([5, 7, 8], ddof=1), 2 * np.std([5, 5, 5, 8], ddof=1)]
    assert errors == pytest.approx(expected, rel=1e-12)
    # Influence while the number of items stays: a cluster of two items is measured against two.
    assert found.influence() == pytest.approx([5 - 10, 7 - 5, 8 - 5], rel=1e-14)


def test_a_cluster_without_a_used_item_is_no_unit():
    used = np.array([True, True, False, True])
    found = units(mean_of(X, used), [1, 1, 2, 3])
    assert (found.n, found.members.tolist()) == (2, [[1, 1, 0, 0], [0, 0, 0, 1]])


class Drawn:
    """Units whose resamples are written down: the value and error of each, and of those without one unit."""

    def __init__(self, resampled, errors=(), *, n=4, influence=0.1, left_out=(0.4, 0.5, 0.6, 0.5)):
        self.multiplicity, self.n = np.ones(n), n
        self.resampled, self.errors = np.array(resampled), np.array(errors)
        self.slopes, self.left_out = np.resize([-influence, influence], n), np.array(left_out)

    def values(self, block):
        assert len(block) == len(self.resampled)
        return self.resampled

    def values_and_errors(self, block):
        return self.values(block), self.errors

    def influence(self):
        return self.slopes

    def without_one(self):
        return self.left_out


def uncertainty(drawn, interval, *, value=0.5, level=0.5, correction=0.5):
    inference = Inference(interval, level, n_resamples=max(1, len(drawn.resampled)))
    return intervals.uncertainty(drawn, value, inference=inference, correction=correction)


@pytest.mark.parametrize("level", [0, 1, 1.5, -0.5, NAN])
def test_a_confidence_level_outside_0_and_1_is_refused(level):
    with pytest.raises(StatisticsError, match=f"confidence_level is {level}; it lies between 0 and 1"):
        Inference("analytic", level)


def test_a_population_is_of_one_or_more():
    assert Inference(population=1).population == 1


def test_students_and_fishers_interval_by_hand():
    """Influences -+0.1 of four units: sqrt(4/3 * 0.04); without one 0.4, 0.5, 0.6, 0.5: sqrt(3/4 * 0.02)."""
    analytic, jackknife = math.sqrt(4 / 3 * 0.04) / 2, math.sqrt(3 / 4 * 0.02) / 2
    for interval, error in (("analytic", analytic), ("jackknife", jackknife)):
        found = uncertainty(Drawn([]), interval, level=0.95)
        half = STUDENT[3] * error
        assert found[0] == pytest.approx(error, rel=1e-12)
        assert found[1] == pytest.approx((0.5 - half, 0.5 + half), rel=1e-9)
        assert found[2] == ""
    error, limits, _ = uncertainty(Drawn([]), "fisher", level=0.95)
    ends = [math.atanh(0.5) + sign * STUDENT[3] * jackknife / 0.75 for sign in (-1, 1)]
    assert (error, limits) == (pytest.approx(jackknife), pytest.approx(np.tanh(ends), rel=1e-9))


def test_two_resamples_have_a_spread():
    """0.2 and 1: standard deviation 0.8 / sqrt 2, quartiles 0.4 and 0.8, both drawn halfway to 0.5."""
    error, limits, note = uncertainty(Drawn([0.2, 1.0]), "bootstrap")
    assert (error, note) == (pytest.approx(0.8 / math.sqrt(2) / 2, rel=1e-12), "")
    assert limits == pytest.approx((0.45, 0.65), rel=1e-12)
    for resampled in ([0.2], [0.2, NAN], [NAN, NAN]):
        error, limits, note = uncertainty(Drawn(resampled), "bootstrap")
        assert all(map(math.isnan, (error, *limits)))
        assert note == "resamples_undefined"


@pytest.mark.parametrize("interval", ["bootstrap", "studentized"])
@pytest.mark.parametrize(("undefined", "note"), [(0, ""), (1, ""), (2, "resamples_undefined")])
def test_one_undefined_resample_in_a_hundred_is_not_worth_a_note(interval, undefined, note):
    resampled = np.linspace(0.3, 0.7, 100)
    resampled[:undefined] = NAN
    assert uncertainty(Drawn(resampled, [0.1] * 100), interval)[2] == note


def test_the_studentized_interval_by_hand():
    """Quantiles 5 and 95 per cent of (value - 0.5) / error, -1 to 3 in steps of 0.1, are -0.8 and 2.8."""
    ratio, errors = np.linspace(-1, 3, 41), np.linspace(0.1, 0.3, 41)
    error, limits, note = uncertainty(Drawn(0.5 + ratio * errors, errors), "studentized", level=0.9)
    expected = math.sqrt(4 / 3 * 0.04) / 2
    assert (error, note) == (pytest.approx(expected, rel=1e-12), "")
    assert limits == pytest.approx((0.5 - 2.8 * expected, 0.5 + 0.8 * expected), rel=1e-9)


@pytest.mark.parametrize(("stretch", "note"), [(0.99, ""), (1.01, "studentized_to_fisher")])
@pytest.mark.parametrize("centre", [-9, 0, 9])
def test_a_studentized_interval_three_times_as_wide_as_students_is_not_believed(stretch, note, centre):
    """Student's t with 3 degrees of freedom: 2.353363 at 95 per cent."""
    width = stretch * 3 * 2 * 2.3533634348018264
    ratio = centre + width / 0.9 * np.linspace(-0.5, 0.5, 41)
    assert uncertainty(Drawn(0.5 + ratio, np.ones(41)), "studentized", level=0.9)[2] == note


def test_an_interval_exactly_as_wide_as_the_limit_is_believed(monkeypatch):
    """With one degree of freedom the quartiles of Student's t are -1 and 1."""
    monkeypatch.setattr(intervals, "TOO_WIDE", 1.0)
    one = float(special.stdtrit(1, 0.75))
    assert one == pytest.approx(1)
    drawn = Drawn(np.array([-9, -one, 0, one, 9]), np.ones(5), n=2)
    error, limits, note = uncertainty(drawn, "studentized", value=0.0, correction=1.0)
    assert (error, note) == (pytest.approx(0.2), "")
    assert limits == pytest.approx((-0.2, 0.2))


@pytest.mark.parametrize(
    ("defined", "of", "note"),
    [
        (19, 20, "resamples_undefined"),
        (18, 20, "studentized_to_fisher"),
        (2, 2, ""),
        (1, 1, "studentized_to_fisher"),
    ],
)
def test_one_resample_in_twenty_may_have_no_error(defined, of, note):
    resampled = np.where(np.arange(of) < defined, np.linspace(0.4, 0.6, of), NAN)
    assert uncertainty(Drawn(resampled, np.full(of, 0.1)), "studentized")[2] == note


def test_what_replaces_the_studentized_interval():
    """Fisher's, from the jackknife's error; where the value is 1, Student's, from the influences."""
    error, limits, note = uncertainty(Drawn([NAN]), "studentized", level=0.95)
    assert (error, limits, note) == (
        *uncertainty(Drawn([]), "fisher", level=0.95)[:2],
        "studentized_to_fisher",
    )
    error, limits, note = uncertainty(Drawn([NAN]), "studentized", value=1.0, level=0.95)
    expected = math.sqrt(4 / 3 * 0.04) / 2
    half = STUDENT[3] * expected
    assert (error, note) == (pytest.approx(expected, rel=1e-12), "studentized_to_analytic")
    assert limits == pytest.approx((1 - half, 1 + half), rel=1e-9)


@pytest.mark.parametrize("interval", ["analytic", "jackknife", "bootstrap", "studentized"])
def test_what_is_left_by_rounding_only_is_no_spread(interval):
    drawn = Drawn(
        0.5 + np.array([0, 1e-12]), [1, 1], influence=1e-12, left_out=0.5 + np.array([0, 0, 0, 1e-12])
    )
    error, limits, note = uncertainty(drawn, interval)
    assert np.isnan([error, *limits]).all()
    assert note == "error_not_seen"


def test_the_interval_corrected_for_bias():
    """A quarter of resamples below the value: z0 = -z(75%), no acceleration; levels Phi(2 z0 -+ z(75%))."""
    found = uncertainty(Drawn(np.linspace(0, 1, 1001)), "bca", value=0.25, correction=1.0)
    assert found[1] == pytest.approx((0.02151, 0.25), abs=5e-4)


def test_a_value_undefined_without_one_unit_has_no_error():
    error, limits, note = uncertainty(Drawn([], left_out=(0.4, NAN, 0.6, 0.5)), "jackknife")
    assert all(map(math.isnan, (error, *limits)))
    assert note == "undefined_without_one_item"
