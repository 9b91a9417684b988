"""The page of answers: computed from tables, each claim on a row that exists, the same everywhere."""

from __future__ import annotations

import html
from dataclasses import replace

import pandas as pd
import pytest
from sample_run import make

from ogp_analysis import ratings, report
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.output import canonical
from ogp_analysis.report import answers, answers_moved, answers_view, dispositions, pdf, results
from ogp_analysis.report.answers_claims import Known

# Five proposals by hand: two in category 1 by the rule, of which a decision takes one out; one that 4 points
# of weight bring in; one far away; one that a lacking third evaluation leaves open.
LEDGER = pd.DataFrame(
    {
        "proposal": ["A", "B", "C", "D", "E"],
        "title": ["Open budget", "Road safety", "Water", "Libraries", "Parks"],
        "category_by_rule": pd.array([1, 1, 2, 4, None], dtype="Int64"),
        "category_final": pd.array([1, 3, 2, 4, None], dtype="Int64"),
        "possible": ["1", "1", "2", "4", "1 2"],
        "decided": [False, True, False, False, False],
        "decision_reason": ["", "", "", "", ""],
        "category_selection": pd.array([1, 3, 2, 4, None], dtype="Int64"),
        "confirmation_reason": ["", "", "", "", ""],
        "final_step": ["rule", "decision", "rule", "rule", "undetermined"],
        "blind_pairs": [6, 6, 6, 6, 6],
        "third_evaluations": [1, 0, 0, 0, 0],
        "unresolved": [0, 0, 0, 0, 1],
        "share_1": [1.0, 0.6, 0.4, 0.0, None],
        "points_a": [None, 0.0, 4.0, 50.0, None],
        "flips_to": pd.array([None, 2, 1, 3, None], dtype="Int64"),
        "flip_en": ["never", "on it", "more time", "far", ""],
        "flip_es": ["nunca", "en él", "más tiempo", "lejos", ""],
        "another_round": [0.99, 0.5, 0.95, 1.0, None],
    }
)
GAPS = pd.DataFrame({"id": ["evaluators"]})
COUNTS = {"ratings": 60, "evaluators": 7, "broken": 2, "lacking_ratings": 3, "tolerance": 1.0}
OWN = Known(plan={}, ledger=LEDGER, not_computable=GAPS, counts=COUNTS, synthetic=False)


@pytest.fixture(scope="module")
def made():
    return answers.tables(OWN, texts.LANGUAGES)


@pytest.fixture(scope="module")
def baseline():
    parameters = params.from_values(params.baseline())
    return results.compute(ratings.load(parameters), parameters)


def test_a_decision_at_the_last_stage_counts_like_one_before_it():
    """B is decided at the selection without a reason, D at the confirmation with one, A back as it was."""
    steps = {
        "category_selection": pd.array([2, 3, 2, 4, None], dtype="Int64"),
        "category_final": pd.array([1, 3, 2, 3, None], dtype="Int64"),
        "final_step": ["confirmation", "decision", "rule", "confirmation", "undetermined"],
        "confirmation_reason": ["", "", "", "no budget", ""],
    }
    ledger = LEDGER.assign(**steps, decided=[True, True, False, False, False])
    made = answers.tables(Known({}, ledger, GAPS, COUNTS, synthetic=False), ("en",))
    followed = " ".join(made["answers"]["answer_en"])
    assert "otherwise than by the rule: 2, of them without a recorded reason: 1." in followed
    summary = dispositions.summary(ledger)
    assert summary["changed"] == 2
    line = texts.say("headline.review_without_weights", "en", exchanged="", **summary)
    assert "recorded decisions change the category of 2;" in line


def answer(made, row, language="en"):
    return made["answers"].loc[row, f"answer_{language}"]


def test_the_four_questions_are_answered_in_both_languages(made):
    assert len(made["answers"]) == 4
    for language in texts.LANGUAGES:
        assert made["answers"][f"asked_{language}"].str.endswith("?").all()
        assert (made["answers"][[f"answer_{language}", f"certainty_{language}"]] != "").all(axis=None)
    assert (made["answers"]["answer_en"] != made["answers"]["answer_es"]).all()


