"""From ratings to the frames of the notebook: scores under every rule, verdicts, words, scenario table."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from depth import deep_after

from ogp_analysis.assessment import whole_assessment
from ogp_analysis.errors import StatisticsError
from ogp_analysis.language import labels, texts
from ogp_analysis.model import params
from ogp_analysis.sensitivity import headline, portfolio, result_tables, results, simulate, study
from ogp_analysis.sensitivity.assumptions import largest_of
from ogp_analysis.sensitivity.portfolio import GROUPS
from ogp_analysis.sensitivity.sampling import Counts


def test_the_baseline_of_the_portfolio_is_the_category_by_rule(prepared):
    ruled = prepared.assigned["category_by_rule"].astype(int).tolist()
    assert prepared.portfolio.baseline().tolist() == ruled
    assert ruled.count(1) == 10


def test_nothing_varies_when_nothing_is_drawn(prepared):
    still = simulate(replace(prepared.portfolio, vary=()), draws=50, seed=1)
    assert still.share("kept").tolist() == [1] * 43
    assert still.share("ten").tolist() == [1]


def test_sampled_weights_agree_with_the_exact_acceptability(prepared):
    counts = simulate(replace(prepared.portfolio, vary=("weights",)), draws=10_000, seed=2)
    exact = study.weight_acceptability(prepared)
    error = np.sqrt(np.maximum(exact * (1 - exact), 1e-5) / counts.draws)
    assert np.all(np.abs(counts.share("categories") - exact) < 4.5 * error)  # 172 shares
    share, exact_error = results.ten_under_weights(prepared)
    assert exact_error == 0
    assert abs(counts.share("ten")[0] - share) < 4 * counts.standard_error("ten")[0]


def test_drawn_rounds_keep_what_is_predicted(prepared):
    """Drawn on the scale, or from the error of a score: one model, but for the ends of the scale."""
    counts = simulate(replace(prepared.portfolio, vary=("evaluators",)), draws=4000, seed=3)
    predicted, _ = study.chances_of_another_round(prepared)
    kept = predicted[np.arange(43), prepared.portfolio.baseline() - 1]
    assert abs((counts.share("kept") - kept).mean()) < 0.03
    assert np.abs(counts.share("kept") - kept).max() < 0.17


def test_one_rule_that_serves_both_criteria_is_drawn_once(inputs, parameters):
    shared = params.with_values(parameters, third_for=["feasibility", "relevance"])
    both = study.prepare(inputs, shared).portfolio
    drawn = both.draw("rule", size=200, rng=np.random.default_rng(4))
    first, second = both.scorings
    assert all(first.rules[a]["tolerance"] == second.rules[b]["tolerance"] for a, b in drawn)
    assert len({first.rules[a]["tolerance"] for a, _ in drawn}) == 3


def test_verdicts_follow_their_definition(verdicts):
    shares = verdicts[[f"share_{k}" for k in (1, 2, 3, 4)]].sum(axis=1)
    assert shares.tolist() == pytest.approx([1] * 43)
    fragile = verdicts["keeps_weights"] < 0.95
    assert (fragile == (verdicts["verdict"] == "fragile")).all()
    again = verdicts["another_round"] < 0.95
    assert (~fragile & again == (verdicts["verdict"] == "review")).all()
    assert set(verdicts["verdict"]) == {"robust", "review", "fragile"}
    assert (verdicts["keeps_all_error"] > 0).all()
    # No weighting changes a category where the distance is missing (a share of 1 up to rounding).
    never = verdicts.filter(like="points_").isna().all(axis=1)
    assert (verdicts.loc[never, "keeps_weights"] > 1 - 1e-12).all()


def test_fragile_proposals_are_worded_in_both_languages(prepared, verdicts):
    frame = headline.fragile_frame(prepared, verdicts)
    assert len(frame) == (verdicts["verdict"] == "fragile").sum()
    assert frame.filter(like="points_").sum(axis=1).is_monotonic_increasing
    assert (frame["category_by_rule"] != frame["nearest_category"]).all()
    assert all("%" in words or "cut" in words for words in frame["words_en"])
    assert frame["words_en"].tolist() != frame["words_es"].tolist()


def test_the_worded_weights_do_what_they_say(prepared):
    flip = study.nearest(prepared)
    moved = 0
    for row in np.flatnonzero(np.isfinite(flip.distance)):
        level = []
        for k, x in enumerate(prepared.scores):
            score = x[row] @ flip.weights[k][row]
            nudge = 1e-9 * np.sign(flip.target[row, k] - flip.levels[row, k])
            level.append(int((score + nudge >= prepared.portfolio.cuts[k]).sum()))
        assert level == flip.target[row].tolist()
        moved += 1
    assert moved > 10


def test_decisions_held_fixed_are_counted_apart(prepared):
    frame = result_tables.decision_frame(prepared)
    assert frame["by_rule"].sum() == frame["with_decisions"].sum() == 43
    assert frame["expected_by_rule"].sum() == pytest.approx(43)
    assert frame["expected_with_decisions"].sum() == pytest.approx(43)
    assert frame["with_decisions"].tolist() == [9, 7, 9, 18]  # planned by the generator


def test_the_dial_starts_at_the_baseline_and_ends_at_the_uniform_share(prepared, verdicts):
    curve = result_tables.curve_frame(prepared)
    start = curve[curve["belief"] == "baseline"]["keeps"]
    assert start.tolist() == [1] * 43
    end = curve[curve["belief"] == "uniform"].set_index("proposal")["keeps"]
    assert end.tolist() == pytest.approx(verdicts["keeps_weights"].tolist())


def test_the_sweep_holds_the_baseline_in_its_middle(prepared):
    frame = result_tables.sweep_frame(prepared)
    middle = frame[frame["shift"] == 0]
    columns = [f"category_{k}" for k in (1, 2, 3, 4)]
    assert len(middle) == 5
    assert (middle[columns].to_numpy() == np.bincount(prepared.portfolio.baseline(), minlength=5)[1:]).all()
    assert (frame[columns].sum(axis=1) == 43).all()


def test_one_weight_stability_holds_the_baseline_inside(prepared):
    frame = result_tables.stability_frame(prepared)
    assert len(frame) == 43 * 7
    assert (
        (frame["lowest"] <= frame["weight"] + 1e-12) & (frame["weight"] <= frame["highest"] + 1e-12)
    ).all()
    assert (frame["lowest"] > 0).any()
    assert (frame["highest"] < 1).any()


def test_a_portfolio_travels_to_other_processes(prepared):
    task = replace(prepared.portfolio, vary=GROUPS)
    draws = task.chunk_size() + 5
    alone = simulate(task, draws=draws, seed=6)
    with ProcessPoolExecutor(2) as executor:
        shared = simulate(task, draws=draws, seed=6, executor=executor)
    assert all(shared.tables[name].tobytes() == alone.tables[name].tobytes() for name in alone.tables)


def test_ranks_serve_the_note_on_the_top_15(prepared, counts):
    frame = result_tables.rank_frame(prepared, counts)
    assert frame["top_15"].sum() >= 15  # ties at place 15 all count
    assert frame["rank"].is_monotonic_increasing
    assert frame["mean_rank"].between(1, 43).all()


def test_shares_add_up_and_name_the_groups(prepared, influence):
    frame = result_tables.share_frame(influence)
    assert frame["assumption"].tolist() == [
        "weights",
        "cuts",
        "rule",
        "evaluators",
    ]
    assert frame["ten"].sum() == pytest.approx(1)
    assert frame["proposal_mean"].sum() == pytest.approx(1)
    assert (frame["ten"] > 0).all()


def test_results_feed_the_scenario_table(prepared, counts, verdicts, assumptions, inputs, parameters):
    one = results.summary(prepared, counts, verdicts, assumptions)
    strict = params.with_values(parameters, cut_points={"feasibility": [3, 4], "relevance": [3, 4]})
    other = study.prepare(inputs, strict)
    drawn = result_tables.sample(other)
    two = results.summary(other, drawn, study.verdict_frame(other, drawn), assumptions)
    table = results.scenario_table({"baseline": one, "strict": two})
    assert table["category_1"].tolist() == [one["in_category_1"], two["in_category_1"]]
    assert table["changed"].iloc[0] == 0
    assert table["changed"].iloc[1] > 0
    assert table["left"].iloc[1]
    assert table[["robust", "review", "fragile"]].sum(axis=1).tolist() == [43, 43]


def test_the_same_seed_gives_the_same_counts(prepared, counts):
    again = result_tables.sample(prepared)
    assert all(again.tables[name].tobytes() == counts.tables[name].tobytes() for name in counts.tables)


def test_a_proposal_without_all_scores_is_left_out_and_named(inputs, parameters):
    kept = inputs.ratings.query("not (proposal == 'S07' and indicator == 'time')")
    partial = study.prepare(
        replace(inputs, ratings=kept), params.with_values(parameters, missing="available")
    )
    assert partial.left_out == ("S07",)
    assert len(partial.proposals) == 42


def test_the_weight_belief_of_the_parameters_is_used(inputs, parameters):
    narrow = study.prepare(inputs, params.with_values(parameters, weight_belief="dirichlet 400"))
    wide = study.prepare(inputs, parameters)
    base = wide.portfolio.baseline()
    kept = [study.weight_acceptability(s)[np.arange(43), base - 1].mean() for s in (narrow, wide)]
    assert kept[0] > kept[1]


def test_a_contradictory_belief_is_refused(inputs, parameters):
    with pytest.raises(StatisticsError, match=r"lower bounds .* sum to 1.6; at most 1 is allowed"):
        study.prepare(inputs, params.with_values(parameters, weight_belief="between 0.4 and 0.5"))


def test_no_complete_proposal_is_refused(inputs, parameters):
    empty = replace(inputs, ratings=inputs.ratings.query("indicator != 'time'"))
    with pytest.raises(StatisticsError, match="none of 43 proposals has a score on every indicator"):
        study.prepare(empty, params.with_values(parameters, missing="available"))


def test_texts_say_the_same_keys_in_both_languages():
    keys = [
        {k for k in texts.catalogue(language) if k.startswith("sensitivity.")} for language in ("en", "es")
    ]
    assert keys[0] == keys[1]
    assert len(keys[0]) > 10


def test_the_groups_are_drawn_apart(prepared):
    seed = np.random.SeedSequence(7)
    full = prepared.portfolio.inputs(20, seed)
    fixed = replace(prepared.portfolio, vary=GROUPS[1:]).inputs(20, np.random.SeedSequence(7))
    assert np.array_equal(full["cuts"], fixed["cuts"])  # holding one group fixed disturbs no other
    assert not np.array_equal(full["weights"], fixed["weights"])
    assert portfolio.TOP == 15
    assert np.unique(full["rule"][:, 1]).size > 1


CASES = {
    "close cut points": ({"cut_points": {"feasibility": [3, 3.1], "relevance": [2.5, 3.5]}}, "all"),
    "cut points nobody reaches": (
        {"cut_points": {"feasibility": [4.5, 4.9], "relevance": [4.8, 4.9]}},
        "all",
    ),
    "a weight of zero, Dirichlet": (
        {"weight_belief": "dirichlet 12.5", "indicator_weights": {"time": 0, "complexity": 0.5}},
        "all",
    ),
    "one panel only": ({}, "panel != 'core_group'"),
    "no third evaluations": ({}, "role == 'independent'"),
    "one proposal": ({}, "proposal == 'S13'"),
    "one rating a panel": ({}, "evaluator in @firsts"),
}


@pytest.mark.parametrize("case", deep_after(4, CASES))
def test_findings_hold_for_other_designs(inputs, parameters, case):
    changes, kept = CASES[case]
    if "indicator_weights" in changes:
        written = params.as_dict(parameters)["indicator_weights"]
        changes = changes | {"indicator_weights": written | changes["indicator_weights"]}
    rated = inputs.ratings
    if "firsts" in kept:
        rated = rated[rated["role"] == "independent"].groupby(["proposal", "indicator", "panel"]).head(1)
    elif kept != "all":
        rated = rated.query(kept)
    found = results.compute(
        replace(inputs, ratings=rated), params.with_values(parameters, n_draws=200, **changes)
    )
    ruled = found.further["study"].assigned["category_by_rule"]
    known = ruled.notna().to_numpy()
    assert (found.further["study"].portfolio.baseline() == ruled.fillna(0).to_numpy())[known].all()
    verdicts = found.tables["sensitivity_verdicts"]
    unclear = verdicts.index[verdicts["verdict"] == "undetermined"]
    assert sorted([*ruled.index, *unclear]) == verdicts.index.tolist()
    assert verdicts["another_round"].drop(unclear).dropna().between(0, 1).all()
    sentence = results.headline_key(found.summary)
    words = texts.say(sentence, "es", **results.headline_values(found.summary, "es"))
    assert str(found.summary["fragile"]) in words
    assert (found.summary["in_category_1"] == 0) == (sentence == "headline.sensitivity_none")


def test_without_any_pair_no_error_is_assumed(inputs, parameters):
    lonely = inputs.ratings.query("panel == 'lead' or (panel == 'core_group' and role == 'independent')")
    lonely = lonely.groupby(["proposal", "indicator"]).head(1)
    found = study.prepare(replace(inputs, ratings=lonely), parameters)
    assert np.isnan(found.prediction.error).all()
    assert np.isnan(study.chances_of_another_round(found)[0]).all()
    assert "evaluators" not in found.portfolio.doubtful


@pytest.fixture(scope="module")
def lacking(inputs, parameters):
    """Reading B of the blind pair calls for third evaluations that the example does not hold."""
    reading = params.with_values(parameters, blind_pair="between_panels", n_draws=1000)
    return reading, results.compute(inputs, reading)


def test_what_the_rule_leaves_undetermined_is_not_decided_here(inputs, lacking):
    reading, found = lacking
    ruled = whole_assessment.assess(inputs, reading).assigned["category_by_rule"]
    unclear = ruled.index[ruled.isna()]
    assert len(unclear) > 0
    verdicts, summary = found.tables["sensitivity_verdicts"], found.summary
    assert verdicts.index.tolist() == ruled.index.tolist()
    assert verdicts.index[verdicts["verdict"] == "undetermined"].tolist() == unclear.tolist()
    pd.testing.assert_series_equal(verdicts["category_by_rule"], ruled, check_names=False)
    assert (
        verdicts.loc[unclear, ["share_1", "keeps_weights", "keeps_all", "another_round"]]
        .isna()
        .all(axis=None)
    )
    assert summary["undetermined"] == len(unclear)
    assert summary["in_category_1"] == (ruled == 1).sum()
    assert {summary["category_by_rule"][code] for code in unclear} == {None}
    for name in ("sensitivity_fragile", "sensitivity_central"):
        assert not found.tables[name].index.isin(unclear).any()
    assert not found.tables["sensitivity_curve"]["proposal"].isin(unclear).any()
    ranks = found.tables["sensitivity_ranks"]
    assert ranks.index[ranks["rank"].isna()].tolist() == unclear.tolist()
    decisions = found.tables["sensitivity_decisions"]
    assert decisions["category"].iloc[-1] == "undetermined"
    assert decisions["by_rule"].sum() == decisions["with_decisions"].sum() == 43
    assert decisions["by_rule"].iloc[-1] == len(unclear)


def test_the_headline_counts_what_cannot_be_judged(lacking):
    _, found = lacking
    count, filled = found.summary["undetermined"], found.summary["third_filled"]
    assert 0 < filled < found.summary["third_lacking"]
    spoken = texts.say("headline.sensitivity", "en", **results.headline_values(found.summary, "en"))
    lacking, judged = found.summary["third_lacking"], 43 - count
    assert spoken.startswith(
        f"by the rule, of 43 proposals {judged} are judged (with the mean of the pair in place of {filled} "
        f"of the {lacking} third evaluations that are lacking): "
    )
    lacking_words = f"; {count} cannot be judged because third evaluations are lacking. A proposal holds "
    assert lacking_words in spoken
    spoken = texts.say("headline.sensitivity", "es", **results.headline_values(found.summary, "es"))
    assert spoken.startswith(
        f"según la regla, de 43 propuestas se juzgan {judged} (con la media del par en lugar de {filled} de"
    )
    lacking_words = f"; {count} no se pueden juzgar porque faltan terceras evaluaciones. Una propuesta se "
    assert lacking_words in spoken


def test_where_nothing_can_be_judged_that_is_said(inputs, lacking, parameters):
    unclear = lacking[1].further["study"].undetermined.index
    few = replace(inputs, ratings=inputs.ratings[inputs.ratings["proposal"].isin(unclear)])
    found = results.compute(few, lacking[0])
    assert found.summary["undetermined"] == len(found.tables["sensitivity_verdicts"]) == len(unclear)
    assert found.tables["sensitivity_fragile"].empty
    assert results.headline_key(found.summary) == "headline.sensitivity_none"
    # Nobody is in category 1: that all of none stay is no finding.
    influence = found.tables["sensitivity_influence"]
    assert len(influence)
    assert influence.filter(like="ten_").isna().all(axis=None)
    said = found.summary["findings"]["en"]["assumptions"]
    assert said == "The rule puts none in category 1, so there is none that could stay there."


def test_lacking_thirds_are_refused_where_the_parameters_say_so(inputs, lacking):
    with pytest.raises(StatisticsError, match="third evaluations are lacking and missing_third is 'refuse'"):
        study.prepare(inputs, params.with_values(lacking[0], missing_third="refuse"))


def test_a_scenario_moves_no_proposal_that_it_leaves_undetermined():
    rest = {"robust": 0, "review": 0, "fragile": 0, "undetermined": 0, "ten_stay": 1.0, "ten_stay_error": 0.0}
    one = rest | {"category_by_rule": {"S1": 1, "S2": 2, "S3": None}}
    two = rest | {"category_by_rule": {"S1": None, "S2": 1, "S3": 1}, "undetermined": 1}
    table = results.scenario_table({"baseline": one, "other": two})
    assert table[["changed", "entered", "left"]].values.tolist() == [[0, "", ""], [1, "S2", ""]]
    assert table["category_1"].tolist() == [1, 2]
    assert table["undetermined"].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("stay", "weights", "largest", "key"),
    [
        (1.0, 1.0, "", "headline.sensitivity_still"),
        (0.0, 1.0, "", "headline.sensitivity_alike"),
        (0.0, 0.0, "", "headline.sensitivity_alike"),
        (1.0, 0.9, "", "headline.sensitivity_alike"),
        (0.4, 0.9, "cuts", "headline.sensitivity"),
    ],
)
def test_no_variance_is_not_taken_for_always(prepared, stay, weights, largest, key):
    said = {"in_category_1": 3, "ten_stay": stay, "ten_stay_weights": weights, "largest_assumption": largest}
    assert results.headline_key(said) == key
    assert results.headline_key(said | {"in_category_1": 0}) == "headline.sensitivity_none"


def test_weights_of_ones_own_criteria_are_worded():
    assert labels.name_label("criterion", "valor_publico", "es") == "valor publico"
    assert labels.value_label("cut", "relevance", "es") == "pertinencia"


def fate(stay, draws=20_000):
    return Counts(draws, {"ten": np.array([stay])})


@pytest.mark.parametrize(("stay", "named"), [(1, False), (29, False), (30, True), (19_971, False)])
def test_a_handful_of_draws_names_no_cause(prepared, influence, stay, named):
    frame = result_tables.share_frame(influence, counts=fate(stay))
    assert frame[["ten", "ten_error"]].notna().all(axis=None) == named
    assert frame["proposal_mean"].notna().all()


def spoken(summary, language="en"):
    sentence = results.headline_key(summary)
    return texts.say(sentence, language, **results.headline_values(summary, language))


def test_shares_in_the_bottom_line_are_never_written_as_all_or_nothing_that_they_are_not(
    prepared, counts, verdicts, assumptions
):
    summary = results.summary(prepared, counts, verdicts, assumptions)
    near = summary | {"ten_stay": 0.0001, "ten_stay_weights": 1.0, "ten_stay_weights_error": 0.0}
    said = spoken(near).replace("\N{NO-BREAK SPACE}", " ")
    assert "under 100% of these weightings" in said
    assert "in < 0.1% (simulation error" in said


def test_what_raises_nothing_is_not_named(prepared, counts, verdicts, assumptions):
    flat = assumptions.assign(ten_held=float(counts.share("ten")[0]))
    summary = results.summary(prepared, counts, verdicts, flat)
    assert summary["largest_assumption"] == ""
    assert spoken(summary).endswith(
        "Fixing any one assumption at the baseline does not raise this share beyond the simulation error."
    )


@pytest.fixture(scope="module")
def summary(prepared, counts, verdicts, assumptions):
    return results.summary(prepared, counts, verdicts, assumptions)


def test_assumptions_that_the_draws_cannot_tell_apart_are_all_named(summary):
    rows = {"assumption": ["cuts", "rule", "evaluators"], "ten_held": [0.46, 0.05, 0.49]}
    found = largest_of(pd.DataFrame(rows | {"ten_held_error": 0.015}), 0.1)
    assert found == {"evaluators": 0.49, "cuts": 0.46}  # 0.03 apart, with a standard error of 0.021
    assert largest_of(pd.DataFrame(rows | {"ten_held_error": 0.01}), 0.1) == {"evaluators": 0.49}
    tied = summary | {"largest_assumptions": found}
    assert spoken(tied).endswith(
        "no other round) and the rest varies, all 10 of category 1 stay in 49.0% of the simulations; if "
        f"everything varies, in {100 * tied['ten_stay']:.1f}%. Fixing no other assumption raises this share "
        "more, though the simulations cannot tell it apart from fixing: cut points (46.0%). Even with that "
        "fixed, category 1 loses at least one in the other 51.0%."
    )
    assert "sin otra ronda) y lo demás varía, permanecen las 10 de la categoría 1 en el 49,0" in spoken(
        tied, "es"
    )
    always = spoken(tied | {"largest_assumptions": {"evaluators": 1.0}})
    assert always.endswith("Fixing no other assumption raises this share as much.")


def test_weights_that_matter_only_with_other_assumptions_say_so(summary):
    weights = summary | {"largest_assumptions": {"weights": 0.5}}
    clause = "%. Varied alone, the weights change nothing here: they matter only together with"
    assert clause in spoken(weights | {"ten_stay_weights": 1.0})
    assert "Si solo varían los pesos, nada cambia aquí" in spoken(weights | {"ten_stay_weights": 1.0}, "es")
    assert clause not in spoken(weights | {"ten_stay_weights": 0.99})
    assert clause not in spoken(summary | {"largest_assumptions": {"cuts": 0.5}, "ten_stay_weights": 1.0})


def test_the_bottom_line_says_how_many_of_how_many_it_judges(summary):
    """12 of 21 judged: 9 have no ratings; or 6 of 21, when third evaluations of 6 more are lacking."""
    codes = {f"P{k}": 1 for k in range(12)}
    some = summary | {"category_by_rule": codes, "left_out": [f"Q{k}" for k in range(9)], "in_category_1": 5}
    some |= {"robust": 1, "review": 1, "fragile": 10, "fragile_near": 4}
    assert spoken(some).startswith(
        "by the rule, of 21 proposals 12 are judged: 1 holds under other weights and in another round of "
        "ratings, 1 holds under other weights but may move in "
        "another round of ratings and 10 depend on the weights (4 of these even near the baseline weights); "
        "9 are left out because ratings are missing. A proposal holds under other weights if "
    )
    ten = (
        "each is asked with all else as in this run). "
        "The 5 judged proposals that the rule puts in category 1 stay there together"
    )
    assert ten in spoken(some)
    assert "; 9 quedan fuera porque faltan calificaciones. Una propuesta se mantiene" in spoken(some, "es")
    both = some | {"undetermined": 6, "fragile": 4, "third_lacking": 17, "third_filled": 4}
    assert spoken(both).startswith(
        "by the rule, of 21 proposals 6 are judged (with the mean of the pair in place of 4 of the 17 third "
        "evaluations that are lacking): 1 holds under other weights and in another round of ratings, 1 holds "
        "under other weights but may move in "
        "another round of ratings and 4 depend on the weights (4 of these even near the baseline weights); 6 "
        "cannot be judged because third evaluations are lacking, and 9 are left out because ratings are "
        "missing. A"
    )
    none = some | {"in_category_1": 0}
    assert "; the rule puts none of those judged in category 1. A proposal holds" in spoken(none)
    assert "judged" not in spoken(summary)


@pytest.mark.parametrize(("ranked", "known"), [(15, False), (16, True)])
def test_fifteen_or_fewer_have_no_share_in_the_top_15(inputs, parameters, ranked, known):
    codes = [f"S{k:02}" for k in range(1, ranked + 1)]
    few = replace(inputs, ratings=inputs.ratings[inputs.ratings["proposal"].isin(codes)])
    found = study.prepare(few, parameters)
    frame = result_tables.rank_frame(found, simulate(found.portfolio, draws=100, seed=1))
    assert len(frame) == ranked
    assert frame[["top_15", "top_15_error"]].notna().all(axis=None) == known
    assert frame[["top_15", "top_15_error"]].isna().all(axis=None) != known
    assert frame[["rank", "mean_rank"]].notna().all(axis=None)
