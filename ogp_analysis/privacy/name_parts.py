"""A part of a name alone in a text that its bearer wrote: a surname behind "Ing.", a given name behind "Soy".

Ours, and careful on both sides: what leads a name in tells; without it four letters are needed, and a word
that is no name by itself (Flores, Campo, Loja) must stand as a name does, with a capital inside a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from ogp_analysis.privacy.leads import WORD, is_led_in, words_read
from ogp_analysis.privacy.listed_words import listed, public_persons
from ogp_analysis.privacy.name_forms import folded

# Two parts of a name at least are more than particles.
PARTICLES = frozenset(
    ("de", "del", "la", "las", "los", "da", "das", "do", "dos", "di", "van", "von", "y", "i", "e")
)
LONG = 4
INITIALS = re.compile(r"(?<!\w)(?:([^\W\d_])\.\s?){1,2}$")
# Behind one of these a word is a place, whatever else it may be.
OF_A_PLACE = re.compile(
    r"(?<!\w)(?:en|in|calle|avenida|av\.?|barrio|parroquia|cant[óo]n|provincia|ciudad|ciudadela|plaza|parque|sector|r[íi]o"
    r"|comunidad|comuna|isla|hospital|escuela|colegio|universidad|municipio|gobierno|san|santa|santo|sta\.?"
    r"|unidad educativa|instituto|liceo|estadio|coliseo|puente|terminal|aeropuerto|mercado|biblioteca"
    r"|teatro|museo|monumento|upc"
    r"|cooperativa|urbanizaci[óo]n|lotizaci[óo]n|conjunto|edificio|redondel|pasaje|autopista|v[íi]a|ley|premio|fundaci[óo]n)\s"
    r"(?:(?:de|del|la|el|los|las)\s){0,2}$",
    re.IGNORECASE,
)
# Whoever holds an office is spoken of by a name that others bear.
OF_AN_OFFICE = re.compile(
    r"(?<!\w)(?:(?:vice)?president[ea]|ministr[oa]|alcalde(?:sa)?|prefect[oa]|asamble[íi]sta|gobernador[a]?|general|coronel"
    r"|papa|president|minister|mayor)(?:\s(?:de|del|la|el))?\s$",
    re.IGNORECASE,
)
SENTENCE_ENDS = '.!?:;•*-–—\n"«(¿¡'


# Provinces, cantons, cities and countries, of Ecuador above all; some are surnames or given names too.
WELL_KNOWN_PLACES = listed("place")
# Surnames and given names that are words or well-known places.
ORDINARY = listed("ordinary") | WELL_KNOWN_PLACES
# What stands in a cell for a name and names nobody.
NOBODY = listed("nobody")

NO_PART = PARTICLES | NOBODY
PUBLIC = public_persons("historic", "head_of_state")
# Our choice: words looked at on either side of a part; no public person's name is longer.
MOST_WORDS = 4


# Of all rows of a large export: the names are looked up once in each text.
@lru_cache(maxsize=32_768)
def parts_of(names: str) -> dict[str, bool]:
    """Give the parts of names parted by semicolons, and of each whether it must stand as a name does.

    A word that is all there is of a name may be a user name such as "agua".

    >>> parts_of("Wilfrido Toaquiza; Rosa de la Paz; agua")
    {'wilfrido': False, 'toaquiza': False, 'rosa': True, 'paz': True, 'agua': True}
    """
    parts: dict[str, bool] = {}
    for name in names.split(";"):
        words = [word for word in map(folded, WORD.findall(name)) if word not in NO_PART]
        for word in words:
            parts[word] = parts.get(word, True) and (len(words) == 1 or word in ORDINARY)
    return parts


def spans(text: str, names: str, places: Collection[str] = ()) -> list[tuple[int, int]]:
    """Find where a part of one of these names stands for its bearer.

    ``places``, without accents and case, are words that the export uses for places: they must be led in.

    >>> signed = "Las flores. Atte. Toaquiza, W. Toaquiza; el Campo de Flores"
    >>> [signed[start:end] for start, end in spans(signed, "Wilfrido Toaquiza Flores")]
    ['Toaquiza', 'W. Toaquiza', 'Flores']
    """
    parts = parts_of(names)
    if words_read(text).isdisjoint(parts):
        return []
    spans_found: list[tuple[int, int]] = []
    words = list(WORD.finditer(text))
    for at, word in enumerate(words):
        part = folded(word[0])
        if part not in parts or len(part) < 2:
            continue
        before = text[max(word.start() - 40, 0) : word.start()]
        initials = INITIALS.search(before)
        # Behind another part of the name a part is led in by it.
        behind = bool(spans_found) and not text[spans_found[-1][1] : word.start()].strip(" ,.")
        if initials:
            spans_found.append((word.start() - len(initials[0]), word.end()))
        elif is_led_in(before) or behind:
            spans_found.append(word.span())
        elif len(part) >= LONG and part not in places and not _is_of_another(text, words, at, parts):
            beside = [words[k][0] for k in (at - 1, at + 1) if 0 <= k < len(words)]
            if not parts[part] or stands_as_a_name(word[0], before, beside):
                spans_found.append(word.span())
    return spans_found


def stands_as_a_name(word: str, before: str, beside: list[str]) -> bool:
    """Say whether a word has a capital that neither a sentence, a place nor another name explains."""
    start = before.rstrip(" \t")
    return (
        word.istitle()
        and bool(start)
        and start[-1] not in SENTENCE_ENDS
        and not OF_A_PLACE.search(before)
        and not any(other[0].isupper() and folded(other) not in PARTICLES for other in beside)
    )


def _is_of_another(text: str, words: list[re.Match[str]], at: int, parts: Collection[str]) -> bool:
    """Say whether a part is that of a public person, or of whom a place or an office is called after."""
    if is_of_the_public(
        [folded(word[0]) for word in words[max(at - MOST_WORDS, 0) : at + MOST_WORDS + 1]], words[at][0]
    ):
        return True
    before = text[max(words[at].start() - 40, 0) : words[at].start()]
    behind = words[at + 1] if at + 1 < len(words) else None
    if behind is None or text[words[at].end() : behind.start()] != " ":
        return False
    another = behind[0].istitle() and folded(behind[0]) not in parts
    return another and bool(OF_A_PLACE.search(before) or OF_AN_OFFICE.search(before))


def is_of_the_public(around: Sequence[str], part: str) -> bool:
    """Say whether a part stands among words that are a public person's name, small words aside.

    >>> is_of_the_public(["dijo", "rafael", "correa", "ayer"], "Rafael")
    True
    """
    named = [word for word in around if word not in PARTICLES]
    runs = (named[start:end] for start in range(len(named)) for end in range(start + 2, len(named) + 1))
    return any(folded(part) in run and " ".join(run) in PUBLIC for run in runs)
