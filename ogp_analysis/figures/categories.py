"""Where proposals lie between the cut points, how categories move, where third evaluations were needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ogp_analysis.figures import style
from ogp_analysis.figures.lettering import write_names
from ogp_analysis.language import texts
from ogp_analysis.language.labels import name_label
from ogp_analysis.model.records import CATEGORIES, COMPOSITE
from ogp_analysis.model.results import Results

MARKERS = dict(enumerate("os^vDP*<>phd8H", start=1))
# No category has this number.
UNDETERMINED = 0
# Points of score by which equal points are set apart: as much as a marker needs to be seen beside another.
STEP = 0.045
# With more proposals than this their names would only cover each other.
MOST_NAMED = 80
# What the figure asks for stands first, so that its bars begin at one line.
STATUS_COLOURS = {
    "third": style.DATA,
    "unresolved": style.PAPER,
    "matched": style.LIGHT_GREY,
    "single": style.FIELD,
}


@style.styled
def category_map(
    assigned: pd.DataFrame,
    *,
    cut_points: Mapping[str, tuple[float, float]],
    language: str = "en",
    synthetic: bool = False,
    width: float = style.COLUMN,
) -> Figure:
    """Draw every proposal at its criterion scores, with cut points, its category by the rule and decisions.

    Parameters
    ----------
    assigned : DataFrame
        From ``categories.assign``: index proposal, criterion scores, ``category_by_rule``,
        ``category_selection``, ``decided``.
    cut_points : mapping
        Two cut points for each criterion; the first criterion is drawn upwards, the second to the right.
    language : str
        ``"en"`` or ``"es"``.
    synthetic : bool
        Whether the mark is drawn.
    width : float
        In millimetres: `style.COLUMN` or `style.NARROW`.

    Returns
    -------
    matplotlib.figure.Figure
        One panel; narrow, only proposals with a decision or on a cut point are named.
    """
    up, right = list(cut_points)[:2]
    narrow = width == style.NARROW
    figure = style.new(width / style.MILLIMETRES, 5.2)
    axes = figure.subplots()
    for cut in cut_points[right]:
        axes.axvline(cut, color=style.GREY, linewidth=0.9, linestyle="--")
    for cut in cut_points[up]:
        axes.axhline(cut, color=style.GREY, linewidth=0.9, linestyle="--")
    placed = _apart(assigned[[right, up]])
    for code in (*sorted(set(assigned["category_by_rule"].dropna())), UNDETERMINED):
        _scatter(axes, placed, assigned, int(code))
    if len(placed) <= MOST_NAMED:
        named = _telling(assigned.loc[placed.index], cut_points) if narrow else placed.index
        size = (width / style.MILLIMETRES - 0.8, 3.7)
        write_names(axes, placed, names=_named(assigned, named), noted=_decided(assigned), size=size)
    axes.set_xlabel(_axis(right, language))
    axes.set_ylabel(_axis(up, language))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: texts.number(value, language, 1))
    _say_above(axes, len(assigned) - len(placed), language, few=narrow)
    style.legend_below(axes, handles=_handles(assigned, language), ncols=1 if narrow else 3, across=narrow)
    return style.completed(figure, language, synthetic=synthetic)


def _named(assigned: pd.DataFrame, codes: Iterable[object]) -> dict[object, str]:
    """Write beside a code to which category a recorded decision moved it."""
    to = assigned.loc[_decided(assigned), "category_selection"]
    moved = {code: f" D→{'?' if pd.isna(number) else int(number)}" for code, number in to.items()}
    return {code: f"{code}{moved.get(code, '')}" for code in codes}


def _decided(assigned: pd.DataFrame) -> pd.Index:
    return assigned.index[assigned["decided"].astype(bool)]


def _telling(assigned: pd.DataFrame, cut_points: Mapping[str, tuple[float, float]]) -> pd.Index:
    """Choose the proposals that a decision moved, and those with a score on a cut point."""
    on_cut = [
        np.isclose(assigned[[name]].to_numpy(dtype=float), cuts).any(axis=1)
        for name, cuts in cut_points.items()
    ]
    return assigned.index[assigned["decided"].astype(bool) | np.logical_or.reduce(on_cut)]


@style.styled
def category_strips(
    assigned: pd.DataFrame,
    *,
    cut_points: Mapping[str, tuple[float, ...]],
    language: str = "en",
    synthetic: bool = False,
) -> Figure:
    """Draw every proposal's score on each axis that is cut into levels, best categories on top.

    Parameters
    ----------
    assigned : DataFrame
        From ``assessment.assess``: index proposal, a column of scores for each of ``cut_points``.
    cut_points : mapping
        For each criterion, or for the composite, its cut points in points.
    language : str
        ``"en"`` or ``"es"``.
    synthetic : bool
        Whether the mark is drawn.

    Returns
    -------
    matplotlib.figure.Figure
        One panel for each axis, side by side, with the same proposals in the same order.
    """
    names = list(cut_points)
    order = ["category_selection", *names]
    rising = [True, *(False for _ in names)]
    shown = assigned.dropna(subset=names).sort_values(order, ascending=rising, kind="stable").iloc[::-1]
    figure = style.new(height=1.6 + min(0.17 * len(shown), 8.0))
    panels = figure.subplots(1, len(names), sharey=True, squeeze=False)[0]
    for axes, name in zip(panels, names, strict=True):
        for cut in cut_points[name]:
            axes.axvline(cut, color=style.GREY, linewidth=0.9, linestyle="--")
        placed = pd.DataFrame({"x": shown[name], "y": np.arange(len(shown))}, index=shown.index)
        for code in (*sorted(set(shown["category_by_rule"].dropna())), UNDETERMINED):
            _scatter(axes, placed, assigned, int(code))
        axes.set_xlabel(_axis(name, language))
        axes.xaxis.set_major_formatter(lambda value, _: texts.number(value, language, 1))
    names = list(_named(assigned, shown.index).values()) if len(shown) <= MOST_NAMED else []
    panels[0].set_yticks(range(len(names)), names)
    _say_above(panels[0], len(assigned) - len(shown), language)
    style.legend_below(panels[0], handles=_handles(assigned, language), ncols=3)
    return style.completed(figure, language, synthetic=synthetic)


def _say_above(axes: Axes, hidden: int, language: str, *, few: bool = False) -> None:
    """Say how many proposals have no place for lack of a score, and whose codes stand there if not all do."""
    lines = [texts.say("figure.category_map.hidden", language, count=hidden)] if hidden else []
    lines += [texts.say("figure.category_map.few", language)] if few else []
    if lines:
        axes.set_title("\n".join(lines), fontsize=style.SMALL)


def _apart(points: pd.DataFrame) -> pd.DataFrame:
    """Step equal points aside so that none hides another; the first stays where it is."""
    order = points.groupby(list(points.columns), sort=False).cumcount()
    return points.add(order * STEP, axis=0).dropna()


def _colour(code: int) -> str:
    return style.category_look(code)["color"] if code else style.PAPER


def _scatter(axes: Axes, placed: pd.DataFrame, assigned: pd.DataFrame, code: int) -> None:
    category = assigned["category_by_rule"].fillna(UNDETERMINED)
    of_category = placed[(category == code).reindex(placed.index)]
    look: dict[str, Any] = {"marker": MARKERS.get(code, "X"), "s": 46, "color": _colour(code)}
    _points(axes, of_category, edgecolors=style.INK, linewidths=0.7, **look)
    decided = of_category[assigned["decided"].reindex(of_category.index).astype(bool)]
    _points(axes, decided, marker="o", s=150, facecolors="none", edgecolors=style.ACCENT, linewidths=1.4)


def _points(axes: Axes, places: pd.DataFrame, **look: Any) -> None:
    if len(places):
        axes.scatter(places.iloc[:, 0], places.iloc[:, 1], zorder=3, **look)


def category_name(number: int, language: str) -> str:
    """Name a category as a legend does: with the title that the method gives it, else by its number."""
    key = f"category.{number}"
    return (
        texts.say(key, language)
        if texts.titled(key, language)
        else texts.say("figure.category", language, number=number)
    )


def _axis(criterion: str, language: str) -> str:
    if criterion == COMPOSITE:
        return texts.say("column.composite", language)
    return texts.say("figure.points", language, name=name_label("criterion", criterion, language))


def _handles(assigned: pd.DataFrame, language: str) -> list[Line2D]:
    own = [code for code in range(1, style.MOST_CATEGORIES + 1) if texts.titled(f"category.{code}", language)]
    names = {int(code): category_name(int(code), language) for code in own or CATEGORIES}
    if assigned["category_by_rule"].isna().any():
        names[UNDETERMINED] = texts.say("figure.undetermined", language)
    handles = [
        Line2D(
            [],
            [],
            linestyle="",
            marker=MARKERS.get(code, "X"),
            markerfacecolor=_colour(code),
            markeredgecolor=style.INK,
            label=name,
        )
        for code, name in names.items()
    ]
    if assigned["decided"].any():
        ring: dict[str, Any] = {"marker": "o", "markerfacecolor": "none", "markeredgecolor": style.ACCENT}
        settled = assigned.loc[assigned["decided"], "category_by_rule"].isna().any()
        label = texts.say("figure.by_decision_settled" if settled else "figure.by_decision", language)
        ring |= {"markersize": 10, "markeredgewidth": 1.4, "label": f"D→ {label}"}
        handles.append(Line2D([], [], linestyle="", **ring))
    return handles


@style.styled
def category_counts(
    counts: pd.DataFrame, *, language: str = "en", synthetic: bool = False, width: float = style.COLUMN
) -> Figure:
    """Draw how many proposals each category holds: by the rule, after the selection, after phase 5.

    >>> counts = {"category": [1, 2], "by_rule": [9, 7], "after_selection": [10, 6], "final": [10, 0]}
    >>> figure = category_counts(pd.DataFrame(counts))
    >>> [label.get_text() for label in figure.axes[0].get_yticklabels()]
    ['after phase 5', 'after the selection', 'by the rule']
    """
    figure = style.new(width / style.MILLIMETRES, 2.9)
    axes = figure.subplots()
    # Bars are drawn from the foot up: the first step of the process shall be on top.
    steps = ["final", "after_selection", "by_rule"]
    start = np.zeros(len(steps))
    for _, row in counts[counts[steps].sum(axis=1) > 0].iterrows():
        code = int(row["category"]) if str(row["category"]).isdigit() else UNDETERMINED
        sizes = row[steps].to_numpy(dtype=float)
        _category_bars(axes, steps, sizes, start=start, code=code, language=language)
        start += sizes
    names = [texts.say(f"column.{step}", language) for step in steps]
    narrow = width == style.NARROW
    axes.set_yticks(range(len(steps)), [style.wrapped(name, 22) for name in names] if narrow else names)
    axes.set_xlabel(texts.say("figure.proposals", language))
    style.legend_below(axes, ncols=2 if narrow else 5, across=narrow)
    return style.completed(figure, language, synthetic=synthetic)


def _category_bars(
    axes: Axes, steps: list[str], sizes: np.ndarray, *, start: np.ndarray, code: int, language: str
) -> None:
    look = style.category_look(code) if code else {"color": style.PAPER, "hatch": "OO"}
    bars = axes.barh(
        steps,
        sizes,
        left=start,
        color=look["color"],
        hatch=look["hatch"],
        edgecolor=style.INK,
        linewidth=0.6,
        label=category_name(code, language) if code else texts.say("figure.undetermined", language),
    )
    # On a hatch a number can only be read in a box of its own.
    boxed = {"boxstyle": "round,pad=0.15", "facecolor": style.PAPER, "edgecolor": "none"}
    ink = style.INK if look["hatch"] else style.category_cell(code)[1]
    for text in axes.bar_label(bars, _counts(sizes), label_type="center", fontsize=style.SMALL, color=ink):
        text.set_bbox(boxed if text.get_text() and look["hatch"] else None)


def _counts(sizes: np.ndarray) -> list[str]:
    return [f"{size:.0f}" if size else "" for size in sizes]


@style.styled
def third_evaluations(
    counts: pd.DataFrame,
    *,
    panels: Sequence[str] = (),
    language: str = "en",
    synthetic: bool = False,
    width: float = style.COLUMN,
) -> Figure:
    """Draw, by indicator and blind pair, how many pairs match and how many needed a third evaluation.

    Pairs stand in the order of ``panels``, those of the method, as in the figure of the agreement.
    """
    # A table of counts has no column for a status that never occurs.
    statuses = [name for name in STATUS_COLOURS if name in counts]
    # Bars are drawn from the foot up: the first indicator shall be on top.
    shown = _by_pair(counts[counts[statuses].sum(axis=1) > 0], panels).iloc[::-1]
    if shown.empty:
        return style.words_alone(texts.say("figure.third_evaluations.none", language), language, width=width)
    narrow = width == style.NARROW
    figure = style.new(width / style.MILLIMETRES, 1.2 + (0.4 if narrow else 0.32) * max(len(shown), 1))
    axes = figure.subplots()
    names = [
        f"{name_label('indicator', i, language)}{style.BETWEEN}{_pair(p, language)}"
        for i, p in zip(shown["indicator"], shown["pair"], strict=True)
    ]
    start = np.zeros(len(shown))
    for status in statuses:
        sizes = shown[status].fillna(0).to_numpy(dtype=float)
        _status_bars(axes, sizes, start=start, status=status, language=language)
        start += sizes
    axes.set_yticks(range(len(shown)), style.in_two_lines(names) if narrow else names)
    _say_thirds(axes, shown, statuses, language)
    axes.set_xlabel(texts.say("figure.pairs", language))
    if statuses:
        style.legend_below(axes, ncols=1 if narrow else 4, across=narrow)
    return style.completed(figure, language, synthetic=synthetic)


def _by_pair(counts: pd.DataFrame, panels: Sequence[str]) -> pd.DataFrame:
    at = {panel: place for place, panel in enumerate(panels)}
    places = counts["pair"].map(lambda pair: at.get(pair.split("-")[0], len(at)))
    return counts.loc[places.sort_values(kind="stable").index]


def _status_bars(axes: Axes, sizes: np.ndarray, *, start: np.ndarray, status: str, language: str) -> None:
    bars = axes.barh(
        range(len(sizes)),
        sizes,
        left=start,
        color=STATUS_COLOURS[status],
        edgecolor=style.INK,
        linewidth=0.5,
        label=texts.say(f"status.{status}", language),
    )
    if status not in ("third", "matched"):
        axes.bar_label(bars, _counts(sizes), label_type="center", fontsize=style.SMALL)


def _say_thirds(axes: Axes, shown: pd.DataFrame, statuses: list[str], language: str) -> None:
    """Write at the end of each bar how many of its pairs needed a third evaluation."""
    if "third" not in shown:
        return
    # Room for the words, whatever the width of the axes.
    axes.margins(x=0.22)
    for at, (third, all_pairs) in enumerate(
        zip(shown["third"].fillna(0), shown[statuses].sum(axis=1), strict=True)
    ):
        words = texts.say("figure.some_of", language, some=int(third), all=int(all_pairs))
        place: dict[str, Any] = {"xytext": (4, 0), "textcoords": "offset points", "va": "center"}
        axes.annotate(words, (all_pairs, at), fontsize=style.SMALL, **place)


def _pair(pair: str, language: str) -> str:
    return " – ".join(name_label("panel", part, language) for part in pair.split("-"))


def all_of(results: Results) -> dict[str, style.Drawing]:
    """Name every figure of notebook 3; each is a function of the language alone.

    Parameters
    ----------
    results : Results
        From ``assessment.results.compute``.

    Returns
    -------
    dict
        Drawing by name of the figure.
    """
    tables, synthetic = results.tables, results.synthetic
    cut_points = results.further["cut_points"]
    drawings = {
        "categories_map": partial(
            category_map if len(cut_points) == 2 else category_strips,
            tables["categories"],
            cut_points=cut_points,
            synthetic=synthetic,
        ),
        "category_counts": partial(category_counts, tables["category_counts"], synthetic=synthetic),
        "third_evaluations": partial(
            third_evaluations,
            tables["third_evaluations"],
            panels=results.further["panels"],
            synthetic=synthetic,
        ),
    }
    judged = tables["third_evaluations"].reindex(columns=list(STATUS_COLOURS)).notna().any(axis=None)
    # Where no third evaluation is foreseen, no pair is judged to match or not.
    empty = {"third_evaluations"} if not judged else set()
    narrow = {"category_counts", "third_evaluations"} | (
        {"categories_map"} if len(cut_points) == 2 else set()
    )
    return {
        name: style.Drawing(draw, empty=name in empty, name=name, narrow=name in narrow)
        for name, draw in drawings.items()
    }
