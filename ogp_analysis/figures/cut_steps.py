"""Size of category 1 while cut points move: small steps side by side, each where a proposal crosses."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ogp_analysis.figures import style
from ogp_analysis.language import labels, texts

TOP, HEIGHT, FOOT, ROW_GAP = 13.0, 32.0, 11.0, 25.0  # millimetres
LEFT, GAP = 12.0, 5.0
IN_A_ROW, IN_A_NARROW_ROW = 5, 2
MOST_PANELS = 10  # of more, those on which nothing moves are left out
LETTERS = 8  # of the codes at one step
CLOSEST = 0.11  # of a panel: two upright codes
LIFT = 10  # part of the highest step that lies between a step and its codes
MOST_OF_THE_HEIGHT = 0.6  # that codes may take of a panel
MOST_CODES = 8  # of those that cross: beyond, a panel would be covered with codes


def _say(key: str, language: str, **values: object) -> str:
    return texts.say(f"sensitivity.figure.sweep.{key}", language, **values)


@style.styled
def cut_steps(
    steps: pd.DataFrame, *, language: str = "en", synthetic: bool = False, width: float = style.COLUMN
) -> Figure:
    """Draw how many proposals are in category 1 while one cut point, or all of them, moves.

    Parameters
    ----------
    steps : DataFrame
        Table ``sensitivity_cut_steps``.
    language : str
        ``"en"`` or ``"es"``.
    synthetic : bool
        Whether the ratings are invented.
    width : float
        In millimetres: `style.COLUMN` or `style.NARROW`.

    Returns
    -------
    matplotlib.figure.Figure
        Five panels a row; narrow, two.

    Examples
    --------
    >>> rows = {"cut": "all", "level": "", "shift": [-0.5, 0.0, 0.5], "category_1": [11, 10, 10]}
    >>> figure = cut_steps(pd.DataFrame(rows | {"entering": "", "leaving": ["", "S13", ""]}))
    >>> figure.axes[1].lines[0].get_xdata().tolist(), figure.axes[1].lines[0].get_ydata().tolist()
    ([-0.5, 0.0, 0.5], [11, 10, 10])
    """
    parts = _shown([part for _, part in steps.groupby(["cut", "level"], sort=False)])
    if not parts:
        return style.words_alone(_say("nothing", language), language, width=width, synthetic=synthetic)
    across = min(len(parts), IN_A_NARROW_ROW if width == style.NARROW else IN_A_ROW)
    rows = -(-len(parts) // across)
    height = rows * (TOP + HEIGHT) + (rows - 1) * (ROW_GAP - TOP) + FOOT
    figure, sheet = style.sheet(height, width, synthetic=synthetic)
    head = style.mark_room(synthetic=synthetic)
    each = (width - LEFT - GAP * across) / across
    top_count = max(1, int(steps["category_1"].max()))
    ceiling = _ceiling(parts, top_count)
    for at, part in enumerate(parts):
        down, right = divmod(at, across)
        left, top = LEFT + right * (each + GAP), TOP + down * (HEIGHT + ROW_GAP)
        panel = style.panel(figure, left=left, top=head + top, width=each, height=HEIGHT)
        _panel(panel, part, top_count, language, first=right == 0)
        panel.set_ylim(0, ceiling)
        words = style.wrapped(_name(part, language), each - 2)
        sheet.text(
            left, top - 2, words, fontsize=style.SMALL, fontweight="bold", va="bottom", linespacing=1.0
        )
    sheet.text(width / 2, height - 2, _say("x", language), fontsize=style.LABEL, ha="center", va="center")
    sheet.text(3, TOP + HEIGHT / 2, _say("y", language), fontsize=style.SMALL, rotation=90, va="center")
    return style.completed(figure, language, synthetic=synthetic)


def _ceiling(parts: list[pd.DataFrame], most: int) -> float:
    """Give the upper end of all axes: above the highest step is room for the codes that stand over it."""
    steps = pd.concat([_crossing(part) for part in parts])
    # A millimetre more: codes have digits and capitals, which are wider than letters on average.
    lengths = [(style.WIDTH_OF_A_LETTER * len(_together(codes)) + 1) / HEIGHT for codes in steps["codes"]]
    ends = (steps["height"] + most / LIFT) / (1 - np.minimum(lengths, MOST_OF_THE_HEIGHT))
    return float(max([most * 1.45, *ends]))


def _name(part: pd.DataFrame, language: str) -> str:
    cut, level = str(part["cut"].iloc[0]), str(part["level"].iloc[0])
    if cut == "all":
        return _say("all", language)
    name = labels.name_label("criterion", cut, language)
    reached = _say("from", language, level=labels.value_label("level", level, language))
    return _say("one", language, criterion=name, level=reached)


def _shown(parts: list[pd.DataFrame]) -> list[pd.DataFrame]:
    if len(parts) <= MOST_PANELS:
        return parts
    moving = [part for part in parts[1:] if part["category_1"].min() < part["category_1"].max()]
    return [parts[0], *moving]


def _shift(value: float, language: str) -> str:
    return texts.exact(round(float(value), 6), language).replace("-", "−")


def _together(codes: str) -> str:
    """Name all that cross at one step, or the first and how many more.

    >>> _together("S11 S38"), _together("P006 P007 P008")
    ('S11 S38', 'P006 +2')
    """
    first, *others = codes.split()
    return codes if len(codes) <= LETTERS or not others else f"{first} +{len(others)}"


def _panel(panel: Axes, part: pd.DataFrame, most: int, language: str, *, first: bool) -> None:
    shift, count = part["shift"].to_numpy(dtype=float), part["category_1"].to_numpy(dtype=float)
    panel.step(shift, part["category_1"], where="post", color=style.DATA, linewidth=1.6)
    now = count[max(0, int((shift < -1e-9).sum()) - 1)]
    panel.plot([0], [now], marker="o", markersize=5, color=style.INK, zorder=3)
    panel.axvline(0, color=style.GREY, linewidth=0.6, linestyle=":", zorder=0)
    panel.set_xlim(shift.min(), shift.max())
    panel.xaxis.set_major_formatter(lambda value, _: _shift(value, language))
    panel.set_xticks([shift.min(), 0, shift.max()])
    panel.tick_params(labelsize=style.SMALL, labelleft=first)
    panel.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True, steps=[1, 2, 5, 10]))
    for label, side in zip(panel.get_xticklabels(), ("left", "center", "right"), strict=True):
        label.set(ha=side)
    _codes(panel, part, lift=most / LIFT)


def _crossing(part: pd.DataFrame) -> pd.DataFrame:
    """List the steps at which proposals cross, with their codes and where the step ends."""
    height = part["category_1"].combine(part["category_1"].shift(), max)
    crossing = part.assign(codes=(part["entering"] + " " + part["leaving"]).str.strip(), height=height)
    return crossing[crossing["codes"] != ""]


def _codes(panel: Axes, part: pd.DataFrame, *, lift: float) -> None:
    """Name above each step who crosses there, unless that would cover the panel."""
    crossing = _crossing(part)
    nearest = crossing.iloc[crossing["shift"].abs().argsort(kind="stable")[:MOST_CODES]]
    taken: list[float] = []
    span = part["shift"].max() - part["shift"].min()
    for row in nearest.itertuples():
        # Codes stand upright, a line's height apart; the ones nearest to the baseline go first.
        if all(abs(row.shift - other) > CLOSEST * span for other in taken):
            taken.append(row.shift)
            at = (row.shift, row.height + lift)
            panel.annotate(
                _together(str(row.codes)),
                at,
                fontsize=style.SMALL,
                rotation=90,
                ha="center",
                va="bottom",
                color=style.INK,
            )
