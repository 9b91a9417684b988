"""How far a name reaches from one of its words on: capitals, particles, initials, a nickname within.

Ours, in the languages of the exports. Words for bodies, laws, offices, places and what an administration
deals with end a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from ogp_analysis.privacy.leads import TOKEN, gap, phrases, read_word
from ogp_analysis.privacy.listed_words import given_names, listed

NAMES = given_names() | listed("family")
# These end a name, or are none.
OTHER = listed("office", "common", "group", "nobody", "goes_on", "people") | {"ing", "mr", "mrs"}
SURNAMES = listed("family", "ordinary")
PARTICLES = frozenset(("de", "del", "la", "las", "los", "da", "das", "do", "dos", "di", "van", "von", "der"))
# María, Francisco.
ABBREVIATED = frozenset(("ma", "fco", "fca"))
JOINING = frozenset(("y", "e", "i", "and", "et"))
# Nouns that are no names, and seldom end one that is in no list.
NOUN = re.compile(
    r"(?:ci[oó]n|siones|ciones|miento|mientos|dades?|tades?|tud|ismo|log[ií]a|nom[ií]a|tions?|ments?|ness|ship|ities"
    r"|ity|[cç][aã]o|[cç][oõ]es|gem|mento|zioni?|ibles?|ivos?|ivas?|encias?|ancias?|ing)$"
)
IN_NAME = re.compile(r"[ \t\xa0]{1,3}|-|['’]")
BEHIND_INITIAL = re.compile(r"\.?[ \t\xa0]{0,2}|\.-")
# José "Pepe" Toapanta, Luis (alias el Gato) Quishpe.
NICKNAME_OPENS = re.compile(r"[ \t\xa0]{1,2}[\"“”«'‘(]")
NICKNAME_CLOSES = re.compile(r"[\"“”»'’)],?[ \t\xa0]{1,2}")
# Our choices: so short a word in capitals is an acronym; so many words a nickname and a name have. What goes
# on is looked at anew: without an end a text of capitals alone would take its square in time.
ACRONYM, LONGEST_NICKNAME, LONGEST_NAME = 5, 4, 14


@dataclass
class Text:
    """A text and its words, as typed and without accents and case."""

    text: str
    tokens: list[re.Match[str]] = field(default_factory=list)
    read: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tokens = list(TOKEN.finditer(self.text))
        self.read = [read_word(token[0]) for token in self.tokens]

    def gap(self, at: int) -> str:
        """Give what stands between a word and the one before."""
        return gap(self.text, self.tokens, at)

    def has_a_capital(self, at: int) -> bool:
        """Say whether a word begins with a capital, behind an apostrophe too."""
        word = self.tokens[at][0]
        return word[0].isupper() or (word[1:2] in ("'", "’") and word[2].isupper())

    def end(self, last: int) -> int:
        """Give where the last word of a name ends; the point of an initial goes with it."""
        end = self.tokens[last].end()
        return end + (len(self.read[last]) == 1 and self.text[end : end + 1] == ".")


# Several look at one text.
@lru_cache(maxsize=4)
def words_of(text: str) -> Text:
    """Read the words of a text once."""
    return Text(text)


def end_of_name(own: Text, at: int) -> int:
    """Give the word behind a name that begins at a word: with capitals, or of names that many bear.

    >>> own = Text('Ana "la Negra" Ruiz de la Torre M. pide agua a ana ruiz hoy')
    >>> own.read[end_of_name(own, 0)], own.read[end_of_name(own, 11)]
    ('pide', 'hoy')
    """
    if at >= len(own.read):
        return at
    if not own.has_a_capital(at) and not _is_of_a_surname(own, at):
        return _end_of_small(own, at)
    last, most = _behind_particles(own, at), min(at + LONGEST_NAME, len(own.read))
    while last < most and (last == at or is_joined(own, last)) and own.has_a_capital(last):
        if ends_a_name(own, at, last):
            return last if last > at and own.read[last - 1] not in PARTICLES else at
        last = _behind_a_nickname(own, last + 1)
        # A new sentence may begin with an article: "Lo firma Ana. La Concordia pide agua".
        behind = _behind_particles(own, last) if last < len(own.read) and is_joined(own, last) else last
        if behind < len(own.read) and own.has_a_capital(behind) and not ends_a_name(own, at, behind):
            last = behind
    return last


def _behind_particles(own: Text, at: int) -> int:
    first = at
    while at < len(own.read) and own.read[at] in PARTICLES and (at == first or is_joined(own, at)):
        at += 1
    return at if at < len(own.read) and (at == first or is_joined(own, at)) else first


def _behind_a_nickname(own: Text, at: int) -> int:
    """Give the word behind a surname that a nickname stands before; the same word where there is none."""
    if not NICKNAME_OPENS.fullmatch(own.gap(at)):
        return at
    for behind in range(at + 1, min(at + LONGEST_NICKNAME + 1, len(own.read))):
        if NICKNAME_CLOSES.fullmatch(own.gap(behind)):
            # In brackets may stand what somebody is, and behind them another name.
            is_known = own.read[behind] in SURNAMES or ")" not in own.gap(behind)
            is_surname = is_known and own.has_a_capital(behind) and not ends_a_name(own, at, behind)
            return behind + 1 if is_surname else at
        if not own.gap(behind).isspace():
            break
    return at


def _is_of_a_surname(own: Text, at: int) -> bool:
    """Say whether a surname begins with particles behind a short title: "Dra. de la Torre"."""
    behind = _behind_particles(own, at)
    is_short = at > 0 and own.gap(at).startswith(".") and own.read[at - 1] in phrases().titles
    is_named = behind < len(own.read) and own.read[behind] in SURNAMES and own.has_a_capital(behind)
    return is_short and at < behind and is_named


def _end_of_small(own: Text, at: int) -> int:
    last = at
    while last < min(at + LONGEST_NAME, len(own.read)) and (last == at or is_joined(own, last)):
        if own.read[last] not in NAMES and not (own.read[last] in PARTICLES and last > at):
            break
        last += 1
    while last > at and own.read[last - 1] in PARTICLES:
        last -= 1
    return last


def is_joined(own: Text, at: int) -> bool:
    """Say whether a word can go on with the name in which the word before stands."""
    short = len(own.read[at - 1]) < 3
    return bool((BEHIND_INITIAL if short else IN_NAME).fullmatch(own.gap(at)))


def ends_a_name(own: Text, first: int, at: int) -> bool:
    """Say whether a word with a capital is no part of a name."""
    word, small = own.tokens[at][0], bare(own.read[at])
    if small in PARTICLES and at > first:
        return False
    if at > first and own.read[at - 1] in PARTICLES and len(small) < 4:
        return False  # Sá
    if small in ABBREVIATED and own.gap(at + 1).startswith("."):
        return False
    if len(small) == 1:
        return not (
            word.isupper() and (own.gap(at + 1).startswith(".") or (at > first and small not in JOINING))
        )
    if small in OTHER or small in phrases().titles:
        # Norma and Coronel are words and names.
        return small not in NAMES or (at == first and small in OTHER and len(small) < 4)
    if small in NAMES:
        return False
    alone = at + 1 == len(own.read) or not own.tokens[at + 1][0].isupper()
    is_acronym = word.isupper() and len(word) <= ACRONYM and alone and not own.tokens[first][0].isupper()
    return is_acronym or bool(NOUN.search(small)) or sum(map(str.isalpha, word)) < 2


def bare(word: str) -> str:
    """Take off what is glued to a word by an apostrophe: d'Aragó, Smith's."""
    return word.removesuffix("'s").split("'")[-1]
