"""The public register: every proposal received with what became of it, and the flow that its counts make."""

from __future__ import annotations

from collections.abc import Hashable

import pandas as pd

from ogp_analysis.errors import DataError, Problem
from ogp_analysis.language import texts
from ogp_analysis.model.early_tables import ANSWERS, CLASSIFIED, MEMBERSHIP, RECEIVED
from ogp_analysis.model.records import PROPOSAL, REASON
from ogp_analysis.plan.bilingual_columns import filled
from ogp_analysis.proposals.classification import ANSWERS as ANSWER_WORDS
from ogp_analysis.proposals.classification import (
    DECIDED_BY,
    DECISION,
    MET,
    NO,
    RELATED,
    SETTLED_BY,
    UNDECIDED,
    YES,
)
from ogp_analysis.proposals.folder import GROUPS, Early
from ogp_analysis.proposals.group_ledger import GROUP, membership
from ogp_analysis.proposals.platforms import COLUMNS
from ogp_analysis.ratings.evaluator_codes import is_called_a_body

# Texts of the record that a reader is shown; the fingerprint serves programs.
SHOWN = tuple(name for name in COLUMNS if name != "text_hash")
CATEGORY = "category_final"
# Reasons in the classifiers' own words, without their codes.
REMARKS = "remarks"


def register(early: Early) -> pd.DataFrame:
    """Join what is known of each proposal received: its words, whether it is related and why, its group.

    Parameters
    ----------
    early : Early
        Tables of phases 1 and 2; those received must be there.

    Returns
    -------
    pandas.DataFrame
        One row a proposal, sorted: the columns of the record but the fingerprint, ``related`` (yes, no,
        undecided, or empty before the classification), ``reason``, ``settled_by``, ``decided_by`` (the body
        of a recorded decision; codes of classifiers stay in the ledger), ``group``, ``group_title``,
        ``reiterations`` (members of the group), ``remarks`` (of one that its classifiers found not related:
        the reasons of those who answered no). All text.

    Raises
    ------
    DataError
        The totals do not close, see `grouping.membership`; one that was classified was not received; or two
        tables contradict each other.

    Examples
    --------
    >>> received = pd.DataFrame({"proposal": ["P1", "P2"], "title": ["Datos", "Agua"]})
    >>> book = pd.DataFrame({"proposal": ["P1", "P2"], "related": ["yes", "no"], "reason": ["", "pillars"]})
    >>> tables = {"received": received, "membership": book.assign(group=["G1", ""])}
    >>> register(Early(tables))[["proposal", "related", "group", "reiterations"]].values.tolist()
    [['P1', 'yes', 'G1', '1'], ['P2', 'no', '', '']]
    """
    received = early.tables[RECEIVED].reindex(columns=list(SHOWN), fill_value="")
    ledger, classified = early.get(MEMBERSHIP), early.get(CLASSIFIED)
    treated = pd.DataFrame(columns=[PROPOSAL, RELATED, REASON])
    problems = stale(early)
    if problems:
        raise DataError(problems)
    if ledger is not None:
        treated = membership(ledger, received=received[PROPOSAL])
    elif classified is not None:
        strangers = sorted(set(classified[PROPOSAL]) - set(received[PROPOSAL]))
        if strangers:
            raise DataError([Problem("people.not_received", value=code) for code in strangers])
        treated = classified
    if SETTLED_BY not in treated and classified is not None and SETTLED_BY in classified:
        who = classified.reindex(columns=[PROPOSAL, SETTLED_BY, DECIDED_BY])
        treated = treated.drop(columns=DECIDED_BY, errors="ignore").merge(who, on=PROPOSAL, how="left")
    known = {RELATED, REASON, SETTLED_BY, DECIDED_BY, GROUP} & set(treated)
    joined = received.merge(treated[[PROPOSAL, *sorted(known)]], on=PROPOSAL, how="left")
    joined = _with_titles(
        joined.reindex(columns=[*SHOWN, RELATED, REASON, SETTLED_BY, DECIDED_BY, GROUP]), early
    )
    # Who classified what would be known to whoever knows the people: a page names bodies alone, and no code.
    joined[DECIDED_BY] = [
        who if by == DECISION and isinstance(who, str) and is_called_a_body(who) else ""
        for who, by in zip(joined[DECIDED_BY], joined[SETTLED_BY], strict=True)
    ]
    joined[REMARKS] = _remarks(joined, early.get(ANSWERS))
    texts = joined.astype(object).where(joined.notna(), "").astype("str")
    return texts.sort_values(PROPOSAL, ignore_index=True)


