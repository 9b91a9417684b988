"""Who rated what, and how often each rating was given."""

from __future__ import annotations

import itertools
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from ogp_analysis.figures import style
from ogp_analysis.language import texts
from ogp_analysis.language.labels import name_label, value_label
from ogp_analysis.model.results import Results

# A panel with more evaluators is drawn as one column: a column for each would only be a diagonal.
MOST_COLUMNS = 30
# With more proposals their codes would only cover each other.
MOST_NAMED = 70
# Inches of height a proposal, and the fewest and most rows that the figure's height follows.
ROW, ROWS_AT_LEAST, ROWS_AT_MOST = 0.135, 8, 70
# Filled, open, dark, light: the two panels of a criterion are told apart in grey too.
PANEL_COLOURS = (style.DATA, style.PAPER, style.GREY, style.LIGHT_GREY)
# Longer scales get the ticks that fit, or their ratings would overlap.
MOST_TICKS = 11
MARKS: dict[str, dict[str, Any]] = {
    "independent": {"marker": "s", "color": style.DATA},
    "third": {"marker": "^", "color": style.INK},
    "lacking": {"marker": "x", "color": style.INK},
}


@style.styled
def who_rated_what(
    rated: pd.DataFrame, coverage: pd.DataFrame, *, language: str = "en", synthetic: bool = False
) -> Figure:
    """Draw which evaluator rated which proposal, without the ratings."""
    proposals = list(dict.fromkeys(coverage["proposal"]))
    columns = columns_of(rated, list(dict.fromkeys(coverage["panel"])))
    places = {name: at for at, name in enumerate(columns)}
    height = ROW * min(max(len(proposals), ROWS_AT_LEAST), ROWS_AT_MOST)
    figure = style.new(height=height + 1.9)
    axes = figure.subplots()
    rows = {proposal: at for at, proposal in enumerate(proposals)}
    for kind, marks in marks_of(rated, coverage, places).items():
        if len(marks):
            label = texts.say(f"figure.who_rated_what.{kind}", language)
            size = 34 if kind == "third" else 20
            at = [rows[proposal] for proposal in marks["proposal"]]
            axes.scatter(marks["column"], at, s=size, label=label, linewidths=0.9, **MARKS[kind])
    _name_axes(axes, proposals, columns=columns, language=language)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -_foot(columns) / height), ncols=3)
    return style.completed(figure, language, synthetic=synthetic)


def _foot(columns: list[tuple[str, str]]) -> float:
    """Inches that the names below the columns take: panels drawn as one column have long ones."""
    return 0.95 if any(not evaluator for _, evaluator in columns) else 0.5


def columns_of(rated: pd.DataFrame, panels: list[str]) -> list[tuple[str, str]]:
    """List the columns: panel and evaluator, or panel and nothing where a panel has many evaluators.

    >>> rated = pd.DataFrame({"panel": ["lead", *["group"] * 31], "evaluator": ["L1", *map(str, range(31))]})
    >>> columns_of(rated, ["lead", "group", "ministry"])
    [('lead', 'L1'), ('group', ''), ('ministry', '')]
    """
    columns: list[tuple[str, str]] = []
    for panel in panels:
        evaluators = sorted(rated.loc[rated["panel"] == panel, "evaluator"].unique())
        many = len(evaluators) > MOST_COLUMNS or not evaluators
        columns += [(panel, "")] if many else [(panel, evaluator) for evaluator in evaluators]
    return columns


def marks_of(
    rated: pd.DataFrame, coverage: pd.DataFrame, places: dict[tuple[str, str], int]
) -> dict[str, pd.DataFrame]:
    """Place a mark for each proposal and column: independent ratings, a third evaluation, ratings lacking.

    >>> who = {"proposal": "S01", "panel": "core_group", "evaluator": ["CG1"], "role": "independent"}
    >>> coverage = pd.DataFrame({"proposal": ["S01"], "panel": "core_group", "wanted": 6, "given": 3})
    >>> marks = marks_of(pd.DataFrame(who), coverage, {("core_group", "CG1"): 0})
    >>> marks["independent"]["column"].tolist(), marks["lacking"]["column"].tolist()
    ([0], [-0.5])
    """
    # An evaluator of a panel that is drawn as one column has no column of its own.
    own = list(zip(rated["panel"], rated["evaluator"], strict=True))
    at = [places[name] if name in places else places[name[0], ""] for name in own]
    marks = rated.assign(column=at)[["proposal", "column", "role"]].drop_duplicates()
    missing = coverage[coverage["given"] < coverage["wanted"]]
    first = {panel: min(at for (name, _), at in places.items() if name == panel) for panel, _ in places}
    return {
        "independent": marks[marks["role"] == "independent"],
        "third": marks[marks["role"] == "third"],
        "lacking": missing.assign(column=missing["panel"].map(first) - 0.5),
    }


