"""Shares of weightings for every way of adding up: closed forms, drawn weights, and the assessment itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ogp_analysis.assessment import whole_assessment
from ogp_analysis.errors import ParameterError, StatisticsError
from ogp_analysis.model import params
from ogp_analysis.model.parameter_rules import AGGREGATIONS
from ogp_analysis.sensitivity import aggregated_probability, read_belief, result_tables, results, study
from ogp_analysis.sensitivity.adding_study import central_weights_of, weight_intervals
from ogp_analysis.sensitivity.beliefs import WeightBelief
from ogp_analysis.sensitivity.cut_steps import steps_frame
from ogp_analysis.sensitivity.other_ways import other_ways, ways_counts, ways_frame, ways_words
from tests.sensitivity.any_method import of_method, rated

DRAWS = 40_000
CHANGES = [{"aggregation": way} for way in AGGREGATIONS if way != "mean"] + [{"veto": 3}]


def plainly(scores: np.ndarray, weights: np.ndarray, way: str, majority: float) -> np.ndarray:
    """Scores (m, n) added up with each of many weightings (draws, n), by the definition; (m, draws)."""
    if way == "mean":
        return scores @ weights.T
    if way == "geometric":
        return np.exp(np.log(scores) @ weights.T)
    if way == "harmonic":
        return 1 / ((1 / scores) @ weights.T)
    share = {"median": 0.5, "minimum": 1.0}.get(way, majority)
    made = np.empty((len(scores), len(weights)))
    for row, own in enumerate(scores):
        reached = np.stack([weights[:, own >= point].sum(axis=1) >= share - 1e-12 for point in own], axis=1)
        made[row] = np.where(reached, own, -np.inf).max(axis=1)
    return made


@pytest.mark.parametrize("way", AGGREGATIONS)
@pytest.mark.parametrize("belief", ["uniform", "dirichlet", "between 0.1 and 0.5"])
def test_shares_are_those_of_weights_drawn_here(way, belief):
    rng = np.random.default_rng(4)
    scores, cuts = rng.integers(2, 11, (12, 4)) / 2, [2.25, 3.0, 3.8]
    names, alpha = ("a", "b", "c", "d"), np.ones(4)
    known = None
    if belief == "dirichlet":
        alpha = 6 * np.array([0.4, 0.3, 0.2, 0.1])
        known = read_belief("dirichlet 6", names, baseline=[0.4, 0.3, 0.2, 0.1])
    elif belief != "uniform":
        known = read_belief(belief, names)
    weights = rng.dirichlet(alpha, 4 * DRAWS)
    if belief.startswith("between"):
        weights = weights[((weights >= 0.1) & (weights <= 0.5)).all(axis=1)]
    drawn = plainly(scores, weights, way, 0.6)[:, None, :] >= np.array(cuts)[:, None] - 1e-12
    share = drawn.mean(axis=2)
    found = aggregated_probability(scores, cuts, aggregation=way, majority=0.6, belief=known)
    error = np.sqrt(np.maximum(share * (1 - share), 1e-5) / len(weights))
    assert np.abs(found - share).max() < 1e-3 or (np.abs(found - share) < 4.5 * error).all()


@pytest.mark.parametrize("share", [0.5, 0.6, 0.9])
def test_a_majority_of_k_of_n_indicators_is_a_beta_tail(share):
    """The weight of k of n uniform weights is Beta(k, n - k): SciPy's own tail."""
    rows = [[5.0] * k + [1.0] * (6 - k) for k in range(1, 6)]
    found = aggregated_probability(rows, [3], aggregation="majority", majority=share)[:, 0]
    assert found == pytest.approx([stats.beta.sf(share, k, 6 - k) for k in range(1, 6)], abs=1e-12)


def test_two_indicators_cross_where_algebra_says():
    """1 and 4 reach 2 from a second weight of 1/3 (mean), 1/2 (geometric), 2/3 (harmonic)."""
    found = [aggregated_probability([[1, 4]], [2], aggregation=way)[0, 0] for way in AGGREGATIONS[:3]]
    assert found == pytest.approx([2 / 3, 1 / 2, 1 / 3], abs=1e-15)


