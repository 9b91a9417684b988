"""Charts of the plan whose numbers survive, and its calendar; lost charts are only listed, never drawn."""

from __future__ import annotations

from functools import partial
from typing import Any, Protocol

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Patch

from ogp_analysis.figures import style
from ogp_analysis.language import labels, texts
from ogp_analysis.model.results import Results
from ogp_analysis.plan.arithmetic import MONTHS_A_YEAR, month_number
from ogp_analysis.plan.milestones import NO_DATES, SHARED

# Where each node of the flow stands: across (0 to 3.2), down (0 to 6).
PLACES = {
    "online": (1.0, 0),
    "workshops": (2.4, 0),
    "received": (1.7, 1),
    "related": (1.0, 2),
    "not_related": (2.4, 2),
    "integrated": (1.0, 3),
    "category_1_2": (0.8, 4),
    "category_3": (1.9, 4),
    "category_4": (2.9, 4),
    "category_1": (0.3, 5),
    "category_2": (1.3, 5),
    "final_commitments": (0.3, 6),
    "final_3_4": (2.3, 6),
}
ARROWS = [
    ("online", "received"),
    ("workshops", "received"),
    ("received", "related"),
    ("received", "not_related"),
    ("related", "integrated"),
    ("integrated", "category_1_2"),
    ("integrated", "category_3"),
    ("integrated", "category_4"),
    ("category_1_2", "category_1"),
    ("category_1_2", "category_2"),
    ("category_1", "final_commitments"),
    ("category_2", "final_3_4"),
    ("category_3", "final_3_4"),
    ("category_4", "final_3_4"),
]
BOX_WIDTH, BOX_HEIGHT = 0.96, 0.56
ORIGIN_LINES = {"stated": "-", "derived": "--", "inferred": ":"}
ORIGIN_COLOURS = {"stated": style.SKY, "derived": style.LIGHT_GREY, "inferred": "white"}
ORIGIN_HATCHES = {"stated": "", "derived": "//", "inferred": ".."}
# The plan prints percentages with two decimals.
PRINTED_DIGITS = 2
ROLE_MARKS = {"lead": ("s", style.BLUE), "counterpart": ("o", style.ORANGE), "other actor": (".", style.GREY)}
# Longer names of institutions are broken in two lines.
LONGEST_NAME = 38
BREAKDOWNS = (
    "participation_province",
    "participation_gender",
    "participation_workshop_sector",
    "participation_ethnic",
)


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
    charts = {
        "flow": partial(flow, tables["flow"]),
        "sdg_links": partial(sdg_links, tables["sdg_links"]),
        "milestones": partial(milestones, tables["milestones"]),
        "conflict_matrix": partial(conflict_matrix, tables["conflict_matrix"]),
    }
    charts |= {name: partial(participation, tables[name], table=name) for name in BREAKDOWNS}
    return {name: style.Drawing(draw) for name, draw in charts.items()}


@style.styled
def flow(nodes: pd.DataFrame, *, language: str = "en") -> Figure:
    """Draw the way from the proposals received to the commitments; the frame of a box says its origin.

    Parameters
    ----------
    nodes : DataFrame
        From ``reproduction.flow``.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    matplotlib.figure.Figure
        One panel without axes.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> from ogp_analysis import plan
    >>> axes = flow(plan.flow(published.read_all())).axes[0]
    >>> [text.get_text() for text in axes.texts if text.get_text().isdigit()][:6]
    ['297', '38', '335', '181', '154', '43']
    """
    figure = style.new(7.2, 6.2)
    axes = figure.subplots()
    shown = nodes.set_index("node").loc[list(PLACES)]
    for start, end in ARROWS:
        _arrow(axes, PLACES[start], PLACES[end])
    for node, row in shown.iterrows():
        _box(axes, PLACES[node], row, language)
    # Upside down: the flow starts on top.
    axes.set(xlim=(-0.2, 3.4), ylim=(6.45, -0.45))
    axes.set_axis_off()
    axes.set_title(texts.say("figure.flow.title", language))
    _note(figure, texts.say("plan.figure.origin", language))
    return figure


def _box(axes: Axes, place: tuple[float, float], row: pd.Series, language: str) -> None:
    x, y = place
    corner = (x - BOX_WIDTH / 2, y - BOX_HEIGHT / 2)
    patch = FancyBboxPatch(
        corner,
        BOX_WIDTH,
        BOX_HEIGHT,
        boxstyle="round,pad=0.01,rounding_size=0.06",
        facecolor=style.SKY if row["origin"] == "stated" else "white",
        alpha=0.35 if row["origin"] == "stated" else 1.0,
        edgecolor="none",
    )
    axes.add_patch(patch)
    axes.add_patch(
        FancyBboxPatch(
            corner,
            BOX_WIDTH,
            BOX_HEIGHT,
            boxstyle="round,pad=0.01,rounding_size=0.06",
            facecolor="none",
            edgecolor=style.BLACK,
            linestyle=ORIGIN_LINES[row["origin"]],
        )
    )
    axes.text(x, y - 0.1, str(row["proposals"]), ha="center", va="center", fontweight="bold", fontsize=11)
    axes.text(x, y + 0.15, row[f"step_{language}"], ha="center", va="center", fontsize=6.7)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    gap = BOX_HEIGHT / 2 + 0.03
    axes.annotate(
        "",
        xy=(end[0], end[1] - gap),
        xytext=(start[0], start[1] + gap),
        arrowprops={"arrowstyle": "-|>", "color": style.GREY, "linewidth": 0.9},
    )


