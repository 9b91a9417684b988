"""Params files that leave keys out, whole files made for a method, and the list of keys."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from project_files import ROOT
from tiny_notebooks import write_notebook

from ogp_analysis.cli import main
from ogp_analysis.cli.params import doubts_of, key_lines, params_text
from ogp_analysis.errors import ParameterError
from ogp_analysis.language import texts
from ogp_analysis.model import method_defaults, params
from ogp_analysis.model.chosen_scales import older_scale
from ogp_analysis.model.method_file import read_method
from ogp_analysis.model.method_words import reader_language
from ogp_analysis.model.parameter_rules import RULES, check_against_method, unused
from ogp_analysis.model.records import Criterion, Indicator
from ogp_analysis.sensitivity.ties import exact

METHOD = """
name: peer-review
criteria:
  - name: soundness
    panels: [readers]
    raters_per_panel: 2
    indicators:
      - {{name: method, minimum: {low}, maximum: {high}, step: {step}}}
      - {{name: evidence, minimum: {low}, maximum: {high}, step: {step}}}
      - {{name: clarity, minimum: {low}, maximum: {high}, step: {step}}}
  - name: reach
    panels: [chair, editor]
    raters_per_panel: 1
    indicators:
      - {{name: audience, minimum: {low}, maximum: {high}, step: {step}}}
category_table:
  - [4, 4, 4]
  - [4, 2, 2]
  - [4, 2, 1]
