"""LaTeX tables that fit a page."""

from __future__ import annotations

import re

import pandas as pd

from ogp_analysis.output import latex


def test_the_columns_of_a_table_are_together_no_wider_than_the_line():
    for count in (1, 3, 40):
        text = latex.table(pd.DataFrame({f"c{n}": [1] for n in range(count)}), name="t", language="en")
        widths = [float(share) for share in re.findall(r"dimexpr ([\d.]+)\\linewidth", text)]
        assert len(widths) == min(count, 9)
        assert sum(widths) <= 1.001


def test_the_columns_that_are_asked_for_come_in_their_order():
    frame = pd.DataFrame({"a": [1], "b": [2], "c": [3]})
    text = latex.table(frame, name="t", language="en", columns=["c", "missing", "a"])
    assert "c & a" in text
    assert "3 & 1" in text


def test_what_a_table_needs_is_said_in_the_language_of_the_run():
    frame = pd.DataFrame({"a": [1]})
    assert latex.table(frame, name="t", language="es").startswith("% necesita")
