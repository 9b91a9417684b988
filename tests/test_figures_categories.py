"""Figures of notebook 3: deterministic, marked while synthetic, in both languages, nothing lost."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from ogp_analysis import assessment, example, params
from ogp_analysis.figures import categories, style


@pytest.fixture(scope="module")
def parameters():
    return params.from_values(params.baseline())


@pytest.fixture(scope="module")
def drawn(parameters):
    inputs = SimpleNamespace(**example.make())
    complete = assessment.assess(inputs, parameters)
    inputs.ratings = inputs.ratings[inputs.ratings["role"] != "third"]
    return {"complete": complete, "lacking": assessment.assess(inputs, parameters)}


def figures(result, parameters, **how):
    counts = assessment.category_counts(result.assigned)
    thirds = assessment.third_evaluations(result.settled)
    return {
        "map": categories.category_map(result.assigned, cut_points=parameters.cut_points, **how),
        "counts": categories.category_counts(counts, **how),
        "thirds": categories.third_evaluations(thirds, **how),
    }


@pytest.mark.parametrize("case", ["complete", "lacking"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_figures_are_the_same_bytes_twice_and_carry_the_mark(drawn, parameters, case, language):
    first, second = (
        {
            name: style.svg(figure)
            for name, figure in figures(drawn[case], parameters, language=language, synthetic=True).items()
        }
        for _ in range(2)
    )
    assert first == second
    word = {"en": "SYNTHETIC EXAMPLE", "es": "EJEMPLO SINTÉTICO"}[language]
    assert all(word in text for text in first.values())


def test_without_synthetic_ratings_there_is_no_mark(drawn, parameters):
    assert all(
        "SYNTHETIC" not in style.svg(figure) for figure in figures(drawn["complete"], parameters).values()
    )


def test_every_proposal_is_named_on_the_map(drawn, parameters):
    text = style.svg(categories.category_map(drawn["complete"].assigned, cut_points=parameters.cut_points))
    assert all(f">S{number:02d}<" in text for number in range(1, 44))


def test_undetermined_proposals_are_counted_in_the_figure(drawn):
    counts = assessment.category_counts(drawn["lacking"].assigned)
    text = style.svg(categories.category_counts(counts))
    assert "undetermined" in text


@pytest.mark.parametrize("rows", [1, 2, 12])
def test_legend_of_third_evaluations_lies_below_the_axis_label(rows):
    """However few the rows are, and so however low the axes."""
    counts = pd.DataFrame({"indicator": "alignment", "pair": [f"panel{k}" for k in range(rows)]})
    figure = categories.third_evaluations(counts.assign(matched=9, third=2), language="es")
    figure.draw_without_rendering()
    axes = figure.axes[0]
    assert axes.get_legend().get_window_extent().y1 <= axes.xaxis.label.get_window_extent().y0
    assert axes.get_legend().get_window_extent().y0 >= 0
