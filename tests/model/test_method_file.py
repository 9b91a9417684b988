"""Method files: every shape that is allowed, every refusal by its key, and the files of version 0.1."""

from __future__ import annotations

import copy
import itertools
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from sample_method import ONE, changed, indicators, read

from ogp_analysis.language import texts
from ogp_analysis.model import method_checks, method_file, params
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_summary import method_lines
from ogp_analysis.model.method_words import reader_language
from ogp_analysis.report.parameters_and_gaps import parameter_table

# As a user of version 0.1 wrote it: two criteria, three levels, four categories, the old keys.
OLD = """
name: small
criteria:
  - name: cost
    panels: [a, b]
    raters_per_panel: 1
    indicators: [{name: money, minimum: 0, maximum: 10, step: 0.5}]
  - name: use
    panels: [c]
    raters_per_panel: 3
    indicators: [{name: need, minimum: -2, maximum: 2, direction: lower is better}]
category_table: [[4, 4, 4], [4, 2, 2], [4, 2, route]]
"""


def test_a_file_of_version_0_1_is_read_as_it_was(tmp_path):
    method, problems = read(tmp_path, OLD)
    assert not problems
    assert [(c.name, c.raters_per_panel, c.fewest, c.seated) for c in method.criteria] == [
        ("cost", 1, 1, True),
        ("use", 3, 3, False),
    ]
    # Nothing says that these two rate proposals of their own: their stakes are counted as everybody's.
    assert method.seats == ()
    assert method.category_table == ((4, 4, 4), (4, 2, 2), (4, 2, 0))
    assert (method.category_numbers, method.route, method.axes) == ((1, 2, 3, 4), (3, 4), method.criteria)
    assert [stage.name for stage in method.stages] == ["selection", "confirmation"]


def test_one_criterion_has_a_table_of_one_axis(tmp_path):
    method, problems = read(tmp_path, ONE)
    assert not problems
    assert method.category_table == (2, 1)
    assert method.criteria[0].levels == ("level_1", "level_2")
    assert [category.titles for category in method.categories] == [{"en": "yes", "es": "yes"}, {"es": "no"}]


def test_rules_stand_for_the_whole_table(tmp_path):
    """Four criteria of six levels: every one of the 1,296 cells against the rules read by hand."""
    names = ["a", "b", "c", "d"]
    criteria = [
        {
            "name": name,
            "panels": ["jury"],
            "raters": 2,
            "levels": [f"l{k}" for k in range(6)],
            "indicators": [{"name": f"i_{name}", "minimum": 0, "maximum": 100}],
        }
        for name in names
    ]
    rules = [
        {"when": {"a": ["l4", "l5"], "b": "l5"}, "category": 1},
        {"when": {"c": "l0"}, "category": "route"},
        {"when": {"d": ["l3", "l4", "l5"]}, "category": 2},
    ]
    values = {"name": "big", "criteria": criteria, "categories": ["x", "y", "z"]}
    method, problems = read(tmp_path, values | {"decision_table": {"rules": rules, "default": 3}})
    assert not problems
    table = np.array(method.category_table)
    assert table.shape == (6, 6, 6, 6)
    for a, b, c, d in itertools.product(range(6), repeat=4):
        wanted = 1 if a >= 4 and b == 5 else 0 if c == 0 else 2 if d >= 3 else 3
        assert table[a, b, c, d] == wanted
    assert method.panels == ("jury",)
    assert [i.name for i in method.rated_by("jury")] == ["i_a", "i_b", "i_c", "i_d"]


def test_labels_are_a_scale(tmp_path):
    labels = ["Reject", {"points": 2.5, "title": {"en": "Maybe", "es": "Quizás"}}, "Accept"]
    values = changed(("criteria", 0, "indicators", 0), {"name": "overall", "labels": labels})
    indicator = read(tmp_path, values)[0].indicators[0]
    assert (indicator.scale, indicator.minimum, indicator.maximum) == ((1.0, 2.5, 3.0), 1.0, 3.0)
    assert indicator.labels[1].titles["es"] == "Quizás"


