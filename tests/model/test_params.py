"""Parameters: the baseline, every refusal, and YAML without its traps."""

from __future__ import annotations

import ast
import pickle
import re
from fractions import Fraction
from pathlib import Path

import pytest

from ogp_analysis.errors import ParameterError
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.model.parameter_rules import RULES

ROOT = Path(__file__).parents[2]


@pytest.fixture
def baseline():
    return params.baseline()


def changed(**changes):
    return params.from_values(params.baseline() | changes)


def test_the_baseline_file_holds_the_defaults_of_the_code(baseline):
    assert params.as_dict(params.read(ROOT / "params" / "baseline.yaml")) == baseline


def test_the_cell_of_the_notebooks_holds_the_defaults_of_the_code(baseline):
    tree = ast.parse((ROOT / "params" / "parameters_cell.py").read_text(encoding="utf-8"))
    cell = {node.targets[0].id: ast.literal_eval(node.value) for node in tree.body}
    assert cell == baseline
    assert len(cell) <= 28


def test_the_readme_of_params_has_a_row_for_every_key_with_its_origin():
    readme = (ROOT / "params" / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", readme, flags=re.MULTILINE))
    assert list(rows) == [rule.name for rule in RULES]
    assert {name: origin.strip() for name, origin in rows.items()} == {
        rule.name: rule.origin for rule in RULES
    }


def test_every_params_file_that_is_shipped_is_valid():
    files = sorted((ROOT / "params").glob("*.yaml"))
    assert len(files) >= 2
    assert all(params.read(file) for file in files)


def test_weights_keep_the_fractions_that_were_written():
    exact = changed(criterion_weights={"feasibility": 0.1, "relevance": 0.9}).exact("criterion_weights")
    assert exact == {"feasibility": Fraction(1, 10), "relevance": Fraction(9, 10)}
    assert sum(params.from_values(params.baseline()).exact("indicator_weights").values()) == 2


def test_parameters_refuse_to_change_and_travel_to_other_processes():
    parameters = params.from_values(params.baseline())
    with pytest.raises(TypeError, match="frozen"):
        parameters.cut_points["feasibility"] = (1.0, 2.0)
    assert pickle.loads(pickle.dumps(parameters)) == parameters


def test_with_values_validates_again():
    parameters = params.from_values(params.baseline())
    assert params.with_values(parameters, tolerance=0).tolerance == 0
    with pytest.raises(ParameterError, match=r"tolerance: -1 is out of range; allowed: 0 to inf"):
        params.with_values(parameters, tolerance=-1)


def test_all_problems_are_reported_at_once_with_the_nearest_name(baseline):
    del baseline["seed"]
    wrong = baseline | {"tolerence": 1, "tolerance": float("nan"), "third_rule": "medain", "n_draws": 10}
    with pytest.raises(ParameterError) as caught:
        params.from_values(wrong, file="mine.yaml")
    said = str(caught.value)
    assert said.startswith("Problems found: 5")
    assert "mine.yaml, parameter tolerence: unknown parameter (most similar: tolerance)" in said
    assert "parameter seed: the parameter is missing" in said
    assert "parameter tolerance: nan is not a finite number" in said
    assert "'medain' is not one of: replace, median, closest, mean (most similar: median)" in said
    assert "10 is out of range; allowed: 100 to 1000000000" in said


def test_problems_are_worded_in_the_language_of_the_run(baseline):
    with pytest.raises(ParameterError, match=r"parámetro tolerance: .* está fuera de rango"):
        params.from_values(baseline | {"language": "es", "tolerance": -1})


EQUAL = {"time": 0.25, "complexity": 0.25, "resources": 0.25, "willingness": 0.25}
THIRDS = {"reiterations": "1/3", "potential_impact": "1/3", "alignment": "1/3"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"indicator_weights": EQUAL | THIRDS | {"time": 0.3}}, "weights of feasibility sum to 1.05"),
        ({"indicator_weights": EQUAL | THIRDS | {"time": -0.25}}, "time: -0.25 is negative"),
        ({"indicator_weights": EQUAL | THIRDS | {"time": "a quarter"}}, "is not a weight"),
        ({"indicator_weights": EQUAL | THIRDS | {"time": True}}, "is not a weight"),
        ({"indicator_weights": EQUAL | THIRDS | {"time": float("inf")}}, "not a finite number"),
        ({"indicator_weights": EQUAL | THIRDS | {"tiempo": 0.0}}, "tiempo is not a name of the method"),
        ({"indicator_weights": EQUAL}, "reiterations is missing"),
        ({"indicator_weights": [1, 2]}, "of type list; allowed: a mapping of names to weights"),
        (
            {"criterion_weights": {"feasibility": 0.5, "relevance": 0.4}},
            "sum to 0.9; they must sum to exactly 1",
        ),
        (
            {"cut_points": {"feasibility": [3.5, 2.5], "relevance": [2.5, 3.5]}},
            "cut points must rise",
        ),
        ({"cut_points": {"feasibility": [0.5, 2.5], "relevance": [2.5, 3.5]}}, "lies off the rating scale"),
        (
            {"cut_points": {"feasibility": [2.5], "relevance": [2.5, 3.5]}},
            "wrong number of cut points; wanted: 2",
        ),
        (
            {"third_for": ["pertinence"]},
            "pertinence is not a name of the method; allowed: feasibility, relevance",
        ),
        ({"third_for": ["relevance", "relevance"]}, "names something twice"),
        ({"third_for": "relevance"}, "of type str; allowed: a list of text"),
        ({"seed": 1.5}, "of type float; allowed: a whole number"),
        ({"seed": True}, "of type bool; allowed: a whole number"),
        ({"tolerance": "1e-3"}, "of type str; allowed: a number"),
        ({"data": ""}, "must not be empty"),
        ({"data": "a\0b"}, "NUL"),
        ({"method": "peru-2030"}, r"neither a packaged method \(.*ecuador-2019.*\) nor the path"),
        (
            {"panel_rule": "jury"},
            "'jury' is not one of: mean, minimum, lead, counterpart, working_group, core_group",
        ),
        ({"cut_points": {"feasibility": 3, "relevance": [2.5, 3.5]}}, "feasibility: 3 is no list of cut"),
        ({"method": 5}, "parameter method: 5 is of type int"),
        ({"language": "qu"}, "'qu' is not one of: en, es"),
    ],
)
def test_a_wrong_value_is_refused_with_the_value_and_what_is_allowed(changes, message):
    with pytest.raises(ParameterError, match=message):
        changed(**changes)


