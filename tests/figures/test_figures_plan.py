"""The plan's charts show what is published, mark what is not, and draw nothing that is lost."""

from __future__ import annotations

import inspect

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from ogp_analysis import plan
from ogp_analysis.figures import plan as figures
from ogp_analysis.figures import style
from ogp_analysis.language import texts
from ogp_analysis.plan import published

BREAKDOWNS = [
    "participation_province",
    "participation_gender",
    "participation_workshop_sector",
    "participation_ethnic",
]


@pytest.fixture(scope="module")
def tables():
    return published.read_all()


def drawn(name, tables, language="en"):
    if name.startswith("participation"):
        rows = plan.participation_tables(tables)[name]
        return figures.participation(rows, table=name, language=language)
    frames = {
        "flow": plan.flow,
        "milestones": plan.milestones,
        "conflict_matrix": plan.conflict_matrix,
        "sdg_links": lambda all_tables: all_tables["sdg_links"],
    }
    return getattr(figures, name)(frames[name](tables), language=language)


def words(figure):
    found = figure.findobj(mpl.text.Text)
    return [text.get_text() for text in found if text.get_text()]


def bars(figure):
    return [patch for patch in figure.axes[0].patches if isinstance(patch, mpl.patches.Rectangle)]


NAMES = ["flow", "milestones", "conflict_matrix", "sdg_links", *BREAKDOWNS]


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_chart_carries_its_title_in_the_readers_language_and_has_an_alternative(tables, name, language):
    figure = drawn(name, tables, language)
    assert isinstance(figure, Figure)
    title = texts.say(f"figure.{name}.title", language)
    shown = [*words(figure), figure.axes[0].get_title(loc="left")]
    assert title in shown
    assert len(texts.say(f"figure.{name}.alt", language)) > len(title)


@pytest.mark.parametrize("name", NAMES)
def test_same_bytes_every_time(tables, name):
    assert style.svg(drawn(name, tables)) == style.svg(drawn(name, tables))


def test_flow_shows_every_number_with_the_line_of_its_origin(tables):
    figure = drawn("flow", tables)
    shown = words(figure)
    nodes = plan.flow(tables).set_index("node").loc[list(figures.PLACES)]
    assert all(str(number) in shown for number in nodes["proposals"])
    frames = [patch for patch in figure.axes[0].patches if isinstance(patch, mpl.patches.FancyBboxPatch)]
    lines = [patch.get_linestyle() for patch in frames if patch.get_edgecolor()[3] > 0]
    assert sorted(lines) == sorted(nodes["origin"].map({"stated": "-", "derived": "--", "inferred": ":"}))


def test_flow_draws_every_node_of_the_flow_but_the_split_by_goals(tables):
    assert set(plan.flow(tables)["node"]) - set(figures.PLACES) == {"aligned", "not_aligned"}


def test_undated_milestones_are_words_and_no_bars(tables):
    figure = drawn("milestones", tables)
    table = plan.milestones(tables)
    assert len(bars(figure)) == table["end"].notna().sum() == 56
    assert words(figure).count("? no dates") == 1
    assert words(figure).count("? dates shared with another milestone (inferred)") == 2


def test_dropping_a_date_takes_its_bar_away(tables):
    table = plan.milestones(tables)
    table.loc[0, ["start", "end", "dating"]] = [None, None, "no dates"]
    assert len(bars(figures.milestones(table))) == 55


def test_provinces_show_the_derived_rest_as_derived(tables):
    figure = drawn("participation_province", tables)
    assert "other 13 provinces (derived)" in words(figure)
    lengths = [bar.get_width() for bar in bars(figure)]
    assert sorted(lengths) == sorted([118, 60, 21, 19, 18, 11, 10, 40])
    assert [bar.get_width() for bar in bars(figure) if bar.get_hatch()] == [40]


def test_ethnic_percentages_keep_their_printed_decimals(tables):
    assert {"79.80", "6.06", "5.40", "8.75"} <= set(words(drawn("participation_ethnic", tables)))
    assert "79,80" in words(drawn("participation_ethnic", tables, "es"))


def test_every_goal_has_its_commitments(tables):
    figure = drawn("sdg_links", tables)
    assert len(bars(figure)) == 40
    assert sum(bar.get_x() < 16.5 < bar.get_x() + 1 for bar in bars(figure)) == 10


def test_conflicts_are_drawn_once_each(tables):
    figure = drawn("conflict_matrix", tables)
    matrix = plan.conflict_matrix(tables).filter(regex=r"^C\d")
    points = {group.get_label(): len(group.get_offsets()) for group in figure.axes[0].collections}
    assert points == {role: int((matrix == role).to_numpy().sum()) for role in figures.ROLE_MARKS}


def test_lost_charts_have_no_drawing(tables):
    lost = set(tables["figures"].query("state == 'lost'")["regenerated_as"].dropna())
    assert lost == set()
    functions = inspect.getmembers(figures, inspect.isfunction)
    ours = (figures, figures)
    drawing = {name for name, item in functions if name[0] != "_" and inspect.getmodule(item) in ours}
    assert drawing == {"all_of", "flow", "participation", "sdg_links", "milestones", "conflict_matrix"}


def test_every_chart_is_a_function_of_the_language():
    charts = figures.all_of(plan.results.compute())
    assert set(charts) == set(NAMES)
    assert isinstance(charts["participation_ethnic"](language="es"), Figure)
