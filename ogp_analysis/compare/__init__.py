"""Two runs side by side: what differs between them, and which step gave each proposal another category."""

from ogp_analysis.compare.comparison import Comparison, Side, common_proposals

__all__ = ["Comparison", "Side", "common_proposals"]
