"""Columns that hold names of persons though their header does not say so, judged by what stands below it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from ogp_analysis.errors import ParameterError, Problem
from ogp_analysis.privacy.listed_words import listed
from ogp_analysis.privacy.name_extent import NOUN, OTHER
from ogp_analysis.privacy.name_forms import folded
from ogp_analysis.privacy.name_parts import ORDINARY, PARTICLES, WELL_KNOWN_PLACES, WORD
from ogp_analysis.privacy.name_shapes import (
    FAMILY,
    GIVEN,
    TITLES,
    consists_of_names,
    has_the_shape,
    looks_like_a_name,
    user_name_of,
    words_of_a_name,
)
from ogp_analysis.proposals.platforms import PERSONAL, Keyed
from ogp_analysis.ratings.evaluator_codes import is_called_a_body
from ogp_analysis.ratings.problems import ranges
from ogp_analysis.tabular import Note, key_of

# What a column of names is called here: it is read to mask the names in the texts, and dropped.
NAMES = "author_name"
# Our choices: the share of the filled cells from which a column is one of names; the share and the number of
# cells from which it is said. By the mere shape of names nearly all cells must have it, and be many.
MOST, SOME, FEW = 0.5, 0.1, 3
NEARLY_ALL, MANY = 0.8, 10
# Words that are no names: of bodies and what they deal with, and what is a word as often as a name.
KNOWN_WORDS = (OTHER | listed("place", "ordinary", "speciality", "account")) - GIVEN - FAMILY
# Our choice: so many words has a name that no list knows.
LONGEST_UNHEARD = 4
# A person's name stands so often in a column of bodies or topics, at most.
AS_OFTEN = 2
# Of the words of names these shares: names differ as wholes, and share their parts.
DIFFERENT, SHARED = 0.6, 0.3


def judged(
    keyed: Keyed,
    *,
    texts: Collection[int],
    fields: Collection[int],
    personal: Collection[int] = (),
    not_personal: Collection[int] = (),
) -> tuple[Keyed, list[Note]]:
    r"""Call columns in which most cells look like names of persons by a name that drops them, and say so.

    Parameters
    ----------
    keyed : Keyed
        The table.
    texts : collection of int
        Positions of columns that are kept whatever they hold: of titles, texts, codes, days and places.
    fields : collection of int
        Positions of the other columns that are read: there the mere shape of names is not enough.
    personal, not_personal : collection of int
        What the user says of columns.

    Returns
    -------
    (Keyed, list of Note)
        The table with new names of columns, and what was judged or only suspected.

    Examples
    --------
    >>> from ogp_analysis import tabular
    >>> rows = "título;quien\nDatos;Ana Ruiz\nAgua;Luz Pérez\nObras;Pedro Moreta\n"
    >>> keyed = Keyed(tabular.parse(rows.encode(), file="p.csv")[0], ["title", "quien"])
    >>> named, notes = judged(keyed, texts={0}, fields=set())
    >>> named.keys, notes[0].key, dict(notes[0].values)["count"]
    (['title', 'author_name'], 'people.names_judged', '3')
    """
    keys, notes = list(keyed.keys), list[Note]()
    for k in range(len(keys)):
        if k in personal:
            keys[k] = NAMES
        elif k not in not_personal and not PERSONAL.search(keys[k]):
            cells = [cell for cell in keyed.table.column(k) if cell]
            is_unknown = k not in fields
            named = {cell: _names_somebody(cell, is_unknown) for cell in dict.fromkeys(cells)}
            names = [cell for cell in cells if named[cell]]
            # One name in all rows is that of a place or a school.
            is_of_names = len(names) >= MOST * len(cells) > 0 and (len(set(names)) > 1 or len(cells) < FEW)
            is_of_names |= is_unknown and (_are_alike_in_shape(cells) or _are_user_names(cells))
            if is_of_names and k not in texts:
                keys[k] = NAMES
                notes.append(_note("people.names_judged", keyed, k, len(names) or len(cells), len(cells)))
            elif k not in texts:
                notes += _notes_of_some(keyed, k, names, is_unknown)
                notes += [] if is_unknown else _notes_of_unknown(keyed, k, texts)
    return replace(keyed, keys=keys), notes


def _notes_of_some(keyed: Keyed, k: int, names: list[str], is_unknown: bool) -> list[Note]:
    """Say how many cells of a column are masked because they name somebody, and how many may do so too."""
    cells = keyed.table.column(k)
    filled = sum(map(bool, cells))
    masked = 0 if is_unknown else sum(persons_among(cells))
    left = len(names) - masked
    notes = [_note("people.names_masked", keyed, k, masked, filled)] if masked else []
    is_said = left >= max(FEW, SOME * filled)
    return notes + ([_note("people.names_suspected", keyed, k, left, filled)] if is_said else [])


def _notes_of_unknown(keyed: Keyed, k: int, texts: Collection[int]) -> list[Note]:
    """Say which rows of a column of bodies have words with capitals that no list and no text knows."""
    cells = keyed.table.column(k)
    times = Counter(cells)
    rare = {
        cell for cell in times if times[cell] <= AS_OFTEN and not is_a_person(cell) and _may_be_unheard(cell)
    }
    if not rare:
        return []
    used = {
        word for at in texts for cell in keyed.table.column(at) for word in cell.split() if word.islower()
    }
    words = {folded(word) for word in used}
    left = {cell for cell in rare if words.isdisjoint(map(folded, words_of_a_name(cell)))}
    rows = [row for row, cell in zip(keyed.table.row_numbers, cells, strict=True) if cell in left]
    note = _note("people.names_unknown", keyed, k, len(rows), sum(map(bool, cells)))
    return [replace(note, values=(*note.values, ("rows", ranges(rows))))] if rows else []


def _may_be_unheard(cell: str) -> bool:
    """Say whether a cell has the shape of a name and no word that names a body or what one deals with.

    >>> [_may_be_unheard(cell) for cell in ("Yolotzin Zhu", "Obras Viales", "Banco Central", "SRI Quito")]
    [True, False, False, False]
    """
    words = [folded(word) for word in words_of_a_name(cell)]
    shaped = has_the_shape(cell) and 1 < len(words) <= LONGEST_UNHEARD and not is_called_a_body(cell)
    return (
        shaped
        and KNOWN_WORDS.isdisjoint(words)
        and not any(map(NOUN.search, words))
        and _has_small_letters(cell)
    )


def _has_small_letters(cell: str) -> bool:
    """Say whether no word is an acronym, unless all are in capitals."""
    return cell.isupper() or not any(word.isupper() for word in cell.split())


def persons_among(cells: Sequence[str]) -> list[bool]:
    """Say for each cell of a column of bodies or topics whether it is a person's name that slipped into it.

    A name that stands there more often is that of a school, a street or a place.

    >>> persons_among(["Ana Ruiz", "Simón Bolívar", "Hospital Eugenio Espejo", "QUISHPE, LUZ ANA", "Salud"])
    [True, False, False, True, False]
    """
    times = Counter(cells)
    return [bool(cell) and times[cell] <= AS_OFTEN and is_a_person(cell) for cell in cells]


def is_a_person(cell: str) -> bool:
    """Say whether a cell is a name by its title or the names in it, and is no body's and no place's.

    >>> [is_a_person(cell) for cell in ("Zoraida Guachichulca", "Sra. Pukuncho", "Ana", "Santiago de Quito")]
    [True, True, False, False]
    """
    name = re.split(r"[;/|(]|\s-\s", cell)[0]
    words = [folded(word) for word in words_of_a_name(name)]
    if is_called_a_body(cell) or (words and words[-1] in WELL_KNOWN_PLACES):
        return False
    if words and TITLES.match(name.strip()) and KNOWN_WORDS.isdisjoint(words):
        return True
    if len(words) < 2:
        return False
    listed_once = (
        has_the_shape(name) and not (GIVEN | FAMILY).isdisjoint(words) and KNOWN_WORDS.isdisjoint(words)
    )
    return (
        consists_of_names(name)
        or (words[0] in GIVEN and has_the_shape(name))
        or _is_listed(words)
        or listed_once
    )


def _is_listed(words: list[str]) -> bool:
    """Say whether all words are names, some of them words too: Quishpe Cruz Ana."""
    known = [word in GIVEN | FAMILY for word in words]
    return any(known) and all(
        is_known or word in ORDINARY for is_known, word in zip(known, words, strict=True)
    )


def positions(keyed: Keyed, named: Collection[str]) -> set[int]:
    """Find the columns that the user named; a typing error must not leave a name in."""
    keys = [key_of(name) for name in keyed.table.header]
    known = (("known", ", ".join(name for name in keyed.table.header if name)),)
    unknown = [
        Problem("people.no_column", file=keyed.table.file, value=name, detail=known)
        for name in named
        if key_of(name) not in keys
    ]
    if unknown:
        raise ParameterError(unknown)
    wanted = set(map(key_of, named))
    return {k for k, key in enumerate(keys) if key in wanted}


def _note(key: str, keyed: Keyed, k: int, count: int, filled: int) -> Note:
    column = keyed.table.header[k] or keyed.table.letters[k]
    return Note(key, (("column", column), ("count", str(count)), ("filled", str(filled))))


def _names_somebody(cell: str, is_unknown: bool) -> bool:
    """Say whether a cell is a name, with an office behind it or not; in unknown columns surnames are too."""
    name = re.split(r"[;/|(]|\s-\s", cell)[0]
    before = name.split(",")[0].strip()
    named = looks_like_a_name(name) or (" " in before and looks_like_a_name(before))
    return (named or (is_unknown and consists_of_names(name))) and not is_called_a_body(cell)


def _are_user_names(cells: list[str]) -> bool:
    """Say whether most cells are user names, of which no part is in all of them as in codes.

    >>> _are_user_names(["ana_ruiz", "lmoreta87"]), _are_user_names(["prop_1", "prop_2", "prop_3"])
    (True, False)
    """
    letters = [name for cell in cells if (name := user_name_of(cell))]
    return len(letters) >= MOST * len(cells) > 0 and len(set(letters)) >= DIFFERENT * len(letters)


def _are_alike_in_shape(cells: list[str]) -> bool:
    """Say whether nearly all cells have the shape of names, differ, and share parts as names do.

    >>> given, family = ("Yolotl", "Nahui", "Xochitl", "Tonalli"), ("Acatl", "Ehecatl", "Mazatl")
    >>> _are_alike_in_shape([f"{one} {two}" for one in given for two in family])
    True
    >>> _are_alike_in_shape(["Medio Ambiente", "Gobierno Abierto"] * 6)
    False
    """
    shaped = [cell for cell in cells if has_the_shape(cell) and not is_called_a_body(cell)]
    if len(cells) < MANY or len(shaped) < NEARLY_ALL * len(cells):
        return False
    wholes = set(shaped)
    parts = Counter(
        part for cell in wholes for part in {folded(word) for word in WORD.findall(cell)} - PARTICLES
    )
    shared = sum(count for count in parts.values() if count > 1)
    return len(wholes) >= DIFFERENT * len(shaped) and shared >= SHARED * parts.total()
