"""The three figures of notebook 2: drawn from tidy frames, in both languages, with and without gaps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sample_results import results_of

from ogp_analysis.figures import agreement as drawn
from ogp_analysis.figures import agreement_forest as forest
from ogp_analysis.figures import style


def agreement_frame():
    return pd.DataFrame(
        {
            "criterion": ["feasibility", "relevance", "relevance"],
            "indicator": ["time", "alignment", "all"],
            "pair": ["lead-counterpart", "core_group", "core_group"],
            "ac": [0.7, np.nan, 0.5],
            "ac_lower": [0.5, np.nan, 0.4],
            "ac_upper": [0.8, np.nan, 0.6],
            "alpha": [0.6, 0.2, 0.5],
            "alpha_lower": [0.3, -0.2, 0.4],
            "alpha_upper": [0.75, 0.5, 0.6],
        }
    )


def disagreement_frame(values=(0.0, 1.0, 2.0, np.nan)):
    codes = [f"S{k:02d}" for k in range(len(values))]
    return pd.DataFrame(
        {"criterion": "relevance", "indicator": "alignment", "pair": "core_group", "proposal": codes}
    ).assign(difference=list(values))


def panel_frames():
    rng = np.random.default_rng(1)
    scores = pd.DataFrame({"criterion": "relevance", "proposal": [f"S{k:02d}" for k in range(9)]})
    scores = scores.assign(score_first=rng.uniform(1, 5, 9), score_second=rng.uniform(1, 5, 9))
    limits = pd.DataFrame(
        {
            "criterion": "relevance",
            "pair": "working_group-core_group",
            "statistic": ["bias", "lower_limit", "upper_limit"],
            "value": [0.1, -1.0, 1.2],
            "lower": [-0.1, -1.3, 0.9],
            "upper": [0.3, -0.7, 1.5],
        }
    )
    return scores, limits


def words(figure):
    return style.svg(figure)


@pytest.mark.parametrize("width", [165, 103])
@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_of_a_figure_with_long_names_lies_beyond_its_edge(language, width):
    frame = agreement_frame().assign(metric="interval")
    figure = forest.agreement_by_indicator(frame, language=language, synthetic=True, width=width)
    style.svg(figure)
    drawn_on, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
    assert drawn_on.x0 >= 0
    assert drawn_on.y0 >= 0
    assert drawn_on.x1 <= width
    assert drawn_on.y1 <= height


def estimates(figure):
    """Markers of the forest below its key: their shapes from top to bottom, and their places across."""
    drawn_marks = [line for line in figure.axes[0].lines if line.get_marker() in ("o", "s", "D")][2:]
    drawn_marks.sort(key=lambda line: line.get_ydata()[0])
    return [(line.get_marker(), float(line.get_xdata()[0])) for line in drawn_marks]


def test_the_forest_draws_all_of_a_criterion_as_diamonds_and_names_what_is_undefined():
    figure = forest.agreement_by_indicator(agreement_frame(), language="es", synthetic=True)
    said = [text.get_text() for text in figure.axes[0].texts]
    assert [mark for mark, _ in estimates(figure)] == ["o", "s", "s", "D", "D"]
    assert "0,70 (0,50–0,80)" in said
    assert "0,20 (−0,20–0,50)" in said
    assert "–" in said, "a coefficient that is undefined"
    assert "pertinencia · Grupo Núcleo" in said
    assert "synthetic-mark" in words(figure)


def test_estimates_of_the_forest_stand_at_their_values():
    figure = forest.agreement_by_indicator(agreement_frame())
    ticks = {text.get_text(): text.get_position()[0] for text in figure.axes[0].texts}
    zero, one = ticks["0.0"], ticks["1.0"]
    values = [(place - zero) / (one - zero) for _, place in estimates(figure)]
    assert values == pytest.approx([0.7, 0.6, 0.2, 0.5, 0.5])


def differences_of(*values, indicator="time"):
    codes = [f"S{k:02d}" for k in range(len(values))]
    keys = {"criterion": "feasibility", "indicator": indicator, "pair": "lead-counterpart"}
    return pd.DataFrame({"proposal": codes, "difference": list(values)}).assign(**keys)


def test_the_strip_shows_the_share_of_each_difference_where_it_fits():
    frame = agreement_frame().head(1).assign(criterion="feasibility")
    apart = differences_of(0.0, 1.0, 1.0, 3.0)
    strip = forest.agreement_by_indicator(frame, apart).axes[0].patches
    # The key of four shades, then 25%, 50% and 25% of the strip: nothing differs by 2.
    assert [patch.get_width() / forest.STRIP for patch in strip[4:]] == pytest.approx([0.25, 0.5, 0.25])
    assert not forest.agreement_by_indicator(frame, apart, width=style.NARROW).axes[0].patches
    for unfit in (differences_of(0.5, 1.0), differences_of(0.0, 60.0), differences_of(np.nan)):
        assert not forest.agreement_by_indicator(frame, unfit).axes[0].patches


def test_the_strip_of_all_indicators_pools_theirs():
    both = pd.concat([differences_of(0.0, 0.0), differences_of(1.0, 1.0, indicator="cost")])
    shares = forest.shares_of_differences(both)
    assert shares.loc[("feasibility", "all", "lead-counterpart")].tolist() == [0.5, 0.5]


def test_disagreement_map_orders_by_total_and_says_where_there_is_no_pair():
    figure = drawn.disagreement_map(disagreement_frame(), language="en")
    labels = [text.get_text() for text in figure.axes[0].get_xticklabels()]
    assert labels[:3] == ["S02", "S01", "S00"]
    legend = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert legend == ["0", "1", "2", "no pair"]


def test_disagreement_map_of_fractions_and_of_many():
    figure = drawn.disagreement_map(disagreement_frame((0.0, 0.5, 1.5)), language="es")
    legend = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert legend == ["0", "≤ 1", "≤ 2"]
    many = drawn.disagreement_map(disagreement_frame(tuple(range(5)) * 40))
    assert len(many.axes[0].get_xticklabels()) == drawn.MOST_SHOWN
    assert many.axes[0].get_xlabel() == "the 60 proposals with the largest differences, of 200"
    assert figure.axes[0].get_xlabel() == ""


def test_panels_apart_draws_bias_and_limits():
    figure = drawn.panels_apart(*panel_frames(), language="es", synthetic=True)
    axes = figure.axes[0]
    heights = {float(line.get_ydata()[0]) for line in axes.lines}
    assert heights == {0.1, -1.0, 1.2, 0.0}
    assert "Grupo de Trabajo" in axes.get_ylabel()
    assert len(axes.collections[0].get_offsets()) == 9


def test_nothing_to_compare_draws_an_empty_figure():
    scores, limits = panel_frames()
    nowhere = disagreement_frame((np.nan, np.nan))
    undefined = agreement_frame().assign(ac=np.nan, alpha=np.nan)
    for language, said in (("en", "nothing to compare"), ("es", "nada que comparar")):
        for figure in (
            drawn.panels_apart(scores.head(0), limits.head(0), language=language),
            drawn.disagreement_map(nowhere, language=language),
            forest.agreement_by_indicator(undefined, language=language),
        ):
            assert figure.axes == []
            assert said in words(figure)


@pytest.mark.parametrize("rows", [1, 2, 12])
def test_legends_lie_below_all_labels(rows):
    """However low the axes are, and however long the codes."""
    pairs = [f"panel{k}" for k in range(rows)]
    differing = pd.concat([disagreement_frame((0.0, 1.0, 2.0)).assign(pair=pair) for pair in pairs])
    differing["proposal"] = "PROPOSAL-" + differing["proposal"]
    figure = drawn.disagreement_map(differing)
    figure.draw_without_rendering()
    axes = figure.axes[0]
    legend = axes.get_legend()
    labels = [axes.xaxis.label, *axes.get_xticklabels()]
    lowest = min(text.get_window_extent().y0 for text in labels if text.get_text())
    assert legend.get_window_extent().y1 <= lowest
    assert legend.get_window_extent().y0 >= 0


def test_same_input_same_bytes():
    found = {
        "agreement": agreement_frame(),
        "disagreements": disagreement_frame(),
        "panel_scores": panel_frames()[0],
        "panels": panel_frames()[1],
    }
    one, other = (drawn.all_of(results_of(found)) for _ in range(2))
    for name in one:
        assert words(one[name](language="en")) == words(other[name](language="en"))
        assert words(one[name](language="en")) != words(one[name](language="es"))


def test_limits_without_an_interval_are_lines_without_a_band():
    scores, limits = panel_frames()
    limits.loc[0, ["lower", "upper"]] = np.nan
    axes = drawn.panels_apart(scores, limits).axes[0]
    bands = sorted((patch.get_y(), patch.get_y() + patch.get_height()) for patch in axes.patches)
    assert np.array(bands) == pytest.approx(np.array([[-1.3, -0.7], [0.9, 1.5]]))
    assert {float(line.get_ydata()[0]) for line in axes.lines} == {0.1, -1.0, 1.2, 0.0}
