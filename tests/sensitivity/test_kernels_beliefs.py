"""Small cases worked out by hand for doubt about ratings, weights and rules, each where a slip would hide."""

from __future__ import annotations

import dataclasses
import itertools
import math
from types import SimpleNamespace

import numpy as np
import pytest

from ogp_analysis.errors import StatisticsError
from ogp_analysis.sensitivity import (
    acceptability,
    constrained,
    noise,
    portfolio,
    ranking,
    shapley,
    stability,
    ties,
)
from ogp_analysis.sensitivity.acceptability import expected_rank, pairwise_winning
from ogp_analysis.sensitivity.beliefs import WeightBelief, read_belief
from ogp_analysis.sensitivity.concentration import concentrated_probability
from ogp_analysis.sensitivity.portfolio import Portfolio
from tests.sensitivity.fixed_scores import FixedScores, fixed

TABLE = [[0, 0, 0], [0, 2, 2], [0, 2, 1]]
NAN = math.nan


def test_a_concentration_below_one_is_allowed():
    # Beta(1/4, 1/4) is symmetric.
    found = concentrated_probability([[1, 5]], [0.5, 0.5], [3], concentration=0.5)
    assert found == pytest.approx(np.array([[0.5]]), abs=1e-14)


# Ten pairs that agree and one two steps apart: with p at the ends and 1 - 2p in the middle the likelihood
# (1 - 4p + 6p^2)^10 2p^2 has its maxima where 132 p^2 - 48 p + 2 = 0 and at p = 1/2; the first is the higher.
HIGHER = (48 - math.sqrt(48**2 - 8 * 132)) / 264


@pytest.mark.parametrize(
    ("differences", "expected"),
    [
        ([0] * 10 + [2], [HIGHER, 1 - 2 * HIGHER, HIGHER]),
        # The same two steps apart: errors of one step drop out long before the others have settled.
        ([0] * 10 + [-4], [HIGHER, 0, 1 - 2 * HIGHER, 0, HIGHER]),
        # Always two apart: never without an error.
        ([2, -2, 2], [0.5, 0, 0.5]),
    ],
)
def test_the_likeliest_error_of_a_rating(differences, expected):
    assert noise.rating_error(differences)[1] == pytest.approx(expected, abs=1e-12)


