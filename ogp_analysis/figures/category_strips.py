"""The score of every proposal on each axis that is cut into levels, one below the other, best on top."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ogp_analysis.figures import category_marks as marks
from ogp_analysis.figures import style
from ogp_analysis.language import texts
from ogp_analysis.model.records import Method

LEFT, TOP, ROW, FOOT, GAP = 22.0, 7.0, 4.2, 14.0, 6.0  # millimetres
KEY_ROW, KEY_MARK = 5.0, 10.0
# Of more proposals the rows are closer together, and nobody is named.
TALLEST = 200.0
MARK_SIZE = 38.0


@style.styled
def category_strips(
    assigned: pd.DataFrame,
    *,
    cut_points: Mapping[str, tuple[float, ...]],
    method: Method | None = None,
    language: str = "en",
    synthetic: bool = False,
    width: float = style.COLUMN,
) -> Figure:
    """Draw every proposal's score on each axis that is cut into levels, best categories on top.

    Parameters
    ----------
    assigned : DataFrame
        From ``whole_assessment.assess``: index proposal, a column of scores for each of ``cut_points``.
    cut_points : mapping
        For each criterion, or for the composite, its cut points in points.
    method : Method, optional
        Gives the ends of the scales and, where one axis alone gives the category, that of each level.
    language : str
        ``"en"`` or ``"es"``.
    synthetic : bool
        Whether the mark is drawn.
    width : float
        In millimetres: `style.COLUMN` or `style.NARROW`.

    Returns
    -------
    matplotlib.figure.Figure
        One panel for each axis, side by side, with the same proposals in the same order.
    """
    names = list(cut_points)
    order = ["category_final", *names]
    rising = [True, *(False for _ in names)]
    shown = assigned.dropna(subset=names).sort_values(order, ascending=rising, kind="stable")
    high = min(ROW * max(len(shown), 3), TALLEST)
    key = _key_rows(assigned, len(assigned) - len(shown), method, language)
    # Words that half the page does not hold take all of it.
    half = width / 2 - KEY_MARK
    fits = all("\n" not in style.wrapped(words, half) for _, words in key)
    across = 2 if fits and width != style.NARROW else 1
    key = [(sign, style.wrapped(words, width / across - KEY_MARK)) for sign, words in key]
    under = KEY_ROW * -(-len(key) // across)
    figure, sheet = style.sheet(TOP + high + FOOT + under, width, synthetic=synthetic)
    head = style.mark_room(synthetic=synthetic)
    each = (width - LEFT - GAP * len(names)) / len(names)
    for at, name in enumerate(names):
        left = LEFT + at * (each + GAP)
        panel = style.panel(figure, left=left, top=head + TOP, width=each, height=high)
        _ground(panel, name, cut_points[name], assigned[name], method, language)
        placed = pd.DataFrame({"x": shown[name], "y": np.arange(len(shown))}, index=shown.index)
        sizes = pd.Series(MARK_SIZE, index=shown.index)
        marks.draw_marks(panel, placed, assigned, sizes=sizes)
        marks.draw_rings(panel, placed.loc[marks.decided(shown)], colour=style.ACCENT, size=3 * MARK_SIZE)
        _name_rows(panel, shown if at == 0 else shown.head(0), len(shown))
        words = style.wrapped(marks.axis_name(name, language), each)
        sheet.text(left + each / 2, TOP + high + 9, words, ha="center", va="center", fontsize=style.LABEL)
    _draw_key(sheet, key, TOP + high + FOOT, width / across, across)
    return style.completed(figure, language, synthetic=synthetic)


def _ground(
    panel: Axes,
    name: str,
    cuts: tuple[float, ...],
    scores: pd.Series,
    method: Method | None,
    language: str,
) -> None:
    """Draw the scale with its cut points; the category of each level where one axis alone gives it."""
    known = {axis.name: axis for axis in method.axes} if method else {}
    low, high = marks.scale_ends(known.get(name), scores, cuts)
    panel.set_xlim(low, high)
    ticks = sorted({low, *cuts, high})
    panel.set_xticks(ticks, [marks.on_axis(tick, language) for tick in ticks])
    # The ends of two scales side by side must not run into each other.
    first, *_, last = panel.get_xticklabels()
    first.set_horizontalalignment("left")
    last.set_horizontalalignment("right")
    for cut in cuts:
        panel.axvline(cut, **marks.RULES)
    if method is None or len(known) > 1:
        return
    levels = zip(itertools.pairwise([low, *cuts, high]), method.category_table, strict=True)
    for (start, end), number in levels:
        panel.axvspan(start, end, **marks.tint(number))
        place: dict[str, Any] = {"xytext": (0, 4), "textcoords": "offset points"}
        place |= {"xycoords": ("data", "axes fraction"), "ha": "center", "va": "bottom"}
        look: dict[str, Any] = {
            "fontsize": style.HEAD,
            "fontweight": "bold",
            "color": style.GREY,
            "gid": "cell",
        }
        panel.annotate(f"→{number}", ((start + end) / 2, 1), **place, **look)


def _name_rows(panel: Axes, shown: pd.DataFrame, rows: int) -> None:
    panel.set_ylim(max(rows, 3) - 0.5, -0.5)
    names = list(marks.named(shown, shown.index).values()) if rows <= marks.MOST_NAMED else []
    panel.set_yticks(range(len(names)), names)
    panel.tick_params(axis="y", length=0)
    moved = set(marks.decided(shown))
    for label, code in zip(panel.get_yticklabels(), shown.index, strict=False):
        label.set_color(style.ACCENT if code in moved else style.INK)


def _key_rows(
    assigned: pd.DataFrame, hidden: int, method: Method | None, language: str
) -> list[tuple[str, str]]:
    rows = [(f"{code}", words) for code, words in marks.category_names(assigned, language).items()]
    if words := marks.decision_words(assigned, language):
        rows.append(("ring", f"D→ {words}"))
    if method is not None and len(method.axes) == 1:
        rows.append(("", texts.say("figure.category_map.level", language)))
    if hidden:
        rows.append(("", texts.say("figure.category_map.hidden", language, count=hidden)))
    return rows


def _draw_key(sheet: Axes, rows: list[tuple[str, str]], top: float, room: float, across: int) -> None:
    for at, (sign, words) in enumerate(rows):
        down, right = divmod(at, across)
        marks.draw_key_row(sheet, (4 + right * room, top + KEY_ROW * (down + 0.5)), sign, words)
