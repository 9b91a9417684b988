"""How far evaluators agree by indicator and pair, with its doubt, and how far apart their ratings lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ogp_analysis.figures import style
from ogp_analysis.language import texts
from ogp_analysis.language.labels import name_label
from ogp_analysis.model.records import TableRow

POOLED = "all"
# Light to dark in colour and in grey; white is "no difference".
STEPS = ("#FFFFFF", "#C6DBEF", "#6BAED6", "#2171B5", "#08306B")
NEGLIGIBLE = 1e-9
# Millimetres: rows, heads, what stands below; names, the texts of intervals and the strip with its gap.
ROW, LINE, HEAD, FOOT, KEY = 7.2, 3.5, 9.0, 13.0, 5.0
NAMES, NARROW_NAMES, INTERVALS, STRIP, GAP = 44.0, 36.0, 31.0, 30.0, 4.0
APART = 1.6  # of the two estimates of a row, from its middle
STRIP_HEIGHT = 3.0
HEADS = 1.1  # of the scale's right end: letters of a head that fit above it, counted as 8 point ones
# Marker of an indicator and of all of a criterion, colour and fill, and the side of the row's middle.
LOOKS: dict[str, tuple[str, str, str, int]] = {
    "ac": ("o", style.DATA, style.DATA, -1),
    "alpha": ("s", style.INK, style.PAPER, 1),
}
DIAMOND = "D"


@dataclass(frozen=True)
class Scale:
    """Where a coefficient stands, in millimetres: between the lowest that is shown and 1."""

    left: float
    right: float
    low: float

    def place(self, value: float) -> float:
        """Give the place of a value."""
        return self.left + (self.right - self.left) * (value - self.low) / (1 - self.low)


@style.styled
def agreement_by_indicator(
    agreement: pd.DataFrame,
    differences: pd.DataFrame | None = None,
    *,
    weights: str = "quadratic",
    confidence_level: float = 0.95,
    language: str = "en",
    synthetic: bool = False,
    width: float = style.COLUMN,
) -> Figure:
    """Draw AC and alpha of every indicator and blind pair with their intervals, and of each criterion.

    Parameters
    ----------
    agreement : DataFrame
        Table ``agreement``; its rows ``"all"`` are drawn as diamonds.
    differences : DataFrame, optional
        Table ``disagreements`` of a method with pairs: how far apart their ratings lie, as a strip where the
        figure is wide and the differences are few whole points.
    weights, confidence_level : str, float
        Those of the table.
    language : str
        ``"en"`` or ``"es"``.
    synthetic : bool
        Whether the mark is drawn.
    width : float
        In millimetres: `style.COLUMN` or `style.NARROW`.

    Returns
    -------
    matplotlib.figure.Figure
        A head for each criterion and pair, below it a row an indicator.
    """
    if agreement[["ac", "alpha"]].isna().all(axis=None):
        words = texts.say("figure.nothing", language)
        return style.words_alone(words, language, width=width, synthetic=synthetic)
    narrow = width == style.NARROW
    strips = None if narrow else shares_of_differences(differences)
    groups = [part for _, part in agreement.groupby(["criterion", "pair"], sort=False)]
    top = KEY * (2 if narrow else 1) + 1
    bottom = top + sum(HEAD + ROW * len(part) for part in groups)
    axis = texts.say("figure.agreement_axis", language, level=f"{100 * confidence_level:g}")
    axis = style.wrapped(axis, width - 12)
    figure, axes = style.sheet(bottom + FOOT + LINE * axis.count("\n"), width, synthetic=synthetic)
    right = width - INTERVALS - (0 if strips is None else STRIP + GAP)
    scale = Scale(NARROW_NAMES if narrow else NAMES, right, _lowest(agreement))
    _draw_key(axes, agreement, weights, language, narrow=narrow)
    if strips is not None:
        _name_strip(axes, width - STRIP - GAP, top + 5, strips.shape[1], language)
    for part in groups:
        _draw_group(axes, part, top, scale, language)
        if strips is not None:
            _draw_strips(axes, part, strips, (width - STRIP - GAP, top + HEAD))
        top += HEAD + ROW * len(part)
    _name_scale(axes, scale, bottom, language)
    middle = width / 2 if narrow else (scale.left + scale.right) / 2
    axes.text(middle, bottom + 7, axis, ha="center", va="top", fontsize=style.LABEL, linespacing=1.1)
    return style.completed(figure, language, synthetic=synthetic)


def shares_of_differences(differences: pd.DataFrame | None) -> pd.DataFrame | None:
    """Give by criterion, indicator and pair the share of each difference, 0 to the largest; None if unfit.

    >>> rows = {"criterion": "c", "indicator": "i", "pair": "p", "difference": [0.0, 1.0, 1.0, 2.0]}
    >>> shares_of_differences(pd.DataFrame(rows)).loc[("c", "i", "p")].tolist()
    [0.25, 0.5, 0.25]
    """
    if differences is None:
        return None
    known = differences.dropna(subset=["difference"])
    whole = known["difference"].round()
    few = len(known) and whole.max() < len(STEPS) and (known["difference"] - whole).abs().max() < NEGLIGIBLE
    if not few:
        return None
    pooled = known.assign(indicator=POOLED)
    both = pd.concat([known, pooled]).assign(step=pd.concat([whole, whole]).astype(int).to_numpy())
    counts = both.groupby(["criterion", "indicator", "pair", "step"]).size().unstack(fill_value=0)
    counts = counts.reindex(columns=range(int(whole.max()) + 1), fill_value=0)
    return counts.div(counts.sum(axis=1), axis=0)


def _lowest(agreement: pd.DataFrame) -> float:
    """Give the lower end: 0, unless a coefficient or its interval is below what chance gives."""
    lowest = agreement[["ac_lower", "alpha_lower", "ac", "alpha"]].min().min()
    return min(0.0, float(np.floor(10 * lowest) / 10)) if lowest == lowest else 0.0


def _draw_key(axes: Axes, agreement: pd.DataFrame, weights: str, language: str, *, narrow: bool) -> None:
    weighting = texts.say(f"weights.{weights}", language)
    names = {
        "ac": texts.say("figure.ac", language, weights=weighting),
        "alpha": _alpha_label(agreement, language),
    }
    for at, (name, words) in enumerate(names.items()):
        x, y = (5, 3 + KEY * at) if narrow else (5 + 60 * at, 3)
        _marker(axes, x, y, name, pooled=False)
        axes.text(x + 3, y, words, va="center", fontsize=style.LABEL)


def _alpha_label(shown: pd.DataFrame, language: str) -> str:
    metrics = [key for key in shown.get("metric", pd.Series(dtype=object)).unique() if isinstance(key, str)]
    named = ", ".join(texts.say(f"metric.{key}", language) for key in metrics)
    bare = texts.say("coefficient.krippendorff_alpha", language)
    return texts.say("figure.alpha", language, metric=named) if named else bare


def _draw_group(axes: Axes, part: pd.DataFrame, top: float, scale: Scale, language: str) -> None:
    start, end = top + HEAD, top + HEAD + ROW * len(part)
    pair = " – ".join(name_label("panel", name, language) for name in part["pair"].iloc[0].split("-"))
    head = f"{name_label('criterion', part['criterion'].iloc[0], language)}{style.BETWEEN}{pair}"
    head = style.row_name(head, HEADS * scale.right)
    axes.text(4, top + 5, head, va="center", fontsize=style.HEAD, fontweight="bold", linespacing=1.0)
    for tick in _ticks(scale):
        x = scale.place(tick)
        colour = style.INK if tick == 0 else style.LIGHT_GREY
        axes.plot([x, x], [start, end], color=colour, linewidth=0.7, zorder=0)
    for at, row in enumerate(part.itertuples()):
        y = start + ROW * (at + 0.5)
        name = style.wrapped(name_label("indicator", row.indicator, language), scale.left - 8)
        weight = "bold" if row.indicator == POOLED else "normal"
        look: dict[str, Any] = {"fontsize": style.SMALL, "linespacing": 1.0, "fontweight": weight}
        axes.text(scale.left - 3, y, name, ha="right", va="center", **look)
        for coefficient in LOOKS:
            _estimate(axes, row, coefficient, y, scale, language)


def _estimate(axes: Axes, row: TableRow, name: str, y: float, scale: Scale, language: str) -> None:
    value, low, high = (getattr(row, f"{name}{end}") for end in ("", "_lower", "_upper"))
    y += LOOKS[name][3] * APART
    words = "–"
    if value == value:
        _marker(axes, scale.place(value), y, name, pooled=row.indicator == POOLED)
        words = _number(value, language)
    if value == value and low == low:
        ends = [scale.place(low), scale.place(high)]
        axes.plot(ends, [y, y], color=LOOKS[name][1], linewidth=1.3, zorder=2)
        words += f" ({_number(low, language)}–{_number(high, language)})"
    colour = style.INK if name == "ac" else style.GREY
    axes.text(scale.right + 3, y, words, va="center", fontsize=style.SMALL, color=colour)


def _number(value: float, language: str) -> str:
    return texts.number(float(value), language, 2).replace("-", "−")


def _marker(axes: Axes, x: float, y: float, name: str, *, pooled: bool) -> None:
    shape, colour, fill, _ = LOOKS[name]
    look: dict[str, Any] = {"markerfacecolor": fill, "markeredgecolor": colour, "linestyle": "none"}
    look |= {"marker": DIAMOND if pooled else shape, "markersize": 5.2, "markeredgewidth": 1.0, "zorder": 3}
    axes.plot([x], [y], **look)


def _ticks(scale: Scale) -> list[float]:
    step = 0.2 if scale.low > -0.5 else 0.5
    return [
        round(k * step, 1) for k in range(int(np.ceil(scale.low / step - NEGLIGIBLE)), round(1 / step) + 1)
    ]


def _name_scale(axes: Axes, scale: Scale, bottom: float, language: str) -> None:
    for tick in _ticks(scale):
        words = texts.number(tick, language, 1).replace("-", "−")
        axes.text(scale.place(tick), bottom + 3.5, words, ha="center", va="center", fontsize=style.SMALL)


def _name_strip(axes: Axes, left: float, y: float, count: int, language: str) -> None:
    """Say what the strip shows, and which difference each shade is."""
    axes.text(left, y - 3, texts.say("figure.strip", language), fontsize=style.SMALL, va="center")
    each = STRIP / count
    for step in range(count):
        x = left + each * step
        _shade(axes, (x, y), 3.0, step)
        axes.text(x + 4, y + STRIP_HEIGHT / 2, f"{step}", fontsize=style.SMALL, va="center")


def _shade(axes: Axes, corner: tuple[float, float], width: float, step: int) -> None:
    look: dict[str, Any] = {"facecolor": STEPS[step], "edgecolor": style.GREY, "linewidth": 0.5}
    axes.add_patch(Rectangle(corner, width, STRIP_HEIGHT, **look))


def _draw_strips(axes: Axes, part: pd.DataFrame, strips: pd.DataFrame, corner: tuple[float, float]) -> None:
    left, top = corner
    for at, row in enumerate(part.itertuples()):
        key = (row.criterion, row.indicator, row.pair)
        if key not in strips.index:
            continue
        x, y = left, top + ROW * (at + 0.5) - STRIP_HEIGHT / 2
        for step, share in enumerate(strips.loc[key]):
            if share > 0:
                _shade(axes, (x, y), STRIP * share, step)
            x += STRIP * share
