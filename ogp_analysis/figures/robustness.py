"""Two questions for every proposal on one line: do other weightings keep its category, does another round?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ogp_analysis.figures import style
from ogp_analysis.language import texts
from ogp_analysis.model.records import TableRow

ROW, HEAD, TOP, FOOT = 3.9, 6.4, 9.0, 9.0  # millimetres
LEFT, RIGHT, END = 16.0, 108.0, 163.0
MOST_ROWS = 80  # of more proposals the most doubtful are shown
LOWEST = 0.3  # of the axis, unless something lies below
SURE = 0.95  # as in sensitivity.study, which lies above this layer
LETTERS = 8  # of a code; a longer one is cut


def _say(key: str, language: str, **values: object) -> str:
    return texts.say(f"sensitivity.figure.robustness.{key}", language, **values)


@style.styled
def robustness(verdicts: pd.DataFrame, *, language: str = "en", synthetic: bool = False) -> Figure:
    """Draw for each proposal the share of weightings that keep its category and the chance of another round.

    Parameters
    ----------
    verdicts : DataFrame
        Table ``sensitivity_verdicts``, index proposal.
    language : str
        ``"en"`` or ``"es"``.
    synthetic : bool
        Whether the ratings are invented.

    Returns
    -------
    matplotlib.figure.Figure
        165 mm wide, as high as there are proposals.

    Examples
    --------
    >>> rows = {"category_by_rule": [1], "category_final": [3], "decided": [True], "verdict": ["fragile"]}
    >>> rows |= {"keeps_weights": [0.6], "another_round": [0.7]}
    >>> axes = robustness(pd.DataFrame(rows, index=["S12"])).axes
    >>> {"S12", "D→3", "depends on the weights"} <= {text.get_text() for text in axes[0].texts}
    True
    """
    judged = verdicts[verdicts["category_by_rule"].notna()]
    notes = _notes(verdicts, judged, language)
    if not len(judged):
        return style.completed(
            style.nothing(style.new(height=1.5), _say("nothing", language)), language, synthetic=synthetic
        )
    shown = _most_doubtful(judged)
    groups = [part for _, part in shown.groupby("category_by_rule", sort=True)]
    bottom = TOP + sum(HEAD + ROW * len(part) for part in groups)
    mark = style.MARK_HEIGHT * style.MILLIMETRES if synthetic else 0
    figure, axes = style.sheet(bottom + FOOT + 4 * len(notes) + mark)
    scale = _scale(shown)
    _axis(axes, bottom, scale, language)
    top = TOP
    for part in groups:
        top = _group(axes, part, top, scale, language)
    for at, note in enumerate(notes):
        axes.text(2, bottom + FOOT + 4 * at, note, fontsize=style.SMALL, va="center", color=style.GREY)
    return style.completed(figure, language, synthetic=synthetic)


def _notes(verdicts: pd.DataFrame, judged: pd.DataFrame, language: str) -> list[str]:
    hidden = len(verdicts) - len(judged)
    notes = [texts.say("sensitivity.figure.acceptability.hidden", language, count=hidden)] if hidden else []
    if len(judged) > MOST_ROWS:
        words = {"shown": MOST_ROWS, "total": len(judged)}
        notes.append(texts.say("sensitivity.figure.acceptability.most", language, **words))
    return notes


def _most_doubtful(judged: pd.DataFrame) -> pd.DataFrame:
    doubt = judged[["keeps_weights", "another_round"]].min(axis=1)
    few = judged.loc[doubt.sort_values(kind="stable").index[:MOST_ROWS]]
    order = ["category_by_rule", "keeps_weights", "another_round"]
    return few.sort_index().sort_values(order, ascending=[True, False, False], kind="stable")


def _scale(shown: pd.DataFrame) -> float:
    """Give the lower end of the axis: below the lowest share, in tenths."""
    lowest = shown[["keeps_weights", "another_round"]].min().min()
    return min(LOWEST, float(np.floor(10 * lowest) / 10)) if lowest == lowest else LOWEST


def _place(share: float, low: float) -> float:
    return LEFT + (RIGHT - LEFT) * (share - low) / (1 - low)


def _axis(axes: Axes, bottom: float, low: float, language: str) -> None:
    """Draw the scale of shares above and below, and a line at what counts as sure."""
    for share in np.arange(round(10 * low), 11) / 10:
        x = _place(share, low)
        axes.plot([x, x], [TOP - 1, bottom], color=style.LIGHT_GREY, linewidth=0.6, zorder=0)
        for y, side in ((TOP - 1.5, "bottom"), (bottom + 0.5, "top")):
            if round(10 * share) % 2 == 0 or low > LOWEST:
                axes.text(x, y, style.percent(share, language), fontsize=style.SMALL, ha="center", va=side)
    x = _place(SURE, low)
    axes.plot([x, x], [TOP - 1, bottom], color=style.INK, linewidth=0.8, linestyle="--", zorder=0)
    for (x, words), filled in zip(
        ((2, _say("weights", language)), (84, _say("round", language))), (False, True), strict=True
    ):
        _dot(axes, x + 1, 2, filled=filled)
        axes.text(x + 3.5, 2, words, fontsize=style.LABEL, va="center")


def _dot(axes: Axes, x: float, y: float, *, filled: bool) -> None:
    fill = style.DATA if filled else style.PAPER
    size = 4.6 if filled else 6.4
    look: dict[str, Any] = {"markerfacecolor": fill, "markeredgecolor": style.DATA if filled else style.INK}
    axes.plot([x], [y], marker="o", markersize=size, markeredgewidth=1.0, zorder=3, **look)


def _group(axes: Axes, part: pd.DataFrame, top: float, low: float, language: str) -> float:
    category = int(part["category_by_rule"].iloc[0])
    head = texts.say("sensitivity.figure.acceptability.now", language, category=category)
    axes.text(2, top + HEAD - 2.6, head, fontsize=style.HEAD, fontweight="bold", va="center")
    for at, row in enumerate(part.itertuples()):
        _row(axes, row, top + HEAD + (at + 0.5) * ROW, low, language)
    return top + HEAD + ROW * len(part)


def _row(axes: Axes, row: TableRow, y: float, low: float, language: str) -> None:
    code = str(row.Index)
    shown = code if len(code) <= LETTERS else code[: LETTERS - 1] + "…"
    axes.text(LEFT - 1.5, y, shown, fontsize=style.SMALL, ha="right", va="center")
    places = [_place(row.keeps_weights, low)]
    _dot(axes, places[0], y, filled=False)
    if row.another_round == row.another_round:
        places.append(_place(row.another_round, low))
        axes.plot(places, [y, y], color=style.GREY, linewidth=0.8, zorder=1)
        _dot(axes, places[1], y, filled=True)
    words = texts.say(f"sensitivity.verdict.{row.verdict}", language)
    axes.text(RIGHT + 4, y, words, fontsize=style.SMALL, va="center")
    if pd.notna(row.decided) and bool(row.decided):
        final = "?" if pd.isna(row.category_final) else int(row.category_final)
        axes.text(
            END,
            y,
            f"D→{final}",
            fontsize=style.SMALL,
            va="center",
            ha="right",
            color=style.ACCENT,
            fontweight="bold",
        )
