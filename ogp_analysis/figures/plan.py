"""Charts of the plan whose numbers survive, drawn at the size they are printed; lost charts are never drawn.

Everything is placed in millimetres on `style.sheet`. Hatching says where a number comes from: plain where the
plan states it, hatched where it is derived, dotted where it is inferred. Titles stand in the captions.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ogp_analysis.figures import style
from ogp_analysis.figures.plan_calendar import milestones
from ogp_analysis.figures.plan_method import method
from ogp_analysis.language import labels, texts
from ogp_analysis.model.results import Results

HATCHES = {"stated": "", "derived": "////", "inferred": "...."}
STEPS = ("received", "related", "integrated", "final_commitments")
# Who is not on the next step, and the two channels of the first.
LEFT_AT = {"related": "not_related", "final_commitments": "final_3_4"}
CATEGORIES = ("category_1", "category_2", "category_3", "category_4")
# Millimetres: the longest bar, the first row and the distance of the rows of the flow.
LONGEST, TOP, STEP, THICK = 72.0, 1.0, 11.0, 7.0
PANELS = (
    "participation_province",
    "participation_ethnic",
    "participation_gender",
    "participation_workshop_sector",
)
# The scale that the four panels of participation share.
MOST_PERCENT, PANEL_WIDTH, ROW = 80.0, 38.0, 7.8
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
    return {name: style.Drawing(draw) for name, draw in charts.items()}


@style.styled
def flow(nodes: pd.DataFrame, *, language: str = "en") -> Figure:
    """Draw the way from the proposals received to the commitments as bars of one scale.

    Parameters
    ----------
    nodes : DataFrame
        From ``plan.flow``.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    matplotlib.figure.Figure
        165 by 70 mm.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> from ogp_analysis import plan
    >>> words = [text.get_text() for text in flow(plan.flow(published.read_all())).axes[0].texts]
    >>> words[0]
    '335'
    """
    figure, axes = style.sheet(70)
    shown = nodes.set_index("node")
    numbers = shown["proposals"].astype(int)
    for at, step in enumerate(STEPS):
        top, length = TOP + at * STEP, LONGEST * numbers[step] / numbers[STEPS[0]]
        _bar(axes, (0.5, top), length, origin=shown.loc[step, "origin"])
        axes.text(
            length + 2, top + THICK / 2, str(numbers[step]), va="center", fontsize=11, fontweight="bold"
        )
        axes.text(
            length + 12, top + 1.7, shown.loc[step, f"step_{language}"], va="center", fontsize=style.LABEL
        )
        below = _channels_or_leavers(shown, step, language)
        axes.text(length + 12, top + 5.6, below, va="center", fontsize=style.SMALL, color=style.GREY)
    _split(axes, shown, language, top=TOP + len(STEPS) * STEP + 3)
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
    axes: Axes, corner: tuple[float, float], length: float, *, origin: str, colour: str = style.DATA
) -> None:
    plain = origin == "stated"
    axes.add_patch(
        Rectangle(
            corner,
            length,
            THICK,
            facecolor=colour if plain else "white",
            edgecolor=colour,
            hatch=HATCHES[origin],
            linewidth=0.8,
        )
    )


def _split(axes: Axes, shown: pd.DataFrame, language: str, *, top: float) -> None:
    """Draw the integrated proposals by category, on a scale of their own over the whole width."""
    whole = int(shown.loc["integrated", "proposals"])
    head = texts.say("plan.figure.split", language, integrated=whole)
    axes.text(0.5, top, head, fontsize=style.HEAD, fontweight="bold", va="center")
    left, width = 0.5, style.COLUMN - 1
    for name in CATEGORIES:
        count, origin = int(shown.loc[name, "proposals"]), shown.loc[name, "origin"]
        length = width * count / whole
        _bar(axes, (left, top + 3), length, origin=origin)
        word = str(count) if origin == "stated" else f"{count} ({_origin(origin, language)})"
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


@style.styled
def participation(tables: dict[str, pd.DataFrame], *, language: str = "en") -> Figure:
    """Draw who took part: four panels, each in percent of its own base, all on one scale.

    >>> from ogp_analysis.plan import published
    >>> from ogp_analysis import plan
    >>> tables = plan.participation_tables(published.read_all())
    >>> drawn = participation({name: tables[name] for name in PANELS})
    >>> len(drawn.axes[0].patches)
    17
    """
    figure, axes = style.sheet(77)
    for at, (name, rows) in enumerate(tables.items()):
        left = at * (PANEL_WIDTH + 4)
        base = int(rows["base"].iloc[0])
        head = texts.say(f"plan.figure.panel.{name}", language, base=base)
        words = style.wrapped(head, PANEL_WIDTH)
        axes.text(left, 0.5, words, fontsize=style.SMALL, fontweight="bold", va="top", linespacing=1.1)
        for row_at, row in enumerate(rows.to_dict("records")):
            _group(axes, row, (left, 15 + row_at * ROW), language)
    return figure


def _group(axes: Axes, row: dict, corner: tuple[float, float], language: str) -> None:
    left, top = corner
    origin = row["percentage_origin"] if pd.isna(row["count"]) else row["count_origin"]
    percent = float(row["percentage"])
    digits = (
        min(labels.digits_needed([percent]), PRINTED_DIGITS) if row["percentage_origin"] == "stated" else 1
    )
    count = "" if pd.isna(row["count"]) else f" ({int(row['count'])})"
    share = texts.number(percent, language, digits)
    words = f"{labels.value_label('group', row['group'], language)} {share} %{count}"
    axes.text(left, top, words, fontsize=style.SMALL, va="center")
    height = 2.6
    axes.add_patch(
        Rectangle(
            (left, top + 2),
            PANEL_WIDTH * percent / MOST_PERCENT,
            height,
            facecolor=style.DATA if origin == "stated" else "white",
            edgecolor=style.DATA,
            hatch=HATCHES[origin],
            linewidth=0.7,
        )
    )


@style.styled
def conflict_matrix(matrix: pd.DataFrame, *, language: str = "en") -> Figure:
    """Draw which members of the Core Group lead a commitment, are its counterpart or another actor.

    >>> from ogp_analysis.plan import published
    >>> from ogp_analysis import plan
    >>> axes = conflict_matrix(plan.conflict_matrix(published.read_all())).axes[0]
    >>> [text.get_text() for text in axes.texts][:3]
    ['C1', 'C2', 'C3']
    """
    figure, axes = style.sheet(108)
    columns = [name for name in matrix.columns if name.startswith("C") and name[1:].isdigit()]
    roles = matrix[columns]
    across = {name: 77 + 7.6 * at for at, name in enumerate(columns)}
    responsible = roles.isin(RESPONSIBLE)
    order = responsible.sum(axis=1).sort_values(ascending=False, kind="stable").index
    for name, x in across.items():
        axes.text(x, 4, name, ha="center", va="center", fontsize=style.LABEL, fontweight="bold")
    axes.text(
        157, 4, texts.say("plan.figure.stakes", language), ha="center", va="center", fontsize=style.SMALL
    )
    for at, member in enumerate(order):
        y = 11 + 7.3 * at
        axes.text(
            0,
            y,
            _short(matrix.loc[member, "institution"]),
            va="center",
            fontsize=style.SMALL,
            linespacing=1.05,
        )
        axes.plot([72, 150], [y, y], color=style.LIGHT_GREY, linewidth=0.6, zorder=0)
        axes.text(
            157, y, str(int(responsible.loc[member].sum())), ha="center", va="center", fontsize=style.LABEL
        )
        for name, x in across.items():
            _role(axes, (x, y), roles.loc[member, name])
    y = 11 + 7.3 * len(order)
    for name, x in across.items():
        axes.text(x, y, str(int(responsible[name].sum())), ha="center", va="center", fontsize=style.LABEL)
    axes.text(0, y, texts.say("plan.figure.stakes", language), va="center", fontsize=style.SMALL)
    return figure


def _role(axes: Axes, place: tuple[float, float], role: object) -> None:
    if role not in ROLE_MARKS:
        return
    marker, colour, size = ROLE_MARKS[role]
    face = "white" if role == "counterpart" else colour
    axes.scatter(*place, marker=marker, s=size, facecolor=face, edgecolor=colour, linewidth=1.4, label=role)


def _short(name: str) -> str:
    words = name.split()
    half = (len(words) + 1) // 2
    return " ".join(words[:half]) + "\n" + " ".join(words[half:]) if len(name) > LONGEST_NAME else name
