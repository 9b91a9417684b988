"""From 335 proposals to ten commitments: the steps, with what is stated, derived or inferred."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.plan.bilingual_columns import bilingual
from ogp_analysis.plan.published import INFERRED, STATED, Tables

# Node, how its parent was divided, parent, statement with its number. "merged" is no division: 181 become 43.
NODES = (
    ("received", "", "", "proposals_total"),
    ("online", "channel", "received", "proposals_online"),
    ("workshops", "channel", "received", "proposals_workshop"),
    ("aligned", "sdg", "received", "aligned"),
    ("not_aligned", "sdg", "received", "not_aligned"),
    ("related", "relation", "received", "related"),
    ("not_related", "relation", "received", "not_related"),
    ("integrated", "merged", "related", "integrated"),
    ("category_1_2", "category", "integrated", "category_1_2"),
    ("category_3", "category", "integrated", "category_3_rows"),
    ("category_4", "category", "integrated", "category_4_rows"),
    ("category_1", "first two categories", "category_1_2", "commitments"),
    ("category_2", "first two categories", "category_1_2", "category_2"),
    ("final_commitments", "confirmation", "integrated", "commitments_validated"),
    ("final_3_4", "confirmation", "integrated", "final_3_4"),
)
# The ten are stated as the commitments of the plan; that category 1 held just these on 1 October is inferred.
INFERRED_NODES = ("category_1", "category_2")
MERGED = "merged"


def flow(tables: Tables) -> pd.DataFrame:
    """Follow the proposals from reception to the commitments.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan.

    Returns
    -------
    DataFrame
        ``node``, ``step_en``, ``step_es``, ``division`` (how the parent was divided), ``parent``,
        ``proposals``, ``share`` of the parent, ``origin`` (stated, derived, inferred), ``line``.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> flow(published.read_all()).set_index("node").loc["category_1_2", "origin"]
    'derived'
    """
    nodes = pd.DataFrame(NODES, columns=["node", "division", "parent", "id"])
    statements = tables["statements"].set_index("id")
    numbers = nodes["id"].map(statements["value"]).astype("int64")
    parents = nodes["parent"].map(dict(zip(nodes["node"], numbers, strict=True)))
    origin = nodes["id"].map(statements["status"])
    frame = nodes.drop(columns="id").assign(
        proposals=numbers,
        share=(numbers / parents).where(nodes["division"] != MERGED),
        origin=origin.mask(nodes["node"].isin(INFERRED_NODES), INFERRED),
        line=nodes["id"].map(statements["line"]),
    )
    return pd.concat([bilingual("step", [f"plan.flow.{node}" for node in nodes["node"]]), frame], axis=1)[
        ["node", "step_en", "step_es", "division", "parent", "proposals", "share", "origin", "line"]
    ]


def flow_totals(tables: Tables) -> pd.DataFrame:
    """Add the parts of every division up: each must close on its whole.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan.

    Returns
    -------
    DataFrame
        ``division``, ``parent``, ``whole``, ``parts`` (their sum), ``arithmetic``, ``closes``, ``tests``:
        whether all the numbers are stated; else one of them is a difference of the others or inferred, and
        the row closes whatever the plan prints.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> totals = flow_totals(published.read_all())
    >>> totals["arithmetic"].tolist()[:3], bool(totals["closes"].all())
    (['297 + 38 = 335', '322 + 13 = 335', '181 + 154 = 335'], True)
    """
    nodes = flow(tables)
    whole = nodes.set_index("node")["proposals"]
    divided = nodes[~nodes["division"].isin(["", MERGED])]
    groups = divided.groupby(["division", "parent"], sort=False)["proposals"]
    frame = groups.agg(parts="sum", arithmetic=lambda numbers: " + ".join(map(str, numbers))).reset_index()
    stated = divided.groupby(["division", "parent"], sort=False)["origin"].agg(
        lambda names: (names == STATED).all()
    )
    whole_stated = frame["parent"].map(nodes.set_index("node")["origin"]) == STATED
    frame = frame.assign(whole=frame["parent"].map(whole))
    frame = frame.assign(
        arithmetic=frame["arithmetic"] + " = " + frame["parts"].astype(str),
        closes=frame["whole"] == frame["parts"],
        tests=stated.to_numpy(dtype=bool) & whole_stated,
    )
    return frame[["division", "parent", "whole", "parts", "arithmetic", "closes", "tests"]]
