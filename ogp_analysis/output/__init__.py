"""Writes tables: CSV and JSON, a table in the reader's language, LaTeX, a sheet of a workbook."""

from ogp_analysis.language.bottom_line import headline
from ogp_analysis.output.canonical import publish, save
from ogp_analysis.output.tables import show

__all__ = ["headline", "publish", "save", "show"]
