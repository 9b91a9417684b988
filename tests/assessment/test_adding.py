"""Ways of adding up: against R's MCDA, whole numbers, a few lines of pandas, and every third rating."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest

from ogp_analysis import ratings
from ogp_analysis.assessment import scoring, whole_assessment
from ogp_analysis.assessment.adding import (
    GEOMETRIC,
    HARMONIC,
    PLAIN,
    SHARE,
    Adding,
    added,
    adding_of,
    reaches_exactly,
)
from ogp_analysis.assessment.criterion_rule import Weighing
from ogp_analysis.assessment.vetoes import below, lowest_and_highest
from ogp_analysis.errors import ParameterError
from ogp_analysis.model import params
from ogp_analysis.model.parameter_rules import AGGREGATIONS

HALF, TWO_THIRDS = Fraction(1, 2), Fraction(2, 3)
WAYS = [
    PLAIN,
    Adding(GEOMETRIC),
    Adding(HARMONIC),
    Adding(SHARE),
    Adding(SHARE, HALF),
    Adding(SHARE, TWO_THIRDS),
]


def codes_of(rows: np.ndarray, weights: list[Fraction], cuts: list[Fraction], way: Adding) -> list[int]:
    weighing = scoring.stacked([Weighing(tuple(weights), tuple(cuts), way)])
    return scoring.weigh(np.array(rows, dtype=float)[None], weighing)[1][0].tolist()


class TestMajoritySorting:
    """R's package MCDA, tests/MRSort.R of https://github.com/paterijk/MCDA: prices and times are costs."""

    TABLE = np.array([[1, 10, 1], [4, 20, 2], [2, 20, 0], [6, 40, 0], [30, 30, 3]], dtype=float)
    SIGN = np.array([-1, -1, 1])
    PROFILES: ClassVar = {"Good": [3, 11, 3], "Medium": [7, 25, 2]}
    VETOES: ClassVar = {"Good": [10, np.nan, np.nan], "Medium": [np.nan, np.nan, 1]}

    def reached(self, name: str, columns: slice, weights: list[int], majority: int) -> np.ndarray:
        sign = self.SIGN[columns]
        rows = sign * (self.TABLE[:, columns] - np.array(self.PROFILES[name], dtype=float)[columns])
        parts, share = [Fraction(w, sum(weights)) for w in weights], Fraction(majority, sum(weights))
        return np.array(codes_of(rows, parts, [Fraction(0)], Adding(SHARE, share))) == 1

    def test_with_vetoes(self):
        every = slice(None)
        barred = {
            name: below(self.SIGN * (self.TABLE - np.array(limits)), Fraction(0))
            for name, limits in self.VETOES.items()
        }
        good, medium = (self.reached(name, every, [1, 3, 2], 3) & ~barred[name] for name in self.PROFILES)
        sorted_into = np.where(good, "Good", np.where(medium, "Medium", "Bad"))
        assert sorted_into.tolist() == ["Good", "Medium", "Bad", "Bad", "Bad"]

    def test_of_two_criteria(self):
        medium = self.reached("Medium", slice(0, 2), [1, 3], 2)
        assert medium[[0, 3]].tolist() == [True, False]


def test_ties_are_exact_for_whole_numbers_of_every_kind():
    """Products of powers and sums of reciprocals of whole numbers, compared without a root or a logarithm."""
    rng = np.random.default_rng(1)
    for _ in range(300):
        n = rng.integers(1, 5)
        scores = [int(x) for x in rng.integers(1, 10, n)]
        parts = [int(x) for x in rng.integers(1, 5, n)]
        cut = Fraction(int(rng.integers(2, 19)), 2)
        exact, total = [Fraction(x) for x in scores], sum(parts)
        product = np.prod([Fraction(x) ** p for x, p in zip(scores, parts, strict=True)])
        reciprocals = sum(Fraction(p, x) for x, p in zip(scores, parts, strict=True))
        assert reaches_exactly(exact, parts, cut, Adding(GEOMETRIC)) == (product >= cut**total)
        assert reaches_exactly(exact, parts, cut, Adding(HARMONIC)) == (total / reciprocals >= cut)


