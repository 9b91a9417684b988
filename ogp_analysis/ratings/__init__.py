"""Ratings from CSV, XLSX or a folder: one checked long table, or one error that lists every bad row."""

from __future__ import annotations

from ogp_analysis.model.inputs import Inputs
from ogp_analysis.ratings import results
from ogp_analysis.ratings.design import (
    blindness,
    coverage,
    describe_design,
    fitting,
    pairs,
    reading_words,
    readings,
    who_rated_what,
)
from ogp_analysis.ratings.evaluator_codes import is_code
from ogp_analysis.ratings.load import UNREAD, Examined, examine, load
from ogp_analysis.ratings.missing_ratings import meant_for
from ogp_analysis.ratings.problems import listed, of_another_method
from ogp_analysis.ratings.sources import titles

__all__ = [
    "UNREAD",
    "Examined",
    "Inputs",
    "blindness",
    "coverage",
    "describe_design",
    "examine",
    "fitting",
    "is_code",
    "listed",
    "load",
    "meant_for",
    "of_another_method",
    "pairs",
    "reading_words",
    "readings",
    "results",
    "titles",
    "who_rated_what",
]