def test_weights_and_cut_points_of_the_file_are_the_defaults():
    """50, 30 and 20 are 1/2, 3/10 and 1/5; two indicators without weights are halves."""
    defaults = defaults_of(method_file.read_method("fund-with-weights", Path())[0])
    assert defaults["criterion_weights"] == {"quality": 0.5, "impact": 0.3, "viability": 0.2}
    assert defaults["indicator_weights"]["rigour"] == 0.5
    assert defaults["indicator_weights"]["reach"] == 1
    assert defaults["cut_points"] == {"composite": [3.0, 3.5]}
    assert defaults["third_for"] == ["quality", "impact", "viability"]
    assert defaults_of(method_file.read_method("jury-of-labels", Path())[0])["third_for"] == []


def test_weights_that_are_no_decimals_stay_exact(tmp_path):
    method, _ = read(
        tmp_path,
        OLD.replace("name: cost", "name: cost\n    weight: 1").replace(
            "name: use", "name: use\n    weight: 2"
        ),
    )
    assert defaults_of(method)["criterion_weights"] == {"cost": "1/3", "use": "2/3"}


@pytest.mark.parametrize(("weight", "share"), [(0, 1.0), (7, 1.0)])
def test_a_criterion_alone_weighs_all(tmp_path, weight, share):
    method, _ = read(tmp_path, changed(("criteria", 0, "weight"), weight))
    assert defaults_of(method)["criterion_weights"] == {"merit": share}


@pytest.mark.parametrize("name", method_file.packaged_methods())
def test_each_packaged_method_makes_parameters_of_its_own(name):
    method = method_file.read_method(name, Path())[0]
    made = params.from_values(defaults_of(method) | {"method": name})
    assert params.as_dict(made)["cut_points"].keys() == {axis.name for axis in method.axes}


