"""Phase 2: which proposals are related to open government, found by two people and a third.

The plan names four criteria (lines 477-480), not how they combine nor how several classifiers become one
decision. Ours, as for ratings: what most of the independent classifiers find holds; where they differ, a
third decides; what is open then needs a recorded decision. A proposal is related when all four are met.
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from ogp_analysis.errors import DataError, Problem, RowPlace, keyed_error
from ogp_analysis.model.records import INDEPENDENT, PROPOSAL, REASON, ROLE, ROLES, THIRD

CRITERION, CLASSIFIER, MET, RELATED, SETTLED_BY = "criterion", "classifier", "met", "related", "settled_by"
# The codes of who settled it, or the body of a recorded decision: never a person's name.
DECIDED_BY, AND = "decided_by", " + "
CRITERIA = ("precision", "collaboration", "pillars", "public_policy")
YES, NO, UNDECIDED = "yes", "no", "undecided"
# Spanish with and without its accent, and what a spreadsheet makes of a tick box.
ANSWERS = {"yes": YES, "si": YES, "sí": YES, "true": YES, "1": YES, "no": NO, "false": NO, "0": NO}
CLASSIFIERS, DECISION = "classifiers", "decision"
# Where an answer was typed: read from sheets, not needed of a table in memory.
PLACE = ("file", "sheet", "row", "column")


def read_answers(classification: pd.DataFrame) -> pd.DataFrame:
    """Check a long table of what each classifier found.

    Parameters
    ----------
    classification : pandas.DataFrame
        Columns ``proposal, criterion, classifier, met`` and, where there are thirds, ``role`` (independent or
        third); ``met`` is yes/no, sí/no, true/false or 1/0, empty where a classifier gave no answer.

    Returns
    -------
    pandas.DataFrame
        The same rows with ``met`` "yes" or "no" and ``role``, without those that have no answer, sorted.

    Raises
    ------
    DataError
        An answer, a criterion or a role is not known, or a classifier answers twice; all are listed.

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
    columns = [PROPOSAL, CRITERION, CLASSIFIER, MET]
    answers = classification[columns].astype("str").reset_index(drop=True)
    answers[ROLE] = classification[ROLE].to_numpy(dtype=object) if ROLE in classification else INDEPENDENT
    given = answers[MET].fillna("").str.strip().str.casefold()
    answers[MET] = given.map(ANSWERS)
    problems = []
    for rule, column, wrong in (
        ("people.answer", MET, answers[MET].isna() & (given != "")),
        ("people.criterion", CRITERION, ~answers[CRITERION].isin(CRITERIA)),
        ("people.role", ROLE, ~answers[ROLE].isin(ROLES)),
        (
            "people.answer_twice",
            CLASSIFIER,
            answers.duplicated([PROPOSAL, CRITERION, CLASSIFIER], keep=False),
        ),
    ):
        detail = (("criteria", ", ".join(CRITERIA)), ("allowed", ", ".join(ROLES)))
        values = classification[column] if column in classification else answers[column]
        own = classification["column"] if column == MET and "column" in classification else None
        problems += [
            Problem(
                rule,
                **place_of(classification, row),
                column=column if own is None or not own.iloc[row] else own.iloc[row],
                proposal=code,
                value=values.iloc[row],
                detail=detail,
            )
            for row, code in answers.loc[wrong, PROPOSAL].items()
        ]
    if problems:
        raise DataError(_in_order(problems))
    return answers[given != ""].sort_values([PROPOSAL, CRITERION, CLASSIFIER], ignore_index=True)


def place_of(frame: pd.DataFrame, at: int) -> RowPlace:
    """Say where a row was typed; of a table in memory, where it would stand below its header.

    >>> place_of(pd.DataFrame({"proposal": ["P1"]}), 0)
    {'file': '', 'sheet': '', 'row': 2}
    """
    if "row" not in frame:
        return {"file": "", "sheet": "", "row": at + 2}
    one = frame.iloc[at]
    return {"file": str(one["file"]), "sheet": str(one["sheet"]), "row": int(one["row"])}


def _in_order(problems: list[Problem]) -> list[Problem]:
    # A role that is none stands in one cell of a sheet and beside each criterion of the long table.
    return sorted(dict.fromkeys(problems), key=lambda one: (one.file, one.sheet, one.row))


