"""A small, complete and correct set of ratings that tests spoil on purpose."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path

import pandas as pd

from ogp_analysis import ratings
from ogp_analysis.errors import DataError, Problem
from ogp_analysis.example import rated_proposals
from ogp_analysis.model import params
from ogp_analysis.model.inputs import Inputs

COLUMNS = ("proposal", "indicator", "panel", "evaluator", "role", "rating")
SEATS = {"lead": ("L1",), "counterpart": ("C1",), "working_group": ("W1", "W2"), "core_group": ("G1", "G2")}
PROPOSALS = ("P01", "P02")
# Each criterion has one panel, so that the indicator tells the panel.
TWO_PANELS = """name: two
criteria:
- name: quality
  panels: [readers]
  raters_per_panel: 2
  indicators: [{name: merit, minimum: 1, maximum: 9}]
- name: fit
  panels: [chairs]
  raters_per_panel: 2
  indicators: [{name: scope, minimum: 1, maximum: 9}]
category_table: [[4, 4, 4], [4, 2, 2], [4, 2, 1]]
"""


@cache
def _made() -> dict[str, pd.DataFrame]:
    return rated_proposals.make()


def generated() -> dict[str, pd.DataFrame]:
    """Frames that the generator of the example makes; seconds of drawing, done once a process."""
    return {name: frame.copy() for name, frame in _made().items()}


def complete(proposals: tuple[str, ...] = PROPOSALS) -> list[dict[str, str]]:
    """One rating of 4 for every proposal, indicator and seat."""
    method = params.from_values(params.baseline()).method
    return [
        dict(zip(COLUMNS, (proposal, indicator.name, panel, evaluator, "independent", "4"), strict=True))
        for proposal in proposals
        for criterion in method.criteria
        for indicator in criterion.indicators
        for panel in criterion.panels
        for evaluator in SEATS[panel]
    ]


def text_of(rows: list[dict[str, str]], separator: str = ",") -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=separator, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write(path: Path, rows: list[dict[str, str]], separator: str = ",") -> Path:
    path.write_text(text_of(rows, separator), encoding="utf-8", newline="")
    return path


def parameters(path: Path | str, **changes: object) -> params.Parameters:
    return params.from_values(params.baseline() | {"data": str(path)} | changes)


def load(path: Path | str, **changes: object) -> Inputs:
    return ratings.load(parameters(path, **changes))


def problems(path: Path | str, **changes: object) -> tuple[Problem, ...]:
    found: tuple[Problem, ...] = ()
    try:
        load(path, **changes)
    except DataError as error:
        found = error.problems
    assert all(problem.say("en") != problem.say("es") for problem in found)
    return found


def row_of(rows: list[dict[str, str]], **wanted: str) -> int:
    """Position of the first row with these values."""
    return next(k for k, row in enumerate(rows) if all(row[name] == value for name, value in wanted.items()))
