"""The disposition ledger: one row a proposal, counted by hand on four proposals and held on the example."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ogp_analysis import ratings
from ogp_analysis.assessment import whole_assessment
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_file import read_method
from ogp_analysis.report import dispositions
from ogp_analysis.sensitivity import study

STATUSES = {
    "S1": ["combined", "matched", "matched", "third"],
    "S2": ["matched", "unresolved"],
    "S3": ["combined", "single"],
    "S4": ["third", "third"],
}


@pytest.fixture
def settled():
    rows = [(code, status) for code, statuses in STATUSES.items() for status in statuses]
    return pd.DataFrame(rows, columns=["proposal", "status"])


@pytest.fixture
def assigned():
    index = pd.Index(["S1", "S2", "S3", "S4"], name="proposal")
    return pd.DataFrame(
        {
            "feasibility": [4.0, np.nan, 2.5, 1.0],
            "relevance": [3.5, 2.0, 3.0, 4.0],
            "feasibility_level": ["high", None, "medium", "low"],
            "relevance_level": ["high", "low", "medium", "high"],
            "composite": [3.75, np.nan, 2.75, 2.5],
            "category_by_rule": pd.array([1, pd.NA, 2, 4], dtype="Int64"),
            "possible": ["1", "2 4", "2", "4"],
            "decided": [False, False, False, True],
            "decision_reason": ["", "", "", "urgent"],
            "category_selection": pd.array([1, pd.NA, 2, 1], dtype="Int64"),
            "category_final": pd.array([1, pd.NA, 3, 1], dtype="Int64"),
            "confirmation_reason": ["", "", "", ""],
            "final_step": ["rule", "undetermined", "phase 5", "decision"],
        },
        index=index,
    )


@pytest.fixture
def inputs():
    proposals = pd.DataFrame(
        {
            "proposal": ["S1", "S2", "S3", "S4"],
            "title": ["Uno", "Dos", "Tres", "Cuatro"],
            "route": ["", "", "law", ""],
        }
    )
    decisions = pd.DataFrame(
        {
            "proposal": ["S4"],
            "stage": ["selection"],
            "category": [1],
            "reason": ["urgent"],
            "decided_by": ["Core Group"],
            "date": ["2019-10-01"],
        }
    )
    return SimpleNamespace(proposals=proposals, decisions=decisions, synthetic=False)


@pytest.fixture(scope="module")
def example():
    parameters = params.from_values(params.baseline())
    inputs = ratings.load(parameters)
    result = whole_assessment.assess(inputs, parameters)
    return inputs, result, study.prepare(inputs, parameters)


def test_pairs_are_counted_by_what_became_of_them(settled):
    counts = dispositions.pair_counts(settled)
    assert counts["blind_pairs"].tolist() == [3, 2, 0, 2]
    assert counts["third_evaluations"].tolist() == [1, 0, 0, 2]
    assert counts["unresolved"].tolist() == [0, 1, 0, 0]
    assert counts["agreement"].fillna(-1).tolist() == [pytest.approx(2 / 3), 0.5, -1, 0.0]


def test_the_account_tells_rule_thirds_decision_and_end(assigned, settled, inputs):
    account = dispositions.build(assigned, settled, inputs).set_index("proposal")["account_en"]
    assert account["S1"].startswith(
        "By the rule: category 1 (feasibility 4.00 (high); relevance 3.50 (high))."
    )
    assert "1 of 3 blind pairs" in account["S1"]
    single = texts.say("ledger.thirds", "es", used=0, pairs=1, lacking=1)
    assert single == "Terceras evaluaciones: 0 de 1 par ciego; faltan: 1."
    assert "possible categories 2, 4" in account["S2"]
    assert "moved to category 3" in account["S3"]
    assert "category 1: urgent" in account["S4"]
    assert account["S2"].endswith("Final place: category –.")


def test_the_account_in_spanish_has_the_decimal_comma(assigned, settled, inputs):
    account = dispositions.build(assigned, settled, inputs)["account_es"]
    assert account[0].startswith(
        "Según la regla: categoría 1 (factibilidad 4,00 (alto); pertinencia 3,50 (alto))."
    )


def test_the_account_writes_a_criterion_of_ones_own_in_plain_words(assigned, settled, inputs):
    own = {"feasibility": "valor_publico", "feasibility_level": "valor_publico_level"}
    account = dispositions.build(assigned.rename(columns=own), settled, inputs).set_index("proposal")[
        "account_es"
    ]
    assert account["S1"].startswith(
        "Según la regla: categoría 1 (valor publico 4,00 (alto); pertinencia 3,50 (alto))."
    )


def test_who_decided_and_when_stands_in_the_row(assigned, settled, inputs):
    row = dispositions.build(assigned, settled, inputs).set_index("proposal").loc["S4"]
    assert (row["selection_decided_by"], row["selection_date"]) == ("Core Group", "2019-10-01")
    assert not dispositions.build(assigned, settled, inputs).set_index("proposal").loc["S4", "route"]


def test_a_decision_that_keeps_the_category_keeps_its_reason(assigned, settled, inputs):
    columns = {"decided": False, "decision_reason": "es urgente", "confirmation_reason": "lo avala el grupo"}
    own = assigned.assign(category_final=assigned["category_selection"], **columns)
    account = dispositions.build(own, settled, inputs).set_index("proposal")["account_es"]["S1"]
    assert "se confirmó la categoría" in account
    assert ": es urgente." in account
    assert "(motivo registrado: lo avala el grupo)" in account


def test_a_level_without_a_title_is_told_by_its_code(assigned, settled, inputs):
    own = assigned.assign(feasibility_level=assigned["feasibility_level"].mask(lambda x: x.notna(), "step_4"))
    account = dispositions.build(own, settled, inputs).set_index("proposal")["account_es"]
    assert "factibilidad 4,00 (step 4); pertinencia 3,50 (alto)" in account["S1"]


def test_stages_of_any_name_keep_who_decided(assigned, settled, inputs):
    inputs.decisions = inputs.decisions.assign(stage="appeal")
    register = dispositions.build(assigned, settled, inputs, stages=["jury", "appeal"]).set_index("proposal")
    assert register.loc["S4", ["appeal_decided_by", "appeal_date"]].tolist() == ["Core Group", "2019-10-01"]
    assert "selection_decided_by" not in register


def test_titles_are_shown_of_real_proposals_and_never_of_synthetic_ones(assigned, settled, inputs):
    assert dispositions.build(assigned, settled, inputs)["title"].tolist() == ["Uno", "Dos", "Tres", "Cuatro"]
    inputs.synthetic = True
    assert "title" not in dispositions.build(assigned, settled, inputs)


def test_without_proposals_and_decisions_the_ledger_still_stands(assigned, settled):
    empty = SimpleNamespace(proposals=pd.DataFrame(), decisions=pd.DataFrame(), synthetic=False)
    register = dispositions.build(assigned, settled, empty)
    assert len(register) == 4
    assert not register["route"].any()


def test_fates_lose_nobody_and_count_the_undetermined(assigned, settled, inputs):
    register = dispositions.build(assigned, settled, inputs)
    fates = dispositions.fates(register)
    assert fates["proposals"].sum() == 4
    assert fates["category_final"].isna().sum() == 1


def test_the_summary_counts_by_hand(assigned, settled, inputs):
    found = dispositions.summary(dispositions.build(assigned, settled, inputs))
    assert (found["rule_1"], found["rule_2"], found["rule_4"]) == (1, 1, 1)
    assert (found["final_1"], found["final_3"]) == (2, 1)
    assert (found["decided"], found["moved"], found["undetermined"]) == (1, 1, 1)
    # S4 was decided at the selection, S3 moved by its mark, S2 stays open.
    assert (found["changed_selection"], found["changed_confirmation"], found["marked"]) == (1, 0, 1)
    assert (found["settled"], found["undetermined_rule"]) == (0, 1)
    assert (found["third_evaluations"], found["lacking"]) == (3, 1)
    assert "fixed_1" not in found


def test_the_inputs_are_left_as_they_were(assigned, settled, inputs):
    before = assigned.copy(deep=True)
    dispositions.build(assigned, settled, inputs)
    pd.testing.assert_frame_equal(assigned, before)


def test_every_proposal_of_the_example_has_one_row_with_its_flip(example):
    inputs, result, prepared = example
    register = dispositions.build(result.assigned, result.settled, inputs, study=prepared)
    assert register["proposal"].tolist() == sorted(result.assigned.index)
    shares = register[[f"share_{category}" for category in (1, 2, 3, 4)]]
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-12)
    never = register.filter(like="points_").isna().all(axis=1)
    own = shares.to_numpy()[np.arange(len(register)), register["category_by_rule"].astype(int) - 1]
    # What no weighting changes is kept by all. The reverse may fail on a single weighting: a vertex on a cut.
    assert (own[never] > 1 - 1e-12).all()
    assert not never[own < 1 - 1e-12].any()
    assert 0 < never.sum() < len(register)
    assert (register.loc[~never, "flips_to"] != register.loc[~never, "category_by_rule"]).all()


def test_shares_that_were_sampled_bring_their_errors(example):
    """As where a method has too many indicators for an exact answer; the exact shares are the reference."""
    inputs, result, exact = example
    stated = params.from_values(params.baseline() | {"weight_belief": "time at most 0.4"})
    portfolio = study.prepare(inputs, stated).portfolio
    sampled = tuple(belief.sampled(draws=8000, rng=np.random.default_rng(1)) for belief in portfolio.beliefs)
    registers = [
        dispositions.build(result.assigned, result.settled, inputs, study=replace(exact, portfolio=one))
        for one in (portfolio, replace(portfolio, beliefs=sampled))
    ]
    first, second = (register.set_index("proposal") for register in registers)
    errors = second.filter(regex=r"^share_\d_error$")
    assert len(errors.columns) > 0
    assert first.filter(regex="_error$").empty
    shares = [name.removesuffix("_error") for name in errors]
    apart = (first[shares] - second[shares]).abs().to_numpy()
    assert (apart <= 6 * errors.to_numpy() + 0.01).all()


def test_the_example_has_as_many_proposals_as_the_plan_and_other_commitments(example):
    inputs, result, prepared = example
    found = dispositions.summary(dispositions.build(result.assigned, result.settled, inputs, study=prepared))
    assert (found["proposals"], found["final_1"]) == (43, 9)
    assert found["fixed_1"] <= found["final_1"]


def test_the_ledger_promises_nothing_of_what_the_rule_leaves_undetermined(example):
    inputs, _, _ = example
    reading = params.from_values(params.baseline() | {"blind_pair": "between_panels"})
    result = whole_assessment.assess(inputs, reading)
    prepared = study.prepare(inputs, reading)
    register = dispositions.build(result.assigned, result.settled, inputs, study=prepared).set_index(
        "proposal"
    )
    unclear = register["category_by_rule"].isna()
    assert unclear.any()
    assert register.loc[unclear, ["share_1", "points_feasibility", "flips_to"]].isna().all(axis=None)
    assert set(register.loc[unclear, "flip_en"]) == {
        "No weighting is judged: the rule gives no category, a third evaluation is lacking."
    }
    assert not register["flip_es"].isna().any()


def test_the_account_says_that_the_route_gave_the_category(assigned, settled, inputs):
    """In the plan's table low with anything is left to the route (lines 536 and 540): here S4 alone."""
    method = params.from_values(params.baseline()).method
    left = dispositions.left_to_the_route(assigned, method)
    assert left == [False, False, False, True]
    ledger = dispositions.build(assigned, settled, inputs, by_route=left).set_index("proposal")
    said = {code: "recorded route" in text for code, text in ledger["account_en"].items()}
    assert said == {"S1": False, "S2": False, "S3": False, "S4": True}
    assert "no consta ninguna" in ledger.loc["S4", "account_es"]


def test_the_level_of_a_composite_is_named(tmp_path):
    """The fund's lines are 3 and 3.5: whoever reaches none, one or both has level 0, 1 or 2."""
    parameters = params.from_values(
        defaults_of(read_method("fund-with-weights", tmp_path)[0])
        | {"method": "fund-with-weights", "data": "example"}
    )
    found = whole_assessment.assess(ratings.load(parameters), parameters).assigned
    ruled = found[found["category_by_rule"].notna()]
    levels = parameters.method.composite_levels
    wanted = [levels[sum(score >= cut - 1e-9 for cut in (3, 3.5))] for score in ruled["composite"]]
    assert ruled["composite_level"].tolist() == wanted
    assert len(set(wanted)) > 1