"""
# Worked out by hand: thirds of the scale, a quarter of it in whole steps.
SCALES = [
    ((0, 100, 1), ["100/3", "200/3"], 25),
    ((1, 10, 1), [4, 7], 2),
    ((0, 1, 1), ["1/3", "2/3"], 0),
    ((0, 1, 0.1), ["1/3", "2/3"], 0.2),
    ((1, 7, 1), [3, 5], 1),
    ((-3, 3, 0.5), [-1, 1], 1.5),
]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "own.yaml").write_text(METHOD.format(low=0, high=100, step=1), encoding="utf-8")
    return tmp_path


def write(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("scale", "cuts", "tolerance"), SCALES)
def test_keys_left_out_take_the_defaults_of_the_method(
    tmp_path: Path, scale: tuple, cuts: list, tolerance: float
) -> None:
    low, high, step = scale
    write(tmp_path, METHOD.format(low=low, high=high, step=step), "own.yaml")
    found = params.read(write(tmp_path, "method: own.yaml\ndata: d.csv\n"))
    # A fraction that is no decimal stays one, as a params file may hold it.
    assert params.as_dict(found)["cut_points"]["soundness"] == cuts
    assert found.exact_cuts("soundness") == tuple(map(Fraction, cuts))
    assert found.tolerance == tolerance
    assert found.exact("indicator_weights")["clarity"] * 3 == 1
    assert found.indicator_weights["audience"] == 1
    assert found.third_for == ("soundness",)
    assert set(found.filled) == set(params.NAMES) - {"method", "data"}
    # Those that no method changes are the baseline's.
    assert (found.seed, found.missing, found.matching_rule) == (20191001, "refuse", "mean")


@pytest.mark.parametrize("name", params.NAMES)
def test_any_one_key_of_the_baseline_may_be_left_out(tmp_path: Path, name: str) -> None:
    values = params.baseline()
    del values[name]
    found = params.read(write(tmp_path, yaml.safe_dump(values)))
    assert params.as_dict(found) == params.baseline()
    assert found.filled == (name,)


def test_a_copy_of_the_packaged_method_keeps_the_baselines_values(tmp_path: Path) -> None:
    text = (ROOT / "ogp_analysis" / "data" / "methods" / "ecuador-2019.yaml").read_text(encoding="utf-8")
    write(tmp_path, text, "copy.yaml")
    found = params.as_dict(params.read(write(tmp_path, "method: copy.yaml\n")))
    assert found == params.baseline() | {"method": "copy.yaml"}


def test_a_method_changed_alone_is_one_problem_with_the_way_out(own: Path) -> None:
    baseline = (ROOT / "params" / "baseline.yaml").read_text(encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        params.read(write(own, baseline.replace('"ecuador-2019"', '"own.yaml"')))
    assert len(caught.value.problems) == 1
    said = caught.value.say("es")
    assert "indicator_weights, criterion_weights, cut_points, third_for" in said
    assert "ogp params --method own.yaml" in said


def test_one_wrong_name_is_still_named_alone(own: Path) -> None:
    text = "method: own.yaml\ncut_points:\n  soundness: [20, 50]\n  reech: [20, 50]\n"
    with pytest.raises(ParameterError) as caught:
        params.read(write(own, text))
    assert [problem.rule for problem in caught.value.problems] == ["params.name", "params.name_missing"]


def test_the_run_and_the_check_say_which_keys_were_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    language = "es"
    values = {key: value for key, value in params.baseline().items() if key not in ("seed", "missing")}
    write(tmp_path, yaml.safe_dump(values))
    write_notebook(tmp_path / "notebooks", "01_x")
    for words in (["check", "example", "--params", "mine.yaml"], ["run", "mine.yaml"]):
        assert main.main([*words, "--lang", language]) == 0
        said = capsys.readouterr().out
        assert said.startswith(
            texts.say("params.filled", language, file="mine.yaml", count=2, method="ecuador-2019")
        )
        assert '\n  missing: "refuse"\n  seed: 20191001\n' in said


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("source", ["ecuador-2019", "own.yaml", "jury-of-labels"])
def test_a_whole_file_made_for_a_method_is_read_back_with_every_key(
    language: str, source: str, own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(own)
    words = ["params", "--method", source, "--lang", language]
    assert main.main(words) == 0
    printed = capsys.readouterr().out
    found = params.read(write(own, printed))
    assert found.language == language
    method = read_method(source, own)[0]
    # A jury has no pairs, one panel and no third evaluation to set a rule for.
    idle = set(unused(method))
    # What a method file of one's own decides stands as a comment, and follows it.
    follows = set(method_defaults.FITTED) - idle if source == "own.yaml" else set()
    assert set(found.filled) == idle | follows
    assert ("third_rule" in idle) == (source == "jury-of-labels")
    told = {"method": source, "language": language, "data": found.data}
    assert params.as_dict(found) == method_defaults.defaults_of(method) | told
    # Every key has a comment of its own above it, in the reader's language.
    lines, reader = printed.splitlines(), reader_language(language, method)
    for rule in [rule for rule in RULES if rule.name not in idle]:
        start = f"# {rule.name}:" if rule.name in follows else f"{rule.name}:"
        at = next(number for number, line in enumerate(lines) if line.startswith(start))
        assert lines[at - 1].startswith("# " + texts.say(f"parameter.{rule.name}", reader))
    assert main.main([*words[:1], "made.yaml", *words[1:]]) == 0
    assert (own / "made.yaml").read_text(encoding="utf-8") == printed
    assert main.main([*words[:1], "made.yaml", *words[1:]]) == 1
    assert main.main([*words[:1], "made.yaml", "--force", *words[1:]]) == 0


def widened(folder: Path, low: float, high: float) -> None:
    write(folder, METHOD.format(low=low, high=high, step=1), "own.yaml")


def test_a_made_file_follows_the_scales_of_the_method_file(own: Path) -> None:
    text = params_text(read_method("own.yaml", own)[0], {"method": "own.yaml", "data": "d.csv"}, "en")
    made = write(own, text)
    widened(own, 0, 1000)
    found = params.read(made)
    assert params.as_dict(found)["cut_points"]["reach"] == ["1000/3", "2000/3"]
    assert (found.tolerance, doubts_of(found, "en")) == (250, [])


@pytest.mark.parametrize(
    ("own_cuts", "scales", "now", "marks"),
    [
        # Chosen for 0 to 100, or made from its thirds; the scale is longer or shorter now, or moved.
        ([60, 80], [0, 100], (0, 1000), 1),
        ([60, 80], [0, 100], (1, 100), 1),
        (["100/3", "200/3"], [0, 100], (0, 90), 1),
        # Still on that scale, or what the method's own default has become.
        ([60, 80], [0, 100], (0, 100), 0),
        ([60, 80], [0, 140], (40, 100), 0),
        # Nothing states the scale: the default of a shorter scale, and what somebody chose.
        (["5/3", "10/3"], None, (0, 10), 1),
        ([4, 7], None, (1, 20), 1),
        ([2.5, 3.5], None, (1, 10), 1),
        ([6, 8], None, (0, 10), 0),
        ([60, 80], None, (0, 100), 0),
        ([2.5, 3.5], None, (1, 5), 0),
        ([3.5, 4.2], None, (1, 5), 0),
        ([2, 3], None, (0, 5), 0),
        ([4, 7], None, (0, 10), 0),
    ],
)
def test_cut_points_of_a_scale_that_changed_are_remarked_and_chosen_ones_are_not(
    own: Path, own_cuts: list, scales: list | None, now: tuple, marks: int
) -> None:
    widened(own, *now)
    given = {"method": "own.yaml", "cut_points": {"soundness": own_cuts, "reach": own_cuts}}
    given |= {"scales": {"soundness": scales}} if scales else {}
    if scales:
        given["cut_points"]["reach"] = params.as_dict(params.read(write(own, "method: own.yaml")))[
            "cut_points"
        ]["reach"]
    found = params.read(write(own, json.dumps(given)))
    lines = {language: doubts_of(found, language) for language in texts.LANGUAGES}
    expected = marks if scales else 2 * marks
    assert [len(each) for each in lines.values()] == [expected] * 2
    # The line that a remark offers is what silences it.
    stated = f"scales: {{soundness: [{now[0]}, {now[1]}]}}"
    assert all(stated in each[0] for each in lines.values() if each)
    ends = {"soundness": list(now), "reach": list(now)}
    assert doubts_of(params.read(write(own, json.dumps(given | {"scales": ends}))), "en") == []


@pytest.mark.parametrize(
    ("held", "absent"),
    [
        ({"veto": 2}, ["cut_points", "tolerance"]),
        ({"tolerance": 3}, ["cut_points", "veto"]),
        ({"veto": 2, "tolerance": 3}, ["cut_points"]),
        ({"cut_points": {"soundness": [2, 4], "reach": [2, 3]}}, ["tolerance", "veto"]),
    ],
    ids=lambda given: "-".join(given),
)
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_a_remark_on_scales_names_the_keys_of_the_file_and_the_indicators_that_moved(
    own: Path, held: dict, absent: list, language: str
) -> None:
    text = METHOD.format(low=1, high=5, step=1).replace(
        "evidence, minimum: 1, maximum: 5", "evidence, {ends}"
    )
    write(own, text.replace("{ends}", "minimum: 1, maximum: 10"), "own.yaml")
    stated = {"scales": {"soundness": [1, 5], "reach": [1, 5]}}
    given = {"method": "own.yaml"} | held | stated
    [line] = doubts_of(params.read(write(own, json.dumps(given))), language)
    assert all(key in line for key in held)
    assert not any(key in line for key in absent)
    assert "evidence" in line
    assert "clarity" not in line
    # Where every indicator has the new ends, the criterion has them.
    widened(own, 1, 10)
    lines = doubts_of(params.read(write(own, json.dumps(given | {"missing": "refuse"}))), language)
    assert not any("evidence" in each for each in lines)


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize(
    ("raters", "rule", "remarked"),
    [(3, "lower", True), ("[2, 5]", "higher", True), (3, "mean", False), (2, "lower", False)],
)
def test_an_extreme_of_three_ratings_or_more_is_remarked(own: Path, raters, rule, remarked, language) -> None:
    text = METHOD.format(low=1, high=5, step=1)
    write(own, text.replace("raters_per_panel: 2", f"raters: {raters}"), "own.yaml")
    lines = doubts_of(params.read(write(own, f"method: own.yaml\nmatching_rule: {rule}\n")), language)
    assert [line.partition(":")[0] for line in lines] == [f"matching_rule {rule}"] * remarked


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_scales_of_a_criterion_that_was_renamed_are_remarked(own: Path, language: str) -> None:
    given = {"method": "own.yaml", "scales": {"soundnes": [1, 5], "beauty": [0, 3]}}
    lines = doubts_of(params.read(write(own, json.dumps(given))), language)
    # The nearest name is offered, else the first.
    assert [line.partition("}")[0] for line in lines] == [
        "scales: {soundnes: [1, 5]",
        "scales: {beauty: [0, 3]",
    ]
    assert all("{soundness: [" in line for line in lines)


@pytest.mark.parametrize(
    ("ends", "cuts", "other"),
    [
        # Three quarters of the scale and more may well be somebody's own choice.
        ((1, 5), [2, 3], None),
        ((0, 4), [1, 2], None),
        ((1, 7), [2, 3], (1, 4)),
        ((0, 100), ["5/3", "10/3"], (0, 5)),
        ((1, 5), ["5/3", "7/3"], (1, 3)),
    ],
)
def test_cut_points_of_a_scale_that_is_a_third_shorter_are_its_default(ends, cuts, other):
    own = Criterion("merit", (Indicator("use", "merit", *ends),), ("jury",), 3)
    assert older_scale(own, cuts) == other


@pytest.mark.parametrize(
    ("tops", "weights", "levels", "cuts"),
    [
        # A thesis rated to 30, 20 and 10: a mean of 20 at most, by hand.
        ((30, 20, 10), (None, None, None), ("low", "medium", "high"), ["20/3", "40/3"]),
        # (3 x 10 + 1 x 20) / 4 = 12.5.
        ((10, 20), (3, 1), ("out", "in"), [6.25]),
        ((10, 10), (3, 1), ("out", "in"), [5.0]),
    ],
)
def test_cut_points_left_out_part_what_a_score_can_be(tmp_path: Path, tops, weights, levels, cuts) -> None:
    indicators = [
        {"name": f"i{top}_{at}", "minimum": 0, "maximum": top} | ({"weight": weight} if weight else {})
        for at, (top, weight) in enumerate(zip(tops, weights, strict=True))
    ]
    criterion = {
        "name": "merit",
        "panels": ["jury"],
        "raters": 3,
        "levels": [*levels],
        "indicators": indicators,
    }
    table = {"rules": [{"when": {"merit": levels[-1]}, "category": 1}], "default": 2}
    values = {"name": "thesis", "criteria": [criterion], "categories": ["in", "out"], "decision_table": table}
    (tmp_path / "thesis.yaml").write_text(yaml.safe_dump(values), encoding="utf-8")
    method = read_method("thesis.yaml", tmp_path)[0]
    assert method_defaults.defaults_of(method)["cut_points"]["merit"] == cuts
    assert older_scale(method.criteria[0], cuts) is None


def test_one_cut_point_in_the_lower_third_is_a_default_of_a_shorter_scale():
    ten = Criterion("merit", (Indicator("use", "merit", 0, 10),), ("jury",), 3, levels=("no", "yes"))
    assert [older_scale(ten, [cut]) for cut in (2.5, 5, 4, 6, 7)] == [(0, 5), None, None, None, None]


@pytest.mark.parametrize(
    ("given", "rules"),
    [
        ("[0, 100]", ["params.scales_type"]),
        ("{soundness: 100}", ["params.scales_type"]),
        ("{soundness: [100, 0]}", ["params.scales_type"]),
        ("{soundness: [0, yes], rech: [1, 0]}", ["params.scales_type", "params.scales_type"]),
    ],
)
def test_scales_that_cannot_be_read_are_refused(own: Path, given: str, rules: list) -> None:
    with pytest.raises(ParameterError) as caught:
        params.read(write(own, f"method: own.yaml\nscales: {given}\n"))
    assert [(one.rule, one.parameter) for one in caught.value.problems] == [
        (rule, "scales") for rule in rules
    ]


def test_paths_in_a_made_file_count_from_its_own_folder(
    own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(own)
    (own / "params").mkdir()
    assert (
        main.main(["params", "params/p.yaml", "--method", "own.yaml", "--data", "r.xlsx", "--lang", "en"])
        == 0
    )
    found = params.read(own / "params" / "p.yaml")
    assert (params.as_dict(found)["method"], found.data) == ("../own.yaml", "../r.xlsx")
    capsys.readouterr()


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({}, []),
        ({"language": "es"}, []),
        ({"tolerance": 2, "missing": "drop"}, ["tolerance", "missing"]),
        ({"cut_points": {"reach": [1, "5/2"]}}, ["cut_points"]),
    ],
)
def test_the_head_names_what_was_chosen(own: Path, given, names) -> None:
    method = read_method("own.yaml", own)[0]
    values = {"method": "own.yaml", "data": "d.csv"} | given
    head = params_text(method, values, "en").splitlines()[0].split(": ")
    listed = head[1].partition(".")[0].split(", ") if len(head) > 2 else []
    assert sorted(listed) == sorted(names)


def test_a_made_file_survives_names_with_any_sign(own: Path) -> None:
    method = read_method("own.yaml", own)[0]
    given = {"method": "own.yaml", "data": 'a: "b" # c\\d – é', "language": "es"}
    assert params.read(write(own, params_text(method, given, "es"))).data == given["data"]


@pytest.mark.parametrize(
    ("tolerance", "scale", "rules"),
    [
        (1, (0, 100, 1), "narrow"),
        (0, (0, 100, 1), "narrow"),
        (4.9, (0, 100, 1), "narrow"),
        (2, (0, 100, 10), "step"),
        (0, (0, 100, 10), ""),
        (5, (0, 100, 1), ""),
        (25, (0, 100, 1), ""),
        (100, (0, 100, 1), "wide"),
        (0, (1, 5, 1), ""),
        (1, (1, 5, 1), ""),
        (4, (1, 5, 1), "wide"),
        (0.01, (0, 1, 0.01), "narrow"),
        (1, (0, 1, 1), "wide"),
        # Half points of 1 to 10: a step is more than a twentieth, so that exact matches are usual.
        (0, (1, 10, 0.5), ""),
    ],
)
def test_a_tolerance_that_hardly_fits_the_scale_draws_a_remark(
    tmp_path: Path, tolerance: float, scale: tuple, rules: str
) -> None:
    low, high, step = scale
    write(tmp_path, METHOD.format(low=low, high=high, step=step), "own.yaml")
    method = read_method("own.yaml", tmp_path)[0]
    said = {language: method_defaults.remarks(method, tolerance, language) for language in texts.LANGUAGES}
    assert [len(lines) for lines in said.values()] == [bool(rules)] * 2
    marks = {"narrow": "vigésima", "wide": "cualesquiera", "step": "menos de un paso"}
    assert all(marks[rules] in line for line in said["es"])


def test_check_shows_the_remark(
    own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(own)
    write(own, "method: own.yaml\ntolerance: 1\n")
    write(own, "proposal,evaluator,panel,method\nA,E1,readers,50\n", "r.csv")
    main.main(["check", "r.csv", "--params", "mine.yaml", "--lang", "es"])
    assert "tolerance 1: en la escala de 0 a 100 es menos de la vigésima parte" in capsys.readouterr().out


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_list_of_keys_has_each_with_its_meaning(language: str, capsys: pytest.CaptureFixture) -> None:
    assert main.main(["params", "--keys", "--lang", language]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == list(params.NAMES)
    assert lines == key_lines(read_method("ecuador-2019", Path())[0], language)


def test_the_spanish_page_of_parameters_has_the_titles_of_the_catalogue() -> None:
    page = (ROOT / "params" / "README.es.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", page, flags=re.MULTILINE))
    assert rows == {name: texts.say(f"parameter.{name}", "es") for name in params.NAMES}


def test_a_score_on_a_default_cut_point_reaches_it(tmp_path: Path) -> None:
    """Thirds of 1 to 5 begin at 7/3 and 11/3: three ratings of 2, 2, 3 and of 4, 4, 3."""
    write(tmp_path, METHOD.format(low=1, high=5, step=1), "own.yaml")
    cuts = params.read(write(tmp_path, "method: own.yaml\ndata: d.csv\n")).cut_points["soundness"]
    for ratings, cut in ([(2, 2, 3), cuts[0]], [(4, 4, 3), cuts[1]]):
        assert exact(sum(ratings) / 3) == exact(cut) == Fraction(sum(ratings), 3)


def test_a_method_that_omits_its_stages_has_them_in_the_reader_s_words():
    method = read_method("fund-with-weights", Path())[0]
    spanish = reader_language("es", replace(method, stages=type(method).stages))
    assert texts.say("column.category_selection", spanish).endswith("selección")


def test_a_way_of_adding_up_is_refused_by_its_name_in_words():
    method = read_method("jury-of-labels", Path())[0]
    given = method_defaults.defaults_of(method) | {"method": "jury-of-labels", "aggregation": "geometric"}
    criterion = method.criteria[0]
    indicators = (replace(criterion.indicators[0], minimum=0), *criterion.indicators[1:])
    method = replace(method, criteria=(replace(criterion, indicators=indicators),))
    (problem,) = check_against_method(given, method, set(), "")
    assert problem.words("es").startswith("media geométrica (geometric) pide escalas")
    assert problem.words("en").startswith("geometric mean (geometric) needs scales")
