"""Does one person decide? Evaluators counted by what changes without them; proposals that hang on one."""

from __future__ import annotations

from functools import partial

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ogp_analysis.figures import style
from ogp_analysis.language import texts
from ogp_analysis.model.records import TableRow
from ogp_analysis.model.results import Results

TOP, BAR, ROW = 14.0, 3.5, 13.0  # millimetres: where the parts begin, and the bars
LEFT, RIGHT, WIDTH = 4.0, 72.0, 90.0  # where the panels begin; the width of the tiles
LONGEST_BAR = 60.0
MOST_ROWS = 5  # of numbers of proposals that change; beyond, they are put together
TILE, GAP = 5.2, 1.0
MOST_TILES = 84
MARKS = 15.0  # height of the words below the tiles


def _say(key: str, language: str, **values: object) -> str:
    return texts.say(f"sensitivity.figure.left_out.{key}", language, **values)


def drawing_of(results: Results) -> style.Drawing:
    """Give the figure as a function of the language.

    Parameters
    ----------
    results : Results
        From ``sensitivity.results.compute``.

    Returns
    -------
    Drawing
    """
    tables = [results.tables[f"sensitivity_{name}"] for name in ("left_out", "on_one")]
    draw = partial(left_out, *tables, synthetic=results.synthetic)
    return style.Drawing(draw, name="sensitivity_left_out", narrow=True)


