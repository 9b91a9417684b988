"""The explore notebook: its positions are the parameters of a run, and it works in a kernel with widgets."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from urllib.request import HTTPCookieProcessor, build_opener

import nbformat
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from project_files import ROOT, script, text

from ogp_analysis import ratings
from ogp_analysis.app import what_if
from ogp_analysis.assessment import whole_assessment
from ogp_analysis.errors import ParameterError
from ogp_analysis.model import params
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_file import read_method

WIDGETS = importlib.util.find_spec("ipywidgets") is not None
needs_widgets = pytest.mark.skipif(not WIDGETS, reason="ipywidgets comes with the environment of make lab")


@pytest.fixture(scope="module")
def parameters():
    return params.from_values(params.baseline())


@pytest.fixture(scope="module")
def inputs(parameters):
    return ratings.load(parameters)


@pytest.fixture(scope="module")
def start(parameters):
    """Give the position that stands for the baseline."""
    points = {**parameters.exact("indicator_weights"), **parameters.exact("criterion_weights")}
    points = {name: int(12 * weight) for name, weight in points.items()}
    return what_if.Choice(
        indicator_points={item.name: points[item.name] for item in parameters.method.indicators},
        criterion_points={item.name: points[item.name] for item in parameters.method.criteria},
        cut_points=dict(parameters.cut_points),
        tolerance=parameters.tolerance,
        rules={name: getattr(parameters, name) for name in what_if.RULES},
    )


def test_the_start_is_the_baseline_and_nothing_moves(inputs, parameters, start):
    result, chosen = what_if.assess(inputs, start, parameters)
    assert chosen == parameters
    base = whole_assessment.assess(inputs, parameters)
    pd.testing.assert_frame_equal(result.assigned, base.assigned)
    assert what_if.moved(base, result).empty


@settings(deadline=None, derandomize=True)
@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12), min_size=1))
def test_shares_sum_to_exactly_one(points):
    found = {name: Fraction(share) for name, share in what_if.shares(points).items()}
    assert sum(found.values()) == 1
    if sum(points.values()):
        assert all(share * sum(points.values()) == points[name] for name, share in found.items())


def test_who_moved_is_who_differs(inputs, parameters, start):
    low = replace(start, cut_points={name: (1.0, 1.0) for name in start.cut_points})
    with pytest.raises(ParameterError, match="cut_points"):
        what_if.assess(inputs, low, parameters)
    low = replace(start, cut_points={name: (1.0, 1.1) for name in start.cut_points})
    base, (result, _) = whole_assessment.assess(inputs, parameters), what_if.assess(inputs, low, parameters)
    moved = what_if.moved(base, result)
    before, after = base.assigned["category_by_rule"], result.assigned["category_by_rule"]
    differs = (before.fillna(0) != after.fillna(0)) | (
        base.assigned["category_final"].fillna(0) != result.assigned["category_final"].fillna(0)
    )
    assert set(moved.index) >= set(before.index[differs])
    assert len(moved) > 0
    assert (moved["category_by_rule_after"].dropna() == after[moved.index].dropna()).all()


def test_evaluators_left_out_are_not_used(inputs, parameters, start):
    gone = inputs.ratings.loc[inputs.ratings["panel"] == "core_group", "evaluator"].iloc[0]
    result, chosen = what_if.assess(inputs, replace(start, left_out=(gone,)), parameters)
    assert chosen.missing == "available"
    assert gone in set(inputs.ratings["evaluator"]), "the inputs themselves stay as they were"
    expected = whole_assessment.assess(
        replace(inputs, ratings=inputs.ratings[inputs.ratings["evaluator"] != gone]), chosen
    )
    pd.testing.assert_frame_equal(result.assigned, expected.assigned)


@pytest.mark.parametrize("name", ["start", "explore"])
def test_the_notebooks_hold_no_logic_and_no_outputs(name):
    book = nbformat.read(ROOT / "lab" / f"{name}.ipynb", as_version=4)
    nbformat.validate(book)
    for cell in book.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert not re.search(r"^\s*(def|class|try)\b", cell.source, re.MULTILINE)
    links = re.findall(r"\]\((\.\./[^)]+|[^)/:]+)\)", text(f"lab/{name}.ipynb"))
    assert links
    # The notebooks and the pages are linked by their final names.
    assert not [link for link in links if not (ROOT / "lab" / link).exists()]


def test_the_start_notebook_starts_the_page_and_shows_its_link(monkeypatch):
    book = nbformat.read(ROOT / "lab" / "start.ipynb", as_version=4)
    (cell,) = [cell.source for cell in book.cells if cell.cell_type == "code"]
    monkeypatch.chdir(ROOT / "lab")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    *first, last = cell.strip().splitlines()
    names: dict = {}
    exec("\n".join(first), names)
    link = eval(last, names)
    try:
        assert link.address.split("/?token=")[0] in link._repr_html_()
        # The token of the address becomes a cookie.
        with build_opener(HTTPCookieProcessor()).open(link.address) as page:
            assert b"<html" in page.read()
    finally:
        # Whoever started it is gone: the page ends with it.
        link.process.stdin.close()
        assert link.process.wait(30) == 0
        link.process.stdout.close()


@needs_widgets
def test_moving_a_control_changes_the_answer(inputs, parameters, monkeypatch):
    import ipywidgets

    controls = script("lab/controls.py")
    seen = []
    monkeypatch.setattr(controls, "show", lambda _inputs, choice, *_: seen.append(choice))
    widget = controls.explore(inputs, parameters)
    boxes = [control for column in widget.children[0].children for control in column.children]
    slider = next(control for control in boxes if control.description == "time")
    assert isinstance(slider, ipywidgets.IntSlider)
    slider.value = 9
    assert seen[-1].indicator_points["time"] == 9
    widget.children[1].click()
    assert seen[-1].indicator_points["time"] == 3


@needs_widgets
@pytest.mark.parametrize(
    "changes",
    [
        *sorted(path.name for path in (ROOT / "params").glob("*.yaml")),
        {"indicator_weights": [50, 30, 20], "cut_points": [2.55, 3.45]},
        {"indicator_weights": [1, 1, 5], "cut_points": [2.125, 3.875], "tolerance": 0.25},
        {"indicator_weights": [33331, 33337, 33332], "cut_points": [2.3333, 3.4567], "tolerance": 9.0},
    ],
    ids=str,
)
def test_what_is_shown_at_rest_is_the_run_itself(inputs, changes):
    """Nothing moved: the same parameters, as exact fractions, and 0 changes."""
    controls = script("lab/controls.py")
    values = params.baseline()
    if isinstance(changes, str):
        chosen = params.read(ROOT / "params" / changes)
    else:
        first = dict(
            zip(("reiterations", "potential_impact", "alignment"), changes["indicator_weights"], strict=True)
        )
        total = sum(first.values())
        weights = values["indicator_weights"] | {name: f"{k}/{total}" for name, k in first.items()}
        cuts = dict.fromkeys(values["cut_points"], changes["cut_points"])
        more = {"indicator_weights": weights, "cut_points": cuts}
        chosen = params.from_values(
            values
            | more
            | {
                "tolerance": changes.get("tolerance", 1.0),
                "criterion_weights": {"feasibility": 0.61, "relevance": 0.39},
            }
        )
    made = {
        **controls.weight_controls(chosen),
        **controls.cut_controls(chosen),
        **controls.rule_controls(chosen),
    }
    choice = controls.read({name: one.value for name, one in made.items()} | {"left_out": ()}, chosen)
    result, again = controls.what_if.assess(inputs, choice, chosen)
    assert again == chosen
    for name in ("indicator_weights", "criterion_weights"):
        assert again.exact(name) == chosen.exact(name)
    for criterion in chosen.cut_points:
        assert again.exact_cuts(criterion) == chosen.exact_cuts(criterion)
    base = whole_assessment.assess(inputs, chosen)
    pd.testing.assert_frame_equal(result.assigned, base.assigned)
    assert controls.what_if.moved(base, result).empty


def own_method(folder: Path, *cuts: int) -> params.Parameters:
    """One criterion a number of cut points, each with two indicators but the first, which has one."""
    scale = {"minimum": 0, "maximum": 10}
    criteria = [
        {
            "name": f"c{at}",
            "panels": ["jury"],
            "raters": 2,
            "cut_points": list(range(2, 2 + count)),
            "levels": [f"l{level}" for level in range(count + 1)],
            "indicators": [{"name": f"i{at}_{place}"} | scale for place in range(1 + (at > 0))],
        }
        for at, count in enumerate(cuts)
    ]
    values = {"name": "own", "criteria": criteria, "categories": ["in", "out"]}
    values["decision_table"] = {"rules": [{"when": {"c0": "l1"}, "category": 1}], "default": 2}
    (folder / "own.yaml").write_text(yaml.safe_dump(values), encoding="utf-8")
    method, problems = read_method("own.yaml", folder)
    assert not problems, [problem.say() for problem in problems]
    return params.from_values(params.baseline() | defaults_of(method) | {"method": "own.yaml"}, folder=folder)


@needs_widgets
@pytest.mark.parametrize("cuts", [(1,), (3,), (1, 2, 4)])
def test_every_cut_point_has_a_slider_however_many_there_are(tmp_path, cuts):
    controls = script("lab/controls.py")
    chosen = own_method(tmp_path, *cuts)
    weights, made = controls.weight_controls(chosen), controls.cut_controls(chosen)
    # What stands alone has all the weight, and no slider.
    alone = {"weight i0_0"} | ({"criterion weight c0"} if len(cuts) == 1 else set())
    assert alone & set(weights) == set()
    shown = [made[f"cut.c{at}.{k}"].value for at, count in enumerate(cuts) for k in range(count)]
    assert shown == [k + 2 for count in cuts for k in range(count)]
    values = {name: one.value for name, one in (weights | made | controls.rule_controls(chosen)).items()}
    choice = controls.read(values | {"left_out": ()}, chosen)
    assert choice.cut_points == {name: tuple(given) for name, given in chosen.as_given["cut_points"].items()}
    last = f"cut.c{len(cuts) - 1}.{cuts[-1] - 1}"
    moved = controls.read(values | {"left_out": (), last: 8.5}, chosen)
    assert moved.cut_points[f"c{len(cuts) - 1}"][-1] == 8.5


@needs_widgets
def test_one_moved_weight_leaves_the_others_what_they_were(parameters):
    controls = script("lab/controls.py")
    weights = parameters.exact("indicator_weights") | {"time": "2501/10000", "complexity": "2499/10000"}
    chosen = params.with_values(parameters, indicator_weights={k: str(v) for k, v in weights.items()})
    made = {
        **controls.weight_controls(chosen),
        **controls.cut_controls(chosen),
        **controls.rule_controls(chosen),
    }
    values = {name: one.value for name, one in made.items()} | {"left_out": ()}
    scale = made["weight time"].max
    choice = controls.read(values | {"weight resources": scale // 2}, chosen)
    assert choice.indicator_points["time"] == scale * Fraction("0.2501")
    assert choice.indicator_points["resources"] == scale // 2


@needs_widgets
def test_the_answer_shows_what_moved_and_words_what_is_refused(inputs, parameters, start, capsys):
    controls = script("lab/controls.py")
    base = whole_assessment.assess(inputs, parameters)
    controls.show(inputs, replace(start, tolerance=0.0), parameters, base)
    assert "In the synthetic example, " in capsys.readouterr().out
    controls.show(
        inputs, replace(start, cut_points={"feasibility": (2, 2), "relevance": (2, 3)}), parameters, base
    )
    assert "cut_points" in capsys.readouterr().out


@needs_widgets
@pytest.mark.slow
def test_the_notebook_runs_in_a_kernel(monkeypatch):
    from nbclient import NotebookClient

    monkeypatch.setenv("PYTHONPATH", str(ROOT))

    book = nbformat.read(ROOT / "lab" / "explore.ipynb", as_version=4)
    done = NotebookClient(book, timeout=60, resources={"metadata": {"path": str(ROOT / "lab")}}).execute()
    kinds = {
        kind for cell in done.cells for output in cell.get("outputs", ()) for kind in output.get("data", {})
    }
    assert "application/vnd.jupyter.widget-view+json" in kinds
