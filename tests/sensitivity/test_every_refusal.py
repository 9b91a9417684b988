"""Every refusal of the sensitivity has a key, its values, and words in both languages."""

from __future__ import annotations

import re
import string

import numpy as np
import pandas as pd
import pytest

from ogp_analysis import sensitivity
from ogp_analysis.errors import StatisticsError
from ogp_analysis.language import texts
from ogp_analysis.packaged import DATA
from ogp_analysis.sensitivity import hit_and_run
from ogp_analysis.sensitivity.sampling import Counts
from tests.language.test_language_of_errors import english

NAN = np.nan
ROW = [[1, 5]]
TABLE = [[0, 0, 0], [0, 2, 2], [0, 2, 1]]
LEVELS = [[0, 0, 1.0]]
FIVES = np.tile(np.arange(5.0), (1, 9, 1))
ONE, TWO = Counts(1, {"a": np.array([1])}), Counts(1, {"b": np.array([1])})
NAMED = pd.DataFrame(ROW, columns=["a", "b"])
BELIEF = sensitivity.read_belief("a at least b", ("a", "b"))
LARGE = sensitivity.WeightBelief(
    tuple("abcdefghijkl"), low=(0.02,) * 12, high=(0.3,) * 12, pairs=((0, 1, 2.0), (3, 4, 1.0), (5, 6, 1.0))
)
WALKED = sensitivity.WeightBelief(tuple("abcdefghi"), sample=np.full((2, 2, 9), 1 / 9))


def one(name, *given, **options):
    return lambda: getattr(sensitivity, name)(*given, **options)


def generator():
    return np.random.default_rng(1)


