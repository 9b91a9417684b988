"""Where proposals lie between the cut points, how categories move, where third evaluations were needed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ogp_analysis.figures import style
from ogp_analysis.figures.lettering import write_names
from ogp_analysis.language import texts
from ogp_analysis.language.labels import name_label
from ogp_analysis.model.results import Results

MARKERS = {1: "o", 2: "s", 3: "^", 4: "v"}
# No category has this number.
UNDETERMINED = 0
# Points of score by which equal points are set apart: as much as a marker needs to be seen beside another.
STEP = 0.045
# With more proposals than this their names would only cover each other.
MOST_NAMED = 80
STATUS_COLOURS = {
    "matched": style.SKY,
    "third": style.ORANGE,
    "unresolved": style.VERMILION,
    "single": style.GREY,
}


@style.styled
def category_map(
    assigned: pd.DataFrame,
    *,
    cut_points: Mapping[str, tuple[float, float]],
    language: str = "en",
    synthetic: bool = False,
) -> Figure:
    """Draw every proposal at its criterion scores, with the cut points and its category after the selection.

    Parameters
    ----------
    assigned : DataFrame
        From ``categories.assign``: index proposal, criterion scores, ``category_selection``, ``decided``.
    cut_points : mapping
        Two cut points for each criterion; the first criterion is drawn upwards, the second to the right.
    language : str
        ``"en"`` or ``"es"``.
    synthetic : bool
        Whether the mark is drawn.

    Returns
    -------
    matplotlib.figure.Figure
        One panel.
    """
    up, right = list(cut_points)[:2]
    figure = style.new(7.2, 5.6)
    axes = figure.subplots()
    for cut in cut_points[right]:
        axes.axvline(cut, color=style.GREY, linewidth=0.9, linestyle="--")
    for cut in cut_points[up]:
        axes.axhline(cut, color=style.GREY, linewidth=0.9, linestyle="--")
    placed = _apart(assigned[[right, up]])
    for code in (1, 2, 3, 4, UNDETERMINED):
        _scatter(axes, placed, assigned, code)
    if len(placed) <= MOST_NAMED:
        write_names(axes, placed, width=6.3, height=4.0)
    axes.set_xlabel(_axis(right, language))
    axes.set_ylabel(_axis(up, language))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: texts.number(value, language, 1))
    axes.set_title(_map_title(len(assigned) - len(placed), language))
    style.legend_below(axes, handles=_handles(assigned, language), ncols=3)
    return style.synthetic_mark(figure, language) if synthetic else figure


def _map_title(hidden: int, language: str) -> str:
    title = texts.say("figure.category_map.title", language)
    # Without both scores there is no place; whoever looks for a proposal must learn that it is not drawn.
    return f"{title}\n{texts.say('figure.category_map.hidden', language, count=hidden)}" if hidden else title


def _apart(points: pd.DataFrame) -> pd.DataFrame:
    """Step equal points aside so that none hides another; the first stays where it is."""
    order = points.groupby(list(points.columns), sort=False).cumcount()
    return points.add(order * STEP, axis=0).dropna()


def _scatter(axes: Axes, placed: pd.DataFrame, assigned: pd.DataFrame, code: int) -> None:
    category = assigned["category_selection"].fillna(UNDETERMINED)
    of_category = placed[(category == code).reindex(placed.index)]
    decided = assigned["decided"].reindex(of_category.index)
    for overruled, edge, width in ((False, style.BLACK, 0.5), (True, style.VERMILION, 1.8)):
        part = of_category[decided == overruled]
        axes.scatter(
            part.iloc[:, 0],
            part.iloc[:, 1],
            marker=MARKERS.get(code, "X"),
            s=46,
            color=style.CATEGORY_COLOURS.get(code, "white"),
            edgecolors=edge,
            linewidths=width,
            zorder=3,
        )


def _axis(criterion: str, language: str) -> str:
    return texts.say("figure.points", language, name=name_label("criterion", criterion, language))


def _handles(assigned: pd.DataFrame, language: str) -> list[Line2D]:
    names = {code: texts.say("figure.category", language, number=code) for code in MARKERS}
    if assigned["category_selection"].isna().any():
        names[UNDETERMINED] = texts.say("figure.undetermined", language)
    handles = [
        Line2D(
            [],
            [],
            linestyle="",
            marker=MARKERS.get(code, "X"),
            markerfacecolor=style.CATEGORY_COLOURS.get(code, "white"),
            markeredgecolor=style.BLACK,
            label=name,
        )
        for code, name in names.items()
    ]
    if assigned["decided"].any():
        ring: dict[str, Any] = {"marker": "o", "markerfacecolor": "white", "markeredgecolor": style.VERMILION}
        settled = assigned.loc[assigned["decided"], "category_by_rule"].isna().any()
        label = texts.say("figure.by_decision_settled" if settled else "figure.by_decision", language)
        handles.append(Line2D([], [], linestyle="", markeredgewidth=1.8, label=label, **ring))
    return handles


@style.styled
def category_counts(counts: pd.DataFrame, *, language: str = "en", synthetic: bool = False) -> Figure:
    """Draw how many proposals each category holds: by the rule, after the selection, after phase 5.

    >>> counts = {"category": [1, 2], "by_rule": [9, 7], "after_selection": [10, 6], "final": [10, 0]}
    >>> figure = category_counts(pd.DataFrame(counts))
    >>> [label.get_text() for label in figure.axes[0].get_yticklabels()]
    ['after phase 5', 'after the selection', 'by the rule']
    """
    figure = style.new(7.2, 2.9)
    axes = figure.subplots()
    # Bars are drawn from the foot up: the first step of the process shall be on top.
    steps = ["final", "after_selection", "by_rule"]
    start = np.zeros(len(steps))
    for _, row in counts[counts[steps].sum(axis=1) > 0].iterrows():
        code = int(row["category"]) if str(row["category"]).isdigit() else UNDETERMINED
        sizes = row[steps].to_numpy(dtype=float)
        _category_bars(axes, steps, sizes, start=start, code=code, language=language)
        start += sizes
    axes.set_yticks(range(len(steps)), [texts.say(f"column.{step}", language) for step in steps])
    axes.set_xlabel(texts.say("figure.proposals", language))
    axes.set_title(texts.say("figure.category_counts.title", language))
    style.legend_below(axes, ncols=5)
    return style.synthetic_mark(figure, language) if synthetic else figure


def _category_bars(
    axes: Axes, steps: list[str], sizes: np.ndarray, *, start: np.ndarray, code: int, language: str
) -> None:
    bars = axes.barh(
        steps,
        sizes,
        left=start,
        color=style.CATEGORY_COLOURS.get(code, "white"),
        hatch=style.CATEGORY_HATCHES.get(code, "OO"),
        edgecolor=style.BLACK,
        linewidth=0.6,
        label=texts.say("figure.category" if code else "figure.undetermined", language, number=code),
    )
    # On a hatch a number can only be read in a box of its own.
    boxed = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"}
    for text in axes.bar_label(bars, _counts(sizes), label_type="center", fontsize=8):
        text.set_bbox(boxed if text.get_text() else None)


def _counts(sizes: np.ndarray) -> list[str]:
    return [f"{size:.0f}" if size else "" for size in sizes]


@style.styled
def third_evaluations(counts: pd.DataFrame, *, language: str = "en", synthetic: bool = False) -> Figure:
    """Draw, by indicator and blind pair, how many pairs match and how many needed a third evaluation."""
    # A table of counts has no column for a status that never occurs.
    statuses = [name for name in STATUS_COLOURS if name in counts]
    # Bars are drawn from the foot up: the first indicator shall be on top.
    shown = counts[counts[statuses].sum(axis=1) > 0].iloc[::-1]
    figure = style.new(7.2, 1.5 + 0.32 * max(len(shown), 1))
    axes = figure.subplots()
    names = [
        f"{name_label('indicator', i, language)} · {_pair(p, language)}"
        for i, p in zip(shown["indicator"], shown["pair"], strict=True)
    ]
    start = np.zeros(len(shown))
    for status in statuses:
        sizes = shown[status].fillna(0).to_numpy(dtype=float)
        _status_bars(axes, sizes, start=start, status=status, language=language)
        start += sizes
    axes.set_yticks(range(len(shown)), names)
    axes.set_xlabel(texts.say("figure.pairs", language))
    axes.set_title(texts.say("figure.third_evaluations.title", language))
    if statuses:
        style.legend_below(axes, ncols=4)
    return style.synthetic_mark(figure, language) if synthetic else figure


def _status_bars(axes: Axes, sizes: np.ndarray, *, start: np.ndarray, status: str, language: str) -> None:
    bars = axes.barh(
        range(len(sizes)),
        sizes,
        left=start,
        color=STATUS_COLOURS[status],
        edgecolor=style.BLACK,
        linewidth=0.5,
        label=texts.say(f"status.{status}", language),
    )
    axes.bar_label(bars, _counts(sizes), label_type="center", fontsize=8)


def _pair(pair: str, language: str) -> str:
    return " – ".join(name_label("panel", part, language) for part in pair.split("-"))


def all_of(results: Results) -> dict[str, style.Drawing]:
    """Name every figure of notebook 3; each is a function of the language alone.

    Parameters
    ----------
    results : Results
        From ``assessment.results.compute``.

    Returns
    -------
    dict
        Drawing by name of the figure.
    """
    tables, synthetic = results.tables, results.synthetic
    cut_points = results.further["cut_points"]
    drawings = {
        "categories_map": partial(
            category_map, tables["categories"], cut_points=cut_points, synthetic=synthetic
        ),
        "category_counts": partial(category_counts, tables["category_counts"], synthetic=synthetic),
        "third_evaluations": partial(third_evaluations, tables["third_evaluations"], synthetic=synthetic),
    }
    return {name: style.Drawing(draw) for name, draw in drawings.items()}
