"""The tables of phases 1 and 2 in a folder, a workbook or a file, found by their columns and masked again."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ogp_analysis import tabular
from ogp_analysis.errors import DataError, Problem
from ogp_analysis.model import early_tables
from ogp_analysis.model.early_tables import (
    ANSWERS,
    CLASSIFIED,
    MEMBERSHIP,
    OF_SET_ASIDE,
    PARTICIPANTS,
    RECEIVED,
    SET_ASIDE,
)
from ogp_analysis.model.records import PROPOSAL, REASON, THIRD
from ogp_analysis.output import canonical
from ogp_analysis.privacy.masking import mask, mask_columns
from ogp_analysis.proposals.classification import (
    AND,
    CLASSIFIER,
    CLASSIFIERS,
    DECIDED_BY,
    DECISION,
    SETTLED_BY,
)
from ogp_analysis.proposals.export_rows import LONGEST_SHOWN, TEXTS
from ogp_analysis.proposals.platforms import COLUMNS
from ogp_analysis.ratings import early_forms
from ogp_analysis.ratings.evaluator_codes import is_code, names_a_body
from ogp_analysis.tabular import Table, key_of

EXAMPLE = "example"
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx")
# The integrated proposals with the codes of their members, as `ogp group` writes them.
GROUPS = "groups"
# What people wrote in words of their own: the tables may have been edited since a command wrote them.
TYPED = {
    RECEIVED: (*TEXTS, "url", "submitted"),
    ANSWERS: (REASON,),
    CLASSIFIED: (REASON,),
    MEMBERSHIP: (REASON,),
    GROUPS: ("title",),
}
# What the commands write in these and nothing else: a page has words for it, and for nothing typed.
CODED = {
    "channel": re.compile("online|workshop"),
    "submitted": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "sdg": re.compile(r"(?:(?:[1-9]|1[0-7])(?: |$))*"),
    SETTLED_BY: re.compile(f"{CLASSIFIERS}|{THIRD}|{DECISION}"),
}
ALLOWED = {
    "channel": "online, workshop",
    "sdg": "1 9 16",
    "submitted": "2019-01-31",
    SETTLED_BY: f"{CLASSIFIERS}, {THIRD}, {DECISION}",
}


@dataclass(frozen=True)
class Early:
    """The tables of phases 1 and 2 that there are.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        By kind: ``received``, ``set_aside`` (rows of the export that were not usable), ``answers``,
        ``classified``, ``membership``, ``groups``, ``participants``; all text. Those that are not there are
        left out.
    """

    tables: Mapping[str, pd.DataFrame]

    def get(self, kind: str) -> pd.DataFrame | None:
        """Give a table; None where it is not there."""
        return self.tables.get(kind)

    @property
    def set_aside(self) -> int:
        """How many rows of the export the import could not use."""
        table = self.get(SET_ASIDE)
        return 0 if table is None else len(table)


def load(data: str | os.PathLike[str]) -> Early:
    r"""Read the tables of phases 1 and 2 of a source of data.

    Parameters
    ----------
    data : path-like
        A folder, a workbook or one file; ``"example"`` has none.

    Returns
    -------
    Early
        What was recognised; tables of ratings and others are passed over.

    Raises
    ------
    DataError
        A table that was recognised is faulty, or there are two of one kind.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "classified.csv").write_text("proposal,related,reason\nP1,yes,\n", encoding="utf-8")
    >>> sorted(load(folder).tables), dict(load("example").tables)
    (['classified'], {})
    """
    if str(data) == EXAMPLE:
        return Early({})
    tables: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for table in _tables(Path(data)):
        kind = _kind(table)
        if kind and kind in tables:
            problems.append(Problem("people.two_tables", file=table.file, sheet=table.name, value=kind))
        elif kind:
            problems += [p for p in table.problems if p.rule not in ("tabular.look_alike",)]
            problems += [*_not_coded(table, kind), *_twice(table, kind)]
            tables[kind] = _frame(table, kind)
            problems += _named(table, tables[kind])
    if GROUPS in tables and RECEIVED in tables and MEMBERSHIP not in tables:
        problems.append(Problem("people.groups_alone", file=Path(data).name))
    if problems:
        raise DataError(problems)
    return Early(tables)


def received(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Read the proposals that ``ogp import`` wrote.

    Parameters
    ----------
    path : path-like
        The file.

    Returns
    -------
    pandas.DataFrame
        Columns of `platforms.COLUMNS`.

    Raises
    ------
    DataError
        It is not what ``ogp import`` writes.
    """
    return table(path, RECEIVED)


