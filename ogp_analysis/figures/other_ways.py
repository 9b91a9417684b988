"""Other ways of adding up and other rules by the proposals that they move: a cell is the new category."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ogp_analysis.figures import style
from ogp_analysis.language import labels, texts

TOP, ROW, HEAD = 11.0, 5.0, 6.4  # millimetres
LEFT, NARROW_LEFT, NAME = 62.0, 5.0, 4.4  # NAME: height of a name above its row
CELLS_END, COUNT, UNRESOLVED = 28.0, 20.0, 6.5  # from the right edge
LINE = 3.6  # of the words below
WIDEST, NARROWEST = 7.0, 3.0
ADDING = "adding"
# `S12 1→2`, or `S13 1→1/2` where third evaluations that nobody gave would say which.
MOVE = re.compile(r"(.+) ([0-9]+)→([0-9/]+)")


@dataclass(frozen=True)
class Alternative:
    """One row of the figure.

    Parameters
    ----------
    group : str
        ``"adding"``, or the rule that is another one.
    words : str
        What it is.
    moves : mapping of str to tuple of int
        By proposal the categories that it could have; one where that is sure.
    category_1, unresolved : int or None
        Size of category 1, third evaluations lacking; None where the alternative cannot be taken.
    """

    group: str
    words: str
    moves: Mapping[str, tuple[int, ...]]
    category_1: int | None
    unresolved: int | None


@dataclass(frozen=True)
class Grid:
    """Where the cells stand: proposals shown, left end, width of a cell and of all, room above for a name.

    ``unresolved`` says whether third evaluations lack anywhere: else they have no column.
    """

    shown: list[str]
    left: float
    cell: float
    width: float
    lift: float
    unresolved: bool

    @property
    def right(self) -> float:
        """Where the cells end, in millimetres."""
        return self.width - CELLS_END


def _grid(moved: list[str], width: float, *, unresolved: bool) -> Grid:
    narrow = width == style.NARROW
    left = NARROW_LEFT if narrow else LEFT
    room = width - CELLS_END - left
    shown = moved[: int(room / NARROWEST)]
    cell = min(WIDEST, room / max(1, len(shown)))
    return Grid(shown, left, cell, width, NAME if narrow else 0.0, unresolved)


@style.styled
def other_ways(
    ways: pd.DataFrame,
    rules: pd.DataFrame,
    *,
    language: str = "en",
    synthetic: bool = False,
    width: float = style.COLUMN,
) -> Figure:
    """Draw which proposals get which category in other ways of adding up and under other rules.

    Parameters
    ----------
    ways, rules : DataFrame
        Tables ``sensitivity_adding`` and ``sensitivity_rules``.
    language : str
        ``"en"`` or ``"es"``.
    synthetic : bool
        Whether the ratings are invented.
    width : float
        In millimetres: `style.COLUMN` or `style.NARROW`.

    Returns
    -------
    matplotlib.figure.Figure
        As high as there are alternatives; narrow, their names stand above their cells.

    Examples
    --------
    >>> ways = {"way": ["harmonic"], "value": [float("nan")], "moves": ["S13 1→2"], "category_1": [9]}
    >>> ways = pd.DataFrame(ways | {"unresolved": [0], "remark_en": [""], "remark_es": [""]})
    >>> rules = pd.DataFrame(columns=["rule", "choice", "baseline", "moves", "category_1", "unresolved"])
    >>> texts = [text.get_text() for text in other_ways(ways, rules).axes[0].texts]
    >>> {"harmonic mean", "S13", "2", "9"} <= set(texts)
    True
    """
    rows = [*_of_ways(ways, language), *_of_rules(rules, language)]
    if not rows:
        return style.words_alone(_say("nothing", language), language, width=width, synthetic=synthetic)
    moved = _columns(rows)
    grid = _grid(moved, width, unresolved=any(row.unresolved for row in rows))
    key = "key" if len(grid.shown) == len(moved) else "key_most"
    words = style.wrapped(_say(key, language, shown=len(grid.shown), count=len(moved)), width - 4)
    groups = list(dict.fromkeys(row.group for row in rows))
    bottom = TOP + HEAD * len(groups) + (ROW + grid.lift) * len(rows)
    figure, axes = style.sheet(bottom + 3 + LINE * len(words.splitlines()), width, synthetic=synthetic)
    _heads(axes, grid, language)
    top = TOP
    for group in groups:
        axes.text(2, top + HEAD - 2.4, _group_words(group, language), **_bold(style.HEAD))
        top += HEAD
        for row in (each for each in rows if each.group == group):
            _row(axes, row, top + grid.lift + ROW / 2, grid, language)
            top += ROW + grid.lift
    axes.text(2, bottom + 2, words, fontsize=style.SMALL, color=style.GREY, va="top", linespacing=1.05)
    return style.completed(figure, language, synthetic=synthetic)


def _say(key: str, language: str, **values: object) -> str:
    return texts.say(f"sensitivity.figure.ways.{key}", language, **values)


def _bold(size: float) -> dict[str, Any]:
    return {"fontsize": size, "fontweight": "bold", "va": "center"}


def _of_ways(ways: pd.DataFrame, language: str) -> list[Alternative]:
    rows = []
    for way in ways.to_dict("records"):
        words = labels.value_label("way", way["way"], language)
        if not pd.isna(way["value"]):
            words += f" {texts.number(way['value'], language, 2).rstrip('0').rstrip('.,')}"
        rows.append(_alternative(ADDING, words, way))
    return rows


def _of_rules(rules: pd.DataFrame, language: str) -> list[Alternative]:
    return [
        _alternative(rule["rule"], labels.value_label("choice", rule["choice"], language), rule)
        for rule in rules.to_dict("records")
        if not rule["baseline"]
    ]


def _alternative(group: str, words: str, row: Mapping[str, object]) -> Alternative:
    known = not pd.isna(row["category_1"])
    numbers = (int(str(row[name])) if known else None for name in ("category_1", "unresolved"))
    return Alternative(group, words, moves_of(str(row["moves"])), *numbers)


def moves_of(text: str) -> dict[str, tuple[int, ...]]:
    """Read the moves of a table by proposal.

    >>> moves_of("S12 1→2, S13 1→1/2"), moves_of("")
    ({'S12': (2,), 'S13': (1, 2)}, {})
    """
    parts = (MOVE.fullmatch(part) for part in text.split(", "))
    return {part[1]: tuple(map(int, part[3].split("/"))) for part in parts if part}


def _columns(rows: Sequence[Alternative]) -> list[str]:
    """List the proposals that move: by how many alternatives move them, then by code."""
    count: dict[str, int] = {}
    for row in rows:
        for code in row.moves:
            count[code] = count.get(code, 0) + 1
    return sorted(count, key=lambda code: (-count[code], code))


def _heads(axes: Axes, grid: Grid, language: str) -> None:
    # Narrow, the name of the first group stands below the heads, not beside them.
    foot = TOP if grid.lift else TOP + 4
    for at, code in enumerate(grid.shown):
        axes.text(
            grid.left + (at + 0.5) * grid.cell,
            foot,
            code,
            fontsize=style.SMALL,
            rotation=90,
            ha="center",
            va="bottom",
        )
    heads = ((COUNT, "count"), (UNRESOLVED, "lacking")) if grid.unresolved else ((COUNT, "count"),)
    for place, name in heads:
        words = style.wrapped(_say(name, language), 13)
        axes.text(
            grid.width - place, foot, words, fontsize=style.SMALL, ha="center", va="bottom", linespacing=1.0
        )


def _group_words(group: str, language: str) -> str:
    return _say(ADDING, language) if group == ADDING else labels.value_label("rule", group, language)


def _row(axes: Axes, row: Alternative, y: float, grid: Grid, language: str) -> None:
    axes.text(5, y - grid.lift, row.words, fontsize=style.SMALL, va="center")
    axes.plot([grid.left, grid.right], [y + ROW / 2] * 2, color=style.LIGHT_GREY, linewidth=0.4, zorder=0)
    remark = "refused" if row.category_1 is None else "" if row.moves else "none"
    if remark:
        words = _say(remark, language)
        axes.text(grid.left + 1, y, words, fontsize=style.SMALL, color=style.GREY, va="center")
    if row.category_1 is None:
        return
    for at, code in enumerate(grid.shown):
        if code in row.moves:
            _cell(axes, grid.left + at * grid.cell, y, grid.cell, row.moves[code])
    thirds = (str(row.unresolved) if row.unresolved else "–") if grid.unresolved else ""
    counts = (
        (COUNT, str(row.category_1), style.LABEL, style.INK),
        (UNRESOLVED, thirds, style.SMALL, style.GREY),
    )
    for place, count, size, colour in counts:
        axes.text(grid.width - place, y, count, fontsize=size, ha="center", va="center", color=colour)


def _cell(axes: Axes, x: float, y: float, width: float, categories: tuple[int, ...]) -> None:
    sure = len(categories) == 1
    fill, ink = style.category_cell(categories[0]) if sure else (style.PAPER, style.INK)
    corner, size = (x + 0.3, y - ROW / 2 + 0.3), (width - 0.6, ROW - 0.6)
    line = "-" if sure else "--"
    axes.add_patch(
        Rectangle(corner, *size, facecolor=fill, edgecolor=style.INK, linewidth=0.6, linestyle=line)
    )
    words = str(categories[0]) if sure else "?"
    axes.text(x + width / 2, y, words, fontsize=style.SMALL, ha="center", va="center", color=ink)
