"""Scores under other rules against the assessment; panels of one's own; what another rule leaves open."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.assessment import whole_assessment
from ogp_analysis.model import params
from ogp_analysis.sensitivity import result_tables, results, study
from ogp_analysis.sensitivity.rescoring import scoring_of
from ogp_analysis.sensitivity.rounds import Round
from ogp_analysis.sensitivity.rule_changes import under_rule
from tests.sensitivity.any_method import of_method, rated


def scoring(inputs, parameters, criterion, *, proposals):
    """Take the criterion as it is given, which may have other panels than that of the method."""
    method = replace(parameters.method, criteria=(criterion,))
    used = whole_assessment.used_sheets(inputs, replace(parameters, method=method))
    return scoring_of(used.rows(proposals).criteria[0], parameters)


def as_given(sheet, draws):
    """The ratings at hand in each draw; where no third evaluation was given, none is drawn either."""
    ratings, thirds = (np.broadcast_to(x, (draws, *x.shape)) for x in (sheet.ratings, sheet.thirds))
    given = np.isfinite(thirds)
    with np.errstate(invalid="ignore"):
        between = np.where(given, thirds, 0).sum(axis=3, keepdims=True) / given.sum(axis=3, keepdims=True)
    return Round(ratings, thirds, between)


@pytest.mark.parametrize("third_for", [["relevance"], ["feasibility", "relevance"]])
def test_scores_under_each_rule_are_those_of_the_assessment(inputs, parameters, third_for):
    parameters = params.with_values(parameters, third_for=third_for)
    proposals = sorted(inputs.ratings["proposal"].unique())
    rng = np.random.default_rng(1)
    for criterion in parameters.method.criteria:
        found = scoring(inputs, parameters, criterion, proposals=proposals)
        names = [indicator.name for indicator in criterion.indicators]
        places = np.array([found.baseline, *rng.choice(len(found.rules), 6)])
        scores = found.scores(places, as_given(found.sheet, len(places)))
        for place, own in zip(places, scores, strict=True):
            other = params.with_values(parameters, missing_third="mean", **found.rules[place])
            truth = whole_assessment.assess(inputs, other).scores[names].to_numpy()
            assert own == pytest.approx(truth, abs=1e-12), found.rules[place]
        assert found.own == pytest.approx(scores[0])


def test_every_reading_of_the_blind_pair_is_a_rule(inputs, parameters):
    found = scoring(inputs, parameters, parameters.method.criteria[1], proposals=["S01", "S02"])
    assert len(found.rules) == 3 * 4 * 3 * 2 * 4
    assert {rule["blind_pair"] for rule in found.rules} == {"within_panels", "between_panels"}


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
        found = scoring(own_inputs, written, criterion, proposals=["P1", "P2", "P3", "P4"])
        names = [indicator.name for indicator in criterion.indicators]
        assert {r["panel_rule"] for r in found.rules} == {"mean", "minimum", *criterion.panels}
        places = np.arange(0, len(found.rules), 47)
        scores = found.scores(places, as_given(found.sheet, len(places)))
        for place, own in zip(places, scores, strict=True):
            other = replace(written, **found.rules[place])
            truth = whole_assessment.assess(own_inputs, other).scores[names].to_numpy()
            assert own == pytest.approx(truth, abs=1e-12), found.rules[place]
    made = results.compute(own_inputs, written)
    rules = made.tables["sensitivity_rules"].query("rule == 'panel_rule'")
    assert rules["choice"].tolist() == ["mean", "minimum", "docentes", "tecnicos", "ciudadania", "academia"]


def test_a_shared_rule_is_drawn_once_and_panels_apart(own_inputs, own_panels):
    written = replace(own_panels, third_for=["feasibility", "relevance"], missing_third="mean")
    task = study.prepare(own_inputs, written).portfolio
    drawn = task.draw("rule", size=300, rng=np.random.default_rng(1))
    first, second = (
        [one.rules[k] for k in column] for one, column in zip(task.scorings, drawn.T, strict=True)
    )
    for name in ("tolerance", "third_rule", "matching_rule"):
        assert [a[name] for a in first] == [b[name] for b in second]
    assert {a["panel_rule"] for a in first} == {"mean", "minimum", "docentes", "tecnicos"}
    assert any(
        (a["panel_rule"] == "mean") != (b["panel_rule"] == "mean") for a, b in zip(first, second, strict=True)
    )


def test_one_panel_offers_no_choice_between_panels(own_inputs, own_panels):
    criterion = replace(own_panels.method.criteria[1], panels=("academia",))
    found = scoring(own_inputs, own_panels, criterion, proposals=["P1"])
    assert set(found.rules[0]) == {"tolerance", "third_rule", "matching_rule"}


def test_a_panel_chosen_for_one_criterion_leaves_the_other_at_the_mean(own_inputs, own_panels):
    written = replace(own_panels, panel_rule="academia", missing_third="mean")
    found = study.prepare(own_inputs, written)
    own = [one.rules[one.baseline]["panel_rule"] for one in found.portfolio.scorings]
    assert own == ["mean", "academia"]
    truth = whole_assessment.assess(own_inputs, written).scores
    assert np.hstack(found.scores) == pytest.approx(truth.to_numpy())


def test_rules_one_at_a_time_agree_with_the_assessment(prepared, inputs, parameters):
    """Stays, could change, changes: from the categories that the assessment leaves open."""
    frame = result_tables.rule_frame(prepared)
    base = prepared.portfolio.baseline()
    assert frame.loc[frame["baseline"], ["changed", "could_change"]].to_numpy().sum() == 0
    assert (frame[["stays", "could_change", "changed"]].sum(axis=1) == 43).all()
    for row in frame[~frame["baseline"]].itertuples():
        choice = float(row.choice) if row.rule == "tolerance" else row.choice
        other = params.with_values(parameters, missing_third="bounds", **{row.rule: choice})
        possible = whole_assessment.assess(inputs, other).assigned["possible"].str.split()
        kept = [str(k) in open_ones for k, open_ones in zip(base, possible, strict=True)]
        changed = possible.index[~np.array(kept)]
        could = possible.index[np.array(kept) & (possible.str.len() > 1).to_numpy()]
        assert " ".join(changed) == row.proposals, row
        assert " ".join(could) == row.could_be, row


@pytest.mark.parametrize(("rule", "choice"), [("tolerance", 0.0), ("matching_rule", "lower")])
def test_one_rule_changed_for_a_few_proposals(rule, choice, tmp_path):
    """Without any tolerance one pair calls for a third evaluation that nobody gave."""
    given = of_method("one indicator", tmp_path)
    inputs = rated(given, proposals=6)
    prepared = study.prepare(inputs, given)
    found = under_rule(prepared, rule, choice)
    whole = whole_assessment.assess(
        inputs, params.with_values(given, missing_third="bounds", **{rule: choice})
    )
    assigned = whole.assigned.loc[prepared.proposals]
    ruled, possible = assigned["category_by_rule"], assigned["possible"].str.split()
    assert found.ruled.tolist() == ruled.fillna(-1).astype(int).tolist()
    assert [[str(k + 1) for k in np.flatnonzero(row)] for row in found.possible] == possible.tolist()
    assert found.unresolved == (rule == "tolerance")


def test_a_tolerance_of_nothing_is_not_said_to_change_nothing(prepared):
    """Every pair that differs then calls for a third evaluation, which could say anything."""
    frame = result_tables.rule_frame(prepared).set_index(["rule", "choice"])
    row = frame.loc[("tolerance", "0.0")]
    assert row["unresolved"] == 113
    assert row["could_change"] > 10