def _name_axes(axes: Axes, proposals: list[str], *, columns: list[tuple[str, str]], language: str) -> None:
    # Upside down: the first proposal is on top, as in the table.
    axes.set_ylim(len(proposals) - 0.4, -0.6)
    axes.set_xlim(-0.8, len(columns) - 0.4)
    every = range(len(proposals)) if len(proposals) <= MOST_NAMED else []
    axes.set_yticks(list(every), [proposals[row] for row in every])
    names = [evaluator or name_label("panel", panel, language) for panel, evaluator in columns]
    axes.set_xticks(range(len(columns)), names, rotation=90)
    axes.tick_params(length=0)
    axes.grid(axis="y", linewidth=0.4)
    panels = [panel for panel, _ in columns]
    for panel in dict.fromkeys(panels):
        places = [at for at, name in enumerate(panels) if name == panel]
        if columns[places[0]][1]:
            above: dict[str, Any] = {
                "xycoords": ("data", "axes fraction"),
                "xytext": (0, 3),
                "textcoords": "offset points",
            }
            name = name_label("panel", panel, language)
            axes.annotate(
                name, (float(np.mean(places)), 1.0), ha="center", va="bottom", fontsize=style.SMALL, **above
            )
        if places[0]:
            axes.axvline(places[0] - 0.5, color=style.GREY, linewidth=0.7)


@style.styled
def ratings_spread(spread: pd.DataFrame, *, language: str = "en", synthetic: bool = False) -> Figure:
    """Draw how often each rating was given, one small chart an indicator, one shade a panel.

    >>> spread = {"indicator": "time", "panel": "lead", "rating": [1.0, 1.5, 2.0], "count": [0, 3, 1]}
    >>> chart = ratings_spread(pd.DataFrame(spread), language="es").axes[0]
    >>> [tick.get_text() for tick in chart.get_xticklabels()]
    ['1', '1,5', '2']
    """
    indicators = list(dict.fromkeys(spread["indicator"]))
    # Rounded up.
    rows = -(-len(indicators) // 4)
    figure = style.new(height=1.9 * rows + 0.9)
    charts = figure.subplots(rows, min(len(indicators), 4), sharey=True, squeeze=False).ravel()
    # More panels than colours begin again with the first; each chart shows the panels of one criterion only.
    colours = dict(zip(dict.fromkeys(spread["panel"]), itertools.cycle(PANEL_COLOURS), strict=False))
    for chart, indicator in zip(charts, indicators, strict=False):
        _bars(chart, spread[spread["indicator"] == indicator], colours=colours, language=language)
        chart.set_title(name_label("indicator", indicator, language), fontsize=9)
    for chart in charts[len(indicators) :]:
        chart.set_visible(False)
    for chart in charts[:: min(len(indicators), 4)]:
        chart.set_ylabel(texts.say("figure.ratings_spread.count", language))
    _panel_legend(figure, charts[len(indicators) :], colours=colours, language=language)
    return style.completed(figure, language, synthetic=synthetic)


def _bars(chart: Axes, counts: pd.DataFrame, *, colours: dict[str, str], language: str) -> None:
    panels = list(dict.fromkeys(counts["panel"]))
    scale = sorted(counts["rating"].unique())
    width = 0.8 * min((after - before for before, after in pairwise(scale)), default=1) / len(panels)
    for at, panel in enumerate(panels):
        of_panel = counts[counts["panel"] == panel]
        places = of_panel["rating"] + (at - (len(panels) - 1) / 2) * width
        chart.bar(
            places,
            of_panel["count"],
            width,
            color=colours[panel],
            edgecolor=style.INK,
            linewidth=0.6,
        )
    chart.set_xlabel(texts.say("figure.ratings_spread.axis", language), fontsize=8)
    if len(scale) <= MOST_TICKS:
        chart.set_xticks(scale, [value_label("rating", f"{rating:g}", language) for rating in scale])


def _panel_legend(
    figure: Figure, unused: npt.NDArray[np.object_], *, colours: dict[str, str], language: str
) -> None:
    names = [name_label("panel", panel, language) for panel in colours]
    look: dict[str, Any] = {"edgecolor": style.INK, "linewidth": 0.6}
    handles = [
        Patch(facecolor=colour, label=name, **look)
        for colour, name in zip(colours.values(), names, strict=True)
    ]
    if len(unused):
        # The empty place of the grid holds the legend.
        unused[0].set_visible(True)
        unused[0].axis("off")
        unused[0].legend(handles=handles, loc="center")
    else:
        figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))


def all_of(results: Results) -> dict[str, style.Drawing]:
    """Give every figure of the first notebook, to be drawn in each language.

    Parameters
    ----------
    results : Results
        From ``ratings.results.compute``.

    Returns
    -------
    dict of Drawing
        By figure id, which is the name of the file.
    """
    tables, synthetic = results.tables, results.synthetic
    rated = results.further["who_rated_what"]
    drawings = {
        "ratings_map": partial(who_rated_what, rated, tables["ratings_coverage"], synthetic=synthetic),
        "ratings_spread": partial(ratings_spread, tables["ratings_spread"], synthetic=synthetic),
    }
    return {name: style.Drawing(draw, name=name) for name, draw in drawings.items()}
