"""What survey tools do to tables: REDCap's rows by instrument, repeat groups in sheets of their own.

An export is a block matrix: the rows of a repeating instrument hold its own fields only, and what was asked
once (who evaluates, for which panel) stands in the row of the record whose ``redcap_repeat_instrument`` is
empty; in longitudinal projects each event has its rows. The first column names the record.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ogp_analysis.errors import Problem
from ogp_analysis.model.records import EVALUATOR, INDICATOR, PANEL, PROPOSAL, RATING, ROLE
from ogp_analysis.ratings.columns import heads_of
from ogp_analysis.ratings.known_words import Vocabulary, both_words
from ogp_analysis.ratings.layout import columns_of, shape_of
from ogp_analysis.tabular import Note, Table, key_of

# In exports of codes and of labels; the columns say of a row to which part of the matrix it belongs.
EVENT = ("redcap_event_name", "event_name")
INSTRUMENT = ("redcap_repeat_instrument", "repeat_instrument")
FILLED = (PROPOSAL, PANEL, EVALUATOR, ROLE, INDICATOR)


def filled(table: Table, vocabulary: Vocabulary) -> Table:
    r"""Fill what an instrument or event does not ask from the other rows of the record.

    A cell is filled only where the column is empty in every row of that instrument and event, so that an
    answer that somebody left out stays out. Rows of instruments without any rating are left out.

    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import tabular
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> text = b"id,redcap_repeat_instrument,redcap_repeat_instance,evaluador,propuesta,tiempo\n"
    >>> text += b"1,,,E01,,\n1,ratings,1,,P01,4\n1,ratings,2,,P02,3\n"
    >>> filled(tabular.parse(text, file="n.csv")[0], vocabulary).rows
    [['1', 'ratings', '1', 'E01', 'P01', '4'], ['1', 'ratings', '2', 'E01', 'P02', '3']]
    """
    parts = _parts(table)
    if not parts:
        return table
    blocks = [tuple(cells[at] for at in parts) for cells in table.rows]
    heads = heads_of(table, vocabulary)
    columns = {name: at for name, at in heads.columns.items() if name in FILLED}
    rated = [*heads.questions, *([heads.columns[RATING]] if RATING in heads.columns else [])]
    asked = {
        (block, at)
        for block, cells in zip(blocks, table.rows, strict=True)
        for at in (*columns.values(), *rated)
        if cells[at]
    }
    kept = [k for k, block in enumerate(blocks) if not rated or any((block, at) in asked for at in rated)]
    by_record, rows, problems, names = _values_of_records(table, columns), [], [], set()
    for k in kept:
        not_asked = {name: at for name, at in columns.items() if (blocks[k], at) not in asked}
        values = {name: by_record.get((table.rows[k][0], at), []) for name, at in not_asked.items()}
        problems += [_several(table, k, name, columns[name], v) for name, v in values.items() if len(v) > 1]
        certain = {columns[name]: choices[0] for name, choices in values.items() if len(choices) == 1}
        names |= {name for name, choices in values.items() if len(choices) == 1}
        rows.append([certain.get(at, cell) for at, cell in enumerate(table.rows[k])])
    if not names and not problems and len(rows) == len(table.rows):
        return table
    taken = ", ".join(name for name in columns if name in names) or "–"
    note = Note("ratings.redcap", (("our_columns", taken), ("count", str(len(table.rows) - len(rows)))))
    return replace(
        table,
        rows=rows,
        row_numbers=[table.row_numbers[k] for k in kept],
        notes=(*table.notes, note),
        problems=(*table.problems, *problems),
    )


def _parts(table: Table) -> list[int]:
    """Give the columns of event and instrument; none where the first column, the record, is one of them."""
    keys = [key_of(header) for header in table.header]
    parts = [keys.index(name) for names in (EVENT, INSTRUMENT) for name in names if name in keys]
    return [] if 0 in parts else parts


def _several(table: Table, row: int, name: str, at: int, values: list[str]) -> Problem:
    record = table.rows[row][0]
    detail = (("record", record), ("name", both_words(name)), ("values", str(len(values))))
    return Problem("ratings.redcap_several", detail=detail, **table.place(row, at))


def _values_of_records(table: Table, columns: dict[str, int]) -> dict[tuple[str, int], list[str]]:
    """Give the different values that a record has in each column."""
    by_record: dict[tuple[str, int], list[str]] = {}
    for cells in table.rows:
        for at in columns.values():
            values = by_record.setdefault((cells[0], at), [])
            if cells[at] and cells[at] not in values:
                values.append(cells[at])
    return by_record


# Key of the repeat sheet and of the sheet that it belongs to; the first pair that both have links them.
LINKS = (("_parent_index", "_index"), ("_submission__id", "_id"), ("parent_key", "key"))
SUBMISSION = LINKS[1]
NAMED = "_parent_table_name"
TAKEN = (PROPOSAL, PANEL, EVALUATOR, ROLE, INDICATOR, "date")
NEEDED = (PROPOSAL, PANEL, EVALUATOR)
# Titles of sheets have 31 characters at most; the end of a longer one may be a number.
WHOLE_TITLE = 28


@dataclass(frozen=True)
class Joined:
    """The tables of a source, those of repeat groups with the columns of their main sheets.

    Parameters
    ----------
    tables : list of Table
        In the order given.
    rated : frozenset of int
        Positions of repeat sheets that hold ratings.
    mains : frozenset of int
        Positions of main sheets that hold no ratings of their own.
    """

    tables: list[Table]
    rated: frozenset[int] = frozenset()
    mains: frozenset[int] = frozenset()


def joined(tables: list[Table], vocabulary: Vocabulary) -> Joined:
    """Join the sheets of repeat groups that hold ratings to the sheets that they belong to.

    >>> from ogp_analysis.model import params
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> main = Table("f", "n.xlsx", ["evaluador", "_index"], [["E01", "1"]], [2], ["A", "B"])
    >>> rows = [["P01", "4", "1"], ["P02", "3", "1"]]
    >>> group = Table("g", "n.xlsx", ["propuesta", "tiempo", "_parent_index"], rows, [2, 3], ["A", "B", "C"])
    >>> joined([main, group], vocabulary).tables[1].rows
    [['P01', '4', '1', 'E01'], ['P02', '3', '1', 'E01']]
    """
    sheets, mains, rated = list(tables), set(), set()
    for at, table in enumerate(tables):
        if _child_keys(table) and _holds_ratings(table, vocabulary):
            sheets[at], used = _with_mains(tables, at, frozenset())
            rated.add(at)
            mains |= used
    mains = {at for at in mains if not _holds_ratings(tables[at], vocabulary)}
    return Joined(sheets, frozenset(rated), frozenset(mains))


def place_of(table: Table, key: str) -> int | None:
    """Give the position of a column by the name that a tool gives it, in any case."""
    names = _names_of(table)
    return names.index(key) if key in names else None


def _names_of(table: Table) -> list[str]:
    return [header.strip().casefold() for header in table.header]


def _child_keys(table: Table) -> list[tuple[str, str]]:
    return [pair for pair in LINKS if place_of(table, pair[0]) is not None]


def _holds_ratings(table: Table, vocabulary: Vocabulary) -> bool:
    heads = heads_of(table, vocabulary)
    # A question of that name among the main answers counts reiterations, as in a table of proposals.
    asked = {indicator for _, indicator in heads.questions.values()} - {"reiterations"}
    return bool(asked or RATING in heads.columns or shape_of(table, vocabulary))


def _with_mains(tables: list[Table], at: int, below: frozenset[int]) -> tuple[Table, set[int]]:
    """Join one sheet to the one above it, which is joined first; say which sheets were used."""
    table = tables[at]
    used: set[int] = set()
    for child, key in _child_keys(table):
        main = _main(tables, at, child=child, key=key)
        if main is None or main in below:
            continue
        above, used = (
            _with_mains(tables, main, below | {at}) if _child_keys(tables[main]) else (tables[main], set())
        )
        return _linked(table, above, child=child, key=key), used | {main}
    missing = [both_words(name) for name in NEEDED if name not in columns_of(table)]
    if not missing or below:
        return table, used
    child, key = _child_keys(table)[0]
    detail = (("above", key), ("columns", ", ".join(missing)))
    alone = Problem("ratings.repeat_alone", table.file, table.name, column=child, detail=detail)
    return replace(table, problems=(*table.problems, alone)), used


def _main(tables: list[Table], at: int, *, child: str, key: str) -> int | None:
    """Find the sheet that a repeat sheet belongs to: by the name it gives, else the only one that can be."""
    table = tables[at]
    able = [k for k, other in enumerate(tables) if k != at and place_of(other, key) is not None]
    able = [k for k in able if tables[k].file == table.file] or able
    named = place_of(table, NAMED)
    titles = {row[named] for row in table.rows if row[named]} if named is not None else set()
    if len(titles) == 1 and child != SUBMISSION[0]:
        title = titles.pop()
        by_name = [k for k in able if _is_title(tables[k].name, title)]
        if len(by_name) == 1:
            return by_name[0]
    roots = [k for k in able if not _child_keys(tables[k])]
    return roots[0] if len(roots) == 1 else None


def _is_title(name: str, title: str) -> bool:
    return name == title or (len(name) >= WHOLE_TITLE and title.startswith(name[:WHOLE_TITLE]))


def _linked(table: Table, main: Table, *, child: str, key: str) -> Table:
    rows, problems = _rows_of(main, key)
    own = columns_of(table)
    taken = {name: at for name, at in columns_of(main).items() if name in TAKEN and name not in own}
    kept, numbers = [], []
    at = _names_of(table).index(child)
    for number, cells in zip(table.row_numbers, table.rows, strict=True):
        above = rows.get(cells[at], [])
        problem = _against(table, main, cells, above, child=child, key=key)
        if problem:
            problems.append(replace(problem, file=table.file, sheet=table.name, row=number))
        else:
            kept.append([*cells, *(above[place] for place in taken.values())])
            numbers.append(number)
    note = Note(
        "ratings.joined", (("child", child), ("above", key), ("our_columns", ", ".join(taken) or "–"))
    )
    origin = main.name or main.file
    return replace(
        table,
        header=[*table.header, *(main.header[place] for place in taken.values())],
        letters=[*table.letters, *(f"{origin}!{main.letters[place]}" for place in taken.values())],
        rows=kept,
        row_numbers=numbers,
        notes=(*table.notes, note),
        problems=(*table.problems, *main.problems, *problems),
    )


def _rows_of(main: Table, key: str) -> tuple[dict[str, list[str]], list[Problem]]:
    at = _names_of(main).index(key)
    rows: dict[str, list[str]] = {}
    problems = []
    for number, cells in zip(main.row_numbers, main.rows, strict=True):
        if cells[at] and rows.setdefault(cells[at], cells) is not cells:
            twice = Problem("ratings.repeat_twice", main.file, main.name, number, main.header[at])
            problems.append(replace(twice, value=cells[at]))
    return rows, problems


def _against(
    table: Table, main: Table, cells: list[str], above: list[str], *, child: str, key: str
) -> Problem | None:
    """Say what speaks against joining a row: nothing above it, or another submission."""
    given = cells[_names_of(table).index(child)]
    detail = (("above", key), ("main", main.name or main.file))
    if not above:
        return Problem("ratings.repeat_unmatched", column=child, value=given, detail=detail)
    here, there = place_of(table, SUBMISSION[0]), place_of(main, SUBMISSION[1])
    if here is None or there is None or not cells[here] or not above[there] or cells[here] == above[there]:
        return None
    detail = (("other", above[there]), ("main", main.name or main.file))
    return Problem("ratings.repeat_contradicts", column=SUBMISSION[0], value=cells[here], detail=detail)
