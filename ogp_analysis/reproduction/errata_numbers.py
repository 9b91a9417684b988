"""Inconsistencies of numbers, found in the tables of the plan; each function returns its evidence."""

from __future__ import annotations

from ogp_analysis.plan import Tables
from ogp_analysis.reproduction.facts import fitting


def percentages_without_count(tables: Tables) -> list[str]:
    """Percentages that no whole number of their base prints as.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        The percentage as printed, its base and its line.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> percentages_without_count(plan.read_all())
    ['5.40% / 297 (L600)']
    """
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

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        First the counts that cannot be such a sum, then those that can, each with its arithmetic; empty where
        all can.

    Examples
    --------
    Line 594: 68% of 297 are 26 to 45 years old, in two groups of which one has 13 more.

    >>> from ogp_analysis import plan
    >>> counts_of_the_wrong_parity(plan.read_all())
    ['202 - 13 = 2 * 94 + 1', '107 + 94 = 201', '108 + 95 = 203']
    """
    statements = tables["statements"].set_index("id")
    gap = int(statements.loc["age_gap", "value"])
    counts = fitting(tables["statements"])["age_26_45"]
    wrong = [count for count in counts if (count - gap) % 2]
    right = [f"{(k + gap) // 2} + {(k - gap) // 2} = {k}" for k in counts if k not in wrong]
    return [f"{k} - {gap} = 2 * {(k - gap) // 2} + 1" for k in wrong] + right if wrong else []


def phases_without_results(tables: Tables) -> list[str]:
    """Phases of the method that have no section in the results.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        Number, title and line of the phase.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> phases_without_results(plan.read_all())
    ['7: Formalization of the National Action Plan (L558)']
    """
    phases = tables["phases"]
    missing = phases[phases["line_results"].isna()]
    return [f"{row.phase}: {row.title} (L{row.line})" for row in missing.itertuples()]


def targets_without_baseline(tables: Tables) -> list[str]:
    """Targets that lack baseline, unit or date, and what had already been reached.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        A line for each target, then the change of a single year that exceeds what is aimed at.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> targets_without_baseline(plan.read_all())
    ['L906', 'L907', 'L908', '36.7 - 23 = 13.7 > 5']
    """
    targets = tables["targets"]
    vague = targets[targets[["baseline", "unit", "due"]].isna().any(axis=1)]
    values = tables["statements"].set_index("id")["value"]
    # Special regime fell from 36.7% in 2017 to 23% in 2018 (from line 882), more than the plan then aims at.
    before, after = values["special_regime_2017"], values["special_regime_2018"]
    lines = [f"L{line}" for line in vague["line"]]
    return [*lines, f"{before:g} - {after:g} = {before - after:.1f} > {targets['change_percent'].iloc[0]:g}"]
