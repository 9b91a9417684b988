"""Ratings from CSV, XLSX or a folder: one checked long table, or one error that lists every bad row."""

from __future__ import annotations

from ogp_analysis.ratings.load import Found, Inputs, examine, load
from ogp_analysis.ratings.pseudonyms import is_code

__all__ = ["Found", "Inputs", "examine", "is_code", "load"]
