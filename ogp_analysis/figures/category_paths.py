"""The paths of proposals from the category of the rule over recorded decisions to the last one."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from ogp_analysis.figures import style
from ogp_analysis.figures.category_marks import UNDETERMINED, category_name
from ogp_analysis.language import texts

# Millimetres: heads above the columns, their width, names beside the outer ones, all proposals of a column.
HEADS, COLUMN, NAMES, NARROW_NAMES, ALL = 11.0, 7.0, 36.0, 24.0, 46.0
LEAST, GAP, LINE, FOOT = 3.6, 2.4, 3.5, 3.0
STEPS = {
    "category_by_rule": "column.by_rule",
    "category_selection": "column.after_selection",
    "category_final": "column.final",
}
# Where along a band its count may stand, the first that is free; half the room that it takes.
PLACES = (0.5, 0.38, 0.62, 0.28, 0.72, 0.2, 0.8)
COUNT_WIDE, COUNT_HIGH = 2.6, 1.7


@dataclass(frozen=True)
class Node:
    """A category in a column: where it begins and how high it is."""

    top: float
    height: float


@dataclass(frozen=True)
class Band:
    """Proposals that go from one category to another between two columns, as four heights and a count."""

    start: float
    end: float
    height: float
    count: int
    moved: bool

    def middle(self, along: float) -> float:
        """Give the height of its middle at a share of its way."""
        smooth = along * along * (3 - 2 * along)
        return self.start + (self.end - self.start) * smooth + self.height / 2


@style.styled
def category_paths(
    assigned: pd.DataFrame,
    *,
    stages: int = 2,
    language: str = "en",
    synthetic: bool = False,
    width: float = style.COLUMN,
) -> Figure:
    """Draw how many proposals go from which category to which: by the rule, after decisions, at the end.

    Parameters
    ----------
    assigned : DataFrame
        From ``assessment.assess``: columns ``category_by_rule``, ``category_selection``, ``category_final``.
    stages : int
        Steps of recorded decisions that the method has; with one, nothing stands between rule and end.
    language : str
        ``"en"`` or ``"es"``.
    synthetic : bool
        Whether the mark is drawn.
    width : float
        In millimetres: `style.COLUMN` or `style.NARROW`.

    Returns
    -------
    matplotlib.figure.Figure
        A column a step; bands between them, those that change category in the colour of decisions.

    Examples
    --------
    >>> steps = {"category_by_rule": [1, 1], "category_selection": [1, 3], "category_final": [1, 3]}
    >>> sorted(text.get_text() for text in category_paths(pd.DataFrame(steps)).axes[0].texts)[:3]
    ['1', '1', '1']
    """
    steps = [name for name in STEPS if stages > 1 or name != "category_selection"]
    codes = assigned[steps].fillna(UNDETERMINED).astype(int)
    names = NARROW_NAMES if width == style.NARROW else NAMES
    labels = _labels(codes, names - 5, language)
    columns = [_nodes(codes[name], labels) for name in steps]
    high = max((node.top + node.height for nodes in columns for node in nodes.values()), default=LEAST)
    figure, axes = style.sheet(high + FOOT, width, synthetic=synthetic)
    lefts = np.linspace(names, width - names - COLUMN, len(steps))
    for (left, right), (before, after) in zip(
        itertools.pairwise(lefts), itertools.pairwise(range(len(steps))), strict=True
    ):
        pair = codes[[steps[before], steps[after]]]
        bands = _bands(pair, (columns[before], columns[after]))
        _draw_bands(axes, bands, (left + COLUMN, right))
    room = (width - 2 * names) / (len(steps) - 1) - 2
    for left, name, nodes in zip(lefts, steps, columns, strict=True):
        head = style.wrapped(texts.say(STEPS[name], language), room)
        look: dict[str, Any] = {"fontsize": style.LABEL, "fontweight": "bold", "linespacing": 1.05}
        axes.text(left + COLUMN / 2, HEADS - 2, head, ha="center", va="bottom", **look)
        counts = codes[name].value_counts()
        _draw_nodes(axes, nodes, counts, left)
    _name_nodes(axes, columns[0], labels, lefts[0] - 2, "right")
    _name_nodes(axes, columns[-1], labels, lefts[-1] + COLUMN + 2, "left")
    return style.completed(figure, language, synthetic=synthetic)


def _order(codes: Sequence[int]) -> list[int]:
    """Order categories from best to last, what is undetermined below."""
    return sorted(codes, key=lambda code: (code == UNDETERMINED, code))


def _labels(codes: pd.DataFrame, width: float, language: str) -> dict[int, str]:
    return {
        code: style.wrapped(
            category_name(code, language) if code else texts.say("figure.undetermined", language), width
        )
        for code in _order(np.unique(codes.to_numpy()).tolist())
    }


def _nodes(codes: pd.Series, labels: dict[int, str]) -> dict[int, Node]:
    """Stack the categories of a column, each as high as its share, with room for its name."""
    counts, nodes, top = codes.value_counts(), {}, HEADS
    for code in _order(counts.index.tolist()):
        height = max(ALL * counts[code] / len(codes), LEAST)
        name = LINE * (labels[code].count("\n") + 1)
        nodes[code] = Node(top + max(name - height, 0) / 2, height)
        top += max(name, height) + GAP
    return nodes


def _bands(pair: pd.DataFrame, nodes: tuple[dict[int, Node], dict[int, Node]]) -> list[Band]:
    """Lay bands out so that those of a category stand in the order of where they come from and go to."""
    before, after = pair.columns
    counts = pair.groupby([before, after]).size().to_dict()
    unit = ALL / len(pair)
    used = [dict.fromkeys(side, 0.0) for side in nodes]
    starts = {}
    for one, other in sorted(counts, key=lambda key: (_place(key[0]), _place(key[1]))):
        starts[one, other] = nodes[0][one].top + used[0][one]
        used[0][one] += unit * counts[one, other]
    bands = []
    for one, other in sorted(counts, key=lambda key: (_place(key[1]), _place(key[0]))):
        count = int(counts[one, other])
        end = nodes[1][other].top + used[1][other]
        used[1][other] += unit * count
        bands.append(Band(starts[one, other], end, unit * count, count, moved=one != other))
    return bands


def _place(code: int) -> tuple[bool, int]:
    return code == UNDETERMINED, code


def _draw_bands(axes: Axes, bands: list[Band], ends: tuple[float, float]) -> None:
    """Draw those that stay first; counts stand where they cover no other count."""
    left, right = ends
    taken: list[tuple[float, float]] = []
    for band in sorted(bands, key=lambda band: (band.moved, -band.count)):
        colour, strength = (style.ACCENT, 0.55) if band.moved else (style.LIGHT_GREY, 1.0)
        axes.add_patch(
            PathPatch(_outline(band, left, right), facecolor=colour, alpha=strength, linewidth=0, zorder=1)
        )
    for band in sorted(bands, key=lambda band: (band.moved, -band.count)):
        spots = [(left + along * (right - left), band.middle(along)) for along in PLACES]
        x, y = min(spots, key=lambda spot: round(_covered(spot, taken), 3))
        taken.append((x, y))
        box = {"boxstyle": "round,pad=0.12", "facecolor": style.PAPER, "edgecolor": "none"}
        look: dict[str, Any] = {"fontsize": style.SMALL, "ha": "center", "va": "center", "zorder": 3}
        look |= {"color": style.ACCENT, "fontweight": "bold"} if band.moved else {"color": style.INK}
        axes.text(x, y, f"{band.count}", bbox=box, **look)


def _covered(spot: tuple[float, float], taken: list[tuple[float, float]]) -> float:
    return sum(
        max(2 * COUNT_WIDE - abs(spot[0] - x), 0) * max(2 * COUNT_HIGH - abs(spot[1] - y), 0)
        for x, y in taken
    )


def _outline(band: Band, left: float, right: float) -> Path:
    middle = (left + right) / 2
    (top, bottom), (end, foot) = ((y, y + band.height) for y in (band.start, band.end))
    points = [(left, top), (middle, top), (middle, end), (right, end)]
    points += [(right, foot), (middle, foot), (middle, bottom), (left, bottom), (left, top)]
    curve = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return Path(points, curve)


def _draw_nodes(axes: Axes, nodes: dict[int, Node], counts: pd.Series, left: float) -> None:
    for code, node in nodes.items():
        look = style.category_look(code) if code else {"color": style.PAPER, "hatch": ""}
        corner = (left, node.top)
        patch = Rectangle(corner, COLUMN, node.height, facecolor=look["color"], hatch=look["hatch"])
        patch.set(edgecolor=style.INK, linewidth=0.7, zorder=2)
        axes.add_patch(patch)
        ink = style.category_cell(code)[1] if code else style.INK
        place: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": style.SMALL, "zorder": 4}
        # On a hatch a number can only be read in a box of its own.
        box = {"boxstyle": "round,pad=0.12", "facecolor": style.PAPER, "edgecolor": "none"}
        place |= {"bbox": box, "color": style.INK} if look["hatch"] else {"color": ink}
        axes.text(left + COLUMN / 2, node.top + node.height / 2, f"{counts[code]}", **place)


def _name_nodes(axes: Axes, nodes: dict[int, Node], labels: dict[int, str], x: float, side: str) -> None:
    for code, node in nodes.items():
        look: dict[str, Any] = {"ha": side, "va": "center", "fontsize": style.SMALL, "linespacing": 1.05}
        axes.text(x, node.top + node.height / 2, labels[code], **look)
