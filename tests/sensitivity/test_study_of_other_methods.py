"""Notebook 04's study on other methods: no scale, number of indicators or belief ends it."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from depth import deep_after

from ogp_analysis import ratings
from ogp_analysis.figures import sensitivity as drawn
from ogp_analysis.language import labels, texts
from ogp_analysis.model import params
from ogp_analysis.model.records import Indicator
from ogp_analysis.report import page_content
from ogp_analysis.report.run_files import Pack
from ogp_analysis.sensitivity import (
    WeightBelief,
    belief_probability,
    category_acceptability,
    central_weights,
    draw_weights,
    noise_probability,
    read_belief,
    result_tables,
    results,
)
from ogp_analysis.sensitivity.beliefs import spread_error
from ogp_analysis.sensitivity.noise import sampled_noise
from ogp_analysis.sensitivity.score_errors import common_step
from ogp_analysis.sensitivity.ties import exact

PROPOSALS = tuple(f"P{k:02d}" for k in range(12))


@pytest.fixture(scope="module")
def example():
    parameters = params.from_values(params.baseline())
    return parameters, ratings.load(parameters)


def shaped(example, *, counts=(4, 3), low=1.0, high=5.0, step=1.0, raters=2, belief="uniform"):
    """Parameters and random ratings of a method with other indicators, scale and panels."""
    parameters, inputs = example
    criteria, weights, rows, rng = [], {}, [], np.random.default_rng(6)
    for criterion, count in zip(parameters.method.criteria, counts, strict=True):
        names = [f"{criterion.name}_{k}" for k in range(count)]
        items = tuple(Indicator(name, criterion.name, low, high, step=step) for name in names)
        seats = raters if criterion.name == "relevance" else criterion.raters_per_panel
        criteria.append(replace(criterion, indicators=items, raters_per_panel=seats))
        whole = rng.integers(1, 9, count)
        weights |= {name: f"{k}/{whole.sum()}" for name, k in zip(names, whole.tolist(), strict=True)}
        grid = low + step * np.arange(round((high - low) / step) + 1)
        for code, panel in product(PROPOSALS, criterion.panels):
            good = rng.random()
            for seat, name in product(range(seats), names):
                place = int(
                    np.clip(round(good * (len(grid) - 1) + rng.normal(0, len(grid) / 8)), 0, len(grid) - 1)
                )
                rows.append(
                    (code, name, panel, f"{panel}{seat}", "independent", round(float(grid[place]), 9))
                )
    cuts = [low + 0.375 * (high - low), low + 0.625 * (high - low)]
    values = params.as_dict(parameters) | {"n_draws": 200, "weight_belief": belief, "missing_third": "mean"}
    written = {"indicator_weights": weights, "cut_points": {c.name: cuts for c in criteria}}
    chosen = replace(
        parameters,
        method=replace(parameters.method, criteria=tuple(criteria)),
        indicator_weights={name: eval_fraction(text) for name, text in weights.items()},
        cut_points={c.name: tuple(cuts) for c in criteria},
        tolerance=(high - low) / 4,
        as_given={**values, **written},
        n_draws=200,
        weight_belief=belief,
        missing_third="mean",
    )
    columns = ["proposal", "indicator", "panel", "evaluator", "role", "rating"]
    table = pd.DataFrame(rows, columns=columns)
    return chosen, replace(
        inputs, ratings=table, proposals=inputs.proposals.head(0), decisions=inputs.decisions.head(0)
    )


def eval_fraction(text):
    above, below = text.split("/")
    return int(above) / int(below)


SHAPES = {
    "0 to 100": {"low": 0.0, "high": 100.0},
    "tenths": {"step": 0.1},
    "seven indicators": {"counts": (7, 7)},
    "three raters, six indicators": {"counts": (6, 6), "raters": 3},
    "one indicator": {"counts": (1, 1), "low": 0.0, "high": 100.0},
    "order and bounds on eight": {
        "counts": (8, 3),
        "belief": "; ".join(
            ["between 0.02 and 0.4"] + [f"feasibility_{k} at least feasibility_{k + 1}" for k in range(2)]
        ),
    },
}


@pytest.mark.parametrize("name", deep_after(3, SHAPES))
def test_the_study_comes_to_its_end(example, name):
    parameters, inputs = shaped(example, **SHAPES[name])
    found = results.compute(inputs, parameters)
    verdicts = found.tables["sensitivity_verdicts"]
    assert verdicts.filter(regex=r"^share_\d$").sum(axis=1).to_numpy() == pytest.approx(1, abs=1e-12)
    drawn.all_of(found)
    for column in ("keeps_weights", "keeps_near", "another_round"):
        assert verdicts[column].between(0, 1).all()
        if f"{column}_error" in verdicts:
            assert verdicts[f"{column}_error"].between(1e-9, 0.2).all()
            assert all(texts.has(f"column.{column}_error", language) for language in texts.LANGUAGES)
    # Criteria that no evaluator shares: nothing is drawn for another round.
    assert "another_round_error" not in verdicts
    weighed = name == "order and bounds on eight"
    assert ("keeps_weights_error" in verdicts) == weighed
    assert ("share_error" in found.tables["sensitivity_central"]) == weighed
    for column in ("expected_by_rule_error", "expected_with_decisions_error"):
        assert (column in found.tables["sensitivity_decisions"]) == weighed
        assert all(texts.has(f"column.{column}", language) for language in texts.LANGUAGES)
    own = verdicts.dropna(subset=["category_by_rule"])
    assert [column for column in ("share_1_error", "share_4_error") if column in verdicts] == (
        ["share_1_error", "share_4_error"] if weighed else []
    )
    for row in own.itertuples() if weighed else ():
        assert getattr(row, f"share_{int(row.category_by_rule)}_error") == row.keeps_weights_error
    shown_with_their_errors(found.tables)


def test_the_error_of_a_mean_count_is_that_of_the_sums_of_the_walks():
    """By hand: the counts of the walks are 1, 2, 1 and 2, whatever the spread of each proposal."""
    walks = np.zeros((4, 2, 4))
    walks[:, :, 0] = [[0.5, 0.5], [1, 1], [1, 0], [1, 1]]
    walks[:, :, 3] = 1 - walks[:, :, 0]
    # Standard deviation of 1, 2, 1, 2 with n - 1: sqrt(1/3); over 4 walks half of it.
    expected = [np.sqrt(1 / 3) / 2, 1 / 16, 1 / 16, np.sqrt(1 / 3) / 2]
    assert result_tables._error_of_counts(walks) == pytest.approx(expected)
    # Nobody left to vary, or nothing sampled: no error.
    assert result_tables._error_of_counts(walks[:, :0]).tolist() == [0] * 4
    assert result_tables._error_of_counts(walks[:0]).tolist() == [0] * 4


def shown_with_their_errors(tables):
    """The page shows beside each drawn share the column of its error, and no such column where none is."""
    pack = Pack(tables, {}, {}, "en", synthetic=True)
    for table in ("sensitivity_verdicts", "sensitivity_central", "sensitivity_ranks"):
        for language in texts.LANGUAGES:
            header = page_content.table(pack, table, language).header
            for column in tables[table].columns:
                error = labels.column_label(f"{column}_error", language)
                if f"{column}_error" in tables[table]:
                    assert header[header.index(labels.column_label(column, language)) + 1] == error
    verdicts = tables["sensitivity_verdicts"]
    drawn = [c for c in verdicts if c.endswith("_error")]
    header = page_content.table(pack, "sensitivity_verdicts", "en").header
    assert sum(label.startswith("simulation error") for label in header) == len(drawn)


def brute(values, pmf, cut, weights):
    places = np.indices((values.shape[1],) * len(values)).reshape(len(values), -1)
    rows = np.arange(len(values))[:, None]
    reached = weights @ values[rows, places] >= cut - 1e-9
    return pmf[rows, places].prod(axis=0)[reached].sum()


def many_patterns():
    """Seven indicators of six ratings: 279,936 patterns, few of them different."""
    rng = np.random.default_rng(8)
    values = rng.integers(2, 5, (2, 7, 6)).astype(float)
    pmf = rng.dirichlet(np.ones(6), (2, 7))
    return values, pmf


def test_merged_patterns_give_what_all_patterns_give():
    values, pmf = many_patterns()
    weights = np.array([1, 2, 3, 4, 5, 6, 7]) / 28
    fixed = noise_probability(values, pmf, [3.0], weights=weights)
    assert fixed[0, 0] == pytest.approx(brute(values[0], pmf[0], 3.0, weights), abs=1e-9)
    free = noise_probability(values, pmf, [2.8, 3.2])
    # Independent: draw ratings and weights.
    rng = np.random.default_rng(9)
    size = 200_000
    picks = np.stack([rng.choice(values[0, i], size, p=pmf[0, i]) for i in range(7)], axis=1)
    means = (picks * rng.dirichlet(np.ones(7), size)).sum(axis=1)
    assert free[0] == pytest.approx([np.mean(means >= 2.8), np.mean(means >= 3.2)], abs=0.006)


def test_drawn_patterns_agree_with_enumerated_ones_within_their_error():
    values, pmf = many_patterns()
    exact = noise_probability(values, pmf, [2.8, 3.2])
    found = sampled_noise(values, pmf, [2.8, 3.2], draws=4000, rng=np.random.default_rng(2))
    error = found.std(axis=0) / np.sqrt(4000)
    assert np.all(np.abs(found.mean(axis=0) - exact) <= 4 * error)


def test_steps_of_several_scales_have_a_common_one():
    scales = ([1], [1, 0.5], [0.5, 0.3], [10, 4])
    assert [float(common_step(map(exact, steps))) for steps in scales] == [1, 0.5, 0.1, 2]


EIGHT = tuple("abcdefgh")


def error_of_shares(scores, cuts, belief):
    """Standard errors of `belief_probability`, from its answers for each walk of the sample alone."""
    walks = [belief.with_sample(belief.sample[at : at + 1]) for at in range(len(belief.sample))]
    return spread_error(np.stack([belief_probability(scores, cuts, walk) for walk in walks]))


def test_a_belief_without_an_exact_answer_is_sampled_truly():
    """Against rejection of uniform weights, for shares, moments and new draws."""
    text = "between 0.02 and 0.4; a at least b; b at least c"
    belief = read_belief(text, EIGHT)
    assert not belief.searchable
    belief = belief.sampled(draws=20_000, rng=np.random.default_rng(1))
    free = np.random.default_rng(2).dirichlet(np.ones(8), 1_000_000)
    kept = free[
        (free.min(axis=1) >= 0.02)
        & (free.max(axis=1) <= 0.4)
        & (free[:, 0] >= free[:, 1])
        & (free[:, 1] >= free[:, 2])
    ]
    row, cuts = np.arange(1, 9) / 2, [2.0, 2.2, 2.6]
    truth = [(kept @ row >= cut).mean() for cut in cuts]
    error = error_of_shares([row], cuts, belief)[0]
    assert np.all((error > 0.001) & (error < 0.02))
    assert np.all(np.abs(belief_probability([row], cuts, belief)[0] - truth) < 4 * error)
    fresh = draw_weights(8, size=20_000, rng=np.random.default_rng(3), belief=belief)
    assert fresh.mean(axis=0) == pytest.approx(kept.mean(axis=0), abs=0.005)
    assert fresh.min() >= 0.02 - 1e-9
    middle = central_weights([row], [2.2], belief=belief)[0, 1]
    assert middle == pytest.approx(kept[kept @ row >= 2.2].mean(axis=0), abs=0.006)
    table = [[0, 0, 0], [0, 2, 2], [0, 2, 1]]
    found = category_acceptability(
        ([row], [[4.0]]), [[2.2, 3.5], [2.5, 3.5]], table=table, beliefs=(belief, None)
    )
    assert found.sum() == pytest.approx(1)


@pytest.mark.deep
def test_the_error_of_a_sample_is_honest():
    """Over 40 samples the spread of the answers is what their standard errors say, within a third."""
    belief = WeightBelief(EIGHT[:4], low=(0.05,) * 4, high=(0.6,) * 4, pairs=((0, 1, 2.0),))
    row, cut = [1, 5, 2, 4], [2.5]
    exact = belief_probability([row], cut, belief).item()
    samples = [belief.sampled(draws=500, rng=np.random.default_rng(seed)) for seed in range(40)]
    found = np.array([belief_probability([row], cut, one).item() for one in samples])
    claimed = np.mean([error_of_shares([row], cut, one).item() for one in samples])
    assert found.std() == pytest.approx(claimed, rel=0.34)
    assert abs(found.mean() - exact) < 4 * claimed / np.sqrt(40)


def test_a_decision_of_the_last_stage_is_a_decision_too(prepared):
    """One more of category 4 is put into category 1 at the confirmation: it leaves one and joins another."""
    assigned = prepared.assigned.copy()
    last = assigned.index[(assigned["category_final"] == 4) & (assigned["final_step"] == "rule")][0]
    assigned.loc[last, ["category_final", "final_step"]] = [1, "confirmation"]
    frame = result_tables.decision_frame(replace(prepared, assigned=assigned))
    assert frame["with_decisions"].tolist() == [10, 7, 9, 17]
    assert frame["expected_with_decisions"].sum() == pytest.approx(43)
