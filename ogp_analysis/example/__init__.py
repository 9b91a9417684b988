"""The synthetic example: 43 invented proposals rated, and records of phases 1 and 2; nobody real."""

from ogp_analysis.example.early_tables import make as make_records
from ogp_analysis.example.rated_proposals import make as make_ratings

__all__ = ["make_ratings", "make_records"]
