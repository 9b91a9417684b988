"""What each column of ratings holds where no method says it: one evaluator's ratings or an indicator's.

A sheet a judge with a column a criterion looks like a sheet a criterion with a column a judge. What stands in
titles and headers decides; where it does not, both readings are named with how to tell them apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ogp_analysis.errors import DataError, Problem
from ogp_analysis.language.folding import key_of
from ogp_analysis.model.records import EVALUATOR, INDICATOR, PROPOSAL
from ogp_analysis.privacy.name_shapes import looks_like_a_name
from ogp_analysis.ratings.columns import header_place
from ogp_analysis.ratings.draft_scales import numbers_in
from ogp_analysis.ratings.evaluator_codes import names_nobody
from ogp_analysis.ratings.evaluator_columns import (
    evaluator_in,
    is_a_person,
    is_of_criteria,
    rating_something,
    seats_in,
)
from ogp_analysis.ratings.known_words import is_added_by_a_tool, is_remark, packaged
from ogp_analysis.ratings.proposal_column import meanings_in
from ogp_analysis.tabular import Table

# The key of a refusal or remark of a draft.
DRAFT = "method.draft."


@dataclass(frozen=True)
class Sheet:
    """A table with the columns that are known and those that hold ratings.

    Parameters
    ----------
    table : Table
        As typed.
    columns : mapping of str to int
        Position by our name.
    rated : sequence of int
        Positions of the columns whose cells are ratings, or are headed by an evaluator.
    described : sequence of int
        Positions of the columns that look so, but say the same of a proposal in all its rows.
    """

    table: Table
    columns: Mapping[str, int]
    rated: Sequence[int]
    described: Sequence[int] = ()

    @property
    def title(self) -> str:
        """What the sheet or the file is called."""
        return self.table.name or Path(self.table.file).stem

    @property
    def asked(self) -> str:
        """What the sheet, or else the file, says is rated; empty where both are called as Sheet1, Book1."""
        names = (self.table.name, re.sub("[_-]+", " ", Path(self.table.file).stem).strip())
        return next((name for name in names if name and not _is_blank(name)), "")

    @property
    def headers(self) -> tuple[str, ...]:
        """Of the columns that hold ratings."""
        return tuple(self.table.header[at] for at in self.rated)

    @property
    def seats(self) -> dict[int, tuple[str, list[str]]]:
        """Evaluator and other parts of the columns of one evaluator each; names only where there are two."""
        named = {at: seat for at, seat in seats_in(self.table.header).items() if at in self.rated}
        named = rating_something(named, self.table)
        sure = len(named) > 1 or any(evaluator_in(self.table.header[at])[0] for at in named)
        return named if sure and EVALUATOR not in self.columns else {}


def differs_within(table: Table, proposals: int, at: int) -> bool:
    """Say whether a column differs between the rows of one proposal.

    >>> table = Table("", "n.csv", ["P", "a", "b"], [["P1", "1", "2"], ["P1", "1", "3"]], [2, 3])
    >>> differs_within(table, 0, 1), differs_within(table, 0, 2)
    (False, True)
    """
    cells_of: dict[str, set[str]] = {}
    for code, cell in zip(table.column(proposals), table.column(at), strict=True):
        cells_of.setdefault(key_of(code), set()).update({cell} - {""})
    return any(len(cells) > 1 for cells in cells_of.values())


def _is_blank(title: str) -> bool:
    """Say whether a title is what programs call sheets and files by themselves.

    >>> [_is_blank(title) for title in ("Sheet1", "Hoja 1", "Feuil1", "Libro2", "Rigor", "2026")]
    [True, True, True, True, False, True]
    """
    blank = {*packaged()["blank_title"], ""}
    return all(word.rstrip("0123456789") in blank for word in key_of(title).split("_"))


def meant(
    sheets: Sequence[Sheet], untitled: str = "score"
) -> tuple[list[dict[int, tuple[str, str]]], list[Problem]]:
    """Give evaluator (or empty) and indicator of the columns of each sheet, and what to remark.

    ``untitled`` is what is rated where neither a header nor a title says it.

    >>> book = [Table(name, "b.xlsx", ["P", "Ana", "Luis"], [], []) for name in ("Rigor", "Reach")]
    >>> meant([Sheet(table, {"proposal": 0}, [1, 2]) for table in book])[0][1]
    {1: ('Ana', 'Reach'), 2: ('Luis', 'Reach')}
    """
    problems = [problem for sheet in sheets for problem in _doubtful_parts(sheet)]
    problems += _either_way(sheets)
    if problems:
        raise DataError(problems)
    read, remarks = [], []
    for sheet in sheets:
        seats, others = sheet.seats, _beside(sheet)
        remarks += [
            Problem(f"{DRAFT}left_out", column=sheet.table.header[at], **header_place(sheet.table))
            for at in others
        ]
        if any(is_a_person(seat) for seat, _ in seats.values()):
            remarks.append(Problem(f"{DRAFT}names", sheet.table.file, sheet.table.name))
        if not seats and EVALUATOR not in sheet.columns and _may_be_names(sheet.table.name):
            remarks.append(Problem(f"{DRAFT}names_of_sheets", sheet.table.file, sheet.table.name))
        asked = {
            at: (seat, " ".join(parts) or sheet.asked or untitled) for at, (seat, parts) in seats.items()
        }
        read.append(asked or {at: ("", sheet.table.header[at]) for at in sheet.rated})
    return read, remarks


def _may_be_names(title: str) -> bool:
    """Say whether a title that stands for an evaluator is no code: a run would refuse it."""
    return bool(title) and not names_nobody(title) and not is_of_criteria(title)


def _doubtful_parts(sheet: Sheet) -> list[Problem]:
    """Refuse headers that name each evaluator once with something of its own, and columns beside them."""
    seats, place = sheet.seats, header_place(sheet.table)
    parts = [" ".join(parts) for _, parts in seats.values()]
    once = len({seat for seat, _ in seats.values()}) == len(seats)
    problems = []
    if once and len({key_of(part) for part in parts}) > 1:
        headers = ", ".join(sheet.table.header[at] for at in seats)
        problems.append(Problem(f"{DRAFT}parts", column=headers, value=", ".join(parts), **place))
    alike = [sheet.table.header[at] for at in _beside(sheet) if _on_their_scale(sheet, at)]
    if alike:
        detail = (("evaluators", ", ".join(sheet.table.header[at] for at in seats)),)
        problems.append(Problem(f"{DRAFT}beside", column=", ".join(alike), detail=detail, **place))
    return problems


def _beside(sheet: Sheet) -> list[int]:
    """List the columns of ratings that are no evaluator's where others are."""
    return [at for at in sheet.rated if at not in sheet.seats] if sheet.seats else []


