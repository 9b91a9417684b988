"""The plan's charts show what is published, mark what is not, and draw nothing that is lost."""

from __future__ import annotations

import inspect
from functools import cache

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from ogp_analysis import plan
from ogp_analysis.figures import plan as figures
from ogp_analysis.figures import style
from ogp_analysis.language import texts
from ogp_analysis.plan import published


@pytest.fixture(scope="module")
def tables():
    return published.read_all()


def drawn(name, tables, language="en", width=style.COLUMN):
    how = {"language": language, "width": width}
    if name == "method":
        return figures.method(**how)
    if name == "participation":
        known = plan.participation_tables(tables)
        return figures.participation({panel: known[panel] for panel in figures.PANELS}, **how)
    if name == "milestones":
        return figures.milestones(plan.milestones(tables), plan.commitments(tables), **how)
    return getattr(figures, name)(getattr(plan, name)(tables), **how)


@cache
def drawn_once(name, language, width):
    """A figure for tests that look at it and change nothing."""
    return drawn(name, published.read_all(), language, width)


def words(figure):
    found = figure.findobj(mpl.text.Text)
    return [text.get_text() for text in found if text.get_text()]


def bars(figure):
    return [patch for patch in figure.axes[0].patches if isinstance(patch, mpl.patches.Rectangle)]


NAMES = ["method", "flow", "participation", "milestones", "conflict_matrix"]
HATCH_OF = {"stated": None, "derived": "////", "inferred": ".."}


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_chart_has_its_words_in_the_caption_and_the_size_of_the_column(name, language):
    figure = drawn_once(name, language, style.COLUMN)
    assert isinstance(figure, Figure)
    assert figure.axes[0].get_title(loc="left") == ""
    for kind in ("title", "alt", "finding", "how"):
        assert texts.say(f"figure.{name}.{kind}", language)
    width, height = figure.get_size_inches() * 25.4
    assert width == pytest.approx(165)
    assert height <= 226


@pytest.mark.parametrize("width", [165, 103])
@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_no_type_is_smaller_than_eight_points_and_none_is_cut_off(name, language, width):
    figure = drawn_once(name, language, width)
    assert figure.get_size_inches()[0] * 25.4 == pytest.approx(width)
    figure.draw_without_rendering()
    page = figure.bbox
    for text in figure.findobj(mpl.text.Text):
        if not text.get_text():
            continue
        assert text.get_fontsize() >= 8
        box = text.get_window_extent()
        assert page.x0 - 1 <= box.x0
        assert box.x1 <= page.x1 + 1, text.get_text()
        assert page.y0 - 1 <= box.y0
        assert box.y1 <= page.y1 + 1


@pytest.mark.parametrize("name", NAMES)
def test_same_bytes_every_time(tables, name):
    assert style.svg(drawn(name, tables)) == style.svg(drawn(name, tables))


def test_a_narrow_chart_says_what_the_wide_one_says(tables):
    """The same words and numbers; how they are broken into lines and cut short differs."""
    for name in ("flow", "participation", "conflict_matrix"):
        wide, narrow = (
            " ".join(sorted(" ".join(words(drawn(name, tables, width=width))).split()))
            for width in (165, 103)
        )
        assert wide == narrow
    marks = [len(drawn("milestones", tables, width=width).axes[0].patches) for width in (165, 103)]
    assert marks[0] == marks[1]


def test_bars_of_the_flow_are_as_long_as_their_numbers_and_hatched_by_origin(tables):
    figure = drawn("flow", tables)
    nodes = plan.flow(tables).set_index("node")
    drawn_bars = bars(figure)
    steps, split = drawn_bars[: len(figures.STEPS)], drawn_bars[len(figures.STEPS) :]
    # 335, 181, 43 and 10 on one scale; then 10, 6, 8 and 19 of the 43.
    assert [round(335 * bar.get_width() / steps[0].get_width()) for bar in steps] == [335, 181, 43, 10]
    whole = sum(bar.get_width() for bar in split)
    assert [round(43 * bar.get_width() / whole) for bar in split] == [10, 6, 8, 19]
    origins = [nodes.loc[name, "origin"] for name in figures.CATEGORIES]
    assert origins == ["inferred", "inferred", "stated", "stated"]
    assert [bar.get_hatch() or None for bar in split] == [HATCH_OF[origin] for origin in origins]
    # Categories 3 and 4 are both solid: a line parts them, as it parts all.
    ends = [bar.get_x() + bar.get_width() for bar in split[:-1]]
    assert [line.get_xdata()[0] for line in figure.axes[0].lines] == pytest.approx(ends)


def test_undated_milestones_are_words_and_no_bars(tables):
    figure = drawn("milestones", tables)
    table = plan.milestones(tables)
    # Three have no dates of their own; one has an end alone, which is a tick.
    assert table["dating"].value_counts().to_dict() == {
        "dated": 55,
        "dates shared (inferred)": 2,
        "no start": 1,
        "no dates": 1,
    }
    assert len(bars(figure)) == 55
    for flag, count in (("no_dates", 1), ("shared", 2), ("no_start", 1)):
        assert words(figure).count(texts.say(f"plan.figure.flag.{flag}", "en")) == count


