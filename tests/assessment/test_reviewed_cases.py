"""Cases that an independent review found wrong once; each with the value that the formula gives."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ogp_analysis import agreement, ratings
from ogp_analysis.agreement import results as agreement_results
from ogp_analysis.assessment import conflicts, whole_assessment
from ogp_analysis.errors import OgpError
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.records import Indicator
from ogp_analysis.sensitivity import (
    WeightBelief,
    headline,
    interval_probability,
    nearest_category,
    results,
    simplices,
)
from ogp_analysis.sensitivity import study as sensitivity_study
from ogp_analysis.sensitivity.rescoring import scoring_of

COLUMNS = ["proposal", "indicator", "panel", "evaluator", "role", "rating"]
FEASIBILITY = ("time", "complexity", "resources", "willingness")


@pytest.fixture
def counted(tmp_path):
    """Make parameters in which reiterations are computed from counts."""
    from ogp_analysis.packaged import DATA

    packaged = DATA / "methods" / "ecuador-2019.yaml"
    old = "{name: reiterations, minimum: 1, maximum: 5, step: 1, direction: higher is better, coding: rated}"

    def make(coding, direction="higher is better"):
        new = f"{{name: reiterations, minimum: 1, maximum: 5, direction: {direction}, coding: {coding}}}"
        (tmp_path / "m.yaml").write_text(
            packaged.read_text(encoding="utf-8").replace(old, new), encoding="utf-8"
        )
        return params.from_values(params.baseline() | {"method": "m.yaml"}, folder=tmp_path)

    return make


def rated(proposal, *, working_group=(1, 5), core_group=(4, 4)):
    """Rate feasibility 4 and alignment 4 throughout, potential impact as given, reiterations never."""
    rows = [
        (proposal, name, panel, panel, "independent", 4)
        for name in FEASIBILITY
        for panel in ("lead", "counterpart")
    ]
    pairs = {"alignment": ((4, 4), (4, 4)), "potential_impact": (working_group, core_group)}
    for indicator, sides in pairs.items():
        for panel, side in zip(("working_group", "core_group"), sides, strict=True):
            rows += [
                (proposal, indicator, panel, f"{panel}{k}", "independent", r) for k, r in enumerate(side)
            ]
    return pd.DataFrame(rows, columns=COLUMNS)


def given(ratings, counts):
    proposals = pd.DataFrame({"proposal": list(counts), "reiterations": list(counts.values()), "route": ""})
    empty = pd.DataFrame()
    return Inputs(ratings=ratings, proposals=proposals, decisions=empty, evaluators=empty)


def test_a_count_needs_no_third_evaluation_and_bounds_know_it(counted):
    """Relevance is (1 + 2.5 to 4.5 + 4) / 3 = 2.5 to 3.17: medium whatever the third rating is."""
    both = pd.concat([rated("P1"), rated("P2", working_group=(4, 4))])
    assigned = whole_assessment.assess(given(both, {"P1": 3, "P2": 9}), counted("binned")).assigned
    assert assigned.loc["P1", ["category_by_rule", "possible"]].tolist() == [2, "2"]


@pytest.mark.parametrize(
    ("direction", "expected"), [("higher is better", [2, 3, 5, 3]), ("lower is better", [4, 3, 1, 3])]
)
def test_counts_follow_the_direction_of_their_indicator(counted, direction, expected):
    ratings = pd.concat([rated(f"P{k}", working_group=(4, 4)) for k in range(4)])
    counts = {"P0": 1, "P1": 2, "P2": 4, "P3": 2}
    scores = whole_assessment.assess(given(ratings, counts), counted("share", direction)).scores
    assert scores["reiterations"].tolist() == expected


def test_no_reiteration_at_all_is_the_lowest_share_not_nothing(counted):
    scores = whole_assessment.assess(
        given(rated("P1", working_group=(4, 4)), {"P1": 0}), counted("share")
    ).scores
    assert scores["reiterations"].tolist() == [1]


def test_what_nobody_rated_is_left_out_of_the_bounds_where_missing_is_available():
    """Alignment 4 with potential impact 2.5 to 4.5, half each: 3.25 to 4.25, medium or high."""
    parameters = params.from_values(params.baseline() | {"missing": "available"})
    assigned = whole_assessment.assess(given(rated("P1"), {"P1": 1}), parameters).assigned
    assert assigned["possible"].tolist() == ["1 2"]


def test_a_missing_rating_is_no_second_opinion():
    parameters = params.from_values(params.baseline() | {"missing": "available"})
    frame = rated("P1", core_group=(4, np.nan))
    settled = whole_assessment.assess(given(frame, {"P1": 1}), parameters).settled
    row = settled[(settled["indicator"] == "potential_impact") & (settled["pair"] == "core_group")].iloc[0]
    assert (row["status"], row["score"]) == ("single", 4)


def test_a_rating_without_its_rater_is_refused_not_given_to_another():
    columns = {"item": [1, 1, 2, 2, 1], "rater": ["a", "b", "a", "b", None], "value": [1, 2, 3, 3, 9]}
    with pytest.raises(OgpError, match="rater"):
        agreement.from_long(pd.DataFrame(columns), item="item", rater="rater", value="value")


def test_hundreds_of_raters_are_coded():
    ratings = np.random.default_rng(5).integers(1, 6, size=(4, 397)).astype(float)
    assert np.isfinite(agreement.gwet_ac(ratings, interval=None).value)


def test_a_scale_in_tenths_holds_the_tenths_one_writes():
    assert 1.7 in Indicator("x", "c", 1, 3, 0.1).scale


def test_a_corner_on_the_cut_is_on_it():
    """Every allowed weighting scores 0.2 x 1 + 0.8 x 2 = 1.8 exactly."""
    found = interval_probability([[1, 2, 2, 2]], [1.8], low=[0.2, 0.1, 0, 0], high=[0.2, 0.1, 1, 1])
    assert np.asarray(getattr(found, "probability", found)).item() == 1


def test_variance_components_without_a_residual_are_the_variances_of_what_is_seen():
    """Three items 1, 2, 3 in perfect agreement: variance 1, nothing else."""
    found = agreement.variance_components([[1, 1], [2, 2], [3, 3]])
    assert found.components["item"].value == pytest.approx(1, rel=1e-9)
    assert found.components["residual"].value == pytest.approx(0, abs=1e-12)


def test_the_interval_of_an_icc_needs_a_residual_not_a_standard_error():
    """One constant rater; limits of pingouin 0.7, printed to two decimals."""
    ratings = [[1, 2], [1, 3], [1, 1], [1, 4], [1, 5]]
    low, high = agreement.icc(ratings, form="ICC(C,1)").interval
    assert (round(low, 2), round(high, 2)) == (-0.81, 0.81)


def test_seats_of_another_method_hold_their_stake_by_design():
    frame = pd.DataFrame([("P1", "x", "ministry", "E1", "independent", 4)], columns=COLUMNS)
    evaluators = pd.DataFrame({"evaluator": ["E1"], "organisation": ["M"]})
    proposals = pd.DataFrame({"proposal": ["P1"], "lead": ["M"], "counterparts": [""]})
    assert conflicts.conflicts(frame, evaluators, proposals).tolist() == [True]
    assert conflicts.conflicts(frame, evaluators, proposals, seats=("ministry", "partner")).tolist() == [
        False
    ]


TWO_RATERS = [[1, 1], [2, 2], [3, 2], [1, 2], [4, 5], [5, 3], [2, 4], [3, 3]]
FAR = [1, 2, 3, 4, 5, 10**6]


def exact_coefficients(rows, categories):
    """1 - D_o / D_e with squared distances, on fractions; Gwet's from weights over the largest distance."""

    def share(values):
        return {k: Fraction(values.count(k), len(values)) for k in categories}

    def expected(p, r):
        return sum(p[k] * r[m] * Fraction((k - m) ** 2) for k in categories for m in categories)

    first, second = (share([row[side] for row in rows]) for side in (0, 1))
    pooled, q = share([value for row in rows for value in row]), len(categories)
    observed = Fraction(sum((x - y) ** 2 for x, y in rows), len(rows))
    mean = Fraction(sum((k - m) ** 2 for k in categories for m in categories), q**2)
    most = Fraction((max(categories) - min(categories)) ** 2)
    chance = q**2 * (1 - mean / most) / (q * (q - 1)) * sum(p * (1 - p) for p in pooled.values())
    return {
        "cohen_kappa": 1 - observed / expected(first, second),
        "conger_kappa": 1 - observed / expected(first, second),
        "scott_pi": 1 - observed / expected(pooled, pooled),
        "fleiss_kappa": 1 - observed / expected(pooled, pooled),
        "brennan_prediger": 1 - observed / mean,
        "gwet_ac": 1 - (observed / most) / (1 - chance),
    }