def test_each_number_of_an_answer_is_that_of_the_ratings(made):
    followed, reliable, choices = (answer(made, row) for row in range(3))
    assert "found: 2; ratings lacking: 3; third evaluations lacking: 1" in followed
    assert "than by the rule: 1, of them without a recorded reason: 1" in followed
    # 30 pairs, of which one had a third evaluation and one lacks it.
    assert "7 evaluators, 60 independent ratings; of 30 blind pairs, 28 lie" in reliable
    assert "puts 2 of 5 proposals" in choices
    assert "1 of these 2 stays there under every possible weighting: A." in choices
    assert "can take out 1 of these (B) and can bring in 1 other (C)." in choices
    assert "1 of these 2, B, is at risk: its chance of staying is below 95%" in choices
    assert "take 1 out (B) and put none in." in choices
    # E lacks a third evaluation, and may be in category 1 or 2.
    assert "One, E, has no category by the rule" in choices
    assert "are lacking; it could be in this category." in choices


def test_where_the_rule_puts_none_first_nobody_is_taken_out():
    ledger = LEDGER[LEDGER["proposal"].isin(["D", "E"])].assign(possible=["4", "2 4"])
    said = answers.tables(replace(OWN, ledger=ledger), ("en", "es"))["answers"]
    english, spanish = (answer({"answers": said}, 2, language) for language in ("en", "es"))
    assert "puts none of 2 proposals" in english
    assert "criterion share, brings in none." in english
    assert "are lacking; it could not be in this category." in english
    assert "faltan calificaciones o terceras evaluaciones; no podría estar en esta categoría." in spanish
    assert "none of these" not in english


@pytest.mark.parametrize(
    ("possible", "could_codes"), [(("2", "3"), "–"), (("1 2", None), "D"), (("1 2", "1"), "D, E")]
)
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_several_without_a_category_are_named_with_those_that_could_be_in_the_first(
    possible, could_codes, language
):
    ruled = pd.array([1, 1, 2, None, None], dtype="Int64")
    ledger = LEDGER.assign(category_by_rule=ruled, possible=["1", "1", "2", *possible])
    made = answers.tables(replace(OWN, ledger=ledger), (language,))
    could = 0 if could_codes == "–" else len(could_codes.split(", "))
    words = {"count": 2, "codes": "D, E", "could": could, "could_codes": could_codes}
    assert texts.say("answers.choices.open", language, **words) in answer(made, 2, language)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_without_a_sensitivity_the_answer_names_the_rule_and_the_decisions_alone(language):
    ledger = LEDGER.drop(columns=["share_1", "points_a", "flips_to", "another_round"])
    made = answers.tables(replace(OWN, ledger=ledger), (language,))
    last = {"out": 1, "out_codes": "B", "entered": 0, "entered_codes": "–", "firm": ""}
    expected = [
        texts.say(
            "answers.choices.rule", language, ruled=2, proposals=5, first=texts.say("category.1", language)
        ),
        texts.say("answers.choices.open_perhaps", language, codes="E"),
        texts.say("answers.choices.decided", language, **last),
    ]
    assert answer(made, 2, language).casefold() == " ".join(expected).casefold()


def test_another_round_of_what_a_decision_moved_keeps_the_category_of_the_rule(made):
    moved = made["answers_category_1"].set_index("proposal")
    assert moved.loc["B", "moved_by_en"].startswith("Moving even less than 1 point")
    assert (
        "In about 50 of 100 repeated rounds the rule gives it another category than 1."
        in moved.loc["B", "moved_by_en"]
    )


SENTENCES = [
    (
        "choices.rule",
        {"ruled": 0, "proposals": 3, "first": "X"},
        "the rule of this run puts none of 3 proposals into X.",
    ),
    (
        "choices.rule",
        {"ruled": 1, "proposals": 1, "first": "X"},
        "the rule of this run puts 1 of 1 proposal into X.",
    ),
    ("choices.fixed", {"count": 1, "ruled": 1}, "It stays there under every possible weighting."),
    ("choices.fixed", {"count": 0, "ruled": 1}, "It does not stay there under every possible weighting."),
    (
        "choices.fixed",
        {"count": 0, "ruled": 2},
        "None of these 2 stays there under every possible weighting.",
    ),
    (
        "choices.round",
        {"count": 0, "ruled": 1, "codes": "–"},
        "it would stay with a chance of at least 95%.",
    ),
    (
        "choices.small",
        {"out": 0, "entered": 0, "ruled": 3},
        "takes out none of these and brings in no other.",
    ),
    ("choices.all_fixed", {"ruled": 3}, "All 3 stay there under every possible weighting."),
    ("fact.final", {"count": 1, "all": 2, "first": "X"}, "Of 2, 1 ends first (X)."),
]


