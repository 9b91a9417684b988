"""What one frame becomes: CSV and JSON, a table in the reader's language, LaTeX, a sheet of a workbook."""

from ogp_analysis.output.canonical import save
from ogp_analysis.output.tables import headline, show

__all__ = ["headline", "save", "show"]
