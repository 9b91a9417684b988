"""Whether a cell looks like the name of a person, by its shape and by names that many bear.

The lists are ours (`listed_words`): given names and surnames in use in Ecuador, its neighbours and Spain,
some of Catalonia, Galicia, Portugal, Brazil, France, Italy and the English-speaking countries.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ogp_analysis.privacy.listed_words import listed
from ogp_analysis.privacy.name_forms import folded
from ogp_analysis.privacy.name_parts import NOBODY, ORDINARY, PARTICLES, WORD

GIVEN, FAMILY = listed("given"), listed("family")
LONGEST, MOST_WORDS = 60, 6
TITLES = re.compile(
    r"^(?:(?:ing|dr|dra|lic|lcd[oa]|abg|ab|arq|econ|eco|sr|sra|srta|msc|mgs|phd|prof|mr|mrs|ms|don|doña)\b\.?\s*)+",
    re.IGNORECASE,
)
# A cell that begins with one of these is a place or a saint's.
NO_NAME = frozenset(
    (
        *("san", "santa", "santo", "sao", "sant", "calle", "avenida", "av", "barrio", "parroquia", "canton"),
        *("provincia", "ciudad", "sector"),
    )
)
# One word in small letters, with three of them together, and a digit, a dot or a line in it.
USER_NAME = re.compile(
    r"@(?=.*[a-z]{3})[\w.]{4,30}|(?=.*[a-z]{3})(?=.*[\d_.])[a-z][a-z0-9]*(?:[._][a-z0-9]+)*"
)
NAME = re.compile(r"[^\W\d_]+(?:[.,'’\s-]+[^\W\d_]+)*\.?")


def has_the_shape(cell: str) -> bool:
    """Say whether a cell has the shape of a name: up to six words, each with a capital, and nothing else.

    >>> [has_the_shape(cell) for cell in ("Zoraida de la Cruz", "QUISHPE, ANA", "Datos abiertos")]
    [True, True, False]
    """
    words = words_of_a_name(cell)
    return 2 <= len(words) <= MOST_WORDS and all(word[0].isupper() for word in words)


def looks_like_a_name(cell: str) -> bool:
    """Say whether a cell looks like the name of a person: its shape, and a word that many are called.

    Without capitals every word must be such a name.

    >>> [looks_like_a_name(cell) for cell in ("Ing. Zoraida Quishpe", "PEREZ, ANA", "ana ruiz", "Sofía")]
    [True, True, True, True]
    >>> [looks_like_a_name(cell) for cell in ("Datos Abiertos", "San Francisco", "Rosa", "Santa Ana", "Paz")]
    [False, False, False, False, False]
    """
    words = [folded(word) for word in words_of_a_name(cell)]
    known = [word in GIVEN or word in FAMILY for word in words]
    if not any(known) or words[0] in NO_NAME:
        return False
    return words[0] in GIVEN if len(words) == 1 else all(known) or has_the_shape(cell)


def consists_of_names(cell: str) -> bool:
    """Say whether every word of a cell is a name that many bear, as in a column of surnames.

    >>> consists_of_names("Quishpe Ruiz"), consists_of_names("Quishpe agua"), consists_of_names("")
    (True, False, False)
    """
    words = words_of_a_name(cell)
    return bool(words) and all(folded(word) in GIVEN or folded(word) in FAMILY for word in words)


def is_made_of_names(word: str) -> bool:
    """Say whether a word is a name that many bear, or two glued, or an initial and a surname.

    >>> [is_made_of_names(word) for word in ("Ana", "anaruiz", "aperez", "veredas", "obras")]
    [True, True, True, False, False]
    """
    small = folded(word)
    families = FAMILY | ORDINARY
    return small in GIVEN | FAMILY or any(
        (small[:k] in GIVEN and small[k:] in families | GIVEN)
        or (small[:k] in FAMILY and small[k:] in GIVEN)
        or (k == 1 and small[k:] in FAMILY)
        for k in range(1, len(small))
    )


def user_name_of(cell: str) -> str:
    """Give the letters of a user name such as ``ana_ruiz87``; empty where a cell is none.

    >>> user_name_of("@ana_ruiz87"), user_name_of("Ana"), user_name_of("PA-7")
    ('anaruiz', '', '')
    """
    return re.sub(r"[^a-z]", "", cell) if USER_NAME.fullmatch(cell) else ""


def words_of_a_name(cell: str) -> list[str]:
    """Give the words of a cell that may be a name, without titles and particles; none where it may not.

    >>> words_of_a_name("Ing. Ana de Ruiz"), words_of_a_name("Ana pide 3 parques")
    (['Ana', 'Ruiz'], [])
    """
    return [] if len(cell) > LONGEST else list(_words_of_short(cell))


# Cells are looked at several times, and many are alike.
@lru_cache(maxsize=4096)
def _words_of_short(cell: str) -> tuple[str, ...]:
    if not NAME.fullmatch(cell := TITLES.sub("", cell.strip())):
        return ()
    words = [word for word in WORD.findall(cell) if folded(word) not in PARTICLES]
    return tuple(words) if len(words) <= MOST_WORDS and not NOBODY & set(map(folded, words)) else ()