@pytest.mark.parametrize(
    ("way", "row", "cut"),
    [
        (Adding(GEOMETRIC), [2, 8, 4], Fraction(4)),
        (Adding(GEOMETRIC), [2.5, 2.5, 2.5], Fraction(5, 2)),
        (Adding(HARMONIC), [2, 6, 6], Fraction(18, 5)),
        (Adding(HARMONIC), [7 / 3, 7 / 3, 7 / 3], Fraction(7, 3)),
        (Adding(SHARE, TWO_THIRDS), [7 / 3, 7 / 3, 1], Fraction(7, 3)),
        (Adding(SHARE), [7 / 3, 3, 4], Fraction(7, 3)),
    ],
)
def test_a_score_on_the_cut_reaches_it_and_a_hair_above_does_not(way, row, cut):
    third, hair = [Fraction(1, 3)] * 3, Fraction(1, 10**12)
    assert codes_of([row], third, [cut - hair, cut, cut + hair], way) == [2]


def test_large_powers_are_decided_too():
    """Weights of nine digits: a root of that degree is beyond floats, a tie of primes is not."""
    parts = [333_333_333, 666_666_667]
    scores = [Fraction(4), Fraction(4)]
    assert reaches_exactly(scores, parts, Fraction(4), Adding(GEOMETRIC))
    assert not reaches_exactly(scores, parts, Fraction(4) + Fraction(1, 10**30), Adding(GEOMETRIC))
    assert reaches_exactly(scores, parts, Fraction(4) - Fraction(1, 10**30), Adding(GEOMETRIC))
    # Logarithms of forty digits do not tell these from a tie.
    for hair in (Fraction(1, 10**60), Fraction(1, 10**90)):
        for cut, reached in ((Fraction(4) - hair, True), (Fraction(4) + hair, False)):
            assert reaches_exactly(scores, parts, cut, Adding(GEOMETRIC)) == reached
    # Beyond what floats hold to the unit.
    assert reaches_exactly([Fraction(4)] * 7, [2**60] + [100] * 6, Fraction(4), Adding(GEOMETRIC))


def test_many_ways_at_once_are_the_same_as_each_alone():
    rng = np.random.default_rng(2)
    scores = rng.integers(2, 11, (7, 9, 4)) / 2
    scores[rng.random(scores.shape) < 0.1] = np.nan
    quarters = tuple(Fraction(int(k), 10) for k in (1, 2, 3, 4))
    weighings = [Weighing(quarters, (Fraction(5, 2), Fraction(7, 2)), WAYS[k % len(WAYS)]) for k in range(7)]
    means, codes = scoring.weigh(scores, scoring.stacked(weighings))
    for k, weighing in enumerate(weighings):
        alone = scoring.weigh(scores[[k]], scoring.stacked([weighing]))
        np.testing.assert_array_equal(means[k], alone[0][0])
        np.testing.assert_array_equal(codes[k], alone[1][0])
        shared = scoring.weigh(scores[[0]], scoring.stacked(weighings))
        np.testing.assert_array_equal(
            shared[1][k], scoring.weigh(scores[[0]], scoring.stacked([weighing]))[1][0]
        )


def test_a_veto_looks_at_each_indicator_of_each_proposal():
    scores = np.array([[[2.0, 5.0], [1.9, 5.0], [np.nan, 5.0]], [[5.0, 1.0], [1.0, 1.0], [2.0, 2.0]]])
    assert below(scores, Fraction(2)).tolist() == [[False, True, False], [True, True, False]]
    options = [[Fraction(2), Fraction(4)], [], [Fraction(1), Fraction(5)], [Fraction(3)]]
    assert lowest_and_highest(options) == (1, 3)


