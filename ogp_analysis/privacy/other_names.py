"""Names of those who handed other proposals in, in a text that is not theirs.

A copy of a proposal, word for word or reworded, brings the name of its first author with it. Ours, and
careful on both sides: two parts of one name behind one another tell, in any order, with or without accents
and capitals; so does a part with an initial. A part alone needs what leads a name in, or to be a surname that
few bear and to stand as a name does. Words that the texts use as words, and places, are no names alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

from ogp_analysis.privacy.leads import is_led_in, read_word, words_read
from ogp_analysis.privacy.name_forms import folded
from ogp_analysis.privacy.name_parts import (
    INITIALS,
    LONG,
    MOST_WORDS,
    NO_PART,
    OF_A_PLACE,
    OF_AN_OFFICE,
    ORDINARY,
    PARTICLES,
    WELL_KNOWN_PLACES,
    WORD,
    is_of_the_public,
    stands_as_a_name,
)
from ogp_analysis.privacy.name_shapes import FAMILY, GIVEN, NO_NAME

# Our choices: a surname alone tells while so few authors bear it; so many texts write a word small.
FEW_BEAR, WRITTEN_SMALL = 3, 2
# "Quishpe, Z.", "Zoraida Q."
INITIAL_BEHIND = re.compile(r",?\s{1,2}([^\W\d_])\.(?!\w)")
GAP = re.compile(r"[\s,-]{1,3}|\.\s")
BEFORE = 40


@dataclass(frozen=True)
class OtherNames:
    """What is known of the names of all who handed proposals in; every word without accents and case.

    Parameters
    ----------
    parts : frozenset of str
        Every part of a name.
    pairs : frozenset of (str, str)
        Every two parts of one name, either way round.
    initials : frozenset of (str, str)
        The first letter of one part and another part of that name.
    rare : frozenset of str
        Surnames that few of them bear.
    ordinary : frozenset of str
        Parts that are words or places too.
    places : frozenset of str
        Words that the export uses for places.
    """

    parts: frozenset[str] = frozenset()
    pairs: frozenset[tuple[str, str]] = frozenset()
    initials: frozenset[tuple[str, str]] = frozenset()
    rare: frozenset[str] = frozenset()
    ordinary: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()


def names_known(names: Iterable[str], texts: Iterable[str] = ()) -> OtherNames:
    """Read the parts of names parted by semicolons, and which of them the texts use as words.

    >>> known = names_known(["Ana de la Ruiz; agua"], ["el agua", "Agua o agua", "ruiz"])
    >>> sorted(known.pairs), sorted(known.rare), sorted(known.ordinary)
    ([('ana', 'ruiz'), ('ruiz', 'ana')], ['ruiz'], [])
    """
    wholes = {one for each in set(names) for one in each.split(";")}
    split = [_words_of(one) for one in wholes]
    several = [words for words in split if len(words) > 1]
    pairs = {pair for words in several for pair in permutations(words, 2)}
    parts = frozenset(word for words in several for word in words)
    ordinary = (parts & ORDINARY) | (_written_small(parts, pairs, texts) - GIVEN - FAMILY)
    bearers = Counter(word for words in {tuple(sorted(words)) for words in several} for word in set(words))
    rare = {w for w, n in bearers.items() if n <= FEW_BEAR and len(w) >= LONG and w not in GIVEN}
    initials = frozenset((one[0], other) for one, other in pairs)
    return OtherNames(parts, frozenset(pairs), initials, frozenset(rare - ordinary), frozenset(ordinary))


def _words_of(name: str) -> list[str]:
    words = map(read_word, WORD.findall(name))
    return [word for word in words if word not in NO_PART and len(word) > 1]


def _written_small(
    parts: frozenset[str], pairs: Collection[tuple[str, str]], texts: Iterable[str]
) -> set[str]:
    """Find parts that stand in small letters in several texts, not beside another part of the name."""
    times: Counter[str] = Counter()
    for text in set(texts):
        words = WORD.findall(text)
        if not parts.isdisjoint(map(read_word, words)):
            read = [read_word(word) for word in words]
            small = {read_word(word) for word in words if word[0].islower()} & parts
            named = {word for pair in pairwise(read) if pair in pairs for word in pair}
            times.update(small - named)
    return {word for word, count in times.items() if count >= WRITTEN_SMALL}


def spans(text: str, known: OtherNames, *, two_parts: bool = False) -> list[tuple[int, int]]:
    """Find where one of these names stands in a text of somebody else.

    Parameters
    ----------
    text : str
        As typed.
    known : OtherNames
        From `names_known`.
    two_parts : bool
        Two parts with capitals are a name though both are words: others handed the text in too, or it is all
        that a cell holds.

    Returns
    -------
    list of (int, int)
        Where each begins and ends.

    Examples
    --------
    >>> known = names_known(["Zoraida Quishpe Cruz", "Rosa Campo"])
    >>> text = "QUISHPE ZORAIDA; z. quishpe; Sr. Quishpe; calle Zoraida Quishpe; rosa Campo; dice Quishpe así"
    >>> [text[start:end] for start, end in spans(text, known)]
    ['QUISHPE ZORAIDA', 'z. quishpe', 'Quishpe', 'Quishpe']
    """
    if not known.parts or known.parts.isdisjoint(words_read(text)):
        return []
    words = [word for word in WORD.finditer(text) if read_word(word[0]) not in PARTICLES]
    read = [read_word(word[0]) for word in words]
    results, at = list[tuple[int, int]](), 0
    while at < len(words):
        last = _end_of_name(text, words, read, at, known)
        span = _span(text, words, read, (at, last), known, two_parts) if last > at else None
        results += [span] if span else []
        at = max(last, at + 1)
    return results


def _end_of_name(text: str, words: list, read: Sequence[str], at: int, known: OtherNames) -> int:
    """Give the word behind the last of those that are parts of one name; the same where the first is none."""
    if read[at] not in known.parts:
        return at
    last = at + 1
    while last < len(words) and _beside(text, words, last):
        if not all((one, read[last]) in known.pairs for one in read[at:last]):
            break
        last += 1
    return last


def _beside(text: str, words: list, at: int) -> bool:
    """Say whether only blanks, a comma and particles stand between a word and the one before."""
    between = text[words[at - 1].end() : words[at].start()]
    bare = " ".join(word for word in between.split() if folded(word) not in PARTICLES)
    return (
        not bare.strip(",.- ")
        and bool(GAP.match(between))
        and len(between) < BEFORE
        and "\n\n" not in between
    )


def _span(
    text: str, words: list, read: Sequence[str], own: tuple[int, int], known: OtherNames, two_parts: bool
) -> tuple[int, int] | None:
    first, last = words[own[0]], words[own[1] - 1]
    before = text[max(first.start() - BEFORE, 0) : first.start()]
    if own[1] - own[0] == 1:
        return _alone(text, words, read, own[0], known, before)
    parts = read[own[0] : own[1]]
    ordinary = [part in known.ordinary for part in parts]
    capitals = all(word[0][0].isupper() for word in words[own[0] : own[1]])
    if not is_led_in(before):
        of_a_place = parts[0] in NO_NAME or set(parts) <= known.places or _leads_a_place_in(before, ordinary)
        telling = not all(ordinary) or (
            capitals and (two_parts or len(parts) > 2 or _are_names(text, first, last))
        )
        if of_a_place or not telling:
            return None
    return first.start(), last.end()


def _are_names(text: str, first: re.Match[str], last: re.Match[str]) -> bool:
    """Say whether two words that are names as often as words stand side by side: Rosa Flores."""
    parts = {read_word(first[0]), read_word(last[0])}
    return (
        parts <= ORDINARY and not parts <= WELL_KNOWN_PLACES and not text[first.end() : last.start()].strip()
    )


def _leads_a_place_in(before: str, ordinary: list[bool]) -> bool:
    """Say whether a word for a place stands in front; "en" and "in" lead names of persons in too."""
    lead = OF_A_PLACE.search(before)
    return lead is not None and (all(ordinary) or not lead[0].casefold().startswith(("en ", "in ")))


def _alone(
    text: str, words: list, read: Sequence[str], at: int, known: OtherNames, before: str
) -> tuple[int, int] | None:
    """Give where one part tells: with an initial, led in, or as a surname that few bear."""
    word, part = words[at], read[at]
    if part in known.places or len(part) < LONG - 1:
        return None
    in_front, behind = INITIALS.search(before), INITIAL_BEHIND.match(text, word.end())
    is_word = part in known.ordinary
    if in_front and (folded(in_front[1]), part) in known.initials and (word[0][0].isupper() or not is_word):
        return word.start() - len(in_front[0]), word.end()
    if is_word:
        return None
    if behind and (folded(behind[1]), part) in known.initials:
        return word.start(), behind.end()
    if is_of_the_public(read[max(at - MOST_WORDS, 0) : at + MOST_WORDS + 1], part):
        return None
    if is_led_in(before) and word[0][0].isupper():
        return word.span()
    beside = [words[k][0] for k in (at - 1, at + 1) if 0 <= k < len(words)]
    rare = part in known.rare and not OF_AN_OFFICE.search(before)
    return word.span() if rare and stands_as_a_name(word[0], before, beside) else None