@pytest.mark.parametrize("categories", [[1, 2, 3, 4, 5], FAR, [-(10**7), *FAR]])
@pytest.mark.parametrize("name", list(exact_coefficients(TWO_RATERS, FAR)))
def test_a_far_category_that_nobody_used_costs_no_digits(name, categories):
    truth = exact_coefficients(TWO_RATERS, categories)[name]
    found = getattr(agreement, name)(TWO_RATERS, weights="quadratic", categories=categories)
    assert found.value == pytest.approx(float(truth), rel=0, abs=4e-16)


@pytest.mark.parametrize("name", ["cohen_kappa", "conger_kappa", "scott_pi", "fleiss_kappa"])
@pytest.mark.parametrize("weights", ["linear", "quadratic", "radical", "ratio"])
def test_what_an_unused_category_leaves_alone_keeps_its_standard_error(name, weights):
    call = getattr(agreement, name)
    near = call(TWO_RATERS, weights=weights, categories=[1, 2, 3, 4, 5])
    far = call(TWO_RATERS, weights=weights, categories=FAR)
    assert far.value == pytest.approx(near.value, rel=1e-13, abs=0)
    assert far.standard_error == pytest.approx(near.standard_error, rel=1e-13, abs=0)
    assert far.interval == pytest.approx(near.interval, rel=1e-13, abs=0)