def test_an_error_is_added_and_not_taken_away():
    values, pmf = noise.noisy_scores([[3]], [0, 1], [0.25, 0.75], scale=(1, 5))
    assert values.tolist() == [[[3, 4]]]
    assert pmf.tolist() == [[[0.25, 0.75]]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: noise.noisy_scores([[1, 5]], [1], [1], scale=(1, 5)),
            r"no error keeps score 5 at \(0, 1\) on the scale",
        ),
        (lambda: noise.noisy_scores([[1, 5]], [0], [1], scale=(1, [5, NAN])), "one for each indicator"),
        (lambda: noise.own_ratings([[[3, math.inf]]]), "must be finite or NaN"),
        (lambda: noise.own_ratings([[[3], [NAN]]]), r"score \(0, 1\) has no rating"),
        (
            lambda: noise.pattern_probability([[1]], [1], scale=[1, 1]),
            "must be values that rise in even steps",
        ),
        (lambda: noise.pattern_probability([[1.5, 1]], [1], scale=[1, 2]), "are not all values of"),
        (
            lambda: stability.cut_sweep([[3, 3]], [[[3, 2], [2, 3]]], table=TABLE),
            r"\[3.0, 2.0\] are out of order",
        ),
        (
            lambda: stability.cut_sweep([[3, 3]], [[[2, 3], [3, 2]]], table=TABLE),
            r"\[3.0, 2.0\] are out of order",
        ),
        (
            lambda: stability.cut_sweep([[3, 3]], [[[2, 3], [2, 2]]], table=TABLE),
            r"\[2.0, 2.0\] are out of order",
        ),
        (
            # The first setting is narrow and in order; the second is not.
            lambda: stability.cut_sweep([[3, 3]], [[[2, 2.5], [2, 2.5]], [[2, 3], [4, 3]]], table=TABLE),
            r"\[4.0, 3.0\] are out of order",
        ),
        (lambda: acceptability.category_of(TABLE, [0, 1, 0], 2), "route of shape"),
        (lambda: acceptability.category_of(TABLE, [0, 2], 2), "route of shape"),
        (
            lambda: acceptability.category_acceptability([[[1, 5]], [[4, 4]] * 2], [[2, 3]] * 2, table=TABLE),
            r"criteria have \[1, 2\] rows",
        ),
        (lambda: constrained.mixture_probability([[1, 5]], [2], ([1.0],)), "mixture is .* it must be shares"),
        (lambda: constrained.mixture_probability([[1, 5]], [2], [1, 2]), "mixture is .* it must be shares"),
        (
            lambda: constrained.joint_probability([[1, 5]], 2, constraints=([1.0],)),
            "constraints is .* normals",
        ),
        (lambda: constrained.joint_probability([[1, 5]], 2, constraints=[1, 2]), "constraints is .* normals"),
        (lambda: constrained.bound_vectors([0.1, 0.1], 1, 3), r"low has shape \(2,\); it must be \(3,\)"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(StatisticsError, match=message):
        call()


def test_a_bound_in_a_list_of_one_is_for_all():
    assert constrained.bound_vectors([0.1], [1], 3)[0].tolist() == [0.1] * 3


def test_a_tiny_number_is_read_as_zero():
    # Seventeen decimals, within 1e-15 of 0/1.
    assert ties.exact(1e-17) == 0


def test_as_many_patterns_as_allowed(monkeypatch):
    monkeypatch.setattr(noise, "LARGEST_PATTERNS", 4)
    values, pmf = [[[1, 3], [3, 5]]], [[[0.5, 0.5]] * 2]
    assert noise.noise_probability(values, pmf, [3], weights=[0.5, 0.5]).tolist() == [[0.75]]
    assert noise.pattern_probability([[1, 2]], [1.75], scale=[1, 2]).tolist() == [[0.25]]


def test_more_patterns_than_rows_at_once(monkeypatch):
    monkeypatch.setattr(noise, "ROWS_AT_ONCE", 1)
    values = [[[1, 3], [3, 5]], [[1, 1], [5, 5]], [[5, 1], [5, 5]]]
    found = noise.noise_probability(values, [[[0.5, 0.5]] * 2] * 3, [3.5], weights=[0.5, 0.5])
    assert found.tolist() == [[0.25], [0], [0.5]]


def test_noise_follows_the_belief():
    # The second weight is Beta(3, 1), and 5 w + 1 (1 - w) reaches 2 from w = 1/4 on.
    belief = WeightBelief(("a", "b"), alpha=(1.0, 3.0))
    found = noise.noise_probability([[[1], [5]]], [[[1], [1]]], [2], belief=belief)
    assert found == pytest.approx(np.array([[63 / 64]]), abs=1e-14)


def test_probabilities_of_patterns_do_not_sum_to_more_than_one():
    for size, n in [(5, 2), (5, 3), (6, 3), (7, 2)]:
        certain = np.full((1, n, size), 3.0), np.full((1, n, size), 1 / size)
        assert noise.noise_probability(*certain, [2], weights=np.full(n, 1 / n)) <= 1


def test_the_end_of_an_interval_on_the_cut_is_the_weight_itself():
    # The mean 0.3 + 3.5 lies on the cut: the level is kept where the score rises.
    assert stability.stability_interval([[1, 5]], [0.3, 0.7], [3.8])[0].tolist() == [[0, 0.3], [0.7, 1]]
    assert stability.stability_interval([[2.75, 2.25]], [0.5, 0.5], [2.5])[0].tolist() == [[0.5, 1], [0, 0.5]]
    assert stability.stability_interval([[3, 3]], [0.5, 0.5], [3])[0].tolist() == [[0, 1], [0, 1]]


def test_others_without_weight_share_alike():
    # With all weight on the first, the others' mean is 3: 1 a + 3 (1 - a) falls to 2 at a half.
    found = stability.stability_interval([[1, 2, 4]], [1, 0, 0], [2])[0]
    assert found == pytest.approx(np.array([[0.5, 1], [0, 1], [0, 1 / 3]]), abs=1e-15)


def test_crossings_outside_of_the_weights_are_no_ends():
    # 3 a + 2 (1 - a) would cross 4 at 2 and 1 at -1.
    assert stability.stability_interval([[3, 2]], [0.5, 0.5], [1, 4])[0].tolist() == [[0, 1], [0, 1]]


@pytest.mark.parametrize("size", [1.0, 1e-3, 3e7])
@pytest.mark.parametrize(
    ("scores", "weights"),
    [
        # (0.1 x 1 + 0.6 x 8) / 0.7 is 7, in floats a last digit off; the second time beside a weight of 0.
        ([1, 8, 7], [0.1, 0.6, 0.3]),
        ([9, 1, 8, 7], [0.0, 0.1, 0.6, 0.3]),
        # All weight on one: the others count alike, and (0.1 + 0.2) / 2 is 0.15.
        ([0.1, 0.2, 0.15], [0.0, 0.0, 1.0]),
    ],
)
def test_who_scores_like_the_mean_of_the_others_changes_nothing_on_the_cut(scores, weights, size):
    cut = scores[-1] * size
    found = stability.stability_interval([[size * x for x in scores]], weights, [cut])[0]
    assert found[-1].tolist() == [0, 1]


def test_a_score_that_rounding_keeps_off_a_cut_is_on_it():
    assert stability.cut_margin([0.1 + 0.2, 0.3, 0.31], [0.3]).ravel().tolist() == [0, 0, 0.31 - 0.3]


def bank(scores, rules):
    return FixedScores(np.asarray(scores, dtype=float), rules)


def two(first, second, vary=portfolio.GROUPS):
    return Portfolio(
        **fixed(first, second),
        weights=(np.ones(1), np.ones(1)),
        beliefs=(None, None),
        criterion_weights=np.array([0.5, 0.5]),
        cuts=(np.array([2.5, 3.5]),) * 2,
        half_width=(0.25, 0.25),
        table=np.array(TABLE),
        route=np.zeros(first.table.shape[2], dtype=bool),
        vary=vary,
    )


NUMBERED = np.arange(8).reshape(2, 2, 2, 1)  # rule sets, patterns, proposals, one indicator


def test_scores_of_the_rule_and_pattern_drawn():
    task = two(bank(NUMBERED, ({"a": 1}, {"a": 2})), bank(NUMBERED, ({"a": 1}, {"a": 2})))
    inputs = {
        "weights": np.ones((1, 2)),
        "cuts": np.array([[2.5, 3.5, 2.5, 3.5]]),
        "rule": np.array([[1, 0]]),
        "evaluators": (np.array([[1, 0]]), np.array([[0, 1]])),
    }
    assert task.drawn(inputs)[0].tolist() == [[[6, 0], [5, 3]]]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        # Nothing in common: every pair of rules.
        (({"a": 1}, {"a": 2}), ({"b": 1}, {"b": 2}), {(0, 0), (0, 1), (1, 0), (1, 1)}),
        (({"a": 1},), ({"b": 1}, {"b": 2}), {(0, 0), (0, 1)}),
        (({"a": 1}, {"a": 2}), ({"b": 1},), {(0, 0), (1, 0)}),
        # The same choices: drawn once for both.
        (({"a": 1}, {"a": 2}), ({"a": 1}, {"a": 2}), {(0, 0), (1, 1)}),
        # One in common, the other rule of the first on its own.
        (({"a": 1, "c": 1}, {"a": 1, "c": 2}), ({"a": 1},), {(0, 0), (1, 0)}),
        # The same name, other choices: no rule in common.
        (({"a": 1}, {"a": 2}), ({"a": 1}, {"a": 3}), {(0, 0), (0, 1), (1, 0), (1, 1)}),
    ],
)
def test_rules_are_drawn_together_where_they_offer_the_same(first, second, expected):
    scores = np.zeros((2, 1, 1, 1))
    task = two(bank(scores[: len(first)], first), bank(scores[: len(second)], second))
    drawn = task.draw("rule", size=200, rng=np.random.default_rng(1))
    assert {tuple(pair) for pair in drawn.tolist()} == expected


