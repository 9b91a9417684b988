"""Which cases of a check are asked every time, and which at greater depth only (`make bench`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def deep_after(count: int, cases: Iterable[Any]) -> list[Any]:
    """Return the cases, those after the first so many marked as deep."""
    marked = [pytest.param(case, marks=pytest.mark.deep) for case in list(cases)[count:]]
    return [*list(cases)[:count], *marked]