def test_means_lie_in_order_and_between_the_lowest_and_the_highest():
    rng = np.random.default_rng(3)
    scores, weights = rng.uniform(1, 5, (200, 5)), rng.dirichlet(np.ones(5), 200)
    lowest, harmonic, geometric, mean = (
        added(scores, weights, way) for way in (Adding(SHARE), Adding(HARMONIC), Adding(GEOMETRIC), PLAIN)
    )
    assert (lowest <= harmonic + 1e-12).all()
    assert (harmonic <= geometric + 1e-12).all()
    assert (geometric <= mean + 1e-12).all()
    assert (lowest == scores.min(axis=1)).all()


@pytest.mark.parametrize("way", WAYS)
def test_scores_are_added_along_the_last_axis_and_one_missing_leaves_none(way):
    rng = np.random.default_rng(4)
    scores, weights = rng.uniform(1, 5, (2, 3, 4)), rng.dirichlet(np.ones(4))
    scores[1, 2, 0] = np.nan
    found = added(scores, weights, way)
    one_by_one = [[added(row, weights, way) for row in rows] for rows in scores]
    np.testing.assert_allclose(found, one_by_one, rtol=1e-15)
    assert np.argwhere(np.isnan(found)).tolist() == [[1, 2]]


def test_an_indicator_without_weight_says_nothing():
    rows, parts = [[1.0, 4.0, 5.0]], [Fraction(0), HALF, HALF]
    assert [codes_of(rows, parts, [Fraction(4)], way) for way in WAYS] == [[1]] * len(WAYS)


def in_pandas(scores: pd.DataFrame, weights: pd.Series, way: str, share: float) -> pd.Series:
    """The same in plain pandas; ties by a tolerance far above rounding."""
    if way == "mean":
        return scores @ weights
    if way == "geometric":
        return (scores**weights).prod(axis=1)
    if way == "harmonic":
        return 1 / (1 / scores).mul(weights).sum(axis=1)
    if way == "minimum":
        return scores.min(axis=1)
    wanted = 0.5 if way == "median" else share
    points = pd.unique(scores.to_numpy().ravel())
    reached = {point: (scores >= point - 1e-9).mul(weights).sum(axis=1) >= wanted - 1e-9 for point in points}
    return pd.DataFrame(reached).mul(points).max(axis=1)


CHANGES = [{"aggregation": way} for way in AGGREGATIONS]
CHANGES += [{"aggregation": "majority", "majority": share} for share in (0.5, 0.75, 1)]
CHANGES += [{"veto": limit} for limit in (2, 3.5)] + [{"aggregation": "harmonic", "veto": 3}]
UNEVEN = {"time": 0.4, "complexity": 0.3, "resources": 0.2, "willingness": 0.1}
UNEVEN |= {"reiterations": 0.5, "potential_impact": 0.25, "alignment": 0.25}


@pytest.fixture(scope="module")
def base():
    return params.from_values(params.baseline())


@pytest.fixture(scope="module")
def inputs(base):
    return ratings.load(base)


@pytest.mark.parametrize("change", CHANGES, ids=str)
@pytest.mark.parametrize(
    "weights", [pytest.param(None, marks=pytest.mark.deep), UNEVEN], ids=["equal", "uneven"]
)
def test_categories_of_the_example_are_those_of_a_few_lines_of_pandas(base, inputs, change, weights):
    more = {} if weights is None else {"indicator_weights": weights}
    parameters = params.with_values(base, **change, **more)
    assessed = whole_assessment.assess(inputs, parameters)
    levels, scores = {}, assessed.scores
    for criterion in base.method.criteria:
        names = [indicator.name for indicator in criterion.indicators]
        own = pd.Series(parameters.indicator_weights)[names]
        score = in_pandas(scores[names], own, parameters.aggregation, parameters.majority)
        np.testing.assert_allclose(assessed.assigned[criterion.name], score)
        levels[criterion.name] = sum((score >= cut - 1e-9).astype(int) for cut in (2.5, 3.5))
    table = np.array(base.method.category_table)[levels["feasibility"], levels["relevance"]]
    routes = inputs.proposals.set_index("proposal")["route"].reindex(scores.index).fillna("") != ""
    category = np.where(table == 0, np.where(routes, 3, 4), table)
    if parameters.veto != "none":
        barred = (scores < parameters.veto - 1e-9).any(axis=1)
        category = np.where(barred & (category == 1), 2, category)
    assert assessed.assigned["category_by_rule"].tolist() == category.tolist()


