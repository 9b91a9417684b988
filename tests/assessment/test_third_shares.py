"""Shares of pairs that need a third evaluation: by the statistic of note 20, and what an interval means."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ogp_analysis import assessment, ratings
from ogp_analysis.assessment.third_shares import third_shares
from ogp_analysis.model import params

BASELINE = Path(__file__).parents[2] / "outputs" / "baseline"
PARAMETERS = params.from_values(params.baseline())


def settled_of(first, second, **more):
    rows = {"criterion": "relevance", "indicator": "alignment", "pair": "core_group", "status": "matched"}
    return pd.DataFrame({"first": first, "second": second}).assign(**(rows | more))


def test_of_the_example_they_are_those_of_note_20():
    """Counted and bounded by other code, of another room."""
    inputs = ratings.load(PARAMETERS)
    shares = third_shares(assessment.assess(inputs, PARAMETERS).settled, PARAMETERS)
    note = pd.read_csv(BASELINE / "tables" / "note_20.csv")
    note = note[(note["grain"] == "indicator") & (note["indicator"] != "all")].reset_index(drop=True)
    assert shares[["criterion", "indicator", "pair"]].equals(note[["criterion", "indicator", "pair"]])
    assert shares["foreseen"].tolist() == note["third_foreseen"].tolist()
    for ours, theirs in (("share", "third_rate"), ("lower", "third_lower"), ("upper", "third_upper")):
        assert shares[ours].to_numpy() == pytest.approx(note[theirs].to_numpy(dtype=float), abs=1e-9)


def test_limits_are_the_shares_from_which_the_observed_one_is_two_errors_away():
    """Wilson (1927): the share observed lies 1.96 standard errors of the limit from the limit."""
    row = third_shares(settled_of([5.0] * 10, [1.0] * 3 + [5.0] * 7), PARAMETERS).iloc[0]
    assert (row["needed"], row["pairs"], row["share"]) == (3, 10, 0.3)
    for limit in (row["lower"], row["upper"]):
        error = (limit * (1 - limit) / 10) ** 0.5
        assert abs(0.3 - limit) / error == pytest.approx(1.959964, abs=1e-5)


def test_a_pair_of_one_rating_is_no_pair_and_a_lacking_third_is_counted():
    rows = settled_of([5.0, 5.0, 5.0], [None, 1.0, 1.0], status=["single", "unresolved", "third"])
    found = third_shares(rows, PARAMETERS).iloc[0]
    assert found[["needed", "lacking", "pairs"]].tolist() == [2, 1, 2]


def test_without_pairs_there_are_no_rows():
    assert third_shares(settled_of([5.0], [None]), PARAMETERS).empty
