"""Charts of the plan whose numbers survive, at the size they are printed; what our copy lacks is not drawn.

Everything is placed in millimetres on `style.sheet`. Hatching says where a number comes from: plain where the
plan states it, hatched where it is derived, dotted where it is inferred. Titles stand in the captions.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ogp_analysis.figures import style
from ogp_analysis.figures.plan_calendar import milestones
from ogp_analysis.figures.plan_method import method
from ogp_analysis.language import labels, texts
from ogp_analysis.model.results import Results

HATCHES = {"stated": "", "derived": "////", "inferred": ".."}
STEPS = ("received", "related", "integrated", "final_commitments")
# Who is not on the next step, and the two channels of the first.
LEFT_AT = {"related": "not_related", "final_commitments": "final_3_4"}
CATEGORIES = ("category_1", "category_2", "category_3", "category_4")
# Millimetres: the longest bar, the first row and the distance of the rows of the flow.
LONGEST, TOP, STEP, THICK = 72.0, 1.0, 11.0, 7.0
# The same on a narrow screen: distance of the steps, of the categories, and the longest bar of these.
NARROW_STEP, NARROW_ROW, NARROW_LONGEST = 20.0, 7.0, 50.0
PANELS = (
    "participation_province",
    "participation_ethnic",
    "participation_gender",
    "participation_workshop_sector",
)
# The scale that the four panels of participation share.
MOST_PERCENT, PANEL_GAP, PANEL_TOP, ROW = 80.0, 4.0, 15.0, 7.8
PRINTED_DIGITS = 2
ROLE_MARKS = {
    "lead": ("s", style.DATA, 62),
    "counterpart": ("o", style.DATA, 62),
    "other actor": (".", style.GREY, 18),
}
RESPONSIBLE = ("lead", "counterpart")
LONGEST_NAME = 42


def all_of(results: Results) -> dict[str, style.Drawing]:
    """Name every chart of the plan that can be drawn; each is a function of the language alone.

    Parameters
    ----------
    results : Results
        From ``plan.results.compute``.

    Returns
    -------
    dict
        Drawing by name of the figure.
    """
    tables = results.tables
    charts: dict[str, Callable[..., Figure]] = {
        "method": method,
        "flow": partial(flow, tables["flow"]),
        "participation": partial(participation, {name: tables[name] for name in PANELS}),
        "milestones": partial(milestones, tables["milestones"], tables["commitments"]),
        "conflict_matrix": partial(conflict_matrix, tables["conflict_matrix"]),
    }
    return {name: style.Drawing(draw, name=name, narrow=True) for name, draw in charts.items()}


@style.styled
def flow(nodes: pd.DataFrame, *, language: str = "en", width: float = style.COLUMN) -> Figure:
    """Draw the way from the proposals received to the commitments as bars of one scale.

    Parameters
    ----------
    nodes : DataFrame
        From ``plan.flow``.
    language : str
        ``"en"`` or ``"es"``.
    width : float
        In millimetres: `style.COLUMN` or `style.NARROW`.

    Returns
    -------
    matplotlib.figure.Figure
        165 by 70 mm; narrow, with the words above and below the bars.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> from ogp_analysis import plan
    >>> words = [text.get_text() for text in flow(plan.flow(published.read_all())).axes[0].texts]
    >>> words[0]
    '335'
    """
    shown = nodes.set_index("node")
    if width == style.NARROW:
        return _narrow_flow(shown, language)
    figure, axes = style.sheet(70)
    numbers = shown["proposals"].astype(int)
    for at, step in enumerate(STEPS):
        top, length = TOP + at * STEP, LONGEST * numbers[step] / numbers[STEPS[0]]
        _bar(axes, (0.5, top), length, origin=shown.loc[step, "origin"])
        _number(axes, (length + 2, top + THICK / 2), numbers[step])
        axes.text(
            length + 12, top + 1.7, shown.loc[step, f"step_{language}"], va="center", fontsize=style.LABEL
        )
        below = _channels_or_leavers(shown, step, language)
        axes.text(length + 12, top + 5.6, below, va="center", fontsize=style.SMALL, color=style.GREY)
    _split(axes, shown, language, top=TOP + len(STEPS) * STEP + 3)
    return figure


def _number(axes: Axes, place: tuple[float, float], number: int) -> None:
    axes.text(*place, str(number), va="center", fontsize=11, fontweight="bold")


def _narrow_flow(shown: pd.DataFrame, language: str) -> Figure:
    """Draw the flow with its words above and below bars as wide as the figure, categories as rows."""
    head = TOP + len(STEPS) * NARROW_STEP + 3
    figure, axes = style.sheet(head + 5 + NARROW_ROW * len(CATEGORIES), style.NARROW)
    numbers, words = shown["proposals"].astype(int), shown[f"step_{language}"]
    for at, step in enumerate(STEPS):
        top = TOP + at * NARROW_STEP
        _number(axes, (0.5, top + 2), numbers[step])
        axes.text(11, top + 2, words[step], va="center", fontsize=style.LABEL)
        length = (style.NARROW - 1) * numbers[step] / numbers[STEPS[0]]
        _bar(axes, (0.5, top + 4.5), length, origin=shown.loc[step, "origin"], thick=5)
        below = style.wrapped(_channels_or_leavers(shown, step, language), style.NARROW - 2)
        axes.text(0.5, top + 10.5, below, va="top", fontsize=style.SMALL, color=style.GREY, linespacing=1.05)
    _split_head(axes, numbers, language, top=head)
    longest = max(numbers[name] for name in CATEGORIES)
    for at, name in enumerate(CATEGORIES):
        y, origin = head + 4 + at * NARROW_ROW, shown.loc[name, "origin"]
        length = NARROW_LONGEST * numbers[name] / longest
        _bar(axes, (0.5, y), length, origin=origin, thick=5)
        label = f"{_with_origin(numbers[name], origin, language)}  {words[name]}"
        axes.text(length + 2, y + 2.5, label, va="center", fontsize=style.LABEL)
    return figure


def _channels_or_leavers(shown: pd.DataFrame, step: str, language: str) -> str:
    """Say below a step who left, or which channels it came from."""
    words = shown[f"step_{language}"]
    numbers = shown["proposals"].astype(int)
    if step == "received":
        return "; ".join(f"{words[name].lower()} {numbers[name]}" for name in ("online", "workshops"))
    if step == "integrated":
        return texts.say(
            "plan.figure.merged", language, related=numbers["related"], integrated=numbers["integrated"]
        )
    left = LEFT_AT[step]
    origin = shown.loc[left, "origin"]
    derived = "" if origin == "stated" else f" ({_origin(origin, language)})"
    return (
        texts.say("plan.figure.left", language, step=words[left].lower(), proposals=numbers[left]) + derived
    )


def _origin(origin: str, language: str) -> str:
    return texts.say(f"value.{origin}", language)


def _bar(
    axes: Axes, corner: tuple[float, float], length: float, *, origin: str, thick: float = THICK
) -> None:
    plain = origin == "stated"
    axes.add_patch(
        Rectangle(
            corner,
            length,
            thick,
            facecolor=style.DATA if plain else style.PAPER,
            edgecolor=style.DATA,
            hatch=HATCHES[origin],
            linewidth=0.8,
        )
    )


def _with_origin(count: int, origin: str, language: str) -> str:
    return str(count) if origin == "stated" else f"{count} ({_origin(origin, language)})"


def _split_head(axes: Axes, numbers: pd.Series, language: str, *, top: float) -> None:
    head = texts.say("plan.figure.split", language, integrated=numbers["integrated"])
    axes.text(0.5, top, head, fontsize=style.HEAD, fontweight="bold", va="center")


def _split(axes: Axes, shown: pd.DataFrame, language: str, *, top: float) -> None:
    """Draw the integrated proposals by category, on a scale of their own over the whole width."""
    whole = int(shown.loc["integrated", "proposals"])
    _split_head(axes, shown["proposals"].astype(int), language, top=top)
    left, width = 0.5, style.COLUMN - 1
    for name in CATEGORIES:
        count, origin = int(shown.loc[name, "proposals"]), shown.loc[name, "origin"]
        length = width * count / whole
        _bar(axes, (left, top + 3), length, origin=origin)
        word = _with_origin(count, origin, language)
        middle = left + length / 2
        axes.text(middle, top + 12.5, word, ha="center", va="center", fontsize=style.LABEL)
        axes.text(
            middle,
            top + 16.5,
            shown.loc[name, f"step_{language}"],
            ha="center",
            va="center",
            fontsize=style.SMALL,
        )
        left += length
        if name != CATEGORIES[-1]:
            # Two solid neighbours would be read as one.
            ends = [top + 3, top + 3 + THICK]
            axes.plot([left, left], ends, color=style.PAPER, linewidth=2.5, solid_capstyle="butt")


@style.styled
def participation(
    tables: dict[str, pd.DataFrame], *, language: str = "en", width: float = style.COLUMN
) -> Figure:
    """Draw who took part: four panels, each in percent of its own base, all on one scale.

    >>> from ogp_analysis.plan import published
    >>> from ogp_analysis import plan
    >>> tables = plan.participation_tables(published.read_all())
    >>> drawn = participation({name: tables[name] for name in PANELS})
    >>> len(drawn.axes[0].patches)
    17
    """
    across = 2 if width == style.NARROW else 4
    panel = (width - PANEL_GAP * (across - 1)) / across
    named = list(tables.items())
    rows = [named[at : at + across] for at in range(0, len(named), across)]
    heights = [PANEL_TOP + ROW * max(len(table) for _, table in row) for row in rows]
    figure, axes = style.sheet(sum(heights), width)
    for at, row in enumerate(rows):
        for place, (name, table) in enumerate(row):
            corner = (place * (panel + PANEL_GAP), sum(heights[:at]))
            _panel(axes, name, table, corner, panel, language)
    return figure


def _panel(
    axes: Axes, name: str, table: pd.DataFrame, corner: tuple[float, float], width: float, language: str
) -> None:
    left, top = corner
    origin = _origin(table["base_origin"].iloc[0], language)
    head = texts.say(f"plan.figure.panel.{name}", language, base=int(table["base"].iloc[0]), origin=origin)
    words = style.wrapped(head, width)
    axes.text(left, top + 0.5, words, fontsize=style.SMALL, fontweight="bold", va="top", linespacing=1.1)
    for at, row in enumerate(table.to_dict("records")):
        _group(axes, row, (left, top + PANEL_TOP + at * ROW), width, language)


def _group(axes: Axes, row: dict, corner: tuple[float, float], width: float, language: str) -> None:
    left, top = corner
    # The bar is as long as the percentage, which may be derived where the count is printed.
    origin = row["percentage_origin"]
    percent = float(row["percentage"])
    digits = (
        min(labels.digits_needed([percent]), PRINTED_DIGITS) if row["percentage_origin"] == "stated" else 1
    )
    count = "" if pd.isna(row["count"]) else f" ({int(row['count'])})"
    share = style.percent(percent / 100, language, digits)
    words = f"{labels.value_label('group', row['group'], language)} {share}{count}"
    axes.text(left, top, words, fontsize=style.SMALL, va="center")
    _bar(axes, (left, top + 2), width * percent / MOST_PERCENT, origin=origin, thick=2.6)


@style.styled
def conflict_matrix(matrix: pd.DataFrame, *, language: str = "en", width: float = style.COLUMN) -> Figure:
    """Draw which members of the Core Group lead a commitment, are its counterpart or another actor.

    >>> from ogp_analysis.plan import published
    >>> from ogp_analysis import plan
    >>> axes = conflict_matrix(plan.conflict_matrix(published.read_all())).axes[0]
    >>> [text.get_text() for text in axes.texts][:3]
    ['C1', 'C2', 'C3']
    """
    narrow = width == style.NARROW
    # Narrow, a name stands above its row.
    first, apart, last, step, lift = (4.0, 8.9, 95.0, 11.3, 2.4) if narrow else (77.0, 7.6, 157.0, 7.3, 0.0)
    columns = [name for name in matrix.columns if name.startswith("C") and name[1:].isdigit()]
    roles = matrix[columns]
    across = {name: first + apart * at for at, name in enumerate(columns)}
    responsible = roles.isin(RESPONSIBLE)
    order = responsible.sum(axis=1).sort_values(ascending=False, kind="stable").index
    top = 16 if narrow else 11
    figure, axes = style.sheet(top + step * len(order) + 9, width)
    for name, x in across.items():
        _middle(axes, (x, 4), name, fontsize=style.LABEL, fontweight="bold")
    heading = texts.say("plan.figure.stakes", language)
    _middle(axes, (last, 4), heading, fontsize=style.SMALL)
    for at, member in enumerate(order):
        y = top + step * at
        named = matrix.loc[member, "institution"]
        named = style.wrapped(named, width) if narrow else _short(named)
        upright = "bottom" if narrow else "center"
        axes.text(0, y - lift, named, va=upright, fontsize=style.SMALL, linespacing=1.05)
        axes.plot([first - 4, last - 7], [y, y], color=style.LIGHT_GREY, linewidth=0.6, zorder=0)
        _middle(axes, (last, y), str(int(responsible.loc[member].sum())), fontsize=style.LABEL)
        inferred = str(matrix.loc[member, "inferred"]).split()
        for name, x in across.items():
            _role(axes, (x, y), roles.loc[member, name], inferred=name in inferred)
    y = top + step * len(order)
    for name, x in across.items():
        _middle(axes, (x, y), str(int(responsible[name].sum())), fontsize=style.LABEL)
    axes.text(0, y - lift, heading, va="bottom" if narrow else "center", fontsize=style.SMALL)
    return figure


def _middle(axes: Axes, place: tuple[float, float], words: str, **look: Any) -> None:
    axes.text(*place, words, ha="center", va="center", **look)


def _role(axes: Axes, place: tuple[float, float], role: object, *, inferred: bool) -> None:
    if role not in ROLE_MARKS:
        return
    marker, colour, size = ROLE_MARKS[role]
    face = style.PAPER if role == "counterpart" else colour
    axes.scatter(
        *place,
        marker=marker,
        s=size,
        facecolor=face,
        edgecolor=colour,
        linewidth=1.4,
        linestyle=":" if inferred else "-",
        label=role,
    )


def _short(name: str) -> str:
    words = name.split()
    half = (len(words) + 1) // 2
    return " ".join(words[:half]) + "\n" + " ".join(words[half:]) if len(name) > LONGEST_NAME else name
