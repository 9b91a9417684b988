"""Notebook 2 on ratings that are all equal, and on one or two proposals: nothing stops, nothing misleads."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from depth import deep_after
from sample_results import results_of

from ogp_analysis.agreement import results
from ogp_analysis.figures import agreement as drawn
from ogp_analysis.figures import style
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.output import tables

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "02_agreement.ipynb"
PARAMETERS = params.from_values(params.baseline() | {"n_resamples": 100})


def equal_ratings(proposals, rating=4.0):
    """Every evaluator gives everything the same rating; evaluators change with the proposal."""
    rows = [
        (f"S{number:02d}", indicator.name, panel, f"{panel}{number % 3}{seat}", "independent", rating)
        for number in range(proposals)
        for criterion in PARAMETERS.method.criteria
        for indicator in criterion.indicators
        for panel in criterion.panels
        for seat in range(criterion.raters_per_panel)
    ]
    columns = ["proposal", "indicator", "panel", "evaluator", "role", "rating"]
    empty = pd.DataFrame()
    rated = pd.DataFrame(rows, columns=columns)
    return Inputs(ratings=rated, proposals=empty, decisions=empty, evaluators=empty)


def notebook_check(name):
    """The statement of the notebook with which it refuses a table, as it stands there."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    lines = [line for cell in cells for line in "".join(cell["source"]).splitlines()]
    (statement,) = [line for line in lines if line.startswith("assert") and name in line]
    return compile(statement, str(NOTEBOOK), "exec")


@pytest.fixture(scope="module", params=deep_after(1, [2, 1, 6]))
def found(request):
    return results.tables(equal_ratings(request.param), PARAMETERS)


def test_the_notebook_holds_where_coefficients_are_undefined(found):
    assert found["agreement"]["alpha"].isna().all()
    exec(notebook_check("no coefficient above 1"), {"tables": found})


@pytest.mark.parametrize("column", ["ac", "alpha"])
def test_the_notebook_still_refuses_a_coefficient_above_1(found, column):
    wrong = found["agreement"].copy()
    wrong.loc[0, column] = 1.0000001
    with pytest.raises(AssertionError, match="no coefficient above 1"):
        exec(notebook_check("no coefficient above 1"), {"tables": {"agreement": wrong}})


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_table_and_figure_is_shown(found, language):
    for name, table in found.items():
        assert tables.show(table, name, language=language)._repr_html_()
    drawings = drawn.all_of(results_of(found))
    assert all("</svg>" in style.svg(draw(language=language)) for draw in drawings.values())
    assert not drawings["agreement_by_indicator"].empty, "AC is 1 where all ratings are equal"


def test_equal_scores_keep_an_axis_with_different_numbers(found):
    """All differences are 0: five ticks between -0.05 and 0.05 would all read 0.0."""
    figure = drawn.panels_apart(found["panel_scores"], found["panels"], language="es")
    if found["panels"].empty:
        assert figure.axes == []
        return
    figure.draw_without_rendering()
    for axes in figure.axes[:2]:
        for axis in (axes.xaxis, axes.yaxis):
            shown = [text.get_text() for text in axis.get_ticklabels()]
            assert len(set(shown)) == len(shown) > 2
        assert axes.get_ylim()[0] < 0 < axes.get_ylim()[1]
