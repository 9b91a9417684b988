"""Published against recomputed: every number, cell, figure and inconsistency of the plan, checked by code.

Every function takes the tables of the plan (`ogp_analysis.plan.read_all`) and returns a tidy frame.
"""

from ogp_analysis.reproduction.cells import plan_cells, plan_inventory
from ogp_analysis.reproduction.checks import CHECK_STATUSES, plan_checks
from ogp_analysis.reproduction.commitments import (
    commitments,
    commitments_ogp,
    conflict_by_commitment,
    conflict_matrix,
    value_mapping,
)
from ogp_analysis.reproduction.errata import errata
from ogp_analysis.reproduction.flow import flow, flow_totals
from ogp_analysis.reproduction.milestones import milestones, verifiability
from ogp_analysis.reproduction.participation import participation, participation_tables
from ogp_analysis.reproduction.study import headline_values, study, summary

__all__ = [
    "CHECK_STATUSES",
    "commitments",
    "commitments_ogp",
    "conflict_by_commitment",
    "conflict_matrix",
    "errata",
    "flow",
    "flow_totals",
    "headline_values",
    "milestones",
    "participation",
    "participation_tables",
    "plan_cells",
    "plan_checks",
    "plan_inventory",
    "study",
    "summary",
    "value_mapping",
    "verifiability",
]
