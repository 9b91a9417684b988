"""The core and the borderline of a set: against going through the draws one by one."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.errors import StatisticsError
from ogp_analysis.sensitivity import merge, set_stability
from ogp_analysis.sensitivity.core_set import core_counts, core_frame, set_counts, stability_of
from ogp_analysis.sensitivity.sampling import Counts


def test_against_every_draw_one_by_one():
    rng = np.random.default_rng(1)
    chosen, baseline = rng.random((40, 7)) < [1, 0.8, 0.5, 0.5, 0.2, 0.1, 0], np.arange(7) < 3
    found = set_stability(chosen, baseline)
    sizes = [sum(row) for row in chosen.tolist()]
    overlaps = [
        sum(inside and member for inside, member in zip(row, baseline, strict=True)) for row in chosen
    ]
    assert found.size == pytest.approx(np.mean(sizes))
    assert found.overlap == pytest.approx(np.mean(overlaps))
    assert found.overlap_error == pytest.approx(np.std(overlaps) / np.sqrt(40))
    for b, other in itertools.product(range(3), range(3, 7)):
        times = sum(not row[b] and bool(row[other]) for row in chosen.tolist())
        assert found.exchanged[b, other - 3] == times
    for k, column in enumerate(chosen.T):
        want = "core" if all(column) else "borderline" if any(column) else "never"
        assert found.standing[k] == want


def test_counts_of_chunks_add_up():
    rng = np.random.default_rng(2)
    chosen, baseline = rng.random((30, 5)) < 0.5, np.array([True, True, False, False, False])
    parts = [Counts(len(part), set_counts(part, baseline)) for part in (chosen[:11], chosen[11:])]
    added, whole = stability_of(merge(parts)), set_stability(chosen, baseline)
    assert added.overlap == whole.overlap
    assert np.array_equal(added.exchanged, whole.exchanged)


def test_a_set_without_members_or_others_is_no_special_case():
    empty = set_stability([[0, 1]], [0, 0])
    assert (empty.overlap, empty.size, empty.exchanged.shape) == (0, 1, (0, 2))
    full = set_stability([[1, 1]], [1, 1])
    assert (full.overlap, full.standing.tolist()) == (2, ["core", "core"])
    none = set_stability(np.zeros((3, 0)), [])
    assert (none.overlap, len(none.share)) == (0, 0)


@pytest.mark.parametrize(
    ("chosen", "baseline", "key"),
    [
        ([[1, 0]], [1], "sensitivity.drawn_sets"),
        (np.zeros((0, 2)), [1, 0], "sensitivity.drawn_sets"),
        ([[2, 0]], [1, 0], "sensitivity.true_or_false"),
        ([1, 0], [1, 0], "sensitivity.true_or_false"),
    ],
)
def test_refusals(chosen, baseline, key):
    with pytest.raises(StatisticsError, match="shape") as refused:
        set_stability(chosen, baseline)
    assert refused.value.values["key"] == key


def test_the_frame_counts_draw_by_draw_who_takes_whose_place():
    """Five draws of five proposals, of which B, D and E are in category 1 at the baseline."""
    draws = ["BDE", "BDE", "BCE", "BCD", "ACE"]
    names, base = list("ABCDE"), np.array([2, 1, 3, 1, 1])
    chosen = np.array([[name in draw for name in names] for draw in draws])
    members = base == 1
    counts = Counts(len(draws), set_counts(chosen, members))
    frame = core_frame(pd.Index(names), base, counts)
    # Members first, then by how often; B and E as often, in their order.
    assert frame.index.tolist() == ["B", "E", "D", "C", "A"]
    assert frame["in_category_1"].tolist() == [0.8, 0.8, 0.6, 0.6, 0.2]
    # B is out once, when C and A are in; D twice, both times with C; E once, with C.
    # C is in three times, D out in two of these; A is in once, when B and D are out.
    assert frame["exchanged_with"].tolist() == ["A", "C", "C", "D", "B"]
    assert frame["exchanged_share"].tolist() == pytest.approx([1, 1, 1, 2 / 3, 1])
    assert frame["standing"].tolist() == ["borderline"] * 5
    numbers = core_counts(counts)
    assert numbers["expected_overlap"] == pytest.approx((3 + 3 + 2 + 2 + 1) / 5)
    assert (numbers["core"], numbers["borderline"], numbers["never"]) == (0, 5, 0)
    assert numbers["expected_size"] == 3


def test_the_frame_names_who_is_in_while_another_is_out(prepared, counts):
    base = prepared.portfolio.baseline()
    frame = core_frame(prepared.proposals, base, counts)
    share = counts.share("categories")[:, 0]
    assert frame["in_category_1"].to_dict() == dict(zip(prepared.proposals, share, strict=True))
    members = frame[frame["category_by_rule"] == 1]
    # Members first, the surest first; those that come in are not of the baseline's.
    assert frame.index[: len(members)].tolist() == members.index.tolist()
    assert not set(members["exchanged_with"]) & set(members.index)
    outside = frame[(frame["category_by_rule"] != 1) & (frame["standing"] != "never")]
    assert set(outside["exchanged_with"]) <= set(members.index)
    assert frame.loc[frame["standing"] == "never", "exchanged_with"].eq("").all()
    numbers = core_counts(counts)
    assert numbers["expected_overlap"] == pytest.approx(members["in_category_1"].sum())
    assert numbers["expected_size"] == pytest.approx(frame["in_category_1"].sum())
    assert numbers["core"] + numbers["borderline"] + numbers["never"] == len(frame)
