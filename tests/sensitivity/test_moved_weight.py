"""What a verdict says of weights holds if a reader moves them: rational arithmetic on the plan's rule."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from ogp_analysis.language import labels
from ogp_analysis.sensitivity import study
from ogp_analysis.sensitivity.moved_weight import Move, enough, moves_of, points_moved, weight_words
from tests.sensitivity.any_method import FILES, of_method, rated

LEAST = Fraction(1, 10**9)


def moved(scores, weights, points, rising):
    """The weights after so many points have gone, one indicator after the other, to the best or the worst."""
    weights, left = list(weights), Fraction(points) / 100
    order = sorted(range(len(scores)), key=lambda n: scores[n], reverse=not rising)
    for n in order[:-1]:
        taken = min(left, weights[n])
        weights[n] -= taken
        weights[order[-1]] += taken
        left -= taken
    assert left == 0, "so many points cannot be moved"
    return weights


def category(prepared, row, weights):
    """The plan's table: levels on fractions, and 3 or 4 where a level is low."""
    level = []
    for k, each in enumerate(weights):
        scores = [Fraction(float(x)).limit_denominator(1000) for x in prepared.scores[k][row]]
        score = sum(w * x for w, x in zip(each, scores, strict=True))
        level.append(sum(score >= Fraction(cut) for cut in ("5/2", "7/2")))
    if min(level) == 0:
        return 3 if prepared.portfolio.route[row] else 4
    return 1 if level == [2, 2] else 2


def baseline(prepared):
    return [[Fraction(1, len(axis.indicators))] * len(axis.indicators) for axis in prepared.axes]


def after(prepared, flip, row, points_of):
    """Category after moving the points of each move that a proposal needs."""
    weights = baseline(prepared)
    names = [axis.name for axis in prepared.axes]
    for move in moves_of(flip, prepared.axes, row):
        k = names.index(move.criterion)
        scores = prepared.scores[k][row]
        rising = bool(flip.target[row, k] > flip.levels[row, k])
        weights[k] = moved(scores, weights[k], points_of(move), rising)
    return category(prepared, row, weights)


def said(move):
    """What the words say: so many points, or a little more than that."""
    points = Fraction(str(enough(move.points)))
    return points + LEAST if move.beyond else points


def test_the_points_that_are_said_move_every_fragile_proposal(prepared, verdicts):
    flip, base = study.nearest(prepared), prepared.portfolio.baseline()
    fragile = np.flatnonzero(verdicts["verdict"].reindex(prepared.proposals) == "fragile")
    assert len(fragile) == 18
    for row in fragile:
        assert category(prepared, row, baseline(prepared)) == base[row]
        assert after(prepared, flip, row, said) != base[row]
        # Nobody can take more from an indicator than it has: then that is said.
        for move in moves_of(flip, prepared.axes, row):
            assert move.whole or not move.named or said(move) <= move.there
        # A tenth of a point less than the least does nothing.
        short = after(prepared, flip, row, lambda move: max(Fraction(move.points) - Fraction(1, 10), 0))
        assert short == base[row]


def test_points_are_of_one_criterion_and_never_above_100(prepared, verdicts):
    flip = study.nearest(prepared)
    points = points_moved(flip, prepared.axes)
    assert np.nanmax(points) <= 100
    # Some need weight to move in both criteria: what is added would exceed 100.
    assert np.nansum(points, axis=1).max() > 100
    assert np.nansum(points, axis=1)[np.isfinite(flip.distance)] == pytest.approx(
        50 * flip.distance[np.isfinite(flip.distance)]
    )
    # A criterion that keeps its level has nothing to move: no 0, which would be the most fragile of all.
    assert (np.isnan(points) == (flip.target == flip.levels))[np.isfinite(flip.distance)].all()
    assert verdicts["points_feasibility"].reindex(prepared.proposals).to_numpy() == pytest.approx(
        points[:, 0], nan_ok=True
    )