def classify(
    classification: pd.DataFrame, *, decisions: pd.DataFrame | None = None, needed: int = len(CRITERIA)
) -> pd.DataFrame:
    """Decide from the answers of the classifiers which proposals are related.

    Parameters
    ----------
    classification : pandas.DataFrame
        Columns ``proposal, criterion, classifier, met`` and, where there are thirds, ``role``.
    decisions : pandas.DataFrame, optional
        Recorded decisions on proposals: ``proposal, related, reason`` and, where it was written down, the
        body ``decided_by``; they stand above the answers.
    needed : int
        How many of the criteria a proposal must meet, 1 to 4; all of them by default (our choice).

    Returns
    -------
    pandas.DataFrame
        One row a proposal, sorted: ``proposal``; for each criterion the share of independent classifiers that
        found it met, in [0, 1], or what the third found where they are even; ``related`` yes, no or
        undecided; ``reason``: the criteria not met, or those undecided, or that of the decision;
        ``settled_by``: classifiers, third, decision, or empty where it is undecided; ``decided_by``: the
        codes of these classifiers or thirds, joined by ``+``, or the body that decided.

    Raises
    ------
    DataError
        See ``read_answers``; or a decision is neither yes nor no, or has no reason, or is for no proposal
        that was classified.
    StatisticsError
        ``needed`` is not from 1 to 4.

    Examples
    --------
    >>> answers = pd.DataFrame({"proposal": "P1", "criterion": CRITERIA, "classifier": "a", "met": "yes"})
    >>> second = answers.assign(classifier="b", met=["yes", "yes", "yes", "no"])
    >>> both = pd.concat([answers, second])
    >>> classify(both)[["related", "reason"]].values.tolist()
    [['undecided', 'public_policy']]
    >>> third = second[3:].assign(classifier="c")
    >>> asked = pd.concat([both.assign(role="independent"), third.assign(role="third")])
    >>> classify(asked)[["related", "reason", "settled_by", "decided_by"]].values.tolist()
    [['no', 'public_policy', 'third', 'c']]
    """
    if not 1 <= needed <= len(CRITERIA):
        raise keyed_error(key="statistics.needed", needed=needed, most=len(CRITERIA))
    answers = read_answers(classification)
    shares = _shares(answers, INDEPENDENT)
    alone = _verdicts(shares, needed)
    even = ~((shares > 0.5) | (shares < 0.5))
    settled = shares.mask(even, _shares(answers, THIRD).reindex_like(shares))
    result = settled.join(_verdicts(settled, needed))
    result[SETTLED_BY] = CLASSIFIERS
    result.loc[alone[RELATED] == UNDECIDED, SETTLED_BY] = THIRD
    result.loc[result[RELATED] == UNDECIDED, SETTLED_BY] = ""
    result[DECIDED_BY] = _codes_of(answers, result[SETTLED_BY])
    return _decided(result, decisions).reset_index()


def overruled(classification: pd.DataFrame, classified: pd.DataFrame) -> list[str]:
    """List the proposals on which a recorded decision says the contrary of what the classifiers settled.

    >>> answers = pd.DataFrame({"proposal": "P1", "criterion": CRITERIA, "classifier": "a", "met": "yes"})
    >>> decision = pd.DataFrame({"proposal": ["P1"], "related": ["no"], "reason": ["a complaint"]})
    >>> overruled(answers, classify(answers, decisions=decision))
    ['P1']
    """
    decided = classified[classified[SETTLED_BY] == DECISION]
    if decided.empty:
        return []
    alone = classify(classification).set_index(PROPOSAL)[RELATED]
    contrary = {YES: NO, NO: YES}
    return [
        code
        for code, related in zip(decided[PROPOSAL], decided[RELATED], strict=True)
        if alone.get(code) == contrary[related]
    ]


def related_by_nobody(classification: pd.DataFrame, classified: pd.DataFrame) -> list[str]:
    """List the proposals settled as related which each independent classifier alone found not related.

    All criteria are needed, and settled one by one: who fails one and who fails another can add up to them.

    >>> all_met = {"proposal": "P1", "criterion": CRITERIA, "met": "yes", "role": "independent"}
    >>> fails = {"a": ["no", "yes", "yes", "yes"], "b": ["yes", "no", "yes", "yes"]}
    >>> both = [pd.DataFrame(all_met | {"classifier": who, "met": met}) for who, met in fails.items()]
    >>> thirds = both[0][:2].assign(classifier="c", role="third", met="yes")
    >>> answers = pd.concat([*both, thirds])
    >>> related_by_nobody(answers, classify(answers))
    ['P1']
    """
    answers = read_answers(classification)
    own = answers[answers[ROLE] == INDEPENDENT]
    failed = (own[MET] != YES).groupby([own[PROPOSAL], own[CLASSIFIER]]).any()
    by_all = failed.groupby(PROPOSAL).all()
    settled = classified[(classified[RELATED] == YES) & (classified[SETTLED_BY] != DECISION)]
    return [code for code in settled[PROPOSAL] if by_all.get(code, False)]


