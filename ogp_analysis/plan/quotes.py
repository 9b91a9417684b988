"""The plan in its own words where a reviewer needs them, and the stakes of the commissions they name."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.plan.bilingual_columns import bilingual
from ogp_analysis.plan.citations import plan_lines
from ogp_analysis.plan.commitments import strongest_roles
from ogp_analysis.plan.published import INFERRED, Tables

# Column of the table by the role that it lists.
ROLE_COLUMNS = {"lead": "leads", "counterpart": "counterpart_of", "other actor": "named_in"}


def plan_quotes(tables: Tables) -> pd.DataFrame:
    """Quote the sentences on which the review turns: note 20, who rated what, the commissions, line 752.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.published.read_all`).

    Returns
    -------
    DataFrame
        One row a quote: ``id``, ``subject_en``, ``subject_es``, ``quote`` (the plan's words, in the English
        of its translation), ``leaves_open_en``, ``leaves_open_es`` (our reading), ``line``, ``place_en``,
        ``place_es``.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> plan_quotes(published.read_all()).set_index("id").loc["note_20", "subject_en"]
    'The double blind (note 20)'
    """
    quotes = tables["quotes"]
    places = plan_lines(tables).set_index("line")[["place_en", "place_es"]]
    frame = pd.concat(
        [
            quotes[["id"]],
            bilingual("subject", "quote." + quotes["id"] + ".subject"),
            quotes[["quote"]],
            bilingual("leaves_open", "quote." + quotes["id"] + ".leaves_open"),
            quotes[["line"]],
        ],
        axis=1,
    )
    return frame.join(places, on="line")


def commission_stakes(tables: Tables) -> pd.DataFrame:
    """Name the commitments that the members of the two commissions lead or are counterparts of.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan.

    Returns
    -------
    DataFrame
        One row a member: ``commission`` (grouping, assessment), ``institution``, ``purpose`` (as printed),
        ``leads``, ``counterpart_of``, ``named_in`` (as another actor), ``inferred`` (which of them rest on
        our reading of a damaged name) and ``line``; commitments as ``C8 C9``, empty where there is none.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> stakes = commission_stakes(published.read_all()).set_index(["commission", "institution"])
    >>> stakes.loc[("assessment", "Presidencia de la República del Ecuador"), "leads"]
    'C8 C9'
    """
    members = tables["commissions"]
    roles = strongest_roles(tables).reset_index()
    roles = roles.assign(commitment="C" + roles["commitment"].astype(str))
    parts = {column: _listed(roles[roles["role"] == role]) for role, column in ROLE_COLUMNS.items()}
    parts["inferred"] = _listed(roles[roles["status"] == INFERRED])
    frame = members[["commission", "institution", "purpose"]]
    for name, listed in parts.items():
        frame = frame.assign(**{name: frame["institution"].map(listed).fillna("")})
    return frame.assign(line=members["line"])


def _listed(roles: pd.DataFrame) -> pd.Series:
    return roles.groupby("institution")["commitment"].agg(" ".join)
