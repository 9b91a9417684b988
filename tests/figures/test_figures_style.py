"""A figure becomes the same SVG whatever the last bits of its places, and is drawn once in each language."""

from __future__ import annotations

import gc
import re

import numpy as np
import pytest
from matplotlib.figure import Figure

from ogp_analysis.figures import style
from ogp_analysis.output import canonical


@style.styled
def bars(height: float = 1.0, *, language: str = "en") -> Figure:
    figure = style.new(4.0, 2.0)
    axes = figure.subplots()
    axes.bar([0, 1], [height, 2.0], hatch="//")
    axes.plot([0, 1], [height, 2.0], marker="o", label=language)
    style.legend_below(axes)
    return figure


def test_last_bits_of_the_places_do_not_show():
    assert style.svg(bars(np.nextafter(1.0, 2.0))) == style.svg(bars(1.0))
    assert style.svg(bars(1.2)) != style.svg(bars(1.0))


def test_parts_of_two_figures_on_one_page_are_never_taken_for_each_other():
    def named(text: str) -> set[str]:
        return set(re.findall(r'\bid="([phm][0-9a-f]{8}-\d+)"', text))

    one, other = style.svg(bars(1.0)), style.svg(bars(1.2))
    assert len(named(one)) >= 3, "a clip path, a hatch and a marker"
    assert not named(one) & named(other)
    used = set(re.findall(r'(?:url\(#|href="#)([^")]+)', one))
    assert used <= set(re.findall(r'\bid="([^"]+)"', one)), "every part that is used is there"


def test_a_figure_is_drawn_once_in_each_language_for_notebook_and_run(tmp_path):
    asked = []

    def draw(language: str) -> Figure:
        asked.append(language)
        return bars(language=language)

    drawing = style.Drawing(draw)
    shown = drawing.show("es")._repr_svg_()
    written = canonical.save(tmp_path, "x", figures={"bars": drawing})
    assert sorted(asked) == ["en", "es"]
    assert written == ["figures/bars.en.svg", "figures/bars.es.svg"]
    assert (tmp_path / "figures" / "bars.es.svg").read_text(encoding="utf-8") == shown


def test_garbage_is_collected_again_after_a_drawing_even_one_that_fails():
    during = []

    def draw(*, language):
        during.append(gc.isenabled())
        return None.axes

    with pytest.raises(AttributeError):
        style.Drawing(draw).svg("en")
    assert (during, gc.isenabled()) == ([False], True)


def test_where_nobody_collects_garbage_a_drawing_does_not_begin_to():
    gc.disable()
    try:
        style.Drawing(bars).svg("en")
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_form_for_narrow_screens_is_saved_beside_the_other(tmp_path):
    def draw(language: str, width: float = style.COLUMN) -> Figure:
        return style.words_alone("335", language, width=width)

    drawing = style.Drawing(draw, name="flow", narrow=True)
    written = canonical.save(tmp_path, "x", figures={"flow": drawing})
    forms = [f"figures/flow.{code}{form}.svg" for code in ("en", "es") for form in (".narrow", "")]
    assert written == forms
    widths = [
        re.search(r'width="([\d.]+)pt"', (tmp_path / name).read_text(encoding="utf-8")) for name in forms
    ]
    assert [round(float(width[1]) * 25.4 / 72) for width in widths] == [103, 165] * 2
    spanish = (tmp_path / "figures" / "flow.es.svg").read_text(encoding="utf-8")
    assert "<title>De las propuestas recibidas a los compromisos</title>" in spanish
    assert "<desc>Barras con las propuestas en cada paso" in spanish


def test_an_empty_drawing_is_shown_and_not_saved(tmp_path):
    drawing = style.Drawing(
        lambda language: style.nothing(style.new(height=1.0), f"nothing ({language})"), empty=True
    )
    assert "nothing (en)" in drawing.show("en")._repr_svg_()
    assert canonical.save(tmp_path, "x", figures={"none": drawing}) == []


@pytest.mark.parametrize("turned", ["0", "90"])
def test_the_legend_lies_below_tick_labels_however_they_are_turned(turned):
    with style.applied():
        figure = style.new(4.0, 2.5)
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], label="a line")
        axes.set_xticks([0, 1], ["a very long label", "another long one"], rotation=float(turned))
        legend = style.legend_below(axes)
        figure.draw_without_rendering()
    lowest = min(text.get_window_extent().y0 for text in axes.get_xticklabels())
    assert 0 <= legend.get_window_extent().y0 < legend.get_window_extent().y1 <= lowest


@pytest.mark.parametrize("error", [ValueError, IndexError, KeyError, ZeroDivisionError, MemoryError])
@pytest.mark.parametrize(("language", "words"), [("en", "cannot be drawn"), ("es", "no se puede trazar")])
def test_data_that_cannot_be_drawn_are_said_in_place_of_the_figure(error, language, words):
    def draw(language):
        raise error("of a shape")

    assert words in style.Drawing(draw).svg(language)
    # Whoever asks for the figure itself still sees why.
    with pytest.raises(error):
        style.Drawing(draw)(language)


def test_a_slip_in_the_code_of_a_figure_is_not_hidden():
    with pytest.raises(AttributeError):
        style.Drawing(lambda language: None.axes).svg("en")
