"""What the pack says of parameters, gaps and phases."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest
import sample_ratings as sample

from ogp_analysis import ratings, report
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.plan import published
from ogp_analysis.report import explorer, parameters_and_gaps, results
from ogp_analysis.report.run_files import Pack

BASELINE = params.from_values(params.baseline())


def changed(**values):
    return params.with_values(BASELINE, **values)


def test_every_parameter_but_the_folder_is_listed_with_its_origin():
    table = parameters_and_gaps.parameter_table(BASELINE)
    assert set(table["parameter"]) == set(params.NAMES) - {"output_dir"}
    assert table[["value", "origin_en", "origin_es", "meaning_en", "meaning_es"]].notna().all(axis=None)
    # A text that its catalogue lacks would stand in English in the Spanish column.
    assert not table["origin_es"].isin(set(table["origin_en"])).any()
    allowed = table.set_index("parameter")["allowed"]
    assert (allowed["tolerance"], allowed["confidence_level"]) == ("≥ 0", "0.5 – 0.9999")
    # Nothing that the plan leaves open is called the plan's.
    assert set(table.loc[table["origin_en"].str.startswith("plan"), "parameter"]) == {"method", "third_for"}


def test_a_changed_value_is_the_runs_own_and_stands_beside_the_baselines():
    table = parameters_and_gaps.parameter_table(
        changed(tolerance=0.5, cut_points={"feasibility": [2, 3], "relevance": [2.5, 3.5]})
    )
    row = table.set_index("parameter").loc["tolerance"]
    assert (row["value"], row["baseline"], row["origin_en"]) == ("0.5", "1.0", "given for this run")
    cuts = table[table["parameter"] == "cut_points"].set_index("item")
    assert cuts["value"].to_dict() == {"feasibility": "2; 3", "relevance": "2.5; 3.5"}
    assert cuts["origin_es"].to_dict() == {"feasibility": "dado para esta corrida", "relevance": "nuestro"}


def test_a_path_is_shown_by_its_name_alone():
    given = BASELINE.as_given | {"data": "/home/ana/privado/notas.xlsx"}
    parameters = SimpleNamespace(as_given=given, method=BASELINE.method)
    table = parameters_and_gaps.parameter_table(parameters)
    assert table.set_index("parameter").loc["data", "value"] == "notas.xlsx"
    assert "ana" not in table.to_csv()


def test_the_method_of_the_explorer_is_the_runs():
    weights = dict(BASELINE.as_given["indicator_weights"]) | {"time": 0.4, "complexity": 0.1}
    found = parameters_and_gaps.method_in_use(changed(indicator_weights=weights))
    assert [criterion["name"] for criterion in found["criteria"]] == ["feasibility", "relevance"]
    assert found["criteria"][0]["weights"] == ["0.4", "0.1", "0.25", "0.25"]
    assert found["criteria"][1]["weights"] == ["1/3"] * 3
    assert found["name"] == "ecuador-2019"
    assert found["category_table"] == [[0, 0, 0], [0, 2, 2], [0, 2, 1]]


@pytest.fixture
def inputs():
    one = pd.DataFrame({"evaluator": ["a"]})
    return SimpleNamespace(organisations=one["evaluator"], decisions=one, synthetic=False)


def gaps(inputs, by_rule, lost=()):
    index = pd.Index([f"S{i}" for i in range(len(by_rule))], name="proposal")
    assigned = pd.DataFrame({"category_by_rule": pd.array(by_rule, dtype="Int64")}, index=index)
    return parameters_and_gaps.not_computable(assigned, inputs, lost=lost)


def test_what_is_given_is_no_gap(inputs):
    assert len(gaps(inputs, [1, 2])) == 1
    assert "proposal received" in gaps(inputs, [1, 2])["gap_en"][0]


def test_each_lack_is_named_with_its_reason(inputs):
    inputs.synthetic = True
    inputs.organisations = inputs.decisions = pd.DataFrame()
    found = gaps(inputs, [1, None], lost=[("F05", "By SDG"), ("F06", float("nan"))])
    text = " ".join(found["gap_en"])
    for words in (
        "from their ratings",
        "S1",
        "single evaluators",
        "decisions",
        "F05: By SDG",
        "F06: a figure without",
    ):
        assert words in text
    assert "S0" not in text
    assert found.notna().all(axis=None)


def test_evidence_on_participation_covers_each_phase_and_gives_no_grade():
    found = parameters_and_gaps.influence_evidence(published.read("phases"))
    assert found["line"].is_monotonic_increasing
    assert len(found) == 7
    words = " ".join(found.filter(like="_en").to_numpy().ravel()).lower()
    assert not {"inform ", "consult", "involve", "collaborat", "empower"} & set(words.split())


def test_each_phase_says_what_the_text_shows_of_the_method_and_what_it_does_not():
    found = parameters_and_gaps.method_followed(published.read("phases"))
    assert (
        found["phase_en"].tolist()
        == parameters_and_gaps.influence_evidence(published.read("phases"))["phase_en"].tolist()
    )
    assert (found.filter(regex="shown|open") != "").all(axis=None)
    # Lines 571, 678, 688 and the rows of lines 743 to 776 of the plan.
    shown = " ".join(found["shown_en"])
    assert all(number in shown for number in ("(297)", "(38)", "181", "154", "43", "8 and 19"))
    # Phase 7 is announced in the method (line 562) and has no section among the results.
    assert found.loc[6, "shown_en"].startswith("nothing")


def test_the_texts_of_the_pack_are_complete_in_both_languages():
    keys = {code: set(texts.catalogue(code)) for code in texts.LANGUAGES}
    assert keys["en"] == keys["es"]
    assert set(report.review_points().columns) >= {"asked_en", "asked_es", "why_en", "why_es"}


@pytest.mark.parametrize(
    "change", [{"aggregation": "harmonic"}, {"aggregation": "minimum", "veto": 2}], ids=str
)
def test_the_explorer_is_left_out_where_scores_are_not_weighted_means(change):
    """Its page adds up weighted means; of another way it would show other categories than the run."""
    method = parameters_and_gaps.method_in_use(changed(**change))
    names = [name for criterion in method["criteria"] for name in criterion["indicators"]]
    tables = {
        "indicator_scores": pd.DataFrame({"proposal": ["S01"]} | dict.fromkeys(names, 4.0)),
        "ledger": pd.DataFrame({"proposal": ["S01"], "route": "", "category_by_rule": 1}),
    }
    methods = (method, method | {"linear": True})
    packs = [Pack(tables, {}, {"06": {"method": one}}, "en", synthetic=True) for one in methods]
    assert [explorer.inputs(pack) is None for pack in packs] == [True, False]


def test_a_run_with_a_veto_is_explored_with_it():
    method = parameters_and_gaps.method_in_use(changed(veto=2.5))
    names = [name for criterion in method["criteria"] for name in criterion["indicators"]]
    tables = {
        "indicator_scores": pd.DataFrame({"proposal": ["S01"]} | dict.fromkeys(names, 4.0)),
        "ledger": pd.DataFrame({"proposal": ["S01"], "route": "", "category_by_rule": 1}),
    }
    pack = Pack(tables, {}, {"06": {"method": method}}, "en", synthetic=True)
    assert explorer.inputs(pack)["method"]["veto"] == "5/2"
    assert "veto" not in parameters_and_gaps.method_in_use(changed())


ONE_SENTENCE = "headline.review.all_fixed_1"


@pytest.mark.parametrize(
    ("belief", "all_stay"), [("uniform", True), ("time at least 0.9; complexity at least 0.9", False)]
)
def test_that_all_stay_is_said_where_weights_could_be_judged_and_else_nothing_of_weights(
    tmp_path, belief, all_stay
):
    """Everybody rates everything 4 of 5, above both cut points whatever the weights; none sum to 1.8."""
    file = sample.write(tmp_path / "n.csv", sample.complete())
    parameters = sample.parameters(file, weight_belief=belief)
    made = results.compute(ratings.load(parameters), parameters)
    assert made.tables["ledger"]["category_final"].tolist() == [1, 1]
    assert ("share_1" in made.tables["ledger"]) == all_stay
    for language in texts.LANGUAGES:
        assert (texts.say(ONE_SENTENCE, language, count=2) in made.bottom_line[language]) == all_stay
        said = made.tables["answers"].loc[2, f"answer_{language}"]
        assert (texts.say("answers.choices.all_fixed", language, ruled=2) in said) == all_stay


@pytest.mark.parametrize(("panel", "given"), [("core_group", True), ("lead", False)])
def test_point_10_rests_only_on_organisations_of_evaluators_whose_conflicts_are_computed(panel, given):
    # What the record of a run blanks must not change a sentence: `ogp verify` would accuse an honest run.
    rated = pd.DataFrame({"panel": [panel], "evaluator": ["E01"]})
    who = pd.DataFrame({"evaluator": ["E01", "E02"], "organisation": ["MINTEL", "FUNDAPI"]})
    transcribed = SimpleNamespace(further={"transcribed": {"phases": published.read("phases")}})
    rows = results.of_the_plan(transcribed, Inputs(rated, evaluators=who))["review_points"]
    why = rows.set_index("point").loc[10, "why_en"]
    assert ("those given with this run" in why) is given