@pytest.mark.parametrize("size", [1e-6, 1e3, 1e7, 1e11])
@pytest.mark.parametrize("way", AGGREGATIONS)
def test_shares_do_not_depend_on_the_unit_of_the_scores(way, size):
    """Points, thousandths or millions: also of weights that are drawn, one of which lies near the cut."""
    scores, cuts = np.array([[1.0, 4.0], [2.0, 3.0]]), np.array([1.6, 2.5])
    harmonic_on_cut = 1 / 3 + np.array([-1e-7, 1e-7])  # of 1 and 4, which reach 2 from a second weight of 2/3
    drawn = np.stack([harmonic_on_cut, 1 - harmonic_on_cut], axis=1)[None]
    for belief in (None, WeightBelief(("a", "b"), sample=drawn)):
        plain, large = (
            aggregated_probability(unit * scores, unit * np.append(cuts, 2), aggregation=way, belief=belief)
            for unit in (1.0, size)
        )
        assert large == pytest.approx(plain, abs=1e-9)


@pytest.mark.parametrize("way", AGGREGATIONS)
def test_scores_on_the_cut_are_on_it_whatever_rounding_made_of_them(way):
    """A decimal and its two neighbours among floats are one score: every weighting reaches it."""
    for cut in (2.5, 8 / 3, 3.5, 1.3, 3.14159, 0.7):
        row = [np.nextafter(cut, 0), cut, np.nextafter(cut, 9)]
        found = aggregated_probability([row], [cut, cut + 1e-6], aggregation=way)
        assert found.tolist() == [[1.0, 0.0]], cut


def test_refusals_by_key():
    cases = [
        ("sensitivity.above_zero", {"aggregation": "harmonic"}, [[0, 3]]),
        ("sensitivity.above_zero", {"aggregation": "geometric"}, [[-1, 3]]),
        ("sensitivity.majority", {"aggregation": "majority", "majority": 1.2}, [[1, 3]]),
        ("sensitivity.majority", {"aggregation": "majority", "majority": 0}, [[1, 3]]),
    ]
    for key, how, scores in cases:
        with pytest.raises(StatisticsError) as refused:
            aggregated_probability(scores, [2], **how)
        assert refused.value.values["key"] == key
    with pytest.raises(StatisticsError, match="harmonic"):
        aggregated_probability([[1, 3]], [2], aggregation="harmónica")


@pytest.fixture(scope="module", params=CHANGES, ids=str)
def changed(request, inputs, parameters):
    other = params.with_values(parameters, n_draws=200, **request.param)
    return study.prepare(inputs, other)


def category_with(inputs, parameters, weights: dict[str, float]) -> pd.Series:
    rounded = {name: round(float(value), 12) for name, value in weights.items()}
    for criterion in parameters.method.criteria:
        names = [indicator.name for indicator in criterion.indicators]
        rounded[names[-1]] = round(1 - sum(rounded[name] for name in names[:-1]), 12)
    given = params.with_values(parameters, indicator_weights=rounded)
    return whole_assessment.assess(inputs, given).assigned["category_by_rule"]


def test_the_study_has_the_categories_of_the_assessment(changed, inputs):
    ruled = whole_assessment.assess(inputs, changed.parameters).assigned["category_by_rule"]
    assert changed.portfolio.baseline().tolist() == ruled[changed.proposals].tolist()


