"""Figures of notebook 3: deterministic, marked while synthetic, in both languages, nothing lost."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import sample_ratings as sample

from ogp_analysis.assessment import assessment
from ogp_analysis.figures import categories, lettering, style
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.model.results import Results


@pytest.fixture(scope="module")
def parameters():
    return params.from_values(params.baseline())


@pytest.fixture(scope="module")
def drawn(parameters):
    inputs = SimpleNamespace(**sample.generated())
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
    word = {"en": "SYNTHETIC DATA", "es": "DATOS SINTÉTICOS"}[language]
    assert all(word in text for text in first.values())


def test_without_synthetic_ratings_there_is_no_mark(drawn, parameters):
    assert all(
        "SYNTHETIC" not in style.svg(figure) for figure in figures(drawn["complete"], parameters).values()
    )


def test_every_proposal_is_named_on_the_map(drawn, parameters):
    assigned = drawn["complete"].assigned
    figure = categories.category_map(assigned, cut_points=parameters.cut_points)
    names = {text.get_text() for text in figure.axes[0].texts}
    moved = assigned.loc[assigned["decided"], "category_selection"]
    assert names == {f"{code} D→{moved[code]}" if code in moved else code for code in assigned.index}


def test_narrow_the_map_names_who_is_decided_or_on_a_cut_point(drawn, parameters):
    assigned = drawn["complete"].assigned
    figure = categories.category_map(assigned, cut_points=parameters.cut_points, width=style.NARROW)
    names = {text.get_text().split()[0] for text in figure.axes[0].texts}
    on_cut = {
        code
        for code, row in assigned.iterrows()
        if any(abs(row[name] - cut) < 1e-9 for name, cuts in parameters.cut_points.items() for cut in cuts)
    }
    assert names == on_cut | set(assigned.index[assigned["decided"]])
    assert len(names) < 20


@pytest.mark.parametrize("language", ["en", "es"])
def test_narrow_figures_keep_their_width_and_cut_no_word(drawn, parameters, language):
    how = {"language": language, "synthetic": True, "width": style.NARROW}
    for figure in figures(drawn["lacking"], parameters, **how).values():
        style.svg(figure)
        assert figure.get_size_inches()[0] * 25.4 == pytest.approx(103)
        box = figure.get_tightbbox()
        assert 0 <= box.x0 <= box.x1 <= figure.get_size_inches()[0] + 0.02
        assert 0 <= box.y0 <= box.y1 <= figure.get_size_inches()[1] + 0.02
        assert "synthetic-mark" in style.svg(figure)


def test_third_evaluations_stand_pair_by_pair_in_the_order_of_the_method(drawn):
    counts = assessment.third_evaluations(drawn["complete"].settled)
    figure = categories.third_evaluations(counts, panels=("working_group", "core_group"))
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()][::-1]
    assert [name.split(" · ")[1] for name in names] == ["Working Group"] * 3 + ["Core Group"] * 3
    shares = [text.get_text() for text in figure.axes[0].texts][::-1]
    by_hand = counts.set_index("pair").loc[["working_group", "core_group"]]
    assert shares == [f"{row.third} of {row.matched + row.third}" for row in by_hand.itertuples()]


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


def test_every_figure_of_the_notebook_is_the_one_drawn_alone(drawn, parameters):
    result = drawn["complete"]
    tables = {
        "categories": result.assigned,
        "category_counts": assessment.category_counts(result.assigned),
        "third_evaluations": assessment.third_evaluations(result.settled),
    }
    further = {"cut_points": parameters.cut_points, "panels": []}
    made = categories.all_of(Results(tables, {}, {}, synthetic=True, further=further))
    assert list(made) == ["categories_map", "category_counts", "third_evaluations"]
    alone = figures(result, parameters, language="es", synthetic=True)
    for (name, drawing), figure in zip(made.items(), alone.values(), strict=True):
        said = {"title": f"figure.{name}.title", "description": f"figure.{name}.alt"}
        said = {what: texts.say(key, "es") for what, key in said.items()}
        said["description"] += f" {texts.say('synthetic.mark', 'es')}."
        assert drawing.svg("es") == style.svg(figure, **said)


@pytest.mark.parametrize("decided", [True, False])
def test_the_map_explains_the_ring_of_a_decision_only_where_one_is(drawn, parameters, decided):
    assigned = drawn["complete"].assigned
    assert assigned["decided"].any()
    assigned = assigned if decided else assigned.assign(decided=False)
    text = style.svg(categories.category_map(assigned, cut_points=parameters.cut_points))
    assert ("changed by a recorded decision" in text) is decided


def test_the_ring_says_that_a_decision_settled_what_the_rule_left_open(drawn, parameters):
    assigned = drawn["complete"].assigned
    open_case = assigned["category_by_rule"].mask(assigned["decided"])
    text = style.svg(
        categories.category_map(
            assigned.assign(category_by_rule=open_case), cut_points=parameters.cut_points, language="es"
        )
    )
    assert "cambiada o resuelta por una decisión registrada" in text


def test_without_a_pair_the_figure_of_third_evaluations_says_that_there_is_nothing():
    none = pd.DataFrame({"indicator": [], "pair": [], "pairs": []})
    figure = categories.third_evaluations(none, synthetic=True)
    assert [text.get_gid() for text in figure.texts] == ["nothing"]


@pytest.mark.parametrize("axes", [1, 3])
def test_a_method_of_other_than_two_axes_has_a_strip_for_each(axes):
    """Six proposals in six categories: a mark for each, cut lines of each axis, none hidden."""
    names = [f"axis_{k}" for k in range(axes)]
    scores = pd.DataFrame({name: np.arange(6.0) for name in names}, index=[f"P{k}" for k in range(6)])
    assigned = scores.assign(category_selection=range(1, 7), decided=False, category_by_rule=range(1, 7))
    figure = categories.category_strips(assigned, cut_points={name: (1.5, 3.5) for name in names})
    assert len(figure.axes) == axes
    for panel in figure.axes:
        assert sum(len(marks.get_offsets()) for marks in panel.collections) == 6
        assert sorted(line.get_xdata()[0] for line in panel.lines) == [1.5, 3.5]


def test_no_name_on_the_map_covers_another(drawn, parameters):
    figure = categories.category_map(drawn["complete"].assigned, cut_points=parameters.cut_points)
    figure.draw_without_rendering()
    names = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text().startswith("S")]
    assert len(names) == 43
    covered = [
        max(min(one.x1, two.x1) - max(one.x0, two.x0), 0) * max(min(one.y1, two.y1) - max(one.y0, two.y0), 0)
        for at, one in enumerate(names)
        for two in names[:at]
    ]
    assert max(covered) < 2, "pixels: the chosen sides rest on an estimate of the size of a letter"


def test_of_more_proposals_than_can_be_read_none_is_named(drawn, parameters):
    assigned = drawn["complete"].assigned
    many = pd.concat([assigned.rename(index=lambda code, k=k: f"{code}-{k}") for k in range(2)])
    figure = categories.category_map(many, cut_points=parameters.cut_points)
    assert not figure.axes[0].texts


def test_a_crowd_of_names_is_still_written():
    places = np.zeros((9, 2))
    assert sorted(set(lettering.chosen_sides(places, [3] * 9))) == list(range(len(lettering.SIDES)))


def test_a_single_rating_where_matching_is_not_judged_is_drawn_alone():
    settled = pd.DataFrame({"status": ["combined", "single", "matched"], "criterion": ["a", "a", "b"]})
    counts = assessment.third_evaluations(settled.assign(indicator=["x", "x", "y"], pair="p"))
    bars = categories.third_evaluations(counts).axes[0].patches
    assert [bar.get_width() for bar in bars] == [1, 0, 0, 1]
