"""Phases 1 and 2: proposals from a platform's export, who took part, which are related, grouping alike ones.

`similar_texts` and `grouping_agreement` need scikit-learn (the extra ``run``) and are imported by name.
"""

from ogp_analysis.proposals.classification import classify, read_answers
from ogp_analysis.proposals.export_rows import text_hash
from ogp_analysis.proposals.group_ledger import groups, membership, totals
from ogp_analysis.proposals.importing import Imported, parse, read
from ogp_analysis.proposals.participation import tables as participation_tables

__all__ = [
    "Imported",
    "classify",
    "groups",
    "membership",
    "parse",
    "participation_tables",
    "read",
    "read_answers",
    "text_hash",
    "totals",
]
