"""Suggested groups as a workbook for a human to confirm: what was suggested, why, and what was made of it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis import tabular
from ogp_analysis.errors import DataError, Problem, RowPlace
from ogp_analysis.language import texts
from ogp_analysis.model.records import PROPOSAL
from ogp_analysis.proposals.classification import ANSWERS, NO, YES
from ogp_analysis.proposals.classification_sheets import without_contacts
from ogp_analysis.proposals.fillable_workbook import Sheet, columns_of, workbook, yes_no
from ogp_analysis.proposals.group_ledger import GROUP
from ogp_analysis.tabular import Note, Table

if TYPE_CHECKING:
    from ogp_analysis.proposals.similar_texts import Suggestion

CONFIRMED, SIZE, WORDS = "confirmed", "size", "words"
GROUP_COLUMNS = (GROUP, SIZE, "title", "titles", WORDS, CONFIRMED, "similarity")
MEMBER_COLUMNS = (
    *(PROPOSAL, "title", "solution", "suggested_group", GROUP, "copy", "nearest", "similarity", WORDS),
)
CURVE_COLUMNS = ("groups", "similarity", "largest", "alone", "chosen")
# Titles of members that are listed beside a group; the others are in the sheet of members.
LISTED = 5


def form(suggestion: Suggestion, proposals: pd.DataFrame, *, language: str = "es") -> bytes:
    """Make the workbook: groups to name and confirm, members that can be moved, and the curve to look at.

    Parameters
    ----------
    suggestion : Suggestion
        From `similar_texts.suggest`.
    proposals : pandas.DataFrame
        The same proposals, with their texts.
    language : str
        ``"es"`` or ``"en"``.

    Returns
    -------
    bytes
        The workbook. Groups are called G001, G002, ... in the order of the suggestion.

    Examples
    --------
    >>> from ogp_analysis.proposals.similar_texts import suggest
    >>> received = pd.DataFrame({"proposal": ["P1"], "title": "Datos", "problem": "", "solution": ["Abrir"]})
    >>> form(suggest(received), received)[:2]
    b'PK'
    """
    codes = _codes(suggestion.groups["suggested_group"])
    frame = suggestion.members
    frame = frame.assign(**{GROUP: frame["suggested_group"].map(codes)})
    frame["copy"] = [texts.say(f"value.{copy}", language) if copy else "" for copy in frame["copy"]]
    solutions = proposals.set_index(PROPOSAL)["solution"].fillna("")
    frame["solution"] = frame[PROPOSAL].map(solutions)
    frame["similarity"] = frame["similarity"].map("{:.2f}".format)
    frame["suggested_group"] = frame[GROUP]
    members = Sheet(
        _title("members", language),
        MEMBER_COLUMNS,
        frame[list(MEMBER_COLUMNS)].astype("str").to_numpy().tolist(),
        open=(GROUP,),
    )
    words = dict(zip(codes.values(), suggestion.groups[WORDS], strict=True))
    alike = dict(zip(codes.values(), suggestion.groups["similarity"].map("{:.2f}".format), strict=True))
    rows = [
        (
            *(code, str(len(own)), own["title"].iloc[0], "\n".join(own["title"].head(LISTED))),
            *(words[code], "", alike[code]),
        )
        for code, own in frame.groupby(GROUP, sort=True)
    ]
    groups = Sheet(
        _title("groups", language), GROUP_COLUMNS, rows, {CONFIRMED: yes_no(language)}, ("title", CONFIRMED)
    )
    others = Sheet(_title("curve", language), CURVE_COLUMNS, curve_words(suggestion.curve, language))
    return workbook([groups, members, others], instructions="groups", language=language)


def _codes(suggested: pd.Series) -> dict[str, str]:
    """Call groups G001, G002, ...; as many digits as sort them, and three at least."""
    digits = max(3, len(str(len(suggested))))
    return {key: f"G{n:0{digits}d}" for n, key in enumerate(suggested, start=1)}


def curve_words(curve: pd.DataFrame, language: str) -> list[list[str]]:
    """Word the numbers of groups that could be asked for, row by row.

    >>> row = {"groups": 30, "similarity": 0.25, "largest": 9, "alone": 2, "chosen": "yes"}
    >>> curve_words(pd.DataFrame([row]), "es")
    [['30', '0,25', '9', '2', 'sí']]
    """
    return [
        [
            str(row.groups),
            texts.number(row.similarity, language, 2),
            str(row.largest),
            str(row.alone),
            texts.say("value.yes", language) if row.chosen else "",
        ]
        for row in curve.itertuples()
    ]


def _title(sheet: str, language: str) -> str:
    return texts.say(f"sheets.{sheet}", language)


def read(
    path: str | os.PathLike[str],
    received: Iterable[str] | None = None,
    related: Iterable[str] | None = None,
) -> tuple[pd.Series, dict[str, str]]:
    """Read what a human made of the suggestions.

    Parameters
    ----------
    path : path-like
        The workbook of `form`, filled: members moved by writing another group beside them, groups named, and
        each group with members confirmed.
    received : iterable of str, optional
        Codes of the proposals received; with these a member that is none of them is refused.
    related : iterable of str, optional
        Codes of those that are related; with these a member that is none of them, and one of them that has no
        row, is refused.

    Returns
    -------
    tuple of (pandas.Series, dict)
        The group of each proposal, by its code; and the title of each group.

    Raises
    ------
    DataError
        A sheet is lacking, a group with members is not confirmed or has no row or no title, or a member has
        no group, more than one row or was not received; all are listed.
    """
    tables = tabular.read(path)
    members, listed = _sheet(tables, MEMBER_COLUMNS, path), _sheet(tables, GROUP_COLUMNS, path)
    problems = _faults_of_members(
        members, *(None if codes is None else set(codes) for codes in (received, related))
    )
    known = listed.set_index(GROUP)
    for group in sorted(set(members[GROUP]) - {""}):
        own = listed if group in known.index else members
        rule = _fault(known.loc[[group]]) if group in known.index else "people.group_unknown"
        first = own[own[GROUP] == group].iloc[0]
        problems += [Problem(rule, **_place(first), value=group)] if rule else []
    if problems:
        raise DataError(problems)
    return members.set_index(PROPOSAL)[GROUP], without_contacts(known, ["title"])[0]["title"].to_dict()


def masked(path: str | os.PathLike[str]) -> list[Note]:
    """Say in which rows a title of the workbook holds something that reaches a person."""
    return without_contacts(_sheet(tabular.read(path), GROUP_COLUMNS, path), ["title"])[1]


def suggestion(path: str | os.PathLike[str]) -> pd.Series:
    """Give the group that was suggested for each proposal, by its code: what the workbook began with."""
    members = _sheet(tabular.read(path), MEMBER_COLUMNS, path)
    return members.set_index(PROPOSAL)["suggested_group"]


def _faults_of_members(
    members: pd.DataFrame, received: set[str] | None, related: set[str] | None
) -> list[Problem]:
    codes, groups = members[PROPOSAL], members[GROUP]
    header = members.attrs["header"]
    rows = members.groupby(PROPOSAL)["row"].agg(lambda own: ", ".join(map(str, own)))
    repeated = codes.duplicated(keep=False) & ~codes.duplicated() & (codes != "")
    strange = ~codes.isin(received) if received is not None else codes.isna()
    unrelated = ~codes.isin(related) & ~strange & (groups != "") if related is not None else codes.isna()
    problems = []
    for rule, column, wrong in (
        ("people.no_group", GROUP, groups == ""),
        ("people.member_twice", PROPOSAL, repeated),
        ("people.not_received", PROPOSAL, strange),
        ("people.group_of_unrelated", GROUP, unrelated),
    ):
        for _, one in members[wrong].iterrows():
            code, detail = one[PROPOSAL], (("rows", rows.get(one[PROPOSAL], "")),)
            problems.append(
                Problem(
                    rule,
                    **_place(one),
                    column=header[column],
                    proposal=code,
                    value=one[column],
                    detail=detail,
                )
            )
    file, sheet = str(members.attrs["file"]), str(members.attrs["sheet"])
    return problems + [
        Problem("people.no_group", file=file, sheet=sheet, column=header[GROUP], proposal=code)
        for code in sorted((related or set()) - set(codes))
    ]


def _place(row: pd.Series) -> RowPlace:
    return {"file": str(row["file"]), "sheet": str(row["sheet"]), "row": int(row["row"])}


def _fault(rows: pd.DataFrame) -> str:
    if len(rows) > 1:
        return "people.group_twice"
    answer = ANSWERS.get(rows[CONFIRMED].item().strip().casefold(), "")
    if not rows["title"].item():
        return "people.group_untitled"
    return "" if answer == YES else "people.group_refused" if answer == NO else "people.group_unconfirmed"


def _sheet(tables: list[Table], wanted: tuple[str, ...], path: str | os.PathLike[str]) -> pd.DataFrame:
    needed = {PROPOSAL, GROUP} if PROPOSAL in wanted else {GROUP, CONFIRMED, "title"}
    for table in tables:
        columns = columns_of(table, wanted)
        if needed <= set(columns) and (PROPOSAL in wanted or PROPOSAL not in columns):
            cells = {name: [str(row[at]) for row in table.rows] for name, at in columns.items()}
            frame = pd.DataFrame(cells, index=range(len(table.rows)))
            header = {name: table.header[at] for name, at in columns.items()}
            frame.attrs = {"file": table.file, "sheet": table.name, "header": header}
            return frame.assign(file=table.file, sheet=table.name, row=table.row_numbers)
    raise DataError([Problem("people.no_groups", file=Path(path).name)])