def stale(early: Early) -> list[Problem]:
    """Name each row in which tables contradict each other: one of them was written before the other changed.

    >>> rows = {"proposal": ["P1"], "related": ["no"], "reason": ["x"]}
    >>> book = pd.DataFrame(rows | {"group": [""]})
    >>> tables = {"membership": book, "classified": pd.DataFrame(rows | {"related": ["yes"]})}
    >>> [(problem.rule, problem.row, problem.proposal) for problem in stale(Early(tables))]
    [('people.stale_related', 2, 'P1')]
    """
    ledger, classified, groups = (early.get(kind) for kind in (MEMBERSHIP, CLASSIFIED, GROUPS))
    if ledger is None:
        return []
    classified_as = (
        {} if classified is None else dict(zip(classified[PROPOSAL], classified[RELATED], strict=True))
    )
    titled = None if groups is None else set(groups[PROPOSAL])
    problems = []
    for row, one in enumerate(ledger.fillna("").to_dict("records"), start=2):
        code, related, group = one[PROPOSAL], one[RELATED], one.get(GROUP, "")
        place = {"row": row, "proposal": code}
        earlier = classified_as.get(code, related)
        if _answer(earlier) != _answer(related):
            detail = (("classified", earlier),)
            problems.append(
                Problem("people.stale_related", column=RELATED, value=related, detail=detail, **place)
            )
        if group and titled is not None and group not in titled:
            problems.append(Problem("people.stale_group", column=GROUP, value=group, **place))
    return problems


def _answer(cell: str) -> str:
    return ANSWER_WORDS.get(cell.strip().casefold(), cell)


def _remarks(joined: pd.DataFrame, answers: pd.DataFrame | None) -> list[str]:
    if answers is None or not {MET, REASON} <= set(answers):
        return [""] * len(joined)
    typed = answers[(answers[MET] == NO) & (answers[REASON].str.strip() != "")]
    by_proposal = typed.groupby(PROPOSAL)[REASON].agg(lambda own: "; ".join(dict.fromkeys(own)))
    by_answers = (joined[RELATED] == NO) & (joined[SETTLED_BY] != DECISION)
    return [
        by_proposal.get(code, "") if own else ""
        for code, own in zip(joined[PROPOSAL], by_answers, strict=True)
    ]


def _with_titles(joined: pd.DataFrame, early: Early) -> pd.DataFrame:
    groups = early.get(GROUPS)
    titles = {} if groups is None else dict(zip(groups[PROPOSAL], groups["title"], strict=True))
    own = joined[GROUP].astype(object).where(joined[GROUP].notna(), "")
    members = own.value_counts()
    return joined.assign(
        group_title=[titles.get(code, "") for code in own],
        reiterations=["" if not code else str(members[code]) for code in own],
    )


