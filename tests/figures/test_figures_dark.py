"""Dark figures: every colour of a figure has a dark one, and words stay readable on what they stand on."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from ogp_analysis import plan
from ogp_analysis.figures import dark, style
from ogp_analysis.figures import plan as charts
from ogp_analysis.figures.category_paths import category_paths
from ogp_analysis.plan import published

COLOUR = re.compile(r'(?:fill|stroke)(?:: |=")(#[0-9a-f]{6})')
RULE = re.compile(r'\[style\*="(fill|stroke): (#[0-9a-f]{6})"\],\[\1="\2"\]\{\1:(#[0-9a-f]{6})!important\}')


def paths():
    steps = {"category_by_rule": [1, 2, 3, 4], "category_selection": [3, 2, 3, 4]}
    return category_paths(pd.DataFrame(steps | {"category_final": [3, 4, 3, 4]}))


def conflicts():
    return charts.conflict_matrix(plan.conflict_matrix(published.read_all()))


def calendar():
    tables = published.read_all()
    return charts.milestones(plan.milestones(tables), plan.commitments(tables))


@pytest.mark.parametrize("draw", [charts.method, conflicts, calendar, paths])
def test_every_colour_of_a_figure_has_a_dark_one_in_its_own_style_sheet(draw):
    text = style.svg(draw())
    light = dark.light_only(text)
    rules = {(name, colour): replaced for name, colour, replaced in RULE.findall(text)}
    assert "prefers-color-scheme" not in light
    assert set(COLOUR.findall(light)) == {colour for _, colour in rules}
    assert all(dark.DARK[colour] == replaced for (_, colour), replaced in rules.items())


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


# What is written in which colour on which.
WRITTEN = [
    (style.INK, style.PAPER),
    (style.GREY, style.PAPER),
    (style.ACCENT, style.PAPER),
    (style.INK, style.FIELD),
    (style.PAPER, style.DATA),
    *(style.category_cell(number)[::-1] for number in (1, 2, 3, 4)),
]


@pytest.mark.parametrize(("words", "ground"), WRITTEN)
def test_words_have_the_contrast_of_wcag_aa_in_light_and_in_dark(words, ground):
    assert contrast(words.lower(), ground.lower()) >= 4.5
    assert contrast(dark.DARK[words.lower()], dark.DARK[ground.lower()]) >= 4.5
