"""The synthetic example: 43 invented proposals rated, and records of phases 1 and 2; nobody real."""

from ogp_analysis.example.example import make as make_ratings
from ogp_analysis.example.records import make as make_records

__all__ = ["make_ratings", "make_records"]
