"""Words that may be surnames no list knows, and nothing else; behind a given name in small letters too.

Ours, in Spanish above all, and careful: a word of our lists, with an ending of words, or that often stands
beside a given name (*jorge necesita*) is no surname.
"""

from __future__ import annotations

import re

from ogp_analysis.privacy.leads import phrases
from ogp_analysis.privacy.listed_words import given_names, listed
from ogp_analysis.privacy.name_extent import NOUN, OTHER, Text, bare

FAMILY = listed("family")
# Given names that are words as often are one behind what leads a name in, and at the end of a text.
MAY_BE_GIVEN = given_names() | listed("given_word")
# They stand beside given names and are no surnames: verbs and adverbs, and what is called after persons.
BESIDE, THINGS = listed("beside"), listed("thing")
KNOWN = (
    BESIDE
    | THINGS
    | OTHER
    | listed("place", "speciality", "ordinary", "given", "given_word", "site", "quarter")
)
# Verbs, adjectives and nouns, as they end in Spanish and Portuguese.
ENDING = re.compile(
    r"(?:ista|ense|on|ados?|adas?|idos?|idas?|icos?|icas?|mente|mos|ando|[ie]endo|aron|ieron|aba|aban|eria|erias|ar|er|ir|oso|osa"
    r"|osos|osas|al|ales|il|iles|able|ables|ible|ente|entes|antes?|ario|aria|arios|arias|era|ero|eros|eras|or|ores|ora|oras|ura|ito|ita"
    r"|aje|dad|cion|ed|ly)$"
)
# Our choice: shorter words are words of the language that our lists need not know.
SHORTEST = 6
MOST_GIVEN, MOST_SURNAMES = 3, 2
SMALL_GAP = re.compile(r"[ \t\xa0]{1,2}")


def is_unheard(word: str, *, shortest: int = SHORTEST) -> bool:
    """Say whether a word, without accents and case, may be a surname that no list knows, and nothing else.

    >>> [is_unheard(word) for word in ("yuntinango", "necesita", "comunidad", "barrial", "caminando")]
    [True, False, False, False, False]
    """
    # Names that are families are heard of: as good.
    if word in FAMILY and word not in listed("ordinary", "small_word"):
        return True
    known = word in KNOWN or word in phrases().heads or len(word) < shortest
    return not (known or ENDING.search(word) or NOUN.search(word))


def end_of_small(own: Text, at: int, *, shortest: int = SHORTEST) -> int:
    """Give the word behind a given name in small letters and its surnames; the same where neither is.

    >>> from ogp_analysis.privacy.name_extent import words_of
    >>> own = words_of("atentamente lucía melranango, y lucía necesita agua")
    >>> end_of_small(own, 1), end_of_small(own, 4)
    (3, 4)
    """
    last = at
    while last < min(at + MOST_GIVEN, len(own.read)) and own.read[last] in MAY_BE_GIVEN:
        if last > at and not SMALL_GAP.fullmatch(own.gap(last)):
            break
        last += 1
    given = last
    while last < min(given + MOST_SURNAMES, len(own.read)) and SMALL_GAP.fullmatch(own.gap(last)):
        if given == at or not is_unheard(bare(own.read[last]), shortest=shortest):
            break
        last += 1
    return last if last > given else at