@pytest.mark.parametrize(
    "change",
    [
        *({"aggregation": way} for way in ("geometric", "harmonic", "median", "minimum", "majority")),
        {"veto": 3},
    ],
    ids=str,
)
def test_what_lacking_third_evaluations_leave_open_is_what_every_rating_gives(base, inputs, change):
    """Proposals that lack one or two: each pair of third ratings is given to a copy of all of them."""
    parameters = params.with_values(base, tolerance=0, **change)
    assessed = whole_assessment.assess(inputs, parameters)
    lacking = assessed.settled.query("status == 'unresolved'")
    few = lacking.groupby("proposal").filter(lambda part: len(part) <= 2)
    own = inputs.ratings[inputs.ratings["proposal"].isin(few["proposal"])]
    listed = inputs.proposals[inputs.proposals["proposal"].isin(few["proposal"])]
    place, thirds = few.groupby("proposal").cumcount(), {"evaluator": "T99", "role": "third"}
    cells = few[["proposal", "indicator"]].assign(panel=few["pair"], **thirds)
    copies = {
        given: pd.concat([own, cells.assign(rating=place.map(dict(enumerate(map(float, given)))))])
        for given in itertools.product(range(1, 6), repeat=2)
    }
    rated, known = (
        pd.concat([part.assign(proposal=part["proposal"] + f" {given}") for given, part in parts.items()])
        for parts in (copies, dict.fromkeys(copies, listed))
    )
    filled = replace(inputs, proposals=known, ratings=rated.reset_index(drop=True))
    categories = whole_assessment.assess(filled, parameters).assigned["category_by_rule"]
    reached = {code: {int(categories[f"{code} {given}"]) for given in copies} for code in few["proposal"]}
    assert len(reached) > 5
    possible = assessed.assigned["possible"]
    said = {proposal: set(map(int, possible[proposal].split())) for proposal in reached}
    assert said == reached


def test_refusals_name_the_parameter_the_value_and_what_fits(base):
    wanted = {
        ("aggregation", "armónica"): ("params.choice", "'armónica'"),
        ("aggregation", 3): ("params.type", "3"),
        ("majority", 0.4): ("params.range", "0.4"),
        ("majority", "mayoría"): ("params.type", "'mayoría'"),
        ("veto", "ninguno"): ("params.limit", "'ninguno'"),
        ("veto", 0.5): ("params.veto_scale", "0.5"),
        ("veto", float("nan")): ("params.not_finite", "nan"),
        ("veto", True): ("params.limit", "True"),
    }
    for (name, value), (key, shown) in wanted.items():
        with pytest.raises(ParameterError) as refused:
            params.with_values(base, **{name: value})
        [problem] = refused.value.problems
        assert (problem.rule, problem.parameter, problem.value) == (key, name, shown)
    with pytest.raises(ParameterError, match="harmonic"):
        params.with_values(base, aggregation="armonica")


def test_what_has_no_effect_is_set_aside(base):
    median = params.with_values(base, aggregation="median")
    half = params.with_values(base, aggregation="majority", majority=0.5)
    assert adding_of(median) == adding_of(half)
    assert adding_of(params.with_values(base, majority=0.9)) == PLAIN
