"""From checked ratings to categories: third evaluations (note 20), scores, levels, category table."""

from ogp_analysis.assessment.adjudication import resolve, settle
from ogp_analysis.assessment.conflicts import without_conflicts
from ogp_analysis.assessment.whole_assessment import Assessment, assess

__all__ = ["Assessment", "assess", "resolve", "settle", "without_conflicts"]