def three_rules():
    """Proposal 0 is in the plan (4 and 4), 1 is not (3 and 4); rule 1 moves the first, rule 2 the second."""
    scores = np.array([[4, 3], [3, 3], [4, 4]], dtype=float).reshape(3, 1, 2, 1)
    first = bank(scores, ({"a": 1}, {"a": 2}, {"a": 3}))
    return first, bank(np.full((1, 1, 2, 1), 4.0), ({"b": 1},))


def test_the_ten_stay_the_ten_when_those_in_the_plan_stay():
    task = two(*three_rules())
    inputs = {group: task.settled(group, 3) for group in ("weights", "cuts")} | {
        "rule": np.array([[0, 0], [1, 0], [2, 0]]),
        "evaluators": task.rounds.held(3, None),
    }
    assert task.outcomes(inputs).tolist() == [[1, 1, 1], [0, 1, 0], [1, 0, 1]]


def test_levels_remembered_over_mixtures_change_no_outcome():
    # Cut points around the scores, and every rule, so that the mixtures differ from each other.
    task = dataclasses.replace(two(*three_rules()), cuts=(np.array([2.9, 3.9]),) * 2, half_width=(0.4, 0.4))
    computed = []

    class Counted(Portfolio):
        def indicator_scores(self, inputs):
            computed.append(1)
            return super().indicator_scores(inputs)

    model, seen = portfolio.outcomes_of_mixtures(Counted(**vars(task))), set()
    for batch in range(3):
        drawn = [task.inputs(20, np.random.SeedSequence(batch, spawn_key=(side,))) for side in (0, 1)]
        for sides in itertools.product((0, 1), repeat=4):
            inputs = {name: drawn[side][name] for name, side in zip(portfolio.GROUPS, sides, strict=True)}
            expected = task.outcomes(inputs)
            assert np.array_equal(model(inputs), expected)
            seen.add(expected.tobytes())
    assert len(seen) > 10
    # Scores depend on two draws each of rules and evaluators: 4 a batch for 16 asked.
    assert len(computed) == 3 * 4


