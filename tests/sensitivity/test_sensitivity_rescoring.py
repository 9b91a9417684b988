"""Scores under other rules and resampled evaluators against the assessment; panels of one's own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.assessment import assessment
from ogp_analysis.model import params
from ogp_analysis.sensitivity import results, study
from ogp_analysis.sensitivity.rescoring import score_bank, seat_patterns


def bank_of(inputs, parameters, criterion, *, proposals):
    """Take the criterion as it is given, which may have other panels than that of the method."""
    method = replace(parameters.method, criteria=(criterion,))
    used = assessment.used_sheets(inputs, replace(parameters, method=method))
    return score_bank(used.rows(proposals).criteria[0], parameters)


@pytest.mark.parametrize("third_for", [["relevance"], ["feasibility", "relevance"]])
def test_the_bank_holds_what_the_assessment_gives_under_each_rule(inputs, parameters, third_for):
    parameters = params.with_values(parameters, third_for=third_for)
    proposals = sorted(inputs.ratings["proposal"].unique())
    rng = np.random.default_rng(1)
    for criterion in parameters.method.criteria:
        bank = bank_of(inputs, parameters, criterion, proposals=proposals)
        assert bank.shares.sum() == pytest.approx(1)
        names = [indicator.name for indicator in criterion.indicators]
        for place in {bank.baseline, *rng.choice(len(bank.rules), 8).tolist()}:
            other = params.with_values(parameters, missing_third="mean", **bank.rules[place])
            truth = assessment.assess(inputs, other).scores[names].to_numpy()
            assert bank.scores[place, 0] == pytest.approx(truth, abs=1e-12), bank.rules[place]
        assert np.isfinite(bank.scores).all()


def test_the_bank_uses_every_reading_of_the_blind_pair(inputs, parameters):
    relevance = parameters.method.criteria[1]
    bank = bank_of(inputs, parameters, relevance, proposals=["S01", "S02"])
    assert len(bank.rules) == 3 * 4 * 3 * 2 * 4
    assert {rule["blind_pair"] for rule in bank.rules} == {"within_panels", "between_panels"}


def test_seat_patterns_are_resamples_with_replacement():
    patterns, shares = seat_patterns(1, 2)
    assert patterns[:, 0].tolist() == [[0, 1], [0, 0], [1, 1]]
    assert shares.tolist() == [0.5, 0.25, 0.25]
    patterns, shares = seat_patterns(2, 2)
    assert len(patterns) == 9
    assert shares.sum() == pytest.approx(1)
    many, equal = seat_patterns(2, 5)
    assert many[0, 0].tolist() == [0, 1, 2, 3, 4]
    assert equal.tolist() == [1 / len(many)] * len(many)


def test_a_resampled_pair_scores_as_the_evaluator_who_fills_both_seats(inputs, parameters):
    feasibility = parameters.method.criteria[0]
    bank = bank_of(inputs, parameters, feasibility, proposals=["S05"])
    table = inputs.ratings.query("proposal == 'S05' and panel in ['lead', 'counterpart']")
    given = table.pivot(index="indicator", columns="panel", values="rating")
    names = [indicator.name for indicator in feasibility.indicators]
    assert bank.own[0].tolist() == given.mean(axis=1)[names].tolist()
    assert bank.scores[bank.baseline, 1, 0].tolist() == given["lead"][names].tolist()
    assert bank.scores[bank.baseline, 2, 0].tolist() == given["counterpart"][names].tolist()


def test_three_evaluators_in_a_panel_are_resampled(inputs, parameters):
    rated = inputs.ratings
    first = rated[(rated["role"] == "independent") & rated["panel"].isin(["working_group", "core_group"])]
    first = first.groupby(["proposal", "indicator", "panel"]).head(1)
    third = first.assign(evaluator=first["evaluator"] + "x", rating=3.0)
    wider = replace(inputs, ratings=pd.concat([rated, third], ignore_index=True))
    relevance = parameters.method.criteria[1]
    bank = bank_of(wider, parameters, relevance, proposals=["S01", "S02", "S03"])
    truth = assessment.assess(wider, params.with_values(parameters, missing_third="mean")).scores
    names = [indicator.name for indicator in relevance.indicators]
    assert bank.own == pytest.approx(truth.loc[["S01", "S02", "S03"], names].to_numpy())
    assert len(bank.shares) == 36  # 100 patterns are too many to list: 36 are drawn


@pytest.fixture(scope="module")
def own_panels(parameters):
    """A method with two panels of three in each criterion, under names of its own."""
    panels = {"feasibility": ("docentes", "tecnicos"), "relevance": ("ciudadania", "academia")}
    criteria = tuple(
        replace(c, panels=panels[c.name], raters_per_panel=3) for c in parameters.method.criteria
    )
    return replace(parameters, method=replace(parameters.method, criteria=criteria))


@pytest.fixture(scope="module")
def own_inputs(inputs, own_panels):
    rng = np.random.default_rng(5)
    rows = [
        (code, indicator.name, panel, f"{panel}{seat}", "independent", float(rng.integers(1, 6)))
        for code in ("P1", "P2", "P3", "P4")
        for criterion in own_panels.method.criteria
        for indicator in criterion.indicators
        for panel in criterion.panels
        for seat in range(3)
    ]
    table = pd.DataFrame(rows, columns=["proposal", "indicator", "panel", "evaluator", "role", "rating"])
    return replace(
        inputs, ratings=table, proposals=inputs.proposals.head(0), decisions=inputs.decisions.head(0)
    )


@pytest.mark.parametrize("third_for", [["relevance"], ["feasibility", "relevance"]])
def test_panels_of_a_method_of_ones_own_are_its_choices(own_inputs, own_panels, third_for):
    written = replace(own_panels, third_for=third_for, missing_third="mean", n_draws=200)
    for criterion in written.method.criteria:
        bank = bank_of(own_inputs, written, criterion, proposals=["P1", "P2", "P3", "P4"])
        names = [indicator.name for indicator in criterion.indicators]
        assert {r["panel_rule"] for r in bank.rules} == {"mean", "minimum", *criterion.panels}
        for place in range(0, len(bank.rules), 23):
            other = replace(written, **bank.rules[place])
            truth = assessment.assess(own_inputs, other).scores[names].to_numpy()
            assert bank.scores[place, 0] == pytest.approx(truth, abs=1e-12), bank.rules[place]
    found = results.compute(own_inputs, written)
    rules = found.tables["sensitivity_rules"].query("rule == 'panel_rule'")
    assert rules["choice"].tolist() == ["mean", "minimum", "docentes", "tecnicos", "ciudadania", "academia"]


def test_a_shared_rule_is_drawn_once_and_panels_apart(own_inputs, own_panels):
    written = replace(own_panels, third_for=["feasibility", "relevance"], missing_third="mean")
    task = study.prepare(own_inputs, written).portfolio
    drawn = task.draw("rule", size=300, rng=np.random.default_rng(1))
    first, second = (
        [bank.rules[k] for k in column] for bank, column in zip(task.banks, drawn.T, strict=True)
    )
    for name in ("tolerance", "third_rule", "matching_rule"):
        assert [a[name] for a in first] == [b[name] for b in second]
    assert {a["panel_rule"] for a in first} == {"mean", "minimum", "docentes", "tecnicos"}
    assert any(
        (a["panel_rule"] == "mean") != (b["panel_rule"] == "mean") for a, b in zip(first, second, strict=True)
    )


def test_one_panel_offers_no_choice_between_panels(own_inputs, own_panels):
    criterion = replace(own_panels.method.criteria[1], panels=("academia",))
    bank = bank_of(own_inputs, own_panels, criterion, proposals=["P1"])
    assert set(bank.rules[0]) == {"tolerance", "third_rule", "matching_rule"}


def test_a_panel_chosen_for_one_criterion_leaves_the_other_at_the_mean(own_inputs, own_panels):
    written = replace(own_panels, panel_rule="academia", missing_third="mean")
    found = study.prepare(own_inputs, written)
    assert [bank.rules[bank.baseline]["panel_rule"] for bank in found.portfolio.banks] == ["mean", "academia"]
    truth = assessment.assess(own_inputs, written).scores
    assert np.hstack(found.scores) == pytest.approx(truth.to_numpy())
