"""The proposals of the user's own records at each step, as bars; the plan's flow where there are none."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from ogp_analysis.figures import plan, style
from ogp_analysis.language import texts
from ogp_analysis.model.results import Results

NAME = "proposals_flow"
# Steps that come out of one division are shaded alike.
COLOURS = (style.DATA, style.LIGHT_GREY)


def all_of(results: Results) -> dict[str, style.Drawing]:
    """Name every figure of phases 1 and 2; each is a function of the language alone.

    Parameters
    ----------
    results : Results
        From ``proposals.results.compute``.

    Returns
    -------
    dict
        Drawing by name of the figure: ``proposals_flow``.
    """
    if results.summary["skipped"] and "flow" not in results.further:
        return {}
    if results.summary["skipped"]:
        draw = partial(plan.flow, results.further["flow"])
        return {NAME: style.Drawing(draw, name=NAME, narrow=True)}
    return {NAME: style.Drawing(partial(flow, results.tables["proposals_flow"]), name=NAME)}


@style.styled
def flow(steps: pd.DataFrame, *, language: str = "en") -> Figure:
    """Draw how many proposals there are at each step.

    Parameters
    ----------
    steps : DataFrame
        From ``proposals.register.flow``: ``step_en``, ``step_es``, ``division``, ``proposals``.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    matplotlib.figure.Figure
        Bars, the first step on top.

    Examples
    --------
    >>> rows = {"step_en": ["Received", "Related"], "division": ["", "related"], "proposals": [3, 2]}
    >>> [text.get_text() for text in flow(pd.DataFrame(rows)).axes[0].texts]
    ['2', '3']
    """
    figure = style.new(height=1.5 + 0.32 * len(steps))
    axes = figure.subplots()
    divisions = list(dict.fromkeys(steps["division"]))
    # Bars are drawn from the foot up: the first step shall be on top.
    drawn = steps.iloc[::-1].reset_index(drop=True)
    for at, row in drawn.iterrows():
        colour = COLOURS[divisions.index(row["division"]) % len(COLOURS)]
        axes.barh(at, row["proposals"], color=colour, edgecolor=style.INK, linewidth=0.7)
        label: dict[str, Any] = {
            "xytext": (4, 0),
            "textcoords": "offset points",
            "va": "center",
            "fontsize": 8,
        }
        axes.annotate(str(row["proposals"]), (row["proposals"], at), **label)
    axes.set_yticks(drawn.index, drawn[f"step_{language}"])
    axes.set_xlabel(texts.say("proposals.figure.axis", language))
    axes.margins(x=0.1)
    return figure