@pytest.mark.parametrize(
    ("moves", "english", "spanish"),
    [
        (
            [("", 8.33, False)],
            "moving 9 points of weight changes the category",
            "mover 9 puntos de peso cambia la categoría",
        ),
        (
            [("", 0.94, True)],
            "moving 1 point of weight changes the category",
            "mover 1 punto de peso cambia la categoría",
        ),
        (
            [("", 0.02, False)],
            "moving 0.1 points of weight changes the category",
            "mover 0,1 puntos de peso cambia la categoría",
        ),
        (
            [("", 25.0, True)],
            "moving more than 25 points of weight changes the category",
            "mover más de 25 puntos de peso cambia la categoría",
        ),
        (
            [("feasibility", 0.0, True), ("relevance", 3.2, False)],
            "moving more than 0 points of weight in feasibility and 4 in relevance changes the category",
            "mover más de 0 puntos de peso en factibilidad y 4 en pertinencia cambia la categoría",
        ),
        (
            [("", 0.0, True)],
            "moving even less than 1 point of weight to an indicator with a lower score changes the category",
            "mover incluso menos de 1 punto de peso a un indicador con puntaje más bajo cambia la categoría",
        ),
        (
            [("feasibility", 25.0, True, ("willingness",), ("complexity",), 25.0)],
            "moving 25 points of weight in feasibility (all the weight of willingness) to complexity, "
            "and the least bit more from another indicator with a higher score, changes the category",
            "mover 25 puntos de peso en factibilidad (todo el peso de voluntad) a complejidad, "
            "y apenas algo más de otro indicador con puntaje más alto, cambia la categoría",
        ),
        (
            [("relevance", 33.1, True, ("alignment",), ("reiterations",), 100 / 3)],
            "moving 33.3 points of weight in relevance (all the weight of alignment) to reiterations "
            "changes the category",
            "mover 33,3 puntos de peso en pertinencia (todo el peso de alineación) a reiteraciones "
            "cambia la categoría",
        ),
        (
            [("relevance", 0.0, True)],
            "moving even less than 1 point of weight in relevance to an indicator with a lower score "
            "changes the category",
            "mover incluso menos de 1 punto de peso en pertinencia a un indicador con puntaje más bajo "
            "cambia la categoría",
        ),
    ],
)
def test_words_round_up_to_what_is_enough(moves, english, spanish):
    listed = [Move(*move) for move in moves]
    assert [weight_words(listed, code) for code in ("en", "es")] == [english, spanish]


def test_enough_is_never_less_and_at_most_a_unit_more():
    points = np.random.default_rng(1).uniform(0, 100, 500)
    rounded = np.array([enough(each) for each in points])
    assert (rounded >= points).all()
    assert (rounded - points < np.where(points < 1, 0.1, 1)).all()
    assert all(enough(low) <= enough(high) for low, high in pairwise(sorted(points)))


def test_of_one_axis_the_criterion_is_not_named(prepared):
    flip = study.nearest(prepared)
    row = int(np.flatnonzero(flip.target[:, 0] != flip.levels[:, 0])[0])
    alone = replace(flip, target=flip.target[:, :1], levels=flip.levels[:, :1], weights=flip.weights[:1])
    assert [move.criterion for move in moves_of(alone, prepared.axes[:1], row)] == [""]


def test_the_column_says_of_what_the_points_are():
    assert (
        labels.column_label("points_relevance", "es")
        == "puntos de peso que la mueven (de 100 en pertinencia)"
    )


def test_criteria_bear_the_titles_of_the_method(tmp_path, monkeypatch):
    named = FILES["two levels on scales apart"]
    titles = [
        {**one, "title": {"en": f"worth {one['name']}", "es": f"valor {one['name']}"}}
        for one in named["criteria"]
    ]
    monkeypatch.setitem(FILES, "titled", named | {"criteria": titles})
    parameters = of_method("titled", tmp_path)
    prepared = study.prepare(rated(parameters, proposals=20), parameters)
    kept, again = np.zeros(len(prepared.proposals)), np.ones(len(prepared.proposals))
    words = study.verdict_columns(prepared, kept, again)
    assert any("in worth a" in each or "in worth b" in each for each in words["verdict_en"])
    assert any("en valor a" in each or "en valor b" in each for each in words["verdict_es"])