def test_one_used_category_is_no_variation_however_far_the_others():
    found = agreement.cohen_kappa([[1, 1], [1, 1]], weights="quadratic", categories=FAR)
    assert np.isnan(found.value)
    assert found.note == "no_variation"


def test_alpha_with_an_own_metric_is_not_undefined_for_a_far_unused_category():
    places = np.array([1, 2, 3, 4, 5, 1e9])
    metric = np.square(places[:, None] - places)
    found = agreement.krippendorff_alpha(TWO_RATERS, measurement=metric, categories=places.tolist())
    # Over ordered pairs of the 16 ratings, squared differences sum to 2 (16 sum of squares - sum squared).
    squares = sum(x * x for row in TWO_RATERS for x in row)
    total = sum(x for row in TWO_RATERS for x in row)
    within = 2 * sum((x - y) ** 2 for x, y in TWO_RATERS)
    truth = 1 - Fraction(15 * within, 2 * (16 * squares - total**2))
    assert found.value == pytest.approx(float(truth), rel=1e-13, abs=0)


CLUSTERS = ["a", "a", "b", "b", "c", "d", "d", "d"]
OTHER_TWO = [[1, 2], [2, 2], [3, 3], [1, 1], [4, 4], [5, 3], [2, 3], [3, 1]]


def clustered(rows=TWO_RATERS, **options):
    return agreement.percent_agreement(rows, **options)


def test_a_difference_of_clustered_coefficients_is_clustered_without_being_told():
    first, second = (clustered(rows, cluster=CLUSTERS) for rows in (TWO_RATERS, OTHER_TWO))
    found = agreement.difference(first, second)
    # Agreeing in 3 and in 4 of 8 items; differences by item, less their mean -1/8, summed by cluster.
    apart = [(x == y) - (v == w) for (x, y), (v, w) in zip(TWO_RATERS, OTHER_TWO, strict=True)]
    sums = [
        sum(value - np.mean(apart) for value, name in zip(apart, CLUSTERS, strict=True) if name == one) / 8
        for one in "abcd"
    ]
    assert found.standard_error == pytest.approx(np.sqrt(4 / 3 * np.square(sums).sum()), rel=1e-12)
    assert found.n_units == 4
    told = agreement.difference(first, second, cluster=CLUSTERS)
    assert (told.standard_error, told.interval) == (found.standard_error, found.interval)
    bare = agreement.difference(clustered(), clustered(OTHER_TWO))
    assert bare.standard_error != pytest.approx(found.standard_error, rel=1e-3)


