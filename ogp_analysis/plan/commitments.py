"""The ten commitments: in the plan's layout, under the Partnership's column names, and who has a stake."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ogp_analysis.plan.arithmetic import span_in_months
from ogp_analysis.plan.published import INFERRED, STATED, Tables

# Column names that public code reads from the Partnership's commitment sheet. Its values are three, plus
# technology (IRM glossary, "relevance"); the plan's "collaboration" has no counterpart among them.
OGP_VALUES = {
    "transparency": "OGP Value Access To Information",
    "participation": "OGP Value Civic Participation",
    "accountability": "OGP Value Public Accountability",
    "technology": "OGP Value Technology",
}
# Judgements of the Independent Reporting Mechanism: a plan cannot give them, so they stay empty here.
JUDGED_BY_THE_IRM = (
    "Specificity",
    "Potential Impact",
    "Completion (Progress Report)",
    "Did It Open Government (Overall)",
)
# Commitments whose page of the Partnership, with its identifier, was seen:
# members/ecuador/commitments/EC0001/ and so on, numbered in the plan's order.
PAGES_SEEN = (1, 3, 4, 6, 9, 10)
LAYOUT = [
    "number",
    "sector",
    "title",
    "lead",
    "counterparts",
    "counterparts_inferred",
    "start",
    "end",
    "months",
    "milestones",
    "sdgs",
    "ogp_values",
    "problem",
    "what",
    "how",
    "relevance_text",
    "agenda_2030",
    "additional",
    "contact_post",
    "line",
]
CONFLICTING_ROLES = ("lead", "counterpart")
OTHER = "other actor"


def commitments(tables: Tables) -> pd.DataFrame:
    """Lay the ten commitments out as the plan does, one row each.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan.

    Returns
    -------
    DataFrame
        ``number``, ``sector``, ``title``, ``lead``, ``counterparts``, ``counterparts_inferred`` (those of
        them whose damaged names are read by inference; empty where all are printed), ``start``, ``end``,
        ``months``, ``milestones``, ``sdgs``, ``ogp_values`` (labels as printed), the template's texts,
        ``contact_post`` and ``line``.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> laid = commitments(published.read_all()).set_index("number")
    >>> laid.loc[1, ["months", "milestones", "sdgs"]].to_dict()
    {'months': 16, 'milestones': 7, 'sdgs': '9 16 17'}
    """
    # Everything below is joined on the number of the commitment, hence the index.
    plain = tables["commitments"].set_index("number", drop=False)
    sectors = tables["sectors"].set_index("sector")["name"]
    counterparts = tables["actors"].query("kind == 'counterpart'")
    inferred = _listed(counterparts[counterparts["status"] == INFERRED], "institution")
    return plain.assign(
        sector=plain["sector"].map(sectors),
        counterparts=_listed(counterparts, "institution"),
        counterparts_inferred=inferred.reindex(plain.index, fill_value=""),
        months=span_in_months(plain["start"], plain["end"]).astype(int),
        milestones=tables["milestones"].groupby("commitment").size(),
        sdgs=_listed(tables["sdg_links"], "sdg", " "),
        ogp_values=_listed(tables["value_links"], "label"),
    )[LAYOUT].reset_index(drop=True)


def commitments_ogp(tables: Tables) -> pd.DataFrame:
    """Write the ten commitments under the column names of the Partnership's own sheet.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan.

    Returns
    -------
    DataFrame
        One row a commitment. What only the Partnership or its reviewers give stays missing. ``Theme`` holds
        the plan's sector; values are 1 where the plan prints the label (see `value_mapping`). The unique
        identifiers are the Partnership's, not the plan's: ``Identifier Origin`` says of which we saw its page
        and which follow from the order of the plan (inferred).

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> sheet = commitments_ogp(published.read_all()).set_index("Commitment Unique Identifier")
    >>> int(sheet.loc["EC0008", "OGP Value Technology"]), sheet.loc["EC0008", "Lead Institution"]
    (1, 'Presidencia de la República del Ecuador')
    """
    laid = commitments(tables).set_index("number", drop=False)
    supporting = tables["actors"].query("kind != 'lead'")
    flags = _value_flags(tables["value_links"]).reindex(laid.index, fill_value=0)
    frame = pd.DataFrame(
        {
            "Commitment Unique Identifier": [f"EC{number:04d}" for number in laid["number"]],
            "Country/Locality": "Ecuador",
            "Region": pd.NA,
            "Theme": laid["sector"],
            "Year Of Submission": int(tables["statements"].set_index("id").loc["plan_first_year", "value"]),
            "Action Plan Number": 1,
            "Commitment Number": laid["number"],
            "Commitment Title": laid["title"],
            "Short Title": pd.NA,
            "Full Text": laid["problem"] + "\n" + laid["what"] + "\n" + laid["how"],
            "Lead Institution": laid["lead"],
            "Supporting Institution(s)": _listed(supporting, "institution"),
            "URL": pd.NA,
        }
    )
    seen = laid["number"].isin(PAGES_SEEN).map({True: "page of the Partnership", False: INFERRED})
    judged = dict.fromkeys(JUDGED_BY_THE_IRM, pd.NA)
    return frame.join(flags).assign(**judged, **{"Identifier Origin": seen}).reset_index(drop=True)


def _value_flags(links: pd.DataFrame) -> pd.DataFrame:
    # The sheet says whether, not how often: a value printed twice is still one.
    flags = pd.crosstab(links["commitment"], links["value"]).clip(upper=1)
    flags = flags.reindex(columns=list(OGP_VALUES), fill_value=0).rename(columns=OGP_VALUES)
    return flags.rename_axis(columns=None)


def value_mapping(tables: Tables) -> pd.DataFrame:
    """Show how each value label of the plan was mapped to the Partnership's columns, by our choice.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan.

    Returns
    -------
    DataFrame
        ``label`` as printed, ``value``, ``ogp_column`` (missing: no counterpart), ``commitments``.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> mapping = value_mapping(published.read_all())
    >>> mapping.loc[mapping["ogp_column"].isna(), ["label", "commitments"]].values.tolist()
    [['Collaboration and innovation', '7']]
    """
    # The plan prints some labels with and without a capital; they are one label.
    links = tables["value_links"].assign(label=tables["value_links"]["label"].str.capitalize())
    by_label = links.groupby(["value", "label"], as_index=False)["commitment"].agg(
        lambda numbers: " ".join(map(str, numbers))
    )
    mapped = by_label.assign(ogp_column=by_label["value"].map(OGP_VALUES))
    return mapped.rename(columns={"commitment": "commitments"})[
        ["label", "value", "ogp_column", "commitments"]
    ]


def conflict_matrix(tables: Tables) -> pd.DataFrame:
    """Cross the members of the Core Group, who select, with the commitments they have a part in.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan.

    Returns
    -------
    DataFrame
        One row a member: ``institution``, ``sector``, ``joined`` (date of joining, where it is after the
        group was formed: whether such a member rated is not said), ``C1`` to ``C10`` (lead, counterpart,
        other actor or empty), ``stakes``, the number of commitments that the member leads or is counterpart
        of, and ``inferred``: the commitments among them of which that is our reading of a damaged name.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> matrix = conflict_matrix(published.read_all()).set_index("institution")
    >>> matrix.loc["Universidad de Los Hemisferios", ["C3", "C4", "C5"]].tolist()
    ['', 'counterpart', 'counterpart']
    >>> matrix.loc["Fundación Ciudadanía y Desarrollo", "inferred"]
    'C3'
    """
    members = tables["core_group"].set_index("institution")
    roles = strongest_roles(tables)["role"].unstack("commitment")
    numbers = tables["commitments"]["number"]
    roles = roles.reindex(index=members.index, columns=numbers).fillna("")

    roles.columns = [f"C{number}" for number in numbers]
    frame = members[["sector", "joined"]].join(roles)
    return frame.assign(
        stakes=roles.isin(CONFLICTING_ROLES).sum(axis=1), inferred=_inferred_stakes(tables, members.index)
    ).reset_index()


def _inferred_stakes(tables: Tables, members: pd.Index) -> pd.Series:
    rows = strongest_roles(tables).reset_index()
    rows = rows[rows["role"].isin(CONFLICTING_ROLES) & (rows["status"] == INFERRED)]
    named = ("C" + rows["commitment"].astype(str)).groupby(rows["institution"]).agg(" ".join)
    return named.reindex(members, fill_value="")


def conflict_by_commitment(tables: Tables) -> pd.DataFrame:
    """Name, for each commitment, the Core Group members that lead it, are counterpart or another actor.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan.

    Returns
    -------
    DataFrame
        ``commitment``, ``title``, ``lead``, ``counterpart``, ``other actor`` (members only, joined by ``;``)
        ``touched``: whether a member leads it or is counterpart, and ``origin``: stated, or inferred where
        that rests on our reading of a damaged name alone.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> by_commitment = conflict_by_commitment(published.read_all())
    >>> by_commitment.loc[~by_commitment["touched"], "commitment"].tolist()
    [10]
    >>> by_commitment.loc[by_commitment["origin"] == "inferred", "commitment"].tolist()
    [3]
    """
    roles = strongest_roles(tables).reset_index()
    named = roles.groupby(["commitment", "role"])["institution"].agg("; ".join).unstack("role")
    titles = tables["commitments"].set_index("number")["title"]
    named = named.reindex(index=titles.index, columns=[*CONFLICTING_ROLES, OTHER])
    printed = touched({**tables, "actors": tables["actors"][tables["actors"]["status"] == STATED]})
    is_touched = titles.index.isin(touched(tables))
    rests_on_reading = is_touched & ~titles.index.isin(printed)
    frame = titles.to_frame().join(named)
    frame = frame.assign(touched=is_touched, origin=np.where(rests_on_reading, INFERRED, STATED))
    return frame.rename_axis("commitment").reset_index()


def touched(tables: Tables) -> list[int]:
    """List the commitments that a member of the Core Group leads or is counterpart of.

    >>> from ogp_analysis.plan import published
    >>> touched(published.read_all())
    [1, 2, 3, 4, 5, 6, 7, 8, 9]
    """
    actors = tables["actors"]
    stake = actors["kind"].isin(CONFLICTING_ROLES) & actors["institution"].isin(
        tables["core_group"]["institution"]
    )
    return sorted(actors.loc[stake, "commitment"].unique().tolist())


def strongest_roles(tables: Tables) -> pd.DataFrame:
    """Give role and status of each member by commitment; of two, lead before counterpart before other."""
    actors = tables["actors"]
    members = actors[actors["institution"].isin(tables["core_group"]["institution"])]
    roles = members["kind"].where(members["kind"].isin(CONFLICTING_ROLES), OTHER)
    ranked = members.assign(role=pd.Categorical(roles, [*CONFLICTING_ROLES, OTHER], ordered=True))
    strongest = ranked.sort_values("role", kind="stable").drop_duplicates(["institution", "commitment"])
    strongest = strongest.sort_values(["commitment", "order"], kind="stable")
    return strongest.set_index(["institution", "commitment"])[["role", "status"]].astype({"role": str})


def _listed(frame: pd.DataFrame, column: str, separator: str = "; ") -> pd.Series:
    return frame[column].astype(str).groupby(frame["commitment"]).agg(separator.join)