def test_shares_of_the_study_are_those_of_weights_drawn_here(changed):
    parameters, rng = changed.parameters, np.random.default_rng(5)
    levels = []
    for x, axis in zip(changed.scores, changed.axes, strict=True):
        weights = rng.dirichlet(np.ones(x.shape[1]), DRAWS // 4)
        made = plainly(x, weights, parameters.aggregation, parameters.majority)
        levels.append((made[..., None] >= axis.cuts - 1e-12).sum(axis=-1))
    table = np.array(parameters.method.category_table)[tuple(levels)]
    category = np.where(table == 0, np.where(changed.portfolio.route, 3, 4)[:, None], table)
    if parameters.veto != "none":
        barred = np.any([(x < parameters.veto).any(axis=1) for x in changed.scores], axis=0)
        category = np.where(barred[:, None] & (category == 1), 2, category)
    found = study.weight_acceptability(changed)
    for number in (1, 2, 3, 4):
        share = (category == number).mean(axis=1)
        error = np.sqrt(np.maximum(share * (1 - share), 1e-4) / (DRAWS // 4))
        assert (np.abs(found[:, number - 1] - share) < 4.5 * error).all()


def test_the_nearest_weighting_moves_the_category_and_a_shorter_way_does_not(changed, inputs):
    flip = study.nearest(changed)
    names = [indicator.name for indicator in changed.parameters.method.indicators]
    base = np.concatenate(changed.portfolio.weights)
    rows = np.flatnonzero(np.isfinite(flip.distance) & (flip.distance > 0.05))[:4]
    for row in rows:
        target = np.concatenate([weights[row] for weights in flip.weights])
        proposal = changed.proposals[row]
        # The lowest score goes only with the last of its weight.
        for step in (0.97, 1.0 if changed.parameters.aggregation == "minimum" else 1.01):
            weights = base + step * (target - base)
            if (weights >= 0).all():
                own = category_with(inputs, changed.parameters, dict(zip(names, weights, strict=True)))
                assert (own[proposal] != flip.current[row]) == (step >= 1)


def test_within_the_interval_of_a_weight_the_level_holds(changed):
    adding, parameters = changed.portfolio.adding, changed.parameters
    x, axis = changed.scores[1], changed.axes[1]
    interval = weight_intervals(x, axis, adding)
    own = plainly(x, axis.weights[None], parameters.aggregation, parameters.majority)[:, 0]
    level = (own[:, None] >= axis.cuts - 1e-9).sum(axis=1)
    for i in range(x.shape[1]):
        low, high = interval[:, i].T
        for part in (0.02, 0.5, 0.98):
            weight = low + part * (high - low)
            for row in np.flatnonzero(high - low > 1e-6):
                weights = np.full(x.shape[1], (1 - weight[row]) / (x.shape[1] - 1))
                weights[i] = weight[row]
                made = plainly(x[[row]], weights[None], parameters.aggregation, parameters.majority)[0, 0]
                assert (made >= axis.cuts - 1e-9).sum() == level[row]


def test_central_weights_are_means_of_the_weights_that_give_the_category(changed):
    rng, parameters = np.random.default_rng(6), changed.parameters
    central = central_weights_of(changed)[1]
    drawn = [rng.dirichlet(np.ones(part.shape[1]), 20_000) for part in changed.scores]
    levels = []
    for part, weights, one in zip(changed.scores, drawn, changed.axes, strict=True):
        made = plainly(part, weights, parameters.aggregation, parameters.majority)
        levels.append((made[..., None] >= one.cuts - 1e-12).sum(axis=-1))
    inside = (levels[0] == 2) & (levels[1] == 2)
    if parameters.veto != "none":
        inside &= ~changed.portfolio.barred(changed.scores)[:, None]
    for row in np.flatnonzero(inside.mean(axis=1) > 0.2)[:6]:
        assert central[row, 0] == pytest.approx(drawn[1][inside[row]].mean(axis=0), abs=0.02)


def test_draws_without_any_doubt_are_the_baseline(changed):
    still = replace(changed.portfolio, vary=())
    counted = still.count(3, np.random.SeedSequence(1))
    assert counted["kept"].tolist() == [3] * still.size


def test_near_the_baseline_shares_go_to_it(changed):
    curve = result_tables.curve_frame(changed)
    trusted = curve[curve["concentration"] == np.inf]
    assert (trusted["keeps"] == 1).all()
    assert curve["keeps"].between(-1e-12, 1 + 1e-12).all()


def test_steps_of_cut_points_are_the_sweep(prepared, changed):
    for one in (prepared, changed):
        steps, sweep = steps_frame(one), result_tables.sweep_frame(one)
        for key, part in sweep.groupby(["cut", "level"], sort=False):
            own = steps[(steps["cut"] == key[0]) & (steps["level"] == key[1])]
            inside = part[part["shift"] > own["shift"].min() + 1e-9]
            at = np.searchsorted(own["shift"].to_numpy() + 1e-9, inside["shift"].to_numpy()) - 1
            assert own["category_1"].to_numpy()[at].tolist() == inside["category_1"].tolist()


@pytest.fixture(scope="module")
def ways(prepared):
    return ways_frame(prepared)


class TestOtherWays:
    def test_each_is_the_assessment_with_that_parameter(self, ways, prepared, inputs):
        base = prepared.assigned["category_by_rule"]
        for way, row in zip(other_ways(prepared.parameters), ways.to_dict("records"), strict=True):
            given = params.with_values(prepared.parameters, **way.changes)
            own = whole_assessment.assess(inputs, given).assigned["category_by_rule"][base.index]
            moved = own != base
            assert (row["changed"], row["could_change"]) == (moved.sum(), 0)
            assert row["category_1"] == (own == 1).sum()
            assert row["moves"] == ", ".join(f"{code} {base[code]}→{own[code]}" for code in base.index[moved])
            assert row["entering"].split() == list(base.index[(own == 1) & (base != 1)])
            assert row["leaving"].split() == list(base.index[(own != 1) & (base == 1)])

    def test_the_sentence_counts_the_rows(self, ways):
        counts = ways_counts(ways)
        moved = {part.split()[0] for text in ways["moves"] for part in text.split(", ") if part}
        assert counts["ways_moving"] == len(moved)
        assert f"{len(moved)} propuestas" in ways_words(counts, "es")

    def test_a_baseline_of_another_way_has_the_mean_among_the_others(self, parameters):
        names = [way.name for way in other_ways(params.with_values(parameters, aggregation="median", veto=2))]
        assert names.count("mean") == 1
        assert "median" not in names
        assert "no_veto" in names
        half = params.with_values(parameters, aggregation="majority", majority=0.5)
        assert "median" not in [way.name for way in other_ways(half)]

    def test_scales_from_0_and_the_composite_get_a_sentence(self, tmp_path):
        own = of_method("ones up to a hundred, two criteria", tmp_path)
        frame = ways_frame(study.prepare(rated(own), own)).set_index("way")
        assert frame.loc["geometric", "remark_en"].startswith("needs scales above 0")
        assert frame.loc["geometric", "remark_en"].endswith("a0 is rated from 0 to 100")
        assert pd.isna(frame.loc["geometric", "changed"])
        assert frame.loc["minimum", "remark_es"] == ""
        fund = of_method("fund-with-weights", tmp_path)
        frame = ways_frame(study.prepare(rated(fund), fund))
        assert (
            frame.set_index("way")
            .loc["median", "remark_es"]
            .startswith("ordena los indicadores de un criterio")
        )
        assert ways_counts(frame)["ways_refused"] > 0
        # What the method refuses is not named among the ways that were taken.
        zero = frame[frame["way"].isin(["minimum", "veto", "median"])]
        assert "(el puntaje más bajo, vetos)" in ways_words(ways_counts(zero), "es")

    def test_of_no_judged_proposal_there_are_zeros_and_no_crash(self, inputs, prepared):
        none = replace(
            prepared,
            assigned=prepared.assigned.head(0),
            portfolio=replace(
                prepared.portfolio,
                route=prepared.portfolio.route[:0],
                scorings=tuple(
                    replace(one, sheet=_without_rows(one.sheet), own=one.own[:0])
                    for one in prepared.portfolio.scorings
                ),
            ),
        )
        frame = ways_frame(none)
        assert frame["changed"].tolist() == [0] * len(frame)
        assert ways_words(ways_counts(frame), "en").startswith(
            "If the scores of the indicators were added up"
        )
        assert len(inputs.ratings)


def _without_rows(sheet):
    return sheet.rows(np.array([], dtype=int)) if hasattr(sheet, "rows") else sheet


@pytest.mark.parametrize("name", ["jury-of-labels", "fund-with-weights", "one indicator"])
@pytest.mark.parametrize("way", ["geometric", "harmonic", "minimum", "majority"])
def test_any_method_has_a_study_in_every_way_that_fits_it(name, way, tmp_path):
    try:
        own = of_method(name, tmp_path, aggregation=way, n_draws=100)
    except ParameterError as refused:
        [problem] = refused.problems
        assert problem.rule in ("params.aggregation_scale", "params.aggregation_composite")
        return
    given = rated(own)
    prepared = study.prepare(given, own)
    ruled = whole_assessment.assess(given, own).assigned["category_by_rule"].dropna()
    assert prepared.portfolio.baseline().tolist() == ruled.tolist()
    assert study.weight_acceptability(prepared).sum(axis=1) == pytest.approx(np.ones(len(ruled)))


def test_a_whole_study_in_another_way_has_sentences_of_its_own(inputs, parameters):
    other = params.with_values(parameters, aggregation="majority", veto=3, n_draws=100)
    found = results.compute(inputs, other)
    assert set(found.summary["findings"]) == {"en", "es"}
    judged = found.tables["sensitivity_verdicts"].query("verdict != 'undetermined'")
    assert judged.filter(regex="^share_.$").sum(axis=1).to_numpy() == pytest.approx(np.ones(len(judged)))
