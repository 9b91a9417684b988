"""Figures of the sensitivity: robustness of proposals, dial of trust, assumptions, cuts, other ways."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ogp_analysis.figures import left_out, style
from ogp_analysis.figures.assumptions import assumptions
from ogp_analysis.figures.cut_steps import cut_steps
from ogp_analysis.figures.other_ways import other_ways
from ogp_analysis.figures.robustness import robustness
from ogp_analysis.language import texts
from ogp_analysis.model.results import Results

# As in sensitivity.study, which lies above this layer.
ROBUST_SHARE = 0.95
LINES = ("-", "--", ":", "-.")
LINE_COLOURS = (style.BLUE, style.VERMILION, style.GREEN, style.PURPLE, style.ORANGE, style.SKY)
# Names at the ends of the lines keep this distance, in units of the axis (a probability).
LABEL_GAP = 0.027
MOST_NAMES = 24  # of more proposals the most doubtful are shown


def _say(key: str, language: str, **values: object) -> str:
    return texts.say(f"sensitivity.{key}", language, **values)


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
    drawn: dict[str, tuple[Callable[..., Figure], str]] = {
        "sensitivity_acceptability": (robustness, "sensitivity_verdicts"),
        "sensitivity_trust": (trust_curve, "sensitivity_curve"),
        "sensitivity_assumptions": (assumptions, "sensitivity_influence"),
        "sensitivity_cuts": (cut_steps, "sensitivity_cut_steps"),
    }
    figures = {
        name: style.Drawing(
            partial(draw, results.tables[table], synthetic=results.synthetic),
            name=name,
            narrow=draw is not trust_curve,
        )
        for name, (draw, table) in drawn.items()
    }
    both = [results.tables[f"sensitivity_{name}"] for name in ("adding", "rules")]
    name = "sensitivity_adding"
    ways = style.Drawing(partial(other_ways, *both, synthetic=results.synthetic), name=name, narrow=True)
    return figures | {name: ways, "sensitivity_left_out": left_out.drawing_of(results)}


@style.styled
def trust_curve(curve: pd.DataFrame, *, language: str = "en", synthetic: bool = False) -> Figure:
    """Draw how the probability of keeping the category falls from trusted weights to unknown ones."""
    wide = curve.pivot(index="proposal", columns="concentration", values="keeps")
    unknown = curve[curve["belief"] == "uniform"].set_index("proposal")["keeps"]
    steps = sorted((c for c in wide.columns if pd.notna(c)), reverse=True)
    lines = wide[steps].assign(unknown=unknown).to_numpy()
    codes = wide.index.to_numpy()
    figure = style.new(height=4.6)
    axes = figure.subplots()
    _curves(axes, lines, codes)
    axes.axhline(ROBUST_SHARE, color=style.INK, linewidth=0.6, linestyle=":")
    names = [_say("figure.curve.trust", language)]
    names += [texts.number(step, language, 0) for step in steps[1:]] + [
        _say("figure.curve.unknown", language)
    ]
    axes.set_xticks(range(len(names)), names)
    # Room at the right for the names of the lines.
    axes.set_xlim(-0.2, len(names) - 0.2 + 0.9)
    axes.set_ylim(min(0.4, lines.min(initial=1) - 0.03), 1.02)
    axes.yaxis.set_major_formatter(lambda value, _: style.percent(value, language))
    axes.set_xlabel(_say("figure.curve.x", language))
    axes.set_ylabel(_say("figure.curve.y", language))
    return style.completed(figure, language, synthetic=synthetic)


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
        axes.annotate(str(codes[row]), (end + 0.4, height), va="center", fontsize=style.SMALL)
