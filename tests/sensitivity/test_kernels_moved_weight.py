"""Points of weight that move, read off flips that are written out here."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from ogp_analysis.sensitivity import moved_weight
from ogp_analysis.sensitivity.flips import CategoryFlip
from ogp_analysis.sensitivity.moved_weight import Move

NAN = np.nan
AXES = (
    SimpleNamespace(name="a", indicators=("x", "y", "z"), weights=np.array([0.5, 0.3, 0.2])),
    SimpleNamespace(name="b", indicators=("u", "v"), weights=np.array([0.4, 0.6])),
)
# One moves down on the first axis, one up on both, one is moved by nothing.
FLIP = CategoryFlip(
    distance=np.array([0.2, 0.5, np.inf]),
    current=np.array([1, 2, 4]),
    category=np.array([2, 1, 0]),
    levels=np.array([[2, 2], [1, 1], [0, 0]]),
    target=np.array([[1, 2], [2, 2], [0, 0]]),
    weights=(
        np.array([[0.4, 0.35, 0.25], [0.55, 0.45, 0.0], [NAN] * 3]),
        np.array([[0.4, 0.6], [0.35, 0.65], [NAN] * 2]),
    ),
    attained=np.array([False, True, False]),
)


def test_points_are_half_of_what_weights_change_by_on_axes_that_move():
    points = moved_weight.points_moved(FLIP, AXES)
    assert points == pytest.approx(np.array([[10, NAN], [20, 5], [NAN, NAN]]), nan_ok=True)
    assert moved_weight.points_in_all(points) == pytest.approx([10, 25, NAN], nan_ok=True)
    columns = moved_weight.points_columns(points, AXES)
    assert list(columns) == ["points_a", "points_b"]
    assert columns["points_b"] == pytest.approx([NAN, 5, NAN], nan_ok=True)


def test_moves_name_who_gives_and_who_takes_and_what_there_is():
    [down] = moved_weight.moves_of(FLIP, AXES, 0)
    assert (down.criterion, down.beyond, down.loses, down.gains) == ("a", True, ("x",), ("y", "z"))
    assert (down.points, down.there) == (pytest.approx(10), pytest.approx(50))
    first, second = moved_weight.moves_of(FLIP, AXES, 1)
    assert (first.criterion, first.beyond, first.loses, first.gains) == ("a", False, ("z",), ("x", "y"))
    assert (second.criterion, second.loses, second.gains) == ("b", ("u",), ("v",))
    assert (first.there, second.there) == (pytest.approx(20), pytest.approx(40))
    assert moved_weight.moves_of(FLIP, AXES, 2) == []


def test_of_the_only_axis_nothing_is_named_and_rounding_moves_nothing():
    alone = CategoryFlip(
        np.array([0.1]),
        np.array([1]),
        np.array([2]),
        np.array([[1]]),
        np.array([[0]]),
        (np.array([[0.5 - 2e-9, 0.3 + 1e-12, 0.2 + 2e-9]]),),
        np.array([False]),
    )
    [move] = moved_weight.moves_of(alone, AXES[:1], 0)
    assert (move.criterion, move.loses, move.gains) == ("", ("x",), ("z",))
    assert move.there == pytest.approx(50)


@pytest.mark.parametrize(
    ("points", "beyond", "there", "whole"),
    [
        # A third of the weight is 33.33 points; 34 of them cannot be taken.
        (33.2, False, 100 / 3, True),
        (32.5, False, 100 / 3, False),
        (33.0, False, 33.0, False),
        # All of 25 only brings it onto the cut point.
        (25.0, True, 25.0, True),
        (25.0, False, 25.0, False),
        (24.5, True, 25.0, False),
        (24.0, True, 25.0, False),
        # Below a point it is told in tenths.
        (0.42, False, 0.45, True),
        (0.42, False, 0.5, False),
    ],
)
def test_all_that_an_indicator_has_may_be_less_than_what_is_rounded_up(points, beyond, there, whole):
    named = Move("a", points, beyond, ("x",), ("y",), there)
    assert named.whole is whole
    assert named.exhausted is (there == points)
    # What is not named is not told to be all of something.
    assert not Move("a", points, beyond, (), (), there).whole


@pytest.mark.parametrize(
    ("loses", "gains", "named"),
    [
        (("x",), ("y",), True),
        (("x", "y"), ("z", "u"), True),
        (("x", "y", "z"), ("u",), False),
        (("x",), ("y", "z", "u"), False),
        ((), ("y",), False),
        (("x",), (), False),
    ],
)
def test_one_or_two_at_either_end_are_named(loses, gains, named):
    assert Move("a", 3.0, False, loses, gains).named is named


@pytest.mark.parametrize(
    ("points", "rounded"),
    [
        (8.333, 9),
        (25.0, 25),
        (25 + 1e-10, 25),
        (25.001, 26),
        (1.5, 2),
        (1.0, 1),
        (0.999, 1.0),
        (0.94, 1.0),
        (0.9, 0.9),
        (0.03, 0.1),
        (0, 0),
    ],
)
def test_points_are_rounded_up_to_what_is_enough(points, rounded):
    assert moved_weight.enough(points) == rounded


@pytest.mark.parametrize(
    ("kept", "rounds"),
    [
        (0.54, 45),
        (0.859, 15),
        (0.9, 10),
        (0.904, 10),
        (0.905, 9),
        (0.906, 9),
        (0.92, 8),
        (0.999, 1),
        (1.0, 1),
        (0.0, 100),
        (0.526, 45),
        (0.524, 50),
    ],
)
def test_rounds_that_change_are_counted_in_fives_or_by_ones(kept, rounds):
    assert moved_weight.changing_rounds(kept) == rounds


def test_an_axis_of_one_indicator_has_no_column_of_points():
    each = [
        SimpleNamespace(name=name, indicators=tuple(name * count))
        for name, count in zip("abc", (1, 2, 3), strict=True)
    ]
    columns = moved_weight.points_columns(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), each)
    assert {name: column.tolist() for name, column in columns.items()} == {
        "points_b": [2, 5],
        "points_c": [3, 6],
    }


@pytest.mark.parametrize(
    ("move", "amount"),
    [
        (Move("", 8.333, True), "9 points of weight"),
        (Move("", 25.0, True), "more than 25 points of weight"),
        (Move("", 25.0, False), "25 points of weight"),
        (Move("", 1.0, False), "1 point of weight"),
        (Move("", 1.0, True), "more than 1 point of weight"),
        (Move("", 0.42, False), "0.5 points of weight"),
        (Move("feasibility", 4.0, False), "4 points of weight in feasibility"),
        # All of a third in tenths; 7.96 are 8, without a decimal that would say nothing.
        (
            Move("", 33.3, False, ("time",), ("will",), 100 / 3),
            "33.3 points of weight (all the weight of time) to",
        ),
        (
            Move("", 7.9, False, ("time",), ("will",), 7.96),
            "8 points of weight (all the weight of time) to",
        ),
        # All of 25 that only bring it onto the cut point.
        (Move("", 25.0, True, ("time",), ("will",), 25.0), "25 points of weight (all the weight of time) to"),
    ],
)
def test_amounts_of_weight_in_words(move, amount):
    assert moved_weight.weight_words([move], "en").startswith(f"moving {amount} ")


def test_only_the_first_of_several_amounts_names_the_unit():
    moves = [Move("feasibility", 8.2, False), Move("relevance", 3.0, True)]
    assert moved_weight.weight_words(moves, "en") == (
        "moving 9 points of weight in feasibility and more than 3 in relevance changes the category"
    )
