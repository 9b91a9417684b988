"""Small cases worked out by hand for the agreement kernels, each where a slip would hide."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from ogp_analysis import agreement
from ogp_analysis.agreement import chance_corrected as kernels
from ogp_analysis.agreement import krippendorff, weights
from ogp_analysis.agreement.category_codes import code
from ogp_analysis.agreement.function_of_sums import FunctionOfSums
from ogp_analysis.agreement.kappas import prepared
from ogp_analysis.errors import StatisticsError

NAN = math.nan
TABLE = np.array([[1, 2, 2], [3, 3, 1], [4, 4, 5], [2, NAN, 2], [5, 5, 4], [1, NAN, NAN], [2, 3, 3]])


def statistic_of(name, table=TABLE):
    coded = code(prepared(table))
    linear = weights.agreement_weights(coded, "linear")
    if name in ("fleiss", "gwet", "uniform"):
        return kernels.pooled(coded, linear, getattr(kernels, f"{name}_expected")(linear))
    if name == "nominal":
        return krippendorff.fixed_metric(coded, 1 - np.eye(coded.q))
    return {
        "percent": lambda: kernels.percent(coded, linear),
        "by rater": lambda: kernels.by_rater(coded, linear),
        "ordinal": lambda: krippendorff.ordinal_metric(coded),
        "interval": lambda: krippendorff.interval_metric(prepared(table)),
    }[name]()


@pytest.mark.parametrize(
    "name", ["percent", "fleiss", "gwet", "uniform", "by rater", "nominal", "ordinal", "interval"]
)
def test_many_rows_of_weights_at_once_are_each_row_alone(name):
    statistic = statistic_of(name)
    rows = np.random.default_rng(3).integers(1, 5, (4, len(statistic.terms))).astype(float)
    values, influence = statistic.values_and_influence(rows)
    assert np.array_equal(values, statistic.values(rows))
    for row, value, slopes in zip(rows, values, influence, strict=True):
        alone = FunctionOfSums(statistic.terms, row, statistic.pattern, statistic.active, statistic.formula)
        assert value == pytest.approx(alone.values(row[None])[0], rel=1e-13)
        assert slopes == pytest.approx(alone.influence(), rel=1e-11, abs=1e-14)
        repeated = statistic_of(name, np.repeat(TABLE, row[statistic.pattern].astype(int), axis=0))
        assert value == pytest.approx(repeated.values(repeated.multiplicity[None])[0], rel=1e-12)


def slow_conger(table):
    """Conger (1980) in words: observed pairs within items, expected over pairs of raters that rated."""
    agreeing, items = 0.0, 0
    for row in table:
        pairs = list(itertools.combinations([x for x in row if x == x], 2))
        if pairs:
            agreeing, items = agreeing + sum(a == b for a, b in pairs) / len(pairs), items + 1
    raters = [[x for x in column if x == x] for column in zip(*table, strict=True)]
    chance = [
        sum(a.count(k) / len(a) * b.count(k) / len(b) for k in set(a))
        for a, b in itertools.combinations([rater for rater in raters if rater], 2)
    ]
    expected = sum(chance) / len(chance)
    return (agreeing / items - expected) / (1 - expected)


@pytest.mark.parametrize("last", [NAN, 2.0])
def test_a_rater_who_rated_nothing_forms_no_pair_and_one_who_rated_once_does(last):
    table = [[1, 1, NAN], [2, 3, last], [3, 3, NAN], [1, 2, NAN]]
    assert agreement.conger_kappa(table).value == pytest.approx(slow_conger(table), rel=1e-13)


def test_who_counts_as_rated():
    found = agreement.percent_agreement([[1, 1], [1, 2], [1, NAN], [NAN, NAN]])
    assert found.value == 0.5
    assert (found.n_items, found.n_ratings) == (3, 5)


def test_weights_by_hand():
    """Three categories 0, 1, 4, their disagreements before division by the largest."""
    coded = code(prepared([[0, 1], [4, 4]]))
    by_hand = {
        "identity": [1, 1, 1],
        "linear": [1, 4, 3],
        "quadratic": [1, 16, 9],
        "radical": [1, 2, math.sqrt(3)],
        "ordinal": [1, 3, 1],
        "ratio": [1, 1, 0.36],
        "circular": [math.sin(math.pi * d / 5) ** 2 for d in (1, 4, 3)],
        "bipolar": [1 / (1 * 7), 16 / (4 * 4), 9 / (5 * 3)],
    }
    for name, apart in by_hand.items():
        found = weights.agreement_weights(coded, name)
        assert np.diag(found).tolist() == [1, 1, 1], name
        assert np.array_equal(found, found.T), name
        expected = [1 - value / max(apart) for value in apart]
        assert [found[0, 1], found[0, 2], found[1, 2]] == pytest.approx(expected, abs=1e-15), name


def test_ratio_weights_of_small_categories():
    found = weights.agreement_weights(code(prepared([[0.1, 0.2], [0.3, 0.3]])), "ratio")
    assert found[0].tolist() == pytest.approx([1, 1 - (1 / 9) / (1 / 4), 0], abs=1e-15)
    metric = krippendorff.ratio_distance(code(prepared([[0, 0.2], [0.3, 0.3]])))
    assert metric[0].tolist() == [0, 1, 1]
    assert metric[1, 2] == pytest.approx(0.04, rel=1e-12)


@pytest.mark.parametrize("name", ["ratio", "bipolar", "circular", "linear"])
def test_one_category_is_in_full_agreement_with_itself(name):
    assert weights.agreement_weights(code(prepared([[0, 0]])), name).tolist() == [[1]]


def test_as_many_categories_as_are_allowed(monkeypatch):
    coded = code(prepared([[1, 2], [3, 3]]))
    monkeypatch.setattr(weights, "MOST_CATEGORIES", 3)
    assert weights.agreement_weights(coded, "linear").shape == (3, 3)
    monkeypatch.setattr(weights, "MOST_CATEGORIES", 2)
    with pytest.raises(StatisticsError, match="3 different values are too many categories"):
        weights.agreement_weights(coded, "linear")


def test_ordinal_alpha_says_when_its_table_is_too_large(monkeypatch):
    coded = code(prepared([[1, 2], [3, 3]]))
    monkeypatch.setattr(krippendorff, "LARGEST", 8)  # two items, three values and one pair
    assert krippendorff.ordinal_metric(coded).terms.shape == (2, 4)
    monkeypatch.setattr(krippendorff, "LARGEST", 7)
    with pytest.raises(StatisticsError, match="needs a table of 1 pairs; declare fewer"):
        krippendorff.ordinal_metric(coded)


def test_numbers_that_floats_cannot_tell_apart_are_refused():
    coded = code(prepared([[1, 2], [2, 1]]), [1, 2, 2**53, 2**53 + 1])
    with pytest.raises(StatisticsError, match="are not all different numbers"):
        weights.agreement_weights(coded, "linear")


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (np.eye(2), "weights have shape"),
        (np.array([[1, 0.5, 0], [0.4, 1, 0], [0, 0, 1]]), "finite and symmetric"),
        (np.array([[1, NAN, 0], [NAN, 1, 0], [0, 0, 1]]), "finite and symmetric"),
        (np.diag([1, 1, 0.9]), "1 on the diagonal"),
        (np.array([[1, 2, 0], [2, 1, 0], [0, 0, 1]]), "at most 1 elsewhere"),
    ],
)
def test_a_matrix_that_is_no_agreement_is_refused(matrix, message):
    with pytest.raises(StatisticsError, match=message):
        weights.agreement_weights(code(prepared([[1, 2], [3, 3]])), matrix)


def slow_alpha(table, distance):
    """Krippendorff (2011), part E: pairs within units against all pairs of pairable ratings."""
    units = [[x for x in row if x == x] for row in table]
    units = [unit for unit in units if len(unit) >= 2]
    every = [x for unit in units for x in unit]
    observed = sum(
        sum(distance(a, b) for a, b in itertools.permutations(unit, 2)) / (len(unit) - 1) for unit in units
    )
    expected = sum(distance(a, b) for a, b in itertools.permutations(every, 2))
    return 1 - (len(every) - 1) * observed / expected


def ordinal_distance(table):
    every = sorted(x for row in table if sum(y == y for y in row) > 1 for x in row if x == x)

    def distance(a, b):
        low, high = sorted((a, b))
        between = sum(low <= x <= high for x in every)
        return (between - (every.count(a) + every.count(b)) / 2) ** 2 if a != b else 0

    return distance


@pytest.mark.parametrize("measurement", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_is_its_definition(measurement):
    distance = {
        "nominal": lambda a, b: float(a != b),
        "ordinal": ordinal_distance(TABLE.tolist()),
        "interval": lambda a, b: (a - b) ** 2,
        "ratio": lambda a, b: ((a - b) / (a + b)) ** 2,
    }[measurement]
    expected = slow_alpha(TABLE.tolist(), distance)
    for categories in (None, [1, 2, 3, 4, 5]):
        found = agreement.krippendorff_alpha(TABLE, measurement=measurement, categories=categories)
        assert found.value == pytest.approx(expected, rel=1e-12)
        assert (found.n_items, found.n_ratings) == (6, 17)


@pytest.mark.parametrize(
    "matrix",
    [
        np.zeros((2, 2)),
        np.array([[0, 1, 2], [1, 0, 1], [1, 1, 0]]),
        np.array([[0, 1, 2], [1, 1, 1], [2, 1, 0]]),
        np.array([[0, -1, 2], [-1, 0, 1], [2, 1, 0]]),
    ],
)
def test_a_matrix_that_is_no_distance_is_refused(matrix):
    with pytest.raises(StatisticsError, match="symmetric, 0 on the diagonal, none negative"):
        agreement.krippendorff_alpha([[1, 2], [3, 3]], measurement=matrix)


def test_a_matrix_of_agreement_is_taken_as_it_is():
    coded = code(prepared([[1, 2], [3, 3]]))
    own = np.array([[1, 0.5, -1], [0.5, 1, 0.25], [-1, 0.25, 1]])
    assert weights.agreement_weights(coded, own).tolist() == own.tolist()
    endless = np.array([[1, -math.inf, 0], [-math.inf, 1, 0], [0, 0, 1]])
    with pytest.raises(StatisticsError, match="finite and symmetric"):
        weights.agreement_weights(coded, endless)
    apart = np.array([[0, 1, 4], [1, 0, 0], [4, 0, 0]])
    table = [[1, 2], [3, 3], [1, 3], [1, 1], [2, 2]]
    found = agreement.krippendorff_alpha(table, measurement=apart)
    assert found.value == pytest.approx(slow_alpha(table, lambda a, b: apart[a - 1, b - 1]), rel=1e-12)


def test_why_alpha_is_undefined():
    for measurement in ("nominal", "ordinal", "interval"):
        for table, note in (
            ([[1, NAN], [NAN, 2]], "no_pair"),
            ([[1, 1], [1, NAN], [2, NAN]], "no_variation"),
        ):
            assert agreement.krippendorff_alpha(table, measurement=measurement).note == note


def test_interval_alpha_still_refuses_what_is_outside_the_declared_scale():
    with pytest.raises(StatisticsError, match="outside the declared categories"):
        agreement.krippendorff_alpha([[1, 2], [2, 6]], measurement="interval", categories=[1, 2, 3])


def test_labels_have_an_order_only_when_it_is_declared():
    table = np.array([["low", "mid"], ["high", "high"]], dtype=object)
    for measure in ("interval", "ratio"):
        with pytest.raises(StatisticsError, match="needs numbers, not text"):
            agreement.krippendorff_alpha(table, measurement=measure, categories=["low", "mid", "high"])
    with pytest.raises(StatisticsError, match="needs an order of the labels"):
        weights.agreement_weights(code(prepared(table)), "linear")
    ordered = code(prepared(table), ["low", "mid", "high"])
    assert weights.scores(ordered, "linear").tolist() == [1, 2, 3]
    assert weights.agreement_weights(ordered, "linear")[0].tolist() == [1, 0.5, 0]
    assert agreement.krippendorff_alpha(table, measurement="nominal").n_ratings == 4


def test_weights_away_from_zero_by_hand():
    """Categories 2, 3, 5."""
    coded = code(prepared([[2, 3], [5, 5]]))
    circular = [math.sin(math.pi * d / 4) ** 2 for d in (1, 3, 2)]
    bipolar = [1 / (1 * 5), 9 / (3 * 3), 4 / (4 * 2)]
    for name, apart in (("circular", circular), ("bipolar", bipolar)):
        found = weights.agreement_weights(coded, name)
        expected = [1 - value / max(apart) for value in apart]
        assert [found[0, 1], found[0, 2], found[1, 2]] == pytest.approx(expected, abs=1e-15), name
    close = weights.agreement_weights(code(prepared([[0.2, 0.3], [0.5, 0.5]])), "bipolar")
    assert close[0, 1] == pytest.approx(1 - (1 / 5) / 1, rel=1e-12)


@pytest.mark.parametrize("lowest", [-1, -5])
def test_ratios_need_a_true_zero(lowest):
    coded = code(prepared([[lowest, 2], [3, 3]]))
    for measure in (krippendorff.ratio_distance, lambda c: weights.agreement_weights(c, "ratio")):
        with pytest.raises(StatisticsError, match="opposites would count as equal"):
            measure(coded)


def test_gwet_of_two_categories_by_hand():
    """Pooled shares 5/8 and 3/8, T_w = 2 and q (q - 1) = 2: p_e = 2 * 5/8 * 3/8; p_a = 3/4."""
    found = agreement.gwet_ac([[1, 1], [1, 1], [2, 2], [1, 2]])
    assert found.value == pytest.approx((3 / 4 - 15 / 32) / (1 - 15 / 32), rel=1e-12)
    assert agreement.gwet_ac([[1, 1], [1, NAN], [NAN, NAN], [2, 1]]).n_ratings == 5


def test_shares_of_an_item_by_its_ratings():
    found = kernels.shares(np.array([[1.0, 1], [0, 3], [0, 0]]))
    assert found.tolist() == [[0.5, 0.5], [0, 1], [0, 0]]


def test_shares_of_an_item_with_one_rating():
    assert kernels.shares(np.array([[0.0, 1, 0]])).tolist() == [[0, 1, 0]]


def test_gwet_of_three_categories_by_hand():
    """Shares 1/2, 1/3, 1/6: T_w = 3, q (q - 1) = 6, p_e = (1/4 + 2/9 + 5/36) / 2; p_a = 2/3."""
    found = agreement.gwet_ac([[1, 1], [2, 2], [1, 3]])
    expected = (1 / 4 + 2 / 9 + 5 / 36) / 2
    assert found.value == pytest.approx((2 / 3 - expected) / (1 - expected), rel=1e-12)


def test_ordinal_alpha_of_many_raters_is_its_definition():
    """Four ratings an item, one category used by nobody."""
    table = [[1, 2, 2, 5], [2, 2, 4, 4], [5, 5, 5, 4], [1, 1, NAN, 2]]
    found = agreement.krippendorff_alpha(table, measurement="ordinal", categories=[1, 2, 3, 4, 5])
    assert found.value == pytest.approx(slow_alpha(table, ordinal_distance(table)), rel=1e-12)
    interval = agreement.krippendorff_alpha(table, measurement="interval")
    assert interval.value == pytest.approx(slow_alpha(table, lambda a, b: (a - b) ** 2), rel=1e-12)


@pytest.mark.parametrize("function", [agreement.conger_kappa, agreement.fleiss_kappa, agreement.gwet_ac])
def test_who_counts_as_rated_for_chance_corrected_coefficients(function):
    found = function([[1, 1], [1, 2], [2, 2], [1, NAN], [NAN, NAN]])
    assert (found.n_items, found.n_ratings) == (4, 7)


@pytest.mark.parametrize("name", ["fleiss", "gwet", "uniform"])
def test_categories_that_nobody_used_may_be_left_out_of_the_sums(name, monkeypatch):
    """Of a scale of many ratings; the coefficient, its influence and resamples are the same."""
    rng = np.random.default_rng(7)
    coded = code(prepared(rng.choice([3, 10, 11, 40], size=(9, 3))), tuple(range(60)))
    linear = weights.agreement_weights(coded, "linear")
    expected = getattr(kernels, f"{name}_expected")(linear)
    patterns = len(coded.multiplicity)
    draws = rng.multinomial(9, np.full(patterns, 1 / patterns), size=5)
    made = []
    for many in (10, 100):
        monkeypatch.setattr(kernels, "MANY", many)
        statistic = kernels.pooled(coded, linear, expected)
        values, influence = statistic.values_and_influence(draws.astype(float))
        made.append(np.concatenate([statistic.influence(), values, influence.ravel()]))
    assert len(statistic.sums) == 63
    np.testing.assert_allclose(made[0], made[1], atol=1e-12)
