"""Rarer refusals of parameters and method files, and what else may lie in the folder of the words."""

from __future__ import annotations

import re

import pytest

from ogp_analysis.errors import ParameterError
from ogp_analysis.language import texts
from ogp_analysis.model import params

METHOD = """
name: small
criteria:
  - name: cost
    panels: [a, b]
    raters_per_panel: 1
    indicators: [{name: money, minimum: 0, maximum: 10}]
  - name: use
    panels: [c]
    raters_per_panel: 3
    indicators: [{name: need, minimum: -2, maximum: 2}]
category_table: [[4, 4, 4], [4, 2, 2], [4, 2, 1]]
"""
SMALL = {
    "method": "small.yaml",
    "indicator_weights": {"money": 1, "need": 1},
    "criterion_weights": {"cost": 0.5, "use": 0.5},
    "cut_points": {"cost": [3, 6], "use": [-1, 1]},
    "third_for": ["use"],
}


def refused(tmp_path, text, **changes):
    """Write a method file and return the lines of its refusal."""
    (tmp_path / "small.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        params.from_values(params.baseline() | SMALL | changes, folder=tmp_path)
    return [problem.say() for problem in caught.value.problems]


def test_the_method_file_that_the_refusals_spoil_is_right(tmp_path):
    (tmp_path / "small.yaml").write_text(METHOD, encoding="utf-8")
    parameters = params.from_values(params.baseline() | SMALL, folder=tmp_path)
    assert [criterion.name for criterion in parameters.method.criteria] == ["cost", "use"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("name: small", "name: 7", "name: 7 is not allowed; allowed: text"),
        ("name: small", "name: ' '", "name: ' ' is not allowed; allowed: text"),
        ("name: cost", "nom: cost", "criteria.name: the key is missing"),
        ("name: cost", "name: Cost", "criteria.name: 'Cost' is not allowed; allowed: lower-case letters"),
        ("panels: [c]", "panels: c", "criteria.panels: 'c' is not allowed; allowed: a list of names"),
        ("panels: [c]", "panels: []", "criteria.panels: [] is not allowed; allowed: a list of names"),
        (
            "indicators: [{name: need, minimum: -2, maximum: 2}]",
            "indicators: need",
            "criteria.indicators: 'need' is not allowed; allowed: a list of indicators",
        ),
        (
            "{name: need, minimum: -2, maximum: 2}",
            "need",
            "indicators: 'need' is not allowed; allowed: a mapping with name, minimum, maximum",
        ),
        ("maximum: 2}", "maximum: 2, coding: guessed}", "indicators.coding: 'guessed' is not allowed"),
    ],
)
def test_a_part_of_the_wrong_shape_is_refused_by_its_name(tmp_path, old, new, message):
    assert METHOD.count(old) == 1
    said = refused(tmp_path, METHOD.replace(old, new))
    assert any(message in line for line in said), said
    assert all("small.yaml" in line for line in said)


def test_a_method_of_one_criterion_is_refused(tmp_path):
    only = METHOD[: METHOD.index("  - name: use")] + METHOD[METHOD.index("category_table") :]
    [said] = refused(tmp_path, only)
    assert said.endswith("allowed: a list of two criteria")


def test_faults_of_both_criteria_are_reported_at_once(tmp_path):
    spoilt = METHOD.replace("panels: [a, b]", "panels: 1").replace("panels: [c]", "panels: 2")
    said = refused(tmp_path, spoilt)
    assert [re.search(r"criteria\.panels: (\d)", line)[1] for line in said] == ["1", "2"]


def test_a_method_file_that_is_no_mapping_is_refused(tmp_path):
    [said] = refused(tmp_path, "- cost\n- use\n")
    assert "small.yaml" in said
    assert "list" in said


@pytest.mark.parametrize("name", ["panel_rule", "third_rule"])
def test_what_is_no_text_is_told_once_and_alone(name):
    """It is not compared with the names of the method, or with a list of choices, as well."""
    with pytest.raises(ParameterError) as caught:
        params.from_values(params.baseline() | {name: 3})
    assert [problem.say() for problem in caught.value.problems] == [
        f"parameter {name}: 3 is of type int; allowed: a text"
    ]


