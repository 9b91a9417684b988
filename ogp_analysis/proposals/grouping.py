"""Phases 1 and 2: which proposals are related to open government, and which integrated proposal each became.

The plan names four criteria (lines 477-480) and the totals (335 received, 181 related, 43 integrated), not
how the criteria combine nor how several classifiers become one decision. Ours: a proposal is related when a
majority of its classifiers finds each of the four met; a tie is left undecided.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ogp_analysis.errors import DataError, Problem, StatisticsError
from ogp_analysis.model.records import PROPOSAL, REASON

CRITERION, CLASSIFIER, MET = "criterion", "classifier", "met"
RELATED, GROUP = "related", "group"
CRITERIA = ("precision", "collaboration", "pillars", "public_policy")
YES, NO, UNDECIDED = "yes", "no", "undecided"
# Spanish with and without its accent, and what a spreadsheet makes of a tick box.
ANSWERS = {"yes": YES, "si": YES, "sí": YES, "true": YES, "1": YES, "no": NO, "false": NO, "0": NO}


def read_answers(classification: pd.DataFrame) -> pd.DataFrame:
    """Check a long table of what each classifier found.

    Parameters
    ----------
    classification : pandas.DataFrame
        Columns ``proposal, criterion, classifier, met``; ``met`` is yes/no, sí/no, true/false or 1/0, empty
        where a classifier gave no answer.

    Returns
    -------
    pandas.DataFrame
        The same rows with ``met`` "yes" or "no", without those that have no answer, sorted.

    Raises
    ------
    DataError
        An answer or a criterion is not known, or a classifier answers twice; every such row is listed.

    Examples
    --------
    >>> typed = pd.DataFrame({"proposal": "P1", "criterion": ["pillars"], "classifier": "a", "met": ["Sí"]})
    >>> read_answers(typed)["met"].tolist()
    ['yes']
    >>> read_answers(typed.assign(met="maybe"))
    Traceback (most recent call last):
        ...
    ogp_analysis.errors.DataError: Problems found: 1
      - row 2, column met, proposal P1: maybe is not an answer; write yes or no, or leave the cell empty
    """
    answers = classification[[PROPOSAL, CRITERION, CLASSIFIER, MET]].astype("str").reset_index(drop=True)
    given = answers[MET].fillna("").str.strip().str.casefold()
    answers[MET] = given.map(ANSWERS)
    twice = answers.duplicated([PROPOSAL, CRITERION, CLASSIFIER], keep=False)
    problems = []
    for rule, column, wrong in (
        ("people.answer", MET, answers[MET].isna() & (given != "")),
        ("people.criterion", CRITERION, ~answers[CRITERION].isin(CRITERIA)),
        ("people.answer_twice", CLASSIFIER, twice),
    ):
        problems += [
            Problem(
                rule,
                row=row + 2,
                column=column,
                proposal=answers.loc[row, PROPOSAL],
                value=classification[column].iloc[row],
                detail=(("criteria", ", ".join(CRITERIA)),),
            )
            for row in answers.index[wrong]
        ]
    if problems:
        raise DataError(sorted(problems, key=lambda problem: problem.row))
    return answers[given != ""].sort_values([PROPOSAL, CRITERION, CLASSIFIER], ignore_index=True)


def classify(classification: pd.DataFrame, *, needed: int = len(CRITERIA)) -> pd.DataFrame:
    """Decide from the answers of the classifiers which proposals are related.

    Parameters
    ----------
    classification : pandas.DataFrame
        Columns ``proposal, criterion, classifier, met``.
    needed : int
        How many of the criteria a proposal must meet, 1 to 4; all of them by default (ours).

    Returns
    -------
    pandas.DataFrame
        One row a proposal, sorted: ``proposal``; the share of classifiers that found each criterion met, in
        [0, 1]; ``related`` yes, no or undecided (a tie, or a criterion without answer, decides);
        ``reason``: the criteria not met, or those undecided.

    Raises
    ------
    DataError
        See ``read_answers``.
    StatisticsError
        ``needed`` is not from 1 to 4.

    Examples
    --------
    >>> answers = pd.DataFrame({"proposal": "P1", "criterion": CRITERIA, "classifier": "a", "met": "yes"})
    >>> answers.loc[3, "met"] = "no"
    >>> classify(answers)[["related", "reason"]].values.tolist()
    [['no', 'public_policy']]
    """
    if not 1 <= needed <= len(CRITERIA):
        msg = f"needed is {needed}; from 1 to {len(CRITERIA)} criteria can be needed"
        raise StatisticsError(msg, needed=needed)
    answers = read_answers(classification)
    answers["share"] = (answers[MET] == YES).astype(float)
    shares = answers.pivot_table(index=PROPOSAL, columns=CRITERION, values="share", aggfunc="mean")
    shares = shares.reindex(columns=list(CRITERIA))
    shares.columns.name = None
    # A missing share (nobody answered) is neither, and so is a tie: both leave the criterion open.
    met, failed = shares > 0.5, shares < 0.5
    shares[RELATED] = UNDECIDED
    shares.loc[met.sum(axis=1) >= needed, RELATED] = YES
    # So many have failed that the rest cannot make up the number needed, whatever becomes of the open ones.
    shares.loc[failed.sum(axis=1) > len(CRITERIA) - needed, RELATED] = NO
    unmet = {NO: failed, UNDECIDED: ~met & ~failed}
    shares[REASON] = [
        " ".join(name for name in CRITERIA if unmet[related].loc[code, name]) if related in unmet else ""
        for code, related in shares[RELATED].items()
    ]
    return shares.reset_index()


def membership(decisions: pd.DataFrame, *, received: Iterable[str], several: bool = False) -> pd.DataFrame:
    """Check and sort the membership ledger: what became of every proposal received.

    Parameters
    ----------
    decisions : pandas.DataFrame
        Columns ``proposal, related, reason, group``: one row a proposal, or one for each of its groups when
        ``several``. A proposal that is not related has a reason and no group.
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
    ledger = decisions[[PROPOSAL, RELATED, REASON, GROUP]].fillna("").astype("str").reset_index(drop=True)
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


def groups(ledger: pd.DataFrame) -> pd.DataFrame:
    """List the integrated proposals with their members.

    Parameters
    ----------
    ledger : pandas.DataFrame
        What ``membership`` gives.

    Returns
    -------
    pandas.DataFrame
        One row a group, sorted: ``group``, ``reiterations`` (number of members), ``members`` (their codes).

    Examples
    --------
    >>> rows = [["b", "yes", "", "G1"], ["a", "yes", "", "G1"], ["c", "no", "precision", ""]]
    >>> book = pd.DataFrame(rows, columns=["proposal", "related", "reason", "group"])
    >>> groups(membership(book, received="abc")).values.tolist()
    [['G1', 2, 'a b']]
    """
    related = ledger[ledger[RELATED] == YES]
    members = related.groupby(GROUP, sort=True)[PROPOSAL]
    return pd.DataFrame(
        {"reiterations": members.size(), "members": members.agg(lambda codes: " ".join(sorted(codes)))}
    ).reset_index()


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
