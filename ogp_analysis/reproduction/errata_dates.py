"""Inconsistencies of dates and years, found in the tables of the plan; each function returns its evidence."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.plan import Tables
from ogp_analysis.reproduction.arithmetic import month_number
from ogp_analysis.reproduction.milestones import NO_DATES, NO_START, milestones

YEAR = r"((?:19|20)\d\d)"
# "2021-2017" is reversed when the second year is smaller; "-2017 2021" and "2017 2021" lost their dash.
RANGE = rf"(?<!\d){YEAR}\s?[-–]\s?{YEAR}(?!\d)"
BROKEN_RANGE = rf"(-?{YEAR} {YEAR})(?!\d)"
# How the plan begins a milestone that releases something.
RELEASES = r"^(?:Disclosure|Publication)"
# Where the plan names the years of other plans and programmes.
EVIDENCE_COLUMNS = {
    "commitments": ("additional", "line_additional"),
    "asterisk_notes": ("text", "line"),
    "category_3": ("note", "line"),
}


def _named(rows: pd.DataFrame) -> list[str]:
    return [f"C{row.commitment} M{row.milestone} (L{row.line})" for row in rows.itertuples()]


def _dated_as(dating: str, tables: Tables) -> list[str]:
    table = milestones(tables)
    return _named(table[table["dating"] == dating])


def brackets_of_another_year(tables: Tables) -> list[str]:
    """Milestones whose start has a day in brackets that is not in the year of the start.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        Commitment, milestone, line and the printed start.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> brackets_of_another_year(plan.read_all())
    ['C7 M7 (L1085): November 2020 (25 Nov 2019)']
    """
    table = tables["milestones"]
    bracket = table["start_printed"].str.extract(rf"\([^)]*{YEAR}\)")[0]
    rows = table[bracket.notna() & (bracket != table["start"].str[:4])]
    return [f"{place}: {printed}" for place, printed in zip(_named(rows), rows["start_printed"], strict=True)]


def acts_of_two_years(tables: Tables) -> list[str]:
    """Decrees and ordinances that the notes date otherwise than the list of laws.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        Number of the act, then each year with its line.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> acts_of_two_years(plan.read_all())
    ['732: 2019 (L246), 2018 (L1214)']
    """
    laws = tables["sources"].dropna(subset=["act", "year"])
    notes = tables["notes"].dropna(subset=["text"])
    numbered = notes.assign(
        # A decree is cited as "No. 732", the ordinance of Quito as "Ordenanza Metropolitana 184"; float,
        # because most notes cite none and an int column holds no missing value.
        act=notes["text"].str.extract(r"(?:No\. |Metropolitana )(\d{2,3})")[0].astype("float64")
    )
    numbered = numbered.assign(noted=numbered["text"].str.extract(rf"{YEAR}")[0].astype("float64"))
    both = laws.astype({"act": "float64"}).merge(
        numbered.dropna(subset=["act"]), on="act", suffixes=("", "_note")
    )
    differ = both[both["year"] != both["noted"]]
    return [
        f"{row.act:.0f}: {row.noted:.0f} (L{row.line_text}), {row.year} (L{row.line})"
        for row in differ.itertuples()
    ]


def broken_year_ranges(tables: Tables) -> list[str]:
    """Ranges of years that run backwards or have lost their dash.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        The range as printed and its line, in the order of the tables.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> broken_year_ranges(plan.read_all())[:2]
    ['2021-2017 (L827)', '2021-2018 (L827)']
    """
    texts = [
        tables[name][[text, line]].set_axis(["text", "line"], axis=1)
        for name, (text, line) in EVIDENCE_COLUMNS.items()
    ]
    texts = pd.concat(texts, ignore_index=True).dropna(subset=["text"])
    ranges = texts["text"].str.extractall(RANGE)
    backwards = ranges[ranges[0].astype(int) > ranges[1].astype(int)]
    found = pd.concat(
        [backwards[0] + "-" + backwards[1], texts["text"].str.extractall(BROKEN_RANGE)[0]]
    ).sort_index()
    lines = texts["line"].reindex(found.index.get_level_values(0))
    return [f"{words} (L{line})" for words, line in zip(found, lines, strict=True)]


def undated(tables: Tables) -> list[str]:
    """Milestones with neither start nor end.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        Commitment, milestone and line.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> undated(plan.read_all())
    ['C3 M1 (L918)', 'C3 M3 (L920)', 'C3 M8 (L926)']
    """
    return _dated_as(NO_DATES, tables)


def without_start(tables: Tables) -> list[str]:
    """Milestones with an end but no start.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        Commitment, milestone and line.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> without_start(plan.read_all())
    ['C9 M1 (L1148)']
    """
    return _dated_as(NO_START, tables)


def printed_twice(tables: Tables) -> list[str]:
    """Milestones that are printed a second time.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        Commitment, milestone and both lines.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> printed_twice(plan.read_all())
    ['C3 M1 (L918), L914', 'C3 M2 (L919), L915']
    """
    table = tables["milestones"]
    rows = table[table["printed_again"].notna()]
    return [f"{place}, L{again}" for place, again in zip(_named(rows), rows["printed_again"], strict=True)]


def commitment_dates_twice(tables: Tables) -> list[str]:
    """Commitments whose dates are printed a second time.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        Commitment and the second printing.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> commitment_dates_twice(plan.read_all())
    ['C10: (January 2020 - July 2 .021)']
    """
    rows = tables["commitments"].dropna(subset=["dates_printed_again"])
    return [f"C{row.number}: {row.dates_printed_again}" for row in rows.itertuples()]


def disclosed_before_made(tables: Tables) -> list[str]:
    """Disclosures and publications that start before every earlier milestone of the commitment has ended.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        Commitment, milestone and line.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> disclosed_before_made(plan.read_all())[0]
    'C1 M5 (L834)'
    """
    table = milestones(tables)
    end = month_number(table["end"])
    # The latest end among all milestones before it, not the previous one's: what is disclosed may rest on
    # any.
    made = end.groupby(table["commitment"]).cummax().groupby(table["commitment"]).shift()
    released = table["text"].str.contains(RELEASES)
    early = month_number(table["start"]) < made
    return _named(table[released & early])


def out_of_order(tables: Tables) -> list[str]:
    """Milestones that start before the one numbered before them, and reports a month after their launch.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        Commitment, milestone and line.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> out_of_order(plan.read_all())[:2]
    ['C7 M6 (L1084)', 'C7 M8 (L1086)']
    """
    table = milestones(tables)
    start = month_number(table["start"])
    launch = start.where(table["text"].str.contains("launch")).groupby(table["commitment"]).transform("min")
    soon = table["text"].str.startswith("Progress report") & ((start - launch) <= 1)
    return _named(table[table["out_of_order"] | soon])
