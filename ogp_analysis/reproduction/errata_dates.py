"""Inconsistencies of dates and years, found in the tables of the plan; each function returns its evidence."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ogp_analysis.reproduction.arithmetic import month_number
from ogp_analysis.reproduction.milestones import milestones

Tables = Mapping[str, pd.DataFrame]

YEAR = r"((?:19|20)\d\d)"
# "2021-2017" is reversed when the second year is smaller; "-2017 2021" and "2017 2021" lost their dash.
RANGE = rf"(?<!\d){YEAR}\s?[-–]\s?{YEAR}(?!\d)"
BROKEN_RANGE = rf"(-?{YEAR} {YEAR})(?!\d)"
RELEASES = r"^(?:Disclosure|Publication)"
EVIDENCE_COLUMNS = {
    "commitments": ("additional", "line_additional"),
    "asterisk_notes": ("text", "line"),
    "category_3": ("note", "line"),
}


def _named(rows: pd.DataFrame) -> list[str]:
    return [f"C{row.commitment} M{row.milestone} (L{row.line})" for row in rows.itertuples()]


def brackets_of_another_year(tables: Tables) -> list[str]:
    """Milestones whose start has a day in brackets that is not in the year of the start."""
    table = tables["milestones"]
    bracket = table["start_printed"].str.extract(rf"\([^)]*{YEAR}\)")[0]
    rows = table[bracket.notna() & (bracket != table["start"].str[:4])]
    return [f"{place}: {printed}" for place, printed in zip(_named(rows), rows["start_printed"], strict=True)]


def acts_of_two_years(tables: Tables) -> list[str]:
    """Decrees and ordinances that the notes date otherwise than the list of laws."""
    laws = tables["sources"].dropna(subset=["act", "year"])
    notes = tables["notes"].dropna(subset=["text"])
    numbered = notes.assign(
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
    """Ranges of years that run backwards or have lost their dash."""
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
    """Milestones with neither start nor end."""
    return _named(milestones(tables).query("dating == 'no dates'"))


def without_start(tables: Tables) -> list[str]:
    """Milestones with an end but no start."""
    return _named(milestones(tables).query("dating == 'no start'"))


def printed_twice(tables: Tables) -> list[str]:
    """Milestones that are printed a second time."""
    table = tables["milestones"]
    rows = table[table["printed_again"].notna()]
    return [f"{place}, L{again}" for place, again in zip(_named(rows), rows["printed_again"], strict=True)]


def commitment_dates_twice(tables: Tables) -> list[str]:
    """Commitments whose dates are printed a second time."""
    rows = tables["commitments"].dropna(subset=["dates_printed_again"])
    return [f"C{row.number}: {row.dates_printed_again}" for row in rows.itertuples()]


def disclosed_before_made(tables: Tables) -> list[str]:
    """Disclosures and publications that start before every earlier milestone of the commitment has ended."""
    table = milestones(tables)
    end = month_number(table["end"])
    made = end.groupby(table["commitment"]).cummax().groupby(table["commitment"]).shift()
    released = table["text"].str.contains(RELEASES)
    early = month_number(table["start"]) < made
    return _named(table[released & early])


def out_of_order(tables: Tables) -> list[str]:
    """Milestones that start before the one numbered before them, and reports a month after their launch."""
    table = milestones(tables)
    start = month_number(table["start"])
    launch = start.where(table["text"].str.contains("launch")).groupby(table["commitment"]).transform("min")
    soon = table["text"].str.startswith("Progress report") & ((start - launch) <= 1)
    return _named(table[table["out_of_order"] | soon])