BAD = [
    (("name",), " ", "text", "name"),
    (("name",), ..., "", "name"),
    (("nom",), "x", "one_of", "nom"),
    (("criteria",), [], "criteria", "criteria"),
    (("criteria", 0), "x", "mapping", "criteria[1]"),
    (("criteria", 0, "name"), "Mérito", "name", "criteria[1].name"),
    (("criteria", 0, "title"), {"Spanish": "x"}, "title", "criteria[1].title"),
    (("criteria", 0, "weight"), -1, "weight", "criteria[1].weight"),
    (("criteria", 0, "panels"), "jury", "names", "criteria[1].panels"),
    (("criteria", 0, "panels"), ["jury", "jury"], "once", "criteria[1].panels"),
    (("criteria", 0, "raters"), [7, 2], "raters", "criteria[1].raters"),
    (("criteria", 0, "raters"), True, "raters", "criteria[1].raters"),
    (("criteria", 0, "raters"), 1, "two_panels", "criteria[1].panels"),
    (("criteria", 0, "cut_points"), [3, 2], "cuts", "criteria[1].cut_points"),
    (("criteria", 0, "levels"), ["low"], "levels", "criteria[1].levels"),
    (("criteria", 0, "levels"), ["a", "b", "c"], "cut_count", "criteria[1].cut_points"),
    (("criteria", 0, "indicators"), "x", "indicators", "criteria[1].indicators"),
    (
        ("criteria", 0, "indicators", 0, "step"),
        0.3,
        "scale",
        "criteria[1].indicators[1].minimum, maximum, step",
    ),
    (
        ("criteria", 0, "indicators", 0, "labels"),
        ["a", "b"],
        "labels_alone",
        "criteria[1].indicators[1].minimum",
    ),
    (("criteria", 0, "indicators", 0, "coding"), "guess", "choices", "criteria[1].indicators[1].coding"),
    (("criteria", 0, "indicators", 0, "minimum"), ..., "", "criteria[1].indicators[1].minimum"),
    (("categories",), ["only"], "categories", "categories"),
    (("categories", 1), {"name": "x"}, "", "categories[2].title"),
    (("decision_table",), [1, 3], "one_of", "decision_table[2]"),
    (("decision_table",), [True, 2], "one_of", "decision_table[1]"),
    (("decision_table",), [1, 2, 2], "table", "decision_table"),
    (("decision_table",), ..., "one_way", "decision_table, cut_points"),
    (("cut_points",), [3], "one_way", "decision_table, cut_points"),
    (("decision_table",), {"rules": [], "default": 1}, "rules", "decision_table.rules"),
    (
        ("decision_table",),
        {"rules": [{"when": {"merit": "high"}, "category": 1}], "default": 1},
        "list_of",
        "decision_table.rules[1].when.merit",
    ),
    (("route",), [1, 9], "route", "route"),
    (("third",), {"for": ["cost"]}, "list_of", "third.for"),
    (("third",), {"when": "always"}, "choices", "third.when"),
    (("stages",), ["a", "a"], "once", "stages"),
    (("case",), {"title": ""}, "title", "case.title"),
    (("origin",), "the law", "texts", "origin"),
    (("criteria", 0, "name"), {}, "name", "criteria[1].name"),
    (("criteria", 0, "panels"), [{"name": "la mesa", "title": "x"}], "name", "criteria[1].panels[1]"),
    (("criteria", 0, "indicators", 0), "x", "mapping", "criteria[1].indicators[1]"),
    (
        ("criteria", 0, "indicators", 0, "direction"),
        "down",
        "choices",
        "criteria[1].indicators[1].direction",
    ),
    (
        ("criteria", 0, "indicators", 0),
        {"name": "x", "labels": ["only"]},
        "labels",
        "criteria[1].indicators[1].labels",
    ),
    (
        ("criteria", 0, "indicators", 0),
        {"name": "x", "labels": [{"points": 2, "title": "a"}, {"points": 1, "title": "b"}]},
        "rising",
        "criteria[1].indicators[1].labels",
    ),
    (
        ("criteria", 0, "indicators", 0),
        {"name": "x", "labels": [{"points": "two", "title": "a"}, "b"]},
        "number",
        "criteria[1].indicators[1].labels[1].points",
    ),
    (
        ("criteria", 0, "indicators", 0),
        {"name": "x", "labels": [["low"], "high"]},
        "mapping",
        "criteria[1].indicators[1].labels[1]",
    ),
    (("criteria", 0, "indicators"), ..., "", "criteria[1].indicators"),
    (("decision_table",), {"default": 1}, "", "decision_table.rules"),
    (("decision_table",), {"rules": [{"category": 1}], "default": 1}, "", "decision_table.rules[1].when"),
    (("case",), {"language_of_titles": "Español"}, "language", "case.language_of_titles"),
    (("plan",), 5, "text", "plan"),
    (("levels",), ["low", "high"], "levels_of_composite", "levels"),
    (("case",), "Ecuador", "mapping", "case"),
    (("third",), "always", "mapping", "third"),
    (("decision_table",), {"rules": ["x"], "default": 1}, "mapping", "decision_table.rules[1]"),
    (
        ("decision_table",),
        {"rules": [{"when": {"merit": "level_2"}, "category": 9}], "default": 1},
        "one_of",
        "decision_table.rules[1].category",
    ),
    (
        ("decision_table",),
        {"rules": [{"when": {"merit": "level_2"}, "category": 1}], "default": "nowhere"},
        "one_of",
        "decision_table.default",
    ),
]


@pytest.mark.parametrize(("path", "value", "wanted", "key"), BAD)
def test_what_is_wrong_is_named_by_its_key(tmp_path, path, value, wanted, key):
    method, problems = read(tmp_path, changed(path, value))
    assert method is None
    named = {(problem.parameter, dict(problem.detail).get("wanted", "")) for problem in problems}
    assert (key, wanted) in named
    assert {problem.file for problem in problems} == {"own.yaml"}
    for language in texts.LANGUAGES:
        for said in (problem.say(language) for problem in problems):
            assert key in said or len(problems) > 1
            # As the file writes it, never as Python does.
            assert "None" not in said
            assert "True" not in said


def test_every_fault_is_reported_at_once(tmp_path):
    values = changed(("criteria", 0, "raters"), 0)
    values = changed(("criteria", 0, "indicators", 0, "coding"), "x", values)
    values = changed(("categories", 0), 5, values)
    problems = read(tmp_path, values)[1]
    assert [problem.parameter for problem in problems] == [
        "criteria[1].raters",
        "criteria[1].indicators[1].coding",
        "categories[1]",
    ]


