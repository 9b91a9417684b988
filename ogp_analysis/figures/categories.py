"""Where proposals lie between the cut points, how categories move, where third evaluations were needed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ogp_analysis.figures import style
from ogp_analysis.figures.category_map import category_map
from ogp_analysis.figures.category_marks import UNDETERMINED, category_name
from ogp_analysis.figures.category_strips import category_strips
from ogp_analysis.language import texts
from ogp_analysis.language.labels import name_label
from ogp_analysis.model.results import Results

# What the figure asks for stands first, so that its bars begin at one line.
STATUS_COLOURS = {
    "third": style.DATA,
    "unresolved": style.PAPER,
    "matched": style.LIGHT_GREY,
    "single": style.FIELD,
}


@style.styled
def category_counts(
    counts: pd.DataFrame, *, language: str = "en", synthetic: bool = False, width: float = style.COLUMN
) -> Figure:
    """Draw how many proposals each category holds: by the rule, after the selection, after phase 5.

    >>> counts = {"category": [1, 2], "by_rule": [9, 7], "after_selection": [10, 6], "final": [10, 0]}
    >>> figure = category_counts(pd.DataFrame(counts))
    >>> [label.get_text() for label in figure.axes[0].get_yticklabels()]
    ['after phase 5', 'after the selection', 'by the rule']
    """
    figure = style.new(width / style.MILLIMETRES, 2.9)
    axes = figure.subplots()
    # Bars are drawn from the foot up: the first step of the process shall be on top.
    steps = ["final", "after_selection", "by_rule"]
    start = np.zeros(len(steps))
    for _, row in counts[counts[steps].sum(axis=1) > 0].iterrows():
        code = int(row["category"]) if str(row["category"]).isdigit() else UNDETERMINED
        sizes = row[steps].to_numpy(dtype=float)
        _category_bars(axes, steps, sizes, start=start, code=code, language=language)
        start += sizes
    names = [texts.say(f"column.{step}", language) for step in steps]
    narrow = width == style.NARROW
    axes.set_yticks(range(len(steps)), [style.wrapped(name, 22) for name in names] if narrow else names)
    axes.set_xlabel(texts.say("figure.proposals", language))
    style.legend_below(axes, ncols=2 if narrow else 5, across=narrow)
    return style.completed(figure, language, synthetic=synthetic)


def _category_bars(
    axes: Axes, steps: list[str], sizes: np.ndarray, *, start: np.ndarray, code: int, language: str
) -> None:
    look = style.category_look(code) if code else {"color": style.PAPER, "hatch": "OO"}
    bars = axes.barh(
        steps,
        sizes,
        left=start,
        color=look["color"],
        hatch=look["hatch"],
        edgecolor=style.INK,
        linewidth=0.6,
        label=category_name(code, language) if code else texts.say("figure.undetermined", language),
    )
    # On a hatch a number can only be read in a box of its own.
    boxed = {"boxstyle": "round,pad=0.15", "facecolor": style.PAPER, "edgecolor": "none"}
    ink = style.INK if look["hatch"] else style.category_cell(code)[1]
    for text in axes.bar_label(bars, _counts(sizes), label_type="center", fontsize=style.SMALL, color=ink):
        text.set_bbox(boxed if text.get_text() and look["hatch"] else None)


def _counts(sizes: np.ndarray) -> list[str]:
    return [f"{size:.0f}" if size else "" for size in sizes]


@style.styled
def third_evaluations(
    counts: pd.DataFrame,
    *,
    panels: Sequence[str] = (),
    language: str = "en",
    synthetic: bool = False,
    width: float = style.COLUMN,
) -> Figure:
    """Draw, by indicator and blind pair, how many pairs match and how many needed a third evaluation.

    Pairs stand in the order of ``panels``, those of the method, as in the figure of the agreement.
    """
    # A table of counts has no column for a status that never occurs.
    statuses = [name for name in STATUS_COLOURS if name in counts]
    # Bars are drawn from the foot up: the first indicator shall be on top.
    shown = _by_pair(counts[counts[statuses].sum(axis=1) > 0], panels).iloc[::-1]
    if shown.empty:
        return style.words_alone(texts.say("figure.third_evaluations.none", language), language, width=width)
    narrow = width == style.NARROW
    figure = style.new(width / style.MILLIMETRES, 1.2 + (0.4 if narrow else 0.32) * max(len(shown), 1))
    axes = figure.subplots()
    names = [
        f"{name_label('indicator', i, language)}{style.BETWEEN}{_pair(p, language)}"
        for i, p in zip(shown["indicator"], shown["pair"], strict=True)
    ]
    start = np.zeros(len(shown))
    for status in statuses:
        sizes = shown[status].fillna(0).to_numpy(dtype=float)
        _status_bars(axes, sizes, start=start, status=status, language=language)
        start += sizes
    axes.set_yticks(range(len(shown)), style.in_two_lines(names) if narrow else names)
    _say_thirds(axes, shown, statuses, language)
    axes.set_xlabel(texts.say("figure.pairs", language))
    if statuses:
        style.legend_below(axes, ncols=1 if narrow else 4, across=narrow)
    return style.completed(figure, language, synthetic=synthetic)


def _by_pair(counts: pd.DataFrame, panels: Sequence[str]) -> pd.DataFrame:
    at = {panel: place for place, panel in enumerate(panels)}
    places = counts["pair"].map(lambda pair: at.get(pair.split("-")[0], len(at)))
    return counts.loc[places.sort_values(kind="stable").index]


def _status_bars(axes: Axes, sizes: np.ndarray, *, start: np.ndarray, status: str, language: str) -> None:
    bars = axes.barh(
        range(len(sizes)),
        sizes,
        left=start,
        color=STATUS_COLOURS[status],
        edgecolor=style.INK,
        linewidth=0.5,
        label=texts.say(f"status.{status}", language),
    )
    if status not in ("third", "matched"):
        axes.bar_label(bars, _counts(sizes), label_type="center", fontsize=style.SMALL)


def _say_thirds(axes: Axes, shown: pd.DataFrame, statuses: list[str], language: str) -> None:
    """Write at the end of each bar how many of its pairs needed a third evaluation."""
    if "third" not in shown:
        return
    # Room for the words, whatever the width of the axes.
    axes.margins(x=0.22)
    for at, (third, all_pairs) in enumerate(
        zip(shown["third"].fillna(0), shown[statuses].sum(axis=1), strict=True)
    ):
        words = texts.say("figure.some_of", language, some=int(third), all=int(all_pairs))
        place: dict[str, Any] = {"xytext": (4, 0), "textcoords": "offset points", "va": "center"}
        axes.annotate(words, (all_pairs, at), fontsize=style.SMALL, **place)


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
            category_map if len(cut_points) == 2 else category_strips,
            tables["categories"],
            cut_points=cut_points,
            method=results.further["method"],
            synthetic=synthetic,
        ),
        "category_counts": partial(category_counts, tables["category_counts"], synthetic=synthetic),
        "third_evaluations": partial(
            third_evaluations,
            tables["third_evaluations"],
            panels=results.further["panels"],
            synthetic=synthetic,
        ),
    }
    judged = tables["third_evaluations"].reindex(columns=list(STATUS_COLOURS)).notna().any(axis=None)
    # Where no third evaluation is foreseen, no pair is judged to match or not.
    empty = {"third_evaluations"} if not judged else set()
    return {
        name: style.Drawing(draw, empty=name in empty, name=name, narrow=True)
        for name, draw in drawings.items()
    }