def test_counts_have_a_place_for_every_number_in_the_plan():
    counts = two(*three_rules(), vary=()).count(5, np.random.SeedSequence(1))
    assert counts["in_plan"].tolist() == [0, 5, 0]
    assert counts["ten"].tolist() == [5]
    assert counts["kept"].tolist() == [5, 5]


def test_a_chunk_is_one_draw_or_more():
    def chunk(size, n):
        scorings = [SimpleNamespace(sheet=SimpleNamespace(ratings=np.ones((max(size, 1), n))))]
        return Portfolio.chunk_size(SimpleNamespace(size=size, weights=(np.ones(1),), scorings=scorings))

    assert chunk(portfolio.CELLS, 1) == 1
    assert chunk(0, 3) == portfolio.CELLS
    # The ratings of one proposal take more room than its weights.
    assert chunk(2, 4) == portfolio.CELLS // 8


def product_of(first, second):
    """A model of two groups that are not drawn but read off; it notes how many draws it is asked for."""
    sizes, streams = [], {"a": iter(first), "b": iter(second)}

    def model(inputs):
        sizes.append(len(inputs["a"]))
        return (inputs["a"] * (1 + inputs["b"]) + inputs["b"])[:, None]

    samplers = {
        name: lambda size, _, stream=stream: np.array([next(stream) for _ in range(size)])
        for name, stream in streams.items()
    }
    return model, samplers, sizes