def flow(
    listed: pd.DataFrame,
    categories: pd.Series | None = None,
    *,
    planned: bool = True,
    set_aside: int = 0,
) -> pd.DataFrame:
    """Follow the proposals of a register from reception to the categories.

    Parameters
    ----------
    listed : pandas.DataFrame
        From `register`.
    categories : pandas.Series, optional
        Final category of each integrated proposal (missing where there is none), by its code.
    planned : bool
        Whether the method is that of a plan, whose first category are its commitments.
    set_aside : int
        How many rows of the export could not be used; where there are any, all rows stand first.

    Returns
    -------
    pandas.DataFrame
        ``node``, ``step_en``, ``step_es``, ``division`` (how its parent was divided), ``parent``,
        ``proposals`` and ``share`` of the parent, in [0, 1]. The parts of each division add up to the parent.

    Examples
    --------
    >>> rows = {"proposal": ["P1", "P2", "P3"], "channel": "online", "related": ["yes", "yes", "no"]}
    >>> steps = flow(pd.DataFrame(rows | {"group": ["G1", "G1", ""]}), pd.Series({"G1": 1}))
    >>> steps[["node", "proposals"]].values.tolist()[-3:]
    [['integrated', 1], ['category_1', 1], ['commitments', 1]]
    """
    nodes = [
        *([("rows", "", "", len(listed) + set_aside)] if set_aside else []),
        ("received", *(("import", "rows") if set_aside else ("", "")), len(listed)),
        *([("set_aside", "import", "rows", set_aside)] if set_aside else []),
        *_divided(listed, "channel", {"online": "online", "workshop": "workshops", "": "no_channel"}),
    ]
    if (listed[RELATED] != "").any():
        words = {YES: "related", NO: "not_related", UNDECIDED: "undecided", "": "unclassified"}
        nodes += _divided(listed, RELATED, words)
    groups = sorted(set(listed.loc[listed[RELATED] == YES, GROUP]) - {""})
    if groups:
        nodes.append(("integrated", "merged", "related", len(groups)))
    if groups and categories is not None:
        final = categories.reindex(groups)
        nodes += [
            (f"category_{number}", "category", "integrated", int((final == number).sum()))
            for number in sorted(final.dropna().astype(int).unique())
        ]
        open_ = int(final.isna().sum())
        nodes += [("no_category", "category", "integrated", open_)] if open_ else []
        if planned and (final == 1).any():
            nodes.append(("commitments", "selected", "category_1", int((final == 1).sum())))
    frame = pd.DataFrame(nodes, columns=["node", "division", "parent", "proposals"])
    whole = frame["parent"].map(dict(zip(frame["node"], frame["proposals"], strict=True)))
    frame["share"] = (frame["proposals"] / whole).where(frame["division"] != "merged")
    words = filled("step", *_words(frame["node"], planned=planned))
    return pd.concat([frame[["node"]], words, frame.drop(columns="node")], axis=1)


def set_aside_in(steps: pd.DataFrame) -> int:
    """Give how many rows of the export were set aside, from a flow.

    >>> rows = {"proposal": ["P1", "P2"], "channel": "online", "related": "", "group": ""}
    >>> steps = flow(pd.DataFrame(rows), set_aside=3)
    >>> set_aside_in(steps), flow_totals(steps)["arithmetic"].tolist()
    (3, ['2 + 3 = 5', '2 = 2'])
    """
    return int(steps.loc[steps["node"] == "set_aside", "proposals"].sum())


def _words(nodes: pd.Series, *, planned: bool) -> tuple[list[str], list[dict[Hashable, object]]]:
    """Give the key of each node's words, and what they are filled with."""
    parts = [node.rpartition("_") if node.startswith("category_") else (node, "", "") for node in nodes]
    keys = [f"people.flow.{name}" for name, _, _ in parts]
    if not planned:
        keys = [f"{key}.without_plan" if texts.has(f"{key}.without_plan") else key for key in keys]
    return keys, [{"number": number} for _, _, number in parts]


def _divided(listed: pd.DataFrame, column: str, nodes: dict[str, str]) -> list[tuple[str, str, str, int]]:
    counts = listed[column].value_counts()
    return [
        (node, column, "received", int(counts[value]))
        for value, node in nodes.items()
        if counts.get(value, 0)
    ]


def flow_totals(steps: pd.DataFrame) -> pd.DataFrame:
    """Add the parts of every division up: each must close on its whole.

    Parameters
    ----------
    steps : pandas.DataFrame
        From `flow`.

    Returns
    -------
    pandas.DataFrame
        ``division``, ``parent``, ``whole``, ``parts`` (their sum), ``arithmetic``, ``closes``.

    Examples
    --------
    >>> rows = {"proposal": ["P1", "P2"], "channel": ["online", "workshop"], "related": "", "group": ""}
    >>> flow_totals(flow(pd.DataFrame(rows)))["arithmetic"].tolist()
    ['1 + 1 = 2']
    """
    whole = steps.set_index("node")["proposals"]
    # That the commitments are those of category 1 is how they are counted: there is nothing to close.
    divided = steps[~steps["division"].isin(["", "merged", "selected"])]
    groups = divided.groupby(["division", "parent"], sort=False)["proposals"]
    frame = groups.agg(parts="sum", arithmetic=lambda numbers: " + ".join(map(str, numbers))).reset_index()
    frame = frame.assign(whole=frame["parent"].map(whole))
    frame["arithmetic"] = frame["arithmetic"] + " = " + frame["parts"].astype(str)
    frame["closes"] = frame["whole"] == frame["parts"]
    return frame[["division", "parent", "whole", "parts", "arithmetic", "closes"]]
