"""Two questions for every proposal on one line: do other weightings keep its category, does another round?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ogp_analysis.figures import style
from ogp_analysis.language import texts
from ogp_analysis.model.records import TableRow

ROW, HEAD, TOP, FOOT = 3.9, 6.4, 9.0, 9.0  # millimetres
LEFT, VERDICT, DECIDED, END = 16.0, 53.0, 11.0, 2.0  # VERDICT and on: from the right edge
MOST_ROWS = 80  # of more proposals the most doubtful are shown
LOWEST = 0.3  # of the axis, unless something lies below
SURE = 0.95  # as in sensitivity.study, which lies above this layer
LETTERS = 8  # of a code; a longer one is cut
LINE: dict[str, Any] = {"linewidth": 0.8, "zorder": 1}  # from ring to dot


def _say(key: str, language: str, **values: object) -> str:
    return texts.say(f"sensitivity.figure.robustness.{key}", language, **values)


@style.styled
def robustness(
    verdicts: pd.DataFrame, *, language: str = "en", synthetic: bool = False, width: float = style.COLUMN
) -> Figure:
    """Draw for each proposal the share of weightings that keep its category and the chance of another round.

    Parameters
    ----------
    verdicts : DataFrame
        Table ``sensitivity_verdicts``, index proposal.
    language : str
        ``"en"`` or ``"es"``.
    synthetic : bool
        Whether the ratings are invented.
    width : float
        In millimetres: `style.COLUMN` or `style.NARROW`.

    Returns
    -------
    matplotlib.figure.Figure
        As high as there are proposals.

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
    marks = _marks(judged, language)
    if not len(judged) or not marks:
        words = _say("unknown" if len(judged) else "nothing", language)
        return style.words_alone(words, language, width=width, synthetic=synthetic)
    shown = _most_doubtful(judged)
    groups = [part for _, part in shown.groupby("category_by_rule", sort=True)]
    narrow = width == style.NARROW
    # Narrow, the two names of the marks stand one below the other.
    first = TOP + (5 if narrow and len(marks) > 1 else 0)
    bottom = first + sum(HEAD + ROW * len(part) for part in groups)
    figure, axes = style.sheet(bottom + FOOT + 4 * len(notes), width, synthetic=synthetic)
    scale = Scale(_lowest(shown), width - VERDICT - 4, width, every=3 if narrow else 2)
    _axis(axes, first, bottom, scale, language)
    for at, name in enumerate(marks):
        _key(axes, (3, 2 + 5 * at) if narrow else (3 + 82 * at, 2), name, language)
    top = first
    for part in groups:
        top = _group(axes, part, top, scale, marks, language)
    for at, note in enumerate(notes):
        axes.text(2, bottom + FOOT + 4 * at, note, fontsize=style.SMALL, va="center", color=style.GREY)
    return style.completed(figure, language, synthetic=synthetic)


def _marks(judged: pd.DataFrame, language: str) -> list[str]:
    """List the marks that say something: no ring where no weight can vary, no dot where no round is known."""
    weighed = texts.UNWEIGHTED not in getattr(language, "variant", "").split()
    known = {"weights": weighed, "round": bool(judged["another_round"].notna().any())}
    return [name for name, drawn in known.items() if drawn]


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


@dataclass(frozen=True)
class Scale:
    """Where a share stands: the lowest, the place of 100%, the width of all, every which tenth is written."""

    low: float
    right: float
    width: float
    every: int

    def place(self, share: float) -> float:
        """Give the place of a share, in millimetres."""
        return LEFT + (self.right - LEFT) * (share - self.low) / (1 - self.low)


def _lowest(shown: pd.DataFrame) -> float:
    """Give the lower end of the axis: below the lowest share, in tenths."""
    lowest = shown[["keeps_weights", "another_round"]].min().min()
    return min(LOWEST, float(np.floor(10 * lowest) / 10)) if lowest == lowest else LOWEST


def _axis(axes: Axes, top: float, bottom: float, scale: Scale, language: str) -> None:
    """Draw the scale of shares above and below, and a line at what counts as sure."""
    for tenth in range(round(10 * scale.low), 11):
        x = scale.place(tenth / 10)
        axes.plot([x, x], [top - 1, bottom], color=style.LIGHT_GREY, linewidth=0.6, zorder=0)
        for y, side in ((top - 1.5, "bottom"), (bottom + 0.5, "top")):
            if (10 - tenth) % scale.every == 0:
                share = style.percent(tenth / 10, language)
                axes.text(x, y, share, fontsize=style.SMALL, ha="center", va=side)
    x = scale.place(SURE)
    axes.plot([x, x], [top - 1, bottom], color=style.INK, linewidth=0.8, linestyle="--", zorder=0)


def _key(axes: Axes, place: tuple[float, float], name: str, language: str) -> None:
    x, y = place
    _dot(axes, x + 1, y, filled=name == "round")
    axes.text(x + 3.5, y, _say(name, language), fontsize=style.LABEL, va="center")


def _dot(axes: Axes, x: float, y: float, *, filled: bool) -> None:
    fill = style.DATA if filled else style.PAPER
    size = 4.6 if filled else 6.4
    look: dict[str, Any] = {"markerfacecolor": fill, "markeredgecolor": style.DATA if filled else style.INK}
    axes.plot([x], [y], marker="o", markersize=size, markeredgewidth=1.0, zorder=3, **look)


def _group(
    axes: Axes, part: pd.DataFrame, top: float, scale: Scale, marks: list[str], language: str
) -> float:
    category = int(part["category_by_rule"].iloc[0])
    head = texts.say("sensitivity.figure.acceptability.now", language, category=category)
    axes.text(2, top + HEAD - 2.6, head, fontsize=style.HEAD, fontweight="bold", va="center")
    for at, row in enumerate(part.itertuples()):
        _row(axes, row, top + HEAD + (at + 0.5) * ROW, scale, marks, language)
    return top + HEAD + ROW * len(part)


def _row(axes: Axes, row: TableRow, y: float, scale: Scale, marks: list[str], language: str) -> None:
    code = str(row.Index)
    shown = code if len(code) <= LETTERS else code[: LETTERS - 1] + "…"
    axes.text(LEFT - 1.5, y, shown, fontsize=style.SMALL, ha="right", va="center")
    known = row.another_round == row.another_round
    shares = {False: row.keeps_weights, True: row.another_round}
    drawn = {"weights": False, "round": True}
    filled = [drawn[name] for name in marks if known or not drawn[name]]
    axes.plot([scale.place(shares[each]) for each in filled], [y] * len(filled), color=style.GREY, **LINE)
    for each in filled:
        _dot(axes, scale.place(shares[each]), y, filled=each)
    key = f"sensitivity.verdict.{row.verdict}"
    unknown = "" if known or not texts.has(f"{key}.unknown", language) else ".unknown"
    axes.text(scale.right + 4, y, texts.say(f"{key}{unknown}", language), fontsize=style.SMALL, va="center")
    if pd.notna(row.decided) and bool(row.decided):
        final = "?" if pd.isna(row.category_final) else int(row.category_final)
        axes.text(
            scale.width - END,
            y,
            f"D→{final}",
            fontsize=style.SMALL,
            va="center",
            ha="right",
            color=style.ACCENT,
            fontweight="bold",
        )
