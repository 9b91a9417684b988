"""The transcribed tables, fresh for each test."""

from __future__ import annotations

import pandas as pd
import pytest

from ogp_analysis.plan import published


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    return published.read_all()
