"""Sides of a comparison made without a run, and their folders."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ogp_analysis.assessment import whole_assessment
from ogp_analysis.compare import comparison
from ogp_analysis.compare.causes_by_replay import Source
from ogp_analysis.model import params
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.output import canonical


def side(inputs: Inputs, name: str = "run", **changes: object) -> comparison.Side:
    """Make a run's tables through the library, as its notebooks do."""
    given = params.baseline() | changes
    parameters = params.from_values(given)
    done = whole_assessment.assess(inputs, parameters)
    tables = {
        "categories": done.assigned.reset_index(),
        "indicator_scores": done.scores.reset_index(),
        "settled": done.settled,
    }
    return comparison.Side(name, given, {"code": "a"}, tables, source=Source(inputs, parameters))


def bare(made: comparison.Side) -> comparison.Side:
    """The same run, of which nobody recorded what it can be computed again from."""
    return replace(made, source=None)


def write_run(folder: Path, made: comparison.Side) -> Path:
    for name, frame in made.tables.items():
        canonical.write(folder / "tables" / f"{name}.csv", canonical.csv_text(frame))
    (folder / "results.json").write_text('{"03": {"synthetic": true}}', encoding="utf-8")
    return folder
