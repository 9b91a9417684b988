"""Where proposals lie between the cut points of two criteria, what the rule gives there, what was decided."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ogp_analysis.figures import category_marks as marks
from ogp_analysis.figures import style
from ogp_analysis.figures.lettering import write_names
from ogp_analysis.language import texts
from ogp_analysis.language.labels import value_label
from ogp_analysis.model.records import ROUTE_DECIDES, Criterion, Method

# Millimetres: where the square begins, its side, the column of the key, what stands below the square.
LEFT, TOP, SIDE, NARROW_SIDE = 20.0, 3.0, 102.0, 80.0
KEY, KEY_ROW, FOOT = 6.0, 6.5, 17.0
TICK_ROOM = 0.07  # of the side: ticks that are closer to one that must be there are left out
MARK_SIZE, RING, TIE_RING = 42.0, 150.0, 95.0
MOST_TOGETHER = 3  # codes of one place


@dataclass(frozen=True)
class Axis:
    """One criterion as an axis: its ends, its cut points and the names of what lies between them."""

    name: str
    low: float
    high: float
    cuts: tuple[float, ...]
    levels: tuple[str, ...]

    @property
    def edges(self) -> list[float]:
        """Where its levels begin and end."""
        return [self.low, *self.cuts, self.high]

    def ticks(self) -> list[float]:
        """List the numbers that are written: ends, cut points, and whole ones where there is room."""
        span = self.high - self.low
        shown = sorted({self.low, *self.cuts, self.high})
        step = max(1.0, np.ceil(span / 10))
        for number in np.arange(np.ceil(self.low), self.high, step):
            if all(abs(number - other) > TICK_ROOM * span for other in shown):
                shown.append(float(number))
        return sorted(shown)


@style.styled
def category_map(
    assigned: pd.DataFrame,
    *,
    cut_points: Mapping[str, tuple[float, ...]],
    method: Method | None = None,
    language: str = "en",
    synthetic: bool = False,
    width: float = style.COLUMN,
) -> Figure:
    """Draw every proposal at its criterion scores, over what the rule gives there, with decisions.

    Parameters
    ----------
    assigned : DataFrame
        From ``categories.assign``: index proposal, criterion scores, ``category_by_rule``,
        ``category_final``, ``decided``, ``final_step``.
    cut_points : mapping
        The cut points of each criterion; the first criterion is drawn upwards, the second to the right.
    method : Method, optional
        Gives the ends of the scales, the names of the levels and the category of each cell; without it the
        axes end at the outermost scores and cells are not named.
    language : str
        ``"en"`` or ``"es"``.
    synthetic : bool
        Whether the mark is drawn.
    width : float
        In millimetres: `style.COLUMN` or `style.NARROW`.

    Returns
    -------
    matplotlib.figure.Figure
        One square; named are proposals with a decision, on a cut point, at one place with others, or whose
        cell leaves the category to a recorded route that was found.
    """
    up, right = (_axis(name, cut_points[name], assigned, method) for name in list(cut_points)[:2])
    key = _key_rows(assigned, [up.name, right.name], method, language)
    narrow = width == style.NARROW
    side = NARROW_SIDE if narrow else SIDE
    beside = (0.0, TOP + side + FOOT) if narrow else (LEFT + side + KEY, TOP)
    room = width - 14 if narrow else width - beside[0] - 8
    air = 1.8 if narrow else 3.1
    lines = sum(style.wrapped(words, room).count("\n") + 1 for _, words in key)
    under = 3.4 * lines + air * len(key) if narrow else 0.0
    figure, sheet = style.sheet(TOP + side + FOOT + under, width, synthetic=synthetic)
    head = style.mark_room(synthetic=synthetic)
    square = style.panel(figure, left=LEFT, top=head + TOP, width=side, height=side)
    square.set(xlim=(right.low, right.high), ylim=(up.low, up.high))
    placed = assigned[[right.name, up.name]].astype(float).dropna()
    boxes = _cells(square, up, right, method=method, placed=placed, side=side)
    together = _draw_proposals(square, placed, assigned)
    if len(placed) <= marks.MOST_NAMED:
        shown = assigned.loc[placed.index]
        telling = {*marks.decided(shown), *marks.on_a_cut(shown, cut_points), *_by_route(shown, method)}
        names = _names(shown, [codes for codes in together if len(codes) > 1 or codes[0] in telling])
        size = (side / style.MILLIMETRES, side / style.MILLIMETRES)
        ringed = {codes[0] for codes in together if len(codes) > 1}
        noted = marks.decided(shown)
        write_names(square, placed, names=names, noted=noted, ringed=ringed, size=size, avoided=boxes)
    _name_axes(square, sheet, up, right, side, language)
    _draw_key(sheet, key, (4.0 if narrow else beside[0], beside[1]), room, air)
    return style.completed(figure, language, synthetic=synthetic)


def _axis(name: str, cuts: tuple[float, ...], assigned: pd.DataFrame, method: Method | None) -> Axis:
    axes: dict[str, Criterion] = {axis.name: axis for axis in method.axes} if method else {}
    low, high = marks.scale_ends(axes.get(name), assigned[name], cuts)
    return Axis(name, low, high, tuple(cuts), axes[name].levels if name in axes else ())


# Of a cell's name, in millimetres: its width and height with some air.
NAME = np.array([11.0, 5.0])


def _cells(
    square: Axes, up: Axis, right: Axis, *, method: Method | None, placed: pd.DataFrame, side: float
) -> np.ndarray:
    """Tint each cell and name the category that the rule gives there; give the boxes of the names."""
    boxes = []
    if method is not None:
        heights, widths = (list(itertools.pairwise(axis.edges)) for axis in (up, right))
        name = NAME / side * (right.high - right.low, up.high - up.low)
        for (at, (bottom, top)), (across, (left, end)) in itertools.product(
            enumerate(heights), enumerate(widths)
        ):
            number = method.category_table[at][across]
            look = marks.tint(method.route[1] if number == ROUTE_DECIDES else number)
            square.add_patch(Rectangle((left, bottom), end - left, top - bottom, **look))
            words = f"→{number}" if number != ROUTE_DECIDES else f"→{method.route[0]}/{method.route[1]}"
            box = _emptiest_corner((left, bottom, end, top), name, placed.to_numpy())
            middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
            bold: dict[str, Any] = {
                "fontsize": style.HEAD,
                "fontweight": "bold",
                "color": style.GREY,
                "gid": "cell",
            }
            square.text(*middle, words, ha="center", va="center", **bold)
            boxes.append(box)
    for cut in right.cuts:
        square.axvline(cut, **marks.RULES)
    for cut in up.cuts:
        square.axhline(cut, **marks.RULES)
    return np.array(boxes).reshape(-1, 4)


def _emptiest_corner(
    cell: tuple[float, float, float, float], name: np.ndarray, points: np.ndarray
) -> tuple[float, float, float, float]:
    """Give the box of a name in the corner of a cell that holds the fewest points."""
    left, bottom, right, top = cell
    corners = itertools.product((top - name[1], bottom), (right - name[0], left))
    boxes = [(x, y, x + name[0], y + name[1]) for y, x in corners]
    inside = [((points >= box[:2]) & (points <= box[2:])).all(axis=1).sum() for box in boxes]
    return boxes[int(np.argmin(inside))]


def _draw_proposals(square: Axes, placed: pd.DataFrame, assigned: pd.DataFrame) -> list[pd.Index]:
    """Draw marks and rings; give the proposals of each place."""
    # Decimals that differ only by rounding are one place.
    together = list(placed.round(9).groupby(list(placed.columns), sort=False).groups.values())
    tied = [codes for codes in together if len(codes) > 1]
    marks.draw_marks(square, placed, assigned, sizes=_sizes(placed, assigned, tied))
    marks.draw_rings(square, placed.loc[[codes[0] for codes in tied]], colour=style.INK, size=TIE_RING)
    decided = marks.decided(assigned.loc[placed.index])
    marks.draw_rings(square, placed.loc[decided], colour=style.ACCENT, size=RING)
    return together


def _sizes(placed: pd.DataFrame, assigned: pd.DataFrame, tied: list[pd.Index]) -> pd.Series:
    """Give the size of each mark: of several categories at one place a better one is smaller, and on top."""
    sizes = pd.Series(MARK_SIZE, index=placed.index)
    for codes in tied:
        order = assigned.loc[codes, "category_by_rule"].rank(method="dense", na_option="top")
        sizes[codes] = MARK_SIZE + 55 * (order - 1)
    return sizes


def _by_route(assigned: pd.DataFrame, method: Method | None) -> list[object]:
    """List who got the category of a recorded route, in cells that leave it to the route."""
    if method is None:
        return []
    levels = assigned[[f"{axis.name}_level" for axis in method.axes]].itertuples(index=False)
    up, right = (axis.levels for axis in method.axes)
    left_open = [
        one in up
        and other in right
        and method.category_table[up.index(one)][right.index(other)] == ROUTE_DECIDES
        for one, other in levels
    ]
    return list(assigned.index[np.array(left_open) & (assigned["category_by_rule"] == method.route[0])])


def _names(assigned: pd.DataFrame, places: Iterable[pd.Index]) -> dict[object, str]:
    """Write what stands beside the first proposal of each place."""
    names = {}
    for codes in places:
        words = list(marks.named(assigned, codes).values())
        few = len(words) <= MOST_TOGETHER
        names[codes[0]] = "+".join(words) if few else f"{words[0]} +{len(words) - 1}"
    return names


def _name_axes(square: Axes, sheet: Axes, up: Axis, right: Axis, side: float, language: str) -> None:
    for set_ticks, axis in ((square.set_xticks, right), (square.set_yticks, up)):
        ticks = axis.ticks()
        set_ticks(ticks, [marks.on_axis(tick, language) for tick in ticks])
    bottom = TOP + side
    for name, middle in _middles(right, language):
        x = LEFT + side * middle
        sheet.text(x, bottom + 8, name, ha="center", va="center", fontsize=style.SMALL, color=style.GREY)
    for name, middle in _middles(up, language):
        place = (10, bottom - side * middle)
        sheet.text(
            *place, name, rotation=90, ha="center", va="center", fontsize=style.SMALL, color=style.GREY
        )
    label: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": style.HEAD}
    sheet.text(LEFT + side / 2, bottom + 12.5, marks.axis_name(right.name, language), **label)
    sheet.text(5, TOP + side / 2, marks.axis_name(up.name, language), rotation=90, **label)


def _middles(axis: Axis, language: str) -> list[tuple[str, float]]:
    parts = zip(axis.levels, itertools.pairwise(axis.edges), strict=False)
    span = axis.high - axis.low
    return [(value_label("level", name, language), ((a + b) / 2 - axis.low) / span) for name, (a, b) in parts]


def _key_rows(
    assigned: pd.DataFrame, columns: list[str], method: Method | None, language: str
) -> list[tuple[str, str]]:
    """List what the marks mean: a mark, a ring or a sign, and its words."""
    rows = [(f"{code}", words) for code, words in marks.category_names(assigned, language).items()]
    if words := marks.decision_words(assigned, language):
        rows.append(("ring", f"D→ {words}"))
    if assigned.dropna(subset=columns).round(9).duplicated(columns).any():
        rows.append(("tie", texts.say("figure.category_map.together", language)))
    route = method is None or method.routed
    if method is not None:
        rows.append(("", texts.say("figure.category_map.cell", language)))
        if route:
            with_route, without = method.route
            values = {"with_route": with_route, "without": without}
            rows.append(("", texts.say("figure.category_map.route", language, **values)))
    hidden = int(assigned[columns].isna().any(axis=1).sum())
    if hidden:
        rows.append(("", texts.say("figure.category_map.hidden", language, count=hidden)))
    rows.append(("", texts.say(f"figure.category_map.few{'' if route else '.without_route'}", language)))
    return rows


def _draw_key(
    sheet: Axes, rows: list[tuple[str, str]], corner: tuple[float, float], room: float, air: float
) -> None:
    left, y = corner[0], corner[1] + 3
    for sign, words in rows:
        lines = style.wrapped(words, room)
        marks.draw_key_row(sheet, (left, y), sign, lines)
        y += 3.4 * (lines.count("\n") + 1) + air
