"""Each evaluator, indicator and panel left out in turn: against assessing a table without their rows."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.assessment import assessment
from ogp_analysis.model import params
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
    return SimpleNamespace(**vars(inputs) | {"ratings": table})


def with_thirds(inputs, parameters, share=0.6, seed=3):
    """Give a third rating to some of the pairs that call for one."""
    rng = np.random.default_rng(seed)
    settled = assessment.assess(inputs, params.with_values(parameters, missing_third="bounds")).settled
    calls = settled[(settled["status"] == "unresolved") & (rng.random(len(settled)) < share)]
    calls = calls[~calls["pair"].str.contains("-")]
    given = pd.DataFrame({name: calls[name] for name in ("proposal", "indicator")})
    given = given.assign(panel=calls["pair"], evaluator="T", role="third", rating=calls["first"])
    given["evaluator"] = [f"T{k % 3}" for k in range(len(given))]
    return SimpleNamespace(
        **vars(inputs) | {"ratings": pd.concat([inputs.ratings, given], ignore_index=True)}
    )


def by_hand(inputs, parameters, kind, name, proposals):
    """Assess the table without the rows; (category or None, possible ones) of each proposal."""
    kept = inputs.ratings[inputs.ratings[COLUMN[kind]] != name]
    third = "mean" if parameters.missing_third == "mean" else "bounds"
    lenient = params.with_values(parameters, missing="available", missing_third=third)
    without = SimpleNamespace(**vars(inputs) | {"ratings": kept})
    assigned = assessment.assess(without, lenient).assigned.reindex(proposals)
    return assigned["category_by_rule"].tolist(), assigned["possible"].fillna("").tolist()


def assert_as_by_hand(inputs, parameters):
    prepared = study.prepare(inputs, parameters)
    found = left_out(prepared, inputs)
    numbers = parameters.method.category_numbers
    base = prepared.portfolio.baseline()
    for place, (kind, name) in enumerate(zip(found.gaps.kinds, found.gaps.names, strict=True)):
        rows = found.gaps.which == place
        outcome = dict(zip(found.gaps.proposal[rows], found.outcome[rows], strict=True))
        ruled = dict(zip(found.gaps.proposal[rows], found.ruled[rows], strict=True))
        expected, possible = by_hand(inputs, parameters, kind, name, prepared.proposals)
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


@pytest.mark.parametrize("third", ["bounds", "mean"])
@pytest.mark.parametrize("name", NAMES)
def test_any_method_without_their_rows(name, third, tmp_path):
    parameters = of_method(name, tmp_path, n_draws=200, missing_third=third)
    inputs = with_thirds(shared(rated(parameters, proposals=10)), parameters)
    found = assert_as_by_hand(inputs, parameters)
    assert set(found.outcome) > {STAYS}


CHANGED = (
    {},
    {"blind_pair": "between_panels", "panel_rule": "minimum", "missing_third": "mean"},
    {"panel_rule": "core_group", "feasibility_rule": "lead", "third_rule": "median"},
    {"conflict": "exclude", "tolerance": 0.0, "missing_third": "mean", "missing": "available"},
)


@pytest.mark.parametrize("changes", CHANGED, ids=str)
def test_the_example_without_their_rows(changes):
    """Fixed seats, two panels, thirds given: 14 proposals and all who rated them."""
    parameters = params.from_values(params.baseline() | changes)
    loaded = load(parameters)
    few = loaded.ratings["proposal"].unique()[:14]
    inputs = replace(
        loaded,
        ratings=loaded.ratings[loaded.ratings["proposal"].isin(few)],
        proposals=loaded.proposals[loaded.proposals["proposal"].isin(few)],
    )
    found = assert_as_by_hand(inputs, parameters)
    assert {"evaluator", "indicator", "panel"} == set(found.gaps.kinds)


def load(parameters):
    from ogp_analysis import ratings

    return ratings.load(parameters)


def test_chunks_do_not_matter(monkeypatch, prepared, inputs):
    whole = left_out(prepared, inputs)
    monkeypatch.setattr(leave_one_out, "CELLS", 1)
    parts = left_out(prepared, inputs)
    assert np.array_equal(whole.outcome, parts.outcome)
    assert np.array_equal(whole.possible, parts.possible)
