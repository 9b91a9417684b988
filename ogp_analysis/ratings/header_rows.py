r"""Headers of two or three rows, as Qualtrics and SurveyMonkey write them, become one.

Qualtrics: codes, questions, and a row of ``{"ImportId": ...}``; older exports have the first two.
SurveyMonkey: questions, and below them the rows of a grid or ``Response``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from ogp_analysis.ratings import known_words
from ogp_analysis.ratings.evaluator_columns import evaluator_in, is_a_chair
from ogp_analysis.ratings.known_words import Vocabulary, column_of
from ogp_analysis.tabular import Note, key_of

IMPORT_ID = '{"ImportId"'
# Titles may stand above; our choice.
LOOKED_AT = 12
# What stands below a question that has one answer.
PLAIN = frozenset(
    {"response", "open_ended_response", "respuesta", "respuesta_abierta", "respuesta_de_opcion_abierta"}
)
NUMBER = re.compile(r"\s*[-+]?[0-9]+(?:[.,][0-9]+)?\s*")
Rows = list[tuple[int, list[str]]]


def joined(rows: Rows, vocabulary: Vocabulary) -> tuple[Rows, list[Note]]:
    r"""Put the rows of a header into one.

    >>> from ogp_analysis.model import params
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> ids = ['{"ImportId":"QID1"}', '{"ImportId":"QID2_1"}']
    >>> rows = [(1, ["Q1", "Q2_1"]), (2, ["Propuesta", "Puntos - Tiempo"]), (3, ids), (4, ["P01", "4"])]
    >>> joined(rows, vocabulary)[0]
    [(3, ['Propuesta', 'Puntos - Tiempo']), (4, ['P01', '4'])]
    """
    rows, grid = over_seats(rows)
    if grid:
        return rows, grid
    at = _import_ids(rows)
    if at:
        upper, lower = rows[max(at - 2, 0)], rows[at - 1]
        used = rows[max(at - 2, 0) : at + 1]
    else:
        last = min(len(rows), LOOKED_AT, _first_header(rows) + 2)
        at = next((k for k in range(1, last) if _is_second(rows, k, vocabulary)), 0)
        if not at:
            return rows, []
        upper, lower, used = rows[at - 1], rows[at], rows[at - 1 : at + 1]
    header = _one(upper[1], lower[1], vocabulary)
    numbers = ", ".join(str(line) for line, _ in used[1:])
    note = Note("ratings.second_header", (("rows", numbers), ("first", str(used[0][0]))))
    return [(used[-1][0], header), *rows[at + 1 :]], [note]


def over_seats(rows: Rows) -> tuple[Rows, list[Note]]:
    """Put what is rated, written once over its judges, into the header of each: "Merit - Judge 1".

    >>> rows = [(1, ["Team", "Merit", ""]), (2, ["", "Judge 1", "Judge 2"]), (3, ["A", "4", "2"])]
    >>> over_seats(rows)[0]
    [(2, ['Team', 'Merit - Judge 1', 'Merit - Judge 2']), (3, ['A', '4', '2'])]
    """
    at = next((k for k in range(1, min(len(rows), LOOKED_AT)) if _are_seats(rows[k - 1][1], rows[k][1])), 0)
    if not at:
        return rows, []
    header, over = [], ""
    (first, upper), (line, lower) = rows[at - 1 : at + 1]
    for above, below in zip(_padded(upper, lower), _padded(lower, upper), strict=True):
        over = above.strip() or over
        seat = bool(evaluator_in(below)[0] or is_a_chair(below))
        header.append(f"{over} - {below.strip()}" if seat and over else below.strip() or above.strip())
    note = Note("ratings.second_header", (("rows", str(line)), ("first", str(first))))
    return [(line, header), *rows[at + 1 :]], [note]


def _are_seats(above: list[str], cells: list[str]) -> bool:
    """Say whether a row names judges below a row of what they rate: again and again, or in gaps of it."""
    pairs = list(zip(_padded(above, cells), _padded(cells, above), strict=True))
    seats = [(title.strip(), key_of(cell)) for title, cell in pairs if evaluator_in(cell)[0]]
    titles = [title for title, _ in seats if title]
    if any(_is_number(cell) or evaluator_in(title)[0] for pair in pairs for cell in pair for title in titles):
        return False
    again = len({name for _, name in seats}) < len(seats) and len(titles) > 1
    # The column of proposals is headed in the upper row: a title of the whole sheet heads none.
    hanging = any(title.strip() and not cell.strip() for title, cell in pairs)
    return again or (hanging and 0 < len(titles) < len(seats))


def _first_header(rows: Rows) -> int:
    """Give the first row that names two columns: rows of ratings in words may repeat names below it."""
    known = ({column_of(cell) for cell in cells} - {""} for _, cells in rows[:LOOKED_AT])
    return next((k for k, names in enumerate(known) if len(names) > 1), LOOKED_AT)


def _import_ids(rows: Rows) -> int:
    for k, (_, cells) in enumerate(rows[:LOOKED_AT]):
        filled = [cell for cell in cells if cell.strip()]
        ids = sum(cell.replace(" ", "").startswith(IMPORT_ID) for cell in filled)
        if k and filled and 2 * ids > len(filled):
            return k
    return 0


def _is_second(rows: Rows, k: int, vocabulary: Vocabulary) -> bool:
    """Say whether a row goes on with the header above it: it repeats what that means, or names its grids."""
    (_, above), (_, cells) = rows[k - 1], rows[k]
    pairs = list(zip(_padded(above, cells), _padded(cells, above), strict=True))
    if sum(bool(cell.strip()) for cell in above) < 3 or any(_is_number(cell) for cell in (*above, *cells)):
        return False
    repeated = [_meaning(upper, vocabulary) for upper, lower in pairs if _same(upper, lower, vocabulary)]
    if len(set(repeated)) > 1:
        return True
    # The question of a grid stands over its first column only.
    grid = {
        _meaning(lower, vocabulary) for upper, lower in pairs if lower and not _meaning(upper, vocabulary)
    }
    plain = sum(key_of(cell) in PLAIN for cell in cells)
    tools = sum(known_words.is_added_by_a_tool(cell) for cell in above)
    return plain > 0 and len(grid - {""}) > 0 and tools + plain > 1


def gives_values(cells: Iterable[str]) -> bool:
    """Say whether a row above a table gives values beside what they are: a date, the name of a jury.

    >>> gives_values(["Fecha:", "2026-05-01", "Jurado:", "Juez 1"]), gives_values(["Proyecto:", "Nota:"])
    (True, False)
    """
    filled = [cell for cell in cells if cell]
    labels = sum(cell.rstrip().endswith(":") for cell in filled)
    return 0 < labels < len(filled)


def _padded(cells: list[str], other: list[str]) -> list[str]:
    return cells + [""] * (len(other) - len(cells))


def _is_number(cell: str) -> bool:
    return NUMBER.fullmatch(cell) is not None


def _meaning(cell: str, vocabulary: Vocabulary) -> object:
    question = vocabulary.question(cell)
    return question if question[1] else column_of(cell)


def _same(upper: str, lower: str, vocabulary: Vocabulary) -> bool:
    meaning = _meaning(upper, vocabulary)
    return bool(meaning) and meaning == _meaning(lower, vocabulary)


def _one(upper: list[str], lower: list[str], vocabulary: Vocabulary) -> list[str]:
    """Take for each column the row that means something; both where they mean different things."""
    titles, question = [], ""
    for above, below in zip(_padded(upper, lower), _padded(lower, upper), strict=True):
        above, below = above.strip(), below.strip()
        question = above or question
        first, second = _meaning(above, vocabulary), _meaning(below, vocabulary)
        plain = key_of(below) in PLAIN or not below
        if plain or (first and (first == second or not second)):
            titles.append(above or below)
        elif second and not first:
            # The words of the question stay: one of them may be the proposal.
            grid = question and not known_words.is_added_by_a_tool(question) and not above
            whole = f"{above or question} [{below}]"
            titles.append(whole if (grid or above) and _meaning(whole, vocabulary) != second else below)
        else:
            titles.append(f"{above} [{below}]" if above and above != below else below)
    counts = Counter(key_of(name) for name in titles)
    codes = _padded(upper, lower)
    return [
        name if counts[key_of(name)] == 1 or _meaning(name, vocabulary) else (code.strip() or name)
        for name, code in zip(titles, codes, strict=True)
    ]
