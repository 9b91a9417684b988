"""A method that has no weights to vary, or never calls a third evaluation, does not speak of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from ogp_analysis.language import labels, texts
from ogp_analysis.model import method_defaults, method_file, params
from ogp_analysis.model.method_words import reader_language
from ogp_analysis.model.parameter_rules import unused
from ogp_analysis.model.results import TABLES_OF_WEIGHTINGS
from ogp_analysis.ratings.results import MOST_UNUSED, spread
from ogp_analysis.report.parameters_and_gaps import method_in_use, parameter_table
from ogp_analysis.report.run_files import Pack
from ogp_analysis.runs.notebook_file import PAIRS, tags_of
from ogp_analysis.sensitivity.other_ways import other_ways, ways_words


def method_of(
    folder: Path, *, indicators=(1, 1), raters=2, when="never", composite=False, top=5, panels=()
) -> Path:
    """Write a method of criteria of so many indicators each."""
    criteria = [
        {
            "name": f"c{at}",
            "panels": list(panels) or (["jury"] if raters != 1 else ["lead", "other"]),
            "raters": raters,
            "levels": ["low", "high"],
            "indicators": [
                {"name": f"i{at}_{place}", "minimum": 0, "maximum": top} for place in range(count)
            ],
        }
        for at, count in enumerate(indicators)
    ]
    values = {"name": "m", "criteria": criteria, "categories": ["in", "out"]}
    high = {f"c{at}": "high" for at in range(len(indicators))}
    table = {"rules": [{"when": high, "category": 1}], "default": 2}
    values |= {"cut_points": [2]} if composite else {"decision_table": table}
    values["third"] = {"for": [] if when == "never" else list(high), "when": when}
    (folder / "m.yaml").write_text(yaml.safe_dump(values), encoding="utf-8")
    return folder / "m.yaml"


def parameters_of(path: Path, **changes: object) -> params.Parameters:
    method = method_file.read_method(path.name, path.parent)[0]
    own = method_defaults.defaults_of(method) | {"method": str(path)} | changes
    return params.from_values(params.baseline() | own)


@pytest.mark.parametrize(
    ("design", "unweighted"),
    [
        ({"indicators": (1,)}, True),
        ({"indicators": (1, 1)}, True),
        ({"indicators": (1, 2)}, False),
        # Where the composite is cut, the weights of two criteria vary; of one there is nothing to weigh.
        ({"indicators": (1, 1), "composite": True}, False),
        ({"indicators": (1,), "composite": True}, True),
    ],
)
def test_weights_vary_only_where_a_score_has_several_indicators(tmp_path, design, unweighted):
    parameters = parameters_of(method_of(tmp_path, **design))
    assert parameters.method.unweighted is unweighted
    language = reader_language("en", parameters.method)
    assert ("no weighting to vary" in texts.say("sensitivity.flip.never", language)) is unweighted
    recorded = Pack({}, {}, {"03": {"method": method_in_use(parameters)}}, "en", synthetic=False)
    assert (recorded.unfit >= TABLES_OF_WEIGHTINGS) is unweighted
    assert ("no weighting to vary" in recorded.say("section.sensitivity.text", "en")) is unweighted


@pytest.mark.parametrize("indicators", [(1,), (1, 1)])
def test_of_one_score_no_ways_of_adding_up_are_told_apart(tmp_path, indicators):
    """Whatever joins a single number with itself gives that number: only vetoes are left."""
    ways = other_ways(parameters_of(method_of(tmp_path, indicators=indicators)))
    assert {way.name for way in ways} == {"veto"}
    language = reader_language("es", parameters_of(tmp_path / "m.yaml").method)
    counts = {"ways": 2, "ways_refused": 0, "ways_moving": 3, "ways_least": 1, "ways_most": 4}
    assert "todas las formas de sumar dan lo mismo" in ways_words(counts, language)


@pytest.mark.parametrize(
    ("design", "without"),
    [
        ({"raters": 2, "when": "never"}, True),
        ({"raters": 2, "when": "differ"}, False),
        ({"raters": 5, "when": "never"}, True),
        ({"raters": 1, "when": "never"}, True),
        ({"raters": 1, "when": "differ"}, False),
    ],
)
def test_thirds_are_spoken_of_only_where_one_may_be_called(tmp_path, design, without):
    method = parameters_of(method_of(tmp_path, **design)).method
    assert method.without_thirds is without
    assert (PAIRS not in tags_of(method)) is without
    assert ({"third_rule", "missing_third"} <= {*unused(method)}) is without
    language = reader_language("en", method)
    assert ("third" not in texts.say("answers.followed.run", language)) is without
    shown = labels.localised(pd.DataFrame({"proposal": ["P1"], "third_evaluations": [0]}), language)
    assert ("third_evaluations" not in shown) is without


@pytest.mark.parametrize(
    ("design", "idle"),
    [
        ({"raters": 2}, {"blind_pair", "panel_rule"}),
        ({"raters": 1}, {"blind_pair", "panel_rule"}),
        ({"raters": 2, "panels": ("one", "other")}, set()),
        ({"raters": 2, "composite": True}, {"blind_pair", "panel_rule", "majority"}),
    ],
)
def test_what_changes_nothing_under_a_method_is_not_asked(tmp_path, design, idle):
    """One panel has none to set against it, two roles always form the pair, a composite has no majority."""
    method = parameters_of(method_of(tmp_path, indicators=(2, 2), **design)).method
    assert {"blind_pair", "panel_rule", "majority"} & {*unused(method)} == idle


def test_a_run_that_calls_thirds_speaks_of_them_though_its_method_file_does_not(tmp_path):
    assert not parameters_of(method_of(tmp_path), third_for=["c0"]).method.without_thirds
    assert parameters_of(method_of(tmp_path, when="differ"), third_for=[]).method.without_thirds


@pytest.mark.parametrize(("top", "rows"), [(MOST_UNUSED - 1, MOST_UNUSED), (100, 2)])
def test_ratings_that_nobody_gave_are_listed_on_short_scales_only(tmp_path, top, rows):
    parameters = parameters_of(method_of(tmp_path, indicators=(1,), top=top))
    cell = {"proposal": "P1", "indicator": "i0_0", "panel": "jury", "role": "independent"}
    frame = spread(pd.DataFrame(cell | {"rating": [4.0, 4.0, 7.0]}), parameters)
    assert len(frame) == rows
    assert np.array_equal(frame.loc[frame["count"] > 0, ["rating", "count"]], [[4, 2], [7, 1]])


@pytest.mark.parametrize(
    ("given", "listed"),
    [
        ({}, set()),
        ({"matching_rule": "lower"}, {"matching_rule"}),
        ({"aggregation": "minimum", "weight_belief": "uniform"}, {"aggregation"}),
    ],
)
def test_the_table_of_parameters_leaves_out_what_means_nothing_unless_it_was_chosen(given, listed):
    """One jury that rates one indicator: nothing to weigh, no pairs, no third, one panel."""
    method = method_file.read_method("jury-of-labels", Path())[0]
    values = method_defaults.defaults_of(method) | {"method": "jury-of-labels"} | given
    table = parameter_table(params.from_values(values))
    idle = {
        "aggregation",
        "majority",
        "weight_belief",
        "matching_rule",
        "third_rule",
        "panel_rule",
        "blind_pair",
    }
    assert set(table["parameter"]) & idle == listed