@style.styled
def participation(rows: pd.DataFrame, *, table: str, language: str = "en") -> Figure:
    """Draw one breakdown of participation as bars: counts where they are printed, else percentages.

    >>> from ogp_analysis.plan import published
    >>> from ogp_analysis import plan
    >>> rows = plan.participation_tables(published.read_all())["participation_gender"]
    >>> axes = participation(rows, table="participation_gender").axes[0]
    >>> [text.get_text() for text in axes.texts], axes.get_xlabel()
    (['196', '223'], 'people')
    """
    counted = rows["count"].notna().all()
    column = "count" if counted else "percentage"
    figure = style.new(7.2, 1.5 + 0.32 * len(rows))
    axes = figure.subplots()
    # Bars are drawn from the foot up: the first row shall be on top.
    drawn = rows.iloc[::-1].reset_index(drop=True)
    digits = min(labels.digits_needed(drawn[column].astype(float).tolist()), PRINTED_DIGITS)
    for at, row in drawn.iterrows():
        length = float(row[column])
        _bar(axes, at, length, origin=row[f"{column}_origin"], text=texts.number(length, language, digits))
    axes.set_yticks(drawn.index, [labels.value_label("group", name, language) for name in drawn["group"]])
    unit = rows["counted"].iloc[0] if counted else "percent"
    axes.set_xlabel(texts.say(f"plan.figure.axis.{unit}", language))
    axes.set_title(texts.say(f"figure.{table}.title", language))
    axes.margins(x=0.1)
    _origin_legend(axes, drawn[f"{column}_origin"], language)
    _note(figure, texts.say(f"figure.{table}.note", language))
    return figure


def _bar(axes: Axes, at: int, length: float, *, origin: str, text: str) -> None:
    axes.barh(
        at,
        length,
        color=ORIGIN_COLOURS[origin],
        hatch=ORIGIN_HATCHES[origin],
        edgecolor=style.BLACK,
        linewidth=0.7,
    )
    axes.annotate(text, (length, at), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8)


def _origin_legend(axes: Axes, origins: pd.Series, language: str) -> None:
    shown = [origin for origin in ORIGIN_COLOURS if origin in set(origins)]
    handles = [
        Patch(
            facecolor=ORIGIN_COLOURS[origin],
            hatch=ORIGIN_HATCHES[origin],
            edgecolor=style.BLACK,
            label=texts.say(f"value.{origin}", language),
        )
        for origin in shown
    ]
    axes.legend(handles=handles, loc="lower right")


@style.styled
def sdg_links(links: pd.DataFrame, *, language: str = "en") -> Figure:
    """Draw how many of the commitments are linked to each of the 17 goals, with the commitments named.

    >>> from ogp_analysis.plan import published
    >>> axes = sdg_links(published.read("sdg_links"), language="es").axes[0]
    >>> axes.get_title(loc="left"), len(axes.patches)
    ('Compromisos vinculados a cada Objetivo de Desarrollo Sostenible', 40)
    """
    figure = style.new(7.2, 3.6)
    axes = figure.subplots()
    goals = range(1, 18)
    by_goal = links.groupby("sdg")["commitment"].agg(list).reindex(goals)
    for goal, numbers in by_goal.dropna().items():
        for height, number in enumerate(sorted(numbers)):
            axes.bar(goal, 1, bottom=height, color=style.SKY, edgecolor="white", linewidth=1.2)
            axes.text(goal, height + 0.5, f"C{number}", ha="center", va="center", fontsize=6.7)
    axes.set_xticks(list(goals))
    axes.set_ylim(0, links["commitment"].nunique() + 0.4)
    axes.set_xlabel(texts.say("plan.figure.axis.sdg", language))
    axes.set_ylabel(texts.say("plan.figure.axis.commitments", language))
    axes.set_title(texts.say("figure.sdg_links.title", language))
    _note(figure, texts.say("figure.sdg_links.note", language, links=len(links)))
    return figure


