"""From records to a table: comments and header apart, cells cleaned, rows and cells that are faulty named."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from ogp_analysis.errors import Problem, RowPlace
from ogp_analysis.language.folding import key_of
from ogp_analysis.tabular.limits import Limits
from ogp_analysis.tabular.lookalikes import look_alike
from ogp_analysis.tabular.table import Note, Records, Table, corner, letter, refuse, stop

COMMENT = "#"
FEWEST_HEADERS = 2
# A title, a note and a blank line or two are usual above a header; our choice.
TITLE_ROWS = 10
# Zero-width space and byte order mark: strip() leaves both.
INVISIBLE = "\u200b\ufeff"
# The control characters of ASCII and of Latin-1, which betray a wrong encoding, and what is no character.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd-\uffff]")
# What strip() removes and is a control character stays, to be named.
OUTER = " \t\r\n\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
# UTF-8 that was once read as cp1252: the first byte of an accented letter shows as one of these two capitals.
MOJIBAKE = re.compile("[ÂÃ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


Rows = list[tuple[int, list[str]]]
# How many columns a row of cells names; 0 for one that is no header.
IsHeader = Callable[[list[str]], int]


def build(
    records: Records,
    limits: Limits,
    is_header: IsHeader | None = None,
    join_headers: Callable[[Rows], tuple[Rows, list[Note]]] | None = None,
) -> Table:
    """Turn records into a table: comments and header apart, cells cleaned, faults listed.

    Parameters
    ----------
    records : Records
        From a reader.
    limits : Limits
        What is accepted.
    is_header : callable, optional
        Says of the cells of a row how many columns they name, 0 where they are no header. Of the first
        `TITLE_ROWS` with content and one more, the one that names most is the header, what stands above it
        a title; where none is, the first row of several cells. Without it the first row is the header.
    join_headers : callable, optional
        Puts a header of several rows into one, and says so.

    Returns
    -------
    Table
        With the faults of its rows and cells in ``problems``.

    Raises
    ------
    DataError
        There are too many rows or columns to go on.

    Examples
    --------
    >>> rows = [(1, ["# invented"]), (2, ["código", "nota"]), (3, [" S01 ", "4"])]
    >>> table = build(Records("", "n.csv", rows), Limits())
    >>> table.comments, table.rows, table.row_numbers, table.say()
    (('# invented',), [['S01', '4']], [3], 'cells with outer spaces removed: 1')

    >>> rows = [(1, ["Panel A, 2026"]), (3, ["code", "mark"]), (4, ["S01", "4"])]
    >>> table = build(Records("", "n.csv", rows), Limits(), lambda cells: "code" in cells)
    >>> table.header, table.row_numbers, table.say()
    (['code', 'mark'], [4], 'header in row 3, rows above it left out: 1')
    """
    counts: Counter[str] = Counter()
    filled = [(number, cells) for number, cells in records.rows if _has_content(cells)]
    comments, filled = _comments(filled, records.padded, is_header)
    lines = [number for number, _ in filled]
    filled, several = join_headers(filled) if join_headers else (filled, [])
    above, filled = _above(filled, is_header)
    rows_above = ", ".join(str(number) for number, _ in above)
    notes: tuple[Note, ...] = ()
    if above:
        notes = (Note("tabular.above", (("row", str(filled[0][0])), ("rows", rows_above))),)
    _measure("rows", len(filled) - 1, records, limits.rows)
    header = _trimmed([_clean(cell, Counter()) for cell in filled[0][1]]) if filled else []
    _measure("columns", len(header), records, limits.columns)
    rows, numbers, problems = _rows(filled, header, records, counts, limits)
    table = Table(
        records.name,
        records.file,
        header,
        rows,
        numbers,
        [letter(k) for k in range(len(header))],
        comments=comments + tuple(" ".join(cell for cell in cells if cell) for _, cells in above),
    )
    first = filled[0][0] if filled else 1
    problems += _header_problems(table, first) + _cell_problems(table, first, limits)
    notes = (*several, *notes)
    notes += tuple(Note(f"tabular.{what}", (("count", str(n)),)) for what, n in sorted(counts.items()))
    notes = records.notes + notes
    start = first + 1 if several else lines[len(above)] if above else 0
    trusted = _outside(records.problems, start) if start else records.problems
    return Table(**{**vars(table), "notes": notes, "problems": trusted + tuple(_in_order(problems))})


def _outside(problems: tuple[Problem, ...], start: int) -> tuple[Problem, ...]:
    """Leave out merged cells that end above a row: a title over several columns is no content."""
    return tuple(
        problem
        for problem in problems
        if problem.rule != "tabular.merged" or corner(problem.column.split(":")[-1])[0] >= start
    )


def _measure(what: str, count: int, records: Records, limit: int) -> None:
    if count > limit:
        refuse(f"tabular.{what}", file=records.file, sheet=records.name, count=count, limit=limit)


def _has_content(cells: list[str]) -> bool:
    return bool(cells) and (bool(cells[0].strip()) or any(cell.strip() for cell in cells))


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem.row)


def _comments(rows: Rows, padded: bool, is_header: IsHeader | None) -> tuple[tuple[str, ...], Rows]:
    count = 0
    while count < len(rows) and rows[count][1][0].lstrip(INVISIBLE).startswith(COMMENT):
        if _is_numbered_header([cells for _, cells in rows[count : count + 2]], is_header):
            break
        count += 1
    joiner = " " if padded else ","
    lines = (joiner.join(cell for cell in cells if cell) for _, cells in rows[:count])
    return tuple(lines), rows[count:]


def _is_numbered_header(first_two: list[list[str]], is_header: IsHeader | None) -> bool:
    """Say whether a row that begins as a comment does is the header: many tools head a number with ``#``."""
    cleaned = [_trimmed([_clean(cell, Counter()) for cell in cells]) for cells in first_two]
    if len([cell for cell in cleaned[0] if cell]) < FEWEST_HEADERS:
        return False
    headers = [is_header(cells) for cells in cleaned] if is_header else [False]
    return cleaned[0][0] == COMMENT or (bool(headers[0]) and not any(headers[1:]))


