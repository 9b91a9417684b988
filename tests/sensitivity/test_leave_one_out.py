"""Each evaluator, indicator and panel left out in turn: against assessing a table without their rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import yaml

from ogp_analysis import ratings, sensitivity
from ogp_analysis.assessment import whole_assessment
from ogp_analysis.errors import StatisticsError
from ogp_analysis.model import params
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_file import read_method
from ogp_analysis.sensitivity import leave_one_out, study
from ogp_analysis.sensitivity.leave_one_out import CHANGES, COULD_CHANGE, NO_CATEGORY, STAYS, left_out
from tests.sensitivity.any_method import NAMES, of_method, rated

COLUMN = {"evaluator": "evaluator", "indicator": "indicator", "panel": "panel"}


def shared(inputs, seed=2):
    """Give the seats of each panel to few people, some of whom sit in several, and leave a few thirds out."""
    rng = np.random.default_rng(seed)
    table = inputs.ratings.copy()
    person = {}
    for (proposal, panel), group in table.groupby(["proposal", "panel"]):
        codes = group["evaluator"].unique()
        drawn = rng.choice(9, size=len(codes), replace=False)
        person |= {(proposal, panel, code): f"E{k}" for code, k in zip(codes, drawn, strict=True)}
    keys = zip(table["proposal"], table["panel"], table["evaluator"], strict=True)
    table["evaluator"] = [person[key] for key in keys]
    return replace(inputs, ratings=table)


def with_thirds(inputs, parameters, share=0.6, seed=3):
    """Give a third rating to some of the pairs that call for one."""
    rng = np.random.default_rng(seed)
    settled = whole_assessment.assess(inputs, params.with_values(parameters, missing_third="bounds")).settled
    calls = settled[(settled["status"] == "unresolved") & (rng.random(len(settled)) < share)]
    calls = calls[~calls["pair"].str.contains("-")]
    given = pd.DataFrame({name: calls[name] for name in ("proposal", "indicator")})
    given = given.assign(panel=calls["pair"], evaluator="T", role="third", rating=calls["first"])
    given["evaluator"] = [f"T{k % 3}" for k in range(len(given))]
    return replace(inputs, ratings=pd.concat([inputs.ratings, given], ignore_index=True))


def by_hand(inputs, parameters, gaps, proposals):
    """Assess the tables without the rows, one below the other: each gap has proposals of its own.

    For each gap (category or None, possible ones) of each proposal.
    """

    def named(frame, place):
        return frame.assign(proposal=f"{place} " + frame["proposal"]) if len(frame) else frame

    given, places = inputs.ratings, range(len(gaps))
    kept = [named(given[given[COLUMN[kind]] != name], k) for k, (kind, name) in enumerate(gaps)]
    third = "mean" if parameters.missing_third == "mean" else "bounds"
    lenient = params.with_values(parameters, missing="available", missing_third=third)
    listed = [pd.concat([named(frame, k) for k in places]) for frame in (inputs.proposals, inputs.decisions)]
    without = replace(inputs, ratings=pd.concat(kept), proposals=listed[0], decisions=listed[1])
    assigned = whole_assessment.assess(without, lenient).assigned
    parts = [assigned.reindex([f"{k} {code}" for code in proposals]) for k in places]
    return [(part["category_by_rule"].tolist(), part["possible"].fillna("").tolist()) for part in parts]


def assert_as_by_hand(inputs, parameters):
    prepared = study.prepare(inputs, parameters)
    found = left_out(prepared, inputs)
    numbers = parameters.method.category_numbers
    base = prepared.portfolio.baseline()
    left = list(zip(found.gaps.kinds, found.gaps.names, strict=True))
    alone = by_hand(inputs, parameters, left, prepared.proposals)
    for place, (kind, name) in enumerate(left):
        rows = found.gaps.which == place
        outcome = dict(zip(found.gaps.proposal[rows], found.outcome[rows], strict=True))
        ruled = dict(zip(found.gaps.proposal[rows], found.ruled[rows], strict=True))
        expected, possible = alone[place]
        for row, (category, could) in enumerate(zip(expected, possible, strict=True)):
            about = (kind, name, prepared.proposals[row])
            if pd.isna(category):
                options = {int(number) for number in could.split()}
                # Without any rating of its own nothing says which category a proposal has.
                none = len(options) in (0, len(numbers)) and outcome[row] == NO_CATEGORY
                want = CHANGES if base[row] not in options else COULD_CHANGE
                assert none or outcome[row] == want, about
            else:
                assert outcome.get(row, STAYS) == (STAYS if category == base[row] else CHANGES), about
                assert ruled.get(row, base[row]) == category, about
    return found


@pytest.mark.parametrize("name", NAMES)
def test_any_method_without_their_rows(name, tmp_path):
    # Both ways of treating third evaluations that nobody gave, by turns.
    third = ("bounds", "mean")[NAMES.index(name) % 2]
    parameters = of_method(name, tmp_path, n_draws=200, missing_third=third)
    inputs = with_thirds(shared(rated(parameters, proposals=6)), parameters)
    found = assert_as_by_hand(inputs, parameters)
    assert set(found.outcome) > {STAYS}


CHANGED = (
    {"blind_pair": "between_panels", "panel_rule": "minimum", "missing_third": "mean", "tolerance": 0.0},
    {"panel_rule": "core_group", "feasibility_rule": "lead", "third_rule": "median", "conflict": "exclude"},
    {"aggregation": "harmonic", "veto": 2.5, "missing_third": "bounds"},
    {"aggregation": "majority", "majority": 0.6, "missing_third": "mean"},
)


@pytest.mark.parametrize("changes", CHANGED, ids=str)
def test_the_example_without_their_rows(changes):
    """Fixed seats, two panels, thirds given: three proposals and all who rated them."""
    parameters = params.from_values(params.baseline() | changes)
    loaded = ratings.load(parameters)
    few = loaded.ratings["proposal"].unique()[5:8]
    inputs = replace(
        loaded,
        ratings=loaded.ratings[loaded.ratings["proposal"].isin(few)],
        proposals=loaded.proposals[loaded.proposals["proposal"].isin(few)],
    )
    found = assert_as_by_hand(inputs, parameters)
    assert {"evaluator", "indicator", "panel"} == set(found.gaps.kinds)


def test_chunks_do_not_matter(monkeypatch, prepared, inputs):
    whole = left_out(prepared, inputs)
    monkeypatch.setattr(leave_one_out, "CELLS", 3000)
    parts = left_out(prepared, inputs)
    assert np.array_equal(whole.outcome, parts.outcome)
    assert np.array_equal(whole.possible, parts.possible)


def test_not_even_a_row_fits_into_a_chunk(monkeypatch, tmp_path):
    parameters = of_method("one indicator", tmp_path)
    inputs = rated(parameters, proposals=3)
    prepared = study.prepare(inputs, parameters)
    whole = left_out(prepared, inputs)
    monkeypatch.setattr(leave_one_out, "CELLS", 1)
    parts = left_out(prepared, inputs)
    assert whole.outcome.tolist() == parts.outcome.tolist()
    assert len(whole.outcome) > 3


def test_evaluators_are_numbered_from_the_one_who_moves_most_and_named_only_on_request(inputs, parameters):
    private = sensitivity.leave_each_out(inputs, parameters)
    named = sensitivity.leave_each_out(inputs, parameters, reveal=True)
    people = private[private["kind"] == "evaluator"]
    codes = set(inputs.ratings["evaluator"])
    assert not codes & set(" ".join(private.astype(str).agg(" ".join, axis=1)).split())
    assert people["name"].tolist() == [str(k + 1) for k in range(len(codes))]
    assert people["crossing"].is_monotonic_decreasing
    assert (people[["proposals", "could_be", "entered", "left"]] == "").all(axis=None)
    revealed = named[named["kind"] == "evaluator"]
    assert set(revealed["name"]) == codes
    assert sorted(revealed["changed"]) == sorted(people["changed"])
    assert revealed["ratings"].sum() == len(inputs.ratings)
    assert (revealed["proposals"].str.split().map(len) == revealed["changed"]).all()
    with pytest.raises(StatisticsError, match="reveal is 'yes'") as refused:
        sensitivity.leave_each_out(inputs, parameters, reveal="yes")
    assert refused.value.values["name"] == "reveal"


def test_the_tables_count_what_each_row_says(inputs, parameters, prepared):
    found = left_out(prepared, inputs)
    each = leave_one_out.each_frame(prepared, found)
    people = each[each["kind"] == "evaluator"]
    counted = leave_one_out.left_out_frame(prepared, found)
    grouped = counted[counted["kind"] == "evaluator"]
    assert grouped["times"].sum() == len(people)
    assert (grouped["times"] * grouped["changed"]).sum() == people["changed"].sum()
    assert (grouped["name"] == "").all()
    alone = leave_one_out.on_one_frame(prepared, found)
    assert alone["evaluators_change"].sum() == people["changed"].sum()
    assert alone["evaluators_cross"].sum() == people["crossing"].sum()
    who = inputs.ratings.groupby("proposal")["evaluator"].nunique()
    assert alone["rated_by"].to_dict() == who.to_dict()
    by_name = each[each["kind"] != "evaluator"].set_index("name")["proposals"].str.split()
    for code, row in alone.iterrows():
        assert row["others"].split() == [name for name, codes in by_name.items() if code in codes]
    assert alone.loc["S13", "others_es"] == "reiteraciones; Grupo de Trabajo"


def test_who_has_no_code_is_left_out_of_nothing(inputs, parameters, prepared):
    nobody = replace(inputs, ratings=inputs.ratings.assign(evaluator=None))
    frame = leave_one_out.each_frame(prepared, left_out(prepared, nobody))
    assert set(frame["kind"]) == {"indicator", "panel"}


def test_three_thousand_evaluators_of_a_thousand_papers(tmp_path):
    """Only what a gap touches is assessed again: seconds, and memory of a chunk."""
    parameters = of_method("tenths, seven indicators, up to seven raters", tmp_path)
    rng = np.random.default_rng(1)
    names = [indicator.name for indicator in parameters.method.indicators]
    who = np.repeat([f"E{k:04}" for k in rng.permutation(3000)], len(names))
    papers = np.repeat(np.arange(1000), 3 * len(names))
    middle = rng.uniform(2, 8, 1000)[papers] + rng.normal(0, 1, len(papers))
    table = pd.DataFrame(
        {
            "proposal": [f"P{k:04}" for k in papers],
            "indicator": names * 3000,
            "panel": "jury",
            "evaluator": who,
            "role": "independent",
            "rating": middle.round(1).clip(0, 10),
        }
    )
    inputs = Inputs(table, table[["proposal"]].drop_duplicates(), synthetic=True)
    prepared = study.prepare(inputs, parameters)
    found = left_out(prepared, inputs)
    people = np.array(found.gaps.kinds) == "evaluator"
    assert people.sum() == 3000
    assert len(found.outcome) == 3000 + 7 * 1000


def test_a_counted_indicator_is_left_out_as_if_it_weighed_nothing(tmp_path):
    indicators = [{"name": name, "minimum": 1, "maximum": 5} for name in ("a0", "a1", "counted")]
    indicators[2]["coding"] = "share"
    jury = {"name": "a", "panels": ["jury"], "raters": 2, "indicators": indicators}
    made = {"name": "own", "criteria": [jury], "categories": ["x", "y", "z"], "decision_table": [3, 2, 1]}
    (tmp_path / "own.yaml").write_text(yaml.safe_dump(made), encoding="utf-8")
    method, problems = read_method("own.yaml", tmp_path)
    assert not problems
    given = params.baseline() | defaults_of(method) | {"method": "own.yaml", "missing_third": "mean"}
    parameters = params.from_values(given, folder=tmp_path)
    inputs = rated(parameters, proposals=12)
    inputs = replace(inputs, ratings=inputs.ratings[inputs.ratings["indicator"] != "counted"])
    inputs.proposals["reiterations"] = np.arange(1, 13)
    prepared = study.prepare(inputs, parameters)
    each = leave_one_out.each_frame(prepared, left_out(prepared, inputs)).set_index("name")
    weights = {"a0": "1/2", "a1": "1/2", "counted": 0}
    without = whole_assessment.assess(inputs, params.with_values(parameters, indicator_weights=weights))
    before = whole_assessment.assess(inputs, parameters).assigned["category_by_rule"]
    moved = without.assigned.index[without.assigned["category_by_rule"] != before]
    assert len(moved)
    assert each.loc["counted", "proposals"].split() == moved.tolist()
