"""The milestones of the commitments on a calendar, with undated and out-of-order ones shown as such."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from ogp_analysis import texts
from ogp_analysis.figures import style
from ogp_analysis.reproduction.arithmetic import MONTHS_A_YEAR, month_number

QUARTER = 3


@style.styled
def milestones(table: pd.DataFrame, *, language: str = "en") -> Figure:
    """Draw the timetable of the milestones; an undated one is a question mark, never a bar.

    Parameters
    ----------
    table : DataFrame
        From ``reproduction.milestones``.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    matplotlib.figure.Figure
        One panel, a row a milestone, commitments set apart.
    """
    figure = style.new(7.2, 9.6)
    axes = figure.subplots()
    first = month_number(table["start"]).min()
    # A gap of 0.7 of a row before each commitment.
    rows = np.arange(len(table)) + table["commitment"].rank(method="dense").to_numpy() * 0.7
    # A milestone that ends in a month fills all of it.
    start, end = month_number(table["start"]) - first, month_number(table["end"]) - first + 1
    for at, row, begin, finish in zip(rows, table.itertuples(), start, end, strict=True):
        if row.dating == "no dates":
            _undated(axes, at, language)
        else:
            _span(axes, at, row, begin=begin, finish=finish)
    axes.set_yticks(rows, [f"C{row.commitment} M{row.milestone}" for row in table.itertuples()], fontsize=6.5)
    axes.set_ylim(rows.max() + 1, -0.3)
    axes.set_xlim(0, end.max() + 0.3)
    _month_axis(axes, int(first), int(end.max()))
    axes.set_title(texts.say("figure.milestones.title", language))
    _milestone_legend(axes, language)
    return figure


def _undated(axes: Axes, at: float, language: str) -> None:
    text = "? " + texts.say("value.no dates", language)
    axes.text(0.2, at, text, va="center", fontsize=7.5, fontweight="bold", color=style.VERMILION)


def _span(axes: Axes, at: float, row: object, *, begin: float, finish: float) -> None:
    open_start = np.isnan(begin)
    # Only the month it ends in is printed; no start is invented for it.
    begin = finish - 1 if open_start else begin
    axes.barh(
        at,
        finish - begin,
        left=begin,
        height=0.72,
        color="white" if open_start else style.ORANGE if row.out_of_order else style.SKY,
        hatch="////" if open_start else ".." if row.out_of_order else "",
        edgecolor=style.BLACK,
        linewidth=0.6,
        linestyle=":" if open_start else "-",
    )


def _month_axis(axes: Axes, first: int, months: int) -> None:
    ticks = np.arange(0, months + 1, QUARTER)
    # Months are numbered year * 12 + month, month 1 to 12.
    numbers = ticks + first - 1
    axes.set_xticks(ticks, [f"{n // MONTHS_A_YEAR}-{n % MONTHS_A_YEAR + 1:02d}" for n in numbers])
    axes.grid(axis="x")
    axes.tick_params(axis="x", labeltop=True)


def _milestone_legend(axes: Axes, language: str) -> None:
    looks = {
        "in_order": {"facecolor": style.SKY},
        "out_of_order": {"facecolor": style.ORANGE, "hatch": ".."},
        "no_start": {"facecolor": "white", "hatch": "////", "linestyle": ":"},
    }
    handles = [
        Patch(edgecolor=style.BLACK, linewidth=0.6, label=texts.say(f"plan.figure.{name}", language), **look)
        for name, look in looks.items()
    ]
    axes.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.45, -0.03), ncols=1)