def _above(filled: list, is_header: IsHeader | None) -> tuple[list, list]:
    """Part the rows above the header from the rest: it names most, and no table of numbers stands over it."""
    if not is_header or not filled:
        return [], filled
    cleaned = [[_clean(cell, Counter()) for cell in cells] for _, cells in filled[: TITLE_ROWS + 1]]
    names = [int(is_header(cells)) for cells in cleaned]
    first = next((k for k, count in enumerate(names) if count), None)
    if first is None:
        at = _below_titles(cleaned)
        return filled[:at], filled[at:]
    numbers = next((k for k in range(first, len(cleaned)) if _has_numbers(cleaned[k])), len(cleaned))
    at = max(range(first, max(numbers, first + 1)), key=lambda k: (names[k], -k))
    return filled[:at], filled[at:]


def _below_titles(rows: list[list[str]]) -> int:
    """Give the first row of several cells below titles of one, where no row is known to be a header."""
    filled = [sum(map(bool, cells)) for cells in rows]
    at = next((k for k, count in enumerate(filled) if count > 1), 0)
    return at if 2 * sum(count > 1 for count in filled[at:]) > len(filled) - at else 0


def _has_numbers(cells: list[str]) -> bool:
    return sum(cell.replace(",", ".", 1).replace(".", "", 1).isdigit() for cell in cells) > 1


def _trimmed(cells: list[str]) -> list[str]:
    width = len(cells)
    while width and not cells[width - 1]:
        width -= 1
    return cells[:width]


def _rows(
    filled: list, header: list[str], records: Records, counts: Counter[str], limits: Limits
) -> tuple[list, list, list]:
    rows, numbers, problems = [], [], []
    width, beyond = len(header), set[int]()
    for number, cells in filled[1:]:
        # A NumberText or DateText stays what it is: a cleaned copy would be a plain text.
        cleaned = [cell if type(cell) is not str else _clean(cell, counts) for cell in cells]
        # Empty cells beyond the header are no content; Excel leaves such trails of separators.
        cells_used = len(cleaned) if len(cleaned) <= width else max(width, len(_trimmed(cleaned)))
        if records.padded:
            # Every cell of a workbook knows its column: one without a header shifts no other.
            beyond.update(at for at in range(width, cells_used) if cleaned[at])
        elif cells_used != width:
            rule = "tabular.long_row" if cells_used > width else "tabular.short_row"
            detail = (("count", str(cells_used)), ("width", str(width)))
            problems.append(Problem(rule, records.file, records.name, number, detail=detail))
            if len(problems) >= limits.faults:
                stop(problems, limits)
        rows.append((cleaned + [""] * (width - cells_used))[:width])
        numbers.append(number)
    if beyond:
        columns = ":".join(letter(at) for at in sorted({min(beyond), max(beyond)}))
        problems.append(Problem("tabular.empty_header", records.file, records.name, filled[0][0], columns))
    return rows, numbers, problems


