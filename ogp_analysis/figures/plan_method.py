"""The plan's method in one drawing: a plain frame where it states a step, a dashed one where we chose."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle

from ogp_analysis.figures import style
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.model.records import ROUTE_DECIDES, Criterion, Method

STATED, OURS = "-", "--"
# Light to dark, so that the best reads first in grey too.
FILLS = {number: style.category_cell(number) for number in (1, 2)} | {ROUTE_DECIDES: (style.FIELD, style.INK)}
CELL = 15.0
# Millimetres: of the figure, and where the table of categories begins.
HEIGHT, NARROW_HEIGHT = 90.0, 160.0
GRID, NARROW_GRID = (116.0, 14.0), (30.0, 86.0)


@style.styled
def method(*, language: str = "en", width: float = style.COLUMN) -> Figure:
    """Draw how ratings become a category, with the values of the baseline.

    Parameters
    ----------
    language : str
        ``"en"`` or ``"es"``.
    width : float
        In millimetres: `style.COLUMN` or `style.NARROW`.

    Returns
    -------
    matplotlib.figure.Figure
        165 by 90 mm; narrow, with the table of categories below the steps.

    Examples
    --------
    >>> len(method().axes[0].patches) > 10
    True
    """
    narrow = width == style.NARROW
    height = NARROW_HEIGHT if narrow else HEIGHT
    figure, axes = style.sheet(height, width)
    chosen = params.from_values(params.baseline())
    record = chosen.method
    feasibility, relevance = record.criteria
    values = {"tolerance": texts.points(chosen.tolerance, language)}
    _lane(
        axes,
        4,
        relevance,
        language,
        steps=[("blind", STATED), ("match", OURS), ("third", STATED)],
        values=values,
    )
    _lane(axes, 45, feasibility, language, steps=[("no_third", OURS)], values=values)
    low, high = (texts.number(cut, language, 1) for cut in chosen.cut_points[relevance.name])
    _box(axes, (77, 12), (24, 20), _say("levels", language, low=low, high=high), OURS)
    _box(axes, (77, 50), (24, 14), _say("levels", language, low=low, high=high), OURS)
    corner = NARROW_GRID if narrow else GRID
    if narrow:
        axes.plot([101.2, 102.4, 102.4, 89], [22, 22, 68, 68], color=style.GREY, linewidth=0.9)
        _arrow(axes, (89, 64.5), (89, 74))
    else:
        _arrow(axes, (101.5, 20), (107, 20))
        _arrow(axes, (101.5, 61), (107, 61))
    _grid(axes, record, corner, language)
    _box(axes, (2, height - 11), (width - 4, 8), _say("decided", language), STATED)
    return figure


def _say(name: str, language: str, **values: str) -> str:
    return texts.say(f"plan.figure.method.{name}", language, **values)


def _lane(
    axes: Axes, top: float, criterion: Criterion, language: str, *, steps: list, values: dict[str, str]
) -> None:
    """Draw one criterion: who rates it, and what becomes of a pair."""
    axes.text(
        2,
        top,
        texts.say(f"criterion.{criterion.name}", language),
        fontsize=style.HEAD,
        fontweight="bold",
        va="center",
    )
    for at, panel in enumerate(criterion.panels):
        _box(axes, (2, top + 4 + at * 14), (26, 11), texts.say(f"panel.{panel}", language), STATED)
    for at, (name, line) in enumerate(steps):
        _box(axes, (33, top + 3 + at * 13), (39, 11.5), _say(name, language, **values), line)
    _arrow(axes, (28.5, top + 16), (32.5, top + 16))
    _arrow(axes, (72.5, top + 16), (76.5, top + 16))


def _box(axes: Axes, corner: tuple[float, float], size: tuple[float, float], words: str, line: str) -> None:
    (x, y), (width, height) = corner, size
    axes.add_patch(
        FancyBboxPatch(
            corner,
            width,
            height,
            boxstyle="round,pad=0,rounding_size=1.2",
            facecolor=style.PAPER,
            edgecolor=style.INK,
            linestyle=line,
            linewidth=0.9,
        )
    )
    axes.text(
        x + width / 2,
        y + height / 2,
        style.wrapped(words, width),
        ha="center",
        va="center",
        fontsize=style.SMALL,
        linespacing=1.05,
    )


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate(
        "", xy=end, xytext=start, arrowprops={"arrowstyle": "-|>", "color": style.GREY, "linewidth": 0.9}
    )


def _grid(axes: Axes, record: Method, corner: tuple[float, float], language: str) -> None:
    """Draw the table of categories: feasibility upwards, relevance to the right."""
    rows, columns = record.criteria
    left, top = corner
    axes.text(
        left + 1.5 * CELL,
        top - 10,
        texts.say(f"criterion.{columns.name}", language),
        ha="center",
        va="center",
        fontsize=style.HEAD,
        fontweight="bold",
    )
    axes.text(
        left - 7,
        top + 1.5 * CELL,
        texts.say(f"criterion.{rows.name}", language),
        ha="center",
        va="center",
        rotation=90,
        fontsize=style.HEAD,
        fontweight="bold",
    )
    for at, level in enumerate(columns.levels):
        word = texts.say(f"level.{level}", language)
        axes.text(left + (at + 0.5) * CELL, top - 3, word, ha="center", va="center", fontsize=style.SMALL)
        y = top + (len(rows.levels) - at - 0.5) * CELL
        axes.text(left - 2.5, y, word, ha="center", va="center", rotation=90, fontsize=style.SMALL)
    for row, line in enumerate(record.category_table):
        for column, category in enumerate(line):
            place = (left + column * CELL, top + (len(rows.levels) - row - 1) * CELL)
            _cell(axes, place, category)
    axes.text(
        left + 1.5 * CELL,
        top + 3 * CELL + 6,
        style.wrapped(_say("route", language), 46),
        ha="center",
        va="center",
        fontsize=style.SMALL,
    )


def _cell(axes: Axes, corner: tuple[float, float], category: int) -> None:
    by_route = category == ROUTE_DECIDES
    fill, ink = FILLS[category]
    axes.add_patch(
        Rectangle(
            corner,
            CELL,
            CELL,
            facecolor=fill,
            edgecolor=style.INK,
            linewidth=0.8,
            hatch="//" if by_route else "",
        )
    )
    axes.text(
        corner[0] + CELL / 2,
        corner[1] + CELL / 2,
        "3 / 4" if by_route else str(category),
        ha="center",
        va="center",
        fontsize=10,
        fontweight="bold",
        color=ink,
        bbox={"boxstyle": "round,pad=0.15", "facecolor": style.PAPER, "edgecolor": "none"}
        if by_route
        else None,
    )
