"""Steps of category 1 while cut points move, axes and changes of rules: small cases counted one by one."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.assessment.adding import GEOMETRIC, PLAIN, Adding
from ogp_analysis.sensitivity import axes, cut_steps
from ogp_analysis.sensitivity.rule_changes import Changed
from tests.sensitivity.any_method import of_method

LEVELS = ("low", "medium", "high", "top")
A_STEP = 1e-7


def axis(name, cuts, span=4.0):
    criterion = SimpleNamespace(name=name, levels=LEVELS[: len(cuts) + 1])
    return axes.Axis(criterion, (), np.array([1.0]), np.array(cuts), span)


def study_of(means, table, *each):
    """A study of axis scores and the categories of a table (L_1, ..., L_k), the same for all."""
    means = np.array(means, dtype=float)
    table = np.broadcast_to(table, (len(means), *np.shape(table)))
    names = np.array([f"S{place}" for place in range(len(means))])
    portfolio = SimpleNamespace(written_out=table)
    return SimpleNamespace(means=means, proposals=names, axes=each, portfolio=portfolio)


def members(study, cuts):
    """Count level by level who is in category 1 under other cut points."""
    found = set()
    for row, scores in enumerate(study.means):
        levels = [sum(score >= cut for cut in limits) for score, limits in zip(scores, cuts, strict=True)]
        if study.portfolio.written_out[row][tuple(levels)] == 1:
            found.add(study.proposals[row])
    return found


def moved(study, which, shift):
    """Cut points with one of them, by (axis, place), or all moved."""
    return [
        [cut + shift * (which in ("all", (k, place))) for place, cut in enumerate(each.cuts)]
        for k, each in enumerate(study.axes)
    ]


def test_every_step_is_where_somebody_crosses_and_each_counts_right():
    rng = np.random.default_rng(5)
    means = np.round(rng.uniform(1.8, 4.2, (40, 2)), 2)
    study = study_of(means, [[2, 1], [1, 2], [2, 1]], axis("a", [2.5, 2.8]), axis("b", [3.0]))
    frame = cut_steps.steps_frame(study)
    keys = [("all", "", "all"), ("a", "medium", (0, 0)), ("a", "high", (0, 1)), ("b", "medium", (1, 0))]
    # An eighth of four points, and never past a neighbour that stays.
    ends = [(-0.5, 0.5), (-0.5, 0.3), (-0.3, 0.5), (-0.5, 0.5)]
    assert list(dict.fromkeys(zip(frame["cut"], frame["level"], strict=True))) == [key[:2] for key in keys]
    for (cut, level, which), (low, high) in zip(keys, ends, strict=True):
        rows = frame[(frame["cut"] == cut) & (frame["level"] == level)]
        shifts = rows["shift"].to_numpy()
        assert shifts[[0, -1]].tolist() == pytest.approx([low, high])
        assert rows["entering"].iloc[[0, -1]].tolist() == rows["leaving"].iloc[[0, -1]].tolist() == ["", ""]
        for at, (shift, row) in enumerate(zip(shifts, rows.itertuples(), strict=True)):
            before, after = (members(study, moved(study, which, shift + step)) for step in (-A_STEP, A_STEP))
            inner = 0 < at < len(shifts) - 1
            assert row.category_1 == len(before if at == len(shifts) - 1 else after)
            if inner:
                assert set(row.entering.split()) == after - before
                assert set(row.leaving.split()) == before - after
                assert before != after
        # Between two rows nothing happens.
        for start, end in pairwise(shifts):
            inside = [
                members(study, moved(study, which, start + share * (end - start)))
                for share in (0.01, 0.5, 0.99)
            ]
            assert inside[0] == inside[1] == inside[2]
    assert (frame["leaving"] != "").sum() > 5
    assert (frame["entering"] != "").sum() > 5


def test_a_score_on_a_cut_at_the_end_of_its_way_is_no_step():
    """Scores 1/2 from the cut are at the ends of the way; those that rounding parts cross together."""
    study = study_of([[2.0], [3.0], [2.7], [2.7 + 1e-12]], [2, 1], axis("a", [2.5]))
    frame = cut_steps.steps_frame(study)
    one = frame[frame["cut"] == "a"]
    assert one["shift"].tolist() == pytest.approx([-0.5, 0.2, 0.5])
    assert one["leaving"].tolist() == ["", "S2 S3", ""]
    assert one["category_1"].tolist() == [3, 1, 1]


def test_on_a_scale_shorter_than_a_point_cut_points_move_too():
    frame = cut_steps.steps_frame(study_of([[0.45]], [2, 1], axis("a", [0.4], span=0.8)))
    one = frame[frame["cut"] == "a"]
    assert one["shift"].tolist() == pytest.approx([-0.1, 0.05, 0.1])
    assert one["leaving"].tolist() == ["", "S0", ""]


def test_of_three_cut_points_each_stops_at_its_own_neighbours():
    """At 2.5, 2.8 and 3.0: up to 0.3 above and below, 0.2 between the last two; all together freely."""
    study = study_of([[1.0]], [2, 2, 2, 1], axis("a", [2.5, 2.8, 3.0]))
    frame = cut_steps.steps_frame(study)
    ends = {level: rows["shift"].tolist() for level, rows in frame.groupby("level")}
    assert ends["medium"] == pytest.approx([-0.5, 0.3])
    assert ends["high"] == pytest.approx([-0.3, 0.2])
    assert ends["top"] == pytest.approx([-0.2, 0.5])
    assert ends[""] == pytest.approx([-0.5, 0.5])


def test_axes_of_other_spans_do_not_move_together_and_cuts_on_one_another_not_at_all():
    study = study_of([[2.0, 5.0]], [[2, 2], [2, 1]], axis("a", [2.5]), axis("b", [5.5], span=8.0))
    assert cut_steps.steps_frame(study)["cut"].unique().tolist() == ["a", "b"]
    assert cut_steps.steps_frame(study)["shift"].tolist() == pytest.approx([-0.5, 0.5, -1.0, 1.0])
    near = study_of([[2.0]], [2, 2, 1], axis("a", [2.5, 2.5 + 1e-9]))
    assert near.axes[0].half_width == pytest.approx(5e-10)
    found = cut_steps.steps_frame(near)
    # Upwards the lower one has no room, downwards the higher one: each moves the other way alone.
    assert sorted(found["shift"].round(6).unique().tolist()) == pytest.approx([-0.5, 0.0, 0.5])


def test_the_width_of_doubt_is_a_sixteenth_or_half_of_what_parts_two_cuts():
    assert axis("a", [2.5, 3.5]).half_width == 0.25
    assert axis("a", [2.5, 2.6]).half_width == pytest.approx(0.05)
    assert axis("a", [8.0], span=20.0).half_width == 1.25
    assert axis("a", [], span=0.3).half_width == 0.01875


def test_axes_are_the_criteria_with_the_scales_and_weights_of_their_indicators(tmp_path):
    parameters = of_method("two levels on scales apart", tmp_path)
    first, second = axes.axes_of(parameters)
    assert [(one.name, one.parts, one.span) for one in (first, second)] == [
        ("a", (0,), 4.0),
        ("b", (1,), 20.0),
    ]
    assert first.indicators == ("a0", "a1")
    assert (first.weights.tolist(), first.cuts.tolist(), second.cuts.tolist()) == ([0.5, 0.5], [3], [8, 14])


def test_scores_are_added_up_axis_by_axis():
    scores = [np.array([[2.0, 8.0], [1.0, 1.0]]), np.array([[3.0], [5.0]])]
    each = [
        SimpleNamespace(weights=np.array([0.25, 0.75])),
        SimpleNamespace(weights=np.array([1.0])),
    ]
    assert axes.axis_scores(scores, each, PLAIN).tolist() == [
        [6.5, 3.0],
        [1.0, 5.0],
    ]
    found = axes.axis_scores(scores, each, Adding(GEOMETRIC))
    assert found == pytest.approx(np.array([[2**0.25 * 8**0.75, 3.0], [1.0, 5.0]]))


def test_changes_of_a_rule_are_told_from_what_stays_open():
    """One stays, one leaves, one could do either, and one leaves for one of two."""
    possible = np.array([[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 1, 1]], dtype=bool)
    changed, base = Changed(np.array([1, 2, -1, -1]), possible, 2), np.array([1, 1, 2, 1])
    assert changed.changes(base).tolist() == [False, True, False, True]
    assert changed.could(base).tolist() == [False, False, True, False]
    assert changed.moves(base, pd.Index(["a", "b", "c", "d"])) == "b 1→2, c 2→1/2, d 1→2/3"


def test_cut_points_that_move_together_stop_at_the_neighbour_that_stays():
    """Of 2.5, 2.6 and 2.8 two go up by 0.2 or down by 0.1: what parts them moves along."""
    study = study_of([[1.0]], [2, 2, 2, 1], axis("a", [2.5, 2.6, 2.8]))
    for moves, ends in (([4, 4, 0], (-0.5, 0.2)), ([0, 4, 4], (-0.1, 0.5)), ([4, 0, 4], (-0.2, 0.1))):
        assert cut_steps._ends(study, [np.array(moves)]) == pytest.approx(ends)