def _clean(cell: str, counts: Counter[str]) -> str:
    # Most cells need nothing: asking first spares the work on every one of a large table.
    if cell.isascii() and (not cell or (cell[0] > " " and cell[-1] > " ")):
        return cell
    text = cell.strip(OUTER + INVISIBLE)
    if text != cell:
        counts["stripped"] += 1
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        counts["composed"] += 1
        text = unicodedata.normalize("NFC", text)
    return text


def _header_problems(table: Table, row: int) -> list[Problem]:
    place: RowPlace = {"file": table.file, "sheet": table.name, "row": row}
    seen = Counter(key_of(name) for name in table.header if name)
    problems = [
        Problem("tabular.duplicate_header", column=f"{name} ({letter(k)})", value=name, **place)
        for k, name in enumerate(table.header)
        if name and key_of(name) and seen[key_of(name)] > 1
    ]
    for k, name in enumerate(table.header):
        if not name and any(cells[k] for cells in table.rows):
            problems.append(Problem("tabular.empty_header", column=letter(k), **place))
    return problems


def _cell_problems(table: Table, header_row: int, limits: Limits) -> list[Problem]:
    problems = []
    for r, cells in enumerate([table.header, *table.rows]):
        # A whole row is asked at once; cell by cell only where something is unusual.
        if _plain("".join(cells), limits):
            continue
        for k, cell in enumerate(cells):
            fault = None if _plain(cell, limits) else cell_fault(cell, limits)
            if fault:
                number = table.row_numbers[r - 1] if r else header_row
                column = table.column_name(k, r - 1) if r else table.letters[k]
                place = (table.file, table.name, number, column)
                problems.append(Problem(fault[0], *place, value=fault[1], detail=fault[2]))
                if len(problems) >= limits.faults:
                    stop(problems, limits)
    return problems


def _plain(text: str, limits: Limits) -> bool:
    return text.isascii() and text.isprintable() and len(text) <= limits.cell_characters


def cell_fault(cell: str, limits: Limits) -> tuple[str, str, tuple[tuple[str, str], ...]] | None:
    """Name what makes the text of a cell untrustworthy; never show the whole cell, it may be a name.

    >>> cell_fault("NÃºcleo", Limits()), cell_fault("Núcleo", Limits())
    (('tabular.mojibake', 'Ãº', (('meant', 'ú'),)), None)
    """
    if len(cell) > limits.cell_characters:
        return "tabular.long_cell", "", (("count", str(len(cell))), ("limit", str(limits.cell_characters)))
    # First: the second half of a broken letter may be one of the control characters of Latin-1.
    broken = MOJIBAKE.search(cell)
    if broken:
        return "tabular.mojibake", broken[0], (("meant", repaired(broken[0])),)
    control = CONTROL.search(cell)
    if control:
        return "tabular.control", f"U+{ord(control[0]):04X}", ()
    return look_alike(cell)


def repaired(broken: str) -> str:
    """Return the letter that a mojibake pair stands for.

    >>> repaired("Ãº"), repaired("Ã‘")
    ('ú', 'Ñ')
    """
    return bytes(_byte(c) for c in broken).decode("utf-8")


def _byte(character: str) -> int:
    return ord(character) if ord(character) < 256 else character.encode("cp1252")[0]


def without_headers_again(table: Table) -> Table:
    """Leave out rows that repeat the header, as exports put together from pages have them, and say so.

    >>> table = Table("", "n.csv", ["code", "mark"], [["S01", "4"], ["code", "mark"]], [2, 3])
    >>> without_headers_again(table).say()
    'rows left out because they repeat the header: 1'
    """
    again = [row == table.header and sum(map(bool, row)) > 1 for row in table.rows]
    if not any(again):
        return table
    kept = [k for k, repeated in enumerate(again) if not repeated]
    numbers = {table.row_numbers[k] for k, repeated in enumerate(again) if repeated}
    return replace(
        table,
        rows=[table.rows[k] for k in kept],
        row_numbers=[table.row_numbers[k] for k in kept],
        notes=(*table.notes, Note("tabular.header_again", (("count", str(len(numbers))),))),
        problems=tuple(problem for problem in table.problems if problem.row not in numbers),
    )
