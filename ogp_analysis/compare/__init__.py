"""What differs between two runs, and which step gave each proposal another category."""

from ogp_analysis.compare.compare import Comparison, Side, common_proposals

__all__ = ["Comparison", "Side", "common_proposals"]
