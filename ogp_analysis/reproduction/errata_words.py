"""Inconsistencies of names, words and lists, found in the tables; each function returns its evidence."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.plan import Tables

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

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        Number of the note, what stands for its mark (a dash where the text is missing) and the line.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> marks_without_text(plan.read_all())
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

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        The member, its line and the commitment it leads.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> leads_without_signatory(plan.read_all())
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

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        Each name with its line; empty where there is only one.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> names_of_the_irm(plan.read_all())[:2]
    ['Independent Reporting Mechanism (L218)', 'Independent Review Mechanism (L450)']
    """
    names = tables["irm_names"]
    if names["name"].nunique() < 2:
        return []
    return [f"{row.name} (L{row.line})" for row in names.itertuples()]


def names_of_one_base(tables: Tables) -> list[str]:
    """Things that one and the same base is called.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        Each word with its lines; empty where the base is called one thing.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> names_of_one_base(plan.read_all())
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

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        Line of the invitation and the sum that leaves nothing over; empty where something is left.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> invited_but_not_counted(plan.read_all())
    ['L438: 45 + 34 + 21 = 100']
    """
    invited = tables["lists"].query("list == 'channel' and text.str.contains('private sector')")
    split = tables["participation"].query("table == 'workshop_sector'")
    closed = split["percentage"].sum() == 100 and not split["group"].str.contains("private").any()
    total = " + ".join(f"{share:g}" for share in split["percentage"])
    return [f"L{line}: {total} = 100" for line in invited["line"]] if closed else []


def posts_for_persons(tables: Tables) -> list[str]:
    """Commitments whose person in charge is printed as a post.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        Commitment, post and line.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> posts_for_persons(plan.read_all())
    ['C5: Vice Minister, Viceministerio de Minas (L1006)']
    """
    rows = tables["commitments"].query("contact_printed == 'post'")
    return [f"C{row.number}: {row.contact_post} (L{row.line_contact})" for row in rows.itertuples()]


def titles_that_differ(tables: Tables) -> list[str]:
    """Titles that differ between contents and body, and misspelt sector titles.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        Commitments with both lines, then sectors with theirs.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> titles_that_differ(plan.read_all())
    ['C4 (L111, L947)', 'C10 (L115, L1161)', 'Capacity strenghtening for transparency (L720)']
    """
    rows = tables["commitments"].query("title != title_contents")
    sectors = tables["sectors"]
    misspelt = sectors[sectors["name"].str.contains(MISSPELT)]
    titles = [f"C{row.number} (L{row.line_contents}, L{row.line})" for row in rows.itertuples()]
    return titles + [f"{row.name} (L{row.line})" for row in misspelt.itertuples()]


def leads_among_others(tables: Tables) -> list[str]:
    """Leads that are listed again among the other actors, and misread institutions.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        Commitment, institution as printed and line.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> leads_among_others(plan.read_all())
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

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        Number of the criterion, its line in the method and in the results.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> criteria_worded_twice(plan.read_all())
    ['2 (L478, L684)', '3 (L479, L685)', '4 (L480, L686)']
    """
    rows = tables["classification_criteria"].query("method != results")
    return [f"{row.number} (L{row.line}, L{row.line_results})" for row in rows.itertuples()]


def members_without_collaborator(tables: Tables) -> list[str]:
    """Core Group members that no technical collaborator came from.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        Institutions.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> members_without_collaborator(plan.read_all())
    ['Fundación de Ayuda por Internet', 'Secretaría Técnica de Planificación "Planifica Ecuador"']
    """
    present = tables["collaborators"].query("role == 'technical'")["institution"]
    members = tables["core_group"]
    return members.loc[~members["institution"].isin(present), "institution"].tolist()


def figures_without_caption(tables: Tables) -> list[str]:
    """Figures of which only the source line is left.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        Figure with its first and last line.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> figures_without_caption(plan.read_all())
    ['F06 (L584-L591)']
    """
    rows = tables["figures"]
    rows = rows[rows["caption"].isna()]
    return [f"{row.id} (L{row.line}-L{row.line_end})" for row in rows.itertuples()]


def labels_without_pillar(tables: Tables) -> list[str]:
    """Value labels that are no pillar's name, and pillars that are no label.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        Labels, then pillars, each with its line.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> labels_without_pillar(plan.read_all())[-1]
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

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        Lines; empty where the word stands once, because only the second use contradicts the first.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> biannual_twice(plan.read_all())
    ['L567', 'L1179']
    """
    places = pd.concat([tables["lists"][["text", "line"]], tables["milestones"][["text", "line"]]])
    lines = places.loc[places["text"].str.contains("biannual"), "line"]
    return [f"L{line}" for line in lines] if len(lines) > 1 else []


def titles_in_another_order(tables: Tables) -> list[str]:
    """Lines of action quoted in a note that have a commitment's words in another order.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.read_all`).

    Returns
    -------
    list of str
        Line, the quoted words and the commitment's title.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> titles_in_another_order(plan.read_all())
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
