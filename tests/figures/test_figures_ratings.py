"""The figures of the ratings: right marks, right bars, codes only, the synthetic mark, both languages."""

from __future__ import annotations

import pandas as pd
import pytest
import sample_ratings as sample

from ogp_analysis import ratings
from ogp_analysis.figures import ratings as drawn
from ogp_analysis.figures import style
from ogp_analysis.model import params

PARAMETERS = params.from_values(params.baseline())


@pytest.fixture(scope="module")
def example():
    inputs = ratings.load(PARAMETERS)
    return inputs, ratings.results.tables(inputs, PARAMETERS)


def test_every_figure_is_drawn_in_both_languages_with_the_mark(example):
    inputs, _ = example
    for draw in drawn.all_of(ratings.results.compute(inputs, PARAMETERS)).values():
        texts = {language: style.svg(draw(language=language)) for language in ("en", "es")}
        assert texts["en"] != texts["es"]
        assert texts["en"] == style.svg(draw(language="en"))
        assert "SYNTHETIC" in texts["en"]
        assert "SINTÉTICO" in texts["es"]


def test_each_pair_of_proposal_and_evaluator_has_one_mark(example):
    inputs, found = example
    rated = ratings.who_rated_what(inputs.ratings)
    panels = list(dict.fromkeys(found["ratings_coverage"]["panel"]))
    columns = drawn.columns_of(rated, panels)
    assert columns[:2] == [("lead", ""), ("counterpart", "")]
    assert len(columns) == 2 + 14 + 9
    marks = drawn.marks_of(rated, found["ratings_coverage"], {name: at for at, name in enumerate(columns)})
    assert len(marks["independent"]) == 43 * (1 + 1 + 2 + 2)
    assert (
        len(marks["third"])
        == rated.query("role == 'third'")[["proposal", "evaluator"]].drop_duplicates().shape[0]
    )
    assert marks["lacking"].empty


def test_what_lacks_is_marked(tmp_path):
    rows = sample.complete()
    del rows[sample.row_of(rows, proposal="P02", panel="core_group")]
    parameters = sample.parameters(sample.write(tmp_path / "n.csv", rows), missing="available")
    inputs = ratings.load(parameters)
    coverage = ratings.coverage(inputs.ratings, parameters, proposals=("P01", "P02"))
    figure = drawn.who_rated_what(ratings.who_rated_what(inputs.ratings), coverage)
    assert "ratings lacking" in style.svg(figure)


def test_bars_hold_the_counts(example):
    _, found = example
    figure = drawn.ratings_spread(found["ratings_spread"])
    bars = [patch.get_height() for axes in figure.axes for patch in axes.patches]
    assert sum(bars) == found["ratings_spread"]["count"].sum() == 860


def test_unused_ratings_of_the_scale_are_counted_as_none(example):
    inputs, _ = example
    only_fours = inputs.ratings.assign(rating=4.0)
    changed = type(inputs)(only_fours, inputs.proposals, inputs.decisions, inputs.evaluators)
    spread = ratings.results.tables(changed, PARAMETERS)["ratings_spread"]
    assert len(spread) == (4 + 3) * 2 * 5
    assert spread.loc[spread["rating"] != 4, "count"].sum() == 0


def test_many_proposals_and_evaluators_still_make_a_page():
    size = 400
    rated = pd.DataFrame(
        {
            "proposal": [f"P{k:03d}" for k in range(size)],
            "panel": "lead",
            "evaluator": [f"E{k % 50}" for k in range(size)],
            "role": "independent",
            "ratings": 4,
        }
    )
    coverage = rated.assign(wanted=4, given=4, thirds=0)
    figure = drawn.who_rated_what(rated, coverage)
    assert figure.get_size_inches()[1] < 12


def test_tables_hold_counts_by_panel_never_by_evaluator(example):
    inputs, found = example
    codes = set(inputs.ratings["evaluator"])
    for name, frame in found.items():
        assert "evaluator" not in frame.columns
        assert not codes & set(frame.astype(str).to_numpy().ravel()), name


def test_the_numbers_of_the_headline_are_recounted_by_hand(example):
    inputs, found = example
    summary = ratings.results.summary(inputs, found)
    rows = inputs.ratings.to_dict("records")
    assert summary["ratings"] == sum(row["role"] == "independent" for row in rows) == 43 * (4 * 2 + 3 * 4)
    assert summary["thirds"] == sum(row["role"] == "third" for row in rows)
    assert summary["evaluators"] == len({row["evaluator"] for row in rows})
    assert summary["lacking"] == summary["broken"] == 0


def test_six_panels_and_a_scale_in_halves_are_drawn():
    panels = [f"panel_{number}" for number in range(6)]
    rows = [("time", panel, rating, 1) for panel in panels for rating in (1.0, 1.5, 2.0)]
    spread = pd.DataFrame(rows, columns=["indicator", "panel", "rating", "count"])
    chart = drawn.ratings_spread(spread, language="es").axes[0]
    assert len(chart.patches) == 18
    assert [tick.get_text() for tick in chart.get_xticklabels()] == ["1", "1,5", "2"]
    assert chart.patches[0].get_facecolor() == chart.patches[12].get_facecolor(), "four colours, then again"


@pytest.mark.parametrize(("indicators", "below"), [(4, True), (5, False)])
def test_the_legend_takes_an_empty_place_of_the_grid_or_lies_below(indicators, below):
    rows = [(f"i{k}", panel, 1.0, 2) for k in range(indicators) for panel in ("lead", "counterpart")]
    spread = pd.DataFrame(rows, columns=["indicator", "panel", "rating", "count"])
    figure = drawn.ratings_spread(spread)
    legends = figure.legends if below else [figure.axes[indicators].get_legend()]
    assert [text.get_text() for text in legends[0].get_texts()] == ["lead institution", "counterpart"]
    assert len(figure.legends) == int(below)


def test_ratings_of_a_long_scale_are_not_named_one_by_one():
    spread = pd.DataFrame({"indicator": "i", "panel": "lead", "rating": range(101), "count": 1})
    chart = drawn.ratings_spread(spread.astype({"rating": float})).axes[0]
    assert len(chart.patches) == 101
    assert len(chart.get_xticks()) <= drawn.MOST_TICKS
