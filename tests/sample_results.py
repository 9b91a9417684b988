"""Frames of a test in the record that the figures take."""

from __future__ import annotations

from ogp_analysis.model.results import Results


def results_of(tables, *, synthetic=True):
    further = {"weights": "quadratic", "confidence_level": 0.95, "paired": True}
    return Results(tables, summary={}, bottom_line={}, synthetic=synthetic, further=further)
