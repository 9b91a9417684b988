"""Names that nothing leads in: a given name that many bear and a surname, side by side, with capitals.

Ours, and careful: a name behind a word for a place, a street, a building, a law or a prize is theirs, and so
is one that stands inside a longer name with a capital (*Hostería Luis Pérez*). Persons after whom schools,
streets and cantons are called, and heads of state, are in a list of the packaged data.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from ogp_analysis.privacy.leads import ARTICLES, phrases, words_read
from ogp_analysis.privacy.listed_words import given_names, listed, public_persons
from ogp_analysis.privacy.name_extent import (
    ABBREVIATED,
    ACRONYM,
    NAMES,
    OTHER,
    PARTICLES,
    Text,
    bare,
    end_of_name,
    words_of,
)
from ogp_analysis.privacy.name_parts import OF_A_PLACE, WELL_KNOWN_PLACES
from ogp_analysis.privacy.unheard_words import BESIDE, is_unheard

GIVEN, FAMILY, ORDINARY = given_names(), listed("family"), listed("ordinary")
PUBLIC = public_persons("historic", "head_of_state")
# Words that are given names too: Rosa Quishpe, Luz Elena Caiza.
GIVEN_WORDS = listed("given_word")
# Words behind which a name is that of what they name.
OF_SOMETHING = re.compile(
    r"(?<!\w)(?:hoster[íi]a|hotel|complejo|canchas?|mirador|polideportivo|laguna|quebrada|bosque|reserva|beca|teor[íi]a|novelas?"
    r"|libros?|poemas?|obras?|poes[íi]a|cuentos?|canci[óo]n(?:es)?|monumento|estatua|busto|auditorio|sala|centro|u\.?e\.?|brigada|batall[óo]n"
    r"|grupo|almacen(?:es)?|farmacia|editorial|constructora|consultora|hacienda|estaci[óo]n|esta[çc][ãa]o|linha|parada|bloque|torre|pabell[óo]n|curso|concurso"
    r"|orquesta|liga|copa|torneo|club|cl[íi]nica|laboratorios?|f[áa]brica|empresa|cia\.?|rua|ruas|pra[çc]a|avenidas?|avs?\.?|travessa|bairro|favela"
    r"|escola|creche|pr[êe]mio|lei|instituto|viaduto|ponte|t[úu]nel|largo|vila|calles|pasajes|paseo|jard[íi]n(?:es)?|jardim"
    r"|street|road|avenue|park|school|library|bridge|hospital|award|prize|act|statue|college|square|house|theatre|stadium|film|pel[íi]cula|filme|isla|sendero)"
    r"\s(?:(?:de|del|da|do|dos|la|el|los|las|of|the|don|do[ñn]a|dr\.?|ing\.?|gral\.?|prof\.?)\s){0,3}$",
    re.IGNORECASE,
)
# Streets that cross, and where one goes from and to: what stands between is capitals and small words.
WAYS = frozenset(
    (
        *(
            "calle",
            "calles",
            "avenida",
            "avenidas",
            "av",
            "avs",
            "esquina",
            "interseccion",
            "pasaje",
            "pasajes",
            "rua",
        ),
        *(
            "ruas",
            "street",
            "streets",
            "corner",
            "carrer",
            "transversal",
            "paradas",
            "parada",
            "escuelas",
            "colegios",
        ),
        *("ciudadelas", "barrios", "parques", "sectores", "estaciones", "unidades"),
    )
)
BETWEEN_WAYS = PARTICLES | {
    "y",
    "e",
    "con",
    "entre",
    "hasta",
    "desde",
    "a",
    "and",
    "from",
    "to",
    "the",
    "en",
    "esquina",
}
STREET_BEHIND = re.compile(
    r"\s(?:Street|St|Road|Rd|Avenue|Ave|Lane|Park|School|House|Hall|Ward|Primary|Centre|Square|Way|Close|Court|Drive|Library)\b"
)
# They open a sentence in front of a name and name nothing; "en", "de" and "desde" lead in places as often.
OPENING = frozenset(
    (
        "a",
        "con",
        "sin",
        "para",
        "y",
        "e",
        "o",
        "ni",
        "pero",
        "si",
        "cuando",
        "como",
        "porque",
        "aunque",
        "with",
        "and",
    )
)
# Given names that begin other names with capitals as often, and words that are no surname behind one.
DOUBTFUL = listed("doubtful_given")
NO_SURNAME = OTHER | listed("place", "speciality", "ordinary", "given", "site", "quarter")
NO_ENDING = re.compile(r"(?:ista|ense|[oó]n|ados?|adas?|idos?|ico|ica|mente|ed|ly)$")
SURE = GIVEN | FAMILY | ORDINARY | GIVEN_WORDS
# Names that are words in small letters.
SMALL_WORDS = ORDINARY | listed("small_word")
# Our choice: so many words has a name; behind more in capitals a sentence goes on.
LONG_ENOUGH = 4
# Our choices: so many words a name has at most, and so far back a street is looked for; of a name with a
# surname that is in no list, so many given names less one, and so many letters of the surname.
MOST, FAR, MOST_GIVEN, SHORTEST = 6, 10, 3, 4
BEFORE = 40
# Given names of men by which avenues begin, and that do not end in o.
MEN = frozenset(
    ("jose", "juan", "luis", "carlos", "manuel", "jorge", "miguel", "simon", "victor", "andres", "vicente")
)


def spans(text: str, others: Collection[tuple[int, int]] = ()) -> Iterator[tuple[int, int]]:
    """Find names that nothing leads in, but ``others`` that are known already.

    >>> text = "Lo pide Byron Guamán en la calle Rosa Pérez y Juan Tipán; también la escuela Simón Bolívar"
    >>> [text[start:end] for start, end in spans(text)]
    ['Byron Guamán']
    """
    words = words_read(text)
    if NAMES.isdisjoint(words) and GIVEN_WORDS.isdisjoint(words):
        return
    own, at, taken = words_of(text), 0, {at for span in others for at in range(*span)}
    while at < len(own.read):
        if not _may_begin(own, at):
            at += 1
            continue
        last = _end(own, at)
        start = own.tokens[at].start()
        if _is_a_name(own, at, last) and start not in taken:
            yield start, own.end(last - 1)
        at = max(last, at + 1)


def _may_begin(own: Text, at: int) -> bool:
    word = bare(own.read[at])
    is_name = word in GIVEN or word in FAMILY or word in GIVEN_WORDS or word in ABBREVIATED
    is_initial = len(word) == 1 and own.gap(at + 1).startswith(".") and own.tokens[at][0].isupper()
    return (is_name or is_initial) and (own.has_a_capital(at) or _is_a_small_pair(own, at))


def _is_a_small_pair(own: Text, at: int) -> bool:
    """Say whether a given name and a surname stand side by side in small letters, none of them a word."""
    pair = set(own.read[at : at + 2])
    joined = len(pair) == 2 and not own.has_a_capital(at + 1) and own.gap(at + 1) == " "
    return joined and bool(pair & GIVEN) and bool(pair & FAMILY) and not pair & SMALL_WORDS


def _end(own: Text, at: int) -> int:
    """Give the word behind a name; in a text of capitals alone, behind the last that is a name."""
    last = end_of_name(own, at)
    if last - at > LONG_ENOUGH and own.tokens[last - 1][0].isupper():
        return 1 + max((k for k in range(at, last) if bare(own.read[k]) in SURE), default=last - 1)
    return last


def _is_a_name(own: Text, at: int, last: int) -> bool:
    """Say whether words are a given name and a surname of somebody of whom no place or thing is called."""
    parts = [bare(word) for word in own.read[at:last] if word not in PARTICLES]
    if not 2 <= len(parts) <= MOST or _is_of_the_public(parts):
        return False
    is_initialled = (
        parts[0] in GIVEN and len(parts[-1]) == 1 and own.text[own.end(last - 1) - 1] == "."
    ) or (len(parts) == 2 and len(parts[0]) == 1 and parts[1] in FAMILY)
    if not (_are_both(parts) or is_initialled or _has_an_unheard_surname(own, at, last)):
        return False
    return not _is_of_something(own, at) and not STREET_BEHIND.match(own.text, own.end(last - 1))


def _is_of_the_public(parts: list[str]) -> bool:
    """Say whether a listed person is called so, or what is called after one: Florence Nightingale Ward."""
    return any(
        " ".join(parts[:k]) in PUBLIC and FAMILY.isdisjoint(parts[k:]) for k in range(2, len(parts) + 1)
    )


def _are_both(parts: list[str]) -> bool:
    """Say whether one part is a given name and another a surname: Ana Ruiz, Ruiz Ana, Rosa Ruiz."""
    given = {k for k, part in enumerate(parts) if part in GIVEN or (part in GIVEN_WORDS and k == 0)}
    family = {
        k for k, part in enumerate(parts) if part in FAMILY or (part in ORDINARY and k and parts[0] in GIVEN)
    }
    return bool(given) and any(family - {k} for k in given) and parts[-1] not in WELL_KNOWN_PLACES


def _has_an_unheard_surname(own: Text, at: int, last: int) -> bool:
    """Say whether given names have a word behind them that is none but a surname: Nube Sigüenza."""
    words = [bare(word) for word in own.read[at:last]]
    given = next((k for k, word in enumerate(words) if word not in GIVEN), len(words))
    if not given and words[0] in GIVEN_WORDS:
        return _is_behind_a_word(own, at, words)
    unheard = words[given:]
    # Two surnames that a line joins: McAllister-Boyd.
    is_one = len(unheard) == 1 or (len(unheard) == 2 and own.gap(last - 1) == "-")
    if not (is_one and 1 <= given < MOST_GIVEN) or words[0] in DOUBTFUL or own.tokens[last - 1][0].isupper():
        return False
    shortest = SHORTEST - (given > 1)
    return not any(_is_a_word(own.text, word, shortest) for word in unheard)


def _is_behind_a_word(own: Text, at: int, words: list[str]) -> bool:
    """Say whether a surname that no list knows is behind a word and given name: Rosa Yuntinango."""
    article = at > 0 and own.gap(at).isspace() and own.read[at - 1] in ARTICLES
    last = at + len(words) - 1
    if len(words) != 2 or article or own.tokens[last][0].isupper() or words[0] in DOUBTFUL:
        return False
    return is_unheard(words[1]) and not _is_a_word(own.text, words[1], SHORTEST)


def _is_a_word(text: str, word: str, shortest: int) -> bool:
    """Say whether a word is one of our lists, has an ending of words, or stands in small letters nearby."""
    known = word in NO_SURNAME or bool(NO_ENDING.search(word)) or len(word) < shortest
    return known or bool(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text))


def _is_of_something(own: Text, at: int) -> bool:
    before = own.text[max(own.tokens[at].start() - BEFORE, 0) : own.tokens[at].start()]
    lead = OF_A_PLACE.search(before)
    if (lead and not lead[0].casefold().startswith(("en ", "in "))) or OF_SOMETHING.search(before):
        return True
    return _is_in_a_longer_name(own, at) or _is_a_crossing(own, at) or _is_an_avenue(own, at)


def _is_an_avenue(own: Text, at: int) -> bool:
    """Say whether a man's name stands behind "la": the street is called so (*la Rodrigo de Chávez*)."""
    behind_la = at > 0 and own.read[at - 1] == "la" and own.gap(at).isspace()
    return behind_la and (own.read[at].endswith("o") or own.read[at] in MEN)


