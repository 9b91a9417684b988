"""The inconsistencies in the plan's text: listed by a reader, confirmed by code, and whose they are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from ogp_analysis.plan.arithmetic import month_number
from ogp_analysis.plan.bilingual_columns import bilingual
from ogp_analysis.plan.milestones import NO_DATES, NO_START, discloses_before_made, milestones
from ogp_analysis.plan.published import Tables
from ogp_analysis.plan.stated_numbers import fitting

YEAR = r"((?:19|20)\d\d)"
# "2021-2017" is reversed when the second year is smaller; "-2017 2021" and "2017 2021" lost their dash.
RANGE = rf"(?<!\d){YEAR}\s?[-–]\s?{YEAR}(?!\d)"
BROKEN_RANGE = rf"(-?{YEAR} {YEAR})(?!\d)"
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

    >>> from ogp_analysis.plan import published
    >>> brackets_of_another_year(published.read_all())
    ['C7 M7 (L1085): November 2020 (25 Nov 2019)']
    """
    table = tables["milestones"]
    bracket = table["start_printed"].str.extract(rf"\([^)]*{YEAR}\)")[0]
    rows = table[bracket.notna() & (bracket != table["start"].str[:4])]
    return [f"{place}: {printed}" for place, printed in zip(_named(rows), rows["start_printed"], strict=True)]


def acts_of_two_years(tables: Tables) -> list[str]:
    """Decrees and ordinances that the notes date otherwise than the list of laws.

    >>> from ogp_analysis.plan import published
    >>> acts_of_two_years(published.read_all())
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

    >>> from ogp_analysis.plan import published
    >>> broken_year_ranges(published.read_all())[:2]
    ['2021-2017 (L827)', '2021-2018 (L827)']
    """
    texts = [
        tables[name][[text, line]].set_axis(["text", "line"], axis=1)
        for name, (text, line) in EVIDENCE_COLUMNS.items()
    ]
    texts = pd.concat(texts, ignore_index=True).dropna(subset=["text"])
    ranges = texts["text"].str.extractall(RANGE)
    backwards = ranges[ranges[0].astype(int) > ranges[1].astype(int)]
    broken = pd.concat(
        [backwards[0] + "-" + backwards[1], texts["text"].str.extractall(BROKEN_RANGE)[0]]
    ).sort_index()
    lines = texts["line"].reindex(broken.index.get_level_values(0))
    return [f"{words} (L{line})" for words, line in zip(broken, lines, strict=True)]


def undated(tables: Tables) -> list[str]:
    """Milestones with neither start nor end, and no cell of dates that they may share.

    >>> from ogp_analysis.plan import published
    >>> undated(published.read_all())
    ['C3 M8 (L926)']
    """
    return _dated_as(NO_DATES, tables)


def without_start(tables: Tables) -> list[str]:
    """Milestones with an end but no start.

    >>> from ogp_analysis.plan import published
    >>> without_start(published.read_all())
    ['C9 M1 (L1148)']
    """
    return _dated_as(NO_START, tables)


def printed_twice(tables: Tables) -> list[str]:
    """Milestones that are printed a second time.

    >>> from ogp_analysis.plan import published
    >>> printed_twice(published.read_all())
    ['C3 M1 (L918), L914', 'C3 M2 (L919), L915']
    """
    table = tables["milestones"]
    rows = table[table["printed_again"].notna()]
    return [f"{place}, L{again}" for place, again in zip(_named(rows), rows["printed_again"], strict=True)]


def commitment_dates_twice(tables: Tables) -> list[str]:
    """Commitments whose dates are printed a second time.

    >>> from ogp_analysis.plan import published
    >>> commitment_dates_twice(published.read_all())
    ['C10: (January 2020 - July 2 .021)']
    """
    rows = tables["commitments"].dropna(subset=["dates_printed_again"])
    return [f"C{row.number}: {row.dates_printed_again}" for row in rows.itertuples()]


def disclosed_before_made(tables: Tables) -> list[str]:
    """Disclosures that start before the milestones which make what they disclose have ended.

    >>> from ogp_analysis.plan import published
    >>> disclosed_before_made(published.read_all())
    ['C1 M5 (L834)']
    """
    table = tables["milestones"]
    return _named(table[discloses_before_made(table)])


def out_of_order(tables: Tables) -> list[str]:
    """Milestones that start before the one numbered before them, and reports a month after their launch.

    >>> from ogp_analysis.plan import published
    >>> out_of_order(published.read_all())[:2]
    ['C7 M6 (L1084)', 'C7 M8 (L1086)']
    """
    table = milestones(tables)
    start = month_number(table["start"])
    launch = start.where(table["text"].str.contains("launch")).groupby(table["commitment"]).transform("min")
    soon = table["text"].str.startswith("Progress report") & ((start - launch) <= 1)
    return _named(table[table["out_of_order"] | soon])