def test_a_fault_of_one_part_hides_none_of_another(tmp_path):
    """Every level of the file at once: an unknown key beside a wrong value, within and across parts."""
    values = changed(("criteria", 0, "wieght"), 2)
    values = changed(("criteria", 0, "levels"), ["low"], values)
    values = changed(("criteria", 0, "indicators", 0, "stp"), 1, values)
    values = changed(("criteria", 0, "indicators", 0, "maximum"), 0, values)
    values = changed(("case",), {"titel": "x", "period": []}, values)
    values = changed(("third",), {"for": ["cost"], "when": "always"}, values)
    values = changed(("route",), [1, 9], values)
    values = changed(("decision_table",), [1, None], values)
    assert [problem.parameter for problem in read(tmp_path, values)[1]] == [
        "criteria[1].wieght",
        "criteria[1].levels",
        "criteria[1].indicators[1].stp",
        "criteria[1].indicators[1].minimum, maximum, step",
        "case.titel",
        "case.period",
        "third.when",
        "third.for",
        "route",
        "decision_table[2]",
    ]


@pytest.mark.parametrize("table", [[1, 2], {"rules": [{"when": {"a": "l5"}, "category": 1}], "default": 2}])
def test_more_cells_than_a_table_can_have_are_refused_before_they_are_made(tmp_path, table):
    """Ten criteria of six levels: 6^10 is 60 million."""
    criteria = [
        {
            "name": name,
            "panels": ["jury"],
            "raters": 2,
            "levels": [f"l{k}" for k in range(6)],
            "indicators": [{"name": f"i_{name}", "minimum": 0, "maximum": 100}],
        }
        for name in "abcdefghij"
    ]
    values = {"name": "large", "criteria": criteria, "categories": ["yes", "no"], "decision_table": table}
    method, problems = read(tmp_path, values)
    assert method is None
    assert ("decision_table", "cells") in {
        (one.parameter, dict(one.detail).get("wanted")) for one in problems
    }


@pytest.mark.parametrize("wrong", [("criteria", []), ("criteria", ["x"]), ("categories", ["only"])])
def test_what_depends_on_a_faulty_part_is_not_blamed(tmp_path, wrong):
    key, value = wrong
    problems = read(tmp_path, changed((key,), value))[1]
    assert all(problem.parameter.startswith(key) for problem in problems)


def test_rules_may_name_categories(tmp_path):
    rules = {"rules": [{"when": {"merit": "level_2"}, "category": 1}], "default": "out"}
    assert read(tmp_path, changed(("decision_table",), rules))[0].category_table == (2, 1)


def test_the_composite_has_one_cut_point_fewer_than_categories(tmp_path):
    values = {key: value for key, value in ONE.items() if key != "decision_table"}
    assert read(tmp_path, values | {"cut_points": [3]})[0].category_table == (2, 1)
    problems = read(tmp_path, values | {"cut_points": [3, 4]})[1]
    assert [(p.parameter, dict(p.detail)["wanted"]) for p in problems] == [("cut_points", "cut_count")]


def test_a_route_may_name_categories(tmp_path):
    values = changed(("route",), ["out", 1])
    assert read(tmp_path, values)[0].route == (2, 1)
    # Refused with all else, whatever else is wrong.
    problems = read(tmp_path, values | {"route": [1], "cut_points": [3]})[1]
    assert [problem.parameter for problem in problems] == ["route", "decision_table, cut_points"]


def test_a_cell_is_named_by_its_place_and_value(tmp_path):
    values = {key: value for key, value in ONE.items() if key != "criteria"}
    criterion = ONE["criteria"][0]
    scale = {"minimum": 1, "maximum": 5}
    # Each a copy of its own: YAML would write the same one as an alias.
    values["criteria"] = copy.deepcopy(
        [criterion | {"name": name, "indicators": [scale | {"name": f"i_{name}"}]} for name in "abc"]
    )
    for part in values["criteria"]:
        part |= {"panels": ["jury"], "raters": [2, 7], "cut_points": [2.5]}
    table = [[[1, 1], [1, 1]], [[1, 7], [1, "uot"]]]
    problems = read(tmp_path, values | {"decision_table": table})[1]
    assert [(problem.parameter, problem.value) for problem in problems] == [
        ("decision_table[2][1][2]", "7"),
        ("decision_table[2][2][2]", "uot"),
    ]
    (short,) = read(tmp_path, values | {"decision_table": [[[1, 1], [1, 1]], [[1, 1], [1]]]})[1]
    assert (short.parameter, short.value) == ("decision_table[2][2]", "[1]")