def test_parameters_without_a_method_are_refused_by_its_name(baseline):
    del baseline["method"]
    with pytest.raises(ParameterError) as refused:
        params.from_values(baseline)
    assert [(one.parameter, one.rule) for one in refused.value.problems] == [("method", "params.missing")]


def write(tmp_path, text):
    path = tmp_path / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seed: 1\nseed: 2\n", "row 2, parameter seed: the key is repeated"),
        ("seed: [1\n", "not valid YAML"),
        ("- seed\n", 'one list of "name: value" lines, not list'),
        ("a: &x 1\nb: *x\n", "aliases"),
        ("data: !!python/object/apply:os.system ['true']\n", "not valid YAML"),
        ("seed: 010\n", "'010' is of type str; allowed: a whole number"),
        ("third_rule: no\n", "'no' is not one of: replace"),
        ("tolerance: .inf\n", "inf is not a finite number"),
        ("language: 12:30:00\n", "'12:30:00' is not one of: en, es"),
    ],
)
def test_yaml_traps_are_refused_with_their_place(tmp_path, text, message):
    with pytest.raises(ParameterError, match=message):
        params.read(write(tmp_path, text))


def test_yaml_exponents_are_numbers(tmp_path, baseline):
    text = (ROOT / "params" / "baseline.yaml").read_text(encoding="utf-8")
    assert params.read(write(tmp_path, text.replace("tolerance: 1.0", "tolerance: 1e-1"))).tolerance == 0.1


