"""Inconsistencies of numbers, found in the tables of the plan; each function returns its evidence."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ogp_analysis.reproduction.facts import fitting

Tables = Mapping[str, pd.DataFrame]


def percentages_without_count(tables: Tables) -> list[str]:
    """Percentages that no whole number of their base prints as."""
    statements = tables["statements"].set_index("id")
    counts = fitting(tables["statements"])
    impossible = counts.index[counts.map(len) == 0]
    rows = statements.loc[impossible]
    bases = rows["base"].map(statements["value"])
    return [
        f"{row.printed} / {base:g} (L{row.line})" for row, base in zip(rows.itertuples(), bases, strict=True)
    ]


def counts_of_the_wrong_parity(tables: Tables) -> list[str]:
    """Counts that print as the share of two groups of which one exceeds the other by an odd number.

    If a = b + d, then a + b = 2 b + d: with d odd, so is the sum.
    """
    statements = tables["statements"].set_index("id")
    gap = int(statements.loc["age_gap", "value"])
    counts = fitting(tables["statements"])["age_26_45"]
    wrong = [count for count in counts if (count - gap) % 2]
    right = [f"{(k + gap) // 2} + {(k - gap) // 2} = {k}" for k in counts if k not in wrong]
    return [f"{k} - {gap} = 2 * {(k - gap) // 2} + 1" for k in wrong] + right if wrong else []


def phases_without_results(tables: Tables) -> list[str]:
    """Phases of the method that have no section in the results."""
    phases = tables["phases"]
    missing = phases[phases["line_results"].isna()]
    return [f"{row.phase}: {row.title} (L{row.line})" for row in missing.itertuples()]


def targets_without_baseline(tables: Tables) -> list[str]:
    """Targets that lack baseline, unit or date, and what had already been reached."""
    targets = tables["targets"]
    vague = targets[targets[["baseline", "unit", "due"]].isna().any(axis=1)]
    values = tables["statements"].set_index("id")["value"]
    before, after = values["special_regime_2017"], values["special_regime_2018"]
    lines = [f"L{line}" for line in vague["line"]]
    return [*lines, f"{before:g} - {after:g} = {before - after:.1f} > {targets['change_percent'].iloc[0]:g}"]
