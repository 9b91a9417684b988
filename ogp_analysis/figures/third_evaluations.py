"""What share of blind pairs needed a third evaluation, and what would have where none is foreseen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ogp_analysis.figures import style
from ogp_analysis.language import texts
from ogp_analysis.language.labels import name_label
from ogp_analysis.model.records import TableRow

# Millimetres: of a row, a further line and a head, above and below them, where the scale begins and ends.
ROW, LINE, HEAD, TOP, FOOT = 5.4, 3.5, 9.5, 0.0, 12.0
NAMES, NARROW_NAMES, COUNTS = 66.0, 46.0, 23.0
SHORTEST_AXIS, STEP, SHORT = 0.4, 0.1, 5
BOLD = 0.76  # of the width of 8 point letters: bold ones of heads are wider


@dataclass(frozen=True)
class Scale:
    """Where a share stands: from 0 at the left to the last tenth at the right, in millimetres."""

    left: float
    right: float
    last: float

    def place(self, share: float) -> float:
        """Give the place of a share."""
        return self.left + (self.right - self.left) * share / self.last


@style.styled
def third_evaluations(
    shares: pd.DataFrame, *, language: str = "en", synthetic: bool = False, width: float = style.COLUMN
) -> Figure:
    """Draw the share of pairs that needed a third evaluation, with its interval, by indicator and pair.

    Parameters
    ----------
    shares : DataFrame
        From ``assessment.third_shares``.
    language : str
        ``"en"`` or ``"es"``.
    synthetic : bool
        Whether the mark is drawn.
    width : float
        In millimetres: `style.COLUMN` or `style.NARROW`.

    Returns
    -------
    matplotlib.figure.Figure
        A row a pair; those for which no third evaluation is foreseen stand below, open and grey.
    """
    if not shares["foreseen"].any():
        words = texts.say("figure.third_evaluations.none", language)
        return style.words_alone(words, language, width=width, synthetic=synthetic)
    narrow = width == style.NARROW
    names = NARROW_NAMES if narrow else NAMES
    parts = [_part(part, names, width, language) for _, part in shares.groupby(~shares["foreseen"])]
    bottom = TOP + sum(part.height for part in parts)
    axis = style.wrapped(texts.say("figure.third_evaluations.axis", language), width - 12)
    figure, axes = style.sheet(bottom + FOOT + LINE * axis.count("\n"), width, synthetic=synthetic)
    last = max(SHORTEST_AXIS, float(np.ceil(shares["upper"].max() / STEP - 1e-9) * STEP))
    scale = Scale(names, width - COUNTS, min(last, 1.0))
    top = TOP
    for part in parts:
        _draw_part(axes, part, top, scale)
        top += part.height
    _name_scale(axes, scale, bottom, language, every=2 if narrow else 1)
    middle = width / 2 if narrow else (scale.left + scale.right) / 2
    axes.text(middle, bottom + 6.5, axis, ha="center", va="top", fontsize=style.LABEL, linespacing=1.1)
    return style.completed(figure, language, synthetic=synthetic)


@dataclass(frozen=True)
class Part:
    """Rows under one head, with their names; heights in millimetres."""

    head: str
    names: list[str]
    counts: list[str]
    rows: list[TableRow]

    @property
    def head_height(self) -> float:
        """Give the height of the head."""
        return HEAD + LINE * self.head.count("\n")

    @property
    def row_height(self) -> float:
        """Give the height of each row, as its longest words need it."""
        return ROW + LINE * max(words.count("\n") for words in (*self.names, *self.counts))

    @property
    def height(self) -> float:
        """Give the height of all of it."""
        return self.head_height + self.row_height * len(self.rows)


def _part(shares: pd.DataFrame, names: float, width: float, language: str) -> Part:
    """Name rows and their head; what is the pair of all rows stands in the head."""
    key = "foreseen" if shares["foreseen"].all() else "not_foreseen"
    head = texts.say(f"figure.third_evaluations.{key}", language)
    indicators = [name_label("indicator", name, language) for name in shares["indicator"]]
    pairs = [pair_name(pair, language) for pair in shares["pair"]]
    if len(set(pairs)) == 1:
        head += f" ({pairs[0]})"
    else:
        indicators = [style.BETWEEN.join(both) for both in zip(indicators, pairs, strict=True)]
    wrapped = [style.row_name(name, names - 7) for name in indicators]
    rows = list(shares.itertuples())
    counts = [_counted(row, language) for row in rows]
    return Part(style.wrapped(head, (width - 10) * BOLD), wrapped, counts, rows)


def pair_name(pair: str, language: str) -> str:
    """Name who forms a pair."""
    return " – ".join(name_label("panel", part, language) for part in pair.split("-"))


def _draw_part(axes: Axes, part: Part, top: float, scale: Scale) -> None:
    foreseen = bool(part.rows[0].foreseen)
    ink = style.INK if foreseen else style.GREY
    axes.text(4, top + 3, part.head, va="top", color=ink, fontsize=style.HEAD, fontweight="bold")
    start, end = top + part.head_height, top + part.height
    for step in range(round(scale.last / STEP) + 1):
        x = scale.place(step * STEP)
        colour = style.LIGHT_GREY if step else style.INK
        axes.plot([x, x], [start, end], color=colour, linewidth=0.7, zorder=0)
    for at, (name, count, row) in enumerate(zip(part.names, part.counts, part.rows, strict=True)):
        y = start + part.row_height * (at + 0.5)
        look: dict[str, Any] = {"va": "center", "fontsize": style.SMALL, "color": ink, "linespacing": 1.1}
        axes.text(scale.left - 3, y, name, ha="right", **look)
        axes.text(scale.right + 3, y, count, **look)
        _dot(axes, row, y, scale)


def _dot(axes: Axes, row: TableRow, y: float, scale: Scale) -> None:
    colour = style.DATA if row.foreseen else style.GREY
    ends = [scale.place(limit) for limit in (row.lower, row.upper)]
    axes.plot(ends, [y, y], color=colour, linewidth=1.4, zorder=2)
    look: dict[str, Any] = {"markerfacecolor": colour if row.foreseen else style.PAPER}
    look |= {"markeredgecolor": colour, "linestyle": "none", "markersize": 5.5, "zorder": 3}
    axes.plot([scale.place(row.share)], [y], marker="o", **look)


def _counted(row: TableRow, language: str) -> str:
    some = texts.say("figure.some_of", language, some=row.needed, all=row.pairs)
    if not row.lacking:
        return some
    return f"{some}\n{texts.counted('figure.third_evaluations.lacking', int(row.lacking), language)}"


def _name_scale(axes: Axes, scale: Scale, bottom: float, language: str, *, every: int) -> None:
    steps = round(scale.last / STEP)
    for step in range(0, steps + 1, every if steps <= SHORT else 2 * every):
        words = style.percent(step * STEP, language)
        axes.text(scale.place(step * STEP), bottom + 3, words, ha="center", va="center", fontsize=style.SMALL)
