"""What notebook 5 shows: every table of the reproduction by id, and its numbers for the texts."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ogp_analysis.plan.arithmetic import cross_counts
from ogp_analysis.plan.cells import plan_cells, plan_inventory
from ogp_analysis.plan.commitments import (
    commitments,
    commitments_ogp,
    conflict_by_commitment,
    conflict_matrix,
    value_mapping,
)
from ogp_analysis.plan.errata import CODE, READING, errata
from ogp_analysis.plan.flow import flow, flow_totals
from ogp_analysis.plan.milestones import DATED, milestones, verifiability
from ogp_analysis.plan.participation import participation_tables
from ogp_analysis.plan.published import STATED, STATUSES, Tables
from ogp_analysis.plan.statements import CHECK_STATUSES, DIFFERS, EQUAL, NOT_COMPUTABLE, plan_checks

# Shown as they were typed from the plan; the other tables of the plan are only used.
AS_TRANSCRIBED = ("sdg_links", "value_links", "actors", "category_3", "category_4", "proposals_published")
MADE = {
    "errata": errata,
    "flow": flow,
    "plan_flow_totals": flow_totals,
    "commitments": commitments,
    "commitments_ogp": commitments_ogp,
    "plan_value_mapping": value_mapping,
    "milestones": milestones,
    "milestones_verifiability": verifiability,
    "conflict_matrix": conflict_matrix,
    "conflict_by_commitment": conflict_by_commitment,
}


def study(tables: Tables) -> dict[str, pd.DataFrame]:
    """Make every table of the reproduction.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.published.read_all`).

    Returns
    -------
    dict of str to DataFrame
        Tidy frames by the id under which they are shown and saved.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> found = study(published.read_all())
    >>> found["plan_checks_by_origin"].set_index("origin").loc["stated", "differs"].item()
    2
    >>> summary(found)["differs_ids"]
    ['decree_732_laws', 'ethnic_indigenous']
    >>> headline_values(found, "es")["which"].split("; ")[0]
    'Año del Decreto Ejecutivo 732 en la lista de normas (L1214)'
    """
    checks = plan_checks(tables)
    cells = plan_cells(tables, checks=checks)
    made = {
        "plan_checks": checks,
        "plan_cells": cells,
        "plan_inventory": plan_inventory(tables, cells=cells),
        **{name: function(tables) for name, function in MADE.items()},
    }
    kept = {name: tables[name].drop(columns="status").copy() for name in AS_TRANSCRIBED}
    for name in AS_TRANSCRIBED:
        # The plan's tables say "status", the shown ones "origin": there "status" is equal, differs or not
        # computable.
        kept[name]["origin"] = tables[name]["status"]
        if "note_es" in kept[name]:
            kept[name] = kept[name].rename(columns={"note": "note_en", "category_status": "category_origin"})
    return {
        **made,
        "plan_checks_by_origin": _by_origin(made["plan_checks"]),
        **kept,
        **participation_tables(tables),
    }


def summary(found: Mapping[str, pd.DataFrame]) -> dict[str, object]:
    """Count what the tables show, for headlines and reports.

    Parameters
    ----------
    found : mapping of str to DataFrame
        From `study`.

    Returns
    -------
    dict
        Numbers by name; ``differs_ids`` lists the stated numbers that do not follow. `study` has an example.
    """
    return {
        **_checks_summary(found["plan_checks"]),
        **_nodes(found["flow"]),
        "cells": len(found["plan_cells"]),
        **_counts(found["plan_cells"]["status"], "cells"),
        **_counts(found["plan_inventory"]["state"], "figures"),
        "errata": len(found["errata"]),
        "errata_code": int((found["errata"]["found_by"] == CODE).sum()),
        "errata_reading": int((found["errata"]["found_by"] == READING).sum()),
        "totals_close": bool(found["plan_flow_totals"]["closes"].all()),
        "milestones": len(found["milestones"]),
        "milestones_not_dated": int((found["milestones"]["dating"] != DATED).sum()),
        "commitments_touched": int(found["conflict_by_commitment"]["touched"].sum()),
        "titles_lost": int(found["proposals_published"]["title"].isna().sum()),
    }


def headline_values(found: Mapping[str, pd.DataFrame], language: str) -> dict[str, object]:
    """Give the values of the sentence ``plan.headline``.

    Parameters
    ----------
    found : mapping of str to DataFrame
        From `study`.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    dict
        Values by placeholder. `study` has an example.
    """
    counts = summary(found)
    checks = found["plan_checks"].set_index("id")
    which = checks.loc[counts["differs_ids"], f"statement_{language}"]
    named = [
        f"{statement} ({key})"
        for statement, key in zip(which, "L" + checks.loc[which.index, "line"].astype(str), strict=True)
    ]
    return {
        "equal": counts["stated_equal"],
        "computable": counts["stated_equal"] + counts["stated_differs"],
        "differs": counts["stated_differs"],
        "which": "; ".join(named),
        "alone": counts["stated_not_computable"],
        "derived": counts["derived_equal"] + counts["derived_differs"],
        "derived_equal": counts["derived_equal"],
        "found": counts["errata_code"],
        "errata": counts["errata"],
    }


def _by_origin(checks: pd.DataFrame) -> pd.DataFrame:
    counts = cross_counts(checks["origin"], checks["status"], CHECK_STATUSES)
    counts = counts.reindex(list(STATUSES), fill_value=0)
    return counts.assign(numbers=counts.sum(axis=1)).rename_axis("origin").reset_index()


def _checks_summary(checks: pd.DataFrame) -> dict[str, object]:
    stated = checks[checks["origin"] == STATED]
    derived = checks[checks["origin"] != STATED]
    return {
        "numbers": len(checks),
        "stated": len(stated),
        **{
            f"stated_{name.replace(' ', '_')}": int((stated["status"] == name).sum())
            for name in (EQUAL, DIFFERS, NOT_COMPUTABLE)
        },
        "derived": len(derived),
        "derived_equal": int((derived["status"] == EQUAL).sum()),
        "derived_differs": int((derived["status"] == DIFFERS).sum()),
        "differs_ids": checks.loc[checks["status"] == DIFFERS, "id"].tolist(),
    }


def _nodes(nodes: pd.DataFrame) -> dict[str, int]:
    return dict(zip(nodes["node"], nodes["proposals"].astype(int), strict=True))


def _counts(values: pd.Series, prefix: str) -> dict[str, int]:
    return {
        f"{prefix}_{name.replace(' ', '_')}": int(number)
        for name, number in values.value_counts().sort_index().items()
    }
