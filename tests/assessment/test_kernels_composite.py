"""The composite, the veto and decisions on small cases: by fractions, every choice and words."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.assessment import categories
from ogp_analysis.assessment.adding import HARMONIC, PLAIN, SHARE, Adding
from ogp_analysis.assessment.composite import (
    CompositeScored,
    CompositeWeighing,
    composite_of,
    composite_weighing,
)
from ogp_analysis.assessment.vetoes import BARRED, MAY_BE_BARRED
from tests.assessment.test_kernels_exact import as_floats, drawn_scores, drawn_weights, mean_of

HAIR = Fraction(1, 10**12)
WAYS = [PLAIN, PLAIN, Adding(HARMONIC), Adding(SHARE)]
SIZES = (2, 1, 3)  # indicators of each criterion


def criterion_means(parts, weighing, skip):
    """Means of the criteria of one proposal; None where one has no score."""
    return [
        None if None in part and not skip else mean_of(part, weights, weighing.adding)
        for part, weights in zip(parts, weighing.indicators, strict=True)
    ]


def composite_mean(parts, weighing, skip):
    means = criterion_means(parts, weighing, skip)
    return None if None in means else mean_of(means, weighing.criteria, weighing.adding)


def drawn_weighing(rng, rows, cut_count):
    criteria = drawn_weights(rng, len(SIZES))
    one = CompositeWeighing(criteria, tuple(drawn_weights(rng, n) for n in SIZES), (), rng.choice(WAYS))
    if 0 in criteria:
        return drawn_weighing(rng, rows, cut_count)
    known = [mean for row in rows if (mean := composite_mean(row, one, skip=True)) is not None]
    hair = rng.choice((0, HAIR))
    cuts = {rng.choice([*known, Fraction(3)]) + rng.choice((-hair, 0, hair)) for _ in range(9)}
    cuts = tuple(sorted({*cuts, Fraction(6), Fraction(7)})[:cut_count])
    return CompositeWeighing(one.criteria, one.indicators, cuts, one.adding)


@pytest.mark.parametrize("seed", range(6))
def test_composites_and_their_levels_are_those_of_fractions(seed):
    """Five scenarios over one or two sets of scores; where something is missing its criterion is rescaled."""
    rng = random.Random(seed)
    skip = seed % 2 == 0
    sets = [[[drawn_scores(rng, n, 1) for n in SIZES] for _ in range(6)] for _ in range(2)]
    which = [np.array([rng.randrange(2) for _ in range(5)])] * 3
    weighings = [drawn_weighing(rng, sets[place], 2) for place in which[0]]
    parts = []
    for c in range(len(SIZES)):
        # The means of a criterion depend on the scenario's weights: each scenario has a rule of its own.
        scores = np.array([as_floats([row[c] for row in sets[place]]) for place in which[0]])
        means = [
            [criterion_means(row, one, skip)[c] for row in sets[place]]
            for place, one in zip(which[0], weighings, strict=True)
        ]
        unresolved = np.zeros(scores.shape[:2], dtype=bool)
        unresolved[c + 2, c] = True
        parts.append(SimpleNamespace(scores=scores, means=as_floats(means), unresolved=unresolved))
    own = [np.arange(5)] * len(SIZES)
    found = composite_of(parts, own, weighings)
    for s, (place, one) in enumerate(zip(which[0], weighings, strict=True)):
        for m, row in enumerate(sets[place]):
            mean = composite_mean(row, one, skip)
            assert found.means[s, m] == pytest.approx(
                np.nan if mean is None else float(mean), rel=1e-12, nan_ok=True
            )
            assert found.codes[s, m] == (-1 if mean is None else sum(mean >= cut for cut in one.cuts))
    assert np.argwhere(found.unresolved).tolist() == [[2, 0], [3, 1], [4, 2]]


def test_a_criterion_of_which_only_what_has_no_weight_is_known_leaves_every_level_open():
    one = CompositeWeighing(
        (Fraction(1, 2),) * 2, ((Fraction(0), Fraction(1)), (Fraction(1),)), (Fraction(2),)
    )
    options = [[[Fraction(1)], []], [[Fraction(1)]]]
    for way in (PLAIN, Adding(HARMONIC), Adding(SHARE)):
        parts = [
            SimpleNamespace(open_scores=lambda *_, c=c: c * [Fraction(1)], options=lambda *_, c=c: options[c])
            for c in (0, 1)
        ]
        own, none = replace(one, adding=way), np.full((1, 1), -1)
        scored = CompositeScored(parts, [np.zeros(1, int)] * 2, [own], none * np.nan, none, none < 0)
        assert scored.levels(np.array([0]), np.array([0])).tolist() == [[True, True]]


def test_shares_and_cuts_are_those_of_the_axis_and_in_the_order_of_the_method():
    half, third = Fraction(1, 2), Fraction(1, 3)
    criteria = [
        SimpleNamespace(name=name, indicators=[SimpleNamespace(name=part) for part in parts])
        for name, parts in (("b", "zy"), ("a", "x"))
    ]
    exact = {"criterion_weights": {"a": third, "b": 2 * third}}
    exact["indicator_weights"] = {"x": Fraction(1), "y": half / 2, "z": half * 3 / 2}
    parameters = SimpleNamespace(
        exact=exact.get,
        exact_cuts={"all": (Fraction(3), Fraction(4))}.get,
        method=SimpleNamespace(criteria=criteria, axes=[SimpleNamespace(name="all")]),
        aggregation="minimum",
    )
    assert composite_weighing(parameters) == CompositeWeighing(
        (2 * third, third),
        ((Fraction(3, 4), Fraction(1, 4)), (Fraction(1),)),
        (Fraction(3), Fraction(4)),
        Adding(SHARE),
    )


@pytest.mark.parametrize("way", [PLAIN, Adding(HARMONIC), Adding(SHARE)])
@pytest.mark.parametrize("known", [True, False])
def test_open_levels_of_the_composite_are_those_of_every_choice(way, known):
    """Two criteria, of one and three indicators: of the second one has no score and one no weight."""
    options = [[[Fraction(1), Fraction(3)]], [[Fraction(2), Fraction(4), Fraction(5)], [], [Fraction(1)]]]
    weights = (
        (Fraction(1, 4), Fraction(3, 4)),
        ((Fraction(1),), (Fraction(2, 3), Fraction(1, 3), Fraction(0))),
    )
    means = {mean_of(chosen, weights[0], way) for chosen in itertools.product(options[0][0], options[1][0])}
    cuts = (Fraction(3, 2), min(means) + HAIR, sorted(means)[-2], Fraction(49, 10))
    one = CompositeWeighing(*weights, tuple(sorted(cuts)), way)

    def part(c):
        given = options[c] if known or c == 0 else None
        return SimpleNamespace(
            open_scores=lambda place, proposal: (
                sorted(given[0]) if given and (place, proposal) == (c, 1) else []
            ),
            options=lambda place, proposal: given if (place, proposal) == (c, 1) else None,
            barred=np.array([[0, MAY_BE_BARRED, 0], [BARRED, 0, 0]]),
        )

    codes = np.array([[-1, -1, 2], [0, -1, -1]])
    scored = CompositeScored(
        [part(0), part(1)], [np.array([1, 0]), np.array([1, 1])], [one, one], codes * np.nan, codes, codes < 0
    )
    found = scored.levels(np.array([0, 1, 1]), np.array([2, 0, 1]))
    reached = {sum(mean >= cut for cut in one.cuts) for mean in means} if known else set(range(5))
    expected = [[level == 2 for level in range(5)], [level == 0 for level in range(5)]]
    assert found.tolist() == [*expected, [level in reached for level in range(5)]]
    assert scored.barred.tolist() == [[BARRED, 0, 0], [BARRED, MAY_BE_BARRED, 0]]


def test_what_the_veto_bars_falls_by_one():
    for count in (2, 3, 4):
        rule = categories.CategoryRule(np.array([2, 1]), (1, 2), tuple(range(1, count + 1)))
        for barred, code in itertools.product((0, MAY_BE_BARRED, BARRED), (-1, *rule.numbers)):
            found = categories.without_barred(np.array([code]), np.array([barred]), rule)
            assert found.tolist() == [2 if barred == BARRED and code == 1 else code]
        for barred, open_ones in itertools.product((0, 1, 2), itertools.product((False, True), repeat=count)):
            names = {k for k in range(count) if open_ones[k]}
            if 0 in names and barred:
                names = names | {1} if barred == MAY_BE_BARRED else (names | {1}) - {0}
            found = categories._barred(np.array([open_ones]), np.array([barred]))
            assert set(np.flatnonzero(found[0])) == names


@pytest.mark.parametrize(("veto", "third"), [(None, "near"), (Fraction(2), "above")])
def test_levels_of_the_composite_follow_the_category_but_for_the_veto(veto, third):
    """Categories 1, 2, 3, open and twice 2 with a composite on the line of the first: barred by the veto."""
    parameters = SimpleNamespace(
        method=SimpleNamespace(composite_levels=("last", "below", "near", "above")),
        cut_points={"composite": (1.0, 2.0, 3.5)},
        veto_limit=veto,
    )
    composite = pd.Series([4.0, 3.0, 5.0, np.nan, 3.5, 3.5 - 1e-12])
    found = categories._composite_levels(np.array([1, 2, 3, -1, 2, 2]), composite, parameters)
    assert [name if isinstance(name, str) else None for name in found] == [
        "above",
        "near",
        "below",
        None,
        third,
        third,
    ]


@pytest.mark.parametrize("by_composite", [True, False])
@pytest.mark.parametrize(("way", "cut"), [("mean", 3.0), ("minimum", 1.0), ("harmonic", 5 / 3)])
def test_a_composite_that_only_ranks_is_a_mean(by_composite, way, cut):
    parameters = SimpleNamespace(
        aggregation=way, as_given={}, method=SimpleNamespace(by_composite=by_composite)
    )
    found = categories.composite_scores(np.array([[1.0, 5.0]]), np.array([0.5, 0.5]), parameters)
    assert found.tolist() == [pytest.approx(cut if by_composite else 3.0)]


def test_decisions_of_a_stage_follow_those_before_and_the_last_of_several_confirms():
    index = pd.Index(["S1", "S2", "S3"], name="proposal")
    rows = [
        ("S1", "third", 4),
        ("S2", "second", 3),
        ("S1", "second", 2),
        ("S1", "first", 1),
        ("S3", "first", 1),
    ]
    for count, selection, confirmation in (
        (3, [2, 3, 1], [4, 0, 0]),
        (2, [1, 0, 1], [2, 3, 0]),
        (1, [1, 0, 1], [0] * 3),
    ):
        stages = ("first", "second", "third")[:count]
        given = pd.DataFrame(rows, columns=["proposal", "stage", "category"]).assign(reason="so")
        given = given[given["stage"].isin(stages)]
        method = SimpleNamespace(stages=[SimpleNamespace(name=name) for name in stages], plan=None)
        found = categories.known_decisions(index, pd.DataFrame(), given, method)
        assert found.selection.tolist() == selection
        assert found.confirmation.tolist() == confirmation


def test_every_way_of_a_category_through_selection_and_phase_5():
    for ruled, selected, confirmed, mark in itertools.product((-1, 1, 2, 3), (0, 1, 2), (0, 1, 4), (0, 1, 3)):
        sides = (np.array([value]) for value in (False, selected, confirmed, mark))
        found = categories.chosen_categories(np.array([ruled]), categories.KnownDecisions(*sides))
        after = selected or ruled
        final = confirmed or (mark if after == 2 and mark else after)
        assert [step.tolist() for step in found] == [[after], [final]]


def test_which_decision_placed_a_proposal_and_where():
    frame = pd.DataFrame(
        {
            "category_selection": [1, 2, 3, 4],
            "category_final": [1, 3, 1, 1],
            "decided": [True, False, False, True],
            "final_step": ["decision", "phase 5", "confirmation", "confirmation"],
        }
    )
    decided, category = categories.decided_categories(frame)
    assert decided.tolist() == [True, False, True, True]
    assert category.tolist() == [1, 2, 1, 1]