def test_a_cut_point_without_bounds_is_refused():
    cuts = {"feasibility": [2.5, float("inf")], "relevance": [2.5, 3.5]}
    with pytest.raises(ParameterError, match=r"feasibility: \[2\.5, inf\] is not a finite number"):
        params.from_values(params.baseline() | {"cut_points": cuts})


def test_another_method_is_read_anew_when_a_value_is_changed():
    before = params.from_values(params.baseline())
    after = params.with_values(before, method="ecuador-2019", tolerance=0)
    assert (after.method, after.tolerance, before.tolerance) == (before.method, 0.0, 1.0)
    with pytest.raises(ParameterError, match="peru-2030 is neither a packaged method"):
        params.with_values(before, method="peru-2030")


def test_only_catalogues_in_the_folder_of_the_words_are_read(tmp_path, monkeypatch):
    (tmp_path / "level.po").write_text('msgid "level.high"\nmsgstr "alta"\n', encoding="utf-8")
    (tmp_path / "level.po.license").write_text("CC0-1.0", encoding="utf-8")
    monkeypatch.setattr(texts, "_folder", lambda _: tmp_path)
    # Past the cache, which must not keep the words of this folder.
    assert texts.catalogue.__wrapped__("es") == {"level.high": "alta"}


@pytest.mark.parametrize(
    ("old", "new", "english", "spanish"),
    [
        ("name: small", "name: 7", "text", "un texto"),
        (
            "name: cost",
            "name: Cost",
            "lower-case letters, digits and _",
            "letras minúsculas sin tilde, cifras y _",
        ),
        ("panels: [c]", "panels: c", "a list of names", "una lista de nombres"),
        (
            "panels: [a, b]",
            "panels: [a]",
            "two panels where each has one rater",
            "dos paneles si cada uno tiene un solo evaluador",
        ),
        (
            "raters_per_panel: 3",
            "raters_per_panel: 0",
            "a whole number of at least 1",
            "un número entero desde 1",
        ),
        (
            "indicators: [{name: need, minimum: -2, maximum: 2}]",
            "indicators: need",
            "a list of indicators",
            "una lista de indicadores",
        ),
        (
            "{name: need, minimum: -2, maximum: 2}",
            "need",
            "a mapping with name, minimum, maximum, step, direction, coding",
            "una correspondencia «nombre: valor» con name, minimum, maximum, step, direction, coding",
        ),
        (
            "maximum: 2}",
            "maximum: 2, weight: 1}",
            "one of name, minimum, maximum, step, direction, coding",
            "uno de name, minimum, maximum, step, direction, coding",
        ),
        (
            "maximum: 2}",
            "maximum: 2, direction: sideways}",
            "higher is better, lower is better",
            "higher is better, lower is better",
        ),
        (
            "maximum: 2}",
            "maximum: -2}",
            "minimum < maximum, reached by whole steps",
            "mínimo < máximo, que se alcanza con pasos enteros",
        ),
        ("name: use", "name: cost", "every name once", "cada nombre una sola vez"),
        (
            "[4, 2, 1]]",
            "[4, 2, 5]]",
            "three rows of three cells, each 1, 2, 3, 4 or route",
            "tres filas de tres celdas, cada una 1, 2, 3, 4 o route",
        ),
        ("criteria:", "others: 1\ncriteria:", "one of name, criteria", "uno de name, criteria"),
    ],
)
def test_what_a_method_file_may_hold_is_said_in_the_readers_language(tmp_path, old, new, english, spanish):
    assert old in METHOD
    (tmp_path / "small.yaml").write_text(METHOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        params.from_values(params.baseline() | SMALL, folder=tmp_path)
    for language, words in (("en", f"; allowed: {english}"), ("es", f"; se admite: {spanish}")):
        assert any(words in problem.say(language) for problem in caught.value.problems)


def test_a_method_of_one_criterion_is_refused_in_spanish(tmp_path):
    only = METHOD[: METHOD.index("  - name: use")] + METHOD[METHOD.index("category_table") :]
    (tmp_path / "small.yaml").write_text(only, encoding="utf-8")
    with pytest.raises(ParameterError, match="se admite: una lista de dos criterios"):
        params.from_values(params.baseline() | SMALL | {"language": "es"}, folder=tmp_path)
