"""Figures of the sensitivity: acceptability bars, dial of trust, map of assumptions, cut sweep."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from ogp_analysis.figures import left_out, style
from ogp_analysis.language import labels, texts
from ogp_analysis.model.results import Results

# Full, half, empty: told apart without colour; DejaVu Sans has all three.
VERDICT_MARKS = {"robust": "●", "review": "◐", "fragile": "○"}
# As in sensitivity.study, which lies above this layer.
ROBUST_SHARE = 0.95
LINES = ("-", "--", ":", "-.")
LINE_COLOURS = (style.BLUE, style.VERMILION, style.GREEN, style.PURPLE, style.ORANGE, style.SKY)
# Names at the ends of the lines keep this distance, in units of the axis (a probability).
LABEL_GAP = 0.027
BAR = 0.165  # inches of height a proposal
MOST_BARS, MOST_NAMES = 80, 24  # of more proposals the most doubtful are shown


def _say(key: str, language: str, **values: object) -> str:
    return texts.say(f"sensitivity.{key}", language, **values)


def _complete(figure: Figure, language: str, synthetic: bool) -> Figure:
    return style.synthetic_mark(figure, language) if synthetic else figure


def _percent_axis(axis: object, language: str) -> None:
    # Spanish sets a space before the per cent sign (a no-break one, so that it stays with its number).
    space = "\u00a0" if language == "es" else ""
    axis.set_major_formatter(lambda value, _: f"{round(100 * value)}{space}%")


def all_of(results: Results) -> dict[str, style.Drawing]:
    """Give every figure of notebook 4 as a function of the language, by figure id.

    Parameters
    ----------
    results : Results
        From ``sensitivity.results.compute``.

    Returns
    -------
    dict of Drawing
        By figure id, which is the name of the file.
    """
    drawn = {
        "sensitivity_acceptability": (acceptability_bars, "sensitivity_verdicts"),
        "sensitivity_trust": (trust_curve, "sensitivity_curve"),
        "sensitivity_assumptions": (assumption_map, "sensitivity_influence"),
        "sensitivity_cuts": (cut_sweep_lines, "sensitivity_sweep"),
    }
    figures = {
        name: style.Drawing(partial(draw, results.tables[table], synthetic=results.synthetic))
        for name, (draw, table) in drawn.items()
    }
    return figures | {"sensitivity_left_out": left_out.drawing_of(results)}


@style.styled
def acceptability_bars(verdicts: pd.DataFrame, *, language: str = "en", synthetic: bool = False) -> Figure:
    """Draw for every proposal the share of weightings that puts it in each category, and its verdict."""
    title = _say("figure.acceptability.title", language)
    judged = verdicts[verdicts["category_by_rule"].notna()]
    if len(judged) < len(verdicts):
        hidden = len(verdicts) - len(judged)
        title += "\n" + _say("figure.acceptability.hidden", language, count=hidden)
        verdicts = judged
    if len(verdicts) > MOST_BARS:
        title += "\n" + _say("figure.acceptability.most", language, shown=MOST_BARS, total=len(verdicts))
        verdicts = verdicts.sort_values("keeps_weights", kind="stable").head(MOST_BARS)
    order = verdicts.sort_values(
        ["category_by_rule", "keeps_weights"], ascending=[True, False], kind="stable"
    )
    groups = [part for _, part in order.groupby("category_by_rule", sort=True)]
    longest = max((len(str(code)) for code in order.index), default=1)
    sizes = [len(part) for part in groups] or [1]  # without any proposal one empty panel is left
    figure, axes = _stacked(sizes, lines=title.count("\n") + 1, longest=longest)
    for panel, part in zip(axes, groups, strict=False):
        _bars(panel, part, language)
    height = figure.get_size_inches()[1]
    figure.text(0.01, 1 - 0.12 / height, title, va="top", fontsize=11)
    axes[-1].set_xlabel(_say("figure.acceptability.x", language))
    place = (0.5, (style.MARK_HEIGHT + 0.08) / height)
    figure.legend(
        handles=_legend(_numbers(verdicts), language), loc="lower center", bbox_to_anchor=place, ncols=4
    )
    return _complete(figure, language, synthetic)


def _stacked(sizes: list[int], *, lines: int, longest: int) -> tuple[Figure, list[Axes]]:
    """Stack one panel a group at computed places: a layout that solves for them varies in the last bits."""
    panels = [BAR * size + 0.1 for size in sizes]
    top, bottom = 0.3 + 0.2 * lines, 1.3  # inches: title; axis, legend and mark
    left = min(0.4, 0.035 + 0.0115 * longest)  # room for the codes
    height = top + bottom + sum(panels) + 0.3 * (len(panels) - 1)
    figure, axes, upper = Figure(figsize=(7.2, height)), [], height - top
    for panel in panels:
        place = (left, (upper - panel) / height, 0.97 - left, panel / height)
        axes.append(figure.add_axes(place, sharex=axes[0] if axes else None))
        upper -= panel + 0.3
    for panel in axes[:-1]:
        panel.tick_params(labelbottom=False)
    return figure, axes


def _bars(panel: Axes, part: pd.DataFrame, language: str) -> None:
    places = np.arange(len(part))[::-1]
    left = np.zeros(len(part))
    for category in _numbers(part):
        width = part[f"share_{category}"].to_numpy()
        look = style.category_look(category)
        panel.barh(places, width, left=left, height=0.82, edgecolor="white", linewidth=0.3, **look)
        left += width
    category = int(part["category_by_rule"].iloc[0])
    panel.set_title(_say("figure.acceptability.now", language, category=category), fontsize=8.5, pad=3)
    labels = [f"{code} {VERDICT_MARKS[verdict]}" for code, verdict in part["verdict"].items()]
    panel.set_yticks(places, labels, fontsize=6.8)
    panel.set_xlim(0, 1)
    panel.set_ylim(-0.6, len(part) - 0.4)
    panel.tick_params(axis="y", length=0)
    _percent_axis(panel.xaxis, language)


def _numbers(verdicts: pd.DataFrame) -> list[int]:
    """Read the numbers of the categories off the columns of shares."""
    ends = (str(name).removeprefix("share_") for name in verdicts if str(name).startswith("share_"))
    return [int(end) for end in ends if end.isdigit()]


def _legend(numbers: list[int], language: str) -> list[Patch]:
    looks = {k: style.category_look(k) for k in numbers}
    handles = [
        Patch(
            facecolor=look["color"],
            hatch=look["hatch"],
            edgecolor="white",
            label=_say("category", language, category=k),
        )
        for k, look in looks.items()
    ]
    marks = [
        Patch(facecolor="none", edgecolor="none", label=f"{mark} {_say(f'verdict.{name}', language)}")
        for name, mark in VERDICT_MARKS.items()
    ]
    return [*handles, *marks]


@style.styled
def trust_curve(curve: pd.DataFrame, *, language: str = "en", synthetic: bool = False) -> Figure:
    """Draw how the probability of keeping the category falls from trusted weights to unknown ones."""
    wide = curve.pivot(index="proposal", columns="concentration", values="keeps")
    unknown = curve[curve["belief"] == "uniform"].set_index("proposal")["keeps"]
    steps = sorted((c for c in wide.columns if pd.notna(c)), reverse=True)
    lines = wide[steps].assign(unknown=unknown).to_numpy()
    codes = wide.index.to_numpy()
    figure = style.new(7.2, 4.6)
    axes = figure.subplots()
    _curves(axes, lines, codes)
    axes.axhline(ROBUST_SHARE, color=style.BLACK, linewidth=0.6, linestyle=":")
    names = [_say("figure.curve.trust", language)]
    names += [texts.number(step, language, 0) for step in steps[1:]] + [
        _say("figure.curve.unknown", language)
    ]
    axes.set_xticks(range(len(names)), names)
    # Room at the right for the names of the lines.
    axes.set_xlim(-0.2, len(names) - 0.2 + 0.9)
    axes.set_ylim(min(0.4, lines.min(initial=1) - 0.03), 1.02)
    _percent_axis(axes.yaxis, language)
    axes.set_xlabel(_say("figure.curve.x", language))
    axes.set_ylabel(_say("figure.curve.y", language))
    axes.set_title(_say("figure.curve.title", language))
    return _complete(figure, language, synthetic)


def _curves(axes: Axes, lines: np.ndarray, codes: np.ndarray) -> None:
    moved = lines.min(axis=1, initial=1) < ROBUST_SHARE
    axes.plot(lines[~moved].T, color=style.GREY, linewidth=0.8, alpha=0.6)
    for k, row in enumerate(np.flatnonzero(moved)):
        colour = LINE_COLOURS[k % len(LINE_COLOURS)]
        line = LINES[k // len(LINE_COLOURS) % len(LINES)]
        axes.plot(lines[row], color=colour, linestyle=line, linewidth=1.3)
    named = np.flatnonzero(moved)[np.argsort(lines[moved, -1], kind="stable")[:MOST_NAMES]]
    _name_ends(axes, codes[named], lines[named, -1], lines.shape[1] - 1)


def _name_ends(axes: Axes, codes: np.ndarray, heights: np.ndarray, end: int) -> None:
    """Write the codes at the right, pushed apart so that none covers another, each tied to its line."""
    order = np.argsort(heights, kind="stable")
    placed = heights[order].copy()
    # Neighbours that overlap move apart by half the overlap each; 200 rounds are far more than 24 names need.
    for _ in range(200):
        overlap = np.maximum(LABEL_GAP - np.diff(placed), 0)
        placed[:-1] -= overlap / 2
        placed[1:] += overlap / 2
    for row, height in zip(order, placed, strict=True):
        axes.plot([end, end + 0.35], [heights[row], height], color=style.GREY, linewidth=0.4)
        axes.annotate(str(codes[row]), (end + 0.4, height), va="center", fontsize=6.2)


@style.styled
def assumption_map(influence: pd.DataFrame, *, language: str = "en", synthetic: bool = False) -> Figure:
    """Draw how often all of category 1 stay with each assumption in doubt alone, and with it held."""
    order = influence.sort_values("ten_alone", ascending=False, kind="stable", na_position="first")
    figure = style.new(7.2, 3.2)
    panels = figure.subplots(1, 2, sharey=True, sharex=True)
    for panel, way in zip(panels, ("alone", "held"), strict=True):
        error = 2 * order[f"ten_{way}_error"].fillna(0)
        panel.errorbar(order[f"ten_{way}"], range(len(order)), xerr=error, fmt="o", color=style.BLUE)
        panel.set_title(_say(f"figure.influence.{way}", language), fontsize=9)
        panel.grid(axis="x")
        _percent_axis(panel.xaxis, language)
    # Two lines to hold it against: nothing in doubt is 100%.
    for all_in_doubt in order["ten_all"].head(1):
        panels[1].axvline(all_in_doubt, color=style.GREY, linestyle=":")
        panels[1].annotate(
            _say("figure.influence.all", language),
            (all_in_doubt, len(order) - 0.5),
            fontsize=8,
            color=style.GREY,
        )
    names = [labels.value_label("assumption", name, language) for name in order["assumption"]]
    panels[0].set_yticks(range(len(order)), names)
    panels[0].set_xlim(0, 1.02)
    panels[0].set_ylim(-0.5, max(len(order), 1) - 0.2)
    figure.supxlabel(_say("figure.influence.x", language), fontsize=9)
    return _complete(figure, language, synthetic)


@style.styled
def cut_sweep_lines(sweep: pd.DataFrame, *, language: str = "en", synthetic: bool = False) -> Figure:
    """Draw how many proposals are in category 1 while one cut point, or all, moves.

    >>> rows = {"cut": "all", "level": "", "shift": [-0.5, 0.0, 0.5], "category_1": [14, 10, 5]}
    >>> axes = cut_sweep_lines(pd.DataFrame(rows)).axes[0]
    >>> axes.get_ylabel(), axes.lines[0].get_ydata().tolist()
    ('proposals in category 1', [14, 10, 5])
    """
    figure = style.new(7.2, 3.8)
    axes = figure.subplots()
    colours = (style.BLACK, style.BLUE, style.SKY, style.VERMILION, style.ORANGE)
    for k, ((cut, level), part) in enumerate(sweep.groupby(["cut", "level"], sort=False)):
        axes.step(
            part["shift"],
            part["category_1"],
            where="mid",
            color=colours[k % len(colours)],
            linestyle=LINES[k % len(LINES)],
            linewidth=2 if cut == "all" else 1.4,
            label=_cut_name(str(cut), str(level), language),
        )
    axes.axvline(0, color=style.GREY, linewidth=0.7, linestyle=":")
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_formatter(lambda value, _: texts.number(value, language, 1))
    axes.grid(axis="y")
    axes.set_xlabel(_say("figure.sweep.x", language))
    axes.set_ylabel(_say("figure.sweep.y", language))
    axes.set_title(_say("figure.sweep.title", language))
    axes.legend(loc="upper right", ncols=1)
    return _complete(figure, language, synthetic)


def _cut_name(cut: str, level: str, language: str) -> str:
    if cut == "all":
        return _say("figure.sweep.all", language)
    name = labels.name_label("criterion", cut, language)
    reached = _say("figure.sweep.from", language, level=labels.value_label("level", level, language))
    return _say("figure.sweep.one", language, criterion=name, level=reached)
