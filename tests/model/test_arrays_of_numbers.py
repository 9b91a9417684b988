"""What is read as an array of numbers, and what is named where one is none."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.errors import StatisticsError
from ogp_analysis.model import arguments


def test_a_column_of_objects_is_read_by_its_numbers_and_gaps():
    column = pd.Series([Decimal("0.5"), pd.NA, 2], dtype=object)
    assert np.array_equal(arguments.numbers(column, "scores"), [0.5, np.nan, 2], equal_nan=True)


def test_arrays_of_different_widths_are_no_array():
    with pytest.raises(StatisticsError) as refused:
        arguments.numbers([np.zeros((2, 2)), np.zeros((2, 3))], "scores")
    assert (refused.value.values["key"], refused.value.values["name"]) == ("statistics.numbers", "scores")


def test_the_first_text_that_is_no_number_is_named_and_not_one_that_is():
    with pytest.raises(StatisticsError) as refused:
        arguments.numbers([["0.5", "1"], ["2", "0,5"]], "weights")
    assert refused.value.values.items() >= {"place": (1, 1), "value": "0,5", "written": "0.5"}.items()