def _on_their_scale(sheet: Sheet, at: int) -> bool:
    """Say whether what a column holds lies among the ratings of the evaluators beside it."""
    own = [cell for cell in sheet.table.column(at) if cell]
    theirs = [cell for seat in sheet.seats for cell in sheet.table.column(seat) if cell]
    numbers, ratings = numbers_in(own), numbers_in(theirs)
    if numbers and ratings:
        return min(ratings) <= min(numbers) and max(numbers) <= max(ratings)
    return {*map(key_of, own)} <= {*map(key_of, theirs)}


def _either_way(sheets: Sequence[Sheet]) -> list[Problem]:
    """Refuse columns that may be evaluators or indicators, once for all sheets that have the same ones."""
    open_ones = [sheet for sheet in sheets if _is_open(sheet)]
    several = Counter(tuple(map(key_of, sheet.headers)) for sheet in open_ones)
    problems = {}
    for sheet in open_ones:
        heads = tuple(map(key_of, sheet.headers))
        alike = [each for each in open_ones if tuple(map(key_of, each.headers)) == heads]
        # Sheets of one form that are called as evaluators are: each is one evaluator's.
        if all(_names_who(each, one_of_several=several[heads] > 1) for each in alike) or _are_people(alike):
            continue
        titles = ", ".join(each.title for each in alike)
        problems[heads] = Problem(
            f"{DRAFT}either",
            file=sheet.table.file,
            column=", ".join(sheet.headers),
            value=titles,
        )
    return list(problems.values())


def _are_people(sheets: Sequence[Sheet]) -> bool:
    """Say whether two sheets or more of one form are called by names, and none as a criterion is."""
    titles = [sheet.table.name for sheet in sheets]
    names = sum(map(looks_like_a_name, titles))
    return names > 1 and not any(is_of_criteria(title) or _is_blank(title) for title in titles)


def _is_open(sheet: Sheet) -> bool:
    """Say whether nothing but titles and headers can tell: no column of evaluators, a proposal a row."""
    if {EVALUATOR, INDICATOR} & {*sheet.columns} or len(sheet.rated) < 2 or sheet.seats:
        return False
    proposals = [cell for cell in sheet.table.column(sheet.columns[PROPOSAL]) if cell]
    return len({*map(key_of, proposals)}) == len(proposals)


def _names_who(sheet: Sheet, *, one_of_several: bool) -> bool:
    """Say whether a title is an evaluator's: a name or a code; of several sheets any that says no more."""
    title = sheet.table.name
    if evaluator_in(title)[0] or looks_like_a_name(title):
        return True
    # Sheets of one form whose columns are plainly criteria, or whose titles have the shape of names.
    criteria = all(is_of_criteria(header) for header in sheet.headers) and not is_of_criteria(title)
    if title and one_of_several and (is_a_person(title) or (criteria and not _is_blank(title))):
        return True
    words = {*key_of(title).split("_")}
    asks = words & {*packaged()["criterion"], *packaged()["indicator"]}
    # "Sheet1" alone says nothing; beside "Sheet2" with the same columns it is another's.
    plain = {word.rstrip("0123456789") for word in words} <= {*packaged()["sheet"], ""}
    return bool(title) and not asks and names_nobody(title) and (one_of_several or not plain)


def unread(sheet: Sheet, most: int) -> list[int]:
    """Give the columns of a row a rating that differ in a proposal by few texts: they may be its panels."""
    table, known = sheet.table, {*sheet.columns.values(), *sheet.described}
    named = meanings_in(table)
    may_be = [
        at
        for at, header in enumerate(table.header)
        if header and not named[at] and at not in known and not is_remark(header)
        if not is_added_by_a_tool(header) and key_of(header) not in packaged()["of_evaluator"]
    ]
    few = [at for at in may_be if 1 < len({*table.column(at)} - {""}) <= most]
    texts_only = [at for at in few if not numbers_in([cell for cell in table.column(at) if cell])]
    proposals = table.column(sheet.columns[PROPOSAL])
    return [
        at for at in texts_only if len({*zip(proposals, table.column(at), strict=True)}) > len({*proposals})
    ]