@pytest.mark.parametrize(("key", "counts", "sentence"), SENTENCES)
def test_an_answer_holds_for_none_one_and_many(key, counts, sentence):
    assert texts.say(f"answers.{key}", "en", **counts).endswith(sentence)


def test_spanish_denies_with_the_verb_where_nothing_is_counted():
    none = {"ruled": 0, "proposals": 3, "first": "X"}
    assert (
        texts.say("answers.choices.rule", "es", **none)
        == "la regla de esta corrida no ubica ninguna de 3 propuestas en X."
    )
    assert (
        texts.say("answers.choices.fixed", "es", count=1, ruled=1)
        == "Permanece ahí con toda ponderación posible."
    )


def test_whether_one_evaluator_decides_is_answered_where_it_was_computed(made):
    assert "single evaluator" not in answer(made, 2)
    for counts, words in (
        (
            [0, 2, 1, 0, None],
            "2 proposals (B, C) enter or leave this category if a single",
        ),
        (
            [0, 1, 0, 0, None],
            "1 proposal (B) enters or leaves this category if a single",
        ),
        ([0, 0, 0, 0, None], "Leaving out any single evaluator moves no proposal"),
    ):
        ledger = LEDGER.assign(evaluators_cross=pd.array(counts, dtype="Int64"))
        found = answers.tables(replace(OWN, ledger=ledger), texts.LANGUAGES)
        assert words in answer(found, 2)


@pytest.mark.parametrize("tolerance", [0.0, 0.5])
def test_pairs_that_match_only_where_they_are_equal_are_called_equal(tolerance):
    made = answers.tables(replace(OWN, counts=COUNTS | {"tolerance": tolerance}), texts.LANGUAGES)
    assert ("28 are equal" in answer(made, 1)) is (tolerance == 0)
    assert ("28 son iguales" in answer(made, 1, "es")) is (tolerance == 0)
    assert "0 points" not in answer(made, 1)


@pytest.mark.parametrize(("evaluators", "key"), [(1, "audit.nobody_else"), (2, "answers.choices.one_each")])
def test_of_ratings_by_one_evaluator_each_no_round_and_no_person_is_judged(evaluators, key):
    ledger = LEDGER.assign(another_round=float("nan"), evaluators_cross=2, blind_pairs=0)
    known = replace(OWN, ledger=ledger, counts=COUNTS | {"evaluators": evaluators})
    made = answers.tables(known, ("en",))
    reliable, choices = (answer(made, row) for row in (1, 2))
    key = key if key.startswith("answers") else f"sensitivity.{key}.one"
    assert texts.say(key, "en", count=1) in choices
    assert texts.say("answers.choices.round_unknown", "en") in choices
    assert "at least 95%" not in choices
    given = {"evaluators": evaluators, "ratings": 60}
    assert texts.say("answers.reliable.alone", "en", **given).lower() in reliable.lower()


@pytest.mark.parametrize(
    ("columns", "ending"),
    [
        ({"points_a": 30.0, "another_round": 0.99}, ""),
        ({"another_round": 0.99}, ".no_weights"),
        ({"points_a": 30.0, "another_round": None}, ".no_round"),
        ({"another_round": None}, ".neither"),
    ],
)
def test_what_was_looked_at_is_what_is_told_not_to_move_a_proposal(columns, ending):
    row = {"category_by_rule": 1, "category_final": 1} | columns
    said = answers_moved.moved_by(row, "es", small=5.0, sure=0.95)
    assert said == texts.say(f"answers.moved.nothing{ending}", "es")


def test_real_ratings_carry_no_word_of_a_synthetic_example(made):
    assert set(made["answers"]["synthetic"]) == {"no"}
    assert not made["answers"]["answer_en"].str.contains("synthetic").any()


def test_category_1_has_no_column_of_titles_where_nothing_has_one():
    untitled = replace(OWN, ledger=LEDGER.assign(title=""))
    shown = answers.tables(untitled, texts.LANGUAGES)["answers_category_1"]
    assert "title" not in shown
    assert list(shown["proposal"]) == list(
        answers.tables(OWN, texts.LANGUAGES)["answers_category_1"]["proposal"]
    )