@style.styled
def left_out(
    counted: pd.DataFrame,
    alone: pd.DataFrame,
    *,
    language: str = "en",
    synthetic: bool = False,
    width: float = style.COLUMN,
) -> Figure:
    """Draw how many evaluators change how much, and a tile for each proposal that may hang on one of them.

    Parameters
    ----------
    counted : DataFrame
        Table ``sensitivity_left_out``; evaluators are counted there, and so they are here.
    alone : DataFrame
        Table ``sensitivity_on_one``, index proposal.
    language : str
        ``"en"`` or ``"es"``.
    synthetic : bool
        Whether the ratings are invented.
    width : float
        In millimetres: `style.COLUMN` or `style.NARROW`.

    Returns
    -------
    matplotlib.figure.Figure
        As high as there are proposals; narrow, the tiles stand below the bars.

    Examples
    --------
    >>> counted = {"kind": "evaluator", "changed": [0, 1], "crossing": [0, 1], "times": [8, 2]}
    >>> counted |= {"no_category": 0, "could_change": 0}
    >>> alone = {"evaluators_change": 1, "evaluators_could": 0, "evaluators_cross": 1}
    >>> alone = pd.DataFrame(alone, index=["S01"])
    >>> texts = [text.get_text() for text in left_out(pd.DataFrame(counted), alone).axes[0].texts]
    >>> "change none: 8" in texts, "2 of them decide on category 1" in texts, "S01" in texts
    (True, True, True)
    """
    people = counted[counted["kind"] == "evaluator"]
    # Who alone rated a proposal decides it too: without that rating it has no category.
    people = people.assign(changed=people["changed"] + people["no_category"])
    # Without the only evaluator nothing is left that could decide otherwise.
    if alone.empty or people["times"].sum() <= 1:
        return style.words_alone(_say("nothing", language), language, width=width, synthetic=synthetic)
    shown = _tiles_shown(alone)
    columns = _columns(shown)
    rows = _rows(people)
    narrow = width == style.NARROW
    bars_end = TOP + ROW * len(rows)
    left, top = (LEFT, bars_end) if narrow else (RIGHT, 0.0)
    tiles_end = top + TOP + -(-len(shown) // columns) * (TILE + GAP) + MARKS
    gap = style.wrapped(_say("gap", language), width - 2 * LEFT)
    bottom = max(tiles_end, bars_end) + 6 + 4 * gap.count("\n")
    figure, axes = style.sheet(bottom, width, synthetic=synthetic)
    _bars(axes, rows, language)
    _tiles(axes, shown, (left, top), columns, total=len(alone), language=language)
    axes.text(LEFT, bottom - 1, gap, fontsize=style.SMALL, color=style.GREY, va="bottom")
    return style.completed(figure, language, synthetic=synthetic)


def _head(axes: Axes, corner: tuple[float, float], words: str, width: float) -> None:
    left, top = corner
    axes.text(left, top + 6, style.wrapped(words, width), fontsize=style.HEAD, fontweight="bold", va="center")


def _rows(people: pd.DataFrame) -> list[tuple[int, bool, int, int, int]]:
    """Count evaluators by how many proposals change: that number, whether or more, all, who cross, who could.

    Who could: of those who change none, those who would if a third evaluation that nobody gave said so.
    """
    last = MOST_ROWS - 1
    most = int(people["changed"].max())
    rows = []
    for count in range(min(most, last) + 1):
        more = count == last and most > last
        part = people[people["changed"] >= count] if more else people[people["changed"] == count]
        crossing = int(part.loc[part["crossing"] > 0, "times"].sum())
        could = int(part.loc[part["could_change"] > 0, "times"].sum()) if count == 0 else 0
        rows.append((count, more, int(part["times"].sum()), crossing, could))
    return rows


def _bars(axes: Axes, rows: list[tuple[int, bool, int, int, int]], language: str) -> None:
    _head(axes, (LEFT, 0), _say("evaluators", language), 60)
    largest = max(total for _, _, total, _, _ in rows)
    for at, (count, more, total, crossing, could) in enumerate(rows):
        top = TOP + at * ROW
        words = texts.counted("sensitivity.figure.left_out.changes", count, language)
        words = _say("most", language, count=count) if more else words
        lines = [(top + 1.5, _say("total", language, words=words, total=total), style.LABEL)]
        if crossing:
            crosses = texts.counted("sensitivity.figure.left_out.cross", crossing, language)
            lines.append((top + 9, crosses, style.SMALL))
        if could:
            perhaps = texts.counted("sensitivity.figure.left_out.none_could", could, language)
            lines.append((top + 9, perhaps, style.SMALL))
        for y, line, size in lines:
            axes.text(LEFT, y, line, fontsize=size, va="center", color=style.INK)
        for width, fill in ((total, style.LIGHT_GREY), (crossing, style.DATA)):
            corner = (LEFT, top + 3.5)
            axes.add_patch(Rectangle(corner, LONGEST_BAR * width / largest, BAR, facecolor=fill))


def _tiles_shown(alone: pd.DataFrame) -> pd.DataFrame:
    """Of many proposals only those that hang on one person, or could, the surest first."""
    if len(alone) <= MOST_TILES:
        return alone.sort_index()
    doubt = alone[(alone["evaluators_change"] > 0) | (alone["evaluators_could"] > 0)]
    order = ["evaluators_cross", "evaluators_change", "evaluators_could"]
    return doubt.sort_values(order, ascending=False, kind="stable").head(MOST_TILES).sort_index()


def _columns(shown: pd.DataFrame) -> int:
    return max(1, int((WIDTH + GAP) / (_tile_width(shown) + GAP)))


def _tile_width(shown: pd.DataFrame) -> float:
    longest = max((len(str(code)) for code in shown.index), default=3)
    return min(max(style.WIDTH_OF_A_LETTER * longest + 3, 9.0), WIDTH)


def _tiles(
    axes: Axes, shown: pd.DataFrame, place: tuple[float, float], columns: int, *, total: int, language: str
) -> None:
    words = _say("proposals", language)
    if len(shown) < total:
        words += f" ({_say('some', language, shown=len(shown), count=total)})"
    left, top = place
    _head(axes, place, words, WIDTH)
    width = _tile_width(shown)
    for at, row in enumerate(shown.itertuples()):
        down, across = divmod(at, columns)
        corner = (left + across * (width + GAP), top + TOP + down * (TILE + GAP))
        _tile(axes, corner, width, _look(row), str(row.Index))
    looks = {_look(row) for row in shown.itertuples()}
    _key(axes, (left, top + TOP + -(-len(shown) // columns) * (TILE + GAP) + 2), looks, language)


def _look(row: TableRow) -> str:
    if row.evaluators_cross:
        return "line"
    return "change" if row.evaluators_change else "could" if row.evaluators_could else "stays"


# Fill, colour of the words, edge, its width and its line: told apart without colour too.
LOOKS = {
    "line": (style.DATA, style.PAPER, style.INK, 1.8, "-"),
    "change": (style.DATA, style.PAPER, style.DATA, 0.6, "-"),
    "could": (style.PAPER, style.INK, style.INK, 0.9, "--"),
    "stays": (style.PAPER, style.GREY, style.LIGHT_GREY, 0.6, "-"),
}


def _tile(axes: Axes, corner: tuple[float, float], width: float, look: str, words: str) -> None:
    fill, ink, edge, line_width, line = LOOKS[look]
    (x, y) = corner
    axes.add_patch(
        Rectangle(corner, width, TILE, facecolor=fill, edgecolor=edge, linewidth=line_width, linestyle=line)
    )
    axes.text(x + width / 2, y + TILE / 2, words, fontsize=style.SMALL, ha="center", va="center", color=ink)


def _key(axes: Axes, corner: tuple[float, float], looks: set[str], language: str) -> None:
    """Say beside a small tile of each kind that is drawn what it means."""
    places = {"change": (0, 0), "line": (42, 0), "could": (0, 5), "stays": (0, 10)}
    for look, (across, down) in places.items():
        if look not in looks:
            continue
        fill, _, edge, line_width, line = LOOKS[look]
        x, y = corner[0] + across, corner[1] + down
        axes.add_patch(
            Rectangle((x, y), 4, 3, facecolor=fill, edgecolor=edge, linewidth=line_width, linestyle=line)
        )
        axes.text(x + 5.5, y + 1.6, _say(look, language), fontsize=style.SMALL, va="center", color=style.INK)
