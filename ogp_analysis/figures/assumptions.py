"""Which assumption matters most: what stays with each in doubt alone, and with each held at the baseline."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ogp_analysis.figures import style
from ogp_analysis.language import labels, texts

ROW, TOP, FOOT, HIGH = 7.8, 11.5, 14.0, 2.5  # millimetres; HIGH: of a heading's line
NAMES, GAP, BETWEEN = (
    44.0,
    14.0,
    11.0,
)  # room for the names, between two scales side by side, one below the other
SCALE = (style.COLUMN - NAMES - GAP - 7.0) / 2
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
WAYS = ("alone", "held")


def _say(key: str, language: str) -> str:
    return texts.say(f"sensitivity.figure.influence.{key}", language)


@style.styled
def assumptions(
    influence: pd.DataFrame, *, language: str = "en", synthetic: bool = False, width: float = style.COLUMN
) -> Figure:
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
    width : float
        In millimetres: `style.COLUMN` or `style.NARROW`.

    Returns
    -------
    matplotlib.figure.Figure
        The assumption that alone leaves least stands on top; narrow, one scale below the other.

    Examples
    --------
    >>> rows = {"assumption": ["weights"], "ten_alone": [0.2], "ten_alone_error": [0.01], "ten_held": [0.03]}
    >>> drawn = assumptions(pd.DataFrame(rows | {"ten_held_error": [0.01], "ten_all": [0.02]}))
    >>> "only this varies" in {text.get_text() for text in drawn.axes[0].texts}
    True
    """
    order = influence.sort_values("ten_alone", kind="stable", na_position="last").reset_index(drop=True)
    high = TOP + ROW * len(order)
    narrow = width == style.NARROW
    below = high + BETWEEN if narrow else 0.0
    figure, axes = style.sheet(below + high + FOOT + (3 if narrow else 0), width, synthetic=synthetic)
    corners = ((NAMES, 0.0), (NAMES, below) if narrow else (NAMES + SCALE + GAP, 0.0))
    for at, (way, corner) in enumerate(zip(WAYS, corners, strict=True)):
        if narrow or at == 0:
            _names(axes, order["assumption"], corner[1], language)
        _scale(axes, corner, high, style.wrapped(_say(way, language), SCALE), language)
        shares = zip(order[f"ten_{way}"], order[f"ten_{way}_error"], strict=True)
        for row, (share, error) in enumerate(shares):
            _dot(axes, corner[0], corner[1] + _row(row), share, 2 * error)
    for share in order["ten_all"].dropna().head(1):
        left, top = corners[1]
        _held_against(axes, left + SCALE * share, (top + TOP, top + high), language)
    nobody = order["ten_held"].isna().all()  # in category 1: then that is said in place of the axis' name
    words = texts.say("sensitivity.finding.assumptions_none", language) if nobody else _say("x", language)
    foot = style.wrapped(words, width - 6)
    axes.text(width / 2, below + high + 9, foot, ha="center", va="top", fontsize=style.SMALL)
    return style.completed(figure, language, synthetic=synthetic)


def _names(axes: Axes, names: pd.Series, top: float, language: str) -> None:
    for at, name in enumerate(names):
        words = style.wrapped(labels.value_label("assumption", name, language), NAMES - 4)
        axes.text(
            NAMES - 3, top + _row(at), words, ha="right", va="center", fontsize=style.SMALL, linespacing=1.0
        )


def _row(at: int) -> float:
    return TOP + ROW * (at + 0.5)


def _scale(axes: Axes, corner: tuple[float, float], high: float, title: str, language: str) -> None:
    left, top = corner
    bottom = top + high
    axes.text(left, top + TOP - HIGH, title, va="bottom", fontsize=style.LABEL, fontweight="bold")
    for tick in TICKS:
        x = left + SCALE * tick
        axes.plot([x, x], [top + TOP, bottom], color=style.LIGHT_GREY, linewidth=0.6, zorder=0)
        axes.text(
            x, bottom + 3, style.percent(tick, language), ha="center", va="center", fontsize=style.SMALL
        )


def _dot(axes: Axes, left: float, y: float, share: float, doubt: float) -> None:
    if share != share:  # not computed: nothing is drawn
        return
    ends = [left + SCALE * min(max(share + side * doubt, 0), 1) for side in (-1, 1)]
    axes.plot(ends, [y, y], color=style.DATA, linewidth=1.4)
    axes.plot([left + SCALE * share], [y], marker="o", markersize=5, color=style.DATA, linestyle="none")


def _held_against(axes: Axes, x: float, ends: tuple[float, float], language: str) -> None:
    """Draw the line of everything in doubt; nothing in doubt is 100%."""
    top, bottom = ends
    axes.plot([x, x], [top, bottom + 5], color=style.INK, linewidth=0.9, linestyle=":")
    axes.text(x, bottom + 7, _say("all", language), ha="center", va="center", fontsize=style.SMALL)
