"""A table with a row a proposal and a column an evaluator, as juries keep it: which columns those are."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from ogp_analysis.model.records import EVALUATOR, RATING
from ogp_analysis.privacy.name_shapes import has_the_shape, looks_like_a_name, words_of_a_name
from ogp_analysis.ratings.known_words import (
    Vocabulary,
    column_of,
    core,
    is_added_by_a_tool,
    is_remark,
    is_total,
    packaged,
    parts_of,
)
from ogp_analysis.tabular import Table, key_of, number

# Our choice: three names and a particle or two; more words are a title.
MOST_NAMES = 3
# How words for qualities end, in Spanish and English, without accents: no names do but a few.
ABSTRACT = re.compile(
    r"(?:dad|dades|cion|ciones|sion|siones|miento|mientos|ncia|ncias|nza|eza|ico|ica|icos|icas|ivo|iva|oso|osa"
    r"|ario|aria|able|ible|logia|ismo|aje|ura|ty|ties|tion|tions|sion|ness|ment|ments|ance|ence|ancy|ency|ive"
    r"|able|ible|ing|ful|ous|ical|onal|ship|logy|ics|ism|ure|ality)$"
)
# The rule that headers break which name persons.
PERSONAL_HEADERS = "ratings.personal_headers"
# "Juez 1", "Juez N.º 1", "juez_2", "Eval. 1", "Evaluador externo 1", "Reviewer R3"; letters need a
# sign before them: "Jueza" has none.
NUMBER_WORD = r"(?:n(?:[úu]m(?:ero)?|ro|umber)?[.ºo°]*|\#)"
OF_WHICH_KIND = (
    r"(?:\s+(?:extern[oa]?|intern[oa]?|external|internal|principal|titular|invitad[oa]|an[óo]nim[oa]"
    r"|cieg[oa]))?"
)
SEAT = (
    r"(?P<word>[^\W\d_]+)"
    rf"{OF_WHICH_KIND}(?:[\s_.-]*(?:{NUMBER_WORD}\s*)?[0-9]{{1,3}}"
    r"|[\s_-]+(?:[a-z]|(?P<code>[a-z]{1,3}[-_]?[0-9]{1,3})"
    r"|uno|dos|tres|cuatro|cinco|one|two|three|four|five))"
)
# "Primer evaluador", "2.ª jueza", "Third reviewer".
ORDINAL = (
    r"(?:(?:(?:primer|segund|tercer|cuart|quint|sext|primeir|terceir)[oa]?|first|second|third|fourth|fifth"
    r"|1er[oa]?|2d[oa]|1st|2nd|3rd|[4-9]th|[1-9]\.?[ºª°])\s+(?P<word>[^\W\d_]+)(?P<code>(?!))?)"
)
# A code alone: E01, ev-2, J3, R4. Our choice: with other letters it may be the code of a question.
CODE = r"(?P<code>(?:e|ev|eval|j|jz|r|rev)[-_]?[0-9]{1,3})(?P<word>)"
# "Evaluador/a", "Juez(a)": for whoever it is.
BOTH = re.compile(r"(?<=[^\W\d_])(?:/(?:as?|os?)\b|\((?:as?|os?)\))", re.IGNORECASE)
# At the end of a header, or at its beginning.
PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for one in (SEAT, ORDINAL, CODE)
    for pattern in (rf"(?P<rest>.*?)(?<!\w)(?P<seat>{one})", rf"(?P<seat>{one})(?!\w)(?P<rest>.*)")
)


def evaluator_columns(
    headers: list[str], vocabulary: Vocabulary, title: str = ""
) -> dict[int, tuple[str, str]]:
    """Tell the columns that hold the ratings of one evaluator, by a word for evaluators and a code, or name.

    Parameters
    ----------
    headers : list of str
        Of one table.
    vocabulary : Vocabulary
        The words of the method.
    title : str
        Of the sheet or file; it may name the indicator where headers name none.

    Returns
    -------
    dict of int to (str, str)
        Evaluator and indicator by position, the indicator empty where neither header, title nor method tells
        it; nothing where fewer than two columns are such.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> evaluator_columns(["Propuesta", "Tiempo - Juez 1", "Tiempo - Juez 2"], vocabulary)
    {1: ('Juez 1', 'time'), 2: ('Juez 2', 'time')}
    >>> evaluator_columns(["Propuesta", "Jueza", "Puntaje del jurado B", "Jurado C"], vocabulary, "Recursos")
    {2: ('jurado B', 'resources'), 3: ('Jurado C', 'resources')}
    """
    every = vocabulary.allowed["indicator"]
    only = every[0] if len(every) == 1 else vocabulary.indicator_of(title)
    read = seats_in(headers, lambda part: bool(vocabulary.indicator_of(part)))
    asked_of = {at: (seat, _asked(parts, vocabulary)) for at, (seat, parts) in read.items()}
    seats = {at: (seat, asked or only) for at, (seat, asked) in asked_of.items() if asked is not None}
    return seats if len(seats) > 1 else {}


def seats_in(
    headers: Sequence[str], is_asked: Callable[[str], bool] = lambda part: False
) -> dict[int, tuple[str, list[str]]]:
    """Give the evaluator of each column that is one's, and the parts of its header that may be an indicator.

    What describes a person (external, a name beside a code) is left out, as is what only some headers say
    where each evaluator has one column. A chair is one among others; a name is an evaluator's where it is the
    only thing that tells. ``is_asked`` says of a part that it is what is rated.

    >>> seats_in(["Project", "Judge 1", "Judge 2 (external)", "Chair"])
    {1: ('Judge 1', []), 2: ('Judge 2', []), 3: ('Chair', [])}
    >>> seats_in(["Proyecto", "Rigor - Ana", "Rigor - Luis"]), seats_in(["Reviewer A - Maria", "Reviewer B"])
    ({1: ('Ana', ['Rigor']), 2: ('Luis', ['Rigor'])}, {0: ('Reviewer A', []), 1: ('Reviewer B', [])})
    """
    read = {at: one for at, header in enumerate(headers) if (one := evaluator_in(header))[0]}
    persons = {
        at: one for at, header in enumerate(headers) if at not in read and (one := _person_in(header))[0]
    }
    beside = [at for at in range(len(headers)) if at not in read | persons and not is_asked(headers[at])]
    persons |= {at: (headers[at], []) for at in _in_company(headers, beside, known=persons, coded=bool(read))}
    # A chair alone may be an institution's; beside evaluators it is one of them.
    sure = bool(read) or any(is_a_person(seat) for seat, _ in persons.values())
    read |= {at: one for at, one in persons.items() if sure or is_a_person(one[0])}
    read = {
        at: (seat, [part for part in parts if is_asked(part) or not _describes(part)])
        for at, (seat, parts) in sorted(read.items())
        if not any(is_remark(part) or is_total(part) for part in parts)
    }
    seats = [seat for seat, _ in read.values()]
    if len(set(seats)) == len(seats) and not all(parts for _, parts in read.values()):
        return {at: (seat, [part for part in parts if is_asked(part)]) for at, (seat, parts) in read.items()}
    return read


def rating_something(seats: Mapping[int, tuple[str, Any]], table: Table) -> dict[int, tuple[str, Any]]:
    """Leave out the columns of a chair that hold what no evaluator beside gave, as the tutor of each thesis.

    >>> rows = [["T1", "Tutor A", "3"], ["T2", "Tutor B", "4"]]
    >>> table = Table("", "n.csv", ["Tesis", "Docente", "Juez 1"], rows, [2, 3])
    >>> rating_something({1: ("Docente", []), 2: ("Juez 1", [])}, table)
    {2: ('Juez 1', [])}
    """
    chairs = [at for at, (seat, _) in seats.items() if is_a_chair(seat)]
    given = {key_of(cell) for at in seats if at not in chairs for cell in table.column(at) if cell}
    return {
        at: one
        for at, one in seats.items()
        if at not in chairs or not given or _is_like(given, [cell for cell in table.column(at) if cell])
    }


def _is_like(given: Collection[str], cells: Sequence[str]) -> bool:
    numbers = any(number(cell)[0] is not None for cell in cells)
    return not cells or numbers or any(key_of(cell) in given for cell in cells)


def has_persons(headers: Sequence[str]) -> bool:
    """Say whether headers name two persons or more, and none is a column of evaluators.

    >>> has_persons(["Project", "Ana", "Rigor - Luis"]), has_persons(["Project", "Judge 1", "Judge 2"])
    (True, False)
    """
    seats = [seat for seat, _ in seats_in(headers).values() if is_a_person(seat)]
    return len(seats) > 1 and EVALUATOR not in map(column_of, headers)


def evaluator_in(header: str) -> tuple[str, list[str]]:
    """Give the evaluator that a header names, and what else it says; empty where it names none.

    >>> evaluator_in("Rigor - Juez 1"), evaluator_in("Nota de la evaluadora A"), evaluator_in("Jueza")
    (('Juez 1', ['Rigor']), ('evaluadora A', []), ('', []))
    >>> evaluator_in("Nurse 1"), evaluator_in("Docente D-01")
    (('Nurse 1', []), ('D-01', []))
    """
    for pattern in PATTERNS:
        match = pattern.fullmatch(BOTH.sub("", header).strip(" )]}:"))
        if match and (not match["word"] or _may_rate(match["word"])):
            parts = [part.strip(" -–—") for part in parts_of(match["rest"])]
            return match["code"] or match["seat"], [
                part for part in parts if core(part) and column_of(core(part)) != RATING
            ]
    return "", []


def _may_rate(word: str) -> bool:
    folded = key_of(word)
    known = packaged()
    return column_of(word) == EVALUATOR or folded in known["profession"] or folded in known["seat_short"]


def is_a_chair(part: str) -> bool:
    """Say whether words name one evaluator among others without a number: by an office or a profession.

    >>> [is_a_chair(part) for part in ("Presidenta", "Doctor", "Juez 1")]
    [True, True, False]
    """
    return key_of(part) in packaged()["chair"] or key_of(part) in packaged()["profession"]


def _person_in(header: str) -> tuple[str, list[str]]:
    """Give the name or the chair that one part of a header is, and its other parts; empty where none is."""
    parts = [part.strip(" -–—") for part in parts_of(header)]
    persons = [part for part in parts if looks_like_a_name(part) or is_a_chair(part)]
    rest = [part for part in parts if part not in persons and core(part) and column_of(core(part)) != RATING]
    return (persons[0], rest) if len(persons) == 1 and not column_of(header) else ("", [])


def is_a_person(seat: str) -> bool:
    """Say whether an evaluator is given by a name: one that many bear, or two words of the shape of one.

    >>> [is_a_person(seat) for seat in ("Ana", "Bob Stone", "Juez 1", "Presidenta", "Impacto Social")]
    [True, True, False, False, False]
    """
    return looks_like_a_name(seat) or _may_be_a_person(seat)


def is_of_criteria(text: str) -> bool:
    """Say whether a word of a text is one that criteria are made of, or ends as words for qualities do.

    >>> [is_of_criteria(text) for text in ("Impacto Social", "Originalidad", "Kwame")]
    [True, True, False]
    """
    words = key_of(text).split("_")
    return any(word in packaged()["criterion_word"] or ABSTRACT.search(word) for word in words)


def _in_company(
    headers: Sequence[str], beside: Sequence[int], *, known: Mapping[int, tuple[str, list[str]]], coded: bool
) -> list[int]:
    """Give the columns headed by what has the shape of a name, where nothing else beside them is rated.

    "Bob Stone" is a person beside "Ana Ruiz", or beside "Mary Poole" where both stand alone; "Impacto Social"
    is not, as its words are those of criteria.
    """
    free = [at for at in beside if headers[at] and not _is_something_else(headers[at])]
    shaped = [at for at in free if _may_be_a_person(headers[at])]
    if any(looks_like_a_name(seat) for seat, _ in known.values()):
        return shaped
    # Beside codes of evaluators two words may be anything; one more header may be that of what is judged.
    abstract = any(ABSTRACT.search(word) for at in shaped for word in key_of(headers[at]).split("_"))
    alone = not coded and not abstract and len(shaped) > 1 and len(free) - len(shaped) <= 1
    return shaped if alone else []


def _is_something_else(header: str) -> bool:
    return bool(column_of(header)) or is_total(header) or is_remark(header) or is_added_by_a_tool(header)


def _may_be_a_person(text: str) -> bool:
    """Say whether a text has the shape of a name, and no word of it is one that criteria are made of."""
    words = words_of_a_name(text)
    return (
        has_the_shape(text)
        and len(words) <= MOST_NAMES
        and not any(_is_ordinary(key_of(word)) for word in words)
    )


def _is_ordinary(word: str) -> bool:
    return any(word in words for words in packaged().values())


def _describes(part: str) -> bool:
    """Say whether a part tells who somebody is, not what is rated."""
    return looks_like_a_name(part) or all(word in packaged()["seat"] for word in key_of(part).split("_"))


def _asked(parts: list[str], vocabulary: Vocabulary) -> str | None:
    """Give the indicator that parts of a header name, empty where none; None where they say else."""
    asked = {vocabulary.indicator_of(one) for one in parts if not vocabulary.resolve("criterion", one)}
    return None if "" in asked or len(asked) > 1 else next(iter(asked), "")
