"""The calendar of the milestones on one page: when each is due, and what its dates lack."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ogp_analysis.figures import style
from ogp_analysis.language import texts
from ogp_analysis.model.records import TableRow
from ogp_analysis.plan.arithmetic import MONTHS_A_YEAR, month_number
from ogp_analysis.plan.milestones import NO_DATES, NO_START, SHARED

# Millimetres: where bars begin and end, height of a row, of a heading, and of the axis on top.
LEFT, RIGHT, ROW, HEADING, TOP = 9.0, 115.0, 2.9, 4.3, 7.0
QUARTER = 3
LONGEST_TITLE = 84


@style.styled
def milestones(table: pd.DataFrame, commitments: pd.DataFrame, *, language: str = "en") -> Figure:
    """Draw the timetable of the milestones; an undated one is words, never a bar.

    Parameters
    ----------
    table : DataFrame
        From ``plan.milestones``.
    commitments : DataFrame
        From ``plan.commitments``: their titles head the rows.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    matplotlib.figure.Figure
        165 mm wide, one page high.
    """
    groups = table["commitment"].nunique()
    figure, axes = style.sheet(TOP + ROW * len(table) + HEADING * groups + 3)
    first = int(month_number(table["start"]).min())
    months = int(month_number(table["end"]).max()) - first + 1
    scale = (RIGHT - LEFT) / months
    bottom = TOP + ROW * len(table) + HEADING * groups
    _axis(axes, first, months, scale=scale, bottom=bottom)
    titles = commitments.set_index("number")["title"]
    y = TOP
    for number, rows in table.groupby("commitment", sort=True):
        y += HEADING
        head = f"C{number}  {_cut(titles[number])}"
        axes.text(0, y - 1.3, head, fontsize=style.SMALL, fontweight="bold", va="center")
        for row in rows.itertuples():
            _milestone(axes, y + ROW / 2, row, first=first, scale=scale, language=language)
            y += ROW
    return figure


def _cut(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + " …"


def _axis(axes: Axes, first: int, months: int, *, scale: float, bottom: float) -> None:
    for month in range(0, months + 1, QUARTER):
        # Months are numbered year * 12 + month, month 1 to 12.
        number = month + first - 1
        x = LEFT + month * scale
        new_year = number % MONTHS_A_YEAR == 0
        axes.plot(
            [x, x],
            [TOP - 1, bottom],
            color=style.GREY if new_year else style.LIGHT_GREY,
            linewidth=0.5,
            zorder=0,
        )
        label = f"{number // MONTHS_A_YEAR}-{number % MONTHS_A_YEAR + 1:02d}"
        axes.text(x, TOP - 3, label, ha="center", va="center", fontsize=style.SMALL)


def _milestone(axes: Axes, y: float, row: TableRow, *, first: int, scale: float, language: str) -> None:
    axes.text(0, y, f"M{row.milestone}", fontsize=style.SMALL, va="center")
    flags = _flags(row, language)
    axes.text(RIGHT + 2, y, "; ".join(flags), fontsize=style.SMALL, va="center", color=style.ACCENT)
    if row.dating in (NO_DATES, SHARED):
        return
    # A milestone that ends in a month fills all of it.
    end = LEFT + (_month(row.end) - first + 1) * scale
    if row.dating == NO_START:
        axes.plot([end, end], [y - ROW * 0.4, y + ROW * 0.4], color=style.ACCENT, linewidth=1.6)
        return
    start = LEFT + (_month(row.start) - first) * scale
    colour = style.ACCENT if row.out_of_order else style.DATA
    axes.add_patch(
        Rectangle(
            (start, y - ROW * 0.36),
            end - start,
            ROW * 0.72,
            facecolor="white" if row.out_of_order else colour,
            edgecolor=colour,
            linewidth=0.8,
        )
    )


def _month(date: str) -> int:
    return int(month_number(pd.Series([date])).iloc[0])


def _flags(row: TableRow, language: str) -> list[str]:
    named = {
        "no_dates": row.dating == NO_DATES,
        "shared": row.dating == SHARED,
        "no_start": row.dating == NO_START,
        "out_of_order": bool(row.out_of_order),
        "damaged": bool(row.damaged),
    }
    # One word fits the margin: what touches the dates comes first.
    flags = [texts.say(f"plan.figure.flag.{name}", language) for name, holds in named.items() if holds]
    return flags[:1]
