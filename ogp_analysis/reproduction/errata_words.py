"""Inconsistencies of names, words and lists, found in the tables; each function returns its evidence."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

Tables = Mapping[str, pd.DataFrame]

RECOGNITION_ERROR = "Irrabajo"
MISSPELT = "strenghten"
# Pillar that each value stands for, by the words they share.
VALUE_WORDS = {
    "transparency": "Transparency",
    "participation": "participation",
    "collaboration": "Collaboration",
    "technology": "technologies",
}


def marks_without_text(tables: Tables) -> list[str]:
    """Note marks that have no text, or are not printed as a number."""
    notes = tables["notes"]
    odd = notes[notes["text"].isna() | (notes["mark_printed"] != notes["number"].astype(str))]
    return [
        f"{row.number}: {'–' if pd.isna(row.text) else row.mark_printed} (L{row.line})"
        for row in odd.itertuples()
    ]


def leads_without_signatory(tables: Tables) -> list[str]:
    """Core Group members that lead a commitment but have no signatory on the cover."""
    members = tables["core_group"]
    missing = members[~members["institution"].isin(tables["signatories"]["institution"])]
    leads = tables["actors"].query("kind == 'lead'").set_index("institution")["commitment"]
    return [
        f"{row.institution} (L{row.line}), C{leads[row.institution]}"
        for row in missing.itertuples()
        if row.institution in leads.index
    ]


def names_of_the_irm(tables: Tables) -> list[str]:
    """Different names of one mechanism."""
    names = tables["irm_names"]
    if names["name"].nunique() < 2:
        return []
    return [f"{row.name_} (L{row.line})" for row in names.rename(columns={"name": "name_"}).itertuples()]


def names_of_one_base(tables: Tables) -> list[str]:
    """Things that one and the same base is called."""
    shares = tables["participation"].dropna(subset=["base"])
    online = shares[shares["base"] == tables["statements"].set_index("id").loc["proposals_online", "value"]]
    named = online.groupby("counted", sort=False)["line"].unique()
    if len(named) < 2:
        return []
    return [f"{word} ({', '.join(f'L{line}' for line in lines)})" for word, lines in named.items()]


def invited_but_not_counted(tables: Tables) -> list[str]:
    """The private sector is invited but has no part in a split that leaves nothing over."""
    invited = tables["lists"].query("list == 'channel' and text.str.contains('private sector')")
    split = tables["participation"].query("table == 'workshop_sector'")
    closed = split["percentage"].sum() == 100 and not split["group"].str.contains("private").any()
    total = " + ".join(f"{share:g}" for share in split["percentage"])
    return [f"L{line}: {total} = 100" for line in invited["line"]] if closed else []


def posts_for_persons(tables: Tables) -> list[str]:
    """Commitments whose person in charge is printed as a post."""
    rows = tables["commitments"].query("contact_printed == 'post'")
    return [f"C{row.number}: {row.contact_post} (L{row.line_contact})" for row in rows.itertuples()]


def titles_that_differ(tables: Tables) -> list[str]:
    """Titles that differ between contents and body, and misspelt sector titles."""
    rows = tables["commitments"].query("title != title_contents")
    sectors = tables["sectors"]
    misspelt = sectors[sectors["name"].str.contains(MISSPELT)]
    titles = [f"C{row.number} (L{row.line_contents}, L{row.line})" for row in rows.itertuples()]
    return titles + [
        f"{row.name_} (L{row.line})" for row in misspelt.rename(columns={"name": "name_"}).itertuples()
    ]


def leads_among_others(tables: Tables) -> list[str]:
    """Leads that are listed again among the other actors, and misread institutions."""
    actors = tables["actors"]
    leads = actors.query("kind == 'lead'").set_index("commitment")["institution"]
    again = actors[(actors["kind"] != "lead") & (actors["institution"] == actors["commitment"].map(leads))]
    misread = actors[actors["printed"].str.contains(RECOGNITION_ERROR)]
    return [
        f"C{row.commitment}: {row.printed} (L{row.line})" for row in pd.concat([again, misread]).itertuples()
    ]


def criteria_worded_twice(tables: Tables) -> list[str]:
    """Classification criteria whose wording in the results is not that of the method."""
    rows = tables["classification_criteria"].query("method != results")
    return [f"{row.number} (L{row.line}, L{row.line_results})" for row in rows.itertuples()]


def members_without_collaborator(tables: Tables) -> list[str]:
    """Core Group members that no technical collaborator came from."""
    present = tables["collaborators"].query("role == 'technical'")["institution"]
    members = tables["core_group"]
    return members.loc[~members["institution"].isin(present), "institution"].tolist()


def figures_without_caption(tables: Tables) -> list[str]:
    """Figures of which only the source line is left."""
    rows = tables["figures"]
    rows = rows[rows["caption"].isna()]
    return [f"{row.id} (L{row.line}-L{row.line_end})" for row in rows.itertuples()]


def labels_without_pillar(tables: Tables) -> list[str]:
    """Value labels that are no pillar's name, and pillars that are no label."""
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
    """Places that say "biannual"."""
    places = pd.concat([tables["lists"][["text", "line"]], tables["milestones"][["text", "line"]]])
    lines = places.loc[places["text"].str.contains("biannual"), "line"]
    return [f"L{line}" for line in lines] if len(lines) > 1 else []


def titles_in_another_order(tables: Tables) -> list[str]:
    """Lines of action quoted in a note that have a commitment's words in another order."""
    quoted = tables["category_3"].assign(quote=tables["category_3"]["note"].str.extract(r'"([^"]+)"')[0])
    quoted = quoted.dropna(subset=["quote"])
    titles = {frozenset(_words(title)): title for title in tables["commitments"]["title"]}
    matches = [(row, titles.get(frozenset(_words(row.quote)))) for row in quoted.itertuples()]
    return [f"L{row.line}: {row.quote} / {title}" for row, title in matches if title and title != row.quote]


def _words(title: str) -> list[str]:
    return [word for word in title.lower().split() if word != "for"]
