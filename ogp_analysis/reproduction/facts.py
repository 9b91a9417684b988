"""Counts and sums of the transcribed tables, under the names that the arithmetic of the statements uses."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.plan import Tables
from ogp_analysis.reproduction.arithmetic import (
    decimals,
    fitting_counts,
    number_of_splits,
    span_in_months,
)
from ogp_analysis.reproduction.commitments import touched

# Prefix of the name, table, column: one fact for each value of the column, the number of its rows.
GROUPS = (
    ("commitments_in_sector_", "commitments", "sector"),
    ("list_", "lists", "list"),
    ("members_", "core_group", "sector"),
    ("indicators_", "indicators", "criterion"),
    ("milestones_of_", "milestones", "commitment"),
    ("sdg_links_to_", "sdg_links", "sdg"),
    ("value_links_to_", "value_links", "value"),
    ("commission_", "commissions", "commission"),
    ("sources_", "sources", "kind"),
    ("roles_", "actors", "kind"),
    ("organisations_", "collaborators", "role"),
)
PERCENT = 100


def facts(tables: Tables) -> dict[str, float]:
    """Count and sum the tables.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan.

    Returns
    -------
    dict of str to float
        Number by name: sizes (``n_<table>``), groups, sums, spans, and the statements' own values.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> found = facts(plan.read_all())
    >>> found["n_milestones"], found["milestones_of_3"], found["months_longest"]
    (59, 9.0, 20.0)
    """
    statements = tables["statements"].set_index("id")["value"].dropna()
    numbers = {f"n_{name}": len(table) for name, table in tables.items()}
    for prefix, table, column in GROUPS:
        numbers |= _named(tables[table][column].value_counts(), prefix)
    numbers |= _sums(tables) | _sources(tables["sources"]) | _spans(tables["commitments"]) | _rest(tables)
    # The statements come last, so that arithmetic which names one takes the plan's own number.
    return numbers | _fits(tables["statements"]) | statements.to_dict()


def _named(values: pd.Series, prefix: str) -> dict[str, float]:
    # The names stand in arithmetic, where a blank would end them.
    names = prefix + values.index.astype(str).str.replace(" ", "_")
    return dict(zip(names, values.astype(float), strict=True))


def _sums(tables: Tables) -> dict[str, float]:
    people = tables["collaborators"].groupby("role")["people"].sum()
    provinces = tables["participation"].query("table == 'province'")["count"]
    return _named(people, "people_") | {
        "provinces_printed": provinces.count(),
        "provinces_count_sum": float(provinces.sum()),
    }


def _sources(sources: pd.DataFrame) -> dict[str, float]:
    numbers = sources.melt("line", ["year", "register", "act"]).dropna(subset=["value"])
    names = "source_" + numbers["line"].astype(str) + "_" + numbers["variable"]
    return dict(zip(names, numbers["value"].astype(float), strict=True))


def _spans(commitments: pd.DataFrame) -> dict[str, float]:
    months = span_in_months(commitments["start"], commitments["end"]).set_axis(commitments["number"])
    return _named(months, "months_of_") | {
        "months_longest": float(months.max()),
        "last_commitment_year": float(commitments["end"].str[:4].astype(float).max()),
    }


def _rest(tables: Tables) -> dict[str, float]:
    actors = tables["actors"]
    return {
        "signing_institutions": tables["signatories"]["institution"].nunique(),
        "institutions_lead": actors.loc[actors["kind"] == "lead", "institution"].nunique(),
        "commitments_touched": len(touched(tables)),
        "phases_in_results": tables["phases"]["line_results"].count(),
        "members_joined_later": tables["core_group"]["joined"].count(),
        "milestones_label_lost": tables["milestones"]["damaged"].sum(),
        "notes_with_text": tables["notes"]["text"].count(),
        "splits_workshop_sector": _splits(tables),
    }


def _splits(tables: Tables) -> int:
    rows = tables["statements"].set_index("id")
    shares = rows.loc[["workshop_society", "workshop_public", "workshop_academia"]]
    base = int(rows.loc["workshop_people", "value"])
    return number_of_splits(shares["value"].to_numpy(), base, decimals(shares["printed"]))


def _fits(statements: pd.DataFrame) -> dict[str, float]:
    """Whole number nearest to each printed share, under ``fit_<id>``."""
    values = statements.set_index("id")["value"]
    shares = statements.loc[statements["base"].notna(), ["id", "value", "base"]]
    counts = (shares["value"] * shares["base"].map(values) / PERCENT).round()
    return dict(zip("fit_" + shares["id"], counts, strict=True))


def fitting(statements: pd.DataFrame) -> pd.Series:
    """List, for each printed share, the counts that print as it.

    Parameters
    ----------
    statements : DataFrame
        The table ``statements``.

    Returns
    -------
    Series
        Lists of whole numbers by id of the statement, only where the statement has a base.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> fitting(plan.read("statements"))[["sector_citizens", "ethnic_indigenous"]].tolist()
    [[130, 131, 132], []]
    """
    values = statements.set_index("id")["value"]
    shares = statements[statements["base"].notna()]
    bases = shares["base"].map(values).astype(int)
    rows = zip(shares["value"], bases, decimals(shares["printed"]), strict=True)
    return pd.Series([fitting_counts(*row).tolist() for row in rows], index=shares["id"], dtype=object)