def answered_by_one(answers: pd.DataFrame) -> list[str]:
    """List the proposals with a criterion that one independent classifier alone answered.

    >>> answers = pd.DataFrame({"proposal": "P1", "criterion": CRITERIA, "classifier": "a", "met": "yes"})
    >>> second = answers.assign(classifier="b")
    >>> both = pd.concat([answers, second]).assign(role="independent")
    >>> answered_by_one(both), answered_by_one(both[:-1])
    ([], ['P1'])
    """
    own = answers[answers[ROLE] == INDEPENDENT]
    counts = own.groupby([PROPOSAL, CRITERION])[CLASSIFIER].nunique()
    return sorted(set(counts[counts == 1].index.get_level_values(PROPOSAL)))


def _shares(answers: pd.DataFrame, role: str) -> pd.DataFrame:
    """Share of the classifiers of a role that found a criterion met; missing where nobody answered."""
    own = answers[answers[ROLE] == role]
    met = (own[MET] == YES).astype(float)
    table = met.groupby([own[PROPOSAL], own[CRITERION]]).mean().unstack()
    everyone = pd.Index(sorted(answers[PROPOSAL].unique()), name=PROPOSAL)
    table = table.reindex(index=everyone, columns=list(CRITERIA)).astype(float)
    table.columns.name = None
    return table


def _codes_of(answers: pd.DataFrame, settled: pd.Series) -> pd.Series:
    """Name by their codes whose answers settled each proposal; empty where nobody's did."""
    codes = answers.groupby([PROPOSAL, ROLE])[CLASSIFIER].agg(lambda own: AND.join(sorted(set(own))))
    roles = settled.map({CLASSIFIERS: INDEPENDENT, THIRD: THIRD})
    return pd.Series(
        [codes.get((code, role), "") if isinstance(role, str) else "" for code, role in roles.items()],
        index=settled.index,
        dtype="str",
    )


def _verdicts(shares: pd.DataFrame, needed: int) -> pd.DataFrame:
    # A missing share (nobody answered) is neither, and so is a tie: both leave the criterion open.
    met, failed = shares > 0.5, shares < 0.5
    related = pd.Series(UNDECIDED, index=shares.index, dtype=object)
    related[met.sum(axis=1) >= needed] = YES
    # So many have failed that the rest cannot make up the number needed, whatever becomes of the open ones.
    related[failed.sum(axis=1) > len(CRITERIA) - needed] = NO
    unmet = {NO: failed, UNDECIDED: ~met & ~failed}
    reasons = [
        " ".join(name for name in CRITERIA if unmet[verdict].loc[code, name]) if verdict in unmet else ""
        for code, verdict in related.items()
    ]
    return pd.DataFrame({RELATED: related, REASON: reasons})


def faults_of_decisions(decisions: pd.DataFrame, classified: Collection[str]) -> list[Problem]:
    """Name faulty decisions: neither yes nor no, without a reason, twice, on what nobody classified.

    >>> typed = pd.DataFrame({"proposal": ["P1"], "related": ["no"], "reason": [""]})
    >>> [problem.rule for problem in faults_of_decisions(typed, ["P1"])]
    ['people.decision_reason']
    """
    frame = decisions[[PROPOSAL, RELATED, REASON]].fillna("").astype("str").reset_index(drop=True)
    rules = (
        ("people.not_classified", PROPOSAL, ~frame[PROPOSAL].isin(list(classified))),
        ("people.related", RELATED, _verdict_typed(frame).isna()),
        ("people.decision_reason", REASON, frame[REASON].str.strip() == ""),
        ("people.decided_twice", PROPOSAL, frame[PROPOSAL].duplicated(keep=False)),
    )
    return [
        Problem(rule, **place_of(decisions, row), column=column, proposal=code, value=frame.loc[row, column])
        for rule, column, wrong in rules
        for row, code in frame.loc[wrong, PROPOSAL].items()
    ]


def _verdict_typed(decisions: pd.DataFrame) -> pd.Series:
    return decisions[RELATED].str.strip().str.casefold().map(ANSWERS)


def _decided(result: pd.DataFrame, decisions: pd.DataFrame | None) -> pd.DataFrame:
    if decisions is None or decisions.empty:
        return result
    problems = faults_of_decisions(decisions, result.index)
    if problems:
        raise DataError(_in_order(problems))
    frame = decisions[[PROPOSAL, RELATED, REASON]].fillna("").astype("str").reset_index(drop=True)
    codes = frame[PROPOSAL].to_numpy()
    result.loc[codes, RELATED] = _verdict_typed(frame).to_numpy()
    result.loc[codes, REASON] = frame[REASON].to_numpy()
    result.loc[codes, SETTLED_BY] = DECISION
    bodies = decisions[DECIDED_BY].fillna("").to_numpy() if DECIDED_BY in decisions else ""
    result.loc[codes, DECIDED_BY] = bodies
    return result