@style.styled
def conflict_matrix(matrix: pd.DataFrame, *, language: str = "en") -> Figure:
    """Draw which members of the Core Group lead a commitment, are its counterpart or another actor.

    >>> from ogp_analysis.plan import published
    >>> from ogp_analysis import plan
    >>> axes = conflict_matrix(plan.conflict_matrix(published.read_all())).axes[0]
    >>> [text.get_text() for text in axes.get_legend().get_texts()], len(axes.get_yticks())
    (['lead', 'counterpart', 'other actor'], 12)
    """
    figure = style.new(7.2, 4.8)
    axes = figure.subplots()
    columns = [name for name in matrix.columns if name.startswith("C") and name[1:].isdigit()]
    cells = matrix[columns].reset_index(drop=True).set_axis(range(len(columns)), axis=1)
    held = cells.melt(ignore_index=False, var_name="commitment", value_name="role")
    for role, (marker, colour) in ROLE_MARKS.items():
        places = held[held["role"] == role]
        axes.scatter(
            places["commitment"],
            places.index,
            marker=marker,
            color=colour,
            s=60,
            label=texts.say(f"value.{role}", language),
        )
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(matrix)), [_short(name) for name in matrix["institution"]], fontsize=7)
    axes.set_ylim(len(matrix) - 0.5, -0.5)
    axes.grid()
    figure.suptitle(texts.say("figure.conflict_matrix.title", language), x=0.01, ha="left", fontsize=11)
    axes.legend(loc="upper center", bbox_to_anchor=(0.3, -0.08), ncols=3)
    return figure


def _short(name: str) -> str:
    words = name.split()
    half = (len(words) + 1) // 2
    return " ".join(words[:half]) + "\n" + " ".join(words[half:]) if len(name) > LONGEST_NAME else name


def _note(figure: Figure, text: str) -> None:
    # Not figure.text: only for this one does the constrained layout keep room.
    figure.supxlabel(text, x=0.01, ha="left", fontsize=7.5, color=style.GREY)


QUARTER = 3


@style.styled
def milestones(table: pd.DataFrame, *, language: str = "en") -> Figure:
    """Draw the timetable of the milestones; an undated one is a question mark, never a bar."""
    figure = style.new(7.2, 9.6)
    axes = figure.subplots()
    first = month_number(table["start"]).min()
    # A gap of 0.7 of a row before each commitment.
    rows = np.arange(len(table)) + table["commitment"].rank(method="dense").to_numpy() * 0.7
    # A milestone that ends in a month fills all of it.
    start, end = month_number(table["start"]) - first, month_number(table["end"]) - first + 1
    for at, row, begin, last in zip(rows, table.itertuples(), start, end, strict=True):
        if row.dating in (NO_DATES, SHARED):
            _undated(axes, at, row.dating, language)
        else:
            _span(axes, at, row, begin=begin, last=last)
    axes.set_yticks(rows, [f"C{row.commitment} M{row.milestone}" for row in table.itertuples()], fontsize=6.5)
    axes.set_ylim(rows.max() + 1, -0.3)
    axes.set_xlim(0, end.max() + 0.3)
    _month_axis(axes, int(first), int(end.max()))
    axes.set_title(texts.say("figure.milestones.title", language))
    _milestone_legend(axes, language)
    return figure


def _undated(axes: Axes, at: float, dating: str, language: str) -> None:
    text = "? " + texts.say(f"value.{dating}", language)
    colour = style.VERMILION if dating == NO_DATES else style.GREY
    axes.text(0.2, at, text, va="center", fontsize=7.5, fontweight="bold", color=colour)


class _Milestone(Protocol):
    """A row of the milestones."""

    out_of_order: bool


def _span(axes: Axes, at: float, row: _Milestone, *, begin: float, last: float) -> None:
    open_start = np.isnan(begin)
    # Only the month it ends in is printed; no start is invented for it.
    begin = last - 1 if open_start else begin
    axes.barh(
        at,
        last - begin,
        left=begin,
        height=0.72,
        color="white" if open_start else style.ORANGE if row.out_of_order else style.SKY,
        hatch="////" if open_start else ".." if row.out_of_order else "",
        edgecolor=style.BLACK,
        linewidth=0.6,
        linestyle=":" if open_start else "-",
    )


def _month_axis(axes: Axes, first: int, months: int) -> None:
    ticks = np.arange(0, months + 1, QUARTER)
    # Months are numbered year * 12 + month, month 1 to 12.
    numbers = ticks + first - 1
    axes.set_xticks(ticks, [f"{n // MONTHS_A_YEAR}-{n % MONTHS_A_YEAR + 1:02d}" for n in numbers])
    axes.grid(axis="x")
    axes.tick_params(axis="x", labeltop=True)


def _milestone_legend(axes: Axes, language: str) -> None:
    looks: dict[str, dict[str, Any]] = {
        "in_order": {"facecolor": style.SKY},
        "out_of_order": {"facecolor": style.ORANGE, "hatch": ".."},
        "no_start": {"facecolor": "white", "hatch": "////", "linestyle": ":"},
    }
    handles = [
        Patch(edgecolor=style.BLACK, linewidth=0.6, label=texts.say(f"plan.figure.{name}", language), **look)
        for name, look in looks.items()
    ]
    axes.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.45, -0.03), ncols=1)
