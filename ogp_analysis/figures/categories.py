"""Where proposals lie between the cut points, how categories move, where third evaluations were needed."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ogp_analysis.figures import style
from ogp_analysis.figures.category_map import category_map
from ogp_analysis.figures.category_marks import UNDETERMINED, category_name
from ogp_analysis.figures.category_strips import category_strips
from ogp_analysis.figures.third_evaluations import third_evaluations
from ogp_analysis.language import texts
from ogp_analysis.model.results import Results


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
        "third_evaluations": partial(third_evaluations, results.further["third_shares"], synthetic=synthetic),
    }
    empty = set() if results.further["third_shares"]["foreseen"].any() else {"third_evaluations"}
    return {
        name: style.Drawing(draw, empty=name in empty, name=name, narrow=True)
        for name, draw in drawings.items()
    }
