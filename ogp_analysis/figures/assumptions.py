"""Which assumption matters most: what stays with each in doubt alone, and with each held at the baseline."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ogp_analysis.figures import style
from ogp_analysis.language import labels, texts

ROW, TOP, FOOT, HIGH = 6.6, 11.5, 14.0, 2.5  # millimetres; HIGH: of a heading's line
NAMES, GAP = 44.0, 14.0  # room for the names, between the two scales
SCALE = (style.COLUMN - NAMES - GAP - 7.0) / 2
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
WAYS = ("alone", "held")


def _say(key: str, language: str) -> str:
    return texts.say(f"sensitivity.figure.influence.{key}", language)


@style.styled
def assumptions(influence: pd.DataFrame, *, language: str = "en", synthetic: bool = False) -> Figure:
    """Draw how often all of category 1 stay with each assumption in doubt alone, and with it held.

    Parameters
    ----------
    influence : DataFrame
        Table ``sensitivity_influence``: ``assumption``; for ``alone`` and ``held`` the share ``ten_...`` of
        draws in [0, 1] and its simulation error; ``ten_all`` with everything in doubt.
    language : str
        ``"en"`` or ``"es"``.
    synthetic : bool
        Whether the ratings are invented.

    Returns
    -------
    matplotlib.figure.Figure
        165 mm wide; the assumption that alone leaves least stands on top.

    Examples
    --------
    >>> rows = {"assumption": ["weights"], "ten_alone": [0.2], "ten_alone_error": [0.01], "ten_held": [0.03]}
    >>> drawn = assumptions(pd.DataFrame(rows | {"ten_held_error": [0.01], "ten_all": [0.02]}))
    >>> "only this in doubt" in {text.get_text() for text in drawn.axes[0].texts}
    True
    """
    order = influence.sort_values("ten_alone", kind="stable", na_position="last").reset_index(drop=True)
    mark = style.MARK_HEIGHT * style.MILLIMETRES if synthetic else 0
    bottom = TOP + ROW * len(order)
    figure, axes = style.sheet(bottom + FOOT + mark)
    for at, name in enumerate(order["assumption"]):
        words = style.wrapped(labels.value_label("assumption", name, language), NAMES - 4)
        axes.text(NAMES - 3, _row(at), words, ha="right", va="center", fontsize=style.SMALL)
    for way, left in zip(WAYS, (NAMES, NAMES + SCALE + GAP), strict=True):
        _scale(axes, left, bottom, style.wrapped(_say(way, language), SCALE), language)
        for at, (share, error) in enumerate(
            zip(order[f"ten_{way}"], order[f"ten_{way}_error"].fillna(0), strict=True)
        ):
            _dot(axes, left, _row(at), share, 2 * error)
    for share in order["ten_all"].head(1):
        _held_against(axes, NAMES + (SCALE + GAP) + SCALE * share, bottom, language)
    foot = style.wrapped(_say("x", language), style.COLUMN - 6)
    axes.text(style.COLUMN / 2, bottom + 9, foot, ha="center", va="top", fontsize=style.SMALL)
    return style.completed(figure, language, synthetic=synthetic)


def _row(at: int) -> float:
    return TOP + ROW * (at + 0.5)


def _scale(axes: Axes, left: float, bottom: float, title: str, language: str) -> None:
    axes.text(left, TOP - HIGH, title, va="bottom", fontsize=style.LABEL, fontweight="bold")
    for tick in TICKS:
        x = left + SCALE * tick
        axes.plot([x, x], [TOP, bottom], color=style.LIGHT_GREY, linewidth=0.6, zorder=0)
        axes.text(
            x, bottom + 3, style.percent(tick, language), ha="center", va="center", fontsize=style.SMALL
        )


def _dot(axes: Axes, left: float, y: float, share: float, doubt: float) -> None:
    if share != share:  # not computed: nothing is drawn
        return
    ends = [left + SCALE * min(max(share + side * doubt, 0), 1) for side in (-1, 1)]
    axes.plot(ends, [y, y], color=style.DATA, linewidth=1.4)
    axes.plot([left + SCALE * share], [y], marker="o", markersize=5, color=style.DATA, linestyle="none")


def _held_against(axes: Axes, x: float, bottom: float, language: str) -> None:
    """Draw the line of everything in doubt; nothing in doubt is 100%."""
    axes.plot([x, x], [TOP, bottom + 5], color=style.INK, linewidth=0.9, linestyle=":")
    axes.text(x, bottom + 7, _say("all", language), ha="center", va="center", fontsize=style.SMALL)