def percentages_without_count(tables: Tables) -> list[str]:
    """Percentages that no whole number of their base prints as.

    >>> from ogp_analysis.plan import published
    >>> percentages_without_count(published.read_all())
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

    Line 594: 68% of 297 are 26 to 45 years old, in two groups of which one has 13 more.

    >>> from ogp_analysis.plan import published
    >>> counts_of_the_wrong_parity(published.read_all())
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

    >>> from ogp_analysis.plan import published
    >>> phases_without_results(published.read_all())
    ['7: Formalization of the National Action Plan (L558)']
    """
    phases = tables["phases"]
    missing = phases[phases["line_results"].isna()]
    return [f"{row.phase}: {row.title} (L{row.line})" for row in missing.itertuples()]


def targets_without_baseline(tables: Tables) -> list[str]:
    """Targets that lack baseline, unit or date, and what had already been reached.

    >>> from ogp_analysis.plan import published
    >>> targets_without_baseline(published.read_all())
    ['L906', 'L907', 'L908', '36.7 - 23 = 13.7 > 5']
    """
    targets = tables["targets"]
    vague = targets[targets[["baseline", "unit", "due"]].isna().any(axis=1)]
    values = tables["statements"].set_index("id")["value"]
    # Special regime fell from 36.7% in 2017 to 23% in 2018 (from line 882), more than the plan then aims at.
    before, after = values["special_regime_2017"], values["special_regime_2018"]
    lines = [f"L{line}" for line in vague["line"]]
    return [*lines, f"{before:g} - {after:g} = {before - after:.1f} > {targets['change_percent'].iloc[0]:g}"]


# What text recognition made of "Ministerio de Trabajo" in line 1093.
RECOGNITION_ERROR = "Irrabajo"
# The plan's own spelling, in the contents and in the body (lines 111, 720 and 945).
MISSPELT = "strenghten"
# Pillar that each value stands for, by the words they share.
VALUE_WORDS = {
    "transparency": "Transparency",
    "participation": "participation",
    "collaboration": "Collaboration",
    "technology": "technologies",
}


def marks_without_text(tables: Tables) -> list[str]:
    """Note marks that have no text, or are not printed as a number.

    >>> from ogp_analysis.plan import published
    >>> marks_without_text(published.read_all())
    ['8: ® (L320)', '9: ® (L320)', '21: – (L556)', '23: – (L700)']
    """
    notes = tables["notes"]
    odd = notes[notes["text"].isna() | (notes["mark_printed"] != notes["number"].astype(str))]
    return [
        f"{row.number}: {'–' if pd.isna(row.text) else row.mark_printed} (L{row.line})"
        for row in odd.itertuples()
    ]


def leads_without_signatory(tables: Tables) -> list[str]:
    """Core Group members that lead a commitment but have no signatory on the cover.

    >>> from ogp_analysis.plan import published
    >>> leads_without_signatory(published.read_all())
    ['Secretaría Técnica de Planificación "Planifica Ecuador" (L392), C2']
    """
    members = tables["core_group"]
    missing = members[~members["institution"].isin(tables["signatories"]["institution"])]
    leads = tables["actors"].query("kind == 'lead'").set_index("institution")["commitment"]
    return [
        f"{row.institution} (L{row.line}), C{leads[row.institution]}"
        for row in missing.itertuples()
        if row.institution in leads.index
    ]


def names_of_the_irm(tables: Tables) -> list[str]:
    """Different names of one mechanism.

    >>> from ogp_analysis.plan import published
    >>> names_of_the_irm(published.read_all())[:2]
    ['Independent Reporting Mechanism (L218)', 'Independent Review Mechanism (L450)']
    """
    names = tables["irm_names"]
    if names["name"].nunique() < 2:
        return []
    return [f"{row.name} (L{row.line})" for row in names.itertuples()]


def names_of_one_base(tables: Tables) -> list[str]:
    """Things that one and the same base is called.

    >>> from ogp_analysis.plan import published
    >>> names_of_one_base(published.read_all())
    ['participants (L594, L600)', 'commitments (L610)', 'proposals (L612, L618)']
    """
    shares = tables["participation"].dropna(subset=["base"])
    online = shares[shares["base"] == tables["statements"].set_index("id").loc["proposals_online", "value"]]
    named = online.groupby("counted", sort=False)["line"].unique()
    if len(named) < 2:
        return []
    return [f"{word} ({', '.join(f'L{line}' for line in lines)})" for word, lines in named.items()]


