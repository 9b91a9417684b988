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
LEFT, RIGHT, COUNT, UNRESOLVED = 62.0, 137.0, 145.0, 158.5
KEY, WIDTH = 9.0, 161.0  # height and width of the words below
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


@style.styled
def other_ways(
    ways: pd.DataFrame, rules: pd.DataFrame, *, language: str = "en", synthetic: bool = False
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

    Returns
    -------
    matplotlib.figure.Figure
        165 mm wide, as high as there are alternatives.

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
        return style.completed(
            style.nothing(style.new(height=1.5), _say("nothing", language)), language, synthetic=synthetic
        )
    moved = _columns(rows)
    most = int((RIGHT - LEFT) / NARROWEST)
    shown = moved[:most]
    groups = list(dict.fromkeys(row.group for row in rows))
    bottom = TOP + HEAD * len(groups) + ROW * len(rows)
    mark = style.MARK_HEIGHT * style.MILLIMETRES if synthetic else 0
    figure, axes = style.sheet(bottom + KEY + 1 + mark)
    width = min(WIDEST, (RIGHT - LEFT) / max(1, len(shown)))
    _heads(axes, shown, width, language)
    top = TOP
    for group in groups:
        axes.text(2, top + HEAD - 2.4, _group_words(group, language), **_bold(style.HEAD))
        top += HEAD
        for row in (each for each in rows if each.group == group):
            _row(axes, row, top + ROW / 2, shown, width, language)
            top += ROW
    key = "key" if len(shown) == len(moved) else "key_most"
    words = _say(key, language, shown=len(shown), count=len(moved))
    lines = style.wrapped(words, WIDTH)
    axes.text(2, bottom + KEY / 2, lines, fontsize=style.SMALL, color=style.GREY, va="center")
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


def _heads(axes: Axes, shown: Sequence[str], width: float, language: str) -> None:
    for at, code in enumerate(shown):
        axes.text(
            LEFT + (at + 0.5) * width,
            TOP + 4,
            code,
            fontsize=style.SMALL,
            rotation=90,
            ha="center",
            va="bottom",
        )
    for place, name in ((COUNT, "count"), (UNRESOLVED, "lacking")):
        words = style.wrapped(_say(name, language), 13)
        axes.text(place, TOP + 4, words, fontsize=style.SMALL, ha="center", va="bottom", linespacing=1.0)


def _group_words(group: str, language: str) -> str:
    return _say(ADDING, language) if group == ADDING else labels.value_label("rule", group, language)


def _row(axes: Axes, row: Alternative, y: float, shown: Sequence[str], width: float, language: str) -> None:
    axes.text(5, y, row.words, fontsize=style.SMALL, va="center")
    axes.plot([LEFT, RIGHT], [y + ROW / 2] * 2, color=style.LIGHT_GREY, linewidth=0.4, zorder=0)
    if row.category_1 is None:
        axes.text(LEFT + 1, y, _say("refused", language), fontsize=style.SMALL, color=style.GREY, va="center")
        return
    if not row.moves:
        axes.text(LEFT + 1, y, _say("none", language), fontsize=style.SMALL, color=style.GREY, va="center")
    for at, code in enumerate(shown):
        if code in row.moves:
            _cell(axes, LEFT + at * width, y, width, row.moves[code])
    axes.text(COUNT, y, str(row.category_1), fontsize=style.LABEL, ha="center", va="center")
    shown_count = "–" if not row.unresolved else str(row.unresolved)
    axes.text(UNRESOLVED, y, shown_count, fontsize=style.SMALL, ha="center", va="center", color=style.GREY)


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
