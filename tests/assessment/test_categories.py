"""Scores, levels and categories: ties on fractions, the rule's table, decisions, phase 5, unresolved sets."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import sample_ratings as sample
from depth import deep_after
from hypothesis import given, settings
from hypothesis import strategies as st

from ogp_analysis.assessment import adjudication, categories, scoring, whole_assessment
from ogp_analysis.assessment.counted_indicators import share_of_scale
from ogp_analysis.errors import StatisticsError
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.output import tables
from tests.assessment.arrays import assign, indicator_scores

BASELINE = params.from_values(params.baseline())


@pytest.fixture(scope="module")
def baseline():
    return BASELINE


@pytest.fixture(scope="module")
def inputs():
    return Inputs(**sample.generated())


@pytest.fixture(scope="module")
def assessed(inputs, baseline):
    return whole_assessment.assess(inputs, baseline)


def test_a_score_on_a_cut_never_falls_by_float_noise():
    """All 625 rows of 1 to 5 ratings under decimal weights: the float rule errs on some, ours on none."""
    rows = np.array(list(itertools.product(range(1, 6), repeat=4)), dtype=float)
    wrong_in_floats = 0
    for text in (("0.1", "0.2", "0.3", "0.4"), ("0.15", "0.35", "0.2", "0.3"), ("0.7", "0.1", "0.1", "0.1")):
        weights = [Fraction(part) for part in text]
        cuts = [Fraction("2.3"), Fraction("3.7")]
        expected = [
            sum(sum(w * int(x) for w, x in zip(weights, row, strict=True)) >= cut for cut in cuts)
            for row in rows
        ]
        _, codes = scoring.exact_level_codes(rows, weights, cuts)
        assert codes.tolist() == expected
        floats = rows @ np.array([float(part) for part in text])
        wrong_in_floats += sum((floats[:, None] >= [2.3, 3.7]).sum(axis=1) != expected)
    assert wrong_in_floats > 0


def test_thirds_that_sum_to_a_cut_reach_it():
    third = Fraction(1, 3)
    for row in ([2.0, 2.0, 3.5], [1.0, 2.0, 4.5], [7 / 3, 8 / 3, 2.5]):
        means, codes = scoring.exact_level_codes(np.array([row]), [third] * 3, [Fraction(5, 2)])
        assert codes.tolist() == [1], (row, means)


def test_weights_that_do_not_fit_are_refused():
    with pytest.raises(StatisticsError, match="2 weights with sum 1 do not fit 3 indicators"):
        scoring.exact_level_codes(np.ones((1, 3)), [Fraction(1, 2)] * 2, [Fraction(2)])
    with pytest.raises(StatisticsError, match="sum 2/3"):
        scoring.exact_level_codes(np.ones((1, 2)), [Fraction(1, 3)] * 2, [Fraction(2)])


def test_available_scores_are_weighted_anew():
    scores = np.array([[4.0, np.nan, 2.0], [np.nan, np.nan, np.nan]])
    means = scoring.available_mean(scores, np.array([0.25, 0.5, 0.25]))
    assert means[0] == 3
    assert np.isnan(means[1])


@pytest.mark.parametrize(
    ("coding", "expected"),
    [
        ("share", [0.2, 1.0, 0.4, 0.4, 0.6]),
        ("rank", [0, 1, 0.375, 0.375, 0.75]),
        ("binned", [0, 1, 0.25, 0.25, 0.75]),
    ],
)
def test_counts_are_placed_on_the_scale(coding, expected):
    placed = share_of_scale(pd.Series([1, 5, 2, 2, 3]), coding)
    assert placed.tolist() == pytest.approx(expected, rel=1e-15)


LEVEL = ("low", "medium", "high")
# The plan names two of nine cells (lines 528 and 532); low ones follow lines 536 and 540; the rest: assumed.
TABLE = {
    ("high", "high"): (1, 1),
    ("medium", "medium"): (2, 2),
    ("high", "medium"): (2, 2),
    ("medium", "high"): (2, 2),
} | {pair: (3, 4) for pair in itertools.product(LEVEL, LEVEL) if "low" in pair}


@pytest.mark.parametrize(("pair", "expected"), TABLE.items())
def test_the_category_table_of_the_method(baseline, pair, expected):
    rows, columns = ([LEVEL.index(name)] * 2 for name in pair)
    rule = categories.category_rule(baseline.method)
    found = categories.category_codes((np.array(rows), np.array(columns)), rule, np.array([True, False]))
    assert tuple(found.tolist()) == expected


def test_no_size_of_a_category_of_the_example_is_the_plans(assessed):
    counts = whole_assessment.category_counts(assessed.assigned).set_index("category")
    after = counts["after_selection"].to_dict()
    assert after == {"1": 9, "2": 7, "3": 9, "4": 18, "undetermined": 0}
    # The plan: 8 and 19 stated (lines 750 and 776), 10 and 6 inferred; in the end 10 and 33.
    plans = {"1": 10, "2": 6, "3": 8, "4": 19}
    assert all(after[category] != size for category, size in plans.items())
    assert counts["final"].to_dict()["1"] == 9
    assert counts.loc[["3", "4"], "final"].sum() == 34
    assert len(whole_assessment.top_outside(assessed.assigned)) >= 1


def test_the_packaged_example_is_what_the_generator_makes(inputs):
    from ogp_analysis.output import canonical
    from ogp_analysis.packaged import DATA

    for name, frame in sample.generated().items():
        packaged = DATA / "example" / f"{name}.csv"
        assert packaged.read_bytes() == canonical.csv_text(frame).encode(), name
    assert inputs.proposals["reiterations"].sum() == 181
    assert (inputs.ratings["synthetic"] == "yes").all()


def test_the_codes_of_the_example_do_not_follow_the_categories(assessed):
    """A reader must not be able to tell the category from the number: no run of ten equal neighbours."""
    final = assessed.assigned["category_final"].tolist()
    assert max(len(list(group)) for _, group in itertools.groupby(final)) < 10


def test_decisions_stand_beside_the_rule_with_reason_who_and_when(assessed, inputs):
    apart = whole_assessment.decisions_apart(assessed.assigned, decisions=inputs.decisions)
    assert len(apart) == 6
    assert (apart["category_by_rule"] != apart["category_decided"]).all()
    assert apart["effect"].eq("differs").all()
    assert apart["decision_reason"].str.endswith("(synthetic)").all()
    # Nobody of Ecuador signs them, and not on a day of the plan.
    assert set(apart["decided_by"]) == {"invented panel (synthetic)"}
    assert set(apart["date"].astype(str)) == {"2001-01-01"}


def test_decisions_that_agree_with_the_rule_and_confirmations_stand_in_the_table(assessed):
    ruled = assessed.assigned["category_by_rule"].dropna()
    code = ruled.index[0]
    rows = [
        (code, "confirmation", int(ruled[code]) % 4 + 1, "so", None),
        (code, "selection", int(ruled[code]), "as ruled", "GN"),
    ]
    decisions = pd.DataFrame(rows, columns=["proposal", "stage", "category", "reason", "decided_by"])
    apart = whole_assessment.decisions_apart(assessed.assigned, decisions=decisions)
    assert apart["stage"].tolist() == ["selection", "confirmation"]
    assert apart["effect"].tolist() == ["agrees", "differs"]
    assert apart["decided_by"].isna().tolist() == [False, True]
    assert apart["date"].isna().all()
    assert whole_assessment.decisions_apart(assessed.assigned, decisions=pd.DataFrame()).empty


def test_a_decision_where_the_rule_gives_no_category_says_so(assessed):
    open_case = assessed.assigned.assign(category_by_rule=pd.array([pd.NA] * len(assessed.assigned), "Int64"))
    rows = [(open_case.index[0], "selection", 1, "x")]
    decisions = pd.DataFrame(rows, columns=["proposal", "stage", "category", "reason"])
    assert whole_assessment.decisions_apart(open_case, decisions=decisions)["effect"].tolist() == [
        "undetermined"
    ]


def test_phase_5_moves_reserves_to_the_category_of_their_mark(assessed, inputs):
    moved = assessed.assigned[assessed.assigned["final_step"] == "phase 5"]
    marks = inputs.proposals.set_index("proposal")["if_not_confirmed"].reindex(moved.index)
    assert len(moved) == 7
    assert moved["category_final"].astype(str).tolist() == marks.tolist()


def frame_of_scores(baseline, feasibility, relevance):
    names = [indicator.name for indicator in baseline.method.indicators]
    values = [feasibility] * 4 + [relevance] * 3
    return pd.DataFrame([values], columns=names, index=pd.Index(["S1"], name="proposal"), dtype=float)


def bare(decisions=None, **proposal):
    row = {"proposal": "S1", "route": "", "if_not_confirmed": ""} | proposal
    table = pd.DataFrame(decisions or [], columns=["proposal", "stage", "category", "reason"])
    return Inputs(pd.DataFrame(), pd.DataFrame([row]), table)


@pytest.mark.parametrize(
    ("decisions", "proposal", "expected"),
    [
        ([], {}, (2, 2, 2, "rule")),
        ([], {"if_not_confirmed": "3"}, (2, 2, 3, "phase 5")),
        ([("S1", "selection", 1, "feasible")], {"if_not_confirmed": "3"}, (2, 1, 1, "decision")),
        ([("S1", "confirmation", 1, "replaces")], {"if_not_confirmed": "4"}, (2, 2, 1, "confirmation")),
        ([("S1", "confirmation", 4, "refused")], {}, (2, 2, 4, "confirmation")),
    ],
)
def test_rule_then_decision_then_phase_5(baseline, decisions, proposal, expected):
    assigned = assign(frame_of_scores(baseline, 3, 3), bare(decisions, **proposal), baseline).iloc[0]
    found = tuple(assigned[["category_by_rule", "category_selection", "category_final", "final_step"]])
    assert found == expected


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    st.lists(st.integers(2, 10), min_size=7, max_size=7),
    st.integers(0, 6),
    st.booleans(),
)
def test_raising_one_score_never_worsens_the_category(halves, position, route):
    names = [indicator.name for indicator in BASELINE.method.indicators]
    scores = pd.DataFrame([halves] * 2, columns=names, index=pd.Index(["S1", "S2"], name="proposal")) / 2
    scores.iloc[1, position] += 0.5
    proposals = [bare(proposal=code, route="yes" if route else "").proposals for code in scores.index]
    given_inputs = Inputs(pd.DataFrame(), pd.concat(proposals), bare().decisions)
    before, after = assign(scores, given_inputs, BASELINE)["category_by_rule"]
    assert after <= before


def slow_possible(ratings, proposals, parameters):
    """Every completion of the lacking third ratings, each as a proposal of its own in one table."""
    settled = adjudication.resolve(ratings, parameters)
    cells = settled[settled["status"] == "unresolved"]
    tries = list(itertools.product(range(1, 6), repeat=len(cells)))
    rows = [
        (f"try {k}", row.indicator, row.pair, "X", "third", float(third))
        for k, thirds in enumerate(tries)
        for row, third in zip(cells.itertuples(), thirds, strict=True)
    ]
    extra = pd.DataFrame(rows, columns=["proposal", "indicator", "panel", "evaluator", "role", "rating"])
    many, known = (
        pd.concat([frame.assign(proposal=f"try {k}") for k in range(len(tries))])
        for frame in (ratings, proposals)
    )
    scores = indicator_scores(pd.concat([many, extra]), parameters)
    given_inputs = Inputs(pd.DataFrame(), known)
    found = assign(scores, given_inputs, parameters)["category_by_rule"]
    assert len(found) == len(tries)
    return " ".join(str(item) for item in sorted(set(found)))


@pytest.mark.parametrize("third_rule", ["replace", "median", "closest", "mean"])
@pytest.mark.parametrize("panel_rule", deep_after(1, ["mean", "minimum", "core_group"]))
def test_the_set_of_possible_categories_is_what_trying_every_third_rating_gives(
    inputs, baseline, third_rule, panel_rule
):
    parameters = params.with_values(baseline, third_rule=third_rule, panel_rule=panel_rule)
    bare_ratings = inputs.ratings[inputs.ratings["role"] == "independent"].drop(columns="synthetic")
    settled = adjudication.resolve(bare_ratings, parameters)
    waiting = settled[settled["status"] == "unresolved"].groupby("proposal").size()
    tried = waiting[waiting <= 2].index[:2]
    assert len(tried) == 2
    for proposal in tried:
        mine = bare_ratings[bare_ratings["proposal"] == proposal]
        known = inputs.proposals[inputs.proposals["proposal"] == proposal]
        alone = Inputs(ratings=mine, proposals=known, decisions=pd.DataFrame(), evaluators=pd.DataFrame())
        row = whole_assessment.assess(alone, parameters).assigned.iloc[0]
        assert row["possible"] == slow_possible(mine, known, parameters)
        assert pd.isna(row["category_by_rule"]) == (" " in row["possible"])


def test_undetermined_proposals_are_counted(inputs, baseline):
    lacking = replace(inputs, ratings=inputs.ratings[inputs.ratings["role"] != "third"])
    assigned = whole_assessment.assess(lacking, baseline).assigned
    counts = whole_assessment.category_counts(assigned).set_index("category")
    assert counts.loc["undetermined", "by_rule"] == assigned["category_by_rule"].isna().sum() > 0
    assert counts["by_rule"].sum() == 43


def test_scaling_all_fractions_alike_changes_nothing(inputs, baseline, assessed):
    same = params.with_values(
        baseline,
        indicator_weights=params.baseline()["indicator_weights"] | {"time": "2/8", "alignment": "3/9"},
    )
    pd.testing.assert_frame_equal(whole_assessment.assess(inputs, same).assigned, assessed.assigned)


def test_counts_can_stand_in_for_rated_reiterations(inputs, baseline, tmp_path):
    from ogp_analysis.packaged import DATA

    packaged = DATA / "methods" / "ecuador-2019.yaml"
    text = packaged.read_text(encoding="utf-8").replace(
        "name: reiterations, minimum: 1, maximum: 5, step: 1, direction: higher is better, coding: rated",
        "name: reiterations, minimum: 1, maximum: 5, step: 1, direction: higher is better, coding: share",
    )
    (tmp_path / "counted.yaml").write_text(text, encoding="utf-8")
    parameters = params.from_values(params.baseline() | {"method": "counted.yaml"}, folder=tmp_path)
    scores = whole_assessment.assess(inputs, parameters).scores["reiterations"]
    counts = inputs.proposals.set_index("proposal")["reiterations"]
    assert scores.tolist() == pytest.approx((1 + 4 * counts / counts.max()).tolist(), rel=1e-15)
    with pytest.raises(StatisticsError, match="coded 'share': proposals need counts"):
        indicator_scores(inputs.ratings, parameters, proposals=inputs.proposals[["proposal"]])
    with pytest.raises(StatisticsError, match="no count for S43"):
        indicator_scores(inputs.ratings, parameters, proposals=inputs.proposals[:-1])


def test_leaving_out_evaluators_with_a_stake_counts_single_ratings(inputs, baseline):
    parameters = params.with_values(baseline, conflict="exclude", missing="available")
    settled = whole_assessment.assess(inputs, parameters).settled
    assert (settled["status"] == "single").sum() > 0


@pytest.mark.parametrize("rule", ["mean", "minimum", "working_group", "core_group"])
def test_panels_combine_as_the_rule_says(inputs, baseline, rule):
    settled = adjudication.resolve(inputs.ratings, baseline)
    scores = indicator_scores(inputs.ratings, params.with_values(baseline, panel_rule=rule))
    sides = settled[settled["indicator"] == "alignment"].pivot(
        index="proposal", columns="pair", values="score"
    )
    expected = {"mean": sides.mean(axis=1), "minimum": sides.min(axis=1)}.get(rule, sides.get(rule))
    assert scores["alignment"].tolist() == expected.tolist()


def test_every_table_of_the_notebook_with_the_pairs_that_lack_a_third(inputs, baseline):
    """Under the packaged rule a lacking third rating alone would be the score: anything from 1 to 5."""
    bare = replace(inputs, ratings=inputs.ratings.query("role != 'third'"))
    found = whole_assessment.tables(
        whole_assessment.assess(bare, baseline), baseline, decisions=inputs.decisions
    )
    assert list(found) == [
        *("settled", "indicator_scores", "third_evaluations", "third_list", "unresolved"),
        *("categories", "category_counts", "decisions", "top_outside"),
    ]
    waiting = found["unresolved"]
    given = inputs.ratings.query("role == 'third'")
    pairs = set(given[["proposal", "indicator", "panel"]].itertuples(index=False, name=None))
    assert set(waiting[["proposal", "indicator", "pair"]].itertuples(index=False, name=None)) == pairs
    assert len(waiting) == len(pairs) == 29
    assert list(waiting)[3:] == ["first", "second", "difference", "score", "low", "high"]
    assert waiting[["low", "high"]].drop_duplicates().to_numpy().tolist() == [[1, 5]]
    assert (waiting["difference"] >= 2).all()
    assert waiting["score"].isna().all()
    complete = whole_assessment.tables(
        whole_assessment.assess(inputs, baseline), baseline, decisions=inputs.decisions
    )
    assert complete["unresolved"].empty


def staged(*rows):
    names = ["category_by_rule", "category_selection", "category_final", "final_step"]
    frame = pd.DataFrame(list(rows), columns=names, index=[f"P{k}" for k in range(len(rows))])
    frame = frame.astype({name: "Int64" for name in names[:3]})
    return frame.assign(decided=(frame[names[0]] != frame[names[1]]).fillna(frame[names[1]].notna()))


def test_what_decisions_did_is_counted_by_stage():
    """One proposal was decided otherwise at the selection, two at the confirmation, one moved by its mark."""
    frame = staged(
        (2, 1, 1, "decision"),
        (2, 2, 3, "confirmation"),
        (1, 1, 2, "confirmation"),
        (1, 1, 1, "confirmation"),
        (2, 2, 4, "phase 5"),
        (4, 4, 4, "rule"),
    )
    found = categories.decision_counts(frame)
    assert found == {
        "settled": 0,
        "changed_selection": 1,
        "changed_confirmation": 2,
        "marked": 1,
        "changed": 3,
    }


def test_a_proposal_without_a_final_category_has_not_moved():
    found = categories.decision_counts(staged((2, 2, None, "undetermined")))
    assert set(found.values()) == {0}


def test_what_the_rule_leaves_open_is_settled_not_changed():
    frame = staged(
        (None, 1, 1, "decision"),
        (None, 1, 3, "confirmation"),
        (None, None, 2, "confirmation"),
        (None, None, None, "undetermined"),
    )
    found = categories.decision_counts(frame)
    assert found == {
        "settled": 3,
        "changed_selection": 0,
        "changed_confirmation": 1,
        "marked": 0,
        "changed": 3,
    }


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "leaves 6 undetermined (recorded decisions settle 5);",
                "of none at the selection and of 2 at the conf",
            ),
        ),
        (
            "es",
            (
                "deja 6 sin determinar (las decisiones registradas resuelven 5);",
                "ninguna en la selección y 2 en la",
            ),
        ),
    ],
)
@pytest.mark.parametrize("key", ["headline.categories", "headline.review"])
def test_bottom_lines_tell_selection_from_confirmation_and_settled_from_changed(language, words, key):
    counts = {"settled": 5, "changed_selection": 0, "changed_confirmation": 2, "marked": 3, "fixed_1": 1}
    rule = {"rule": 4, "all": 12, "undetermined": 6, "final": 9}
    ledger = {"rule_1": 4, "proposals": 12, "undetermined_rule": 6, "final_1": 9}
    rest = {"third_evaluations": 0, "lacking": 17, "exchanged": "", "vetoed": ""}
    line = texts.say(key, language, **(counts | rule | ledger | rest))
    assert all(part in line for part in words)


def test_the_summary_of_the_example_counts_its_six_decisions_at_the_selection(assessed, baseline):
    found = whole_assessment.summary(assessed, baseline)
    names = ("decided", "changed_selection", "changed_confirmation", "settled", "marked")
    assert [found[name] for name in names] == [6, 6, 0, 0, 7]


def test_matching_is_not_judged_where_no_third_evaluation_is_foreseen(assessed):
    """43 proposals: four indicators of one feasibility pair, three of two relevance panels each."""
    counts = whole_assessment.third_evaluations(assessed.settled)
    feasibility = counts[counts["criterion"] == "feasibility"]
    assert feasibility[["matched", "third"]].isna().all(axis=None)
    assert feasibility["combined"].tolist() == feasibility["pairs"].tolist() == [43] * 4
    relevance = counts[counts["criterion"] == "relevance"]
    assert (relevance["matched"] + relevance["third"]).tolist() == relevance["pairs"].tolist() == [43] * 6
    assert relevance["combined"].tolist() == [0] * 6


def test_a_criterion_of_which_all_pairs_are_judged_has_noughts_not_blanks(inputs, baseline):
    both = params.with_values(baseline, third_for=["feasibility", "relevance"])
    settled = adjudication.resolve(inputs.ratings, both)
    assert whole_assessment.third_evaluations(settled).notna().all(axis=None)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("of three or more: the lowest", "of three or more: the highest", "third evaluation")),
        ("es", ("de tres o más: la más baja", "de tres o más: la más alta", "tercera evaluación")),
    ],
)
def test_the_columns_of_a_pair_say_what_they_show_of_three_ratings(baseline, language, words):
    """Ratings 10, 9 and 10, as 4, 3 and 4 here: the sides are the lowest and the highest, and say so."""
    cell = {"proposal": "S1", "indicator": "alignment", "panel": "core_group", "role": "independent"}
    given = pd.DataFrame(cell | {"evaluator": ["A", "B", "C"], "rating": [4.0, 3.0, 4.0]})
    settled = adjudication.resolve(given, baseline)
    assert settled[["first", "second"]].values.tolist() == [[3, 4]]
    assert settled["centre"].tolist() == pytest.approx([11 / 3])
    shown = tables.show(settled, "settled", language=language).cells.columns
    assert all(any(part in name for name in shown) for part in words)


def test_a_rating_alone_is_no_pair(inputs, baseline):
    """43 proposals have 6 relevance pairs each; without one evaluator of one cell 257 are left."""
    first = inputs.ratings.query("proposal == 'S01' and panel == 'core_group' and indicator == 'alignment'")
    lonely = replace(inputs, ratings=inputs.ratings.drop(first.index[0]))
    assert whole_assessment.summary(whole_assessment.assess(inputs, baseline), baseline)["pairs"] == 43 * 6
    assert (
        whole_assessment.summary(whole_assessment.assess(lonely, baseline), baseline)["pairs"] == 43 * 6 - 1
    )
