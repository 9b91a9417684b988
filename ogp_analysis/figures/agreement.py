"""Who disagrees where, and the two panels against each other; every figure of notebook 2 by name."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from ogp_analysis.figures import style
from ogp_analysis.figures.agreement_forest import NEGLIGIBLE, STEPS, agreement_by_indicator
from ogp_analysis.language import texts
from ogp_analysis.language.labels import name_label
from ogp_analysis.model.results import Results

# With more proposals than this their codes would only cover each other.
MOST_SHOWN = 60
# Points.
LEAST_SPAN = 1.0
# Line, colour and text of the legend; both limits look alike, so that one of them is named.
LIMIT_LOOKS = {
    "bias": ("-", style.INK, "figure.bias"),
    "lower_limit": ("--", style.GREY, "figure.limits"),
    "upper_limit": ("--", style.GREY, ""),
}


def _pair(pair: str, language: str) -> str:
    return " – ".join(name_label("panel", part, language) for part in pair.split("-"))


def _nothing(language: str, synthetic: bool, width: float = style.COLUMN) -> Figure:
    return style.words_alone(
        texts.say("figure.nothing", language), language, width=width, synthetic=synthetic
    )


def _decimals(axes: Axes, language: str) -> None:
    # Ecuador writes a decimal comma.
    for axis in (axes.xaxis, axes.yaxis):
        # A step of 0.25 could not be written with one decimal.
        axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
        axis.set_major_formatter(lambda value, _: texts.number(value, language, 1))


def _row_name(row: pd.Series, language: str) -> str:
    return (
        f"{name_label('indicator', row['indicator'], language)}{style.BETWEEN}{_pair(row['pair'], language)}"
    )


@style.styled
def disagreement_map(disagreements: pd.DataFrame, *, language: str = "en", synthetic: bool = False) -> Figure:
    """Draw the largest difference between blind ratings: proposals across, indicators and pairs down."""
    if disagreements["difference"].isna().all():
        return _nothing(language, synthetic)
    rows = disagreements[["indicator", "pair"]].drop_duplicates()
    wide = disagreements.pivot(index=["indicator", "pair"], columns="proposal", values="difference")
    # pivot sorts its rows; the indicators shall stand in the order of the method.
    wide = wide.reindex(pd.MultiIndex.from_frame(rows))
    # A stable sort: proposals with equal totals keep the order of their codes.
    order = wide.sum().sort_values(ascending=False, kind="stable").index[:MOST_SHOWN]
    values = wide[order].to_numpy(dtype=float)
    figure = style.new(height=1.9 + 0.3 * max(len(rows), 1))
    axes = figure.subplots()
    _cells(axes, values)
    names = style.in_two_lines(_row_name(row, language) for _, row in rows.iterrows())
    axes.set_yticks(np.arange(len(rows)) + 0.5, names)
    axes.set_xticks(np.arange(len(order)) + 0.5, order, rotation=90)
    axes.tick_params(length=0)
    if wide.shape[1] > len(order):
        more = {"shown": len(order), "all": wide.shape[1]}
        axes.set_xlabel(texts.say("figure.largest_differences", language, **more))
    legend = texts.say("figure.disagreement_legend", language)
    style.legend_below(axes, handles=_steps(values, language), title=legend, ncols=6)
    return style.completed(figure, language, synthetic=synthetic)


def _cells(axes: Axes, values: np.ndarray) -> None:
    # Means of ratings are off by float noise: a difference of 1.0000000001 belongs to the band of 1.
    bands = np.clip(np.ceil(values - NEGLIGIBLE), 0, len(STEPS) - 1)
    # Masked cells are not painted: the ground is what a pair that does not exist shows.
    axes.set_facecolor(style.LIGHT_GREY)
    axes.pcolormesh(
        np.ma.masked_invalid(bands),
        cmap=ListedColormap(STEPS),
        vmin=-0.5,
        vmax=len(STEPS) - 0.5,
        edgecolors=style.LIGHT_GREY,
        linewidth=0.4,
    )
    axes.invert_yaxis()


def _steps(values: np.ndarray, language: str) -> list[Patch]:
    most = int(np.nanmax(np.ceil(values), initial=0))
    last = len(STEPS) - 1
    whole = bool(np.all(np.isnan(values) | (values == np.round(values))))
    names = [str(k) if whole or k == 0 else f"≤ {k}" for k in range(last + 1)]
    names[last] = f"≥ {last}" if whole and most > last else f"> {last - 1}" if not whole else names[last]
    drawn = range(min(most, last) + 1)
    patches = [Patch(facecolor=STEPS[k], edgecolor=style.GREY, label=names[k]) for k in drawn]
    if np.isnan(values).any():
        label = texts.say("figure.no_pair", language)
        patches.append(Patch(facecolor=style.LIGHT_GREY, edgecolor=style.GREY, label=label))
    return patches


@style.styled
def panels_apart(
    scores: pd.DataFrame,
    panels: pd.DataFrame,
    *,
    language: str = "en",
    synthetic: bool = False,
) -> Figure:
    """Draw Bland-Altman plots of the two panels of each criterion: difference against mean.

    Without two panels there is nothing to draw, and the figure says so:

    >>> figure = panels_apart(pd.DataFrame(), pd.DataFrame())
    >>> [text.get_text() for text in figure.texts]
    ['nothing to compare']
    """
    if panels.empty or panels["value"].isna().all():
        return _nothing(language, synthetic)
    criteria = list(dict.fromkeys(panels["criterion"]))
    figure = style.new(height=4.6)
    # The legend has a row of its own: inside an axes it would take that axes' width.
    grid = figure.add_gridspec(2, len(criteria), height_ratios=[14, 1])
    all_axes = [figure.add_subplot(grid[0, k]) for k in range(len(criteria))]
    for axes, criterion in zip(all_axes, criteria, strict=True):
        part = scores[scores["criterion"] == criterion]
        _one_pair_of_panels(axes, part, panels[panels["criterion"] == criterion], language)
    foot = figure.add_subplot(grid[1, :])
    foot.axis("off")
    foot.legend(*all_axes[0].get_legend_handles_labels(), loc="center", ncols=2)
    return style.completed(figure, language, synthetic=synthetic)


def _one_pair_of_panels(axes: Axes, scores: pd.DataFrame, panels: pd.DataFrame, language: str) -> None:
    first, second = scores["score_first"], scores["score_second"]
    axes.scatter(
        (first + second) / 2,
        first - second,
        s=20,
        color=style.DATA,
        edgecolors=style.PAPER,
        linewidths=0.5,
        zorder=3,
    )
    _limits(axes, panels.set_index("statistic"), language)
    axes.axhline(0, color=style.GREY, linewidth=0.6)
    _a_point_wide(axes)
    _decimals(axes, language)
    criterion, pair = panels.iloc[0][["criterion", "pair"]]
    one, other = (name_label("panel", part, language) for part in pair.split("-", 1))
    name = name_label("criterion", criterion, language)
    axes.set_xlabel(texts.say("figure.mean_axis", language, name=name))
    axes.set_ylabel(texts.say("figure.difference_axis", language, first=one, second=other), fontsize=8)


def _a_point_wide(axes: Axes) -> None:
    # Equal scores leave axes so narrow that one decimal writes the same number at every tick.
    for low_high, widen in ((axes.get_xlim(), axes.set_xlim), (axes.get_ylim(), axes.set_ylim)):
        low, high = low_high
        if high - low < LEAST_SPAN:
            middle = (low + high) / 2
            widen(middle - LEAST_SPAN / 2, middle + LEAST_SPAN / 2)


def _limits(axes: Axes, panels: pd.DataFrame, language: str) -> None:
    for statistic, (line, colour, key) in LIMIT_LOOKS.items():
        limit = panels.loc[statistic]
        label = texts.say(key, language) if key else None
        axes.axhline(limit["value"], linestyle=line, color=colour, linewidth=1.3, label=label)
        if limit["lower"] == limit["lower"]:
            axes.axhspan(limit["lower"], limit["upper"], color=colour, alpha=0.13, linewidth=0)


def all_of(results: Results) -> dict[str, style.Drawing]:
    """Name every figure of notebook 2; each is a function of the language alone.

    Parameters
    ----------
    results : Results
        From ``agreement.results.compute``.

    Returns
    -------
    dict
        Drawing by name of the figure; those with nothing to draw are marked as empty.
    """
    tables, synthetic = results.tables, results.synthetic
    drawings = {
        "agreement_by_indicator": partial(
            agreement_by_indicator,
            tables["agreement"],
            tables["disagreements"] if results.further["paired"] else None,
            weights=results.further["weights"],
            confidence_level=results.further["confidence_level"],
            synthetic=synthetic,
        ),
        "disagreement_map": partial(disagreement_map, tables["disagreements"], synthetic=synthetic),
    }
    undrawn = {
        "agreement_by_indicator": tables["agreement"][["ac", "alpha"]].isna().all(axis=None),
        "disagreement_map": tables["disagreements"]["difference"].isna().all(),
    }
    if "panels" in tables:
        pairs = tables["panels"]
        drawings["panels_apart"] = partial(panels_apart, tables["panel_scores"], pairs, synthetic=synthetic)
        undrawn["panels_apart"] = pairs["value"].isna().all()
    return {
        name: style.Drawing(
            draw, empty=bool(undrawn[name]), name=name, narrow=name == "agreement_by_indicator"
        )
        for name, draw in drawings.items()
    }