CALLS = {
    "sensitivity.probability_negative": (
        one("category_probability", [[-0.5, 0.5, 1]], LEVELS, table=TABLE),
        {"name": "first", "value": -0.5},
    ),
    "sensitivity.probability_sum": (
        one("category_probability", LEVELS, [[0, 0.5, 0.25]], table=TABLE),
        {"name": "second", "place": (0,), "sum": 0.75},
    ),
    "sensitivity.scores_shape": (
        one("threshold_probability", [1, 5], [2]),
        {"name": "scores", "shape": (2,)},
    ),
    "sensitivity.cuts_order": (one("stability_interval", ROW, [0.5, 0.5], [3, 2]), {"cuts": [3, 2]}),
    "sensitivity.one_each": (
        one("smallest_flip", ROW, [1], 2),
        {"name": "weights", "shape": (1,), "count": 2},
    ),
    "sensitivity.negative": (
        one("threshold_probability", ROW, [2], alpha=[1, -1]),
        {"name": "alpha", "values": [1, -1], "least": -1},
    ),
    "sensitivity.weights_sum": (
        one("reaches", ROW, [30, 70], [2]),
        {"weights": [30, 70], "sum": 100},
    ),
    "sensitivity.scores_size": (
        one("pairwise_winning", [[5e-12, 3e-12], [4e-12, 4e-12]]),
        {"name": "scores", "largest": 5e-12, "least": 1e-6, "most": 1e12},
    ),
    "sensitivity.weights_zero": (one("exact_mean", [1, 5], [0, 0]), {"weights": [0, 0]}),
    "sensitivity.alpha_zero": (one("threshold_probability", ROW, [2], alpha=[0, 0]), {"alpha": [0, 0]}),
    "sensitivity.same_names": (
        one("reaches", NAMED, {"a": 0.5, "c": 0.5}, [2]),
        {"name": "weights", "names": ["a", "c"], "columns": ["a", "b"]},
    ),
    "sensitivity.rising": (one("band_probability", [[0.25, 0.75]]), {"rise": 0.5}),
    "sensitivity.route": (
        one("category_probability", LEVELS, LEVELS, table=TABLE, route=[True, False]),
        {"route": [True, False], "shape": (2,), "count": 1},
    ),
    "sensitivity.statement_text": (one("read_belief", 3, ("a", "b")), {"value": 3}),
    "sensitivity.names": (one("read_belief", "uniform", "ab"), {"name": "indicators", "indicators": "ab"}),
    "sensitivity.mappings": (one("read_statement", "uniform", [("a",)]), {"criteria": [("a",)]}),
    "sensitivity.dirichlet_sample": (
        lambda: sensitivity.read_belief("dirichlet 4", ("a", "b")).sampled(draws=2, rng=generator()),
        {},
    ),
    "sensitivity.belief_kind": (one("expected_rank", ROW, belief="uniform"), {"belief": "uniform"}),
    "sensitivity.belief_size": (one("expected_rank", [[1, 2, 3]], belief=BELIEF), {"count": 2, "n": 3}),
    "sensitivity.counts_range": (one("standard_error", [-1, 4], 3), {"low": -1, "high": 4, "draws": 3}),
    "sensitivity.parts": (one("merge", 3), {"parts": 3}),
    "sensitivity.no_counts": (one("merge", []), {}),
    "sensitivity.part": (one("merge", [3]), {"part": 3}),
    "sensitivity.other_tables": (
        one("merge", [ONE, TWO]),
        {"tables": {"b": (1,)}, "known": {"a": (1,)}},
    ),
    "sensitivity.task": (one("simulate", 3, draws=1, seed=1), {"task": 3}),
    "sensitivity.half_width": (
        one("draw_cuts", [2.5, 3.5], half_width=0.75, size=1, rng=None),
        {"half_width": 0.75, "room": 0.5},
    ),
    "sensitivity.mixture": (one("mixture_probability", ROW, [2], 3), {"mixture": 3, "n": 2}),
    "sensitivity.constraints": (one("joint_probability", ROW, 2, constraints=3), {"constraints": 3, "n": 2}),
    "sensitivity.ratios": (
        one("ratio_chain_probability", ROW, [2], order=[0, 1], ratios=[0]),
        {"ratios": [0], "count": 1},
    ),
    "sensitivity.order": (one("ordered_probability", ROW, [2], order=[0, 0]), {"order": [0, 0], "last": 1}),
    "sensitivity.order_pairs": (
        one("partial_order_probability", ROW, [2], pairs=[(0, 2)]),
        {"pairs": [(0, 2)], "last": 1},
    ),
    "sensitivity.order_cyclic": (
        one("partial_order_probability", ROW, [2], pairs=[(0, 1), (1, 0)]),
        {"pairs": [(0, 1), (1, 0)]},
    ),
    "sensitivity.order_large": (
        one("partial_order_probability", np.ones((1, 9)), [2], pairs=[(0, 1)]),
        {"n": 9, "most": 8},
    ),
    "sensitivity.bounds": (
        one("interval_probability", ROW, [2], low=0.75, high=0.5),
        {"low": [0.75] * 2, "high": [0.5] * 2},
    ),
    "sensitivity.bounds_low": (one("interval_probability", ROW, [2], low=0.75), {"sum": 1.5}),
    "sensitivity.bounds_high": (one("interval_probability", ROW, [2], high=0.25), {"sum": 0.5}),
    "sensitivity.bound_shape": (
        one("interval_probability", [[1, 2, 3]], [2], low=[0, 0]),
        {"name": "low", "shape": (2,), "count": 3},
    ),
    "sensitivity.constraints_many": (
        one("polytope_probability", np.ones((1, 12)), [2], normals=np.eye(12), bounds=np.ones(12)),
        {"constraints": 24, "n": 12},
    ),
    "sensitivity.no_weights": (one("polytope_probability", ROW, [2], normals=[[-1, 0]], bounds=[-2]), {}),
    "sensitivity.narrow": (
        lambda: hit_and_run.walked(np.array([[1.0, 0, 0]]), np.array([1e-7]), draws=1, rng=generator()),
        {"constraints": 4},
    ),
    "sensitivity.concentration": (
        one("concentrated_probability", ROW, [0.5, 0.5], [2], concentration=0),
        {"concentration": 0},
    ),
    "sensitivity.one_list": (
        one(
            "acceptability_curve",
            [ROW, ROW],
            [[0.5, 0.5]] * 2,
            cuts=[[2, 3]] * 2,
            table=TABLE,
            concentrations=[[1]],
        ),
        {"name": "concentrations", "shape": (1, 1)},
    ),
    "sensitivity.subsets": (one("shapley_shares", [0, 1, 2]), {"subsets": 3}),
    "sensitivity.samplers": (one("shares", np.ones, {"a": 3}, draws=100, seed=1), {"samplers": {"a": 3}}),
    "sensitivity.few_draws": (one("shares", np.ones, {}, draws=39, seed=1), {"draws": 39, "groups": 0}),
    "sensitivity.step": (one("rating_error", [1], step=0), {"step": 0}),
    "sensitivity.no_pair": (one("rating_error", [NAN]), {}),
    "sensitivity.difference": (one("rating_error", [0.5]), {"difference": 0.5, "step": 1}),
    "sensitivity.off_scale": (
        one("noisy_scores", [[6]], [0], [1], scale=(1, 5)),
        {"score": 6, "place": (0, 0), "low": 1, "high": 5},
    ),
    "sensitivity.no_error_fits": (
        one("noisy_scores", [[5]], [1], [1], scale=(1, 5)),
        {"score": 5, "place": (0, 0)},
    ),
    "sensitivity.scale_ends": (one("noisy_scores", [[5]], [1], [1], scale=3), {"scale": 3}),
    "sensitivity.scale_shape": (
        one("noisy_scores", [[5]], [1], [1], scale=([1, 1], 5)),
        {"scale": ([1, 1], 5), "n": 1},
    ),
    "sensitivity.scale_steps": (one("pattern_probability", ROW, [2], scale=[1, 2, 5]), {"scale": [1, 2, 5]}),
    "sensitivity.not_on_scale": (
        one("pattern_probability", [[1.5, 2]], [2], scale=[1, 2]),
        {"low": 1.5, "high": 2, "scale": [1, 2]},
    ),
    "sensitivity.ratings_shape": (one("own_ratings", ROW), {"shape": (1, 2)}),
    "sensitivity.no_rating": (one("own_ratings", [[[NAN]]]), {"place": (0, 0)}),
    "sensitivity.values_shape": (
        one("noise_probability", np.ones((1, 2, 1)), np.ones((1, 2)), [2]),
        {"shape": (1, 2, 1), "pmf": (1, 2)},
    ),
    "sensitivity.patterns": (
        one("pattern_probability", np.ones((1, 9)), [1], scale=[1, 2, 3, 4, 5]),
        {"values": 5, "n": 9, "most": 200_000},
    ),
    "sensitivity.patterns_many": (one("noise_probability", FIVES, np.full((1, 9, 5), 0.2), [1]), {}),
    "statistics.whole": (one("standard_error", [1], 0), {"draws": 0, "least": 1}),
    "statistics.flag": (one("rank_acceptability", ROW, draws=1, seed=1, pairs="no"), {"pairs": "no"}),
    "statistics.shape": (one("cut_margin", ROW, [2]), {"name": "scores", "shape": (1, 2), "wanted": "m,"}),
    "params.belief_empty": (
        one("read_belief", "", ("a", "b")),
        {"example": "a at most 0.4; b at least 2 times a"},
    ),
    "statistics.set": (one("read_belief", "uniform", {"a", "b"}), {"indicators": {"a", "b"}}),
    "sensitivity.names_twice": (
        one("read_belief", "uniform", ("a_b", "A b")),
        {"one": "a_b", "other": "A b"},
    ),
    "sensitivity.belief_names": (
        one("belief_probability", NAMED.set_axis(["x", "y"], axis=1), [4], BELIEF),
        {"names": ["a", "b"], "columns": ["x", "y"]},
    ),
    "sensitivity.belief_large": (one("belief_probability", np.ones((1, 12)), [1], LARGE), {"n": 12}),
    "sensitivity.no_indicator": (
        one("expected_rank", NAMED.assign(proposal=[1])),
        {"name": "scores", "column": "proposal"},
    ),
    "sensitivity.same_proposals": (
        one(
            "category_probability",
            pd.DataFrame(LEVELS, index=["P"]),
            LEVELS,
            table=TABLE,
            route=pd.Series({"Q": True}),
        ),
        {"name": "route", "names": ["Q"], "rows": ["P"]},
    ),
    "params.belief_alone": (one("read_belief", "uniform; dirichlet 3", ("a", "b")), {}),
    "params.belief_name": (one("read_belief", "c at least a", ("a", "b")), {"name": "c", "allowed": "a, b"}),
    "params.belief_number": (one("read_belief", "a at least 1/4", ("a", "b")), {"written": "0.25"}),
    "params.belief_concentration": (one("read_belief", "dirichlet 0", ("a", "b")), {"concentration": 0}),
    "params.belief_bounds": (one("read_belief", "a at most 2", ("a", "b")), {"low": 0, "high": 2}),
    "params.belief_cycle": (
        one("read_belief", "a at least 2 times b; b at least a", ("a", "b")),
        {"cycle": "a, b"},
    ),
    "params.belief_clause": (
        one("read_belief", "roughly", ("a", "b")),
        {"clause": "roughly", "example": "a at most 0.4; b at least 2 times a"},
    ),
    "params.belief_two_indicators": (one("read_belief", "a at least a", ("a", "b")), {}),
    "params.belief_two_criteria": (one("read_belief", "a at least c", ("a", "b"), others=("c",)), {}),
}
# Parts of `sensitivity.patterns_many`.
PARTS = {
    "sensitivity.patterns_of_proposals": CALLS["sensitivity.patterns_many"][0],
    "sensitivity.patterns_of_sample": one(
        "noise_probability", FIVES, np.full((1, 9, 5), 0.2), [1], belief=WALKED
    ),
}
# Refused where a study begins: `test_no_complete_proposal_is_refused`.
ELSEWHERE = {"sensitivity.no_scores"}


