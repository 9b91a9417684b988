"""How a proposal, its category and a decision about it look, wherever proposals are drawn at their scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ogp_analysis.figures import style
from ogp_analysis.language import texts
from ogp_analysis.language.labels import name_label
from ogp_analysis.model.records import CATEGORIES, COMPOSITE, Criterion

MARKERS = dict(enumerate("os^vDP*<>phd8H", start=1))
# No category has this number.
UNDETERMINED = 0
# With more proposals than this their names would only cover each other.
MOST_NAMED = 80
# Strength of a category's colour behind its proposals; light colours need more of it.
TINTS = {1: 0.16, 2: 0.16, 3: 0.2, 4: 0.45}
OTHER_TINT = 0.22
CELL_NAME: dict[str, Any] = {
    "fontsize": style.HEAD,
    "fontweight": "bold",
    "color": style.GREY,
    "gid": "cell",
}
RULES: dict[str, Any] = {"color": style.GREY, "linewidth": 0.9, "linestyle": "--", "zorder": 1}


def scale_ends(axis: Criterion | None, scores: pd.Series, cuts: Iterable[float]) -> tuple[float, float]:
    """Give the ends of an axis: those of the rating scale, wider where a score or a cut point lies outside.

    >>> scale_ends(None, pd.Series([2.0, 4.5]), (2.5, 3.5))
    (2.0, 4.5)
    """
    known = [*scores.dropna(), *cuts]
    known += [end for one in axis.indicators for end in (one.minimum, one.maximum)] if axis else []
    return float(min(known)), float(max(known))


def tint(number: int) -> dict[str, Any]:
    """Give the look of the ground of a category."""
    colour = style.category_look(number)["color"]
    return {"facecolor": colour, "alpha": TINTS.get(number, OTHER_TINT), "linewidth": 0, "zorder": 0}


def colour_of(number: int) -> str:
    """Give the fill of a proposal's mark."""
    return style.category_look(number)["color"] if number else style.PAPER


def draw_marks(axes: Axes, placed: pd.DataFrame, assigned: pd.DataFrame, *, sizes: pd.Series) -> None:
    """Draw proposals at places of two columns, each with the mark of its category by the rule."""
    category = assigned["category_by_rule"].fillna(UNDETERMINED).reindex(placed.index)
    for number in (*sorted(set(category) - {UNDETERMINED}), UNDETERMINED):
        here = placed[category == number]
        if len(here):
            axes.scatter(
                here.iloc[:, 0],
                here.iloc[:, 1],
                marker=MARKERS.get(int(number), "X"),
                s=sizes.reindex(here.index).to_numpy(),
                color=colour_of(int(number)),
                edgecolors=style.INK,
                linewidths=0.7,
                zorder=3,
                clip_on=False,
            )


def draw_rings(axes: Axes, placed: pd.DataFrame, *, colour: str, size: float) -> None:
    """Draw a ring around each of some proposals."""
    if len(placed):
        look: dict[str, Any] = {"facecolors": "none", "edgecolors": colour, "linewidths": 1.4, "zorder": 4}
        axes.scatter(placed.iloc[:, 0], placed.iloc[:, 1], marker="o", s=size, clip_on=False, **look)


def decided(assigned: pd.DataFrame) -> pd.Index:
    """List the proposals that recorded decisions, of whatever step, leave elsewhere than the rule does."""
    by_decision = assigned["decided"].astype(bool) | (assigned["final_step"] == "confirmation")
    # Where the rule gave none, a decision did change it.
    final = assigned["category_final"]
    moved = by_decision & final.notna() & (assigned["category_by_rule"] != final).fillna(True)
    return assigned.index[moved.astype(bool)]


def named(assigned: pd.DataFrame, codes: Iterable[object]) -> dict[object, str]:
    """Write beside a code to which category recorded decisions moved it in the end.

    >>> steps = {"category_by_rule": [4], "category_selection": [2], "category_final": [3]}
    >>> steps |= {"decided": [True], "final_step": ["confirmation"]}
    >>> named(pd.DataFrame(steps, index=["S12"]), ["S12", "S13"])
    {'S12': 'S12 D→3', 'S13': 'S13'}
    """
    to = assigned.loc[decided(assigned), "category_final"]
    moved = {code: f" D→{int(number)}" for code, number in to.items()}
    return {code: f"{code}{moved.get(code, '')}" for code in codes}


def on_a_cut(assigned: pd.DataFrame, cut_points: Mapping[str, tuple[float, ...]]) -> pd.Index:
    """List the proposals with a score on a cut point."""
    on_cut = [
        np.isclose(assigned[[name]].to_numpy(dtype=float), cuts).any(axis=1)
        for name, cuts in cut_points.items()
    ]
    return assigned.index[np.logical_or.reduce(on_cut)]


def category_name(number: int, language: str) -> str:
    """Name a category as a legend does: with the title that the method gives it, else by its number."""
    key = f"category.{number}"
    return (
        texts.say(key, language)
        if texts.titled(key, language)
        else texts.say("figure.category", language, number=number)
    )


def on_axis(number: float, language: str) -> str:
    """Write a number beside an axis: as it is where three decimals do, else (a third) with two.

    >>> on_axis(-5 / 3, "es"), on_axis(0.625, "en"), on_axis(4, "en")
    ('−1,67', '0.625', '4.0')
    """
    known = round(float(number), 6)
    return texts.exact(known if known == round(known, 3) else round(known, 2), language).replace("-", "−")


def axis_name(criterion: str, language: str) -> str:
    """Name an axis of scores."""
    if criterion == COMPOSITE:
        return texts.say("column.composite", language)
    return texts.say("figure.points", language, name=name_label("criterion", criterion, language))


def category_names(assigned: pd.DataFrame, language: str) -> dict[int, str]:
    """Name the categories of the method, and what the rule leaves open where there is any."""
    own = [code for code in range(1, style.MOST_CATEGORIES + 1) if texts.titled(f"category.{code}", language)]
    names = {int(code): category_name(int(code), language) for code in own or CATEGORIES}
    if assigned["category_by_rule"].isna().any():
        names[UNDETERMINED] = texts.say("figure.undetermined", language)
    return names


def decision_words(assigned: pd.DataFrame, language: str) -> str:
    """Say what a ring of a decision means; empty where nothing was decided."""
    moved = decided(assigned)
    if not len(moved):
        return ""
    settled = assigned.loc[moved, "category_by_rule"].isna().any()
    return texts.say("figure.by_decision_settled" if settled else "figure.by_decision", language)


def draw_key_row(sheet: Axes, place: tuple[float, float], sign: str, words: str) -> None:
    """Draw a mark with its words: that of a category by its number, ``"ring"``, ``"tie"`` or none."""
    x, y = place
    look: dict[str, Any] = {"markeredgecolor": style.INK, "linestyle": "none", "markersize": 6.5}
    if sign in ("ring", "tie"):
        edge = style.ACCENT if sign == "ring" else style.INK
        look |= {"markeredgecolor": edge, "markerfacecolor": "none", "markeredgewidth": 1.4}
        look |= {"markersize": 10 if sign == "ring" else 8, "marker": "o"}
    elif sign:
        look |= {"color": colour_of(int(sign)), "marker": MARKERS.get(int(sign), "X")}
    if sign:
        sheet.plot([x + 1], [y], **look)
    sheet.text(x + 4.5, y - 1.5, words, fontsize=style.SMALL, va="top", linespacing=1.1)
