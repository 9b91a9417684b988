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
CELL, GAP = 15.0, 0.7
# Millimetres: of the figure, and where the table of categories begins.
HEIGHT, NARROW_HEIGHT = 104.0, 178.0
GRID, NARROW_GRID = (116.0, 20.0), (30.0, 104.0)
# Steps of a lane: height of a box and the distance of their tops.
STEP_HEIGHT, STEP = 9.0, 10.2
RELEVANCE = (("blind", STATED), ("inside", OURS), ("match", OURS), ("third", STATED), ("replaces", OURS))
FEASIBILITY = (("each", STATED), ("no_third", OURS))
# Levels of relevance and of feasibility that the plan's text does not put together (lines 526 to 540).
MIXED = {("high", "medium"), ("medium", "high")}


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
        165 by 104 mm; narrow, with the table of categories below the steps.

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
    _lane(axes, 3, relevance, language, steps=RELEVANCE, values=values)
    _lane(axes, 61, feasibility, language, steps=FEASIBILITY, values=values)
    low, high = (texts.number(cut, language, 1) for cut in chosen.cut_points[relevance.name])
    for top in (23, 67):
        _box(axes, (77, top), (24, 18), _say("levels", language, low=low, high=high), OURS)
    corner = NARROW_GRID if narrow else GRID
    if narrow:
        axes.plot([101.2, 102.4, 102.4, 89], [32, 32, 89.5, 89.5], color=style.GREY, linewidth=0.9)
        _arrow(axes, (89, 89.2), (89, 95), STATED)
    else:
        _arrow(axes, (101.5, 32), (107, 32), STATED)
        _arrow(axes, (101.5, 76), (107, 67), STATED)
    _grid(axes, record, corner, language)
    _box(axes, (2, height - 11), (width - 4, 8), _say("decided", language), STATED)
    return figure


def _say(name: str, language: str, **values: str) -> str:
    return texts.say(f"plan.figure.method.{name}", language, **values)


def _lane(
    axes: Axes,
    top: float,
    criterion: Criterion,
    language: str,
    *,
    steps: tuple[tuple[str, str], ...],
    values: dict[str, str],
) -> None:
    """Draw one criterion: who rates it, where the plan says so, and what becomes of a pair."""
    heading = texts.say(f"criterion.{criterion.name}", language)
    axes.text(2, top, heading, fontsize=style.HEAD, fontweight="bold", va="center")
    place = _say(f"place_{criterion.name}", language)
    axes.text(33, top, place, fontsize=style.SMALL, color=style.GREY, va="center")
    for at, panel in enumerate(criterion.panels):
        _box(axes, (2, top + 4 + at * 14), (26, 9), texts.say(f"panel.{panel}", language), STATED)
    for at, (name, line) in enumerate(steps):
        _box(axes, (33, top + 4 + at * STEP), (39, STEP_HEIGHT), _say(name, language, **values), line)
    _arrow(axes, (28.5, top + 8.5), (32.5, top + 8.5), STATED)
    _arrow(axes, (28.5, top + 22), (32.5, top + 12), STATED)
    middle = top + 4 + (len(steps) * STEP - 1) / 2
    _arrow(axes, (72.5, middle), (76.5, middle), OURS)


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


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], line: str) -> None:
    look = {"arrowstyle": "-|>", "color": style.GREY, "linewidth": 0.9, "linestyle": line}
    axes.annotate("", xy=end, xytext=start, arrowprops=look)


def _grid(axes: Axes, record: Method, corner: tuple[float, float], language: str) -> None:
    """Draw the table of categories: feasibility upwards, relevance to the right."""
    rows, columns = record.criteria
    left, top = corner
    _heads(axes, record, corner, language)
    for row, line in enumerate(record.category_table):
        for column, category in enumerate(line):
            place = (left + column * CELL, top + (len(rows.levels) - row - 1) * CELL)
            mixed = (rows.levels[row], columns.levels[column]) in MIXED
            _cell(axes, place, category, OURS if mixed else STATED)
    below = [_say("place_categories", language), _say("route", language)]
    for at, (words, colour) in enumerate(zip(below, (style.GREY, style.INK), strict=True)):
        axes.text(
            left + 1.5 * CELL,
            top + 3 * CELL + 2 + at * 4,
            style.wrapped(words, 48),
            ha="center",
            va="top",
            fontsize=style.SMALL,
            color=colour,
            linespacing=1.05,
        )


def _heads(axes: Axes, record: Method, corner: tuple[float, float], language: str) -> None:
    """Name the criteria and their levels at the sides of the table."""
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


def _cell(axes: Axes, corner: tuple[float, float], category: int, line: str) -> None:
    by_route = category == ROUTE_DECIDES
    fill, ink = FILLS[category]
    axes.add_patch(
        Rectangle(
            (corner[0] + GAP / 2, corner[1] + GAP / 2),
            CELL - GAP,
            CELL - GAP,
            facecolor=fill,
            edgecolor=style.INK,
            linestyle=line,
            linewidth=0.9,
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