@pytest.mark.parametrize("key", CALLS)
def test_a_refusal_has_its_key_and_values_and_is_said_in_spanish(key):
    call, values = CALLS[key]
    with pytest.raises(StatisticsError) as refused:
        call()
    error = refused.value
    assert error.values["key"] == key
    assert {name: error.values[name] for name in values} == values
    assert str(error) == error.say("en")
    assert [word for word in english(error.say("es")) if word not in ("weights", "values")] == []


@pytest.mark.parametrize("key", PARTS)
def test_how_many_patterns_there_are_is_said_in_spanish(key):
    with pytest.raises(StatisticsError) as refused:
        PARTS[key]()
    assert refused.value.values["patterns"].key == key
    assert english(refused.value.say("es")) == []


def written(language):
    file = DATA / "texts" / language / "sensitivity_refusals.po"
    return set(re.findall(r'msgid "(sensitivity\.\w+)"', file.read_text("utf-8")))


def test_every_refusal_that_is_written_is_tried_here():
    tried = {*CALLS, *PARTS, *ELSEWHERE, "sensitivity.patterns_of_sums"}
    assert written("en") == written("es")
    assert written("en") <= tried


def test_the_texts_of_the_refusals_show_the_same_values_in_both_languages():
    for key in written("en"):
        shown = [
            {name for _, name, _, _ in string.Formatter().parse(texts.catalogue(language)[key]) if name}
            for language in texts.LANGUAGES
        ]
        assert shown[0] == shown[1], key
