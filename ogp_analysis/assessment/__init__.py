"""From ratings to categories: note 20, scores, levels, category table, decisions, stakes; or all at once."""

from ogp_analysis.assessment.adjudication import resolve, settle
from ogp_analysis.assessment.assessment import Assessment, assess
from ogp_analysis.assessment.conflicts import without_conflicts

__all__ = ["Assessment", "assess", "resolve", "settle", "without_conflicts"]