def table(path: str | os.PathLike[str], kind: str) -> pd.DataFrame:
    """Read one kind of table from a file."""
    one = load(path).get(kind)
    if one is None:
        raise DataError([Problem(f"people.no_{kind}", file=Path(path).name)])
    return one


def _tables(path: Path) -> list[Table]:
    if not path.is_dir():
        return _without_forms(tabular.inspect(path))
    files = [
        file
        for file in sorted(path.iterdir())
        if file.suffix.lower() in SUFFIXES and file.name[0] not in ".~"
    ]
    return [one for file in files for one in _without_forms(tabular.inspect(file))]


def _without_forms(tables: list[Table]) -> list[Table]:
    """Leave out sheets that were made to be filled: their commands write the tables that are read here."""
    forms = early_forms.forms_among(tables)
    return [table for table, is_form in zip(tables, forms, strict=True) if not is_form]


def _kind(table: Table) -> str:
    keys = [key_of(name) for name in table.header]
    own = early_tables.kind_of(keys)
    return own or (GROUPS if early_tables.lists_groups(keys) else "")


def _named(table: Table, frame: pd.DataFrame) -> list[Problem]:
    """Name each row whose classifier, or who decided, may be a person: a run records these tables."""
    return [
        Problem(rule, table.file, table.name, row, column)
        for column, rule, fits in (
            (CLASSIFIER, "people.classifier_named", is_code),
            (DECIDED_BY, "ratings.no_body", _is_decider),
        )
        for cell, row in zip(frame.get(column, ()), table.row_numbers, strict=False)
        if not fits(cell)
    ]


def _twice(table: Table, kind: str) -> list[Problem]:
    """Name the rows whose proposal stands in one above: a page would show and count it twice."""
    if kind not in (RECEIVED, CLASSIFIED):
        return []
    at = [key_of(name) for name in table.header].index(PROPOSAL)
    first: dict[str, int] = {}
    return [
        Problem(
            "people.listed_twice",
            file=table.file,
            sheet=table.name,
            row=row,
            column=table.header[at],
            value=mask(code)[:LONGEST_SHOWN],
            detail=(("first", str(first[code])),),
        )
        for code, row in zip(table.column(at), table.row_numbers, strict=True)
        if code and first.setdefault(code, row) != row
    ]


def _not_coded(table: Table, kind: str) -> list[Problem]:
    """Name the cells that were edited to what no command writes there: the pages have no word for it."""
    if kind in (PARTICIPANTS, SET_ASIDE):
        return []
    return [
        Problem(
            "people.not_coded",
            file=table.file,
            sheet=table.name,
            row=row,
            column=header,
            value=mask(cell)[:LONGEST_SHOWN],
            detail=(("allowed", ALLOWED[key]),),
        )
        for k, header in enumerate(table.header)
        if (key := key_of(header)) in CODED
        for cell, row in zip(table.column(k), table.row_numbers, strict=True)
        if not CODED[key].fullmatch(canonical.plain_text(cell)) and cell
    ]


def _is_decider(cell: str) -> bool:
    return not cell or names_a_body(cell) or all(is_code(code) for code in cell.split(AND))


def _frame(table: Table, kind: str) -> pd.DataFrame:
    keys = [key_of(name) for name in table.header]
    cells = {key: [canonical.plain_text(row[k]) for row in table.rows] for k, key in enumerate(keys)}
    frame = pd.DataFrame(cells, index=range(len(table.rows)), dtype="str")
    if kind == RECEIVED:
        frame = frame.reindex(columns=list(COLUMNS), fill_value="")
    if kind == SET_ASIDE:
        # They are counted; a reason may repeat the name of a file, and that a person's.
        frame = frame.reindex(columns=list(OF_SET_ASIDE)).assign(reason="")
    if kind == PARTICIPANTS:
        return mask_columns(frame, frame.columns)[0]
    return mask_columns(frame, TYPED.get(kind, ()))[0]


__all__ = [
    "ANSWERS",
    "CLASSIFIED",
    "GROUPS",
    "MEMBERSHIP",
    "PARTICIPANTS",
    "RECEIVED",
    "SET_ASIDE",
    "Early",
    "load",
    "received",
    "table",
]
