"""What a table of ratings holds beside ratings: notes and sums below it, formulas that nobody reads."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

from ogp_analysis.errors import Problem
from ogp_analysis.model.records import EVALUATOR, INDICATOR, PANEL, PROPOSAL, RATING
from ogp_analysis.ratings.columns import Heads, heads_of
from ogp_analysis.ratings.implausible_ratings import is_total_in
from ogp_analysis.ratings.known_words import Vocabulary, packaged
from ogp_analysis.ratings.layout import LONG, TYPED_COLUMNS, form_of
from ogp_analysis.ratings.problems import ranges
from ogp_analysis.tabular import Note, Table, decimal_of, key_of, number
from ogp_analysis.tabular.table import corner
from ogp_analysis.tabular.table_from_records import without_headers_again

KEYS = (PROPOSAL, PANEL, EVALUATOR)
# Faults of one cell of a workbook; without them the cell would be read as it stands.
OF_CELLS = ("tabular.formula", "tabular.cell_error")


def only_ratings(table: Table, vocabulary: Vocabulary, known: Collection[str] = ()) -> Table:
    r"""Leave out the notes below a table of ratings, refuse other things there, pass over formulas unread.

    Parameters
    ----------
    table : Table
        A table of ratings.
    vocabulary : Vocabulary
        The words of the method.
    known : collection of str
        Codes of the table of proposals.

    Returns
    -------
    Table
        Without the rows below; faults of cells that are not read are gone too.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import tabular
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> content = b"propuesta,panel,evaluador,tiempo\nP01,lead,E01,4\nFuente: actas,,,\n"
    >>> table = only_ratings(tabular.parse(content, file="n.csv")[0], vocabulary)
    >>> len(table.rows), table.notes[-1].say("en")
    (1, 'below the table there are only notes, left out: row 3')
    """
    table = without_headers_again(table)
    sheet = _Sheet(table, heads_of(table, vocabulary, known), vocabulary)
    start = sheet.end()
    below = range(start, len(table.rows))
    numbers = [table.row_numbers[k] for k in below]
    problems = [
        problem for problem in table.problems if not (_is_of(problem, table) and problem.row in numbers)
    ]
    notes = table.notes
    if numbers and all(sheet.is_one_text(k) for k in below):
        notes = (*notes, Note("ratings.notes_below", (("rows", ranges(numbers)), ("count", len(numbers)))))
    elif numbers:
        detail = (("rows", ranges(numbers)),)
        problems.append(Problem("ratings.below", table.file, table.name, numbers[0], detail=detail))
    kept = replace(
        table, rows=table.rows[:start], row_numbers=table.row_numbers[:start], notes=notes, problems=()
    )
    return replace(kept, problems=tuple(_of_what_is_read(kept, sheet, problems, known)))


def _is_of(problem: Problem, table: Table) -> bool:
    # A repeat group brings the faults of its main sheet along.
    return (problem.file, problem.sheet) == (table.file, table.name)


def _of_what_is_read(
    table: Table, sheet: _Sheet, problems: list[Problem], known: Collection[str]
) -> list[Problem]:
    """Take away what is wrong with cells of sums, and of columns that are not read."""
    if not any(problem.rule in OF_CELLS for problem in problems):
        return problems
    keys = sheet.keys
    totals = {
        number
        for number, row in zip(table.row_numbers, table.rows, strict=True)
        if any(is_total_in(name, row[at], sheet.vocabulary, known) for name, at in keys.items())
    }
    read = sheet.read
    return [
        problem
        for problem in problems
        if problem.rule not in OF_CELLS or (problem.row not in totals and corner(problem.column)[1] in read)
    ]


@dataclass(frozen=True)
class _Sheet:
    """A table of ratings with what its columns are."""

    table: Table
    heads: Heads
    vocabulary: Vocabulary

    @cached_property
    def keys(self) -> dict[str, int]:
        """Columns that say whose rating of what a row is."""
        names = (*KEYS, INDICATOR) if form_of(self.heads) == LONG else KEYS
        return {name: at for name, at in self.heads.columns.items() if name in names}

    @cached_property
    def rated(self) -> list[int]:
        """Columns that hold ratings."""
        long = form_of(self.heads) == LONG
        return (
            [self.heads.columns[RATING]] if long and RATING in self.heads.columns else [*self.heads.questions]
        )

    @cached_property
    def read(self) -> set[int]:
        """Columns of which anything is read."""
        names = {name: at for name, at in self.heads.columns.items() if name in (*TYPED_COLUMNS, "synthetic")}
        if form_of(self.heads) != LONG:
            names.pop(RATING, None)
        return {*names.values(), *self.rated}

    @cached_property
    def unread_rows(self) -> frozenset[int]:
        return frozenset(row for row, column in self.table.unread if column)

    def is_one_text(self, k: int) -> bool:
        row = self.table.rows[k]
        return sum(map(bool, row)) == 1 and not self._has_a_number(row)

    def end(self) -> int:
        """Give the position after the last row of the table; what stands below is none of its rows."""
        rows = len(self.table.rows)
        lowest = rows
        while lowest and not self._is_row(lowest - 1):
            lowest -= 1
        # Below a blank line, or what would stand nowhere in the table: a note, numbers of nobody.
        starts = (k for k in range(lowest, rows) if self._after_a_gap(k) or self._is_beside(k, rows))
        return next(starts, rows)

    def _after_a_gap(self, k: int) -> bool:
        return k > 0 and self.table.row_numbers[k] - self.table.row_numbers[k - 1] > 1

    def _is_beside(self, k: int, rows: int) -> bool:
        return all(self._is_note(other) or self._is_nobodys(other) for other in range(k, rows))

    def _is_row(self, k: int) -> bool:
        row = self.table.rows[k]
        # What its empty cells held is named already.
        if self.table.row_numbers[k] in self.unread_rows:
            return True
        given = {name: row[at] for name, at in self.keys.items() if row[at]}
        if self._has_a_number(row):
            return bool(given)
        if self._is_note(k) or (PROPOSAL in self.keys and PROPOSAL not in given):
            return False
        panel = given.get(PANEL, "")
        return bool(self.vocabulary.resolve(PANEL, panel)) if PANEL in self.keys else bool(given)

    def _has_a_number(self, row: list[str]) -> bool:
        cells = [row[at] for at in self.rated]
        sign = decimal_of(cells)
        return any(number(cell, sign)[0] is not None for cell in cells if cell)

    def _is_nobodys(self, k: int) -> bool:
        row = self.table.rows[k]
        return len(self.keys) > 1 and not any(row[at] for at in self.keys.values())

    def _is_note(self, k: int) -> bool:
        """Say whether a row is one text; in the column of proposals it must say so, as it may be a title."""
        if not self.is_one_text(k):
            return False
        at, text = next((at, cell) for at, cell in enumerate(self.table.rows[k]) if cell)
        if key_of(text).split("_")[0] in packaged()["note"]:
            return True
        return " " in text and at not in (self.keys.get(PROPOSAL), *self.rated)