def test_batches_hold_every_draw_once():
    model, samplers, sizes = product_of(range(1000), range(1000))
    shapley.shares(model, samplers, draws=45, seed=1, batch=20)
    assert sizes == [20] * 8 + [5] * 4  # each batch in all 2^2 mixtures


def test_the_error_over_two_batches_is_half_their_difference():
    rng = np.random.default_rng(3)
    one, other = rng.normal(size=(2, 2, 40))  # batch; group; 20 draws of each of the two sets

    def run(*batches):
        model, samplers, _ = product_of(*np.concatenate(batches, axis=1))
        return shapley.shares(model, samplers, draws=40, seed=1, batch=20)

    alone = [run(batch, batch) for batch in (one, other)]
    assert alone[0].standard_error == pytest.approx(np.zeros((2, 1)), abs=1e-15)
    # Jackknife of two: sqrt(1/2 of the sum of squares around the mean).
    expected = np.abs(alone[0].share - alone[1].share) / 2
    assert expected.min() > 0.01
    assert run(one, other).standard_error == pytest.approx(expected, rel=1e-12)


def test_scores_within_half_a_unit_are_tied():
    for near in (1 - 1e-13, 1 - 0.4e-12):
        assert ranking.draw_ranks(np.array([[near, 1.0, 0.5]])).tolist() == [[0, 0, 2]]
    assert ranking.draw_ranks(np.array([[1 - 3e-12, 1.0, 0.5]])).tolist() == [[1, 0, 2]]
    assert ranking.draw_ranks(np.zeros((1, 3))).tolist() == [[0, 0, 0]]


def test_where_the_likelihood_is_flat_at_its_edge_the_fit_creeps_there():
    """Pairs one and three apart, equally often: p1^2 p2 (p0 + p2) has its maximum at p0 = 0, p1 = p2 = 1/4.

    There its slope along p0 is zero as well, so that p0 falls only as the inverse of the number of rounds.
    """
    found = noise.rating_error([1, 3])[1]
    assert found == pytest.approx([0.25, 0.25, 0, 0.25, 0.25], abs=3e-4)
    assert found[2] > 1e-4
    assert found.sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("turned", [False, True])
def test_a_certain_tie_of_unequal_rows_counts_half_whoever_comes_first(turned):
    """The second weight is 0 for certain, or both are 1/2: the rows always score alike."""
    fixed = read_belief("dirichlet 5", ("a", "b"), baseline=(1, 0))
    halves = WeightBelief(("a", "b"), low=(0.5, 0.5), high=(0.5, 0.5))
    for rows, belief in (([[1, 2], [1, 3]], fixed), ([[1, 3], [3, 1]], halves)):
        rows = rows[::-1] if turned else rows
        assert pairwise_winning(rows, belief=belief).tolist() == [[0.5, 0.5], [0.5, 0.5]]
        assert expected_rank(rows, belief=belief).tolist() == [1.5, 1.5]


def test_bounds_may_be_whole_numbers():
    whole = WeightBelief(("a", "b", "c"), low=(0, 0, 0), high=(0.5, 1, 1))
    written = WeightBelief(("a", "b", "c"), low=(0.0, 0.0, 0.0), high=(0.5, 1.0, 1.0))
    for one, other in zip(whole.mixture(), written.mixture(), strict=True):
        assert np.array_equal(one, other)


def test_a_row_that_is_never_below_and_mostly_above_wins_for_certain():
    assert pairwise_winning([[1, 5], [1, 2]]).tolist() == [[0.5, 1.0], [0.0, 0.5]]
    assert expected_rank([[1, 2], [1, 5]]).tolist() == [2.0, 1.0]
