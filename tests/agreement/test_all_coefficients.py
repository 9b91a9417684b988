"""What must hold for every coefficient, over one dictionary of all of them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ogp_analysis import agreement

NAN = np.nan
SCALE = [1, 2, 3, 4, 5]
SETTINGS = settings(max_examples=6, deadline=None, derandomize=True)


def coefficient(name, **options):
    function = getattr(agreement, name)
    return lambda ratings, **more: function(ratings, **(options | more))


def kappas():
    found = {}
    for name in ("percent_agreement", "fleiss_kappa", "conger_kappa", "brennan_prediger", "gwet_ac"):
        for weights in (
            "identity",
            "linear",
            "quadratic",
            "ordinal",
            "radical",
            "ratio",
            "circular",
            "bipolar",
        ):
            found[f"{name}-{weights}"] = coefficient(name, weights=weights, categories=SCALE)
    return found


ALPHAS = {
    f"alpha-{measurement}": coefficient("krippendorff_alpha", measurement=measurement)
    for measurement in ("nominal", "ordinal", "interval", "ratio")
}
ICCS = {
    f"icc-{form}": coefficient("icc", form=form)
    for form in ("ICC(1)", "ICC(A,1)", "ICC(C,1)", "ICC(k)", "ICC(A,k)", "ICC(C,k)")
}
TWO = {
    "cohen": coefficient("cohen_kappa"),
    "cohen-quadratic": coefficient("cohen_kappa", weights="quadratic", categories=SCALE),
    "scott": coefficient("scott_pi"),
    "lin": coefficient("lin_ccc"),
    "within": coefficient("share_within", tolerance=1),
}
ALL = kappas() | ALPHAS | ICCS | {"kendall": coefficient("kendall_w")} | TWO
INCOMPLETE = kappas() | ALPHAS | {"icc-ICC(1)": ICCS["icc-ICC(1)"], "icc-ICC(k)": ICCS["icc-ICC(k)"]}
NOMINAL = {name: ALL[name] for name in ("cohen", "scott", "alpha-nominal")} | {
    name: function for name, function in ALL.items() if name.endswith("-identity")
}
LINEAR = ICCS | {"alpha-interval": ALPHAS["alpha-interval"], "lin": TWO["lin"]}


def table(seed, *, raters=3, missing=False, items=14):
    """Ratings 1..5 that agree more than chance, no two cells of a seed depending on the order drawn."""
    rng = np.random.default_rng(seed)
    drawn = np.clip(rng.integers(1, 6, (items, 1)) + rng.integers(-1, 2, (items, raters)), 1, 5).astype(float)
    if missing:
        drawn[rng.random(drawn.shape) < 0.25] = NAN
        drawn[0] = drawn[0, 0] = 3.0
        drawn[1, :2] = [1.0, 2.0]
    return drawn


def raters_of(name):
    return 2 if name in TWO else 3


@pytest.mark.parametrize("name", ALL)
@SETTINGS
@given(seed=st.integers(0, 10**6))
def test_order_of_items_and_raters_changes_nothing(name, seed):
    ratings = table(seed, raters=raters_of(name))
    rng = np.random.default_rng(seed)
    shuffled = ratings[rng.permutation(len(ratings))][:, rng.permutation(ratings.shape[1])]
    first, second = ALL[name](ratings), ALL[name](shuffled)
    assert second.value == pytest.approx(first.value, abs=1e-11, nan_ok=True)
    assert second.standard_error == pytest.approx(first.standard_error, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("name", NOMINAL)
@SETTINGS
@given(seed=st.integers(0, 10**6))
def test_relabelling_categories_changes_no_nominal_coefficient(name, seed):
    ratings = table(seed, raters=raters_of(name))
    relabelled = np.array([0, 4, 1, 5, 2, 3])[ratings.astype(int)].astype(float)
    assert NOMINAL[name](relabelled).value == pytest.approx(NOMINAL[name](ratings).value, abs=1e-12)


@pytest.mark.parametrize("name", LINEAR)
@SETTINGS
@given(seed=st.integers(0, 10**6), shift=st.integers(-1000, 1000), scale=st.integers(1, 50))
def test_linear_change_of_scale_changes_no_interval_coefficient(name, seed, shift, scale):
    ratings = table(seed, raters=raters_of(name))
    moved = shift + scale * ratings / 8
    assert LINEAR[name](moved).value == pytest.approx(LINEAR[name](ratings).value, abs=1e-9, nan_ok=True)


@SETTINGS
@given(seed=st.integers(0, 10**6))
def test_any_increasing_change_of_scale_leaves_ordinal_alpha_and_kendall(seed):
    ratings = table(seed)
    for name in ("alpha-ordinal", "kendall"):
        assert ALL[name](ratings**3 - 7).value == pytest.approx(ALL[name](ratings).value, abs=1e-12)


@SETTINGS
@given(seed=st.integers(0, 10**6), scale=st.integers(1, 50))
def test_change_of_unit_leaves_ratio_alpha(seed, scale):
    ratings = table(seed)
    found = ALPHAS["alpha-ratio"](ratings * scale).value
    assert found == pytest.approx(ALPHAS["alpha-ratio"](ratings).value, abs=1e-12)


@pytest.mark.parametrize("name", ALL)
def test_perfect_agreement_is_one(name):
    ratings = np.repeat(np.array([1.0, 2, 3, 4, 5, 1, 2])[:, None], raters_of(name), axis=1)
    assert ALL[name](ratings).value == pytest.approx(1.0, abs=1e-14)


@pytest.mark.parametrize("name", ALL)
@SETTINGS
@given(seed=st.integers(0, 10**6))
def test_never_above_one_and_interval_around_the_value(name, seed):
    found = ALL[name](table(seed, raters=raters_of(name)))
    assert found.value <= 1 + 1e-12
    if found.standard_error > 0:
        assert found.interval[0] <= found.value <= found.interval[1] <= 1 + 1e-12


@pytest.mark.parametrize("name", ["alpha-nominal", "alpha-ordinal", "alpha-interval", "alpha-ratio"])
@SETTINGS
@given(seed=st.integers(0, 10**6))
def test_item_with_a_single_rating_leaves_alpha(name, seed):
    ratings = table(seed)
    single = np.vstack([ratings, [5.0, NAN, NAN]])
    assert ALL[name](single).value == pytest.approx(ALL[name](ratings).value, abs=1e-14)


@pytest.mark.parametrize("name", ALL)
@SETTINGS
@given(seed=st.integers(0, 10**6))
def test_influence_values_sum_to_zero(name, seed):
    found = ALL[name](table(seed, raters=raters_of(name)))
    assert found.influence is not None
    assert found.influence.shape == (14,)
    assert found.influence.sum() == pytest.approx(0.0, abs=1e-10)


def repeated(ratings, times):
    return np.repeat(ratings, times, axis=0)


@pytest.mark.parametrize("name", [name for name in ALL if not name.startswith(("alpha", "icc"))])
@SETTINGS
@given(seed=st.integers(0, 10**6))
def test_influence_is_the_derivative_by_an_items_weight(name, seed):
    """Numerically: item 0 counts k + 1 times and all others k times, for k large (Richardson in 1 / k)."""
    ratings = table(seed, raters=raters_of(name), items=8)
    base = ALL[name](ratings)

    def slope(k):
        times = np.full(len(ratings), k)
        times[0] += 1
        return (ALL[name](repeated(ratings, times), interval=None).value - base.value) * k

    extrapolated = 2 * slope(160) - slope(80)
    assert base.influence[0] == pytest.approx(extrapolated, abs=2e-3 * max(1, abs(base.influence[0])))


@pytest.mark.parametrize("name", [name for name in INCOMPLETE if name.startswith(("alpha", "icc"))])
@SETTINGS
@given(seed=st.integers(0, 10**6))
def test_influence_is_the_directional_derivative_where_the_total_matters(name, seed):
    """alpha and the ICC depend on n - 1: total weight held, one item up and the others down."""
    from ogp_analysis.agreement.krippendorff import _alpha_statistic
    from ogp_analysis.agreement.mean_squares import statistic as icc_statistic

    ratings = agreement.as_ratings(table(seed, missing=True))
    kind = name.split("-", 1)[1]
    found = (
        _alpha_statistic(ratings, kind, None) if name.startswith("alpha") else icc_statistic(ratings, kind)
    )
    used = found.active * found.multiplicity
    place, step = int(np.argmax(found.active)), 1e-5
    direction = -used / used.sum()
    direction[place] += 1
    up, down = found.values(np.vstack([used + step * direction, used - step * direction]))
    influence = INCOMPLETE[name](ratings).influence
    expected = influence[np.argmax(found.pattern == place)]
    assert (up - down) / (2 * step) == pytest.approx(expected, abs=1e-6)


DISTANCE = {
    "nominal": lambda x, y, _: float(x != y),
    "interval": lambda x, y, _: (x - y) ** 2,
    "ratio": lambda x, y, _: ((x - y) / (x + y)) ** 2,
    "ordinal": lambda x, y, pool: (
        (sum(min(x, y) <= v <= max(x, y) for v in pool) - (pool.count(x) + pool.count(y)) / 2) ** 2
    ),
}


@pytest.mark.parametrize("measurement", DISTANCE)
@pytest.mark.parametrize("seed", range(15))
def test_alpha_equals_a_slow_double_loop(measurement, seed):
    """Krippendorff (2011): pairs within units over all pairs, each metric from its definition."""
    rows = [[v for v in row if v == v] for row in table(seed, missing=True)]
    rows = [row for row in rows if len(row) > 1]
    pool = [v for row in rows for v in row]
    far = DISTANCE[measurement]
    observed = sum(
        far(x, y, pool) / (len(row) - 1) for row in rows for x, y in itertools.permutations(row, 2)
    )
    expected = sum(far(x, y, pool) for x, y in itertools.permutations(pool, 2))
    slow = 1 - (len(pool) - 1) * observed / expected
    found = agreement.krippendorff_alpha(table(seed, missing=True), measurement=measurement)
    assert found.value == pytest.approx(slow, abs=1e-12)


@pytest.mark.parametrize("seed", range(15))
def test_chance_corrected_coefficients_equal_a_slow_double_loop(seed):
    """Percent agreement, Fleiss, Conger and AC2 with linear weights, ratings and raters one by one."""
    ratings = table(seed, missing=True)
    w = lambda x, y: 1 - abs(x - y) / 4  # noqa: E731
    rows = [[v for v in row if v == v] for row in ratings]
    agree = [np.mean([w(x, y) for x, y in itertools.permutations(row, 2)]) for row in rows if len(row) > 1]
    p_a = np.mean(agree)
    pi = {k: np.mean([row.count(k) / len(row) for row in rows if row]) for k in SCALE}
    fleiss = sum(w(k, m) * pi[k] * pi[m] for k in SCALE for m in SCALE)
    total = sum(w(k, m) for k in SCALE for m in SCALE)
    gwet = total / 20 * sum(pi[k] * (1 - pi[k]) for k in SCALE)
    columns = [[v for v in column if v == v] for column in ratings.T]
    chance = [
        sum(w(k, m) * g.count(k) / len(g) * h.count(m) / len(h) for k in SCALE for m in SCALE)
        for g, h in itertools.permutations(columns, 2)
    ]
    expected = {"fleiss_kappa": fleiss, "gwet_ac": gwet, "conger_kappa": np.mean(chance)}
    for name, p_e in expected.items():
        found = getattr(agreement, name)(ratings, weights="linear", categories=SCALE).value
        assert found == pytest.approx((p_a - p_e) / (1 - p_e), abs=1e-12), name


@pytest.mark.parametrize("seed", range(10))
def test_equalities_between_coefficients(seed):
    """Quadratic kappa nears ICC(A,1); alpha is pi's with n / (n - 1); BP of two categories is 2 p_a - 1."""
    ratings = table(seed, raters=2, items=60)
    pi = agreement.scott_pi(ratings).value
    n = ratings.size
    alpha = agreement.krippendorff_alpha(ratings, measurement="nominal").value
    assert 1 - alpha == pytest.approx((1 - pi) * (n - 1) / n, abs=1e-12)
    quadratic = agreement.cohen_kappa(ratings, weights="quadratic").value
    assert quadratic == pytest.approx(agreement.lin_ccc(ratings).value, abs=1e-12)
    assert quadratic == pytest.approx(agreement.icc(ratings, form="ICC(A,1)").value, abs=0.02)
    binary = (ratings > 3).astype(float)
    p_a = agreement.percent_agreement(binary).value
    pabak = agreement.prevalence_bias(binary, categories=[0, 1]).pabak.value
    assert pabak == pytest.approx(2 * p_a - 1, abs=1e-12)
    assert agreement.conger_kappa(ratings).value == agreement.cohen_kappa(ratings).value
    assert agreement.fleiss_kappa(ratings).value == agreement.scott_pi(ratings).value
