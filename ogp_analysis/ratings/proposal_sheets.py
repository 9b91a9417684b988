"""Workbooks with a sheet for each proposal: its title is the code of what is judged in all its rows."""

from __future__ import annotations

from dataclasses import replace

from ogp_analysis.model.records import EVALUATOR, INDICATOR, PROPOSAL, RATING
from ogp_analysis.privacy.name_shapes import looks_like_a_name
from ogp_analysis.ratings.evaluator_columns import evaluator_in
from ogp_analysis.ratings.known_words import is_summary, is_unnamed, packaged
from ogp_analysis.ratings.layout import columns_of
from ogp_analysis.tabular import Note, Table, key_of
from ogp_analysis.tabular.table import letter

# Our choice: one sheet may have lost its column of proposals; two alike are a way to keep ratings.
FEWEST_SHEETS = 2


def titles_as_proposals(tables: list[Table]) -> list[Table]:
    r"""Give each table of a workbook the title of its sheet as a column, where each sheet is a proposal.

    That is so where two sheets or more list indicators below one another, name whose ratings stand there, and
    have no column of proposals.

    >>> rows = [["Rigor", "3", "4"], ["Alcance", "5", "2"]]
    >>> heads = ["Indicador", "Juez 1", "Juez 2"]
    >>> sheets = [Table(name, "n.xlsx", heads, rows, [2, 3]) for name in ("P01", "P02")]
    >>> [table.rows[0] for table in titles_as_proposals(sheets)]
    [['Rigor', '3', '4', 'P01'], ['Rigor', '3', '4', 'P02']]
    """
    meant = [table for table in tables if _is_of_a_proposal(table)]
    if len(meant) < FEWEST_SHEETS:
        return tables
    return [_with_its_title(table) if table in meant else table for table in tables]


def _is_of_a_proposal(table: Table) -> bool:
    columns = columns_of(table)
    seats = [header for header in table.header if evaluator_in(header)[0]]
    rated = len(seats) > 1 or {EVALUATOR, RATING} <= columns.keys()
    return INDICATOR in columns and PROPOSAL not in columns and rated and _names_a_proposal(table.name)


def _names_a_proposal(title: str) -> bool:
    is_another = is_summary(title) or key_of(title) in packaged()["panel"] or bool(evaluator_in(title)[0])
    # Whose name it is may be an evaluator's.
    return not (is_another or is_unnamed(title) or looks_like_a_name(title))


def _with_its_title(table: Table) -> Table:
    notes = (*table.notes, Note("ratings.proposal_is_title"))
    return replace(
        table,
        header=[*table.header, PROPOSAL],
        rows=[[*row, table.name] for row in table.rows],
        letters=[*table.letters, letter(len(table.header))],
        notes=notes,
    )