def test_a_file_that_is_not_there_or_not_text_is_a_named_problem(tmp_path):
    with pytest.raises(ParameterError, match=r"nothing.yaml: the file cannot be read"):
        params.read(tmp_path / "nothing.yaml")
    (tmp_path / "latin.yaml").write_bytes("language: españa".encode("latin-1"))
    with pytest.raises(ParameterError, match="not UTF-8"):
        params.read(tmp_path / "latin.yaml")
    (tmp_path / "large.yaml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(ParameterError, match="1000001 bytes"):
        params.read(tmp_path / "large.yaml")


METHOD = """
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
category_table: [[4, 4, 4], [4, 2, 2], [4, 2, 1]]
"""
SMALL = {
    "method": "small.yaml",
    "indicator_weights": {"money": 1, "need": 1},
    "criterion_weights": {"cost": 0.5, "use": 0.5},
    "cut_points": {"cost": [3, 6], "use": [-1, 1]},
    "third_for": ["use"],
}


def test_a_method_file_of_ones_own_is_read_relative_to_the_params_file(tmp_path):
    (tmp_path / "small.yaml").write_text(METHOD, encoding="utf-8")
    parameters = params.from_values(params.baseline() | SMALL, folder=tmp_path)
    assert [indicator.name for indicator in parameters.method.indicators] == ["money", "need"]
    assert parameters.method.indicators[0].scale[:3] == (0.0, 0.5, 1.0)


def placeholders(text):
    return set(re.findall(r"\{(\w+)", text))


def test_both_catalogues_have_the_same_keys_and_placeholders():
    english, spanish = texts.catalogue("en"), texts.catalogue("es")
    assert set(english) == set(spanish)
    assert {k for k in english if placeholders(english[k]) != placeholders(spanish[k])} == set()
    assert all(text.strip() for text in (*english.values(), *spanish.values()))


def test_an_unknown_text_or_language_is_an_error_of_ours():
    with pytest.raises(LookupError, match=r"no text 'no\.such'"):
        texts.say("no.such")
    with pytest.raises(LookupError, match="language 'qu' is not one of en, es"):
        texts.say("level.low", "qu")


def test_numbers_have_a_decimal_comma_in_spanish():
    assert texts.number(3.14159, "es", 2) == "3,14"
    assert texts.number(float("nan")) == "–"


@pytest.mark.parametrize(
    ("value", "digits", "text"), [(-0.001, 2, "0,00"), (-0.4, 0, "0"), (-0.0, 1, "0,0"), (-0.006, 2, "−0,01")]
)
def test_a_number_that_rounds_to_zero_has_no_sign(value, digits, text):
    assert texts.number(value, "es", digits) == text


def refused_in_spanish(**changes):
    with pytest.raises(ParameterError) as refusal:
        changed(**changes)
    return refusal.value.say("es")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seed": "1"}, "'1' es de tipo texto; se admite: un número entero"),
        ({"seed": 1.5}, "1.5 es de tipo número con decimales; se admite: un número entero"),
        ({"tolerance": [1]}, "[1] es de tipo lista; se admite: un número"),
        ({"third_for": True}, "True es de tipo verdadero o falso; se admite: una lista de textos"),
        ({"data": 3}, "3 es de tipo número entero; se admite: un texto"),
        (
            {"indicator_weights": None},
            "None es de tipo vacío; se admite: una correspondencia de nombres a pesos",
        ),
        ({"cut_points": [1]}, "se admite: una correspondencia de criterios a dos umbrales"),
        (
            {"criterion_weights": {"feasibility": 0.5, "relevance": 0.6}},
            "suman 1,1; deben sumar exactamente 1",
        ),
        # What has to be typed into the file keeps the point that YAML wants.
        ({"confidence_level": 2}, "de 0.5 a 0.9999"),
    ],
)
def test_a_wrong_value_is_refused_in_spanish_without_english_words(changes, message):
    said = refused_in_spanish(**changes)
    assert message in said
    assert not re.search(r"\b(str|list|int|float|bool|dict|NoneType|number|text|mapping)\b", said)


@pytest.mark.parametrize(
    ("text", "row", "english", "spanish"),
    [
        ("a: b: c\n", 1, 'a ":" stands where none may be', 'hay un ":" donde no puede ir'),
        ("a: 1\nbb\nc: 2\n", 2, 'a ":" is missing after a name', 'falta un ":" después de un nombre'),
        ("a:\n\tb: 1\n", 2, "indented with a tab", "tabulador como sangría"),
        ("a: @b\n", 1, "'@' may not begin a value", "'@' no puede iniciar un valor"),
        ("a: [1, 2\nb: 3\n", 2, 'the closing "]" of a list is missing', 'el "]" que cierra una lista'),
        ("a: {b: 1\nc: [\n", 2, 'the closing "}" is missing', 'falta una "," o la "}" que cierra'),
        ('a: "b\n', 2, "quotes are not closed", "hay comillas sin cerrar"),
        ("a: 1\n  b: 2\n", 2, 'a ":" stands where none may be', 'hay un ":" donde no puede ir'),
        ("a:\n  b: 1\n c: 2\n", 3, "not indented like its neighbours", "misma sangría que sus vecinas"),
        ("a: &x 1\nb: *x\n", 2, "aliases (*name) are not allowed", "no se admiten alias"),
        ("a: !!python/name:os.system x\n", 1, "tags (tag:yaml.org", "no se admiten etiquetas (tag:yaml.org"),
        ("a: \x07\n", 0, "a character that is not text", "un carácter que no es texto"),
        (
            "? [a]\n: 1\n",
            0,
            "not valid YAML: unhashable type: 'list'",
            "no es YAML válido: unhashable type: 'list'",
        ),
        ("", 0, "the file is empty", "el archivo está vacío"),
        ("- a\n", 0, "not list items", "no elementos de lista"),
        ("hola\n", 0, "lines, not 'hola'", "no 'hola'"),
        ("1: a\n", 0, "lines, not 1", "no 1"),
    ],
)
def test_slips_of_yaml_are_told_in_both_languages_with_their_row(tmp_path, text, row, english, spanish):
    with pytest.raises(ParameterError) as refusal:
        params.read(write(tmp_path, text))
    problem = refusal.value.problems[0]
    assert problem.row == row
    assert english in problem.say("en")
    assert spanish in problem.say("es")


def test_a_params_file_that_cannot_be_opened_is_told_in_spanish(tmp_path):
    refusals = {
        "nada.yaml": "no existe un archivo con este nombre",
        "": "es una carpeta, y no un archivo",
        "a" * 300: "el nombre es demasiado largo",
    }
    for name, message in refusals.items():
        with pytest.raises(ParameterError) as refusal:
            params.read(tmp_path / name)
        assert message in refusal.value.say("es")