def test_a_difference_does_not_count_a_cluster_that_neither_coefficient_used():
    empty = [[None, None]]
    first, second = (clustered(rows + empty, cluster=[*CLUSTERS, "e"]) for rows in (TWO_RATERS, OTHER_TWO))
    without = [clustered(rows, cluster=CLUSTERS) for rows in (TWO_RATERS, OTHER_TWO)]
    found, truth = agreement.difference(first, second), agreement.difference(*without)
    assert (found.n_units, truth.n_units) == (4, 4)
    assert found.standard_error == pytest.approx(truth.standard_error, rel=1e-12)


@pytest.mark.parametrize(
    ("first", "second", "options", "message"),
    [
        ({"cluster": CLUSTERS}, {}, {}, "first by 4 clusters; second by items; compute both"),
        ({}, {"cluster": CLUSTERS}, {}, "first by items; second by 4 clusters"),
        ({"cluster": CLUSTERS}, {"cluster": "aabbbcdd"}, {}, "first by 4 clusters; second by 4 clusters"),
        (
            {"cluster": CLUSTERS},
            {"cluster": CLUSTERS},
            {"cluster": "aaaabbbb"},
            "first by 4 clusters; second by 4 clusters; difference by 2 clusters",
        ),
        ({"population": 20}, {}, {}, "not drawn from the same population: 20, ∞"),
        ({"population": 20}, {"population": 20}, {"population": 30}, "population: 20, 20, 30"),
    ],
)
def test_a_difference_of_coefficients_that_were_drawn_otherwise_is_refused(first, second, options, message):
    with pytest.raises(OgpError, match=message):
        agreement.difference(clustered(**first), clustered(OTHER_TWO, **second), **options)


def test_a_difference_takes_the_population_of_its_coefficients():
    infinite = agreement.difference(clustered(), clustered(OTHER_TWO))
    found = agreement.difference(clustered(population=32), clustered(OTHER_TWO, population=32))
    assert found.standard_error == pytest.approx(infinite.standard_error * np.sqrt(3 / 4), rel=1e-12)
    # Every item a cluster of its own is the same as no clusters.
    alone = [clustered(rows, cluster=range(8)) for rows in (TWO_RATERS, OTHER_TWO)]
    assert agreement.difference(*alone).standard_error == pytest.approx(infinite.standard_error, rel=1e-12)


def test_the_benchmark_counts_clusters_and_not_items():
    from scipy import stats

    found = clustered(cluster=CLUSTERS)
    _, table = agreement.benchmark(found)
    t = stats.t(df=3, loc=found.value, scale=found.standard_error)
    assert table["cumulative"][2] == pytest.approx((t.cdf(1) - t.cdf(0.4)) / t.cdf(1), rel=1e-9)


def test_one_complete_item_has_no_concordance_for_that_reason():
    found = agreement.kendall_w([[1, 2, 3]])
    assert np.isnan(found.value)
    assert found.note == "one_item"
    assert agreement.kendall_w([[1, 2], [1, None]]).note == "one_item"
    assert agreement.kendall_w([[1, 2], [1, 2]]).note == "no_variation"


def test_a_share_of_a_finite_population_of_pairs():
    # Half of 10 pairs within, of 40: Wilson's interval with n = 10 / (1 - 10 / 40) = 40 / 3, z = 1.959964.
    rows = [[1, 1]] * 5 + [[1, 5]] * 5
    found = agreement.share_within(rows, population=40)
    z2, n = 1.959963984540054**2, 40 / 3
    half = np.sqrt(z2) * np.sqrt(0.25 / n + z2 / (4 * n * n)) / (1 + z2 / n)
    assert found.interval == pytest.approx((0.5 - half, 0.5 + half), rel=1e-12)
    infinite = agreement.share_within(rows)
    assert found.standard_error == pytest.approx(infinite.standard_error * np.sqrt(3 / 4), rel=1e-12)
    assert agreement.share_within(rows, population=10).interval == (0.5, 0.5)
    assert agreement.third_evaluation_rate(rows, population=10).interval == (0.5, 0.5)
    with pytest.raises(OgpError, match="population is 9, fewer than the 10 rated"):
        agreement.share_within(rows, population=9)
    all_of_them = agreement.share_within(rows, cluster=list("aabbccddee"), population=5)
    assert all_of_them.interval == pytest.approx((0.5, 0.5))


