"""Each assumption in doubt alone, and held while the rest is: against every case there is."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import numpy as np
import pytest

from ogp_analysis.sensitivity.assumptions import assumption_counts, assumption_frame
from ogp_analysis.sensitivity.moved_weight import Move
from ogp_analysis.sensitivity.portfolio import Portfolio
from ogp_analysis.sensitivity.study import moving_words
from tests.sensitivity.fixed_scores import FixedScores, fixed

# Rule sets, rounds, proposals; one indicator. Category 1 begins at a score of 3.
SCORES = np.random.default_rng(7).choice([2.0, 3.0, 3.2, 4.0], size=(4, 3, 3, 1), p=[0.2, 0.4, 0.2, 0.2])
SCORES[0, 0] = [[3.2], [3.0], [2.0]]
WIDTH = 0.1


def judged(score, cut):
    return 1 if score >= cut else 2


def by_hand(in_doubt):
    """All cases of rules and rounds; of cut points from 2.9 to 3.1 half are reached by a score of 3."""
    rules = range(4) if "rule" in in_doubt else [0]
    rounds = range(3) if "evaluators" in in_doubt else [0]
    cuts = [2.95, 3.05] if "cuts" in in_doubt else [3.0]
    base = [judged(x, 3.0) for x in SCORES[0, 0, :, 0]]
    ten, kept = [], []
    for rule, cut in itertools.product(rules, cuts):
        for each in itertools.product(rounds, repeat=3):
            found = [judged(SCORES[rule, k, p, 0], cut) for p, k in enumerate(each)]
            kept.append(np.mean([a == b for a, b in zip(found, base, strict=True)]))
            ten.append(all(b != 1 or a == 1 for a, b in zip(found, base, strict=True)))
    return np.mean(ten), np.mean(kept)


def table_of(scores, weights):
    scoring = FixedScores(scores, tuple({"a": k} for k in range(len(scores))))
    portfolio = Portfolio(
        **fixed(scoring),
        weights=(np.array(weights),),
        beliefs=(None,),
        criterion_weights=np.ones(1),
        cuts=(np.array([3.0]),),
        half_width=(WIDTH,),
        table=np.array([2, 1]),
        route=np.zeros(3, dtype=bool),
        categories=2,
        by_route=(1, 2),
    )
    parameters = SimpleNamespace(n_draws=160_000, seed=3)
    drawn = assumption_counts(SimpleNamespace(portfolio=portfolio, parameters=parameters))
    return assumption_frame(drawn).set_index("assumption")


@pytest.fixture(scope="module")
def table():
    return table_of(SCORES, [1.0])


@pytest.fixture(scope="module")
def weighed_table():
    return table_of(WEIGHED, [0.5, 0.5])


def test_one_indicator_has_no_row_for_weights(table):
    assert table.index.tolist() == ["cuts", "rule", "evaluators"]


@pytest.mark.parametrize("group", ["cuts", "rule", "evaluators"])
def test_alone_and_held_are_the_shares_of_all_cases(table, group):
    others = {"cuts", "rule", "evaluators"} - {group}
    for way, in_doubt in (("alone", {group}), ("held", others)):
        ten, kept = by_hand(in_doubt)
        row = table.loc[group]
        assert abs(row[f"ten_{way}"] - ten) < 4 * row[f"ten_{way}_error"]
        assert abs(row[f"mean_{way}"] - kept) < 4 * row[f"mean_{way}_error"]
        assert row[f"ten_{way}_error"] == pytest.approx(np.sqrt(ten * (1 - ten) / 40_000), rel=0.1, abs=1e-4)


# The same with two indicators: rule sets, rounds, proposals, indicators.
WEIGHED = np.random.default_rng(8).choice([1.5, 2.5, 3.0, 3.5, 4.5], size=(3, 4, 3, 2))
WEIGHED[0, 0] = [[3.5, 3.0], [2.5, 4.5], [2.5, 3.0]]


def simulated(in_doubt, draws=40_000):
    """What the rule says, draw by draw, of numbers drawn here."""
    rng, proposals = np.random.default_rng(11), np.arange(3)
    weight = rng.random(draws) if "weights" in in_doubt else np.full(draws, 0.5)
    cut = 3 + rng.uniform(-WIDTH, WIDTH, draws) * ("cuts" in in_doubt)
    rule = rng.integers(0, 3, draws) * ("rule" in in_doubt)
    rounds = rng.integers(0, 4, (draws, 3)) * ("evaluators" in in_doubt)
    scores = WEIGHED[rule[:, None], rounds, proposals]
    first = weight[:, None] * scores[..., 0] + (1 - weight[:, None]) * scores[..., 1] >= cut[:, None]
    base = WEIGHED[0, 0].mean(axis=1) >= 3
    assert base.tolist() == [True, True, False]
    return first[:, base].all(axis=1).mean(), (first == base).mean()


@pytest.mark.parametrize("group", ["weights", "cuts", "rule", "evaluators"])
def test_with_weights_in_doubt_too_they_are_those_of_a_simulation(weighed_table, group):
    others = {"weights", "cuts", "rule", "evaluators"} - {group}
    for way, in_doubt in (("alone", {group}), ("held", others)):
        ten, kept = simulated(in_doubt)
        row = weighed_table.loc[group]
        assert abs(row[f"ten_{way}"] - ten) < 4 * np.sqrt(2) * row[f"ten_{way}_error"]
        assert abs(row[f"mean_{way}"] - kept) < 4 * np.sqrt(2) * row[f"mean_{way}_error"]


def test_a_verdict_names_what_would_move_it():
    unknown, far, near = float("nan"), [Move("", 30.0, False)], [Move("", 12.4, False)]
    assert (
        moving_words(1.0, 1.0, far, language="en")
        == "the category holds under other weights and in another round"
    )
    assert (
        moving_words(0.96, 0.94, far, language="en")
        == "in about 6 of 100 repeated rounds of ratings the category changes"
    )
    both = (
        "moving 13 points of weight changes the category",
        "in about 40 of 100 repeated rounds of ratings the category changes",
    )
    assert moving_words(0.94, 0.62, near, language="en") == "; ".join(both)
    # Of another round nothing is known: it is not said to hold.
    weights_alone = "the category holds under other weights; another round of ratings cannot be predicted"
    assert moving_words(1.0, unknown, far, language="en") == weights_alone
    both = "mover 13 puntos de peso cambia la categoría; otra ronda de calificaciones no se puede predecir"
    assert moving_words(0.5, unknown, near, language="es") == both
