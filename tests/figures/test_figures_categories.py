"""Figures of notebook 3: deterministic, marked while synthetic, in both languages, nothing lost."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from depth import deep_after
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch

from ogp_analysis import ratings
from ogp_analysis.assessment import whole_assessment
from ogp_analysis.assessment.third_shares import third_shares
from ogp_analysis.figures import categories, category_marks, lettering, style
from ogp_analysis.figures.category_map import category_map
from ogp_analysis.figures.category_paths import category_paths
from ogp_analysis.figures.category_strips import category_strips
from ogp_analysis.figures.third_evaluations import third_evaluations
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.model.results import Results


@pytest.fixture(scope="module")
def parameters():
    return params.from_values(params.baseline())


@pytest.fixture(scope="module")
def drawn(parameters):
    inputs = ratings.load(parameters)
    without = replace(inputs, ratings=inputs.ratings[inputs.ratings["role"] != "third"])
    return {
        "complete": whole_assessment.assess(inputs, parameters),
        "lacking": whole_assessment.assess(without, parameters),
    }


def figures(result, parameters, **how):
    thirds = third_shares(result.settled, parameters)
    return {
        "map": category_map(
            result.assigned, cut_points=parameters.cut_points, method=parameters.method, **how
        ),
        "counts": category_paths(result.assigned, **how),
        "thirds": third_evaluations(thirds, **how),
    }


@pytest.mark.parametrize("case", ["complete", "lacking"])
@pytest.mark.parametrize("language", deep_after(1, ["es", "en"]))
def test_figures_are_the_same_bytes_twice_and_carry_the_mark(drawn, parameters, case, language):
    first, *again = (
        {
            name: style.svg(figure)
            for name, figure in figures(drawn[case], parameters, language=language, synthetic=True).items()
        }
        for _ in range(2 if language == "es" else 1)
    )
    assert all(first == second for second in again)
    word = {"en": "SYNTHETIC DATA", "es": "DATOS SINTÉTICOS"}[language]
    assert all(word in text for text in first.values())


def test_without_synthetic_ratings_there_is_no_mark(drawn, parameters):
    assert all(
        "SYNTHETIC" not in style.svg(figure) for figure in figures(drawn["complete"], parameters).values()
    )


def words_of(figure):
    return " ".join(text.get_text().replace("\n", " ") for axes in figure.axes for text in axes.texts)


def named_on_the_map(figure):
    return {text.get_text() for text in figure.axes[1].texts if text.get_gid() != "cell"}


def test_the_map_names_who_is_decided_on_a_cut_point_tied_or_in_a_category_by_route(drawn, parameters):
    """Counted here anew, from the scores of the generated example."""
    assigned = drawn["complete"].assigned
    how = {"cut_points": parameters.cut_points, "method": parameters.method}
    figure = category_map(assigned, **how)
    scores = assigned[["relevance", "feasibility"]].round(6)
    moved = assigned.loc[assigned["decided"], "category_selection"]
    expected = {f"{code} D→{category}" for code, category in moved.items()}
    expected |= set(assigned.index[scores.isin([2.5, 3.5]).any(axis=1)])
    # By the rule no cell gives 3: only a recorded route does.
    expected |= set(assigned.index[assigned["category_by_rule"] == 3])
    tied = scores[scores.duplicated(keep=False)]
    expected -= set(tied.index)
    expected |= {"+".join(group.index) for _, group in tied.groupby(["relevance", "feasibility"])}
    assert named_on_the_map(figure) == expected
    assert "S08+S30" in expected
    assert named_on_the_map(category_map(assigned, width=style.NARROW, **how)) == expected


def test_axes_of_the_map_end_with_the_scale_and_cells_say_what_the_rule_gives(drawn, parameters):
    how = {"cut_points": parameters.cut_points, "method": parameters.method}
    figure = category_map(drawn["complete"].assigned, **how)
    square = figure.axes[1]
    assert square.get_xlim() == square.get_ylim() == (1, 5)
    cells = [text for text in square.texts if text.get_gid() == "cell"]
    # Relevance to the right, feasibility upwards; the plan, lines 526 to 540: low of either leaves 3 or 4.
    given = {}
    for cell in cells:
        level = tuple(sum(place > cut for cut in (2.5, 3.5)) for place in cell.get_position())
        given[level] = cell.get_text()
    assert given.pop((2, 2)) == "→1"
    assert [given.pop(level) for level in ((1, 1), (1, 2), (2, 1))] == ["→2"] * 3
    assert set(given.values()) == {"→3/4"}
    assert len(given) == 5


def test_every_proposal_has_a_mark_at_its_scores_and_ties_a_ring(drawn, parameters):
    assigned = drawn["complete"].assigned
    figure = category_map(assigned, cut_points=parameters.cut_points, method=parameters.method)
    places = [tuple(at) for marks in figure.axes[1].collections for at in marks.get_offsets()]
    scores = list(zip(assigned["relevance"], assigned["feasibility"], strict=True))
    rings = int(assigned["decided"].sum()) + 1
    assert len(places) == len(scores) + rings
    assert set(places) == set(scores)


def test_codes_of_more_than_three_at_one_place_are_counted(drawn, parameters):
    assigned = drawn["complete"].assigned.head(5).copy()
    assigned[["feasibility", "relevance"]] = 4.0
    figure = category_map(assigned.assign(decided=False), cut_points=parameters.cut_points)
    assert named_on_the_map(figure) == {"S01 +4"}


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


def lines_of(figure):
    """Every height of the sheet with its words, from the top."""
    lines: dict[float, list[str]] = {}
    for text in figure.axes[0].texts:
        lines.setdefault(round(text.get_position()[1], 3), []).append(text.get_text())
    return [lines[height] for height in sorted(lines)]


def test_third_evaluations_stand_pair_by_pair_in_the_order_of_the_method(drawn, parameters):
    """Of the generated example, by its plan: 29 of 258 pairs; 20 of 172 would, where none is foreseen."""
    shares = third_shares(drawn["complete"].settled, parameters)
    rows = [line for line in lines_of(third_evaluations(shares)) if len(line) == 2 and " of " in line[1]]
    assert [name.split(" · ")[1] for name, _ in rows[:6]] == ["Working Group"] * 3 + ["Core Group"] * 3
    counts = [[int(part) for part in count.split(" of ")] for _, count in rows]
    assert [sum(part) for part in zip(*counts[:6], strict=True)] == [29, 258]
    assert [sum(part) for part in zip(*counts[6:], strict=True)] == [20, 172]
    assert [name for name, _ in rows[6:]] == ["time", "complexity", "resources", "willingness"]


def test_a_third_evaluation_that_is_lacking_is_counted_beside_its_row(drawn, parameters):
    shares = third_shares(drawn["lacking"].settled, parameters)
    counts = [line[1] for line in lines_of(third_evaluations(shares)) if "lacking" in line[-1]]
    assert counts == [f"{n} of 43\n{n} lacking" for n in (7, 5, 5, 5, 6, 1)]


def test_counts_of_lacking_third_evaluations_do_not_overlap(drawn, parameters):
    figure = third_evaluations(third_shares(drawn["lacking"].settled, parameters), language="es")
    figure.draw_without_rendering()
    boxes = [t.get_window_extent() for t in figure.axes[0].texts if "\nfalta" in t.get_text()]
    assert len(boxes) == 6
    assert all(upper.y0 >= lower.y1 for upper, lower in pairwise(boxes))
    assert "1 de 43\nfalta 1" in [t.get_text() for t in figure.axes[0].texts]


PATHS = {"category_by_rule": [1, 1, 1, 2, None], "category_selection": [1, 1, 3, 2, 1]}
PATHS = pd.DataFrame(PATHS | {"category_final": [1, 1, 3, 4, 1]})


def bands_of(figure):
    """Heights of the bands of those that move, and the sum of all heights."""
    bands = [patch for patch in figure.axes[0].patches if isinstance(patch, PathPatch)]
    colours = [to_hex(patch.get_facecolor()).upper() for patch in bands]
    corners = [patch.get_path().vertices for patch in bands]
    heights = [below[1] - above[1] for above, *_, below, _ in corners]
    moved = [height for colour, height in zip(colours, heights, strict=True) if colour == style.ACCENT]
    return moved, sum(heights)


def test_paths_show_who_stays_and_who_moves_and_lose_nobody():
    """Five proposals: at the selection 1→3 and undetermined→1 move, at the end 2→4; all others stay."""
    figure = category_paths(PATHS)
    moved, total = bands_of(figure)
    assert moved == pytest.approx([46 / 5] * 3)
    assert total == pytest.approx(2 * 46), "each of both steps holds all proposals"
    bold = [text.get_text() for text in figure.axes[0].texts if text.get_color() == style.ACCENT]
    assert bold == ["1", "1", "1"]
    assert "undetermined" in words_of(figure)


def test_with_one_step_of_decisions_nothing_stands_between_rule_and_end():
    figure = category_paths(PATHS, stages=1, language="es")
    assert "tras la selección" not in words_of(figure)
    moved, total = bands_of(figure)
    assert (len(moved), total) == (3, pytest.approx(46))


def test_categories_beyond_the_fourth_and_many_proposals_have_paths_too():
    codes = pd.Series([*range(1, 10), *[1] * 400])
    figure = category_paths(pd.DataFrame(dict.fromkeys(PATHS, codes)))
    counts = [text.get_text() for text in figure.axes[0].texts]
    assert counts.count("401") == 3 + 2
    assert "category 9" in words_of(figure)


def test_without_steps_of_decisions_there_is_no_figure_of_paths(drawn, parameters):
    result = drawn["complete"]
    further = {"cut_points": parameters.cut_points, "method": replace(parameters.method, stages=())}
    further["third_shares"] = third_shares(result.settled, parameters)
    made = categories.all_of(
        Results({"categories": result.assigned}, {}, {}, synthetic=True, further=further)
    )
    assert {name for name, drawing in made.items() if drawing.empty} == {"category_counts"}


@pytest.mark.parametrize(("upper", "last"), [(0.2, "40%"), (0.41, "50%"), (0.98, "100%")])
def test_the_scale_of_third_evaluations_ends_at_40_or_where_the_data_need(upper, last):
    row = {"indicator": "alignment", "pair": "core_group", "foreseen": True, "needed": 4, "lacking": 0}
    row |= {"pairs": 43, "share": 4 / 43, "lower": 0.04, "upper": upper}
    figure = third_evaluations(pd.DataFrame([row]))
    ticks = [text for text in figure.axes[0].texts if text.get_text().endswith("%")]
    assert ticks[-1].get_text() == last
    left, right = (text.get_position()[0] for text in (ticks[0], ticks[-1]))
    dot = next(line for line in figure.axes[0].lines if line.get_marker() == "o")
    share = (dot.get_xdata()[0] - left) / (right - left) * int(last[:-1]) / 100
    assert share == pytest.approx(4 / 43)


def test_every_figure_of_the_notebook_is_the_one_drawn_alone(drawn, parameters):
    result = drawn["complete"]
    tables = {
        "categories": result.assigned,
    }
    further = {"cut_points": parameters.cut_points, "method": parameters.method}
    further["third_shares"] = third_shares(result.settled, parameters)
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
    text = words_of(category_map(assigned, cut_points=parameters.cut_points))
    assert ("D→ changed by a recorded decision" in text) is decided


def test_the_ring_says_that_a_decision_settled_what_the_rule_left_open(drawn, parameters):
    assigned = drawn["complete"].assigned
    open_case = assigned["category_by_rule"].mask(assigned["decided"])
    left_open = assigned.assign(category_by_rule=open_case)
    text = words_of(category_map(left_open, cut_points=parameters.cut_points, language="es"))
    assert "cambiada o resuelta por una decisión registrada" in text


def test_where_no_third_evaluation_is_foreseen_the_figure_says_so(drawn, parameters):
    shares = third_shares(drawn["complete"].settled, parameters)
    figure = third_evaluations(shares[~shares["foreseen"]], synthetic=True)
    assert [text.get_gid() for text in figure.texts] == ["nothing", "synthetic-mark"]


@pytest.mark.parametrize("axes", [1, 3])
def test_a_method_of_other_than_two_axes_has_a_strip_for_each(axes):
    """Six proposals in six categories: a mark for each, cut lines of each axis, none hidden."""
    names = [f"axis_{k}" for k in range(axes)]
    scores = pd.DataFrame({name: np.arange(6.0) for name in names}, index=[f"P{k}" for k in range(6)])
    categories = {name: range(1, 7) for name in ("category_by_rule", "category_selection", "category_final")}
    assigned = scores.assign(**categories, decided=False, final_step="rule")
    figure = category_strips(assigned, cut_points={name: (1.5, 3.5) for name in names})
    assert len(figure.axes) == axes + 1
    for panel in figure.axes[1:]:
        assert sum(len(marks.get_offsets()) for marks in panel.collections) == 6
        assert sorted(line.get_xdata()[0] for line in panel.lines) == [1.5, 3.5]


@pytest.mark.parametrize("decided", [True, False])
def test_the_strips_explain_the_ring_of_a_decision_only_where_one_is(decided):
    steps = {"category_by_rule": [1, 2], "category_selection": [1, 2], "category_final": [1, 1]}
    scores = pd.DataFrame({"a": [1.0, 2.0]}, index=["P1", "P2"])
    assigned = scores.assign(**steps, decided=[False, decided], final_step="rule")
    text = words_of(category_strips(assigned, cut_points={"a": (1.5,)}))
    assert ("D→ changed by a recorded decision" in text) is decided


@pytest.mark.parametrize("width", [165, 103])
def test_no_words_under_the_strips_leave_the_page(width):
    """A proposal without a score is told in a long sentence."""
    scores = pd.DataFrame({"a": [1.0, np.nan], "b": [2.0, 2.0]}, index=["P1", "P2"])
    steps = {name: [1, None] for name in ("category_by_rule", "category_selection", "category_final")}
    assigned = scores.assign(**steps, decided=False, final_step="rule").astype(dict.fromkeys(steps, "Int64"))
    figure = category_strips(assigned, cut_points={"a": (1.5,), "b": (1.5,)}, language="es", width=width)
    figure.draw_without_rendering()
    assert all(text.get_window_extent().x1 <= figure.bbox.x1 for text in figure.axes[0].texts)


@pytest.mark.parametrize("width", [165, 103])
def test_no_name_on_the_map_covers_another_or_leaves_the_square(drawn, parameters, width):
    how = {"cut_points": parameters.cut_points, "method": parameters.method, "width": width}
    figure = category_map(drawn["complete"].assigned, **how)
    figure.draw_without_rendering()
    square = figure.axes[1]
    names = [text.get_window_extent() for text in square.texts]
    covered = [
        max(min(one.x1, two.x1) - max(one.x0, two.x0), 0) * max(min(one.y1, two.y1) - max(one.y0, two.y0), 0)
        for at, one in enumerate(names)
        for two in names[:at]
    ]
    assert max(covered) < 20, "square pixels: sides are chosen by an estimate of the size of a letter"
    assert all(square.bbox.x0 - 2 <= box.x0 <= box.x1 <= square.bbox.x1 + 2 for box in names)


def test_of_more_proposals_than_can_be_read_none_is_named(drawn, parameters):
    assigned = drawn["complete"].assigned
    many = pd.concat([assigned.rename(index=lambda code, k=k: f"{code}-{k}") for k in range(2)])
    figure = category_map(many, cut_points=parameters.cut_points)
    assert not named_on_the_map(figure)


def test_a_crowd_of_names_is_still_written():
    places = np.zeros((9, 2))
    assert sorted(set(lettering.chosen_sides(places, [3] * 9))) == list(range(len(lettering.SIDES)))


def test_of_two_steps_the_arrow_goes_to_where_they_end():
    """R1: rule 4, then 2, then 3. R2: moved by the last step alone. R3: back to the rule. R4: as the rule."""
    steps = {
        "category_by_rule": [4, 1, 4, 2],
        "category_selection": [2, 1, 2, 2],
        "category_final": [3, 3, 4, 2],
        "decided": [True, False, True, False],
        "final_step": ["confirmation", "confirmation", "confirmation", "rule"],
    }
    assigned = pd.DataFrame(steps, index=["R1", "R2", "R3", "R4"])
    named = category_marks.named(assigned, assigned.index)
    assert list(named.values()) == ["R1 D→3", "R2 D→3", "R3", "R4"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_key_speaks_of_a_route_only_where_the_rule_asks_for_one(drawn, parameters, language):
    how = {"cut_points": parameters.cut_points, "language": language}
    without = replace(parameters.method, category_table=((4, 4, 3), (4, 2, 2), (3, 2, 1)))
    words = {"en": "institutional route", "es": "vía institucional"}[language]
    for method, told in ((parameters.method, True), (without, False)):
        figure = category_map(drawn["complete"].assigned, method=method, **how)
        assert (words in words_of(figure)) == told
