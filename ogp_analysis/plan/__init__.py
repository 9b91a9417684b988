"""Published against recomputed: every number, cell, figure and inconsistency of the plan, checked by code.

Every function takes the tables of the plan (`ogp_analysis.plan.published.read_all`) and returns a tidy frame;
`results.compute` makes all of them.
"""

from ogp_analysis.plan import results
from ogp_analysis.plan.cell_checks import plan_cells, plan_inventory
from ogp_analysis.plan.citations import citations, cited, lines_in, plan_lines
from ogp_analysis.plan.commitments import (
    commitments,
    commitments_ogp,
    conflict_by_commitment,
    conflict_matrix,
    value_mapping,
)
from ogp_analysis.plan.errata import errata
from ogp_analysis.plan.flow import flow, flow_totals
from ogp_analysis.plan.identities import plan_identities
from ogp_analysis.plan.milestones import milestones, verifiability
from ogp_analysis.plan.participation import participation, participation_tables
from ogp_analysis.plan.quotes import commission_stakes, plan_quotes
from ogp_analysis.plan.stated_numbers import CHECK_STATUSES, plan_checks

__all__ = [
    "CHECK_STATUSES",
    "citations",
    "cited",
    "commission_stakes",
    "commitments",
    "commitments_ogp",
    "conflict_by_commitment",
    "conflict_matrix",
    "errata",
    "flow",
    "flow_totals",
    "lines_in",
    "milestones",
    "participation",
    "participation_tables",
    "plan_cells",
    "plan_checks",
    "plan_identities",
    "plan_inventory",
    "plan_lines",
    "plan_quotes",
    "results",
    "value_mapping",
    "verifiability",
]