def _is_in_a_longer_name(own: Text, at: int) -> bool:
    """Say whether a word with a capital inside a sentence stands right before: Hostería Luis Pérez."""
    if at == 0 or not own.gap(at).isspace() or "\n" in own.gap(at) or not own.has_a_capital(at - 1):
        return False
    opens = own.text[: own.tokens[at - 1].start()].rstrip(" \t\"'«“(¿¡")[-1:]
    begins = opens in ("", ".", "!", "?", ":", ";", "\n")
    if (begins and own.read[at - 1] in OPENING) or own.read[at - 1] in BESIDE - OTHER:
        return False
    # IES Rosa Chacel, UE Luis Borja.
    is_acronym = 1 < len(own.tokens[at - 1][0]) <= ACRONYM and own.tokens[at - 1][0].isupper()
    if is_acronym and not own.tokens[at][0].isupper() and own.read[at - 1] not in phrases().heads:
        return True
    return own.read[at - 1] in OTHER or (not begins and len(own.read[at - 1]) > 1)


def _is_a_crossing(own: Text, at: int) -> bool:
    """Say whether a street leads in, with another or none between: "calles Juan León y Ana Ruiz"."""
    for back in range(at - 1, max(at - FAR, -1), -1):
        if re.search(r"[.;:!?\n]\s", own.gap(back + 1)) and own.read[back] not in WAYS:
            return False
        if own.read[back] in WAYS:
            return True
        if not own.has_a_capital(back) and own.read[back] not in BETWEEN_WAYS:
            return False
    return False
