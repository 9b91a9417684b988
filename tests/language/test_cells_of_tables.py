"""What a reader sees in a cell of any kind."""

from __future__ import annotations

import datetime

import pandas as pd

from ogp_analysis.language import labels


def test_a_cell_that_is_neither_text_nor_number_is_shown_as_its_text():
    day = datetime.date(2019, 10, 24)
    shown = labels.displayed(pd.DataFrame({"x": [day, None, 2]}, dtype=object), "es")
    assert shown["x"].tolist() == ["2019-10-24", "–", "2"]


def test_parameters_without_items_have_their_words():
    frame = pd.DataFrame({"parameter": ["missing", "tolerance"], "value": ["available", 1.5]})
    assert labels.displayed(frame, "es").columns.tolist() == ["parameter", "value"]
    items = labels.displayed(frame.assign(item=[None, None]), "es")
    assert labels.displayed(frame, "es")["value"].tolist() == items["value"].tolist()
    assert items["item"].tolist() == ["–", "–"]