def invited_but_not_counted(tables: Tables) -> list[str]:
    """The private sector is invited but has no part in a split that leaves nothing over.

    >>> from ogp_analysis.plan import published
    >>> invited_but_not_counted(published.read_all())
    ['L438: 45 + 34 + 21 = 100']
    """
    invited = tables["lists"].query("list == 'channel' and text.str.contains('private sector')")
    split = tables["participation"].query("table == 'workshop_sector'")
    closed = split["percentage"].sum() == 100 and not split["group"].str.contains("private").any()
    total = " + ".join(f"{share:g}" for share in split["percentage"])
    return [f"L{line}: {total} = 100" for line in invited["line"]] if closed else []


def posts_for_persons(tables: Tables) -> list[str]:
    """Commitments whose person in charge is printed as a post.

    >>> from ogp_analysis.plan import published
    >>> posts_for_persons(published.read_all())
    ['C5: Vice Minister, Viceministerio de Minas (L1006)']
    """
    rows = tables["commitments"].query("contact_printed == 'post'")
    return [f"C{row.number}: {row.contact_post} (L{row.line_contact})" for row in rows.itertuples()]


def titles_that_differ(tables: Tables) -> list[str]:
    """Titles that differ between contents and body, and misspelt sector titles.

    >>> from ogp_analysis.plan import published
    >>> titles_that_differ(published.read_all())
    ['C4 (L111, L947)', 'C10 (L115, L1161)', 'Capacity strenghtening for transparency (L720)']
    """
    rows = tables["commitments"].query("title != title_contents")
    sectors = tables["sectors"]
    misspelt = sectors[sectors["name"].str.contains(MISSPELT)]
    titles = [f"C{row.number} (L{row.line_contents}, L{row.line})" for row in rows.itertuples()]
    return titles + [f"{row.name} (L{row.line})" for row in misspelt.itertuples()]


def leads_among_others(tables: Tables) -> list[str]:
    """Leads that are listed again among the other actors, and misread institutions.

    >>> from ogp_analysis.plan import published
    >>> leads_among_others(published.read_all())
    ['C7: Secretaría de Derechos Humanos (L1093)', 'C7: Ministerio de Irrabajo (L1093)']
    """
    actors = tables["actors"]
    leads = actors.query("kind == 'lead'").set_index("commitment")["institution"]
    again = actors[(actors["kind"] != "lead") & (actors["institution"] == actors["commitment"].map(leads))]
    misread = actors[actors["printed"].str.contains(RECOGNITION_ERROR)]
    return [
        f"C{row.commitment}: {row.printed} (L{row.line})" for row in pd.concat([again, misread]).itertuples()
    ]


def criteria_worded_twice(tables: Tables) -> list[str]:
    """Classification criteria whose wording in the results is not that of the method.

    >>> from ogp_analysis.plan import published
    >>> criteria_worded_twice(published.read_all())
    ['2 (L478, L684)', '3 (L479, L685)', '4 (L480, L686)']
    """
    rows = tables["classification_criteria"].query("method != results")
    return [f"{row.number} (L{row.line}, L{row.line_results})" for row in rows.itertuples()]


def members_without_collaborator(tables: Tables) -> list[str]:
    """Core Group members that no technical collaborator came from.

    >>> from ogp_analysis.plan import published
    >>> members_without_collaborator(published.read_all())
    ['Fundación de Ayuda por Internet', 'Secretaría Técnica de Planificación "Planifica Ecuador"']
    """
    present = tables["collaborators"].query("role == 'technical'")["institution"]
    members = tables["core_group"]
    return members.loc[~members["institution"].isin(present), "institution"].tolist()


def figures_without_caption(tables: Tables) -> list[str]:
    """Figures of which only the source line is left.

    >>> from ogp_analysis.plan import published
    >>> figures_without_caption(published.read_all())
    ['F06 (L584-L591)']
    """
    rows = tables["figures"]
    rows = rows[rows["caption"].isna()]
    return [f"{row.id} (L{row.line}-L{row.line_end})" for row in rows.itertuples()]


def labels_without_pillar(tables: Tables) -> list[str]:
    """Value labels that are no pillar's name, and pillars that are no label.

    >>> from ogp_analysis.plan import published
    >>> labels_without_pillar(published.read_all())[-1]
    'Integrity and accountability (L276)'
    """
    pillars = tables["lists"].query("list == 'pillar'")
    labels = tables["value_links"].drop_duplicates("label")
    strange = labels[~labels["label"].str.lower().isin(pillars["text"].str.lower())]
    used = labels["value"].map(VALUE_WORDS).unique()
    unused = pillars[~pillars["text"].str.contains("|".join(used))]
    odd = [
        *zip(strange["label"], strange["line"], strict=True),
        *zip(unused["text"], unused["line"], strict=True),
    ]
    return [f"{words} (L{line})" for words, line in odd]


