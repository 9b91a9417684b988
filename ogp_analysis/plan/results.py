"""What notebook 5 shows: every table of the reproduction by id, and its numbers for the texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ogp_analysis.language import texts
from ogp_analysis.language.bottom_line import in_each_language
from ogp_analysis.model.results import Results
from ogp_analysis.plan.arithmetic import cross_counts
from ogp_analysis.plan.cell_checks import plan_cells, plan_inventory
from ogp_analysis.plan.citations import plan_lines
from ogp_analysis.plan.commitments import (
    commitments,
    commitments_ogp,
    conflict_by_commitment,
    conflict_matrix,
    value_mapping,
)
from ogp_analysis.plan.errata import CODE, PLANS_OWN, READING, errata
from ogp_analysis.plan.flow import flow, flow_totals
from ogp_analysis.plan.identities import COULD_FAIL, FAILS, HOLDS, TESTS, plan_identities
from ogp_analysis.plan.milestones import DATED, milestones, verifiability
from ogp_analysis.plan.participation import participation_tables
from ogp_analysis.plan.published import STATED, STATUSES, Tables, read_all
from ogp_analysis.plan.quotes import commission_stakes, plan_quotes
from ogp_analysis.plan.stated_numbers import CHECK_STATUSES, DIFFERS, EQUAL, NOT_COMPUTABLE, plan_checks

# Shown as they were typed from the plan; the other tables of the plan are only used.
AS_TRANSCRIBED = ("sdg_links", "value_links", "actors", "category_3", "category_4", "proposals_published")
ORIGINS_OF_PROPOSALS = {
    "note": "note_en",
    "category_status": "category_origin",
    "category_final_status": "category_final_origin",
}
MADE = {
    "plan_lines": plan_lines,
    "plan_quotes": plan_quotes,
    "flow": flow,
    "plan_flow_totals": flow_totals,
    "commitments": commitments,
    "commitments_ogp": commitments_ogp,
    "plan_value_mapping": value_mapping,
    "milestones": milestones,
    "milestones_verifiability": verifiability,
    "conflict_matrix": conflict_matrix,
    "conflict_by_commitment": conflict_by_commitment,
    "commission_stakes": commission_stakes,
}


def compute() -> Results:
    """Find everything that notebook 5 shows: the plan recomputed from its own text, number by number.

    Returns
    -------
    Results
        Every table of the reproduction by the id under which it is shown and saved; the summary counts what
        they show (``differs_ids`` lists the stated numbers that do not follow). Further is ``transcribed``,
        the tables of the plan as they were typed (`ogp_analysis.plan.published.read_all`). Nothing of it is
        synthetic.

    Examples
    --------
    >>> frames = compute()
    >>> frames.tables["plan_checks_by_origin"].set_index("origin").loc["stated", "differs"].item()
    2
    >>> frames.summary["differs_ids"]
    ['decree_732_laws', 'ethnic_indigenous']
    """
    transcribed = read_all()
    frames = tables(transcribed)
    return Results(
        tables=frames,
        summary=summary(frames),
        bottom_line=in_each_language(
            "plan.headline", lambda language: headline_values(frames, language), synthetic=False
        ),
        synthetic=False,
        further={"transcribed": transcribed},
        unrated=frozenset(frames),
    )


def tables(transcribed: Tables) -> dict[str, pd.DataFrame]:
    """Make every table of the reproduction from those of the plan."""
    checks = plan_checks(transcribed)
    cells = plan_cells(transcribed, checks=checks)
    listed = errata(transcribed)
    own = listed["whose"] == PLANS_OWN
    made = {
        "errata": listed[own].drop(columns=["why_en", "why_es"]).reset_index(drop=True),
        "errata_annex": listed[~own].reset_index(drop=True),
        "plan_identities": plan_identities(transcribed, checks=checks),
        "plan_checks": checks,
        "plan_cells": cells,
        "plan_inventory": plan_inventory(transcribed, cells=cells),
        **{name: function(transcribed) for name, function in MADE.items()},
    }
    kept = {name: transcribed[name].drop(columns="status").copy() for name in AS_TRANSCRIBED}
    for name in AS_TRANSCRIBED:
        # The plan's tables say "status", the shown ones "origin": there "status" is equal, differs or not
        # computable.
        kept[name]["origin"] = transcribed[name]["status"]
        if "note_es" in kept[name]:
            kept[name] = kept[name].rename(columns=ORIGINS_OF_PROPOSALS)
    return {
        **made,
        "plan_checks_by_origin": _by_origin(made["plan_checks"]),
        **kept,
        **participation_tables(transcribed),
    }


def summary(frames: Mapping[str, pd.DataFrame]) -> dict[str, object]:
    """Count what the tables show, for headlines and reports."""
    return {
        **_checks_summary(frames["plan_checks"]),
        **_identities_summary(frames["plan_identities"]),
        **_nodes(frames["flow"]),
        "cells": len(frames["plan_cells"]),
        **_counts(frames["plan_cells"]["status"], "cells"),
        **_counts(frames["plan_inventory"]["state"], "figures"),
        **_errata_summary(frames["errata"], frames["errata_annex"]),
        "totals_close": bool(frames["plan_flow_totals"]["closes"].all()),
        "milestones": len(frames["milestones"]),
        "milestones_not_dated": int((frames["milestones"]["dating"] != DATED).sum()),
        "commitments_touched": int(frames["conflict_by_commitment"]["touched"].sum()),
        "titles_lost": int(frames["proposals_published"]["title"].isna().sum()),
        "reference": {language: texts.say("plan.reference", language) for language in texts.LANGUAGES},
    }


def headline_values(frames: Mapping[str, pd.DataFrame], language: str) -> dict[str, object]:
    """Give the values of the sentence ``plan.headline`` in one language.

    >>> headline_values(tables(read_all()), "es")["which"].split("; ")[0]
    'Año del Decreto Ejecutivo 732 en la lista de normas (L1214)'
    """
    counts: dict[str, Any] = summary(frames)
    identities = frames["plan_identities"].set_index("id")
    failing = identities.loc[counts["identities_fail_ids"], f"statement_{language}"]
    lines = frames["plan_checks"].set_index("id").loc[failing.index, "line"]
    named = [f"{statement} (L{line})" for statement, line in zip(failing, lines, strict=True)]
    return {
        "holds": counts["identities_hold"],
        "could_fail": counts["identities_could_fail"],
        "fails": counts["identities_fail"],
        "which": "; ".join(named),
        "idle": counts["identities_circular"] + counts["identities_vacuous"],
        "alone": counts["stated_not_computable"],
        "own": counts["errata_own"],
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
        "differs_ids": checks.loc[checks["status"] == DIFFERS, "id"].tolist(),
    }


def _identities_summary(identities: pd.DataFrame) -> dict[str, object]:
    counts = {
        f"identities_{name.replace(' ', '_')}": int((identities["test"] == name).sum()) for name in TESTS
    }
    tests = identities[identities["test"] == COULD_FAIL]
    return counts | {
        "identities": len(identities),
        "identities_hold": int((tests["outcome"] == HOLDS).sum()),
        "identities_fail": int((tests["outcome"] == FAILS).sum()),
        "identities_fail_ids": tests.loc[tests["outcome"] == FAILS, "id"].tolist(),
    }


def _errata_summary(own: pd.DataFrame, annex: pd.DataFrame) -> dict[str, int]:
    found_by = pd.concat([own["found_by"], annex["found_by"]])
    return {
        "errata": len(found_by),
        "errata_own": len(own),
        "errata_annex": len(annex),
        "errata_code": int((found_by == CODE).sum()),
        "errata_reading": int((found_by == READING).sum()),
    }


def _nodes(nodes: pd.DataFrame) -> dict[str, int]:
    return dict(zip(nodes["node"], nodes["proposals"].astype(int), strict=True))


def _counts(values: pd.Series, prefix: str) -> dict[str, int]:
    return {
        f"{prefix}_{name.replace(' ', '_')}": int(number)
        for name, number in values.value_counts().sort_index().items()
    }
