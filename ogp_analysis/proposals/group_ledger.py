"""Phase 2: which integrated proposal each proposal became; a ledger whose totals do not close is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from ogp_analysis.errors import DataError, Problem
from ogp_analysis.model.records import PROPOSAL, REASON
from ogp_analysis.proposals.classification import ANSWERS, DECIDED_BY, NO, RELATED, SETTLED_BY, YES

GROUP = "group"


def membership(decisions: pd.DataFrame, *, received: Iterable[str], several: bool = False) -> pd.DataFrame:
    """Check and sort the membership ledger: what became of every proposal received.

    Parameters
    ----------
    decisions : pandas.DataFrame
        Columns ``proposal, related, reason, group``: one row a proposal, or one for each of its groups when
        ``several``. A proposal that is not related has a reason and no group. ``settled_by`` and
        ``decided_by`` of the classification are kept where they are there.
    received : iterable of str
        Codes of all proposals received.
    several : bool
        A proposal may belong to more than one integrated proposal.

    Returns
    -------
    pandas.DataFrame
        The same columns, sorted by code and group, ``related`` "yes" or "no".

    Raises
    ------
    DataError
        The totals would not close: a proposal received has no decision, a decision is for none that was
        received, a related one has no group or more than allowed, one not related has a group or no reason.

    Examples
    --------
    >>> rows = [["a", "sí", "", "G1"], ["b", "no", "precision", ""]]
    >>> decisions = pd.DataFrame(rows, columns=["proposal", "related", "reason", "group"])
    >>> membership(decisions, received=["a", "b"])["related"].tolist()
    ['yes', 'no']
    >>> membership(decisions, received=["a", "b", "c"])
    Traceback (most recent call last):
        ...
    ogp_analysis.errors.DataError: Problems found: 1
      - proposal c: it was received and nothing says what became of it; add its row
    """
    codes = list(dict.fromkeys(received))
    kept = [name for name in (SETTLED_BY, DECIDED_BY) if name in decisions]
    ledger = (
        decisions[[PROPOSAL, RELATED, REASON, *kept, GROUP]].fillna("").astype("str").reset_index(drop=True)
    )
    ledger[RELATED] = ledger[RELATED].str.strip().str.casefold().map(ANSWERS).fillna("")
    problems = _row_problems(ledger, set(codes), several=several)
    problems += [
        Problem("people.no_decision", proposal=code) for code in sorted(set(codes) - set(ledger[PROPOSAL]))
    ]
    if problems:
        raise DataError(problems)
    return ledger.sort_values([PROPOSAL, GROUP], ignore_index=True)


def _row_problems(ledger: pd.DataFrame, received: set[str], *, several: bool) -> list[Problem]:
    related, has_group = ledger[RELATED] == YES, ledger[GROUP].str.strip() != ""
    repeated = ledger.duplicated(PROPOSAL, keep=False)
    # A second row of one proposal is its second group; the same group twice is a mistake all the same.
    allowed = related & (~ledger.duplicated([PROPOSAL, GROUP], keep=False)) if several else repeated & False
    rules = (
        ("people.not_received", PROPOSAL, ~ledger[PROPOSAL].isin(received)),
        ("people.related", RELATED, ledger[RELATED] == ""),
        ("people.no_group", GROUP, related & ~has_group),
        ("people.group_of_unrelated", GROUP, (ledger[RELATED] == NO) & has_group),
        ("people.no_reason", REASON, (ledger[RELATED] == NO) & (ledger[REASON].str.strip() == "")),
        ("people.decided_twice", PROPOSAL, repeated & ~allowed),
    )
    problems = [
        Problem(rule, row=row + 2, column=column, proposal=code, value=ledger.loc[row, column])
        for rule, column, wrong in rules
        for row, code in ledger.loc[wrong, PROPOSAL].items()
    ]
    return sorted(problems, key=lambda problem: problem.row)


def groups(ledger: pd.DataFrame, titles: Mapping[str, str] | None = None) -> pd.DataFrame:
    """List the integrated proposals with their members: the proposals that are rated.

    Parameters
    ----------
    ledger : pandas.DataFrame
        What ``membership`` gives.
    titles : mapping of str to str, optional
        Title of each group.

    Returns
    -------
    pandas.DataFrame
        One row a group, sorted: ``proposal`` (its code, as the ratings name it), ``title``, ``reiterations``
        (number of members), ``members`` (their codes).

    Examples
    --------
    >>> rows = [["b", "yes", "", "G1"], ["a", "yes", "", "G1"], ["c", "no", "precision", ""]]
    >>> book = pd.DataFrame(rows, columns=["proposal", "related", "reason", "group"])
    >>> groups(membership(book, received="abc"), {"G1": "Open data"}).values.tolist()
    [['G1', 'Open data', 2, 'a b']]
    """
    related = ledger[ledger[RELATED] == YES]
    members = related.groupby(GROUP, sort=True)[PROPOSAL]
    frame = pd.DataFrame(
        {"reiterations": members.size(), "members": members.agg(lambda codes: " ".join(sorted(codes)))}
    )
    frame.insert(0, "title", [(titles or {}).get(code, "") for code in frame.index])
    return frame.rename_axis(PROPOSAL).reset_index()


def totals(ledger: pd.DataFrame) -> pd.DataFrame:
    """Count the ledger from received to integrated; received is always related plus not related.

    Parameters
    ----------
    ledger : pandas.DataFrame
        What ``membership`` gives.

    Returns
    -------
    pandas.DataFrame
        Columns ``step`` and ``count`` (proposals, of ``memberships``: rows of related proposals).

    Examples
    --------
    >>> rows = [["a", "yes", "", "G1"], ["b", "no", "precision", ""]]
    >>> book = pd.DataFrame(rows, columns=["proposal", "related", "reason", "group"])
    >>> dict(totals(membership(book, received=["a", "b"])).values.tolist())
    {'received': 2, 'related': 1, 'not_related': 1, 'integrated': 1, 'memberships': 1}
    """
    related = ledger[ledger[RELATED] == YES]
    counts = {
        "received": ledger[PROPOSAL].nunique(),
        "related": related[PROPOSAL].nunique(),
        "not_related": ledger.loc[ledger[RELATED] == NO, PROPOSAL].nunique(),
        "integrated": related[GROUP].nunique(),
        "memberships": len(related),
    }
    return pd.DataFrame({"step": list(counts), "count": list(counts.values())})
