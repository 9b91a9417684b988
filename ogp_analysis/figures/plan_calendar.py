"""The calendar of the milestones on one page: when each is due, and what its dates lack."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

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
QUARTER, HALF_YEAR = 3, 6
# Letters of a title, and room for the words at the right.
LONGEST_TITLE, NARROW_TITLE, FLAG = 84, 52, 49.0


@dataclass(frozen=True)
class Calendar:
    """Where a month stands: the first one's number, millimetres a month, and where the last one ends."""

    first: int
    scale: float
    right: float

    def start(self, month: int) -> float:
        """Give where a month begins, in millimetres."""
        return LEFT + (month - self.first) * self.scale


@style.styled
def milestones(
    table: pd.DataFrame, commitments: pd.DataFrame, *, language: str = "en", width: float = style.COLUMN
) -> Figure:
    """Draw the timetable of the milestones; an undated one is words, never a bar.

    Parameters
    ----------
    table : DataFrame
        From ``plan.milestones``.
    commitments : DataFrame
        From ``plan.commitments``: their titles head the rows.
    language : str
        ``"en"`` or ``"es"``.
    width : float
        In millimetres: `style.COLUMN` or `style.NARROW`.

    Returns
    -------
    matplotlib.figure.Figure
        One page high.
    """
    groups = table["commitment"].nunique()
    narrow = width == style.NARROW
    figure, axes = style.sheet(TOP + ROW * len(table) + HEADING * groups + 3, width)
    first = int(month_number(table["start"]).min())
    months = int(month_number(table["end"]).max()) - first + 1
    right = width - FLAG if narrow else RIGHT
    place = Calendar(first, (right - LEFT) / months, right)
    bottom = TOP + ROW * len(table) + HEADING * groups
    _axis(axes, place, months, bottom=bottom, every=HALF_YEAR if narrow else QUARTER)
    titles = commitments.set_index("number")["title"]
    y = TOP
    for number, rows in table.groupby("commitment", sort=True):
        y += HEADING
        head = f"C{number}  {_cut(titles[number], NARROW_TITLE if narrow else LONGEST_TITLE)}"
        axes.text(0, y - 1.3, head, fontsize=style.SMALL, fontweight="bold", va="center")
        for row in rows.itertuples():
            _milestone(axes, y + ROW / 2, row, place, language)
            y += ROW
    return figure


def _cut(title: str, longest: int) -> str:
    return title if len(title) <= longest else title[: longest - 1].rsplit(" ", 1)[0] + " …"


def _axis(axes: Axes, place: Calendar, months: int, *, bottom: float, every: int) -> None:
    for month in range(0, months + 1, every):
        # Months are numbered year * 12 + month, month 1 to 12.
        number = month + place.first - 1
        x = place.start(month + place.first)
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


def _milestone(axes: Axes, y: float, row: TableRow, place: Calendar, language: str) -> None:
    axes.text(0, y, f"M{row.milestone}", fontsize=style.SMALL, va="center")
    flags = _flags(row, language)
    # Only what may be the plan's own is in the colour of a finding; what our copy lacks is grey.
    own = row.out_of_order or row.before_made
    colour = style.ACCENT if own else style.GREY
    axes.text(place.right + 2, y, "; ".join(flags), fontsize=style.SMALL, va="center", color=colour)
    if row.dating in (NO_DATES, SHARED):
        return
    # A milestone that ends in a month fills all of it.
    end = place.start(_month(row.end) + 1)
    if row.dating == NO_START:
        axes.plot([end, end], [y - ROW * 0.4, y + ROW * 0.4], color=style.GREY, linewidth=1.6)
        return
    start = place.start(_month(row.start))
    colour = style.ACCENT if own else style.DATA
    axes.add_patch(
        Rectangle(
            (start, y - ROW * 0.36),
            end - start,
            ROW * 0.72,
            facecolor=style.PAPER if own else colour,
            edgecolor=colour,
            linewidth=0.8,
        )
    )


@cache
def _month(date: str) -> int:
    return int(month_number(pd.Series([date])).iloc[0])


def _flags(row: TableRow, language: str) -> list[str]:
    named = {
        "before_made": bool(row.before_made),
        "out_of_order": bool(row.out_of_order),
        "no_dates": row.dating == NO_DATES,
        "shared": row.dating == SHARED,
        "no_start": row.dating == NO_START,
        "damaged": bool(row.damaged),
    }
    # One word fits the margin: what may be the plan's own comes first.
    flags = [texts.say(f"plan.figure.flag.{name}", language) for name, holds in named.items() if holds]
    return flags[:1]
