"""What is blanked where somebody, an indicator or a panel is left out: cell by cell, on small sheets."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.assessment.rating_arrays import Seating, Sheet
from ogp_analysis.sensitivity import leave_one_out
from ogp_analysis.sensitivity.leave_one_out import CHANGES, COULD_CHANGE, NO_CATEGORY, STAYS, LeftOut

PROPOSALS = 4


def criterion(panels, indicators):
    named = [SimpleNamespace(name=name, counted=False) for name in indicators]
    return SimpleNamespace(panels=panels, indicators=named)


def sheet_and_seating(seed, one, *, seats):
    """Ratings of which a third is missing, by people who sit in several panels; E9 has no code."""
    rng = np.random.default_rng(seed)
    shape = (PROPOSALS, len(one.indicators), len(one.panels))
    ratings = np.where(rng.random((*shape, seats)) < 0.7, rng.integers(1, 6, (*shape, seats)), np.nan)
    thirds = np.where(rng.random(shape) < 0.5, rng.integers(1, 6, shape), np.nan)
    points = rng.random(shape[:2])
    by = np.array([[f"E{p % 3}{s}" for s in range(seats)] for p in range(PROPOSALS * shape[2])])
    by = np.broadcast_to(by.reshape(PROPOSALS, 1, shape[2], seats), ratings.shape).astype(object)
    by = np.where(by == "E21", None, by)
    third_by = np.where(rng.random(shape) < 0.5, "E00", "T").astype(object)
    given, third = np.nonzero(np.isfinite(ratings)), np.nonzero(np.isfinite(thirds))
    return Sheet(one, ratings, thirds, points), Seating(given, by[given], third, third_by[third])


FIRST, SECOND = criterion(("p", "q"), ["a", "b"]), criterion(("p",), ["c"])
PARTS = [sheet_and_seating(1, FIRST, seats=2), sheet_and_seating(2, SECOND, seats=3)]
SHEETS, SEATINGS = ([part[k] for part in PARTS] for k in range(2))


def without(sheet, seating, kind, name):
    """Blank in copies of the whole sheet what a gap takes: ratings, thirds and points."""
    ratings, thirds, points = sheet.ratings.copy(), sheet.thirds.copy(), sheet.points.copy()
    indicators = [one.name for one in sheet.criterion.indicators]
    if kind == "evaluator":
        for array, places, by in (
            (ratings, seating.independent, seating.independent_by),
            (thirds, seating.third, seating.third_by),
        ):
            for *cell, who in zip(*places, by, strict=True):
                if who == name:
                    array[tuple(cell)] = np.nan
    elif kind == "indicator" and name in indicators:
        place = indicators.index(name)
        ratings[:, place] = thirds[:, place] = points[:, place] = np.nan
    elif kind == "panel" and name in sheet.criterion.panels:
        place = sheet.criterion.panels.index(name)
        ratings[:, :, place] = thirds[:, :, place] = np.nan
    return ratings, thirds, points


def arrays(sheet):
    return sheet.ratings, sheet.thirds, sheet.points


def test_each_gap_blanks_what_it_takes_and_nothing_else():
    gaps = leave_one_out.gaps_of(SHEETS, SEATINGS)
    people = sorted({by for one in SEATINGS for by in (*one.independent_by, *one.third_by) if by})
    # Of the only indicator, and of panel p, which alone rates the second criterion, there is no other.
    others = [("indicator", "a"), ("indicator", "b"), ("panel", "q")]
    left = list(zip(gaps.kinds, gaps.names, strict=True))
    assert left == [*(("evaluator", name) for name in people), *others]
    assert (np.diff(gaps.which) >= 0).all()
    for place, (kind, name) in enumerate(left):
        rows = np.flatnonzero(gaps.which == place)
        taken, touched = 0, set()
        for c, (sheet, seating) in enumerate(PARTS):
            blanked = leave_one_out._blanked(sheet, gaps, c, 0, len(gaps.which))
            for own, found, want in zip(
                arrays(sheet), arrays(blanked), without(sheet, seating, kind, name), strict=True
            ):
                assert np.array_equal(found[rows], want[gaps.proposal[rows]], equal_nan=True), (kind, name)
                gone = np.isfinite(own) & np.isnan(want)
                touched |= set(np.nonzero(gone)[0].tolist())
                taken += gone.sum() if own is not sheet.points else 0
        assert gaps.ratings[place] == taken
        assert gaps.proposal[rows].tolist() == (sorted(touched) if kind == "evaluator" else [0, 1, 2, 3])


@pytest.mark.parametrize("step", [1, 3, 7])
def test_a_part_of_the_gaps_is_blanked_as_in_the_whole(step):
    gaps = leave_one_out.gaps_of(SHEETS, SEATINGS)
    end = len(gaps.which)
    for c, sheet in enumerate(SHEETS):
        whole = leave_one_out._blanked(sheet, gaps, c, 0, end)
        parts = [leave_one_out._blanked(sheet, gaps, c, start, start + step) for start in range(0, end, step)]
        for k, want in enumerate(arrays(whole)):
            assert np.array_equal(np.concatenate([arrays(part)[k] for part in parts]), want, equal_nan=True)


def test_who_rated_nothing_that_is_judged_leaves_no_gap():
    empty = [Sheet(one.criterion, one.ratings[:0], one.thirds[:0], one.points[:0]) for one in SHEETS]
    nobody = np.zeros(0, dtype=object)
    none = [
        Seating(
            tuple(np.zeros(0, dtype=int) for _ in range(4)),
            nobody,
            tuple(np.zeros(0, dtype=int) for _ in range(3)),
            nobody,
        )
        for _ in SHEETS
    ]
    gaps = leave_one_out.gaps_of(empty, none)
    assert gaps.names == ["a", "b", "q"]
    assert (gaps.ratings.tolist(), gaps.which.tolist()) == ([0, 0, 0], [])


def test_outcomes_follow_from_what_is_possible():
    """Two stay (one of them with a category), one could change, two change, and one has no category."""
    possible = np.array([[1, 0, 0], [0, 1, 1], [1, 0, 0], [1, 0, 1], [0, 0, 1], [1, 1, 1]], dtype=bool)
    base = np.array([1, 2, 2, 2, 1, 1])
    ruled = np.array([1, -1, 1, -1, 3, -1])
    unrated = np.array([False] * 5 + [True])
    found = LeftOut(SimpleNamespace(), base, ruled, possible, unrated)
    assert found.outcome.tolist() == [STAYS, COULD_CHANGE, CHANGES, CHANGES, CHANGES, NO_CATEGORY]
    assert found.decides.tolist() == [False, False, True, True, True, True]
    assert found.enters.tolist() == [False, False, True, False, False, False]
    assert found.leaves.tolist() == [False, False, False, False, True, True]


# Who or what is left out, of which proposal, its category, and what could be of it without; "-" is nothing.
ROWS = [
    ("E1", 0, 1, "2"),
    ("E1", 1, 2, "2"),
    ("E2", 1, 2, "1"),
    ("E2", 2, 3, "23"),
    ("E3", 2, 3, "-"),
    ("E4", 3, 1, "2"),
    ("E5", 3, 1, "12"),
    ("E6", 4, 2, "12"),
    ("E7", 4, 2, "2"),
    ("a", 0, 1, "2"),
    ("a", 1, 2, "3"),
    ("a", 2, 3, "3"),
    ("a", 3, 1, "1"),
    ("a", 4, 2, "2"),
    ("q", 0, 1, "12"),
    ("q", 1, 2, "2"),
    ("q", 2, 3, "1"),
    ("q", 3, 1, "1"),
    ("q", 4, 2, "2"),
]
NAMES = ["E1", "E2", "E3", "E4", "E5", "E6", "E7", "a", "q"]
KINDS = ["evaluator"] * 7 + ["indicator", "panel"]


@pytest.fixture
def left(monkeypatch):
    monkeypatch.setattr(leave_one_out, "languages_of", lambda method: ("en",))
    which = np.array([NAMES.index(name) for name, *_ in ROWS])
    ratings = np.array([4, 2, 3, 4, 1, 1, 1, 6, 6])
    gaps = leave_one_out.Gaps(KINDS, NAMES, ratings, which, np.array([row[1] for row in ROWS]), (), (), ())
    could = [set("123") if options == "-" else set(options) for *_, options in ROWS]
    possible = np.array([[number in each for number in "123"] for each in could])
    ruled = np.array([int(options) if len(options) == 1 and options != "-" else -1 for *_, options in ROWS])
    unrated = np.array([options == "-" for *_, options in ROWS])
    found = LeftOut(gaps, np.array([row[2] for row in ROWS]), ruled, possible, unrated)
    base = np.array([1, 2, 3, 1, 2])
    study = SimpleNamespace(
        proposals=pd.Index(["P0", "P1", "P2", "P3", "P4"]),
        portfolio=SimpleNamespace(baseline=lambda: base),
        parameters=SimpleNamespace(method=None),
    )
    return study, found


def test_each_row_counts_and_names_what_changes_without_it(left):
    frame = leave_one_out.each_frame(*left)
    assert frame["name"].tolist() == NAMES
    assert frame["ratings"].tolist() == [4, 2, 3, 4, 1, 1, 1, 6, 6]
    assert frame["changed"].tolist() == [1, 1, 0, 1, 0, 0, 0, 2, 1]
    assert frame["could_change"].tolist() == [0, 1, 0, 0, 1, 1, 0, 0, 1]
    assert frame["no_category"].tolist() == [0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert frame["crossing"].tolist() == [1, 1, 0, 1, 0, 0, 0, 1, 1]
    assert frame["proposals"].tolist() == ["P0", "P1", "", "P3", "", "", "", "P0 P1", "P2"]
    assert frame["could_be"].tolist() == ["", "P2", "", "", "P3", "P4", "", "", "P0"]
    assert frame["entered"].tolist() == ["", "P1", "", "", "", "", "", "", "P2"]
    assert frame["left"].tolist() == ["P0", "", "", "P3", "", "", "", "P0", ""]


def test_people_are_numbered_from_who_moves_most_and_of_whom_is_blank(left):
    frame = leave_one_out._unnamed(leave_one_out.each_frame(*left))
    assert frame["name"].tolist() == ["1", "2", "3", "4", "5", "6", "7", "a", "q"]
    assert frame.index.tolist() == list(range(9))
    # E2; E1 and E4, who rated as much; E5 and E6, without whom something could change; E3 and E7.
    assert frame["ratings"].tolist() == [2, 4, 4, 1, 1, 3, 1, 6, 6]
    assert frame["proposals"].tolist() == [""] * 7 + ["P0 P1", "P2"]
    assert frame["left"].tolist() == [""] * 7 + ["P0", ""]


def test_people_are_counted_by_what_changes_without_them(left):
    frame = leave_one_out.left_out_frame(*left)
    assert frame["times"].tolist() == [1, 1, 2, 2, 1, 1, 1]
    assert frame.index.tolist() == list(range(7))
    assert frame["kind"].tolist() == ["evaluator"] * 5 + ["indicator", "panel"]
    assert frame["name"].tolist() == [""] * 5 + ["a", "q"]
    assert frame["changed"].tolist() == [0, 0, 0, 1, 1, 2, 1]
    assert frame["could_change"].tolist() == [0, 0, 1, 0, 1, 0, 1]
    assert frame["no_category"].tolist() == [0, 1, 0, 0, 0, 0, 0]
    assert frame["proposals"].tolist() == [""] * 5 + ["P0 P1", "P2"]


def test_each_proposal_counts_who_decides_it_alone(left):
    frame = leave_one_out.on_one_frame(*left)
    assert frame.index.tolist() == ["P0", "P1", "P2", "P3", "P4"]
    assert frame["category_by_rule"].tolist() == [1, 2, 3, 1, 2]
    assert frame["rated_by"].tolist() == [1, 2, 2, 2, 2]
    assert frame["evaluators_change"].tolist() == [1, 1, 1, 1, 0]
    assert frame["evaluators_could"].tolist() == [0, 0, 1, 1, 1]
    assert frame["evaluators_cross"].tolist() == [1, 1, 0, 1, 0]
    assert frame["others"].tolist() == ["a", "a", "q", "", ""]
    assert frame["others_en"].tolist() == ["a", "a", "q", "", ""]


def test_the_bottom_line_counts_people(left):
    counts = leave_one_out.person_counts(*left)
    assert counts == {
        "evaluators": 7,
        "evaluators_changing": 4,
        "evaluators_only": 1,
        "evaluators_could": 2,
        "evaluators_crossing": 3,
        "on_one_evaluator": 4,
    }
