"""A header in two rows: labels merged over several names, or a question and what it asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ogp_analysis.language.folding import key_of
from ogp_analysis.proposals.platforms import PERSONAL, PLACES, PLAIN, keys_of
from ogp_analysis.tabular import Note

# What SurveyMonkey writes below the question of an answer, in the languages of the exports.
RESPONSE = re.compile(
    r"(?:open_ended_)?response|respuesta(?:_abierta|_de_composicion_abierta)?|resposta(?:_aberta|_oberta)?|reponse(?:_ouverte|_libre)?"
    r"|antwort|offene_antwort|risposta(?:_aperta)?"
)
OTHER = re.compile(
    r"(?:otr[oa]s?|outr[oa]s?|altres?|autres?|other|sonstiges|altro)(?:_(?:especifique|please_specify|por_favor_especifique"
    r"|especifique_por_favor|especifica|veuillez_preciser|precisez|se_ruega_especificar))?"
)
KNOWN = frozenset(header for headers in PLAIN.fields.values() for header in headers) | frozenset(PLACES)
# Our choices: a title and a note may stand above a header; a longer cell is an answer.
TITLE_ROWS, LONGEST = 10, 60


Rows = list[tuple[int, list[str]]]


def joined(rows: Rows) -> tuple[Rows, list[Note]]:
    """Put a header of two rows into one, and say so; rows with a header of one stay as they are.

    >>> rows = [(1, ["Folio", "Título", "Persona", ""]), (2, ["", "", "Nombre", "Correo"]), (3, ["1", "Luz"])]
    >>> joined(rows)[0]
    [(2, ['Folio', 'Título', 'Nombre', 'Correo']), (3, ['1', 'Luz'])]
    >>> rows = [(1, ["ID", "¿Qué propone?"]), (2, ["", "Open-Ended Response"]), (3, ["1", "Luz"])]
    >>> joined(rows)[0][0]
    (2, ['ID', '¿Qué propone?'])
    """
    for at in range(min(len(rows) - 1, TITLE_ROWS)):
        (_, above), (number, below) = rows[at], rows[at + 1]
        width = max(len(above), len(below))
        above, below = _padded(above, width), _padded(below, width)
        if _goes_on(above, below):
            header = [_name(one, other) for one, other in zip(above, below, strict=True)]
            note = Note("people.header_in_two", (("first", str(rows[at][0])), ("last", str(number))))
            return [*rows[:at], (number, header), *rows[at + 2 :]], [note]
    return rows, []


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [cell.strip() for cell in cells] + [""] * (width - len(cells))


def _name(above: str, below: str) -> str:
    """Give the name of a column: what is asked for, but the question where that is only a response."""
    return above if above and (not below or RESPONSE.fullmatch(key_of(below))) else below


def _goes_on(above: list[str], below: list[str]) -> bool:
    """Say whether the second row names columns of the first, and is no proposal.

    Every column with a name has one in either row, some only in the first; below stand responses, or mostly
    names of columns that are known.
    """
    filled = [cell for cell in below if cell]
    alone = [k for k, cell in enumerate(above) if cell and not below[k]]
    if (
        len([cell for cell in above if cell]) < 2
        or not filled
        or not alone
        or max(map(len, filled)) > LONGEST
    ):
        return False
    keys = keys_of(filled)
    responses = sum(bool(RESPONSE.fullmatch(key)) for key in keys)
    if responses and not below[0]:
        return True
    # A label over several columns leaves those behind its first without one.
    if all(above[k] for k, cell in enumerate(below) if cell):
        return False
    known = sum(key in KNOWN or bool(OTHER.fullmatch(key) or PERSONAL.search(key)) for key in keys)
    return (
        known * 2 > len(keys)
        and len(keys) > 1
        and _is_of_names(above)
        and not any(map(_holds_a_number, filled))
    )


def _is_of_names(above: list[str]) -> bool:
    """Say whether a row can be the upper part of a header: no long text, no number."""
    return not any(len(cell) > LONGEST or _holds_a_number(cell) for cell in above if cell)


def _holds_a_number(cell: str) -> bool:
    return bool(re.search(r"\d{3}|@", cell))
