"""Figures of notebook 4: deterministic, marked while synthetic, in both languages, every proposal named."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from ogp_analysis import ratings
from ogp_analysis.figures import left_out, sensitivity, style
from ogp_analysis.figures.assumptions import assumptions
from ogp_analysis.figures.cut_steps import cut_steps
from ogp_analysis.figures.other_ways import moves_of, other_ways
from ogp_analysis.figures.robustness import robustness
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.sensitivity import results


@pytest.fixture(scope="module")
def found():
    parameters = params.from_values(params.baseline() | {"n_draws": 200})
    return results.compute(ratings.load(parameters), parameters)


def written(figure) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def heights(figure) -> dict[float, list[str]]:
    """What is written on each height of the first axes."""
    lines: dict[float, list[str]] = {}
    for text in figure.axes[0].texts:
        lines.setdefault(round(float(text.get_position()[1]), 3), []).append(text.get_text())
    return lines


@pytest.fixture(scope="module")
def made(found):
    """Every figure, drawn once for all checks in each language and width."""
    drawings = sensitivity.all_of(found)
    return {
        (name, language, width): drawing.draw(language=language, width=width)
        for name, drawing in drawings.items()
        for language in ("en", "es")
        for width in (165, 103)
    }


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.deep), "es"])
def test_figures_are_the_same_bytes_twice_and_carry_the_mark(found, made, language):
    word = {"en": "SYNTHETIC DATA", "es": "DATOS SINTÉTICOS"}[language]
    for name, drawing in sensitivity.all_of(found).items():
        first = style.svg(made[name, language, 165])
        assert language == "en" or first == style.svg(drawing(language))
        assert word in first


def test_without_synthetic_ratings_there_is_no_mark(found):
    for drawing in sensitivity.all_of(replace(found, synthetic=False)).values():
        names = [part.get_gid() or "" for part in drawing("en").get_children()]
        assert not any(name.startswith("synthetic-mark") for name in names)


def test_every_proposal_its_verdict_and_its_decision_stand_on_a_line(found):
    verdicts = found.tables["sensitivity_verdicts"]
    lines = heights(robustness(verdicts))
    for code, row in verdicts.iterrows():
        words = next(words for words in lines.values() if code in words)
        assert texts.say(f"sensitivity.verdict.{row['verdict']}", "en") in words
        assert (f"D→{row['category_final']}" in words) == bool(row["decided"])


def test_marks_of_robustness_stand_at_their_shares(found):
    verdicts = found.tables["sensitivity_verdicts"]
    drawn = robustness(verdicts).axes[0].lines
    places = sorted(float(line.get_xdata()[0]) for line in drawn if line.get_marker() == "o")
    low, (left, right) = 0.3, (16.0, 108.0)
    shares = pd.concat([verdicts["keeps_weights"], verdicts["another_round"]])
    expected = sorted(left + (right - left) * (shares - low) / (1 - low))
    assert [place for place in places if place > 84.5 or place not in (4.0, 86.0)][-20:] == pytest.approx(
        expected[-20:]
    )


def test_of_many_proposals_the_most_doubtful_are_shown(found):
    verdicts = found.tables["sensitivity_verdicts"]
    many = pd.concat([verdicts.rename(index=lambda code, k=k: f"{code}-{k}") for k in range(3)])
    shown = written(robustness(many, language="es"))
    assert "las 80 más dudosas de 129 propuestas" in shown
    assert sum(words == "se mantiene" for words in shown) < 3 * (verdicts["verdict"] == "robust").sum()


def test_assumptions_are_named_in_words(found):
    text = style.svg(assumptions(found.tables["sensitivity_influence"], language="es"))
    assert "pesos de los indicadores" in text
    assert "evaluadores (otra ronda)" in text


def test_of_an_empty_category_1_the_figure_says_that_nobody_can_stay(found):
    influence = found.tables["sensitivity_influence"]
    nobody = influence.assign(**dict.fromkeys(influence.filter(like="ten_").columns, float("nan")))
    text = style.svg(assumptions(nobody))
    assert "The rule puts none in category 1" in text
    assert "everything varies" not in text


def test_undetermined_proposals_have_no_bars_and_are_counted():
    parameters = params.from_values(params.baseline() | {"n_draws": 200, "blind_pair": "between_panels"})
    found = results.compute(ratings.load(parameters), parameters)
    verdicts = found.tables["sensitivity_verdicts"]
    unclear = verdicts.index[verdicts["verdict"] == "undetermined"]
    shown = written(robustness(verdicts))
    assert f"{len(unclear)} undetermined proposals are not shown" in shown
    assert not set(unclear) & set(shown)
    alone = {**found.tables, "sensitivity_verdicts": verdicts.loc[unclear]}
    for name in ("curve", "cut_steps", "adding", "rules"):
        alone[f"sensitivity_{name}"] = alone[f"sensitivity_{name}"].head(0)
    drawn = sensitivity.all_of(replace(found, tables=alone))
    assert all("<svg" in style.svg(draw()) for draw in drawn.values())


def test_every_proposal_that_hangs_on_one_person_is_named_and_no_person_is(found):
    text = style.svg(sensitivity.all_of(found)["sensitivity_left_out"]("en"))
    alone = found.tables["sensitivity_on_one"]
    assert all(f">{code}<" in text for code in alone.index)
    codes = set(ratings.load(params.from_values(params.baseline())).ratings["evaluator"])
    assert not any(f">{code}<" in text for code in codes)
    assert "change none: 95" in text
    assert "5 of them decide on category 1" in text


def test_of_many_proposals_those_that_hang_on_one_person_are_shown(found):
    counted, alone = (found.tables[f"sensitivity_{name}"] for name in ("left_out", "on_one"))
    many = pd.concat([alone.rename(index=lambda code, k=k: f"{code}-{k}") for k in range(3)])
    text = style.svg(left_out.left_out(counted, many, language="es"))
    doubt = many[(many["evaluators_change"] > 0) | (many["evaluators_could"] > 0)]
    assert f"({len(doubt)} de 129)" in text
    assert "S01-0" not in text
    assert "S13-2" in text


@pytest.mark.parametrize("could", [1, 106])
def test_words_below_the_bars_end_before_the_tiles(found, could):
    alone = found.tables["sensitivity_on_one"]
    row = {"kind": "evaluator", "changed": 0, "crossing": 0, "times": could, "no_category": 0}
    counted = pd.DataFrame([row | {"could_change": 1}, row | {"could_change": 0, "times": 3}])
    figure = left_out.left_out(counted, alone, language="es")
    figure.draw_without_rendering()
    words = next(t for t in figure.axes[0].texts if "según una tercera evaluación" in t.get_text())
    assert words.get_text().startswith("1 podría," if could == 1 else "106 podrían,")
    assert words.get_window_extent().x1 < figure.bbox.x1 * left_out.RIGHT / 165


def test_with_nobody_to_leave_out_it_says_so(found):
    counted, alone = (found.tables[f"sensitivity_{name}"] for name in ("left_out", "on_one"))
    named = counted[counted["kind"] != "evaluator"]
    one = counted[counted["kind"] == "evaluator"].head(1).assign(times=1)
    words = texts.say("sensitivity.figure.left_out.nothing", "es")
    for people, proposals in ((counted, alone.head(0)), (named, alone), (one, alone)):
        figure = left_out.left_out(people, proposals, language="es")
        assert [text.get_text() for text in figure.texts if text.get_text()][-1].split() == words.split()


def test_cells_of_other_ways_are_the_moves_of_the_tables(found):
    ways, rules = found.tables["sensitivity_adding"], found.tables["sensitivity_rules"]
    shown = written(other_ways(ways, rules))
    moves = [moves_of(text) for text in [*ways["moves"], *rules.loc[~rules["baseline"], "moves"]]]
    sure = [str(new[0]) for row in moves for new in row.values() if len(new) == 1]
    assert sum(words == "?" for words in shown) == sum(len(new) > 1 for row in moves for new in row.values())
    assert shown.count("3") == sure.count("3")
    assert shown.count("nothing moves") == sum(not row for row in moves)
    assert {code for row in moves for code in row} <= set(shown)


def test_codes_over_the_highest_step_stay_below_the_head():
    rows = {"cut": "all", "level": "", "shift": [-0.5, -0.2, 0.0], "category_1": [9, 2, 2], "entering": ""}
    figure = cut_steps(pd.DataFrame(rows | {"leaving": ["", "P001 P01", ""]}))
    figure.draw_without_rendering()
    panel = figure.axes[1]
    (code,) = [text for text in panel.texts if text.get_text() == "P001 P01"]
    assert code.get_window_extent().y1 <= panel.get_window_extent().y1


@pytest.mark.parametrize("weighed", [True, False])
@pytest.mark.parametrize("known", [True, False])
def test_marks_that_say_nothing_are_not_drawn(found, weighed, known):
    verdicts = found.tables["sensitivity_verdicts"]
    verdicts = verdicts if known else verdicts.assign(another_round=float("nan"), verdict="robust")
    language = texts.Language("en", variant="" if weighed else texts.UNWEIGHTED)
    figure = robustness(verdicts, language=language)
    keys = {name: texts.say(f"sensitivity.figure.robustness.{name}", "en") for name in ("weights", "round")}
    assert (keys["weights"] in written(figure), keys["round"] in written(figure)) == (weighed, known)
    assert ("holds on both counts" in written(figure)) == (weighed and known)


def test_steps_of_the_cut_points_are_drawn_where_proposals_cross(found):
    steps = found.tables["sensitivity_cut_steps"]
    panels = cut_steps(steps).axes[1:]
    assert len(panels) == 5
    for panel, (_, part) in zip(panels, steps.groupby(["cut", "level"], sort=False), strict=True):
        assert panel.lines[0].get_xdata().tolist() == part["shift"].tolist()
        baseline = panel.lines[1].get_ydata()[0]
        assert baseline == found.summary["in_category_1"]


BODY = ("acceptability", "adding", "assumptions", "cuts", "left_out")


@pytest.mark.parametrize("width", [165, 103])
@pytest.mark.parametrize("language", ["en", "es"])
def test_no_type_is_smaller_than_eight_points_and_none_is_cut_off(made, language, width):
    for name in BODY:
        figure = made[f"sensitivity_{name}", language, width]
        assert figure.get_size_inches()[0] * 25.4 == pytest.approx(width)
        figure.draw_without_rendering()
        for text in (text for axes in figure.axes for text in axes.texts):
            box = text.get_window_extent()
            assert text.get_fontsize() >= 8
            assert -1 <= box.x0 <= box.x1 <= figure.bbox.x1 + 1, text.get_text()
            assert -1 <= box.y0 <= box.y1 <= figure.bbox.y1 + 1, text.get_text()


def test_narrow_figures_draw_what_the_wide_ones_draw(found, made):
    """The same codes, counts and marks, whatever the layout."""
    for name in BODY:
        assert sensitivity.all_of(found)[f"sensitivity_{name}"].narrow
        wide, narrow = (made[f"sensitivity_{name}", "en", width] for width in (165, 103))
        codes = [set(re.findall(r"S\d\d", " ".join(written(figure)))) for figure in (wide, narrow)]
        # Of the proposals that other ways move, the narrow figure has room for fewer.
        assert codes[0] >= codes[1] if name == "adding" else codes[0] == codes[1]
        marks = [
            sum(line.get_marker() == "o" for axes in f.axes for line in axes.lines) for f in (wide, narrow)
        ]
        assert marks[0] == marks[1]


def test_a_proposal_without_a_column_is_counted_below(found):
    ways, rules = found.tables["sensitivity_adding"], found.tables["sensitivity_rules"].head(0)
    many = ways.assign(moves=", ".join(f"P{k:03} 1→2" for k in range(60)))
    shown = written(other_ways(many, rules, language="es"))
    assert any("de 60" in words for words in shown)
    assert len([words for words in shown if words.startswith("P0")]) == 25