def test_category_1_is_named_with_titles_and_with_what_moves_it(made):
    first = made["answers_category_1"].set_index("proposal")
    assert first["title"].to_dict() == {
        "A": "Open budget",
        "B": "Road safety",
        "C": "Water",
        "E": "Parks",
    }
    assert first.loc["A", "moved_by_en"] == "Neither a small move of weights nor another round moves it."
    assert "even less than 1 point of weight" in first.loc["B", "moved_by_en"]
    assert "In about 50 of 100" in first.loc["B", "moved_by_en"]
    assert "category 3" in first.loc["B", "moved_by_en"]
    assert first.loc["C", "moved_by_es"] == "4,0 puntos de peso: más tiempo"
    assert "lacking" in first.loc["E", "moved_by_en"]


def test_what_was_not_computed_is_not_called_firm():
    row = {"category_by_rule": 1, "category_final": 1}
    assert answers_moved.moved_by(row, "en", small=5.0, sure=0.9) == "Not computed in this run."


def test_the_problems_of_a_run_are_its_gaps(made):
    claims = made["answers_facts"].set_index("kind")
    assert claims.loc[["problem"], "row"].tolist() == ["E", "B"]
    assert "request" not in claims.index


def test_every_claim_on_the_plan_rests_on_rows_that_are_there(baseline):
    claims = baseline.tables["answers_facts"]
    tables = {**baseline.further["plan"].tables, **baseline.tables}
    assert claims["kind"].value_counts().to_dict() == {"fact": 5, "problem": 3, "request": 3}
    for claim in claims.itertuples():
        frame = tables[claim.table].astype(str)
        if {"commitment", "milestone"} <= set(frame):
            keys = "C" + frame["commitment"] + "M" + frame["milestone"]
        elif "commitment" in frame:
            keys = "C" + frame["commitment"]
        else:
            keys = frame["node"] if "node" in frame else frame["id"]
        assert set(claim.row.split()) <= set(keys), claim.text


def test_the_facts_of_the_plan_are_those_of_its_text(baseline):
    # Lines 571, 678, 688 and 780 of the transcription; 59 milestones, of which the plan dates 55.
    said = " ".join(baseline.tables["answers_facts"]["text_en"])
    assert "Of 335 proposals received, 181 were related" in said
    assert "merged into 43, of which 10 became commitments" in said
    assert "4 of 59 milestones" in said


def test_invented_ratings_answer_nothing_about_the_plan(baseline):
    rows = baseline.tables["answers"]
    assert rows["synthetic"].tolist() == ["no", "yes", "yes", "no"]
    for row in (1, 2):
        assert "cannot be known" in rows.loc[row, "answer_en"]
        assert "In the synthetic example" in rows.loc[row, "answer_en"]
        assert rows.loc[row, "certainty_en"].startswith("None for the plan")


def test_ratings_of_ones_own_are_not_those_of_the_plans_ten(baseline):
    plan = {**baseline.further["plan"].tables, "influence_evidence": baseline.tables["influence_evidence"]}
    asked = answers.tables(replace(OWN, plan=plan), texts.LANGUAGES)["answers"]
    assert asked.loc[2, "asked_en"] == "Which choices would change category 1?"
    assert not asked["asked_es"].str.contains("diez").any()
    assert baseline.tables["answers"].loc[2, "asked_en"] == "Which choices would change the ten?"


def test_page_and_pdf_show_the_same_answers(tmp_path, made):
    folder = make(tmp_path, synthetic=False)
    for name, frame in made.items():
        canonical.write(folder / "tables" / f"{name}.csv", canonical.csv_text(frame))
    pack = report.read(folder)
    for language in texts.LANGUAGES:
        shown = answers_view.read(pack, language)
        page = html.unescape(report.page.render(pack, language=language, other_page="x.html"))
        paper = pdf.content(pack, language)["answers"]
        for at, row in enumerate(shown.rows):
            assert row.answer in page
            assert row.answer == paper["rows"][at][1]
        assert shown.first is not None
        assert all(cell in page for cells in shown.first.rows for cell in cells)


def test_codes_of_invented_ratings_stand_on_no_first_page_of_the_plan(tmp_path, made):
    pack = report.read(make(tmp_path))
    both = {**pack.tables, **made}
    assert answers_view.read(replace(pack, tables=both), "en").first is None


def test_two_panels_of_which_one_has_no_pair_leave_nobody_who_decides_alone():
    ledger = LEDGER.assign(another_round=float("nan"), evaluators_cross=0)
    known = replace(OWN, ledger=ledger, counts=COUNTS | {"evaluators": 3, "evaluators_of_one": 3})
    choices = answer(answers.tables(known, ("en",)), 2)
    assert texts.say("answers.choices.one_each", "en") not in choices
    assert texts.say("answers.choices.round_unknown", "en") in choices
