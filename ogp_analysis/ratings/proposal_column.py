"""The columns that name what is judged and who judges, told by their cells where no header says so.

In a table with a row for each thing judged its texts differ in every row; in one with a row a rating they
come again, for each evaluator and indicator. Nothing is guessed there where two columns are alike in that.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ogp_analysis.model.records import EVALUATOR, INDICATOR, PANEL, PROPOSAL
from ogp_analysis.ratings.evaluator_codes import is_a_numbered_seat
from ogp_analysis.ratings.known_words import (
    CODES,
    PROPOSAL_WORDS,
    asks_for_a_topic,
    is_added_by_a_tool,
    is_remark,
    is_total,
    meanings,
    packaged,
)
from ogp_analysis.tabular import DateText, Table, decimal_of, key_of, number

# Our choice: fewer rows show no habit, and one cell in so many may be empty.
FEWEST_ROWS, EMPTY_ONE_IN = 3, 10
# Our choice: a form may write a rating as 07, none as 007.
SHORTEST_CODE = 3
# Of what a row is judged for, never a number that stands for it.
ONLY_RATED = frozenset({"idea"})
# Known columns that name what is judged where no other does.
STANDING_IN = ("title", "email")


def proposal_by_cells(table: Table, rated: Collection[int], keys: Sequence[int] = ()) -> int | None:
    """Give the position of the column that names what is judged; None where none or several may.

    ``rated`` are the columns of ratings, ``keys`` those that say with it which row is which.

    >>> rows = [["Sol", "4", "2"], ["Luna", "5", "3"], ["Mar", "1", "5"]]
    >>> proposal_by_cells(Table("", "n.csv", ["Poema", "Juez 1", "Juez 2"], rows, [2, 3, 4]), [1, 2])
    0
    """
    if len(table.rows) < FEWEST_ROWS:
        return None
    known = meanings_in(table)
    free = [at for at in range(len(table.header)) if at not in {*rated, *keys}]
    # One evaluator alone, named in every row, tells no row from another.
    keys = [at for at in keys if len({key_of(cell) for cell in table.column(at)}) > 1]
    unknown = [at for at in free if not known[at] and _may_name(table, at, keys)]
    if unknown:
        # Beside a text that differs in each row another one describes it: the first names it.
        return unknown[0] if not keys or len(unknown) == 1 else None
    others = [at for word in STANDING_IN for at in free if known[at] == word and _may_name(table, at, keys)]
    return others[0] if others and not keys else None


def meanings_in(table: Table) -> list[str]:
    """Give our name of each column of a table, as `meanings`; a thing judged whose cells are numbers is none.

    >>> rows = [["B1", "3", "4"], ["B2", "3", "5"], ["B3", "1", "2"]]
    >>> meanings_in(Table("", "n.csv", ["Postulante", "Ensayo", "Entrevista"], rows, [2, 3, 4]))
    ['', '', '']
    """
    things = [at for at, header in enumerate(table.header) if key_of(header) in packaged()["thing"]]
    rated = [at for at in things if _is_rated_thing(table, at)]
    rated += _rated_beside(table, [at for at in things if at not in rated])
    read = meanings(table.header, rated)
    if any(asks_for_a_topic(table.header[at]) for at, name in enumerate(read) if name == PROPOSAL):
        topics = [at for at, header in enumerate(table.header) if asks_for_a_topic(header)]
        read = meanings(table.header, [*rated, *topics]) if _come_again(table, read, topics[0]) else read
    evaluators = _evaluators_by_cells(table, read)
    return [EVALUATOR if at in evaluators else name for at, name in enumerate(read)]


def _rated_beside(table: Table, things: Sequence[int]) -> list[int]:
    """Give the columns of numbers called `Idea` or `Project` that are rated of a team beside them.

    Only an idea may be a number in each row; a project is rated where two rows of the table have the same.

    >>> rows = [["Pumas", "3", "4"], ["Rayo", "4", "4"], ["Nube", "5", "1"]]
    >>> table = Table("", "n.csv", ["Equipo", "Idea", "Pitch"], rows, [2, 3, 4])
    >>> _rated_beside(table, [0]), _rated_beside(table, [])
    ([1], [])
    """
    words = {*PROPOSAL_WORDS} & {*packaged()["criterion_word"]}
    may_be = [at for at, header in enumerate(table.header) if key_of(header) in words and things]
    read = meanings(table.header, may_be) if may_be else []
    return [
        at
        for at in may_be
        if PROPOSAL in read and _are_measures(table, at)
        if key_of(table.header[at]) in ONLY_RATED or _come_again(table, read, at)
    ]


def _come_again(table: Table, read: Sequence[str], at: int) -> bool:
    """Say whether a column names several of the things judged: an evaluator would have rated it twice."""
    keys = [read.index(name) for name in (EVALUATOR, INDICATOR, PANEL) if name in read]
    rows = [tuple(key_of(row[each]) for each in (at, *keys)) for row in table.rows if row[at]]
    return len({*rows}) < len(rows)


def _evaluators_by_cells(table: Table, read: Sequence[str]) -> list[int]:
    """Give the one column of whoever rated a row: headed by a profession, or of seats with their numbers.

    >>> rows = [["T1", "Docente D-01", "3"], ["T1", "Docente D-02", "4"], ["T2", "Docente D-01", "4"]]
    >>> table = Table("", "n.csv", ["Propuesta", "Docente", "Rigor"], rows, [2, 3, 4])
    >>> _evaluators_by_cells(table, ["proposal", "", ""])
    [1]
    """
    if EVALUATOR in read or PROPOSAL not in read:
        return []
    keys = [read.index(name) for name in (PROPOSAL, INDICATOR, PANEL) if name in read]
    rows = [tuple(key_of(row[at]) for at in keys) for row in table.rows]
    # Of a table with a row for each thing judged whoever stands there belongs to it: the tutor of a thesis.
    if len({*rows}) == len(rows):
        return []
    likely = [
        at
        for at, header in enumerate(table.header)
        if not read[at] and header and (key_of(header) in packaged()["profession"] or _are_seats(table, at))
    ]
    whose = [at for at in likely if len({*zip(rows, table.column(at), strict=True)}) == len(rows)]
    return whose if len(whose) == 1 else []


def _are_seats(table: Table, at: int) -> bool:
    cells = [cell for cell in table.column(at) if cell]
    return bool(cells) and all(map(is_a_numbered_seat, cells))


def _is_rated_thing(table: Table, at: int) -> bool:
    """Say whether cells are numbers, or answers that come again beside an earlier text of each row."""
    cells = [key_of(cell) for cell in table.column(at) if cell]
    if _are_measures(table, at):
        return True
    again = len(cells) >= FEWEST_ROWS and 2 * len({*cells}) <= len(cells)
    known = meanings(table.header, [at])
    return again and any(not known[one] and _may_name(table, one, ()) for one in range(at))


def _may_name(table: Table, at: int, keys: Sequence[int]) -> bool:
    header = table.header[at]
    if not header or is_total(header) or is_remark(header) or is_added_by_a_tool(header):
        return False
    if key_of(header) in packaged()["not_a_name"]:
        return False
    cells = table.column(at)
    filled = [row for row, cell in enumerate(cells) if cell]
    if len(cells) - len(filled) > len(cells) / EMPTY_ONE_IN or _are_measures(table, at):
        return False
    rows = [(key_of(cells[row]), *(key_of(table.rows[row][key]) for key in keys)) for row in filled]
    different = len({row[0] for row in rows})
    # A row a rating: each thing is rated more than once, or the column describes the row.
    again = 2 * different <= len(rows) if keys else different == len(rows)
    return again and different > 1 and len(set(rows)) == len(rows)


def are_codes(header: str, cells: Sequence[str]) -> bool:
    """Say whether a column holds codes, be they numbers: its header says so, or no rating has such zeros.

    >>> are_codes("Code", ["11", "12"]), are_codes("Ref.", ["007", "110"]), are_codes("Rigor", ["07", "10"])
    (True, True, False)
    """
    filled = [cell for cell in cells if cell]
    digits = all(cell.isdecimal() for cell in filled)
    zeros = digits and any(len(cell) >= SHORTEST_CODE and cell[0] == "0" for cell in filled)
    padded = zeros and len({len(cell) for cell in filled}) == 1
    return padded or (digits and bool(filled) and key_of(header) in CODES)


def _are_measures(table: Table, at: int) -> bool:
    """Say whether cells are dates or numbers; whole numbers in the first column may be codes."""
    cells = table.column(at)
    if any(isinstance(cell, DateText) for cell in cells):
        return True
    if are_codes(table.header[at], cells):
        return False
    sign = decimal_of(cells)
    values = [number(cell, sign)[0] for cell in cells if cell]
    numbers = [value for value in values if value is not None]
    codes = at == 0 and all(value == int(value) for value in numbers)
    return 2 * len(numbers) > len(values) and not codes