def test_prevalence_and_bias_of_a_finite_population():
    rows = [[1, 1]] * 5 + [[1, 2]] * 3 + [[2, 2]] * 2
    found, infinite = agreement.prevalence_bias(rows, population=40), agreement.prevalence_bias(rows)
    for name in ("prevalence_index", "bias_index", "pabak"):
        expected = getattr(infinite, name).standard_error * np.sqrt(3 / 4)
        assert getattr(found, name).standard_error == pytest.approx(expected, rel=1e-12)


ONE_OF_EACH = {
    "category_by_rule": {"P1": 1, "P2": None},
    "left_out": [],
    "errors_known": True,
    "weights_believed": False,
    "in_doubt": ["weights", "cuts", "rule", "evaluators"],
    **dict.fromkeys(
        ("in_category_1", "robust", "review", "fragile", "fragile_near", "undetermined", "third_filled"), 1
    ),
    "third_lacking": 1,
    **dict.fromkeys(("ten_stay", "ten_stay_weights", "largest_assumption_share"), 0.5),
    **dict.fromkeys(("ten_stay_error", "ten_stay_weights_error"), 0.0),
    "largest_assumption": "cuts",
    "largest_assumptions": {"cuts": 0.5},
}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "by the rule, of 2 proposals 1 is judged (with the mean of the pair in place of 1 third "
            "evaluation that is lacking): 1 holds under other weights and in another round of ratings, 1 "
            "holds under other weights but may move in another round of ratings and 1 "
            "depends on the weights (even near the baseline weights); 1 cannot be judged because third "
            "evaluations are lacking. A proposal holds under other weights if it keeps its category under at "
            "least 95% of all possible weightings of the indicators",
        ),
        (
            "es",
            "según la regla, de 2 propuestas se juzga 1 (con la media del par en lugar de 1 tercera "
            "evaluación que falta): 1 se mantiene con otros pesos y en otra ronda de calificaciones; 1 se "
            "mantiene con otros pesos, pero podría moverse en otra ronda de calificaciones; "
            "y 1 depende de los pesos (aun con pesos cercanos al escenario base); 1 no se puede juzgar "
            "porque faltan terceras evaluaciones. Una propuesta se mantiene con otros pesos si conserva su "
            "categoría con al menos el 95% de todas las ponderaciones posibles",
        ),
    ],
)
def test_the_bottom_line_says_one_in_the_singular(language, said):
    values = results.headline_values(ONE_OF_EACH, language)
    found = texts.say("headline.sensitivity", language, **values)
    assert found.replace("\N{NO-BREAK SPACE}", "").replace(" %", "%").startswith(said)
    assert {"en": "the one of category 1 stays", "es": "permanece la única de la categoría 1"}[
        language
    ] in found
    # Of one it is not said that at least one is lost.
    assert {"en": "it leaves category 1 in the other 50.0%", "es": "sale de la categoría 1 en el 50,0"}[
        language
    ] in found
    always = texts.say("headline.sensitivity_still", language, **values)
    assert {"en": "puts in category 1 stays there under every", "es": "permanece en ella con cada"}[
        language
    ] in always


@pytest.fixture(scope="module")
def example():
    parameters = params.from_values(params.baseline() | {"n_draws": 500, "conflict": "exclude"})
    return parameters, ratings.load(parameters)


def without_stakes(inputs, parameters):
    """Drop by hand what ``conflict: exclude`` has to drop: who rates a proposal of the own organisation."""
    organisation = dict(inputs.evaluators[["evaluator", "organisation"]].itertuples(index=False))
    involved = {
        row.proposal: {name.strip() for name in f"{row.lead};{row.counterparts}".split(";")}
        for row in inputs.proposals.fillna("").itertuples()
    }
    kept = [
        row.panel in parameters.method.seats or organisation.get(row.evaluator) not in involved[row.proposal]
        for row in inputs.ratings.itertuples()
    ]
    assert not all(kept)
    return replace(inputs, ratings=inputs.ratings[kept])


