"""Whom a veto moved, and by which indicators: the column of the categories and the words of the register."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pandas as pd
import pytest
import yaml

from ogp_analysis.assessment import results
from ogp_analysis.assessment.vetoes import veto_words
from ogp_analysis.assessment.whole_assessment import assess
from ogp_analysis.language.labels import value_label
from ogp_analysis.model import params
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.method_file import read_method
from ogp_analysis.model.method_words import languages_of
from ogp_analysis.report import dispositions, page_content
from ogp_analysis.report.run_files import Pack
from ogp_analysis.sensitivity import results as sensitivity

MARKS = {"P1": (5, 5, 5), "P2": (5, 2, 5), "P3": (5, 1.5, 1), "P4": (1, 1, 1)}
INDICATORS = ("clarity", "cost", "team")


def run(tmp_path, last_category_rule, **values):
    """Four things judged by two judges on three indicators; the best category is a mean of 2.5 or more."""
    items = [{"name": name, "minimum": 0, "maximum": 5, "step": 0.5} for name in INDICATORS]
    one = {"name": "merit", "panels": ["jury"], "raters": 2, "indicators": items}
    by_table = {"decision_table": [3, 2, 1]}
    one |= {"cut_points": [2, 2.5]} if last_category_rule == "table" else {}
    made = {"name": "own", "criteria": [one], "categories": ["funded", "waiting", "refused"]}
    made |= by_table if last_category_rule == "table" else {"cut_points": [2, 2.5]}
    made |= {"third": {"when": "never"}}
    (tmp_path / "own.yaml").write_text(yaml.safe_dump(made), encoding="utf-8")
    _, problems = read_method("own.yaml", tmp_path)
    assert not problems, [problem.say() for problem in problems]
    (tmp_path / "p.yaml").write_text("method: own.yaml\n", encoding="utf-8")
    parameters = params.with_values(params.read(tmp_path / "p.yaml"), **values)
    rows = [
        (code, name, "jury", judge, "independent", float(mark))
        for (code, marks), judge in itertools.product(MARKS.items(), ("J1", "J2"))
        for name, mark in zip(INDICATORS, marks, strict=True)
    ]
    columns = ["proposal", "indicator", "panel", "evaluator", "role", "rating"]
    inputs = Inputs(pd.DataFrame(rows, columns=columns), pd.DataFrame({"proposal": [*MARKS]}))
    return parameters, inputs, assess(inputs, parameters)


@pytest.mark.parametrize("kind", ["table", "composite"])
@pytest.mark.parametrize(
    ("limit", "wanted"),
    [
        (2.0, {"P3": "cost team"}),
        (2.5, {"P2": "cost", "P3": "cost team"}),
        (1.0, {}),
    ],
)
def test_what_a_veto_moved_has_its_indicators(tmp_path, kind, limit, wanted):
    """P4 is below every limit but the last, and in the last category anyway: no veto moved it."""
    _, _, assessed = run(tmp_path, kind, veto=limit)
    vetoed = assessed.assigned["vetoed"]
    assert {code: names for code, names in vetoed.items() if names} == wanted
    free = run(tmp_path, kind)[2].assigned
    assert "vetoed" not in free
    moved = free["category_by_rule"] != assessed.assigned["category_by_rule"]
    assert set(moved.index[moved]) == set(wanted)


def test_the_account_names_the_veto_in_both_languages(tmp_path):
    parameters, inputs, assessed = run(tmp_path, "composite", veto=2.5)
    ledger = dispositions.build(
        assessed.assigned,
        assessed.settled,
        inputs,
        languages=languages_of(parameters.method),
        veto=parameters.veto_limit,
    ).set_index("proposal")
    for language, limit in (("en", "2.5 points"), ("es", "2,5 puntos")):
        accounts = ledger[f"account_{language}"]
        assert {code for code, text in accounts.items() if "veto" in text} == {"P2", "P3"}
        assert limit in accounts["P3"]
        assert "cost, team" in accounts["P3"]
        assert "team" not in accounts["P2"]
    assert value_label("vetoed", "cost team", "es") == "cost, team"


@pytest.mark.parametrize("kind", ["table", "composite"])
@pytest.mark.parametrize(("limit", "barred"), [(2.5, ["P2", "P3"]), (2.0, ["P3"]), (1.0, [])])
def test_the_step_and_the_headline_say_that_the_veto_decided(tmp_path, kind, limit, barred):
    parameters, inputs, assessed = run(tmp_path, kind, veto=limit)
    assert parameters.veto_limit is not None
    steps = assessed.assigned["final_step"]
    assert steps[steps == "veto"].index.tolist() == barred
    assert set(steps[steps != "veto"]) == {"rule"}
    for language in ("en", "es"):
        computed = results.compute(inputs, parameters)
        words = veto_words(assessed.assigned, parameters.veto_limit, language)
        assert words in computed.bottom_line[language]
        assert words[1:] in computed.summary["findings"][language]["veto"]
    assert ("none" in veto_words(assessed.assigned, parameters.veto_limit, "en")) is not bool(barred)


def test_a_decision_about_what_is_barred_is_the_step_that_decided(tmp_path):
    parameters, inputs, _ = run(tmp_path, "table", veto=2.5)
    decision = {
        "proposal": "P2",
        "stage": "selection",
        "category": 1,
        "reason": "heard",
        "decided_by": "jury",
    }
    again = assess(replace(inputs, decisions=pd.DataFrame([decision])), parameters).assigned
    assert again.loc[["P2", "P3"], "final_step"].tolist() == ["decision", "veto"]


def test_without_a_veto_no_headline_speaks_of_one(tmp_path):
    parameters, inputs, _ = run(tmp_path, "table")
    computed = results.compute(inputs, parameters)
    assert not any("veto" in line for line in computed.bottom_line.values())
    assert "findings" not in computed.summary


@pytest.mark.parametrize("values", [{"veto": 2.5}, {}])
def test_the_report_says_what_the_veto_did_and_why_nothing_is_said_of_further_evaluations(tmp_path, values):
    parameters, inputs, _ = run(tmp_path, "table", **values)
    computed = {"03_categories": results.compute(inputs, parameters)}
    computed["04_sensitivity"] = sensitivity.compute(inputs, parameters)
    tables = {name: frame for one in computed.values() for name, frame in one.tables.items()}
    pack = Pack(tables, {}, {name: one.summary for name, one in computed.items()}, "en", synthetic=False)
    sections = {section.id: section for section in page_content.sections(pack, "en")}
    assert any("veto" in text for text in sections["categories"].paragraphs) is bool(values)
    assert bool(page_content.table(pack, "sensitivity_settling", "en").why) is bool(values)