def test_tolerance_and_fractions_of_the_file_are_the_defaults(tmp_path):
    values = changed(("tolerance",), 2)
    values["criteria"][0]["cut_points"] = ["7/3"]
    read(tmp_path, values)
    found = params.from_values(
        params.baseline() | defaults_of(read(tmp_path, values)[0]) | {"method": "own.yaml"}, folder=tmp_path
    )
    assert found.tolerance == 2
    assert found.exact_cuts("merit") == (Fraction(7, 3),)
    assert [p.parameter for p in read(tmp_path, values | {"tolerance": -1})[1]] == ["tolerance"]


def test_the_finest_step_rounds_the_default_tolerance(tmp_path):
    """A quarter of 1 to 4 is 0.75: on a scale by tenths 0.7, and not 0."""
    labels = {"name": "a", "labels": ["w", "x", "y", "z"]}
    fine = {"name": "b", "minimum": -5, "maximum": 5, "step": 0.1}
    method, _ = read(tmp_path, changed(("criteria", 0, "indicators"), [labels, fine]))
    assert defaults_of(method)["tolerance"] == 0.7


def test_what_the_file_says_of_origins_stands_beside_the_parameter(tmp_path):
    origin = {"criteria": "statute, article 4", "cut_points": "minutes of May"}
    method, _ = read(tmp_path, changed(("origin",), origin))
    found = params.origins(params.from_values(defaults_of(method) | {"method": "own.yaml"}, folder=tmp_path))
    assert found["method"] == "criteria: statute, article 4"
    assert (found["cut_points"], found["tolerance"]) == ("minutes of May", "ours")


@pytest.mark.parametrize("given", [True, False])
def test_what_the_file_gives_is_told_from_our_defaults(tmp_path, given):
    method, _ = read(tmp_path, changed(("tolerance",), 0) if given else ONE)
    parameters = params.from_values(defaults_of(method) | {"method": "own.yaml"}, folder=tmp_path)
    table = parameter_table(parameters).set_index("parameter")["origin_es"]
    ours = "nuestro valor por defecto"
    assert table["tolerance"] == ("el archivo del método" if given else ours)
    assert (table["method"], table["seed"]) == ("el archivo del método", ours)


@pytest.mark.parametrize("page", ["own-method.md", "own-method.es.md"])
def test_the_documentation_has_every_key(page):
    text = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    keys = {*method_checks.KEYS, *method_checks.CRITERION_KEYS, *method_checks.INDICATOR_KEYS}
    keys |= {*method_checks.CASE_KEYS, *method_checks.THIRD_KEYS, *method_checks.OLD_KEYS}
    assert [
        key
        for key in sorted(keys)
        if f"`{key}" not in text and f"{{{key}" not in text and f", {key}" not in text
    ] == []


@pytest.mark.parametrize("name", ["9" * 400, "..", "ecuador-2019/../jury-of-labels", ""])
def test_a_method_is_sought_among_the_names_and_never_on_the_disk(name):
    method, (problem,) = method_file.read_method(name, Path())
    assert (method, problem.rule) == (None, "method.unknown")


def test_what_turns_scores_round_is_said(tmp_path):
    given = indicators({"name": "a"}, {"name": "b", "direction": "lower is better"})
    lines = method_lines(read(tmp_path, given)[0], "es")
    assert [line.strip() for line in lines if line.startswith("      ")] == [
        "a: 1 … 5",
        "b: 1 … 5 (más bajo es mejor)",
    ]


@pytest.mark.parametrize(
    ("name", "pair", "shared"),
    [
        # One criterion of one indicator: no weight is shared.
        ("jury-of-labels", "panel", "there is no weighting to vary"),
        ("fund-with-weights", "blind pair", "of the 100 that all indicators share"),
        ("ecuador-2019", "blind pair", "of the 100 that the indicators of a criterion share"),
    ],
)
def test_what_a_text_says_of_pairs_and_of_shared_weight_fits_the_method(name, pair, shared):
    language = reader_language("en", method_file.read_method(name, Path())[0])
    assert texts.say("column.pair", language) == pair
    assert shared in texts.say("table.answers_category_1.note", language)
