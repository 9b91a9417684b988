"""The example and its baseline, as sides of a comparison."""

from __future__ import annotations

import pytest
from sample_sides import side

from ogp_analysis.compare import comparison
from ogp_analysis.model import params
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.ratings import load


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return load(params.from_values(params.baseline()))


@pytest.fixture(scope="module")
def baseline(inputs: Inputs) -> comparison.Side:
    return side(inputs)