def biannual_twice(tables: Tables) -> list[str]:
    """Places that say "biannual".

    >>> from ogp_analysis.plan import published
    >>> biannual_twice(published.read_all())
    ['L567', 'L1179']
    """
    places = pd.concat([tables["lists"][["text", "line"]], tables["milestones"][["text", "line"]]])
    lines = places.loc[places["text"].str.contains("biannual"), "line"]
    return [f"L{line}" for line in lines] if len(lines) > 1 else []


def titles_in_another_order(tables: Tables) -> list[str]:
    """Lines of action quoted in a note that have a commitment's words in another order.

    >>> from ogp_analysis.plan import published
    >>> titles_in_another_order(published.read_all())
    ['L743: Public Procurement Open Information Platform / Open Information Platform for Public Procurement']
    """
    quoted = tables["category_3"].assign(quote=tables["category_3"]["note"].str.extract(r'"([^"]+)"')[0])
    quoted = quoted.dropna(subset=["quote"])
    # A set, because the note has the title's words in another order.
    titles = {frozenset(_words(title)): title for title in tables["commitments"]["title"]}
    matches = [(row, titles.get(frozenset(_words(row.quote)))) for row in quoted.itertuples()]
    return [f"L{row.line}: {row.quote} / {title}" for row, title in matches if title and title != row.quote]


def _words(title: str) -> list[str]:
    return [word for word in title.lower().split() if word != "for"]


Finder = Callable[[Tables], list[str]]

# I16, I18, I19 and I24 have no finder: they are matters of reading (which zone a city is in, what
# "exclusively" means), not of data.
FINDERS: dict[str, Finder] = {
    "I01": percentages_without_count,
    "I02": counts_of_the_wrong_parity,
    "I03": brackets_of_another_year,
    "I04": marks_without_text,
    "I05": phases_without_results,
    "I06": leads_without_signatory,
    "I07": acts_of_two_years,
    "I08": names_of_the_irm,
    "I09": broken_year_ranges,
    "I10": undated,
    "I11": without_start,
    "I12": printed_twice,
    "I13": commitment_dates_twice,
    "I14": disclosed_before_made,
    "I15": out_of_order,
    "I17": names_of_one_base,
    "I20": invited_but_not_counted,
    "I21": posts_for_persons,
    "I22": targets_without_baseline,
    "I23": titles_that_differ,
    "I25": leads_among_others,
    "I26": criteria_worded_twice,
    "I27": members_without_collaborator,
    "I28": figures_without_caption,
    "I29": labels_without_pillar,
    "I30": biannual_twice,
    "I31": titles_in_another_order,
}
CODE, READING, NOT_FOUND = "code", "reading", "not found"
# The plan's own are findings about the plan; what its translation or our copy did is none.
PLANS_OWN = "plan"
COLUMNS = ["id", "line", "lines", "finding_en", "finding_es", "whose", "severity", "touches"]
COLUMNS += ["why_en", "why_es", "found_by", "evidence"]


def errata(tables: Tables) -> pd.DataFrame:
    """List the inconsistencies of the plan and find each again in the tables where code can.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan.

    Returns
    -------
    DataFrame
        ``id`` (I01 to I31), ``line``, ``lines``, ``finding_en``, ``finding_es``, ``whose`` (the plan's, its
        English translation's, our copy's, or cannot tell: our reading), ``why_en``, ``why_es`` (where it is
        not the plan's), ``severity`` (severe, moderate, slight), ``touches`` (number or date, a decision,
        neither), ``found_by``: code (confirmed just now), reading (only a human can) or not found;
        ``evidence``: what code found, in the plan's words and lines.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> errata(published.read_all()).set_index("id").loc["I11", "evidence"]
    'C9 M1 (L1148)'
    """
    listed = tables["errata"]
    evidence = [FINDERS[key](tables) if key in FINDERS else [] for key in listed["id"]]
    frame = listed[["id", "line", "lines", "whose", "severity", "touches"]].assign(
        found_by=[_found_by(key, places) for key, places in zip(listed["id"], evidence, strict=True)],
        evidence=["; ".join(places) for places in evidence],
    )
    why = np.where(listed["whose"] == PLANS_OWN, "", "plan.whose." + listed["id"])
    worded = [bilingual("finding", "plan.errata." + listed["id"]), bilingual("why", why)]
    return pd.concat([frame, *worded], axis=1)[COLUMNS]


def _found_by(key: str, evidence: list[str]) -> str:
    if key not in FINDERS:
        return READING
    # "Not found" is a warning to us: the plan's tables were changed, or the finder is wrong.
    return CODE if evidence else NOT_FOUND
