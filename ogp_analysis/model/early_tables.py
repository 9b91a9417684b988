"""Tables of phases 1 and 2 beside the ratings in one folder: which is which, told by its columns."""

from __future__ import annotations

from collections.abc import Iterable

RECEIVED, ANSWERS, CLASSIFIED, MEMBERSHIP, PARTICIPANTS, SET_ASIDE = (
    "received",
    "answers",
    "classified",
    "membership",
    "participants",
    "set_aside",
)
# What `ogp import` writes of rows that it cannot use has these columns and no others.
OF_SET_ASIDE = ("row", "reason")
# All of these columns tell the kind; the most telling stand first. The table of groups is that of the
# integrated proposals, which the ratings read too.
SIGNS = (
    (RECEIVED, ("proposal", "title", "text_hash")),
    (ANSWERS, ("proposal", "criterion", "classifier", "met")),
    (MEMBERSHIP, ("proposal", "related", "group")),
    (CLASSIFIED, ("proposal", "related", "reason")),
    (PARTICIPANTS, ("channel", "ethnic")),
)


def lists_groups(columns: Iterable[str]) -> bool:
    """Say whether a table is that of the integrated proposals with their members, as ``ogp group`` writes it.

    >>> lists_groups(["proposal", "title", "reiterations", "members"]), lists_groups(["proposal", "title"])
    (True, False)
    """
    return {"proposal", "reiterations", "members"} <= set(columns)


def kind_of(columns: Iterable[str]) -> str:
    """Tell the kind of a table by the names of its columns; empty where it is none of phases 1 and 2.

    Parameters
    ----------
    columns : iterable of str
        As written by ``ogp import``, ``ogp classify`` and ``ogp group``.

    Returns
    -------
    str
        One of the kinds above, or empty.

    Examples
    --------
    >>> kind_of(["proposal", "related", "reason", "group"]), kind_of(["proposal", "title", "lead"])
    ('membership', '')
    >>> kind_of(["row", "reason"]), kind_of(["row", "reason", "proposal"])
    ('set_aside', '')
    """
    names = set(columns)
    if set(OF_SET_ASIDE) <= names <= {*OF_SET_ASIDE, "file"}:
        return SET_ASIDE
    return next((kind for kind, signs in SIGNS if names.issuperset(signs)), "")
