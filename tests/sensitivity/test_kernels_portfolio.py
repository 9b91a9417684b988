"""Draws of a portfolio against going through them one by one, and what it says of itself."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import rankdata

from ogp_analysis.assessment.adding import GEOMETRIC, MEAN, PLAIN, SHARE, Adding
from ogp_analysis.sensitivity import portfolio
from ogp_analysis.sensitivity.portfolio import Portfolio
from tests.sensitivity.fixed_scores import FixedScores, fixed

PROPOSALS, DRAWS = 5, 40
MEDIAN = Adding(SHARE, Fraction(1, 2))
TABLE = np.array([[0, 0, 2], [0, 2, 1]])
ROUTE = np.array([True, False, False, True, False])


def scoring(seed, rules, rounds, indicators):
    """Scores in halves by rule set, round, proposal and indicator."""
    rng = np.random.default_rng(seed)
    scores = rng.integers(4, 11, (len(rules), rounds, PROPOSALS, indicators)) / 2
    return FixedScores(scores, rules, baseline=len(rules) - 1)


def task(**changes):
    first = scoring(1, ({"a": 1}, {"a": 2}), 3, 2)
    second = scoring(2, ({"a": 1}, {"a": 2}), 2, 3)
    given = Portfolio(
        **fixed(first, second),
        weights=(np.array([0.5, 0.5]), np.array([0.2, 0.3, 0.5])),
        beliefs=(None, None),
        criterion_weights=np.array([0.75, 0.25]),
        cuts=(np.array([3.25]), np.array([3.0, 3.75])),
        half_width=(0.25, 0.125),
        table=TABLE,
        route=ROUTE,
    )
    return replace(given, **changes)


def added(scores, weights, way):
    if way.kind == MEAN:
        return float(scores @ weights)
    if way.kind == GEOMETRIC:
        return float(np.prod(scores**weights))
    return max(x for x in scores if weights[scores >= x].sum() >= 0.5 - 1e-12)


def one_by_one(given, inputs):
    """Scores of axes (draws, m, 2) and categories (draws, m), draw by draw and proposal by proposal."""
    axes = np.empty((len(inputs["weights"]), PROPOSALS, 2))
    category = np.empty(axes.shape[:2], dtype=int)
    for draw in range(len(axes)):
        weights = np.split(inputs["weights"][draw], [2])
        cuts = np.split(inputs["cuts"][draw], [1])
        for row in range(PROPOSALS):
            level, lowest = [], np.inf
            for k, bank in enumerate(given.scorings):
                scores = bank.table[inputs["rule"][draw, k], inputs["evaluators"][k][draw, row], row]
                axes[draw, row, k] = added(scores, weights[k], given.adding)
                level.append(sum(axes[draw, row, k] >= cut - 1e-12 for cut in cuts[k]))
                lowest = min(lowest, scores.min())
            found = given.table[tuple(level)] or (3 if given.route[row] else 4)
            barred = given.veto is not None and lowest < given.veto
            category[draw, row] = 2 if barred and found == 1 else found
    return axes, category


WAYS = [{}, {"adding": MEDIAN}, {"adding": Adding(GEOMETRIC)}, {"veto": Fraction(3)}, {"vary": ("rule",)}]


@pytest.mark.parametrize("changes", WAYS, ids=str)
def test_draws_have_the_scores_and_categories_of_each_alone(changes):
    given = task(**changes)
    inputs = given.inputs(DRAWS, np.random.SeedSequence(1))
    axes, category = one_by_one(given, inputs)
    found = given.drawn(inputs)
    assert found[0] == pytest.approx(axes, rel=1e-12)
    assert np.array_equal(found[1], category)
    # The same scores, handed over.
    scores = given.indicator_scores(inputs)
    assert np.array_equal(given.drawn(inputs, lambda _: scores)[1], category)
    assert np.array_equal(portfolio.outcomes_of_mixtures(given)(inputs), given.outcomes(inputs))
    base = given.baseline()
    kept = given.outcomes(inputs)
    assert np.array_equal(kept[:, :-1], category == base)
    stays = [all(each[row] == 1 for row in np.flatnonzero(base == 1)) for each in category]
    assert kept[:, -1].tolist() == stays


@pytest.mark.parametrize("changes", WAYS, ids=str)
def test_counts_are_those_of_draws_one_by_one(changes):
    given = task(**changes)
    inputs = given.inputs(DRAWS, np.random.SeedSequence(3))
    axes, category = one_by_one(given, inputs)
    counts = given.count(DRAWS, np.random.SeedSequence(3))
    base = given.baseline()
    for number in (1, 2, 3, 4):
        assert counts["categories"][:, number - 1].tolist() == (category == number).sum(axis=0).tolist()
    assert counts["kept"].tolist() == (category == base).sum(axis=0).tolist()
    members = np.flatnonzero(base == 1)
    assert counts["ten"].tolist() == [sum(all(each[members] == 1) for each in category)]
    assert counts["inside"].tolist() == (category == 1).sum(axis=0).tolist()
    inside = category[:, members] == 1
    assert counts["overlap"].tolist() == np.bincount(inside.sum(axis=1), minlength=PROPOSALS + 1).tolist()
    others = category[:, base != 1] == 1
    exchanged = [
        [(~inside[:, b] & others[:, o]).sum() for o in range(others.shape[1])] for b in range(len(members))
    ]
    assert np.array_equal(counts["exchanged"], np.reshape(exchanged, (len(members), others.shape[1])))
    # Without ties the rank is that of SciPy; of five all are among the first fifteen.
    composite = np.round(axes @ [0.75, 0.25], 9)
    ranks = np.array([rankdata(-row, method="min") for row in composite]).astype(int)
    if given.adding.kind != SHARE:
        assert all(len(set(row)) == PROPOSALS for row in composite.tolist())
        for row in range(PROPOSALS):
            assert counts["ranks"][row].tolist() == np.bincount(ranks[:, row] - 1, minlength=5).tolist()
    assert counts["ranks"].sum(axis=1).tolist() == counts["top"].tolist() == [DRAWS] * PROPOSALS


def test_of_many_the_first_fifteen_are_at_the_top():
    """Twenty proposals with scores that rise: the same fifteen in every draw."""
    rising = np.linspace(1, 5, 20).reshape(1, 1, 20, 1)
    one = FixedScores(rising, ({},))
    given = Portfolio(
        **fixed(one),
        weights=(np.ones(1),),
        beliefs=(None,),
        criterion_weights=np.ones(1),
        cuts=(np.array([3.0]),),
        half_width=(0.5,),
        table=np.array([2, 1]),
        route=np.zeros(20, dtype=bool),
        categories=2,
    )
    counts = given.count(7, np.random.SeedSequence(1))
    assert counts["top"].tolist() == [0] * 5 + [7] * 15
    assert counts["categories"].shape == (20, 2)
    assert counts["categories"].sum(axis=1).tolist() == [7] * 20


def test_the_baseline_is_the_draw_in_which_nothing_varies():
    for changes in WAYS:
        given = task(**changes | {"vary": ()})
        _, category = one_by_one(given, given.inputs(2, np.random.SeedSequence(1)))
        assert given.baseline().tolist() == category[0].tolist() == category[1].tolist()
        own = given.scores()
        assert [part.tolist() for part in own] == [one.own.tolist() for one in given.scorings]
        levels = [
            [sum(added(x, w, given.adding) >= cut - 1e-12 for cut in cuts) for x in scores]
            for scores, w, cuts in zip(own, given.weights, given.cuts, strict=True)
        ]
        assert given.written_out[(np.arange(PROPOSALS), *levels)].tolist() == given.baseline().tolist()
        assert given.written_out.shape == (PROPOSALS, 2, 3)


def test_groups_are_drawn_within_what_is_in_doubt():
    given = task()
    rng = np.random.default_rng(1)
    weights = given.draw("weights", size=300, rng=rng)
    assert weights[:, :2].sum(axis=1) == pytest.approx(np.ones(300))
    assert weights[:, 2:].sum(axis=1) == pytest.approx(np.ones(300))
    cuts = given.draw("cuts", size=300, rng=rng)
    assert cuts.shape == (300, 3)
    apart = np.abs(cuts - [3.25, 3.0, 3.75])
    assert (apart.max(axis=0) <= [0.25, 0.125, 0.125]).all()
    assert (apart.max(axis=0) > [0.24, 0.12, 0.12]).all()
    # One rule with the same choices for both criteria is drawn once.
    rules = given.draw("rule", size=300, rng=rng)
    assert set(map(tuple, rules.tolist())) == {(0, 0), (1, 1)}
    evaluators = given.draw("evaluators", size=300, rng=rng)
    assert [sorted(set(part.ravel().tolist())) for part in evaluators] == [[0, 1, 2], [0, 1]]
    held = replace(given, vary=())
    assert held.draw("weights", size=2, rng=rng).tolist() == [[0.5, 0.5, 0.2, 0.3, 0.5]] * 2
    assert held.draw("cuts", size=2, rng=rng).tolist() == [[3.25, 3.0, 3.75]] * 2
    assert held.draw("rule", size=2, rng=rng).tolist() == [[1, 1]] * 2
    assert [part.max() for part in held.draw("evaluators", size=2, rng=rng)] == [0, 0]


def test_rules_with_several_choices_are_drawn_as_their_product():
    """The last choice runs fastest: two rules of two and three choices are six sets."""
    sets = tuple({"a": a, "b": b} for a in (1, 2) for b in (1, 2, 3))
    given = task(scorings=(scoring(1, sets, 3, 2), scoring(2, ({"b": 1}, {"b": 2}, {"b": 3}), 2, 3)))
    drawn = given.draw("rule", size=600, rng=np.random.default_rng(1))
    assert set(map(tuple, drawn.tolist())) == {(3 * a + b, b) for a in (0, 1) for b in (0, 1, 2)}


@pytest.mark.parametrize(
    ("changes", "doubtful"),
    [
        ({}, ("weights", "cuts", "rule", "evaluators")),
        ({"weights": (np.ones(1), np.array([0.5, 0.5]))}, ("weights", "cuts", "rule", "evaluators")),
        ({"weights": (np.ones(1), np.ones(1))}, ("cuts", "rule", "evaluators")),
        ({"adding": MEDIAN}, ("weights", "cuts", "rule", "evaluators")),
        ({"adding": Adding(SHARE, Fraction(1))}, ("cuts", "rule", "evaluators")),
        ({"half_width": (0.0, 0.1)}, ("weights", "cuts", "rule", "evaluators")),
        ({"half_width": (0.0, 0.0)}, ("weights", "rule", "evaluators")),
        ({"scorings": (scoring(1, ({},), 3, 2), scoring(2, ({"a": 1}, {"a": 2}), 2, 3))}, portfolio.GROUPS),
        (
            {"scorings": (scoring(1, ({},), 3, 2), scoring(2, ({},), 2, 3))},
            ("weights", "cuts", "evaluators"),
        ),
        ({"rounds": SimpleNamespace(known=False)}, ("weights", "cuts", "rule")),
    ],
)
def test_what_can_vary(changes, doubtful):
    assert task(**changes).doubtful == doubtful


@pytest.mark.parametrize(
    ("adding", "veto", "weighed", "linear"),
    [
        (PLAIN, None, True, True),
        (PLAIN, Fraction(2), True, False),
        (Adding(GEOMETRIC), None, True, False),
        (MEDIAN, None, True, False),
        (Adding(SHARE, Fraction(1)), Fraction(2), False, False),
    ],
)
def test_whether_weights_say_anything_and_all_is_a_weighted_mean(adding, veto, weighed, linear):
    given = task(adding=adding, veto=veto)
    assert (given.weighed, given.linear) == (weighed, linear)


def test_a_veto_bars_by_any_axis_and_only_from_the_best():
    given, free = task(veto=Fraction(3)), task()
    scores = [np.array([[3.0, 5.0], [2.5, 5.0], [4.0, 4.0]]), np.array([[3.0] * 3, [4.0] * 3, [4, 2.9, 4]])]
    assert given.barred(scores).tolist() == [False, True, True]
    assert free.barred([np.zeros((4, 3, 2)), np.zeros((4, 3, 1))]).tolist() == [[False] * 3] * 4
    category, barred = np.array([1, 1, 2, 3]), np.array([True, False, True, True])
    assert given._unbarred(category, barred).tolist() == [2, 1, 2, 3]
    assert given._unbarred(category, ~barred).tolist() == [1, 2, 2, 3]
    assert given._unbarred(category, np.zeros(4, dtype=bool)).tolist() == [1, 1, 2, 3]
    # Of one category there is no next.
    assert replace(given, categories=1)._unbarred(category, barred).tolist() == [1, 1, 2, 3]


def test_axes_of_several_criteria_have_their_indicators_side_by_side():
    whole = task(parts=((0, 1),))
    [joined] = whole.scores()
    first, second = (one.own for one in whole.scorings)
    assert joined.tolist() == np.concatenate([first, second], axis=1).tolist()
    [drawn] = whole._joined([np.zeros((4, PROPOSALS, 2)), np.ones((4, PROPOSALS, 3))])
    assert drawn[3, 2].tolist() == [0, 0, 1, 1, 1]
    turned = task(parts=((1,), (0,))).scores()
    assert [part.tolist() for part in turned] == [second.tolist(), first.tolist()]


@pytest.mark.parametrize(
    ("table", "category", "box"),
    [
        ([[4, 4, 4], [4, 2, 2], [4, 2, 1]], 1, (2, 2)),
        ([[2, 2, 2], [2, 2, 1], [2, 1, 1]], 1, None),
        ([[2, 2], [1, 1]], 1, (1, 0)),
        ([[1, 1], [1, 2]], 1, None),
        ([[2, 2], [2, 2]], 1, None),
        ([2, 2, 1, 1], 1, (2,)),
        ([2, 1, 1, 2], 1, None),
        # Of those with a route the best cell is of category 3, of those without of category 4.
        ([[1, 1], [1, 0]], 3, None),
        ([[1, 1], [1, 2]], 2, (1, 1)),
    ],
)
@pytest.mark.parametrize("route", [[True, False], [False, True], [False]])
def test_a_box_is_where_all_from_a_level_on_are_of_a_category_and_no_other(table, category, box, route):
    given = task(table=np.array(table), route=np.array(route))
    assert given.box_of(category) == box
    assert task(table=np.array(table), route=np.zeros(0, dtype=bool)).box_of(category) is None


def test_the_draws_of_a_chunk_fill_the_largest_array():
    def chunk(size, ratings, weights):
        banks = [SimpleNamespace(sheet=SimpleNamespace(ratings=np.ones((max(size, 1), n)))) for n in ratings]
        given = SimpleNamespace(size=size, weights=[np.ones(n) for n in weights], scorings=banks)
        return Portfolio.chunk_size(given)

    cells = portfolio.CELLS
    assert chunk(1, [1], [1]) == cells
    assert chunk(4, [3, 5], [2, 2]) == cells // 32
    assert chunk(4, [1, 1], [3, 5]) == cells // 32
    assert chunk(1, [3], [1, 1]) == cells // 3
    assert chunk(0, [3], [2]) == cells
    assert chunk(cells, [2], [1]) == 1