def test_dropping_a_date_takes_its_bar_away(tables):
    table = plan.milestones(tables)
    table.loc[0, ["start", "end", "dating"]] = [None, None, "no dates"]
    assert len(bars(figures.milestones(table, plan.commitments(tables)))) == 54


def test_participation_hatches_what_is_not_stated(tables):
    figure = drawn("participation", tables)
    shown = words(figure)
    # 118 and 60 of 297 proposals are printed; the 40 of the other provinces are derived.
    assert any("(118)" in text and "Pichincha" in text for text in shown)
    hatched = [bar for bar in bars(figure) if bar.get_hatch()]
    # Lines 618 and 630: percentages of two provinces are printed; of five, of the others and of both genders
    # they are derived; the ethnic groups that are not printed are inferred.
    assert sorted(bar.get_hatch() for bar in hatched) == ["..", *["////"] * 8]
    assert sum("n = 419, inferred" in " ".join(text.split()) for text in shown) == 1
    assert sum("n = 419, derived" in " ".join(text.split()) for text in shown) == 1
    assert any("79,8" in text for text in words(drawn("participation", tables, "es")))


def test_conflicts_are_drawn_once_each_and_counted_at_the_margins(tables):
    figure = drawn("conflict_matrix", tables)
    matrix = plan.conflict_matrix(tables).filter(regex=r"^C\d")
    drawn_roles = [group.get_label() for group in figure.axes[0].collections]
    for role in figures.ROLE_MARKS:
        assert drawn_roles.count(role) == int((matrix == role).to_numpy().sum())
    # The counterpart of commitment 3 is read from a damaged name.
    dotted = [mark for mark in figure.axes[0].collections if mark.get_linestyle()[0][1] is not None]
    assert [mark.get_label() for mark in dotted] == ["counterpart"]
    # C10 has no member of the Core Group as lead or counterpart: the one column of ten that counts 0.
    below = [text.get_text() for text in figure.axes[0].texts][-11:-1]
    assert below.index("0") == 9
    assert below.count("0") == 1


def test_the_drawing_of_the_method_dashes_what_the_plan_does_not_say(tables):
    figure = drawn("method", tables)
    frames = [p for p in figure.axes[0].patches if isinstance(p, mpl.patches.FancyBboxPatch)]
    dashed = sum(frame.get_linestyle() in ("--", "dashed") for frame in frames)
    # Ours: the pair inside a panel, what matches, that the third replaces both, the mean of a pair without a
    # third, and the cut points of both criteria.
    assert dashed == 6
    # The plan's text puts high with high (line 528) and medium with medium (line 532), not high with medium.
    grid = [p for p in figure.axes[0].patches if type(p) is mpl.patches.Rectangle]
    assert [cell.get_linestyle() in ("--", "dashed") for cell in grid] == [
        *(False, False, False),
        *(False, False, True),
        *(False, True, False),
    ]
    lines = plan.plan_lines(tables).set_index("line")
    assert {lines.loc[line, "section"] for line in (490, 504, 516, 528, 532)} == {"3.2"}
    assert lines.loc[703, "section"] == "3.3.3"
    assert set(lines.loc[[504, 703], "section_page"]) == {18, 31}
    for language in texts.LANGUAGES:
        place = texts.say("plan.figure.method.place_relevance", language)
        assert all(part in place for part in ("3.2", "3.3.3", "p. 18", "p. 31"))
    cells = [text.get_text() for text in figure.axes[0].texts]
    # Lines 526 to 540: one cell of category 1, three of 2, five where a way outside the plan decides.
    assert [cells.count(each) for each in ("1", "2", "3 / 4")] == [1, 3, 5]


def test_lost_charts_have_no_drawing(tables):
    lost = set(tables["figures"].query("state == 'lost'")["regenerated_as"].dropna())
    assert lost == set()
    functions = inspect.getmembers(figures, inspect.isfunction)
    ours = (figures, figures)
    drawing = {name for name, item in functions if name[0] != "_" and inspect.getmodule(item) in ours}
    assert drawing == {"all_of", "flow", "participation", "conflict_matrix"}


def test_every_chart_is_a_function_of_the_language():
    charts = figures.all_of(plan.results.compute())
    assert set(charts) == set(NAMES)
    assert isinstance(charts["participation"](language="es"), Figure)


@pytest.mark.parametrize("width", [style.COLUMN, style.NARROW])
def test_the_word_for_stakes_stands_clear_of_their_numbers(tables, width):
    figure = drawn("conflict_matrix", tables, width=width)
    figure.draw_without_rendering()
    boxes = [(t.get_text(), t.get_window_extent()) for t in figure.axes[0].texts]
    word = next(box for words, box in reversed(boxes) if words == "stakes")
    assert not any(word.overlaps(box) for words, box in boxes if words.isdigit())