def test_ratings_with_a_stake_are_left_out_of_agreement_and_sensitivity(example):
    parameters, inputs = params.with_values(example[0], n_resamples=100), example[1]
    dropped, keep = without_stakes(inputs, parameters), params.with_values(parameters, conflict="keep")
    found, truth = (agreement_results.tables(*run) for run in ((inputs, parameters), (dropped, keep)))
    for name in ("coefficients", "differences"):
        pd.testing.assert_frame_equal(found[name], truth[name])
    proposals = sorted(dropped.ratings["proposal"].unique())
    excluded = scoring(inputs, parameters, proposals=proposals).own
    assert np.array_equal(excluded, scoring(dropped, keep, proposals=proposals).own)
    assert not np.array_equal(excluded, scoring(inputs, keep, proposals=proposals).own)


def scoring(inputs, parameters, *, proposals):
    """Scores of the second criterion, relevance."""
    return scoring_of(
        whole_assessment.used_sheets(inputs, parameters).rows(proposals).criteria[1], parameters
    )


def test_no_rule_and_no_evaluator_changes_what_is_counted(counted):
    parameters = counted("share")
    both = pd.concat([rated("P1", working_group=(3, 4)), rated("P2")], ignore_index=True)
    inputs = given(both, {"P1": 2, "P2": 4})
    study = sensitivity_study.prepare(inputs, parameters)
    everything = study.portfolio.inputs(40, np.random.SeedSequence(1))
    _, relevance = study.portfolio.indicator_scores(everything)
    # Shares 2 / 4 and 4 / 4 of the largest count on a scale from 1 to 5; reiterations come first.
    assert np.all(relevance[:, 0, 0] == 3)
    assert np.all(relevance[:, 1, 0] == 5)
    assert len(np.unique(relevance[:, 0, 1])) > 1


def test_weights_are_drawn_where_no_exact_route_serves(example, monkeypatch):
    parameters, inputs = example
    prepared = sensitivity_study.prepare(
        inputs, params.with_values(parameters, conflict="keep", n_draws=4000)
    )
    portfolio = prepared.portfolio
    exact, none = results.ten_under_weights(prepared)
    assert none == 0
    # Dirichlet weights with all parameters 1 are the uniform ones, but have no exact route.
    flat = tuple(
        WeightBelief(
            tuple(one.name for one in criterion.indicators), alpha=(1.0,) * len(criterion.indicators)
        )
        for criterion in parameters.method.criteria
    )
    share, error = results.ten_under_weights(replace(prepared, portfolio=replace(portfolio, beliefs=flat)))
    assert 0 < error < 0.01
    assert share == pytest.approx(exact, abs=5 * error)
    # Where every pair of levels is category 1, every weighting keeps all in it.
    everything = replace(portfolio, table=np.ones((3, 3), dtype=int))
    assert results.ten_under_weights(replace(prepared, portfolio=everything))[0] == 1
    # More constraints than are searched: drawn too.
    monkeypatch.setattr(simplices, "LARGEST_SEARCH", 0)
    share, error = results.ten_under_weights(prepared)
    assert error > 0
    assert share == pytest.approx(exact, abs=5 * error)


def test_a_category_that_no_weighting_changes_is_said_so(example):
    parameters, inputs = example
    prepared = sensitivity_study.prepare(inputs, params.with_values(parameters, conflict="keep"))
    flip = nearest_category(
        [[[5, 5]], [[5, 5]]], [[0.5, 0.5]] * 2, cuts=[[2.5, 3.5]] * 2, table=prepared.portfolio.table
    )
    assert np.isinf(flip.distance[0])
    assert headline.flip_words(prepared, flip, 0, "en", kept=1.0) == texts.say("sensitivity.flip.never", "en")


def test_a_weighting_on_the_edge_is_told_from_one_that_counts(example):
    parameters, inputs = example
    prepared = sensitivity_study.prepare(inputs, params.with_values(parameters, conflict="keep"))
    # Only all weight on the one indicator at 3.5 reaches the cut point there.
    weights = (np.full(4, 0.25), np.full(3, 1 / 3))
    scores = [np.array([[3.0, 3.0, 3.0, 3.5]]), np.full((1, 3), 5.0)]
    cuts = np.array([[2.5, 3.5]] * 2)
    flip = nearest_category(scores, weights, cuts=cuts, table=prepared.portfolio.table)
    study = SimpleNamespace(axes=prepared.axes)
    edge = texts.say("sensitivity.flip.edge", "es")
    assert headline.flip_words(study, flip, 0, "es", kept=1.0).endswith(f". {edge}")
    assert not headline.flip_words(study, flip, 0, "es", kept=0.999).endswith(edge)
