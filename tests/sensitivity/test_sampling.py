"""Sampling: the same bytes for any workers, independent ranks, exact limits, Shapley shares."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from math import pi

import numpy as np
import pytest
from scipy.stats import rankdata

from ogp_analysis.errors import StatisticsError
from ogp_analysis.sensitivity import (
    Counts,
    draw_cuts,
    draw_weights,
    merge,
    pairwise_winning,
    rank_acceptability,
    shapley_shares,
    shares,
    simulate,
    standard_error,
)
from ogp_analysis.sensitivity.ranking import draw_ranks, rank_counts, sorted_places, win_counts
from ogp_analysis.sensitivity.sampling import RankTask, count_chunk

SCORES = np.random.default_rng(21).integers(1, 6, size=(12, 7)).astype(float)


def test_ranks_agree_with_scipy_exactly_ties_included():
    rng = np.random.default_rng(22)
    values = rng.integers(0, 6, size=(400, 9)) / 3
    ranks = draw_ranks(values)
    assert np.array_equal(ranks + 1, rankdata(-values, method="min", axis=1))
    counts = rank_counts(*sorted_places(values))
    for i in range(9):
        for k in range(9):
            assert counts[i, k] == np.sum(rankdata(-values, method="min", axis=1)[:, i] == k + 1)
    wins = win_counts(ranks)
    assert wins[0, 1] == 2 * np.sum(values[:, 0] > values[:, 1]) + np.sum(values[:, 0] == values[:, 1])
    assert np.array_equal(wins + wins.T, np.full((9, 9), 2 * 400))


def test_rank_acceptability_counts_its_own_draws():
    # The draws of chunk 0 made again here, ranked by scipy.
    task = RankTask(SCORES)
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(5, spawn_key=(0,))))
    weights = draw_weights(7, size=2000, rng=rng)
    ranks = rankdata(-np.round(weights @ SCORES.T, 12), method="min", axis=1).astype(int)
    counts = rank_acceptability(SCORES, draws=2000, seed=5)
    assert task.chunk_size() > 2000
    for i in range(len(SCORES)):
        assert counts.tables["ranks"][i].tolist() == np.bincount(ranks[:, i] - 1, minlength=12).tolist()


def test_any_executor_gives_the_same_bytes():
    task = RankTask(SCORES)
    draws = 3 * task.chunk_size() + 17
    alone = simulate(task, draws=draws, seed=9)
    with ThreadPoolExecutor(3) as threads, ProcessPoolExecutor(2) as processes:
        for executor in (threads, processes):
            shared = simulate(task, draws=draws, seed=9, executor=executor)
            assert shared.draws == alone.draws == draws
            for name in alone.tables:
                assert shared.tables[name].tobytes() == alone.tables[name].tobytes()


def test_counts_of_two_machines_merge_to_one_run():
    task = RankTask(SCORES)
    size = task.chunk_size()
    parts = [count_chunk(task, size, 9, k) for k in (1, 0)]  # in any order
    whole = simulate(task, draws=2 * size, seed=9)
    assert merge(parts).tables["ranks"].tobytes() == whole.tables["ranks"].tobytes()


def test_another_seed_gives_other_counts():
    one, two = (rank_acceptability(SCORES, draws=500, seed=s).tables["ranks"] for s in (1, 2))
    assert not np.array_equal(one, two)


def test_sampled_wins_lie_within_their_error_of_the_exact_ones():
    counts = rank_acceptability(SCORES, draws=100_000, seed=3)
    exact = pairwise_winning(SCORES)
    sampled = counts.tables["wins"] / 2 / counts.draws
    error = np.sqrt(np.maximum(exact * (1 - exact), 1e-6) / counts.draws)
    assert np.all(np.abs(sampled - exact) < 4 * error)
    assert np.allclose(counts.share("ranks").sum(axis=1), 1)


def test_cut_points_are_drawn_within_their_half_width():
    drawn = draw_cuts([[2.5, 3.5]] * 2, half_width=0.5, size=5000, rng=np.random.default_rng(1))
    assert drawn.shape == (5000, 2, 2)
    assert np.abs(drawn - [2.5, 3.5]).max() <= 0.5
    assert np.abs(drawn.mean(axis=0) - [2.5, 3.5]).max() < 4 * 0.5 / np.sqrt(3 * 5000)


def test_shapley_values_of_the_ishigami_function():
    # Analytic variances (Sobol' & Levitan 1999), a = 7, b = 0.1: shares 0.436, 0.442, 0.122.
    a, b = 7.0, 0.1
    first, second = 0.5 * (1 + b * pi**4 / 5) ** 2, a**2 / 8
    joint = 8 * b**2 * pi**8 / 225
    explained = [0, first, second, first + second, 0, first + joint, second, first + second + joint]
    values = shapley_shares(explained) / explained[-1]
    assert values == pytest.approx([0.436, 0.442, 0.122], abs=5e-4)
    estimate = shares(ishigami, uniform_inputs(), draws=100_000, seed=1)
    assert np.all(np.abs(estimate.share[:, 0] - values) < 4 * estimate.standard_error[:, 0])
    assert estimate.standard_error.max() < 0.005
    assert estimate.share[:, 0].sum() == pytest.approx(1)
    assert estimate.variance[0] == pytest.approx(explained[-1], rel=0.02)


def ishigami(inputs):
    x, y, z = (inputs[name] for name in ("x", "y", "z"))
    return (np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x))[:, None]


def uniform_inputs():
    return {name: lambda size, rng: rng.uniform(-pi, pi, size) for name in ("x", "y", "z")}


def test_shapley_shares_agree_with_salib():
    from SALib.analyze import shapley as shapley_analyze
    from SALib.sample import shapley as shapley_sample

    problem = {"num_vars": 3, "names": ["x", "y", "z"], "bounds": [[-pi, pi]] * 3}
    points = shapley_sample.sample(problem, 60_000, seed=1)
    outputs = ishigami(dict(zip("xyz", points.T, strict=True)))[:, 0]
    theirs = shapley_analyze.analyze(problem, points, outputs)
    ours = shares(ishigami, uniform_inputs(), draws=100_000, seed=2)
    spread = 4 * np.hypot(ours.standard_error[:, 0], theirs["shapley_normalized_conf"] / 1.96)
    assert np.all(np.abs(ours.share[:, 0] - theirs["shapley_normalized"]) < spread)
    assert spread.max() < 0.03


def test_a_group_that_does_nothing_has_no_share():
    estimate = shares(lambda inputs: inputs["x"][:, None], uniform_inputs(), draws=4000, seed=4)
    assert estimate.share[1:, 0] == pytest.approx([0, 0], abs=4 * estimate.standard_error[1:, 0].max())
    assert estimate.share[0, 0] > 0.9


def test_an_output_that_does_not_vary_has_no_shares():
    estimate = shares(lambda inputs: np.ones((len(inputs["x"]), 1)), uniform_inputs(), draws=100, seed=4)
    assert np.isnan(estimate.share).all()
    assert estimate.variance[0] == pytest.approx(0, abs=1e-15)


def test_standard_errors():
    assert standard_error([250], 1000)[0] == pytest.approx(np.sqrt(0.25 * 0.75 / 1000))
    assert standard_error([0], 1000)[0] > 0  # a share of 0 is not known without error
    assert Counts(10, {"a": np.array([5])}).standard_error("a")[0] == pytest.approx(np.sqrt(0.025))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: rank_acceptability(SCORES, draws=0, seed=1),
            "draws is 0; it is a whole number of at least 1",
        ),
        (lambda: rank_acceptability([[np.nan]], draws=1, seed=1), r"scores at \(0, 0\) is nan"),
        (lambda: standard_error([1], 0), "draws is 0; it is a whole number of at least 1"),
        (lambda: merge([]), "no counts to merge"),
        (
            lambda: draw_cuts([2.5, 3.5], half_width=0.6, size=1, rng=None),
            "half_width 0.6 must lie from 0 to 0.5",
        ),
        (lambda: draw_cuts([2.5, 3.5], half_width=-1, size=1, rng=None), "half_width -1 must lie from 0"),
        (lambda: shares(ishigami, uniform_inputs(), draws=39, seed=1), "39 draws over 3 groups: at least 40"),
        (lambda: shares(ishigami, {}, draws=100, seed=1), "100 draws over 0 groups"),
        (lambda: shapley_shares([0, 1, 2]), "3 subsets are not 2, 4, 8"),
    ],
)
def test_refusals_name_the_value_and_the_rule(call, message):
    with pytest.raises(StatisticsError, match=message):
        call()


@pytest.mark.parametrize("factor", [1e-9, 1, 1e6, 1e15])
def test_ranks_do_not_depend_on_the_unit_of_the_scores(factor):
    values = np.random.default_rng(24).normal(size=(50, 40))
    values[:, 7] = values[:, 8]
    assert np.array_equal(draw_ranks(values * factor) + 1, rankdata(-values, method="min", axis=1))
